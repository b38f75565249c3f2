/**
 * Everything that neither reads nor writes rows nor defines tables: transactions, variables, prepared statements, SHOW,
 * EXPLAIN, maintenance, accounts. Also `unsupported`: statements whose words we know, so that the session refuses them by name (1235).
 */
import type { ExpressionNode, Located, UserVariableNode, VariableScope } from './ast-expression.ts';
import type { LimitClause, TableName } from './ast-query.ts';
import type { UserName } from './ast-schema.ts';
import type { Statement } from './ast.ts';

// ---- transactions ----

export interface BeginStatement extends Located {
  readonly kind: 'begin';
  /** Undefined: as SET TRANSACTION said. */
  readonly readOnly?: boolean;
  readonly consistentSnapshot: boolean;
  /** BEGIN PESSIMISTIC, BEGIN OPTIMISTIC. */
  readonly mode?: 'pessimistic' | 'optimistic';
  /** START TRANSACTION READ ONLY AS OF TIMESTAMP expression. */
  readonly asOf?: ExpressionNode;
}

export interface CommitStatement extends Located {
  readonly kind: 'commit' | 'rollback';
  /** Undefined: as completion_type says. */
  readonly chain?: boolean;
  readonly release?: boolean;
}

export interface SavepointStatement extends Located {
  readonly kind: 'savepoint' | 'rollback-to-savepoint' | 'release-savepoint';
  readonly name: string;
}

export interface LockTablesStatement extends Located {
  readonly kind: 'lock-tables';
  readonly tables: readonly {
    readonly table: TableName;
    readonly alias?: string;
    readonly mode: 'READ' | 'READ LOCAL' | 'WRITE' | 'LOW_PRIORITY WRITE';
  }[];
}

export interface UnlockTablesStatement extends Located {
  readonly kind: 'unlock-tables';
}

// ---- SET ----

export interface SetStatement extends Located {
  readonly kind: 'set';
  readonly assignments: readonly SetAssignment[];
}

export type SetAssignment =
  | { readonly kind: 'user-variable'; readonly variable: UserVariableNode; readonly value: ExpressionNode }
  /** `value` is a `default` node for DEFAULT; a bare word (`SET sql_mode = ansi`, ON, OFF, BINARY) comes as a string literal with parameterIndex -1. */
  | {
      readonly kind: 'system-variable';
      readonly scope: VariableScope;
      readonly name: string;
      readonly value: ExpressionNode;
    }
  /** `charset` undefined: DEFAULT. */
  | { readonly kind: 'names'; readonly charset?: string; readonly collation?: string }
  | { readonly kind: 'character-set'; readonly charset?: string };

export type IsolationLevel = 'READ-UNCOMMITTED' | 'READ-COMMITTED' | 'REPEATABLE-READ' | 'SERIALIZABLE';

export interface SetTransactionStatement extends Located {
  readonly kind: 'set-transaction';
  /** `next`: no scope was written, so the next transaction only. */
  readonly scope: 'global' | 'session' | 'next';
  readonly isolation?: IsolationLevel;
  readonly readOnly?: boolean;
  readonly asOf?: ExpressionNode;
}

export interface SetPasswordStatement extends Located {
  readonly kind: 'set-password';
  /** Undefined: the current user. */
  readonly user?: UserName;
  readonly authentication: AccountAuthentication;
}

export interface SetRoleStatement extends Located {
  readonly kind: 'set-role';
  readonly mode: 'DEFAULT' | 'NONE' | 'ALL' | 'ALL EXCEPT' | 'LIST';
  readonly roles: readonly UserName[];
}

export interface SetDefaultRoleStatement extends Located {
  readonly kind: 'set-default-role';
  readonly mode: 'NONE' | 'ALL' | 'LIST';
  readonly roles: readonly UserName[];
  readonly users: readonly UserName[];
}

// ---- prepared statements as text ----

export interface PrepareStatement extends Located {
  readonly kind: 'prepare';
  readonly name: string;
  readonly source:
    | { readonly kind: 'text'; readonly sql: string }
    | { readonly kind: 'variable'; readonly variable: UserVariableNode };
}

