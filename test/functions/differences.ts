/**
 * Why an answer may differ from MariaDB's: first match wins, in this order. Each reason says what MySQL 8.0 does, which is what Rutile
 * follows; the last one collects what nobody has judged yet, and docs/functions.md counts it, so that it can only shrink.
 */
import type { Answer } from './answers.ts';
import type { Call } from './calls.ts';

export interface Difference {
  readonly key: string;
  readonly reason: string;
  readonly matches: (call: Call, theirs: Answer, ours: Answer) => boolean;
}

const named =
  (pattern: RegExp) =>
  (call: Call): boolean =>
    pattern.test(call.name);

const sameValue = (theirs: Answer, ours: Answer): boolean => theirs.errno === undefined && theirs.value === ours.value;

/** Doubles of two C libraries. */
function nearlyEqual(theirs: Answer, ours: Answer): boolean {
  const a = Number(theirs.value);
  const b = Number(ours.value);
  if (theirs.value === null || ours.value === null || theirs.kind !== 'double') return false;
  return a === b || Math.abs(a - b) <= 1e-14 * Math.max(Math.abs(a), Math.abs(b));
}

const isOf = (call: Call, ...classes: readonly string[]): boolean => call.classes.some((one) => classes.includes(one));

const STRICT_JSON: ReadonlySet<number> = new Set([3064, 3140, 3141, 3143, 3144, 3146, 3149, 3154, 3158]);
const TEMPORAL = ['date', 'time', 'datetime', 'year'];

