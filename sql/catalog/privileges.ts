/**
 * Accounts and what they may do. `PrivilegeStore` keeps one JSON row per account or role under `m` (hash RutileAccounts) and the whole in
 * memory; questions are answered from memory (`rights`), statements read the newest rows in their own transaction and write what they changed,
 * so that two servers over one store never lose each other's grants. Every change steps the schema's version: that is how others notice.
 *
 * A fresh store has `root` without password, for loopback addresses only.
 *
 *     accounts/privilege-names   which privileges there are, and where they may be granted
 *     accounts/stored-account    the row                accounts/rights         what somebody may do
 *     accounts/host-match        who a client is        accounts/grants, roles  GRANT and REVOKE
 *     accounts/account-changes   CREATE, ALTER USER …   accounts/password-rules history, REPLACE, RETAIN, expiry
 *     accounts/may-change        who may do that        accounts/show-grants    SHOW GRANTS, SHOW CREATE USER
 */
import { unreachable } from '../../base/assert.ts';
import type { KvClient } from '../../kv/client/client.ts';
import { TIMESTAMP_MAX } from '../../kv/client/client.ts';
import type * as ast from '../parser/ast.ts';
import type { Account } from '../session/accounts.ts';
import type { AccountCaller, Accounts } from './accounts/account-caller.ts';
import { alterUsers, createUsers, dropUsers, renameUsers, setPassword } from './accounts/account-changes.ts';
import {
  columnDenied,
  databaseDenied,
  privilegeNeeded,
  roleNotGranted,
  tableDenied,
} from './accounts/account-errors.ts';
import { changeGrants, grantedRights, revokeEverything } from './accounts/grants.ts';
import { matchAccount } from './accounts/host-match.ts';
import { type AccountStatement, checkMayChange, checkMayGrant } from './accounts/may-change.ts';
import { type GeneratedPassword, isExpired } from './accounts/password-rules.ts';
import { DYNAMIC_PRIVILEGES, PRIVILEGES } from './accounts/privilege-names.ts';
import { type Grantee, Rights } from './accounts/rights.ts';
import { changeRoles, chosenRoles, defaultRoles, grantedRoles, grantRoles, membersOf, setDefaultRoles } from './accounts/roles.ts'; // prettier-ignore
import { createUserText, grantLines } from './accounts/show-grants.ts';
import { completed, emptyAccount, keyOf, sameAccount, type AccountName, type StoredAccount } from './accounts/stored-account.ts'; // prettier-ignore
import { inTransaction, MetaHash, MetaReader } from './meta-store.ts';

export { PRIVILEGES } from './accounts/privilege-names.ts';
export type { Grantee, Rights } from './accounts/rights.ts';
export type { AccountCaller } from './accounts/account-caller.ts';
export type { AccountStatement } from './accounts/may-change.ts';
export type { GeneratedPassword } from './accounts/password-rules.ts';
export { keyOf, nameOfKey, type AccountName, type StoredAccount } from './accounts/stored-account.ts';

/** Rights that were computed are kept for this many combinations of account and roles. */
const RIGHTS_KEPT_MAX = 1000;

export class PrivilegeStore {
  private accounts: ReadonlyMap<string, StoredAccount> = new Map();
  /** Grows with every change: what was allowed under an older one has to be asked again. */
  version = 0;
  /** `mandatory_roles`, as the server has it now. */
  mandatoryRoles: () => readonly AccountName[] = () => [];
  private readonly kv: KvClient;
  private readonly kept = new Map<string, Rights>();
  private keptVersion = -1;
  private keptMandatory: readonly AccountName[] = [];

  private constructor(kv: KvClient) {
    this.kv = kv;
  }

  static async open(kv: KvClient): Promise<PrivilegeStore> {
    const store = new PrivilegeStore(kv);
    await store.reload();
    if (store.accounts.size === 0) await store.bootstrap();
    return store;
  }

  async reload(): Promise<void> {
    this.become(await readAccounts(new MetaReader(this.kv.snapshot(TIMESTAMP_MAX))));
  }

