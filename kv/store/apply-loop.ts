/**
 * `ApplyLoop`: from committed entries of all regions to a changed store. It owns the applied index of each region and the mark
 * below which its log is no longer needed.
 *
 * Entries that become durable in one turn share one engine batch; their indexes lie in the same batch, so after a crash each is
 * applied exactly once. Then come the effects in memory (hot pages, locks, counters), for all of them, and only then is anybody
 * told: whoever is woken or answered sees the whole turn.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Timer, World } from '../../base/world.ts';
import type { Engine } from '../engine/engine.ts';
import {
  afterWrite,
  type ApplyTarget,
  decodeEntry,
  fillBatch,
  OP_COMMIT,
  OP_TENTATIVE,
  type WriteSet,
} from '../txn/index.ts';
import { type DataVersions, sameTable } from './data-versions.ts';
import { META_TRACES } from './meta.ts';
import { isAdminEntry } from './region/admin-entry.ts';
import type { Peer } from './region/peer.ts';
import { putApplied } from './region/region-states.ts';

const beforeApply = failpoint('store::before-apply');
const afterApply = failpoint('store::after-apply');

/** Log bytes applied before others get a turn: some ten milliseconds of a load's rows. */
const TURN_BYTES = 1024 * 1024;

/** Waiting commands of one entry. */
export interface Batched {
  readonly sets: readonly WriteSet[];
}

export interface ApplyLoopOptions<T extends Batched> {
  readonly engine: Engine;
  readonly world: World;
  readonly target: ApplyTarget;
  readonly dataVersions: DataVersions;
  readonly durableEveryBytes: number;
  readonly durableEveryMs: number;
  /** A key was given back, or somebody waited for it. Called before anybody is answered. */
  readonly freed: (key: Uint8Array, waiters: (() => void)[] | undefined) => void;
  readonly answer: (group: T) => void;
  /** After all answers of a turn. */
  readonly settled: () => void;
  readonly fail: (error: Error, groups: readonly T[]) => void;
  readonly healthy: () => boolean;
  /** Applies an entry that changes its region, alone, with its index in the same batch. */
  readonly change: (peer: Peer<T>, index: number, term: number, data: Uint8Array) => void;
  /** All peers of the store: whose log may go after a mark. */
  readonly peers: () => readonly Peer<T>[];
}

interface Committed<T> {
  readonly peer: Peer<T>;
  readonly index: number;
  readonly term: number;
  readonly sets: readonly WriteSet[];
  readonly sizeBytes: number;
  readonly group: T | undefined;
}

export class ApplyLoop<T extends Batched> {
  appliedSets = 0;
  replayedEntries = 0;
  private readonly options: ApplyLoopOptions<T>;
  private committed: Committed<T>[] = [];
  private scheduled = false;
  private bytesSinceMark = 0;
  /** Peers with an entry in the batch being made. */
  private readonly touched: Peer<T>[] = [];
  private marking: Promise<void> | undefined = undefined;
  private timer: Timer | undefined = undefined;

  constructor(options: ApplyLoopOptions<T>) {
    this.options = options;
  }

  start(): void {
    this.timer = this.options.world.timers.every(this.options.durableEveryMs, () => void this.mark());
  }

  get idle(): boolean {
    return this.committed.length === 0;
  }

  /** A last mark; nothing is committed any more. */
  async close(): Promise<void> {
    this.timer?.cancel();
    await this.marking;
    await this.mark();
  }

  // hot
  push(peer: Peer<T>, index: number, term: number, data: Uint8Array, group: T | undefined): void {
    if (isAdminEntry(data)) {
      this.drain();
      if (!this.options.healthy()) return;
      assert(index > peer.appliedIndex, 'an entry is applied twice');
      this.options.change(peer, index, term, data);
      return;
    }
    this.committed.push({
      peer,
      index,
      term,
      sets: group !== undefined ? group.sets : data.length === 0 ? [] : decodeEntry(data),
      sizeBytes: data.length,
      group,
    });
    if (group === undefined && data.length > 0) this.replayedEntries++;
    // Not decided here: what comes next may have been decided on what this one does, and must see it.
    if (group === undefined && !isBlind(this.committed.at(-1)!.sets)) this.drain();
    else if (!this.scheduled) {
      // The log answers a whole group of appends in one turn.
      this.scheduled = true;
      queueMicrotask(() => this.turn());
    }
  }

  /** Applies what is committed, now. */
  flush(): void {
    this.drain();
  }

  /** Applies about `TURN_BYTES`; the rest comes in the next turns of the event loop. */
  // hot
  private turn(): void {
    if (!this.options.healthy()) return this.giveUp();
    const { committed } = this;
    let size = 0;
    let count = 0;
    while (count < committed.length && size < TURN_BYTES) size += committed[count++]!.sizeBytes;
    this.scheduled = count < committed.length;
    if (!this.scheduled) return this.drain();
    this.committed = committed.splice(count);
    this.options.world.timers.soon(() => this.turn());
    this.apply(committed);
  }

