/**
 * Builders: take datums row by row and end as a `Column` in shared memory. They grow by half, keep bounds as they go and
 * choose the smallest array at the end. One pass, no second look at the rows.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { DateTime } from '../../base/value/date-time.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { MILLIS_A_DAY, SAFE, kindOf, type Column, type ColumnKind, type Dictionary, type Values } from './column.ts';

const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);
let dictionaries = 0;

export class ColumnBuilder {
  readonly kind: ColumnKind;
  private readonly scale: number;
  private readonly collation: string;
  private values = new Float64Array(1024);
  private nulls: Uint8Array | undefined;
  private count = 0;
  private min = Infinity;
  private max = -Infinity;
  /** A value that no float64 holds exactly was met. */
  inexact = false;
  private readonly codes = new Map<string, number>();
  private stringBytes = 0;

  constructor(type: FieldType) {
    this.kind = kindOf(type)!;
    this.scale = this.kind === 'decimal' ? type.decimals : 0;
    this.collation = type.collation;
  }

  append(datum: Datum): void {
    const i = this.count++;
    if (i === this.values.length) this.grow();
    if (datum === null) {
      this.nulls ??= new Uint8Array(this.values.length);
      this.nulls[i] = 1;
      return;
    }
    const value = this.numberOf(datum);
    this.values[i] = value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Bytes held now; the loader stops a table that would not fit. */
  get sizeBytes(): number {
    return this.values.byteLength + (this.nulls?.byteLength ?? 0) + this.stringBytes * 2 + this.codes.size * 64;
  }

  finish(): Column {
    const { count } = this;
    const empty = this.min > this.max;
    const isDouble = this.kind === 'double';
    const small = !isDouble && (empty || (this.min >= -0x80000000 && this.max <= 0x7fffffff));
    const values: Values = small
      ? new Int32Array(new SharedArrayBuffer(count * 4))
      : new Float64Array(new SharedArrayBuffer(count * 8));
    values.set(this.values.subarray(0, count));
    let nulls: Uint8Array | undefined;
    if (this.nulls) {
      nulls = new Uint8Array(new SharedArrayBuffer(count));
      nulls.set(this.nulls.subarray(0, count));
    }
    return {
      kind: this.kind,
      scale: this.scale,
      values,
      nulls,
      min: isDouble ? -Infinity : empty ? 0 : this.min,
      max: isDouble ? Infinity : empty ? -1 : this.max,
      dictionary: this.kind === 'string' ? this.dictionary() : undefined,
    };
  }

  private numberOf(datum: Exclude<Datum, null>): number {
    switch (this.kind) {
      case 'int':
        if (typeof datum === 'bigint') this.inexact = true;
        return Number(datum);
      case 'double':
        return datum as number;
      case 'decimal':
        return this.decimalDigits(datum as Decimal);
      case 'date':
        return (datum as DateTime).datePart;
      case 'datetime':
        return (datum as DateTime).datePart * MILLIS_A_DAY + Math.floor((datum as DateTime).timeMicros / 1000);
      case 'string':
        return this.code(datum as string);
    }
  }

  private decimalDigits(value: Decimal): number {
    const { digits } = value;
    if (typeof digits === 'bigint') {
      this.inexact = true;
      return 0;
    }
    if (value.scale === this.scale) return digits;
    const scaled = digits * (POWERS[this.scale - value.scale] ?? NaN);
    if (!(Math.abs(scaled) <= SAFE) || value.scale > this.scale) this.inexact = true;
    return scaled;
  }

  private code(text: string): number {
    const known = this.codes.get(text);
    if (known !== undefined) return known;
    const code = this.codes.size;
    this.codes.set(text, code);
    this.stringBytes += text.length;
    return code;
  }

  private dictionary(): Dictionary {
    const parts: Buffer[] = [];
    const offsets = new Int32Array(new SharedArrayBuffer((this.codes.size + 1) * 4));
    let size = 0;
    let i = 0;
    for (const text of this.codes.keys()) {
      const bytes = Buffer.from(text);
      parts.push(bytes);
      size += bytes.length;
      offsets[++i] = size;
    }
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { id: ++dictionaries, collation: this.collation, count: this.codes.size, offsets, bytes };
  }

  private grow(): void {
    const length = Math.ceil(this.values.length * 1.5);
    const values = new Float64Array(length);
    values.set(this.values);
    this.values = values;
    if (this.nulls) {
      const nulls = new Uint8Array(length);
      nulls.set(this.nulls);
      this.nulls = nulls;
    }
  }
}
