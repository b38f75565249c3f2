/**
 * Character sets and collations as definitions name them; `base/value` has them. A charset that text cannot be kept in (big5, koi8r, …)
 * is unknown here, error 1115, rather than silently another one.
 */
import { findCharset, CHARSETS, type CharsetName } from '../../base/value/charset.ts';
import { COLLATIONS, collationNamed } from '../../base/value/collation/index.ts';
import { collationMismatch, unknownCharset, unknownCollation } from './errors.ts';

export type Charset = CharsetName;

export interface TextShape {
  readonly charset: Charset;
  readonly collation: string;
}

export function charsetNamed(name: string): Charset {
  const found = findCharset(name);
  if (found === undefined) throw unknownCharset(name);
  return found.name;
}

/** What `CHARACTER SET a COLLATE b` means, either part missing, over the default of the object around it. */
export function resolveText(charset: string | undefined, collation: string | undefined, around: TextShape): TextShape {
  if (collation !== undefined) {
    const found = collationNamed(collation);
    if (found === undefined) throw unknownCollation(collation);
    const wanted = charset === undefined ? undefined : charsetNamed(charset);
    if (wanted !== undefined && wanted !== found.charset) throw collationMismatch(collation, wanted);
    return { charset: found.charset as Charset, collation: found.name };
  }
  if (charset === undefined) return { charset: around.charset, collation: around.collation };
  const name = charsetNamed(charset);
  return { charset: name, collation: findCharset(name)!.defaultCollation };
}

export function isDefaultCollation(name: string, charset: string): boolean {
  return findCharset(charset)?.defaultCollation === name;
}

export { CHARSETS, COLLATIONS };
