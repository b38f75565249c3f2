/**
 * One table access in MySQL's words: which key, how much of it, compared to what. Read by the traditional table and the JSON of EXPLAIN, and, for the
 * expressions in them, by its tree.
 */
import { type FieldType, isString, TypeCode } from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { IndexMerge, IndexScan, KeyRange, PointGet, TableScan } from '../../proto/plan/physical.ts';
import type { IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { primaryIndex, publicIndexes } from '../../proto/schema/table-shape.ts';
import type { PlanFacts } from './explain-partitions.ts';
import { type Lifted, valueText } from './explain-text.ts';
import { columnsIn } from './expressions.ts';

export type Read = TableScan | IndexScan | IndexMerge | PointGet;

export interface Access {
  readonly alias: string;
  /** `ALL`, `index`, `range`, `ref`, `eq_ref`, `const`, `index_merge`. */
  readonly type: string;
  readonly possibleKeys: readonly string[];
  readonly key: string | undefined;
  readonly usedParts: readonly string[];
  readonly keyLength: string | undefined;
  readonly ref: readonly string[];
  readonly rows: number;
  /** Percent of the rows read that are given. */
  readonly filtered: number;
  readonly covering: boolean;
  readonly extra: readonly string[];
  readonly condition: Expression | undefined;
  readonly partitions: string | null;
}

/** `keys`: of an index join, what the inner table is looked up by. */
export function accessOf(plan: Read, keys: readonly Expression[] | undefined, facts: PlanFacts): Access {
  const index = plan.kind === 'index-scan' ? plan.index : plan.kind === 'point-get' ? (plan.index ?? primaryIndex(plan.table)) : primaryIndex(plan.table); // prettier-ignore
  const common = {
    alias: plan.alias,
    partitions: plan.kind === 'index-merge' ? null : (facts.partitions(plan) ?? null),
    condition: plan.filter,
  };
  const where = plan.filter === undefined && !(plan.kind === 'index-scan' && plan.indexFilter !== undefined) ? [] : ['Using where']; // prettier-ignore
  if (plan.kind === 'index-merge') {
    const indexes = plan.parts.map((part) => part.index ?? primaryIndex(plan.table)!);
    const names = indexes.map((one) => one.name).join(',');
    const depth = plan.parts.map((part) => depthOf(part.ranges));
    return {
      ...common, type: 'index_merge', possibleKeys: indexes.map((one) => one.name), key: names,
      usedParts: indexes.map((one) => one.columns[0]!.name), keyLength: indexes.map((one, i) => lengthOf(plan.table, one, depth[i]!)).join(','), ref: [],
      rows: plan.mode === 'intersection' ? plan.estimatedRows : plan.parts.reduce((sum, part) => sum + part.estimatedRead, 0), filtered: 100, covering: false,
      extra: [`Using ${plan.mode === 'union' ? 'union' : 'intersect'}(${names})`, ...where],
    }; // prettier-ignore
  }
  if (plan.kind === 'point-get') {
    const one = plan.keys.length === 1;
    return {
      ...common, type: one ? 'const' : 'range', ...keyOf(plan, index, index?.columns.length ?? 1), rows: plan.keys.length, filtered: 100, covering: false,
      ref: one ? plan.keys[0]!.map(() => 'const') : [], extra: where,
    }; // prettier-ignore
  }
  const read = Math.max(plan.estimatedRead ?? plan.estimatedRows, plan.estimatedRows);
  const filtered = read <= 0 ? 100 : Math.min(100, (100 * plan.estimatedRows) / read);
  const covering = plan.kind === 'index-scan' && plan.covering;
  const extra = [
    ...(plan.kind === 'index-scan' && plan.indexFilter !== undefined && !covering ? ['Using index condition'] : []),
    ...(plan.filter === undefined && !covering ? [] : where),
    ...(plan.reverse ? ['Backward index scan'] : []),
    ...(covering ? ['Using index'] : []),
  ];
  if (keys !== undefined) {
    const whole = index !== undefined && index.unique && keys.length === index.columns.length;
    return {
      ...common, type: whole ? 'eq_ref' : 'ref', ...keyOf(plan, index, keys.length), ref: keys.map((key) => refText(key)), rows: read, filtered, covering, extra,
    }; // prettier-ignore
  }
  if (plan.ranges === undefined)
    return {
      ...common, type: plan.kind === 'index-scan' ? 'index' : 'ALL', ...(plan.kind === 'index-scan' ? keyOf(plan, index, index!.columns.length) : NO_KEY),
      ref: [], rows: read, filtered, covering, extra,
    }; // prettier-ignore
  const points = plan.ranges.length === 1 && plan.ranges[0]!.lower === plan.ranges[0]!.upper;
  return {
    ...common, type: points ? 'ref' : 'range', ...keyOf(plan, index, depthOf(plan.ranges)), ref: points ? plan.ranges[0]!.lower.map(() => 'const') : [],
    rows: read, filtered, covering, extra,
  }; // prettier-ignore
}

const NO_KEY = { key: undefined, usedParts: [], keyLength: undefined, possibleKeys: [] } as const;

function keyOf(
  plan: Read,
  index: IndexInfo | undefined,
  depth: number,
): Pick<Access, 'key' | 'usedParts' | 'keyLength' | 'possibleKeys'> {
  if (index === undefined) return NO_KEY;
  const first = index.columns[0]!.offset;
  const possible = publicIndexes(plan.table).filter((one) => one.columns[0]!.offset === first && !one.invisible);
  return {
    key: index.name,
    usedParts: index.columns.slice(0, depth).map((part) => part.name),
    keyLength: lengthOf(plan.table, index, depth),
    possibleKeys: possible.map((one) => one.name),
  };
}

const depthOf = (ranges: readonly KeyRange[]): number =>
  Math.max(1, ...ranges.map((range) => Math.max(range.lower.length, range.upper.length)));

/** In InnoDB's bytes, as `key_len` counts them. */
function lengthOf(table: TableInfo, index: IndexInfo, depth: number): string {
  let bytes = 0;
  for (const part of index.columns.slice(0, depth)) {
    const { type } = table.columns[part.offset]!;
    bytes += partBytes(type, part.prefixLength) + (type.notNull ? 0 : 1);
  }
  return String(bytes);
}

function partBytes(type: FieldType, prefix: number): number {
  if (isString(type) && type.code !== TypeCode.ENUM && type.code !== TypeCode.SET) {
    const characters = prefix >= 0 ? prefix : type.length;
    const wide = type.charset === 'binary' || type.charset === 'latin1' || type.charset === 'ascii' ? 1 : type.charset === 'utf8mb3' ? 3 : 4; // prettier-ignore
    return characters * wide + (type.code === TypeCode.CHAR ? 0 : 2);
  }
  const fraction = Math.ceil(type.decimals / 2);
  switch (type.code) {
    case TypeCode.TINY:
    case TypeCode.YEAR: // prettier-ignore
      return 1;
    case TypeCode.SHORT:
      return 2;
    case TypeCode.INT24:
    case TypeCode.DATE: // prettier-ignore
      return 3;
    case TypeCode.LONG:
    case TypeCode.FLOAT: // prettier-ignore
      return 4;
    case TypeCode.TIME:
      return 3 + fraction;
    case TypeCode.TIMESTAMP:
      return 4 + fraction;
    case TypeCode.DATETIME:
      return 5 + fraction;
    case TypeCode.DECIMAL: {
      const digits = (count: number): number => Math.floor(count / 9) * 4 + [0, 1, 1, 2, 2, 3, 3, 4, 4][count % 9]!;
      return digits(type.length - type.decimals) + digits(type.decimals);
    }
    case TypeCode.ENUM:
      return 1;
    default:
      return 8;
  }
}

/** Where a key of an index join comes from. */
function refText(key: Expression): string {
  if (key.kind === 'column') return key.name;
  return columnsIn([key]).size === 0 ? 'const' : 'func';
}

// ---- expressions as SQL ----

const INFIX: Readonly<Record<string, string>> = {
  eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=', nulleq: '<=>', plus: '+', minus: '-', mul: '*', div: '/', intdiv: 'DIV', mod: '%', and: 'and', or: 'or',
  xor: 'xor', like: 'like', bitand: '&', bitor: '|', bitxor: '^',
}; // prettier-ignore

/** `((t.a = 5) and (t.b > 3))`, as MySQL's tree has conditions. */
export function sqlText(e: Expression, lifted: Lifted): string {
  switch (e.kind) {
    case 'column':
      return e.name;
    case 'constant':
      return typeof e.value === 'string' ? `'${e.value.replaceAll("'", "''")}'` : valueText(e.value, e.type);
    case 'parameter': {
      const inner = lifted.get(e.index);
      return inner === undefined ? '?' : sqlText(inner, lifted);
    }
    case 'call': {
      const args = e.args.map((arg) => sqlText(arg, lifted));
      const infix = INFIX[e.name];
      if (infix !== undefined && args.length === 2) return `(${args[0]} ${infix} ${args[1]})`;
      switch (e.name) {
        case 'in':
          return `(${args[0]} in (${args.slice(1).join(',')}))`;
        case 'isnull':
          return `(${args[0]} is null)`;
        case 'not': {
          const [inner] = e.args;
          if (inner!.kind === 'call' && inner!.name === 'isnull')
            return `(${sqlText(inner!.args[0]!, lifted)} is not null)`;
          return `(not ${args[0]})`;
        }
        case 'neg':
          return `-(${args[0]})`;
        default:
          return `${e.name}(${args.join(',')})`;
      }
    }
  }
}

/** `(1 <= a <= 5) OR (9 < a)`: of the last column; those before it are equal. */
export function overText(index: IndexInfo | undefined, ranges: readonly KeyRange[], lifted: Lifted): string {
  const names = index?.columns.map((part) => part.name) ?? [];
  const texts = ranges.slice(0, 5).map((range) => {
    const terms: string[] = [];
    const depth = Math.max(range.lower.length, range.upper.length);
    for (let i = 0; i < depth; i++) {
      const lower = range.lower[i];
      const upper = range.upper[i];
      const name = names[i] ?? 'handle';
      if (lower !== undefined && upper !== undefined && sqlText(lower, lifted) === sqlText(upper, lifted)) {
        terms.push(`${name} = ${sqlText(lower, lifted)}`);
        continue;
      }
      const last = i === depth - 1;
      const isNull = lower?.kind === 'constant' && lower.value === null;
      const low =
        lower === undefined
          ? ''
          : isNull
            ? 'NULL < '
            : `${sqlText(lower, lifted)} ${last && !range.lowerInclusive ? '<' : '<='} `;
      const high =
        upper === undefined ? '' : ` ${last && !range.upperInclusive ? '<' : '<='} ${sqlText(upper, lifted)}`;
      terms.push(`${low}${name}${high}`);
    }
    return `(${terms.join(' AND ')})`;
  });
  return `${texts.join(' OR ')}${ranges.length > 5 ? ` OR (${ranges.length - 5} more)` : ''}`;
}
