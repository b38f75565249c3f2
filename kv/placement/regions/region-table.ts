/**
 * What placement knows of every region, for a million of them: columns of typed arrays, one row (a *slot*) a region. It is what leaders of
 * regions report in heartbeats and nothing else, so it is not durable: a new leader of placement hears it again.
 *
 * Belief goes by epoch, as in the region map of the core: a report whose `version` (bounds) or `confVersion` (members) is older than what is
 * known of that region, or whose term is older at the same epoch, or that overlaps a region of a higher version, is stale and changes
 * nothing. An accepted one takes the place of every region that it overlaps. So at any time the regions here do not overlap; there may
 * be gaps, between a split or merge and the heartbeat that tells of it.
 *
 * Heartbeats of regions that did not change (nearly all) touch the columns only and allocate nothing. Slots are reused; a slot is good until the
 * next report. Called by the schedule and by the HTTP handlers.
 */
import { assert } from '../../../base/assert.ts';
import { compareBytes } from '../../../base/bytes.ts';
import { BOUND_SIZE_MAX, grown, KeyArena } from './key-arena.ts';
import { KeyOrder } from './key-order.ts';
import { PeerArena, PEERS_MAX } from './peer-arena.ts';
import { type BagKind, FOLLOWERS, LEADERS, LEARNERS, StoreBags } from './store-bags.ts';

export type PeerRole = 'voter' | 'learner' | 'incoming' | 'demoting';
export const ROLES: readonly PeerRole[] = ['voter', 'learner', 'incoming', 'demoting'];

export interface RegionPeer {
  readonly id: number;
  readonly storeId: number;
  readonly role: PeerRole;
}

/** What a region's leader says about it, and how much was read and written since it last did. */
export interface RegionHeartbeat {
  readonly id: number;
  readonly lower: Uint8Array;
  /** Exclusive; empty is the end of the key space. */
  readonly upper: Uint8Array;
  readonly version: number;
  readonly confVersion: number;
  readonly term: number;
  readonly peers: readonly RegionPeer[];
  readonly leaderPeerId: number;
  /** Peers that have not caught up with the log. */
  readonly pendingPeerIds: readonly number[];
  readonly downPeers: readonly { readonly peerId: number; readonly downSeconds: number }[];
  readonly sizeBytes: number;
  readonly keys: number;
  readonly intervalSeconds: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  readonly keysWritten: number;
  readonly keysRead: number;
  readonly queries: number;
}

/** A region with everything, for what is rare: decisions about it, and people. */
export interface RegionView {
  readonly id: number;
  readonly lower: Uint8Array;
  readonly upper: Uint8Array;
  readonly version: number;
  readonly confVersion: number;
  readonly peers: readonly RegionPeer[];
  readonly leader: RegionPeer | undefined;
  readonly pending: readonly RegionPeer[];
  readonly down: readonly { readonly peer: RegionPeer; readonly downSeconds: number }[];
  readonly sizeKib: number;
  readonly keys: number;
}

/** `put` answers a slot, or one of these below zero. */
export const STALE = -1;
export const MALFORMED = -2;

const KIB = 1024;
/** Each region costs its store something, however little it holds: so stores are level when only empty regions are there. */
const EMPTY_KIB = 1024;

export class RegionTable {
  readonly keys = new KeyArena();
  readonly order = new KeyOrder(this.keys);
  readonly peers = new PeerArena();
  /** By store index; an index is never given to another store. */
  readonly storeBags: StoreBags[] = [];
  private readonly storeIndexes = new Map<number, number>();
  private readonly slotById = new Map<number, number>();
  private readonly freeSlots: number[] = [];
  /** Slots below it have been used. */
  slotEnd = 0;

  /** 0 for a slot that is free. */
  ids = new Float64Array(1024);
  versions = new Uint32Array(1024);
  confVersions = new Uint32Array(1024);
  terms = new Uint32Array(1024);
  /** Approximate, in KiB: 4 TiB a region at most. */
  sizesKib = new Uint32Array(1024);
  keyCounts = new Uint32Array(1024);
  peerAt = new Uint32Array(1024);
  peerCounts = new Uint8Array(1024);
  /** Place of the leader among the peers, -1 when it is unknown. */
  leaders = new Int8Array(1024);
  /** One bit a peer. */
  pendingBits = new Uint16Array(1024);
  downBits = new Uint16Array(1024);
  /** Seconds of the schedule's clock. */
  heardAtS = new Uint32Array(1024);
  /** When its bounds last changed. */
  reshapedAtS = new Uint32Array(1024);
  /** Of the last interval. */
  writtenKib = new Uint32Array(1024);
  readKib = new Uint32Array(1024);
  writtenKeys = new Uint32Array(1024);
  readKeys = new Uint32Array(1024);
  queries = new Uint32Array(1024);
  private readonly downSeconds = new Map<
    number,
    readonly { readonly peerId: number; readonly downSeconds: number }[]
  >();

