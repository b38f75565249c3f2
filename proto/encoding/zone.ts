/** `ZoneShift` for a session's zone: TIMESTAMP values are local while they are datums, and UTC in rows and keys. */
import { DateTime } from '../../base/value/date-time.ts';
import { convertZone, type Zone } from '../../base/value/time-zone.ts';
import { UTC, type ZoneShift } from './time-packing.ts';

const shifts = new Map<Zone, ZoneShift>();
const SHIFTS_MAX = 1024;

/** One object per zone, so that codecs compiled for it can be cached beside it. */
export function zoneShift(zone: Zone): ZoneShift {
  if (zone === 0 || zone === 'UTC') return UTC;
  let shift = shifts.get(zone);
  if (shift === undefined) {
    if (shifts.size >= SHIFTS_MAX) shifts.clear();
    shift = {
      toUtc: (local: DateTime) => (local.datePart === 0 ? local : (convertZone(local, zone, 0) ?? DateTime.ZERO)),
      fromUtc: (utc: DateTime) => (utc.datePart === 0 ? utc : (convertZone(utc, 0, zone) ?? DateTime.ZERO)),
    };
    shifts.set(zone, shift);
  }
  return shift;
}
