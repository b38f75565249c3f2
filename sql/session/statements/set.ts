/**
 * SET in all its forms: variables of the session and of the server, user variables, NAMES, CHARACTER SET, TRANSACTION. Assignments take effect one
 * after the other, but none does when a name is unknown or a value that stands there is wrong. An expression whose value turns out wrong ends the
 * statement with what came before it done.
 */
import { SqlError } from '../../../base/error.ts';
import type { MaybePromise } from '../../../base/outcome.ts';
import { charsetNameOf } from '../../../base/value/charset.ts';
import { collationNamed, defaultCollation } from '../../../base/value/collation/index.ts';
import type { Datum } from '../../../base/value/datum.ts';
import { Decimal } from '../../../base/value/decimal.ts';
import type {
  ExpressionNode,
  ResetPersistStatement,
  SetAssignment,
  SetStatement,
  SetTransactionStatement,
  VariableScope,
} from '../../parser/ast.ts';
import { privilegeNeeded } from '../../catalog/index.ts';
import { forgetVariables, persistVariable } from '../../catalog/persisted-variables.ts';
import { evaluateOne } from './evaluate.ts';
import type { StatementResult } from '../result.ts';
import { trackedNames } from '../session-tracker.ts';
import type { Session } from '../session.ts';
import {
  checkValue,
  unknownVariable,
  variableDefinition,
  variableText,
  type VariableDefinition,
} from '../variables.ts';

export function runSet(session: Session, statement: SetStatement, sql: string): MaybePromise<StatementResult> {
  if (statement.assignments.length > 1) for (const one of statement.assignments) refuseBefore(one);
  // The frequent ones (autocommit, NAMES, a mode) assign plain literals: those take no promise.
  for (let i = 0; i < statement.assignments.length; i++) {
    const assignment = statement.assignments[i]!;
    const literal = plainValue(assignment);
    const waits =
      literal === undefined ? assignSlowly(session, assignment, sql) : assign(session, assignment, literal.value);
    if (waits instanceof Promise) return runRest(session, statement, sql, i + 1, waits);
  }
  return session.ok();
}

/** What can be known to be wrong before anything is assigned. */
function refuseBefore(assignment: SetAssignment): void {
  if (assignment.kind !== 'system-variable') return;
  const definition = settable(assignment.scope, assignment.name);
  const literal = plainValue(assignment);
  if (literal?.value !== undefined) checkValue(definition, literal.value, () => undefined);
}

async function runRest(
  session: Session,
  statement: SetStatement,
  sql: string,
  from: number,
  waits: Promise<void>,
): Promise<StatementResult> {
  await waits;
  for (const assignment of statement.assignments.slice(from)) {
    const literal = plainValue(assignment);
    await (literal === undefined ? assignSlowly(session, assignment, sql) : assign(session, assignment, literal.value));
  }
  return session.ok();
}

/** The value when no expression has to be run for it; `DEFAULT` is `undefined` inside. */
function plainValue(assignment: SetAssignment): { readonly value: Datum | undefined } | undefined {
  if (assignment.kind === 'names' || assignment.kind === 'character-set') return { value: null };
  if (assignment.kind === 'user-variable') return undefined;
  const node = assignment.value;
  if (node.kind === 'default') return { value: undefined };
  if (node.kind === 'literal') {
    switch (node.literal) {
      case 'null':
        return { value: null };
      case 'boolean':
        return { value: node.value ? 1 : 0 };
      case 'integer':
      case 'float':
        return { value: node.value };
      case 'string':
        return { value: node.value };
      default:
        return undefined;
    }
  }
  // A bare word that is no column: ON, OFF, a charset.
  if (node.kind === 'column' && node.table === undefined) return { value: node.name };
  return undefined;
}

async function assignSlowly(session: Session, assignment: SetAssignment, sql: string): Promise<void> {
  if (assignment.kind === 'names' || assignment.kind === 'character-set') return;
  const { value, type } = await evaluateOne(session, assignment.value as ExpressionNode, sql);
  if (assignment.kind === 'user-variable') {
    session.state.userVariables.set(assignment.variable.name.toLowerCase(), { value, type });
    return;
  }
  await assign(session, assignment, value instanceof Decimal && value.scale === 0 ? (value.digits as number) : value);
}

/** `value` undefined: DEFAULT. */
function assign(session: Session, assignment: SetAssignment, value: Datum | undefined): MaybePromise<void> {
  switch (assignment.kind) {
    case 'names':
      return setNames(session, assignment.charset, assignment.collation);
    case 'character-set':
      return setCharacterSet(session, assignment.charset);
    case 'user-variable':
      return;
    case 'system-variable':
      return setVariable(session, assignment.scope, assignment.name, value);
  }
}

