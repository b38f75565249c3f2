/**
 * From a failure to what a MySQL client reads: errno, SQLSTATE and text. Errno and SQLSTATE are an API: drivers and ORMs decide by them
 * whether to retry, reconnect or report.
 *
 * Rutile's own codes go to the MySQL numbers whose *treatment* fits. A lost race at commit becomes 1213, since every
 * client that retries at all retries that; a busy store becomes 1205; an unknown outcome of a commit becomes 1180, which
 * nobody retries blindly; a region that nobody serves becomes 9005 and a silent placement 9001, as in TiDB.
 */
import { RutileError, SqlError } from '../../base/error.ts';

export interface ClientError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

interface Mapping {
  readonly errno: number;
  readonly sqlState: string;
  /** `undefined`: the failure's own text. */
  readonly text?: (error: RutileError) => string;
}

const RESTART = 'try restarting transaction';

const PLACEMENT_SILENT: Mapping = {
  errno: 9001,
  sqlState: 'HY000',
  text: (error) => `PD server timeout: ${error.message}; ${RESTART}`,
};

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  'kv.write-conflict': {
    errno: 1213,
    sqlState: '40001',
    text: () => `Deadlock found when trying to get lock; ${RESTART}`,
  },
  'kv.not-serializable': {
    errno: 1213,
    sqlState: '40001',
    text: () => `Deadlock found when trying to get lock; ${RESTART}`,
  },
  'kv.too-many-reads': {
    errno: 1206,
    sqlState: 'HY000',
    text: () => 'The total number of locks exceeds what a SERIALIZABLE transaction may read',
  },
  'kv.deadlock': { errno: 1213, sqlState: '40001', text: () => `Deadlock found when trying to get lock; ${RESTART}` },
  'kv.lock-timeout': { errno: 1205, sqlState: 'HY000', text: () => `Lock wait timeout exceeded; ${RESTART}` },
  'kv.locked': { errno: 1205, sqlState: 'HY000', text: () => `Lock wait timeout exceeded; ${RESTART}` },
  'kv.busy': { errno: 1205, sqlState: 'HY000', text: (error) => `The store is busy (${error.message}); ${RESTART}` },
  'kv.key-exists': { errno: 1062, sqlState: '23000' },
  'kv.txn-too-large': {
    errno: 1197,
    sqlState: 'HY000',
    text: (error) =>
      `Transaction is too large: ${error.message}. Commit in smaller steps or raise rutile_txn_size_limit`,
  },
  'kv.entry-too-large': { errno: 1118, sqlState: '42000', text: (error) => `Row size too large: ${error.message}` },
  'kv.value-too-large': { errno: 1118, sqlState: '42000', text: (error) => `Row size too large: ${error.message}` },
  'kv.key-too-large': {
    errno: 1071,
    sqlState: '42000',
    text: (error) => `Specified key was too long: ${error.message}`,
  },
  'kv.too-many-locks': {
    errno: 1206,
    sqlState: 'HY000',
    text: () => 'The total number of locks exceeds what the store may hold',
  },
  'kv.read-only': { errno: 1836, sqlState: 'HY000', text: (error) => `Running in read-only mode: ${error.message}` },
  'kv.commit-too-late': {
    errno: 8028,
    sqlState: 'HY000',
    text: () => 'Information schema is changed during the execution of the statement; try again',
  },
  'kv.undetermined': {
    errno: 1180,
    sqlState: 'HY000',
    text: (error) =>
      `Got error during COMMIT: its outcome is not known, look at the data before repeating it (${error.message})`,
  },
  'kv.region-unavailable': {
    errno: 9005,
    sqlState: 'HY000',
    text: (error) => `Region is unavailable: ${error.message}; ${RESTART}`,
  },
  'placement.unavailable': PLACEMENT_SILENT,
  'placement.not-leader': PLACEMENT_SILENT,
  'placement.overloaded': PLACEMENT_SILENT,
  'kv.snapshot-too-old': { errno: 1412, sqlState: 'HY000' },
  'kv.closed': { errno: 1053, sqlState: '08S01', text: () => 'Server shutdown in progress' },
  'disk.full': {
    errno: 1021,
    sqlState: 'HY000',
    text: (error) => `Disk full (${error.message}); free some space and try again`,
  },
  'log.overloaded': {
    errno: 1205,
    sqlState: 'HY000',
    text: (error) => `The store is busy (${error.message}); ${RESTART}`,
  },
  'disk.io': { errno: 1030, sqlState: 'HY000' },
  'engine.corrupt': {
    errno: 1030,
    sqlState: 'HY000',
    text: (error) => `Got error from storage engine: ${error.message}`,
  },
  'engine.io': { errno: 1030, sqlState: 'HY000', text: (error) => `Got error from storage engine: ${error.message}` },
  'kv.corrupt': { errno: 1030, sqlState: 'HY000', text: (error) => `Got error from storage engine: ${error.message}` },
  'schema.changed': {
    errno: 1412,
    sqlState: 'HY000',
    text: () => `Table definition has changed, please retry transaction`,
  },
};

const MESSAGE_MAX = 512;

export function toClientError(error: unknown): ClientError {
  if (error instanceof SqlError) return { errno: error.errno, sqlState: error.sqlState, message: clip(error.message) };
  if (error instanceof RutileError) {
    const mapping = MAPPINGS[error.code];
    if (!mapping) return { errno: 1105, sqlState: 'HY000', message: clip(`${error.message} (${error.code})`) };
    return { errno: mapping.errno, sqlState: mapping.sqlState, message: clip(mapping.text?.(error) ?? error.message) };
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return { errno: 1436, sqlState: 'HY000', message: 'Thread stack overrun: the statement is nested too deeply' };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { errno: 1105, sqlState: 'HY000', message: clip(`Internal error: ${text}`) };
}

/** A bug of ours rather than the client's mistake: worth a line in the log with its stack. */
export function isInternal(error: unknown): boolean {
  return !(error instanceof RutileError);
}

function clip(message: string): string {
  return message.length > MESSAGE_MAX ? `${message.slice(0, MESSAGE_MAX - 1)}…` : message;
}

/** Errors after which the stream of packets cannot be trusted, or the client is not welcome. */
export function isFatal(error: unknown): boolean {
  return error instanceof SqlError && (error.errno === 1835 || error.errno === 1156 || error.errno === 1053);
}

export function accessDenied(user: string, address: string, using: 'YES' | 'NO'): SqlError {
  return new SqlError(1045, '28000', `Access denied for user '${user}'@'${address}' (using password: ${using})`);
}
