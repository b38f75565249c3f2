/**
 * The simulator's command: seeds over scenarios, each run twice and compared.
 *
 *     npm run sim -- --seed 123 [--only store]      replay one seed
 *     npm run sim -- --seconds 600 [--from 1000]    as many seeds as fit; without --from, new ones every time
 *     npm run sim -- --seeds 2000 --jobs 2 --span 45  so many, in two processes, each longer under faults than usual
 *     npm run sim -- --list                         the scenarios
 *     npm run sim -- --plants [--seconds 600]       looks for every planted fault, how many seeds of how many show it
 *
 * Ctrl-C ends a search after the seed at hand, with its totals. A failing seed prints one line that replays it. Exit code 1 when a seed failed. A seed worth keeping goes into `seeds.txt`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { findPlant as findInCluster, PLANTS as CLUSTER_PLANTS } from './cluster/mutations.ts';
import { findPlant as findInRaft, PLANTS as RAFT_PLANTS } from './raft/mutations.ts';
import { findPlant as findInSql, PLANTS as SQL_PLANTS } from './sql/mutations.ts';
import { SCENARIOS, check, type Scenario } from './scenarios.ts';

const SEED_MAX = 2 ** 32 - 1;
const SECONDS_DEFAULT = 20;
/** After so many failures the same fault is likely the cause of all. */
const FAILURES_MAX = 20;

interface Options {
  readonly seed?: number;
  readonly seconds?: number;
  readonly from?: number;
  readonly seeds?: number;
  readonly jobs: number;
  readonly step: number;
  readonly span?: number;
  readonly only?: string;
  readonly list?: boolean;
  readonly plants?: boolean;
}

const program = new Command('sim')
  .description('runs the storage floors under simulated time, chance and disks')
  .option('--seed <number>', 'replay this seed', whole)
  .option('--seconds <number>', `try seeds for so long (default ${SECONDS_DEFAULT})`, positive)
  .option('--from <number>', 'the first seed to try (default: by the clock, so that every soak tries new ones)', whole)
  .option('--seeds <number>', 'try so many, however long it takes', whole)
  .option('--jobs <number>', 'in so many processes', whole, 1)
  .option('--step <number>', 'try every so manyth seed', whole, 1)
  .option('--span <seconds>', 'simulated time under faults, of the scenario cluster', positive)
  .option('--only <scenario>', `one of ${SCENARIOS.map((one) => one.name).join(', ')}`)
  .option('--list', 'print the scenarios and what they are held to')
  .option('--plants', 'plant each known fault in turn and tell how soon it is found');
program.parse(process.argv);
const done = new Map(SCENARIOS.map(({ name }) => [name, { seeds: 0, simulatedMs: 0 }]));
let failures = 0;
let stopping = false;
process.exitCode = await main(program.opts<Options>());

async function main(options: Options): Promise<number> {
  if (options.list) {
    for (const { name, promise } of SCENARIOS) console.log(`${name.padEnd(8)}${promise}`);
    return 0;
  }
  if (options.plants) return lookForPlants(options.seconds ?? SECONDS_DEFAULT, options.from ?? 1);
  const scenarios = SCENARIOS.filter((one) => options.only === undefined || one.name === options.only);
  if (scenarios.length === 0) program.error(`no scenario is called ${options.only}; --list prints them`);
  if (options.seed !== undefined) {
    await trySeed(scenarios, options.seed, options);
    return failures === 0 ? 0 : 1;
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopping = true));
  const startedAt = Date.now();
  const from = options.from ?? startedAt % SEED_MAX;
  const tried = options.jobs > 1 ? await runJobs(options, from) : await trySeeds(scenarios, options, from);
  if (process.send !== undefined) {
    process.send({ tried, failures, done: [...done] } satisfies Sum);
    process.disconnect();
    return failures === 0 ? 0 : 1;
  }
  const seconds = (Date.now() - startedAt) / 1000;
  const rate = Math.round(tried / (seconds / 60));
  console.log(
    `${tried} seeds from ${from}, each twice, in ${seconds.toFixed(1)} s (${rate} seeds a minute): ${failures} failed`,
  );
  for (const { name } of scenarios) {
    const { seeds, simulatedMs } = done.get(name)!;
    console.log(`  ${name.padEnd(8)}${seeds} passed, ${showTime(simulatedMs)} of simulated time`);
  }
  return failures === 0 ? 0 : 1;
}

/** How many were tried. */
async function trySeeds(scenarios: readonly Scenario[], options: Options, from: number): Promise<number> {
  const { seeds = Infinity, seconds = seeds === Infinity ? SECONDS_DEFAULT : Infinity, step } = options;
  const untilMs = Date.now() + seconds * 1000;
  let tried = 0;
  while (!stopping && failures < FAILURES_MAX && tried < seeds && (tried === 0 || Date.now() < untilMs))
    await trySeed(scenarios, (from + step * tried++) % SEED_MAX, options);
  return tried;
}

