/**
 * `DelimitedWriter`: rows as MySQL's text files, the other way round from `DelimitedReader`, which reads back every row that this one writes.
 *
 *     FIELDS TERMINATED BY 't' [OPTIONALLY] ENCLOSED BY 'e' ESCAPED BY 'x'  LINES STARTING BY 's' TERMINATED BY 'l'
 *
 * - `x` stands before itself, `e` (or, where the field is not enclosed, the first character of `t`), the first of `l`, and NUL, which becomes `x0`.
 * - An `e` that `x` would turn into a control character (n, t, r, b, 0, Z, N) is doubled instead.
 * - NULL is `xN`, or the word without `x`. OPTIONALLY encloses what is text; numbers are escaped only where `e` or `t` may be part of one.
 *
 * Characters are looked at before they are encoded, so a terminator is never found inside one. Bytes gather here until `take`.
 */
import { type Charset, findCharset, isUtf8Charset } from '../../../base/value/charset.ts';
import { SqlError } from '../../../base/error.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import { type FieldType, TypeCode } from '../../../base/value/field-type.ts';
import { formatText } from '../../functions/index.ts';
import type { FileFormat } from './delimited-reader.ts';

/** What an escape turns into something else. */
const ESCAPED_CONTROLS = 'ntrb0ZN';
const NUMBER_CHARACTERS = '.0123456789e+-';

const NUMBERS: ReadonlySet<number> = new Set([
  TypeCode.TINY, TypeCode.SHORT, TypeCode.LONG, TypeCode.LONGLONG, TypeCode.INT24, TypeCode.YEAR, TypeCode.BIT,
  TypeCode.FLOAT, TypeCode.DOUBLE, TypeCode.DECIMAL,
]); // prettier-ignore

export type WrittenFormat = FileFormat & { readonly optionally: boolean };

interface Field {
  readonly type: FieldType;
  /** `undefined`: UTF-8, or bytes as they are. */
  readonly charset: Charset | undefined;
  readonly opening: string;
  /** The characters that need an escape; `undefined`: written as they are. */
  readonly escaped: RegExp | undefined;
  readonly escape: (character: string) => string;
}

export class DelimitedWriter {
  /** A field's end may be part of a field, and cannot be escaped there: MySQL warns (1475). */
  readonly isAmbiguous: boolean;
  private readonly format: FileFormat;
  private readonly fields: readonly Field[];
  private readonly null: string;
  private bytes = Buffer.allocUnsafe(64 * 1024);
  private length = 0;

  /** `charset`: what text is written in; `undefined`: each column's own. */
  constructor(types: readonly FieldType[], format: WrittenFormat, charset: string | undefined) {
    // prettier-ignore
    if (Buffer.byteLength(format.enclosedBy) > 1 || Buffer.byteLength(format.escapedBy) > 1)
      throw new SqlError(1083, '42000', 'Field separator argument is not what is expected; check the manual');
    if (format.fieldsTerminatedBy === '' && format.enclosedBy === '')
      throw unsupported('fields of fixed width (neither TERMINATED nor ENCLOSED)');
    this.format = format;
    this.null = format.escapedBy === '' ? 'NULL' : `${format.escapedBy}N`;
    this.isAmbiguous = isAmbiguous(types, format);
    this.fields = types.map((type) => fieldOf(type, format, charset, this.isAmbiguous));
  }

  get size(): number {
    return this.length;
  }

  // hot
  add(row: Row): void {
    const { format, fields } = this;
    this.text(format.linesStartingBy);
    for (let i = 0; i < fields.length; i++) {
      if (i > 0) this.text(format.fieldsTerminatedBy);
      this.field(row[i]!, fields[i]!);
    }
    this.text(format.linesTerminatedBy);
  }

