/**
 * Stores and regions as a schedule sees them, without any data: it obeys instructions as a store's leader would, takes its time for snapshots, dies and comes
 * back, and sends the heartbeats. After every change it holds the schedule to the one promise that matters: the voters that are alive and
 * caught up are a quorum of every configuration that counts, if they were one before.
 *
 * It keeps only what the schedule has not been told yet; the rest is read back from the schedule's own table, so that a million regions cost
 * nothing twice. One step is one second.
 */
import assert from 'node:assert/strict';
import { compareBytes, concatBytes } from '../../../base/bytes.ts';
import type { RegionHeartbeat, RegionPeer } from '../regions/index.ts';
import type { Instruction, Schedule, StoreMeta } from '../schedule/index.ts';

export interface ModelStore {
  readonly id: number;
  alive: boolean;
  capacityBytes: number;
  slowScore: number;
  receiving: number;
}

export interface ModelOptions {
  readonly snapshotSeconds?: number;
  readonly storeHeartbeatSeconds?: number;
  /** A region's heartbeat or an instruction is lost. */
  readonly loses?: () => boolean;
  readonly startS?: number;
}

export class ModelCluster {
  readonly schedule: Schedule;
  readonly stores = new Map<number, ModelStore>();
  /** Every instruction that changed something, for transcripts. */
  readonly obeyed: { readonly atS: number; readonly instruction: Instruction }[] = [];
  keepObeyed = true;
  private readonly options: ModelOptions;
  /** What was not reported yet, or is on its way. */
  private readonly truth = new Map<number, RegionHeartbeat>();
  private readonly dirty = new Set<number>();
  private readonly snapshots: {
    readonly dueS: number;
    readonly regionId: number;
    readonly peerId: number;
    readonly storeId: number;
  }[] = [];
  private nextRegionId = 1_000_000_000;
  private deaths: number[] = [];
  nowS: number;

  constructor(schedule: Schedule, options: ModelOptions = {}) {
    this.schedule = schedule;
    this.options = options;
    this.nowS = options.startS ?? 1000;
    schedule.tick(this.nowS);
  }

  addStore(id: number, labels: StoreMeta['labels'] = {}, capacityBytes = 2 ** 40): void {
    this.schedule.putStore({ id, address: `store-${id}:20160`, version: '8.5.0', state: 'up', labels });
    this.stores.set(id, { id, alive: true, capacityBytes, slowScore: 1, receiving: 0 });
    this.storeHeartbeat(id);
  }

  kill(id: number): void {
    this.stores.get(id)!.alive = false;
    this.deaths.push(id);
  }

  revive(id: number): void {
    this.stores.get(id)!.alive = true;
    this.storeHeartbeat(id);
  }

  report(heartbeat: RegionHeartbeat): void {
    assert.notEqual(this.schedule.regionHeartbeat(heartbeat), 'malformed');
  }

  /** Changes what is true of a region; its next heartbeat tells. */
  change(id: number, part: Partial<RegionHeartbeat>): void {
    this.truth.set(id, { ...this.region(id)!, ...part });
    this.dirty.add(id);
  }

  region(id: number): RegionHeartbeat | undefined {
    const told = this.truth.get(id);
    if (told) return told;
    const { table } = this.schedule;
    const slot = table.slotOf(id);
    if (slot < 0) return undefined;
    const view = table.view(slot);
    return {
      id,
      lower: view.lower,
      upper: view.upper,
      version: view.version,
      confVersion: view.confVersion,
      term: table.terms[slot]!,
      peers: view.peers,
      leaderPeerId: view.leader?.id ?? 0,
      pendingPeerIds: view.pending.map((peer) => peer.id),
      downPeers: [],
      sizeBytes: view.sizeKib * 1024,
      keys: view.keys,
      // A change of members is told at once; what was read and written comes with the regular heartbeat.
      intervalSeconds: 1,
      bytesWritten: 0,
      bytesRead: 0,
      keysWritten: 0,
      keysRead: 0,
      queries: 0,
    };
  }

  run(seconds: number): void {
    for (let i = 0; i < seconds; i++) this.step();
  }

  step(): void {
    this.nowS++;
    this.finishSnapshots();
    this.elect();
    const every = this.options.storeHeartbeatSeconds ?? 10;
    for (const { id, alive } of this.stores.values())
      if (alive && (this.nowS + id) % every === 0) this.storeHeartbeat(id);
    for (const id of [...this.dirty]) this.tell(id);
    this.schedule.tick(this.nowS);
    for (const instruction of this.schedule.drain()) if (!this.options.loses?.()) this.obey(instruction);
  }

