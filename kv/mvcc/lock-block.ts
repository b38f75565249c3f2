/**
 * `LockBlock`: all the keys that one large commit holds, in order, in memory only. A lock of its own for each of a million keys would cost
 * a record in the engine, an entry in the log and a place in the lock table; a block costs the bytes of each key and a number.
 *
 * Until the commit has its timestamp, a block stops writers only. From then on it stops readers at or above that timestamp too, until the
 * last of the commit's entries is applied. `LockTable.state` shows each key of a block as a lock like any other, made when somebody asks.
 */
import { compareBytes, copyBytes } from '../../base/bytes.ts';
import type { Lock } from './lock.ts';

const PIECE_BYTES = 256 * 1024;

export class LockBlock {
  readonly lock: Lock;
  /** 0n: not drawn yet. */
  commitTs = 0n;
  count = 0;
  /** Keys one behind the other, each within one piece. */
  private readonly pieces: Uint8Array[] = [];
  private used = PIECE_BYTES;
  /** Of each key: its piece, and where in it the key begins and ends. */
  private places = new Uint32Array(3 * 1024);

  constructor(startTs: bigint, ttlMs: number, primary: Uint8Array) {
    this.lock = {
      kind: 'put',
      startTs,
      ttlMs,
      forUpdateTs: 0n,
      minCommitTs: 0n,
      txnSize: 0,
      primary,
      value: undefined,
      inBlock: true,
    };
  }

  /** Keys come in ascending order. */
  add(key: Uint8Array): void {
    if (this.used + key.length > PIECE_BYTES) {
      this.pieces.push(new Uint8Array(Math.max(PIECE_BYTES, key.length)));
      this.used = 0;
    }
    const number = this.pieces.length - 1;
    this.pieces[number]!.set(key, this.used);
    const at = 3 * this.count++;
    if (at === this.places.length) {
      const grown = new Uint32Array(2 * at);
      grown.set(this.places);
      this.places = grown;
    }
    this.places[at] = number;
    this.places[at + 1] = this.used;
    this.used += key.length;
    this.places[at + 2] = this.used;
  }

  has(key: Uint8Array): boolean {
    // The commit itself asks for keys behind those that it holds.
    if (this.count === 0 || compareBytes(key, this.view(this.count - 1)) > 0) return false;
    const at = this.floor(key);
    return at >= 0 && compareBytes(this.view(at), key) === 0;
  }

  /** The first key in [lower, upper); no bound where `undefined`. */
  firstIn(lower: Uint8Array | undefined, upper: Uint8Array | undefined): Uint8Array | undefined {
    let at = 0;
    if (lower !== undefined) {
      const below = this.floor(lower);
      at = below >= 0 && compareBytes(this.view(below), lower) === 0 ? below : below + 1;
    }
    if (at >= this.count) return undefined;
    const key = this.view(at);
    return upper !== undefined && compareBytes(key, upper) >= 0 ? undefined : copyBytes(key);
  }

  /** The last key in [lower, upper). */
  lastIn(lower: Uint8Array | undefined, upper: Uint8Array | undefined): Uint8Array | undefined {
    let at = this.count - 1;
    if (upper !== undefined) {
      at = this.floor(upper);
      if (at >= 0 && compareBytes(this.view(at), upper) === 0) at--;
    }
    if (at < 0) return undefined;
    const key = this.view(at);
    return lower !== undefined && compareBytes(key, lower) < 0 ? undefined : copyBytes(key);
  }

  private view(index: number): Uint8Array {
    const { places } = this;
    return this.pieces[places[3 * index]!]!.subarray(places[3 * index + 1]!, places[3 * index + 2]!);
  }

  /** Index of the last key <= `key`; -1: none. */
  private floor(key: Uint8Array): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareBytes(this.view(middle), key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
