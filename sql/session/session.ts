/**
 * `Session`: one client's conversation. It takes a statement's text, or a prepared statement with values, and gives a result to pull from.
 *
 *     text ─► digest ─► plan cache ── hit ──────────────────────────► bind values ─► run-plan.ts
 *                          └── miss ─► parse ─► plan (kept) ─► run-plan.ts        statement-planner.ts
 *                                        └── not a query or DML ─► statements/dispatch.ts
 *
 * The path of a hit makes no syntax tree and, when the storage answers at once, no promise. One statement runs at a time; its end is the end
 * of its rows (`source.close`), where the time is taken, memory given back and an autocommit transaction committed.
 *
 * What else a conversation has is with its parts: variables and warnings (`state`), the transaction, prepared statements, plans.
 */
import { SqlError } from '../../base/error.ts';
import { andThen, isPromise, type MaybePromise } from '../../base/outcome.ts';
import { isUtf8Charset } from '../../base/value/charset.ts';
import type { Batch, Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type { TemporaryTables } from '../catalog/index.ts';
import type { OperatorStatistics } from '../executor/index.ts';
import type { ParsedStatement, TableName } from '../parser/ast.ts';
import { digestText, parse, translateDialect, type Digest } from '../parser/index.ts';
import type { SchemaSnapshot } from '../planner/environment.ts';
import type { Account } from './accounts.ts';
import { Cursors } from './cursors.ts';
import { SessionEnvironment } from './environment.ts';
import { isDiagnostic, parseErrorNear, secondStatement } from './failures.ts';
import { fieldList } from './field-list.ts';
import type { SqlInstance } from './instance.ts';
import { LARGE_STATEMENT_CHARS, runLarge } from './large-statements.ts';
import { literalValues } from './literals.ts';
import { StatementMemory } from './memory.ts';
import { mentionsPast, PastReads } from './past-reads.ts';
import { kindsOf, type CachedPlan } from './plan-cache.ts';
import { isPlanned } from './planned.ts';
import { PreparedStatements, type PreparedStatement } from './prepared.ts';
import type { ResultColumn, StatementResult } from './result.ts';
import { runPlan } from './run-plan.ts';
import { SessionTracker } from './session-tracker.ts';
import { NO_ATTRIBUTES, SessionState } from './state.ts';
import { computedSource, StatementRows } from './statement-rows.ts';
import type { UsageSlot } from './statement-summary.ts';
import { StatementPlanner, UNBOUND } from './statement-planner.ts';
import { dispatch } from './statements/dispatch.ts';
import { RunningStatement } from './statement.ts';
import { SessionTransaction } from './transaction.ts';

export interface SessionOptions {
  readonly instance: SqlInstance;
  readonly connectionId: number;
  readonly account: Account;
  readonly user: string;
  readonly host: string;
  readonly database: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  readonly clientFoundRows: boolean;
  /** Of an encrypted connection. */
  readonly tls?: { readonly version: string; readonly cipher: string } | undefined;
  /** `reason`: what the client is told, if it waits for nothing. */
  readonly disconnect: (reason?: SqlError) => void;
}

export class Session {
  readonly id: number;
  /** Of an encrypted connection. */
  readonly tls: SessionOptions['tls'];
  readonly instance: SqlInstance;
  readonly state: SessionState;
  readonly statement: RunningStatement;
  readonly transaction: SessionTransaction;
  readonly environment: SessionEnvironment;
  readonly planner: StatementPlanner;
  readonly prepared: PreparedStatements;
  readonly cursors: Cursors;
  readonly past: PastReads;
  /** What the client is told with the next OK. */
  readonly tracker: SessionTracker;
  readonly attributes: ReadonlyMap<string, string>;
  readonly clientFoundRows: boolean;
  readonly host: string;
  account: Account;
  /** How its packets are compressed; `undefined`: not. */
  compression: { readonly algorithm: string; readonly level: number } | undefined = undefined;
  /** It asked for results without metadata to be possible (`resultset_metadata`). */
  metadataIsOptional = false;
  /** More statements of the same text wait for `runNext`. */
  hasMore = false;
  currentSql = '';
  /** For the process list. */
  command = 'Sleep';
  commandSinceMs: number;
  /** The prepared statement that runs, with its values; `undefined`: a text. */
  running:
    | { readonly prepared: PreparedStatement; readonly types: readonly FieldType[]; readonly values: readonly Datum[] }
    | undefined = undefined;
  /** Above 0: a query inside another statement, whose end is not the statement's end. */
  nested = 0;
  /** EXPLAIN ANALYZE: where the operators of the next plan count. */
  statistics: Map<string, OperatorStatistics> | undefined = undefined;
  /** Of the plan that runs: where it is counted. */
  usage: UsageSlot | undefined = undefined;
  label = 'other';
  lastElapsedMs = 0;
  statementCount = 0;
  private rest: readonly ParsedStatement[] = [];
  private restSql = '';
  private readonly disconnect: (reason?: SqlError) => void;
  private closed = false;
  private failed = false;
  private temporary: TemporaryTables | undefined = undefined;
  /** The table that CREATE TABLE … SELECT fills: whether it may was asked before. */
  filling: { readonly database: string; readonly table: TableInfo } | undefined = undefined;

  constructor(options: SessionOptions) {
    const { instance, connectionId, account, user, host } = options;
    this.tls = options.tls;
    this.instance = instance;
    this.id = connectionId;
    this.account = account;
    this.host = host;
    this.attributes = options.attributes;
    this.clientFoundRows = options.clientFoundRows;
    this.disconnect = options.disconnect;
    this.state = new SessionState({
      connectionId,
      user: `${user}@${host}`,
      currentUser: account.key,
      version: instance.version,
      services: {
        globals: () => instance.globals,
        random: () => instance.random.unit(),
        transactionTs: () => this.transaction.startTs,
        isConnected: (id) => instance.sessions.has(id),
        currentRole: (key, active) => instance.catalog.currentRole(key, active),
        userLock: (action, name, timeoutMs) => {
          const signal = (): AbortSignal => this.statement.abortSignal();
          return instance.userLocks.answer({ action, name, timeoutMs, owner: connectionId, signal });
        },
      },
    });
    this.state.activeRoles = instance.catalog.rolesAtLogin(account.key);
    this.statement = new RunningStatement({
      session: this.state, services: instance.statementServices, memory: new StatementMemory(instance.memory), schema: instance.catalog.schema(),
    }); // prettier-ignore
    this.transaction = new SessionTransaction(this);
    this.environment = new SessionEnvironment(this);
    this.planner = new StatementPlanner(this);
    this.prepared = new PreparedStatements(this);
    this.cursors = new Cursors(this);
    this.past = new PastReads(this);
    this.tracker = this.follow();
    this.commandSinceMs = instance.clock.monotonicMs();
    if (options.database !== undefined) this.openDatabase(options.database);
  }

  private follow(): SessionTracker {
    const { state } = this;
    const tracker = new SessionTracker(this);
    state.onVariable = (name) => tracker.noteVariable(name);
    state.onDatabase = () => tracker.noteSchema();
    state.userVariables.onSet = () => tracker.noteState();
    return tracker;
  }

  // ---- text ----

  // hot
  run(sql: string, multi: boolean, isReady = false, isAdmitted = false): MaybePromise<StatementResult> {
    const { instance, state, planner } = this;
    const { board } = instance.catalog;
    if (board !== undefined && !isReady) return andThen(board.ready(), () => this.run(sql, multi, true));
    if (sql.length > LARGE_STATEMENT_CHARS && !isAdmitted && !this.transaction.covers)
      return runLarge(this, sql, multi);
    this.beginStatement(sql);
    this.countQuestion();
    const schema = this.schema();
    if (state.dialect !== 'mysql')
      return andThen(this.inOwnDialect(sql), (text) => this.parseAndRun(text, false, undefined, schema));
    let digest: Digest | undefined;
    if (state.planCacheOn && !state.passwordExpired && !this.past.applies) {
      digest = digestText(sql, planner.parseOptions());
      const kept = planner.kept(digest);
      if (kept !== undefined) {
        const bound = literalValues(digest.literals);
        const plan = kept.find(planner.conditions(schema), bound.kinds, bound.values);
        if (plan !== undefined) return this.runKept(plan, bound.values, schema);
      }
    }
    return this.parseAndRun(sql, multi, digest, schema);
  }

  runNext(): MaybePromise<StatementResult> {
    const [next, ...rest] = this.rest;
    if (next === undefined) throw new SqlError(1065, '42000', 'Query was empty');
    this.rest = rest;
    this.hasMore = rest.length > 0;
    const sql = this.restSql;
    this.beginStatement(sql.slice(next.start, next.end));
    this.countQuestion();
    return this.runParsed(next, sql, undefined, this.schema());
  }

  // hot
  private runKept(plan: CachedPlan, values: Datum[], schema: SchemaSnapshot): MaybePromise<StatementResult> {
    this.state.planFromCache = true;
    this.instance.counters.planCacheHits++;
    return runPlan(this, plan, values, schema);
  }

  private parseAndRun(
    sql: string,
    multi: boolean,
    digest: Digest | undefined,
    schema: SchemaSnapshot,
  ): MaybePromise<StatementResult> {
    const parsed = parse(sql, this.planner.parseOptions());
    const first = parsed[0];
    if (first === undefined) {
      // Comments alone are a statement that does nothing, as in MySQL.
      if (/[^\s;]/.test(sql)) return this.ok();
      throw new SqlError(1065, '42000', 'Query was empty');
    }
    if (parsed.length > 1) {
      if (!multi) throw secondStatement(sql, parsed[1]!);
      this.rest = parsed.slice(1);
      this.restSql = sql;
      this.hasMore = true;
      return this.runParsed(first, sql, undefined, schema);
    }
    if (first.parameterCount > 0) throw parseErrorNear(sql, sql.indexOf('?', first.start));
    return this.runParsed(first, sql, digest, schema);
  }

  /** `digest`: the statement's only text is `sql`, so its plan may be kept. */
  private runParsed(
    parsed: ParsedStatement,
    sql: string,
    digest: Digest | undefined,
    schema: SchemaSnapshot,
  ): MaybePromise<StatementResult> {
    const { statement } = parsed;
    if (this.state.passwordExpired) refuseExpired(statement.kind);
    if (!isPlanned(statement)) return dispatch(this, statement, sql, parsed);
    const { planner } = this;
    if (this.past.applies || mentionsPast(sql)) return this.past.run(statement, sql, UNBOUND);
    if (digest?.cacheable !== true || digest.literals.length !== parsed.literalCount)
      return runPlan(this, planner.plan(statement, sql, schema, UNBOUND, undefined).plan, [], schema);
    const bound = literalValues(digest.literals);
    const { plan, cacheable } = planner.plan(statement, sql, schema, bound, parsed.pinnedLiterals);
    if (cacheable) planner.keep(digest, { ...plan, kinds: bound.kinds });
    return runPlan(this, plan, bound.values, schema);
  }

  /** The statement as MySQL text. SET stays as it is: the way back must not need the other dialect. */
  private inOwnDialect(sql: string): MaybePromise<string> {
    const { dialect } = this.state;
    return dialect === 'mysql' || /^\s*set\s/i.test(sql) ? sql : translateDialect(sql, dialect);
  }

  // ---- prepared statements ----

  prepare(sql: string): MaybePromise<PreparedStatement> {
    this.beginStatement(sql);
    return andThen(this.inOwnDialect(sql), (text) => {
      const made = this.prepared.add(text);
      if (this.state.passwordExpired) refuseExpired(made.parsed.statement.kind);
      this.endStatement();
      return made;
    });
  }

  // hot
  executePrepared(
    prepared: PreparedStatement,
    types: FieldType[],
    values: Datum[],
    isReady = false,
  ): MaybePromise<StatementResult> {
    const { instance, planner } = this;
    const { board } = instance.catalog;
    if (board !== undefined && !isReady)
      return andThen(board.ready(), () => this.executePrepared(prepared, types, values, true));
    this.beginStatement(prepared.sql);
    this.countQuestion();
    const { statement } = prepared.parsed;
    const schema = this.schema();
    if (this.state.passwordExpired) refuseExpired(statement.kind);
    this.running = { prepared, types, values };
    if (!isPlanned(statement)) return dispatch(this, statement, prepared.sql, prepared.parsed);
    if (this.past.applies || prepared.mentionsPast) return this.past.run(statement, prepared.sql, { types, values });
    const kinds = kindsOf(types);
    const found = prepared.plans.find(planner.conditions(schema), kinds, values);
    if (found !== undefined) return this.runKept(found, values, schema);
    const { plan, cacheable } = planner.plan(statement, prepared.sql, schema, { types, values }, undefined);
    const keyed = { ...plan, kinds };
    if (cacheable && this.state.planCacheOn) prepared.plans.add(keyed);
    return runPlan(this, keyed, values, schema);
  }

  // ---- a statement's beginning and end ----

  // hot
  beginStatement(sql: string): void {
    const { state, statement } = this;
    this.currentSql = sql;
    this.command = 'Query';
    this.label = 'other';
    this.running = undefined;
    this.usage = undefined;
    this.failed = false;
    state.lastPlanFromCache = state.planFromCache;
    state.planFromCache = false;
    const now = this.instance.clock.monotonicMs();
    this.commandSinceMs = now;
    statement.startedAtMs = now;
    statement.running = true;
    this.nested = 0;
    // SHOW WARNINGS and its like look at the statement before: dispatch clears for all others.
    if (!isDiagnostic(sql)) state.clearWarnings();
  }

  /** MAX_QUERIES_PER_HOUR. */
  // hot
  private countQuestion(): void {
    if (this.account.limits.questions > 0) this.instance.logins.statement(this.account);
  }

  /** `Com_` counter and metrics label. */
  setLabel(label: string): void {
    this.label = label;
  }

  /** The statement has a password in it: its text is not kept. */
  get isSecret(): boolean {
    return this.label === 'create-user' || this.label === 'alter-user' || this.label === 'set-password';
  }

  /** Ends a statement without rows. */
  ok(affectedRows = 0, lastInsertId: number | bigint = 0, info = ''): StatementResult {
    this.state.rowCount = affectedRows;
    this.endStatement();
    return { kind: 'ok', affectedRows, lastInsertId, info };
  }

  /** The result of a statement whose rows are all here. */
  computed(columns: readonly ResultColumn[], rows: Batch): StatementResult {
    const source = new StatementRows(this, computedSource(rows), undefined, undefined);
    return { kind: 'rows', columns, source, encoded: undefined };
  }

  /** The failure has been reported; what it means for the session. */
  statementFailed(error: { readonly errno: number; readonly message: string }): void {
    const { state, transaction } = this;
    state.rowCount = -1;
    state.warn('Error', error.errno, error.message);
    this.hasMore = false;
    this.instance.counters.errors++;
    this.failed = true;
    // A deadlock and a lost race have already cost the transaction its locks: the client starts it again.
    if (error.errno === 1213 && transaction.active) {
      const finish = transaction.abandon();
      if (isPromise(finish)) finish.catch(() => undefined);
    }
    this.endStatement();
  }

  // hot
  endStatement(): void {
    const { statement, instance } = this;
    if (this.nested > 0 || !statement.running) return;
    const elapsedMs = instance.clock.monotonicMs() - statement.startedAtMs;
    const { peakBytes } = statement.memory;
    statement.finish();
    this.planner.endHints();
    this.lastElapsedMs = elapsedMs;
    this.statementCount++;
    this.command = 'Sleep';
    this.commandSinceMs = statement.startedAtMs + elapsedMs;
    instance.noteStatement(this, { label: this.label, elapsedMs, memoryBytesMax: peakBytes, failed: this.failed });
  }

  // ---- what else the protocol asks ----

  get warningCount(): number {
    return this.state.warningCount;
  }

  get clientCharset(): string {
    return this.state.clientCharset;
  }

  /** `undefined`: each column's own. */
  get resultCharset(): string | undefined {
    return this.state.resultCharset;
  }

  get resultCollation(): string | undefined {
    return this.state.resultCollation;
  }

  get metadataFollows(): boolean {
    return this.state.value('resultset_metadata') !== 'NONE';
  }

  /** Whether every text of these columns goes out as the UTF-8 it is kept as. */
  resultsAreUtf8(columns: readonly ResultColumn[]): boolean {
    const { resultCharset } = this.state;
    if (resultCharset !== undefined) return isUtf8Charset(resultCharset) && resultCharset !== 'ascii';
    return columns.every((column) => isUtf8Charset(column.type.charset));
  }

  /** How long a client may take to read what it is sent, or to send the next piece of a file. */
  timeoutMs(direction: 'read' | 'write'): number {
    return Number(this.state.value(direction === 'read' ? 'net_read_timeout' : 'net_write_timeout')) * 1000;
  }

  get noBackslashEscapes(): boolean {
    return this.state.sqlMode.noBackslashEscapes;
  }

  get ansiQuotes(): boolean {
    return this.state.sqlMode.ansiQuotes;
  }

  get maxAllowedPacket(): number {
    return this.state.maxAllowedPacket;
  }

  statusFlags(): number {
    const { state, transaction } = this;
    return (
      (transaction.active ? (transaction.readOnly ? 8193 : 1) : 0) |
      (state.autocommit ? 2 : 0) |
      (state.sqlMode.noBackslashEscapes ? 512 : 0)
    );
  }

  commandArrived(_code: number): void {
    this.hasMore = false;
    this.state.queryAttributes = NO_ATTRIBUTES;
    // Also of a PING or a FETCH: the client is not idle.
    this.commandSinceMs = this.instance.clock.monotonicMs();
    this.instance.counters.questions++;
  }

  statisticsLine(): string {
    return this.instance.statisticsLine();
  }

  chargeCursor(batch: Batch): void {
    this.statement.memory.grow(batch.length * 64 * Math.max(1, batch[0]?.length ?? 1));
  }

  useDatabase(name: string): void {
    this.beginStatement(`USE ${name}`);
    if (this.state.passwordExpired) refuseExpired('use');
    this.openDatabase(name);
    this.endStatement();
  }

  fieldList(
    table: string,
    wildcard: string,
  ): readonly { readonly column: ResultColumn; readonly defaultText: string | null }[] {
    if (this.state.passwordExpired) refuseExpired('field-list');
    return fieldList(this, table, wildcard);
  }

  // ---- tables of its own ----

  /** The newest schema, with the temporary tables of this session. */
  // hot
  schema(): SchemaSnapshot {
    const schema = this.instance.catalog.schema();
    return this.temporary === undefined ? schema : this.temporary.over(schema);
  }

  temporaryTables(): TemporaryTables {
    return (this.temporary ??= this.instance.catalog.temporaryTables());
  }

  temporaryTable(name: TableName): TableInfo | undefined {
    const database = name.schema ?? this.state.database;
    return database === undefined ? undefined : this.temporary?.table(database, name.name);
  }

  /** Plans are for the temporary tables there were. */
  get temporaryChanges(): number {
    return this.temporary?.changes ?? 0;
  }

  // ---- the session as a whole ----

  /** USE without being a statement of its own. */
  openDatabase(name: string): void {
    const { state } = this;
    this.instance.catalog.checkPrivilege(state, 'USAGE', name, '');
    const found = this.instance.catalog.schema().database(name);
    if (found === undefined) throw new SqlError(1049, '42000', `Unknown database '${name}'`);
    state.useDatabase(found.name);
    state.set('character_set_database', found.charset);
    state.set('collation_database', found.collation);
  }

  /** COM_RESET_CONNECTION: everything a pool must not hand on. */
  async resetConnection(): Promise<void> {
    const { state, transaction } = this;
    await transaction.abandon();
    transaction.next = {};
    this.past.next = undefined;
    transaction.tablesLocked = false;
    await this.temporary?.clear();
    this.prepared.closeAll();
    this.planner.forget();
    this.instance.userLocks.releaseAll(this.id);
    const { database } = state;
    state.reset();
    if (database !== undefined) state.useDatabase(database);
    this.tracker.noteReset();
  }

  async changeUser(opening: {
    readonly account: Account;
    readonly hello: { readonly user: string; readonly database: string | undefined };
  }): Promise<Session> {
    const { account, hello } = opening;
    this.instance.admit(account);
    await this.resetConnection();
    this.account = account;
    this.state.user = `${hello.user}@${this.host}`;
    this.state.currentUser = account.key;
    this.state.setRoles(this.instance.catalog.rolesAtLogin(account.key));
    this.state.passwordExpired = this.instance.catalog.isExpired(account.key);
    this.state.useDatabase(undefined);
    if (hello.database !== undefined) this.openDatabase(hello.database);
    return this;
  }

  /** The client is gone: stop what runs, roll back, forget. */
  disconnected(): void {
    if (this.closed) return;
    this.closed = true;
    this.statement.stop('disconnect');
    this.prepared.closeAll();
    this.instance.sessionClosed(this);
    const finish = andThen(this.transaction.abandon(), () => this.temporary?.close());
    if (isPromise(finish))
      finish.catch((error: unknown) => this.instance.noteInternalError(error, 'rollback of a closed session'));
  }

  /** KILL by another session, or by itself. */
  kill(id: number, target: 'connection' | 'query'): void {
    this.instance.kill(id, target, this);
  }

  /** wait_timeout is over. */
  timedOut(): void {
    this.disconnect(
      new SqlError(
        4031,
        'HY000',
        'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
      ),
    );
  }

  killed(target: 'connection' | 'query'): void {
    this.statement.stop('kill');
    if (target === 'connection') this.disconnect();
  }
}

/** A password that is too old can be changed, and nothing else. */
function refuseExpired(kind: string): void {
  if (kind === 'alter-user' || kind === 'set-password') return;
  throw new SqlError(
    1820,
    'HY000',
    'You must reset your password using ALTER USER statement before executing this statement.',
  );
}
