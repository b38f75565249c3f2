/**
 * Value arithmetic: what a SQL value is (`datum.ts`, `field-type.ts`) and what can be done with it without knowing about
 * statements, sessions or warnings. Everything here is pure, synchronous and total: a reading that fails says so in its
 * result, and the functions of sql/functions turn that into NULLs, warnings and errors.
 *
 * | file | owns |
 * | --- | --- |
 * | decimal | exact decimals |
 * | number-text | doubles and integers from and to text |
 * | date-time, calendar, date-time-parse, interval, time-zone | calendar readings and instants |
 * | duration | TIME |
 * | json, json-parse, json-print, json-compare, json-path | documents |
 * | charset | which characters a set has, and their bytes |
 * | collation/ | how text compares |
 */
export * from './datum.ts';
export * from './field-type.ts';
export * from './decimal.ts';
export * from './number-text.ts';
export * from './calendar.ts';
export * from './date-time.ts';
export * from './date-time-parse.ts';
export * from './duration.ts';
export * from './interval.ts';
export * from './time-zone.ts';
export * from './json.ts';
export * from './json-parse.ts';
export * from './json-print.ts';
export * from './json-compare.ts';
export * from './json-path.ts';
export * from './charset.ts';
export * from './collation/index.ts';
