/**
 * PARTITION BY in a definition: from the written clause to `PartitioningInfo`, with all of MySQL's checks. Partitions get their ids when the table
 * is stored (`withPartitionIds`); until then they are 0.
 *
 * What must hold of a partitioned table, whatever changes it (`checkPartitioning`): each unique key holds all columns that decide, as whole columns, so that one
 * partition alone can say whether a key is free; RANGE bounds ascend; a LIST value is in one partition only; nothing refers to the table by
 * foreign key, and it refers to nothing.
 */
import { compareBytes } from '../../proto/encoding/comparable.ts';
import type { KeyColumn } from '../../proto/encoding/key-datum.ts';
import { keyColumnOf } from '../../proto/encoding/key-datum.ts';
import { encodeBounds } from '../../proto/encoding/partition-bounds.ts';
import { type FieldType, isInteger, isString, isTemporal, TypeCode } from '../../base/value/field-type.ts';
import type { Datum } from '../../base/value/datum.ts';
import { textOfDatum } from '../../proto/schema/stored-default.ts';
import type {
  ColumnInfo, PartitionBound, PartitionInfo, PartitioningInfo, PartitionMethod, TableInfo,
} from '../../proto/schema/table-info.ts'; // prettier-ignore
import { referrersOf, type SchemaTables } from '../../proto/schema/references.ts';
import type { ExpressionNode, PartitionDefinition, Partitioning, TableOption } from '../parser/ast.ts';
import { bareNames, columnsOf } from './check-constraints.ts';
import { isLarge } from './column-type.ts';
import type { DdlContext } from './ddl-context.ts';
import * as errors from './errors.ts';
import * as failures from './partition-errors.ts';

/** MySQL's own limit. */
const PARTITIONS_MAX = 8192;
const FIELDS_MAX = 16;
const NAME_LENGTH_MAX = 64;
const COMMENT_MAX = 1024;

export interface PartitionedDraft {
  readonly name: string;
  readonly columns: readonly ColumnInfo[];
  readonly indexes: TableInfo['indexes'];
}

/** A partition before it has an id. */
export const NO_ID = 0;

export function buildPartitioning(
  draft: PartitionedDraft,
  written: Partitioning,
  context: DdlContext,
): PartitioningInfo {
  if (written.subpartition !== undefined || written.partitions.some((one) => one.subpartitions.length > 0))
    throw errors.unsupported('SUBPARTITION BY');
  if (written.algorithm !== undefined && written.algorithm !== 2) throw errors.unsupported('KEY ALGORITHM = 1');
  const method = methodOf(written);
  const shape = shapeOf(draft, written, method, context);
  const kind = kindOf(method);
  const count = written.count ?? (written.partitions.length > 0 ? written.partitions.length : undefined);
  if ((kind === 'RANGE' || kind === 'LIST') && written.partitions.length === 0) throw failures.mustBeDefined(kind);
  if (count === 0) throw failures.noParts();
  if (written.partitions.length > 0 && count !== written.partitions.length) throw failures.wrongCount();
  if ((count ?? 1) > PARTITIONS_MAX) throw failures.tooMany();
  const partitions =
    written.partitions.length > 0
      ? buildPartitions(draft, shape, written.partitions, context)
      : defaultPartitions(count ?? 1, 0);
  return { ...shape, partitions };
}

function methodOf(written: Partitioning): PartitionMethod {
  if (written.method === 'HASH' || written.method === 'KEY')
    return written.linear ? `LINEAR ${written.method}` : written.method;
  return written.columns === undefined ? written.method : `${written.method} COLUMNS`;
}

export function kindOf(method: PartitionMethod): failures.Kind {
  return method.replace('LINEAR ', '').replace(' COLUMNS', '') as failures.Kind;
}

/** HASH and KEY partitions have numbers, not bounds. */
export function isHashed(method: PartitionMethod): boolean {
  return method.endsWith('HASH') || method.endsWith('KEY');
}

