/**
 * The peers of all regions, column by column, in blocks of 4, 8 or 16: three replicas fit the smallest, a change of members on its way the
 * next. A block that is given back waits in the free list of its size. Sixteen peers a region is the limit of what a heartbeat may report.
 */
import { assert } from '../../../base/assert.ts';
import { grown } from './key-arena.ts';

export const PEERS_MAX = 16;
const SIZES = [4, 8, PEERS_MAX] as const;

export class PeerArena {
  ids = new Float64Array(4096);
  /** Indexes into the table's list of stores. */
  stores = new Uint16Array(4096);
  roles = new Uint8Array(4096);
  /** Places in the stores' bags. */
  places = new Uint32Array(4096);
  private end = 0;
  private readonly free: number[][] = [[], [], []];

  get sizeBytes(): number {
    return this.ids.length * 15;
  }

  /** The first index of a block for `count` peers. */
  take(count: number): number {
    const kind = kindOf(count);
    const recycled = this.free[kind]!.pop();
    if (recycled !== undefined) return recycled;
    const size = SIZES[kind]!;
    if (this.end + size > this.ids.length) this.grow();
    const at = this.end;
    this.end += size;
    return at;
  }

  give(at: number, count: number): void {
    this.free[kindOf(count)]!.push(at);
  }

  /** A block for `before` peers also holds `after`. */
  fits(before: number, after: number): boolean {
    return kindOf(before) === kindOf(after);
  }

  private grow(): void {
    const size = this.ids.length * 2;
    this.ids = grown(this.ids, new Float64Array(size));
    this.stores = grown(this.stores, new Uint16Array(size));
    this.roles = grown(this.roles, new Uint8Array(size));
    this.places = grown(this.places, new Uint32Array(size));
  }
}

function kindOf(count: number): number {
  assert(count <= PEERS_MAX, 'a region of more peers than a heartbeat may report');
  return count <= SIZES[0] ? 0 : count <= SIZES[1] ? 1 : 2;
}