  /** What has gathered; valid until the next row is added. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  private field(value: Datum, field: Field): void {
    if (value === null) return this.text(this.null);
    this.text(field.opening);
    const text = textOf(value, field.type);
    if (text instanceof Uint8Array) this.append(escapeBytes(text, field));
    else {
      const escaped = field.escaped?.test(text) === true ? text.replaceAll(field.escaped, field.escape) : text;
      if (field.charset === undefined) this.text(escaped);
      else this.append(field.charset.encode(escaped));
    }
    this.text(field.opening);
  }

  private text(text: string): void {
    if (text === '') return;
    this.reserve(text.length * 3);
    this.length += this.bytes.write(text, this.length);
  }

  private append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** A value's bytes without any format, for DUMPFILE. */
export function dumpBytes(value: Datum, type: FieldType): Uint8Array {
  // MySQL's file has a zero byte for NULL.
  if (value === null) return Uint8Array.of(0);
  const text = textOf(value, type);
  if (text instanceof Uint8Array) return text;
  return charsetOf(type, undefined)?.encode(text) ?? Buffer.from(text);
}

/** FIELDS TERMINATED BY begins with what an escape makes something else of, or with what numbers have that nothing encloses. */
function isAmbiguous(types: readonly FieldType[], format: WrittenFormat): boolean {
  const { enclosedBy, fieldsTerminatedBy, optionally } = format;
  const first = fieldsTerminatedBy.charAt(0);
  if (first === '') return false;
  const numbers = types.filter(({ code }) => NUMBERS.has(code)).length;
  const bareText = enclosedBy === '' && numbers < types.length;
  const bareNumbers = (enclosedBy === '' || optionally) && numbers > 0;
  return (bareText && ESCAPED_CONTROLS.includes(first)) || (bareNumbers && NUMBER_CHARACTERS.includes(first));
}

function fieldOf(type: FieldType, format: WrittenFormat, charset: string | undefined, ambiguous: boolean): Field {
  const { enclosedBy, escapedBy, fieldsTerminatedBy, linesTerminatedBy } = format;
  const isText = !NUMBERS.has(type.code);
  const opening = enclosedBy !== '' && (isText || !format.optionally) ? enclosedBy : '';
  const fieldEnd = fieldsTerminatedBy.charAt(0);
  const separator = enclosedBy === '' ? fieldEnd : enclosedBy;
  const field = { type, charset: charsetOf(type, charset), opening };
  const isEscaped = escapedBy !== '' && (isText || (separator !== '' && NUMBER_CHARACTERS.includes(separator)));
  if (!isEscaped) return { ...field, escaped: undefined, escape: (character) => character };
  const doubled = separator !== '' && ESCAPED_CONTROLS.includes(separator) ? separator : '';
  const wanted = new Set([escapedBy, opening === '' ? fieldEnd : opening, linesTerminatedBy.charAt(0), '\0']);
  wanted.delete('');
  if (opening === '' && ambiguous) wanted.delete(fieldEnd);
  const set = [...wanted].map((character) => `\\u{${character.codePointAt(0)!.toString(16)}}`).join('');
  return {
    ...field,
    escaped: new RegExp(`[${set}]`, 'gu'),
    escape: (character) => (character === doubled ? doubled : escapedBy) + (character === '\0' ? '0' : character),
  };
}

function charsetOf(type: FieldType, charset: string | undefined): Charset | undefined {
  const name = charset === undefined || charset === 'binary' ? type.charset : charset;
  if (type.charset === 'binary' || isUtf8Charset(name)) return undefined;
  const found = findCharset(name);
  // Terminators are bytes of ASCII, which would be parts of its characters.
  if (found !== undefined && found.bytesMin > 1) throw unsupported(`a file in ${name}`);
  return found;
}

function unsupported(what: string): SqlError {
  return new SqlError(1235, '42000', `This version of Rutile doesn't yet support 'SELECT … INTO OUTFILE with ${what}'`);
}

function textOf(value: Datum, type: FieldType): string | Uint8Array {
  if (type.code !== TypeCode.BIT || value instanceof Uint8Array) return formatText(value, type)!;
  const bytes = new Uint8Array((Math.max(type.length, 1) + 7) >> 3);
  let rest = BigInt(value as number | bigint);
  for (let i = bytes.length - 1; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

function escapeBytes(bytes: Uint8Array, { escaped, escape }: Field): Uint8Array {
  if (escaped === undefined) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  escaped.lastIndex = 0;
  return escaped.test(text) ? Buffer.from(text.replaceAll(escaped, escape), 'latin1') : bytes;
}
