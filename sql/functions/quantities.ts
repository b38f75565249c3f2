/** FORMAT_BYTES and FORMAT_PICO_TIME: numbers with the largest unit that leaves at least one of it, as MySQL's `sys` schema shows them. */
import { defineSimple } from './definition.ts';
import { textType } from './types.ts';

type Unit = readonly [name: string, size: number];

const BYTES: readonly Unit[] = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'].map((name, i) => [name, 1024 ** (i + 1)]);
const PICOSECONDS: readonly Unit[] = [
  ['ns', 1e3],
  ['us', 1e6],
  ['ms', 1e9],
  ['s', 1e12],
  ['min', 60e12],
  ['h', 3600e12],
  ['d', 86_400e12],
];
/** From here on two digits and an exponent. */
const LONG = 100_000;
/** `16.00 EiB`, `-1.00e+05 d`, and room for what is longer. */
const LENGTH = 17;

defineSimple({
  name: 'format_bytes',
  args: ['double'],
  returns: (_args, collation) => textType(LENGTH, collation),
  evaluate: (_context, count: number) => inUnits(count, BYTES) ?? `${whole(count, 4)} bytes`,
});

defineSimple({
  name: 'format_pico_time',
  args: ['double'],
  returns: (_args, collation) => textType(LENGTH, collation),
  evaluate: (_context, time: number) => inUnits(time, PICOSECONDS) ?? `${whole(time, 3)} ps`,
});

/** `undefined`: less than the smallest of these. */
function inUnits(value: number, units: readonly Unit[]): string | undefined {
  const unit = units.findLast(([, size]) => Math.abs(value) >= size);
  if (unit === undefined) return undefined;
  const [name, size] = unit;
  const count = value / size;
  const digits = Math.abs(count) >= LONG ? count.toExponential(2).replace(/e([+-])(\d)$/, 'e$10$2') : count.toFixed(2);
  return `${digits} ${name}`;
}

function whole(value: number, width: number): string {
  return String(Math.trunc(value)).padStart(width);
}
