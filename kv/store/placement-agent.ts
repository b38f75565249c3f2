/**
 * `PlacementAgent`: a store of a cluster speaks to placement. It reports the store every `storeReportMs`, each region that it leads every
 * `regionReportMs` and within `lookMs` of a change of bounds, members or leader, and does what placement asks for: one step of an operator at a time, dropped
 * when it does not fit the region as it is (placement repeats what is still to be done).
 *
 *     placement ── instruct ──▶ add, promote, remove a peer; hand the lead over; split; merge
 *               ◀── report ───  region, term, members that lag or are silent, sizes, what was read and written
 *
 * A region whose lead is to go keeps it for up to `LOCKS_WAIT_MS` while transactions hold pessimistic locks there, which are in the leader's memory
 * alone: who waited for such a lock would be let through, and its holder fail when it commits.
 *
 * Reports go by one way at a time; when it is lost, another is opened and everything is told again.
 */
import { RutileError } from '../../base/error.ts';
import type { Timer, World } from '../../base/world.ts';
import { boundsIn, ROW_SPACE } from '../../proto/kv/region.ts';
import type { Instruction, RegionReport, ReportWay, StorePlacementPort } from '../../proto/kv/placement.ts';
import type { Peer } from './region/peer.ts';
import { ShareOfTime } from './share-of-time.ts';
import type { Store } from './store.ts';

export interface AgentTiming {
  readonly lookMs: number;
  readonly regionReportMs: number;
  readonly storeReportMs: number;
  /** Between two attempts to open a way for reports. */
  readonly reopenMs: number;
}

export const AGENT_TIMING: AgentTiming = { lookMs: 100, regionReportMs: 10_000, storeReportMs: 2000, reopenMs: 500 };

export interface AgentOptions {
  readonly store: Store;
  readonly storeId: number;
  readonly placement: StorePlacementPort;
  readonly world: World;
  readonly timing?: Partial<AgentTiming>;
  /** The data folder: how much room its volume has. */
  readonly folder: string;
  readonly usedBytes: () => number;
  /** Placement has given the store up. */
  readonly onBuried: () => void;
  /** What went wrong and is tried again. */
  readonly onProblem: (what: string, error: unknown) => void;
}

interface Told {
  readonly term: number;
  readonly region: object;
  readonly troubled: boolean;
  atMs: number;
  calls: number;
  growthBytes: number;
  growthKeys: number;
}

/** Most transactions are shorter; a region under load is never without locks, and its lead must go all the same. */
const LOCKS_WAIT_MS = 5000;
const LOCKS_LOOK_MS = 20;

/** A member that has not answered for so long is down. */
const DOWN_AFTER_MS = 5000;

export class PlacementAgent {
  private readonly options: AgentOptions;
  private readonly timing: AgentTiming;
  private way: ReportWay | undefined = undefined;
  private readonly told = new Map<number, Told>();
  /** When the members of a region led here were last heard of. */
  private readonly heard = new Map<number, Map<number, number>>();
  private readonly looks = new ShareOfTime();
  /** Regions whose lead goes as soon as it may. */
  private readonly leaving = new Set<number>();
  private readonly timers: Timer[] = [];
  private readonly startTimeS: number;
  private storeReported = 0;
  private closed = false;

  constructor(options: AgentOptions) {
    this.options = options;
    this.timing = { ...AGENT_TIMING, ...options.timing };
    this.startTimeS = Math.floor(options.world.clock.wallMs() / 1000);
  }

