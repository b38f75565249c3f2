/**
 * `RaftTransport`: messages and snapshots from this store to the others. One link a store (store-link.ts), made when there is something
 * to send; snapshots are streams of their own on the link's channel (snapshot-stream.ts), so that they never stand before a heartbeat.
 *
 * Sending never waits and never fails: what cannot be queued is dropped and reported as unreachable, once a turn, by store and region.
 */
import { type ChannelCredentials, credentials as plain } from '@grpc/grpc-js';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Clock, Random, Timers } from '../../base/world.ts';
import type { RaftMessage } from '../../proto/wire/raft-messages.ts';
import {
  SNAPSHOT_LIMITS,
  type SendOutcome,
  type SnapshotLimits,
  SnapshotSender,
  type SnapshotSource,
} from './snapshot-stream.ts';
import { LINK_LIMITS, type LinkLimits, StoreLink } from './store-link.ts';

export interface RaftTransportOptions {
  readonly storeId: number;
  readonly clusterId: number;
  readonly world: { readonly clock: Clock; readonly timers: Timers; readonly random: Random };
  /** Without it the links are plain text. */
  readonly credentials?: ChannelCredentials | undefined;
  readonly limits?: Partial<LinkLimits>;
  readonly snapshotLimits?: Partial<SnapshotLimits>;
  /** `host:port` of a store; undefined: not known (now). */
  resolve(storeId: number): MaybePromise<string | undefined>;
  /** Messages of these regions to the store were dropped. At most once a turn for each store. */
  onUnreachable(storeId: number, regionIds: ReadonlySet<number>): void;
}

export interface LinkState {
  readonly storeId: number;
  readonly state: StoreLink['state'];
  readonly latencyMs: number | undefined;
  readonly queued: number;
  readonly queuedSizeBytes: number;
  readonly sentMessages: number;
  readonly sentBatches: number;
  readonly droppedMessages: number;
  readonly connections: number;
  readonly lastFailure: string;
}

export class RaftTransport {
  private readonly options: RaftTransportOptions;
  private readonly credentials: ChannelCredentials;
  private readonly limits: LinkLimits;
  private readonly links = new Map<number, StoreLink>();
  private readonly snapshots: SnapshotSender;
  private closed = false;

  constructor(options: RaftTransportOptions) {
    this.options = options;
    this.credentials = options.credentials ?? plain.createInsecure();
    this.limits = { ...LINK_LIMITS, ...options.limits };
    this.snapshots = new SnapshotSender({
      storeId: options.storeId,
      clusterId: options.clusterId,
      world: options.world,
      limits: { ...SNAPSHOT_LIMITS, ...options.snapshotLimits },
      client: (storeId) => this.link(storeId).openClient(),
    });
  }

  /** False: dropped. Messages to one store arrive in the order of the calls, or not at all. */
  // hot
  send(storeId: number, message: RaftMessage): boolean {
    return this.closed ? false : this.link(storeId).send(message);
  }

  /** Resolves when the other store has taken it, or will not. Several may be under way. */
  sendSnapshot(storeId: number, source: SnapshotSource, signal?: AbortSignal): Promise<SendOutcome> {
    return this.snapshots.send(storeId, source, signal);
  }

  /** There and back, smoothed. */
  latencyMs(storeId: number): number | undefined {
    return this.links.get(storeId)?.latencyMs;
  }

  /** The store is gone for good. */
  forget(storeId: number): void {
    this.links.get(storeId)?.close();
    this.links.delete(storeId);
  }

  state(): readonly LinkState[] {
    return [...this.links].sort(([left], [right]) => left - right).map(([storeId, link]) => ({
      storeId, state: link.state, latencyMs: link.latencyMs, queued: link.queuedCount, queuedSizeBytes: link.queuedSizeBytes, sentMessages: link.sentMessages,
      sentBatches: link.sentBatches, droppedMessages: link.droppedMessages, connections: link.connections, lastFailure: link.lastFailure,
    })); // prettier-ignore
  }

  close(): void {
    this.closed = true;
    this.snapshots.close();
    for (const link of this.links.values()) link.close();
    this.links.clear();
  }

  private link(targetId: number): StoreLink {
    let link = this.links.get(targetId);
    if (!link) {
      const { storeId, clusterId, world, resolve, onUnreachable } = this.options;
      link = new StoreLink({
        storeId, targetId, clusterId, world, credentials: this.credentials, limits: this.limits,
        resolve: (id) => resolve(id), onDropped: (regionIds) => onUnreachable(targetId, regionIds),
      }); // prettier-ignore
      this.links.set(targetId, link);
    }
    return link;
  }
}
