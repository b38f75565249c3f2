/**
 * Expressions of the syntax tree become bound expressions: names resolved outwards through the blocks, operators turned into calls
 * whose types sql/functions infers, subqueries hung on the block's plan.
 *
 * Rows (`(a, b) = (1, 2)`) exist only here: every use of one is taken apart into comparisons of single values, so that nothing
 * below knows them.
 */
import { isInteger, isString, varcharType } from '../../../base/value/field-type.ts';
import { SqlError } from '../../../base/error.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import { OPERATORS } from '../../../proto/plan/expression.ts';
import type * as ast from '../../parser/ast.ts';
import { inferAggregate, numericLiteral } from '../../functions/index.ts';
import type { Binder } from './binder.ts';
import { invalidGroupFunction, operandColumns, unknownColumn, unsupported, windowUse } from '../errors.ts';
import { andOf, BOOLEAN, call, castTo, columnOf, isVolatile, NEGATED, orOf } from '../expressions.ts';
import { castType, integerConstant, stringConstant } from '../functions.ts';
import { childrenOf, expressionsOf, type LogicalPlan } from '../logical.ts';
import type { BindContext, Block, BoundQuery } from './block.ts';
import { columnsNamed } from './mentions.ts';
import { columnExpression } from './scope.ts';
import { userVariable, systemVariable, setUserVariable } from './variables.ts';

/** Binds an expression that must be one value. */
export function bindExpression(node: ast.ExpressionNode, context: BindContext): Expression {
  const binder = context.block.binder;
  const bind = (child: ast.ExpressionNode): Expression => bindExpression(child, context);
  switch (node.kind) {
    case 'literal':
      return binder.literal(node);
    case 'parameter':
      return binder.parameter(node);
    case 'column':
      return bindColumn(node, context);
    case 'user-variable':
      return userVariable(node, binder);
    case 'system-variable':
      return systemVariable(node, binder);
    case 'assignment':
      return setUserVariable(node, bind(node.value), binder);
    case 'unary':
      return bindUnary(node, context);
    case 'binary':
      return bindBinary(node, context);
    case 'logical': {
      const terms = node.operands.map((operand) => numericLiteral(bind(operand)));
      return node.operator === 'AND' ? andOf(terms) : orOf(terms);
    }
    case 'is': {
      const operand = bind(node.operand);
      const name = node.test === 'TRUE' ? 'istrue' : node.test === 'FALSE' ? 'isfalse' : 'isnull';
      const test = context.block.binder.infer(name, [operand]);
      return node.negated ? context.block.binder.infer('not', [test]) : test;
    }
    case 'like': {
      const args = [bind(node.operand), bind(node.pattern)];
      if (node.escape !== undefined) args.push(pinned(node.escape, context));
      return maybeNot(context, context.block.binder.infer('like', args), node.negated);
    }
    case 'regexp':
      return maybeNot(
        context,
        context.block.binder.infer('regexp_like', [bind(node.operand), bind(node.pattern)]),
        node.negated,
      );
    case 'between':
      return bindBetween(node, context);
    case 'in-list':
      return maybeNot(context, bindInList(node, context), node.negated);
    case 'in-query':
      return bindInQuery(node.operand, node.query, node.negated, context, false);
    case 'quantified':
      return bindQuantified(node, context, false);
    case 'exists':
      return bindExists(node.query, context);
    case 'subquery':
      return bindScalarSubquery(node.query, context);
    case 'row':
      throw operandColumns(1);
    case 'case':
      return bindCase(node, context);
    case 'cast':
      if (node.array) throw unsupported('CAST(… AS … ARRAY)');
      return inferCast(bind(node.operand), node.type, context);
    case 'convert-using': {
      const operand = bind(node.operand);
      return context.block.binder.infer('convert_using', [operand, stringConstant(node.charset.toLowerCase())]);
    }
    case 'collate':
      return context.block.binder.infer('collate', [bind(node.operand), stringConstant(node.collation.toLowerCase())]);
    case 'date-arithmetic':
      return context.block.binder.infer(node.operator === '+' ? 'date_add' : 'date_sub', [
        bind(node.operand),
        bind(node.amount),
        stringConstant(node.unit.toLowerCase()),
      ]);
    case 'extract':
      return context.block.binder.infer('extract', [stringConstant(node.unit.toLowerCase()), bind(node.operand)]);
    case 'trim': {
      const name = node.mode === 'BOTH' ? 'trim' : node.mode === 'LEADING' ? 'ltrim' : 'rtrim';
      return context.block.binder.infer(
        name,
        node.remove === undefined ? [bind(node.operand)] : [bind(node.operand), bind(node.remove)],
      );
    }
    case 'call':
      return bindCall(node, context);
    case 'aggregate':
      return bindAggregate(node, context);
    case 'window':
      if (context.window === undefined) throw windowUse(node.name);
      return context.window(node, context);
    case 'values-reference':
      if (context.valuesOf === undefined)
        return { kind: 'constant', value: null, type: bindColumn(node.column, context).type };
      return context.valuesOf(node.column.name);
    case 'default':
      throw unsupported(node.column === undefined ? 'DEFAULT here' : 'DEFAULT(column) here');
    case 'match':
      throw unsupported('MATCH … AGAINST');
    case 'json-value':
      return bindJsonValue(node, context);
  }
}

