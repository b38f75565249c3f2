/** docs/limits.md, held: each bound it lists stands in the code with that default, and no bound of the code is missing in it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LIMITS } from '../../base/limits.ts';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';
import { FEED_LIMITS } from '../../kv/client/feed/change-feed.ts';
import { CLIENT_LIMITS } from '../../kv/client/local-client.ts';
import { SNAPSHOT_LIMITS } from '../../kv/server/snapshot-stream.ts';
import { LINK_LIMITS } from '../../kv/server/store-link.ts';
import { STORE_LIMITS } from '../../kv/store/limits.ts';

/** Tables whose every line is a bound. */
const TABLES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'base/limits.ts': LIMITS,
  'kv/store/limits.ts': { ...STORE_LIMITS },
  'kv/client/feed/change-feed.ts': { ...FEED_LIMITS },
  'kv/client/local-client.ts': { ...CLIENT_LIMITS },
  'kv/server/store-link.ts': { ...LINK_LIMITS },
  'kv/server/snapshot-stream.ts': { ...SNAPSHOT_LIMITS },
};
/** Folders that a stranger's bytes reach first: each `…_MAX` in them is a bound, except those below. */
const DOORS = ['base/node', 'kv/server', 'sql/server', 'sql/protocol', 'sql/parser', 'analytics', 'bin'];
/** Said by a format, or about a screen: nobody runs into them. */
const NOT_BOUNDS = new Set([
  'sql/protocol/constants.ts PAYLOAD_MAX',
  'sql/parser/keywords.ts WORD_LENGTH_MAX',
  'bin/command-shell.ts HISTORY_MAX',
  'bin/print-rows.ts CELL_WIDTH_MAX',
  'base/node/lock.ts ATTEMPTS_MAX',
]);
const UNITS: Readonly<Record<string, number>> = {
  '': 1, bytes: 1, characters: 1, ms: 1, s: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3,
}; // prettier-ignore

interface Row {
  readonly file: string;
  readonly name: string;
  readonly value: string;
}

const text = readFileSync(join(PACKAGE_ROOT, 'docs/limits.md'), 'utf8');
const rows: Row[] = [...text.matchAll(/^\| `([^`]+)` `([^`]+)` \| ([^|]+) \| [^|]+ \| [^|]+ \|$/gm)].map(
  ([, file, name, value]) => ({ file: file!, name: name!, value: value! }),
);

test('docs/limits.md gives the defaults of the code', () => {
  assert(rows.length > 80, 'the rows of docs/limits.md are read');
  assert.equal(rows.length, text.split('\n').filter((line) => line.startsWith('| `')).length, 'a row has another form');
  const wrong: string[] = [];
  for (const { file, name, value } of rows) {
    const inCode = TABLES[file]?.[name] ?? valueInSource(file, name);
    const inDocument = value === 'off' ? value : read(value) / (name.endsWith('Mib') ? UNITS['MiB']! : 1);
    if (inCode !== inDocument) wrong.push(`${file} ${name} is ${inCode} in the code, ${value} in docs/limits.md`);
  }
  assert.deepEqual(wrong, []);
});

test('docs/limits.md misses no bound', () => {
  const listed = new Set(rows.map(({ file, name }) => `${file} ${name}`));
  assert.equal(listed.size, rows.length, 'a bound is listed twice');
  const bounds = [
    ...Object.entries(TABLES).flatMap(([file, table]) => Object.keys(table).map((name) => `${file} ${name}`)),
    ...DOORS.flatMap(sources).flatMap((file) =>
      [...source(file).matchAll(/^(?:export )?const (\w+_MAX) =/gm)].map(([, name]) => `${file} ${name}`),
    ),
  ];
  const missing = bounds.filter((bound) => !listed.has(bound) && !NOT_BOUNDS.has(bound));
  assert.deepEqual(missing, [], 'give them a line in docs/limits.md, or say in NOT_BOUNDS that nobody runs into them');
});

test('values and units are read as they are written', () => {
  assert.deepEqual(['20,000', '8 KiB', '50 s', '2 GiB'].map(read), [20_000, 8192, 50, 2 ** 31]);
  assert.deepEqual(
    ['16 * KIB', '1 << 18', '2 ** 26', '10_240', '3 * 1024 * 1024'].map(evaluate),
    [16_384, 262_144, 67_108_864, 10_240, 3_145_728],
  );
  assert.throws(() => read('a few'), /not a value/);
  assert.throws(() => evaluate('process.exit()'), /not a number/);
});

/** `64 MiB`, `20,000`. */
function read(value: string): number {
  const match = /^([\d,]+)(?: (\w+))?$/.exec(value);
  const unit = UNITS[match?.[2] ?? ''];
  if (!match || unit === undefined) throw new Error(`${value} is not a value with a unit`);
  return Number(match[1]!.replaceAll(',', '')) * unit;
}

/** A constant, a setting or a system variable. */
function valueInSource(file: string, name: string): number | 'off' | undefined {
  const found = [
    `const ${name}(?:: \\w+)? = ([^;]+);`,
    `define\\('${name}', 'integer', ([^,)]+)[,)]`,
    `key: '${name}',[^}]*?default: ([\\d_]+|'off')`,
  ].map((pattern) => new RegExp(pattern).exec(source(file))?.[1]);
  const expression = found.find((one) => one !== undefined);
  if (expression === "'off'") return 'off';
  return expression === undefined ? undefined : evaluate(expression);
}

/** Products, powers and shifts of whole numbers. */
function evaluate(expression: string): number {
  const numbers = (operator: string): number[] => expression.split(operator).map(number);
  if (expression.includes('<<')) return numbers('<<').reduce((a, b) => a * 2 ** b);
  if (expression.includes('**')) return numbers('**').reduce((a, b) => a ** b);
  return numbers('*').reduce((a, b) => a * b);
}

function number(literal: string): number {
  const word = literal.trim().replaceAll('_', '').replace(/^KIB$/, '1024').replace(/^MIB$/, '1048576');
  if (!/^\d+$/.test(word)) throw new Error(`${literal} is not a number`);
  return Number(word);
}

function source(file: string): string {
  return readFileSync(join(PACKAGE_ROOT, file), 'utf8');
}

function sources(folder: string): string[] {
  assert(existsSync(join(PACKAGE_ROOT, folder)), `${folder} exists`);
  return readdirSync(join(PACKAGE_ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? sources(`${folder}/${entry.name}`)
      : /(?<!\.test)\.ts$/.test(entry.name)
        ? [`${folder}/${entry.name}`]
        : [],
  );
}
