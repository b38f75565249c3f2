/**
 * Statements that define things, as text again.
 */
import { unreachable } from '../../base/assert.ts';
import type {
  AlterTableStatement, CheckDefinition, ColumnDefinition, ColumnPosition, CreateTableStatement, CreateViewStatement, DatabaseOptions,
  ExpressionNode, ForeignKeyDefinition, ForeignKeyReference, IndexDefinition, IndexOptions, IndexPart, PartitionDefinition, Partitioning,
  TableChange, TableOption, UserName,
} from './ast.ts'; // prettier-ignore
import {
  quoteName,
  quoteString,
  restoreExpression,
  restoreNames,
  restoreTableName,
  restoreType,
} from './restore-expression.ts';
import { restoreQuery } from './restore-query.ts';

export function restoreUser(user: UserName): string {
  return user.current ? 'current_user' : `${quoteString(user.user)}@${quoteString(user.host)}`;
}

export function restoreDatabaseOptions(options: DatabaseOptions): string {
  let text = '';
  if (options.charset !== undefined) text += ` character set ${options.charset}`;
  if (options.collation !== undefined) text += ` collate ${options.collation}`;
  if (options.encryption !== undefined) text += ` encryption ${quoteString(options.encryption)}`;
  if (options.readOnly !== undefined) text += ` read only ${options.readOnly}`;
  return text;
}

export function restoreCreateTable(statement: CreateTableStatement): string {
  const temporary = statement.temporary === 'global' ? ' global temporary' : statement.temporary ? ' temporary' : '';
  let text = `create${temporary} table ${statement.ifNotExists ? 'if not exists ' : ''}${restoreTableName(statement.table)}`;
  const elements = [
    ...statement.columns.map(restoreColumn),
    ...statement.indexes.map(restoreIndex),
    ...statement.foreignKeys.map(restoreForeignKey),
    ...statement.checks.map(restoreCheck),
  ];
  if (elements.length > 0) text += ` (${elements.join(', ')})`;
  text += restoreOptions(statement.options);
  if (statement.partitioning !== undefined) text += ` ${restorePartitioning(statement.partitioning)}`;
  if (statement.duplicates !== undefined) text += ` ${statement.duplicates.toLowerCase()}`;
  if (statement.query !== undefined) text += ` as ${restoreQuery(statement.query)}`;
  if (statement.temporary === 'global') text += ' on commit delete rows';
  return text;
}

/** Values are quoted when they are not plain words. */
export function restoreOptions(options: readonly TableOption[]): string {
  return options
    .map(({ name, value }) => {
      if (typeof value === 'number') return ` ${name.toLowerCase()} = ${value}`;
      if (typeof value !== 'string') return ` union = (${value.map(restoreTableName).join(', ')})`;
      switch (name) {
        case 'START TRANSACTION':
          return ' start transaction';
        case 'STORAGE':
          return ` storage ${value.toLowerCase()}`;
        case 'CHARSET':
        case 'COLLATE':
          return ` ${name.toLowerCase()} = ${value}`;
        case 'TABLESPACE':
          return ` tablespace ${quoteName(value)}`;
        default:
          return ` ${name.toLowerCase()} = ${quoteString(value)}`;
      }
    })
    .join('');
}

export function restoreColumn(column: ColumnDefinition): string {
  let text = `${quoteName(column.name)} ${restoreType(column.type)}`;
  const serial = column.type.serial === true;
  if (column.collation !== undefined && column.collation !== column.type.collation)
    text += ` collate ${column.collation}`;
  if (column.generated !== undefined) {
    text += ` as (${restoreExpression(column.generated.expression)}) ${column.generated.stored ? 'stored' : 'virtual'}`;
  }
  if (column.nullable !== undefined && !serial) text += column.nullable ? ' null' : ' not null';
  if (column.default !== undefined)
    text += ` default ${restoreDefault(column.default, column.defaultIsExpression === true)}`;
  if (column.onUpdate !== undefined) text += ` on update ${restoreExpression(column.onUpdate)}`;
  if (column.autoIncrement && !serial) text += ' auto_increment';
  if (column.autoRandom !== undefined) {
    const { shardBits, range } = column.autoRandom;
    text += ` auto_random${shardBits === undefined ? '' : `(${shardBits}${range === undefined ? '' : `, ${range}`})`}`;
  }
  if (column.unique && !serial) text += ' unique';
  if (column.primaryKey) text += ' primary key';
  if (column.primaryKeyClustered !== undefined) text += column.primaryKeyClustered ? ' clustered' : ' nonclustered';
  if (column.comment !== undefined) text += ` comment ${quoteString(column.comment)}`;
  if (column.columnFormat !== undefined) text += ` column_format ${column.columnFormat.toLowerCase()}`;
  if (column.storage !== undefined) text += ` storage ${column.storage.toLowerCase()}`;
  if (column.visible !== undefined) text += column.visible ? ' visible' : ' invisible';
  if (column.srid !== undefined) text += ` srid ${column.srid}`;
  if (column.references !== undefined) text += ` ${restoreReferences(column.references)}`;
  for (const check of column.checks) text += ` ${restoreCheck(check)}`;
  return text;
}

