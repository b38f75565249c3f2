/**
 * From the plan's ranges over column values to intervals of keys. Values are known only when a statement runs, so ranges may turn
 * out empty, overlap, or come in any order: the result is sorted, merged and free of empty intervals.
 *
 * A bound with fewer values than the key has columns stands for all keys with that prefix, so an interval is always
 * "from these bytes" or "from behind everything that starts with these bytes":
 *
 *     lower inclusive: prefix       lower exclusive: end of prefix
 *     upper exclusive: prefix       upper inclusive: end of prefix
 *
 * Where the two bounds part at a column that is kept descending, the upper one is where the interval begins: everything here is in the order of keys, only
 * the plan's ranges are in the order of values.
 *
 * An unsigned 64-bit handle is stored as its signed twin, so values from 2^63 on lie before the smaller ones. Intervals are
 * built in unsigned order and then moved over, in two pieces where they cross the middle: read one after the other they give value order.
 */
import type { Datum } from '../../../base/value/datum.ts';
import { DateTime } from '../../../base/value/date-time.ts';
import { Decimal } from '../../../base/value/decimal.ts';
import { TypeCode } from '../../../base/value/field-type.ts';
import type { KeyRange as PlanRange } from '../../../proto/plan/physical.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { IndexInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { ByteWriter } from '../../../proto/encoding/byte-writer.ts';
import { compareBytes, prefixEnd, putComparableInt, putComparableUint } from '../../../proto/encoding/comparable.ts';
import { type KeyColumn, keyColumnOfPart, putKeyDatum } from '../../../proto/encoding/key-datum.ts';
import {
  indexInterval,
  type KeyInterval,
  putIndexPrefix,
  putRowPrefix,
  ROW_PREFIX_SIZE,
  rowInterval,
} from '../../../proto/encoding/keys.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';
import type { EvalContext } from '../../functions/context.ts';
import { evaluateAlone } from '../compiled.ts';
import { toKeyValue } from './key-value.ts';

const writer = new ByteWriter(256);

interface Bound {
  readonly bytes: Uint8Array;
  /** Nothing was lost on the way into the key. */
  readonly exact: boolean;
  /** Where the wanted key lies beside `bytes`: -1 before, 1 behind, 0 there (or not known: then `exact` is false). */
  readonly side: -1 | 0 | 1;
}

/** Where a value lies beside the nearest one that a column can hold; 0: there, or not known. */
export function sideOf(wanted: NonNullable<Datum>, nearest: Datum): -1 | 0 | 1 {
  const number = (value: Datum): Decimal | undefined =>
    value instanceof Decimal
      ? value
      : typeof value === 'bigint' || Number.isSafeInteger(value)
        ? Decimal.fromInteger(value as number | bigint)
        : undefined;
  const a = number(wanted);
  const b = number(nearest);
  if (a !== undefined && b !== undefined) return Math.sign(a.compare(b)) as -1 | 0 | 1;
  if (wanted instanceof DateTime && nearest instanceof DateTime)
    return Math.sign(wanted.compare(nearest)) as -1 | 0 | 1;
  return 0;
}

/** A key space with columns: a table's rows by handle, or an index. */
export class KeySpace {
  readonly table: TableInfo;
  /** `undefined`: the rows. */
  readonly index: IndexInfo | undefined;
  readonly columns: readonly KeyColumn[];
  readonly whole: KeyInterval;
  private readonly intHandle: boolean;
  readonly unsignedHandle: boolean;

  constructor(table: TableInfo, index: IndexInfo | undefined) {
    this.table = table;
    this.index = index;
    this.whole = index === undefined ? rowInterval(table.id) : indexInterval(table.id, index.id);
    this.intHandle = index === undefined && !table.isCommonHandle;
    const parts = index ?? table.indexes.find((candidate) => candidate.primary);
    const clustered = index !== undefined || table.isCommonHandle || table.pkIsHandle;
    this.columns =
      parts === undefined || !clustered
        ? []
        : parts.columns.map((part) => {
            return keyColumnOfPart(table.columns[part.offset]!.type, part);
          });
    const [first] = this.columns;
    this.unsignedHandle =
      this.intHandle &&
      table.pkIsHandle &&
      first !== undefined &&
      first.type.unsigned &&
      first.type.code === TypeCode.LONGLONG;
  }

  /** Appends one value in its place. The handle of an unsigned key goes in unsigned order; see `moveUnsigned`. */
  private put(out: ByteWriter, value: Datum, column: number, zone: ZoneShift): void {
    if (!this.intHandle) putKeyDatum(out, value, this.columns[column]!, zone);
    else if (this.unsignedHandle) putComparableUint(out, value as number | bigint);
    else putComparableInt(out, value as number | bigint);
  }

  private start(out: ByteWriter): void {
    out.reset();
    if (this.index === undefined) putRowPrefix(out, this.table.id);
    else putIndexPrefix(out, this.table.id, this.index.id);
  }

