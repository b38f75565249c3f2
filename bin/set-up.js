/**
 * What every package script runs first: makes a fresh clone ready, then hands over. Plain JavaScript without dependencies, since
 * nothing is installed or compiled when it starts.
 *
 *     node bin/set-up.js --run start --mysql-port 4000     the product, in this process
 *     node bin/set-up.js --test kv/log                     tests of the build
 *     node bin/set-up.js --build                           only the build
 *     node bin/set-up.js --watch kv/log                    build and test one folder again on every save
 *     node bin/set-up.js --sim | --bench | --oracle | --slt | --soak …  the simulator, the benchmarks, the search for wrong results, published SQL tests, hours of load and kills
 *
 * A step is skipped when a cheap look says it is done: packages by comparing the lock file with what is installed, the build by
 * the newest source's time. One build runs at a time; a second caller waits for the first and then finds it done.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync, constants, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, watch, writeFileSync,
} from 'node:fs'; // prettier-ignore
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCE_FOLDERS = ['base', 'proto', 'kv', 'sql', 'analytics', 'bin', 'test', 'bench'];
const DIST = join(root, 'dist');
const STAMP = join(DIST, '.built');
const NODE_MINIMUM = [20, 19];

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) await main(process.argv.slice(2));

async function main(args) {
  const [mode, ...rest] = args;
  checkNode();
  switch (mode) {
    case '--build':
      prepare({ force: rest.includes('--force') });
      return;
    case '--run':
      prepare({});
      return hand('bin/rutile.js', rest);
    case '--test':
      prepare({});
      return hand('test/run.js', rest);
    case '--sim':
      prepare({});
      return hand('test/sim/main.js', rest);
    case '--oracle':
      prepare({});
      return hand('test/oracle/main.js', rest);
    case '--slt':
      prepare({});
      return hand('test/sql/main.js', rest);
    case '--soak':
      prepare({});
      return hand('test/soak/main.js', rest);
    case '--bench':
      prepare({});
      return hand('bench/main.js', rest);
    case '--watch':
      prepare({ goOn: true });
      return watchFolders(rest);
    default:
      console.error('usage: node bin/set-up.js --run|--test|--build|--watch|--sim|--bench|--oracle|--slt|--soak [arguments]');
      process.exit(2);
  }
}

/** Installs and builds what is missing. Ends the process with code 1 when it cannot. */
export function prepare({ force = false, goOn = false }) {
  installPackages();
  if (!force && isBuilt()) return true;
  return locked(() => (!force && isBuilt()) || build(goOn));
}

async function hand(script, args) {
  const path = join(DIST, script);
  if (!existsSync(path)) {
    console.error(`${script} is not part of this build`);
    process.exit(1);
  }
  process.argv = [process.argv[0], path, ...args];
  await import(pathToFileURL(path).href);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1])) return;
  console.error(`Rutile needs Node ${NODE_MINIMUM.join('.')} or newer; this is ${process.versions.node}`);
  process.exit(1);
}

function installPackages() {
  if (packagesComplete()) return;
  console.error('installing packages (npm ci) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const cache = npmCacheIsWritable() ? [] : ['--cache', join(root, '.cache/npm')];
  const run = spawnSync(npm, ['ci', '--no-fund', '--no-audit', ...cache], { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.status !== 0) {
    console.error('npm ci failed: see its message above');
    process.exit(1);
  }
}

/** npm installs nothing without a cache, and the usual one lies in a home that machines of a CI may hold read-only. */
function npmCacheIsWritable() {
  let folder = process.env['npm_config_cache'] ?? join(homedir(), '.npm');
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Every package of the lock file is installed in the version it names; optional ones of other platforms may be absent. */
function packagesComplete() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
    for (const [path, entry] of Object.entries(wanted)) {
      if (path === '' || entry.optional || entry.devOptional || entry.peer) continue;
      if (present[path]?.version !== entry.version) return false;
    }
    return true;
  } catch {
    return false;
  }
}

function isBuilt() {
  try {
    const builtAt = statSync(STAMP).mtimeMs;
    const inputs = [join(root, 'tsconfig.json'), join(root, 'package-lock.json')];
    if (inputs.some((path) => statSync(path).mtimeMs > builtAt)) return false;
    return SOURCE_FOLDERS.every((folder) => newestSource(join(root, folder)) <= builtAt);
  } catch {
    return false;
  }
}

/** Newest time of a source or of a folder (which changes when a file in it is added or removed). */
function newestSource(folder) {
  if (!existsSync(folder)) return 0;
  let newest = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestSource(path));
    else if (/\.(ts|js|json)$/.test(entry.name)) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}

