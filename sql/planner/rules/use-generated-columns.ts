/**
 * An expression that a generated column holds already is read from the column, if an index has it: `WHERE a + 1 = 5` becomes `WHERE b = 5` for
 * `b BIGINT AS (a + 1)`. That is right only if whoever computes the expression now would get what was stored, so:
 *
 *     the column takes every value of the expression as it is      no value was cut, rounded or clamped on its way into the row
 *     nothing in it looks at the session                            only functions of SETTLED (no LIKE: its escape is the mode's), no TIMESTAMP, no text that is parsed as a time
 *     the row has not been through an outer join                    there the column of a missing row is NULL, and the expression may not be
 *
 * MySQL asks less (the type of the result alone) and finds other rows by the column than by the expression where a value was clamped.
 *
 * Literals of the statement may have been lifted into parameters: one that stands where the column has a constant is pinned, whether it is equal or not.
 */
import { type FieldType, isInteger, isString, isTemporal, TypeCode } from '../../../base/value/field-type.ts';
import type { ColumnExpression, Expression } from '../../../proto/plan/expression.ts';
import { publicIndexes } from '../../../proto/schema/table-shape.ts';
import { bindStored } from '../bind/write.ts';
import { Scope } from '../bind/scope.ts';
import { columnOf, datumKey, someExpression, typeKey } from '../expressions.ts';
import {
  childrenOf,
  expressionsOf,
  type LogicalPlan,
  type LogicalScan,
  mapExpressions,
  outputIds,
  withChildren,
} from '../logical.ts';
import type { Rule, RuleContext } from './rule.ts';

interface Known {
  readonly column: ColumnExpression;
  readonly expression: Expression;
}

interface Walked {
  readonly plan: LogicalPlan;
  /** What the rows of the plan hold. */
  readonly known: readonly Known[];
}

const NOTHING: readonly Known[] = [];

export const useGeneratedColumns: Rule = {
  name: 'use-generated-columns',
  apply: (plan, context) => walk(plan, context).plan,
};

function walk(plan: LogicalPlan, context: RuleContext): Walked {
  if (plan.kind === 'scan') return { plan, known: knownOf(plan, context) };
  const before = childrenOf(plan);
  const children = before.map((child) => walk(child, context));
  const known = children.flatMap((child) => child.known);
  let made = children.some((child, i) => child.plan !== before[i])
    ? withChildren(plan, children.map((child) => child.plan)) // prettier-ignore
    : plan;
  if (known.length > 0 && expressionsOf(made).length > 0)
    made = mapExpressions(made, (e) => substitute(e, known, context));
  const kept = passed(made, children).filter(({ column }) => outputIds(made).has(column.id));
  return { plan: made, known: kept };
}

/** What stays true of the rows above the node. */
function passed(plan: LogicalPlan, children: readonly Walked[]): readonly Known[] {
  switch (plan.kind) {
    case 'filter':
    case 'projection':
    case 'sort':
    case 'limit':
    case 'window':
    case 'lock':
      return children[0]!.known;
    case 'join':
    case 'apply':
      return plan.joinType === 'inner' ? children.flatMap((child) => child.known) : children[0]!.known;
    default:
      return NOTHING;
  }
}

function knownOf(scan: LogicalScan, { binder }: RuleContext): readonly Known[] {
  const { table, idByOffset } = scan;
  const found: Known[] = [];
  for (const [i, column] of scan.columns.entries()) {
    if (column.generated === undefined || column.state !== 'public') continue;
    const indexed = publicIndexes(table).some(
      (index) => !index.invisible && index.columns.some((part) => part.offset === column.offset),
    );
    if (!indexed) continue;
    const { database, alias } = scan;
    const columns = table.columns
      .filter((one) => one.state === 'public')
      .map((one) => ({
        id: idByOffset[one.offset]!, name: one.name, table: alias, database, type: one.type, origin: { database, table, column: one },
      })); // prettier-ignore
    const row = { alias, database, base: { table, idByOffset, handleId: -1, partitionId: -1 }, columns };
    const expression = bindStored(column.generated.sql, binder, new Scope([row], columns));
    if (expression.kind !== 'call' || !holds(column.type, narrowed(expression))) continue;
    if (someExpression(expression, (e) => !isSettled(e))) continue;
    found.push({ column: columnOf(scan.output[i]!), expression });
  }
  return found;
}

const INTEGERS: readonly number[] = [TypeCode.TINY, TypeCode.SHORT, TypeCode.INT24, TypeCode.LONG, TypeCode.LONGLONG];

/** Their results fit into an INT, whatever their type. */
const SMALL = new Set(
  `year month day dayofmonth dayofyear dayofweek weekday quarter hour minute second microsecond to_days datediff char_length character_length length
  octet_length ascii bit_count instr locate position field sign strcmp json_length json_depth eq nulleq ne lt le gt ge and or xor not isnull istrue
  isfalse in between json_valid json_contains json_contains_path`.split(/\s+/),
);

function narrowed(expression: Expression): FieldType {
  if (expression.kind !== 'call' || !SMALL.has(expression.name) || !isInteger(expression.type)) return expression.type;
  return { ...expression.type, code: TypeCode.LONG };
}

