/**
 * `DateTime`: a DATE, DATETIME or TIMESTAMP value. Not an instant: a calendar reading without a zone, in which MySQL also
 * allows zero parts (`0000-00-00`, `2024-00-00`). Two numbers keep it comparable without a bigint.
 */

export class DateTime {
  /** (year * 13 + month) << 5 | day: grows with the date, holds zero parts. */
  readonly datePart: number;
  /** Microseconds since midnight, 0..86,399,999,999. 0 for a DATE. */
  readonly timeMicros: number;

  constructor(datePart: number, timeMicros: number) {
    this.datePart = datePart;
    this.timeMicros = timeMicros;
  }
}
