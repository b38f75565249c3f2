/**
 * Queries and row-changing statements as text again.
 */
import { unreachable } from '../../base/assert.ts';
import type {
  ColumnAssignment, DeleteStatement, FileFormat, HintNode, InsertStatement, IntoClause, JsonTableColumn, LimitClause, LoadDataStatement,
  QueryClauses, QueryNode, SelectItem, SelectNode, SetOperationNode, TableNode, TableReference, UpdateStatement, WithClause,
} from './ast.ts'; // prettier-ignore
import {
  quoteName, quoteString, restoreExpression, restoreExpressions, restoreNames, restoreOrder, restoreResponses, restoreTableName,
  restoreType, restoreVariable, restoreWindowSpecification,
} from './restore-expression.ts'; // prettier-ignore

export function restoreQuery(query: QueryNode): string {
  const head = query.with === undefined ? '' : `${restoreWith(query.with)} `;
  return `${head}${restoreBody(query)}${restoreClauses(query)}`;
}

function restoreBody(query: QueryNode): string {
  switch (query.kind) {
    case 'select':
      return restoreSelect(query);
    case 'set-operation': {
      const quantifier = query.distinct ? '' : ' all';
      return `${restoreArm(query, query.left, true)} ${query.operator.toLowerCase()}${quantifier} ${restoreArm(query, query.right, false)}`;
    }
    case 'parenthesized-query':
      return `(${restoreQuery(query.query)})`;
    case 'values':
      return `values ${query.rows.map((row) => `row(${restoreExpressions(row)})`).join(', ')}`;
    case 'table-query':
      return `table ${restoreTableName(query.table)}`;
    default:
      return unreachable(query);
  }
}

/** An arm keeps its parentheses when it has clauses, or is a set operation that would bind otherwise. */
function restoreArm(parent: SetOperationNode, arm: QueryNode, left: boolean): string {
  const hasClauses =
    arm.with !== undefined ||
    arm.orderBy.length > 0 ||
    arm.limit !== undefined ||
    arm.locks.length > 0 ||
    arm.into !== undefined;
  let wrap = hasClauses || arm.kind === 'parenthesized-query';
  if (arm.kind === 'set-operation' && !wrap) {
    const tighter = arm.operator === 'INTERSECT' && parent.operator !== 'INTERSECT';
    const sameLevel = (arm.operator === 'INTERSECT') === (parent.operator === 'INTERSECT');
    wrap = !tighter && !(left && sameLevel);
  }
  return wrap ? `(${restoreQuery(arm)})` : restoreQuery(arm);
}

function restoreClauses(query: QueryClauses): string {
  let text = '';
  if (query.orderBy.length > 0) text += ` order by ${restoreOrder(query.orderBy)}`;
  if (query.limit !== undefined) text += restoreLimit(query.limit);
  for (const lock of query.locks) {
    text += ` for ${lock.strength.toLowerCase()}`;
    if (lock.tables.length > 0) text += ` of ${lock.tables.map(restoreTableName).join(', ')}`;
    if (lock.wait !== 'wait') text += lock.wait === 'nowait' ? ' nowait' : ' skip locked';
  }
  if (query.into !== undefined) text += restoreInto(query.into);
  return text;
}

export function restoreLimit(limit: LimitClause): string {
  const offset = limit.offset === undefined ? '' : ` offset ${restoreExpression(limit.offset)}`;
  return ` limit ${restoreExpression(limit.count)}${offset}`;
}

function restoreInto(into: IntoClause): string {
  switch (into.kind) {
    case 'variables':
      return ` into ${into.variables.map((one) => restoreVariable(one.name)).join(', ')}`;
    case 'dumpfile':
      return ` into dumpfile ${quoteString(into.file)}`;
    case 'outfile': {
      const charset = into.charset === undefined ? '' : ` character set ${into.charset}`;
      return ` into outfile ${quoteString(into.file)}${charset}${restoreFormat(into.format)}`;
    }
    default:
      return unreachable(into);
  }
}

function restoreFormat(format: FileFormat): string {
  let fields = '';
  if (format.fieldsTerminatedBy !== undefined) fields += ` terminated by ${quoteString(format.fieldsTerminatedBy)}`;
  if (format.fieldsEnclosedBy !== undefined) {
    fields += `${format.fieldsOptionallyEnclosed ? ' optionally' : ''} enclosed by ${quoteString(format.fieldsEnclosedBy)}`;
  }
  if (format.fieldsEscapedBy !== undefined) fields += ` escaped by ${quoteString(format.fieldsEscapedBy)}`;
  let lines = '';
  if (format.linesStartingBy !== undefined) lines += ` starting by ${quoteString(format.linesStartingBy)}`;
  if (format.linesTerminatedBy !== undefined) lines += ` terminated by ${quoteString(format.linesTerminatedBy)}`;
  return `${fields === '' ? '' : ` fields${fields}`}${lines === '' ? '' : ` lines${lines}`}`;
}

