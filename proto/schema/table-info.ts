/**
 * The schema as data: what is kept, as JSON, under the `m…` keys, and what a plan fragment carries to another process.
 *
 * Ids are unique in the cluster and never used again. A column or index goes through the states of online DDL (F1, VLDB
 * 2013): each change of `state` is one schema version, and at most two adjacent versions are in use at a time:
 *
 *     none → delete-only → write-only → write-reorganization (backfill) → public       and back the same way when dropped
 *
 * Readers see public objects only; writers maintain from `write-only` on; deletes from `delete-only` on.
 */
import type { FieldType } from '../../base/value/field-type.ts';

export type SchemaState =
  'none' | 'delete-only' | 'write-only' | 'write-reorganization' | 'delete-reorganization' | 'public';

/** JSON-safe form of a datum: the text MySQL would print, or base64 behind `base64:` for byte strings. */
export type StoredDefault =
  | { readonly kind: 'none' }
  | { readonly kind: 'null' }
  | { readonly kind: 'value'; readonly text: string }
  /** `CURRENT_TIMESTAMP(n)` or `(expr)`: the source text of the expression. */
  | { readonly kind: 'expression'; readonly sql: string };

export interface ColumnInfo {
  readonly id: number;
  readonly name: string;
  /** Position in the table, from 0. */
  readonly offset: number;
  readonly type: FieldType;
  readonly state: SchemaState;
  readonly default: StoredDefault;
  /** What rows written before the column existed show. */
  readonly originDefault: StoredDefault;
  readonly autoIncrement: boolean;
  readonly onUpdateNow: boolean;
  readonly comment: string;
  readonly invisible?: boolean;
  /** `AS (expr)`, in MySQL's printed form, columns by bare name. Kept with the row either way: `stored` is what was said. */
  readonly generated?: { readonly sql: string; readonly stored: boolean };
}

export interface IndexColumn {
  readonly name: string;
  readonly offset: number;
  /** Characters (bytes for binary) of a prefix index, -1 for the whole value. */
  readonly prefixLength: number;
  /** `DESC`: larger values lie first, NULL last. */
  readonly descending?: true;
}

export interface IndexInfo {
  /** From 1; 0 for the PRIMARY of a `pkIsHandle` table. A nonclustered PRIMARY is an ordinary unique index. */
  readonly id: number;
  readonly name: string;
  readonly columns: readonly IndexColumn[];
  readonly unique: boolean;
  readonly primary: boolean;
  readonly state: SchemaState;
  readonly comment: string;
  readonly invisible: boolean;
}

/** `CONSTRAINT name CHECK (sql)`: a row for which it is false is refused; NULL passes. */
export interface CheckInfo {
  /** One of a kind in the database. */
  readonly name: string;
  /** In MySQL's printed form, columns by bare name. */
  readonly sql: string;
  readonly enforced: boolean;
}

/** RESTRICT and NO ACTION refuse alike: nothing is checked later than its row. */
export type ReferentialAction = 'NO ACTION' | 'RESTRICT' | 'CASCADE' | 'SET NULL';

/** `CONSTRAINT name FOREIGN KEY (columns) REFERENCES table (columns)`: a row whose columns are all not NULL needs a row there. */
export interface ForeignKeyInfo {
  /** One of a kind in the database. */
  readonly name: string;
  /** Ids of the table's own columns. */
  readonly columns: readonly number[];
  /** By name: the table may be made later (`foreign_key_checks = 0`), or replaced by another of that name. */
  readonly references: { readonly database: string; readonly table: string; readonly columns: readonly string[] };
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

export type PartitionMethod =
  'RANGE' | 'RANGE COLUMNS' | 'LIST' | 'LIST COLUMNS' | 'HASH' | 'LINEAR HASH' | 'KEY' | 'LINEAR KEY';

/** A bound or list value of one column: the text of a constant (as in `StoredDefault`), NULL, or MAXVALUE. */
export type PartitionBound = { readonly text: string } | 'NULL' | 'MAXVALUE';

export interface PartitionInfo {
  /** A table id of its own: rows and index entries of the partition lie under it. */
  readonly id: number;
  readonly name: string;
  readonly comment: string;
  /** RANGE: one value a column, exclusive. */
  readonly lessThan?: readonly PartitionBound[];
  /** LIST: rows of values, one value a column. */
  readonly in?: readonly (readonly PartitionBound[])[];
}

export interface PartitioningInfo {
  readonly method: PartitionMethod;
  /** RANGE, LIST and HASH: in MySQL's printed form, columns by bare name. */
  readonly expression?: string;
  /** Ids of the columns that say where a row goes: those of the list, or those in the expression. */
  readonly columns: readonly number[];
  /** `KEY ()`: the columns are those of the primary key, and printed as nothing. */
  readonly byPrimaryKey?: boolean;
  /** In order; RANGE by ascending bounds. */
  readonly partitions: readonly PartitionInfo[];
}

export interface TableInfo {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly ColumnInfo[];
  readonly indexes: readonly IndexInfo[];
  readonly checks?: readonly CheckInfo[];
  readonly foreignKeys?: readonly ForeignKeyInfo[];
  /** Nothing is stored under the table's own id then; see partitions.ts. */
  readonly partitioning?: PartitioningInfo;
  /**
   * The primary key is one integer column, and the row's handle. `indexes` holds it too (primary, id 0), so that the primary key is found
   * alike in every table; like a clustered PRIMARY it has no entries, the rows are its entries. See table-shape.ts.
   */
  readonly pkIsHandle: boolean;
  /** The primary key is something else, and clustered: its encoded columns are the handle (`indexes` holds it, primary). */
  readonly isCommonHandle: boolean;
  readonly state: SchemaState;
  readonly charset: string;
  readonly collation: string;
  readonly comment: string;
  /** Highest column and index id given out. */
  readonly columnIdMax: number;
  readonly indexIdMax: number;
  /** `CREATE TABLE … AUTO_INCREMENT = n`: the first value. */
  readonly autoIncrementStart?: number;
  /** `named`: the column names were written by the user, not taken from the query. */
  readonly view?: {
    readonly sql: string;
    readonly columns: readonly string[];
    readonly named?: boolean;
    readonly definer: string;
    readonly algorithm: string;
    readonly security: string;
    readonly checkOption: string;
  };
  /** Of one session, which alone knows it (sql/catalog/temporary-tables.ts). */
  readonly temporary?: true;
  /** Schema version of the last change. */
  readonly updateVersion: number;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
}

export interface DatabaseInfo {
  readonly id: number;
  readonly name: string;
  readonly charset: string;
  readonly collation: string;
  readonly state: SchemaState;
}
