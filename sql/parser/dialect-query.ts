/**
 * Another dialect's queries and row-changing statements in our words.
 */
import type {
  ColumnAssignment, ColumnNode, DeleteStatement, ExpressionNode, InsertSource, InsertStatement, JoinNode, LimitClause, OrderItem,
  QueryNode, SelectItem, SelectNode, SetOperationNode, Statement, TableName, TableReference, UpdateStatement, WithClause, LockClause,
} from './ast.ts'; // prettier-ignore
import { translateExpression, translateExpressions } from './dialect-expression.ts';
import type { DialectContext, Foreign } from './dialect-node.ts';
import { aliasOf, AT, integer, isNode, listOf, nameOf, nodeOf, not, only, present, refuse } from './dialect-node.ts';
import { translateWindow } from './dialect-window.ts';
import type { Mutable } from './parser-base.ts';

export function translateStatement(context: DialectContext, value: unknown): Statement {
  const node = nodeOf(context, value, 'statement');
  switch (node['type']) {
    case 'select':
      return translateQuery(context, node);
    case 'insert':
    case 'replace':
      return translateInsert(context, node);
    case 'update':
      return translateUpdate(context, node);
    case 'delete':
      return translateDelete(context, node);
    default:
      throw refuse(context, String(node['type'] ?? 'statement').toUpperCase());
  }
}

// ---- set operations ----

/** Arms hang on `_next`, one after the other. ORDER BY and LIMIT of the whole hang on the last arm, unless it has parentheses. */
export function translateQuery(context: DialectContext, first: Foreign): QueryNode {
  const root = isNode(first['ast']) ? first['ast'] : first;
  const arms: Mutable<QueryNode>[] = [];
  const operators: Mutable<Pick<SetOperationNode, 'operator' | 'distinct'>>[] = [];
  let last = root;
  for (let node: unknown = root; isNode(node); node = node['_next']) {
    last = node;
    arms.push(translateSelect(context, node, arms.length === 0));
    if (present(node['_next'])) operators.push(setOperator(context, String(node['set_op'])));
  }
  if (arms.length === 1) {
    const single = arms[0]! as QueryNode;
    if (!present(root['_orderby']) && !present(root['_limit'])) return single;
    // `(SELECT … LIMIT 1) ORDER BY a`
    return {
      kind: 'parenthesized-query',
      query: single,
      orderBy: present(root['_orderby']) ? translateOrder(context, root['_orderby']) : [],
      limit: present(root['_limit']) ? translateLimit(context, root['_limit']) : undefined,
      locks: [],
      ...AT,
    };
  }
  const tail = arms.at(-1)!;
  const whole = combine(arms as QueryNode[], operators);
  if (last['parentheses_symbol'] !== true) {
    whole.orderBy = tail.orderBy;
    if (tail.limit !== undefined) whole.limit = tail.limit;
    tail.orderBy = [];
    delete tail.limit;
  }
  if (present(root['_orderby'])) whole.orderBy = translateOrder(context, root['_orderby']);
  if (present(root['_limit'])) whole.limit = translateLimit(context, root['_limit']);
  const head = arms[0]!;
  if (head.with !== undefined) {
    whole.with = head.with;
    delete head.with;
  }
  return whole as QueryNode;
}

function setOperator(context: DialectContext, words: string): Pick<SetOperationNode, 'operator' | 'distinct'> {
  const match = /^(union|intersect|except|minus)(?: (all|distinct))?$/i.exec(words.trim());
  if (match === null) throw refuse(context, words.toUpperCase());
  const operator = match[1]!.toUpperCase();
  return {
    operator: operator === 'MINUS' ? 'EXCEPT' : (operator as 'UNION'),
    distinct: match[2]?.toLowerCase() !== 'all',
  };
}

