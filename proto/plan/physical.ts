/**
 * Physical plans as data: what the planner makes and the executors run. A tree of nodes; each node lists its output columns in order, and
 * every `column` expression in a node carries the `index` into its input row (for joins: left row followed by right row).
 *
 * The row engine runs all of them; the column engine runs the subtree below a `column-engine` node, which may hold
 * table-scan, filter, projection, hash-aggregate, hash-join, sort, top-n and limit.
 */
import type { TableInfo, IndexInfo, ColumnInfo } from '../schema/table-info.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { AggregateCall, ColumnId, Expression, SortKey, WindowCall, WindowFrame } from './expression.ts';

export interface OutputColumn {
  readonly id: ColumnId;
  readonly name: string;
  readonly type: FieldType;
}

interface Node {
  readonly output: readonly OutputColumn[];
  /** The optimiser's guess, for EXPLAIN. */
  readonly estimatedRows: number;
  readonly cost: number;
  /** Operator id for EXPLAIN, `TableScan_5`. */
  readonly id: string;
}

/**
 * An interval of a table's handles or an index's leading columns. Bounds are expressions without columns
 * (constants, parameters, outer references through `correlated` parameters), converted to the column's type when evaluated. A number (not a double) or
 * a date that the column cannot hold (1.5 or 300 for a TINYINT) cuts the interval exactly where it would lie. For every other
 * conversion that may lose something the planner adds the original predicate as a filter, and the scan may read a little more.
 *
 * A bound shorter than the key stands for all keys with that prefix: an inclusive lower bound starts at the first of them, an inclusive
 * upper bound ends after the last. The constant NULL is the key of NULL (`IS NULL`; `a < 5` is "above NULL, below 5"); any
 * other bound that turns out NULL makes the range empty. Values are known at run time only, so ranges may overlap and come in any
 * order: the scan sorts and merges them. Bounds on a prefix index column are cut to the prefix by the scan (the planner keeps the filter).
 */
export interface KeyRange {
  /** Prefix of equalities first; the last may be open or missing. */
  readonly lower: readonly Expression[];
  readonly lowerInclusive: boolean;
  readonly upper: readonly Expression[];
  readonly upperInclusive: boolean;
}

/** Where a row of a partitioned table goes: bound once for a version of the table. */
export interface PartitionFunction {
  /** RANGE, LIST and HASH by expression: over the whole table row by column offset. */
  readonly expression: Expression | undefined;
  /** Offsets of the columns that decide, in order. */
  readonly columns: readonly number[];
  /** How the expression grows with its only column; `undefined`: neither way. */
  readonly monotonic: 'identity' | 'growing' | 'growing-or-null' | undefined;
}

/** Which partitions a read of a partitioned table looks into, worked out when it opens. */
export interface PartitionSelection {
  readonly function: PartitionFunction;
  /** Positions named by `PARTITION (…)`; `undefined`: all. */
  readonly named: readonly number[] | undefined;
  /** What the conditions say of the function's columns, as if these were a key; `undefined`: nothing. */
  readonly ranges: readonly KeyRange[] | undefined;
  /** Rows of all partitions must come in this order, which each partition's rows already have; `undefined`: one partition after the other. */
  readonly order: readonly SortKey[] | undefined;
}

/** Reads rows by handle order. `ranges` over the primary key's columns; empty array: nothing; `undefined`: everything. */
export interface TableScan extends Node {
  readonly kind: 'table-scan';
  readonly database: string;
  readonly table: TableInfo;
  readonly alias: string;
  /** Same order as `output`. A column with `id` -1 is the hidden row handle (`_rutile_rowid`). */
  readonly columns: readonly ColumnInfo[];
  readonly ranges: readonly KeyRange[] | undefined;
  readonly filter: Expression | undefined;
  readonly reverse: boolean;
  /** Rows wanted at the most, after the filter: a hint for batch sizes, a `limit` node above still cuts. Without columns; evaluated once. */
  readonly limit: Expression | undefined;
  /** Guess of the rows read, before filters; for EXPLAIN. */
  readonly estimatedRead?: number;
  /** Of a partitioned table, and only then. A last column with `id` -2 is the position of the row's partition. */
  readonly partitions?: PartitionSelection;
}

