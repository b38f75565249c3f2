/**
 * The placement service as PD's clients expect it: members, timestamps, regions, stores, the safe point; and the two calls of etcd that
 * transactional clients make on the same port.
 *
 * Bounds of regions are shown as the clients of the port read them (`bounds`): raw clients of API V1 see the raw part as plain
 * keys, transactional ones the rows in memcomparable form. A request does not say which kind sends it, so each kind has a port of its own.
 *
 * Three rules that clients punish when broken: every answer carries a header with the cluster id; GetMembers never checks the
 * caller's cluster id (it has none yet) and names the leader as soon as one is known; a timestamp answer echoes `count`, comes in the order of the
 * requests, and `logical` is the largest of the batch.
 */
import { status, type sendUnaryData, type Server, type ServerDuplexStream, type ServerUnaryCall } from '@grpc/grpc-js';
import { andThen, type MaybePromise } from '../../base/outcome.ts';
import { etcd, pd, type Region, type StoreMessage, type Peer } from '../../proto/wire/messages.ts';
import type * as wire from '../../proto/wire/messages.ts';
import { placeOf, regionFromWire, regionToWire, type BoundsForm } from '../../proto/wire/region-errors.ts';
import { RAW_SPACE, ROW_SPACE } from '../../proto/kv/region.ts';
import { toWireFailure } from './placement-errors.ts';
import { method } from './service.ts';

/** Bounds as places of the region space. */
export interface LocatedRegion {
  readonly region: Region;
  readonly leader: Peer;
}

export interface MemberFact {
  readonly id: number;
  readonly name: string;
  readonly clientUrl: string;
  readonly txnUrl?: string | undefined;
}

/** What is done to a region, or was done last. */
export interface OperatorFact {
  readonly description: string;
  readonly kind: string;
  readonly status: 'running' | 'success' | 'timeout' | 'cancelled' | 'replaced' | 'stale';
}

/** What the service needs to know; the wiring gives it from kv/placement. Whatever may ask elsewhere may answer later, or fail with `placement.not-leader`. */
export interface PlacementFacts {
  /** May be 0 until a group of members has had its first leader. */
  readonly clusterId: number;
  readonly memberId: number;
  readonly name: string;
  /** `http://host:port` as clients reach this member. */
  clientUrl(): string;
  /** All members, of a group; `leaderId` 0: not known. Without it there is this one. */
  members?(): { readonly members: readonly MemberFact[]; readonly leaderId: number };
  /** `count` timestamps; `logical` is the largest. */
  timestamps(count: number): MaybePromise<{ readonly physical: number; readonly logical: number }>;
  regionByKey(key: Uint8Array): MaybePromise<LocatedRegion | undefined>;
  previousRegion(key: Uint8Array): MaybePromise<LocatedRegion | undefined>;
  /** The region that holds the keys right below a place; an empty one is the end of the region space. */
  regionBelow(key: Uint8Array): MaybePromise<LocatedRegion | undefined>;
  regionById(id: number): MaybePromise<LocatedRegion | undefined>;
  /** `limit` 0: all. An empty `upper` is the end of the key space. */
  scanRegions(lower: Uint8Array, upper: Uint8Array, limit: number): MaybePromise<readonly LocatedRegion[]>;
  stores(): MaybePromise<readonly StoreMessage[]>;
  /** Versions below it may be gone. */
  safePoint(): MaybePromise<bigint>;
  /** Moves it towards `ts`; resolves to where it is then. */
  advanceSafePoint(ts: bigint): Promise<bigint>;
  /** Where regions can move: spreads some of one group, and says which cannot be moved now. */
  scatter?(ids: readonly number[], group: string): readonly number[];
  operatorOf?(regionId: number): OperatorFact | undefined;
}

export interface PlacementDoor {
  readonly facts: PlacementFacts;
  /** What the clients of this port take regions to be. */
  readonly bounds: 'raw' | 'memcomparable';
}

const SAFE_POINT_KEY = '/tidb/store/gcworker/saved_safe_point';

