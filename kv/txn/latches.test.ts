import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { SeededRandom } from '../../base/random.ts';
import { fromUtf8 } from '../../base/bytes.ts';
import { Latch, Latches } from './latches.ts';
import { LockWaiter, LockWaits } from './lock-waits.ts';

test('a key is served in the order of asking, others do not wait for it', () => {
  const latches = new Latches(10);
  const order: string[] = [];
  const take = (name: string, ...keys: string[]): Latch => {
    const latch = new Latch(latches.slotsOf(keys.map(utf8)), () => order.push(name));
    if (latches.acquire(latch) === true) order.push(name);
    return latch;
  };
  const first = take('first', 'a');
  const second = take('second', 'a', 'b');
  const third = take('third', 'a');
  const other = take('other', 'c');
  assert.deepEqual(order, ['first', 'other']);
  latches.release(first);
  assert.deepEqual(order, ['first', 'other', 'second']);
  latches.release(second);
  assert.deepEqual(order, ['first', 'other', 'second', 'third']);
  latches.release(third);
  latches.release(other);
  assert.equal(latches.waiting, 0);
});

test('thousands in line that end at once follow one another, not one inside the other', () => {
  const latches = new Latches(100_000);
  let ended = 0;
  const first = new Latch(latches.slotsOf([utf8('a')]), () => undefined);
  latches.acquire(first);
  for (let i = 0; i < 50_000; i++) {
    const next: Latch = new Latch(first.slots, () => {
      latches.release(next);
      ended++;
    });
    assert.equal(latches.acquire(next), false);
  }
  latches.release(first);
  assert.equal(ended, 50_000);
});

test('one too many in line is turned away', () => {
  const latches = new Latches(1);
  const slots = latches.slotsOf([utf8('a')]);
  const first = new Latch(slots, () => undefined);
  const second = new Latch(slots, () => undefined);
  assert.equal(latches.acquire(first), true);
  assert.equal(latches.acquire(second), false);
  assert.equal(latches.acquire(new Latch(slots, () => undefined)), undefined);
  latches.release(first);
  latches.release(second);
});

test('random commands over few keys: never two at once on a key, and all come to their end', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed);
    const latches = new Latches(1000);
    const active = new Map<string, number>();
    const running: { latch: Latch; keys: string[] }[] = [];
    let started = 0;
    const begin = (latch: Latch, keys: string[]) => {
      started++;
      for (const key of keys) {
        assert.equal(active.get(key) ?? 0, 0, `seed ${seed}: two commands on one key`);
        active.set(key, 1);
      }
      running.push({ latch, keys });
    };
    for (let i = 0; i < 300; i++) {
      const keys = [...new Set(Array.from({ length: 1 + random.below(3) }, () => 'abcdef'[random.below(6)]!))];
      const latch: Latch = new Latch(latches.slotsOf(keys.map(utf8)), () => begin(latch, keys));
      if (latches.acquire(latch) === true) begin(latch, keys);
      while (running.length > 0 && random.below(3) === 0) finish(random.below(running.length));
    }
    while (running.length > 0) finish(0);
    assert.equal(started, 300, `seed ${seed}: somebody was forgotten`);

    function finish(at: number): void {
      const { latch, keys } = running.splice(at, 1)[0]!;
      for (const key of keys) active.set(key, 0);
      latches.release(latch);
    }
  }
});

test('a circle of any length is found by the one who closes it', () => {
  const waits = new LockWaits(100);
  const woken: string[] = [];
  const waiter = (who: number, key: string, holder: number) =>
    new LockWaiter(BigInt(who), utf8(key), BigInt(holder), (reason) => woken.push(`${who} ${reason}`));
  assert.equal(waits.join(waiter(1, 'b', 2)).kind, 'waiting');
  assert.equal(waits.join(waiter(2, 'c', 3)).kind, 'waiting');
  assert.equal(waits.join(waiter(5, 'c', 3)).kind, 'waiting');
  const closed = waits.join(waiter(3, 'a', 1));
  assert(closed.kind === 'deadlock');
  assert.deepEqual(
    closed.chain.map((edge) => `${edge.waiter} waits for ${edge.holder} at ${fromUtf8(edge.key)}`),
    ['3 waits for 1 at a', '1 waits for 2 at b', '2 waits for 3 at c'],
  );
  assert.equal(waits.count, 3);
});

test('when a key changes hands its other waiters wait for the new holder, and may close a circle by it', () => {
  const waits = new LockWaits(100);
  const waiter = (who: number, key: string, holder: number) =>
    new LockWaiter(BigInt(who), utf8(key), BigInt(holder), () => undefined);
  const first = waiter(2, 'a', 1);
  assert.equal(waits.join(first).kind, 'waiting');
  assert.equal(waits.join(waiter(3, 'a', 1)).kind, 'waiting');
  assert.equal(waits.takeFirst(utf8('a')), first);
  assert.deepEqual(waits.moveTo(utf8('a'), 2n), []);
  // 3 waits for 2 at a; now 2 wants what 3 holds.
  assert.equal(waits.join(waiter(2, 'b', 3)).kind, 'deadlock');
  assert.equal(waits.join(waiter(2, 'b', 9)).kind, 'waiting');
  const victims = waits.moveTo(utf8('b'), 3n);
  assert.deepEqual(
    victims.map((victim) => victim.waiter.startTs),
    [2n],
  );
  assert.equal(waits.count, 1);
});

test('a full room refuses', () => {
  const waits = new LockWaits(1);
  const waiter = (who: number) => new LockWaiter(BigInt(who), utf8('a'), 9n, () => undefined);
  const first = waiter(1);
  waits.join(first);
  assert.equal(waits.join(waiter(2)).kind, 'full');
  assert(waits.leave(first));
  assert(!waits.leave(first));
  assert.equal(waits.join(waiter(2)).kind, 'waiting');
});
