/**
 * Looking after tables: ADMIN CHECK TABLE, and the statements that MySQL answers with rows (ANALYZE, CHECK, CHECKSUM, OPTIMIZE, REPAIR). CHECK really
 * compares rows and indexes; OPTIMIZE and REPAIR say that there is nothing for them to do, which is true of this storage.
 */
import { SqlError } from '../../../base/error.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import { BIGINT_UNSIGNED } from '../../../base/value/field-type.ts';
import { partitionPosition } from '../../../proto/schema/partitions.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import { indexByName } from '../../../proto/schema/table-shape.ts';
import { checksumTable, checkTable } from '../../executor/index.ts';
import type {
  AdminStatement,
  AlterTableStatement,
  TableChange,
  TableMaintenanceStatement,
  TableName,
} from '../../parser/ast.ts';
import { planPartitionFunction } from '../../planner/index.ts';
import { column, textColumn } from '../computed.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';
import { unsupported } from '../unsupported.ts';
import { toMessage } from '../failure-text.ts';
import { ddlJobs } from './ddl-jobs.ts';
import { callerOf } from './definitions.ts';
import { changeHistograms } from './histograms.ts';

const COLUMNS = [
  textColumn('Table', 128),
  textColumn('Op', 10),
  textColumn('Msg_type', 10),
  textColumn('Msg_text', 65535),
];

const NOTHING_TO_DO = 'The storage engine for the table keeps itself in order; nothing was done';

/** ADMIN CHECK TABLE and CHECK INDEX: throws the first disagreement between rows and indexes. What ADMIN says of jobs is in ddl-jobs.ts. */
export async function adminCheck(session: Session, { admin }: AdminStatement): Promise<StatementResult> {
  if (
    admin.kind === 'show-ddl-jobs' ||
    admin.kind === 'show-ddl-job-queries' ||
    admin.kind === 'ddl-jobs' ||
    admin.kind === 'show-ddl'
  )
    return ddlJobs(session, admin);
  if (admin.kind === 'check-index') {
    const { table } = resolve(session, admin.table);
    const index = indexByName(table, admin.index);
    if (index === undefined)
      throw new SqlError(1176, '42000', `Key '${admin.index}' doesn't exist in table '${table.name}'`);
    await readAtOneMoment(session);
    await checkTable(
      { ...table, indexes: table.indexes.filter((one) => one.primary || one === index) },
      session.statement,
    );
    return session.ok();
  }
  if (admin.kind !== 'check-table') throw unsupported(`ADMIN ${admin.kind.replaceAll('-', ' ').toUpperCase()}`);
  await readAtOneMoment(session);
  for (const name of admin.tables) await check(session, resolve(session, name).table, '');
  return session.ok();
}

export async function maintainTables(
  session: Session,
  statement: TableMaintenanceStatement,
  sql: string,
): Promise<StatementResult> {
  const { action } = statement;
  await session.transaction.commit();
  if (statement.histogram !== undefined)
    return session.computed(COLUMNS, await changeHistograms(session, statement, statement.histogram, sql));
  if (action === 'ANALYZE' && statement.partitions !== undefined)
    throw unsupported('ANALYZE TABLE of partitions by name');
  if (action === 'CHECKSUM') return checksums(session, statement.tables);
  const op = action.toLowerCase();
  const rows: Row[] = [];
  if (action === 'CHECK') await readAtOneMoment(session);
  for (const name of statement.tables) {
    const full = `${name.schema ?? session.state.database ?? ''}.${name.name}`;
    try {
      const { table } = resolve(session, name);
      switch (action) {
        case 'ANALYZE':
          await session.instance.catalog.analyze([name], callerOf(session, sql));
          break;
        case 'CHECK':
          await check(session, table, sql);
          break;
        case 'OPTIMIZE':
        case 'REPAIR':
          rows.push([full, op, 'note', NOTHING_TO_DO]);
          break;
      }
      rows.push([full, op, 'status', 'OK']);
    } catch (error) {
      if (session.statement.killed) throw error;
      rows.push([full, op, 'Error', toMessage(error)], [full, op, 'status', 'Operation failed']);
    }
  }
  return session.computed(COLUMNS, rows);
}

