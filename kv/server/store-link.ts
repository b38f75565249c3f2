/**
 * `StoreLink`: the way from this store to one other. It owns a bounded queue, a channel, and the one BatchRaft stream on it.
 *
 *     send ──► queue ── once a turn, and while the stream takes it ──► batches on the stream ──► the other store
 *
 * What is sent in one turn leaves as one message where it fits: a message costs tens of microseconds, what is in it about one. At
 * most `batchesUnsentMax` batches wait inside the stream; behind a receiver that does not read, the queue fills to its bound and what
 * comes then is dropped, which Raft is made for. Order is kept: a link has one stream at a time, and never sends twice.
 *
 * The states, and what ends them:
 *
 *     idle ── a message ──► connecting ── connected ──► open ── any failure ──► waiting (grows, with chance) ── a message ──► connecting …
 *
 * A probe on the same channel every second measures the way there and back; without an answer in time the link counts as broken,
 * since a frozen process keeps its connections. While a link is broken its queue is empty: every message is dropped and named to
 * `onDropped`, so that Raft learns at once whom it cannot reach.
 */
import { type ChannelCredentials, Client, type ClientWritableStream, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { MaybePromise } from '../../base/outcome.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Clock, Random, Timer, Timers } from '../../base/world.ts';
import { healthCheckRequest, healthCheckResponse } from '../../proto/wire/messages.ts';
import { batchRaftMessage, done, type RaftMessage } from '../../proto/wire/raft-messages.ts';

export interface LinkLimits {
  /** Messages that wait for a store; one more is dropped. */
  readonly queueCountMax: number;
  /** Bytes of entries and keys that wait for a store; a message beyond is dropped, except alone in the queue. */
  readonly queueSizeBytesMax: number;
  /** A batch is closed at this size; a larger message goes alone. */
  readonly batchSizeBytesMax: number;
  readonly batchCountMax: number;
  /** Batches given to the stream and not yet taken by the connection. */
  readonly batchesUnsentMax: number;
  readonly connectMsMax: number;
  readonly backoffMsFirst: number;
  readonly backoffMsMax: number;
  readonly probeEveryMs: number;
  readonly probeMsMax: number;
}

export const LINK_LIMITS: LinkLimits = {
  queueCountMax: 32_768,
  queueSizeBytesMax: 32 * 1024 * 1024,
  batchSizeBytesMax: 256 * 1024,
  batchCountMax: 2048,
  batchesUnsentMax: 4,
  connectMsMax: 3000,
  backoffMsFirst: 50,
  backoffMsMax: 3000,
  probeEveryMs: 1000,
  probeMsMax: 3000,
};

export interface LinkOptions {
  readonly storeId: number;
  readonly targetId: number;
  readonly clusterId: number;
  readonly world: { readonly clock: Clock; readonly timers: Timers; readonly random: Random };
  readonly credentials: ChannelCredentials;
  readonly limits: LinkLimits;
  /** Where the store listens now; undefined or a failure: nobody knows. Asked anew for every connection. */
  resolve(storeId: number): MaybePromise<string | undefined>;
  /** Once a turn in which messages were dropped, with the regions they were of. */
  onDropped(regionIds: ReadonlySet<number>): void;
}

/** What the other side checks before it reads a message. */
export const TO_STORE = 'rutile-to-store';
export const FROM_STORE = 'rutile-from-store';
export const CLUSTER = 'rutile-cluster';

const MESSAGE_SIZE_BASE = 64;
/** Weight of the newest measurement. */
const LATENCY_WEIGHT = 0.25;
const beforeSend = failpoint('transport::send');

type Stream = ClientWritableStream<RaftMessage[]>;

export class StoreLink {
  state: 'idle' | 'connecting' | 'open' | 'waiting' | 'closed' = 'idle';
  /** Smoothed, there and back; undefined until measured. */
  latencyMs: number | undefined = undefined;
  sentMessages = 0;
  sentBatches = 0;
  droppedMessages = 0;
  connections = 0;
  /** Why the last connection ended, for people. */
  lastFailure = '';
  private readonly options: LinkOptions;
  private queue: RaftMessage[] = [];
  /** Where the queue begins: what was sent stays in the array until all of it is. */
  private head = 0;
  private queueSizeBytes = 0;
  private dropped = new Set<number>();
  private flushPlanned = false;
  private unsent = 0;
  private client: Client | undefined;
  private stream: Stream | undefined;
  private failures = 0;
  /** To probes of this connection. */
  private answers = 0;
  private retryTimer: Timer | undefined;
  private probeTimer: Timer | undefined;
  /** Grows with each connection: what an older one reports no longer matters. */
  private generation = 0;

  constructor(options: LinkOptions) {
    this.options = options;
  }

  // hot: bench/micro/transport.ts
  send(message: RaftMessage): boolean {
    const { limits } = this.options;
    const size = sizeOf(message);
    const count = this.queue.length - this.head;
    if (
      this.state === 'waiting' ||
      this.state === 'closed' ||
      count >= limits.queueCountMax ||
      (count > 0 && this.queueSizeBytes + size > limits.queueSizeBytesMax)
    ) {
      this.drop(message);
      return false;
    }
    this.queue.push(message);
    this.queueSizeBytes += size;
    this.plan();
    return true;
  }

  get queuedCount(): number {
    return this.queue.length - this.head;
  }

  get queuedSizeBytes(): number {
    return this.queueSizeBytes;
  }

  /** A channel to the store for calls of other kinds; undefined while there is none. Connects when idle. */
  openClient(): Client | undefined {
    if (this.state === 'idle') void this.connect();
    return this.state === 'open' ? this.client : undefined;
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.generation++;
    this.retryTimer?.cancel();
    this.disconnect();
    this.queue = [];
    this.head = 0;
    this.queueSizeBytes = 0;
  }

  private plan(): void {
    if (this.flushPlanned) return;
    this.flushPlanned = true;
    this.options.world.timers.soon(() => {
      this.flushPlanned = false;
      if (this.state === 'idle' && this.queuedCount > 0) void this.connect();
      this.pump();
      if (this.dropped.size > 0) {
        const regions = this.dropped;
        this.dropped = new Set();
        if (this.state !== 'closed') this.options.onDropped(regions);
      }
    });
  }

  // hot
  private pump(): void {
    const { limits } = this.options;
    while (this.state === 'open' && this.queuedCount > 0 && this.unsent < limits.batchesUnsentMax) {
      const batch = this.takeBatch();
      if (beforeSend.armed && beforeSend.hit(this.options.world) !== undefined) {
        for (const message of batch) this.drop(message);
        continue;
      }
      const { generation } = this;
      this.unsent++;
      this.sentBatches++;
      this.sentMessages += batch.length;
      this.stream!.write(batch, () => {
        if (generation !== this.generation) return;
        this.unsent--;
        this.pump();
      });
    }
  }

  private takeBatch(): RaftMessage[] {
    const { batchCountMax, batchSizeBytesMax } = this.options.limits;
    const { queue, head } = this;
    let size = 0;
    let end = head;
    while (end < queue.length && end - head < batchCountMax) {
      const more = sizeOf(queue[end]!);
      if (end > head && size + more > batchSizeBytesMax) break;
      size += more;
      end++;
    }
    const batch = head === 0 && end === queue.length ? queue : queue.slice(head, end);
    this.queueSizeBytes -= size;
    if (end === queue.length) {
      this.queue = [];
      this.head = 0;
    } else if (end > 4096) {
      this.queue = queue.slice(end);
      this.head = 0;
    } else this.head = end;
    return batch;
  }

  private drop(message: RaftMessage): void {
    this.droppedMessages++;
    this.dropped.add(message.region_id);
    this.plan();
  }

  private async connect(): Promise<void> {
    const { world, limits, targetId, credentials } = this.options;
    const generation = ++this.generation;
    this.state = 'connecting';
    try {
      const address = await this.options.resolve(targetId);
      if (generation !== this.generation) return;
      if (address === undefined) throw new Error(`the address of store ${targetId} is not known`);
      this.client = new Client(address, credentials, {
        'grpc.use_local_subchannel_pool': 1,
        'grpc.max_send_message_length': -1,
        'grpc.keepalive_time_ms': 10_000,
        'grpc.keepalive_timeout_ms': 3000,
      });
      // The first answer is the proof; unlike waiting for the channel, it fails at once where nobody listens.
      await ask(this.client, world.clock.wallMs() + limits.connectMsMax);
      if (generation !== this.generation) return;
    } catch (error) {
      if (generation === this.generation) this.fail((error as Error).message);
      return;
    }
    this.connections++;
    this.answers = 0;
    this.state = 'open';
    this.openStream(generation);
    this.probeTimer = world.timers.every(limits.probeEveryMs, () => this.probe(generation));
    this.probe(generation);
    this.pump();
  }

  private openStream(generation: number): void {
    const metadata = linkMetadata(this.options);
    const stream = this.client!.makeClientStreamRequest(
      '/tikvpb.Tikv/BatchRaft',
      (msgs: RaftMessage[]) => batchRaftMessage.encode({ msgs }).finish() as Buffer,
      (bytes: Buffer) => done.decode(bytes),
      metadata,
      (error: ServiceError | null) => {
        if (generation === this.generation) this.fail(error ? error.details || error.message : 'the stream was ended');
      },
    );
    // The callback above says the same with more words.
    stream.on('error', () => undefined);
    this.stream = stream;
    this.unsent = 0;
  }

  private probe(generation: number): void {
    const { clock } = this.options.world;
    const began = clock.monotonicMs();
    ask(this.client!, clock.wallMs() + this.options.limits.probeMsMax).then(
      () => {
        if (generation !== this.generation) return;
        const tookMs = clock.monotonicMs() - began;
        this.latencyMs = this.latencyMs === undefined ? tookMs : this.latencyMs + (tookMs - this.latencyMs) * LATENCY_WEIGHT; // prettier-ignore
        // A link that has lived for a while begins anew with its failures; one that is refused at once does not.
        if (++this.answers > 1) this.failures = 0;
      },
      (error: Error) => {
        if (generation === this.generation) this.fail(`no answer to a probe: ${error.message}`);
      },
    );
  }

  private fail(reason: string): void {
    const { world, limits } = this.options;
    this.generation++;
    this.lastFailure = reason;
    this.state = 'waiting';
    this.disconnect();
    for (let i = this.head; i < this.queue.length; i++) this.drop(this.queue[i]!);
    this.queue = [];
    this.head = 0;
    this.queueSizeBytes = 0;
    const backoffMs = Math.min(limits.backoffMsMax, limits.backoffMsFirst * 2 ** Math.min(this.failures, 16));
    this.failures++;
    // Half of it by chance: the stores that lost one store do not come back in step.
    this.retryTimer = world.timers.after(backoffMs * (0.5 + world.random.unit() / 2), () => {
      this.retryTimer = undefined;
      this.state = 'idle';
    });
  }

  private disconnect(): void {
    this.probeTimer?.cancel();
    this.probeTimer = undefined;
    const { stream, client } = this;
    this.stream = undefined;
    this.client = undefined;
    this.unsent = 0;
    stream?.cancel();
    client?.close();
  }
}

/** Names both stores and the cluster, so that a message never reaches whoever took over an address. */
export function linkMetadata(options: { storeId: number; targetId: number; clusterId: number }): Metadata {
  const metadata = new Metadata();
  metadata.set(FROM_STORE, String(options.storeId));
  metadata.set(TO_STORE, String(options.targetId));
  metadata.set(CLUSTER, String(options.clusterId));
  return metadata;
}

/** About what the message has in memory and on the wire. */
// hot
function sizeOf(message: RaftMessage): number {
  let size = MESSAGE_SIZE_BASE;
  const raft = message.message;
  if (raft) {
    const { entries, context } = raft;
    if (entries !== undefined)
      for (let i = 0; i < entries.length; i++)
        size += 32 + (entries[i]!.data === undefined ? 0 : entries[i]!.data!.length);
    if (context !== undefined) size += context.length;
    if (raft.snapshot?.data) size += raft.snapshot.data.length;
  }
  return size;
}

/** Whether the process at the other end answers. */
function ask(client: Client, deadline: number): Promise<void> {
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
