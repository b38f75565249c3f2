/**
 * From the bytes of a statement to its text. UTF-8 is the rule and costs one native check. Two exceptions exist in practice: a client
 * that said `latin1` or `gbk`, and raw bytes inside string literals (`_binary'…'` from PyMySQL, mysqldump and Go's driver), which
 * are no UTF-8 at all. Such literals are rewritten as hexadecimal ones before the text is decoded, so that a BLOB keeps every byte.
 */
import { isUtf8 } from 'node:buffer';
import { findCharset, isUtf8Charset } from '../../base/value/charset.ts';
import { SqlError } from '../../base/error.ts';

const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKTICK = 0x60;
const BACKSLASH = 0x5c;

export interface ClientText {
  readonly clientCharset: string;
  readonly noBackslashEscapes: boolean;
  readonly ansiQuotes: boolean;
}

// hot
export function sqlTextOf(buffer: Buffer, start: number, end: number, client: ClientText): string {
  if (client.clientCharset !== 'utf8mb4' && !isUtf8Charset(client.clientCharset)) return converted(buffer.subarray(start, end), client); // prettier-ignore
  // The text ends with a zero byte from some old clients.
  if (end > start && buffer[end - 1] === 0) end--;
  if (end - start < 4096 ? isAscii(buffer, start, end) : false) return buffer.latin1Slice(start, end);
  const bytes = buffer.subarray(start, end);
  if (isUtf8(bytes)) return bytes.utf8Slice(0, bytes.length);
  return withHexLiterals(bytes, client);
}

function converted(bytes: Buffer, client: ClientText): string {
  const text = findCharset(client.clientCharset)?.decode(bytes);
  if (text !== undefined) return text;
  throw new SqlError(1300, 'HY000', `Invalid ${client.clientCharset} character string: '${wrongBytes(bytes)}'`);
}

/** The first bytes that may be at fault, in hexadecimal. */
function wrongBytes(bytes: Buffer): string {
  const at = Math.max(
    0,
    bytes.findIndex((byte) => byte >= 0x80),
  );
  return bytes
    .subarray(at, at + 6)
    .toString('hex')
    .toUpperCase();
}

function isAscii(buffer: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i]! >= 0x80) return false;
  return true;
}

function withHexLiterals(bytes: Buffer, client: ClientText): string {
  const parts: string[] = [];
  let kept = 0;
  let i = 0;
  while (i < bytes.length) {
    const byte = bytes[i]!;
    if (byte === BACKTICK || (byte === DOUBLE_QUOTE && client.ansiQuotes)) {
      i = endOfQuoted(bytes, i, false);
      continue;
    }
    if (byte !== QUOTE && byte !== DOUBLE_QUOTE) {
      i = afterComment(bytes, i);
      continue;
    }
    const end = endOfQuoted(bytes, i, !client.noBackslashEscapes);
    if (!isUtf8(bytes.subarray(i, end))) {
      parts.push(textOf(bytes, kept, i), ` X'${contentOf(bytes, i, end, !client.noBackslashEscapes).toString('hex')}'`);
      kept = end;
    }
    i = end;
  }
  parts.push(textOf(bytes, kept, bytes.length));
  return parts.join('');
}

function textOf(bytes: Buffer, start: number, end: number): string {
  const part = bytes.subarray(start, end);
  if (!isUtf8(part)) {
    throw new SqlError(1300, 'HY000', `Invalid utf8mb4 character string: '${wrongBytes(part)}'`);
  }
  return part.utf8Slice(0, part.length);
}

/** One past what stands at `i`: a comment as a whole (its quotes mean nothing), else one byte. */
function afterComment(bytes: Buffer, i: number): number {
  const byte = bytes[i]!;
  if (byte === 0x23 || (byte === 0x2d && bytes[i + 1] === 0x2d && (bytes[i + 2] ?? 0x20) <= 0x20)) {
    const line = bytes.indexOf(0x0a, i);
    return line < 0 ? bytes.length : line + 1;
  }
  if (byte === 0x2f && bytes[i + 1] === 0x2a && bytes[i + 2] !== 0x21) {
    const close = bytes.indexOf('*/', i + 2, 'latin1');
    return close < 0 ? bytes.length : close + 2;
  }
  return i + 1;
}

function endOfQuoted(bytes: Buffer, start: number, escapes: boolean): number {
  const quote = bytes[start]!;
  for (let i = start + 1; i < bytes.length; i++) {
    if (escapes && bytes[i] === BACKSLASH) i++;
    else if (bytes[i] === quote) {
      if (bytes[i + 1] === quote) i++;
      else return i + 1;
    }
  }
  return bytes.length;
}

const ESCAPES: Readonly<Record<number, number>> = { 0x30: 0, 0x62: 8, 0x74: 9, 0x6e: 10, 0x72: 13, 0x5a: 26 };

function contentOf(bytes: Buffer, start: number, end: number, escapes: boolean): Buffer {
  const quote = bytes[start]!;
  const last = bytes[end - 1] === quote && end - 1 > start ? end - 1 : end;
  const out: number[] = [];
  for (let i = start + 1; i < last; i++) {
    const byte = bytes[i]!;
    if (escapes && byte === BACKSLASH && i + 1 < last) {
      i++;
      out.push(ESCAPES[bytes[i]!] ?? bytes[i]!);
    } else {
      out.push(byte);
      if (byte === quote) i++;
    }
  }
  return Buffer.from(out);
}
