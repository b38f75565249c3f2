/**
 * Functional dependence: which columns of a plan's output are fixed once some of them are. Needed for ONLY_FULL_GROUP_BY (a column
 * that hangs on the group's key may be selected), for grouping by a key and for dropping joins that match at most one row.
 */
import type { ColumnId, Expression } from '../../proto/plan/expression.ts';
import { publicIndexes } from '../../proto/schema/table-shape.ts';
import { addColumns, columnsIn, isVolatile } from './expressions.ts';
import type { LogicalPlan } from './logical.ts';
import { childrenOf } from './logical.ts';

/** Grows `known` to everything that the plan shows to depend on it. */
export function close(plan: LogicalPlan, known: Set<ColumnId>): Set<ColumnId> {
  for (let before = -1; before !== known.size;) {
    before = known.size;
    grow(plan, known, false);
  }
  return known;
}

/** `inner` below the NULL-making side of an outer join: its filters say nothing about rows that were made up. */
function grow(plan: LogicalPlan, known: Set<ColumnId>, madeUp: boolean): void {
  switch (plan.kind) {
    case 'scan':
      for (const index of publicIndexes(plan.table)) {
        if (!index.unique && !index.primary) continue;
        const key = index.columns.map((part) => plan.idByOffset[part.offset]!);
        const fixed = index.columns.every(
          (part) => part.prefixLength < 0 && plan.table.columns[part.offset]!.type.notNull,
        );
        if (fixed && key.every((id) => known.has(id))) for (const id of plan.idByOffset) known.add(id);
      }
      return;
    case 'filter':
      if (!madeUp) for (const c of plan.conditions) fromCondition(c, known);
      break;
    case 'projection':
      plan.output.forEach((column, i) => {
        const e = plan.expressions[i]!;
        if (!isVolatile(e) && all(columnsIn([e]), known)) known.add(column.id);
      });
      break;
    case 'join':
    case 'apply':
      grow(plan.left, known, madeUp);
      if (plan.joinType === 'inner' || plan.joinType === 'left') {
        grow(plan.right, known, madeUp || plan.joinType === 'left');
        if (plan.joinType === 'inner' && !madeUp) for (const c of plan.conditions) fromCondition(c, known);
        // Outer rows fix their one match through the ON equalities.
        else for (const c of plan.conditions) fromLeft(c, known, plan.left);
      } else if (plan.kind === 'apply' && plan.joinType === 'scalar') {
        if (plan.left.output.every((c) => known.has(c.id))) known.add(plan.value!.id);
      }
      return;
    case 'aggregate':
      if (plan.output.slice(0, plan.groupBy.length).every((c) => known.has(c.id)))
        for (const c of plan.output) known.add(c.id);
      grow(plan.input, known, madeUp);
      return;
    case 'union':
    case 'set-operation':
    case 'with-cte':
      return;
    default:
      break;
  }
  for (const child of childrenOf(plan)) grow(child, known, madeUp);
}

function all(ids: ReadonlySet<ColumnId>, known: ReadonlySet<ColumnId>): boolean {
  for (const id of ids) if (!known.has(id)) return false;
  return true;
}

function fromCondition(condition: Expression, known: Set<ColumnId>): void {
  if (condition.kind !== 'call' || condition.name !== 'eq') return;
  const [a, b] = condition.args as [Expression, Expression];
  if (a.kind === 'column' && !isVolatile(b) && all(columnsIn([b]), known)) known.add(a.id);
  if (b.kind === 'column' && !isVolatile(a) && all(columnsIn([a]), known)) known.add(b.id);
}

function fromLeft(condition: Expression, known: Set<ColumnId>, left: LogicalPlan): void {
  if (condition.kind !== 'call' || condition.name !== 'eq') return;
  const leftIds = new Set(left.output.map((c) => c.id));
  const [a, b] = condition.args as [Expression, Expression];
  const settle = (target: Expression, source: Expression): void => {
    if (target.kind !== 'column' || leftIds.has(target.id)) return;
    const needs = addColumns(source, new Set());
    if (needs.size > 0 && all(needs, known) && all(needs, leftIds)) known.add(target.id);
  };
  settle(a, b);
  settle(b, a);
}

/** Whether at most one row has any given values of `ids`. */
export function isUnique(plan: LogicalPlan, ids: ReadonlySet<ColumnId>): boolean {
  switch (plan.kind) {
    case 'scan':
      return publicIndexes(plan.table).some(
        (index) =>
          (index.unique || index.primary) &&
          index.columns.every((part) => part.prefixLength < 0 && ids.has(plan.idByOffset[part.offset]!)),
      );
    case 'filter': {
      const known = new Set(ids);
      for (const c of plan.conditions) fromCondition(c, known);
      return isUnique(plan.input, known);
    }
    case 'sort':
    case 'limit':
    case 'lock':
      return isUnique(plan.input, ids);
    case 'projection': {
      const known = new Set(ids);
      plan.output.forEach((c, i) => {
        const e = plan.expressions[i]!;
        if (e.kind === 'column' && ids.has(c.id)) known.add(e.id);
      });
      return isUnique(plan.input, known);
    }
    case 'aggregate':
      return !plan.rollup && plan.output.slice(0, plan.groupBy.length).every((c) => ids.has(c.id));
    case 'values':
      return plan.rows.length <= 1;
    case 'join':
    case 'apply':
      if (
        plan.joinType === 'semi' ||
        plan.joinType === 'anti' ||
        plan.joinType === 'null-aware-anti' ||
        plan.joinType === 'left-semi-mark' ||
        plan.joinType === 'scalar'
      )
        return isUnique(plan.left, ids);
      if (plan.kind === 'join') {
        const known = close(plan, new Set(ids));
        return isUnique(plan.left, known) && isUnique(plan.right, known);
      }
      return false;
    default:
      return false;
  }
}

/** Exactly one row, whatever the data. */
export function isOneRow(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'aggregate':
      return plan.groupBy.length === 0;
    case 'projection':
    case 'sort':
      return isOneRow(plan.input);
    case 'values':
      return plan.rows.length === 1;
    case 'join':
      return plan.joinType === 'inner' && plan.conditions.length === 0 && isOneRow(plan.left) && isOneRow(plan.right);
    case 'apply':
      return plan.joinType === 'scalar' && isOneRow(plan.left);
    default:
      return false;
  }
}