/** What one of several processes found. */
interface Sum {
  readonly tried: number;
  readonly failures: number;
  readonly done: readonly (readonly [string, { readonly seeds: number; readonly simulatedMs: number }])[];
}

/** Each takes every so manyth seed; what they print comes as it comes. */
async function runJobs({ jobs, seeds, seconds, only, span }: Options, from: number): Promise<number> {
  const children: ChildProcess[] = [];
  // Ctrl-C reaches them by itself.
  process.once('SIGTERM', () => children.forEach((child) => child.kill()));
  const sums = await Promise.all(
    Array.from({ length: jobs }, (_, i) => {
      const share = seeds === undefined ? undefined : Math.floor(seeds / jobs) + (i < seeds % jobs ? 1 : 0);
      const flags = Object.entries({ from: from + i, step: jobs, seeds: share, seconds, only, span });
      const args = flags.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
      return new Promise<Sum>((resolve, reject) => {
        // What a turn makes is gone with it: with room for many turns the collector finds little to copy.
        const child = fork(fileURLToPath(import.meta.url), args, { execArgv: ['--max-semi-space-size=64'] });
        children.push(child);
        child.on('message', (sum: Sum) => resolve(sum));
        child.on('exit', (code, signal) => reject(new Error(`a process of the simulator ended (${signal ?? code})`)));
      });
    }),
  );
  for (const sum of sums) {
    failures += sum.failures;
    for (const [name, { seeds: count, simulatedMs }] of sum.done) {
      const all = done.get(name)!;
      all.seeds += count;
      all.simulatedMs += simulatedMs;
    }
  }
  return sums.reduce((total, { tried }) => total + tried, 0);
}

/** Every planted fault gets its share of the time; one that no seed shows is a hole in the simulator. */
async function lookForPlants(seconds: number, from: number): Promise<number> {
  let unseen = 0;
  const plants = [
    ...RAFT_PLANTS.map((plant) => ({ name: plant.name, find: (seed: number) => findInRaft(plant, seed, 1) })),
    ...CLUSTER_PLANTS.map((plant) => ({ name: plant.name, find: (seed: number) => findInCluster(plant, seed, 1) })),
    ...SQL_PLANTS.map((plant) => ({ name: plant.name, find: (seed: number) => findInSql(plant, seed, 1) })),
  ];
  for (const plant of plants) {
    const untilMs = Date.now() + (seconds * 1000) / plants.length;
    let [tried, shown] = [0, 0];
    let first: { readonly seed: number; readonly seen: string } | undefined;
    while (tried === 0 || Date.now() < untilMs) {
      const found = await plant.find(from + tried++);
      if (found !== undefined) shown++;
      first ??= found;
    }
    if (first === undefined) unseen++;
    console.log(
      `${plant.name}: ${shown} of ${tried} seeds` +
        (first === undefined ? ', NOT FOUND' : `, first ${first.seed}: ${first.seen.split('\n')[0]}`),
    );
  }
  return unseen === 0 ? 0 : 1;
}

/** What passed so far, by scenario; of two runs of a seed the time counts once. */
function passed(scenario: Scenario, simulatedMs: number): void {
  const sum = done.get(scenario.name)!;
  sum.seeds++;
  sum.simulatedMs += simulatedMs;
}

function showTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 600) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 600 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

async function trySeed(scenarios: readonly Scenario[], seed: number, options: Options): Promise<void> {
  const aloud = options.seed !== undefined;
  for (const scenario of scenarios) {
    const verdict = await check(scenario, seed, options.span);
    if (verdict.kind === 'passed') {
      passed(scenario, verdict.simulatedMs);
      if (aloud) console.log(`${scenario.name} seed ${seed} passed twice: ${verdict.hash}`);
      continue;
    }
    failures++;
    const said =
      verdict.kind === 'failed'
        ? reasonOf(verdict.error)
        : `two runs of one seed differ: ${verdict.hash} and ${verdict.other}`;
    const span = options.span === undefined ? '' : ` --span ${options.span}`;
    const replay = `npm run sim -- --only ${scenario.name} --seed ${seed}${span}`;
    console.log(`failed: ${scenario.name} seed ${seed}: ${said}; replay: ${replay}`);
    if (!aloud || verdict.kind !== 'failed') continue;
    console.log(['the last facts of the run:', ...verdict.lastFacts].join('\n  '));
    console.log(verdict.error.stack);
    if (verdict.error.cause instanceof Error) console.log(`caused by ${verdict.error.cause.stack}`);
  }
}

function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.split('\n')[0]!;
}

function whole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > SEED_MAX) throw new InvalidArgumentError(`a whole number up to ${SEED_MAX}`);
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1e7) throw new InvalidArgumentError('a positive number of seconds');
  return value;
}
