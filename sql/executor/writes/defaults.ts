/**
 * What a column gets when the statement gives it nothing: its constant default, the time of the statement, an expression, NULL; or, where none
 * of these is possible, error 1364 under strict mode and the type's zero value otherwise.
 */
import { SqlError } from '../../../base/error.ts';
import type { DateTime } from '../../../base/value/date-time.ts';
import type { Datum } from '../../../base/value/datum.ts';
import { type FieldType, TypeCode } from '../../../base/value/field-type.ts';
import { fromEpoch } from '../../../base/value/time-zone.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import { defaultDatum, isNowDefault } from '../../../proto/schema/stored-default.ts';
import type { ColumnInfo } from '../../../proto/schema/table-info.ts';
import type { EvalContext } from '../../functions/context.ts';
import { implicitDefault } from '../../functions/index.ts';

/** The statement's time as a value of the column's type. */
export function nowFor(type: FieldType, context: EvalContext): DateTime {
  const now = fromEpoch(context.statementTimeMs, context.timeZone);
  if (type.code === TypeCode.DATE) return now.dateOnly();
  return now.roundTo(type.decimals, true) ?? now;
}

/**
 * The default of a column that has one. `undefined`: there is none, and the column cannot be NULL; see `withoutDefault`.
 * Defaults that are expressions other than the current time come with the plan.
 */
export function columnDefault(column: ColumnInfo, context: EvalContext): Datum | undefined {
  switch (column.default.kind) {
    case 'value': {
      const value = defaultDatum(column.default, column.type);
      // TIMESTAMP text is UTC, datums are local.
      return column.type.code === TypeCode.TIMESTAMP && value !== null
        ? zoneShift(context.timeZone).fromUtc(value as DateTime)
        : value;
    }
    case 'expression':
      if (isNowDefault(column)) return nowFor(column.type, context);
      throw new SqlError(
        1235,
        '42000',
        `This version of Rutile doesn't yet support 'the default (${column.default.sql}) of column ${column.name} here'`,
      );
    case 'null':
      return column.type.notNull ? undefined : null;
    case 'none':
      // The first member is an ENUM's default when it has no other.
      if (column.type.code === TypeCode.ENUM && column.type.notNull) return column.type.elements?.[0];
      return column.type.notNull ? undefined : null;
  }
}

/** Error 1364, or its warning and the zero value of the type. */
export function withoutDefault(column: ColumnInfo, strict: boolean, context: EvalContext): Datum {
  const message = `Field '${column.name}' doesn't have a default value`;
  if (strict) throw new SqlError(1364, 'HY000', message);
  context.warn('Warning', 1364, message);
  return implicitDefault(column.type);
}
