/**
 * `StatementPlanner`: from a statement to the plan that runs. It owns the session's plan cache and says by what a plan is judged: the options that
 * a text is read with, and the conditions under which a kept plan is still the right one.
 *
 *     text ─ digest ─► kept(digest) ── a PlanSet ─ find(conditions) ──► plan
 *                          └── nothing fits ─► plan(tree) ─► keep
 *
 * Hints may set variables for one statement (SET_VAR): the plan is made again under them, and `endHints` takes them back at its end.
 */
import { SqlError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { ParseOptions, QueryNode, Statement } from '../parser/ast.ts';
import type { Digest } from '../parser/index.ts';
import type { ColumnEngineCosting, SchemaSnapshot } from '../planner/environment.ts';
import { planQuery, planWrite } from '../planner/index.ts';
import { type CachedPlan, PlanCache, type PlanConditions, type PlanSet } from './plan-cache.ts';
import { extrasOf, factsOf, isWrite, labelOf, limited, mergePinned } from './planned.ts';
import type { ResultColumn } from './result.ts';
import type { Session } from './session.ts';
import { checkValue, variableDefinition } from './variables.ts';

/** Types of a statement's parameters, and their values where they are known. */
export interface Bound {
  readonly types: readonly FieldType[];
  readonly values: readonly Datum[] | undefined;
}

export interface MadePlan {
  readonly plan: CachedPlan;
  readonly cacheable: boolean;
}

export const UNBOUND: Bound = { types: [], values: undefined };
const NO_COLUMNS: readonly ResultColumn[] = [];

/** A statement cannot change the transaction that it is part of. */
const OF_TRANSACTIONS = new Set(['transaction_isolation', 'transaction_read_only', 'autocommit', 'rutile_txn_mode']);

export class StatementPlanner {
  private readonly session: Session;
  private readonly plans = new PlanCache();
  private readonly now = {
    epoch: 0,
    schemaVersion: 0,
    statisticsVersion: 0,
    columnEngine: undefined as ColumnEngineCosting | undefined,
  };
  private options: ParseOptions = {};
  private optionsEpoch = -1;
  private privilegeVersion: number;
  private temporaryChanges = 0;
  /** What SET_VAR hints of the running statement have changed, with the values before. */
  private hinted: Map<string, Datum> | undefined = undefined;

  constructor(session: Session) {
    this.session = session;
    this.privilegeVersion = session.instance.catalog.privilegeVersion;
  }

  // ---- by what a text and a plan are judged

  // hot
  parseOptions(): ParseOptions {
    const { state } = this.session;
    if (this.optionsEpoch !== state.epoch) {
      this.optionsEpoch = state.epoch;
      const mode = state.sqlMode;
      this.options = {
        ansiQuotes: mode.ansiQuotes, noBackslashEscapes: mode.noBackslashEscapes, pipesAsConcat: mode.pipesAsConcat, ignoreSpace: mode.ignoreSpace,
        highNotPrecedence: mode.highNotPrecedence, realAsFloat: mode.realAsFloat,
      }; // prettier-ignore
      this.plans.sizeMax = state.planCacheSize;
    }
    return this.options;
  }

  /** One object for all: good until the next call. */
  // hot
  conditions(schema: SchemaSnapshot): PlanConditions {
    const { instance, state, transaction, environment } = this.session;
    const { catalog } = instance;
    if (this.privilegeVersion !== catalog.privilegeVersion) {
      this.privilegeVersion = catalog.privilegeVersion;
      state.epoch++;
    }
    if (this.temporaryChanges !== this.session.temporaryChanges) {
      this.temporaryChanges = this.session.temporaryChanges;
      state.epoch++;
    }
    const { now } = this;
    now.epoch = transaction.hasWrites && state.engines !== 'row' ? state.epoch + 0.5 : state.epoch;
    now.schemaVersion = schema.version;
    now.statisticsVersion = catalog.statisticsVersion;
    now.columnEngine = environment.columnEngine;
    return now;
  }

  // ---- plans that were made

  // hot
  kept(digest: Digest): PlanSet | undefined {
    return digest.cacheable ? this.plans.get(digest.cacheKey) : undefined;
  }

  keep(digest: Digest, plan: CachedPlan): void {
    this.plans.obtain(digest.cacheKey).add(plan);
  }

  forget(): void {
    this.plans.clear();
  }

  // ---- making one

  /** `extraPinned` are literals whose value the parser already used. */
  plan(
    statement: Statement,
    sql: string,
    schema: SchemaSnapshot,
    bound: Bound,
    extraPinned: readonly number[] | undefined,
  ): MadePlan {
    const environment = this.session.environment.prepare(sql, schema, bound.types, bound.values);
    const { epoch, schemaVersion, statisticsVersion } = this.conditions(schema);
    const common = {
      epoch,
      schemaVersion,
      statisticsVersion,
      kinds: '',
      label: labelOf(statement),
      usage: { entry: undefined },
    };
    const pin = (pinned: readonly number[]): Pick<CachedPlan, 'pinned' | 'pinnedValues'> => {
      const all = mergePinned(pinned, extraPinned);
      return { pinned: all, pinnedValues: all.map((i) => bound.values?.[i] ?? null) };
    };
    if (isWrite(statement)) {
      let planned = planWrite(statement, environment);
      if (planned.setVariables.size > 0 && this.hinted === undefined) {
        this.beginHints(planned.setVariables);
        planned = planWrite(statement, environment);
      }
      const simple = planned.plan.kind === 'insert' && planned.plan.source === undefined;
      const plan: CachedPlan = {
        ...common, ...extrasOf(planned), ...pin(planned.pinned), kind: 'write', query: undefined, write: planned.plan, cut: undefined, columns: NO_COLUMNS,
        statisticsVersion: simple ? -1 : statisticsVersion, isPoint: false, locks: true, usesColumnEngine: false, isTableless: false,
      }; // prettier-ignore
      return { plan, cacheable: planned.cacheable };
    }
    const query = limited(statement as QueryNode, this.session.state.selectLimit);
    let planned = planQuery(query, environment);
    if (planned.setVariables.size > 0 && this.hinted === undefined) {
      this.beginHints(planned.setVariables);
      planned = planQuery(query, environment);
    }
    const facts = factsOf(planned.plan);
    const plan: CachedPlan = {
      ...common, ...extrasOf(planned), ...pin(planned.pinned), kind: 'query', query: planned.plan, write: undefined, cut: planned.cut, columns: planned.columns,
      statisticsVersion: facts.isPoint ? -1 : statisticsVersion, ...facts, locks: facts.locks || !planned.readOnly,
    }; // prettier-ignore
    return { plan, cacheable: planned.cacheable };
  }

  // ---- SET_VAR

  private beginHints(variables: ReadonlyMap<string, string>): void {
    const { state } = this.session;
    const before = new Map<string, Datum>();
    for (const [name, text] of variables) {
      const definition = variableDefinition(name.toLowerCase());
      if (
        definition === undefined ||
        definition.readOnly ||
        definition.scope === 'global' ||
        OF_TRANSACTIONS.has(definition.name)
      ) {
        state.warn('Warning', 4537, `Variable '${name}' cannot be set using SET_VAR hint.`);
        continue;
      }
      const given = /^-?\d+$/.test(text) ? Number(text) : text.replace(/^'(.*)'$/, '$1');
      try {
        const value = checkValue(definition, given, () => undefined);
        before.set(definition.name, state.value(definition.name));
        state.setQuietly(definition.name, value);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        state.warn('Warning', error.errno, error.message);
      }
    }
    this.hinted = before;
  }

  // hot
  endHints(): void {
    if (this.hinted === undefined) return;
    for (const [name, value] of this.hinted) this.session.state.setQuietly(name, value);
    this.hinted = undefined;
  }
}
