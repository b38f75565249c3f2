/**
 * What the server counts about statements: how many of each kind, how long they took. Plain numbers in fixed arrays, changed on the hot path;
 * the metrics page and SHOW STATUS read them.
 */

/** Upper bounds in milliseconds; the last bucket is open. */
export const LATENCY_BOUNDS_MS: readonly number[] = [
  0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000,
];

export class LatencyHistogram {
  readonly counts = new Float64Array(LATENCY_BOUNDS_MS.length + 1);
  sumMs = 0;
  count = 0;

  // hot
  observe(elapsedMs: number): void {
    let i = 0;
    while (i < LATENCY_BOUNDS_MS.length && elapsedMs > LATENCY_BOUNDS_MS[i]!) i++;
    this.counts[i]!++;
    this.sumMs += elapsedMs;
    this.count++;
  }
}

export class Counters {
  questions = 0;
  errors = 0;
  planCacheHits = 0;
  optimisticRetries = 0;
  commits = 0;
  rollbacks = 0;
  connections = 0;
  connectionsRefused = 0;
  abortedConnects = 0;
  slowQueries = 0;
  readonly statements = new Map<string, LatencyHistogram>();

  // hot
  note(label: string, elapsedMs: number): void {
    let histogram = this.statements.get(label);
    if (histogram === undefined) this.statements.set(label, (histogram = new LatencyHistogram()));
    histogram.observe(elapsedMs);
  }
}
