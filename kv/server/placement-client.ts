/**
 * `PlacementClient`: placement over gRPC as a `PlacementPort`. It knows some members' addresses, asks them who leads, and goes to the leader with
 * everything; when that one says `not leader` or says nothing, it looks again. A call that failed is not made again here: whoever asked
 * decides (all changes may be asked for again).
 *
 * Timestamps go over one stream, answered in order; reports of a store over another. A stream on which the oldest question waits for
 * longer than `callMs` is given up, for its leader may be frozen.
 */
import { type ChannelCredentials, type ClientDuplexStream, Client, credentials as plain } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import type { World } from '../../base/world.ts';
import type { RegionDescriptor } from '../../proto/kv/region.ts';
import { type Codec, pd, type Peer, type Region, type StoreMessage } from '../../proto/wire/messages.ts';
import type * as wire from '../../proto/wire/messages.ts';
import {
  instructionFromWire, PD_ERROR, type RegionHeartbeatRequest, type RegionHeartbeatResponse, regionHeartbeatRequest, regionHeartbeatResponse,
  reportToWire, statsToWire, STORE_METHODS, storeFromWire, storeToWire, wireRegion,
} from '../../proto/wire/placement-codec.ts'; // prettier-ignore
import { regionFromWire } from '../../proto/wire/region-errors.ts';
import type {
  FirstRegions, KnownRegion, MemberPlace, PlacementMembers, PlacementPort, RegionReport, ReportHandlers, ReportWay, SplitIds, StoreReport, StoreReportOutcome,
} from '../placement/port.ts'; // prettier-ignore
import type { StoreRecord, Timestamps } from '../placement/index.ts';
import { fromWireFailure } from './placement-errors.ts';
import { method } from './service.ts';

export interface PlacementClientOptions {
  readonly world: World;
  /** `host:port` of members; one that answers names the others. */
  readonly addresses: readonly string[];
  readonly credentials?: ChannelCredentials | undefined;
  readonly timing?: Partial<RemoteTiming> | undefined;
}

export interface RemoteTiming {
  /** A call, and the oldest question on a stream, may take so long. */
  readonly callMs: number;
  /** Who leads is asked of all members at once; an answer counts within this. */
  readonly findMs: number;
}

const TIMING: RemoteTiming = { callMs: 1000, findMs: 500 };
/** Members come and go: who they are is asked again after so long, so that the death of all that were known at first is survived. */
const REFRESH_MS = 5000;
/** Timestamp requests under way, and reports that wait for their stream. */
const WAITING_MAX = 10_000;
const REPORTS_MAX = 100_000;
const CHANNEL_OPTIONS = {
  'grpc.keepalive_time_ms': 3000,
  'grpc.keepalive_timeout_ms': 2000,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.max_receive_message_length': -1,
};

interface Header {
  readonly cluster_id: number;
  readonly error?: { readonly type: number; readonly message: string };
}

const METHODS = {
  ...STORE_METHODS,
  GetMembers: [pd<object>('GetMembersRequest'), pd<wire.GetMembersResponse>('GetMembersResponse')],
  GetRegion: [pd<object>('GetRegionRequest'), pd<wire.GetRegionResponse>('GetRegionResponse')],
  GetPrevRegion: [pd<object>('GetRegionRequest'), pd<wire.GetRegionResponse>('GetRegionResponse')],
  GetRegionByID: [pd<object>('GetRegionByIDRequest'), pd<wire.GetRegionResponse>('GetRegionResponse')],
  ScanRegions: [pd<object>('ScanRegionsRequest'), pd<wire.ScanRegionsResponse>('ScanRegionsResponse')],
  GetAllStores: [pd<object>('GetAllStoresRequest'), pd<wire.GetAllStoresResponse>('GetAllStoresResponse')],
  GetGCSafePoint: [pd<object>('GetGCSafePointRequest'), pd<{ safe_point: bigint }>('GetGCSafePointResponse')],
  UpdateGCSafePoint: [pd<object>('UpdateGCSafePointRequest'), pd<{ new_safe_point: bigint }>('UpdateGCSafePointResponse')], // prettier-ignore
} as const;
type Name = keyof typeof METHODS;
type AnswerOf<N extends Name> = (typeof METHODS)[N][1] extends Codec<infer T> ? T : never;

const TSO = method<wire.TsoRequest, wire.TsoResponse>({
  path: '/pdpb.PD/Tso',
  request: pd('TsoRequest'),
  response: pd('TsoResponse'),
  stream: true,
});
const REPORTS = method<RegionHeartbeatRequest, RegionHeartbeatResponse>({
  path: '/pdpb.PD/RegionHeartbeat',
  request: regionHeartbeatRequest,
  response: regionHeartbeatResponse,
  stream: true,
});

