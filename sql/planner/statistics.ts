/**
 * `Estimator`: how many rows. Follows columns from the plan back to the stored column that has statistics; a histogram and the
 * most common values say what a comparison with a known value keeps; without statistics, fixed guesses do. Parameters are looked at
 * (peeked), which does not tie the plan to their values: a guess may be wrong, an answer not.
 */
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import type { ColumnId, Expression } from '../../proto/plan/expression.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import { publicIndexes } from '../../proto/schema/table-shape.ts';
import type { ColumnStatistics, PlannerEnvironment, TableStatistics } from './environment.ts';
import {
  columnFirst,
  conjuncts,
  coveredBy,
  datumKey,
  disjuncts,
  endOf,
  hasColumns,
  isComparison,
} from './expressions.ts';
import { evaluateNow, isStatementConstant } from './functions.ts';
import type { LogicalPlan, LogicalScan } from './logical.ts';
import { outputIds } from './logical.ts';

/** Shares kept by a condition of which nothing is known. */
export const GUESS = {
  equal: 0.001,
  range: 1 / 3,
  between: 0.25,
  like: 0.1,
  prefix: 0.05,
  other: 0.8,
  isNull: 0.01,
} as const;

/** A part of the rows, counted or guessed. */
interface Share {
  readonly share: number;
  readonly isKnown: boolean;
}

const WHOLE: Share = { share: 1, isKnown: true };
const NOTHING: Share = { share: 0, isKnown: false };
const GUESSED: Share = { share: GUESS.range, isKnown: false };

interface Origin {
  readonly table: TableInfo;
  readonly statistics: TableStatistics | undefined;
  readonly column: ColumnStatistics | undefined;
  readonly rows: number;
  /** The column alone is a key. */
  readonly unique: boolean;
}

export class Estimator {
  private readonly env: PlannerEnvironment;
  private readonly origins = new Map<ColumnId, Origin>();
  private readonly rowsMemo = new WeakMap<LogicalPlan, number>();
  private readonly seen = new WeakSet<LogicalPlan>();
  private readonly cteRows = new Map<number, number>();
  private readonly computedDistinct = new Map<ColumnId, number>();

  constructor(env: PlannerEnvironment) {
    this.env = env;
  }

  tableRows(table: TableInfo): number {
    return Math.max(1, this.env.statistics(table)?.rowCount ?? this.env.approximateRows(table));
  }

  learn(scan: LogicalScan): void {
    if (this.seen.has(scan)) return;
    this.seen.add(scan);
    const statistics = this.env.statistics(scan.table);
    const rows = this.tableRows(scan.table);
    scan.table.columns.forEach((column, offset) => {
      const id = scan.idByOffset[offset]!;
      if (this.origins.has(id)) return;
      const unique = publicIndexes(scan.table).some(
        (i) => (i.unique || i.primary) && i.columns.length === 1 && i.columns[0]!.offset === offset,
      );
      this.origins.set(id, { table: scan.table, statistics, column: statistics?.columns.get(column.id), rows, unique });
    });
  }

  /** Different values of a column among `rows` rows. */
  distinct(id: ColumnId, rows: number): number {
    const origin = this.origins.get(id);
    if (origin === undefined)
      return Math.max(1, Math.min(rows, this.computedDistinct.get(id) ?? Math.max(10, rows * 0.1)));
    if (origin.unique) return Math.max(1, Math.min(rows, origin.rows));
    const known = origin.column?.distinctCount ?? Math.max(10, origin.rows * 0.1);
    return Math.max(1, Math.min(rows, known));
  }

  distinctOf(expression: Expression, rows: number): number {
    if (expression.kind === 'column') return this.distinct(expression.id, rows);
    if (!hasColumns(expression)) return 1;
    if (expression.kind === 'call' && (expression.name === 'year' || expression.name === 'extract'))
      return Math.min(rows, 30);
    if (expression.kind === 'call' && expression.name === 'cast') return this.distinctOf(expression.args[0]!, rows);
    return Math.max(1, Math.min(rows, rows * 0.1));
  }

  rows(plan: LogicalPlan): number {
    const known = this.rowsMemo.get(plan);
    if (known !== undefined) return known;
    const made = Math.max(plan.kind === 'values' ? 0 : 0.001, this.compute(plan));
    this.rowsMemo.set(plan, made);
    return made;
  }

