/**
 * `ColumnPlanner`: the same logical subtree for the column engine. It scans whole tables (block minima and maxima take the place of
 * ranges), filters, projects, joins by hash, aggregates and sorts; what else a subtree needs makes it unfit, and then smaller
 * subtrees are tried by the optimizer on its way down.
 */
import { isString } from '../../../base/value/field-type.ts';
import type { Expression, SortKey } from '../../../proto/plan/expression.ts';
import type { PhysicalPlan } from '../../../proto/plan/physical.ts';
import type { ColumnInfo } from '../../../proto/schema/table-info.ts';
import type { ColumnEngineCosting, PlannerEnvironment, ResidencyAssumption } from '../environment.ts';
import { columnFirst, columnOf, conditionOf, endOf, isComparison, isVolatile } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { outputIds } from '../logical.ts';
import type { RuleContext } from '../rules/rule.ts';
import { equiKeys } from '../rules/join-shape.ts';
import { scanNode } from './access.ts';
import type { Candidate, OrderKey } from './candidate.ts';
import { candidate, NO_FIXED, orderKeyText } from './candidate.ts';
import { COLUMN_COST, LOAD_SHARE } from './cost.ts';
import { joinOutput } from './joins.ts';

const NO_ID = { id: '', cost: 0, estimatedRows: 0 } as const;

interface Part {
  readonly plan: PhysicalPlan;
  readonly rows: number;
  /** Without loading: a table that stands in the subtree twice is loaded once. */
  readonly cost: number;
  /** What loading costs, by table id. */
  readonly loads: ReadonlyMap<number, number>;
}

const NO_LOADS: ReadonlyMap<number, number> = new Map();

export class ColumnPlanner {
  private readonly context: RuleContext;
  private readonly engine: ColumnEngineCosting;
  private readonly memo = new WeakMap<LogicalPlan, Part | null>();
  private readonly supported = new WeakMap<PhysicalPlan, boolean>();
  /** What the engine said of the tables it was asked about. */
  readonly assumptions: ResidencyAssumption[] = [];
  private readonly wholes = new WeakMap<LogicalPlan, Map<string, Candidate | null>>();

  constructor(context: RuleContext, engine: ColumnEngineCosting) {
    this.context = context;
    this.engine = engine;
  }

  /** The subtree in the column engine; `undefined` when it cannot run there. */
  plan(plan: LogicalPlan, required: readonly OrderKey[]): Candidate | undefined {
    let known = this.wholes.get(plan);
    if (known === undefined) this.wholes.set(plan, (known = new Map()));
    const key = orderKeyText(required);
    const found = known.get(key);
    if (found !== undefined) return found ?? undefined;
    const made = this.whole(plan, required);
    known.set(key, made ?? null);
    return made;
  }

  private whole(plan: LogicalPlan, required: readonly OrderKey[]): Candidate | undefined {
    if (plan.kind === 'values' || plan.kind === 'json-table' || plan.kind === 'cte-scan' || plan.kind === 'memory')
      return undefined;
    let part = this.part(plan);
    if (part === undefined) return undefined;
    if (required.length > 0) {
      const keys: SortKey[] = required.map((k) => ({
        expression: columnOf(plan.output.find((c) => c.id === k.id)!),
        descending: k.descending,
      }));
      part = this.sorted(part, keys);
    }
    if (!this.supports(part.plan)) return undefined;
    let cost = part.cost + COLUMN_COST.open + part.rows * COLUMN_COST.resultRow;
    for (const load of part.loads.values()) cost += load;
    const forced = this.context.binder.env.engines === 'column';
    const reason = forced ? 'forced by rutile_engines' : `cost ${Math.round(cost)} here`;
    const node: PhysicalPlan = { ...NO_ID, kind: 'column-engine', input: part.plan, reason, output: part.plan.output };
    return candidate(node, part.rows, cost, cost, required, NO_FIXED);
  }

  private supports(plan: PhysicalPlan): boolean {
    let known = this.supported.get(plan);
    if (known === undefined) this.supported.set(plan, (known = this.engine.unsupported(plan) === undefined));
    return known;
  }

  private part(plan: LogicalPlan): Part | undefined {
    const known = this.memo.get(plan);
    if (known !== undefined) return known ?? undefined;
    const made = this.build(plan);
    this.memo.set(plan, made ?? null);
    return made;
  }

