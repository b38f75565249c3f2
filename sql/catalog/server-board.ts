/**
 * `ServerBoard`: several SQL servers over one store keep the promise of online changes, "at most two adjacent versions of a table are in use",
 * together. The board lies in the store, as schema keys do:
 *
 *     mRutile:Servers / name   {seen, revision, uses, expires}     one a server: the version its statements use, older ones that transactions still use
 *     mRutile:Board            {revision, owner, blocked, rebuilt}  who changes the schema now, and which tables are kept still meanwhile
 *
 * Each server looks every `refreshMs`, loads what is new, and writes its line when something changed, at least every second. A change of the
 * schema has one owner at a time; after each step the owner waits until every line has seen it (and, for a table, until nobody uses an older
 * version of it). A line that is not renewed for `LEASE_MS` (by the oracle's clock) no longer counts: the owner takes it off and goes on.
 *
 * A server whose line may have been taken off answers nothing until it has looked and written again: `ready` holds its statements up. If it was taken
 * off, the transactions of before have lapsed: `confirm` ends them with 8028 at their commit. A process may stand still between that question and the
 * arrival of its commit at the store: the commit says `commitDeadline`, the end of the lease by the oracle's clock, and gets no timestamp above it.
 * The owner goes on at later ones, whose reads meet what is on its way below.
 */
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Clock, Timers } from '../../base/world.ts';
import { type KvClient, TIMESTAMP_MAX } from '../../kv/client/client.ts';
import { lockWaitTimeout, schemaChanged } from './errors.ts';
import { hashKey, inTransaction, MetaReader, type MetaStore, stringKey } from './meta-store.ts';
import type { SchemaLease, SchemaLeases } from './schema-leases.ts';

const SERVERS = 'Rutile:Servers';
const BOARD_KEY = stringKey('Rutile:Board');
const LEASE_MS = 5000;
const RENEW_MS = 1000;
/** A clock that runs slow by less than this share does no harm. */
const LEASE_SHARE = 0.8;
const POLL_MS = 25;
const OWNER_WAIT_MS = 60_000;
/** Rebuilt tables are remembered for servers that are late. */
const REBUILT_MAX = 200;

interface Line {
  readonly seen: number;
  readonly revision: number;
  /** Table id and the oldest version of it that a transaction uses. */
  readonly uses: readonly (readonly [tableId: number, version: number])[];
  readonly expires: number;
}

interface Board {
  readonly revision: number;
  readonly owner: { readonly by: string; readonly expires: number } | undefined;
  /** Tables that are kept still, each since a revision: one that its next owner blocks anew is another block. */
  readonly blocked: readonly (readonly [tableId: number, since: number])[];
  /** Blocks that are over: from which version on the table is another one (0: it is not). */
  readonly rebuilt: readonly (readonly [tableId: number, version: number, since: number])[];
}

const EMPTY_BOARD: Board = { revision: 0, owner: undefined, blocked: [], rebuilt: [] };

export interface BoardOptions {
  readonly kv: KvClient;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly leases: SchemaLeases;
  /** Nobody else's, not even of an earlier life. */
  readonly name: string;
  version(): number;
  /** At which version a table got its present shape, in the schema as it is loaded; `undefined`: it is gone. */
  tableVersion(tableId: number): number | undefined;
  /** The stored version is another one: load it. */
  moved(): Promise<void>;
  /** Takes back what an owner that died left half done. */
  finish(): Promise<void>;
  /** An owner died in the middle of a change: somebody should own the schema and finish it. */
  orphaned(): void;
}

export class ServerBoard {
  private readonly options: BoardOptions;
  private board: Board = EMPTY_BOARD;
  private told = '';
  private toldMs = -Infinity;
  private deadlineMs = -Infinity;
  /** No commit of this server may get a timestamp above it: the line counts until then. */
  commitDeadline = 0n;
  private joined = false;
  private owns = false;
  private readonly blocked = new Map<number, number>();
  private readonly rebuilt = new Map<number, number>();
  /** Kept still here for another owner, since which revision, with the version of each at that time. */
  private readonly held = new Map<number, { readonly version: number | undefined; readonly since: number }>();
  private looking: Promise<void> | undefined = undefined;
  private closed = false;

