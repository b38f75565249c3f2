/**
 * System variables: what exists, in which scope, and what a value must look like. A definition either has an effect (the session reads it) or
 * is one of MySQL's that clients set or ask for and that means nothing here; those take any value of their type and give it back.
 *
 * Global values are an immutable map, replaced as a whole by SET GLOBAL: a session keeps the map of the moment it connected, as MySQL's sessions keep
 * the values of that moment, and lays its own values over it.
 */
import { SqlError } from '../../base/error.ts';
import { findCharset } from '../../base/value/charset.ts';
import { collationNamed } from '../../base/value/collation/index.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { canonicalDialect } from '../parser/index.ts';
import { checkRoleList } from './mandatory-roles.ts';
import { normalizeSqlMode, SQL_MODE_DEFAULT } from './sql-mode.ts';
import { FIXED_VARIABLES, INERT_VARIABLES } from './variable-list.ts';

export type VariableScope = 'global' | 'session' | 'both';

export interface VariableDefinition {
  readonly name: string;
  readonly scope: VariableScope;
  readonly readOnly: boolean;
  readonly kind: 'boolean' | 'integer' | 'float' | 'text' | 'choice';
  readonly initial: Datum;
  readonly minimum: number;
  readonly maximum: number;
  readonly choices: readonly string[];
  /** Another name of the same variable. */
  readonly alias?: string;
  /** Beyond the kind: the canonical form, or an error. */
  readonly check?: (value: Datum) => Datum;
}

export type VariableValues = ReadonlyMap<string, Datum>;

const definitions = new Map<string, VariableDefinition>();

function define(
  name: string,
  kind: VariableDefinition['kind'],
  initial: Datum,
  more: Partial<VariableDefinition> = {},
): void {
  definitions.set(name, {
    name,
    kind,
    initial,
    scope: 'both',
    readOnly: false,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    choices: [],
    ...more,
  });
}

const ISOLATION = ['READ-UNCOMMITTED', 'READ-COMMITTED', 'REPEATABLE-READ', 'SERIALIZABLE'];

for (const variable of INERT_VARIABLES) {
  const [name, initial, scope] = variable;
  const kind = initial === 'ON' || initial === 'OFF' ? 'boolean' : typeof initial === 'number' ? 'integer' : 'text';
  define(name, kind, kind === 'boolean' ? (initial === 'ON' ? 1 : 0) : initial, {
    scope: scope === 'g' ? 'global' : 'both',
    readOnly: scope === 'r',
    minimum: -Number.MAX_SAFE_INTEGER,
  });
}

