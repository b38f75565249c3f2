/**
 * `Binder`: what one statement's binding shares: fresh ids, the parameters met, which of their values were looked at (`pinned`), the
 * tables used. It makes literals into parameters, so that a plan fits every statement of one digest.
 *
 * A literal becomes a `parameter` only when the session gave values (it means to cache the plan) and the parser says that it can
 * be lifted. Whoever needs a literal's value to decide something calls `constantOf`, which pins it.
 */
import { SqlError } from '../../../base/error.ts';
import { charsetNameOf, encodeText, findCharset } from '../../../base/value/charset.ts';
import type { Datum } from '../../../base/value/datum.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import {
  BIGINT,
  BIGINT_UNSIGNED,
  DOUBLE,
  NULL_TYPE,
  fieldType,
  isBinaryString,
  isInteger,
  isString,
  TypeCode,
  varcharType,
} from '../../../base/value/field-type.ts';
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { OutputColumn } from '../../../proto/plan/physical.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import type { HintNode, LiteralNode, ParameterNode, QueryNode, WildcardItem } from '../../parser/ast.ts';
import { type PlacedHints, placeHints } from './hint-blocks.ts';
import type { BlockHints } from './hints.ts';
import type { JoinWay } from '../logical.ts';
import type { PlannerEnvironment } from '../environment.ts';
import { BOOLEAN } from '../expressions.ts';
import type { EvalContext } from '../../functions/context.ts';
import { inferCall } from '../../functions/index.ts';
import { parseDecimalText, temporalConstant } from '../functions.ts';
import type { ScopeColumn } from './scope.ts';
import { literalWidth } from './literal-width.ts';

const COMPARING = new Set([
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'nulleq',
  'in',
  'between',
  'like',
  'and',
  'or',
  'not',
  'plus',
  'minus',
  'mul',
  'div',
]);

export interface UsedTable {
  readonly database: string;
  readonly table: TableInfo;
}

export class Binder {
  readonly env: PlannerEnvironment;
  /** Text that node offsets point into; a view's body has its own. */
  sql: string;
  currentDatabase: string | undefined;
  readonly pinned = new Set<number>();
  readonly tables = new Map<number, UsedTable>();
  /** Virtual tables, user variables and the like make a plan unfit for other sessions or later use. */
  cacheable = true;
  /** Above 0: literals are taken by value (select items named by their text, digits of ROUND, …). */
  pinning = 0;
  /** Inside a view literals are the view's own. */
  insideView = 0;
  /** Inside a view that reads with its definer's rights: whose, as `user@host`. */
  definer: string | undefined = undefined;
  /** A query that is only asked whether it has rows: its `*` reads no column. */
  existsQuery: QueryNode | undefined = undefined;
  /** Above 0: expressions of the schema, whose columns nobody needs rights for. */
  unguarded = 0;
  /** First index free for correlated and derived parameters. */
  parameterCount: number;
  private idNext: ColumnId = 1;
  cteNext = 1;
  /** User variables that will have a value of this type by the time they are read. */
  variableTypes: ReadonlyMap<string, FieldType> | undefined = undefined;
  /** Where somebody wants to know them: the columns that each `*` stood for. */
  stars: Map<WildcardItem, readonly ScopeColumn[]> | undefined = undefined;
  /** MAX_EXECUTION_TIME(n) and SET_VAR(name = value) of the statement's hints. */
  maxExecutionTimeMs: number | undefined;
  readonly setVariables = new Map<string, string>();
  /** HASH_AGG or STREAM_AGG, for all groups of the statement. */
  aggregateWay: 'hash' | 'stream' | undefined;
  /** Some table shall be read in columns. */
  wantsColumns = false;
  /** Ways of joins that were asked for, with the hint, until one join is run so. */
  readonly joinHints = new Map<JoinWay, string>();
  readonly blockHints = new Map<object, BlockHints>();
  readonly hintWarnings = new Set<string>();
  private placed: ReadonlyMap<object, PlacedHints> | undefined;
  private readonly plainOptions: { readonly context: EvalContext };
  private readonly inferOptions: { readonly context: EvalContext; readonly constantOf: (e: Expression) => Expression };

  private readonly root: object | undefined;

