/**
 * `Store`: all regions of one process, and the only writer of its engine. Regions have disjoint keys, so they share versions,
 * pages, locks and latches; each has a consensus group and a log of its own (region/peer.ts).
 *
 * One write, end to end:
 *
 *     execute ─ latches ─ decide ─ propose ──▶ group ──▶ log entry ──▶ durable ──▶ apply ─ answer
 *        └────────── this turn ───────────┘    closed by        one engine batch and one round of
 *                                              timers.soon      answers for all entries of a turn
 *
 * When its latches are free a command is decided in the turn it arrives in. All that was decided until the loop comes round
 * becomes one log entry. Applied entries are written to the engine unsynced, their index in the same batch: the log is the
 * durable copy until a periodic mark makes the engine durable and lets the log forget. After a crash the entries above the
 * engine's index are applied again, each exactly once.
 *
 * A one-phase commit takes its timestamp when it is proposed. From then until it is applied, readers at or above it that
 * touch its keys wait (kv/mvcc/lock-table.ts): the timestamp is older than theirs, so they must see it.
 *
 * When the log or the engine fails, the store is read-only from that moment: what was in flight is answered
 * `kv.undetermined`, all later writes `kv.read-only`. Nothing that was acknowledged is lost, nothing lost is acknowledged.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import { failpoint } from '../../base/failpoint.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { World } from '../../base/world.ts';
import { commitTooLate, type LargeCommit, type LockInfo, type RawWrite, type TxnCommand, type TxnOutcome } from '../../proto/kv/command.ts'; // prettier-ignore
import { boundsIn, type RegionDescriptor, type RegionPeer, ROW_SPACE } from '../../proto/kv/region.ts';
import type { KeyRange, ScanOptions, Timestamp } from '../client/client.ts';
import type { LockedKey, ReadAt, StorePort, StoreReadContext, StoreScanner, TimestampPort } from '../client/store-port.ts'; // prettier-ignore
import type { RegionStorePort } from '../client/region-store.ts';
import type { Engine } from '../engine/engine.ts';
import type { RaftLog } from '../log/raft-log.ts';
import { HotPages, LockTable, Reader, Versions } from '../mvcc/index.ts';
import {
  type ApplyTarget,
  decide,
  type Decision,
  Latch,
  Latches,
  type MemoryChange,
  OP_COMMIT,
  OP_VERSION,
  RecentTraces,
  type WriteSet,
} from '../txn/index.ts';
import { Admission } from './admission.ts';
import { ApplyLoop } from './apply-loop.ts';
import { keysOf } from './command-keys.ts';
import { DataVersions } from './data-versions.ts';
import { Feeds } from './feed/feeds.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { LargeCommits } from './large-commits.ts';
import { type StoreLimits, STORE_LIMITS } from './limits.ts';
import { Leading } from './leading.ts';
import { loadLocks } from './load-locks.ts';
import { LogFree } from './log-free.ts';
import { LockRoom } from './lock-room.ts';
import { META_TRACES } from './meta.ts';
import type { Group } from './proposal.ts';
import { Proposals } from './proposals.ts';
import { RawScanner } from './raw-scanner.ts';
import type { RaftTiming } from './raft-consensus.ts';
import { rawWriteSet } from './raw-writes.ts';
import type { Peer, RegionPeers } from './region/peer.ts';
import { RegionGate } from './region/region-gate.ts';
import { DiskRoom } from './disk-room.ts';
import { forgetRegion } from './region/forget.ts';
import type { ReplicaDifference } from './region/hash-check.ts';
import { type SplitPlacement, Splitter } from './region/splitter.ts';
import { oneRegion } from './region/ground.ts';
import { Regions, type StoreTransport } from './region/regions.ts';
import { resolveAll } from './resolve-all.ts';
import { StoreReads } from './store-reads.ts';
import { Wakes } from './wakes.ts';

export interface StoreOptions {
  readonly engine: Engine;
  readonly log: RaftLog;
  readonly timestamps: TimestampPort;
  readonly world: World;
  readonly limits?: Partial<StoreLimits>;
  /** What an empty store begins with; one region that covers everything unless said otherwise; `none` for one that joins others. */
  readonly firstRegion?: RegionDescriptor | 'none' | undefined;
  readonly storeId?: number;
  readonly timing?: Partial<RaftTiming>;
  /** The way to other stores; without it the store is alone. */
  readonly transport?: StoreTransport;
  readonly stagingFolder?: string;
  /** Placement's ids for parts of regions; without it regions are cut by request only (`split`). */
  readonly splitting?: SplitPlacement | undefined;
  /** A replica here is not what its leader's is: somebody has to know. Without it replicas are compared by request only. */
  readonly differs?: ((difference: ReplicaDifference) => void) | undefined;
  /** Where its data lies: the volume whose free room is watched. */
  readonly folder?: string;
  /** Placement's word on the safe point; without it the store decides alone. */
  readonly agreeSafePoint?: (wanted: bigint) => Promise<bigint>;
}

