/**
 * `PlacementPort`: everything that stores, SQL servers and tools ask of placement. A member of the group serves it by plain call (`steward.ts`), a
 * client over gRPC follows the leader and serves it, too (kv/server/placement-client.ts); whoever asks cannot tell the difference.
 *
 * Every call may fail with `placement.not-leader` (another leads; fields `leader`, its client URL, '' when unknown) or
 * `placement.unavailable` (no quorum or nobody there). Nothing was done then, except that a change may still come about; all
 * changes may be asked for again.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { RegionDescriptor } from '../../proto/kv/region.ts';
import type { StorePlacementPort, StoreRecord, Timestamps } from '../../proto/kv/placement.ts';

export type {
  FirstRegions, Instruction, InstructionStep, PeerPlace, RegionReport, ReportHandlers, ReportWay, SplitIds, StorePlacementPort, StoreReport,
  StoreReportOutcome,
} from '../../proto/kv/placement.ts'; // prettier-ignore

/** A member, and where it is. */
export interface MemberPlace {
  readonly id: number;
  readonly name: string;
  /** `http://host:port` where the other members and clients reach it. */
  readonly clientUrl: string;
  /** Where transactional clients of TiKV reach it, if it has a door for them. */
  readonly txnUrl?: string | undefined;
}

export interface PlacementMemberInfo extends MemberPlace {
  readonly healthy: boolean;
  /** It follows and does not vote: it stands by. */
  readonly standsBy?: boolean | undefined;
}

export interface PlacementMembers {
  /** 0 until the group has had its first leader. */
  readonly clusterId: number;
  readonly members: readonly PlacementMemberInfo[];
  /** 0: not known. */
  readonly leaderId: number;
}

/** A region as its leader last reported it. */
export interface KnownRegion {
  readonly region: RegionDescriptor;
  /** Undefined: nobody leads, or nobody has said so. */
  readonly leaderPeerId: number | undefined;
}

export interface PlacementPort extends StorePlacementPort {
  /** Any member answers, leader or not. */
  members(): MaybePromise<PlacementMembers>;
  /** Grow strictly over all calls that follow each other, whoever made them. */
  timestamps(count: number): MaybePromise<Timestamps>;
  regionByKey(key: Uint8Array): MaybePromise<KnownRegion | undefined>;
  /** The neighbour below the region that holds `key`. */
  previousRegion(key: Uint8Array): MaybePromise<KnownRegion | undefined>;
  regionById(id: number): MaybePromise<KnownRegion | undefined>;
  /** In key order; an empty `upper` is the end, `limit` 0 means all. */
  scanRegions(lower: Uint8Array, upper: Uint8Array, limit: number): MaybePromise<readonly KnownRegion[]>;
  stores(): MaybePromise<readonly StoreRecord[]>;
  /**
   * A process that never was a member (`joins`) becomes one, or a member tells where it is now. It follows at once; the leader lets it vote when
   * that helps (group/voters.ts). Fails with `placement.duplicate-address`, `placement.no-member`, and `placement.alone` where there is no group.
   */
  addMember(member: MemberPlace, joins: boolean): Promise<void>;
  safePoint(): MaybePromise<bigint>;
  /** Moves the safe point towards `ts`, as far as holds allow; resolves to where it is then. */
  advanceSafePoint(ts: bigint): Promise<bigint>;
  /** Keeps the safe point at or below `ts` until `ttlMs` have passed. 0 ends it. Throws `placement.safe-point-passed`. */
  holdForService(service: string, ts: bigint, ttlMs: number): Promise<void>;
}
