/**
 * Who may change accounts: for each statement about accounts and roles, what MySQL asks of whoever runs it. To pass a privilege on one needs it
 * oneself, with GRANT OPTION at that place; to touch an account with SYSTEM_USER one needs SYSTEM_USER.
 */
import { unreachable } from '../../../base/assert.ts';
import type * as ast from '../../parser/ast.ts';
import type { AccountCaller, Accounts } from './account-caller.ts';
import { databaseDenied, globalDenied, privilegeNeeded, tableDenied } from './account-errors.ts';
import { isEmpty } from './account-options.ts';
import type { GrantedRights } from './grants.ts';
import type { Grantee, Rights } from './rights.ts';
import { keyOf, nameOfKey, sameAccount, type AccountName } from './stored-account.ts';

export type AccountStatement = Extract<
  ast.Statement,
  { kind: 'create-user' | 'alter-user' | 'drop-user' | 'rename-user' | 'set-password' | 'grant' | 'revoke' | 'revoke-all' | 'create-role' | 'drop-role'
      | 'grant-role' | 'revoke-role' | 'set-default-role' }
>; // prettier-ignore

interface Asked {
  readonly rights: Rights;
  readonly accounts: Accounts;
  readonly caller: AccountCaller;
  /** What `user@host` may do, with its default roles. */
  readonly rightsOf: (key: string) => Rights;
}

/** Throws what MySQL answers when the caller may not. `true`: may change the accounts of others. */
export function checkMayChange(statement: AccountStatement, asked: Asked): boolean {
  const { rights, caller } = asked;
  const own = (user: ast.UserName | undefined): boolean =>
    user === undefined || keyOf(resolved(user, caller)) === caller.who.account;
  const createUser = rights.everywhere('CREATE USER');
  const accountAdmin = createUser || rights.onTable('UPDATE', 'mysql', 'user');
  switch (statement.kind) {
    case 'create-user':
      need(createUser, 'CREATE USER');
      return true;
    case 'drop-user':
      need(createUser, 'CREATE USER');
      protectSystem(statement.users, asked);
      return true;
    case 'rename-user':
      need(createUser, 'CREATE USER');
      protectSystem(statement.renames.map((one) => one.from), asked); // prettier-ignore
      return true;
    case 'create-role':
      need(createUser || rights.everywhere('CREATE ROLE'), 'CREATE USER, CREATE ROLE');
      return true;
    case 'drop-role':
      need(createUser || rights.everywhere('DROP ROLE'), 'CREATE USER, DROP ROLE');
      protectSystem(statement.roles, asked);
      return true;
    case 'alter-user': {
      const others = statement.users.filter((one) => !own(one.user));
      const plain = isEmpty(statement.options);
      if (
        !accountAdmin &&
        (others.length > 0 ||
          !plain ||
          statement.users.every(
            (one) =>
              one.authentication === undefined && one.discardOld !== true && statement.defaultRoles === undefined,
          ))
      )
        // prettier-ignore
        throw privilegeNeeded('CREATE USER');
      const keeps = statement.users.some((one) => one.authentication?.retain === true || one.discardOld === true);
      if (keeps && !accountAdmin) need(rights.everywhere('APPLICATION_PASSWORD_ADMIN'), 'CREATE USER, APPLICATION_PASSWORD_ADMIN'); // prettier-ignore
      protectSystem(others.map((one) => one.user), asked); // prettier-ignore
      return accountAdmin;
    }
    case 'set-password':
      if (!own(statement.user)) {
        if (!accountAdmin) throw databaseDenied(caller.who, 'mysql');
        protectSystem([statement.user!], asked);
      }
      if (statement.authentication.retain === true && !accountAdmin)
        need(rights.everywhere('APPLICATION_PASSWORD_ADMIN'), 'CREATE USER, APPLICATION_PASSWORD_ADMIN');
      return accountAdmin;
    case 'set-default-role':
      if (!statement.users.every(own)) {
        need(accountAdmin || rights.onTable('UPDATE', 'mysql', 'default_roles'), 'CREATE USER');
        protectSystem(statement.users, asked);
      }
      return true;
    case 'revoke-all':
      need(accountAdmin, 'CREATE USER');
      protectSystem(statement.users, asked);
      return true;
    case 'grant-role':
    case 'revoke-role': {
      const admin = rights.everywhere('ROLE_ADMIN') || rights.everywhere('SUPER');
      const account = asked.accounts.get(caller.who.account);
      for (const role of statement.roles)
        if (
          !admin &&
          account?.roles.some((one) => one.adminOption && sameAccount(one, resolved(role, caller))) !== true
        )
          throw privilegeNeeded('WITH ADMIN, ROLE_ADMIN, SUPER');
      return true;
    }
    case 'grant':
    case 'revoke':
      protectSystem(statement.users.map((one) => one.user), asked); // prettier-ignore
      return true;
    default:
      return unreachable(statement);
  }
}

function need(allowed: boolean, privileges: string): void {
  if (!allowed) throw privilegeNeeded(privileges);
}

function resolved(user: ast.UserName, caller: AccountCaller): AccountName {
  return user.current ? nameOfKey(caller.who.account) : user;
}

function protectSystem(users: readonly ast.UserName[], { rights, accounts, caller, rightsOf }: Asked): void {
  if (rights.everywhere('SYSTEM_USER')) return;
  for (const user of users) {
    const key = keyOf(resolved(user, caller));
    if (accounts.has(key) && rightsOf(key).everywhere('SYSTEM_USER')) throw privilegeNeeded('SYSTEM_USER');
  }
}

/** GRANT and REVOKE: what is passed on must be held, and with GRANT OPTION. */
export function checkMayGrant(
  granted: GrantedRights,
  rights: Rights,
  who: Grantee,
  databaseOf: (pattern: string) => string,
): void {
  const { place, privileges, dynamic, columns } = granted;
  switch (place.kind) {
    case 'global': {
      const plain = privileges.length > 0 || dynamic.length === 0;
      if (plain && (!rights.globalGrantOption || privileges.some((name) => !rights.global.has(name))))
        throw globalDenied(who);
      for (const name of dynamic) if (rights.dynamic.get(name) !== true) throw privilegeNeeded('GRANT OPTION');
      return;
    }
    case 'database': {
      const database = databaseOf(place.database);
      const held = [...privileges, 'GRANT OPTION'].every((name) => rights.inDatabase(name, database));
      if (!held) throw databaseDenied(who, place.database);
      return;
    }
    case 'table': {
      const { database, table } = place;
      const missing = privileges.filter((name) => !rights.onTable(name, database, table));
      for (const one of columns)
        for (const name of one.privileges)
          if (!rights.onColumn(name, database, table, one.column) && !missing.includes(name)) missing.push(name);
      if (!rights.onTable('GRANT OPTION', database, table)) missing.push('GRANT');
      if (missing.length > 0) throw tableDenied(missing.join(', '), who, table);
    }
  }
}
