/**
 * Golden lines of every family: value, type and warnings of each expression in test/scripts/functions. `RUTILE_REWRITE=1` writes
 * them anew; test/cluster/functions-mariadb.test.ts holds the same expressions to another server.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { describeExpression, readScenes, SCRIPT_FOLDER, scriptFiles } from './testing.ts';

for (const file of scriptFiles()) {
  const scenes = readScenes(file);
  if (process.env['RUTILE_REWRITE'] === '1') {
    const text = scenes.map((scene) =>
      [`# ${scene.title}`, ...scene.expressions, '---', ...scene.expressions.flatMap(describeExpression)].join('\n'),
    );
    writeFileSync(`${SCRIPT_FOLDER}/${file}`, text.join('\n\n') + '\n');
    continue;
  }
  for (const scene of scenes) {
    test(`${file}: ${scene.title}`, () => {
      assert.deepEqual(scene.expressions.flatMap(describeExpression), scene.expected);
    });
  }
}
