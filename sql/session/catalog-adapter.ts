/** The catalog as sessions use it: who looks, what a definition statement may ask of the session, privileges checked by account. */
import { randomBytes } from 'node:crypto';
import { SqlError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Batch, Row } from '../../base/value/datum.ts';
import { BIGINT } from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import { columnDenied, databaseDenied, keyOf, nameOfKey, ticked } from '../catalog/index.ts';
import type {
  AccountCaller,
  AccountStatement,
  Catalog,
  CatalogSnapshot,
  DdlContext,
  DdlStatement,
  Grantee,
  PartitionPort,
  QueriedColumn,
  Rights,
  ShowResult,
  TemporaryTables,
  Viewer,
} from '../catalog/index.ts';
import { brokenCheck, GeneratedColumns, partitionRouter } from '../executor/index.ts';
import { castForStorage, compile, compilePredicate } from '../functions/index.ts';
import type { CreateTableStatement, DescribeStatement, ExpressionNode, SetRoleStatement, ShowStatement, Statement, TableName, UserName } from '../parser/ast.ts'; // prettier-ignore
import { restoreOperand } from '../parser/restore.ts';
import {
  bindStandalone,
  checkConstraints,
  checkGeneratedColumns,
  checkDefaultExpressions,
  checkPartitionFunction,
  columnsOfView,
  planPartitionFunction,
  planGeneratedValues,
  planRowChecks,
  spellOut,
} from '../planner/index.ts';
import type { PlannerEnvironment, SchemaSnapshot } from '../planner/environment.ts';
import type { Account } from './accounts.ts';
import type { CatalogCaller, ComputedRows, FilledTable, SessionCatalog } from './catalog-port.ts';
import { column, textColumn } from './computed.ts';
import { InstanceFacts } from './facts.ts';
import { MandatoryRoles } from './mandatory-roles.ts';
import type { SqlInstance } from './instance.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';
import { hasOrphan } from './reference-plans.ts';
import { unsupported } from './unsupported.ts';
import { qualifiedQuery } from './view-definition.ts';

export class CatalogAdapter implements SessionCatalog {
  readonly catalog: Catalog;
  private instance: SqlInstance | undefined = undefined;

  constructor(catalog: Catalog) {
    this.catalog = catalog;
  }

  /** The instance and its catalog know each other: facts of sessions are shown as tables. */
  attach(instance: SqlInstance): void {
    this.instance = instance;
    this.catalog.analyzesByItself = () => instance.globals.get('rutile_auto_analyze') === 1;
    const roles = new MandatoryRoles(() => String(instance.globals.get('mandatory_roles') ?? ''));
    this.catalog.privileges.mandatoryRoles = () => roles.now();
  }

  /** Whatever a statement does, it asks for this. */
  schema() {
    this.catalog.analyzePace.statements++;
    return this.catalog.schema();
  }

  schemaAt(ts: bigint) {
    return this.catalog.schemaAt(ts);
  }

  get ddlJobs() {
    return this.catalog.ddlJobs;
  }

  statistics(table: TableInfo) {
    return this.catalog.statistics(table);
  }

  approximateRows(table: TableInfo): number {
    return this.catalog.approximateRows(table);
  }

  get statisticsVersion(): number {
    return this.catalog.statisticsVersion;
  }

  get board() {
    return this.catalog.board;
  }

  get leases() {
    return this.catalog.leases;
  }

  virtualRows(database: string, table: string, viewer: SessionState): MaybePromise<Batch> {
    return this.catalog.virtualRows(database, table, this.viewer(viewer));
  }

  allocateAutoIncrement(table: TableInfo, count: number) {
    return this.catalog.allocateAutoIncrement(table, count);
  }

  observeAutoIncrement(table: TableInfo, value: number | bigint) {
    return this.catalog.observeAutoIncrement(table, value);
  }

  allocateRowId(table: TableInfo, count: number) {
    return this.catalog.allocateRowId(table, count);
  }

  noteChangedRows(table: TableInfo, rows: number, changes: number): void {
    this.catalog.noteChangedRows(table, rows, changes);
  }

  // ---- definitions ----

  temporaryTables(): TemporaryTables {
    return this.catalog.temporaryTables();
  }

  beginFilled(statement: CreateTableStatement, queried: readonly QueriedColumn[], caller: CatalogCaller) {
    return this.catalog.beginFilled(statement, queried, this.ddlContext(caller));
  }

  publishFilled(statement: CreateTableStatement, filled: FilledTable, caller: CatalogCaller): Promise<void> {
    return this.catalog.publishFilled(statement, filled, this.ddlContext(caller));
  }

