/**
 * What the clients of the simulated cluster do, and what each kind of work is held to:
 *
 *     bank         transfers of every kind; the total is the same in every snapshot
 *     lists        list-append transactions are snapshot isolated, and see what was acknowledged before they began
 *     registers    raw puts and gets are linearizable
 *     ring         rotations keep one cycle of all nodes
 *     unique       inserts of a unique value: never two rows with it, and rows and index agree
 *     timestamps   are unique, and grow from answer to question
 *
 * An error is an answer as long as it is one that a client may try again; what became of the work is written down as the error
 * tells it.
 */
import assert from 'node:assert/strict';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Random } from '../../../base/world.ts';
import type { KvClient, Transaction } from '../../../kv/client/index.ts';
import { History } from '../../check/history.ts';
import { checkLists, type ListTransaction } from '../../check/list-append.ts';
import { checkTimestamps, checkUniqueClaims, type TimestampRange, type UniqueInput } from '../../check/order.ts';
import { checkRegisters, type RegisterHistory } from '../../check/register.ts';
import { checkBank, checkRing, checkUniqueIndex } from '../../check/snapshots.ts';

const names = (prefix: string, count: number): readonly string[] => Array.from({ length: count }, (_, i) => prefix + i);
const ACCOUNTS = names('acc', 6);
const LISTS = names('list', 5);
const REGISTERS = names('reg', 4);
const NODES = names('node', 6);
const VALUES = names('value', 4);
const ROWS = names('row', 5);
const BALANCE = 100;
/** About a second. */
const SEARCH_STEPS_MAX = 300_000;

/** All keys of rows and of raw pairs, for whoever looks for a place to split. */
export const ROW_KEYS = [...ACCOUNTS, ...LISTS, ...NODES, ...ROWS, ...VALUES].map(utf8);
export const RAW_KEYS = REGISTERS.map(utf8);

const RETRYABLE = new Set([
  'kv.write-conflict', 'kv.locked', 'kv.key-exists', 'kv.busy', 'kv.region-unavailable', 'kv.undetermined', 'kv.read-only',
  'kv.pessimistic-lock-not-found', 'disk.full', 'placement.unavailable', 'placement.not-leader', 'test.deadlock', 'test.wait-timeout', 'test.nowait',
]); // prettier-ignore

type Fate = 'committed' | 'failed' | 'unknown';
type Job = 'transfer' | 'audit' | 'append' | 'register' | 'rotate' | 'ring' | 'unique' | 'timestamp';

const JOBS: readonly Job[] = [
  'transfer', 'transfer', 'audit', 'append', 'append', 'append', 'register', 'register', 'register', 'rotate', 'ring',
  'unique', 'unique', 'timestamp',
]; // prettier-ignore

interface Recorded {
  readonly id: number;
  status: Fate;
  readonly reads: Map<string, readonly number[]>;
  readonly appends: Map<string, number>;
  readonly invoked: number;
  completed: number;
}

export interface ClientSeat {
  readonly world: SimWorld;
  readonly client: KvClient;
}

export class Workloads {
  readonly counters = new Map<string, number>();
  private readonly seats: readonly ClientSeat[];
  private readonly random: Random;
  private readonly note: (fact: string) => void;
  private readonly pauseMsMax: number;
  private readonly lists: Recorded[] = [];
  private readonly registers: RegisterHistory = new History();
  private readonly claims = new History<UniqueInput, unknown>();
  private readonly timestamps = new History<undefined, TimestampRange>();
  private element = 0;
  private position = 0;
  private stopping = false;

  constructor(
    seats: readonly ClientSeat[],
    random: Random,
    options: { readonly pauseMsMax: number; readonly note: (fact: string) => void },
  ) {
    this.seats = seats;
    this.random = random;
    this.note = options.note;
    this.pauseMsMax = options.pauseMsMax;
  }

  /** Money and ring, before anything breaks. */
  async prepare(): Promise<void> {
    const txn = await this.seats[0]!.client.begin({ pessimistic: false });
    for (const account of ACCOUNTS) txn.put(utf8(account), utf8(String(BALANCE)));
    NODES.forEach((node, i) => txn.put(utf8(node), utf8(String((i + 1) % NODES.length))));
    await txn.commit();
  }

  stop(): void {
    this.stopping = true;
  }

