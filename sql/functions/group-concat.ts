/**
 * GROUP_CONCAT([DISTINCT] a, b … ORDER BY … SEPARATOR …). Without an order the text grows as rows come and stops growing at
 * `group_concat_max_len` bytes; with one, rows are kept until the result is asked for, and from time to time those are dropped that lie
 * beyond what can show (not with DISTINCT). A cut result is warning 1260.
 */
import type { Datum, Row } from '../../base/value/datum.ts';
import { isBinaryString, isString } from '../../base/value/field-type.ts';
import { utf8Length } from '../../base/value/json.ts';
import type { AggregateCall } from '../../proto/plan/expression.ts';
import type { Accumulator } from './aggregate.ts';
import { compile } from './compile.ts';
import type { EvalContext } from './context.ts';
import type { Evaluator } from './definition.ts';
import { formatText } from './format-text.ts';
import { compareFor, hashKeyFor, type Compare } from './order.ts';

interface Entry {
  readonly text: string;
  readonly keys: readonly Datum[];
}

/** Below it nobody looks what can be dropped. */
const PRUNE_BYTES = 16 * 1024;

const entryBytes = (entry: Entry): number => 64 + 2 * entry.text.length + 16 * entry.keys.length;

interface Prepared {
  readonly evaluators: readonly Evaluator[];
  readonly texts: readonly ((value: NonNullable<Datum>) => string)[];
  readonly keyEvaluators: readonly Evaluator[];
  readonly keyCompares: readonly Compare[];
  readonly separator: string;
  readonly listKey: ((values: Row) => number | string) | undefined;
  readonly binary: boolean;
}

export class GroupConcat implements Accumulator {
  private readonly prepared: Prepared;
  private entries: Entry[] = [];
  private readonly seen = new Set<number | string>();
  private bytes = 0;
  /** Bytes of text that the limit has room for; entries beyond it cannot show when nothing reorders them. */
  private full = false;
  private pruneAt = PRUNE_BYTES;

  private constructor(prepared: Prepared) {
    this.prepared = prepared;
  }

  static maker(call: AggregateCall): () => Accumulator {
    const binary = call.args.some((arg) => isBinaryString(arg.type));
    const prepared: Prepared = {
      evaluators: call.args.map(compile),
      // Bytes travel as one character a byte.
      texts: call.args.map((arg) => {
        if (isBinaryString(arg.type)) return (value) => Buffer.from(value as Uint8Array).toString('latin1');
        if (isString(arg.type))
          return binary ? (value) => Buffer.from(value as string).toString('latin1') : (value) => value as string;
        return (value) => String(formatText(value, arg.type));
      }),
      keyEvaluators: (call.orderBy ?? []).map((key) => compile(key.expression)),
      keyCompares: (call.orderBy ?? []).map((key) => {
        const compare = compareFor(key.expression.type);
        return key.descending ? (a, b) => -compare(a, b) : compare;
      }),
      separator: call.separator ?? ',',
      listKey: call.distinct ? hashKeyFor(call.args.map((arg) => arg.type)) : undefined,
      binary,
    };
    const descending = (call.orderBy ?? []).map((key) => key.descending);
    const sorted: Prepared = {
      ...prepared,
      keyCompares: prepared.keyCompares.map((compare, at) => nullsFirst(compare, descending[at]!)),
    };
    return () => new GroupConcat(sorted);
  }

  add(row: Row, context: EvalContext): void {
    if (this.full) return;
    const { evaluators, texts, listKey, keyEvaluators } = this.prepared;
    const values: Datum[] = [];
    let text = '';
    for (let at = 0; at < evaluators.length; at++) {
      const value = evaluators[at]!(row, context);
      if (value === null) return;
      values.push(value);
      text += texts[at]!(value);
    }
    if (listKey !== undefined) {
      const key = listKey(values);
      if (this.seen.has(key)) return;
      this.seen.add(key);
      this.bytes += 64;
    }
    this.push({ text, keys: keyEvaluators.map((evaluate) => evaluate(row, context)) }, context);
  }

  private push(entry: Entry, context: EvalContext): void {
    this.entries.push(entry);
    this.bytes += entryBytes(entry);
    if (
      this.prepared.keyEvaluators.length === 0 &&
      this.bytes / 3 > context.groupConcatMaxLen + 64 * this.entries.length
    )
      this.full = true;
    else if (this.bytes > this.pruneAt && this.prepared.listKey === undefined) this.prune(context);
  }

  /** Keeps the first entries that fill the limit, and the one that is cut. */
  private prune(context: EvalContext): void {
    const sorted = this.inOrder();
    let used = 0;
    let bytes = 0;
    let kept = 0;
    while (kept < sorted.length && used <= context.groupConcatMaxLen) {
      const entry = sorted[kept++]!;
      used += entry.text.length + this.prepared.separator.length;
      bytes += entryBytes(entry);
    }
    this.entries = sorted.slice(0, kept);
    this.bytes = bytes;
    this.pruneAt = 2 * bytes + PRUNE_BYTES;
  }

  private inOrder(): Entry[] {
    const { keyCompares } = this.prepared;
    return [...this.entries].sort((a, b) => {
      for (let at = 0; at < keyCompares.length; at++) {
        const order = keyCompares[at]!(a.keys[at] as NonNullable<Datum>, b.keys[at] as NonNullable<Datum>);
        if (order !== 0) return order;
      }
      return 0;
    });
  }

  merge(other: Accumulator, context: EvalContext): void {
    const more = other as GroupConcat;
    if (this.prepared.listKey === undefined) {
      for (const entry of more.entries) if (!this.full) this.push(entry, context);
      return;
    }
    // Keys and entries were added together, one for one.
    let at = 0;
    for (const key of more.seen) {
      const entry = more.entries[at++]!;
      if (this.seen.has(key) || this.full) continue;
      this.seen.add(key);
      this.push(entry, context);
    }
  }

  result(context: EvalContext): Datum {
    if (this.entries.length === 0) return null;
    const { keyCompares, separator, binary } = this.prepared;
    const entries = keyCompares.length > 0 ? this.inOrder() : this.entries;
    const limit = context.groupConcatMaxLen;
    const size = binary ? (text: string): number => text.length : utf8Length;
    let text = '';
    let used = 0;
    for (let at = 0; at < entries.length; at++) {
      const piece = at === 0 ? entries[at]!.text : separator + entries[at]!.text;
      const length = size(piece);
      if (used + length > limit) {
        text += cutTo(piece, limit - used, size);
        context.warn('Warning', 1260, `Row ${at + 1} was cut by GROUP_CONCAT()`);
        break;
      }
      text += piece;
      used += length;
    }
    return binary ? Buffer.from(text, 'latin1') : text;
  }

  reset(): void {
    this.entries = [];
    this.seen.clear();
    this.bytes = 0;
    this.full = false;
    this.pruneAt = PRUNE_BYTES;
  }

  get memoryBytes(): number {
    return this.bytes;
  }
}

function nullsFirst(compare: Compare, descending: boolean): Compare {
  return (a: Datum, b: Datum) => {
    if (a === null) return b === null ? 0 : descending ? 1 : -1;
    if (b === null) return descending ? -1 : 1;
    return compare(a, b);
  };
}

/** As many whole characters as fit. */
function cutTo(text: string, room: number, size: (text: string) => number): string {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += size(character);
    if (used > room) break;
    kept += character;
  }
  return kept;
}
