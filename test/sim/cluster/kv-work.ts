/** Clients of the key-value floor: two machines with two ways to commit, the workers on them, and readers of changes. */
import type { LocalKvClient } from '../../../kv/client/index.ts';
import { FeedReaders } from './feed-readers.ts';
import type { ClusterWork, Ending, Ground } from './work.ts';
import { type ClientSeat, RAW_KEYS, ROW_KEYS, Workloads } from './workloads.ts';

const WORKERS = 6;

export class KvWork implements ClusterWork {
  readonly machines = [];
  readonly splitKeys = { rows: ROW_KEYS, raw: RAW_KEYS };
  private readonly ground: Ground;
  private readonly clients: readonly LocalKvClient[];
  private readonly workloads: Workloads;
  private readonly feeds: FeedReaders;
  private work: Promise<unknown> = Promise.resolve();

  constructor(ground: Ground) {
    this.ground = ground;
    const { simulation, knobs, random } = ground;
    const limits = { lockTtlMs: knobs.lockTtlMs, lockWaitMsMax: 2000 };
    const small = { ...limits, onePhaseSizeBytesMax: 1, keysPerCommandMax: knobs.keysPerCommandMax };
    const seats = [1, 2].flatMap((number): ClientSeat[] => {
      const world = simulation.node(`client${number}`);
      const client = ground.clientsOn(world);
      return [limits, small].map((limits) => ({ world, client: client(limits) }));
    });
    this.clients = seats.map(({ client }) => client as LocalKvClient);
    const note = (fact: string): void => ground.note(fact);
    this.workloads = new Workloads(seats, random.fork('work'), { pauseMsMax: knobs.clientPauseMs, note });
    this.feeds = new FeedReaders(seats, random.fork('feeds'), note);
  }

  get counters(): readonly (readonly [string, number])[] {
    return [...this.workloads.counters, ...this.feeds.counters];
  }

  prepare(): Promise<void> {
    return this.workloads.prepare();
  }

  start(): void {
    const fail = (error: unknown): void => this.ground.fail(error);
    this.work = Promise.all(Array.from({ length: WORKERS }, (_, i) => this.workloads.work(i + 1)));
    this.work.catch(fail);
    this.feeds.start(fail);
  }

  endings(): readonly Ending[] {
    this.workloads.stop();
    const all = Array.from({ length: WORKERS }, (_, i) => this.workloads.succeed(i + 1));
    return [
      { what: 'every client to get something done', run: () => Promise.all(all) },
      { what: 'the clients to end what they had begun', run: () => this.work },
      { what: 'the readers of changes to have seen everything', run: () => this.feeds.finish() },
      ...this.clients.map((client) => ({ what: 'the clients to close', run: () => client.close() })),
    ];
  }

  judge(): Promise<void> {
    return this.workloads.judge();
  }
}