const isGlobal = (scope: VariableScope): boolean =>
  scope === 'global' || scope === 'persist' || scope === 'persist_only';

/** Kept in the store: every server of the cluster begins with it from its next start on. */
function persist(session: Session, name: string, value: Datum): Promise<void> {
  const { account, instance } = session;
  const at = { setAtMs: instance.clock.wallMs(), user: account.user, host: account.host };
  return persistVariable(instance.kv, { name, value, text: variableText(variableDefinition(name)!, value), ...at });
}

export async function resetPersist(session: Session, statement: ResetPersistStatement): Promise<StatementResult> {
  const { instance, state } = session;
  checkAdministrator(session);
  const { name } = statement;
  const known = name === undefined ? undefined : (variableDefinition(name.toLowerCase())?.name ?? name.toLowerCase());
  const count = await forgetVariables(instance.kv, known);
  if (count === 0 && name !== undefined) {
    const message = `Variable ${name} does not exist in persisted config file`;
    if (!statement.ifExists) throw new SqlError(3615, 'HY000', message);
    state.warn('Warning', 3615, message);
  }
  return session.ok();
}

/** The variable, when it may be set in this scope. */
function settable(scope: VariableScope, name: string): VariableDefinition {
  const definition = variableDefinition(name.toLowerCase());
  if (definition === undefined) throw unknownVariable(name);
  if (definition.readOnly) throw new SqlError(1238, 'HY000', `Variable '${name}' is a read only variable`);
  if (isGlobal(scope) && definition.scope === 'session')
    throw new SqlError(1228, 'HY000', `Variable '${name}' is a SESSION variable and can't be used with SET GLOBAL`);
  if (!isGlobal(scope) && definition.scope === 'global')
    throw new SqlError(1229, 'HY000', `Variable '${name}' is a GLOBAL variable and should be set with SET GLOBAL`);
  return definition;
}

function setVariable(
  session: Session,
  scope: VariableScope,
  name: string,
  given: Datum | undefined,
): MaybePromise<void> {
  const definition = settable(scope, name);
  const { instance } = session;
  if (isGlobal(scope)) {
    checkAdministrator(session);
    const value = checked(session, definition, given === undefined ? definition.initial : given);
    if (definition.name === 'transaction_isolation') warnOfIsolation(session, String(value));
    if (scope !== 'persist_only') instance.setGlobal(definition.name, value);
    return scope === 'global' ? undefined : persist(session, definition.name, value);
  }
  if (GLOBAL_ONLY.has(definition.name)) {
    const message = `SESSION variable '${definition.name}' is read-only. Use SET GLOBAL to assign the value`;
    throw new SqlError(1621, 'HY000', message);
  }
  if (RESTRICTED.has(definition.name)) checkSessionAdministrator(session);
  const inherited = (): Datum => instance.globals.get(definition.name) ?? definition.initial;
  return setOwn(session, definition, checked(session, definition, given === undefined ? inherited() : given), scope);
}

/** A session has a value of its own, that of when it connected: what its packets are measured by. */
const GLOBAL_ONLY: ReadonlySet<string> = new Set(['max_allowed_packet', 'net_buffer_length']);

/** Variables of a session that change what others rely on: replicas, dumps. */
const RESTRICTED: ReadonlySet<string> = new Set([
  'auto_increment_increment', 'auto_increment_offset', 'binlog_direct_non_transactional_updates', 'binlog_format', 'binlog_row_image',
  'binlog_row_value_options', 'binlog_rows_query_log_events', 'bulk_insert_buffer_size', 'character_set_database', 'character_set_filesystem',
  'collation_database', 'debug', 'default_collation_for_utf8mb4', 'explicit_defaults_for_timestamp', 'gtid_next', 'original_commit_timestamp',
  'pseudo_replica_mode', 'pseudo_slave_mode', 'pseudo_thread_id', 'rbr_exec_mode', 'sql_log_bin', 'sql_log_off', 'sql_require_primary_key',
]); // prettier-ignore

function checkAdministrator({ instance, state }: Session): void {
  const rights = instance.catalog.rights(state);
  if (!rights.everywhere('SUPER') && !rights.everywhere('SYSTEM_VARIABLES_ADMIN'))
    throw privilegeNeeded('SUPER or SYSTEM_VARIABLES_ADMIN');
}

function checkSessionAdministrator({ instance, state }: Session): void {
  const rights = instance.catalog.rights(state);
  if (!['SUPER', 'SYSTEM_VARIABLES_ADMIN', 'SESSION_VARIABLES_ADMIN'].some((name) => rights.everywhere(name)))
    throw privilegeNeeded('SUPER, SYSTEM_VARIABLES_ADMIN or SESSION_VARIABLES_ADMIN');
}

