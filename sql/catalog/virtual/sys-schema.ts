/**
 * The `sys` database: those of MySQL's views that what is known here can fill, each with its `x$` twin where MySQL has one. In the plain view times and
 * sizes are printed for people, in the twin they are numbers. Views over counters that are not kept (I/O, waits, temporary tables) are not there.
 */
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import { isInteger, TypeCode } from '../../../base/value/field-type.ts';
import { fromEpoch } from '../../../base/value/time-zone.ts';
import { publicIndexes } from '../../../proto/schema/table-shape.ts';
import type { StatementUsageRow } from '../runtime-facts.ts';
import { decodeTableKey } from '../../../proto/encoding/keys.ts';
import type { ColumnInfo, IndexInfo } from '../../../proto/schema/table-info.ts';
import { typeName, typeText } from '../column-type.ts';
import { described, virtual, type VirtualSource, type VirtualTableDefinition } from './definition.ts';
import { momentOf, seesAll } from './diagnostic-tables.ts';
import { knownWaits } from './performance-statements.ts';
import { baseTables, visibleDatabases } from './schema-tables.ts';
import { visibleProcesses } from './server-tables.ts';

const SYS = 'sys';
const PICOSECONDS = 1e9;
const TEXT_SHOWN = 64;

/** `1.50 s`, as `sys.format_time` prints picoseconds. */
function formatTime(picoseconds: number): string {
  const units: readonly [number, string][] = [[604800e12, 'w'], [86400e12, 'd'], [3600e12, 'h'], [60e12, 'm'], [1e12, 's'], [1e9, 'ms'], [1e6, 'us'], [1e3, 'ns']]; // prettier-ignore
  const unit = units.find(([size]) => picoseconds >= size);
  return unit === undefined ? `${Math.round(picoseconds)} ps` : `${(picoseconds / unit[0]).toFixed(2)} ${unit[1]}`;
}

/** As `sys.format_statement`: the beginning and the end of a long one. */
function formatStatement(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= TEXT_SHOWN ? line : `${line.slice(0, 30)} ... ${line.slice(-30)}`;
}

interface Shape {
  readonly raw: boolean;
}
const time = (ms: number, { raw }: Shape): Datum => (raw ? Math.round(ms * PICOSECONDS) : formatTime(ms * PICOSECONDS));
const statementText = (text: string, { raw }: Shape): string => (raw ? text : formatStatement(text));

function usages(source: VirtualSource): readonly StatementUsageRow[] {
  return seesAll(source) ? [...source.viewer.facts.statementUsages().entries].sort((a, b) => b.sumMs - a.sumMs) : [];
}

function statementAnalysis(source: VirtualSource, shape: Shape): Batch {
  const moment = (ms: number) => fromEpoch(ms, source.viewer.timeZone);
  return usages(source).map((one): Row => {
    const count = Math.max(1, one.count);
    return [
      statementText(one.digestText, shape), one.database === '' ? null : one.database, '', one.count, one.errors, one.warnings, time(one.sumMs, shape), time(one.maxMs, shape),
      time(one.sumMs / count, shape), time(0, shape), time(0, shape), one.rowsSent, Math.round(one.rowsSent / count), 0, 0, one.affectedRows, Math.round(one.affectedRows / count), 0, 0, 0, 0,
      shape.raw ? one.memoryMax : formatBytes(one.memoryMax), shape.raw ? one.memoryMax : formatBytes(one.memoryMax), one.digest === '' ? null : one.digest, moment(one.firstSeenMs),
      moment(one.lastSeenMs),
    ];
  }); // prettier-ignore
}

function withErrors(source: VirtualSource, shape: Shape): Batch {
  const moment = (ms: number) => fromEpoch(ms, source.viewer.timeZone);
  return usages(source)
    .filter((one) => one.errors > 0 || one.warnings > 0)
    .sort((a, b) => b.errors - a.errors || b.warnings - a.warnings)
    .map((one): Row => [
      statementText(one.digestText, shape), one.database === '' ? null : one.database, one.count, one.errors, (100 * one.errors) / Math.max(1, one.count), one.warnings,
      (100 * one.warnings) / Math.max(1, one.count), moment(one.firstSeenMs), moment(one.lastSeenMs), one.digest === '' ? null : one.digest,
    ]); // prettier-ignore
}

