/**
 * INSERT and REPLACE. Rows come from VALUES or from a query, in batches:
 *
 *     source row → whole table row (defaults, casts) → AUTO_INCREMENT → encode → read unique keys (one call a batch) → decide → buffer
 *
 * What "decide" does with a taken key is the difference between the forms: INSERT ends with 1062, IGNORE leaves the row out, ON DUPLICATE KEY
 * UPDATE changes the row that is there, REPLACE removes all rows in the way.
 *
 * `LAST_INSERT_ID()` is the first value that was generated. Affected rows: 1 for a new row, 2 for a changed one, 0 for one
 * that was there and already had these values; REPLACE adds one for each row it removed.
 */
import { SqlError } from '../../../base/error.ts';
import { andThen, isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import type { Handle } from '../../../proto/encoding/keys.ts';
import { isWritten } from '../../../proto/encoding/row-encoder.ts';
import type { InsertPlan, PhysicalPlan } from '../../../proto/plan/physical.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { hasHiddenHandle } from '../../../proto/schema/table-shape.ts';
import { evaluateAlone, evaluator, mayWait, slowEvaluator } from '../compiled.ts';
import { buildOperator } from '../build.ts';
import { children } from '../plan-tree.ts';
import { drain } from '../operator.ts';
import type { Run } from '../run.ts';
import { toKeyValue } from '../storage/key-value.ts';
import { columnStore, type StoreRules, type StoreValue } from './column-store.ts';
import { columnDefault, nowFor, withoutDefault } from './defaults.ts';
import { duplicateEntry } from './duplicate.ts';
import { sameDatum } from './same.ts';
import { ForeignKeys, isReferenceFailure } from './foreign-keys.ts';
import { GeneratedColumns } from './generated-columns.ts';
import { brokenCheck } from './row-checks.ts';
import { RowCopier } from './row-copier.ts';
import { tableWriter } from './partition-writer.ts';
import type { EncodedRow, PreparedRow, StoredRow, TableWriter } from './table-writer.ts';

/** Rows per round of encoding and reading unique keys. */
const BATCH_ROWS = 256;

export interface InsertOutcome {
  affectedRows: number;
  /** Rows there already whose update changed nothing. */
  unchangedRows: number;
  /** Rows given. */
  records: number;
  duplicates: number;
  /** First generated AUTO_INCREMENT value, for LAST_INSERT_ID(). */
  generatedId: number | bigint | undefined;
  /** The id that the OK packet shows when none was generated: the last one given, or that of an updated row. */
  shownId: number | bigint;
}

type NewRow = (Datum | undefined)[];

interface ComputedColumn {
  readonly offset: number;
  readonly store: StoreValue;
  readonly evaluate: ReturnType<typeof evaluator>;
}

export class Inserter {
  readonly outcome: InsertOutcome = {
    affectedRows: 0,
    unchangedRows: 0,
    records: 0,
    duplicates: 0,
    generatedId: undefined,
    shownId: 0,
  };
  /** The table had no row when the statement began: only the buffer can hold duplicates that are not left to commit. */
  knownEmpty = false;
  /** New rows minus those that REPLACE removed. */
  private rowsAdded = 0;
  private readonly plan: InsertPlan;
  private readonly table: TableInfo;
  private readonly run: Run;
  private readonly writer: TableWriter;
  private readonly autoColumn: ColumnInfo | undefined;
  private readonly hiddenHandle: boolean;
  /** Values of the columns that the statement does not give. */
  private readonly template: NewRow;
  /** Columns whose default is computed per row. */
  private readonly computed: readonly ComputedColumn[];
  private readonly generated: GeneratedColumns | undefined;
  private readonly rules: StoreRules;
  private readonly stores: { type: FieldType; store: StoreValue }[] = [];
  private readonly references: ForeignKeys | undefined;
  /** Only rows that are simply new: their unique keys may be checked at commit. */
  private readonly plain: boolean;

  constructor(plan: InsertPlan, transaction: Transaction, run: Run) {
    this.plan = plan;
    this.table = plan.table;
    this.run = run;
    this.writer = tableWriter(plan.table, plan.partitions, transaction, run);
    this.autoColumn = plan.table.columns.find((column) => column.autoIncrement && column.state === 'public');
    this.hiddenHandle = hasHiddenHandle(plan.table);
    this.references = ForeignKeys.of(plan.database, plan.table, transaction, run);
    const strict = run.evaluation.strictWrite;
    this.rules = { strict, nullThrows: plan.rows?.length === 1 && !plan.ignore };
    this.plain = plan.mode === 'insert' && !plan.ignore && plan.onDuplicate.length === 0;
    this.generated = GeneratedColumns.of(plan.generated, plan.table, this.rules, run.evaluation);
    const given = new Set(plan.columnOffsets);
    const computed: ComputedColumn[] = [];
    this.template = plan.table.columns.map((column): Datum | undefined => {
      if (!isWritten(column)) return undefined;
      if (column.autoIncrement || column.generated !== undefined) return null;
      const expression = plan.defaultExpressions?.get(column.offset);
      if (expression !== undefined) {
        if (!given.has(column.offset)) {
          const store = columnStore(column, expression.type, this.rules, run.evaluation);
          computed.push({ offset: column.offset, store, evaluate: evaluator(expression) });
        }
        return null;
      }
      if (given.has(column.offset) && column.default.kind !== 'value') return null;
      const value = columnDefault(column, run.evaluation);
      return value === undefined && !given.has(column.offset)
        ? withoutDefault(column, strict, run.evaluation)
        : (value ?? null);
    });
    this.computed = computed.length === 0 ? computed : this.withGenerated(computed);
  }

  /** A default may name generated columns before it: they are computed in between, and once more when all other columns are there. */
  private withGenerated(computed: readonly ComputedColumn[]): readonly ComputedColumn[] {
    const early = (this.plan.generated ?? []).map(({ offset, value }): ComputedColumn => {
      const column = this.table.columns[offset]!;
      const nullable = { ...column, type: { ...column.type, notNull: false } };
      const store = columnStore(nullable, value.type, this.rules, this.run.evaluation);
      return { offset, store, evaluate: evaluator(value) };
    });
    return [...computed, ...early].sort((a, b) => a.offset - b.offset);
  }

  async execute(): Promise<void> {
    const { plan, run } = this;
    if (plan.rows !== undefined) {
      for (let start = 0; start < plan.rows.length; start += BATCH_ROWS) {
        const made = this.fromValues(start, Math.min(plan.rows.length, start + BATCH_ROWS));
        const rows = isPromise(made) ? await made : made;
        const done = this.store(rows, undefined);
        if (isPromise(done)) await done;
        run.checkpoint();
        if (run.due()) await run.pause();
      }
      return;
    }
    const source = plan.source!;
    const operator = buildOperator(source, run);
    const types = source.output.map((column) => column.type);
    operator.open();
    try {
      // A query over the table itself must not meet the rows it inserts.
      const kept: Batch = [];
      const memory = run.reserve(`insert into ${this.table.name}`);
      const readsItself = readsTable(source, this.table.id);
      const done = drain(operator, run, (batch) => {
        if (!readsItself) return andThen(this.storeSource(batch, types), () => run.context.batchStored?.());
        memory.grow(batch.length * (64 + 48 * types.length));
        for (const row of batch) kept.push(row);
      });
      if (isPromise(done)) await done;
      for (let start = 0; start < kept.length; start += BATCH_ROWS) {
        const stored = this.storeSource(kept.slice(start, start + BATCH_ROWS), types);
        if (isPromise(stored)) await stored;
        run.checkpoint();
        if (run.due()) await run.pause();
      }
      memory.release();
    } finally {
      operator.close();
    }
  }

  /** Rows of a query (or of LOAD DATA): values in the order of the plan's columns. */
  storeSource(batch: Batch, types: readonly FieldType[]): MaybePromise<void> {
    if (batch.length === 0) return;
    const { columnOffsets } = this.plan;
    const first = this.outcome.records + 1;
    const rows: NewRow[] = [];
    for (let r = 0; r < batch.length; r++) {
      const source = batch[r]!;
      const row = this.template.slice();
      for (let i = 0; i < columnOffsets.length; i++) {
        const offset = columnOffsets[i]!;
        row[offset] = this.storeFor(offset, types[i]!)(source[i]!, first + r);
      }
      this.finishRow(row, first + r);
      rows.push(row);
    }
    return this.store(rows, batch);
  }

  /** A row with the values that the statement does not give. For LOAD DATA, which fills and stores whole rows itself. */
  newRow(): NewRow {
    return this.template.slice();
  }

  /** Computes what depends on the values given. */
  finishRow(row: NewRow, rowNumber: number): void {
    for (const { offset, evaluate, store } of this.computed)
      row[offset] = store(evaluate(row as Row, this.run.evaluation), rowNumber);
    this.generated?.compute(row, rowNumber);
  }

  /** For LOAD DATA: the rows' way around datums, if all that is left to do for a row is to write it. */
  copier(fields: readonly number[]): RowCopier | undefined {
    const { checks, partitions } = this.plan;
    if (
      !this.knownEmpty ||
      this.computed.length > 0 ||
      this.generated !== undefined ||
      checks !== undefined ||
      this.references !== undefined
    )
      return undefined;
    if (partitions !== undefined) return undefined;
    const { encoder, zone } = this.writer;
    return RowCopier.of({ table: this.table, encoder, zone, fields, template: this.template });
  }

  /** A row that the copier made; false when one of its unique keys is taken, and nothing is written then. */
  storeCopied(row: EncodedRow): boolean {
    if (this.writer.takenInBuffer(row)) return false;
    this.outcome.records++;
    this.outcome.affectedRows++;
    this.rowsAdded++;
    this.writer.put(row, true);
    return true;
  }

  /** For statistics: what `storeCopied` wrote. */
  noteCopied(count: number): void {
    this.run.context.noteChangedRows(this.table, count, count);
  }

  storeRows(rows: NewRow[]): MaybePromise<void> {
    return this.store(rows, undefined);
  }

  private storeFor(offset: number, type: FieldType): StoreValue {
    const known = this.stores[offset];
    if (known !== undefined && known.type === type) return known.store;
    const store = columnStore(this.table.columns[offset]!, type, this.rules, this.run.evaluation);
    this.stores[offset] = { type, store };
    return store;
  }

  private fromValues(start: number, end: number): MaybePromise<NewRow[]> {
    const rows = this.plan.rows!;
    for (let r = start; r < end; r++) {
      for (const expression of rows[r]!)
        if (expression !== undefined && mayWait([expression])) return this.fromValuesSlowly(start, end);
    }
    const out: NewRow[] = [];
    for (let r = start; r < end; r++) {
      const row = this.template.slice();
      const given = rows[r]!;
      for (let i = 0; i < given.length; i++) {
        const offset = this.plan.columnOffsets[i]!;
        const expression = given[i];
        if (expression === undefined) row[offset] = this.defaultValue(offset, row, r + 1);
        else {
          const value =
            expression.kind === 'constant' || expression.kind === 'parameter'
              ? evaluateAlone(expression, this.run.evaluation)
              : evaluator(expression)(row as Row, this.run.evaluation);
          row[offset] = this.storeFor(offset, expression.type)(value, r + 1);
        }
      }
      this.finishRow(row, r + 1);
      out.push(row);
    }
    return out;
  }

  private async fromValuesSlowly(start: number, end: number): Promise<NewRow[]> {
    const out: NewRow[] = [];
    for (let r = start; r < end; r++) {
      const row = this.template.slice();
      const given = this.plan.rows![r]!;
      for (let i = 0; i < given.length; i++) {
        const offset = this.plan.columnOffsets[i]!;
        const expression = given[i];
        if (expression === undefined) row[offset] = this.defaultValue(offset, row, r + 1);
        else {
          const value = await slowEvaluator(expression)(row as Row, this.run.evaluation);
          row[offset] = this.storeFor(offset, expression.type)(value, r + 1);
        }
      }
      this.finishRow(row, r + 1);
      out.push(row);
    }
    return out;
  }

  /** `DEFAULT` in a row of VALUES. */
  private defaultValue(offset: number, row: NewRow, rowNumber: number): Datum {
    const column = this.table.columns[offset]!;
    if (column.autoIncrement || column.generated !== undefined) return null;
    const expression = this.plan.defaultExpressions?.get(offset);
    if (expression !== undefined) {
      const value = evaluator(expression)(row as Row, this.run.evaluation);
      return columnStore(column, expression.type, this.rules, this.run.evaluation)(value, rowNumber);
    }
    return columnDefault(column, this.run.evaluation) ?? withoutDefaultUnlessNull(column, this.rules.strict, this.run);
  }

  private async store(given: NewRow[], fed: Batch | undefined): Promise<void> {
    const { writer, run } = this;
    const kept =
      this.plan.checks === undefined ? { rows: given, source: fed } : keeping(given, fed, (row) => !this.breaks(row));
    if (kept.rows.length === 0) return;
    const first = this.outcome.records;
    const addedBefore = this.rowsAdded;
    this.outcome.records += kept.rows.length;
    if (this.autoColumn !== undefined) {
      const filled = this.fillAutoIncrement(kept.rows, this.autoColumn);
      if (isPromise(filled)) await filled;
    }
    const { rows, source } =
      this.plan.partitions === undefined ? kept : keeping(kept.rows, kept.source, (row) => this.hasPlace(row));
    let hidden: number | undefined;
    if (this.hiddenHandle) {
      const ids = run.context.allocateRowId(this.table, rows.length);
      hidden = isPromise(ids) ? await ids : ids;
    }
    const prepared = rows.map((row, i) => writer.prepare(row, hidden === undefined ? undefined : hidden + i));
    const defer = this.knownEmpty || (this.plain && !writer.transaction.pessimistic);
    const asked = defer ? undefined : writer.readUnique(prepared);
    const read = isPromise(asked) ? await asked : asked;
    let at = 0;
    let changed = 0;
    for (let i = 0; i < prepared.length; i++) {
      const done = this.place(prepared[i]!, read, at, source?.[i], first + i + 1);
      changed += isPromise(done) ? await done : done;
      at += prepared[i]!.unique.length;
    }
    run.context.noteChangedRows(this.table, this.rowsAdded - addedBefore, changed);
  }

  /** False, or error 1526 or 1748, which IGNORE turns into a warning. */
  private hasPlace(row: NewRow): boolean {
    const failure = this.writer.refusal(row);
    if (failure === undefined) return true;
    if (!this.plan.ignore) throw failure;
    this.run.evaluation.warn('Warning', failure.errno, failure.message);
    return false;
  }

  /** True, or error 1452, which IGNORE turns into a warning. */
  private async refersRightly(references: ForeignKeys, row: PreparedRow['row']): Promise<boolean> {
    try {
      await references.checkParents(row);
      return true;
    } catch (error) {
      if (!this.plan.ignore || !isReferenceFailure(error)) throw error;
      this.run.evaluation.warn('Warning', error.errno, error.message);
      return false;
    }
  }

  /** False, or error 3819, which IGNORE turns into a warning. */
  private breaks(row: NewRow): boolean {
    const { checks, ignore } = this.plan;
    const failure = checks === undefined ? undefined : brokenCheck(checks, row, this.run.evaluation);
    if (failure === undefined) return false;
    if (!ignore) throw failure;
    this.run.evaluation.warn('Warning', failure.errno, failure.message);
    return true;
  }

  /** Gives the rows it changed. `at`: where this row's unique keys start in `read`. */
  private place(
    row: PreparedRow,
    read: readonly (Uint8Array | undefined)[] | undefined,
    at: number,
    source: Row | undefined,
    rowNumber: number,
  ): MaybePromise<number> {
    const { writer, plan, outcome } = this;
    for (let u = 0; u < row.unique.length; u++) {
      const unique = row.unique[u]!;
      const value = writer.taken(unique.key, read?.[at + u]);
      if (value === undefined) continue;
      if (this.plain) throw duplicateEntry(this.table, unique.index, row.row);
      outcome.duplicates++;
      if (plan.mode === 'replace') return this.replace(row, read, at);
      if (plan.onDuplicate.length === 0) {
        this.run.evaluation.warn('Warning', 1062, duplicateEntry(this.table, unique.index, row.row).message);
        return 0;
      }
      const existing = writer.existing(unique, value);
      if (isPromise(existing)) return existing.then((stored) => this.updateExisting(row, stored, source, rowNumber));
      return this.updateExisting(row, existing, source, rowNumber);
    }
    return this.placeNew(row, read === undefined);
  }

  /** A row that is new, if what it refers to is there. */
  private placeNew(row: PreparedRow, deferred: boolean): MaybePromise<number> {
    const { references } = this;
    if (references === undefined) {
      this.putNew(row, deferred);
      return 1;
    }
    return this.refersRightly(references, row.row).then((right) => {
      if (right) this.putNew(row, deferred);
      return right ? 1 : 0;
    });
  }

  private putNew(row: PreparedRow, deferred: boolean): void {
    this.writer.put(row, deferred);
    this.rowsAdded++;
    this.outcome.affectedRows++;
  }

  private async replace(
    row: PreparedRow,
    read: readonly (Uint8Array | undefined)[] | undefined,
    at: number,
  ): Promise<number> {
    let removed = 0;
    for (let u = 0; u < row.unique.length; u++) {
      const unique = row.unique[u]!;
      // Looked at again for each key: removing one row may have freed the next key.
      const value = this.writer.taken(unique.key, read?.[at + u]);
      if (value === undefined) continue;
      const stored = await this.writer.existing(unique, value);
      if (stored === undefined) continue;
      this.writer.delete(stored);
      await this.references?.removed(stored.row);
      removed++;
    }
    this.outcome.affectedRows += removed;
    this.rowsAdded -= removed;
    return removed + (await this.placeNew(row, false));
  }

  private async updateExisting(
    row: PreparedRow,
    stored: StoredRow | undefined,
    source: Row | undefined,
    rowNumber: number,
  ): Promise<number> {
    const { run, table } = this;
    if (stored === undefined) return this.placeNew(row, false);
    const width = table.columns.length;
    const input: Row = stored.row.concat(
      row.row.map((value) => value ?? null),
      source ?? [],
    );
    const assigned = new Set<number>();
    for (const assignment of this.plan.onDuplicate) {
      const offset = assignment.columnOffset;
      const value = evaluator(assignment.value)(input, run.evaluation);
      const rules = { strict: this.rules.strict, nullThrows: this.rules.nullThrows };
      input[offset] = columnStore(
        table.columns[offset]!,
        assignment.value.type,
        rules,
        run.evaluation,
      )(value, rowNumber);
      assigned.add(offset);
    }
    const next = input.slice(0, width);
    if (this.autoColumn !== undefined) {
      const id = next[this.autoColumn.offset];
      if (typeof id === 'number' || typeof id === 'bigint') this.outcome.shownId = id;
    }
    if (next.every((value, i) => sameDatum(value, stored.row[i]!))) {
      this.outcome.unchangedRows++;
      return 0;
    }
    touchTimestamps(table, next, assigned, run);
    this.generated?.compute(next, rowNumber);
    if (this.breaks(next)) return 0;
    if (this.references !== undefined) await this.references.checkParents(next, stored.row);
    const updated = this.writer.update(stored, next);
    const failure = isPromise(updated) ? await updated : updated;
    if (failure === undefined) await this.references?.changed(stored.row, next);
    if (failure !== undefined) {
      if (!this.plan.ignore) throw failure;
      run.evaluation.warn('Warning', 1062, failure.message);
      return 0;
    }
    this.outcome.affectedRows += 2;
    return 1;
  }

  private fillAutoIncrement(rows: readonly NewRow[], column: ColumnInfo): MaybePromise<void> {
    const { offset } = column;
    let wanted = 0;
    for (const row of rows) if (this.generates(row[offset])) wanted++;
    if (wanted === rows.length) {
      const first = this.run.context.allocateAutoIncrement(this.table, wanted);
      return isPromise(first)
        ? first.then((id) => this.assignIds(rows, column, id))
        : this.assignIds(rows, column, first);
    }
    return this.fillMixed(rows, column, wanted);
  }

  private generates(value: Datum | undefined): boolean {
    return (
      value === null ||
      value === undefined ||
      ((value === 0 || value === 0n) && !this.run.evaluation.sqlMode.noAutoValueOnZero)
    );
  }

  private assignIds(rows: readonly NewRow[], column: ColumnInfo, first: number | bigint): void {
    if (rows.length === 0) return;
    let next = first;
    for (const row of rows) {
      row[column.offset] = this.checkedId(next, column);
      next = typeof next === 'number' && next < Number.MAX_SAFE_INTEGER ? next + 1 : BigInt(next) + 1n;
    }
    this.outcome.generatedId ??= first;
    this.outcome.shownId = first;
  }

  private checkedId(id: number | bigint, column: ColumnInfo): Datum {
    const fitted = toKeyValue(id, column.type);
    if (!fitted.exact) throw new SqlError(1467, 'HY000', 'Failed to read auto-increment value from storage engine');
    return fitted.value;
  }

  /** Some rows bring their id: each is told to the allocator before the next is drawn, so that generated ones come after it. */
  private async fillMixed(rows: readonly NewRow[], column: ColumnInfo, wanted: number): Promise<void> {
    const { context } = this.run;
    let highest: number | bigint = 0;
    for (const row of rows) {
      const value = row[column.offset];
      if (this.generates(value)) {
        if (highest > 0) await context.observeAutoIncrement(this.table, highest);
        highest = 0;
        const id = await context.allocateAutoIncrement(this.table, 1);
        row[column.offset] = this.checkedId(id, column);
        this.outcome.generatedId ??= id;
      } else {
        const id: number | bigint = typeof value === 'number' || typeof value === 'bigint' ? value : 0;
        if (id > highest) highest = id;
        if (wanted === 0 && this.outcome.generatedId === undefined) this.outcome.shownId = id;
      }
    }
    if (highest > 0) await context.observeAutoIncrement(this.table, highest);
    if (this.outcome.generatedId !== undefined) this.outcome.shownId = this.outcome.generatedId;
  }
}

/** The rows that pass, and what they were made from; the others are left out. */
function keeping(
  rows: NewRow[],
  source: Batch | undefined,
  passes: (row: NewRow) => boolean,
): { rows: NewRow[]; source: Batch | undefined } {
  const kept: NewRow[] = [];
  const fed: Batch | undefined = source === undefined ? undefined : [];
  rows.forEach((row, i) => {
    if (!passes(row)) return;
    kept.push(row);
    fed?.push(source![i]!);
  });
  return { rows: kept, source: fed };
}

function withoutDefaultUnlessNull(column: ColumnInfo, strict: boolean, run: Run): Datum {
  return column.type.notNull ? withoutDefault(column, strict, run.evaluation) : null;
}

/** ON UPDATE CURRENT_TIMESTAMP columns that the statement did not set itself. */
export function touchTimestamps(table: TableInfo, row: Row, assigned: ReadonlySet<number>, run: Run): void {
  for (const column of table.columns) {
    if (column.onUpdateNow && !assigned.has(column.offset)) row[column.offset] = nowFor(column.type, run.evaluation);
  }
}

/** Whether a plan reads rows of this table anywhere. */
export function readsTable(plan: PhysicalPlan, tableId: number): boolean {
  if ('table' in plan && plan.table.id === tableId) return true;
  return children(plan).some((child) => readsTable(child, tableId));
}

/** A handle as a map key. */
export function handleKey(handle: Handle): string | number | bigint {
  return handle instanceof Uint8Array
    ? Buffer.from(handle.buffer, handle.byteOffset, handle.length).toString('latin1')
    : handle;
}
