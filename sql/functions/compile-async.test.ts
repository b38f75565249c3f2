/** Expressions that wait: what is not taken is not run, arguments come from left to right, BENCHMARK computes each time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Datum } from '../../base/value/datum.ts';
import { compileAsync, createEvalContext, formatText } from './index.ts';
import { bindText } from './testing.ts';

/** A clock that moves only by sleeping; the sleeps asked for. */
async function run(text: string): Promise<{ readonly shown: string | null; readonly slept: readonly number[] }> {
  const slept: number[] = [];
  let nowMs = Date.UTC(2024, 0, 1);
  const context = createEvalContext({
    statementTimeMs: nowMs,
    nowMs: () => nowMs,
    sleep: (ms) => {
      slept.push(ms);
      nowMs += ms;
      return Promise.resolve(0);
    },
  });
  const expression = bindText(text, context);
  const value = (await compileAsync(expression)([], context)) as Datum;
  return { shown: value === null ? null : String(formatText(value, expression.type)), slept };
}

const CASES: readonly (readonly [string, string | null, readonly number[]])[] = [
  ['case when 1 = 0 then sleep(5) else 7 end', '7', []],
  ['case when sleep(1) then sleep(5) else sleep(2) + 7 end', '7', [1000, 2000]],
  ["case 2 when 1 then sleep(1) when 2 then concat('x', sleep(3)) end", 'x0', [3000]],
  ['if(sleep(1), sleep(2), 5)', '5', [1000]],
  ['ifnull(3, sleep(1))', '3', []],
  ['coalesce(null, sleep(1), sleep(2))', '0', [1000]],
  ['1 = 0 and sleep(1)', '0', []],
  ['null and sleep(1)', '0', [1000]],
  ['1 or sleep(1)', '1', []],
  ['null or sleep(1)', null, [1000]],
  ["concat(second(sysdate()), '-', sleep(2), '-', second(sysdate()), '-', second(now()))", '0-0-2-0', [2000]],
  ['nullif(sleep(1), 0)', null, [1000]],
  // The turn it gives up in between is a sleep of nothing.
  ['benchmark(3, sleep(1))', '0', [1000, 0, 1000, 1000]],
  ['benchmark(-1, sleep(1))', null, []],
  ['sleep(1) + 1 / 3 * 3', '1.0000', [1000]],
];

for (const [text, shown, slept] of CASES) {
  test(text, async () => {
    assert.deepEqual(await run(text), { shown, slept });
  });
}

test('BENCHMARK computes a constant argument each time', async () => {
  let draws = 0;
  const context = createEvalContext({
    session: { random: () => { draws++; return 0.5; } },
  }); // prettier-ignore
  await compileAsync(bindText('benchmark(10, rand())', context))([], context);
  assert.equal(draws, 10);
});

test('BENCHMARK ends when the statement is killed', async () => {
  let looks = 0;
  const context = createEvalContext({
    checkKilled: () => {
      if (++looks === 5) throw new Error('killed');
    },
  });
  await assert.rejects(async () => compileAsync(bindText("benchmark(1e12, md5('x'))", context))([], context), /killed/);
});
