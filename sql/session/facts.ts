/** The running server as rows: what information_schema, performance_schema and SHOW ask about sessions, variables and counters. */
import type { ProcessRow, RuntimeFacts, SlowQueryRow, TransactionRow, VariableRow } from '../catalog/runtime-facts.ts';
import type { SqlInstance } from './instance.ts';
import type { Session } from './session.ts';
import { variableDefinition, variableNames, variableText } from './variables.ts';

const LOGICAL_BITS = 18n;

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

  status(): readonly VariableRow[] {
    const { counters, sessions, clock, startedAtMs } = this.instance;
    const all = [...sessions.values()];
    const rows: [string, string | number][] = [
      ['Aborted_connects', counters.abortedConnects],
      ['Bytes_received', 0],
      ['Bytes_sent', 0],
      ['Com_commit', counters.commits],
      ['Com_rollback', counters.rollbacks],
      ['Compression', 'OFF'],
      ['Connections', counters.connections],
      ['Max_used_connections', all.length],
      ['Prepared_stmt_count', this.instance.preparedCount],
      ['Queries', counters.questions],
      ['Questions', counters.questions],
      ['Rutile_optimistic_retries', counters.optimisticRetries],
      ['Rutile_plan_cache_hits', counters.planCacheHits],
      ['Slow_queries', counters.slowQueries],
      ['Ssl_cipher', ''],
      ['Ssl_version', ''],
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
}

function transactionRow(session: Session): TransactionRow {
  const open = session.transaction.open!;
  return {
    startTs: open.startTs,
    startedAtMs: Number(open.startTs >> LOGICAL_BITS),
    connectionId: session.id,
    state: session.command === 'Sleep' ? 'Idle' : 'Running',
    query: session.command === 'Sleep' ? undefined : session.currentSql,
    rowsModified: open.count,
    isolation: isolationOf(session),
  };
}

function isolationOf({ transaction }: Session): string {
  if (transaction.serializable) return 'SERIALIZABLE';
  return transaction.readCommitted ? 'READ-COMMITTED' : 'REPEATABLE-READ';
}
