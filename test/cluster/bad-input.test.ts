/**
 * What bad input gets, from a real process: a clear error with the right number, a server that lives on, and nothing lost. Damage to files is
 * tried on copies of one folder.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { RutileProcess } from './rutile-process.ts';
import { onThreeStores, startSqlServer, type SqlServer } from './sql-server.ts';

let server: SqlServer;
let connection: Connection;
const scratch = mkdtempSync(join(tmpdir(), 'rutile-bad-'));

before(async () => {
  // What it writes is refused, or dropped again.
  server = await startSqlServer({ regionsMin: 4 });
  connection = await client(server);
  await connection.query('CREATE DATABASE bad');
  await connection.query('USE bad');
});
after(async () => {
  connection?.destroy();
  await server?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

function client(to: SqlServer, database?: string): Promise<Connection> {
  return createConnection({ host: '127.0.0.1', port: to.mysqlPort, user: 'root', rowsAsArray: true, database });
}

async function ask(sql: string | Buffer, on: Connection = connection): Promise<unknown[][]> {
  return (await on.query<RowDataPacket[]>({ sql: sql as string }))[0] as unknown as unknown[][];
}

async function errno(sql: string, on: Connection = connection): Promise<number | undefined> {
  try {
    await on.query(sql);
  } catch (error) {
    return (error as { errno: number }).errno;
  }
  return undefined;
}

test('ten thousand levels of anything are refused', async () => {
  const n = 10_000;
  const deep = [
    `SELECT ${'('.repeat(n)}1${')'.repeat(n)}`, `SELECT ${'('.repeat(n)}`, `SELECT ${'NOT '.repeat(n)}1`, `SELECT ${'- '.repeat(n)}1`, `SELECT ${'1+'.repeat(n)}1`,
    `SELECT ${'ABS('.repeat(n)}1${')'.repeat(n)}`, `SELECT ${'(SELECT '.repeat(n)}1${')'.repeat(n)}`, `SELECT ${'CASE WHEN 1 THEN '.repeat(n)}1${' END'.repeat(n)}`,
    `SELECT * FROM ${'(SELECT * FROM '.repeat(n)}(SELECT 1 a) x${') x'.repeat(n)}`, `SELECT 1 ${'UNION ALL SELECT 1 '.repeat(n)}`,
  ]; // prettier-ignore
  for (const sql of deep) assert.equal(await errno(sql), 1436, sql.slice(0, 40));
  assert.equal(await errno(`SELECT CAST('${'['.repeat(5000)}${']'.repeat(5000)}' AS JSON)`), 3157);
  assert.deepEqual(await ask('SELECT 1'), [[1]]);
});

test('SQL of ten megabytes is read, and over max_allowed_packet refused', async () => {
  assert.deepEqual(await ask(`SELECT LENGTH('${'x'.repeat(10e6)}')`), [[10_000_000]]);
  assert.equal(await errno('x '.repeat(5e6)), 1064);
  assert.deepEqual(await ask(`SELECT 5 IN (${'1,'.repeat(500_000)}1)`), [[0]]);
  assert.equal(await errno(`SELECT ${'1,'.repeat(100_000)}1`), 1117);
  const began = performance.now();
  assert.deepEqual(await ask(`SELECT ${'9'.repeat(2e6)}`), [['9'.repeat(65)]]);
  assert.deepEqual(await ask(`SELECT 0.${'9'.repeat(2e6)}, ${'0'.repeat(2e6)}7`), [[`1.${'0'.repeat(30)}`, 7]]);
  assert(performance.now() - began < 5000, 'digits beyond those that count are not read');
  const other = await client(server);
  other.on('error', () => undefined);
  // Refused by the header of the fifth packet: the error has the number after that, which the driver waits for.
  const warnings: unknown[] = [];
  (other as unknown as { connection: Connection }).connection.on('warn' as never, (warning: unknown) => warnings.push(warning)); // prettier-ignore
  assert.equal(await errno(`SELECT '${'x'.repeat(68e6)}'`, other), 1153);
  assert.deepEqual(warnings, []);
  other.destroy();
});

test('a regular expression without end is stopped, and others are answered meanwhile', async () => {
  assert.equal(await errno(`SELECT REGEXP_LIKE('${'a'.repeat(60)}!', '^(a+)+$')`), 3699);
  assert.deepEqual(await ask("SELECT 'aab' RLIKE '^(a+)+b$'"), [[1]]);
});

test('rows and values over sixteen megabytes', async () => {
  await connection.query('CREATE TABLE large (id INT PRIMARY KEY, b LONGBLOB)');
  const value = Buffer.alloc(20_000_000, 0x41);
  await connection.query('INSERT INTO large VALUES (1, ?)', [value]);
  await connection.execute('INSERT INTO large VALUES (2, ?)', [value]);
  assert.deepEqual(await ask('SELECT id, LENGTH(b) FROM large'), [[1, value.length], [2, value.length]]); // prettier-ignore
  assert(value.equals((await ask('SELECT b FROM large WHERE id = 2'))[0]![0] as Buffer));
  await connection.query('ADMIN CHECK TABLE large');
});

test('bytes that are no UTF-8', async () => {
  await connection.query('CREATE TABLE text_only (s VARCHAR(20))');
  assert.equal(await errno("INSERT INTO text_only VALUES (x'ff')"), 1366);
  assert.equal(await errno("SET NAMES 'nonsense'"), 1115);
});

function exchange(packets: readonly Buffer[]): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(server.mysqlPort, '127.0.0.1');
    let got = Buffer.alloc(0);
    socket.on('data', (chunk) => (got = Buffer.concat([got, chunk])));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(got.toString('latin1')));
    socket.on('connect', () => packets.forEach((packet, i) => setTimeout(() => socket.write(packet), 20 * (i + 1))));
  });
}

test('bytes that are no packet end their own connection only', async () => {
  const bad = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.alloc(100),
    Buffer.alloc(5000, 0xff),
    Buffer.from([5, 0, 0, 1, 1, 2, 3, 4, 5]),
  ];
  for (const bytes of bad) assert.match(await exchange([bytes]), /08S01(Got|Bad)/);
  assert.match(
    await exchange([Buffer.concat([Buffer.from([255, 255, 255, 1]), Buffer.alloc(0xffffff)])]),
    /max_allowed_packet/,
  );
  assert.deepEqual(await ask('SELECT 1'), [[1]]);
});

// ---- damage: of the files of one process, wherever the tests above ran ----

const filesElsewhere = onThreeStores() ? 'is about the files of one process' : false;

const CLOSED = ['mysql', 'kv', 'placement', 'status'].flatMap((door) => [`--${door}-port`, 'off']);

/** What `start` says over a copy of `folder` that `harm` has changed. */
async function startOver(folder: string, harm: (copy: string) => void): Promise<string> {
  const copy = join(scratch, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  harm(copy);
  try {
    const started = await RutileProcess.start({ dataDir: copy, flags: CLOSED.slice(2) });
    await started.kill();
    // With the warnings, if there were any.
    return /^\S+ warn /m.test(started.output) ? started.output : 'started';
  } catch (error) {
    return (error as Error).message;
  }
}

function flip(path: string, at: number): void {
  const file = openSync(path, 'r+');
  const bytes = Buffer.alloc(64);
  readSync(file, bytes, 0, 64, at);
  for (let i = 0; i < 64; i += 5) bytes[i]! ^= 0x5a;
  writeSync(file, bytes, 0, 64, at);
  closeSync(file);
}

test(
  'damaged files are named at the start; a torn end of the log is not damage',
  { skip: filesElsewhere },
  async () => {
    const folder = join(scratch, 'sound');
    const sound = await RutileProcess.start({ dataDir: folder });
    const writer = await client(sound);
    await writer.query('CREATE TABLE test.t (id INT PRIMARY KEY, v VARCHAR(1000))');
    for (let i = 0; i < 4000; i += 100)
      await writer.query(
        `INSERT INTO test.t VALUES ${Array.from({ length: 100 }, (_, j) => `(${i + j}, REPEAT('v', 900))`).join(',')}`,
      );
    await sound.kill();
    writer.destroy();
    const engineFile = (copy: string, name: RegExp) =>
      join(
        copy,
        'engine',
        readdirSync(join(copy, 'engine')).find((one) => name.test(one))!,
      );
    const segment = (copy: string) =>
      join(
        copy,
        'log',
        readdirSync(join(copy, 'log'))
          .filter((one) => one.endsWith('.log'))
          .sort()[0]!,
      );
    assert.equal(await startOver(folder, () => undefined), 'started');
    assert.match(
      await startOver(folder, (copy) => flip(segment(copy), 200_000)),
      /rutile: The log is damaged in .*\.log at offset \d+: group \d+ is damaged/,
    );
    assert.match(
      await startOver(folder, (copy) => unlinkSync(segment(copy))),
      /rutile: .*the engine holds entries up to \d+, the log ends at 0/,
    );
    assert.match(
      await startOver(folder, (copy) => flip(engineFile(copy, /^MANIFEST/), 30)),
      /rutile: .*engine is damaged: Corruption/,
    );
    assert.match(
      await startOver(folder, (copy) => flip(engineFile(copy, /^CURRENT/), 0)),
      /rutile: .*engine is damaged: Corruption/,
    );
    // Placement keeps two copies; using only one of them is worth a warning.
    for (const one of ['a', 'b']) {
      assert.match(
        await startOver(folder, (copy) => flip(join(copy, `placement/placement-${one}`), 0)),
        new RegExp(`warn .*damaged.*placement-${one}`),
      );
    }
    for (let i = 0; i < 2; i++) {
      assert.match(
        await startOver(folder, (copy) => rmSync(join(copy, 'placement'), { recursive: true })),
        /rutile: There is data, but placement's state .* is missing/,
      );
    }
    assert.match(
      await startOver(folder, (copy) => ['a', 'b'].forEach((one) => flip(join(copy, `placement/placement-${one}`), 0))),
      /rutile: .*placement/i,
    );
  },
);

const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && mountTiny(join(scratch, 'probe'), 1);

function mountTiny(path: string, mib: number): boolean {
  mkdirSync(path, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path]).status === 0;
}
if (mayMount) spawnSync('umount', [join(scratch, 'probe')]);

