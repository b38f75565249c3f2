/**
 * Another dialect's aggregates and windows in our words.
 */
import type { ExpressionNode, FrameBoundNode, OrderItem, WindowReference, WindowSpecification } from './ast.ts';
import { translateArguments, translateExpression, translateExpressions } from './dialect-expression.ts';
import type { DialectContext, Foreign } from './dialect-node.ts';
import { AT, integer, isNode, listOf, nameOf, nodeOf, only, present, refuse } from './dialect-node.ts';
import { translateOrder } from './dialect-query.ts';

const AGGREGATE_NAMES: Readonly<Record<string, string>> = {
  string_agg: 'group_concat', listagg: 'group_concat', array_agg: 'json_arrayagg', json_agg: 'json_arrayagg', bool_and: 'min', bool_or: 'max',
  every: 'min', stddev: 'stddev_samp', variance: 'var_samp', stdev: 'stddev_samp',
}; // prettier-ignore

export function translateAggregate(context: DialectContext, node: Foreign): ExpressionNode {
  only(context, node, 'aggregate', 'type', 'name', 'args', 'over', 'filter');
  const own = String(node['name']).toLowerCase();
  const name = context.likeMysql ? own : (AGGREGATE_NAMES[own] ?? own);
  if (own === 'total') throw refuse(context, 'TOTAL()');
  const argsNode = nodeOf(context, node['args'], own);
  const inner = argsNode['expr'] !== undefined ? argsNode : ({ expr: argsNode } as Foreign);
  only(context, inner, own, 'expr', 'distinct', 'orderby', 'separator', 'type');
  const star = isNode(inner['expr']) && inner['expr']['type'] === 'star';
  let args = star ? [] : translateArguments(context, inner['expr']);
  let separator = isNode(inner['separator']) ? translateSeparator(context, inner['separator']) : undefined;
  if (name === 'group_concat' && separator === undefined && !context.likeMysql && args.length === 2) {
    const second = args.pop()!;
    if (second.kind !== 'literal' || second.literal !== 'string')
      throw refuse(context, 'a separator that is no string');
    separator = second.value;
  }
  if (present(node['filter'])) args = [filtered(context, node['filter'], args)];
  const distinct = present(inner['distinct']);
  if (present(node['over'])) return windowNode(context, name, args, distinct, node['over']);
  const orderBy = present(inner['orderby']) ? translateOrder(context, inner['orderby']) : undefined;
  return { kind: 'aggregate', name, args, distinct, orderBy, separator, ...AT };
}

function translateSeparator(context: DialectContext, node: Foreign): string {
  const value = translateExpression(context, node['delimiter'] ?? node['value'] ?? node);
  if (value.kind !== 'literal' || value.literal !== 'string') throw refuse(context, 'a separator that is no string');
  return value.value;
}

/** `sum(x) FILTER (WHERE c)` is `sum(CASE WHEN c THEN x END)`. */
function filtered(context: DialectContext, filter: unknown, args: readonly ExpressionNode[]): ExpressionNode {
  if (args.length > 1) throw refuse(context, 'FILTER with several arguments');
  const when = translateExpression(context, nodeOf(context, filter, 'FILTER')['where']);
  return { kind: 'case', branches: [{ when, then: args[0] ?? integer(1) }], ...AT };
}

// ---- windows ----

export function windowNode(
  context: DialectContext,
  name: string,
  args: readonly ExpressionNode[],
  distinct: boolean,
  over: unknown,
): ExpressionNode {
  return {
    kind: 'window',
    name: name.toLowerCase(),
    args,
    distinct,
    fromLast: false,
    over: translateOver(context, over),
    ...AT,
  };
}

function translateOver(context: DialectContext, value: unknown): WindowReference {
  const node = nodeOf(context, value, 'OVER');
  const window = node['as_window_specification'];
  if (typeof window === 'string') return { kind: 'name', name: window };
  return { kind: 'specification', specification: translateWindow(context, window) };
}

export function translateWindow(context: DialectContext, value: unknown): WindowSpecification {
  const outer = nodeOf(context, value, 'window');
  const node = isNode(outer['window_specification']) ? outer['window_specification'] : outer;
  only(context, node, 'window', 'name', 'partitionby', 'orderby', 'window_frame_clause', 'window_specification');
  const frame = node['window_frame_clause'];
  return {
    base: present(node['name']) ? nameOf(context, node['name']) : undefined,
    partitionBy: translateExpressions(context, node['partitionby']),
    orderBy: present(node['orderby']) ? translateOrder(context, node['orderby']) : ([] as OrderItem[]),
    frame: present(frame) ? translateFrame(context, nodeOf(context, frame, 'frame')) : undefined,
  };
}

function translateFrame(context: DialectContext, node: Foreign): WindowSpecification['frame'] {
  const unit = isNode(node['left']) ? String(node['left']['value']).toUpperCase() : '';
  if (node['type'] !== 'binary_expr' || node['operator'] !== 'BETWEEN' || (unit !== 'ROWS' && unit !== 'RANGE'))
    throw refuse(context, 'frame');
  const bounds = listOf(nodeOf(context, node['right'], 'frame')['value']).map((bound) =>
    translateBound(context, bound),
  );
  const [from, to] = bounds;
  if (from === undefined || to === undefined) throw refuse(context, 'frame');
  return { unit, from, to };
}

function translateBound(context: DialectContext, value: unknown): FrameBoundNode {
  const words = String(nodeOf(context, value, 'frame')['value']).toUpperCase();
  if (words === 'CURRENT ROW') return { kind: 'current-row' };
  const match = /^(UNBOUNDED|\d+) (PRECEDING|FOLLOWING)$/.exec(words);
  if (match === null) throw refuse(context, `frame bound ${words}`);
  const kind = match[2] === 'PRECEDING' ? 'preceding' : 'following';
  if (match[1] === 'UNBOUNDED') return { kind: `unbounded-${kind}` };
  return { kind, offset: integer(Number(match[1])) };
}
