/** The random inputs of TPC-C (clauses 2.1.6, 4.3.2 and 4.3.3). Seeded, so that both servers get the same data. */
import { SeededRandom } from '../../base/random.ts';

const SYLLABLES = ['BAR', 'OUGHT', 'ABLE', 'PRI', 'PRES', 'ESE', 'ANTI', 'CALLY', 'ATION', 'EING'];
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The constants of NURand: any, but the same for loading and running (2.1.6.1 wants a certain distance for last names). */
const C_LAST_LOAD = 123;
const C_LAST_RUN = 208;
const C_ID = 259;
const C_ITEM = 7911;

export class TpccRandom {
  private readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  /** Both bounds are included. */
  between(low: number, high: number): number {
    return low + this.random.below(high - low + 1);
  }

  percent(share: number): boolean {
    return this.random.below(100) < share;
  }

  text(lengthMin: number, lengthMax: number): string {
    let text = '';
    for (let left = this.between(lengthMin, lengthMax); left > 0; left--)
      text += LETTERS[this.random.below(LETTERS.length)]!;
    return text;
  }

  digits(length: number): string {
    let text = '';
    for (let left = length; left > 0; left--) text += String(this.random.below(10));
    return text;
  }

  /** A tenth of them holds ORIGINAL. */
  data(): string {
    const text = this.text(26, 50);
    if (!this.percent(10)) return text;
    const at = this.random.below(text.length - 8);
    return `${text.slice(0, at)}ORIGINAL${text.slice(at + 8)}`;
  }

  customer(): number {
    return this.nonUniform(1023, 1, 3000, C_ID);
  }

  item(): number {
    return this.nonUniform(8191, 1, 100_000, C_ITEM);
  }

  lastName(loading: boolean): string {
    return lastName(this.nonUniform(255, 0, 999, loading ? C_LAST_LOAD : C_LAST_RUN));
  }

  permutation(count: number): number[] {
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    for (let i = count - 1; i > 0; i--) {
      const j = this.random.below(i + 1);
      [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
    }
    return numbers;
  }

  private nonUniform(a: number, low: number, high: number, constant: number): number {
    return (((this.between(0, a) | this.between(low, high)) + constant) % (high - low + 1)) + low;
  }
}

export function lastName(number: number): string {
  return SYLLABLES[Math.floor(number / 100)]! + SYLLABLES[Math.floor(number / 10) % 10]! + SYLLABLES[number % 10]!;
}
