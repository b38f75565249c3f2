/**
 * Queries and the statements that change rows, as written. A query is a `QueryNode` wherever it stands: as a statement, a
 * subquery, a derived table, a CTE, the source of an INSERT or the body of a view.
 *
 * Parentheses that change nothing are gone. `(SELECT … LIMIT 3) LIMIT 2` keeps them as `parenthesized-query`. Set operations are
 * a tree: INTERSECT binds tighter than UNION and EXCEPT, which associate to the left; ORDER BY and LIMIT of the whole stand on the
 * set-operation node, those of an arm inside the arm's own parentheses.
 */
import type {
  ColumnNode,
  ExpressionNode,
  JsonOnResponse,
  Located,
  UserVariableNode,
  WindowSpecification,
} from './ast-expression.ts';
import type { DataType } from './ast-schema.ts';

export type QueryNode = SelectNode | SetOperationNode | ParenthesizedQueryNode | ValuesNode | TableQueryNode;

/** What may follow or precede any query block. */
export interface QueryClauses extends Located {
  readonly with?: WithClause;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: LimitClause;
  readonly locks: readonly LockClause[];
  readonly into?: IntoClause;
}

export interface SelectNode extends QueryClauses {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly options: readonly SelectOption[];
  readonly hints: readonly HintNode[];
  readonly items: readonly SelectItem[];
  /** The comma list; empty for `SELECT 1` and `FROM DUAL`. */
  readonly from: readonly TableReference[];
  readonly where?: ExpressionNode;
  readonly groupBy: readonly ExpressionNode[];
  readonly rollup: boolean;
  readonly having?: ExpressionNode;
  readonly windows: readonly NamedWindow[];
}

export type SelectOption =
  | 'HIGH_PRIORITY'
  | 'STRAIGHT_JOIN'
  | 'SQL_SMALL_RESULT'
  | 'SQL_BIG_RESULT'
  | 'SQL_BUFFER_RESULT'
  | 'SQL_NO_CACHE'
  | 'SQL_CALC_FOUND_ROWS';

export interface SetOperationNode extends QueryClauses {
  readonly kind: 'set-operation';
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly distinct: boolean;
  readonly left: QueryNode;
  readonly right: QueryNode;
}

/** A query that already has clauses of its own (or locks), in parentheses, with more clauses outside. */
export interface ParenthesizedQueryNode extends QueryClauses {
  readonly kind: 'parenthesized-query';
  readonly query: QueryNode;
}

/** `VALUES ROW(1, 2), ROW(3, 4)`. */
export interface ValuesNode extends QueryClauses {
  readonly kind: 'values';
  readonly rows: readonly (readonly ExpressionNode[])[];
}

/** `TABLE t`. */
export interface TableQueryNode extends QueryClauses {
  readonly kind: 'table-query';
  readonly table: TableName;
}

export type SelectItem = SelectExpression | WildcardItem;

export interface SelectExpression extends Located {
  readonly kind: 'expression';
  readonly expression: ExpressionNode;
  /** Without one, the column is named by the expression: a column's own name, a string's value, else the source text. */
  readonly alias?: string;
}

export interface WildcardItem extends Located {
  readonly kind: 'wildcard';
  readonly schema?: string;
  readonly table?: string;
}

export interface OrderItem {
  readonly expression: ExpressionNode;
  readonly descending: boolean;
}

/** `count` and `offset` are literals, parameters (or variables inside stored programs, which are refused). */
export interface LimitClause {
  readonly count: ExpressionNode;
  readonly offset?: ExpressionNode;
}

export interface WithClause {
  readonly recursive: boolean;
  readonly tables: readonly CommonTable[];
}

export interface CommonTable extends Located {
  readonly name: string;
  /** Empty when no list was written. */
  readonly columns: readonly string[];
  readonly query: QueryNode;
}

export interface LockClause {
  readonly strength: 'UPDATE' | 'SHARE';
  /** FOR … OF these; empty: all tables. */
  readonly tables: readonly TableName[];
  readonly wait: 'wait' | 'nowait' | 'skip-locked';
}

export type IntoClause =
  | { readonly kind: 'variables'; readonly variables: readonly UserVariableNode[] }
  | {
      readonly kind: 'outfile';
      readonly file: string;
      readonly charset?: string;
      readonly format: FileFormat;
    }
  | { readonly kind: 'dumpfile'; readonly file: string };

/** FIELDS and LINES of LOAD DATA and INTO OUTFILE; absent means MySQL's default. */
export interface FileFormat {
  readonly fieldsTerminatedBy?: string;
  readonly fieldsEnclosedBy?: string;
  readonly fieldsOptionallyEnclosed: boolean;
  readonly fieldsEscapedBy?: string;
  readonly linesStartingBy?: string;
  readonly linesTerminatedBy?: string;
}

export interface NamedWindow {
  readonly name: string;
  readonly specification: WindowSpecification;
}

/** `NAME(arguments)` of an optimizer hint comment; the arguments are kept as text, split at top-level commas. */
export interface HintNode {
  /** Upper case. */
  readonly name: string;
  readonly args: readonly string[];
  /** `@qb` at the start of the arguments. */
  readonly queryBlock?: string;
  /** Everything between the parentheses. */
  readonly text: string;
  /** In the statement's text. */
  readonly start: number;
  readonly end: number;
  /** What begins here is no hint; nothing follows. */
  readonly malformed?: boolean;
}

