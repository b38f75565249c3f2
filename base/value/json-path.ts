/**
 * JSON paths: `$`, `.name`, `."quoted name"`, `.*`, `[3]`, `[last-1]`, `[1 to last]`, `[*]`, `**`. A path is parsed once
 * (and cached by the caller) into legs; `matchPath` walks them. Scalars count as one-element arrays where a path asks for
 * `[0]` or `[last]`, as MySQL's auto-wrapping does.
 */
import { isJsonArray, isJsonObject, jsonObject, type JsonNode } from './json.ts';

export type ArrayPosition = { readonly fromEnd: boolean; readonly index: number };

export type PathLeg =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'any-member' }
  | { readonly kind: 'cell'; readonly position: ArrayPosition }
  | { readonly kind: 'range'; readonly from: ArrayPosition; readonly to: ArrayPosition }
  | { readonly kind: 'any-cell' }
  | { readonly kind: 'ellipsis' };

export interface JsonPath {
  readonly legs: readonly PathLeg[];
  /** May match more than one value: results are wrapped in an array. */
  readonly wild: boolean;
}

/** `position` counts characters from 1, as error 3143 prints it. */
export type PathParseResult =
  { readonly kind: 'ok'; readonly path: JsonPath } | { readonly kind: 'invalid'; readonly position: number };

const CELL = /\s*\[\s*(?:(\*)|(?:(last)(?:\s*-\s*(\d+))?|(\d+))(?:\s+to\s+(?:(last)(?:\s*-\s*(\d+))?|(\d+)))?)\s*\]/y;
const MEMBER = /\s*\.\s*(?:(\*)|"((?:[^"\\]|\\.)*)"|([A-Za-z_$\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*))/y;
const ELLIPSIS = /\s*\*\*/y;

export function parseJsonPath(text: string): PathParseResult {
  const start = /^\s*\$/.exec(text);
  if (start === null) return { kind: 'invalid', position: 1 };
  let at = start[0].length;
  const legs: PathLeg[] = [];
  let wild = false;
  while (at < text.length) {
    if (text.slice(at).trim() === '') break;
    CELL.lastIndex = MEMBER.lastIndex = ELLIPSIS.lastIndex = at;
    const cell = CELL.exec(text);
    if (cell !== null) {
      at = CELL.lastIndex;
      const leg = cellLeg(cell);
      if (leg === undefined) return { kind: 'invalid', position: at };
      if (leg.kind !== 'cell') wild = true;
      legs.push(leg);
      continue;
    }
    if (ELLIPSIS.test(text)) {
      at = ELLIPSIS.lastIndex;
      if (text.slice(at).trim() === '' || /^\s*\*/.test(text.slice(at))) return { kind: 'invalid', position: at + 1 };
      legs.push({ kind: 'ellipsis' });
      wild = true;
      continue;
    }
    const member = MEMBER.exec(text);
    if (member === null) return { kind: 'invalid', position: at + 1 };
    at = MEMBER.lastIndex;
    if (member[1] !== undefined) {
      legs.push({ kind: 'any-member' });
      wild = true;
    } else if (member[2] !== undefined) {
      const name = unescapeName(member[2]);
      if (name === undefined) return { kind: 'invalid', position: at };
      legs.push({ kind: 'member', name });
    } else legs.push({ kind: 'member', name: member[3]! });
  }
  return { kind: 'ok', path: { legs, wild } };
}

function unescapeName(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted;
  try {
    return JSON.parse('"' + quoted + '"') as string;
  } catch {
    return undefined;
  }
}

function position(last: string | undefined, back: string | undefined, index: string | undefined): ArrayPosition {
  return last !== undefined ? { fromEnd: true, index: Number(back ?? 0) } : { fromEnd: false, index: Number(index) };
}

function cellLeg(match: RegExpExecArray): PathLeg | undefined {
  if (match[1] !== undefined) return { kind: 'any-cell' };
  const from = position(match[2], match[3], match[4]);
  if (match[5] === undefined && match[7] === undefined) return { kind: 'cell', position: from };
  const to = position(match[5], match[6], match[7]);
  if (from.fromEnd === to.fromEnd && (from.fromEnd ? from.index < to.index : from.index > to.index)) return undefined;
  return { kind: 'range', from, to };
}

function resolvePosition(at: ArrayPosition, length: number): number {
  return at.fromEnd ? length - 1 - at.index : at.index;
}

/** Every value the path reaches, in document order, each once. */
export function matchPath(root: JsonNode, path: JsonPath): JsonNode[] {
  let current: JsonNode[] = [root];
  for (const leg of path.legs) {
    const next: JsonNode[] = [];
    for (const node of current) step(node, leg, next);
    if (next.length === 0) return next;
    // `**` reaches the same value by several ways; only containers and wild legs can repeat, and identity tells.
    current = leg.kind === 'ellipsis' ? [...new Set(next)] : next;
  }
  return current;
}

