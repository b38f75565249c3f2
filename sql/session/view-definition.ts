/**
 * The query of a CREATE VIEW, made independent of the session that wrote it: every table gets its database's name, so that the view means the same
 * wherever it is used. Names of common tables stay bare.
 */
import type { QueryNode } from '../parser/ast.ts';
import { restoreQuery } from '../parser/restore.ts';

export function qualifiedQuery(query: QueryNode, database: string | undefined): string {
  return restoreQuery(qualify(query, database, new Set()) as QueryNode);
}

function qualify(node: unknown, database: string | undefined, common: ReadonlySet<string>): unknown {
  if (Array.isArray(node)) return node.map((child) => qualify(child, database, common));
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return node;
  const source = node as Record<string, unknown>;
  let names = common;
  const clause = source['with'] as { tables?: readonly { name: string }[] } | undefined;
  if (clause?.tables) names = new Set([...common, ...clause.tables.map((table) => table.name.toLowerCase())]);
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source)) copy[key] = qualify(value, database, names);
  const table = copy['table'] as { name?: string; schema?: string } | undefined;
  const isTable = (source['kind'] === 'table' || source['kind'] === 'table-query') && typeof table === 'object';
  if (isTable && table.schema === undefined && database !== undefined && !names.has(String(table.name).toLowerCase())) {
    copy['table'] = { ...table, schema: database };
  }
  return copy;
}
