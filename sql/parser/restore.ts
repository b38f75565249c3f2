/**
 * `restore`: a tree as SQL text. It is canonical: keywords in lower case, names in backticks, parentheses around every nested operation. View
 * definitions are kept in this form, EXPLAIN shows it, and tests hold that reading it again gives the same tree.
 *
 * It reads back under the default sql_mode, whatever mode the statement was written in.
 */
import { unreachable } from '../../base/assert.ts';
import { SqlError } from '../../base/error.ts';
import type { AlterUserStatement, Statement } from './ast.ts';
import {
  quoteName,
  quoteString,
  restoreExpression,
  restoreExpressions,
  restoreTableName,
  restoreVariable,
} from './restore-expression.ts';
import { restoreDelete, restoreInsert, restoreLoad, restoreQuery, restoreUpdate } from './restore-query.ts';
import {
  restoreAlterTable, restoreCreateTable, restoreCreateView, restoreDatabaseOptions, restoreIndexOptions, restoreParts, restoreUser,
} from './restore-schema.ts'; // prettier-ignore
import {
  restoreAccountOptions, restoreAccounts, restoreAdmin, restoreBegin, restoreCommit, restoreExplain, restoreFlush, restoreGrant, restorePasswordExtras,
  restoreMaintenance, restoreSetAssignment, restoreSetTransaction, restoreShow, users,
} from './restore-session.ts'; // prettier-ignore

export { quoteName, quoteString, restoreExpression, restoreOperand } from './restore-expression.ts';
export { restoreQuery } from './restore-query.ts';

export function restore(statement: Statement): string {
  switch (statement.kind) {
    case 'select':
    case 'set-operation':
    case 'parenthesized-query':
    case 'values':
    case 'table-query':
      return restoreQuery(statement);
    case 'insert':
      return restoreInsert(statement);
    case 'update':
      return restoreUpdate(statement);
    case 'delete':
      return restoreDelete(statement);
    case 'load-data':
      return restoreLoad(statement);
    case 'create-database': {
      const head = `create database ${statement.ifNotExists ? 'if not exists ' : ''}${quoteName(statement.name)}`;
      return `${head}${restoreDatabaseOptions(statement.options)}`;
    }
    case 'alter-database': {
      const name = statement.name === undefined ? '' : ` ${quoteName(statement.name)}`;
      return `alter database${name}${restoreDatabaseOptions(statement.options)}`;
    }
    case 'drop-database':
      return `drop database ${statement.ifExists ? 'if exists ' : ''}${quoteName(statement.name)}`;
    case 'create-table':
      return restoreCreateTable(statement);
    case 'create-table-like': {
      const head = `create ${statement.temporary ? 'temporary ' : ''}table ${statement.ifNotExists ? 'if not exists ' : ''}`;
      return `${head}${restoreTableName(statement.table)} like ${restoreTableName(statement.source)}`;
    }
    case 'alter-table':
      return restoreAlterTable(statement);
    case 'drop-table': {
      const head = `drop ${statement.temporary ? 'temporary ' : ''}table ${statement.ifExists ? 'if exists ' : ''}`;
      return `${head}${statement.tables.map(restoreTableName).join(', ')}`;
    }
    case 'truncate-table':
      return `truncate table ${restoreTableName(statement.table)}`;
    case 'flashback-table':
      return `flashback table ${restoreTableName(statement.table)}${statement.to === undefined ? '' : ` to ${quoteName(statement.to)}`}`;
    case 'flashback-database':
      return `flashback database ${quoteName(statement.name)}${statement.to === undefined ? '' : ` to ${quoteName(statement.to)}`}`;
    case 'rename-table':
      return `rename table ${statement.renames.map((one) => `${restoreTableName(one.from)} to ${restoreTableName(one.to)}`).join(', ')}`;
    case 'create-index': {
      const { index } = statement;
      const kind = index.kind === 'index' ? '' : `${index.kind} `;
      const head = `create ${kind}index ${index.ifNotExists ? 'if not exists ' : ''}${quoteName(index.name!)}`;
      const body = `${restoreTableName(statement.table)} (${restoreParts(index.parts)})${restoreIndexOptions(index.options)}`;
      return `${head} on ${body}${online(statement)}`;
    }
    case 'drop-index': {
      const head = `drop index ${statement.ifExists ? 'if exists ' : ''}${quoteName(statement.name)}`;
      return `${head} on ${restoreTableName(statement.table)}${online(statement)}`;
    }
    case 'create-view':
      return restoreCreateView(statement);
    case 'drop-view':
      return `drop view ${statement.ifExists ? 'if exists ' : ''}${statement.views.map(restoreTableName).join(', ')}`;
    default:
      return restoreSession(statement);
  }
}

