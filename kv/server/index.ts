/**
 * The doors of the kv floor: two gRPC ports that existing TiKV and PD clients speak to.
 *
 *     placement port (2379)   pdpb.PD (members, timestamps, regions, stores, safe point), two calls of etcd + grpc.health.v1
 *     kv port (20160)         tikvpb.Tikv (raw and transactional commands, unary and in BatchCommands), cdcpb.ChangeData + grpc.health.v1
 *
 * Raw keys and SQL data share the process, the log and the engine, and never meet: raw commands reach the `raw` column family
 * alone (docs/data-on-disk.md). Everything that is not listed in proto/wire/*.proto answers UNIMPLEMENTED with the method's name.
 */
import type { Server, ServerUnaryCall, sendUnaryData, ServerDuplexStream } from '@grpc/grpc-js';
import type { Timers } from '../../base/world.ts';
import type { RawClient } from '../client/client.ts';
import { RAW_COMMANDS, kvrpc, tikv } from '../../proto/wire/messages.ts';
import type * as wire from '../../proto/wire/messages.ts';
import {
  TXN_COMMANDS,
  type RawWriteRequest,
  type TxnCommandName,
  type WhenUnlockedRequest,
} from '../../proto/wire/txn-messages.ts';
import { BatchCommandsStream, type CommandRunner } from './batch-commands.ts';
import { addChangeDataService } from './change-data-service.ts';
import { GrpcListener, type GrpcListenerOptions } from './grpc-listener.ts';
import { addHealthService } from './health.ts';
import type { PlacementPort } from '../placement/port.ts';
import { addPlacementPortService } from './placement-port-service.ts';
import { addEtcdService, addPlacementService, type PlacementDoor } from './placement-service.ts';
import { addRaftService, type RaftReceiver } from './raft-service.ts';
import { RawCommands } from './raw-commands.ts';
import type { ServedRegion } from './region-check.ts';
import { method } from './service.ts';
import { splitRegion, type SplitRegionRequest, type SplitRegionResponse } from './split-command.ts';
import { TxnCommands, type TxnServices } from './txn-commands.ts';

export { PlacementClient, type PlacementClientOptions } from './placement-client.ts';
export { MemberLinks, stewardFacts } from './placement-member.ts';
export type { PlacementFacts, LocatedRegion } from './placement-service.ts';
export type { ServedRegion } from './region-check.ts';
export { GrpcListener } from './grpc-listener.ts';
export { addRaftService, type RaftReceiver, type SnapshotSink } from './raft-service.ts';
export { RaftTransport, type LinkState, type RaftTransportOptions } from './raft-transport.ts';
export type { SendOutcome, SnapshotReader, SnapshotSource } from './snapshot-stream.ts';
export type { TxnServices } from './txn-commands.ts';
export type { HttpHandler } from './http-door.ts';
export { TlsIdentity, type TlsFiles } from './tls.ts';

export interface KvServerOptions extends GrpcListenerOptions {
  readonly raw: RawClient;
  readonly timers: Timers;
  served(): ServedRegion;
  isServing(): boolean;
  /** Regions, and the transactions over them; without it raw commands alone are served, on one region. */
  readonly regions?: TxnServices | undefined;
  /** Other stores speak to this one here. */
  readonly raft?: RaftReceiver | undefined;
}

export function openKvServer(options: KvServerOptions): Promise<GrpcListener> {
  return GrpcListener.open(options, (server) => {
    addStoreService(server, options);
    if (options.regions !== undefined) addChangeDataService(server, options.regions, options.timers);
    addHealthService(server, ['tikvpb.Tikv'], options.isServing);
    return options.raft === undefined ? [] : [addRaftService(server, options.raft)];
  });
}

export interface PlacementServerOptions extends GrpcListenerOptions, PlacementDoor {
  /** For stores of a cluster. */
  readonly stores?: PlacementPort | undefined;
  /** Other members of placement speak to this one here. */
  readonly raft?: RaftReceiver | undefined;
}

export function openPlacementServer(options: PlacementServerOptions): Promise<GrpcListener> {
  return GrpcListener.open(options, (server) => {
    addPlacementService(server, options);
    addEtcdService(server, options);
    addHealthService(server, ['pdpb.PD'], () => true);
    if (options.stores !== undefined) addPlacementPortService(server, options.stores, () => options.facts.clusterId);
    return options.raft === undefined ? [] : [addRaftService(server, options.raft)];
  });
}

function addStoreService(server: Server, options: KvServerOptions): void {
  const { regions, timers } = options;
  const raw = new RawCommands(options.raw, options.served, regions);
  const txn = regions === undefined ? undefined : new TxnCommands(regions);
  const rawNames = new Set<string>(RAW_COMMANDS);
  const run: CommandRunner = (name, request) => {
    if (rawNames.has(name)) return raw.run(name as wire.RawCommand, request);
    if (txn === undefined) return undefined;
    if (name in TXN_COMMANDS) return txn.run(name as TxnCommandName, request);
    if (name === 'RawWrite') return raw.write(request as RawWriteRequest);
    return name === 'WhenUnlocked' ? txn.whenUnlocked(request as WhenUnlockedRequest) : undefined;
  };
  const definition: Record<string, unknown> = {};
  const handlers: Record<string, unknown> = {};
  const addUnary = (name: string, command: string): void => {
    definition[name] = method({
      path: `/tikvpb.Tikv/${name}`,
      request: kvrpc<object>(`${command}Request`),
      response: kvrpc<object>(`${command}Response`),
    });
    handlers[name] = (call: ServerUnaryCall<object, object>, done: sendUnaryData<object>) => {
      const answer = run(command, call.request)!;
      if (answer instanceof Promise) void answer.then((value) => done(null, value));
      else done(null, answer);
    };
  };
  for (const command of RAW_COMMANDS) addUnary(command, command);
  if (txn !== undefined) {
    for (const [command, name] of Object.entries(TXN_COMMANDS)) addUnary(name, command);
    definition['SplitRegion'] = method({
      path: '/tikvpb.Tikv/SplitRegion',
      request: kvrpc<SplitRegionRequest>('SplitRegionRequest'),
      response: kvrpc<SplitRegionResponse>('SplitRegionResponse'),
    });
    handlers['SplitRegion'] = (
      call: ServerUnaryCall<SplitRegionRequest, SplitRegionResponse>,
      done: sendUnaryData<SplitRegionResponse>,
    ) => void splitRegion(regions!, call.request).then((answer) => done(null, answer));
    definition['GetStoreSafeTS'] = method({
      path: '/tikvpb.Tikv/GetStoreSafeTS',
      request: kvrpc<object>('StoreSafeTSRequest'),
      response: kvrpc<{ safe_ts: bigint }>('StoreSafeTSResponse'),
    });
    // No reads from followers yet: nothing is safe there.
    handlers['GetStoreSafeTS'] = (_call: unknown, done: sendUnaryData<{ safe_ts: bigint }>) =>
      done(null, { safe_ts: 0n });
  }
  definition['BatchCommands'] = method({
    path: '/tikvpb.Tikv/BatchCommands',
    request: tikv<wire.BatchCommandsRequest>('BatchCommandsRequest'),
    response: tikv<wire.BatchCommandsResponse>('BatchCommandsResponse'),
    stream: true,
  });
  handlers['BatchCommands'] = (stream: ServerDuplexStream<wire.BatchCommandsRequest, wire.BatchCommandsResponse>) => {
    new BatchCommandsStream(stream, run, timers);
  };
  server.addService(definition as never, handlers as never);
}
