/**
 * The metrics page. What hot paths count are plain numbers of their own; this file reads them when Prometheus asks, so that counting costs
 * nothing here. Latencies keep their fixed buckets and are printed as a histogram.
 */
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { LATENCY_BOUNDS_MS } from '../sql/session/counters.ts';
import type { SqlInstance } from '../sql/session/index.ts';
import type { Engine } from '../kv/engine/engine.ts';

export interface MetricsSources {
  readonly instance: SqlInstance | undefined;
  readonly engine: Engine | undefined;
  /** Named numbers of the store and the log. */
  numbers(): Readonly<Record<string, number>>;
}

const LAG_PERIOD_MS = 10;
const ENGINE_PROPERTIES = [
  'size-bytes',
  'key-count-estimate',
  'cache-bytes',
  'memtable-bytes',
  'pending-compaction-bytes',
  'write-stalled',
] as const;

export class Metrics {
  private readonly registry = new Registry();
  private readonly sources: MetricsSources;
  private readonly lag = monitorEventLoopDelay({ resolution: LAG_PERIOD_MS });

  constructor(sources: MetricsSources) {
    this.sources = sources;
    // Memory, CPU and garbage collection of the process; its own event-loop gauges need a timer that an idle process should not run.
    collectDefaultMetrics({ register: this.registry, prefix: 'rutile_' });
    this.lag.enable();
    this.gauge(
      'rutile_event_loop_lag_p99_seconds',
      'Delay of the event loop, 99th percentile since the last look',
      () => this.takeLag(),
    );
    this.gauge('rutile_connections', 'Clients connected', () => sources.instance?.sessions.size ?? 0);
    this.gauge(
      'rutile_statement_memory_bytes',
      'Memory that running statements hold',
      () => sources.instance?.memory.usedBytes ?? 0,
    );
  }

  async page(): Promise<{ readonly text: string; readonly contentType: string }> {
    const text = `${await this.registry.metrics()}\n${this.statements()}${this.engine()}${this.rest()}`;
    return { text, contentType: this.registry.contentType };
  }

  private gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.registry], collect: () => gauge.set(read()) });
  }

  private takeLag(): number {
    // What the monitor measures holds its own period.
    const seconds = this.lag.percentile(99) / 1e9 - LAG_PERIOD_MS / 1000;
    this.lag.reset();
    return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
  }

  private statements(): string {
    const { instance } = this.sources;
    if (instance === undefined) return '';
    const lines = [
      '# HELP rutile_statement_seconds Time of statements by kind',
      '# TYPE rutile_statement_seconds histogram',
    ];
    for (const [label, histogram] of instance.counters.statements) {
      let below = 0;
      LATENCY_BOUNDS_MS.forEach((bound, i) => {
        below += histogram.counts[i]!;
        lines.push(`rutile_statement_seconds_bucket{kind="${label}",le="${bound / 1000}"} ${below}`);
      });
      lines.push(`rutile_statement_seconds_bucket{kind="${label}",le="+Inf"} ${histogram.count}`);
      lines.push(
        `rutile_statement_seconds_sum{kind="${label}"} ${histogram.sumMs / 1000}`,
        `rutile_statement_seconds_count{kind="${label}"} ${histogram.count}`,
      );
    }
    const { counters } = instance;
    const totals: [string, string, number][] = [
      ['rutile_questions_total', 'Commands of clients', counters.questions],
      ['rutile_statement_errors_total', 'Statements that ended with an error', counters.errors],
      ['rutile_plan_cache_hits_total', 'Statements whose plan came from the cache', counters.planCacheHits],
      ['rutile_transactions_committed_total', 'Explicit transactions committed', counters.commits],
      ['rutile_transactions_rolled_back_total', 'Explicit transactions rolled back', counters.rollbacks],
      ['rutile_optimistic_retries_total', 'Statements run again after a lost race', counters.optimisticRetries],
      ['rutile_connections_total', 'Sessions opened', counters.connections],
      ['rutile_connections_refused_total', 'Clients refused because the server was full', counters.connectionsRefused],
      ['rutile_slow_statements_total', 'Statements slower than long_query_time', counters.slowQueries],
    ];
    for (const [name, help, value] of totals)
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`, `${name} ${value}`);
    return `${lines.join('\n')}\n`;
  }

  private engine(): string {
    const { engine } = this.sources;
    if (engine === undefined) return '';
    const lines: string[] = ['# HELP rutile_engine Properties of the storage engine', '# TYPE rutile_engine gauge'];
    for (const name of ENGINE_PROPERTIES) {
      const value = engine.property(name);
      if (value !== undefined) lines.push(`rutile_engine{property="${name}"} ${value}`);
    }
    return `${lines.join('\n')}\n`;
  }

  private rest(): string {
    return Object.entries(this.sources.numbers())
      .map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`)
      .join('');
  }
}
