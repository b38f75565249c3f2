/**
 * Definition statements as golden scripts (test/scripts/catalog): each scene starts with an empty database `test`. Commands: a
 * definition statement prints `ok`, its warnings, or its error; `walk` prints the schema steps since the last `walk`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { packagePath } from '../../base/node/package-root.ts';
import { TIMESTAMP_MAX } from '../../kv/client/client.ts';
import type { Row } from '../../base/value/datum.ts';
import { parseOne } from '../parser/index.ts';
import { MetaReader } from './meta-store.ts';
import { createTestCatalog, ROOT, type TestCatalog } from './testing.ts';

const folder = packagePath('test/scripts/catalog');

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.script'))
  .sort()) {
  const path = `${folder}/${file}`;
  const scenes = readFileSync(path, 'utf8').split(/\n(?=# )/);
  const rewritten: string[] = [];
  for (const scene of scenes) {
    const [head, ...lines] = scene.trim().split('\n');
    const rule = lines.indexOf('---');
    const commands = rule < 0 ? lines : lines.slice(0, rule);
    test(`${file}: ${head!.slice(2)}`, async () => {
      // Editors and trimming eat blanks at the end of lines: they are no part of a transcript.
      const transcript = (await runScene(commands)).map((line) => line.trimEnd());
      rewritten.push([head, ...commands, '---', ...transcript].join('\n'));
      if (process.env['RUTILE_REWRITE'] === '1') {
        if (rewritten.length === scenes.length) writeFileSync(path, `${rewritten.join('\n\n')}\n`);
        return;
      }
      assert.deepEqual(transcript, lines.slice(rule + 1));
    });
  }
}

async function runScene(commands: readonly string[]): Promise<string[]> {
  const world = await createTestCatalog();
  let seen = world.catalog.schema().version;
  const out: string[] = [];
  for (const command of commands) {
    if (command === 'walk') {
      const now = world.catalog.schema().version;
      const reader = new MetaReader(world.kv.snapshot(TIMESTAMP_MAX));
      for (let version = seen + 1; version <= now; version++) out.push(`  ${(await reader.diff(version))?.type}`);
      seen = now;
    } else {
      out.push(...(await perform(world, command)));
    }
  }
  await world.catalog.close();
  return out;
}

async function perform(world: TestCatalog, command: string): Promise<string[]> {
  const [verb, name = '', ...rest] = command.split(' ');
  switch (verb) {
    case 'insert':
      await world.insert(name, ...(JSON.parse(rest.join(' ')) as Row[]));
      return [];
    case 'rows':
      return (await world.rows(name)).map(
        (row) => `  ${row.map((value) => (value === null ? 'NULL' : String(value))).join(' | ')}`,
      );
    case 'entries':
      return [`  ${await world.entryCount(name, rest[0]!)}`];
    case 'show': {
      const { statement } = parseOne(command);
      assert(statement.kind === 'show');
      try {
        const result = await world.catalog.show(statement.show, statement.like, 'test', ROOT);
        return result!.rows.flatMap((row) =>
          row
            .map((value) => (value === null ? 'NULL' : String(value)))
            .join(' | ')
            .split('\n')
            .map((line) => `  ${line}`),
        );
      } catch (error) {
        return [`${(error as { errno: number }).errno} ${(error as Error).message}`];
      }
    }
    default: {
      world.warnings.length = 0;
      const outcome = await world.attempt(command);
      return [outcome, ...world.warnings.map((warning) => `  ${warning}`)];
    }
  }
}
