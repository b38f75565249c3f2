/**
 * SHOW GRANTS and SHOW CREATE USER: an account as the statements that would make it, in MySQL's words and order. Names and texts are quoted,
 * so that whatever they hold, running the text again gives the same account.
 */
import { ticked, tickedName } from './account-errors.ts';
import { COLUMN_PRIVILEGES, DATABASE_PRIVILEGES, ordered, TABLE_PRIVILEGES } from './privilege-names.ts';
import { keyOf, type AccountName, type StoredAccount, type TableGrant } from './stored-account.ts';

interface Merged {
  readonly place: string;
  readonly sort: string;
  readonly privileges: string[];
  grantOption: boolean;
}

/** `members`: the account, and the roles whose grants are shown as its own. */
export function grantLines(
  account: StoredAccount,
  members: readonly StoredAccount[],
  granted: readonly AccountName[],
): string[] {
  const to = ` TO ${ticked(account)}`;
  const option = (there: boolean): string => (there ? ' WITH GRANT OPTION' : '');
  const global = ordered(members.flatMap((one) => one.global));
  const lines = [`GRANT ${global.join(', ') || 'USAGE'} ON *.*${to}${option(members.some((one) => one.globalGrantOption))}`]; // prettier-ignore
  const dynamic = new Map<string, boolean>();
  for (const one of members.flatMap((member) => member.dynamic))
    dynamic.set(one.name, one.grantOption || dynamic.get(one.name) === true);
  for (const withOption of [false, true]) {
    const names = [...dynamic].filter(([, there]) => there === withOption).map(([name]) => name).sort(); // prettier-ignore
    if (names.length > 0) lines.push(`GRANT ${names.join(',')} ON *.*${to}${option(withOption)}`);
  }
  for (const grant of merged(members, 'databases')) {
    const all = [...DATABASE_PRIVILEGES].every((name) => grant.privileges.includes(name));
    const list = all ? 'ALL PRIVILEGES' : ordered(grant.privileges).join(', ') || 'USAGE';
    lines.push(`GRANT ${list} ON ${grant.place}${to}${option(grant.grantOption)}`);
  }
  for (const grant of mergedTables(members))
    lines.push(
      `GRANT ${tablePrivileges(grant)} ON ${tickedName(grant.database)}.${tickedName(grant.table)}${to}${option(grant.grantOption)}`,
    );
  return [...lines, ...roleLines(account, granted)];
}

function merged(members: readonly StoredAccount[], _of: 'databases'): Merged[] {
  const found = new Map<string, Merged>();
  for (const grant of members.flatMap((one) => one.databases)) {
    const known = found.get(grant.database);
    if (known === undefined)
      found.set(grant.database, { place: `${tickedName(grant.database)}.*`, sort: grant.database, privileges: [...grant.privileges], grantOption: grant.grantOption }); // prettier-ignore
    else {
      known.privileges.push(...grant.privileges);
      known.grantOption ||= grant.grantOption;
    }
  }
  return [...found.values()].sort((a, b) => (a.sort < b.sort ? -1 : 1));
}

function mergedTables(members: readonly StoredAccount[]): TableGrant[] {
  const found = new Map<string, TableGrant>();
  for (const grant of members.flatMap((one) => one.tables)) {
    const key = `${grant.database}\0${grant.table}`;
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, grant);
      continue;
    }
    const columns = new Map(known.columns.map((one) => [one.column, one.privileges]));
    for (const { column, privileges } of grant.columns)
      columns.set(column, [...(columns.get(column) ?? []), ...privileges]);
    found.set(key, {
      ...known, privileges: [...known.privileges, ...grant.privileges], grantOption: known.grantOption || grant.grantOption,
      columns: [...columns].map(([column, privileges]) => ({ column, privileges })),
    }); // prettier-ignore
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}

function tablePrivileges(grant: TableGrant): string {
  if (grant.columns.length === 0 && [...TABLE_PRIVILEGES].every((name) => grant.privileges.includes(name)))
    return 'ALL PRIVILEGES';
  const parts: string[] = [];
  for (const name of ordered([...grant.privileges, ...grant.columns.flatMap((one) => one.privileges)])) {
    if (grant.privileges.includes(name)) parts.push(name);
    if (!COLUMN_PRIVILEGES.has(name)) continue;
    const columns = grant.columns.filter((one) => one.privileges.includes(name)).map((one) => tickedName(one.column));
    if (columns.length > 0) parts.push(`${name} (${columns.sort().join(', ')})`);
  }
  return parts.join(', ') || 'USAGE';
}

