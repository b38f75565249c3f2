/**
 * Text to the bytes that stand for it in keys. `_bin` collations compare code points, which is the order of UTF-8 bytes,
 * and ignore trailing spaces; `utf8mb4_0900_bin` does not ignore them; the others have weights (base/value).
 */
import { assert } from '../../base/assert.ts';
import { collationNamed } from '../../base/value/collation/index.ts';
import type { ByteWriter } from './byte-writer.ts';
import { isBinCollation } from './value-kind.ts';

export function putSortKey(out: ByteWriter, text: string, collation: string): void {
  if (isBinCollation(collation)) {
    out.utf8(trimSpaces(text));
    return;
  }
  if (collation === 'utf8mb4_0900_bin' || collation === 'binary') {
    out.utf8(text);
    return;
  }
  const found = collationNamed(collation);
  assert(found !== undefined, 'a column has a collation that is not known here');
  out.raw(found.sortKey(text));
}

export function trimSpaces(text: string): string {
  let size = text.length;
  while (size > 0 && text.charCodeAt(size - 1) === 0x20) size--;
  return size === text.length ? text : text.slice(0, size);
}
