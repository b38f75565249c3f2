/**
 * Defaults between their two forms: `StoredDefault`, JSON-safe and kept in the schema, and the datum that a row shows. The
 * text is what MySQL prints for the value in the column's own type, so reading it back is exact and needs no session.
 * TIMESTAMP text is UTC. An expression has no datum here: the executor computes it for each row.
 */
import { Buffer } from 'node:buffer';
import { RutileError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import { normalizeInteger } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { type FieldType, TypeCode } from '../../base/value/field-type.ts';
import { Json } from '../../base/value/json.ts';
import type { ColumnInfo, StoredDefault } from './table-info.ts';

const BYTES_PREFIX = 'base64:';

/** The datum of a constant default; NULL when there is none. Expressions read as NULL: old rows were backfilled or have none. */
export function defaultDatum(stored: StoredDefault, type: FieldType): Datum {
  return stored.kind === 'value' ? datumOfText(stored.text, type) : null;
}

const NOW = /^(?:current_timestamp|now|localtime|localtimestamp)(?:\s*\(\s*\d?\s*\))?$/i;

/** The default is the time of the statement, in a column that can hold one: known to writers without an expression. */
export function isNowDefault(column: Pick<ColumnInfo, 'default' | 'type'>): boolean {
  const { code } = column.type;
  const isMoment = code === TypeCode.TIMESTAMP || code === TypeCode.DATETIME || code === TypeCode.DATE;
  return isMoment && column.default.kind === 'expression' && NOW.test(column.default.sql.trim());
}

function datumOfText(text: string, type: FieldType): Datum {
  switch (type.code) {
    case TypeCode.TINY:
    case TypeCode.SHORT:
    case TypeCode.INT24:
    case TypeCode.LONG:
    case TypeCode.LONGLONG:
    case TypeCode.YEAR:
    case TypeCode.BIT:
      return normalizeInteger(BigInt(text));
    case TypeCode.FLOAT:
      return Math.fround(Number(text));
    case TypeCode.DOUBLE:
      return Number(text);
    case TypeCode.DECIMAL:
      return decimalOfText(text, type.decimals);
    case TypeCode.DATE:
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return dateTimeOfText(text);
    case TypeCode.TIME:
      return durationOfText(text);
    case TypeCode.JSON:
      throw new RutileError('schema.default', 'A JSON column cannot have a constant default');
    default:
      if (text.startsWith(BYTES_PREFIX)) return new Uint8Array(Buffer.from(text.slice(BYTES_PREFIX.length), 'base64'));
      return type.charset === 'binary' && type.code !== TypeCode.ENUM && type.code !== TypeCode.SET
        ? new Uint8Array(Buffer.from(text))
        : text;
  }
}

function decimalOfText(text: string, scale: number): Decimal {
  const [whole = '0', fraction = ''] = text.split('.');
  return new Decimal(normalizeInteger(BigInt(whole.replace(/^\+/, '') + fraction.padEnd(scale, '0'))), scale);
}

function microsOf(fraction: string | undefined): number {
  return Number((fraction ?? '').padEnd(6, '0').slice(0, 6));
}

function dateTimeOfText(text: string): DateTime {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?$/.exec(text);
  if (!match) throw new RutileError('schema.default', 'A stored default is not a date');
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction] = match;
  const datePart = (Number(year) * 13 + Number(month)) * 32 + Number(day);
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return new DateTime(datePart, seconds * 1_000_000 + microsOf(fraction));
}

function durationOfText(text: string): Duration {
  const match = /^(-?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RutileError('schema.default', 'A stored default is not a time');
  const [, sign, hour, minute, second, fraction] = match;
  const micros = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1_000_000 + microsOf(fraction);
  return new Duration(sign === '-' && micros > 0 ? -micros : micros);
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** A constant datum of the column's type as text; `undefined` for NULL is the caller's business. */
export function textOfDatum(value: Exclude<Datum, null>, type: FieldType): string {
  if (value instanceof Uint8Array) return BYTES_PREFIX + Buffer.from(value).toString('base64');
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof DateTime) return dateTimeText(value, type);
  if (value instanceof Duration) return durationText(value, type.decimals);
  if (value instanceof Json) throw new RutileError('schema.default', 'A JSON column cannot have a constant default');
  return String(value);
}

function decimalText(value: Decimal): string {
  const negative = value.digits < 0;
  const digits = String(value.digits)
    .replace('-', '')
    .padStart(value.scale + 1, '0');
  const whole = digits.slice(0, digits.length - value.scale);
  return `${negative ? '-' : ''}${whole}${value.scale > 0 ? `.${digits.slice(digits.length - value.scale)}` : ''}`;
}

function fractionText(micros: number, fsp: number): string {
  return fsp > 0
    ? `.${String(micros % 1_000_000)
        .padStart(6, '0')
        .slice(0, fsp)}`
    : '';
}

function dateTimeText(value: DateTime, type: FieldType): string {
  const months = Math.floor(value.datePart / 32);
  const date = `${String(Math.floor(months / 13)).padStart(4, '0')}-${two(months % 13)}-${two(value.datePart % 32)}`;
  if (type.code === TypeCode.DATE) return date;
  const seconds = Math.floor(value.timeMicros / 1_000_000);
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${date} ${time}${fractionText(value.timeMicros, type.decimals)}`;
}

function durationText(value: Duration, fsp: number): string {
  const micros = Math.abs(value.micros);
  const seconds = Math.floor(micros / 1_000_000);
  const sign = value.micros < 0 ? '-' : '';
  return `${sign}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fractionText(micros, fsp)}`;
}
