/**
 * `PagedRows`: rows in a spool, by position. A few of its blocks are in memory; asking for a row of another one throws `PageMissing`, and
 * whoever asked loads that page and does the same step again. So a computation over rows here and there stays plain code, which
 * must only be able to take its last step twice.
 */
import { assert } from '../../../base/assert.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { Spool } from './spool.ts';

/** A step needs its own row and those at both ends of its frame; more save reading. */
const PAGES_KEPT = 8;

/** Never leaves the operator that works on the rows. */
export class PageMissing {
  readonly page: number;

  constructor(page: number) {
    this.page = page;
  }
}

export class PagedRows {
  private readonly spool: Spool;
  /** Position of the first row of each page, and at the end the number of rows. */
  private readonly starts: readonly number[];
  /** Least recently loaded first. */
  private readonly pages = new Map<number, Batch>();
  private page = 0;

  constructor(spool: Spool) {
    this.spool = spool;
    this.starts = spool.blockStarts();
  }

  row(position: number): Row {
    const { starts } = this;
    if (position < starts[this.page]! || position >= starts[this.page + 1]!) this.page = this.find(position);
    const rows = this.pages.get(this.page);
    if (rows === undefined) throw new PageMissing(this.page);
    return rows[position - starts[this.page]!]!;
  }

  async load(page: number): Promise<void> {
    const rows = await this.spool.block(page, false);
    assert(rows !== undefined, 'a page that was asked for is there');
    this.pages.set(page, rows);
    if (this.pages.size <= PAGES_KEPT) return;
    const [oldest] = this.pages.keys();
    this.pages.delete(oldest!);
  }

  private find(position: number): number {
    let low = 0;
    let high = this.starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
