/**
 * `SqlInstance`: one SQL server's shared state, without its sockets: the sessions, global variables, named locks, memory limit, the password
 * cache, counters and the slow log. Stateless towards the cluster: everything that must outlive the process is in the store.
 */
import { SqlError } from '../../base/error.ts';
import type { FileFolder } from '../../base/file-folder.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { Disk, Clock, Random, Timers } from '../../base/world.ts';
import { TIMESTAMP_MAX, type KvClient, type Snapshot } from '../../kv/client/client.ts';
import { digestText } from '../parser/index.ts';
import type { ColumnEngine, WaitEdge } from '../executor/context.ts';
import type { Account } from './accounts.ts';
import type { SessionCatalog } from './catalog-port.ts';
import { Counters } from './counters.ts';
import { LargeStatements } from './large-statements.ts';
import { Logins } from './logins.ts';
import { SpillFolder } from '../executor/index.ts';
import { ServerMemory } from './memory.ts';
import { Session } from './session.ts';
import { DeadlockLog } from './deadlock-log.ts';
import { SlowLog } from './slow-log.ts';
import { StatementSummary } from './statement-summary.ts';
import type { StatementServices } from './statement.ts';
import { UserLocks } from './user-locks.ts';
import { initialGlobals, type VariableValues } from './variables.ts';

export interface InstanceOptions {
  readonly kv: KvClient;
  readonly catalog: SessionCatalog;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly columnEngine?: ColumnEngine;
  /** For temporary files of statements. */
  readonly spillTo?: { readonly disk: Disk; readonly path: string } | undefined;
  /** What statements may read and write of the server's files: `secure_file_priv`. `undefined`: nothing. */
  readonly files?: FileFolder | undefined;
  /** Shown by VERSION(). */
  readonly version: string;
  /** Over the built-in values: port, data folder, limits. */
  readonly variables?: Readonly<Record<string, Datum>>;
  readonly onInternalError?: (error: unknown, context: string) => void;
  readonly onSlowStatement?: (entry: {
    readonly elapsedMs: number;
    readonly sql: string;
    readonly connectionId: number;
  }) => void;
}

export interface SessionRequest {
  readonly connectionId: number;
  readonly account: Account;
  readonly user: string;
  readonly host: string;
  readonly database: string | undefined;
  readonly attributes?: ReadonlyMap<string, string>;
  readonly clientFoundRows?: boolean;
  readonly tls?: { readonly version: string; readonly cipher: string } | undefined;
  readonly disconnect?: (reason?: SqlError) => void;
}

interface StatementEnd {
  readonly label: string;
  readonly elapsedMs: number;
  readonly memoryBytesMax: number;
  readonly failed: boolean;
}

/** How often idle connections are looked at. */
const IDLE_CHECK_MS = 1000;

export class SqlInstance {
  readonly kv: KvClient;
  readonly catalog: SessionCatalog;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly version: string;
  readonly sessions = new Map<number, Session>();
  readonly counters = new Counters();
  readonly slowLog = new SlowLog();
  readonly summary = new StatementSummary();
  readonly deadlocks = new DeadlockLog();
  readonly memory: ServerMemory;
  /** `undefined`: a statement that needs more memory than it may have fails. */
  readonly spill: SpillFolder | undefined;
  readonly files: FileFolder | undefined;
  readonly userLocks: UserLocks;
  readonly largeStatements = new LargeStatements();
  readonly logins: Logins;
  readonly statementServices: StatementServices;
  /** For statements that read no stored table, and need a reader all the same. */
  readonly latest: Snapshot;
  readonly startedAtMs: number;
  globals: VariableValues;
  preparedCount = 0;
  /** ALTER INSTANCE RELOAD TLS; absent: there is no TLS. */
  reloadTls: (() => Promise<void>) | undefined;
  /** SHUTDOWN: begins it; absent: nobody here can. */
  shutDown: (() => void) | undefined;
  private nextConnectionId = 1;
  private readonly options: InstanceOptions;
  private readonly idleTimer: { cancel(): void };

