/**
 * What the clients of the soak do, and what they are held to, at every moment and after each kill:
 *
 *     transfers  money goes between accounts and is noted in a ledger; the total is what it was in every snapshot, by rows and by index
 *     lists      list-append transactions are snapshot isolated, and see what was acknowledged before they began
 *     claims     inserts and deletes under a unique index: never two rows with one value
 *     tickets    rows with numbers drawn by AUTO_INCREMENT: what was acknowledged is there once, what was refused is not
 *     families   rows that refer to others come and go with them, by foreign keys
 *     queries    of the same snapshot the row engine and the column engine answer the same
 *     bulk       some thousand rows are written anew in one transaction: all of them or none
 *     schema     columns, indexes, partitions and tables come and go (schema-changes.ts)
 *
 * A period is the time between two kills. What clients were told in it is checked when the server is back, and then forgotten, here and there:
 * ledger, lists and tickets are cleared, so that neither side's memory grows with time.
 */
import assert from 'node:assert/strict';
import { History } from '../check/history.ts';
import { checkLists, type ListTransaction } from '../check/list-append.ts';
import { checkUniqueClaims, type UniqueInput } from '../check/order.ts';
import { Dice } from '../cluster/dice.ts';
import { errnoOf, fateOf, SoakClient } from './client.ts';
import { CHANGED_OBJECTS, OVERTAKEN, SCHEMA_CHANGES } from './schema-changes.ts';

const ACCOUNTS = 100;
const OPENING = 1000;
const LISTS = 12;
const CLAIMS = 8;
const VALUES = 6;
const PARENTS = 6;
const CHILDREN = 10;
const BULK_ROWS = 6000;
const BULK_PADDING = 'p'.repeat(400);
const SALES = 20_000;

const SCHEMA = [
  `create table account (id int primary key, balance int not null, opening int not null default ${OPENING}, key by_balance (balance))`,
  `insert into account (id, balance) values ${numbers(ACCOUNTS).map((id) => `(${id}, ${OPENING})`).join(', ')}`,
  'create table ledger (worker int, seq int, source int not null, target int not null, amount int not null, note varchar(40), primary key (worker, seq), key (source), unique key by_note (note))',
  'create table list (id int primary key, items mediumtext not null) partition by key (id) partitions 2',
  `insert into list values ${numbers(LISTS).map((id) => `(${id}, '')`).join(', ')}`,
  'create table claim (id int primary key, value int not null, unique key by_value (value))',
  'create table parent (id int primary key, code int, unique key (code))',
  'create table child (id int primary key, parent int, code int, foreign key (parent) references parent (id) on delete cascade, foreign key (code) references parent (code) on delete set null on update cascade)',
  'create table pet (id int primary key, owner int, foreign key (owner) references child (id))',
  'create table ticket (id bigint auto_increment primary key, worker int not null, number int not null, key by_number (number))',
  'create table sale (id int primary key, product int not null, customer int not null, amount int not null, price decimal(10, 2), name varchar(20), key by_product (product, amount), key by_customer (customer))',
  'create table log (id int primary key, text varchar(50), key (text)) partition by range (id) (partition p0 values less than (10), partition p1 values less than (20), partition p2 values less than (100))',
  'create table bulk (id int primary key, version int not null, shuffled int not null, padding varchar(500), key (version), unique key (shuffled))',
]; // prettier-ignore

/** Both engines, same snapshot, same rows. Every column that is sorted or compared is there at all times. */
const QUERIES = [
  'select product, count(*), sum(amount), min(price), max(name) from sale group by product order by product',
  'select count(*), sum(amount * price), avg(amount) from sale where customer between 10 and 60 and amount > 100',
  'select s.product, sum(a.balance) from sale s join account a on a.id = s.customer where s.amount < 50 group by s.product order by s.product',
  'select count(distinct customer), count(distinct product, customer) from sale where name like \'name 1%\'',
  'select source, target, sum(amount) from ledger group by source, target order by source, target',
  'select a.id, a.opening - coalesce(sum(l.amount), 0) from account a left join ledger l on l.source = a.id group by a.id, a.opening order by a.id',
  'select version, count(*), sum(shuffled), max(length(padding)) from bulk group by version',
  'select customer, product, amount, rank() over (partition by product order by amount desc, id) as place from sale where customer < 3 order by product, place, customer limit 50',
]; // prettier-ignore