  totalKib = 0;
  /** Heard of and gone again: merged or replaced slots are told here, for caches that count on them. */
  onRemove: (slot: number) => void = () => undefined;

  get count(): number {
    return this.order.count;
  }

  /** Bytes of the columns, without the map of ids (some 50 bytes a region). */
  get sizeBytes(): number {
    return this.ids.length * 61 + this.keys.sizeBytes + this.peers.sizeBytes + this.order.count * 8;
  }

  storeIndex(storeId: number): number {
    let index = this.storeIndexes.get(storeId);
    if (index === undefined) {
      index = this.storeBags.length;
      assert(index < 0xffff, 'more stores than a region table can tell apart');
      this.storeBags.push(new StoreBags(storeId));
      this.storeIndexes.set(storeId, index);
    }
    return index;
  }

  bagsOf(storeId: number): StoreBags {
    return this.storeBags[this.storeIndex(storeId)]!;
  }

  // hot: bench/micro/placement.ts
  /** The region's slot; STALE or MALFORMED when nothing changed. */
  put(heartbeat: RegionHeartbeat, nowS: number): number {
    const slot = this.slotById.get(heartbeat.id);
    if (
      slot !== undefined &&
      this.versions[slot] === heartbeat.version &&
      this.confVersions[slot] === heartbeat.confVersion &&
      heartbeat.term >= this.terms[slot]! &&
      this.samePeers(slot, heartbeat) &&
      this.keys.hasBounds(slot, heartbeat.lower, heartbeat.upper)
    ) {
      this.note(slot, heartbeat, nowS);
      return slot;
    }
    return this.replace(heartbeat, nowS, slot);
  }

  /** -1 when the region is not known. */
  slotOf(id: number): number {
    return this.slotById.get(id) ?? -1;
  }

  /** The region that holds `key`, -1 in a gap. */
  slotByKey(key: Uint8Array): number {
    const slot = this.order.at(this.order.floor(key));
    return slot >= 0 && this.keys.compareUpper(slot, key) > 0 ? slot : -1;
  }

  /** The neighbour that ends where the region begins, -1 at the beginning or beside a gap. */
  below(slot: number): number {
    const position = this.order.previous(this.order.floor(this.keys.lower(slot)));
    const other = this.order.at(position);
    return other >= 0 && this.keys.meet(other, slot) ? other : -1;
  }

  above(slot: number): number {
    const position = this.order.next(this.order.floor(this.keys.lower(slot)));
    const other = this.order.at(position);
    return other >= 0 && this.keys.meet(slot, other) ? other : -1;
  }

