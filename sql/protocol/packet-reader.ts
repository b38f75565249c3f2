/**
 * Socket chunks in, whole messages out.
 *
 * A packet is three bytes of length, one of sequence, then the payload. A payload of 0xffffff bytes is continued by the next
 * packet, and a message that fills its last packet exactly is ended by an empty one. Most messages lie whole inside one
 * chunk: those are handed out in place, without a copy; the handler must be done with the bytes when it returns.
 * Only messages that are split over chunks or packets are joined.
 *
 * Bounded: a message over `messageMax` is refused as soon as its headers say so, before its bytes are kept.
 */
import { SqlError } from '../../base/error.ts';
import { PAYLOAD_MAX } from './constants.ts';
import { malformedPacket } from './byte-reader.ts';

const HEADER_SIZE = 4;

/** `sequence` is that of the message's last packet: the answer continues from it. */
export type MessageHandler = (buffer: Buffer, start: number, end: number, sequence: number) => void;

export class PacketReader {
  /** `max_allowed_packet`; may change between messages. */
  messageMax: number;
  /** Inside compressed frames, which have numbers of their own, clients number packets in several ways. */
  checksSequence = true;
  private readonly onMessage: MessageHandler;
  /** Bytes of an incomplete packet, header included. */
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** Payloads of the message so far, when it takes more than one packet. */
  private parts: Buffer[] = [];
  private partsBytes = 0;
  /** Sequence number that the next packet must have; the first of a command is always 0. */
  private expected = 0;
  private paused = false;
  /** Of a packet that was refused by its header: the error is the answer to it. */
  refusedSequence: number | undefined = undefined;

  constructor(messageMax: number, onMessage: MessageHandler) {
    this.messageMax = messageMax;
    this.onMessage = onMessage;
  }

  /** The next packet starts a command (0) or answers one of ours. */
  expect(sequence: number): void {
    this.expected = sequence & 0xff;
  }

  /** Bytes that arrived while paused are kept; the owner stops reading from its socket, so they are bounded by one chunk. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    if (this.pendingBytes > 0) this.push(Buffer.alloc(0));
  }

  /** Takes what was not handed out: it is for somebody else. */
  takeRest(): Buffer {
    const rest = Buffer.concat(this.pending, this.pendingBytes);
    this.pending = [];
    this.pendingBytes = 0;
    return rest;
  }

  get isPaused(): boolean {
    return this.paused;
  }

  get bufferedBytes(): number {
    return this.pendingBytes + this.partsBytes;
  }

  // hot
  push(chunk: Buffer): void {
    if (this.paused) {
      this.keep(chunk);
      return;
    }
    let buffer = chunk;
    if (this.pendingBytes > 0) {
      if (chunk.length > 0) this.keep(chunk);
      if (this.pendingBytes < HEADER_SIZE || this.pendingBytes < HEADER_SIZE + this.pendingLength()) return;
      buffer = this.pending.length === 1 ? this.pending[0]! : Buffer.concat(this.pending, this.pendingBytes);
      this.pending = [];
      this.pendingBytes = 0;
    }
    let offset = 0;
    const size = buffer.length;
    while (size - offset >= HEADER_SIZE) {
      const length = buffer[offset]! | (buffer[offset + 1]! << 8) | (buffer[offset + 2]! << 16);
      const sequence = buffer[offset + 3]!;
      if (length + this.partsBytes > this.messageMax) {
        this.refusedSequence = sequence;
        throw new SqlError(1153, '08S01', "Got a packet bigger than 'max_allowed_packet' bytes");
      }
      if (size - offset - HEADER_SIZE < length) break;
      if (sequence !== this.expected && this.checksSequence) {
        this.refusedSequence = sequence;
        throw new SqlError(1156, '08S01', 'Got packets out of order');
      }
      const start = offset + HEADER_SIZE;
      offset = start + length;
      this.expected = (sequence + 1) & 0xff;
      if (length === PAYLOAD_MAX) {
        this.parts.push(Buffer.from(buffer.subarray(start, offset)));
        this.partsBytes += length;
        continue;
      }
      if (this.partsBytes > 0) this.joinAndHand(buffer, start, offset, sequence);
      else this.onMessage(buffer, start, offset, sequence);
      if (this.paused) break;
    }
    if (offset < size) {
      this.pending.push(offset === 0 ? buffer : buffer.subarray(offset));
      this.pendingBytes += size - offset;
    }
  }

  private joinAndHand(buffer: Buffer, start: number, end: number, sequence: number): void {
    this.parts.push(buffer.subarray(start, end));
    const whole = Buffer.concat(this.parts, this.partsBytes + (end - start));
    this.parts = [];
    this.partsBytes = 0;
    this.onMessage(whole, 0, whole.length, sequence);
  }

  private keep(chunk: Buffer): void {
    this.pending.push(chunk);
    this.pendingBytes += chunk.length;
    if (this.pendingBytes > this.messageMax + PAYLOAD_MAX)
      throw malformedPacket('more bytes sent ahead than one message may have');
  }

  /** Payload length of the first pending packet; its header may be spread over several chunks. */
  private pendingLength(): number {
    const first = this.pending[0]!;
    if (first.length >= 3) return first[0]! | (first[1]! << 8) | (first[2]! << 16);
    const joined = Buffer.concat(this.pending, this.pendingBytes);
    this.pending = [joined];
    return joined[0]! | (joined[1]! << 8) | (joined[2]! << 16);
  }
}
