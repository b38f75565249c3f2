/** The oracle's clock: what a person who puts the clock back, or far ahead and back again, gets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForwardClock } from './forward-clock.ts';

function clocks(startMs = 0) {
  const time = { wall: 10_000, monotonic: 77 };
  const clock = new ForwardClock({ wallMs: () => time.wall, monotonicMs: () => time.monotonic }, startMs);
  const pass = (ms: number): number => {
    time.wall += ms;
    time.monotonic += ms;
    return clock.nowMs();
  };
  return { time, clock, pass };
}

test('a clock that goes on is believed, jumps ahead included', () => {
  const { time, clock, pass } = clocks();
  assert.equal(clock.nowMs(), 10_000);
  assert.equal(pass(5), 10_005);
  time.wall += 3_600_000;
  assert.equal(pass(1), 3_610_006);
});

test('put back by an hour, time goes on at half pace and the clock catches up after two', () => {
  const { time, clock, pass } = clocks();
  clock.nowMs();
  time.wall -= 3_600_000;
  assert.equal(clock.nowMs(), 10_000);
  assert.equal(pass(1), 10_000);
  assert.equal(pass(1), 10_001);
  assert.equal(pass(1000), 10_501);
  assert.equal(pass(7_198_996), 3_609_998);
  assert.equal(pass(2), 3_610_000);
  assert.equal(pass(10), 3_610_010);
});

test('behind what an earlier life said: from there on, at half pace', () => {
  const { pass } = clocks(20_000);
  assert.equal(pass(0), 20_000);
  assert.equal(pass(100), 20_050);
});
