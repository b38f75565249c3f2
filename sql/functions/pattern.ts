/**
 * LIKE and the REGEXP family. Patterns are compiled once per value: a constant at compile time, a parameter when it changes, a
 * column's per row (the last one is kept).
 *
 * Regular expressions are JavaScript's in Unicode mode with ICU's spelling where the two differ in common patterns (POSIX
 * classes, `\\A`, `\\z`, word boundaries of old). A pattern that JavaScript cannot read is error 3685-3696's family: 3692.
 */
import { SqlError } from '../../base/error.ts';
import { encodeText } from '../../base/value/charset.ts';
import { BINARY_COLLATION, collationNamed, compileLike, type LikeMatcher } from '../../base/value/collation/index.ts';
import { BIGINT, isBinaryString, type FieldType } from '../../base/value/field-type.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { compileChild } from './comparison.ts';
import type { EvalContext } from './context.ts';
import { agreeCollation } from './collate.ts';
import { characterCount } from './convert.ts';
import { GuardedPattern } from './guarded-match.ts';
import { connectionCollation, convertArgument, define, defineSimple, alias, type Test } from './definition.ts';
import { sliceCharacters } from './string.ts';
import { BOOLEAN, call, textLength, textType } from './types.ts';

// ---- LIKE ----

define({
  name: 'like',
  argsMin: 2,
  argsMax: 3,
  columnar: 'comparison',
  infer: (args, options) => {
    const collation = agreeCollation(args.slice(0, 2), 'like', connectionCollation(options));
    const converted = args.map((arg) => convertArgument(arg, 'string', collation));
    const binary = converted.slice(0, 2).some((arg) => isBinaryString(arg.type));
    return call(
      'like',
      converted,
      { ...BOOLEAN, notNull: converted.every((arg) => arg.type.notNull) },
      binary ? 'binary' : collation,
    );
  },
  compile: (expression) => {
    const match = likeTest(expression);
    return (row, context) => {
      const result = match(row, context);
      return result === null ? null : result ? 1 : 0;
    };
  },
  compileTest: (expression): Test => {
    const match = likeTest(expression);
    return (row, context) => match(row, context) === true;
  },
});

function textOfSide(expression: Expression, binary: boolean): (value: unknown) => string {
  if (isBinaryString(expression.type))
    return (value) => (typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('latin1'));
  const { charset } = expression.type;
  return binary
    ? (value) => Buffer.from(encodeText(value as string, charset)).toString('latin1')
    : (value) => value as string;
}

function likeTest(expression: CallExpression): (row: Parameters<Test>[0], context: EvalContext) => boolean | null {
  const [subject, pattern, escape] = expression.args as readonly [Expression, Expression, Expression | undefined];
  const binary = expression.collation === 'binary';
  const collation = collationNamed(expression.collation ?? 'utf8mb4_0900_ai_ci') ?? BINARY_COLLATION;
  const readSubject = compileChild(subject);
  const readPattern = compileChild(pattern);
  const readEscape = escape === undefined ? undefined : compileChild(escape);
  const subjectText = textOfSide(subject, binary);
  const patternText = textOfSide(pattern, binary);
  let lastPattern: string | undefined;
  let lastEscape: string | undefined;
  let matcher: LikeMatcher = () => false;
  return (row, context) => {
    const value = readSubject(row, context);
    if (value === null) return null;
    const wanted = readPattern(row, context);
    if (wanted === null) return null;
    const given =
      readEscape === undefined
        ? context.sqlMode.noBackslashEscapes
          ? ''
          : '\\'
        : ((readEscape(row, context) as string | null) ?? '\\');
    const written = patternText(wanted);
    if (written !== lastPattern || given !== lastEscape) {
      if (characterCount(given) > 1) throw new SqlError(1210, 'HY000', 'Incorrect arguments to ESCAPE');
      matcher = compileLike(written, given, collation);
      lastPattern = written;
      lastEscape = given;
    }
    return matcher(subjectText(value));
  };
}

// ---- regular expressions ----