export class PlacementClient implements PlacementPort {
  /** 0 until a member has told it. */
  clusterId = 0;
  private readonly world: World;
  private readonly credentials: ChannelCredentials;
  private readonly timing: RemoteTiming;
  private readonly founders: readonly string[];
  private readonly clients = new Map<string, Client>();
  private known: PlacementMembers | undefined = undefined;
  private knownAtMs = 0;
  private leader: string | undefined = undefined;
  private finding: Promise<string> | undefined = undefined;
  private stamps: StampStream | undefined = undefined;
  private readonly ways = new Set<RemoteWay>();
  private closed = false;

  constructor(options: PlacementClientOptions) {
    this.world = options.world;
    this.founders = options.addresses;
    this.credentials = options.credentials ?? plain.createInsecure();
    this.timing = { ...TIMING, ...options.timing };
  }

  close(): void {
    this.closed = true;
    this.stamps?.end(unavailable('closed'));
    for (const way of this.ways) way.close();
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }

  // ---- PlacementPort

  async members(): Promise<PlacementMembers> {
    await this.find();
    return this.known!;
  }

  async timestamps(count: number): Promise<Timestamps> {
    const leader = this.leader ?? (await this.find());
    this.refresh(leader);
    if (this.stamps === undefined || this.stamps.isOver || this.stamps.address !== leader) {
      this.stamps?.end(unavailable('another leads'));
      this.stamps = new StampStream(
        this.world,
        leader,
        this.client(leader),
        this.timing.callMs,
        this.header(),
        (error) => this.failed(leader, error),
      );
    }
    return this.stamps.ask(count);
  }

  async allocateIds(count: number): Promise<number> {
    const { id } = await this.call('AllocID', { count });
    return id - count + 1;
  }

  async isBootstrapped(): Promise<boolean> {
    return (await this.call('IsBootstrapped', {})).bootstrapped;
  }

  async bootstrap({ store, regions }: FirstRegions): Promise<boolean> {
    const [region, ...more] = regions.map(wireRegion);
    const { header } = await this.call('Bootstrap', { store: storeToWire(store), region, more_regions: more });
    return header.error?.type !== PD_ERROR.alreadyBootstrapped;
  }

  async putStore(store: StoreRecord): Promise<void> {
    const { header } = await this.call('PutStore', { store: storeToWire(store) });
    if (header.error?.type === PD_ERROR.tombstone)
      throw new RutileError('placement.tombstone', header.error.message, { fields: { id: store.id } });
  }

  async addMember({ id, name, clientUrl, txnUrl }: MemberPlace, joins: boolean): Promise<void> {
    // The second URL is that of its door for transactional clients.
    const urls = txnUrl === undefined ? [clientUrl] : [clientUrl, txnUrl];
    await this.call('AddMember', { member: { member_id: id, name, client_urls: urls, peer_urls: [clientUrl] }, joins });
  }

  async reportStore(report: StoreReport): Promise<StoreReportOutcome> {
    const { header } = await this.call('StoreHeartbeat', { stats: statsToWire(report) });
    return header.error?.type === PD_ERROR.tombstone ? 'buried' : 'accepted';
  }

  openReports(storeId: number, handlers: ReportHandlers): ReportWay {
    const way = new RemoteWay(storeId, handlers, () => this.ways.delete(way));
    this.ways.add(way);
    const open = async (): Promise<void> => {
      const leader = this.leader ?? (await this.find());
      if (way.isOver) return;
      way.begin(this.client(leader), this.header(), (error) => this.failed(leader, error));
    };
    open().catch(() => way.lose());
    return way;
  }

  async askSplit(region: RegionDescriptor, count: number): Promise<readonly SplitIds[]> {
    const { ids } = await this.call('AskBatchSplit', { region: wireRegion(region), split_count: count });
    return ids.map((one) => ({ newRegionId: one.new_region_id, newPeerIds: one.new_peer_ids }));
  }

  async reportSplit(regions: readonly RegionDescriptor[]): Promise<void> {
    await this.call('ReportBatchSplit', { regions: regions.map(wireRegion) });
  }

  async regionByKey(key: Uint8Array): Promise<KnownRegion | undefined> {
    return known(await this.call('GetRegion', { region_key: key, region_space: true }));
  }

  async previousRegion(key: Uint8Array): Promise<KnownRegion | undefined> {
    const at = await this.regionByKey(key);
    if (at === undefined || at.region.lower.length === 0) return undefined;
    return known(await this.call('GetPrevRegion', { region_key: at.region.lower, region_space: true }));
  }

  async regionById(id: number): Promise<KnownRegion | undefined> {
    return known(await this.call('GetRegionByID', { region_id: id, region_space: true }));
  }

