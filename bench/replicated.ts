/**
 * Raw puts on three stores beside three members of etcd 3.4, on one machine and in one run: keys of 16 bytes, values of 100, every put on the
 * disks of a majority before it is answered.
 *
 *     npm run bench -- replicated --tool /path/to/etcd/benchmark --driver /path/to/replicated-client
 *     npm run bench -- replicated --only rutile --modes batch --profile /tmp/profiles     a profile of each process
 *
 * etcd is driven by its own benchmark tool (`go build ./tools/benchmark` in its repository), which goes to the leader; Rutile by
 * bench/replicated-client, a Go program as light as that (`go build`; without --driver it is built here). `batch` is what the official client
 * does: whatever waits goes as one message of a BatchCommands stream. `unary` is one call a put, as etcd's clients work.
 *
 * Both clusters are up all the time and take turns, so other work on the machine meets both. Processor time is that of the servers alone.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../base/node/package-root.ts';
import { PlaygroundProcess } from '../test/cluster/playground-process.ts';
import { markdownTable, parseArguments } from './arguments.ts';
import { isInstalled, startEtcdCluster } from './peers.ts';

interface Contender {
  readonly name: string;
  readonly command: string;
  readonly pids: () => readonly number[];
  readonly arguments: (clients: string) => readonly string[];
  /** What it counts itself. */
  readonly counters?: () => Promise<Readonly<Record<string, number>>>;
}

interface Figures {
  readonly perSecond: number;
  /** Of all servers together. */
  readonly cpuMicrosEach: number;
  readonly text: string;
}

const TICKS_A_SECOND = 100;