  discardFilled({ table }: FilledTable): Promise<void> {
    return this.catalog.privateTables.discard(table.id);
  }

  changeSchema(statement: Statement, caller: CatalogCaller) {
    const { session } = caller;
    if (namesTemporary(statement, session))
      return session.temporaryTables().run(statement as DdlStatement, this.ddlContext(caller));
    return this.catalog.executeDdl(statement as DdlStatement, this.ddlContext(caller));
  }

  private ddlContext(caller: CatalogCaller): DdlContext {
    const { state, statement, session } = caller;
    return {
      currentDatabase: state.database,
      currentUser: state.currentUser,
      sql: caller.sql,
      foreignKeyChecks: state.foreignKeyChecks,
      hasOrphan: (database, table, key) => hasOrphan(session, database, table, key),
      strict: state.sqlMode.strict,
      noZeroDate: state.sqlMode.noZeroDate,
      charsetServer: String(state.value('character_set_server')),
      collationServer: String(state.value('collation_server')),
      timeZone: state.timeZone,
      statementTimeMs: statement.statementTimeMs,
      lockWaitMs: Math.min(Number(state.value('lock_wait_timeout')) * 1000, 0x7fffffff),
      warn: (level, errno, message) => state.warn(level, errno, message),
      checkKilled: () => statement.checkKilled(),
      convert: (value, from, to, row) => {
        statement.strictWrite = state.sqlMode.strict;
        return castForStorage(value, from, to.type, statement, { column: to.name, row });
      },
      evaluate: (expression, type) => {
        const bound = standalone(expression, session.environment.plain(caller.sql));
        return castForStorage(compile(bound)([], statement), bound.type, type, statement, { column: '', row: 1 });
      },
      checkExpressions: (table, before) => {
        const environment = session.environment.plain(caller.sql);
        checkDefaultExpressions(table, before, state.database ?? '', environment);
        checkGeneratedColumns(table, before, state.database ?? '', environment);
        checkConstraints(table, state.database ?? '', environment);
      },
      rowRules: (table) => {
        const environment = session.environment.plain(caller.sql);
        const checks = planRowChecks(table, environment);
        const values = planGeneratedValues(table, environment);
        if (checks.length === 0 && values.length === 0) return undefined;
        const rules = { strict: state.sqlMode.strict, nullThrows: false };
        const generated = values.length === 0 ? undefined : GeneratedColumns.of(values, table, rules, statement);
        return (row, rowNumber) => {
          generated?.compute(row, rowNumber);
          const broken = brokenCheck(checks, row, statement);
          if (broken !== undefined) throw broken;
        };
      },
      partitions: partitionPort(caller),
      restoreExpression: (expression) => restoreOperand(expression),
      likeSource: (name) => session.temporaryTable(name) ?? permanentSource(session, name),
      describeView: (query) => {
        const environment = session.environment.plain(caller.sql);
        const spelt = spellOut(query, { ...environment, schema: withoutTemporary(environment.schema) });
        return { sql: qualifiedQuery(spelt.query, state.database), columns: spelt.columns };
      },
    };
  }

  async changeAccounts(statement: AccountStatement, caller: CatalogCaller): Promise<ComputedRows | undefined> {
    const generated = await this.catalog.privileges.execute(statement, this.accountCaller(caller));
    this.endLocks(statement, caller.state);
    if (generated.length === 0) return undefined;
    const heads = ['user', 'host', 'generated password', 'auth_factor'];
    return {
      columns: heads.map((name) => (name === 'auth_factor' ? column(name, BIGINT) : textColumn(name, 255))),
      rows: generated.map((one) => [one.user, one.host, one.password, 1]),
    };
  }

  /** A lock by wrong passwords ends with a new password, or when ALTER USER says so. */
  private endLocks(statement: AccountStatement, state: SessionState): void {
    const { logins } = this.instance!;
    const nameOf = (user: UserName | undefined): string =>
      user === undefined || user.current ? state.currentUser : keyOf(user);
    if (statement.kind === 'set-password') logins.unlock(nameOf(statement.user));
    if (statement.kind === 'drop-user') for (const user of statement.users) logins.forget(nameOf(user));
    if (statement.kind !== 'alter-user') return;
    const { locked, password } = statement.options;
    const counting = ['FAILED_LOGIN_ATTEMPTS', 'PASSWORD_LOCK_TIME'];
    const all = locked === false || password.some((one) => counting.includes(one.name));
    for (const { user, authentication } of statement.users)
      if (all || authentication !== undefined) logins.unlock(nameOf(user));
    if (statement.users.some(({ user }) => nameOf(user) === state.currentUser))
      state.passwordExpired = this.isExpired(state.currentUser);
  }

