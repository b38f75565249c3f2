/**
 * The placement service as PD's clients expect it: members, timestamps, regions, stores.
 *
 * Three rules that clients punish when broken: every answer carries a header with the cluster id; GetMembers never checks the
 * caller's cluster id (it has none yet) and always names a leader; a timestamp answer echoes `count`, comes in the order of the
 * requests, and `logical` is the largest of the batch.
 */
import { status, type sendUnaryData, type Server, type ServerDuplexStream, type ServerUnaryCall } from '@grpc/grpc-js';
import type { MaybePromise } from '../../base/outcome.ts';
import { pd, type Region, type StoreMessage, type Peer } from '../../proto/wire/messages.ts';
import type * as wire from '../../proto/wire/messages.ts';
import { method } from './service.ts';

export interface LocatedRegion {
  readonly region: Region;
  readonly leader: Peer;
}

/** What the service needs to know; the wiring gives it from kv/placement. */
export interface PlacementFacts {
  readonly clusterId: number;
  readonly memberId: number;
  readonly name: string;
  /** `http://host:port` as clients reach this member. */
  clientUrl(): string;
  /** `count` timestamps; `logical` is the largest. */
  timestamps(count: number): MaybePromise<{ readonly physical: number; readonly logical: number }>;
  regionByKey(key: Uint8Array): LocatedRegion | undefined;
  previousRegion(key: Uint8Array): LocatedRegion | undefined;
  regionById(id: number): LocatedRegion | undefined;
  /** `limit` 0: all. An empty `upper` is the end of the key space. */
  scanRegions(lower: Uint8Array, upper: Uint8Array, limit: number): readonly LocatedRegion[];
  stores(): readonly StoreMessage[];
}

/** 18 bits of counter in a timestamp. */
const TIMESTAMPS_A_REQUEST_MAX = 1 << 18;
const STORE_TOMBSTONE = 2;

