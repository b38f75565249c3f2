/**
 * ALTER TABLE, the thinking part: what a list of changes makes of a table, and by which way it gets there.
 *
 *     online    columns and indexes come and go through their states; rows stay where they are
 *     copy      the table is blocked and copied, batch by batch, into a new id; the schema then names the new id
 *
 * Copying is for everything that changes stored bytes (another type, another primary key, NOT NULL where NULL was) and for
 * mixtures that no walk of states covers. All changes of a statement take effect in one schema version, or none.
 */
import { isInteger, TypeCode, type FieldType } from '../../base/value/field-type.ts';
import type { Datum } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { fromEpoch } from '../../base/value/time-zone.ts';
import { textOfDatum } from '../../proto/schema/stored-default.ts';
import type {
  CheckInfo,
  ColumnInfo,
  ForeignKeyInfo,
  IndexInfo,
  StoredDefault,
  TableInfo,
} from '../../proto/schema/table-info.ts';
import type {
  ColumnDefinition, ColumnPosition, ExpressionNode, ForeignKeyDefinition, TableChange, TableName,
} from '../parser/ast.ts'; // prettier-ignore
import { resolveText } from './charsets.ts';
import { addForeignKey, checkKeptKeys, columnKey, type KeyScope } from './foreign-keys.ts';
import { addCheck, dropColumnChecks, findCheck, refuseRename } from './check-constraints.ts';
import { hasCharset, isLarge, keySizeBytes } from './column-type.ts';
import { implicitDefault, storedDefault, storedForm } from './constant-default.ts';
import type { DdlContext } from './ddl-context.ts';
import * as errors from './errors.ts';
import { columnNeeded, notPartitioned } from './partition-errors.ts';
import { buildPartitioning, checkPartitioning } from './partitioning.ts';
import {
  addColumn, addColumnChecks, addColumnKeys, addIndex, applyOptions, draftOf, findColumn, findIndex, finishTable, makeColumn, reorder, type TableDraft,
} from './table-builder.ts'; // prettier-ignore

const KEY_SIZE_MAX = 3072;

export interface AlterPlan {
  readonly mode: 'online' | 'copy';
  /** The table afterwards, everything public. Under `copy` its id is still the old one. */
  readonly target: TableInfo;
  readonly addedColumns: readonly ColumnInfo[];
  readonly droppedColumns: readonly ColumnInfo[];
  readonly addedIndexes: readonly IndexInfo[];
  readonly droppedIndexes: readonly IndexInfo[];
  /** Not in `target`: they come when it is there, and its rows have been looked at. */
  readonly addedForeignKeys: readonly ForeignKeyInfo[];
  readonly renameTo: TableName | undefined;
  readonly autoIncrement: number | undefined;
  /** Existing rows get this value in an added column. */
  readonly addedValues: ReadonlyMap<number, Datum>;
  readonly copyReason: string;
  /** It says nothing but indexes to add. */
  readonly addsOnlyIndexes: boolean;
}

class Planner {
  readonly table: TableInfo;
  readonly draft: TableDraft;
  readonly context: DdlContext;
  readonly addedColumns: ColumnInfo[] = [];
  readonly droppedColumns: ColumnInfo[] = [];
  readonly addedIndexes: IndexInfo[] = [];
  readonly droppedIndexes: IndexInfo[] = [];
  readonly addedForeignKeys: ForeignKeyInfo[] = [];
  readonly addedValues = new Map<number, Datum>();
  readonly scope: KeyScope;
  renameTo: TableName | undefined;
  autoIncrement: number | undefined;
  copyReason = '';
  /** ALGORITHM=INSTANT or INPLACE, LOCK=NONE: MySQL refuses rather than copy. */
  mayCopy = true;

  constructor(table: TableInfo, scope: KeyScope, context: DdlContext) {
    this.table = table;
    this.scope = scope;
    this.draft = draftOf(table);
    this.context = context;
  }

  copy(reason: string): void {
    if (this.copyReason === '') this.copyReason = reason;
  }

