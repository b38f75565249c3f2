/**
 * Statements that define things: databases, tables, indexes, views. Names keep their letters; words that the grammar
 * knows (types, engines' options, actions) are in one case: types lower, everything else upper.
 */
import type { ExpressionNode, Located } from './ast-expression.ts';
import type { QueryNode, TableName } from './ast-query.ts';

// ---- types ----

/** MySQL's names; synonyms are mapped (`integer` → `int`, `bool` → `tinyint`(1), `numeric` → `decimal`, `long` → `mediumtext`, …). */
export type TypeName =
  | 'tinyint' | 'smallint' | 'mediumint' | 'int' | 'bigint'
  | 'decimal' | 'float' | 'double' | 'bit'
  | 'char' | 'varchar' | 'binary' | 'varbinary'
  | 'tinytext' | 'text' | 'mediumtext' | 'longtext'
  | 'tinyblob' | 'blob' | 'mediumblob' | 'longblob'
  | 'enum' | 'set'
  | 'date' | 'time' | 'datetime' | 'timestamp' | 'year'
  | 'json' | 'vector'
  | 'geometry' | 'point' | 'linestring' | 'polygon' | 'multipoint' | 'multilinestring' | 'multipolygon' | 'geometrycollection'
  /** CAST only: SIGNED and UNSIGNED (`unsigned` tells which). */
  | 'signed'; // prettier-ignore

export interface DataType extends Located {
  readonly name: TypeName;
  /** Characters, bytes, digits, bits or fractional seconds: the first number in parentheses. */
  readonly length?: number;
  /** The second number: DECIMAL(10, 2), FLOAT(7, 4). */
  readonly decimals?: number;
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  /** ENUM and SET. */
  readonly elements?: readonly string[];
  readonly charset?: string;
  readonly collation?: string;
  /** `CHAR(5) BINARY`: the charset's _bin collation. */
  readonly binary: boolean;
  /** SERIAL: BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE (the attributes are set on the column, too). */
  readonly serial?: boolean;
}

// ---- databases ----

export interface DatabaseOptions {
  readonly charset?: string;
  readonly collation?: string;
  readonly encryption?: string;
  readonly readOnly?: string;
}

export interface CreateDatabaseStatement extends Located {
  readonly kind: 'create-database';
  readonly name: string;
  readonly ifNotExists: boolean;
  readonly options: DatabaseOptions;
}

export interface AlterDatabaseStatement extends Located {
  readonly kind: 'alter-database';
  /** Undefined: the current one. */
  readonly name?: string;
  readonly options: DatabaseOptions;
}

export interface DropDatabaseStatement extends Located {
  readonly kind: 'drop-database';
  readonly name: string;
  readonly ifExists: boolean;
}

// ---- tables ----

export interface CreateTableStatement extends Located {
  readonly kind: 'create-table';
  readonly table: TableName;
  readonly ifNotExists: boolean;
  readonly temporary: boolean | 'global';
  readonly columns: readonly ColumnDefinition[];
  readonly indexes: readonly IndexDefinition[];
  readonly foreignKeys: readonly ForeignKeyDefinition[];
  readonly checks: readonly CheckDefinition[];
  readonly options: readonly TableOption[];
  readonly partitioning?: Partitioning;
  readonly duplicates?: 'IGNORE' | 'REPLACE';
  /** CREATE TABLE … AS SELECT. */
  readonly query?: QueryNode;
}

export interface CreateTableLikeStatement extends Located {
  readonly kind: 'create-table-like';
  readonly table: TableName;
  readonly source: TableName;
  readonly ifNotExists: boolean;
  readonly temporary: boolean;
}

export interface ColumnDefinition extends Located {
  readonly name: string;
  readonly type: DataType;
  /** Undefined: nothing was said (TIMESTAMP and primary key columns may differ from NULL). */
  readonly nullable?: boolean;
  /** A literal (maybe signed), NULL, a call of `now`, or any expression in parentheses (`defaultIsExpression`). */
  readonly default?: ExpressionNode;
  readonly defaultIsExpression?: boolean;
  /** ON UPDATE CURRENT_TIMESTAMP: a call of `now`. */
  readonly onUpdate?: ExpressionNode;
  readonly autoIncrement: boolean;
  /** AUTO_RANDOM[(shard bits[, range])]. */
  readonly autoRandom?: { readonly shardBits?: number; readonly range?: number };
  readonly primaryKey: boolean;
  readonly primaryKeyClustered?: boolean;
  readonly unique: boolean;
  readonly comment?: string;
  /** COLLATE as a column attribute; also copied from the type. */
  readonly collation?: string;
  readonly columnFormat?: string;
  readonly storage?: string;
  readonly visible?: boolean;
  readonly srid?: number;
  readonly generated?: { readonly expression: ExpressionNode; readonly stored: boolean };
  readonly references?: ForeignKeyReference;
  readonly checks: readonly CheckDefinition[];
}

