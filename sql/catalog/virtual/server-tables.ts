/** INFORMATION_SCHEMA's tables about the server: character sets, engines, connections, keywords, slow statements. */
import type { Batch, Row } from '../../../base/value/datum.ts';
import { fromEpoch } from '../../../base/value/time-zone.ts';
import { decimalType } from '../../../base/value/field-type.ts';
import { NONRESERVED, RESERVED } from '../../parser/keywords.ts';
import { CHARSETS, COLLATIONS, isDefaultCollation } from '../charsets.ts';
import { defaultCollation } from '../../../base/value/collation/index.ts';
import type { ProcessRow } from '../runtime-facts.ts';
import { columns, rightsOf, T, virtual, type VirtualSource, type VirtualTableDefinition } from './definition.ts';

const IS = 'information_schema';
const INFO_LENGTH_MAX = 65535;

/** Own connections, or all with PROCESS. */
export function visibleProcesses(source: VirtualSource): readonly ProcessRow[] {
  const { viewer } = source;
  const user = viewer.account.slice(0, viewer.account.lastIndexOf('@'));
  const all = rightsOf(source).everywhere('PROCESS');
  return viewer.facts.processes().filter((process) => all || process.user === user);
}

function processlist(source: VirtualSource): Batch {
  return visibleProcesses(source).map((one) => [
    one.id, one.user, one.host, one.database ?? null, one.command, one.timeSeconds, one.state, one.info?.slice(0, INFO_LENGTH_MAX) ?? null,
  ]); // prettier-ignore
}

/** Own statements, or all with PROCESS: what others wrote is in their text. */
function slowQueries(source: VirtualSource): Batch {
  const { viewer } = source;
  const all = rightsOf(source).everywhere('PROCESS');
  const user = viewer.account.slice(0, viewer.account.lastIndexOf('@'));
  return viewer.facts.slowQueries().filter((one) => all || one.user === user).map((one): Row => [
    fromEpoch(one.startedAtMs, source.viewer.timeZone), one.connectionId, one.user, one.host, one.database, one.durationMs / 1000, one.rowsSent, one.rowsExamined,
    one.memoryBytesMax, one.digest, one.planSummary, one.succeeded ? 1 : 0, one.query,
  ]); // prettier-ignore
}

