/**
 * The session's time zone as the shift that row and key codecs ask for: TIMESTAMP is a reading of the session's clock while it
 * is a datum and UTC in storage. One shift per zone, kept, so that codecs compiled for a zone can be found again.
 */
import type { DateTime } from '../../../base/value/date-time.ts';
import { convertZone, type Zone } from '../../../base/value/time-zone.ts';
import { UTC, type ZoneShift } from '../../../proto/encoding/time-packing.ts';

const ZONES_MAX = 1000;
const shifts = new Map<Zone, ZoneShift>();

export function zoneShift(zone: Zone): ZoneShift {
  if (zone === 0 || zone === 'UTC') return UTC;
  const known = shifts.get(zone);
  if (known !== undefined) return known;
  const shift = (value: DateTime, from: Zone, to: Zone): DateTime => (value.isZero() ? value : (convertZone(value, from, to) ?? value));
  const made: ZoneShift = {
    toUtc: (local) => shift(local, zone, 0),
    fromUtc: (utc) => shift(utc, 0, zone),
  };
  if (shifts.size < ZONES_MAX) shifts.set(zone, made);
  return made;
}
