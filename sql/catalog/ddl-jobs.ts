/**
 * What this server's definition statements are doing, and the newest that have ended: ADMIN SHOW DDL JOBS, information_schema.DDL_JOBS. A job is a
 * statement from the moment it stands in line; its rows are those that backfills and copies have gone through. ADMIN CANCEL DDL JOBS ends one
 * between two batches, by the way that KILL takes: what came is taken back.
 *
 * In memory: after a restart the list begins anew, with the indexes whose adding goes on (index-jobs.ts); what else a crash left half done is taken
 * back by `Catalog`. ADMIN PAUSE DDL JOBS holds one up while it fills an index: writers go on, other definition statements stand in line.
 */
import { SqlError } from '../../base/error.ts';
import type { Timers } from '../../base/world.ts';
import type { DdlContext } from './ddl-context.ts';
import type { BackfillProgress } from './backfill.ts';
import type { DdlStatement } from './ddl-executor.ts';

/** Ended jobs that are kept. */
const ENDED_MAX = 200;
const QUERY_LENGTH_MAX = 4096;

/** How often a paused job looks whether its statement was killed. */
const REST_MS = 100;

export type JobState = 'queueing' | 'running' | 'paused' | 'synced' | 'cancelling' | 'cancelled' | 'rollback done';

/** What a job is called. */
export interface JobFacts {
  readonly type: string;
  readonly database: string;
  readonly table: string;
  readonly query: string;
}

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

  /** It is where it may stand still as long as it likes. */
  isPausable = false;
  private readonly timers: Pick<Timers, 'after'>;

  constructor(id: number, facts: JobFacts, timers: Pick<Timers, 'after'>, nowMs: number) {
    this.id = id;
    this.type = facts.type;
    this.database = facts.database;
    this.table = facts.table;
    this.query = facts.query.slice(0, QUERY_LENGTH_MAX);
    this.createdAtMs = nowMs;
    this.timers = timers;
  }

  /** While it is paused: resolves when it goes on; `check` throws when it is to end. */
  rest(check: () => void): Promise<void> | undefined {
    return this.state === 'paused' ? this.restUntil(check) : undefined;
  }

  private async restUntil(check: () => void): Promise<void> {
    while (this.state === 'paused') {
      await new Promise<void>((resolve) => void this.timers.after(REST_MS, resolve));
      check();
    }
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
  private readonly timers: Pick<Timers, 'after'>;

  constructor(timers: Pick<Timers, 'after'>) {
    this.timers = timers;
  }

  /** Runs `work` as a job; the context that it gets ends when the job is cancelled. */
  async run<C extends Pick<DdlContext, 'checkKilled'>, T>(
    facts: JobFacts,
    context: C,
    nowMs: () => number,
    work: (job: DdlJob, context: C & { readonly job: DdlJob }) => Promise<T>,
  ): Promise<T> {
    const job = new DdlJob(++this.idLast, facts, this.timers, nowMs());
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

  pause(id: number): string {
    const job = this.find(id);
    if (job === undefined) return `error: [ddl:8224]DDL Job:${id} not found`;
    if (job.state === 'paused') return `error: [ddl:8262]Job ${id} has already been paused`;
    if (job.isOver || !job.isPausable || job.state !== 'running')
      return `error: [ddl:8260]Job ${id} can't be paused: it is not filling an index`;
    job.state = 'paused';
    return 'successful';
  }

  resume(id: number): string {
    const job = this.find(id);
    if (job === undefined) return `error: [ddl:8224]DDL Job:${id} not found`;
    if (job.state !== 'paused') return `error: [ddl:8261]Job ${id} can't be resumed: it is not paused`;
    job.state = 'running';
    return 'successful';
  }

  private forgetOldest(): void {
    const ended = this.jobs.filter((job) => job.isOver);
    if (ended.length > ENDED_MAX) this.jobs = this.jobs.filter((job) => job !== ended[0]);
  }
}

/** How far a backfill or copy of the statement is; it ends between batches when the statement does. */
export function progressOf(context: Pick<DdlContext, 'checkKilled' | 'job'>): BackfillProgress {
  const progress: BackfillProgress = { check: () => context.checkKilled(), rows: 0 };
  context.job?.phase(progress);
  return progress;
}

export function factsOf(statement: DdlStatement, context: DdlContext): JobFacts {
  const named = 'table' in statement ? statement.table : 'tables' in statement ? statement.tables[0] : 'view' in statement ? statement.view : undefined; // prettier-ignore
  const database = named === undefined && 'name' in statement ? String(statement.name) : (named?.schema ?? context.currentDatabase ?? ''); // prettier-ignore
  return { type: statement.kind.replaceAll('-', ' '), database, table: named?.name ?? '', query: context.sql };
}
