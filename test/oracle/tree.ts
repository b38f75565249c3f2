/**
 * Queries as trees: what the generator draws, the oracles rewrite and the shrinker takes apart. A node is pieces of text with nodes between them, and a
 * literal knows its value, so that one tree can be printed as text or as a prepared statement with its parameters.
 *
 * A query keeps its clauses apart: an oracle adds a condition to `where`, asks for other items, or wraps the whole.
 */

/** What an expression gives, as coarse as the generator needs it. */
export type Kind = 'number' | 'text' | 'moment' | 'truth';

export interface Literal {
  readonly text: string;
  /** As a driver would send it; `undefined`: it is always printed. */
  readonly value: number | string | null | undefined;
}

export interface Expression {
  readonly kind: Kind;
  readonly parts: readonly Part[];
}

export type Part = string | Expression | Query | { readonly literal: Literal };

export type Source =
  | { readonly form: 'table'; readonly name: string; readonly alias: string; readonly hint?: string }
  | {
      readonly form: 'derived';
      readonly query: Query;
      readonly alias: string;
      readonly names: readonly string[];
      readonly lateral: boolean;
    }
  | {
      readonly form: 'join';
      readonly type: 'JOIN' | 'LEFT JOIN' | 'RIGHT JOIN' | 'CROSS JOIN' | 'STRAIGHT_JOIN';
      readonly left: Source;
      readonly right: Source;
      readonly on: Expression | undefined;
    };

export interface Query {
  readonly ctes: readonly { readonly name: string; readonly names: readonly string[]; readonly body: Query }[];
  /** `/*+ … *\/` behind SELECT. */
  readonly hint?: string;
  readonly distinct: boolean;
  readonly items: readonly Expression[];
  /** Names of the items, where somebody refers to them. */
  readonly names?: readonly string[];
  readonly from: Source | undefined;
  readonly where: Expression | undefined;
  readonly group: readonly Expression[];
  readonly rollup: boolean;
  readonly having: Expression | undefined;
  /** Further operands of a set operation, all of the same width. */
  readonly sets: readonly { readonly operation: string; readonly query: Query }[];
  readonly order: readonly Part[];
  readonly limit: string | undefined;
}

/** How literals are printed. */
export interface Printer {
  literal(literal: Literal): string;
}

export const AS_TEXT: Printer = { literal: ({ text }) => text };

/** Prints parameters in their order. */
export class ParameterPrinter implements Printer {
  readonly values: (number | string | null)[] = [];

  literal({ text, value }: Literal): string {
    if (value === undefined) return text;
    this.values.push(value);
    return '?';
  }
}

export function isQuery(part: Part): part is Query {
  return typeof part === 'object' && 'items' in part;
}

export function isExpression(part: Part): part is Expression {
  return typeof part === 'object' && 'parts' in part;
}

export function printPart(part: Part, printer: Printer = AS_TEXT): string {
  if (typeof part === 'string') return part;
  if (isQuery(part)) return `(${printQuery(part, printer)})`;
  if ('literal' in part) return printer.literal(part.literal);
  return part.parts.map((inner) => printPart(inner, printer)).join('');
}

export function printSource(source: Source, printer: Printer = AS_TEXT): string {
  switch (source.form) {
    case 'table':
      return `${source.name} ${source.alias}${source.hint === undefined ? '' : ` ${source.hint}`}`;
    case 'derived': {
      const names = source.names.length === 0 ? '' : ` (${source.names.join(', ')})`;
      return `${source.lateral ? 'LATERAL ' : ''}(${printQuery(source.query, printer)}) ${source.alias}${names}`;
    }
    case 'join': {
      // In the order of the text: parameters are counted.
      const left = printSource(source.left, printer);
      const right = printSource(source.right, printer);
      const inner = source.right.form === 'join' ? `(${right})` : right;
      const on = source.on === undefined ? '' : ` ON ${printPart(source.on, printer)}`;
      return `${left} ${source.type} ${inner}${on}`;
    }
  }
}

export function printQuery(query: Query, printer: Printer = AS_TEXT): string {
  const parts: string[] = [];
  if (query.ctes.length > 0) {
    const ctes = query.ctes.map(({ name, names, body }) => `${name}${names.length === 0 ? '' : ` (${names.join(', ')})`} AS (${printQuery(body, printer)})`); // prettier-ignore
    parts.push(`WITH RECURSIVE ${ctes.join(', ')}`);
  }
  const items = query.items.map((item, i) => printPart(item, printer) + (query.names === undefined ? '' : ` AS ${query.names[i]}`)); // prettier-ignore
  const hint = query.hint === undefined ? '' : ` /*+ ${query.hint} */`;
  parts.push(`SELECT${hint}${query.distinct ? ' DISTINCT' : ''} ${items.join(', ')}`);
  if (query.from !== undefined) parts.push(`FROM ${printSource(query.from, printer)}`);
  if (query.where !== undefined) parts.push(`WHERE ${printPart(query.where, printer)}`);
  if (query.group.length > 0)
    parts.push(`GROUP BY ${query.group.map((key) => printPart(key, printer)).join(', ')}${query.rollup ? ' WITH ROLLUP' : ''}`); // prettier-ignore
  if (query.having !== undefined) parts.push(`HAVING ${printPart(query.having, printer)}`);
  for (const { operation, query: operand } of query.sets) parts.push(operation, printQuery(operand, printer));
  if (query.order.length > 0) parts.push(`ORDER BY ${query.order.map((key) => printPart(key, printer)).join(', ')}`);
  if (query.limit !== undefined) parts.push(`LIMIT ${query.limit}`);
  return parts.join(' ');
}

