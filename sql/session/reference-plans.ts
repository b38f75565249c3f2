/**
 * Statements that foreign keys ask for. They name their tables with databases, and depend on the schema alone: made once for each of its
 * versions, for all sessions.
 */
import type { FieldType } from '../../base/value/field-type.ts';
import { isPromise } from '../../base/outcome.ts';
import type { WritePlan } from '../../proto/plan/physical.ts';
import type { ForeignKeyInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { createEvalContext } from '../functions/index.ts';
import { execute } from '../executor/index.ts';
import { parse, quoteName } from '../parser/index.ts';
import type { DeleteStatement, SelectNode, UpdateStatement } from '../parser/ast.ts';
import { planQuery, planWrite } from '../planner/index.ts';
import type { PlannerEnvironment, SchemaSnapshot } from '../planner/environment.ts';
import type { Session } from './session.ts';

/** Enough rows for an index to be the shorter way. */
const ROWS_GUESSED = 1_000_000;

const kept = new WeakMap<SchemaSnapshot, Map<string, WritePlan>>();

export function planReference(schema: SchemaSnapshot, sql: string, types: readonly FieldType[]): WritePlan {
  let plans = kept.get(schema);
  if (plans === undefined) kept.set(schema, (plans = new Map()));
  let plan = plans.get(sql);
  if (plan === undefined) plans.set(sql, (plan = make(schema, sql, types)));
  return plan;
}

function make(schema: SchemaSnapshot, sql: string, types: readonly FieldType[]): WritePlan {
  const statement = parse(sql, { prepared: true })[0]!.statement as DeleteStatement | UpdateStatement;
  return planWrite(statement, internalEnvironment(schema, sql, types)).plan;
}

/** For statements of the server's own: nobody's rights, no columns, no rule that needs a session. */
export function internalEnvironment(
  schema: SchemaSnapshot,
  sql: string,
  types: readonly FieldType[],
): PlannerEnvironment {
  return {
    schema, sql, parameterTypes: types, parameterValues: undefined, currentDatabase: undefined, engines: 'row', columnEngine: undefined,
    disabledRules: new Set(['derive-parameters']), evalContext: createEvalContext(), statistics: () => undefined, approximateRows: () => ROWS_GUESSED,
    checkPrivilege: () => undefined, columnRights: () => 'all', checkColumn: () => undefined,
  }; // prettier-ignore
}

/** A row of the table refers by this key to a row that is not there, as of now. Nobody's lease is taken: the tables are the caller's. */
export async function hasOrphan(session: Session, database: string, table: TableInfo, key: ForeignKeyInfo): Promise<boolean> {
  const { statement, instance } = session;
  const schema = instance.catalog.schema();
  const { references } = key;
  if (schema.table(references.database, references.table) === undefined) return true;
  const own = key.columns.map((id) => quoteName(table.columns.find((column) => column.id === id)!.name));
  const far = references.columns.map(quoteName);
  const on = own.map((column, i) => `c.${column} = p.${far[i]!}`).join(' AND ');
  const whole = own.map((column) => `c.${column} IS NOT NULL`).join(' AND ');
  const sql = `SELECT 1 FROM ${quoteName(database)}.${quoteName(table.name)} c LEFT JOIN ${quoteName(references.database)}.${quoteName(references.table)} p ON ${on} WHERE ${whole} AND p.${far[0]!} IS NULL LIMIT 1`;
  const { plan } = planQuery(parse(sql)[0]!.statement as SelectNode, internalEnvironment(schema, sql, []));
  statement.readAt(instance.kv, await instance.kv.timestamp());
  const source = execute(plan, statement);
  try {
    for (;;) {
      const got = source.next();
      const batch = isPromise(got) ? await got : got;
      if (batch === undefined) return false;
      if (batch.length > 0) return true;
    }
  } finally {
    source.close();
  }
} // prettier-ignore
