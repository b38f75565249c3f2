/**
 * SHOW and DESCRIBE as rows. What INFORMATION_SCHEMA has is taken from there, renamed to SHOW's columns; LIKE is applied here, on the column that
 * MySQL applies it to; WHERE is the session's, over the columns that come back.
 */
import type { Batch, Datum, Row } from '../../base/value/datum.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import { SqlError } from '../../base/error.ts';
import { collationNamed, compileLike } from '../../base/value/collation/index.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { DatabaseInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { publicColumns } from '../../proto/schema/table-shape.ts';
import type { ShowTarget, TableName } from '../parser/ast.ts';
import { hasCharset, typeText } from './column-type.ts';
import * as errors from './errors.ts';
import { noGrant } from './accounts/account-errors.ts';
import { DYNAMIC_PRIVILEGES } from './accounts/privilege-names.ts';
import { PRIVILEGES } from './privileges.ts';
import { showCreateDatabase, showCreateTable, showCreateView } from './show-create.ts';
import { NAME_COLLATION, rightsOf, T, type VirtualSource } from './virtual/definition.ts';
import { isVirtualDatabase, virtualTableDefinition, virtualTablesOf } from './virtual/registry.ts';
import {
  seenTables,
  columnDefault,
  columnExtra,
  columnKey,
  statisticsRows,
  viewColumns,
  visibleDatabases,
} from './virtual/schema-tables.ts';
import { ENGINE_ROWS, PLUGIN_ROWS } from './virtual/server-tables.ts';

export interface ShowResult {
  readonly columns: readonly { readonly name: string; readonly type: FieldType }[];
  readonly rows: Batch;
}

export interface ShowRequest {
  readonly source: VirtualSource;
  readonly currentDatabase: string | undefined;
  readonly like: string | undefined;
}

type Columns = ShowResult['columns'];

function named(names: string, types: readonly FieldType[] = []): Columns {
  return names.split('|').map((name, i) => ({ name, type: types[i] ?? T.wordN }));
}

/** Targets that are the session's own: warnings, errors, profiles' contents. `undefined`: not answered here. */
export function show(target: ShowTarget, request: ShowRequest): MaybePromise<ShowResult | undefined> {
  const { source } = request;
  const { facts } = source.viewer;
  switch (target.kind) {
    case 'databases':
      return filtered(
        suffixed('Database', request.like),
        visibleDatabases(source).map((one) => [one.name]),
        request,
        0,
      );
    case 'tables':
      return showTables(target, request);
    case 'table-status':
      return showTableStatus(target.schema, request);
    case 'open-tables':
      return { columns: named('Database|Table|In_use|Name_locked', [T.name, T.name, T.int, T.int]), rows: [] };
    case 'columns':
      return filtered(target.full ? FULL_COLUMNS : COLUMNS, columnRows(target.table, request, target.full), request, 0);
    case 'indexes':
      return showIndexes(target.table, request);
    case 'create-table':
    case 'create-view':
      return showCreate(target.kind, target.table, request);
    case 'create-database':
      return showDatabase(target.name, target.ifNotExists, request);
    case 'create-user':
      return showCreateUser(target.user, request);
    case 'create-routine':
    case 'routine-code':
      throw new SqlError(
        target.object === 'TRIGGER' ? 1360 : target.object === 'EVENT' ? 1539 : 1305,
        '42000',
        `${target.object === 'TRIGGER' ? 'Trigger does not exist' : `${target.object} ${target.name.name} does not exist`}`,
      );
    case 'routine-status':
      return {
        columns: named(
          'Db|Name|Type|Definer|Modified|Created|Security_type|Comment|character_set_client|collation_connection|Database Collation',
        ),
        rows: [],
      };
    case 'triggers':
      databaseOf(target.schema, request);
      return {
        columns: named(
          'Trigger|Event|Table|Statement|Timing|Created|sql_mode|Definer|character_set_client|collation_connection|Database Collation',
        ),
        rows: [],
      };
    case 'events':
      databaseOf(target.schema, request);
      return {
        columns: named(
          'Db|Name|Definer|Time zone|Type|Execute at|Interval value|Interval field|Starts|Ends|Status|Originator|character_set_client|collation_connection|Database Collation',
        ),
        rows: [],
      };
    case 'variables':
      return filtered(
        VARIABLES,
        facts.variables(target.scope).map(({ name, value }) => [name, value]),
        request,
        0,
      );
    case 'status':
      return filtered(
        VARIABLES,
        facts.status(target.scope).map(({ name, value }) => [name, value]),
        request,
        0,
      );
    case 'engines':
      return {
        columns: named('Engine|Support|Comment|Transactions|XA|Savepoints', [
          T.name,
          T.short,
          T.word,
          T.yes,
          T.yes,
          T.yes,
        ]),
        rows: ENGINE_ROWS,
      };
    case 'character-set':
      return fromTable('CHARACTER_SETS', 'Charset|Default collation|Description|Maxlen', [0, 2, 1, 3], request);
    case 'collation':
      return fromTable(
        'COLLATIONS',
        'Collation|Charset|Id|Default|Compiled|Sortlen|Pad_attribute',
        [0, 1, 2, 3, 4, 5, 6],
        request,
      );
    case 'plugins':
      return {
        columns: named('Name|Status|Type|Library|License', [T.name, T.short, T.name, T.nameN, T.nameN]),
        rows: PLUGIN_ROWS.map((row) => [row[0]!, row[2]!, row[3]!, row[5]!, row[9]!]),
      };
    case 'privileges':
      return { columns: named('Privilege|Context|Comment', [T.short, T.short, T.word]), rows: privilegeRows() };
    case 'processlist':
      return fromTable(
        'PROCESSLIST',
        'Id|User|Host|db|Command|Time|State|Info',
        [0, 1, 2, 3, 4, 5, 6, 7],
        request,
        (row) => (target.full ? row : withInfo(row)),
      );
    case 'grants':
      return showGrants(target, request);
    case 'profiles':
      return { columns: named('Query_ID|Duration|Query', [T.uint, T.double, T.long]), rows: [] };
    case 'profile':
      return { columns: named('Status|Duration', [T.word, T.double]), rows: [] };
    case 'master-status':
    case 'binary-log-status':
      return { columns: named('File|Position|Binlog_Do_DB|Binlog_Ignore_DB|Executed_Gtid_Set'), rows: [] };
    case 'binary-logs':
    case 'binlog-events':
      throw new SqlError(1381, 'HY000', 'You are not using binary logging');
    case 'replicas':
      return { columns: named('Server_Id|Host|Port|Source_Id|Replica_UUID'), rows: [] };
    case 'replica-status':
      return { columns: named('Replica_IO_State|Source_Host|Source_User|Source_Port'), rows: [] };
    case 'engine':
      if (target.engine.toLowerCase() !== 'innodb') throw errors.unknownEngine(target.engine);
      return { columns: named('Type|Name|Status', [T.short, T.word, T.long]), rows: [] };
    case 'extension':
      throw errors.unsupported(`SHOW ${target.name}`);
    default:
      return undefined;
  }
}

