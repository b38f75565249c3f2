/** The running server as rows: what information_schema, performance_schema and SHOW ask about sessions, variables and counters. */
import type {
  ConnectionStatementRow, DeadlockRow, LockRow, ProcessRow, RuntimeFacts, SlowQueryRow, StatementUsages, TransactionRow, UserVariableRow, VariableRow,
} from '../catalog/runtime-facts.ts'; // prettier-ignore
import type { Transaction } from '../../kv/client/client.ts';
import { formatText } from '../functions/index.ts';
import { digestText } from '../parser/index.ts';
import type { SqlInstance } from './instance.ts';
import type { Session } from './session.ts';
import { variableDefinition, variableNames, variableText } from './variables.ts';

const LOGICAL_BITS = 18n;
/** Locked keys that a look at them shows. */
const LOCKS_SHOWN_MAX = 10_000;

export class InstanceFacts implements RuntimeFacts {
  private readonly instance: SqlInstance;
  private readonly viewerId: number;

  /** `viewerId`: the connection that asks, whose own variables and status count. */
  constructor(instance: SqlInstance, viewerId: number) {
    this.instance = instance;
    this.viewerId = viewerId;
  }

  processes(): readonly ProcessRow[] {
    const now = this.instance.clock.monotonicMs();
    return [...this.instance.sessions.values()].map((session) => ({
      id: session.id,
      user: session.account.user,
      host: session.host,
      database: session.state.database,
      command: session.command,
      timeSeconds: Math.floor((now - session.commandSinceMs) / 1000),
      state: session.command === 'Sleep' ? '' : 'executing',
      info: session.command === 'Sleep' ? undefined : session.currentSql,
      attributes: [...session.attributes],
    }));
  }

  variables(scope: 'global' | 'session'): readonly VariableRow[] {
    const viewer = this.instance.sessions.get(this.viewerId);
    const rows: VariableRow[] = [];
    for (const name of variableNames()) {
      const definition = variableDefinition(name)!;
      if (scope === 'global' && definition.scope === 'session') continue;
      const value =
        scope === 'global' || viewer === undefined
          ? (this.instance.globals.get(definition.name) ?? null)
          : viewer.state.currentValue(definition.name, definition.scope);
      rows.push({ name, value: variableText(definition, value) });
    }
    return rows;
  }

