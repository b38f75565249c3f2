/**
 * Roles: who is granted what to whom, as edges in the rows of those they are granted to. Edges never make a circle (`grantRoles` refuses the
 * one that would), so what a role brings is found by walking them. Roles named by `mandatory_roles` are granted to everybody.
 */
import type { AlterUserStatement, GrantRoleStatement, RoleStatement, SetDefaultRoleStatement, SetRoleStatement, UserName } from '../../parser/ast.ts'; // prettier-ignore
import type { AccountCaller, Accounts } from './account-caller.ts';
import {
  mandatoryRole,
  noSuchUser,
  operationFailed,
  quoted,
  roleLoop,
  roleNotGranted,
  ticked,
  unknownAuthorization,
} from './account-errors.ts';
import { emptyAccount, keyOf, nameOfKey, sameAccount, type AccountName, type StoredAccount } from './stored-account.ts';

type Lookup = ReadonlyMap<string, StoredAccount>;

/** Roles granted to the account itself, or to everybody. */
export function grantedRoles(
  account: StoredAccount,
  accounts: Lookup,
  mandatory: readonly AccountName[],
): AccountName[] {
  const found = account.roles.filter((role) => accounts.has(keyOf(role))).map(({ user, host }) => ({ user, host }));
  for (const role of mandatory)
    if (accounts.has(keyOf(role)) && !sameAccount(role, account) && !found.some((one) => sameAccount(one, role)))
      found.push(role);
  return found;
}

export const isGranted = (
  role: AccountName,
  to: StoredAccount,
  accounts: Lookup,
  mandatory: readonly AccountName[],
): boolean => grantedRoles(to, accounts, mandatory).some((one) => sameAccount(one, role));

/** The account and everything that these of its roles bring; roles that are no longer granted bring nothing. */
export function membersOf(
  account: StoredAccount,
  active: readonly string[],
  accounts: Lookup,
  mandatory: readonly AccountName[],
): StoredAccount[] {
  const members = [account];
  const seen = new Set<string>([keyOf(account)]);
  const wanted = new Set(active);
  const queue = grantedRoles(account, accounts, mandatory)
    .map(keyOf)
    .filter((key) => wanted.has(key));
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const role = accounts.get(key);
    if (role === undefined || seen.has(key)) continue;
    seen.add(key);
    members.push(role);
    queue.push(...role.roles.map(keyOf));
  }
  return members;
}

/** Whether `from` has the role `role`, directly or through others. */
function reaches(from: StoredAccount, role: AccountName, accounts: Lookup): boolean {
  const seen = new Set<string>();
  const queue = [keyOf(from)];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (key === keyOf(role)) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    queue.push(...(accounts.get(key)?.roles ?? []).map(keyOf));
  }
  return false;
}

// ---- statements ----

export function changeRoles(statement: RoleStatement, accounts: Accounts, caller: AccountCaller): void {
  const create = statement.kind === 'create-role';
  const wrong = statement.roles.filter((role) => accounts.has(keyOf(role)) === create);
  if (wrong.length > 0) {
    if (!statement.conditional)
      throw operationFailed(create ? 'CREATE ROLE' : 'DROP ROLE', wrong.map(quoted).join(','));
    for (const role of wrong) {
      if (create) caller.warn('Note', 3163, `Authorization ID ${ticked(role)} already exists.`);
      else caller.warn('Note', 3162, `Authorization ID ${ticked(role)} does not exist.`);
    }
  }
  for (const role of statement.roles) {
    if (wrong.includes(role)) continue;
    if (create) {
      const empty = emptyAccount(role.user, role.host);
      accounts.set(keyOf(role), {
        ...empty,
        locked: true,
        password: { ...empty.password, expired: true, changedAtMs: caller.nowMs },
      });
    } else removeAccount(role, accounts, caller);
  }
}

/** An account goes, and with it every edge that names it. */
export function removeAccount(gone: AccountName, accounts: Accounts, caller: AccountCaller): void {
  if (caller.mandatoryRoles.some((role) => sameAccount(role, gone))) throw mandatoryRole(gone);
  accounts.delete(keyOf(gone));
  for (const [key, account] of accounts) {
    const roles = account.roles.filter((role) => !sameAccount(role, gone));
    const defaultRoles = account.defaultRoles.filter((role) => !sameAccount(role, gone));
    if (roles.length < account.roles.length || defaultRoles.length < account.defaultRoles.length)
      accounts.set(key, { ...account, roles, defaultRoles });
  }
}

