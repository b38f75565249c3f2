/**
 * Range extraction: which intervals of an index's leading columns a conjunction of conditions allows.
 *
 * Columns are taken in key order: while a column has points (`=`, IN, IS NULL, ORs of them) the key prefix grows, and the first column that
 * has only an interval (`<`, BETWEEN, LIKE 'x%') ends it. Bounds stay expressions, so that a cached plan works for other parameter
 * values; only the pattern of a LIKE must be looked at, and is pinned.
 *
 * A bound of another type than the column's may lose something when it is converted (1.5 for an integer). Then the interval is taken
 * inclusive, and the condition stays as a filter: `absorbed` holds only conditions that a range says exactly.
 */
import type { FieldType } from '../../../base/value/field-type.ts';
import {
  isDecimal,
  isInteger,
  isNumeric,
  isReal,
  isString,
  isTemporal,
  NULL_TYPE,
  TypeCode,
  varcharType,
} from '../../../base/value/field-type.ts';
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { KeyRange } from '../../../proto/plan/physical.ts';
import type { Binder } from '../bind/binder.ts';
import { conjuncts, disjuncts, isComparison, mirrored, sameRepresentation } from '../expressions.ts';
import { isStatementConstant } from '../functions.ts';

export interface KeyColumn {
  readonly id: ColumnId;
  readonly type: FieldType;
  /** Only a prefix of the value is in the key. */
  readonly cut: boolean;
  /** Ranges are in the order of values all the same; only the order in which rows come is the other. */
  readonly descending: boolean;
}

export interface Ranges {
  readonly ranges: KeyRange[];
  /** Conditions that narrow the ranges, for estimates. */
  readonly used: Expression[];
  readonly absorbed: ReadonlySet<Expression>;
  /** Every key column has points: `points[i]` is a whole key. */
  readonly points: Expression[][] | undefined;
  /** Leading columns with exactly one value: they order nothing. */
  readonly fixed: ReadonlySet<ColumnId>;
}

/** Beyond this many combinations the rest becomes a filter. */
const RANGES_MAX = 4096;

const NULL_KEY: Expression = { kind: 'constant', value: null, type: NULL_TYPE };

interface Points {
  readonly values: readonly Expression[];
  readonly exact: boolean;
  readonly source: Expression;
}

interface Bound {
  readonly value: Expression;
  readonly inclusive: boolean;
  readonly exact: boolean;
  readonly source: Expression;
}

interface Interval {
  readonly lower: Bound | undefined;
  readonly upper: Bound | undefined;
}

export function extractRanges(
  conditions: readonly Expression[],
  keys: readonly KeyColumn[],
  binder: Binder,
): Ranges | undefined {
  let prefixes: Expression[][] = [[]];
  const used: Expression[] = [];
  const absorbed = new Set<Expression>();
  const fixed = new Set<ColumnId>();
  let depth = 0;
  for (; depth < keys.length; depth++) {
    const key = keys[depth]!;
    const points = bestPoints(conditions, key);
    if (points === undefined || prefixes.length * points.values.length > RANGES_MAX) break;
    const grown: Expression[][] = [];
    for (const prefix of prefixes) for (const value of points.values) grown.push([...prefix, value]);
    prefixes = grown;
    used.push(points.source);
    if (points.exact && !key.cut) absorbed.add(points.source);
    if (points.values.length === 1 && !key.cut) fixed.add(key.id);
    if (key.cut) {
      depth++;
      break;
    }
  }
  const whole = depth === keys.length && !keys.some((k) => k.cut) && !prefixes.some((p) => p.includes(NULL_KEY));
  if (depth < keys.length && !(depth > 0 && keys[depth - 1]!.cut)) {
    const key = keys[depth]!;
    const interval = intervalOf(conditions, key, binder);
    if (interval !== undefined) {
      for (const bound of [interval.lower, interval.upper]) {
        if (bound === undefined) continue;
        used.push(bound.source);
        if (bound.exact && !key.cut) absorbed.add(bound.source);
      }
      return {
        ranges: prefixes.map((prefix) => rangeOf(prefix, interval, key)),
        used,
        absorbed,
        points: undefined,
        fixed,
      };
    }
    if (depth === 0) return fromDisjunction(conditions, keys, binder);
  }
  const ranges = prefixes.map((prefix): KeyRange => ({
    lower: prefix,
    lowerInclusive: true,
    upper: prefix,
    upperInclusive: true,
  }));
  return { ranges, used, absorbed, points: whole ? prefixes : undefined, fixed };
}