function roleLines(account: StoredAccount, granted: readonly AccountName[]): string[] {
  const admin = new Set(account.roles.filter((role) => role.adminOption).map(keyOf));
  return [false, true].flatMap((wanted) => {
    const names = granted.filter((role) => admin.has(keyOf(role)) === wanted).map(ticked).sort(); // prettier-ignore
    if (names.length === 0) return [];
    return [`GRANT ${names.join(',')} TO ${ticked(account)}${wanted ? ' WITH ADMIN OPTION' : ''}`];
  });
}

// ---- SHOW CREATE USER ----

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\0', '\\0')}'`;
}

/** `hex`: print_identified_with_as_hex, for what is not printable in the stored password. */
export function createUserText(account: StoredAccount, hex: boolean): string {
  const { authenticationString: stored, password, limits, tls } = account;
  const secret = stored === '' ? '' : ` AS ${hex ? `0x${Buffer.from(stored, 'utf8').toString('hex').toUpperCase()}` : text(stored)}`; // prettier-ignore
  const parts = [`CREATE USER ${ticked(account)} IDENTIFIED WITH '${account.plugin}'${secret}`];
  if (account.defaultRoles.length > 0) parts.push(`DEFAULT ROLE ${account.defaultRoles.map(ticked).join(',')}`);
  if (tls.kind === 'SPECIFIED') {
    const clauses = [['SUBJECT', tls.subject], ['ISSUER', tls.issuer], ['CIPHER', tls.cipher]] as const; // prettier-ignore
    parts.push(`REQUIRE ${clauses.filter(([, value]) => value !== '').map(([name, value]) => `${name} ${text(value)}`).join(' ')}`); // prettier-ignore
  } else parts.push(`REQUIRE ${tls.kind}`);
  const bounds = [
    ['MAX_QUERIES_PER_HOUR', limits.questions], ['MAX_UPDATES_PER_HOUR', limits.updates], ['MAX_CONNECTIONS_PER_HOUR', limits.connections],
    ['MAX_USER_CONNECTIONS', limits.userConnections],
  ] as const; // prettier-ignore
  const set = bounds.filter(([, value]) => value > 0).map(([name, value]) => `${name} ${value}`);
  if (set.length > 0) parts.push(`WITH ${set.join(' ')}`);
  const { lifetimeDays, history, reuseDays, requireCurrent } = password;
  if (password.expired) parts.push('PASSWORD EXPIRE');
  else if (lifetimeDays === null) parts.push('PASSWORD EXPIRE DEFAULT');
  else parts.push(lifetimeDays === 0 ? 'PASSWORD EXPIRE NEVER' : `PASSWORD EXPIRE INTERVAL ${lifetimeDays} DAY`);
  parts.push(`ACCOUNT ${account.locked ? 'LOCK' : 'UNLOCK'}`);
  parts.push(`PASSWORD HISTORY ${history ?? 'DEFAULT'}`);
  parts.push(`PASSWORD REUSE INTERVAL ${reuseDays === null ? 'DEFAULT' : `${reuseDays} DAY`}`);
  parts.push(`PASSWORD REQUIRE CURRENT${requireCurrent === null ? ' DEFAULT' : requireCurrent ? '' : ' OPTIONAL'}`);
  if (password.failedAttempts > 0) parts.push(`FAILED_LOGIN_ATTEMPTS ${password.failedAttempts}`);
  if (password.lockDays !== 0)
    parts.push(`PASSWORD_LOCK_TIME ${password.lockDays < 0 ? 'UNBOUNDED' : password.lockDays}`);
  if (account.attributes !== null && Object.keys(account.attributes).length > 0)
    parts.push(`ATTRIBUTE ${text(attributesText(account.attributes))}`);
  return parts.join(' ');
}

/** JSON as MySQL prints it: a blank behind `:` and `,`. */
export function attributesText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(attributesText).join(', ')}]`;
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${attributesText(one)}`).join(', ')}}`; // prettier-ignore
  return JSON.stringify(value);
}
