/**
 * Sockets on a thread of their own: reading and writing sockets takes a server's thread more time than answering their point reads does, so another thread
 * (socket-thread.ts) does it, and the two speak through rings in shared memory. A thread that breaks takes its connections with it and is replaced.
 */
import { Worker } from 'node:worker_threads';
import type { TlsFacts } from '../../protocol/index.ts';
import type { Door, DoorOwner, ServerWire, Where } from '../door.ts';
import type { TlsMaterial } from '../tls/tls-identity.ts';
import type { SocketThreadData, ToServer, ToSockets } from './messages.ts';
import { Frame, type FrameKind, OPENED, ringMemory, RingReader, RingWriter } from './ring.ts';
import { Turns } from './turns.ts';

const RING_BYTES = 1024 * 1024;
/** So much may be on its way to one client that does not read. */
const WINDOW_BYTES = 512 * 1024;

export class ThreadedSockets implements Door {
  private readonly script: URL;
  private readonly owner: DoorOwner;
  private readonly listening: Where[] = [];
  private tls: TlsMaterial | undefined;
  private thread: Thread;
  private stopped = false;

  constructor(script: URL, owner: DoorOwner) {
    this.script = script;
    this.owner = owner;
    this.tls = owner.tls;
    this.thread = this.start();
  }

  private start(): Thread {
    return new Thread(this.script, this.owner, this.tls, (error) => {
      if (this.stopped) return;
      this.owner.onFailure(error);
      this.thread = this.start();
      for (const where of this.listening) this.thread.listen(where).catch((failure) => this.owner.onFailure(failure));
    });
  }

  async listen(where: Where): Promise<{ readonly host: string; readonly port: number }> {
    const address = await this.thread.listen(where);
    // A thread that takes its place listens where clients look for it.
    this.listening.push('port' in where ? { host: where.host, port: address.port } : where);
    return address;
  }

  replaceTls(material: TlsMaterial): void {
    this.tls = material;
    this.thread.replaceTls(material);
  }

  stopListening(): void {
    this.thread.stopListening();
  }

  async close(): Promise<void> {
    this.stopped = true;
    await this.thread.close();
  }
}

class Thread {
  private readonly worker: Worker;
  private readonly owner: DoorOwner;
  private readonly out: RingWriter;
  private readonly turns: Turns;
  private readonly wires = new Map<number, ThreadWire>();
  private readonly asked: { resolve(address: { host: string; port: number }): void; reject(error: Error): void }[] = [];
  private readonly exited: Promise<void>;

  constructor(script: URL, owner: DoorOwner, tls: TlsMaterial | undefined, onExit: (error: Error) => void) {
    this.owner = owner;
    const workerData: SocketThreadData = { toServer: ringMemory(RING_BYTES), toSockets: ringMemory(RING_BYTES), tls };
    this.worker = new Worker(script, { workerData, name: 'sockets' });
    this.out = new RingWriter(workerData.toSockets, () => this.post({ kind: 'wake' }));
    const reader = new RingReader(
      workerData.toServer,
      (connection, kind, payload) => this.onFrame(connection, kind, payload),
      () => this.post({ kind: 'room' }),
    );
    this.turns = new Turns(reader);
    this.worker.on('message', (message: ToServer) => this.onMessage(message));
    let failure: Error | undefined;
    this.worker.on('error', (error: Error) => (failure = error));
    this.exited = new Promise((resolve) =>
      this.worker.once('exit', () => {
        this.turns.stop();
        const error = failure ?? new Error('the socket thread has ended');
        for (const { reject } of this.asked.splice(0)) reject(error);
        for (const wire of [...this.wires.values()]) wire.closed();
        this.wires.clear();
        onExit(error);
        resolve();
      }),
    );
    this.turns.awake();
  }

  private post(message: ToSockets): void {
    this.worker.postMessage(message);
  }

