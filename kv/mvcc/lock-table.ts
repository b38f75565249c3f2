/**
 * All locks of a store in memory, in key order, so that a read's lock check costs no engine call. A mirror of the family
 * `lock` (loaded at open, kept by apply), and the home of three things that are in no family:
 *
 * - *pessimistic locks*, lost with the process. A prewrite that misses its own looks for a newer version instead;
 * - *commits on their way*: between the moment a commit is decided (and has its commitTs) and the moment it is applied, readers
 *   at or above that commitTs must wait, since the versions they have to see are in the log but not yet in the engine;
 * - *blocks*, the many locks of one large commit (lock-block.ts): a state is made for a key of theirs when it is asked for.
 *
 * The answer for readers is in `blocks`. Everything else is bookkeeping of one `KeyState` a key, removed when it is empty.
 */
import { assert } from '../../base/assert.ts';
import { compareBytes, equalBytes } from '../../base/bytes.ts';
import { SortedMap } from '../../base/sorted-map.ts';
import type { LockBlock } from './lock-block.ts';
import type { Lock } from './lock.ts';

export class KeyState {
  readonly key: Uint8Array;
  /** From the family `lock`. */
  lock: Lock | undefined = undefined;
  /** In memory only. */
  pessimistic: Lock | undefined = undefined;
  /** Commit timestamp of a commit that is decided and not yet applied; 0n: none. */
  commitTsInFlight = 0n;
  /** Run once, when the lock or the commit on its way is gone. */
  waiters: (() => void)[] | undefined = undefined;

  constructor(key: Uint8Array) {
    this.key = key;
  }

  get empty(): boolean {
    return (
      this.lock === undefined &&
      this.pessimistic === undefined &&
      this.commitTsInFlight === 0n &&
      this.waiters === undefined
    );
  }
}

/** Transactions whose fate a reader has already learned, so that it may pass their locks (kvproto's Context). */
export interface ReadContext {
  /** Rolled back, or committed above the reader's timestamp: pass as if there were no lock. */
  readonly resolved: ReadonlySet<bigint> | undefined;
  /** Committed at or below it: for a point read the lock's value is the answer. */
  readonly committed: ReadonlySet<bigint> | undefined;
}

export class LockTable {
  readonly states = new SortedMap<KeyState>();
  /** Pessimistic locks held, for the limit. */
  pessimisticCount = 0;
  private readonly blocks: { readonly block: LockBlock; readonly shown: Set<KeyState> }[] = [];

  /** 0: nothing is locked. */
  get size(): number {
    return this.states.size + this.blocks.length;
  }

  state(key: Uint8Array): KeyState | undefined {
    if (this.blocks.length > 0) this.showBlocks(key);
    return this.states.size === 0 ? undefined : this.states.get(key);
  }

  addBlock(block: LockBlock): void {
    this.blocks.push({ block, shown: new Set() });
  }

  /** The commit has its timestamp: from now on the block stops readers too. */
  setBlockCommitTs(block: LockBlock, commitTs: bigint): void {
    block.commitTs = commitTs;
    const entry = this.blocks.find((one) => one.block === block);
    assert(entry !== undefined, 'a block that is not there');
    for (const state of entry.shown) if (state.lock === block.lock) state.commitTsInFlight = commitTs;
  }

  /** Takes the block away; calls `wake` for each of its keys that anybody asked for. */
  removeBlock(block: LockBlock, wake: (key: Uint8Array, waiters: (() => void)[] | undefined) => void): void {
    const at = this.blocks.findIndex((one) => one.block === block);
    if (at < 0) return;
    const { shown } = this.blocks[at]!;
    this.blocks.splice(at, 1);
    for (const state of shown) {
      // Where another leader's lock has come meanwhile, that is what holds the key now.
      if (state.lock !== block.lock) continue;
      const { waiters } = state;
      state.lock = undefined;
      state.commitTsInFlight = 0n;
      state.waiters = undefined;
      if (state.empty) this.states.delete(state.key);
      wake(state.key, waiters);
    }
  }

  /** The block of a large commit that is under way. */
  blockOf(startTs: bigint): LockBlock | undefined {
    for (const { block } of this.blocks) if (block.lock.startTs === startTs) return block;
    return undefined;
  }

  /** Start of the oldest large commit that is under way. */
  oldestBlock(): bigint | undefined {
    let oldest: bigint | undefined;
    for (const { block } of this.blocks)
      if (oldest === undefined || block.lock.startTs < oldest) oldest = block.lock.startTs;
    return oldest;
  }

  private showBlocks(key: Uint8Array): void {
    for (const { block, shown } of this.blocks) if (block.has(key)) this.show(block, shown, key);
  }

