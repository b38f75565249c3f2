/**
 * Optimizer hints, `/*+ NAME(arguments) NAME(arguments) *\/`. What is malformed in a hint is a warning in MySQL, never an error: reading
 * stops there and keeps what came before.
 */
import type { HintNode } from './ast.ts';
import { isBlankCode, isWordCode } from './lexer.ts';
import type { Parser } from './parser-base.ts';

/** At a HINT token. */
export function parseHints(parser: Parser): readonly HintNode[] {
  const offset = parser.start + 3;
  const text = parser.text.slice(offset, parser.end - 2);
  parser.advance();
  const hints: HintNode[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && (isBlankCode(text.charCodeAt(at)) || text.charAt(at) === ',')) at++;
    const nameStart = at;
    while (at < text.length && isWordCode(text.charCodeAt(at))) at++;
    if (at === text.length && at === nameStart) return hints;
    const start = offset + nameStart;
    const malformed = (): readonly HintNode[] => [
      ...hints,
      { name: '', args: [], text: '', malformed: true, start, end: offset + text.length },
    ];
    if (at === nameStart) return malformed();
    const name = text.slice(nameStart, at).toUpperCase();
    while (at < text.length && isBlankCode(text.charCodeAt(at))) at++;
    if (text.charAt(at) !== '(') {
      // TiDB has hints without parentheses in places; MySQL none.
      return malformed();
    }
    const close = closingParenthesis(text, at);
    if (close < 0) return malformed();
    hints.push({ ...hint(name, text.slice(at + 1, close).trim()), start, end: offset + close + 1 });
    at = close + 1;
  }
}

function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < text.length; at++) {
    const letter = text.charAt(at);
    if (quote !== '') {
      if (letter === quote) quote = '';
    } else if (letter === "'" || letter === '"' || letter === '`') quote = letter;
    else if (letter === '(') depth++;
    else if (letter === ')' && --depth === 0) return at;
  }
  return -1;
}

function hint(name: string, text: string): Omit<HintNode, 'start' | 'end'> {
  let rest = text;
  let queryBlock: string | undefined;
  const block = /^@(`[^`]*`|[\w$]+)\s*/.exec(rest);
  if (block !== null) {
    queryBlock = block[1]!.replaceAll('`', '');
    rest = rest.slice(block[0].length);
  }
  const args = rest === '' ? [] : splitAtCommas(rest);
  return queryBlock === undefined ? { name, args, text } : { name, args, queryBlock, text };
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}
