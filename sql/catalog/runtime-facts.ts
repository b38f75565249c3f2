/**
 * `RuntimeFacts`: what virtual tables and SHOW statements ask of the running server: connections, variables, counters,
 * slow statements. The session or server implements it; the catalog only turns the answers into rows. Answers are taken
 * at the time of the call; nothing is kept.
 */
import type { FieldType } from '../../base/value/field-type.ts';
import type { Grantee } from './accounts/rights.ts';
import type { ColumnInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';

export interface ProcessRow {
  readonly id: number;
  readonly user: string;
  /** `host:port`, or empty for an internal connection. */
  readonly host: string;
  readonly database: string | undefined;
  /** `Query`, `Sleep`, `Connect`, … */
  readonly command: string;
  /** Seconds in the present state. */
  readonly timeSeconds: number;
  readonly state: string;
  /** The statement that runs; `undefined` when idle. */
  readonly info: string | undefined;
  /** Connection attributes, in the order the client sent them. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

export interface VariableRow {
  readonly name: string;
  /** As SHOW VARIABLES prints it: `ON`, `OFF`, numbers as text. */
  readonly value: string;
}

export interface SlowQueryRow {
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly connectionId: number;
  readonly user: string;
  readonly host: string;
  readonly database: string;
  readonly durationMs: number;
  readonly rowsSent: number;
  readonly rowsExamined: number;
  readonly memoryBytesMax: number;
  readonly digest: string;
  readonly planSummary: string;
  readonly succeeded: boolean;
  readonly query: string;
}

/** What statements of one shape have cost; '' as digest: those that there was no room for. */
export interface StatementUsageRow {
  readonly database: string;
  readonly digest: string;
  readonly digestText: string;
  readonly label: string;
  readonly sample: string;
  readonly sampleUser: string;
  readonly count: number;
  readonly errors: number;
  readonly warnings: number;
  readonly sumMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly affectedRows: number;
  readonly rowsSent: number;
  readonly memorySum: number;
  readonly memoryMax: number;
  readonly planFromCache: number;
  readonly prepared: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

/** Statements by shape, and how many shapes gave way to others. */
export interface StatementUsages {
  readonly entries: readonly StatementUsageRow[];
  readonly evicted: number;
  readonly sinceMs: number;
}

/** A statement that runs or ran last on a connection. */
export interface ConnectionStatementRow {
  readonly connectionId: number;
  readonly label: string;
  readonly sql: string;
  readonly database: string;
  readonly running: boolean;
  readonly elapsedMs: number;
  readonly rowsSent: number;
  readonly affectedRows: number;
  readonly warnings: number;
  readonly errors: number;
  readonly digest: string;
  readonly digestText: string;
  readonly count: number;
}

export interface DeadlockRow {
  readonly id: number;
  readonly atMs: number;
  readonly waiter: bigint;
  readonly holder: bigint;
  readonly key: Uint8Array;
  readonly digest: string | null;
  readonly digestText: string | null;
}

/** A key that a transaction of this server has locked, or stands in line for (`holder`: who has it, where that is one of this server). */
export interface LockRow {
  readonly startTs: bigint;
  readonly connectionId: number;
  readonly key: Uint8Array;
  readonly waiting: boolean;
  readonly sinceMs: number | undefined;
  readonly waitedMs: number;
  readonly holder: { readonly startTs: bigint; readonly connectionId: number } | undefined;
  readonly digest: string | null;
  readonly digestText: string | null;
}

export interface UserVariableRow {
  readonly connectionId: number;
  readonly name: string;
  readonly value: string | null;
}

export interface TransactionRow {
  readonly startTs: bigint;
  readonly startedAtMs: number;
  readonly ageMs: number;
  readonly connectionId: number;
  readonly state: string;
  readonly query: string | undefined;
  readonly rowsModified: number;
  readonly isolation: string;
  readonly user: string;
  readonly database: string;
  /** In the write buffer. */
  readonly bytes: number;
  readonly waitingSinceMs: number | undefined;
  /** Keys it has locked. */
  readonly locked: number;
}

export interface RuntimeFacts {
  processes(): readonly ProcessRow[];
  /** Sorted by name. `session`: those of the viewer's own session. */
  variables(scope: 'global' | 'session'): readonly VariableRow[];
  status(scope: 'global' | 'session'): readonly VariableRow[];
  slowQueries(): readonly SlowQueryRow[];
  transactions(): readonly TransactionRow[];
  statementUsages(): StatementUsages;
  connectionStatements(): readonly ConnectionStatementRow[];
  /** One row for each edge of each circle, oldest circle first. */
  deadlocks(): readonly DeadlockRow[];
  locks(): readonly LockRow[];
  userVariables(): readonly UserVariableRow[];
}

/** Who looks: rows are limited to what the account may know. */
export interface Viewer extends Grantee {
  readonly connectionId: number;
  readonly facts: RuntimeFacts;
  /** The schema with the temporary tables of the session that looks; the present one when not said. */
  readonly schema?: CatalogSnapshot;
  /** Minutes east of UTC or an IANA name, for times in rows. */
  readonly timeZone: number | string;
  /** Columns of a view with their types, and the stored column that one shows unchanged; `undefined` when it cannot be bound any more. */
  describeView?(
    database: string,
    view: TableInfo,
  ):
    readonly { readonly name: string; readonly type: FieldType; readonly source: ColumnInfo | undefined }[] | undefined;
}

/** For tools and tests: a server without connections. */
export const NO_FACTS: RuntimeFacts = {
  processes: () => [],
  variables: () => [],
  status: () => [],
  slowQueries: () => [],
  transactions: () => [],
  statementUsages: () => ({ entries: [], evicted: 0, sinceMs: 0 }),
  connectionStatements: () => [],
  deadlocks: () => [],
  locks: () => [],
  userVariables: () => [],
};
