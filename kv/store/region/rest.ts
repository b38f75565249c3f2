/**
 * `Rest`: which regions of a store tick, and which sleep. A region that nobody writes or reads and whose members all have everything costs
 * nothing: its leader tells the others that it will be silent (a heartbeat with `force`) and stops; whoever gets that and agrees stops, too. Any
 * proposal, read or message wakes a member. One member alone needs no ticks at all while it leads.
 *
 *     quiet for REST_TICKS ─ leader: last heartbeat, "I sleep" ──▶ followers that have everything sleep
 *
 * Sleepers cannot notice that their leader died, so stores watch each other for all of them: while anything sleeps, a store sends a beat
 * to every store that has a member of a sleeping region. A store that is silent for DEAD_MS, or that was started anew, wakes the
 * regions that it led here; from there on they elect as usual. A member that missed the word goes on ticking, asks for votes, and
 * wakes the leader by that.
 *
 * A store that starts lets its members sleep, and wakes them a few at a time, unless something else does it before; the member whose
 * turn it is in its region then stands for election at once.
 *
 * Beats are heartbeats of a region 0 that does not exist: `term` carries when the sender was started.
 */
import type { World } from '../../../base/world.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import { message } from '../../raft/index.ts';
import type { Sleeper } from '../raft-consensus.ts';
import type { Peer } from './peer.ts';
import type { RegionMessage } from './regions.ts';

/** A leader that has had nothing to do for so many ticks says that it sleeps. */
const REST_TICKS = 20;
const BEAT_MS = 500;
const DEAD_MS = 2500;
/** After a start so many members wake a tick: elections of all regions at once would only disturb each other. */
const FRESH_AT_ONCE = 500;
export const BEAT_REGION = 0;
const NOTHING = new Uint8Array(0);
const NO_REGION: RegionDescriptor = {
  id: BEAT_REGION,
  lower: NOTHING,
  upper: NOTHING,
  epoch: { confVersion: 0, version: 0 },
  peers: [],
};

export interface RestOptions<G> {
  readonly world: World;
  readonly storeId: number;
  readonly peers: () => readonly Peer<G>[];
  readonly find: (regionId: number) => Peer<G> | undefined;
  /** Undefined: the store is alone. */
  readonly send: ((toStoreId: number, message: RegionMessage) => void) | undefined;
}

interface Neighbour {
  heardMs: number;
  /** When it was started, as it says; 0: not heard yet. */
  life: number;
}

export class Rest<G> {
  private readonly options: RestOptions<G>;
  private readonly awake = new Set<Sleeper>();
  private readonly neighbours = new Map<number, Neighbour>();
  private readonly life: number;
  private fresh: readonly Sleeper[] = [];
  private freshAt = 0;
  private freshMs = 0;
  private beatMs = 0;
  /** Somebody slept or woke since the stores to beat to were last found out. */
  private changed = true;
  private stores: readonly number[] = [];

  constructor(options: RestOptions<G>) {
    this.options = options;
    this.life = Math.floor(options.world.clock.wallMs()) + options.world.random.below(1000);
  }

  get awakeCount(): number {
    return this.awake.size;
  }

  wake(member: Sleeper): void {
    this.changed = true;
    this.awake.add(member);
  }

  /** It was told to sleep, or is gone. */
  leave(member: Sleeper): void {
    this.changed = true;
    this.awake.delete(member);
  }

  /** Members that were just opened; nobody grants a vote before `afterMs` have passed. */
  begin(members: readonly Sleeper[], afterMs: number): void {
    for (const member of members) {
      member.sleep();
      this.awake.delete(member);
    }
    this.fresh = members;
    this.freshMs = this.options.world.clock.monotonicMs() + afterMs;
  }

  private wakeFresh(): void {
    if (this.options.world.clock.monotonicMs() < this.freshMs) return;
    const { fresh } = this;
    for (let count = 0; count < FRESH_AT_ONCE && this.freshAt < fresh.length; this.freshAt++) {
      const member = fresh[this.freshAt]!;
      if (!member.asleep) continue;
      count++;
      member.rouse();
      if (member.isFirstChoice) member.campaign();
    }
    if (this.freshAt === fresh.length) this.fresh = [];
  }

  tick(): void {
    if (this.fresh.length > 0) this.wakeFresh();
    for (const member of this.awake) {
      member.tick();
      if (member.isAlone && member.isLeader) {
        member.sleep();
        this.awake.delete(member);
      } else if (member.quietTicks >= REST_TICKS && this.maySleep(member)) {
        member.announceRest();
        member.sleep();
        this.leave(member);
      }
    }
    if (this.options.send !== undefined) this.beat(this.options.send);
  }

  /** Beats of a store that can be heard from here: everybody must be there to sleep. */
  private maySleep(member: Sleeper): boolean {
    const { find, send, storeId } = this.options;
    const peer = find(member.regionId);
    if (send === undefined || peer === undefined || peer.consensus !== member || peer.changing || peer.merging !== undefined) return false; // prettier-ignore
    return peer.region.peers.some((one) => one.storeId === storeId);
  }

  private beat(send: (toStoreId: number, message: RegionMessage) => void): void {
    const nowMs = this.options.world.clock.monotonicMs();
    if (nowMs < this.beatMs) return;
    // Frozen in between: what could not be heard was nobody's fault.
    if (nowMs > this.beatMs + DEAD_MS) for (const one of this.neighbours.values()) one.heardMs = nowMs;
    this.beatMs = nowMs + BEAT_MS;
    if (this.changed) this.findStores(nowMs);
    const { storeId } = this.options;
    for (const to of this.stores) {
      const beat = { ...message('heartbeat', 0, 0, this.life) };
      send(to, { regionId: BEAT_REGION, from: { id: 0, storeId }, to: { id: 0, storeId: to }, region: NO_REGION, message: beat }); // prettier-ignore
      if (nowMs - this.neighbours.get(to)!.heardMs > DEAD_MS) this.wakeLedBy(to);
    }
  }

  private findStores(nowMs: number): void {
    this.changed = false;
    const found = new Set<number>();
    for (const { consensus, region } of this.options.peers()) {
      if (!consensus.asleep || region.peers.length === 1) continue;
      for (const { storeId } of region.peers) if (storeId !== this.options.storeId) found.add(storeId);
    }
    for (const id of found) if (!this.stores.includes(id)) this.neighbours.set(id, { heardMs: nowMs, life: this.neighbours.get(id)?.life ?? 0 }); // prettier-ignore
    this.stores = [...found];
  }

  /** A store says that it lives. */
  heard(from: number, life: number): void {
    const nowMs = this.options.world.clock.monotonicMs();
    const neighbour = this.neighbours.get(from);
    if (neighbour === undefined) {
      this.neighbours.set(from, { heardMs: nowMs, life });
      return;
    }
    // It knows nothing of what it led before.
    if (neighbour.life !== 0 && neighbour.life !== life) this.wakeLedBy(from);
    neighbour.heardMs = nowMs;
    neighbour.life = life;
  }

  private wakeLedBy(storeId: number): void {
    for (const { consensus, region } of this.options.peers()) {
      if (!consensus.asleep || consensus.isLeader) continue;
      const leader = region.peers.find((one) => one.id === consensus.leaderId);
      if (leader === undefined || leader.storeId === storeId) consensus.rouse();
    }
  }
}
