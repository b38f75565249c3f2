/**
 * What a store tells of one region's changes, as long as it leads the region. It is asked for the next items and waits with the answer until there
 * are any; whoever asks slower than changes come is told `kv.feed-behind` when the store's queue is full.
 *
 *     open ─ commits since `fromTs`, from history ─ `initialized` ─ commits as they are applied, `resolved` in between
 *
 * Commits of one key come in the order of their timestamps. A `resolved` at `ts` promises that no commit at or below `ts` comes behind it, from
 * this store or from whoever leads the region afterwards. `held` names locks that keep it from going on although their owners are late: the reader
 * is to find out what became of them, since only a client reaches all regions of a transaction. A feed ends with the error that sends its reader elsewhere (region-store.ts
 * lists them) when the region changes hands or bounds.
 */
import type { LockInfo } from '../../../proto/kv/command.ts';
import type { KeyRange, Timestamp } from '../client.ts';

export interface RegionFeedRequest {
  /** Its share of the region counts. */
  readonly range: KeyRange;
  /** Commits above it are wanted. Below the safe point the feed is refused with `kv.snapshot-too-old`. */
  readonly fromTs: Timestamp;
  readonly oldValues: boolean;
  /** Tell also what is not decided yet: prewrites, their commits apart from them, rollbacks. Without it every commit is one whole row. */
  readonly steps: boolean;
}

/** A commit that is whole: what the key holds from `commitTs` on. */
export interface RowChange {
  readonly kind: 'row';
  readonly key: Uint8Array;
  /** `undefined`: the key was deleted. */
  readonly value: Uint8Array | undefined;
  /** What it held before; `undefined` when it held nothing, or nobody asked. */
  readonly oldValue: Uint8Array | undefined;
  readonly startTs: Timestamp;
  readonly commitTs: Timestamp;
}

export type RegionFeedItem =
  | RowChange
  | { readonly kind: 'prewrite'; readonly key: Uint8Array; readonly value: Uint8Array | undefined; readonly oldValue: Uint8Array | undefined; readonly startTs: Timestamp }
  | { readonly kind: 'commit'; readonly key: Uint8Array; readonly isDelete: boolean; readonly startTs: Timestamp; readonly commitTs: Timestamp }
  | { readonly kind: 'rollback'; readonly key: Uint8Array; readonly startTs: Timestamp }
  | { readonly kind: 'initialized' }
  | { readonly kind: 'held'; readonly locks: readonly LockInfo[] }
  | { readonly kind: 'resolved'; readonly ts: Timestamp }; // prettier-ignore

export interface RegionFeed {
  /** Waits for the next items, one or more. Rejects when the feed ended. One call at a time. */
  next(): Promise<readonly RegionFeedItem[]>;
  close(): void;
}

/** What an item costs in a queue. */
export function itemSizeBytes(item: RegionFeedItem): number {
  if (item.kind === 'held') return 256 * item.locks.length;
  if (!('key' in item)) return 32;
  const { key } = item;
  if (item.kind !== 'row' && item.kind !== 'prewrite') return 96 + key.length;
  return 128 + key.length + (item.value?.length ?? 0) + (item.oldValue?.length ?? 0);
}
