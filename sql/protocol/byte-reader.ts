/**
 * A bounded cursor over one message. Reading past its end throws error 1835 (malformed packet), which closes the
 * connection: after it nobody knows where the next field would start.
 */
import { SqlError } from '../../base/error.ts';

export function malformedPacket(detail: string): SqlError {
  return new SqlError(1835, 'HY000', `Malformed communication packet (${detail})`);
}

export class ByteReader {
  buffer: Buffer = Buffer.alloc(0);
  offset = 0;
  end = 0;

  reset(buffer: Buffer, start: number, end: number): this {
    this.buffer = buffer;
    this.offset = start;
    this.end = end;
    return this;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  private take(count: number): number {
    const at = this.offset;
    if (count < 0 || at + count > this.end) throw malformedPacket(`${count} bytes wanted, ${this.end - at} left`);
    this.offset = at + count;
    return at;
  }

  u8(): number {
    const at = this.take(1);
    return this.buffer[at]!;
  }

  u16(): number {
    const at = this.take(2);
    return this.buffer[at]! | (this.buffer[at + 1]! << 8);
  }

  u32(): number {
    const at = this.take(4);
    return this.buffer.readUInt32LE(at);
  }

  i64(): bigint {
    return this.buffer.readBigInt64LE(this.take(8));
  }

  u64(): bigint {
    return this.buffer.readBigUInt64LE(this.take(8));
  }

  float(): number {
    return this.buffer.readFloatLE(this.take(4));
  }

  double(): number {
    return this.buffer.readDoubleLE(this.take(8));
  }

  skip(count: number): void {
    this.take(count);
  }

  /** A length-encoded integer; -1 for the NULL marker 0xfb. */
  lengthEncoded(): number {
    const first = this.u8();
    if (first < 0xfb) return first;
    if (first === 0xfb) return -1;
    if (first === 0xfc) return this.u16();
    if (first === 0xfd) {
      const low = this.u16();
      return low | (this.u8() << 16);
    }
    if (first === 0xff) throw malformedPacket('0xff is no length');
    const value = this.u64();
    if (value > 0xffffffffn) throw malformedPacket('a length over 4 GB');
    return Number(value);
  }

  /** A copy, since the socket's chunk is reused. */
  bytes(count: number): Buffer {
    const at = this.take(count);
    return Buffer.from(this.buffer.subarray(at, at + count));
  }

  text(count: number): string {
    const at = this.take(count);
    return this.buffer.toString('utf8', at, at + count);
  }

  lengthEncodedBytes(): Buffer {
    const length = this.lengthEncoded();
    if (length < 0) throw malformedPacket('NULL where bytes are needed');
    return this.bytes(length);
  }

  lengthEncodedText(): string {
    const length = this.lengthEncoded();
    if (length < 0) throw malformedPacket('NULL where text is needed');
    return this.text(length);
  }

  /** Text up to a zero byte. A missing terminator ends with the message, as some old clients send it. */
  nullTerminatedText(): string {
    const at = this.buffer.indexOf(0, this.offset);
    const end = at < 0 || at >= this.end ? this.end : at;
    const text = this.buffer.toString('utf8', this.offset, end);
    this.offset = Math.min(end + 1, this.end);
    return text;
  }

  nullTerminatedBytes(): Buffer {
    const at = this.buffer.indexOf(0, this.offset);
    const end = at < 0 || at >= this.end ? this.end : at;
    const bytes = Buffer.from(this.buffer.subarray(this.offset, end));
    this.offset = Math.min(end + 1, this.end);
    return bytes;
  }
}
