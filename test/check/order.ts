/**
 * Promises about order that need no search. Timestamps: unique, and whoever asks after another was answered gets larger ones.
 * Unique claims: between an acknowledged insert of a value and the moment its removal was asked for, nobody else's insert of
 * that value can be acknowledged to have lived through any of it.
 */
import type { Operation } from './history.ts';

/** A batch of timestamps: `first` to `last`, both included. */
export interface TimestampRange {
  readonly first: bigint;
  readonly last: bigint;
}

export function checkTimestamps(operations: readonly Operation<unknown, TimestampRange>[]): string | undefined {
  const answered = operations.filter((one) => one.status === 'ok');
  for (const { output } of answered)
    if (output!.first > output!.last) return `a batch of timestamps is empty: ${output!.first} to ${output!.last}`;
  const byValue = answered.toSorted((left, right) => compare(left.output!.first, right.output!.first));
  for (let i = 1; i < byValue.length; i++) {
    const [before, after] = [byValue[i - 1]!, byValue[i]!];
    if (before.output!.last >= after.output!.first)
      return `timestamp ${after.output!.first} was given twice: to process ${before.process} and process ${after.process}`;
  }
  // In the order of invocation, with the largest timestamp that was answered before each.
  const byCompletion = answered.toSorted((left, right) => left.completed - right.completed);
  let largest: Operation<unknown, TimestampRange> | undefined;
  let next = 0;
  for (const asked of answered.toSorted((left, right) => left.invoked - right.invoked)) {
    for (; next < byCompletion.length && byCompletion[next]!.completed < asked.invoked; next++) {
      const done = byCompletion[next]!;
      if (largest === undefined || done.output!.last > largest.output!.last) largest = done;
    }
    if (largest !== undefined && largest.output!.last >= asked.output!.first)
      return (
        `time went back: process ${largest.process} was given ${largest.output!.last} (answered at ${largest.completed}), ` +
        `then process ${asked.process} asked at ${asked.invoked} and was given ${asked.output!.first}`
      );
  }
  return undefined;
}

export type UniqueInput =
  | { readonly kind: 'insert'; readonly value: string; readonly row: string }
  | { readonly kind: 'delete'; readonly value: string; readonly row: string };

export function checkUniqueClaims(operations: readonly Operation<UniqueInput, unknown>[]): string | undefined {
  const claims = new Map<string, { readonly row: string; readonly from: number; readonly until: number }[]>();
  for (const insert of operations) {
    if (insert.input.kind !== 'insert' || insert.status !== 'ok') continue;
    const { value, row } = insert.input;
    // The row may have gone as soon as any removal that could have taken effect was asked for.
    const removals = operations.filter(
      ({ input, status, completed }) =>
        input.kind === 'delete' &&
        input.row === row &&
        input.value === value &&
        status !== 'failed' &&
        completed > insert.invoked,
    );
    const until = Math.min(Infinity, ...removals.map((one) => one.invoked));
    if (until < insert.completed) continue;
    const claim = { row, from: insert.completed, until };
    const others = claims.get(value) ?? [];
    const rival = others.find((other) => other.row !== row && other.from < claim.until && claim.from < other.until);
    if (rival !== undefined)
      return (
        `the unique value ${value} was held by row ${rival.row} (from ${rival.from} until ${rival.until}) and by row ${row} ` +
        `(from ${claim.from} until ${claim.until}) at once`
      );
    others.push(claim);
    claims.set(value, others);
  }
  return undefined;
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