export interface ExecuteStatement extends Located {
  readonly kind: 'execute';
  readonly name: string;
  readonly using: readonly UserVariableNode[];
}

export interface DeallocateStatement extends Located {
  readonly kind: 'deallocate';
  readonly name: string;
}

// ---- looking ----

/** `like` and `where` exclude each other; neither is pinned to the form below. */
export interface ShowStatement extends Located {
  readonly kind: 'show';
  readonly show: ShowTarget;
  /** A string literal node (or a parameter never: MySQL wants a literal). */
  readonly like?: string;
  readonly where?: ExpressionNode;
}

export type ShowTarget =
  | { readonly kind: 'databases' }
  | { readonly kind: 'tables'; readonly full: boolean; readonly extended: boolean; readonly schema?: string }
  | { readonly kind: 'table-status'; readonly schema?: string }
  | { readonly kind: 'open-tables'; readonly schema?: string }
  | { readonly kind: 'columns'; readonly full: boolean; readonly extended: boolean; readonly table: TableName }
  | { readonly kind: 'indexes'; readonly extended: boolean; readonly table: TableName }
  | { readonly kind: 'create-table' | 'create-view'; readonly table: TableName }
  | { readonly kind: 'create-database'; readonly name: string; readonly ifNotExists: boolean }
  | { readonly kind: 'create-user'; readonly user: UserName }
  | {
      readonly kind: 'create-routine';
      readonly object: 'PROCEDURE' | 'FUNCTION' | 'TRIGGER' | 'EVENT';
      readonly name: TableName;
    }
  | { readonly kind: 'routine-code'; readonly object: 'PROCEDURE' | 'FUNCTION'; readonly name: TableName }
  | { readonly kind: 'routine-status'; readonly object: 'PROCEDURE' | 'FUNCTION' }
  | { readonly kind: 'triggers' | 'events'; readonly schema?: string; readonly full: boolean }
  | { readonly kind: 'variables'; readonly scope: 'global' | 'session' }
  | { readonly kind: 'status'; readonly scope: 'global' | 'session' }
  | { readonly kind: 'warnings' | 'errors'; readonly count: boolean; readonly limit?: LimitClause }
  | { readonly kind: 'engines' | 'character-set' | 'collation' | 'plugins' | 'privileges' | 'profiles' | 'replicas' }
  | {
      readonly kind: 'profile';
      readonly types: readonly string[];
      readonly query?: number;
      readonly limit?: LimitClause;
    }
  | { readonly kind: 'engine'; readonly engine: string; readonly what: 'STATUS' | 'MUTEX' | 'LOGS' }
  | { readonly kind: 'grants'; readonly user?: UserName; readonly roles: readonly UserName[] }
  | { readonly kind: 'processlist'; readonly full: boolean }
  | { readonly kind: 'binary-logs' | 'master-status' | 'binary-log-status' }
  | {
      readonly kind: 'binlog-events';
      readonly relay: boolean;
      readonly file?: string;
      readonly position?: number;
      readonly limit?: LimitClause;
    }
  | { readonly kind: 'replica-status'; readonly channel?: string }
  /** SHOW STATS_META, STATS_HISTOGRAMS, STATS_BUCKETS, STATS_HEALTHY, BUILTINS, CONFIG, PLACEMENT, BINDINGS, REGIONS: `name` in upper case. */
  | { readonly kind: 'extension'; readonly name: string; readonly table?: TableName };

/** DESCRIBE t [column or 'pattern']. */
export interface DescribeStatement extends Located {
  readonly kind: 'describe';
  readonly table: TableName;
  readonly column?: string;
}

export interface ExplainStatement extends Located {
  readonly kind: 'explain';
  readonly analyze: boolean;
  /** Lower case; undefined: the session's default. */
  readonly format?: string;
  readonly target:
    | { readonly kind: 'statement'; readonly statement: Statement }
    | { readonly kind: 'connection'; readonly id: number };
}

