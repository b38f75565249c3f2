/**
 * LOAD DATA [LOCAL] INFILE: from the statement to the executor's plan, and the file to it. LOCAL asks the client for the file; without it
 * the server reads one of its own, where `secure_file_priv` says.
 *
 * In autocommit mode the whole file is one transaction: all of it is there or nothing.
 */
import { SqlError } from '../../../base/error.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import {
  LOAD_TEXT,
  loadData as runLoad,
  translateCommitError,
  type FileFormat,
  type LoadPlan,
} from '../../executor/index.ts';
import type { FileFormat as WrittenFormat, LoadDataStatement } from '../../parser/ast.ts';
import { planLoadExpressions } from '../../planner/index.ts';
import { holdChunks } from '../failpoints.ts';
import { readOnlyTransaction } from '../failures.ts';
import type { SchemaLease } from '../../catalog/index.ts';
import type { StatementResult } from '../result.ts';
import { readFile, serverFiles } from '../server-files.ts';
import { writeDone } from '../run-write.ts';
import type { Session } from '../session.ts';
import { unsupported } from '../unsupported.ts';

/** A file is loaded in one transaction, so its buffer may be larger than that of an ordinary one. */
const LOAD_SIZE_MAX = 2 * 1024 * 1024 * 1024;

export function loadData(
  session: Session,
  statement: LoadDataStatement,
  sql: string,
): StatementResult | Promise<StatementResult> {
  if (statement.xml) throw unsupported('LOAD XML');
  if (!statement.local) return loadServerFile(session, statement, sql);
  if (session.instance.globals.get('local_infile') !== 1) {
    throw new SqlError(
      3948,
      '42000',
      'Loading local data is disabled; this must be enabled on both the client and server sides',
    );
  }
  // Wrong names are found before the client is asked for its file; the plan that counts is made when that comes.
  const { table } = planLoad(session, statement, sql);
  if (session.transaction.refusesWrites && !table.temporary) throw readOnlyTransaction();
  return {
    kind: 'local-infile',
    fileName: statement.file,
    load: (chunks) => loadUnderLease(session, () => planLoad(session, statement, sql), holdChunks(session, chunks)),
  };
}

function loadServerFile(session: Session, statement: LoadDataStatement, sql: string): Promise<StatementResult> {
  const files = serverFiles(session);
  if (session.transaction.refusesWrites) throw readOnlyTransaction();
  const chunks = holdChunks(session, readFile(files, statement.file));
  return loadUnderLease(session, () => planLoad(session, statement, sql), chunks);
}

/** Changes of the table wait for the load, and a load waits for a table that is being rebuilt. */
async function loadUnderLease(
  session: Session,
  plan: () => LoadPlan,
  chunks: AsyncIterable<Uint8Array>,
): Promise<StatementResult> {
  const { catalog } = session.instance;
  const { board, leases } = catalog;
  if (board !== undefined) await board.ready();
  const { version } = session.schema();
  const planned = plan();
  if (session.transaction.covers) {
    await session.transaction.touch([planned.table.id], version);
    return load(session, planned, chunks, undefined);
  }
  const lease = leases?.acquire(version);
  try {
    await lease?.touch(planned.table.id, session.state.lockWaitMs);
    return await load(session, planned, chunks, lease);
  } finally {
    lease?.release();
  }
}

async function load(
  session: Session,
  plan: LoadPlan,
  chunks: AsyncIterable<Uint8Array>,
  lease: SchemaLease | undefined,
): Promise<StatementResult> {
  const { statement, instance } = session;
  statement.parameters = [];
  // With LOCAL bad values are adjusted with a warning, whatever the mode says: the file cannot be sent back. IGNORE asks for the same.
  if (plan.local || plan.duplicates === 'ignore') statement.strictWrite = false;
  if (session.transaction.covers) {
    const transaction = await session.transaction.use();
    statement.reader = transaction;
    statement.transaction = transaction;
    return writeDone(session, await runLoad(plan, chunks, statement));
  }
  const transaction = await instance.kv.begin({ pessimistic: false, sizeBytesMax: LOAD_SIZE_MAX });
  statement.reader = transaction;
  statement.transaction = transaction;
  try {
    const result = await runLoad(plan, chunks, statement);
    const { board } = instance.catalog;
    await board?.confirm(lease);
    await transaction.commit(statement, board?.commitDeadline, board && (() => board.deadline(lease)));
    return writeDone(session, result);
  } catch (error) {
    await transaction.rollback().catch(() => undefined);
    throw translateCommitError(error, statement.schema, transaction);
  }
}

