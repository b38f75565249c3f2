/**
 * `LateEntries`: what a follower knows to be committed and applies a little later. Nobody waits for it there, and a write of the engine costs most
 * of what an entry does, so what comes within `gatherMs` is applied together.
 *
 * Seen from outside the member is only a little behind. Order is kept: whoever hands an entry on himself, or comes to lead, flushes first. An
 * entry that changes the region, or is empty, never waits, nor do those before it.
 */
import type { Timers } from '../../base/world.ts';
import { type Entry, isChangeEntry } from '../raft/index.ts';
import { isAdminEntry } from './region/admin-entry.ts';

/** Of the entries of a few round trips. */
export const GATHER_MS = 5;
/** More bytes than these are applied at once. */
const LATE_BYTES_MAX = 256 * 1024;

export class LateEntries {
  private readonly timers: Timers;
  private readonly gatherMs: number;
  private readonly apply: (entry: Entry) => void;
  private entries: Entry[] = [];
  private sizeBytes = 0;
  private planned = false;

  constructor(timers: Timers, gatherMs: number, apply: (entry: Entry) => void) {
    this.timers = timers;
    this.gatherMs = gatherMs;
    this.apply = apply;
  }

  // hot
  add(entry: Entry): void {
    this.entries.push(entry);
    this.sizeBytes += entry.data.length;
    if (this.gatherMs === 0 || this.sizeBytes > LATE_BYTES_MAX) return this.flush();
    if (this.planned) return;
    this.planned = true;
    this.timers.after(this.gatherMs, () => {
      this.planned = false;
      this.flush();
    });
  }

  // hot
  flush(): void {
    const { entries } = this;
    if (entries.length === 0) return;
    this.entries = [];
    this.sizeBytes = 0;
    for (const entry of entries) this.apply(entry);
  }
}

/** It changes rows alone: that it is applied elsewhere is nothing that anybody waits for. */
export function isPlain(entry: Entry): boolean {
  return entry.data.length > 0 && !isChangeEntry(entry) && !isAdminEntry(entry.data);
}