function checked(session: Session, definition: VariableDefinition, value: Datum): Datum {
  return checkValue(definition, value, (message) => session.state.warn('Warning', 1292, message));
}

function setOwn(
  session: Session,
  definition: VariableDefinition,
  value: Datum,
  scope: VariableScope,
): MaybePromise<void> {
  const { state } = session;
  switch (definition.name) {
    case 'autocommit':
      if (value === 1 && !state.autocommit) {
        // Turning it on commits what is open.
        return session.transaction.commit().then(() => state.set('autocommit', 1));
      }
      break;
    case 'transaction_isolation':
      // `SET @@transaction_isolation` without SESSION is for the next transaction only.
      if (scope === 'default' && session.transaction.active) throw transactionRunning();
      warnOfIsolation(session, String(value));
      break;
    case 'session_track_system_variables':
      for (const name of trackedNames(String(value)).unknown)
        state.warn('Warning', 1231, `${name} is not a valid system variable and will be ignored.`);
      break;
    case 'resultset_metadata':
      if (!session.metadataIsOptional)
        throw new SqlError(3640, 'HY000', "The client doesn't support optional resultset metadata");
      break;
    case 'collation_connection':
      state.set('character_set_connection', charsetNameOf(String(value)));
      break;
    case 'character_set_connection':
      state.set('collation_connection', defaultCollation(String(value)) ?? state.connectionCollation);
      break;
    default:
      break;
  }
  state.set(definition.name, value);
}

function setNames(session: Session, charset: string | undefined, collation: string | undefined): void {
  const { state } = session;
  const definition = variableDefinition('character_set_client')!;
  const name = charset === undefined ? 'utf8mb4' : String(checkValue(definition, charset, () => undefined));
  const found = collationNamed(collation ?? defaultCollation(name)!);
  if (found === undefined) throw new SqlError(1273, 'HY000', `Unknown collation: '${collation}'`);
  const chosen = found.name;
  if (found.charset !== name) {
    throw new SqlError(1253, '42000', `COLLATION '${chosen}' is not valid for CHARACTER SET '${name}'`);
  }
  for (const variable of ['character_set_client', 'character_set_connection', 'character_set_results']) {
    if (state.value(variable) !== name) state.set(variable, name);
  }
  if (state.value('collation_connection') !== chosen) state.set('collation_connection', chosen);
  state.resultCollation = chosen;
}

function setCharacterSet(session: Session, charset: string | undefined): void {
  const { state } = session;
  const name =
    charset === undefined
      ? 'utf8mb4'
      : String(checkValue(variableDefinition('character_set_client')!, charset, () => undefined));
  state.set('character_set_client', name);
  state.set('character_set_results', name);
  state.set('character_set_connection', state.value('character_set_database'));
  state.set('collation_connection', state.value('collation_database'));
}

export async function runSetTransaction(
  session: Session,
  statement: SetTransactionStatement,
  sql: string,
): Promise<StatementResult> {
  if (statement.asOf !== undefined) {
    if (statement.scope !== 'next')
      throw new SqlError(1235, '42000', "This version of Rutile doesn't yet support 'AS OF TIMESTAMP with a scope'");
    if (session.transaction.active) throw transactionRunning();
    session.past.next = await session.past.momentNamed(statement.asOf, sql);
    return session.ok();
  }
  if (statement.isolation !== undefined) {
    warnOfIsolation(session, statement.isolation);
  }
  switch (statement.scope) {
    case 'next':
      if (session.transaction.active) throw transactionRunning();
      session.transaction.next = {
        ...session.transaction.next, ...(statement.isolation === undefined ? {} : { isolation: statement.isolation }), ...(statement.readOnly === undefined ? {} : { readOnly: statement.readOnly }),
      }; // prettier-ignore
      break;
    case 'session':
      if (statement.isolation !== undefined) session.state.set('transaction_isolation', statement.isolation);
      if (statement.readOnly !== undefined) session.state.set('transaction_read_only', statement.readOnly ? 1 : 0);
      break;
    case 'global':
      if (statement.isolation !== undefined) session.instance.setGlobal('transaction_isolation', statement.isolation);
      if (statement.readOnly !== undefined)
        session.instance.setGlobal('transaction_read_only', statement.readOnly ? 1 : 0);
      break;
  }
  return session.ok();
}

/** The name is kept as it was set, so that a client reads back what it wrote. */
function warnOfIsolation(session: Session, level: string): void {
  if (level === 'READ-UNCOMMITTED')
    session.state.warn(
      'Warning',
      1235,
      'The isolation level READ UNCOMMITTED acts as READ COMMITTED: only committed rows are read',
    );
}

function transactionRunning(): SqlError {
  return new SqlError(1568, '25001', "Transaction characteristics can't be changed while a transaction is in progress");
}