  apply(change: TableChange): void {
    const { draft, context } = this;
    switch (change.kind) {
      case 'add-column':
        if (change.ifNotExists && findColumn(draft, change.column.name))
          return context.warn('Note', 1060, `Duplicate column name '${change.column.name}'`);
        return this.addColumn(change.column, change.position);
      case 'drop-column':
        return this.dropColumn(change.name, change.ifExists);
      case 'modify-column':
        return this.changeColumn(change.column.name, change.column, change.position, change.ifExists);
      case 'change-column':
        return this.changeColumn(change.name, change.column, change.position, change.ifExists);
      case 'rename-column':
        return this.renameColumn(change.name, change.to);
      case 'alter-default':
        return this.alterDefault(change.name, change.default, change.defaultIsExpression ?? false);
      case 'alter-column-visibility':
        return this.replaceColumn(this.column(change.name), { invisible: !change.visible });
      case 'add-index': {
        if (change.index.ifNotExists && change.index.name !== undefined && findIndex(draft, change.index.name)) {
          return context.warn('Note', 1061, `Duplicate key name '${change.index.name}'`);
        }
        return this.noteIndex(addIndex(draft, change.index));
      }
      case 'drop-index':
        return this.dropIndex(change.name, change.ifExists);
      case 'drop-primary-key':
        return this.dropIndex('PRIMARY', false);
      case 'rename-index':
        return this.renameIndex(change.name, change.to);
      case 'alter-index-visibility': {
        const index = this.index(change.name);
        if (index.primary && !change.visible) throw errors.primaryInvisible();
        return this.replaceIndex(index, { invisible: !change.visible });
      }
      case 'drop-constraint': {
        if (this.foreignKey(change.name) !== undefined) return this.dropForeignKey(change.name, false);
        if (findCheck(draft, change.name) !== undefined) return this.dropCheck(change.name);
        if (findIndex(draft, change.name) || !change.ifExists) return this.dropIndex(change.name, change.ifExists);
        return context.warn('Note', 3940, `Constraint '${change.name}' does not exist.`);
      }
      case 'rename':
        this.renameTo = change.to;
        return;
      case 'convert-charset':
        return this.convertCharset(change.charset, change.collation);
      case 'options':
        return this.options(change.options);
      case 'keys':
        return context.warn('Note', 1031, `Table storage engine for '${draft.name}' doesn't have this option`);
      case 'force':
        return this.copy('FORCE');
      case 'algorithm': {
        const value = change.value.toUpperCase();
        if (value === 'COPY') this.copy('ALGORITHM=COPY');
        else if (value === 'INPLACE' || value === 'INSTANT') this.mayCopy = false;
        else if (value !== 'DEFAULT') throw errors.unknownAlgorithm(change.value);
        return;
      }
      case 'lock': {
        const value = change.value.toUpperCase();
        if (value === 'NONE') this.mayCopy = false;
        else if (value === 'SHARED' || value === 'EXCLUSIVE')
          context.warn('Note', 1235, `LOCK = ${value} keeps no other session out in this version of Rutile`);
        else if (value !== 'DEFAULT') throw errors.unknownLock(change.value);
        return;
      }
      case 'validation':
        return;
      case 'order-by':
        throw errors.unsupported('ALTER TABLE ... ORDER BY');
      case 'add-foreign-key':
        return this.addForeignKey(change.foreignKey);
      case 'drop-foreign-key':
        return this.dropForeignKey(change.name, change.ifExists);
      case 'add-check':
        return this.noteCheck(addCheck(draft, change.check, context));
      case 'drop-check':
        return this.dropCheck(change.name);
      case 'alter-check': {
        const check = this.check(change.name);
        if (check.enforced === change.enforced) return;
        const changed = { ...check, enforced: change.enforced };
        draft.checks = draft.checks.map((one) => (one === check ? changed : one));
        return this.noteCheck(changed);
      }
      case 'tablespace':
        throw errors.unsupported(`ALTER TABLE ... ${change.action} TABLESPACE`);
      case 'partition-by':
        draft.partitioning = buildPartitioning(draft, change.partitioning, context);
        return this.copy('PARTITION BY');
      case 'remove-partitioning':
        if (draft.partitioning === undefined) throw notPartitioned();
        draft.partitioning = undefined;
        return this.copy('REMOVE PARTITIONING');
      default:
        throw errors.unsupported(`${change.kind.replaceAll('-', ' ').toUpperCase()} beside other changes`);
    }
  }

  /** A column that says where rows go stays, under its name. */
  private refuseNeeded(column: ColumnInfo): void {
    if (this.draft.partitioning?.columns.includes(column.id) === true) throw columnNeeded(column.name);
  }

  private column(name: string): ColumnInfo {
    const found = findColumn(this.draft, name);
    if (found === undefined) throw errors.unknownColumn(name, this.draft.name);
    return found;
  }

