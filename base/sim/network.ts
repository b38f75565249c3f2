/**
 * A network of named places that drops, repeats, delays and reorders messages, and that can be cut between any two nodes, in one
 * direction or both (a cut takes what is under way), or clogged (what is sent waits and arrives when the clog is gone). Messages of
 * one connection arrive in order unless `reorder` is drawn, as over a transport that reconnects; code above must not rely on
 * more than that. A frozen node receives when it thaws.
 */
import { RutileError } from '../error.ts';
import type { Connection, Network, Random } from '../world.ts';
import type { SimTime, SimTimers } from './time.ts';

export interface SimNetworkOptions {
  readonly delayMs?: readonly [number, number];
  /** Probabilities per message. */
  readonly drop?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  /** How often a message is one of the slow few, and what those take. */
  readonly tail?: number;
  readonly tailMs?: readonly [number, number];
}

/** The wires between all nodes of a simulation. */
export class SimWires {
  options: Required<SimNetworkOptions>;
  private readonly time: SimTime;
  private readonly random: Random;
  private readonly listeners = new Map<
    string,
    { readonly node: string; readonly timers: SimTimers; readonly accept: (connection: Connection) => void }
  >();
  private readonly cuts = new Set<string>();
  /** Until when each clogged direction holds back what is sent. */
  private readonly clogs = new Map<string, number>();
  private readonly connections = new Set<SimConnection>();

  constructor(time: SimTime, random: Random, options: SimNetworkOptions = {}) {
    this.time = time;
    this.random = random;
    this.options = { delayMs: [0.1, 2], drop: 0, duplicate: 0, reorder: 0, tail: 0, tailMs: [50, 500], ...options };
  }

  /** `timers` are those of the node's present life. */
  network(node: string, timers: SimTimers): Network {
    return {
      listen: (address, accept) => {
        if (this.listeners.has(address))
          throw new RutileError('network.in-use', `${address} is in use`, { fields: { address } });
        this.listeners.set(address, { node, timers, accept });
        return { close: () => void this.listeners.delete(address) };
      },
      connect: (address) => this.connect(node, timers, address),
    };
  }

  /** Messages from `source` to `target` vanish until healed. */
  cut(source: string, target: string): void {
    this.cuts.add(`${source}>${target}`);
  }

  /** Cuts both ways between every node of one side and every node of the other. */
  partition(left: readonly string[], right: readonly string[]): void {
    for (const one of left) {
      for (const other of right) {
        this.cut(one, other);
        this.cut(other, one);
      }
    }
  }

  /** One direction works again. */
  mend(source: string, target: string): void {
    this.cuts.delete(`${source}>${target}`);
  }

  /** Messages from `source` to `target` wait for so long, then all arrive. */
  clog(source: string, target: string, forMs: number): void {
    const link = `${source}>${target}`;
    this.clogs.set(link, Math.max(this.clogs.get(link) ?? 0, this.time.nowMs + forMs));
  }

  heal(): void {
    this.cuts.clear();
    this.clogs.clear();
  }

  /** A node is gone: its listeners and connections with it; peers learn of it after a delay. */
  crash(node: string): void {
    for (const [address, listener] of this.listeners) if (listener.node === node) this.listeners.delete(address);
    for (const connection of this.connections) if (connection.node === node) connection.abort();
  }

  isCut(source: string, target: string): boolean {
    return this.cuts.has(`${source}>${target}`);
  }

  /** Brings `deliver` about, or not, as the draw of fate and the cuts say. */
  carry(source: string, target: string, lastMs: number, deliver: () => void): number {
    const { drop, duplicate, reorder, tail, tailMs } = this.options;
    if (this.isCut(source, target) || this.random.unit() < drop) return lastMs;
    let atMs = Math.max(this.time.nowMs, this.clogs.get(`${source}>${target}`) ?? 0) + this.delay();
    // Drawn only when asked for, so that a seed means what it meant without.
    if (tail > 0 && this.random.unit() < tail) atMs += tailMs[0] + this.random.unit() * (tailMs[1] - tailMs[0]);
    if (this.random.unit() >= reorder) atMs = Math.max(atMs, lastMs);
    const arrive = (): void => {
      // A cut also takes what is under way.
      if (!this.isCut(source, target)) deliver();
    };
    this.time.schedule(atMs, arrive);
    if (this.random.unit() < duplicate) this.time.schedule(atMs + this.delay(), arrive);
    return Math.max(atMs, lastMs);
  }

  later(run: () => void): void {
    this.time.schedule(this.time.nowMs + this.delay(), run);
  }

  forget(connection: SimConnection): void {
    this.connections.delete(connection);
  }

  private connect(node: string, timers: SimTimers, address: string): Promise<Connection> {
    return new Promise((resolve, reject) => {
      this.later(() => {
        const listener = this.listeners.get(address);
        if (!listener || this.isCut(node, listener.node) || this.isCut(listener.node, node)) {
          timers.run(() =>
            reject(
              new RutileError('network.unreachable', `${address} is unreachable`, {
                retry: 'same',
                fields: { address },
              }),
            ),
          );
          return;
        }
        const near = new SimConnection(this, node, timers);
        const far = new SimConnection(this, listener.node, listener.timers);
        near.pair(far);
        far.pair(near);
        this.connections.add(near).add(far);
        listener.timers.run(() => listener.accept(far));
        timers.run(() => resolve(near));
      });
    });
  }

  private delay(): number {
    const [lower, upper] = this.options.delayMs;
    return lower + this.random.unit() * (upper - lower);
  }
}

class SimConnection implements Connection {
  readonly node: string;
  private readonly wires: SimWires;
  private readonly timers: SimTimers;
  private peer!: SimConnection;
  private handler: ((message: Uint8Array) => void) | undefined;
  private readonly closeHandlers: (() => void)[] = [];
  private early: Uint8Array[] = [];
  private closed = false;
  private lastMs = 0;

  constructor(wires: SimWires, node: string, timers: SimTimers) {
    this.wires = wires;
    this.node = node;
    this.timers = timers;
  }

  pair(peer: SimConnection): void {
    this.peer = peer;
  }

  send(message: Uint8Array): void {
    if (this.closed) return;
    const copy = message.slice();
    this.lastMs = this.wires.carry(this.node, this.peer.node, this.lastMs, () => this.peer.receive(copy));
  }

  onMessage(handler: (message: Uint8Array) => void): void {
    this.handler = handler;
    for (const message of this.early.splice(0)) handler(message);
  }

  onClose(handler: () => void): void {
    this.closeHandlers.push(handler);
  }

  close(): void {
    if (this.closed) return;
    this.end();
    this.wires.later(() => this.peer.end());
  }

  /** The node crashed: nothing of it runs any more. */
  abort(): void {
    this.closed = true;
    this.closeHandlers.length = 0;
    this.handler = undefined;
    this.wires.forget(this);
    this.wires.later(() => this.peer.end());
  }

  private receive(message: Uint8Array): void {
    this.timers.run(() => {
      if (this.closed) return;
      if (this.handler) this.handler(message);
      else this.early.push(message);
    });
  }

  private end(): void {
    this.timers.run(() => {
      if (this.closed) return;
      this.closed = true;
      this.wires.forget(this);
      for (const handler of this.closeHandlers) handler();
    });
  }
}