function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${value} bytes` : `${value.toFixed(2)} ${units[unit]}`;
}

function processes(source: VirtualSource, shape: Shape, own: boolean): Batch {
  const { facts } = source.viewer;
  const transactions = new Map(facts.transactions().map((one) => [one.connectionId, one]));
  const statements = new Map(facts.connectionStatements().map((one) => [one.connectionId, one]));
  return visibleProcesses(source)
    .filter((one) => !own || one.command !== 'Daemon')
    .map((one): Row => {
      const statement = statements.get(one.id);
      const transaction = transactions.get(one.id);
      const attribute = (name: string): string | null => one.attributes.find(([known]) => known === name)?.[1] ?? null;
      const running = statement?.running === true;
      return [
        one.id, one.id, `${one.user}@${one.host.replace(/:\d+$/, '')}`, one.database ?? null, one.command, one.state === '' ? null : one.state, one.timeSeconds,
        one.info === undefined ? null : statementText(one.info, shape), 'PRIMARY', running ? time(statement.elapsedMs, shape) : null, null, time(0, shape), 0, statement?.rowsSent ?? 0,
        statement?.affectedRows ?? 0, 0, 0, 'NO', !running && statement !== undefined ? statementText(statement.sql, shape) : null,
        !running && statement !== undefined ? time(statement.elapsedMs, shape) : null, shape.raw ? 0 : formatBytes(0), null, null, null,
        transaction === undefined ? null : time(transaction.ageMs, shape), transaction === undefined ? null : 'ACTIVE', transaction === undefined ? null : 'NO',
        attribute('_pid'), attribute('program_name'),
      ];
    }); // prettier-ignore
}

function lockWaits(source: VirtualSource, shape: Shape): Batch {
  const { facts } = source.viewer;
  const transactions = new Map(facts.transactions().map((one) => [one.startTs, one]));
  const statements = new Map(facts.connectionStatements().map((one) => [one.connectionId, one]));
  return knownWaits(source).map((one): Row => {
    const place = placeOf(source, one.key);
    const waiting = transactions.get(one.startTs);
    const blocking = transactions.get(one.holder.startTs);
    const ageSeconds = Math.floor(one.waitedMs / 1000);
    const sqlOf = (id: number): string | null => {
      const statement = statements.get(id);
      return statement?.running === true ? statementText(statement.sql, shape) : null;
    };
    const id = (ts: bigint): string => `${ts}:${Buffer.from(one.key).toString('hex')}`;
    const started = (ms: number | undefined) => (ms === undefined ? null : momentOf(source, ms));
    return [
      started(one.sinceMs), clockText(ageSeconds), ageSeconds, `\`${place.database}\`.\`${place.table}\``, place.database, place.table, null, null, place.index, 'RECORD', one.startTs,
      started(waiting?.startedAtMs), null, waiting?.locked ?? 0, waiting?.rowsModified ?? 0, one.connectionId, sqlOf(one.connectionId), id(one.startTs), 'X,REC_NOT_GAP',
      one.holder.startTs, one.holder.connectionId, sqlOf(one.holder.connectionId), id(one.holder.startTs), 'X,REC_NOT_GAP', started(blocking?.startedAtMs), null,
      blocking?.locked ?? 0, blocking?.rowsModified ?? 0, `KILL QUERY ${one.holder.connectionId}`, `KILL ${one.holder.connectionId}`,
    ];
  }); // prettier-ignore
}

