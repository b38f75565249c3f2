/** The catalog as sessions use it: who looks, what a definition statement may ask of the session, privileges checked by account. */
import { SqlError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Batch, Row } from '../../base/value/datum.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type { Catalog, DdlContext, DdlStatement, PartitionPort, ShowResult, Viewer } from '../catalog/index.ts';
import { brokenCheck, partitionRouter } from '../executor/index.ts';
import { castForStorage, compile, compilePredicate } from '../functions/index.ts';
import type { DescribeStatement, ExpressionNode, ShowStatement, Statement, TableName } from '../parser/ast.ts';
import { restoreOperand } from '../parser/restore.ts';
import {
  bindStandalone,
  checkConstraints,
  checkDefaultExpressions,
  checkPartitionFunction,
  columnsOfView,
  planPartitionFunction,
  planRowChecks,
  spellOut,
} from '../planner/index.ts';
import type { PlannerEnvironment } from '../planner/environment.ts';
import type { Account } from './accounts.ts';
import type { CatalogCaller, ComputedRows, SessionCatalog } from './catalog-port.ts';
import { column } from './computed.ts';
import { InstanceFacts } from './facts.ts';
import type { SqlInstance } from './instance.ts';
import type { SessionState } from './state.ts';
import { hasOrphan } from './reference-plans.ts';
import { unsupported } from './unsupported.ts';
import { qualifiedQuery } from './view-definition.ts';

export class CatalogAdapter implements SessionCatalog {
  readonly catalog: Catalog;
  privilegeVersion = 0;
  private instance: SqlInstance | undefined = undefined;

  constructor(catalog: Catalog) {
    this.catalog = catalog;
  }

  /** The instance and its catalog know each other: facts of sessions are shown as tables. */
  attach(instance: SqlInstance): void {
    this.instance = instance;
    this.catalog.analyzesByItself = () => instance.globals.get('rutile_auto_analyze') === 1;
  }

  /** Whatever a statement does, it asks for this. */
  schema() {
    this.catalog.analyzePace.statements++;
    return this.catalog.schema();
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

  changeSchema(statement: Statement, caller: CatalogCaller) {
    this.checkDefinition(statement, caller);
    return this.catalog.executeDdl(statement as DdlStatement, this.ddlContext(caller));
  }

  /** What MySQL asks for before it lets an account define things. */
  private checkDefinition(statement: Statement, { state }: CatalogCaller): void {
    const check = (privilege: string, table: TableName) =>
      this.checkPrivilege(state, privilege, table.schema ?? state.database ?? '', table.name);
    switch (statement.kind) {
      case 'create-database':
        return this.checkPrivilege(state, 'CREATE', statement.name, '');
      case 'alter-database':
        return this.checkPrivilege(state, 'ALTER', statement.name ?? state.database ?? '', '');
      case 'drop-database':
        return this.checkPrivilege(state, 'DROP', statement.name, '');
      case 'create-table':
        for (const { references } of statement.foreignKeys) check('REFERENCES', references.table);
        return check('CREATE', statement.table);
      case 'create-table-like':
        check('SELECT', statement.source);
        return check('CREATE', statement.table);
      case 'alter-table':
        for (const change of statement.changes)
          if (change.kind === 'add-foreign-key') check('REFERENCES', change.foreignKey.references.table);
        return check('ALTER', statement.table);
      case 'drop-table':
        return statement.tables.forEach((table) => check('DROP', table));
      case 'truncate-table':
        return check('DROP', statement.table);
      case 'rename-table':
        return statement.renames.forEach(({ from, to }) => {
          check('ALTER', from);
          check('DROP', from);
          check('CREATE', to);
          check('INSERT', to);
        });
      case 'create-index':
      case 'drop-index':
        return check('INDEX', statement.table);
      case 'create-view': {
        const { definer, view } = statement;
        const another =
          definer !== undefined && !definer.current && `${definer.user}@${definer.host}` !== state.currentUser;
        if (another) this.checkPrivilege(state, 'SUPER', '', '');
        if (statement.orReplace || statement.alter) check('DROP', view);
        return check('CREATE VIEW', view);
      }
      case 'drop-view':
        return statement.views.forEach((view) => check('DROP', view));
      default:
        return;
    }
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
        checkConstraints(table, state.database ?? '', environment);
      },
      rowTest: (table) => {
        const checks = planRowChecks(table, session.environment.plain(caller.sql));
        if (checks.length === 0) return undefined;
        return (row) => {
          const broken = brokenCheck(checks, row, statement);
          if (broken !== undefined) throw broken;
        };
      },
      partitions: partitionPort(caller),
      restoreExpression: (expression) => restoreOperand(expression),
      describeView: (query) => {
        const spelt = spellOut(query, session.environment.plain(caller.sql));
        return { sql: qualifiedQuery(spelt.query, state.database), columns: spelt.columns };
      },
    };
  }

  async changeAccounts(statement: Statement, { state }: CatalogCaller): Promise<void> {
    const { privileges } = this.catalog;
    const note = (errno: number, text: string) => state.warn('Note', errno, text);
    const own =
      statement.kind === 'set-password' || statement.kind === 'alter-user'
        ? changesOnlyItself(statement, state)
        : false;
    if (!own) this.checkPrivilege(state, 'CREATE USER', '', '');
    switch (statement.kind) {
      case 'create-user':
        await privileges.createUser(statement, note);
        break;
      case 'alter-user':
        await privileges.alterUser(statement, state.currentUser, note);
        break;
      case 'drop-user':
        await privileges.dropUser(statement, note);
        break;
      case 'rename-user':
        await privileges.renameUser(statement);
        break;
      case 'set-password':
        await privileges.setPassword(statement, state.currentUser);
        break;
      case 'grant':
      case 'revoke':
        await privileges.grant(statement, state.database, (name) => this.schema().database(name) !== undefined);
        break;
      case 'revoke-all':
        await privileges.revokeAll(statement);
        break;
      default:
        throw new SqlError(1235, '42000', `This version of Rutile doesn't yet support '${statement.kind}'`);
    }
    this.privilegeVersion++;
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

  checkPrivilege(state: SessionState, privilege: string, database: string, table: string): void {
    const { privileges } = this.catalog;
    if (privilege === 'USAGE') {
      if (!privileges.seesDatabase(state.currentUser, database)) {
        const at = state.currentUser.lastIndexOf('@');
        throw new SqlError(
          1044,
          '42000',
          `Access denied for user '${state.currentUser.slice(0, at)}'@'${state.currentUser.slice(at + 1)}' to database '${database}'`,
        );
      }
      return;
    }
    privileges.check(
      state.currentUser,
      privilege,
      database === '' ? undefined : database,
      table === '' ? undefined : table,
    );
  }

  private viewer(state: SessionState): Viewer {
    return {
      account: state.currentUser,
      connectionId: state.connectionId,
      facts: new InstanceFacts(this.instance!, state.connectionId),
      timeZone: state.timeZone,
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

function changesOnlyItself(
  statement: Extract<Statement, { kind: 'set-password' | 'alter-user' }>,
  state: SessionState,
): boolean {
  const isOwn = (user: { user: string; host: string; current: boolean } | undefined) =>
    user === undefined || user.current || `${user.user}@${user.host}` === state.currentUser;
  return statement.kind === 'set-password'
    ? isOwn(statement.user)
    : statement.users.every(({ user }) => isOwn(user)) && statement.options.locked === undefined;
}
