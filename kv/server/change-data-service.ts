/**
 * `cdcpb.ChangeData`: the change feed of regions on the kv port. One stream carries any number of feeds, each named by request and region; what is
 * told is in kv/client/feed/region-feed.ts.
 *
 *     register ─► INITIALIZED after COMMITTED and PREWRITE of what is there ─► PREWRITE, COMMIT, ROLLBACK, COMMITTED (one phase) ─► error
 *                 resolved_ts in between, of many regions in one message
 *
 * Readers that ask for `whole_rows` (Rutile's own client) get COMMITTED alone. Bounds are memcomparable as TiCDC writes them, keys of rows plain. A
 * reader that does not read is not written to: what waits stays in the feed's own bounded queue, and the feed ends with `congested`.
 */
import type { Metadata, Server, ServerDuplexStream } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import type { Timers } from '../../base/world.ts';
import {
  type ChangeDataEvent,
  changeDataEvent,
  type ChangeDataRequest,
  changeDataRequest,
  type ChangeError,
  changeErrorOf,
  EXTRA_OLD_VALUES,
  KV_API_RAW,
  ROW_OP,
  ROW_TYPE,
  type WireRow,
} from '../../proto/wire/change-messages.ts';
import { decodeBound, regionErrorOf } from '../../proto/wire/region-errors.ts';
import { lockToWire } from '../../proto/wire/txn-errors.ts';
import type { RegionFeed, RegionFeedItem } from '../client/feed/region-feed.ts';
import type { KeyRange } from '../client/client.ts';
import { method } from './service.ts';
import { regionOf, type TxnServices } from './txn-commands.ts';

const INVALID_ARGUMENT = 3;
const UNIMPLEMENTED = 12;
/** What readers of the second form of the call may ask for; all of it holds for the first form too. */
const FEATURES = new Set(['batch-resolved-ts', 'validate-cluster-id', 'stream-multiplexing']);

type Stream = ServerDuplexStream<ChangeDataRequest, ChangeDataEvent>;

export const EVENT_FEED = method<ChangeDataRequest, ChangeDataEvent>({
  path: '/cdcpb.ChangeData/EventFeed',
  request: changeDataRequest,
  response: changeDataEvent,
  stream: true,
});

export function addChangeDataService(server: Server, services: TxnServices, timers: Timers): void {
  const serve = (stream: Stream): void => void new FeedStream(stream, services, timers);
  const definition = { EventFeed: EVENT_FEED, EventFeedV2: { ...EVENT_FEED, path: '/cdcpb.ChangeData/EventFeedV2' } };
  const handlers = {
    EventFeed: serve,
    EventFeedV2: (stream: Stream): void => {
      const unknown = featuresOf(stream.metadata).find((feature) => !FEATURES.has(feature));
      if (unknown === undefined) serve(stream);
      else stream.emit('error', { code: UNIMPLEMENTED, details: `the feature ${unknown} is not offered` });
    },
  };
  server.addService(definition as never, handlers as never);
}

function featuresOf(metadata: Metadata): string[] {
  return metadata.get('features').flatMap((value) => String(value).split(',').map((name) => name.trim()).filter(Boolean)); // prettier-ignore
}

class FeedStream {
  private readonly stream: Stream;
  private readonly services: TxnServices;
  private readonly timers: Timers;
  /** By request and region. */
  private readonly feeds = new Map<string, RegionFeed>();
  /** Regions that are resolved, by request and timestamp: one message a turn. */
  private resolved = new Map<string, { regions: number[]; ts: bigint; request_id: number }>();
  private drained: Promise<void> | undefined = undefined;
  private closed = false;

  constructor(stream: Stream, services: TxnServices, timers: Timers) {
    this.stream = stream;
    this.services = services;
    this.timers = timers;
    stream.on('data', (request: ChangeDataRequest) => this.receive(request));
    for (const event of ['cancelled', 'error', 'close'] as const) stream.on(event, () => this.close());
    stream.on('end', () => {
      this.close();
      stream.end();
    });
  }

  private receive(request: ChangeDataRequest): void {
    const { request_id: requestId, region_id: regionId } = request;
    switch (request.request) {
      case undefined:
      case 'register':
        return this.register(request);
      case 'deregister':
        for (const [name, feed] of [...this.feeds]) {
          if (name !== nameOf(requestId, regionId) && !(regionId === 0 && name.startsWith(`${requestId}/`))) continue;
          this.feeds.delete(name);
          feed.close();
        }
        return;
      case 'notify_txn_status':
        return this.refuse(UNIMPLEMENTED, 'this store does not take the status of transactions');
    }
  }

