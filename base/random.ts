/**
 * Seeded chance: sfc32, a small counter-based generator with a period of at least 2^32 and no known weakness that a test
 * could meet. Not for secrets. One seed gives one stream; `fork(name)` gives a stream that depends on the seed and the name
 * only, never on how much was drawn before, so a new draw in one part of a simulation leaves all others as they were.
 */
import { assert } from './assert.ts';
import type { Random } from './world.ts';

export class SeededRandom implements Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.a = this.seed;
    this.b = (this.seed ^ 0x9e3779b9) | 0;
    this.c = Math.floor(seed / 2 ** 32) | 0;
    // The first outputs still resemble the seed.
    for (let i = 0; i < 15; i++) this.next();
  }

  below(below: number): number {
    assert(Number.isSafeInteger(below) && below > 0, 'a draw needs a positive bound');
    if (below <= 2 ** 32) return Math.floor((this.next() / 2 ** 32) * below);
    return Math.floor(this.unit() * below);
  }

  unit(): number {
    return (this.next() * 2 ** 21 + (this.next() >>> 11)) / 2 ** 53;
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i += 4) {
      const word = this.next();
      for (let j = i; j < i + 4 && j < count; j++) bytes[j] = word >>> ((j - i) * 8);
    }
    return bytes;
  }

  fork(name: string): Random {
    let hash = 0x811c9dc5 ^ this.seed;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return new SeededRandom((hash >>> 0) + (this.seed & 0xfffff) * 2 ** 32);
  }

  private next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
