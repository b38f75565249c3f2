/**
 * What clients of the simulated SQL servers do, each statement on whatever server the client found, and what it is held to:
 *
 *     bank      transfers by one statement, with locks and optimistically; the total is the same in every snapshot, by rows and by index
 *     lists     list-append transactions are snapshot isolated, and see what was acknowledged before they began
 *     unique    inserts and deletes under a unique index: never two rows with one value
 *     tickets   rows with a number drawn by AUTO_INCREMENT: what was acknowledged is there once, what was refused is not
 *     families  rows that refer to others come and go with them, by foreign keys of every action: nobody refers to a row that is not there
 *     watches   serializable transactions leave a post only when they see somebody else on it: never a post with nobody
 *     schema    columns and indexes of these very tables come and go, tables are made, renamed, emptied and dropped
 *
 * At the end all indexes are held against their rows. An error is an answer as long as `transient.ts` knows it.
 */
import assert from 'node:assert/strict';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Random } from '../../../base/world.ts';
import { History } from '../../check/history.ts';
import { checkLists, type ListTransaction } from '../../check/list-append.ts';
import { checkUniqueClaims, type UniqueInput } from '../../check/order.ts';
import { checkBank } from '../../check/snapshots.ts';
import { ConnectionLost, SqlClient, SqlFailure } from './client.ts';
import type { SqlRows } from './machine.ts';
import { fateOf } from './transient.ts';

const ACCOUNTS = 8;
const LISTS = 5;
const CLAIMS = 5;
const VALUES = 4;
const BALANCE = 100;
const PARENTS = 4;
const CHILDREN = 6;
const POSTS = 3;
const GUARDS = 3;

const SCHEMA = [
  'CREATE DATABASE sim',
  'USE sim',
  'CREATE TABLE accounts (id INT PRIMARY KEY, balance INT NOT NULL, KEY by_balance (balance))',
  `INSERT INTO accounts VALUES ${Array.from({ length: ACCOUNTS }, (_, id) => `(${id}, ${BALANCE})`).join(', ')}`,
  'CREATE TABLE lists (id INT PRIMARY KEY, items TEXT NOT NULL) PARTITION BY KEY (id) PARTITIONS 2',
  `INSERT INTO lists VALUES ${Array.from({ length: LISTS }, (_, id) => `(${id}, '')`).join(', ')}`,
  'CREATE TABLE claims (id INT PRIMARY KEY, value INT NOT NULL, UNIQUE KEY by_value (value))',
  'CREATE TABLE parents (id INT PRIMARY KEY, code INT, UNIQUE KEY (code))',
  'CREATE TABLE children (id INT PRIMARY KEY, parent INT, code INT, FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE, FOREIGN KEY (code) REFERENCES parents (code) ON DELETE SET NULL ON UPDATE CASCADE)',
  'CREATE TABLE pets (id INT PRIMARY KEY, owner INT, FOREIGN KEY (owner) REFERENCES children (id))',
  'CREATE TABLE guards (post INT, number INT, watching INT NOT NULL, PRIMARY KEY (post, number), KEY by_watching (watching, post))',
  `INSERT INTO guards VALUES ${Array.from({ length: POSTS * GUARDS }, (_, i) => `(${i % POSTS}, ${i}, 1)`).join(', ')}`,
  'CREATE TABLE tickets (id BIGINT AUTO_INCREMENT PRIMARY KEY, worker INT NOT NULL, number INT NOT NULL, KEY by_number (number))',
];

type Job = 'transfer' | 'audit' | 'append' | 'claim' | 'ticket' | 'family' | 'watch' | 'schema';
const JOBS: readonly Job[] = [
  'transfer',
  'transfer',
  'transfer',
  'audit',
  'audit',
  'append',
  'append',
  'append',
  'append',
  'claim',
  'claim',
  'ticket',
  'ticket',
  'family',
  'family',
  'family',
  'watch',
  'watch',
  'watch',
];
/** One of the clients only changes the schema; the others do the rest. */
const SCHEMA_WORKER = 1; // prettier-ignore

