/** Questions about join conditions that several rules and the physical planner ask. */
import { type FieldType, isDecimal, isInteger, isReal } from '../../../base/value/field-type.ts';
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import { coveredBy, hasColumns, isVolatile } from '../expressions.ts';

export interface EquiJoin {
  readonly left: Expression[];
  readonly right: Expression[];
  readonly nullSafe: boolean[];
  /** The conditions that became keys, same order. */
  readonly conditions: Expression[];
  readonly others: Expression[];
}

/** Splits conditions into key pairs (left side's expression = right side's) and the rest. */
export function equiKeys(
  conditions: readonly Expression[],
  left: ReadonlySet<ColumnId>,
  right: ReadonlySet<ColumnId>,
): EquiJoin {
  const made: EquiJoin = { left: [], right: [], nullSafe: [], conditions: [], others: [] };
  for (const c of conditions) {
    if (c.kind === 'call' && (c.name === 'eq' || c.name === 'nulleq') && !isVolatile(c)) {
      const [a, b] = c.args as [Expression, Expression];
      const keyed = hasColumns(a) && hasColumns(b) && comparable(c, a, b);
      if (keyed && coveredBy(a, left) && coveredBy(b, right)) {
        add(made, c, a, b);
        continue;
      }
      if (keyed && coveredBy(b, left) && coveredBy(a, right)) {
        add(made, c, b, a);
        continue;
      }
    }
    made.others.push(c);
  }
  return made;
}

function add(made: EquiJoin, c: Extract<Expression, { kind: 'call' }>, left: Expression, right: Expression): void {
  made.left.push(left);
  made.right.push(right);
  made.nullSafe.push(c.name === 'nulleq');
  made.conditions.push(c);
}

/** Hash and order of both sides must agree: one kind of value, one collation, and that of the comparison. */
function comparable(c: Extract<Expression, { kind: 'call' }>, a: Expression, b: Expression): boolean {
  // A whole number beside a decimal or floating one that was a constant once (`a IN (0.5)` over a column of an outer query) is compared, not hashed.
  if (numberKind(a.type) !== numberKind(b.type)) return false;
  if (c.collation === undefined || c.collation === 'binary') return true;
  return a.type.collation === c.collation && b.type.collation === c.collation;
}

function numberKind(type: FieldType): 'integer' | 'decimal' | 'real' | undefined {
  return isInteger(type) ? 'integer' : isDecimal(type) ? 'decimal' : isReal(type) ? 'real' : undefined;
}

/** Columns of the inner side that equalities tie to something of the outer side. */
export function innerKeys(conditions: readonly Expression[], inner: ReadonlySet<ColumnId>): Set<ColumnId> {
  const ids = new Set<ColumnId>();
  for (const c of conditions) {
    if (c.kind !== 'call' || c.name !== 'eq') continue;
    const [a, b] = c.args as [Expression, Expression];
    const settle = (x: Expression, y: Expression): void => {
      if (x.kind === 'column' && inner.has(x.id) && hasColumns(y) && !meets(y, inner)) ids.add(x.id);
    };
    settle(a, b);
    settle(b, a);
  }
  return ids;
}

function meets(e: Expression, ids: ReadonlySet<ColumnId>): boolean {
  if (e.kind === 'column') return ids.has(e.id);
  return e.kind === 'call' && e.args.some((a) => meets(a, ids));
}