  /** One client's life: until `stop`. */
  async work(process: number): Promise<void> {
    const random = this.random.fork(`worker ${process}`);
    const seat = this.seats[process % this.seats.length]!;
    while (!this.stopping) {
      await pause(seat, 1 + random.below(this.pauseMsMax));
      const job = JOBS[random.below(JOBS.length)]!;
      await this.attempt(process, seat, job, random);
    }
  }

  /** Tries each kind of work until it succeeded once. */
  async succeed(process: number): Promise<void> {
    const random = this.random.fork(`last of ${process}`);
    const seat = this.seats[process % this.seats.length]!;
    for (const job of new Set(JOBS)) while (!(await this.attempt(process, seat, job, random))) await pause(seat, 50);
  }

  private async attempt(process: number, seat: ClientSeat, job: Job, random: Random): Promise<boolean> {
    try {
      await this.run(process, seat, job, random);
      this.count(job);
      return true;
    } catch (error) {
      if (!(error instanceof RutileError) || !RETRYABLE.has(error.code)) throw error;
      this.note(`worker ${process} ${job} ${error.code}`);
      this.count(error.code);
      return error.code === 'kv.key-exists';
    }
  }

  private run(process: number, seat: ClientSeat, job: Job, random: Random): Promise<void> {
    switch (job) {
      case 'transfer':
        return this.transfer(seat, random);
      case 'audit':
        return this.audit(seat, random);
      case 'append':
        return this.append(seat, random);
      case 'register':
        return this.register(process, seat, random);
      case 'rotate':
        return this.rotate(seat, random);
      case 'ring':
        return this.checkRing(seat, random);
      case 'unique':
        return this.unique(process, seat, random);
      case 'timestamp':
        return this.timestamp(process, seat);
    }
  }

  // ---- bank

  private async transfer(seat: ClientSeat, random: Random): Promise<void> {
    const pessimistic = random.below(2) === 0;
    await this.transact(seat, pessimistic, async (txn) => {
      const from = random.below(ACCOUNTS.length);
      const to = (from + 1 + random.below(ACCOUNTS.length - 1)) % ACCOUNTS.length;
      const keys = [utf8(ACCOUNTS[from]!), utf8(ACCOUNTS[to]!)];
      const values = pessimistic ? await lock(seat, txn, keys) : await txn.getMany(keys);
      if (random.below(4) === 0) await pause(seat, random.below(30));
      const amount = random.below(10);
      txn.put(keys[0]!, utf8(String(Number(fromUtf8(values[0]!)) - amount)));
      txn.put(keys[1]!, utf8(String(Number(fromUtf8(values[1]!)) + amount)));
    });
  }

  private async audit(seat: ClientSeat, random: Random): Promise<void> {
    const view = await this.view(seat, random, 'acc', ACCOUNTS);
    const wrong = checkBank(new Map([...view].map(([key, value]) => [key, Number(value)])), ACCOUNTS, BALANCE * ACCOUNTS.length); // prettier-ignore
    assert(wrong === undefined, wrong);
  }

  // ---- lists

  private async append(seat: ClientSeat, random: Random): Promise<void> {
    const pessimistic = random.below(3) === 0;
    const record: Recorded = {
      id: this.lists.length,
      status: 'unknown',
      reads: new Map(),
      appends: new Map(),
      invoked: this.position++,
      completed: Infinity,
    };
    this.lists.push(record);
    const lists = LISTS.filter(() => random.below(2) === 0);
    record.status = 'failed';
    try {
      await this.transact(seat, pessimistic, async (txn) => {
        for (const name of lists) {
          const key = utf8(name);
          const value = pessimistic ? (await lock(seat, txn, [key]))[0] : await txn.get(key);
          const list = listOf(value);
          // Reads of a pessimistic transaction are of their statement's time, not of one snapshot.
          if (!pessimistic) record.reads.set(name, list);
          if (random.below(3) > 0) {
            const element = ++this.element;
            record.appends.set(name, element);
            txn.put(key, utf8([...list, element].join(' ')));
          }
          if (random.below(5) === 0) await pause(seat, random.below(20));
        }
      });
      record.status = 'committed';
      record.completed = this.position++;
      this.note(`list ${record.id} ${[...record.appends].join(' ')}`);
    } catch (error) {
      if (error instanceof RutileError && error.code === 'kv.undetermined') record.status = 'unknown';
      else record.completed = this.position++;
      this.note(`list ${record.id} ${record.status}: ${String(error)}`);
      throw error;
    }
  }

