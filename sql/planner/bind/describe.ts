/**
 * Queries looked at without being planned: what CREATE VIEW keeps (each `*` spelt out and each column named, so that the view stays what it was when
 * its tables get more columns), and the columns of a stored view with their types, for DESCRIBE and INFORMATION_SCHEMA.
 */
import { SqlError } from '../../../base/error.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import type * as ast from '../../parser/ast.ts';
import { parse } from '../../parser/index.ts';
import type { PlannerEnvironment } from '../environment.ts';
import { Binder } from './binder.ts';
import { bindQuery } from './query.ts';
import type { ScopeColumn } from './scope.ts';

/** Longer names, as texts of expressions may be, become `Name_exp_1`. */
const COLUMN_NAME_MAX = 64;

export interface DescribedColumn {
  readonly name: string;
  readonly type: FieldType;
  /** The stored column it shows unchanged. */
  readonly source: ColumnInfo | undefined;
}

export function spellOut(
  node: ast.QueryNode,
  env: PlannerEnvironment,
): { readonly query: ast.QueryNode; readonly columns: readonly string[] } {
  refuseInViews(node);
  const binder = new Binder(env);
  const stars = new Map<ast.WildcardItem, readonly ScopeColumn[]>();
  binder.stars = stars;
  const written = withoutTableQueries(node) as ast.QueryNode;
  const columns = bindQuery(written, undefined, undefined, binder).columns.map(({ name }, i) =>
    [...name].length > COLUMN_NAME_MAX ? `Name_exp_${i + 1}` : name,
  );
  return { query: namedItems(withoutStars(written, stars) as ast.QueryNode, columns), columns };
}

function refuseInViews(root: unknown): void {
  const visit = (refuse: (node: Record<string, unknown>) => void): unknown =>
    mapTree(root, (node) => {
      refuse(node);
      return node;
    });
  visit(({ into }) => {
    if (into !== undefined) throw new SqlError(1350, 'HY000', "View's SELECT contains a 'INTO' clause");
  });
  visit(({ kind }) => {
    if (kind === 'user-variable' || kind === 'system-variable' || kind === 'parameter' || kind === 'assignment')
      throw new SqlError(1351, 'HY000', "View's SELECT contains a variable or parameter");
  });
}

/** `undefined`: the view cannot be read any more, since what it stands on is gone. */
export function columnsOfView(
  view: TableInfo,
  database: string,
  env: PlannerEnvironment,
): readonly DescribedColumn[] | undefined {
  const { sql, columns } = view.view!;
  // Its columns may be looked at by whoever may look at the view.
  const binder = new Binder({
    ...env,
    checkPrivilege: () => undefined,
    columnRights: () => 'all',
    checkColumn: () => undefined,
  });
  binder.insideView = 1;
  binder.sql = sql;
  binder.currentDatabase = database;
  try {
    const bound = bindQuery(parse(sql)[0]!.statement as ast.QueryNode, undefined, undefined, binder);
    return bound.columns.map(({ type, origin }, i) => ({ name: columns[i]!, type, source: origin?.origin?.column }));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

/** A syntax tree with some of its nodes changed, from the leaves up; what has no such node stays the same object. */
function mapTree(node: unknown, change: (node: Record<string, unknown>) => unknown): unknown {
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return node;
  if (Array.isArray(node)) {
    const made: unknown[] = node.map((child) => mapTree(child, change));
    return made.some((child, i) => child !== node[i]) ? made : (node as unknown[]);
  }
  let copy: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(node)) {
    const made = mapTree(value, change);
    if (made !== value) (copy ??= { ...node })[key] = made;
  }
  return change(copy ?? (node as Record<string, unknown>));
}

/** `TABLE t` is `SELECT * FROM t`. */
function withoutTableQueries(root: unknown): unknown {
  return mapTree(root, (node) => {
    if (node['kind'] !== 'table-query') return node;
    const { start, end } = node as unknown as ast.TableQueryNode;
    return {
      ...node, kind: 'select', distinct: false, options: [], hints: [], items: [{ kind: 'wildcard', start, end }], groupBy: [], rollup: false, windows: [],
      from: [{ kind: 'table', table: node['table'], partitions: [], indexHints: [], start, end }],
    }; // prettier-ignore
  });
}

function withoutStars(root: unknown, stars: ReadonlyMap<ast.WildcardItem, readonly ScopeColumn[]>): unknown {
  return mapTree(root, (node) => {
    const items = node['items'] as readonly ast.SelectItem[] | undefined;
    if (node['kind'] !== 'select' || items === undefined) return node;
    if (!items.some((item) => item.kind === 'wildcard' && stars.has(item))) return node;
    const spelt = items.flatMap((item): ast.SelectItem[] =>
      item.kind !== 'wildcard' ? [item] : (stars.get(item)?.map((column) => columnItem(column, item)) ?? [item]),
    );
    return { ...node, items: spelt };
  });
}

function columnItem(column: ScopeColumn, { start, end }: ast.WildcardItem): ast.SelectExpression {
  const { table, name } = column;
  return {
    kind: 'expression', alias: name, start, end,
    expression: { kind: 'column', name, start, end, ...(table === '' ? {} : { table }) },
  }; // prettier-ignore
}

/** The items of the first SELECT get the names of the columns: their own text would be printed anew and differ. */
function namedItems(node: ast.QueryNode, names: readonly string[]): ast.QueryNode {
  switch (node.kind) {
    case 'select':
      if (node.items.length !== names.length) return node;
      return {
        ...node,
        items: node.items.map((item, i) => (item.kind === 'wildcard' ? item : { ...item, alias: names[i]! })),
      };
    case 'set-operation':
      return { ...node, left: namedItems(node.left, names) };
    case 'parenthesized-query':
      return { ...node, query: namedItems(node.query, names) };
    default:
      return node;
  }
}