  private index(name: string): IndexInfo {
    const found = findIndex(this.draft, name);
    if (found === undefined) throw errors.keyMissing(name, this.draft.name);
    return found;
  }

  private addForeignKey(definition: ForeignKeyDefinition): void {
    const { key, index } = addForeignKey(this.draft, definition, this.scope);
    if (index !== undefined) this.noteIndex(index);
    this.addedForeignKeys.push(key);
  }

  private foreignKey(name: string): ForeignKeyInfo | undefined {
    return this.draft.foreignKeys.find((key) => key.name.toLowerCase() === name.toLowerCase());
  }

  private dropForeignKey(name: string, ifExists: boolean): void {
    const key = this.foreignKey(name);
    if (key === undefined) {
      if (ifExists) return this.context.warn('Note', 1091, `Can't DROP '${name}'; check that column/key exists`);
      throw errors.cannotDrop(name);
    }
    this.draft.foreignKeys = this.draft.foreignKeys.filter((one) => one !== key);
    const added = this.addedForeignKeys.indexOf(key);
    if (added >= 0) this.addedForeignKeys.splice(added, 1);
  }

  private check(name: string): CheckInfo {
    const found = findCheck(this.draft, name);
    if (found === undefined) throw errors.checkMissing(name);
    return found;
  }

  private dropCheck(name: string): void {
    const check = this.check(name);
    this.draft.checks = this.draft.checks.filter((one) => one !== check);
  }

  /** Rows that are there already are asked while they are copied. */
  private noteCheck(check: CheckInfo): void {
    if (check.enforced) this.copy('a CHECK constraint that is enforced');
  }

  private replaceColumn(column: ColumnInfo, change: Partial<ColumnInfo>): void {
    this.draft.columns[column.offset] = { ...column, ...change };
  }

  private replaceIndex(index: IndexInfo, change: Partial<IndexInfo>): void {
    this.draft.indexes = this.draft.indexes.map((one) =>
      one.id === index.id && one.name === index.name ? { ...index, ...change } : one,
    );
  }

  private noteIndex(index: IndexInfo): void {
    this.addedIndexes.push(index);
    if (index.primary && !this.draft.nonclustered) this.copy('a new clustered PRIMARY KEY');
    // A nonclustered key may still have turned a column to NOT NULL.
    if (index.primary) this.copy('a new PRIMARY KEY');
  }

  private addColumn(definition: ColumnDefinition, position: ColumnPosition | undefined): void {
    const { draft, context } = this;
    const before = draft.indexes.length;
    const column = addColumn(draft, definition, false, context);
    addColumnKeys(draft, definition);
    for (const index of draft.indexes.slice(before)) this.noteIndex(index);
    for (const check of addColumnChecks(draft, definition, context)) this.noteCheck(check);
    for (const key of columnKey(definition)) this.addForeignKey(key);
    if (column.autoIncrement) this.copy('a new AUTO_INCREMENT column');
    if (column.generated !== undefined) this.copy('a generated column, which is computed for each row');
    const origin = this.originOf(column, definition.default);
    const withOrigin: ColumnInfo = { ...draft.columns[column.offset]!, originDefault: origin };
    draft.columns[column.offset] = withOrigin;
    this.addedColumns.push(withOrigin);
    if (this.table.columns.some((one) => one.name.toLowerCase() === column.name.toLowerCase()))
      this.copy('a column takes the name of another');
    this.move(withOrigin, position);
  }

  /** What rows that are already there show in a new column. */
  private originOf(column: ColumnInfo, written: ExpressionNode | undefined): StoredDefault {
    const { context } = this;
    if (column.default.kind === 'value') return column.default;
    if (column.default.kind === 'expression' && written !== undefined) {
      const value = column.default.sql.startsWith('CURRENT_TIMESTAMP')
        ? (fromEpoch(context.statementTimeMs, context.timeZone ?? 0).roundTo(column.type.decimals, true) ??
          new DateTime(0, 0))
        : context.evaluate(written, column.type);
      this.addedValues.set(column.id, value);
      if (column.type.code === TypeCode.JSON || value === null) this.copy('a default that is no constant');
      else return { kind: 'value', text: textOfDatum(storedForm(value, column.type, context), column.type) };
      return { kind: 'null' };
    }
    if (!column.type.notNull) return { kind: 'null' };
    if (column.type.code === TypeCode.JSON) {
      this.copy('a JSON column that is NOT NULL');
      return { kind: 'null' };
    }
    return implicitDefault(column.type);
  }

