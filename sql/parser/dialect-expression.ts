/**
 * Another dialect's expressions in our words. What is spelled otherwise is rewritten (`::`, `||`, ILIKE, FILTER, `IS 3`); what means
 * something that we have no word for is refused.
 */
import type { BinaryOperator, DataType, ExpressionNode, IntervalUnit, TypeName } from './ast.ts';
import type { DialectContext, Foreign } from './dialect-node.ts';
import { AT, call, integer, isNode, listOf, nameOf, nodeOf, not, NULL, numberLiteral, only, present, refuse, string, stringValue } from './dialect-node.ts'; // prettier-ignore
import { translateQuery } from './dialect-query.ts';
import { translateAggregate, windowNode } from './dialect-window.ts';
import { isUnitWord } from './parser-function.ts';

export function translateExpression(context: DialectContext, value: unknown): ExpressionNode {
  const node = nodeOf(context, value, 'expression');
  if (isNode(node['ast'])) return { kind: 'subquery', query: translateQuery(context, node['ast']), ...AT };
  switch (node['type']) {
    case 'expr':
      only(context, node, 'expression', 'type', 'expr');
      return translateExpression(context, node['expr']);
    case 'column_ref':
      return translateColumn(context, node);
    case 'number':
    case 'bigint':
      only(context, node, 'number', 'type', 'value');
      return numberLiteral(context, node['value']);
    case 'single_quote_string':
    case 'string':
    case 'var_string':
      only(context, node, 'string', 'type', 'value', 'escape');
      return string(stringValue(context, node['value']));
    case 'double_quote_string':
      // In SQLite and standard SQL this is a name.
      if (context.doubleQuotedStrings) return string(stringValue(context, node['value']));
      return { kind: 'column', name: String(node['value']), ...AT };
    case 'backticks_quote_string':
      return { kind: 'column', name: String(node['value']), ...AT };
    case 'hex_string':
    case 'full_hex_string':
      return { kind: 'literal', literal: 'bytes', value: Uint8Array.from(Buffer.from(String(node['value']).replace(/^0x/i, ''), 'hex')), parameterIndex: -1, ...AT }; // prettier-ignore
    case 'bool':
    case 'boolean':
      return { kind: 'literal', literal: 'boolean', value: node['value'] === true, parameterIndex: -1, ...AT };
    case 'null':
      return NULL;
    case 'date':
    case 'time':
    case 'timestamp':
    case 'datetime': {
      const literal = node['type'] === 'datetime' ? 'timestamp' : node['type'];
      return { kind: 'literal', literal, value: stringValue(context, node['value']), parameterIndex: -1, ...AT };
    }
    case 'unary_expr':
      return translateUnary(context, node);
    case 'binary_expr':
      return translateBinary(context, node);
    case 'expr_list':
      return translateList(context, node);
    default:
      return translateSpecial(context, node);
  }
}

export function translateExpressions(context: DialectContext, values: unknown): ExpressionNode[] {
  return listOf(values).map((value) => translateExpression(context, value));
}

function translateColumn(context: DialectContext, node: Foreign): ExpressionNode {
  only(context, node, 'column', 'type', 'column', 'table', 'schema', 'db', 'collate');
  if (present(node['collate'])) throw refuse(context, 'COLLATE');
  if (listOf(node['notations']).includes(':')) throw refuse(context, 'path');
  const name = nameOf(context, node['column']);
  const schema = node['schema'] ?? node['db'];
  if (!present(node['table'])) return { kind: 'column', name, ...AT };
  const table = nameOf(context, node['table']);
  if (!present(schema)) return { kind: 'column', table, name, ...AT };
  return { kind: 'column', schema: nameOf(context, schema), table, name, ...AT };
}

/** `(a)` or the row `(a, b)`. */
function translateList(context: DialectContext, node: Foreign): ExpressionNode {
  const items = translateExpressions(context, node['value']);
  return items.length === 1 ? items[0]! : { kind: 'row', items, ...AT };
}

// ---- operators ----