export async function main(argv: readonly string[]): Promise<void> {
  const { flags } = parseArguments(argv, {
    tool: '', driver: '', clients: '16,64,256', conns: '4', total: '50000', warm: '20000', rounds: '1', modes: 'batch,unary', stores: '3', placements: '3',
    only: '', profile: '',
  }); // prettier-ignore
  const sizes = ['--key-size', '16', '--val-size', '100', '--key-space-size', '1000000', '--conns', flags['conns']!];
  const contenders: Contender[] = [];
  const ends: (() => unknown)[] = [];
  try {
    if (flags['only'] !== 'rutile') {
      if (!isInstalled('etcd')) throw new Error('etcd is not installed: --only rutile measures without it');
      if (flags['tool'] === '') throw new Error("etcd's benchmark tool is not given (--tool): --only rutile measures without it"); // prettier-ignore
      const etcd = await startEtcdCluster(3);
      ends.push(() => etcd.stop());
      contenders.push({
        name: 'etcd',
        command: flags['tool']!,
        pids: () => etcd.pids,
        arguments: (clients) => ['--endpoints', etcd.endpoints.join(','), '--target-leader', '--clients', clients, 'put', ...sizes, '--total', flags['total']!], // prettier-ignore
      });
    }
    if (flags['only'] !== 'etcd') {
      const driver = flags['driver'] || buildDriver(ends);
      const cluster = await PlaygroundProcess.start({
        stores: Number(flags['stores']),
        placements: Number(flags['placements']),
        sqls: 1,
        nodeArguments: flags['profile'] ? ['--cpu-prof', `--cpu-prof-dir=${flags['profile']}`] : [],
      });
      ends.push(() => cluster.stop());
      await cluster.untilReplicated(Number(flags['stores']));
      const placement = cluster.parts('placement').map(({ host, port }) => `${host}:${port}`).join(','); // prettier-ignore
      for (const mode of flags['modes']!.split(','))
        contenders.push({
          name: `Rutile, ${mode}`,
          command: driver,
          pids: () => ['placement', 'store', 'sql'].flatMap((kind) => cluster.parts(kind as 'store').map(({ pid }) => pid)), // prettier-ignore
          counters: () => countersOf(cluster),
          arguments: (clients) => ['--placement', placement, '--mode', mode, '--clients', clients, ...sizes, '--total', flags['total']!], // prettier-ignore
        });
    }
    // The first seconds of a process are its compiler's.
    if (Number(flags['warm']) > 0)
      for (const { command, arguments: given } of contenders) await run(command, [...given('64'), '--total', flags['warm']!]); // prettier-ignore
    await measure(contenders, flags['clients']!.split(','), Number(flags['rounds']));
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function measure(contenders: readonly Contender[], clients: readonly string[], rounds: number): Promise<void> {
  const rows: string[][] = [];
  for (const count of clients) {
    const best = new Map<string, Figures>();
    for (let round = 0; round < rounds; round++)
      for (const contender of contenders) {
        const figures = await drive(contender, contender.arguments(count));
        console.log(`${contender.name}, ${count} clients: ${figures.text}`);
        const before = best.get(contender.name);
        if (before === undefined || before.perSecond < figures.perSecond) best.set(contender.name, figures);
      }
    const etcd = best.get('etcd');
    for (const [name, { perSecond, cpuMicrosEach }] of best)
      rows.push([
        count,
        name,
        perSecond.toFixed(0),
        etcd === undefined ? '' : (perSecond / etcd.perSecond).toFixed(2),
        cpuMicrosEach.toFixed(0),
      ]);
  }
  console.log(
    `\n${markdownTable(['clients', 'server', 'puts/s', 'ratio', 'µs of processor a put, all servers'], rows)}`,
  );
}

async function drive(contender: Contender, args: readonly string[]): Promise<Figures> {
  const pids = contender.pids();
  const countersBefore = await contender.counters?.();
  const before = cpuSeconds(pids);
  const output = await run(contender.command, args);
  const cpu = cpuSeconds(pids) - before;
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  const count = Number(args[args.indexOf('--total') + 1]);
  if (!(perSecond > 0)) throw new Error(`${contender.command} failed: ${output.slice(-1000)}`);
  const cpuMicrosEach = (cpu * 1e6) / count;
  const counters = Object.entries((await contender.counters?.()) ?? {}).map(
    ([name, value]) => `, ${((value - countersBefore![name]!) / count).toFixed(2)} ${name}`,
  );
  const [, rest = ''] = /Requests\/sec:\s+[\d.]+ (.*)/.exec(output) ?? [];
  const errors = /Error distribution:[^]*/.exec(output)?.[0] ?? '';
  return {
    perSecond,
    cpuMicrosEach,
    text: `${perSecond.toFixed(0)}/s, ${cpuMicrosEach.toFixed(0)} µs of processor each${counters.join('')}; ${rest}${errors}`.trim(),
  };
}

/** Entries of the log, messages between stores and the batches they travel in. */
async function countersOf(cluster: PlaygroundProcess): Promise<Record<string, number>> {
  const counters = { entries: 0, messages: 0, batches: 0 };
  for (const store of cluster.parts('store')) {
    const { links, regions } = (await cluster.status(store)) as {
      links: { sentMessages: number; sentBatches: number }[];
      regions: { appliedIndex: number; leads: boolean }[];
    };
    for (const { appliedIndex, leads } of regions) if (leads) counters.entries += appliedIndex;
    for (const { sentMessages, sentBatches } of links) {
      counters.messages += sentMessages;
      counters.batches += sentBatches;
    }
  }
  return counters;
}

/** User and system time of processes. */
function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_A_SECOND;
}

function buildDriver(ends: (() => unknown)[]): string {
  if (!isInstalled('go')) throw new Error('go is not installed: give the built bench/replicated-client as --driver');
  const folder = mkdtempSync(join(tmpdir(), 'rutile-driver-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const driver = join(folder, 'replicated-client');
  const built = spawnSync('go', ['build', '-o', driver, '.'], { cwd: join(PACKAGE_ROOT, 'bench/replicated-client'), encoding: 'utf8' }); // prettier-ignore
  if (built.status !== 0) throw new Error(`the driver cannot be built: ${built.stderr}`);
  return driver;
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    let output = '';
    const take = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-65_536));
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('exit', () => resolve(output));
  });
}
