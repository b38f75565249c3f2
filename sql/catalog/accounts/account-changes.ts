/** CREATE, ALTER, DROP and RENAME USER, SET PASSWORD. Whether the caller may is asked before (`may-change.ts`); what is wrong with one user of a list leaves all as they were. */
import { SqlError } from '../../../base/error.ts';
import type * as ast from '../../parser/ast.ts';
import type { AccountCaller, Accounts } from './account-caller.ts';
import { noSuchUser, operationFailed, quoted, ticked } from './account-errors.ts';
import { withOptions } from './account-options.ts';
import { type GeneratedPassword, withPassword } from './password-rules.ts';
import { removeAccount, renameAccount, withDefaultRoles } from './roles.ts';
import { emptyAccount, keyOf, nameOfKey, type AccountName, type StoredAccount } from './stored-account.ts';

const USER_LENGTH_MAX = 32;
const HOST_LENGTH_MAX = 255;

export function checkName(user: AccountName): void {
  const tooLong = (text: string, what: string, max: number): SqlError =>
    new SqlError(1470, 'HY000', `String '${text}' is too long for ${what} name (should be no longer than ${max})`);
  if ([...user.user].length > USER_LENGTH_MAX) throw tooLong(user.user, 'user', USER_LENGTH_MAX);
  if (user.host.length > HOST_LENGTH_MAX) throw tooLong(user.host, 'host', HOST_LENGTH_MAX);
  // Names are parts of keys and of messages: what would end a text has no place in them.
  if (user.host.includes('@') || user.host.includes('\0') || user.user.includes('\0'))
    throw operationFailed('CREATE USER', quoted(user).replaceAll('\0', ''));
}

const named = (user: ast.UserName, caller: AccountCaller): AccountName =>
  user.current ? nameOfKey(caller.who.account) : { user: user.user, host: user.host };

export function createUsers(
  statement: ast.CreateUserStatement,
  accounts: Accounts,
  caller: AccountCaller,
): GeneratedPassword[] {
  const generated: GeneratedPassword[] = [];
  const taken: AccountName[] = [];
  const made: StoredAccount[] = [];
  for (const { user, authentication } of statement.users) {
    checkName(user);
    const name = named(user, caller);
    if (accounts.has(keyOf(name)) || made.some((one) => keyOf(one) === keyOf(name))) taken.push(name);
    else made.push(create(name, authentication));
  }
  if (taken.length > 0) {
    if (!statement.ifNotExists) throw operationFailed('CREATE USER', taken.map(quoted).join(','));
    for (const user of taken) caller.warn('Note', 3163, `Authorization ID ${ticked(user)} already exists.`);
  }
  for (const account of made) {
    const roles = statement.defaultRoles.map((role) => named(role, caller));
    for (const role of roles)
      if (!accounts.has(keyOf(role))) throw new SqlError(3162, 'HY000', `Authorization ID ${ticked(role)} does not exist.`); // prettier-ignore
    accounts.set(keyOf(account), {
      ...account,
      roles: roles.map((role) => ({ ...role, adminOption: false })),
      defaultRoles: roles,
    });
  }
  return generated;

  function create(user: AccountName, authentication: ast.AccountAuthentication | undefined): StoredAccount {
    const empty = withOptions(emptyAccount(user.user, user.host), statement.options);
    const changed = withPassword(empty, authentication ?? {}, caller, { create: true, self: false, privileged: true });
    if (changed.generated !== undefined) generated.push(changed.generated);
    // PASSWORD EXPIRE of the statement is about the password that it sets.
    return { ...changed.account, password: { ...changed.account.password, expired: empty.password.expired } };
  }
}

export function alterUsers(
  statement: ast.AlterUserStatement,
  accounts: Accounts,
  caller: AccountCaller,
  privileged: boolean,
): GeneratedPassword[] {
  const generated: GeneratedPassword[] = [];
  const missing: AccountName[] = [];
  for (const { user, authentication, discardOld } of statement.users) {
    const name = named(user, caller);
    const found = accounts.get(keyOf(name));
    if (found === undefined) {
      missing.push(name);
      continue;
    }
    let account = found;
    if (authentication !== undefined) {
      const self = keyOf(found) === caller.who.account;
      const changed = withPassword(account, authentication, caller, { create: false, self, privileged });
      account = changed.account;
      if (changed.generated !== undefined) generated.push(changed.generated);
    }
    if (discardOld === true) account = { ...account, password: { ...account.password, secondary: '' } };
    account = withOptions(account, statement.options);
    if (statement.defaultRoles !== undefined)
      account = withDefaultRoles(account, statement.defaultRoles, accounts, caller);
    accounts.set(keyOf(name), account);
  }
  if (missing.length > 0) {
    if (!statement.ifExists) throw operationFailed('ALTER USER', missing.map(quoted).join(','));
    for (const user of missing) caller.warn('Note', 3162, `Authorization ID ${ticked(user)} does not exist.`);
  }
  return generated;
}

export function setPassword(
  statement: ast.SetPasswordStatement,
  accounts: Accounts,
  caller: AccountCaller,
  privileged: boolean,
): GeneratedPassword[] {
  const key = statement.user === undefined ? caller.who.account : keyOf(named(statement.user, caller));
  const found = accounts.get(key);
  if (found === undefined) throw noSuchUser();
  const self = key === caller.who.account;
  const { account, generated } = withPassword(found, statement.authentication, caller, { create: false, self, privileged }); // prettier-ignore
  accounts.set(key, account);
  return generated === undefined ? [] : [generated];
}

export function dropUsers(statement: ast.DropUserStatement, accounts: Accounts, caller: AccountCaller): void {
  const users = statement.users.map((user) => named(user, caller));
  const missing = users.filter((user) => !accounts.has(keyOf(user)));
  if (missing.length > 0) {
    if (!statement.ifExists) throw operationFailed('DROP USER', missing.map(quoted).join(','));
    for (const user of missing) caller.warn('Note', 3162, `Authorization ID ${ticked(user)} does not exist.`);
  }
  for (const user of users) if (accounts.has(keyOf(user))) removeAccount(user, accounts, caller);
}

export function renameUsers(statement: ast.RenameUserStatement, accounts: Accounts, caller: AccountCaller): void {
  for (const renamed of statement.renames) {
    const from = named(renamed.from, caller);
    const to = named(renamed.to, caller);
    checkName(to);
    if (!accounts.has(keyOf(from)) || accounts.has(keyOf(to))) throw operationFailed('RENAME USER', quoted(from));
    renameAccount(from, to, accounts);
  }
}
