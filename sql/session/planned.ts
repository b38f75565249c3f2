/**
 * What a session learns from a statement and its plan before it runs it: whether the planner takes it at all, which path it runs on
 * (a point read needs no timestamp, locks need a transaction, columns need their engine), and what the plan cache keeps beside it.
 */
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import type { DeleteStatement, InsertStatement, QueryNode, Statement, UpdateStatement } from '../parser/ast.ts';
import type { PlannedWrite, QueryPlan } from '../planner/index.ts';
import type { CachedPlan } from './plan-cache.ts';

export type WriteStatement = InsertStatement | UpdateStatement | DeleteStatement;

const PLANNED: ReadonlySet<string> = new Set([
  'select',
  'set-operation',
  'parenthesized-query',
  'values',
  'table-query',
  'insert',
  'update',
  'delete',
]);

export function isWrite(statement: Statement): statement is WriteStatement {
  return statement.kind === 'insert' || statement.kind === 'update' || statement.kind === 'delete';
}

export function isPlanned(statement: Statement): boolean {
  if (!PLANNED.has(statement.kind)) return false;
  return !('into' in statement && statement.into !== undefined);
}

/** `sql_select_limit`: a statement's own LIMIT goes before it. */
export function limited(query: QueryNode, limit: number | undefined): QueryNode {
  if (limit === undefined || query.limit !== undefined) return query;
  const at = { start: query.end, end: query.end };
  return {
    ...query,
    limit: { count: { kind: 'literal', literal: 'integer', value: limit, parameterIndex: -1, ...at } },
  };
}

export function labelOf(statement: Statement): string {
  switch (statement.kind) {
    case 'insert':
      return statement.replace ? 'replace' : 'insert';
    case 'update':
    case 'delete':
      return statement.kind;
    default:
      return 'select';
  }
}

export function extrasOf(
  planned: QueryPlan | PlannedWrite,
): Pick<CachedPlan, 'derived' | 'maxExecutionMs' | 'tableIds' | 'residencies'> {
  return {
    derived: planned.derived,
    residencies: planned.residencies,
    maxExecutionMs: planned.maxExecutionTimeMs,
    tableIds: planned.tables.map(({ table }) => table.id),
  };
}

export function mergePinned(pinned: readonly number[], more: readonly number[] | undefined): readonly number[] {
  return more === undefined || more.length === 0 ? pinned : [...new Set([...pinned, ...more])].sort((a, b) => a - b);
}

interface PlanFacts {
  readonly isPoint: boolean;
  readonly locks: boolean;
  readonly usesColumnEngine: boolean;
  readonly isTableless: boolean;
}

/** What running a plan needs to know about it beforehand. */
export function factsOf(plan: PhysicalPlan): PlanFacts {
  let reads = 0;
  let others = 0;
  let points = 0;
  let locks = false;
  let usesColumnEngine = false;
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    const { kind } = node as { kind?: string };
    if (kind === 'table-scan' || kind === 'index-scan' || kind === 'index-merge') reads++;
    else if (kind === 'point-get') {
      points++;
      // A unique index is two reads: entry and row, which must come from one moment.
      const get = node as Extract<PhysicalPlan, { kind: 'point-get' }>;
      if (get.keys.length !== 1 || get.index !== undefined) reads++;
    } else if (kind === 'lock-rows') locks = true;
    else if (kind === 'column-engine') usesColumnEngine = true;
    else if (kind === 'memory-scan') others++;
    for (const child of childPlans(node as PhysicalPlan)) walk(child);
  };
  walk(plan);
  return {
    isPoint: points === 1 && reads === 0 && !locks && !usesColumnEngine,
    locks,
    usesColumnEngine,
    isTableless: reads + points + others === 0 && !usesColumnEngine,
  };
}

export function childPlans(node: PhysicalPlan): readonly PhysicalPlan[] {
  const children: PhysicalPlan[] = [];
  for (const name of ['input', 'left', 'right', 'inner', 'seed', 'recursive'] as const) {
    const child = (node as unknown as Record<string, PhysicalPlan | undefined>)[name];
    if (child !== undefined) children.push(child);
  }
  if (node.kind === 'union-all') children.push(...node.inputs);
  return children;
}