type Job = 'transfer' | 'audit' | 'append' | 'claim' | 'ticket' | 'family' | 'trade' | 'query' | 'note';
const WEIGHTS: Readonly<Record<Job, number>> = {
  transfer: 8,
  audit: 3,
  append: 6,
  claim: 4,
  ticket: 3,
  family: 5,
  trade: 6,
  query: 2,
  note: 2,
};
const JOBS = Object.entries(WEIGHTS).flatMap(([job, weight]) => numbers(weight).map(() => job as Job));

interface Recorded {
  readonly id: number;
  status: ListTransaction['status'];
  readonly steps: ListTransaction['steps'][number][];
  readonly invoked: number;
  completed: number;
}

export interface LoadOptions {
  readonly seed: number;
  readonly workers: number;
  /** Pieces of work a second, of all workers together. */
  readonly rate: number;
  readonly report: (line: string) => void;
}

export class SoakLoad {
  readonly counters = new Map<string, number>();
  private readonly options: LoadOptions;
  private readonly dice: Dice;
  /** By worker: the last transfer that was acknowledged, and the last one that was cleared away. */
  private readonly transfers: number[];
  private readonly cleared: number[];
  private lists: Recorded[] = [];
  private claims = new History<UniqueInput, unknown>();
  private tickets: { readonly worker: number; readonly number: number; status: ListTransaction['status'] }[] = [];
  private readonly objects = new Map<string, 'there' | 'gone' | 'either'>(CHANGED_OBJECTS.map((one) => [one, 'gone']));
  private bulk = { acknowledged: -1, shown: -1, started: -1 };
  private element = 0;
  private position = 0;
  private killed = false;
  private stopping = false;

  constructor(options: LoadOptions) {
    this.options = options;
    this.dice = new Dice(options.seed);
    this.transfers = numbers(options.workers).map(() => 0);
    this.cleared = [...this.transfers];
  }

  async prepare(port: number): Promise<void> {
    const client = await SoakClient.connect(port, this.dice);
    for (const sql of SCHEMA) await client.run(sql);
    for (let first = 0; first < SALES; first += 1000)
      await client.run(`insert into sale values ${numbers(1000).map((i) => this.sale(first + i)).join(', ')}`); // prettier-ignore
    await this.writeBulk(client);
    client.close();
  }

  private sale(id: number): string {
    const { dice } = this;
    return `(${id}, ${dice.below(40)}, ${dice.below(ACCOUNTS)}, ${dice.below(1000)}, ${dice.below(10_000) / 100}, ${dice.chance(0.1) ? 'null' : `'name ${dice.below(100)}'`})`;
  }

  /** Until `stop` or `kill`; throws what nothing explains. */
  async period(port: number): Promise<void> {
    this.killed = this.stopping = false;
    const failures: unknown[] = [];
    const guarded = async (
      what: string,
      pauseMs: number,
      work: (client: SoakClient) => Promise<void>,
    ): Promise<void> => {
      try {
        await this.repeat(port, what, pauseMs, work);
      } catch (error) {
        failures.push(error);
        this.stopping = true;
      }
    };
    const pauseMs = (1000 * this.options.workers) / this.options.rate;
    await Promise.all([
      ...this.transfers.map((_, worker) =>
        guarded('worker', pauseMs, (client) => this.attempt(client, worker, client.dice.pick(JOBS))),
      ),
      guarded('schema', Math.max(500, pauseMs * 4), (client) => this.changeSchema(client)),
      guarded('bulk', 45_000, (client) => this.writeBulk(client)),
    ]);
    if (failures.length > 0) throw failures[0];
  }

  /** The server is about to be killed: from now on answers may be missing. */
  kill(): void {
    this.killed = this.stopping = true;
  }

  /** The period ends; every answer comes. */
  stop(): void {
    this.stopping = true;
  }

  private async repeat(
    port: number,
    what: string,
    pauseMs: number,
    work: (client: SoakClient) => Promise<void>,
  ): Promise<void> {
    const dice = new Dice(this.dice.below(2 ** 31));
    const client = await SoakClient.connect(port, dice);
    try {
      while (!this.stopping) {
        await pause(pauseMs * (0.5 + dice.below(1000) / 1000), () => this.stopping);
        if (this.stopping) return;
        try {
          await work(client);
        } catch (error) {
          const fate = fateOf(error, client.deciding, this.killed);
          if (fate === undefined) throw error;
          const errno = errnoOf(error) ?? 0;
          this.count(errno > 0 ? `${what} ${errno}` : 'lost by the kill');
          if (errno === 8028 || errno === 1412) this.options.report(`${errno} for ${client.last}`);
          await client.rollback();
        }
      }
    } finally {
      client.close();
    }
  }