  /** Slots that overlap [lower, upper), in order; `limit` 0 means all, empty `upper` the end. */
  scan(lower: Uint8Array, upper: Uint8Array, limit: number): number[] {
    const found: number[] = [];
    let position = this.order.floor(lower);
    if (position < 0) position = this.order.next(-1);
    for (; position >= 0; position = this.order.next(position)) {
      const slot = this.order.at(position);
      if (upper.length > 0 && this.keys.compareLower(slot, upper) >= 0) break;
      if (this.keys.compareUpper(slot, lower) <= 0) continue;
      found.push(slot);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Forgets a region: it was merged away, or its group is gone. */
  forget(id: number): void {
    const slot = this.slotById.get(id);
    if (slot !== undefined) this.remove(slot);
  }

  peerAtStore(slot: number, storeId: number): RegionPeer | undefined {
    const index = this.storeIndexes.get(storeId);
    const at = this.peerAt[slot]!;
    for (let i = at; i < at + this.peerCounts[slot]!; i++) if (this.peers.stores[i] === index) return this.peer(i);
    return undefined;
  }

  leaderStoreIndex(slot: number): number {
    const leader = this.leaders[slot]!;
    return leader < 0 ? -1 : this.peers.stores[this.peerAt[slot]! + leader]!;
  }

  /** In bounds, epoch and members exactly what it takes to decide about the region. */
  view(slot: number): RegionView {
    assert(this.ids[slot] !== 0, 'a slot without a region');
    const at = this.peerAt[slot]!;
    const peers: RegionPeer[] = [];
    const pending: RegionPeer[] = [];
    const down: { peer: RegionPeer; downSeconds: number }[] = [];
    for (let i = 0; i < this.peerCounts[slot]!; i++) {
      const peer = this.peer(at + i);
      peers.push(peer);
      if (this.pendingBits[slot]! & (1 << i)) pending.push(peer);
      if (this.downBits[slot]! & (1 << i)) {
        const told = this.downSeconds.get(slot)?.find((one) => one.peerId === peer.id);
        down.push({ peer, downSeconds: told?.downSeconds ?? 0 });
      }
    }
    const leader = this.leaders[slot]!;
    return {
      id: this.ids[slot]!,
      lower: this.keys.lower(slot),
      upper: this.keys.upper(slot),
      version: this.versions[slot]!,
      confVersion: this.confVersions[slot]!,
      peers,
      leader: leader < 0 ? undefined : peers[leader],
      pending,
      down,
      sizeKib: this.sizesKib[slot]!,
      keys: this.keyCounts[slot]!,
    };
  }

  viewOf(id: number): RegionView | undefined {
    const slot = this.slotById.get(id);
    return slot === undefined ? undefined : this.view(slot);
  }

  private peer(at: number): RegionPeer {
    const { ids, stores, roles } = this.peers;
    return { id: ids[at]!, storeId: this.storeBags[stores[at]!]!.storeId, role: ROLES[roles[at]!]! };
  }

  private samePeers(slot: number, heartbeat: RegionHeartbeat): boolean {
    const at = this.peerAt[slot]!;
    const { peers } = heartbeat;
    if (peers.length !== this.peerCounts[slot]) return false;
    for (let i = 0; i < peers.length; i++) {
      const peer = peers[i]!;
      if (this.peers.ids[at + i] !== peer.id || ROLES[this.peers.roles[at + i]!] !== peer.role) return false;
    }
    return true;
  }

  /** What a heartbeat says beyond shape and members. */
  private note(slot: number, heartbeat: RegionHeartbeat, nowS: number): void {
    const at = this.peerAt[slot]!;
    const count = this.peerCounts[slot]!;
    let leader = -1;
    for (let i = 0; i < count; i++) if (this.peers.ids[at + i] === heartbeat.leaderPeerId) leader = i;
    if (leader !== this.leaders[slot]) this.lead(slot, leader);

    let pendingBits = 0;
    for (const id of heartbeat.pendingPeerIds) pendingBits |= this.bitOf(slot, id);
    let downBits = 0;
    for (const { peerId } of heartbeat.downPeers) downBits |= this.bitOf(slot, peerId);
    if (pendingBits !== this.pendingBits[slot]) this.setPending(slot, pendingBits);
    if (downBits !== 0) this.downSeconds.set(slot, heartbeat.downPeers.slice());
    else if (this.downBits[slot] !== 0) this.downSeconds.delete(slot);
    this.downBits[slot] = downBits;

    const sizeKib = clamped(Math.max(EMPTY_KIB, heartbeat.sizeBytes / KIB));
    if (sizeKib !== this.sizesKib[slot]) this.resize(slot, sizeKib);
    this.keyCounts[slot] = clamped(heartbeat.keys);
    this.terms[slot] = heartbeat.term;
    this.heardAtS[slot] = nowS;
    this.writtenKib[slot] = clamped(heartbeat.bytesWritten / KIB);
    this.readKib[slot] = clamped(heartbeat.bytesRead / KIB);
    this.writtenKeys[slot] = clamped(heartbeat.keysWritten);
    this.readKeys[slot] = clamped(heartbeat.keysRead);
    this.queries[slot] = clamped(heartbeat.queries);
  }

  private replace(heartbeat: RegionHeartbeat, nowS: number, before: number | undefined): number {
    if (!wellFormed(heartbeat)) return MALFORMED;
    if (before !== undefined && this.isOlder(heartbeat, before)) return STALE;
    const overlapped = this.scan(heartbeat.lower, heartbeat.upper, 0);
    for (const slot of overlapped) {
      if (slot !== before && this.versions[slot]! > heartbeat.version) return STALE;
    }
    const sameBounds = before !== undefined && this.keys.hasBounds(before, heartbeat.lower, heartbeat.upper);
    if (sameBounds) {
      this.leave(before);
      this.join(before, heartbeat);
      this.versions[before] = heartbeat.version;
      this.confVersions[before] = heartbeat.confVersion;
      this.note(before, heartbeat, nowS);
      return before;
    }
    for (const slot of overlapped) this.remove(slot);
    if (before !== undefined && this.ids[before] === heartbeat.id) this.remove(before);
    this.keys.compact(this.order.slots());
    const slot = this.freeSlots.pop() ?? this.slotEnd++;
    if (slot >= this.ids.length) this.grow();
    this.ids[slot] = heartbeat.id;
    this.slotById.set(heartbeat.id, slot);
    this.keys.set(slot, heartbeat.lower, heartbeat.upper);
    this.order.insert(slot, heartbeat.lower);
    this.versions[slot] = heartbeat.version;
    this.confVersions[slot] = heartbeat.confVersion;
    this.reshapedAtS[slot] = nowS;
    this.join(slot, heartbeat);
    this.note(slot, heartbeat, nowS);
    return slot;
  }

  private isOlder(heartbeat: RegionHeartbeat, slot: number): boolean {
    return (
      heartbeat.version < this.versions[slot]! ||
      heartbeat.confVersion < this.confVersions[slot]! ||
      heartbeat.term < this.terms[slot]!
    );
  }

  /** Enters the peers of a heartbeat into a slot that has none. */
  private join(slot: number, heartbeat: RegionHeartbeat): void {
    const { peers } = heartbeat;
    const at = this.peers.take(peers.length);
    this.peerAt[slot] = at;
    this.peerCounts[slot] = peers.length;
    this.leaders[slot] = peers.findIndex((one) => one.id === heartbeat.leaderPeerId);
    for (let i = 0; i < peers.length; i++) {
      const peer = peers[i]!;
      this.peers.ids[at + i] = peer.id;
      this.peers.stores[at + i] = this.storeIndex(peer.storeId);
      this.peers.roles[at + i] = ROLES.indexOf(peer.role);
      this.enterBag(slot, i);
    }
    this.sizesKib[slot] = 0;
    this.pendingBits[slot] = 0;
    this.downBits[slot] = 0;
  }

  /** Takes a slot's peers out of all that counts them. */
  private leave(slot: number): void {
    this.setPending(slot, 0);
    this.resize(slot, 0);
    const at = this.peerAt[slot]!;
    const count = this.peerCounts[slot]!;
    for (let i = 0; i < count; i++) this.leaveBag(slot, i);
    this.peers.give(at, count);
    this.peerCounts[slot] = 0;
    if (this.downBits[slot] !== 0) this.downSeconds.delete(slot);
  }

  private remove(slot: number): void {
    this.onRemove(slot);
    this.leave(slot);
    this.order.remove(slot, this.keys.lower(slot));
    this.keys.clear(slot);
    this.slotById.delete(this.ids[slot]!);
    this.ids[slot] = 0;
    this.terms[slot] = 0;
    this.freeSlots.push(slot);
  }

  private lead(slot: number, leader: number): void {
    const before = this.leaders[slot]!;
    if (before >= 0) this.leaveBag(slot, before);
    if (leader >= 0) this.leaveBag(slot, leader);
    this.leaders[slot] = leader;
    if (before >= 0) this.enterBag(slot, before);
    if (leader >= 0) this.enterBag(slot, leader);
  }

  private bagKind(slot: number, i: number): BagKind {
    if (this.leaders[slot] === i) return LEADERS;
    return this.peers.roles[this.peerAt[slot]! + i] === 1 ? LEARNERS : FOLLOWERS;
  }

  private enterBag(slot: number, i: number): void {
    const at = this.peerAt[slot]! + i;
    const bags = this.storeBags[this.peers.stores[at]!]!;
    const kind = this.bagKind(slot, i);
    this.peers.places[at] = bags.bags[kind].push(slot);
    bags.regionKib += this.sizesKib[slot]!;
    if (kind === LEADERS) bags.leaderKib += this.sizesKib[slot]!;
  }

  private leaveBag(slot: number, i: number): void {
    const at = this.peerAt[slot]! + i;
    const store = this.peers.stores[at]!;
    const bags = this.storeBags[store]!;
    const kind = this.bagKind(slot, i);
    bags.regionKib -= this.sizesKib[slot]!;
    if (kind === LEADERS) bags.leaderKib -= this.sizesKib[slot]!;
    const place = this.peers.places[at]!;
    const moved = bags.bags[kind].removeAt(place);
    if (moved < 0) return;
    const movedAt = this.peerAt[moved]!;
    for (let j = movedAt; j < movedAt + this.peerCounts[moved]!; j++) {
      if (this.peers.stores[j] === store) this.peers.places[j] = place;
    }
  }

  private setPending(slot: number, bits: number): void {
    const at = this.peerAt[slot]!;
    const changed = bits ^ this.pendingBits[slot]!;
    for (let i = 0; i < this.peerCounts[slot]!; i++) {
      if (changed & (1 << i)) this.storeBags[this.peers.stores[at + i]!]!.pendingCount += bits & (1 << i) ? 1 : -1;
    }
    this.pendingBits[slot] = bits;
  }

  private resize(slot: number, sizeKib: number): void {
    const difference = sizeKib - this.sizesKib[slot]!;
    const at = this.peerAt[slot]!;
    for (let i = 0; i < this.peerCounts[slot]!; i++) {
      const bags = this.storeBags[this.peers.stores[at + i]!]!;
      bags.regionKib += difference;
      if (this.leaders[slot] === i) bags.leaderKib += difference;
    }
    this.totalKib += difference;
    this.sizesKib[slot] = sizeKib;
  }

  private bitOf(slot: number, peerId: number): number {
    const at = this.peerAt[slot]!;
    for (let i = 0; i < this.peerCounts[slot]!; i++) if (this.peers.ids[at + i] === peerId) return 1 << i;
    return 0;
  }

  private grow(): void {
    const size = this.ids.length * 2;
    this.keys.reserve(size);
    this.ids = grown(this.ids, new Float64Array(size));
    this.versions = grown(this.versions, new Uint32Array(size));
    this.confVersions = grown(this.confVersions, new Uint32Array(size));
    this.terms = grown(this.terms, new Uint32Array(size));
    this.sizesKib = grown(this.sizesKib, new Uint32Array(size));
    this.keyCounts = grown(this.keyCounts, new Uint32Array(size));
    this.peerAt = grown(this.peerAt, new Uint32Array(size));
    this.peerCounts = grown(this.peerCounts, new Uint8Array(size));
    this.leaders = grown(this.leaders, new Int8Array(size));
    this.pendingBits = grown(this.pendingBits, new Uint16Array(size));
    this.downBits = grown(this.downBits, new Uint16Array(size));
    this.heardAtS = grown(this.heardAtS, new Uint32Array(size));
    this.reshapedAtS = grown(this.reshapedAtS, new Uint32Array(size));
    this.writtenKib = grown(this.writtenKib, new Uint32Array(size));
    this.readKib = grown(this.readKib, new Uint32Array(size));
    this.writtenKeys = grown(this.writtenKeys, new Uint32Array(size));
    this.readKeys = grown(this.readKeys, new Uint32Array(size));
    this.queries = grown(this.queries, new Uint32Array(size));
  }
}

function clamped(value: number): number {
  return value >= 0xffffffff ? 0xffffffff : value > 0 ? Math.ceil(value) : 0;
}

/** What no honest store sends: no keys, no peers, two peers on one store. */
function wellFormed({ id, lower, upper, peers, version, confVersion }: RegionHeartbeat): boolean {
  if (!(id > 0) || peers.length === 0 || peers.length > PEERS_MAX) return false;
  if (lower.length > BOUND_SIZE_MAX || upper.length > BOUND_SIZE_MAX) return false;
  if (upper.length > 0 && compareBytes(lower, upper) >= 0) return false;
  if (version > 0xffffffff || confVersion > 0xffffffff) return false;
  for (let i = 1; i < peers.length; i++) {
    for (let j = 0; j < i; j++)
      if (peers[i]!.storeId === peers[j]!.storeId || peers[i]!.id === peers[j]!.id) return false;
  }
  return true;
}
