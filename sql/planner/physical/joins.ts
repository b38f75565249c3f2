/**
 * Ways to run one join: hash (either side built, for inner joins), look-ups by index for each outer row, merge of two inputs that are
 * already sorted, and nested loops where there is no equality at all or three-valued conditions of several columns.
 */
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { IndexScan, OutputColumn, PhysicalPlan, TableScan } from '../../../proto/plan/physical.ts';
import { isClusteredIndex } from '../../../proto/schema/table-shape.ts';
import { partitionRead } from '../bind/partitions.ts';
import { columnOf, conditionOf, hasColumns, isVolatile, sameRepresentation } from '../expressions.ts';
import { isStatementConstant } from '../functions.ts';
import { TypeCode } from '../../../base/value/field-type.ts';
import type { JoinWay, LogicalJoin, LogicalPlan, LogicalScan } from '../logical.ts';
import { join, outputIds } from '../logical.ts';
import { isUnique } from '../dependencies.ts';
import type { EquiJoin } from '../rules/join-shape.ts';
import { equiKeys } from '../rules/join-shape.ts';
import { coveredIds, indexNode, keyColumnsOf, scanNode, usableIndexes } from './access.ts';
import type { Candidate, OrderKey } from './candidate.ts';
import { candidate, satisfies } from './candidate.ts';
import { COST } from './cost.ts';
import type { Optimizer } from './optimizer.ts';

const NO_ID = { id: '', cost: 0, estimatedRows: 0 } as const;

export function joinOutput(
  plan: LogicalJoin,
  left: readonly OutputColumn[],
  right: readonly OutputColumn[],
): readonly OutputColumn[] {
  if (plan.joinType === 'inner') return [...left, ...right];
  if (plan.joinType === 'left')
    return [...left, ...right.map((c) => (c.type.notNull ? { ...c, type: { ...c.type, notNull: false } } : c))];
  if (plan.joinType === 'left-semi-mark') return [...left, plan.mark!];
  return left;
}

export function joinCandidates(plan: LogicalJoin, required: readonly OrderKey[], optimizer: Optimizer): Candidate[] {
  const leftIds = outputIds(plan.left);
  const rightIds = outputIds(plan.right);
  const keys = equiKeys(plan.conditions, leftIds, rightIds);
  const made: Candidate[] = [];
  const leftOrder = required.length > 0 && required.every((k) => leftIds.has(k.id)) ? required : [];
  for (const left of optimizer.inputs(plan.left, leftOrder)) {
    made.push(...hashOrLoop(plan, left, optimizer.optimize(plan.right, []), keys, optimizer));
    const looked = indexJoin(plan, left, plan.right, keys, optimizer);
    if (looked !== undefined) made.push(looked);
  }
  if (plan.joinType === 'inner' && !plan.straight) {
    const turned: LogicalJoin = { ...plan, left: plan.right, right: plan.left };
    const back = equiKeys(plan.conditions, rightIds, leftIds);
    const rightOrder = required.length > 0 && required.every((k) => rightIds.has(k.id)) ? required : [];
    for (const outer of optimizer.inputs(plan.right, rightOrder)) {
      if (rightOrder.length > 0)
        made.push(...hashOrLoop(turned, outer, optimizer.optimize(plan.left, []), back, optimizer));
      const looked = indexJoin(turned, outer, plan.left, back, optimizer);
      if (looked !== undefined) made.push(looked);
    }
  }
  if (plan.joinType === 'semi') made.push(...reducedSemi(plan, keys, optimizer));
  const merged = mergeJoin(plan, keys, optimizer);
  if (merged !== undefined) made.push(merged);
  return hinted(made, plan, optimizer);
}

/** Of the ways to run a join those that hints leave: all of them when none would be left. */
function hinted(made: Candidate[], plan: LogicalJoin, optimizer: Optimizer): Candidate[] {
  const sides = [leafOf(plan.left), leafOf(plan.right)];
  if (sides.every((leaf) => leaf?.hints?.joins === undefined && leaf?.hints?.notJoins === undefined)) return made;
  const left = made.filter((c) => !sides.some((leaf) => leaf?.hints?.notJoins?.has(wayOf(c.plan)!) === true));
  const allowed = left.length === 0 ? made : left;
  const { joinHints } = optimizer.context.binder;
  for (const leaf of sides) {
    for (const way of leaf?.hints?.joins ?? []) {
      const wanted = allowed.filter((c) => isRunSo(c.plan, way, leaf!));
      if (wanted.length === 0) continue;
      joinHints.delete(way);
      return wanted;
    }
  }
  return allowed;
}

