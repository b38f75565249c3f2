/** A TCP or Unix socket as a connection needs it: one write a turn, and a promise for the moment it takes more. */
import type { Socket } from 'node:net';
import type { ServerWire } from './door.ts';

export class SocketWire implements ServerWire {
  readonly remoteAddress: string;
  onData: (chunk: Buffer) => void = () => undefined;
  onClosed: () => void = () => undefined;
  private readonly socket: Socket;
  private waiting: Promise<void> | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.remoteAddress = addressOf(socket);
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.onClosed());
  }

  write(bytes: Uint8Array): boolean {
    if (this.socket.destroyed || this.socket.writableEnded) return true;
    return this.socket.write(bytes);
  }

  /** A write that the system took at once is over when it returns. */
  get flushed(): boolean {
    return this.socket.writableLength === 0;
  }

  drained(): Promise<void> {
    if (!this.socket.writableNeedDrain || this.socket.destroyed) return Promise.resolve();
    this.waiting ??= new Promise((resolve) => {
      const done = () => {
        this.waiting = undefined;
        this.socket.off('drain', done);
        this.socket.off('close', done);
        resolve();
      };
      this.socket.on('drain', done);
      this.socket.on('close', done);
    });
    return this.waiting;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  end(): void {
    this.socket.end();
    // A client that never closes its side does not keep ours open.
    this.socket.setTimeout(5000, () => this.socket.destroy());
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** Clients on this machine are `localhost` to accounts, as MySQL resolves them. */
export function addressOf(socket: Socket): string {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '');
  return address === undefined || address === '127.0.0.1' || address === '::1' ? 'localhost' : address;
}