/** A file without a column list has to leave them out, too. */
function refuseGenerated(table: TableInfo, fields: LoadPlan['fields']): void {
  for (const field of fields) {
    const column = field.kind === 'column' ? table.columns[field.offset]! : undefined;
    if (column?.generated !== undefined)
      throw new SqlError(3105, 'HY000', `The value specified for generated column '${column.name}' in table '${table.name}' is not allowed.`); // prettier-ignore
  }
}

function planLoad(session: Session, statement: LoadDataStatement, sql: string): LoadPlan {
  const schema = session.schema();
  const database = statement.table.schema ?? session.state.database;
  if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
  const table = schema.table(database, statement.table.name);
  if (table === undefined)
    throw new SqlError(1146, '42S02', `Table '${database}.${statement.table.name}' doesn't exist`);
  if (table.view !== undefined)
    throw new SqlError(1288, 'HY000', `The target table ${table.name} of the LOAD is not updatable`);
  if (statement.duplicates === 'replace' && !table.temporary)
    session.instance.catalog.checkPrivilege(session.state, 'DELETE', database, table.name);
  const columns = table.columns.filter((column) => column.state === 'public');
  const fields: LoadPlan['fields'] =
    statement.columns === undefined
      ? columns
          .filter((column) => column.invisible !== true)
          .map((column) => ({ kind: 'column', offset: column.offset }))
      : statement.columns.map((node) =>
          node.kind === 'user-variable'
            ? { kind: 'variable', name: node.name.toLowerCase() }
            : { kind: 'column', offset: named(columns, node.name).offset },
        );
  refuseGenerated(table, fields);
  checkInsert(session, database, table, fields, statement);
  const variables = new Map<string, FieldType>();
  for (const field of fields) if (field.kind === 'variable') variables.set(field.name, LOAD_TEXT);
  const environment = session.environment.plain(sql);
  const expressions = planLoadExpressions(
    statement.assignments,
    { database, table, variables, partitions: statement.partitions },
    environment,
  );
  return {
    kind: 'load', database, table, local: statement.local, duplicates: statement.duplicates, charset: charsetOf(statement.charset ?? String(session.state.value('character_set_database'))),
    format: formatOf(statement.format), ignoreLines: statement.ignoreLines, fields, ...expressions,
  }; // prettier-ignore
}

/** INSERT on the table, or on each column that is filled. */
function checkInsert(
  session: Session,
  database: string,
  table: TableInfo,
  fields: LoadPlan['fields'],
  statement: LoadDataStatement,
): void {
  if (table.temporary) return;
  const { catalog } = session.instance;
  const rights = catalog.rights(session.state).columns('INSERT', database, table.name);
  if (rights === 'all') return;
  if (rights === 'none' || statement.columns === undefined)
    return catalog.checkPrivilege(session.state, 'INSERT', database, table.name);
  const filled = fields.flatMap((field) => (field.kind === 'column' ? [table.columns[field.offset]!.name] : []));
  for (const name of [...filled, ...statement.assignments.map((one) => one.column.name)])
    catalog.checkColumn(session.state, 'INSERT', database, table.name, name);
}

function named(columns: readonly ColumnInfo[], name: string): ColumnInfo {
  const found = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new SqlError(1054, '42S22', `Unknown column '${name}' in 'field list'`);
  return found;
}

function charsetOf(name: string): LoadPlan['charset'] {
  switch (name.toLowerCase()) {
    case 'latin1':
      return 'latin1';
    case 'binary':
      return 'binary';
    case 'utf8mb4':
    case 'utf8mb3':
    case 'utf8':
    case 'ascii':
      return 'utf8mb4';
    case 'gbk':
    case 'ucs2':
    case 'utf16':
    case 'utf16le':
    case 'utf32':
      // Their second bytes may look like terminators.
      throw unsupported(`LOAD DATA … CHARACTER SET ${name.toLowerCase()}`);
    default:
      throw new SqlError(1115, '42000', `Unknown character set: '${name}'`);
  }
}

export function formatOf(format: WrittenFormat): FileFormat {
  return {
    fieldsTerminatedBy: format.fieldsTerminatedBy ?? '\t',
    enclosedBy: format.fieldsEnclosedBy ?? '',
    escapedBy: format.fieldsEscapedBy ?? '\\',
    linesStartingBy: format.linesStartingBy ?? '',
    linesTerminatedBy: format.linesTerminatedBy ?? '\n',
  };
}