/** INTERSECT first, then from left to right. */
function combine(
  arms: readonly QueryNode[],
  operators: readonly Pick<SetOperationNode, 'operator' | 'distinct'>[],
): Mutable<QueryNode> {
  const terms: QueryNode[] = [arms[0]!];
  const between: Pick<SetOperationNode, 'operator' | 'distinct'>[] = [];
  for (const [index, operator] of operators.entries()) {
    const right = arms[index + 1]!;
    if (operator.operator === 'INTERSECT') terms.push(setOperation(operator, terms.pop()!, right));
    else {
      between.push(operator);
      terms.push(right);
    }
  }
  return between.reduce((left, operator, index) => setOperation(operator, left, terms[index + 1]!), terms[0]!);
}

function setOperation(
  operator: Pick<SetOperationNode, 'operator' | 'distinct'>,
  left: QueryNode,
  right: QueryNode,
): SetOperationNode {
  return { kind: 'set-operation', ...operator, left, right, orderBy: [], locks: [], ...AT };
}

function translateWith(context: DialectContext, value: unknown): WithClause {
  const list = listOf(value).map((one) => nodeOf(context, one, 'WITH'));
  const tables = list.map((table) => {
    only(context, table, 'WITH', 'name', 'stmt', 'columns', 'recursive');
    const statement = nodeOf(context, table['stmt'], 'WITH');
    const body = isNode(statement['ast']) ? statement['ast'] : statement;
    if (body['type'] !== 'select') throw refuse(context, 'WITH of a statement that changes rows');
    const columns = listOf(table['columns']).map((column) => nameOf(context, column));
    return { name: nameOf(context, table['name']), columns, query: translateQuery(context, body), ...AT };
  });
  return { recursive: list.some((table) => present(table['recursive'])), tables };
}

// ---- SELECT ----

function translateSelect(context: DialectContext, node: Foreign, isFirst: boolean): Mutable<SelectNode> {
  only(
    context, node, 'SELECT', 'type', 'with', 'distinct', 'columns', 'from', 'where', 'groupby', 'having', 'window', 'orderby', 'limit', 'top',
    'locking_read', 'lock', 'set_op', '_next', '_orderby', '_limit', 'into',
  ); // prettier-ignore
  if (!isFirst && present(node['with'])) throw refuse(context, 'WITH inside a set operation');
  if (isNode(node['into']) && (present(node['into']['expr']) || present(node['into']['keyword'])))
    throw refuse(context, 'SELECT INTO');
  const group = translateGroup(context, node['groupby']);
  const select: Mutable<SelectNode> = {
    kind: 'select',
    distinct: isDistinct(context, node['distinct']),
    options: [],
    hints: [],
    items: listOf(node['columns']).map((item) => translateItem(context, item)),
    from: translateFrom(context, node['from']),
    groupBy: group.groupBy,
    rollup: group.rollup,
    windows: translateWindows(context, node['window']),
    orderBy: present(node['orderby']) ? translateOrder(context, node['orderby']) : [],
    locks: translateLock(context, node['locking_read'] ?? node['lock']),
    ...AT,
  };
  if (present(node['with'])) select.with = translateWith(context, node['with']);
  if (present(node['where'])) select.where = translateExpression(context, node['where']);
  const having = listOf(node['having'])[0];
  if (present(having)) select.having = translateExpression(context, having);
  const limit = present(node['limit']) ? translateLimit(context, node['limit']) : undefined;
  if (limit !== undefined) select.limit = limit;
  if (present(node['top'])) select.limit = translateTop(context, nodeOf(context, node['top'], 'TOP'), limit);
  return select;
}

function isDistinct(context: DialectContext, value: unknown): boolean {
  if (!present(value)) return false;
  const word = isNode(value) ? value['type'] : value;
  if (isNode(value) && present(value['columns'])) throw refuse(context, 'DISTINCT ON');
  if (String(word).toUpperCase() === 'ALL') return false;
  if (String(word).toUpperCase() !== 'DISTINCT') throw refuse(context, String(word));
  return true;
}