export interface UseStatement extends Located {
  readonly kind: 'use';
  readonly schema: string;
}

export interface HelpStatement extends Located {
  readonly kind: 'help';
  readonly topic: string;
}

// ---- maintenance ----

export interface TableMaintenanceStatement extends Located {
  readonly kind: 'table-maintenance';
  readonly action: 'ANALYZE' | 'CHECK' | 'CHECKSUM' | 'OPTIMIZE' | 'REPAIR';
  readonly tables: readonly TableName[];
  /** NO_WRITE_TO_BINLOG or LOCAL. */
  readonly local: boolean;
  /** QUICK, FAST, EXTENDED, FOR UPGRADE, … in upper case. */
  readonly options: readonly string[];
  /** ANALYZE TABLE … UPDATE | DROP HISTOGRAM ON columns [WITH n BUCKETS]. */
  readonly histogram?: {
    readonly action: 'UPDATE' | 'DROP';
    readonly columns: readonly string[];
    readonly buckets?: number;
  };
  /** ANALYZE TABLE t PARTITION p0, p1. */
  readonly partitions?: readonly string[];
  /** ANALYZE TABLE t INDEX a, b. */
  readonly indexes?: readonly string[];
}

/** RESET PERSIST [[IF EXISTS] name]: of one variable, or of all. */
export interface ResetPersistStatement extends Located {
  readonly kind: 'reset-persist';
  readonly name: string | undefined;
  readonly ifExists: boolean;
}

export interface AdminStatement extends Located {
  readonly kind: 'admin';
  readonly admin:
    | { readonly kind: 'check-table'; readonly tables: readonly TableName[] }
    | { readonly kind: 'check-index'; readonly table: TableName; readonly index: string }
    | { readonly kind: 'checksum-table'; readonly tables: readonly TableName[] }
    | { readonly kind: 'show-ddl' }
    | { readonly kind: 'show-ddl-jobs'; readonly count?: number; readonly where?: ExpressionNode }
    | { readonly kind: 'show-ddl-job-queries'; readonly ids: readonly number[] }
    | { readonly kind: 'ddl-jobs'; readonly action: 'CANCEL' | 'PAUSE' | 'RESUME'; readonly ids: readonly number[] };
}

export interface FlushStatement extends Located {
  readonly kind: 'flush';
  readonly local: boolean;
  /** PRIVILEGES, TABLES, STATUS, LOGS, BINARY LOGS, HOSTS, … in upper case. */
  readonly targets: readonly string[];
  /** FLUSH TABLES a, b. */
  readonly tables: readonly TableName[];
  readonly withReadLock: boolean;
  readonly forExport: boolean;
}

export interface KillStatement extends Located {
  readonly kind: 'kill';
  readonly target: 'connection' | 'query';
  readonly id: ExpressionNode;
}

export interface DoStatement extends Located {
  readonly kind: 'do';
  readonly expressions: readonly ExpressionNode[];
}

export interface CallStatement extends Located {
  readonly kind: 'call-procedure';
  readonly procedure: TableName;
  readonly args: readonly ExpressionNode[];
}

export interface ShutdownStatement extends Located {
  readonly kind: 'shutdown' | 'restart' | 'reload-tls';
}

// ---- accounts ----

/** A clause that is read and not done: what the refusal calls it, and how it was written. */
export interface RefusedClause {
  readonly name: string;
  readonly text: string;
}

export interface AccountAuthentication {
  readonly plugin?: string;
  /** Plain text (BY '…'), to be hashed. */
  readonly password?: string;
  /** Already hashed (AS '…' or BY PASSWORD '…'). */
  readonly hash?: string;
  readonly random?: boolean;
  /** REPLACE 'current password'. */
  readonly current?: string;
  /** RETAIN CURRENT PASSWORD. */
  readonly retain?: boolean;
}

export interface AccountSpecification {
  readonly user: UserName;
  readonly authentication?: AccountAuthentication;
  /** DISCARD OLD PASSWORD. */
  readonly discardOld?: boolean;
}

