/** Clients that meet: locks and waiting, KILL wherever a statement may be, a client that vanishes, an index built under writes, an end under load. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createConnection, type Connection } from 'mysql2/promise';
import { RutileProcess } from './rutile-process.ts';
import { onThreeStores, startSqlServer, type SqlServer } from './sql-server.ts';

/** What the issue asks for; the rest of the machine may be busy, so each is tried thrice. */
const KILL_MS_MAX = 100;
/** A thousand regions of 1 KiB are many; six thousand would only take long. */
const ROWS = onThreeStores() ? 10_000 : 60_000;

let server: SqlServer;
let stopped = false;
let first: Connection;
let second: Connection;

function client(): Promise<Connection> {
  return createConnection({
    host: '127.0.0.1',
    port: server.mysqlPort,
    user: 'root',
    rowsAsArray: true,
    database: 'two',
  });
}

before(async () => {
  server = await startSqlServer();
  const opened = await createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root' });
  await opened.query('CREATE DATABASE two');
  opened.destroy();
  first = await client();
  second = await client();
  await first.query('CREATE TABLE k (id INT PRIMARY KEY, v INT, KEY (v))');
  await first.query('CREATE TABLE big (id INT PRIMARY KEY, a INT, b INT, pad VARCHAR(100))');
  for (let from = 0; from < ROWS; from += 5000) {
    const rows = Array.from(
      { length: 5000 },
      (_, i) => `(${from + i}, ${((from + i) * 7919) % 200_003}, ${(from + i) % 50}, '${'x'.repeat(60)}')`,
    );
    await first.query(`INSERT INTO big VALUES ${rows.join(',')}`);
  }
});
after(async () => {
  for (const one of [first, second]) one?.destroy();
  if (!stopped) await server?.stop();
});

/** Rows as text, `ok`, or the error's number. */
async function run(on: Connection, sql: string): Promise<string> {
  try {
    const [result] = await on.query(sql);
    return Array.isArray(result) ? (result as unknown[][]).map((row) => row.join(',')).join(' ') : 'ok';
  } catch (error) {
    return String((error as { errno: number }).errno);
  }
}

async function story(...steps: readonly (readonly [Connection, string, string])[]): Promise<void> {
  for (const [on, sql, expected] of steps) assert.equal(await run(on, sql), expected, sql);
}

async function reset(): Promise<void> {
  for (const one of [first, second]) await one.query('ROLLBACK');
  await first.query('REPLACE INTO k VALUES (1, 10), (2, 20), (3, 30)');
}

test('no lost update, no phantom; write skew as in every snapshot isolation', async () => {
  await reset();
  const [a, b] = [first, second];
  await story(
    [a, 'BEGIN', 'ok'],
    [b, 'BEGIN', 'ok'],
    [a, 'SELECT v FROM k WHERE id = 1 FOR UPDATE', '10'],
    [a, 'UPDATE k SET v = v + 1 WHERE id = 1', 'ok'],
  );
  const waiting = run(b, 'UPDATE k SET v = v + 1 WHERE id = 1');
  await story([a, 'COMMIT', 'ok']);
  assert.equal(await waiting, 'ok');
  await story([b, 'COMMIT', 'ok'], [a, 'SELECT v FROM k WHERE id = 1', '12']);
  await story(
    [a, 'BEGIN', 'ok'],
    [a, 'SELECT COUNT(*) FROM k WHERE v > 5', '3'],
    [b, 'INSERT INTO k VALUES (4, 40)', 'ok'],
    [a, 'SELECT COUNT(*) FROM k WHERE v > 5', '3'],
    [a, 'COMMIT', 'ok'],
    [b, 'DELETE FROM k WHERE id = 4', 'ok'],
  );
  await story(
    [a, 'BEGIN', 'ok'],
    [b, 'BEGIN', 'ok'],
    [a, 'SELECT SUM(v) FROM k WHERE id > 1', '50'],
    [b, 'SELECT SUM(v) FROM k WHERE id > 1', '50'],
  );
  await story(
    [a, 'UPDATE k SET v = 0 WHERE id = 2', 'ok'],
    [b, 'UPDATE k SET v = 0 WHERE id = 3', 'ok'],
    [a, 'COMMIT', 'ok'],
    [b, 'COMMIT', 'ok'],
    [a, 'SELECT SUM(v) FROM k WHERE id > 1', '0'],
  );
});

test('a lock that does not come: NOWAIT, SKIP LOCKED, the time limit', async () => {
  await reset();
  const [a, b] = [first, second];
  await story(
    [a, 'BEGIN', 'ok'],
    [a, 'SELECT v FROM k WHERE id = 1 FOR UPDATE', '10'],
    [b, 'SELECT v FROM k WHERE id = 1 FOR UPDATE NOWAIT', '3572'],
  );
  await story(
    [b, 'SELECT id FROM k ORDER BY id FOR UPDATE SKIP LOCKED', '2 3'],
    [b, 'SET innodb_lock_wait_timeout = 1', 'ok'],
    [b, 'UPDATE k SET v = 1 WHERE id = 1', '1205'],
  );
  await story(
    [a, 'ROLLBACK', 'ok'],
    [b, 'UPDATE k SET v = 1 WHERE id = 1', 'ok'],
    [b, 'SET innodb_lock_wait_timeout = 50', 'ok'],
  );
});

