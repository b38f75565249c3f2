/** Puts the values of an execution in place of a plan's parameters, and leaves behind what a worker does not need. */
import type { Datum } from '../../base/value/datum.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import { Unsupported } from './value.ts';

export function bindParameters(plan: PhysicalPlan, parameters: readonly Datum[]): PhysicalPlan {
  const walk = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(walk);
    const source = value as Record<string, unknown>;
    if (source['kind'] === 'parameter')
      return bound(source as unknown as Expression & { kind: 'parameter' }, parameters);
    if (source['kind'] === 'constant' || source['kind'] === 'column') return source;
    const copy: Record<string, unknown> = {};
    for (const key in source) {
      // Types, schema and output columns hold no expressions.
      const plain = key === 'table' || key === 'columns' || key === 'output' || key === 'type';
      copy[key] = plain ? source[key] : walk(source[key]);
    }
    return copy;
  };
  return walk(plan) as PhysicalPlan;
}

function bound(parameter: Expression & { kind: 'parameter' }, parameters: readonly Datum[]): Expression {
  const value = parameters[parameter.index];
  if (value === undefined) throw new Unsupported(`parameter ${parameter.index} has no value`);
  return { kind: 'constant', value, type: parameter.type };
}
