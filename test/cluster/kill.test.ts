/** A short run of the kill test; `npm run bench -- kill` is the long one. */
import { test } from 'node:test';
import { killRounds } from './kill-rounds.ts';

test('three rounds of kill -9 under load lose nothing that was acknowledged', async () => {
  await killRounds({ rounds: 3, writers: 6, seed: 1, acknowledgementsPerRound: 300 });
});