  private register(request: ChangeDataRequest): void {
    const { request_id: requestId, region_id: regionId, header } = request;
    const { storeId, clusterId, store, describe } = this.services;
    if ((request.kv_api ?? 0) === KV_API_RAW) return this.refuse(INVALID_ARGUMENT, 'raw pairs have no change feed');
    if (request.filter_loop === true) return this.refuse(UNIMPLEMENTED, 'filter_loop is not offered');
    const name = nameOf(requestId, regionId);
    const fail = (error: ChangeError): void => this.write({ events: [{ region_id: regionId, request_id: requestId, error }] }); // prettier-ignore
    if (header && header.cluster_id > 0 && header.cluster_id !== clusterId)
      return fail({ cluster_id_mismatch: { current: clusterId, request: header.cluster_id } });
    if (this.feeds.has(name)) return fail({ duplicate_request: { region_id: regionId } });
    const own = request.whole_rows;
    const form = own ? 'space' : 'memcomparable';
    const context = { region_id: regionId, region_epoch: request.region_epoch ?? null, cluster_id: 0, api_version: 0 };
    const place = regionOf(this.services, context);
    if (!('ref' in place)) return fail(changeErrorOf(place, regionId));
    const failed = (error: unknown): void => {
      this.feeds.delete(name);
      const wire =
        regionErrorOf(error, { regionId, storeId, form, describe: (id) => describe(id) }) ?? messageOf(error);
      fail(changeErrorOf(wire, regionId));
    };
    let feed: RegionFeed;
    try {
      if (store.feed === undefined) throw new RutileError('kv.not-offered', 'this store has no change feed');
      const range = own ? { lower: request.start_key, upper: request.end_key } : decodedRange(request);
      feed = store.feed(place.ref, {
        range,
        fromTs: request.checkpoint_ts,
        oldValues: request.extra_op === EXTRA_OLD_VALUES,
        steps: !own,
      });
    } catch (error) {
      return failed(error);
    }
    this.feeds.set(name, feed);
    this.tell(name, feed, regionId, requestId).catch((error: unknown) => {
      // Whoever let go of the feed does not ask why it ended.
      if (!this.closed && this.feeds.get(name) === feed) failed(error);
    });
  }

  private async tell(name: string, feed: RegionFeed, regionId: number, requestId: number): Promise<void> {
    while (!this.closed) {
      const items = await feed.next();
      if (this.closed || this.feeds.get(name) !== feed) return;
      const rows: WireRow[] = [];
      for (const item of items) {
        if (item.kind === 'resolved') this.planResolved(requestId, regionId, item.ts);
        else if (item.kind === 'held') this.write({ held: item.locks.map(lockToWire) });
        else rows.push(rowToWire(item));
      }
      if (rows.length > 0)
        this.write({ events: [{ region_id: regionId, request_id: requestId, entries: { entries: rows } }] });
      await this.drained;
    }
  }

  /** Told a little late it is true all the same: what comes before is newer. */
  private planResolved(requestId: number, region: number, ts: bigint): void {
    if (this.resolved.size === 0) this.timers.soon(() => this.flushResolved());
    const name = `${requestId}/${ts}`;
    const known = this.resolved.get(name);
    if (known === undefined) this.resolved.set(name, { regions: [region], ts, request_id: requestId });
    else known.regions.push(region);
  }

  private flushResolved(): void {
    const { resolved } = this;
    this.resolved = new Map();
    for (const one of resolved.values()) this.write({ resolved_ts: one });
  }

  private write(event: ChangeDataEvent): void {
    if (this.closed || this.stream.cancelled) return;
    if (this.stream.write(event)) return;
    this.drained ??= new Promise<void>((resolve) => {
      const go = (): void => {
        this.drained = undefined;
        resolve();
      };
      this.stream.once('drain', go);
      this.stream.once('close', go);
      this.stream.once('cancelled', go);
    });
  }

  private refuse(code: number, details: string): void {
    this.close();
    this.stream.emit('error', { code, details });
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    const feeds = [...this.feeds.values()];
    this.feeds.clear();
    for (const feed of feeds) feed.close();
  }
}

function rowToWire(item: Exclude<RegionFeedItem, { kind: 'resolved' | 'held' }>): WireRow {
  switch (item.kind) {
    case 'initialized':
      return { type: ROW_TYPE.initialized };
    case 'rollback':
      return { type: ROW_TYPE.rollback, key: item.key, start_ts: item.startTs };
    case 'commit': {
      const { key, startTs, commitTs } = item;
      return { type: ROW_TYPE.commit, op_type: item.isDelete ? ROW_OP.delete : ROW_OP.put, key, start_ts: startTs, commit_ts: commitTs }; // prettier-ignore
    }
    case 'prewrite':
    case 'row': {
      const { key, value, oldValue, startTs: start_ts } = item;
      return {
        type: item.kind === 'row' ? ROW_TYPE.committed : ROW_TYPE.prewrite,
        op_type: value === undefined ? ROW_OP.delete : ROW_OP.put,
        key,
        start_ts,
        ...(item.kind === 'row' && { commit_ts: item.commitTs }),
        ...(value !== undefined && { value }),
        ...(oldValue !== undefined && { old_value: oldValue, has_old_value: true }),
      };
    }
  }
}

function decodedRange({ start_key: lower, end_key: upper }: ChangeDataRequest): KeyRange {
  const decode = (bound: Uint8Array): Uint8Array => (bound.length === 0 ? bound : decodeBound(bound));
  return { lower: decode(lower), upper: decode(upper) };
}

function messageOf(error: unknown): { message: string; code: string } {
  if (error instanceof RutileError) return { message: error.message, code: error.code };
  return { message: String(error), code: 'kv.unexpected' };
}

function nameOf(requestId: number, regionId: number): string {
  return `${requestId}/${regionId}`;
}