function translateItem(context: DialectContext, value: unknown): SelectItem {
  if (value === '*') return { kind: 'wildcard', ...AT };
  const item = nodeOf(context, value, 'select list');
  if (present(item['expr_list']) || present(item['except']) || item['type'] === 'except')
    throw refuse(context, '* EXCEPT');
  only(context, item, 'select list', 'type', 'expr', 'as');
  const expression = nodeOf(context, item['expr'], 'select list');
  const isStar = expression['type'] === 'star' || (expression['type'] === 'column_ref' && expression['column'] === '*');
  if (isStar) {
    only(context, expression, 'select list', 'type', 'column', 'table', 'schema', 'db', 'value');
    if (!present(expression['table'])) return { kind: 'wildcard', ...AT };
    const table = nameOf(context, expression['table']);
    const schema = expression['schema'] ?? expression['db'];
    if (!present(schema)) return { kind: 'wildcard', table, ...AT };
    return { kind: 'wildcard', schema: nameOf(context, schema), table, ...AT };
  }
  const translated = translateExpression(context, expression);
  if (!present(item['as'])) return { kind: 'expression', expression: translated, ...AT };
  return { kind: 'expression', expression: translated, alias: nameOf(context, item['as']), ...AT };
}

function translateGroup(
  context: DialectContext,
  value: unknown,
): { readonly groupBy: ExpressionNode[]; readonly rollup: boolean } {
  if (!present(value)) return { groupBy: [], rollup: false };
  if (isNode(value)) only(context, value, 'GROUP BY', 'columns', 'modifiers');
  const columns = listOf(isNode(value) ? value['columns'] : value);
  const modifiers = isNode(value) ? listOf(value['modifiers']).filter(present) : [];
  if (modifiers.length > 0) throw refuse(context, 'GROUP BY modifiers');
  const [only_] = columns;
  if (columns.length === 1 && isNode(only_) && only_['type'] === 'function') {
    const name = isNode(only_['name'])
      ? listOf(only_['name']['name'])
          .map((part) => nameOf(context, part))
          .join('.')
      : '';
    if (name.toLowerCase() === 'rollup')
      return {
        groupBy: translateExpressions(context, nodeOf(context, only_['args'], 'ROLLUP')['value']),
        rollup: true,
      };
  }
  return { groupBy: translateExpressions(context, columns), rollup: false };
}

function translateWindows(context: DialectContext, value: unknown): SelectNode['windows'] {
  if (!present(value)) return [];
  const node = nodeOf(context, value, 'WINDOW');
  return listOf(node['expr']).map((one) => {
    const window = nodeOf(context, one, 'WINDOW');
    return {
      name: nameOf(context, window['name']),
      specification: translateWindow(context, window['as_window_specification']),
    };
  });
}

function translateLock(context: DialectContext, value: unknown): LockClause[] {
  if (!present(value)) return [];
  const words = String(isNode(value) ? value['type'] : value).toUpperCase();
  const match = /^FOR (UPDATE|SHARE)(?: (NOWAIT|SKIP LOCKED))?$/.exec(words.trim());
  if (match === null) throw refuse(context, words);
  const wait = match[2] === undefined ? 'wait' : match[2] === 'NOWAIT' ? 'nowait' : 'skip-locked';
  return [{ strength: match[1] as 'UPDATE', tables: [], wait }];
}

// ---- ORDER BY and LIMIT ----

export function translateOrder(context: DialectContext, value: unknown): OrderItem[] {
  const items: OrderItem[] = [];
  for (const one of listOf(value)) {
    const node = nodeOf(context, one, 'ORDER BY');
    only(context, node, 'ORDER BY', 'expr', 'type', 'nulls');
    const expression = translateExpression(context, node['expr']);
    const direction = String(node['type'] ?? '').toUpperCase();
    if (direction !== '' && direction !== 'ASC' && direction !== 'DESC') throw refuse(context, `ORDER BY ${direction}`);
    const nulls = String(node['nulls'] ?? '').toLowerCase();
    if (nulls !== '') {
      // A key of its own for the NULLs: MySQL has them first when ascending.
      if (expression.kind === 'literal') throw refuse(context, `${nulls.toUpperCase()} of a position`);
      const isNull: ExpressionNode = { kind: 'is', operand: expression, test: 'NULL', negated: false, ...AT };
      items.push({ expression: nulls.includes('first') ? not(isNull) : isNull, descending: false });
    }
    items.push({ expression, descending: direction === 'DESC' });
  }
  return items;
}