// ---- tables ----

export interface TableName extends Located {
  readonly schema?: string;
  readonly name: string;
}

export type TableReference = TableNode | DerivedTableNode | JoinNode | JsonTableNode;

export interface TableNode extends Located {
  readonly kind: 'table';
  readonly table: TableName;
  readonly alias?: string;
  /** PARTITION (p0, p1); empty: all. */
  readonly partitions: readonly string[];
  readonly indexHints: readonly IndexHint[];
  /** AS OF TIMESTAMP expression. */
  readonly asOf?: ExpressionNode;
}

export interface IndexHint {
  readonly action: 'USE' | 'FORCE' | 'IGNORE';
  readonly scope?: 'JOIN' | 'ORDER BY' | 'GROUP BY';
  /** Names as written, `PRIMARY` among them; empty for USE INDEX (). */
  readonly indexes: readonly string[];
}

export interface DerivedTableNode extends Located {
  readonly kind: 'derived-table';
  readonly query: QueryNode;
  readonly alias: string;
  readonly columns: readonly string[];
  readonly lateral: boolean;
}

/** JOIN and INNER JOIN are `INNER`. `on` and `using` exclude each other. */
export interface JoinNode extends Located {
  readonly kind: 'join';
  readonly joinType: 'INNER' | 'CROSS' | 'LEFT' | 'RIGHT' | 'STRAIGHT';
  readonly natural: boolean;
  readonly left: TableReference;
  readonly right: TableReference;
  readonly on?: ExpressionNode;
  readonly using?: readonly string[];
}

export interface JsonTableNode extends Located {
  readonly kind: 'json-table';
  readonly document: ExpressionNode;
  readonly path: string;
  readonly columns: readonly JsonTableColumn[];
  readonly alias: string;
}

export type JsonTableColumn =
  | { readonly kind: 'ordinality'; readonly name: string }
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly type: DataType;
      readonly exists: boolean;
      readonly path: string;
      readonly onEmpty?: JsonOnResponse;
      readonly onError?: JsonOnResponse;
    }
  | { readonly kind: 'nested'; readonly path: string; readonly columns: readonly JsonTableColumn[] };

// ---- statements that change rows ----

export interface ColumnAssignment extends Located {
  readonly column: ColumnNode;
  readonly value: ExpressionNode;
}

export interface InsertStatement extends Located {
  readonly kind: 'insert';
  /** REPLACE differs from INSERT in what a duplicate does. */
  readonly replace: boolean;
  readonly priority?: 'LOW_PRIORITY' | 'DELAYED' | 'HIGH_PRIORITY';
  readonly ignore: boolean;
  readonly hints: readonly HintNode[];
  readonly table: TableName;
  readonly partitions: readonly string[];
  /** Undefined when no list was written: all columns. */
  readonly columns?: readonly ColumnNode[];
  readonly source: InsertSource;
  /** VALUES … AS new(a, b). */
  readonly rowAlias?: { readonly name: string; readonly columns: readonly string[] };
  readonly onDuplicate: readonly ColumnAssignment[];
}

export type InsertSource =
  | { readonly kind: 'rows'; readonly rows: readonly (readonly ExpressionNode[])[] }
  | { readonly kind: 'set'; readonly assignments: readonly ColumnAssignment[] }
  | { readonly kind: 'query'; readonly query: QueryNode };

export interface UpdateStatement extends Located {
  readonly kind: 'update';
  readonly with?: WithClause;
  readonly lowPriority: boolean;
  readonly ignore: boolean;
  readonly hints: readonly HintNode[];
  /** One plain table: ORDER BY and LIMIT are allowed; else a multi-table update. */
  readonly tables: readonly TableReference[];
  readonly assignments: readonly ColumnAssignment[];
  readonly where?: ExpressionNode;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: LimitClause;
}

export interface DeleteStatement extends Located {
  readonly kind: 'delete';
  readonly with?: WithClause;
  readonly lowPriority: boolean;
  readonly quick: boolean;
  readonly ignore: boolean;
  readonly hints: readonly HintNode[];
  /** Multi-table form: rows of these (names or aliases from `tables`) go. Undefined: the single-table form. */
  readonly targets?: readonly TableName[];
  readonly tables: readonly TableReference[];
  readonly where?: ExpressionNode;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: LimitClause;
}

export interface LoadDataStatement extends Located {
  readonly kind: 'load-data';
  readonly xml: boolean;
  readonly local: boolean;
  readonly priority?: 'LOW_PRIORITY' | 'CONCURRENT';
  readonly file: string;
  readonly duplicates: 'error' | 'replace' | 'ignore';
  readonly table: TableName;
  readonly partitions: readonly string[];
  readonly charset?: string;
  readonly format: FileFormat;
  readonly ignoreLines: number;
  /** Columns and user variables in field order; undefined: all columns. */
  readonly columns?: readonly (ColumnNode | UserVariableNode)[];
  readonly assignments: readonly ColumnAssignment[];
}
