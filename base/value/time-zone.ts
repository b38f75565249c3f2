/**
 * Zones: between a calendar reading and an instant. A zone is a fixed offset (minutes east of UTC) or an IANA name, whose
 * offsets come from Intl. Asking Intl costs microseconds, so each zone remembers the offsets of the quarter hours asked for
 * (no zone has ever changed within one).
 *
 * Local times that a clock jumped over belong to no instant: they map to the moment of the jump, and the answer says so.
 * Local times that happened twice map to the first.
 */
import { DAY_NUMBER_EPOCH } from './calendar.ts';
import { DateTime, MICROS_PER_DAY } from './date-time.ts';

export type Zone = number | string;

const QUARTER_MS = 900_000;
/** About 16 bytes an entry: 64 zones in full cost 16 MB at the most, one a hundredth of that. */
const CACHE_ENTRIES_MAX = 16_384;
const ZONES_MAX = 64;

interface NamedZone {
  readonly format: Intl.DateTimeFormat;
  /** Offset in milliseconds by quarter hour since the epoch. */
  readonly offsets: Map<number, number>;
  lastQuarter: number;
  lastOffset: number;
}

const zones = new Map<string, NamedZone | undefined>();

function namedZone(name: string): NamedZone | undefined {
  if (zones.has(name)) return zones.get(name);
  let zone: NamedZone | undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    zone = { format, offsets: new Map(), lastQuarter: NaN, lastOffset: 0 };
  } catch {
    zone = undefined;
  }
  if (zones.size >= ZONES_MAX) zones.clear();
  zones.set(name, zone);
  return zone;
}

/** Reads `+02:00`, `UTC` and IANA names; `undefined` for anything else. `SYSTEM` is the caller's to resolve. */
export function parseZone(text: string): Zone | undefined {
  const fixed = /^([+-])(\d{1,2}):(\d{2})$/.exec(text);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    const signed = fixed[1] === '-' ? 0 - minutes : minutes;
    return Number(fixed[3]) > 59 || signed > 14 * 60 || signed < -(14 * 60 - 1) ? undefined : signed;
  }
  if (text === 'UTC' || text === 'utc') return 0;
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text)) return undefined;
  return namedZone(text) === undefined ? undefined : text;
}

/** Milliseconds to add to UTC to get local time at that instant. */
export function offsetMsAt(zone: Zone, epochMs: number): number {
  if (typeof zone === 'number') return zone * 60_000;
  const named = namedZone(zone);
  if (named === undefined) return 0;
  const quarter = Math.floor(epochMs / QUARTER_MS);
  if (quarter === named.lastQuarter) return named.lastOffset;
  let offset = named.offsets.get(quarter);
  if (offset === undefined) {
    offset = askIntl(named.format, quarter * QUARTER_MS);
    if (named.offsets.size >= CACHE_ENTRIES_MAX) named.offsets.clear();
    named.offsets.set(quarter, offset);
  }
  named.lastQuarter = quarter;
  named.lastOffset = offset;
  return offset;
}

function askIntl(format: Intl.DateTimeFormat, epochMs: number): number {
  const read = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  let beforeChrist = false;
  for (const part of format.formatToParts(epochMs)) {
    if (part.type === 'era') beforeChrist = part.value.startsWith('B');
    else if (part.type in read) read[part.type as keyof typeof read] = Number(part.value);
  }
  const year = beforeChrist ? 1 - read.year : read.year;
  const local = new Date(0);
  local.setUTCFullYear(year, read.month - 1, read.day);
  local.setUTCHours(read.hour, read.minute, read.second, 0);
  return local.getTime() - Math.floor(epochMs / 1000) * 1000;
}

/** The calendar reading in `zone` of an instant, whose fraction of a millisecond is kept to microseconds. */
export function fromEpoch(epochMs: number, zone: Zone): DateTime {
  const local = epochMs + offsetMsAt(zone, epochMs);
  const days = Math.floor(local / 86_400_000);
  const micros = Math.round((local - days * 86_400_000) * 1000);
  const found = DateTime.fromDayNumber(days + DAY_NUMBER_EPOCH, Math.min(micros, MICROS_PER_DAY - 1));
  return found ?? DateTime.ZERO;
}

/** Whole seconds and microseconds apart: exact for every date. */
export function fromEpochSeconds(seconds: number, micros: number, zone: Zone): DateTime | undefined {
  const local = seconds + Math.round(offsetMsAt(zone, seconds * 1000) / 1000);
  const days = Math.floor(local / 86_400);
  return DateTime.fromDayNumber(days + DAY_NUMBER_EPOCH, (local - days * 86_400) * 1_000_000 + micros);
}

/** The instant of a local reading. `gap`: the clock jumped over it. */
export function toEpochSeconds(
  value: DateTime,
  zone: Zone,
): { readonly seconds: number; readonly micros: number; readonly gap: boolean } {
  const micros = value.timeMicros % 1_000_000;
  const local = (value.dayNumber() - DAY_NUMBER_EPOCH) * 86_400 + (value.timeMicros - micros) / 1_000_000;
  if (typeof zone === 'number') return { seconds: local - zone * 60, micros, gap: false };
  // The two offsets in force around the reading: a day on either side sees both of a change.
  const before = Math.round(offsetMsAt(zone, (local - 86_400) * 1000) / 1000);
  const after = Math.round(offsetMsAt(zone, (local + 86_400) * 1000) / 1000);
  const first = local - before;
  if (offsetMsAt(zone, first * 1000) === before * 1000) return { seconds: first, micros, gap: false };
  const second = local - after;
  if (offsetMsAt(zone, second * 1000) === after * 1000) return { seconds: second, micros, gap: false };
  // Between `second` and `first` lies the jump; find its quarter hour.
  let jump = Math.floor(second / 900) * 900;
  while (jump < first && offsetMsAt(zone, jump * 1000) !== after * 1000) jump += 900;
  return { seconds: jump, micros: 0, gap: true };
}

/** The same instant read in another zone; `undefined` when it leaves the calendar. */
export function convertZone(value: DateTime, from: Zone, to: Zone): DateTime | undefined {
  const instant = toEpochSeconds(value, from);
  return fromEpochSeconds(instant.seconds, instant.micros, to);
}