  status(scope: 'global' | 'session'): readonly VariableRow[] {
    const { counters, sessions, clock, startedAtMs } = this.instance;
    const all = [...sessions.values()];
    const viewer = scope === 'global' ? undefined : sessions.get(this.viewerId);
    const tls = viewer?.tls;
    const compression = viewer?.compression;
    const rows: [string, string | number][] = [
      ['Aborted_connects', counters.abortedConnects],
      ['Bytes_received', 0],
      ['Bytes_sent', 0],
      ['Com_commit', counters.commits],
      ['Com_rollback', counters.rollbacks],
      ['Compression', compression === undefined ? 'OFF' : 'ON'],
      ['Compression_algorithm', compression?.algorithm ?? ''],
      ['Compression_level', compression?.level ?? 0],
      ['Connections', counters.connections],
      ['Created_tmp_disk_tables', this.instance.spill?.created ?? 0],
      ['Created_tmp_files', this.instance.spill?.created ?? 0],
      ['Max_used_connections', all.length],
      ['Prepared_stmt_count', this.instance.preparedCount],
      ['Queries', counters.questions],
      ['Questions', counters.questions],
      ['Rutile_optimistic_retries', counters.optimisticRetries],
      ['Rutile_plan_cache_hits', counters.planCacheHits],
      ['Slow_queries', counters.slowQueries],
      ['Ssl_cipher', tls?.cipher ?? ''],
      ['Ssl_version', tls?.version ?? ''],
      ['Threads_connected', all.length],
      ['Threads_running', all.filter((session) => session.command !== 'Sleep').length],
      ['Uptime', Math.floor((clock.monotonicMs() - startedAtMs) / 1000)],
    ];
    for (const [label, histogram] of counters.statements) {
      if (label !== 'commit' && label !== 'rollback') rows.push([`Com_${label.replaceAll('-', '_')}`, histogram.count]);
    }
    return rows.map(([name, value]) => ({ name, value: String(value) })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  slowQueries(): readonly SlowQueryRow[] {
    return this.instance.slowLog.list().map((entry) => ({
      startedAtMs: entry.atMs - entry.elapsedMs, connectionId: entry.connectionId, user: entry.user, host: entry.host, database: entry.database, durationMs: entry.elapsedMs,
      rowsSent: entry.rowsSent, rowsExamined: 0, memoryBytesMax: entry.memoryBytesMax, digest: '', planSummary: entry.planFromCache ? 'plan from cache' : '',
      succeeded: entry.succeeded, query: entry.sql,
    })); // prettier-ignore
  }

  transactions(): readonly TransactionRow[] {
    return [...this.instance.sessions.values()]
      .filter((session) => session.transaction.open !== undefined)
      .map((session) => transactionRow(session));
  }

  statementUsages(): StatementUsages {
    const { summary, clock, startedAtMs } = this.instance;
    const upMs = clock.monotonicMs() - startedAtMs;
    return { entries: summary.list(), evicted: summary.evicted, sinceMs: Math.floor(clock.wallMs() - upMs) };
  }

  connectionStatements(): readonly ConnectionStatementRow[] {
    const { clock, sessions } = this.instance;
    const now = clock.monotonicMs();
    return [...sessions.values()]
      .filter((session) => session.currentSql !== '')
      .map((session) => {
        const { state, currentSql } = session;
        const running = session.command !== 'Sleep';
        const { hash, normalized } = digestText(currentSql, session.planner.parseOptions());
        return {
          connectionId: session.id, label: session.label, sql: session.isSecret ? '' : currentSql, database: state.database ?? '', running,
          elapsedMs: running ? now - session.commandSinceMs : session.lastElapsedMs, rowsSent: state.rowCount < 0 ? state.foundRows : 0, affectedRows: Math.max(0, state.rowCount),
          warnings: state.warningCount, errors: state.errorCount, digest: hash, digestText: normalized, count: session.statementCount,
        };
      }); // prettier-ignore
  }

  deadlocks(): readonly DeadlockRow[] {
    return this.instance.deadlocks.list().flatMap(({ id, atMs, edges }) =>
      edges.map(({ waiter, holder, key, sql }) => {
        return { id, atMs, waiter, holder, key, ...digested(sql) };
      }),
    );
  }

  locks(): readonly LockRow[] {
    const running = [...this.instance.sessions.values()].flatMap((session) => {
      const transaction = transactionOf(session);
      return transaction === undefined ? [] : [{ session, transaction }];
    });
    const rows: LockRow[] = [];
    const { clock } = this.instance;
    for (const { session, transaction } of running) {
      const common = { startTs: transaction.startTs, connectionId: session.id };
      transaction.locked?.forEach((_, key) => {
        if (rows.length < LOCKS_SHOWN_MAX)
          rows.push({ ...common, key, waiting: false, sinceMs: undefined, waitedMs: 0, holder: undefined, digest: null, digestText: null });
      }); // prettier-ignore
      const { lockWait } = session.statement;
      if (lockWait === undefined) continue;
      for (const key of lockWait.keys) {
        const other = running.find((one) => one.session !== session && one.transaction.locked?.get(key) !== undefined);
        if (other === undefined && lockWait.keys.length > 1) continue;
        const holder = other && { startTs: other.transaction.startTs, connectionId: other.session.id };
        rows.push({
          ...common,
          key,
          waiting: true,
          sinceMs: lockWait.sinceMs,
          waitedMs: Math.max(0, clock.wallMs() - lockWait.sinceMs),
          holder,
          ...digested(session.currentSql),
        });
      }
    }
    return rows;
  }

  userVariables(): readonly UserVariableRow[] {
    return [...this.instance.sessions.values()].flatMap(
      (session) =>
      [...session.state.userVariables].map(([name, { value, type }]) => {
        const text = value === null ? null : formatText(value, type);
        return { connectionId: session.id, name, value: text instanceof Uint8Array ? Buffer.from(text).toString('latin1') : text };
      }), // prettier-ignore
    );
  }
}

/** The one it began, or that of a statement of its own. */
function transactionOf(session: Session): Transaction | undefined {
  return session.transaction.open ?? (session.statement.running ? session.statement.transaction : undefined);
}

function digested(sql: string | undefined): { readonly digest: string | null; readonly digestText: string | null } {
  if (sql === undefined) return { digest: null, digestText: null };
  const { hash, normalized } = digestText(sql);
  return { digest: hash, digestText: normalized };
}

function transactionRow(session: Session): TransactionRow {
  const open = session.transaction.open!;
  const startedAtMs = Number(open.startTs >> LOGICAL_BITS);
  return {
    startTs: open.startTs,
    startedAtMs,
    ageMs: Math.max(0, session.instance.clock.wallMs() - startedAtMs),
    connectionId: session.id,
    state: session.statement.lockWait !== undefined ? 'LockWaiting' : session.command === 'Sleep' ? 'Idle' : 'Running',
    query: session.command === 'Sleep' ? undefined : session.currentSql,
    rowsModified: open.count,
    user: session.account.user,
    database: session.state.database ?? '',
    bytes: open.sizeBytes,
    waitingSinceMs: session.statement.lockWait?.sinceMs,
    locked: open.locked?.size ?? 0,
    isolation: isolationOf(session),
  };
}

function isolationOf({ transaction }: Session): string {
  if (transaction.serializable) return 'SERIALIZABLE';
  return transaction.readCommitted ? 'READ-COMMITTED' : 'REPEATABLE-READ';
}
