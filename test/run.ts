/**
 * The test command: runs every `*.test.js` of the build (or those below the folders named), each file in a process of its own,
 * and closes with `N passed, N failed` alone on a line (what was skipped, and how much, stands above it). Exit code 1 when anything failed, nothing
 * ran, or a name that was given has no tests.
 *
 *     npm test                      everything
 *     npm test -- kv/log sql        only these folders (or files)
 *     npm test -- --cluster three   tests of SQL, on three stores with regions of 1 KiB
 *     npm run rewrite -- kv/txn     golden scripts take the transcript of this run: read the diff afterwards
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SQL_TESTS_ON } from './cluster/sql-server.ts';

const buildRoot = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['base', 'proto', 'kv', 'sql', 'analytics', 'bin', 'test', 'bench'];
/** A file that takes longer hangs: the slowest (real processes) needs under four minutes on two cores. */
const FILE_TIMEOUT_MS = 480_000;

const args = process.argv.slice(2);
if (args.includes('--rewrite')) process.env['RUTILE_REWRITE'] = '1';
const cluster = takeValue('--cluster');
if (cluster !== undefined && cluster !== 'one' && cluster !== 'three') {
  console.error(`--cluster is one or three, not ${cluster}`);
  process.exit(2);
}
if (cluster !== undefined) process.env[SQL_TESTS_ON] = cluster;
const wanted = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.replace(/\/$/, '').replace(/\.ts$/, '.js'));

const isIn = (file: string, name: string): boolean => file === name || file.startsWith(`${name}/`);
const all = FOLDERS.flatMap((folder) => testFiles(join(buildRoot, folder))).filter(
  // Other tests are the same wherever SQL runs.
  (file) => cluster === undefined || readFileSync(file, 'utf8').includes("from './sql-server.js'"),
);
const files = all.filter((file) => wanted.length === 0 || wanted.some((name) => isIn(relative(buildRoot, file), name)));
// A name that was mistyped must not pass for tests that did.
const unmatched = wanted.filter((name) => !all.some((file) => isIn(relative(buildRoot, file), name)));
// Real processes want the machine to themselves, so that their time limits mean something: they run one at a time, last.
const heavy = files.filter((file) => relative(buildRoot, file).startsWith('test/cluster/'));
const light = files.filter((file) => !heavy.includes(file));

const counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
await runFiles(light, 2);
await runFiles(heavy, 1);
for (const failure of failures) console.log(`\n${failure}`);
for (const name of unmatched) console.log(`no test files match ${name}`);
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.passed === 0 || unmatched.length > 0 ? 1 : 0;

/** What follows a flag, which is taken out of the arguments. */
function takeValue(flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : (args.splice(at, 2)[1] ?? '');
}

async function runFiles(group: readonly string[], concurrency: number): Promise<void> {
  if (group.length === 0) return;
  const finishedAt = new Map<string, number>();
  const stream = run({ files: [...group], concurrency, timeout: FILE_TIMEOUT_MS });
  stream.on('test:pass', (event) => {
    if (isFileItself(event)) {
      if (event.details.duration_ms > 5000)
        console.log(`${shortName(event.file ?? event.name)} took ${Math.round(event.details.duration_ms / 1000)} s`);
      return;
    }
    if (event.details.type === 'suite') return;
    if (event.skip !== undefined) {
      counts.skipped++;
      console.log(`skipped: ${event.name}${typeof event.skip === 'string' ? ` (${event.skip})` : ''}`);
    } else counts.passed++;
    finishedAt.set(event.file ?? '', Date.now());
  });
  stream.on('test:fail', (event) => {
    const error = event.details.error as Error & { cause?: unknown };
    const cause = (error.cause ?? error) as { failureType?: string; stack?: string; message?: string };
    // A parent's failure only repeats that of a test inside it.
    if ((error as { failureType?: string }).failureType === 'subtestsFailed') return;
    counts.failed++;
    const text = describe(cause);
    failures.push(`FAILED ${shortName(event.file ?? '')}: ${event.name}\n${text}`);
    console.log(`failed: ${shortName(event.file ?? '')}: ${event.name}`);
  });
  stream.on('test:stderr', (event) => process.stderr.write(event.message));
  await new Promise<void>((resolve) => {
    stream.on('end', () => resolve());
    stream.on('close', () => resolve());
    stream.resume();
  });
}

/** With the causes of the cause: a seed or a server's last words wrap what really went wrong. */
function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { stack, message, cause } = error as { stack?: string; message?: string; cause?: unknown };
  const text = stack ?? message ?? String(error);
  return cause === undefined || cause === error ? text : `${text}\ncaused by ${describe(cause)}`;
}

/** The runner reports each file as a test of its own around the tests inside. */
function isFileItself(event: { name: string; nesting: number; file?: string }): boolean {
  return event.nesting === 0 && event.name.endsWith('.test.js');
}

function shortName(file: string): string {
  return relative(buildRoot, file);
}

function testFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.sort().flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return testFiles(path);
    return name.endsWith('.test.js') ? [path] : [];
  });
}
