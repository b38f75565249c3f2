/**
 * `Regions`: which regions this store has, and how they come, change and are found. Each has a peer with a consensus of its own;
 * what they commit goes to one apply loop, and what changes a region comes back here, in the order of its log.
 *
 *     open   folder → states → a peer each → what their logs hold above the applied index
 *     find   key of a command → peer, or the error that sends the caller elsewhere
 *     split  entry → two descriptions in the batch that applies it → two peers
 */
import { compareBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { RawWrite } from '../../../proto/kv/command.ts';
import { boundsIn, holdsKey, RAW_SPACE, type RegionDescriptor, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { Engine } from '../../engine/engine.ts';
import type { RaftLog } from '../../log/raft-log.ts';
import { type CommitSink, SoloConsensus } from '../consensus.ts';
import {
  META_APPLIED,
  META_FORMAT,
  readApplied,
  readFormat,
  STORE_FORMAT_ONE_REGION,
  STORE_FORMAT_VERSION,
} from '../meta.ts';
import { decodeAdminEntry, encodeAdminEntry, FIRST_INDEX, FIRST_TERM, splitRegion } from './admin-entry.ts';
import { Peer, RegionPeers } from './peer.ts';
import { putApplied, putRegionState, readRegionApplied, readRegionStates } from './region-states.ts';

const REPLAY_STEP_BYTES = 4 * 1024 * 1024;

export interface RegionsOptions<G> {
  readonly engine: Engine;
  readonly log: RaftLog;
  readonly committed: (peer: Peer<G>, index: number, term: number, data: Uint8Array, group: G | undefined) => void;
  readonly failed: (error: Error, groups: readonly G[]) => void;
  readonly failure: () => RutileError | undefined;
  /** Proposes what is open at once: what follows must come behind it. */
  readonly closeOpen: (peer: Peer<G>) => void;
  /** Large commits under way: their chunks lie in one region. */
  readonly largeCommitCount: () => number;
}

export class Regions<G> {
  readonly peers = new RegionPeers<G>();
  private readonly options: RegionsOptions<G>;

  constructor(options: RegionsOptions<G>) {
    this.options = options;
  }

  /** An empty folder gets `first`; one of format 1 gets it as the description that it did without. */
  prepareFolder(first: RegionDescriptor): void {
    const { engine } = this.options;
    const format = readFormat(engine);
    if (format === STORE_FORMAT_VERSION) return;
    const batch = engine.batch();
    if (format === STORE_FORMAT_ONE_REGION) {
      const applied = readApplied(engine);
      if (applied !== undefined) putApplied(batch, first.id, applied.index, applied.term);
      batch.delete('meta', META_APPLIED);
    }
    putRegionState(batch, { state: 'normal', region: first });
    batch.put('meta', META_FORMAT, new Uint8Array([STORE_FORMAT_VERSION]));
    engine.write(batch, { synced: true });
  }

  /** Peers of all regions, each with what its log holds applied. */
  async open(): Promise<void> {
    for (const { region, state } of readRegionStates(this.options.engine)) if (state === 'normal') this.add(region);
    // A split that is replayed adds a peer, whose own log has to be replayed as well.
    const done = new Set<Peer<G>>();
    for (;;) {
      const peer = this.peers.all().find((one) => !done.has(one));
      if (peer === undefined) return;
      done.add(peer);
      await (peer.consensus as SoloConsensus<G>).replay(peer.appliedIndex, REPLAY_STEP_BYTES);
    }
  }

  // ---- finding

  // hot: only with several regions
  ofKeys(keys: readonly (Uint8Array | { readonly key: Uint8Array })[]): Peer<G> | RutileError {
    let found: Peer<G> | undefined;
    for (const item of keys) {
      const key = item instanceof Uint8Array ? item : item.key;
      found ??= this.peers.find(ROW_SPACE, key);
      if (found === undefined) return noRegion();
      if (!holdsKey(found.region, ROW_SPACE, key)) return this.changed(found);
    }
    return found ?? noRegion();
  }

  ofKey(key: Uint8Array): Peer<G> | RutileError {
    return this.peers.sole ?? this.peers.find(ROW_SPACE, key) ?? noRegion();
  }

  ofRaw(writes: readonly RawWrite[]): Peer<G> | RutileError {
    let found: Peer<G> | undefined;
    for (const write of writes) {
      const key = write.kind === 'delete-range' ? write.lower : write.key;
      found ??= this.peers.find(RAW_SPACE, key);
      if (found === undefined) return noRegion();
      if (!holdsKey(found.region, RAW_SPACE, key)) return this.changed(found);
      if (write.kind !== 'delete-range') continue;
      const end = boundsIn(RAW_SPACE, found.region)?.upper;
      if (end !== undefined && (write.upper.length === 0 || compareBytes(write.upper, end) > 0))
        return this.changed(found);
    }
    return found ?? noRegion();
  }

  /** Bounds or members are not what the caller thought. */
  changed(peer: Peer<G>): RutileError {
    const regions = this.peers.all().map((one) => one.region);
    // The region itself and its neighbours: most likely one was split from the other.
    const at = regions.indexOf(peer.region);
    return new RutileError('kv.epoch', `region ${peer.id} has changed`, {
      retry: 'refresh',
      fields: { regions: regions.slice(Math.max(0, at - 1), at + 2) },
    });
  }

  // ---- changing

  /**
   * Cuts a region at a place of the region space strictly inside it: the left part keeps the id. Resolves when both serve.
   * Fails with `kv.epoch` when the place is not inside, `kv.busy` while something else changes it.
   */
  split(regionId: number, at: Uint8Array, newRegionId: number, newPeerIds: readonly number[]): Promise<void> {
    const peer = this.peers.get(regionId);
    if (peer === undefined) return Promise.reject(noRegion());
    const { region } = peer;
    const inside =
      compareBytes(at, region.lower) > 0 && (region.upper.length === 0 || compareBytes(at, region.upper) < 0);
    if (!inside || newPeerIds.length !== region.peers.length) return Promise.reject(this.changed(peer));
    if (peer.changing || this.options.largeCommitCount() > 0)
      return Promise.reject(new RutileError('kv.busy', `region ${regionId} is being changed`, { retry: 'same' }));
    this.options.closeOpen(peer);
    peer.changing = true;
    return new Promise((resolve, reject) => {
      peer.waiting.push(() => {
        const failure = this.options.failure();
        if (failure === undefined) resolve();
        else reject(failure);
      });
      peer.consensus.propose(encodeAdminEntry({ kind: 'split', at, newRegionId, newPeerIds }), undefined);
    });
  }

  /** An entry that changes its region, in the order of the log, on every replica. */
  applyChange(peer: Peer<G>, index: number, term: number, data: Uint8Array): void {
    const { engine } = this.options;
    const [left, right] = splitRegion(peer.region, decodeAdminEntry(data));
    const batch = engine.batch();
    putRegionState(batch, { state: 'normal', region: left });
    putRegionState(batch, { state: 'normal', region: right });
    putApplied(batch, left.id, index, term);
    putApplied(batch, right.id, FIRST_INDEX, FIRST_TERM);
    engine.write(batch);
    peer.appliedIndex = index;
    peer.appliedTerm = term;
    this.peers.setRegion(peer, left);
    this.add(right);
    this.endChange(peer);
  }

  /** Proposals that waited for a change go on, or fail with the store. */
  endChange(peer: Peer<G>): void {
    peer.changing = false;
    for (const go of peer.waiting.splice(0)) go();
  }

  private add(region: RegionDescriptor): void {
    const { engine, log, committed, failed } = this.options;
    const peer = new Peer<G>(region);
    const applied = readRegionApplied(engine, region.id);
    peer.appliedIndex = applied?.index ?? 0;
    peer.appliedTerm = applied?.term ?? 0;
    const sink: CommitSink<G> = {
      onCommitted: (index, term, data, group) => committed(peer, index, term, data, group),
      onFailed: failed,
    };
    peer.consensus = new SoloConsensus<G>(log, region.id, sink, peer.appliedIndex);
    this.peers.add(peer);
  }
}

export function oneRegion(storeId: number): RegionDescriptor {
  const nothing = new Uint8Array(0);
  return {
    id: 1,
    lower: nothing,
    upper: nothing,
    epoch: { confVersion: 1, version: 1 },
    peers: [{ id: 1, storeId, role: 'voter' }],
  };
}

export function noRegion(): RutileError {
  return new RutileError('kv.no-region', 'this store has no region with the key', { retry: 'refresh' });
}