  private tell(id: number): void {
    const region = this.truth.get(id);
    if (!region) {
      this.dirty.delete(id);
      return;
    }
    const leader = region.peers.find((peer) => peer.id === region.leaderPeerId);
    if (!leader || !this.stores.get(leader.storeId)?.alive || this.options.loses?.()) return;
    this.dirty.delete(id);
    const outcome = this.schedule.regionHeartbeat(region);
    assert.notEqual(outcome, 'malformed');
    if (outcome === 'accepted') this.truth.delete(id);
  }

  private storeHeartbeat(id: number): void {
    const store = this.stores.get(id)!;
    const usedBytes = this.schedule.table.bagsOf(id).regionKib * 1024;
    this.schedule.storeHeartbeat({
      storeId: id,
      capacityBytes: store.capacityBytes,
      availableBytes: Math.max(0, store.capacityBytes - usedBytes),
      usedBytes,
      sendingSnapshots: 0,
      receivingSnapshots: store.receiving,
      applyingSnapshots: 0,
      busy: false,
      slowScore: store.slowScore,
      startTimeS: 0,
      intervalSeconds: 10,
      bytesWritten: 0,
      bytesRead: 0,
      keysWritten: 0,
      keysRead: 0,
    });
  }

  private finishSnapshots(): void {
    // All take the same time, so they end in the order in which they began.
    while (this.snapshots[0] && this.snapshots[0].dueS <= this.nowS) {
      const snapshot = this.snapshots.shift()!;
      const { regionId, peerId, storeId } = snapshot;
      const store = this.stores.get(storeId)!;
      const region = this.region(regionId);
      // A dead store catches up when it is back.
      if (region && !store.alive)
        this.snapshots.push({ ...snapshot, dueS: this.nowS + (this.options.snapshotSeconds ?? 5) });
      else store.receiving--;
      if (region && store.alive) {
        this.change(regionId, { pendingPeerIds: region.pendingPeerIds.filter((id) => id !== peerId) });
      }
    }
  }

  /** Regions whose leader died get another from those who can win. */
  private elect(): void {
    for (const storeId of this.deaths.splice(0)) {
      const { table } = this.schedule;
      const bag = table.bagsOf(storeId).bags[0];
      const ids = [...bag.slots.subarray(0, bag.count)].map((slot) => table.ids[slot]!);
      for (const id of [...ids, ...this.truth.keys()]) {
        const region = this.region(id);
        const leader = region?.peers.find((peer) => peer.id === region.leaderPeerId);
        if (!region || leader?.storeId !== storeId) continue;
        const heir = region.peers.find((peer) => peer.role !== 'learner' && this.isWell(region, peer));
        if (heir && hasQuorum(region, (peer) => this.isWell(region, peer))) {
          this.change(id, { leaderPeerId: heir.id, term: region.term + 1 });
        }
      }
    }
  }

  private obey(instruction: Instruction): void {
    const region = this.region(instruction.regionId);
    if (!region || region.version !== instruction.version || region.confVersion !== instruction.confVersion) return;
    const leader = region.peers.find((peer) => peer.id === region.leaderPeerId);
    const well = (peer: RegionPeer): boolean => this.isWell(region, peer);
    if (!leader || leader.id !== instruction.leaderPeerId || !well(leader) || !hasQuorum(region, well)) return;
    const after = this.changed(region, instruction);
    if (!after) return;
    assert(
      after.peers.length === 0 || hasQuorum(after, (peer) => this.isWell(after, peer)),
      `quorum lost: ${JSON.stringify(instruction)}`,
    );
    if (this.keepObeyed) this.obeyed.push({ atS: this.nowS, instruction });
    if (after.peers.length === 0) return;
    this.truth.set(region.id, after);
    this.dirty.add(region.id);
  }