  start(): void {
    const { timers } = this.options.world;
    this.open();
    void this.reportStore();
    this.timers.push(
      timers.every(this.timing.lookMs, () => this.look()),
      timers.every(this.timing.storeReportMs, () => void this.reportStore()),
    );
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) timer.cancel();
    this.way?.close();
    this.way = undefined;
  }

  // ---- reports

  private open(): void {
    const { placement, storeId, onProblem, world } = this.options;
    this.told.clear();
    let over = false;
    const lost = (): void => {
      if (over || this.closed) return;
      over = true;
      this.way = undefined;
      world.timers.after(this.timing.reopenMs, () => {
        if (!this.closed) this.open();
      });
    };
    try {
      const way = placement.openReports(storeId, { instruct: (one) => this.instruct(one), lost });
      if (over) way.close();
      else this.way = way;
    } catch (error) {
      onProblem('reports of regions', error);
      lost();
    }
    this.look();
  }

  private look(): void {
    const { way } = this;
    if (way === undefined) return;
    const { store, world } = this.options;
    const nowMs = world.clock.monotonicMs();
    if (!this.looks.isDue(nowMs)) return;
    for (const peer of store.regionsHere.peers.all()) {
      if (!peer.serves) {
        this.told.delete(peer.id);
        this.heard.delete(peer.id);
        continue;
      }
      const before = this.told.get(peer.id);
      const isChanged = before === undefined || before.region !== peer.region || before.term !== peer.consensus.term;
      if (peer.consensus.asleep) {
        // Everybody was there when it fell asleep; who goes away meanwhile is counted from when it wakes.
        this.heard.delete(peer.id);
        if (!isChanged && !before.troubled && nowMs - before.atMs < this.timing.regionReportMs) continue;
      }
      const { pending, down } = this.members(peer, nowMs);
      const troubled = pending.length > 0 || down.length > 0;
      const isNews = isChanged || before.troubled !== troubled;
      if (!isNews && nowMs - before.atMs < (troubled ? 1000 : this.timing.regionReportMs)) continue;
      way.report(this.reportOf(peer, before, nowMs, pending, down));
      this.told.set(peer.id, {
        term: peer.consensus.term, region: peer.region, troubled, atMs: nowMs, calls: peer.calls.count, growthBytes: peer.growthBytes, growthKeys: peer.growthKeys,
      }); // prettier-ignore
    }
    const { peers } = store.regionsHere;
    for (const known of [this.told, this.heard])
      if (known.size > peers.count) for (const id of known.keys()) if (peers.get(id) === undefined) known.delete(id);
    this.looks.took(nowMs, world.clock.monotonicMs());
  }

  private reportOf(
    peer: Peer<unknown>,
    before: Told | undefined,
    nowMs: number,
    pendingPeerIds: readonly number[],
    downPeers: RegionReport['downPeers'],
  ): RegionReport {
    const since = (now: number, then: number | undefined): number => Math.max(0, Math.floor(then === undefined || now < then ? now : now - then)); // prettier-ignore
    const queries = since(peer.calls.count, before?.calls);
    const bytesWritten = since(peer.growthBytes, before?.growthBytes);
    const keysWritten = since(peer.growthKeys, before?.growthKeys);
    return {
      region: peer.region,
      term: peer.consensus.term,
      leaderPeerId: peer.consensus.core.id,
      pendingPeerIds,
      downPeers,
      sizeBytes: Math.max(0, Math.floor(peer.sizeBytes + peer.growthBytes)),
      keys: Math.max(0, Math.floor(peer.keys + peer.growthKeys)),
      intervalSeconds: Math.max(1, Math.round((nowMs - (before?.atMs ?? nowMs - 1000)) / 1000)),
      bytesWritten,
      bytesRead: 0,
      keysWritten,
      keysRead: Math.max(0, queries - keysWritten),
      queries,
    };
  }

  private members(
    peer: Peer<unknown>,
    nowMs: number,
  ): { pending: number[]; down: { peerId: number; downSeconds: number }[] } {
    const pending: number[] = [];
    const down: { peerId: number; downSeconds: number }[] = [];
    if (peer.region.peers.length === 1) return { pending, down };
    const self = peer.consensus.core.id;
    let heard = this.heard.get(peer.id);
    if (heard === undefined) this.heard.set(peer.id, (heard = new Map()));
    for (const progress of peer.consensus.progress()) {
      if (progress.id === self) continue;
      if (progress.state !== 'replicate') pending.push(progress.id);
      const lastMs = heard.get(progress.id);
      if (progress.recentlyActive || lastMs === undefined) heard.set(progress.id, nowMs);
      else if (nowMs - lastMs > DOWN_AFTER_MS) down.push({ peerId: progress.id, downSeconds: Math.floor((nowMs - lastMs) / 1000) }); // prettier-ignore
    }
    return { pending, down };
  }

  private async reportStore(): Promise<void> {
    const { store, storeId, placement, world, folder, usedBytes, onBuried, onProblem } = this.options;
    const sequence = ++this.storeReported;
    try {
      const available = await world.disk.freeBytes(folder);
      const used = usedBytes();
      const outcome = await placement.reportStore({
        storeId,
        capacityBytes: available + used,
        availableBytes: available,
        usedBytes: used,
        regionCount: store.regionsHere.peers.count,
        sendingSnapshots: 0,
        receivingSnapshots: 0,
        applyingSnapshots: 0,
        busy: false,
        slowScore: 1,
        startTimeS: this.startTimeS,
        intervalSeconds: Math.max(1, Math.round(this.timing.storeReportMs / 1000)),
        bytesWritten: 0,
        bytesRead: 0,
        keysWritten: 0,
        keysRead: 0,
      });
      if (outcome === 'buried' && !this.closed) onBuried();
    } catch (error) {
      // The next one is due anyway.
      if (!this.closed && sequence === this.storeReported) onProblem('report of the store', error);
    }
  }

  // ---- instructions

  private instruct(instruction: Instruction): void {
    if (this.closed) return;
    const { store, onProblem } = this.options;
    const peer = store.regionsHere.peers.get(instruction.regionId);
    if (peer === undefined || !peer.serves) return;
    const { epoch } = peer.region;
    if (epoch.version !== instruction.version || epoch.confVersion !== instruction.confVersion) return;
    this.run(peer, instruction).catch((error: unknown) => {
      const code = error instanceof RutileError ? error.code : '';
      // It is being changed, or has been: the next report says how it is, and what is left to do comes again.
      if (code !== 'kv.busy' && code !== 'kv.not-leader' && code !== 'kv.epoch' && code !== 'kv.no-region')
        onProblem(`region ${instruction.regionId}: ${instruction.step.kind}`, error);
    });
  }

  private async run(peer: Peer<unknown>, { step, regionId }: Instruction): Promise<void> {
    const { store } = this.options;
    const here = store.regionsHere;
    switch (step.kind) {
      case 'add-learner': {
        const { peerId: id, storeId } = step;
        if (peer.region.peers.some((one) => one.id === id)) return;
        return here.change(regionId, [{ kind: 'add-learner', id }], [{ id, storeId, role: 'learner' }]);
      }
      case 'promote':
        return here.change(regionId, [{ kind: 'add-voter', id: step.peerId }], []);
      case 'enter-joint':
        return here.change(
          regionId,
          [
            ...step.promote.map(({ peerId: id }) => ({ kind: 'add-voter' as const, id })),
            ...step.demote.map(({ peerId: id }) => ({ kind: 'add-learner' as const, id })),
          ],
          [],
        );
      case 'leave-joint':
        // Ours leave by themselves.
        return;
      case 'remove-peer':
        return here.change(regionId, [{ kind: 'remove', id: step.peerId }], []);
      case 'transfer-leader':
        return this.transfer(peer, step.toPeerId);
      case 'split':
        if (store.splitter === undefined) return;
        if (step.policy === 'keys') return store.splitter.splitAt(step.keys);
        await store.splitter.splitInMiddle(peer.id);
        return;
      case 'merge':
        return here.merger.merge(step.sourceId, step.targetId);
    }
  }

  private async transfer(peer: Peer<unknown>, toPeerId: number): Promise<void> {
    const { store, world } = this.options;
    const { id } = peer.region;
    if (this.leaving.has(id)) return;
    this.leaving.add(id);
    try {
      const endMs = world.clock.monotonicMs() + LOCKS_WAIT_MS;
      while (this.holdsLocks(peer) && world.clock.monotonicMs() < endMs) {
        await new Promise<void>((resolve) => void world.timers.after(LOCKS_LOOK_MS, resolve));
        if (this.closed || !peer.serves) return;
      }
      store.regionsHere.transferLeader(id, toPeerId);
    } finally {
      this.leaving.delete(id);
    }
  }

  private holdsLocks({ region }: Peer<unknown>): boolean {
    const rows = boundsIn(ROW_SPACE, region);
    return rows !== undefined && this.options.store.locks.anyPessimistic(rows.lower, rows.upper);
  }
}
