/**
 * Accounts and what they may do. `PrivilegeStore` keeps one JSON row per account under `m` (hash RutileAccounts) and the
 * whole in memory; GRANT is all-or-nothing or single privileges, for everything (`*.*`) or one database (`db.*`). Tables and columns
 * are refused by name until the breadth issue.
 *
 * `root@localhost` and friends: a fresh store has `root` without password, for loopback addresses only. An account matches a client when the user is equal and the host
 * pattern (`%`, `_`, `localhost`, an address) fits; the most particular host wins.
 */
import { randomBytes } from 'node:crypto';
import { SqlError } from '../../base/error.ts';
import type { KvClient } from '../../kv/client/client.ts';
import { TIMESTAMP_MAX } from '../../kv/client/client.ts';
import type * as ast from '../parser/ast.ts';
import type { Account } from '../session/accounts.ts';
import { hashPassword } from '../session/passwords.ts';
import { cannotCreateUser, grantWithoutUser, noDatabase, unknownDatabase, unsupported } from './errors.ts';
import { inTransaction, MetaHash, MetaReader } from './meta-store.ts';

/** MySQL's static privileges, in the order SHOW GRANTS prints them. */
export const PRIVILEGES = [
  'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'RELOAD', 'SHUTDOWN', 'PROCESS', 'FILE', 'REFERENCES', 'INDEX', 'ALTER', 'SHOW DATABASES',
  'SUPER', 'CREATE TEMPORARY TABLES', 'LOCK TABLES', 'EXECUTE', 'REPLICATION SLAVE', 'REPLICATION CLIENT', 'CREATE VIEW', 'SHOW VIEW', 'CREATE ROUTINE',
  'ALTER ROUTINE', 'CREATE USER', 'EVENT', 'TRIGGER', 'CREATE TABLESPACE', 'CREATE ROLE', 'DROP ROLE',
] as const; // prettier-ignore
const DATABASE_PRIVILEGES: ReadonlySet<string> = new Set([
  'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'REFERENCES', 'INDEX', 'ALTER', 'CREATE TEMPORARY TABLES', 'LOCK TABLES', 'EXECUTE', 'CREATE VIEW',
  'SHOW VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'EVENT', 'TRIGGER',
]); // prettier-ignore

export interface StoredAccount {
  readonly user: string;
  readonly host: string;
  readonly plugin: string;
  readonly authenticationString: string;
  readonly locked: boolean;
  readonly comment: string;
  /** `*.*` */
  readonly global: readonly string[];
  readonly globalGrantOption: boolean;
  readonly databases: readonly DatabaseGrant[];
}

export interface DatabaseGrant {
  readonly database: string;
  readonly privileges: readonly string[];
  readonly grantOption: boolean;
}

const USER_LENGTH_MAX = 32;
const HOST_LENGTH_MAX = 255;
const PLUGINS: ReadonlySet<string> = new Set(['caching_sha2_password', 'mysql_native_password']);
const DEFAULT_PLUGIN = 'caching_sha2_password';

const keyOf = (account: { readonly user: string; readonly host: string }): string => `${account.user}@${account.host}`;
const quoted = (name: { readonly user: string; readonly host: string }): string => `'${name.user}'@'${name.host}'`;

