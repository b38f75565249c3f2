/**
 * PERFORMANCE_SCHEMA's tables about statements, locks and variables of connections. A connection's statement is the one that runs or, when none
 * does, its last: nothing older is kept. Times are picoseconds, as MySQL gives them; what is not measured is 0.
 */
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import { fromEpoch } from '../../../base/value/time-zone.ts';
import { decodeTableKey, handleText } from '../../../proto/encoding/keys.ts';
import type { ConnectionStatementRow, LockRow, StatementUsageRow } from '../runtime-facts.ts';
import { T, virtual, described, type VirtualSource, type VirtualTableDefinition } from './definition.ts';
import { seesAll } from './diagnostic-tables.ts';
import { visibleProcesses } from './server-tables.ts';

const PS = 'performance_schema';
const picoseconds = (ms: number): bigint => BigInt(Math.round(ms * 1e6)) * 1000n;
const zeros = (count: number): Datum[] => new Array<Datum>(count).fill(0);

function usages(source: VirtualSource): readonly StatementUsageRow[] {
  return seesAll(source) ? source.viewer.facts.statementUsages().entries : [];
}

/** COUNT, SUM, MIN, AVG, MAX, then locks, errors, warnings, rows, and eleven counters of which none is kept here. */
function costs(all: readonly StatementUsageRow[]): Datum[] {
  const sum = (of: (one: StatementUsageRow) => number): number => all.reduce((total, one) => total + of(one), 0);
  const count = sum((one) => one.count);
  const total = sum((one) => one.sumMs);
  const least = all.reduce((low, one) => Math.min(low, one.minMs), Infinity);
  return [
    count, picoseconds(total), picoseconds(count === 0 ? 0 : least), picoseconds(count === 0 ? 0 : total / count), picoseconds(all.reduce((high, one) => Math.max(high, one.maxMs), 0)),
    0, sum((one) => one.errors), sum((one) => one.warnings), sum((one) => one.affectedRows), sum((one) => one.rowsSent), ...zeros(14), 0,
    all.reduce((high, one) => Math.max(high, one.memoryMax), 0), all.reduce((high, one) => Math.max(high, one.memoryMax), 0), 0,
  ]; // prettier-ignore
}

function byDigest(source: VirtualSource): Batch {
  const { timeZone } = source.viewer;
  return usages(source).map((one): Row => [
    one.database === '' ? null : one.database, one.digest === '' ? null : one.digest, one.digestText === '' ? null : one.digestText, ...costs([one]),
    fromEpoch(one.firstSeenMs, timeZone), fromEpoch(one.lastSeenMs, timeZone), picoseconds(one.maxMs), picoseconds(one.maxMs), picoseconds(one.maxMs), one.sample,
    fromEpoch(one.lastSeenMs, timeZone), picoseconds(one.maxMs),
  ]); // prettier-ignore
}

function globally(source: VirtualSource): Batch {
  const all = usages(source);
  const labels = [...new Set(all.map((one) => one.label))].sort();
  return labels.map((label): Row => [`statement/sql/${label.replaceAll('-', '_')}`, ...costs(all.filter((one) => one.label === label))]);
} // prettier-ignore

function ofConnections(source: VirtualSource, which: 'current' | 'over'): Batch {
  const visible = new Set(visibleProcesses(source).map(({ id }) => id));
  return source.viewer.facts
    .connectionStatements()
    .filter((one) => visible.has(one.connectionId) && (which === 'current' || !one.running))
    .map(statementRow);
}

function statementRow(one: ConnectionStatementRow): Row {
  const lasted = picoseconds(one.elapsedMs);
  return [
    one.connectionId, one.count, one.running ? null : one.count, `statement/sql/${one.label.replaceAll('-', '_')}`, null, 0, one.running ? null : lasted, lasted, 0, one.sql,
    one.digest, one.digestText, one.database === '' ? null : one.database, null, null, null, null, 0, null, null, one.errors, one.warnings, one.affectedRows, one.rowsSent,
    ...zeros(14), null, null, 0, one.count, 0, 0, 0, 'PRIMARY',
  ]; // prettier-ignore
}

/** `ENGINE_LOCK_ID`: transaction and key. */
const lockId = (startTs: bigint, key: Uint8Array): string => `${startTs}:${Buffer.from(key).toString('hex')}`;

