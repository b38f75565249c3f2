/**
 * `Column`: one column of a table, or of an intermediate result, as typed arrays that loops read directly.
 *
 * | kind | values |
 * | --- | --- |
 * | int | the integer |
 * | decimal | digits, scaled by `scale` for the whole column |
 * | double | the number |
 * | date | `DateTime.datePart` |
 * | datetime | datePart * 86,400,000 + milliseconds (fractional digits up to 3) |
 * | string | a code into `dictionary` |
 *
 * All but `double` are integers below 2^53 in size, exact in a float64; they sit in an Int32Array where they fit. What does not
 * fit (a BIGINT near its end, a DECIMAL of 20 digits) makes the column `inexact`, and the query goes to the row engine.
 * Table columns lie in SharedArrayBuffers, so that workers read them without a copy. Immutable once built.
 */
import type { FieldType } from '../../base/value/field-type.ts';
import { TypeCode, isBinaryString, isInteger, isReal, isString } from '../../base/value/field-type.ts';

export type ColumnKind = 'int' | 'decimal' | 'double' | 'date' | 'datetime' | 'string';
export type Values = Int32Array | Float64Array;

export interface Column {
  readonly kind: ColumnKind;
  /** Decimal digits after the point; 0 for other kinds. */
  readonly scale: number;
  readonly values: Values;
  /** 1 where the value is NULL; `undefined` when none is. */
  readonly nulls: Uint8Array | undefined;
  /** Bounds of the values that are not NULL; 0 and -1 when there are none. Doubles: -Infinity to Infinity. */
  readonly min: number;
  readonly max: number;
  readonly dictionary: Dictionary | undefined;
}

/** The distinct strings of a column as UTF-8, in order of first appearance. `id` is unique in the process: derived tables are cached by it. */
export interface Dictionary {
  readonly id: number;
  readonly collation: string;
  readonly count: number;
  /** String i lies in bytes[offsets[i]] … bytes[offsets[i + 1]]. */
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

export const SAFE = Number.MAX_SAFE_INTEGER;

/** Which kind holds values of this type; `undefined` when the column engine has none. */
export function kindOf(type: FieldType): ColumnKind | undefined {
  if (isInteger(type)) return type.code === TypeCode.BIT ? undefined : 'int';
  if (isReal(type)) return 'double';
  if (type.code === TypeCode.DECIMAL) return 'decimal';
  if (type.code === TypeCode.DATE) return 'date';
  // Not TIMESTAMP: its reading depends on the session's zone, a loaded column does not.
  if (type.code === TypeCode.DATETIME) return type.decimals <= 3 ? 'datetime' : undefined;
  if (isString(type) && !isBinaryString(type))
    return type.code === TypeCode.ENUM || type.code === TypeCode.SET ? undefined : 'string';
  return undefined;
}

export const MILLIS_A_DAY = 86_400_000;