  /** `root`: the statement, whose hints may be for any of its blocks. */
  constructor(env: PlannerEnvironment, root?: object) {
    this.env = env;
    this.root = root;
    this.sql = env.sql;
    this.currentDatabase = env.currentDatabase;
    this.plainOptions = { context: env.evalContext };
    this.inferOptions = { context: env.evalContext, constantOf: (e) => this.constantOf(e) };
    this.parameterCount = Math.max(env.parameterTypes.length, env.parameterValues?.length ?? 0);
  }

  /**
   * A call with its types. Comparisons never ask for a parameter's value (a plan must fit other values); what decides types
   * (digits of ROUND, JSON paths) does, and pins it.
   */
  infer(name: string, args: readonly Expression[]): Expression {
    return inferCall(name, args, COMPARING.has(name) ? this.plainOptions : this.inferOptions);
  }

  /** The hints for a block, wherever they are written. */
  hintsFor(node: { readonly hints: readonly HintNode[] }): PlacedHints {
    if (this.root === undefined || !this.env.sql.includes('/*+')) return { hints: node.hints, block: 1 };
    this.placed ??= placeHints(this.root, this);
    return this.placed.get(node) ?? { hints: node.hints, block: 1 };
  }

  /** The statement is a query, no query of a statement that writes. */
  get isQuery(): boolean {
    const kind = (this.root as { readonly kind?: string } | undefined)?.kind;
    return kind !== undefined && kind !== 'insert' && kind !== 'update' && kind !== 'delete';
  }

  newId(): ColumnId {
    return this.idNext++;
  }

  newColumn(name: string, type: FieldType): OutputColumn {
    return { id: this.idNext++, name, type };
  }

  text(node: { readonly start: number; readonly end: number }): string {
    return this.sql.slice(node.start, node.end);
  }

  literal(node: LiteralNode): Expression {
    const constant = literalConstant(node, this.env);
    const index = node.parameterIndex;
    if (index < 0 || this.insideView > 0) return constant;
    if (index >= this.parameterCount) this.parameterCount = index + 1;
    const values = this.env.parameterValues;
    if (values === undefined || index >= values.length) return constant;
    // A decimal's scale decides the type of what it meets, so its value is part of the plan.
    if (this.pinning > 0 || node.literal === 'decimal' || node.literal === 'bytes') {
      this.pinned.add(index);
      return constant;
    }
    const type = anyLength(this.env.parameterTypes[index] ?? constant.type);
    return { kind: 'parameter', index, type: isString(type) ? { ...type, length: literalWidth(type.length) } : type };
  }

  parameter(node: ParameterNode): Expression {
    const index = node.index;
    if (index >= this.parameterCount) this.parameterCount = index + 1;
    const values = this.env.parameterValues;
    const collation = this.env.evalContext.session.connectionCollation;
    let type = this.env.parameterTypes[index] ?? (values === undefined ? varcharType(255, collation) : NULL_TYPE);
    // A text parameter is compared as a literal in its place would be, whatever the wire or a variable says of it.
    if (isString(type) && !isBinaryString(type) && type.collation !== collation)
      type = { ...type, collation, charset: charsetNameOf(collation) };
    // Of text as much as the wire's own parameters have.
    type = isString(type) ? { ...type, length: 65535 } : anyLength(type);
    if (this.pinning > 0 && values !== undefined && index < values.length) {
      this.pinned.add(index);
      return { kind: 'constant', value: values[index]!, type };
    }
    return { kind: 'parameter', index, type };
  }

  /** The value behind a constant or parameter without making the plan depend on it: for estimates only. */
  peek(expression: Expression): Datum | undefined {
    if (expression.kind === 'constant') return expression.value;
    if (expression.kind === 'parameter') return this.env.parameterValues?.[expression.index];
    return undefined;
  }

  /** The expression by value, when it is a constant or a parameter with a value; the plan then fits that value only. */
  constantOf(expression: Expression): Expression {
    if (expression.kind !== 'parameter') return expression;
    const values = this.env.parameterValues;
    if (values === undefined || expression.index >= values.length) return expression;
    this.pinned.add(expression.index);
    return { kind: 'constant', value: values[expression.index]!, type: expression.type };
  }

  pin(expression: Expression): void {
    if (expression.kind === 'parameter' && expression.index < (this.env.parameterValues?.length ?? 0))
      this.pinned.add(expression.index);
  }

  pinLiteral(node: LiteralNode): void {
    if (node.parameterIndex >= 0) this.pinned.add(node.parameterIndex);
  }

  // ---- rights ----

  check(privilege: string, database: string, table: string): void {
    this.env.checkPrivilege(privilege, database, table, this.definer);
  }