/** What a statement that changes the schema may be refused with when another one was first. */
const OVERTAKEN = new Set([1050, 1051, 1054, 1060, 1061, 1072, 1091, 1146, 1176, 1505, 1507, 1508]);
const CHANGES: readonly string[] = [
  'CREATE INDEX wide ON accounts (balance, id)',
  'DROP INDEX wide ON accounts',
  'CREATE UNIQUE INDEX both_ways ON accounts (balance, id)',
  'ALTER TABLE accounts DROP INDEX both_ways',
  'ALTER TABLE accounts ADD COLUMN note VARCHAR(20) DEFAULT \'none\', ADD INDEX by_note (note)',
  'ALTER TABLE accounts DROP COLUMN note',
  'ALTER TABLE claims ADD INDEX again (value, id)',
  'ALTER TABLE claims DROP INDEX again',
  'ALTER TABLE children ADD COLUMN note VARCHAR(20), ADD INDEX (note)',
  'ALTER TABLE children DROP COLUMN note',
  'ALTER TABLE parents MODIFY code INT NULL, ALGORITHM = COPY',
  'ALTER TABLE tickets ADD COLUMN price DECIMAL(10, 2) NOT NULL DEFAULT 1.5',
  'ALTER TABLE tickets DROP COLUMN price',
  'CREATE TABLE scratch (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(30))',
  'CREATE TABLE scratch LIKE accounts',
  'RENAME TABLE scratch TO scraped',
  'TRUNCATE TABLE scraped',
  'DROP TABLE IF EXISTS scratch, scraped',
  'ANALYZE TABLE accounts',
  'ALTER TABLE accounts PARTITION BY HASH (id) PARTITIONS 3',
  'ALTER TABLE accounts REMOVE PARTITIONING',
  'ALTER TABLE accounts ADD PARTITION PARTITIONS 2',
  'ALTER TABLE accounts COALESCE PARTITION 1',
  'ALTER TABLE lists REBUILD PARTITION p1',
  'ALTER TABLE lists REORGANIZE PARTITION p0 INTO (PARTITION p0)',
  'ALTER TABLE lists REMOVE PARTITIONING',
  'ALTER TABLE lists PARTITION BY KEY () PARTITIONS 2',
  ...Array.from({ length: 3 }, () => [
    'ALTER TABLE accounts DROP INDEX wide, ADD INDEX wide (balance, id)',
    'ALTER TABLE claims DROP INDEX again, ADD INDEX again (value, id)',
    'CREATE INDEX wide ON accounts (balance, id)',
    'ALTER TABLE claims ADD INDEX again (value, id)',
  ]).flat(),
]; // prettier-ignore

interface Recorded {
  readonly id: number;
  status: ListTransaction['status'];
  readonly steps: ListTransaction['steps'][number][];
  readonly invoked: number;
  completed: number;
}

export interface JobsOptions {
  readonly random: Random;
  readonly pauseMsMax: number;
  /** The names of the servers. */
  readonly servers: readonly string[];
  readonly note: (fact: string) => void;
}

/** The clients of one machine, and what all of them were told. */
export class SqlJobs {
  readonly counters = new Map<string, number>();
  private readonly world: SimWorld;
  private readonly options: JobsOptions;
  private readonly lists: Recorded[] = [];
  private readonly claims = new History<UniqueInput, unknown>();
  private readonly tickets: { readonly worker: number; readonly number: number; status: ListTransaction['status'] }[] =
    [];
  private element = 0;
  private position = 0;
  private stopping = false;

  constructor(world: SimWorld, options: JobsOptions) {
    this.world = world;
    this.options = options;
  }

  async prepare(): Promise<void> {
    const worker = this.worker(0, this.options.random.fork('prepare'));
    for (const sql of SCHEMA) await worker.run(sql);
    worker.close();
  }

  stop(): void {
    this.stopping = true;
  }

  /** One client's life: until `stop`. */
  async work(number: number): Promise<void> {
    const worker = this.worker(number, this.options.random.fork(`worker ${number}`));
    while (!this.stopping) {
      await worker.pause(1 + worker.random.below(this.options.pauseMsMax));
      await this.attempt(worker, number === SCHEMA_WORKER ? 'schema' : JOBS[worker.random.below(JOBS.length)]!);
    }
    worker.close();
  }

