/**
 * Who votes in placement's group. Whoever joins follows first, as a learner, and gets a vote only when that makes an odd number: two voters survive
 * no more than one, and need both for every decision. So a second member stands by, with the third both begin to vote, in one joint change, and
 * those beyond `VOTERS_MAX` stand by until somebody takes a voter out:
 *
 *     members   1   2   3   4   5
 *     voters    1   1   3   3   3
 *
 * Nobody loses a vote here: a member that is dead may come back, and only people know that it will not.
 */
import type { Configuration, Progress } from '../../raft/index.ts';

/** Enough for the death of any one. A group that was founded with more keeps them. */
const VOTERS_MAX = 3;
/** Entries that one who is to vote may lack: the next heartbeats bring them. */
const LAG_MAX = 100;

/** Learners that should vote from now on; empty: nobody. */
export function votersToBe(configuration: Configuration, progress: readonly Progress[], applied: number): number[] {
  const { voters, outgoing, learners } = configuration;
  if (outgoing.length > 0) return [];
  const room = VOTERS_MAX - voters.length;
  if (room <= 0) return [];
  const ready = progress
    .filter(({ id, state, recentlyActive, match }) => learners.includes(id) && state === 'replicate' && recentlyActive && match + LAG_MAX >= applied)
    .map(({ id }) => id)
    .sort((left, right) => left - right); // prettier-ignore
  let count = Math.min(ready.length, room);
  if ((voters.length + count) % 2 === 0) count--;
  return count > 0 ? ready.slice(0, count) : [];
}
