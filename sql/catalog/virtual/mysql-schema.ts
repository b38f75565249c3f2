/** The `mysql` database: MySQL's grant tables as views on the privilege store, for tools that read them. They cannot be written. */
import { fieldType, TypeCode } from '../../../base/value/field-type.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import { fromEpoch } from '../../../base/value/time-zone.ts';
import { ordered } from '../accounts/privilege-names.ts';
import { attributesText } from '../accounts/show-grants.ts';
import type { StoredAccount } from '../accounts/stored-account.ts';
import { columns, T, virtual, type VirtualSource, type VirtualTableDefinition } from './definition.ts';

const YN = fieldType(TypeCode.ENUM, {
  elements: ['N', 'Y'],
  charset: 'utf8mb3',
  collation: 'utf8mb3_general_ci',
  length: 1,
  notNull: true,
});

/** Columns of mysql.user and the privileges they stand for, in MySQL's order. */
const USER_FLAGS = [
  ['Select_priv', 'SELECT'], ['Insert_priv', 'INSERT'], ['Update_priv', 'UPDATE'], ['Delete_priv', 'DELETE'], ['Create_priv', 'CREATE'], ['Drop_priv', 'DROP'],
  ['Reload_priv', 'RELOAD'], ['Shutdown_priv', 'SHUTDOWN'], ['Process_priv', 'PROCESS'], ['File_priv', 'FILE'], ['Grant_priv', 'GRANT OPTION'],
  ['References_priv', 'REFERENCES'], ['Index_priv', 'INDEX'], ['Alter_priv', 'ALTER'], ['Show_db_priv', 'SHOW DATABASES'], ['Super_priv', 'SUPER'],
  ['Create_tmp_table_priv', 'CREATE TEMPORARY TABLES'], ['Lock_tables_priv', 'LOCK TABLES'], ['Execute_priv', 'EXECUTE'], ['Repl_slave_priv', 'REPLICATION SLAVE'],
  ['Repl_client_priv', 'REPLICATION CLIENT'], ['Create_view_priv', 'CREATE VIEW'], ['Show_view_priv', 'SHOW VIEW'], ['Create_routine_priv', 'CREATE ROUTINE'],
  ['Alter_routine_priv', 'ALTER ROUTINE'], ['Create_user_priv', 'CREATE USER'], ['Event_priv', 'EVENT'], ['Trigger_priv', 'TRIGGER'],
  ['Create_tablespace_priv', 'CREATE TABLESPACE'],
] as const; // prettier-ignore

const DATABASE_FLAGS = [
  ['Select_priv', 'SELECT'], ['Insert_priv', 'INSERT'], ['Update_priv', 'UPDATE'], ['Delete_priv', 'DELETE'], ['Create_priv', 'CREATE'], ['Drop_priv', 'DROP'],
  ['Grant_priv', 'GRANT OPTION'], ['References_priv', 'REFERENCES'], ['Index_priv', 'INDEX'], ['Alter_priv', 'ALTER'],
  ['Create_tmp_table_priv', 'CREATE TEMPORARY TABLES'], ['Lock_tables_priv', 'LOCK TABLES'], ['Create_view_priv', 'CREATE VIEW'], ['Show_view_priv', 'SHOW VIEW'],
  ['Create_routine_priv', 'CREATE ROUTINE'], ['Alter_routine_priv', 'ALTER ROUTINE'], ['Execute_priv', 'EXECUTE'], ['Event_priv', 'EVENT'], ['Trigger_priv', 'TRIGGER'],
] as const; // prettier-ignore

const flag = (set: boolean): string => (set ? 'Y' : 'N');

const SSL_TYPES = { NONE: '', SSL: 'ANY', X509: 'X509', SPECIFIED: 'SPECIFIED' } as const;

const secondsOf = (ms: number, timeZone: number | string) => fromEpoch(Math.floor(ms / 1000) * 1000, timeZone);

/** What has no column of its own, in the shape that tools know from MySQL. */
function userAttributes({ attributes, password }: StoredAccount): string | null {
  const locking =
    password.failedAttempts > 0 || password.lockDays !== 0
      ? { Password_locking: { failed_login_attempts: password.failedAttempts, password_lock_time_days: password.lockDays } }
      : {}; // prettier-ignore
  const made = {
    ...(attributes !== null && Object.keys(attributes).length > 0 ? { metadata: attributes } : {}),
    ...locking,
    ...(password.secondary === '' ? {} : { additional_password: password.secondary }),
  };
  return Object.keys(made).length === 0 ? null : attributesText(made);
}

function users({ privileges, viewer }: VirtualSource): Batch {
  return privileges.all().map((account): Row => {
    const { limits, password } = account;
    const flags = USER_FLAGS.map(([, name]) =>
      flag(name === 'GRANT OPTION' ? account.globalGrantOption : account.global.includes(name)),
    );
    return [
      account.host, account.user, ...flags, SSL_TYPES[account.tls.kind], account.tls.cipher, account.tls.issuer, account.tls.subject,
      limits.questions, limits.updates, limits.connections, limits.userConnections, account.plugin, account.authenticationString, flag(password.expired),
      password.changedAtMs === 0 ? null : secondsOf(password.changedAtMs, viewer.timeZone), password.lifetimeDays, flag(account.locked),
      flag(account.global.includes('CREATE ROLE')), flag(account.global.includes('DROP ROLE')), password.history, password.reuseDays,
      password.requireCurrent === null ? null : flag(password.requireCurrent), userAttributes(account),
    ]; // prettier-ignore
  });
}

