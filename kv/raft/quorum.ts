/**
 * Majorities, pure. What a set of voters has agreed to is decided here and nowhere else: how far an index (or a round, or a time) has come on
 * a majority, and whether a vote is won. A joint configuration asks both of its sets and takes the worse answer.
 *
 * A set without members agrees to everything: so that the second half of a configuration that is not joint never stands in the way.
 */
import type { Configuration } from './types.ts';

export type VoteResult = 'won' | 'lost' | 'pending';

const scratch: number[] = [];

/** The largest value that a majority of `voters` has reached; Infinity for an empty set. */
export function majorityValue(voters: readonly number[], valueOf: (id: number) => number): number {
  const count = voters.length;
  if (count === 0) return Infinity;
  if (count === 1) return valueOf(voters[0]!);
  scratch.length = count;
  // Insertion sort, largest first: groups are small, and the callback of Array.sort costs more than this.
  for (let i = 0; i < count; i++) {
    const value = valueOf(voters[i]!);
    let at = i;
    while (at > 0 && scratch[at - 1]! < value) {
      scratch[at] = scratch[at - 1]!;
      at--;
    }
    scratch[at] = value;
  }
  return scratch[count >> 1]!;
}

export function jointValue(configuration: Configuration, valueOf: (id: number) => number): number {
  const incoming = majorityValue(configuration.voters, valueOf);
  if (configuration.outgoing.length === 0) return incoming;
  return Math.min(incoming, majorityValue(configuration.outgoing, valueOf));
}

/** `voteOf`: true granted, false refused, undefined not heard. */
export function majorityVote(voters: readonly number[], voteOf: (id: number) => boolean | undefined): VoteResult {
  if (voters.length === 0) return 'won';
  const needed = (voters.length >> 1) + 1;
  let granted = 0;
  let open = 0;
  for (const id of voters) {
    const vote = voteOf(id);
    if (vote === true) granted++;
    else if (vote === undefined) open++;
  }
  if (granted >= needed) return 'won';
  return granted + open >= needed ? 'pending' : 'lost';
}

export function jointVote(configuration: Configuration, voteOf: (id: number) => boolean | undefined): VoteResult {
  const incoming = majorityVote(configuration.voters, voteOf);
  const outgoing = majorityVote(configuration.outgoing, voteOf);
  if (incoming === 'lost' || outgoing === 'lost') return 'lost';
  return incoming === 'won' && outgoing === 'won' ? 'won' : 'pending';
}