export class PrivilegeStore {
  private accounts: ReadonlyMap<string, StoredAccount> = new Map();
  /** Grows with every change: what was allowed under an older one has to be asked again. */
  version = 0;
  private readonly kv: KvClient;

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
    const fields = await new MetaReader(this.kv.snapshot(TIMESTAMP_MAX)).fields(MetaHash.ACCOUNTS);
    this.version++;
    this.accounts = new Map(fields.map(({ field, value }) => [field, JSON.parse(value) as StoredAccount]));
  }

  private async bootstrap(): Promise<void> {
    await this.change(
      ['localhost', '127.0.0.1', '::1'].map((host) => ({
        ...emptyAccount('root', host),
        global: [...PRIVILEGES],
        globalGrantOption: true,
      })),
    );
  }

  all(): readonly StoredAccount[] {
    return [...this.accounts.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  account(user: string, host: string): StoredAccount | undefined {
    return this.accounts.get(`${user}@${host.toLowerCase()}`);
  }

  /** Who a client is; `address` is its IP, `name` its host name when known. Loopback is also `localhost`. */
  match(user: string, address: string, name?: string): Account | undefined {
    const loopback =
      address === '127.0.0.1' ||
      address === '::1' ||
      address === '::ffff:127.0.0.1' ||
      address === 'localhost' ||
      address === '';
    const hosts = [
      address.replace(/^::ffff:/, ''),
      ...(name === undefined ? [] : [name]),
      ...(loopback ? ['localhost'] : []),
    ];
    const fitting = [...this.accounts.values()].filter(
      (one) => (one.user === user || one.user === '') && hosts.some((host) => hostFits(one.host, host)),
    );
    // Names and addresses before patterns, longer patterns before shorter; a named user before the anonymous one.
    fitting.sort((a, b) => rank(b) - rank(a));
    const found = fitting[0];
    return found === undefined ? undefined : publicAccount(found);
  }

  /** Whether the account (`user@host`) may do this to the database (any database when `undefined`). */
  allows(account: string, privilege: string, database: string | undefined): boolean {
    const found = this.accounts.get(account);
    if (found === undefined) return false;
    if (found.global.includes(privilege) || (privilege === 'GRANT OPTION' && found.globalGrantOption)) return true;
    if (database === undefined) return false;
    return found.databases.some(
      (grant) =>
        databaseFits(grant.database, database) &&
        (grant.privileges.includes(privilege) || (privilege === 'GRANT OPTION' && grant.grantOption)),
    );
  }

  /** Any privilege there: what USE and SHOW DATABASES ask. */
  seesDatabase(account: string, database: string): boolean {
    const found = this.accounts.get(account);
    if (found === undefined) return false;
    const lower = database.toLowerCase();
    if (lower === 'information_schema' || lower === 'performance_schema') return true;
    return found.global.length > 0 || found.databases.some((grant) => databaseFits(grant.database, database));
  }

  /** Throws 1044 or 1142 when it may not. */
  check(account: string, privilege: string, database: string | undefined, table: string | undefined): void {
    if (this.allows(account, privilege, database)) return;
    const at = account.lastIndexOf('@');
    const [user, host] = [account.slice(0, at), account.slice(at + 1)];
    const lower = database?.toLowerCase();
    if (lower === 'information_schema' && privilege === 'SELECT') return;
    if (lower === 'performance_schema' && privilege === 'SELECT') return;
    if (table !== undefined)
      throw new SqlError(1142, '42000', `${privilege} command denied to user '${user}'@'${host}' for table '${table}'`);
    if (database !== undefined)
      throw new SqlError(1044, '42000', `Access denied for user '${user}'@'${host}' to database '${database}'`);
    throw new SqlError(
      1227,
      '42000',
      `Access denied; you need (at least one of) the ${privilege} privilege(s) for this operation`,
    );
  }

  // ---- statements ----

  async createUser(statement: ast.CreateUserStatement, warn: (errno: number, text: string) => void): Promise<void> {
    if (statement.defaultRoles.length > 0) throw unsupported('DEFAULT ROLE');
    checkOptions(statement.options);
    const made: StoredAccount[] = [];
    const taken: ast.UserName[] = [];
    for (const { user, authentication } of statement.users) {
      checkName(user);
      if (this.account(user.user, user.host)) taken.push(user);
      else
        made.push({
          ...emptyAccount(user.user, user.host),
          ...credentials(authentication),
          locked: statement.options.locked ?? false,
          comment: statement.options.comment ?? '',
        });
    }
    if (taken.length > 0) {
      if (!statement.ifNotExists) throw cannotCreateUser('CREATE USER', taken.map(quoted).join(','));
      for (const user of taken) warn(3163, `Authorization ID ${quoted(user)} already exists.`);
    }
    await this.change(made);
  }

  async alterUser(
    statement: ast.AlterUserStatement,
    currentAccount: string,
    warn: (errno: number, text: string) => void,
  ): Promise<void> {
    if (statement.defaultRoles !== undefined) throw unsupported('DEFAULT ROLE');
    checkOptions(statement.options);
    const changed: StoredAccount[] = [];
    const missing: ast.UserName[] = [];
    for (const { user, authentication } of statement.users) {
      const found = user.current ? this.accounts.get(currentAccount) : this.account(user.user, user.host);
      if (found === undefined) {
        missing.push(user);
        continue;
      }
      changed.push({
        ...found,
        ...(authentication === undefined ? {} : credentials(authentication, found.plugin)),
        locked: statement.options.locked ?? found.locked,
        comment: statement.options.comment ?? found.comment,
      });
    }
    if (missing.length > 0) {
      if (!statement.ifExists) throw cannotCreateUser('ALTER USER', missing.map(quoted).join(','));
      for (const user of missing) warn(3162, `Authorization ID ${quoted(user)} does not exist.`);
    }
    await this.change(changed);
  }

  async setPassword(statement: ast.SetPasswordStatement, currentAccount: string): Promise<void> {
    refuseExtras(statement.extras);
    const { user } = statement;
    const found =
      user === undefined || user.current ? this.accounts.get(currentAccount) : this.account(user.user, user.host);
    if (found === undefined) throw new SqlError(1133, '42000', "Can't find any matching row in the user table");
    await this.change([{ ...found, ...credentials({ password: statement.password }, found.plugin) }]);
  }

  async dropUser(statement: ast.DropUserStatement, warn: (errno: number, text: string) => void): Promise<void> {
    const missing = statement.users.filter((user) => this.account(user.user, user.host) === undefined);
    if (missing.length > 0) {
      if (!statement.ifExists) throw cannotCreateUser('DROP USER', missing.map(quoted).join(','));
      for (const user of missing) warn(3162, `Authorization ID ${quoted(user)} does not exist.`);
    }
    const gone = statement.users
      .map((user) => this.account(user.user, user.host))
      .filter((account) => account !== undefined);
    await this.change([], gone);
  }

  async renameUser(statement: ast.RenameUserStatement): Promise<void> {
    const gone: StoredAccount[] = [];
    const made: StoredAccount[] = [];
    for (const { from, to } of statement.renames) {
      const found = this.account(from.user, from.host);
      checkName(to);
      if (found === undefined || this.account(to.user, to.host)) throw cannotCreateUser('RENAME USER', quoted(from));
      gone.push(found);
      made.push({ ...found, user: to.user, host: to.host.toLowerCase() });
    }
    await this.change(made, gone);
  }

  /** GRANT and REVOKE. `databaseExists` is asked for nothing but REVOKE's and GRANT's `*` (the current database). */
  async grant(
    statement: ast.GrantStatement,
    currentDatabase: string | undefined,
    databaseExists: (name: string) => boolean,
  ): Promise<void> {
    const { on } = statement;
    refuseExtras(statement.extras);
    if (on.objectType !== 'TABLE') throw unsupported(`privileges on a ${on.objectType}`);
    if (on.table !== undefined) throw unsupported('privileges on a table');
    if (statement.privileges.some((privilege) => privilege.columns.length > 0))
      throw unsupported('privileges on columns');
    let database: string | undefined;
    if (!on.global) {
      database = on.schema ?? currentDatabase;
      if (database === undefined) throw noDatabase();
      if (on.schema === undefined && !databaseExists(database)) throw unknownDatabase(database);
    }
    const names = privilegeNames(statement, database);
    const changed: StoredAccount[] = [];
    for (const { user } of statement.users) {
      const found = this.account(user.user, user.host);
      if (found === undefined) {
        if (statement.kind === 'grant') throw grantWithoutUser();
        if (statement.ifExists) continue;
        throw new SqlError(
          1141,
          '42000',
          `There is no such grant defined for user '${user.user}' on host '${user.host}'`,
        );
      }
      const grantOption = statement.grantOption || names.includes('GRANT OPTION');
      changed.push(applyGrant(found, statement.kind, names, database, grantOption));
    }
    await this.change(changed);
  }

  async revokeAll(statement: ast.RevokeAllStatement): Promise<void> {
    const changed = statement.users.map((user) => {
      const found = this.account(user.user, user.host);
      if (found === undefined)
        throw new SqlError(1269, 'HY000', "Can't revoke all privileges for one or more of the requested users");
      return { ...found, global: [], globalGrantOption: false, databases: [] };
    });
    await this.change(changed);
  }

  /** SHOW GRANTS. */
  grants(account: StoredAccount): string[] {
    const name = `\`${account.user}\`@\`${account.host}\``;
    const line = (privileges: readonly string[], place: string, grantOption: boolean): string =>
      `GRANT ${privileges.length > 0 ? privileges.join(', ') : 'USAGE'} ON ${place} TO ${name}${grantOption ? ' WITH GRANT OPTION' : ''}`;
    const lines = [line(ordered(account.global), '*.*', account.globalGrantOption)];
    for (const grant of [...account.databases].sort((a, b) => (a.database < b.database ? -1 : 1))) {
      const all = [...DATABASE_PRIVILEGES].every((privilege) => grant.privileges.includes(privilege));
      lines.push(
        line(all ? ['ALL PRIVILEGES'] : ordered(grant.privileges), `\`${grant.database}\`.*`, grant.grantOption),
      );
    }
    return lines;
  }

  /** SHOW CREATE USER. */
  createStatement(account: StoredAccount): string {
    const secret =
      account.authenticationString === '' ? '' : ` AS '${account.authenticationString.replaceAll("'", "''")}'`;
    return (
      `CREATE USER \`${account.user}\`@\`${account.host}\` IDENTIFIED WITH '${account.plugin}'${secret} REQUIRE NONE ` +
      `PASSWORD EXPIRE DEFAULT ACCOUNT ${account.locked ? 'LOCK' : 'UNLOCK'} PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT`
    );
  }

  private async change(put: readonly StoredAccount[], gone: readonly StoredAccount[] = []): Promise<void> {
    await inTransaction(this.kv, async (meta) => {
      for (const account of gone) meta.deleteField(MetaHash.ACCOUNTS, keyOf(account));
      for (const account of put) meta.putField(MetaHash.ACCOUNTS, keyOf(account), JSON.stringify(account));
      // Other servers see that something moved, and load accounts along with the schema.
      await meta.stepVersion('accounts', 0, 0);
    });
    const accounts = new Map(this.accounts);
    for (const account of gone) accounts.delete(keyOf(account));
    for (const account of put) accounts.set(keyOf(account), account);
    this.accounts = accounts;
    this.version++;
  }
}

function emptyAccount(user: string, host: string): StoredAccount {
  return {
    user, host: host.toLowerCase(), plugin: DEFAULT_PLUGIN, authenticationString: '', locked: false, comment: '', global: [], globalGrantOption: false, databases: [],
  }; // prettier-ignore
}

function publicAccount(account: StoredAccount): Account {
  const { user, host, plugin, authenticationString, locked } = account;
  return { user, host, key: keyOf(account), plugin, authenticationString, locked };
}

function checkName(user: ast.UserName): void {
  if (user.user.length > USER_LENGTH_MAX)
    throw new SqlError(
      1470,
      'HY000',
      `String '${user.user}' is too long for user name (should be no longer than ${USER_LENGTH_MAX})`,
    );
  if (user.host.includes('/')) throw unsupported('netmasks in host names');
  if (user.host.length > HOST_LENGTH_MAX)
    throw new SqlError(
      1470,
      'HY000',
      `String '${user.host}' is too long for host name (should be no longer than ${HOST_LENGTH_MAX})`,
    );
}

function checkOptions(options: ast.AccountOptions): void {
  if (options.require.some((one) => one.name !== 'NONE')) throw unsupported('REQUIRE');
  if (options.resources.some((one) => one.value !== 0)) throw unsupported('resource limits of accounts');
  if (options.attribute !== undefined) throw unsupported('ATTRIBUTE');
  for (const one of options.password) {
    const value = String(one.value ?? '').toUpperCase();
    if (value !== 'DEFAULT' && value !== 'NEVER' && value !== '0') throw unsupported(one.name);
  }
}

function refuseExtras(extras: readonly ast.RefusedClause[] | undefined): void {
  const first = extras?.[0];
  if (first !== undefined) throw unsupported(first.name);
}

function credentials(
  authentication: ast.AccountAuthentication | undefined,
  plugin: string = DEFAULT_PLUGIN,
): { plugin: string; authenticationString: string } {
  const wanted = (authentication?.plugin ?? plugin).toLowerCase();
  if (!PLUGINS.has(wanted)) throw new SqlError(1524, 'HY000', `Plugin '${wanted}' is not loaded`);
  refuseExtras(authentication?.extras);
  if (authentication?.random) throw unsupported('RANDOM PASSWORD');
  if (authentication?.hash !== undefined) return { plugin: wanted, authenticationString: authentication.hash };
  const password = authentication?.password ?? '';
  return { plugin: wanted, authenticationString: password === '' ? '' : hashPassword(wanted, password, randomBytes) };
}

function privilegeNames(statement: ast.GrantStatement, database: string | undefined): string[] {
  const allowed: readonly string[] =
    database === undefined ? PRIVILEGES : PRIVILEGES.filter((name) => DATABASE_PRIVILEGES.has(name));
  const names: string[] = [];
  for (const { name } of statement.privileges) {
    if (name === 'ALL' || name === 'ALL PRIVILEGES') names.push(...allowed);
    else if (name === 'USAGE') continue;
    else if (name === 'GRANT OPTION' || allowed.includes(name)) names.push(name);
    else if ((PRIVILEGES as readonly string[]).includes(name))
      throw new SqlError(1221, 'HY000', 'Incorrect usage of DB GRANT and GLOBAL PRIVILEGES');
    else throw unsupported(`the privilege ${name}`);
  }
  return names;
}

function applyGrant(
  account: StoredAccount,
  kind: 'grant' | 'revoke',
  names: readonly string[],
  database: string | undefined,
  grantOption: boolean,
): StoredAccount {
  const plain = names.filter((name) => name !== 'GRANT OPTION');
  const merge = (present: readonly string[]): string[] =>
    kind === 'grant' ? ordered([...new Set([...present, ...plain])]) : present.filter((name) => !plain.includes(name));
  const option = (present: boolean): boolean =>
    kind === 'grant' ? present || grantOption : present && !names.includes('GRANT OPTION');
  if (database === undefined)
    return { ...account, global: merge(account.global), globalGrantOption: option(account.globalGrantOption) };
  const present = account.databases.find((grant) => grant.database === database);
  if (kind === 'revoke' && present === undefined) {
    throw new SqlError(
      1141,
      '42000',
      `There is no such grant defined for user '${account.user}' on host '${account.host}'`,
    );
  }
  const changed: DatabaseGrant = {
    database,
    privileges: merge(present?.privileges ?? []),
    grantOption: option(present?.grantOption ?? false),
  };
  const rest = account.databases.filter((grant) => grant.database !== database);
  return { ...account, databases: changed.privileges.length > 0 || changed.grantOption ? [...rest, changed] : rest };
}

function ordered(privileges: readonly string[]): string[] {
  return PRIVILEGES.filter((name) => privileges.includes(name));
}

const patterns = new Map<string, RegExp>();

/** `%` and `_` as in LIKE, `\` escapes. */
function patternOf(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    if (patterns.size > 1000) patterns.clear();
    let source = '';
    for (let i = 0; i < pattern.length; i++) {
      const character = pattern[i]!;
      if (character === '%') source += '.*';
      else if (character === '_') source += '.';
      else if (character === '\\' && i + 1 < pattern.length) source += escaped(pattern[++i]!);
      else source += escaped(character);
    }
    compiled = new RegExp(`^${source}$`, 'i');
    patterns.set(pattern, compiled);
  }
  return compiled;
}

function escaped(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}

function hostFits(pattern: string, host: string): boolean {
  return pattern === '%' || pattern.toLowerCase() === host.toLowerCase() || patternOf(pattern).test(host);
}

function databaseFits(pattern: string, database: string): boolean {
  return pattern.toLowerCase() === database.toLowerCase() || patternOf(pattern).test(database);
}

function rank(account: StoredAccount): number {
  const wild = account.host.search(/[%_]/);
  const host = wild < 0 ? 1000 : wild;
  return host * 2 + (account.user === '' ? 0 : 1);
}
