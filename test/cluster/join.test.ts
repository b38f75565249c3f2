/**
 * A one-process database grows into a cluster of three machines while it is written to: no row is lost or changed, timestamps only grow, the joiner may
 * be killed in the middle, and with three machines the first one may die. Then everything that a join refuses.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { createNodeWorld } from '../../base/node/index.ts';
import { toTimestamp } from '../../kv/placement/index.ts';
import { PlacementClient } from '../../kv/server/index.ts';
import { type RegionThere, until } from './playground-process.ts';
import { PROGRAM, RutileProcess } from './rutile-process.ts';

const ROWS = 10_000;
const root = mkdtempSync(join(tmpdir(), 'rutile-join-'));
after(() => rmSync(root, { recursive: true, force: true }));

interface Status {
  readonly memberId: number;
  readonly leads: boolean;
  readonly clusterId: number;
  readonly members: readonly { readonly id: number; readonly standsBy: boolean }[];
  readonly regions: readonly RegionThere[];
}

async function status(machine: RutileProcess): Promise<Status> {
  const { host, port } = machine.doors['status']!;
  const answer = await fetch(`http://${host}:${port}/status`, { signal: AbortSignal.timeout(2000) });
  return (await answer.json()) as Status;
}

function connect(machine: RutileProcess, database: string | undefined = 'test'): Promise<Connection> {
  return createConnection({ host: '127.0.0.1', port: machine.mysqlPort, user: 'root', ...(database && { database }) });
}

function placementOf(machine: RutileProcess): string {
  return `127.0.0.1:${machine.doors['placement']!.port}`;
}

/** What somebody does all the while: a row goes in and is counted; each acknowledged one is remembered. */
class Work {
  acknowledged = 0;
  longestMs = 0;
  readonly problems: string[] = [];
  private stopped = false;
  private readonly done: Promise<void>;

  constructor(machine: RutileProcess) {
    this.done = this.run(machine);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async run(machine: RutileProcess): Promise<void> {
    const connection = await connect(machine);
    try {
      while (!this.stopped) {
        const began = performance.now();
        await connection.query('insert into work values (?, ?)', [this.acknowledged, `row ${this.acknowledged}`]);
        this.acknowledged++;
        const [[row]] = await connection.query<RowDataPacket[]>('select count(*) as n from work where id >= ?', [
          this.acknowledged - 5,
        ]);
        if (row!['n'] !== Math.min(5, this.acknowledged)) this.problems.push(`${String(row!['n'])} of 5 rows`);
        this.longestMs = Math.max(this.longestMs, performance.now() - began);
        await sleep(5);
      }
    } catch (error) {
      this.problems.push(String(error));
    } finally {
      connection.destroy();
    }
  }
}

async function sum(machine: RutileProcess): Promise<string> {
  const connection = await connect(machine);
  const [rows] = await connection.query<RowDataPacket[]>(
    "select count(*) as n, sum(id) as ids, sum(crc32(concat(id, ':', v))) as sums from big",
  );
  await connection.end();
  return JSON.stringify(rows);
}

async function load(machine: RutileProcess): Promise<void> {
  const connection = await connect(machine, undefined);
  await connection.query('create database if not exists test');
  await connection.query('use test');
  await connection.query('create table big (id int primary key, v varchar(100), key (v))');
  await connection.query('create table work (id int primary key, v varchar(40))');
  for (let from = 0; from < ROWS; from += 2000) {
    const rows = Array.from(
      { length: 2000 },
      (_, i) => `(${from + i},'${String((from + i) * 7919).padStart(60, 'x')}')`,
    );
    await connection.query(`insert into big values ${rows.join(',')}`);
  }
  await connection.end();
}

function refused(...flags: string[]): string {
  const ports = ['mysql', 'kv', 'placement'].flatMap((door) => [`--${door}-port`, '0']);
  const { status: code, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, 'start', ...ports, '--status-port', 'off', ...flags],
    { encoding: 'utf8', timeout: 30_000 },
  );
  assert.equal(code, 1, stderr);
  return stderr.trim();
}

