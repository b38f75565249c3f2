/**
 * The doors of the kv floor: two gRPC ports that existing TiKV and PD clients speak to.
 *
 *     placement port (2379)   pdpb.PD (members, timestamps, regions, stores) + grpc.health.v1
 *     kv port (20160)         tikvpb.Tikv (raw commands, unary and in BatchCommands) + grpc.health.v1
 *
 * Raw keys and SQL data share the process, the log and the engine, and never meet: raw commands reach the `raw` column family
 * alone (docs/data-on-disk.md). Everything that is not listed in proto/wire/*.proto answers UNIMPLEMENTED with the method's name.
 */
import type { Server, ServerUnaryCall, sendUnaryData, ServerDuplexStream } from '@grpc/grpc-js';
import type { Timers } from '../../base/world.ts';
import type { RawClient } from '../client/client.ts';
import { RAW_COMMANDS, kvrpc, tikv } from '../../proto/wire/messages.ts';
import type * as wire from '../../proto/wire/messages.ts';
import { BatchCommandsStream } from './batch-commands.ts';
import { GrpcListener, type GrpcListenerOptions } from './grpc-listener.ts';
import { addHealthService } from './health.ts';
import { addPlacementService, type PlacementFacts } from './placement-service.ts';
import { addRaftService, type RaftReceiver } from './raft-service.ts';
import { RawCommands } from './raw-commands.ts';
import type { ServedRegion } from './region-check.ts';
import { method } from './service.ts';

export type { PlacementFacts, LocatedRegion } from './placement-service.ts';
export type { ServedRegion } from './region-check.ts';
export { GrpcListener } from './grpc-listener.ts';
export { addRaftService, type RaftReceiver, type SnapshotSink } from './raft-service.ts';
export { RaftTransport, type LinkState, type RaftTransportOptions } from './raft-transport.ts';
export type { SendOutcome, SnapshotReader, SnapshotSource } from './snapshot-stream.ts';
export { TlsIdentity, type TlsFiles } from './tls.ts';

export interface KvServerOptions extends GrpcListenerOptions {
  readonly raw: RawClient;
  readonly timers: Timers;
  served(): ServedRegion;
  isServing(): boolean;
  /** Other stores speak to this one here. */
  readonly raft?: RaftReceiver | undefined;
}

export function openKvServer(options: KvServerOptions): Promise<GrpcListener> {
  return GrpcListener.open(options, (server) => {
    addRawService(server, new RawCommands(options.raw, options.served), options.timers);
    addHealthService(server, ['tikvpb.Tikv'], options.isServing);
    return options.raft === undefined ? [] : [addRaftService(server, options.raft)];
  });
}

export interface PlacementServerOptions extends GrpcListenerOptions {
  readonly facts: PlacementFacts;
}

export function openPlacementServer(options: PlacementServerOptions): Promise<GrpcListener> {
  return GrpcListener.open(options, (server) => {
    addPlacementService(server, options.facts);
    addHealthService(server, ['pdpb.PD'], () => true);
  });
}

function addRawService(server: Server, commands: RawCommands, timers: Timers): void {
  const definition: Record<string, unknown> = {};
  const handlers: Record<string, unknown> = {};
  for (const command of RAW_COMMANDS) {
    definition[command] = method({
      path: `/tikvpb.Tikv/${command}`,
      request: kvrpc<Record<string, unknown>>(`${command}Request`),
      response: kvrpc<Record<string, unknown>>(`${command}Response`),
    });
    handlers[command] = (
      call: ServerUnaryCall<Record<string, unknown>, Record<string, unknown>>,
      done: sendUnaryData<Record<string, unknown>>,
    ) => {
      const answer = commands.run(command, call.request);
      if (answer instanceof Promise) void answer.then((value) => done(null, value));
      else done(null, answer);
    };
  }
  definition['BatchCommands'] = method({
    path: '/tikvpb.Tikv/BatchCommands',
    request: tikv<wire.BatchCommandsRequest>('BatchCommandsRequest'),
    response: tikv<wire.BatchCommandsResponse>('BatchCommandsResponse'),
    stream: true,
  });
  handlers['BatchCommands'] = (stream: ServerDuplexStream<wire.BatchCommandsRequest, wire.BatchCommandsResponse>) => {
    new BatchCommandsStream(stream, commands, timers);
  };
  server.addService(definition as never, handlers as never);
}