  private made(plan: PhysicalPlan, rows: number, work: number, ...inputs: Part[]): Part {
    const cost = inputs.reduce((sum, input) => sum + input.cost, work + COLUMN_COST.operator);
    return { plan: { ...plan, estimatedRows: rows, cost }, rows, cost, loads: loadsOf(inputs) };
  }

  private build(plan: LogicalPlan): Part | undefined {
    const { estimator } = this.context;
    switch (plan.kind) {
      case 'scan':
        return plan.hints?.engine === 'row' ? undefined : this.scan(plan, undefined);
      case 'filter': {
        if (plan.conditions.some(isVolatile)) return undefined;
        if (plan.input.kind === 'scan')
          return plan.input.hints?.engine === 'row' ? undefined : this.scan(plan.input, plan);
        const input = this.part(plan.input);
        return (
          input &&
          this.made(
            {
              ...NO_ID,
              kind: 'filter',
              input: input.plan,
              condition: conditionOf(plan.conditions)!,
              output: input.plan.output,
            },
            estimator.rows(plan),
            input.rows * COLUMN_COST.row * plan.conditions.length,
            input,
          )
        );
      }
      case 'projection': {
        if (plan.expressions.some(isVolatile)) return undefined;
        const input = this.part(plan.input);
        return (
          input &&
          this.made(
            { ...NO_ID, kind: 'projection', input: input.plan, expressions: plan.expressions, output: plan.output },
            input.rows,
            input.rows * COLUMN_COST.row * plan.expressions.length,
            input,
          )
        );
      }
      case 'join':
        return this.join(plan);
      case 'aggregate': {
        if (plan.rollup) return undefined;
        const input = this.part(plan.input);
        const rows = estimator.rows(plan);
        return (
          input &&
          this.made(
            {
              ...NO_ID,
              kind: 'hash-aggregate',
              input: input.plan,
              groupBy: plan.groupBy,
              aggregates: plan.aggregates,
              rollup: false,
              output: plan.output,
            },
            rows,
            input.rows * COLUMN_COST.row * (plan.aggregates.length + 4 * plan.groupBy.length) +
              rows * COLUMN_COST.hashRow,
            input,
          )
        );
      }
      case 'sort': {
        const input = this.part(plan.input);
        return input && this.sorted(input, plan.keys);
      }
      case 'limit': {
        const sorting = plan.input.kind === 'sort' ? plan.input : undefined;
        const input = this.part(sorting?.input ?? plan.input);
        if (input === undefined) return undefined;
        const rows = estimator.rows(plan);
        if (sorting === undefined)
          return this.made(
            {
              ...NO_ID,
              kind: 'limit',
              input: input.plan,
              offset: plan.offset,
              count: plan.count,
              output: input.plan.output,
            },
            rows,
            0,
            input,
          );
        return this.made(
          {
            ...NO_ID,
            kind: 'top-n',
            input: input.plan,
            keys: sorting.keys,
            offset: plan.offset,
            count: plan.count,
            output: input.plan.output,
          },
          rows,
          // Every column of every row is written down before the first is chosen.
          input.rows * (COLUMN_COST.sortRow + COLUMN_COST.row * input.plan.output.length),
          input,
        );
      }
      default:
        return undefined;
    }
  }

  private sorted(input: Part, keys: readonly SortKey[]): Part {
    return this.made(
      { ...NO_ID, kind: 'sort', input: input.plan, keys, output: input.plan.output },
      input.rows,
      COLUMN_COST.sortRow * input.rows * Math.log2(Math.max(2, input.rows)),
      input,
    );
  }

  private scan(
    scan: Extract<LogicalPlan, { kind: 'scan' }>,
    filter: Extract<LogicalPlan, { kind: 'filter' }> | undefined,
  ): Part | undefined {
    const { estimator, binder } = this.context;
    const { env } = binder;
    // The column engine keeps whole tables; partitions are read row by row.
    if (scan.partitions !== undefined) return undefined;
    const rows = estimator.tableRows(scan.table);
    const residency = this.engine.residency(scan.table, scan.columns);
    this.assumptions.push({ table: scan.table, columns: scan.columns, residency });
    if (residency !== 'current' && env.engines !== 'column' && env.statistics(scan.table) === undefined)
      return undefined;
    const conditions = filter?.conditions ?? [];
    if (env.engines !== 'column' && isUnknownInterval(scan, conditions, env)) return undefined;
    const node = { ...scanNode(scan, undefined, conditionOf(conditions), false), estimatedRead: rows };
    const made = this.made(
      node,
      estimator.rows(filter ?? scan),
      rows * (COLUMN_COST.value * Math.max(1, scan.columns.length) + COLUMN_COST.row * conditions.length),
    );
    const share = LOAD_SHARE[residency];
    return share === 0 ? made : { ...made, loads: new Map([[scan.table.id, rows * share * loadRow(scan.columns)]]) };
  }

