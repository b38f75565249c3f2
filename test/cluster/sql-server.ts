/**
 * The server that tests of SQL speak to: one `rutile start`, or a playground of three stores whose regions are cut at 1 KiB. The tests are the same;
 * `SQL_TESTS_ON` says which it is, and `npm test -- --cluster three` sets it and runs every file that starts its server here.
 *
 * On three stores each server, before it ends, shows that there were many regions, each with three voters: a cluster that did not cut would pass for one that did.
 */
import assert from 'node:assert/strict';
import { PlaygroundProcess } from './playground-process.ts';
import { RutileProcess } from './rutile-process.ts';

export interface SqlServer {
  readonly mysqlPort: number;
  /** What it printed last, for messages of failed tests. */
  readonly output: string;
  /** As its user ends it; the exit code. */
  stop(): Promise<number | null>;
}

export interface SqlServerOptions {
  /** Below which a cluster's regions are too few to show anything. */
  readonly regionsMin?: number;
}

export const SQL_TESTS_ON = 'SQL_TESTS_ON';

const REGION_KIB = 1;
/** System tables alone fill more. */
const REGIONS_MIN = 20;

export function onThreeStores(): boolean {
  const value = process.env[SQL_TESTS_ON] ?? 'one';
  assert(value === 'one' || value === 'three', `${SQL_TESTS_ON} is one or three, not ${value}`);
  return value === 'three';
}

export async function startSqlServer(options: SqlServerOptions = {}): Promise<SqlServer> {
  return onThreeStores() ? ThreeStores.start(options.regionsMin ?? REGIONS_MIN) : RutileProcess.start();
}

class ThreeStores implements SqlServer {
  private readonly cluster: PlaygroundProcess;
  private readonly regionsMin: number;

  static async start(regionsMin: number): Promise<ThreeStores> {
    const flags = ['--region-size-kib', String(REGION_KIB)];
    const cluster = await PlaygroundProcess.start({ stores: 3, placements: 1, sqls: 1, flags });
    try {
      // From here on a write is on a majority.
      await cluster.untilReplicated(3);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return new ThreeStores(cluster, regionsMin);
  }

  private constructor(cluster: PlaygroundProcess, regionsMin: number) {
    this.cluster = cluster;
    this.regionsMin = regionsMin;
  }

  get mysqlPort(): number {
    return this.cluster.part('sql', 1).port;
  }

  get output(): string {
    return `${this.cluster.text}${this.cluster.log(this.cluster.part('sql', 1)).slice(-65_536)}`;
  }

  async stop(): Promise<number | null> {
    let counted: { regions: number; replicated: number };
    try {
      counted = await this.count();
    } catch (error) {
      await this.cluster.stop();
      throw error;
    }
    const code = await this.cluster.stop();
    const { regions, replicated } = counted;
    console.log(`${regions} regions, ${replicated} of them with three voters`);
    assert(regions >= this.regionsMin, `${regions} regions are too few to show anything`);
    assert(replicated >= this.regionsMin, `only ${replicated} of ${regions} regions have three voters`);
    return code;
  }

  /** As the leaders know them. */
  private async count(): Promise<{ regions: number; replicated: number }> {
    const all = await Promise.all(this.cluster.parts('store').map((part) => this.cluster.regions(part)));
    const led = all.flat().filter(({ leads }) => leads);
    const replicated = led.filter(({ peers }) => peers.length === 3 && peers.every(({ role }) => role === 'voter'));
    return { regions: led.length, replicated: replicated.length };
  }
}
