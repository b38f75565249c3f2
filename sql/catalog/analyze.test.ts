/** Statistics from samples: how good they are, that the work is cut into slices, and when tables are analysed without being asked to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock, Timers } from '../../base/world.ts';
import type { Datum } from '../../base/value/datum.ts';
import { createTestWorld } from '../../kv/client/testing.ts';
import { createMemoryInstance } from '../session/testing/memory-instance.ts';
import { AnalyzePace } from './analyze-pace.ts';
import { SAMPLE_ROWS_MAX, sampleTable, Turns } from './sample.ts';
import { createTestCatalog } from './testing.ts';

async function fill(
  world: Awaited<ReturnType<typeof createTestCatalog>>,
  table: string,
  from: number,
  to: number,
): Promise<void> {
  for (let i = from; i < to; i += 1000) {
    const rows = Array.from({ length: Math.min(1000, to - i) }, (_, at): Datum[] => [
      i + at,
      (i + at) % 4 === 0 ? null : (i + at) % 100,
      (i + at) % 3 === 0 ? 'often' : `value ${i + at}`,
    ]);
    await world.insert(table, ...rows);
  }
}

test('a sample estimates what the whole table has; the number of rows is exact', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int, b varchar(20), key (a))');
  const rows = 2 * SAMPLE_ROWS_MAX;
  await fill(world, 't', 0, rows);
  const table = world.table('t');
  const found = await world.catalog.analyzeTable(table);
  const [id, a, b] = table.columns.map((column) => found.columns.get(column.id)!);
  const near = (actual: number, expected: number, share: number): void =>
    assert.ok(Math.abs(actual - expected) <= expected * share, `${actual} is not near ${expected}`);
  assert.equal(found.rowCount, rows);
  near(id!.distinctCount, rows, 0.01);
  near(a!.nullCount, rows / 4, 0.05);
  assert.equal(a!.distinctCount, 75);
  near(b!.distinctCount, (rows * 2) / 3, 0.05);
  assert.equal(b!.topN[0]!.value, 'often');
  near(b!.topN[0]!.count, rows / 3, 0.05);
  // Uniform over the table, not only its beginning: the histogram's middle is the table's.
  const middle = id!.histogram.find((bucket) => bucket.cumulativeCount >= rows / 2)!;
  near(middle.upper as number, rows / 2, 0.05);
});

test('a slice ends after a few milliseconds, and the rest is as long as asked for', async () => {
  let nowMs = 0;
  const rests: number[] = [];
  const clock = { monotonicMs: () => nowMs, wallMs: () => nowMs } as Clock;
  const timers = {
    after: (ms: number, run: () => void) => {
      rests.push(ms);
      run();
      return { cancel: () => undefined };
    },
  } as unknown as Timers;
  const turns = new Turns({ clock, timers, pace: () => ({ turnMs: 5, rest: 1 }) });
  for (let step = 0; step < 6; step++) {
    nowMs += 2;
    await turns.breathe();
  }
  assert.deepEqual(rests, [6, 6]);
});

test('tables are analysed by themselves when half of their rows changed', async () => {
  const world = await createTestCatalog();
  const { catalog } = world;
  await world.run('create table t (id int primary key, a int, b varchar(20))');
  await world.run('create table small (id int primary key, a int, b varchar(20))');
  await fill(world, 't', 0, 1500);
  await fill(world, 'small', 0, 900);
  catalog.noteChangedRows(world.table('t'), 1500);
  catalog.noteChangedRows(world.table('small'), 900);
  await catalog.analyzeStale();
  assert.equal(catalog.statistics(world.table('t'))!.rowCount, 1500);
  assert.equal(catalog.statistics(world.table('small')), undefined);
  catalog.noteChangedRows(world.table('t'), 0, 700);
  assert.equal(catalog.statisticsAreStale(world.table('t')), false);
  catalog.noteChangedRows(world.table('t'), 0, 100);
  assert.equal(catalog.statisticsAreStale(world.table('t')), true);
  // Not again at once, however much changes.
  const before = catalog.statisticsVersion;
  await catalog.analyzeStale();
  assert.equal(catalog.statisticsVersion, before);
});

test('a table that was there before is looked at once; the switch holds everything back', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int, b varchar(20))');
  await fill(world, 't', 0, 1200);
  const again = await createTestCatalog({}, world.kv);
  again.catalog.analyzesByItself = () => false;
  await again.catalog.analyzeStale();
  assert.equal(again.catalog.statistics(again.table('t')), undefined);
  again.catalog.analyzesByItself = () => true;
  await again.catalog.analyzeStale();
  assert.equal(again.catalog.statistics(again.table('t'))!.rowCount, 1200);
});

test('the period runs it', async () => {
  const periodic: { everyMs: number; run: () => void }[] = [];
  const timers: Timers = {
    ...createTestWorld().timers,
    every: (everyMs, run) => {
      periodic.push({ everyMs, run });
      return { cancel: () => undefined };
    },
  };
  const world = await createTestCatalog({ timers, analyzePeriodMs: 1000 });
  await world.run('create table t (id int primary key, a int, b varchar(20))');
  await fill(world, 't', 0, 1200);
  world.catalog.noteChangedRows(world.table('t'), 1200);
  assert.equal(world.catalog.statistics(world.table('t')), undefined);
  assert.deepEqual(periodic.map(({ everyMs }) => everyMs), [1000]); // prettier-ignore
  for (const _ of [1, 2]) periodic[0]!.run();
  assert.equal(world.catalog.statistics(world.table('t')), undefined, 'not while rows were written a moment ago');
  periodic[0]!.run();
  // What the period began is what this waits for.
  await world.catalog.analyzeStale();
  assert.equal(world.catalog.statistics(world.table('t'))!.rowCount, 1200);
  await world.catalog.close();
});

test('statements move the count of rows by what they add and take away', async () => {
  const server = await createMemoryInstance();
  const session = server.session();
  for (const [sql, rows] of [
    ['CREATE TABLE t (id INT PRIMARY KEY, v INT UNIQUE)', undefined],
    ['INSERT INTO t VALUES (1, 1), (2, 2), (3, 3), (4, 4)', undefined],
    ['ANALYZE TABLE t', 4],
    ['INSERT INTO t VALUES (5, 5)', 5],
    ['UPDATE t SET v = v + 10', 5],
    ['REPLACE INTO t VALUES (1, 12)', 4],
    ['INSERT INTO t VALUES (1, 0) ON DUPLICATE KEY UPDATE v = 99', 4],
    ['DELETE FROM t WHERE id > 3', 2],
  ] as const) {
    assert.doesNotMatch(await session.run(sql), /^error/, sql);
    const { catalog } = server.instance;
    const table = catalog.schema().table('test', 't')!;
    if (rows !== undefined) assert.equal(catalog.approximateRows(table), rows, sql);
  }
  await server.close();
});

test('beside statements it takes a fiftieth of the thread, alone a tenth', async () => {
  const world = createTestWorld();
  let nowMs = 0;
  let statements = true;
  let workedMs = 0;
  const clock = { monotonicMs: () => nowMs, wallMs: () => nowMs } as Clock;
  const pace = new AnalyzePace(clock);
  const timers = {
    ...world.timers,
    after: (ms: number, run: () => void) => {
      nowMs += ms;
      if (statements) pace.statements += ms;
      run();
      return { cancel: () => undefined };
    },
  } as Timers;
  const turns = new Turns({ clock, timers, pace: pace.pace });
  const shareOver = async (spanMs: number): Promise<number> => {
    const beganMs = nowMs;
    for (workedMs = 0; nowMs - beganMs < spanMs; workedMs += 0.4) {
      nowMs += 0.4;
      await turns.breathe();
    }
    return workedMs / (nowMs - beganMs);
  };
  await shareOver(500);
  const beside = await shareOver(20_000);
  assert.ok(beside > 0.015 && beside < 0.021, `${beside}`);
  statements = false;
  await shareOver(500);
  const alone = await shareOver(20_000);
  assert.ok(alone > 0.08 && alone < 0.11, `${alone}`);
});

test('it begins six seconds after the last write, half a minute later where statements run, and in the end among writes too', () => {
  const periodsUntil = (perPeriod: { readonly statements: number; readonly writes: boolean }): number => {
    let nowMs = 0;
    const pace = new AnalyzePace({ monotonicMs: () => nowMs, wallMs: () => nowMs } as Clock);
    for (let periods = 1; ; periods++) {
      nowMs += 2000;
      pace.statements += perPeriod.statements;
      if (perPeriod.writes) pace.noteWrite();
      if (pace.isTime()) return periods;
    }
  };
  assert.equal(periodsUntil({ statements: 0, writes: false }), 3);
  assert.equal(periodsUntil({ statements: 20, writes: false }), 3);
  assert.equal(periodsUntil({ statements: 20_000, writes: false }), 18);
  assert.equal(periodsUntil({ statements: 20_000, writes: true }), 150);
});

test('a scan that rests a lot goes on at a later moment, and counts every row once', async () => {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int, b varchar(20))');
  await fill(world, 't', 0, 2000);
  let nowMs = 0;
  let holds = 0;
  const held: bigint[] = [];
  const kv = new Proxy(world.kv, {
    get: (target, name: keyof typeof world.kv) => {
      if (name === 'holdSafePoint')
        return (ts: bigint) => {
          held.push(ts);
          holds++;
          return { release: () => void holds-- };
        };
      const value: unknown = target[name];
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const clock = { monotonicMs: () => nowMs, wallMs: () => nowMs } as Clock;
  const timers = {
    after: (ms: number, run: () => void) => {
      nowMs += ms;
      run();
    },
  } as unknown as Timers;
  const turns = new Turns({ clock, timers, pace: () => ((nowMs += 1000), { turnMs: 1, rest: 30 }) });
  const { random } = createTestWorld();
  const sample = await sampleTable(kv, world.table('t'), await kv.timestamp(), {
    random,
    checkKilled: () => undefined,
    turns,
  });
  assert.equal(sample.rowCount, 2000);
  assert.equal(new Set(sample.rows.map((row) => row[0])).size, 2000);
  assert.ok(held.length > 2, 'several moments');
  assert.equal(holds, 0, 'none is held in the end');
});
