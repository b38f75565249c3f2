/**
 * The way between the stores of a cluster, as kv/store wants it (`StoreTransport`), over the gRPC links of kv/server.
 *
 *     region's message ──► raft_serverpb.RaftMessage ──► link to the store ──► RaftReceiver ──► store.regionsHere
 *
 * What travels beside Raft's own message: ids and stores of both peers, and the region with all its peers as the sender has it, by which a
 * receiver learns whether a peer may begin there, and a peer that was removed hears of it.
 *
 * A snapshot's chunks are cut into pieces that a message may hold, each with a first byte that says whether the chunk goes on. They are made once, in order, so a
 * stream that broke off goes on where it ended if that is the newest piece or the one after it, and the snapshot is over if not.
 */
import { copyBytes, EMPTY_BYTES } from '../base/bytes.ts';
import { RutileError } from '../base/error.ts';
import type { MaybePromise } from '../base/outcome.ts';
import type { World } from '../base/world.ts';
import { decodeRegion, encodeRegion, type RegionDescriptor } from '../proto/kv/region.ts';
import type { RaftMessage } from '../proto/wire/raft-messages.ts';
import { fromWire, toWire } from '../kv/server/raft-codec.ts';
import { RaftTransport, type LinkState, type RaftReceiver, type SnapshotReader, type SnapshotSink, type SnapshotSource, type TlsIdentity } from '../kv/server/index.ts'; // prettier-ignore
import type { RegionMessage, Store, StoreTransport } from '../kv/store/index.ts';

export interface StoreWiresOptions {
  readonly storeId: number;
  readonly clusterId: number;
  readonly world: World;
  readonly tls?: TlsIdentity | undefined;
  /** `host:port` of a store's kv door; asked anew for every connection. */
  resolve(storeId: number): MaybePromise<string | undefined>;
}

const PIECE_BYTES_MAX = 4 * 1024 * 1024;
const LAST_PIECE = 1;
const MORE_PIECES = 0;

/** What `sendSnapshot` needs of the maker. */
type Chunks = Parameters<StoreTransport['sendSnapshot']>[2];

export class StoreWires implements StoreTransport {
  /** For the kv door: what other stores send. */
  readonly receiver: RaftReceiver;
  private readonly links: RaftTransport;
  private store: Store | undefined;
  private snapshotCount = 0;
  /** Ids of snapshots must not meet those of an earlier life of this process. */
  private readonly life: string;

  constructor(options: StoreWiresOptions) {
    const { storeId, clusterId, world, tls, resolve } = options;
    this.life = world.random.below(2 ** 48).toString(36);
    this.links = new RaftTransport({
      storeId,
      clusterId,
      world,
      credentials: tls?.channelCredentials(),
      resolve,
      onUnreachable: (store, regionIds) => this.store?.regionsHere.unreachable(store, regionIds),
    });
    this.receiver = {
      storeId,
      clusterId,
      timers: world.timers,
      onMessages: (_from, messages) => this.receive(messages),
      beginSnapshot: (_from, message) => this.beginSnapshot(message),
    };
  }

  /** Until then, and after `detach`, messages of others are dropped, which Raft is made for. */
  attach(store: Store): void {
    this.store = store;
  }

  detach(): void {
    this.store = undefined;
  }

  state(): readonly LinkState[] {
    return this.links.state();
  }

  close(): void {
    this.detach();
    this.links.close();
  }

  // ---- to others

  // hot
  send(toStoreId: number, message: RegionMessage): void {
    this.links.send(toStoreId, regionMessageToWire(message));
  }

  async sendSnapshot(toStoreId: number, message: RegionMessage, data: Chunks): Promise<boolean> {
    const source = snapshotSource(`${this.life}-${++this.snapshotCount}`, regionMessageToWire(message), data);
    const outcome = await this.links.sendSnapshot(toStoreId, source);
    return outcome.kind === 'taken';
  }

  // ---- from others

  // hot
  private receive(messages: readonly RaftMessage[]): void {
    const { store } = this;
    if (store === undefined) return;
    for (let i = 0; i < messages.length; i++) store.regionsHere.receive(regionMessageFromWire(messages[i]!));
  }