  private move(column: ColumnInfo, position: ColumnPosition | undefined): void {
    if (position === undefined) return;
    const { draft } = this;
    const rest = draft.columns.filter((one) => one.id !== column.id);
    let at = 0;
    if (position.kind === 'after') {
      at = rest.findIndex((one) => one.name.toLowerCase() === position.column.toLowerCase()) + 1;
      if (at === 0) throw errors.unknownColumn(position.column, draft.name);
    }
    rest.splice(
      at,
      0,
      draft.columns.find((one) => one.id === column.id)!,
    );
    reorder(draft, rest);
  }

  private dropColumn(name: string, ifExists: boolean): void {
    const { draft } = this;
    const column = findColumn(draft, name);
    if (column === undefined) {
      if (ifExists) return this.context.warn('Note', 1091, `Can't DROP '${name}'; check that column/key exists`);
      throw errors.cannotDrop(name);
    }
    if (draft.columns.length === 1) throw errors.cannotDropAllColumns();
    this.refuseNeeded(column);
    dropColumnChecks(draft, column.name);
    const present = draft.indexes;
    for (const index of present) {
      const parts = index.columns.filter((part) => part.offset !== column.offset);
      if (parts.length === index.columns.length) continue;
      // MySQL takes the column out of its keys, and drops a key that has none left.
      this.removeIndex(index);
      if (parts.length > 0) {
        const kept = { ...index, id: ++draft.indexIdMax, columns: parts };
        draft.indexes.push(kept);
        this.noteIndex(kept);
        this.copy('a key loses a column');
      }
    }
    const known = this.addedColumns.findIndex((one) => one.id === column.id);
    if (known >= 0) this.addedColumns.splice(known, 1);
    else this.droppedColumns.push(column);
    reorder(
      draft,
      draft.columns.filter((one) => one.id !== column.id),
    );
  }

  private changeColumn(
    name: string,
    definition: ColumnDefinition,
    position: ColumnPosition | undefined,
    ifExists: boolean,
  ): void {
    const { draft, context } = this;
    const was = findColumn(draft, name);
    if (was === undefined) {
      if (ifExists) return context.warn('Note', 1054, `Unknown column '${name}' in '${draft.name}'`);
      throw errors.unknownColumn(name, draft.name);
    }
    const taken = findColumn(draft, definition.name);
    if (taken !== undefined && taken.id !== was.id) throw errors.duplicateColumn(definition.name);
    if (definition.name.toLowerCase() !== was.name.toLowerCase()) {
      this.refuseNeeded(was);
      refuseRename(draft, was.name);
    }
    const inPrimary = draft.indexes.some(
      (index) => index.primary && index.columns.some((part) => part.offset === was.offset),
    );
    const made = makeColumn(draft, definition, inPrimary, context);
    const becomes: ColumnInfo = { ...made, id: was.id, offset: was.offset, originDefault: was.originDefault };
    const indexed = draft.indexes.filter((index) => index.columns.some((part) => part.offset === was.offset));
    if (!this.addedColumns.some((one) => one.id === was.id) && !staysInPlace(was.type, becomes.type))
      this.copy(`column ${was.name} changes its type`);
    // What rows are placed by may look otherwise in another type: KEY hashes its bytes.
    if (draft.partitioning?.columns.includes(was.id) === true && !sameType(was.type, becomes.type))
      this.copy(`the partitions' column ${was.name} changes its type`);
    draft.columns[was.offset] = becomes;
    draft.indexes = draft.indexes.map((index) =>
      indexed.includes(index)
        ? {
            ...index,
            columns: index.columns.map((part) => (part.offset === was.offset ? { ...part, name: becomes.name } : part)),
          }
        : index,
    );
    const before = draft.indexes.length;
    addColumnKeys(draft, definition.primaryKey && inPrimary ? { ...definition, primaryKey: false } : definition);
    for (const index of draft.indexes.slice(before)) this.noteIndex(index);
    for (const check of addColumnChecks(draft, definition, context)) this.noteCheck(check);
    this.noteGenerated(was, becomes);
    if (becomes.autoIncrement && !was.autoIncrement) this.copy('a column becomes AUTO_INCREMENT');
    this.move(becomes, position);
  }

