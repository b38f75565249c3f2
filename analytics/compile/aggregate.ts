/**
 * Aggregates as lines inside a loop. State lives in float64 arrays by group. Exact sums are kept in two numbers: `low` counts up
 * to 2^52 and carries whole multiples of 2^52 into `high`, so that a sum of any length is exact and an addition stays one add and
 * one well-predicted branch. Where rows and bounds prove that no carry can happen, the branch is not even printed.
 */
import { normalizeInteger } from '../../base/value/datum.ts';
import type { AggregateCall } from '../../proto/plan/expression.ts';
import { GroupState, GroupTable } from '../operator/group-table.ts';
import { bounds, type MemoryBudget, type WorkColumn } from '../operator/table.ts';
import { SAFE, kindOf } from '../vector/column.ts';
import type { DictionaryView } from '../vector/strings.ts';
import type { Emitter } from './emitter.ts';
import type { ExpressionCompiler } from './expression.ts';
import { GROUPS_MAX, keyCode, keyLayout } from './key.ts';
import { Unsupported, toDouble, type Value } from './value.ts';

const CARRY = 2 ** 52;
export interface CompiledAggregate {
  /** Updates group `g` (a local of the loop) from the current row. */
  readonly update: string;
  readonly finish: (groups: number) => WorkColumn;
}

export interface AggregateScope {
  readonly emitter: Emitter;
  readonly expressions: ExpressionCompiler;
  readonly state: GroupState;
  /** Name under which the loop sees array `position` of the state. */
  readonly array: (position: number) => string;
  /** No more rows than this reach the loop; Infinity when a join may multiply them. */
  readonly rowsMax: number;
  /** Without GROUP BY a group may be empty, and then most aggregates are NULL. */
  readonly grouped: boolean;
  readonly memory: MemoryBudget;
}

export function compileAggregate(call: AggregateCall, scope: AggregateScope): CompiledAggregate {
  if (call.distinct && call.name === 'count') return countDistinct(call, scope);
  if (call.distinct && call.name !== 'min' && call.name !== 'max') throw new Unsupported(`${call.name}(DISTINCT …)`);
  switch (call.name) {
    case 'count':
      return count(call, scope);
    case 'sum':
    case 'avg':
      return sum(call, scope);
    case 'min':
    case 'max':
      return extreme(call, scope);
    case 'any_value':
    case 'first_row':
      return first(call, scope);
    default:
      throw new Unsupported(`aggregate ${call.name}`);
  }
}

function count(call: AggregateCall, scope: AggregateScope): CompiledAggregate {
  const position = scope.state.add(0);
  const name = scope.array(position);
  const guards = call.args.map((arg) => scope.expressions.value(arg).isNull).filter((guard) => guard !== undefined);
  const update = guards.length === 0 ? `${name}[g] += 1;` : `if (!(${guards.join(' || ')})) ${name}[g] += 1;`;
  return { update, finish: (groups) => numbers('int', 0, scope.state.arrays[position]!.slice(0, groups), undefined) };
}

function countDistinct(call: AggregateCall, scope: AggregateScope): CompiledAggregate {
  const { emitter } = scope;
  const values = call.args.map((arg) => scope.expressions.value(arg));
  const layout = keyLayout(values, () => false);
  // A group's number times the range of values must stay exact.
  if (layout.range * GROUPS_MAX > SAFE) throw new Unsupported('COUNT(DISTINCT) over a wide range');
  const seen = emitter.constant(new GroupTable(Infinity, 0, scope.memory));
  const position = scope.state.add(0);
  const name = scope.array(position);
  const before = emitter.fresh('before');
  const key = `g * ${emitter.number(layout.range)} + ${keyCode(emitter, layout, values)}`;
  const add = `{ const ${before} = ${seen}.count; ${seen}.group(${key}); if (${seen}.count !== ${before}) ${name}[g] += 1; }`;
  const guards = values.map((value) => value.isNull).filter((guard) => guard !== undefined);
  const update = guards.length === 0 ? add : `if (!(${guards.join(' || ')})) ${add}`;
  return { update, finish: (groups) => numbers('int', 0, scope.state.arrays[position]!.slice(0, groups), undefined) };
}