define('autocommit', 'boolean', 1);
define('sql_mode', 'text', SQL_MODE_DEFAULT, { check: (value) => normalizeSqlMode(value as string | number | bigint) });
define('time_zone', 'text', 'SYSTEM', { check: checkTimeZone });
define('transaction_isolation', 'choice', 'REPEATABLE-READ', { choices: ISOLATION });
define('tx_isolation', 'choice', 'REPEATABLE-READ', { choices: ISOLATION, alias: 'transaction_isolation' });
define('transaction_read_only', 'boolean', 0);
define('rutile_auto_analyze', 'boolean', 1, { scope: 'global' });
define('tx_read_only', 'boolean', 0, { alias: 'transaction_read_only' });
define('max_execution_time', 'integer', 0, { maximum: 0xffffffff });
define('max_statement_time', 'float', 0);
define('sql_select_limit', 'integer', 18446744073709551615n);
define('innodb_lock_wait_timeout', 'integer', 50, { minimum: 1, maximum: 1073741824 });
define('lock_wait_timeout', 'integer', 31536000, { minimum: 1, maximum: 31536000 });
define('wait_timeout', 'integer', 28800, { minimum: 1, maximum: 31536000 });
define('net_read_timeout', 'integer', 30, { minimum: 1, maximum: 31536000 });
define('net_write_timeout', 'integer', 60, { minimum: 1, maximum: 31536000 });
define('interactive_timeout', 'integer', 28800, { minimum: 1, maximum: 31536000 });
define('max_allowed_packet', 'integer', 67108864, { minimum: 1024, maximum: 1073741824 });
define('max_connections', 'integer', 5000, { scope: 'global', minimum: 1, maximum: 100000 });
define('max_prepared_stmt_count', 'integer', 16382, { scope: 'global', maximum: 4194304 });
define('max_user_connections', 'integer', 0, { maximum: 4294967295 });
define('group_concat_max_len', 'integer', 1024, { minimum: 4 });
define('div_precision_increment', 'integer', 4, { maximum: 30 });
define('foreign_key_checks', 'boolean', 1);
define('unique_checks', 'boolean', 1);
define('sql_safe_updates', 'boolean', 0);
define('sql_notes', 'boolean', 1);
define('sql_warnings', 'boolean', 0);
define('sql_auto_is_null', 'boolean', 0);
define('sql_quote_show_create', 'boolean', 1);
define('max_error_count', 'integer', 1024, { maximum: 65535 });
define('auto_increment_increment', 'integer', 1, { minimum: 1, maximum: 65535 });
define('auto_increment_offset', 'integer', 1, { minimum: 1, maximum: 65535 });
define('session_track_gtids', 'choice', 'OFF', { choices: ['OFF', 'OWN_GTID', 'ALL_GTIDS'] });
define('session_track_schema', 'boolean', 1);
define('session_track_state_change', 'boolean', 0);
define('session_track_system_variables', 'text', 'time_zone,autocommit,character_set_client,character_set_results,character_set_connection', { check: (value) => notNull('session_track_system_variables', value) }); // prettier-ignore
define('session_track_transaction_info', 'choice', 'OFF', { choices: ['OFF', 'STATE', 'CHARACTERISTICS'] });
define('resultset_metadata', 'choice', 'FULL', { scope: 'session', choices: ['NONE', 'FULL'] });
define('completion_type', 'choice', 'NO_CHAIN', { choices: ['NO_CHAIN', 'CHAIN', 'RELEASE'] });
define('character_set_client', 'text', 'utf8mb4', { check: checkClientCharset });
define('character_set_connection', 'text', 'utf8mb4', { check: checkCharset });
define('character_set_results', 'text', 'utf8mb4', { check: (value) => (value === null ? null : checkCharset(value)) });
define('character_set_server', 'text', 'utf8mb4', { check: checkCharset });
define('character_set_database', 'text', 'utf8mb4', { check: checkCharset });
define('character_set_system', 'text', 'utf8mb3', { scope: 'global', readOnly: true });
define('character_set_filesystem', 'text', 'binary');
define('collation_connection', 'text', 'utf8mb4_0900_ai_ci', { check: checkCollation });
define('collation_server', 'text', 'utf8mb4_0900_ai_ci', { check: checkCollation });
define('collation_database', 'text', 'utf8mb4_0900_ai_ci');
define('default_collation_for_utf8mb4', 'text', 'utf8mb4_0900_ai_ci');
define('mandatory_roles', 'text', '', { scope: 'global', check: (value) => checkRoleList(String(value)) });
define('password_history', 'integer', 0, { scope: 'global', maximum: 0xffffffff });
define('password_reuse_interval', 'integer', 0, { scope: 'global', maximum: 0xffffffff });
define('password_require_current', 'boolean', 0, { scope: 'global' });
define('default_password_lifetime', 'integer', 0, { scope: 'global', maximum: 65535 });
define('generated_random_password_length', 'integer', 20, { minimum: 5, maximum: 255 });
define('local_infile', 'boolean', 1, { scope: 'global' });
define('timestamp', 'float', 0, { scope: 'session' });
define('last_insert_id', 'integer', 0, { scope: 'session' });
define('identity', 'integer', 0, { scope: 'session', alias: 'last_insert_id' });
define('warning_count', 'integer', 0, { scope: 'session', readOnly: true });
define('error_count', 'integer', 0, { scope: 'session', readOnly: true });
define('pseudo_thread_id', 'integer', 0, { scope: 'session' });
define('long_query_time', 'float', 0.3);
define('slow_query_log', 'boolean', 1, { scope: 'global' });
define('read_only', 'boolean', 0, { scope: 'global' });
define('super_read_only', 'boolean', 0, { scope: 'global' });
define('sql_dialect', 'text', 'mysql', { check: checkDialect });
define('rutile_engines', 'choice', 'auto', { choices: ['row', 'column', 'auto'] });
define('rutile_disabled_rules', 'text', '');
define('rutile_mem_quota_query', 'integer', 1024 * 1024 * 1024, { minimum: 128 * 1024 });
define('rutile_spill', 'boolean', 1);
define('rutile_spill_limit', 'integer', 64 * 1024 * 1024 * 1024, { scope: 'global', minimum: 1024 * 1024 });
define('rutile_server_memory_limit', 'integer', 2 * 1024 * 1024 * 1024, { scope: 'global', minimum: 16 * 1024 * 1024 });
define('rutile_txn_size_limit', 'integer', 100 * 1024 * 1024, { minimum: 4096 });
define('tidb_snapshot', 'text', '', { scope: 'session' });
define('tidb_read_staleness', 'integer', 0, { minimum: -2147483647, maximum: 0 });
define('rutile_txn_mode', 'choice', 'pessimistic', { choices: ['pessimistic', 'optimistic'] });
define('rutile_plan_cache', 'boolean', 1);
define('rutile_plan_cache_size', 'integer', 500, { maximum: 100000 });
define('last_plan_from_cache', 'boolean', 0, { scope: 'session', readOnly: true });

