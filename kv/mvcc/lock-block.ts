/**
 * `LockBlock`: all the keys that one large commit holds, in order, in memory only. A lock of its own for each of a million keys would cost
 * a record in the engine, an entry in the log and a place in the lock table; a block costs one pointer a key.
 *
 * Until the commit has its timestamp, a block stops writers only. From then on it stops readers at or above that timestamp too, until the
 * last of the commit's entries is applied. `LockTable.state` shows each key of a block as a lock like any other, made when somebody asks.
 */
import { compareBytes } from '../../base/bytes.ts';
import type { Lock } from './lock.ts';

export class LockBlock {
  readonly lock: Lock;
  /** 0n: not drawn yet. */
  commitTs = 0n;
  private readonly keys: Uint8Array[] = [];

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

  get count(): number {
    return this.keys.length;
  }

  /** Keys come in ascending order. */
  add(key: Uint8Array): void {
    this.keys.push(key);
  }

  has(key: Uint8Array): boolean {
    const last = this.keys[this.keys.length - 1];
    // The commit itself asks for keys behind those that it holds.
    if (last === undefined || compareBytes(key, last) > 0) return false;
    const found = this.keys[this.floor(key)];
    return found !== undefined && compareBytes(found, key) === 0;
  }

  /** The first key in [lower, upper); no bound where `undefined`. */
  firstIn(lower: Uint8Array | undefined, upper: Uint8Array | undefined): Uint8Array | undefined {
    let at = 0;
    if (lower !== undefined) {
      const below = this.floor(lower);
      at = below >= 0 && compareBytes(this.keys[below]!, lower) === 0 ? below : below + 1;
    }
    const key = this.keys[at];
    return key === undefined || (upper !== undefined && compareBytes(key, upper) >= 0) ? undefined : key;
  }

  /** The last key in [lower, upper). */
  lastIn(lower: Uint8Array | undefined, upper: Uint8Array | undefined): Uint8Array | undefined {
    let at = this.keys.length - 1;
    if (upper !== undefined) {
      at = this.floor(upper);
      if (at >= 0 && compareBytes(this.keys[at]!, upper) === 0) at--;
    }
    const key = this.keys[at];
    return key === undefined || (lower !== undefined && compareBytes(key, lower) < 0) ? undefined : key;
  }

  /** Index of the last key <= `key`; -1: none. */
  private floor(key: Uint8Array): number {
    const { keys } = this;
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareBytes(keys[middle]!, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
