/**
 * `Compression`: the frames of a compressed connection, which hold the stream of packets in pieces of any size.
 *
 *     three bytes: length in the frame │ sequence │ three bytes: length once it is inflated; 0: it is as it was │ …
 *
 * Frames are numbered on their own: a command begins at 0, and the answer goes on where the command ended. Both ends may mix frames that
 * are deflated with those that are not: less than 50 bytes, or what does not get smaller, goes as it is.
 *
 * Bounded: a frame says how large it will be, at most 16 MiB, and inflating stops there, so a bomb costs what an honest frame does. Frames are
 * inflated one at a time, when the connection asks for more; what has arrived beyond that stays as it came.
 */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import { SqlError } from '../../base/error.ts';
import { malformedPacket } from './byte-reader.ts';
import { Capability } from './constants.ts';

export type CompressionAlgorithm = 'zlib' | 'zstd';

const HEADER_SIZE = 7;
/** What a frame can say of its size. */
const FRAME_BYTES_MAX = 16_777_215;
const DEFLATED_MIN = 50;
/** The level that MySQL has, and a faster one where it would hold up everybody else. */
const LEVEL = 6;
const LEVEL_LARGE = 1;
const LARGE_BYTES = 1024 * 1024;

interface Zstd {
  zstdCompressSync(data: Uint8Array, options: { params: Record<number, number> }): Buffer;
  zstdDecompressSync(data: Uint8Array, options: { maxOutputLength: number }): Buffer;
}

/** From Node 22.15 on. */
const zstd = 'zstdCompressSync' in zlib ? (zlib as unknown as Zstd) : undefined;
const ZSTD_LEVEL_PARAMETER = (constants as unknown as Record<string, number>)['ZSTD_c_compressionLevel'] ?? 100;

/** What is offered. */
export const COMPRESSION_CAPABILITIES = Capability.COMPRESS | (zstd === undefined ? 0 : Capability.ZSTD_COMPRESSION);

/** Who asks for both gets zlib, as in MySQL. */
export function algorithmOf(capabilities: number): CompressionAlgorithm | undefined {
  if (capabilities & Capability.COMPRESS) return 'zlib';
  return capabilities & Capability.ZSTD_COMPRESSION ? 'zstd' : undefined;
}

export class Compression {
  readonly algorithm: CompressionAlgorithm;
  readonly level: number;
  /** The next frame's, in either direction. */
  private sequence = 0;
  private pending: Buffer[] = [];
  private pendingBytes = 0;

  /** `zstdLevel`: the client's wish. */
  constructor(algorithm: CompressionAlgorithm, zstdLevel: number) {
    this.algorithm = algorithm;
    this.level = algorithm === 'zlib' ? LEVEL : zstdLevel >= 1 && zstdLevel <= 22 ? zstdLevel : 3;
  }

  // ---- in ----

  get bufferedBytes(): number {
    return this.pendingBytes;
  }

  add(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.pending.push(chunk);
    this.pendingBytes += chunk.length;
  }

  /** The next frame begins a command: what was to be said before is said under the numbers of before. */
  get beginsCommand(): boolean {
    return this.sequence !== 0 && this.pendingBytes >= HEADER_SIZE && this.joined(HEADER_SIZE)[3] === 0;
  }

  /** The bytes of the next frame; `undefined`: it has not come whole. */
  next(): Buffer | undefined {
    if (this.pendingBytes < HEADER_SIZE) return undefined;
    const header = this.joined(HEADER_SIZE);
    const size = header.readUIntLE(0, 3);
    const inflatedSize = header.readUIntLE(4, 3);
    const sequence = header[3]!;
    if (sequence !== this.sequence && sequence !== 0) throw new SqlError(1156, '08S01', 'Got packets out of order');
    const end = HEADER_SIZE + size;
    if (this.pendingBytes < end) return undefined;
    const buffer = this.joined(end);
    if (buffer.length === end) this.pending.shift();
    else this.pending[0] = buffer.subarray(end);
    this.pendingBytes -= end;
    this.sequence = (sequence + 1) & 0xff;
    const content = buffer.subarray(HEADER_SIZE, end);
    return inflatedSize === 0 ? content : this.inflate(content, inflatedSize);
  }

  /** What is pending, so much of it at least in one piece. */
  private joined(size: number): Buffer {
    if (this.pending[0]!.length < size) this.pending = [Buffer.concat(this.pending, this.pendingBytes)];
    return this.pending[0]!;
  }

  private inflate(content: Buffer, size: number): Buffer {
    let plain: Buffer;
    try {
      const options = { maxOutputLength: size };
      plain = this.algorithm === 'zlib' ? inflateSync(content, options) : zstd!.zstdDecompressSync(content, options);
    } catch (error) {
      throw new SqlError(1157, '08S01', "Couldn't uncompress communication packet", { cause: error });
    }
    if (plain.length !== size) throw malformedPacket('a compressed frame of another length than it says');
    return plain;
  }

  // ---- out ----

  /** Packets as frames; the caller may use its bytes again. */
  pack(bytes: Buffer): Buffer {
    const frames: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += FRAME_BYTES_MAX) {
      const plain = bytes.subarray(at, Math.min(at + FRAME_BYTES_MAX, bytes.length));
      const deflated = plain.length < DEFLATED_MIN ? undefined : this.deflate(plain);
      const smaller = deflated !== undefined && deflated.length < plain.length;
      const content = smaller ? deflated : plain;
      const header = Buffer.alloc(HEADER_SIZE);
      header.writeUIntLE(content.length, 0, 3);
      header[3] = this.sequence;
      header.writeUIntLE(smaller ? plain.length : 0, 4, 3);
      this.sequence = (this.sequence + 1) & 0xff;
      frames.push(header, content);
    }
    return Buffer.concat(frames);
  }

  private deflate(plain: Buffer): Buffer {
    if (this.algorithm === 'zlib')
      return deflateSync(plain, { level: plain.length > LARGE_BYTES ? LEVEL_LARGE : LEVEL });
    return zstd!.zstdCompressSync(plain, { params: { [ZSTD_LEVEL_PARAMETER]: this.level } });
  }
}
