/**
 * Faults planted on purpose, to prove that the simulator sees them: each is one carelessness that has lost data in some system.
 * They sit around the core (see `plant.ts`), never in the product. `npm run sim -- --plants` looks for all of them; the suite's
 * `mutations.test.ts` holds each to its number of seeds.
 */
import { Trace } from '../../../base/sim/index.ts';
import { configurationOf, type Output, Raft } from '../../../kv/raft/index.ts';
import { jointValue } from '../../../kv/raft/quorum.ts';
import { raftRun } from './cluster.ts';
import type { Plant } from './plant.ts';

/** Reaches into the leader's part, which has no door for this. */
class CountsOlderTerms extends Raft {
  override drain(): Output | undefined {
    const { leadership } = this as unknown as { leadership: { maybeCommit: () => void } | undefined };
    if (leadership !== undefined) {
      leadership.maybeCommit = () => {
        const matchOf = (id: number): number =>
          id === this.id ? this.log.stable : (this.progress().find((one) => one.id === id)?.match ?? 0);
        this.log.commitTo(jointValue(this.configuration, matchOf));
      };
    }
    return super.drain();
  }
}

export const PLANTS: readonly Plant[] = [
  {
    name: 'vote-forgotten',
    story: 'the vote is not persisted: after a restart a node votes again in the same term',
    seedsMax: 40,
    faults: ['lossy', 'clog', 'partition', 'freeze'],
    crashSites: ['raft.after-vote'],
    knobs: { clientPauseMs: 400, tickMs: 50 },
    state: (state) => ({ ...state, vote: 0 }),
  },
  {
    name: 'term-forgotten',
    story: 'the hard state is persisted only when the commit index moves: a restart goes back in terms',
    seedsMax: 40,
    faults: ['crash', 'crash-all', 'partition'],
    state: (state, before) => (before !== undefined && state.commit === before.commit ? before : state),
  },
  {
    name: 'early-acknowledgement',
    story: 'entries are acknowledged before they are synced',
    seedsMax: 40,
    faults: ['crash', 'crash-all', 'disk-slow', 'disk-stall'],
    acknowledgesEarly: true,
  },
  {
    name: 'forgetful-disk',
    story: 'the disk acknowledges a sync with the data still in its cache',
    seedsMax: 40,
    faults: ['crash', 'crash-all'],
    disksForget: true,
  },
  {
    name: 'applied-before-quorum',
    story: 'a leader applies and answers what it has only proposed',
    seedsMax: 5,
    appliesUncommitted: true,
  },
  {
    name: 'unchecked-read',
    story: 'whoever believes to lead answers reads from its own state, without lease or read index',
    seedsMax: 40,
    faults: ['partition', 'isolate', 'one-way'],
    knobs: { clientPauseMs: 10, lease: false, keys: 1 },
    // Lawful by itself: a leader that is cut off does not notice.
    options: (options) => ({ ...options, checkQuorum: false }),
    reads: 'unchecked',
  },
  {
    name: 'unapplied-read',
    story: 'a read is answered before the state has reached its read index',
    seedsMax: 40,
    faults: ['partition', 'isolate', 'freeze', 'crash'],
    knobs: { applyDelayMs: 1500, clientPauseMs: 10 },
    reads: 'unapplied',
  },
  {
    name: 'conflicts-kept',
    story: 'a follower keeps what it has where a new leader sends other entries',
    seedsMax: 40,
    faults: ['partition', 'isolate', 'freeze', 'crash'],
    entries: (entries, has) => entries.filter((entry) => has(entry.index) === undefined),
  },
  {
    name: 'short-log-elected',
    story: 'a vote is given without comparing logs',
    seedsMax: 40,
    faults: ['partition', 'isolate', 'crash', 'one-way'],
    received: (message) =>
      message.kind === 'vote' || message.kind === 'pre-vote' ? { ...message, logTerm: 1e9, index: 1e9 } : message,
  },
  {
    name: 'old-term-heard',
    story: 'the term of a message is not looked at: a leader of the past goes on',
    seedsMax: 40,
    faults: ['partition', 'isolate', 'freeze', 'clog'],
    received: (message, term) =>
      (message.kind === 'append' || message.kind === 'heartbeat') && message.term < term
        ? { ...message, term }
        : message,
  },
  {
    name: 'applied-twice',
    story: 'a snapshot notes an index below what its state holds: the entry between is applied again after a restart',
    seedsMax: 5,
    faults: ['crash', 'crash-all'],
    knobs: { entriesKept: 3 },
    snapshot: (snapshot) => ({ ...snapshot, index: snapshot.index - 1 }),
  },
  {
    name: 'applied-never',
    story: 'a snapshot notes an index above what its state holds: the entry between is skipped after a restart',
    seedsMax: 5,
    faults: ['crash', 'crash-all'],
    knobs: { entriesKept: 3 },
    snapshot: (snapshot) => ({ ...snapshot, index: snapshot.index + 1 }),
  },
  {
    name: 'snapshot-without-members',
    story: 'a snapshot carries the members of the first day instead of those of its index',
    seedsMax: 20,
    faults: ['crash', 'crash-all', 'partition'],
    knobs: { entriesKept: 3 },
    snapshot: (snapshot, founders) => ({ ...snapshot, configuration: configurationOf(founders) }),
  },
  {
    name: 'purged-early',
    story: 'the log is cut while the snapshot that covers it is still on its way to the disk',
    seedsMax: 40,
    faults: ['crash', 'crash-all', 'disk-slow'],
    knobs: { entriesKept: 3 },
    purgesEarly: true,
  },
  {
    name: 'joint-time-skipped',
    story: 'a change of several voters takes effect at once, without a time in which both majorities count',
    seedsMax: 60,
    faults: ['partition', 'isolate', 'one-way', 'crash', 'freeze'],
    restless: true,
    change: ({ steps, context }) => steps.map((step) => ({ transition: 'auto', steps: [step], context })),
  },
  {
    name: 'lease-without-drift',
    story: 'leases are reckoned as if all clocks ran alike',
    seedsMax: 60,
    faults: ['drift', 'isolate'],
    knobs: { clientPauseMs: 10, lease: true, keys: 1 },
    driftMax: 0.8,
    options: (options) => ({ ...options, lease: { ...options.lease!, driftMax: 0 } }),
  },
  {
    name: 'older-term-counted',
    story: 'a leader commits an entry of an earlier term because a majority holds it',
    seedsMax: 40,
    core: CountsOlderTerms,
  },
];

/** The first seed that shows the fault, and what was seen. */
export async function findPlant(
  plant: Plant,
  fromSeed: number,
  seedsMax: number,
): Promise<{ readonly seed: number; readonly seen: string } | undefined> {
  for (let seed = fromSeed; seed < fromSeed + seedsMax; seed++) {
    try {
      await raftRun(seed, new Trace(), { plant });
    } catch (error) {
      return { seed, seen: error instanceof Error ? error.message : String(error) };
    }
  }
  return undefined;
}
