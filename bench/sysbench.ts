/**
 * sysbench's OLTP scripts on Rutile and MariaDB, side by side on this machine, both with synced commits.
 *
 *     npm run bench -- sysbench                                       the seven scripts of the comparison, 16 threads
 *     npm run bench -- sysbench oltp_read_only --threads 1,16,64      one script at several thread counts
 *     npm run bench -- sysbench --ps text --only rutile               text protocol; no peer
 *     npm run bench -- sysbench oltp_point_select --profile /tmp/p    with a CPU profile of the Rutile process
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { RutileProcess } from '../test/cluster/rutile-process.ts';
import { markdownTable, parseArguments } from './arguments.ts';
import { isInstalled, startMariaDb } from './peers.ts';

const SCRIPTS = [
  'oltp_point_select',
  'oltp_read_only',
  'oltp_read_write',
  'oltp_update_index',
  'oltp_update_non_index',
  'oltp_insert',
  'oltp_delete',
  'oltp_write_only',
];

export interface Outcome {
  readonly perSecond: number;
  readonly p95Ms: number;
  readonly ignoredErrors: number;
  readonly failure: string | undefined;
}

export async function main(argv: readonly string[]): Promise<void> {
  const { flags, words } = parseArguments(argv, {
    threads: '16',
    time: '10',
    tables: '4',
    size: '50000',
    ps: 'auto',
    only: '',
    profile: '',
  });
  if (!isInstalled('sysbench')) throw new Error('sysbench is not installed');
  const scripts = words.length > 0 ? words : SCRIPTS;
  const threadCounts = flags['threads']!.split(',').map(Number);
  const results = new Map<string, Record<string, Outcome>>();
  for (const name of ['rutile', 'mariadb']) {
    if (flags['only'] && flags['only'] !== name) continue;
    const server = name === 'rutile' ? await startRutile(flags['profile']!) : await startMariaDb();
    try {
      await query(server.port, 'create database sbtest');
      for (const script of scripts) {
        await sysbench(script, 'prepare', server.port, flags, 1);
        for (const threads of threadCounts) {
          const before = cpuSeconds(server.pid);
          const outcome = readOutput(await sysbench(script, 'run', server.port, flags, threads));
          const cpu = ((cpuSeconds(server.pid) - before) / Number(flags['time'])) * 100;
          const key = `${script} ${threads}`;
          results.set(key, { ...results.get(key), [name]: outcome });
          console.log(
            `${name} ${key}: ${outcome.failure ?? `${outcome.perSecond.toFixed(0)}/s, p95 ${outcome.p95Ms} ms, ${outcome.ignoredErrors} retried, ${cpu.toFixed(0)} % cpu, ${rssMiB(server.pid)} MiB`}`,
          );
        }
        await sysbench(script, 'cleanup', server.port, flags, 1);
      }
    } finally {
      await server.stop();
    }
  }
  const rows = [...results].map(([key, { rutile, mariadb }]) => {
    const ratio = rutile && mariadb && !rutile.failure ? (rutile.perSecond / mariadb.perSecond).toFixed(2) : '';
    return [
      key.replace('oltp_', '').replace(' ', ', ') + ' threads',
      rutile?.perSecond.toFixed(0) ?? '',
      mariadb?.perSecond.toFixed(0) ?? '',
      ratio,
      rutile ? `${rutile.p95Ms}` : '',
    ];
  });
  console.log(`\n${markdownTable(['script', 'Rutile /s', 'MariaDB /s', 'ratio', 'Rutile p95 ms'], rows)}`);
}

/** Transactions a second, which for the single-statement scripts are statements. */
export function readOutput(output: string): Outcome {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? NaN);
  const perSecond = number(/transactions:\s+\d+\s+\(([\d.]+) per sec/);
  const failure = Number.isNaN(perSecond)
    ? (output
        .match(/FATAL:.{0,300}/g)
        ?.slice(0, 3)
        .join(' ') ?? output.slice(-300))
    : undefined;
  return {
    perSecond,
    p95Ms: number(/95th percentile:\s+([\d.]+)/),
    ignoredErrors: number(/ignored errors:\s+(\d+)/),
    failure,
  };
}

export function sysbench(
  script: string,
  command: string,
  port: number,
  flags: Record<string, string>,
  threads: number,
  more: readonly string[] = [],
): Promise<string> {
  const options = [
    script, '--db-driver=mysql', '--mysql-host=127.0.0.1', `--mysql-port=${port}`, '--mysql-user=root', '--mysql-db=sbtest',
    `--tables=${flags['tables']}`, `--table-size=${flags['size']}`, `--threads=${threads}`, `--time=${flags['time']}`, `--db-ps-mode=${flags['ps'] === 'text' ? 'disable' : 'auto'}`, ...more, command,
  ]; // prettier-ignore
  return new Promise((resolve, reject) => {
    const child = spawn('sysbench', options);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('exit', (code) =>
      code === 0 || command === 'run'
        ? resolve(output)
        : reject(new Error(`sysbench ${script} ${command} failed:\n${output.slice(-2000)}`)),
    );
  });
}

export async function startRutile(
  profileFolder: string,
): Promise<{ port: number; pid: number; stop(): Promise<void> }> {
  const nodeArguments = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const server = await RutileProcess.start({ nodeArguments });
  return { port: server.mysqlPort, pid: server.child.pid!, stop: async () => void (await server.stop()) };
}

export async function query(port: number, sql: string): Promise<void> {
  const mysql = await import('mysql2/promise');
  const connection = await mysql.default.createConnection({ host: '127.0.0.1', port, user: 'root' });
  await connection.query(sql);
  await connection.end();
}

function cpuSeconds(pid: number): number {
  const fields = readProc(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

function rssMiB(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readProc(pid, 'status'))?.[1] ?? 0) / 1024);
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
