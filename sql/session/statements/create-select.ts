/**
 * CREATE TABLE … SELECT. The table is made under an id that no name leads to, filled by an ordinary INSERT … SELECT, and named when it is full
 * (sql/catalog/create-select.ts). A table for everybody is committed a few megabytes at a time, since nobody sees it meanwhile, so that the largest query fills
 * one without being held in memory. A temporary one inside a transaction is filled by that transaction, as nothing is committed then.
 */
import { SqlError } from '../../../base/error.ts';
import { isPromise } from '../../../base/outcome.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { columnByName } from '../../../proto/schema/table-shape.ts';
import { columnOfExpression, type QueriedColumn } from '../../catalog/index.ts';
import { computeDerived, executeWrite, translateCommitError, type WriteResult } from '../../executor/index.ts';
import type { ColumnNode, CreateTableStatement, InsertStatement, QueryNode } from '../../parser/ast.ts';
import type { SchemaSnapshot } from '../../planner/environment.ts';
import { FillingTransaction } from '../filling-transaction.ts';
import type { ResultColumn, StatementResult } from '../result.ts';
import { writeDone } from '../run-write.ts';
import type { Session } from '../session.ts';
import { UNBOUND } from '../statement-planner.ts';
import { callerOf } from './definitions.ts';

/** No name that a statement could write leads to it. */
const FILLED_NAME = '\0filled';

export async function createTableSelect(
  session: Session,
  statement: CreateTableStatement & { readonly query: QueryNode },
  sql: string,
): Promise<StatementResult> {
  const { catalog } = session.instance;
  const isTemporary = statement.temporary === true;
  if (!isTemporary) await session.transaction.commit();
  const caller = callerOf(session, sql);
  const { table: name } = statement;
  if (session.temporaryTable(name) !== undefined ? isTemporary : !isTemporary && isTaken(session, statement)) {
    if (!statement.ifNotExists) throw tableExists(name.name);
    session.state.warn('Note', 1050, tableExists(name.name).message);
    return session.ok();
  }
  if (isTemporary) session.temporaryTables().refuseMore(name.name);
  const { plan } = session.planner.plan(statement.query, sql, session.schema(), session.running ?? UNBOUND, undefined);
  const queried = plan.columns.map((column) => queriedColumn(column, session.schema()));
  const made = await catalog.beginFilled(statement, queried, caller);
  try {
    const result = await fill(session, statement, made, queried, sql);
    if (isTemporary) session.temporaryTables().adopt(made.database, { ...made.table, temporary: true });
    else await catalog.publishFilled(statement, made, caller);
    return writeDone(session, result);
  } catch (error) {
    await catalog.discardFilled(made).catch((cause: unknown) => session.instance.noteInternalError(cause, 'discard'));
    throw error;
  }
}

function isTaken(session: Session, { table }: CreateTableStatement): boolean {
  const database = table.schema ?? session.state.database;
  return database !== undefined && session.instance.catalog.schema().table(database, table.name) !== undefined;
}

function tableExists(name: string): SqlError {
  return new SqlError(1050, '42S01', `Table '${name}' already exists`);
}

/** A column that the query shows as it is stored is copied with default and comment; anything else is made from its type. */
function queriedColumn(column: ResultColumn, schema: SchemaSnapshot): QueriedColumn {
  const origin = originOf(column, schema);
  if (origin === undefined) return columnOfExpression(column.name, column.type);
  const { type } = column;
  if (origin.autoIncrement) return { ...columnOfExpression(column.name, type), comment: origin.comment };
  const isNullable = !type.notNull && origin.default.kind === 'none';
  return {
    name: column.name, type, state: 'public', default: isNullable ? { kind: 'null' } : origin.default, originDefault: { kind: 'null' }, autoIncrement: false,
    onUpdateNow: origin.onUpdateNow, comment: origin.comment,
  }; // prettier-ignore
}

function originOf(column: ResultColumn, schema: SchemaSnapshot): ColumnInfo | undefined {
  if (column.originalTable === '' || column.originalName === '') return undefined;
  const table = schema.table(column.database, column.originalTable);
  if (table === undefined || table.view !== undefined) return undefined;
  const found = columnByName(table, column.originalName);
  return found?.type.code === column.type.code && found.type.length === column.type.length ? found : undefined;
}

interface Filled {
  readonly database: string;
  readonly table: TableInfo;
}

async function fill(
  session: Session,
  { query, duplicates }: CreateTableStatement & { readonly query: QueryNode },
  made: Filled,
  queried: readonly QueriedColumn[],
  sql: string,
): Promise<WriteResult> {
  const { statement, instance } = session;
  const schema = session.temporaryTables().over(instance.catalog.schema(), { ...made, name: FILLED_NAME });
  const at = { start: query.start, end: query.end };
  const columns = queried.map(({ name }): ColumnNode => ({ kind: 'column', name, ...at }));
  const insert: InsertStatement = {
    kind: 'insert', replace: duplicates === 'REPLACE', ignore: duplicates === 'IGNORE', hints: [], table: { schema: made.database, name: FILLED_NAME, ...at }, partitions: [],
    columns, source: { kind: 'query', query }, onDuplicate: [], ...at,
  }; // prettier-ignore
  const bound = session.running ?? UNBOUND;
  const { plan } = planFilling(session, made, () => session.planner.plan(insert, sql, schema, bound, undefined));
  const write = plan.write!;
  statement.schema = schema;
  statement.parameters = [...(bound.values ?? [])];
  if (plan.derived.length > 0) computeDerived(plan.derived, statement);
  statement.strictWrite = session.state.sqlMode.strict && !write.ignore;
  if (session.transaction.covers && made.table.temporary) {
    const transaction = await session.transaction.use();
    await session.transaction.touch(plan.tableIds, plan.schemaVersion);
    statement.reader = transaction;
    statement.transaction = transaction;
    return executeWrite(write, statement);
  }
  const ts = instance.kv.timestamp();
  statement.readAt(instance.kv, isPromise(ts) ? await ts : ts);
  const begin = async (): Promise<Transaction> =>
    instance.kv.begin({ pessimistic: false, sizeBytesMax: session.state.transactionSizeMax });
  const transaction = new FillingTransaction(begin, await begin(), statement);
  statement.transaction = transaction;
  statement.batchStored = () => transaction.batchStored();
  try {
    const result = await executeWrite(write, statement);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback().catch(() => undefined);
    throw translateCommitError(error, schema, transaction);
  } finally {
    statement.batchStored = undefined;
  }
}

function planFilling<T>(session: Session, made: Filled, plan: () => T): T {
  session.filling = made;
  try {
    return plan();
  } finally {
    session.filling = undefined;
  }
}
