/**
 * One simulated machine: a whole `Store` over the engine in memory (which loses its unsynced tail with the power), the real log on a
 * simulated disk, and the wires: messages of Raft without an answer, snapshots as a row of calls, requests of clients as calls.
 */
import { deserialize, serialize } from 'node:v8';
import { RutileError } from '../../../base/error.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Connection } from '../../../base/world.ts';
import { MemoryEngine } from '../../../kv/engine/memory.ts';
import { SegmentLog } from '../../../kv/log/index.ts';
import { type ReplicaDifference, Store } from '../../../kv/store/index.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import type { RegionMessage, StoreTransport } from '../../../kv/store/region/regions.ts';
import type { SnapshotMaker } from '../../../kv/store/region/snapshot.ts';
import type { StagingWriter } from '../../../kv/store/region/staging.ts';
import { answerCalls, Caller } from './calls.ts';
import { type Heartbeat, type Placement, PLACEMENT } from './placement.ts';
import type { Plant } from './plant.ts';
import { FeedDoor } from './feed-door.ts';
import { serveStore } from './remote-store.ts';

export interface Knobs {
  readonly storeCount: number;
  readonly replicas: number;
  readonly regionsMax: number;
  readonly logKeptCount: number;
  readonly logKeptCountMax: number;
  readonly tickMs: number;
  readonly segmentSizeBytes: number;
  readonly entrySizeBytesMax: number;
  readonly hotPagesSizeBytesMax: number;
  readonly tracesMax: number;
  readonly durableEveryMs: number;
  /** A region with more keys cuts itself. */
  readonly regionKeysMax: number;
  readonly snapshotChunkBytes: number;
  readonly slowOracle: boolean;
  readonly clientPauseMs: number;
  readonly keysPerCommandMax: number;
  readonly lockTtlMs: number;
  /** What may wait for a reader of changes. */
  readonly feedSizeBytesMax: number;
  /** How often the operator does something, per step of the run. */
  readonly restlessness: number;
  /** How often that is a step towards a merge of two regions. */
  readonly merging: number;
}

export interface NodeOptions {
  readonly id: number;
  readonly engine: MemoryEngine;
  readonly placement: Placement;
  readonly knobs: Knobs;
  readonly bug: (error: unknown) => void;
  readonly plant?: Plant | undefined;
}

const HEARTBEAT_MS = 150;
const LOST_MS = 1000;
/** One piece of a snapshot. */
const PIECE_MS = 1500;
/** Nobody goes on with a snapshot on its way in. */
const STREAM_IDLE_MS = 4000;

type Piece =
  | { readonly kind: 'begin'; readonly message: RegionMessage }
  | { readonly kind: 'chunk'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly stream: number };

interface Stream {
  readonly message: RegionMessage;
  readonly writer: StagingWriter;
  seenMs: number;
}

export function addressOf(id: number): string {
  return `s${id}`;
}

export class StoreNode {
  readonly store: Store;
  readonly engine: MemoryEngine;
  private readonly world: SimWorld;
  private readonly id: number;
  private readonly bug: (error: unknown) => void;
  private readonly streams = new Map<number, Stream>();
  private streamCount = 0;

  static async open(world: SimWorld, options: NodeOptions): Promise<StoreNode> {
    const { id, engine, knobs, placement, plant } = options;
    const log = await SegmentLog.open(world, {
      folder: 'log',
      segmentSizeBytes: knobs.segmentSizeBytes,
      groupSizeBytesMax: 8192,
    });
    const transport = new Transport(world, id, new Caller(world));
    const plain = {
      engine,
      log,
      world,
      transport,
      timestamps: placement.timestampsFor(world, knobs.slowOracle),
      storeId: id,
      firstRegion: id === 1 ? undefined : ('none' as const),
      timing: {
        tickMs: knobs.tickMs,
        logKeptCount: knobs.logKeptCount,
        logKeptCountMax: knobs.logKeptCountMax,
        proposalMs: 4000,
        snapshotChunkBytes: knobs.snapshotChunkBytes,
      },
      splitting: {
        newIds: (count: number) => {
          const first = placement.nextId();
          for (let i = 1; i < count; i++) placement.nextId();
          return first;
        },
        changed: () => undefined,
      },
      differs: (difference: ReplicaDifference) =>
        options.bug(new Error(`store ${id} differs from its leader: ${JSON.stringify(difference)}`)),
      limits: {
        regionKeysMax: knobs.regionKeysMax,
        splitCheckEveryMs: 500,
        replicaCheckEveryMs: 700,
        entrySizeBytesMax: knobs.entrySizeBytesMax,
        hotPagesSizeBytesMax: knobs.hotPagesSizeBytesMax,
        rawPagesSizeBytesMax: knobs.hotPagesSizeBytesMax,
        tracesMax: knobs.tracesMax,
        durableEveryMs: knobs.durableEveryMs,
        inFlightWaitMs: 3000,
        feedSizeBytesMax: knobs.feedSizeBytesMax,
        feedIdleMs: 3000,
        resolveEveryMs: 100,
        // Versions stay: what garbage collection may forget is the whole cluster's business.
        gcEveryMs: 3_600_000,
      },
    };
    const store = await Store.open(plant?.options?.(plain) ?? plain);
    plant?.bend?.(store);
    transport.store = store;
    return new StoreNode(world, store, transport, options);
  }