function rangeOf(prefix: readonly Expression[], interval: Interval, key: KeyColumn): KeyRange {
  const { lower, upper } = interval;
  const tight = (bound: Bound): boolean => bound.inclusive || !bound.exact || key.cut;
  return {
    lower: lower !== undefined ? [...prefix, lower.value] : key.type.notNull ? prefix : [...prefix, NULL_KEY],
    lowerInclusive: lower !== undefined ? tight(lower) : key.type.notNull,
    upper: upper !== undefined ? [...prefix, upper.value] : prefix,
    upperInclusive: upper !== undefined ? tight(upper) : true,
  };
}

/** One OR whose arms all give ranges over the same key. */
function fromDisjunction(
  conditions: readonly Expression[],
  keys: readonly KeyColumn[],
  binder: Binder,
): Ranges | undefined {
  for (const condition of conditions) {
    if (condition.kind !== 'call' || condition.name !== 'or') continue;
    const arms = disjuncts(condition);
    if (arms.length > RANGES_MAX) continue;
    const ranges: KeyRange[] = [];
    const points: Expression[][] = [];
    let exact = true;
    let whole = true;
    for (const arm of arms) {
      const parts = conjuncts(arm);
      const made = extractRanges(parts, keys, binder);
      if (made === undefined || made.ranges.length + ranges.length > RANGES_MAX) {
        ranges.length = 0;
        break;
      }
      ranges.push(...made.ranges);
      if (made.points === undefined) whole = false;
      else points.push(...made.points);
      if (parts.some((p) => !made.absorbed.has(p))) exact = false;
    }
    if (ranges.length === 0) continue;
    return {
      ranges,
      used: [condition],
      absorbed: new Set(exact ? [condition] : []),
      points: whole ? points : undefined,
      fixed: new Set(),
    };
  }
  return undefined;
}

/** The column of a comparison's left side, seen through conversions that keep order. */
function keySide(e: Expression, key: KeyColumn): boolean {
  if (e.kind === 'column') return e.id === key.id;
  if (e.kind !== 'call' || e.name !== 'cast' || e.args[0]!.kind !== 'column' || e.args[0]!.id !== key.id) return false;
  const from = key.type;
  const to = e.type;
  if (isNumeric(from) && isNumeric(to))
    return (
      isReal(to) ||
      (isDecimal(to) && !isReal(from)) ||
      (isInteger(to) && isInteger(from) && to.code === TypeCode.LONGLONG)
    );
  return (
    from.code === TypeCode.DATE && (to.code === TypeCode.DATETIME || to.code === TypeCode.TIMESTAMP) && isTemporal(to)
  );
}

/** Whether the value can bound the column at all, in the order that the comparison uses. */
function bounds(key: KeyColumn, value: Expression, collation: string | undefined): boolean {
  const column = key.type;
  const type = value.type;
  switch (column.code) {
    case TypeCode.YEAR:
    case TypeCode.BIT:
    case TypeCode.ENUM:
    case TypeCode.SET:
    case TypeCode.JSON:
    case TypeCode.GEOMETRY: // prettier-ignore
      return false;
    default:
      break;
  }
  if (type.code === TypeCode.NULL) return false;
  if (isNumeric(column)) return isNumeric(type) && type.code !== TypeCode.BIT;
  if (isString(column))
    return (
      isString(type) &&
      (column.charset === 'binary') === (type.charset === 'binary') &&
      (collation === undefined || collation === column.collation)
    );
  if (column.code === TypeCode.TIME) return type.code === TypeCode.TIME;
  return type.code === TypeCode.DATE || type.code === TypeCode.DATETIME || type.code === TypeCode.TIMESTAMP;
}

/** Whether a range over the bound says the condition exactly: see `KeyRange` for what the scan promises. */
function isExact(column: FieldType, value: Expression): boolean {
  const type = value.type;
  if (isInteger(column) || isDecimal(column)) return isInteger(type) || isDecimal(type);
  if (isString(column)) return sameRepresentation(column, type);
  if (isReal(column)) return column.code === TypeCode.DOUBLE && type.code === TypeCode.DOUBLE;
  if (column.code === TypeCode.DATE || column.code === TypeCode.DATETIME)
    return type.code === TypeCode.DATE || type.code === TypeCode.DATETIME;
  return false;
}

/** `column = value`, either way round. */
function comparisonWith(
  condition: Expression,
  key: KeyColumn,
): { readonly name: string; readonly value: Expression } | undefined {
  if (!isComparison(condition)) return undefined;
  for (const c of [condition, mirrored(condition)]) {
    const [side, value] = c.args as [Expression, Expression];
    // As a bound the constant NULL is the key of NULL, which a comparison never means (`a = CAST(NULL AS SIGNED)`).
    if (value.kind === 'constant' && value.value === null) continue;
    if (keySide(side, key) && isStatementConstant(value) && bounds(key, value, c.collation))
      return { name: c.name, value };
  }
  return undefined;
}

