/**
 * Reads that wait for proof: a leader may answer a read at its commit index only if it was still leader after the read came
 * in. Reads that came since the last heartbeat wait for the next *round*: heartbeats carry its number, and an answer to a round in this
 * term says that its sender followed us after all those reads arrived. So thousands of reads cost one round, and what a peer
 * must say is one number.
 *
 *     read a, read b ──► round 7 sent ──► answers 7 from a majority ──► a and b at the commit index of their arrival
 *                          read c ──► round 8 …
 */
export interface WaitingRead {
  /** Who asked: this member or a follower. */
  readonly from: number;
  readonly context: number;
  readonly index: number;
  readonly round: number;
}

export class ReadQueue {
  /** Ascending by round. */
  private readonly waiting: WaitingRead[] = [];
  private readonly countMax: number;
  /** The newest round that was sent. */
  round = 0;

  constructor(countMax: number) {
    this.countMax = countMax;
  }

  get count(): number {
    return this.waiting.length;
  }

  get isFull(): boolean {
    return this.waiting.length >= this.countMax;
  }

  /** Some read waits for a round that was not sent yet. */
  get needsRound(): boolean {
    return this.waiting.length > 0 && this.waiting.at(-1)!.round > this.round;
  }

  add(from: number, context: number, index: number): void {
    this.waiting.push({ from, context, index, round: this.round + 1 });
  }

  /** A majority answered `round`. */
  takeUpTo(round: number): readonly WaitingRead[] {
    let count = 0;
    while (count < this.waiting.length && this.waiting[count]!.round <= round) count++;
    return count === 0 ? [] : this.waiting.splice(0, count);
  }

  clear(): readonly WaitingRead[] {
    this.round = 0;
    return this.waiting.splice(0);
  }
}
