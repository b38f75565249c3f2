/**
 * A cluster of real processes under sysbench while it is disturbed again and again (disturbances.ts), beside one process on the same machine.
 *
 *     npm run bench -- playground                                   3 stores, 3 members of placement, oltp_read_write, 16 threads, a kill every 20 s
 *     npm run bench -- playground --time 300 --disturb split-merge  the five minutes of the goal
 *     npm run bench -- playground --stores 4 --disturb evacuate     every replica leaves one store after the other
 *     npm run bench -- playground --disturb kill-placement          the leading member of placement instead
 *     npm run bench -- playground --disturb none --stores 1         what the way between processes costs
 *     npm run bench -- playground --disturb none --profile DIR      a profile of each process of the cluster
 *
 * Beside sysbench a probe inserts rows of its own, one after the other: its longest insert is the stall that a client sees, and each row it was
 * told about must be there at the end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { PlaygroundProcess } from '../test/cluster/playground-process.ts';
import { RutileProcess } from '../test/cluster/rutile-process.ts';
import { parseArguments } from './arguments.ts';
import { Disturbance } from './disturbances.ts';
import { isInstalled } from './peers.ts';
import { query, readOutput, sysbench } from './sysbench.ts';

/** Sysbench runs a transaction again that ends with one of these. */
const IGNORED = '1213,1020,1205,8002,8022,8028,9001,9005,9007';

export async function main(argv: readonly string[]): Promise<void> {
  const { flags, words } = parseArguments(argv, {
    threads: '16', time: '60', tables: '4', size: '10000', ps: 'auto', stores: '3', placements: '3', sqls: '1', every: '20', disturb: 'kill-store', only: '', profile: '',
  }); // prettier-ignore
  if (!isInstalled('sysbench')) throw new Error('sysbench is not installed');
  const script = words[0] ?? 'oltp_read_write';
  const threads = Number(flags['threads']);
  let clusterPerSecond = NaN;
  if (flags['only'] !== 'one') {
    const cluster = await PlaygroundProcess.start({
      stores: Number(flags['stores']), placements: Number(flags['placements']), sqls: Number(flags['sqls']),
      nodeArguments: flags['profile'] ? ['--cpu-prof', `--cpu-prof-dir=${flags['profile']}`] : [],
    }); // prettier-ignore
    try {
      console.log(`ready after ${Math.round(cluster.startedInMs)} ms`);
      const { port } = cluster.part('sql', 1);
      await query(port, 'create database sbtest');
      await cluster.untilReplicated(Math.min(3, Number(flags['stores'])));
      await sysbench(script, 'prepare', port, flags, 1);
      const probe = new Probe(await cluster.connect(1));
      await probe.prepare();
      const disturbance = new Disturbance(cluster, flags['disturb']!, Number(flags['every']) * 1000);
      const outcome = readOutput(
        await sysbench(script, 'run', port, flags, threads, [`--mysql-ignore-errors=${IGNORED}`]),
      );
      const done = await disturbance.stop();
      const found = await probe.stop();
      clusterPerSecond = outcome.perSecond;
      console.log(`cluster: ${outcome.failure ?? `${outcome.perSecond.toFixed(0)}/s, p95 ${outcome.p95Ms} ms, ${outcome.ignoredErrors} retried`}`); // prettier-ignore
      console.log(`${flags['disturb']}: ${JSON.stringify(done)}; longest insert of the probe ${found.longestMs} ms; ${found.acknowledged} acknowledged, ${found.lost} lost; errors ${JSON.stringify(found.errors)}`); // prettier-ignore
    } finally {
      await cluster.stop();
    }
  }
  if (flags['only'] === 'cluster') return;
  const one = await RutileProcess.start();
  try {
    await query(one.mysqlPort, 'create database sbtest');
    await sysbench(script, 'prepare', one.mysqlPort, flags, 1);
    const { perSecond, p95Ms } = readOutput(
      await sysbench(script, 'run', one.mysqlPort, { ...flags, time: '20' }, threads),
    );
    console.log(
      `one process: ${perSecond.toFixed(0)}/s, p95 ${p95Ms} ms; the cluster does ${(clusterPerSecond / perSecond).toFixed(2)} of it`,
    );
  } finally {
    await one.stop();
  }
}

class Probe {
  private readonly connection: Connection;
  private readonly acknowledged = new Set<number>();
  private readonly errors: Record<string, number> = {};
  private longestMs = 0;
  private stopped = false;
  private work: Promise<void> = Promise.resolve();

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async prepare(): Promise<void> {
    await this.connection.query('CREATE TABLE probe (id INT PRIMARY KEY)');
    this.work = this.run();
  }

  async stop(): Promise<{ longestMs: number; acknowledged: number; lost: number; errors: Record<string, number> }> {
    this.stopped = true;
    await this.work;
    const [rows] = await this.connection.query<RowDataPacket[]>('SELECT id FROM probe');
    const there = new Set(rows.map((row) => row['id'] as number));
    this.connection.destroy();
    const lost = [...this.acknowledged].filter((id) => !there.has(id)).length;
    return { longestMs: this.longestMs, acknowledged: this.acknowledged.size, lost, errors: this.errors };
  }

  private async run(): Promise<void> {
    for (let id = 1; !this.stopped; id++) {
      const began = performance.now();
      try {
        await this.connection.query('INSERT INTO probe VALUES (?)', [id]);
        this.acknowledged.add(id);
      } catch (error) {
        const { errno, message } = error as { errno?: number; message: string };
        const name = `${errno} ${message.slice(0, 120)}`;
        this.errors[name] = (this.errors[name] ?? 0) + 1;
      }
      this.longestMs = Math.max(this.longestMs, Math.round(performance.now() - began));
      await sleep(5);
    }
  }
}
