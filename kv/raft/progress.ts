/**
 * What a leader knows of one peer's log, and how fast it may talk to it.
 *
 *     probe       where the logs agree is not known: one message, then wait for its answer or the next heartbeat's
 *     replicate   it is: entries are sent ahead of their answers, as far as the window allows
 *     snapshot    it ends before our log begins: nothing is sent until the snapshot is in place
 *
 * `match` is certain and only grows (within a leadership), `next` is a guess and always above it. The window is bounded by messages
 * and by bytes; an answer frees everything up to its index.
 */
import { assert } from '../../base/assert.ts';

export type ProgressState = 'probe' | 'replicate' | 'snapshot';

export class Progress {
  readonly id: number;
  state: ProgressState = 'probe';
  match = 0;
  next: number;
  /** It waits for the answer to a probe. */
  paused = false;
  /** Of the snapshot under way; 0 while it is being made. */
  snapshotIndex = 0;
  /** It was heard of since the quorum was last checked. */
  recentlyActive = false;
  /** The newest commit index it was told. */
  commitSent = 0;
  /** The newest heartbeat round it answered. */
  round = 0;
  /** The entry read under way for it, 0 for none. */
  readId = 0;
  private readonly inFlight: { last: number; size: number }[] = [];
  private inFlightSize = 0;

  constructor(id: number, next: number) {
    this.id = id;
    this.next = next;
  }

  get inFlightCount(): number {
    return this.inFlight.length;
  }

  becomeProbe(): void {
    // After a snapshot what it held is there, even if the log says less.
    this.next = this.state === 'snapshot' ? Math.max(this.match, this.snapshotIndex) + 1 : this.match + 1;
    this.enter('probe');
  }

  becomeReplicate(): void {
    this.enter('replicate');
    this.next = this.match + 1;
  }

  becomeSnapshot(): void {
    this.enter('snapshot');
  }

  private enter(state: ProgressState): void {
    this.state = state;
    this.paused = false;
    this.snapshotIndex = 0;
    this.inFlight.length = 0;
    this.inFlightSize = 0;
    this.readId = 0;
  }

  isPaused(messagesMax: number, sizeMax: number): boolean {
    if (this.state === 'probe') return this.paused;
    if (this.state === 'snapshot') return true;
    return this.inFlight.length >= messagesMax || this.inFlightSize >= sizeMax;
  }

  /** Entries up to `last` are on their way. */
  sent(last: number, size: number): void {
    if (this.state === 'probe') {
      this.paused = true;
      return;
    }
    assert(this.state === 'replicate', 'entries were sent to a peer that waits for a snapshot');
    assert(last >= this.next, 'entries were sent that were sent before');
    this.next = last + 1;
    this.inFlight.push({ last, size });
    this.inFlightSize += size;
  }

  /** Its log agrees up to `index`. Was that news? */
  acknowledged(index: number): boolean {
    if (index <= this.match) return false;
    this.match = index;
    if (this.next <= index) this.next = index + 1;
    this.paused = false;
    return true;
  }

  freeTo(index: number): void {
    while (this.inFlight.length > 0 && this.inFlight[0]!.last <= index) this.freeFirst();
  }

  /** A heartbeat was answered while the window was full: its answers may be lost, so let one message through. */
  freeFirst(): void {
    const first = this.inFlight.shift();
    if (first !== undefined) this.inFlightSize -= first.size;
  }

  /** It refused entries that follow `index`; `hint` is where to try. False: an answer to what is long settled. */
  refused(index: number, hint: number): boolean {
    if (this.state === 'replicate') {
      if (index <= this.match) return false;
      this.next = this.match + 1;
      return true;
    }
    if (this.state === 'snapshot' || this.next - 1 !== index) return false;
    this.next = Math.max(Math.min(index, hint + 1), this.match + 1);
    this.paused = false;
    return true;
  }
}
