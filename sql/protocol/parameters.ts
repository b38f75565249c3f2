/**
 * The values of COM_STMT_EXECUTE. Types are sent with the first execution and kept for later ones (`new_params_bound` = 0);
 * values sent ahead in pieces (COM_STMT_SEND_LONG_DATA) take the place of inline ones.
 *
 * Two leniencies that real drivers need. A DOUBLE that holds an integer becomes BIGINT, since mysql2 sends every JavaScript number as
 * DOUBLE and MySQL 8 takes a parameter's type from its place (`LIMIT ?`, `id = ?`). A string type whose bytes are not
 * UTF-8 becomes a byte string, since Go's driver sends `[]byte` as a string.
 */
import { isUtf8 } from 'node:buffer';
import type { Datum } from '../../base/value/datum.ts';
import { normalizeInteger } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Duration } from '../../base/value/duration.ts';
import {
  BIGINT,
  BIGINT_UNSIGNED,
  DOUBLE,
  NULL_TYPE,
  TypeCode,
  fieldType,
  varcharType,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { Charset } from '../../base/value/charset.ts';
import { malformedPacket, type ByteReader } from './byte-reader.ts';
import { conversionTo } from './charsets.ts';

export interface BoundParameters {
  readonly types: FieldType[];
  readonly values: Datum[];
}

/** What a statement keeps between executions. */
export interface ParameterMemory {
  /** Wire types of the last binding: type code, 0x8000 for unsigned. */
  wireTypes: Uint16Array | undefined;
  /** Of the last binding, with query attributes; '' for a parameter. */
  names: readonly string[] | undefined;
  /** Values sent ahead, by parameter. */
  longData: Map<number, Buffer[]> | undefined;
}

const TEXT: FieldType = varcharType(65535, 'utf8mb4_0900_ai_ci');
const BYTES: FieldType = varcharType(65535, 'binary');
const DATE: FieldType = fieldType(TypeCode.DATE);
const DATETIME: FieldType = fieldType(TypeCode.DATETIME, { decimals: 6 });
const TIME: FieldType = fieldType(TypeCode.TIME, { decimals: 6 });
const FLOAT: FieldType = fieldType(TypeCode.FLOAT, { decimals: 31 });
const NONE: BoundParameters = { types: [], values: [] };

/** Long data stays with the caller. `isNamed`: each type has a name behind it, as with query attributes. */
export function readParameters(
  reader: ByteReader,
  count: number,
  memory: ParameterMemory,
  clientCharset = 'utf8mb4',
  isNamed = false,
): BoundParameters {
  if (count === 0) return NONE;
  const bitmapAt = reader.offset;
  reader.skip((count + 7) >> 3);
  const bound = reader.u8();
  if (bound === 1) {
    const wireTypes = new Uint16Array(count);
    const names: string[] = [];
    for (let i = 0; i < count; i++) {
      wireTypes[i] = reader.u16();
      if (isNamed) names.push(reader.lengthEncodedText());
    }
    memory.wireTypes = wireTypes;
    memory.names = isNamed ? names : undefined;
  } else if (memory.wireTypes?.length !== count) throw malformedPacket('parameters without types');
  const wireTypes = memory.wireTypes;
  const charset = conversionTo(clientCharset);
  const types: FieldType[] = new Array<FieldType>(count);
  const values: Datum[] = new Array<Datum>(count);
  for (let i = 0; i < count; i++) {
    const wireType = wireTypes[i]!;
    const long = memory.longData?.get(i);
    if (long !== undefined) setBytes(types, values, i, Buffer.concat(long), wireType & 0xff, charset);
    else if (reader.buffer[bitmapAt + (i >> 3)]! & (1 << (i & 7))) {
      types[i] = NULL_TYPE;
      values[i] = null;
    } else readValue(reader, wireType & 0xff, (wireType & 0x8000) !== 0, types, values, i, charset);
  }
  return { types, values };
}

function readValue(
  reader: ByteReader,
  code: number,
  unsigned: boolean,
  types: FieldType[],
  values: Datum[],
  i: number,
  charset: Charset | undefined,
): void {
  const integer = unsigned ? BIGINT_UNSIGNED : BIGINT;
  switch (code) {
    case TypeCode.TINY: {
      const value = reader.u8();
      types[i] = integer;
      values[i] = unsigned ? value : (value << 24) >> 24;
      return;
    }
    case TypeCode.SHORT:
    case TypeCode.YEAR: {
      const value = reader.u16();
      types[i] = integer;
      values[i] = unsigned ? value : (value << 16) >> 16;
      return;
    }
    case TypeCode.LONG:
    case TypeCode.INT24: {
      const value = reader.u32();
      types[i] = integer;
      values[i] = unsigned ? value : value | 0;
      return;
    }
    case TypeCode.LONGLONG:
      types[i] = integer;
      values[i] = normalizeInteger(unsigned ? reader.u64() : reader.i64());
      return;
    case TypeCode.FLOAT:
      types[i] = FLOAT;
      values[i] = reader.float();
      return;
    case TypeCode.DOUBLE: {
      const value = reader.double();
      const whole = Number.isSafeInteger(value) && !Object.is(value, -0);
      types[i] = whole ? BIGINT : DOUBLE;
      values[i] = value;
      return;
    }
    case TypeCode.NULL:
      types[i] = NULL_TYPE;
      values[i] = null;
      return;
    case TypeCode.DATE:
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      types[i] = code === TypeCode.DATE ? DATE : DATETIME;
      values[i] = readDateTime(reader);
      return;
    case TypeCode.TIME:
      types[i] = TIME;
      values[i] = readDuration(reader);
      return;
    default: {
      const length = reader.lengthEncoded();
      if (length < 0) {
        types[i] = NULL_TYPE;
        values[i] = null;
        return;
      }
      setBytes(types, values, i, reader.bytes(length), code, charset);
    }
  }
}

/** `charset`: the client's, where its bytes are not UTF-8. */
function setBytes(
  types: FieldType[],
  values: Datum[],
  i: number,
  bytes: Buffer,
  code: number,
  charset: Charset | undefined,
): void {
  const isBlob = code >= TypeCode.TINY_BLOB && code <= TypeCode.BLOB;
  const isBytes = isBlob || code === TypeCode.BIT || code === TypeCode.GEOMETRY;
  const converted = isBytes ? undefined : charset?.decode(bytes);
  if (converted === undefined && (isBytes || !isUtf8(bytes))) {
    types[i] = BYTES;
    // A plain Uint8Array: datums of byte strings are compared and stored as such.
    values[i] = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    return;
  }
  types[i] = TEXT;
  values[i] = converted ?? bytes.utf8Slice(0, bytes.length);
}

function readDateTime(reader: ByteReader): DateTime {
  const size = reader.u8();
  if (size !== 0 && size !== 4 && size !== 7 && size !== 11) throw malformedPacket(`a date of ${size} bytes`);
  if (size === 0) return new DateTime(0, 0);
  const year = reader.u16();
  const month = reader.u8();
  const day = reader.u8();
  let micros = 0;
  if (size >= 7) {
    const hour = reader.u8();
    const minute = reader.u8();
    const second = reader.u8();
    if (hour > 23 || minute > 59 || second > 59) throw malformedPacket('a time of day out of range');
    micros = ((hour * 60 + minute) * 60 + second) * 1_000_000;
  }
  if (size === 11) micros += reader.u32();
  if (year > 9999 || month > 12 || day > 31 || micros >= 86_400_000_000) throw malformedPacket('a date out of range');
  return new DateTime(((year * 13 + month) << 5) | day, micros);
}

function readDuration(reader: ByteReader): Duration {
  const size = reader.u8();
  if (size !== 0 && size !== 8 && size !== 12) throw malformedPacket(`a time of ${size} bytes`);
  if (size === 0) return new Duration(0);
  const negative = reader.u8() === 1;
  const days = reader.u32();
  const hours = reader.u8();
  const minutes = reader.u8();
  const seconds = reader.u8();
  const micros = size === 12 ? reader.u32() : 0;
  const total = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000 + micros;
  // 838:59:59.999999 is the end of TIME.
  if (total > 3_020_399_999_999) throw malformedPacket('a time out of range');
  return new Duration(negative ? -total : total);
}
