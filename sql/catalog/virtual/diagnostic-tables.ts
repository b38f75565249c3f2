/** INFORMATION_SCHEMA's tables about what runs and what it cost, with TiDB's names and columns: statements by shape, deadlocks, waits, transactions. */
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { DateTime } from '../../../base/value/date-time.ts';
import { fromEpoch } from '../../../base/value/time-zone.ts';
import { decodeTableKey, handleText } from '../../../proto/encoding/keys.ts';
import type { DdlJob } from '../ddl-jobs.ts';
import { described, rightsOf, virtual, type VirtualSource, type VirtualTableDefinition } from './definition.ts';

const IS = 'information_schema';

/** To whole seconds, in the viewer's zone. */
export function momentOf(source: VirtualSource, ms: number): DateTime {
  return fromEpoch(Math.floor(ms / 1000) * 1000, source.viewer.timeZone);
}

/** What others' statements are is for those with PROCESS. */
export function seesAll(source: VirtualSource): boolean {
  return rightsOf(source).everywhere('PROCESS');
}

const nanoseconds = (ms: number): number => Math.round(ms * 1e6);

function statements(source: VirtualSource): Batch {
  if (!seesAll(source)) return [];
  const { entries, sinceMs } = source.viewer.facts.statementUsages();
  const begin = momentOf(source, sinceMs);
  return entries.map((one): Row => [
    begin, momentOf(source, one.lastSeenMs), one.label, one.database, one.digest === '' ? null : one.digest, one.digestText === '' ? null : one.digestText, one.sampleUser, one.count,
    one.errors, one.warnings, nanoseconds(one.sumMs), nanoseconds(one.maxMs), one.count === 0 ? 0 : nanoseconds(one.minMs), one.count === 0 ? 0 : nanoseconds(one.sumMs / one.count),
    one.count === 0 ? 0 : Math.round(one.memorySum / one.count), one.memoryMax, one.count === 0 ? 0 : one.affectedRows / one.count, one.count === 0 ? 0 : one.rowsSent / one.count,
    momentOf(source, one.firstSeenMs), momentOf(source, one.lastSeenMs), one.planFromCache > 0 ? 1 : 0, one.planFromCache, one.prepared > 0 ? 1 : 0, one.sample,
  ]); // prettier-ignore
}

function evicted(source: VirtualSource): Batch {
  if (!seesAll(source)) return [];
  const usages = source.viewer.facts.statementUsages();
  return usages.evicted === 0
    ? []
    : [[momentOf(source, usages.sinceMs), momentOf(source, Date.parse('9999-12-31T00:00:00Z')), usages.evicted]];
}

/** What a key is: JSON as TiDB writes it into KEY_INFO. */
export function keyInfo({ schema }: VirtualSource, key: Uint8Array): string | null {
  const decoded = decodeTableKey(key);
  if (decoded === undefined) return null;
  const found = schema.tableById(decoded.tableId);
  const place = {
    ...(found === undefined ? {} : { db_name: found.database.name, table_name: found.table.name }),
    table_id: decoded.tableId,
  };
  if (decoded.kind === 'row') return JSON.stringify({ ...place, handle_value: handleText(decoded.handle) });
  const index = found?.table.indexes.find((one) => one.id === decoded.indexId);
  return JSON.stringify({ ...place, index_id: decoded.indexId, ...(index ? { index_name: index.name } : {}) });
}

const hex = (key: Uint8Array): string => Buffer.from(key).toString('hex').toUpperCase();

function deadlocks(source: VirtualSource): Batch {
  if (!seesAll(source)) return [];
  return source.viewer.facts.deadlocks().map((one): Row => [
    one.id, fromEpoch(one.atMs, source.viewer.timeZone), 0, one.waiter, one.digest, one.digestText, hex(one.key), keyInfo(source, one.key), one.holder,
  ]); // prettier-ignore
}

function lockWaits(source: VirtualSource): Batch {
  if (!seesAll(source)) return [];
  return source.viewer.facts
    .locks()
    .filter((one) => one.waiting)
    .map((one): Row => [
      hex(one.key), keyInfo(source, one.key), one.startTs, one.holder?.startTs ?? null, one.digest, one.digestText,
    ]); // prettier-ignore
}