const beforeDecide = failpoint('store::decide');
const TABLES_MAX = 10_000;

export class Store implements StorePort {
  readonly engine: Engine;
  readonly limits: StoreLimits;
  readonly locks = new LockTable();
  readonly versions: Versions;
  readonly reader: Reader;
  readonly traces: RecentTraces;
  readonly rawPages: HotPages | undefined;
  /** The store as the router of kv/client addresses it. */
  readonly gate: RegionStorePort;
  private commandCount = 0;
  private onePhaseCount = 0;
  private inFlightWaitCount = 0;
  private readonly feeds: Feeds;
  private readonly reads: StoreReads;
  private readonly world: World;
  private readonly timestamps: TimestampPort;
  private readonly latches: Latches;
  private readonly lockRoom: LockRoom;
  private readonly largeCommits: LargeCommits;
  private readonly leading: Leading;
  private readonly collector: GarbageCollector;
  private readonly dataVersions = new DataVersions(TABLES_MAX);
  /** Where messages of other stores come in, and what placement steers. */
  readonly regionsHere: Regions<Group>;
  /** Cuts regions that grew; undefined where placement gives no ids. */
  readonly splitter: Splitter<Group> | undefined;
  private readonly peers: RegionPeers<Group>;
  private readonly applyLoop: ApplyLoop<Group>;
  private readonly admission: Admission;
  private readonly target: ApplyTarget;
  private readonly proposals: Proposals;
  private readonly logFree: LogFree;
  private readonly diskRoom: DiskRoom | undefined;
  private readonly wakes = new Wakes(() => this.lockRoom);
  private failure: RutileError | undefined = undefined;
  private closed = false;
  /** Until then nobody is served, and what is left half done is undone for all regions together. */
  private opened = false;

