/** Failpoints: what the catalogue names is in the code exactly once, and docs/failpoints.md shows the same table. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAILPOINT_CATALOG, type FailpointDefinition } from '../../base/failpoint-catalog.ts';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';

const catalog: Readonly<Record<string, FailpointDefinition>> = FAILPOINT_CATALOG;

test('every failpoint of the catalogue has one place in the code that reaches it', () => {
  const found: string[] = [];
  for (const file of ['base', 'proto', 'kv', 'sql', 'analytics', 'bin'].flatMap(sources)) {
    const code = readFileSync(join(PACKAGE_ROOT, file), 'utf8').replace(/^\s*\*.*$/gm, '');
    for (const [, variable, name] of code.matchAll(/const (\w+) = failpoint\('([^']+)'\)/g)) {
      found.push(name!);
      const place = catalog[name!]!.waits ? 'reach' : 'hit';
      const used = sources(file.slice(0, file.lastIndexOf('/'))).some((neighbour) => {
        const text = readFileSync(join(PACKAGE_ROOT, neighbour), 'utf8');
        return text.includes(`${variable}.armed`);
      });
      assert(used, `${name} in ${file} is never asked whether it is armed`);
      assert(code.includes(`${variable}.${place}(`), `${name} in ${file} is never reached by ${place}()`);
    }
  }
  assert.deepEqual(found.sort(), Object.keys(catalog).sort());
});

test('docs/failpoints.md shows the catalogue', () => {
  const text = readFileSync(join(PACKAGE_ROOT, 'docs/failpoints.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ([a-z-]+::[a-z-]+) \| (.+) \| (yes|no) \|(.*)\|$/gm)].map((row) =>
    [row[1], row[2], row[3], row[4]!.trim()].join(' | '),
  );
  const wanted = Object.entries(catalog).map(([name, { at, waits, returns }]) =>
    [name, at, waits ? 'yes' : 'no', returns ?? ''].join(' | '),
  );
  assert.deepEqual(rows, wanted);
});

function sources(folder: string): string[] {
  return readdirSync(join(PACKAGE_ROOT, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(join(PACKAGE_ROOT, path)).isDirectory())
      return name === 'gen' || name === 'testing' ? [] : sources(path);
    return name.endsWith('.ts') && !/\.(?:test|d)\.ts$/.test(name) ? [path] : [];
  });
}