  private async attempt(client: SoakClient, worker: number, job: Job): Promise<void> {
    await this[job](client, worker);
    this.count(job);
  }

  private count(what: string): void {
    this.counters.set(what, (this.counters.get(what) ?? 0) + 1);
  }

  /** Some transactions outlive a change of the schema. */
  private async linger(client: SoakClient): Promise<void> {
    const draw = client.dice.below(64);
    if (draw === 0) await pause(client.dice.below(2000), () => this.stopping);
    else if (draw < 6) await pause(client.dice.below(50), () => this.stopping);
  }

  // ---- transfers

  private async transfer(client: SoakClient, worker: number): Promise<void> {
    const { dice } = client;
    const seq = this.transfers[worker]! + 1;
    const source = dice.below(ACCOUNTS);
    const target = (source + 1 + dice.below(ACCOUNTS - 1)) % ACCOUNTS;
    const amount = 1 + dice.below(20);
    await client.transact(dice.pick(['begin', 'begin', 'begin optimistic']), async () => {
      await client.run('insert into ledger (worker, seq, source, target, amount, note) values (?, ?, ?, ?, ?, ?)', [
        worker, seq, source, target, amount, `${worker}-${seq}`,
      ]); // prettier-ignore
      if (dice.chance(0.3)) {
        await client.run('update account set balance = balance + if(id = ?, -?, ?) where id in (?, ?)', [
          source, amount, amount, source, target,
        ]); // prettier-ignore
      } else {
        await client.run('update account set balance = balance - ? where id = ?', [amount, source]);
        await this.linger(client);
        await client.run('update account set balance = balance + ? where id = ?', [amount, target]);
      }
    });
    this.transfers[worker] = seq;
  }

  private async audit(client: SoakClient): Promise<void> {
    const { dice } = client;
    const way = dice.pick(['', 'force index (by_balance)', 'ignore index (by_balance)']);
    const draw = dice.below(5);
    if (draw === 0) return void (await client.run(`admin check table ${dice.pick(['account', 'claim', 'ticket', 'ledger', 'child', 'list'])}`)); // prettier-ignore
    if (draw === 1) return this.auditFamilies(client);
    if (draw === 2) {
      const sums = await client.run(`select count(*), sum(balance) from account ${way}`);
      assert.deepEqual(
        sums.map((row) => row.map(Number)),
        [[ACCOUNTS, ACCOUNTS * OPENING]],
        `the bank, ${way}`,
      );
      return;
    }
    // By two ways of one snapshot.
    const [table, index, columns, condition] = dice.pick([
      ['account', 'by_balance', 'id, balance', `balance between 900 and ${950 + dice.below(150)}`],
      ['sale', 'by_product', 'id, product, amount', `product = ${dice.below(40)} and amount > ${dice.below(1000)}`],
      ['sale', 'by_customer', 'id, customer, amount, name', `customer = ${dice.below(ACCOUNTS)}`],
      ['ledger', 'source', 'worker, seq, source', `source = ${dice.below(ACCOUNTS)}`],
      ['claim', 'by_value', 'id, value', `value < ${dice.below(VALUES)}`],
      ['bulk', 'version', 'id, version', `version > 0 and id < ${dice.below(500)}`],
    ] as const);
    await client.transact('start transaction with consistent snapshot', async () => {
      const read = async (hint: string) =>
        (await client.run(`select ${columns} from ${table} ${hint} where ${condition}`)).map((row) => row.join()).sort();
      const byIndex = await read(`force index (${index})`);
      await this.linger(client);
      assert.deepEqual(byIndex, await read(`ignore index (${index})`), `${table}: ${index} and the rows disagree, ${condition}`);
    }); // prettier-ignore
  }

  // ---- lists

  private async append(client: SoakClient): Promise<void> {
    const { dice } = client;
    const locks = dice.chance(0.3);
    const record: Recorded = { id: this.lists.length, status: 'failed', steps: [], invoked: this.position++, completed: Infinity }; // prettier-ignore
    this.lists.push(record);
    try {
      await client.transact(locks ? 'begin' : 'begin optimistic', async () => {
        for (const id of dice.sample(numbers(LISTS), 1 + dice.below(4))) {
          const rows = await client.run(`select items from list where id = ?${locks ? ' for update' : ''}`, [id]);
          // A locking read is of its statement's time, not of one snapshot.
          if (!locks) record.steps.push({ kind: 'read', key: String(id), list: elementsOf(rows[0]) });
          if (dice.chance(0.6)) {
            const element = ++this.element;
            record.steps.push({ kind: 'append', key: String(id), element });
            await client.run(`update list set items = concat(items, ' ${element}') where id = ?`, [id]);
          }
          await this.linger(client);
        }
      });
      record.status = 'committed';
      record.completed = this.position++;
    } catch (error) {
      record.status = fateOf(error, client.deciding, this.killed) === 'unknown' ? 'unknown' : 'failed';
      if (record.status === 'failed') record.completed = this.position++;
      throw error;
    }
  }

