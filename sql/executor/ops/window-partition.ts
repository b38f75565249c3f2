/** The rows of one partition of a window, in memory or on disk, and which of them are peers. Without ORDER BY all are. */
import type { MaybePromise } from '../../../base/outcome.ts';
import type { Row } from '../../../base/value/datum.ts';
import type { HashKey, KeyReader } from '../keys.ts';
import type { Reservation, RowSizer, Run } from '../run.ts';
import { PagedRows } from '../spill/paged-rows.ts';
import { Spool } from '../spill/spool.ts';

/** The number of its peer group, kept for each row wherever the row is. */
const PEER_BYTES = 4;

export class Partition {
  count = 0;
  private readonly run: Run;
  private readonly node: string;
  private readonly peerKey: KeyReader | undefined;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private rows: Row[] = [];
  private spool: Spool | undefined;
  private paged: PagedRows | undefined;
  private peerGroup = new Int32Array(64);
  /** First position of each peer group, and at the end `count`. */
  private starts: number[] = [];
  private peer: HashKey | undefined;

  /** `peerKey`: of the order; `undefined` without one. */
  constructor(run: Run, node: string, peerKey: KeyReader | undefined, sizer: RowSizer, memory: Reservation) {
    this.run = run;
    this.node = node;
    this.peerKey = peerKey;
    this.sizer = sizer;
    this.memory = memory;
  }

  add(row: Row): MaybePromise<void> {
    this.notePeer(row);
    if (this.spool !== undefined) return this.spool.add(row) ? this.spool.flush() : undefined;
    // Each row is made anew with its values.
    if (!this.memory.fits(2 * this.sizer.sizeOf(row) + PEER_BYTES)) return this.moveOut(row);
    this.rows.push(row);
  }

  /** No row follows. */
  end(): void {
    this.starts.push(this.count);
    if (this.spool !== undefined) this.paged = new PagedRows(this.spool);
  }

  /** Throws `PageMissing` where the row is on disk. */
  row(position: number): Row {
    return this.paged === undefined ? this.rows[position]! : this.paged.row(position);
  }

  load(page: number): Promise<void> {
    return this.paged!.load(page);
  }

  /** All rows, when they are in memory. */
  get inMemory(): readonly Row[] | undefined {
    return this.spool === undefined ? this.rows : undefined;
  }

  /** All rows, when they are not. */
  get onDisk(): Spool {
    return this.spool!;
  }

  peerStart(position: number): number {
    return this.starts[this.peerGroup[position]!]!;
  }

  /** Exclusive. */
  peerEnd(position: number): number {
    return this.starts[this.peerGroup[position]! + 1]!;
  }

  /** From 0. */
  peerRank(position: number): number {
    return this.peerGroup[position]!;
  }

  close(): void {
    this.rows = [];
    this.spool?.drop();
    this.memory.release();
  }

  private notePeer(row: Row): void {
    const key = this.peerKey === undefined ? 0 : this.peerKey.read(row)!;
    if (this.count === 0 || key !== this.peer) this.starts.push(this.count);
    this.peer = key;
    if (this.count === this.peerGroup.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.peerGroup);
      this.peerGroup = grown;
    }
    this.peerGroup[this.count++] = this.starts.length - 1;
  }

  private async moveOut(row: Row): Promise<void> {
    const spool = new Spool(this.run, this.node, row.length);
    this.spool = spool;
    await spool.addAll(this.rows);
    this.rows = [];
    this.memory.release();
    this.memory.keep(PEER_BYTES * this.count);
    if (spool.add(row)) await spool.flush();
  }
}