/** Reads an index; `covering` when all output columns are in it, else looks rows up by handle in batches. */
export interface IndexScan extends Node {
  readonly kind: 'index-scan';
  readonly database: string;
  readonly table: TableInfo;
  readonly alias: string;
  readonly index: IndexInfo;
  readonly columns: readonly ColumnInfo[];
  readonly ranges: readonly KeyRange[] | undefined;
  readonly covering: boolean;
  /** On index columns only, before rows are looked up; its columns index `output`. */
  readonly indexFilter: Expression | undefined;
  readonly filter: Expression | undefined;
  readonly reverse: boolean;
  /** As in `TableScan`. */
  readonly limit: Expression | undefined;
  readonly estimatedRead?: number;
  /** Rows must come in index order. */
  readonly keepOrder: boolean;
  /** Of a partitioned table, and only then. A last column with `id` -2 is the position of the row's partition. */
  readonly partitions?: PartitionSelection;
}

/** One index of an index merge, or the rows themselves. */
export interface IndexMergePart {
  /** `undefined`: the clustered primary key. */
  readonly index: IndexInfo | undefined;
  readonly ranges: readonly KeyRange[];
  /** Every row that fulfils it lies in the ranges; over the output row. */
  readonly condition: Expression;
  readonly estimatedRead: number;
}

/**
 * Rows that several indexes name: any of them (`union`, of the arms of an OR) or all of them (`intersection`), each row once and in no order. The table
 * has no partitions. `filter` has the whole condition: parts only say where to look. An intersection's parts are all indexes.
 */
export interface IndexMerge extends Node {
  readonly kind: 'index-merge';
  readonly database: string;
  readonly table: TableInfo;
  readonly alias: string;
  readonly columns: readonly ColumnInfo[];
  readonly mode: 'union' | 'intersection';
  readonly parts: readonly IndexMergePart[];
  readonly filter: Expression | undefined;
}

/** At most one row per entry of `keys`: a value for each column of the handle or unique index. NULL finds nothing; equal keys are read once. */
export interface PointGet extends Node {
  readonly kind: 'point-get';
  readonly database: string;
  readonly table: TableInfo;
  readonly alias: string;
  /** `undefined`: the handle. */
  readonly index: IndexInfo | undefined;
  readonly columns: readonly ColumnInfo[];
  readonly keys: readonly (readonly Expression[])[];
  readonly filter: Expression | undefined;
  /** Of a partitioned table, and only then. A last column with `id` -2 is the position of the row's partition. */
  readonly partitions?: PartitionSelection;
}

/** A virtual table (information_schema, performance_schema): rows come from the catalog. */
export interface MemoryScan extends Node {
  readonly kind: 'memory-scan';
  readonly database: string;
  readonly tableName: string;
  /** Positions in the virtual table's own columns, same order as `output`. */
  readonly columnOffsets: readonly number[];
  readonly filter: Expression | undefined;
}

/** Constant rows: VALUES, SELECT without FROM (one row, no columns), an impossible WHERE (no rows). */
export interface Values extends Node {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}

/** What a column of JSON_TABLE shows where its path finds nothing, or what it finds does not fit. */
export type JsonResponse = { readonly kind: 'error' } | { readonly kind: 'value'; readonly value: Datum };

/** `index`: among the output columns. Nested columns are those of rows of their own. */
export type JsonTablePart =
  | { readonly kind: 'ordinality'; readonly index: number }
  | { readonly kind: 'exists'; readonly index: number; readonly path: string }
  | {
      readonly kind: 'value';
      readonly index: number;
      readonly name: string;
      readonly path: string;
      readonly onEmpty: JsonResponse;
      readonly onError: JsonResponse;
    }
  | { readonly kind: 'nested'; readonly path: string; readonly parts: readonly JsonTablePart[] };

