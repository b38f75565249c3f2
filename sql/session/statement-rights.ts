/**
 * What a statement needs before it runs: for each kind the privileges that MySQL asks for, at the place it asks for them. Queries and DML are
 * asked by the planner, table by table and column by column, as it finds what they touch; statements about accounts by the store of accounts,
 * which knows what is passed on to whom. The switch names every kind, so that a new one without an entry is an error of the compiler;
 * statement-rights.test.ts runs each without and with exactly its rights.
 */
import { unreachable } from '../../base/assert.ts';
import { SqlError } from '../../base/error.ts';
import { databaseDenied, ordered, privilegeNeeded, type Rights, tableDenied } from '../catalog/index.ts';
import { nameOfKey } from '../catalog/index.ts';
import type { FlushStatement, ShowTarget, Statement, TableName } from '../parser/ast.ts';
import type { Session } from './session.ts';

class Asking {
  readonly rights: Rights;
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
    this.rights = session.instance.catalog.rights(session.state);
  }

  private get who() {
    const { currentUser, activeRoles, clientHost } = this.session.state;
    return { account: currentUser, roles: activeRoles, clientHost };
  }

  databaseOf(name: TableName): string {
    const database = name.schema ?? this.session.state.database;
    if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
    return database;
  }

  /** 1044 */
  database(privilege: string, database: string | undefined): void {
    const name = database ?? this.session.state.database;
    if (name === undefined) throw new SqlError(1046, '3D000', 'No database selected');
    if (!this.rights.inDatabase(privilege, name)) throw databaseDenied(this.who, name);
  }

  isOwn(name: TableName): boolean {
    return this.session.temporaryTable(name) !== undefined;
  }

  /** 1142, which names all that are missing. */
  table(name: TableName, ...privileges: readonly string[]): void {
    if (!this.isOwn(name)) this.permanent(name, ...privileges);
  }

  /** The name means a table or view of everybody, whatever of the session's own has it. */
  permanent(name: TableName, ...privileges: readonly string[]): void {
    const database = this.databaseOf(name);
    const missing = privileges.filter((privilege) => !this.rights.onTable(privilege, database, name.name));
    if (missing.length > 0) throw tableDenied(missing.join(', '), this.who, name.name);
  }

  /** Any right on it. */
  seen(name: TableName, command: string): void {
    if (this.isOwn(name)) return;
    const database = this.databaseOf(name);
    if (!this.rights.seesTable(database, name.name)) throw tableDenied(command, this.who, name.name);
  }

  /** Any right on all of it. */
  whole(name: TableName, command: string): void {
    if (this.isOwn(name)) return;
    const database = this.databaseOf(name);
    if (!this.rights.seesWholeTable(database, name.name)) throw tableDenied(command, this.who, name.name);
  }

  columns(name: TableName, privilege: string, columns: readonly string[]): void {
    const database = this.databaseOf(name);
    const all = columns.every((column) => this.rights.onColumn(privilege, database, name.name, column));
    if (!all || (columns.length === 0 && !this.rights.onTable(privilege, database, name.name)))
      throw tableDenied(privilege, this.who, name.name);
  }

  /** 1227 */
  any(text: string, ...privileges: readonly string[]): void {
    if (!privileges.some((privilege) => this.rights.everywhere(privilege))) throw privilegeNeeded(text);
  }

  lock(name: TableName): void {
    const database = this.databaseOf(name);
    if (!this.rights.inDatabase('LOCK TABLES', database)) throw databaseDenied(this.who, database);
    this.table(name, 'SELECT');
  }

  /** 1045: files of the server. */
  file(): void {
    if (this.rights.everywhere('FILE')) return;
    const { user } = nameOfKey(this.who.account);
    throw new SqlError(1045, '28000', `Access denied for user '${user}'@'${this.who.clientHost}' (using password: YES)`); // prettier-ignore
  }

  own(user: { readonly user: string; readonly host: string; readonly current: boolean } | undefined): boolean {
    return user === undefined || user.current || `${user.user}@${user.host}` === this.who.account;
  }

  routine(name: TableName): void {
    const database = this.databaseOf(name);
    if (this.rights.inDatabase('EXECUTE', database)) return;
    const { user } = nameOfKey(this.who.account);
    throw new SqlError(1370, '42000', `execute command denied to user '${user}'@'${this.who.clientHost}' for routine '${database}.${name.name}'`); // prettier-ignore
  }
}