/** 18 bits of counter in a timestamp. */
const TIMESTAMPS_A_REQUEST_MAX = 1 << 18;
const STORE_TOMBSTONE = 2;
/** The first place behind all rows, and behind all raw pairs. */
const ROWS_END = new Uint8Array([ROW_SPACE + 1]);
const RAW_END = new Uint8Array([RAW_SPACE + 1]);

type Unary<Request, Response> = (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => void;

export function addPlacementService(server: Server, { facts, bounds }: PlacementDoor): void {
  const header = () => ({ cluster_id: facts.clusterId });

  /** Wraps a handler with the check that the caller means this cluster. */
  const unary =
    <Request extends { header?: { cluster_id: number } | null }, Response>(
      handle: (request: Request) => MaybePromise<Response>,
    ): Unary<Request, Response> =>
    (call, done) => {
      const asked = call.request.header?.cluster_id ?? 0;
      if (asked !== 0 && facts.clusterId !== 0 && asked !== facts.clusterId) {
        done({
          code: status.FAILED_PRECONDITION,
          details: `mismatch cluster id, need ${facts.clusterId} but got ${asked}`,
        });
        return;
      }
      try {
        const answer = handle(call.request);
        if (answer instanceof Promise) answer.then((value) => done(null, value), failed);
        else done(null, answer);
      } catch (error) {
        failed(error);
      }
      function failed(error: unknown): void {
        done(toWireFailure(error));
      }
    };
  const show = (found: LocatedRegion, form: BoundsForm): LocatedRegion | undefined => {
    if (form === 'space') return found;
    const region = regionToWire(regionFromWire(found.region), form);
    return region && { region, leader: found.leader };
  };
  const located = (found: LocatedRegion | undefined, form: BoundsForm): wire.GetRegionResponse => {
    const shown = found && show(found, form);
    return shown ? { header: header(), region: shown.region, leader: shown.leader } : { header: header() };
  };
  const locatedLater = (found: MaybePromise<LocatedRegion | undefined>, form: BoundsForm) =>
    andThen(found, (region) => located(region, form));
  const formOf = (request: { region_space?: boolean }): BoundsForm =>
    request.region_space === true ? 'space' : bounds;

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
      GetGCSafePoint: unaryMethod('GetGCSafePoint', 'GetGCSafePointRequest', 'GetGCSafePointResponse'),
      UpdateGCSafePoint: unaryMethod('UpdateGCSafePoint', 'UpdateGCSafePointRequest', 'UpdateGCSafePointResponse'),
      GetGCState: unaryMethod('GetGCState', 'GetGCStateRequest', 'GetGCStateResponse'),
      AdvanceTxnSafePoint: unaryMethod(
        'AdvanceTxnSafePoint',
        'AdvanceTxnSafePointRequest',
        'AdvanceTxnSafePointResponse',
      ),
      AdvanceGCSafePoint: unaryMethod('AdvanceGCSafePoint', 'AdvanceGCSafePointRequest', 'AdvanceGCSafePointResponse'),
      ScatterRegion: unaryMethod('ScatterRegion', 'ScatterRegionRequest', 'ScatterRegionResponse'),
      GetOperator: unaryMethod('GetOperator', 'GetOperatorRequest', 'GetOperatorResponse'),
    },
    {
      GetMembers: ((_call, done) => {
        const { members: all, leaderId } = membersFor({ facts, bounds });
        const members = all.map(memberToWire);
        const leader = members.find(({ member_id: id }) => id === leaderId);
        done(null, { header: header(), members, ...(leader && { leader, etcd_leader: leader }) });
      }) as Unary<wire.GetMembersRequest, wire.GetMembersResponse>,
      Tso: (stream: ServerDuplexStream<wire.TsoRequest, wire.TsoResponse>) => serveTimestamps(stream, facts),
      GetRegion: unary((request: wire.GetRegionRequest) => {
        const form = formOf(request);
        return locatedLater(facts.regionByKey(placeOf(request.region_key, form)), form);
      }),
      GetPrevRegion: unary((request: wire.GetRegionRequest) => {
        const form = formOf(request);
        // Rutile's own asks for what lies right below a place, the end of everything included.
        if (form !== 'space') return locatedLater(facts.previousRegion(placeOf(request.region_key, form)), form);
        return locatedLater(facts.regionBelow(request.region_key), form);
      }),
      GetRegionByID: unary((request: wire.GetRegionByIdRequest) =>
        locatedLater(facts.regionById(request.region_id), formOf(request as { region_space?: boolean })),
      ),
      ScanRegions: unary((request: wire.ScanRegionsRequest): MaybePromise<wire.ScanRegionsResponse> => {
        const form = formOf(request as { region_space?: boolean });
        const lower = placeOf(request.start_key, form);
        const end = form === 'space' ? request.end_key : form === 'raw' ? RAW_END : ROWS_END;
        const upper = request.end_key.length === 0 ? end : placeOf(request.end_key, form);
        return andThen(facts.scanRegions(lower, upper, Math.max(request.limit, 0)), (regions) => {
          const found = regions.map((one) => show(one, form)).filter((one) => one !== undefined);
          return {
            header: header(),
            region_metas: found.map((one) => one.region),
            leaders: found.map((one) => one.leader),
            regions: found.map((one) => ({ region: one.region, leader: one.leader })),
          };
        });
      }),
      GetStore: unary(async (request: wire.GetStoreRequest): Promise<wire.GetStoreResponse> => {
        const store = (await facts.stores()).find((one) => one.id === request.store_id);
        // Clients look for exactly these words to tell a missing store from a failure.
        if (!store) throw new Error(`invalid store ID ${request.store_id}, not found`);
        return { header: header(), store };
      }),
      GetAllStores: unary((request: wire.GetAllStoresRequest): MaybePromise<wire.GetAllStoresResponse> =>
        andThen(facts.stores(), (stores) => ({
          header: header(),
          stores: stores.filter((store) => !request.exclude_tombstone_stores || store.state !== STORE_TOMBSTONE),
        })),
      ),
      GetGCSafePoint: unary(async (_: wire.SafePointRequest) => ({
        header: header(),
        safe_point: await facts.safePoint(),
      })),
      UpdateGCSafePoint: unary(async (request: wire.SafePointRequest) => ({
        header: header(),
        new_safe_point: await facts.advanceSafePoint(request.safe_point ?? 0n),
      })),
      GetGCState: unary(async (_: wire.SafePointRequest) => {
        const point = await facts.safePoint();
        return { header: header(), gc_state: { keyspace_scope: {}, txn_safe_point: point, gc_safe_point: point } };
      }),
      // One safe point is both: stores collect nothing above a lock that is still there.
      AdvanceTxnSafePoint: unary(async ({ target }: AdvanceRequest) => {
        const [before, now] = [await facts.safePoint(), await facts.advanceSafePoint(target)];
        const blocker = now < target ? 'a service, or a long read, holds the safe point' : '';
        return { header: header(), old_txn_safe_point: before, new_txn_safe_point: now, blocker_description: blocker };
      }),
      AdvanceGCSafePoint: unary(async ({ target }: AdvanceRequest) => {
        const [before, now] = [await facts.safePoint(), await facts.advanceSafePoint(target)];
        return { header: header(), old_gc_safe_point: before, new_gc_safe_point: now };
      }),
      ScatterRegion: unary((request: ScatterRequest) => {
        const ids = request.regions_id.length > 0 ? request.regions_id : [request.region_id];
        // Alone on one store, a region is where it can be.
        const failed = facts.scatter?.(ids, request.group || 'clients') ?? [];
        const finished = Math.floor((100 * (ids.length - failed.length)) / ids.length);
        return { header: header(), finished_percentage: finished, failed_regions_id: [...failed] };
      }),
      GetOperator: unary((request: { header?: { cluster_id: number } | null; region_id: number }) => {
        const found = facts.operatorOf?.(request.region_id);
        if (found === undefined)
          return { header: { ...header(), error: { type: ERROR_REGION_NOT_FOUND, message: 'the region has no operator' } } }; // prettier-ignore
        const { description, kind, status } = found;
        return { header: header(), region_id: request.region_id, desc: Buffer.from(description), kind: Buffer.from(kind), status: STATUSES[status] }; // prettier-ignore
      }),
    } as never,
  );
}