function translateUnary(context: DialectContext, node: Foreign): ExpressionNode {
  const operator = String(node['operator']).toUpperCase();
  switch (operator) {
    case '-':
    case '+':
    case '~':
      return { kind: 'unary', operator, operand: translateExpression(context, node['expr']), ...AT };
    case 'NOT':
    case '!':
      return not(translateExpression(context, node['expr']));
    case 'EXISTS':
      return exists(context, node['expr']);
    case 'NOT EXISTS':
      return not(exists(context, node['expr']));
    default:
      throw refuse(context, operator);
  }
}

function exists(context: DialectContext, value: unknown): ExpressionNode {
  const node = nodeOf(context, value, 'EXISTS');
  return { kind: 'exists', query: translateQuery(context, nodeOf(context, node['ast'] ?? node, 'EXISTS')), ...AT };
}

const PLAIN_OPERATORS: Readonly<Record<string, BinaryOperator>> = {
  '=': '=', '==': '=', '<=>': '<=>', '<>': '!=', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=', '+': '+', '-': '-', '*': '*',
  '/': '/', '%': '%', MOD: '%', DIV: 'DIV', '&': '&', '|': '|', '<<': '<<', '>>': '>>', XOR: 'XOR',
}; // prettier-ignore

function translateBinary(context: DialectContext, node: Foreign): ExpressionNode {
  only(context, node, 'expression', 'type', 'operator', 'left', 'right');
  const operator = String(node['operator']).toUpperCase();
  switch (operator) {
    case 'AND':
    case 'OR':
      return translateLogical(context, node, operator);
    case 'IN':
    case 'NOT IN':
      return translateIn(context, node, operator === 'NOT IN');
    case 'BETWEEN':
    case 'NOT BETWEEN': {
      const [lower, upper] = translateExpressions(context, nodeOf(context, node['right'], operator)['value']);
      if (lower === undefined || upper === undefined) throw refuse(context, operator);
      const operand = translateExpression(context, node['left']);
      return { kind: 'between', operand, lower, upper, negated: operator === 'NOT BETWEEN', ...AT };
    }
    case 'IS':
    case 'IS NOT':
      return translateIs(context, node, operator === 'IS NOT');
    case 'LIKE':
    case 'NOT LIKE':
    case 'ILIKE':
    case 'NOT ILIKE':
      return translateLike(context, node, operator);
    default:
      return translateOperator(context, node, operator);
  }
}

/** Their chains are nested to the one side or the other; ours are flat. */
function translateLogical(context: DialectContext, node: Foreign, operator: 'AND' | 'OR'): ExpressionNode {
  const operands: ExpressionNode[] = [];
  const waiting: unknown[] = [node];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (isNode(next) && next['type'] === 'binary_expr' && String(next['operator']).toUpperCase() === operator) {
      waiting.push(next['right'], next['left']);
    } else operands.push(translateExpression(context, next));
  }
  return { kind: 'logical', operator, operands, ...AT };
}

function translateOperator(context: DialectContext, node: Foreign, operator: string): ExpressionNode {
  const { left: leftNode, right: rightNode } = node;
  const quantified = translateQuantified(context, leftNode, rightNode, operator);
  if (quantified !== undefined) return quantified;
  if (operator === '+' && isNode(leftNode) && leftNode['type'] === 'interval') {
    return translateInterval(context, translateExpression(context, rightNode), '+', leftNode);
  }
  if (BIT_OPERATORS.has(operator) && (isOperation(leftNode) || isOperation(rightNode)))
    throw refuse(context, `${operator} without parentheses`);
  const left = translateExpression(context, leftNode);
  if (isNode(rightNode) && rightNode['type'] === 'interval')
    return translateInterval(context, left, operator, rightNode);
  const right = translateExpression(context, rightNode);
  switch (operator) {
    case '||':
      if (!context.likeMysql) return concat(left, right);
      break;
    case 'XOR':
      // Their grammar binds it, and `||` and `&&` where these are OR and AND, otherwise than MySQL's heirs do.
      throw refuse(context, operator);
    case '+':
      // T-SQL joins strings with `+`; one literal string on a side decides.
      if (context.dialect === 'transactsql' && (isText(left) || isText(right))) return concat(left, right);
      break;
    case '^':
      return context.dialect === 'postgresql' || context.dialect === 'redshift'
        ? call('pow', left, right)
        : { kind: 'binary', operator: '^', left, right, ...AT };
    case '~':
    case '~*':
      return call('regexp_like', left, right, string(operator === '~' ? 'c' : 'i'));
    case '!~':
    case '!~*':
      return not(call('regexp_like', left, right, string(operator === '!~' ? 'c' : 'i')));
    case 'REGEXP':
    case 'RLIKE':
    case 'NOT REGEXP':
    case 'NOT RLIKE':
      return { kind: 'regexp', operand: left, pattern: right, negated: operator.startsWith('NOT'), ...AT };
    case '->':
    case '->>': {
      if (context.likeMysql && left.kind === 'column') return { kind: 'binary', operator, left, right, ...AT };
      const found = call('json_extract', left, jsonPath(context, right));
      return operator === '->' ? found : call('json_unquote', found);
    }
  }
  const plain = PLAIN_OPERATORS[operator];
  if (plain === undefined) throw refuse(context, operator);
  return { kind: 'binary', operator: plain, left, right, ...AT };
}

