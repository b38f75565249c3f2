/**
 * The Gregorian calendar run backwards to year 0, as MySQL counts it: day numbers (TO_DAYS: 0000-01-01 is day 1), weekdays,
 * and the eight week modes of WEEK().
 */

const DAYS_BEFORE_MONTH = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_OF_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** TO_DAYS('9999-12-31') */
export const DAY_NUMBER_MAX = 3652424;
/** TO_DAYS('1970-01-01') */
export const DAY_NUMBER_EPOCH = 719528;

/** Year 0 is none to MySQL. */
export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || (year % 400 === 0 && year !== 0);
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_OF_MONTH[month] ?? 0);
}

export function daysInYear(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}

/** Days since the day before 0000-01-01. Zero parts give MySQL's own answer (a day of zero is the day before the first). */
export function dayNumber(year: number, month: number, day: number): number {
  if (year === 0 && month === 0) return 0;
  // Leap days are counted up to the year before for January and February, and with this year after them.
  const before = year - 1;
  const leaps = year === 0 ? 0 : Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  return 365 * year + leaps + (DAYS_BEFORE_MONTH[month] ?? 0) + leapDay + day;
}

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The date of a day number; `undefined` outside 0000-01-01 .. 9999-12-31. */
export function dayNumberToDate(days: number): CalendarDate | undefined {
  if (!(days >= 1) || days > DAY_NUMBER_MAX) return undefined;
  let year = Math.min(Math.floor(days / 365.2425), 9999);
  while (year < 9999 && dayNumber(year + 1, 1, 1) <= days) year++;
  while (dayNumber(year, 1, 1) > days) year--;
  let ofYear = days - dayNumber(year, 1, 1) + 1;
  let month = 1;
  for (;;) {
    const length = daysInMonth(year, month);
    if (ofYear <= length) return { year, month, day: ofYear };
    ofYear -= length;
    month++;
  }
}

/** 0 = Monday .. 6 = Sunday. */
export function weekday(days: number): number {
  return (((days + 5) % 7) + 7) % 7;
}

export function dayOfYear(year: number, month: number, day: number): number {
  return dayNumber(year, month, day) - dayNumber(year, 1, 1) + 1;
}

/**
 * WEEK()'s mode, bit by bit: 1 = weeks start on Monday; 2 = weeks count 1..53 and may belong to the year before;
 * 4 = week 1 is the first that *starts* in the year (toggled for Monday modes, where the plain rule is four days).
 */
export function weekOf(
  year: number,
  month: number,
  day: number,
  mode: number,
): { readonly year: number; readonly week: number } {
  let flags = mode & 7;
  if ((flags & 1) === 0) flags ^= 4;
  const mondayFirst = (flags & 1) !== 0;
  const countsWithYear = (flags & 2) !== 0;
  const firstWeekday = (flags & 4) !== 0;
  const days = dayNumber(year, month, day);
  let firstDay = dayNumber(year, 1, 1);
  let offset = mondayFirst ? weekday(firstDay) : (weekday(firstDay) + 1) % 7;
  let weekYear = year;
  if (month === 1 && day <= 7 - offset) {
    const belongsBefore = (firstWeekday && offset !== 0) || (!firstWeekday && offset >= 4);
    if (!countsWithYear && belongsBefore) return { year: weekYear, week: 0 };
    if (countsWithYear && belongsBefore) {
      weekYear--;
      const length = daysInYear(weekYear);
      firstDay -= length;
      offset = (offset + 53 * 7 - length) % 7;
    }
  }
  const sinceFirst =
    (firstWeekday && offset !== 0) || (!firstWeekday && offset >= 4)
      ? days - (firstDay + (7 - offset))
      : days - (firstDay - offset);
  if (countsWithYear && sinceFirst >= 52 * 7) {
    offset = (offset + daysInYear(weekYear)) % 7;
    if ((!firstWeekday && offset < 4) || (firstWeekday && offset === 0)) return { year: weekYear + 1, week: 1 };
  }
  return { year: weekYear, week: Math.floor(sinceFirst / 7) + 1 };
}
