/**
 * The status port: what a running process says of itself over HTTP.
 *
 *     /metrics                Prometheus text
 *     /status                 JSON: version, doors, uptime, memory
 *     /debug/cpu?seconds=10   a CPU profile of the next seconds (.cpuprofile)
 *     /debug/heap             a heap snapshot (.heapsnapshot); the process stands still while it is taken
 *
 *     /failpoints             see bin/failpoint-door.ts; refused unless the process was started with --failpoints
 *
 *     /pd/api/v1/…            PD's HTTP API, of a member of placement
 *
 * GET only, but for failpoints and that API; anything else is told what there is.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Session } from 'node:inspector/promises';
import { getHeapSnapshot } from 'node:v8';
import { RutileError } from '../base/error.ts';
import type { HttpHandler } from '../kv/server/index.ts';
import type { FailpointAnswer } from './failpoint-door.ts';

export interface StatusSource {
  /** Prometheus exposition text and its content type. */
  metrics(): Promise<{ readonly text: string; readonly contentType: string }>;
  status(): Record<string, unknown>;
  /** Undefined: the door is shut. */
  readonly failpoints: ((path: string, request: IncomingMessage) => Promise<FailpointAnswer>) | undefined;
  /** PD's HTTP API, of a member of placement. */
  readonly api?: HttpHandler | undefined;
}

const PROFILE_SECONDS_MAX = 300;

export class StatusServer {
  readonly port: number;
  private readonly server: Server;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
  }

  static open(options: { host: string; port: number }, source: StatusSource): Promise<StatusServer> {
    let profiling = false;
    const server = createServer((request, response) => {
      void answer(request, response).catch((error: unknown) => {
        if (!response.headersSent)
          send(response, 500, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`);
        else response.destroy();
      });
    });

    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const url = new URL(request.url ?? '/', 'http://status');
      if (url.pathname === '/failpoints' || url.pathname.startsWith('/failpoints/')) {
        if (source.failpoints === undefined)
          return send(
            response,
            403,
            'text/plain',
            'failpoints can be set only in a process started with --failpoints on\n',
          );
        const { code, contentType, body } = await source.failpoints(url.pathname, request);
        return send(response, code, contentType, body);
      }
      if (source.api !== undefined && url.pathname.startsWith('/pd/')) return source.api(request, response);
      if (request.method !== 'GET') return send(response, 405, 'text/plain', 'GET only\n');
      switch (url.pathname) {
        case '/metrics': {
          const { text, contentType } = await source.metrics();
          return send(response, 200, contentType, text);
        }
        case '/status':
          return send(response, 200, 'application/json', `${JSON.stringify(source.status(), undefined, 2)}\n`);
        case '/debug/cpu': {
          const seconds = Number(url.searchParams.get('seconds') ?? '10');
          if (!(seconds > 0 && seconds <= PROFILE_SECONDS_MAX))
            return send(response, 400, 'text/plain', `seconds must be above 0 and at most ${PROFILE_SECONDS_MAX}\n`);
          if (profiling) return send(response, 409, 'text/plain', 'a profile is being taken\n');
          profiling = true;
          try {
            return send(response, 200, 'application/json', await cpuProfile(seconds));
          } finally {
            profiling = false;
          }
        }
        case '/debug/heap':
          response.writeHead(200, { 'content-type': 'application/json' });
          getHeapSnapshot().pipe(response);
          return;
        default:
          return send(
            response,
            404,
            'text/plain',
            'there are /metrics, /status, /debug/cpu?seconds=10 and /debug/heap\n',
          );
      }
    }

    return new Promise((resolve, reject) => {
      server.on('error', (error: NodeJS.ErrnoException) => {
        const reason = error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
        reject(
          new RutileError(
            'server.listen',
            `cannot listen on ${options.host}:${options.port} (--status-port): ${reason}`,
            { cause: error },
          ),
        );
      });
      server.listen(options.port, options.host, () =>
        resolve(new StatusServer(server, (server.address() as { port: number }).port)),
      );
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

async function cpuProfile(seconds: number): Promise<string> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const { profile } = await session.post('Profiler.stop');
    return JSON.stringify(profile);
  } finally {
    session.disconnect();
  }
}

function send(response: ServerResponse, code: number, contentType: string, body: string): void {
  response.writeHead(code, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