export interface AccountOptions {
  /** REQUIRE NONE | SSL | X509 | …: words as written, upper case, with their strings. */
  readonly require: readonly { readonly name: string; readonly value?: string }[];
  readonly resources: readonly { readonly name: string; readonly value: number }[];
  /** ACCOUNT LOCK / UNLOCK. */
  readonly locked?: boolean;
  /** PASSWORD EXPIRE …, PASSWORD HISTORY …, FAILED_LOGIN_ATTEMPTS n, …: `name` in upper case, `value` as written. */
  readonly password: readonly { readonly name: string; readonly value?: string | number }[];
  readonly comment?: string;
  readonly attribute?: string;
}

export interface CreateUserStatement extends Located {
  readonly kind: 'create-user';
  readonly ifNotExists: boolean;
  readonly users: readonly AccountSpecification[];
  readonly defaultRoles: readonly UserName[];
  readonly options: AccountOptions;
}

export interface AlterUserStatement extends Located {
  readonly kind: 'alter-user';
  readonly ifExists: boolean;
  readonly users: readonly AccountSpecification[];
  readonly defaultRoles?: { readonly mode: 'NONE' | 'ALL' | 'LIST'; readonly roles: readonly UserName[] };
  readonly options: AccountOptions;
}

export interface DropUserStatement extends Located {
  readonly kind: 'drop-user';
  readonly ifExists: boolean;
  readonly users: readonly UserName[];
}

export interface RenameUserStatement extends Located {
  readonly kind: 'rename-user';
  readonly renames: readonly { readonly from: UserName; readonly to: UserName }[];
}

export interface RoleStatement extends Located {
  readonly kind: 'create-role' | 'drop-role';
  readonly roles: readonly UserName[];
  /** IF NOT EXISTS of CREATE, IF EXISTS of DROP. */
  readonly conditional: boolean;
}

export interface Privilege {
  /** Upper case, words joined by one blank (`CREATE TEMPORARY TABLES`); `ALL` for ALL [PRIVILEGES]; dynamic privileges by name. */
  readonly name: string;
  /** Column privileges: `SELECT (a, b)`. */
  readonly columns: readonly string[];
}

export interface GrantTarget {
  readonly objectType: 'TABLE' | 'FUNCTION' | 'PROCEDURE';
  /** Undefined with `table` undefined: `*` (the current database) unless `global`. */
  readonly global: boolean;
  readonly schema?: string;
  readonly table?: string;
}

export interface GrantStatement extends Located {
  readonly kind: 'grant' | 'revoke';
  readonly privileges: readonly Privilege[];
  readonly on: GrantTarget;
  readonly users: readonly AccountSpecification[];
  /** WITH GRANT OPTION. REVOKE GRANT OPTION has the privilege `GRANT OPTION`. */
  readonly grantOption: boolean;
  readonly ifExists: boolean;
  /** REVOKE … IGNORE UNKNOWN USER. */
  readonly ignoreUnknownUser: boolean;
  readonly extras: readonly RefusedClause[];
}

/** GRANT role TO user, REVOKE role FROM user. */
export interface GrantRoleStatement extends Located {
  readonly kind: 'grant-role' | 'revoke-role';
  readonly roles: readonly UserName[];
  readonly users: readonly UserName[];
  readonly adminOption: boolean;
  readonly ifExists: boolean;
  readonly ignoreUnknownUser: boolean;
}

/** REVOKE ALL PRIVILEGES, GRANT OPTION FROM users. */
export interface RevokeAllStatement extends Located {
  readonly kind: 'revoke-all';
  readonly users: readonly UserName[];
  readonly ifExists: boolean;
  readonly ignoreUnknownUser: boolean;
}

/** A statement of MySQL that is recognised and not read further: `CREATE TRIGGER`, `HANDLER`, `XA START`. */
export interface UnsupportedStatement extends Located {
  readonly kind: 'unsupported';
  readonly name: string;
}
