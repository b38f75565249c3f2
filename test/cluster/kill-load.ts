/**
 * Kill -9 in the middle of LOAD DATA, whose transaction is far larger than one log entry and so takes the road of large commits: held in
 * memory, logged in chunks, true only with its last one. Each round loads every row of the table anew with REPLACE and the round's number in
 * it, while another client inserts single rows; the process is killed at a drawn moment, before, within or just after the load. The
 * next life must show:
 *
 * - the rows of one round only, all of them: this round's, or, unless the load was acknowledged, those of the one before;
 * - indexes that agree with their rows (`ADMIN CHECK TABLE`);
 * - every acknowledged single row, and at most one that was not acknowledged;
 * - no lock that stays: the loaded rows can be locked and written at once.
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type mysql from 'mysql2/promise';
import { connectAsRoot } from './connect.ts';
import { Dice } from './dice.ts';
import { RutileProcess } from './rutile-process.ts';

export interface KillLoadOptions {
  readonly rounds: number;
  readonly rows: number;
  readonly seed: number;
  readonly report?: (line: string) => void;
}

export interface KillLoadResult {
  /** Rounds after which the new rows were there, and those after which the old ones were. */
  readonly whole: number;
  readonly undone: number;
  /** Acknowledged single rows, all found. */
  readonly singles: number;
  readonly slowestRestartMs: number;
}

/** Few rows and a large transaction: 12,000 rows are over 4 MiB. */
const PADDING = 'p'.repeat(400);

export async function killLoadRounds(options: KillLoadOptions): Promise<KillLoadResult> {
  let server = await RutileProcess.start();
  const { dataDir } = server;
  const dice = new Dice(options.seed);
  let [whole, undone, singles, slowestRestartMs, shown] = [0, 0, 0, 0, 0];
  try {
    const setup = await connect(server.mysqlPort);
    await setup.query('create database d');
    await setup.query(
      'create table d.loaded (id int primary key, version int not null, shuffled int not null, padding varchar(500), key (version), unique key (shuffled))',
    );
    await setup.query('create table d.single (id int primary key, version int)');
    // The first two loads are not killed: the second one, over rows that are there, tells how long one takes here.
    await load(setup, options.rows, -1);
    const began = performance.now();
    await load(setup, options.rows, 0);
    let loadMs = performance.now() - began;
    setup.destroy();

    for (let round = 1; round <= options.rounds; round++) {
      // Every other kill aims at the end of the load, where it is logged; what the rounds find corrects the aim.
      const aim = round % 2 === 0 ? dice.below(1000) / 1000 : 0.9 + dice.below(200) / 1000;
      const delayMs = aim * loadMs;
      const [loader, writer] = [await connect(server.mysqlPort), await connect(server.mysqlPort)];
      let over = false;
      const failures: unknown[] = [];
      // After the kill every connection breaks: that is the point. Before it, nothing may fail.
      const fail = (error: unknown): void => void (over || failures.push(error));
      const started = singles;
      const writing = insertSingles(
        writer,
        started,
        round,
        () => over,
        () => singles++,
      ).catch(fail);
      let acknowledged = false;
      const loading = load(loader, options.rows, round).then(() => (acknowledged = true), fail);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (acknowledged) loadMs = Math.min(loadMs, delayMs);
      else if (aim > 0.9) loadMs *= 1.15;
      over = true;
      await server.kill();
      await Promise.all([writing, loading]);
      loader.destroy();
      writer.destroy();
      if (failures.length > 0) throw failures[0];

      server = await RutileProcess.start({ dataDir });
      slowestRestartMs = Math.max(slowestRestartMs, server.startedInMs);
      const found = await check(server.mysqlPort, options.rows, singles);
      assert(
        found.version === round || (found.version === shown && !acknowledged),
        `round ${round}: version ${found.version} is there, ${shown} was, acknowledged: ${acknowledged}`,
      );
      if (found.version === round) whole++;
      else undone++;
      options.report?.(
        `round ${round}: killed after ${delayMs.toFixed(0)} ms, load ${acknowledged ? 'acknowledged' : 'not acknowledged'}, ` +
          `${found.version === round ? 'all' : 'none'} of its rows, ${singles - started} single rows, restart ${server.startedInMs.toFixed(0)} ms`,
      );
      shown = found.version;
      singles = found.singles;
    }
  } finally {
    await server.stop();
    server.removeData();
  }
  return { whole, undone, singles, slowestRestartMs };
}

async function load(connection: mysql.Connection, rows: number, version: number): Promise<void> {
  await connection.query({
    sql: "load data local infile 'rows' replace into table d.loaded fields terminated by '|'",
    infileStreamFactory: () => Readable.from(lines(rows, version)),
  });
}

/** A thousand lines at a time. `shuffled` is a permutation, so that the unique index is not written in order. */
function* lines(rows: number, version: number): Generator<Buffer> {
  for (let first = 0; first < rows; first += 1000) {
    let text = '';
    for (let id = first; id < Math.min(first + 1000, rows); id++)
      text += `${id}|${version}|${(id * 7919) % 1_000_003}|${PADDING}\n`;
    yield Buffer.from(text);
  }
}

async function insertSingles(
  connection: mysql.Connection,
  first: number,
  version: number,
  isOver: () => boolean,
  acknowledged: () => void,
): Promise<void> {
  for (let id = first; !isOver(); id++) {
    await connection.query('insert into d.single values (?, ?)', [id, version]);
    acknowledged();
  }
}

async function check(port: number, rows: number, singles: number): Promise<{ version: number; singles: number }> {
  const connection = await connect(port);
  const ask = async (sql: string): Promise<number[][]> =>
    ((await connection.query(sql))[0] as unknown as unknown[][]).map((row) => row.map(Number));
  const versions = await ask('select version, count(*) from d.loaded use index () group by version');
  assert.equal(versions.length, 1, `rows of several loads: ${JSON.stringify(versions)}`);
  assert.equal(versions[0]![1], rows, 'rows were lost');
  const [[count, last]] = (await ask('select count(*), coalesce(max(id), -1) from d.single')) as [[number, number]];
  assert.equal(count, last + 1, 'the single rows have a hole');
  assert(count === singles || count === singles + 1, `${singles} single rows acknowledged, ${count} found`);
  await connection.query('admin check table d.loaded, d.single');
  // A lock that was left behind would be waited for.
  await connection.query('set innodb_lock_wait_timeout = 5');
  await connection.query('begin');
  await connection.query('select id from d.loaded where id < 500 for update');
  await connection.query(`update d.loaded set padding = '' where id in (0, ${rows >> 1}, ${rows - 1})`);
  await connection.query('rollback');
  await connection.end();
  return { version: versions[0]![0]!, singles: count };
}

async function connect(port: number): Promise<mysql.Connection> {
  const connection = await connectAsRoot(port, { flags: ['LOCAL_FILES'] });
  connection.on('error', () => undefined);
  return connection;
}
