/**
 * One store as the router sees it: the same calls as `StorePort`, each addressed to a region by id and epoch. kv/store
 * implements it in this process; a connection to a store elsewhere implements it over the wire.
 *
 * A store that cannot serve says why, and the router repairs its map from that:
 *
 *     kv.not-leader       fields.leaderStoreId (0: not known)      ask there
 *     kv.epoch            fields.regions: RegionDescriptor[]       the region was split, merged or moved: use these
 *     kv.no-region                                                 the store does not hold it (any more)
 *     kv.unreachable      fields.sent                              the store did not answer; `sent`: it may have acted all the same
 *     kv.proposal-lost                                             it acted, but whether its leader's word holds is not known
 *
 * Reads throw or reject with these; commands answer `failed`. Everything else is the caller's business.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { LargeCommit, RawWrite, TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { KeyRange, ScanOptions, Timestamp } from './client.ts';
import type { RegionFeed, RegionFeedRequest } from './feed/region-feed.ts';
import type { LockedKey, ReadAt, StoreReadContext, StoreScanner } from './store-port.ts';

/** A region as somebody knew it. */
export interface RegionRef {
  readonly id: number;
  readonly version: number;
  readonly confVersion: number;
}

export interface RegionStorePort {
  get(
    region: RegionRef,
    key: Uint8Array,
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<Uint8Array | undefined | LockedKey>;
  getMany(
    region: RegionRef,
    keys: readonly Uint8Array[],
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<(Uint8Array | undefined)[] | LockedKey>;
  /** `range` lies inside the region. */
  scan(region: RegionRef, range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner;
  execute(region: RegionRef, command: TxnCommand, done: (outcome: TxnOutcome) => void): void;
  commitLarge?(region: RegionRef, command: LargeCommit, done: (outcome: TxnOutcome) => void): void;
  whenUnlocked(region: RegionRef, key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void;
  rawGet(region: RegionRef, key: Uint8Array): MaybePromise<Uint8Array | undefined>;
  rawGetMany(region: RegionRef, keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]>;
  rawScan(region: RegionRef, range: KeyRange, options: ScanOptions | undefined): StoreScanner;
  /** All or nothing. */
  rawWrite(region: RegionRef, writes: readonly RawWrite[], done: (error: Error | undefined) => void): void;
  /** `undefined`: unknown, or something is on its way. */
  dataVersion(region: RegionRef, range: KeyRange): number | undefined;
  lastChange(region: RegionRef, range: KeyRange): Timestamp | undefined;
  /** Fails like a read, at once or with the first `next`. */
  feed?(region: RegionRef, request: RegionFeedRequest): RegionFeed;
}