  private compute(plan: LogicalPlan): number {
    switch (plan.kind) {
      case 'scan':
        this.learn(plan);
        return this.tableRows(plan.table);
      case 'memory':
        return 1000;
      case 'json-table':
        return 10;
      case 'values':
        return plan.rows.length;
      case 'filter': {
        const input = this.rows(plan.input);
        return Math.min(input, Math.max(input > 1 ? 1e-3 : 0, input * this.selectivity(plan.conditions)));
      }
      case 'projection': {
        const rows = this.rows(plan.input);
        plan.output.forEach((c, i) => {
          const e = plan.expressions[i]!;
          if (e.kind !== 'column') this.computedDistinct.set(c.id, this.distinctOf(e, rows));
          else if (e.id !== c.id && this.origins.has(e.id)) this.origins.set(c.id, this.origins.get(e.id)!);
        });
        return rows;
      }
      case 'sort':
      case 'window':
      case 'lock': // prettier-ignore
        return this.rows(plan.input);
      case 'join':
      case 'apply':
        return this.joinRows(plan);
      case 'aggregate': {
        const input = this.rows(plan.input);
        if (plan.groupBy.length === 0) return 1;
        const groups = plan.groupBy.reduce((product, e) => product * this.distinctOf(e, input), 1);
        const rows = Math.max(1, Math.min(input, groups));
        plan.groupBy.forEach((e, i) => {
          const id = plan.output[i]!.id;
          if (e.kind !== 'column') this.computedDistinct.set(id, this.distinctOf(e, input));
          else if (e.id !== id && this.origins.has(e.id)) this.origins.set(id, this.origins.get(e.id)!);
        });
        return plan.rollup ? rows * 1.5 : rows;
      }
      case 'limit': {
        const input = this.rows(plan.input);
        return Math.min(input, this.peekCount(plan.count, 100));
      }
      case 'union':
        return plan.inputs.reduce((sum, input) => sum + this.rows(input), 0);
      case 'set-operation':
        return plan.operation === 'except'
          ? this.rows(plan.left)
          : Math.min(this.rows(plan.left), this.rows(plan.right));
      case 'with-cte': {
        const seed = this.rows(plan.seed);
        this.cteRows.set(plan.cteId, plan.recursive === undefined ? seed : seed * 10);
        if (plan.recursive !== undefined) this.rows(plan.recursive);
        return this.rows(plan.input);
      }
      case 'cte-scan':
        return this.cteRows.get(plan.cteId) ?? 100;
    }
  }

  peek(expression: Expression): Datum | undefined {
    if (expression.kind === 'constant') return expression.value;
    if (expression.kind === 'parameter') return this.env.parameterValues?.[expression.index];
    if (!isStatementConstant(expression)) return undefined;
    return evaluateNow(expression, this.env.evalContext);
  }

  peekCount(expression: Expression, otherwise: number): number {
    const value = this.peek(expression);
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : otherwise;
  }

  private joinRows(plan: Extract<LogicalPlan, { kind: 'join' | 'apply' }>): number {
    const left = this.rows(plan.left);
    if (plan.joinType === 'scalar' || plan.joinType === 'left-semi-mark') {
      this.rows(plan.right);
      return left;
    }
    const right = this.rows(plan.right);
    const selectivity = this.joinSelectivity(plan.conditions, left, right);
    const pairs = Math.min(left * right, left * right * selectivity * this.alreadyKept(plan));
    switch (plan.joinType) {
      case 'inner': return plan.kind === 'apply' && plan.conditions.length === 0 ? left * right : pairs; // prettier-ignore
      case 'left': return Math.max(left, pairs); // prettier-ignore
      case 'semi': return plan.kind === 'apply' ? left * 0.5 : Math.min(left, Math.max(pairs >= left ? left * 0.8 : pairs, left * 1e-4)); // prettier-ignore
      default: return plan.kind === 'apply' ? left * 0.5 : left * Math.max(0.2, 1 - Math.min(1, pairs / Math.max(1, left))); // prettier-ignore
    }
  }

  /** Of all pairs, the share that the conditions keep. */
  joinSelectivity(conditions: readonly Expression[], leftRows: number, rightRows: number): number {
    let share = 1;
    let equalities = 0;
    for (const c of conditions) {
      if (
        isComparison(c) &&
        (c.name === 'eq' || c.name === 'nulleq') &&
        hasColumns(c.args[0]!) &&
        hasColumns(c.args[1]!)
      ) {
        const a = this.distinctOf(c.args[0]!, Math.max(leftRows, rightRows));
        const b = this.distinctOf(c.args[1]!, Math.max(leftRows, rightRows));
        // Columns of one key go together: each further equality narrows less.
        share *= Math.pow(1 / Math.max(a, b, 1), equalities === 0 ? 1 : 0.5);
        equalities++;
      } else share *= this.selectivity([c]);
    }
    return share;
  }

