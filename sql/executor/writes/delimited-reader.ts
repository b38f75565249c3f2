/**
 * `DelimitedReader`: MySQL's text files, from chunks of any size to rows of fields. Nothing is copied while nothing is escaped: a field is an interval of the
 * buffer at hand.
 *
 *     FIELDS TERMINATED BY 't' [OPTIONALLY] ENCLOSED BY 'e' ESCAPED BY 'x'  LINES STARTING BY 's' TERMINATED BY 'l'
 *
 * - A field that begins with `e` ends at an `e` before a terminator; a doubled `e` inside is one.
 * - `x` takes the next byte: x0 xb xn xr xt xZ are control characters, `xN` alone is NULL, any other byte stands for itself.
 * - Where fields may be enclosed, the bare word NULL is NULL, too.
 * - The line terminator is looked for before the field terminator, so '|' and '|\n' go together.
 *
 * A row that is not whole yet is read again from its start when the next chunk is there.
 */
import { SqlError } from '../../../base/error.ts';
import { Buffer } from 'node:buffer';

export interface FileFormat {
  readonly fieldsTerminatedBy: string;
  readonly enclosedBy: string;
  readonly escapedBy: string;
  readonly linesTerminatedBy: string;
  readonly linesStartingBy: string;
}

/** A row longer than this is a wrong terminator, not data. */
const ROW_BYTES_MAX = 64 * 1024 * 1024;

export const FieldKind = {
  /** The bytes are the value. */
  PLAIN: 0,
  /** Escapes or doubled quotes inside: see `unescape`. */
  ESCAPED: 1,
  NULL: 2,
} as const;

export class DelimitedReader {
  bytes: Buffer = Buffer.alloc(0);
  /** Fields of the current row. */
  count = 0;
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly kinds: number[] = [];
  private at = 0;
  private final = false;
  private readonly fieldEnd: Buffer;
  private readonly lineEnd: Buffer;
  private readonly lineStart: Buffer;
  /** -1: none. */
  private readonly enclosure: number;
  private readonly escape: number;
  private linesToSkip: number;

  constructor(format: FileFormat, ignoreLines: number) {
    this.fieldEnd = Buffer.from(format.fieldsTerminatedBy);
    this.lineEnd = Buffer.from(format.linesTerminatedBy);
    this.lineStart = Buffer.from(format.linesStartingBy);
    const enclosure = Buffer.from(format.enclosedBy);
    const escape = Buffer.from(format.escapedBy);
    if (enclosure.length > 1 || escape.length > 1)
      throw new SqlError(1083, '42000', 'Field separator argument is not what is expected; check the manual');
    if (this.fieldEnd.length === 0)
      throw new SqlError(
        1235,
        '42000',
        "This version of Rutile doesn't yet support 'LOAD DATA with fields of fixed width (no terminator)'",
      );
    this.enclosure = enclosure[0] ?? -1;
    this.escape = escape[0] ?? -1;
    this.linesToSkip = ignoreLines;
  }

  push(chunk: Uint8Array): void {
    const rest = this.bytes.length - this.at;
    if (rest > ROW_BYTES_MAX)
      throw new SqlError(1153, '08S01', 'A row of the file is longer than 64 MB: are the terminators right?');
    const joined = Buffer.allocUnsafe(rest + chunk.length);
    this.bytes.copy(joined, 0, this.at);
    joined.set(chunk, rest);
    this.bytes = joined;
    this.at = 0;
  }

  /** No more chunks: what is left is the last row. */
  end(): void {
    this.final = true;
  }

  /** Reads one row; false: more bytes are needed, or, after `end`, there is none. */
  next(): boolean {
    while (this.linesToSkip > 0) {
      const found = this.lineEnd.length === 0 ? -1 : this.bytes.indexOf(this.lineEnd, this.at);
      if (found < 0) {
        if (this.final) this.at = this.bytes.length;
        return false;
      }
      this.at = found + this.lineEnd.length;
      this.linesToSkip--;
    }
    let start = this.at;
    if (start >= this.bytes.length) return false;
    if (this.lineStart.length > 0) {
      const found = this.bytes.indexOf(this.lineStart, start);
      if (found < 0) {
        if (this.final) this.at = this.bytes.length;
        return false;
      }
      start = found + this.lineStart.length;
    }
    const end = this.readRow(start);
    if (end < 0) return false;
    this.at = end;
    return true;
  }

