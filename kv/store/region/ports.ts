/**
 * What `Regions` needs of the store that it belongs to, and of the way to other stores.
 */
import type { RutileError } from '../../../base/error.ts';
import type { World } from '../../../base/world.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import type { Engine } from '../../engine/engine.ts';
import type { RaftLog } from '../../log/raft-log.ts';
import type { Message } from '../../raft/index.ts';
import type { RaftTiming } from '../raft-consensus.ts';
import type { ReplicaDifference } from './hash-check.ts';
import type { Peer } from './peer.ts';
import type { SnapshotMaker } from './snapshot.ts';

/** A message of one region's group, with what its receiver needs to know where it belongs. */
export interface RegionMessage {
  readonly regionId: number;
  readonly from: { readonly id: number; readonly storeId: number };
  readonly to: { readonly id: number; readonly storeId: number };
  /** As the sender has it: a store that knows nothing of the region learns by it whether one may begin there. */
  readonly region: RegionDescriptor;
  readonly message: Message;
}

/** The way to other stores. Sending never waits; what cannot be sent is reported as unreachable. */
export interface StoreTransport {
  send(toStoreId: number, message: RegionMessage): void;
  /** The snapshot message and the region's data behind it. Resolves to whether it was taken. */
  sendSnapshot(toStoreId: number, message: RegionMessage, data: SnapshotMaker): Promise<boolean>;
}

export interface RegionsOptions<G> {
  readonly engine: Engine;
  readonly log: RaftLog;
  readonly world: World;
  readonly storeId: number;
  readonly timing?: Partial<RaftTiming> | undefined;
  /** Without it the store is alone: each of its regions has one member. */
  readonly transport?: StoreTransport | undefined;
  /** Where snapshots on their way in are kept until they are whole. */
  readonly stagingFolder: string;
  readonly committed: (peer: Peer<G>, index: number, term: number, data: Uint8Array, group: G | undefined) => void;
  readonly refused: (error: RutileError, group: G) => void;
  readonly lost: (error: RutileError, group: G) => void;
  readonly role: (peer: Peer<G>, isLeader: boolean) => void;
  readonly failed: (error: Error, groups: readonly G[]) => void;
  readonly failure: () => RutileError | undefined;
  /** Proposes what is open at once: what follows must come behind it. */
  readonly closeOpen: (peer: Peer<G>) => void;
  /** Applies what is committed and not yet applied. */
  readonly flush: () => void;
  /** What lies in memory of the region's keys is not true any more. */
  readonly forget: (region: RegionDescriptor) => void;
  /** The region came from another store: what belongs into memory (its locks) is to be read. */
  readonly filled: (region: RegionDescriptor) => void;
  /** A replica here is not what its leader's is. */
  readonly differs?: ((difference: ReplicaDifference) => void) | undefined;
  /** Large commits under way: their chunks lie in one region. */
  readonly largeCommitCount: () => number;
}