  // ---- unique values

  private async claim(client: SoakClient, worker: number): Promise<void> {
    const { dice } = client;
    const row = dice.below(CLAIMS);
    const wanted = dice.below(VALUES);
    let operation: number | undefined;
    try {
      await client.transact(dice.pick(['begin', 'begin optimistic']), async () => {
        const [found] = await client.run('select value from claim where id = ? for update', [row]);
        const held = found === undefined ? undefined : String(found[0]);
        operation = this.claims.invoke(worker, { kind: held === undefined ? 'insert' : 'delete', value: held ?? String(wanted), row: String(row) }); // prettier-ignore
        if (held === undefined) await client.run('insert into claim (id, value) values (?, ?)', [row, wanted]);
        else await client.run('delete from claim where id = ?', [row]);
        await this.linger(client);
      });
      this.claims.ok(operation!, undefined);
    } catch (error) {
      if (operation !== undefined) {
        if (fateOf(error, client.deciding, this.killed) === 'unknown') this.claims.unknown(operation);
        else this.claims.fail(operation);
      }
      if (errnoOf(error) !== 1062) throw error;
      // The value is another row's.
      await client.rollback();
    }
  }

  // ---- tickets

  private async ticket(client: SoakClient, worker: number): Promise<void> {
    const count = 1 + client.dice.below(3);
    const drawn = numbers(count).map(() => ({ worker, number: ++this.element, status: 'unknown' as ListTransaction['status'] })); // prettier-ignore
    this.tickets.push(...drawn);
    let status: ListTransaction['status'] = 'committed';
    try {
      const places = drawn.map(() => '(?, ?)').join(', ');
      await client.decide(`insert into ticket (worker, number) values ${places}`, drawn.flatMap(({ number }) => [worker, number])); // prettier-ignore
    } catch (error) {
      status = fateOf(error, true, this.killed) ?? 'unknown';
      throw error;
    } finally {
      for (const one of drawn) one.status = status;
    }
  }

  // ---- families

  private async family(client: SoakClient): Promise<void> {
    const { dice } = client;
    try {
      if (dice.chance(0.5)) return void (await client.decide(familyChange(dice)));
      await client.transact(dice.pick(['begin', 'begin optimistic']), async () => {
        for (let i = 1 + dice.below(3); i > 0; i--) {
          await client.run(familyChange(dice));
          await this.linger(client);
        }
      });
    } catch (error) {
      // A key that is taken, a row that is referred to, one that is not there.
      if (![1062, 1451, 1452].includes(errnoOf(error) ?? 0)) throw error;
      await client.rollback();
    }
  }

  private async auditFamilies(client: SoakClient): Promise<void> {
    for (const [table, column, to, key] of [
      ['child', 'parent', 'parent', 'id'],
      ['child', 'code', 'parent', 'code'],
      ['pet', 'owner', 'child', 'id'],
    ] as const) {
      const orphans = await client.run(`select c.id, c.${column} from ${table} c left join ${to} p on c.${column} = p.${key} where c.${column} is not null and p.${key} is null`); // prettier-ignore
      assert.deepEqual(orphans, [], `rows of ${table} refer by ${column} to nothing`);
    }
  }

  // ---- rows for queries

  private async trade(client: SoakClient): Promise<void> {
    const { dice } = client;
    const id = dice.below(SALES);
    const draw = dice.below(4);
    if (draw === 0)
      await client.decide(`replace into sale (id, product, customer, amount, price, name) values ${this.sale(id)}`); // prettier-ignore
    else if (draw === 1) await client.decide('delete from sale where id = ?', [id]);
    else if (draw === 2)
      await client.decide('update sale set amount = (amount * 7 + 1) % 1000, price = price + 0.01 where id between ? and ?', [id, id + 20]); // prettier-ignore
    else {
      const [found] = await client.run('select id, product, amount from sale where id = ?', [id]);
      if (found !== undefined) assert.equal(Number(found[0]), id);
    }
  }