type AdvanceRequest = { header?: { cluster_id: number } | null; target: bigint };
type ScatterRequest = { header?: { cluster_id: number } | null; region_id: number; regions_id: number[]; group: string }; // prettier-ignore

const ERROR_REGION_NOT_FOUND = 6;
const STATUSES = { success: 0, timeout: 1, cancelled: 2, stale: 2, replaced: 3, running: 4 } as const;

/**
 * Members as the clients of a port are to find them: the doors of one kind lead to doors of that kind. Of a member whose door for transactional
 * clients is not known they are not told.
 */
function membersFor({ facts, bounds }: PlacementDoor): { members: readonly MemberFact[]; leaderId: number } {
  const self = { id: facts.memberId, name: facts.name, clientUrl: facts.clientUrl() };
  const { members, leaderId } = facts.members?.() ?? {
    members: [{ ...self, txnUrl: self.clientUrl }],
    leaderId: self.id,
  };
  if (bounds === 'raw') return { members, leaderId };
  return {
    members: members.flatMap((one) => (one.txnUrl === undefined ? [] : [{ ...one, clientUrl: one.txnUrl }])),
    leaderId,
  };
}

function memberToWire({ id, name, clientUrl }: MemberFact): wire.Member {
  return { name, member_id: id, peer_urls: [clientUrl], client_urls: [clientUrl] };
}

