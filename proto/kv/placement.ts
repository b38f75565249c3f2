/**
 * What stores and placement say to each other, plain data: what a store reports of itself and of the regions it leads, and what it is told to
 * do. The port at the end is how a store says it, by plain call in one process and over gRPC elsewhere.
 *
 * A store reports each region that it leads every interval, and at once when its bounds, members or leader change. Whatever placement
 * wants done comes as an `Instruction` for the region's leader and is repeated until a later report shows it done; so the receiver
 * drops what does not fit its epoch, and a lost one costs a repetition. Bounds are places of the region space (`region.ts`).
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { RegionDescriptor } from './region.ts';

export interface StoreRecord {
  readonly id: number;
  /** `host:port` of its kv door, as clients reach it. */
  readonly address: string;
  readonly state: 'up' | 'offline' | 'tombstone';
  readonly version: string;
  /** Where it stands (`zone`, `host`) and what it is (`disk`), for placement rules. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** `count` timestamps of one millisecond; `logical` is the largest counter, the smallest is `logical - count + 1`. */
export interface Timestamps {
  readonly physical: number;
  readonly logical: number;
}

/** What a region's leader says of it, and how much was read and written since it last did. */
export interface RegionReport {
  readonly region: RegionDescriptor;
  readonly term: number;
  readonly leaderPeerId: number;
  /** Peers that have not caught up with the log. */
  readonly pendingPeerIds: readonly number[];
  readonly downPeers: readonly { readonly peerId: number; readonly downSeconds: number }[];
  /** Approximate. */
  readonly sizeBytes: number;
  readonly keys: number;
  readonly intervalSeconds: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  readonly keysWritten: number;
  readonly keysRead: number;
  readonly queries: number;
}

export interface StoreReport {
  readonly storeId: number;
  readonly capacityBytes: number;
  readonly availableBytes: number;
  readonly usedBytes: number;
  readonly regionCount: number;
  readonly sendingSnapshots: number;
  readonly receivingSnapshots: number;
  readonly applyingSnapshots: number;
  readonly busy: boolean;
  /** 1 is well, 100 is as slow as a store can be without being dead. */
  readonly slowScore: number;
  /** Seconds since 1970. */
  readonly startTimeS: number;
  readonly intervalSeconds: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  readonly keysWritten: number;
  readonly keysRead: number;
}

export interface PeerPlace {
  readonly storeId: number;
  readonly peerId: number;
}

/** One step of an operator: it leaves a region that works. */
export type InstructionStep =
  | ({ readonly kind: 'add-learner' } & PeerPlace)
  | ({ readonly kind: 'promote' } & PeerPlace)
  | { readonly kind: 'enter-joint'; readonly promote: readonly PeerPlace[]; readonly demote: readonly PeerPlace[] }
  | { readonly kind: 'leave-joint' }
  | ({ readonly kind: 'remove-peer' } & PeerPlace)
  | { readonly kind: 'transfer-leader'; readonly fromStoreId: number; readonly toStoreId: number; readonly toPeerId: number } // prettier-ignore
  /** `keys` are places of the region space; none: the store finds its own. */
  | { readonly kind: 'split'; readonly policy: 'approximate' | 'scan' | 'load' | 'keys'; readonly keys: readonly Uint8Array[] } // prettier-ignore
  | { readonly kind: 'merge'; readonly sourceId: number; readonly targetId: number };

/** For the leader of a region, in the epoch that placement knew. */
export interface Instruction {
  readonly regionId: number;
  readonly version: number;
  readonly confVersion: number;
  readonly leaderPeerId: number;
  readonly leaderStoreId: number;
  readonly step: InstructionStep;
}

/** `buried`: the store is a tombstone, or nobody knows it: it must stop. */
export type StoreReportOutcome = 'accepted' | 'buried';

export interface SplitIds {
  readonly newRegionId: number;
  /** One for each peer of the region, in its order. */
  readonly newPeerIds: readonly number[];
}

/** A cluster's first store and the regions that it begins with: together they cover everything. */
export interface FirstRegions {
  readonly store: StoreRecord;
  readonly regions: readonly RegionDescriptor[];
}

/**
 * What a store needs of placement. Calls fail with `placement.not-leader` (fields `leader`: the client URL, or '') when the member
 * asked does not lead, with `placement.unavailable` when nobody can be reached; both mean: ask again later.
 */
export interface StorePlacementPort {
  isBootstrapped(): Promise<boolean>;
  /** False when another store was first: the cluster is that one's. */
  bootstrap(first: FirstRegions): Promise<boolean>;
  /** The first of `count` ids that nobody else gets. */
  allocateIds(count: number): MaybePromise<number>;
  /** Registers the store, or tells its new address. Fails with `placement.tombstone`. */
  putStore(store: StoreRecord): Promise<void>;
  reportStore(report: StoreReport): MaybePromise<StoreReportOutcome>;
  /**
   * Opens the way for reports of this store's regions. `instruct` gets what is to be done; `lost` is called once when the way is over (another
   * leader, a broken connection): open another and report everything again.
   */
  openReports(storeId: number, handlers: ReportHandlers): ReportWay;
  /** Ids for cutting a region into `count` more; refused with `placement.stale` when its epoch has passed. */
  askSplit(region: RegionDescriptor, count: number): Promise<readonly SplitIds[]>;
  /** A split is done: placement need not wait for the heartbeats. */
  reportSplit(regions: readonly RegionDescriptor[]): Promise<void>;
}

export interface ReportHandlers {
  instruct(instruction: Instruction): void;
  lost(): void;
}

export interface ReportWay {
  report(report: RegionReport): void;
  close(): void;
}