const VARIABLES = named('Variable_name|Value', [T.name, T.longN]);
const COLUMNS = named('Field|Type|Null|Key|Default|Extra', [T.nameN, T.long, T.yes, T.yes, T.longN, T.wordN]);
const FULL_COLUMNS = named('Field|Type|Collation|Null|Key|Default|Extra|Privileges|Comment', [
  T.nameN,
  T.long,
  T.nameN,
  T.yes,
  T.yes,
  T.longN,
  T.wordN,
  T.wordN,
  T.long,
]);
const INDEX_COLUMNS = named(
  'Table|Non_unique|Key_name|Seq_in_index|Column_name|Collation|Cardinality|Sub_part|Packed|Null|Index_type|Comment|Index_comment|Visible|Expression',
  [
    T.name,
    T.int,
    T.nameN,
    T.uint,
    T.nameN,
    T.shortN,
    T.bigN,
    T.bigN,
    T.shortN,
    T.yes,
    T.short,
    T.short,
    T.long,
    T.yes,
    T.longN,
  ],
);
const STATUS_COLUMNS = named(
  'Name|Engine|Version|Row_format|Rows|Avg_row_length|Data_length|Max_data_length|Index_length|Data_free|Auto_increment|Create_time|Update_time|Check_time|Collation|Checksum|Create_options|Comment',
  [
    T.name,
    T.nameN,
    T.intN,
    T.shortN,
    T.ubigN,
    T.ubigN,
    T.ubigN,
    T.ubigN,
    T.ubigN,
    T.ubigN,
    T.ubigN,
    T.time,
    T.timeN,
    T.timeN,
    T.nameN,
    T.bigN,
    T.wordN,
    T.long,
  ],
);

function suffixed(name: string, like: string | undefined): Columns {
  return [{ name: like === undefined ? name : `${name} (${like})`, type: T.name }];
}

/** MySQL matches names without regard to case. */
export function likeFilter(pattern: string): (text: string) => boolean {
  return compileLike(pattern, '\\', collationNamed(NAME_COLLATION)!);
}

function filtered(columns: Columns, rows: Batch, request: ShowRequest, at: number): ShowResult {
  if (request.like === undefined) return { columns, rows };
  const matches = likeFilter(request.like);
  return { columns, rows: rows.filter((row) => matches(String(row[at]))) };
}

