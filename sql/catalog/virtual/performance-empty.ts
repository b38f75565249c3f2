/**
 * PERFORMANCE_SCHEMA's tables about what is not instrumented here (waits, stages, memory by event, I/O) and what does not exist (replication, keyrings):
 * with MySQL's columns, and empty, as they are in a MySQL whose instruments are off.
 */
import { described, virtual, type VirtualTableDefinition } from './definition.ts';

const empty = (name: string, columns: string): VirtualTableDefinition =>
  virtual('performance_schema', name, described(columns));

const TIMER = 'TIMER_WAIT:ubig';
const summed = (...names: string[]): string =>
  names.map((name) => `COUNT_${name}:ubig SUM_${TIMER.replace('WAIT', name)} MIN_TIMER_${name}:ubig AVG_TIMER_${name}:ubig MAX_TIMER_${name}:ubig`).join(' '); // prettier-ignore
const WAITS = 'COUNT_STAR:ubig SUM_TIMER_WAIT:ubig MIN_TIMER_WAIT:ubig AVG_TIMER_WAIT:ubig MAX_TIMER_WAIT:ubig';
const IO = `${WAITS} ${summed('READ', 'WRITE', 'FETCH', 'INSERT', 'UPDATE', 'DELETE')}`;
const LOCK_KINDS = [
  'READ', 'WRITE', 'READ_NORMAL', 'READ_WITH_SHARED_LOCKS', 'READ_HIGH_PRIORITY', 'READ_NO_INSERT', 'READ_EXTERNAL', 'WRITE_ALLOW_WRITE', 'WRITE_CONCURRENT_INSERT', 'WRITE_LOW_PRIORITY',
  'WRITE_NORMAL', 'WRITE_EXTERNAL',
]; // prettier-ignore
const MEMORY = `COUNT_ALLOC:ubig COUNT_FREE:ubig SUM_NUMBER_OF_BYTES_ALLOC:ubig SUM_NUMBER_OF_BYTES_FREE:ubig LOW_COUNT_USED:big CURRENT_COUNT_USED:big HIGH_COUNT_USED:big
  LOW_NUMBER_OF_BYTES_USED:big CURRENT_NUMBER_OF_BYTES_USED:big HIGH_NUMBER_OF_BYTES_USED:big`;
const WAIT_EVENT = `THREAD_ID:ubig EVENT_ID:ubig END_EVENT_ID:ubigN EVENT_NAME:name SOURCE:nameN TIMER_START:ubigN TIMER_END:ubigN TIMER_WAIT:ubigN SPINS:uintN OBJECT_SCHEMA:nameN
  OBJECT_NAME INDEX_NAME:nameN OBJECT_TYPE:nameN OBJECT_INSTANCE_BEGIN:ubig NESTING_EVENT_ID:ubigN NESTING_EVENT_TYPE:nameN OPERATION:name NUMBER_OF_BYTES:bigN FLAGS:uintN`;
const STAGE_EVENT = `THREAD_ID:ubig EVENT_ID:ubig END_EVENT_ID:ubigN EVENT_NAME:name SOURCE:nameN TIMER_START:ubigN TIMER_END:ubigN TIMER_WAIT:ubigN WORK_COMPLETED:ubigN
  WORK_ESTIMATED:ubigN NESTING_EVENT_ID:ubigN NESTING_EVENT_TYPE:nameN`;
const TRANSACTION_EVENT = `THREAD_ID:ubig EVENT_ID:ubig END_EVENT_ID:ubigN EVENT_NAME:name STATE:nameN TRX_ID:ubigN GTID:nameN XID_FORMAT_ID:intN XID_GTRID XID_BQUAL XA_STATE:nameN
  SOURCE:nameN TIMER_START:ubigN TIMER_END:ubigN TIMER_WAIT:ubigN ACCESS_MODE:nameN ISOLATION_LEVEL:nameN AUTOCOMMIT:short NUMBER_OF_SAVEPOINTS:ubigN
  NUMBER_OF_ROLLBACK_TO_SAVEPOINT:ubigN NUMBER_OF_RELEASE_SAVEPOINT:ubigN OBJECT_INSTANCE_BEGIN:ubigN NESTING_EVENT_ID:ubigN NESTING_EVENT_TYPE:nameN`;
const ERRORS =
  'ERROR_NUMBER:intN ERROR_NAME:nameN SQL_STATE:shortN SUM_ERROR_RAISED:ubig SUM_ERROR_HANDLED:ubig FIRST_SEEN:timeN LAST_SEEN:timeN';
const CHANNEL = 'CHANNEL_NAME:name';
const LAST_ERROR = 'LAST_ERROR_NUMBER:int LAST_ERROR_MESSAGE:word LAST_ERROR_TIMESTAMP:time6N';