  constructor(options: InstanceOptions) {
    this.options = options;
    this.kv = options.kv;
    this.catalog = options.catalog;
    this.clock = options.clock;
    this.timers = options.timers;
    this.random = options.random;
    this.logins = new Logins(options.clock);
    this.version = options.version;
    this.globals = initialGlobals({
      version: options.version,
      ...options.variables,
      secure_file_priv: options.files?.path ?? null,
    });
    this.memory = new ServerMemory(Number(this.globals.get('rutile_server_memory_limit')));
    this.spill =
      options.spillTo &&
      new SpillFolder(options.spillTo.disk, options.spillTo.path, Number(this.globals.get('rutile_spill_limit')));
    this.files = options.files;
    this.userLocks = new UserLocks(options.timers);
    this.latest = options.kv.snapshot(TIMESTAMP_MAX);
    this.startedAtMs = options.clock.monotonicMs();
    const { catalog } = options;
    this.statementServices = {
      kv: options.kv,
      clock: options.clock,
      timers: options.timers,
      columnEngine: options.columnEngine,
      spill: this.spill,
      virtualRows: (database, table, viewer) => catalog.virtualRows(database, table, viewer),
      allocateAutoIncrement: (table, count) => catalog.allocateAutoIncrement(table, count),
      observeAutoIncrement: (table, value) => catalog.observeAutoIncrement(table, value),
      allocateRowId: (table, count) => catalog.allocateRowId(table, count),
      noteChangedRows: (table, rows, changes) => catalog.noteChangedRows(table, rows, changes),
      noteDeadlock: (chain) => this.noteDeadlock(chain),
    };
    this.idleTimer = options.timers.every(IDLE_CHECK_MS, () => this.closeIdle());
  }

  newConnectionId(): number {
    return this.nextConnectionId++;
  }

  /** Throws 1040 when the server is full, 1049 for an unknown database. One more is let in for an administrator, as in MySQL. */
  openSession(request: SessionRequest): MaybePromise<Session> {
    const { account } = request;
    this.admit(account);
    const session = new Session({
      instance: this, connectionId: request.connectionId, account: request.account, user: request.user, host: request.host, database: request.database,
      attributes: request.attributes ?? new Map(), clientFoundRows: request.clientFoundRows ?? false, tls: request.tls, disconnect: request.disconnect ?? (() => undefined),
    }); // prettier-ignore
    if (!this.hasRoomFor(session)) {
      this.counters.connectionsRefused++;
      throw new SqlError(1040, '08004', 'Too many connections');
    }
    this.sessions.set(session.id, session);
    this.counters.connections++;
    return session;
  }

  private hasRoomFor({ state }: Session): boolean {
    const beyond = this.sessions.size - Number(this.globals.get('max_connections'));
    if (beyond < 0) return true;
    const rights = this.catalog.rights(state);
    return beyond === 0 && (rights.everywhere('CONNECTION_ADMIN') || rights.everywhere('SUPER'));
  }

  /** Throws 1226 when the account has as many connections as it may. */
  admit(account: Account): void {
    let open = 0;
    for (const session of this.sessions.values()) if (session.account.key === account.key) open++;
    this.logins.connect(account, open);
  }

  sessionClosed(session: Session): void {
    this.sessions.delete(session.id);
    this.userLocks.releaseAll(session.id);
  }

  /** Global values are replaced as a whole: sessions keep the map they began with. */
  setGlobal(name: string, value: Datum): void {
    const next = new Map(this.globals);
    next.set(name, value);
    this.globals = next;
    if (name === 'mandatory_roles') this.catalog.rolesChanged();
    if (name === 'rutile_server_memory_limit') this.memory.limitBytes = Number(value);
    if (name === 'rutile_spill_limit' && this.spill !== undefined) this.spill.bytesMax = Number(value);
  }

  kill(id: number, target: 'connection' | 'query', by: Session): void {
    const session = this.sessions.get(id);
    if (session === undefined) throw new SqlError(1094, 'HY000', `Unknown thread id: ${id}`);
    if (session.account.key !== by.account.key) this.checkMayKill(session, by);
    if (session === by) {
      // Its own statement ends by the error; the connection after the answer.
      if (target === 'connection') this.timers.soon(() => session.killed('connection'));
      throw new SqlError(1317, '70100', 'Query execution was interrupted');
    }
    session.killed(target);
  }

