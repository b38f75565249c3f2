/**
 * Does memory grow? Samples of the resident set are taken all the time; those of a period's second half stand for it, by their median. The first
 * period warms up and does not count. Of the others, the median of the last third is held against that of the first.
 */
import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
/** A process that collects its garbage when it likes is never flat to the byte. */
const GROWTH_FACTOR_MAX = 1.25;
const GROWTH_BYTES_MAX = 64 * 2 ** 20;
const PERIODS_MIN = 4;

export function residentBytes(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** What a period is counted as. */
export function ofPeriod(samples: readonly number[]): number {
  return median(samples.slice(samples.length >> 1));
}

export interface MemoryVerdict {
  readonly kind: 'flat' | 'grows' | 'too few periods';
  readonly first: number;
  readonly last: number;
}

export function memoryVerdict(periods: readonly number[]): MemoryVerdict {
  const warm = periods.slice(1);
  if (warm.length < PERIODS_MIN - 1) return { kind: 'too few periods', first: Number.NaN, last: Number.NaN };
  const third = Math.ceil(warm.length / 3);
  const [first, last] = [median(warm.slice(0, third)), median(warm.slice(-third))];
  const grows = last > first * GROWTH_FACTOR_MAX && last - first > GROWTH_BYTES_MAX;
  return { kind: grows ? 'grows' : 'flat', first, last };
}
