/** Helpers of this folder's tests: the corpus, and trees without their places in the text. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

const DATA = join(packageRoot(), 'test', 'data');

/** The lines of `test/data/sql-corpus/<name>.sql`, without comments. */
export function corpus(name: string): string[] {
  const text = readFileSync(join(DATA, 'sql-corpus', `${name}.sql`), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('-- '));
}

/** The 22 queries of the TPC-H derived set. */
export function tpchQueries(): string[] {
  const folder = join(DATA, 'tpch', 'queries');
  return readdirSync(folder)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replace('{FRACTION}', '0.0001'));
}

export function tpchSchema(): string {
  return readFileSync(join(DATA, 'tpch', 'schema.sql'), 'utf8');
}

const PLACES: ReadonlySet<string> = new Set(['start', 'end', 'parameterIndex']);

/** What two readings of one statement must agree on. Bigints become strings, absent fields vanish. */
export function shapeOf(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, field]) => !PLACES.has(key) && field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [key, shapeOf(field)]));
}

/** Every node of a tree, parents first. */
export function* nodesOf(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (!Array.isArray(value)) yield value as Readonly<Record<string, unknown>>;
  for (const field of Object.values(value)) yield* nodesOf(field);
}