function sum(call: AggregateCall, scope: AggregateScope): CompiledAggregate {
  const { emitter, state } = scope;
  const average = call.name === 'avg';
  let value = scope.expressions.value(call.args[0]!);
  const floating = kindOf(call.type) === 'double';
  if (floating) value = toDouble(emitter, value);
  else if (value.kind !== 'int' && value.kind !== 'decimal') throw new Unsupported(`${call.name} of a ${value.kind}`);

  const low = state.add(0);
  const lowName = scope.array(low);
  const size = Math.max(Math.abs(value.min), Math.abs(value.max));
  if (!floating && size > CARRY) throw new Unsupported('a sum of values beyond 52 bits');
  const carries = !floating && !(size * scope.rowsMax <= SAFE);
  const high = carries ? state.add(0) : -1;
  const counted = average || !scope.grouped || value.isNull !== undefined;
  const rows = counted ? state.add(0) : -1;

  let update = `${lowName}[g] += ${value.code};`;
  if (carries) {
    const total = emitter.fresh('total');
    update =
      `const ${total} = ${lowName}[g] + ${value.code}; ` +
      `if (${total} >= ${CARRY} || ${total} <= -${CARRY}) { const up = Math.trunc(${total} / ${CARRY}); ${scope.array(high)}[g] += up; ${lowName}[g] = ${total} - up * ${CARRY}; } ` +
      `else ${lowName}[g] = ${total};`;
  }
  if (counted) update += ` ${scope.array(rows)}[g] += 1;`;
  update = value.isNull === undefined ? `{ ${update} }` : `if (!(${value.isNull})) { ${update} }`;

  const finish = (groups: number): WorkColumn => {
    const lows = state.arrays[low]!.slice(0, groups);
    const highs = carries ? state.arrays[high]!.slice(0, groups) : undefined;
    const counts = counted ? state.arrays[rows]!.slice(0, groups) : undefined;
    const nulls = nullsOf(counts);
    if (floating)
      return numbers('double', 0, average ? lows.map((total, g) => total / (counts![g]! || 1)) : lows, nulls);
    if (average) return averages(lows, highs, counts!, nulls, value.scale, call.type.decimals);
    return exactSums(lows, highs, nulls, value.scale, call.type.decimals);
  };
  return { update, finish };
}

function exactSums(
  lows: Float64Array,
  highs: Float64Array | undefined,
  nulls: Uint8Array | undefined,
  scale: number,
  resultScale: number,
): WorkColumn {
  if (resultScale < scale) throw new Unsupported('a sum with fewer digits than its values');
  const factor = 10 ** (resultScale - scale);
  const fits =
    (highs === undefined || highs.every((high) => high === 0)) && lows.every((low) => Math.abs(low) <= SAFE / factor);
  if (fits) return numbers('decimal', resultScale, factor === 1 ? lows : lows.map((low) => low * factor), nulls);
  const scaled = BigInt(factor);
  const exact = Array.from(lows, (low, g) =>
    nulls?.[g] === 1 ? null : normalizeInteger(total(low, highs?.[g] ?? 0) * scaled),
  );
  return { ...numbers('decimal', resultScale, new Float64Array(lows.length), nulls), exact };
}

function averages(
  lows: Float64Array,
  highs: Float64Array | undefined,
  counts: Float64Array,
  nulls: Uint8Array | undefined,
  scale: number,
  resultScale: number,
): WorkColumn {
  const factor = 10n ** BigInt(resultScale - scale);
  let fits = true;
  const exact = Array.from(lows, (low, g): number | bigint | null => {
    if (counts[g] === 0) return null;
    const dividend = total(low, highs?.[g] ?? 0) * factor;
    // Groups of nine digits are cut, as the row engine (and MySQL) divides.
    const quotient =
      resultScale % 9 === 0 && resultScale > 0
        ? dividend / BigInt(counts[g]!)
        : divideRounded(dividend, BigInt(counts[g]!));
    const digits = normalizeInteger(quotient);
    if (typeof digits === 'bigint') fits = false;
    return digits;
  });
  if (!fits) return { ...numbers('decimal', resultScale, new Float64Array(lows.length), nulls), exact };
  return numbers(
    'decimal',
    resultScale,
    Float64Array.from(exact, (digits) => Number(digits ?? 0)),
    nulls,
  );
}