  /** Tries each kind of work until it succeeded once. */
  async succeed(number: number): Promise<void> {
    const worker = this.worker(number, this.options.random.fork(`last of ${number}`));
    for (const job of number === SCHEMA_WORKER ? (['schema'] as const) : new Set(JOBS))
      while (!(await this.attempt(worker, job))) await worker.pause(50);
    worker.close();
  }

  private worker(number: number, random: Random): Worker {
    return new Worker(number, this.world, random, this.options.servers);
  }

  private async attempt(worker: Worker, job: Job): Promise<boolean> {
    try {
      await this[job](worker);
      this.count(job);
      return true;
    } catch (error) {
      const fate = fateOf(error, worker.deciding);
      if (fate === undefined) throw error;
      this.options.note(`worker ${worker.number} ${job} ${String(error).slice(0, 120)}`);
      this.count(error instanceof SqlFailure ? `error ${error.errno}` : 'lost connections');
      await worker.forget();
      return false;
    }
  }

  /** Some transactions outlive a change of the schema. */
  private async linger({ random, pause }: Worker): Promise<void> {
    const draw = random.below(16);
    if (draw === 0) await pause(random.below(3000));
    else if (draw < 4) await pause(random.below(100));
  }

  private count(what: string): void {
    this.counters.set(what, (this.counters.get(what) ?? 0) + 1);
  }

  // ---- bank

  private async transfer(worker: Worker): Promise<void> {
    const { random } = worker;
    const from = random.below(ACCOUNTS);
    const to = (from + 1 + random.below(ACCOUNTS - 1)) % ACCOUNTS;
    const amount = random.below(10);
    if (random.below(3) === 0) {
      await worker.decide(`UPDATE accounts SET balance = balance + IF(id = ${from}, -${amount}, ${amount}) WHERE id IN (${from}, ${to})`); // prettier-ignore
      return;
    }
    await worker.transact(random.below(2) === 0 ? 'PESSIMISTIC' : 'OPTIMISTIC', async () => {
      await worker.run(`UPDATE accounts SET balance = balance - ${amount} WHERE id = ${from}`);
      await this.linger(worker);
      await worker.run(`UPDATE accounts SET balance = balance + ${amount} WHERE id = ${to}`);
    });
  }

  private async audit(worker: Worker): Promise<void> {
    // An index that is wrong mends itself as its rows change: look often.
    if (worker.random.below(3) === 0) {
      await worker.run(`ADMIN CHECK TABLE ${['accounts', 'accounts', 'claims', 'tickets'][worker.random.below(4)]!}`);
      return;
    }
    if (worker.random.below(3) === 0) return auditWatches(worker);
    if (worker.random.below(2) === 0) return auditFamilies(worker);
    const way = ['', 'FORCE INDEX (by_balance)', 'IGNORE INDEX (by_balance)'][worker.random.below(3)]!;
    checkAccounts(await worker.run(`SELECT id, balance FROM accounts ${way} WHERE balance > -1000000`), way);
    const { rows } = await worker.run(`SELECT COUNT(*), SUM(balance) FROM accounts ${way}`);
    assert.deepEqual(rows, [[String(ACCOUNTS), String(ACCOUNTS * BALANCE)]], `the bank, ${way || 'as planned'}`);
  }

  // ---- lists

  private async append(worker: Worker): Promise<void> {
    const { random } = worker;
    const mode = random.below(3) === 0 ? 'PESSIMISTIC' : 'OPTIMISTIC';
    const record: Recorded = { id: this.lists.length, status: 'failed', steps: [], invoked: this.position++, completed: Infinity }; // prettier-ignore
    this.lists.push(record);
    const lists = Array.from({ length: LISTS }, (_, id) => id).filter(() => random.below(2) === 0);
    try {
      await worker.transact(mode, async () => {
        for (const id of lists) {
          const lock = mode === 'PESSIMISTIC' ? ' FOR UPDATE' : '';
          const list = listOf(await worker.run(`SELECT items FROM lists WHERE id = ${id}${lock}`));
          // A locking read is of its statement's time, not of one snapshot.
          if (lock === '') record.steps.push({ kind: 'read', key: String(id), list });
          if (random.below(3) > 0) {
            const element = ++this.element;
            record.steps.push({ kind: 'append', key: String(id), element });
            await worker.run(`UPDATE lists SET items = CONCAT(items, ' ${element}') WHERE id = ${id}`);
          }
          await this.linger(worker);
        }
      });
      record.status = 'committed';
      record.completed = this.position++;
    } catch (error) {
      record.status = fateOf(error, worker.deciding) === 'unknown' ? 'unknown' : 'failed';
      if (record.status === 'failed') record.completed = this.position++;
      throw error;
    } finally {
      this.options.note(`list ${record.id} ${record.status} ${JSON.stringify(record.steps)}`);
    }
  }

