/**
 * Privileges and roles as INFORMATION_SCHEMA shows them. Whoever may read the database `mysql` sees everybody's, others see their own: their
 * account's, and what the roles that are active for them bring.
 */
import type { Batch, Row } from '../../../base/value/datum.ts';
import { quoted } from '../accounts/account-errors.ts';
import { ordered } from '../accounts/privilege-names.ts';
import { attributesText } from '../accounts/show-grants.ts';
import { keyOf, nameOfKey, sameAccount, type AccountName, type StoredAccount } from '../accounts/stored-account.ts';
import { columns, rightsOf, T, virtual, type VirtualSource, type VirtualTableDefinition } from './definition.ts';

const IS = 'information_schema';
const CATALOG = 'def';
const yes = (there: boolean): 'YES' | 'NO' => (there ? 'YES' : 'NO');

function shown(source: VirtualSource): readonly StoredAccount[] {
  const all = rightsOf(source).inDatabase('SELECT', 'mysql');
  return source.privileges.all().filter((account) => all || keyOf(account) === source.viewer.account);
}

function userPrivileges(source: VirtualSource): Batch {
  return shown(source).flatMap((account) => {
    const names = account.global.length > 0 ? ordered(account.global) : ['USAGE'];
    return [
      ...names.map((name): Row => [quoted(account), CATALOG, name, yes(account.globalGrantOption)]),
      ...account.dynamic.map((one): Row => [quoted(account), CATALOG, one.name, yes(one.grantOption)]),
    ];
  });
}

function schemaPrivileges(source: VirtualSource): Batch {
  return shown(source).flatMap((account) =>
    account.databases.flatMap((grant) => {
      const names = grant.privileges.length > 0 ? ordered(grant.privileges) : ['USAGE'];
      return names.map((name): Row => [quoted(account), CATALOG, grant.database, name, yes(grant.grantOption)]);
    }),
  );
}

function tablePrivileges(source: VirtualSource): Batch {
  return shown(source).flatMap((account) =>
    account.tables.flatMap((grant) => {
      const names = grant.privileges.length > 0 ? ordered(grant.privileges) : grant.columns.length > 0 ? [] : ['USAGE'];
      return names.map((name): Row => [quoted(account), CATALOG, grant.database, grant.table, name, yes(grant.grantOption)]); // prettier-ignore
    }),
  );
}

function columnPrivileges(source: VirtualSource): Batch {
  return shown(source).flatMap((account) =>
    account.tables.flatMap((grant) =>
      grant.columns.flatMap(
        ({ column, privileges }) =>
        ordered(privileges).map((name): Row => [quoted(account), CATALOG, grant.database, grant.table, column, name, yes(grant.grantOption)]), // prettier-ignore
      ),
    ),
  );
}

// ---- roles ----

interface Edge {
  readonly to: AccountName;
  readonly role: AccountName;
  readonly admin: boolean;
  readonly mandatory: boolean;
  readonly isDefault: boolean;
}

/** Everything that the viewer's account has been granted, directly and through roles. */
function edges(source: VirtualSource): Edge[] {
  const { privileges, viewer } = source;
  const mandatory = privileges.mandatoryRoles();
  const isMandatory = (role: AccountName): boolean => mandatory.some((one) => sameAccount(one, role));
  const found: Edge[] = [];
  const seen = new Set<string>();
  const queue = [viewer.account];
  for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
    const account = privileges.byKey(key);
    if (account === undefined || seen.has(key)) continue;
    seen.add(key);
    const roles: readonly AccountName[] = key === viewer.account ? privileges.grantedRoles(key) : account.roles;
    for (const role of roles) {
      const own = account.roles.find((one) => sameAccount(one, role));
      found.push({
        to: account, role, admin: own?.adminOption === true, mandatory: isMandatory(role),
        isDefault: account.defaultRoles.some((one) => sameAccount(one, role)),
      }); // prettier-ignore
      queue.push(keyOf(role));
    }
  }
  return found;
}

function applicable(source: VirtualSource): Batch {
  const { user, host } = nameOfKey(source.viewer.account);
  return edges(source).map(({ to, role, admin, mandatory, isDefault }): Row => [
    user, host, to.user, to.host, role.user, role.host, yes(admin), yes(isDefault), yes(mandatory),
  ]); // prettier-ignore
}

/** Active ones, and those behind them. */
function enabled(source: VirtualSource): readonly StoredAccount[] {
  return source.privileges.membersOf(source.viewer).slice(1);
}