function total(low: number, high: number): bigint {
  return BigInt(high) * BigInt(CARRY) + BigInt(low);
}

/** Half away from zero, as MySQL rounds decimals. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n;
  const size = negative ? -dividend : dividend;
  const rounded = (size * 2n + divisor) / (divisor * 2n);
  return negative ? -rounded : rounded;
}

function extreme(call: AggregateCall, scope: AggregateScope): CompiledAggregate {
  const { emitter, state } = scope;
  const value = scope.expressions.value(call.args[0]!);
  const seen = state.add(0);
  const best = state.add(0);
  const symbol = call.name === 'min' ? '<' : '>';
  const seenName = scope.array(seen);
  const bestName = scope.array(best);
  const held = emitter.fresh('held');
  // Text is compared by rank, and the code of the winner is kept.
  const rank = value.view ? emitter.constant(value.view.ranks()) : undefined;
  const better = rank ? `${rank}[${held}] ${symbol} ${rank}[${bestName}[g]]` : `${held} ${symbol} ${bestName}[g]`;
  const body = `const ${held} = ${value.code}; if (${seenName}[g] === 0 || ${better}) { ${bestName}[g] = ${held}; ${seenName}[g] = 1; }`;
  return {
    update: value.isNull === undefined ? `{ ${body} }` : `if (!(${value.isNull})) { ${body} }`,
    finish: (groups) =>
      kept(value, state.arrays[best]!.slice(0, groups), nullsOf(state.arrays[seen]!.slice(0, groups))),
  };
}

function first(call: AggregateCall, scope: AggregateScope): CompiledAggregate {
  const { state } = scope;
  const value = scope.expressions.value(call.args[0]!);
  const seen = state.add(0);
  const held = state.add(0);
  const isNull = state.add(0);
  const seenName = scope.array(seen);
  const update = `if (${seenName}[g] === 0) { ${seenName}[g] = 1; if (${value.isNull ?? 'false'}) ${scope.array(isNull)}[g] = 1; else ${scope.array(held)}[g] = ${value.code}; }`;
  return {
    update,
    finish: (groups) => {
      const seenRows = state.arrays[seen]!;
      const nullRows = state.arrays[isNull]!;
      const present = Float64Array.from({ length: groups }, (_, g) => (seenRows[g] === 1 && nullRows[g] === 0 ? 1 : 0));
      return kept(value, state.arrays[held]!.slice(0, groups), nullsOf(present));
    },
  };
}

function kept(value: Value, values: Float64Array, nulls: Uint8Array | undefined): WorkColumn {
  const [min, max] = value.kind === 'double' ? [-Infinity, Infinity] : bounds(values, nulls);
  return {
    kind: value.kind,
    scale: value.scale,
    values,
    nulls,
    min,
    max,
    dictionary: value.view?.dictionary,
    view: value.view as DictionaryView | undefined,
  };
}

function numbers(
  kind: 'int' | 'decimal' | 'double',
  scale: number,
  values: Float64Array,
  nulls: Uint8Array | undefined,
): WorkColumn {
  const [min, max] = kind === 'double' ? [-Infinity, Infinity] : bounds(values, nulls);
  return { kind, scale, values, nulls, min, max, dictionary: undefined };
}

/** NULL where nothing was counted; `undefined` when something was everywhere. */
function nullsOf(counts: Float64Array | undefined): Uint8Array | undefined {
  if (!counts || counts.every((one) => one > 0)) return undefined;
  return Uint8Array.from(counts, (one) => (one > 0 ? 0 : 1));
}