  /**
   * An OR over both sides has been pushed into each side as what it says of that side alone (q07: both nations are one of two), so a
   * side's share is in its row count already. Counted again, two nations out of 625 pairs would seem to be a hundredth of one.
   */
  private alreadyKept(plan: Extract<LogicalPlan, { kind: 'join' | 'apply' }>): number {
    if (plan.kind === 'apply' || plan.joinType !== 'inner') return 1;
    let factor = 1;
    for (const c of plan.conditions) {
      if (c.kind !== 'call' || c.name !== 'or') continue;
      const arms = disjuncts(c).map((arm) => conjuncts(arm));
      for (const side of [outputIds(plan.left), outputIds(plan.right)]) {
        const parts = arms.map((arm) => arm.filter((part) => hasColumns(part) && coveredBy(part, side)));
        if (parts.some((part) => part.length === 0)) continue;
        factor /= parts.reduce((sum, part) => sum + (1 - sum) * this.selectivity(part), 1e-9);
      }
    }
    return factor;
  }

  /** Share of rows that pass all conditions; each is taken as independent, the third and later ones as half so. */
  selectivity(conditions: readonly Expression[]): number {
    const shares = this.sharesOf(conditions).sort((a, b) => a - b);
    let product = 1;
    shares.forEach((share, i) => (product *= i < 2 ? share : Math.sqrt(share)));
    return Math.max(product, 1e-9);
  }

  /** One share for each condition, but one for both ends of an interval over a column: they are anything but independent. */
  private sharesOf(conditions: readonly Expression[]): number[] {
    const shares: number[] = [];
    const ends = new Map<ColumnId, { lower: Share; upper: Share }>();
    for (const condition of conditions) {
      const turned = isComparison(condition) ? columnFirst(condition) : undefined;
      const column = turned?.args[0];
      const end = turned && endOf(turned.name);
      if (turned === undefined || column?.kind !== 'column' || end === undefined) {
        shares.push(this.shareOf(condition));
        continue;
      }
      const share = this.rangeShare(turned.name, column, turned.args[1]!);
      const interval = ends.get(column.id) ?? { lower: WHOLE, upper: WHOLE };
      if (share.share < interval[end].share) interval[end] = share;
      ends.set(column.id, interval);
    }
    for (const [id, { lower, upper }] of ends) {
      const rows = this.origins.get(id)?.rows ?? 1;
      if (lower.share === 0 || upper.share === 0) shares.push(0);
      else if (lower.isKnown && upper.isKnown) shares.push(Math.max(1 / rows, lower.share + upper.share - 1));
      else if (lower.isKnown || upper.isKnown) shares.push(lower.share * upper.share);
      else shares.push(GUESS.between);
    }
    return shares;
  }

  private shareOf(condition: Expression): number {
    switch (condition.kind) {
      case 'constant':
        return condition.value === null || condition.value === 0 ? 0 : 1;
      case 'call':
        break;
      default:
        return 0.5;
    }
    const { name, args } = condition;
    if (name === 'and') return this.selectivity(args);
    if (name === 'or')
      return Math.min(
        1,
        args.reduce((sum, a) => sum + (1 - sum) * this.shareOf(a), 0),
      );
    if (name === 'not') return Math.max(0, 1 - this.shareOf(args[0]!));
    const first = args[0];
    if (name === 'isnull' && first !== undefined) {
      const origin = first.kind === 'column' ? this.origins.get(first.id) : undefined;
      return origin?.column === undefined ? GUESS.isNull : origin.column.nullCount / Math.max(1, origin.rows);
    }
    if (name === 'in' && first !== undefined) {
      return Math.min(
        1,
        args.slice(1).reduce((sum, value) => sum + this.equalShare(first, value), 0),
      );
    }
    if (name === 'like') return this.likeShare(args[0]!, args[1]!);
    if (name === 'between') return GUESS.between;
    if (isComparison(condition)) {
      const turned = columnFirst(condition);
      const [column, value] = turned.args as [Expression, Expression];
      if (turned.name === 'eq' || turned.name === 'nulleq') return this.equalShare(column, value);
      if (turned.name === 'ne') return 1 - this.equalShare(column, value);
      return this.rangeShare(turned.name, column, value).share;
    }
    return GUESS.other;
  }

  private origin(expression: Expression): Origin | undefined {
    if (expression.kind === 'column') return this.origins.get(expression.id);
    if (expression.kind === 'call' && expression.name === 'cast') return this.origin(expression.args[0]!);
    return undefined;
  }

