/**
 * Transactions, SET, PREPARE, EXPLAIN, maintenance and the small statements.
 */
import type {
  BeginStatement, ExplainStatement, IsolationLevel, LockTablesStatement, SetAssignment, SetStatement, SetTransactionStatement, Statement,
  TableMaintenanceStatement, TableName, UserName, UserVariableNode, VariableScope, ExpressionNode, AdminStatement, FlushStatement,
} from './ast.ts'; // prettier-ignore
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { parsePasswordExtras, parseUser, parseUsers } from './parser-account.ts';
import { parseExpression, parseExpressions, userVariable, variableName, variableScope } from './parser-expression.ts';
import { startsQueryOrGroup } from './parser-query.ts';
import { optionalAlias } from './parser-table.ts';
import { charsetName, collationName } from './parser-type.ts';

// ---- transactions ----

export function parseBegin(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  const statement: Mutable<BeginStatement> = { kind: 'begin', consistentSnapshot: false, start, end: 0 };
  const mode = parser.acceptAny('PESSIMISTIC', 'OPTIMISTIC');
  if (mode !== undefined) statement.mode = mode === 'PESSIMISTIC' ? 'pessimistic' : 'optimistic';
  else parser.accept('WORK');
  statement.end = parser.previousEnd;
  return statement;
}

/** After START TRANSACTION. */
export function parseStartTransaction(parser: Parser, start: number): Statement {
  const statement: Mutable<BeginStatement> = { kind: 'begin', consistentSnapshot: false, start, end: 0 };
  if (parser.word === 'WITH' || parser.word === 'READ') {
    do {
      if (parser.accept('WITH')) {
        parser.expectWords('CONSISTENT', 'SNAPSHOT');
        statement.consistentSnapshot = true;
      } else {
        if (statement.readOnly !== undefined) throw parser.syntaxError();
        statement.readOnly = accessMode(parser);
      }
    } while (parser.accept(','));
    if (statement.readOnly === true && parser.accept('AS')) {
      parser.expectWords('OF', 'TIMESTAMP');
      statement.asOf = parseExpression(parser);
    }
  }
  statement.end = parser.previousEnd;
  return statement;
}

/** READ ONLY: true; READ WRITE: false. */
function accessMode(parser: Parser): boolean {
  parser.expect('READ');
  if (parser.accept('ONLY')) return true;
  parser.expect('WRITE');
  return false;
}

export function parseCommit(parser: Parser): Statement {
  const start = parser.start;
  const kind = parser.word === 'COMMIT' ? 'commit' : 'rollback';
  parser.advance();
  parser.accept('WORK');
  if (kind === 'rollback' && parser.accept('TO')) {
    parser.accept('SAVEPOINT');
    return { kind: 'rollback-to-savepoint', name: parser.name(), start, end: parser.previousEnd };
  }
  let chain: boolean | undefined;
  let release: boolean | undefined;
  if (parser.accept('AND')) {
    chain = !parser.accept('NO');
    parser.expect('CHAIN');
  }
  if (parser.word === 'RELEASE') {
    if (chain === true) throw parser.syntaxError();
    parser.advance();
    release = true;
  } else if (parser.accept2('NO', 'RELEASE')) release = false;
  return { kind, chain, release, start, end: parser.previousEnd };
}

export function parseSavepoint(parser: Parser): Statement {
  const start = parser.start;
  const release = parser.accept('RELEASE');
  parser.expect('SAVEPOINT');
  return { kind: release ? 'release-savepoint' : 'savepoint', name: parser.name(), start, end: parser.previousEnd };
}

/** After LOCK TABLES. */
export function parseLockTables(parser: Parser, start: number): Statement {
  const tables: Mutable<LockTablesStatement['tables'][number]>[] = [];
  do {
    const table = parser.tableName();
    const alias = parser.word === 'LOW_PRIORITY' ? undefined : optionalAlias(parser);
    let mode: LockTablesStatement['tables'][number]['mode'];
    if (parser.accept('READ')) mode = parser.accept('LOCAL') ? 'READ LOCAL' : 'READ';
    else {
      mode = parser.accept('LOW_PRIORITY') ? 'LOW_PRIORITY WRITE' : 'WRITE';
      parser.expect('WRITE');
    }
    tables.push({ table, alias, mode });
  } while (parser.accept(','));
  return { kind: 'lock-tables', tables, start, end: parser.previousEnd };
}

// ---- SET ----