  private noteGenerated(was: ColumnInfo, becomes: ColumnInfo): void {
    if (was.generated?.sql === becomes.generated?.sql && was.generated?.stored === becomes.generated?.stored) return;
    const isVirtual = ({ generated }: ColumnInfo): boolean => generated?.stored === false;
    if (isVirtual(was) !== isVirtual(becomes)) throw errors.changedStored();
    this.copy(`generated column ${was.name} changes its expression`);
  }

  private renameColumn(name: string, to: string): void {
    const { draft } = this;
    const column = this.column(name);
    const taken = findColumn(draft, to);
    if (taken !== undefined && taken.id !== column.id) throw errors.duplicateColumn(to);
    if (to === '' || to.endsWith(' ')) throw errors.wrongColumnName(to);
    if (to.length > 64) throw errors.nameTooLong(to);
    if (to.toLowerCase() !== name.toLowerCase()) {
      this.refuseNeeded(column);
      refuseRename(draft, name);
    }
    this.replaceColumn(column, { name: to });
    draft.indexes = draft.indexes.map((index) => ({
      ...index,
      columns: index.columns.map((part) => (part.offset === column.offset ? { ...part, name: to } : part)),
    }));
  }

  private alterDefault(name: string, node: ExpressionNode | undefined, isExpression: boolean): void {
    const column = this.column(name);
    if (column.generated !== undefined) throw errors.wrongUsage('DEFAULT', 'generated column');
    const none: StoredDefault = { kind: 'none' };
    this.replaceColumn(column, {
      default: node === undefined ? none : storedDefault(column.name, node, isExpression, column.type, this.context),
    });
  }

  private dropIndex(name: string, ifExists: boolean): void {
    const index = findIndex(this.draft, name);
    if (index === undefined) {
      if (ifExists) return this.context.warn('Note', 1091, `Can't DROP '${name}'; check that column/key exists`);
      throw errors.cannotDrop(name);
    }
    if (index.primary && (this.table.pkIsHandle || this.table.isCommonHandle))
      this.copy('the clustered PRIMARY KEY goes');
    this.removeIndex(index);
  }

  private removeIndex(index: IndexInfo): void {
    this.draft.indexes = this.draft.indexes.filter((one) => one !== index);
    const known = this.addedIndexes.indexOf(index);
    if (known >= 0) this.addedIndexes.splice(known, 1);
    else this.droppedIndexes.push(index);
  }

  private renameIndex(name: string, to: string): void {
    const index = this.index(name);
    if (index.primary || to.toUpperCase() === 'PRIMARY' || to === '')
      throw errors.wrongIndexName(index.primary ? name : to);
    const taken = findIndex(this.draft, to);
    if (taken !== undefined && taken !== index) throw errors.duplicateKeyName(to);
    this.replaceIndex(index, { name: to });
  }

  private convertCharset(charset: string, collation: string | undefined): void {
    const { draft } = this;
    const text = resolveText(charset, collation, draft as { charset: FieldType['charset']; collation: string });
    draft.charset = text.charset;
    draft.collation = text.collation;
    draft.columns = draft.columns.map((column) =>
      hasCharset(column.type) ? { ...column, type: { ...column.type, ...text } } : column,
    );
    this.copy('CONVERT TO CHARACTER SET');
  }

  private options(options: Parameters<typeof applyOptions>[1]): void {
    const { draft } = this;
    applyOptions(draft, options, this.context);
    const option = (name: string): string | undefined =>
      options.findLast((one) => one.name === name)?.value as string | undefined;
    const charset = option('CHARSET') ?? option('CHARACTER SET');
    const text = resolveText(charset, option('COLLATE'), draft as { charset: FieldType['charset']; collation: string });
    draft.charset = text.charset;
    draft.collation = text.collation;
    const start = options.findLast((one) => one.name === 'AUTO_INCREMENT');
    if (start !== undefined) this.autoIncrement = Number(start.value);
  }
}

