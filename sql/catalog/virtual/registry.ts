/** All virtual tables by database and name, and the databases they stand in. New ones are added to the lists of their files. */
import type { DatabaseInfo } from '../../../proto/schema/table-info.ts';
import type { VirtualTableDefinition } from './definition.ts';
import { DIAGNOSTIC_TABLES } from './diagnostic-tables.ts';
import { EMPTY_TABLES } from './empty-tables.ts';
import { INFORMATION_EXTRAS } from './information-extras.ts';
import { MYSQL_TABLES } from './mysql-schema.ts';
import { MYSQL_SYSTEM_TABLES } from './mysql-system.ts';
import { PERFORMANCE_EMPTY } from './performance-empty.ts';
import { PERFORMANCE_STATEMENTS } from './performance-statements.ts';
import { PERFORMANCE_TABLES } from './performance-schema.ts';
import { PRIVILEGE_TABLES } from './privilege-tables.ts';
import { SCHEMA_TABLES } from './schema-tables.ts';
import { SERVER_TABLES } from './server-tables.ts';
import { SYS_TABLES } from './sys-schema.ts';

const database = (id: number, name: string): [string, DatabaseInfo] => [
  name,
  {
    id,
    name,
    charset: name === 'information_schema' ? 'utf8mb3' : 'utf8mb4',
    collation: name === 'information_schema' ? 'utf8mb3_general_ci' : 'utf8mb4_0900_ai_ci',
    state: 'public',
  },
];

/** Ids below zero: never those of a stored database. */
export const VIRTUAL_DATABASES: ReadonlyMap<string, DatabaseInfo> = new Map([
  database(-1, 'information_schema'),
  database(-2, 'mysql'),
  database(-3, 'performance_schema'),
  database(-4, 'sys'),
]);

/** Made at the first call: the files of tables ask this one about its tables, so their order of loading must not matter. */
export function virtualTables(): readonly VirtualTableDefinition[] {
  all ??= [
    ...SCHEMA_TABLES, ...SERVER_TABLES, ...PRIVILEGE_TABLES, ...DIAGNOSTIC_TABLES, ...INFORMATION_EXTRAS, ...PERFORMANCE_TABLES, ...PERFORMANCE_STATEMENTS, ...PERFORMANCE_EMPTY, ...MYSQL_TABLES, ...MYSQL_SYSTEM_TABLES,
    ...SYS_TABLES, ...EMPTY_TABLES,
  ]; // prettier-ignore
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
