/**
 * CRC-32 (the polynomial of zlib and Ethernet) for every durable format. The runtime's routine does 5 bytes a nanosecond but costs
 * about 90 ns to call and needs a view of exactly the bytes, so short spans take the table below. Both give one answer;
 * `crc` continues an earlier sum, which lets a caller seed with what is not written (a salt, a sequence number).
 */
import { crc32 } from 'node:zlib';

const TABLE = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let entry = i;
  for (let bit = 0; bit < 8; bit++) entry = entry & 1 ? (entry >>> 1) ^ 0xedb88320 : entry >>> 1;
  TABLE[i] = entry;
}

const TABLE_BYTES_MAX = 64;

/** The sum of bytes [offset, end), continuing `crc`; an unsigned 32-bit number. */
// hot: bench/micro/log.ts
export function checksum(bytes: Uint8Array, offset: number, end: number, crc = 0): number {
  if (end - offset > TABLE_BYTES_MAX) return crc32(bytes.subarray(offset, end), crc);
  let sum = ~crc;
  for (let i = offset; i < end; i++) sum = TABLE[(sum ^ bytes[i]!) & 0xff]! ^ (sum >>> 8);
  return ~sum >>> 0;
}
