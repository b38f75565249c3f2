/**
 * Frames: for each row of a partition, which positions [start, end) a window function sees.
 *
 * ROWS bounds are arithmetic on positions. RANGE bounds without an offset are peer groups. RANGE with an offset asks for keys within a
 * distance of the row's own key; since the partition is sorted, both ends only move forward, so two pointers walk the
 * partition once. The test "is key r inside the bound of key i" is an ordinary bound expression over the row [key r, key i], so
 * that numbers, decimals and dates with intervals follow the rules of their functions.
 */
import { SqlError } from '../../../base/error.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import { isTemporal, varcharType } from '../../../base/value/field-type.ts';
import type { Expression, FrameBound } from '../../../proto/plan/expression.ts';
import type { Window } from '../../../proto/plan/physical.ts';
import { inferCall } from '../../functions/index.ts';
import { evaluateAlone, evaluator, predicate, type Evaluate, type Test } from '../compiled.ts';
import type { Run } from '../run.ts';
import type { Partition } from './window-partition.ts';

/** Every row sees the whole partition, so an aggregate is computed once. */
export function wholePartition(node: Window): boolean {
  if (node.frame === undefined) return node.orderBy.length === 0;
  const { start, end } = node.frame;
  if (start.kind === 'unbounded-preceding' && end.kind === 'unbounded-following') return true;
  return false;
}

type Resolve = (i: number) => number;

export class FrameResolver {
  start = 0;
  end = 0;
  private readonly startOf: Resolve;
  private readonly endOf: Resolve;

  constructor(node: Window, partition: Partition, run: Run) {
    if (node.frame === undefined) {
      this.startOf = () => 0;
      this.endOf = (i) => partition.peerEnd(i);
      return;
    }
    const { unit, start, end } = node.frame;
    if (unit === 'rows') {
      this.startOf = rowsBound(start, 0, partition, run);
      this.endOf = rowsBound(end, 1, partition, run);
    } else {
      this.startOf = rangeBound(start, true, node, partition, run);
      this.endOf = rangeBound(end, false, node, partition, run);
    }
  }

  resolve(i: number): void {
    this.start = this.startOf(i);
    this.end = this.endOf(i);
  }
}

/** `past`: 0 for the start, 1 for the exclusive end. */
function rowsBound(bound: FrameBound, past: number, partition: Partition, run: Run): Resolve {
  const clamp = (position: number): number => Math.max(0, Math.min(partition.count, position));
  switch (bound.kind) {
    case 'unbounded-preceding':
      return () => 0;
    case 'unbounded-following':
      return () => partition.count;
    case 'current-row':
      return (i) => i + past;
    case 'preceding':
    case 'following': {
      const value = evaluateAlone(bound.offset, run.evaluation);
      const offset = Number(value);
      if (value === null || !(offset >= 0) || !Number.isInteger(offset)) throw frameError();
      return bound.kind === 'preceding' ? (i) => clamp(i - offset + past) : (i) => clamp(i + offset + past);
    }
  }
}

function rangeBound(bound: FrameBound, isStart: boolean, node: Window, partition: Partition, run: Run): Resolve {
  switch (bound.kind) {
    case 'unbounded-preceding':
      return () => 0;
    case 'unbounded-following':
      return () => partition.count;
    case 'current-row':
      return isStart ? (i) => partition.peerStart(i) : (i) => partition.peerEnd(i);
    case 'preceding':
    case 'following':
      return new RangeWalker(bound, isStart, node, partition, run).position;
  }
}

class RangeWalker {
  private readonly partition: Partition;
  private readonly keyOf: Evaluate;
  private readonly inside: Test;
  private readonly isStart: boolean;
  private readonly run: Run;
  private at = 0;

  constructor(
    bound: Extract<FrameBound, { kind: 'preceding' | 'following' }>,
    isStart: boolean,
    node: Window,
    partition: Partition,
    run: Run,
  ) {
    const [order] = node.orderBy;
    if (order === undefined || node.orderBy.length !== 1)
      throw new SqlError(
        3587,
        'HY000',
        'Window with RANGE N PRECEDING/FOLLOWING frame requires exactly one ORDER BY expression, of numeric or temporal type',
      );
    const distance = evaluateAlone(bound.offset, run.evaluation);
    if (distance === null || (typeof distance === 'number' && distance < 0)) throw frameError();
    this.partition = partition;
    this.run = run;
    this.isStart = isStart;
    this.keyOf = evaluator(order.expression);
    const { type } = order.expression;
    const column = (index: number): Expression => ({ kind: 'column', id: -1 - index, index, type, name: 'key' });
    // Preceding lies before in sort order: below for ascending keys, above for descending ones.
    const below = (bound.kind === 'preceding') !== order.descending;
    const limit = isTemporal(type)
      ? inferCall(below ? 'date_sub' : 'date_add', [
          column(1),
          bound.offset,
          { kind: 'constant', value: (bound.unit ?? 'day').toLowerCase(), type: varcharType(20) },
        ])
      : inferCall(below ? 'minus' : 'plus', [column(1), bound.offset]);
    // Start: the first row not before the limit. End: the first row after it.
    const name = isStart ? (order.descending ? 'le' : 'ge') : order.descending ? 'lt' : 'gt';
    this.inside = predicate(inferCall(name, [column(0), limit]));
  }

  /** The first position whose key passes the test for row i. Rows with a NULL key see their peers only. */
  readonly position: Resolve = (i) => {
    const { partition, run } = this;
    const key: Datum = this.keyOf(partition.row(i), run.evaluation);
    if (key === null) return this.isStart ? partition.peerStart(i) : partition.peerEnd(i);
    const pair: Row = [null, key];
    while (this.at < partition.count) {
      pair[0] = this.keyOf(partition.row(this.at), run.evaluation);
      // Ascending NULLs come first and are before every limit; descending ones come last and are after it.
      if (pair[0] === null ? this.at > i : this.inside(pair, run.evaluation)) break;
      this.at++;
    }
    return this.at;
  };
}

function frameError(): SqlError {
  return new SqlError(
    3586,
    'HY000',
    "Window '<unnamed window>': frame start or end is negative, NULL or of non-integral type",
  );
}
