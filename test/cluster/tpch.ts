/** The TPC-H-derived set in test/data/tpch: schema, rows as files, queries, and how answers are compared. */
import { createReadStream, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';

export const TABLES = ['region', 'nation', 'part', 'supplier', 'partsupp', 'customer', 'orders', 'lineitem'] as const;

const folder = join(PACKAGE_ROOT, 'test/data/tpch');

export function schemaStatements(): string[] {
  return readFileSync(join(folder, 'schema.sql'), 'utf8')
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean);
}

/** Rows of a table as LOAD DATA reads them (`FIELDS TERMINATED BY '|'`): of the small set here, or of `dataFolder` (NAME.tbl). */
export function tableStream(table: string, dataFolder?: string): Readable {
  if (dataFolder) return createReadStream(join(dataFolder, `${table}.tbl`));
  return createReadStream(join(folder, 'sf0.01', `${table}.tbl.gz`)).pipe(createGunzip());
}

export interface TpchQuery {
  /** `q01` … `q22`. */
  readonly name: string;
  readonly sql: string;
}

/** `scaleFactor` sets q11's fraction, as the specification says. */
export function queries(scaleFactor: number): TpchQuery[] {
  return readdirSync(join(folder, 'queries'))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      name: file.slice(0, 3),
      sql: readFileSync(join(folder, 'queries', file), 'utf8')
        .replace('{FRACTION}', (0.0001 / scaleFactor).toFixed(10))
        .replace(/;\s*$/, ''),
    }));
}

export function answer(name: string): string[][] | undefined {
  const path = join(folder, 'answers-sf0.01', `${name}.tsv`);
  if (!existsSync(path)) return undefined;
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
}

/**
 * The first difference in words, `undefined` when the rows agree. Numbers agree when they are equal as numbers to a relative 1e-9 and the
 * texts otherwise: the answers print `0.10` where another scale is right too.
 */
export function difference(
  actual: readonly (readonly unknown[])[],
  expected: readonly (readonly string[])[],
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} rows instead of ${expected.length}`;
  for (let row = 0; row < expected.length; row++) {
    for (let column = 0; column < expected[row]!.length; column++) {
      const [got, wanted] = [String(actual[row]![column] ?? 'NULL'), expected[row]![column]!];
      if (got === wanted) continue;
      const [a, b] = [Number(got), Number(wanted)];
      const close =
        wanted.trim() !== '' &&
        Number.isFinite(a) &&
        Number.isFinite(b) &&
        Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
      if (!close)
        return `row ${row + 1}, column ${column + 1}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`;
    }
  }
  return undefined;
}