  isExpired(account: string): boolean {
    const { clock, globals } = this.instance!;
    return this.catalog.privileges.isExpired(account, clock.wallMs(), Number(globals.get('default_password_lifetime')));
  }

  private accountCaller({ state }: CatalogCaller): AccountCaller {
    const { globals, clock } = this.instance!;
    const schema = this.catalog.schema();
    return {
      who: grantee(state),
      currentDatabase: state.database,
      nowMs: clock.wallMs(),
      mandatoryRoles: this.catalog.privileges.mandatoryRoles(),
      policy: {
        history: Number(globals.get('password_history')), reuseDays: Number(globals.get('password_reuse_interval')),
        requireCurrent: globals.get('password_require_current') === 1, randomLength: Number(state.value('generated_random_password_length')),
      },
      databaseExists: (name) => schema.database(name) !== undefined,
      columnsOf: (database, name) => {
        const virtual = schema.virtualTable(database, name);
        if (virtual !== undefined) return virtual.columns.map((one) => one.name);
        const table = schema.table(database, name);
        return table?.view?.columns ?? table?.columns.filter((one) => one.state === 'public').map((one) => one.name);
      },
      randomBytes,
      warn: (level, errno, text) => state.warn(level, errno, text),
    }; // prettier-ignore
  }

  // ---- looking ----

  show(statement: ShowStatement | DescribeStatement, caller: CatalogCaller): MaybePromise<ComputedRows> {
    const viewer = this.viewer(caller.state);
    if (statement.kind === 'describe') return shaped(this.catalog.describe(statement, caller.state.database, viewer));
    const shown = this.catalog.show(statement.show, statement.like, caller.state.database, viewer);
    const finish = (result: ShowResult | undefined): ComputedRows => {
      if (result === undefined)
        throw new SqlError(
          1235,
          '42000',
          `This version of Rutile doesn't yet support 'SHOW ${statement.show.kind.replaceAll('-', ' ').toUpperCase()}'`,
        );
      return shaped(statement.where === undefined ? result : filtered(result, statement.where, caller));
    };
    return isPromise(shown) ? shown.then(finish) : finish(shown);
  }

  async analyze(tables: readonly TableName[], { state, statement }: CatalogCaller): Promise<void> {
    for (const name of tables) {
      const database = name.schema ?? state.database;
      if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
      const table = this.schema().table(database, name.name);
      if (table === undefined) throw new SqlError(1146, '42S02', `Table '${database}.${name.name}' doesn't exist`);
      await this.catalog.analyzeTable(table, () => statement.checkKilled());
    }
  }

  // ---- accounts ----

  findAccount(user: string, host: string): Account | undefined {
    return this.catalog.privileges.match(user, host);
  }

  /** `mandatory_roles` is another list now. */
  rolesChanged(): void {
    this.catalog.privileges.version++;
  }

  get privilegeVersion(): number {
    return this.catalog.privileges.version;
  }

  rights(state: SessionState, definer?: string): Rights {
    const { privileges } = this.catalog;
    if (definer === undefined) return privileges.rights(grantee(state));
    if (privileges.byKey(definer) === undefined) throw noDefiner(definer);
    return privileges.rightsOfAccount(definer);
  }

  checkPrivilege(state: SessionState, privilege: string, database: string, table: string, definer?: string): void {
    const { privileges } = this.catalog;
    const rights = this.rights(state, definer);
    if (privilege === 'USAGE') {
      if (!rights.seesDatabase(database)) throw databaseDenied(grantee(state), database);
      return;
    }
    if (database !== '' && table !== '' && rights.onTable(privilege, database, table)) return;
    const who = definer === undefined ? grantee(state) : { account: definer, roles: privileges.defaultRoles(definer) };
    privileges.check(who, privilege, database === '' ? undefined : database, table === '' ? undefined : table);
  }

  checkColumn(
    state: SessionState,
    privilege: string,
    database: string,
    table: string,
    column: string,
    definer?: string,
  ): void {
    if (this.rights(state, definer).onColumn(privilege, database, table, column)) return;
    const who = definer === undefined ? grantee(state) : { account: definer, roles: [] };
    throw columnDenied(privilege, who, column, table);
  }

  rolesAtLogin(account: string): readonly string[] {
    const { privileges } = this.catalog;
    return this.instance?.globals.get('activate_all_roles_on_login') === 1
      ? privileges.grantedRoles(account).map(keyOf)
      : privileges.defaultRoles(account);
  }