test('a client that vanishes gives back its locks, also one that stood in line itself', async () => {
  await reset();
  const gone = await client();
  await story(
    [gone, 'BEGIN', 'ok'],
    [gone, 'UPDATE k SET v = 99 WHERE id = 2', 'ok'],
    [first, 'BEGIN', 'ok'],
    [first, 'UPDATE k SET v = 99 WHERE id = 3', 'ok'],
  );
  gone.on('error', () => undefined);
  gone.query('UPDATE k SET v = 98 WHERE id = 3').catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  gone.destroy();
  await story(
    [second, 'UPDATE k SET v = 1 WHERE id = 2', 'ok'],
    [first, 'ROLLBACK', 'ok'],
    [second, 'UPDATE k SET v = 1 WHERE id = 3', 'ok'],
    [second, 'SELECT v FROM k', '1 1 10'],
  );
});

const LONG: readonly (readonly [string, string, string])[] = [
  ['SLEEP', 'auto', 'SELECT SLEEP(20)'],
  ['a nested loop', 'row', 'SELECT COUNT(*) FROM big a, big b WHERE a.a + b.a < 0'],
  [
    'a hash join',
    'row',
    'SELECT COUNT(*) FROM big a JOIN big b ON a.b = b.b JOIN big c ON c.b = a.b WHERE a.id + b.id + c.id < 0',
  ],
  [
    'a join in the column engine',
    'column',
    'SELECT COUNT(*) FROM big a JOIN big b ON a.b = b.b JOIN big c ON c.b = a.b WHERE a.id + b.id + c.id < 0',
  ],
  ['a sort', 'row', 'SELECT a.id FROM big a JOIN big b ON a.b = b.b ORDER BY a.a * b.a LIMIT 100'],
  ['a group', 'row', 'SELECT a.id * b.id m, COUNT(*) FROM big a JOIN big b ON a.b = b.b GROUP BY m'],
  [
    'a recursion',
    'auto',
    'WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 50000000) SELECT COUNT(*) FROM r',
  ],
  ['a wait for a lock', 'auto', 'UPDATE k SET v = 0 WHERE id = 1'],
  ['a large update', 'auto', 'UPDATE big a JOIN big b ON a.b = b.b SET a.pad = b.pad'],
];
for (const [name, engine, sql] of LONG) {
  test(`KILL QUERY ends ${name} in ${KILL_MS_MAX} ms`, async () => {
    await reset();
    await story([first, 'BEGIN', 'ok'], [first, 'UPDATE k SET v = 0 WHERE id = 1', 'ok']);
    const times: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const victim = await client();
      const id = await run(victim, 'SELECT CONNECTION_ID()');
      await story([victim, `SET rutile_engines = '${engine}', cte_max_recursion_depth = 100000000`, 'ok']);
      const running = run(victim, sql);
      await new Promise((resolve) => setTimeout(resolve, 250));
      const began = performance.now();
      await second.query(`KILL QUERY ${id}`);
      assert.equal(await running, '1317');
      times.push(performance.now() - began);
      assert.equal(await run(victim, 'SELECT 1'), '1', 'the connection lives on');
      victim.destroy();
      if (times.at(-1)! < KILL_MS_MAX) break;
    }
    assert(Math.min(...times) < KILL_MS_MAX, `took ${times.map(Math.round).join(', ')} ms`);
  });
}

test('max_execution_time ends a SELECT in either engine', async () => {
  await reset();
  for (const engine of ['row', 'column']) {
    await story(
      [first, `SET rutile_engines = '${engine}', max_execution_time = 100`, 'ok'],
      [first, LONG[2]![2], '3024'],
    );
  }
  await story([first, "SET rutile_engines = 'auto', max_execution_time = 0", 'ok']);
});

test('indexes built under writes agree with their rows', async () => {
  let over = false;
  let count = 0;
  const write = async (writer: number) => {
    const own = await client();
    for (let i = 0; !over; i++) {
      const id = (i * 7919 + writer * 13) % ROWS;
      const statements = [
        `UPDATE big SET a = a + 1 WHERE id = ${id}`,
        `DELETE FROM big WHERE id = ${id}`,
        `INSERT INTO big VALUES (${ROWS + writer * 1_000_000 + i}, ${i}, 1, 'n')`,
      ];
      const result = await run(own, statements[i % 3]!);
      assert(['ok', '1213', '1205'].includes(result), result);
      count++;
    }
    own.destroy();
  };
  const writers = [1, 2, 3].map(write);
  await first.query('ALTER TABLE big ADD INDEX by_a (a), ADD INDEX by_b_a (b, a)');
  over = true;
  await Promise.all(writers);
  assert(count > 0);
  await first.query('ADMIN CHECK TABLE big');
  assert.equal(
    await run(first, 'SELECT COUNT(*) FROM big FORCE INDEX (by_a) WHERE a IS NOT NULL'),
    await run(first, 'SELECT COUNT(*) FROM big IGNORE INDEX (by_a, by_b_a)'),
  );
});

test('SIGTERM under load drains and exits with 0', async () => {
  const ended = async () => {
    const own = await client();
    own.on('error', () => undefined);
    for (;;) if ((await run(own, 'UPDATE k SET v = v + 1 WHERE id = 2')) !== 'ok') break;
    own.destroy();
  };
  const clients = [ended(), ended(), ended()];
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await server.stop(), 0);
  await Promise.all(clients);
  stopped = true;
});

test('a second SIGTERM exits at once', async () => {
  const server = await RutileProcess.start();
  const sleeper = await createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root' });
  sleeper.on('error', () => undefined);
  const sleeping = run(sleeper, 'SELECT SLEEP(30)');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const began = performance.now();
  server.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(server.child.exitCode, null, 'it waits for the statement');
  assert.equal(await server.stop(), 143);
  assert(performance.now() - began < 3000);
  await sleeping;
});
