/**
 * What a session remembers between statements: variables, warnings, counts, who it is. Plain state without behaviour of its own;
 * `Session` runs statements over it and the functions see it as `SessionFacts`.
 *
 * What hot paths ask is kept in fields beside the map of variables; `set` keeps both in step. `epoch` grows whenever something changes that a
 * cached plan may depend on (database, modes, zone, engines), so that a plan only has to compare one number.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { SqlError } from '../../base/error.ts';
import type { SessionFacts, SqlMode, WarningLevel } from '../functions/context.ts';
import { digestText, parse } from '../parser/index.ts';
import { collationNamed, defaultCollation } from '../../base/value/collation/index.ts';
import { sqlModeFlags } from './sql-mode.ts';
import { timeZoneOf, unknownVariable, variableDefinition, type VariableValues } from './variables.ts';

export interface SessionWarning {
  readonly level: WarningLevel;
  readonly errno: number;
  readonly message: string;
}

export const NO_ATTRIBUTES: ReadonlyMap<string, string | null> = new Map();

export interface StateServices {
  /** The global values of this moment. */
  globals(): VariableValues;
  random(): number;
  currentRole(account: string, active: readonly string[]): string;
  userLock: SessionFacts['userLock'];
  transactionTs(): bigint;
  isConnected(connectionId: number): boolean;
}

/** Planning looks at these: a change makes cached plans stale. */
const PLAN_VARIABLES: ReadonlySet<string> = new Set([
  'sql_mode', 'time_zone', 'rutile_engines', 'rutile_disabled_rules', 'collation_connection', 'character_set_connection', 'div_precision_increment',
  'sql_select_limit', 'foreign_key_checks', 'default_collation_for_utf8mb4', 'sql_dialect', 'character_set_client', 'group_concat_max_len',
  'sql_safe_updates',
]); // prettier-ignore

/** `@name`, by lower-case name. */
class UserVariables extends Map<string, { value: Datum; type: FieldType }> {
  onSet: () => void = () => undefined;

  override set(name: string, variable: { value: Datum; type: FieldType }): this {
    this.onSet();
    return super.set(name, variable);
  }
}

export class SessionState implements SessionFacts {
  readonly connectionId: number;
  user: string;
  currentUser: string;
  /** `user@host` each; one that is no longer granted brings nothing. */
  activeRoles: readonly string[] = [];
  /** Only a new password ends this (error 1820 for anything else). */
  passwordExpired = false;
  readonly version: string;
  database: string | undefined;
  lastInsertId: number | bigint = 0;
  rowCount = -1;
  foundRows = 0;
  readonly userVariables = new UserVariables();
  /** Sent by the client beside the statement that runs. */
  queryAttributes = NO_ATTRIBUTES;
  warnings: SessionWarning[] = [];
  /** All of the statement, also those beyond max_error_count. */
  warningCount = 0;
  errorCount = 0;

  epoch = 0;
  sqlMode: SqlMode;
  timeZone: number | string = 0;
  autocommit = true;
  connectionCharset = 'utf8mb4';
  connectionCollation = 'utf8mb4_0900_ai_ci';
  clientCharset = 'utf8mb4';
  /** `undefined`: text goes out in the set of its column. */
  resultCharset: string | undefined = 'utf8mb4';
  /** Named by the metadata of text: that of SET NAMES, else the default of `resultCharset`. */
  resultCollation: string | undefined = 'utf8mb4_0900_ai_ci';
  divPrecisionIncrement = 4;
  groupConcatMaxLen = 1024;
  maxAllowedPacket = 67108864;
  maxExecutionMs = 0;
  selectLimit: number | undefined = undefined;
  lockWaitMs = 50_000;
  memoryQuotaBytes = 1024 * 1024 * 1024;
  spills = true;
  transactionSizeMax = 100 * 1024 * 1024;
  foreignKeyChecks = true;
  uniqueChecks = true;
  engines: 'row' | 'column' | 'auto' = 'auto';
  disabledRules: ReadonlySet<string> = new Set();
  isolation = 'REPEATABLE-READ';
  /** `tidb_snapshot`, and `tidb_read_staleness` in seconds: queries see the past. */
  snapshotText = '';
  stalenessSeconds = 0;
  readsPast = false;
  transactionReadOnly = false;
  pessimistic = true;
  planCacheOn = true;
  planCacheSize = 500;
  dialect = 'mysql';
  waitTimeoutMs = 28_800_000;
  slowQueryMs = 300;
  /** SET timestamp = …: what NOW() shows; 0: the clock. */
  fixedTimeMs = 0;
  planFromCache = false;
  /** That of the statement before: `@@last_plan_from_cache`. */
  lastPlanFromCache = false;

