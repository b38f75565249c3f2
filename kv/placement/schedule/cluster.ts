/**
 * What every checker and scheduler sees and may do: the region table, the stores, the rules, the operators, chance and new ids. It answers the questions that
 * all of them ask: is this peer well, which store should take a replica of this rule, is this region as it should be.
 */
import type { Random } from '../../../base/world.ts';
import type { RegionPeer, RegionTable, RegionView } from '../regions/region-table.ts';
import { planChange, type PlanContext, type TargetRole } from './builder.ts';
import type { ScheduleConfig } from './config.ts';
import { fitRegion, type FitContext, type RegionFit } from './fit.ts';
import type { OperatorKind, Priority, Step } from './operator.ts';
import type { Operators } from './operators.ts';
import { breaksIsolation, isolationWith, meets, type Rule, type RuleSet } from './rules.ts';
import { regionScore, type StoreEntry, type StoreMeta, type StoreTable } from './store-table.ts';

export interface ClusterParts {
  readonly table: RegionTable;
  readonly stores: StoreTable;
  readonly rules: RuleSet;
  readonly operators: Operators;
  readonly random: Random;
  nextPeerId(): number | undefined;
}

export class Cluster implements PlanContext, FitContext {
  readonly table: RegionTable;
  readonly stores: StoreTable;
  readonly rules: RuleSet;
  readonly operators: Operators;
  readonly random: Random;
  readonly nextPeerId: () => number | undefined;
  config: ScheduleConfig;
  /** By store index: 1 while a peer there needs no look (up, and not leaving). Renewed each tick. */
  private quiet = new Uint8Array(0);
  /** By store index: the value of the widest location label as a number. */
  private zones = new Int32Array(0);
  /** Stores that may be given a peer now, but for their tokens. */
  private receiving: readonly StoreEntry[] = [];

  constructor(parts: ClusterParts, config: ScheduleConfig) {
    this.table = parts.table;
    this.stores = parts.stores;
    this.rules = parts.rules;
    this.operators = parts.operators;
    this.random = parts.random;
    this.nextPeerId = () => parts.nextPeerId();
    this.config = config;
  }

  tick(): void {
    this.quiet = new Uint8Array(this.table.storeBags.length);
    this.zones = new Int32Array(this.table.storeBags.length).fill(-1);
    const label = this.config.locationLabels[0] ?? '';
    const numbers = new Map<string, number>();
    for (const entry of this.stores.all()) {
      const quiet = entry.meta.state === 'up' && this.stores.health(entry, this.config) !== 'down';
      const index = this.table.storeIndex(entry.id);
      if (index >= this.quiet.length) continue;
      this.quiet[index] = quiet ? 1 : 0;
      const zone = entry.meta.labels[label];
      if (zone === undefined) continue;
      if (!numbers.has(zone)) numbers.set(zone, numbers.size);
      this.zones[index] = numbers.get(zone)!;
    }
    this.receiving = this.stores.all().filter((entry) => this.stores.mayReceive(entry, this.config));
  }

  /** Some store may be given a peer in this turn. */
  mayAdd(): boolean {
    return this.receiving.some((entry) => entry.addTokens >= 1);
  }

  store(id: number): StoreEntry | undefined {
    return this.stores.get(id);
  }

  mayLead(storeId: number): boolean {
    const entry = this.stores.get(storeId);
    return entry !== undefined && this.stores.mayLead(entry, this.config);
  }

  stays(storeId: number): boolean {
    const entry = this.stores.get(storeId);
    return entry?.meta.state === 'up' && this.stores.health(entry, this.config) !== 'down';
  }

  isHealthy(peer: RegionPeer): boolean {
    const entry = this.stores.get(peer.storeId);
    if (!entry || !this.stores.serves(entry, this.config)) return false;
    const region = this.current;
    return (
      !region ||
      !(region.pending.some(({ id }) => id === peer.id) || region.down.some((one) => one.peer.id === peer.id))
    );
  }

  /** The region that `isHealthy` speaks of. */
  private current: RegionView | undefined;

