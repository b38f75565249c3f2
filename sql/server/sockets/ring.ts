/**
 * Frames from one thread to another through shared memory, without a system call for each: a ring with one writer and one reader.
 *
 *     connection (u32) | kind (u32, high byte) and payload length (24 bits) | payload, padded to four bytes
 *
 * Invariants. Positions only grow (modulo 2³²) and are the reader's and the writer's alone. A frame lies in one piece: where it would cross the end, a filler takes
 * the rest. What does not fit waits at the writer, in order (`isFull`), and goes when the reader has made room; the owner bounds it by not taking more from
 * where it comes. A reader that has found nothing for a while sleeps, and only then does the writer wake it, with a message.
 */
import { assert } from '../../../base/assert.ts';

export const Frame = {
  /** To the server: a client has come; the payload is a byte for how (`OPENED`) and its address, as text. */
  Open: 0,
  /** Bytes of or for the client. */
  Data: 1,
  /** To the socket: nothing more is sent, close when that has left. To the server: the socket is closed. */
  End: 2,
  /** To the socket: close at once. */
  Destroy: 3,
  Pause: 4,
  Resume: 5,
  /** To the server: so many bytes (u32) have left since the last one. */
  Left: 6,
  /** To the socket: read no more, encryption begins. To the server: nothing more comes before it has begun. */
  Hold: 7,
  /** To the socket: encrypt; the payload is what was read beyond. To the server: encrypted; the payload says how, as JSON. */
  Secure: 8,
  Filler: 255,
} as const;
/** Flags of an `Open` frame. */
export const OPENED = { local: 1, tls: 2 } as const;
export type FrameKind = (typeof Frame)[keyof typeof Frame];

/** Words at the beginning of the shared memory, each on a line of its own. */
const WRITTEN = 0;
const READ = 16;
const ASLEEP = 32;
const STARVED = 48;
const CONTROL_WORDS = 64;

const HEADER_SIZE = 8;
const LENGTH_MASK = 0xffffff;
/** Longer payloads go in pieces. */
const PIECE_MAX = 64 * 1024;
const NOTHING = new Uint8Array(0);

/** `bytes`: a power of two. */
export function ringMemory(bytes: number): SharedArrayBuffer {
  assert((bytes & (bytes - 1)) === 0 && bytes >= 4 * PIECE_MAX, 'rings have a power of two of bytes');
  return new SharedArrayBuffer(CONTROL_WORDS * 4 + bytes);
}

abstract class Ring {
  protected readonly control: Int32Array;
  protected readonly words: Int32Array;
  protected readonly bytes: Uint8Array;
  protected readonly size: number;

  constructor(memory: SharedArrayBuffer) {
    this.control = new Int32Array(memory, 0, CONTROL_WORDS);
    this.words = new Int32Array(memory, CONTROL_WORDS * 4);
    this.bytes = new Uint8Array(memory, CONTROL_WORDS * 4);
    this.size = this.bytes.length;
  }
}

export class RingWriter extends Ring {
  private readonly wake: () => void;
  private position = 0;
  /** The reader's, as last seen: it may be further. */
  private seen = 0;
  private waiting: { readonly connection: number; readonly kind: FrameKind; readonly payload: Uint8Array }[] = [];

  /** `wake`: tells a reader that sleeps. */
  constructor(memory: SharedArrayBuffer, wake: () => void) {
    super(memory);
    this.wake = wake;
  }

  // hot
  add(connection: number, kind: FrameKind, payload: Uint8Array = NOTHING): void {
    const length = payload.length;
    if (length > PIECE_MAX) {
      for (let from = 0; from < length; from += PIECE_MAX)
        this.add(connection, kind, payload.subarray(from, from + PIECE_MAX));
      return;
    }
    if (this.waiting.length > 0 || !this.put(connection, kind, payload)) {
      this.waiting.push({ connection, kind, payload: payload.slice() });
      this.refill();
    }
  }

  get isFull(): boolean {
    return this.waiting.length > 0;
  }