test(
  'a full disk: writes are refused, reads go on, nothing acknowledged is lost',
  { skip: filesElsewhere || (mayMount ? false : 'needs root on Linux, for a small file system') },
  async () => {
    const path = join(scratch, 'tiny');
    assert(mountTiny(path, 200));
    let full: RutileProcess | undefined;
    try {
      full = await RutileProcess.start({ dataDir: join(path, 'data') });
      const writer = await client(full);
      await writer.query('CREATE TABLE test.t (id INT PRIMARY KEY, v VARCHAR(4000), KEY (v(20)))');
      let acknowledged = 0;
      let refusal: { errno: number; message: string } | undefined;
      const filler = () => Array.from({ length: 300 }, () => Math.random().toString(36).slice(2)).join('');
      for (let i = 0; refusal === undefined && i < 200_000; i += 100) {
        try {
          await writer.query(
            `INSERT INTO test.t VALUES ${Array.from({ length: 100 }, (_, j) => `(${i + j}, '${filler()}')`).join(',')}`,
          );
          acknowledged += 100;
        } catch (error) {
          refusal = error as { errno: number; message: string };
        }
      }
      assert([1021, 1180, 1836].includes(refusal!.errno), refusal!.message);
      assert.match(refusal!.message, /disk|space/i);
      assert([1021, 1836].includes((await errno("INSERT INTO test.t VALUES (-1, '')", writer))!));
      assert.deepEqual(await ask('SELECT id FROM test.t WHERE id = 7', writer), [[7]]);
      writer.destroy();
      assert.equal(await full.stop(), 0);
      execFileSync('mount', ['-o', 'remount,size=600m', path]);
      full = await RutileProcess.start({ dataDir: join(path, 'data') });
      const reader = await client(full);
      const [[count]] = (await ask('SELECT COUNT(*) FROM test.t', reader)) as [[number]];
      assert(count === acknowledged || count === acknowledged + 100, `${acknowledged} acknowledged, ${count} found`);
      await reader.query('ADMIN CHECK TABLE test.t');
      await reader.query("INSERT INTO test.t VALUES (-1, '')");
      reader.destroy();
      assert.equal(await full.stop(), 0);
    } finally {
      await full?.kill();
      spawnSync('umount', [path]);
    }
  },
);
