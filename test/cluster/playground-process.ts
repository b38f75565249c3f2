/**
 * A whole playground for tests and benchmarks: started as a user starts it, and read the same way (one line a process, then `ready`, and another line for
 * each process that came back). Its processes can be killed and frozen one by one; what the stores know of their regions is read from their
 * status doors.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type Connection } from 'mysql2/promise';
import { PROGRAM } from './rutile-process.ts';

export type Kind = 'placement' | 'store' | 'sql';

export interface Part {
  readonly kind: Kind;
  readonly number: number;
  readonly host: string;
  readonly port: number;
  readonly pid: number;
}

export interface RegionThere {
  readonly id: number;
  readonly leads: boolean;
  readonly serves: boolean;
  readonly appliedIndex: number;
  readonly peers: readonly { readonly id: number; readonly storeId: number; readonly role: string }[];
}

export interface PlaygroundOptions {
  readonly stores: number;
  readonly placements: number;
  readonly sqls: number;
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  /** Of every process of it. */
  readonly nodeArguments?: readonly string[];
}

const READY_MS_MAX = 60_000;

export class PlaygroundProcess {
  readonly dataDir: string;
  readonly startedInMs: number;
  private readonly child: ChildProcess;
  private readonly ownsFolder: boolean;
  private readonly exited: Promise<number | null>;
  private readonly seen: { parts: Map<string, Part>; text: string };

  static async start(options: PlaygroundOptions): Promise<PlaygroundProcess> {
    const { stores, placements, sqls, flags = [], nodeArguments = [] } = options;
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'rutile-test-playground-'));
    const began = performance.now();
    const child = spawn(
      process.execPath,
      [...nodeArguments, PROGRAM, 'playground', '--stores', `${stores}`, '--placements', `${placements}`, '--sqls', `${sqls}`, '--data-dir', dataDir, ...flags],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    ); // prettier-ignore
    // It ends its own processes, which a SIGKILL would leave behind.
    const endWithUs = (): void => void child.kill('SIGTERM');
    process.once('exit', endWithUs);
    const exited = new Promise<number | null>((resolve) =>
      child.on('exit', (code) => {
        process.off('exit', endWithUs);
        resolve(code);
      }),
    );
    const seen = { parts: new Map<string, Part>(), text: '' };
    let pending = '';
    try {
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          pending += chunk.toString();
          const lines = pending.split('\n');
          pending = lines.pop()!;
          for (const line of lines) {
            seen.text += `${line}\n`;
            const part = /^(placement|store|sql) (\d+) (.+):(\d+) pid (\d+)$/.exec(line);
            if (part) seen.parts.set(`${part[1]} ${part[2]}`, { kind: part[1] as Kind, number: Number(part[2]), host: part[3]!, port: Number(part[4]), pid: Number(part[5]) }); // prettier-ignore
            if (line === 'ready') resolve();
          }
        });
        child.stderr.on('data', (chunk: Buffer) => (seen.text = (seen.text + chunk.toString()).slice(-65_536)));
        void exited.then((code) => reject(new Error(`the playground ended with code ${code}:\n${seen.text}`)));
        setTimeout(
          () => reject(new Error(`the playground was not ready in time:\n${seen.text}`)),
          READY_MS_MAX,
        ).unref();
      });
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    return new PlaygroundProcess(
      child,
      dataDir,
      options.dataDir === undefined,
      exited,
      seen,
      performance.now() - began,
    );
  }

  private constructor(
    child: ChildProcess,
    dataDir: string,
    ownsFolder: boolean,
    exited: Promise<number | null>,
    seen: { parts: Map<string, Part>; text: string },
    startedInMs: number,
  ) {
    this.child = child;
    this.dataDir = dataDir;
    this.ownsFolder = ownsFolder;
    this.exited = exited;
    this.seen = seen;
    this.startedInMs = startedInMs;
  }

  /** Everything it printed. */
  get text(): string {
    return this.seen.text;
  }

  part(kind: Kind, number: number): Part {
    return this.seen.parts.get(`${kind} ${number}`)!;
  }

  parts(kind: Kind): Part[] {
    return [...this.seen.parts.values()].filter((part) => part.kind === kind);
  }

  connect(sql: number, database: string | undefined = 'test'): Promise<Connection> {
    const { host, port } = this.part('sql', sql);
    return createConnection({ host, port, user: 'root', ...(database === undefined ? {} : { database }) });
  }

  kill(part: Part, signal: NodeJS.Signals = 'SIGKILL'): void {
    process.kill(part.pid, signal);
  }

  /** Until the part lives again under another pid. */
  async back(part: Part): Promise<Part> {
    return until(() => {
      const now = this.part(part.kind, part.number);
      return now.pid === part.pid ? undefined : now;
    }, `${part.kind} ${part.number} is back`);
  }

  async status(part: Part): Promise<Record<string, unknown>> {
    const port = this.statusPort(part);
    const answer = await fetch(`http://${part.host}:${port}/status`, { signal: AbortSignal.timeout(2000) });
    return (await answer.json()) as Record<string, unknown>;
  }

  /** PD's HTTP API, asked of any member of placement that is there. Throws what it says when it refuses. */
  async placementApi<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    return until(async () => {
      for (const part of this.parts('placement')) {
        const url = `http://${part.host}:${this.statusPort(part)}/pd/api/v1/${path}`;
        const init = { method, signal: AbortSignal.timeout(5000), ...(body && { body: JSON.stringify(body) }) };
        const response = await fetch(url, init).catch(() => undefined);
        if (response === undefined || response.status === 503) continue;
        const text = await response.text();
        if (!response.ok) throw new Error(text);
        return { json: JSON.parse(text) as T };
      }
      return undefined;
    }, 'a member of placement that answers').then(({ json }) => json);
  }

  async regions(part: Part): Promise<readonly RegionThere[]> {
    return (await this.status(part))['regions'] as readonly RegionThere[];
  }

  /** The store that leads a region, by its lower end of the list. */
  async leader(regionIndex = 0): Promise<Part> {
    return until(async () => {
      for (const part of this.parts('store')) {
        try {
          if ((await this.regions(part))[regionIndex]?.serves === true) return part;
        } catch {
          // It is dead, or not yet there.
        }
      }
      return undefined;
    }, 'a leader');
  }

  /** Until each region has so many voters and all stores that hold it are there. */
  async untilReplicated(voters: number): Promise<void> {
    await until(async () => {
      try {
        const all = await Promise.all(this.parts('store').map((part) => this.regions(part)));
        const led = all.flat().filter(({ serves }) => serves);
        return (
          led.length > 0 &&
          led.every(({ peers }) => peers.length === voters && peers.every(({ role }) => role === 'voter'))
        );
      } catch {
        return undefined;
      }
    }, `${voters} voters of each region`);
  }

  /** As Ctrl-C does. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGINT');
    const code = await this.exited;
    if (this.ownsFolder) rmSync(this.dataDir, { recursive: true, force: true });
    return code;
  }

  log(part: Part): string {
    return readFileSync(join(this.dataDir, `${part.kind}-${part.number}.log`), 'utf8');
  }

  /** A child says its free status port only to the playground: the file beside its log has what it printed. */
  private statusPort(part: Part): number {
    const ports = JSON.parse(readFileSync(join(this.dataDir, `${part.kind}-${part.number}.doors`), 'utf8')) as Record<
      string,
      string
    >;
    return Number(/:(\d+)$/.exec(ports['status'] ?? '')![1]);
  }
}

export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  msMax = 40_000,
): Promise<T> {
  const end = performance.now() + msMax;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await sleep(50);
  }
}