  /** Where the row ended, or -1 when it is not whole. */
  private readRow(start: number): number {
    const { bytes, fieldEnd, lineEnd, enclosure, escape, starts, ends, kinds } = this;
    const size = bytes.length;
    const fieldFirst = fieldEnd[0]!;
    const lineFirst = lineEnd.length > 0 ? lineEnd[0]! : -1;
    let count = 0;
    let at = start;
    for (;;) {
      if (at < size && bytes[at] === enclosure) {
        // An enclosed field.
        let i = at + 1;
        let kind: number = FieldKind.PLAIN;
        for (;;) {
          if (i >= size) {
            if (!this.final) return -1;
            break;
          }
          const byte = bytes[i]!;
          if (byte === enclosure) {
            if (bytes[i + 1] === enclosure) {
              kind = FieldKind.ESCAPED;
              i += 2;
              continue;
            }
            if (i + 1 >= size) {
              if (!this.final) return -1;
              break;
            }
            const line = this.matches(lineEnd, i + 1);
            const field = line ? false : this.matches(fieldEnd, i + 1);
            if (line === undefined || field === undefined) return -1;
            if (line || field) break;
            i++;
          } else if (byte === escape) {
            kind = FieldKind.ESCAPED;
            i += 2;
          } else i++;
        }
        const closed = Math.min(i, size);
        starts[count] = at + 1;
        ends[count] = closed;
        kinds[count] = kind;
        count++;
        at = closed + 1;
        if (at >= size) {
          this.count = count;
          return size;
        }
        if (this.matches(lineEnd, at) === true) {
          this.count = count;
          return at + lineEnd.length;
        }
        at += fieldEnd.length;
        continue;
      }
      let i = at;
      let kind: number = FieldKind.PLAIN;
      let ended = false;
      while (i < size) {
        const byte = bytes[i]!;
        if (byte === escape) {
          kind = FieldKind.ESCAPED;
          i += 2;
          continue;
        }
        if (byte === lineFirst) {
          const line = this.matches(lineEnd, i);
          if (line === undefined) return -1;
          if (line) {
            ended = true;
            break;
          }
        }
        if (byte === fieldFirst) {
          const field = this.matches(fieldEnd, i);
          if (field === undefined) return -1;
          if (field) break;
        }
        i++;
      }
      if (i >= size && !this.final) return -1;
      const stop = Math.min(i, size);
      if (kind === FieldKind.ESCAPED && stop - at === 2 && bytes[at + 1] === 0x4e) kind = FieldKind.NULL;
      else if (enclosure >= 0 && stop - at === 4 && isNullWord(bytes, at)) kind = FieldKind.NULL;
      starts[count] = at;
      ends[count] = stop;
      kinds[count] = kind;
      count++;
      if (ended || i >= size) {
        this.count = count;
        return ended ? i + lineEnd.length : size;
      }
      at = i + fieldEnd.length;
    }
  }

  /** Whether `word` stands at `at`; `undefined`: the bytes end inside of it and more may come. */
  private matches(word: Buffer, at: number): boolean | undefined {
    const { bytes } = this;
    if (word.length === 0) return false;
    for (let i = 0; i < word.length; i++) {
      if (at + i >= bytes.length) return this.final ? false : undefined;
      if (bytes[at + i] !== word[i]) return false;
    }
    return true;
  }

  /** The bytes of an escaped field. */
  unescape(field: number): Buffer {
    const { bytes, enclosure, escape } = this;
    const start = this.starts[field]!;
    const end = this.ends[field]!;
    const enclosed = start > 0 && enclosure >= 0 && bytes[start - 1] === enclosure;
    const out = Buffer.allocUnsafe(end - start);
    let length = 0;
    for (let i = start; i < end; i++) {
      let byte = bytes[i]!;
      if (byte === escape && i + 1 < end) byte = unescapeByte(bytes[++i]!);
      else if (enclosed && byte === enclosure && bytes[i + 1] === enclosure && i + 1 < end) i++;
      out[length++] = byte;
    }
    return out.subarray(0, length);
  }
}

function isNullWord(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x4e && bytes[at + 1] === 0x55 && bytes[at + 2] === 0x4c && bytes[at + 3] === 0x4c;
}

function unescapeByte(byte: number): number {
  switch (byte) {
    case 0x30: // 0
      return 0;
    case 0x62: // b
      return 8;
    case 0x6e: // n
      return 10;
    case 0x72: // r
      return 13;
    case 0x74: // t
      return 9;
    case 0x5a: // Z
      return 26;
    default:
      return byte;
  }
}