/** The one value of a path without wildcards. */
// hot
export function findPath(root: JsonNode, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const leg of path.legs) {
    if (leg.kind === 'member') node = isJsonObject(node) ? node.get(leg.name) : undefined;
    else if (leg.kind === 'cell') {
      if (isJsonArray(node)) node = node[resolvePosition(leg.position, node.length)];
      else if (resolvePosition(leg.position, 1) !== 0) return undefined;
    } else return matchPath(root, path)[0];
    if (node === undefined) return undefined;
  }
  return node;
}

function step(node: JsonNode, leg: PathLeg, out: JsonNode[]): void {
  switch (leg.kind) {
    case 'member': {
      const found = isJsonObject(node) ? node.get(leg.name) : undefined;
      if (found !== undefined) out.push(found);
      return;
    }
    case 'any-member':
      if (isJsonObject(node)) out.push(...node.values());
      return;
    case 'cell': {
      if (isJsonArray(node)) {
        const found = node[resolvePosition(leg.position, node.length)];
        if (found !== undefined) out.push(found);
      } else if (resolvePosition(leg.position, 1) === 0) out.push(node);
      return;
    }
    case 'range': {
      const items = isJsonArray(node) ? node : [node];
      const from = Math.max(resolvePosition(leg.from, items.length), 0);
      const to = Math.min(resolvePosition(leg.to, items.length), items.length - 1);
      for (let index = from; index <= to; index++) out.push(items[index]!);
      return;
    }
    case 'any-cell':
      if (isJsonArray(node)) out.push(...node);
      return;
    case 'ellipsis':
      descend(node, out);
  }
}

function descend(node: JsonNode, out: JsonNode[]): void {
  out.push(node);
  if (isJsonArray(node)) for (const child of node) descend(child, out);
  else if (isJsonObject(node)) for (const child of node.values()) descend(child, out);
}

export type PathEdit =
  /** JSON_SET: replace or add; JSON_INSERT: add only; JSON_REPLACE: replace only. */
  | { readonly kind: 'set' | 'insert' | 'replace'; readonly value: JsonNode }
  | { readonly kind: 'remove' }
  | { readonly kind: 'array-append'; readonly value: JsonNode }
  | { readonly kind: 'array-insert'; readonly value: JsonNode };

/** A copy of the document with one edit at a path without wildcards; the document itself when the path leads nowhere. */
export function editPath(root: JsonNode, path: JsonPath, edit: PathEdit): JsonNode {
  return editAt(root, path.legs, 0, edit);
}

function editAt(node: JsonNode, legs: readonly PathLeg[], at: number, edit: PathEdit): JsonNode {
  const leg = legs[at];
  if (leg === undefined) return editHere(node, edit);
  const isLast = at === legs.length - 1;
  if (leg.kind === 'member') {
    if (!isJsonObject(node)) return node;
    const child = node.get(leg.name);
    if (child === undefined) {
      const adds = isLast && (edit.kind === 'set' || edit.kind === 'insert');
      return adds ? jsonObject([...node, [leg.name, edit.value]]) : node;
    }
    if (isLast && edit.kind === 'remove') return new Map([...node].filter(([key]) => key !== leg.name));
    const changed = editAt(child, legs, at + 1, edit);
    if (changed === child) return node;
    const copy = new Map(node);
    copy.set(leg.name, changed);
    return copy;
  }
  if (leg.kind === 'cell') return editCell(node, leg.position, legs, at, edit);
  return node;
}

function editCell(
  node: JsonNode,
  where: ArrayPosition,
  legs: readonly PathLeg[],
  at: number,
  edit: PathEdit,
): JsonNode {
  const isLast = at === legs.length - 1;
  if (!isJsonArray(node)) {
    const index = resolvePosition(where, 1);
    if (edit.kind === 'array-insert' && isLast) return node;
    if (index === 0) return edit.kind === 'remove' && isLast ? node : editAt(node, legs, at + 1, edit);
    const adds = isLast && (edit.kind === 'set' || edit.kind === 'insert');
    if (!adds) return node;
    return index > 0 ? [node, edit.value] : [edit.value, node];
  }
  const index = resolvePosition(where, node.length);
  if (isLast && edit.kind === 'array-insert') {
    const copy = [...node];
    copy.splice(Math.min(Math.max(index, 0), node.length), 0, edit.value);
    return copy;
  }
  const child = node[index];
  if (child === undefined) {
    const adds = isLast && (edit.kind === 'set' || edit.kind === 'insert');
    if (!adds) return node;
    return index < 0 ? [edit.value, ...node] : [...node, edit.value];
  }
  if (isLast && edit.kind === 'remove') return node.filter((_, other) => other !== index);
  const changed = editAt(child, legs, at + 1, edit);
  return changed === child ? node : node.map((other, position) => (position === index ? changed : other));
}

function editHere(node: JsonNode, edit: PathEdit): JsonNode {
  switch (edit.kind) {
    case 'set':
    case 'replace':
      return edit.value;
    case 'array-append':
      return isJsonArray(node) ? [...node, edit.value] : [node, edit.value];
    case 'insert':
    case 'remove':
    case 'array-insert':
      return node;
  }
}