function online({ algorithm, lock }: { readonly algorithm?: string; readonly lock?: string }): string {
  const first = algorithm === undefined ? '' : ` algorithm = ${algorithm.toLowerCase()}`;
  return lock === undefined ? first : `${first} lock = ${lock.toLowerCase()}`;
}

type SessionStatement = Exclude<
  Statement,
  { kind: 'select' | 'set-operation' | 'parenthesized-query' | 'values' | 'table-query' | 'insert' | 'update' | 'delete' | 'load-data'
      | 'create-database' | 'alter-database' | 'drop-database' | 'create-table' | 'create-table-like' | 'alter-table' | 'drop-table'
      | 'truncate-table' | 'flashback-table' | 'flashback-database' | 'rename-table' | 'create-index' | 'drop-index' | 'create-view' | 'drop-view' }
>; // prettier-ignore

function restoreSession(statement: SessionStatement): string {
  switch (statement.kind) {
    case 'begin':
      return restoreBegin(statement);
    case 'commit':
    case 'rollback':
      return restoreCommit(statement);
    case 'savepoint':
      return `savepoint ${quoteName(statement.name)}`;
    case 'rollback-to-savepoint':
      return `rollback to savepoint ${quoteName(statement.name)}`;
    case 'release-savepoint':
      return `release savepoint ${quoteName(statement.name)}`;
    case 'lock-tables': {
      const list = statement.tables.map(({ table, alias, mode }) => {
        return `${restoreTableName(table)}${alias === undefined ? '' : ` as ${quoteName(alias)}`} ${mode.toLowerCase()}`;
      });
      return `lock tables ${list.join(', ')}`;
    }
    case 'unlock-tables':
      return 'unlock tables';
    case 'set':
      return `set ${statement.assignments.map(restoreSetAssignment).join(', ')}`;
    case 'set-transaction':
      return restoreSetTransaction(statement);
    case 'set-password': {
      const target = statement.user === undefined ? '' : ` for ${restoreUser(statement.user)}`;
      const { random, password } = statement.authentication;
      const value = random === true ? ' to random' : ` = ${quoteString(password ?? '')}`;
      return `set password${target}${value}${restorePasswordExtras(statement.authentication)}`;
    }
    case 'set-role':
      return `set role ${statement.mode === 'LIST' ? '' : `${statement.mode.toLowerCase()} `}${users(statement.roles)}`.trimEnd();
    case 'set-default-role':
      return `set default role ${statement.mode === 'LIST' ? users(statement.roles) : statement.mode.toLowerCase()} to ${users(statement.users)}`;
    case 'prepare': {
      const source =
        statement.source.kind === 'text'
          ? quoteString(statement.source.sql)
          : restoreVariable(statement.source.variable.name);
      return `prepare ${quoteName(statement.name)} from ${source}`;
    }
    case 'execute': {
      const using = statement.using.map((one) => restoreVariable(one.name)).join(', ');
      return `execute ${quoteName(statement.name)}${using === '' ? '' : ` using ${using}`}`;
    }
    case 'deallocate':
      return `deallocate prepare ${quoteName(statement.name)}`;
    case 'show':
      return restoreShow(statement);
    case 'describe':
      return `describe ${restoreTableName(statement.table)}${statement.column === undefined ? '' : ` ${quoteString(statement.column)}`}`;
    case 'explain': {
      const { target } = statement;
      return restoreExplain(
        statement,
        target.kind === 'connection' ? `for connection ${target.id}` : restore(target.statement),
      );
    }
    case 'use':
      return `use ${quoteName(statement.schema)}`;
    case 'help':
      return `help ${quoteString(statement.topic)}`;
    case 'table-maintenance':
      return restoreMaintenance(statement);
    case 'reset-persist':
      return `reset persist${statement.ifExists ? ' if exists' : ''}${statement.name === undefined ? '' : ` ${statement.name}`}`;
    case 'admin':
      return restoreAdmin(statement);
    case 'flush':
      return restoreFlush(statement);
    case 'kill':
      return `kill ${statement.target} ${restoreExpression(statement.id)}`;
    case 'do':
      return `do ${restoreExpressions(statement.expressions)}`;
    case 'call-procedure':
      return `call ${restoreTableName(statement.procedure)}(${restoreExpressions(statement.args)})`;
    case 'reload-tls':
      return 'alter instance reload tls';
    case 'shutdown':
    case 'restart':
      return statement.kind;
    default:
      return restoreAccount(statement);
  }
}

