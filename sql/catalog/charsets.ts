/**
 * Character sets and collations by name, as definitions name them; `base/value/collation` does the comparing. A charset
 * that text cannot be kept in (gbk, utf16, …) is unknown here, error 1115, rather than silently another one.
 */
import { COLLATIONS, collationNamed, defaultCollation } from '../../base/value/collation/index.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { collationMismatch, unknownCharset, unknownCollation } from './errors.ts';

export type Charset = FieldType['charset'];

export interface CharsetRow {
  readonly name: Charset;
  readonly description: string;
  readonly bytesMax: number;
}

export const CHARSETS: readonly CharsetRow[] = [
  { name: 'ascii', description: 'US ASCII', bytesMax: 1 },
  { name: 'binary', description: 'Binary pseudo charset', bytesMax: 1 },
  { name: 'latin1', description: 'cp1252 West European', bytesMax: 1 },
  { name: 'utf8mb3', description: 'UTF-8 Unicode', bytesMax: 3 },
  { name: 'utf8mb4', description: 'UTF-8 Unicode', bytesMax: 4 },
];

export interface TextShape {
  readonly charset: Charset;
  readonly collation: string;
}

export function charsetNamed(name: string): Charset {
  const lower = name.toLowerCase();
  const found = CHARSETS.find((charset) => charset.name === (lower === 'utf8' ? 'utf8mb3' : lower));
  if (found === undefined) throw unknownCharset(name);
  return found.name;
}

export function bytesPerCharacter(charset: Charset): number {
  return CHARSETS.find((one) => one.name === charset)?.bytesMax ?? 4;
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
  return { charset: name, collation: defaultCollation(name) ?? `${name}_bin` };
}

export function isDefaultCollation(name: string, charset: string): boolean {
  return defaultCollation(charset) === name;
}

export { COLLATIONS };