export interface IndexDefinition extends Located {
  readonly kind: 'primary' | 'unique' | 'index' | 'fulltext' | 'spatial';
  readonly name?: string;
  /** CONSTRAINT name before it. For UNIQUE it names the index when `name` is absent. */
  readonly constraint?: string;
  readonly ifNotExists: boolean;
  readonly parts: readonly IndexPart[];
  readonly options: IndexOptions;
}

export interface IndexPart extends Located {
  readonly column?: string;
  /** Characters of a prefix. */
  readonly prefixLength?: number;
  /** `((expr))`; then `column` is absent. */
  readonly expression?: ExpressionNode;
  readonly descending: boolean;
}

export interface IndexOptions {
  /** BTREE, HASH, RTREE. */
  readonly using?: string;
  readonly comment?: string;
  readonly visible?: boolean;
  readonly keyBlockSize?: number;
  readonly parser?: string;
  readonly clustered?: boolean;
  readonly global?: boolean;
  readonly engineAttribute?: string;
  readonly secondaryEngineAttribute?: string;
}

export interface ForeignKeyDefinition extends Located {
  readonly constraint?: string;
  readonly name?: string;
  readonly columns: readonly string[];
  readonly references: ForeignKeyReference;
}

export type ReferenceAction = 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'NO ACTION' | 'SET DEFAULT';

export interface ForeignKeyReference {
  readonly table: TableName;
  readonly columns: readonly string[];
  readonly match?: 'FULL' | 'PARTIAL' | 'SIMPLE';
  readonly onDelete?: ReferenceAction;
  readonly onUpdate?: ReferenceAction;
}

export interface CheckDefinition extends Located {
  readonly name?: string;
  readonly expression: ExpressionNode;
  readonly enforced: boolean;
}

/**
 * `name` is upper case and one of a kind (`CHARSET`, `COLLATE`, `ENGINE`, `AUTO_INCREMENT`, `COMMENT`, `ROW_FORMAT`, `UNION`, …).
 * A number stays a number; words and strings are strings.
 */
export interface TableOption {
  readonly name: string;
  readonly value: string | number | readonly TableName[];
}

export interface Partitioning {
  readonly method: 'HASH' | 'KEY' | 'RANGE' | 'LIST';
  readonly linear: boolean;
  /** HASH, RANGE, LIST by expression. */
  readonly expression?: ExpressionNode;
  /** KEY, RANGE COLUMNS, LIST COLUMNS. */
  readonly columns?: readonly string[];
  readonly algorithm?: number;
  readonly count?: number;
  readonly subpartition?: {
    readonly method: 'HASH' | 'KEY';
    readonly linear: boolean;
    readonly expression?: ExpressionNode;
    readonly columns?: readonly string[];
    readonly count?: number;
  };
  readonly partitions: readonly PartitionDefinition[];
}

export interface PartitionDefinition extends Located {
  readonly name: string;
  /** LESS THAN (…); MAXVALUE is null in the list. */
  readonly lessThan?: readonly (ExpressionNode | null)[];
  readonly in?: readonly ExpressionNode[];
  readonly options: readonly TableOption[];
  readonly subpartitions: readonly { readonly name: string; readonly options: readonly TableOption[] }[];
}

export interface AlterTableStatement extends Located {
  readonly kind: 'alter-table';
  readonly table: TableName;
  readonly ignore: boolean;
  readonly changes: readonly TableChange[];
}

export type ColumnPosition = { readonly kind: 'first' } | { readonly kind: 'after'; readonly column: string };