function restoreDefault(value: ExpressionNode, isExpression: boolean): string {
  return isExpression ? `(${restoreExpression(value)})` : restoreExpression(value);
}

function constraint(name: string | undefined): string {
  return name === undefined ? '' : `constraint ${quoteName(name)} `;
}

export function restoreIndex(index: IndexDefinition): string {
  const words = {
    primary: 'primary key',
    unique: 'unique key',
    index: 'key',
    fulltext: 'fulltext key',
    spatial: 'spatial key',
  };
  const ifNotExists = index.ifNotExists ? ' if not exists' : '';
  const name = index.name === undefined ? '' : ` ${quoteName(index.name)}`;
  const head = `${constraint(index.constraint)}${words[index.kind]}${ifNotExists}${name}`;
  return `${head} (${restoreParts(index.parts)})${restoreIndexOptions(index.options)}`;
}

export function restoreParts(parts: readonly IndexPart[]): string {
  return parts
    .map((part) => {
      const what = part.expression === undefined ? quoteName(part.column!) : `(${restoreExpression(part.expression)})`;
      return `${what}${part.prefixLength === undefined ? '' : `(${part.prefixLength})`}${part.descending ? ' desc' : ''}`;
    })
    .join(', ');
}

export function restoreIndexOptions(options: IndexOptions): string {
  let text = '';
  if (options.using !== undefined) text += ` using ${options.using.toLowerCase()}`;
  if (options.keyBlockSize !== undefined) text += ` key_block_size ${options.keyBlockSize}`;
  if (options.parser !== undefined) text += ` with parser ${quoteName(options.parser)}`;
  if (options.comment !== undefined) text += ` comment ${quoteString(options.comment)}`;
  if (options.visible !== undefined) text += options.visible ? ' visible' : ' invisible';
  if (options.clustered !== undefined) text += options.clustered ? ' clustered' : ' nonclustered';
  if (options.global !== undefined) text += options.global ? ' global' : ' local';
  if (options.engineAttribute !== undefined) text += ` engine_attribute ${quoteString(options.engineAttribute)}`;
  if (options.secondaryEngineAttribute !== undefined)
    text += ` secondary_engine_attribute ${quoteString(options.secondaryEngineAttribute)}`;
  return text;
}

function restoreForeignKey(key: ForeignKeyDefinition): string {
  const name = key.name === undefined ? '' : ` ${quoteName(key.name)}`;
  return `${constraint(key.constraint)}foreign key${name} (${restoreNames(key.columns)}) ${restoreReferences(key.references)}`;
}

function restoreReferences(references: ForeignKeyReference): string {
  let text = `references ${restoreTableName(references.table)}`;
  if (references.columns.length > 0) text += ` (${restoreNames(references.columns)})`;
  if (references.match !== undefined) text += ` match ${references.match.toLowerCase()}`;
  if (references.onDelete !== undefined) text += ` on delete ${references.onDelete.toLowerCase()}`;
  if (references.onUpdate !== undefined) text += ` on update ${references.onUpdate.toLowerCase()}`;
  return text;
}

function restoreCheck(check: CheckDefinition): string {
  return `${constraint(check.name)}check (${restoreExpression(check.expression)})${check.enforced ? '' : ' not enforced'}`;
}

// ---- partitions ----