/** Their grammars disagree with the databases about how tight these bind. */
const BIT_OPERATORS: ReadonlySet<string> = new Set(['&', '|', '^', '<<', '>>']);

function isOperation(value: unknown): boolean {
  return isNode(value) && value['type'] === 'binary_expr' && value['parentheses'] !== true;
}

function isText(node: ExpressionNode): boolean {
  return (node.kind === 'literal' && node.literal === 'string') || (node.kind === 'call' && node.name === 'concat');
}

function concat(left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  if (left.kind === 'call' && left.name === 'concat') return call('concat', ...left.args, right);
  return call('concat', left, right);
}

/** `-> 'key'` and `-> 2` are paths of one step. */
function jsonPath(context: DialectContext, key: ExpressionNode): ExpressionNode {
  if (key.kind === 'literal' && key.literal === 'integer') return string(`$[${key.value}]`);
  if (key.kind !== 'literal' || key.literal !== 'string') throw refuse(context, '-> with an expression');
  return string(
    key.value.startsWith('$') ? key.value : `$."${key.value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  );
}

function translateQuantified(
  context: DialectContext,
  left: unknown,
  right: unknown,
  operator: string,
): ExpressionNode | undefined {
  if (!isNode(right) || right['type'] !== 'function') return undefined;
  const name = functionName(context, right).toUpperCase();
  if (name !== 'ANY' && name !== 'SOME' && name !== 'ALL') return undefined;
  const argument = listOf(nodeOf(context, right['args'], name)['value'])[0];
  const plain = PLAIN_OPERATORS[operator];
  if (!isNode(argument) || !isNode(argument['ast']) || plain === undefined) throw refuse(context, name);
  const query = translateQuery(context, argument['ast']);
  const node = translateExpression(context, left);
  return {
    kind: 'quantified',
    operator: plain as '=',
    quantifier: name === 'ALL' ? 'ALL' : 'ANY',
    left: node,
    query,
    ...AT,
  };
}

function translateIn(context: DialectContext, node: Foreign, negated: boolean): ExpressionNode {
  const operand = translateExpression(context, node['left']);
  const right = nodeOf(context, node['right'], 'IN');
  const items = right['type'] === 'expr_list' ? listOf(right['value']) : [right];
  const [first] = items;
  if (items.length === 1 && isNode(first) && isNode(first['ast'])) {
    return { kind: 'in-query', operand, query: translateQuery(context, first['ast']), negated, ...AT };
  }
  return { kind: 'in-list', operand, list: translateExpressions(context, items), negated, ...AT };
}

function translateIs(context: DialectContext, node: Foreign, negated: boolean): ExpressionNode {
  const operand = translateExpression(context, node['left']);
  const right = nodeOf(context, node['right'], 'IS');
  switch (right['type']) {
    case 'null':
      return { kind: 'is', operand, test: 'NULL', negated, ...AT };
    case 'bool':
    case 'boolean':
      return { kind: 'is', operand, test: right['value'] === true ? 'TRUE' : 'FALSE', negated, ...AT };
    case 'default':
    case 'origin':
      throw refuse(context, `IS ${String(right['value']).split(/["'\s]/)[0]}`);
  }
  const value = translateExpression(context, right);
  if (value.kind === 'column' && value.table === undefined) {
    if (value.name.toLowerCase() === 'unknown') return { kind: 'is', operand, test: 'UNKNOWN', negated, ...AT };
  }
  // SQLite compares anything with IS; NULLs are equal there.
  const equal: ExpressionNode = { kind: 'binary', operator: '<=>', left: operand, right: value, ...AT };
  return negated ? not(equal) : equal;
}

function translateLike(context: DialectContext, node: Foreign, operator: string): ExpressionNode {
  let operand = translateExpression(context, node['left']);
  const rightNode = nodeOf(context, node['right'], operator);
  let pattern = translateExpression(context, rightNode);
  const escapeNode = rightNode['escape'];
  let escape = isNode(escapeNode) ? translateExpression(context, escapeNode['value']) : undefined;
  // No escape unless one is named, in these two.
  const bare = context.dialect === 'sqlite' || context.dialect === 'transactsql';
  if (escape === undefined && bare && pattern.kind === 'literal' && String(pattern.value).includes('\\'))
    escape = string('');
  if (operator.endsWith('ILIKE')) {
    operand = call('lower', operand);
    pattern = call('lower', pattern);
  }
  return { kind: 'like', operand, pattern, escape, negated: operator.startsWith('NOT'), ...AT };
}

// ---- dates ----

const UNITS: Readonly<Record<string, IntervalUnit>> = {
  microsecond: 'MICROSECOND', second: 'SECOND', minute: 'MINUTE', hour: 'HOUR', day: 'DAY', week: 'WEEK', month: 'MONTH', quarter: 'QUARTER',
  year: 'YEAR', sec: 'SECOND', min: 'MINUTE', mon: 'MONTH',
}; // prettier-ignore

function unitOf(context: DialectContext, word: string): IntervalUnit {
  const unit =
    UNITS[word.toLowerCase()] ?? UNITS[word.toLowerCase().replace(/s$/, '')] ?? compoundUnit(word.toUpperCase());
  if (unit === undefined) throw refuse(context, `unit ${word}`);
  return unit;
}

function compoundUnit(word: string): IntervalUnit | undefined {
  return word.includes('_') && isUnitWord(word) ? (word as IntervalUnit) : undefined;
}

/** `x + interval '3' day`, `x - interval '2 hours'`. */
function translateInterval(
  context: DialectContext,
  operand: ExpressionNode,
  operator: string,
  node: Foreign,
): ExpressionNode {
  if (operator !== '+' && operator !== '-') throw refuse(context, 'INTERVAL');
  only(context, node, 'INTERVAL', 'type', 'expr', 'unit');
  const value = translateExpression(context, node['expr']);
  if (present(node['unit'])) {
    return {
      kind: 'date-arithmetic',
      operator,
      operand,
      amount: value,
      unit: unitOf(context, String(node['unit'])),
      ...AT,
    };
  }
  const match =
    value.kind === 'literal' && value.literal === 'string' ? /^\s*(-?\d+)\s*([a-z]+)\s*$/i.exec(value.value) : null;
  if (match === null) throw refuse(context, 'INTERVAL of several units');
  return {
    kind: 'date-arithmetic',
    operator,
    operand,
    amount: signed(Number(match[1])),
    unit: unitOf(context, match[2]!),
    ...AT,
  };
}

function signed(value: number): ExpressionNode {
  return value < 0 ? { kind: 'unary', operator: '-', operand: integer(-value), ...AT } : integer(value);
}

function translateExtract(context: DialectContext, node: Foreign): ExpressionNode {
  const args = nodeOf(context, node['args'], 'EXTRACT');
  const field = String(args['field']).toLowerCase();
  const operand = translateExpression(context, args['source']);
  if (field === 'epoch') return call('unix_timestamp', operand);
  // Weeks begin and count differently.
  if (field === 'week') throw refuse(context, 'EXTRACT(WEEK)');
  return { kind: 'extract', unit: unitOf(context, field), operand, ...AT };
}

// ---- functions and the rest ----

function translateSpecial(context: DialectContext, node: Foreign): ExpressionNode {
  switch (node['type']) {
    case 'case':
      return translateCase(context, node);
    case 'cast':
      return translateCast(context, node);
    case 'extract':
      return translateExtract(context, node);
    case 'function':
      return translateFunction(context, node);
    case 'aggr_func':
      return translateAggregate(context, node);
    case 'window_func':
      only(context, node, 'window function', 'type', 'name', 'args', 'over');
      return windowNode(
        context,
        nameOf(context, node['name']),
        translateArguments(context, node['args']),
        false,
        node['over'],
      );
    case 'interval':
      throw refuse(context, 'INTERVAL by itself');
    case 'param':
    case 'var':
    case 'origin':
      throw refuse(
        context,
        `${String(node['prefix'] ?? '')}${String(node['name'] ?? node['value'] ?? '')} as a parameter or variable`,
      );
    default:
      throw refuse(context, String(node['type'] ?? 'expression'));
  }
}

function translateCase(context: DialectContext, node: Foreign): ExpressionNode {
  only(context, node, 'CASE', 'type', 'expr', 'args');
  const branches: { when: ExpressionNode; then: ExpressionNode }[] = [];
  let otherwise: ExpressionNode | undefined;
  for (const value of listOf(node['args'])) {
    const branch = nodeOf(context, value, 'CASE');
    const result = translateExpression(context, branch['result']);
    if (branch['type'] === 'else') otherwise = result;
    else branches.push({ when: translateExpression(context, branch['cond']), then: result });
  }
  const operand = present(node['expr']) ? translateExpression(context, node['expr']) : undefined;
  return { kind: 'case', operand, branches, otherwise, ...AT };
}

const CAST_TYPES: Readonly<Record<string, TypeName>> = {
  INT: 'signed', INTEGER: 'signed', BIGINT: 'signed', SMALLINT: 'signed', TINYINT: 'signed', INT2: 'signed', INT4: 'signed', INT8: 'signed',
  INT64: 'signed', SIGNED: 'signed', UNSIGNED: 'signed', NUMERIC: 'decimal', DECIMAL: 'decimal', NUMBER: 'decimal', BIGNUMERIC: 'decimal',
  TEXT: 'char', VARCHAR: 'char', CHAR: 'char', CHARACTER: 'char', 'CHARACTER VARYING': 'char', NVARCHAR: 'char', NCHAR: 'char',
  STRING: 'char', DATE: 'date', TIME: 'time', TIMESTAMP: 'datetime', DATETIME: 'datetime', DATETIME2: 'datetime', REAL: 'double',
  FLOAT: 'double', FLOAT4: 'double', FLOAT8: 'double', FLOAT64: 'double', DOUBLE: 'double', 'DOUBLE PRECISION': 'double', JSON: 'json',
  JSONB: 'json', BINARY: 'binary', BYTEA: 'binary', BLOB: 'binary',
}; // prettier-ignore

/** `a::text::int` has two targets. */
function translateCast(context: DialectContext, node: Foreign): ExpressionNode {
  only(context, node, 'CAST', 'type', 'keyword', 'symbol', 'expr', 'target', 'as');
  if (String(node['keyword']).toLowerCase() !== 'cast') throw refuse(context, String(node['keyword']).toUpperCase());
  let operand = translateExpression(context, node['expr']);
  for (const value of listOf(node['target'])) operand = castTo(context, operand, nodeOf(context, value, 'CAST'));
  return operand;
}

function castTo(context: DialectContext, operand: ExpressionNode, target: Foreign): ExpressionNode {
  only(context, target, 'CAST', 'dataType', 'length', 'scale', 'suffix');
  const word = String(target['dataType']).toUpperCase();
  if (word === 'BOOL' || word === 'BOOLEAN') return castToBoolean(context, operand);
  if (listOf(target['suffix']).some(present)) throw refuse(context, `${word} ${listOf(target['suffix']).join(' ')}`);
  const name = CAST_TYPES[word];
  if (name === undefined) throw refuse(context, `CAST AS ${word}`);
  let length = typeof target['length'] === 'number' ? target['length'] : undefined;
  let decimals = typeof target['scale'] === 'number' ? target['scale'] : undefined;
  if (name === 'signed' || name === 'double' || name === 'json' || name === 'date') length = undefined;
  // Without digits: all that there are. MySQL's own default would round to integers or seconds.
  if (name === 'decimal' && length === undefined) [length, decimals] = [65, 30];
  if ((name === 'datetime' || name === 'time') && length === undefined) length = 6;
  const type: DataType = {
    name,
    length,
    decimals,
    unsigned: word === 'UNSIGNED',
    zerofill: false,
    binary: false,
    ...AT,
  };
  return { kind: 'cast', operand, type, array: false, ...AT };
}

function castToBoolean(context: DialectContext, operand: ExpressionNode): ExpressionNode {
  if (operand.kind === 'literal' && operand.literal === 'string') {
    const word = operand.value.trim().toLowerCase();
    if (/^(t|true|y|yes|on|1|f|false|n|no|off|0)$/.test(word)) {
      return {
        kind: 'literal',
        literal: 'boolean',
        value: /^(t|true|y|yes|on|1)$/.test(word),
        parameterIndex: -1,
        ...AT,
      };
    }
    throw refuse(context, 'CAST AS BOOLEAN of that text');
  }
  return { kind: 'binary', operator: '!=', left: operand, right: integer(0), ...AT };
}

function functionName(context: DialectContext, node: Foreign): string {
  const name = nodeOf(context, node['name'], 'function');
  if (present(name['schema'])) throw refuse(context, 'function of a schema');
  return listOf(name['name'])
    .map((part) => nameOf(context, part))
    .join('.');
}

export function translateArguments(context: DialectContext, args: unknown): ExpressionNode[] {
  return isNode(args) && args['type'] === 'expr_list'
    ? translateExpressions(context, args['value'])
    : translateExpressions(context, args);
}

/** Other names for what we have. `isnull` with two arguments is T-SQL's. */
const FUNCTION_NAMES: Readonly<Record<string, string>> = {
  getdate: 'now', sysdatetime: 'now', len: 'char_length', length: 'char_length', iff: 'if', nvl: 'ifnull', random: 'rand', substr: 'substring',
  strpos: 'instr', current_timestamp: 'now', current_date: 'curdate', current_time: 'curtime', localtimestamp: 'now', ceil: 'ceiling',
  charindex: 'locate', datalength: 'length', octet_length: 'length',
}; // prettier-ignore

const REFUSED_FUNCTIONS: ReadonlySet<string> = new Set([
  'convert', 'to_timestamp', 'chr', 'rollup', 'cube', 'grouping sets', 'generate_series', 'unnest', 'top', 'any', 'all', 'some', 'array',
]); // prettier-ignore

function translateFunction(context: DialectContext, node: Foreign): ExpressionNode {
  only(context, node, 'function', 'type', 'name', 'args', 'over');
  const name = functionName(context, node).toLowerCase();
  const dateArithmetic = translateDateFunction(context, name, node['args']);
  if (dateArithmetic !== undefined) return dateArithmetic;
  if (name === 'exists') return exists(context, listOf(nodeOf(context, node['args'], 'EXISTS')['value'])[0]);
  const args = translateArguments(context, node['args']);
  if (name === 'not' && args.length === 1) return not(args[0]!);
  if (REFUSED_FUNCTIONS.has(name) && !context.likeMysql) throw refuse(context, `${name.toUpperCase()}()`);
  if (present(node['over'])) return windowNode(context, name, args, false, node['over']);
  if (name === 'isnull' && args.length === 2) return call('ifnull', ...args);
  // MySQL's LENGTH counts bytes; theirs counts characters.
  const renamed = context.likeMysql ? undefined : FUNCTION_NAMES[name];
  return call(renamed ?? name, ...args);
}

/** DATE_ADD(d, INTERVAL n unit) and its kin. */
function translateDateFunction(context: DialectContext, name: string, args: unknown): ExpressionNode | undefined {
  if (!/^(date_add|date_sub|adddate|subdate)$/.test(name)) return undefined;
  const [operand, interval] = listOf(isNode(args) ? args['value'] : args);
  if (!isNode(interval) || interval['type'] !== 'interval') return undefined;
  return translateInterval(context, translateExpression(context, operand), /sub/.test(name) ? '-' : '+', interval);
}
