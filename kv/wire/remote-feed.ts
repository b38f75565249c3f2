/**
 * Change feeds of a store elsewhere: a stream of `cdcpb.ChangeData` for each region feed, on channels of their own, so that a long scan of the past
 * stands in nobody's way. A reader that is slow leaves the stream unread, and the store's end of it stops writing.
 */
import { Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { copyBytes, EMPTY_BYTES } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import {
  type ChangeDataEvent,
  type ChangeDataRequest,
  EXTRA_OLD_VALUES,
  ROW_TYPE,
  rowValue,
  type WireRow,
} from '../../proto/wire/change-messages.ts';
import { errorOfRegionError } from '../../proto/wire/region-errors.ts';
import { lockFromWire } from '../../proto/wire/txn-errors.ts';
import type { RegionFeed, RegionFeedItem, RegionFeedRequest } from '../client/feed/region-feed.ts';
import type { RegionRef } from '../client/region-store.ts';
import { EVENT_FEED } from '../server/change-data-service.ts';
import type { StoreConnectionOptions } from './store-connection.ts';

/** Messages that wait to be asked for before the stream is left unread. */
const MESSAGES_MAX = 4;

type Stream = ClientDuplexStream<ChangeDataRequest, ChangeDataEvent>;

/** Streams of one connection; stores take 1,024. */
const STREAMS_MAX = 512;

interface Channel {
  readonly client: Client;
  streams: number;
}

interface Begun {
  readonly stream: Stream;
  readonly channel: Channel;
}

export class RemoteFeeds {
  private readonly options: StoreConnectionOptions & { readonly clusterId: number };
  private readonly channels = new Set<Channel>();
  private closed = false;

  constructor(options: StoreConnectionOptions & { readonly clusterId: number }) {
    this.options = options;
  }

  open(region: RegionRef, request: RegionFeedRequest): RegionFeed {
    const { storeId, clusterId } = this.options;
    const asked: ChangeDataRequest = {
      header: { cluster_id: clusterId, ticdc_version: '' },
      region_id: region.id,
      region_epoch: { conf_ver: region.confVersion, version: region.version },
      checkpoint_ts: request.fromTs,
      start_key: request.range.lower,
      end_key: request.range.upper,
      request_id: 1,
      extra_op: request.oldValues ? EXTRA_OLD_VALUES : 0,
      register: {},
      whole_rows: true,
    };
    return new RemoteFeed(storeId, this.begin(asked), (channel, isBroken) => this.left(channel, isBroken));
  }

  close(): void {
    this.closed = true;
    for (const channel of this.channels) this.drop(channel);
  }

  private async begin(asked: ChangeDataRequest): Promise<Begun> {
    const channel = this.take() ?? (await this.connect());
    const { path, requestSerialize, responseDeserialize } = EVENT_FEED;
    const stream = channel.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    stream.write(asked);
    return { stream, channel };
  }

  /** A place on a connection; it is taken in the turn in which it is found. */
  private take(): Channel | undefined {
    for (const channel of this.channels) {
      if (channel.streams >= STREAMS_MAX) continue;
      channel.streams++;
      return channel;
    }
    return undefined;
  }

  private async connect(): Promise<Channel> {
    const { storeId } = this.options;
    const address = await this.options.address();
    if (address === undefined || this.closed) throw unreachable(storeId, 'its address is not known');
    // Others may have waited for the address, too.
    const known = this.take();
    if (known !== undefined) return known;
    const client = new Client(address, this.options.credentials ?? credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 3000,
    });
    const channel = { client, streams: 1 };
    this.channels.add(channel);
    return channel;
  }

  /** After a failure the next feed connects anew, wherever the store is then. */
  private left(channel: Channel, isBroken: boolean): void {
    channel.streams--;
    if (isBroken || channel.streams === 0) this.drop(channel);
  }

  private drop(channel: Channel): void {
    if (this.channels.delete(channel)) channel.client.close();
  }
}

class RemoteFeed implements RegionFeed {
  private readonly storeId: number;
  private readonly left: (channel: Channel, isBroken: boolean) => void;
  private begun: Begun | undefined = undefined;
  private waiting: ChangeDataEvent[] = [];
  private failure: RutileError | undefined = undefined;
  private wake: (() => void) | undefined = undefined;

  constructor(storeId: number, beginning: Promise<Begun>, left: (channel: Channel, isBroken: boolean) => void) {
    this.storeId = storeId;
    this.left = left;
    const fail = (error: Error): void =>
      this.end(error instanceof RutileError ? error : unreachable(storeId, error.message), true);
    beginning.then((begun) => {
      const { stream, channel } = begun;
      stream.on('error', fail);
      stream.on('end', () => fail(new Error('the store ended the feed')));
      stream.on('data', (event: ChangeDataEvent) => this.receive(event));
      this.begun = begun;
      if (this.failure === undefined) return;
      stream.cancel();
      left(channel, false);
    }, fail);
  }

  async next(): Promise<readonly RegionFeedItem[]> {
    for (;;) {
      const event = this.waiting.shift();
      if (event !== undefined) {
        if (this.waiting.length < MESSAGES_MAX) this.begun?.stream.resume();
        const items = itemsOf(event);
        if (items.length > 0) return items;
      } else if (this.failure !== undefined) throw this.failure;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  close(): void {
    this.end(new RutileError('kv.closed', 'the feed was closed'), false);
    this.waiting = [];
  }

  private receive(event: ChangeDataEvent): void {
    const error = event.events?.find((one) => one.error)?.error;
    if (error) {
      const known = error.region_error;
      return this.end(known ? errorOfRegionError(known) : unreachable(this.storeId, 'the feed was refused'), false);
    }
    this.waiting.push(event);
    if (this.waiting.length >= MESSAGES_MAX) this.begun?.stream.pause();
    this.tell();
  }

  private end(failure: RutileError, isBroken: boolean): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    if (this.begun !== undefined) {
      this.begun.stream.cancel();
      this.left(this.begun.channel, isBroken);
    }
    this.tell();
  }

  private tell(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}

function itemsOf(event: ChangeDataEvent): RegionFeedItem[] {
  const items: RegionFeedItem[] = [];
  for (const { entries } of event.events ?? []) for (const row of entries?.entries ?? []) items.push(itemOf(row));
  if (event.held !== undefined && event.held.length > 0)
    items.push({ kind: 'held', locks: event.held.map(lockFromWire) });
  if (event.resolved_ts) items.push({ kind: 'resolved', ts: event.resolved_ts.ts });
  return items;
}

function itemOf(row: WireRow): RegionFeedItem {
  if (row.type === ROW_TYPE.initialized) return { kind: 'initialized' };
  const { start_ts: startTs = 0n, commit_ts: commitTs = 0n } = row;
  const value = rowValue(row);
  return {
    kind: 'row',
    key: copyBytes(row.key ?? EMPTY_BYTES),
    value: value && copyBytes(value),
    oldValue: row.has_old_value === true ? copyBytes(row.old_value ?? EMPTY_BYTES) : undefined,
    startTs,
    commitTs,
  };
}

function unreachable(storeId: number, why: string): RutileError {
  return new RutileError('kv.unreachable', `store ${storeId}: ${why}`, { retry: 'refresh', fields: { sent: true } });
}