export function restoreWith(clause: WithClause): string {
  const tables = clause.tables.map((table) => {
    const columns = table.columns.length === 0 ? '' : ` (${restoreNames(table.columns)})`;
    return `${quoteName(table.name)}${columns} as (${restoreQuery(table.query)})`;
  });
  return `with ${clause.recursive ? 'recursive ' : ''}${tables.join(', ')}`;
}

function restoreHints(hints: readonly HintNode[]): string {
  const texts = hints.map((hint) => (hint.malformed === true ? '?' : `${hint.name}(${hint.text})`));
  return texts.length === 0 ? '' : ` /*+ ${texts.join(' ')} */`;
}

function restoreSelect(select: SelectNode): string {
  let text = `select${restoreHints(select.hints)}`;
  if (select.distinct) text += ' distinct';
  for (const option of select.options) text += ` ${option.toLowerCase()}`;
  text += ` ${select.items.map(restoreItem).join(', ')}`;
  if (select.from.length > 0) text += ` from ${select.from.map(restoreTable).join(', ')}`;
  if (select.where !== undefined) text += ` where ${restoreExpression(select.where)}`;
  if (select.groupBy.length > 0)
    text += ` group by ${restoreExpressions(select.groupBy)}${select.rollup ? ' with rollup' : ''}`;
  if (select.having !== undefined) text += ` having ${restoreExpression(select.having)}`;
  if (select.windows.length > 0) {
    text += ` window ${select.windows.map((one) => `${quoteName(one.name)} as ${restoreWindowSpecification(one.specification)}`).join(', ')}`;
  }
  return text;
}

function restoreItem(item: SelectItem): string {
  if (item.kind === 'wildcard') {
    if (item.table === undefined) return '*';
    return `${item.schema === undefined ? '' : `${quoteName(item.schema)}.`}${quoteName(item.table)}.*`;
  }
  const expression = restoreExpression(item.expression);
  return item.alias === undefined ? expression : `${expression} as ${item.alias === '' ? "''" : quoteName(item.alias)}`;
}

// ---- tables ----

function alias(name: string | undefined): string {
  return name === undefined ? '' : ` as ${quoteName(name)}`;
}

function restoreTable(table: TableReference): string {
  switch (table.kind) {
    case 'table':
      return restorePlainTable(table);
    case 'derived-table': {
      const columns = table.columns.length === 0 ? '' : ` (${restoreNames(table.columns)})`;
      return `${table.lateral ? 'lateral ' : ''}(${restoreQuery(table.query)})${alias(table.alias)}${columns}`;
    }
    case 'json-table':
      return `json_table(${restoreExpression(table.document)}, ${quoteString(table.path)} columns (${restoreJsonColumns(table.columns)}))${alias(table.alias)}`; // prettier-ignore
    case 'join': {
      const word = table.joinType === 'STRAIGHT' ? 'straight_join' : joinWords(table.joinType, table.natural);
      const right = table.right.kind === 'join' ? `(${restoreTable(table.right)})` : restoreTable(table.right);
      let text = `${restoreTable(table.left)} ${word} ${right}`;
      if (table.on !== undefined) text += ` on ${restoreExpression(table.on)}`;
      if (table.using !== undefined) text += ` using (${restoreNames(table.using)})`;
      return text;
    }
    default:
      return unreachable(table);
  }
}

function joinWords(type: 'INNER' | 'CROSS' | 'LEFT' | 'RIGHT', natural: boolean): string {
  const word = type === 'INNER' ? 'join' : `${type.toLowerCase()} join`;
  return natural ? `natural ${word}` : word;
}

function restorePlainTable(table: TableNode): string {
  let text = restoreTableName(table.table);
  if (table.partitions.length > 0) text += ` partition (${restoreNames(table.partitions)})`;
  if (table.asOf !== undefined) text += ` as of timestamp ${restoreExpression(table.asOf)}`;
  text += alias(table.alias);
  for (const hint of table.indexHints) {
    const scope = hint.scope === undefined ? '' : ` for ${hint.scope.toLowerCase()}`;
    text += ` ${hint.action.toLowerCase()} index${scope} (${restoreNames(hint.indexes)})`;
  }
  return text;
}

