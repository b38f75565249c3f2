/**
 * `RutileError`: a failure that ends a statement or a call. Thrown once, where it is known; carried to the edge, where
 * SQL turns `code` into an errno and SQLSTATE (see sql/protocol/errors.ts) and gRPC into a status. Callers match on `code`, never on text.
 * Outcomes that a protocol expects (a lock, a conflict) are returned values, not errors.
 */

export interface RutileErrorOptions {
  /** `same`: the call may be repeated as it is; `refresh`: after reading newer state (schema, region, timestamp). */
  readonly retry?: 'no' | 'same' | 'refresh';
  readonly cause?: unknown;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export class RutileError extends Error {
  override readonly name: string = 'RutileError';
  readonly code: string;
  readonly retry: 'no' | 'same' | 'refresh';
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: RutileErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? 'no';
    this.fields = options.fields ?? {};
  }
}

/**
 * A failure that already knows its MySQL number. `code` is `mysql.<errno>`. The SQL floor throws these with the text that
 * MySQL would print, since clients parse both (`Duplicate entry 'x' for key 't.k'`).
 */
export class SqlError extends RutileError {
  override readonly name = 'SqlError';
  readonly errno: number;
  /** Five characters; `HY000` where MySQL has nothing finer. */
  readonly sqlState: string;

  constructor(errno: number, sqlState: string, message: string, options: RutileErrorOptions = {}) {
    super(`mysql.${errno}`, message, options);
    this.errno = errno;
    this.sqlState = sqlState;
  }
}
