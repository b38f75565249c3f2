/** Tables of INFORMATION_SCHEMA about things that do not exist here: present, with MySQL's columns, and empty, since tools join them. */
import { columns, T, virtual, type VirtualTableDefinition } from './definition.ts';

const IS = 'information_schema';

export const EMPTY_TABLES: readonly VirtualTableDefinition[] = [
  virtual(IS, 'ROUTINES', [
    ...columns('SPECIFIC_NAME ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME ROUTINE_TYPE', T.name), ['DATA_TYPE', T.longN], ['CHARACTER_MAXIMUM_LENGTH', T.bigN],
    ['CHARACTER_OCTET_LENGTH', T.bigN], ['NUMERIC_PRECISION', T.uintN], ['NUMERIC_SCALE', T.uintN], ['DATETIME_PRECISION', T.uintN],
    ['CHARACTER_SET_NAME', T.nameN], ['COLLATION_NAME', T.nameN], ['DTD_IDENTIFIER', T.longN], ['ROUTINE_BODY', T.short], ['ROUTINE_DEFINITION', T.longN],
    ['EXTERNAL_NAME', T.nameN], ['EXTERNAL_LANGUAGE', T.name], ['PARAMETER_STYLE', T.short], ['IS_DETERMINISTIC', T.yes], ['SQL_DATA_ACCESS', T.name],
    ['SQL_PATH', T.nameN], ['SECURITY_TYPE', T.short], ['CREATED', T.time], ['LAST_ALTERED', T.time], ['SQL_MODE', T.word], ['ROUTINE_COMMENT', T.long],
    ['DEFINER', T.word], ['CHARACTER_SET_CLIENT', T.name], ['COLLATION_CONNECTION', T.name], ['DATABASE_COLLATION', T.name],
  ]),
  virtual(IS, 'PARAMETERS', [
    ...columns('SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME', T.name), ['ORDINAL_POSITION', T.ubig], ['PARAMETER_MODE', T.shortN], ['PARAMETER_NAME', T.nameN],
    ['DATA_TYPE', T.longN], ['CHARACTER_MAXIMUM_LENGTH', T.bigN], ['CHARACTER_OCTET_LENGTH', T.bigN], ['NUMERIC_PRECISION', T.uintN], ['NUMERIC_SCALE', T.bigN],
    ['DATETIME_PRECISION', T.uintN], ['CHARACTER_SET_NAME', T.nameN], ['COLLATION_NAME', T.nameN], ['DTD_IDENTIFIER', T.long], ['ROUTINE_TYPE', T.short],
  ]),
  virtual(IS, 'TRIGGERS', [
    ...columns('TRIGGER_CATALOG TRIGGER_SCHEMA TRIGGER_NAME EVENT_MANIPULATION EVENT_OBJECT_CATALOG EVENT_OBJECT_SCHEMA EVENT_OBJECT_TABLE', T.name),
    ['ACTION_ORDER', T.uint], ['ACTION_CONDITION', T.longN], ['ACTION_STATEMENT', T.long], ...columns('ACTION_ORIENTATION ACTION_TIMING', T.short),
    ...columns('ACTION_REFERENCE_OLD_TABLE ACTION_REFERENCE_NEW_TABLE', T.nameN), ...columns('ACTION_REFERENCE_OLD_ROW ACTION_REFERENCE_NEW_ROW', T.yes),
    ['CREATED', T.time], ['SQL_MODE', T.word], ['DEFINER', T.word], ...columns('CHARACTER_SET_CLIENT COLLATION_CONNECTION DATABASE_COLLATION', T.name),
  ]),
  virtual(IS, 'EVENTS', [
    ...columns('EVENT_CATALOG EVENT_SCHEMA EVENT_NAME', T.name), ['DEFINER', T.word], ['TIME_ZONE', T.name], ['EVENT_BODY', T.short], ['EVENT_DEFINITION', T.long],
    ['EVENT_TYPE', T.short], ['EXECUTE_AT', T.timeN], ['INTERVAL_VALUE', T.wordN], ['INTERVAL_FIELD', T.wordN], ['SQL_MODE', T.word], ['STARTS', T.timeN],
    ['ENDS', T.timeN], ['STATUS', T.short], ['ON_COMPLETION', T.short], ['CREATED', T.time], ['LAST_ALTERED', T.time], ['LAST_EXECUTED', T.timeN],
    ['EVENT_COMMENT', T.long], ['ORIGINATOR', T.uint], ...columns('CHARACTER_SET_CLIENT COLLATION_CONNECTION DATABASE_COLLATION', T.name),
  ]),
  virtual(IS, 'FILES', [
    ['FILE_ID', T.bigN], ['FILE_NAME', T.longN], ['FILE_TYPE', T.wordN], ['TABLESPACE_NAME', T.word], ['TABLE_CATALOG', T.word], ['TABLE_SCHEMA', T.wordN],
    ['TABLE_NAME', T.wordN], ['LOGFILE_GROUP_NAME', T.wordN], ['LOGFILE_GROUP_NUMBER', T.bigN], ['ENGINE', T.name], ['FULLTEXT_KEYS', T.wordN],
    ...columns('DELETED_ROWS UPDATE_COUNT FREE_EXTENTS TOTAL_EXTENTS EXTENT_SIZE INITIAL_SIZE MAXIMUM_SIZE AUTOEXTEND_SIZE', T.bigN),
    ...columns('CREATION_TIME LAST_UPDATE_TIME LAST_ACCESS_TIME', T.wordN), ['RECOVER_TIME', T.wordN], ['TRANSACTION_COUNTER', T.wordN], ['VERSION', T.bigN],
    ['ROW_FORMAT', T.wordN], ...columns('TABLE_ROWS AVG_ROW_LENGTH DATA_LENGTH MAX_DATA_LENGTH INDEX_LENGTH DATA_FREE', T.bigN),
    ...columns('CREATE_TIME UPDATE_TIME CHECK_TIME CHECKSUM', T.wordN), ['STATUS', T.wordN], ['EXTRA', T.wordN],
  ]),
  virtual(IS, 'OPTIMIZER_TRACE', [['QUERY', T.long], ['TRACE', T.long], ['MISSING_BYTES_BEYOND_MAX_MEM_SIZE', T.int], ['INSUFFICIENT_PRIVILEGES', T.int]]),
  virtual(IS, 'TABLESPACES', [
    ['TABLESPACE_NAME', T.name], ['ENGINE', T.name], ['TABLESPACE_TYPE', T.nameN], ['LOGFILE_GROUP_NAME', T.nameN],
    ...columns('EXTENT_SIZE AUTOEXTEND_SIZE MAXIMUM_SIZE NODEGROUP_ID', T.ubigN), ['TABLESPACE_COMMENT', T.longN],
  ]),
  virtual(IS, 'ST_GEOMETRY_COLUMNS', [...columns('TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME SRS_NAME', T.nameN), ['SRS_ID', T.uintN], ['GEOMETRY_TYPE_NAME', T.longN]]),
  virtual(IS, 'INNODB_TABLESPACES', [['SPACE', T.uint], ['NAME', T.word], ['FLAG', T.uint], ['ROW_FORMAT', T.wordN], ['FILE_SIZE', T.ubig]]),
]; // prettier-ignore
