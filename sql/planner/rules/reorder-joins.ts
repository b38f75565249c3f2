/**
 * `reorder-joins`: the order of inner joins by dynamic programming over sets of relations (up to ten), greedily beyond, and in one chain beyond thirty (join-chain.ts). Semi, anti and
 * left joins above inner joins take part as items that can only stand on the right, once the relations they mention are there; so a
 * selective IN (q18) moves down and a costly EXISTS (q21) waits until few rows are left.
 *
 * The cost of a plan is the sum over its joins: rows that come out, rows hashed, rows probed; or, where the right side is a table
 * with an index on the keys, a look-up for each left row. It is the physical planner's cost in small.
 */
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import { publicIndexes } from '../../../proto/schema/table-shape.ts';
import { addColumns } from '../expressions.ts';
import type { LogicalJoin, LogicalPlan } from '../logical.ts';
import { childrenOf, filter, join, outputIds, withChildren } from '../logical.ts';
import type { Estimator } from '../statistics.ts';
import { chainJoins } from './join-chain.ts';
import { equiKeys } from './join-shape.ts';
import type { Rule } from './rule.ts';

const RELATIONS_MAX_EXACT = 10;
/** A set of relations is one number. */
const RELATIONS_MAX = 30;

export const reorderJoins: Rule = {
  name: 'reorder-joins',
  apply: (plan, context) => reorder(plan, context.estimator),
};

interface Item {
  readonly plan: LogicalPlan;
  readonly type: 'inner' | 'left' | 'semi' | 'anti';
  /** Own conditions of a left, semi or anti item. */
  readonly conditions: readonly Expression[];
  /** Relations that those mention. */
  needs: number;
  /** Relations that a hint puts before it. */
  after: number;
}

function reorder(plan: LogicalPlan, estimator: Estimator): LogicalPlan {
  if (plan.kind === 'join' && isMovable(plan)) {
    const items: Item[] = [];
    const conditions: Expression[] = [];
    gather(plan, items, conditions, estimator);
    if (items.length > RELATIONS_MAX && items.every(({ type }) => type === 'inner'))
      return chainJoins(items.map((item) => item.plan), conditions, estimator); // prettier-ignore
    const placed = placeByHints(items);
    if ((items.length > 2 || placed) && items.length <= RELATIONS_MAX) {
      const made = new Ordering(items, conditions, estimator, placed).best();
      if (made !== undefined) return made;
    }
  }
  return withChildren(plan, childrenOf(plan).map((child) => reorder(child, estimator))); // prettier-ignore
}

function isMovable(plan: LogicalJoin): boolean {
  return (
    !plan.straight &&
    (plan.joinType === 'inner' || plan.joinType === 'semi' || plan.joinType === 'anti' || plan.joinType === 'left')
  );
}

function gather(plan: LogicalPlan, items: Item[], conditions: Expression[], estimator: Estimator): void {
  if (plan.kind === 'join' && isMovable(plan)) {
    if (plan.joinType === 'inner') {
      // A left join among the right side's items would see rows of the left: its conditions must not; keep it whole.
      gather(plan.left, items, conditions, estimator);
      gather(plan.right, items, conditions, estimator);
      conditions.push(...plan.conditions);
      return;
    }
    gather(plan.left, items, conditions, estimator);
    items.push({
      plan: reorder(plan.right, estimator),
      type: plan.joinType as Item['type'],
      conditions: plan.conditions,
      needs: 0,
      after: 0,
    });
    return;
  }
  items.push({ plan: reorder(plan, estimator), type: 'inner', conditions: [], needs: 0, after: 0 });
}

/** JOIN_ORDER and its like: what each relation comes after. False: no hint says anything. */
function placeByHints(items: readonly Item[]): boolean {
  const places = items.map(({ plan }) => {
    const scan = plan.kind === 'filter' ? plan.input : plan;
    return scan.kind === 'scan' ? scan.hints?.place : undefined;
  });
  if (places.every((place) => place === undefined)) return false;
  items.forEach((item, i) => {
    const own = places[i];
    places.forEach((other, j) => {
      if (i === j) return;
      const sameKind = own !== undefined && other?.kind === own.kind && other.block === own.block;
      const before = sameKind
        ? other.rank < own.rank
        : (other?.kind === 'first' && own?.kind !== 'first') || (own?.kind === 'last' && other?.kind !== 'last');
      if (before) item.after |= 1 << j;
    });
  });
  return true;
}

interface Candidate {
  readonly plan: LogicalPlan;
  readonly rows: number;
  readonly cost: number;
}

