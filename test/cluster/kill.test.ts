/** A short run of the kill test; `npm run bench -- kill` is the long one. */
import { test } from 'node:test';
import { killLoadRounds } from './kill-load.ts';
import { killRounds } from './kill-rounds.ts';

test('three rounds of kill -9 under load lose nothing that was acknowledged', async () => {
  await killRounds({ rounds: 3, writers: 6, seed: 1, acknowledgementsPerRound: 300 });
});

test('three rounds of kill -9 within LOAD DATA: all of its rows or none, and no lock stays', async () => {
  await killLoadRounds({ rounds: 3, rows: 12_000, seed: 1 });
});
