/**
 * The command that looks for wrong results: random schemas, random queries, and oracles that know when an answer cannot be right (oracles.ts).
 *
 *     npm run oracle -- --seconds 7200 --seed 1      seeds from 1 on, for two hours
 *     npm run oracle -- --seed 123 --seeds 1         one seed again
 *     npm run oracle -- --only pivot,norec           only these oracles
 *     npm run oracle -- --beside 3306                also asks the MySQL or MariaDB on that port of loopback (root, no password)
 *     npm run oracle -- --plants                     looks for every planted fault, and says how soon it is found
 *
 * What is found is printed as a script with few rows and a short query, and replayed by its seed. Exit code 1 when anything was found. Ctrl-C ends after the
 * check at hand, with the totals.
 */
import { Command, InvalidArgumentError } from 'commander';
import { enableVerify } from '../../base/assert.ts';
import { BesideServer } from './beside.ts';
import { MemoryServer } from './memory-server.ts';
import { BESIDE, ORACLES } from './oracles.ts';
import { findPlant, PLANTS } from './plants.ts';
import { describeFinding, SeedRun } from './run.ts';

const SECONDS_DEFAULT = 20;
/** A server that has seen so many databases is left for a new one: a catalog keeps what was dropped for a while. */
const SEEDS_PER_SERVER = 50;

interface Options {
  readonly seed: number;
  readonly seeds?: number;
  readonly seconds: number;
  readonly only: readonly string[];
  readonly findings: number;
  readonly shrink: boolean;
  readonly plants?: boolean;
  readonly beside?: number;
  readonly prefix: string;
}

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed');
  return value;
};
const names = (text: string): string[] => {
  const known = [...ORACLES, BESIDE].map(({ name }) => name);
  const wanted = text.split(',');
  if (!wanted.every((name) => known.includes(name))) throw new InvalidArgumentError(`they are ${known.join(', ')}`);
  return wanted;
};

const program = new Command('oracle')
  .description('looks for wrong results of random queries')
  .option('--seed <number>', 'the first seed', whole, Date.now() % 2 ** 31)
  .option('--seeds <number>', 'so many of them', whole)
  .option('--seconds <number>', 'for so long', whole, SECONDS_DEFAULT)
  .option('--only <oracles>', `some of ${ORACLES.map(({ name }) => name).join(', ')}`, names, [])
  .option('--findings <number>', 'ends after so many', whole, 100)
  .option('--no-shrink', 'prints findings as they were found')
  .option('--beside <port>', 'ask the server on this port of loopback as well', whole)
  .option('--prefix <text>', 'of the names of databases there', 'oracle_')
  .option('--plants', 'plant each known fault in turn and tell how soon it is found');
program.parse(process.argv);
process.exitCode = await main(program.opts<Options>());
// The column engine's workers would stay.
process.exit();

async function main(options: Options): Promise<number> {
  enableVerify();
  if (options.plants) return lookForPlants(options.seed);
  let isOver = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (isOver = true));
  const beganAt = performance.now();
  const stopped = (): boolean =>
    isOver || (options.seeds === undefined && performance.now() - beganAt > options.seconds * 1000);
  const counts = new Map<string, number>();
  let findings = 0;
  let server = await MemoryServer.open();
  const beside = options.beside === undefined ? undefined : await BesideServer.connect(options.beside, options.prefix);
  let seed = options.seed;
  for (; !stopped() && findings < options.findings; seed++) {
    if (options.seeds !== undefined && seed >= options.seed + options.seeds) break;
    if (seed > options.seed && (seed - options.seed) % SEEDS_PER_SERVER === 0) {
      await server.close();
      server = await MemoryServer.open();
      const heap = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
      console.error(`at seed ${seed}, ${Math.round((performance.now() - beganAt) / 1000)} s, heap ${heap} MiB, ${findings} findings`); // prettier-ignore
    }
    const run = new SeedRun(server, seed, beside);
    const finding = await run.run({ only: options.only, stopped, shrink: options.shrink });
    for (const [name, count] of run.counts) counts.set(name, (counts.get(name) ?? 0) + count);
    if (finding === undefined) continue;
    findings++;
    console.log(`${describeFinding(finding)}\nreplay: npm run oracle -- --seed ${seed} --seeds 1\n`);
  }
  beside?.close();
  await server.close();
  const seconds = (performance.now() - beganAt) / 1000;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const { name } of [...ORACLES, BESIDE])
    if (counts.has(name)) console.log(`${name.padEnd(12)}${counts.get(name)} checks`);
  console.log(
    `${seed - options.seed} seeds, ${total} checks in ${seconds.toFixed(0)} s, ${(total / seconds).toFixed(0)} a second, ${findings} findings`,
  );
  return findings === 0 ? 0 : 1;
}

async function lookForPlants(from: number): Promise<number> {
  let missed = 0;
  for (const plant of PLANTS) {
    const found = await findPlant(plant, from);
    if (found === undefined) missed++;
    console.log(`${plant.name.padEnd(20)}${found === undefined ? `not found in ${plant.seedsMax} seeds` : `seed ${found.seed}: ${found.wrong.slice(0, 160)}`}`); // prettier-ignore
  }
  return missed === 0 ? 0 : 1;
}
