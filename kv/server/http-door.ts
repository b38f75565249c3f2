/**
 * One port for gRPC and HTTP/1.1, as tools of PD expect it of a member of placement: the URL that a member names to gRPC clients is where they send
 * HTTP requests, too. The first bytes of a connection say which it is: HTTP/2 begins with "PRI ". A connection that says nothing for a while
 * is closed. With TLS all of this is inside of it, and whoever shows no certificate of a known authority is turned away before it can say anything:
 * the server behind sees decrypted connections, and checks nothing itself.
 */
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { TlsIdentity } from './tls.ts';

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
  options: { readonly host: string; readonly port: number; readonly tls?: TlsIdentity | undefined },
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
  const accept = (socket: Socket): void => {
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
  };
  const { tls } = options;
  const net = tls === undefined ? createServer(accept) : encrypted(tls, accept);
  net.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    if (tls === undefined) return;
    // Until it is greeted, it is not among those of HTTP or gRPC.
    waiting.add(socket);
    socket.once('close', () => waiting.delete(socket));
  });
  const forget = tls?.onChanged(() => (net as TlsServer).setSecureContext(tls.serverOptions()));
  return new Promise((resolve, reject) => {
    net.once('error', reject);
    net.listen(options.port, options.host, () => {
      net.off('error', reject);
      resolve({
        port: (net.address() as { port: number }).port,
        close: () => {
          forget?.();
          net.close();
          http.close();
          http.closeAllConnections();
          for (const socket of waiting) socket.destroy();
        },
      });
    });
  });
}

function encrypted(tls: TlsIdentity, accept: (socket: Socket) => void): NetServer {
  const server = createTlsServer({ ...tls.serverOptions(), ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: SILENT_MS_MAX }); // prettier-ignore
  server.on('secureConnection', accept);
  // It has no certificate, or none that counts: the connection is closed already.
  server.on('tlsClientError', (_error, socket) => void socket.destroy());
  return server;
}
