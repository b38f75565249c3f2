/**
 * The syntax tree of MySQL 8.0 as Rutile reads it. `parse` makes it, `restore` prints it, nobody changes it: every field is readonly,
 * so that plans and views may share parts. Expressions, queries, schema statements and the rest have a file each.
 */
import type * as query from './ast-query.ts';
import type * as schema from './ast-schema.ts';
import type * as session from './ast-session.ts';

export type * from './ast-expression.ts';
export type * from './ast-query.ts';
export type * from './ast-schema.ts';
export type * from './ast-session.ts';

/** A SELECT, VALUES, TABLE or set operation stands as a statement by itself. */
export type Statement =
  | query.QueryNode
  | query.InsertStatement
  | query.UpdateStatement
  | query.DeleteStatement
  | query.LoadDataStatement
  | schema.CreateDatabaseStatement
  | schema.AlterDatabaseStatement
  | schema.DropDatabaseStatement
  | schema.CreateTableStatement
  | schema.CreateTableLikeStatement
  | schema.AlterTableStatement
  | schema.DropTableStatement
  | schema.TruncateTableStatement
  | schema.FlashbackTableStatement
  | schema.FlashbackDatabaseStatement
  | schema.RenameTableStatement
  | schema.CreateIndexStatement
  | schema.DropIndexStatement
  | schema.CreateViewStatement
  | schema.DropViewStatement
  | session.BeginStatement
  | session.CommitStatement
  | session.SavepointStatement
  | session.LockTablesStatement
  | session.UnlockTablesStatement
  | session.SetStatement
  | session.SetTransactionStatement
  | session.SetPasswordStatement
  | session.SetRoleStatement
  | session.SetDefaultRoleStatement
  | session.PrepareStatement
  | session.ExecuteStatement
  | session.DeallocateStatement
  | session.ShowStatement
  | session.DescribeStatement
  | session.ExplainStatement
  | session.UseStatement
  | session.HelpStatement
  | session.TableMaintenanceStatement
  | session.AdminStatement
  | session.ResetPersistStatement
  | session.FlushStatement
  | session.KillStatement
  | session.DoStatement
  | session.CallStatement
  | session.ShutdownStatement
  | session.CreateUserStatement
  | session.AlterUserStatement
  | session.DropUserStatement
  | session.RenameUserStatement
  | session.RoleStatement
  | session.GrantStatement
  | session.GrantRoleStatement
  | session.RevokeAllStatement
  | session.UnsupportedStatement;

export interface ParseOptions {
  /** The names in `sql_mode` that change reading: ANSI_QUOTES, NO_BACKSLASH_ESCAPES, PIPES_AS_CONCAT, IGNORE_SPACE, HIGH_NOT_PRECEDENCE, REAL_AS_FLOAT. */
  readonly ansiQuotes?: boolean;
  readonly noBackslashEscapes?: boolean;
  readonly pipesAsConcat?: boolean;
  readonly ignoreSpace?: boolean;
  readonly highNotPrecedence?: boolean;
  readonly realAsFloat?: boolean;
  /** The text is for a prepared statement: `?` is allowed and literals are not lifted. */
  readonly prepared?: boolean;
}

export interface ParsedStatement {
  readonly statement: Statement;
  /** The statement's text is `sql.slice(start, end)`, without the semicolon. */
  readonly start: number;
  readonly end: number;
  /** `?` markers. */
  readonly parameterCount: number;
  /** Literal tokens; `digestText` of the same text gives as many. */
  readonly literalCount: number;
  /** Ordinals of literals whose value shaped the tree: a plan found under the digest fits only if these are equal. Sorted. */
  readonly pinnedLiterals: readonly number[];
}