function databases({ privileges }: VirtualSource): Batch {
  return privileges.all().flatMap(
    (account) =>
    account.databases.map((grant): Row => [
      account.host, grant.database, account.user,
      ...DATABASE_FLAGS.map(([, name]) => flag(name === 'GRANT OPTION' ? grant.grantOption : grant.privileges.includes(name))),
    ]), // prettier-ignore
  );
}

const word = (name: string): string => name.charAt(0) + name.slice(1).toLowerCase();

function tableGrants({ privileges, viewer }: VirtualSource): Batch {
  return privileges.all().flatMap((account) =>
    account.tables.map((grant): Row => {
      const names = ordered(grant.privileges).map((name) => (name === 'CREATE VIEW' ? 'Create View' : word(name)));
      const columnNames = ordered(grant.columns.flatMap((one) => one.privileges)).map(word);
      return [
        account.host, grant.database, account.user, grant.table, grant.grantor, secondsOf(grant.changedAtMs, viewer.timeZone),
        [...names, ...(grant.grantOption ? ['Grant'] : [])].join(','), columnNames.join(','),
      ]; // prettier-ignore
    }),
  );
}

function columnGrants({ privileges, viewer }: VirtualSource): Batch {
  return privileges.all().flatMap((account) =>
    account.tables.flatMap(
      (grant) =>
      grant.columns.map(({ column, privileges: names }): Row => [
        account.host, grant.database, account.user, grant.table, column, secondsOf(grant.changedAtMs, viewer.timeZone), ordered(names).map(word).join(','),
      ]), // prettier-ignore
    ),
  );
}

function passwords({ privileges, viewer }: VirtualSource): Batch {
  return privileges.all().flatMap((account) =>
    account.password.past.map((one): Row => [account.host, account.user, secondsOf(one.changedAtMs, viewer.timeZone), one.stored]),
  ); // prettier-ignore
}

export const MYSQL_TABLES: readonly VirtualTableDefinition[] = [
  virtual('mysql', 'user', [
    ['Host', T.word], ['User', T.name], ...USER_FLAGS.map(([name]) => [name, YN] as const), ['ssl_type', T.short], ['ssl_cipher', T.long], ['x509_issuer', T.long],
    ['x509_subject', T.long], ['max_questions', T.uint], ['max_updates', T.uint], ['max_connections', T.uint], ['max_user_connections', T.uint], ['plugin', T.name],
    ['authentication_string', T.longN], ['password_expired', YN], ['password_last_changed', T.timeN], ['password_lifetime', T.uintN], ['account_locked', YN],
    ['Create_role_priv', YN], ['Drop_role_priv', YN], ['Password_reuse_history', T.uintN], ['Password_reuse_time', T.uintN], ['Password_require_current', T.shortN],
    ['User_attributes', T.longN],
  ], users),
  virtual('mysql', 'db', [['Host', T.word], ['Db', T.name], ['User', T.name], ...DATABASE_FLAGS.map(([name]) => [name, YN] as const)], databases),
  virtual('mysql', 'tables_priv', [
    ...columns('Host Db User Table_name Grantor'), ['Timestamp', T.time], ['Table_priv', T.word], ['Column_priv', T.word],
  ], tableGrants),
  virtual('mysql', 'columns_priv', [...columns('Host Db User Table_name Column_name'), ['Timestamp', T.time], ['Column_priv', T.word]], columnGrants),
  virtual('mysql', 'password_history', [...columns('Host User'), ['Password_timestamp', T.time], ['Password', T.longN]], passwords),
  virtual('mysql', 'procs_priv', columns('Host Db User Routine_name Routine_type Grantor Proc_priv Timestamp')),
  virtual('mysql', 'global_grants', columns('USER HOST PRIV WITH_GRANT_OPTION'), ({ privileges }) =>
    privileges.all().flatMap((account) => account.dynamic.map((one): Row => [account.user, account.host, one.name, flag(one.grantOption)]))),
  virtual('mysql', 'role_edges', columns('FROM_HOST FROM_USER TO_HOST TO_USER WITH_ADMIN_OPTION'), ({ privileges }) =>
    privileges.all().flatMap((account) => account.roles.map((role): Row => [role.host, role.user, account.host, account.user, flag(role.adminOption)]))),
  virtual('mysql', 'default_roles', columns('HOST USER DEFAULT_ROLE_HOST DEFAULT_ROLE_USER'), ({ privileges }) =>
    privileges.all().flatMap((account) => account.defaultRoles.map((role): Row => [account.host, account.user, role.host, role.user]))),
  virtual('mysql', 'help_topic', [['help_topic_id', T.uint], ['name', T.name], ['help_category_id', T.uint], ['description', T.long], ['example', T.long], ['url', T.long]]),
  virtual('mysql', 'time_zone_name', [['Name', T.name], ['Time_zone_id', T.uint]]),
  virtual('mysql', 'time_zone', [['Time_zone_id', T.uint], ['Use_leap_seconds', YN]]),
]; // prettier-ignore