export function parseSet(parser: Parser): Statement {
  const start = parser.start;
  parser.expect('SET');
  switch (parser.word) {
    case 'PASSWORD':
      if (parser.peek() !== '.') return parseSetPassword(parser, start);
      break;
    case 'ROLE':
      if (parser.peek() !== '=' && parser.peek() !== ':=') return parseSetRole(parser, start);
      break;
    case 'DEFAULT':
      return parseSetDefaultRole(parser, start);
    case 'RESOURCE':
      if (parser.peek() === 'GROUP') {
        skipStatement(parser);
        return { kind: 'unsupported', name: 'SET RESOURCE GROUP', start, end: parser.previousEnd };
      }
      break;
  }
  const transaction = parseSetTransaction(parser, start);
  if (transaction !== undefined) return transaction;
  const assignments: SetAssignment[] = [];
  do assignments.push(parseSetAssignment(parser));
  while (parser.accept(','));
  const statement: SetStatement = { kind: 'set', assignments, start, end: parser.previousEnd };
  return statement;
}

function parseSetTransaction(parser: Parser, start: number): SetTransactionStatement | undefined {
  let scope: SetTransactionStatement['scope'] = 'next';
  if (parser.word === 'GLOBAL' || parser.word === 'SESSION' || parser.word === 'LOCAL') {
    if (parser.peek() !== 'TRANSACTION') return undefined;
    scope = parser.word === 'GLOBAL' ? 'global' : 'session';
    parser.advance();
  } else if (parser.word !== 'TRANSACTION') return undefined;
  if (parser.peek() === '=' || parser.peek() === ':=') return undefined;
  parser.advance();
  const statement: Mutable<SetTransactionStatement> = { kind: 'set-transaction', scope, start, end: 0 };
  do {
    if (parser.accept('ISOLATION')) {
      if (statement.isolation !== undefined) throw parser.syntaxError();
      parser.expect('LEVEL');
      statement.isolation = isolationLevel(parser);
    } else {
      if (statement.readOnly !== undefined) throw parser.syntaxError();
      statement.readOnly = accessMode(parser);
      if (statement.readOnly && parser.accept('AS')) {
        parser.expectWords('OF', 'TIMESTAMP');
        statement.asOf = parseExpression(parser);
      }
    }
  } while (parser.accept(','));
  statement.end = parser.previousEnd;
  return statement;
}

function isolationLevel(parser: Parser): IsolationLevel {
  if (parser.accept('SERIALIZABLE')) return 'SERIALIZABLE';
  if (parser.accept('REPEATABLE')) {
    parser.expect('READ');
    return 'REPEATABLE-READ';
  }
  parser.expect('READ');
  if (parser.accept('COMMITTED')) return 'READ-COMMITTED';
  parser.expect('UNCOMMITTED');
  return 'READ-UNCOMMITTED';
}

function parseSetAssignment(parser: Parser): SetAssignment {
  if (parser.type === Token.USER_VARIABLE) {
    const variable = userVariable(parser);
    assignmentSign(parser);
    return { kind: 'user-variable', variable, value: parseExpression(parser) };
  }
  if (parser.accept('@@')) {
    const first = parser.anyName();
    const scope = variableScope(first);
    if (scope !== undefined && parser.accept('.')) return systemVariable(parser, scope, variableName(parser));
    const name = parser.accept('.') ? `${first}.${parser.anyName()}` : first;
    return systemVariable(parser, 'default', name.toLowerCase());
  }
  switch (parser.word) {
    case 'NAMES':
      if (parser.peek() === '=') break;
      parser.advance();
      return parseNames(parser);
    case 'CHARSET':
    case 'CHARACTER':
    case 'CHAR':
      if (parser.word === 'CHARSET' ? parser.peek() === '=' : parser.peek() !== 'SET') break;
      if (!parser.accept('CHARSET')) {
        parser.advance();
        parser.expect('SET');
      }
      if (parser.accept('DEFAULT')) return { kind: 'character-set' };
      return { kind: 'character-set', charset: charsetName(parser) };
    case 'GLOBAL':
    case 'SESSION':
    case 'LOCAL':
    case 'PERSIST':
    case 'PERSIST_ONLY': {
      const next = parser.peek();
      if (next === '=' || next === ':=' || next === '.') break;
      const scope = variableScope(parser.word)!;
      parser.advance();
      return systemVariable(parser, scope, variableName(parser));
    }
  }
  return systemVariable(parser, 'default', variableName(parser));
}