type Unary<Request, Response> = (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => void;

export function addPlacementService(server: Server, facts: PlacementFacts): void {
  const header = { cluster_id: facts.clusterId };

  /** Wraps a handler with the check that the caller means this cluster. */
  const unary =
    <Request extends { header?: { cluster_id: number } | null }, Response>(
      handle: (request: Request) => Response,
    ): Unary<Request, Response> =>
    (call, done) => {
      const asked = call.request.header?.cluster_id ?? 0;
      if (asked !== 0 && asked !== facts.clusterId) {
        done({
          code: status.FAILED_PRECONDITION,
          details: `mismatch cluster id, need ${facts.clusterId} but got ${asked}`,
        });
        return;
      }
      done(null, handle(call.request));
    };
  const located = (found: LocatedRegion | undefined): wire.GetRegionResponse =>
    found ? { header, region: found.region, leader: found.leader } : { header };

  const path = (name: string): string => `/pdpb.PD/${name}`;
  const unaryMethod = <Request, Response>(name: string, request: string, response: string) =>
    method({ path: path(name), request: pd<Request>(request), response: pd<Response>(response) });

  server.addService(
    {
      GetMembers: unaryMethod('GetMembers', 'GetMembersRequest', 'GetMembersResponse'),
      Tso: method({
        path: path('Tso'),
        request: pd<wire.TsoRequest>('TsoRequest'),
        response: pd<wire.TsoResponse>('TsoResponse'),
        stream: true,
      }),
      GetRegion: unaryMethod('GetRegion', 'GetRegionRequest', 'GetRegionResponse'),
      GetPrevRegion: unaryMethod('GetPrevRegion', 'GetRegionRequest', 'GetRegionResponse'),
      GetRegionByID: unaryMethod('GetRegionByID', 'GetRegionByIDRequest', 'GetRegionResponse'),
      ScanRegions: unaryMethod('ScanRegions', 'ScanRegionsRequest', 'ScanRegionsResponse'),
      GetStore: unaryMethod('GetStore', 'GetStoreRequest', 'GetStoreResponse'),
      GetAllStores: unaryMethod('GetAllStores', 'GetAllStoresRequest', 'GetAllStoresResponse'),
    },
    {
      GetMembers: ((_call, done) => {
        const member = {
          name: facts.name,
          member_id: facts.memberId,
          peer_urls: [facts.clientUrl()],
          client_urls: [facts.clientUrl()],
        };
        done(null, { header, members: [member], leader: member, etcd_leader: member });
      }) as Unary<wire.GetMembersRequest, wire.GetMembersResponse>,
      Tso: (stream: ServerDuplexStream<wire.TsoRequest, wire.TsoResponse>) => serveTimestamps(stream, facts),
      GetRegion: unary((request: wire.GetRegionRequest) => located(facts.regionByKey(request.region_key))),
      GetPrevRegion: unary((request: wire.GetRegionRequest) => located(facts.previousRegion(request.region_key))),
      GetRegionByID: unary((request: wire.GetRegionByIdRequest) => located(facts.regionById(request.region_id))),
      ScanRegions: unary((request: wire.ScanRegionsRequest): wire.ScanRegionsResponse => {
        const found = facts.scanRegions(request.start_key, request.end_key, Math.max(request.limit, 0));
        return {
          header,
          region_metas: found.map((one) => one.region),
          leaders: found.map((one) => one.leader),
          regions: found.map((one) => ({ region: one.region, leader: one.leader })),
        };
      }),
      GetStore: ((call, done) => {
        const store = facts.stores().find((one) => one.id === call.request.store_id);
        // Clients look for exactly these words to tell a missing store from a failure.
        if (!store) done({ code: status.UNKNOWN, details: `invalid store ID ${call.request.store_id}, not found` });
        else done(null, { header, store });
      }) as Unary<wire.GetStoreRequest, wire.GetStoreResponse>,
      GetAllStores: unary((request: wire.GetAllStoresRequest): wire.GetAllStoresResponse => ({
        header,
        stores: facts.stores().filter((store) => !request.exclude_tombstone_stores || store.state !== STORE_TOMBSTONE),
      })),
    } as never,
  );
}

/** Requests are answered one after the other, so the order holds even when the oracle has to wait for its disk. */
function serveTimestamps(stream: ServerDuplexStream<wire.TsoRequest, wire.TsoResponse>, facts: PlacementFacts): void {
  let tail: Promise<void> | undefined;
  let waiting = 0;
  let ended = false;

  const fail = (code: number, details: string): void => {
    ended = true;
    stream.emit('error', { code, details });
  };
  const send = (count: number, stamp: { physical: number; logical: number }): void => {
    if (!ended)
      stream.write({
        header: { cluster_id: facts.clusterId },
        count,
        timestamp: { physical: stamp.physical, logical: stamp.logical },
      });
  };
  const answer = (count: number): MaybePromise<void> => {
    const stamp = facts.timestamps(count);
    if (stamp instanceof Promise) return stamp.then((value) => send(count, value));
    send(count, stamp);
  };

  stream.on('data', (request: wire.TsoRequest) => {
    if (ended) return;
    const asked = request.header?.cluster_id ?? 0;
    if (asked !== 0 && asked !== facts.clusterId)
      return fail(status.FAILED_PRECONDITION, `mismatch cluster id, need ${facts.clusterId} but got ${asked}`);
    const { count } = request;
    if (count < 1 || count > TIMESTAMPS_A_REQUEST_MAX)
      return fail(status.INVALID_ARGUMENT, `tso count must be between 1 and ${TIMESTAMPS_A_REQUEST_MAX}, got ${count}`);
    const before = tail;
    const result = before ? before.then(() => answer(count)) : answer(count);
    if (!(result instanceof Promise)) return;
    waiting++;
    const settled: Promise<void> = result
      .catch((error: unknown) => fail(status.UNAVAILABLE, error instanceof Error ? error.message : String(error)))
      .then(() => {
        waiting--;
        if (tail === settled) tail = undefined;
        if (streamEnded && waiting === 0) finish();
      });
    tail = settled;
  });
  let streamEnded = false;
  const finish = (): void => {
    if (ended) return;
    ended = true;
    stream.end();
  };
  stream.on('end', () => {
    streamEnded = true;
    if (waiting === 0) finish();
  });
  stream.on('error', () => (ended = true));
  stream.on('cancelled', () => (ended = true));
}
