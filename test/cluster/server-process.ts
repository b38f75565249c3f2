/** A real server in a process of its own, on free ports, with a data folder that goes away with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program of the same build as this file: compiled beside compiled, source beside source. */
const PROGRAM = fileURLToPath(new URL(`../../bin/rutile${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));
const START_MS_MAX = 30_000;

export class ServerProcess {
  readonly dataDir: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly pid: number;
  private readonly child: ChildProcess;
  private readonly exited: Promise<number | null>;
  private readonly ownsData: boolean;
  private readonly errors: string[];

  private constructor(child: ChildProcess, options: { dataDir: string; ownsData: boolean; ports: Record<string, number>; exited: Promise<number | null>; errors: string[] }) {
    this.child = child;
    this.pid = child.pid!;
    this.dataDir = options.dataDir;
    this.ownsData = options.ownsData;
    this.ports = options.ports;
    this.exited = options.exited;
    this.errors = options.errors;
  }

  /** `dataDir`: an existing folder, which then outlives the process. */
  static async start(options: { readonly flags?: readonly string[]; readonly dataDir?: string } = {}): Promise<ServerProcess> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'rutile-test-'));
    const doors = ['mysql', 'kv', 'placement', 'status'].flatMap((door) => [`--${door}-port`, '0']);
    const child = spawn(process.execPath, [PROGRAM, 'start', '--data-dir', dataDir, '--log-level', 'warn', ...doors, ...(options.flags ?? [])], { stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const ports: Record<string, number> = {};
    const errors: string[] = [];
    child.stderr!.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`the server was not ready after ${START_MS_MAX} ms: ${errors.join('')}`));
      }, START_MS_MAX);
      let pending = '';
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        pending += text;
        for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
          const line = pending.slice(0, end);
          pending = pending.slice(end + 1);
          const door = /^(\w+) .*:(\d+)$/.exec(line);
          if (door) ports[door[1]!] = Number(door[2]);
          if (line === 'ready') {
            clearTimeout(timer);
            resolve();
          }
        }
      });
      void exited.then((code) => {
        clearTimeout(timer);
        reject(new Error(`the server ended with code ${code}: ${errors.join('')}`));
      });
    });
    return new ServerProcess(child, { dataDir, ownsData: options.dataDir === undefined, ports, exited, errors });
  }

  get mysqlPort(): number {
    return this.ports['mysql']!;
  }

  /** What it wrote to standard error. */
  get errorOutput(): string {
    return this.errors.join('');
  }

  /** Resolves to the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    const code = await this.exited;
    if (this.ownsData) rmSync(this.dataDir, { recursive: true, force: true });
    return code;
  }
}
