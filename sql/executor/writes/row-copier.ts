/**
 * Rows of a text file straight to row keys and values. A step is made for each column once per statement; most fields then go from the bytes of
 * the file to the bytes of the row without a datum in between. Only columns of keys become datums, since sort keys are made of those.
 *
 * Whatever is unusual (a field that needs a cast or a warning, an escape, a missing field, NULL where there may be none) makes `copy` answer
 * `undefined` for the whole row, and the caller takes it through the rules of INSERT. What is copied is byte for byte what that way
 * would have written; load-data.test.ts compares the two.
 */
import type { Datum } from '../../../base/value/datum.ts';
import { type FieldType, TypeCode } from '../../../base/value/field-type.ts';
import type { ByteWriter } from '../../../proto/encoding/byte-writer.ts';
import { isSmallDecimal, putScaled } from '../../../proto/encoding/decimal-binary.ts';
import { decimalPrecision } from '../../../proto/encoding/key-datum.ts';
import { RowAssembler } from '../../../proto/encoding/row-encoder.ts';
import { putRowValue, putShortInt, putShortUint } from '../../../proto/encoding/row-value.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';
import { ValueKind, valueKind } from '../../../proto/encoding/value-kind.ts';
import type { TableEncoder } from '../../../proto/encoding/index-mutations.ts';
import { handleColumns, hasHiddenHandle } from '../../../proto/schema/table-shape.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import { type DelimitedReader, FieldKind } from './delimited-reader.ts';
import { decimalDigits, fieldParser, hasFieldParser, packedDate, type ParseField, textEnd } from './field-parser.ts';
import type { EncodedRow } from './table-writer.ts';

/** Writes a field as its column's value; false: it is unusual. */
type CopyField = (out: ByteWriter, bytes: Uint8Array, start: number, end: number) => boolean;

/** A column of the row value, in the order of the value. */
interface ValueStep {
  readonly offset: number;
  /** Of the file; -1: the column is not in it. */
  readonly field: number;
  readonly nullable: boolean;
  /** `undefined`: the datum in the row is written, since the column is part of a key or not in the file. */
  readonly copy: CopyField | undefined;
  readonly kind: ValueKind;
  readonly type: FieldType;
}

interface KeyStep {
  readonly offset: number;
  readonly field: number;
  readonly nullable: boolean;
  readonly parse: ParseField;
}

export interface CopierOptions {
  readonly table: TableInfo;
  readonly encoder: TableEncoder;
  readonly zone: ZoneShift;
  /** Column offsets in the order of the file's fields. */
  readonly fields: readonly number[];
  /** Values of the columns that are not in the file. */
  readonly template: readonly (Datum | undefined)[];
}

export class RowCopier {
  private readonly encoder: TableEncoder;
  private readonly assembler: RowAssembler;
  private readonly zone: ZoneShift;
  private readonly fieldCount: number;
  private readonly keys: readonly KeyStep[];
  private readonly values: readonly ValueStep[];
  /** Datums by column offset, of the columns that need one. */
  private readonly row: (Datum | undefined)[];

  private constructor(options: CopierOptions) {
    const { table, encoder, zone, fields, template } = options;
    this.encoder = encoder;
    this.zone = zone;
    this.fieldCount = fields.length;
    this.row = template.slice();
    const keyed = new Set(handleColumns(table).map((column) => column.offset));
    for (const { index } of encoder.indexes) for (const part of index.columns) keyed.add(part.offset);
    const nullable = (offset: number): boolean => !table.columns[offset]!.type.notNull;
    this.keys = fields.flatMap((offset, field) =>
      keyed.has(offset)
        ? [{ offset, field, nullable: nullable(offset), parse: fieldParser(table.columns[offset]!.type) }]
        : [],
    );
    this.values = encoder.rows.columns.map(({ offset, type, kind }) => {
      const field = fields.indexOf(offset);
      const copy = field < 0 || keyed.has(offset) ? undefined : fieldCopier(type, zone);
      return { offset, field, nullable: nullable(offset), copy, kind, type };
    });
    this.assembler = new RowAssembler(encoder.rows.columns);
  }

