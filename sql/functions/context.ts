/**
 * What a function may know about the statement that calls it. Kept small: a function that needs more than this is not a
 * function of its arguments but a statement in disguise.
 */
import type { Datum } from '../../base/value/datum.ts';

/** sql_mode as flags, so that a hot path tests a boolean. */
export interface SqlMode {
  readonly strict: boolean;
  readonly noZeroDate: boolean;
  readonly noZeroInDate: boolean;
  readonly errorForDivisionByZero: boolean;
  readonly ansiQuotes: boolean;
  readonly pipesAsConcat: boolean;
  readonly noBackslashEscapes: boolean;
  readonly onlyFullGroupBy: boolean;
  readonly noUnsignedSubtraction: boolean;
  readonly noAutoValueOnZero: boolean;
  readonly highNotPrecedence: boolean;
  readonly ignoreSpace: boolean;
  readonly realAsFloat: boolean;
  readonly allowInvalidDates: boolean;
  readonly padCharToFullLength: boolean;
  readonly timeTruncateFractional: boolean;
}

export type WarningLevel = 'Note' | 'Warning' | 'Error';

export interface EvalContext {
  readonly sqlMode: SqlMode;
  /** Minutes east of UTC for a fixed offset, or an IANA name. */
  readonly timeZone: number | string;
  /** Start of the statement, ms since the epoch, with microseconds as the fraction: NOW() is constant within a statement. */
  readonly statementTimeMs: number;
  /** The moment of the call, in the same form: SYSDATE(), and loops that must give up their turn. */
  nowMs(): number;
  /** In a statement that writes under strict mode: conversions that would warn throw instead. */
  readonly strictWrite: boolean;
  readonly divPrecisionIncrement: number;
  readonly groupConcatMaxLen: number;
  readonly maxAllowedPacket: number;
  /** Values of `parameter` expressions, and of correlated columns behind `correlatedBase`. */
  readonly parameters: Datum[];
  warn(level: WarningLevel, errno: number, message: string): void;
  /** How often `warn` was called in this statement; where it is kept, a statement that writes needs no context of its own to count. */
  readonly warnCount?: number;
  /** Session facts for the information functions. */
  readonly session: SessionFacts;
  /** Throws 1317 (KILL) or 3024 (max_execution_time) when the statement must stop; SLEEP and long loops call it. */
  checkKilled(): void;
  /** A sleep that ends early when the statement is killed. Resolves to 1 when interrupted, 0 otherwise. */
  sleep(ms: number): Promise<number>;
}

export interface SessionFacts {
  readonly connectionId: number;
  /** `user@host` as the client named itself, and as the account that matched. */
  readonly user: string;
  readonly currentUser: string;
  /** CURRENT_ROLE(). */
  currentRole?(): string;
  readonly database: string | undefined;
  readonly version: string;
  lastInsertId: number | bigint;
  /** ROW_COUNT() of the previous statement. */
  readonly rowCount: number;
  readonly foundRows: number;
  readonly userVariables: Map<string, { value: Datum; type: import('../../base/value/field-type.ts').FieldType }>;
  /** What the client sent beside the statement. */
  readonly queryAttributes?: ReadonlyMap<string, string | null>;
  /** `@@name`, with scope; throws 1193 for an unknown one. */
  systemVariable(name: string, scope: 'session' | 'global' | undefined): Datum;
  /** In which literals of strings came. */
  readonly clientCharset: string;
  readonly connectionCharset: string;
  /** A statement without its values, and the hash of that; `undefined` for what is no statement. */
  digestOf(statement: string): { readonly text: string; readonly hash: string } | undefined;
  /** Where the open transaction reads and writes; 0 outside of one. */
  readonly transactionTs: bigint;
  /** Whether a connection of that number is there. */
  isConnected(connectionId: number): boolean;
  readonly connectionCollation: string;
  /** Uncommitted draws of RAND(N) and friends live with the compiled expression, not here. */
  random(): number;
  /** GET_LOCK and friends. */
  userLock(
    action: 'get' | 'release' | 'is-free' | 'is-used' | 'release-all',
    name: string,
    timeoutMs: number,
  ): Promise<Datum> | Datum;
}