/** MySQL's way to say "all the rest". */
const EVERYTHING = integer(18446744073709551615n);

/** `{ seperator, value: [a, b] }`, or `{ offset, fetch }`. */
function translateLimit(context: DialectContext, value: unknown): LimitClause | undefined {
  const node = nodeOf(context, value, 'LIMIT');
  if (present(node['fetch']) || present(node['offset'])) {
    only(context, node, 'LIMIT', 'fetch', 'offset');
    const fetch = isNode(node['fetch']) ? node['fetch'] : undefined;
    if (fetch !== undefined && /ties|percent/i.test(JSON.stringify(fetch['suffix'] ?? '')))
      throw refuse(context, 'FETCH WITH TIES');
    const count = fetch === undefined ? EVERYTHING : limitNumber(context, fetch['value']);
    if (!isNode(node['offset'])) return { count };
    return { count, offset: limitNumber(context, node['offset']['value']) };
  }
  only(context, node, 'LIMIT', 'seperator', 'value');
  const [first, second] = listOf(node['value']);
  if (first === undefined) return undefined;
  const separator = String(node['seperator'] ?? '').toLowerCase();
  if (second === undefined) {
    if (separator === 'offset') return { count: EVERYTHING, offset: limitNumber(context, first) };
    if (isAll(first)) return undefined;
    return { count: limitNumber(context, first) };
  }
  const [count, offset] = separator === ',' ? [second, first] : [first, second];
  return { count: isAll(count) ? EVERYTHING : limitNumber(context, count), offset: limitNumber(context, offset) };
}

function isAll(value: unknown): boolean {
  return isNode(value) && value['type'] === 'origin' && String(value['value']).toLowerCase() === 'all';
}

function limitNumber(context: DialectContext, value: unknown): ExpressionNode {
  const count = translateExpression(context, value);
  if (count.kind !== 'literal' || count.literal !== 'integer') throw refuse(context, 'LIMIT of an expression');
  return count;
}

function translateTop(context: DialectContext, node: Foreign, limit: LimitClause | undefined): LimitClause {
  if (present(node['percent']) || limit !== undefined) throw refuse(context, 'TOP');
  const { value } = node;
  return { count: typeof value === 'number' ? integer(value) : limitNumber(context, value) };
}

// ---- FROM ----

function translateFrom(context: DialectContext, value: unknown): TableReference[] {
  const list: TableReference[] = [];
  const grouped = isNode(value) && Array.isArray(value['expr']);
  if (grouped) only(context, value, 'FROM', 'expr');
  for (const one of listOf(grouped ? value['expr'] : value)) {
    const node = nodeOf(context, one, 'FROM');
    if (node['type'] === 'dual') continue;
    const words = String(node['join'] ?? '').toUpperCase();
    if (words === '') list.push(translateTable(context, node, false));
    else list.push(translateJoin(context, list.pop(), node, words));
  }
  return list;
}

