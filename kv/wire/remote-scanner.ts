/**
 * A scan of a region elsewhere, in pages: the next page is asked for when the last one is used up, from behind its last pair. Pages begin
 * small, since most scans are short, and grow. A page that ends at a lock says so; the pairs below it are given out first.
 */
import { copyBytes, keyAfter } from '../../base/bytes.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { KeyRange, KvBatch } from '../client/client.ts';
import type { LockedKey, StoreReadContext, StoreScanner } from '../client/store-port.ts';

export interface Page {
  readonly pairs: readonly { key?: Uint8Array; value?: Uint8Array }[];
  readonly more: boolean;
  readonly locked: LockedKey | undefined;
}

export type Fetch = (lower: Uint8Array, upper: Uint8Array, limit: number, context: StoreReadContext | undefined) => Promise<Page>; // prettier-ignore

const PAGE_PAIRS_FIRST = 128;
const PAGE_PAIRS_MAX = 4096;
const NOTHING = new Uint8Array(0);

export class RemoteScanner implements StoreScanner {
  private readonly fetch: Fetch;
  private readonly reverse: boolean;
  private lower: Uint8Array;
  private upper: Uint8Array;
  private left: number;
  private pagePairs = PAGE_PAIRS_FIRST;
  private page: Page = { pairs: [], more: true, locked: undefined };
  private at = 0;
  /** The first page, asked for ahead. */
  private coming: Promise<void> | undefined = undefined;

  constructor(range: KeyRange, reverse: boolean, limit: number | undefined, fetch: Fetch) {
    this.fetch = fetch;
    this.reverse = reverse;
    this.lower = range.lower;
    this.upper = range.upper;
    this.left = limit ?? Infinity;
  }

  step(
    batch: KvBatch,
    countMax: number,
    context: StoreReadContext | undefined,
  ): MaybePromise<'more' | 'end' | LockedKey> {
    if (this.coming !== undefined) return this.take(this.coming, batch, countMax);
    if (this.at < this.page.pairs.length) return this.give(batch, countMax);
    if (!this.page.more || this.left <= 0) return 'end';
    return this.take(this.turn(countMax, context), batch, countMax);
  }

  ahead(context: StoreReadContext | undefined): void {
    this.coming = this.turn(PAGE_PAIRS_FIRST, context);
    // Said to whoever takes it; nobody may.
    this.coming.catch(() => undefined);
  }

  close(): void {
    this.page = { pairs: [], more: false, locked: undefined };
    this.at = 0;
  }

  private async take(coming: Promise<void>, batch: KvBatch, countMax: number): Promise<'more' | 'end' | LockedKey> {
    this.coming = undefined;
    await coming;
    return this.give(batch, countMax);
  }

  private async turn(countMax: number, context: StoreReadContext | undefined): Promise<void> {
    const limit = Math.min(this.left, Math.max(countMax, this.pagePairs), PAGE_PAIRS_MAX);
    const page = await this.fetch(this.lower, this.upper, limit, context);
    this.pagePairs = Math.min(PAGE_PAIRS_MAX, this.pagePairs * 2);
    this.page = page;
    this.at = 0;
    const last = page.pairs[page.pairs.length - 1]?.key;
    if (last !== undefined) {
      if (this.reverse) this.upper = copyBytes(last);
      else this.lower = keyAfter(last);
    }
  }

  private give(batch: KvBatch, countMax: number): 'more' | 'end' | LockedKey {
    const { pairs, more, locked } = this.page;
    const end = Math.min(pairs.length, this.at + countMax);
    this.left -= end - this.at;
    for (; this.at < end; this.at++) batch.push(pairs[this.at]!.key ?? NOTHING, pairs[this.at]!.value ?? NOTHING);
    if (end < pairs.length) return 'more';
    if (locked !== undefined) {
      // Said once: the next page begins at the lock again, with what the reader has learned.
      this.page = { pairs: [], more: true, locked: undefined };
      this.at = 0;
      return locked;
    }
    return more && this.left > 0 ? 'more' : 'end';
  }
}
