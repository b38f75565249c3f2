/** Expressions as MySQL writes them in messages: ``BIGINT value is out of range in '(`t`.`a` + 1)'``. */
import { DateTime } from '../../base/value/date-time.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { Json } from '../../base/value/json.ts';
import { printJson } from '../../base/value/json-print.ts';
import { formatDouble } from '../../base/value/number-text.ts';
import type { Expression } from '../../proto/plan/expression.ts';

const INFIX: Readonly<Record<string, string>> = {
  plus: '+', minus: '-', mul: '*', div: '/', intdiv: 'DIV', mod: '%', eq: '=', nulleq: '<=>', ne: '<>', lt: '<', le: '<=',
  gt: '>', ge: '>=', and: 'and', or: 'or', xor: 'xor', bitand: '&', bitor: '|', bitxor: '^', shl: '<<', shr: '>>', like: 'like',
}; // prettier-ignore

/** Long expressions are cut: the text only helps a reader to find the place. */
const LENGTH_MAX = 200;

export function printExpression(expression: Expression): string {
  const text = print(expression, 0);
  return text.length > LENGTH_MAX ? text.slice(0, LENGTH_MAX - 3) + '...' : text;
}

function print(expression: Expression, depth: number): string {
  if (depth > 20) return '...';
  switch (expression.kind) {
    case 'column':
      return expression.name.split('.').map((part) => '`' + part + '`').join('.'); // prettier-ignore
    case 'parameter':
      return '?';
    case 'constant': {
      const { value } = expression;
      if (value === null) return 'NULL';
      if (typeof value === 'string') return `'${value}'`;
      if (typeof value === 'number') return formatDouble(value);
      if (value instanceof Uint8Array) return '0x' + Buffer.from(value).toString('hex');
      if (value instanceof Decimal || typeof value === 'bigint') return String(value);
      if (value instanceof DateTime || value instanceof Duration)
        return `'${value.toString(expression.type.decimals)}'`;
      return value instanceof Json ? `'${printJson(value.node)}'` : '?';
    }
    case 'call': {
      const operator = INFIX[expression.name];
      const args = expression.args.map((arg) => print(arg, depth + 1));
      if (operator !== undefined && args.length === 2) return `(${args[0]} ${operator} ${args[1]})`;
      if (expression.name === 'neg') return `-(${args[0]})`;
      // Conversions that nobody wrote are not shown.
      if (expression.name === 'cast') return args[0]!;
      return `${expression.name}(${args.join(',')})`;
    }
  }
}
