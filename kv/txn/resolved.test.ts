/** What a tracker says is held against every commit that comes later, over random interleavings of transactions of each kind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../base/bytes.ts';
import { type Lock, LockBlock, LockTable } from '../mvcc/index.ts';
import { commitFloor, ResolvedTracker } from './resolved.ts';

const lockOf = (startTs: bigint, kind: Lock['kind'] = 'put'): Lock => ({
  kind, startTs, ttlMs: 1000, forUpdateTs: 0n, minCommitTs: 0n, txnSize: 1, primary: utf8('p'), value: kind === 'put' ? utf8('v') : undefined,
}); // prettier-ignore

test('what is locked or on its way bounds what is resolved; what has no effect does not', () => {
  const locks = new LockTable();
  assert.equal(commitFloor(locks, undefined, undefined), undefined);
  locks.setLock(utf8('a'), lockOf(10n));
  locks.setLock(utf8('b'), lockOf(5n, 'lock'));
  locks.setPessimistic(utf8('c'), lockOf(3n, 'pessimistic'));
  assert.equal(commitFloor(locks, undefined, undefined), 10n);
  locks.ensure(utf8('d')).commitTsInFlight = 8n;
  assert.equal(commitFloor(locks, undefined, undefined), 7n);
  assert.equal(commitFloor(locks, utf8('a'), utf8('d')), 10n);
  assert.equal(commitFloor(locks, utf8('b'), utf8('d')), undefined);
  const block = new LockBlock(2n, 1000, utf8('x'));
  block.add(utf8('x'));
  locks.addBlock(block);
  assert.equal(commitFloor(locks, undefined, undefined), 7n, 'it has drawn no timestamp');
  locks.setBlockCommitTs(block, 6n);
  assert.equal(commitFloor(locks, undefined, undefined), 5n);
  assert.equal(locks.state(utf8('x'))!.commitTsInFlight, 6n);
  assert.equal(commitFloor(locks, utf8('w'), utf8('y')), 5n);
  locks.removeBlock(block, () => undefined);
  assert.equal(commitFloor(locks, utf8('w'), utf8('y')), undefined);
});

test('a tracker never goes back', () => {
  const tracker = new ResolvedTracker();
  assert(tracker.advance(10n, undefined) && !tracker.advance(20n, 4n) && !tracker.advance(9n, undefined));
  assert.equal(tracker.ts, 10n);
  assert(tracker.advance(20n, 15n));
  assert.equal(tracker.ts, 15n);
});

type Step = {
  readonly kind: 'begin' | 'two-phase' | 'one-phase' | 'large' | 'resolve' | 'finish';
  readonly pick: number;
};

test('no commit comes at or below a resolved timestamp', () => {
  const step = fc.record({
    kind: fc.constantFrom<Step['kind']>('begin', 'two-phase', 'one-phase', 'large', 'resolve', 'finish', 'finish'),
    pick: fc.nat(1000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const locks = new LockTable();
      const tracker = new ResolvedTracker();
      let oracle = 0n;
      let keys = 0;
      const begun: bigint[] = [];
      /** What happens next to each transaction, one thing at a time. */
      const open: (() => boolean)[] = [];
      const commit = (ts: bigint): boolean => {
        assert(ts > tracker.ts, `a commit at ${ts} after ${tracker.ts} was resolved`);
        return true;
      };
      for (const { kind, pick } of steps) {
        const startTs = begun[pick % Math.max(1, begun.length)] ?? ++oracle;
        const key = utf8(`k${keys++}`);
        if (kind === 'begin') begun.push(++oracle);
        else if (kind === 'two-phase') {
          // Prewritten now; the timestamp is drawn, then the commit applied.
          locks.setLock(key, lockOf(startTs));
          let commitTs = 0n;
          open.push(() => {
            if (commitTs === 0n) return ((commitTs = ++oracle), false);
            locks.clear(key, startTs);
            return commit(commitTs);
          });
        } else if (kind === 'one-phase') {
          const state = locks.ensure(key);
          state.commitTsInFlight = startTs + 1n;
          let drawn = 0n;
          open.push(() => {
            // Drawn at placement, then known here, then applied.
            if (drawn === 0n) return ((drawn = ++oracle), false);
            if (state.commitTsInFlight !== drawn) return ((state.commitTsInFlight = drawn), false);
            locks.clearInFlight(key);
            return commit(drawn);
          });
        } else if (kind === 'large') {
          const block = new LockBlock(startTs, 1000, key);
          block.add(key);
          locks.addBlock(block);
          let drawn = 0n;
          open.push(() => {
            if (block.commitTs === 0n) return (locks.setBlockCommitTs(block, startTs + 1n), false);
            if (drawn === 0n) return ((drawn = ++oracle), false);
            if (block.commitTs !== drawn) return (locks.setBlockCommitTs(block, drawn), false);
            locks.removeBlock(block, () => undefined);
            return commit(drawn);
          });
        } else if (kind === 'resolve') tracker.advance(++oracle, commitFloor(locks, undefined, undefined));
        else if (open.length > 0) {
          const at = pick % open.length;
          if (open[at]!()) open.splice(at, 1);
        }
      }
      while (open.length > 0) for (let i = open.length - 1; i >= 0; i--) if (open[i]!()) open.splice(i, 1);
    }),
    { seed: 11, numRuns: 400 },
  );
});