function dataLocks(source: VirtualSource): Batch {
  if (!seesAll(source)) return [];
  return source.viewer.facts.locks().map((one): Row => {
    const decoded = decodeTableKey(one.key);
    const found = decoded && source.schema.tableById(decoded.tableId);
    const index =
      decoded?.kind === 'index' ? found?.table.indexes.find(({ id }) => id === decoded.indexId)?.name : 'PRIMARY';
    const data =
      decoded?.kind === 'row' ? handleText(decoded.handle) : Buffer.from(one.key).toString('hex').toUpperCase();
    return [
      'INNODB', lockId(one.startTs, one.key), one.startTs, one.connectionId, one.connectionId, found?.database.name ?? null, found?.table.name ?? null, null, null, index ?? null,
      one.connectionId, 'RECORD', 'X,REC_NOT_GAP', one.waiting ? 'WAITING' : 'GRANTED', data,
    ]; // prettier-ignore
  });
}

/** Waits whose holder is known. */
export function knownWaits(source: VirtualSource): readonly (LockRow & { readonly holder: NonNullable<LockRow['holder']> })[] {
  if (!seesAll(source)) return [];
  return source.viewer.facts.locks().flatMap((one) => (one.waiting && one.holder !== undefined ? [{ ...one, holder: one.holder }] : []));
} // prettier-ignore

function dataLockWaits(source: VirtualSource): Batch {
  return knownWaits(source).map((one): Row => [
    'INNODB', lockId(one.startTs, one.key), one.startTs, one.connectionId, one.connectionId, one.connectionId, lockId(one.holder.startTs, one.key), one.holder.startTs,
    one.holder.connectionId, one.holder.connectionId, one.holder.connectionId,
  ]); // prettier-ignore
}

function userVariables(source: VirtualSource): Batch {
  const visible = new Set(visibleProcesses(source).map(({ id }) => id));
  return source.viewer.facts
    .userVariables()
    .filter((one) => visible.has(one.connectionId))
    .map((one): Row => [one.connectionId, one.name, one.value]);
}

function processlist(source: VirtualSource): Batch {
  return visibleProcesses(source).map((one): Row => [
    one.id, one.user, one.host, one.database ?? null, one.command, one.timeSeconds, one.state, one.info ?? null, 'PRIMARY',
  ]); // prettier-ignore
}

function users(source: VirtualSource, of: (user: string, host: string) => Row): Batch {
  const counts = new Map<string, Row>();
  for (const one of source.viewer.facts.processes()) {
    if (!seesAll(source)) break;
    const host = one.host.replace(/:\d+$/, '');
    const row = of(one.user, host);
    const key = JSON.stringify(row);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, [...row, 1, 1, 0, 0]);
    else {
      known[row.length] = (known[row.length] as number) + 1;
      known[row.length + 1] = (known[row.length + 1] as number) + 1;
    }
  }
  return [...counts.values()];
}

const TIMERS = 'COUNT_STAR:ubig SUM_TIMER_WAIT:ubig MIN_TIMER_WAIT:ubig AVG_TIMER_WAIT:ubig MAX_TIMER_WAIT:ubig';
const COUNTED = `SUM_CREATED_TMP_DISK_TABLES:ubig SUM_CREATED_TMP_TABLES:ubig SUM_SELECT_FULL_JOIN:ubig SUM_SELECT_FULL_RANGE_JOIN:ubig SUM_SELECT_RANGE:ubig SUM_SELECT_RANGE_CHECK:ubig
  SUM_SELECT_SCAN:ubig SUM_SORT_MERGE_PASSES:ubig SUM_SORT_RANGE:ubig SUM_SORT_ROWS:ubig SUM_SORT_SCAN:ubig SUM_NO_INDEX_USED:ubig SUM_NO_GOOD_INDEX_USED:ubig SUM_CPU_TIME:ubig
  MAX_CONTROLLED_MEMORY:ubig MAX_TOTAL_MEMORY:ubig COUNT_SECONDARY:ubig`;