  async scanRegions(lower: Uint8Array, upper: Uint8Array, limit: number): Promise<readonly KnownRegion[]> {
    const answer = await this.call('ScanRegions', { start_key: lower, end_key: upper, limit, region_space: true });
    return answer.regions.map((one) => toKnown(one.region, one.leader));
  }

  async stores(): Promise<readonly StoreRecord[]> {
    const { stores } = await this.call('GetAllStores', {});
    return stores.map((store: StoreMessage) => storeFromWire(store));
  }

  async safePoint(): Promise<bigint> {
    return (await this.call('GetGCSafePoint', {})).safe_point;
  }

  async advanceSafePoint(ts: bigint): Promise<bigint> {
    return (await this.call('UpdateGCSafePoint', { safe_point: ts })).new_safe_point;
  }

  async holdForService(service: string, ts: bigint, ttlMs: number): Promise<void> {
    const request = { service_id: Buffer.from(service), TTL: Math.ceil(ttlMs / 1000), safe_point: ts };
    await this.call('UpdateServiceGCSafePoint', request);
  }

  // ---- who leads

  /** Asks all members at once; the first that knows a leader counts. Fails with `placement.unavailable`. */
  private find(): Promise<string> {
    if (this.closed) return Promise.reject(unavailable('closed'));
    const look = async (): Promise<string> => {
      const others = this.known?.members.map(({ clientUrl }) => addressOf(clientUrl)) ?? [];
      const asked = [...new Set([...this.founders, ...others])].map((address) => this.membersAt(address));
      try {
        const found = await Promise.any(asked);
        this.know(found);
        this.leader = addressOf(found.members.find(({ id }) => id === found.leaderId)!.clientUrl);
        return this.leader;
      } catch {
        throw unavailable('no member knows a leader');
      }
    };
    this.finding ??= look().finally(() => (this.finding = undefined));
    return this.finding;
  }

  private know(found: PlacementMembers): void {
    this.known = found;
    this.knownAtMs = this.world.clock.monotonicMs();
  }

  /** In the background; what fails is tried again with a later call. */
  private refresh(leader: string): void {
    const nowMs = this.world.clock.monotonicMs();
    if (this.closed || nowMs - this.knownAtMs < REFRESH_MS) return;
    this.knownAtMs = nowMs;
    this.membersAt(leader).then(
      (found) => this.know(found),
      () => undefined,
    );
  }

  /** Rejects when that one knows no leader. */
  private async membersAt(address: string): Promise<PlacementMembers> {
    const answer = await this.unary(address, 'GetMembers', {}, this.timing.findMs);
    if (answer.leader === undefined || answer.leader === null) throw unavailable('nobody leads');
    this.clusterId = answer.header.cluster_id || this.clusterId;
    const members = answer.members.map((one) => ({
      id: one.member_id,
      name: one.name,
      clientUrl: one.client_urls[0] ?? '',
      healthy: true,
    }));
    return { clusterId: answer.header.cluster_id, members, leaderId: answer.leader.member_id };
  }

  private async call<N extends Name>(name: N, request: object): Promise<AnswerOf<N>> {
    const leader = this.leader ?? (await this.find());
    this.refresh(leader);
    try {
      return await this.unary(leader, name, request, this.timing.callMs);
    } catch (cause) {
      const error = fromWireFailure(cause);
      this.failed(leader, error);
      throw error;
    }
  }

  /** It leads no more, or does not answer: the next call goes where it said, or looks. */
  private failed(address: string, error: RutileError): void {
    if (this.leader !== address) return;
    if (error.code === 'placement.not-leader') {
      const named = addressOf(String(error.fields['leader'] ?? ''));
      this.leader = named === '' || named === address ? undefined : named;
    } else if (error.code === 'placement.unavailable' || error.code === 'placement.closed') this.leader = undefined;
  }

  private unary<N extends Name>(address: string, name: N, request: object, withinMs: number): Promise<AnswerOf<N>> {
    const [requestCodec, answerCodec] = METHODS[name] as unknown as [Codec<object>, Codec<AnswerOf<N>>];
    const shape = method({ path: `/pdpb.PD/${name}`, request: requestCodec, response: answerCodec });
    return new Promise((resolve, reject) => {
      this.client(address).makeUnaryRequest(
        shape.path, shape.requestSerialize, shape.responseDeserialize, { header: this.header(), ...request },
        { deadline: new Date(this.world.clock.wallMs() + withinMs) },
        (error, answer) => (error ? reject(fromWireFailure(error)) : resolve(answer!)),
      ); // prettier-ignore
    });
  }

  private header(): Header {
    return { cluster_id: this.clusterId };
  }

  private client(address: string): Client {
    let client = this.clients.get(address);
    if (client === undefined) {
      client = new Client(address, this.credentials, CHANNEL_OPTIONS);
      this.clients.set(address, client);
    }
    return client;
  }
}

