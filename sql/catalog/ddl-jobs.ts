/**
 * What this server's definition statements are doing, and the newest that have ended: ADMIN SHOW DDL JOBS, information_schema.DDL_JOBS. A job is a
 * statement from the moment it stands in line; its rows are those that backfills and copies have gone through. ADMIN CANCEL DDL JOBS ends one
 * between two batches, by the way that KILL takes: what came is taken back.
 *
 * In memory: after a restart the list is empty, and what a crash left half done is taken back by `Catalog.finishBrokenChanges`.
 */
import { SqlError } from '../../base/error.ts';
import type { DdlContext } from './ddl-context.ts';
import type { BackfillProgress } from './backfill.ts';
import type { DdlStatement } from './ddl-executor.ts';

/** Ended jobs that are kept. */
const ENDED_MAX = 200;
const QUERY_LENGTH_MAX = 4096;

export type JobState = 'queueing' | 'running' | 'synced' | 'cancelling' | 'cancelled' | 'rollback done';

export class DdlJob {
  readonly id: number;
  readonly type: string;
  readonly database: string;
  readonly table: string;
  readonly query: string;
  readonly createdAtMs: number;
  startedAtMs: number | undefined = undefined;
  endedAtMs: number | undefined = undefined;
  state: JobState = 'queueing';
  private readonly phases: { readonly rows: number }[] = [];

  constructor(id: number, statement: DdlStatement, context: DdlContext, nowMs: number) {
    const { database, table } = placeOf(statement, context);
    this.id = id;
    this.type = statement.kind.replaceAll('-', ' ');
    this.database = database;
    this.table = table;
    this.query = context.sql.slice(0, QUERY_LENGTH_MAX);
    this.createdAtMs = nowMs;
  }

  get rows(): number {
    return this.phases.reduce((sum, { rows }) => sum + rows, 0);
  }

  get isOver(): boolean {
    return this.endedAtMs !== undefined;
  }

  /** A backfill or copy begins. */
  phase(progress: { readonly rows: number }): void {
    this.phases.push(progress);
  }

  check(): void {
    if (this.state === 'cancelling') throw new SqlError(8214, 'HY000', 'Cancelled DDL job');
  }
}

export class DdlJobs {
  private jobs: DdlJob[] = [];
  private idLast = 0;

  /** Runs `work` as a job; the context that it gets ends when the job is cancelled. */
  async run<T>(
    statement: DdlStatement,
    context: DdlContext,
    nowMs: () => number,
    work: (job: DdlJob, context: DdlContext) => Promise<T>,
  ): Promise<T> {
    const job = new DdlJob(++this.idLast, statement, context, nowMs());
    this.jobs.push(job);
    const checkKilled = (): void => {
      context.checkKilled();
      job.check();
    };
    try {
      const result = await work(job, { ...context, checkKilled, job });
      job.state = 'synced';
      return result;
    } catch (error) {
      job.state = job.state === 'cancelling' ? 'cancelled' : 'rollback done';
      throw error;
    } finally {
      job.endedAtMs = nowMs();
      this.forgetOldest();
    }
  }

  /** Newest first. */
  list(): readonly DdlJob[] {
    return [...this.jobs].reverse();
  }

  find(id: number): DdlJob | undefined {
    return this.jobs.find((job) => job.id === id);
  }

  /** What TiDB answers for the job. */
  cancel(id: number): string {
    const job = this.find(id);
    if (job === undefined) return `error: [ddl:8224]DDL Job:${id} not found`;
    if (job.isOver) return `error: [ddl:8225]This job:${id} is finished, so can't be cancelled`;
    job.state = 'cancelling';
    return 'successful';
  }

  private forgetOldest(): void {
    const ended = this.jobs.filter((job) => job.isOver);
    if (ended.length > ENDED_MAX) this.jobs = this.jobs.filter((job) => job !== ended[0]);
  }
}

/** How far a backfill or copy of the statement is; it ends between batches when the statement does. */
export function progressOf(context: DdlContext): BackfillProgress {
  const progress: BackfillProgress = { check: () => context.checkKilled(), rows: 0 };
  context.job?.phase(progress);
  return progress;
}

function placeOf(statement: DdlStatement, context: DdlContext): { readonly database: string; readonly table: string } {
  const named = 'table' in statement ? statement.table : 'tables' in statement ? statement.tables[0] : 'view' in statement ? statement.view : undefined; // prettier-ignore
  const database = named === undefined && 'name' in statement ? String(statement.name) : (named?.schema ?? context.currentDatabase ?? ''); // prettier-ignore
  return { database, table: named?.name ?? '' };
}
