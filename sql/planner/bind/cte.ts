/**
 * WITH. A common table expression is bound when first referred to. At the end of the block that defines it, one that was used once
 * is put in place of its reference; one that was used more often is computed once and kept (`with-cte`); a recursive one always is.
 *
 * A recursive CTE is a UNION whose right arm mentions itself: the left arm (the seed) decides names and types, and every column may
 * be NULL. Rounds end when the recursive part gives nothing (new, for UNION DISTINCT).
 */
import { SqlError } from '../../../base/error.ts';
import type * as ast from '../../parser/ast.ts';
import { notUniqueTable, unsupported, viewColumnList } from '../errors.ts';
import { columnOf } from '../expressions.ts';
import { needsCast } from '../functions.ts';
import { castTo } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { mapPlan, projection } from '../logical.ts';
import type { Binder } from './binder.ts';
import type { Block, BoundQuery, CteChain, CteDefinition } from './block.ts';

export type BindQuery = (node: ast.QueryNode, outer: Block | undefined, ctes: CteChain | undefined) => BoundQuery;

export function defineCtes(
  clause: ast.WithClause,
  outer: Block | undefined,
  chain: CteChain | undefined,
  binder: Binder,
  bindQuery: BindQuery,
): {
  readonly chain: CteChain | undefined;
  readonly own: readonly CteDefinition[];
  readonly recursion: Map<CteDefinition, LogicalPlan>;
} {
  const own: CteDefinition[] = [];
  const recursion = new Map<CteDefinition, LogicalPlan>();
  let ctes = chain;
  for (const table of clause.tables) {
    if (own.some((d) => d.name.toLowerCase() === table.name.toLowerCase())) throw notUniqueTable(table.name);
    const visible = ctes;
    const definition: CteDefinition = {
      name: table.name, cteId: binder.cteNext++, bound: undefined, references: 0, recursive: false,
      bind: () => renamed(bindQuery(table.query, outer, visible), table.columns),
    }; // prettier-ignore
    own.push(definition);
    ctes = { definition, next: visible };
    if (clause.recursive && mentions(table.query, table.name))
      bindRecursive(table, definition, ctes, outer, binder, bindQuery, recursion);
  }
  return { chain: ctes, own, recursion };
}

function renamed(query: BoundQuery, names: readonly string[]): BoundQuery {
  if (names.length === 0) return query;
  if (names.length !== query.columns.length) throw viewColumnList();
  return { plan: query.plan, columns: query.columns.map((c, i) => ({ ...c, name: names[i]! })) };
}

function bindRecursive(
  table: ast.CommonTable,
  definition: CteDefinition,
  ctes: CteChain,
  outer: Block | undefined,
  binder: Binder,
  bindQuery: BindQuery,
  recursion: Map<CteDefinition, LogicalPlan>,
): void {
  const union = table.query;
  if (union.kind !== 'set-operation' || union.operator !== 'UNION') {
    throw new SqlError(3573, 'HY000', `Recursive Common Table Expression '${table.name}' should contain a UNION`);
  }
  if (mentions(union.left, table.name)) {
    throw new SqlError(
      3574,
      'HY000',
      `Recursive Common Table Expression '${table.name}' should have one or more non-recursive query blocks followed by one or more recursive ones`,
    );
  }
  if (union.orderBy.length > 0 || union.limit !== undefined)
    throw unsupported('ORDER BY or LIMIT in a recursive common table expression');
  const seed = renamed(bindQuery(union.left, outer, ctes.next), table.columns);
  definition.bound = {
    plan: seed.plan,
    columns: seed.columns.map((c) => ({ ...c, type: { ...c.type, notNull: false } })),
  };
  const before = definition.references;
  const part = bindQuery(union.right, outer, ctes);
  definition.references = before;
  if (part.columns.length !== seed.columns.length)
    throw new SqlError(1222, '21000', 'The used SELECT statements have a different number of columns');
  // The recursive part gives what the seed's types are.
  let plan = part.plan;
  let columns = part.columns;
  if (part.columns.some((c, i) => needsCast(c.type, seed.columns[i]!.type))) {
    const output = part.columns.map((c, i) => binder.newColumn(c.name, { ...seed.columns[i]!.type, notNull: false }));
    plan = projection(plan, part.columns.map((c, i) => (needsCast(c.type, seed.columns[i]!.type) ? castTo(columnOf(c), seed.columns[i]!.type) : columnOf(c))), output); // prettier-ignore
    columns = output.map((o, i) => ({ id: o.id, name: part.columns[i]!.name, type: o.type, origin: undefined }));
  }
  definition.recursive = true;
  recursion.set(definition, {
    kind: 'with-cte',
    cteId: definition.cteId,
    seed: seed.plan,
    recursive: plan,
    distinct: union.distinct,
    columns: [seed.columns.map((c) => c.id), columns.map((c) => c.id)],
    input: plan,
    output: [],
  });
}

/** Puts the definitions round (or into) the plan of the block that used them. */
export function placeCtes(
  plan: LogicalPlan,
  own: readonly CteDefinition[],
  recursion: ReadonlyMap<CteDefinition, LogicalPlan>,
): LogicalPlan {
  let made = plan;
  for (let i = own.length - 1; i >= 0; i--) {
    const definition = own[i]!;
    const recursive = recursion.get(definition);
    if (recursive?.kind === 'with-cte') {
      if (definition.references > 0) made = { ...recursive, input: made, output: made.output };
      continue;
    }
    const bound = definition.bound;
    if (bound === undefined || definition.references === 0) continue;
    if (definition.references === 1) {
      made = mapPlan(made, (node) => {
        if (node.kind !== 'cte-scan' || node.cteId !== definition.cteId) return node;
        return projection(
          bound.plan,
          bound.columns.map((c) => columnOf(c)),
          node.output,
        );
      });
    } else {
      made = {
        kind: 'with-cte',
        cteId: definition.cteId,
        seed: bound.plan,
        recursive: undefined,
        distinct: false,
        columns: [bound.columns.map((c) => c.id)],
        input: made,
        output: made.output,
      };
    }
  }
  return made;
}

/** Whether a query reads a table of that bare name anywhere. */
export function mentions(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some((child) => mentions(child, name));
  const record = node as Record<string, unknown>;
  if (record.kind === 'table') {
    const table = record.table as ast.TableName;
    if (table.schema === undefined && table.name.toLowerCase() === name.toLowerCase()) return true;
  }
  for (const key in record) if (typeof record[key] === 'object' && mentions(record[key], name)) return true;
  return false;
}
