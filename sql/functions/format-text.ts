/**
 * The text of a value, as the text protocol prints it and as CONCAT or CAST(… AS CHAR) see it. Bytes stay bytes. `textOf`
 * gives a function for one static type, so that nothing is decided per row.
 */
import type { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import type { Duration } from '../../base/value/duration.ts';
import { isBinaryString, isInteger, isString, TypeCode, type FieldType } from '../../base/value/field-type.ts';
import type { Json } from '../../base/value/json.ts';
import { printJson } from '../../base/value/json-print.ts';
import { formatDouble, formatFloat } from '../../base/value/number-text.ts';

type NonNull = NonNullable<Datum>;

/** The text of values of one type. For byte strings: the bytes read as UTF-8; `formatText` gives the bytes themselves. */
export function textOf(type: FieldType): (value: NonNull) => string {
  if (isInteger(type)) {
    if (type.zerofill === true && type.length > 0) return (value) => String(value).padStart(type.length, '0');
    if (type.code === TypeCode.YEAR) return (value) => String(value).padStart(4, '0');
    return (value) => String(value);
  }
  if (isBinaryString(type))
    return (value) => (typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('utf8'));
  if (isString(type)) return (value) => value as string;
  switch (type.code) {
    case TypeCode.FLOAT:
      return fixedDouble(type) ?? ((value) => formatFloat(value as number));
    case TypeCode.DOUBLE:
      return fixedDouble(type) ?? ((value) => formatDouble(value as number));
    case TypeCode.DECIMAL: {
      const scale = type.decimals;
      if (type.zerofill === true && type.length > 0) {
        const width = type.length + (scale > 0 ? 1 : 0);
        return (value) => (value as Decimal).rescale(scale).toString().padStart(width, '0');
      }
      return (value) => {
        const decimal = value as Decimal;
        return decimal.scale === scale ? decimal.toString() : decimal.rescale(scale).toString();
      };
    }
    case TypeCode.DATE:
      return (value) => (value as DateTime).dateString();
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return (value) => (value as DateTime).toString(type.decimals);
    case TypeCode.TIME:
      return (value) => (value as Duration).toString(type.decimals);
    case TypeCode.JSON:
      return (value) => printJson((value as Json).node);
    default:
      return (value) => String(value);
  }
}

/** DOUBLE(M,D) and ROUND(x, d): a fixed number of digits. */
function fixedDouble(type: FieldType): ((value: NonNull) => string) | undefined {
  const digits = type.decimals;
  if (digits > 30) return undefined;
  return (value) => {
    const number = value as number;
    // toFixed goes over to exponents at 1e21, where a double has no fraction anyway.
    return Math.abs(number) < 1e15 ? number.toFixed(digits) : formatDouble(number);
  };
}

const printers = new WeakMap<FieldType, (value: NonNull) => string>();

export function formatText(value: Datum, type: FieldType): string | Uint8Array | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return value;
  let print = printers.get(type);
  if (print === undefined) {
    print = textOf(type);
    printers.set(type, print);
  }
  return print(value);
}