function isRunSo(plan: PhysicalPlan, way: JoinWay, leaf: LogicalScan): boolean {
  switch (way) {
    case 'hash':
    case 'merge': // prettier-ignore
      return wayOf(plan) === way;
    case 'index':
      return plan.kind === 'index-join' && plan.inner.alias === leaf.alias;
    case 'hash-build':
    case 'hash-probe': {
      if (plan.kind !== 'hash-join') return false;
      const built = plan.build === 'left' ? plan.left : plan.right;
      return built.output.some((c) => outputIds(leaf).has(c.id)) === (way === 'hash-build');
    }
  }
}

function wayOf(plan: PhysicalPlan): JoinWay | undefined {
  switch (plan.kind) {
    case 'hash-join':
      return 'hash';
    case 'index-join':
      return 'index';
    case 'merge-join':
      return 'merge';
    default:
      return undefined;
  }
}

/** The table that a side of a join is. */
function leafOf(plan: LogicalPlan): LogicalScan | undefined {
  if (plan.kind === 'scan') return plan;
  return plan.kind === 'filter' || plan.kind === 'projection' ? leafOf(plan.input) : undefined;
}

/**
 * `WHERE id IN (SELECT …)` the other way round: each different value of the subquery once, looked up in the outer table by an index.
 * Only for plain equalities, whose grouping and comparing agree.
 */
function reducedSemi(plan: LogicalJoin, keys: EquiJoin, optimizer: Optimizer): Candidate[] {
  if (keys.others.length > 0 || keys.left.length === 0 || keys.nullSafe.some(Boolean) || plan.straight) return [];
  const ids = new Set<ColumnId>();
  const wanted: OutputColumn[] = [];
  for (const [i, e] of keys.right.entries()) {
    if (e.kind !== 'column' || !sameRepresentation(e.type, keys.left[i]!.type)) return [];
    if (!ids.has(e.id)) wanted.push(plan.right.output.find((c) => c.id === e.id)!);
    ids.add(e.id);
  }
  const values: LogicalPlan = isUnique(plan.right, ids)
    ? plan.right
    : {
        kind: 'aggregate',
        input: plan.right,
        groupBy: wanted.map(columnOf),
        aggregates: [],
        rollup: false,
        output: wanted,
      };
  const turned = join('inner', values, plan.left, plan.conditions);
  const looked = indexJoin(
    turned,
    optimizer.optimize(values, []),
    plan.left,
    equiKeys(plan.conditions, outputIds(values), outputIds(plan.left)),
    optimizer,
  );
  return looked === undefined ? [] : [looked];
}

/** Three-valued joins of more than one key, or with a further condition, go pair by pair. */
function hashable(plan: LogicalJoin, keys: EquiJoin): boolean {
  if (plan.joinType === 'null-aware-anti')
    return keys.left.length === 1 && keys.others.length === 0 && !keys.nullSafe[0];
  if (plan.joinType === 'left-semi-mark') {
    if (keys.others.length > 0 || keys.left.length === 0) return false;
    const certain = [...keys.left, ...keys.right].every((e) => e.type.notNull);
    return keys.left.length === 1 || certain;
  }
  return keys.left.length > 0;
}

