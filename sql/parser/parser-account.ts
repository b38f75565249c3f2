/**
 * Accounts: users, roles, privileges.
 */
import type {
  AccountAuthentication, AccountOptions, AccountSpecification, AlterUserStatement, CreateUserStatement, GrantTarget, Privilege, RefusedClause, Statement,
  UserName,
} from './ast.ts'; // prettier-ignore
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';

/** `name`, `name@host`, CURRENT_USER. */
export function parseUser(parser: Parser): UserName {
  const start = parser.start;
  if (parser.accept('CURRENT_USER')) {
    if (parser.accept('(')) parser.expect(')');
    return { user: '', host: '', current: true, start, end: parser.previousEnd };
  }
  const user = parser.isString ? parser.string() : parser.accountName();
  let host = '%';
  if (parser.type === Token.USER_VARIABLE) host = parser.variableName().toLowerCase();
  else if (parser.accept('@')) host = (parser.isString ? parser.string() : parser.name()).toLowerCase();
  return { user, host, current: false, start, end: parser.previousEnd };
}

export function parseUsers(parser: Parser): UserName[] {
  const users = [parseUser(parser)];
  while (parser.accept(',')) users.push(parseUser(parser));
  return users;
}

function parseSpecifications(parser: Parser): AccountSpecification[] {
  const list: AccountSpecification[] = [];
  do {
    const user = parseUser(parser);
    list.push(parseSpecification(parser, user));
  } while (parser.accept(','));
  return list;
}

function parseSpecification(parser: Parser, user: UserName): AccountSpecification {
  if (parser.word === 'IDENTIFIED') return { user, authentication: parseAuthentication(parser) };
  if (!parser.accept('DISCARD')) return { user };
  parser.expectWords('OLD', 'PASSWORD');
  return { user, discardOld: true };
}

function parseAuthentication(parser: Parser): AccountAuthentication {
  parser.expect('IDENTIFIED');
  const authentication: Mutable<AccountAuthentication> = {};
  if (parser.accept('WITH')) {
    authentication.plugin = parser.nameOrString();
    if (parser.accept('AS')) {
      authentication.hash = parser.textString();
      return { ...authentication, ...parsePasswordExtras(parser) };
    }
    if (parser.word !== 'BY') return authentication;
  }
  parser.expect('BY');
  if (parser.word === 'RANDOM') {
    parser.advance();
    parser.expect('PASSWORD');
    authentication.random = true;
  } else if (parser.accept('PASSWORD')) authentication.hash = parser.string();
  else authentication.password = parser.string();
  return { ...authentication, ...parsePasswordExtras(parser) };
}

/** REPLACE 'current password', RETAIN CURRENT PASSWORD. */
export function parsePasswordExtras(parser: Parser): Pick<AccountAuthentication, 'current' | 'retain'> {
  const extras: Mutable<Pick<AccountAuthentication, 'current' | 'retain'>> = {};
  if (parser.accept('REPLACE')) extras.current = parser.string();
  if (parser.accept('RETAIN')) {
    parser.expectWords('CURRENT', 'PASSWORD');
    extras.retain = true;
  }
  return extras;
}

function refused(parser: Parser, name: string, start: number): RefusedClause {
  return { name, text: parser.text.slice(start, parser.previousEnd) };
}

// ---- options behind the users ----

function parseOptions(parser: Parser): AccountOptions {
  const options: Mutable<AccountOptions> = { require: [], resources: [], password: [] };
  if (parser.accept('REQUIRE')) options.require = parseRequire(parser);
  if (parser.accept('WITH')) options.resources = parseResources(parser);
  const password: { name: string; value?: string | number }[] = [];
  for (;;) {
    switch (parser.word) {
      case 'ACCOUNT': {
        parser.advance();
        const word = parser.acceptAny('LOCK', 'UNLOCK');
        if (word === undefined) throw parser.syntaxError();
        options.locked = word === 'LOCK';
        break;
      }
      case 'PASSWORD':
        parser.advance();
        password.push(passwordOption(parser));
        break;
      case 'FAILED_LOGIN_ATTEMPTS':
      case 'PASSWORD_LOCK_TIME': {
        const name = parser.word;
        parser.advance();
        password.push({ name, value: parser.accept('UNBOUNDED') ? 'UNBOUNDED' : parser.integer() });
        break;
      }
      case 'COMMENT':
        parser.advance();
        options.comment = parser.string();
        break;
      case 'ATTRIBUTE':
        parser.advance();
        options.attribute = parser.string();
        break;
      default:
        options.password = password;
        return options;
    }
  }
}

