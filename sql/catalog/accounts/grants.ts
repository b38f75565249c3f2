/**
 * GRANT and REVOKE of privileges: for everything, a database, a table, columns of it. All accounts of a statement change or none: it works on
 * a copy. What a REVOKE takes must be there as a row of that place (1141, 1147); single privileges that are not in the row are passed over,
 * as in MySQL. A row that holds nothing any more goes.
 */
import { SqlError } from '../../../base/error.ts';
import type { GrantStatement, RevokeAllStatement } from '../../parser/ast.ts';
import { grantWithoutUser, noDatabase, tableMissing, unknownDatabase, unsupported } from '../errors.ts';
import type { AccountCaller, Accounts } from './account-caller.ts';
import { illegalLevel, illegalTableGrant, noGrant, noTableGrant, ticked } from './account-errors.ts';
import { isPattern } from './host-match.ts';
import {
  COLUMN_PRIVILEGES,
  DATABASE_PRIVILEGES,
  DYNAMIC_PRIVILEGES,
  isDynamic,
  isStatic,
  ordered,
  PRIVILEGES,
  TABLE_PRIVILEGES,
} from './privilege-names.ts';
import { keyOf, nameOfKey, type ColumnGrant, type StoredAccount } from './stored-account.ts';

/** Where a grant holds. */
export type GrantPlace =
  | { readonly kind: 'global' }
  | { readonly kind: 'database'; readonly database: string }
  | { readonly kind: 'table'; readonly database: string; readonly table: string };

/** A statement's privileges, taken apart. */
export interface GrantedRights {
  readonly place: GrantPlace;
  readonly privileges: readonly string[];
  readonly dynamic: readonly string[];
  readonly columns: readonly ColumnGrant[];
  /** WITH GRANT OPTION, or GRANT OPTION among the privileges. */
  readonly grantOption: boolean;
}

/** Refuses what has no meaning at that place, and what does not exist. */
export function grantedRights(statement: GrantStatement, caller: AccountCaller): GrantedRights {
  const refused = statement.extras[0];
  if (refused !== undefined) throw unsupported(refused.name);
  const place = placeOf(statement, caller);
  const allowed =
    place.kind === 'global'
      ? new Set<string>(PRIVILEGES)
      : place.kind === 'database'
        ? DATABASE_PRIVILEGES
        : TABLE_PRIVILEGES;
  const privileges = new Set<string>();
  const dynamic = new Set<string>();
  const columns = new Map<string, { readonly column: string; readonly privileges: Set<string> }>();
  let { grantOption } = statement;
  for (const { name, columns: named } of statement.privileges) {
    if (named.length > 0) {
      if (place.kind !== 'table' || !COLUMN_PRIVILEGES.has(name)) throw illegalTableGrant();
      for (const column of named) {
        const known = columns.get(column.toLowerCase()) ?? { column, privileges: new Set() };
        known.privileges.add(name);
        columns.set(column.toLowerCase(), known);
      }
    } else if (name === 'ALL') {
      for (const one of allowed) privileges.add(one);
      if (place.kind === 'global') for (const one of DYNAMIC_PRIVILEGES) dynamic.add(one);
    } else if (name === 'GRANT OPTION') grantOption = true;
    else if (name === 'USAGE') continue;
    else if (allowed.has(name)) privileges.add(name);
    else if (isStatic(name)) {
      if (place.kind === 'table') throw illegalTableGrant();
      throw new SqlError(1221, 'HY000', 'Incorrect usage of DB GRANT and GLOBAL PRIVILEGES');
    } else if (!isDynamic(name)) throw syntaxError();
    else if (place.kind !== 'global') throw illegalLevel(name);
    else dynamic.add(name);
  }
  const rights: GrantedRights = {
    place, privileges: ordered([...privileges]), dynamic: [...dynamic].sort(), grantOption,
    columns: [...columns.values()].map((one) => ({ column: one.column, privileges: ordered([...one.privileges]) })),
  }; // prettier-ignore
  return statement.kind === 'grant' ? withTable(rights, caller) : rights;
}

function syntaxError(): SqlError {
  return new SqlError(
    1149,
    '42000',
    'You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use',
  );
}

