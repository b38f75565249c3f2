/**
 * `LargeCommits`: drives the commits of kv/txn/large-commit.ts. Keys are checked and held chunk by chunk, each under its latches and with a
 * turn for others in between; then chunks go to the log with a few in flight, so that memory and latency of others stay bounded. The
 * block of held keys is given back with the answer of the last entry.
 *
 * A commit is begun in one region under one term and written under no other: who leads next has undone its chunks and decided other
 * things. When the log or the engine fails in the middle, the block stays: only the next start can tell what became of the commit.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import { isPromise } from '../../base/outcome.ts';
import type { World } from '../../base/world.ts';
import { commitTooLate, type LargeCommit, type Mutation, type TxnOutcome } from '../../proto/kv/command.ts';
import { holdsKey, type RegionDescriptor, ROW_SPACE } from '../../proto/kv/region.ts';
import type { TimestampPort } from '../client/store-port.ts';
import { LockBlock } from '../mvcc/index.ts';
import {
  checkLargeChunk,
  largeChunk,
  largeDone,
  largeUndo,
  Latch,
  type Latches,
  type OldRecords,
  type TxnView,
  unfinishedLargeCommits,
  type WriteSet,
} from '../txn/index.ts';
import type { Admission } from './admission.ts';
import type { Group } from './proposal.ts';
import type { Peer } from './region/peer.ts';

/** Chunks in the log or on their way to the engine at a time: enough that neither waits for the other. */
const IN_FLIGHT_MAX = 3;
/** Between two tries to undo a chunk that the log has no room for. */
const TAKE_BACK_MS = 5;

/** Where, and in which term, a large commit was decided. */
export interface Fence {
  readonly peer: Peer<Group>;
  readonly term: number;
}

export interface LargeCommitsOptions {
  readonly world: World;
  readonly timestamps: TimestampPort;
  readonly view: TxnView;
  readonly latches: Latches;
  readonly admission: Admission;
  /** The region that holds all of its keys, when it is led here. */
  readonly begin: (command: LargeCommit) => Fence | RutileError;
  /** Does it still stand? */
  readonly holds: (fence: Fence) => boolean;
  /** Fails when it does not. */
  readonly propose: (fence: Fence, set: WriteSet, done: (outcome: TxnOutcome) => void) => void;
  readonly wake: (key: Uint8Array, waiters: (() => void)[] | undefined) => void;
  readonly wakeNow: () => void;
  readonly failure: () => Error | undefined;
}

export class LargeCommits {
  private readonly options: LargeCommitsOptions;
  /** Under way. */
  count = 0;

  constructor(options: LargeCommitsOptions) {
    this.options = options;
  }

