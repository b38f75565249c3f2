/** The catalog as a whole: reopening, several servers, concurrent writers under a backfill, leases, ids, accounts, statistics, computed tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SqlError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { TIMESTAMP_MAX, type TransactionOptions } from '../../kv/client/client.ts';
import { IndexDecoder, indexInterval, RowDecoder, TableEncoder, tableInterval } from '../../proto/encoding/index.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type { Statement } from '../parser/ast.ts';
import { parseOne } from '../parser/index.ts';
import { Catalog } from './catalog.ts';
import { clearDeletedRanges } from './delete-ranges.ts';
import { virtualTables } from './virtual/registry.ts';
import { NO_FACTS } from './runtime-facts.ts';
import { inTransaction } from './meta-store.ts';
import { SchemaLeases } from './schema-leases.ts';
import { countKeys, createTestCatalog, ROOT, testCaller, type TestCatalog } from './testing.ts';
import { createTestWorld } from '../../kv/client/testing.ts';

const fails = (errno: number) => (error: unknown) => (error as SqlError).errno === errno;
const parsed = <K extends Statement['kind']>(sql: string, _kind: K): Statement & { kind: K } =>
  parseOne(sql).statement as Statement & { kind: K };

test('a catalog that is opened again shows the same schema; system names are looked up in any case', async () => {
  const first = await createTestCatalog();
  await first.run('create table T (id int primary key, v varchar(9) default "x", key (v))');
  await first.run('create database other');
  await first.catalog.close();
  const second = await createTestCatalog({}, first.kv);
  assert.deepEqual(second.table('t'), first.table('T'));
  assert.equal(second.catalog.schema().version, first.catalog.schema().version);
  const names = second.catalog
    .schema()
    .databases()
    .map((database) => database.name);
  assert.deepEqual(names, ['information_schema', 'mysql', 'other', 'performance_schema', 'sys', 'test']);
  assert.equal(second.catalog.schema().tableById(second.table('t').id)?.database.name, 'test');
  assert.ok(second.catalog.schema().virtualTable('INFORMATION_SCHEMA', 'tables'));
});

test('several catalogs over one store: each sees the changes of the others, and two at once do not lose one', async () => {
  const a = await createTestCatalog({ exclusive: false, refreshMs: 1 });
  const b = await createTestCatalog({ exclusive: false, refreshMs: 1 }, a.kv);
  await a.run('create table t (id int primary key auto_increment)');
  await b.catalog.refresh();
  assert.equal(b.table('t').id, a.table('t').id);
  assert.equal(await a.catalog.allocateAutoIncrement(a.table('t'), 1), 1, 'counting begins with the first value');
  await Promise.all([
    a.run('create table x (id int)'),
    b.run('create table y (id int)'),
    a.run('alter table t add column v int'),
  ]);
  await Promise.all([a.catalog.refresh(), b.catalog.refresh()]);
  for (const { catalog } of [a, b])
    assert.deepEqual(
      catalog
        .schema()
        .tables('test')
        .map((table) => table.name),
      ['t', 'x', 'y'],
    );
  assert.equal(b.table('t').columns.length, 2);
  const given = new Set<number | bigint>();
  for (let i = 0; i < 3000; i++)
    given.add(await (i % 2 === 0 ? a : b).catalog.allocateAutoIncrement((i % 2 === 0 ? a : b).table('t'), 1));
  assert.equal(given.size, 3000, 'two servers never give the same id');
  await a.catalog.privileges.execute(parsed("create user 'u' identified by 'p'", 'create-user'), testCaller());
  const before = b.catalog.privileges.version;
  await b.catalog.refresh();
  assert.ok(b.catalog.privileges.account('u', '%'));
  assert.ok(b.catalog.privileges.version > before, 'plans that were made before are made again');
  await a.catalog.close();
  await b.catalog.close();
});

test('what one server analysed the others plan with', async () => {
  const a = await createTestCatalog({ exclusive: false });
  await a.run('create table t (id int primary key)');
  const b = await createTestCatalog({ exclusive: false }, a.kv);
  const rowsAt = ({ catalog, table }: typeof a): number | undefined => catalog.statistics(table('t'))?.rowCount;
  await a.insert('t', [1], [2], [3]);
  await a.catalog.analyzeTable(a.table('t'));
  const { statisticsVersion } = b.catalog;
  assert.deepEqual([rowsAt(a), rowsAt(b)], [3, undefined]);
  b.catalog.noteChangedRows(b.table('t'), 3);
  await b.catalog.refreshStatistics();
  assert.equal(rowsAt(b), 3, 'what b had changed is counted once');
  assert.equal(b.catalog.statisticsVersion, statisticsVersion + 1, 'plans are made again');
  await b.catalog.refreshStatistics();
  assert.equal(b.catalog.statisticsVersion, statisticsVersion + 1, 'nothing is new');
  // Both at once: each ends with what was stored last.
  await a.insert('t', [4]);
  await Promise.all([a, b].map(({ catalog, table }) => catalog.analyzeTable(table('t'))));
  await Promise.all([a, b].map(({ catalog }) => catalog.refreshStatistics()));
  assert.deepEqual([rowsAt(a), rowsAt(b)], [4, 4]);
  const { id } = a.table('t');
  await a.run('drop table t');
  await b.catalog.refresh();
  await a.run('create table t (id int primary key)');
  await b.catalog.refresh();
  await a.catalog.analyzeTable(a.table('t'));
  await b.catalog.refreshStatistics();
  assert.notEqual(a.table('t').id, id);
  assert.equal(rowsAt(b), 0);
  await a.catalog.close();
  await b.catalog.close();
});

test('an index that is filled while rows come, change and go agrees with the rows', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int, b varchar(20))');
  const row = (id: number, a: number): Datum[] => [id, a, `text ${a}`];
  for (let from = 0; from < 2000; from += 500)
    await world.insert('t', ...Array.from({ length: 500 }, (_, i) => row(from + i, from + i)));
  const leases = world.catalog.leases;
  let done = false;
  let changes = 0;
  let conflicts = 0;
  const writer = async (seed: number): Promise<void> => {
    for (let i = seed; !done; i += 2) {
      const lease = leases.acquire(world.catalog.schema().version);
      const table = world.table('t');
      const encoder = new TableEncoder(table);
      const transaction = await world.kv.begin({ pessimistic: false });
      try {
        await lease.touch(table.id);
        const id = (i * 37) % 2600;
        const key = encoder.rowKey(id);
        const found = await transaction.get(key);
        const next = row(id, 100_000 + i);
        const old = found === undefined ? undefined : currentRow(table, id, found);
        if (i % 5 === 0 && old !== undefined) {
          transaction.delete(key);
          for (const entry of encoder.indexDeletes(old, id)) transaction.delete(entry.key);
        } else {
          transaction.put(key, encoder.rowValue(next));
          for (const entry of encoder.indexMutations(old, next, id)) {
            if (entry.kind === 'delete') transaction.delete(entry.key);
            else transaction.put(entry.key, entry.value);
          }
        }
        await transaction.commit();
        changes++;
      } catch (error) {
        if (!((error as { code?: string }).code ?? '').startsWith('kv.')) throw error;
        conflicts++;
        await transaction.rollback();
      } finally {
        lease.release();
      }
    }
  };
  const writers = [writer(1), writer(2)];
  await world.run('alter table t add index k (a), add unique index u (b, id)', { lockWaitMs: 20_000 });
  done = true;
  await Promise.all(writers);
  assert.ok(changes > 20, `writers got through (${changes} changes, ${conflicts} conflicts)`);
  const rows = await world.rows('t');
  for (const name of ['k', 'u']) {
    const table = world.table('t');
    const index = table.indexes.find((one) => one.name === name)!;
    const decoder = new IndexDecoder(table, index, [table.columns[0]!, table.columns[name === 'k' ? 1 : 2]!]);
    const found: string[] = [];
    const scanner = world.kv.snapshot(TIMESTAMP_MAX).scan(indexInterval(table.id, index.id));
    for (let batch = await scanner.next(500); batch !== undefined; batch = await scanner.next(500)) {
      for (let i = 0; i < batch.count; i++) {
        const out: Datum[] = [];
        decoder.decodeAt(batch, i, out);
        found.push(out.join(':'));
      }
    }
    assert.deepEqual(
      found.sort(),
      rows.map((one) => `${String(one[0])}:${String(one[name === 'k' ? 1 : 2])}`).sort(),
      `index ${name}`,
    );
  }
  await world.catalog.close();
});

function currentRow(table: TableInfo, id: number, value: Uint8Array): Datum[] {
  const out: Datum[] = [];
  new RowDecoder(table, table.columns).decode(value, 0, value.length, id, out);
  return out;
}

test('a unique index loses no entry when a row gives up a value that another row took before the backfill came by', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int)');
  await world.insert('t', ...Array.from({ length: 600 }, (_, i) => [i, i]));
  await world.catalog.close();
  let batches = 0;
  let again: Awaited<ReturnType<typeof createTestCatalog>> | undefined = undefined;
  const between = async (): Promise<void> => {
    // Row -5 takes 550 while row 550, not yet filled in, still has it; then row 550 changes and removes "its" entry.
    await again!.insert('t', [-5, 550]);
    const encoder = new TableEncoder(again!.table('t'));
    const transaction = await world.kv.begin({ pessimistic: false });
    transaction.put(encoder.rowKey(550), encoder.rowValue([550, 10_000]));
    for (const entry of encoder.indexMutations([550, 550], [550, 10_000], 550)) {
      if (entry.kind === 'delete') transaction.delete(entry.key);
      else transaction.put(entry.key, entry.value);
    }
    await transaction.commit();
  };
  const watched = Object.create(world.kv, {
    begin: {
      value: async (options: TransactionOptions) => {
        const isFilled = again?.table('t').indexes[1]?.state === 'write-reorganization';
        if (isFilled && ++batches === 2) await between();
        return world.kv.begin(options);
      },
    },
  }) as typeof world.kv;
  again = await createTestCatalog({}, watched);
  await again.run('alter table t add unique u (a)');
  assert.ok(batches >= 3);
  assert.equal((await again.rows('t')).length, 601);
  assert.equal(await again.entryCount('t', 'u'), 601);
});

test('a definition waits for transactions that use the table, and fails when they do not end', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key)');
  await world.run('create table o (id int primary key)');
  const lease = world.catalog.leases.acquire(world.catalog.schema().version);
  await lease.touch(world.table('t').id);
  await assert.rejects(world.run('drop table t', { lockWaitMs: 5 }), fails(1205));
  await assert.rejects(world.run('alter table t add column v int', { lockWaitMs: 5 }), fails(1205));
  assert.equal(world.table('t').columns.length, 1, 'what failed is taken back');
  await world.run('drop table o');
  const dropped = world.run('drop table t', { lockWaitMs: 5000 });
  const late = world.catalog.leases.acquire(world.catalog.schema().version);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  const id = world.table('t').id;
  const touched = late.touch(id) as Promise<void>;
  lease.release();
  await dropped;
  await assert.rejects(touched, fails(8028), 'who came behind the DROP must look again');
  late.release();
  assert.equal(world.catalog.leases.count, 0);
});

test('leases: touching twice is one use, release is idempotent, a wait ends with the last user', async () => {
  const world = createTestWorld();
  const leases = new SchemaLeases(world.timers);
  const [a, b] = [leases.acquire(1), leases.acquire(2)];
  await a!.touch(7);
  await a!.touch(7);
  await b!.touch(7);
  assert.equal(leases.waitFor(8, 9, 10), undefined);
  assert.equal(leases.waitFor(7, 1, 10), undefined, 'nobody is below 1');
  const wait = leases.waitFor(7, 2, 1000)!;
  a!.release();
  a!.release();
  await wait;
  await assert.rejects(leases.block(7, 1), fails(1205));
  const block = leases.block(7, 1000);
  b!.release();
  await block;
  const later = [1, 2, 3].map(() => leases.acquire(2).touch(7) as Promise<void>);
  leases.unblock(7);
  await Promise.all(later);
});

test('a crash in the middle of a walk is cleaned up when the store is opened', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int)');
  await world.insert('t', [1, 2]);
  const table = world.table('t');
  const half = {
    ...table,
    columns: [...table.columns, { ...table.columns[1]!, id: 3, offset: 2, name: 'b', state: 'write-only' as const }],
    indexes: [
      ...table.indexes,
      { ...table.indexes[0]!, id: 5, name: 'k', primary: false, state: 'write-reorganization' as const },
    ],
  };
  await inTransaction(world.kv, async (meta) => {
    await meta.stepVersion('half', 0, 0);
    meta.putTable(world.catalog.schema().database('test')!.id, half);
  });
  const again = await createTestCatalog({}, world.kv);
  assert.deepEqual(
    again.table('t').columns.map((column) => column.name),
    ['id', 'a'],
  );
  assert.deepEqual(
    again.table('t').indexes.map((index) => index.name),
    ['PRIMARY'],
  );
  assert.deepEqual(await again.rows('t'), [[1, 2]]);
});

test('keys of dropped tables go when nobody can read them any more', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int, key (a))');
  await world.insert('t', ...Array.from({ length: 2500 }, (_, i) => [i, i]));
  const range = tableInterval(world.table('t').id);
  await world.run('drop table t');
  assert.equal(await countKeys(world.kv, range), 5000);
  assert.equal(await world.catalog.clearDeletedData(), 0, 'the safe point has not passed');
  const now = await world.kv.timestamp();
  const passed = Object.create(world.kv, { safePoint: { value: () => now + (1n << 40n) } }) as typeof world.kv;
  assert.equal(await clearDeletedRanges(passed, new Set(), () => true), 5000);
  assert.equal(await countKeys(world.kv, range), 0);
  assert.equal(await clearDeletedRanges(passed, new Set(), () => true), 0, 'the note is gone, too');
});

test('AUTO_INCREMENT is dense over a clean close, and never comes back after a crash', async () => {
  const first = await createTestCatalog();
  await first.run('create table t (id int primary key auto_increment)');
  await first.run('create table s (id tinyint auto_increment, key (id)) auto_increment = 120');
  const take = async (world: TestCatalog, count = 1): Promise<number | bigint> =>
    world.catalog.allocateAutoIncrement(world.table('t'), count);
  assert.equal(await take(first), 1);
  assert.equal(await take(first, 5), 2);
  assert.equal(await take(first), 7);
  await first.catalog.observeAutoIncrement(first.table('t'), 3);
  assert.equal(await take(first), 8);
  await first.catalog.observeAutoIncrement(first.table('t'), 5000);
  assert.equal(await take(first), 5001);
  await first.catalog.close();
  const second = await createTestCatalog({}, first.kv);
  assert.equal(await take(second), 5002, 'a clean close gives back what was reserved');
  await second.insert('t', [5002], [6000]);
  // No close: the process is gone. What was given out may have been deleted again, so the counter goes on above what was reserved.
  const third = await createTestCatalog({}, first.kv);
  assert.equal(await take(third), 6003);
  for (let i = 0; i < 5000; i++) await take(third);
  assert.equal(await take(third), 11_004, 'and on over many reservations');
  await third.insert('t', [50_000]);
  const fourth = await createTestCatalog({}, first.kv);
  assert.equal(await take(fourth), 50_001, 'an explicit value that is stored lies above the reservation');
  for (let i = 120; i <= 127; i++) assert.equal(await third.catalog.allocateAutoIncrement(third.table('s'), 1), i);
  await assert.rejects(async () => third.catalog.allocateAutoIncrement(third.table('s'), 1), fails(1467));
  await third.run('truncate table t');
  assert.equal(await take(third), 1);
});

test('hidden row ids never come back', async () => {
  const first = await createTestCatalog();
  await first.run('create table t (a int)');
  const ids = new Set<number>();
  for (let i = 0; i < 10; i++) ids.add(await first.catalog.allocateRowId(first.table('t'), 1));
  const second = await createTestCatalog({}, first.kv);
  for (let i = 0; i < 10; i++) ids.add(await second.catalog.allocateRowId(second.table('t'), 1));
  assert.equal(ids.size, 20);
});

test('ANALYZE counts what is there, and changes move the count on', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int, b varchar(9), c decimal(8,2), j json, key k (a, b))');
  const rows = Array.from({ length: 3000 }, (_, i): Datum[] => [
    i,
    i % 10 === 0 ? null : i % 300,
    i % 2 === 0 ? 'even' : 'Odd',
    new Decimal(i, 2),
    null,
  ]);
  for (let i = 0; i < rows.length; i += 1000) await world.insert('t', ...rows.slice(i, i + 1000));
  const table = world.table('t');
  assert.equal(world.catalog.statistics(table), undefined);
  assert.equal(world.catalog.approximateRows(table), 10_000);
  await world.catalog.analyzeTable(table);
  const found = world.catalog.statistics(table)!;
  assert.equal(found.rowCount, 3000);
  const [id, a, b] = table.columns.map((column) => found.columns.get(column.id)!);
  assert.equal(id!.distinctCount, 3000);
  assert.equal(a!.nullCount, 300);
  assert.equal(a!.distinctCount, 270);
  assert.deepEqual(
    b!.topN.map((one) => [one.value, one.count]),
    [
      ['even', 1500],
      ['Odd', 1500],
    ],
  );
  assert.equal(id!.histogram.at(-1)!.cumulativeCount, 3000);
  assert.equal(found.indexDistinct.get(table.indexes.find((one) => one.name === 'k')!.id), 271);
  world.catalog.noteChangedRows(table, 100);
  assert.equal(world.catalog.statistics(table)!.rowCount, 3100);
  assert.equal(world.catalog.statisticsAreStale(table), false);
  world.catalog.noteChangedRows(table, 0, 2000);
  assert.equal(world.catalog.statisticsAreStale(table), true);
  const again = await createTestCatalog({}, world.kv);
  assert.deepEqual(again.catalog.statistics(again.table('t')), found);
});

test('every computed table answers, with as many values as columns', async () => {
  const facts = {
    ...NO_FACTS,
    statementUsages: () => ({
      entries: [
        {
          database: 'test',
          digest: 'd',
          digestText: 'select ?',
          label: 'select',
          sample: 'select 1',
          sampleUser: 'root',
          count: 1,
          errors: 1,
          warnings: 0,
          sumMs: 1,
          minMs: 1,
          maxMs: 1,
          affectedRows: 0,
          rowsSent: 1,
          memorySum: 1,
          memoryMax: 1,
          planFromCache: 0,
          prepared: 0,
          firstSeenMs: 0,
          lastSeenMs: 0,
        },
      ],
      evicted: 1,
      sinceMs: 0,
    }),
    connectionStatements: () => [
      {
        connectionId: 7,
        label: 'select',
        sql: 'select 1',
        database: 'test',
        running: true,
        elapsedMs: 1,
        rowsSent: 1,
        affectedRows: 0,
        warnings: 0,
        errors: 0,
        digest: 'd',
        digestText: 'select ?',
        count: 1,
      },
    ],
    deadlocks: () => [
      { id: 1, atMs: 0, waiter: 1n, holder: 2n, key: new Uint8Array(3), digest: null, digestText: null },
    ],
    locks: () => [
      {
        startTs: 1n,
        connectionId: 7,
        key: new Uint8Array(3),
        waiting: true,
        sinceMs: 0,
        waitedMs: 5,
        holder: { startTs: 2n, connectionId: 8 },
        digest: null,
        digestText: null,
      },
    ],
    userVariables: () => [{ connectionId: 7, name: 'a', value: '1' }],
    processes: () => [
      {
        id: 7,
        user: 'root',
        host: 'localhost:1',
        database: undefined,
        command: 'Query',
        timeSeconds: 0,
        state: '',
        info: 'select 1',
        attributes: [['_client_name', 'x']] as const,
      },
    ],
    variables: () => [{ name: 'autocommit', value: 'ON' }],
    status: () => [{ name: 'Uptime', value: '1' }],
    transactions: () => [
      {
        startTs: 1n,
        startedAtMs: 0,
        ageMs: 0,
        connectionId: 7,
        state: 'RUNNING',
        query: undefined,
        rowsModified: 1,
        isolation: 'REPEATABLE READ',
        user: 'root',
        database: '',
        bytes: 10,
        waitingSinceMs: undefined,
        locked: 1,
      },
    ],
  };
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key auto_increment, v varchar(9), unique (v))');
  await world.run('create view w as select v as x from t');
  const viewer = { ...ROOT, facts };
  let count = 0;
  for (const table of virtualTables()) {
    const rows = await world.catalog.virtualRows(table.database.toUpperCase(), table.name.toLowerCase(), viewer);
    for (const row of rows) assert.equal(row.length, table.columns.length, `${table.database}.${table.name}`);
    count += rows.length;
  }
  assert.ok(count > 500);
  assert.throws(() => world.catalog.virtualRows('information_schema', 'nothing', viewer), fails(1146));
  const columns = await world.catalog.virtualRows('information_schema', 'COLUMNS', viewer);
  assert.deepEqual(
    columns.filter((row) => row[1] === 'test').map((row) => [row[2], row[3], row[15], row[16]].join(' ')),
    ['t id int PRI', 't v varchar(9) UNI', 'w x longtext '],
  );
});

test('every SHOW has rows as wide as its columns', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key auto_increment, v varchar(9), unique (v))');
  const shows = [
    'databases', 'tables', 'full tables', 'table status', 'open tables', 'columns from t', 'full columns from t', 'index from t', 'create table t', 'create database test',
    'create user root@localhost', 'grants', 'procedure status', 'function status', 'triggers', 'events', 'variables', 'global status', 'engines', 'character set',
    'collation', 'plugins', 'privileges', 'processlist', 'full processlist', 'profiles', 'master status', 'replica status', 'columns from information_schema.tables', 'create table information_schema.tables',
    'index from information_schema.tables', 'tables from mysql', 'table status from performance_schema',
  ]; // prettier-ignore
  for (const text of shows) {
    const statement = parsed(`show ${text}`, 'show');
    const result = await world.catalog.show(statement.show, statement.like, 'test', ROOT);
    for (const row of result!.rows) assert.equal(row.length, result!.columns.length, text);
  }
  const names = async (sql: string): Promise<unknown> => {
    const statement = parsed(sql, 'show');
    const result = (await world.catalog.show(statement.show, statement.like, 'test', ROOT))!;
    return [result.columns[0]!.name, ...result.rows.map((row) => row[0])];
  };
  assert.deepEqual(await names("show tables like 'T%'"), ['Tables_in_test (T%)', 't']);
  assert.deepEqual(await names("show databases like '%schema'"), [
    'Database (%schema)',
    'information_schema',
    'performance_schema',
  ]);
  await assert.rejects(names('show tables from nowhere'), fails(1049));
  await assert.rejects(names('show columns from nothing'), fails(1146));
  await assert.rejects(names('show binary logs'), fails(1381));
  await assert.rejects(
    async () => world.catalog.show({ kind: 'tables', full: false, extended: false }, undefined, undefined, ROOT),
    fails(1046),
  );
});

test('TIMESTAMP defaults mean an instant: written in one zone, shown and filled in another', async () => {
  const world = await createTestCatalog();
  await world.run("create table t (id int primary key, a timestamp default '2026-01-02 03:04:05')", { timeZone: 120 });
  await world.insert('t', [1, null]);
  await world.run("alter table t add column b timestamp not null default '2026-06-01 00:00:00'", { timeZone: 60 });
  const create = async (timeZone: number): Promise<string> => {
    const statement = parsed('show create table t', 'show');
    return String((await world.catalog.show(statement.show, undefined, 'test', { ...ROOT, timeZone }))!.rows[0]![1]);
  };
  assert.match(await create(0), /`a` timestamp NULL DEFAULT '2026-01-02 01:04:05'/);
  assert.match(await create(120), /`a` timestamp NULL DEFAULT '2026-01-02 03:04:05'/);
  assert.equal(String((await world.rows('t'))[0]![2]), '2026-05-31 23:00:00');
  // The same instants in a DATETIME column, once the table is copied by a session of another zone.
  await world.run('alter table t modify b datetime', { timeZone: 120 });
  assert.equal(String((await world.rows('t'))[0]![2]), '2026-06-01 01:00:00');
});

test('definition statements run one after the other', async () => {
  const world = await createTestCatalog();
  const all = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => world.run(`create table t${i % 5} (id int)`)),
  );
  assert.equal(all.filter((one) => one.status === 'fulfilled').length, 5);
  assert.equal(world.catalog.schema().tables('test').length, 5);
  assert.ok(world.catalog instanceof Catalog);
});