  constructor(options: BoardOptions) {
    this.options = options;
  }

  /** Statements may use the schema as it is loaded. */
  // hot: once a statement
  get usable(): boolean {
    return this.options.clock.monotonicMs() < this.deadlineMs;
  }

  ready(): MaybePromise<void> {
    return this.usable ? undefined : this.look();
  }

  /** Before a commit: was the schema that it was made under taken away meanwhile? Throws 8028. */
  confirm(lease: SchemaLease | undefined): MaybePromise<void> {
    if (this.usable && lease?.lapsed !== true) return undefined;
    return this.confirmSlowly(lease);
  }

  /** Up to when, by the oracle's clock, a commit may come true under a lease: the line is renewed while the commit is on its way. 0: never, others went on. */
  deadline(lease: SchemaLease | undefined): MaybePromise<bigint> {
    const now = (): bigint => (lease?.lapsed === true ? 0n : this.commitDeadline);
    return this.usable ? now() : this.look().then(now);
  }

  private async confirmSlowly(lease: SchemaLease | undefined): Promise<void> {
    if (!this.usable) await this.look();
    if (lease?.lapsed === true) throw schemaChanged();
  }

  /** Loads what is new and renews this server's line. One look at a time. */
  look(): Promise<void> {
    this.looking ??= this.lookNow().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async lookNow(): Promise<void> {
    if (this.closed) return;
    for (;;) {
      const beganMs = this.options.clock.monotonicMs();
      await this.load();
      const line = this.line();
      const text = JSON.stringify(line);
      const wasUsable = this.usable;
      if (text === this.told && wasUsable && beganMs - this.toldMs < RENEW_MS) return;
      const isOrphaned = await this.tell(line);
      this.told = text;
      this.toldMs = beganMs;
      if (isOrphaned) this.options.orphaned();
      if (wasUsable) {
        this.deadlineMs = beganMs + LEASE_MS * LEASE_SHARE;
        return;
      }
      // An owner that did not see the new line may have gone on: only what is still so counts.
      const reader = this.reader();
      const board = (await reader.json<Board>(BOARD_KEY)) ?? EMPTY_BOARD;
      if (board.revision !== line.revision || (await reader.schemaVersion()) !== line.seen) continue;
      this.deadlineMs = beganMs + LEASE_MS * LEASE_SHARE;
      return;
    }
  }

  /** Whose lines are on the board. */
  async servers(): Promise<ReadonlySet<string>> {
    return new Set((await this.reader().fields(SERVERS)).map(({ field }) => field));
  }

  private reader(): MetaReader {
    return new MetaReader(this.options.kv.snapshot(TIMESTAMP_MAX));
  }

  private async load(): Promise<void> {
    const reader = this.reader();
    const board = await reader.json<Board>(BOARD_KEY);
    // Read later: a table that is free again is loaded as its owner left it.
    const version = await reader.schemaVersion();
    if (version !== this.options.version()) await this.options.moved();
    this.adopt(board ?? EMPTY_BOARD);
  }

  private adopt(board: Board): void {
    const { leases, name } = this.options;
    // Read before this server took the board.
    if (board.revision < this.board.revision) return;
    this.board = board;
    if (board.owner?.by === name) return;
    for (const [tableId, since] of board.blocked) {
      const held = this.held.get(tableId);
      if (held?.since === since) continue;
      if (held === undefined) leases.hold(tableId);
      else leases.noteRebuilt(tableId, this.changedSinceHeld(tableId));
      this.held.set(tableId, { version: this.options.tableVersion(tableId), since });
    }
    this.letGo();
  }

  /** What was kept still for an owner whose change is over. The schema that it left is loaded. */
  private letGo(): void {
    const { leases } = this.options;
    const { blocked, rebuilt } = this.board;
    for (const [tableId, { since }] of [...this.held]) {
      if (blocked.some(([id]) => id === tableId)) continue;
      const noted = rebuilt.find((one) => one[0] === tableId && one[2] === since)?.[1];
      const version = noted ?? this.changedSinceHeld(tableId);
      this.held.delete(tableId);
      leases.unblock(tableId, version);
    }
  }

  /**
   * Whoever waits for a table does not count as its user, and may have waited while one owner died and another went on: what was planned on
   * the table as it was then must not go on if it is another one now. The version since when that is so.
   */
  private changedSinceHeld(tableId: number): number | undefined {
    const was = this.held.get(tableId)?.version;
    const isSame = was !== undefined && this.options.tableVersion(tableId) === was;
    return isSame ? undefined : this.options.version();
  }

  private line(): Omit<Line, 'expires'> {
    const seen = this.options.version();
    const blocked = this.board.blocked.map(([id]) => id);
    return { seen, revision: this.board.revision, uses: this.options.leases.uses(seen, blocked) };
  }

  /** True: the owner of the board has died. */
  private async tell(line: Omit<Line, 'expires'>): Promise<boolean> {
    const { kv, name, leases } = this.options;
    const [wasTaken, isOrphaned, expires] = await inTransaction(kv, async (meta, transaction) => {
      const key = hashKey(SERVERS, name);
      const known = await meta.text(key);
      const nowMs = wallMs(transaction.startTs);
      const expires = nowMs + LEASE_MS;
      meta.put(key, JSON.stringify({ ...line, expires } satisfies Line));
      const board = (await meta.json<Board>(BOARD_KEY)) ?? EMPTY_BOARD;
      const mine = this.owns && board.owner?.by === name;
      if (mine) putBoard(meta, { ...board, owner: { by: name, expires } });
      const isOrphan = board.owner !== undefined && !mine && board.owner.expires < nowMs;
      return [this.joined && known === undefined, isOrphan, expires] as const;
    });
    if (wasTaken) leases.lapse();
    this.joined = true;
    this.commitDeadline = BigInt(expires) << 18n;
    return isOrphaned && !this.owns;
  }

  // ---- the owner's part

  /** Runs one change of the schema, alone in the whole cluster. */
  async own<T>(work: () => Promise<T>): Promise<T> {
    const isInherited = await this.take();
    // Until what a predecessor left is finished the board keeps an owner's name, so that whoever takes it next inherits it again.
    let isFinished = !isInherited;
    try {
      if ((await this.reader().schemaVersion()) !== this.options.version()) await this.options.moved();
      this.letGo();
      if (isInherited) await this.options.finish();
      isFinished = true;
      return await work();
    } finally {
      if (isFinished) await this.giveBack();
      else this.owns = false;
    }
  }

  /** Inside the transaction of each step: this server must still be the owner when it commits. */
  async guard(meta: MetaStore): Promise<void> {
    const board = (await meta.json<Board>(BOARD_KEY)) ?? EMPTY_BOARD;
    if (!this.owns || board.owner?.by !== this.options.name) throw schemaChanged();
    // Written as it is: whoever takes the board meanwhile conflicts with the step.
    putBoard(meta, board);
  }

  private async take(): Promise<boolean> {
    const { kv, name } = this.options;
    for (let waitedMs = 0; waitedMs < OWNER_WAIT_MS; waitedMs += POLL_MS) {
      const taken = await inTransaction(kv, async (meta, transaction) => {
        const board = (await meta.json<Board>(BOARD_KEY)) ?? EMPTY_BOARD;
        const nowMs = wallMs(transaction.startTs);
        if (board.owner !== undefined && board.owner.by !== name && board.owner.expires >= nowMs) return undefined;
        const next = { ...board, revision: board.revision + 1, owner: { by: name, expires: nowMs + LEASE_MS } };
        putBoard(meta, next);
        return { board: next, isInherited: board.owner !== undefined };
      });
      if (taken !== undefined) {
        this.owns = true;
        this.board = taken.board;
        return taken.isInherited;
      }
      await this.pause();
    }
    throw lockWaitTimeout();
  }

  private async giveBack(): Promise<void> {
    const { kv, name } = this.options;
    const { rebuilt, blocked } = this;
    this.owns = false;
    const board = await inTransaction(kv, async (meta) => {
      const now = (await meta.json<Board>(BOARD_KEY)) ?? EMPTY_BOARD;
      if (now.owner?.by !== name) return now;
      const mine = [...blocked].map(([id, since]) => [id, rebuilt.get(id) ?? 0, since] as const);
      const all = [...now.rebuilt.filter(([id]) => !blocked.has(id)), ...mine].slice(-REBUILT_MAX);
      const next: Board = { revision: now.revision + 1, owner: undefined, blocked: [], rebuilt: all };
      putBoard(meta, next);
      return next;
    });
    this.blocked.clear();
    this.rebuilt.clear();
    this.adopt(board);
  }

  /** Until all servers have seen the version that this one has. */
  settle(): Promise<void> {
    const version = this.options.version();
    return this.until(({ seen }) => seen >= version, OWNER_WAIT_MS);
  }

  /** Like that of the leases, for all servers. */
  async waitFor(tableId: number, version: number, waitMs: number): Promise<void> {
    await this.options.leases.waitFor(tableId, version, waitMs);
    await this.until(({ seen, uses }) => seen >= version && !uses.some(([id, used]) => id === tableId && used < version), waitMs); // prettier-ignore
  }

  /** Nobody new gets the table anywhere; resolves when those that have it are through. Undone by `unblock`. */
  async block(tableId: number, waitMs: number): Promise<void> {
    const { kv, leases } = this.options;
    // A predecessor that died may have kept it still.
    const isHeld = this.held.has(tableId);
    if (isHeld) leases.noteRebuilt(tableId, this.changedSinceHeld(tableId));
    this.held.delete(tableId);
    await leases.block(tableId, waitMs, isHeld);
    try {
      const revision = await inTransaction(kv, async (meta) => {
        await this.guard(meta);
        const board = (await meta.json<Board>(BOARD_KEY))!;
        const since = board.revision + 1;
        this.blocked.set(tableId, since);
        putBoard(meta, { ...board, revision: since, blocked: [...this.blocked] });
        return since;
      });
      await this.until((line) => line.revision >= revision && !line.uses.some(([id]) => id === tableId), waitMs);
    } catch (error) {
      this.unblock(tableId);
      throw error;
    }
  }

  /** Here at once, elsewhere when the change is over. */
  unblock(tableId: number, rebuiltAt?: number): void {
    this.options.leases.unblock(tableId, rebuiltAt);
    if (rebuiltAt !== undefined) this.rebuilt.set(tableId, rebuiltAt);
  }

  private async until(isThrough: (line: Line) => boolean, waitMs: number): Promise<void> {
    const endMs = this.options.clock.monotonicMs() + waitMs + LEASE_MS;
    for (;;) {
      if ((await this.others()).every(isThrough)) return;
      if (this.options.clock.monotonicMs() > endMs) throw lockWaitTimeout();
      await this.pause();
    }
  }

  /** Lines of the other servers. Those that have run out are taken off, before anybody goes on without them. */
  private others(): Promise<Line[]> {
    const { kv, name } = this.options;
    return inTransaction(kv, async (meta, transaction) => {
      const lines: Line[] = [];
      for (const { field, value } of await meta.fields(SERVERS)) {
        if (field === name) continue;
        const line = JSON.parse(value) as Line;
        if (line.expires >= wallMs(transaction.startTs)) lines.push(line);
        else meta.deleteField(SERVERS, field);
      }
      return lines;
    });
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => void this.options.timers.after(POLL_MS, resolve));
  }

  /** Nobody waits for this server any more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.looking?.catch(() => undefined);
    this.deadlineMs = -Infinity;
    if (!this.joined) return;
    try {
      await inTransaction(this.options.kv, async (meta) => meta.deleteField(SERVERS, this.options.name));
    } catch (error) {
      // It runs out by itself.
      if (!(error instanceof RutileError)) throw error;
    }
  }
}

function putBoard(meta: MetaStore, board: Board): void {
  meta.put(BOARD_KEY, JSON.stringify(board));
}

function wallMs(ts: bigint): number {
  return Number(ts >> 18n);
}
