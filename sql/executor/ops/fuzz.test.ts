/**
 * Random plans, run twice: over constant rows, which arrive in one turn, and over a source that gives the same rows in batches of random
 * size, some of them empty, some only after a turn. Every operator has a way for "now" and a way for "later"; both must give the same.
 * Some branches are built of the equivalent operators (hash, merge and nested-loop joins), which must agree as well. And both
 * are run once more without memory, so that every operator goes to disk that can.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../base/random.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { Random } from '../../../base/world.ts';
import type { PhysicalPlan } from '../../../proto/plan/physical.ts';
import { inferWindow } from '../../functions/index.ts';
import type { ColumnEngine } from '../context.ts';
import {
  aggregate,
  call,
  column,
  columns,
  constant,
  INT,
  key,
  memorySpill,
  plan,
  rowsOf,
  sorted,
  testDatabase,
  ThriftyMemory,
  values,
} from '../testing.ts';

const PLANS = 400;
const PAIR = columns(INT, INT);

/** Makes one plan in two forms at once: over constants, and over the unsteady source. */
class Generator {
  private readonly random: Random;
  /** Each apply has parameters of its own, as the planner gives them: one inside another must not write over its values. */
  private nextParameter = 0;

  constructor(random: Random) {
    this.random = random;
  }

  plan(depth: number): [PhysicalPlan, PhysicalPlan] {
    if (depth === 0) return this.leaf();
    const pick = this.random.below(12);
    switch (pick) {
      case 0:
        return this.over(depth, (input) => plan('filter', { input, condition: call('gt', column(0), constant(2)) }));
      case 1:
        return this.over(depth, (input) =>
          plan('projection', { input, expressions: [column(1), call('plus', column(0), constant(1))], output: PAIR }),
        );
      case 2:
        return this.over(depth, (input) => plan('sort', { input, keys: [key(column(1), true), key(column(0))] }));
      case 3: {
        // Ordered by everything, so that which rows are on top is no accident.
        const [offset, count] = [this.random.below(4), this.random.below(9)];
        const keys = [key(column(0)), key(column(1))];
        const [a, b] = this.plan(depth - 1);
        const top = (input: PhysicalPlan): PhysicalPlan =>
          plan('top-n', { input, keys, offset: constant(offset), count: constant(count) });
        const cut = (input: PhysicalPlan): PhysicalPlan =>
          plan('limit', { input: plan('sort', { input, keys }), offset: constant(offset), count: constant(count) });
        return [top(a), cut(b)];
      }
      case 4:
        return this.over(depth, (input) =>
          plan('hash-aggregate', {
            input,
            groupBy: [column(0)],
            aggregates: [aggregate('count', column(1))],
            rollup: false,
            output: PAIR,
          }),
        );
      case 5: {
        const [a, b] = this.plan(depth - 1);
        const hash = plan('hash-aggregate', {
          input: a,
          groupBy: [column(0)],
          aggregates: [aggregate('max', column(1))],
          rollup: false,
          output: PAIR,
        });
        const stream = plan('stream-aggregate', {
          input: plan('sort', { input: b, keys: [key(column(0))] }),
          groupBy: [column(0)],
          aggregates: [aggregate('max', column(1))],
          output: PAIR,
        });
        return [hash, stream];
      }
      case 6: {
        const [a, b] = this.plan(depth - 1);
        const [c, d] = this.plan(depth - 1);
        return [
          plan('union-all', { inputs: [a, c], output: PAIR }),
          plan('union-all', { inputs: [d, b], output: PAIR }),
        ];
      }
      case 7: {
        const operation = this.random.below(2) === 0 ? 'except' : 'intersect';
        const all = this.random.below(2) === 0;
        return this.both(depth, (left, right) => plan('set-operation', { operation, all, left, right, output: PAIR }));
      }
      case 8: {
        const calls = [inferWindow('rank', []), inferWindow('count', [column(1)])];
        const order = [key(column(0)), key(column(1))];
        return this.over(depth, (input) => {
          const window = plan('window', {
            input: plan('sort', { input, keys: order }),
            partitionBy: [column(0)],
            orderBy: [key(column(1))],
            frame: undefined,
            calls,
            output: columns(INT, INT, INT, INT),
          });
          return plan('projection', { input: window, expressions: [column(2), column(3)], output: PAIR });
        });
      }
      case 9: {
        const joinType = (['semi', 'anti'] as const)[this.random.below(2)]!;
        const [a, b] = this.plan(depth - 1);
        const [c, d] = this.plan(depth - 1);
        const index = this.nextParameter++;
        const apply = plan('apply', {
          joinType, left: b, correlated: [column(0)], correlatedBase: index, condition: undefined, output: PAIR,
          inner: plan('filter', { input: d, condition: call('eq', column(1), { kind: 'parameter', index, type: INT }) }),
        }); // prettier-ignore
        const hash = plan('hash-join', {
          joinType, left: a, right: c, build: this.random.below(2) === 0 ? 'left' : 'right', leftKeys: [column(0)], rightKeys: [column(1)], nullSafe: [false],
          condition: undefined, output: PAIR,
        }); // prettier-ignore
        return [hash, apply];
      }
      default:
        return this.join(depth);
    }
  }

