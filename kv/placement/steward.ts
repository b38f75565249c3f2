/**
 * The steward: placement as stores, servers and people see it (`PlacementPort` and PD's HTTP API), over whatever carries the commands: the one
 * process or a member of the group. While this member leads it keeps a schedule, fed by the reports of stores; with the leadership the
 * schedule goes, and the next leader hears everything again.
 *
 *     reports ─▶ schedule ─▶ instructions ─▶ the store that leads the region
 *     people  ─▶ commands ─▶ core (durable) ─▶ applySettings ─▶ schedule
 *
 * A store opens one way for its reports; the newest counts. Instructions for a store without a way are dropped: they are repeated.
 */
import { compareBytes } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Timer, World } from '../../base/world.ts';
import type {
  FirstRegions, ReportHandlers, ReportWay, SplitIds, StoreReport, StoreReportOutcome, Timestamps,
} from '../../proto/kv/placement.ts'; // prettier-ignore
import { isOlderEpoch, type RegionDescriptor, ROW_SPACE } from '../../proto/kv/region.ts';
import type { Command, CommandResult, PlacementCore, StoreRecord } from './core.ts';
import { type ApiAnswer, applySettings, handleApi, priorityOf } from './http/index.ts';
import type { KnownRegion, MemberPlace, PlacementMemberInfo, PlacementMembers, PlacementPort } from './port.ts';
import type { RegionHeartbeat, RegionView } from './regions/index.ts';
import { type Operator, Schedule } from './schedule/index.ts';
import { fromTablePeer, heartbeatOf, toRegionInfo } from './report-shapes.ts';

/** What makes commands durable and knows who leads: LocalPlacement, or a PlacementMember. */
export interface Carrier {
  readonly core: PlacementCore;
  readonly leads: boolean;
  readonly leaderId: number;
  /** Throws `placement.not-leader`. */
  requireLead(): void;
  onLead(listener: (leads: boolean) => void): void;
  memberInfos(): readonly PlacementMemberInfo[];
  timestamps(count: number): MaybePromise<Timestamps>;
  allocateIds(count: number): MaybePromise<number>;
  /** Ids at once, or `undefined` while more are reserved. */
  idsNow(count: number): number | undefined;
  change(command: Command): Promise<CommandResult>;
  advanceSafePoint(ts: bigint): Promise<bigint>;
  holdForService(service: string, ts: bigint, ttlMs: number): Promise<void>;
  transferLeader(to: number): boolean;
  addMember(member: MemberPlace, joins: boolean): Promise<void>;
  removeMember(id: number): Promise<void>;
}

export interface StewardOptions {
  readonly version: string;
  /** No region reaches over this place of the region space, beyond the border of raw pairs and rows. */
  isBorder?(key: Uint8Array): boolean;
}

interface Desk {
  readonly schedule: Schedule;
  readonly startMs: number;
  readonly startedAtMs: number;
  regionsNotedAtS: number;
}

const NOTE_REGIONS_SECONDS = 60;
/** Seconds between two looks whether another member should lead. */
const PRIORITY_SECONDS = 10;
const SPLITS_AT_ONCE_MAX = 1024;
/** Known and reported regions differ by more than this share: the number is written down again. */
const REGION_COUNT_SHARE = 0.1;
const REGION_COUNT = 'region-count';

export class Steward implements PlacementPort {
  private readonly carrier: Carrier;
  private readonly world: World;
  private readonly options: StewardOptions;
  private readonly ways = new Map<number, ReportHandlers>();
  private readonly burying = new Set<number>();
  private desk: Desk | undefined = undefined;
  private ticker: Timer | undefined = undefined;

  constructor(world: World, carrier: Carrier, options: StewardOptions) {
    this.world = world;
    this.carrier = carrier;
    this.options = options;
    carrier.onLead((leads) => (leads ? this.begin() : this.end()));
  }

  /** While leading; for people and metrics. */
  get schedule(): Schedule | undefined {
    return this.desk?.schedule;
  }

  close(): void {
    this.end();
  }

  // ---- PlacementPort

  members(): PlacementMembers {
    const { carrier } = this;
    return { clusterId: carrier.core.clusterId, members: carrier.memberInfos(), leaderId: carrier.leaderId };
  }

  timestamps(count: number): MaybePromise<Timestamps> {
    return this.carrier.timestamps(count);
  }

  allocateIds(count: number): MaybePromise<number> {
    return this.carrier.allocateIds(count);
  }

  async isBootstrapped(): Promise<boolean> {
    this.lead();
    return this.carrier.core.regions.count > 0;
  }