/** JSON_TABLE: a document, computed at each start, as rows. */
export interface JsonTable extends Node {
  readonly kind: 'json-table';
  readonly document: Expression;
  readonly path: string;
  readonly parts: readonly JsonTablePart[];
}

export interface Filter extends Node {
  readonly kind: 'filter';
  readonly input: PhysicalPlan;
  readonly condition: Expression;
}

export interface Projection extends Node {
  readonly kind: 'projection';
  readonly input: PhysicalPlan;
  readonly expressions: readonly Expression[];
}

export type JoinType = 'inner' | 'left' | 'semi' | 'anti' | 'left-semi-mark' | 'null-aware-anti';

/**
 * Output: left columns then right columns (inner, left); left columns (semi, anti, null-aware-anti); left columns and one boolean (left-semi-mark,
 * with SQL's three values). Right joins are turned round. `build` says which side fills the table; rows come in the order of the other side.
 * No keys at all: every pair is tried (a cross join with `condition`).
 *
 * `null-aware-anti` keeps a left row when `NOT (left key IN (right keys))` is true: an empty right side keeps all; a NULL among the right
 * keys keeps none; a NULL left key is kept only beside an empty right side. The planner uses it with one key and without `condition`.
 * `left-semi-mark` gives true for a match, else NULL when a key on either side was NULL (and the right side is not empty), else false.
 */
export interface HashJoin extends Node {
  readonly kind: 'hash-join';
  readonly joinType: JoinType;
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  readonly build: 'left' | 'right';
  /** Same length; each side's `column` indexes refer to that side alone. NULL keys match nothing unless `nullSafe[i]`. Both sides are already of one type. */
  readonly leftKeys: readonly Expression[];
  readonly rightKeys: readonly Expression[];
  readonly nullSafe: readonly boolean[];
  /** Further condition over left row ++ right row. */
  readonly condition: Expression | undefined;
  /** The order of the side that is not built is counted on; else rows of a join that goes to disk may come in any. */
  readonly keepOrder?: boolean;
}

/** Inputs sorted by the keys, ascending. */
export interface MergeJoin extends Node {
  readonly kind: 'merge-join';
  readonly joinType: 'inner' | 'left' | 'semi' | 'anti';
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  readonly leftKeys: readonly Expression[];
  readonly rightKeys: readonly Expression[];
  readonly condition: Expression | undefined;
}

/**
 * For batches of outer (left) rows, reads the inner table by key: `inner` is a table-scan, index-scan or point-get whose ranges
 * are replaced by one range per distinct key: `outerKeys[i]` (over the left row, or without columns) is what column i of the handle or
 * index must be equal to; fewer keys than columns make a prefix range. A NULL key matches nothing, nor does one that the inner
 * column's type cannot hold. Filters already sit in `inner`. Rows come in the order of `left`.
 */
export interface IndexJoin extends Node {
  readonly kind: 'index-join';
  readonly joinType: 'inner' | 'left' | 'semi' | 'anti';
  readonly left: PhysicalPlan;
  readonly inner: TableScan | IndexScan;
  readonly outerKeys: readonly Expression[];
  /** Over left row ++ inner row. */
  readonly condition: Expression | undefined;
}

/**
 * Any condition, also none; `right` is kept in memory. For the join types with three values the condition's own three values over the
 * right rows count: one true is a match, else one NULL is "unknown" (mark NULL; null-aware-anti drops the row), else no match.
 */
export interface NestedLoopJoin extends Node {
  readonly kind: 'nested-loop-join';
  readonly joinType: JoinType;
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  readonly condition: Expression | undefined;
  /** As in `HashJoin`. */
  readonly keepOrder?: boolean;
}

/**
 * Runs `inner` for each left row. `correlated[i]` (over the left row) is the value that `inner` sees as
 * `parameter` with index `correlatedBase + i`. Results are cached by those values. `scalar`: appends one column, the first of `inner` (NULL when empty, error 1242 for two rows).
 * Other join types go by `condition` over left row ++ inner row, as in `NestedLoopJoin`. Nothing correlated: `inner` runs once.
 */
