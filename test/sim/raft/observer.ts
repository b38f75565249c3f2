/**
 * Sees all nodes at once, as no node can, and holds every step against what Raft promises (the paper's figure 3):
 *
 *     election safety       at most one leader a term; and at most one vote of a node a term, over all its lives
 *     leader append-only    a leader never writes over its own log
 *     log matching          one (index, term) means one entry, with one entry before it, everywhere and for ever
 *     leader completeness   what was committed is in the log of every later leader
 *     state machine safety  one entry is applied at an index, once, and leaves every replica in the same state
 *
 * and two promises that these rest on: an entry is committed only when a majority of every voter set in force holds it durably,
 * (and, as the paper's figure 8 demands, is of the leader's own term or before one that is); and terms and commit indexes of a node never go back within a life, terms that were made durable not even over lives. The first breach is kept and thrown.
 */
import { checksum } from '../../../base/checksum.ts';

export interface SeenEntry {
  readonly index: number;
  readonly term: number;
  readonly data: Uint8Array;
}

/** What a node is after a step. */
export interface SeenNode {
  readonly name: string;
  readonly id: number;
  readonly term: number;
  readonly isLeader: boolean;
  readonly commit: number;
  /** Each inner list needs a majority of its own: two during a joint change. */
  readonly voterSets: readonly (readonly number[])[];
  /** Of its log; undefined where a snapshot took the entry's place or there is none. */
  termAt(index: number): number | undefined;
  readonly snapshotIndex: number;
}

export class Violation extends Error {
  override readonly name = 'Violation';
}

/** What a node certainly has on its disk. */
class DurableLog {
  /** What was handed to the log last, durable or not. */
  readonly handed = new Map<number, number>();
  readonly terms = new Map<number, number>();
  /** Everything up to here is in a durable snapshot. */
  snapshotIndex = 0;
}

export class Observer {
  private readonly leaderOf = new Map<number, number>();
  private readonly votes = new Map<string, number>();
  private readonly entries = new Map<string, string>();
  private readonly appliedEntries = new Map<number, string>();
  private readonly committedTerms = new Map<number, number>();
  /** The term in which an entry was first known to be committed: leaders of later terms must have it. */
  private readonly committedIn = new Map<number, number>();
  private commitIndex = 0;
  private readonly digests = new Map<number, number>();
  private readonly durable = new Map<number, DurableLog>();
  private readonly terms = new Map<number, number>();
  /** Of what was handed to the log and acknowledged by it. */
  private readonly durableTerms = new Map<number, number>();
  private readonly leading = new Map<number, number>();
  private readonly added = new Map<string, number>();
  private readonly commits = new Map<number, number>();
  private readonly applied = new Map<number, number>();
  private readonly note: (fact: string) => void;
  breach: Violation | undefined;
  counters = { elections: 0, commits: 0, applies: 0, snapshots: 0 };

  constructor(note: (fact: string) => void) {
    this.note = note;
  }

  /** The highest index that any node knew to be committed. */
  get committedIndex(): number {
    return this.commitIndex;
  }

  /** A node begins a life with what its disk gave back: a snapshot and the entries behind it. */
  started(id: number, snapshotIndex: number, entries: readonly SeenEntry[], term: number): void {
    const promised = this.durableTerms.get(id) ?? 0;
    if (term < promised) this.fail(`node ${id} starts in term ${term}, although it made term ${promised} durable`);
    this.terms.set(id, term);
    // What founders begin with is committed by agreement.
    if (this.commitIndex === 0) this.commitIndex = snapshotIndex;
    const log = new DurableLog();
    log.snapshotIndex = snapshotIndex;
    for (const { index, term } of entries) {
      log.handed.set(index, term);
      log.terms.set(index, term);
    }
    this.durable.set(id, log);
    this.leading.delete(id);
    this.commits.set(id, 0);
    this.applied.set(id, snapshotIndex);
  }

  /** A node hands entries to its log; `before` is the term of the entry right before them. */
  appended(id: number, entries: readonly SeenEntry[], before: number | undefined): void {
    const first = entries[0];
    if (first === undefined) return;
    const log = this.logOf(id);
    let previous = before;
    for (const { index, term, data } of entries) {
      const known = this.entries.get(`${index}/${term}`);
      const entry = `${checksum(data, 0, data.length)}:${data.length} after term ${previous ?? '?'}`;
      if (known === undefined) this.entries.set(`${index}/${term}`, entry);
      else if (known !== entry && previous !== undefined && !known.endsWith('?'))
        this.fail(`log matching: entry ${index} of term ${term} is ${entry} on node ${id}, elsewhere it is ${known}`);
      previous = term;
    }
    // From here on whatever stood there may be gone.
    for (const index of log.handed.keys()) {
      if (index < first.index || log.handed.get(index) === entries[index - first.index]?.term) continue;
      log.handed.delete(index);
      log.terms.delete(index);
    }
    for (const { index, term } of entries) log.handed.set(index, term);
  }

  /** What a leader adds in its own term comes behind all it has added before. */
  leaderAppended(id: number, term: number, entries: readonly SeenEntry[]): void {
    const key = `${id}/${term}`;
    for (const { index } of entries.filter((entry) => entry.term === term)) {
      const last = this.added.get(key) ?? 0;
      if (index <= last)
        this.fail(`leader append-only: node ${id} leads term ${term} and writes ${index} after ${last}`);
      this.added.set(key, index);
    }
  }

  durablyAppended(id: number, entries: readonly SeenEntry[]): void {
    const log = this.logOf(id);
    // What was written over meanwhile is not there any more.
    for (const { index, term } of entries) if (log.handed.get(index) === term) log.terms.set(index, term);
  }