function hashOrLoop(
  plan: LogicalJoin,
  left: Candidate,
  right: Candidate,
  keys: EquiJoin,
  optimizer: Optimizer,
): Candidate[] {
  const rows = optimizer.context.estimator.rows(plan);
  const output = joinOutput(plan, left.plan.output, right.plan.output);
  const tiny = plan.joinType === 'inner' && keys.left.length === 0;
  if (!hashable(plan, keys) && !tiny) {
    const cost = left.cost + right.cost + left.rows * Math.max(1, right.rows) * COST.nestedPair + rows * COST.joinedRow;
    const node: PhysicalPlan = {
      ...NO_ID,
      kind: 'nested-loop-join',
      joinType: plan.joinType,
      left: left.plan,
      right: right.plan,
      condition: conditionOf(plan.conditions),
      output,
    };
    return [candidate(node, rows, cost, left.startup + right.cost, left.order, left.fixed)];
  }
  const made: Candidate[] = [];
  const pairs = tiny ? left.rows * right.rows * COST.nestedPair : 0;
  for (const build of plan.joinType === 'inner' ? (['right', 'left'] as const) : (['right'] as const)) {
    const [small, big] = build === 'right' ? [right, left] : [left, right];
    const cost =
      left.cost +
      right.cost +
      small.rows * COST.hashBuildRow +
      big.rows * COST.hashProbeRow +
      rows * COST.joinedRow +
      pairs;
    const node: PhysicalPlan = {
      ...NO_ID, kind: 'hash-join', joinType: plan.joinType, left: left.plan, right: right.plan, build, leftKeys: keys.left, rightKeys: keys.right,
      nullSafe: keys.nullSafe, condition: conditionOf(keys.others), output,
    }; // prettier-ignore
    made.push(
      candidate(node, rows, cost, small.cost + small.rows * COST.hashBuildRow + big.startup, big.order, big.fixed),
    );
  }
  return made;
}

interface Probe {
  readonly inner: TableScan | IndexScan;
  readonly outerKeys: Expression[];
  readonly rowsPerKey: number;
  readonly perRow: number;
  /** Conditions of the join that the keys say. */
  readonly said: ReadonlySet<Expression>;
}

function indexJoin(
  plan: LogicalJoin,
  outer: Candidate,
  innerPlan: LogicalPlan,
  keys: EquiJoin,
  optimizer: Optimizer,
): Candidate | undefined {
  if (plan.joinType !== 'inner' && plan.joinType !== 'left' && plan.joinType !== 'semi' && plan.joinType !== 'anti')
    return undefined;
  const scan = innerPlan.kind === 'filter' ? innerPlan.input : innerPlan;
  if (scan.kind !== 'scan') return undefined;
  const conditions = innerPlan.kind === 'filter' ? innerPlan.conditions : [];
  if (conditions.some(isVolatile)) return undefined;
  const best = bestProbe(scan, conditions, keys, optimizer);
  if (best === undefined) return undefined;
  const { estimator } = optimizer.context;
  const rows = estimator.rows(plan);
  const rest = plan.conditions.filter((c) => !best.said.has(c));
  const cost =
    outer.cost + COST.open + outer.rows * (COST.indexJoinKey + best.rowsPerKey * best.perRow) + rows * COST.joinedRow;
  const found = outer.rows * best.rowsPerKey * estimator.selectivity(conditions);
  const inner = {
    ...best.inner,
    estimatedRows: found,
    estimatedRead: outer.rows * best.rowsPerKey,
    cost: cost - outer.cost,
  };
  const node: PhysicalPlan = {
    ...NO_ID, kind: 'index-join', joinType: plan.joinType, left: outer.plan, inner, outerKeys: best.outerKeys, condition: conditionOf(rest),
    output: joinOutput(plan, outer.plan.output, inner.output),
  }; // prettier-ignore
  return candidate(node, rows, cost, outer.startup + COST.indexJoinKey, outer.order, outer.fixed);
}

function bestProbe(
  scan: LogicalScan,
  conditions: readonly Expression[],
  keys: EquiJoin,
  optimizer: Optimizer,
): Probe | undefined {
  const { estimator } = optimizer.context;
  let best: Probe | undefined;
  for (const index of usableIndexes(scan)) {
    const columns = keyColumnsOf(scan, index);
    const outerKeys: Expression[] = [];
    const offsets: number[] = [];
    const said = new Set<Expression>();
    let joined = false;
    for (const [i, column] of columns.entries()) {
      if (column.cut || UNFIT.has(column.type.code)) break;
      const at = keys.right.findIndex(
        (e, k) =>
          e.kind === 'column' &&
          e.id === column.id &&
          !keys.nullSafe[k] &&
          sameRepresentation(column.type, keys.left[k]!.type),
      );
      if (at >= 0) {
        outerKeys.push(keys.left[at]!);
        said.add(keys.conditions[at]!);
        joined = true;
      } else {
        const constant = constantFor(column.id, column.type, conditions);
        if (constant === undefined) break;
        outerKeys.push(constant);
      }
      offsets.push(index.columns[i]!.offset);
    }
    if (!joined) continue;
    const whole = outerKeys.length === columns.length;
    const rowsPerKey =
      whole && (index.unique || index.primary) ? 1 : estimator.rowsPerKey(scan, offsets, whole ? index.id : undefined);
    const clustered = isClusteredIndex(scan.table, index);
    const covering = clustered || scan.output.every((c) => coveredIds(scan, index).has(c.id));
    const perRow = covering ? COST.scanRow : COST.indexRow + COST.lookupRow;
    const parts = partitionRead(scan, conditions, optimizer.context.binder);
    const inner = {
      ...(clustered
        ? scanNode(scan, undefined, conditionOf(conditions), false)
        : indexNode(scan, { index, covering }, undefined, conditions, false)),
      ...(parts === undefined ? {} : { partitions: parts.selection }),
    };
    const probe: Probe = { inner, outerKeys, rowsPerKey, perRow, said };
    if (best === undefined || probe.rowsPerKey * probe.perRow < best.rowsPerKey * best.perRow) best = probe;
  }
  return best;
}