  private show(block: LockBlock, shown: Set<KeyState>, key: Uint8Array): KeyState {
    const state = this.ensure(key);
    if (state.lock === undefined) {
      state.lock = block.lock;
      state.commitTsInFlight = block.commitTs;
      shown.add(state);
    }
    return state;
  }

  ensure(key: Uint8Array): KeyState {
    return this.states.ensure(key, newKeyState);
  }

  setLock(key: Uint8Array, lock: Lock): void {
    const state = this.ensure(key);
    state.lock = lock;
    // The stronger lock takes the place of this transaction's own weaker one.
    if (state.pessimistic !== undefined && state.pessimistic.startTs === lock.startTs) {
      state.pessimistic = undefined;
      this.pessimisticCount--;
    }
  }

  setPessimistic(key: Uint8Array, lock: Lock): void {
    const state = this.ensure(key);
    if (state.pessimistic === undefined) this.pessimisticCount++;
    state.pessimistic = lock;
  }

  /** Removes the lock of `startTs`, of either kind, and returns whoever waited for it. */
  clear(key: Uint8Array, startTs: bigint): (() => void)[] | undefined {
    const state = this.states.size === 0 ? undefined : this.states.get(key);
    return state !== undefined && this.takeLocks(state, startTs) ? this.leave(state) : undefined;
  }

  /** Both of a commit that was applied: the lock of `startTs` is gone and nothing is on its way any more. Returns whoever waited for either. */
  // hot
  settle(key: Uint8Array, startTs: bigint): (() => void)[] | undefined {
    const state = this.states.size === 0 ? undefined : this.states.get(key);
    if (state === undefined) return undefined;
    const wasInFlight = state.commitTsInFlight !== 0n;
    state.commitTsInFlight = 0n;
    return this.takeLocks(state, startTs) || wasInFlight ? this.leave(state) : undefined;
  }

  /** False: it has none here. */
  private takeLocks(state: KeyState, startTs: bigint): boolean {
    const { lock, pessimistic } = state;
    const hasLock = lock !== undefined && lock.startTs === startTs;
    if (hasLock) state.lock = undefined;
    if (pessimistic === undefined || pessimistic.startTs !== startTs) return hasLock;
    state.pessimistic = undefined;
    this.pessimisticCount--;
    return true;
  }

  /** Whoever waited for what is gone from the state, which was just found by its key. */
  private leave(state: KeyState): (() => void)[] | undefined {
    const { waiters } = state;
    state.waiters = undefined;
    if (state.empty) this.states.deleteFound();
    return waiters;
  }

  /** Only the pessimistic lock of `startTs`: the block of its commit stands on. */
  clearPessimistic(key: Uint8Array, startTs: bigint): void {
    const state = this.states.size === 0 ? undefined : this.states.get(key);
    if (state?.pessimistic?.startTs !== startTs) return;
    state.pessimistic = undefined;
    this.pessimisticCount--;
    if (state.empty) this.states.deleteFound();
  }

  /**
   * Gives the pessimistic lock of `startTs` back and returns whoever waited for it. A lock of the same transaction that was prewritten stands: it
   * is in the engine, and goes by an entry of the log only. (A request that comes twice may bring both kinds to one key.)
   */
  releasePessimistic(key: Uint8Array, startTs: bigint): (() => void)[] | undefined {
    const state = this.states.size === 0 ? undefined : this.states.get(key);
    if (state?.pessimistic?.startTs !== startTs) return undefined;
    state.pessimistic = undefined;
    this.pessimisticCount--;
    return this.leave(state);
  }

  clearInFlight(key: Uint8Array): (() => void)[] | undefined {
    const state = this.states.size === 0 ? undefined : this.states.get(key);
    if (state === undefined || state.commitTsInFlight === 0n) return undefined;
    state.commitTsInFlight = 0n;
    // Whoever waited for either may look again.
    return this.leave(state);
  }

  /** Is anything in the range locked, or about to change? */
  anyIn(lower: Uint8Array, upper: Uint8Array): boolean {
    for (const { block } of this.blocks) if (block.firstIn(lower, upper) !== undefined) return true;
    return this.states.firstIn(lower, upper) !== undefined;
  }

  /** Is any value in the range about to change: locked by a prewrite, or a commit on its way? */
  anyWriter(lower: Uint8Array | undefined, upper: Uint8Array | undefined): boolean {
    for (const { block } of this.blocks) if (block.firstIn(lower, upper) !== undefined) return true;
    if (this.states.size === 0) return false;
    for (const cursor = this.states.seek(lower); cursor.valid; cursor.next()) {
      const state = cursor.value;
      if (upper !== undefined && compareBytes(state.key, upper) >= 0) return false;
      if (state.commitTsInFlight !== 0n || (state.lock !== undefined && state.lock.kind !== 'lock')) return true;
    }
    return false;
  }

