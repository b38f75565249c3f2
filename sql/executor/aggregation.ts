/**
 * Aggregates as the operators use them: a maker per call, and a state per group. The states themselves belong to sql/functions;
 * this file only fixes the names by which operators speak of them.
 */
import type { AggregateCall } from '../../proto/plan/expression.ts';
import { type Accumulator, createAccumulator } from '../functions/index.ts';

/** The running state of one aggregate over one group. */
export type Aggregation = Accumulator;
export type MakeAggregation = () => Aggregation;

export function aggregation(call: AggregateCall): MakeAggregation {
  return () => createAccumulator(call);
}