/** Columns or expression. */
function shapeOf(
  draft: PartitionedDraft,
  written: Partitioning,
  method: PartitionMethod,
  context: DdlContext,
): Omit<PartitioningInfo, 'partitions'> {
  if (written.expression === undefined) {
    const byPrimaryKey = written.columns!.length === 0;
    const names = byPrimaryKey ? primaryNames(draft) : written.columns!;
    if (names.length > FIELDS_MAX) throw failures.tooManyFields();
    const columns = names.map((name) => columnOf(draft, name) ?? throwing(failures.fieldMissing()));
    columns.forEach((column, i) => {
      if (columns.indexOf(column) !== i) throw failures.sameField(column.name);
      checkField(column, method);
    });
    return { method, columns: columns.map(({ id }) => id), ...(byPrimaryKey ? { byPrimaryKey } : {}) };
  }
  const expression = context.restoreExpression(bareNames(written.expression, draft.name));
  const columns = columnsOf(expression).map(
    (name) => columnOf(draft, name) ?? throwing(errors.unknownColumn(name, 'partition function')),
  );
  return { method, expression, columns: columns.map(({ id }) => id) };
}

function throwing(error: Error): never {
  throw error;
}

function columnOf(draft: PartitionedDraft, name: string): ColumnInfo | undefined {
  const wanted = name.toLowerCase();
  return draft.columns.find((column) => column.name.toLowerCase() === wanted);
}

/** KEY (): the primary key's columns, or those of the first unique key without NULL. */
function primaryNames(draft: PartitionedDraft): readonly string[] {
  const index =
    draft.indexes.find((one) => one.primary) ??
    draft.indexes.find((one) => one.unique && one.columns.every((part) => draft.columns[part.offset]!.type.notNull));
  if (index === undefined) throw failures.fieldMissing();
  return index.columns.map((part) => part.name);
}

// ---- partitions ----

/** `p0`, `p1`, …: from a number on. */
export function defaultPartitions(count: number, first: number): PartitionInfo[] {
  return Array.from({ length: count }, (_, i) => ({ id: NO_ID, name: `p${first + i}`, comment: '' }));
}

export function buildPartitions(
  draft: PartitionedDraft,
  shape: Omit<PartitioningInfo, 'partitions'>,
  definitions: readonly PartitionDefinition[],
  context: DdlContext,
): PartitionInfo[] {
  const kind = kindOf(shape.method);
  const columns = shape.columns.map((id) => draft.columns.find((column) => column.id === id)!);
  return definitions.map((definition): PartitionInfo => {
    const { name } = definition;
    if (name === '' || name.endsWith(' ')) throw failures.wrongName();
    if (name.length > NAME_LENGTH_MAX) throw errors.nameTooLong(name);
    if (definition.subpartitions.length > 0) throw errors.unsupported('SUBPARTITION');
    if (kind !== 'RANGE' && definition.lessThan !== undefined) throw failures.valuesUnwanted('RANGE');
    if (kind !== 'LIST' && definition.in !== undefined) throw failures.valuesUnwanted('LIST');
    const info = { id: NO_ID, name, comment: commentOf(definition.options, context) };
    if (kind === 'RANGE') {
      if (definition.lessThan === undefined) throw failures.valuesWanted('RANGE');
      return { ...info, lessThan: lessThan(definition, definition.lessThan, shape, columns, context) };
    }
    if (kind === 'LIST') {
      if (definition.in === undefined) throw failures.valuesWanted('LIST');
      return { ...info, in: listed(definition, definition.in, shape, columns, context) };
    }
    return info;
  });
}

function commentOf(options: readonly TableOption[], context: DdlContext): string {
  let comment = '';
  for (const { name, value } of options) {
    if (name === 'COMMENT') comment = String(value);
    else if (name === 'ENGINE') {
      if (String(value).toLowerCase() !== 'innodb') throw errors.unknownEngine(String(value));
    } else if (name === 'MAX_ROWS' || name === 'MIN_ROWS')
      context.warn('Note', 1235, `The partition option ${name} has no effect`);
    else throw errors.unsupported(`the partition option ${name}`);
  }
  if ([...comment].length > COMMENT_MAX) throw errors.tooBigWidth('COMMENT', COMMENT_MAX);
  return comment;
}