export function variableDefinition(name: string): VariableDefinition | undefined {
  const found = definitions.get(name);
  return found?.alias === undefined ? found : definitions.get(found.alias);
}

export function variableNames(): readonly string[] {
  return [...definitions.keys()].sort();
}

/** Settings that an installation gives (version, port, data folder) over the built-in ones. */
export function initialGlobals(given: Readonly<Record<string, Datum>>): VariableValues {
  const values = new Map<string, Datum>();
  for (const [name, definition] of definitions) values.set(name, definition.initial);
  for (const [name, value] of Object.entries(given)) values.set(name, value);
  return values;
}

/** The canonical value, or the error that MySQL gives. Integers out of range are clamped, with a warning. */
export function checkValue(definition: VariableDefinition, value: Datum, warn: (message: string) => void): Datum {
  const { name } = definition;
  let checked = value;
  switch (definition.kind) {
    case 'boolean':
      checked = checkBoolean(name, value);
      break;
    case 'integer':
      checked = checkInteger(definition, value, warn);
      break;
    case 'float': {
      const number = value instanceof Decimal ? Number(value.digits) / 10 ** value.scale : Number(value);
      if (value === null || typeof value === 'string' || Number.isNaN(number)) throw wrongType(name);
      checked = Math.min(Math.max(number, definition.minimum), definition.maximum);
      break;
    }
    case 'choice':
      checked = checkChoice(definition, value);
      break;
    case 'text':
      if (value === null && definition.check === undefined && name !== 'character_set_results') checked = '';
      break;
  }
  if (FIXED_VARIABLES.has(name)) refuseChange(definition, checked);
  return definition.check ? definition.check(checked) : checked;
}

function refuseChange(definition: VariableDefinition, value: Datum): void {
  const { name, initial } = definition;
  if (String(value).toLowerCase() === String(initial).toLowerCase()) return;
  // "No limit" is written in more than one way.
  if (name === 'max_join_size' && value !== null && Number(value) >= Number(initial)) return;
  const shown = definition.kind === 'boolean' ? (value === 1 ? 'ON' : 'OFF') : String(value);
  throw new SqlError(1235, '42000', `This version of Rutile doesn't yet support '${name} = ${shown}'`);
}

/** As SHOW VARIABLES prints it. */
export function variableText(definition: VariableDefinition, value: Datum): string {
  if (value === null) return '';
  if (definition.kind === 'boolean') return value === 1 ? 'ON' : 'OFF';
  if (definition.kind === 'float') return Number(value).toFixed(6);
  return String(value);
}