/** Binds with literals by value: what they say decides types, names or the shape of the plan. */
export function pinned(node: ast.ExpressionNode, context: BindContext): Expression {
  const binder = context.block.binder;
  binder.pinning++;
  try {
    return bindExpression(node, context);
  } finally {
    binder.pinning--;
  }
}

const maybeNot = (context: BindContext, expression: Expression, negated: boolean): Expression =>
  negated ? negate(context.block.binder, expression) : expression;

// ---- names ----

export function qualifiedName(node: ast.ColumnNode): string {
  return (
    (node.schema === undefined ? '' : `${node.schema}.`) +
    (node.table === undefined ? '' : `${node.table}.`) +
    node.name
  );
}

export function bindColumn(node: ast.ColumnNode, context: BindContext): Expression {
  const bare = node.table === undefined;
  if (bare && context.aliasFirst && context.alias !== undefined) {
    const found = context.alias(node.name);
    if (found !== undefined) return found;
  }
  const here = context.block.scope.find(node.schema, node.table, node.name, context.clause);
  if (here !== undefined) {
    context.block.binder.read(here);
    return columnExpression(here);
  }
  if (bare && !context.aliasFirst && context.alias !== undefined) {
    const found = context.alias(node.name);
    if (found !== undefined) return found;
  }
  for (let outer = context.block.outer; outer !== undefined; outer = outer.outer) {
    const found = outer.scope.find(node.schema, node.table, node.name, context.clause);
    if (found !== undefined) {
      context.block.binder.read(found);
      return columnExpression(found);
    }
  }
  throw unknownColumn(qualifiedName(node), context.clause);
}

// ---- operators ----

function bindUnary(node: ast.UnaryNode, context: BindContext): Expression {
  if (node.operator === '-' && node.operand.kind === 'literal') {
    const binder = context.block.binder;
    // `-5` is one number to everybody but the parser; its sign is part of the statement's text, so only constants fold here.
    if (binder.env.parameterValues === undefined || node.operand.parameterIndex < 0) {
      const folded = negatedLiteral(node.operand);
      if (folded !== undefined) return binder.literal(folded);
    }
  }
  const operand = bindExpression(node.operand, context);
  switch (node.operator) {
    case '-': return context.block.binder.infer('neg', [operand]); // prettier-ignore
    case '+': return operand; // prettier-ignore
    case '~': return context.block.binder.infer('bitneg', [operand]); // prettier-ignore
    case 'NOT': return negate(context.block.binder, operand); // prettier-ignore
    case 'BINARY': return castTo(operand, castType({ name: 'binary', unsigned: false, zerofill: false, binary: false, start: 0, end: 0 }, '')); // prettier-ignore
  }
}

