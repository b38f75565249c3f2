/**
 * The catalog: what databases, tables, indexes, views and accounts there are, how they change while statements run, and
 * what INFORMATION_SCHEMA and SHOW say about them.
 *
 *     Catalog            open, schema(), executeDdl, ids, statistics, virtualRows, show
 *     schema-snapshot    one version, immutable; every statement works on one
 *     ddl-executor       definition statements; alter-table decides the way of a change, alter-executor and backfill go it
 *     schema-leases      which transaction uses which version of which table
 *     server-board       the same over several SQL servers: who has seen what, who changes the schema
 *     meta-store         the keys under `m`, in TiDB's structure; schema-editor makes a version of one transaction
 *     auto-id            AUTO_INCREMENT and hidden row ids
 *     privileges         accounts and grants
 *     statistics         ANALYZE and what it found
 *     virtual/, show     computed tables; runtime-facts is what they ask of the server
 *
 * It neither parses nor plans: statements come as trees, and expressions are evaluated by whoever calls (`DdlContext`).
 */
export { Catalog, type CatalogOptions } from './catalog.ts';
export { DDL_DONE, type DdlContext, type DdlResult, type PartitionPort } from './ddl-context.ts';
export { type DdlStatement, isDdl } from './ddl-executor.ts';
export { CHARSETS, charsetNamed, resolveText } from './charsets.ts';
export { typeName, typeOf, typeText } from './column-type.ts';
export * as catalogErrors from './errors.ts';
export { PRIVILEGES, PrivilegeStore, keyOf, nameOfKey, type AccountCaller, type AccountName, type AccountStatement, type GeneratedPassword, type Grantee, type Rights, type StoredAccount } from './privileges.ts'; // prettier-ignore
export { ordered } from './accounts/privilege-names.ts';
export { columnDenied, databaseDenied, privilegeNeeded, tableDenied, ticked } from './accounts/account-errors.ts';
export {
  NO_FACTS,
  type ProcessRow,
  type RuntimeFacts,
  type SlowQueryRow,
  type TransactionRow,
  type VariableRow,
  type Viewer,
} from './runtime-facts.ts';
export { type SchemaLease, SchemaLeases } from './schema-leases.ts';
export { CatalogSnapshot } from './schema-snapshot.ts';
export { quoteName, showCreateDatabase, showCreateTable, showCreateView } from './show-create.ts';
export { columnOfExpression } from './create-select.ts';
export { type QueriedColumn } from './table-builder.ts';
export { TemporaryTables } from './temporary-tables.ts';
export { likeFilter, type ShowResult } from './show.ts';
export { isVirtualDatabase, virtualTableDefinition, virtualTables } from './virtual/registry.ts';
export type { TlsRequirement } from './accounts/stored-account.ts';
