/**
 * Leases: which schema version a running transaction uses for which tables, so that a change of a table can wait for those that still use the
 * version before (MySQL's metadata locks, TiDB's MDL). The invariant of online DDL, "at most two adjacent versions of a
 * table are in use", holds because the next step is published only when nobody uses the last but one.
 *
 *     session   acquire(version) ─ touch(table) ─ statements ─ release
 *     DDL       publish v ─ waitFor(table, v): leases below v that touched the table ─ publish v+1 …
 *     COPY      block(table): new touches wait, old leases run out ─ copy ─ unblock: waiting touches go on with the new version
 *
 * A lease is held from the first statement of a transaction to its end. A transaction that touches a table whose blocking change ended meanwhile would mix two
 * shapes of it: `touch` then throws 8028 and the session runs the statement again under a new lease.
 */
import { interrupted, lockWaitTimeout, schemaChanged } from './errors.ts';
import { assert } from '../../base/assert.ts';
import type { Timers } from '../../base/world.ts';

export interface SchemaLease {
  readonly version: number;
  /** Another server changed the schema without waiting for this transaction: it must neither commit nor read on. */
  readonly lapsed: boolean;
  /**
   * Before the first use of a table. Waits while the table is being rebuilt, at most `waitMs`; throws 8028 (retry: refresh)
   * when it was rebuilt or dropped under this lease's version.
   */
  touch(tableId: number, waitMs?: number): void | Promise<void>;
  release(): void;
}

class Lease implements SchemaLease {
  readonly version: number;
  /** Two or three tables are usual: an array beats a set. */
  readonly tables: number[] = [];
  released = false;
  lapsed = false;
  private readonly owner: SchemaLeases;

  constructor(owner: SchemaLeases, version: number) {
    this.owner = owner;
    this.version = version;
  }

  touch(tableId: number, waitMs?: number): void | Promise<void> {
    assert(!this.released, 'a lease was used after its end');
    // Rows of a partition that was rebuilt meanwhile have come after the transaction's timestamp: it would read that there are none.
    if (this.lapsed) throw schemaChanged();
    if (this.tables.includes(tableId)) return;
    const blocked = this.owner.blockedBy(tableId);
    if (blocked !== undefined) return this.wait(tableId, waitMs);
    if (this.owner.rebuiltAt(tableId) > this.version) throw schemaChanged();
    this.tables.push(tableId);
  }

  private async wait(tableId: number, waitMs: number | undefined): Promise<void> {
    await this.owner.whenUnblocked(tableId, waitMs);
    // The client left meanwhile, and its transaction ended.
    if (this.released) throw interrupted();
    await this.touch(tableId, waitMs);
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.owner.ended(this);
  }
}

interface Waiter {
  readonly tableId: number;
  readonly below: number;
  readonly wake: () => void;
}

export class SchemaLeases {
  private readonly live = new Set<Lease>();
  private waiters: Waiter[] = [];
  private readonly blocks = new Map<number, (() => void)[]>();
  /** Table id → version at which its rows took another shape or place. */
  private readonly rebuilt = new Map<number, number>();
  private readonly timers: Pick<Timers, 'after'>;

  constructor(timers: Pick<Timers, 'after'>) {
    this.timers = timers;
  }

  acquire(version: number): SchemaLease {
    const lease = new Lease(this, version);
    this.live.add(lease);
    return lease;
  }

  /** Resolves when no lease below `version` holds the table; 1205 after `waitMs`. */
  waitFor(tableId: number, version: number, waitMs: number): Promise<void> | undefined {
    if (!this.inUse(tableId, version)) return undefined;
    return this.timed(waitMs, (wake) => {
      const waiter: Waiter = { tableId, below: version, wake };
      this.waiters.push(waiter);
      return () => {
        this.waiters = this.waiters.filter((one) => one !== waiter);
      };
    });
  }

  /**
   * From now on nobody new gets the table; resolves when those that have it are through. Undone by `unblock`. `isHeld`: it is held on behalf of another
   * server, and changes hands.
   */
  async block(tableId: number, waitMs: number, isHeld = false): Promise<void> {
    assert(this.blocks.has(tableId) === isHeld, 'a table is blocked once');
    if (!isHeld) this.blocks.set(tableId, []);
    try {
      await this.waitFor(tableId, Number.MAX_SAFE_INTEGER, waitMs);
    } catch (error) {
      this.unblock(tableId);
      throw error;
    }
  }

  /** `rebuiltAt`: the version from which on the table is another one. */
  unblock(tableId: number, rebuiltAt?: number): void {
    this.noteRebuilt(tableId, rebuiltAt);
    const waiting = this.blocks.get(tableId) ?? [];
    this.blocks.delete(tableId);
    // A waiter leaves the list as it wakes: go through a copy, or every second one sleeps on.
    for (const wake of waiting.slice()) wake();
  }

  noteRebuilt(tableId: number, version: number | undefined): void {
    if (version !== undefined && version > this.rebuiltAt(tableId)) this.rebuilt.set(tableId, version);
  }

  /** From now on nobody new gets the table, on behalf of another server; those that have it keep it. Undone by `unblock`. */
  hold(tableId: number): void {
    if (!this.blocks.has(tableId)) this.blocks.set(tableId, []);
  }

  /** Tables that transactions use under a version below `version`, and `blocked` ones under any; each with the oldest. */
  uses(version: number, blocked: readonly number[]): [tableId: number, version: number][] {
    const found = new Map<number, number>();
    for (const lease of this.live) {
      for (const tableId of lease.tables)
        if (lease.version < version || blocked.includes(tableId))
          found.set(tableId, Math.min(lease.version, found.get(tableId) ?? Infinity));
    }
    return [...found].sort(([left], [right]) => left - right);
  }

  /** Other servers went on without this one: what its transactions have seen of the schema is not certain any more. */
  lapse(): void {
    for (const lease of this.live) lease.lapsed = true;
  }

  blockedBy(tableId: number): unknown {
    return this.blocks.get(tableId);
  }

  rebuiltAt(tableId: number): number {
    return this.rebuilt.get(tableId) ?? 0;
  }

  whenUnblocked(tableId: number, waitMs = 50_000): Promise<void> {
    return this.timed(waitMs, (wake) => {
      const waiting = this.blocks.get(tableId);
      if (waiting === undefined) {
        wake();
        return () => undefined;
      }
      waiting.push(wake);
      return () => {
        const at = waiting.indexOf(wake);
        if (at >= 0) waiting.splice(at, 1);
      };
    });
  }

  ended(lease: Lease): void {
    this.live.delete(lease);
    if (this.waiters.length === 0) return;
    for (const waiter of this.waiters.filter((one) => !this.inUse(one.tableId, one.below))) waiter.wake();
  }

  get count(): number {
    return this.live.size;
  }

  private inUse(tableId: number, below: number): boolean {
    for (const lease of this.live) if (lease.version < below && lease.tables.includes(tableId)) return true;
    return false;
  }

  private timed(waitMs: number, register: (wake: () => void) => () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let leave: (() => void) | undefined;
      const timer = this.timers.after(waitMs, () => {
        leave?.();
        reject(lockWaitTimeout());
      });
      leave = register(() => {
        timer.cancel();
        leave?.();
        resolve();
      });
    });
  }
}