function translateJoin(
  context: DialectContext,
  left: TableReference | undefined,
  node: Foreign,
  words: string,
): TableReference {
  if (left === undefined) throw refuse(context, words);
  if (words === 'CROSS APPLY' || words === 'OUTER APPLY') {
    const right = translateTable(context, node, true);
    if (words === 'CROSS APPLY') return { kind: 'join', joinType: 'CROSS', natural: false, left, right, ...AT };
    return { kind: 'join', joinType: 'LEFT', natural: false, left, right, on: integer(1), ...AT };
  }
  const match = /^(NATURAL )?(?:(INNER|CROSS|LEFT|RIGHT)(?: OUTER)? )?JOIN$/.exec(words);
  if (match === null && words !== 'STRAIGHT_JOIN') throw refuse(context, words);
  const joinType = words === 'STRAIGHT_JOIN' ? 'STRAIGHT' : ((match![2] ?? 'INNER') as JoinNode['joinType']);
  const right = translateTable(context, node, false);
  const join: Mutable<JoinNode> = { kind: 'join', joinType, natural: match?.[1] !== undefined, left, right, ...AT };
  if (present(node['on'])) join.on = translateExpression(context, node['on']);
  if (present(node['using'])) join.using = listOf(node['using']).map((name) => nameOf(context, name));
  return join;
}

