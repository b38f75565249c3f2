/** The newest deadlocks that this server's statements were the victims of, with the circle of waits: information_schema.DEADLOCKS. */

/** One edge of the circle: `waiter` asked for `key`, which `holder` had. Transactions are named by their start timestamps. */
export interface DeadlockEdge {
  readonly waiter: bigint;
  readonly holder: bigint;
  readonly key: Uint8Array;
  /** What the waiter was doing, where it is a connection of this server. */
  readonly sql: string | undefined;
}

export interface Deadlock {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly edges: readonly DeadlockEdge[];
}

/** Ten times what TiDB keeps. */
const DEADLOCKS_MAX = 100;
const EDGES_MAX = 32;

export class DeadlockLog {
  private entries: Deadlock[] = [];
  /** All that there were. */
  count = 0;

  add(atMs: number, edges: readonly DeadlockEdge[]): void {
    this.entries.push({ id: ++this.count, atMs, edges: edges.slice(0, EDGES_MAX) });
    if (this.entries.length > DEADLOCKS_MAX) this.entries.shift();
  }

  /** Oldest first. */
  list(): readonly Deadlock[] {
    return this.entries;
  }
}
