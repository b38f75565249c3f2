/**
 * Sets of global transaction identifiers: `uuid:1-3:7, uuid:tag:5`. Rutile gives transactions no such names (`gtid_mode` is OFF), but
 * tools compare sets that they have from elsewhere. Kept as intervals by source, sorted and apart.
 */
import { SqlError } from '../../base/error.ts';
import { defineSimple } from './definition.ts';
import { BOOLEAN, textType } from './types.ts';

interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** By `uuid` or `uuid:tag`, in lower case. */
type GtidSet = Map<string, Interval[]>;

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const TAG = /^[a-z_][a-z0-9_]{0,31}$/i;
const NUMBER_MAX = (1n << 63n) - 1n;

function malformed(text: string): SqlError {
  return new SqlError(1772, 'HY000', `Malformed GTID set specification '${text}'.`);
}

function parseSet(text: string): GtidSet {
  const set: GtidSet = new Map();
  for (const part of text.split(',')) {
    const [source, ...rest] = part.split(':').map((piece) => piece.trim());
    if (source === '' && rest.length === 0) continue;
    if (source === undefined || !UUID.test(source) || rest.length === 0) throw malformed(text);
    const bare = source.replaceAll('-', '').toLowerCase();
    const uuid = bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    let name = uuid;
    for (const piece of rest) {
      if (TAG.test(piece)) {
        name = `${uuid}:${piece.toLowerCase()}`;
        continue;
      }
      const interval = parseInterval(piece);
      if (interval === undefined) throw malformed(text);
      if (interval.first <= interval.last) set.set(name, [...(set.get(name) ?? []), interval]);
    }
  }
  for (const [name, intervals] of set) set.set(name, joined(intervals));
  return set;
}

/** `5-3` is an empty interval, as in MySQL. */
function parseInterval(text: string): Interval | undefined {
  const match = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const first = BigInt(match[1]!);
  const last = match[2] === undefined ? first : BigInt(match[2]);
  return first < 1n || first > NUMBER_MAX || last > NUMBER_MAX ? undefined : { first, last };
}

function joined(intervals: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const one of [...intervals].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const before = out[out.length - 1];
    if (before === undefined || one.first > before.last + 1n) out.push(one);
    else if (one.last > before.last) out[out.length - 1] = { first: before.first, last: one.last };
  }
  return out;
}

function subtract(intervals: readonly Interval[], taken: readonly Interval[]): Interval[] {
  let left: Interval[] = [...intervals];
  for (const { first, last } of taken) {
    left = left.flatMap((one) => {
      if (last < one.first || first > one.last) return [one];
      const parts: Interval[] = [];
      if (one.first < first) parts.push({ first: one.first, last: first - 1n });
      if (one.last > last) parts.push({ first: last + 1n, last: one.last });
      return parts;
    });
  }
  return left;
}

function difference(a: GtidSet, b: GtidSet): GtidSet {
  const left: GtidSet = new Map();
  for (const [name, intervals] of a) {
    const rest = subtract(intervals, b.get(name) ?? []);
    if (rest.length > 0) left.set(name, rest);
  }
  return left;
}

function print(set: GtidSet): string {
  return [...set.keys()]
    .sort()
    .map((name) => {
      const intervals = set.get(name)!;
      const texts = intervals.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`));
      return `${name}:${texts.join(':')}`;
    })
    .join(',\n');
}

defineSimple({
  name: 'gtid_subset',
  args: ['string', 'string'],
  returns: BOOLEAN,
  evaluate: (_context, part: string, whole: string) => (difference(parseSet(part), parseSet(whole)).size === 0 ? 1 : 0),
});

defineSimple({
  name: 'gtid_subtract',
  args: ['string', 'string'],
  returns: (_args, collation) => textType(65535, collation),
  evaluate: (_context, from: string, taken: string) => print(difference(parseSet(from), parseSet(taken))),
});

/** Nobody can wait for a set that is never executed here: refused as MySQL refuses it without GTIDs. */
defineSimple({
  name: 'wait_for_executed_gtid_set',
  args: ['string', 'double'],
  argsMin: 1,
  returns: BOOLEAN,
  evaluate: () => {
    throw new SqlError(3062, 'HY000', 'Cannot use WAIT_FOR_EXECUTED_GTID_SET when @@GLOBAL.GTID_MODE = OFF.');
  },
});