function pointsOf(condition: Expression, key: KeyColumn): Points | undefined {
  if (condition.kind !== 'call') return undefined;
  if (condition.name === 'eq') {
    const found = comparisonWith(condition, key);
    return found && { values: [found.value], exact: isExact(key.type, found.value), source: condition };
  }
  if (condition.name === 'in' && keySide(condition.args[0]!, key)) {
    const values = condition.args.slice(1).filter((v) => !(v.kind === 'constant' && v.value === null));
    if (values.length === 0 || !values.every((v) => isStatementConstant(v) && bounds(key, v, condition.collation)))
      return undefined;
    return { values, exact: values.every((v) => isExact(key.type, v)), source: condition };
  }
  if (condition.name === 'isnull') {
    const [e] = condition.args;
    return e!.kind === 'column' && e!.id === key.id
      ? { values: [NULL_KEY], exact: true, source: condition }
      : undefined;
  }
  if (condition.name === 'or') {
    const arms = disjuncts(condition).map((arm) => pointsOf(arm, key));
    if (arms.some((arm) => arm === undefined)) return undefined;
    return { values: arms.flatMap((arm) => arm!.values), exact: arms.every((arm) => arm!.exact), source: condition };
  }
  return undefined;
}

function bestPoints(conditions: readonly Expression[], key: KeyColumn): Points | undefined {
  let best: Points | undefined;
  for (const condition of conditions) {
    const points = pointsOf(condition, key);
    if (points !== undefined && (best === undefined || points.values.length < best.values.length)) best = points;
  }
  return best;
}

function intervalOf(conditions: readonly Expression[], key: KeyColumn, binder: Binder): Interval | undefined {
  let lower: Bound | undefined;
  let upper: Bound | undefined;
  for (const condition of conditions) {
    const like = prefixOf(condition, key, binder);
    if (like !== undefined) {
      lower ??= like.lower;
      upper ??= like.upper;
      continue;
    }
    if (isNotNull(condition, key)) {
      lower ??= { value: NULL_KEY, inclusive: false, exact: true, source: condition };
      continue;
    }
    const found = comparisonWith(condition, key);
    if (found === undefined) continue;
    const exact = isExact(key.type, found.value);
    const bound = (inclusive: boolean): Bound => ({ value: found.value, inclusive, exact, source: condition });
    if ((found.name === 'gt' || found.name === 'ge') && (lower === undefined || lower.value === NULL_KEY))
      lower = bound(found.name === 'ge');
    else if ((found.name === 'lt' || found.name === 'le') && upper === undefined) upper = bound(found.name === 'le');
  }
  return lower === undefined && upper === undefined ? undefined : { lower, upper };
}

function isNotNull(condition: Expression, key: KeyColumn): boolean {
  // A column that is never NULL has no key of NULL to begin behind.
  if (key.type.notNull || condition.kind !== 'call' || condition.name !== 'not') return false;
  const inner = condition.args[0]!;
  return (
    inner.kind === 'call' && inner.name === 'isnull' && inner.args[0]!.kind === 'column' && inner.args[0]!.id === key.id
  );
}

/** Above every character that a collation knows; several, so that none that begins alike is lost. */
const LAST = '\u{10FFFF}'.repeat(8);

/** `LIKE 'abc%'`: from `abc` to `abc` and the last characters there are. */
function prefixOf(
  condition: Expression,
  key: KeyColumn,
  binder: Binder,
): { readonly lower: Bound; readonly upper: Bound } | undefined {
  if (condition.kind !== 'call' || condition.name !== 'like' || condition.args.length > 2) return undefined;
  const [e, pattern] = condition.args as [Expression, Expression];
  if (
    e.kind !== 'column' ||
    e.id !== key.id ||
    !isString(key.type) ||
    key.type.charset === 'binary' ||
    key.type.code === TypeCode.ENUM ||
    key.type.code === TypeCode.SET
  )
    return undefined;
  if (condition.collation !== undefined && condition.collation !== key.type.collation) return undefined;
  const known = binder.constantOf(pattern);
  if (known.kind !== 'constant' || typeof known.value !== 'string') return undefined;
  let prefix = '';
  for (let i = 0; i < known.value.length; i++) {
    const c = known.value[i]!;
    if (c === '%' || c === '_') break;
    if (c === '\\' && i + 1 < known.value.length) prefix += known.value[++i]!;
    else prefix += c;
  }
  if (prefix === '') return undefined;
  const value = (text: string): Expression => ({
    kind: 'constant',
    value: text,
    type: { ...varcharType(text.length, key.type.collation), notNull: true },
  });
  const bound = (text: string): Bound => ({ value: value(text), inclusive: true, exact: false, source: condition });
  return { lower: bound(prefix), upper: bound(prefix + LAST) };
}