  async bootstrap({ store, regions }: FirstRegions): Promise<boolean> {
    this.lead();
    const whole = regions.every((region, i) => compareBytes(region.lower, i === 0 ? NOTHING : regions[i - 1]!.upper) === 0 && (i === 0 || region.lower.length > 0)); // prettier-ignore
    if (regions.length === 0 || !whole || regions.at(-1)!.upper.length > 0)
      throw new RutileError('placement.invalid', 'the first regions must cover everything, in order');
    const result = await this.change({ kind: 'found', store, regions: regions.map(toRegionInfo) });
    return result.kind === 'founded' && result.first;
  }

  async putStore(store: StoreRecord): Promise<void> {
    this.lead();
    const { stores } = this.carrier.core;
    const before = stores.get(store.id);
    for (const other of stores.values()) {
      if (other.id === store.id || other.address !== store.address || other.state === 'tombstone') continue;
      const { schedule } = this.lead();
      const entry = schedule.stores.get(other.id);
      // One that has long been silent has lost its folder, or moved: whoever listens there now is another. What it held is replaced.
      if (entry !== undefined && schedule.stores.health(entry, schedule.config) !== 'up')
        await this.change({ kind: 'put-store', store: { ...other, address: '', state: 'offline' } });
      else
        throw new RutileError('placement.duplicate-address', `store ${other.id} is at ${store.address} already`, { fields: { id: other.id } }); // prettier-ignore
    }
    // What people decided stays: a store only tells where it is.
    const labels = { ...before?.labels, ...store.labels };
    const next: StoreRecord = { ...store, ...(before === undefined ? {} : { state: before.state }), ...(Object.keys(labels).length > 0 ? { labels } : {}) }; // prettier-ignore
    if (before?.state === 'tombstone') throw tombstone(store.id);
    const result = await this.change({ kind: 'put-store', store: next });
    if (result.kind === 'refused') throw tombstone(store.id);
  }

  async addMember(member: MemberPlace, joins: boolean): Promise<void> {
    this.lead();
    await this.carrier.addMember(member, joins);
  }

  reportStore(report: StoreReport): StoreReportOutcome {
    return this.lead().schedule.storeHeartbeat(report);
  }

  openReports(storeId: number, handlers: ReportHandlers): ReportWay {
    if (this.desk === undefined) {
      this.world.timers.soon(() => handlers.lost());
      return { report: () => undefined, close: () => undefined };
    }
    const before = this.ways.get(storeId);
    this.ways.set(storeId, handlers);
    before?.lost();
    return {
      report: (report) => {
        if (this.desk === undefined || this.ways.get(storeId) !== handlers) return;
        this.desk.schedule.regionHeartbeat(heartbeatOf(report));
        this.deliver(this.desk);
      },
      close: () => {
        if (this.ways.get(storeId) === handlers) this.ways.delete(storeId);
      },
    };
  }

  async askSplit(region: RegionDescriptor, count: number): Promise<readonly SplitIds[]> {
    const { schedule } = this.lead();
    if (!(count >= 1 && count <= SPLITS_AT_ONCE_MAX))
      throw new RutileError('placement.invalid', `a region is split into 1 to ${SPLITS_AT_ONCE_MAX} more`);
    const known = schedule.table.viewOf(region.id);
    if (known !== undefined && isOlderEpoch(region.epoch, known))
      throw new RutileError('placement.stale', `region ${region.id} has changed`, { fields: { regionId: region.id } });
    const each = 1 + region.peers.length;
    const first = await this.carrier.allocateIds(count * each);
    return Array.from({ length: count }, (_, i) => ({
      newRegionId: first + i * each,
      newPeerIds: region.peers.map((_peer, j) => first + i * each + 1 + j),
    }));
  }

  /** Whoever led the whole leads the parts until they say otherwise. */
  async reportSplit(regions: readonly RegionDescriptor[]): Promise<void> {
    const { schedule } = this.lead();
    const { table } = schedule;
    const before = regions.map(({ id }) => table.viewOf(id)).find((view) => view?.leader !== undefined);
    for (const region of regions) {
      const leader = region.peers.find((peer) => peer.storeId === before?.leader?.storeId);
      const share = 1 / regions.length;
      const heartbeat: RegionHeartbeat = {
        ...heartbeatOf({
          region, term: 0, leaderPeerId: leader?.id ?? 0, pendingPeerIds: [], downPeers: [], sizeBytes: (before?.sizeKib ?? 0) * 1024 * share, keys: Math.floor((before?.keys ?? 0) * share),
          intervalSeconds: 1, bytesWritten: 0, bytesRead: 0, keysWritten: 0, keysRead: 0, queries: 0,
        }),
      }; // prettier-ignore
      schedule.regionHeartbeat(heartbeat);
    }
    this.deliver(this.lead());
  }