  rights(privilege: string, database: string, table: string): 'all' | 'some' | 'none' {
    return this.env.columnRights(privilege, database, table, this.definer);
  }

  checkColumn(privilege: string, database: string, table: string, column: string): void {
    this.env.checkColumn(privilege, database, table, column, this.definer);
  }

  /** A column whose value the statement looks at. */
  // hot
  read(column: ScopeColumn): void {
    const { guard } = column;
    if (guard !== undefined && this.unguarded === 0)
      this.checkColumn('SELECT', guard.database, guard.table, guard.column);
  }

  /** The columns that a `*` stands for: a message that names one would tell that it is there. */
  readAll(columns: readonly ScopeColumn[]): void {
    for (const { guard } of columns) {
      if (guard === undefined || this.unguarded > 0) continue;
      try {
        this.checkColumn('SELECT', guard.database, guard.table, guard.column);
      } catch {
        this.check('SELECT', guard.database, guard.table);
      }
    }
  }

  /** FOR UPDATE: whoever may not change anything may not keep others from it. */
  checkLock(database: string, table: string): void {
    for (const privilege of ['UPDATE', 'DELETE', 'LOCK TABLES'])
      if (this.rights(privilege, database, table) !== 'none') return;
    this.check('SELECT with locking clause', database, table);
  }

  use(database: string, table: TableInfo): void {
    this.tables.set(table.id, { database, table });
  }
}

/** An integer that may have other digits at the next execution: a plan that took its present width would cut wider ones. */
function anyLength(type: FieldType): FieldType {
  if (!isInteger(type)) return type;
  const { length } = type.unsigned ? BIGINT_UNSIGNED : BIGINT;
  return type.length === length ? type : { ...type, length };
}

/** A literal as a constant of its own type. */
export function literalConstant(node: LiteralNode, env: PlannerEnvironment): Expression {
  const notNull = true;
  switch (node.literal) {
    case 'null':
      return { kind: 'constant', value: null, type: NULL_TYPE };
    case 'boolean':
      return { kind: 'constant', value: node.value ? 1 : 0, type: { ...BOOLEAN, notNull } };
    case 'integer': {
      const digits = String(node.value).length;
      const type = typeof node.value === 'bigint' && node.value > 9223372036854775807n ? BIGINT_UNSIGNED : BIGINT;
      return { kind: 'constant', value: node.value, type: { ...type, length: digits, notNull } };
    }
    case 'decimal': {
      const value = parseDecimalText(node.value);
      const precision = Math.max(String(value.digits).replace('-', '').length, value.scale);
      return {
        kind: 'constant',
        value,
        type: fieldType(TypeCode.DECIMAL, { length: precision, decimals: value.scale, notNull }),
      };
    }
    case 'float':
      return { kind: 'constant', value: node.value, type: { ...DOUBLE, notNull } };
    case 'string': {
      const session = env.evalContext.session;
      if (node.charset !== undefined) return introduced(encodeText(node.value, session.clientCharset), node.charset);
      return {
        kind: 'constant',
        value: node.value,
        type: { ...varcharType(node.value.length, session.connectionCollation), notNull },
      };
    }
    case 'bytes': {
      if (node.charset !== undefined) return introduced(node.value, node.charset);
      return {
        kind: 'constant',
        value: node.value,
        type: { ...varcharType(node.value.length, 'binary'), notNull, numberLiteral: true },
      };
    }
    case 'date':
    case 'time':
    case 'timestamp':
      return temporalConstant(node.literal, node.value, env.evalContext);
  }
}

/** `_charset'…'`: the bytes as they were sent, read as text of that character set. */
function introduced(bytes: Uint8Array, name: string): Expression {
  if (name === 'binary')
    return { kind: 'constant', value: bytes, type: { ...varcharType(bytes.length, 'binary'), notNull: true } };
  const charset = findCharset(name);
  if (charset === undefined) throw new SqlError(1115, '42000', `Unknown character set: '${name}'`);
  const value = charset.decode(bytes);
  if (value === undefined) {
    const shown = Buffer.from(bytes.subarray(0, 6)).toString('hex').toUpperCase();
    throw new SqlError(1300, 'HY000', `Invalid ${charset.name} character string: '${shown}'`);
  }
  return {
    kind: 'constant',
    value,
    type: { ...varcharType(value.length, charset.defaultCollation), notNull: true },
  };
}
