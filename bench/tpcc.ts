/**
 * TPC-C-derived load on Rutile and MariaDB, side by side on this machine, both with synced commits: no think times, so warehouses are few and terminals
 * meet. The driver is one process for both. Afterwards the consistency conditions are asked; a broken one ends the run with an error.
 *
 *     npm run bench -- tpcc                                             2 warehouses, 16 terminals, 60 seconds each
 *     npm run bench -- tpcc --warehouses 4 --threads 1,16,64 --only rutile --profile /tmp/p
 */
import type { Connection } from 'mysql2/promise';
import { markdownTable, parseArguments } from './arguments.ts';
import { startMariaDb } from './peers.ts';
import { startRutile } from './sysbench.ts';
import { checkConsistency } from './tpcc/consistency.ts';
import { load } from './tpcc/load.ts';
import { KINDS, newTally, type Tally, Terminal } from './tpcc/terminal.ts';

const WARM_UP_SECONDS = 5;

interface Outcome {
  readonly tpmC: number;
  readonly perSecond: number;
  readonly p95Ms: number;
}

export async function main(argv: readonly string[]): Promise<void> {
  const { flags } = parseArguments(argv, { threads: '16', time: '60', warehouses: '2', only: '', profile: '' });
  const warehouses = Number(flags['warehouses']);
  const results = new Map<number, Record<string, Outcome>>();
  for (const name of ['rutile', 'mariadb']) {
    if (flags['only'] && flags['only'] !== name) continue;
    const server = name === 'rutile' ? await startRutile(flags['profile']!) : await startMariaDb();
    try {
      const startedMs = performance.now();
      const connection = await connect(server.port, undefined);
      await connection.query('CREATE DATABASE tpcc');
      await connection.query('USE tpcc');
      await load(connection, warehouses);
      console.log(
        `${name}: ${warehouses} warehouses loaded in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
      );
      for (const threads of flags['threads']!.split(',').map(Number)) {
        const tally = await run(server.port, { warehouses, threads, seconds: Number(flags['time']) });
        const outcome = summary(tally, Number(flags['time']));
        results.set(threads, { ...results.get(threads), [name]: outcome });
        console.log(
          `${name}, ${threads} terminals: tpmC ${outcome.tpmC.toFixed(0)}, ${outcome.perSecond.toFixed(0)} transactions/s, new orders p95 ${outcome.p95Ms.toFixed(1)} ms, ${tally.rolledBack} rolled back, ${tally.retried} retried (${KINDS.map((kind) => `${kind} ${tally.done[kind]}`).join(', ')})`,
        );
        const broken = await checkConsistency(connection);
        if (broken.length > 0) throw new Error(`${name} is inconsistent:\n${broken.join('\n')}`);
        console.log(`${name}: all consistency conditions hold`);
      }
      await connection.end();
    } finally {
      await server.stop();
    }
  }
  const rows = [...results].map(([threads, { rutile, mariadb }]) => [
    `${threads}`,
    rutile?.tpmC.toFixed(0) ?? '',
    mariadb?.tpmC.toFixed(0) ?? '',
    rutile && mariadb ? (rutile.tpmC / mariadb.tpmC).toFixed(2) : '',
    rutile ? `${rutile.p95Ms.toFixed(1)}` : '',
    mariadb ? `${mariadb.p95Ms.toFixed(1)}` : '',
  ]);
  console.log(`\n${markdownTable(['terminals', 'Rutile tpmC', 'MariaDB tpmC', 'ratio', 'Rutile p95 ms', 'MariaDB p95 ms'], rows)}`); // prettier-ignore
}

async function run(
  port: number,
  options: { readonly warehouses: number; readonly threads: number; readonly seconds: number },
): Promise<Tally> {
  const tally = newTally();
  const terminals = await Promise.all(
    Array.from(
      { length: options.threads },
      async (_, i) => new Terminal(await connect(port, 'tpcc'), 10_000 + i, options.warehouses),
    ),
  );
  const startMs = performance.now() + WARM_UP_SECONDS * 1000;
  const endMs = startMs + options.seconds * 1000;
  const isOver = (): boolean => performance.now() >= endMs;
  const counts = (): boolean => performance.now() >= startMs && performance.now() < endMs;
  await Promise.all(terminals.map((terminal) => terminal.run(tally, isOver, counts)));
  await Promise.all(terminals.map((terminal) => terminal.connection.end()));
  return tally;
}

function summary(tally: Tally, seconds: number): Outcome {
  const sorted = tally.latenciesMs.sort((a, b) => a - b);
  const total = KINDS.reduce((sum, kind) => sum + tally.done[kind], 0);
  return {
    tpmC: (tally.done['new order'] / seconds) * 60,
    perSecond: total / seconds,
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? NaN,
  };
}

async function connect(port: number, database: string | undefined): Promise<Connection> {
  const mysql = await import('mysql2/promise');
  return mysql.default.createConnection({
    host: '127.0.0.1',
    port,
    user: 'root',
    decimalNumbers: true,
    ...(database === undefined ? {} : { database }),
  });
}
