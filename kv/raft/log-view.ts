/**
 * The log as consensus sees it: the storage's entries below, and above them the *tail*, entries in memory. The tail holds at least
 * everything that is not durable, not committed or not handed out for applying; a leader keeps there, up to a size, what its peers
 * still need. Below the tail the storage answers for terms at once and for entries later (`EntryRead`).
 *
 *     boundary      tailFirst                     stable        last
 *        │ storage      │ durable, and in memory     │ under way  │
 *        applied <= given <= min(committed, stable)
 *
 * Writes are numbered, and durable in that order. A truncation clips what the writes under way can still make stable: when
 * entry 7 of term 1 is replaced by one of term 2 and that by the first again, the answer to the first write must not vouch for the third.
 */
import { assert } from '../../base/assert.ts';
import { type Entry, isChangeEntry, type LogStorage, type Snapshot } from './types.ts';

interface PendingWrite {
  readonly token: number;
  readonly tick: number;
  /** The last entry of the present log that it makes durable; 0 for none. */
  last: number;
  readonly snapshot: Snapshot | undefined;
}

export class LogView {
  private readonly storage: LogStorage;
  private readonly tail: Entry[] = [];
  private tailHead = 0;
  /** Index of the first entry in memory. */
  tailFirst: number;
  private tailBytes = 0;
  private boundaryIndex: number;
  private boundaryTerm: number;
  last: number;
  private lastTermValue: number;
  /** Entries up to here are durable. */
  stable: number;
  committed: number;
  /** Handed out for applying. */
  given: number;
  applied: number;
  /** The first entry that no write holds yet. */
  private unwritten: number;
  private snapshotUnwritten: Snapshot | undefined = undefined;
  private snapshotPending = 0;
  private nextToken = 1;
  private readonly writes: PendingWrite[] = [];
  /** Indexes of membership changes above `applied`, ascending; of what was in the log at the start only `oldLast` is known. */
  private readonly changes: number[] = [];
  private readonly oldLast: number;

  constructor(
    storage: LogStorage,
    applied: number,
    committed: number,
    boundary: { readonly index: number; readonly term: number } | undefined,
  ) {
    this.storage = storage;
    this.boundaryIndex = boundary?.index ?? storage.firstIndex() - 1;
    this.boundaryTerm = boundary?.term ?? storage.term(this.boundaryIndex) ?? (this.boundaryIndex === 0 ? 0 : -1);
    const last = Math.max(storage.lastIndex(), this.boundaryIndex);
    assert(applied <= last, 'the state machine is ahead of the log');
    this.last = last;
    this.oldLast = last;
    this.stable = last;
    this.tailFirst = last + 1;
    this.unwritten = last + 1;
    this.applied = Math.max(applied, this.boundaryIndex);
    this.given = this.applied;
    this.committed = Math.max(this.applied, Math.min(committed, last));
    const lastTerm = this.term(last);
    assert(lastTerm !== undefined, 'the term of the last entry is not known');
    this.lastTermValue = lastTerm;
  }

  get lastTerm(): number {
    return this.lastTermValue;
  }

  /** Entries from here on can be read, in memory or from the storage. */
  get first(): number {
    return Math.min(this.tailFirst, Math.max(this.storage.firstIndex(), this.boundaryIndex + 1));
  }

  /** Undefined: purged, or not there yet. */
  term(index: number): number | undefined {
    if (index > this.last || index < this.boundaryIndex) return undefined;
    if (index >= this.tailFirst) return this.tail[this.tailHead + index - this.tailFirst]!.term;
    if (index === this.boundaryIndex) return this.boundaryTerm < 0 ? undefined : this.boundaryTerm;
    return this.storage.term(index);
  }

  matches(index: number, term: number): boolean {
    return this.term(index) === term;
  }

  /** Is a log that ends with (index, term) at least as new as this one? */
  isUpToDate(index: number, term: number): boolean {
    return term > this.lastTermValue || (term === this.lastTermValue && index >= this.last);
  }