/** Throws MySQL's refusal when the session may not. */
export function checkStatement(session: Session, statement: Statement): void {
  switch (statement.kind) {
    // Whoever is connected may.
    case 'begin':
    case 'commit':
    case 'rollback':
    case 'savepoint':
    case 'rollback-to-savepoint':
    case 'release-savepoint':
    case 'unlock-tables':
    case 'set-role':
    case 'prepare':
    case 'execute':
    case 'deallocate':
    case 'do':
    case 'help':
    case 'explain':
    case 'unsupported':
    // `openDatabase` asks, for a client that connects to a database as well.
    case 'use':
    // set.ts asks for each variable.
    case 'set':
    case 'reset-persist':
    // administration.ts asks: it depends on whose connection it is.
    case 'kill':
      return;
    // The planner asks.
    case 'select':
    case 'set-operation':
    case 'parenthesized-query':
    case 'values':
    case 'table-query':
      if (statement.into !== undefined && statement.into.kind !== 'variables') new Asking(session).file();
      return;
    case 'insert':
    case 'update':
    case 'delete':
      return;
    // The store of accounts asks.
    case 'create-user':
    case 'alter-user':
    case 'drop-user':
    case 'rename-user':
    case 'set-password':
    case 'grant':
    case 'revoke':
    case 'revoke-all':
    case 'create-role':
    case 'drop-role':
    case 'grant-role':
    case 'revoke-role':
    case 'set-default-role':
      return;
    default:
      return ask(new Asking(session), statement, session);
  }
}

type Asked = Extract<
  Statement,
  { kind: 'set-transaction' | 'lock-tables' | 'create-database' | 'alter-database' | 'drop-database' | 'create-table' | 'create-table-like' | 'alter-table'
      | 'drop-table' | 'truncate-table' | 'flashback-table' | 'flashback-database' | 'rename-table' | 'create-index' | 'drop-index' | 'create-view' | 'drop-view' | 'show' | 'describe' | 'load-data'
      | 'table-maintenance' | 'admin' | 'flush' | 'call-procedure' | 'shutdown' | 'restart' | 'reload-tls' }
>; // prettier-ignore

function ask(asking: Asking, statement: Asked, session: Session): void {
  switch (statement.kind) {
    case 'set-transaction':
      if (statement.scope === 'global')
        asking.any('SUPER or SYSTEM_VARIABLES_ADMIN', 'SUPER', 'SYSTEM_VARIABLES_ADMIN');
      return;
    case 'lock-tables':
      return statement.tables.forEach(({ table }) => asking.lock(table));
    case 'create-database':
      return asking.database('CREATE', statement.name);
    case 'alter-database':
      return asking.database('ALTER', statement.name);
    case 'drop-database':
      return asking.database('DROP', statement.name);
    case 'create-table':
      if (statement.temporary !== false) return asking.database('CREATE TEMPORARY TABLES', statement.table.schema);
      for (const { references } of statement.foreignKeys)
        asking.columns(references.table, 'REFERENCES', references.columns);
      return asking.permanent(statement.table, ...(statement.query === undefined ? ['CREATE'] : ['CREATE', 'INSERT']));
    case 'create-table-like':
      asking.table(statement.source, 'SELECT');
      if (statement.temporary) return asking.database('CREATE TEMPORARY TABLES', statement.table.schema);
      return asking.permanent(statement.table, 'CREATE');
    case 'alter-table':
      return askAlter(asking, statement);
    case 'drop-table':
      return statement.tables.forEach((table) => asking.table(table, 'DROP'));
    case 'truncate-table':
      return asking.table(statement.table, 'DROP');
    // As TiDB: what comes back may be what was dropped to be gone.
    case 'flashback-table':
    case 'flashback-database':
      return asking.any('SUPER', 'SUPER');
    case 'rename-table':
      return statement.renames.forEach(({ from, to }) => {
        asking.permanent(from, 'DROP', 'ALTER');
        asking.permanent(to, 'INSERT', 'CREATE');
      });
    case 'create-index':
    case 'drop-index':
      return asking.table(statement.table, 'INDEX');
    case 'create-view': {
      const { definer } = statement;
      if (!asking.own(definer)) asking.any('SUPER or SET_USER_ID', 'SUPER', 'SET_USER_ID');
      if (statement.orReplace || statement.alter) return asking.permanent(statement.view, 'DROP', 'CREATE VIEW');
      return asking.permanent(statement.view, 'CREATE VIEW');
    }
    case 'drop-view':
      return statement.views.forEach((view) => asking.permanent(view, 'DROP'));
    case 'show':
      return askShow(asking, statement.show, session);
    case 'describe':
      return asking.seen(statement.table, 'SELECT');
    case 'load-data':
      // Local ones are asked for their columns when they are planned.
      return statement.local ? undefined : asking.file();
    case 'table-maintenance':
      for (const table of statement.tables) {
        if (statement.action === 'CHECK' || statement.action === 'CHECKSUM') asking.table(table, 'SELECT');
        else asking.table(table, 'SELECT', 'INSERT');
      }
      return;
    case 'admin': {
      const { admin } = statement;
      if (admin.kind === 'check-table') return admin.tables.forEach((table) => asking.table(table, 'SELECT'));
      if (admin.kind === 'check-index') return asking.table(admin.table, 'SELECT');
      return asking.any('SUPER', 'SUPER');
    }
    case 'flush':
      return askFlush(asking, statement);
    case 'call-procedure':
      return asking.routine(statement.procedure);
    case 'reload-tls':
      return asking.any('CONNECTION_ADMIN', 'CONNECTION_ADMIN');
    case 'shutdown':
    case 'restart':
      return asking.any('SHUTDOWN', 'SHUTDOWN');
    default:
      return unreachable(statement);
  }
}

