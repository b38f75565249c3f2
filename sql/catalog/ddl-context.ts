/**
 * `DdlContext`: what a definition statement needs from whoever runs it. The catalog neither parses nor evaluates: text of
 * expressions and views, and conversions of values, come through these ports; `constant-default.ts` covers plain literals.
 */
import type { DdlJob } from './ddl-jobs.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { ColumnInfo, ForeignKeyInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { WarningLevel } from '../functions/context.ts';
import type { ExpressionNode, QueryNode, TableName } from '../parser/ast.ts';

export interface DdlContext {
  readonly currentDatabase: string | undefined;
  /** `user@host` of the account, the definer of views. */
  readonly currentUser: string;
  /** The statement's text; nodes carry offsets into it. */
  readonly sql: string;
  readonly strict: boolean;
  readonly noZeroDate: boolean;
  readonly charsetServer: string;
  readonly collationServer: string;
  /** The session's zone, minutes east of UTC or an IANA name: what TIMESTAMP literals and copied TIMESTAMP values are read in. UTC when absent. */
  readonly timeZone?: number | string;
  /** `foreign_key_checks`. */
  readonly foreignKeyChecks: boolean;
  /** Start of the statement, milliseconds since the epoch. */
  readonly statementTimeMs: number;
  /** How long a change waits for transactions that use the version before (lock_wait_timeout). */
  readonly lockWaitMs: number;
  warn(level: WarningLevel, errno: number, message: string): void;
  /** Throws when the statement must stop; called between batches. */
  checkKilled(): void;
  /** Where it stands, for those who look on. */
  readonly job?: DdlJob;
  /** Converts a stored value for a column that changes its type, as an UPDATE would: throws 1264, 1265, 1366, 1406, 1292. */
  convert(value: Datum, from: FieldType, to: ColumnInfo, row: number): Datum;
  /** The value of an expression without columns, for existing rows of a column that is added with `DEFAULT (expr)`. */
  evaluate(expression: ExpressionNode, type: FieldType): Datum;
  /** Throws when a `DEFAULT (expr)`, `AS (expr)` or `CHECK (expr)` of the table cannot be computed; `before`: the table as it was. */
  checkExpressions(table: TableInfo, before: TableInfo | undefined): void;
  /**
   * For a row that is copied, by column offset: computes the table's generated columns, and throws 3819 where it breaks a CHECK constraint. `undefined`:
   * there are none.
   */
  rowRules(table: TableInfo): ((row: (Datum | undefined)[], rowNumber: number) => void) | undefined;
  readonly partitions: PartitionPort;
  /** A row of the table refers by this key to a row that is not there. */
  hasOrphan(database: string, table: TableInfo, key: ForeignKeyInfo): Promise<boolean>;
  /** The table that CREATE TABLE … LIKE copies, where it is not of the schema that the new one goes to. */
  likeSource?(name: TableName): TableInfo | undefined;
  /** MySQL's printed form of an expression in a definition. */
  restoreExpression(expression: ExpressionNode): string;
  /** Checks the query of a view, and answers its text with all names qualified, and the names of its columns. */
  describeView(query: QueryNode): { readonly sql: string; readonly columns: readonly string[] };
}

/** What partitions need evaluated. */
export interface PartitionPort {
  /** A bound as it is written. */
  constant(expression: ExpressionNode): { readonly value: Datum; readonly type: FieldType };
  /** The type of the table's partitioning expression; throws when it cannot be one. */
  functionType(table: TableInfo): FieldType;
  placing(table: TableInfo): RowPlacing;
}

/** Where rows, by column offset, go. */
export interface RowPlacing {
  /** Position of the partition; -1: there is none for it. */
  find(row: readonly (Datum | undefined)[]): number;
  /** Error 1526. */
  failure(row: readonly (Datum | undefined)[]): Error;
}

export interface DdlResult {
  /** Rows copied by a change that rebuilt the table; MySQL reports them as affected. */
  readonly affectedRows: number;
  readonly info: string;
}

export const DDL_DONE: DdlResult = { affectedRows: 0, info: '' };
