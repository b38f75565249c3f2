/**
 * A real Rutile process for tests and benchmarks: its own data folder, free ports, started as a user starts it and read the same way (one
 * line a door, then `ready`). It can be killed without a chance to tidy up and started again over the same folder.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program of the build this file belongs to. */
export const PROGRAM = fileURLToPath(new URL('../../bin/rutile.js', import.meta.url));

export interface RutileOptions {
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  /** Over that of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments for node itself (`--cpu-prof`). */
  readonly nodeArguments?: readonly string[];
  /** How long until `ready`; replaying a large log takes a while on a busy machine. */
  readonly startTimeoutMs?: number;
}

/** Draining takes at most ten seconds; a busy machine several times that. */
const STOP_MS_MAX = 60_000;

/** Doors as `start` names them: mysql, kv, placement, status. */
export type Doors = Readonly<Record<string, { readonly host: string; readonly port: number }>>;

/** The runner ends a file that takes too long with SIGTERM; what the file has started goes with it, by its handlers of `exit`. */
process.once('SIGTERM', () => process.exit(143));

export class RutileProcess {
  readonly dataDir: string;
  readonly doors: Doors;
  readonly child: ChildProcess;
  readonly startedInMs: number;
  private readonly ownsFolder: boolean;
  private readonly exited: Promise<number | null>;
  private readonly log: { text: string };

  private constructor(
    dataDir: string,
    ownsFolder: boolean,
    doors: Doors,
    child: ChildProcess,
    exited: Promise<number | null>,
    log: { text: string },
    startedInMs: number,
  ) {
    this.dataDir = dataDir;
    this.ownsFolder = ownsFolder;
    this.doors = doors;
    this.child = child;
    this.exited = exited;
    this.log = log;
    this.startedInMs = startedInMs;
  }

  static async start(options: RutileOptions = {}): Promise<RutileProcess> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'rutile-test-'));
    const began = performance.now();
    const ports = ['mysql', 'kv', 'placement', 'status'].flatMap((door) => [`--${door}-port`, '0']);
    const child = spawn(
      process.execPath,
      [...(options.nodeArguments ?? []), PROGRAM, 'start', '--data-dir', dataDir, ...ports, ...(options.flags ?? [])],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...options.environment },
      },
    );
    const log = { text: '' };
    // A test file that is ended from outside takes its servers with it.
    const endWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', endWithUs);
    const exited = new Promise<number | null>((resolve) =>
      child.on('exit', (code) => {
        process.off('exit', endWithUs);
        resolve(code);
      }),
    );
    const doors: Record<string, { host: string; port: number }> = {};
    let pending = '';
    const ready = new Promise<void>((resolve, reject) => {
      child.stdout!.on('data', (chunk: Buffer) => {
        pending += chunk.toString();
        log.text = (log.text + chunk.toString()).slice(-65_536);
        const lines = pending.split('\n');
        pending = lines.pop()!;
        for (const line of lines) {
          const door = /^([a-z-]+) (.+):(\d+)$/.exec(line.trim());
          if (door) doors[door[1]!] = { host: door[2]!, port: Number(door[3]) };
          if (line.trim() === 'ready') resolve();
        }
      });
      child.stderr!.on('data', (chunk: Buffer) => (log.text = (log.text + chunk.toString()).slice(-65_536)));
      void exited.then((code) => reject(new Error(`rutile ended with code ${code} before it was ready:\n${log.text}`)));
      setTimeout(
        () => reject(new Error(`rutile was not ready in time:\n${log.text}`)),
        options.startTimeoutMs ?? 60_000,
      ).unref();
    });
    try {
      await ready;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    return new RutileProcess(
      dataDir,
      options.dataDir === undefined,
      doors,
      child,
      exited,
      log,
      performance.now() - began,
    );
  }

  get mysqlPort(): number {
    return this.doors['mysql']!.port;
  }

  /** What it printed last, for messages of failed tests. */
  get output(): string {
    return this.log.text;
  }

  /** SIGTERM; resolves to the exit code. A process that does not end is killed, and that is a failure with what it printed last. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    let hangs = false;
    const timer = setTimeout(() => {
      hangs = true;
      this.child.kill('SIGKILL');
    }, STOP_MS_MAX);
    const code = await this.exited;
    clearTimeout(timer);
    if (this.ownsFolder) rmSync(this.dataDir, { recursive: true, force: true });
    if (hangs) throw new Error(`rutile did not end within ${STOP_MS_MAX / 1000} s of SIGTERM:\n${this.output}`);
    return code;
  }

  /** kill -9: no handler runs. The folder stays. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Waits for a process that ends by itself: its code, or null when a signal ended it. */
  ended(): Promise<number | null> {
    return this.exited;
  }

  removeData(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
