/**
 * Expressions as text again. Every operand that is itself an operation stands in parentheses, as in MySQL's view definitions, so the text
 * reads the same under any precedence; the parser drops the parentheses again.
 *
 * The text is for the default sql_mode: names in backticks, strings in single quotes with backslash escapes.
 */
import { unreachable } from '../../base/assert.ts';
import type { BinaryNode, DataType, ExpressionNode, FrameBoundNode, JsonOnResponse, LiteralNode, OrderItem, TableName, WindowNode, WindowSpecification } from './ast.ts'; // prettier-ignore
import { restoreQuery } from './restore-query.ts';

export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function quoteString(value: string): string {
  return `'${value.replace(/['\\]|\p{Cc}/gu, (letter) => ESCAPES[letter] ?? letter)}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "'": "''", '\\': '\\\\', '\0': '\\0', '\n': '\\n', '\r': '\\r', '\x1a': '\\Z',
}; // prettier-ignore

export function restoreNames(names: readonly string[]): string {
  return names.map(quoteName).join(', ');
}

export function restoreTableName(table: TableName): string {
  return table.schema === undefined ? quoteName(table.name) : `${quoteName(table.schema)}.${quoteName(table.name)}`;
}

export function restoreExpressions(list: readonly ExpressionNode[]): string {
  return list.map(restoreExpression).join(', ');
}

/** With parentheses round what is more than one piece, as it stands beside an operator, and as MySQL keeps it in definitions. */
export function restoreOperand(node: ExpressionNode): string {
  switch (node.kind) {
    case 'unary':
    case 'binary':
    case 'logical':
    case 'is':
    case 'like':
    case 'regexp':
    case 'between':
    case 'in-list':
    case 'in-query':
    case 'quantified':
    case 'collate':
    case 'date-arithmetic':
    case 'assignment':
      return `(${restoreExpression(node)})`;
    default:
      return restoreExpression(node);
  }
}

/** Operators of one precedence, which associate to the left. */
const CHAINS: Readonly<Record<string, string>> = {
  '+': '+', '-': '+', '*': '*', '/': '*', '%': '*', DIV: '*', '<<': '<<', '>>': '<<', '&': '&', '|': '|', '^': '^', '||': '||', XOR: 'XOR',
  '=': '=', '<=>': '=', '!=': '=', '<': '=', '<=': '=', '>': '=', '>=': '=',
}; // prettier-ignore

/** `a + b - c` needs no parentheses; with them, a chain of a thousand would nest a thousand deep. */
function leftOperand(node: BinaryNode): string {
  const { left } = node;
  const chain = CHAINS[node.operator];
  return chain !== undefined && left.kind === 'binary' && CHAINS[left.operator] === chain
    ? restoreExpression(left)
    : restoreOperand(left);
}

function not(negated: boolean): string {
  return negated ? ' not' : '';
}

export function restoreExpression(node: ExpressionNode): string {
  switch (node.kind) {
    case 'literal':
      return restoreLiteral(node);
    case 'parameter':
      return '?';
    case 'column': {
      const table = node.table === undefined ? '' : `${quoteName(node.table)}.`;
      return `${node.schema === undefined ? '' : `${quoteName(node.schema)}.`}${table}${quoteName(node.name)}`;
    }
    case 'user-variable':
      return restoreVariable(node.name);
    case 'system-variable':
      return `@@${node.scope === 'default' ? '' : `${node.scope}.`}${node.name.split('.').map(quoteName).join('.')}`;
    case 'assignment':
      return `${restoreVariable(node.variable.name)} := ${restoreOperand(node.value)}`;
    case 'unary':
      return `${/\w/.test(node.operator) ? `${node.operator.toLowerCase()} ` : node.operator}${restoreOperand(node.operand)}`;
    case 'binary':
      if (node.operator === 'MEMBER OF')
        return `${restoreOperand(node.left)} member of (${restoreOperand(node.right)})`;
      return `${leftOperand(node)} ${node.operator === '!=' ? '<>' : node.operator.toLowerCase()} ${restoreOperand(node.right)}`;
    case 'logical':
      return node.operands.map(restoreOperand).join(` ${node.operator.toLowerCase()} `);
    case 'is':
      return `${restoreOperand(node.operand)} is${not(node.negated)} ${node.test.toLowerCase()}`;
    case 'like': {
      const escape = node.escape === undefined ? '' : ` escape ${restoreOperand(node.escape)}`;
      return `${restoreOperand(node.operand)}${not(node.negated)} like ${restoreOperand(node.pattern)}${escape}`;
    }
    case 'regexp':
      return `${restoreOperand(node.operand)}${not(node.negated)} regexp ${restoreOperand(node.pattern)}`;
    case 'between':
      return `${restoreOperand(node.operand)}${not(node.negated)} between ${restoreOperand(node.lower)} and ${restoreOperand(node.upper)}`;
    case 'in-list':
      return `${restoreOperand(node.operand)}${not(node.negated)} in (${restoreExpressions(node.list)})`;
    case 'in-query':
      return `${restoreOperand(node.operand)}${not(node.negated)} in (${restoreQuery(node.query)})`;
    case 'quantified':
      return `${restoreOperand(node.left)} ${node.operator} ${node.quantifier.toLowerCase()} (${restoreQuery(node.query)})`;
    case 'exists':
      return `exists (${restoreQuery(node.query)})`;
    case 'subquery':
      return `(${restoreQuery(node.query)})`;
    case 'row':
      return `row(${restoreExpressions(node.items)})`;
    case 'date-arithmetic':
      return `${restoreOperand(node.operand)} ${node.operator} interval ${restoreOperand(node.amount)} ${node.unit.toLowerCase()}`;
    case 'collate':
      return `${restoreOperand(node.operand)} collate ${node.collation}`;
    default:
      return restoreFunction(node);
  }
}

type FunctionNode = Extract<
  ExpressionNode,
  { kind: 'case' | 'cast' | 'convert-using' | 'extract' | 'trim' | 'call' | 'aggregate' | 'window' | 'values-reference' | 'default' | 'match' | 'json-value' }
>; // prettier-ignore

function restoreFunction(node: FunctionNode): string {
  switch (node.kind) {
    case 'case': {
      const head = node.operand === undefined ? 'case' : `case ${restoreExpression(node.operand)}`;
      const branches = node.branches.map(
        (one) => ` when ${restoreExpression(one.when)} then ${restoreExpression(one.then)}`,
      );
      const otherwise = node.otherwise === undefined ? '' : ` else ${restoreExpression(node.otherwise)}`;
      return `${head}${branches.join('')}${otherwise} end`;
    }
    case 'cast':
      return `cast(${restoreExpression(node.operand)} as ${restoreCastType(node.type)}${node.array ? ' array' : ''})`;
    case 'convert-using':
      return `convert(${restoreExpression(node.operand)} using ${node.charset})`;
    case 'extract':
      return `extract(${node.unit.toLowerCase()} from ${restoreExpression(node.operand)})`;
    case 'trim': {
      const remove = node.remove === undefined ? '' : ` ${restoreExpression(node.remove)}`;
      return `trim(${node.mode.toLowerCase()}${remove} from ${restoreExpression(node.operand)})`;
    }
    case 'call': {
      const name =
        node.schema === undefined ? callName(node.name) : `${quoteName(node.schema)}.${quoteName(node.name)}`;
      if (node.name === 'get_format' && node.args.length === 2 && node.args[0]!.kind === 'literal') {
        return `get_format(${String(node.args[0]!.value).toLowerCase()}, ${restoreExpression(node.args[1]!)})`;
      }
      const unit = node.unit === undefined ? '' : `${node.unit.toLowerCase()}, `;
      const using = node.charset === undefined ? '' : ` using ${node.charset}`;
      const as = node.as === undefined ? '' : ` as ${restoreCastType(node.as)}`;
      return `${name}(${unit}${restoreExpressions(node.args)}${using}${as})`;
    }
    case 'aggregate': {
      const order = node.orderBy === undefined ? '' : ` order by ${restoreOrder(node.orderBy)}`;
      const separator = node.separator === undefined ? '' : ` separator ${quoteString(node.separator)}`;
      return `${node.name}(${aggregateArguments(node)}${order}${separator})`;
    }
    case 'window':
      return restoreWindow(node);
    case 'values-reference':
      return `values(${restoreExpression(node.column)})`;
    case 'default':
      return node.column === undefined ? 'default' : `default(${restoreExpression(node.column)})`;
    case 'match': {
      const mode = { BOOLEAN: ' in boolean mode', 'QUERY EXPANSION': ' with query expansion', 'NATURAL LANGUAGE': '', 'NATURAL LANGUAGE WITH QUERY EXPANSION': ' in natural language mode with query expansion' }; // prettier-ignore
      return `match (${restoreExpressions(node.columns)}) against (${restoreOperand(node.against)}${mode[node.mode]})`;
    }
    case 'json-value': {
      const returning = node.returning === undefined ? '' : ` returning ${restoreCastType(node.returning)}`;
      const responses = restoreResponses(node.onEmpty, node.onError);
      return `json_value(${restoreExpression(node.operand)}, ${restoreExpression(node.path)}${returning}${responses})`;
    }
    default:
      return unreachable(node);
  }
}

/** Names that are no plain words are quoted; so is nothing else, since a quoted name is never a built-in's keyword. */
function callName(name: string): string {
  return /^[a-z_$][\w$]*$/.test(name) ? name : quoteName(name);
}

function aggregateArguments(node: {
  readonly name: string;
  readonly args: readonly ExpressionNode[];
  readonly distinct: boolean;
}): string {
  if (node.name === 'count' && node.args.length === 0) return '*';
  return `${node.distinct ? 'distinct ' : ''}${restoreExpressions(node.args)}`;
}

function restoreWindow(node: WindowNode): string {
  const plain = ['row_number', 'rank', 'dense_rank', 'cume_dist', 'percent_rank'].includes(node.name);
  const from = node.fromLast ? ' from last' : '';
  const nulls = node.nullTreatment === undefined ? '' : ` ${node.nullTreatment.toLowerCase()} nulls`;
  const over =
    node.over.kind === 'name' ? quoteName(node.over.name) : restoreWindowSpecification(node.over.specification);
  return `${node.name}(${plain ? '' : aggregateArguments(node)})${from}${nulls} over ${over}`;
}

export function restoreWindowSpecification(specification: WindowSpecification): string {
  const parts: string[] = [];
  if (specification.base !== undefined) parts.push(quoteName(specification.base));
  if (specification.partitionBy.length > 0) parts.push(`partition by ${restoreExpressions(specification.partitionBy)}`);
  if (specification.orderBy.length > 0) parts.push(`order by ${restoreOrder(specification.orderBy)}`);
  const frame = specification.frame;
  if (frame !== undefined) {
    const exclude = frame.exclude === undefined ? '' : ` exclude ${frame.exclude.toLowerCase()}`;
    parts.push(
      `${frame.unit.toLowerCase()} between ${restoreBound(frame.from)} and ${restoreBound(frame.to)}${exclude}`,
    );
  }
  return `(${parts.join(' ')})`;
}

function restoreBound(bound: FrameBoundNode): string {
  if (bound.kind !== 'preceding' && bound.kind !== 'following') return bound.kind.replace('-', ' ');
  if (bound.unit !== undefined)
    return `interval ${restoreOperand(bound.offset)} ${bound.unit.toLowerCase()} ${bound.kind}`;
  return `${restoreOperand(bound.offset)} ${bound.kind}`;
}

export function restoreOrder(items: readonly OrderItem[]): string {
  return items.map((item) => `${restoreExpression(item.expression)}${item.descending ? ' desc' : ''}`).join(', ');
}

export function restoreVariable(name: string): string {
  return /^[\w$.]+$/.test(name) ? `@${name}` : `@${quoteName(name)}`;
}

function restoreLiteral(node: LiteralNode): string {
  switch (node.literal) {
    case 'null':
      return 'null';
    case 'boolean':
      return node.value ? 'true' : 'false';
    case 'integer':
      return String(node.value);
    case 'decimal':
      return node.value;
    case 'float': {
      const text = String(node.value);
      return text.includes('e') ? text : `${text}e0`;
    }
    case 'string':
      return node.charset === undefined ? quoteString(node.value) : `_${node.charset}${quoteString(node.value)}`;
    case 'bytes': {
      let digits = '';
      for (const byte of node.value) digits += byte.toString(16).padStart(2, '0');
      return `${node.charset === undefined ? '' : `_${node.charset} `}x'${digits}'`;
    }
    case 'date':
    case 'time':
    case 'timestamp':
      return `${node.literal} ${quoteString(node.value)}`;
    default:
      return unreachable(node);
  }
}

export function restoreResponses(onEmpty: JsonOnResponse | undefined, onError: JsonOnResponse | undefined): string {
  const empty = onEmpty === undefined ? '' : ` ${restoreResponse(onEmpty)} on empty`;
  return onError === undefined ? empty : `${empty} ${restoreResponse(onError)} on error`;
}

function restoreResponse(response: JsonOnResponse): string {
  return response.kind === 'default' ? `default ${restoreOperand(response.value)}` : response.kind;
}

// ---- types ----

function lengthsOf(type: DataType): string {
  if (type.length === undefined) return '';
  return type.decimals === undefined ? `(${type.length})` : `(${type.length},${type.decimals})`;
}

function restoreCastType(type: DataType): string {
  if (type.name === 'signed') return type.unsigned ? 'unsigned' : 'signed';
  const charset = type.charset === undefined ? '' : ` charset ${type.charset}`;
  return `${type.name}${lengthsOf(type)}${charset}${type.binary ? ' binary' : ''}`;
}

export function restoreType(type: DataType): string {
  if (type.serial === true) return 'serial';
  let text: string = type.name;
  if (type.elements !== undefined) text += `(${type.elements.map(quoteString).join(',')})`;
  else text += lengthsOf(type);
  if (type.unsigned) text += ' unsigned';
  if (type.zerofill) text += ' zerofill';
  if (type.charset !== undefined) text += ` character set ${type.charset}`;
  if (type.binary) text += ' binary';
  if (type.collation !== undefined) text += ` collate ${type.collation}`;
  return text;
}