  private constructor(options: StoreOptions) {
    this.engine = options.engine;
    this.world = options.world;
    this.timestamps = options.timestamps;
    this.limits = { ...STORE_LIMITS, ...options.limits };
    const pages = this.limits.hotPagesSizeBytesMax > 0;
    this.versions = new Versions(
      this.engine,
      pages
        ? new HotPages(this.engine, { family: 'latest', sizeBytesMax: this.limits.hotPagesSizeBytesMax })
        : undefined,
    );
    this.rawPages =
      this.limits.rawPagesSizeBytesMax > 0
        ? new HotPages(this.engine, { family: 'raw', sizeBytesMax: this.limits.rawPagesSizeBytesMax })
        : undefined;
    this.reader = new Reader(this.versions, this.locks);
    this.reads = new StoreReads({
      reader: this.reader,
      rawPages: this.rawPages,
      world: this.world,
      inFlightWaitMs: this.limits.inFlightWaitMs,
      safePoint: () => this.collector.safePoint,
      failure: () => this.failure,
      onInFlightWait: () => void this.inFlightWaitCount++,
    });
    this.traces = new RecentTraces(this.limits.tracesMax);
    this.latches = new Latches(this.limits.latchWaitersMax);
    this.target = {
      versions: this.versions,
      locks: this.locks,
      traces: this.traces,
      rawPages: this.rawPages,
      floorsChanged: false,
    };
    this.diskRoom =
      options.folder === undefined || this.limits.diskReserveBytes === 0
        ? undefined
        : new DiskRoom(this.world, options.folder, this.limits.diskReserveBytes);
    this.regionsHere = new Regions<Group>({
      engine: this.engine,
      log: options.log,
      world: this.world,
      storeId: options.storeId ?? 1,
      timing: options.timing,
      transport: options.transport,
      committed: (peer, index, term, data, group) => this.applyLoop.push(peer, index, term, data, group),
      refused: (error, group) => this.proposals.drop(group, error),
      lost: (error, group) => this.proposals.drop(group, error),
      role: (peer, isLeader) => this.leading.onRole(peer, isLeader, this.opened),
      failed: (error, groups) => this.onFailed(error, groups),
      failure: () => this.failure,
      closeOpen: (peer) => {
        if (peer.open !== undefined) this.proposals.close(peer.open);
      },
      flush: () => this.applyLoop.flush(),
      // The oracle's clock may be a little ahead of this one.
      forget: (region) => forgetRegion(this.target, region, this.currentTs() + (60_000n << 18n)),
      filled: (region) => {
        const bounds = boundsIn(ROW_SPACE, region);
        const lower = bounds?.lower.length === 0 ? undefined : bounds?.lower;
        if (bounds !== undefined) loadLocks(this.engine, this.locks, { lower, upper: bounds.upper });
      },
      stagingFolder: options.stagingFolder ?? 'snapshots',
      differs: options.differs,
      largeCommitCount: () => this.largeCommits.count,
    });
    this.peers = this.regionsHere.peers;
    this.feeds = new Feeds({ store: this, regions: this.regionsHere, world: this.world, timestamps: this.timestamps });
    this.gate = new RegionGate(this, this.regionsHere, this.feeds);
    this.splitter =
      options.splitting &&
      new Splitter<Group>({
        engine: this.engine,
        world: this.world,
        regions: this.regionsHere,
        placement: options.splitting,
        bounds: { sizeBytesMax: this.limits.regionSizeBytesMax, keysMax: this.limits.regionKeysMax },
        checkEveryMs: this.limits.splitCheckEveryMs,
        callsPerSecondMax: options.transport === undefined ? 0 : this.limits.regionCallsPerSecondMax,
        healthy: () => this.failure === undefined,
      });
    this.applyLoop = new ApplyLoop<Group>({
      engine: this.engine,
      world: this.world,
      target: this.target,
      dataVersions: this.dataVersions,
      durableEveryBytes: this.limits.durableEveryBytes,
      durableEveryMs: this.limits.durableEveryMs,
      freed: (key, waiters) => this.wakes.note(key, waiters),
      answer: (group) => this.proposals.answer(group),
      settled: () => this.wakes.tell(),
      fail: (error, groups) => this.onFailed(error, groups),
      healthy: () => this.failure === undefined,
      change: (peer, index, term, data) => this.regionsHere.applyChange(peer, index, term, data),
      peers: () => this.peers.all(),
    });
    this.admission = new Admission(
      this.limits,
      () => this.collector.safePoint,
      () => this.diskRoom?.refusal,
    );
    this.proposals = new Proposals({
      world: this.world,
      entrySizeBytesMax: this.limits.entrySizeBytesMax,
      admission: this.admission,
      latches: this.latches,
      locks: this.locks,
      wakes: this.wakes,
      regions: () => this.regionsHere,
      changeMemory: (changes) => this.changeMemory(changes),
      failure: () => this.failure,
    });
    this.logFree = new LogFree({
      latches: this.latches, locks: this.locks, pessimisticLocksMax: this.limits.pessimisticLocksMax,
      changeMemory: (changes) => this.changeMemory(changes), regions: () => this.regionsHere,
    }); // prettier-ignore
    this.largeCommits = new LargeCommits({
      world: this.world,
      timestamps: this.timestamps,
      view: this.target,
      latches: this.latches,
      admission: this.admission,
      begin: ({ chunks }) => this.leading.beginLarge(chunks),
      holds: (fence) => this.leading.holds(fence),
      propose: (fence, set, done) => {
        if (!this.leading.holds(fence)) done({ kind: 'failed', error: this.regionsHere.notServing(fence.peer) });
        else this.proposals.propose(fence.peer, set, undefined, undefined, LARGE_DONE, done);
      },
      wake: (key, waiters) => this.wakes.note(key, waiters),
      wakeNow: () => this.wakes.tell(),
      failure: () => this.failure,
    });
    this.lockRoom = new LockRoom({
      world: this.world,
      waitersMax: this.limits.lockWaitersMax,
      execute: (command, done) => this.execute(command, done),
      isHeldBy: (key, startTs) => this.locks.state(key)?.pessimistic?.startTs === startTs,
      currentTs: () => this.currentTs(),
    });
    this.leading = new Leading({
      world: this.world,
      locks: this.locks,
      wakes: this.wakes,
      regions: this.regionsHere,
      largeCommits: this.largeCommits,
      failure: () => this.failure,
    });
    this.collector = new GarbageCollector({
      engine: this.engine,
      locks: this.locks,
      pages: this.versions.pages,
      world: this.world,
      limits: this.limits,
      currentTs: () => this.timestamps.next(),
      resolve: (command, done) => this.execute(command, done),
      agree: options.agreeSafePoint,
      healthy: () => this.failure === undefined && !this.closed,
    });
  }