/** RENAME USER: edges follow the name. */
export function renameAccount(from: AccountName, to: AccountName, accounts: Accounts): void {
  const renamed = { ...accounts.get(keyOf(from))!, user: to.user, host: to.host };
  accounts.delete(keyOf(from));
  accounts.set(keyOf(to), renamed);
  const follow = <R extends AccountName>(role: R): R =>
    sameAccount(role, from) ? { ...role, user: to.user, host: to.host } : role;
  for (const [key, account] of accounts) {
    if (![...account.roles, ...account.defaultRoles].some((role) => sameAccount(role, from))) continue;
    accounts.set(key, { ...account, roles: account.roles.map(follow), defaultRoles: account.defaultRoles.map(follow) });
  }
}

function resolved(user: UserName, caller: AccountCaller): AccountName {
  return user.current ? nameOfKey(caller.who.account) : { user: user.user, host: user.host };
}

export function grantRoles(statement: GrantRoleStatement, accounts: Accounts, caller: AccountCaller): void {
  const users: AccountName[] = [];
  for (const user of statement.users.map((one) => resolved(one, caller))) {
    if (accounts.has(keyOf(user))) users.push(user);
    else if (statement.ignoreUnknownUser)
      caller.warn('Warning', 3162, `Authorization ID ${ticked(user)} does not exist.`);
    else throw unknownAuthorization(user);
  }
  for (const role of statement.roles.map((one) => resolved(one, caller))) {
    if (!accounts.has(keyOf(role))) {
      if (!statement.ifExists) throw unknownAuthorization(role);
      caller.warn('Warning', 3162, `Authorization ID ${ticked(role)} does not exist.`);
      continue;
    }
    for (const user of users) {
      const account = accounts.get(keyOf(user))!;
      const rest = account.roles.filter((one) => !sameAccount(one, role));
      if (statement.kind === 'grant-role') {
        if (reaches(accounts.get(keyOf(role))!, user, accounts)) throw roleLoop(role, user);
        const before = account.roles.find((one) => sameAccount(one, role));
        const adminOption = statement.adminOption || before?.adminOption === true;
        accounts.set(keyOf(user), { ...account, roles: [...rest, { ...role, adminOption }] });
        continue;
      }
      if (caller.mandatoryRoles.some((one) => sameAccount(one, role))) throw mandatoryRole(role);
      const defaultRoles = account.defaultRoles.filter((one) => !sameAccount(one, role));
      accounts.set(keyOf(user), { ...account, roles: rest, defaultRoles });
    }
  }
}

type DefaultRoles = Exclude<AlterUserStatement['defaultRoles'], undefined>;

export function withDefaultRoles(
  account: StoredAccount,
  wanted: DefaultRoles,
  accounts: Lookup,
  caller: AccountCaller,
): StoredAccount {
  if (wanted.mode === 'NONE') return { ...account, defaultRoles: [] };
  const granted = grantedRoles(account, accounts, caller.mandatoryRoles);
  if (wanted.mode === 'ALL') return { ...account, defaultRoles: granted };
  const roles = wanted.roles.map((role) => resolved(role, caller));
  for (const role of roles) if (!granted.some((one) => sameAccount(one, role))) throw roleNotGranted(role, account);
  return { ...account, defaultRoles: roles };
}

export function setDefaultRoles(statement: SetDefaultRoleStatement, accounts: Accounts, caller: AccountCaller): void {
  for (const user of statement.users.map((one) => resolved(one, caller))) {
    const account = accounts.get(keyOf(user));
    if (account === undefined) throw noSuchUser();
    accounts.set(keyOf(user), withDefaultRoles(account, statement, accounts, caller));
  }
}

/** SET ROLE: which roles are active from now on. */
export function chosenRoles(
  statement: SetRoleStatement,
  account: StoredAccount,
  accounts: Lookup,
  mandatory: readonly AccountName[],
): string[] {
  const granted = grantedRoles(account, accounts, mandatory);
  const named = (role: AccountName): boolean => statement.roles.some((one) => sameAccount(one, role));
  switch (statement.mode) {
    case 'NONE':
      return [];
    case 'ALL':
      return granted.map(keyOf);
    case 'ALL EXCEPT':
      return granted.filter((role) => !named(role)).map(keyOf);
    case 'DEFAULT':
      return defaultRoles(account, accounts, mandatory);
    case 'LIST':
      for (const role of statement.roles)
        if (!granted.some((one) => sameAccount(one, role))) throw roleNotGranted(role, account);
      return granted.filter(named).map(keyOf);
  }
}

export function defaultRoles(account: StoredAccount, accounts: Lookup, mandatory: readonly AccountName[]): string[] {
  return account.defaultRoles.filter((role) => isGranted(role, account, accounts, mandatory)).map(keyOf);
}