  // ---- registers

  private async register(process: number, seat: ClientSeat, random: Random): Promise<void> {
    const key = REGISTERS[random.below(REGISTERS.length)]!;
    if (random.below(2) === 0) {
      const operation = this.registers.invoke(process, { kind: 'read', key });
      try {
        const bytes = await seat.client.raw.get(utf8(key));
        const value = bytes === undefined ? undefined : Number(fromUtf8(bytes));
        this.registers.ok(operation, { value });
        this.note(`read ${key} = ${value}`);
      } catch (error) {
        this.registers.fail(operation);
        throw error;
      }
      return;
    }
    const value = ++this.element;
    const operation = this.registers.invoke(process, { kind: 'write', key, value });
    try {
      await seat.client.raw.put(utf8(key), utf8(String(value)));
      this.registers.ok(operation, {});
      this.note(`wrote ${key} ${value}`);
    } catch (error) {
      if (error instanceof RutileError && error.code !== 'kv.undetermined') this.registers.fail(operation);
      else this.registers.unknown(operation);
      throw error;
    }
  }

  // ---- ring

  private async rotate(seat: ClientSeat, random: Random): Promise<void> {
    await this.transact(seat, random.below(3) === 0, async (txn) => {
      const next = async (from: number): Promise<number> => {
        const key = utf8(NODES[from]!);
        const value = txn.pessimistic ? (await lock(seat, txn, [key]))[0] : await txn.get(key);
        return Number(fromUtf8(value!));
      };
      const a = random.below(NODES.length);
      const b = await next(a);
      const c = await next(b);
      const d = await next(c);
      // A lock that was lost and taken again shows a newer value: the client has seen it change, and must begin anew.
      if (txn.pessimistic && new Set([a, b, c, d]).size < 4)
        throw new RutileError('kv.write-conflict', 'a lock was lost');
      for (const [from, to] of [[a, c], [c, b], [b, d]] as const) txn.put(utf8(NODES[from]!), utf8(String(to))); // prettier-ignore
    });
  }

  private async checkRing(seat: ClientSeat, random: Random): Promise<void> {
    const view = await this.view(seat, random, 'node', NODES);
    const ring = new Map([...view].map(([key, value]) => [NODES.indexOf(key), Number(value)]));
    const wrong = checkRing(ring, NODES.length);
    assert(wrong === undefined, wrong);
  }

  // ---- unique values

  private async unique(process: number, seat: ClientSeat, random: Random): Promise<void> {
    const row = ROWS[random.below(ROWS.length)]!;
    const wanted = VALUES[random.below(VALUES.length)]!;
    let operation: number | undefined;
    try {
      await this.transact(seat, random.below(2) === 0, async (txn) => {
        const key = utf8(row);
        const bytes = txn.pessimistic ? (await lock(seat, txn, [key]))[0] : await txn.get(key);
        const held = bytes === undefined || bytes.length === 0 ? undefined : fromUtf8(bytes);
        if (held === undefined) {
          txn.insert(utf8(wanted), key);
          txn.put(key, utf8(wanted));
        } else {
          txn.delete(utf8(held));
          txn.put(key, new Uint8Array(0));
        }
        operation = this.claims.invoke(process, { kind: held === undefined ? 'insert' : 'delete', value: held ?? wanted, row }); // prettier-ignore
      });
      this.claims.ok(operation!, undefined);
      this.note(`unique ${row} ${wanted}`);
    } catch (error) {
      if (operation !== undefined) {
        if (error instanceof RutileError && error.code !== 'kv.undetermined') this.claims.fail(operation);
        else this.claims.unknown(operation);
      }
      throw error;
    }
  }

  // ---- timestamps

  private async timestamp(process: number, seat: ClientSeat): Promise<void> {
    const operation = this.timestamps.invoke(process, undefined);
    const ts = await seat.client.timestamp();
    this.timestamps.ok(operation, { first: ts, last: ts });
  }

  // ---- the end

