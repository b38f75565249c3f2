/** Choices from a seed, in the words generators use. */
import { SeededRandom } from '../../base/random.ts';

export class Dice {
  private readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  /** A whole number from 0 up to, not including, `upper`. */
  below(upper: number): number {
    return this.random.below(upper);
  }

  chance(probability: number): boolean {
    return this.random.unit() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** Up to `count` different values, in the order given. */
  sample<T>(values: readonly T[], count: number): T[] {
    const left = values.map((_, i) => i);
    const chosen = new Set<number>();
    while (chosen.size < count && left.length > 0) chosen.add(left.splice(this.below(left.length), 1)[0]!);
    return values.filter((_, i) => chosen.has(i));
  }
}
