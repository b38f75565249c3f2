/**
 * Contexts for work outside a statement: MySQL's default modes, UTC, an empty session. `createEvalContext` serves tests, tools
 * and the planner before there is a session; `quietContext` is for folding: warnings, the clock and the zone throw there.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { EvalContext, SessionFacts, SqlMode } from './context.ts';

export const SQL_MODE_DEFAULT: SqlMode = {
  strict: true,
  noZeroDate: true,
  noZeroInDate: true,
  errorForDivisionByZero: true,
  ansiQuotes: false,
  pipesAsConcat: false,
  noBackslashEscapes: false,
  onlyFullGroupBy: true,
  noUnsignedSubtraction: false,
  noAutoValueOnZero: false,
  highNotPrecedence: false,
  ignoreSpace: false,
  realAsFloat: false,
  allowInvalidDates: false,
  padCharToFullLength: false,
  timeTruncateFractional: false,
};

export interface Warning {
  readonly level: 'Note' | 'Warning' | 'Error';
  readonly errno: number;
  readonly message: string;
}

/** A context with a list for its warnings. */
export function createEvalContext(
  more: Partial<Omit<EvalContext, 'session'>> & { readonly session?: Partial<SessionFacts> } = {},
): EvalContext & {
  readonly warnings: Warning[];
} {
  const warnings: Warning[] = [];
  const session: SessionFacts = {
    connectionId: 1,
    user: 'root@localhost',
    currentUser: 'root@localhost',
    database: undefined,
    version: '8.0.36-Rutile',
    lastInsertId: 0,
    rowCount: -1,
    foundRows: 0,
    userVariables: new Map(),
    systemVariable: () => null,
    clientCharset: 'utf8mb4',
    connectionCharset: 'utf8mb4',
    digestOf: () => undefined,
    transactionTs: 0n,
    isConnected: (connectionId) => connectionId === 7,
    connectionCollation: 'utf8mb4_0900_ai_ci',
    random: () => 0.5,
    userLock: () => 1,
    ...more.session,
  };
  return {
    sqlMode: SQL_MODE_DEFAULT,
    timeZone: 0,
    statementTimeMs: 0,
    nowMs: () => more.statementTimeMs ?? 0,
    strictWrite: false,
    divPrecisionIncrement: 4,
    groupConcatMaxLen: 1024,
    maxAllowedPacket: 67108864,
    parameters: [] as Datum[],
    warn: (level, errno, message) => {
      warnings.push({ level, errno, message });
    },
    checkKilled: () => undefined,
    sleep: () => Promise.resolve(0),
    ...more,
    session,
    warnings,
  };
}

class NotQuiet extends Error {}

const silent: EvalContext = createEvalContext({
  warn: () => {
    throw new NotQuiet('a warning while folding');
  },
});

export const quietContext: EvalContext = Object.defineProperties(Object.create(silent) as EvalContext, {
  timeZone: { get: () => refuse() },
  statementTimeMs: { get: () => refuse() },
  nowMs: { value: () => refuse() },
  session: { get: () => refuse() },
});

function refuse(): never {
  throw new NotQuiet('folding asks for the session');
}
