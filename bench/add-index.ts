/**
 * ADD INDEX beside a full write load, on Rutile and then on MariaDB: sysbench's `oltp_write_only` runs all the time; after a while an index comes, and the
 * load goes on for as long again. What counts: no statement fails, how long the index takes, and what the load still does meanwhile.
 *
 *     npm run bench -- add-index --rows 5000000 --threads 16
 *     npm run bench -- add-index --rows 500000 --threads 16 --only rutile --profile /tmp/profile
 *     npm run bench -- add-index --rows 500000 --threads 0         nobody writes meanwhile
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { connectAsRoot } from '../test/cluster/connect.ts';
import { markdownTable, parseArguments } from './arguments.ts';
import { isInstalled, startMariaDb } from './peers.ts';
import { query, startRutile, sysbench } from './sysbench.ts';

interface Second {
  readonly atMs: number;
  readonly perSecond: number;
  readonly p95Ms: number;
  readonly errors: number;
}

interface Found {
  readonly seconds: number;
  readonly before: string;
  readonly during: string;
  readonly after: string;
  readonly failed: string;
}

export async function main(argv: readonly string[]): Promise<void> {
  const { flags } = parseArguments(argv, {
    rows: '500000',
    threads: '16',
    index: 'pad',
    unique: '0',
    around: '10',
    only: '',
    profile: '',
  });
  if (!isInstalled('sysbench')) throw new Error('sysbench is not installed');
  const found = new Map<string, Found>();
  for (const name of ['rutile', 'mariadb']) {
    if (flags['only'] && flags['only'] !== name) continue;
    const server = name === 'rutile' ? await startRutile(flags['profile']!) : await startMariaDb();
    try {
      await query(server.port, 'create database sbtest');
      const beganMs = performance.now();
      await sysbench('oltp_write_only', 'prepare', server.port, { tables: '1', size: flags['rows']!, time: '0' }, 1);
      console.log(`${name}: ${flags['rows']} rows loaded in ${((performance.now() - beganMs) / 1000).toFixed(0)} s`);
      found.set(name, await addIndex(server.port, flags));
      console.log(`${name}: ${JSON.stringify(found.get(name))}`);
    } finally {
      await server.stop();
    }
  }
  const line = (what: string, of: (one: Found) => string): string[] => [
    what,
    ...['rutile', 'mariadb'].map((name) => (found.has(name) ? of(found.get(name)!) : '')),
  ];
  const rows = [
    line('ADD INDEX', ({ seconds }) => `${seconds.toFixed(1)} s`),
    line('transactions a second (p95) before', ({ before }) => before),
    line('while the index is added', ({ during }) => during),
    line('after', ({ after }) => after),
    line('failed statements', ({ failed }) => failed),
  ];
  console.log(`\n${markdownTable([`${flags['rows']} rows, ${flags['threads']} threads`, 'Rutile', 'MariaDB'], rows)}`);
}

async function addIndex(port: number, flags: Record<string, string>): Promise<Found> {
  const load = Number(flags['threads']) > 0 ? new WriteLoad(port, flags) : undefined;
  const aroundMs = Number(flags['around']) * 1000;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, load === undefined ? 0 : ms));
  await pause(aroundMs + 2000);
  const connection = await connectAsRoot(port, { database: 'sbtest' });
  const fromMs = performance.now();
  const column = flags['index']!;
  await connection.query(
    `alter table sbtest1 add ${flags['unique'] === '0' ? 'index' : 'unique index'} added (${column})`,
  );
  const toMs = performance.now();
  await pause(aroundMs);
  await load?.stop();
  // What was added is right: on Rutile by ADMIN CHECK, on both by counting.
  const [[counts]] = (await connection.query('select (select count(*) from sbtest1 force index (added)), (select count(*) from sbtest1 ignore index (added))')) as unknown as [[[number, number]]]; // prettier-ignore
  if (counts[0] !== counts[1]) throw new Error(`the index has ${counts[0]} of ${counts[1]} rows`);
  await connection.end();
  return {
    seconds: (toMs - fromMs) / 1000,
    before: load?.describe(0, fromMs) ?? '',
    during: load?.describe(fromMs, toMs) ?? '',
    after: load?.describe(toMs, Infinity) ?? '',
    failed: load === undefined ? '' : load.failures(),
  };
}

/** sysbench's write load, second by second. */
class WriteLoad {
  private readonly seconds: Second[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private text = '';
  private stopping = false;
  private endedEarly = false;

  constructor(port: number, flags: Record<string, string>) {
    this.child = spawn('sysbench', [
      'oltp_write_only', '--db-driver=mysql', '--mysql-host=127.0.0.1', `--mysql-port=${port}`, '--mysql-user=root', '--mysql-db=sbtest', '--tables=1',
      `--table-size=${flags['rows']}`, `--threads=${flags['threads']}`, '--time=0', '--report-interval=1', 'run',
    ]); // prettier-ignore
    this.child.stdout!.on('data', (chunk: Buffer) => this.read(chunk.toString()));
    this.child.stderr!.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.ended = new Promise((resolve) =>
      this.child.on('exit', () => {
        this.endedEarly = !this.stopping;
        resolve();
      }),
    );
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  describe(fromMs: number, toMs: number): string {
    // The first second warms up; one that ends behind the border is not of this part alone.
    const part = this.seconds.slice(1).filter(({ atMs }) => atMs - 1000 >= fromMs && atMs <= toMs);
    if (part.length === 0) return 'less than a second';
    const mean = (of: (one: Second) => number): number => part.reduce((sum, one) => sum + of(one), 0) / part.length;
    const slowest = Math.max(...part.map(({ p95Ms }) => p95Ms));
    return `${mean((one) => one.perSecond).toFixed(0)} (${mean((one) => one.p95Ms).toFixed(0)} ms, worst second ${slowest.toFixed(0)} ms)`;
  }

  failures(): string {
    const retried = this.seconds.reduce((sum, { errors }) => sum + errors, 0);
    const fatal = this.text.match(/FATAL:.{0,200}/g) ?? [];
    if (fatal.length > 0 || this.endedEarly) return `${fatal.length}: ${fatal[0] ?? 'sysbench ended'}`;
    return retried === 0 ? 'none' : `none; ${retried.toFixed(0)} lost a race and were run again`;
  }

  private read(chunk: string): void {
    this.text += chunk;
    const pattern = /tps: ([\d.]+) .*?lat \(ms,95%\): ([\d.]+) err\/s: ([\d.]+)/g;
    for (const [, perSecond, p95Ms, errors] of chunk.matchAll(pattern))
      this.seconds.push({ atMs: performance.now(), perSecond: Number(perSecond), p95Ms: Number(p95Ms), errors: Number(errors) }); // prettier-ignore
    // One line a second: what was read is not needed any more, but for failures.
    if (this.text.length > 65_536) this.text = (this.text.match(/FATAL:.*\n/g) ?? []).slice(0, 10).join('');
  }
}