class Ordering {
  private readonly items: Item[];
  private readonly predicates: { readonly condition: Expression; readonly mask: number }[] = [];
  private readonly estimator: Estimator;
  private readonly best_ = new Map<number, Candidate>();
  private readonly owner = new Map<ColumnId, number>();
  /** Hints speak of one relation after the other. */
  private readonly oneByOne: boolean;

  constructor(items: Item[], conditions: readonly Expression[], estimator: Estimator, oneByOne: boolean) {
    this.items = items;
    this.oneByOne = oneByOne;
    this.estimator = estimator;
    items.forEach((item, i) => {
      estimator.rows(item.plan);
      if (item.type === 'inner' || item.type === 'left') for (const id of outputIds(item.plan)) this.owner.set(id, i);
    });
    for (const condition of conditions) this.predicates.push({ condition, mask: this.maskOf(condition) });
    items.forEach((item, i) => {
      if (item.type === 'inner') return;
      let mask = 0;
      for (const c of item.conditions) mask |= this.maskOf(c);
      item.needs = mask & ~(1 << i);
      // A left item's needs include whatever made its outer rows exist; with no condition at all it needs the first relation.
      if (item.needs === 0) item.needs = 1;
    });
  }

  private maskOf(condition: Expression): number {
    let mask = 0;
    for (const id of addColumns(condition, new Set())) {
      const owner = this.owner.get(id);
      if (owner !== undefined) mask |= 1 << owner;
    }
    return mask;
  }

  best(): LogicalPlan | undefined {
    const all = (1 << this.items.length) - 1;
    this.items.forEach((item, i) => {
      if (item.type !== 'inner') return;
      const plan = filter(item.plan, this.predicates.filter((p) => p.mask === 1 << i).map((p) => p.condition)); // prettier-ignore
      this.best_.set(1 << i, { plan, rows: this.estimator.rows(plan), cost: scanCost(plan, this.estimator) });
    });
    const made = this.items.length <= RELATIONS_MAX_EXACT ? this.exact(all) : this.greedy(all);
    // What mentions no relation at all (a parameter, a column of an outer query) filters the whole.
    return made && filter(made.plan, this.predicates.filter((p) => p.mask === 0).map((p) => p.condition)); // prettier-ignore
  }

  private exact(all: number): Candidate | undefined {
    for (let set = 1; set <= all; set++) {
      if ((set & (set - 1)) === 0 || !this.isPossible(set)) continue;
      this.fill(set, true);
      if (this.best_.get(set) === undefined && set === all) this.fill(set, false);
    }
    if (this.best_.get(all) !== undefined) return this.best_.get(all);
    // Some part hangs together by nothing: allow crosses everywhere.
    for (let set = 1; set <= all; set++)
      if ((set & (set - 1)) !== 0 && this.isPossible(set) && this.best_.get(set) === undefined) this.fill(set, false);
    return this.best_.get(all);
  }

  /** Each non-inner item's needs are inside. */
  private isPossible(set: number): boolean {
    for (let i = 0; i < this.items.length; i++) {
      if ((set & (1 << i)) === 0) continue;
      const { type, needs, after } = this.items[i]!;
      if ((type !== 'inner' && (needs & ~set) !== 0) || (after & ~set) !== 0) return false;
    }
    return true;
  }

  private fill(set: number, connectedOnly: boolean): void {
    for (let left = (set - 1) & set; left > 0; left = (left - 1) & set) {
      const right = set & ~left;
      const l = this.best_.get(left);
      if (l === undefined) continue;
      const single = (right & (right - 1)) === 0 ? this.items[31 - Math.clz32(right)]! : undefined;
      if (this.oneByOne && (single === undefined || (single.after & ~left) !== 0 || !this.isPossible(left))) continue;
      if (single !== undefined && single.type !== 'inner') {
        if ((single.needs & ~left) === 0)
          this.offer(
            set,
            this.joined(
              l,
              {
                plan: single.plan,
                rows: this.estimator.rows(single.plan),
                cost: scanCost(single.plan, this.estimator),
              },
              single.type,
              [...single.conditions],
              left,
              set,
            ),
          );
        continue;
      }
      const r = this.best_.get(right);
      if (r === undefined) continue;
      // Conditions on a left item's columns wait until it is there; they count as filters of the join that brings them together.
      const conditions = this.between(left, right, set);
      if (connectedOnly && conditions.length === 0 && l.rows > 1 && r.rows > 1) continue;
      this.offer(set, this.joined(l, r, 'inner', conditions, left, set));
    }
  }

  private between(left: number, right: number, set: number): Expression[] {
    const conditions: Expression[] = [];
    for (const { condition, mask } of this.predicates) {
      if ((mask & ~set) === 0 && (mask & ~left) !== 0 && (mask & ~right) !== 0) conditions.push(condition);
    }
    return conditions;
  }