  /** Connections of others are for administrators; those of system users for system users. */
  private checkMayKill(session: Session, by: Session): void {
    const rights = this.catalog.rights(by.state);
    const admin = rights.everywhere('CONNECTION_ADMIN') || rights.everywhere('SUPER');
    const system = this.catalog.rights(session.state).everywhere('SYSTEM_USER') && !rights.everywhere('SYSTEM_USER');
    if (!admin || system) throw new SqlError(1095, 'HY000', `You are not owner of thread ${session.id}`);
  }

  // hot
  noteStatement(session: Session, end: StatementEnd): void {
    const { elapsedMs, memoryBytesMax } = end;
    this.counters.note(end.label, elapsedMs);
    this.noteSummary(session, end);
    if (elapsedMs < session.state.slowQueryMs || this.globals.get('slow_query_log') !== 1) return;
    this.counters.slowQueries++;
    const entry = {
      atMs: this.clock.wallMs(), connectionId: session.id, user: session.account.user, host: session.host, database: session.state.database ?? '', elapsedMs, rowsSent: Math.max(0, session.state.rowCount < 0 ? session.state.foundRows : 0),
      memoryBytesMax, planFromCache: session.state.planFromCache, succeeded: session.state.errorCount === 0, sql: session.currentSql,
    }; // prettier-ignore
    this.slowLog.add(entry);
    this.options.onSlowStatement?.(entry);
  }

  // hot
  private noteSummary(session: Session, { label, elapsedMs, memoryBytesMax, failed }: StatementEnd): void {
    const { state, currentSql } = session;
    if (currentSql === '') return;
    const { rowCount } = state;
    this.summary.note(
      {
        label, database: state.database ?? '', sql: session.isSecret ? '' : currentSql, elapsedMs, affectedRows: Math.max(0, rowCount), rowsSent: rowCount < 0 && !failed ? state.foundRows : 0,
        memoryBytesMax, warnings: failed ? 0 : state.warningCount, failed, planFromCache: state.planFromCache, prepared: session.running !== undefined, atMs: this.clock.wallMs(),
        user: session.account.user,
      },
      session.usage,
      () => digestText(currentSql, session.planner.parseOptions()),
    ); // prettier-ignore
  }

  private noteDeadlock(chain: readonly WaitEdge[]): void {
    const running = new Map<bigint, string>();
    for (const session of this.sessions.values()) {
      const { open } = session.transaction;
      const { transaction, running: runs } = session.statement;
      const startTs = open?.startTs ?? (runs ? transaction?.startTs : undefined);
      if (startTs !== undefined && session.command !== 'Sleep') running.set(startTs, session.currentSql);
    }
    this.deadlocks.add(
      this.clock.wallMs(),
      chain.map(({ waiter, holder, key }) => ({ waiter, holder, key, sql: running.get(waiter) })),
    );
  }

  noteInternalError(error: unknown, context: string): void {
    this.options.onInternalError?.(error, context);
  }

  statisticsLine(): string {
    const uptime = Math.floor((this.clock.monotonicMs() - this.startedAtMs) / 1000);
    const { questions, slowQueries } = this.counters;
    return `Uptime: ${uptime}  Threads: ${this.sessions.size}  Questions: ${questions}  Slow queries: ${slowQueries}  Opens: 0  Flush tables: 0  Open tables: 0  Queries per second avg: ${(questions / Math.max(uptime, 1)).toFixed(3)}`;
  }

  close(): void {
    this.idleTimer.cancel();
    for (const session of [...this.sessions.values()]) session.disconnected();
  }

  private closeIdle(): void {
    const now = this.clock.monotonicMs();
    for (const session of [...this.sessions.values()]) {
      if (session.command === 'Sleep' && now - session.commandSinceMs > session.state.waitTimeoutMs) session.timedOut();
    }
  }
}
