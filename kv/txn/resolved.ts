/**
 * Resolved timestamps: up to where everything is told. A region is resolved at `ts` when no commit at or below `ts` can still come, here or under
 * any later leader.
 *
 *     placement ── ts ──► leader ── what is locked or on its way? ── do I still lead? ──► resolved = min(ts, that)
 *
 * Why that holds. Every commit timestamp is drawn from placement, which counts on. A transaction in two phases draws it after all of its keys
 * are prewritten: so either its lock is here when `ts` arrives and holds it back, or its timestamp is drawn later and is larger. A
 * commit in one phase, or a large one, marks its keys before it draws. What a later leader commits was drawn after it was elected; and that the
 * one here still led when `ts` had arrived (by its lease, or a round of read index) puts the election behind `ts`.
 *
 * Each of these numbers is true by itself, so the largest of them is, and that is what a tracker shows: it never goes back, although the
 * next number may be smaller (a transaction that began before `ts` and prewrites after it).
 */
import type { LockTable } from '../mvcc/index.ts';

/** The tracker of one region under one leader. Its reader keeps the largest over all leaders. */
export class ResolvedTracker {
  private largest = 0n;

  get ts(): bigint {
    return this.largest;
  }

  /** `drawn` came from placement, `floor` is of a moment after it came (`commitFloor`). True when it moved. */
  advance(drawn: bigint, floor: bigint | undefined): boolean {
    const ts = floor !== undefined && floor < drawn ? floor : drawn;
    if (ts <= this.largest) return false;
    this.largest = ts;
    return true;
  }
}

/**
 * No commit of what is locked or on its way in [lower, upper) will be at or below it; `undefined`: nothing is. Locks without an effect on values
 * (`lock`, pessimistic) hold nothing back.
 */
export function commitFloor(
  locks: LockTable,
  lower: Uint8Array | undefined,
  upper: Uint8Array | undefined,
): bigint | undefined {
  let floor = locks.blocksFloor(lower, upper);
  locks.eachIn(lower, upper, ({ lock, commitTsInFlight }) => {
    let bound: bigint;
    if (commitTsInFlight !== 0n) bound = commitTsInFlight - 1n;
    else if (lock === undefined || lock.kind === 'lock' || lock.inBlock === true) return;
    else bound = lock.startTs;
    if (floor === undefined || bound < floor) floor = bound;
  });
  return floor;
}