  regionByKey(key: Uint8Array): KnownRegion | undefined {
    const { table } = this.lead().schedule;
    return this.known(table.slotByKey(key));
  }

  previousRegion(key: Uint8Array): KnownRegion | undefined {
    const { table } = this.lead().schedule;
    const slot = table.slotByKey(key);
    return slot < 0 ? undefined : this.known(table.below(slot));
  }

  regionById(id: number): KnownRegion | undefined {
    return this.known(this.lead().schedule.table.slotOf(id));
  }

  scanRegions(lower: Uint8Array, upper: Uint8Array, limit: number): readonly KnownRegion[] {
    const { table } = this.lead().schedule;
    return table.scan(lower, upper, limit).map((slot) => toKnown(table.view(slot)));
  }

  stores(): readonly StoreRecord[] {
    this.lead();
    return [...this.carrier.core.stores.values()].sort((left, right) => left.id - right.id);
  }

  safePoint(): bigint {
    this.lead();
    return this.carrier.core.safePoint;
  }

  advanceSafePoint(ts: bigint): Promise<bigint> {
    return this.carrier.advanceSafePoint(ts);
  }

  holdForService(service: string, ts: bigint, ttlMs: number): Promise<void> {
    return this.carrier.holdForService(service, ts, ttlMs);
  }

  /** Spreads regions that were just cut; resolves to those that cannot be moved now. Those on their way already are left alone. */
  scatter(ids: readonly number[], group: string): readonly number[] {
    const desk = this.lead();
    const { schedule } = desk;
    const failed = ids.filter((id) => {
      const region = schedule.table.viewOf(id);
      return region === undefined || schedule.scatter.scatter(schedule.cluster, region, group) === 'not-well';
    });
    this.deliver(desk);
    return failed;
  }

  /** What is being done to a region, or was done last. */
  operatorOf(regionId: number): Operator | undefined {
    const { operators } = this.lead().schedule;
    return operators.of(regionId) ?? operators.past().findLast((one) => one.regionId === regionId);
  }

  // ---- people

  /** PD's HTTP API; the answer is to be sent when it resolves. Fails with `placement.not-leader`. */
  async api(method: string, path: string, body: unknown): Promise<ApiAnswer> {
    const leading = await this.apiOfMembers(method, path);
    if (leading !== undefined) return leading;
    const { schedule, startedAtMs } = this.lead();
    const { carrier, options } = this;
    const infos = carrier.memberInfos();
    const answer = handleApi(
      {
        core: carrier.core,
        schedule,
        members: infos.map(({ id, name, clientUrl, healthy, standsBy }) => ({ id, name, peerUrls: [clientUrl], clientUrls: [clientUrl], healthy, standsBy })), // prettier-ignore
        leaderName: infos.find(({ id }) => id === carrier.leaderId)?.name ?? '',
        version: options.version,
        epochMs: startedAtMs,
      },
      method,
      path,
      body,
    );
    for (const command of answer.commands ?? []) {
      const result = await this.change(command);
      if (result.kind === 'refused') return { status: 500, json: `refused: ${result.reason}` };
    }
    if (this.desk !== undefined) this.deliver(this.desk);
    return answer;
  }

  private async apiOfMembers(method: string, path: string): Promise<ApiAnswer | undefined> {
    const infos = this.carrier.memberInfos();
    const other = infos.find(
      ({ id, healthy, standsBy }) => id !== this.carrier.leaderId && healthy && standsBy !== true,
    );
    const words = path.replace(/\?.*$/, '').split('/').slice(4).map(decodeURIComponent); // prettier-ignore
    if (method === 'POST' && words[0] === 'leader' && (words[1] === 'transfer' || words[1] === 'resign')) {
      this.lead();
      const target = words[1] === 'resign' ? other : infos.find(({ name, id }) => name === words[2] || String(id) === words[2]); // prettier-ignore
      if (target === undefined) return { status: 404, json: 'no such member, or none that could lead' };
      return this.carrier.transferLeader(target.id)
        ? { status: 200, json: 'The transfer command is submitted.' }
        : { status: 500, json: 'it cannot lead now' };
    }
    if (method !== 'DELETE' || words[0] !== 'members') return undefined;
    this.lead();
    const target = infos.find(({ name, id }) => (words[1] === 'name' ? name === words[2] : String(id) === words[2]));
    if (target === undefined) return { status: 404, json: 'not found' };
    if (infos.length === 1) return { status: 400, json: 'the last member stays' };
    await this.carrier.removeMember(target.id);
    return { status: 200, json: `removed, pd: ${target.name}` };
  }

