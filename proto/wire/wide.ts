/**
 * 64-bit numbers of the wire as bigints: for timestamps, which fill all 64 bits. The generated codecs call these for the fields
 * that `wide-numbers.js` names. A varint is read and written as two halves of 32 bits, since bigint arithmetic on each byte would cost more.
 */
import type { Reader, Writer } from 'protobufjs/minimal.js';

// hot
export function read(reader: Reader): bigint {
  const { buf, len } = reader as unknown as { buf: Uint8Array; len: number };
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (reader.pos >= len) throw new RangeError('a number is cut off');
    const byte = buf[reader.pos++]!;
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) return high === 0 ? BigInt(low >>> 0) : (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  }
  throw new RangeError('a number has more than ten bytes');
}

/** What the writer takes. A plain number is taken too. */
// hot
export function halves(value: bigint | number): { low: number; high: number } | number {
  if (typeof value === 'number') return value;
  return { low: Number(value & 0xffffffffn), high: Number((value >> 32n) & 0xffffffffn) };
}

export function readAll(reader: Reader, into: bigint[]): void {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('a list of numbers is cut off');
  while (reader.pos < end) into.push(read(reader));
}

export function writeAll(writer: Writer, values: readonly (bigint | number)[]): void {
  writer.fork();
  for (const value of values) writer.uint64(halves(value) as number);
  writer.ldelim();
}
