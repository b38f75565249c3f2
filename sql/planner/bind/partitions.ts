/**
 * Partitions as the planner knows them: the function that says where a row goes, bound from the schema's text; names in `PARTITION (…)`;
 * and what the conditions of a query say of the function's columns. Which partitions are read is worked out from that when the
 * statement runs, so a cached plan fits any parameters.
 */
import { SqlError } from '../../../base/error.ts';
import { isInteger } from '../../../base/value/field-type.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { PartitionFunction, PartitionSelection } from '../../../proto/plan/physical.ts';
import { partitionPosition } from '../../../proto/schema/partitions.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import { replaceIn } from '../expressions.ts';
import type { LogicalScan } from '../logical.ts';
import { extractRanges, type Ranges } from '../physical/ranges.ts';
import type { Binder } from './binder.ts';
import { Scope } from './scope.ts';
import { bindStored, tableInstance } from './write.ts';

export const notPartitioned = (): SqlError =>
  new SqlError(1747, 'HY000', 'PARTITION () clause on non partitioned table');

/** `undefined`: none is named, so all are meant. */
export function namedPartitions(table: TableInfo, names: readonly string[]): readonly number[] | undefined {
  if (names.length === 0) return undefined;
  if (table.partitioning === undefined) throw notPartitioned();
  const positions = new Set<number>();
  for (const name of names) {
    const position = partitionPosition(table, name);
    if (position < 0) throw new SqlError(1735, 'HY000', `Unknown partition '${name}' in table '${table.name}'`);
    positions.add(position);
  }
  return [...positions].sort((a, b) => a - b);
}

const functions = new WeakMap<TableInfo, PartitionFunction>();

export function partitionFunction(table: TableInfo, database: string, binder: Binder): PartitionFunction {
  let known = functions.get(table);
  if (known === undefined) functions.set(table, (known = bindFunction(table, database, binder)));
  return known;
}

function bindFunction(table: TableInfo, database: string, binder: Binder): PartitionFunction {
  const { expression: sql, columns: ids } = table.partitioning!;
  const columns = ids.map((id) => table.columns.find((column) => column.id === id)!.offset);
  if (sql === undefined) return { expression: undefined, columns, monotonic: undefined };
  const row = tableInstance(table, database, binder);
  const { idByOffset } = row.base!;
  const expression = replaceIn(bindStored(sql, binder, new Scope([row], row.columns)), (e) =>
    e.kind === 'column' ? { ...e, index: idByOffset.indexOf(e.id) } : undefined,
  );
  return { expression, columns, monotonic: monotonicity(expression) };
}

const GROWING: ReadonlySet<string> = new Set(['year', 'to_days', 'to_seconds', 'unix_timestamp']);

function monotonicity(expression: Expression): PartitionFunction['monotonic'] {
  if (expression.kind === 'column') return isInteger(expression.type) ? 'identity' : undefined;
  if (expression.kind !== 'call' || expression.args.length !== 1 || !GROWING.has(expression.name)) return undefined;
  if (expression.args[0]!.kind !== 'column') return undefined;
  // TO_DAYS of a date that is none is NULL; the others count zero parts as they are.
  return expression.name.startsWith('to_') ? 'growing-or-null' : 'growing';
}

export interface PartitionRead {
  readonly selection: PartitionSelection;
  /** Conditions that narrow it, for estimates. */
  readonly used: readonly Expression[];
}

/** What these conditions leave of a partitioned scan. */
export function partitionRead(
  scan: LogicalScan,
  conditions: readonly Expression[],
  binder: Binder,
): PartitionRead | undefined {
  if (scan.partitions === undefined) return undefined;
  const { function: of, named } = scan.partitions;
  const keys = of.columns.map((offset) => ({
    id: scan.idByOffset[offset]!,
    type: scan.table.columns[offset]!.type,
    cut: false,
    descending: false,
  }));
  const ranges: Ranges | undefined = conditions.length === 0 ? undefined : extractRanges(conditions, keys, binder);
  return {
    selection: { function: of, named, ranges: ranges?.ranges, order: undefined },
    used: ranges?.used ?? [],
  };
}