function restoreJsonColumns(columns: readonly JsonTableColumn[]): string {
  return columns
    .map((column) => {
      if (column.kind === 'ordinality') return `${quoteName(column.name)} for ordinality`;
      if (column.kind === 'nested')
        return `nested path ${quoteString(column.path)} columns (${restoreJsonColumns(column.columns)})`;
      const head = `${quoteName(column.name)} ${restoreType(column.type)}${column.exists ? ' exists' : ''} path ${quoteString(column.path)}`;
      return `${head}${restoreResponses(column.onEmpty, column.onError)}`;
    })
    .join(', ');
}

// ---- rows ----

function restoreAssignments(assignments: readonly ColumnAssignment[]): string {
  return assignments.map((one) => `${restoreExpression(one.column)} = ${restoreExpression(one.value)}`).join(', ');
}

export function restoreInsert(statement: InsertStatement): string {
  let text = `${statement.replace ? 'replace' : 'insert'}${restoreHints(statement.hints)}`;
  if (statement.priority !== undefined) text += ` ${statement.priority.toLowerCase()}`;
  if (statement.ignore) text += ' ignore';
  text += ` into ${restoreTableName(statement.table)}`;
  if (statement.partitions.length > 0) text += ` partition (${restoreNames(statement.partitions)})`;
  if (statement.columns !== undefined) text += ` (${restoreExpressions(statement.columns)})`;
  const source = statement.source;
  switch (source.kind) {
    case 'rows':
      text += ` values ${source.rows.map((row) => `(${restoreExpressions(row)})`).join(', ')}`;
      break;
    case 'set':
      text += ` set ${restoreAssignments(source.assignments)}`;
      break;
    case 'query':
      text += ` ${restoreQuery(source.query)}`;
      break;
    default:
      return unreachable(source);
  }
  const row = statement.rowAlias;
  if (row !== undefined)
    text += ` as ${quoteName(row.name)}${row.columns.length === 0 ? '' : ` (${restoreNames(row.columns)})`}`;
  if (statement.onDuplicate.length > 0) text += ` on duplicate key update ${restoreAssignments(statement.onDuplicate)}`;
  return text;
}

export function restoreUpdate(statement: UpdateStatement): string {
  const head = statement.with === undefined ? '' : `${restoreWith(statement.with)} `;
  const words = `${statement.lowPriority ? ' low_priority' : ''}${statement.ignore ? ' ignore' : ''}`;
  const tables = statement.tables.map(restoreTable).join(', ');
  const set = restoreAssignments(statement.assignments);
  return `${head}update${restoreHints(statement.hints)}${words} ${tables} set ${set}${restoreTail(statement)}`;
}

function restoreTail(statement: UpdateStatement | DeleteStatement): string {
  let text = statement.where === undefined ? '' : ` where ${restoreExpression(statement.where)}`;
  if (statement.orderBy.length > 0) text += ` order by ${restoreOrder(statement.orderBy)}`;
  if (statement.limit !== undefined) text += restoreLimit(statement.limit);
  return text;
}

export function restoreDelete(statement: DeleteStatement): string {
  const head = statement.with === undefined ? '' : `${restoreWith(statement.with)} `;
  const words = `${statement.lowPriority ? ' low_priority' : ''}${statement.quick ? ' quick' : ''}${statement.ignore ? ' ignore' : ''}`;
  const start = `${head}delete${restoreHints(statement.hints)}${words}`;
  if (statement.targets !== undefined) {
    const tables = statement.tables.map(restoreTable).join(', ');
    return `${start} ${statement.targets.map(restoreTableName).join(', ')} from ${tables}${restoreTail(statement)}`;
  }
  const table = statement.tables[0] as TableNode;
  const partition = table.partitions.length === 0 ? '' : ` partition (${restoreNames(table.partitions)})`;
  return `${start} from ${restoreTableName(table.table)}${alias(table.alias)}${partition}${restoreTail(statement)}`;
}

export function restoreLoad(statement: LoadDataStatement): string {
  let text = `load ${statement.xml ? 'xml' : 'data'}`;
  if (statement.priority !== undefined) text += ` ${statement.priority.toLowerCase()}`;
  text += `${statement.local ? ' local' : ''} infile ${quoteString(statement.file)}`;
  if (statement.duplicates !== 'error') text += ` ${statement.duplicates}`;
  text += ` into table ${restoreTableName(statement.table)}`;
  if (statement.partitions.length > 0) text += ` partition (${restoreNames(statement.partitions)})`;
  if (statement.charset !== undefined) text += ` character set ${statement.charset}`;
  text += restoreFormat(statement.format);
  if (statement.ignoreLines > 0) text += ` ignore ${statement.ignoreLines} lines`;
  if (statement.columns !== undefined) text += ` (${restoreExpressions(statement.columns)})`;
  if (statement.assignments.length > 0) text += ` set ${restoreAssignments(statement.assignments)}`;
  return text;
}
