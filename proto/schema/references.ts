/**
 * Foreign keys from the other side: which tables refer to a table. Worked out once for a version of the schema.
 */
import type { ForeignKeyInfo, TableInfo } from './table-info.ts';

export interface SchemaTables {
  databases(): readonly { readonly name: string }[];
  tables(database: string): readonly TableInfo[];
}

export interface Referrer {
  readonly database: string;
  readonly table: TableInfo;
  readonly key: ForeignKeyInfo;
}

const NONE: readonly Referrer[] = [];
const known = new WeakMap<SchemaTables, ReadonlyMap<string, readonly Referrer[]>>();

/** Foreign keys that refer to the table, those of the table itself among them. */
export function referrersOf(schema: SchemaTables, database: string, table: string): readonly Referrer[] {
  let all = known.get(schema);
  if (all === undefined) known.set(schema, (all = allReferrers(schema)));
  return all.size === 0 ? NONE : (all.get(placeName(database, table)) ?? NONE);
}

/** A statement that writes the table has to look at other tables. */
export function hasReferences(schema: SchemaTables, database: string, table: TableInfo): boolean {
  if (table.temporary) return false;
  return table.foreignKeys !== undefined || referrersOf(schema, database, table.name).length > 0;
}

function allReferrers(schema: SchemaTables): Map<string, Referrer[]> {
  const all = new Map<string, Referrer[]>();
  for (const { name: database } of schema.databases())
    for (const table of schema.tables(database))
      for (const key of table.foreignKeys ?? []) {
        const place = placeName(key.references.database, key.references.table);
        const present = all.get(place);
        if (present === undefined) all.set(place, [{ database, table, key }]);
        else present.push({ database, table, key });
      }
  return all;
}

function placeName(database: string, table: string): string {
  return `${database.toLowerCase()}\0${table.toLowerCase()}`;
}