type PartitionAction = Extract<TableChange, { kind: 'partition-action' }>;

/** ALTER TABLE … ANALYZE, CHECK, OPTIMIZE or REPAIR PARTITION, which answer with rows; `undefined`: some other change. */
export function maintenanceOf({ changes }: AlterTableStatement): PartitionAction | undefined {
  const [change] = changes;
  return changes.length === 1 && change!.kind === 'partition-action' && ANSWERING.has(change.action)
    ? change
    : undefined;
}

const ANSWERING: ReadonlySet<PartitionAction['action']> = new Set(['ANALYZE', 'CHECK', 'OPTIMIZE', 'REPAIR']);

export async function maintainPartitions(
  session: Session,
  name: TableName,
  { action, names }: PartitionAction,
  sql: string,
): Promise<StatementResult> {
  await session.transaction.commit();
  const { database, table } = resolve(session, name);
  session.instance.catalog.checkPrivilege(session.state, 'ALTER', database, table.name);
  if (table.partitioning === undefined)
    throw new SqlError(1505, 'HY000', 'Partition management on a not partitioned table is not possible');
  const op = action.toLowerCase();
  const full = `${database}.${table.name}`;
  const positions = names?.map((one) => partitionPosition(table, one));
  if (positions?.includes(-1) === true)
    return session.computed(COLUMNS, [
      [full, op, 'Error', `Error in list of partitions to ${op}`],
      [full, op, 'status', 'Operation failed'],
    ]);
  const rows: Row[] = [];
  try {
    if (action === 'ANALYZE') await session.instance.catalog.analyze([name], callerOf(session, sql));
    else if (action === 'CHECK') {
      await readAtOneMoment(session);
      await check(session, table, sql, positions);
    } else rows.push([full, op, 'note', NOTHING_TO_DO]);
    rows.push([full, op, 'status', 'OK']);
  } catch (error) {
    if (session.statement.killed) throw error;
    rows.push([full, op, 'Error', toMessage(error)], [full, op, 'status', 'Operation failed']);
  }
  return session.computed(COLUMNS, rows);
}

async function checksums(session: Session, names: readonly TableName[]): Promise<StatementResult> {
  await readAtOneMoment(session);
  const rows: Datum[][] = [];
  for (const name of names) {
    const full = `${name.schema ?? session.state.database ?? ''}.${name.name}`;
    try {
      rows.push([full, await checksumTable(resolve(session, name).table, session.statement)]);
    } catch (error) {
      if (!(error instanceof SqlError) || session.statement.killed) throw error;
      session.state.warn('Error', error.errno, error.message);
      rows.push([full, null]);
    }
  }
  return session.computed([textColumn('Table', 128), column('Checksum', BIGINT_UNSIGNED)], rows);
}

function check(session: Session, table: TableInfo, sql: string, positions?: readonly number[]): Promise<unknown> {
  if (table.partitioning === undefined) return checkTable(table, session.statement);
  const of = planPartitionFunction(table, session.environment.plain(sql));
  return checkTable(table, session.statement, { function: of, positions });
}

async function readAtOneMoment(session: Session): Promise<void> {
  const { kv } = session.instance;
  if (session.transaction.open !== undefined) session.statement.reader = session.transaction.open;
  else session.statement.readAt(kv, await kv.timestamp());
}

function resolve(session: Session, name: TableName): { readonly database: string; readonly table: TableInfo } {
  const database = name.schema ?? session.state.database;
  if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
  const table = session.schema().table(database, name.name);
  if (table === undefined) throw new SqlError(1146, '42S02', `Table '${database}.${name.name}' doesn't exist`);
  return { database, table };
}