  private join(plan: Extract<LogicalPlan, { kind: 'join' }>): Part | undefined {
    const left = this.part(plan.left);
    const right = this.part(plan.right);
    if (left === undefined || right === undefined) return undefined;
    const keys = equiKeys(plan.conditions, outputIds(plan.left), outputIds(plan.right));
    if (plan.joinType === 'null-aware-anti' && (keys.left.length !== 1 || keys.others.length > 0)) return undefined;
    if (plan.joinType === 'left-semi-mark') return undefined;
    if (keys.left.length === 0 && plan.joinType !== 'inner') return undefined;
    const rows = this.context.estimator.rows(plan);
    const build = plan.joinType === 'inner' && left.rows < right.rows ? 'left' : 'right';
    const [small, big] = build === 'left' ? [left, right] : [right, left];
    const pairs = keys.left.length === 0 ? left.rows * right.rows * COLUMN_COST.row : 0;
    const node: PhysicalPlan = {
      ...NO_ID, kind: 'hash-join', joinType: plan.joinType, left: left.plan, right: right.plan, build, leftKeys: keys.left, rightKeys: keys.right,
      nullSafe: keys.nullSafe, condition: conditionOf(keys.others), output: joinOutput(plan, left.plan.output, right.plan.output),
    }; // prettier-ignore
    return this.made(
      node,
      rows,
      small.rows * COLUMN_COST.hashRow + big.rows * COLUMN_COST.row * 3 + rows * COLUMN_COST.row * 2 + pairs,
      left,
      right,
    );
  }
}

/**
 * Is the scan held to a piece of an index whose ends are parameters without values yet? How much lies between them nobody can say, and a
 * statement that is prepared so is most likely one of many short ones: it stays with the rows.
 */
function isUnknownInterval(
  scan: Extract<LogicalPlan, { kind: 'scan' }>,
  conditions: readonly Expression[],
  env: PlannerEnvironment,
): boolean {
  const leading = new Set<number>();
  for (const index of scan.table.indexes)
    if (index.state === 'public') leading.add(scan.idByOffset[index.columns[0]!.offset]!);
  const ends = { lower: new Set<number>(), upper: new Set<number>() };
  for (const condition of conditions) {
    if (!isComparison(condition)) continue;
    const { name, args } = columnFirst(condition);
    const [key, value] = args as [Expression, Expression];
    if (key.kind !== 'column' || !leading.has(key.id) || !isUnknown(value, env)) continue;
    if (name === 'eq') return true;
    const end = endOf(name);
    if (end !== undefined) ends[end].add(key.id);
  }
  for (const id of ends.lower) if (ends.upper.has(id)) return true;
  return false;
}

function isUnknown(value: Expression, env: PlannerEnvironment): boolean {
  const inner = value.kind === 'call' && value.name === 'cast' ? value.args[0]! : value;
  return inner.kind === 'parameter' && env.parameterValues?.[inner.index] === undefined;
}

/** A table loaded for two scans is loaded once, with the columns of both: about what the dearer one costs. */
function loadsOf(inputs: readonly Part[]): ReadonlyMap<number, number> {
  const loading = inputs.filter((input) => input.loads.size > 0);
  if (loading.length <= 1) return loading[0]?.loads ?? NO_LOADS;
  const all = new Map<number, number>();
  for (const { loads } of loading)
    for (const [table, cost] of loads) all.set(table, Math.max(all.get(table) ?? 0, cost));
  return all;
}

function loadRow(columns: readonly ColumnInfo[]): number {
  return columns.reduce<number>(
    (sum, column) => sum + COLUMN_COST.loadColumn + (isString(column.type) ? COLUMN_COST.loadText : 0),
    COLUMN_COST.loadRow,
  );
}