  /** A variable was set by a statement, the database chosen, a user variable set: for session-tracker.ts. */
  onVariable: (name: string) => void = () => undefined;
  onDatabase: () => void = () => undefined;

  private atConnect: VariableValues;
  private own = new Map<string, Datum>();
  private readonly services: StateServices;

  constructor(options: {
    connectionId: number;
    user: string;
    currentUser: string;
    version: string;
    services: StateServices;
  }) {
    this.connectionId = options.connectionId;
    this.user = options.user;
    this.currentUser = options.currentUser;
    this.version = options.version;
    this.services = options.services;
    this.atConnect = options.services.globals();
    this.sqlMode = sqlModeFlags(String(this.atConnect.get('sql_mode')));
    this.refreshAll();
  }

  /** RESET_CONNECTION and CHANGE_USER: as if the session had just connected. */
  reset(): void {
    this.own.clear();
    this.atConnect = this.services.globals();
    this.userVariables.clear();
    this.lastInsertId = 0;
    this.rowCount = -1;
    this.foundRows = 0;
    this.fixedTimeMs = 0;
    this.clearWarnings();
    this.refreshAll();
    this.epoch++;
  }

  useDatabase(name: string | undefined): void {
    this.onDatabase();
    if (this.database === name) return;
    this.database = name;
    this.epoch++;
  }

  // ---- variables ----

  value(name: string): Datum {
    const own = this.own.get(name);
    return own !== undefined || this.own.has(name) ? own! : (this.atConnect.get(name) ?? null);
  }

  /** `value` is checked already. */
  set(name: string, value: Datum): void {
    this.setQuietly(name, value);
    this.onVariable(name);
  }

  /** For one statement (SET_VAR): nobody is told. */
  setQuietly(name: string, value: Datum): void {
    this.own.set(name, value);
    this.refresh(name, value);
    if (PLAN_VARIABLES.has(name)) this.epoch++;
  }

  get transactionTs(): bigint {
    return this.services.transactionTs();
  }

  isConnected(connectionId: number): boolean {
    return this.services.isConnected(connectionId);
  }

  digestOf(statement: string): { readonly text: string; readonly hash: string } | undefined {
    try {
      parse(statement, this.sqlMode);
    } catch (error) {
      if (error instanceof SqlError) return undefined;
      throw error;
    }
    const digest = digestText(statement, this.sqlMode);
    return { text: digest.normalized, hash: digest.hash };
  }

  systemVariable(name: string, scope: 'session' | 'global' | undefined): Datum {
    const definition = variableDefinition(name.toLowerCase());
    if (!definition) throw unknownVariable(name);
    if (scope === 'global') {
      if (definition.scope === 'session') throw new SqlError(1238, 'HY000', `Variable '${name}' is a SESSION variable`);
      return this.services.globals().get(definition.name) ?? null;
    }
    if (scope === 'session' && definition.scope === 'global')
      throw new SqlError(1238, 'HY000', `Variable '${name}' is a GLOBAL variable`);
    return this.currentValue(definition.name, definition.scope);
  }

  currentValue(name: string, scope: 'global' | 'session' | 'both'): Datum {
    switch (name) {
      case 'warning_count':
        return this.warningCount;
      case 'error_count':
        return this.errorCount;
      case 'last_insert_id':
        return this.lastInsertId;
      case 'pseudo_thread_id':
        return this.connectionId;
      case 'last_plan_from_cache':
        return this.lastPlanFromCache ? 1 : 0;
      default:
        return scope === 'global' ? (this.services.globals().get(name) ?? null) : this.value(name);
    }
  }

  private refreshAll(): void {
    for (const name of MIRRORED) this.refresh(name, this.value(name));
  }

