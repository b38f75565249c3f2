/**
 * Faults planted on purpose, to prove that the oracles see them: each forgets a rule of the planner or the executor. They bend private parts while a seed runs
 * and leave nothing in the product.
 */
import type { LogicalPlan } from '../../sql/planner/logical.ts';
import { mapPlan } from '../../sql/planner/logical.ts';
import { eliminateOuterJoin } from '../../sql/planner/rules/eliminate.ts';
import { pushPredicates } from '../../sql/planner/rules/push-predicates.ts';
import { MergeJoinOperator } from '../../sql/executor/ops/merge-join.ts';
import { Matcher } from '../../sql/executor/ops/matcher.ts';
import { TopNOperator } from '../../sql/executor/ops/sort.ts';
import { KeyReader } from '../../sql/executor/keys.ts';
import { KeySpace } from '../../sql/executor/storage/key-ranges.ts';
import { PlanSet } from '../../sql/session/plan-cache.ts';
import { MemoryServer } from './memory-server.ts';
import { type Finding, SeedRun } from './run.ts';

export interface Plant {
  readonly name: string;
  /** What a careless programmer did. */
  readonly story: string;
  /** Seeds within which it is found. */
  readonly seedsMax: number;
  /** Bends; gives back what takes it back. */
  bend(): () => void;
}

type Method = (...args: never[]) => unknown;
type Methods = Record<string, Method>;

/** `make` gets the method as it was. */
function replaced(owner: object, name: string, make: (before: Method) => Method): () => void {
  const methods = owner as Methods;
  const before = methods[name]!;
  methods[name] = make(before);
  return () => void (methods[name] = before);
}

export const PLANTS: readonly Plant[] = [
  {
    name: 'anti-join-null',
    story: 'NOT IN (SELECT …) forgets the rows whose comparison is NULL',
    seedsMax: 30,
    bend: () =>
      replaced(
        Matcher.prototype,
        'start',
        (before) =>
          function (this: Matcher, left: unknown, candidates: unknown) {
            return before.call(this as never, left as never, candidates as never);
          } as Method,
      ),
  },
  {
    name: 'range-bound',
    story: 'a range of an index that begins behind a value begins with it',
    seedsMax: 30,
    bend: () =>
      replaced(
        KeySpace.prototype,
        'interval',
        (before) =>
          function (this: KeySpace, range: object, ...rest: unknown[]) {
            return before.call(this as never, { ...range, lowerInclusive: true } as never, ...(rest as never[]));
          } as Method,
      ),
  },
  {
    name: 'merge-order',
    story: 'a merge join holds a larger key for a smaller one',
    seedsMax: 60,
    bend: () =>
      replaced(
        MergeJoinOperator.prototype,
        'compare',
        (before) =>
          function (this: MergeJoinOperator, ...args: never[]) {
            return -(before.apply(this as never, args) as number);
          } as Method,
      ),
  },
  {
    name: 'outer-join-dropped',
    story: 'a left join that nobody reads goes, although it repeats rows',
    seedsMax: 30,
    bend: () =>
      replaced(
        eliminateOuterJoin,
        'apply',
        (before) =>
          ((plan: LogicalPlan, context: never) => {
            const wanted = new Set((context as { wanted: readonly unknown[] }).wanted);
            const top = before(plan as never, context) as LogicalPlan;
            return mapPlan(top, (node) =>
            node.kind === 'projection' && node.input.kind === 'join' && node.input.joinType === 'left' && wanted.size > 0 && node.expressions.every((e) => e.kind === 'constant' || (e.kind === 'column' && (node.input as { left: LogicalPlan }).left.output.some(({ id }) => id === e.id)))
              ? { ...node, input: node.input.left }
              : node,
          ); // prettier-ignore
          }) as Method,
      ),
  },
  {
    name: 'condition-dropped',
    story: 'a condition that sank below a left join no longer holds for the rows without a partner',
    seedsMax: 30,
    bend: () =>
      replaced(pushPredicates, 'apply', (before) =>
        ((plan: LogicalPlan, context: never) =>
          before(mapPlan(plan, (node) => node.kind === 'filter' && node.input.kind === 'join' && node.input.joinType === 'left' ? { ...node.input, conditions: [...node.input.conditions, ...node.conditions] } : node) as never, context)) as Method,
      ), // prettier-ignore
  },
  {
    name: 'top-equal',
    story: 'ORDER BY … LIMIT keeps one row less than it was asked for when there are more',
    seedsMax: 60,
    bend: () =>
      replaced(
        TopNOperator.prototype,
        'offer',
        (before) =>
          function (this: TopNOperator, row: never) {
            const top = this as unknown as { heap: unknown[]; capacity: number };
            if (top.heap.length === top.capacity - 1 && top.capacity > 2) return true;
            return before.call(this as never, row);
          } as Method,
      ),
  },
  {
    name: 'plan-pinned',
    story: 'a plan that holds for one value only is taken for others',
    seedsMax: 120,
    bend: () =>
      replaced(
        PlanSet.prototype,
        'find',
        (before) =>
          function (this: PlanSet, conditions: never, kinds: never, values: never) {
            const { plans } = this as unknown as { plans: { pinned: readonly unknown[] }[] };
            const bent = { plans: plans.map((plan) => ({ ...plan, pinned: [] })) };
            return before.call(bent as never, conditions, kinds, values);
          } as Method,
      ),
  },
  {
    name: 'group-null',
    story: 'GROUP BY and DISTINCT hold NULL for what was there before',
    seedsMax: 30,
    bend: () => {
      let last: unknown = 0;
      return replaced(
        KeyReader.prototype,
        'read',
        (before) =>
          function (this: KeyReader, row: never) {
            const key = before.call(this as never, row);
            if (key === 'NULL') return last;
            last = key;
            return key;
          } as Method,
      );
    },
  },
];

/** The first seed that shows the fault. */
export async function findPlant(plant: Plant, from: number): Promise<Finding | undefined> {
  const server = await MemoryServer.open();
  const restore = plant.bend();
  try {
    for (let seed = from; seed < from + plant.seedsMax; seed++) {
      const finding = await new SeedRun(server, seed).run({ shrink: false });
      if (finding !== undefined) return finding;
    }
    return undefined;
  } finally {
    restore();
    await server.close();
  }
}
