/**
 * Aggregates, window functions, and the windows themselves. An aggregate with OVER is a window function.
 */
import type { AggregateNode, ExpressionNode, FrameBoundNode, WindowFrameNode, WindowNode, WindowReference, WindowSpecification } from './ast.ts'; // prettier-ignore
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { parseBits, parseExpression, parseExpressions } from './parser-expression.ts';
import { parseUnit } from './parser-function.ts';
import { parseOrderItems } from './parser-query.ts';

/** Word → canonical name. */
const AGGREGATES: Readonly<Record<string, string>> = {
  COUNT: 'count', SUM: 'sum', AVG: 'avg', MIN: 'min', MAX: 'max', BIT_AND: 'bit_and', BIT_OR: 'bit_or', BIT_XOR: 'bit_xor',
  STD: 'stddev_pop', STDDEV: 'stddev_pop', STDDEV_POP: 'stddev_pop', STDDEV_SAMP: 'stddev_samp', VARIANCE: 'var_pop',
  VAR_POP: 'var_pop', VAR_SAMP: 'var_samp', GROUP_CONCAT: 'group_concat', JSON_ARRAYAGG: 'json_arrayagg', JSON_OBJECTAGG: 'json_objectagg',
}; // prettier-ignore

const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set([
  'ROW_NUMBER', 'RANK', 'DENSE_RANK', 'CUME_DIST', 'PERCENT_RANK', 'NTILE', 'LEAD', 'LAG', 'FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE',
]); // prettier-ignore

const DISTINCT_ALLOWED: ReadonlySet<string> = new Set(['SUM', 'AVG', 'MIN', 'MAX', 'COUNT', 'GROUP_CONCAT']);

export function isAggregate(word: string): boolean {
  return AGGREGATES[word] !== undefined;
}

export function isWindowFunction(word: string): boolean {
  return WINDOW_FUNCTIONS.has(word);
}

/** At the name. */
export function parseAggregate(parser: Parser, word: string): AggregateNode | WindowNode {
  const start = parser.start;
  const name = AGGREGATES[word]!;
  parser.advance();
  parser.expect('(');
  let distinct = false;
  if (DISTINCT_ALLOWED.has(word)) distinct = parser.accept('DISTINCT');
  if (!distinct && word !== 'GROUP_CONCAT') parser.accept('ALL');
  const args = word === 'COUNT' && !distinct && parser.accept('*') ? [] : parseArguments(parser, word, distinct);
  const node: Mutable<AggregateNode> = { kind: 'aggregate', name, args, distinct, start, end: 0 };
  if (word === 'GROUP_CONCAT') {
    if (parser.accept('ORDER')) {
      parser.expect('BY');
      node.orderBy = parseOrderItems(parser);
    }
    if (parser.accept('SEPARATOR')) node.separator = parser.textString();
  }
  parser.expect(')');
  node.end = parser.previousEnd;
  if (parser.word !== 'OVER') return node;
  if (word === 'GROUP_CONCAT') throw parser.syntaxError();
  const over = parseOver(parser);
  return { kind: 'window', name, args, distinct, fromLast: false, over, start, end: parser.previousEnd };
}

function parseArguments(parser: Parser, word: string, distinct: boolean): ExpressionNode[] {
  const args = parseExpressions(parser);
  const countMax =
    word === 'GROUP_CONCAT' || (word === 'COUNT' && distinct) ? Infinity : word === 'JSON_OBJECTAGG' ? 2 : 1;
  if (args.length > countMax || (word === 'JSON_OBJECTAGG' && args.length !== 2)) throw parser.syntaxError();
  return args;
}

