/**
 * A listening gRPC port with the limits and timings that TiKV's clients need: they ping every ten seconds and hang up after
 * three without an answer, send messages of any size up to the entry limit, and open hundreds of streams on one connection.
 */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import { type HttpDoor, type HttpHandler, openHttpDoor } from './http-door.ts';
import type { TlsIdentity } from './tls.ts';

/** An entry of one write may hold 48 MiB, and other stores must get it; a request is a little more than its value. Larger ones: RESOURCE_EXHAUSTED. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

export interface GrpcListenerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** For messages: the flag that names this door. */
  readonly flag: string;
  /** Without it the port speaks plain text. */
  readonly tls?: TlsIdentity | undefined;
  /** What the port answers to HTTP/1.1. */
  readonly http?: HttpHandler | undefined;
}

export class GrpcListener {
  readonly server: Server;
  readonly port: number;
  /** Run when the door is closed, after its last call. */
  private readonly services: readonly { close(): void }[];
  private readonly door: HttpDoor | undefined;

  private constructor(server: Server, port: number, services: readonly { close(): void }[], door?: HttpDoor) {
    this.services = services;
    this.door = door;
    this.server = server;
    this.port = port;
  }

  static async open(
    options: GrpcListenerOptions,
    addServices: (server: Server) => { close(): void }[] | void,
  ): Promise<GrpcListener> {
    const server = new Server({
      'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
      'grpc.max_send_message_length': -1,
      'grpc.max_concurrent_streams': 1024,
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 10_000,
    });
    const services = addServices(server) ?? [];
    const cannot = (error: Error): RutileError =>
      new RutileError('server.listen', `cannot listen on ${options.host}:${options.port} (${options.flag}): ${error.message}`, { cause: error }); // prettier-ignore
    if (options.http !== undefined) {
      try {
        const door = await openHttpDoor(server, options, options.http);
        return new GrpcListener(server, door.port, services, door);
      } catch (error) {
        server.forceShutdown();
        for (const service of services) service.close();
        throw cannot(error as Error);
      }
    }
    const port = await new Promise<number>((resolve, reject) => {
      const credentials = options.tls?.serverCredentials() ?? ServerCredentials.createInsecure();
      server.bindAsync(`${options.host}:${options.port}`, credentials, (error, bound) => {
        if (error) reject(cannot(error));
        else resolve(bound);
      });
    });
    return new GrpcListener(server, port, services);
  }

  /** Lets running calls finish for `graceMs`, then ends them. */
  async close(graceMs = 2000): Promise<void> {
    this.door?.close();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.server.forceShutdown();
        resolve();
      }, graceMs);
      timer.unref();
      this.server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    for (const service of this.services) service.close();
  }
}
