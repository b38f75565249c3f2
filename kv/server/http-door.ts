/**
 * One port for gRPC and HTTP/1.1, as tools of PD expect it of a member of placement: the URL that a member names to gRPC clients is where they send
 * HTTP requests, too. The first bytes of a connection say which it is: HTTP/2 begins with "PRI ". A connection that says nothing for a while
 * is closed. Plain text only: with TLS the port speaks gRPC alone.
 */
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server as NetServer, type Socket } from 'node:net';

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const SILENT_MS_MAX = 10_000;
const PREFACE = Buffer.from('PRI ');

export interface HttpDoor {
  readonly port: number;
  /** No new connections, and no more HTTP; those of gRPC end with its server. */
  close(): void;
}

export function openHttpDoor(
  grpc: Server,
  options: { readonly host: string; readonly port: number },
  handler: HttpHandler,
): Promise<HttpDoor> {
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const http = createHttpServer((request, response) => {
    const failed = (error: unknown): void => {
      if (response.headersSent) response.destroy();
      else
        response
          .writeHead(500, { 'content-type': 'text/plain' })
          .end(`${error instanceof Error ? error.message : String(error)}\n`);
    };
    try {
      Promise.resolve(handler(request, response)).catch(failed);
    } catch (error) {
      failed(error);
    }
  });
  const waiting = new Set<Socket>();
  const net: NetServer = createServer((socket) => {
    waiting.add(socket);
    const end = (): void => void socket.destroy();
    let first: Buffer = Buffer.alloc(0);
    const onReadable = (): void => {
      const more = socket.read() as Buffer | null;
      if (more === null) return;
      first = first.length === 0 ? more : Buffer.concat([first, more]);
      // The rest of the four bytes is on its way.
      if (first.length < PREFACE.length && PREFACE.subarray(0, first.length).equals(first)) return;
      settle();
      socket.unshift(first);
      if (first.subarray(0, PREFACE.length).equals(PREFACE)) injector.injectConnection(socket);
      else http.emit('connection', socket);
    };
    const settle = (): void => {
      waiting.delete(socket);
      socket.setTimeout(0);
      socket.off('readable', onReadable).off('timeout', end).off('error', end).off('end', end);
    };
    socket.once('close', () => waiting.delete(socket));
    socket.setTimeout(SILENT_MS_MAX).on('timeout', end).on('error', end).on('end', end).on('readable', onReadable);
  });
  net.on('connection', (socket: Socket) => socket.setNoDelay(true));
  return new Promise((resolve, reject) => {
    net.once('error', reject);
    net.listen(options.port, options.host, () => {
      net.off('error', reject);
      resolve({
        port: (net.address() as { port: number }).port,
        close: () => {
          net.close();
          http.close();
          http.closeAllConnections();
          for (const socket of waiting) socket.destroy();
        },
      });
    });
  });
}