  private equalShare(column: Expression, value: Expression): number {
    const origin = this.origin(column);
    if (origin === undefined) {
      if (column.kind === 'call') return 1 / Math.max(1, this.distinctOf(column, 1000));
      const distinct = column.kind === 'column' ? this.computedDistinct.get(column.id) : undefined;
      return distinct === undefined ? 0.1 : 1 / Math.max(1, distinct);
    }
    if (origin.unique) return 1 / origin.rows;
    const statistics = origin.column;
    if (statistics === undefined) return Math.max(GUESS.equal, 1 / origin.rows);
    if (hasColumns(value)) return 1 / Math.max(1, statistics.distinctCount);
    const known = this.peek(value);
    if (known === null) return 0;
    let commonRows = 0;
    if (known !== undefined) {
      const key = numberOf(known);
      for (const entry of statistics.topN) {
        commonRows += entry.count;
        if (
          datumKey(entry.value) === datumKey(known) ||
          (key !== undefined && typeof known !== 'string' && numberOf(entry.value) === key)
        )
          return entry.count / origin.rows;
      }
    }
    const others = Math.max(1, statistics.distinctCount - statistics.topN.length);
    return Math.max(
      1 / origin.rows,
      Math.max(0, origin.rows - statistics.nullCount - commonRows) / others / origin.rows,
    );
  }

  private rangeShare(name: string, column: Expression, value: Expression): Share {
    const origin = this.origin(column);
    const known = this.peek(value);
    if (known === null) return NOTHING;
    if (known === undefined || origin?.column === undefined) return GUESSED;
    const passing = rowsPassing(name, origin.column, known, origin.rows);
    if (passing === undefined) return GUESSED;
    return { share: Math.min(1, Math.max(1, passing) / Math.max(1, origin.rows)), isKnown: true };
  }

  private likeShare(column: Expression, pattern: Expression): number {
    const text = this.peek(pattern);
    if (typeof text !== 'string') return GUESS.like;
    if (!/[%_]/.test(text)) return this.equalShare(column, pattern);
    return /^[%_]/.test(text) ? GUESS.like : GUESS.prefix;
  }

  /** Rows that one value of an index's leading columns finds. */
  rowsPerKey(scan: LogicalScan, offsets: readonly number[], whole: number | undefined): number {
    this.learn(scan);
    const rows = this.tableRows(scan.table);
    if (whole !== undefined) {
      const distinct = this.env.statistics(scan.table)?.indexDistinct.get(whole);
      if (distinct !== undefined) return Math.max(1, rows / Math.max(1, distinct));
    }
    let distinct = 1;
    for (const offset of offsets) distinct *= this.distinct(scan.idByOffset[offset]!, rows);
    return Math.max(1, rows / Math.min(rows, distinct));
  }
}

/** A position on the number line that keeps order, for interpolation. */
export function numberOf(value: Datum): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal) return Number(value.digits) / 10 ** value.scale;
  if (value instanceof DateTime) return value.datePart + value.timeMicros / 86_400_000_000;
  if (value instanceof Duration) return value.micros;
  if (typeof value === 'string') {
    let position = 0;
    const text = value.toLowerCase();
    for (let i = 0; i < 6; i++) position = position * 256 + (i < text.length ? Math.min(255, text.charCodeAt(i)) : 0);
    return position;
  }
  return undefined;
}

/**
 * Rows on one side of a value: common values are counted one by one, the others by the histogram. Rows that came after the statistics were
 * made are unknown to both: half of them are taken to lie as the others do, half above all that was seen, as keys and times do that only grow.
 */
function rowsPassing(name: string, statistics: ColumnStatistics, value: Datum, rows: number): number | undefined {
  const at = numberOf(value);
  const { histogram, topN, nullCount } = statistics;
  if (at === undefined || (histogram.length === 0 && topN.length === 0)) return undefined;
  const below = histogram.length === 0 ? 0 : shareBelow(histogram, at);
  if (below === undefined) return undefined;
  const isUpper = name === 'lt' || name === 'le';
  const rest = histogram[histogram.length - 1]?.cumulativeCount ?? 0;
  let seen = rest;
  let passing = rest * (isUpper ? below : 1 - below);
  for (const common of topN) {
    seen += common.count;
    const position = common.value === null ? undefined : numberOf(common.value);
    if (position === undefined) return undefined;
    const equal = position === at && (name === 'le' || name === 'ge');
    if (equal || (isUpper ? position < at : position > at)) passing += common.count;
  }
  const later = Math.max(0, rows - nullCount - seen);
  const share = seen > 0 ? passing / seen : 0;
  return passing + (later / 2) * share + (isUpper ? 0 : later / 2);
}

function shareBelow(histogram: ColumnStatistics['histogram'], at: number): number | undefined {
  const total = histogram[histogram.length - 1]!.cumulativeCount;
  if (total <= 0) return undefined;
  let before = 0;
  for (const bucket of histogram) {
    const lower = numberOf(bucket.lower);
    const upper = numberOf(bucket.upper);
    if (lower === undefined || upper === undefined) return undefined;
    if (at < lower) return before / total;
    if (at <= upper) {
      const inside = upper > lower ? (at - lower) / (upper - lower) : 0.5;
      return (before + inside * (bucket.cumulativeCount - before)) / total;
    }
    before = bucket.cumulativeCount;
  }
  return 1;
}