  private become(accounts: ReadonlyMap<string, StoredAccount>): void {
    this.accounts = accounts;
    this.version++;
  }

  private async bootstrap(): Promise<void> {
    await this.change((accounts) => {
      for (const host of ['localhost', '127.0.0.1', '::1']) {
        const root: StoredAccount = {
          ...emptyAccount('root', host), global: [...PRIVILEGES], globalGrantOption: true,
          dynamic: DYNAMIC_PRIVILEGES.map((name) => ({ name, grantOption: true })),
        }; // prettier-ignore
        accounts.set(keyOf(root), root);
      }
    });
  }

  // ---- who there is ----

  all(): readonly StoredAccount[] {
    return [...this.accounts.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  account(user: string, host: string): StoredAccount | undefined {
    return this.accounts.get(`${user}@${host.toLowerCase()}`);
  }

  byKey(key: string): StoredAccount | undefined {
    return this.accounts.get(key);
  }

  /** Who a client is; `address` is its IP. Loopback is also `localhost`. */
  match(user: string, address: string): Account | undefined {
    const found = matchAccount(this.accounts.values(), user, address);
    return found === undefined ? undefined : publicAccount(found);
  }

  isExpired(key: string, nowMs: number, lifetimeDefaultDays: number): boolean {
    const found = this.accounts.get(key);
    return found !== undefined && isExpired(found, nowMs, lifetimeDefaultDays);
  }

  // ---- what they may ----

  rights(who: Grantee): Rights {
    const mandatory = this.mandatoryRoles();
    if (this.keptVersion !== this.version || this.keptMandatory !== mandatory || this.kept.size >= RIGHTS_KEPT_MAX) {
      this.kept.clear();
      this.keptVersion = this.version;
      this.keptMandatory = mandatory;
    }
    const key = `${who.account}\0${who.roles.join('\0')}`;
    let found = this.kept.get(key);
    if (found === undefined) {
      found = new Rights(this.membersOf(who));
      this.kept.set(key, found);
    }
    return found;
  }

  /** With the roles that it has when it connects: whose rights a view's definer has. */
  rightsOfAccount(key: string): Rights {
    return this.rights({ account: key, roles: this.defaultRoles(key) });
  }

  /** The account and the roles that act for it. */
  membersOf(who: Grantee): readonly StoredAccount[] {
    const account = this.accounts.get(who.account);
    return account === undefined ? [] : membersOf(account, who.roles, this.accounts, this.mandatoryRoles());
  }

  /** Throws 1044, 1142 or 1227 when it may not. */
  check(who: Grantee, privilege: string, database: string | undefined, table: string | undefined): void {
    const rights = this.rights(who);
    if (database === undefined) {
      if (!rights.everywhere(privilege)) throw privilegeNeeded(privilege);
    } else if (table === undefined) {
      if (!rights.inDatabase(privilege, database)) throw databaseDenied(who, database);
    } else if (!rights.onTable(privilege, database, table)) throw tableDenied(privilege, who, table);
  }

  /** Throws 1143. */
  checkColumn(who: Grantee, privilege: string, database: string, table: string, column: string): void {
    if (!this.rights(who).onColumn(privilege, database, table, column))
      throw columnDenied(privilege, who, column, table);
  }

  /** Throws 1227 when it has none of them. */
  checkAny(who: Grantee, privileges: readonly string[]): void {
    const rights = this.rights(who);
    if (!privileges.some((name) => rights.everywhere(name))) throw privilegeNeeded(privileges.join(', '));
  }

  // ---- roles ----

  grantedRoles(key: string): readonly AccountName[] {
    const found = this.accounts.get(key);
    return found === undefined ? [] : grantedRoles(found, this.accounts, this.mandatoryRoles());
  }

  defaultRoles(key: string): string[] {
    const found = this.accounts.get(key);
    return found === undefined ? [] : defaultRoles(found, this.accounts, this.mandatoryRoles());
  }

  chosenRoles(statement: ast.SetRoleStatement, key: string): string[] {
    const found = this.accounts.get(key);
    return found === undefined ? [] : chosenRoles(statement, found, this.accounts, this.mandatoryRoles());
  }

  /** Of these, the ones that are still granted: CURRENT_ROLE(). */
  activeRoles(key: string, active: readonly string[]): AccountName[] {
    return this.grantedRoles(key).filter((role) => active.includes(keyOf(role)));
  }

  // ---- statements ----

  /** All statements about accounts. What they make up (random passwords) comes back, to be shown once. */
  async execute(statement: AccountStatement, caller: AccountCaller): Promise<readonly GeneratedPassword[]> {
    return this.change((accounts) => {
      const rights = this.rights(caller.who);
      const rightsOf = (key: string): Rights => this.rightsOfAccount(key);
      const privileged = checkMayChange(statement, { rights, accounts, caller, rightsOf });
      switch (statement.kind) {
        case 'create-user':
          return createUsers(statement, accounts, caller);
        case 'alter-user':
          return alterUsers(statement, accounts, caller, privileged);
        case 'set-password':
          return setPassword(statement, accounts, caller, privileged);
        case 'drop-user':
          dropUsers(statement, accounts, caller);
          return [];
        case 'rename-user':
          renameUsers(statement, accounts, caller);
          return [];
        case 'create-role':
        case 'drop-role':
          changeRoles(statement, accounts, caller);
          return [];
        case 'grant-role':
        case 'revoke-role':
          grantRoles(statement, accounts, caller);
          return [];
        case 'set-default-role':
          setDefaultRoles(statement, accounts, caller);
          return [];
        case 'revoke-all':
          revokeEverything(statement, accounts, caller);
          return [];
        case 'grant':
        case 'revoke': {
          const granted = grantedRights(statement, caller);
          checkMayGrant(granted, rights, caller.who, (pattern) => pattern.replace(/\\([%_])/g, '$1'));
          changeGrants(statement, granted, accounts, caller);
          return [];
        }
        default:
          return unreachable(statement);
      }
    });
  }

  /** Runs on a copy of the newest rows; what became different is written. Runs again when another server was faster. */
  private async change<T>(work: (accounts: Accounts) => T): Promise<T> {
    let after: Accounts = new Map();
    const result = await inTransaction(this.kv, async (meta) => {
      const before = await readAccounts(meta);
      after = new Map(before);
      const made = work(after);
      for (const key of before.keys()) if (!after.has(key)) meta.deleteField(MetaHash.ACCOUNTS, key);
      for (const [key, account] of after)
        if (before.get(key) !== account) meta.putField(MetaHash.ACCOUNTS, key, JSON.stringify(account));
      // Other servers see that something moved, and load accounts along with the schema.
      await meta.stepVersion('accounts', 0, 0);
      return made;
    });
    this.become(after);
    return result;
  }

  // ---- SHOW ----

  /** SHOW GRANTS; `using`: roles whose grants are shown as the account's own (error 3530 when one is not granted). */
  grants(account: StoredAccount, using: readonly AccountName[] = []): string[] {
    const granted = grantedRoles(account, this.accounts, this.mandatoryRoles());
    for (const role of using) if (!granted.some((one) => sameAccount(one, role))) throw roleNotGranted(role, account);
    return grantLines(account, membersOf(account, using.map(keyOf), this.accounts, this.mandatoryRoles()), granted);
  }

  /** SHOW CREATE USER. */
  createStatement(account: StoredAccount, hex = false): string {
    return createUserText(account, hex);
  }
}

async function readAccounts(reader: Pick<MetaReader, 'fields'>): Promise<Map<string, StoredAccount>> {
  const fields = await reader.fields(MetaHash.ACCOUNTS);
  return new Map(fields.map(({ field, value }) => [field, completed(JSON.parse(value) as StoredAccount)]));
}

function publicAccount(account: StoredAccount): Account {
  const { user, host, plugin, authenticationString, locked, limits, password } = account;
  return {
    user, host, key: keyOf(account), plugin, authenticationString, secondaryString: password.secondary, locked, tls: account.tls,
    failedAttempts: password.failedAttempts, lockDays: password.lockDays, limits,
  }; // prettier-ignore
}
