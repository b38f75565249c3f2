/** The observer lets a lawful history pass and tells each unlawful step. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import { Observer, type SeenEntry, type SeenNode, Violation } from './observer.ts';

const entry = (index: number, term: number, data = ''): SeenEntry => ({ index, term, data: utf8(data) });

function node(id: number, log: readonly SeenEntry[], seen: Partial<SeenNode>): SeenNode {
  return {
    name: `n${id}`,
    id,
    term: 1,
    isLeader: false,
    commit: 0,
    voterSets: [[1, 2, 3]],
    termAt: (index) => (index === 0 ? 0 : log.find((one) => one.index === index)?.term),
    snapshotIndex: 0,
    ...seen,
  };
}

/** Node 1 leads term 1; entries 1 and 2 are durable on 1 and 2, and committed. */
function begun(): { observer: Observer; log: readonly SeenEntry[] } {
  const observer = new Observer(() => undefined);
  const log = [entry(1, 1), entry(2, 1, 'x')];
  for (const id of [1, 2, 3]) observer.started(id, 0, [], 0);
  observer.stepped(node(1, [], { isLeader: true }));
  for (const id of [1, 2]) {
    observer.appended(id, log, 0);
    observer.durablyAppended(id, log);
  }
  observer.stepped(node(1, log, { isLeader: true, commit: 2 }));
  observer.applying(1, log[0]!);
  observer.stateIs(1, 1, 11);
  return { observer, log };
}

test('a lawful history passes', () => {
  const { observer, log } = begun();
  observer.applying(1, log[1]!);
  observer.stateIs(1, 2, 22);
  observer.stepped(node(2, log, { commit: 2 }));
  observer.voted(3, 2, 2);
  observer.stepped(node(2, log, { term: 2, isLeader: true, commit: 2 }));
  observer.durableSnapshot(2, 2);
  observer.restored(3, 2, 22);
  observer.started(2, 2, [], 2);
  assert.equal(observer.breach, undefined);
  assert.equal(observer.committedIndex, 2);
  assert.deepEqual(observer.counters, { elections: 2, commits: 1, applies: 2, snapshots: 1 });
});

const breaches: readonly (readonly [RegExp, (observer: Observer, log: readonly SeenEntry[]) => void])[] = [
  [/both lead term 1/, (observer) => observer.stepped(node(2, [], { isLeader: true }))],
  [
    /voted for 1 and for 2 in term 5/,
    (observer) => {
      observer.voted(3, 5, 1);
      observer.voted(3, 5, 2);
    },
  ],
  [/leads term 1 and writes 2 after 2/, (observer, log) => {
    observer.leaderAppended(1, 1, log);
    observer.leaderAppended(1, 1, [log[1]!]);
  }],
  [/log matching: entry 2 of term 1/, (observer) => observer.appended(3, [entry(2, 1, 'y')], 1)],
  [
    /log matching: entry 2 of term 1/,
    (observer) => observer.appended(3, [entry(2, 1, 'x')], 0),
  ],
  [/leads term 2 without entry 2/, (observer, log) => observer.stepped(node(3, log.slice(0, 1), { term: 2, isLeader: true }))],
  [/committed 2 of term 2, another node the one of term 1/, (observer) =>
    observer.stepped(node(3, [entry(1, 1), entry(2, 2)], { commit: 2 }))],
  [/committed 3 of term 1, which only 1 of 1 2 3/, (observer, log) => {
    const third = entry(3, 1);
    observer.appended(1, [third], 1);
    observer.durablyAppended(1, [third]);
    // Handed to its log, not durable.
    observer.appended(2, [third], 1);
    observer.stepped(node(1, [...log, third], { isLeader: true, commit: 3 }));
  }],
  [/committed 3 of term 1, which only 2 of 2 4 5/, (observer, log) => {
    const third = entry(3, 1);
    for (const id of [1, 2]) {
      observer.appended(id, [third], 1);
      observer.durablyAppended(id, [third]);
    }
    observer.stepped(node(1, [...log, third], { isLeader: true, commit: 3, voterSets: [[1, 2, 3], [2, 4, 5]] }));
  }],
  [/committed 3 of term 1, which only 1/, (observer, log) => {
    // Acknowledged, then written over: it is not there any more.
    const third = entry(3, 1);
    for (const id of [1, 2]) {
      observer.appended(id, [third], 1);
      observer.durablyAppended(id, [third]);
    }
    observer.appended(2, [entry(3, 0)], 1);
    observer.durablyAppended(2, [third]);
    observer.stepped(node(1, [...log, third], { isLeader: true, commit: 3 }));
  }],
  [/committed 3, which it does not have/, (observer, log) => observer.stepped(node(1, log, { isLeader: true, commit: 4 }))],
  [/applied 1 when 2 was next/, (observer, log) => observer.applying(1, log[0]!)],
  [/node 2 applied 1:.* another node 1:/, (observer) => observer.applying(2, entry(1, 1, 'other'))],
  [/applied 3, but 2 is all/, (observer, log) => {
    observer.applying(1, log[1]!);
    observer.applying(1, entry(3, 1));
  }],
  [/after 1 node 2 has another state/, (observer) => observer.stateIs(2, 1, 12)],
  [/restored a snapshot at 9/, (observer) => observer.restored(3, 9, 0)],
  [/commit index of node 1 went back/, (observer, log) => observer.stepped(node(1, log, { commit: 1 }))],
  [/the term of node 1 went back to 0/, (observer, log) => observer.stepped(node(1, log, { term: 0, commit: 2 }))],
  [/starts in term 3, although it made term 4 durable/, (observer) => {
    observer.durablyIn(2, 4);
    observer.started(2, 0, [], 3);
  }],
]; // prettier-ignore

for (const [expected, step] of breaches) {
  test(`told: ${expected.source}`, () => {
    const { observer, log } = begun();
    assert.throws(() => step(observer, log), expected);
    assert(observer.breach instanceof Violation, 'and kept');
  });
}
