/**
 * `Spool`: rows put aside in a temporary file, and read again in the order in which they came, as often as wanted. Rows gather in a block;
 * `add` answers when it is full, and the caller then waits for `flush`. The last block stays in memory.
 *
 * `PartitionedSpool` deals rows out by the hash of a key; `level` goes into the hash, so that a part that is still too large falls apart
 * when it is dealt out again.
 */
import { assert } from '../../../base/assert.ts';
import type { MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import { ByteWriter } from '../../../proto/encoding/byte-writer.ts';
import type { HashKey } from '../keys.ts';
import type { Operator } from '../operator.ts';
import type { Run } from '../run.ts';
import { putRow, RowReader } from './row-codec.ts';
import { type Extent, PAGE_BYTES, type SpillFile } from './spill-folder.ts';

/** Parts that an operator deals its rows into: each keeps a block in memory. */
export const PARTS = 16;

/** Whose file it writes to. */
export interface SpoolHost {
  spillFile(): Promise<SpillFile>;
  /** For the counters of EXPLAIN ANALYZE. */
  noteSpilled(node: string, bytes: number): void;
}

interface Block {
  readonly extent: Extent;
  readonly rows: number;
}

export class Spool {
  private readonly host: SpoolHost;
  private readonly node: string;
  private readonly width: number;
  private readonly blocks: Block[] = [];
  private readonly pending = new ByteWriter(1024);
  private pendingRows = 0;
  private file: SpillFile | undefined;
  private dropped = false;
  rowCount = 0;

  /** `node`: whose counters of EXPLAIN ANALYZE it adds to. */
  constructor(host: SpoolHost, node: string, width: number) {
    this.host = host;
    this.node = node;
    this.width = width;
  }

  /** True: the block is full, and `flush` is to be waited for before the next row. */
  add(row: Row): boolean {
    assert(row.length === this.width, 'a spool holds rows of one width');
    putRow(this.pending, row);
    this.pendingRows++;
    this.rowCount++;
    return this.pending.length >= PAGE_BYTES - PAGE_BYTES / 16;
  }

  async flush(): Promise<void> {
    if (this.pendingRows === 0 || this.dropped) return;
    const bytes = this.pending.finish();
    const rows = this.pendingRows;
    this.pending.reset();
    this.pendingRows = 0;
    this.file ??= await this.host.spillFile();
    const extent = await this.file.write(bytes);
    if (this.dropped) return this.file.free(extent);
    this.blocks.push({ extent, rows });
    this.host.noteSpilled(this.node, bytes.length);
  }

  async addAll(batch: Batch): Promise<void> {
    for (const row of batch) if (this.add(row)) await this.flush();
  }

  /** From the first row on; the spool must not grow meanwhile. `once`: blocks are given back behind the reader. */
  reader(once = false): SpoolReader {
    return new SpoolReader(this, once);
  }

  async block(index: number, once: boolean): Promise<Batch | undefined> {
    if (this.dropped) return undefined;
    const block = this.blocks[index];
    if (block === undefined)
      return index === this.blocks.length && this.pendingRows > 0
        ? this.decode(this.pending.finish(), this.pendingRows)
        : undefined;
    const bytes = await this.file!.read(block.extent);
    if (once && !this.dropped) {
      this.file!.free(block.extent);
      this.blocks[index] = { extent: { offset: -1, size: 0 }, rows: 0 };
    }
    return this.decode(bytes, block.rows);
  }

  /** Position of the first row of each block, and at the end the number of rows. */
  blockStarts(): number[] {
    const starts = [0];
    for (const { rows } of this.blocks) starts.push(starts[starts.length - 1]! + rows);
    if (this.pendingRows > 0) starts.push(this.rowCount);
    return starts;
  }

  private decode(bytes: Uint8Array, rows: number): Batch {
    const reader = new RowReader(bytes, this.width);
    const batch: Batch = [];
    for (let i = 0; i < rows; i++) batch.push(reader.row());
    return batch;
  }

  drop(): void {
    if (this.dropped) return;
    this.dropped = true;
    for (const { extent } of this.blocks) if (extent.offset >= 0) this.file!.free(extent);
    this.blocks.length = 0;
    this.pending.reset();
    this.pendingRows = 0;
  }
}

export class SpoolReader {
  private readonly spool: Spool;
  private readonly once: boolean;
  private index = 0;

  constructor(spool: Spool, once: boolean) {
    this.spool = spool;
    this.once = once;
  }

  next(): Promise<Batch | undefined> {
    return this.spool.block(this.index++, this.once);
  }
}

/** A spool as the input of an operator. `once`: its space is given back on the way. */
export class SpoolOperator implements Operator {
  private readonly spool: Spool;
  private readonly once: boolean;
  private reader: SpoolReader | undefined;

  constructor(spool: Spool, once: boolean) {
    this.spool = spool;
    this.once = once;
  }

  open(): void {
    this.reader = this.spool.reader(this.once);
  }

  next(): MaybePromise<Batch | undefined> {
    return this.reader?.next();
  }

  close(): void {
    this.reader = undefined;
    if (this.once) this.spool.drop();
  }
}

export class PartitionedSpool {
  readonly parts: readonly Spool[];
  private readonly level: number;

  constructor(run: Run, node: string, width: number, level: number) {
    this.level = level;
    this.parts = Array.from({ length: PARTS }, () => new Spool(run, node, width));
  }

  /** The part whose block is full now, if it is. */
  add(key: HashKey, row: Row): Spool | undefined {
    const part = this.parts[partOf(key, this.level)]!;
    return part.add(row) ? part : undefined;
  }

  get rowCount(): number {
    return this.parts.reduce((sum, part) => sum + part.rowCount, 0);
  }

  drop(): void {
    for (const part of this.parts) part.drop();
  }
}

/** FNV-1a over the key's text or words, begun differently at each level, and mixed once more. */
function partOf(key: HashKey, level: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(level + 1, 0x9e3779b1);
  if (typeof key === 'number' && (key | 0) === key) {
    hash = Math.imul(hash ^ key, 0x01000193);
  } else {
    const text = typeof key === 'string' ? key : String(key);
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % PARTS;
}
