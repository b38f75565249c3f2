/**
 * The command that runs published files of sqllogictest against a server in this process:
 *
 *     npm run slt -- DIR                          every *.test and *.slt below the folder (or one file)
 *     npm run slt -- DIR --stride 5 --offset 2    every fifth file, from the third on
 *     npm run slt -- DIR --seconds 600            stops after the file at hand
 *     npm run slt -- DIR --confirm 3306           answers that differ from the file's are asked of the MySQL or MariaDB on that port of loopback
 *     npm run slt -- DIR --engine column          queries by the column engine (row, column, auto)
 *
 * A file's own answers are those of SQLite; where they are not MySQL's, the files have records for each (`onlyif mysql`). `--confirm` brings the other
 * server to where the file was and asks it: the record then counts as the other server answers. What fails is printed, and the exit code is 1 when less than
 * 99.9 % of the records passed.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { MemoryServer } from '../oracle/memory-server.ts';
import { type Counts, PublishedFile } from './published-file.ts';

const SHARE_MIN = 0.999;

interface Options {
  readonly stride: number;
  readonly offset: number;
  readonly seconds: number;
  readonly confirm?: number;
  readonly prefix: string;
  readonly engine: string;
  readonly failures: number;
}

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed');
  return value;
};

const program = new Command('slt')
  .description('runs published files of sqllogictest')
  .argument('<place>', 'a folder, or a file')
  .option('--stride <number>', 'only every so manyth file', whole, 1)
  .option('--offset <number>', 'from this one on', whole, 0)
  .option('--seconds <number>', 'stop after the file at hand', whole, Number.MAX_SAFE_INTEGER)
  .option('--confirm <port>', 'of a MySQL or MariaDB on loopback, as root without a password', whole)
  .option('--prefix <text>', 'of the names of databases there', 'rutile_')
  .option('--engine <name>', 'row, column or auto', 'auto')
  .option('--failures <number>', 'how many failures are printed', whole, 20);
program.parse(process.argv);
process.exitCode = await main(program.args[0]!, program.opts<Options>());

async function main(place: string, options: Options): Promise<number> {
  const files = filesBelow(place).filter((_, i) => i % options.stride === options.offset % options.stride);
  if (files.length === 0) program.error(`no *.test or *.slt below ${place}`);
  const server = await MemoryServer.open();
  const byTopic = new Map<string, Counts>();
  const failures: string[] = [];
  const beganAt = performance.now();
  let fileCount = 0;
  for (const file of files) {
    if (performance.now() - beganAt > options.seconds * 1000) break;
    const name = relative(statSync(place).isDirectory() ? place : join(place, '..'), file);
    const topic = name.split('/').slice(0, -1).slice(0, 2).join('/') || name;
    const counts = byTopic.get(topic) ?? { records: 0, passed: 0, confirmed: 0 };
    byTopic.set(topic, counts);
    const database = `slt_${++fileCount}`;
    const run = new PublishedFile(name, await server.connect(), database, options, counts, failures);
    await run.run(readFileSync(file, 'utf8'));
  }
  const seconds = (performance.now() - beganAt) / 1000;
  await server.close();
  for (const failure of failures.slice(0, options.failures)) console.log(`${failure}\n`);
  const total: Counts = { records: 0, passed: 0, confirmed: 0 };
  for (const [topic, counts] of [...byTopic].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${topic.padEnd(24)}${line(counts)}`);
    total.records += counts.records;
    total.passed += counts.passed;
    total.confirmed += counts.confirmed;
  }
  console.log(`${'all'.padEnd(24)}${line(total)}`);
  console.log(`${fileCount} files in ${seconds.toFixed(0)} s, ${Math.round(total.records / seconds)} records a second`);
  return total.passed + total.confirmed >= total.records * SHARE_MIN ? 0 : 1;
}

function line({ records, passed, confirmed }: Counts): string {
  const good = passed + confirmed;
  const share = records === 0 ? 100 : Math.floor((good / records) * 1e5) / 1e3;
  return `${records} records, ${share} %, ${records - good} failed, ${confirmed} not as in the file but as the other server`;
}

function filesBelow(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place).sort().flatMap((name) => {
    const path = join(place, name);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return /\.(test|slt)$/.test(name) ? [path] : [];
  }); // prettier-ignore
}
