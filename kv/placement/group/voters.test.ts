/** Who is given a vote, over all small groups. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationOf, type Progress } from '../../raft/index.ts';
import { votersToBe } from './voters.ts';

type Known = { -readonly [Name in 'id' | 'state' | 'match' | 'recentlyActive']: Progress[Name] };

function ready(id: number): Progress {
  const known: Known = { id, state: 'replicate', match: 500, recentlyActive: true };
  return known as Progress;
}

function promoted(voters: number[], learners: number[], change: (of: Known) => void = () => undefined): number[] {
  const all = learners.map(ready);
  for (const one of all) change(one);
  return votersToBe({ ...configurationOf(voters), learners }, all, 510);
}

test('votes are given so that their number is odd, up to three', () => {
  assert.deepEqual(promoted([1], [2]), []);
  assert.deepEqual(promoted([1], [3, 2]), [2, 3]);
  assert.deepEqual(promoted([1], [2, 3, 4]), [2, 3]);
  assert.deepEqual(promoted([1, 2, 3], [4]), []);
  assert.deepEqual(promoted([1, 2, 3], [4, 5]), []);
  // One was taken out: whoever stands by takes its place.
  assert.deepEqual(promoted([1, 3], [4]), [4]);
  assert.deepEqual(promoted([1, 3], []), []);
});

test('nobody votes who is silent, far behind or in want of a snapshot, nor while another change is under way', () => {
  assert.deepEqual(
    promoted([1], [2, 3], (one) => (one.recentlyActive = one.id !== 2)),
    [],
  );
  assert.deepEqual(
    promoted([1], [2, 3, 4], (one) => (one.recentlyActive = one.id !== 2)),
    [3, 4],
  );
  assert.deepEqual(
    promoted([1, 2], [3], (one) => (one.match = 100)),
    [],
  );
  assert.deepEqual(
    promoted([1, 2], [3], (one) => (one.state = 'snapshot')),
    [],
  );
  assert.deepEqual(votersToBe({ ...configurationOf([1, 2]), learners: [3], outgoing: [1] }, [ready(3)], 500), []);
});