/** Functions that need OVER. */
export function parseWindowFunction(parser: Parser, word: string): WindowNode {
  const start = parser.start;
  parser.advance();
  parser.expect('(');
  const args = parser.word === ')' ? [] : parseExpressions(parser);
  const [countMin, countMax] = argumentCounts(word);
  if (args.length < countMin || args.length > countMax) throw parser.syntaxError();
  parser.expect(')');
  let fromLast = false;
  if (word === 'NTH_VALUE' && parser.accept('FROM')) {
    fromLast = parser.accept('LAST');
    if (!fromLast) parser.expect('FIRST');
  }
  const nullTreatment = parser.acceptAny('RESPECT', 'IGNORE') as 'RESPECT' | 'IGNORE' | undefined;
  if (nullTreatment !== undefined) parser.expect('NULLS');
  const over = parseOver(parser);
  return {
    kind: 'window',
    name: word.toLowerCase(),
    args,
    distinct: false,
    fromLast,
    nullTreatment,
    over,
    start,
    end: parser.previousEnd,
  };
}

function argumentCounts(word: string): readonly [number, number] {
  switch (word) {
    case 'NTILE':
    case 'FIRST_VALUE':
    case 'LAST_VALUE':
      return [1, 1];
    case 'NTH_VALUE':
      return [2, 2];
    case 'LEAD':
    case 'LAG':
      return [1, 3];
    default:
      return [0, 0];
  }
}

function parseOver(parser: Parser): WindowReference {
  parser.expect('OVER');
  if (parser.word === '(') return { kind: 'specification', specification: parseWindowSpecification(parser) };
  return { kind: 'name', name: parser.name() };
}

/** `( [name] [PARTITION BY …] [ORDER BY …] [frame] )`. */
export function parseWindowSpecification(parser: Parser): WindowSpecification {
  parser.enter();
  parser.expect('(');
  const specification: Mutable<WindowSpecification> = { partitionBy: [], orderBy: [] };
  if (parser.isName) specification.base = parser.name();
  if (parser.accept('PARTITION')) {
    parser.expect('BY');
    specification.partitionBy = parseExpressions(parser);
  }
  if (parser.accept('ORDER')) {
    parser.expect('BY');
    specification.orderBy = parseOrderItems(parser);
  }
  const unit = parser.acceptAny('ROWS', 'RANGE', 'GROUPS') as WindowFrameNode['unit'] | undefined;
  if (unit !== undefined) specification.frame = parseFrame(parser, unit);
  parser.expect(')');
  parser.leave();
  return specification;
}

function parseFrame(parser: Parser, unit: WindowFrameNode['unit']): WindowFrameNode {
  let from: FrameBoundNode;
  let to: FrameBoundNode = { kind: 'current-row' };
  if (parser.accept('BETWEEN')) {
    from = parseBound(parser);
    parser.expect('AND');
    to = parseBound(parser);
  } else {
    from = parseBound(parser);
    if (from.kind === 'following' || from.kind === 'unbounded-following') throw parser.syntaxError();
  }
  if (!parser.accept('EXCLUDE')) return { unit, from, to };
  if (parser.accept('CURRENT')) {
    parser.expect('ROW');
    return { unit, from, to, exclude: 'CURRENT ROW' };
  }
  if (parser.accept('NO')) {
    parser.expect('OTHERS');
    return { unit, from, to, exclude: 'NO OTHERS' };
  }
  const exclude = parser.acceptAny('GROUP', 'TIES') as 'GROUP' | undefined;
  if (exclude === undefined) throw parser.syntaxError();
  return { unit, from, to, exclude };
}

function parseBound(parser: Parser): FrameBoundNode {
  if (parser.accept('UNBOUNDED')) {
    if (parser.accept('PRECEDING')) return { kind: 'unbounded-preceding' };
    parser.expect('FOLLOWING');
    return { kind: 'unbounded-following' };
  }
  if (parser.accept('CURRENT')) {
    parser.expect('ROW');
    return { kind: 'current-row' };
  }
  let offset: ExpressionNode;
  let unit;
  if (parser.accept('INTERVAL')) {
    offset = parseExpression(parser);
    unit = parseUnit(parser);
  } else {
    if (parser.type === Token.STRING) throw parser.syntaxError();
    offset = parseBits(parser, 4);
  }
  const direction = parser.acceptAny('PRECEDING', 'FOLLOWING');
  if (direction === undefined) throw parser.syntaxError();
  return { kind: direction === 'PRECEDING' ? 'preceding' : 'following', offset, unit };
}