function negatedLiteral(node: ast.LiteralNode): ast.LiteralNode | undefined {
  if (node.literal === 'integer') {
    const value = -BigInt(node.value);
    if (value < -9223372036854775808n) return undefined;
    return { ...node, value: value >= -9007199254740991n ? Number(value) : value };
  }
  if (node.literal === 'decimal' && !node.value.startsWith('-')) return { ...node, value: `-${node.value}` };
  if (node.literal === 'float') return { ...node, value: -node.value };
  return undefined;
}

/** NOT is pushed into comparisons and logic: `NOT (a = b AND c)` is `a <> b OR NOT c`, three values kept. */
export function negate(binder: Binder, expression: Expression): Expression {
  if (expression.kind === 'call') {
    const flipped = NEGATED[expression.name];
    if (flipped !== undefined && expression.args.length === 2) return { ...expression, name: flipped };
    if (expression.name === 'and')
      return { ...expression, name: 'or', args: expression.args.map((e) => negate(binder, e)) };
    if (expression.name === 'or')
      return { ...expression, name: 'and', args: expression.args.map((e) => negate(binder, e)) };
    // NOT NOT x is x as a truth value only: keep the outer 0/1.
    if (expression.name === 'not' && expression.args[0]!.kind === 'call' && isLogical(expression.args[0]!))
      return expression.args[0]!;
  }
  return binder.infer('not', [expression]);
}

const LOGICAL = new Set([
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'nulleq',
  'and',
  'or',
  'xor',
  'not',
  'isnull',
  'istrue',
  'isfalse',
  'like',
  'in',
  'between',
  'regexp_like',
]);

