/** Expressions and queries inside other statements (SET, DO, KILL, SELECT … INTO), run through the planner like any SELECT. */
import type { MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum } from '../../../base/value/datum.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import type { ExpressionNode, QueryNode, SelectNode } from '../../parser/ast.ts';
import type { ResultColumn } from '../result.ts';
import { runPlan } from '../run-plan.ts';
import type { Session } from '../session.ts';
import { type Bound, UNBOUND } from '../statement-planner.ts';

export interface EvaluatedValue {
  readonly value: Datum;
  readonly type: FieldType;
}

/** Runs a query inside the present statement and hands its rows on, a batch at a time. */
export async function streamPlanned(
  session: Session,
  query: QueryNode,
  sql: string,
  bound: Bound,
  begin: (columns: readonly ResultColumn[]) => MaybePromise<(batch: Batch) => MaybePromise<void>>,
): Promise<void> {
  const schema = session.schema();
  const { plan } = session.planner.plan(query, sql, schema, bound, undefined);
  session.nested++;
  try {
    const inPast = session.past.applies && !plan.isTableless;
    const result = await (inPast
      ? session.past.run(query, sql, bound)
      : runPlan(session, plan, [...(bound.values ?? [])], schema));
    if (result.kind !== 'rows') return;
    try {
      const add = await begin(result.columns);
      for (;;) {
        const batch = await result.source.next();
        if (batch === undefined) return;
        await add(batch);
      }
    } finally {
      await result.source.close();
    }
  } finally {
    session.nested--;
  }
}

/** Runs a query inside the present statement and keeps its rows. */
export async function readPlanned(
  session: Session,
  query: QueryNode,
  sql: string,
  bound: Bound = UNBOUND,
): Promise<{ readonly columns: readonly ResultColumn[]; readonly rows: Batch }> {
  let shown: readonly ResultColumn[] = [];
  const rows: Batch = [];
  await streamPlanned(session, query, sql, bound, (columns) => {
    shown = columns;
    return (batch) => {
      session.chargeCursor(batch);
      for (const row of batch) rows.push(row);
    };
  });
  return { columns: shown, rows };
}

export async function evaluate(
  session: Session,
  expressions: readonly ExpressionNode[],
  sql: string,
  bound: Bound = UNBOUND,
): Promise<readonly EvaluatedValue[]> {
  const { columns, rows } = await readPlanned(session, selectOf(expressions), sql, bound);
  return columns.map((column, i) => ({ value: rows[0]?.[i] ?? null, type: column.type }));
}

export async function evaluateOne(
  session: Session,
  expression: ExpressionNode,
  sql: string,
  bound: Bound = UNBOUND,
): Promise<EvaluatedValue> {
  return (await evaluate(session, [expression], sql, bound))[0]!;
}

/** `SELECT e1, e2`. The columns get aliases, so that nobody has to print the expressions. */
function selectOf(expressions: readonly ExpressionNode[]): SelectNode {
  const first = expressions[0]!;
  return {
    kind: 'select', start: first.start, end: expressions.at(-1)!.end, distinct: false, options: [], hints: [], from: [], groupBy: [], rollup: false, windows: [], orderBy: [], locks: [],
    items: expressions.map((expression, i) => ({ kind: 'expression', expression, alias: `c${i}`, start: expression.start, end: expression.end })),
  }; // prettier-ignore
}