  private drain(): void {
    const ready = this.committed;
    if (!this.options.healthy()) return;
    this.committed = [];
    this.apply(ready);
  }

  /** What waits for its turn when the store fails is in the log, but nobody here will see it applied. */
  private giveUp(): void {
    const groups = this.committed.flatMap((entry) => entry.group ?? []);
    this.committed = [];
    this.scheduled = false;
    if (groups.length > 0) this.options.fail(new RutileError('kv.read-only', 'the store has failed'), groups);
  }

  // hot: bench/micro/txn.ts
  private apply(ready: readonly Committed<T>[]): void {
    const { target, freed } = this.options;
    if (ready.length === 0) return;
    if (beforeApply.armed) beforeApply.hit(this.options.world);
    if (!this.write(ready)) return;
    if (afterApply.armed) afterApply.hit(this.options.world);
    for (const entry of ready) {
      for (const set of entry.sets) {
        afterWrite(target, set, freed);
        this.bump(entry.peer, set);
        if (entry.peer.changes !== undefined) entry.peer.changes.applied(set);
      }
      this.appliedSets += entry.sets.length;
      this.bytesSinceMark += entry.sizeBytes;
    }
    for (const entry of ready) if (entry.group !== undefined) this.options.answer(entry.group);
    this.options.settled();
    for (const peer of this.touched) peer.consensus.applied(peer.appliedIndex, peer.appliedTerm);
    this.touched.length = 0;
    if (this.bytesSinceMark >= this.options.durableEveryBytes) void this.mark();
  }

  // hot
  private bump(peer: Peer<T>, set: WriteSet): void {
    const { dataVersions } = this.options;
    const { writes, commitTs } = set;
    let growthBytes = 0;
    let growthKeys = 0;
    for (let i = 0; i < writes.length; i++) {
      const { op, key, value, old } = writes[i]!;
      // What may be new counts as new, what is known to replace something does not.
      if (value !== undefined && (old === undefined || old === null)) {
        growthBytes += key.length + value.length;
        growthKeys++;
      }
      if (op <= OP_COMMIT) dataVersions.bump(key, commitTs);
      // A large commit's keys are in order: one for each table is enough, since nobody reads between them.
      else if (op === OP_TENTATIVE && (i < 2 || !sameTable(key, writes[i - 1]!.key))) dataVersions.bump(key, commitTs);
    }
    peer.growthBytes += growthBytes;
    peer.growthKeys += growthKeys;
  }

  /** One engine batch for all; false when the engine refused it. */
  private write(ready: readonly Committed<T>[]): boolean {
    const { engine, target } = this.options;
    try {
      const batch = engine.batch();
      for (const entry of ready) {
        const { peer } = entry;
        assert(entry.index > peer.appliedIndex, 'an entry is applied twice');
        for (const set of entry.sets) fillBatch(target, set, batch);
        peer.appliedIndex = entry.index;
        peer.appliedTerm = entry.term;
        if (!this.touched.includes(peer)) this.touched.push(peer);
      }
      if (target.floorsChanged) {
        batch.put('meta', META_TRACES, target.traces.encodeFloors());
        target.floorsChanged = false;
      }
      for (const peer of this.touched) putApplied(batch, peer.id, peer.appliedIndex, peer.appliedTerm);
      engine.write(batch);
      return true;
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      const groups = ready.flatMap((entry) => entry.group ?? []);
      this.options.fail(cause, groups);
      // Anything but a refusal of the engine is a bug, and every replica would meet it too: stop.
      if (!(cause instanceof RutileError)) throw cause;
      return false;
    }
  }

  /**
   * The mark: everything applied so far survives a crash of the machine, and the log below it may go. The applied index lies in
   * every batch, so the engine only has to be synced, off this thread where it can.
   */
  private mark(): Promise<void> {
    if (this.marking !== undefined || !this.options.healthy()) return Promise.resolve();
    if (this.options.peers().every((peer) => peer.appliedIndex === peer.durableIndex)) return Promise.resolve();
    this.marking = this.sync().finally(() => (this.marking = undefined));
    return this.marking;
  }

  private async sync(): Promise<void> {
    const { engine } = this.options;
    this.bytesSinceMark = 0;
    const marks = this.options.peers().map((peer) => [peer, peer.appliedIndex] as const);
    try {
      if (engine.sync !== undefined) await engine.sync();
      else engine.write(engine.batch(), { synced: true });
      for (const [peer, index] of marks) {
        if (index === peer.durableIndex) continue;
        peer.durableIndex = index;
        peer.consensus.compact(index);
      }
    } catch (error) {
      this.options.fail(error instanceof Error ? error : new Error(String(error)), []);
    }
  }
}

/** Raw writes alone: nothing is read to apply them, in whatever state. */
function isBlind(sets: readonly WriteSet[]): boolean {
  return sets.length > 0 && sets.every((set) => set.startTs === 0n && set.commitTs === 0n);
}