  listen(where: Where): Promise<{ readonly host: string; readonly port: number }> {
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject });
      this.post({ kind: 'listen', where });
    });
  }

  replaceTls(material: TlsMaterial): void {
    this.post({ kind: 'tls', material });
  }

  stopListening(): void {
    this.post({ kind: 'stop-listening' });
  }

  async close(): Promise<void> {
    this.post({ kind: 'finish' });
    await this.exited;
  }

  private onMessage(message: ToServer): void {
    switch (message.kind) {
      case 'wake':
        this.turns.awake();
        return;
      case 'room':
        if (this.out.refill()) for (const wire of this.wires.values()) wire.roomChanged();
        return;
      case 'listening':
        this.asked.shift()?.resolve(message);
        return;
      case 'not-listening':
        this.asked.shift()?.reject(Object.assign(new Error(message.message), { code: message.code }));
        return;
      case 'failed':
        this.owner.onFailure(new Error(message.message));
        return;
    }
  }

  // hot
  private onFrame(connection: number, kind: FrameKind, payload: Buffer): void {
    const wire = this.wires.get(connection);
    switch (kind) {
      case Frame.Data:
        wire?.arrived(payload);
        return;
      case Frame.Left:
        wire?.left(payload.readUInt32LE(0));
        return;
      case Frame.Open:
        this.open(connection, payload[0]!, payload.toString('utf8', 1));
        return;
      case Frame.Hold:
        wire?.held();
        return;
      case Frame.Secure:
        wire?.secured(JSON.parse(payload.toString()) as TlsFacts);
        return;
      case Frame.End:
        this.wires.delete(connection);
        wire?.closed();
        return;
    }
  }

  private open(connection: number, how: number, remoteAddress: string): void {
    const wire = new ThreadWire(this.out, connection, how, remoteAddress);
    this.wires.set(connection, wire);
    this.owner.onConnection(wire);
  }
}

class ThreadWire implements ServerWire {
  readonly remoteAddress: string;
  /** Bytes are copied into the ring, or beside it. */
  readonly flushed = true;
  onData: (chunk: Buffer) => void = () => undefined;
  onClosed: () => void = () => undefined;
  readonly isLocal: boolean;
  readonly secure: ((rest: Buffer) => Promise<TlsFacts>) | undefined;
  /** What came between the wish for TLS and its beginning. */
  private beyond: Buffer[] | undefined;
  private onSecured: (facts: TlsFacts) => void = () => undefined;
  private readonly out: RingWriter;
  private readonly connection: number;
  private onItsWay = 0;
  private paused = false;
  private isClosed = false;
  private waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(out: RingWriter, connection: number, how: number, remoteAddress: string) {
    this.isLocal = (how & OPENED.local) !== 0;
    this.secure = (how & OPENED.tls) === 0 ? undefined : (rest) => this.encrypt(rest);
    this.out = out;
    this.connection = connection;
    this.remoteAddress = remoteAddress;
  }

  // hot
  arrived(chunk: Buffer): void {
    if (this.beyond === undefined) this.onData(chunk);
    else this.beyond.push(chunk);
  }

  /** The thread may have read on: it stops first, gets back what it has read, and then encrypts. */
  private encrypt(rest: Buffer): Promise<TlsFacts> {
    this.beyond = [rest];
    this.out.add(this.connection, Frame.Hold);
    return new Promise((resolve) => (this.onSecured = resolve));
  }

  held(): void {
    this.out.add(this.connection, Frame.Secure, Buffer.concat(this.beyond!));
  }

  secured(facts: TlsFacts): void {
    this.beyond = undefined;
    this.onSecured(facts);
  }

  write(bytes: Uint8Array): boolean {
    if (this.isClosed) return true;
    this.onItsWay += bytes.length;
    this.out.add(this.connection, Frame.Data, bytes);
    return this.hasRoom;
  }

  private get hasRoom(): boolean {
    return this.isClosed || (this.onItsWay < WINDOW_BYTES && !this.out.isFull);
  }

  drained(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    if (this.waiting === undefined) {
      let resolve!: () => void;
      const promise = new Promise<void>((done) => (resolve = done));
      this.waiting = { promise, resolve };
    }
    return this.waiting.promise;
  }

  roomChanged(): void {
    if (this.waiting === undefined || !this.hasRoom) return;
    const { resolve } = this.waiting;
    this.waiting = undefined;
    resolve();
  }

  left(bytes: number): void {
    this.onItsWay -= bytes;
    this.roomChanged();
  }

  pause(): void {
    if (this.paused || this.isClosed) return;
    this.paused = true;
    this.out.add(this.connection, Frame.Pause);
  }

  resume(): void {
    if (!this.paused || this.isClosed) return;
    this.paused = false;
    this.out.add(this.connection, Frame.Resume);
  }

  end(): void {
    if (!this.isClosed) this.out.add(this.connection, Frame.End);
  }

  destroy(): void {
    if (!this.isClosed) this.out.add(this.connection, Frame.Destroy);
  }

  closed(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.roomChanged();
    this.onClosed();
  }
}