function transactions(source: VirtualSource): Batch {
  const { facts, account } = source.viewer;
  const user = account.slice(0, account.lastIndexOf('@'));
  const statementOf = new Map(facts.connectionStatements().map((one) => [one.connectionId, one]));
  return facts
    .transactions()
    .filter((one) => seesAll(source) || one.user === user)
    .map((one): Row => {
      const statement = one.state === 'Idle' ? undefined : statementOf.get(one.connectionId);
      return [
        one.startTs, fromEpoch(one.startedAtMs, source.viewer.timeZone), statement?.digest ?? null, statement?.digestText ?? null, one.state,
        one.waitingSinceMs === undefined ? null : fromEpoch(one.waitingSinceMs, source.viewer.timeZone), one.rowsModified, one.bytes, one.connectionId, one.user, one.database,
      ];
    }); // prettier-ignore
}

/** The row of a job, without its query. */
export function jobRow(job: DdlJob, timeZone: number | string): Row {
  const moment = (ms: number | undefined) =>
    ms === undefined ? null : fromEpoch(Math.floor(ms / 1000) * 1000, timeZone);
  return [
    job.id, job.database, job.table, job.type, job.rows, moment(job.createdAtMs), moment(job.startedAtMs), moment(job.endedAtMs), job.state,
  ]; // prettier-ignore
}

export const JOB_COLUMNS =
  'JOB_ID:big DB_NAME:name TABLE_NAME:name JOB_TYPE:name ROW_COUNT:big CREATE_TIME:timeN START_TIME:timeN END_TIME:timeN STATE:name';

export const DIAGNOSTIC_TABLES: readonly VirtualTableDefinition[] = [
  virtual(IS, 'STATEMENTS_SUMMARY', described(
    `SUMMARY_BEGIN_TIME:time SUMMARY_END_TIME:time STMT_TYPE:name SCHEMA_NAME:nameN DIGEST:nameN DIGEST_TEXT:longN SAMPLE_USER:nameN EXEC_COUNT:ubig SUM_ERRORS:int SUM_WARNINGS:int
    SUM_LATENCY:ubig MAX_LATENCY:ubig MIN_LATENCY:ubig AVG_LATENCY:ubig AVG_MEM:ubig MAX_MEM:ubig AVG_AFFECTED_ROWS:double AVG_RESULT_ROWS:double FIRST_SEEN:time LAST_SEEN:time
    PLAN_IN_CACHE:int PLAN_CACHE_HITS:big PREPARED:int QUERY_SAMPLE_TEXT:longN`), statements),
  virtual(IS, 'STATEMENTS_SUMMARY_EVICTED', described('BEGIN_TIME:time END_TIME:time EVICTED_COUNT:big'), evicted),
  virtual(IS, 'DDL_JOBS', described(`${JOB_COLUMNS} QUERY:long`), (source) =>
    seesAll(source) ? source.ddlJobs().map((job) => [...jobRow(job, source.viewer.timeZone), job.query]) : []),
  virtual(IS, 'DEADLOCKS', described(
    'DEADLOCK_ID:big OCCUR_TIME:time6N RETRYABLE:int TRY_LOCK_TRX_ID:ubig CURRENT_SQL_DIGEST:nameN CURRENT_SQL_DIGEST_TEXT:longN KEY:longN KEY_INFO:longN TRX_HOLDING_LOCK:ubig',
  ), deadlocks),
  virtual(IS, 'DATA_LOCK_WAITS', described(
    'KEY:long KEY_INFO:longN TRX_ID:ubig CURRENT_HOLDING_TRX_ID:ubigN SQL_DIGEST:nameN SQL_DIGEST_TEXT:longN',
  ), lockWaits),
  virtual(IS, 'TIDB_TRX', described(
    `ID:ubig START_TIME:time6N CURRENT_SQL_DIGEST:nameN CURRENT_SQL_DIGEST_TEXT:longN STATE:short WAITING_START_TIME:time6N MEM_BUFFER_KEYS:big MEM_BUFFER_BYTES:big SESSION_ID:ubig
    USER:nameN DB:nameN`), transactions),
]; // prettier-ignore
