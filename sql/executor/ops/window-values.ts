/**
 * The value of one window function for each row of a partition, asked for in the order of the rows. A row that is on disk may be missing
 * (`PageMissing`); the value is then asked for again, so what has been gone through is remembered step by step.
 *
 * Frames are resolved per row to [start, end) positions in the partition (window-frame.ts). An aggregate whose frame only
 * grows at its end is fed row by row; with a frame that also moves at its start it is computed anew per row.
 */
import { SqlError } from '../../../base/error.ts';
import type { Datum } from '../../../base/value/datum.ts';
import type { WindowCall } from '../../../proto/plan/expression.ts';
import type { Window } from '../../../proto/plan/physical.ts';
import { aggregation } from '../aggregation.ts';
import { evaluateAlone, evaluator, type Evaluate } from '../compiled.ts';
import type { Run } from '../run.ts';
import { FrameResolver, wholePartition } from './window-frame.ts';
import type { Partition } from './window-partition.ts';

export type ValueAt = (position: number) => Datum;

export function windowValues(call: WindowCall, node: Window, partition: Partition, run: Run): ValueAt {
  const { count } = partition;
  switch (call.name) {
    case 'row_number':
      return (i) => i + 1;
    case 'rank':
      return (i) => partition.peerStart(i) + 1;
    case 'dense_rank':
      return (i) => partition.peerRank(i) + 1;
    case 'percent_rank':
      return (i) => (count === 1 ? 0 : partition.peerStart(i) / (count - 1));
    case 'cume_dist':
      return (i) => partition.peerEnd(i) / count;
    case 'ntile':
      return ntile(call, count, run);
    case 'lead':
    case 'lag':
      return shift(call, partition, run);
    case 'first_value':
    case 'last_value':
    case 'nth_value':
      return pick(call, node, partition, run);
    default:
      return aggregate(call, node, partition, run);
  }
}

function ntile(call: WindowCall, count: number, run: Run): ValueAt {
  const buckets = evaluateAlone(call.args[0]!, run.evaluation);
  if (buckets === null) return () => null;
  const wanted = Number(buckets);
  if (!(wanted > 0)) throw new SqlError(1210, 'HY000', 'Incorrect arguments to ntile');
  const small = Math.floor(count / wanted);
  const larger = count % wanted;
  return (i) =>
    i < larger * (small + 1)
      ? Math.floor(i / (small + 1)) + 1
      : larger + Math.floor((i - larger * (small + 1)) / small) + 1;
}

function shift(call: WindowCall, partition: Partition, run: Run): ValueAt {
  const value = evaluator(call.args[0]!);
  const context = run.evaluation;
  const offset = call.args.length > 1 ? evaluateAlone(call.args[1]!, context) : 1;
  if (offset === null || Number(offset) < 0) throw new SqlError(1210, 'HY000', `Incorrect arguments to ${call.name}`);
  const fallback: Evaluate = call.args.length > 2 ? evaluator(call.args[2]!) : () => null;
  const step = call.name === 'lead' ? Number(offset) : -Number(offset);
  return (i) => {
    const from = i + step;
    return from >= 0 && from < partition.count
      ? value(partition.row(from), context)
      : fallback(partition.row(i), context);
  };
}

function pick(call: WindowCall, node: Window, partition: Partition, run: Run): ValueAt {
  const value = evaluator(call.args[0]!);
  const context = run.evaluation;
  const frames = new FrameResolver(node, partition, run);
  let nth = 1;
  if (call.name === 'nth_value') {
    nth = Number(evaluateAlone(call.args[1]!, context) ?? 0);
    if (!(nth > 0)) throw new SqlError(1210, 'HY000', 'Incorrect arguments to nth_value');
  }
  return (i) => {
    frames.resolve(i);
    const at = call.name === 'last_value' ? frames.end - 1 : frames.start + nth - 1;
    return at >= frames.start && at < frames.end ? value(partition.row(at), context) : null;
  };
}

function aggregate(call: WindowCall, node: Window, partition: Partition, run: Run): ValueAt {
  const make = aggregation({ name: call.name, args: call.args, distinct: call.distinct, type: call.type });
  const context = run.evaluation;
  const whole = wholePartition(node);
  const frames = whole ? undefined : new FrameResolver(node, partition, run);
  let state = make();
  // What the state has been fed, and its value once that is known.
  let fedFrom = 0;
  let fedTo = 0;
  let value: Datum | undefined;
  return (i) => {
    frames?.resolve(i);
    const start = frames?.start ?? 0;
    const end = frames === undefined ? partition.count : Math.max(frames.end, start);
    if (start !== fedFrom || end < fedTo) {
      state = make();
      fedFrom = start;
      fedTo = start;
      value = undefined;
    }
    if (end > fedTo) value = undefined;
    while (fedTo < end) {
      state.add(partition.row(fedTo), context);
      fedTo++;
    }
    return (value ??= state.result(context));
  };
}
