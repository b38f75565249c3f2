/**
 * `Feeds`: the change feeds of a store's regions. Nothing here runs while nobody reads. While somebody does, a timer draws one timestamp from
 * placement for all regions that are read, and each region tells up to where it is resolved by it (kv/txn/resolved.ts).
 *
 *     open(peer) ─► RegionChanges, at peer.changes ◄─ apply, of every set        one for the region's term and bounds
 *                        └─ RegionWatch ─► next()                                one a reader
 */
import { compareBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { isPromise } from '../../../base/outcome.ts';
import type { Timer, World } from '../../../base/world.ts';
import type { RegionFeed, RegionFeedRequest } from '../../client/feed/region-feed.ts';
import type { TimestampPort } from '../../client/store-port.ts';
import type { Engine } from '../../engine/engine.ts';
import type { LockTable, Versions } from '../../mvcc/index.ts';
import type { StoreLimits } from '../limits.ts';
import type { Group } from '../proposal.ts';
import type { Peer } from '../region/peer.ts';
import type { FeedSource } from '../region/region-gate.ts';
import type { Regions } from '../region/regions.ts';
import { tooOld } from '../store-reads.ts';
import { RegionChanges } from './region-changes.ts';
import { type FeedBudget, RegionWatch } from './region-watch.ts';

export interface FeedsOptions {
  readonly store: {
    readonly engine: Engine;
    readonly versions: Versions;
    readonly locks: LockTable;
    readonly limits: StoreLimits;
    readonly readOnly: RutileError | undefined;
    safePoint(): bigint;
  };
  readonly regions: Regions<Group>;
  readonly world: Pick<World, 'clock' | 'timers'>;
  readonly timestamps: TimestampPort;
}

/** With more keys locked than that, looking at all of them takes milliseconds: it is done more rarely. */
const MANY_LOCKS = 100_000;
const MANY_LOCKS_TICKS = 10;

export class Feeds implements FeedSource<Group> {
  private readonly options: FeedsOptions;
  private readonly budget: FeedBudget;
  private readonly peers = new Set<Peer<Group>>();
  private count = 0;
  private timer: Timer | undefined = undefined;
  private drawing = false;
  private ticks = 0;
  private closed = false;

  constructor(options: FeedsOptions) {
    this.options = options;
    this.budget = { limits: options.store.limits, usedSizeBytes: 0 };
  }

  /** Of a region that is led here. Throws `kv.snapshot-too-old` and `kv.busy`. */
  open(peer: Peer<Group>, request: RegionFeedRequest): RegionFeed {
    const { store, world, regions } = this.options;
    if (this.closed || store.readOnly !== undefined) throw gone();
    if (request.fromTs < store.safePoint()) throw tooOld(request.fromTs, store.safePoint());
    if (this.count >= store.limits.feedsMax)
      throw new RutileError('kv.busy', `the store has ${this.count} change feeds, as many as it may`, {
        retry: 'same',
      });
    if (peer.changes?.stands === false) peer.changes.end(regions.changed(peer));
    const changes = peer.changes ?? new RegionChanges(peer, store);
    const share = changes.shareOf(request.range);
    if (share.upper !== undefined && compareBytes(share.lower, share.upper) >= 0) throw regions.changed(peer);
    peer.changes = changes;
    this.peers.add(peer);
    this.count++;
    const left = (one: RegionWatch): void => {
      this.count--;
      changes.watches.delete(one);
      if (changes.watches.size > 0 || peer.changes !== changes) return;
      peer.changes = undefined;
      this.peers.delete(peer);
      if (this.peers.size === 0) this.stop();
    };
    const watch = new RegionWatch({ world, budget: this.budget, request, share, left });
    changes.begin(watch);
    this.timer ??= world.timers.every(store.limits.resolveEveryMs, () => this.tick());
    return watch;
  }

  close(): void {
    this.closed = true;
    for (const peer of [...this.peers]) peer.changes?.end(gone());
    this.stop();
  }

  private stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private tick(): void {
    const { store, timestamps } = this.options;
    for (const peer of [...this.peers]) {
      this.endWhatIsOver(peer);
      for (const watch of peer.changes?.watches ?? []) watch.checkIdle();
    }
    this.ticks++;
    if (this.drawing || (store.locks.states.size > MANY_LOCKS && this.ticks % MANY_LOCKS_TICKS !== 0)) return;
    const drawn = timestamps.next();
    if (!isPromise(drawn)) return this.resolve(drawn);
    this.drawing = true;
    const over = (): void => void (this.drawing = false);
    // Without an answer nothing is resolved; the next tick asks again.
    drawn.then((ts) => this.resolve(ts), over).finally(over);
  }

  private resolve(ts: bigint): void {
    for (const peer of [...this.peers]) {
      this.endWhatIsOver(peer);
      peer.changes?.resolve(ts);
    }
  }

  private endWhatIsOver(peer: Peer<Group>): void {
    const { store, regions } = this.options;
    const { changes } = peer;
    if (changes === undefined) return;
    if (store.readOnly !== undefined || regions.peers.get(peer.id) !== peer) changes.end(gone());
    else if (!changes.stands) changes.end(peer.consensus.isLeader ? regions.changed(peer) : regions.notServing(peer));
  }
}

/** Whoever leads the region now is to be asked. */
function gone(): RutileError {
  return new RutileError('kv.unreachable', 'the store does not serve the region any more', {
    retry: 'refresh',
    fields: { sent: false },
  });
}