export type TableChange =
  | {
      readonly kind: 'add-column';
      readonly column: ColumnDefinition;
      readonly position?: ColumnPosition;
      readonly ifNotExists: boolean;
    }
  | { readonly kind: 'drop-column'; readonly name: string; readonly ifExists: boolean }
  | {
      readonly kind: 'modify-column';
      readonly column: ColumnDefinition;
      readonly position?: ColumnPosition;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'change-column';
      readonly name: string;
      readonly column: ColumnDefinition;
      readonly position?: ColumnPosition;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'rename-column'; readonly name: string; readonly to: string }
  /** No `default`: DROP DEFAULT. */
  | {
      readonly kind: 'alter-default';
      readonly name: string;
      readonly default?: ExpressionNode;
      readonly defaultIsExpression?: boolean;
    }
  | { readonly kind: 'alter-column-visibility'; readonly name: string; readonly visible: boolean }
  | { readonly kind: 'add-index'; readonly index: IndexDefinition }
  | { readonly kind: 'drop-index'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'drop-primary-key' }
  | { readonly kind: 'rename-index'; readonly name: string; readonly to: string }
  | { readonly kind: 'alter-index-visibility'; readonly name: string; readonly visible: boolean }
  | { readonly kind: 'add-foreign-key'; readonly foreignKey: ForeignKeyDefinition }
  | { readonly kind: 'drop-foreign-key'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'add-check'; readonly check: CheckDefinition }
  | { readonly kind: 'drop-check'; readonly name: string }
  /** DROP CONSTRAINT: a check, a key or a foreign key of that name. */
  | { readonly kind: 'drop-constraint'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'alter-check'; readonly name: string; readonly enforced: boolean }
  | { readonly kind: 'rename'; readonly to: TableName }
  | { readonly kind: 'convert-charset'; readonly charset: string; readonly collation?: string }
  | { readonly kind: 'options'; readonly options: readonly TableOption[] }
  | { readonly kind: 'order-by'; readonly columns: readonly { readonly name: string; readonly descending: boolean }[] }
  | { readonly kind: 'keys'; readonly enabled: boolean }
  | { readonly kind: 'tablespace'; readonly action: 'DISCARD' | 'IMPORT' }
  | { readonly kind: 'force' }
  | { readonly kind: 'algorithm'; readonly value: string }
  | { readonly kind: 'lock'; readonly value: string }
  | { readonly kind: 'validation'; readonly enabled: boolean }
  | { readonly kind: 'partition-by'; readonly partitioning: Partitioning }
  | { readonly kind: 'remove-partitioning' }
  | { readonly kind: 'add-partition'; readonly partitions: readonly PartitionDefinition[]; readonly count?: number }
  | { readonly kind: 'coalesce-partition'; readonly count: number }
  | {
      readonly kind: 'reorganize-partition';
      readonly names: readonly string[];
      readonly into: readonly PartitionDefinition[];
    }
  | {
      readonly kind: 'exchange-partition';
      readonly name: string;
      readonly table: TableName;
      readonly validation?: boolean;
    }
  /** `names` undefined: ALL. */
  | {
      readonly kind: 'partition-action';
      readonly action:
        'DROP' | 'TRUNCATE' | 'ANALYZE' | 'CHECK' | 'OPTIMIZE' | 'REBUILD' | 'REPAIR' | 'DISCARD' | 'IMPORT';
      readonly names?: readonly string[];
    };

export interface DropTableStatement extends Located {
  readonly kind: 'drop-table';
  readonly tables: readonly TableName[];
  readonly temporary: boolean;
  readonly ifExists: boolean;
}

export interface TruncateTableStatement extends Located {
  readonly kind: 'truncate-table';
  readonly table: TableName;
}

/** FLASHBACK TABLE t TO u, RECOVER TABLE t. */
export interface FlashbackTableStatement extends Located {
  readonly kind: 'flashback-table';
  readonly table: TableName;
  readonly to: string | undefined;
}

export interface FlashbackDatabaseStatement extends Located {
  readonly kind: 'flashback-database';
  readonly name: string;
  readonly to: string | undefined;
}

export interface RenameTableStatement extends Located {
  readonly kind: 'rename-table';
  readonly renames: readonly { readonly from: TableName; readonly to: TableName }[];
}

// ---- indexes ----

export interface CreateIndexStatement extends Located {
  readonly kind: 'create-index';
  readonly table: TableName;
  /** Never `primary`; always named. */
  readonly index: IndexDefinition;
  readonly algorithm?: string;
  readonly lock?: string;
}

export interface DropIndexStatement extends Located {
  readonly kind: 'drop-index';
  readonly table: TableName;
  readonly name: string;
  readonly ifExists: boolean;
  readonly algorithm?: string;
  readonly lock?: string;
}

// ---- views ----

export interface CreateViewStatement extends Located {
  readonly kind: 'create-view';
  /** ALTER VIEW: it must exist; `orReplace`: it may. */
  readonly alter: boolean;
  readonly orReplace: boolean;
  readonly algorithm: 'UNDEFINED' | 'MERGE' | 'TEMPTABLE';
  /** Undefined: the current user. */
  readonly definer?: UserName;
  readonly security: 'DEFINER' | 'INVOKER';
  readonly view: TableName;
  readonly columns: readonly string[];
  readonly query: QueryNode;
  readonly checkOption: 'NONE' | 'LOCAL' | 'CASCADED';
}

export interface DropViewStatement extends Located {
  readonly kind: 'drop-view';
  readonly views: readonly TableName[];
  readonly ifExists: boolean;
}

/** `'name'@'host'`; host `%` when not written. `current`: CURRENT_USER. */
export interface UserName extends Located {
  readonly user: string;
  readonly host: string;
  readonly current: boolean;
}
