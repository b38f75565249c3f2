/**
 * `StoreConnection`: one BatchCommands stream to a store elsewhere. All calls of one turn leave as one message, and answers find their
 * callers by id, in any order and grouping.
 *
 *     idle ── first call ──► opening ── the store answers a health check ──► open ── stream breaks ──► idle, not before a pause
 *
 * Who fails is told how far it got (`kv.unreachable`, `sent`): a call that waited for the stream was certainly not acted on; one that was written
 * may have been, answer or not. Every call has a dead-line; one late answer does not close the stream, whose keepalive finds a store that is gone.
 *
 * Bounded: over `inFlightMax` calls unanswered the next one is refused with `kv.busy`. While the store is known not to
 * listen, calls fail at once, and the router asks elsewhere.
 */
import { Client, credentials, type ChannelCredentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Timer, World } from '../../base/world.ts';
import { healthCheckRequest, healthCheckResponse, tikv } from '../../proto/wire/messages.ts';
import type { BatchCommandsRequest, BatchCommandsResponse } from '../../proto/wire/messages.ts';
import { asBuffer, method } from '../server/service.ts';

export interface ConnectionLimits {
  readonly inFlightMax: number;
  readonly connectMsMax: number;
  /** Between two tries to connect, doubling. */
  readonly pauseMsMin: number;
  readonly pauseMsMax: number;
  /** Of calls that go together; a larger call goes alone. */
  readonly messageSizeBytes: number;
  /** How exactly dead-lines are kept. */
  readonly sweepMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  inFlightMax: 16_384,
  connectMsMax: 2000,
  pauseMsMin: 20,
  pauseMsMax: 1000,
  messageSizeBytes: 1024 * 1024,
  sweepMs: 50,
};

export interface StoreConnectionOptions {
  readonly storeId: number;
  readonly world: Pick<World, 'clock' | 'timers'>;
  /** `host:port`; asked anew for every connection. */
  address(): MaybePromise<string | undefined>;
  readonly credentials?: ChannelCredentials | undefined;
  readonly limits?: Partial<ConnectionLimits>;
}

export type Answered = (error: RutileError | undefined, answer: object | undefined) => void;

class Call {
  readonly name: string;
  readonly request: object;
  readonly deadlineMs: number;
  readonly done: Answered;
  sent = false;

  constructor(name: string, request: object, deadlineMs: number, done: Answered) {
    this.name = name;
    this.request = request;
    this.deadlineMs = deadlineMs;
    this.done = done;
  }
}

/** Requests are encoded before they are written: how large a message is decides whether it stays one. */
type Stream = ClientDuplexStream<Uint8Array, BatchCommandsResponse>;

const REQUEST = tikv<BatchCommandsRequest>('BatchCommandsRequest');

const BATCH_COMMANDS = method<BatchCommandsRequest, BatchCommandsResponse>({
  path: '/tikvpb.Tikv/BatchCommands',
  request: REQUEST,
  response: tikv('BatchCommandsResponse'),
  stream: true,
});

export class StoreConnection {
  private readonly options: StoreConnectionOptions;
  private readonly limits: ConnectionLimits;
  private readonly calls = new Map<number, Call>();
  private waiting: number[] = [];
  private nextId = 1;
  private state: 'idle' | 'opening' | 'open' | 'closed' = 'idle';
  private client: Client | undefined = undefined;
  private stream: Stream | undefined = undefined;
  private flushPlanned = false;
  private congested = false;
  private failures = 0;
  private notBeforeMs = 0;
  private sweeper: Timer | undefined = undefined;
  /** Messages written. */
  messageCount = 0;

  constructor(options: StoreConnectionOptions) {
    this.options = options;
    this.limits = { ...CONNECTION_LIMITS, ...options.limits };
  }

  /** `done` is called exactly once, in a later turn or, when there is no way to the store, in this one. */
  // hot: once a call
  call(name: string, request: object, timeoutMs: number, done: Answered): void {
    if (this.calls.size >= this.limits.inFlightMax)
      return done(new RutileError('kv.busy', `${this.calls.size} calls to store ${this.options.storeId} are unanswered`, { retry: 'same' }), undefined); // prettier-ignore
    const nowMs = this.options.world.clock.monotonicMs();
    if (this.state === 'closed' || (this.state === 'idle' && nowMs < this.notBeforeMs))
      return done(this.unreachable('there is no connection', false), undefined);
    const id = this.nextId++;
    this.calls.set(id, new Call(name, request, nowMs + timeoutMs, done));
    this.waiting.push(id);
    this.sweeper ??= this.options.world.timers.every(this.limits.sweepMs, () => this.sweep());
    if (this.state === 'idle') void this.open();
    else this.planFlush();
  }

  close(): void {
    this.state = 'closed';
    this.drop('the connection was closed');
  }

  private planFlush(): void {
    if (this.flushPlanned || this.congested || this.state !== 'open') return;
    this.flushPlanned = true;
    this.options.world.timers.soon(() => this.flush());
  }