const UNFIT: ReadonlySet<number> = new Set([
  TypeCode.YEAR,
  TypeCode.BIT,
  TypeCode.ENUM,
  TypeCode.SET,
  TypeCode.JSON,
  TypeCode.FLOAT,
]);

function constantFor(
  id: ColumnId,
  type: OutputColumn['type'],
  conditions: readonly Expression[],
): Expression | undefined {
  for (const c of conditions) {
    if (c.kind !== 'call' || c.name !== 'eq') continue;
    const [a, b] = c.args as [Expression, Expression];
    if (
      a.kind === 'column' &&
      a.id === id &&
      !hasColumns(b) &&
      isStatementConstant(b) &&
      sameRepresentation(type, b.type)
    )
      return b;
    if (
      b.kind === 'column' &&
      b.id === id &&
      !hasColumns(a) &&
      isStatementConstant(a) &&
      sameRepresentation(type, a.type)
    )
      return a;
  }
  return undefined;
}

/** Only when both sides come sorted by themselves: sorting for a merge loses against hashing. */
function mergeJoin(plan: LogicalJoin, keys: EquiJoin, optimizer: Optimizer): Candidate | undefined {
  if (plan.joinType !== 'inner' && plan.joinType !== 'left' && plan.joinType !== 'semi' && plan.joinType !== 'anti')
    return undefined;
  if (keys.left.length === 0 || keys.nullSafe.some(Boolean)) return undefined;
  const order = (side: readonly Expression[]): OrderKey[] | undefined => {
    const wanted: OrderKey[] = [];
    for (const e of side) {
      if (e.kind !== 'column') return undefined;
      wanted.push({ id: e.id, descending: false });
    }
    return wanted;
  };
  // Keys in the order that the left side offers.
  const leftOrder = order(keys.left);
  const rightOrder = order(keys.right);
  if (leftOrder === undefined || rightOrder === undefined) return undefined;
  if (!keys.left.every((e, i) => sameRepresentation(e.type, keys.right[i]!.type))) return undefined;
  const left = optimizer.optimize(plan.left, leftOrder);
  const right = optimizer.optimize(plan.right, rightOrder);
  // Sorting for it does not pay; a hint may want it all the same.
  const asked = [plan.left, plan.right].some((side) => leafOf(side)?.hints?.joins?.has('merge') === true);
  if (!asked && (sorts(left.plan) || sorts(right.plan))) return undefined;
  if (!satisfies(left, leftOrder) || !satisfies(right, rightOrder)) return undefined;
  const rows = optimizer.context.estimator.rows(plan);
  const cost = left.cost + right.cost + (left.rows + right.rows) * COST.mergeRow + rows * COST.joinedRow;
  const node: PhysicalPlan = {
    ...NO_ID, kind: 'merge-join', joinType: plan.joinType, left: left.plan, right: right.plan, leftKeys: keys.left, rightKeys: keys.right,
    condition: conditionOf(keys.others), output: joinOutput(plan, left.plan.output, right.plan.output),
  }; // prettier-ignore
  return candidate(node, rows, cost, left.startup + right.startup, left.order, left.fixed);
}

function sorts(plan: PhysicalPlan): boolean {
  return plan.kind === 'sort' || plan.kind === 'column-engine';
}