  /** Does anybody hold a lock in the range that only this memory knows? */
  anyPessimistic(lower: Uint8Array | undefined, upper: Uint8Array | undefined): boolean {
    if (this.pessimisticCount === 0) return false;
    for (const cursor = this.states.seek(lower); cursor.valid; cursor.next()) {
      if (upper !== undefined && compareBytes(cursor.value.key, upper) >= 0) return false;
      if (cursor.value.pessimistic !== undefined) return true;
    }
    return false;
  }

  /** What of the range is locked, waited for or about to change; of blocks only the keys that somebody asked for. */
  eachIn(lower: Uint8Array | undefined, upper: Uint8Array | undefined, visit: (state: KeyState) => void): void {
    if (this.states.size === 0) return;
    for (const cursor = this.states.seek(lower); cursor.valid; cursor.next()) {
      const state = cursor.value;
      if (upper !== undefined && compareBytes(state.key, upper) >= 0) return;
      visit(state);
    }
  }

  /** Right below the least timestamp at which a large commit that is under way will change the range, of those that have begun to draw one. */
  blocksFloor(lower: Uint8Array | undefined, upper: Uint8Array | undefined): bigint | undefined {
    let floor: bigint | undefined;
    for (const { block } of this.blocks) {
      if (block.commitTs === 0n || (floor !== undefined && block.commitTs > floor)) continue;
      if (block.firstIn(lower, upper) !== undefined) floor = block.commitTs - 1n;
    }
    return floor;
  }

  /** The first state in [lower, upper) that a reader at `ts` must not pass. */
  firstBlocking(
    lower: Uint8Array | undefined,
    upper: Uint8Array | undefined,
    ts: bigint,
    context: ReadContext | undefined,
  ): KeyState | undefined {
    if (this.blocks.length > 0) {
      for (const { block, shown } of this.blocks) {
        const key = stopsReaders(block, ts) ? block.firstIn(lower, upper) : undefined;
        if (key !== undefined) this.show(block, shown, key);
      }
    }
    const first = this.states.firstIn(lower, upper);
    if (first === undefined) return undefined;
    if (blocks(first, ts, context)) return first;
    for (const cursor = this.states.seek(first.key); cursor.valid; cursor.next()) {
      const state = cursor.value;
      if (upper !== undefined && compareBytes(state.key, upper) >= 0) return undefined;
      if (blocks(state, ts, context)) return state;
    }
    return undefined;
  }

  /** The last one, for scans that run downwards. */
  lastBlocking(
    lower: Uint8Array | undefined,
    upper: Uint8Array | undefined,
    ts: bigint,
    context: ReadContext | undefined,
  ): KeyState | undefined {
    for (const { block, shown } of this.blocks) {
      const key = stopsReaders(block, ts) ? block.lastIn(lower, upper) : undefined;
      if (key !== undefined) this.show(block, shown, key);
    }
    if (this.states.size === 0) return undefined;
    for (const cursor = this.states.seekBefore(upper); cursor.valid; cursor.previous()) {
      const state = cursor.value;
      if (lower !== undefined && compareBytes(state.key, lower) < 0) return undefined;
      if (blocks(state, ts, context)) return state;
    }
    return undefined;
  }
}

const TS_MAX = 0xffffffffffffffffn;

function newKeyState(key: Uint8Array): KeyState {
  return new KeyState(key);
}

function stopsReaders(block: LockBlock, ts: bigint): boolean {
  return block.commitTs !== 0n && block.commitTs <= ts;
}

/**
 * May a reader at `ts` not pass? Locks without an effect on values (`lock`, pessimistic) never stop a reader. A reader of the
 * newest state (`TS_MAX`) passes the lock of a primary key, whose transaction nobody has been told of while it stands, and
 * likewise a one-phase commit on its way, but not a large one, of which some may be applied already; the lock of another key may be the leftover of a commit that was acknowledged, so it
 * stops there like everyone.
 */
export function blocks(state: KeyState, ts: bigint, context: ReadContext | undefined): boolean {
  if (state.commitTsInFlight !== 0n) {
    if (ts === TS_MAX)
      return state.lock !== undefined && (state.lock.inBlock === true || !equalBytes(state.key, state.lock.primary));
    return state.commitTsInFlight <= ts;
  }
  const lock = state.lock;
  if (lock === undefined || lock.kind === 'lock' || lock.inBlock === true) return false;
  if (lock.startTs > ts) return false;
  if (lock.minCommitTs > ts) return false;
  if (ts === TS_MAX && equalBytes(state.key, lock.primary)) return false;
  return context === undefined || context.resolved === undefined || !context.resolved.has(lock.startTs);
}