export interface Apply extends Node {
  readonly kind: 'apply';
  readonly joinType: JoinType | 'scalar';
  readonly left: PhysicalPlan;
  readonly inner: PhysicalPlan;
  readonly correlated: readonly Expression[];
  readonly correlatedBase: number;
  readonly condition: Expression | undefined;
}

/** Output: group columns then aggregates. Without `groupBy`: exactly one row. */
export interface HashAggregate extends Node {
  readonly kind: 'hash-aggregate';
  readonly input: PhysicalPlan;
  readonly groupBy: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
  /** WITH ROLLUP: additional super-aggregate rows with NULL groups. Then `output` ends with one more column a group expression: 1 where that
   * group was rolled up, else 0 (GROUPING() reads them). The grand total row comes even when there is no input only if there was a row. */
  readonly rollup: boolean;
}

/** Input grouped already (sorted by `groupBy`). */
export interface StreamAggregate extends Node {
  readonly kind: 'stream-aggregate';
  readonly input: PhysicalPlan;
  readonly groupBy: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
}

export interface Sort extends Node {
  readonly kind: 'sort';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
}

export interface TopN extends Node {
  readonly kind: 'top-n';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
  /** Constant or parameter. */
  readonly offset: Expression | undefined;
  readonly count: Expression;
}

export interface Limit extends Node {
  readonly kind: 'limit';
  readonly input: PhysicalPlan;
  readonly offset: Expression | undefined;
  readonly count: Expression;
}

/** Input sorted by partition then order keys. Output: input columns then one per call. */
export interface Window extends Node {
  readonly kind: 'window';
  readonly input: PhysicalPlan;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly frame: WindowFrame | undefined;
  readonly calls: readonly WindowCall[];
}

/** UNION ALL; inputs are already cast to one row type. */
export interface UnionAll extends Node {
  readonly kind: 'union-all';
  readonly inputs: readonly PhysicalPlan[];
}

/** EXCEPT and INTERSECT, with or without ALL. */
export interface SetOperation extends Node {
  readonly kind: 'set-operation';
  readonly operation: 'except' | 'intersect';
  readonly all: boolean;
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
}

/** Defines a common table expression that `cte-scan` nodes below `input` read; computed once. */
export interface WithCte extends Node {
  readonly kind: 'with-cte';
  readonly cteId: number;
  /** Not recursive: the whole. Recursive: the seed. */
  readonly seed: PhysicalPlan;
  readonly recursive: PhysicalPlan | undefined;
  /** UNION rather than UNION ALL between seed and recursive part. */
  readonly distinct: boolean;
  readonly input: PhysicalPlan;
}

/** In the recursive part it reads the rows of the last round, elsewhere all. `output[i]` is column i of the seed's output. */
export interface CteScan extends Node {
  readonly kind: 'cte-scan';
  readonly cteId: number;
}

/** FOR UPDATE / FOR SHARE: locks the rows that come through; it sits below LIMIT, so rows skipped by SKIP LOCKED do not count. `handle` says, per locked table, where its handle columns are in the input row, and behind them, of a partitioned table, the position of the row's partition. */
export interface LockRows extends Node {
  readonly kind: 'lock-rows';
  readonly input: PhysicalPlan;
  readonly mode: 'update' | 'share';
  readonly wait: 'wait' | 'nowait' | 'skip-locked';
  readonly tables: readonly { readonly table: TableInfo; readonly handle: readonly number[] }[];
}

/** Everything below runs in the column engine. `reason` is shown by EXPLAIN. */
export interface ColumnEngineRead extends Node {
  readonly kind: 'column-engine';
  readonly input: PhysicalPlan;
  readonly reason: string;
}

export type PhysicalPlan =
  | TableScan | IndexScan | PointGet
  | IndexMerge | MemoryScan | Values | JsonTable | Filter | Projection | HashJoin | MergeJoin | IndexJoin | NestedLoopJoin
  | Apply | HashAggregate | StreamAggregate | Sort | TopN | Limit | Window | UnionAll | SetOperation | WithCte | CteScan | LockRows | ColumnEngineRead; // prettier-ignore