function keywords(): Batch {
  const rows: Row[] = [...RESERVED.map((word): Row => [word, 1]), ...NONRESERVED.map((word): Row => [word, 0])];
  return rows.sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

function transactions(source: VirtualSource): Batch {
  return source.viewer.facts.transactions().map((one): Row => [
    String(one.startTs), one.state, fromEpoch(Math.floor(one.startedAtMs / 1000) * 1000, source.viewer.timeZone), null, null, one.rowsModified, one.connectionId,
    one.query ?? null, null, 0, 0, 0, 0, 0, one.rowsModified, 0, one.isolation, 1, 1, null, 0, 0, 0, 0, null,
  ]); // prettier-ignore
}

export const ENGINE_ROWS: Batch = [
  ['InnoDB', 'DEFAULT', 'Rutile row store, snapshot isolation, row-level locking', 'YES', 'NO', 'YES'],
];

export const PLUGIN_ROWS: Batch = [
  [
    'caching_sha2_password',
    '1.0',
    'ACTIVE',
    'AUTHENTICATION',
    '2.1',
    null,
    null,
    'Rutile',
    'SHA-256 passwords with a cache',
    'PROPRIETARY',
    'FORCE',
  ],
  [
    'mysql_native_password',
    '1.1',
    'ACTIVE',
    'AUTHENTICATION',
    '2.1',
    null,
    null,
    'Rutile',
    'SHA-1 passwords',
    'PROPRIETARY',
    'FORCE',
  ],
  [
    'InnoDB',
    '1.0',
    'ACTIVE',
    'STORAGE ENGINE',
    '80036.0',
    null,
    null,
    'Rutile',
    'The row store',
    'PROPRIETARY',
    'FORCE',
  ],
].map((row) => row.map((value) => (value === 'PROPRIETARY' ? 'Apache-2.0' : value)));

export const SERVER_TABLES: readonly VirtualTableDefinition[] = [
  virtual(IS, 'CHARACTER_SETS', [['CHARACTER_SET_NAME', T.name], ['DEFAULT_COLLATE_NAME', T.name], ['DESCRIPTION', T.word], ['MAXLEN', T.uint]], () =>
    CHARSETS.map((one) => [one.name, defaultCollation(one.name) ?? '', one.description, one.bytesMax])),
  virtual(IS, 'COLLATIONS', [
    ['COLLATION_NAME', T.name], ['CHARACTER_SET_NAME', T.name], ['ID', T.ubig], ['IS_DEFAULT', T.yes], ['IS_COMPILED', T.yes], ['SORTLEN', T.uint], ['PAD_ATTRIBUTE', T.short],
  ], () => COLLATIONS.map((one) => [one.name, one.charset, one.id, isDefaultCollation(one.name, one.charset) ? 'Yes' : '', 'Yes', one.name.includes('0900') ? 0 : 1, one.padSpace ? 'PAD SPACE' : 'NO PAD'])),
  virtual(IS, 'COLLATION_CHARACTER_SET_APPLICABILITY', [['COLLATION_NAME', T.name], ['CHARACTER_SET_NAME', T.name]], () => COLLATIONS.map((one) => [one.name, one.charset])),
  virtual(IS, 'ENGINES', [
    ['ENGINE', T.name], ['SUPPORT', T.short], ['COMMENT', T.word], ['TRANSACTIONS', T.yes], ['XA', T.yes], ['SAVEPOINTS', T.yes],
  ], () => ENGINE_ROWS),
  virtual(IS, 'PROCESSLIST', [
    ['ID', T.ubig], ['USER', T.name], ['HOST', T.word], ['DB', T.nameN], ['COMMAND', T.short], ['TIME', T.int], ['STATE', T.wordN], ['INFO', T.longN],
  ], processlist),
  virtual(IS, 'KEYWORDS', [['WORD', T.name], ['RESERVED', T.intN]], keywords),
  virtual(IS, 'PLUGINS', [
    ['PLUGIN_NAME', T.name], ['PLUGIN_VERSION', T.short], ['PLUGIN_STATUS', T.short], ['PLUGIN_TYPE', T.name], ['PLUGIN_TYPE_VERSION', T.short], ['PLUGIN_LIBRARY', T.nameN],
    ['PLUGIN_LIBRARY_VERSION', T.shortN], ['PLUGIN_AUTHOR', T.nameN], ['PLUGIN_DESCRIPTION', T.longN], ['PLUGIN_LICENSE', T.nameN], ['LOAD_OPTION', T.name],
  ], () => PLUGIN_ROWS),
  virtual(IS, 'SLOW_QUERY', [
    ['TIME', T.time], ['CONN_ID', T.ubig], ['USER', T.name], ['HOST', T.word], ['DB', T.name], ['QUERY_TIME', T.double], ['ROWS_SENT', T.ubig], ['ROWS_EXAMINED', T.ubig],
    ['MEM_MAX', T.ubig], ['DIGEST', T.name], ['PLAN', T.longN], ['SUCC', T.int], ['QUERY', T.longN],
  ], slowQueries),
  virtual(IS, 'INNODB_TRX', [
    ['trx_id', T.short], ['trx_state', T.short], ['trx_started', T.time], ['trx_requested_lock_id', T.wordN], ['trx_wait_started', T.timeN], ['trx_weight', T.ubig],
    ['trx_mysql_thread_id', T.ubig], ['trx_query', T.longN], ['trx_operation_state', T.nameN], ['trx_tables_in_use', T.ubig], ['trx_tables_locked', T.ubig],
    ['trx_lock_structs', T.ubig], ['trx_lock_memory_bytes', T.ubig], ['trx_rows_locked', T.ubig], ['trx_rows_modified', T.ubig], ['trx_concurrency_tickets', T.ubig],
    ['trx_isolation_level', T.short], ['trx_unique_checks', T.int], ['trx_foreign_key_checks', T.int], ['trx_last_foreign_key_error', T.wordN],
    ['trx_adaptive_hash_latched', T.int], ['trx_adaptive_hash_timeout', T.ubig], ['trx_is_read_only', T.int], ['trx_autocommit_non_locking', T.int],
    ['trx_schedule_weight', T.ubigN],
  ], transactions),
  virtual(IS, 'PROFILING', [
    ['QUERY_ID', T.uint], ['SEQ', T.uint], ['STATE', T.word], ['DURATION', decimalType(9, 6)], ...columns('CPU_USER CPU_SYSTEM', decimalType(9, 6)),
    ...columns('CONTEXT_VOLUNTARY CONTEXT_INVOLUNTARY BLOCK_OPS_IN BLOCK_OPS_OUT MESSAGES_SENT MESSAGES_RECEIVED PAGE_FAULTS_MAJOR PAGE_FAULTS_MINOR SWAPS', T.intN),
    ['SOURCE_FUNCTION', T.wordN], ['SOURCE_FILE', T.wordN], ['SOURCE_LINE', T.intN],
  ]),
]; // prettier-ignore
