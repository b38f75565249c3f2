/** EXPLAIN and EXPLAIN ANALYZE: the plan of a statement, and with ANALYZE what its operators did when it was run. */
import { SqlError } from '../../../base/error.ts';
import type { Datum } from '../../../base/value/datum.ts';
import type { OperatorStatistics } from '../../executor/index.ts';
import type { ExplainStatement, Statement } from '../../parser/ast.ts';
import type { SchemaSnapshot } from '../../planner/environment.ts';
import { explain } from '../../planner/index.ts';
import type { CachedPlan } from '../plan-cache.ts';
import type { StatementResult } from '../result.ts';
import { isPlanned } from '../planned.ts';
import { runPlan } from '../run-plan.ts';
import type { Session } from '../session.ts';
import { UNBOUND } from '../statement-planner.ts';
import { unsupported } from '../unsupported.ts';

/** Where the rows would go is no part of the plan. */
function withoutInto(statement: Statement): Statement {
  return 'into' in statement && statement.into !== undefined ? { ...statement, into: undefined } : statement;
}

export async function explainStatement(
  session: Session,
  statement: ExplainStatement,
  sql: string,
): Promise<StatementResult> {
  if (statement.target.kind === 'connection') throw unsupported('EXPLAIN FOR CONNECTION');
  const target = withoutInto(statement.target.statement);
  if (statement.analyze && target !== statement.target.statement) throw unsupported('EXPLAIN ANALYZE of SELECT … INTO');
  if (!isPlanned(target)) throw unsupported(`EXPLAIN of ${target.kind}`);
  const schema = session.schema();
  // Executed as a prepared statement, its markers have values.
  const bound = session.running ?? UNBOUND;
  const { plan } = session.planner.plan(target, sql, schema, bound, undefined);
  checkViews(session, plan, schema);
  const statistics = statement.analyze ? await runCounted(session, plan, [...(bound.values ?? [])]) : undefined;
  if (!statement.analyze) session.statement.parameters = [...(bound.values ?? [])];
  const made = explain(
    { plan: (plan.query ?? plan.write)!, derived: plan.derived, evaluation: session.statement },
    { format: statement.format, statistics },
  );
  return session.computed(
    made.columns,
    made.rows.map((row) => [...row]),
  );
}

/** A plan shows what a view is made of. */
function checkViews(session: Session, plan: CachedPlan, schema: SchemaSnapshot): void {
  const rights = session.instance.catalog.rights(session.state);
  for (const id of plan.tableIds) {
    const found = schema.tableById(id);
    if (found?.table.view === undefined || rights.onTable('SHOW VIEW', found.database.name, found.table.name)) continue;
    throw new SqlError(1345, 'HY000', 'EXPLAIN/SHOW can not be issued; lacking privileges for underlying table');
  }
}

/** Runs the statement for its counters; its rows go nowhere, its changes stay, as in MySQL. */
async function runCounted(
  session: Session,
  plan: CachedPlan,
  values: Datum[],
): Promise<ReadonlyMap<string, OperatorStatistics>> {
  const statistics = new Map<string, OperatorStatistics>();
  session.nested++;
  try {
    session.statistics = statistics;
    const result = await runPlan(session, plan, values, session.schema());
    if (result.kind === 'rows') {
      try {
        while ((await result.source.next()) !== undefined) session.statement.checkKilled();
      } finally {
        await result.source.close();
      }
    }
  } finally {
    session.statistics = undefined;
    session.nested--;
  }
  return statistics;
}
