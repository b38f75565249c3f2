/**
 * `rutile playground`: a whole cluster on one machine. Every member of placement, every store and every SQL server is a process of its own, started as a
 * person would start it; this one only starts them, prints a line for each, starts those again that died, and ends them all.
 *
 *     placement 1 127.0.0.1:41001 pid 4711
 *     store 1 127.0.0.1:41004 pid 4714
 *     sql 1 127.0.0.1:41007 pid 4717
 *     ready
 *
 * Beside the data of each lie its log (`store-1.log`) and its doors, the status door among them (`store-1.doors`).
 *
 * Nobody waits for anybody: all are started at once, and the roles themselves find each other. Ports are kept in the data folder, so that a
 * stopped cluster comes back at the same addresses. Children are in process groups of their own (Ctrl-C reaches only this process, which ends them in order: SQL
 * servers first) and hold a channel to it: when it is killed, they end by themselves.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RutileError } from '../base/error.ts';
import { freePort, isFree } from './free-port.ts';
import { roleFlags, type Port, type Settings } from './settings.ts';

const PROGRAM = fileURLToPath(new URL('./rutile.js', import.meta.url));
/** Draining takes at most ten seconds. */
const STOP_MS_MAX = 20_000;
/** A process that never gets ready says why in its log; this one gives up on a first start. */
const READY_MS_MAX = 120_000;

type Kind = 'placement' | 'store' | 'sql';
const KINDS: readonly Kind[] = ['placement', 'store', 'sql'];
/** The command that is it, the door that is printed, and the flag of its port. */
const COMMANDS = {
  placement: { command: 'placement', door: 'placement', flag: '--placement-port' },
  store: { command: 'kv', door: 'kv', flag: '--kv-port' },
  sql: { command: 'sql', door: 'mysql', flag: '--mysql-port' },
} as const;

type Ports = Readonly<Record<Kind, readonly number[]>>;

export async function playground(settings: Settings): Promise<void> {
  const wanted = { placement: settings.placements, store: settings.stores, sql: settings.sqls };
  if (wanted.placement % 2 === 0)
    throw new RutileError('settings.invalid', `--placements: ${wanted.placement} is not an odd number`);
  const isTemporary = settings.dataDir === '';
  const folder = isTemporary ? mkdtempSync(join(tmpdir(), 'rutile-playground-')) : resolve(settings.dataDir);
  mkdirSync(folder, { recursive: true });
  const ports = await choosePorts(folder, settings, wanted);
  const children = KINDS.flatMap((kind) => ports[kind].map((port, i) => new Child(kind, i + 1, port, folder, settings, ports))); // prettier-ignore

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    for (const kinds of [['sql'], ['store', 'placement']])
      await Promise.all(children.filter(({ kind }) => kinds.includes(kind)).map((child) => child.stop()));
    if (isTemporary) rmSync(folder, { recursive: true, force: true });
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping !== undefined) {
      for (const child of children) child.kill();
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
    stopping = stop().then(() => process.exit(0));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('exit', () => {
    for (const child of children) child.kill();
  });
  try {
    await Promise.all(children.map((child) => child.start()));
  } catch (error) {
    if (stopping !== undefined) return stopping;
    stopping = stop();
    await stopping;
    throw error;
  }
  if (stopping === undefined) console.log(settings.logFormat === 'json' ? JSON.stringify({ time: Date.now(), msg: 'ready' }) : 'ready'); // prettier-ignore
}

/** One process of the cluster, over all its lives. */
class Child {
  readonly kind: Kind;
  private readonly number: number;
  private readonly port: number;
  private readonly folder: string;
  private readonly settings: Settings;
  private readonly ports: Ports;
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(kind: Kind, number: number, port: number, folder: string, settings: Settings, ports: Ports) {
    this.kind = kind;
    this.number = number;
    this.port = port;
    this.folder = folder;
    this.settings = settings;
    this.ports = ports;
  }