/** Every value of `from` is stored in a column of type `to` as it is. */
function holds(to: FieldType, from: FieldType): boolean {
  if (to.notNull && !from.notNull) return false;
  if (isInteger(to)) {
    const [wide, narrow] = [INTEGERS.indexOf(to.code), INTEGERS.indexOf(from.code)];
    return narrow >= 0 && wide >= narrow && to.unsigned === from.unsigned;
  }
  if (isString(to)) {
    if (to.code === TypeCode.ENUM || to.code === TypeCode.SET || to.code === TypeCode.CHAR || !isString(from)) return false;
    if (from.code === TypeCode.ENUM || from.code === TypeCode.SET) return false;
    return to.charset === from.charset && to.collation === from.collation && from.length >= 0 && from.length <= to.length;
  }
  switch (to.code) {
    case TypeCode.DECIMAL:
    case TypeCode.TIME:
    case TypeCode.DATETIME:
      return from.code === to.code && from.length === to.length && from.decimals === to.decimals && from.unsigned === to.unsigned;
    case TypeCode.DATE:
      return from.code === to.code;
    case TypeCode.DOUBLE:
      return from.code === to.code && to.decimals === from.decimals && to.unsigned === from.unsigned;
    default:
      return false;
  }
} // prettier-ignore

/** Functions that answer by their arguments alone. */
const SETTLED = new Set(
  `plus minus mul div intdiv mod neg bitand bitor bitxor bitneg shl shr abs sign ceil ceiling floor round truncate pow power sqrt exp ln log log2 log10
  eq nulleq ne lt le gt ge and or xor not isnull istrue isfalse in between case if ifnull nullif coalesce greatest least cast convert collate
  lower lcase upper ucase concat concat_ws left right substring substr mid substring_index trim ltrim rtrim lpad rpad replace repeat reverse insert
  char_length character_length length octet_length bit_length bit_count ascii ord hex unhex bin oct conv instr locate position strcmp field elt
  md5 sha sha1 sha2 crc32 inet_aton inet_ntoa inet6_aton inet6_ntoa uuid_to_bin bin_to_uuid soundex to_base64 from_base64
  json_extract json_unquote json_unquote_extract json_value json_length json_type json_valid json_contains json_contains_path json_keys json_depth`.split(
    /\s+/,
  ),
);
/** These of a DATE or DATETIME; text would be parsed, and its offset is to the session's time zone. */
const SETTLED_OF_DATES = new Set(
  'year month day dayofmonth dayofyear dayofweek weekday quarter hour minute second microsecond date to_days last_day datediff to_seconds'.split(' '),
); // prettier-ignore

const isDate = ({ code }: FieldType): boolean => code === TypeCode.DATE || code === TypeCode.DATETIME;

function isSettled(e: Expression): boolean {
  if (e.type.code === TypeCode.TIMESTAMP || e.kind === 'parameter') return false;
  if (e.kind !== 'call') return true;
  if (SETTLED_OF_DATES.has(e.name)) return e.args.every((arg) => isDate(arg.type));
  if (!SETTLED.has(e.name)) return false;
  // A comparison with a time may read text as one; a conversion to one does.
  const temporal = e.args.filter((arg) => isTemporal(arg.type));
  if (isTemporal(e.type)) return e.args.every((arg) => isDate(arg.type) && isDate(e.type));
  return temporal.length === 0 || e.args.every((arg) => isDate(arg.type)) || e.args.length === 1;
}

/** The whole first, else its parts, and the whole once more: a generated column may be made of another. */
function substitute(expression: Expression, known: readonly Known[], context: RuleContext): Expression {
  const whole = (e: Expression): Expression | undefined =>
    e.kind === 'call' ? known.find((one) => equals(one.expression, e, context))?.column : undefined;
  const inside = (e: Expression): Expression => {
    const found = whole(e);
    if (found !== undefined || e.kind !== 'call') return found ?? e;
    const args = e.args.map(inside);
    if (args.every((arg, i) => arg === e.args[i])) return e;
    const made = { ...e, args };
    return whole(made) ?? made;
  };
  return inside(expression);
}

function equals(stored: Expression, written: Expression, { binder }: RuleContext): boolean {
  const lifted: [Expression, Expression][] = [];
  if (!alike(stored, written, lifted)) return false;
  // Each is pinned before any decides: another value, another plan.
  return lifted
    .map(([constant, parameter]) => sameConstant(constant, binder.constantOf(parameter)))
    .every((same) => same);
}

function alike(stored: Expression, written: Expression, lifted: [Expression, Expression][]): boolean {
  switch (stored.kind) {
    case 'column':
      return written.kind === 'column' && written.id === stored.id;
    case 'constant':
      if (written.kind === 'parameter') return lifted.push([stored, written]) > 0;
      return sameConstant(stored, written);
    case 'call':
      return (
        written.kind === 'call' &&
        written.name === stored.name &&
        written.collation === stored.collation &&
        written.args.length === stored.args.length &&
        sameType(written.type, stored.type) &&
        stored.args.every((arg, i) => alike(arg, written.args[i]!, lifted))
      );
    default:
      return false;
  }
}

/** The display width of an integer changes nothing. */
function sameType(a: FieldType, b: FieldType): boolean {
  if (isInteger(a) && isInteger(b)) return a.code === b.code && a.unsigned === b.unsigned;
  return typeKey(a) === typeKey(b);
}

function sameConstant(stored: Expression, written: Expression): boolean {
  return (
    stored.kind === 'constant' &&
    written.kind === 'constant' &&
    stored.type.code === written.type.code &&
    datumKey(stored.value) === datumKey(written.value)
  );
}
