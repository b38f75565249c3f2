/**
 * Transactions, SET, SHOW, accounts and the rest, as text again.
 */
import { unreachable } from '../../base/assert.ts';
import type {
  AccountAuthentication, AccountOptions, AccountSpecification, AdminStatement, BeginStatement, CommitStatement, ExplainStatement, FlushStatement, GrantStatement, RefusedClause,
  SetAssignment, SetTransactionStatement, ShowStatement, ShowTarget, TableMaintenanceStatement, UserName,
} from './ast.ts'; // prettier-ignore
import {
  quoteName,
  quoteString,
  restoreExpression,
  restoreNames,
  restoreTableName,
  restoreVariable,
} from './restore-expression.ts';
import { restoreLimit } from './restore-query.ts';
import { restoreUser } from './restore-schema.ts';

export function restoreBegin(statement: BeginStatement): string {
  if (statement.mode !== undefined) return `begin ${statement.mode}`;
  const parts: string[] = [];
  if (statement.consistentSnapshot) parts.push('with consistent snapshot');
  if (statement.readOnly !== undefined) parts.push(statement.readOnly ? 'read only' : 'read write');
  const asOf = statement.asOf === undefined ? '' : ` as of timestamp ${restoreExpression(statement.asOf)}`;
  return `start transaction ${parts.join(', ')}${asOf}`.trimEnd();
}

export function restoreCommit(statement: CommitStatement): string {
  let text: string = statement.kind;
  if (statement.chain !== undefined) text += statement.chain ? ' and chain' : ' and no chain';
  if (statement.release !== undefined) text += statement.release ? ' release' : ' no release';
  return text;
}

export function restoreSetAssignment(assignment: SetAssignment): string {
  switch (assignment.kind) {
    case 'user-variable':
      return `${restoreVariable(assignment.variable.name)} = ${restoreExpression(assignment.value)}`;
    case 'system-variable': {
      const scope = assignment.scope === 'default' ? '' : `${assignment.scope}.`;
      return `@@${scope}${assignment.name.split('.').map(quoteName).join('.')} = ${restoreExpression(assignment.value)}`;
    }
    case 'names':
      if (assignment.charset === undefined) return 'names default';
      return `names ${quoteString(assignment.charset)}${assignment.collation === undefined ? '' : ` collate ${quoteString(assignment.collation)}`}`;
    case 'character-set':
      return `character set ${assignment.charset === undefined ? 'default' : quoteString(assignment.charset)}`;
    default:
      return unreachable(assignment);
  }
}

export function restoreSetTransaction(statement: SetTransactionStatement): string {
  const parts: string[] = [];
  if (statement.isolation !== undefined)
    parts.push(`isolation level ${statement.isolation.toLowerCase().replace('-', ' ')}`);
  if (statement.readOnly !== undefined) parts.push(statement.readOnly ? 'read only' : 'read write');
  const asOf = statement.asOf === undefined ? '' : ` as of timestamp ${restoreExpression(statement.asOf)}`;
  return `set ${statement.scope === 'next' ? '' : `${statement.scope} `}transaction ${parts.join(', ')}${asOf}`;
}

// ---- SHOW ----

export function restoreShow(statement: ShowStatement): string {
  let text = `show ${restoreTarget(statement.show)}`;
  if (statement.like !== undefined) text += ` like ${quoteString(statement.like)}`;
  if (statement.where !== undefined) text += ` where ${restoreExpression(statement.where)}`;
  return text;
}

function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== false && part !== undefined && part !== '').join(' ');
}

function from(schema: string | undefined): string {
  return schema === undefined ? '' : `from ${quoteName(schema)}`;
}

