/** What a syntax tree mentions, asked before it is bound: whether a block has groups depends on it. */
import type * as ast from '../../parser/ast.ts';

/** An aggregate of this block: subqueries have their own. */
export function containsAggregate(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some(containsAggregate);
  const record = node as Record<string, unknown>;
  switch (record.kind) {
    case 'aggregate':
      return true;
    case 'select':
    case 'set-operation':
    case 'parenthesized-query':
    case 'values':
    case 'table-query': // prettier-ignore
    case 'literal':
    case 'column':
    case 'parameter': // prettier-ignore
      return false;
    default:
      break;
  }
  for (const key in record) if (typeof record[key] === 'object' && containsAggregate(record[key])) return true;
  return false;
}

export function mentionsAggregate(node: ast.SelectNode): boolean {
  for (const item of node.items)
    if (item.kind === 'expression' && item.expression.kind !== 'column' && containsAggregate(item.expression))
      return true;
  if (node.having !== undefined && containsAggregate(node.having)) return true;
  return node.orderBy.some((item) => item.expression.kind !== 'column' && containsAggregate(item.expression));
}

/** Whether a bare column name stands somewhere in the expression. */
export function isNamed(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some((child) => isNamed(child, name));
  const record = node as Record<string, unknown>;
  if (record.kind === 'column')
    return record.table === undefined && (record.name as string).toLowerCase() === name.toLowerCase();
  for (const key in record) if (typeof record[key] === 'object' && isNamed(record[key], name)) return true;
  return false;
}

/** Columns below a node; `undefined` when there is a subquery, which has columns of its own. */
export function columnsNamed(node: unknown, found: ast.ColumnNode[] = []): ast.ColumnNode[] | undefined {
  if (typeof node !== 'object' || node === null) return found;
  if (Array.isArray(node)) return node.every((one) => columnsNamed(one, found) !== undefined) ? found : undefined;
  const { kind } = node as { kind?: unknown };
  if (kind === 'column') found.push(node as ast.ColumnNode);
  else if (kind === 'select' || kind === 'set-operation' || kind === 'parenthesized-query' || kind === 'values')
    return undefined; // prettier-ignore
  else for (const value of Object.values(node)) if (columnsNamed(value, found) === undefined) return undefined;
  return found;
}