export const PERFORMANCE_EMPTY: readonly VirtualTableDefinition[] = [
  empty('setup_actors', 'HOST:word USER:name ROLE:name ENABLED:yes HISTORY:yes'),
  empty('setup_consumers', 'NAME:name ENABLED:yes'),
  empty('setup_instruments', 'NAME:name ENABLED:yes TIMED:yesN PROPERTIES:word FLAGS:wordN VOLATILITY:int DOCUMENTATION:longN'),
  empty('setup_objects', 'OBJECT_TYPE:name OBJECT_SCHEMA:nameN OBJECT_NAME:name ENABLED:yes TIMED:yes'),
  empty('setup_threads', 'NAME:name ENABLED:yes HISTORY:yes PROPERTIES:word VOLATILITY:int DOCUMENTATION:longN'),
  empty('performance_timers', 'TIMER_NAME:name TIMER_FREQUENCY:bigN TIMER_RESOLUTION:bigN TIMER_OVERHEAD:bigN'),
  empty('metadata_locks', `OBJECT_TYPE:name OBJECT_SCHEMA:nameN OBJECT_NAME:nameN COLUMN_NAME:nameN OBJECT_INSTANCE_BEGIN:ubig LOCK_TYPE:name LOCK_DURATION:name LOCK_STATUS:name
    SOURCE:nameN OWNER_THREAD_ID:ubigN OWNER_EVENT_ID:ubigN`),
  empty('table_handles', 'OBJECT_TYPE:name OBJECT_SCHEMA:name OBJECT_NAME:name OBJECT_INSTANCE_BEGIN:ubig OWNER_THREAD_ID:ubigN OWNER_EVENT_ID:ubigN INTERNAL_LOCK:nameN EXTERNAL_LOCK:nameN'),
  ...['current', 'history', 'history_long'].flatMap((when) => [
    empty(`events_waits_${when}`, WAIT_EVENT), empty(`events_stages_${when}`, STAGE_EVENT), empty(`events_transactions_${when}`, TRANSACTION_EVENT),
  ]),
  ...['waits', 'stages'].flatMap((kind) => [
    empty(`events_${kind}_summary_global_by_event_name`, `EVENT_NAME:name ${WAITS}`),
    empty(`events_${kind}_summary_by_thread_by_event_name`, `THREAD_ID:ubig EVENT_NAME:name ${WAITS}`),
    empty(`events_${kind}_summary_by_host_by_event_name`, `HOST EVENT_NAME:name ${WAITS}`),
    empty(`events_${kind}_summary_by_user_by_event_name`, `USER:nameN EVENT_NAME:name ${WAITS}`),
    empty(`events_${kind}_summary_by_account_by_event_name`, `USER:nameN HOST EVENT_NAME:name ${WAITS}`),
  ]),
  empty('events_waits_summary_by_instance', `EVENT_NAME:name OBJECT_INSTANCE_BEGIN:ubig ${WAITS}`),
  empty('memory_summary_global_by_event_name', `EVENT_NAME:name ${MEMORY}`),
  empty('memory_summary_by_thread_by_event_name', `THREAD_ID:ubig EVENT_NAME:name ${MEMORY}`),
  empty('memory_summary_by_host_by_event_name', `HOST EVENT_NAME:name ${MEMORY}`),
  empty('memory_summary_by_user_by_event_name', `USER:nameN EVENT_NAME:name ${MEMORY}`),
  empty('memory_summary_by_account_by_event_name', `USER:nameN HOST EVENT_NAME:name ${MEMORY}`),
  empty('events_errors_summary_global_by_error', ERRORS),
  empty('events_errors_summary_by_thread_by_error', `THREAD_ID:ubig ${ERRORS}`),
  empty('events_errors_summary_by_host_by_error', `HOST ${ERRORS}`),
  empty('events_errors_summary_by_user_by_error', `USER:nameN ${ERRORS}`),
  empty('events_errors_summary_by_account_by_error', `USER:nameN HOST ${ERRORS}`),
  empty('table_io_waits_summary_by_table', `OBJECT_TYPE:nameN OBJECT_SCHEMA:nameN OBJECT_NAME:nameN ${IO}`),
  empty('table_io_waits_summary_by_index_usage', `OBJECT_TYPE:nameN OBJECT_SCHEMA:nameN OBJECT_NAME:nameN INDEX_NAME:nameN ${IO}`),
  empty('table_lock_waits_summary_by_table', `OBJECT_TYPE:nameN OBJECT_SCHEMA:nameN OBJECT_NAME:nameN ${WAITS} ${summed(...LOCK_KINDS)}`),
  empty('objects_summary_global_by_type', `OBJECT_TYPE:nameN OBJECT_SCHEMA:nameN OBJECT_NAME:nameN ${WAITS}`),
  empty('file_instances', 'FILE_NAME:word EVENT_NAME:name OPEN_COUNT:uint'),
  empty('file_summary_by_event_name', `EVENT_NAME:name ${WAITS} ${summed('READ')} SUM_NUMBER_OF_BYTES_READ:big ${summed('WRITE')} SUM_NUMBER_OF_BYTES_WRITE:big ${summed('MISC')}`),
  empty('file_summary_by_instance', `FILE_NAME:word EVENT_NAME:name OBJECT_INSTANCE_BEGIN:ubig ${WAITS} ${summed('READ')} SUM_NUMBER_OF_BYTES_READ:big ${summed('WRITE')}
    SUM_NUMBER_OF_BYTES_WRITE:big ${summed('MISC')}`),
  empty('socket_instances', 'EVENT_NAME:name OBJECT_INSTANCE_BEGIN:ubig THREAD_ID:ubigN SOCKET_ID:int IP:name PORT:int STATE:name'),
  empty('mutex_instances', 'NAME:name OBJECT_INSTANCE_BEGIN:ubig LOCKED_BY_THREAD_ID:ubigN'),
  empty('rwlock_instances', 'NAME:name OBJECT_INSTANCE_BEGIN:ubig WRITE_LOCKED_BY_THREAD_ID:ubigN READ_LOCKED_BY_COUNT:uint'),
  empty('cond_instances', 'NAME:name OBJECT_INSTANCE_BEGIN:ubig'),
  empty('keyring_keys', 'KEY_ID:word KEY_OWNER:wordN BACKEND_KEY_ID:wordN'),
  empty('keyring_component_status', 'STATUS_KEY:word STATUS_VALUE:word'),
  empty('user_defined_functions', 'UDF_NAME:name UDF_RETURN_TYPE:short UDF_TYPE:short UDF_LIBRARY:wordN UDF_USAGE_COUNT:bigN'),
  empty('innodb_redo_log_files', 'FILE_ID:big FILE_NAME:word START_LSN:big END_LSN:big SIZE_IN_BYTES:big IS_FULL:int CONSUMER_LEVEL:int'),
  empty('replication_connection_status', `${CHANNEL} GROUP_NAME:name SOURCE_UUID:name THREAD_ID:ubigN SERVICE_STATE:name COUNT_RECEIVED_HEARTBEATS:ubig LAST_HEARTBEAT_TIMESTAMP:time6N
    RECEIVED_TRANSACTION_SET:long ${LAST_ERROR} LAST_QUEUED_TRANSACTION:nameN LAST_QUEUED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP:time6N
    LAST_QUEUED_TRANSACTION_IMMEDIATE_COMMIT_TIMESTAMP:time6N LAST_QUEUED_TRANSACTION_START_QUEUE_TIMESTAMP:time6N LAST_QUEUED_TRANSACTION_END_QUEUE_TIMESTAMP:time6N
    QUEUEING_TRANSACTION:nameN QUEUEING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP:time6N QUEUEING_TRANSACTION_IMMEDIATE_COMMIT_TIMESTAMP:time6N
    QUEUEING_TRANSACTION_START_QUEUE_TIMESTAMP:time6N`),
  empty('replication_applier_configuration', `${CHANNEL} DESIRED_DELAY:int PRIVILEGE_CHECKS_USER:longN REQUIRE_ROW_FORMAT:yes REQUIRE_TABLE_PRIMARY_KEY_CHECK:short
    ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_TYPE:short ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_VALUE:longN`),
  empty('replication_applier_status', `${CHANNEL} SERVICE_STATE:short REMAINING_DELAY:uintN COUNT_TRANSACTIONS_RETRIES:ubig`),
  empty('replication_group_members', `${CHANNEL} MEMBER_ID:name MEMBER_HOST:word MEMBER_PORT:intN MEMBER_STATE:name MEMBER_ROLE:name MEMBER_VERSION:name MEMBER_COMMUNICATION_STACK:name`),
  empty('replication_group_member_stats', `${CHANNEL} VIEW_ID:name MEMBER_ID:name COUNT_TRANSACTIONS_IN_QUEUE:ubig COUNT_TRANSACTIONS_CHECKED:ubig COUNT_CONFLICTS_DETECTED:ubig
    COUNT_TRANSACTIONS_ROWS_VALIDATING:ubig TRANSACTIONS_COMMITTED_ALL_MEMBERS:long LAST_CONFLICT_FREE_TRANSACTION:long COUNT_TRANSACTIONS_REMOTE_IN_APPLIER_QUEUE:ubig
    COUNT_TRANSACTIONS_REMOTE_APPLIED:ubig COUNT_TRANSACTIONS_LOCAL_PROPOSED:ubig COUNT_TRANSACTIONS_LOCAL_ROLLBACK:ubig`),
]; // prettier-ignore
