/**
 * INFORMATION_SCHEMA's less asked tables: `…_EXTENSIONS`, what InnoDB's dictionary says of tables and keys, and tables about what does not exist here,
 * which are empty. With these every table of MySQL 8.0 is there but those of docs/sql.md ("Tables that are not there").
 */
import type { Batch, Row } from '../../../base/value/datum.ts';
import { publicColumns, publicIndexes } from '../../../proto/schema/table-shape.ts';
import { described, virtual, type VirtualSource, type VirtualTableDefinition } from './definition.ts';
import { baseTables, visibleDatabases } from './schema-tables.ts';

const IS = 'information_schema';
const CATALOG = 'def';
/** As MySQL numbers them in INNODB_INDEXES.TYPE. */
const CLUSTERED = 3;
const UNIQUE = 2;

const fullName = (database: string, name: string): string => `${database}/${name}`;
/** Ids of indexes are the table's own; here they are one of a kind. */
const indexId = (tableId: number, id: number): number => tableId * 1000 + id;

function innodbTables(source: VirtualSource): Batch {
  return baseTables(source).map(({ database, table }): Row => [
    table.id, fullName(database.name, table.name), 33, publicColumns(table).length + 3, table.id, 'Dynamic', 0, 'Single', 0, 0,
  ]); // prettier-ignore
}

function innodbIndexes(source: VirtualSource): Batch {
  return baseTables(source).flatMap(
    ({ table }) =>
    publicIndexes(table).map((index): Row => [
      indexId(table.id, index.id), index.name, table.id, index.primary ? CLUSTERED : index.unique ? UNIQUE : 0, index.columns.length, 0, table.id, 50,
    ]), // prettier-ignore
  );
}

function innodbFields(source: VirtualSource): Batch {
  return baseTables(source).flatMap(({ table }) =>
    publicIndexes(table).flatMap((index) =>
      index.columns.map(({ name }, i): Row => [indexId(table.id, index.id), name, i]),
    ),
  );
}

function innodbColumns(source: VirtualSource): Batch {
  return baseTables(source).flatMap(({ table }) =>
    publicColumns(table).map((column, i): Row => [table.id, column.name, i, 0, 0, column.type.length, 0, null]),
  );
}

/** TYPE: bits for CASCADE and SET NULL of DELETE (1, 2) and UPDATE (4, 8), NO ACTION (16, 32). */
function innodbForeign(source: VirtualSource): Batch {
  return baseTables(source).flatMap(({ database, table }) =>
    (table.foreignKeys ?? []).map(({ name, columns, references, onDelete, onUpdate }): Row => {
      const bit = { CASCADE: 1, 'SET NULL': 2, 'NO ACTION': 16, RESTRICT: 0 };
      const update = { CASCADE: 4, 'SET NULL': 8, 'NO ACTION': 32, RESTRICT: 0 };
      return [
        fullName(database.name, name), fullName(database.name, table.name), fullName(references.database, references.table), columns.length, bit[onDelete] | update[onUpdate],
      ]; // prettier-ignore
    }),
  );
}

function innodbForeignColumns(source: VirtualSource): Batch {
  return baseTables(source).flatMap(({ database, table }) =>
    (table.foreignKeys ?? []).flatMap(
      ({ name, columns, references }) =>
      columns.map((id, i): Row => [
        fullName(database.name, name), table.columns.find((one) => one.id === id)!.name, references.columns[i]!, i + 1,
      ]), // prettier-ignore
    ),
  );
}

function extensions(source: VirtualSource, of: 'tables' | 'columns' | 'constraints'): Batch {
  return baseTables(source).flatMap(({ database, table }): Row[] => {
    if (of === 'tables') return [[CATALOG, database.name, table.name, null, null]];
    if (of === 'columns')
      return publicColumns(table).map((column) => [CATALOG, database.name, table.name, column.name, null, null]);
    return publicIndexes(table)
      .filter((index) => index.unique)
      .map((index) => [CATALOG, database.name, index.name, table.name, null, null]);
  });
}

const empty = (name: string, columns: string): VirtualTableDefinition => virtual(IS, name, described(columns));
const PAGE = `POOL_ID:ubig BLOCK_ID:ubig SPACE:ubig PAGE_NUMBER:ubig PAGE_TYPE FLUSH_TYPE:ubig FIX_COUNT:ubig IS_HASHED:shortN NEWEST_MODIFICATION:ubig OLDEST_MODIFICATION:ubig
  ACCESS_TIME:ubig TABLE_NAME INDEX_NAME NUMBER_RECORDS:ubig DATA_SIZE:ubig COMPRESSED_SIZE:ubig PAGE_STATE:shortN IO_FIX:shortN IS_OLD:shortN FREE_PAGE_CLOCK:ubig IS_STALE:shortN`;