export function isLogical(expression: Expression): boolean {
  return expression.kind === 'call' && LOGICAL.has(expression.name);
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '=': 'eq',
  '<=>': 'nulleq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** Unequal types that still compare as the column's own: `id = '5'` looks the number 5 up instead of reading every id as a double. */
export function compare(binder: Binder, name: string, left: Expression, right: Expression): Expression {
  const narrowed = (column: Expression, other: Expression): Expression =>
    column.kind === 'column' &&
    isInteger(column.type) &&
    other.kind === 'parameter' &&
    isString(other.type) &&
    other.type.charset !== 'binary'
      ? castTo(other, { ...DECIMAL_WIDE, notNull: other.type.notNull })
      : other;
  return binder.infer(name, [narrowed(right, left), narrowed(left, right)]);
}

const DECIMAL_WIDE = castType(
  { name: 'decimal', length: 65, decimals: 30, unsigned: false, zerofill: false, binary: false, start: 0, end: 0 },
  '',
);

function bindBinary(node: ast.BinaryNode, context: BindContext): Expression {
  const comparison = COMPARISONS[node.operator];
  if (comparison !== undefined) {
    let left = rowWidth(node.left);
    const right = rowWidth(node.right);
    if (node.left.kind === 'subquery' && node.right.kind === 'subquery') left = subqueryWidth(node.left);
    if (left > 1 || right > 1) {
      return compareRows(
        context,
        comparison,
        bindRow(node.left, context, left > 1 ? left : right),
        bindRow(node.right, context, left > 1 ? left : right),
      );
    }
    return compare(
      context.block.binder,
      comparison,
      bindExpression(node.left, context),
      bindExpression(node.right, context),
    );
  }
  const left = bindExpression(node.left, context);
  switch (node.operator) {
    case '||':
      return context.block.binder.infer('concat', [left, bindExpression(node.right, context)]);
    case 'XOR':
      return context.block.binder.infer('xor', [left, bindExpression(node.right, context)]);
    case 'SOUNDS LIKE':
      return context.block.binder.infer('eq', [
        context.block.binder.infer('soundex', [left]),
        context.block.binder.infer('soundex', [bindExpression(node.right, context)]),
      ]);
    case 'MEMBER OF':
      return context.block.binder.infer('json_member_of', [left, bindExpression(node.right, context)]);
    case '->':
      return context.block.binder.infer('json_extract', [left, pinned(node.right, context)]);
    case '->>':
      return context.block.binder.infer('json_unquote', [
        context.block.binder.infer('json_extract', [left, pinned(node.right, context)]),
      ]);
    default:
      return context.block.binder.infer(OPERATORS[node.operator as keyof typeof OPERATORS], [
        left,
        bindExpression(node.right, context),
      ]);
  }
}

function bindBetween(node: ast.BetweenNode, context: BindContext): Expression {
  const operand = bindExpression(node.operand, context);
  const lower = bindExpression(node.lower, context);
  const upper = bindExpression(node.upper, context);
  if (isVolatile(operand))
    return maybeNot(context, context.block.binder.infer('between', [operand, lower, upper]), node.negated);
  const both = andOf([
    compare(context.block.binder, 'ge', operand, lower),
    compare(context.block.binder, 'le', operand, upper),
  ]);
  return node.negated ? negate(context.block.binder, both) : both;
}

function bindInList(node: ast.InListNode, context: BindContext): Expression {
  const width = rowWidth(node.operand);
  if (width > 1) {
    const operand = bindRow(node.operand, context, width);
    return orOf(node.list.map((item) => compareRows(context, 'eq', operand, bindRow(item, context, width))));
  }
  const operand = bindExpression(node.operand, context);
  const list = node.list.map((item) => bindExpression(item, context));
  if (list.length === 1) return compare(context.block.binder, 'eq', operand, list[0]!);
  if (operand.kind === 'column' && isInteger(operand.type) && list.some((e) => isString(e.type))) {
    // Each by its own rule, as `=` has it.
    return orOf(list.map((e) => compare(context.block.binder, 'eq', operand, e)));
  }
  return context.block.binder.infer('in', [operand, ...list]);
}

function bindCase(node: ast.CaseNode, context: BindContext): Expression {
  const args: Expression[] = [];
  const operand = node.operand === undefined ? undefined : bindExpression(node.operand, context);
  for (const branch of node.branches) {
    const when = bindExpression(branch.when, context);
    args.push(
      operand === undefined ? when : compare(context.block.binder, 'eq', operand, when),
      bindExpression(branch.then, context),
    );
  }
  if (node.otherwise !== undefined) args.push(bindExpression(node.otherwise, context));
  return context.block.binder.infer('case', args);
}

function inferCast(operand: Expression, type: ast.DataType, context: BindContext): Expression {
  const target = castType(type, context.block.binder.env.evalContext.session.connectionCollation);
  const cast = castTo(operand, target);
  if (type.name !== 'binary' || type.length === undefined) return cast;
  // BINARY(n) is n bytes, filled with zeros.
  const zero = { ...varcharType(1, 'binary'), notNull: true };
  const filling: Expression = { kind: 'constant', value: new Uint8Array(1), type: zero };
  return context.block.binder.infer('rpad', [cast, integerConstant(type.length), filling]);
}

// ---- rows ----

export function rowWidth(node: ast.ExpressionNode): number {
  return node.kind === 'row' ? node.items.length : 1;
}

/** The items of a row, or of a subquery that gives one. */
function bindRow(node: ast.ExpressionNode, context: BindContext, width: number): Expression[] {
  if (node.kind === 'row') {
    if (node.items.length !== width) throw operandColumns(width);
    return node.items.map((item) => bindExpression(item, context));
  }
  if (node.kind !== 'subquery') throw operandColumns(width);
  // A subquery brings one value; a row of several is asked for one by one, all from one snapshot.
  return Array.from({ length: width }, (_, i) => bindScalarSubquery(node.query, context, width, i));
}

/** Asked for twice, it might show two different rows. */
function drawsRows(plan: LogicalPlan): boolean {
  return expressionsOf(plan).some(isVolatile) || childrenOf(plan).some(drawsRows);
}

/** Columns of a subquery, as far as they can be counted without binding it. */
function subqueryWidth(node: ast.ExpressionNode): number {
  if (node.kind !== 'subquery') return 1;
  let query = node.query;
  while (query.kind === 'set-operation' || query.kind === 'parenthesized-query')
    query = query.kind === 'set-operation' ? query.left : query.query;
  return query.kind === 'select' && query.items.every((item) => item.kind === 'expression') ? query.items.length : 1;
}

function compareRows(
  context: BindContext,
  name: string,
  left: readonly Expression[],
  right: readonly Expression[],
): Expression {
  switch (name) {
    case 'eq':
    case 'nulleq':
      return andOf(left.map((l, i) => compare(context.block.binder, name, l, right[i]!)));
    case 'ne':
      return orOf(left.map((l, i) => compare(context.block.binder, 'ne', l, right[i]!)));
    default: {
      // (a, b) < (c, d): a < c OR (a = c AND b < d); the last item decides with or without equality.
      const strict = name === 'le' ? 'lt' : name === 'ge' ? 'gt' : name;
      const last = left.length - 1;
      let made = compare(context.block.binder, name, left[last]!, right[last]!);
      for (let i = last - 1; i >= 0; i--)
        made = orOf([
          compare(context.block.binder, strict, left[i]!, right[i]!),
          andOf([compare(context.block.binder, 'eq', left[i]!, right[i]!), made]),
        ]);
      return made;
    }
  }
}

// ---- calls ----

/** Arguments whose value decides the type or the way a function works: taken by value. */
const PINNED_ARGUMENTS: Readonly<Record<string, readonly number[]>> = {
  round: [1], truncate: [1], format: [1, 2], now: [0], curtime: [0], sysdate: [0], utc_time: [0], utc_timestamp: [0], json_extract: [1, 2, 3, 4],
  json_value: [1], from_unixtime: [1], convert_tz: [], date_format: [1], str_to_date: [1], time_format: [1],
}; // prettier-ignore

function bindCall(node: ast.CallNode, context: BindContext): Expression {
  if (node.schema !== undefined) {
    throw new SqlError(1305, '42000', `FUNCTION ${node.schema}.${node.name} does not exist`);
  }
  if (node.name === 'grouping') {
    if (context.grouping === undefined) throw invalidGroupFunction();
    // Several arguments make one number, the first the highest bit.
    return node.args
      .map((arg) => context.grouping!(bindExpression(arg, context)))
      .reduce((high, low) =>
        context.block.binder.infer('plus', [context.block.binder.infer('mul', [high, integerConstant(2)]), low]),
      );
  }
  if (node.name === 'any_value') return bindAnyValue(node, context);
  if (node.as !== undefined) throw unsupported('WEIGHT_STRING(… AS …)');
  const byValue = PINNED_ARGUMENTS[node.name];
  const args = node.args.map((arg, i) =>
    byValue !== undefined && byValue.includes(i) ? pinned(arg, context) : bindExpression(arg, context),
  );
  if (node.unit !== undefined) args.unshift(stringConstant(node.unit.toLowerCase()));
  const made = context.block.binder.infer(node.name, args);
  // CHAR(… USING …).
  if (node.charset === undefined) return made;
  return context.block.binder.infer('convert_using', [made, stringConstant(node.charset.toLowerCase())]);
}

/** Over groups: some value of the group. Without groups: the value itself. */
function bindAnyValue(node: ast.CallNode, context: BindContext): Expression {
  if (node.args.length !== 1)
    throw new SqlError(1582, '42000', "Incorrect parameter count in the call to native function 'any_value'");
  if (context.aggregates === undefined) return bindExpression(node.args[0]!, context);
  return bindAggregate(
    { kind: 'aggregate', name: 'any_value', args: node.args, distinct: false, start: node.start, end: node.end },
    context,
  );
}

/**
 * An aggregate over nothing but columns of outer blocks is one of theirs: of the innermost that has any of them, if aggregates may stand where the subquery
 * does; else (in a WHERE) of the block it is written in.
 */
function aggregatingContext(node: ast.AggregateNode, context: BindContext): BindContext | undefined {
  const columns = columnsNamed([node.args, node.orderBy]);
  if (columns === undefined || columns.length === 0) return undefined;
  let level = Infinity;
  for (const { schema, table, name } of columns) {
    let at = 0;
    for (let block: Block | undefined = context.block; block !== undefined; block = block.outer, at++)
      if (block.scope.find(schema, table, name, context.clause) !== undefined) break;
    level = Math.min(level, at);
  }
  if (level === 0 || level === Infinity) return undefined;
  let block: Block | undefined = context.block;
  for (; level > 0; level--) block = block?.outer;
  const standing = block?.standing;
  return standing?.aggregates !== undefined || standing?.regroup !== undefined ? standing : undefined;
}

function bindAggregate(node: ast.AggregateNode, context: BindContext): Expression {
  const outer = aggregatingContext(node, context);
  if (outer !== undefined) {
    context.block.gaveAggregates = true;
    if (outer.aggregates === undefined) outer.regroup!();
    return bindAggregate(node, outer);
  }
  const collector = context.aggregates;
  if (collector === undefined) throw invalidGroupFunction();
  const inner: BindContext = {
    ...context,
    aggregates: undefined,
    regroup: undefined,
    window: undefined,
    alias: undefined,
    grouping: undefined,
    attach: (spec) => context.block.attach(spec),
  };
  const args = node.args.map((arg) => bindExpression(arg, inner));
  const orderBy = node.orderBy?.map((item) => ({
    expression: bindExpression(item.expression, inner),
    descending: item.descending,
  }));
  const aggregate = inferAggregate(node.name, args, {
    distinct: node.distinct,
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(node.separator === undefined ? {} : { separator: node.separator }),
  });
  return columnOf(collector.add(aggregate, context.block.binder, context.block.binder.text(node)));
}

function bindJsonValue(node: ast.JsonValueNode, context: BindContext): Expression {
  if (node.onEmpty !== undefined || node.onError !== undefined)
    throw unsupported('JSON_VALUE with ON EMPTY or ON ERROR');
  const text = context.block.binder.infer('json_unquote', [
    context.block.binder.infer('json_extract', [bindExpression(node.operand, context), pinned(node.path, context)]),
  ]);
  return node.returning === undefined ? text : inferCast(text, node.returning, context);
}

// ---- subqueries ----

function oneColumn(query: BoundQuery): void {
  if (query.columns.length !== 1) throw operandColumns(1);
}

/** Column `at` of the one row that a subquery of so many columns gives; NULL when it gives none. */
function bindScalarSubquery(node: ast.QueryNode, context: BindContext, width = 1, at = 0): Expression {
  const query = context.bindSubquery(node, context);
  if (query.columns.length !== width) throw operandColumns(width);
  if (width > 1 && drawsRows(query.plan))
    throw unsupported('a row subquery with a function that answers anew each time');
  const column = query.columns[at]!;
  const value = { id: column.id, name: column.name, type: { ...column.type, notNull: false } };
  // A constant without FROM is itself.
  if (
    query.plan.kind === 'projection' &&
    query.plan.input.kind === 'values' &&
    query.plan.input.rows.length === 1 &&
    query.plan.expressions.length === width &&
    !query.plan.expressions.some(isVolatile)
  ) {
    return query.plan.expressions[at]!;
  }
  context.attach({ joinType: 'scalar', plan: query.plan, conditions: [], mark: undefined, value });
  return columnOf(value);
}

function mark(
  context: BindContext,
  joinType: 'left-semi-mark',
  query: BoundQuery,
  conditions: readonly Expression[],
): Expression {
  const column = context.block.binder.newColumn('mark', BOOLEAN);
  context.attach({ joinType, plan: query.plan, conditions, mark: column, value: undefined });
  return columnOf(column);
}

function bindExists(node: ast.QueryNode, context: BindContext): Expression {
  context.block.binder.existsQuery = node;
  const query = context.bindSubquery(node, context);
  return call('istrue', [mark(context, 'left-semi-mark', query, [])], { ...BOOLEAN, notNull: true });
}

function inConditions(operand: ast.ExpressionNode, query: BoundQuery, context: BindContext): Expression[] {
  const width = rowWidth(operand);
  if (query.columns.length !== width) throw operandColumns(width);
  const items = width > 1 ? bindRow(operand, context, width) : [bindExpression(operand, context)];
  return items.map((item, i) =>
    compare(
      context.block.binder,
      'eq',
      item,
      columnOf({ id: query.columns[i]!.id, name: query.columns[i]!.name, type: query.columns[i]!.type }),
    ),
  );
}

const cannotBeNull = (conditions: readonly Expression[]): boolean =>
  conditions.every((c) => c.kind === 'call' && c.args.every((a) => a.type.notNull));

function bindInQuery(
  operand: ast.ExpressionNode,
  node: ast.QueryNode,
  negated: boolean,
  context: BindContext,
  top: boolean,
): Expression {
  // The operand's own subqueries hang below this one.
  const probe = context.bindSubquery(node, context);
  const conditions = inConditions(operand, probe, context);
  if (top) {
    const joinType = !negated ? 'semi' : cannotBeNull(conditions) ? 'anti' : 'null-aware-anti';
    context.attach({ joinType, plan: probe.plan, conditions, mark: undefined, value: undefined });
    return TRUE_CONDITION;
  }
  const found = mark(context, 'left-semi-mark', probe, conditions);
  return maybeNot(context, found, negated);
}

function bindQuantified(node: ast.QuantifiedNode, context: BindContext, top: boolean): Expression {
  if (node.operator === '=' && node.quantifier === 'ANY')
    return bindInQuery(node.left, node.query, false, context, top);
  if (node.operator === '!=' && node.quantifier === 'ALL')
    return bindInQuery(node.left, node.query, true, context, top);
  if (node.operator === '<=>') throw unsupported('<=> with ANY or ALL');
  const query = context.bindSubquery(node.query, context);
  oneColumn(query);
  const left = bindExpression(node.left, context);
  const column = columnOf({ id: query.columns[0]!.id, name: query.columns[0]!.name, type: query.columns[0]!.type });
  const name = COMPARISONS[node.operator]!;
  // x > ALL (q) is NOT (x <= ANY (q)).
  const all = node.quantifier === 'ALL';
  const conditions = [compare(context.block.binder, all ? NEGATED[name]! : name, left, column)];
  if (top) {
    context.attach({
      joinType: all ? 'null-aware-anti' : 'semi',
      plan: query.plan,
      conditions,
      mark: undefined,
      value: undefined,
    });
    return TRUE_CONDITION;
  }
  return maybeNot(context, mark(context, 'left-semi-mark', query, conditions), all);
}

const TRUE_CONDITION: Expression = { kind: 'constant', value: 1, type: { ...BOOLEAN, notNull: true } };

/**
 * A condition as a list of conjuncts. EXISTS, IN and quantified comparisons that stand as conjuncts of their own become
 * semi and anti joins, which only keep or drop rows; deeper ones need a marker column.
 */
export function bindCondition(node: ast.ExpressionNode, context: BindContext, into: Expression[] = []): Expression[] {
  if (node.kind === 'logical' && node.operator === 'AND') {
    for (const operand of node.operands) bindCondition(operand, context, into);
    return into;
  }
  let inner: ast.ExpressionNode = node;
  let negated = false;
  while (
    inner.kind === 'unary' &&
    inner.operator === 'NOT' &&
    (inner.operand.kind === 'exists' ||
      inner.operand.kind === 'in-query' ||
      (inner.operand.kind === 'unary' && inner.operand.operator === 'NOT'))
  ) {
    inner = inner.operand;
    negated = !negated;
  }
  if (inner.kind === 'exists') {
    const query = context.bindSubquery(inner.query, context);
    context.attach({
      joinType: negated ? 'anti' : 'semi',
      plan: query.plan,
      conditions: [],
      mark: undefined,
      value: undefined,
    });
    return into;
  }
  if (inner.kind === 'in-query') {
    bindInQuery(inner.operand, inner.query, inner.negated !== negated, context, true);
    return into;
  }
  if (node.kind === 'quantified') {
    bindQuantified(node, context, true);
    return into;
  }
  flattenInto(bindExpression(node, context), into);
  return into;
}

function flattenInto(expression: Expression, into: Expression[]): void {
  if (expression.kind === 'call' && expression.name === 'and')
    for (const arg of expression.args) flattenInto(arg, into);
  else into.push(expression);
}
