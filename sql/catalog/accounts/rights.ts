/**
 * `Rights`: what somebody may do, as the union of the account's own grants and those of the roles that are active. It is computed when asked
 * for and kept until accounts change; each question is answered from everything down: `*.*`, the database, the table, the column.
 *
 * Of several patterns of one account that fit a database only the most particular one counts, as in MySQL: `db\_x` hides `db%`.
 */
import { COLUMN_PRIVILEGES, DATABASE_PRIVILEGES, ordered, TABLE_PRIVILEGES } from './privilege-names.ts';
import { databaseFits } from './host-match.ts';
import type { DatabaseGrant, StoredAccount, TableGrant } from './stored-account.ts';

/** Whose rights a question is about. */
export interface Grantee {
  /** `user@host` of the account. */
  readonly account: string;
  /** Active roles, `user@host` each. */
  readonly roles: readonly string[];
  /** Where the client is, for messages; the account's host when left out. */
  readonly clientHost?: string;
}

export type ColumnRights = 'all' | 'some' | 'none';

/** Databases that everybody sees. */
const ALWAYS_SEEN: ReadonlySet<string> = new Set(['information_schema', 'performance_schema']);
/** What everybody may read of the second; INFORMATION_SCHEMA shows each their own. */
const OPEN_TABLES: ReadonlySet<string> = new Set([
  'global_status', 'global_variables', 'session_account_connect_attrs', 'session_status', 'session_variables', 'processlist',
]); // prettier-ignore

interface TableRights {
  readonly privileges: ReadonlySet<string>;
  readonly grantOption: boolean;
  /** Lower-case column → privileges. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
}

const isOpen = (database: string, table: string): boolean =>
  database.toLowerCase() === 'performance_schema' && OPEN_TABLES.has(table.toLowerCase());

const tableKey = (database: string, table: string): string => `${database}\0${table}`.toLowerCase();

export class Rights {
  readonly global: ReadonlySet<string>;
  readonly globalGrantOption: boolean;
  /** Name → with grant option. */
  readonly dynamic: ReadonlyMap<string, boolean>;
  private readonly members: readonly StoredAccount[];
  private readonly tables = new Map<string, TableRights>();
  private readonly tablesOf = new Set<string>();

  /** The account and all roles that are active for it, directly or through others. */
  constructor(members: readonly StoredAccount[]) {
    this.members = members;
    this.global = new Set(members.flatMap((one) => one.global));
    this.globalGrantOption = members.some((one) => one.globalGrantOption);
    const dynamic = new Map<string, boolean>();
    for (const { name, grantOption } of members.flatMap((one) => one.dynamic))
      dynamic.set(name, grantOption || dynamic.get(name) === true);
    this.dynamic = dynamic;
    for (const grant of members.flatMap((one) => one.tables)) this.addTable(grant);
  }

  private addTable(grant: TableGrant): void {
    const key = tableKey(grant.database, grant.table);
    const known = this.tables.get(key);
    const columns = new Map(known?.columns);
    for (const { column, privileges } of grant.columns) {
      const lower = column.toLowerCase();
      columns.set(lower, new Set([...(columns.get(lower) ?? []), ...privileges]));
    }
    this.tables.set(key, {
      privileges: new Set([...(known?.privileges ?? []), ...grant.privileges]),
      grantOption: grant.grantOption || known?.grantOption === true,
      columns,
    });
    this.tablesOf.add(grant.database.toLowerCase());
  }

  /** The grant of each member that counts for a database. */
  private databaseGrants(database: string): DatabaseGrant[] {
    return this.members.flatMap((one) => {
      const fitting = one.databases.filter((grant) => databaseFits(grant.database, database));
      return fitting.sort((a, b) => specificity(b.database) - specificity(a.database)).slice(0, 1);
    });
  }

  /** A static or dynamic privilege for everything. */
  everywhere(privilege: string): boolean {
    return (
      this.global.has(privilege) ||
      this.dynamic.has(privilege) ||
      (privilege === 'GRANT OPTION' && this.globalGrantOption)
    );
  }

  inDatabase(privilege: string, database: string): boolean {
    if (this.everywhere(privilege)) return true;
    if (privilege === 'SELECT' && database.toLowerCase() === 'information_schema') return true;
    const option = privilege === 'GRANT OPTION';
    return this.databaseGrants(database).some((grant) =>
      option ? grant.grantOption : grant.privileges.includes(privilege),
    );
  }

  onTable(privilege: string, database: string, table: string): boolean {
    if (this.inDatabase(privilege, database)) return true;
    if (privilege === 'SELECT' && isOpen(database, table)) return true;
    const found = this.tables.get(tableKey(database, table));
    return found !== undefined && (privilege === 'GRANT OPTION' ? found.grantOption : found.privileges.has(privilege));
  }

  onColumn(privilege: string, database: string, table: string, column: string): boolean {
    if (this.onTable(privilege, database, table)) return true;
    const found = this.tables.get(tableKey(database, table));
    return found?.columns.get(column.toLowerCase())?.has(privilege) === true;
  }

  /** `some`: single columns only. */
  columns(privilege: string, database: string, table: string): ColumnRights {
    if (this.onTable(privilege, database, table)) return 'all';
    const found = this.tables.get(tableKey(database, table));
    for (const privileges of found?.columns.values() ?? []) if (privileges.has(privilege)) return 'some';
    return 'none';
  }

  /** Anything there: what USE and SHOW DATABASES ask. */
  seesDatabase(database: string): boolean {
    const lower = database.toLowerCase();
    if (ALWAYS_SEEN.has(lower) || this.global.has('SHOW DATABASES') || this.tablesOf.has(lower)) return true;
    for (const privilege of DATABASE_PRIVILEGES) if (this.global.has(privilege)) return true;
    return this.databaseGrants(database).some((grant) => grant.privileges.length > 0 || grant.grantOption);
  }

  /** Any right on the table or a column of it. */
  seesTable(database: string, table: string): boolean {
    if (ALWAYS_SEEN.has(database.toLowerCase())) return true;
    for (const privilege of TABLE_PRIVILEGES) if (this.inDatabase(privilege, database)) return true;
    return this.tables.has(tableKey(database, table));
  }

  /** Any right on the table as a whole. */
  seesWholeTable(database: string, table: string): boolean {
    if (ALWAYS_SEEN.has(database.toLowerCase())) return true;
    for (const privilege of TABLE_PRIVILEGES) if (this.onTable(privilege, database, table)) return true;
    return false;
  }

  /** SELECT, INSERT, UPDATE, REFERENCES of a column, in lower case as COLUMNS and SHOW FULL COLUMNS print them. */
  ofColumn(database: string, table: string, column: string): string[] {
    return ordered([...COLUMN_PRIVILEGES].filter((privilege) => this.onColumn(privilege, database, table, column))).map(
      (name) => name.toLowerCase(),
    );
  }
}

/** Of two patterns that fit, the one that says more before its first wildcard. */
function specificity(pattern: string): number {
  const wild = pattern.search(/(?<!\\)[%_]/);
  return wild < 0 ? Number.MAX_SAFE_INTEGER : wild;
}
