/**
 * `Datum`: one SQL value while a statement works on it. What kind it is follows from the static `FieldType` beside it;
 * the JavaScript representation is fixed here, because functions, executors, encodings and the column engine all rely on it.
 *
 * | SQL type | datum |
 * | --- | --- |
 * | NULL | `null` |
 * | TINYINT..BIGINT, signed or not, YEAR, BIT | `number` when a safe integer, else `bigint`: never a bigint that would fit a number |
 * | FLOAT, DOUBLE | `number` (FLOAT already rounded with Math.fround) |
 * | DECIMAL | `Decimal` |
 * | CHAR, VARCHAR, TEXT, ENUM, SET | `string` |
 * | BINARY, VARBINARY, BLOB | `Uint8Array` |
 * | DATE, DATETIME, TIMESTAMP | `DateTime` (TIMESTAMP in the session's zone while it is a datum, UTC in storage) |
 * | TIME | `Duration` |
 * | JSON | `Json` |
 *
 * Equality of datums is never `===` on objects: use the comparison that the static types choose (sql/functions/comparison.ts).
 */
import type { Decimal } from './decimal.ts';
import type { DateTime } from './date-time.ts';
import type { Duration } from './duration.ts';
import type { Json } from './json.ts';

export type Datum = null | number | bigint | string | Uint8Array | Decimal | DateTime | Duration | Json;

/** One row: datums by position. Operators exchange arrays of rows (`Batch`), never single rows. */
export type Row = Datum[];
export type Batch = Row[];

/** Puts an integer in its one canonical form. */
export function normalizeInteger(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}