  durablyIn(id: number, term: number): void {
    this.durableTerms.set(id, Math.max(this.durableTerms.get(id) ?? 0, term));
  }

  durableSnapshot(id: number, index: number): void {
    const log = this.logOf(id);
    log.snapshotIndex = Math.max(log.snapshotIndex, index);
    for (const at of log.terms.keys()) if (at <= index) log.terms.delete(at);
  }

  voted(id: number, term: number, candidate: number): void {
    const key = `${id}/${term}`;
    const before = this.votes.get(key);
    if (before !== undefined && before !== candidate)
      this.fail(`election safety: node ${id} voted for ${before} and for ${candidate} in term ${term}`);
    this.votes.set(key, candidate);
  }

  stepped(node: SeenNode): void {
    const { id, term } = node;
    if (term < (this.terms.get(id) ?? 0)) this.fail(`the term of node ${id} went back to ${term}`);
    this.terms.set(id, term);
    if (node.commit < (this.commits.get(id) ?? 0))
      this.fail(`the commit index of node ${id} went back to ${node.commit}`);
    if (node.commit > this.commitIndex) this.advanced(node);
    for (let index = Math.max((this.commits.get(id) ?? 0) + 1, node.snapshotIndex + 1); index <= node.commit; index++) {
      const known = this.committedTerms.get(index);
      const has = node.termAt(index);
      if (known !== undefined && has !== known)
        this.fail(`node ${id} committed ${index} of term ${has ?? 'none'}, another node the one of term ${known}`);
    }
    this.commits.set(id, node.commit);
    if (!node.isLeader) this.leading.delete(id);
    else if (this.leading.get(id) !== term) {
      this.leading.set(id, term);
      this.elected(node);
    }
  }

  applying(id: number, entry: SeenEntry): void {
    const { index, term, data } = entry;
    const expected = (this.applied.get(id) ?? 0) + 1;
    if (index !== expected) this.fail(`state machine safety: node ${id} applied ${index} when ${expected} was next`);
    this.applied.set(id, index);
    this.agree(id, index, `${term}:${checksum(data, 0, data.length)}`);
    if (index > this.commitIndex)
      this.fail(`node ${id} applied ${index}, but ${this.commitIndex} is all that was committed`);
    this.counters.applies++;
  }

  /** The state after `index`, whether by applying or from a snapshot. */
  stateIs(id: number, index: number, digest: number): void {
    const known = this.digests.get(index);
    if (known === undefined) this.digests.set(index, digest);
    else if (known !== digest)
      this.fail(`state machine safety: after ${index} node ${id} has another state than others had`);
  }

  restored(id: number, index: number, digest: number): void {
    this.counters.snapshots++;
    if (index > this.commitIndex) this.fail(`node ${id} restored a snapshot at ${index} that was never committed`);
    this.applied.set(id, index);
    this.commits.set(id, Math.max(this.commits.get(id) ?? 0, index));
    this.stateIs(id, index, digest);
  }

  private elected(node: SeenNode): void {
    const { id, term } = node;
    this.counters.elections++;
    this.note(`node ${id} leads term ${term}`);
    const other = this.leaderOf.get(term);
    if (other !== undefined && other !== id)
      this.fail(`election safety: nodes ${other} and ${id} both lead term ${term}`);
    this.leaderOf.set(term, id);
    for (let index = node.snapshotIndex + 1; index <= this.commitIndex; index++) {
      const known = this.committedTerms.get(index);
      // A slow election of an earlier term may end late: its leader can commit nothing any more.
      if (known !== undefined && this.committedIn.get(index)! < term && node.termAt(index) !== known)
        this.fail(`leader completeness: node ${id} leads term ${term} without entry ${index}, which was committed`);
    }
  }

  /** The first node to know more entries committed: they must be durable where the rules want them. */
  private advanced(node: SeenNode): void {
    for (let index = this.commitIndex + 1; index <= node.commit; index++) {
      const term = node.termAt(index);
      if (term === undefined && index > node.snapshotIndex)
        this.fail(`node ${node.id} committed ${index}, which it does not have`);
      if (term === undefined) continue;
      this.committedTerms.set(index, term);
      this.committedIn.set(index, node.term);
    }
    const index = node.commit;
    const term = node.termAt(index);
    if (node.isLeader && term !== undefined && term !== node.term)
      this.fail(`node ${node.id} leads term ${node.term} and committed ${index} of term ${term} by counting holders`);
    this.commitIndex = index;
    this.counters.commits++;
    for (const voters of node.voterSets) {
      const holders = voters.filter((voter) => {
        const log = this.durable.get(voter);
        return log !== undefined && (log.snapshotIndex >= index || log.terms.get(index) === term);
      });
      if (voters.length > 0 && holders.length * 2 <= voters.length)
        this.fail(
          `node ${node.id} committed ${index} of term ${term}, which only ${holders.join(' ') || 'nobody'} of ${voters.join(' ')} hold durably`,
        );
    }
  }

  private agree(id: number, index: number, entry: string): void {
    const known = this.appliedEntries.get(index);
    if (known === undefined) this.appliedEntries.set(index, entry);
    else if (known !== entry)
      this.fail(`state machine safety: node ${id} applied ${entry} at ${index}, another node ${known}`);
  }

  private logOf(id: number): DurableLog {
    let log = this.durable.get(id);
    if (log === undefined) this.durable.set(id, (log = new DurableLog()));
    return log;
  }

  private fail(what: string): void {
    this.note(`BREACH ${what}`);
    this.breach ??= new Violation(what);
    throw this.breach;
  }
}