function placeOf({ on }: GrantStatement, caller: AccountCaller): GrantPlace {
  if (on.objectType !== 'TABLE') throw unsupported(`privileges on a ${on.objectType}`);
  if (on.global) return { kind: 'global' };
  const database = on.schema ?? caller.currentDatabase;
  if (database === undefined) throw noDatabase();
  if (on.table !== undefined) return { kind: 'table', database: unescaped(database), table: on.table };
  if (on.schema === undefined) {
    if (!caller.databaseExists(database)) throw unknownDatabase(database);
    // The current database is a name, not a pattern.
    return { kind: 'database', database: database.replace(/[\\%_]/g, '\\$&') };
  }
  return { kind: 'database', database };
}

/** A database beside a table is a name: `a\_b.t` and `a_b.t` are the same. */
function unescaped(database: string): string {
  return database.replace(/\\([%_])/g, '$1');
}

/** Only a table that may be created may be missing; columns have to be there, and take the table's spelling. */
function withTable(rights: GrantedRights, caller: AccountCaller): GrantedRights {
  const { place } = rights;
  if (place.kind !== 'table') return rights;
  const present = caller.columnsOf(place.database, place.table);
  if (present === undefined && !rights.privileges.includes('CREATE')) throw tableMissing(place.database, place.table);
  const columns = rights.columns.map((one) => {
    const found = present?.find((name) => name.toLowerCase() === one.column.toLowerCase());
    if (found === undefined) throw new SqlError(1054, '42S22', `Unknown column '${one.column}' in '${place.table}'`);
    return { ...one, column: found };
  });
  return { ...rights, columns };
}

export function changeGrants(
  statement: GrantStatement,
  rights: GrantedRights,
  accounts: Accounts,
  caller: AccountCaller,
): void {
  for (const { user: named } of statement.users) {
    const user = named.current ? nameOfKey(caller.who.account) : named;
    const found = accounts.get(keyOf(user));
    if (found === undefined) {
      if (statement.kind === 'grant') throw grantWithoutUser();
      if (statement.ignoreUnknownUser) {
        caller.warn('Warning', 3162, `Authorization ID ${ticked(user)} does not exist.`);
        continue;
      }
      if (!statement.ifExists) throw noGrant(user);
      caller.warn('Warning', 1141, noGrant(user).message);
      continue;
    }
    try {
      accounts.set(keyOf(user), statement.kind === 'grant' ? granted(found, rights, caller) : revoked(found, rights));
    } catch (error) {
      const missing = error instanceof SqlError && (error.errno === 1141 || error.errno === 1147);
      if (!missing || !statement.ifExists) throw error;
      caller.warn('Warning', error.errno, error.message);
    }
  }
}

const union = (a: readonly string[], b: readonly string[]): string[] => ordered([...a, ...b]);
const without = (a: readonly string[], b: readonly string[]): string[] => a.filter((name) => !b.includes(name));

function granted(account: StoredAccount, rights: GrantedRights, caller: AccountCaller): StoredAccount {
  const { place, privileges, grantOption } = rights;
  switch (place.kind) {
    case 'global': {
      // GRANT OPTION beside dynamic privileges alone is theirs, not that of the static ones.
      const dynamicOnly = rights.dynamic.length > 0 && privileges.length === 0;
      const dynamic = new Map(account.dynamic.map((one) => [one.name, one.grantOption]));
      for (const name of rights.dynamic) dynamic.set(name, grantOption || dynamic.get(name) === true);
      return {
        ...account, global: union(account.global, privileges), globalGrantOption: account.globalGrantOption || (grantOption && !dynamicOnly),
        dynamic: [...dynamic].map(([name, option]) => ({ name, grantOption: option })).sort((a, b) => (a.name < b.name ? -1 : 1)),
      }; // prettier-ignore
    }
    case 'database': {
      const present = account.databases.find((grant) => grant.database === place.database);
      const merged = {
        database: place.database,
        privileges: union(present?.privileges ?? [], privileges),
        grantOption: grantOption || present?.grantOption === true,
      };
      const rest = account.databases.filter((grant) => grant !== present);
      return merged.privileges.length > 0 || merged.grantOption
        ? { ...account, databases: [...rest, merged] }
        : account;
    }
    case 'table': {
      const present = tableGrant(account, place);
      const columns = new Map((present?.columns ?? []).map((one) => [one.column.toLowerCase(), one]));
      for (const { column, privileges: more } of rights.columns) {
        const known = columns.get(column.toLowerCase());
        columns.set(column.toLowerCase(), { column, privileges: union(known?.privileges ?? [], more) });
      }
      const merged = {
        database: place.database, table: present?.table ?? place.table, privileges: union(present?.privileges ?? [], privileges), columns: [...columns.values()],
        grantOption: grantOption || present?.grantOption === true, grantor: caller.who.account, changedAtMs: caller.nowMs,
      }; // prettier-ignore
      if (merged.privileges.length === 0 && merged.columns.length === 0 && !merged.grantOption) return account;
      return { ...account, tables: [...account.tables.filter((grant) => grant !== present), merged] };
    }
  }
}

