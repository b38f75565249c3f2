/** ADMIN SHOW DDL, ADMIN SHOW DDL JOBS, ADMIN SHOW DDL JOB QUERIES and ADMIN CANCEL, PAUSE and RESUME DDL JOBS, over the jobs of this server. */
import type { Row } from '../../../base/value/datum.ts';
import { described, T } from '../../catalog/virtual/definition.ts';
import { JOB_COLUMNS, jobRow } from '../../catalog/virtual/diagnostic-tables.ts';
import type { AdminStatement } from '../../parser/ast.ts';
import { column } from '../computed.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';
import { unsupported } from '../unsupported.ts';

type JobsStatement = Extract<
  AdminStatement['admin'],
  { kind: 'show-ddl' | 'show-ddl-jobs' | 'show-ddl-job-queries' | 'ddl-jobs' }
>;

/** Ended jobs that ADMIN SHOW DDL JOBS shows when it is not told how many, as in TiDB. */
const ENDED_SHOWN = 10;

export function ddlJobs(session: Session, admin: JobsStatement): StatementResult {
  const { instance, state } = session;
  const jobs = instance.catalog.ddlJobs;
  switch (admin.kind) {
    case 'show-ddl': {
      const running = jobs.list().filter((job) => !job.isOver);
      const queries = running.map(({ query }) => query).join('\n');
      const columns = [column('SCHEMA_VER', T.big), column('RUNNING_JOBS', T.longN), column('QUERY', T.longN)];
      const shown = running.map((job) => `ID:${job.id}, Type:${job.type}, State:${job.state}, RowCount:${job.rows}`);
      return session.computed(columns, [[instance.catalog.schema().version, shown.join('\n'), queries]]);
    }
    case 'show-ddl-jobs': {
      if (admin.where !== undefined)
        throw unsupported('ADMIN SHOW DDL JOBS … WHERE (information_schema.DDL_JOBS takes one)');
      const list = jobs.list();
      const ended = list.filter((job) => job.isOver).slice(0, admin.count ?? ENDED_SHOWN);
      const rows = [...list.filter((job) => !job.isOver), ...ended].map((job): Row => jobRow(job, state.timeZone));
      return session.computed(
        described(JOB_COLUMNS).map(([name, type]) => column(name, type)),
        rows,
      );
    }
    case 'show-ddl-job-queries': {
      const found = admin.ids.flatMap((id) => jobs.find(id) ?? []);
      return session.computed(
        [column('QUERY', T.longN)],
        found.map(({ query }) => [query]),
      );
    }
    case 'ddl-jobs': {
      const does = { CANCEL: 'cancel', PAUSE: 'pause', RESUME: 'resume' } as const;
      const columns = [column('JOB_ID', T.big), column('RESULT', T.word)];
      return session.computed(
        columns,
        admin.ids.map((id): Row => [id, jobs[does[admin.action]](id)]),
      );
    }
  }
}