  /** All is at rest: what the clients saw, together with what is there now. */
  async judge(): Promise<void> {
    const seat = this.seats[0]!;
    const random = this.random.fork('judge');
    await this.audit(seat, random);
    await this.checkRing(seat, random);
    const final = new Map<string, readonly number[]>();
    const reader = seat.client.snapshot(await seat.client.timestamp());
    for (const name of LISTS) final.set(name, listOf(await reader.get(utf8(name))));
    const transactions = this.lists.map(({ id, status, reads, appends, invoked, completed }): ListTransaction => ({
      id, status, invoked, completed,
      steps: [
        ...[...reads].map(([key, list]) => ({ kind: 'read' as const, key, list })),
        ...[...appends].map(([key, element]) => ({ kind: 'append' as const, key, element })),
      ],
    })); // prettier-ignore
    const [anomaly] = checkLists(transactions, { final, realTime: true });
    if (anomaly !== undefined) throw new Error(`${anomaly.kind}: ${anomaly.explanation}`);
    const verdict = checkRegisters(this.registers, SEARCH_STEPS_MAX);
    if (verdict.kind === 'undecided') this.note('the search for an order was given up');
    if (verdict.kind === 'violation') throw new Error(verdict.explanation);
    const rows = new Map<string, string | null>();
    const index = new Map<string, string>();
    for (const row of ROWS) {
      const value = await reader.get(utf8(row));
      if (value !== undefined) rows.set(row, value.length === 0 ? null : fromUtf8(value));
    }
    for (const value of VALUES) {
      const row = await reader.get(utf8(value));
      if (row !== undefined) index.set(value, fromUtf8(row));
    }
    const wrong = checkUniqueIndex(rows, index) ?? checkUniqueClaims(this.claims.operations) ?? checkTimestamps(this.timestamps.operations); // prettier-ignore
    if (wrong !== undefined) throw new Error(wrong);
  }

  // ---- shared

  private async transact(
    seat: ClientSeat,
    pessimistic: boolean,
    body: (txn: Transaction) => Promise<void>,
  ): Promise<void> {
    const txn = await seat.client.begin({ pessimistic });
    try {
      await body(txn);
      const ts = await txn.commit();
      this.note(`commit ${txn.startTs} at ${ts}`);
    } catch (error) {
      await txn.rollback();
      throw error;
    }
  }

  /** Every key of one kind in one snapshot: by keys, or by a scan in either direction. */
  private async view(
    seat: ClientSeat,
    random: Random,
    prefix: string,
    keys: readonly string[],
  ): Promise<Map<string, string>> {
    const { client } = seat;
    const reader = client.snapshot(await client.timestamp());
    if (random.below(3) === 0) {
      const values = await reader.getMany(keys.map(utf8));
      return new Map(keys.flatMap((key, i) => (values[i] === undefined ? [] : [[key, fromUtf8(values[i])] as const])));
    }
    const found = new Map<string, string>();
    const scanner = reader.scan(
      { lower: utf8(prefix), upper: utf8(`${prefix}~`) },
      { reverse: random.below(2) === 0, long: random.below(3) === 0 },
    );
    for (let batch = await scanner.next(3); batch !== undefined; batch = await scanner.next(3)) {
      for (let i = 0; i < batch.count; i++)
        found.set(
          fromUtf8(batch.keyBytes[i]!.subarray(batch.keyStart[i], batch.keyEnd[i])),
          fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i])),
        );
      if (random.below(4) === 0) await pause(seat, random.below(20));
    }
    scanner.close();
    return found;
  }

  private count(what: string): void {
    this.counters.set(what, (this.counters.get(what) ?? 0) + 1);
  }
}

function listOf(value: Uint8Array | undefined): readonly number[] {
  return value === undefined || value.length === 0 ? [] : fromUtf8(value).split(' ').map(Number);
}

/** As a pessimistic statement does: lock, on conflict again with a newer timestamp. */
async function lock(seat: ClientSeat, txn: Transaction, keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
  for (;;) {
    const forUpdateTs = await seat.client.timestamp();
    const outcome = await txn.lockKeys(keys, { waitMs: 500, forUpdateTs, returnValues: true });
    if (outcome.kind === 'locked') return outcome.values!;
    if (outcome.kind !== 'write-conflict') throw new RutileError(`test.${outcome.kind}`, 'given up');
  }
}

function pause(seat: ClientSeat, ms: number): Promise<void> {
  return new Promise((resolve) => void seat.world.timers.after(ms, resolve));
}