  /** Moves what waits into the room that there is. True: nothing waits. */
  refill(): boolean {
    for (;;) {
      let moved = 0;
      while (moved < this.waiting.length) {
        const { connection, kind, payload } = this.waiting[moved]!;
        if (!this.put(connection, kind, payload)) break;
        moved++;
      }
      if (moved > 0) this.waiting.splice(0, moved);
      if (this.waiting.length === 0) return true;
      // Said first, looked at once more after: else the reader makes room in between and tells nobody.
      Atomics.store(this.control, STARVED, 1);
      if (!this.hasRoom(this.waiting[0]!.payload.length)) return false;
    }
  }

  private hasRoom(length: number): boolean {
    const wanted = HEADER_SIZE + ((length + 3) & ~3);
    const at = this.position & (this.size - 1);
    const needed = at + wanted > this.size ? this.size - at + wanted : wanted;
    if (needed <= this.size - ((this.position - this.seen) >>> 0)) return true;
    this.seen = Atomics.load(this.control, READ) >>> 0;
    return needed <= this.size - ((this.position - this.seen) >>> 0);
  }

  private put(connection: number, kind: FrameKind, payload: Uint8Array): boolean {
    const length = payload.length;
    if (!this.hasRoom(length)) return false;
    const wanted = HEADER_SIZE + ((length + 3) & ~3);
    let at = this.position & (this.size - 1);
    if (at + wanted > this.size) {
      const rest = this.size - at;
      if (rest >= HEADER_SIZE) this.words[(at >> 2) + 1] = (Frame.Filler << 24) | (rest - HEADER_SIZE);
      this.position = (this.position + rest) >>> 0;
      at = 0;
    }
    this.words[at >> 2] = connection;
    this.words[(at >> 2) + 1] = (kind << 24) | length;
    if (length > 0) this.bytes.set(payload, at + HEADER_SIZE);
    this.position = (this.position + wanted) >>> 0;
    Atomics.store(this.control, WRITTEN, this.position | 0);
    if (Atomics.load(this.control, ASLEEP) === 1 && Atomics.exchange(this.control, ASLEEP, 0) === 1) this.wake();
    return true;
  }
}

export type FrameHandler = (connection: number, kind: FrameKind, payload: Buffer) => void;

export class RingReader extends Ring {
  private readonly onFrame: FrameHandler;
  private readonly onStarved: () => void;
  private position = 0;

  /** `onStarved`: there is room again for a writer that had none. */
  constructor(memory: SharedArrayBuffer, onFrame: FrameHandler, onStarved: () => void) {
    super(memory);
    this.onFrame = onFrame;
    this.onStarved = onStarved;
  }

  /** Hands over what there is, up to `max` frames; how many there were. A payload is the handler's. */
  // hot
  read(max: number): number {
    let count = 0;
    let written = Atomics.load(this.control, WRITTEN) >>> 0;
    while (this.position !== written && count < max) {
      const at = this.position & (this.size - 1);
      const rest = this.size - at;
      const word = rest < HEADER_SIZE ? Frame.Filler << 24 : this.words[(at >> 2) + 1]!;
      const kind = (word >>> 24) as FrameKind;
      const length = word & LENGTH_MASK;
      if (kind === Frame.Filler) {
        this.moveTo(this.position + rest);
        continue;
      }
      const connection = this.words[at >> 2]! >>> 0;
      // A copy: the memory is the writer's again as soon as the position moves.
      const payload = Buffer.allocUnsafe(length);
      if (length > 0) payload.set(this.bytes.subarray(at + HEADER_SIZE, at + HEADER_SIZE + length));
      this.moveTo(this.position + HEADER_SIZE + ((length + 3) & ~3));
      count++;
      this.onFrame(connection, kind, payload);
      if (this.position === written) written = Atomics.load(this.control, WRITTEN) >>> 0;
    }
    return count;
  }

  private moveTo(position: number): void {
    this.position = position >>> 0;
    Atomics.store(this.control, READ, this.position | 0);
    if (Atomics.load(this.control, STARVED) === 1 && Atomics.exchange(this.control, STARVED, 0) === 1) this.onStarved();
  }

  get isEmpty(): boolean {
    return Atomics.load(this.control, WRITTEN) >>> 0 === this.position;
  }

  /** From now on the writer wakes this side. False: something has come in the meantime, and it stays awake. */
  sleep(): boolean {
    Atomics.store(this.control, ASLEEP, 1);
    if (this.isEmpty) return true;
    return Atomics.exchange(this.control, ASLEEP, 0) === 0;
  }
}