  plan(region: RegionView, target: ReadonlyMap<number, TargetRole>, leaderStoreId = 0): Step[] | undefined {
    this.current = region;
    return planChange(region, target, this, leaderStoreId);
  }

  /** Everybody there and caught up: fit to be moved for balance. */
  isWell(region: RegionView): boolean {
    this.current = region;
    return region.leader !== undefined && region.peers.every((peer) => this.isHealthy(peer));
  }

  fit(region: RegionView): RegionFit {
    return fitRegion(region, this.rules.rulesOf(region.lower, region.upper), this);
  }

  // hot: bench/micro/placement.ts
  /** Nothing for the replica checker to see, told from the columns alone: one rule of plain voters, and all of them well. */
  isPlain(slot: number): boolean {
    const rules = this.rules.all();
    const rule = rules[0]!;
    const count = this.table.peerCounts[slot]!;
    if (rules.length !== 1 || rule.role !== 'voter' || rule.count !== count) return false;
    if (rule.constraints.length > 0 || this.table.downBits[slot] !== 0) return false;
    const at = this.table.peerAt[slot]!;
    const { stores, roles } = this.table.peers;
    for (let i = at; i < at + count; i++) {
      if (roles[i] !== 0 || this.quiet[stores[i]!] !== 1) return false;
      if (rule.locationLabels.length === 0) continue;
      // All in different zones: no other place could be better.
      for (let j = at; j < i; j++) if (this.zones[stores[i]!] === this.zones[stores[j]!]) return false;
    }
    return true;
  }

  /**
   * The store for a new replica of `rule`: best spread from `others`, then the smallest score. `atLeast` is the spread that it must
   * have to be worth it.
   */
  pickStore(
    region: RegionView,
    rule: Rule,
    others: readonly StoreMeta[],
    wish: {
      readonly atLeast?: number;
      readonly scoreBelow?: number;
      readonly allowed?: (entry: StoreEntry) => boolean;
    } = {},
  ): StoreEntry | undefined {
    let best: StoreEntry | undefined;
    let bestSpread = wish.atLeast ?? -1;
    let bestScore = wish.scoreBelow ?? Infinity;
    for (const entry of this.receiving) {
      if (entry.addTokens < 1 || region.peers.some((peer) => peer.storeId === entry.id)) continue;
      if (wish.allowed && !wish.allowed(entry)) continue;
      const score = regionScore(entry, this.config);
      const spread = rule.locationLabels.length === 0 ? 0 : isolationWith(entry.meta, others, rule.locationLabels);
      if (spread < bestSpread || (spread === bestSpread && score >= bestScore)) continue;
      if (wish.scoreBelow !== undefined && score >= wish.scoreBelow) continue;
      if (!meets(entry.meta, rule) || breaksIsolation(entry.meta, others, rule)) continue;
      best = entry;
      bestSpread = spread;
      bestScore = score;
    }
    return best;
  }

  /** Starts an operator when there is a plan and room for it. */
  start(
    region: RegionView,
    steps: readonly Step[] | undefined,
    what: { readonly description: string; readonly kind: OperatorKind; readonly priority: Priority },
  ): boolean {
    if (!steps) return false;
    return this.operators.add([{ ...what, region, steps }], this.config) === 'added';
  }

  transferLeader(
    region: RegionView,
    toStoreId: number,
    what: { readonly description: string; readonly kind: OperatorKind; readonly priority: Priority },
  ): boolean {
    const to = region.peers.find((peer) => peer.storeId === toStoreId);
    if (!to || to.role !== 'voter' || !region.leader || region.leader.id === to.id) return false;
    const step: Step = { kind: 'transfer-leader', fromStoreId: region.leader.storeId, toStoreId, toPeerId: to.id };
    return this.start(region, [step], what);
  }

  metasOf(peers: readonly RegionPeer[]): StoreMeta[] {
    return peers.flatMap((peer) => this.stores.get(peer.storeId)?.meta ?? []);
  }
}
