/**
 * `Cursors`: the results that clients have open and fetch piece by piece (COM_STMT_EXECUTE with a read-only cursor, COM_STMT_FETCH).
 *
 * A cursor's statement runs to its end when the cursor is opened, and ends there: it sees one moment, holds no snapshot and no lock, and the
 * session goes on with other statements. Its rows wait here: up to `MEMORY_BYTES` of them in memory, counted like those of a
 * statement (`rutile_mem_quota_query`, the server's limit), all further ones in a temporary file. One file serves all cursors of a session; it
 * goes with the last of them. Without a place for files (`rutile_spill = off`) the quota is the end.
 *
 * A cursor is closed by its last row, by the next execution of its statement, COM_STMT_RESET, COM_STMT_CLOSE, and with the session
 * (RESET_CONNECTION, CHANGE_USER, disconnect).
 */
import type { Batch } from '../../base/value/datum.ts';
import { RowSizer, Spool, type SpillFile, type SpoolReader } from '../executor/index.ts';
import type { SqlInstance } from './instance.ts';
import { StatementMemory } from './memory.ts';
import type { ResultColumn, RowSource } from './result.ts';
import type { SessionState } from './state.ts';

/** Of one cursor; what is more goes to disk. */
const MEMORY_BYTES = 1024 * 1024;
/** A block being filled, and one being read. */
const SPOOL_BYTES = 64 * 1024;

/** The session, as far as its cursors need it. */
export interface CursorOwner {
  readonly instance: SqlInstance;
  readonly state: SessionState;
}

export class Cursors {
  private readonly owner: CursorOwner;
  private file: Promise<SpillFile> | undefined;
  private users = 0;

  constructor(owner: CursorOwner) {
    this.owner = owner;
  }

  /** Takes all rows of `source` and closes it. */
  async open(columns: readonly ResultColumn[], source: RowSource): Promise<Cursor> {
    const { instance, state } = this.owner;
    const memory = new StatementMemory(instance.memory);
    memory.quotaBytes = state.memoryQuotaBytes;
    const cursor = new Cursor(columns, memory, instance.spill !== undefined && state.spills ? this : undefined);
    try {
      for (let batch = await source.next(); batch !== undefined; batch = await source.next()) await cursor.add(batch);
    } catch (error) {
      cursor.close();
      throw error;
    } finally {
      await source.close();
    }
    return cursor;
  }

  // ---- for its cursors

  spillFile(): Promise<SpillFile> {
    return (this.file ??= this.owner.instance.spill!.create());
  }

  noteSpilled(): void {}

  /** A cursor begins to use the file. */
  enter(): void {
    this.users++;
  }

  leave(): void {
    if (--this.users > 0) return;
    this.file?.then(
      (file) => file.close(),
      () => undefined,
    );
    this.file = undefined;
  }
}

export class Cursor {
  readonly columns: readonly ResultColumn[];
  private readonly memory: StatementMemory;
  private readonly place: Cursors | undefined;
  private readonly sizer: RowSizer;
  private rows: Batch = [];
  private position = 0;
  private spool: Spool | undefined;
  private reader: SpoolReader | undefined;
  private closed = false;

  /** `place`: where what is too much for memory goes. */
  constructor(columns: readonly ResultColumn[], memory: StatementMemory, place: Cursors | undefined) {
    this.columns = columns;
    this.memory = memory;
    this.place = place;
    this.sizer = new RowSizer(columns.map((column) => column.type));
  }

  get isOnDisk(): boolean {
    return this.spool !== undefined;
  }

  async add(given: Batch): Promise<void> {
    const { length } = this.columns;
    // What a plan carries along behind its columns is not for the client.
    const batch = given.some((row) => row.length !== length) ? given.map((row) => row.slice(0, length)) : given;
    if (this.spool !== undefined) return this.spool.addAll(batch);
    let bytes = 0;
    for (const row of batch) bytes += this.sizer.sizeOf(row);
    if (this.place !== undefined && (this.memory.usedBytes + bytes > MEMORY_BYTES || !this.memory.hasRoom(bytes)))
      return this.moveOut(this.place, batch);
    this.memory.grow(bytes);
    for (const row of batch) this.rows.push(row);
  }

  private async moveOut(place: Cursors, batch: Batch): Promise<void> {
    place.enter();
    const spool = new Spool(place, 'cursor', this.columns.length);
    this.spool = spool;
    await spool.addAll(this.rows);
    this.rows = [];
    this.memory.reset();
    this.memory.keep(SPOOL_BYTES);
    await spool.addAll(batch);
  }

  /** The next rows, at most `count` of them; `undefined` after the last. */
  async take(count: number): Promise<Batch | undefined> {
    while (this.position >= this.rows.length) {
      if (this.spool === undefined || this.closed) return undefined;
      this.reader ??= this.spool.reader(true);
      const block = await this.reader.next();
      if (block === undefined) return undefined;
      this.rows = block;
      this.position = 0;
    }
    const batch = this.rows.slice(this.position, this.position + count);
    this.position += batch.length;
    return batch;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.rows = [];
    if (this.spool !== undefined) {
      this.spool.drop();
      this.place!.leave();
    }
    this.memory.reset();
  }
}