  /** Resolves when it is ready, over as many lives as that takes. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      let ready = false;
      const timer = setTimeout(() => reject(new RutileError('playground.not-ready', `${this.name} is not ready; ${this.logPath} says why`)), READY_MS_MAX); // prettier-ignore
      const onReady = (): void => {
        clearTimeout(timer);
        ready = true;
        resolve();
      };
      const onEnd = (code: number | null): void => {
        const { restartDelayMs } = this.settings;
        if (this.stopped) return;
        // What cannot even start would only do so again.
        if (!ready && code !== null && code !== 0) {
          clearTimeout(timer);
          return reject(new RutileError('playground.failed', `${this.name} ended with code ${code}:\n${this.lastWords()}`));
        } // prettier-ignore
        if (restartDelayMs !== 'off') this.timer = setTimeout(() => this.live(onReady, onEnd), restartDelayMs);
      };
      this.live(onReady, (code) => onEnd(code));
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.child === undefined) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), STOP_MS_MAX);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.stopped = true;
    this.child?.kill('SIGKILL');
  }

  private get name(): string {
    return `${this.kind} ${this.number}`;
  }

  private get logPath(): string {
    return join(this.folder, `${this.kind}-${this.number}.log`);
  }

  /** Where it listens, the doors that are not printed among them. */
  private get doorsPath(): string {
    return join(this.folder, `${this.kind}-${this.number}.doors`);
  }

  private live(onReady: () => void, onEnd: (code: number | null) => void): void {
    const { host } = this.settings;
    const { command, door, flag } = COMMANDS[this.kind];
    const log = openSync(this.logPath, 'a');
    const child = spawn(
      process.execPath,
      [
        ...process.execArgv, PROGRAM, command, '--data-dir', join(this.folder, `${this.kind}-${this.number}`), '--host', host, flag, String(this.port),
        '--status-port', '0', '--placement', this.ports.placement.map((port) => `${host}:${port}`).join(','), ...roleFlags(this.settings, command),
      ],
      // Its own session: Ctrl-C in a terminal is for us alone.
      { stdio: ['ignore', 'pipe', log, 'ipc'], detached: true, env: withoutSettings(process.env) },
    ); // prettier-ignore
    closeSync(log);
    this.child = child;
    let pending = '';
    let address = `${host}:${this.port}`;
    const doors: Record<string, string> = {};
    child.stdout!.on('data', (chunk: Buffer) => {
      pending += chunk.toString();
      const lines = pending.split('\n');
      pending = lines.pop()!;
      for (const line of lines) {
        const [, name, at] = /^([a-z-]+) (\S+:\d+)$/.exec(line) ?? [];
        if (name !== undefined) doors[name] = at!;
        if (name === door) address = at!;
        if (line !== 'ready') continue;
        writeFileSync(this.doorsPath, `${JSON.stringify(doors)}\n`);
        this.print(address, child.pid!);
        onReady();
      }
    });
    this.exited = new Promise((resolve) => {
      child.on('error', () => resolve());
      child.on('exit', (code) => {
        this.child = undefined;
        resolve();
        onEnd(code);
      });
    });
  }

  private print(address: string, pid: number): void {
    if (this.settings.logFormat === 'json')
      console.log(JSON.stringify({ time: Date.now(), role: this.kind, number: this.number, address, pid }));
    else console.log(`${this.name} ${address} pid ${pid}`);
  }

  private lastWords(): string {
    return readFileSync(this.logPath, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  }
}

/** What is set for this process by environment reaches the children as flags. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('RUTILE_')));
}

/** Those of the last time, those that were told, or free ones. */
async function choosePorts(folder: string, settings: Settings, wanted: Readonly<Record<Kind, number>>): Promise<Ports> {
  const file = join(folder, 'playground.json');
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Ports) : undefined;
  if (before !== undefined && before.placement.length !== wanted.placement)
    throw new RutileError('settings.invalid', `--placements: the cluster in ${folder} has ${before.placement.length} members of placement`); // prettier-ignore
  if (before !== undefined && before.store.length > wanted.store)
    throw new RutileError('settings.invalid', `--stores: the cluster in ${folder} has ${before.store.length} stores`);
  const told: Readonly<Record<Kind, Port>> = { placement: settings.placementPort, store: settings.kvPort, sql: settings.mysqlPort }; // prettier-ignore
  const taken = new Set<number>();
  const chosen: Record<Kind, number[]> = { placement: [], store: [], sql: [] };
  for (const kind of KINDS) {
    for (let i = 0; i < wanted[kind]; i++) {
      const first = told[kind];
      const known = before?.[kind][i];
      let port = typeof first === 'number' && first > 0 ? first + i : known;
      if (port !== undefined && kind !== 'placement' && first === 0 && !(await isFree(settings.host, port))) port = undefined; // prettier-ignore
      while (port === undefined || taken.has(port)) port = await freePort(settings.host);
      taken.add(port);
      chosen[kind].push(port);
    }
  }
  writeFileSync(`${file}.new`, `${JSON.stringify(chosen)}\n`);
  renameSync(`${file}.new`, file);
  return chosen;
}