export function planAlter(
  table: TableInfo,
  changes: readonly TableChange[],
  scope: KeyScope,
  context: DdlContext,
): AlterPlan {
  const planner = new Planner(table, scope, context);
  for (const change of changes) planner.apply(change);
  const { draft, addedColumns, addedIndexes, addedForeignKeys } = planner;
  for (const index of draft.indexes) checkKeySize(draft, index);
  checkKeptKeys(table, draft, scope, planner.droppedIndexes[0]?.name);
  draft.foreignKeys = draft.foreignKeys.filter((key) => !addedForeignKeys.includes(key));
  const columnsMove = addedColumns.length > 0 || planner.droppedColumns.length > 0;
  if (addedIndexes.length > 0 && columnsMove) planner.copy('columns and indexes change at once');
  const reused = addedIndexes.some((index) =>
    planner.droppedIndexes.some((one) => one.name.toLowerCase() === index.name.toLowerCase()),
  );
  if (reused) planner.copy('an index takes the name of another');
  const target = finishTable(draft, { updateVersion: table.updateVersion, createdAtMs: table.createdAtMs });
  context.checkExpressions(target, table);
  checkPartitioning(target, context);
  if (target.pkIsHandle !== table.pkIsHandle || target.isCommonHandle !== table.isCommonHandle)
    planner.copy('the rows change their key');
  const { copyReason } = planner;
  if (copyReason !== '' && !planner.mayCopy) {
    throw errors.unsupported(`ALGORITHM=INPLACE for this change (${copyReason}); use ALGORITHM=COPY`);
  }
  const current = (columns: readonly ColumnInfo[]): ColumnInfo[] =>
    columns.map((one) => target.columns.find((column) => column.id === one.id) ?? one);
  return {
    mode: copyReason === '' ? 'online' : 'copy',
    target,
    addedColumns: current(addedColumns),
    droppedColumns: planner.droppedColumns,
    addedIndexes: addedIndexes.map((one) => target.indexes.find((index) => index.name === one.name) ?? one),
    droppedIndexes: planner.droppedIndexes,
    addedForeignKeys,
    renameTo: planner.renameTo,
    autoIncrement: planner.autoIncrement,
    addedValues: planner.addedValues,
    copyReason,
    addsOnlyIndexes: changes.every(({ kind }) => kind === 'add-index' || kind === 'algorithm' || kind === 'lock'),
  };
}

function sameType(a: FieldType, b: FieldType): boolean {
  return JSON.stringify({ ...a, notNull: false }) === JSON.stringify({ ...b, notNull: false });
}

function checkKeySize(draft: TableDraft, index: IndexInfo): void {
  let sizeBytes = 0;
  for (const part of index.columns) {
    const column = draft.columns[part.offset]!;
    if (column.type.code === TypeCode.JSON) throw errors.jsonKey(column.name);
    if (isLarge(column.type) && part.prefixLength < 0) throw errors.blobKeyWithoutLength(column.name);
    sizeBytes += keySizeBytes(column.type, part.prefixLength);
  }
  if (sizeBytes > KEY_SIZE_MAX) throw errors.keyTooLong(KEY_SIZE_MAX);
}

const INTEGER_ORDER: readonly number[] = [
  TypeCode.TINY,
  TypeCode.SHORT,
  TypeCode.INT24,
  TypeCode.LONG,
  TypeCode.LONGLONG,
];

/** Every value stored for `was`, in rows and keys, is the stored form of the same value of `becomes`. */
export function staysInPlace(was: FieldType, becomes: FieldType): boolean {
  if (becomes.notNull && !was.notNull) return false;
  if (
    isInteger(was) &&
    isInteger(becomes) &&
    INTEGER_ORDER.includes(was.code) &&
    INTEGER_ORDER.includes(becomes.code)
  ) {
    return was.unsigned === becomes.unsigned && INTEGER_ORDER.indexOf(was.code) <= INTEGER_ORDER.indexOf(becomes.code);
  }
  if (was.charset !== becomes.charset || was.collation !== becomes.collation || was.unsigned !== becomes.unsigned)
    return false;
  if (isLarge(was) && isLarge(becomes)) return was.length <= becomes.length;
  if (was.code !== becomes.code) return false;
  switch (was.code) {
    case TypeCode.VARCHAR:
      return was.length <= becomes.length;
    case TypeCode.CHAR:
      return was.charset === 'binary' ? was.length === becomes.length : was.length <= becomes.length;
    case TypeCode.ENUM:
    case TypeCode.SET:
      return (was.elements ?? []).every((element, i) => becomes.elements?.[i] === element);
    case TypeCode.DECIMAL:
      return was.length === becomes.length && was.decimals === becomes.decimals;
    case TypeCode.TIME:
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return was.decimals <= becomes.decimals;
    case TypeCode.BIT:
      return was.length <= becomes.length;
    case TypeCode.FLOAT:
    case TypeCode.DOUBLE:
      return was.length === becomes.length && was.decimals === becomes.decimals;
    default:
      return true;
  }
}