  private changed(region: RegionHeartbeat, { step }: Instruction): RegionHeartbeat | undefined {
    const withPeers = (peers: readonly RegionPeer[], changes: number): RegionHeartbeat => ({
      ...region,
      peers,
      confVersion: region.confVersion + changes,
      pendingPeerIds: region.pendingPeerIds.filter((id) => peers.some((peer) => peer.id === id)),
    });
    const roles = (from: (peer: RegionPeer) => RegionPeer['role'], changes: number): RegionHeartbeat =>
      withPeers(
        region.peers.map((peer) => ({ ...peer, role: from(peer) })),
        changes,
      );
    switch (step.kind) {
      case 'add-learner': {
        assert(!region.peers.some((peer) => peer.id === step.peerId), 'a member that is there is added again');
        if (region.peers.some((peer) => peer.storeId === step.storeId)) return undefined;
        const store = this.stores.get(step.storeId)!;
        store.receiving++;
        this.snapshots.push({
          dueS: this.nowS + (this.options.snapshotSeconds ?? 5),
          regionId: region.id,
          peerId: step.peerId,
          storeId: step.storeId,
        });
        const added = withPeers([...region.peers, { id: step.peerId, storeId: step.storeId, role: 'learner' }], 1);
        return { ...added, pendingPeerIds: [...added.pendingPeerIds, step.peerId] };
      }
      case 'promote':
        if (region.pendingPeerIds.includes(step.peerId)) return undefined;
        return roles((peer) => (peer.id === step.peerId ? 'voter' : peer.role), 1);
      case 'enter-joint': {
        if (region.peers.some((peer) => peer.role === 'incoming' || peer.role === 'demoting')) return undefined;
        const promote = new Set(step.promote.map((one) => one.peerId));
        const demote = new Set(step.demote.map((one) => one.peerId));
        if (region.pendingPeerIds.some((id) => promote.has(id))) return undefined;
        return roles(
          ({ id, role }) => (promote.has(id) ? 'incoming' : demote.has(id) ? 'demoting' : role),
          promote.size + demote.size,
        );
      }
      case 'leave-joint': {
        const leader = region.peers.find((peer) => peer.id === region.leaderPeerId)!;
        assert.notEqual(leader.role, 'demoting', 'the leader would demote itself');
        const joint = region.peers.filter((peer) => peer.role === 'incoming' || peer.role === 'demoting').length;
        if (joint === 0) return undefined;
        return roles(({ role }) => (role === 'incoming' ? 'voter' : role === 'demoting' ? 'learner' : role), joint);
      }
      case 'remove-peer':
        assert.notEqual(region.leaderPeerId, step.peerId, 'the leader would remove itself');
        if (!region.peers.some((peer) => peer.id === step.peerId)) return undefined;
        return withPeers(
          region.peers.filter((peer) => peer.id !== step.peerId),
          1,
        );
      case 'transfer-leader': {
        const to = region.peers.find((peer) => peer.id === step.toPeerId);
        if (!to || to.role === 'learner' || !this.isWell(region, to) || region.leaderPeerId === to.id) return undefined;
        return { ...region, leaderPeerId: to.id, term: region.term + 1 };
      }
      case 'split':
        return this.split(region, step.keys[0]);
      case 'merge':
        return this.merge(region, step.targetId);
    }
  }

  private split(region: RegionHeartbeat, asked: Uint8Array | undefined): RegionHeartbeat | undefined {
    const middles = [128, 0].map((byte) => concatBytes(region.lower, Uint8Array.of(byte)));
    const at = asked ?? middles.find((key) => region.upper.length === 0 || compareBytes(key, region.upper) < 0);
    if (!at) return undefined;
    const id = this.nextRegionId++;
    const version = region.version + 1;
    const half = {
      version,
      sizeBytes: region.sizeBytes / 2,
      keys: Math.floor(region.keys / 2),
      bytesWritten: region.bytesWritten / 2,
      bytesRead: region.bytesRead / 2,
    };
    const peers = region.peers.map((peer) => ({ ...peer, id: this.nextRegionId++ }));
    const leader = region.peers.findIndex((peer) => peer.id === region.leaderPeerId);
    this.truth.set(id, {
      ...region,
      ...half,
      id,
      lower: at,
      peers,
      leaderPeerId: peers[leader]!.id,
      pendingPeerIds: [],
    });
    this.dirty.add(id);
    return { ...region, ...half, upper: at };
  }

  private merge(source: RegionHeartbeat, targetId: number): RegionHeartbeat | undefined {
    const target = this.region(targetId)!;
    const places = (region: RegionHeartbeat): string =>
      region.peers
        .map((peer) => `${peer.storeId} ${peer.role}`)
        .sort()
        .join();
    assert.equal(places(source), places(target), 'merged regions lie on the same stores');
    const below = compareBytes(source.lower, target.lower) < 0;
    this.change(targetId, {
      lower: below ? source.lower : target.lower,
      upper: below ? target.upper : source.upper,
      version: Math.max(source.version, target.version) + 1,
      sizeBytes: source.sizeBytes + target.sizeBytes,
      keys: source.keys + target.keys,
    });
    this.truth.delete(source.id);
    return { ...source, peers: [] };
  }

  private isWell(region: RegionHeartbeat, peer: RegionPeer): boolean {
    return this.stores.get(peer.storeId)?.alive === true && !region.pendingPeerIds.includes(peer.id);
  }
}

/** In a joint change both configurations count. */
export function hasQuorum(region: RegionHeartbeat, well: (peer: RegionPeer) => boolean): boolean {
  const before = region.peers.filter((peer) => peer.role === 'voter' || peer.role === 'demoting');
  const after = region.peers.filter((peer) => peer.role === 'voter' || peer.role === 'incoming');
  return [before, after].every((voters) => voters.filter(well).length > voters.length / 2);
}