  /** `undefined`: hardly a row of this table could be copied. */
  static of(options: CopierOptions): RowCopier | undefined {
    const { table, fields } = options;
    if (hasHiddenHandle(table) || table.columns.some((column) => column.autoIncrement)) return undefined;
    if (new Set(fields).size !== fields.length) return undefined;
    if (fields.some((offset) => !hasFieldParser(table.columns[offset]!.type))) return undefined;
    // A key without a value is the business of INSERT.
    if (handleColumns(table).some((column) => !fields.includes(column.offset))) return undefined;
    return new RowCopier(options);
  }

  /** The reader's row; its text must be UTF-8. */
  // hot: bench/micro/executor.ts
  copy(reader: DelimitedReader): EncodedRow | undefined {
    if (reader.count < this.fieldCount) return undefined;
    const { bytes, starts, ends, kinds } = reader;
    const { row, assembler, encoder, keys, values } = this;
    for (let i = 0; i < keys.length; i++) {
      const { field, offset, parse, nullable } = keys[i]!;
      const kind = kinds[field]!;
      if (kind === FieldKind.PLAIN) {
        const value = parse(bytes, starts[field]!, ends[field]!);
        if (value === undefined) return undefined;
        row[offset] = value;
      } else if (kind === FieldKind.NULL && nullable) row[offset] = null;
      else return undefined;
    }
    assembler.begin();
    const { out } = assembler;
    for (let i = 0; i < values.length; i++) {
      const { copy, field, nullable, offset, kind, type } = values[i]!;
      if (copy === undefined) {
        const value = row[offset];
        if (value === undefined) return undefined;
        if (value === null) assembler.left();
        else {
          putRowValue(out, value, kind, type, this.zone);
          assembler.written();
        }
      } else if (kinds[field] === FieldKind.PLAIN) {
        if (!copy(out, bytes, starts[field]!, ends[field]!)) return undefined;
        assembler.written();
      } else if (kinds[field] === FieldKind.NULL && nullable) assembler.left();
      else return undefined;
    }
    const rowValue = assembler.finish();
    const handle = encoder.handleOf(row)!;
    return { rowKey: encoder.rowKey(handle), rowValue, entries: encoder.indexInserts(row, handle) };
  }
}

function fieldCopier(type: FieldType, zone: ZoneShift): CopyField {
  const kind = valueKind(type);
  switch (type.code) {
    case TypeCode.TINY:
    case TypeCode.SHORT:
    case TypeCode.INT24:
    case TypeCode.LONG:
    case TypeCode.LONGLONG: {
      const parse = fieldParser(type) as (bytes: Uint8Array, start: number, end: number) => number | undefined;
      const put = kind === ValueKind.UINT ? putShortUint : putShortInt;
      return (out, bytes, start, end) => {
        const value = parse(bytes, start, end);
        if (value === undefined) return false;
        put(out, value);
        return true;
      };
    }
    case TypeCode.DECIMAL: {
      const precision = decimalPrecision(type);
      const scale = type.decimals;
      if (!isSmallDecimal(precision, scale)) break;
      const digitsOf = decimalDigits(type);
      return (out, bytes, start, end) => {
        const digits = digitsOf(bytes, start, end);
        if (digits !== digits) return false;
        putScaled(out, digits, precision, scale);
        return true;
      };
    }
    case TypeCode.DATE:
      return (out, bytes, start, end) => {
        if (end - start !== 10) return false;
        const packed = packedDate(bytes, start);
        if (packed < 0) return false;
        out.u32le(0);
        out.u32le(packed * 512);
        return true;
      };
    case TypeCode.VARCHAR:
    case TypeCode.CHAR: {
      const endOf = textEnd(type);
      return (out, bytes, start, end) => {
        const stop = endOf(bytes, start, end);
        if (stop < 0) return false;
        out.raw(bytes, start, stop);
        return true;
      };
    }
  }
  const parse = fieldParser(type);
  return (out, bytes, start, end) => {
    const value = parse(bytes, start, end);
    if (value === undefined) return false;
    putRowValue(out, value, kind, type, zone);
    return true;
  };
}
