/**
 * Access paths of one table: the rows themselves in handle order (whole or by ranges), each index (covering or with look-ups), and point
 * reads when a whole unique key is given. Every path is costed; the caller picks by cost and by the order it wants.
 */
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { IndexScan, KeyRange, OutputColumn, PointGet, TableScan } from '../../../proto/plan/physical.ts';
import { TypeCode } from '../../../base/value/field-type.ts';
import type { IndexInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { hasHiddenHandle, isClusteredIndex, publicIndexes } from '../../../proto/schema/table-shape.ts';
import { type PartitionRead, partitionRead } from '../bind/partitions.ts';
import { columnOf, columnsIn, conditionOf, coveredBy } from '../expressions.ts';
import type { LogicalScan } from '../logical.ts';
import type { RuleContext } from '../rules/rule.ts';
import type { Candidate, OrderKey } from './candidate.ts';
import { candidate, NO_FIXED } from './candidate.ts';
import { COST } from './cost.ts';
import { indexMerges } from './index-merge.ts';
import type { KeyColumn, Ranges } from './ranges.ts';
import { extractRanges } from './ranges.ts';

const FORWARD: readonly boolean[] = [false];
const BOTH: readonly boolean[] = [false, true];

/** Point reads beyond this many keys are ranges: one scan is cheaper. */
const POINTS_MAX = 1024;

export function keyColumnsOf(scan: LogicalScan, index: IndexInfo): KeyColumn[] {
  return index.columns.map((part) => ({
    id: scan.idByOffset[part.offset]!,
    type: scan.table.columns[part.offset]!.type,
    cut: part.prefixLength >= 0,
    descending: part.descending === true,
  }));
}

/** Indexes that hints allow. */
export function usableIndexes(scan: LogicalScan): readonly IndexInfo[] {
  const all = publicIndexes(scan.table).filter((index) => !index.invisible || index.primary);
  const hints = scan.hints;
  if (hints === undefined) return all;
  return all.filter((index) => {
    const name = index.name.toLowerCase();
    if (hints.ignore.includes(name)) return false;
    return hints.use === undefined || hints.use.includes(name);
  });
}

/** Ids of columns that an index entry holds whole, handle columns included. */
export function coveredIds(scan: LogicalScan, index: IndexInfo): Set<ColumnId> {
  const ids = new Set<ColumnId>();
  for (const part of index.columns) if (part.prefixLength < 0) ids.add(scan.idByOffset[part.offset]!);
  for (const part of handleParts(scan.table)) if (part.prefixLength < 0) ids.add(scan.idByOffset[part.offset]!);
  scan.columns.forEach((column, i) => {
    if (column.id < 0) ids.add(scan.output[i]!.id);
  });
  return ids;
}

/** What every entry of an index ends with. */
function handleParts(table: TableInfo): IndexInfo['columns'] {
  return hasHiddenHandle(table) ? [] : (table.indexes.find((index) => index.primary)?.columns ?? []);
}

/** `required` only tells which directions are worth offering. */
export function accessPaths(
  scan: LogicalScan,
  conditions: readonly Expression[],
  required: readonly OrderKey[],
  context: RuleContext,
): Candidate[] {
  const { estimator, binder } = context;
  estimator.learn(scan);
  const tableRows = estimator.tableRows(scan.table);
  const outRows = Math.max(1e-3, tableRows * estimator.selectivity(conditions));
  const paths: Candidate[] = [];
  const forced = scan.hints?.force === true;
  let clusteredSeen = false;
  const parts = partitionRead(scan, conditions, binder);
  for (const index of usableIndexes(scan)) {
    const keys = keyColumnsOf(scan, index);
    const ranges = conditions.length === 0 ? undefined : extractRanges(conditions, keys, binder);
    const clustered = isClusteredIndex(scan.table, index);
    const backwards = required.some((k) => k.descending) || (required.length > 0 && keys.some((k) => k.descending));
    const directions = backwards ? BOTH : FORWARD;
    if (ranges?.points !== undefined && (index.unique || index.primary) && ranges.points.length <= POINTS_MAX) {
      paths.push(pointGet(scan, index, clustered, ranges, conditions, parts));
      // Nothing beats the one key.
      if (ranges.points.length === 1) return [paths[paths.length - 1]!];
    }
    if (clustered) {
      clusteredSeen = true;
      for (const reverse of directions)
        paths.push(
          ...overPartitions(
            tableScan(scan, keys, ranges, conditions, tableRows, outRows, reverse, context),
            parts,
            tableRows,
            required,
            context,
          ),
        );
      continue;
    }
    const covering = scan.output.every((c) => coveredIds(scan, index).has(c.id));
    for (const reverse of directions)
      paths.push(
        ...overPartitions(
          indexScan(scan, index, keys, ranges, conditions, covering, tableRows, outRows, reverse, context),
          parts,
          tableRows,
          required,
          context,
        ),
      );
  }
  if (!clusteredSeen && (!forced || paths.length === 0)) {
    paths.push(
      ...overPartitions(
        tableScan(scan, [], undefined, conditions, tableRows, outRows, false, context),
        parts,
        tableRows,
        required,
        context,
      ),
    );
  }
  // A forced index is one; of merges that were asked for one is taken, if there is one.
  const merges = forced || conditions.length === 0 ? [] : indexMerges(scan, conditions, context);
  if (scan.hints?.merge === true && merges.length > 0) return merges;
  paths.push(...merges);
  return paths;
}

/** More partitions than this are not merged: each would keep a batch of rows. */
const MERGED_MAX = 128;

/**
 * The path in partitions: one after the other without an order, and, when an order is wanted that the path has in each of them, merged. What the conditions
 * leave of the partitions is a guess here; it is known when the scan opens.
 */
function overPartitions(
  path: Candidate,
  parts: PartitionRead | undefined,
  tableRows: number,
  required: readonly OrderKey[],
  { estimator }: RuleContext,
): Candidate[] {
  if (parts === undefined || (path.plan.kind !== 'table-scan' && path.plan.kind !== 'index-scan')) return [path];
  const { plan } = path;
  const count = plan.table.partitioning!.partitions.length;
  const named = parts.selection.named?.length ?? count;
  const share = Math.max(1 / count, Math.min(named / count, estimator.selectivity(parts.used)));
  const read = plan.estimatedRead ?? tableRows;
  // Pruning spares what the path's own ranges have not left out already.
  const left = Math.max(path.rows, Math.min(read, tableRows * share));
  const cost = (path.cost - path.startup) * (left / Math.max(1, read)) + path.startup * Math.max(1, count * share);
  const node = { ...plan, estimatedRead: left, partitions: parts.selection };
  const made = [candidate(node, path.rows, cost, path.startup, [], path.fixed)];
  const given = new Map(plan.output.map((c) => [c.id, c]));
  const cut = path.order.findIndex((key) => !given.has(key.id));
  const order = cut < 0 ? path.order : path.order.slice(0, cut);
  if (required.length === 0 || order.length === 0 || count > MERGED_MAX) return made;
  const keys = order.map((key) => ({ expression: columnOf(given.get(key.id)!), descending: key.descending }));
  const merged = { ...node, partitions: { ...parts.selection, order: keys } };
  const merging = cost + left * COST.mergeRow;
  made.push(candidate(merged, path.rows, merging, path.startup * Math.max(1, count * share), order, path.fixed));
  return made;
}

function remaining(conditions: readonly Expression[], ranges: Ranges | undefined): Expression[] {
  return ranges === undefined ? [...conditions] : conditions.filter((c) => !ranges.absorbed.has(c));
}

function orderFrom(keys: readonly KeyColumn[], reverse: boolean): OrderKey[] {
  const order: OrderKey[] = [];
  for (const key of keys) {
    if (key.cut) break;
    order.push({ id: key.id, descending: key.descending !== reverse });
  }
  return order;
}

export function scanNode(
  scan: LogicalScan,
  ranges: readonly KeyRange[] | undefined,
  filter: Expression | undefined,
  reverse: boolean,
): TableScan {
  return {
    kind: 'table-scan', database: scan.database, table: scan.table, alias: scan.alias, columns: scan.columns, output: scan.output, ranges, filter,
    reverse, limit: undefined, estimatedRows: 0, cost: 0, id: '',
  }; // prettier-ignore
}

function tableScan(
  scan: LogicalScan,
  keys: readonly KeyColumn[],
  ranges: Ranges | undefined,
  conditions: readonly Expression[],
  tableRows: number,
  outRows: number,
  reverse: boolean,
  context: RuleContext,
): Candidate {
  const { estimator } = context;
  const rest = remaining(conditions, ranges);
  const read =
    ranges === undefined
      ? tableRows
      : Math.min(tableRows, Math.max(outRows, tableRows * estimator.selectivity(ranges.used)));
  const cost =
    COST.open * (ranges?.ranges.length ?? 1) +
    read * (COST.scanRow + COST.scanColumn * scan.columns.length + COST.filterRow * rest.length);
  const node = { ...scanNode(scan, ranges?.ranges, conditionOf(rest), reverse), estimatedRead: read };
  return candidate(node, outRows, cost, COST.open, orderFrom(keys, reverse), ranges?.fixed ?? NO_FIXED);
}

export interface IndexShape {
  readonly index: IndexInfo;
  readonly covering: boolean;
}

export function indexNode(
  scan: LogicalScan,
  shape: IndexShape,
  ranges: readonly KeyRange[] | undefined,
  rest: readonly Expression[],
  reverse: boolean,
): IndexScan {
  const inEntry = coveredIds(scan, shape.index);
  const early: Expression[] = [];
  const late: Expression[] = [];
  for (const c of rest) (!shape.covering && columnsIn([c]).size > 0 && coveredBy(c, inEntry) ? early : late).push(c);
  return {
    kind: 'index-scan', database: scan.database, table: scan.table, alias: scan.alias, index: shape.index, columns: scan.columns, output: scan.output, ranges,
    covering: shape.covering, indexFilter: conditionOf(early), filter: conditionOf(late), reverse, limit: undefined, keepOrder: false,
    estimatedRows: 0, cost: 0, id: '',
  }; // prettier-ignore
}

function indexScan(
  scan: LogicalScan,
  index: IndexInfo,
  keys: readonly KeyColumn[],
  ranges: Ranges | undefined,
  conditions: readonly Expression[],
  covering: boolean,
  tableRows: number,
  outRows: number,
  reverse: boolean,
  context: RuleContext,
): Candidate {
  const { estimator } = context;
  const rest = remaining(conditions, ranges);
  const read =
    ranges === undefined
      ? tableRows
      : Math.min(tableRows, Math.max(outRows, tableRows * estimator.selectivity(ranges.used)));
  const node = { ...indexNode(scan, { index, covering }, ranges?.ranges, rest, reverse), estimatedRead: read };
  const early = rest.filter((c) => coveredBy(c, coveredIds(scan, index)));
  const looked = covering ? 0 : read * estimator.selectivity(early);
  const cost =
    COST.open * (1 + Math.log2(ranges?.ranges.length ?? 1)) +
    read * (COST.indexRow + COST.filterRow * early.length) +
    looked * (COST.lookupRow + COST.scanColumn * scan.columns.length + COST.filterRow * (rest.length - early.length));
  const order = orderFrom(keys, reverse);
  // Entries of one key are in handle order.
  if (order.length === keys.length && !(index.unique && keys.every((k) => k.type.notNull))) {
    for (const part of handleParts(scan.table)) {
      const { type } = scan.table.columns[part.offset]!;
      // A prefix orders no values; a handle of 64 unsigned bits stands in the entry as its signed twin.
      if (part.prefixLength >= 0 || (scan.table.pkIsHandle && type.unsigned && type.code === TypeCode.LONGLONG)) break;
      const id = scan.idByOffset[part.offset]!;
      if (!order.some((k) => k.id === id)) order.push({ id, descending: (part.descending === true) !== reverse });
    }
  }
  return candidate(
    node,
    outRows,
    cost,
    COST.open + (covering ? 0 : COST.lookupRow * 8),
    order,
    ranges?.fixed ?? NO_FIXED,
  );
}

function pointGet(
  scan: LogicalScan,
  index: IndexInfo,
  clustered: boolean,
  ranges: Ranges,
  conditions: readonly Expression[],
  parts: PartitionRead | undefined,
): Candidate {
  const rest = remaining(conditions, ranges);
  const keys = ranges.points!;
  const node: PointGet = {
    kind: 'point-get', database: scan.database, table: scan.table, alias: scan.alias, index: clustered ? undefined : index, columns: scan.columns,
    output: scan.output, keys, filter: conditionOf(rest), estimatedRows: keys.length, cost: 0, id: '',
    ...(parts === undefined ? {} : { partitions: parts.selection }),
  }; // prettier-ignore
  const cost = keys.length * (COST.pointKey + (clustered ? 0 : COST.pointKey));
  // One row has any order.
  const fixed: ReadonlySet<ColumnId> =
    keys.length === 1 ? new Set(scan.output.map((c: OutputColumn) => c.id)) : ranges.fixed;
  return candidate(node, keys.length, cost, COST.pointKey, [], fixed);
}
