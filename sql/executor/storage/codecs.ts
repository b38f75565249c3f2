/**
 * Codecs of plan nodes, kept beside the plan as its compiled expressions are: made at the first execution in a time zone, found
 * again through the node. What they depend on (table, columns, zone) never changes for a node.
 */
import type { Expression } from '../../../proto/plan/expression.ts';
import type { ColumnInfo, IndexInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { IndexDecoder } from '../../../proto/encoding/index-codec.ts';
import { RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';
import { isClusteredIndex } from '../../../proto/schema/table-shape.ts';
import { FilteredRows } from './filtered-rows.ts';
import { KeySpace } from './key-ranges.ts';

/** A value per object and zone, made on demand. */
function perZone<K extends object, V>(make: (key: K, zone: ZoneShift) => V): (key: K, zone: ZoneShift) => V {
  const known = new WeakMap<K, Map<ZoneShift, V>>();
  return (key, zone) => {
    let zones = known.get(key);
    if (zones === undefined) known.set(key, (zones = new Map()));
    let value = zones.get(zone);
    if (value === undefined) zones.set(zone, (value = make(key, zone)));
    return value;
  };
}

interface ReadsRows {
  readonly table: TableInfo;
  readonly columns: readonly ColumnInfo[];
}

/** All of a node's columns from row values. */
export const rowDecoder = perZone((node: ReadsRows, zone) => new RowDecoder(node.table, node.columns, zone));

/** The rows of a table scan that pass its filter. */
export const filteredRows = perZone(
  (node: ReadsRows & { readonly filter: Expression | undefined }, zone) => new FilteredRows(node, node.filter!, zone),
);

/** All of a covering scan's columns from index entries. */
export const coveringDecoder = perZone(
  (node: ReadsRows & { readonly index: IndexInfo }, zone) =>
    new IndexDecoder(node.table, node.index, node.columns, zone),
);

/** Finds handles only. */
export const handleDecoder = perZone(
  (node: { readonly table: TableInfo; readonly index: IndexInfo }, zone) =>
    new IndexDecoder(node.table, node.index, [], zone),
);

/** The columns of a look-up scan that its index knows, for the filter before the look-up. */
export interface PartialDecoder {
  readonly decoder: IndexDecoder;
  /** Output position of each decoded column. */
  readonly positions: readonly number[];
}

export const filterDecoder = perZone((node: ReadsRows & { readonly index: IndexInfo }, zone): PartialDecoder => {
  const inIndex = new Set(node.index.columns.filter((part) => part.prefixLength < 0).map((part) => part.offset));
  const primary = node.table.indexes.find((index) => index.primary);
  if (node.table.pkIsHandle || node.table.isCommonHandle)
    for (const part of primary?.columns ?? []) if (part.prefixLength < 0) inIndex.add(part.offset);
  const positions: number[] = [];
  const columns: ColumnInfo[] = [];
  node.columns.forEach((column, position) => {
    if (column.id !== -1 && !inIndex.has(column.offset)) return;
    positions.push(position);
    columns.push(column);
  });
  return { decoder: new IndexDecoder(node.table, node.index, columns, zone), positions };
});

const spaces = new WeakMap<TableInfo, Map<number, KeySpace>>();

/** The key space of a table's rows, or of one of its indexes. */
export function keySpace(table: TableInfo, wanted: IndexInfo | undefined): KeySpace {
  // A clustered index is the rows themselves.
  const index = wanted === undefined || isClusteredIndex(table, wanted) ? undefined : wanted;
  let known = spaces.get(table);
  if (known === undefined) spaces.set(table, (known = new Map()));
  const id = index === undefined ? 0 : index.id;
  let space = known.get(id);
  if (space === undefined) known.set(id, (space = new KeySpace(table, index)));
  return space;
}

/** The same by table and index, for readers that are not a node of an index scan. */
export function indexHandleDecoder(table: TableInfo, index: IndexInfo, zone: ZoneShift): IndexDecoder {
  return handleDecoder(indexOf(table, index), zone);
}

const pairs = new WeakMap<IndexInfo, { readonly table: TableInfo; readonly index: IndexInfo }>();

function indexOf(table: TableInfo, index: IndexInfo): { readonly table: TableInfo; readonly index: IndexInfo } {
  let pair = pairs.get(index);
  if (pair === undefined || pair.table !== table) pairs.set(index, (pair = { table, index }));
  return pair;
}