  chooseRoles(state: SessionState, statement: SetRoleStatement): readonly string[] {
    const all = this.instance?.globals.get('activate_all_roles_on_login') === 1 && statement.mode === 'DEFAULT';
    return this.catalog.privileges.chosenRoles(all ? { ...statement, mode: 'ALL' } : statement, state.currentUser);
  }

  currentRole(account: string, active: readonly string[]): string {
    return this.catalog.privileges.activeRoles(account, active).map(ticked).sort().join(',') || 'NONE'; // prettier-ignore
  }

  private viewer(state: SessionState): Viewer {
    return {
      ...grantee(state),
      connectionId: state.connectionId,
      facts: new InstanceFacts(this.instance!, state.connectionId),
      timeZone: state.timeZone,
      schema:
        (this.instance!.sessions.get(state.connectionId)?.schema() as CatalogSnapshot | undefined) ?? this.schema(),
      describeView: (database, view) => {
        const environment = this.instance!.sessions.get(state.connectionId)?.environment;
        return environment && columnsOfView(view, database, environment.plain(view.view!.sql));
      },
    };
  }
}

function partitionPort({ session, statement, state, sql }: CatalogCaller): PartitionPort {
  const environment = (): PlannerEnvironment => session.environment.plain(sql);
  return {
    constant: (expression) => {
      const bound = bindStandalone(expression, environment(), undefined);
      return { value: compile(bound)([], statement), type: bound.type };
    },
    functionType: (table) => checkPartitionFunction(table, state.database ?? '', environment()),
    placing: (table) => {
      const router = partitionRouter(table, planPartitionFunction(table, environment()));
      return { find: (row) => router.find(row, statement), failure: (row) => router.noPartition(row, statement) };
    },
  };
}

/** The statement is about temporary tables, and none of everybody's. */
function namesTemporary(statement: Statement, session: Session): boolean {
  switch (statement.kind) {
    case 'create-table':
    case 'create-table-like':
    case 'drop-table':
      return statement.temporary === true;
    case 'alter-table':
    case 'truncate-table':
    case 'create-index':
    case 'drop-index':
      return session.temporaryTable(statement.table) !== undefined;
    default:
      return false;
  }
}

/** CREATE TEMPORARY TABLE … LIKE: the table that everybody knows. */
function permanentSource(session: Session, name: TableName): TableInfo | undefined {
  const database = name.schema ?? session.state.database;
  const found = database === undefined ? undefined : session.instance.catalog.schema().table(database, name.name);
  return found?.view === undefined ? found : undefined;
}

/** For the query of a view, which may not name any. */
function withoutTemporary(schema: SchemaSnapshot): SchemaSnapshot {
  const { permanent } = schema;
  if (permanent === undefined) return schema;
  const table = (database: string, name: string): TableInfo | undefined => {
    if (schema.table(database, name)?.temporary)
      throw new SqlError(1352, 'HY000', `View's SELECT refers to a temporary table '${name}'`);
    return permanent.table(database, name);
  };
  return Object.assign(Object.create(permanent) as SchemaSnapshot, { table });
}

/** The default of a column that is added, for the rows that are there: the same for all of them. */
function standalone(expression: ExpressionNode, environment: PlannerEnvironment): Expression {
  try {
    return bindStandalone(expression, environment, undefined);
  } catch (error) {
    if (error instanceof SqlError && error.errno === 1054)
      throw unsupported('ADD COLUMN with a DEFAULT that names other columns');
    throw error;
  }
}

function shaped(result: ShowResult): ComputedRows {
  return { columns: result.columns.map(({ name, type }) => column(name, type)), rows: result.rows };
}

/** SHOW … WHERE: over the columns that SHOW gives. */
function filtered(result: ShowResult, where: ExpressionNode, caller: CatalogCaller): ShowResult {
  const columns = result.columns.map(({ name, type }, offset) => ({
    id: offset + 1, name, offset, type, state: 'public' as const, default: { kind: 'none' as const }, originDefault: { kind: 'none' as const }, autoIncrement: false, onUpdateNow: false, comment: '',
  })); // prettier-ignore
  const test = compilePredicate(
    bindStandalone(where, caller.session.environment.plain(caller.sql), { name: '', columns }),
  );
  return { ...result, rows: result.rows.filter((row: Row) => test(row, caller.statement)) };
}

function grantee(state: SessionState): Grantee {
  return { account: state.currentUser, roles: state.activeRoles, clientHost: state.clientHost };
}

function noDefiner(definer: string): SqlError {
  const { user, host } = nameOfKey(definer);
  return new SqlError(1449, 'HY000', `The user specified as a definer ('${user}'@'${host}') does not exist`);
}