function build(goOn) {
  // The stamp carries the time before the build, so that what is saved meanwhile is built next time.
  const startedAt = new Date();
  mkdirSync(DIST, { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', root], { cwd: root, stdio: ['ignore', 2, 2] });
  for (const folder of SOURCE_FOLDERS) mirror(join(root, folder), join(DIST, folder));
  if (run.status !== 0) {
    if (goOn || process.env['RUTILE_BUILD_ANYWAY'] === '1') return false;
    console.error('the build failed: see the errors above');
    process.exit(1);
  }
  writeFileSync(STAMP, '');
  utimesSync(STAMP, startedAt, startedAt);
  return true;
}

/** Copies generated JavaScript that the compiler does not touch, and removes outputs whose source is gone (an old test would still run). */
function mirror(source, target) {
  if (existsSync(source)) {
    for (const entry of readdirSync(source, { withFileTypes: true })) {
      if (entry.isDirectory()) mirror(join(source, entry.name), join(target, entry.name));
      else if (entry.name.endsWith('.js') && source.includes(`${join(root, 'proto')}`)) {
        mkdirSync(target, { recursive: true });
        copyFileSync(join(source, entry.name), join(target, entry.name));
      }
    }
  }
  if (!existsSync(target)) return;
  for (const entry of readdirSync(target, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      if (!existsSync(join(source, entry.name))) rmSync(join(target, entry.name), { recursive: true, force: true });
      continue;
    }
    const stem = entry.name.replace(/\.(js|js\.map|json)$/, '');
    const known = [`${stem}.ts`, `${stem}.js`, `${stem}.json`].some((name) => existsSync(join(source, name)));
    if (!known) rmSync(join(target, entry.name), { force: true });
  }
}

/** One build at a time, over processes. The lock of a process that is gone is taken over. */
function locked(run) {
  mkdirSync(DIST, { recursive: true });
  const lock = join(DIST, '.building');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; ; attempt++) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      break;
    } catch {
      const holder = Number(readIfThere(join(lock, 'pid')) ?? 0);
      if ((holder > 0 && !isAlive(holder)) || attempt > 600) {
        rmSync(lock, { recursive: true, force: true });
        continue;
      }
      Atomics.wait(pause, 0, 0, 200);
    }
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return run();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Saves → incremental build → the folder's tests, each run in a process of its own; a save during a run starts another after it. */
function watchFolders(folders) {
  let timer;
  let running = false;
  let again = false;
  const verdict = () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    const startedAt = Date.now();
    prepare({ goOn: true });
    const child = spawn(process.execPath, [join(DIST, 'test/run.js'), ...folders], { cwd: root, stdio: 'inherit' });
    child.on('exit', () => {
      console.log(`(${((Date.now() - startedAt) / 1000).toFixed(1)} s; waiting for the next save)`);
      running = false;
      if (again) {
        again = false;
        verdict();
      }
    });
  };
  for (const folder of SOURCE_FOLDERS) {
    if (!existsSync(join(root, folder))) continue;
    watch(join(root, folder), { recursive: true }, (_event, name) => {
      if (!name || !/\.(ts|script|slt)$/.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(verdict, 50);
    });
  }
  console.log(`watching ${SOURCE_FOLDERS.map((folder) => relative(root, join(root, folder))).join(', ')}`);
  verdict();
}