function parseRequire(parser: Parser): { name: string; value?: string }[] {
  const single = parser.acceptAny('NONE', 'SSL', 'X509');
  if (single !== undefined) return [{ name: single }];
  const list: { name: string; value?: string }[] = [];
  for (;;) {
    const name = parser.acceptAny('CIPHER', 'ISSUER', 'SUBJECT');
    if (name === undefined) break;
    list.push({ name, value: parser.string() });
    parser.accept('AND');
  }
  if (list.length === 0) throw parser.syntaxError();
  return list;
}

function parseResources(parser: Parser): { name: string; value: number }[] {
  const list: { name: string; value: number }[] = [];
  for (;;) {
    const name = parser.acceptAny(
      'MAX_QUERIES_PER_HOUR',
      'MAX_UPDATES_PER_HOUR',
      'MAX_CONNECTIONS_PER_HOUR',
      'MAX_USER_CONNECTIONS',
    );
    if (name === undefined) break;
    list.push({ name, value: parser.integer() });
  }
  if (list.length === 0) throw parser.syntaxError();
  return list;
}

/** After PASSWORD. */
function passwordOption(parser: Parser): { name: string; value?: string | number } {
  if (parser.accept('EXPIRE')) {
    if (parser.accept('NEVER')) return { name: 'EXPIRE', value: 'NEVER' };
    if (parser.accept('DEFAULT')) return { name: 'EXPIRE', value: 'DEFAULT' };
    if (!parser.accept('INTERVAL')) return { name: 'EXPIRE' };
    const days = parser.integer();
    parser.expect('DAY');
    return { name: 'EXPIRE', value: days };
  }
  if (parser.accept('HISTORY'))
    return { name: 'HISTORY', value: parser.accept('DEFAULT') ? 'DEFAULT' : parser.integer() };
  if (parser.accept('REUSE')) {
    parser.expect('INTERVAL');
    if (parser.accept('DEFAULT')) return { name: 'REUSE INTERVAL', value: 'DEFAULT' };
    const days = parser.integer();
    parser.expect('DAY');
    return { name: 'REUSE INTERVAL', value: days };
  }
  parser.expectWords('REQUIRE', 'CURRENT');
  return { name: 'REQUIRE CURRENT', value: parser.acceptAny('DEFAULT', 'OPTIONAL') ?? '' };
}

// ---- statements ----

/** After CREATE USER. */
export function parseCreateUser(parser: Parser, start: number): CreateUserStatement {
  const ifNotExists = parser.acceptIfNotExists();
  const users = parseSpecifications(parser);
  let defaultRoles: UserName[] = [];
  if (parser.accept('DEFAULT')) {
    parser.expect('ROLE');
    defaultRoles = parseUsers(parser);
  }
  const options = parseOptions(parser);
  return { kind: 'create-user', ifNotExists, users, defaultRoles, options, start, end: parser.previousEnd };
}

/** After ALTER USER. */
export function parseAlterUser(parser: Parser, start: number): AlterUserStatement {
  const ifExists = parser.acceptIfExists();
  // ALTER USER USER() IDENTIFIED BY …: the current one.
  const users =
    parser.word === 'USER' && parser.peek() === '(' ? [parseUserFunction(parser)] : parseSpecifications(parser);
  const statement: Mutable<AlterUserStatement> = {
    kind: 'alter-user', ifExists, users, options: { require: [], resources: [], password: [] }, start, end: 0,
  }; // prettier-ignore
  if (parser.accept('DEFAULT')) {
    parser.expect('ROLE');
    const mode = parser.acceptAny('NONE', 'ALL') as 'NONE' | undefined;
    statement.defaultRoles = mode === undefined ? { mode: 'LIST', roles: parseUsers(parser) } : { mode, roles: [] };
  } else {
    statement.options = parseOptions(parser);
  }
  statement.end = parser.previousEnd;
  return statement;
}

function parseUserFunction(parser: Parser): AccountSpecification {
  const start = parser.start;
  parser.advance();
  parser.expectWords('(', ')');
  const user: UserName = { user: '', host: '', current: true, start, end: parser.previousEnd };
  return parseSpecification(parser, user);
}