  private async note(client: SoakClient): Promise<void> {
    const id = client.dice.below(100);
    await client.decide('replace into log (id, text) values (?, ?)', [id, `note ${client.dice.below(10)}`]);
    await client.run('select count(*) from log where id between ? and ?', [id, id + 15]);
  }

  private async query(client: SoakClient): Promise<void> {
    const sql = client.dice.pick(QUERIES);
    try {
      await client.transact('start transaction with consistent snapshot', () => compareEngines(client, sql));
    } finally {
      if (!this.killed) await client.run("set rutile_engines = 'auto'");
    }
  }

  // ---- the large transaction

  private async writeBulk(client: SoakClient): Promise<void> {
    const version = ++this.bulk.started;
    await client.transact('begin', async () => {
      for (let first = 0; first < BULK_ROWS; first += 1000)
        await client.run(
          `replace into bulk values ${numbers(1000).map((i) => `(${first + i}, ${version}, ${((first + i) * 7919) % 1_000_003}, '${BULK_PADDING}')`).join(', ')}`,
        ); // prettier-ignore
    });
    this.bulk.acknowledged = version;
    this.count('bulk');
  }

  // ---- the schema

  private async changeSchema(client: SoakClient): Promise<void> {
    const { sql, brings, takes } = client.dice.pick(SCHEMA_CHANGES);
    const moved = [...brings!, ...takes!];
    const before = moved.map((one) => this.objects.get(one)!);
    for (const one of moved) this.objects.set(one, 'either');
    const restore = (): void => moved.forEach((one, i) => this.objects.set(one, before[i]!));
    try {
      await client.decide(sql);
    } catch (error) {
      const errno = errnoOf(error) ?? 0;
      if (OVERTAKEN.has(errno)) {
        restore();
        this.count('schema overtaken');
        return;
      }
      if (fateOf(error, true, this.killed) === 'failed') restore();
      if (error instanceof Error) error.message = `${sql}: ${error.message}`;
      throw error;
    }
    for (const one of brings!) this.objects.set(one, 'there');
    for (const one of takes!) this.objects.set(one, 'gone');
    this.count('schema');
  }

  // ---- after a kill

  /** Holds what is there now against what clients were told since the last check, then clears what only that needed. */
  async check(port: number): Promise<void> {
    const client = await SoakClient.connect(port, this.dice);
    try {
      // An index that the former life was adding may still be on its way.
      while (
        Number((await client.run('select count(*) from information_schema.ddl_jobs where end_time is null'))[0]![0]) > 0
      )
        await pause(100, () => false);
      await this.checkTransfers(client);
      await this.checkLists(client);
      const wrong = checkUniqueClaims(this.claims.operations);
      assert(wrong === undefined, wrong);
      await this.checkTickets(client);
      await this.auditFamilies(client);
      await this.checkBulk(client);
      await this.checkObjects(client);
      for (const sql of QUERIES)
        await client.transact('start transaction with consistent snapshot', () => compareEngines(client, sql));
      const tables = await client.run("select table_name from information_schema.tables where table_schema = 'soak'");
      for (const [name] of tables) await client.run(`admin check table ${String(name)}`);
      await this.clear(client);
    } finally {
      client.close();
    }
  }

  private async checkTransfers(client: SoakClient): Promise<void> {
    for (const [worker, done] of this.transfers.entries()) {
      const [[count, last] = []] = (await client.run(`select count(*), coalesce(max(seq), 0) from ledger where worker = ${worker}`)).map((row) => row.map(Number)); // prettier-ignore
      const base = this.cleared[worker]!;
      const found = Math.max(last!, base);
      assert.equal(count, found - base, `worker ${worker}: the ledger has a hole`);
      assert(found === done || found === done + 1, `worker ${worker}: ${done} transfers acknowledged, ${found} found`);
      // What was in flight and is there counts from now on.
      this.transfers[worker] = found;
    }
    const wrong = await client.run(
      'select id, balance, opening - (select coalesce(sum(amount), 0) from ledger where source = a.id) + (select coalesce(sum(amount), 0) from ledger where target = a.id) as due from account a having balance <> due',
    );
    assert.deepEqual(wrong, [], 'a transfer was applied in part');
    const [sum] = await client.run('select count(*), sum(balance) from account');
    assert.deepEqual(sum!.map(Number), [ACCOUNTS, ACCOUNTS * OPENING], 'money was made or lost');
  }

