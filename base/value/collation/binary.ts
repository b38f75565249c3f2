/** Collations that compare by code point: `utf8mb4_bin` (PAD SPACE), `utf8mb4_0900_bin` and `binary` (NO PAD). */
import { compareUtf8 } from '../json.ts';
import { trimPad, type Collation } from './collation.ts';

export class BinaryCollation implements Collation {
  readonly name: string;
  readonly id: number;
  readonly charset: string;
  readonly padSpace: boolean;
  readonly ignoresCase = false;

  constructor(name: string, id: number, charset: string, padSpace: boolean) {
    this.name = name;
    this.id = id;
    this.charset = charset;
    this.padSpace = padSpace;
  }

  // hot: bench/micro/expressions.ts
  compare(a: string, b: string): number {
    if (a === b) return 0;
    return this.padSpace ? compareUtf8(trimPad(a), trimPad(b)) : compareUtf8(a, b);
  }

  equals(a: string, b: string): boolean {
    return a === b || (this.padSpace && trimPad(a) === trimPad(b));
  }

  sortKey(text: string): Uint8Array {
    return Buffer.from(this.padSpace ? trimPad(text) : text, 'utf8');
  }

  hashKey(text: string): string {
    return this.padSpace ? trimPad(text) : text;
  }

  characterKey(codePoint: number): number {
    return codePoint;
  }
}