test('one process grows to three machines under load; any of them may die', async () => {
  const folders = ['a', 'b', 'c'].map((name) => join(root, name));
  const machines: RutileProcess[] = [];
  const world = createNodeWorld();
  let a = await RutileProcess.start({ dataDir: folders[0]! });
  machines.push(a);
  let client: PlacementClient | undefined;
  try {
    await load(a);
    const before = await sum(a);
    const oldStamps = new PlacementClient({ world, addresses: [placementOf(a)] });
    let last = stampOf(await oldStamps.timestamps(1));
    oldStamps.close();
    const alone = refused('--data-dir', join(root, 'x1'), '--join', placementOf(a));
    assert.match(alone, /^rutile: the database at .* runs in the one-process form.*--advertise/);
    assert.equal(await a.stop(), 0);

    // Once, with an address.
    a = machines[0] = await RutileProcess.start({ dataDir: folders[0]!, flags: ['--advertise', '127.0.0.1'] });
    assert.equal(await sum(a), before);
    client = new PlacementClient({ world, addresses: [placementOf(a)] });
    const stamp = async (): Promise<void> => {
      const next = stampOf(await patiently(() => client!.timestamps(1)));
      assert(next > last, `timestamp ${next} after ${last}`);
      last = next;
    };
    await stamp();
    const work = new Work(a);

    // The joiner is killed when it has begun, and goes on as who it was, without being told again.
    let b = await RutileProcess.start({ dataDir: folders[1]!, flags: ['--join', placementOf(a)] });
    await b.kill();
    await stamp();
    b = await RutileProcess.start({ dataDir: folders[1]! });
    machines.push(b);
    await until(async () => {
      const { regions } = await status(b);
      return regions.length === (await status(a)).regions.length && regions.every(({ peers }) => peers.length === 2);
    }, 'a replica of each region on the second machine');

    // Two voters would survive no more than one.
    assert((await status(a)).regions.every(({ peers }) => peers.filter(({ role }) => role === 'voter').length === 1));
    assert.deepEqual(
      (await status(a)).members.map(({ standsBy }) => standsBy),
      [false, true],
    );
    assert.equal(await sum(b), before);
    await stamp();

    const c = await RutileProcess.start({
      dataDir: folders[2]!,
      flags: ['--join', `${placementOf(a)},${placementOf(b)}`],
    });
    machines.push(c);
    await until(async () => {
      const all = await Promise.all(machines.map(status));
      const isWhole = ({ peers }: RegionThere): boolean =>
        peers.length === 3 && peers.every(({ role }) => role === 'voter');
      return all.every(({ regions, members }) => regions.length > 0 && regions.every(isWhole) && members.length === 3 && members.every(({ standsBy }) => !standsBy)); // prettier-ignore
    }, 'three voters of each region and of placement');
    await stamp();
    // Every SQL server sees what another changed.
    const atB = await connect(b);
    await atB.query('create table made_at_b (id int primary key)');
    await atB.query('insert into made_at_b values (1)');
    const atA = await connect(a);
    assert.equal((await atA.query<RowDataPacket[]>('select * from made_at_b'))[0].length, 1);
    await atA.end();
    await atB.end();
    client.close();
    client = new PlacementClient({ world, addresses: machines.map(placementOf) });
    await work.stop();
    assert.deepEqual(work.problems, []);
    assert(work.acknowledged > 50);
    for (const machine of machines) assert.equal(await sum(machine), before);

    // The first machine, which leads most, dies.
    await a.kill();
    const went = performance.now();
    await stamp();
    const [atDeath] = await Promise.all([patiently(() => countWork(b)), patiently(() => countWork(c))]);
    const stallMs = performance.now() - went;

    assert.equal(atDeath, work.acknowledged);
    assert.equal(await sum(c), before);
    const late = await connect(b);
    for (let i = 0; i < 20; i++) await late.query('insert into work values (?, ?)', [work.acknowledged + i, 'later']);
    await late.end();
    a = machines[0] = await RutileProcess.start({ dataDir: folders[0]! });
    assert.equal(await countWork(a), work.acknowledged + 20);
    assert.equal(await sum(a), before);
    await stamp();

    // Generous: others may use the machine. docs/benchmarks.md has figures.
    assert(stallMs < 15_000, `${stallMs} ms`);
    assert(work.longestMs < 10_000, `a statement took ${work.longestMs} ms`);
  } finally {
    client?.close();
    await Promise.all(machines.map((machine) => machine.kill()));
  }
});