/** `00:01:07` */
function clockText(seconds: number): string {
  const part = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${part(seconds / 3600)}:${part((seconds / 60) % 60)}:${part(seconds % 60)}`;
}

function placeOf({ schema }: VirtualSource, key: Uint8Array): Record<'database' | 'table' | 'index', string> {
  const decoded = decodeTableKey(key);
  const found = decoded && schema.tableById(decoded.tableId);
  const index = decoded?.kind === 'index' ? found?.table.indexes.find(({ id }) => id === decoded.indexId) : undefined;
  return { database: found?.database.name ?? '', table: found?.table.name ?? '', index: index?.name ?? 'PRIMARY' };
}

const columnList = (index: IndexInfo): string => index.columns.map(({ name }) => name).join(',');

/** An index is redundant beside one that begins with its columns; of two equal ones the later, and never a unique one beside one that is not. */
function redundantIndexes(source: VirtualSource): Batch {
  return baseTables(source).flatMap(({ database, table }) => {
    const indexes = publicIndexes(table);
    return indexes.flatMap(
      (index) =>
      indexes
        .filter((other) => other !== index && makesRedundant(other, index))
        .map((other): Row => [
          database.name, table.name, index.name, columnList(index), index.unique ? 0 : 1, other.name, columnList(other), other.unique ? 0 : 1,
          index.columns.some(({ prefixLength }) => prefixLength >= 0) ? 1 : 0, `ALTER TABLE \`${database.name}\`.\`${table.name}\` DROP INDEX \`${index.name}\``,
        ]), // prettier-ignore
    );
  });
}

function makesRedundant(dominant: IndexInfo, index: IndexInfo): boolean {
  if (index.primary) return false;
  const begins = index.columns.every((part, i) => {
    const other = dominant.columns[i];
    if (other === undefined || other.descending !== part.descending) return false;
    return other.offset === part.offset && other.prefixLength === part.prefixLength;
  });
  if (!begins) return false;
  const equal = index.columns.length === dominant.columns.length;
  if (!equal) return !index.unique;
  if (index.unique !== dominant.unique) return dominant.unique;
  return dominant.primary || dominant.id < index.id;
}

/** The largest value that the column takes. */
function integerMax({ type }: ColumnInfo): number | bigint {
  const bits = { [TypeCode.TINY]: 8n, [TypeCode.SHORT]: 16n, [TypeCode.INT24]: 24n, [TypeCode.LONG]: 32n }[type.code as number] ?? 64n; // prettier-ignore
  return (1n << (type.unsigned ? bits : bits - 1n)) - 1n;
}

async function autoIncrementColumns(source: VirtualSource): Promise<Batch> {
  const rows: { ratio: number; row: Row }[] = [];
  for (const { database, table } of baseTables(source)) {
    const column = table.columns.find((one) => one.autoIncrement && isInteger(one.type));
    if (column === undefined) continue;
    const next = await source.nextAutoIncrement(table);
    const most = integerMax(column);
    const ratio = Number(next) / Number(most);
    rows.push({
      ratio,
      row: [
        database.name, table.name, column.name, typeName(column.type), typeText(column.type), column.type.unsigned ? 0 : 1, column.type.unsigned ? 1 : 0, most, next, ratio,
      ], // prettier-ignore
    });
  }
  return rows.sort((a, b) => b.ratio - a.ratio).map(({ row }) => row);
}

function objects(source: VirtualSource): Batch {
  return visibleDatabases(source).flatMap((database): Row[] => {
    const tables = source.schema.tables(database.name);
    const indexes = tables.reduce((sum, table) => sum + publicIndexes(table).length, 0);
    const views = tables.filter((table) => table.view !== undefined).length;
    const counts: [string, number][] = [['BASE TABLE', tables.length - views], ['INDEX (BTREE)', indexes], ['VIEW', views]]; // prettier-ignore
    return counts.filter(([, count]) => count > 0).map(([kind, count]) => [database.name, kind, count]);
  });
}

function version({ viewer }: VirtualSource): Batch {
  const server = viewer.facts.variables('global').find(({ name }) => name === 'version')?.value ?? '';
  return [['2.1.2', server]];
}

const CONFIGURATION: Batch = [
  ['diagnostics.allow_i_s_tables', 'OFF'],
  ['diagnostics.include_raw', 'OFF'],
  ['ps_thread_trx_info.max_length', '65535'],
  ['statement_performance_analyzer.limit', '100'],
  ['statement_performance_analyzer.view', null],
  ['statement_truncate_len', String(TEXT_SHOWN)],
];

type Rows = (source: VirtualSource, shape: Shape) => Batch;

