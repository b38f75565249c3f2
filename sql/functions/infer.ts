/** `inferCall`: a name and arguments to a typed call with its conversions in place, or the error MySQL gives. */
import { SqlError } from '../../base/error.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { definitionOf, OPERANDS_MAX, type InferOptions } from './definition.ts';

export function inferCall(name: string, args: readonly Expression[], options: InferOptions = {}): Expression {
  const definition = definitionOf(name) ?? definitionOf(name.toLowerCase());
  if (definition === undefined) {
    const database = databaseOf(options);
    throw new SqlError(1305, '42000', `FUNCTION ${database === undefined ? '' : database + '.'}${name} does not exist`);
  }
  if (args.length > OPERANDS_MAX && definition.argsMax === OPERANDS_MAX) {
    const what = `${name.toUpperCase()} with more than ${OPERANDS_MAX} operands`;
    throw new SqlError(1235, '42000', `This version of Rutile doesn't yet support '${what}'`);
  }
  if (args.length < definition.argsMin || args.length > definition.argsMax) {
    throw new SqlError(1582, '42000', `Incorrect parameter count in the call to native function '${name}'`);
  }
  return definition.infer(args, options);
}

function databaseOf(options: InferOptions): string | undefined {
  return options.context?.session.database;
}