  /** Checks the format, finishes what came by snapshot, loads the locks, applies what the log holds above the engine's index. */
  static async open(options: StoreOptions): Promise<Store> {
    const store = new Store(options);
    const { engine } = store;
    const first = options.firstRegion ?? oneRegion(options.storeId ?? 1);
    store.regionsHere.prepareFolder(first === 'none' ? undefined : first);
    const floors = engine.get('meta', META_TRACES);
    if (floors !== undefined) store.traces.loadFloors(floors);
    await store.regionsHere.finishFilling();
    loadLocks(engine, store.locks);
    store.collector.load();
    await store.regionsHere.open();
    if (store.failure !== undefined) throw store.failure;
    store.opened = true;
    const led = store.peers.all().filter((peer) => peer.consensus.isLeader);
    const recovered = led.map((peer) => store.leading.recover(peer));
    // Others may never get a majority; whoever needs them waits at the gate.
    await Promise.all(recovered.filter((_, i) => led[i]!.consensus.isAlone));
    if (store.failure !== undefined) throw store.failure;
    store.applyLoop.start();
    store.collector.start();
    store.splitter?.start();
    if (options.differs !== undefined) store.regionsHere.checks.start(store.limits.replicaCheckEveryMs);
    return store;
  }

  // ---- reads: see store-reads.ts