function assignmentSign(parser: Parser): void {
  if (parser.word !== '=' && parser.word !== ':=') throw parser.syntaxError();
  parser.advance();
}

function systemVariable(parser: Parser, scope: VariableScope, name: string): SetAssignment {
  assignmentSign(parser);
  return { kind: 'system-variable', scope, name, value: parseSetValue(parser) };
}

/** DEFAULT, a word that is no expression (ON, ALL, BINARY, ROW, SYSTEM) or a name (`ansi`, `off`), or an expression. */
function parseSetValue(parser: Parser): ExpressionNode {
  const { start, end, word, type } = parser;
  switch (word) {
    case 'DEFAULT':
      if (parser.peek() === '(') break;
      parser.advance();
      return { kind: 'default', start, end };
    case 'ON':
    case 'ALL':
    case 'BINARY':
    case 'ROW':
    case 'SYSTEM': {
      if (word === 'BINARY' || word === 'ROW') {
        const state = parser.mark();
        parser.advance();
        const alone = parser.type === Token.END || parser.at(',') || parser.at(';');
        parser.reset(state);
        if (!alone) break;
      }
      return parser.wordLiteral(parser.anyName(), start);
    }
  }
  const value = parseExpression(parser);
  // A bare name is the value's word, not a column.
  if (value.kind === 'column' && value.table === undefined && (type === Token.WORD || type === Token.QUOTED)) {
    return parser.wordLiteral(value.name, start);
  }
  return value;
}

function parseNames(parser: Parser): SetAssignment {
  if (parser.accept('DEFAULT')) return { kind: 'names' };
  const charset = charsetName(parser);
  const collation = parser.accept('COLLATE') ? collationName(parser) : undefined;
  return { kind: 'names', charset, collation };
}

function parseSetPassword(parser: Parser, start: number): Statement {
  parser.advance();
  const user = parser.accept('FOR') ? parseUser(parser) : undefined;
  if (parser.accept('TO')) {
    parser.expect('RANDOM');
    const authentication = { random: true, ...parsePasswordExtras(parser) };
    return { kind: 'set-password', user, authentication, start, end: parser.previousEnd };
  }
  assignmentSign(parser);
  let password: string;
  if (parser.accept('PASSWORD')) {
    parser.expect('(');
    password = parser.string();
    parser.expect(')');
  } else {
    password = parser.string();
  }
  const authentication = { password, ...parsePasswordExtras(parser) };
  return { kind: 'set-password', user, authentication, start, end: parser.previousEnd };
}

function parseSetRole(parser: Parser, start: number): Statement {
  parser.advance();
  const mode = parser.acceptAny('DEFAULT', 'NONE', 'ALL');
  if (mode === 'ALL' && parser.accept('EXCEPT')) {
    return { kind: 'set-role', mode: 'ALL EXCEPT', roles: parseUsers(parser), start, end: parser.previousEnd };
  }
  if (mode !== undefined) return { kind: 'set-role', mode: mode as 'ALL', roles: [], start, end: parser.previousEnd };
  return { kind: 'set-role', mode: 'LIST', roles: parseUsers(parser), start, end: parser.previousEnd };
}

function parseSetDefaultRole(parser: Parser, start: number): Statement {
  parser.expectWords('DEFAULT', 'ROLE');
  const word = parser.acceptAny('NONE', 'ALL') as 'NONE' | undefined;
  const roles: UserName[] = word === undefined ? parseUsers(parser) : [];
  parser.expect('TO');
  const users = parseUsers(parser);
  return { kind: 'set-default-role', mode: word ?? 'LIST', roles, users, start, end: parser.previousEnd };
}

// ---- prepared statements ----

export function parsePrepare(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  const name = parser.name();
  parser.expect('FROM');
  if (parser.type === Token.USER_VARIABLE) {
    const variable = userVariable(parser);
    return { kind: 'prepare', name, source: { kind: 'variable', variable }, start, end: parser.previousEnd };
  }
  const sql = parser.string();
  return { kind: 'prepare', name, source: { kind: 'text', sql }, start, end: parser.previousEnd };
}

export function parseExecute(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  const name = parser.name();
  const using: UserVariableNode[] = [];
  if (parser.accept('USING')) {
    do using.push(userVariable(parser));
    while (parser.accept(','));
  }
  return { kind: 'execute', name, using, start, end: parser.previousEnd };
}