/** One stream of timestamp requests: answers come in the order of the questions. */
class StampStream {
  readonly address: string;
  isOver = false;
  private readonly call: ClientDuplexStream<wire.TsoRequest, wire.TsoResponse>;
  private readonly world: World;
  private readonly callMs: number;
  private readonly header: Header;
  private readonly failed: (error: RutileError) => void;
  private readonly waiting: { readonly sinceMs: number; readonly resolve: (stamps: Timestamps) => void; readonly reject: (error: Error) => void }[] = []; // prettier-ignore
  private watched = false;

  constructor(
    world: World,
    address: string,
    client: Client,
    callMs: number,
    header: Header,
    failed: (error: RutileError) => void,
  ) {
    this.world = world;
    this.address = address;
    this.callMs = callMs;
    this.header = header;
    this.failed = failed;
    this.call = client.makeBidiStreamRequest(TSO.path, TSO.requestSerialize, TSO.responseDeserialize);
    this.call.on('data', ({ timestamp }: wire.TsoResponse) => {
      this.waiting.shift()?.resolve({ physical: timestamp.physical, logical: timestamp.logical });
    });
    this.call.on('error', (error) => this.end(fromWireFailure(error)));
    this.call.on('end', () => this.end(unavailable('the stream of timestamps ended')));
  }

  ask(count: number): Promise<Timestamps> {
    if (this.waiting.length >= WAITING_MAX)
      return Promise.reject(new RutileError('placement.overloaded', 'Too much waits for placement', { retry: 'same' }));
    return new Promise((resolve, reject) => {
      this.waiting.push({ sinceMs: this.world.clock.monotonicMs(), resolve, reject });
      this.call.write({ header: this.header, count });
      this.watch();
    });
  }

  end(error: RutileError): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failed(error);
    for (const one of this.waiting.splice(0)) one.reject(error);
    this.call.cancel();
  }

  private watch(): void {
    if (this.watched) return;
    this.watched = true;
    this.world.timers.after(this.callMs / 2, () => {
      this.watched = false;
      const oldest = this.waiting[0];
      if (oldest === undefined || this.isOver) return;
      if (this.world.clock.monotonicMs() - oldest.sinceMs >= this.callMs) this.end(unavailable('no timestamp in time'));
      else this.watch();
    });
  }
}

/** A store's way for its reports. Until the stream is there reports wait. */
class RemoteWay implements ReportWay {
  isOver = false;
  private readonly storeId: number;
  private readonly handlers: ReportHandlers;
  private readonly done: () => void;
  private early: RegionReport[] = [];
  private header: Header = { cluster_id: 0 };
  private call: ClientDuplexStream<RegionHeartbeatRequest, RegionHeartbeatResponse> | undefined = undefined;

  constructor(storeId: number, handlers: ReportHandlers, done: () => void) {
    this.storeId = storeId;
    this.handlers = handlers;
    this.done = done;
  }

  begin(client: Client, header: Header, failed: (error: RutileError) => void): void {
    this.header = header;
    const call = client.makeBidiStreamRequest(REPORTS.path, REPORTS.requestSerialize, REPORTS.responseDeserialize);
    this.call = call;
    call.on('data', (response: RegionHeartbeatResponse) => {
      const instruction = this.isOver ? undefined : instructionFromWire(response);
      if (instruction !== undefined) this.handlers.instruct(instruction);
    });
    call.on('error', (error) => {
      if (this.isOver) return;
      failed(fromWireFailure(error));
      this.lose();
    });
    call.on('end', () => this.lose());
    call.write({ header, store_id: this.storeId });
    for (const report of this.early.splice(0)) this.report(report);
  }

  // hot: once for each report
  report(report: RegionReport): void {
    if (this.isOver) return;
    const { call } = this;
    if ((call?.writableLength ?? this.early.length) >= REPORTS_MAX) this.lose();
    else if (call === undefined) this.early.push(report);
    else call.write({ header: this.header, ...reportToWire(report) });
  }

  /** Everything is to be told again, elsewhere. */
  lose(): void {
    if (this.isOver) return;
    this.close();
    this.handlers.lost();
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.early = [];
    this.done();
    this.call?.cancel();
  }
}

function known(answer: wire.GetRegionResponse): KnownRegion | undefined {
  return answer.region ? toKnown(answer.region, answer.leader) : undefined;
}

function toKnown(region: Region, leader: Peer | undefined | null): KnownRegion {
  return { region: regionFromWire(region), leaderPeerId: leader && leader.id > 0 ? leader.id : undefined };
}

function addressOf(url: string): string {
  return url.replace(/^https?:\/\//, '');
}

function unavailable(why: string): RutileError {
  return new RutileError('placement.unavailable', `placement does not answer: ${why}`, { retry: 'same' });
}