/** The view for people and its twin of numbers: what is text in the one is a number in the other. */
function twins(name: string, columns: string, rows: Rows): VirtualTableDefinition[] {
  const raw = columns.replaceAll(/:timeText\b/g, ':ubigN').replaceAll(/:bytesText\b/g, ':ubigN');
  const plain = columns.replaceAll(/:(timeText|bytesText)\b/g, ':shortN');
  return [
    virtual(SYS, name, described(plain), (source) => rows(source, { raw: false })),
    virtual(SYS, `x$${name}`, described(raw), (source) => rows(source, { raw: true })),
  ];
}

const PROCESS = `thd_id:ubigN conn_id:ubigN user db:nameN command:shortN state time:bigN current_statement:longN execution_engine:shortN statement_latency:timeText progress:double
  lock_latency:timeText rows_examined:ubigN rows_sent:ubigN rows_affected:ubigN tmp_tables:ubigN tmp_disk_tables:ubigN full_scan:shortN last_statement:longN
  last_statement_latency:timeText current_memory:bytesText last_wait:wordN last_wait_latency:wordN source:wordN trx_latency:timeText trx_state:shortN trx_autocommit:shortN pid:wordN
  program_name:wordN`;

export const SYS_TABLES: readonly VirtualTableDefinition[] = [
  virtual(SYS, 'version', described('sys_version:short mysql_version:word'), version),
  virtual(SYS, 'sys_config', described('variable:word value set_time:timeN set_by'), () => CONFIGURATION.map(([name, value]) => [name!, value!, null, null])),
  ...twins('processlist', PROCESS, (source, shape) => processes(source, shape, false)),
  ...twins('session', PROCESS, (source, shape) => processes(source, shape, true)),
  ...twins('statement_analysis', `query:longN db:nameN full_scan:short exec_count:ubig err_count:ubig warn_count:ubig total_latency:timeText max_latency:timeText avg_latency:timeText
    lock_latency:timeText cpu_latency:timeText rows_sent:ubig rows_sent_avg:big rows_examined:ubig rows_examined_avg:big rows_affected:ubig rows_affected_avg:big tmp_tables:ubig
    tmp_disk_tables:ubig rows_sorted:ubig sort_merge_passes:ubig max_controlled_memory:bytesText max_total_memory:bytesText digest:nameN first_seen:time6N last_seen:time6N`, statementAnalysis),
  ...twins('statements_with_errors_or_warnings', `query:longN db:nameN exec_count:ubig errors:ubig error_pct:double warnings:ubig warning_pct:double first_seen:time6N last_seen:time6N
    digest:nameN`, withErrors),
  ...twins('innodb_lock_waits', `wait_started:timeN wait_age:shortN wait_age_secs:bigN locked_table:longN locked_table_schema:nameN locked_table_name:nameN locked_table_partition:nameN
    locked_table_subpartition:nameN locked_index:nameN locked_type:shortN waiting_trx_id:ubigN waiting_trx_started:timeN waiting_trx_age:shortN waiting_trx_rows_locked:ubigN
    waiting_trx_rows_modified:ubigN waiting_pid:ubigN waiting_query:longN waiting_lock_id:wordN waiting_lock_mode:shortN blocking_trx_id:ubigN blocking_pid:ubigN blocking_query:longN
    blocking_lock_id:wordN blocking_lock_mode:shortN blocking_trx_started:timeN blocking_trx_age:shortN blocking_trx_rows_locked:ubigN blocking_trx_rows_modified:ubigN
    sql_kill_blocking_query:word sql_kill_blocking_connection:word`, lockWaits),
  virtual(SYS, 'schema_redundant_indexes', described(
    `table_schema:name table_name:name redundant_index_name:nameN redundant_index_columns:longN redundant_index_non_unique:bigN dominant_index_name:nameN dominant_index_columns:longN
    dominant_index_non_unique:bigN subpart_exists:int sql_drop_index:longN`), redundantIndexes),
  virtual(SYS, 'schema_auto_increment_columns', described(
    'table_schema:name table_name:name column_name:nameN data_type:longN column_type:long is_signed:int is_unsigned:int max_value:ubigN auto_increment:ubigN auto_increment_ratio:double',
  ), autoIncrementColumns),
  virtual(SYS, 'schema_object_overview', described('db:name object_type:name count:big'), objects),
]; // prettier-ignore
