/** Sockets on a thread of their own: what a client sees is what it sees without. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { RutileProcess } from './rutile-process.ts';

let server: RutileProcess;
let connection: Connection;

before(async () => {
  server = await RutileProcess.start({ flags: ['--socket-thread', 'on'] });
  connection = await client();
  await connection.query('CREATE DATABASE threads');
  await connection.query('USE threads');
});
after(async () => {
  connection?.destroy();
  await server?.stop();
});

const client = (): Promise<Connection> => createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root' });

async function one(sql: string, on = connection): Promise<unknown> {
  const [rows] = await on.query<RowDataPacket[]>(sql);
  return Object.values(rows[0]!)[0];
}

test('many clients at once', async () => {
  const many = await Promise.all(Array.from({ length: 60 }, client));
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(many.map((each, i) => one(`SELECT ${i} * 1000 + ${round}`, each)));
    assert.deepEqual(answers, many.map((_, i) => i * 1000 + round)); // prettier-ignore
  }
  await Promise.all(many.map((each) => each.end()));
});

test('long answers and long statements, in full', async () => {
  await connection.query('SET cte_max_recursion_depth = 300000');
  const [rows] = await connection.query<RowDataPacket[]>(
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i, REPEAT('x', 100) t FROM n",
  );
  assert.equal(rows.length, 200_000);
  assert.deepEqual([rows[0]!['i'], rows[199_999]!['i'], rows[199_999]!['t']], [1, 200_000, 'x'.repeat(100)]);
  const text = 'y'.repeat(10_000_000);
  assert.equal(await one(`SELECT LENGTH('${text}')`), 10_000_000);
  assert.equal(String(await one("SELECT REPEAT('z', 20000000)")).length, 20_000_000);
});

test('a file of the client, larger than a ring', async () => {
  await connection.query('CREATE TABLE loaded (i INT PRIMARY KEY, t VARCHAR(100))');
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i}\t${'t'.repeat(60)}\n`).join('');
  await connection.query({
    sql: "LOAD DATA LOCAL INFILE 'rows' INTO TABLE loaded",
    infileStreamFactory: () =>
      Readable.from([Buffer.from(lines.slice(0, 1_000_000)), Buffer.from(lines.slice(1_000_000))]),
  } as never);
  assert.equal(await one('SELECT COUNT(*) FROM loaded'), 60_000);
});

test('a client that does not read its answer holds up nobody and no memory', async () => {
  const before = await rss();
  const lazy = connect(server.mysqlPort, '127.0.0.1');
  const slow = await createConnection({ stream: lazy, user: 'root' });
  const answer = slow.query('SELECT a.i, b.i, a.t FROM threads.loaded a, threads.loaded b').catch(() => 'cut off');
  lazy.pause();
  for (let i = 0; i < 50; i++) assert.equal(await one(`SELECT ${i}`), i);
  await sleep(300);
  assert((await rss()) - before < 200 * 1024 * 1024);
  lazy.destroy();
  await answer;
});

test('KILL and clients that go without a word', async () => {
  const victim = await client();
  const lost = new Promise((resolve) => victim.on('error', resolve));
  await connection.query(`KILL ${await one('SELECT CONNECTION_ID()', victim)}`);
  await lost;
  const rude = await client();
  const id = await one('SELECT CONNECTION_ID()', rude);
  rude.destroy();
  for (let i = 0; i < 500; i++) {
    if ((await one(`SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ${id}`)) === 0) return;
    await sleep(10);
  }
  assert.fail('its session is still there');
});

test('a port that is taken is said as without the thread; a server that stops lets statements finish', async () => {
  await assert.rejects(
    RutileProcess.start({ flags: ['--socket-thread', 'on', '--mysql-port', String(server.mysqlPort)] }),
    /the port is in use/,
  );
  const other = await RutileProcess.start({ flags: ['--socket-thread', 'on'] });
  const last = await createConnection({ host: '127.0.0.1', port: other.mysqlPort, user: 'root' });
  last.on('error', () => undefined);
  const answer = last.query<RowDataPacket[]>('SELECT SLEEP(1) AS slept');
  await sleep(200);
  const stopped = other.stop();
  assert.equal((await answer)[0][0]!['slept'], 0);
  await stopped;
});

async function rss(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${server.doors['status']!.port}/metrics`)).text();
  return Number(/^(?:rutile_)?process_resident_memory_bytes (\S+)/m.exec(text)![1]);
}