export const EMPTY: Query = {
  ctes: [], distinct: false, items: [], from: undefined, where: undefined, group: [], rollup: false, having: undefined, sets: [], order: [], limit: undefined,
}; // prettier-ignore

export function expression(kind: Kind, ...parts: readonly Part[]): Expression {
  return { kind, parts };
}

/** `a AND b`, where either may be missing. */
export function both(a: Expression | undefined, b: Expression): Expression {
  return a === undefined ? b : expression('truth', '(', a, ' AND ', b, ')');
}

/** All trees one step smaller, the largest steps first. */
export function* smaller(query: Query): Generator<Query> {
  for (const { query: operand } of query.sets) yield { ...operand, ctes: query.ctes };
  if (query.sets.length > 0) yield { ...query, sets: query.sets.slice(0, -1) };
  if (query.ctes.length > 0) yield { ...query, ctes: query.ctes.slice(0, -1) };
  if (query.limit !== undefined) yield { ...query, limit: undefined };
  if (query.order.length > 0) yield { ...query, order: [], limit: undefined };
  if (query.having !== undefined) yield { ...query, having: undefined };
  if (query.where !== undefined) yield { ...query, where: undefined };
  if (query.distinct) yield { ...query, distinct: false };
  if (query.rollup) yield { ...query, rollup: false };
  if (query.items.length > 1 && query.sets.length === 0) {
    for (let i = 0; i < query.items.length; i++) {
      const without = <T>(list: readonly T[]): T[] => list.filter((_, at) => at !== i);
      yield {
        ...query,
        items: without(query.items),
        ...(query.names === undefined ? {} : { names: without(query.names) }),
      };
    }
  }
  for (let i = 0; i < query.group.length; i++) yield { ...query, group: query.group.filter((_, at) => at !== i) };
  if (query.from !== undefined) for (const from of smallerSources(query.from)) yield { ...query, from };
  if (query.where !== undefined) for (const where of smallerExpressions(query.where)) yield { ...query, where };
  if (query.having !== undefined) for (const having of smallerExpressions(query.having)) yield { ...query, having };
  for (let i = 0; i < query.items.length; i++)
    for (const item of smallerExpressions(query.items[i]!)) yield { ...query, items: query.items.with(i, item) };
  for (let i = 0; i < query.group.length; i++)
    for (const key of smallerExpressions(query.group[i]!)) yield { ...query, group: query.group.with(i, key) };
  for (let i = 0; i < query.ctes.length; i++)
    for (const body of smaller(query.ctes[i]!.body))
      yield { ...query, ctes: query.ctes.with(i, { ...query.ctes[i]!, body }) };
  for (let i = 0; i < query.sets.length; i++)
    for (const operand of smaller(query.sets[i]!.query))
      yield { ...query, sets: query.sets.with(i, { ...query.sets[i]!, query: operand }) };
}

function* smallerSources(source: Source): Generator<Source> {
  switch (source.form) {
    case 'table':
      if (source.hint !== undefined) yield { form: 'table', name: source.name, alias: source.alias };
      return;
    case 'derived':
      if (source.lateral) yield { ...source, lateral: false };
      for (const query of smaller(source.query)) yield { ...source, query };
      return;
    case 'join':
      yield source.left;
      yield source.right;
      if (source.type !== 'JOIN' && source.on !== undefined) yield { ...source, type: 'JOIN' };
      for (const left of smallerSources(source.left)) yield { ...source, left };
      for (const right of smallerSources(source.right)) yield { ...source, right };
      if (source.on !== undefined) for (const on of smallerExpressions(source.on)) yield { ...source, on };
  }
}

function* smallerExpressions(whole: Expression): Generator<Expression> {
  for (const part of whole.parts) if (isExpression(part) && part.kind === whole.kind) yield part;
  if (whole.parts.length > 1) {
    if (whole.kind === 'truth') yield expression('truth', '(1 = 1)');
    for (const part of whole.parts) if (isExpression(part) && part.kind !== whole.kind) yield part;
  }
  for (let i = 0; i < whole.parts.length; i++) {
    const part = whole.parts[i]!;
    if (isExpression(part))
      for (const inner of smallerExpressions(part)) yield { ...whole, parts: whole.parts.with(i, inner) }; // prettier-ignore
    else if (isQuery(part)) for (const inner of smaller(part)) yield { ...whole, parts: whole.parts.with(i, inner) };
  }
}