  private async checkLists(client: SoakClient): Promise<void> {
    const rows = await client.run('select id, items from list');
    const final = new Map(rows.map((row) => [String(row[0]), elementsOf([row[1]])]));
    const [anomaly] = checkLists(this.lists, { final, realTime: true });
    assert(anomaly === undefined, `${anomaly?.kind}: ${anomaly?.explanation}`);
  }

  private async checkTickets(client: SoakClient): Promise<void> {
    const rows = await client.run('select worker, number from ticket ignore index (by_number)');
    const found = new Map<string, number>();
    for (const row of rows) found.set(row.join(' '), (found.get(row.join(' ')) ?? 0) + 1);
    for (const { worker, number, status } of this.tickets) {
      const count = found.get(`${worker} ${number}`) ?? 0;
      found.delete(`${worker} ${number}`);
      const fine = status === 'committed' ? count === 1 : status === 'failed' ? count === 0 : count <= 1;
      assert(fine, `ticket ${number} of worker ${worker}, ${status}, is there ${count} times`);
    }
    assert.equal(found.size, 0, `tickets that nobody drew: ${[...found.keys()].join(', ')}`);
  }

  private async checkBulk(client: SoakClient): Promise<void> {
    const rows = (await client.run('select version, count(*) from bulk group by version')).map((row) => row.map(Number)); // prettier-ignore
    assert.equal(rows.length, 1, `bulk rows of several transactions: ${JSON.stringify(rows)}`);
    const [version, count] = rows[0]!;
    assert.equal(count, BULK_ROWS, 'bulk rows were lost');
    assert(
      version === this.bulk.acknowledged || version === this.bulk.started,
      `bulk version ${version}, ${this.bulk.acknowledged} acknowledged`,
    );
    this.bulk.acknowledged = version!;
  }

  private async checkObjects(client: SoakClient): Promise<void> {
    const there = new Set<string>();
    for (const row of await client.run("select 'table', table_name from information_schema.tables where table_schema = 'soak' union select 'index', concat(table_name, '.', index_name) from information_schema.statistics where table_schema = 'soak' union select 'column', concat(table_name, '.', column_name) from information_schema.columns where table_schema = 'soak'")) there.add(row.join(' ')); // prettier-ignore
    for (const [name, state] of this.objects) {
      const isThere = there.has(name);
      assert(state === 'either' || (state === 'there') === isThere, `${name} should be ${state}, and is ${isThere ? 'there' : 'gone'}`);
      this.objects.set(name, isThere ? 'there' : 'gone');
    } // prettier-ignore
  }

  private async clear(client: SoakClient): Promise<void> {
    await client.transact('begin', async () => {
      await client.run('delete from ledger');
      await client.run('update account set opening = balance');
      await client.run("update list set items = ''");
      await client.run('delete from ticket');
      await client.run('delete from claim');
    });
    this.transfers.forEach((seq, worker) => (this.cleared[worker] = seq));
    this.lists = [];
    this.tickets = [];
    this.claims = new History<UniqueInput, unknown>();
  }
}

async function compareEngines(client: SoakClient, sql: string): Promise<void> {
  await client.run("set rutile_engines = 'row'");
  const byRows = await client.run(sql);
  await client.run("set rutile_engines = 'column'");
  assert.deepEqual(await client.run(sql), byRows, `the engines disagree: ${sql}`);
}

function familyChange(dice: Dice): string {
  const parent = dice.below(PARENTS);
  const child = dice.below(CHILDREN);
  switch (dice.below(9)) {
    case 0:
    case 1:
      return `insert into parent values (${parent}, ${dice.below(14)})`;
    case 2:
      return `delete from parent where id = ${parent}`;
    case 3:
      return `update parent set code = ${dice.below(14)} where id = ${parent}`;
    case 4:
    case 5:
      return `replace into child (id, parent, code) select ${child}, id, code from parent where id = ${parent}`;
    case 6:
      return `update child set parent = ${parent} where id = ${child}`;
    case 7:
      return `insert ignore into pet values (${child}, ${child})`;
    default:
      return dice.chance(0.5) ? `delete from pet where id = ${child}` : `delete from child where id = ${child}`;
  }
}

const elementsOf = (row: readonly unknown[] | undefined): number[] =>
  String(row?.[0] ?? '').split(' ').filter((word) => word !== '').map(Number); // prettier-ignore

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** In short steps, so that the end of a period is not waited for. */
async function pause(ms: number, isOver: () => boolean): Promise<void> {
  for (let left = ms; left > 0 && !isOver(); left -= 250)
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, 250)));
}