/** The value of a generated column, over the whole table row, by column offset. */
export interface GeneratedValue {
  readonly offset: number;
  readonly value: Expression;
}

/** A CHECK constraint that is enforced. */
export interface RowCheck {
  readonly name: string;
  /** Over the whole table row, by column offset: true when the row must not be stored. */
  readonly fails: Expression;
}

export interface TableTarget {
  readonly database: string;
  readonly table: TableInfo;
  /** Of rows as they will be. */
  readonly checks?: readonly RowCheck[];
  readonly generated?: readonly GeneratedValue[];
  /** Position in the input row of every writable column of the table, by column offset; the rows are read whole. */
  readonly columnPositions: readonly number[];
  /** Position of the hidden handle for tables without a primary key, else -1. */
  readonly handlePosition: number;
  /** Of a partitioned table, and only then. */
  readonly partitions?: WrittenPartitions;
}

export interface WrittenPartitions {
  readonly function: PartitionFunction;
  /** Positions named by `PARTITION (…)`: rows that would go elsewhere are error 1748. */
  readonly named: readonly number[] | undefined;
  /** UPDATE and DELETE: where the position of the row's partition is in the input row; else -1. */
  readonly position: number;
}

export interface Assignment {
  /** Index into the statement's targets. */
  readonly target: number;
  readonly columnOffset: number;
  /**
   * Over the input row (UPDATE), or over old row ++ new row ++ source row (ON DUPLICATE KEY UPDATE; a source row only for INSERT … SELECT).
   * `default` calls are already replaced. Assignments run in order, and a later one sees, in the input (or old) row, what an earlier
   * one stored: MySQL's rule.
   */
  readonly value: Expression;
}

/**
 * A value that is the same for every row of one execution (`DATE ? - INTERVAL 90 DAY`, `NOW()`): computed once, in order, before the first
 * row, and put in `evaluation.parameters[index]`, where `parameter` expressions read it.
 */
export interface DerivedParameter {
  readonly index: number;
  readonly expression: Expression;
}

/** What a statement that changes rows does. Not nodes of a tree: they sit on top of one. */
export interface InsertPlan {
  readonly kind: 'insert';
  readonly database: string;
  readonly table: TableInfo;
  readonly mode: 'insert' | 'replace';
  readonly ignore: boolean;
  /** Offsets of the columns given, in the order of the source's output. The rest get defaults. */
  readonly columnOffsets: readonly number[];
  /**
   * Rows; `undefined` inside a row of VALUES means DEFAULT. Columns in these expressions index the new row by column offset as filled so
   * far, from left to right (`INSERT INTO t (a, b) VALUES (1, a + 1)`).
   */
  readonly rows: readonly (readonly (Expression | undefined)[])[] | undefined;
  readonly source: PhysicalPlan | undefined;
  /** Over old row ++ new row, both whole table rows by column offset. */
  readonly onDuplicate: readonly Assignment[];
  /** Defaults that are expressions other than CURRENT_TIMESTAMP, by column offset; over the new row as filled so far. */
  readonly defaultExpressions?: ReadonlyMap<number, Expression>;
  readonly checks?: readonly RowCheck[];
  readonly generated?: readonly GeneratedValue[];
  /** Of a partitioned table, and only then. */
  readonly partitions?: WrittenPartitions;
}

export interface UpdatePlan {
  readonly kind: 'update';
  /** Rows to change, read and locked by the executor. A target whose handle is NULL (outer join) is not changed; one met twice is changed once. */
  readonly input: PhysicalPlan;
  readonly targets: readonly TableTarget[];
  readonly assignments: readonly Assignment[];
  readonly ignore: boolean;
}

export interface DeletePlan {
  readonly kind: 'delete';
  readonly input: PhysicalPlan;
  readonly targets: readonly TableTarget[];
  readonly ignore: boolean;
}

export type WritePlan = InsertPlan | UpdatePlan | DeletePlan;