  // ---- unique values

  private async claim(worker: Worker): Promise<void> {
    const { random } = worker;
    const row = random.below(CLAIMS);
    const wanted = random.below(VALUES);
    let operation: number | undefined;
    try {
      await worker.transact(random.below(2) === 0 ? 'PESSIMISTIC' : 'OPTIMISTIC', async () => {
        const { rows } = await worker.run(`SELECT value FROM claims WHERE id = ${row} FOR UPDATE`);
        const held = rows![0]?.[0] as string | undefined;
        const input: UniqueInput = { kind: held === undefined ? 'insert' : 'delete', value: held ?? String(wanted), row: String(row) }; // prettier-ignore
        operation = this.claims.invoke(worker.number, input);
        if (held === undefined) await worker.run(`INSERT INTO claims (id, value) VALUES (${row}, ${wanted})`);
        else await worker.run(`DELETE FROM claims WHERE id = ${row}`);
        await this.linger(worker);
      });
      this.claims.ok(operation!, undefined);
    } catch (error) {
      if (operation !== undefined) {
        if (fateOf(error, worker.deciding) === 'unknown') this.claims.unknown(operation);
        else this.claims.fail(operation);
      }
      // The value is another row's.
      if (error instanceof SqlFailure && error.errno === 1062) return worker.forget();
      throw error;
    }
  }

  // ---- families

  private async family(worker: Worker): Promise<void> {
    const { random } = worker;
    const draw = random.below(4);
    try {
      if (draw < 2) return void (await worker.decide(familyChange(random)));
      await worker.transact(draw === 2 ? 'PESSIMISTIC' : 'OPTIMISTIC', async () => {
        for (let i = 1 + random.below(3); i > 0; i--) {
          await worker.run(familyChange(random));
          await this.linger(worker);
        }
      });
    } catch (error) {
      if (!(error instanceof SqlFailure) || !REFUSED.has(error.errno)) throw error;
      this.count(`refused ${error.errno}`);
      await worker.forget();
    }
  }

  // ---- watches

