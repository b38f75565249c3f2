/**
 * What the session needs of the catalog, as one port: the schema of the moment, changes of it, rows that are computed, accounts and statistics.
 * `bin` gives the real catalog through `catalog-adapter.ts`; tests give a small one.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { Batch } from '../../base/value/datum.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type {
  CreateTableStatement,
  Statement,
  ShowStatement,
  DescribeStatement,
  SetRoleStatement,
  TableName,
} from '../parser/ast.ts';
import type { SchemaSnapshot, TableStatistics } from '../planner/environment.ts';
import type {
  AccountStatement,
  CatalogSnapshot,
  QueriedColumn,
  Rights,
  SchemaLease,
  TemporaryTables,
} from '../catalog/index.ts';
import type { DdlJobs } from '../catalog/ddl-jobs.ts';
import type { Account } from './accounts.ts';
import type { ResultColumn } from './result.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';
import type { RunningStatement } from './statement.ts';

export interface ComputedRows {
  readonly columns: readonly ResultColumn[];
  readonly rows: Batch;
}

/** A session as the catalog sees it while it runs a statement about definitions or accounts. */
export interface CatalogCaller {
  readonly session: Session;
  readonly state: SessionState;
  readonly statement: RunningStatement;
  readonly sql: string;
}

export interface FilledTable {
  readonly database: string;
  readonly table: TableInfo;
}

export interface SessionCatalog {
  /** The newest schema this server knows. */
  schema(): CatalogSnapshot;
  /** The schema as it was at a timestamp above the safe point. */
  schemaAt(ts: bigint): Promise<SchemaSnapshot>;
  /** Definition statements of this server that run or have ended. */
  readonly ddlJobs: DdlJobs;
  statistics(table: TableInfo): TableStatistics | undefined;
  approximateRows(table: TableInfo): number;
  /** Which transactions use which version of a table; `undefined`: nobody changes tables while statements run. */
  readonly leases: { acquire(version: number): SchemaLease } | undefined;
  /** With several servers over one store: `ready` before a statement, `confirm` before a commit, which may not come true after `commitDeadline`, as that is then or, for one that takes long, as `deadline` says later. */
  readonly board?:
    | {
        ready(): MaybePromise<void>;
        confirm(lease: SchemaLease | undefined): MaybePromise<void>;
        readonly commitDeadline: bigint;
        deadline(lease: SchemaLease | undefined): MaybePromise<bigint>;
      }
    | undefined;
  /** Grows with every ANALYZE. */
  readonly statisticsVersion: number;
  virtualRows(database: string, table: string, viewer: SessionState): MaybePromise<Batch>;
  allocateAutoIncrement(table: TableInfo, count: number): MaybePromise<number | bigint>;
  observeAutoIncrement(table: TableInfo, value: number | bigint): MaybePromise<void>;
  allocateRowId(table: TableInfo, count: number): MaybePromise<number>;
  noteChangedRows(table: TableInfo, rows: number, changes: number): void;
  /** CREATE, ALTER, DROP, RENAME, TRUNCATE of databases, tables, indexes and views. */
  changeSchema(
    statement: Statement,
    caller: CatalogCaller,
  ): MaybePromise<{ readonly affectedRows: number; readonly info: string }>;
  /** CREATE USER, GRANT, …; with result rows where passwords were made up. */
  changeAccounts(statement: AccountStatement, caller: CatalogCaller): MaybePromise<ComputedRows | undefined>;
  /** CREATE TABLE … SELECT: the table under an id of its own, for a query to fill; then it is published, or thrown away. */
  beginFilled(
    statement: CreateTableStatement,
    queried: readonly QueriedColumn[],
    caller: CatalogCaller,
  ): Promise<FilledTable>;
  publishFilled(statement: CreateTableStatement, filled: FilledTable, caller: CatalogCaller): Promise<void>;
  discardFilled(filled: FilledTable): Promise<void>;
  /** Those of one session; none at first. */
  temporaryTables(): TemporaryTables;
  show(statement: ShowStatement | DescribeStatement, caller: CatalogCaller): MaybePromise<ComputedRows>;
  analyze(tables: readonly TableName[], caller: CatalogCaller): MaybePromise<void>;
  findAccount(user: string, host: string): MaybePromise<Account | undefined>;
  /** What the session may do with its active roles; `definer`: what that account may (1449 when it is gone). */
  rights(state: SessionState, definer?: string): Rights;
  /** Throws 1142, 1044 or 1227. */
  checkPrivilege(state: SessionState, privilege: string, database: string, table: string, definer?: string): void;
  /** Throws 1143. */
  checkColumn(state: SessionState, privilege: string, database: string, table: string, column: string, definer?: string): void; // prettier-ignore
  /** The account's password is to be changed before anything else. */
  isExpired(account: string): boolean;
  /** Those that are active when somebody connects, `user@host` each. */
  rolesAtLogin(account: string): readonly string[];
  /** `mandatory_roles` has changed. */
  rolesChanged(): void;
  /** SET ROLE. */
  chooseRoles(state: SessionState, statement: SetRoleStatement): readonly string[];
  /** CURRENT_ROLE(). */
  currentRole(account: string, active: readonly string[]): string;
  /** Grows when accounts or privileges change: plans were checked under an older one. */
  readonly privilegeVersion: number;
}