  get(
    key: Uint8Array,
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<Uint8Array | undefined | LockedKey> {
    return this.reads.get(key, at, context);
  }

  getMany(
    keys: readonly Uint8Array[],
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<(Uint8Array | undefined)[] | LockedKey> {
    return this.reads.getMany(keys, at, context);
  }

  scan(range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner {
    return this.reads.scan(range, at, options);
  }

  whenUnlocked(key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void {
    this.reads.whenUnlocked(key, startTs, timeoutMs, done);
  }

  scanLocks(range: KeyRange, maxTs: bigint, limit: number): LockInfo[] {
    return this.reads.scanLocks(range, maxTs, limit);
  }

  rawGet(key: Uint8Array): Uint8Array | undefined {
    return this.reads.rawGet(key);
  }

  rawGetMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return this.reads.rawGetMany(keys);
  }

  rawScan(range: KeyRange, options: ScanOptions | undefined): StoreScanner {
    return new RawScanner(this.engine, this.rawPages, range, options);
  }

  /** Undefined while something in the range is on its way: nobody can say yet what a reader of now sees. */
  dataVersion(range: KeyRange): number | undefined {
    const upper = range.upper.length === 0 ? undefined : range.upper;
    if (this.locks.anyWriter(range.lower, upper)) return undefined;
    return this.dataVersions.of(range.lower, upper);
  }

  lastChange(range: KeyRange): Timestamp {
    return this.dataVersions.lastChange(range.lower, range.upper.length === 0 ? undefined : range.upper);
  }

  safePoint(): Timestamp {
    return this.collector.safePoint;
  }

  holdSafePoint(ts: Timestamp): { release(): void } {
    return this.collector.hold(ts);
  }

  // ---- commands

  // hot: bench/micro/txn.ts
  execute(command: TxnCommand, done: (outcome: TxnOutcome) => void): void {
    this.commandCount++;
    const refusal = this.unusable() ?? this.admission.refuseCommand(command);
    if (refusal !== undefined) {
      done({ kind: 'failed', error: refusal });
      return;
    }
    if (command.kind === 'resolve-lock' && command.keys === undefined) {
      resolveAll(this.locks, command, (part, then) => this.execute(part, then), done);
      return;
    }
    const latch: Latch = new Latch(this.latches.slotsOf(keysOf(command)), () => this.run(command, latch, done));
    const acquired = this.latches.acquire(latch);
    if (acquired === true) this.run(command, latch, done);
    else if (acquired === undefined)
      done({ kind: 'failed', error: this.admission.busy('too many commands wait for the same keys') });
  }

  commitLarge(command: LargeCommit, done: (outcome: TxnOutcome) => void): void {
    this.commandCount++;
    const refusal = this.unusable();
    if (refusal !== undefined) return done({ kind: 'failed', error: refusal });
    const peer = this.peers.sole ?? this.peers.find(ROW_SPACE, command.primary);
    // No region changes its bounds under a large commit: what is on its way comes first.
    if (peer?.changing === true) peer.waiting.push(() => this.commitLarge(command, done));
    else this.largeCommits.commit(command, done);
  }

  rawWrite(writes: readonly RawWrite[], done: (error: Error | undefined) => void): void {
    const refusal = this.unusable();
    if (refusal !== undefined) return done(refusal);
    const set = rawWriteSet(writes, this.admission);
    if (set instanceof RutileError) return done(set);
    if (set.writes.length === 0) return done(undefined);
    const peer = this.peers.sole ?? this.regionsHere.ofRaw(writes);
    if (peer instanceof RutileError) return done(peer);
    if (!peer.serves) return done(this.regionsHere.notServing(peer));
    this.proposals.propose(peer, set, undefined, undefined, RAW_DONE, (outcome) =>
      done(outcome.kind === 'failed' ? outcome.error : undefined),
    );
  }

  get readOnly(): RutileError | undefined {
    return this.failure;
  }

  /** Moves the safe point as far as holds and locks allow and starts to collect: for tools and tests; a timer does it otherwise. */
  collectGarbage(wanted: Timestamp): void {
    this.collector.advance(wanted, this.currentTs());
  }

  get collectingGarbage(): boolean {
    return this.collector.walking;
  }

  /** What the metrics page shows. */
  get counters() {
    return {
      commands: this.commandCount,
      onePhaseCommits: this.onePhaseCount,
      entries: this.proposals.entryCount,
      appliedSets: this.applyLoop.appliedSets,
      replayedEntries: this.applyLoop.replayedEntries,
      busy: this.admission.busyCount,
      inFlightWaits: this.inFlightWaitCount,
      versionsForgotten: this.collector.deletedCount,
      replicaDifferences: this.regionsHere.checks.differenceCount,
    };
  }

  /** Entries applied, over all regions. */
  get appliedLogIndex(): number {
    return this.peers.all().reduce((sum, peer) => sum + peer.appliedIndex, 0);
  }

  /** Waits for what was proposed, makes the engine durable. Does not close engine or log: whoever opened them does. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.feeds.close();
    this.collector.stop();
    await this.splitter?.close();
    this.lockRoom.close();
    this.proposals.closeAll();
    while (
      this.failure === undefined &&
      (this.largeCommits.count > 0 ||
        this.peers.all().some((peer) => peer.consensus.inFlightCount > 0) ||
        !this.applyLoop.idle)
    ) {
      await new Promise<void>((resolve) => this.world.timers.soon(resolve));
    }
    this.regionsHere.close();
    this.diskRoom?.close();
    await this.applyLoop.close();
  }

  // ---- regions

  regions(): readonly RegionDescriptor[] {
    return this.peers.all().map((peer) => peer.region);
  }

  /** See region/regions.ts. */
  split(regionId: number, at: Uint8Array, newRegionId: number, newPeerIds: readonly number[]): Promise<void> {
    return this.regionsHere.split(regionId, { at, newRegionId, newPeerIds, share: 0.5 });
  }

  addPeer(regionId: number, peer: RegionPeer): Promise<void> {
    const kind = peer.role === 'learner' ? 'add-learner' : 'add-voter';
    return this.regionsHere.change(regionId, [{ kind, id: peer.id }], [peer]);
  }

  removePeer(regionId: number, peerId: number): Promise<void> {
    return this.regionsHere.change(regionId, [{ kind: 'remove', id: peerId }], []);
  }

  // ---- deciding

  // hot
  private run(command: TxnCommand, latch: Latch, done: (outcome: TxnOutcome) => void): void {
    if (this.failure !== undefined) {
      this.latches.release(latch);
      done({ kind: 'failed', error: this.failure });
      return;
    }
    const injected = beforeDecide.armed ? beforeDecide.hit(this.world) : undefined;
    if (injected !== undefined) {
      this.latches.release(latch);
      done({ kind: 'failed', error: this.admission.busy(`failpoint ${beforeDecide.name}: ${injected}`) });
      return;
    }
    const peer = this.peers.sole ?? this.regionsHere.ofKeys(keysOf(command));
    const refused = peer instanceof RutileError ? peer : peer.serves ? undefined : this.regionsHere.notServing(peer);
    if (peer instanceof RutileError || refused !== undefined) {
      this.latches.release(latch);
      done({ kind: 'failed', error: refused! });
      return;
    }
    const decision = decide(this.target, command);
    const { outcome, writes, memory } = decision;
    if (decision.wait !== undefined && command.kind === 'pessimistic-lock') {
      this.latches.release(latch);
      this.lockRoom.wait(command, decision.wait, done);
      return;
    }
    if (writes === undefined || writes.writes.length === 0) {
      if (decision.onePhase) this.commitNothing(peer, latch, memory, done);
      else this.logFree.answer(peer, latch, memory, outcome, done);
      return;
    }
    const tooLarge = this.admission.refuseSize(writes);
    if (tooLarge !== undefined) {
      this.latches.release(latch);
      done({ kind: 'failed', error: tooLarge });
      return;
    }
    if (decision.onePhase) this.commitOnePhase(peer, decision, writes, latch, done);
    else {
      if (writes.commitTs !== 0n) this.markInFlight(writes, writes.commitTs);
      this.proposals.propose(peer, writes, latch, memory, outcome, done);
    }
  }

  // hot
  private commitOnePhase(
    peer: Peer<Group>,
    decision: Decision,
    writes: WriteSet,
    latch: Latch,
    done: (outcome: TxnOutcome) => void,
  ): void {
    this.onePhaseCount++;
    const drawn = this.timestamps.next();
    if (!isPromise(drawn)) {
      this.proposeOnePhase(peer, drawn, decision, writes, latch, done);
      return;
    }
    // Readers stop at the keys from the turn in which a timestamp may have been drawn for them.
    this.markInFlight(writes, writes.startTs + 1n);
    const { region } = peer;
    const { term } = peer.consensus;
    drawn.then(
      (commitTs) => {
        // Another may have led, and written, in between.
        if (peer.consensus.term !== term) this.proposals.undo(writes, latch, done, this.regionsHere.notServing(peer));
        else if (peer.region === region) this.proposeOnePhase(peer, commitTs, decision, writes, latch, done);
        else if (!this.refusesLate(commitTs, writes, latch, done)) {
          // It was split or merged in between: the keys may belong elsewhere.
          this.giveTs(writes, commitTs);
          const outcome = { kind: 'committed', commitTs } as const;
          this.proposals.proposeAfterChange(peer, term, writes, latch, decision.memory, outcome, done);
        }
      },
      (error: unknown) =>
        this.proposals.undo(writes, latch, done, error instanceof Error ? error : new Error(String(error))),
    );
  }

  // hot
  private proposeOnePhase(
    peer: Peer<Group>,
    commitTs: bigint,
    decision: Decision,
    writes: WriteSet,
    latch: Latch,
    done: (outcome: TxnOutcome) => void,
  ): void {
    if (this.refusesLate(commitTs, writes, latch, done)) return;
    this.giveTs(writes, commitTs);
    this.proposals.propose(peer, writes, latch, decision.memory, { kind: 'committed', commitTs }, done);
  }

  // hot
  private refusesLate(commitTs: bigint, set: WriteSet, latch: Latch, done: (outcome: TxnOutcome) => void): boolean {
    if (set.maxCommitTs === undefined || commitTs <= set.maxCommitTs) return false;
    this.proposals.undo(set, latch, done, commitTooLate(commitTs, set.maxCommitTs));
    return true;
  }

  // hot
  private giveTs(writes: WriteSet, commitTs: bigint): void {
    assert(commitTs > writes.startTs, 'the oracle went back');
    writes.commitTs = commitTs;
    this.markInFlight(writes, commitTs);
  }

  /** A one-phase commit that turned out to write nothing still ends the transaction. */
  private commitNothing(
    peer: Peer<Group>,
    latch: Latch,
    memory: readonly MemoryChange[] | undefined,
    done: (outcome: TxnOutcome) => void,
  ): void {
    const drawn = this.timestamps.next();
    const end = (commitTs: bigint) => this.logFree.answer(peer, latch, memory, { kind: 'committed', commitTs }, done);
    if (!isPromise(drawn)) return end(drawn);
    drawn.then(end, (error: Error) => this.logFree.finish(latch, undefined, { kind: 'failed', error }, done));
  }

  // hot
  private markInFlight(set: WriteSet, commitTs: bigint): void {
    const writes = set.writes;
    for (let i = 0; i < writes.length; i++) {
      const write = writes[i]!;
      if (write.op === OP_VERSION || write.op === OP_COMMIT) this.locks.ensure(write.key).commitTsInFlight = commitTs;
    }
  }

  // ---- applied, or not

  private onFailed(error: Error, groups: readonly Group[]): void {
    if (this.failure === undefined) {
      const full = error instanceof RutileError && error.code === 'disk.full';
      const why = full ? 'the disk is full' : 'the log or the engine could not be written';
      this.failure = new RutileError('kv.read-only', `the store is read-only since ${why}: ${error.message}`, {
        cause: error,
      });
    }
    const undetermined = new RutileError('kv.undetermined', `the write may or may not survive: ${error.message}`, {
      cause: error,
    });
    this.proposals.fail(groups, undetermined);
    for (const peer of this.peers.all()) if (peer.changing) this.regionsHere.endChange(peer);
  }

  // ---- memory and waiting

  private changeMemory(changes: readonly MemoryChange[]): void {
    for (const { key, lock, startTs } of changes) {
      if (lock === undefined) this.wakes.note(key, this.locks.releasePessimistic(key, startTs));
      else {
        this.locks.setPessimistic(key, lock);
        this.lockRoom.taken(key, startTs);
      }
    }
    this.wakes.tell();
  }

  // ---- small parts

  private unusable(): RutileError | undefined {
    if (this.failure !== undefined) return this.failure;
    return this.closed ? new RutileError('kv.closed', 'the store is closed') : undefined;
  }

  private currentTs(): bigint {
    return BigInt(Math.max(0, Math.floor(this.world.clock.wallMs()))) << 18n;
  }
}

const LARGE_DONE: TxnOutcome = { kind: 'resolved', count: 0 };
const RAW_DONE: TxnOutcome = { kind: 'resolved', count: 0 };
