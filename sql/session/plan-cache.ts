/**
 * The plan cache of one session: a statement whose text differs from an earlier one only in its literals finds that one's plan, and is
 * neither parsed nor planned.
 *
 * A plan fits when everything it was made from is unchanged: the session's epoch (database, modes, zone, engines), the
 * schema version, the version of the statistics (not for point plans and plain inserts, whose shape no statistic can
 * change), the kinds of the parameters, the values of those parameters that were looked at (`pinned`), and which columns the column engine
 * has ready where that decided something. Kinds are compared as a string of letters; for text statements they are already part of
 * the digest's key.
 *
 * Least recently used entries leave first; a `Map` keeps insertion order, so a hit is deleted and put back, at most once in
 * sixteen hits. A key has a few variants (other kinds, other pinned values): the newest four.
 */
import type { Datum } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { TypeCode, type FieldType } from '../../base/value/field-type.ts';
import type { DerivedParameter, PhysicalPlan, WritePlan } from '../../proto/plan/physical.ts';
import type { ColumnEngineCosting, ResidencyAssumption } from '../planner/environment.ts';
import type { ResultCut } from '../planner/index.ts';
import type { ResultColumn } from './result.ts';
import type { UsageSlot } from './statement-summary.ts';

export interface CachedPlan {
  readonly kind: 'query' | 'write';
  readonly query: PhysicalPlan | undefined;
  readonly write: WritePlan | undefined;
  /** A LIMIT applied to the finished rows, all of which are counted. */
  readonly cut: ResultCut | undefined;
  readonly columns: readonly ResultColumn[];
  readonly epoch: number;
  readonly schemaVersion: number;
  /** -1: no statistic mattered. */
  readonly statisticsVersion: number;
  readonly kinds: string;
  readonly pinned: readonly number[];
  readonly pinnedValues: readonly Datum[];
  /** The one read of a single key: needs no timestamp. */
  readonly isPoint: boolean;
  readonly locks: boolean;
  readonly usesColumnEngine: boolean;
  /** Reads no stored table. */
  readonly isTableless: boolean;
  readonly residencies: readonly ResidencyAssumption[];
  /** Computed once per execution into the parameters. */
  readonly derived: readonly DerivedParameter[];
  /** MAX_EXECUTION_TIME hint. */
  readonly maxExecutionMs: number | undefined;
  /** Stored tables it touches. */
  readonly tableIds: readonly number[];
  /** `Com_` counter and metrics label. */
  readonly label: string;
  /** Where runs of this plan are counted. */
  readonly usage: UsageSlot;
}

export interface PlanConditions {
  readonly epoch: number;
  readonly schemaVersion: number;
  readonly statisticsVersion: number;
  readonly columnEngine: ColumnEngineCosting | undefined;
}

const VARIANTS_MAX = 4;

/** The plans of one statement. */
export class PlanSet {
  private plans: CachedPlan[] = [];
  hits = 0;

  // hot
  find(conditions: PlanConditions, kinds: string, values: readonly Datum[]): CachedPlan | undefined {
    const plans = this.plans;
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]!;
      if (plan.epoch !== conditions.epoch || plan.schemaVersion !== conditions.schemaVersion || plan.kinds !== kinds)
        continue;
      if (plan.statisticsVersion !== -1 && plan.statisticsVersion !== conditions.statisticsVersion) continue;
      if (plan.pinned.length > 0 && !pinnedEqual(plan, values)) continue;
      if (plan.residencies.length > 0 && !stillHold(plan.residencies, conditions.columnEngine)) continue;
      return plan;
    }
    return undefined;
  }

  add(plan: CachedPlan): void {
    // A plan of another epoch or schema will not be asked for again soon: it goes first.
    this.plans = this.plans
      .filter((other) => other.epoch === plan.epoch && other.schemaVersion === plan.schemaVersion)
      .slice(0, VARIANTS_MAX - 1);
    this.plans.unshift(plan);
  }

  clear(): void {
    this.plans = [];
  }

  get size(): number {
    return this.plans.length;
  }
}

export class PlanCache {
  private readonly sets = new Map<string, PlanSet>();
  sizeMax = 500;

  // hot
  get(key: string): PlanSet | undefined {
    const set = this.sets.get(key);
    if (set !== undefined && (++set.hits & 15) === 0) {
      this.sets.delete(key);
      this.sets.set(key, set);
    }
    return set;
  }

  obtain(key: string): PlanSet {
    let set = this.sets.get(key);
    if (set === undefined) {
      set = new PlanSet();
      this.sets.set(key, set);
      if (this.sets.size > this.sizeMax) {
        const oldest = this.sets.keys().next();
        if (oldest.done !== true) this.sets.delete(oldest.value);
      }
    }
    return set;
  }

  clear(): void {
    this.sets.clear();
  }

  get size(): number {
    return this.sets.size;
  }
}

/** One letter a parameter: what its static type is as far as a plan cares. */
export function kindsOf(types: readonly FieldType[]): string {
  let kinds = '';
  for (let i = 0; i < types.length; i++) {
    const type = types[i]!;
    kinds += String.fromCharCode(
      ((type.code + 32) & 0x1ff) | (type.unsigned ? 0x200 : 0) | (type.charset === 'binary' ? 0 : 0x400),
    );
    // The scale decides how a result prints and what it is rounded to.
    if (type.code === TypeCode.DECIMAL) kinds += `${type.length},${type.decimals};`;
  }
  return kinds;
}

function stillHold(residencies: readonly ResidencyAssumption[], engine: ColumnEngineCosting | undefined): boolean {
  if (engine === undefined) return true;
  return residencies.every(({ table, columns, residency }) => engine.residency(table, columns) === residency);
}

function pinnedEqual(plan: CachedPlan, values: readonly Datum[]): boolean {
  const { pinned, pinnedValues } = plan;
  for (let i = 0; i < pinned.length; i++) if (!sameDatum(pinnedValues[i]!, values[pinned[i]!] ?? null)) return false;
  return true;
}

/** The same value in the same representation: stricter than SQL's equality, which is what a baked-in value needs. */
export function sameDatum(a: Datum, b: Datum): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Decimal) return b instanceof Decimal && a.scale === b.scale && a.digits === b.digits;
  if (a instanceof DateTime) return b instanceof DateTime && a.datePart === b.datePart && a.timeMicros === b.timeMicros;
  if (a instanceof Duration) return b instanceof Duration && a.micros === b.micros;
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  return false;
}