  /** The bytes of a bound, or `undefined` when it holds a NULL that makes the range empty. */
  private bound(expressions: readonly Expression[], context: EvalContext, zone: ZoneShift): Bound | undefined {
    this.start(writer);
    let cut = false;
    for (let i = 0; i < expressions.length; i++) {
      const expression = expressions[i]!;
      const value = evaluateAlone(expression, context);
      if (value === null) {
        // Only the constant NULL means "the key of NULL"; any other bound that turned out NULL matches nothing.
        if (expression.kind !== 'constant' || this.intHandle) return undefined;
        this.put(writer, null, i, zone);
        continue;
      }
      const column = this.columns[i]!;
      const converted = toKeyValue(value, column.type);
      if (column.prefixLength >= 0) cut = true;
      this.put(writer, converted.value, i, zone);
      if (converted.exact) continue;
      const beside = sideOf(value, converted.value);
      const side = column.descending ? (-beside as typeof beside) : beside;
      // What follows a value that no key can have decides nothing.
      if (side !== 0) return { bytes: writer.finish(), exact: false, side };
      cut = true;
    }
    return { bytes: writer.finish(), exact: !cut, side: 0 };
  }

  /**
   * `undefined`: empty. A numeric or date bound that the column cannot hold lies beside the nearest key that exists: `> 1.5` starts at 2, `< 300`
   * of a TINYINT ends behind 127, `= 1.5` is empty. Other bounds that lost something are widened, and the filter above decides.
   */
  private interval(range: PlanRange, context: EvalContext, zone: ZoneShift): KeyInterval | undefined {
    const lower = this.bound(range.lower, context, zone);
    if (lower === undefined) return undefined;
    const upper = this.bound(range.upper, context, zone);
    if (upper === undefined) return undefined;
    const least = { ...lower, length: range.lower.length, inclusive: range.lowerInclusive };
    const most = { ...upper, length: range.upper.length, inclusive: range.upperInclusive };
    const turned = this.columns[Math.max(least.length, most.length) - 1]?.descending === true;
    const [first, last] = turned ? [most, least] : [least, most];
    const fromHere = first.side === 0 ? first.length === 0 || first.inclusive || !first.exact : first.side < 0;
    const toHere = last.side === 0 ? last.length > 0 && !last.inclusive && last.exact : last.side < 0;
    const from = fromHere ? first.bytes : prefixEnd(first.bytes);
    const to = toHere ? last.bytes : prefixEnd(last.bytes);
    return compareBytes(from, to) < 0 ? { lower: from, upper: to } : undefined;
  }

  /** Intervals in the order they are to be read: that of the keys, and of the values where nothing is kept descending. */
  intervals(ranges: readonly PlanRange[] | undefined, context: EvalContext, zone: ZoneShift): KeyInterval[] {
    let found: KeyInterval[] = [];
    if (ranges === undefined) found.push(this.unsignedHandle ? this.unsignedWhole() : this.whole);
    else {
      for (const range of ranges) {
        const interval = this.interval(range, context, zone);
        if (interval !== undefined) found.push(interval);
      }
      if (found.length > 1) found = merge(found);
    }
    return this.unsignedHandle ? found.flatMap((interval) => this.moveUnsigned(interval)) : found;
  }

  /** The interval of all keys that begin with these values; for index joins. `undefined`: nothing can be there. */
  prefixInterval(values: readonly Datum[], zone: ZoneShift): KeyInterval | undefined {
    this.start(writer);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value === null) return undefined;
      const converted = toKeyValue(value, this.columns[i]!.type);
      if (!converted.exact) return undefined;
      this.put(writer, converted.value, i, zone);
    }
    const lower = writer.finish();
    const interval = { lower, upper: prefixEnd(lower) };
    return this.unsignedHandle ? this.moveUnsigned(interval)[0] : interval;
  }

  private unsignedWhole(): KeyInterval {
    const { lower } = this.whole;
    return { lower, upper: prefixEnd(lower) };
  }

  /** From unsigned to stored order: the top bit of the handle is flipped. */
  private moveUnsigned(interval: KeyInterval): KeyInterval[] {
    // One byte of handle only: an upper bound "behind 2^63 - 1" has lost its trailing bytes and must equal it.
    const middle = new Uint8Array(ROW_PREFIX_SIZE + 1);
    middle.set(this.whole.lower);
    middle[ROW_PREFIX_SIZE] = 0x80;
    const pieces: KeyInterval[] = [];
    if (compareBytes(interval.lower, middle) < 0) {
      const upper = compareBytes(interval.upper, middle) < 0 ? flip(interval.upper) : this.whole.upper;
      const lower = interval.lower.length === ROW_PREFIX_SIZE ? middle : flip(interval.lower);
      pieces.push({ lower, upper });
    }
    if (compareBytes(interval.upper, middle) > 0) {
      const lower = compareBytes(interval.lower, middle) <= 0 ? this.whole.lower : flip(interval.lower);
      // An upper bound behind the last handle has no handle byte to flip: the stored order of these values ends at the middle.
      const upper = startsWith(interval.upper, this.whole.lower) ? flip(interval.upper) : middle;
      pieces.push({ lower, upper });
    }
    return pieces;
  }
}

function flip(key: Uint8Array): Uint8Array {
  const flipped = key.slice();
  flipped[ROW_PREFIX_SIZE]! ^= 0x80;
  return flipped;
}

function startsWith(key: Uint8Array, prefix: Uint8Array): boolean {
  if (key.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (key[i] !== prefix[i]) return false;
  return true;
}

function merge(intervals: KeyInterval[]): KeyInterval[] {
  intervals.sort((a, b) => compareBytes(a.lower, b.lower));
  const merged: KeyInterval[] = [];
  for (const interval of intervals) {
    const last = merged[merged.length - 1];
    if (last !== undefined && compareBytes(interval.lower, last.upper) <= 0) {
      if (compareBytes(interval.upper, last.upper) > 0)
        merged[merged.length - 1] = { lower: last.lower, upper: interval.upper };
    } else merged.push(interval);
  }
  return merged;
}
