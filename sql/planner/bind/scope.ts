/**
 * What names mean at one level of a query: the columns that FROM brings, in order, and how `a`, `t.a`, `d.t.a`, `*` and `t.*` find
 * them. A column merged by USING or NATURAL keeps its qualified name on both sides, but shows once under the bare name.
 */
import type { FieldType } from '../../../base/value/field-type.ts';
import { TypeCode } from '../../../base/value/field-type.ts';
import type { ColumnExpression, ColumnId } from '../../../proto/plan/expression.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { ambiguousColumn, notUniqueTable, unknownTableInQuery } from '../errors.ts';

export interface ScopeColumn {
  readonly id: ColumnId;
  readonly name: string;
  /** Alias of the table; empty for a computed column. */
  readonly table: string;
  readonly database: string;
  readonly type: FieldType;
  /** The stored column behind it. */
  readonly origin: { readonly database: string; readonly table: TableInfo; readonly column: ColumnInfo } | undefined;
  /** Where the reader has no SELECT for the whole table: what to ask for when the column is read. */
  readonly guard?: ColumnGuard;
}

export interface ColumnGuard {
  readonly database: string;
  readonly table: string;
  readonly column: string;
}

/** A table's columns that may each be read or not. */
export function guarded(table: ScopeTable, database: string, name: string): ScopeTable {
  return {
    ...table,
    columns: table.columns.map((c) => ({
      ...c,
      guard: { database, table: name, column: c.origin?.column.name ?? c.name },
    })),
  };
}

/** A table of FROM by its alias. */
export interface ScopeTable {
  readonly alias: string;
  readonly database: string;
  /** A base table that can be locked and written; its ids by column offset. */
  readonly base:
    | {
        readonly table: TableInfo;
        readonly idByOffset: readonly ColumnId[];
        readonly handleId: ColumnId;
        /** The column that says a row's partition; -1: the table has none. */
        readonly partitionId: ColumnId;
        /** Positions in `PARTITION (…)`. */
        readonly named?: readonly number[] | undefined;
      }
    | undefined;
  readonly columns: readonly ScopeColumn[];
}

const same = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();

export class Scope {
  readonly tables: readonly ScopeTable[];
  /** In the order of `SELECT *`; a merged column once. */
  readonly visible: readonly ScopeColumn[];
  private byName: Map<string, ScopeColumn[]> | undefined;

  constructor(tables: readonly ScopeTable[], visible: readonly ScopeColumn[]) {
    this.tables = tables;
    this.visible = visible;
  }

  static readonly empty = new Scope([], []);

  /** Side by side; the same alias twice is error 1066. */
  static concatenate(
    left: Scope,
    right: Scope,
    visible: readonly ScopeColumn[] = [...left.visible, ...right.visible],
  ): Scope {
    for (const a of left.tables) {
      for (const b of right.tables)
        if (same(a.alias, b.alias) && (a.database === b.database || a.base === undefined || b.base === undefined))
          throw notUniqueTable(b.alias);
    }
    return new Scope([...left.tables, ...right.tables], visible);
  }

  /** `undefined`: no such column here, an outer query may have it. Two different ones: error 1052. */
  find(schema: string | undefined, table: string | undefined, name: string, clause: string): ScopeColumn | undefined {
    if (table !== undefined) return this.findQualified(schema, table, name, clause);
    this.byName ??= index([...this.visible, ...this.tables.flatMap(invisibleColumns)]);
    const found = this.byName.get(name.toLowerCase());
    if (found === undefined) return undefined;
    if (found.length > 1 && found.some((c) => c.id !== found[0]!.id)) throw ambiguousColumn(name, clause);
    return found[0];
  }

  private findQualified(
    schema: string | undefined,
    table: string,
    name: string,
    clause: string,
  ): ScopeColumn | undefined {
    let found: ScopeColumn | undefined;
    for (const t of this.tables) {
      if (!same(t.alias, table) || (schema !== undefined && !same(t.database, schema))) continue;
      for (const c of t.columns) {
        if (!same(c.name, name)) continue;
        if (found !== undefined && found.id !== c.id) throw ambiguousColumn(`${table}.${name}`, clause);
        found = c;
      }
    }
    return found;
  }

  table(schema: string | undefined, name: string): ScopeTable | undefined {
    return this.tables.find((t) => same(t.alias, name) && (schema === undefined || same(t.database, schema)));
  }

  /** The columns of `t.*`. */
  star(schema: string | undefined, name: string): readonly ScopeColumn[] {
    const table = this.table(schema, name);
    if (table === undefined) throw unknownTableInQuery(schema === undefined ? name : `${schema}.${name}`);
    return table.columns.filter((c) => c.origin?.column.invisible !== true);
  }

  /** As seen above the inner side of an outer join: everything may be NULL. */
  nullable(): Scope {
    const change = (c: ScopeColumn): ScopeColumn =>
      c.type.notNull ? { ...c, type: { ...c.type, notNull: false } } : c;
    return new Scope(
      this.tables.map((t) => ({ ...t, columns: t.columns.map(change) })),
      this.visible.map(change),
    );
  }
}

/** `*` leaves them out; a name finds them. */
function invisibleColumns({ columns }: ScopeTable): readonly ScopeColumn[] {
  return columns.filter(({ origin }) => origin?.column.invisible === true);
}

function index(columns: readonly ScopeColumn[]): Map<string, ScopeColumn[]> {
  const map = new Map<string, ScopeColumn[]>();
  for (const c of columns) {
    const key = c.name.toLowerCase();
    const list = map.get(key);
    if (list === undefined) map.set(key, [c]);
    else list.push(c);
  }
  return map;
}

export function columnExpression(column: ScopeColumn): ColumnExpression {
  return {
    kind: 'column',
    id: column.id,
    index: -1,
    type: column.type,
    name: column.table === '' ? column.name : `${column.table}.${column.name}`,
  };
}

/** The hidden row handle of a table without a primary key of its own. */
export const HIDDEN_HANDLE: ColumnInfo = {
  id: -1,
  name: '_rutile_rowid',
  offset: -1,
  type: {
    code: TypeCode.LONGLONG,
    unsigned: false,
    notNull: true,
    length: 20,
    decimals: 0,
    charset: 'binary',
    collation: 'binary',
  },
  state: 'public',
  default: { kind: 'none' },
  originDefault: { kind: 'none' },
  autoIncrement: false,
  onUpdateNow: false,
  comment: '',
  invisible: true,
};

/** The position of the partition that a row is in; of partitioned tables only, for those who lock and write. */
export const HIDDEN_PARTITION: ColumnInfo = { ...HIDDEN_HANDLE, id: -2, name: '_rutile_partition' };