const COMPRESSION = 'compress_ops:int compress_ops_ok:int compress_time:int uncompress_ops:int uncompress_time:int';
const COMPRESSED_MEMORY =
  'page_size:int buffer_pool_instance:int pages_used:int pages_free:int relocation_ops:big relocation_time:int';
const WORDS = 'WORD FIRST_DOC_ID:ubig LAST_DOC_ID:ubig DOC_COUNT:ubig DOC_ID:ubig POSITION:ubig';
const STOPWORDS =
  'a about an are as at be by com de en for from how i in is it la of on or that the this to was what when where who will with und the www';

async function columnStatistics(source: VirtualSource): Promise<Batch> {
  const kept = await source.histograms();
  return baseTables(source).flatMap(({ database, table }) =>
    publicColumns(table).flatMap(({ id, name }): Row[] => {
      const histogram = kept.get(`${table.id}:${id}`);
      return histogram === undefined ? [] : [[database.name, table.name, name, histogram]];
    }),
  );
}

export const INFORMATION_EXTRAS: readonly VirtualTableDefinition[] = [
  virtual(IS, 'COLUMN_STATISTICS', described('SCHEMA_NAME:name TABLE_NAME:name COLUMN_NAME:name HISTOGRAM:json'), columnStatistics),
  virtual(IS, 'TABLES_EXTENSIONS', described('TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name ENGINE_ATTRIBUTE:json SECONDARY_ENGINE_ATTRIBUTE:json'), (source) => extensions(source, 'tables')),
  virtual(IS, 'COLUMNS_EXTENSIONS', described('TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name COLUMN_NAME:nameN ENGINE_ATTRIBUTE:json SECONDARY_ENGINE_ATTRIBUTE:json'), (source) => extensions(source, 'columns')),
  virtual(IS, 'TABLE_CONSTRAINTS_EXTENSIONS', described('CONSTRAINT_CATALOG:name CONSTRAINT_SCHEMA:name CONSTRAINT_NAME:name TABLE_NAME:name ENGINE_ATTRIBUTE:json SECONDARY_ENGINE_ATTRIBUTE:json'), (source) => extensions(source, 'constraints')),
  virtual(IS, 'SCHEMATA_EXTENSIONS', described('CATALOG_NAME:name SCHEMA_NAME:name OPTIONS'), (source) => visibleDatabases(source).map(({ name }) => [CATALOG, name, ''])),
  empty('TABLESPACES_EXTENSIONS', 'TABLESPACE_NAME:word ENGINE_ATTRIBUTE:json'),
  empty('RESOURCE_GROUPS', 'RESOURCE_GROUP_NAME:name RESOURCE_GROUP_TYPE:name RESOURCE_GROUP_ENABLED:int VCPU_IDS:longN THREAD_PRIORITY:int'),
  empty('ST_SPATIAL_REFERENCE_SYSTEMS', 'SRS_NAME:word SRS_ID:uint ORGANIZATION ORGANIZATION_COORDSYS_ID:uintN DEFINITION:long DESCRIPTION:longN'),
  empty('ST_UNITS_OF_MEASURE', 'UNIT_NAME UNIT_TYPE:nameN CONVERSION_FACTOR:double DESCRIPTION'),
  empty('VIEW_ROUTINE_USAGE', 'TABLE_CATALOG:name TABLE_SCHEMA:name TABLE_NAME:name SPECIFIC_CATALOG:name SPECIFIC_SCHEMA:name SPECIFIC_NAME:name'),
  virtual(IS, 'INNODB_TABLES', described('TABLE_ID:ubig NAME:word FLAG:int N_COLS:int SPACE:big ROW_FORMAT:nameN ZIP_PAGE_SIZE:uint SPACE_TYPE:nameN INSTANT_COLS:int TOTAL_ROW_VERSIONS:int'), innodbTables),
  virtual(IS, 'INNODB_INDEXES', described('INDEX_ID:ubig NAME:word TABLE_ID:ubig TYPE:int N_FIELDS:int PAGE_NO:int SPACE:int MERGE_THRESHOLD:int'), innodbIndexes),
  virtual(IS, 'INNODB_FIELDS', described('INDEX_ID:ubig NAME:word POS:ubig'), innodbFields),
  virtual(IS, 'INNODB_COLUMNS', described('TABLE_ID:ubig NAME:word POS:ubig MTYPE:int PRTYPE:int LEN:int HAS_DEFAULT:int DEFAULT_VALUE:longN'), innodbColumns),
  virtual(IS, 'INNODB_FOREIGN', described('ID FOR_NAME REF_NAME N_COLS:big TYPE:ubig'), innodbForeign),
  virtual(IS, 'INNODB_FOREIGN_COLS', described('ID FOR_COL_NAME:word REF_COL_NAME:word POS:uint'), innodbForeignColumns),
  empty('INNODB_VIRTUAL', 'TABLE_ID:ubig POS:uint BASE_POS:uint'),
  virtual(IS, 'INNODB_TABLESTATS', described('TABLE_ID:ubig NAME:word STATS_INITIALIZED:word NUM_ROWS:ubig CLUST_INDEX_SIZE:ubig OTHER_INDEX_SIZE:ubig MODIFIED_COUNTER:ubig AUTOINC:ubig REF_COUNT:int'),
    (source) => baseTables(source).map(({ database, table }): Row => [table.id, fullName(database.name, table.name), 'Initialized', source.approximateRows(table), 0, 0, 0, 0, 0])),
  empty('INNODB_DATAFILES', 'SPACE PATH:word'),
  empty('INNODB_TABLESPACES_BRIEF', 'SPACE:wordN NAME:word PATH:word FLAG:wordN SPACE_TYPE:short'),
  empty('INNODB_SESSION_TEMP_TABLESPACES', 'ID:uint SPACE:uint PATH:word SIZE:ubig STATE:word PURPOSE:word'),
  empty('INNODB_TEMP_TABLE_INFO', 'TABLE_ID:ubig NAME:nameN N_COLS:uint SPACE:uint'),
  empty('INNODB_CACHED_INDEXES', 'SPACE_ID:uint INDEX_ID:ubig N_CACHED_PAGES:ubig'),
  empty('INNODB_METRICS', `NAME:word SUBSYSTEM:word COUNT:big MAX_COUNT:bigN MIN_COUNT:bigN AVG_COUNT:double COUNT_RESET:big MAX_COUNT_RESET:bigN MIN_COUNT_RESET:bigN AVG_COUNT_RESET:double
    TIME_ENABLED:timeN TIME_DISABLED:timeN TIME_ELAPSED:bigN TIME_RESET:timeN STATUS:word TYPE:word COMMENT:word`),
  empty('INNODB_BUFFER_POOL_STATS', `POOL_ID:ubig POOL_SIZE:ubig FREE_BUFFERS:ubig DATABASE_PAGES:ubig OLD_DATABASE_PAGES:ubig MODIFIED_DATABASE_PAGES:ubig PENDING_DECOMPRESS:ubig
    PENDING_READS:ubig PENDING_FLUSH_LRU:ubig PENDING_FLUSH_LIST:ubig PAGES_MADE_YOUNG:ubig PAGES_NOT_MADE_YOUNG:ubig PAGES_MADE_YOUNG_RATE:double PAGES_MADE_NOT_YOUNG_RATE:double
    NUMBER_PAGES_READ:ubig NUMBER_PAGES_CREATED:ubig NUMBER_PAGES_WRITTEN:ubig PAGES_READ_RATE:double PAGES_CREATE_RATE:double PAGES_WRITTEN_RATE:double NUMBER_PAGES_GET:ubig
    HIT_RATE:ubig YOUNG_MAKE_PER_THOUSAND_GETS:ubig NOT_YOUNG_MAKE_PER_THOUSAND_GETS:ubig NUMBER_PAGES_READ_AHEAD:ubig NUMBER_READ_AHEAD_EVICTED:ubig READ_AHEAD_RATE:double
    READ_AHEAD_EVICTED_RATE:double LRU_IO_TOTAL:ubig LRU_IO_CURRENT:ubig UNCOMPRESS_TOTAL:ubig UNCOMPRESS_CURRENT:ubig`),
  empty('INNODB_BUFFER_PAGE', PAGE),
  empty('INNODB_BUFFER_PAGE_LRU', PAGE.replace('BLOCK_ID', 'LRU_POSITION').replace('PAGE_STATE:shortN ', 'COMPRESSED:shortN ').replace(' IS_STALE:shortN', '')),
  ...['INNODB_CMP', 'INNODB_CMP_RESET'].map((name) => empty(name, `page_size:int ${COMPRESSION}`)),
  ...['INNODB_CMP_PER_INDEX', 'INNODB_CMP_PER_INDEX_RESET'].map((name) => empty(name, `database_name:name table_name:name index_name:name ${COMPRESSION}`)),
  ...['INNODB_CMPMEM', 'INNODB_CMPMEM_RESET'].map((name) => empty(name, COMPRESSED_MEMORY)),
  ...['INNODB_FT_BEING_DELETED', 'INNODB_FT_DELETED'].map((name) => empty(name, 'DOC_ID:ubig')),
  ...['INNODB_FT_INDEX_CACHE', 'INNODB_FT_INDEX_TABLE'].map((name) => empty(name, WORDS)),
  empty('INNODB_FT_CONFIG', 'KEY:word VALUE:word'),
  virtual(IS, 'INNODB_FT_DEFAULT_STOPWORD', described('value:short'), () => STOPWORDS.split(' ').map((word) => [word])),
]; // prettier-ignore
