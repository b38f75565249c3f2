/**
 * What a simulated run did, as one number: every fact that is added changes the sum, so two runs of one seed that differ anywhere
 * differ here. The last facts are kept, since a failure is read together with what came right before it.
 */
import { utf8 } from '../bytes.ts';
import { checksum } from '../checksum.ts';

const FACTS_KEPT = 20;

export class Trace {
  private sum = 0;
  private count = 0;
  private readonly last: string[] = [];
  private elapsedMs = 0;

  add(fact: string): void {
    const bytes = utf8(fact);
    this.sum = checksum(bytes, 0, bytes.length, this.sum);
    this.count++;
    if (this.last.push(fact) > FACTS_KEPT) this.last.shift();
  }

  /** So much virtual time went by in the run, or in one part of it. */
  ranFor(ms: number): void {
    this.elapsedMs += ms;
  }

  get simulatedMs(): number {
    return this.elapsedMs;
  }

  /** Count and sum: `812 facts 9f03ab21`. */
  get hash(): string {
    return `${this.count} facts ${this.sum.toString(16).padStart(8, '0')}`;
  }

  get lastFacts(): readonly string[] {
    return this.last;
  }
}