function lessThan(
  { name }: PartitionDefinition,
  nodes: readonly (ExpressionNode | null)[],
  shape: Omit<PartitioningInfo, 'partitions'>,
  columns: readonly ColumnInfo[],
  context: DdlContext,
): PartitionBound[] {
  if (shape.method === 'RANGE') {
    if (nodes.length !== 1) throw failures.tooManyValues('RANGE');
    const bound = nodes[0] === null ? 'MAXVALUE' : integerBound(nodes[0]!, name, context);
    if (bound === 'NULL') throw failures.nullBound();
    return [bound];
  }
  // `VALUES LESS THAN MAXVALUE`, without parentheses, is for one column.
  if (nodes.length !== columns.length) throw failures.inconsistentColumns();
  return nodes.map((node, i) => {
    if (node === null) return 'MAXVALUE';
    const bound = columnBound(node, columns[i]!, context);
    if (bound === 'NULL') throw failures.nullBound();
    return bound;
  });
}

function listed(
  { name }: PartitionDefinition,
  nodes: readonly ExpressionNode[],
  shape: Omit<PartitioningInfo, 'partitions'>,
  columns: readonly ColumnInfo[],
  context: DdlContext,
): PartitionBound[][] {
  return nodes.map((node) => {
    const items = node.kind === 'row' ? node.items : [node];
    if (node.kind === 'row' && (shape.method === 'LIST' || columns.length === 1)) throw failures.rowForOneField();
    if (shape.method === 'LIST') return [integerBound(node, name, context)];
    if (items.length !== columns.length) throw failures.inconsistentColumns();
    return items.map((item, i) => columnBound(item, columns[i]!, context));
  });
}

function integerBound(node: ExpressionNode, partition: string, context: DdlContext): PartitionBound {
  const { value, type } = context.partitions.constant(node);
  if (value === null) return 'NULL';
  if (!isInteger(type) || (typeof value !== 'number' && typeof value !== 'bigint'))
    throw failures.notAnInteger(partition);
  return { text: String(value) };
}

/** A constant of the column's kind, converted as a stored value is. */
function columnBound(node: ExpressionNode, column: ColumnInfo, context: DdlContext): PartitionBound {
  const { type } = column;
  const { value, type: given } = context.partitions.constant(node);
  if (value === null) return 'NULL';
  const fits = isInteger(type)
    ? isInteger(given)
    : isTemporal(type)
      ? isString(given) || isTemporal(given)
      : isString(given);
  if (!fits) throw failures.wrongValueType();
  let converted: Datum;
  try {
    converted = context.convert(value, given, column, 1);
  } catch {
    throw failures.wrongValueType();
  }
  return converted === null ? 'NULL' : { text: textOfDatum(converted, type) };
}

// ---- checks ----

/** What must hold of a partitioned table; `table` is as it will be. */
export function checkPartitioning(table: TableInfo, context: DdlContext): void {
  const { partitioning } = table;
  if (partitioning === undefined) return;
  if (table.foreignKeys !== undefined) throw failures.foreignKeys();
  const columns = partitioning.columns.map((id) => table.columns.find((column) => column.id === id)!);
  if (partitioning.expression !== undefined) {
    const type = context.partitions.functionType(table);
    checkDomain(partitioning, type);
  } else for (const column of columns) checkField(column, partitioning.method);
  for (const index of table.indexes) {
    if (!index.unique && !index.primary) continue;
    const whole = new Set(index.columns.filter((part) => part.prefixLength < 0).map((part) => part.offset));
    if (!columns.every((column) => whole.has(column.offset))) throw failures.uniqueLacksColumns(index.primary);
  }
  checkNames(partitioning.partitions);
  if (partitioning.partitions.length > PARTITIONS_MAX) throw failures.tooMany();
  checkBounds(partitioning, columns);
}

/** Nobody may refer to a partitioned table. */
export function refuseReferred(schema: SchemaTables, database: string, table: TableInfo): void {
  if (table.partitioning !== undefined && referrersOf(schema, database, table.name).length > 0)
    throw failures.foreignKeys();
}