export const DIFFERENCES: readonly Difference[] = [
  {
    key: 'absent',
    reason: 'MariaDB 10.11 has no such function, or not with these arguments.',
    matches: (_call, theirs) => theirs.errno === 1305 || theirs.errno === 1064,
  },
  {
    key: 'strict JSON',
    reason:
      'MySQL refuses what is no document (3140, 3141, 3146), no path (3143), no key (3158), neither `one` nor `all` (3154); MariaDB warns and answers NULL.',
    matches: (_call, _theirs, ours) => ours.errno !== undefined && STRICT_JSON.has(ours.errno),
  },
  {
    key: 'JSON type',
    reason:
      'MySQL has a type for documents: SQL values in them keep their kind (six digits behind seconds, bytes as base64), numbers and text are no documents to `JSON_VALID`.',
    matches: named(/^(json_|member_of)/),
  },
  {
    key: 'document',
    reason: 'A document in the place of a number, date or text: MySQL converts it as JSON (warning 3156), MariaDB as text or not at all (4078).',
    matches: (call) => isOf(call, 'json'),
  },
  {
    key: 'locks',
    reason: 'A lock has a name: MySQL refuses NULL, the empty and the long (3057); MariaDB takes them, and refuses columns of some types (4079).',
    matches: named(/lock/),
  },
  {
    key: 'literal of bytes',
    reason: "X'…' and B'…' are numbers in MySQL where one is wanted; in MariaDB they are text.",
    matches: (call) => call.form === 'literal' && isOf(call, 'bytes', 'bit'),
  },
  {
    key: 'bits',
    reason: 'A BIT column is a number in arithmetic and bytes as text; MariaDB writes the digits in some places, and its MIN and COALESCE give their text.',
    matches: (call) => isOf(call, 'bit'),
  },
  {
    key: 'ENUM and SET',
    reason: 'In arithmetic ENUM and SET are doubles in MySQL, integers in MariaDB.',
    matches: (call, theirs, ours) => isOf(call, 'enum', 'set') && theirs.kind !== ours.kind,
  },
  {
    key: 'NULL',
    reason: 'The type of an expression over the literal NULL; the values are the same.',
    matches: (call, theirs, ours) => isOf(call, 'null') && theirs.kind !== ours.kind,
  },
  {
    key: 'bytes as text',
    reason: 'Bytes that are not UTF-8 become NULL with warning 1300 in MySQL, question marks in MariaDB; functions of texts and bytes give bytes.',
    matches: (call, theirs, ours) => isOf(call, 'bytes') && (ours.warnings.includes(1300) || theirs.kind !== ours.kind),
  },
  {
    key: 'last digit',
    reason: 'Doubles differ in their last digit, or in when they are written with an exponent: another C library.',
    matches: (_call, theirs, ours) => nearlyEqual(theirs, ours),
  },
  {
    key: 'scale',
    reason: 'DECIMAL has at most 30 digits behind the point, 38 in MariaDB.',
    matches: (_call, theirs, ours) =>
      theirs.kind === 'decimal' && ours.kind === 'decimal' && theirs.value != null && ours.value != null && theirs.value.startsWith(ours.value),
  },
  {
    key: 'logarithms',
    reason: 'The logarithm of what has none is warning 3020 in MySQL, 1365 in MariaDB.',
    matches: named(/^(ln|log|log2|log10)$/),
  },
  {
    key: 'whole numbers',
    reason: 'BIN and OCT take a number as CONV does, without going through text.',
    matches: named(/^(bin|oct)$/),
  },
  {
    key: 'no match',
    reason: 'REGEXP_SUBSTR without a match is NULL in MySQL, empty in MariaDB.',
    matches: named(/^regexp_substr$/),
  },
  {
    key: 'hexadecimal',
    reason: 'UNHEX of what is not hexadecimal warns with 1411 in MySQL; FROM_BASE64 of what is not base64 warns in MariaDB (1958).',
    matches: named(/^(unhex|from_base64)$/),
  },
  {
    key: 'periods',
    reason: 'A period that is none is error 1210 in MySQL.',
    matches: (call, _theirs, ours) => call.name.startsWith('period_') && ours.errno === 1210,
  },
  {
    key: 'lengths',
    reason: 'RANDOM_BYTES of less than 1 or more than 1,024 is error 1690 in MySQL.',
    matches: named(/^random_bytes$/),
  },
  {
    key: 'addresses',
    reason: 'IS_IPV4 and its like answer NULL for NULL in MySQL, and do not warn.',
    matches: named(/^is_ipv/),
  },
  {
    key: 'wrong date',
    reason: 'A date compared with text that is none is error 1525 in MySQL.',
    matches: (_call, _theirs, ours) => ours.errno === 1525,
  },
  {
    key: 'dates and numbers',
    reason:
      'A date or time in the place of a number, and the other way round: MySQL rounds fractions of seconds and gives integers; MariaDB cuts them, gives decimals or times, and warns where it compares them as dates.',
    matches: (call, theirs, ours) =>
      isOf(call, ...TEMPORAL) ||
      (isOf(call, 'int', 'negative', 'unsigned', 'decimal', 'double') &&
        (theirs.kind === 'time' || theirs.kind === 'date' || theirs.kind === 'datetime' || ours.kind === 'time' || ours.kind === 'date' || ours.kind === 'datetime')),
  },
  {
    key: 'digits of seconds',
    reason: 'Seconds of a time that was computed from a number or text have six digits in MySQL where there is a fraction, none where there is none.',
    matches: (call, theirs, ours) =>
      /^(addtime|subtime|date_add|date_sub|adddate|subdate|timestampadd|from_unixtime|sec_to_time|maketime)$/.test(call.name) &&
      typeof theirs.value === 'string' && typeof ours.value === 'string' &&
      theirs.value.replace(/\.0+$/, '') === ours.value.replace(/\.0+$/, ''),
  },
  {
    key: 'beyond BIGINT',
    reason: 'A number beyond BIGINT has no documented meaning as a count, an interval or a time; beside NULL it stays an integer.',
    matches: (call) => isOf(call, 'unsigned'),
  },
  {
    key: 'types of moments',
    reason: 'TIME_TO_SEC is an integer in MySQL; the values of UNIX_TIMESTAMP and STR_TO_DATE are NULL in both.',
    matches: named(/^(time_to_sec|unix_timestamp|str_to_date)$/),
  },
  {
    key: 'day 0',
    reason: 'FROM_DAYS of a day before the calendar is 0000-00-00 in MySQL, NULL in MariaDB.',
    matches: named(/^from_days$/),
  },
  {
    key: 'SHA2',
    reason: 'SHA2 is text in MySQL whatever its length is said to be, and NULL when that is NULL.',
    matches: named(/^sha2$/),
  },
  {
    key: 'roles',
    reason: 'CURRENT_ROLE is NONE in MySQL when there is none.',
    matches: named(/^current_role$/),
  },
  {
    key: 'warnings',
    reason: 'The value is the same and MariaDB warns otherwise, twice, or where MySQL does not.',
    matches: (_call, theirs, ours) => sameValue(theirs, ours) && theirs.kind === ours.kind,
  },
  {
    key: 'open',
    reason: 'Not judged yet: neither shown to be MySQL’s answer nor to be wrong.',
    matches: () => true,
  },
]; // prettier-ignore