  private offer(set: number, candidate: Candidate): void {
    const known = this.best_.get(set);
    if (known === undefined || candidate.cost < known.cost) this.best_.set(set, candidate);
  }

  private joined(
    l: Candidate,
    r: Candidate,
    type: Item['type'],
    conditions: Expression[],
    left: number,
    set: number,
  ): Candidate {
    let above: Expression[] = [];
    if (type !== 'inner') {
      // What this item completes beside its own ON.
      above =
        type === 'left'
          ? this.predicates
              .filter((p) => p.mask !== 0 && (p.mask & ~set) === 0 && (p.mask & ~left) !== 0)
              .map((p) => p.condition)
          : [];
    }
    const made = join(type, l.plan, r.plan, conditions, { straight: this.oneByOne });
    const rows = this.estimator.rows(made);
    const hashed = r.cost + Math.min(l.rows, r.rows) * 0.5 + Math.max(l.rows, r.rows) * 0.3;
    const looked = indexed(r.plan, conditions, l.plan) ? l.rows * 4 + rows : Infinity;
    const plan: LogicalPlan =
      above.length === 0 ? made : { kind: 'filter', input: made, conditions: above, output: made.output };
    return {
      plan,
      rows: above.length === 0 ? rows : this.estimator.rows(plan),
      cost: l.cost + Math.min(hashed, looked) + rows * 0.2,
    };
  }

  /** From each start, always the cheapest next relation; the best of all starts. */
  private greedy(all: number): Candidate | undefined {
    let best: Candidate | undefined;
    for (let start = 0; start < this.items.length; start++) {
      let current = this.items[start]!.after === 0 ? this.best_.get(1 << start) : undefined;
      let set = 1 << start;
      while (current !== undefined && set !== all) {
        let next: Candidate | undefined;
        let nextSet = set;
        for (const connectedOnly of [true, false]) {
          for (let i = 0; i < this.items.length; i++) {
            const bit = 1 << i;
            const item = this.items[i]!;
            if ((set & bit) !== 0 || (item.type !== 'inner' && (item.needs & ~set) !== 0)) continue;
            if ((item.after & ~set) !== 0) continue;
            const r = this.best_.get(bit) ?? {
              plan: item.plan,
              rows: this.estimator.rows(item.plan),
              cost: scanCost(item.plan, this.estimator),
            };
            const conditions = item.type === 'inner' ? this.between(set, bit, set | bit) : [...item.conditions];
            if (connectedOnly && conditions.length === 0) continue;
            const made = this.joined(current, r, item.type, conditions, set, set | bit);
            if (next === undefined || made.cost < next.cost) {
              next = made;
              nextSet = set | bit;
            }
          }
          if (next !== undefined) break;
        }
        current = next;
        set = nextSet;
      }
      if (current !== undefined && set === all && (best === undefined || current.cost < best.cost)) best = current;
    }
    return best;
  }
}

/** Reading a relation: every row of its tables once, unless it is reached by an index. */
function scanCost(plan: LogicalPlan, estimator: Estimator): number {
  switch (plan.kind) {
    case 'scan':
      return estimator.tableRows(plan.table);
    case 'filter':
      if (plan.input.kind === 'scan' && reachable(plan)) return estimator.rows(plan) * 2;
      return scanCost(plan.input, estimator);
    default:
      return estimator.rows(plan) + childrenOf(plan).reduce((sum, child) => sum + scanCost(child, estimator), 0);
  }
}

/** A condition on the first column of some index. */
function reachable(plan: Extract<LogicalPlan, { kind: 'filter' }>): boolean {
  const scan = plan.input as Extract<LogicalPlan, { kind: 'scan' }>;
  return publicIndexes(scan.table).some((index) => {
    const first = scan.idByOffset[index.columns[0]!.offset];
    return plan.conditions.some(
      (c) =>
        c.kind === 'call' &&
        (c.name === 'eq' || c.name === 'in') &&
        c.args.some((a) => a.kind === 'column' && a.id === first),
    );
  });
}

function indexed(right: LogicalPlan, conditions: readonly Expression[], left: LogicalPlan): boolean {
  const scan = right.kind === 'filter' ? right.input : right;
  if (scan.kind !== 'scan') return false;
  const keys = equiKeys(conditions, outputIds(left), outputIds(right));
  return publicIndexes(scan.table).some((index) => {
    const first = scan.idByOffset[index.columns[0]!.offset];
    return keys.right.some((e) => e.kind === 'column' && e.id === first);
  });
}