function restoreTarget(show: ShowTarget): string {
  switch (show.kind) {
    case 'tables':
      return words(show.extended && 'extended', show.full && 'full', 'tables', from(show.schema));
    case 'table-status':
      return words('table status', from(show.schema));
    case 'open-tables':
      return words('open tables', from(show.schema));
    case 'columns':
      return words(show.extended && 'extended', show.full && 'full', `columns from ${restoreTableName(show.table)}`);
    case 'indexes':
      return words(show.extended && 'extended', `indexes from ${restoreTableName(show.table)}`);
    case 'create-table':
    case 'create-view':
      return `${show.kind.replace('-', ' ')} ${restoreTableName(show.table)}`;
    case 'create-database':
      return words('create database', show.ifNotExists && 'if not exists', quoteName(show.name));
    case 'create-user':
      return `create user ${restoreUser(show.user)}`;
    case 'create-routine':
      return `create ${show.object.toLowerCase()} ${restoreTableName(show.name)}`;
    case 'routine-code':
      return `${show.object.toLowerCase()} code ${restoreTableName(show.name)}`;
    case 'routine-status':
      return `${show.object.toLowerCase()} status`;
    case 'triggers':
    case 'events':
      return words(show.full && 'full', show.kind, from(show.schema));
    case 'variables':
    case 'status':
      return `${show.scope} ${show.kind}`;
    case 'warnings':
    case 'errors':
      if (show.count) return `count(*) ${show.kind}`;
      return `${show.kind}${show.limit === undefined ? '' : restoreLimit(show.limit)}`;
    case 'engine':
      return `engine ${show.engine === 'ALL' ? 'all' : quoteName(show.engine)} ${show.what.toLowerCase()}`;
    case 'grants':
      return words(
        'grants',
        show.user !== undefined && `for ${restoreUser(show.user)}`,
        show.roles.length > 0 && `using ${users(show.roles)}`,
      );
    case 'processlist':
      return words(show.full && 'full', 'processlist');
    case 'binlog-events': {
      const file = show.file === undefined ? '' : ` in ${quoteString(show.file)}`;
      const position = show.position === undefined ? '' : ` from ${show.position}`;
      return `${show.relay ? 'relaylog' : 'binlog'} events${file}${position}${show.limit === undefined ? '' : restoreLimit(show.limit)}`;
    }
    case 'replica-status':
      return words('replica status', show.channel !== undefined && `for channel ${quoteString(show.channel)}`);
    case 'profile': {
      const query = show.query === undefined ? '' : ` for query ${show.query}`;
      return `profile ${show.types.join(', ').toLowerCase()}${query}${show.limit === undefined ? '' : restoreLimit(show.limit)}`;
    }
    case 'extension':
      return show.name.toLowerCase();
    case 'binary-log-status':
      return 'binary log status';
    case 'databases':
    case 'engines':
    case 'character-set':
    case 'collation':
    case 'plugins':
    case 'privileges':
    case 'profiles':
    case 'replicas':
    case 'binary-logs':
    case 'master-status':
      return show.kind.replace('-', ' ');
    default:
      return unreachable(show);
  }
}

export function restoreExplain(statement: ExplainStatement, target: string): string {
  return words(
    'explain',
    statement.analyze && 'analyze',
    statement.format !== undefined && `format = ${quoteString(statement.format)}`,
    target,
  );
}

// ---- maintenance ----

export function restoreMaintenance(statement: TableMaintenanceStatement): string {
  const local = statement.local ? ' local' : '';
  let text = `${statement.action.toLowerCase()}${local} table ${statement.tables.map(restoreTableName).join(', ')}`;
  const histogram = statement.histogram;
  if (histogram !== undefined) {
    text += ` ${histogram.action.toLowerCase()} histogram on ${restoreNames(histogram.columns)}`;
    if (histogram.buckets !== undefined) text += ` with ${histogram.buckets} buckets`;
  }
  if (statement.partitions !== undefined) text += ` partition ${restoreNames(statement.partitions)}`;
  if (statement.indexes !== undefined) text += ` index ${restoreNames(statement.indexes)}`.trimEnd();
  for (const option of statement.options) text += ` ${option.toLowerCase()}`;
  return text;
}

export function restoreAdmin({ admin }: AdminStatement): string {
  switch (admin.kind) {
    case 'check-table':
      return `admin check table ${admin.tables.map(restoreTableName).join(', ')}`;
    case 'check-index':
      return `admin check index ${restoreTableName(admin.table)} ${quoteName(admin.index)}`;
    case 'checksum-table':
      return `admin checksum table ${admin.tables.map(restoreTableName).join(', ')}`;
    case 'show-ddl':
      return 'admin show ddl';
    case 'show-ddl-jobs':
      return words(
        'admin show ddl jobs',
        admin.count !== undefined && String(admin.count),
        admin.where && `where ${restoreExpression(admin.where)}`,
      );
    case 'show-ddl-job-queries':
      return `admin show ddl job queries ${admin.ids.join(', ')}`;
    case 'ddl-jobs':
      return `admin ${admin.action.toLowerCase()} ddl jobs ${admin.ids.join(', ')}`;
    default:
      return unreachable(admin);
  }
}

