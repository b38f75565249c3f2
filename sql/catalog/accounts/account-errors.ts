/** MySQL's errors about accounts, with MySQL's texts. Names are printed as they are: the texts are messages, not SQL. */
import { SqlError } from '../../../base/error.ts';
import type { Grantee } from './rights.ts';
import { nameOfKey, type AccountName } from './stored-account.ts';

/** `user`@`host`, as roles are named. */
export const ticked = ({ user, host }: AccountName): string => `${tickedName(user)}@${tickedName(host)}`;
export const tickedName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
export const quoted = ({ user, host }: AccountName): string => `'${user}'@'${host}'`;

/** As messages name who was refused: the account's user, where the client is. */
function client({ account, clientHost }: Grantee): string {
  const { user, host } = nameOfKey(account);
  return `'${user}'@'${clientHost ?? host}'`;
}

export const tableDenied = (command: string, who: Grantee, table: string): SqlError =>
  new SqlError(1142, '42000', `${command} command denied to user ${client(who)} for table '${table}'`);
export const columnDenied = (command: string, who: Grantee, column: string, table: string): SqlError =>
  new SqlError(
    1143,
    '42000',
    `${command} command denied to user ${client(who)} for column '${column}' in table '${table}'`,
  );
export const databaseDenied = (who: Grantee, database: string): SqlError =>
  new SqlError(1044, '42000', `Access denied for user ${quoted(nameOfKey(who.account))} to database '${database}'`);
export const globalDenied = (who: Grantee): SqlError =>
  new SqlError(1045, '28000', `Access denied for user ${client(who)} (using password: YES)`);
export const privilegeNeeded = (privileges: string): SqlError =>
  new SqlError(
    1227,
    '42000',
    `Access denied; you need (at least one of) the ${privileges} privilege(s) for this operation`,
  );

export const noGrant = ({ user, host }: AccountName): SqlError =>
  new SqlError(1141, '42000', `There is no such grant defined for user '${user}' on host '${host}'`);
export const noTableGrant = ({ user, host }: AccountName, table: string): SqlError =>
  new SqlError(
    1147,
    '42000',
    `There is no such grant defined for user '${user}' on host '${host}' on table '${table}'`,
  );
export const illegalTableGrant = (): SqlError =>
  new SqlError(
    1144,
    '42000',
    'Illegal GRANT/REVOKE command; please consult the manual to see which privileges can be used',
  );
export const illegalLevel = (privilege: string): SqlError =>
  new SqlError(3619, 'HY000', `Illegal privilege level specified for ${privilege}`);
export const operationFailed = (verb: string, users: string): SqlError =>
  new SqlError(1396, 'HY000', `Operation ${verb} failed for ${users}`);
export const noSuchUser = (): SqlError => new SqlError(1133, '42000', "Can't find any matching row in the user table");

export const unknownAuthorization = (name: AccountName): SqlError =>
  new SqlError(3523, 'HY000', `Unknown authorization ID ${ticked(name)}`);
export const roleNotGranted = (role: AccountName, to: AccountName): SqlError =>
  new SqlError(3530, 'HY000', `${ticked(role)} is not granted to ${ticked(to)}`);
export const roleLoop = (role: AccountName, to: AccountName): SqlError =>
  new SqlError(
    4027,
    'HY000',
    `User account ${ticked(to)} is directly or indirectly granted to the role ${ticked(role)}. The GRANT would create a loop`,
  );
export const mandatoryRole = (role: AccountName): SqlError =>
  new SqlError(3628, 'HY000', `The role ${ticked(role)} is a mandatory role and can't be revoked or dropped. The restriction can be lifted by excluding the role identifier from the global variable mandatory_roles.`); // prettier-ignore