  private async beginSnapshot(wire: RaftMessage): Promise<SnapshotSink | undefined> {
    const { store } = this;
    if (store === undefined) return undefined;
    const message = regionMessageFromWire(wire);
    const staging = await store.regionsHere.stage(message);
    if (staging === undefined) return undefined;
    let pieces: Uint8Array[] = [];
    return {
      write: async (piece) => {
        pieces.push(copyBytes(piece, 1));
        if (piece[0] === MORE_PIECES) return;
        const chunk = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
        pieces = [];
        await staging.write(chunk);
      },
      finish: async () => {
        if (pieces.length > 0) throw new RutileError('raft.malformed', 'a snapshot ends within a chunk');
        await staging.finish();
        if (this.store !== store) throw new RutileError('kv.closed', 'the store is closed');
        store.regionsHere.staged(message, true);
      },
      abort: () => {
        store.regionsHere.staged(message, false);
        void staging.abort().catch(() => undefined);
      },
    };
  }
}

// hot
export function regionMessageToWire({ regionId, from, to, region, message }: RegionMessage): RaftMessage {
  const { epoch, lower, upper } = region;
  return {
    region_id: regionId,
    from_peer: { id: from.id, store_id: from.storeId },
    to_peer: { id: to.id, store_id: to.storeId },
    message: toWire(message),
    region_epoch: { conf_ver: epoch.confVersion, version: epoch.version },
    start_key: lower,
    end_key: upper,
    region: described(region),
  };
}

/** A description is the same object until the region changes: its bytes are made once. */
const descriptions = new WeakMap<RegionDescriptor, Uint8Array>();

function described(region: RegionDescriptor): Uint8Array {
  let bytes = descriptions.get(region);
  if (bytes === undefined) descriptions.set(region, (bytes = encodeRegion(region)));
  return bytes;
}

/** Throws `raft.malformed`. */
// hot
export function regionMessageFromWire(wire: RaftMessage): RegionMessage {
  const { region_id: regionId, from_peer: sender, to_peer: receiver, message, region: description } = wire;
  if (!sender || !receiver || !message || !description)
    throw new RutileError('raft.malformed', 'a message between stores names neither peers nor content nor region');
  const from = { id: sender.id, storeId: sender.store_id };
  const to = { id: receiver.id, storeId: receiver.store_id };
  const region = readDescription(description, regionId);
  const decoded = fromWire(message);
  const entries = decoded.entries.map(({ index, term, data }) => ({ index, term, data: plain(data) }));
  const snapshot = decoded.snapshot && { ...decoded.snapshot, data: plain(decoded.snapshot.data) };
  return { regionId, from, to, region, message: { ...decoded, entries, snapshot } };
}

function readDescription(bytes: Uint8Array, regionId: number): RegionDescriptor {
  let region: RegionDescriptor;
  try {
    region = decodeRegion(bytes).region;
  } catch (cause) {
    throw new RutileError('raft.malformed', 'the description of a region cannot be read', { cause });
  }
  if (region.id !== regionId)
    throw new RutileError('raft.malformed', 'a message describes another region than its own');
  return region;
}

/** Kept for long, as bytes of their own: the message they came in holds many others. */
function plain(bytes: Uint8Array | undefined): Uint8Array {
  return bytes === undefined || bytes.length === 0 ? EMPTY_BYTES : copyBytes(bytes, 0);
}

export function snapshotSource(id: string, message: RaftMessage, data: Chunks): SnapshotSource {
  let made = 0;
  let last: Uint8Array | undefined;
  let rest: Uint8Array = EMPTY_BYTES;
  const make = async (): Promise<Uint8Array | undefined> => {
    if (rest.length === 0) {
      const chunk = await data.next();
      if (chunk === undefined) return undefined;
      rest = chunk;
    }
    const size = Math.min(rest.length, PIECE_BYTES_MAX);
    const piece = new Uint8Array(size + 1);
    piece[0] = size === rest.length ? LAST_PIECE : MORE_PIECES;
    piece.set(rest.subarray(0, size), 1);
    rest = rest.subarray(size);
    made++;
    last = piece;
    return piece;
  };
  return {
    id,
    message,
    open: (index): SnapshotReader | undefined => {
      if (index !== made && !(index === made - 1 && last !== undefined)) return undefined;
      let again = index === made - 1 ? last : undefined;
      return {
        next: () => {
          if (again === undefined) return make();
          const piece = again;
          again = undefined;
          return piece;
        },
        // The maker is its maker's.
        close: () => undefined,
      };
    },
  };
}
