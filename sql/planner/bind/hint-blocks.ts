/**
 * Which block a hint is for. Blocks are the SELECTs of a statement in the order of its text, and an UPDATE or DELETE; they are called by QB_NAME, or
 * `sel_1`, `select#1`. A hint goes to the block that it names, at its beginning or behind its tables.
 */
import type { HintNode } from '../../parser/ast.ts';
import type { Binder } from './binder.ts';
import { plainName, warn } from './hints.ts';

interface BlockNode {
  readonly kind: string;
  readonly start: number;
  readonly hints: readonly HintNode[];
}

export interface PlacedHints {
  readonly hints: readonly HintNode[];
  /** From 1. */
  readonly block: number;
}

const BLOCKS = new Set(['select', 'update', 'delete']);

export function placeHints(root: object, binder: Binder): ReadonlyMap<object, PlacedHints> {
  const nodes: BlockNode[] = [];
  collect(root, nodes);
  nodes.sort((a, b) => a.start - b.start);
  const byName = new Map<string, number>();
  nodes.forEach((node, i) => {
    byName.set(`sel_${i + 1}`, i);
    byName.set(`select#${i + 1}`, i);
    for (const hint of node.hints) {
      if (hint.name !== 'QB_NAME') continue;
      const name = plainName(hint.text);
      if (byName.has(name) && byName.get(name) !== i)
        warn(binder, 3126, `Hint QB_NAME(${hint.text}) is ignored as conflicting/duplicated`);
      else byName.set(name, i);
    }
  });
  const placed = nodes.map((): HintNode[] => []);
  nodes.forEach((node, own) => {
    for (const hint of node.hints) {
      const wanted = blockOf(hint);
      const at = wanted === undefined ? own : byName.get(wanted.toLowerCase());
      if (at === undefined) warn(binder, 3127, `Query block name \`${wanted}\` is not found for ${hint.name} hint`);
      else placed[at]!.push(hint);
    }
  });
  return new Map(nodes.map((node, i) => [node, { hints: placed[i]!, block: i + 1 }]));
}

/** `@qb` at the beginning, or behind the first table. */
function blockOf(hint: HintNode): string | undefined {
  if (hint.queryBlock !== undefined) return hint.queryBlock;
  if (hint.name === 'SET_VAR' || hint.name === 'QB_NAME') return undefined;
  const named = /@(`[^`]*`|[\w$#]+)/.exec(hint.args[0] ?? '');
  return named === null ? undefined : named[1]!.replaceAll('`', '');
}

function collect(node: unknown, into: BlockNode[]): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const child of node) collect(child, into);
    return;
  }
  const record = node as Record<string, unknown>;
  if (BLOCKS.has(record.kind as string) && Array.isArray(record.hints)) into.push(record as unknown as BlockNode);
  for (const key in record) if (typeof record[key] === 'object') collect(record[key], into);
}