export function parseDropUser(parser: Parser, start: number): Statement {
  const ifExists = parser.acceptIfExists();
  return { kind: 'drop-user', ifExists, users: parseUsers(parser), start, end: parser.previousEnd };
}

export function parseRenameUser(parser: Parser, start: number): Statement {
  const renames: { from: UserName; to: UserName }[] = [];
  do {
    const from = parseUser(parser);
    parser.expect('TO');
    renames.push({ from, to: parseUser(parser) });
  } while (parser.accept(','));
  return { kind: 'rename-user', renames, start, end: parser.previousEnd };
}

export function parseRole(parser: Parser, start: number, kind: 'create-role' | 'drop-role'): Statement {
  const conditional = kind === 'create-role' ? parser.acceptIfNotExists() : parser.acceptIfExists();
  return { kind, roles: parseUsers(parser), conditional, start, end: parser.previousEnd };
}

// ---- GRANT and REVOKE ----

export function parseGrant(parser: Parser): Statement {
  const start = parser.start;
  parser.expect('GRANT');
  if (parser.word === 'PROXY') return proxy(parser, 'GRANT PROXY', start);
  const granted = parsePrivileges(parser);
  if (parser.word === 'TO') return parseGrantRole(parser, granted, start);
  parser.expect('ON');
  const on = parseTarget(parser);
  parser.expect('TO');
  const users = parseSpecifications(parser);
  const extras: RefusedClause[] = [];
  if (users.some((one) => one.authentication !== undefined)) extras.push({ name: 'GRANT … IDENTIFIED', text: '' });
  const requireStart = parser.start;
  if (parser.accept('REQUIRE') && parseRequire(parser).some((one) => one.name !== 'NONE'))
    extras.push(refused(parser, 'GRANT … REQUIRE', requireStart));
  const grantOption = parseGrantOption(parser, extras);
  const asStart = parser.start;
  if (parser.accept('AS')) {
    parseUser(parser);
    if (parser.accept('WITH')) {
      parser.expect('ROLE');
      if (parser.acceptAny('DEFAULT', 'NONE', 'ALL') === undefined) parseUsers(parser);
    }
    extras.push(refused(parser, 'GRANT … AS', asStart));
  }
  const privileges = granted.map(asPrivilege);
  return {
    kind: 'grant', privileges, on, users, grantOption, ifExists: false, ignoreUnknownUser: false, extras, start, end: parser.previousEnd,
  }; // prettier-ignore
}

function parseGrantRole(parser: Parser, granted: readonly Granted[], start: number): Statement {
  const roles = granted.map((item) => asRole(parser, item));
  parser.expect('TO');
  const users = parseUsers(parser);
  const adminOption = parser.accept('WITH');
  if (adminOption) parser.expectWords('ADMIN', 'OPTION');
  return {
    kind: 'grant-role', roles, users, adminOption, ifExists: false, ignoreUnknownUser: false, start, end: parser.previousEnd,
  }; // prettier-ignore
}

export function parseRevoke(parser: Parser): Statement {
  const start = parser.start;
  parser.expect('REVOKE');
  const ifExists = parser.acceptIfExists();
  if (parser.word === 'PROXY') return proxy(parser, 'REVOKE PROXY', start);
  const granted = parsePrivileges(parser);
  if (parser.word === 'FROM') {
    parser.advance();
    const users = parseUsers(parser);
    const ignoreUnknownUser = parseIgnoreUnknown(parser);
    const names = granted.map((item) => item.name);
    if (names.length === 2 && names[0] === 'ALL' && names[1] === 'GRANT OPTION') {
      return { kind: 'revoke-all', users, ifExists, ignoreUnknownUser, start, end: parser.previousEnd };
    }
    const roles = granted.map((item) => asRole(parser, item));
    return {
      kind: 'revoke-role', roles, users, adminOption: false, ifExists, ignoreUnknownUser, start, end: parser.previousEnd,
    }; // prettier-ignore
  }
  parser.expect('ON');
  const on = parseTarget(parser);
  parser.expect('FROM');
  const users = parseUsers(parser).map((user): AccountSpecification => ({ user }));
  const ignoreUnknownUser = parseIgnoreUnknown(parser);
  const privileges = granted.map(asPrivilege);
  return {
    kind: 'revoke',
    privileges,
    on,
    users,
    grantOption: false,
    ifExists,
    ignoreUnknownUser,
    extras: [],
    start,
    end: parser.previousEnd,
  };
}

