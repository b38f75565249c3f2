/**
 * `PartitionRouter`: which partition a row goes to, and which partitions a selection leaves. Made once for a version of a table.
 *
 *     RANGE (expr)      the first whose bound is above the value; NULL is below everything
 *     LIST (expr)       the one that lists the value
 *     … COLUMNS         the same over the columns' encoded keys, whose bytes sort and compare as the columns' collations do
 *     HASH (expr)       the value modulo the number of partitions; LINEAR: the value's low bits
 *     KEY (columns)     a hash of the columns' bytes, as MySQL spreads integers; text is hashed by its sort key
 *
 * A selection errs to more: what it cannot see through leaves all partitions, never one too few.
 */
import { assert } from '../../../base/assert.ts';
import { SqlError } from '../../../base/error.ts';
import { DateTime, MICROS_PER_DAY } from '../../../base/value/date-time.ts';
import { type Datum, normalizeInteger, type Row } from '../../../base/value/datum.ts';
import { isInteger, TypeCode, type FieldType } from '../../../base/value/field-type.ts';
import { ByteWriter } from '../../../proto/encoding/byte-writer.ts';
import { compareBytes } from '../../../proto/encoding/comparable.ts';
import { type KeyColumn, keyColumnOf, putKeyDatum } from '../../../proto/encoding/key-datum.ts';
import { indexPrefix } from '../../../proto/encoding/keys.ts';
import { encodeBounds } from '../../../proto/encoding/partition-bounds.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import type { KeyRange, PartitionFunction, PartitionSelection } from '../../../proto/plan/physical.ts';
import type { IndexInfo, PartitionBound, PartitioningInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import type { EvalContext } from '../../functions/context.ts';
import { type Evaluate, evaluateAlone, evaluator } from '../compiled.ts';
import { hashKeyColumns, linearPosition } from './partition-hash.ts';
import { KeySpace, sideOf } from './key-ranges.ts';
import { toKeyValue } from './key-value.ts';

const NONE = -1;
type Integer = number | bigint;
type WholeRow = readonly (Datum | undefined)[];

const writer = new ByteWriter(256);

const routers = new WeakMap<TableInfo, PartitionRouter>();

export function partitionRouter(table: TableInfo, of: PartitionFunction): PartitionRouter {
  let known = routers.get(table);
  if (known === undefined) routers.set(table, (known = new PartitionRouter(table, of)));
  return known;
}

export class PartitionRouter {
  private readonly table: TableInfo;
  private readonly partitioning: PartitioningInfo;
  private readonly of: PartitionFunction;
  private readonly count: number;
  private readonly evaluate: Evaluate | undefined;
  private readonly columns: readonly (KeyColumn & { readonly offset: number })[];
  /** RANGE: exclusive upper bounds; `undefined` is MAXVALUE. */
  private readonly bounds: readonly (Integer | undefined)[] = [];
  /** RANGE COLUMNS: the same as keys. */
  private readonly keyBounds: readonly Uint8Array[] = [];
  /** LIST: values in order, and where they go. */
  private readonly values: readonly { readonly value: Integer; readonly position: number }[] = [];
  private readonly byValue = new Map<string, number>();
  /** LIST COLUMNS: whole keys. */
  private readonly keys: readonly { readonly key: Uint8Array; readonly position: number }[] = [];
  /** LIST: where NULL goes. */
  private readonly nullPosition: number;
  /** Conditions on the columns as ranges of keys of an index that nobody stores. */
  private readonly space: KeySpace;
  private readonly prefix: Uint8Array;

  constructor(table: TableInfo, of: PartitionFunction) {
    const partitioning = table.partitioning;
    assert(partitioning !== undefined, 'a router is for partitioned tables');
    this.table = table;
    this.partitioning = partitioning;
    this.of = of;
    this.count = partitioning.partitions.length;
    this.evaluate = of.expression === undefined ? undefined : evaluator(of.expression);
    this.columns = of.columns.map((offset) => ({ offset, ...keyColumnOf(table.columns[offset]!.type) }));
    const index: IndexInfo = {
      id: 0,
      name: '',
      columns: of.columns.map((offset) => ({ name: '', offset, prefixLength: -1 })),
      unique: false,
      primary: false,
      state: 'public',
      comment: '',
      invisible: false,
    };
    this.space = new KeySpace(table, index);
    this.prefix = indexPrefix(table.id, 0);
    const { partitions } = partitioning;
    let nullPosition = NONE;
    switch (partitioning.method) {
      case 'RANGE':
        this.bounds = partitions.map(({ lessThan }) => integerOf(lessThan![0]!));
        nullPosition = 0;
        break;
      case 'LIST': {
        const values: { value: Integer; position: number }[] = [];
        partitions.forEach((one, position) => {
          for (const [bound] of one.in!) {
            if (bound === 'NULL') nullPosition = position;
            else {
              const value = integerOf(bound!)!;
              values.push({ value, position });
              this.byValue.set(String(value), position);
            }
          }
        });
        this.values = values.sort((a, b) => (a.value < b.value ? -1 : 1));
        break;
      }
      case 'RANGE COLUMNS':
        this.keyBounds = partitions.map(({ lessThan }) => this.boundKey(lessThan!));
        break;
      case 'LIST COLUMNS': {
        const keys: { key: Uint8Array; position: number }[] = [];
        partitions.forEach((one, position) => {
          for (const bounds of one.in!) {
            const key = this.boundKey(bounds);
            keys.push({ key, position });
            this.byValue.set(latin1(key), position);
          }
        });
        this.keys = keys;
        break;
      }
    }
    this.nullPosition = nullPosition;
  }

  /** Where a row goes; -1: nowhere. */
  find(row: WholeRow, context: EvalContext): number {
    if (this.evaluate !== undefined) return this.ofValue(this.evaluate(row as Row, context) as Integer | null);
    switch (this.partitioning.method) {
      case 'RANGE COLUMNS':
        return this.belowBound(this.keyOf(row, zoneShift(context.timeZone)));
      case 'LIST COLUMNS':
        return this.byValue.get(latin1(this.keyOf(row, zoneShift(context.timeZone)))) ?? NONE;
      default: {
        const hash = hashKeyColumns(this.columns, row, zoneShift(context.timeZone));
        return this.partitioning.method === 'LINEAR KEY' ? linearPosition(hash, this.count) : hash % this.count;
      }
    }
  }

  /** Error 1526. */
  noPartition(row: WholeRow, context: EvalContext): SqlError {
    const value =
      this.evaluate === undefined ? 'from column_list' : String(this.evaluate(row as Row, context) ?? 'NULL');
    return new SqlError(1526, 'HY000', `Table has no partition for value ${value}`);
  }

  /** RANGE, LIST and HASH by the value of the expression. */
  private ofValue(value: Integer | null): number {
    switch (this.partitioning.method) {
      case 'RANGE':
        return value === null ? 0 : this.aboveBounds(value);
      case 'LIST':
        return value === null ? this.nullPosition : (this.byValue.get(String(value)) ?? NONE);
      case 'LINEAR HASH':
        return linearPosition(value ?? 0, this.count);
      default: {
        if (value === null) return 0;
        if (typeof value === 'number') return Math.abs(value % this.count);
        return Math.abs(Number(BigInt.asIntN(64, value) % BigInt(this.count)));
      }
    }
  }

  /** The first partition whose bound is above the value. */
  private aboveBounds(value: Integer): number {
    const { bounds } = this;
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = bounds[middle];
      if (bound === undefined || value < bound) high = middle;
      else low = middle + 1;
    }
    return low < bounds.length ? low : NONE;
  }

  private belowBound(key: Uint8Array): number {
    const { keyBounds } = this;
    let low = 0;
    let high = keyBounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(key, keyBounds[middle]!) < 0) high = middle;
      else low = middle + 1;
    }
    return low < keyBounds.length ? low : NONE;
  }

  private keyOf(row: WholeRow, zone: ZoneShift): Uint8Array {
    writer.reset();
    writer.raw(this.prefix);
    for (const column of this.columns) putKeyDatum(writer, row[column.offset] ?? null, column, zone);
    return writer.finish();
  }

  private boundKey(bounds: readonly PartitionBound[]): Uint8Array {
    const key = encodeBounds(this.columns, bounds);
    writer.reset();
    writer.raw(this.prefix);
    writer.raw(key);
    return writer.finish();
  }

  // ---- selections ----

  /** Positions, ascending, in which rows may be that a selection is after. */
  select(selection: PartitionSelection, context: EvalContext): readonly number[] {
    const { named, ranges } = selection;
    if (ranges === undefined) return named ?? this.all();
    const found = this.touched(ranges, context);
    if (found === undefined) return named ?? this.all();
    const positions = named === undefined ? found : named.filter((position) => found.includes(position));
    return positions;
  }

  /** The only partition in which a row with these values of the function's columns can be; -1: there is none. */
  positionOf(values: readonly Datum[], context: EvalContext): number {
    const row: Datum[] = new Array<Datum>(this.table.columns.length).fill(null);
    this.columns.forEach(({ offset }, i) => (row[offset] = values[i]!));
    return this.find(row, context);
  }

  private all(): readonly number[] {
    return Array.from({ length: this.count }, (_, position) => position);
  }

  private touched(ranges: readonly KeyRange[], context: EvalContext): readonly number[] | undefined {
    const { method } = this.partitioning;
    if (method === 'RANGE COLUMNS' || method === 'LIST COLUMNS') return this.touchedByKeys(ranges, context);
    const found = new Set<number>();
    for (const range of ranges) {
      const done = isPoint(range, this.columns.length)
        ? this.touchPoint(range, context, found)
        : this.touchInterval(range, context, found);
      if (!done) return undefined;
    }
    return [...found].sort((a, b) => a - b);
  }

  private touchedByKeys(ranges: readonly KeyRange[], context: EvalContext): readonly number[] {
    const intervals = this.space.intervals(ranges, context, zoneShift(context.timeZone));
    const { keyBounds, keys } = this;
    const found = new Set<number>();
    for (const { lower, upper } of intervals) {
      keyBounds.forEach((bound, position) => {
        const below = position === 0 || compareBytes(upper, keyBounds[position - 1]!) > 0;
        if (below && compareBytes(lower, bound) < 0) found.add(position);
      });
      for (const { key, position } of keys)
        if (compareBytes(key, lower) >= 0 && compareBytes(key, upper) < 0) found.add(position);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** A value for each column. */
  private touchPoint(range: KeyRange, context: EvalContext, found: Set<number>): boolean {
    const values: Datum[] = [];
    for (let i = 0; i < this.columns.length; i++) {
      const expression = range.lower[i]!;
      const value = evaluateAlone(expression, context);
      if (value === null) {
        // Only the constant NULL means the rows that have it.
        if (expression.kind !== 'constant') return true;
        values.push(null);
        continue;
      }
      const { value: converted, exact } = toKeyValue(value, this.columns[i]!.type);
      // A value that the column cannot hold may still stand for one that it can: text of another form.
      if (!exact) return false;
      values.push(converted);
    }
    const position = this.positionOf(values, context);
    if (position >= 0) found.add(position);
    return true;
  }

  /** A function that grows with its only column turns an interval of the column into one of values. False: it cannot be said. */
  private touchInterval(range: KeyRange, context: EvalContext, found: Set<number>): boolean {
    const { monotonic } = this.of;
    if (monotonic === undefined || this.columns.length !== 1) return false;
    const lower = this.end(range, 'lower', context);
    const upper = this.end(range, 'upper', context);
    if (lower === 'empty' || upper === 'empty') return true;
    const nulls =
      (lower === 'null' && range.lowerInclusive) || range.lower.length === 0 || monotonic === 'growing-or-null';
    const from = typeof lower === 'string' ? undefined : lower;
    const to = typeof upper === 'string' ? undefined : upper;
    if (nulls) {
      const position = this.ofValue(null);
      if (position >= 0) found.add(position);
    }
    switch (this.partitioning.method) {
      case 'RANGE': {
        const first = from === undefined ? 0 : this.aboveBounds(from);
        if (first < 0) return true;
        const last = to === undefined ? NONE : this.aboveBounds(to);
        const end = last < 0 ? this.count - 1 : last;
        for (let position = first; position <= end; position++) found.add(position);
        return true;
      }
      case 'LIST':
        for (const { value, position } of this.values)
          if ((from === undefined || value >= from) && (to === undefined || value <= to)) found.add(position);
        return true;
      default: {
        if (from === undefined || to === undefined) return false;
        if (from > to) return true;
        if (BigInt(to) - BigInt(from) >= BigInt(this.count)) return false;
        for (let value = BigInt(from); value <= BigInt(to); value++) found.add(this.ofValue(normalizeInteger(value)));
        return true;
      }
    }
  }

  /** The function's value at an end of an interval, moved inwards by the least step where the end itself does not belong. */
  private end(range: KeyRange, side: 'lower' | 'upper', context: EvalContext): Integer | 'null' | 'open' | 'empty' {
    const expression = range[side][0];
    if (expression === undefined) return 'open';
    const given = evaluateAlone(expression, context);
    if (given === null) return expression.kind === 'constant' ? 'null' : 'empty';
    const [{ type, offset }] = this.columns as [KeyColumn & { offset: number }];
    const { value, exact } = toKeyValue(given, type);
    const inclusive = side === 'lower' ? range.lowerInclusive : range.upperInclusive;
    // Of a value that the column cannot hold the nearest one belongs to the interval when it lies on the inner side.
    const beside = exact ? 0 : sideOf(given, value);
    const inside = side === 'lower' ? beside <= 0 : beside >= 0;
    const belongs = exact ? inclusive : inside;
    const moved = belongs ? value : stepped(value, side === 'lower' ? 1 : -1, type);
    const row: Datum[] = new Array<Datum>(this.table.columns.length).fill(null);
    row[offset] = moved;
    return (this.evaluate!(row, context) as Integer | null) ?? 'open';
  }
}

/** The next value of a column of that type, or the one before; the value itself where there is none. */
function stepped(value: Datum, by: 1 | -1, type: FieldType): Datum {
  if (isInteger(type)) return normalizeInteger(BigInt(value as Integer) + BigInt(by));
  if (!(value instanceof DateTime) || value.hasZeroPart()) return value;
  if (type.code === TypeCode.DATE) return DateTime.fromDayNumber(value.dayNumber() + by) ?? value;
  const micros = value.timeMicros + by * 10 ** (6 - type.decimals);
  if (micros < 0) return DateTime.fromDayNumber(value.dayNumber() - 1, MICROS_PER_DAY + micros) ?? value;
  if (micros >= MICROS_PER_DAY) return DateTime.fromDayNumber(value.dayNumber() + 1) ?? value;
  return new DateTime(value.datePart, micros);
}

/** One value for each column. */
function isPoint(range: KeyRange, width: number): boolean {
  const { lower, upper } = range;
  return lower === upper && lower.length === width && range.lowerInclusive && range.upperInclusive;
}

function integerOf(bound: PartitionBound): Integer | undefined {
  if (bound === 'MAXVALUE') return undefined;
  assert(bound !== 'NULL', 'NULL is no bound of a range');
  return normalizeInteger(BigInt(bound.text));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
