/**
 * `Session`: one client's conversation. It takes a statement's text or a prepared statement with values, finds or makes a plan, chooses the
 * transaction it runs in, and gives a result to pull from.
 *
 *     text ─► digest ─► plan cache ── hit ──────────────────────────► bind values ─► run
 *                          └── miss ─► parse ─► plan (kept) ─► run
 *                                        └── not a query or DML ─► dispatch.ts
 *
 * The path of a hit makes no syntax tree and, when the storage answers at once, no promise. One statement runs at a time; its end is the end
 * of its rows (`source.close`), where the time is taken, memory given back and an autocommit transaction committed.
 */
import { SqlError } from '../../base/error.ts';
import { andThen, isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Batch, Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { TIMESTAMP_MAX, type Transaction } from '../../kv/client/client.ts';
import {
  computeDerived,
  execute,
  executeWrite,
  translateCommitError,
  type OperatorStatistics,
  type WriteResult,
} from '../executor/index.ts';
import type { ParsedStatement, ParseOptions, QueryNode, Statement } from '../parser/ast.ts';
import { digestText, parse, translateDialect, type Digest } from '../parser/index.ts';
import { planQuery, planWrite } from '../planner/index.ts';
import type { ColumnEngineCosting, SchemaSnapshot } from '../planner/environment.ts';
import type { SchemaLease } from '../catalog/index.ts';
import type { Account } from './accounts.ts';
import { dispatch } from './dispatch.ts';
import { SessionEnvironment } from './environment.ts';
import {
  isDiagnostic,
  isLocked,
  isRace,
  isSchemaChange,
  parseErrorNear,
  readOnlyTransaction,
  secondStatement,
} from './failures.ts';
import { beforeCommit, holdCommit } from './failpoints.ts';
import { fieldList } from './field-list.ts';
import type { SqlInstance } from './instance.ts';
import { LARGE_STATEMENT_CHARS, runLarge } from './large-statements.ts';
import { literalValues } from './literals.ts';
import { StatementMemory } from './memory.ts';
import { kindsOf, PlanCache, PlanSet, type CachedPlan, type PlanConditions } from './plan-cache.ts';
import { extrasOf, factsOf, isPlanned, labelOf, limited, mergePinned } from './planned.ts';
import type { PreparedStatement } from './prepared.ts';
import type { ResultColumn, RowSource, StatementResult } from './result.ts';
import { SessionState } from './state.ts';
import { StatementRows } from './statement-rows.ts';
import { RunningStatement, type StopReason } from './statement.ts';
import { checkValue, variableDefinition } from './variables.ts';
import { isReadOnly, SessionTransaction } from './transaction.ts';

export interface SessionOptions {
  readonly instance: SqlInstance;
  readonly connectionId: number;
  readonly account: Account;
  readonly user: string;
  readonly host: string;
  readonly database: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  readonly clientFoundRows: boolean;
  readonly disconnect: () => void;
}

type RowsResult = Extract<StatementResult, { kind: 'rows' }>;

/** Optimistic attempts of an autocommit statement before it takes locks: a hot row is cheaper to wait for than to race for. */
const OPTIMISTIC_ATTEMPTS = 3;
const LOCKING_ATTEMPTS_MAX = 16;
/** Statements planned again after the schema changed under them. */
const SCHEMA_ATTEMPTS_MAX = 8;
/** How long an optimistic commit waits for a lock: most are gone within a commit's time. */
const OPTIMISTIC_WAIT_MS = 20;
const LONG_DATA_BYTES_MAX = 256 * 1024 * 1024;
const NO_COLUMNS: readonly ResultColumn[] = [];

export class Session {
  readonly id: number;
  readonly instance: SqlInstance;
  readonly state: SessionState;
  readonly statement: RunningStatement;
  readonly transaction: SessionTransaction;
  readonly attributes: ReadonlyMap<string, string>;
  account: Account;
  host: string;
  /** More statements of the same text wait for `runNext`. */
  hasMore = false;
  currentSql = '';
  /** For the process list. */
  command = 'Sleep';
  commandSinceMs: number;
  clientFoundRows: boolean;
  /** PREPARE … FROM, by name. */
  readonly named = new Map<string, PreparedStatement>();
  private readonly prepared = new Map<number, PreparedStatement>();
  private nextPreparedId = 1;
  private readonly plans = new PlanCache();
  readonly environment: SessionEnvironment;
  private readonly conditions = {
    epoch: 0,
    schemaVersion: 0,
    statisticsVersion: 0,
    columnEngine: undefined as ColumnEngineCosting | undefined,
  };
  private parseOptions: ParseOptions = {};
  private parseEpoch = -1;
  private rest: readonly ParsedStatement[] = [];
  private restSql = '';
  private readonly disconnect: () => void;
  private privilegeVersion: number;
  private closed = false;
  private label = 'other';
  /** What SET_VAR hints of the running statement have changed, with the values before. */
  private hinted: Map<string, Datum> | undefined = undefined;
  /** The prepared statement that runs, with its values; `undefined`: a text. */
  running:
    | { readonly prepared: PreparedStatement; readonly types: readonly FieldType[]; readonly values: readonly Datum[] }
    | undefined = undefined;
  /** LOCK TABLES is in force: UNLOCK TABLES ends its transaction. */
  tablesLocked = false;
  /** Above 0: a query inside another statement, whose end is not the statement's end. */
  nested = 0;
  /** EXPLAIN ANALYZE: where the operators of the next plan count. */
  statistics: Map<string, OperatorStatistics> | undefined = undefined;

  constructor(options: SessionOptions) {
    const instance = options.instance;
    this.instance = instance;
    this.id = options.connectionId;
    this.account = options.account;
    this.host = options.host;
    this.attributes = options.attributes;
    this.clientFoundRows = options.clientFoundRows;
    this.disconnect = options.disconnect;
    this.privilegeVersion = instance.catalog.privilegeVersion;
    this.state = new SessionState({
      connectionId: options.connectionId,
      user: `${options.user}@${options.host}`,
      currentUser: options.account.key,
      version: instance.version,
      services: {
        globals: () => instance.globals,
        random: () => instance.random.unit(),
        userLock: (action, name, timeoutMs) => this.userLock(action, name, timeoutMs),
      },
    });
    this.statement = new RunningStatement({
      session: this.state, services: instance.statementServices, memory: new StatementMemory(instance.memory), schema: instance.catalog.schema(),
    }); // prettier-ignore
    this.transaction = new SessionTransaction(instance.kv, (lease) => instance.catalog.board?.confirm(lease));
    this.environment = new SessionEnvironment(this);
    this.commandSinceMs = instance.clock.monotonicMs();
    if (options.database !== undefined) this.openDatabase(options.database);
  }

  // ---- what the protocol asks ----

  get warningCount(): number {
    return this.state.warningCount;
  }

  get clientCharset(): string {
    return this.state.clientCharset;
  }

  get resultCharset(): string {
    return this.state.resultCharset;
  }

  get resultsAreUtf8(): boolean {
    return this.state.resultCharset !== 'latin1';
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
    const state = this.state;
    return (
      (this.transaction.active ? (this.transaction.readOnly ? 8193 : 1) : 0) |
      (state.autocommit ? 2 : 0) |
      (state.sqlMode.noBackslashEscapes ? 512 : 0)
    );
  }

  commandArrived(_code: number): void {
    this.hasMore = false;
    this.instance.counters.questions++;
  }

  statisticsLine(): string {
    return this.instance.statisticsLine();
  }

  // ---- text ----

  // hot
  run(sql: string, multi: boolean, isReady = false, isAdmitted = false): MaybePromise<StatementResult> {
    const { board } = this.instance.catalog;
    if (board !== undefined && !isReady) return andThen(board.ready(), () => this.run(sql, multi, true));
    if (sql.length > LARGE_STATEMENT_CHARS && !isAdmitted && !this.inTransaction()) return runLarge(this, sql, multi);
    this.beginStatement(sql);
    const state = this.state;
    const schema = this.instance.catalog.schema();
    if (state.dialect !== 'mysql') return this.runForeign(sql, schema);
    let digest: Digest | undefined;
    if (state.planCacheOn) {
      digest = digestText(sql, this.options());
      const set = digest.cacheable ? this.plans.get(digest.cacheKey) : undefined;
      if (set !== undefined) {
        const bound = literalValues(digest.literals);
        const plan = set.find(this.planConditions(schema), bound.kinds, bound.values);
        if (plan !== undefined) {
          state.planFromCache = true;
          this.instance.counters.planCacheHits++;
          return this.runPlan(plan, bound.values, schema);
        }
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
    return this.runParsed(next, sql, undefined, this.instance.catalog.schema());
  }

  private parseAndRun(
    sql: string,
    multi: boolean,
    digest: Digest | undefined,
    schema: SchemaSnapshot,
  ): MaybePromise<StatementResult> {
    const parsed = parse(sql, this.options());
    const first = parsed[0];
    if (first === undefined) throw new SqlError(1065, '42000', 'Query was empty');
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

  private runForeign(sql: string, schema: SchemaSnapshot): MaybePromise<StatementResult> {
    return andThen(this.inOwnDialect(sql), (text) => this.parseAndRun(text, false, undefined, schema));
  }

  /** The statement as MySQL text. SET stays as it is: the way back must not need the other dialect. */
  private inOwnDialect(sql: string): MaybePromise<string> {
    const { dialect } = this.state;
    return dialect === 'mysql' || /^\s*set\s/i.test(sql) ? sql : translateDialect(sql, dialect);
  }

  /** `digest`: the statement's only text is `sql`, so its plan may be kept. */
  private runParsed(
    parsed: ParsedStatement,
    sql: string,
    digest: Digest | undefined,
    schema: SchemaSnapshot,
  ): MaybePromise<StatementResult> {
    const { statement } = parsed;
    if (!isPlanned(statement)) return dispatch(this, statement, sql, parsed);
    const bound =
      digest?.cacheable === true && digest.literals.length === parsed.literalCount
        ? literalValues(digest.literals)
        : undefined;
    const plan = this.plan(
      statement,
      sql,
      schema,
      bound ?? NOTHING_BOUND,
      bound === undefined ? undefined : parsed.pinnedLiterals,
    );
    if (digest !== undefined && bound !== undefined && plan.cacheable)
      this.plans.obtain(digest.cacheKey).add({ ...plan.plan, kinds: bound.kinds });
    return this.runPlan(plan.plan, bound?.values ?? [], schema);
  }

  /** Plans a statement; `extraPinned` are literals whose value the parser already used. */
  plan(
    statement: Statement,
    sql: string,
    schema: SchemaSnapshot,
    bound: { readonly types: readonly FieldType[]; readonly values: readonly Datum[] | undefined },
    extraPinned: readonly number[] | undefined,
  ): { readonly plan: CachedPlan; readonly cacheable: boolean } {
    const environment = this.environment.prepare(sql, schema, bound.types, bound.values);
    const conditions = this.planConditions(schema);
    const label = labelOf(statement);
    const common = { epoch: conditions.epoch, schemaVersion: conditions.schemaVersion, kinds: '', label };
    const values = bound.values ?? [];
    if (statement.kind === 'insert' || statement.kind === 'update' || statement.kind === 'delete') {
      const planned = planWrite(statement, environment);
      const pinned = mergePinned(planned.pinned, extraPinned);
      const simple = planned.plan.kind === 'insert' && planned.plan.source === undefined;
      const plan: CachedPlan = {
        ...common, ...extrasOf(planned), kind: 'write', query: undefined, write: planned.plan, cut: undefined, columns: NO_COLUMNS, pinned, pinnedValues: pinned.map((i) => values[i] ?? null),
        statisticsVersion: simple ? -1 : conditions.statisticsVersion, isPoint: false, locks: true, usesColumnEngine: false, isTableless: false,
      }; // prettier-ignore
      return { plan, cacheable: planned.cacheable };
    }
    const query = limited(statement as QueryNode, this.state.selectLimit);
    let planned = planQuery(query, environment);
    if (planned.setVariables.size > 0 && this.hinted === undefined) {
      // SET_VAR: the plan is made again under the variables it asks for, and they hold until the statement ends.
      this.applyHints(planned.setVariables);
      planned = planQuery(query, environment);
    }
    const pinned = mergePinned(planned.pinned, extraPinned);
    const facts = factsOf(planned.plan);
    const plan: CachedPlan = {
      ...common, ...extrasOf(planned), kind: 'query', query: planned.plan, write: undefined, cut: planned.cut, columns: planned.columns, pinned, pinnedValues: pinned.map((i) => values[i] ?? null),
      statisticsVersion: facts.isPoint ? -1 : conditions.statisticsVersion, ...facts, locks: facts.locks || !planned.readOnly,
    }; // prettier-ignore
    return { plan, cacheable: planned.cacheable };
  }

  private applyHints(variables: ReadonlyMap<string, string>): void {
    const before = new Map<string, Datum>();
    for (const [name, text] of variables) {
      const definition = variableDefinition(name.toLowerCase());
      const known = definition !== undefined && !definition.readOnly && definition.scope !== 'global';
      if (!known) {
        this.state.warn('Warning', 4537, `Variable '${name}' cannot be set using SET_VAR hint.`);
        continue;
      }
      try {
        const value = checkValue(
          definition,
          /^-?\d+$/.test(text) ? Number(text) : text.replace(/^'(.*)'$/, '$1'),
          () => undefined,
        );
        before.set(definition.name, this.state.value(definition.name));
        this.state.set(definition.name, value);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        this.state.warn('Warning', error.errno, error.message);
      }
    }
    this.hinted = before;
  }

  // ---- running a plan ----

  // hot
  runPlan(plan: CachedPlan, values: Datum[], schema: SchemaSnapshot): MaybePromise<StatementResult> {
    const statement = this.statement;
    this.label = plan.label;
    statement.start(schema);
    if (this.statistics !== undefined) statement.runtimeStatistics = this.statistics;
    statement.parameters = values;
    if (plan.derived.length > 0) computeDerived(plan.derived, statement);
    if (plan.kind === 'write') return this.runWrite(plan);
    const limitMs = plan.maxExecutionMs ?? this.state.maxExecutionMs;
    if (limitMs > 0) statement.limitTime(limitMs);
    if (plan.isTableless) {
      statement.reader = this.instance.latest;
      statement.transaction = this.transaction.open;
      return this.openRows(plan, undefined);
    }
    if (this.inTransaction()) return this.runQueryInTransaction(plan);
    if (plan.locks) return this.runLockingQuery(plan);
    statement.transaction = undefined;
    if (plan.isPoint) {
      // A snapshot of its own: what a reader learns about locks holds for the moment it read in.
      statement.reader = this.instance.kv.snapshot(TIMESTAMP_MAX);
      return this.openRows(plan, undefined);
    }
    const ts = this.instance.kv.timestamp();
    if (isPromise(ts)) {
      return ts.then((known) => {
        statement.readAt(this.instance.kv, known);
        return this.openRows(plan, undefined);
      });
    }
    statement.readAt(this.instance.kv, ts);
    return this.openRows(plan, undefined);
  }

  private runQueryInTransaction(plan: CachedPlan): MaybePromise<StatementResult> {
    const opened = this.openTransaction();
    return isPromise(opened) ? opened.then((transaction) => this.readIn(transaction, plan)) : this.readIn(opened, plan);
  }

  /** The transaction uses these tables from now on: changes of them wait for its end. */
  private touch(plan: CachedPlan): MaybePromise<void> {
    const { leases } = this.instance.catalog;
    if (leases === undefined || plan.tableIds.length === 0) return;
    const lease = (this.transaction.lease ??= leases.acquire(plan.schemaVersion));
    return touchAll(lease, plan.tableIds, 0, this.state.lockWaitMs);
  }

  private readIn(transaction: Transaction, plan: CachedPlan): MaybePromise<StatementResult> {
    const touched = this.touch(plan);
    return isPromise(touched)
      ? touched.then(() => this.readTouched(transaction, plan))
      : this.readTouched(transaction, plan);
  }

  private readTouched(transaction: Transaction, plan: CachedPlan): MaybePromise<StatementResult> {
    const statement = this.statement;
    statement.reader = transaction;
    statement.transaction = transaction;
    if (plan.locks && this.transaction.readOnly) throw readOnlyTransaction();
    if (!this.transaction.readCommitted || plan.locks) return this.openRows(plan, undefined);
    const ts = this.instance.kv.timestamp();
    if (isPromise(ts)) {
      return ts.then((known) => {
        transaction.setReadTs(known);
        return this.openRows(plan, undefined);
      });
    }
    transaction.setReadTs(ts);
    return this.openRows(plan, undefined);
  }

  /** SELECT … FOR UPDATE without a transaction: the locks live as long as the statement. */
  private async runLockingQuery(plan: CachedPlan): Promise<StatementResult> {
    const transaction = await this.instance.kv.begin({
      pessimistic: true,
      sizeBytesMax: this.state.transactionSizeMax,
    });
    this.statement.reader = transaction;
    this.statement.transaction = transaction;
    return this.openRows(plan, transaction);
  }

  private openRows(plan: CachedPlan, own: Transaction | undefined): RowsResult {
    const source = execute(plan.query!, this.statement);
    const rows = new StatementRows(this, source, own, plan.cut);
    return { kind: 'rows', columns: plan.columns, source: rows, encoded: rows.encoded };
  }

  private runWrite(plan: CachedPlan): MaybePromise<StatementResult> {
    if (isReadOnly(this)) throw readOnlyTransaction();
    this.statement.strictWrite = this.state.sqlMode.strict && !plan.write!.ignore;
    if (this.inTransaction()) return this.writeInTransaction(plan);
    return this.writeAutocommit(plan);
  }

  private async writeInTransaction(plan: CachedPlan): Promise<StatementResult> {
    const transaction = await this.openTransaction();
    const touched = this.touch(plan);
    if (isPromise(touched)) await touched;
    this.statement.reader = transaction;
    this.statement.transaction = transaction;
    const result = await executeWrite(plan.write!, this.statement);
    return this.writeDone(result);
  }

  /**
   * A statement of its own: tried without locks first, since most meet nobody. Losing the race at commit runs it again on newer data; after a
   * few losses it takes locks and waits its turn.
   */
  private async writeAutocommit(plan: CachedPlan): Promise<StatementResult> {
    const { leases } = this.instance.catalog;
    for (let attempt = 1, current = plan; ; attempt++) {
      const lease = leases?.acquire(current.schemaVersion);
      try {
        if (lease !== undefined) {
          const touched = touchAll(lease, current.tableIds, 0, this.state.lockWaitMs);
          if (isPromise(touched)) await touched;
        }
        return await this.writeUnderLease(current, lease);
      } catch (error) {
        if (!isSchemaChange(error) || attempt >= SCHEMA_ATTEMPTS_MAX) throw error;
        lease?.release();
        current = this.replan();
      } finally {
        lease?.release();
      }
    }
  }

  /**
   * The tables changed their shape between planning and running: the statement is planned again on the newest schema. Nothing
   * has been written yet, since leases come before the transaction.
   */
  private replan(): CachedPlan {
    const schema = this.instance.catalog.schema();
    const { statement } = this;
    statement.schema = schema;
    const { running } = this;
    const ast = running?.prepared?.parsed.statement ?? parse(this.currentSql, this.options())[0]!.statement;
    const bound = running === undefined ? NOTHING_BOUND : { types: running.types, values: running.values };
    // A text is planned with its literals by value: this plan serves once.
    statement.parameters = [...(bound.values ?? [])];
    const { plan } = this.plan(ast, this.currentSql, schema, bound, undefined);
    if (plan.derived.length > 0) computeDerived(plan.derived, this.statement);
    return plan;
  }

  private async writeUnderLease(plan: CachedPlan, lease: SchemaLease | undefined): Promise<StatementResult> {
    const statement = this.statement;
    const kv = this.instance.kv;
    for (let attempt = 0; ; attempt++) {
      const begun = kv.begin({
        pessimistic: attempt >= OPTIMISTIC_ATTEMPTS,
        sizeBytesMax: this.state.transactionSizeMax,
        commitWaitMs: OPTIMISTIC_WAIT_MS,
      });
      const transaction = isPromise(begun) ? await begun : begun;
      statement.reader = transaction;
      statement.transaction = transaction;
      try {
        const written = executeWrite(plan.write!, statement);
        const result = isPromise(written) ? await written : written;
        if (this.instance.catalog.board !== undefined) await this.instance.catalog.board.confirm(lease);
        await transaction.commit(statement);
        return this.writeDone(result);
      } catch (error) {
        await transaction.rollback().catch(() => undefined);
        // A lock that stays is somebody's open transaction: stand in line for it, with the statement's own limit.
        if (isLocked(error)) attempt = Math.max(attempt, OPTIMISTIC_ATTEMPTS - 1);
        else if (!isRace(error) || attempt >= LOCKING_ATTEMPTS_MAX)
          throw translateCommitError(error, statement.schema, transaction);
        this.instance.counters.optimisticRetries++;
        statement.checkKilled();
        this.state.clearWarnings();
      }
    }
  }

  writeDone(result: WriteResult): StatementResult {
    const state = this.state;
    const affectedRows = this.clientFoundRows ? result.foundRows : result.affectedRows;
    if (result.generatedId !== undefined) state.lastInsertId = result.generatedId;
    return this.ok(affectedRows, result.lastInsertId, result.info);
  }

  /** Ends a statement without rows. */
  ok(affectedRows = 0, lastInsertId: number | bigint = 0, info = ''): StatementResult {
    this.state.rowCount = affectedRows;
    this.endStatement();
    return { kind: 'ok', affectedRows, lastInsertId, info };
  }

  /** Ends a statement whose rows are all here. */
  computed(columns: readonly ResultColumn[], rows: Batch): StatementResult {
    let given = false;
    const source: RowSource & { encoded: undefined } = {
      next: () => {
        if (given) return undefined;
        given = true;
        return rows;
      },
      close: () => undefined,
      encoded: undefined,
    };
    return { kind: 'rows', columns, source: new StatementRows(this, source, undefined, undefined), encoded: undefined };
  }

  // ---- transactions ----

  inTransaction(): boolean {
    return this.transaction.active || !this.state.autocommit;
  }

  /** The store's transaction of this session, begun when there is none. */
  openTransaction(): MaybePromise<Transaction> {
    if (!this.transaction.active) this.beginTransaction({});
    return this.transaction.ensure(this.state.transactionSizeMax);
  }

  /** What the next transaction is, until it begins: SET TRANSACTION without a scope. */
  nextTransaction: { isolation?: string; readOnly?: boolean } = {};

  beginTransaction(options: { readOnly?: boolean; pessimistic?: boolean }): void {
    const isolation = this.nextTransaction.isolation ?? this.state.isolation;
    this.transaction.begin({
      readOnly: options.readOnly ?? this.nextTransaction.readOnly ?? this.state.transactionReadOnly,
      readCommitted: isolation === 'READ-COMMITTED' || isolation === 'READ-UNCOMMITTED',
      pessimistic: options.pessimistic ?? this.state.pessimistic,
    });
    this.nextTransaction = {};
  }

  /** COMMIT, and what statements with an implicit commit do first. */
  async commitTransaction(): Promise<void> {
    const open = this.transaction.open;
    if (open && beforeCommit.armed) await holdCommit(this);
    try {
      await this.transaction.commit();
      if (open) this.instance.counters.commits++;
    } catch (error) {
      this.instance.counters.rollbacks++;
      throw open ? translateCommitError(error, this.statement.schema, open) : error;
    }
  }

  async rollbackTransaction(): Promise<void> {
    if (this.transaction.open) this.instance.counters.rollbacks++;
    await this.transaction.rollback();
  }

  // ---- prepared statements ----

  prepare(sql: string): MaybePromise<PreparedStatement> {
    this.beginStatement(sql);
    return andThen(this.inOwnDialect(sql), (text) => {
      const statement = this.makePrepared(text);
      this.prepared.set(statement.id, statement);
      this.endStatement();
      return statement;
    });
  }

  makePrepared(sql: string): PreparedStatement {
    if (this.instance.preparedCount >= Number(this.instance.globals.get('max_prepared_stmt_count'))) {
      throw new SqlError(
        1461,
        '42000',
        `Can't create more than max_prepared_stmt_count statements (current value: ${this.instance.preparedCount})`,
      );
    }
    const parsed = parse(sql, { ...this.options(), prepared: true });
    const first = parsed[0];
    if (first === undefined) throw new SqlError(1065, '42000', 'Query was empty');
    if (parsed.length > 1) throw secondStatement(sql, parsed[1]!);
    if (first.parameterCount > 65535)
      throw new SqlError(1390, 'HY000', 'Prepared statement contains too many placeholders');
    const { kind } = first.statement;
    if (kind === 'prepare' || kind === 'execute' || kind === 'deallocate') {
      throw new SqlError(1295, 'HY000', 'This command is not supported in the prepared statement protocol yet');
    }
    this.instance.preparedCount++;
    let columns: readonly ResultColumn[] = NO_COLUMNS;
    try {
      columns = this.columnsOf(first.statement, sql);
    } catch (error) {
      this.instance.preparedCount--;
      throw error;
    }
    return {
      id: this.nextPreparedId++, sql, parsed: first, parameterCount: first.parameterCount, columns, plans: new PlanSet(),
      memory: { wireTypes: undefined, longData: undefined }, longDataBytes: 0, cursorRows: undefined,
    }; // prettier-ignore
  }

  /** Result columns before there are values: also finds errors in names early. */
  private columnsOf(statement: Statement, sql: string): readonly ResultColumn[] {
    if (!isPlanned(statement)) return NO_COLUMNS;
    const schema = this.instance.catalog.schema();
    this.statement.start(schema);
    try {
      return this.plan(statement, sql, schema, NOTHING_BOUND, undefined).plan.columns;
    } finally {
      this.statement.finish();
    }
  }

  preparedById(id: number, command: string): PreparedStatement {
    const statement = this.prepared.get(id);
    if (statement === undefined)
      throw new SqlError(1243, 'HY000', `Unknown prepared statement handler (${id}) given to ${command}`);
    return statement;
  }

  // hot
  executePrepared(
    prepared: PreparedStatement,
    types: FieldType[],
    values: Datum[],
    isReady = false,
  ): MaybePromise<StatementResult> {
    const { board } = this.instance.catalog;
    if (board !== undefined && !isReady)
      return andThen(board.ready(), () => this.executePrepared(prepared, types, values, true));
    this.beginStatement(prepared.sql);
    const { statement } = prepared.parsed;
    const schema = this.instance.catalog.schema();
    this.running = { prepared, types, values };
    if (!isPlanned(statement)) return dispatch(this, statement, prepared.sql, prepared.parsed);
    const kinds = kindsOf(types);
    const found = prepared.plans.find(this.planConditions(schema), kinds, values);
    if (found !== undefined) {
      this.state.planFromCache = true;
      this.instance.counters.planCacheHits++;
      return this.runPlan(found, values, schema);
    }
    const { plan, cacheable } = this.plan(statement, prepared.sql, schema, { types, values }, undefined);
    const keyed = { ...plan, kinds };
    if (cacheable && this.state.planCacheOn) prepared.plans.add(keyed);
    return this.runPlan(keyed, values, schema);
  }

  closePrepared(id: number): void {
    if (this.prepared.delete(id)) this.instance.preparedCount--;
  }

  forgetNamed(name: string): boolean {
    if (!this.named.delete(name.toLowerCase())) return false;
    this.instance.preparedCount--;
    return true;
  }

  appendLongData(id: number, index: number, data: Buffer): void {
    const statement = this.prepared.get(id);
    if (statement === undefined) return;
    statement.memory.longData ??= new Map();
    statement.longDataBytes += data.length;
    if (statement.longDataBytes > LONG_DATA_BYTES_MAX)
      throw new SqlError(1153, '08S01', "Got a packet bigger than 'max_allowed_packet' bytes");
    const pieces = statement.memory.longData.get(index);
    if (pieces) pieces.push(data);
    else statement.memory.longData.set(index, [data]);
  }

  chargeCursor(batch: Batch): void {
    this.statement.memory.grow(batch.length * 64 * Math.max(1, batch[0]?.length ?? 1));
  }

  // ---- the session as a whole ----

  useDatabase(name: string): void {
    this.beginStatement(`USE ${name}`);
    this.openDatabase(name);
    this.endStatement();
  }

  /** USE without being a statement of its own. */
  openDatabase(name: string): void {
    const found = this.instance.catalog.schema().database(name);
    if (found === undefined) throw new SqlError(1049, '42000', `Unknown database '${name}'`);
    this.instance.catalog.checkPrivilege(this.state, 'USAGE', found.name, '');
    this.state.useDatabase(found.name);
    this.state.set('character_set_database', found.charset);
    this.state.set('collation_database', found.collation);
  }

  fieldList(
    table: string,
    wildcard: string,
  ): readonly { readonly column: ResultColumn; readonly defaultText: string | null }[] {
    return fieldList(this, table, wildcard);
  }

  /** COM_RESET_CONNECTION: everything a pool must not hand on. */
  async resetConnection(): Promise<void> {
    await this.transaction.rollback();
    this.forgetPrepared();
    this.instance.userLocks.releaseAll(this.id);
    const database = this.state.database;
    this.state.reset();
    this.nextTransaction = {};
    this.plans.clear();
    if (database !== undefined) this.state.useDatabase(database);
  }

  async changeUser(opening: {
    readonly account: Account;
    readonly hello: { readonly user: string; readonly database: string | undefined };
  }): Promise<Session> {
    await this.resetConnection();
    this.account = opening.account;
    this.state.user = `${opening.hello.user}@${this.host}`;
    this.state.currentUser = opening.account.key;
    this.state.useDatabase(undefined);
    if (opening.hello.database !== undefined) this.openDatabase(opening.hello.database);
    return this;
  }

  /** The client is gone: stop what runs, roll back, forget. */
  disconnected(): void {
    if (this.closed) return;
    this.closed = true;
    this.statement.stop('disconnect');
    this.forgetPrepared();
    this.instance.sessionClosed(this);
    const finish = this.transaction.rollback();
    if (isPromise(finish))
      finish.catch((error: unknown) => this.instance.noteInternalError(error, 'rollback of a closed session'));
  }

  stop(reason: StopReason): void {
    this.statement.stop(reason);
  }

  /** KILL by another session, or by itself. */
  kill(id: number, target: 'connection' | 'query'): void {
    this.instance.kill(id, target, this);
  }

  killed(target: 'connection' | 'query'): void {
    this.statement.stop('kill');
    if (target === 'connection') this.disconnect();
  }

  private forgetPrepared(): void {
    this.instance.preparedCount -= this.prepared.size + this.named.size;
    this.prepared.clear();
    this.named.clear();
  }

  private userLock(
    action: 'get' | 'release' | 'is-free' | 'is-used' | 'release-all',
    name: string,
    timeoutMs: number,
  ): Promise<Datum> | Datum {
    const locks = this.instance.userLocks;
    switch (action) {
      case 'get':
        return locks.get(name, this.id, timeoutMs, this.statement.abortSignal());
      case 'release':
        return locks.release(name, this.id);
      case 'release-all':
        return locks.releaseAll(this.id);
      case 'is-free':
        return locks.holder(name) === null ? 1 : 0;
      case 'is-used':
        return locks.holder(name);
    }
  }

  // ---- a statement's beginning and end ----

  beginStatement(sql: string): void {
    this.currentSql = sql;
    this.command = 'Query';
    this.label = 'other';
    this.running = undefined;
    this.state.lastPlanFromCache = this.state.planFromCache;
    this.state.planFromCache = false;
    const now = this.instance.clock.monotonicMs();
    this.commandSinceMs = now;
    this.statement.startedAtMs = now;
    this.statement.running = true;
    this.nested = 0;
    // SHOW WARNINGS and its like look at the statement before: dispatch clears for all others.
    if (!isDiagnostic(sql)) this.state.clearWarnings();
  }

  /** The failure has been reported; what it means for the session. */
  statementFailed(error: { readonly errno: number; readonly message: string }): void {
    this.state.rowCount = -1;
    this.state.warn('Error', error.errno, error.message);
    this.hasMore = false;
    this.instance.counters.errors++;
    // A deadlock and a lost race have already cost the transaction its locks: the client starts it again.
    if (error.errno === 1213 && this.transaction.active) {
      const finish = this.transaction.rollback();
      if (isPromise(finish)) finish.catch(() => undefined);
    }
    this.endStatement();
  }

  endStatement(): void {
    if (this.nested > 0 || !this.statement.running) return;
    const instance = this.instance;
    const elapsedMs = instance.clock.monotonicMs() - this.statement.startedAtMs;
    const peakBytes = this.statement.memory.peakBytes;
    this.statement.finish();
    if (this.hinted !== undefined) {
      for (const [name, value] of this.hinted) this.state.set(name, value);
      this.hinted = undefined;
    }
    this.command = 'Sleep';
    this.commandSinceMs = this.statement.startedAtMs + elapsedMs;
    instance.noteStatement(this, this.label, elapsedMs, peakBytes);
  }

  setLabel(label: string): void {
    this.label = label;
  }

  options(): ParseOptions {
    if (this.parseEpoch !== this.state.epoch) {
      this.parseEpoch = this.state.epoch;
      const mode = this.state.sqlMode;
      this.parseOptions = {
        ansiQuotes: mode.ansiQuotes, noBackslashEscapes: mode.noBackslashEscapes, pipesAsConcat: mode.pipesAsConcat, ignoreSpace: mode.ignoreSpace,
        highNotPrecedence: mode.highNotPrecedence, realAsFloat: mode.realAsFloat,
      }; // prettier-ignore
      this.plans.sizeMax = this.state.planCacheSize;
    }
    return this.parseOptions;
  }

  private planConditions(schema: SchemaSnapshot): PlanConditions {
    const catalog = this.instance.catalog;
    if (this.privilegeVersion !== catalog.privilegeVersion) {
      this.privilegeVersion = catalog.privilegeVersion;
      this.state.epoch++;
    }
    const conditions = this.conditions;
    conditions.epoch =
      this.transaction.hasWrites && this.state.engines !== 'row' ? this.state.epoch + 0.5 : this.state.epoch;
    conditions.schemaVersion = schema.version;
    conditions.statisticsVersion = catalog.statisticsVersion;
    conditions.columnEngine = this.environment.columnEngine;
    return conditions;
  }
}

const NOTHING_BOUND: { readonly types: readonly FieldType[]; readonly values: readonly Datum[] | undefined } = {
  types: [],
  values: undefined,
};

function touchAll(lease: SchemaLease, tableIds: readonly number[], from: number, waitMs: number): MaybePromise<void> {
  for (let i = from; i < tableIds.length; i++) {
    const touched = lease.touch(tableIds[i]!, waitMs);
    if (touched !== undefined) return touched.then(() => touchAll(lease, tableIds, i + 1, waitMs));
  }
}
