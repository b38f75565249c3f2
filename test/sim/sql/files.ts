/**
 * The SQL tests of `test/sql`, as they are, on simulated servers under every fault. A record that gets an answer of bad weather (`transient.ts`), and
 * does not expect just that, makes its file begin anew, in a new database: what it did before is gone, and a wrong answer is never taken for weather.
 * When all is mended each file passes within the bound.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../base/node/package-root.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Random } from '../../../base/world.ts';
import { parseSlt, runSlt, type SltRecord, type SltSession } from '../../sql/slt.ts';
import { canonicalDialect, translateDialect } from '../../../sql/parser/dialect.ts';
import { SqlClient } from './client.ts';
import { fateOf } from './transient.ts';

const FOLDER = join(PACKAGE_ROOT, 'test/sql');
/** Without those that log in: here everybody is root. */
const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.slt') && !/^connection \S*@/m.test(readFileSync(join(FOLDER, name), 'utf8')))
  .sort();
/** The rest of a run waits for the next seed. */
const FILES_PER_RUN = 4;

/** Waited for a lock in vain, or did not want to wait. */
const LOCKED_OUT = [1205, 3572];

/** The parsers of other dialects are loaded from the real disk, when they are first needed: before the simulation begins. */
export async function loadDialects(): Promise<void> {
  const texts = FILES.map((file) => readFileSync(join(FOLDER, file), 'utf8')).join('\n');
  for (const [, dialect] of texts.matchAll(/sql_dialect = '(\w+)'/g))
    if (canonicalDialect(dialect!) !== undefined) await translateDialect('SELECT 1', dialect!);
}

class BadWeather extends Error {}

export interface FilesOptions {
  readonly random: Random;
  readonly servers: readonly string[];
  readonly note: (fact: string) => void;
}

export class SltFiles {
  readonly counters = new Map<string, number>();
  readonly names: readonly string[];
  private readonly world: SimWorld;
  private readonly options: FilesOptions;
  private databaseCount = 0;

  constructor(world: SimWorld, options: FilesOptions) {
    this.world = world;
    this.options = options;
    const rest = [...FILES];
    this.names = Array.from({ length: Math.min(FILES_PER_RUN, FILES.length) }, () => rest.splice(options.random.below(rest.length), 1)[0]!); // prettier-ignore
  }

  /** Until it has passed. */
  async pass(file: string): Promise<void> {
    const random = this.options.random.fork(file);
    const records = parseSlt(readFileSync(join(FOLDER, file), 'utf8'), ['rutile', 'simulated']);
    while (!(await this.attempt(file, records, random)))
      await new Promise((resolve) => void this.world.timers.after(20 + random.below(100), () => resolve(undefined)));
    this.options.note(`${file} passed`);
    this.count('files passed');
  }

  private async attempt(file: string, records: readonly SltRecord[], random: Random): Promise<boolean> {
    const { servers } = this.options;
    const database = `slt_${++this.databaseCount}`;
    const clients = new Map<string, SqlClient>();
    const address = servers[random.below(servers.length)]!;
    const expected = new Map<string, Set<number>>();
    for (const record of records)
      if (record.kind === 'statement' && record.error !== undefined)
        expected.set(record.sql, (expected.get(record.sql) ?? new Set()).add(record.error));
    const session = async (name: string): Promise<SltSession> => {
      let client = clients.get(name);
      if (client === undefined) {
        client = await weathered(() => SqlClient.connect(this.world, address));
        clients.set(name, client);
        const opened = client;
        if (clients.size === 1) await weathered(() => opened.run(`CREATE DATABASE ${database}`));
        await weathered(() => opened.run(`USE ${database}`));
      }
      const known = client;
      return { run: (sql) => weathered(() => known.run(sql), expected.get(sql)).then(keptOut(expected.get(sql))) };
    };
    try {
      await session('a');
      // The client waits for no answer for ever.
      await runSlt(file, records, session, (answer) => answer);
      return true;
    } catch (error) {
      for (let at = error; at instanceof Error; at = at.cause)
        if (at instanceof BadWeather) {
          this.options.note(`${file} again: ${at.message.slice(0, 120)}`);
          this.count('files begun anew');
          return false;
        }
      throw error;
    } finally {
      for (const client of clients.values()) client.close();
    }
  }

  private count(what: string): void {
    this.counters.set(what, (this.counters.get(what) ?? 0) + 1);
  }
}

/** Locks that a leader has in its memory go with it: who was to be kept out by one gets in, and whoever had it learns so at its commit. */
function keptOut(expected: ReadonlySet<number> | undefined): <T>(answer: T) => T {
  return (answer) => {
    if (LOCKED_OUT.some((errno) => expected?.has(errno) === true)) throw new BadWeather('a lock was lost');
    return answer;
  };
}

/** What bad weather explains becomes `BadWeather`, unless it is what is to come. */
async function weathered<T>(work: () => Promise<T>, expected?: ReadonlySet<number>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { errno } = error as { errno?: number };
    const isExpected = errno !== undefined && (expected?.has(errno) === true || expected?.has(0) === true);
    if (isExpected || fateOf(error, true) === undefined) throw error;
    throw new BadWeather(String(error));
  }
}