  private constructor(world: SimWorld, store: Store, transport: Transport, options: NodeOptions) {
    const { id, engine, bug } = options;
    this.world = world;
    this.store = store;
    this.engine = engine;
    this.id = id;
    this.bug = bug;
    world.network.listen(`${addressOf(id)}:raft`, (connection) =>
      connection.onMessage((bytes) => store.regionsHere.receive(deserialize(bytes) as RegionMessage)),
    );
    answerCalls(world, `${addressOf(id)}:snapshot`, (piece) => this.take(piece as Piece), bug);
    const feeds = new FeedDoor(world);
    answerCalls(world, addressOf(id), (question) => serveStore(store.gate, feeds, question), bug);
    world.timers.every(HEARTBEAT_MS, () => this.tell(transport.caller));
    world.timers.every(LOST_MS, () => this.askAfterRegions(transport.caller));
    world.timers.every(STREAM_IDLE_MS / 4, () => this.dropIdle());
  }

  /** Placement hears of the regions led here. */
  private tell(caller: Caller): void {
    for (const peer of this.store.regionsHere.peers.all()) {
      // A leader that has removed itself must not be the one by whose word placement sends it away.
      if (!peer.serves || !peer.region.peers.some((one) => one.storeId === this.id)) continue;
      const heartbeat: Heartbeat = { region: peer.region, storeId: this.id, term: peer.consensus.term };
      caller.call(PLACEMENT, heartbeat, 1000).catch(() => undefined);
    }
  }

  /** Peers that were removed while they did not listen, and who do not miss a leader, learn it from placement. */
  private askAfterRegions(caller: Caller): void {
    const { regionsHere } = this.store;
    const ids = regionsHere.peers.all().flatMap((peer) => (peer.serves ? [] : [peer.id]));
    if (ids.length === 0) return;
    caller.call(PLACEMENT, ids, 1000).then(
      (regions) => (regions as RegionDescriptor[]).forEach((region) => regionsHere.learn(region)),
      () => undefined,
    );
  }

  // ---- snapshots on their way in

  private async take(piece: Piece): Promise<number | boolean> {
    const { regionsHere } = this.store;
    if (piece.kind === 'begin') {
      const writer = await regionsHere.stage(piece.message);
      if (writer === undefined) return 0;
      this.streams.set(++this.streamCount, { message: piece.message, writer, seenMs: this.world.clock.monotonicMs() });
      return this.streamCount;
    }
    const stream = this.streams.get(piece.stream);
    if (stream === undefined) return false;
    stream.seenMs = this.world.clock.monotonicMs();
    if (piece.kind === 'chunk') {
      await stream.writer.write(piece.bytes);
      return true;
    }
    this.streams.delete(piece.stream);
    let whole = false;
    try {
      await stream.writer.finish();
      whole = true;
    } finally {
      regionsHere.staged(stream.message, whole);
    }
    return true;
  }

  private dropIdle(): void {
    const before = this.world.clock.monotonicMs() - STREAM_IDLE_MS;
    for (const [id, { seenMs, writer, message }] of this.streams) {
      if (seenMs > before) continue;
      this.streams.delete(id);
      const end = (): void => this.store.regionsHere.staged(message, false);
      writer.abort().then(end, (error: unknown) => {
        if (!(error instanceof RutileError)) this.bug(error);
        end();
      });
    }
  }
}

class Transport implements StoreTransport {
  store: Store | undefined = undefined;
  readonly caller: Caller;
  private readonly world: SimWorld;
  private readonly id: number;
  private readonly links = new Map<number, Connection | 'connecting'>();
  /** Regions that spoke to a store since the link to it was made. */
  private readonly speakers = new Map<number, Set<number>>();

  constructor(world: SimWorld, id: number, caller: Caller) {
    this.world = world;
    this.id = id;
    this.caller = caller;
  }

  send(to: number, message: RegionMessage): void {
    const bytes = serialize(message);
    this.noteSpeaker(to, message.regionId);
    const link = this.links.get(to);
    if (link === 'connecting') this.world.timers.soon(() => this.lost(to));
    else if (link !== undefined) link.send(bytes);
    else {
      this.links.set(to, 'connecting');
      this.world.network.connect(`${addressOf(to)}:raft`).then(
        (connection) => {
          this.links.set(to, connection);
          connection.onClose(() => {
            this.links.delete(to);
            this.lost(to);
          });
          connection.send(bytes);
        },
        () => {
          this.links.delete(to);
          this.lost(to);
        },
      );
    }
  }

  async sendSnapshot(to: number, message: RegionMessage, data: SnapshotMaker): Promise<boolean> {
    const address = `${addressOf(to)}:snapshot`;
    const ask = (piece: Piece): Promise<unknown> => this.caller.call(address, piece, PIECE_MS);
    try {
      const stream = (await ask({ kind: 'begin', message })) as number;
      if (stream === 0) return false;
      for (let bytes = await data.next(); bytes !== undefined; bytes = await data.next())
        if (!(await ask({ kind: 'chunk', stream, bytes }))) return false;
      return (await ask({ kind: 'end', stream })) as boolean;
    } catch (error) {
      if (error instanceof RutileError) return false;
      throw error;
    }
  }

  private noteSpeaker(to: number, regionId: number): void {
    const regions = this.speakers.get(to);
    if (regions === undefined) this.speakers.set(to, new Set([regionId]));
    else regions.add(regionId);
  }

  private lost(to: number): void {
    const regions = this.speakers.get(to);
    this.speakers.delete(to);
    if (regions !== undefined) this.store?.regionsHere.unreachable(to, regions);
  }
}
