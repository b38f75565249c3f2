/**
 * `ColumnStore`: values on their way into the columns of one table. One store per column of the statement, made from the static
 * types once; the per-value work is a cast (often none) and the NOT NULL rule:
 *
 *     NULL for a NOT NULL column: error 1048 under strict mode, and for a single-row INSERT under any mode; else a warning and the
 *     type's zero value
 */
import { SqlError } from '../../../base/error.ts';
import type { Datum } from '../../../base/value/datum.ts';
import { type FieldType, TypeCode } from '../../../base/value/field-type.ts';
import type { ColumnInfo } from '../../../proto/schema/table-info.ts';
import type { EvalContext } from '../../functions/context.ts';
import { castForStorage, implicitDefault } from '../../functions/index.ts';

export interface StoreRules {
  /** Conversions that lose something throw; NULL for NOT NULL throws. */
  readonly strict: boolean;
  /** NULL for NOT NULL throws whatever the mode says: INSERT of one row. */
  readonly nullThrows: boolean;
}

/** Turns a value of type `from` into what the column keeps. `row` counts from 1 and stands in messages. */
export type StoreValue = (value: Datum, row: number) => Datum;

export function columnStore(column: ColumnInfo, from: FieldType, rules: StoreRules, context: EvalContext): StoreValue {
  const { type } = column;
  const keepsNull = !type.notNull || column.autoIncrement;
  const fits = quickFit(type);
  return (value, row) => {
    if (value === null) {
      if (keepsNull) return null;
      if (rules.strict || rules.nullThrows) throw new SqlError(1048, '23000', `Column '${column.name}' cannot be null`);
      context.warn('Warning', 1048, `Column '${column.name}' cannot be null`);
      return implicitDefault(type);
    }
    return fits(value) ? value : castForStorage(value, from, type, context, { column: column.name, row });
  };
}

const INTEGER_BYTES: Partial<Record<TypeCode, number>> = {
  [TypeCode.TINY]: 1, [TypeCode.SHORT]: 2, [TypeCode.INT24]: 3, [TypeCode.LONG]: 4, [TypeCode.LONGLONG]: 8,
}; // prettier-ignore

/** Says yes to values that surely are stored as they are: whole numbers within the limits, text that is short enough. */
function quickFit(type: FieldType): (value: NonNullable<Datum>) => boolean {
  const bytes = INTEGER_BYTES[type.code];
  if (bytes !== undefined) {
    const span = bytes === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * bytes);
    const lowest = type.unsigned ? 0 : bytes === 8 ? -span : -span / 2;
    const highest = bytes === 8 ? span : type.unsigned ? span - 1 : span / 2 - 1;
    return (value) => typeof value === 'number' && value >= lowest && value <= highest && Number.isInteger(value);
  }
  if (type.code === TypeCode.VARCHAR && type.charset === 'utf8mb4') {
    // Code units are never fewer than characters.
    return (value) => typeof value === 'string' && value.length <= type.length;
  }
  if (type.code === TypeCode.CHAR && type.charset === 'utf8mb4') {
    return (value) => typeof value === 'string' && value.length <= type.length && !value.endsWith(' ');
  }
  return () => false;
}

/**
 * The context of a statement that writes: strict, or lenient under IGNORE, and with its warnings counted for the info text.
 */
export interface WriteContext {
  readonly evaluation: EvalContext;
  readonly warnings: { count: number };
}

/** Counts from the last time it was set to 0. */
class WarningsSince {
  private readonly context: EvalContext;
  private from: number;

  constructor(context: EvalContext) {
    this.context = context;
    this.from = context.warnCount!;
  }

  get count(): number {
    return this.context.warnCount! - this.from;
  }

  set count(value: number) {
    this.from = this.context.warnCount! - value;
  }
}

export function writeContext(context: EvalContext, ignore: boolean): WriteContext {
  const strict = context.sqlMode.strict && !ignore;
  // Only a context that is unlike the session's is worth making: an object on top of another makes every access to either slower.
  if (context.warnCount !== undefined && context.strictWrite === strict)
    return { evaluation: context, warnings: new WarningsSince(context) };
  const warnings = { count: 0 };
  const warn: EvalContext['warn'] = (level, errno, message) => {
    warnings.count++;
    context.warn(level, errno, message);
  };
  const evaluation = Object.create(context, {
    strictWrite: { value: strict, enumerable: true },
    warn: { value: warn, enumerable: true },
  }) as EvalContext;
  return { evaluation, warnings };
}