  private refresh(name: string, value: Datum): void {
    switch (name) {
      case 'autocommit':
        this.autocommit = value === 1;
        break;
      case 'sql_mode':
        this.sqlMode = sqlModeFlags(String(value));
        break;
      case 'time_zone':
        this.timeZone = timeZoneOf(String(value)) ?? 0;
        break;
      case 'character_set_connection':
        this.connectionCharset = String(value);
        break;
      case 'collation_connection':
        this.connectionCollation = collationNamed(String(value))?.name ?? 'utf8mb4_0900_ai_ci';
        break;
      case 'character_set_client':
        this.clientCharset = String(value);
        break;
      case 'character_set_results':
        this.resultCharset = value === null ? undefined : String(value);
        this.resultCollation = value === null ? undefined : defaultCollation(String(value));
        break;
      case 'div_precision_increment':
        this.divPrecisionIncrement = Number(value);
        break;
      case 'group_concat_max_len':
        this.groupConcatMaxLen = Number(value);
        break;
      case 'max_allowed_packet':
        this.maxAllowedPacket = Number(value);
        break;
      case 'max_execution_time':
        this.maxExecutionMs = Number(value);
        break;
      case 'max_statement_time':
        this.maxExecutionMs = Number(value) * 1000;
        break;
      case 'sql_select_limit':
        this.selectLimit = typeof value === 'number' ? value : undefined;
        break;
      case 'innodb_lock_wait_timeout':
        this.lockWaitMs = Number(value) * 1000;
        break;
      case 'rutile_mem_quota_query':
        this.memoryQuotaBytes = Number(value);
        break;
      case 'rutile_spill':
        this.spills = value === 1;
        break;
      case 'rutile_txn_size_limit':
        this.transactionSizeMax = Number(value);
        break;
      case 'foreign_key_checks':
        this.foreignKeyChecks = value === 1;
        break;
      case 'unique_checks':
        this.uniqueChecks = value === 1;
        break;
      case 'rutile_engines':
        this.engines = value as 'row' | 'column' | 'auto';
        break;
      case 'rutile_disabled_rules':
        this.disabledRules = new Set(
          String(value)
            .split(',')
            .map((rule) => rule.trim())
            .filter((rule) => rule !== ''),
        );
        break;
      case 'tidb_snapshot':
        this.snapshotText = String(value);
        this.readsPast = this.snapshotText !== '' || this.stalenessSeconds < 0;
        break;
      case 'tidb_read_staleness':
        this.stalenessSeconds = Number(value);
        this.readsPast = this.snapshotText !== '' || this.stalenessSeconds < 0;
        break;
      case 'transaction_read_only':
        this.transactionReadOnly = value === 1;
        break;
      case 'transaction_isolation':
        this.isolation = String(value);
        break;
      case 'rutile_txn_mode':
        this.pessimistic = value === 'pessimistic';
        break;
      case 'rutile_plan_cache':
        this.planCacheOn = value === 1;
        break;
      case 'rutile_plan_cache_size':
        this.planCacheSize = Number(value);
        break;
      case 'sql_dialect':
        this.dialect = String(value);
        break;
      case 'wait_timeout':
        this.waitTimeoutMs = Number(value) * 1000;
        break;
      case 'long_query_time':
        this.slowQueryMs = Number(value) * 1000;
        break;
      case 'timestamp':
        this.fixedTimeMs = Number(value) * 1000;
        break;
      case 'last_insert_id':
        this.lastInsertId = value as number | bigint;
        break;
      default:
        break;
    }
  }

  // ---- warnings ----

  warn(level: WarningLevel, errno: number, message: string): void {
    if (level === 'Note' && this.value('sql_notes') === 0) return;
    this.warningCount++;
    if (level === 'Error') this.errorCount++;
    if (this.warnings.length < Number(this.value('max_error_count'))) this.warnings.push({ level, errno, message });
  }

  clearWarnings(): void {
    if (this.warningCount === 0) return;
    this.warnings = [];
    this.warningCount = 0;
    this.errorCount = 0;
  }

  // ---- roles ----

  /** Where the client is, as messages about its rights say. */
  get clientHost(): string {
    return this.user.slice(this.user.lastIndexOf('@') + 1);
  }

  setRoles(roles: readonly string[]): void {
    this.activeRoles = roles;
    this.epoch++;
  }

  currentRole(): string {
    return this.services.currentRole(this.currentUser, this.activeRoles);
  }

  // ---- services ----

  random(): number {
    return this.services.random();
  }

  userLock(
    action: 'get' | 'release' | 'is-free' | 'is-used' | 'release-all',
    name: string,
    timeoutMs: number,
  ): Promise<Datum> | Datum {
    return this.services.userLock(action, name, timeoutMs);
  }
}

const MIRRORED = [
  'autocommit', 'sql_mode', 'time_zone', 'character_set_connection', 'collation_connection', 'character_set_client', 'character_set_results', 'div_precision_increment',
  'group_concat_max_len', 'max_allowed_packet', 'max_execution_time', 'sql_select_limit', 'innodb_lock_wait_timeout', 'rutile_mem_quota_query', 'rutile_spill', 'rutile_txn_size_limit',
  'foreign_key_checks', 'unique_checks', 'rutile_engines', 'rutile_disabled_rules', 'transaction_isolation', 'rutile_txn_mode', 'rutile_plan_cache',
  'rutile_plan_cache_size', 'sql_dialect', 'wait_timeout', 'long_query_time', 'transaction_read_only',
  'tidb_snapshot', 'tidb_read_staleness',
]; // prettier-ignore
