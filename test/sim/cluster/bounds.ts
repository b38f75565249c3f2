/** Intervals of the region space. */
import { compareBytes } from '../../../base/bytes.ts';

interface Bounds {
  readonly lower: Uint8Array;
  readonly upper: Uint8Array;
}

/** 0 when they overlap; else which lies left. */
export function compareBounds(left: Bounds, right: Bounds): number {
  if (left.upper.length > 0 && compareBytes(left.upper, right.lower) <= 0) return -1;
  if (right.upper.length > 0 && compareBytes(right.upper, left.lower) <= 0) return 1;
  return 0;
}