  private flush(): void {
    this.flushPlanned = false;
    if (this.state !== 'open' || this.congested || this.waiting.length === 0) return;
    const requests: Record<string, unknown>[] = [];
    const ids: number[] = [];
    for (const id of this.waiting) {
      const call = this.calls.get(id);
      // Its time ended before it left.
      if (call === undefined) continue;
      call.sent = true;
      requests.push({ [call.name]: call.request });
      ids.push(id);
    }
    this.waiting = [];
    if (ids.length === 0) return;
    this.write({ requests, request_ids: ids });
  }

  /** A message that would be large goes in halves: the store refuses one over its limit, and with it everybody's stream. */
  private write(message: BatchCommandsRequest): void {
    const { requests, request_ids: ids } = message;
    const writer = REQUEST.encode(message);
    if (writer.len > this.limits.messageSizeBytes && ids.length > 1) {
      const half = ids.length >> 1;
      this.write({ requests: requests.slice(0, half), request_ids: ids.slice(0, half) });
      this.write({ requests: requests.slice(half), request_ids: ids.slice(half) });
      return;
    }
    this.messageCount++;
    if (!this.stream!.write(writer.finish())) this.congested = true;
  }

  private receive(message: BatchCommandsResponse): void {
    const { responses, request_ids: ids } = message;
    for (let i = 0; i < ids.length; i++) {
      const call = this.calls.get(ids[i]!);
      // Answered after its dead-line.
      if (call === undefined) continue;
      this.calls.delete(ids[i]!);
      const answer = responses[i]?.[call.name];
      if (typeof answer === 'object' && answer !== null) call.done(undefined, answer);
      else call.done(this.unreachable(`the answer is not one to ${call.name}`, true), undefined);
    }
  }

  private async open(): Promise<void> {
    this.state = 'opening';
    const { world, storeId } = this.options;
    let client: Client | undefined;
    try {
      const address = await this.options.address();
      if (address === undefined) throw new Error(`the address of store ${storeId} is not known`);
      client = new Client(address, this.options.credentials ?? credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
        'grpc.max_send_message_length': -1,
        'grpc.max_receive_message_length': -1,
        'grpc.keepalive_time_ms': 10_000,
        'grpc.keepalive_timeout_ms': 3000,
      });
      // The first answer is the proof; unlike waiting for the channel, it fails at once where nobody listens.
      await askHealth(client, world.clock.wallMs() + this.limits.connectMsMax);
    } catch (error) {
      client?.close();
      if (!this.isClosed) this.fail((error as Error).message);
      return;
    }
    if (this.isClosed) return client.close();
    this.client = client;
    this.state = 'open';
    this.failures = 0;
    const { path, responseDeserialize } = BATCH_COMMANDS;
    const stream = client.makeBidiStreamRequest(path, asBuffer, responseDeserialize);
    this.stream = stream;
    stream.on('data', (message: BatchCommandsResponse) => this.receive(message));
    stream.on('drain', () => {
      this.congested = false;
      this.planFlush();
    });
    const ended = (reason: string): void => {
      if (this.stream === stream) this.fail(reason);
    };
    stream.on('error', (error: Error) => ended(error.message));
    stream.on('end', () => ended('the store ended the stream'));
    this.flush();
  }

  /** `close` may come while a connection is being made. */
  private get isClosed(): boolean {
    return this.state === 'closed';
  }

  private fail(reason: string): void {
    const { pauseMsMin, pauseMsMax } = this.limits;
    const pauseMs = Math.min(pauseMsMax, pauseMsMin * 2 ** Math.min(10, this.failures++));
    this.notBeforeMs = this.options.world.clock.monotonicMs() + pauseMs;
    this.state = 'idle';
    this.drop(reason);
  }

  private drop(reason: string): void {
    const { client, stream } = this;
    this.client = undefined;
    this.stream = undefined;
    this.congested = false;
    stream?.cancel();
    client?.close();
    this.sweeper?.cancel();
    this.sweeper = undefined;
    const calls = [...this.calls.values()];
    this.calls.clear();
    this.waiting = [];
    for (const call of calls) call.done(this.unreachable(reason, call.sent), undefined);
  }

  private sweep(): void {
    if (this.calls.size === 0) {
      this.sweeper?.cancel();
      this.sweeper = undefined;
      return;
    }
    const nowMs = this.options.world.clock.monotonicMs();
    for (const [id, call] of this.calls) {
      if (call.deadlineMs > nowMs) continue;
      this.calls.delete(id);
      call.done(this.unreachable('no answer in time', call.sent), undefined);
    }
  }

  private unreachable(reason: string, sent: boolean): RutileError {
    return new RutileError('kv.unreachable', `store ${this.options.storeId}: ${reason}`, {
      retry: 'refresh',
      fields: { sent },
    });
  }
}

function askHealth(client: Client, deadline: number): Promise<void> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      (one: { service: string }) => healthCheckRequest.encode(one).finish() as Buffer,
      (bytes: Buffer) => healthCheckResponse.decode(bytes),
      { service: '' },
      { deadline },
      (error) => (error ? reject(new Error(error.details || error.message)) : resolve()),
    );
  });
}
