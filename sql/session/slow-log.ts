/** The slow log: the newest statements that took longer than `long_query_time`, kept in a ring and shown as information_schema.SLOW_QUERY. */

export interface SlowStatement {
  /** Milliseconds since the epoch, of the end. */
  readonly atMs: number;
  readonly connectionId: number;
  readonly user: string;
  readonly host: string;
  readonly database: string;
  readonly elapsedMs: number;
  readonly rowsSent: number;
  readonly memoryBytesMax: number;
  readonly planFromCache: boolean;
  readonly succeeded: boolean;
  readonly sql: string;
}

const TEXT_MAX = 4096;

export class SlowLog {
  private readonly entries: SlowStatement[] = [];
  private next = 0;
  private readonly sizeMax: number;

  constructor(sizeMax = 1000) {
    this.sizeMax = sizeMax;
  }

  add(entry: SlowStatement): void {
    const kept =
      entry.sql.length > TEXT_MAX
        ? { ...entry, sql: `${entry.sql.slice(0, TEXT_MAX)}(len:${entry.sql.length})` }
        : entry;
    this.entries[this.next] = kept;
    this.next = (this.next + 1) % this.sizeMax;
  }

  /** Oldest first. */
  list(): readonly SlowStatement[] {
    return this.entries.length < this.sizeMax
      ? this.entries
      : [...this.entries.slice(this.next), ...this.entries.slice(0, this.next)];
  }
}
