/** Majorities and changes of members, held to models that try everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changed, checkConfiguration, configurationOf, decodeChange, encodeChange, isJoint } from './configuration.ts';
import { jointValue, jointVote, majorityValue, majorityVote } from './quorum.ts';
import { type ConfigChange, type Configuration, LEAVE_JOINT } from './types.ts';

const RUNS = { numRuns: 2000, seed: 7 };
const ids = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 7 });
const configuration = fc
  .tuple(ids, ids)
  .map(([voters, outgoing]): Configuration => ({ ...configurationOf(voters), outgoing }));

/** Every value that more than half of the voters have reached, by counting. */
function slowValue(voters: readonly number[], values: readonly number[]): number {
  if (voters.length === 0) return Infinity;
  const reached = (value: number): number => voters.filter((id) => values[id]! >= value).length;
  return Math.max(...voters.map((id) => values[id]!).filter((value) => reached(value) * 2 > voters.length));
}

test('an index is on a majority when counting says so', () => {
  const values = fc.array(fc.nat(20), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(configuration, values, (who, at) => {
      assert.equal(
        majorityValue(who.voters, (id) => at[id]!),
        slowValue(who.voters, at),
      );
      assert.equal(
        jointValue(who, (id) => at[id]!),
        Math.min(slowValue(who.voters, at), slowValue(who.outgoing, at)),
      );
    }),
    RUNS,
  );
});

test('a vote is won when no open vote can lose it, lost when none can win it', () => {
  const votes = fc.array(fc.constantFrom(true, false, undefined), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(configuration, votes, (who, of) => {
      const outcome = (voters: readonly number[]): string => {
        const yes = (fill: boolean): boolean =>
          voters.length === 0 || voters.filter((id) => of[id] ?? fill).length * 2 > voters.length;
        return yes(false) ? 'won' : yes(true) ? 'pending' : 'lost';
      };
      const [left, right] = [outcome(who.voters), outcome(who.outgoing)];
      assert.equal(
        majorityVote(who.voters, (id) => of[id]),
        left,
      );
      const both = left === 'lost' || right === 'lost' ? 'lost' : left === 'won' && right === 'won' ? 'won' : 'pending';
      assert.equal(
        jointVote(who, (id) => of[id]),
        both,
      );
    }),
    RUNS,
  );
});

const change = fc.record({
  transition: fc.constantFrom('auto' as const, 'implicit' as const, 'explicit' as const),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom('add-voter' as const, 'add-learner' as const, 'remove' as const),
      id: fc.integer({ min: 1, max: 6 }),
    }),
    { maxLength: 4 },
  ),
  context: fc.uint8Array({ maxLength: 3 }),
});

/** All ways in which `who` can decide. */
function deciding({ voters, outgoing }: Configuration): Set<number>[] {
  const found: Set<number>[] = [];
  for (let mask = 0; mask < 128; mask++) {
    const set = new Set([1, 2, 3, 4, 5, 6].filter((id) => (mask >> id) & 1));
    const has = (half: readonly number[]): boolean =>
      half.length === 0 || half.filter((id) => set.has(id)).length * 2 > half.length;
    if (has(voters) && has(outgoing)) found.push(set);
  }
  return found;
}

test('before and after any change, two decisions share a member; leaving comes out where the steps lead', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
      fc.array(change, { maxLength: 4 }),
      (voters, changes) => {
        let who: Configuration = configurationOf(voters);
        for (const next of changes) {
          const result = changed(who, next);
          if (typeof result === 'string') {
            assert(isJoint(who) !== (next.steps.length === 0) || result.includes('last voter'), result);
            continue;
          }
          checkConfiguration(result);
          for (const left of deciding(who))
            for (const right of deciding(result))
              assert(
                [...left].some((id) => right.has(id)),
                'two decisions without a common member',
              );
          if (next.steps.length > 0) {
            const target = model(who, next);
            const end = isJoint(result) ? changed(result, LEAVE_JOINT) : result;
            assert(typeof end !== 'string');
            assert.deepEqual([end.voters, end.learners], target);
            assert.equal(result.autoLeave, isJoint(result) && next.transition !== 'explicit');
          }
          who = result;
        }
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});

function model(who: Configuration, { steps }: ConfigChange): [number[], number[]] {
  const role = new Map<number, string>([
    ...who.voters.map((id) => [id, 'add-voter'] as const),
    ...who.learners.map((id) => [id, 'add-learner'] as const),
  ]);
  for (const { kind, id } of steps) role.set(id, kind);
  const of = (kind: string): number[] =>
    [...role]
      .filter(([, is]) => is === kind)
      .map(([id]) => id)
      .sort();
  return [of('add-voter'), of('add-learner')];
}

test('a change comes back from its bytes; what is cut or unknown is refused', () => {
  fc.assert(fc.property(change, (value) => assert.deepEqual(decodeChange(encodeChange(value)), { ...value, steps: value.steps.map((step) => ({ ...step })), context: new Uint8Array(value.context) })), RUNS); // prettier-ignore
  const bytes = encodeChange({
    transition: 'explicit',
    steps: [{ kind: 'remove', id: 2 ** 40 + 5 }],
    context: new Uint8Array([9]),
  });
  assert.equal(Buffer.from(bytes).toString('hex'), '0301020001020000010000000005' + '09');
  assert.throws(() => decodeChange(bytes.slice(0, 8)), /cut short/);
  assert.throws(() => decodeChange(Uint8Array.from([3, 9, 0, 0, 0])), /another version/);
  assert.throws(() => decodeChange(Uint8Array.from([3, 1, 7, 0, 0])), /unknown transition/);
  assert.throws(() => decodeChange(new Uint8Array([1, 2])), /not a membership change/);
});

test('changes that make no sense are refused in words', () => {
  const one = configurationOf([1]);
  const step = (kind: 'add-voter' | 'remove', id: number): ConfigChange => ({
    transition: 'auto',
    steps: [{ kind, id }],
    context: new Uint8Array(0),
  });
  assert.equal(changed(one, step('remove', 1)), 'the last voter cannot go');
  assert.equal(changed(one, step('add-voter', 0)), 'a member needs an id above 0');
  assert.equal(changed(one, LEAVE_JOINT), 'the configuration is not joint');
  const joint = { ...one, outgoing: [2] };
  assert.equal(changed(joint, step('add-voter', 3)), 'the configuration is joint already');
  assert.deepEqual(changed(one, step('add-voter', 1)), one);
  assert.deepEqual(changed(one, step('remove', 5)), one);
});
