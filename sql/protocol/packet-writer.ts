/**
 * A growing buffer of outgoing packets: everything one turn has to say leaves in one socket write.
 *
 * A packet is opened with `begin`, filled, and closed with `finish`, which patches the header (length, sequence). A payload over
 * 0xffffff bytes is cut into packets of that size when it is closed. The array may be replaced whenever room is made:
 * after `reserve`, read `bytes` again.
 */
import { SqlError } from '../../base/error.ts';
import type { PacketSink } from '../session/result.ts';
import { PAYLOAD_MAX } from './constants.ts';

const HEADER_SIZE = 4;
const SIZE_INITIAL = 4096;
/** The largest message of the protocol: a row beyond it ends its statement instead of the process. */
const MESSAGE_MAX = 1024 * 1024 * 1024;
/** A buffer that had to grow beyond this is given back after it was sent. */
const SIZE_KEPT_MAX = 256 * 1024;

export class PacketWriter implements PacketSink {
  bytes: Buffer = Buffer.allocUnsafeSlow(SIZE_INITIAL);
  length = 0;
  sequence = 0;
  messageMax = MESSAGE_MAX;
  /** Of the packet that is open; -1: none is. */
  private packetStart = -1;

  reserve(count: number): void {
    const wanted = this.length + count;
    if (wanted <= this.bytes.length) return;
    if (wanted - Math.max(this.packetStart, 0) > this.messageMax)
      throw new SqlError(1153, '08S01', "Got a packet bigger than 'max_allowed_packet' bytes");
    let size = this.bytes.length;
    while (size < wanted) size = size < 1 << 20 ? size * 2 : size + (size >> 1);
    const grown = Buffer.allocUnsafeSlow(size);
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  /** What was written since the last call, in place: the bytes change as soon as more is written. */
  written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** What was written is on its way. `reusable`: it has left, so one buffer serves for ever; else somebody still reads it. */
  sent(reusable: boolean): void {
    if (!reusable || this.bytes.length > SIZE_KEPT_MAX)
      this.bytes = Buffer.allocUnsafeSlow(Math.min(this.bytes.length, SIZE_KEPT_MAX));
    this.length = 0;
  }

  /** What was written since the last call; the caller owns it. */
  take(): Buffer {
    const taken = this.written();
    this.sent(false);
    return taken;
  }

  begin(): void {
    this.reserve(HEADER_SIZE);
    this.packetStart = this.length;
    this.length += HEADER_SIZE;
  }

  finish(): void {
    const payload = this.length - this.packetStart - HEADER_SIZE;
    if (payload >= PAYLOAD_MAX) return this.finishLarge(payload);
    const bytes = this.bytes;
    const at = this.packetStart;
    this.packetStart = -1;
    bytes[at] = payload & 0xff;
    bytes[at + 1] = (payload >> 8) & 0xff;
    bytes[at + 2] = (payload >> 16) & 0xff;
    bytes[at + 3] = this.sequence;
    this.sequence = (this.sequence + 1) & 0xff;
  }

  /** Drops the packet that is open, if one is: an error takes its place. */
  abandon(): void {
    if (this.packetStart < 0) return;
    this.length = this.packetStart;
    this.packetStart = -1;
  }

  private finishLarge(payload: number): void {
    const packets = Math.floor(payload / PAYLOAD_MAX) + 1;
    this.reserve((packets - 1) * HEADER_SIZE);
    const bytes = this.bytes;
    const source = this.packetStart + HEADER_SIZE;
    // From the last piece to the first, so that no piece overwrites one that has not moved yet.
    for (let i = packets - 1; i >= 0; i--) {
      const size = i === packets - 1 ? payload - i * PAYLOAD_MAX : PAYLOAD_MAX;
      const from = source + i * PAYLOAD_MAX;
      const header = this.packetStart + i * (PAYLOAD_MAX + HEADER_SIZE);
      bytes.copyWithin(header + HEADER_SIZE, from, from + size);
      bytes[header] = size & 0xff;
      bytes[header + 1] = (size >> 8) & 0xff;
      bytes[header + 2] = (size >> 16) & 0xff;
      bytes[header + 3] = (this.sequence + i) & 0xff;
    }
    this.packetStart = -1;
    this.length += (packets - 1) * HEADER_SIZE;
    this.sequence = (this.sequence + packets) & 0xff;
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    const bytes = this.bytes;
    bytes[this.length] = value & 0xff;
    bytes[this.length + 1] = (value >> 8) & 0xff;
    this.length += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    const bytes = this.bytes;
    const at = this.length;
    bytes[at] = value & 0xff;
    bytes[at + 1] = (value >>> 8) & 0xff;
    bytes[at + 2] = (value >>> 16) & 0xff;
    bytes[at + 3] = value >>> 24;
    this.length = at + 4;
  }

  /** 64 bits, two's complement. */
  u64(value: number | bigint): void {
    this.reserve(8);
    if (typeof value === 'bigint') {
      if (value < 0n) this.bytes.writeBigInt64LE(value, this.length);
      else this.bytes.writeBigUInt64LE(value, this.length);
      this.length += 8;
      return;
    }
    const high = Math.floor(value / 4294967296);
    this.u32(value >>> 0);
    this.u32(high >>> 0);
  }

  float(value: number): void {
    this.reserve(4);
    this.bytes.writeFloatLE(value, this.length);
    this.length += 4;
  }

  double(value: number): void {
    this.reserve(8);
    this.bytes.writeDoubleLE(value, this.length);
    this.length += 8;
  }

  zeros(count: number): void {
    this.reserve(count);
    this.bytes.fill(0, this.length, this.length + count);
    this.length += count;
  }

  lengthEncoded(value: number | bigint): void {
    if (value < 0xfb) return this.u8(Number(value));
    if (value <= 0xffff) {
      this.u8(0xfc);
      return this.u16(Number(value));
    }
    if (value <= 0xffffff) {
      this.u8(0xfd);
      this.u16(Number(value) & 0xffff);
      return this.u8(Number(value) >> 16);
    }
    this.u8(0xfe);
    this.u64(value);
  }

  raw(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  lengthEncodedBytes(source: Uint8Array): void {
    this.lengthEncoded(source.length);
    this.raw(source);
  }

  /** Text without length or terminator. */
  text(value: string): void {
    this.reserve(value.length * 3);
    this.length += this.bytes.utf8Write(value, this.length);
  }

  latin1(value: string): void {
    this.reserve(value.length);
    this.length += this.bytes.latin1Write(value, this.length);
  }

  // hot: most values are short ASCII, written byte by byte behind a one-byte length
  lengthEncodedText(value: string): void {
    const length = value.length;
    if (length <= 40) {
      this.reserve(length * 3 + 1);
      const bytes = this.bytes;
      const at = this.length + 1;
      let i = 0;
      for (; i < length; i++) {
        const code = value.charCodeAt(i);
        if (code >= 0x80) break;
        bytes[at + i] = code;
      }
      if (i === length) {
        bytes[at - 1] = length;
        this.length = at + length;
        return;
      }
    }
    if (length * 3 < 0xfb) {
      this.reserve(length * 3 + 1);
      const written = this.bytes.utf8Write(value, this.length + 1);
      this.bytes[this.length] = written;
      this.length += written + 1;
      return;
    }
    const size = Buffer.byteLength(value);
    this.lengthEncoded(size);
    this.reserve(size);
    this.length += this.bytes.utf8Write(value, this.length);
  }

  nullTerminated(value: string): void {
    this.text(value);
    this.u8(0);
  }
}
