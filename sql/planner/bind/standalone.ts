/**
 * Expressions outside queries: column defaults, CHECK constraints, SET values, DO. Columns are those of one table (or none), by
 * offset; subqueries need a query of their own and are refused here.
 */
import type { ColumnInfo } from '../../../proto/schema/table-info.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type * as ast from '../../parser/ast.ts';
import type { PlannerEnvironment } from '../environment.ts';
import { unsupported } from '../errors.ts';
import { replaceIn } from '../expressions.ts';
import { Binder } from './binder.ts';
import { Block } from './block.ts';
import { bindExpression } from './expression.ts';
import { rowContext } from './query.ts';
import type { ScopeColumn } from './scope.ts';
import { Scope } from './scope.ts';

/** Column expressions of the result index a row of the table by column offset. */
export function bindStandalone(
  node: ast.ExpressionNode,
  env: PlannerEnvironment,
  table: { readonly name: string; readonly columns: readonly ColumnInfo[] } | undefined,
): Expression {
  const binder = new Binder({ ...env, parameterValues: undefined });
  const block = new Block(binder, undefined, undefined);
  const offsets = new Map<number, number>();
  if (table !== undefined) {
    const columns = table.columns.map((c): ScopeColumn => {
      const id = binder.newId();
      offsets.set(id, c.offset);
      return {
        id,
        name: c.name,
        table: table.name,
        database: env.currentDatabase ?? '',
        type: c.type,
        origin: undefined,
      };
    });
    block.scope = new Scope(
      [{ alias: table.name, database: env.currentDatabase ?? '', base: undefined, columns }],
      columns,
    );
  }
  const bound = bindExpression(node, rowContext(block, 'field list', () => {
    throw unsupported('a subquery here');
  })); // prettier-ignore
  return replaceIn(bound, (e) => (e.kind === 'column' ? { ...e, index: offsets.get(e.id)! } : undefined));
}