const POSIX: Readonly<Record<string, string>> = {
  alpha: '\\p{L}', digit: '\\p{Nd}', alnum: '\\p{L}\\p{Nd}', upper: '\\p{Lu}', lower: '\\p{Ll}', space: '\\s', blank: ' \\t',
  punct: '\\p{P}\\p{S}', xdigit: '0-9A-Fa-f', cntrl: '\\p{Cc}', word: '\\w', print: '\\P{C}', graph: '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}',
}; // prettier-ignore

/** ICU's spelling to JavaScript's. */
function translate(pattern: string): string {
  let result = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '\\') {
      const next = pattern[at + 1];
      if (next === undefined) throw new SyntaxError('a pattern ends in a backslash');
      at++;
      if (next === 'A' && !inClass) result += '(?<![\\s\\S])';
      else if ((next === 'z' || next === 'Z') && !inClass) result += '(?![\\s\\S])';
      else if (next === 'h') result += inClass ? ' \\t' : '[ \\t]';
      // Unicode mode refuses needless escapes of letters' neighbours; they mean themselves.
      else if (/[A-Za-z0-9^$\\.*+?()[\]{}|/-]/.test(next)) result += next === '-' && !inClass ? '-' : '\\' + next;
      else result += next;
      continue;
    }
    if (inClass) {
      const posix = /^\[:(\^?)(\w+):\]/.exec(pattern.slice(at));
      if (posix !== null && POSIX[posix[2]!] !== undefined) {
        result += POSIX[posix[2]!]!;
        at += posix[0].length - 1;
        continue;
      }
      if (character === '[') result += '\\[';
      else {
        if (character === ']') inClass = false;
        result += character;
      }
      continue;
    }
    if (character === '[') {
      const boundary = /^\[\[:([<>]):\]\]/.exec(pattern.slice(at));
      if (boundary !== null) {
        result += boundary[1] === '<' ? '\\b(?=\\w)' : '\\b(?<=\\w)';
        at += boundary[0].length - 1;
        continue;
      }
      inClass = true;
      result += '[';
      if (pattern[at + 1] === '^') {
        result += '^';
        at++;
      }
      if (pattern[at + 1] === ']') {
        result += '\\]';
        at++;
      }
      continue;
    }
    if (character === '{' && !/^\{\d+(,\d*)?\}/.test(pattern.slice(at))) result += '\\{';
    else if (character === '}' && !/\{\d+(,\d*)?$/.test(pattern.slice(0, at))) result += '\\}';
    else if (character === ']') result += '\\]';
    else result += character;
  }
  return result;
}

/** Patterns in use by the process; compiled ones cost a few hundred bytes. */
const PATTERNS_MAX = 256;
const patterns = new Map<string, GuardedPattern>();