function enabledRoles(source: VirtualSource): Batch {
  const all = edges(source);
  return enabled(source).map((role): Row => {
    const found = all.filter((one) => sameAccount(one.role, role));
    return [role.user, role.host, yes(found.some((one) => one.isDefault)), yes(found.some((one) => one.mandatory))];
  });
}

const words = (names: readonly string[]): string =>
  ordered(names).map((name) => name.charAt(0) + name.slice(1).toLowerCase()).join(','); // prettier-ignore

function roleTableGrants(source: VirtualSource): Batch {
  return enabled(source).flatMap((role) =>
    role.tables.filter((grant) => grant.privileges.length > 0).map((grant): Row => {
      const grantor = nameOfKey(grant.grantor);
      return [grantor.user, grantor.host, role.user, role.host, CATALOG, grant.database, grant.table, words(grant.privileges), yes(grant.grantOption)];
    }),
  ); // prettier-ignore
}

function roleColumnGrants(source: VirtualSource): Batch {
  return enabled(source).flatMap((role) =>
    role.tables.flatMap((grant) =>
      grant.columns.map(({ column, privileges }): Row => {
        const grantor = nameOfKey(grant.grantor);
        return [grantor.user, grantor.host, role.user, role.host, CATALOG, grant.database, grant.table, column, words(privileges), yes(grant.grantOption)];
      }),
    ),
  ); // prettier-ignore
}

function userAttributes(source: VirtualSource): Batch {
  return shown(source).map((account): Row => [
    account.user, account.host, account.attributes === null ? null : attributesText(account.attributes),
  ]); // prettier-ignore
}

const ROLE_COLUMNS = 'USER HOST GRANTEE GRANTEE_HOST ROLE_NAME ROLE_HOST IS_GRANTABLE IS_DEFAULT IS_MANDATORY';

export const PRIVILEGE_TABLES: readonly VirtualTableDefinition[] = [
  virtual(IS, 'USER_PRIVILEGES', [['GRANTEE', T.word], ['TABLE_CATALOG', T.word], ['PRIVILEGE_TYPE', T.name], ['IS_GRANTABLE', T.yes]], userPrivileges),
  virtual(IS, 'SCHEMA_PRIVILEGES', [['GRANTEE', T.word], ['TABLE_CATALOG', T.word], ['TABLE_SCHEMA', T.name], ['PRIVILEGE_TYPE', T.name], ['IS_GRANTABLE', T.yes]], schemaPrivileges),
  virtual(IS, 'TABLE_PRIVILEGES', columns('GRANTEE TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PRIVILEGE_TYPE IS_GRANTABLE', T.word), tablePrivileges),
  virtual(IS, 'COLUMN_PRIVILEGES', columns('GRANTEE TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME PRIVILEGE_TYPE IS_GRANTABLE', T.word), columnPrivileges),
  virtual(IS, 'APPLICABLE_ROLES', columns(ROLE_COLUMNS, T.wordN), applicable),
  virtual(IS, 'ADMINISTRABLE_ROLE_AUTHORIZATIONS', columns(ROLE_COLUMNS, T.wordN), (source) => applicable(source).filter((row) => row[6] === 'YES')),
  virtual(IS, 'ENABLED_ROLES', columns('ROLE_NAME ROLE_HOST IS_DEFAULT IS_MANDATORY', T.wordN), enabledRoles),
  virtual(IS, 'ROLE_TABLE_GRANTS', columns('GRANTOR GRANTOR_HOST GRANTEE GRANTEE_HOST TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PRIVILEGE_TYPE IS_GRANTABLE', T.wordN), roleTableGrants),
  virtual(IS, 'ROLE_COLUMN_GRANTS', columns('GRANTOR GRANTOR_HOST GRANTEE GRANTEE_HOST TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME PRIVILEGE_TYPE IS_GRANTABLE', T.wordN), roleColumnGrants),
  virtual(IS, 'ROLE_ROUTINE_GRANTS', columns('GRANTOR GRANTOR_HOST GRANTEE GRANTEE_HOST SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME PRIVILEGE_TYPE IS_GRANTABLE', T.wordN)),
  virtual(IS, 'USER_ATTRIBUTES', [['USER', T.name], ['HOST', T.word], ['ATTRIBUTE', T.longN]], userAttributes),
]; // prettier-ignore
