/**
 * Placement elsewhere: timestamps, regions and addresses of stores, from whichever member answers.
 *
 * Timestamps: all that are wanted in one turn are asked for in one message, and up to `pipelineMax` messages are on their way on one
 * stream; answers come in order, so they are handed out first come, first served. When the stream breaks, what was asked and not answered
 * is asked again on the next one: a timestamp that is never used does no harm. Who waited longer than `patienceMs` is told `kv.unreachable`.
 *
 * Regions come with bounds as places of the region space, which Rutile's placement gives its own clients.
 */
import { Client, credentials, type ChannelCredentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import type { World } from '../../base/world.ts';
import { pd } from '../../proto/wire/messages.ts';
import type * as wire from '../../proto/wire/messages.ts';
import { regionFromWire } from '../../proto/wire/region-errors.ts';
import type { FoundRegion, RegionSource } from '../client/index.ts';
import type { TimestampPort } from '../client/store-port.ts';
import { method } from '../server/service.ts';

export interface RemotePlacementOptions {
  /** `host:port` of the members. */
  readonly addresses: readonly string[];
  readonly clusterId: number;
  readonly world: Pick<World, 'clock' | 'timers'>;
  readonly credentials?: ChannelCredentials | undefined;
  readonly limits?: Partial<PlacementLimits>;
}

export interface PlacementLimits {
  readonly callMsMax: number;
  readonly patienceMs: number;
  readonly pipelineMax: number;
  /** Callers that wait for a timestamp; one more is refused with `kv.busy`. */
  readonly waitersMax: number;
  readonly pauseMs: number;
}

export const REMOTE_PLACEMENT_LIMITS: PlacementLimits = {
  callMsMax: 3000,
  patienceMs: 10_000,
  pipelineMax: 16,
  waitersMax: 100_000,
  pauseMs: 50,
};

class Waiter {
  readonly deadlineMs: number;
  readonly resolve: (ts: bigint) => void;
  readonly reject: (error: Error) => void;

  constructor(deadlineMs: number, resolve: (ts: bigint) => void, reject: (error: Error) => void) {
    this.deadlineMs = deadlineMs;
    this.resolve = resolve;
    this.reject = reject;
  }
}

type TsoStream = ClientDuplexStream<wire.TsoRequest, wire.TsoResponse>;

const TSO = method<wire.TsoRequest, wire.TsoResponse>({
  path: '/pdpb.PD/Tso',
  request: pd('TsoRequest'),
  response: pd('TsoResponse'),
  stream: true,
});
const COUNT_MAX = 10_000;
const LOGICAL_BITS = 18n;

export class RemotePlacement implements RegionSource, TimestampPort {
  private readonly options: RemotePlacementOptions;
  private readonly limits: PlacementLimits;
  private client: Client | undefined = undefined;
  private member = 0;
  private waiting: Waiter[] = [];
  /** What was asked and not answered, a list for each message, in order. */
  private asked: Waiter[][] = [];
  private stream: TsoStream | undefined = undefined;
  private flushPlanned = false;
  private pausing = false;
  private closed = false;

  constructor(options: RemotePlacementOptions) {
    this.options = options;
    this.limits = { ...REMOTE_PLACEMENT_LIMITS, ...options.limits };
  }

  close(): void {
    this.closed = true;
    this.leave();
    for (const waiter of this.takeAll()) waiter.reject(this.unreachable('closed'));
  }

  // ---- timestamps

  // hot: once a transaction
  next(): Promise<bigint> {
    if (this.closed) return Promise.reject(this.unreachable('closed'));
    if (this.waiting.length >= this.limits.waitersMax)
      return Promise.reject(new RutileError('kv.busy', 'too many wait for a timestamp', { retry: 'same' }));
    return new Promise((resolve, reject) => {
      const deadlineMs = this.options.world.clock.monotonicMs() + this.limits.patienceMs;
      this.waiting.push(new Waiter(deadlineMs, resolve, reject));
      this.planFlush();
    });
  }

  private planFlush(): void {
    if (this.flushPlanned || this.pausing || this.asked.length >= this.limits.pipelineMax) return;
    this.flushPlanned = true;
    this.options.world.timers.soon(() => this.flush());
  }

  private flush(): void {
    this.flushPlanned = false;
    if (this.closed || this.pausing || this.waiting.length === 0) return;
    const group = this.waiting.splice(0, COUNT_MAX);
    this.stream ??= this.openStream();
    this.asked.push(group);
    this.stream.write({ header: { cluster_id: this.options.clusterId }, count: group.length });
    if (this.waiting.length > 0) this.planFlush();
  }

  private openStream(): TsoStream {
    const { path, requestSerialize, responseDeserialize } = TSO;
    const stream = this.connect().makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const broke = (reason: string): void => {
      if (this.stream === stream) this.streamBroke(reason);
    };
    stream.on('data', (answer: wire.TsoResponse) => {
      const group = this.asked.shift();
      if (group === undefined || answer.count !== group.length) return broke('an answer nobody asked for');
      const { physical, logical } = answer.timestamp;
      // `logical` is the largest of the group.
      const first = (BigInt(physical) << LOGICAL_BITS) + BigInt(logical - group.length + 1);
      for (let i = 0; i < group.length; i++) group[i]!.resolve(first + BigInt(i));
      if (this.waiting.length > 0) this.planFlush();
    });
    stream.on('error', (error: Error) => broke(error.message));
    stream.on('end', () => broke('the stream ended'));
    return stream;
  }

  private streamBroke(reason: string): void {
    this.leave();
    this.member++;
    const nowMs = this.options.world.clock.monotonicMs();
    for (const waiter of this.takeAll())
      if (waiter.deadlineMs <= nowMs) waiter.reject(this.unreachable(reason));
      else this.waiting.push(waiter);
    this.pausing = true;
    this.options.world.timers.after(this.limits.pauseMs, () => {
      this.pausing = false;
      if (this.waiting.length > 0) this.planFlush();
    });
  }

  private takeAll(): Waiter[] {
    const all = [...this.asked.flat(), ...this.waiting];
    this.asked = [];
    this.waiting = [];
    return all;
  }

  // ---- regions and stores

  regionByKey(key: Uint8Array): Promise<FoundRegion | undefined> {
    return this.region('GetRegion', key);
  }

  regionBelow(key: Uint8Array): Promise<FoundRegion | undefined> {
    return this.region('GetPrevRegion', key);
  }

  /** `host:port`; `undefined`: placement knows no such store. */
  async storeAddress(storeId: number): Promise<string | undefined> {
    const header = { cluster_id: this.options.clusterId };
    const request = { header, exclude_tombstone_stores: true };
    const { stores } = await this.unary<object, wire.GetAllStoresResponse>('GetAllStores', 'GetAllStoresRequest', 'GetAllStoresResponse', request); // prettier-ignore
    return stores.find((store) => store.id === storeId)?.address;
  }

  async safePoint(): Promise<bigint> {
    const header = { cluster_id: this.options.clusterId };
    const { safe_point: point } = await this.unary<object, wire.SafePointRequest>('GetGCSafePoint', 'GetGCSafePointRequest', 'GetGCSafePointResponse', { header }); // prettier-ignore
    return point ?? 0n;
  }

  private async region(call: string, key: Uint8Array): Promise<FoundRegion | undefined> {
    const request = { header: { cluster_id: this.options.clusterId }, region_key: key, region_space: true };
    const { region, leader } = await this.unary<object, wire.GetRegionResponse>(call, 'GetRegionRequest', 'GetRegionResponse', request); // prettier-ignore
    return region ? { region: regionFromWire(region), leaderStoreId: leader?.store_id || undefined } : undefined;
  }

  private unary<Request, Response>(
    call: string,
    request: string,
    response: string,
    message: Request,
  ): Promise<Response> {
    const { requestSerialize, responseDeserialize } = method<Request, Response>({ path: call, request: pd(request), response: pd(response) }); // prettier-ignore
    const client = this.connect();
    const deadline = this.options.world.clock.wallMs() + this.limits.callMsMax;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(`/pdpb.PD/${call}`, requestSerialize, responseDeserialize, message, { deadline }, (error, answer) => {
        if (error === null) return resolve(answer!);
        // Another member may answer; the stream of timestamps notices by itself.
        if (this.client === client && this.stream === undefined) {
          this.leave();
          this.member++;
        }
        reject(this.unreachable(error.details || error.message));
      }); // prettier-ignore
    });
  }

  private connect(): Client {
    const { addresses } = this.options;
    this.client ??= new Client(
      addresses[this.member % addresses.length]!,
      this.options.credentials ?? credentials.createInsecure(),
      {
        'grpc.use_local_subchannel_pool': 1,
        'grpc.keepalive_time_ms': 10_000,
        'grpc.keepalive_timeout_ms': 3000,
      },
    );
    return this.client;
  }

  private leave(): void {
    const { client, stream } = this;
    this.client = undefined;
    this.stream = undefined;
    stream?.cancel();
    client?.close();
  }

  private unreachable(reason: string): RutileError {
    return new RutileError('kv.unreachable', `placement: ${reason}`, { retry: 'refresh', fields: { sent: false } });
  }
}
