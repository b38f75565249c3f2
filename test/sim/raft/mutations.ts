/**
 * Faults planted on purpose, to prove that the simulator sees them: each is one carelessness that has lost data in some system.
 * They sit around the core (see `plant.ts`), never in the product. `npm run sim -- --plants` looks for all of them; the suite's
 * `mutations.test.ts` holds each to its number of seeds.
 */
import type { Plant } from './plant.ts';

export const PLANTS: readonly Plant[] = [
  {
    name: 'vote-forgotten',
    story: 'the vote is not persisted: after a restart a node votes again in the same term',
    seedsMax: 10,
    faults: ['crash', 'crash-all', 'partition', 'freeze'],
    state: (state) => ({ ...state, vote: 0 }),
  },
  {
    name: 'term-forgotten',
    story: 'the hard state is persisted only when the commit index moves: a restart goes back in terms',
    seedsMax: 10,
    faults: ['crash', 'crash-all', 'partition'],
    state: (state, before) => (before !== undefined && state.commit === before.commit ? before : state),
  },
  {
    name: 'early-acknowledgement',
    story: 'entries are acknowledged before they are synced',
    seedsMax: 10,
    faults: ['crash', 'crash-all', 'disk-slow', 'disk-stall'],
    acknowledgesEarly: true,
  },
  {
    name: 'forgetful-disk',
    story: 'the disk acknowledges a sync with the data still in its cache',
    seedsMax: 10,
    faults: ['crash', 'crash-all'],
    disksForget: true,
  },
  {
    name: 'applied-before-quorum',
    story: 'a leader applies and answers what it has only proposed',
    seedsMax: 3,
    appliesUncommitted: true,
  },
  {
    name: 'unchecked-read',
    story: 'whoever believes to lead answers reads from its own state, without lease or read index',
    seedsMax: 10,
    faults: ['partition', 'isolate', 'freeze', 'one-way'],
    knobs: { clientPauseMs: 10 },
    reads: 'unchecked',
  },
  {
    name: 'unapplied-read',
    story: 'a read is answered before the state has reached its read index',
    seedsMax: 10,
    faults: ['partition', 'isolate', 'freeze', 'crash'],
    knobs: { applyDelayMs: 1500, clientPauseMs: 10 },
    reads: 'unapplied',
  },
  {
    name: 'conflicts-kept',
    story: 'a follower keeps what it has where a new leader sends other entries',
    seedsMax: 10,
    faults: ['partition', 'isolate', 'freeze', 'crash'],
    entries: (entries, has) => entries.filter((entry) => has(entry.index) === undefined),
  },
  {
    name: 'short-log-elected',
    story: 'a vote is given without comparing logs',
    seedsMax: 10,
    faults: ['partition', 'isolate', 'crash', 'one-way'],
    received: (message) => (message.kind === 'vote' ? { ...message, lastTerm: 1e9, lastIndex: 1e9 } : message),
  },
  {
    name: 'old-term-heard',
    story: 'the term of a message is not looked at: a leader of the past goes on',
    seedsMax: 10,
    faults: ['partition', 'isolate', 'freeze', 'clog'],
    received: (message, term) => (message.kind === 'append' && message.term < term ? { ...message, term } : message),
  },
  {
    name: 'applied-twice',
    story: 'a snapshot notes an index below what its state holds: the entry between is applied again after a restart',
    seedsMax: 5,
    faults: ['crash', 'crash-all'],
    knobs: { entriesKept: 3 },
    snapshot: (snapshot) => ({ ...snapshot, index: snapshot.index - 1 }),
  },
];