export function parseDeallocate(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  parser.expect('PREPARE');
  return { kind: 'deallocate', name: parser.name(), start, end: parser.previousEnd };
}

// ---- EXPLAIN, DESCRIBE ----

export function parseExplain(parser: Parser, parseExplained: (parser: Parser) => Statement): Statement {
  const start = parser.start;
  parser.advance();
  const analyze = parser.accept('ANALYZE');
  let format: string | undefined;
  if (parser.word === 'FORMAT' && parser.peek() === '=') {
    parser.advance();
    parser.advance();
    format = (parser.isString ? parser.string() : parser.anyName()).toLowerCase();
  } else if (!analyze && parser.acceptAny('EXTENDED', 'PARTITIONS') !== undefined) {
    // Old spellings; both are always on.
  }
  if (parser.word === 'FOR') {
    parser.advance();
    parser.expect('CONNECTION');
    const id = parser.integer();
    return { kind: 'explain', analyze, format, target: { kind: 'connection', id }, start, end: parser.previousEnd };
  }
  if (explainable(parser)) {
    const statement = parseExplained(parser);
    const explain: ExplainStatement = { kind: 'explain', analyze, format, target: { kind: 'statement', statement }, start, end: parser.previousEnd }; // prettier-ignore
    return explain;
  }
  if (analyze || format !== undefined) throw parser.syntaxError();
  const table = parser.tableName();
  let column: string | undefined;
  if (parser.isString) column = parser.string();
  else if (parser.isName) column = parser.name();
  return { kind: 'describe', table, column, start, end: parser.previousEnd };
}

function explainable(parser: Parser): boolean {
  switch (parser.word) {
    case 'INSERT':
    case 'REPLACE':
    case 'UPDATE':
    case 'DELETE':
      return true;
    default:
      return startsQueryOrGroup(parser);
  }
}

// ---- maintenance ----

const MAINTENANCE_OPTIONS: ReadonlySet<string> = new Set(['QUICK', 'FAST', 'MEDIUM', 'EXTENDED', 'CHANGED', 'USE_FRM']);

/** ANALYZE, CHECK, CHECKSUM, OPTIMIZE, REPAIR. */
export function parseMaintenance(parser: Parser): Statement {
  const start = parser.start;
  const action = parser.word as TableMaintenanceStatement['action'];
  parser.advance();
  const local = parser.acceptAny('NO_WRITE_TO_BINLOG', 'LOCAL') !== undefined;
  if (parser.acceptAny('TABLE', 'TABLES') === undefined) throw parser.syntaxError();
  const tables = parser.tableNames();
  const statement: Mutable<TableMaintenanceStatement> = {
    kind: 'table-maintenance',
    action,
    tables,
    local,
    options: [],
    start,
    end: 0,
  };
  if (action === 'ANALYZE') parseAnalyzeTail(parser, statement);
  const options: string[] = [];
  for (;;) {
    if (MAINTENANCE_OPTIONS.has(parser.word)) {
      options.push(parser.word);
      parser.advance();
    } else if (parser.accept2('FOR', 'UPGRADE')) options.push('FOR UPGRADE');
    else break;
  }
  if (action === 'ANALYZE' && options.length > 0) throw parser.syntaxError();
  statement.options = options;
  statement.end = parser.previousEnd;
  return statement;
}

function parseAnalyzeTail(parser: Parser, statement: Mutable<TableMaintenanceStatement>): void {
  const word = parser.word;
  if (word === 'UPDATE' || word === 'DROP') {
    parser.advance();
    parser.expectWords('HISTOGRAM', 'ON');
    const columns = parser.names();
    let buckets: number | undefined;
    if (parser.accept('WITH')) {
      buckets = parser.integer();
      parser.expect('BUCKETS');
    }
    statement.histogram = { action: word, columns, buckets };
    return;
  }
  if (parser.accept('PARTITION')) statement.partitions = parser.names();
  if (parser.accept('INDEX')) statement.indexes = parser.isName || parser.word === 'PRIMARY' ? indexNames(parser) : [];
}

function indexNames(parser: Parser): string[] {
  const names: string[] = [];
  do names.push(parser.word === 'PRIMARY' ? parser.anyName() : parser.name());
  while (parser.accept(','));
  return names;
}

