/**
 * Failpoints of this process: what a point may do to it, and the HTTP door by which they are set.
 *
 *     GET    /failpoints            all points as JSON
 *     GET    /failpoints/NAME       its plan as text, empty when it is off
 *     PUT    /failpoints/NAME       the body is the plan: 50%delay(20)
 *     DELETE /failpoints/NAME       off
 *
 * Whoever reaches the door can stop the process, so it is shut unless `--failpoints` or FAILPOINTS opened it.
 */
import { writeSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { RutileError } from '../base/error.ts';
import { FAILPOINTS, setFailpointHost } from '../base/failpoint.ts';

const PLAN_BYTES_MAX = 4096;
const STDERR = 2;

export interface FailpointAnswer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
}

/** `setting` as in `Settings.failpoints`; true when the door is open. Fails with what is wrong in the plans. */
export function openFailpoints(setting: string): boolean {
  if (setting === 'off') return false;
  setFailpointHost({
    panic(message) {
      // Synchronously, and then as kill -9 would: nothing is flushed that a crash would not flush.
      writeSync(STDERR, `rutile: panic: ${message}\n`);
      process.kill(process.pid, 'SIGKILL');
      // The signal may take a moment; nothing must happen in it.
      for (;;) holdThread(1000);
    },
    print: (message) => void writeSync(STDERR, `rutile: ${message}\n`),
    block: holdThread,
  });
  if (setting !== 'on') FAILPOINTS.setAll(setting);
  return true;
}

export async function answerFailpoints(path: string, request: IncomingMessage): Promise<FailpointAnswer> {
  let name: string;
  try {
    name = decodeURIComponent(path.replace(/^\/failpoints\/?/, ''));
  } catch {
    return text(400, 'the name is not well encoded\n');
  }
  try {
    if (name === '') {
      if (request.method !== 'GET') return text(405, 'GET only; PUT and DELETE take /failpoints/NAME\n');
      return {
        code: 200,
        contentType: 'application/json',
        body: `${JSON.stringify(FAILPOINTS.list(), undefined, 2)}\n`,
      };
    }
    const point = FAILPOINTS.point(name);
    switch (request.method) {
      case 'GET':
        return text(200, `${point.plan}\n`);
      case 'PUT': {
        const plan = await body(request);
        if (plan === undefined) return text(413, `a plan has at most ${PLAN_BYTES_MAX} bytes\n`);
        FAILPOINTS.set(name, plan.trim());
        return text(200, `${point.plan}\n`);
      }
      case 'DELETE':
        point.clear();
        return text(200, '\n');
      default:
        return text(405, 'GET, PUT and DELETE\n');
    }
  } catch (error) {
    if (!(error instanceof RutileError)) throw error;
    return text(error.code === 'failpoint.unknown' ? 404 : 400, `${error.message}\n`);
  }
}

async function body(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > PLAN_BYTES_MAX) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString();
}

function holdThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function text(code: number, body: string): FailpointAnswer {
  return { code, contentType: 'text/plain', body };
}
