/**
 * `Collation`: how text compares. Every collation keeps one promise, which indexes, hash joins and sorts rely on:
 *
 *     sign(compare(a, b)) = sign(order of sortKey(a) and sortKey(b) as bytes)
 *     compare(a, b) = 0  exactly when  hashKey(a) = hashKey(b)
 *
 * PAD SPACE collations therefore drop trailing spaces before anything else (MySQL, too, finds 'a' = 'a  '; for text that
 * ends in characters below the space its order differs from that of its own keys, ours does not).
 *
 * Ordinary short ASCII text never leaves the first loop of `compare`: no table is loaded and nothing is allocated.
 */

export interface Collation {
  readonly name: string;
  readonly id: number;
  readonly charset: string;
  readonly padSpace: boolean;
  /** Letters of either case are equal; what REGEXP and INSTR of this collation do. */
  readonly ignoresCase: boolean;
  compare(a: string, b: string): number;
  equals(a: string, b: string): boolean;
  /** Bytes in the order of the collation: what index keys hold. */
  sortKey(text: string): Uint8Array;
  /** Equal text, under the collation, has an equal key. */
  hashKey(text: string): string;
  /** What one character compares as, alone: for LIKE, LOCATE, REPLACE-like searches. Equal characters, equal numbers. */
  characterKey(codePoint: number): number;
}

/** Length without trailing spaces. */
export function paddedLength(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end;
}

export function trimPad(text: string): string {
  const end = paddedLength(text);
  return end === text.length ? text : text.slice(0, end);
}

export class VarintReader {
  private readonly bytes: Uint8Array;
  at = 0;
  constructor(base64: string) {
    this.bytes = Buffer.from(base64, 'base64');
  }
  get done(): boolean {
    return this.at >= this.bytes.length;
  }
  unsigned(): number {
    let value = 0;
    let shift = 1;
    for (;;) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
      shift *= 128;
    }
  }
  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}
