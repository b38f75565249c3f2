/**
 * The simulator's command: seeds over scenarios, each run twice and compared.
 *
 *     npm run sim -- --seed 123 [--only store]      replay one seed
 *     npm run sim -- --seconds 600 [--from 1000]    as many seeds as fit; without --from, new ones every time
 *     npm run sim -- --list                         the scenarios
 *     npm run sim -- --plants [--seconds 600]       looks for every planted fault, how many seeds of how many show it
 *
 * A failing seed prints one line that replays it. Exit code 1 when a seed failed. A seed worth keeping goes into `seeds.txt`.
 */
import { Command, InvalidArgumentError } from 'commander';
import { findPlant as findInCluster, PLANTS as CLUSTER_PLANTS } from './cluster/mutations.ts';
import { findPlant as findInRaft, PLANTS as RAFT_PLANTS } from './raft/mutations.ts';
import { SCENARIOS, check, type Scenario } from './scenarios.ts';

const SEED_MAX = 2 ** 32 - 1;
const SECONDS_DEFAULT = 20;
/** After so many failures the same fault is likely the cause of all. */
const FAILURES_MAX = 20;

interface Options {
  readonly seed?: number;
  readonly seconds?: number;
  readonly from?: number;
  readonly only?: string;
  readonly list?: boolean;
  readonly plants?: boolean;
}

const program = new Command('sim')
  .description('runs the storage floors under simulated time, chance and disks')
  .option('--seed <number>', 'replay this seed', whole)
  .option('--seconds <number>', `try seeds for so long (default ${SECONDS_DEFAULT})`, positive)
  .option('--from <number>', 'the first seed to try (default: by the clock, so that every soak tries new ones)', whole)
  .option('--only <scenario>', `one of ${SCENARIOS.map((one) => one.name).join(', ')}`)
  .option('--list', 'print the scenarios and what they are held to')
  .option('--plants', 'plant each known fault in turn and tell how soon it is found');
program.parse(process.argv);
const done = new Map(SCENARIOS.map(({ name }) => [name, { seeds: 0, simulatedMs: 0 }]));
process.exitCode = await main(program.opts<Options>());

async function main(options: Options): Promise<number> {
  if (options.list) {
    for (const { name, promise } of SCENARIOS) console.log(`${name.padEnd(8)}${promise}`);
    return 0;
  }
  if (options.plants) return lookForPlants(options.seconds ?? SECONDS_DEFAULT, options.from ?? 1);
  const scenarios = SCENARIOS.filter((one) => options.only === undefined || one.name === options.only);
  if (scenarios.length === 0) program.error(`no scenario is called ${options.only}; --list prints them`);
  if (options.seed !== undefined) return (await trySeed(scenarios, options.seed, true)) === 0 ? 0 : 1;

  const startedAt = Date.now();
  const untilMs = startedAt + (options.seconds ?? SECONDS_DEFAULT) * 1000;
  const from = options.from ?? startedAt % SEED_MAX;
  let seed = from;
  let failures = 0;
  while (failures < FAILURES_MAX && (seed === from || Date.now() < untilMs))
    failures += await trySeed(scenarios, seed++ % SEED_MAX, false);
  const seconds = (Date.now() - startedAt) / 1000;
  const rate = Math.round((seed - from) / (seconds / 60));
  console.log(
    `${seed - from} seeds from ${from}, each twice, in ${seconds.toFixed(1)} s (${rate} seeds a minute): ${failures} failed`,
  );
  for (const { name } of scenarios) {
    const { seeds, simulatedMs } = done.get(name)!;
    console.log(`  ${name.padEnd(8)}${seeds} passed, ${showTime(simulatedMs)} of simulated time`);
  }
  return failures === 0 ? 0 : 1;
}

/** Every planted fault gets its share of the time; one that no seed shows is a hole in the simulator. */
async function lookForPlants(seconds: number, from: number): Promise<number> {
  let unseen = 0;
  const plants = [
    ...RAFT_PLANTS.map((plant) => ({ name: plant.name, find: (seed: number) => findInRaft(plant, seed, 1) })),
    ...CLUSTER_PLANTS.map((plant) => ({ name: plant.name, find: (seed: number) => findInCluster(plant, seed, 1) })),
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

/** How many scenarios failed with this seed. */
async function trySeed(scenarios: readonly Scenario[], seed: number, aloud: boolean): Promise<number> {
  let failures = 0;
  for (const scenario of scenarios) {
    const verdict = await check(scenario, seed);
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
    console.log(
      `failed: ${scenario.name} seed ${seed}: ${said}; replay: npm run sim -- --only ${scenario.name} --seed ${seed}`,
    );
    if (!aloud || verdict.kind !== 'failed') continue;
    console.log(['the last facts of the run:', ...verdict.lastFacts].join('\n  '));
    console.log(verdict.error.stack);
    if (verdict.error.cause instanceof Error) console.log(`caused by ${verdict.error.cause.stack}`);
  }
  return failures;
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