function parseIgnoreUnknown(parser: Parser): boolean {
  if (!parser.accept('IGNORE')) return false;
  parser.expectWords('UNKNOWN', 'USER');
  return true;
}

function proxy(parser: Parser, name: string, start: number): Statement {
  while (parser.type !== Token.END && !parser.at(';')) parser.advance();
  return { kind: 'unsupported', name, start, end: parser.previousEnd };
}

/** A privilege or a role: only the word after the list tells. */
interface Granted {
  readonly name: string;
  readonly columns: readonly string[];
  readonly role?: UserName;
}

const TWO_WORDS: Readonly<Record<string, readonly string[]>> = {
  GRANT: ['OPTION'], SHOW: ['DATABASES', 'VIEW'], LOCK: ['TABLES'], REPLICATION: ['SLAVE', 'CLIENT'],
  ALTER: ['ROUTINE'], DROP: ['ROLE'],
  CREATE: ['VIEW', 'ROUTINE', 'USER', 'TABLESPACE', 'ROLE'],
}; // prettier-ignore

const ONE_WORD: ReadonlySet<string> = new Set([
  'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES', 'USAGE', 'INDEX', 'ALTER', 'CREATE', 'DROP', 'EXECUTE', 'RELOAD', 'SHUTDOWN',
  'PROCESS', 'FILE', 'SUPER', 'EVENT', 'TRIGGER',
]); // prettier-ignore

function parsePrivileges(parser: Parser): Granted[] {
  const list: Granted[] = [];
  do list.push(parsePrivilege(parser));
  while (parser.accept(','));
  return list;
}

function parsePrivilege(parser: Parser): Granted {
  const word = parser.word;
  if (word === 'ALL') {
    parser.advance();
    parser.accept('PRIVILEGES');
    return { name: 'ALL', columns: [] };
  }
  const seconds = TWO_WORDS[word];
  if (seconds !== undefined || ONE_WORD.has(word)) {
    const next = parser.peek();
    const followed = next === ',' || next === 'ON' || next === '(' || next === 'TO' || next === 'FROM';
    if (parser.reserved || followed || seconds?.includes(next) === true)
      return parseStaticPrivilege(parser, word, seconds);
  }
  // A dynamic privilege or a role.
  const role = parseUser(parser);
  return { name: role.user.toUpperCase(), columns: [], role };
}

function parseStaticPrivilege(parser: Parser, word: string, seconds: readonly string[] | undefined): Granted {
  parser.advance();
  if (word === 'CREATE' && parser.accept('TEMPORARY')) {
    parser.expect('TABLES');
    return { name: 'CREATE TEMPORARY TABLES', columns: [] };
  }
  let name = word;
  if (seconds?.includes(parser.word) === true) {
    name = `${word} ${parser.word}`;
    parser.advance();
  } else if (!ONE_WORD.has(word)) throw parser.syntaxError();
  const columns = parser.word === '(' ? parser.nameList() : [];
  return { name, columns };
}

function asPrivilege(item: Granted): Privilege {
  return { name: item.name, columns: item.columns };
}

function asRole(parser: Parser, item: Granted): UserName {
  if (item.role === undefined) throw parser.syntaxError();
  return item.role;
}

/** After ON. */
function parseTarget(parser: Parser): GrantTarget {
  let objectType: GrantTarget['objectType'] = 'TABLE';
  const word = parser.word;
  if (word === 'TABLE' || word === 'FUNCTION' || word === 'PROCEDURE') {
    parser.advance();
    objectType = word;
  }
  if (parser.accept('*')) {
    if (!parser.accept('.')) return { objectType, global: false };
    parser.expect('*');
    return { objectType, global: true };
  }
  const first = parser.name();
  if (!parser.accept('.')) return { objectType, global: false, table: first };
  if (parser.accept('*')) return { objectType, global: false, schema: first };
  return { objectType, global: false, schema: first, table: parser.anyName() };
}

function parseGrantOption(parser: Parser, extras: RefusedClause[]): boolean {
  let found = false;
  if (!parser.accept('WITH')) return found;
  for (;;) {
    if (parser.accept('GRANT')) {
      parser.expect('OPTION');
      found = true;
    } else if (parser.word.startsWith('MAX_')) {
      const { start } = parser;
      if (parseResources(parser).some((one) => one.value !== 0))
        extras.push(refused(parser, 'resource limits of accounts', start));
    } else return found;
  }
}