export function restorePartitioning(partitioning: Partitioning): string {
  let text = `partition by ${partitioning.linear ? 'linear ' : ''}${partitioning.method.toLowerCase()}`;
  if (partitioning.algorithm !== undefined) text += ` algorithm = ${partitioning.algorithm}`;
  if (partitioning.columns !== undefined)
    text += `${partitioning.method === 'KEY' ? '' : ' columns'} (${restoreNames(partitioning.columns)})`;
  if (partitioning.expression !== undefined) text += ` (${restoreExpression(partitioning.expression)})`;
  if (partitioning.count !== undefined) text += ` partitions ${partitioning.count}`;
  const sub = partitioning.subpartition;
  if (sub !== undefined) {
    text += ` subpartition by ${sub.linear ? 'linear ' : ''}${sub.method.toLowerCase()}`;
    text +=
      sub.expression === undefined
        ? ` (${restoreNames(sub.columns ?? [])})`
        : ` (${restoreExpression(sub.expression)})`;
    if (sub.count !== undefined) text += ` subpartitions ${sub.count}`;
  }
  return partitioning.partitions.length === 0 ? text : `${text} (${restorePartitions(partitioning.partitions)})`;
}

function restorePartitions(partitions: readonly PartitionDefinition[]): string {
  return partitions
    .map((partition) => {
      let text = `partition ${quoteName(partition.name)}`;
      if (partition.lessThan !== undefined) {
        text += ` values less than (${partition.lessThan.map((one) => (one === null ? 'maxvalue' : restoreExpression(one))).join(', ')})`;
      }
      if (partition.in !== undefined) text += ` values in (${partition.in.map(restoreExpression).join(', ')})`;
      text += restoreOptions(partition.options);
      if (partition.subpartitions.length === 0) return text;
      const subpartitions = partition.subpartitions.map(
        (one) => `subpartition ${quoteName(one.name)}${restoreOptions(one.options)}`,
      );
      return `${text} (${subpartitions.join(', ')})`;
    })
    .join(', ');
}

// ---- ALTER TABLE ----

export function restoreAlterTable(statement: AlterTableStatement): string {
  const changes: string[] = [];
  let last = '';
  for (const change of statement.changes) {
    const text = restoreChange(change);
    // Partitioning follows the list without a comma.
    if (change.kind === 'partition-by' || change.kind === 'remove-partitioning') last = ` ${text}`;
    else changes.push(text);
  }
  const list = changes.length === 0 ? '' : ` ${changes.join(', ')}`;
  return `alter ${statement.ignore ? 'ignore ' : ''}table ${restoreTableName(statement.table)}${list}${last}`;
}

function position(value: ColumnPosition | undefined): string {
  if (value === undefined) return '';
  return value.kind === 'first' ? ' first' : ` after ${quoteName(value.column)}`;
}

function ifExists(yes: boolean): string {
  return yes ? ' if exists' : '';
}

function restoreChange(change: TableChange): string {
  switch (change.kind) {
    case 'add-column':
      return `add column${change.ifNotExists ? ' if not exists' : ''} ${restoreColumn(change.column)}${position(change.position)}`;
    case 'drop-column':
      return `drop column${ifExists(change.ifExists)} ${quoteName(change.name)}`;
    case 'modify-column':
      return `modify column${ifExists(change.ifExists)} ${restoreColumn(change.column)}${position(change.position)}`;
    case 'change-column':
      return `change column${ifExists(change.ifExists)} ${quoteName(change.name)} ${restoreColumn(change.column)}${position(change.position)}`;
    case 'rename-column':
      return `rename column ${quoteName(change.name)} to ${quoteName(change.to)}`;
    case 'alter-default': {
      const value =
        change.default === undefined
          ? 'drop default'
          : `set default ${restoreDefault(change.default, change.defaultIsExpression === true)}`;
      return `alter column ${quoteName(change.name)} ${value}`;
    }
    case 'alter-column-visibility':
      return `alter column ${quoteName(change.name)} set ${change.visible ? 'visible' : 'invisible'}`;
    case 'add-index':
      return `add ${restoreIndex(change.index)}`;
    case 'drop-index':
      return `drop index${ifExists(change.ifExists)} ${quoteName(change.name)}`;
    case 'drop-primary-key':
      return 'drop primary key';
    case 'rename-index':
      return `rename index ${quoteName(change.name)} to ${quoteName(change.to)}`;
    case 'alter-index-visibility':
      return `alter index ${quoteName(change.name)} ${change.visible ? 'visible' : 'invisible'}`;
    case 'add-foreign-key':
      return `add ${restoreForeignKey(change.foreignKey)}`;
    case 'drop-foreign-key':
      return `drop foreign key${ifExists(change.ifExists)} ${quoteName(change.name)}`;
    case 'add-check':
      return `add ${restoreCheck(change.check)}`;
    case 'drop-check':
      return `drop check ${quoteName(change.name)}`;
    case 'drop-constraint':
      return `drop constraint${ifExists(change.ifExists)} ${quoteName(change.name)}`;
    case 'alter-check':
      return `alter check ${quoteName(change.name)} ${change.enforced ? 'enforced' : 'not enforced'}`;
    default:
      return restoreOtherChange(change);
  }
}

