/**
 * A member of placement's group on the network: the links to the other members, and the facts that the placement door shows.
 *
 * Members speak over the same links as stores do (raft-transport.ts), each under its member id; a message carries the cluster's id as soon as
 * there is one, and what carries another's is dropped. A snapshot is small (stores, settings, holds) and travels as one message.
 */
import { compareBytes, copyBytes } from '../../base/bytes.ts';
import type { World } from '../../base/world.ts';
import type { RaftMessage } from '../../proto/wire/raft-messages.ts';
import { storeToWire, wireRegion } from '../../proto/wire/placement-codec.ts';
import type { KnownRegion, MemberTransport, PlacementMember, Steward } from '../placement/index.ts';
import type { Entry, Message } from '../raft/index.ts';
import type { LocatedRegion, PlacementFacts } from './placement-service.ts';
import { fromWire, toWire } from './raft-codec.ts';
import type { RaftReceiver } from './raft-service.ts';
import { RaftTransport } from './raft-transport.ts';
import type { TlsIdentity } from './tls.ts';

/** What links of placement's members have instead of a cluster's id, which begins with the group. */
const GROUP = 1;
const REGION = 1;
/** A snapshot that was sent is taken for delivered after so long; if it was not, the leader finds out. */
const SNAPSHOT_MS = 200;

export class MemberLinks implements MemberTransport {
  /** For the placement door: what other members send. */
  readonly receiver: RaftReceiver;
  private readonly links: RaftTransport;
  private readonly world: World;
  private readonly selfId: number;
  private readonly addresses: ReadonlyMap<number, string>;
  private member: PlacementMember | undefined = undefined;

  /** `addresses`: `host:port` of members that are known before the group has written them down. */
  constructor(options: {
    readonly world: World;
    readonly selfId: number;
    readonly addresses: ReadonlyMap<number, string>;
    readonly tls?: TlsIdentity | undefined;
  }) {
    const { world, selfId, tls } = options;
    this.world = world;
    this.selfId = selfId;
    this.addresses = options.addresses;
    this.links = new RaftTransport({
      storeId: selfId,
      clusterId: GROUP,
      world,
      credentials: tls?.channelCredentials(),
      // A member that comes back is wanted at once: elections wait for it.
      limits: { backoffMsMax: 300, connectMsMax: 1000, probeEveryMs: 500, probeMsMax: 1000 },
      resolve: (id) => this.addressOf(id),
      onUnreachable: (id) => this.member?.unreachable(id),
    });
    this.receiver = {
      storeId: selfId,
      clusterId: GROUP,
      timers: world.timers,
      onMessages: (_from, messages) => this.receive(messages),
      beginSnapshot: () => undefined,
    };
  }

  /** Until then messages of others are dropped, which Raft is made for. */
  attach(member: PlacementMember): void {
    this.member = member;
  }

  send(to: number, message: Message): void {
    this.links.send(to, this.wrap(message));
  }

  async sendSnapshot(to: number, message: Message): Promise<boolean> {
    if (!this.links.send(to, this.wrap(message))) return false;
    await new Promise<void>((resolve) => void this.world.timers.after(SNAPSHOT_MS, resolve));
    return true;
  }

  close(): void {
    this.member = undefined;
    this.links.close();
  }

  private addressOf(id: number): string | undefined {
    const url = this.member?.addressOf(id)?.clientUrl;
    return url === undefined || url === '' ? this.addresses.get(id) : url.replace(/^https?:\/\//, '');
  }

  private wrap(message: Message): RaftMessage {
    return {
      region_id: REGION,
      from_peer: { id: message.from, store_id: this.selfId },
      to_peer: { id: message.to, store_id: message.to },
      region_epoch: { conf_ver: 0, version: this.member?.core.clusterId ?? 0 },
      message: toWire(message),
    };
  }

  private receive(messages: readonly RaftMessage[]): void {
    const { member } = this;
    for (const { message, region_epoch: epoch } of messages) {
      const theirs = epoch?.version ?? 0;
      const ours = member?.core.clusterId ?? 0;
      if (member === undefined || !message || (theirs !== 0 && ours !== 0 && theirs !== ours)) continue;
      const decoded = fromWire(message);
      const entries = decoded.entries.map(({ index, term, data }): Entry => ({ index, term, data: copyBytes(data) }));
      const snapshot = decoded.snapshot && { ...decoded.snapshot, data: copyBytes(decoded.snapshot.data) };
      member.receive({ ...decoded, entries, snapshot });
    }
  }
}

/** What the placement door shows of a steward. */
export function stewardFacts(
  steward: Steward,
  self: { readonly id: number; readonly name: string; clientUrl(): string },
): PlacementFacts {
  const found = (region: KnownRegion | undefined) => (region === undefined ? undefined : located(region));
  return {
    get clusterId() {
      return steward.members().clusterId;
    },
    memberId: self.id,
    name: self.name,
    clientUrl: () => self.clientUrl(),
    members: () => steward.members(),
    timestamps: (count) => steward.timestamps(count),
    regionByKey: (key) => found(steward.regionByKey(key)),
    previousRegion: (key) => found(steward.previousRegion(key)),
    regionBelow: (key) => {
      // No key begins with this byte: the last region holds it.
      const at = steward.regionByKey(key.length === 0 ? new Uint8Array([0xff]) : key);
      const isAbove = at !== undefined && key.length > 0 && compareBytes(at.region.lower, key) >= 0;
      return found(isAbove ? steward.previousRegion(key) : at);
    },
    regionById: (id) => found(steward.regionById(id)),
    scanRegions: (lower, upper, limit) => steward.scanRegions(lower, upper, limit).map(located),
    stores: () => steward.stores().map(storeToWire),
    safePoint: () => steward.safePoint(),
    advanceSafePoint: (ts) => steward.advanceSafePoint(ts),
    scatter: (ids, group) => steward.scatter(ids, group),
    operatorOf: (id) => {
      const found = steward.operatorOf(id);
      return found && { description: found.description, kind: found.kind, status: found.status };
    },
  };
}

function located({ region, leaderPeerId }: KnownRegion): LocatedRegion {
  const shown = wireRegion(region);
  return { region: shown, leader: shown.peers.find(({ id }) => id === leaderPeerId) ?? { id: 0, store_id: 0 } };
}