/**
 * Older transactional clients read the safe point from PD's etcd, and all of them ask it for its members. The safe point is there as
 * text, once there is one; no other key exists.
 */
export function addEtcdService(server: Server, door: PlacementDoor): void {
  const { facts } = door;
  const header = () => ({ cluster_id: facts.clusterId, member_id: facts.memberId, revision: 1, raft_term: 1 });
  const range = method<{ key: Uint8Array }, object>({
    path: '/etcdserverpb.KV/Range',
    request: etcd('RangeRequest'),
    response: etcd('RangeResponse'),
  });
  const memberList = method<object, object>({
    path: '/etcdserverpb.Cluster/MemberList',
    request: etcd('MemberListRequest'),
    response: etcd('MemberListResponse'),
  });
  server.addService({ Range: range } as never, {
    Range: ((call, done) => {
      const { key } = call.request;
      const answer = async (): Promise<object> => {
        const point = await facts.safePoint();
        const isSafePoint = point > 0n && Buffer.from(key).toString() === SAFE_POINT_KEY;
        const kvs = isSafePoint ? [{ key, value: Buffer.from(String(point)), create_revision: 1, mod_revision: 1, version: 1 }] : []; // prettier-ignore
        return { header: header(), kvs, count: kvs.length };
      };
      answer().then(
        (value) => done(null, value),
        (error: unknown) => done(toWireFailure(error)),
      );
    }) as Unary<{ key: Uint8Array }, object>,
  });
  server.addService({ MemberList: memberList } as never, {
    MemberList: ((_call, done) => {
      const members = membersFor(door).members.map(({ id, name, clientUrl }) => ({
        ID: id, name, peerURLs: [clientUrl], clientURLs: [clientUrl],
      })); // prettier-ignore
      done(null, { header: header(), members });
    }) as Unary<object, object>,
  });
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
  const failWith = (error: unknown): void => {
    if (ended) return;
    ended = true;
    stream.emit('error', toWireFailure(error));
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
    if (asked !== 0 && facts.clusterId !== 0 && asked !== facts.clusterId)
      return fail(status.FAILED_PRECONDITION, `mismatch cluster id, need ${facts.clusterId} but got ${asked}`);
    const { count } = request;
    if (count < 1 || count > TIMESTAMPS_A_REQUEST_MAX)
      return fail(status.INVALID_ARGUMENT, `tso count must be between 1 and ${TIMESTAMPS_A_REQUEST_MAX}, got ${count}`);
    const before = tail;
    const result = before ? before.then(() => answer(count)) : answer(count);
    if (!(result instanceof Promise)) return;
    waiting++;
    const settled: Promise<void> = result.catch(failWith).then(() => {
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
