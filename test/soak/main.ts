/**
 * The soak: one server, mixed load, changes of its schema, `kill -9` and a restart over the same folder every so often, for hours.
 *
 *     npm run soak -- --seconds 7200 --kill-every 300
 *     npm run soak -- --seconds 7200 --kill-every 0        the same process all the time, checked every five minutes
 *
 * load.ts says what is done and what it is held to. Whatever nothing explains ends the soak with exit code 1, and the folder stays. At the end
 * memory.ts says whether memory grows. The load is held at `--rate` pieces of work a second, so that it shares a machine.
 */
import { Command, InvalidArgumentError } from 'commander';
import { RutileProcess } from '../cluster/rutile-process.ts';
import { SoakLoad } from './load.ts';
import { memoryVerdict, ofPeriod, residentBytes } from './memory.ts';

const PERIOD_SECONDS_UNKILLED = 300;
const SAMPLE_MS = 2000;
const MIB = 2 ** 20;

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed');
  return value;
};
const program = new Command('soak')
  .description('mixed load, changes of the schema and kills, for hours')
  .option('--seconds <number>', 'for so long', whole, 7200)
  .option('--kill-every <seconds>', 'kill -9 and restart; 0: never', whole, 300)
  .option('--rate <number>', 'pieces of work a second', whole, 40)
  .option('--workers <number>', 'connections besides those of the schema and the large transactions', whole, 8)
  .option('--seed <number>', 'of what clients draw', whole, Date.now() % 2 ** 31);
program.parse(process.argv);
const options = program.opts<{ seconds: number; killEvery: number; rate: number; workers: number; seed: number }>();

const beganMs = performance.now();
const elapsed = (): string => `${((performance.now() - beganMs) / 1000).toFixed(0).padStart(5)} s`;
const say = (line: string): void => console.log(`${elapsed()}  ${line}`);
const inMib = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;

const load = new SoakLoad({ seed: options.seed, workers: options.workers, rate: options.rate, report: say });
let server = await RutileProcess.start();
const { dataDir } = server;
say(`seed ${options.seed}, folder ${dataDir}`);
const memory: number[] = [];
let slowestRestartMs = 0;
let failed = false;
try {
  await load.prepare(server.mysqlPort);
  for (let period = 1; performance.now() - beganMs < options.seconds * 1000; period++) {
    const cpuBefore = process.cpuUsage();
    const leftMs = options.seconds * 1000 - (performance.now() - beganMs);
    const periodMs = Math.min(leftMs, (options.killEvery || PERIOD_SECONDS_UNKILLED) * 1000);
    memory.push(await onePeriod(periodMs));
    if (options.killEvery > 0) {
      server = await RutileProcess.start({ dataDir, startTimeoutMs: 180_000 });
      slowestRestartMs = Math.max(slowestRestartMs, server.startedInMs);
    }
    await load.check(server.mysqlPort);
    const cpu = process.cpuUsage(cpuBefore);
    const counted = [...load.counters].sort(([left], [right]) => (left < right ? -1 : 1));
    say(
      `period ${period}: all there; ${inMib(memory.at(-1)!)}, restart ${server.startedInMs.toFixed(0)} ms, clients ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s; ` +
        counted.map(([what, count]) => `${what} ${count}`).join(', '),
    );
  }
} catch (error) {
  failed = true;
  say(`FOUND: ${error instanceof Error ? error.stack : String(error)}`);
  console.log(`--- the server's last words\n${server.output}\n---`);
} finally {
  if (failed) await server.kill();
  else await server.stop();
}
const verdict = memoryVerdict(memory);
say(`memory by periods: ${memory.map(inMib).join(', ')}`);
say(
  `memory: ${verdict.kind}${verdict.kind === 'too few periods' ? '' : `, ${inMib(verdict.first)} then ${inMib(verdict.last)}`}; slowest restart ${slowestRestartMs.toFixed(0)} ms`,
);
if (failed) say(`the folder stays: ${dataDir}`);
else server.removeData();
process.exitCode = failed || verdict.kind === 'grows' ? 1 : 0;

/** Runs the load, kills the server where that is asked for, and answers what memory the period is counted with. */
async function onePeriod(periodMs: number): Promise<number> {
  const samples: number[] = [];
  const sample = (): void => {
    const bytes = residentBytes(server.child.pid!);
    if (bytes !== undefined) samples.push(bytes);
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  let isOver = false;
  const end = (async () => {
    const untilMs = performance.now() + periodMs;
    while (performance.now() < untilMs && !isOver) await new Promise((resolve) => setTimeout(resolve, 200));
    if (isOver) return;
    if (options.killEvery === 0) return load.stop();
    load.kill();
    await server.kill();
  })();
  try {
    await load.period(server.mysqlPort);
  } finally {
    isOver = true;
    clearInterval(timer);
    await end;
  }
  return ofPeriod(samples);
}
