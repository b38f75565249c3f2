/** CAST, CONVERT … USING, COLLATE, BINARY, and `to_json`, which the binder puts where a SQL value meets a document. */
import { SqlError } from '../../base/error.ts';
import { collationNamed, defaultCollation } from '../../base/value/collation/index.ts';
import { isString, JSON_TYPE, type FieldType } from '../../base/value/field-type.ts';
import { Json } from '../../base/value/json.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { assert } from '../../base/assert.ts';
import { castTo } from './cast-to.ts';
import { converter, toJsonNode } from './convert.ts';
import { define, type Evaluator } from './definition.ts';
import { binaryType, call, isJson, textLength, textType } from './types.ts';

function compileConversion(expression: CallExpression, evaluate: Evaluator): Evaluator {
  const convert = converter(expression.args[0]!.type, expression.type);
  return (row, context) => {
    const value = evaluate(row, context);
    return value === null ? null : convert(value, context);
  };
}

define({
  name: 'cast',
  argsMin: 1,
  argsMax: 1,
  keepsGuardDigits: true,
  infer: ([arg], options) => {
    assert(options.type !== undefined, 'a cast without a target type');
    return castTo(arg!, options.type);
  },
  compile: (expression, [arg]) => compileConversion(expression, arg!),
});

/** The character set named by a constant, with its default collation. */
function namedCharset(expression: Expression): { readonly charset: string; readonly collation: string } {
  const name =
    expression.kind === 'constant' && typeof expression.value === 'string' ? expression.value.toLowerCase() : '';
  const collation = defaultCollation(name);
  if (collation === undefined) throw new SqlError(1115, '42000', `Unknown character set: '${name}'`);
  return { charset: name, collation };
}

define({
  name: 'convert_using',
  argsMin: 2,
  argsMax: 2,
  infer: ([arg, charset]) => {
    const target = namedCharset(charset!);
    const length = textLength(arg!.type);
    const type = target.charset === 'binary' ? binaryType(length * 4) : textType(length, target.collation);
    return call('convert_using', [arg!], type);
  },
  compile: (expression, [arg]) => compileConversion(expression, arg!),
});

define({
  name: 'collate',
  argsMin: 2,
  argsMax: 2,
  infer: ([arg, name]) => {
    const wanted = name!.kind === 'constant' && typeof name!.value === 'string' ? name!.value : '';
    const collation = collationNamed(wanted);
    if (collation === undefined) throw new SqlError(1273, 'HY000', `Unknown collation: '${wanted}'`);
    const text = isString(arg!.type) ? arg! : castTo(arg!, textType(textLength(arg!.type), collation.name));
    if (collation.charset !== text.type.charset) {
      throw new SqlError(
        1253,
        '42000',
        `COLLATION '${collation.name}' is not valid for CHARACTER SET '${text.type.charset}'`,
      );
    }
    return call('collate', [text], { ...text.type, collation: collation.name });
  },
  compile: (_expression, [arg]) => arg!,
});

define({
  name: 'to_json',
  argsMin: 1,
  argsMax: 1,
  infer: ([arg]) => call('to_json', [arg!], { ...JSON_TYPE, notNull: arg!.type.notNull }),
  compile: (expression, [arg]) => {
    const type: FieldType = expression.args[0]!.type;
    if (isJson(type)) return arg!;
    const node = toJsonNode(type);
    return (row, context) => {
      const value = arg!(row, context);
      return value === null ? null : new Json(node(value));
    };
  },
});