function compilePattern(pattern: string, matchType: string, ignoresCase: boolean, name: string): GuardedPattern {
  const key = `${ignoresCase ? 'i' : 'c'}${matchType}\u0000${pattern}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  if (pattern === '') throw new SqlError(3685, 'HY000', 'Illegal argument to a regular expression.');
  let insensitive = ignoresCase;
  let flags = 'gu';
  for (const letter of matchType) {
    if (letter === 'i') insensitive = true;
    else if (letter === 'c') insensitive = false;
    else if (letter === 'm') flags += flags.includes('m') ? '' : 'm';
    else if (letter === 'n') flags += flags.includes('s') ? '' : 's';
    else if (letter !== 'u') throw new SqlError(1210, 'HY000', `Incorrect arguments to ${name}`);
  }
  if (insensitive) flags += 'i';
  let made: GuardedPattern;
  try {
    made = new GuardedPattern(translate(pattern), flags);
  } catch {
    throw new SqlError(3692, 'HY000', 'Syntax error in regular expression on line 1, character 1.');
  }
  if (patterns.size >= PATTERNS_MAX) patterns.clear();
  patterns.set(key, made);
  return made;
}

function ignoresCase(expression: CallExpression): boolean {
  return collationNamed(expression.collation ?? 'utf8mb4_0900_ai_ci')?.ignoresCase ?? false;
}

/** Every match from a character position on (from 0), in characters. */
interface Found {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function findNth(text: string, pattern: GuardedPattern, position: number, occurrence: number): Found | undefined {
  return pattern.run(text, (regexp) => findNthOf(text, regexp, position, occurrence));
}

function findNthOf(text: string, regexp: RegExp, position: number, occurrence: number): Found | undefined {
  const offset = sliceCharacters(text, 0, position).length;
  regexp.lastIndex = offset;
  let found: RegExpExecArray | null = null;
  for (let at = 0; at < occurrence; at++) {
    found = regexp.exec(text);
    if (found === null) return undefined;
    if (found[0] === '') regexp.lastIndex++;
  }
  if (found === null) return undefined;
  const start = characterCount(text.slice(0, found.index));
  return { start, end: start + characterCount(found[0]), text: found[0] };
}

function checkPosition(position: number, text: string): void {
  if (position < 1 || position > characterCount(text) + 1)
    throw new SqlError(3686, 'HY000', 'Index out of bounds in regular expression search.');
}

const ofText = (args: readonly Expression[], collation: string): FieldType =>
  textType(textLength(args[0]!.type), collation);

defineSimple({
  name: 'regexp_like',
  args: ['string', 'string', 'string'],
  argsMin: 2,
  returns: BOOLEAN,
  specialize: (expression) => {
    const insensitive = ignoresCase(expression);
    return (_context, text: string, pattern: string, matchType = '') => {
      return compilePattern(pattern, matchType, insensitive, 'regexp_like').run(text, (regexp) => regexp.test(text))
        ? 1
        : 0;
    };
  },
  evaluate: () => null,
});
alias('regexp', 'regexp_like');
alias('rlike', 'regexp_like');

defineSimple({
  name: 'regexp_instr',
  args: ['string', 'string', 'count', 'count', 'count', 'string'],
  argsMin: 2,
  returns: BIGINT,
  specialize: (expression) => {
    const insensitive = ignoresCase(expression);
    return (_context, text: string, pattern: string, position = 1, occurrence = 1, after = 0, matchType = '') => {
      checkPosition(position, text);
      const found = findNth(
        text,
        compilePattern(pattern, matchType, insensitive, 'regexp_instr'),
        position - 1,
        Math.max(occurrence, 1),
      );
      return found === undefined ? 0 : (after === 1 ? found.end : found.start) + 1;
    };
  },
  evaluate: () => null,
});

defineSimple({
  name: 'regexp_substr',
  args: ['string', 'string', 'count', 'count', 'string'],
  argsMin: 2,
  returns: ofText,
  specialize: (expression) => {
    const insensitive = ignoresCase(expression);
    return (_context, text: string, pattern: string, position = 1, occurrence = 1, matchType = '') => {
      checkPosition(position, text);
      const found = findNth(
        text,
        compilePattern(pattern, matchType, insensitive, 'regexp_substr'),
        position - 1,
        Math.max(occurrence, 1),
      );
      return found === undefined ? null : found.text;
    };
  },
  evaluate: () => null,
});

defineSimple({
  name: 'regexp_replace',
  args: ['string', 'string', 'string', 'count', 'count', 'string'],
  argsMin: 3,
  returns: (args, collation) => textType(textLength(args[0]!.type) * 4 + 1024, collation),
  specialize: (expression) => {
    const insensitive = ignoresCase(expression);
    return (
      _context,
      text: string,
      pattern: string,
      replacement: string,
      position = 1,
      occurrence = 0,
      matchType = '',
    ) => {
      checkPosition(position, text);
      const compiled = compilePattern(pattern, matchType, insensitive, 'regexp_replace');
      const head = sliceCharacters(text, 0, position - 1);
      const tail = text.slice(head.length);
      let seen = 0;
      const replace = (...parts: unknown[]): string => {
        seen++;
        if (occurrence > 0 && seen !== occurrence) return parts[0] as string;
        return fillIn(replacement, parts);
      };
      return head + compiled.run(tail, (regexp) => tail.replace(regexp, replace));
    };
  },
  evaluate: () => null,
});

/** `$1` is a group, `\\$` a dollar. */
function fillIn(replacement: string, parts: readonly unknown[]): string {
  return replacement.replace(/\\(.)|\$(\d)/g, (_whole, escaped: string | undefined, group: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const text = parts[Number(group)];
    return typeof text === 'string' ? text : '';
  });
}