  private join(depth: number): [PhysicalPlan, PhysicalPlan] {
    const joinType = (['inner', 'left'] as const)[this.random.below(2)]!;
    const [a, b] = this.plan(depth - 1);
    const [c, d] = this.plan(depth - 1);
    const condition = this.random.below(2) === 0 ? undefined : call('le', column(1), column(3));
    const output = columns(INT, INT, INT, INT);
    const build = this.random.below(2) === 0 ? 'left' : 'right';
    const hash = plan('hash-join', {
      joinType,
      left: a,
      right: c,
      build,
      leftKeys: [column(0)],
      rightKeys: [column(0)],
      nullSafe: [false],
      condition,
      output,
    });
    const equal = call('eq', column(0), column(2));
    const sort = (input: PhysicalPlan): PhysicalPlan => plan('sort', { input, keys: [key(column(0))] });
    const other =
      this.random.below(2) === 0
        ? plan('nested-loop-join', {
            joinType,
            left: b,
            right: d,
            condition: condition === undefined ? equal : call('and', equal, condition),
            output,
          })
        : plan('merge-join', {
            joinType,
            left: sort(b),
            right: sort(d),
            leftKeys: [column(0)],
            rightKeys: [column(0)],
            condition,
            output,
          });
    const narrow = (input: PhysicalPlan): PhysicalPlan =>
      plan('projection', { input, expressions: [column(1), column(3)], output: PAIR });
    return [narrow(hash), narrow(other)];
  }

  private over(depth: number, make: (input: PhysicalPlan) => PhysicalPlan): [PhysicalPlan, PhysicalPlan] {
    const [a, b] = this.plan(depth - 1);
    return [make(a), make(b)];
  }

  private both(
    depth: number,
    make: (left: PhysicalPlan, right: PhysicalPlan) => PhysicalPlan,
  ): [PhysicalPlan, PhysicalPlan] {
    const [a, b] = this.plan(depth - 1);
    const [c, d] = this.plan(depth - 1);
    return [make(a, c), make(b, d)];
  }

  private leaf(): [PhysicalPlan, PhysicalPlan] {
    const { random } = this;
    const cell = (): number | null => (random.below(8) === 0 ? null : random.below(6));
    const rows: Row[] = Array.from({ length: random.below(25) }, () => [cell(), cell()]);
    const input = values([INT, INT], rows);
    return [input, plan('column-engine', { input, reason: 'test', output: PAIR })];
  }
}

/** Gives constant rows in batches of random size, now or later. */
function unsteady(random: Random): ColumnEngine {
  return {
    unsupported: () => undefined,
    residency: () => 'current',
    execute(input) {
      assert(input.kind === 'values');
      const rows: Row[] = input.rows.map((row) =>
        row.map((expression) => (expression.kind === 'constant' ? expression.value : null)),
      );
      let at = 0;
      return {
        next: () => {
          if (at >= rows.length) return random.below(2) === 0 ? undefined : Promise.resolve(undefined);
          const batch: Batch = rows.slice(at, (at += random.below(5)));
          return random.below(2) === 0 ? batch : Promise.resolve(batch);
        },
        close: () => undefined,
      };
    },
    close: () => Promise.resolve(),
  };
}

test(`${PLANS} random plans give the same rows however these arrive and whichever operators are used`, async () => {
  const db = await testDatabase();
  for (let seed = 1; seed <= PLANS; seed++) {
    const random = new SeededRandom(seed);
    const [steady, later] = new Generator(random).plan(1 + random.below(4));
    const reader = db.kv.snapshot(1n);
    const expected = await rowsOf(steady, db.context({ reader }));
    const got = await rowsOf(later, db.context({ reader, columnEngine: unsteady(random) }));
    assert.deepEqual(sorted(got), sorted(expected), `seed ${seed}`);
    for (const form of [steady, later]) {
      const spill = memorySpill();
      const thrifty = db.context({ reader, columnEngine: unsteady(random), memory: new ThriftyMemory(), spill });
      assert.deepEqual(sorted(await rowsOf(form, thrifty)), sorted(expected), `seed ${seed} without memory`);
      assert.equal(thrifty.memory.usedBytes, 0, `seed ${seed} gives everything back`);
      assert.equal(spill.usedBytes, 0, `seed ${seed} gives its files back`);
    }
  }
});
