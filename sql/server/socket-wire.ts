/** A TCP or Unix socket as a connection needs it: one write a turn, and a promise for the moment it takes more. */
import type { Socket } from 'node:net';
import type { TlsFacts } from '../protocol/index.ts';
import type { ServerWire } from './door.ts';
import type { TlsUpgrade } from './tls/tls-upgrade.ts';

export class SocketWire implements ServerWire {
  readonly remoteAddress: string;
  readonly isLocal: boolean;
  readonly secure: ((rest: Buffer) => Promise<TlsFacts>) | undefined;
  onData: (chunk: Buffer) => void = () => undefined;
  onClosed: () => void = () => undefined;
  private socket: Socket;
  private waiting: Promise<void> | undefined;

  constructor(socket: Socket, tls: TlsUpgrade | undefined) {
    this.socket = socket;
    this.remoteAddress = addressOf(socket);
    this.isLocal = socket.remoteAddress === undefined;
    this.secure = tls && ((rest) => this.encrypt(tls, rest));
    this.listen();
  }

  private listen(): void {
    const { socket } = this;
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.socket === socket) this.onClosed();
    });
  }

  private encrypt(tls: TlsUpgrade, rest: Buffer): Promise<TlsFacts> {
    const { socket } = this;
    socket.removeAllListeners('data');
    socket.pause();
    return new Promise((resolve) =>
      tls.upgrade(socket, rest, (secured, facts) => {
        this.socket = secured;
        this.listen();
        resolve(facts);
      }),
    );
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
