/**
 * `RegionChanges`: what one region, as led here in one term and within one pair of bounds, tells its readers. Apply hands in each write set that it
 * has made true; a region without readers has no such object, and apply looks at one field.
 *
 * When the term or the bounds are over, so is this: its readers are sent on (region-store.ts), and begin anew wherever the region is led.
 *
 * A large commit writes its rows in many entries and makes all of them true with the last. Its chunks are only noted here; the last entry makes a scan
 * over them, of the picture of that moment, a place in every reader's queue. A reader that begins in the middle of one finds the notes in `meta`.
 */
import { compareBytes, copyBytes, keyAfter } from '../../../base/bytes.ts';
import type { RutileError } from '../../../base/error.ts';
import { isPromise } from '../../../base/outcome.ts';
import type { LockInfo } from '../../../proto/kv/command.ts';
import { boundsIn, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { KeyRange } from '../../client/client.ts';
import type { RegionFeedItem } from '../../client/feed/region-feed.ts';
import type { Engine } from '../../engine/engine.ts';
import {
  KIND_DELETE,
  KIND_LOCK,
  KIND_ROLLBACK,
  type Lock,
  lockInfo,
  type LockTable,
  type Versions,
} from '../../mvcc/index.ts';
import {
  commitFloor,
  decodeChunkRange,
  isExpired,
  OP_COMMIT,
  OP_LARGE_CHUNK,
  OP_LARGE_DONE,
  OP_LARGE_UNDO,
  OP_LOCK,
  OP_TRACE,
  OP_VERSION,
  ResolvedTracker,
  unfinishedLargeCommits,
  type Write,
  type WriteSet,
} from '../../txn/index.ts';
import type { Group } from '../proposal.ts';
import type { Peer } from '../region/peer.ts';
import { tooOld } from '../store-reads.ts';
import { ChangeScan, rowOf, type ScanRange, valueOf } from './change-scan.ts';
import { PastScan } from './past-scan.ts';
import type { RegionWatch } from './region-watch.ts';

/** A second: so far may what is resolved lie behind before anybody asks whose lock it is, and so often. */
const LATE = 1000n << 18n;
/** Locks named at a time. */
const HELD_MAX = 64;

export interface RegionChangesOptions {
  readonly engine: Engine;
  readonly versions: Versions;
  readonly locks: LockTable;
  safePoint(): bigint;
}

export class RegionChanges {
  readonly watches = new Set<RegionWatch>();
  private readonly peer: Peer<Group>;
  private readonly term: number;
  private readonly version: number;
  private readonly bounds: ScanRange;
  private readonly options: RegionChangesOptions;
  private readonly tracker = new ResolvedTracker();
  /** When locks were named last. */
  private heldTs = 0n;
  /** Chunks of large commits under way, by start and number (as in the entry). */
  private readonly chunks = new Map<bigint, Map<string, ScanRange>>();

  constructor(peer: Peer<Group>, options: RegionChangesOptions) {
    this.peer = peer;
    this.options = options;
    this.term = peer.consensus.term;
    this.version = peer.region.epoch.version;
    this.bounds = boundsIn(ROW_SPACE, peer.region) ?? { lower: peer.region.lower, upper: peer.region.lower };
    for (const { key, set, range } of unfinishedLargeCommits(options.engine))
      if (holds(this.bounds, key)) this.note(set.startTs, nameOf(set.writes[0]!.key), closed(range));
  }

  /** Still led here, in the same term and bounds? */
  get stands(): boolean {
    const { peer } = this;
    const { consensus, region } = peer;
    return consensus.isLeader && consensus.term === this.term && region.epoch.version === this.version;
  }

  /** The reader's share of the region. */
  shareOf({ lower, upper }: KeyRange): ScanRange {
    return within({ lower, upper: upper.length === 0 ? undefined : upper }, this.bounds);
  }

  /** The past first, then whatever is applied from this turn on. */
  begin(watch: RegionWatch): void {
    const { locks } = this.options;
    const { share, request } = watch;
    this.watches.add(watch);
    if (!request.steps) watch.begin(new PastScan(share, (ahead) => this.scanOf(watch, ahead)));
    else {
      locks.eachIn(share.lower, share.upper, ({ key, lock }) => {
        if (lock !== undefined && lock.inBlock !== true) this.tellLock(watch, key, lock);
      });
      watch.addScan(this.scanOf(watch, share));
      watch.add({ kind: 'initialized' });
    }
    watch.resolved(this.tracker.ts);
  }

  /** Of the picture of now. Throws `kv.snapshot-too-old`. */
  private scanOf({ request }: RegionWatch, range: ScanRange): ChangeScan {
    const { engine } = this.options;
    const safePoint = this.options.safePoint();
    if (request.fromTs < safePoint) throw tooOld(request.fromTs, safePoint);
    const wanted = { kind: 'after', ts: request.fromTs, tentative: new Set(this.chunks.keys()) } as const;
    const view = engine.view(['latest', 'history']);
    return new ChangeScan({ view, ranges: [range], wanted, oldValues: request.oldValues });
  }

  /** The set is written, and its effects in memory have taken place. */
  applied(set: WriteSet): void {
    // Raw pairs have no history.
    if (set.startTs === 0n) return;
    for (const write of set.writes) {
      if (write.op === OP_LARGE_CHUNK)
        this.note(set.startTs, nameOf(write.key), closed(decodeChunkRange(write.value!)));
      else if (write.op === OP_LARGE_UNDO) this.chunks.get(set.startTs)?.delete(nameOf(write.key));
      else if (write.op === OP_LARGE_DONE) this.tellLarge(set.startTs);
      else for (const watch of this.watches) if (holds(watch.share, write.key)) this.tell(watch, set, write);
    }
    if (set.writes[0]?.op === OP_LARGE_UNDO && this.chunks.get(set.startTs)?.size === 0)
      this.chunks.delete(set.startTs);
  }

  /** `drawn` has just come from placement. */
  resolve(drawn: bigint): void {
    const { peer, bounds } = this;
    // Its leadership is being handed over, or was just taken: the next one.
    if (!peer.serves) return;
    const floor = commitFloor(this.options.locks, bounds.lower, bounds.upper);
    const settle = (): void => {
      // Of the same term, and of the same bounds.
      if (this.stands && this.tracker.advance(drawn, floor))
        for (const watch of this.watches) watch.resolved(this.tracker.ts);
    };
    const leads = peer.stillLeads(this.term);
    // Not leading, or not known to: nothing is promised.
    if (isPromise(leads)) leads.then(settle, () => undefined);
    else settle();
    if (floor !== undefined && drawn - floor > LATE && drawn - this.heldTs > LATE) this.tellHeld(drawn);
  }

  /** Locks that were left behind: see region-feed.ts. */
  private tellHeld(drawn: bigint): void {
    this.heldTs = drawn;
    for (const watch of this.watches) {
      const late: LockInfo[] = [];
      const { lower, upper } = watch.share;
      this.options.locks.eachIn(lower, upper, ({ key, lock }) => {
        if (lock === undefined || lock.kind === 'lock' || lock.inBlock === true || late.length >= HELD_MAX) return;
        if (isExpired(lock, drawn)) late.push(lockInfo(key, lock));
      });
      if (late.length > 0 && !watch.request.steps) watch.add({ kind: 'held', locks: late });
    }
  }

  end(error: RutileError): void {
    for (const watch of [...this.watches]) watch.end(error);
  }

  // ---- telling

  private tell(watch: RegionWatch, { startTs, commitTs }: WriteSet, write: Write): void {
    const { steps } = watch.request;
    const { key } = write;
    switch (write.op) {
      case OP_VERSION:
        if (write.record !== undefined && watch.wants(key)) watch.add(this.rowOf(watch, write, commitTs));
        return;
      case OP_COMMIT:
        if (!steps && write.record !== undefined && watch.wants(key)) watch.add(this.rowOf(watch, write, commitTs));
        else if (steps && write.kind !== KIND_LOCK)
          watch.add({ kind: 'commit', key: copyBytes(key), isDelete: write.kind === KIND_DELETE, startTs, commitTs });
        return;
      case OP_LOCK:
        if (steps) this.tellLock(watch, key, write.lock ?? this.options.locks.state(key)?.lock);
        return;
      case OP_TRACE:
        if (steps && write.kind === KIND_ROLLBACK) watch.add({ kind: 'rollback', key: copyBytes(key), startTs });
        return;
    }
  }

  private tellLock(watch: RegionWatch, key: Uint8Array, lock: Lock | undefined): void {
    if (lock === undefined || lock.kind === 'lock' || lock.kind === 'pessimistic') return;
    const { versions } = this.options;
    // The key is locked: its newest version is what the lock will replace.
    const oldValue = watch.request.oldValues && versions.find(key) ? valueOf(versions.record()) : undefined;
    const value = lock.value === undefined ? undefined : copyBytes(lock.value);
    watch.add({ kind: 'prewrite', key: copyBytes(key), value, oldValue, startTs: lock.startTs });
  }

  private rowOf(watch: RegionWatch, write: Write, commitTs: bigint): RegionFeedItem {
    let { old } = write;
    if (!watch.request.oldValues) old = null;
    else if (old === undefined) {
      const { versions } = this.options;
      old = versions.findOlder(write.key, commitTs - 1n) ? versions.record() : null;
    }
    return rowOf(write.key, write.record!, old);
  }

  private tellLarge(startTs: bigint): void {
    const ranges = [...(this.chunks.get(startTs)?.values() ?? [])];
    this.chunks.delete(startTs);
    for (const watch of this.watches) {
      watch.muchChanged();
      const { reached } = watch;
      const shares = ranges.flatMap((range) => (overlap(range, reached) ? [within(range, reached)] : []));
      if (shares.length === 0) continue;
      const view = this.options.engine.view(['latest', 'history']);
      const wanted = { kind: 'of', startTs } as const;
      watch.addScan(new ChangeScan({ view, ranges: shares, wanted, oldValues: watch.request.oldValues }));
    }
  }

  private note(startTs: bigint, number: string, range: ScanRange): void {
    const known = this.chunks.get(startTs);
    if (known === undefined) this.chunks.set(startTs, new Map([[number, range]]));
    else known.set(number, range);
  }
}

/** A chunk's range is written with its last key. */
function closed({ lower, upper }: { readonly lower: Uint8Array; readonly upper: Uint8Array }): ScanRange {
  return { lower, upper: keyAfter(upper) };
}

function holds({ lower, upper }: ScanRange, key: Uint8Array): boolean {
  return compareBytes(lower, key) <= 0 && (upper === undefined || compareBytes(key, upper) < 0);
}

function overlap(left: ScanRange, right: ScanRange): boolean {
  return endsBehind(left, right.lower) && endsBehind(right, left.lower);
}

function endsBehind({ upper }: ScanRange, key: Uint8Array): boolean {
  return upper === undefined || compareBytes(upper, key) > 0;
}

function within(range: ScanRange, share: ScanRange): ScanRange {
  const lower = compareBytes(range.lower, share.lower) < 0 ? share.lower : range.lower;
  const isShort = share.upper !== undefined && endsBehind(range, share.upper);
  return { lower, upper: isShort ? share.upper : range.upper };
}

/** The number of a chunk as an entry has it. */
function nameOf(number: Uint8Array): string {
  return number.join('.');
}