function fromTable(
  name: string,
  heads: string,
  order: readonly number[],
  request: ShowRequest,
  shape: (row: Row) => Row = (row) => row,
): MaybePromise<ShowResult> {
  const table = virtualTableDefinition('information_schema', name)!;
  const columns = heads.split('|').map((head, i) => ({ name: head, type: table.columns[order[i]!]!.type }));
  const make = (rows: Batch): ShowResult =>
    filtered(
      columns,
      rows.map((row) => shape(order.map((at) => row[at]!))),
      request,
      0,
    );
  const rows = table.rows(request.source);
  return isPromise(rows) ? rows.then(make) : make(rows);
}

const INFO_LENGTH = 100;

function withInfo(row: Row): Row {
  const info = row[7];
  return typeof info === 'string' ? [...row.slice(0, 7), info.slice(0, INFO_LENGTH)] : row;
}

function databaseOf(name: string | undefined, { source, currentDatabase }: ShowRequest): DatabaseInfo {
  const wanted = name ?? currentDatabase;
  if (wanted === undefined) throw errors.noDatabase();
  if (!rightsOf(source).seesDatabase(wanted)) throw errors.accessDeniedToDatabase(source.viewer.account, wanted);
  const found = source.schema.database(wanted);
  if (found === undefined) throw errors.unknownDatabase(wanted);
  return found;
}

function tableOf(
  name: TableName,
  request: ShowRequest,
): { readonly database: DatabaseInfo; readonly table: TableInfo } {
  const database = databaseOf(name.schema, request);
  const table = request.source.schema.table(database.name, name.name);
  if (table === undefined) throw errors.tableMissing(database.name, name.name);
  return { database, table };
}

function showTables(target: ShowTarget & { kind: 'tables' }, request: ShowRequest): ShowResult {
  const database = databaseOf(target.schema, request);
  const heads = suffixed(`Tables_in_${database.name}`, request.like);
  const columns = target.full ? [...heads, { name: 'Table_type', type: T.name }] : heads;
  const rows: Row[] = seenTables(request.source, database.name).map((table) => [
    table.name,
    table.view ? 'VIEW' : 'BASE TABLE',
  ]);
  for (const table of virtualTablesOf(database.name))
    rows.push([table.name, database.name === 'information_schema' ? 'SYSTEM VIEW' : 'BASE TABLE']);
  return filtered(columns, target.full ? rows : rows.map((row) => [row[0]!]), request, 0);
}

async function showTableStatus(schema: string | undefined, request: ShowRequest): Promise<ShowResult> {
  const database = databaseOf(schema, request);
  const all = await virtualTableDefinition('information_schema', 'TABLES')!.rows(request.source);
  // Name, then ENGINE to the end without TABLE_TYPE.
  const rows = all.filter((row) => row[1] === database.name).map((row) => [row[2]!, ...row.slice(4)]);
  return filtered(STATUS_COLUMNS, rows, request, 0);
}

/** DESCRIBE and SHOW COLUMNS. */
export function columnRows(name: TableName, request: ShowRequest, full: boolean): Batch {
  const database = databaseOf(name.schema, request);
  const virtual = virtualTableDefinition(database.name, name.name);
  if (virtual !== undefined) {
    return virtual.columns.map(({ name: field, type }) =>
      line(full, [
        field,
        typeText(type),
        hasCharset(type) ? type.collation : null,
        type.notNull ? 'NO' : 'YES',
        '',
        null,
        '',
        'select',
        '',
      ]),
    );
  }
  const { table } = tableOf(name, request);
  const { viewer } = request.source;
  if (table.view && viewer.describeView?.(database.name, table) === undefined && viewer.describeView !== undefined)
    throw errors.invalidView(database.name, table.name);
  const columns = table.view ? viewColumns(request.source, database, table) : publicColumns(table);
  const rights = rightsOf(request.source);
  const privilegesOf = (column: string): string => rights.ofColumn(database.name, table.name, column).join(',');
  return columns
    .filter((column) => privilegesOf(column.name) !== '')
    .map(
      (column) =>
    line(full, [
      column.name, typeText(column.type), hasCharset(column.type) ? column.type.collation : null, column.type.notNull ? 'NO' : 'YES', columnKey(table, column),
      columnDefault(column, request.source.viewer.timeZone), columnExtra(column), privilegesOf(column.name), column.comment,
    ]), // prettier-ignore
    );
}

function line(full: boolean, row: Row): Row {
  return full ? row : [row[0]!, row[1]!, row[3]!, row[4]!, row[5]!, row[6]!];
}

/** `DESCRIBE t [column or pattern]`. */
export function describe(table: TableName, column: string | undefined, request: ShowRequest): ShowResult {
  return filtered(COLUMNS, columnRows(table, request, false), { ...request, like: column }, 0);
}