  // ---- leadership

  private begin(): void {
    const { world, carrier, options } = this;
    if (this.desk !== undefined) this.end();
    const schedule = new Schedule({
      random: world.random.fork(`schedule ${world.clock.monotonicMs()}`),
      nextPeerId: () => carrier.idsNow(1),
      isBorder: (key) => (key.length === 1 && key[0] === ROW_SPACE) || (options.isBorder?.(key) ?? false),
      regionsExpected: Number(carrier.core.settings.get(REGION_COUNT) ?? 0),
    });
    this.desk = { schedule, startMs: world.clock.monotonicMs(), startedAtMs: world.clock.wallMs(), regionsNotedAtS: 0 };
    this.applySettings(this.desk);
    this.ticker = world.timers.every(1000, () => this.tick());
  }

  private end(): void {
    this.ticker?.cancel();
    this.desk = undefined;
    const ways = [...this.ways.values()];
    this.ways.clear();
    this.burying.clear();
    for (const way of ways) way.lost();
  }

  private lead(): Desk {
    this.carrier.requireLead();
    if (this.desk === undefined) throw new RutileError('placement.not-leader', 'not leader', { retry: 'refresh', fields: { leader: '' } }); // prettier-ignore
    return this.desk;
  }

  private tick(): void {
    const { desk, world, carrier } = this;
    if (desk === undefined) return;
    const nowS = Math.floor((world.clock.monotonicMs() - desk.startMs) / 1000);
    desk.schedule.tick(nowS);
    this.deliver(desk);
    for (const id of desk.schedule.drained()) {
      const store = carrier.core.stores.get(id);
      if (store === undefined || this.burying.has(id)) continue;
      this.burying.add(id);
      this.change({ kind: 'put-store', store: { ...store, state: 'tombstone' } }).then(
        () => this.burying.delete(id),
        () => this.burying.delete(id),
      );
    }
    if (nowS > 0 && nowS % PRIORITY_SECONDS === 0) this.yieldToPreferred();
    if (nowS - desk.regionsNotedAtS < NOTE_REGIONS_SECONDS) return;
    desk.regionsNotedAtS = nowS;
    const { count } = desk.schedule.table;
    const noted = Number(carrier.core.settings.get(REGION_COUNT) ?? 0);
    // A new leader waits for about so many: it need not be exact.
    if (desk.schedule.isPrepared() && Math.abs(count - noted) > noted * REGION_COUNT_SHARE)
      this.change({ kind: 'put-setting', name: REGION_COUNT, value: String(count) }).catch(() => undefined);
  }

  /** To the member that people want to lead rather than this one, when it can. */
  private yieldToPreferred(): void {
    const { carrier } = this;
    const priority = (id: number): number => priorityOf(carrier.core.settings, id);
    const [best] = carrier
      .memberInfos()
      .filter(({ healthy, standsBy }) => healthy && standsBy !== true)
      .sort((left, right) => priority(right.id) - priority(left.id));
    if (best !== undefined && priority(best.id) > priority(carrier.leaderId)) carrier.transferLeader(best.id);
  }

  private deliver(desk: Desk): void {
    for (const instruction of desk.schedule.drain()) this.ways.get(instruction.leaderStoreId)?.instruct(instruction);
  }

  private async change(command: Command): Promise<CommandResult> {
    const result = await this.carrier.change(command);
    if (this.desk !== undefined) this.applySettings(this.desk);
    return result;
  }

  private applySettings({ schedule }: Desk): void {
    applySettings(schedule, this.carrier.core);
  }

  private known(slot: number): KnownRegion | undefined {
    return slot < 0 ? undefined : toKnown(this.lead().schedule.table.view(slot));
  }
}

const NOTHING = new Uint8Array(0);

function toKnown(view: RegionView): KnownRegion {
  const { id, lower, upper, version, confVersion, peers, leader } = view;
  return {
    region: { id, lower, upper, epoch: { version, confVersion }, peers: peers.map(fromTablePeer) },
    leaderPeerId: leader?.id,
  };
}

function tombstone(id: number): RutileError {
  return new RutileError('placement.tombstone', `Store ${id} is a tombstone and stays one`, { fields: { id } });
}