type OtherChange = Exclude<
  TableChange,
  { kind: 'add-column' | 'drop-column' | 'modify-column' | 'change-column' | 'rename-column' | 'alter-default' | 'alter-column-visibility'
      | 'add-index' | 'drop-index' | 'drop-primary-key' | 'rename-index' | 'alter-index-visibility' | 'add-foreign-key'
      | 'drop-foreign-key' | 'add-check' | 'drop-check' | 'drop-constraint' | 'alter-check' }
>; // prettier-ignore

function restoreOtherChange(change: OtherChange): string {
  switch (change.kind) {
    case 'rename':
      return `rename to ${restoreTableName(change.to)}`;
    case 'convert-charset':
      return `convert to character set ${change.charset}${change.collation === undefined ? '' : ` collate ${change.collation}`}`;
    case 'options':
      return restoreOptions(change.options).trimStart();
    case 'order-by':
      return `order by ${change.columns.map((one) => `${quoteName(one.name)}${one.descending ? ' desc' : ''}`).join(', ')}`;
    case 'keys':
      return `${change.enabled ? 'enable' : 'disable'} keys`;
    case 'tablespace':
      return `${change.action.toLowerCase()} tablespace`;
    case 'force':
      return 'force';
    case 'algorithm':
    case 'lock':
      return `${change.kind} = ${change.value.toLowerCase()}`;
    case 'validation':
      return `${change.enabled ? 'with' : 'without'} validation`;
    case 'partition-by':
      return restorePartitioning(change.partitioning);
    case 'remove-partitioning':
      return 'remove partitioning';
    case 'add-partition':
      if (change.count !== undefined) return `add partition partitions ${change.count}`;
      return `add partition (${restorePartitions(change.partitions)})`;
    case 'coalesce-partition':
      return `coalesce partition ${change.count}`;
    case 'reorganize-partition':
      if (change.names.length === 0) return 'reorganize partition';
      return `reorganize partition ${restoreNames(change.names)} into (${restorePartitions(change.into)})`;
    case 'exchange-partition': {
      const validation =
        change.validation === undefined ? '' : change.validation ? ' with validation' : ' without validation';
      return `exchange partition ${quoteName(change.name)} with table ${restoreTableName(change.table)}${validation}`;
    }
    case 'partition-action': {
      const names = change.names === undefined ? 'all' : restoreNames(change.names);
      const tablespace = change.action === 'DISCARD' || change.action === 'IMPORT' ? ' tablespace' : '';
      return `${change.action.toLowerCase()} partition ${names}${tablespace}`;
    }
    default:
      return unreachable(change);
  }
}

// ---- views ----

export function restoreCreateView(statement: CreateViewStatement): string {
  const verb = statement.alter ? 'alter' : statement.orReplace ? 'create or replace' : 'create';
  const definer = statement.definer === undefined ? '' : ` definer = ${restoreUser(statement.definer)}`;
  const head = `${verb} algorithm = ${statement.algorithm.toLowerCase()}${definer} sql security ${statement.security.toLowerCase()} view`;
  const columns = statement.columns.length === 0 ? '' : ` (${restoreNames(statement.columns)})`;
  const check = statement.checkOption === 'NONE' ? '' : ` with ${statement.checkOption.toLowerCase()} check option`;
  return `${head} ${restoreTableName(statement.view)}${columns} as ${restoreQuery(statement.query)}${check}`;
}