function showIndexes(name: TableName, request: ShowRequest): ShowResult {
  const database = databaseOf(name.schema, request);
  if (virtualTableDefinition(database.name, name.name)) return { columns: INDEX_COLUMNS, rows: [] };
  const found = tableOf(name, request);
  const rows = statisticsRows(request.source, [found]).map((row) =>
    [2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((at): Datum => row[at]!),
  );
  return { columns: INDEX_COLUMNS, rows };
}

async function showCreate(
  kind: 'create-table' | 'create-view',
  name: TableName,
  request: ShowRequest,
): Promise<ShowResult> {
  const database = databaseOf(name.schema, request);
  if (isVirtualDatabase(database.name)) {
    const virtual = virtualTableDefinition(database.name, name.name);
    if (virtual === undefined) throw errors.tableMissing(database.name, name.name);
    const lines = virtual.columns.map(
      (column) => `  \`${column.name}\` ${typeText(column.type)}${column.type.notNull ? ' NOT NULL' : ''}`,
    );
    return {
      columns: named('Table|Create Table', [T.name, T.long]),
      rows: [
        [
          virtual.name,
          `CREATE TEMPORARY TABLE \`${virtual.name}\` (\n${lines.join(',\n')}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3`,
        ],
      ],
    };
  }
  const { table } = tableOf(name, request);
  if (table.view) {
    return {
      columns: named('View|Create View|character_set_client|collation_connection', [T.name, T.long, T.name, T.name]),
      rows: [[table.name, showCreateView(table), 'utf8mb4', 'utf8mb4_0900_ai_ci']],
    };
  }
  if (kind === 'create-view') throw errors.wrongObject(database.name, table.name, 'VIEW');
  const automatic = table.columns.some((column) => column.autoIncrement);
  const next = automatic ? await request.source.nextAutoIncrement(table) : undefined;
  return {
    columns: named('Table|Create Table', [T.name, T.long]),
    rows: [[table.name, showCreateTable(table, next, request.source.viewer.timeZone, database.name)]],
  };
}

function showDatabase(name: string, ifNotExists: boolean, request: ShowRequest): ShowResult {
  const database = databaseOf(name, request);
  return {
    columns: named('Database|Create Database', [T.name, T.long]),
    rows: [[database.name, showCreateDatabase(database, ifNotExists)]],
  };
}

function accountOf(
  user: { readonly user: string; readonly host: string; readonly current: boolean } | undefined,
  request: ShowRequest,
): { user: string; host: string } {
  if (user !== undefined && !user.current) return user;
  const { account } = request.source.viewer;
  const at = account.lastIndexOf('@');
  return { user: account.slice(0, at), host: account.slice(at + 1) };
}

function showCreateUser(
  user: { readonly user: string; readonly host: string; readonly current: boolean },
  request: ShowRequest,
): ShowResult {
  const name = accountOf(user, request);
  const found = request.source.privileges.account(name.user, name.host);
  if (found === undefined) throw errors.cannotCreateUser('SHOW CREATE USER', `'${name.user}'@'${name.host}'`);
  return {
    columns: [{ name: `CREATE USER for ${name.user}@${name.host}`, type: T.long }],
    rows: [[request.source.privileges.createStatement(found, printsHex(request))]],
  };
}

function printsHex({ source }: ShowRequest): boolean {
  const wanted = 'print_identified_with_as_hex';
  return source.viewer.facts.variables('session').some(({ name, value }) => name === wanted && value === 'ON');
}

/** Without FOR, or of oneself without USING: with the roles that are active. */
function showGrants(target: ShowTarget & { kind: 'grants' }, request: ShowRequest): ShowResult {
  const { privileges, viewer } = request.source;
  const name = accountOf(target.user, request);
  const found = privileges.account(name.user, name.host);
  if (found === undefined) throw noGrant(name);
  const itself = target.user === undefined || target.user.current;
  const using =
    target.roles.length > 0 || !itself ? target.roles : privileges.activeRoles(viewer.account, viewer.roles);
  return {
    columns: [{ name: `Grants for ${name.user}@${name.host}`, type: T.word }],
    rows: privileges.grants(found, using).map((text) => [text]),
  };
}

function privilegeRows(): Batch {
  const server = new Set([
    'RELOAD',
    'SHUTDOWN',
    'PROCESS',
    'FILE',
    'SHOW DATABASES',
    'SUPER',
    'REPLICATION SLAVE',
    'REPLICATION CLIENT',
    'CREATE USER',
    'CREATE TABLESPACE',
    'CREATE ROLE',
    'DROP ROLE',
  ]);
  const rows: Row[] = PRIVILEGES.map((name) => {
    const words = name.split(' ').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
    return [words.join(' '), server.has(name) ? 'Server Admin' : 'Databases,Tables', ''];
  });
  return [...rows, ...DYNAMIC_PRIVILEGES.map((name): Row => [name, 'Server Admin', ''])];
}