type AccountStatement = Extract<
  SessionStatement,
  { kind: 'create-user' | 'alter-user' | 'drop-user' | 'rename-user' | 'create-role' | 'drop-role' | 'grant' | 'revoke' | 'grant-role'
      | 'revoke-role' | 'revoke-all' | 'unsupported' }
>; // prettier-ignore

function restoreAccount(statement: AccountStatement): string {
  switch (statement.kind) {
    case 'create-user': {
      const roles = statement.defaultRoles.length === 0 ? '' : ` default role ${users(statement.defaultRoles)}`;
      const head = `create user ${statement.ifNotExists ? 'if not exists ' : ''}${restoreAccounts(statement.users)}`;
      return `${head}${roles}${restoreAccountOptions(statement.options)}`;
    }
    case 'alter-user':
      return restoreAlterUser(statement);
    case 'drop-user':
      return `drop user ${statement.ifExists ? 'if exists ' : ''}${users(statement.users)}`;
    case 'rename-user':
      return `rename user ${statement.renames.map((one) => `${restoreUser(one.from)} to ${restoreUser(one.to)}`).join(', ')}`;
    case 'create-role':
      return `create role ${statement.conditional ? 'if not exists ' : ''}${users(statement.roles)}`;
    case 'drop-role':
      return `drop role ${statement.conditional ? 'if exists ' : ''}${users(statement.roles)}`;
    case 'grant':
    case 'revoke':
      return restoreGrant(statement);
    case 'grant-role':
      return `grant ${users(statement.roles)} to ${users(statement.users)}${statement.adminOption ? ' with admin option' : ''}`;
    case 'revoke-role':
      return `revoke ${statement.ifExists ? 'if exists ' : ''}${users(statement.roles)} from ${users(statement.users)}${ignoring(statement)}`;
    case 'revoke-all':
      return `revoke ${statement.ifExists ? 'if exists ' : ''}all privileges, grant option from ${users(statement.users)}${ignoring(statement)}`;
    case 'unsupported':
      throw new SqlError(1235, '42000', `This version of Rutile doesn't yet support '${statement.name}'`);
    default:
      return unreachable(statement);
  }
}

const ignoring = ({ ignoreUnknownUser }: { readonly ignoreUnknownUser: boolean }): string =>
  ignoreUnknownUser ? ' ignore unknown user' : '';

function restoreAlterUser(statement: AlterUserStatement): string {
  const head = `alter user ${statement.ifExists ? 'if exists ' : ''}${restoreAccounts(statement.users)}`;
  const roles = statement.defaultRoles;
  if (roles === undefined) return `${head}${restoreAccountOptions(statement.options)}`;
  return `${head} default role ${roles.mode === 'LIST' ? users(roles.roles) : roles.mode.toLowerCase()}`;
}