  commit(command: LargeCommit, done: (outcome: TxnOutcome) => void): void {
    const refused = this.refuse(command);
    if (refused !== undefined) return done({ kind: 'failed', error: refused });
    this.count++;
    const end = (outcome: TxnOutcome) => {
      this.count--;
      done(outcome);
    };
    this.run(command).then(end, (error: unknown) =>
      end({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
    );
  }

  /** Before a region serves anybody under a new leader: what a crash or the end of another's term cut off goes. */
  async undoUnfinished(fence: Fence, region: RegionDescriptor): Promise<void> {
    for (const { key, set } of unfinishedLargeCommits(this.options.view.versions.engine)) {
      if (!holdsKey(region, ROW_SPACE, key)) continue;
      const outcome = await this.proposed(fence, set);
      if (outcome.kind === 'failed') throw outcome.error;
    }
  }

  private async run(command: LargeCommit): Promise<TxnOutcome> {
    const { world, timestamps, view } = this.options;
    const { startTs, chunks } = command;
    const fence = this.options.begin(command);
    if (fence instanceof RutileError) return { kind: 'failed', error: fence };
    const block = new LockBlock(startTs, command.ttlMs, command.primary);
    view.locks.addBlock(block);
    const olds: OldRecords[] = [];
    let commitTs: bigint;
    try {
      for (let number = 0; number < chunks.length; number++) {
        const mutations = chunks.at(number)!;
        const tooLarge = this.refuseChunk(mutations);
        if (tooLarge !== undefined) {
          this.release(block);
          return { kind: 'failed', error: tooLarge };
        }
        const held = await this.hold(command, mutations, block);
        if (held.refused !== undefined) {
          this.release(block);
          return held.refused;
        }
        olds.push(held.olds);
        await new Promise<void>((resolve) => world.timers.soon(resolve));
        if (command.statement?.killed === true) {
          this.release(block);
          return interrupted();
        }
      }
      // Readers stop at the keys from the moment a timestamp may have been drawn for them.
      view.locks.setBlockCommitTs(block, startTs + 1n);
      const drawn = timestamps.next();
      commitTs = isPromise(drawn) ? await drawn : drawn;
      assert(commitTs > startTs, 'the oracle went back');
      view.locks.setBlockCommitTs(block, commitTs);
      if (command.maxCommitTs !== undefined && commitTs > command.maxCommitTs)
        throw commitTooLate(commitTs, command.maxCommitTs);
    } catch (error) {
      // Nothing is written yet.
      this.release(block);
      throw error;
    }
    const failed = await this.write(fence, command, commitTs, olds, block);
    if (failed === undefined) return { kind: 'committed', commitTs };
    // A store without a log keeps the keys held: what became of them, only a restart can tell.
    if (this.options.failure() === undefined) {
      const takenBack = this.takeBack(fence, command).then(() => this.release(block));
      if (command.statement?.killed !== true) await takenBack;
      else {
        // Nothing can make it true any more, so whoever said KILL need not wait for what goes.
        this.count++;
        void takenBack.finally(() => this.count--);
      }
    }
    return failed;
  }

  /** Some chunks may be there. Whoever leads next undoes them before it serves; as long as that is us, we do. */
  private async takeBack(fence: Fence, { startTs, chunks }: LargeCommit): Promise<void> {
    for (let number = 0; number < chunks.length; number++) {
      let outcome = await this.proposed(fence, largeUndo(startTs, number));
      while (outcome.kind === 'failed' && this.options.holds(fence)) {
        await new Promise<void>((resolve) => void this.options.world.timers.after(TAKE_BACK_MS, resolve));
        outcome = await this.proposed(fence, largeUndo(startTs, number));
      }
      if (outcome.kind === 'failed') return;
    }
  }

  private async write(
    fence: Fence,
    command: LargeCommit,
    commitTs: bigint,
    olds: readonly OldRecords[],
    block: LockBlock,
  ): Promise<TxnOutcome | undefined> {
    const { startTs, chunks } = command;
    const inFlight: Promise<TxnOutcome>[] = [];
    for (let number = 0; number < chunks.length; number++) {
      if (command.statement?.killed === true) return this.settled(inFlight, interrupted());
      const set = largeChunk(startTs, commitTs, number, chunks.at(number)!, olds[number]);
      if (set === undefined) continue;
      inFlight.push(this.proposed(fence, set));
      if (inFlight.length < IN_FLIGHT_MAX) continue;
      const outcome = await inFlight.shift()!;
      if (outcome.kind === 'failed') return this.settled(inFlight, outcome);
    }
    // All or nothing: the last entry may only follow chunks that are there.
    for (const one of inFlight) {
      const outcome = await one;
      if (outcome.kind === 'failed') return this.settled(inFlight, outcome);
    }
    const done = new Promise<TxnOutcome>((resolve) => {
      this.options.propose(fence, largeDone(startTs, commitTs, chunks.length), (outcome) => {
        // In the turn in which it becomes true: whoever waits must not find the block any more.
        if (outcome.kind !== 'failed') this.release(block);
        resolve(outcome);
      });
    });
    const outcome = await done;
    return outcome.kind === 'failed' ? outcome : undefined;
  }

  /** What is undone must be applied before. */
  private async settled(inFlight: readonly Promise<TxnOutcome>[], failed: TxnOutcome): Promise<TxnOutcome> {
    await Promise.all(inFlight);
    return failed;
  }

  private hold(
    command: LargeCommit,
    mutations: readonly Mutation[],
    block: LockBlock,
  ): Promise<ReturnType<typeof checkLargeChunk>> {
    const { latches, admission, view, failure } = this.options;
    return new Promise((resolve, reject) => {
      const latch: Latch = new Latch(latches.slotsOf(mutations), () => {
        try {
          const error = failure();
          if (error !== undefined) return resolve({ refused: { kind: 'failed', error } });
          const checked = checkLargeChunk(view, command, mutations);
          // The block takes over from the latches in the same turn.
          if (checked.refused === undefined)
            for (const { kind, key } of mutations) if (kind !== 'check-not-exists') block.add(key);
          resolve(checked);
        } catch (error) {
          reject(error as Error);
        } finally {
          latches.release(latch);
        }
      });
      const acquired = latches.acquire(latch);
      if (acquired === true) latch.run();
      else if (acquired === undefined)
        resolve({ refused: { kind: 'failed', error: admission.busy('too many commands wait for the same keys') } });
    });
  }

  private release(block: LockBlock): void {
    const { view, wake, wakeNow, world } = this.options;
    view.locks.removeBlock(block, wake);
    // Not in this call: the answers of this turn come first.
    world.timers.soon(wakeNow);
  }

  private proposed(fence: Fence, set: WriteSet): Promise<TxnOutcome> {
    return new Promise((resolve) => this.options.propose(fence, set, resolve));
  }

  private refuse(command: LargeCommit): Error | undefined {
    const { admission } = this.options;
    return admission.refuseStart(command.startTs) ?? admission.refuseLoad();
  }

  private refuseChunk(mutations: readonly Mutation[]): Error | undefined {
    const { admission } = this.options;
    let size = 64;
    for (const { key, value } of mutations) {
      const error = admission.refuseKey(key);
      if (error !== undefined) return error;
      size += 11 + key.length + (value === undefined ? 0 : value.length);
    }
    return admission.refuseBytes(size, mutations.length);
  }
}

function interrupted(): TxnOutcome {
  const error = new RutileError('kv.interrupted', 'the commit was given up, since its statement was killed');
  return { kind: 'failed', error };
}
