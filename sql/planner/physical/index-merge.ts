/**
 * Index merge: an OR whose arms lie in different indexes (`a = 1 OR b = 2`) is read as the union of what the arms' indexes name, and several
 * conditions that are each weak (`a = 1 AND b = 2`) as the intersection. Both look every row up, so they pay where few rows are left.
 */
import type { Expression } from '../../../proto/plan/expression.ts';
import type { IndexMerge, IndexMergePart, KeyRange } from '../../../proto/plan/physical.ts';
import type { IndexInfo } from '../../../proto/schema/table-info.ts';
import { isClusteredIndex } from '../../../proto/schema/table-shape.ts';
import { andOf, conditionOf, conjuncts, disjuncts, isVolatile, orOf } from '../expressions.ts';
import type { LogicalScan } from '../logical.ts';
import type { RuleContext } from '../rules/rule.ts';
import { keyColumnsOf, usableIndexes } from './access.ts';
import { type Candidate, candidate, NO_FIXED } from './candidate.ts';
import { COST } from './cost.ts';
import { extractRanges } from './ranges.ts';

/** Arms of an OR; each is a scan. */
const ARMS_MAX = 32;
/** Putting a row's key into a set, or looking for it there. */
const KEY_COST = 0.3;

interface Path {
  readonly index: IndexInfo;
  readonly ranges: readonly KeyRange[];
  /** What the ranges were made from. */
  readonly used: readonly Expression[];
  readonly read: number;
  readonly condition: Expression;
}

export function indexMerges(scan: LogicalScan, conditions: readonly Expression[], context: RuleContext): Candidate[] {
  if (scan.table.partitioning !== undefined || scan.hints?.merge === false) return [];
  const indexes = usableIndexes(scan);
  if (indexes.length < 2 || conditions.some(isVolatile)) return [];
  const made: Candidate[] = [];
  for (const condition of conditions) {
    if (condition.kind !== 'call' || condition.name !== 'or') continue;
    const union = unionOf(scan, indexes, condition, conditions, context);
    if (union !== undefined) made.push(union);
  }
  const intersection = conditions.length > 1 ? intersectionOf(scan, indexes, conditions, context) : undefined;
  if (intersection !== undefined) made.push(intersection);
  return made;
}

function unionOf(
  scan: LogicalScan,
  indexes: readonly IndexInfo[],
  or: Expression,
  conditions: readonly Expression[],
  context: RuleContext,
): Candidate | undefined {
  const arms = disjuncts(or);
  if (arms.length > ARMS_MAX) return undefined;
  const others = conditions.filter((c) => c !== or);
  const byIndex = new Map<IndexInfo, Path>();
  for (const arm of arms) {
    const path = bestPath(scan, indexes, arm, [...conjuncts(arm), ...others], context);
    if (path === undefined) return undefined;
    const known = byIndex.get(path.index);
    byIndex.set(
      path.index,
      known === undefined
        ? path
        : {
            ...path,
            ranges: [...known.ranges, ...path.ranges],
            read: known.read + path.read,
            condition: orOf([known.condition, arm]),
          },
    );
  }
  // One index is a range scan like any other.
  if (byIndex.size < 2) return undefined;
  const paths = [...byIndex.values()].sort((a, b) => a.read - b.read);
  let cost = 0;
  for (const path of paths) {
    const direct = isClusteredIndex(scan.table, path.index);
    cost += COST.open + path.read * (direct ? COST.scanRow : COST.indexRow + COST.lookupRow);
    cost += path.read * (COST.scanColumn * scan.columns.length + COST.filterRow * (conditions.length + arms.length));
  }
  return merged(scan, 'union', paths, conditions, outRows(scan, conditions, context), cost);
}

function intersectionOf(
  scan: LogicalScan,
  indexes: readonly IndexInfo[],
  conditions: readonly Expression[],
  context: RuleContext,
): Candidate | undefined {
  const total = context.estimator.tableRows(scan.table);
  const paths: Path[] = [];
  for (const index of indexes) {
    if (isClusteredIndex(scan.table, index)) continue;
    const path = bestPath(scan, [index], undefined, conditions, context);
    if (path !== undefined) paths.push(path);
  }
  paths.sort((a, b) => a.read - b.read);
  const chosen: Path[] = [];
  const said = new Set<Expression>();
  let left = total;
  let cost = 0;
  for (const path of paths) {
    // Only what is not said already makes fewer rows.
    if (path.used.some((c) => said.has(c))) continue;
    const next = left * (path.read / Math.max(1, total));
    const step = COST.open + path.read * (COST.indexRow + KEY_COST);
    // Columns hang together more often than not, and then the second index spares less than it seems to.
    if (chosen.length > 0 && step >= ((left - next) * COST.lookupRow) / 2) continue;
    chosen.push(path);
    for (const c of path.used) said.add(c);
    left = next;
    cost += step;
  }
  if (chosen.length < 2) return undefined;
  cost += left * (COST.lookupRow + COST.scanColumn * scan.columns.length + COST.filterRow * conditions.length);
  return merged(scan, 'intersection', chosen, conditions, outRows(scan, conditions, context), cost);
}

/** The index that leaves the fewest rows. `arm`: what its rows are told by; else the conditions that were used. */
function bestPath(
  scan: LogicalScan,
  indexes: readonly IndexInfo[],
  arm: Expression | undefined,
  conditions: readonly Expression[],
  { binder, estimator }: RuleContext,
): Path | undefined {
  let best: Path | undefined;
  const own = arm === undefined ? undefined : new Set(conjuncts(arm));
  for (const index of indexes) {
    const made = extractRanges(conditions, keyColumnsOf(scan, index), binder);
    // An index that says only what all arms share leaves this one to the rows.
    if (made === undefined || (own !== undefined && !made.used.some((c) => own.has(c)))) continue;
    const read = estimator.tableRows(scan.table) * estimator.selectivity(made.used);
    if (best !== undefined && best.read <= read) continue;
    best = { index, ranges: made.ranges, used: made.used, read, condition: arm ?? andOf(made.used) };
  }
  return best;
}

function outRows(scan: LogicalScan, conditions: readonly Expression[], { estimator }: RuleContext): number {
  return Math.max(1e-3, estimator.tableRows(scan.table) * estimator.selectivity(conditions));
}

function merged(
  scan: LogicalScan,
  mode: 'union' | 'intersection',
  paths: readonly Path[],
  conditions: readonly Expression[],
  rows: number,
  cost: number,
): Candidate {
  const parts = paths.map(({ index, ranges, read, condition }): IndexMergePart => ({
    index: isClusteredIndex(scan.table, index) ? undefined : index,
    ranges,
    condition,
    estimatedRead: read,
  }));
  const node: IndexMerge = {
    kind: 'index-merge', database: scan.database, table: scan.table, alias: scan.alias, columns: scan.columns, output: scan.output, mode, parts,
    filter: conditionOf(conditions), estimatedRows: 0, cost: 0, id: '',
  }; // prettier-ignore
  return candidate(node, rows, cost, mode === 'union' ? COST.open + COST.lookupRow * 8 : cost, [], NO_FIXED);
}