export function restoreFlush(statement: FlushStatement): string {
  const tables = statement.tables.map(restoreTableName).join(', ');
  const targets = statement.targets.map((target) => target.toLowerCase()).join(', ');
  return words(
    'flush',
    statement.local && 'local',
    targets,
    tables,
    statement.withReadLock && 'with read lock',
    statement.forExport && 'for export',
  );
}

// ---- accounts ----

export function users(list: readonly UserName[]): string {
  return list.map(restoreUser).join(', ');
}

export function restoreAccounts(list: readonly AccountSpecification[]): string {
  return list
    .map(({ user, authentication, discardOld }) => {
      if (authentication === undefined)
        return `${restoreUser(user)}${discardOld === true ? ' discard old password' : ''}`;
      const { plugin, password, hash, random } = authentication;
      let text = `${restoreUser(user)} identified`;
      if (plugin !== undefined) text += ` with ${quoteString(plugin)}`;
      if (random === true) text += ' by random password';
      else if (password !== undefined) text += ` by ${quoteString(password)}`;
      else if (hash !== undefined) text += ` ${plugin === undefined ? 'by password' : 'as'} ${quoteString(hash)}`;
      return text + restorePasswordExtras(authentication);
    })
    .join(', ');
}

export function restorePasswordExtras({ current, retain }: AccountAuthentication): string {
  return `${current === undefined ? '' : ` replace ${quoteString(current)}`}${retain === true ? ' retain current password' : ''}`;
}

export function restoreAccountOptions(options: AccountOptions): string {
  let text = '';
  if (options.require.length > 0) {
    const list = options.require.map(
      (one) => `${one.name.toLowerCase()}${one.value === undefined ? '' : ` ${quoteString(one.value)}`}`,
    );
    text += ` require ${list.join(' and ')}`;
  }
  if (options.resources.length > 0) {
    text += ` with ${options.resources.map((one) => `${one.name.toLowerCase()} ${one.value}`).join(' ')}`;
  }
  if (options.locked !== undefined) text += options.locked ? ' account lock' : ' account unlock';
  for (const { name, value } of options.password) {
    const days = typeof value === 'number' && (name === 'EXPIRE' || name === 'REUSE INTERVAL');
    const interval = name === 'EXPIRE' && days ? ' interval' : '';
    const prefix = name === 'FAILED_LOGIN_ATTEMPTS' || name === 'PASSWORD_LOCK_TIME' ? '' : 'password ';
    const shown = value === undefined || value === '' ? '' : ` ${String(value).toLowerCase()}`;
    text += ` ${prefix}${name.toLowerCase()}${interval}${shown}${days ? ' day' : ''}`;
  }
  if (options.comment !== undefined) text += ` comment ${quoteString(options.comment)}`;
  if (options.attribute !== undefined) text += ` attribute ${quoteString(options.attribute)}`;
  return text;
}

export function restoreGrant(statement: GrantStatement): string {
  const privileges = statement.privileges
    .map(
      ({ name, columns }) =>
        `${name === 'ALL' ? 'all' : name.toLowerCase()}${columns.length === 0 ? '' : ` (${restoreNames(columns)})`}`,
    )
    .join(', ');
  const { on } = statement;
  const type = on.objectType === 'TABLE' ? '' : `${on.objectType.toLowerCase()} `;
  const table = on.table === undefined ? '*' : quoteName(on.table);
  const target = on.global ? '*.*' : on.schema === undefined ? table : `${quoteName(on.schema)}.${table}`;
  const revoke = statement.kind === 'revoke';
  const head = `${statement.kind}${statement.ifExists ? ' if exists' : ''} ${privileges} on ${type}${target}`;
  const limits = statement.extras.filter(({ name }) => name === 'resource limits of accounts');
  const before = statement.extras.filter(({ name }) => name === 'GRANT … REQUIRE');
  const after = statement.extras.filter((one) => !limits.includes(one) && !before.includes(one));
  const option = statement.grantOption ? ' grant option' : '';
  const rest = option !== '' || limits.length > 0 ? ` with${option}${restoreRefused(limits)}` : '';
  return `${head} ${revoke ? 'from' : 'to'} ${restoreAccounts(statement.users)}${restoreRefused(before)}${rest}${restoreRefused(after)}${statement.ignoreUnknownUser ? ' ignore unknown user' : ''}`;
}

function restoreRefused(clauses: readonly RefusedClause[] | undefined): string {
  return (clauses ?? []).map(({ text }) => (text === '' ? '' : ` ${text}`)).join('');
}
