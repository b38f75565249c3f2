/** All virtual tables by database and name, and the databases they stand in. New ones are added to the lists of their files. */
import type { DatabaseInfo } from '../../../proto/schema/table-info.ts';
import type { VirtualTableDefinition } from './definition.ts';
import { EMPTY_TABLES } from './empty-tables.ts';
import { MYSQL_TABLES } from './mysql-schema.ts';
import { PERFORMANCE_TABLES } from './performance-schema.ts';
import { PRIVILEGE_TABLES } from './privilege-tables.ts';
import { SCHEMA_TABLES } from './schema-tables.ts';
import { SERVER_TABLES } from './server-tables.ts';

const database = (id: number, name: string): [string, DatabaseInfo] => [
  name,
  {
    id,
    name,
    charset: name === 'mysql' || name === 'performance_schema' ? 'utf8mb4' : 'utf8mb3',
    collation: name === 'information_schema' ? 'utf8mb3_general_ci' : 'utf8mb4_0900_ai_ci',
    state: 'public',
  },
];

/** Ids below zero: never those of a stored database. */
export const VIRTUAL_DATABASES: ReadonlyMap<string, DatabaseInfo> = new Map([
  database(-1, 'information_schema'),
  database(-2, 'mysql'),
  database(-3, 'performance_schema'),
]);

/** Made at the first call: the files of tables ask this one about its tables, so their order of loading must not matter. */
export function virtualTables(): readonly VirtualTableDefinition[] {
  all ??= [
    ...SCHEMA_TABLES,
    ...SERVER_TABLES,
    ...PRIVILEGE_TABLES,
    ...PERFORMANCE_TABLES,
    ...MYSQL_TABLES,
    ...EMPTY_TABLES,
  ];
  return all;
}

let all: readonly VirtualTableDefinition[] | undefined;
let byName: Map<string, VirtualTableDefinition> | undefined;

export function virtualTableDefinition(databaseName: string, name: string): VirtualTableDefinition | undefined {
  byName ??= new Map(virtualTables().map((table) => [`${table.database}.${table.name}`.toLowerCase(), table]));
  return byName.get(`${databaseName}.${name}`.toLowerCase());
}

export function isVirtualDatabase(name: string): boolean {
  return VIRTUAL_DATABASES.has(name.toLowerCase());
}

export function virtualTablesOf(databaseName: string): readonly VirtualTableDefinition[] {
  const lower = databaseName.toLowerCase();
  return virtualTables().filter((table) => table.database === lower);
}
