/** Dates, times, intervals and zones: what is read, what is refused, and laws that arithmetic keeps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_NUMBER_MAX, dayNumber, dayNumberToDate, weekday, weekOf } from './calendar.ts';
import { DateTime } from './date-time.ts';
import { dateTimeFromNumber, parseDateTime, type DateRules } from './date-time-parse.ts';
import { Duration, durationFromNumber, parseDuration } from './duration.ts';
import { addInterval, addMicros, compositeInterval, monthsBetween } from './interval.ts';
import { convertZone, fromEpoch, parseZone, toEpochSeconds } from './time-zone.ts';

const runs = { numRuns: 2000, seed: 20240229 };
const LAX: DateRules = { noZeroDate: false, noZeroInDate: false, allowInvalidDates: false };
const STRICT: DateRules = { noZeroDate: true, noZeroInDate: true, allowInvalidDates: false };

const dates = fc
  .tuple(fc.integer({ min: 1, max: DAY_NUMBER_MAX }), fc.integer({ min: 0, max: 86_399_999_999 }))
  .map(([days, micros]) => DateTime.fromDayNumber(days, micros)!);

test('day numbers agree with the Gregorian calendar of Date', () => {
  fc.assert(
    fc.property(fc.integer({ min: 366, max: DAY_NUMBER_MAX }), (days) => {
      const date = dayNumberToDate(days)!;
      const other = new Date(0);
      other.setUTCFullYear(date.year, date.month - 1, date.day);
      // Year 0 is a leap year to Date and none to MySQL, which starts counting after it.
      assert.equal(other.getTime() / 86_400_000, days - dayNumber(1970, 1, 1));
      assert.equal(dayNumber(date.year, date.month, date.day), days);
      assert.equal(weekday(days), (other.getUTCDay() + 6) % 7);
    }),
    runs,
  );
});

test('text, numbers and parts round trip', () => {
  fc.assert(
    fc.property(dates, (date) => {
      const parsed = parseDateTime(date.toString(6), LAX);
      assert.equal(parsed.kind, 'exact');
      assert(parsed.value!.equals(date));
      const again = DateTime.of(date.year, date.month, date.day, date.hour, date.minute, date.second, date.microsecond);
      assert(again.equals(date));
      if (date.year < 1000) return;
      const number = dateTimeFromNumber(date.toInteger(), date.microsecond, LAX);
      assert(number.value!.equals(date));
    }),
    runs,
  );
});

test('adding microseconds and taking them away again', () => {
  fc.assert(
    fc.property(dates, fc.integer({ min: -1e15, max: 1e15 }), (date, micros) => {
      const moved = addMicros(date, micros);
      if (moved === undefined) return;
      assert(addMicros(moved, -micros)!.equals(date));
      assert.equal(Math.sign(moved.compare(date)), Math.sign(micros));
    }),
    runs,
  );
});

test('adding months keeps the day or takes the last of the month, and months are counted back', () => {
  fc.assert(
    fc.property(dates, fc.integer({ min: -5000, max: 5000 }), (date, months) => {
      const moved = addInterval(date, { months, micros: 0 });
      if (moved === undefined) return;
      assert(moved.day <= date.day);
      assert.equal((moved.year - date.year) * 12 + moved.month - date.month, months);
      if (moved.day === date.day) assert.equal(monthsBetween(date, moved) + 0, months);
    }),
    runs,
  );
});

test('instants round trip through a zone', () => {
  for (const zone of [0, 330, -600, 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe']) {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000_000_000 }), (seconds) => {
        const local = fromEpoch(seconds * 1000, zone);
        const instant = toEpochSeconds(local, zone);
        assert(!instant.gap);
        // An hour that happens twice is read as its first time.
        if (instant.seconds !== seconds) assert(seconds - instant.seconds > 0 && seconds - instant.seconds <= 7200);
        assert(fromEpoch(instant.seconds * 1000, zone).equals(local));
      }),
      { numRuns: 300, seed: 1 },
    );
  }
});

test('a clock that jumps leaves a gap', () => {
  const gap = toEpochSeconds(DateTime.of(2024, 3, 31, 2, 30), 'Europe/Berlin');
  assert.deepEqual(gap, { seconds: Date.UTC(2024, 2, 31, 1) / 1000, micros: 0, gap: true });
  assert.equal(convertZone(DateTime.of(2024, 7, 1, 12), 0, 'Europe/Berlin')!.toString(), '2024-07-01 14:00:00');
  assert.equal(parseZone('+14:00'), 840);
  for (const wrong of ['+14:01', '-14:00', '+5:99', 'Nowhere/Else', '', '05:00'])
    assert.equal(parseZone(wrong), undefined, wrong);
});

const LITERALS: readonly (readonly [text: string, shown: string | undefined, kind: string])[] = [
  ['2024-01-31', '2024-01-31 00:00:00.000000', 'exact'],
  ['2024-1-2 3:4:5', '2024-01-02 03:04:05.000000', 'exact'],
  ['2024/01/31T10.11.12', '2024-01-31 10:11:12.000000', 'exact'],
  ['20240131', '2024-01-31 00:00:00.000000', 'exact'],
  ['240131', '2024-01-31 00:00:00.000000', 'exact'],
  ['700131', '1970-01-31 00:00:00.000000', 'exact'],
  ['20240131101112.25', '2024-01-31 10:11:12.250000', 'exact'],
  ['20240131T101112', '2024-01-31 10:11:12.000000', 'exact'],
  ['99-12-31 23:59:59.999999', '1999-12-31 23:59:59.999999', 'exact'],
  ['2024-12-31 23:59:59.9999999', '2025-01-01 00:00:00.000000', 'exact'],
  ['2024-01-31 10:11', '2024-01-31 10:11:00.000000', 'exact'],
  ['2024-01-31abc', '2024-01-31 00:00:00.000000', 'truncated'],
  ['2024-01-31 10:11:12 x', '2024-01-31 10:11:12.000000', 'truncated'],
  ['2024-02-30', undefined, 'invalid'],
  ['2024-13-01', undefined, 'invalid'],
  ['2024-01-31 24:00:00', undefined, 'invalid'],
  ['2024-01', undefined, 'invalid'],
  ['', undefined, 'invalid'],
  ['hello', undefined, 'invalid'],
];

test('date literals', () => {
  for (const [text, shown, kind] of LITERALS) {
    const parsed = parseDateTime(text, LAX);
    assert.deepEqual([text, parsed.value?.toString(6), parsed.kind], [text, shown, kind]);
  }
  assert.equal(parseDateTime('2024-01-31 10:00:00+05:30', LAX).offsetMinutes, 330);
  assert.equal(parseDateTime('2024-01-31 10:00:00-00:00', LAX).kind, 'invalid');
});

test('zero dates by mode', () => {
  for (const text of ['0000-00-00', '2024-00-10', '2024-01-00']) {
    assert.equal(parseDateTime(text, LAX).kind, 'exact', text);
    assert.equal(parseDateTime(text, STRICT).kind, 'invalid', text);
  }
  assert.equal(parseDateTime('2024-02-31', { ...LAX, allowInvalidDates: true }).kind, 'exact');
  assert.equal(dateTimeFromNumber(0, 0, STRICT).kind, 'invalid');
  assert.equal(dateTimeFromNumber(101, 0, LAX).value!.toString(), '2000-01-01 00:00:00');
});

test('time literals', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['10:11:12', '10:11:12.000000', 'exact'],
    ['1 10:11:12.5', '34:11:12.500000', 'exact'],
    ['11:12', '11:12:00.000000', 'exact'],
    ['1112', '00:11:12.000000', 'exact'],
    ['12', '00:00:12.000000', 'exact'],
    ['-1:00:00', '-01:00:00.000000', 'exact'],
    ['839:00:00', '838:59:59.000000', 'overflow'],
    ['10:60:00', '00:00:00.000000', 'invalid'],
    ['10:11:12x', '10:11:12.000000', 'truncated'],
    ['x', '00:00:00.000000', 'invalid'],
  ];
  for (const [text, shown, kind] of cases) {
    const parsed = parseDuration(text);
    assert.deepEqual([text, parsed.value.toString(6), parsed.kind], [text, shown, kind]);
  }
  const half = durationFromNumber(-101112, 500000).value;
  assert.equal(half.toString(2), '-10:11:12.50');
  assert.equal(durationFromNumber(106112).kind, 'invalid');
  assert.equal(new Duration(1_500_000).roundTo(0).toString(), '00:00:02');
});

test('composite intervals take the right-most places', () => {
  assert.deepEqual(compositeInterval('day_second', '1 1:1:1'), { months: 0, micros: 90061e6 });
  assert.deepEqual(compositeInterval('day_second', '5'), { months: 0, micros: 5e6 });
  assert.deepEqual(compositeInterval('year_month', '-1-2'), { months: -14, micros: 0 });
  assert.deepEqual(compositeInterval('second_microsecond', '1.5'), { months: 0, micros: 1_500_000 });
  assert.equal(compositeInterval('hour_minute', '1:2:3'), undefined);
});

test('weeks stay within their year by the mode', () => {
  fc.assert(
    fc.property(dates, fc.nat(7), (date, mode) => {
      const { year, week } = weekOf(date.year, date.month, date.day, mode);
      assert(week >= ((mode & 2) === 0 ? 0 : 1) && week <= 53);
      assert(Math.abs(year - date.year) <= ((mode & 2) === 0 ? 0 : 1));
    }),
    runs,
  );
});
