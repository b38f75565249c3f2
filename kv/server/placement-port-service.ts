/**
 * The calls of pdpb.PD that stores make, over a `PlacementPort`: the cluster's beginning, ids, reports and what comes back for them, splits. (What
 * clients ask is in placement-service.ts.) On the stream of reports the first message names the store, or is its first report; answers are
 * instructions. The stream ends with `not leader` when this member does not lead, and the store looks for the leader.
 */
import { type sendUnaryData, type Server, type ServerDuplexStream, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { ReportWay } from '../../proto/kv/placement.ts';
import type { Codec } from '../../proto/wire/messages.ts';
import {
  instructionToWire, PD_ERROR, type RegionHeartbeatRequest, type RegionHeartbeatResponse, regionHeartbeatRequest, regionHeartbeatResponse,
  reportFromWire, statsFromWire, STORE_METHODS, storeFromWire,
} from '../../proto/wire/placement-codec.ts'; // prettier-ignore
import { regionFromWire } from '../../proto/wire/region-errors.ts';
import type { PlacementPort } from '../placement/port.ts';
import { toWireFailure } from './placement-errors.ts';
import { method } from './service.ts';

type Methods = typeof STORE_METHODS;
type RequestOf<Name extends keyof Methods> = Methods[Name][0] extends Codec<infer T> ? T : never;
type AnswerOf<Name extends keyof Methods> = Methods[Name][1] extends Codec<infer T> ? T : never;
type Handlers = { [Name in keyof Methods]: (request: RequestOf<Name>) => MaybePromise<AnswerOf<Name>> };
type Reports = ServerDuplexStream<RegionHeartbeatRequest, RegionHeartbeatResponse>;

export function addPlacementPortService(server: Server, port: PlacementPort, clusterId: () => number): void {
  const header = () => ({ cluster_id: clusterId() });
  const refusal = (type: number, message: string) => ({ cluster_id: clusterId(), error: { type, message } });
  const handlers: Handlers = {
    Bootstrap: async ({ store, region, more_regions: more }) => {
      if (!store || !region) throw invalid('a bootstrap needs a store and a region');
      const regions = [region, ...more].map(regionFromWire);
      const first = await port.bootstrap({ store: storeFromWire(store), regions });
      return { header: first ? header() : refusal(PD_ERROR.alreadyBootstrapped, 'cluster is already bootstrapped') };
    },
    IsBootstrapped: async () => ({ bootstrapped: await port.isBootstrapped(), header: header() }),
    AllocID: async ({ count }) => {
      const wanted = Math.max(1, count);
      const first = await port.allocateIds(wanted);
      return { header: header(), id: first + wanted - 1, count: wanted };
    },
    PutStore: async ({ store }) => {
      if (!store) throw invalid('a store is missing');
      try {
        await port.putStore(storeFromWire(store));
      } catch (error) {
        if (!(error instanceof RutileError && error.code === 'placement.tombstone')) throw error;
        return { header: refusal(PD_ERROR.tombstone, error.message) };
      }
      return { header: header() };
    },
    StoreHeartbeat: async ({ stats }) => {
      if (!stats) throw invalid('stats are missing');
      const outcome = await port.reportStore(statsFromWire(stats));
      return { header: outcome === 'accepted' ? header() : refusal(PD_ERROR.tombstone, 'the store is buried') };
    },
    AskBatchSplit: async ({ region, split_count: count }) => {
      if (!region) throw invalid('a region is missing');
      const ids = await port.askSplit(regionFromWire(region), Math.max(1, count));
      return { header: header(), ids: ids.map(({ newRegionId, newPeerIds }) => ({ new_region_id: newRegionId, new_peer_ids: [...newPeerIds] })) }; // prettier-ignore
    },
    ReportBatchSplit: async ({ regions }) => {
      await port.reportSplit(regions.map(regionFromWire));
      return { header: header() };
    },
    AddMember: async ({ member, joins }) => {
      const [clientUrl, txnUrl] = member?.client_urls ?? [];
      if (!member || clientUrl === undefined) throw invalid('a member is missing, or where it is');
      await port.addMember({ id: member.member_id, name: member.name, clientUrl, txnUrl }, joins);
      return { header: header() };
    },
    UpdateServiceGCSafePoint: async ({ service_id: service, TTL, safe_point: ts }) => {
      await port.holdForService(Buffer.from(service).toString('utf8'), ts, TTL * 1000);
      return { header: header(), service_id: service, TTL, min_safe_point: await port.safePoint() };
    },
  };
  const definition: Record<string, unknown> = {};
  const implementation: Record<string, unknown> = {};
  for (const name of Object.keys(STORE_METHODS) as (keyof Methods)[]) {
    const [request, response] = STORE_METHODS[name];
    definition[name] = method({ path: `/pdpb.PD/${name}`, request: request as Codec<object>, response: response as Codec<object> }); // prettier-ignore
    implementation[name] = (call: ServerUnaryCall<object, object>, done: sendUnaryData<object>): void => {
      const problem = mismatch(call.request, clusterId());
      if (problem !== undefined) return done(problem);
      void answer(handlers[name] as (request: object) => MaybePromise<object>, call.request).then(
        (value) => done(null, value),
        (error: unknown) => done(toWireFailure(error)),
      );
    };
  }
  definition['RegionHeartbeat'] = method({
    path: '/pdpb.PD/RegionHeartbeat',
    request: regionHeartbeatRequest,
    response: regionHeartbeatResponse,
    stream: true,
  });
  implementation['RegionHeartbeat'] = (stream: Reports) => receiveReports(stream, port, clusterId);
  server.addService(definition as never, implementation as never);
}

async function answer(handle: (request: object) => MaybePromise<object>, request: object): Promise<object> {
  return handle(request);
}

function receiveReports(stream: Reports, port: PlacementPort, clusterId: () => number): void {
  let way: ReportWay | undefined;
  let over = false;
  const end = (): void => {
    over = true;
    way?.close();
  };
  const fail = (error: unknown): void => {
    if (over) return;
    end();
    stream.emit('error', toWireFailure(error));
  };
  // hot: once for each report
  stream.on('data', (request: RegionHeartbeatRequest) => {
    if (over) return;
    const problem = mismatch(request, clusterId());
    if (problem !== undefined) {
      end();
      stream.emit('error', problem);
      return;
    }
    const report = reportFromWire(request);
    if (way === undefined) {
      const leaderStore = report?.region.peers.find(({ id }) => id === report.leaderPeerId)?.storeId;
      const storeId = request.store_id || leaderStore;
      if (storeId === undefined) return fail(invalid('the first report names no store'));
      way = port.openReports(storeId, {
        instruct: (instruction) => {
          if (!over) stream.write(instructionToWire(instruction, clusterId()));
        },
        lost: () => fail(new RutileError('placement.not-leader', 'not leader', { fields: { leader: '' } })),
      });
    }
    if (report !== undefined) way.report(report);
  });
  stream.on('end', () => {
    end();
    stream.end();
  });
  stream.on('error', end);
  stream.on('cancelled', end);
}

function mismatch(request: { header?: { cluster_id: number } | null }, clusterId: number) {
  const asked = request.header?.cluster_id ?? 0;
  if (asked === 0 || clusterId === 0 || asked === clusterId) return undefined;
  return { code: status.FAILED_PRECONDITION, details: `mismatch cluster id, need ${clusterId} but got ${asked}` };
}

function invalid(message: string): RutileError {
  return new RutileError('placement.invalid', message);
}
