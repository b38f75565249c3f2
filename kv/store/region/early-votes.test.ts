/** Requests that come before their region: the newest of each kind is kept, once, and the oldest region gives way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EarlyVotes } from './early-votes.ts';
import type { RegionMessage } from './ports.ts';

const NOTHING = new Uint8Array(0);
const region = { id: 7, lower: NOTHING, upper: NOTHING, epoch: { confVersion: 1, version: 2 }, peers: [] };

function message(regionId: number, kind: string, term: number): RegionMessage {
  return { regionId, from: { id: 1, storeId: 1 }, to: { id: 2, storeId: 2 }, region, message: { kind, term } as RegionMessage['message'] }; // prettier-ignore
}

test('the newest request of each kind waits for its region, and is given out once', () => {
  const votes = new EarlyVotes();
  for (const [kind, term] of [['pre-vote', 6], ['vote', 6], ['append', 6], ['vote', 7]] as const) votes.keep(message(7, kind, term)); // prettier-ignore
  assert.deepEqual(votes.take(7).map(({ message: { kind, term } }) => `${kind} ${term}`), ['pre-vote 6', 'vote 7']); // prettier-ignore
  assert.deepEqual(votes.take(7), []);
});

test('of too many regions the oldest gives way', () => {
  const votes = new EarlyVotes();
  for (let id = 1; id <= 1025; id++) votes.keep(message(id, 'vote', 6));
  assert.equal(votes.take(1).length, 0);
  assert.equal(votes.take(2).length, 1);
  assert.equal(votes.take(1025).length, 1);
});
