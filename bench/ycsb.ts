/**
 * The official Go client through go-ycsb, raw mode, beside one etcd through the same tool. go-ycsb is not part of this repository: give its binary.
 *
 *     npm run bench -- ycsb --tool /path/to/go-ycsb --workloads /path/to/workloads --threads 16,64 a b c d e f
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { RutileProcess } from '../test/cluster/rutile-process.ts';
import { markdownTable, parseArguments } from './arguments.ts';
import { isInstalled, startEtcd } from './peers.ts';

export async function main(argv: readonly string[]): Promise<void> {
  const { flags, words } = parseArguments(argv, {
    tool: 'go-ycsb',
    workloads: 'workloads',
    threads: '16,64',
    records: '10000',
    operations: '100000',
    only: '',
    profile: '',
  });
  const letters = words.length > 0 ? words : ['a'];
  const results = new Map<string, Record<string, string>>();
  for (const name of ['rutile', 'etcd']) {
    if ((flags['only'] && flags['only'] !== name) || (name === 'etcd' && !isInstalled('etcd'))) continue;
    const nodeArguments = flags['profile'] ? ['--cpu-prof', `--cpu-prof-dir=${flags['profile']}`] : [];
    const server = name === 'rutile' ? await RutileProcess.start({ nodeArguments }) : await startEtcd();
    const [driver, ...properties] =
      server instanceof RutileProcess
        ? ['tikv', `tikv.pd=127.0.0.1:${server.doors['placement']!.port}`, 'tikv.type=raw', 'tikv.conncount=4']
        : ['etcd', `etcd.endpoints=127.0.0.1:${server.port}`];
    for (const letter of letters) {
      for (const threads of flags['threads']!.split(',')) {
        const shared = [
          driver!,
          '-P',
          join(flags['workloads']!, `workload${letter}`),
          ...[...properties, `recordcount=${flags['records']}`, `threadcount=${threads}`].flatMap((one) => ['-p', one]),
        ];
        const loaded = total(await run(flags['tool']!, ['load', ...shared]));
        const ran = await run(flags['tool']!, ['run', ...shared, '-p', `operationcount=${flags['operations']}`]);
        const errors = /_ERROR.*Count: (\d+)/.exec(ran)?.[1];
        const key = `${letter}, ${threads} threads`;
        results.set(key, {
          ...results.get(key),
          [name]: `${total(ran)}${errors ? ` (${errors} errors)` : ''}`,
          [`${name} load`]: loaded,
        });
        console.log(`${name} ${key}: load ${loaded}/s, run ${total(ran)}/s${errors ? `, ${errors} errors` : ''}`);
      }
    }
    await server.stop();
  }
  const rows = [...results].map(([key, one]) => [
    key,
    one['rutile'] ?? '',
    one['etcd'] ?? '',
    one['rutile'] && one['etcd'] ? (parseFloat(one['rutile']) / parseFloat(one['etcd'])).toFixed(2) : '',
    one['rutile load'] ?? '',
    one['etcd load'] ?? '',
  ]);
  console.log(
    `\n${markdownTable(['workload', 'Rutile ops/s', 'etcd ops/s', 'ratio', 'Rutile load/s', 'etcd load/s'], rows)}`,
  );
}

function total(output: string): string {
  const found = [...output.matchAll(/TOTAL\s.*?OPS: ([\d.]+)/g)].at(-1);
  return found ? Number(found[1]).toFixed(0) : `failed: ${output.slice(-300)}`;
}

function run(tool: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('exit', () => resolve(output));
  });
}
