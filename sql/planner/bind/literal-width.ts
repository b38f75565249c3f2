/**
 * How long a text literal may be in the plan that is made for it. A plan is kept for other literals in the same places, and what it converts is cut to the
 * length of its type (`bytes = 'a'`, then `bytes = 'abcdefgh'`): so types have one of few lengths, and a plan is taken for literals of that length only.
 */
const WIDTHS = [64, 1024, 16_383, 65_535, 16_777_215, 4_294_967_295];

/** The least of them that holds so many characters. */
export function literalWidth(count: number): number {
  return WIDTHS.find((width) => count <= width)!;
}

/** What has no mark of its own in a plan's kinds. */
export const SHORT_LITERAL = WIDTHS[0]!;