  /** The last place at or before `index` whose term is not above `term`: there two logs that part may agree. */
  agreement(index: number, term: number): { readonly index: number; readonly term: number } {
    let at = Math.min(index, this.last);
    for (;;) {
      const found = this.term(at);
      if (found === undefined) return { index: at, term: 0 };
      if (found <= term) return { index: at, term: found };
      at--;
    }
  }

  // hot
  append(entry: Entry): void {
    assert(entry.index === this.last + 1, 'an entry leaves a gap in the log');
    assert(entry.term >= this.lastTermValue, 'terms go back in the log');
    this.tail.push(entry);
    this.tailBytes += entry.data.length;
    this.last = entry.index;
    this.lastTermValue = entry.term;
    if (isChangeEntry(entry)) this.changes.push(entry.index);
  }

  /** A follower's append: what agrees already stays, from the first difference on the leader is right. */
  merge(entries: readonly Entry[]): void {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (entry.index <= this.last) {
        if (entry.index <= this.committed || this.term(entry.index) === entry.term) continue;
        this.truncate(entry.index);
      }
      this.append(entry);
    }
  }

  private truncate(index: number): void {
    assert(index > this.committed, 'a committed entry would be replaced');
    if (index <= this.tailFirst) {
      this.dropTail(index);
    } else {
      for (let at = index; at <= this.last; at++)
        this.tailBytes -= this.tail[this.tailHead + at - this.tailFirst]!.data.length;
      this.tail.length = this.tailHead + index - this.tailFirst;
    }
    this.last = index - 1;
    const term = this.term(this.last);
    assert(term !== undefined, 'the log is cut where its term is not known');
    this.lastTermValue = term;
    this.stable = Math.min(this.stable, this.last);
    this.unwritten = Math.min(this.unwritten, index);
    for (const write of this.writes) write.last = Math.min(write.last, this.last);
    while (this.changes.length > 0 && this.changes.at(-1)! > this.last) this.changes.pop();
  }

  private dropTail(first: number): void {
    this.tail.length = 0;
    this.tailHead = 0;
    this.tailBytes = 0;
    this.tailFirst = first;
  }

  commitTo(index: number): boolean {
    if (index <= this.committed) return false;
    assert(index <= this.last, 'an entry was committed that is not in the log');
    this.committed = index;
    return true;
  }

  /** The log becomes this snapshot; what it held is gone. */
  restore(snapshot: Snapshot): void {
    assert(snapshot.index > this.committed, 'a snapshot of the past');
    this.dropTail(snapshot.index + 1);
    this.boundaryIndex = snapshot.index;
    this.boundaryTerm = snapshot.term;
    this.last = snapshot.index;
    this.lastTermValue = snapshot.term;
    this.committed = snapshot.index;
    this.given = snapshot.index;
    this.stable = 0;
    this.unwritten = snapshot.index + 1;
    this.snapshotUnwritten = snapshot;
    this.snapshotPending = snapshot.index;
    for (const write of this.writes) write.last = 0;
    this.changes.length = 0;
  }

  /** A snapshot is on its way to the disk: nothing can be decided from the state machine. */
  get isRestoring(): boolean {
    return this.snapshotPending > 0;
  }

  // ---- writes ----

  get hasUnwritten(): boolean {
    return this.unwritten <= this.last || this.snapshotUnwritten !== undefined;
  }

  /** Everything not written yet, as one write; `token` names it. */
  takeWrite(tick: number): { token: number; entries: readonly Entry[]; snapshot: Snapshot | undefined } {
    const entries = this.unwritten <= this.last ? this.slice(this.unwritten, this.last + 1) : [];
    const snapshot = this.snapshotUnwritten;
    const token = this.nextToken++;
    const last = entries.length > 0 || snapshot !== undefined ? this.last : 0;
    this.writes.push({ token, tick, last, snapshot });
    this.unwritten = this.last + 1;
    this.snapshotUnwritten = undefined;
    return { token, entries, snapshot };
  }

  /** The token the next write will have: what must wait for everything said until now waits for it. */
  get tokenNext(): number {
    return this.nextToken;
  }

  /** Undefined: all is durable. */
  get oldestWriteTick(): number | undefined {
    return this.writes.length > 0 ? this.writes[0]!.tick : undefined;
  }

  get writesPending(): number {
    return this.writes.length;
  }

  persisted(token: number): void {
    assert(token < this.nextToken, 'a write was answered that never was');
    while (this.writes.length > 0 && this.writes[0]!.token <= token) {
      const { last, snapshot } = this.writes.shift()!;
      if (last > this.stable) this.stable = last;
      if (snapshot !== undefined && snapshot.index === this.snapshotPending) {
        this.snapshotPending = 0;
        this.appliedTo(snapshot.index);
      }
    }
  }

  // ---- applying ----

  appliedTo(index: number): void {
    assert(index <= this.given, 'an entry was applied that was not handed out');
    if (index <= this.applied) return;
    this.applied = index;
    let gone = 0;
    while (gone < this.changes.length && this.changes[gone]! <= index) gone++;
    if (gone > 0) this.changes.splice(0, gone);
  }

  /** Entries up to here may be handed out. */
  get ripe(): number {
    return Math.min(this.committed, this.stable);
  }

  /** May a membership change be committed and not applied? After a start only the end of the old log is known, so it says yes until then. */
  get changeUnapplied(): boolean {
    if (this.changes.length > 0 && this.changes[0]! <= this.committed) return true;
    return this.applied < Math.min(this.committed, this.oldLast);
  }

  /** The last membership change that is committed and not applied, of those in memory; 0: none. */
  get changeCommitted(): number {
    let last = 0;
    for (const index of this.changes) if (index <= this.committed) last = index;
    return last;
  }

  // ---- entries ----

  /** In memory; [lower, upper), at least one, at most `sizeMax` bytes. */
  slice(lower: number, upper: number, sizeMax = Infinity): Entry[] {
    assert(lower >= this.tailFirst && upper <= this.last + 1, 'entries were asked for that are not in memory');
    const start = this.tailHead + lower - this.tailFirst;
    let end = this.tailHead + upper - this.tailFirst;
    if (sizeMax < this.tailBytes) {
      let size = 0;
      for (let at = start; at < end; at++) {
        size += this.tail[at]!.data.length;
        if (size > sizeMax && at > start) {
          end = at;
          break;
        }
      }
    }
    return this.tail.slice(start, end);
  }

  /** Forgets entries of the tail below `index` that are durable and handed out, and older ones too while they exceed `sizeMax`. */
  trim(index: number, sizeMax: number): void {
    const limit = Math.min(this.stable, this.given) + 1;
    while (this.tailFirst < limit && (this.tailFirst < index || this.tailBytes > sizeMax)) {
      this.tailBytes -= this.tail[this.tailHead]!.data.length;
      this.tail[this.tailHead] = GONE;
      this.tailHead++;
      this.tailFirst++;
    }
    if (this.tailHead === this.tail.length) {
      this.tail.length = 0;
      this.tailHead = 0;
    } else if (this.tailHead > 1024 && this.tailHead * 2 > this.tail.length) {
      this.tail.splice(0, this.tailHead);
      this.tailHead = 0;
    }
  }

  /** The storage has purged everything up to `index`, which was applied. */
  compacted(index: number): void {
    if (index <= this.boundaryIndex) return;
    assert(index <= this.applied, 'entries were purged that are not applied');
    const term = this.term(index);
    this.boundaryIndex = index;
    this.boundaryTerm = term ?? -1;
  }

  sizeOf(lower: number, upper: number): number {
    let size = 0;
    for (let index = Math.max(lower, this.tailFirst); index < upper; index++)
      size += this.tail[this.tailHead + index - this.tailFirst]!.data.length;
    return size;
  }
}

const GONE: Entry = { index: 0, term: 0, data: new Uint8Array(0) };
