/**
 * The inside of a socket thread: it listens, reads and writes sockets, and knows nothing of what is said over them. What clients send goes to the server through one
 * ring, what the server has for them comes through another.
 *
 * Bounded: when the server does not keep up no socket is read; of each socket at most the window of threaded-sockets.ts is waiting to leave.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { Frame, type FrameKind, OPENED, RingReader, RingWriter } from './ring.ts';
import { addressOf } from '../socket-wire.ts';
import type { Where } from '../door.ts';
import type { SocketThreadData, ToServer, ToSockets } from './messages.ts';
import { TlsUpgrade } from '../tls/tls-upgrade.ts';
import { Turns } from './turns.ts';

/** So much has left before the server is told. */
const LEFT_REPORTED_BYTES = 64 * 1024;
/** A client that never closes its side does not keep ours open. */
const CLOSE_TIMEOUT_MS = 5000;

interface Held {
  socket: Socket;
  paused: boolean;
  /** Bytes that the server was not told of yet. */
  unreported: number;
}

/** The port of the thread, as much of it as is used here. */
export interface ServerPort {
  postMessage(message: ToServer): void;
  on(event: 'message', listener: (message: ToSockets) => void): void;
  close(): void;
}

export class SocketThread {
  private readonly port: ServerPort;
  private readonly out: RingWriter;
  private readonly turns: Turns;
  private readonly held = new Map<number, Held>();
  private readonly tls: TlsUpgrade | undefined;
  private readonly servers: Server[] = [];
  private lastConnection = 0;
  private choked = false;
  private finishing = false;

  constructor(port: ServerPort, { toServer, toSockets, tls }: SocketThreadData) {
    this.port = port;
    this.tls = tls && new TlsUpgrade(tls);
    this.out = new RingWriter(toServer, () => port.postMessage({ kind: 'wake' }));
    const reader = new RingReader(
      toSockets,
      (connection, kind, payload) => this.onFrame(connection, kind, payload),
      () => port.postMessage({ kind: 'room' }),
    );
    this.turns = new Turns(reader);
    port.on('message', (message) => this.onMessage(message));
    this.turns.awake();
  }

  private onMessage(message: ToSockets): void {
    switch (message.kind) {
      case 'wake':
        this.turns.awake();
        return;
      case 'room':
        this.refill();
        return;
      case 'listen':
        this.openDoor(message.where);
        return;
      case 'tls':
        this.tls?.replace(message.material);
        return;
      case 'stop-listening':
        void Promise.all(this.servers.map((server) => new Promise((done) => server.close(done))));
        return;
      case 'finish':
        this.finish();
        return;
    }
  }

  private openDoor(where: Where): void {
    const server = createServer({ noDelay: true, keepAlive: true }, (socket) =>
      this.take(socket, 'port' in where && this.tls !== undefined),
    );
    this.servers.push(server);
    const failed = (error: NodeJS.ErrnoException) =>
      this.port.postMessage({ kind: 'not-listening', message: error.message, code: error.code });
    server.once('error', failed);
    server.listen({ ...where, backlog: 1024 }, () => {
      server.off('error', failed);
      server.on('error', (error) => this.port.postMessage({ kind: 'failed', message: error.message }));
      const address = server.address();
      const known = typeof address === 'object' && address !== null;
      this.port.postMessage({ kind: 'listening', host: known ? address.address : '', port: known ? address.port : 0 });
    });
  }

  private take(socket: Socket, offersTls: boolean): void {
    const connection = ++this.lastConnection;
    const held: Held = { socket, paused: false, unreported: 0 };
    this.held.set(connection, held);
    const how = (socket.remoteAddress === undefined ? OPENED.local : 0) | (offersTls ? OPENED.tls : 0);
    this.send(connection, Frame.Open, Buffer.concat([Buffer.of(how), Buffer.from(addressOf(socket))]));
    this.listen(connection, held);
    if (this.choked) socket.pause();
  }

  private listen(connection: number, held: Held): void {
    const { socket } = held;
    socket.on('data', (chunk: Buffer) => this.send(connection, Frame.Data, chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (held.socket !== socket) return;
      this.held.delete(connection);
      this.send(connection, Frame.End);
      if (this.finishing && this.held.size === 0) this.finished();
    });
  }

  private encrypt(connection: number, held: Held, rest: Buffer): void {
    this.tls!.upgrade(held.socket, rest, (secured, facts) => {
      held.socket = secured;
      this.send(connection, Frame.Secure, Buffer.from(JSON.stringify(facts)));
      this.listen(connection, held);
      if (this.choked || held.paused) secured.pause();
    });
  }

  private onFrame(connection: number, kind: FrameKind, payload: Buffer): void {
    const held = this.held.get(connection);
    // What the server said before it knew that the socket is closed.
    if (held === undefined) return;
    const { socket } = held;
    switch (kind) {
      case Frame.Data:
        if (socket.writableEnded || socket.destroyed) return;
        held.unreported += payload.length;
        if (held.unreported < LEFT_REPORTED_BYTES) socket.write(payload);
        else this.writeReported(connection, held, payload);
        return;
      case Frame.End:
        socket.end();
        socket.setTimeout(CLOSE_TIMEOUT_MS, () => socket.destroy());
        return;
      case Frame.Destroy:
        socket.destroy();
        return;
      case Frame.Hold:
        socket.removeAllListeners('data');
        socket.pause();
        this.send(connection, Frame.Hold);
        return;
      case Frame.Secure:
        this.encrypt(connection, held, payload);
        return;
      case Frame.Pause:
        held.paused = true;
        socket.pause();
        return;
      case Frame.Resume:
        held.paused = false;
        if (!this.choked) socket.resume();
        return;
    }
  }

  private writeReported(connection: number, held: Held, payload: Buffer): void {
    const count = Buffer.alloc(4);
    count.writeUInt32LE(held.unreported);
    held.unreported = 0;
    held.socket.write(payload, () => this.send(connection, Frame.Left, count));
  }

  private send(connection: number, kind: FrameKind, payload?: Uint8Array): void {
    this.out.add(connection, kind, payload);
    // An answer may come before this thread would have gone to sleep.
    this.turns.awake();
    if (!this.out.isFull || this.choked) return;
    this.choked = true;
    for (const { socket } of this.held.values()) socket.pause();
  }

  private refill(): void {
    if (!this.out.refill() || !this.choked) return;
    this.choked = false;
    for (const { socket, paused } of this.held.values()) if (!paused) socket.resume();
  }

  /** The server has said what it had to say. */
  private finish(): void {
    this.finishing = true;
    // Frames that are in the ring already go first.
    setImmediate(() => {
      if (this.held.size === 0) return this.finished();
      for (const { socket } of this.held.values()) {
        socket.end();
        socket.setTimeout(CLOSE_TIMEOUT_MS, () => socket.destroy());
      }
    });
  }

  private finished(): void {
    this.port.postMessage({ kind: 'stopped' });
    this.port.close();
  }
}