export function wrongValue(name: string, value: Datum): SqlError {
  return new SqlError(
    1231,
    '42000',
    `Variable '${name}' can't be set to the value of '${value === null ? 'NULL' : String(value)}'`,
  );
}

export function unknownVariable(name: string): SqlError {
  return new SqlError(1193, 'HY000', `Unknown system variable '${name}'`);
}

function wrongType(name: string): SqlError {
  return new SqlError(1232, '42000', `Incorrect argument type to variable '${name}'`);
}

function checkBoolean(name: string, value: Datum): number {
  if (value === 0 || value === 1) return value;
  if (typeof value === 'string') {
    const word = value.toUpperCase();
    if (word === 'ON' || word === 'TRUE' || word === '1' || word === 'YES') return 1;
    if (word === 'OFF' || word === 'FALSE' || word === '0' || word === 'NO') return 0;
  }
  throw wrongValue(name, value);
}

function checkInteger(definition: VariableDefinition, value: Datum, warn: (message: string) => void): Datum {
  const { name } = definition;
  if (typeof value === 'bigint') {
    if (definition.maximum === Number.MAX_SAFE_INTEGER) return BigInt.asUintN(64, value);
    warn(`Truncated incorrect ${name} value: '${value}'`);
    return value < 0n ? definition.minimum : definition.maximum;
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name);
  if (value >= definition.minimum && value <= definition.maximum) return value;
  warn(`Truncated incorrect ${name} value: '${value}'`);
  return value < definition.minimum ? definition.minimum : definition.maximum;
}

function checkChoice(definition: VariableDefinition, value: Datum): string {
  if (typeof value === 'number' && definition.choices[value] !== undefined) return definition.choices[value];
  const found =
    typeof value === 'string'
      ? definition.choices.find((choice) => choice.toLowerCase() === value.toLowerCase())
      : undefined;
  if (found === undefined) throw wrongValue(definition.name, value);
  return found;
}

function checkCharset(value: Datum): Datum {
  const found = findCharset(String(value));
  if (found === undefined) throw new SqlError(1115, '42000', `Unknown character set: '${String(value)}'`);
  return found.name;
}

function notNull(name: string, value: Datum): Datum {
  if (value === null) throw wrongValue(name, value);
  return value;
}

/** Statements are read as ASCII and more: sets of two bytes and four cannot be a client's. */
function checkClientCharset(value: Datum): Datum {
  const name = checkCharset(value);
  if (findCharset(String(name))!.bytesMin > 1) throw wrongValue('character_set_client', value);
  return name;
}

function checkCollation(value: Datum): Datum {
  const found = collationNamed(String(value));
  if (found === undefined) throw unknownCollation(String(value));
  return found.name;
}

function unknownCollation(name: string): SqlError {
  return new SqlError(1273, 'HY000', `Unknown collation: '${name}'`);
}

function checkDialect(value: Datum): Datum {
  const name = canonicalDialect(String(value));
  if (name === undefined) throw wrongValue('sql_dialect', value);
  return name;
}

function checkTimeZone(value: Datum): Datum {
  const text = String(value);
  if (text.toUpperCase() === 'SYSTEM') return 'SYSTEM';
  if (timeZoneOf(text) === undefined) throw new SqlError(1298, 'HY000', `Unknown or incorrect time zone: '${text}'`);
  return text;
}

/** Minutes east of UTC, or an IANA name; `undefined` when it is neither. */
export function timeZoneOf(text: string): number | string | undefined {
  if (text.toUpperCase() === 'SYSTEM' || text.toUpperCase() === 'UTC') return 0;
  const offset = /^([+-])(\d{1,2}):(\d{2})$/.exec(text);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    const signed = offset[1] === '-' ? -minutes : minutes;
    return Number(offset[3]) < 60 && signed >= -839 && signed <= 840 ? signed : undefined;
  }
  if (/^[+-]?\d/.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
