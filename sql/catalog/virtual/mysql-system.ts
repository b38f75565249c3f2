/**
 * The rest of the `mysql` database: what the server keeps about itself in tables. Time zones are those that the server knows by name; costs are MySQL's
 * defaults; what does not exist here (servers, loadable functions, components, replication, help texts) is an empty table with MySQL's columns.
 */
import type { Batch } from '../../../base/value/datum.ts';
import { described, virtual, type VirtualTableDefinition } from './definition.ts';

const DB = 'mysql';

/** Name, default value, as MySQL's optimizer has them. The planner has costs of its own: these cannot be changed. */
const SERVER_COSTS: readonly (readonly [string, number])[] = [
  ['disk_temptable_create_cost', 20], ['disk_temptable_row_cost', 0.5], ['key_compare_cost', 0.05], ['memory_temptable_create_cost', 1],
  ['memory_temptable_row_cost', 0.1], ['row_evaluate_cost', 0.1],
]; // prettier-ignore
const ENGINE_COSTS: readonly (readonly [string, number])[] = [['io_block_read_cost', 1], ['memory_block_read_cost', 0.25]]; // prettier-ignore

const COST_COLUMNS = 'cost_value:double last_update:timeN comment:wordN default_value:double';
const CHANNEL = 'Channel_name:name';

const empty = (name: string, columns: string): VirtualTableDefinition => virtual(DB, name, described(columns));

export const MYSQL_SYSTEM_TABLES: readonly VirtualTableDefinition[] = [
  virtual(DB, 'server_cost', described(`cost_name:name ${COST_COLUMNS}`), (): Batch => SERVER_COSTS.map(([name, value]) => [name, null, null, null, value])),
  virtual(DB, 'engine_cost', described(`engine_name:name device_type:int cost_name:name ${COST_COLUMNS}`), (): Batch => ENGINE_COSTS.map(([name, value]) => ['default', 0, name, null, null, null, value])),
  empty('component', 'component_id:uint component_group_id:uint component_urn:long'),
  empty('func', 'name:name ret:int dl:name type:short'),
  empty('plugin', 'name:name dl:word'),
  empty('servers', 'Server_name:name Host:word Db:name Username:name Password:name Port:int Socket:name Wrapper:name Owner:name'),
  empty('general_log', 'event_time:time6N user_host:long thread_id:ubig server_id:uint command_type:name argument:long'),
  empty('slow_log', 'start_time:time6N user_host:long query_time:wordN lock_time:wordN rows_sent:int rows_examined:int db:name last_insert_id:int insert_id:int server_id:uint sql_text:long thread_id:ubig'),
  empty('help_category', 'help_category_id:uint name:name parent_category_id:uintN url:long'),
  empty('help_keyword', 'help_keyword_id:uint name:name'),
  empty('help_relation', 'help_topic_id:uint help_keyword_id:uint'),
  empty('time_zone_leap_second', 'Transition_time:big Correction:int'),
  empty('time_zone_transition', 'Time_zone_id:uint Transition_time:big Transition_type_id:uint'),
  empty('time_zone_transition_type', 'Time_zone_id:uint Transition_type_id:uint Offset:int Is_DST:uint Abbreviation:short'),
  empty('innodb_table_stats', 'database_name:name table_name:name last_update:time n_rows:ubig clustered_index_size:ubig sum_of_other_index_sizes:ubig'),
  empty('innodb_index_stats', 'database_name:name table_name:name index_name:name last_update:time stat_name:name stat_value:ubig sample_size:ubigN stat_description:word'),
  empty('gtid_executed', 'source_uuid:name interval_start:big interval_end:big'),
  empty('ndb_binlog_index', 'Position:ubig File:word epoch:ubig inserts:uint updates:uint deletes:uint schemaops:uint orig_server_id:uint orig_epoch:ubig gci:uint next_position:ubig next_file:word'),
  empty('password_history', 'Host:word User:name Password_timestamp:time6N Password:longN'),
  empty('proxies_priv', 'Host:word User:name Proxied_host:word Proxied_user:name With_grant:int Grantor:word Timestamp:time'),
  empty('replication_asynchronous_connection_failover', `${CHANNEL} Host:word Port:uint Network_namespace:nameN Weight:uint Managed_name:name`),
  empty('replication_asynchronous_connection_failover_managed', `${CHANNEL} Managed_name:name Managed_type:name Configuration:json`),
  empty('replication_group_configuration_version', 'name:word version:ubig'),
  empty('replication_group_member_actions', 'name:word event:name enabled:int type:name priority:uint error_handling:name'),
  empty('slave_master_info', `Number_of_lines:uint Master_log_name:long Master_log_pos:ubig Host:wordN User_name:longN User_password:longN Port:uint Connect_retry:uint Enabled_ssl:int
    Ssl_ca:longN Ssl_capath:longN Ssl_cert:longN Ssl_cipher:longN Ssl_key:longN Ssl_verify_server_cert:int Heartbeat:double Bind:longN Ignored_server_ids:longN Uuid:longN Retry_count:ubig
    Ssl_crl:longN Ssl_crlpath:longN Enabled_auto_position:int ${CHANNEL} Tls_version:longN Public_key_path:longN Get_public_key:int Network_namespace:longN
    Master_compression_algorithm:name Master_zstd_compression_level:uint Tls_ciphersuites:longN Source_connection_auto_failover:int Gtid_only:int`),
  empty('slave_relay_log_info', `Number_of_lines:uint Relay_log_name:longN Relay_log_pos:ubigN Master_log_name:longN Master_log_pos:ubigN Sql_delay:intN Number_of_workers:uintN Id:uintN
    ${CHANNEL} Privilege_checks_username:nameN Privilege_checks_hostname:wordN Require_row_format:int Require_table_primary_key_check:name
    Assign_gtids_to_anonymous_transactions_type:name Assign_gtids_to_anonymous_transactions_value:longN`),
  empty('slave_worker_info', `Id:uint Relay_log_name:long Relay_log_pos:ubig Master_log_name:long Master_log_pos:ubig Checkpoint_relay_log_name:long Checkpoint_relay_log_pos:ubig
    Checkpoint_master_log_name:long Checkpoint_master_log_pos:ubig Checkpoint_seqno:uint Checkpoint_group_size:uint Checkpoint_group_bitmap:long ${CHANNEL}`),
]; // prettier-ignore
