/**
 * Which collation wins when texts meet. Each operand has a strength: what COLLATE says (0), a conflict already (1), a column
 * (2), a system constant such as USER() (3), a literal or parameter (4), numbers and dates made into text (5), NULL (6). The
 * lower number wins; two different collations of the same strength are an error (1267), except that a `_bin` collation wins over
 * its siblings and that bytes win over text.
 */
import { SqlError } from '../../base/error.ts';
import { collationNamed } from '../../base/value/collation/index.ts';
import { COLLATION_DEFAULT, isBinaryString, isString } from '../../base/value/field-type.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { isJson, isNullType } from './types.ts';

const STRENGTH_NAMES = ['EXPLICIT', 'NONE', 'IMPLICIT', 'SYSCONST', 'COERCIBLE', 'NUMERIC', 'IGNORABLE'];

const SYSTEM_CONSTANTS = new Set([
  'user',
  'current_user',
  'session_user',
  'system_user',
  'database',
  'schema',
  'version',
  'current_role',
]);

const strengths = new WeakMap<CallExpression, number>();

/** COERCIBILITY() of an expression. */
export function coercibility(expression: Expression): number {
  if (isNullType(expression.type)) return 6;
  if (!isString(expression.type) && !isJson(expression.type)) return 5;
  switch (expression.kind) {
    case 'column':
      return 2;
    case 'constant':
    case 'parameter':
      return 4;
    case 'call': {
      let strength = strengths.get(expression);
      if (strength === undefined) {
        strength = strengthOfCall(expression);
        strengths.set(expression, strength);
      }
      return strength;
    }
  }
}

function strengthOfCall(expression: CallExpression): number {
  if (expression.name === 'collate') return 0;
  if (expression.name === 'get_user_variable' || expression.name === 'set_user_variable') return 2;
  if (SYSTEM_CONSTANTS.has(expression.name)) return 3;
  if (expression.name === 'cast' || expression.name === 'convert_using') {
    const inner = coercibility(expression.args[0]!);
    return inner === 6 ? 6 : inner === 5 ? 5 : Math.max(inner, 2);
  }
  let strength = 5;
  for (const arg of expression.args) {
    const one = coercibility(arg);
    // HEX, DATE_FORMAT and their like give text of the connection's collation, not of their argument's.
    if (one < strength && (!isString(expression.type) || arg.type.collation === expression.type.collation))
      strength = one;
  }
  return strength === 5 ? 4 : strength;
}

/** The collation the operands agree on. `operation` is named by the error, as MySQL prints it (`=`, `concat`). */
export function agreeCollation(
  args: readonly Expression[],
  operation: string,
  fallback: string = COLLATION_DEFAULT,
): string {
  let winner: Expression | undefined;
  let strength = 7;
  for (const arg of args) {
    if (!isString(arg.type) && !isJson(arg.type)) continue;
    const one = coercibility(arg);
    if (winner === undefined) {
      winner = arg;
      strength = one;
      continue;
    }
    const ours = winner.type.collation;
    const theirs = arg.type.collation;
    if (ours === theirs) {
      strength = Math.min(strength, one);
      continue;
    }
    const oursBinary = isBinaryString(winner.type);
    const theirsBinary = isBinaryString(arg.type);
    if (oursBinary !== theirsBinary && one > 0 && strength > 0) {
      // Bytes against text: the bytes decide, unless they are the weaker literal.
      if ((theirsBinary && one <= strength) || (oursBinary && one < strength)) {
        if (theirsBinary || one < strength) [winner, strength] = [arg, one];
      }
      continue;
    }
    if (one < strength) [winner, strength] = [arg, one];
    else if (one === strength && one < 6) {
      if (one === 5) continue;
      const resolved = one === 0 ? undefined : binarySibling(ours, theirs);
      if (resolved === undefined) throw illegalMix(winner, strength, arg, one, operation);
      if (resolved === theirs) winner = arg;
    }
  }
  if (winner === undefined || strength >= 5)
    return winner !== undefined && isString(winner.type) && strength < 5 ? winner.type.collation : fallback;
  return winner.type.collation;
}

/** What holds all characters of the sets below it wins over them. */
const BREADTH: Readonly<Record<string, number>> = {
  ascii: 0, latin1: 1, gbk: 1, utf8mb3: 2, ucs2: 2, utf8mb4: 3, utf16: 3, utf16le: 3, utf32: 3,
}; // prettier-ignore

/** Of two collations of one character set the `_bin` one wins; of two sets the one that holds the other's characters. */
function binarySibling(a: string, b: string): string | undefined {
  const x = collationNamed(a);
  const y = collationNamed(b);
  if (x === undefined || y === undefined) return undefined;
  if (x.charset !== y.charset) {
    const ours = BREADTH[x.charset] ?? 0;
    const theirs = BREADTH[y.charset] ?? 0;
    return ours === theirs && ours < 2 ? undefined : ours >= theirs ? a : b;
  }
  const isBinary = (name: string): boolean => name.endsWith('_bin');
  if (isBinary(a) === isBinary(b)) return undefined;
  return isBinary(a) ? a : b;
}

function illegalMix(a: Expression, aStrength: number, b: Expression, bStrength: number, operation: string): SqlError {
  return new SqlError(
    1267,
    'HY000',
    `Illegal mix of collations (${a.type.collation},${STRENGTH_NAMES[aStrength]}) and (${b.type.collation},${STRENGTH_NAMES[bStrength]}) for operation '${operation}'`,
  );
}