  /** Each looks at the whole post and changes one row of it, or adds and removes rows: under a snapshot alone two leave at once. */
  private async watch(worker: Worker): Promise<void> {
    const { random } = worker;
    const post = random.below(POSTS);
    const look = [
      `SELECT COUNT(*) FROM guards WHERE watching = 1 AND post = ${post}`,
      `SELECT COALESCE(SUM(watching), 0) FROM guards IGNORE INDEX (by_watching) WHERE post = ${post}`,
      `SELECT COUNT(*) FROM guards WHERE watching = 1 AND post = ${post} FOR UPDATE`,
    ][random.below(8) === 0 ? 2 : random.below(2)]!;
    try {
      await worker.run('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
      await worker.transact(random.below(2) === 0 ? 'PESSIMISTIC' : 'OPTIMISTIC', async () => {
        const watching = Number((await worker.run(look)).rows![0]![0]);
        assert(watching > 0, `nobody watches post ${post}`);
        await this.linger(worker);
        const number = post + POSTS * random.below(GUARDS);
        if (watching === 1) await worker.run(`REPLACE INTO guards VALUES (${post}, ${number}, 1)`);
        else if (random.below(2) === 0)
          await worker.run(`UPDATE guards SET watching = 0 WHERE post = ${post} AND watching = 1 LIMIT 1`); // prettier-ignore
        else await worker.run(`DELETE FROM guards WHERE post = ${post} AND number = ${number}`);
      });
    } catch (error) {
      // What is said of the next transaction holds for the next one, whoever begins it.
      if (error instanceof SqlFailure) worker.close();
      throw error;
    }
  }

  // ---- tickets

  private async ticket(worker: Worker): Promise<void> {
    const count = 1 + worker.random.below(3);
    const first = this.element + 1;
    this.element += count;
    const drawn = Array.from({ length: count }, (_, i) => ({ worker: worker.number, number: first + i, status: 'unknown' as ListTransaction['status'] })); // prettier-ignore
    this.tickets.push(...drawn);
    const rows = drawn.map(({ worker, number }) => `(${worker}, ${number})`).join(', ');
    let status: ListTransaction['status'] = 'committed';
    try {
      await worker.decide(`INSERT INTO tickets (worker, number) VALUES ${rows}`);
    } catch (error) {
      status = fateOf(error, true) ?? 'unknown';
      throw error;
    } finally {
      for (const ticket of drawn) ticket.status = status;
    }
  }

  // ---- schema

  private async schema(worker: Worker): Promise<void> {
    const sql = CHANGES[worker.random.below(CHANGES.length)]!;
    try {
      await worker.decide(sql);
      this.options.note(`schema ${sql}`);
      this.count(sql.split(' ', 2).join(' '));
    } catch (error) {
      if (!(error instanceof SqlFailure) || !OVERTAKEN.has(error.errno)) throw error;
      this.count('overtaken');
    }
  }

  // ---- the end

  /** All is at rest: what the clients were told, together with what is there now. */
  async judge(): Promise<void> {
    const worker = this.worker(-1, this.options.random.fork('judge'));
    await this.audit(worker);
    await auditFamilies(worker);
    await auditWatches(worker);
    const { rows } = await worker.run('SELECT table_name FROM information_schema.tables WHERE table_schema = \'sim\''); // prettier-ignore
    for (const [name] of rows!) await worker.run(`ADMIN CHECK TABLE ${String(name)}`);
    const final = new Map<string, readonly number[]>();
    for (let id = 0; id < LISTS; id++)
      final.set(String(id), listOf(await worker.run(`SELECT items FROM lists WHERE id = ${id}`)));
    const [anomaly] = checkLists(this.lists, { final, realTime: true });
    if (anomaly !== undefined) throw new Error(`${anomaly.kind}: ${anomaly.explanation}`);
    const wrong = checkUniqueClaims(this.claims.operations);
    if (wrong !== undefined) throw new Error(wrong);
    await this.judgeTickets(worker);
    worker.close();
  }

  private async judgeTickets(worker: Worker): Promise<void> {
    const { rows } = await worker.run('SELECT worker, number FROM tickets IGNORE INDEX (by_number)');
    const found = new Map<string, number>();
    for (const [who, number] of rows!) {
      const key = `${String(who)} ${String(number)}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
    for (const { worker, number, status } of this.tickets) {
      const count = found.get(`${worker} ${number}`) ?? 0;
      found.delete(`${worker} ${number}`);
      const fine = status === 'committed' ? count === 1 : status === 'failed' ? count === 0 : count <= 1;
      assert(fine, `ticket ${number} of worker ${worker}, ${status}, is there ${count} times`);
    }
    assert.equal(found.size, 0, `tickets that nobody drew: ${[...found.keys()].join(', ')}`);
  }
}

/** One client: it stays on a server until it loses it, and finds another one. */
class Worker {
  readonly number: number;
  readonly random: Random;
  /** The statement at hand could commit something. */
  deciding = false;
  private readonly world: SimWorld;
  private readonly servers: readonly string[];
  private client: SqlClient | undefined = undefined;

  constructor(number: number, world: SimWorld, random: Random, servers: readonly string[]) {
    this.number = number;
    this.world = world;
    this.random = random;
    this.servers = servers;
  }

  async run(sql: string): Promise<SqlRows> {
    this.deciding = false;
    return (await this.connected()).run(sql);
  }

  /** A statement whose fate is unknown when its answer is lost. */
  async decide(sql: string): Promise<SqlRows> {
    const client = await this.connected();
    this.deciding = true;
    return client.run(sql);
  }

  async transact(mode: 'PESSIMISTIC' | 'OPTIMISTIC', body: () => Promise<void>): Promise<void> {
    await this.run(`BEGIN ${mode}`);
    await body();
    await this.decide('COMMIT');
  }

  /** After a failure: no transaction stays open. Not on the same server for ever. */
  async forget(): Promise<void> {
    const deciding = this.deciding;
    try {
      if (this.client !== undefined && !this.client.lost) await this.client.run('ROLLBACK');
    } catch (error) {
      if (!(error instanceof ConnectionLost) && fateOf(error, false) === undefined) throw error;
      this.close();
    }
    if (this.random.below(4) === 0) this.close();
    this.deciding = deciding;
  }

  close(): void {
    this.client?.close();
    this.client = undefined;
  }

  readonly pause = (ms: number): Promise<void> => new Promise((resolve) => void this.world.timers.after(ms, resolve));

  private async connected(): Promise<SqlClient> {
    while (this.client === undefined || this.client.lost) {
      // Somewhere in a transaction: it is gone.
      const wasLost = this.client?.lost === true;
      this.client = undefined;
      if (wasLost) throw new ConnectionLost();
      const server = this.servers[this.random.below(this.servers.length)]!;
      try {
        const client = await SqlClient.connect(this.world, server);
        this.client = client;
        await client.run(this.number === 0 ? 'SELECT 1' : 'USE sim');
      } catch (error) {
        if (fateOf(error, false) === undefined) throw error;
        this.close();
        await this.pause(20 + this.random.below(100));
      }
    }
    return this.client;
  }
}

/** A key that is taken, a row that is referred to, one that is not there. */
const REFUSED = new Set([1062, 1451, 1452]);

function familyChange(random: Random): string {
  const parent = random.below(PARENTS);
  const child = random.below(CHILDREN);
  switch (random.below(9)) {
    case 0:
    case 1:
      return `INSERT INTO parents VALUES (${parent}, ${random.below(10)})`;
    case 2:
      return `DELETE FROM parents WHERE id = ${parent}`;
    case 3:
      return `UPDATE parents SET code = ${random.below(10)} WHERE id = ${parent}`;
    case 4:
    case 5:
      return `REPLACE INTO children (id, parent, code) SELECT ${child}, id, code FROM parents WHERE id = ${parent}`;
    case 6:
      return `UPDATE children SET parent = ${parent} WHERE id = ${child}`;
    case 7:
      return `INSERT IGNORE INTO pets VALUES (${child}, ${child})`;
    default:
      return random.below(2) === 0
        ? `DELETE FROM pets WHERE id = ${child}`
        : `DELETE FROM children WHERE id = ${child}`;
  }
}

async function auditFamilies(worker: Worker): Promise<void> {
  for (const [table, column, to, key] of [
    ['children', 'parent', 'parents', 'id'],
    ['children', 'code', 'parents', 'code'],
    ['pets', 'owner', 'children', 'id'],
  ] as const) {
    const { rows } = await worker.run(`SELECT c.id, c.${column} FROM ${table} c LEFT JOIN ${to} p ON c.${column} = p.${key} WHERE c.${column} IS NOT NULL AND p.${key} IS NULL`); // prettier-ignore
    assert.deepEqual(rows, [], `rows of ${table} refer by ${column} to nothing`);
  }
}

async function auditWatches(worker: Worker): Promise<void> {
  const { rows } = await worker.run('SELECT post, SUM(watching) FROM guards GROUP BY post HAVING SUM(watching) > 0');
  assert.equal(rows!.length, POSTS, 'a post is left by all');
}

function checkAccounts({ rows }: SqlRows, way: string): void {
  const accounts = Array.from({ length: ACCOUNTS }, (_, id) => String(id));
  const wrong = checkBank(new Map(rows!.map(([id, balance]) => [String(id), Number(balance)])), accounts, ACCOUNTS * BALANCE); // prettier-ignore
  assert(wrong === undefined, `${way}: ${wrong}`);
}

function listOf({ rows }: SqlRows): readonly number[] {
  assert.equal(rows!.length, 1, 'a list is missing');
  const text = String(rows![0]![0]).trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