const SUMMED = `${TIMERS} SUM_LOCK_TIME:ubig SUM_ERRORS:ubig SUM_WARNINGS:ubig SUM_ROWS_AFFECTED:ubig SUM_ROWS_SENT:ubig ${COUNTED.replace('SUM_CREATED', 'SUM_ROWS_EXAMINED:ubig SUM_CREATED')}`;
const STATEMENT = `THREAD_ID:ubig EVENT_ID:ubig END_EVENT_ID:ubigN EVENT_NAME:name SOURCE:nameN TIMER_START:ubigN TIMER_END:ubigN TIMER_WAIT:ubigN LOCK_TIME:ubig SQL_TEXT:longN DIGEST:nameN
  DIGEST_TEXT:longN CURRENT_SCHEMA:nameN OBJECT_TYPE:nameN OBJECT_SCHEMA:nameN OBJECT_NAME:nameN OBJECT_INSTANCE_BEGIN:ubigN MYSQL_ERRNO:intN RETURNED_SQLSTATE MESSAGE_TEXT ERRORS:ubig
  WARNINGS:ubig ROWS_AFFECTED:ubig ROWS_SENT:ubig ROWS_EXAMINED:ubig CREATED_TMP_DISK_TABLES:ubig CREATED_TMP_TABLES:ubig SELECT_FULL_JOIN:ubig SELECT_FULL_RANGE_JOIN:ubig
  SELECT_RANGE:ubig SELECT_RANGE_CHECK:ubig SELECT_SCAN:ubig SORT_MERGE_PASSES:ubig SORT_RANGE:ubig SORT_ROWS:ubig SORT_SCAN:ubig NO_INDEX_USED:ubig NO_GOOD_INDEX_USED:ubig
  NESTING_EVENT_ID:ubigN NESTING_EVENT_TYPE:nameN NESTING_EVENT_LEVEL:intN STATEMENT_ID:ubigN CPU_TIME:ubig MAX_CONTROLLED_MEMORY:ubig MAX_TOTAL_MEMORY:ubig EXECUTION_ENGINE:nameN`;
const CONNECTIONS =
  'CURRENT_CONNECTIONS:big TOTAL_CONNECTIONS:big MAX_SESSION_CONTROLLED_MEMORY:ubig MAX_SESSION_TOTAL_MEMORY:ubig';

export const PERFORMANCE_STATEMENTS: readonly VirtualTableDefinition[] = [
  virtual(PS, 'processlist', [
    ['ID', T.ubig], ['USER', T.nameN], ['HOST', T.wordN], ['DB', T.nameN], ['COMMAND', T.shortN], ['TIME', T.bigN], ['STATE', T.wordN], ['INFO', T.longN], ['EXECUTION_ENGINE', T.shortN],
  ], processlist),
  virtual(PS, 'events_statements_current', described(STATEMENT), (source) => ofConnections(source, 'current')),
  virtual(PS, 'events_statements_history', described(STATEMENT), (source) => ofConnections(source, 'over')),
  virtual(PS, 'events_statements_summary_by_digest', described(
    `SCHEMA_NAME:nameN DIGEST:nameN DIGEST_TEXT:longN ${SUMMED} FIRST_SEEN:time6N LAST_SEEN:time6N QUANTILE_95:ubig QUANTILE_99:ubig QUANTILE_999:ubig QUERY_SAMPLE_TEXT:longN
    QUERY_SAMPLE_SEEN:time6N QUERY_SAMPLE_TIMER_WAIT:ubig`), byDigest),
  virtual(PS, 'events_statements_summary_global_by_event_name', described(`EVENT_NAME:name ${SUMMED}`), globally),
  virtual(PS, 'data_locks', described(
    `ENGINE:name ENGINE_LOCK_ID:word ENGINE_TRANSACTION_ID:ubigN THREAD_ID:ubigN EVENT_ID:ubigN OBJECT_SCHEMA:nameN OBJECT_NAME:nameN PARTITION_NAME:nameN SUBPARTITION_NAME:nameN
    INDEX_NAME:nameN OBJECT_INSTANCE_BEGIN:ubig LOCK_TYPE:name LOCK_MODE:name LOCK_STATUS:name LOCK_DATA:longN`), dataLocks),
  virtual(PS, 'data_lock_waits', described(
    `ENGINE:name REQUESTING_ENGINE_LOCK_ID:word REQUESTING_ENGINE_TRANSACTION_ID:ubigN REQUESTING_THREAD_ID:ubigN REQUESTING_EVENT_ID:ubigN REQUESTING_OBJECT_INSTANCE_BEGIN:ubig
    BLOCKING_ENGINE_LOCK_ID:word BLOCKING_ENGINE_TRANSACTION_ID:ubigN BLOCKING_THREAD_ID:ubigN BLOCKING_EVENT_ID:ubigN BLOCKING_OBJECT_INSTANCE_BEGIN:ubig`), dataLockWaits),
  virtual(PS, 'user_variables_by_thread', described('THREAD_ID:ubig VARIABLE_NAME:name VARIABLE_VALUE:longN'), userVariables),
  virtual(PS, 'accounts', described(`USER:nameN HOST ${CONNECTIONS}`), (source) => users(source, (user, host) => [user, host])),
  virtual(PS, 'users', described(`USER:nameN ${CONNECTIONS}`), (source) => users(source, (user) => [user])),
  virtual(PS, 'hosts', described(`HOST ${CONNECTIONS}`), (source) => users(source, (_, host) => [host])),
]; // prettier-ignore