function revoked(account: StoredAccount, rights: GrantedRights): StoredAccount {
  const { place, privileges, grantOption } = rights;
  switch (place.kind) {
    case 'global': {
      // REVOKE ALL takes the dynamic ones along; GRANT OPTION goes when it is named.
      const dynamic = account.dynamic.filter((one) => !rights.dynamic.includes(one.name));
      return {
        ...account,
        global: without(account.global, privileges),
        globalGrantOption: account.globalGrantOption && !grantOption,
        dynamic: grantOption ? dynamic.map((one) => ({ ...one, grantOption: false })) : dynamic,
      };
    }
    case 'database': {
      const present = account.databases.find((grant) => grant.database === place.database);
      if (present === undefined) {
        // A name in place of a pattern that means nothing else.
        const same = account.databases.find((grant) => !isPattern(grant.database) && unescaped(grant.database) === unescaped(place.database)); // prettier-ignore
        if (same === undefined) throw noGrant(account);
        return revoked(account, { ...rights, place: { kind: 'database', database: same.database } });
      }
      const left = {
        ...present,
        privileges: without(present.privileges, privileges),
        grantOption: present.grantOption && !grantOption,
      };
      const rest = account.databases.filter((grant) => grant !== present);
      return { ...account, databases: left.privileges.length > 0 || left.grantOption ? [...rest, left] : rest };
    }
    case 'table': {
      const present = tableGrant(account, place);
      if (present === undefined) throw noTableGrant(account, place.table);
      const gone = new Map(rights.columns.map((one) => [one.column.toLowerCase(), one.privileges]));
      for (const column of gone.keys())
        if (!present.columns.some((one) => one.column.toLowerCase() === column))
          throw noTableGrant(account, place.table);
      // A privilege taken from the table goes from its columns, too.
      const columns = present.columns
        .map((one) => ({
          ...one,
          privileges: without(one.privileges, [...privileges, ...(gone.get(one.column.toLowerCase()) ?? [])]),
        }))
        .filter((one) => one.privileges.length > 0);
      const left = {
        ...present,
        privileges: without(present.privileges, privileges),
        columns,
        grantOption: present.grantOption && !grantOption,
      };
      const keeps = left.privileges.length > 0 || columns.length > 0 || left.grantOption;
      const rest = account.tables.filter((grant) => grant !== present);
      return { ...account, tables: keeps ? [...rest, left] : rest };
    }
  }
}

function tableGrant(account: StoredAccount, place: { readonly database: string; readonly table: string }) {
  return account.tables.find(
    (grant) =>
      grant.database.toLowerCase() === place.database.toLowerCase() &&
      grant.table.toLowerCase() === place.table.toLowerCase(),
  );
}

/** REVOKE ALL PRIVILEGES, GRANT OPTION FROM …: everything but roles. */
export function revokeEverything(statement: RevokeAllStatement, accounts: Accounts, caller: AccountCaller): void {
  for (const named of statement.users) {
    const user = named.current ? nameOfKey(caller.who.account) : named;
    const found = accounts.get(keyOf(user));
    if (found === undefined) {
      const text = `Authorization ID ${ticked(user)} does not exist.`;
      if (statement.ignoreUnknownUser || statement.ifExists) {
        caller.warn('Warning', 3162, text);
        continue;
      }
      throw new SqlError(1269, 'HY000', "Can't revoke all privileges for one or more of the requested users");
    }
    accounts.set(keyOf(user), {
      ...found, global: [], globalGrantOption: false, dynamic: [], databases: [], tables: [],
    }); // prettier-ignore
  }
}
