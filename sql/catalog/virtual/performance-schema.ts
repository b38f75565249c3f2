/** PERFORMANCE_SCHEMA: threads, connection attributes, variables and status. What MySQL instruments beyond that is not here, so its tables are not either. */
import type { Batch } from '../../../base/value/datum.ts';
import type { ProcessRow, VariableRow } from '../runtime-facts.ts';
import { T, virtual, type VirtualSource, type VirtualTableDefinition } from './definition.ts';
import { visibleProcesses } from './server-tables.ts';

const PS = 'performance_schema';

function hostOf(process: ProcessRow): string {
  const colon = process.host.lastIndexOf(':');
  return colon < 0 ? process.host : process.host.slice(0, colon);
}

function threads(source: VirtualSource): Batch {
  return visibleProcesses(source).map((one) => [
    one.id, 'thread/sql/one_connection', 'FOREGROUND', one.id, one.user, hostOf(one), one.database ?? null, one.command, one.timeSeconds, one.state,
    one.info ?? null, null, null, 'YES', 'YES', 'TCP/IP', null, null, null, 'PRIMARY', 0, 0, 0, 0,
  ]); // prettier-ignore
}

function attributes(source: VirtualSource, own: boolean): Batch {
  return visibleProcesses(source)
    .filter((one) => !own || one.id === source.viewer.connectionId)
    .flatMap((one) => one.attributes.map(([name, value], i) => [one.id, name, value, i]));
}

const pairs = (rows: readonly VariableRow[]): Batch => rows.map(({ name, value }) => [name, value]);
const ATTRIBUTE_COLUMNS = [['PROCESSLIST_ID', T.ubig], ['ATTR_NAME', T.name], ['ATTR_VALUE', T.wordN], ['ORDINAL_POSITION', T.intN]] as const; // prettier-ignore
const VARIABLE_COLUMNS = [['VARIABLE_NAME', T.name], ['VARIABLE_VALUE', T.longN]] as const; // prettier-ignore

export const PERFORMANCE_TABLES: readonly VirtualTableDefinition[] = [
  virtual(PS, 'threads', [
    ['THREAD_ID', T.ubig], ['NAME', T.word], ['TYPE', T.short], ['PROCESSLIST_ID', T.ubigN], ['PROCESSLIST_USER', T.wordN], ['PROCESSLIST_HOST', T.wordN],
    ['PROCESSLIST_DB', T.nameN], ['PROCESSLIST_COMMAND', T.shortN], ['PROCESSLIST_TIME', T.bigN], ['PROCESSLIST_STATE', T.wordN], ['PROCESSLIST_INFO', T.longN],
    ['PARENT_THREAD_ID', T.ubigN], ['ROLE', T.wordN], ['INSTRUMENTED', T.yes], ['HISTORY', T.yes], ['CONNECTION_TYPE', T.shortN], ['THREAD_OS_ID', T.ubigN],
    ['RESOURCE_GROUP', T.wordN], ['EXECUTION_ENGINE_REASON', T.wordN], ['EXECUTION_ENGINE', T.shortN], ['CONTROLLED_MEMORY', T.ubig],
    ['MAX_CONTROLLED_MEMORY', T.ubig], ['TOTAL_MEMORY', T.ubig], ['MAX_TOTAL_MEMORY', T.ubig],
  ], threads),
  virtual(PS, 'session_connect_attrs', ATTRIBUTE_COLUMNS, (source) => attributes(source, false)),
  virtual(PS, 'session_account_connect_attrs', ATTRIBUTE_COLUMNS, (source) => attributes(source, true)),
  virtual(PS, 'session_variables', VARIABLE_COLUMNS, ({ viewer }) => pairs(viewer.facts.variables('session'))),
  virtual(PS, 'global_variables', VARIABLE_COLUMNS, ({ viewer }) => pairs(viewer.facts.variables('global'))),
  virtual(PS, 'persisted_variables', VARIABLE_COLUMNS, async (source) => (await source.persistedVariables()).map(({ name, text }) => [name, text])),
  virtual(PS, 'session_status', VARIABLE_COLUMNS, ({ viewer }) => pairs(viewer.facts.status('session'))),
  virtual(PS, 'global_status', VARIABLE_COLUMNS, ({ viewer }) => pairs(viewer.facts.status('global'))),
]; // prettier-ignore