function translateTable(context: DialectContext, node: Foreign, lateral: boolean): TableReference {
  only(
    context,
    node,
    'FROM',
    'db',
    'schema',
    'catalog',
    'table',
    'as',
    'expr',
    'join',
    'on',
    'using',
    'prefix',
    'type',
    'addition',
    'operator',
    'table_hint',
  );
  const alias = aliasOf(context, node['as']);
  if (typeof node['table'] === 'string') {
    const table = translateTableName(context, node);
    return { kind: 'table', table, alias, partitions: [], indexHints: [], ...AT };
  }
  const expression = nodeOf(context, node['expr'], 'FROM');
  if (expression['type'] === 'tables') {
    const tables = translateFrom(context, expression['expr']);
    return tables.reduce((left, right) => ({ kind: 'join', joinType: 'CROSS', natural: false, left, right, ...AT }));
  }
  if (!isNode(expression['ast'])) throw refuse(context, 'a function in FROM');
  const prefix = String(node['prefix'] ?? '').toLowerCase();
  if (prefix !== '' && prefix !== 'lateral') throw refuse(context, prefix.toUpperCase());
  const query = translateQuery(context, expression['ast']);
  if (alias === undefined) throw refuse(context, 'a derived table without a name');
  // `as z(a, b)` comes as text.
  const named = /^([^()]+)\(([^()]*)\)$/.exec(alias);
  const columns = named === null ? [] : named[2]!.split(',').map((column) => column.trim().replace(/^["`]|["`]$/g, ''));
  return {
    kind: 'derived-table',
    query,
    alias: named === null ? alias : named[1]!.trim(),
    columns,
    lateral: lateral || prefix !== '',
    ...AT,
  };
}

/** T-SQL's table hints are advice about locks; of them only NOLOCK is without consequence here. */
function translateTableName(context: DialectContext, node: Foreign): TableName {
  const hint = JSON.stringify(node['table_hint'] ?? '').toLowerCase();
  if (present(node['table_hint']) && !hint.includes('nolock')) throw refuse(context, 'table hints');
  if (present(node['catalog'])) throw refuse(context, 'a catalog name');
  const name = String(node['table']);
  const schema = node['db'] ?? node['schema'];
  if (!present(schema)) return { name, ...AT };
  const schemaName = nameOf(context, schema);
  // The default schemas of these dialects stand for "the current one".
  if (['public', 'dbo', 'main'].includes(schemaName.toLowerCase())) return { name, ...AT };
  return { schema: schemaName, name, ...AT };
}

// ---- INSERT ----

function translateInsert(context: DialectContext, node: Foreign): Statement {
  if (present(node['returning'])) throw refuse(context, 'RETURNING');
  only(
    context, node, 'INSERT', 'type', 'or', 'table', 'columns', 'values', 'prefix', 'conflict', 'on_duplicate_update', 'set', 'partition',
  ); // prettier-ignore
  if (present(node['partition'])) throw refuse(context, 'PARTITION');
  const or = listOf(node['or']).map((word) => nameOf(context, word).toLowerCase()).join(' '); // prettier-ignore
  if (or !== '' && or !== 'or replace' && or !== 'or ignore') throw refuse(context, or.toUpperCase());
  const table = translateTableName(context, nodeOf(context, listOf(node['table'])[0], 'INSERT'));
  const prefix = String(node['prefix'] ?? '').toLowerCase().trim(); // prettier-ignore
  if (!['', 'into', 'ignore', 'ignore into'].includes(prefix)) throw refuse(context, `INSERT ${prefix.toUpperCase()}`);
  const columns = present(node['columns'])
    ? listOf(node['columns']).map((column) => columnNode(nameOf(context, column)))
    : undefined;
  const insert: Mutable<InsertStatement> = {
    kind: 'insert',
    replace: node['type'] === 'replace' || or === 'or replace',
    ignore: or === 'or ignore' || prefix.startsWith('ignore'),
    hints: [],
    table,
    partitions: [],
    columns,
    source: translateSource(context, node),
    onDuplicate: [],
    ...AT,
  };
  if (present(node['conflict']))
    insert.onDuplicate = translateConflict(context, nodeOf(context, node['conflict'], 'ON CONFLICT'), table, columns);
  if (present(node['on_duplicate_update'])) {
    insert.onDuplicate = translateAssignments(
      context,
      nodeOf(context, node['on_duplicate_update'], 'ON DUPLICATE KEY UPDATE')['set'],
      true,
    );
  }
  return insert;
}

function columnNode(name: string, table?: string): ColumnNode {
  return table === undefined ? { kind: 'column', name, ...AT } : { kind: 'column', table, name, ...AT };
}

function translateSource(context: DialectContext, node: Foreign): InsertSource {
  if (present(node['set'])) return { kind: 'set', assignments: translateAssignments(context, node['set'], false) };
  const values = node['values'];
  if (isNode(values) && (values['type'] === 'select' || isNode(values['ast'])))
    return { kind: 'query', query: translateQuery(context, values) };
  const rows = listOf(isNode(values) && values['type'] === 'values' ? values['values'] : values);
  if (rows.length === 0) throw refuse(context, 'INSERT without rows');
  return {
    kind: 'rows',
    rows: rows.map((row) =>
      listOf(nodeOf(context, row, 'VALUES')['value']).map((value) => translateValue(context, value)),
    ),
  };
}

/** DEFAULT comes as a column of that name. */
function translateValue(context: DialectContext, value: unknown): ExpressionNode {
  const expression = translateExpression(context, value);
  const isDefault =
    expression.kind === 'column' && expression.table === undefined && expression.name.toLowerCase() === 'default';
  return isDefault ? { kind: 'default', ...AT } : expression;
}

/**
 * ON CONFLICT DO NOTHING without a target is an update that changes nothing. With a target, or DO UPDATE, it speaks of one key only, and
 * ON DUPLICATE KEY of all: not the same, so refused.
 */
function translateConflict(
  context: DialectContext,
  node: Foreign,
  table: TableName,
  columns: readonly ColumnNode[] | undefined,
): ColumnAssignment[] {
  const action = nodeOf(context, node['action'], 'ON CONFLICT');
  const nothing = isNode(action['expr']) && String(action['expr']['value'] ?? '').toLowerCase() === 'nothing';
  if (!nothing) throw refuse(context, 'ON CONFLICT DO UPDATE');
  if (present(node['target'])) throw refuse(context, 'ON CONFLICT (columns)');
  const first = columns?.[0];
  if (first === undefined) throw refuse(context, 'ON CONFLICT without a column list');
  return [{ column: first, value: columnNode(first.name, table.name), ...AT }];
}

// ---- UPDATE and DELETE ----

function translateAssignments(
  context: DialectContext,
  value: unknown,
  valuesAllowed: boolean,
  qualifier?: string,
): ColumnAssignment[] {
  return listOf(value).map((one) => {
    const node = nodeOf(context, one, 'SET');
    only(context, node, 'SET', 'type', 'column', 'value', 'table', 'keyword');
    const table = present(node['table']) ? nameOf(context, node['table']) : qualifier;
    const translated = translateValue(context, node['value']);
    // VALUES(a) of MariaDB.
    const isValues =
      valuesAllowed &&
      translated.kind === 'call' &&
      translated.name === 'values' &&
      translated.args[0]?.kind === 'column';
    const assigned: ExpressionNode = isValues
      ? { kind: 'values-reference', column: translated.args[0] as ColumnNode, ...AT }
      : translated;
    return { column: columnNode(nameOf(context, node['column']), table), value: assigned, ...AT };
  });
}

function translateUpdate(context: DialectContext, node: Foreign): UpdateStatement {
  if (present(node['returning'])) throw refuse(context, 'RETURNING');
  only(context, node, 'UPDATE', 'type', 'table', 'set', 'where', 'from', 'orderby', 'limit', 'with');
  let tables = translateFrom(context, node['table']);
  const from = translateFrom(context, node['from']);
  let qualifier: string | undefined;
  const target = tables[0];
  if (from.length > 0) {
    if (tables.length !== 1 || target === undefined || target.kind !== 'table') throw refuse(context, 'UPDATE FROM');
    qualifier = target.alias ?? target.table.name;
    // T-SQL names the target in FROM again; PostgreSQL does not.
    tables = from.some((table) => mentions(table, qualifier!)) ? from : [target, ...from];
  }
  const update: Mutable<UpdateStatement> = {
    kind: 'update',
    lowPriority: false,
    ignore: false,
    hints: [],
    tables,
    assignments: translateAssignments(context, node['set'], false, qualifier),
    orderBy: present(node['orderby']) ? translateOrder(context, node['orderby']) : [],
    ...AT,
  };
  finishChange(context, update, node);
  return update;
}

function mentions(table: TableReference, name: string): boolean {
  if (table.kind === 'join') return mentions(table.left, name) || mentions(table.right, name);
  return table.kind === 'table' && (table.alias ?? table.table.name).toLowerCase() === name.toLowerCase();
}

function finishChange(
  context: DialectContext,
  statement: Mutable<UpdateStatement> | Mutable<DeleteStatement>,
  node: Foreign,
): void {
  if (present(node['with'])) statement.with = translateWith(context, node['with']);
  if (present(node['where'])) statement.where = translateExpression(context, node['where']);
  const limit = present(node['limit']) ? translateLimit(context, node['limit']) : undefined;
  if (limit !== undefined) statement.limit = limit;
}

function translateDelete(context: DialectContext, node: Foreign): DeleteStatement {
  if (present(node['returning'])) throw refuse(context, 'RETURNING');
  only(context, node, 'DELETE', 'type', 'table', 'from', 'where', 'orderby', 'limit', 'with');
  const targets = listOf(node['table']).map((one) => nodeOf(context, one, 'DELETE'));
  if (targets.some((target) => typeof target['table'] !== 'string')) throw refuse(context, 'DELETE TOP');
  const from = translateFrom(context, node['from']);
  const [single] = from;
  if (single === undefined) throw refuse(context, 'DELETE');
  if (single.kind === 'table' && single.alias !== undefined && single.table.name.toLowerCase() === 'only')
    throw refuse(context, 'ONLY');
  const multiple = from.length > 1 || single.kind !== 'table';
  const statement: Mutable<DeleteStatement> = {
    kind: 'delete',
    lowPriority: false,
    quick: false,
    ignore: false,
    hints: [],
    tables: from,
    orderBy: present(node['orderby']) ? translateOrder(context, node['orderby']) : [],
    ...AT,
  };
  if (multiple) {
    statement.targets = targets.map((target) => {
      const alias = aliasOf(context, target['as']);
      return alias === undefined ? translateTableName(context, target) : { name: alias, ...AT };
    });
  } else if (targets.some((target) => !mentions(single, aliasOf(context, target['as']) ?? String(target['table'])))) {
    // A word before FROM that they took for a table.
    throw refuse(context, 'DELETE with other words');
  }
  finishChange(context, statement, node);
  return statement;
}
