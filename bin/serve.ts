/**
 * A process of any role, from its start to its end: opens what the role has, prints one line a door and then `ready`, and stays until a signal.
 *
 * The first SIGINT or SIGTERM drains: no new clients, running statements finish, then everything is closed and the process exits with 0. A
 * second one exits at once; the log makes that safe too. A process that was started by a playground ends with it.
 */
import { pino, type Logger } from 'pino';
import type { World } from '../base/world.ts';
import type { TlsIdentity } from '../kv/server/index.ts';
import type { Settings } from './settings.ts';

export type Ports = Readonly<Partial<Record<'mysql' | 'kv' | 'placement' | 'txnPlacement' | 'status', number>>>;

export interface Running {
  readonly ports: Ports;
  close(): Promise<void>;
}

/** What each part of a process is opened with. */
export interface ProcessParts {
  readonly world: World;
  readonly settings: Settings;
  readonly version: string;
  readonly log: Logger;
  readonly tls: TlsIdentity | undefined;
  readonly undo: Undo;
}

export async function serve(settings: Settings, open: () => Promise<Running>): Promise<void> {
  const print = printer(settings);
  let closing: Promise<void> | undefined;
  let running: Running | undefined;
  const end = (code: number) => {
    if (closing !== undefined) process.exit(code);
    closing = (running?.close() ?? Promise.resolve()).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`rutile: closing failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  if (process.connected) process.on('disconnect', () => end(143));
  running = await open();
  for (const [door, port] of Object.entries(running.ports))
    print.door(
      door.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      settings.host,
      port,
    );
  print.ready();
}

/** What is open, closed last first; each of them, even when one fails. */
export class Undo {
  private readonly steps: (() => Promise<unknown> | void)[] = [];

  push(step: () => Promise<unknown> | void): void {
    this.steps.push(step);
  }

  async run(): Promise<void> {
    let failure: unknown;
    for (const step of this.steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }
}

export function openLog(settings: Settings): Logger {
  const level = settings.logLevel;
  // Lines go out synchronously: what was logged before a crash is there.
  if (settings.logFormat === 'json') return pino({ level, base: null }, pino.destination({ dest: 1, sync: true }));
  const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
  return pino({ level, base: null }, {
    write: (line: string) => {
      const { level: number, time, msg, ...rest } = JSON.parse(line) as { level: number; time: number; msg?: string };
      const more = Object.entries(rest).map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
      process.stderr.write(`${new Date(time).toISOString()} ${levels[number] ?? number} ${msg ?? ''}${more.join('')}\n`);
    },
  }); // prettier-ignore
}

function printer(settings: Settings): { door(name: string, host: string, port: number): void; ready(): void } {
  if (settings.logFormat === 'json') {
    const line = (fields: object) => console.log(JSON.stringify({ time: Date.now(), ...fields }));
    return {
      door: (door, host, port) => line({ door, address: `${host}:${port}` }),
      ready: () => line({ msg: 'ready' }),
    };
  }
  return { door: (name, host, port) => console.log(`${name} ${host}:${port}`), ready: () => console.log('ready') };
}
