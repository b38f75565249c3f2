/** Whether two datums of one column are the same value, byte for byte: 'a' and 'A' differ, 1.0 and 1.00 cannot both occur in a column. */
import type { Datum } from '../../../base/value/datum.ts';
import { DateTime } from '../../../base/value/date-time.ts';
import { Decimal } from '../../../base/value/decimal.ts';
import { Duration } from '../../../base/value/duration.ts';
import { Json } from '../../../base/value/json.ts';
import { printJson } from '../../../base/value/json-print.ts';

export function sameDatum(a: Datum, b: Datum): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Decimal) return b instanceof Decimal && a.equals(b);
  if (a instanceof DateTime) return b instanceof DateTime && a.equals(b);
  if (a instanceof Duration) return b instanceof Duration && a.micros === b.micros;
  if (a instanceof Json) return b instanceof Json && printJson(a.node) === printJson(b.node);
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