export function parseResetPersist(parser: Parser): Statement {
  const start = parser.start;
  parser.expectWords('RESET', 'PERSIST');
  const ifExists = parser.acceptIfExists();
  let name: string | undefined;
  if (ifExists || parser.isName) {
    name = parser.name();
    if (parser.accept('.')) name += `.${parser.name()}`;
  }
  return { kind: 'reset-persist', name, ifExists, start, end: parser.previousEnd };
}

export function parseAdmin(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  const admin = parseAdminBody(parser);
  return { kind: 'admin', admin, start, end: parser.previousEnd };
}

function parseAdminBody(parser: Parser): AdminStatement['admin'] {
  if (parser.accept('CHECK')) {
    if (parser.accept('TABLE')) return { kind: 'check-table', tables: parser.tableNames() };
    parser.expect('INDEX');
    const table = parser.tableName();
    return { kind: 'check-index', table, index: parser.at('PRIMARY') ? parser.anyName() : parser.name() };
  }
  if (parser.accept('CHECKSUM')) {
    parser.expect('TABLE');
    return { kind: 'checksum-table', tables: parser.tableNames() };
  }
  const action = parser.acceptAny('CANCEL', 'PAUSE', 'RESUME') as 'CANCEL' | undefined;
  if (action !== undefined) {
    parser.expectWords('DDL', 'JOBS');
    return { kind: 'ddl-jobs', action, ids: integers(parser) };
  }
  parser.expectWords('SHOW', 'DDL');
  if (parser.accept('JOBS')) {
    const count = parser.type === Token.INTEGER ? parser.integer() : undefined;
    const where = parser.accept('WHERE') ? parseExpression(parser) : undefined;
    return { kind: 'show-ddl-jobs', count, where };
  }
  if (parser.accept('JOB')) {
    parser.expect('QUERIES');
    return { kind: 'show-ddl-job-queries', ids: integers(parser) };
  }
  return { kind: 'show-ddl' };
}

function integers(parser: Parser): number[] {
  const list = [parser.integer()];
  while (parser.accept(',')) list.push(parser.integer());
  return list;
}

export function parseFlush(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  const local = parser.acceptAny('NO_WRITE_TO_BINLOG', 'LOCAL') !== undefined;
  const statement: Mutable<FlushStatement> = {
    kind: 'flush',
    local,
    targets: [],
    tables: [],
    withReadLock: false,
    forExport: false,
    start,
    end: 0,
  };
  if (parser.acceptAny('TABLES', 'TABLE') !== undefined) {
    statement.targets = ['TABLES'];
    if (parser.isName) statement.tables = parser.tableNames();
    if (parser.accept('WITH')) {
      parser.expectWords('READ', 'LOCK');
      statement.withReadLock = true;
    } else if (parser.accept('FOR')) {
      parser.expect('EXPORT');
      statement.forExport = true;
    }
  } else {
    const targets: string[] = [];
    do targets.push(flushTarget(parser));
    while (parser.accept(','));
    statement.targets = targets;
  }
  statement.end = parser.previousEnd;
  return statement;
}

function flushTarget(parser: Parser): string {
  const kind = parser.acceptAny('BINARY', 'ENGINE', 'ERROR', 'GENERAL', 'SLOW', 'RELAY');
  if (kind !== undefined) {
    parser.expect('LOGS');
    return `${kind} LOGS`;
  }
  const word = parser.acceptAny('PRIVILEGES', 'STATUS', 'LOGS', 'HOSTS', 'USER_RESOURCES', 'OPTIMIZER_COSTS');
  if (word === undefined) throw parser.syntaxError();
  return word;
}

// ---- small ones ----

export function parseKill(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  const word = parser.acceptAny('CONNECTION', 'QUERY');
  const id = parseExpression(parser);
  return { kind: 'kill', target: word === 'QUERY' ? 'query' : 'connection', id, start, end: parser.previousEnd };
}

export function parseDo(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  return { kind: 'do', expressions: parseExpressions(parser), start, end: parser.previousEnd };
}

export function parseCall(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  const procedure: TableName = parser.tableName();
  let args: ExpressionNode[] = [];
  if (parser.accept('(')) {
    if (parser.word !== ')') args = parseExpressions(parser);
    parser.expect(')');
  }
  return { kind: 'call-procedure', procedure, args, start, end: parser.previousEnd };
}

/** Reads to the end of the statement without understanding it; compound bodies are read with their semicolons. */
export function skipStatement(parser: Parser): void {
  while (parser.type !== Token.END && !parser.at(';')) {
    if (parser.type === Token.INVALID) throw parser.syntaxError();
    parser.advance();
  }
}