async function countWork(machine: RutileProcess): Promise<number> {
  const connection = await connect(machine);
  try {
    const [[row]] = await connection.query<RowDataPacket[]>('select count(*) as n from work');
    return row!['n'] as number;
  } finally {
    connection.destroy();
  }
}

test('what a join refuses; more in bin/cluster-place.test.ts', () => {
  const folder = join(root, 'refused');
  assert.match(refused('--data-dir', folder, '--join', '127.0.0.1:1'), /^rutile: nobody answers at --join 127.0.0.1:1: .*--advertise/); // prettier-ignore
  assert.equal(existsSync(join(folder, 'placement', 'MEMBER')), false);
  const own = join(root, 'own');
  mkdirSync(join(own, 'placement'), { recursive: true });
  writeFileSync(join(own, 'placement', 'placement-a'), '');
  assert.match(refused('--data-dir', own, '--join', '127.0.0.1:1'), /holds a database of its own; a process joins with an empty one/); // prettier-ignore
});

/** `rutile placement` as a user starts it. */
async function placementProcess(
  ...flags: string[]
): Promise<{ readonly address: string; readonly status: string; stop(): void }> {
  const child = spawn(process.execPath, [PROGRAM, 'placement', '--placement-port', '0', '--status-port', '0', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] }); // prettier-ignore
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let text = '';
  const doors = await new Promise<Record<string, string>>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      if (/^ready$/m.test(text)) resolve(Object.fromEntries([...text.matchAll(/^(\S+) (\S+:\d+)$/gm)].map((one) => [one[1], one[2]]))); // prettier-ignore
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () => reject(new Error(`placement ended:\n${text}`)));
  });
  return { address: doors['placement']!, status: doors['status']!, stop: endWithUs };
}

test('members of placement are added to a group that is there', async () => {
  const folders = [1, 2, 3].map((number) => join(root, `placement-${number}`));
  const first = await placementProcess('--data-dir', folders[0]!);
  const members = [first];
  const client = new PlacementClient({ world: createNodeWorld(), addresses: [first.address] });
  try {
    const before = stampOf(await patiently(() => client.timestamps(1)));
    for (const dataDir of folders.slice(1)) members.push(await placementProcess('--data-dir', dataDir, '--join', first.address)); // prettier-ignore
    await until(async () => {
      // As each of them knows: what only the leader knows dies with it.
      for (const { status: door } of members) {
        const answer = (await (await fetch(`http://${door}/status`)).json()) as Status;
        if (answer.members.length < 3 || answer.members.some(({ standsBy }) => standsBy)) return false;
      }
      return true;
    }, 'three members that vote');
    await patiently(() => client.timestamps(1));
    first.stop();
    const others = new PlacementClient({ world: createNodeWorld(), addresses: members.slice(1).map((one) => one.address) }); // prettier-ignore
    assert(stampOf(await patiently(() => others.timestamps(1))) > before);
    others.close();
    const own = spawnSync(process.execPath, [PROGRAM, 'placement', '--data-dir', folders[0]!, '--join', members[1]!.address], { encoding: 'utf8', timeout: 30_000 }); // prettier-ignore
    assert.match(own.stderr, /holds a placement of its own; a member joins with an empty one/);
  } finally {
    client.close();
    for (const member of members) member.stop();
  }
});

function stampOf({ physical, logical }: { readonly physical: number; readonly logical: number }): bigint {
  return toTimestamp(physical, logical);
}

/** While there is nobody who leads. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + 15_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await sleep(50);
  }
}
