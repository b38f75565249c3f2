/**
 * Indexes that are added outlive the server that adds them. The step that lets writers keep the new entries (write-reorganization) also stores a job,
 * in the same transaction; the step that shows the index, or takes it back, removes it:
 *
 *     none ─ delete-only ─ write-only ─ write-reorganization + job ──── fill, noting how far ──── public
 *       a crash here: taken back            a crash here: taken up by whoever opens the store, or owns the schema next
 *
 * What is taken up goes on where the last note says (index-fill.ts: going over rows twice does no harm), under a job that ADMIN SHOW DDL JOBS shows, and
 * that stays paused if it was. Only statements that do nothing but add indexes are taken up; others are taken back by `Catalog`.
 */
import { SqlError } from '../../base/error.ts';
import type { KvClient } from '../../kv/client/client.ts';
import { TIMESTAMP_MAX } from '../../kv/client/client.ts';
import type { IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { DdlContext } from './ddl-context.ts';
import { progressOf } from './ddl-jobs.ts';
import { clearIndex, type DdlOwner } from './ddl-places.ts';
import { type FillMark, fillIndexes } from './index-fill.ts';
import { inTransaction, MetaHash, MetaReader, type MetaStore } from './meta-store.ts';
import { editSchema } from './schema-editor.ts';

/** How often it is noted how far a job is. */
const NOTE_MS = 1000;

export interface IndexJob {
  readonly tableId: number;
  readonly query: string;
  /** All of the table's indexes afterwards, and those that come. */
  readonly indexes: readonly IndexInfo[];
  readonly added: readonly number[];
  readonly rows: number;
  readonly mark?: FillMark;
  readonly paused: boolean;
}

/** What a fill needs of its statement. */
export type FillContext = Pick<DdlContext, 'checkKilled' | 'job' | 'lockWaitMs'>;

export function putJob(meta: MetaStore, job: IndexJob): void {
  meta.putField(MetaHash.INDEX_JOBS, String(job.tableId), JSON.stringify(job));
}

export function removeJob(meta: MetaStore, tableId: number): void {
  meta.deleteField(MetaHash.INDEX_JOBS, String(tableId));
}

export async function storedJobs(kv: KvClient): Promise<IndexJob[]> {
  const fields = await new MetaReader(kv.snapshot(TIMESTAMP_MAX)).fields(MetaHash.INDEX_JOBS);
  return fields.map(({ value }) => JSON.parse(value) as IndexJob);
}

/** The table is as the job left it: nothing else about it is on its way. */
export function isResumable(table: TableInfo, job: IndexJob): boolean {
  const isOnItsWay = (index: IndexInfo): boolean => job.added.includes(index.id);
  return (
    table.id === job.tableId &&
    table.columns.every(({ state }) => state === 'public') &&
    table.indexes.every((index) => index.state === (isOnItsWay(index) ? 'write-reorganization' : 'public')) &&
    job.added.every((id) => table.indexes.some((index) => index.id === id))
  );
}

/**
 * Fills the indexes of a table whose writers keep them. `job`: it is stored, and is told how far this is. Answers whether the table is blocked now, until
 * the index is shown.
 */
export async function fillAdded(
  owner: DdlOwner,
  shape: TableInfo,
  context: FillContext,
  job: IndexJob | undefined,
  blocked: () => void,
): Promise<void> {
  const filled = shape.indexes.filter((index) => index.state === 'write-reorganization');
  const progress = progressOf(context);
  progress.rows = job?.rows ?? 0;
  let notedMs = owner.wallMs();
  let mark = job?.mark;
  const note = (paused: boolean): Promise<void> =>
    inTransaction(owner.kv, async (meta) => {
      // Whoever has lost the schema to another server has nothing to say.
      await owner.guard?.(meta);
      putJob(meta, { ...job!, rows: progress.rows, paused, ...(mark && { mark }) });
    });
  const waits = async (waiting: Promise<void>): Promise<void> => {
    if (job !== undefined) await note(true);
    await waiting;
    if (job !== undefined) await note(false);
  };
  if (context.job !== undefined) context.job.isPausable = true;
  try {
    await fillIndexes(owner.kv, shape, filled, {
      progress: {
        get rows() {
          return progress.rows;
        },
        set rows(rows) {
          progress.rows = rows;
        },
        check: () => progress.check(),
        rest: () => {
          const waiting = context.job?.rest(() => progress.check());
          return waiting && waits(waiting);
        },
      },
      from: mark,
      isBusy: () => owner.isBusy(),
      noted: (next) => {
        mark = next;
        if (job === undefined || owner.wallMs() - notedMs < NOTE_MS) return undefined;
        notedMs = owner.wallMs();
        return note(false);
      },
    });
  } finally {
    if (context.job !== undefined) context.job.isPausable = false;
  }
  const unique = filled.filter((index) => index.unique);
  if (unique.length === 0) return;
  // While rows were still missing, one of them could give up a value that another had taken, and remove the other's
  // entry as its own. So before anybody reads it, a unique index is gone through once more, with nobody writing.
  await owner.leases.block(shape.id, context.lockWaitMs);
  blocked();
  await fillIndexes(owner.kv, shape, unique, { progress: progressOf(context), isSecondPass: true });
}

/** The server ends: its jobs wait for the next one. */
export class ServerEnds extends SqlError {
  constructor() {
    super(1053, '08S01', 'Server shutdown in progress');
  }
}

/** Takes a job up that another life or another server has left, to its end: the index is there, or is taken back. */
export async function resumeJob(owner: DdlOwner, job: IndexJob, context: FillContext): Promise<void> {
  const { table, database } = owner.snapshot().tableById(job.tableId)!;
  let blocked = false;
  const finish = async (type: string, added: boolean): Promise<void> => {
    const version = await editSchema(owner, type, (edit) => {
      const present = edit.snapshot.tableById(job.tableId)!.table;
      const gone = present.indexes.filter((index) => !added && job.added.includes(index.id));
      for (const index of gone) clearIndex(edit, present, index);
      const kept = present.indexes.filter((index) => !gone.includes(index));
      edit.putTable(database.name, { ...present, indexes: added ? job.indexes : kept });
      removeJob(edit.meta, job.tableId);
      return edit.version;
    });
    await owner.settle();
    if (added) await owner.leases.waitFor(job.tableId, version, context.lockWaitMs);
  };
  try {
    await owner.settle();
    await owner.leases.waitFor(table.id, table.updateVersion, context.lockWaitMs);
    await fillAdded(owner, table, context, job, () => (blocked = true));
    await finish('add-index', true);
  } catch (error) {
    if (error instanceof ServerEnds) throw error;
    await editSchema(owner, 'roll back: delete-only', (edit) => {
      const present = edit.snapshot.tableById(job.tableId)?.table;
      if (present === undefined || !isResumable(present, job)) return;
      const indexes = present.indexes.map((index) =>
        job.added.includes(index.id) ? { ...index, state: 'delete-only' as const } : index,
      );
      edit.putTable(database.name, { ...present, indexes });
    });
    await owner.settle().catch(() => undefined);
    if (
      owner
        .snapshot()
        .tableById(job.tableId)
        ?.table.indexes.some(({ state }) => state === 'delete-only')
    )
      await finish('roll back', false);
    throw error;
  } finally {
    if (blocked) owner.leases.unblock(job.tableId);
  }
}