function checkField(column: ColumnInfo, method: PartitionMethod): void {
  const { type } = column;
  if (isLarge(type)) throw failures.blobField();
  if (method.endsWith('KEY')) {
    if (type.code === TypeCode.JSON || type.code === TypeCode.GEOMETRY) throw failures.fieldType(column.name);
    return;
  }
  const text = isString(type) && type.code !== TypeCode.ENUM && type.code !== TypeCode.SET;
  const date = type.code === TypeCode.DATE || type.code === TypeCode.DATETIME || type.code === TypeCode.TIME;
  const integer = isInteger(type) && type.code !== TypeCode.YEAR && type.code !== TypeCode.BIT;
  if (!text && !date && !integer) throw failures.fieldType(column.name);
}

/** A negative constant for a function that is never negative. */
function checkDomain({ partitions }: PartitioningInfo, type: FieldType): void {
  if (!type.unsigned) return;
  const below = (bound: PartitionBound): boolean => typeof bound !== 'string' && bound.text.startsWith('-');
  for (const one of partitions)
    if (one.lessThan?.some(below) === true || one.in?.some((row) => row.some(below)) === true)
      throw failures.outOfDomain();
}

function checkNames(partitions: readonly PartitionInfo[]): void {
  const seen = new Set<string>();
  for (const { name } of partitions) {
    if (seen.has(name.toLowerCase())) throw failures.sameName(name);
    seen.add(name.toLowerCase());
  }
}

function checkBounds({ method, partitions }: PartitioningInfo, columns: readonly ColumnInfo[]): void {
  switch (method) {
    case 'RANGE': {
      let before: bigint | undefined;
      partitions.forEach(({ lessThan: bounds }, i) => {
        const [bound] = bounds!;
        if (bound === 'MAXVALUE') {
          if (i < partitions.length - 1) throw failures.maxvalueNotLast();
          return;
        }
        const value = BigInt((bound as { readonly text: string }).text);
        if (before !== undefined && value <= before) throw failures.notIncreasing();
        before = value;
      });
      return;
    }
    case 'RANGE COLUMNS': {
      const keys = columns.map(({ type }) => keyColumnOf(type));
      partitions.reduce<Uint8Array | undefined>((before, { lessThan: bounds }, i) => {
        const allMax = bounds!.every((bound) => bound === 'MAXVALUE');
        if (allMax && i < partitions.length - 1) throw failures.maxvalueNotLast();
        const key = encoded(keys, bounds!);
        if (before !== undefined && compareBytes(key, before) <= 0) throw failures.notIncreasing();
        return key;
      }, undefined);
      return;
    }
    case 'LIST':
    case 'LIST COLUMNS': {
      const keys = columns.map(({ type }) => keyColumnOf(type));
      const seen = new Set<string>();
      for (const one of partitions)
        for (const row of one.in!) {
          const [first] = row;
          const name =
            method === 'LIST'
              ? typeof first === 'string'
                ? first
                : first!.text
              : Buffer.from(encoded(keys, row)).toString('latin1');
          if (seen.has(name)) throw failures.sameConstant();
          seen.add(name);
        }
      return;
    }
    default:
  }
}

/** A bound that was right for the column's former type may be none of its new one. */
function encoded(keys: readonly KeyColumn[], bounds: readonly PartitionBound[]): Uint8Array {
  try {
    return encodeBounds(keys, bounds);
  } catch {
    throw failures.wrongValueType();
  }
}

/** The table under an id, its partitions under the ids behind it. */
export function withIds(table: TableInfo, first: number): TableInfo {
  const { partitioning } = table;
  if (partitioning === undefined) return { ...table, id: first };
  const partitions = partitioning.partitions.map((one, i) => ({ ...one, id: first + 1 + i }));
  return { ...table, id: first, partitioning: { ...partitioning, partitions } };
}

/** Ids that `withIds` takes. */
export function idCount(table: TableInfo): number {
  return 1 + (table.partitioning?.partitions.length ?? 0);
}
