/**
 * LIKE: a pattern is compiled once to what it asks for. Most are one of four shapes (`abc`, `abc%`, `%abc`, `%abc%`), which
 * plain string methods answer for ASCII text; the rest walk characters with one point of return, the last `%`.
 *
 * MySQL compares character by character: 'ß' is not LIKE 'ss', and trailing spaces count, whatever the collation.
 */
import type { Collation } from './collation.ts';

type Token =
  { readonly kind: 'character'; readonly key: number } | { readonly kind: 'one' } | { readonly kind: 'many' };

export type LikeMatcher = (text: string) => boolean;

const ASCII_ONLY = /^[\x20-\x7e]*$/;

/** `escape` is one character, or empty for none. */
export function compileLike(pattern: string, escape: string, collation: Collation): LikeMatcher {
  const tokens: Token[] = [];
  let literal = '';
  const shape: ('text' | 'one' | 'many')[] = [];
  const escapePoint = escape === '' ? -1 : escape.codePointAt(0)!;
  for (let at = 0; at < pattern.length; at++) {
    let codePoint = pattern.codePointAt(at)!;
    if (codePoint > 0xffff) at++;
    if (codePoint === escapePoint && at + 1 < pattern.length) {
      at++;
      codePoint = pattern.codePointAt(at)!;
      if (codePoint > 0xffff) at++;
    } else if (codePoint === 37) {
      if (tokens.at(-1)?.kind !== 'many') {
        tokens.push({ kind: 'many' });
        shape.push('many');
      }
      continue;
    } else if (codePoint === 95) {
      tokens.push({ kind: 'one' });
      shape.push('one');
      continue;
    }
    if (shape.at(-1) !== 'text') shape.push('text');
    literal += String.fromCodePoint(codePoint);
    tokens.push({ kind: 'character', key: collation.characterKey(codePoint) });
  }
  const general: LikeMatcher = (text) => walk(tokens, text, collation);
  const quick = quickMatcher(shape.join(' '), literal, collation);
  if (quick === undefined) return general;
  if (!collation.ignoresCase) return quick;
  return (text) => (ASCII_ONLY.test(text) ? quick(text) : general(text));
}

function quickMatcher(shape: string, literal: string, collation: Collation): LikeMatcher | undefined {
  const fold = collation.ignoresCase;
  if (fold && !ASCII_ONLY.test(literal)) return undefined;
  const wanted = fold ? literal.toLowerCase() : literal;
  switch (shape) {
    case '':
      return (text) => text === '';
    case 'many':
      return () => true;
    case 'text':
      return fold
        ? (text) => text.length === wanted.length && text.toLowerCase() === wanted
        : (text) => text === wanted;
    case 'text many':
      return fold ? (text) => text.slice(0, wanted.length).toLowerCase() === wanted : (text) => text.startsWith(wanted);
    case 'many text':
      return fold
        ? (text) => text.length >= wanted.length && text.slice(text.length - wanted.length).toLowerCase() === wanted
        : (text) => text.endsWith(wanted);
    case 'many text many':
      return fold ? (text) => text.toLowerCase().includes(wanted) : (text) => text.includes(wanted);
    default:
      return undefined;
  }
}

function walk(tokens: readonly Token[], text: string, collation: Collation): boolean {
  let at = 0;
  let token = 0;
  /** Where to go on after a mismatch: behind the last `%`, one character further each time. */
  let retryToken = -1;
  let retryAt = 0;
  for (;;) {
    const wanted = tokens[token];
    if (wanted?.kind === 'many') {
      if (token === tokens.length - 1) return true;
      retryToken = ++token;
      retryAt = at;
      continue;
    }
    if (at < text.length) {
      const codePoint = text.codePointAt(at)!;
      if (wanted !== undefined && (wanted.kind === 'one' || wanted.key === collation.characterKey(codePoint))) {
        at += codePoint > 0xffff ? 2 : 1;
        token++;
        continue;
      }
    } else if (wanted === undefined) return true;
    if (retryToken < 0 || retryAt >= text.length) return false;
    retryAt += text.codePointAt(retryAt)! > 0xffff ? 2 : 1;
    at = retryAt;
    token = retryToken;
  }
}

/**
 * The text that every match starts with, as written; for ranges over an index. `exact` when the pattern is nothing but text,
 * `prefixOnly` when one `%` follows it and nothing else.
 */
export function likePrefix(
  pattern: string,
  escape: string,
): { readonly prefix: string; readonly exact: boolean; readonly prefixOnly: boolean } {
  let prefix = '';
  const escapePoint = escape === '' ? -1 : escape.codePointAt(0)!;
  for (let at = 0; at < pattern.length; at++) {
    let codePoint = pattern.codePointAt(at)!;
    if (codePoint > 0xffff) at++;
    if (codePoint === escapePoint && at + 1 < pattern.length) {
      at++;
      codePoint = pattern.codePointAt(at)!;
      if (codePoint > 0xffff) at++;
    } else if (codePoint === 37 || codePoint === 95) {
      return { prefix, exact: false, prefixOnly: codePoint === 37 && /^%*$/.test(pattern.slice(at)) };
    }
    prefix += String.fromCodePoint(codePoint);
  }
  return { prefix, exact: true, prefixOnly: false };
}
