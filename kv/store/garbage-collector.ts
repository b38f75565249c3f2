/**
 * Drives garbage collection: chooses the safe point, keeps it below everything that may still be read, and walks `history` in
 * small steps between the loop's other work. The decision what to forget is kv/mvcc/gc.ts.
 *
 * The safe point trails the oracle by `gcLifeMs`, and never passes a hold (a long read) or a lock (its transaction may still
 * commit). Expired locks in its way are resolved, so that a dead client does not keep versions for ever. It only grows.
 */
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Timer, World } from '../../base/world.ts';
import type { TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { Engine } from '../engine/engine.ts';
import { collectGarbage, GC_START, type GcCursor, type HotPages, type Lock, type LockTable } from '../mvcc/index.ts';
import { isExpired } from '../txn/index.ts';
import type { StoreLimits } from './limits.ts';
import { encodeSafePoint, META_SAFE_POINT, readSafePoint } from './meta.ts';

/** Milliseconds of rest for each that a step of the walk took: it has a fifth of the thread at most. */
const REST = 4;

export interface GarbageCollectorOptions {
  readonly engine: Engine;
  readonly locks: LockTable;
  readonly pages: HotPages | undefined;
  readonly world: World;
  readonly limits: StoreLimits;
  readonly currentTs: () => MaybePromise<bigint>;
  readonly resolve: (command: TxnCommand, done: (outcome: TxnOutcome) => void) => void;
  readonly healthy: () => boolean;
  /** Placement's word: moves the cluster's safe point towards a timestamp and says where it is. Without it this store decides alone. */
  readonly agree: ((wanted: bigint) => Promise<bigint>) | undefined;
}

export class GarbageCollector {
  safePoint = 0n;
  /** Versions, traces and tombstones forgotten so far. */
  deletedCount = 0;
  private readonly options: GarbageCollectorOptions;
  private readonly holds = new Set<{ readonly ts: bigint }>();
  private timer: Timer | undefined = undefined;
  private cursor: GcCursor | undefined = undefined;
  private asking = false;

  constructor(options: GarbageCollectorOptions) {
    this.options = options;
  }

  load(): void {
    this.safePoint = readSafePoint(this.options.engine);
  }

  start(): void {
    this.timer = this.options.world.timers.every(this.options.limits.gcEveryMs, () => void this.begin());
  }

  stop(): void {
    this.timer?.cancel();
    this.cursor = undefined;
  }

  hold(ts: bigint): { release(): void } {
    if (ts < this.safePoint) {
      throw new RutileError(
        'kv.snapshot-too-old',
        `timestamp ${ts} lies below the safe point ${this.safePoint}: versions it needs may be gone`,
      );
    }
    const hold = { ts };
    this.holds.add(hold);
    return { release: () => void this.holds.delete(hold) };
  }

  /** Starts a walk unless one is under way. */
  private async begin(): Promise<void> {
    if (this.cursor !== undefined || this.asking || !this.options.healthy()) return;
    this.asking = true;
    try {
      const current = await this.options.currentTs();
      const life = BigInt(this.options.limits.gcLifeMs) << 18n;
      if (current <= life) return;
      let wanted = this.allowed(current - life, current);
      if (wanted > this.safePoint && this.options.agree !== undefined) wanted = await this.options.agree(wanted);
      this.advance(wanted, current);
    } catch {
      // No oracle or no placement, no progress; the next tick asks again.
    } finally {
      this.asking = false;
    }
  }

  /** Moves the safe point towards `wanted` as far as holds and locks allow, and walks. Also the door for tests and tools. */
  advance(wanted: bigint, current: bigint): void {
    if (this.cursor !== undefined || !this.options.healthy()) return;
    // Asked again, since a hold may have come while placement was asked.
    const safePoint = this.allowed(wanted, current);
    if (safePoint <= this.safePoint) return;
    this.safePoint = safePoint;
    this.cursor = GC_START;
    const batch = this.options.engine.batch();
    batch.put('meta', META_SAFE_POINT, encodeSafePoint(safePoint));
    this.options.engine.write(batch);
    this.step();
  }

  /** `wanted`, or less where somebody still reads or may still commit below it. */
  private allowed(wanted: bigint, current: bigint): bigint {
    let safePoint = wanted;
    for (const hold of this.holds) if (hold.ts < safePoint) safePoint = hold.ts;
    const block = this.options.locks.oldestBlock();
    if (block !== undefined && block - 1n < safePoint) safePoint = block - 1n;
    const inTheWay: Lock[] = [];
    this.options.locks.states.forEach((state) => {
      const lock = state.lock;
      if (lock === undefined || lock.inBlock === true || lock.startTs > safePoint) return;
      if (lock.startTs - 1n < safePoint) safePoint = lock.startTs - 1n;
      if (isExpired(lock, current) && inTheWay.length < 256) inTheWay.push(lock);
    });
    for (const lock of inTheWay) this.resolve(lock, current);
    return safePoint;
  }

  get walking(): boolean {
    return this.cursor !== undefined;
  }

  private step(): void {
    const { engine, locks, pages, limits, world } = this.options;
    if (this.cursor === undefined || !this.options.healthy()) return;
    const beganMs = world.clock.monotonicMs();
    const batch = engine.batch();
    const step = collectGarbage({
      engine,
      locks,
      safePoint: this.safePoint,
      cursor: this.cursor,
      countMax: limits.gcStepCount,
      batch,
    });
    if (batch.count > 0) engine.write(batch);
    for (const key of step.removed) pages?.remove(key);
    this.deletedCount += step.deletedCount;
    this.cursor = step.next;
    if (this.cursor === undefined) return;
    // Statements come first: a walk may take minutes, and the next one begins when it is over.
    const restMs = Math.max(1, REST * (world.clock.monotonicMs() - beganMs));
    world.timers.after(restMs, () => this.step());
  }

  private resolve(lock: Lock, current: bigint): void {
    const { startTs, primary } = lock;
    this.options.resolve(
      {
        kind: 'check-txn-status',
        primary,
        startTs,
        callerStartTs: 0n,
        currentTs: current,
        rollbackIfNotExist: true,
        resolvingPessimisticLock: false,
        verifyIsPrimary: false,
      },
      (outcome) => {
        if (outcome.kind !== 'status' || outcome.ttlMs > 0) return;
        this.options.resolve(
          { kind: 'resolve-lock', startTs, commitTs: outcome.commitTs, keys: undefined },
          () => undefined,
        );
      },
    );
  }
}