function askAlter(asking: Asking, { table, changes }: Extract<Asked, { kind: 'alter-table' }>): void {
  if (asking.isOwn(table)) return;
  const needed = new Set(['ALTER']);
  for (const change of changes) {
    switch (change.kind) {
      case 'add-foreign-key': {
        const { references } = change.foreignKey;
        asking.columns(references.table, 'REFERENCES', references.columns);
        break;
      }
      case 'rename':
        needed.add('DROP');
        asking.table(change.to, 'INSERT', 'CREATE');
        break;
      case 'partition-action':
        if (change.action === 'DROP' || change.action === 'TRUNCATE') needed.add('DROP');
        break;
      case 'exchange-partition':
        for (const privilege of ['INSERT', 'CREATE', 'DROP']) needed.add(privilege);
        asking.table(change.table, 'INSERT', 'CREATE', 'DROP', 'ALTER');
        break;
      default:
        break;
    }
  }
  asking.table(table, ...ordered([...needed]));
}

/** Databases and the visibility of what is in them are asked for where it is looked up (sql/catalog/show.ts). */
function askShow(asking: Asking, target: ShowTarget, session: Session): void {
  switch (target.kind) {
    case 'columns':
    case 'indexes':
      return asking.seen(target.table, 'SELECT');
    case 'create-table':
      return asking.whole(target.table, 'SHOW');
    case 'create-view':
      return asking.table(target.table, 'SELECT', 'SHOW VIEW');
    case 'create-user':
      return asking.own(target.user) ? undefined : asking.database('SELECT', 'mysql');
    case 'grants':
      return asking.own(target.user) ? undefined : asking.database('SELECT', 'mysql');
    case 'events':
      return asking.database('EVENT', target.schema ?? session.state.database);
    case 'master-status':
    case 'binary-log-status':
    case 'binary-logs':
      return asking.any('SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT');
    case 'replica-status':
      return asking.any('SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT');
    case 'binlog-events':
    case 'replicas':
      return asking.any('REPLICATION SLAVE', 'REPLICATION SLAVE');
    case 'engine':
      return asking.any('PROCESS', 'PROCESS');
    default:
      return;
  }
}

const FLUSH_PRIVILEGES: Readonly<Record<string, string>> = {
  TABLES: 'FLUSH_TABLES', TABLE: 'FLUSH_TABLES', STATUS: 'FLUSH_STATUS', USER_RESOURCES: 'FLUSH_USER_RESOURCES', OPTIMIZER_COSTS: 'FLUSH_OPTIMIZER_COSTS',
}; // prettier-ignore

function askFlush(asking: Asking, statement: FlushStatement): void {
  for (const target of statement.targets) {
    const own = FLUSH_PRIVILEGES[target];
    if (own === undefined) asking.any('RELOAD', 'RELOAD');
    else asking.any(`RELOAD or ${own}`, 'RELOAD', own);
  }
  if (statement.withReadLock || statement.forExport) for (const table of statement.tables) asking.lock(table);
}
