/** What a reader may count on in every source: it is of a readable size, opens with its essay, and holds no crumbs of the place it was written in. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';

const LINES_MAX = 700;
/** Larger on purpose, with the size at which the purpose should be questioned again. */
const LARGER: Readonly<Record<string, { readonly linesMax: number; readonly reason: string }>> = {
  'base/value/collation/uca-0900-data.ts': { linesMax: 900, reason: 'a table of weights, made by base/node/generate-collations.ts' },
}; // prettier-ignore

const PRODUCT = ['base', 'proto', 'kv', 'sql', 'analytics', 'bin'];
const ALL = [...PRODUCT, 'test', 'bench', 'docs'];

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a path of one machine', /(?<![\w.$}*)\]])\/(?:work|opt|home|Users|root|mnt)\/\w/],
  ['work left undone', /\b(?:TODO|FIXME|XXX|HACK)\b/],
  ['a focused test', /\b(?:test|it|describe)\.only\(/],
  ['the compiler told to look away', /@ts-(?:ignore|nocheck)/],
];
/** It names what it looks for. */
const THIS_FILE = 'test/house/sources.test.ts';

test(`no source passes ${LINES_MAX} lines, except where it says why`, () => {
  const breaches: string[] = [];
  for (const name of PRODUCT.flatMap((folder) => files(folder, /\.ts$/))) {
    const lines = readFileSync(join(PACKAGE_ROOT, name), 'utf8').split('\n').length - 1;
    const max = LARGER[name]?.linesMax ?? LINES_MAX;
    if (lines > max) breaches.push(`${name} has ${lines} lines, ${max} are agreed`);
  }
  for (const name of Object.keys(LARGER)) statSync(join(PACKAGE_ROOT, name));
  assert.deepEqual(breaches, []);
});

test('every source opens with what it owns', () => {
  const without = PRODUCT.flatMap((folder) => files(folder, /\.ts$/)).filter(
    (name) =>
      !/^(?:#!.*\n)?(?:\/\*|\/\/)/.test(readFileSync(join(PACKAGE_ROOT, name), 'utf8')) && !name.endsWith('.test.ts'),
  );
  assert.deepEqual(without, []);
});

test('sources and documents hold no machine paths, no work left undone, no focused tests', () => {
  const breaches: string[] = [];
  const names = [
    ...ALL.flatMap((folder) => files(folder, /\.(?:ts|js|md|txt|script|slt|go)$/)),
    'README.md',
    'CONTRIBUTING.md',
  ];
  for (const name of names) {
    if (name === THIS_FILE) continue;
    const lines = readFileSync(join(PACKAGE_ROOT, name), 'utf8').split('\n');
    for (const [what, pattern] of FORBIDDEN) {
      const at = lines.findIndex((line) => pattern.test(line));
      if (at >= 0) breaches.push(`${name}:${at + 1} holds ${what}: ${lines[at]!.trim().slice(0, 80)}`);
    }
  }
  assert.deepEqual(breaches, []);
});

test('each forbidden thing is seen, and what only resembles it is not', () => {
  const lines = ['cd /opt/tool/bin', '// TODO later', "test.only('x', () => {})", '// @ts-ignore'];
  FORBIDDEN.forEach(([what, pattern], i) => assert(pattern.test(lines[i]!), what));
  for (const fine of ['./work/x', 'network/work/x', 'a HACKNEY carriage', 'latest.only'])
    assert(!FORBIDDEN.some(([, pattern]) => pattern.test(fine)), fine);
});

function files(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(PACKAGE_ROOT, folder)).flatMap((name) => {
    const path = join(PACKAGE_ROOT, folder, name);
    if (statSync(path).isDirectory())
      return name === 'gen' || name === 'data' ? [] : files(relative(PACKAGE_ROOT, path), pattern);
    return pattern.test(name) ? [relative(PACKAGE_ROOT, path)] : [];
  });
}
