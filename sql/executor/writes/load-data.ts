/**
 * LOAD DATA: rows of a text file through the machinery of INSERT, in one transaction. Chunks come from the client or a file; rows are
 * parsed from their bytes, and a few hundred at a time are encoded and buffered, so that beside the transaction's own buffer only one chunk
 * and one batch are in memory.
 *
 * With LOCAL the file cannot be sent back, so MySQL loads what it can: bad values are adjusted with a warning and duplicate rows left out, as
 * with IGNORE. A table without any row needs no look-up of duplicates: the file's own are found in the buffer, those of others at commit.
 */
import { isUtf8 } from 'node:buffer';
import { SqlError } from '../../../base/error.ts';
import { isPromise } from '../../../base/outcome.ts';
import { findCharset } from '../../../base/value/charset.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import { type FieldType, varcharType } from '../../../base/value/field-type.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import { rowInterval } from '../../../proto/encoding/keys.ts';
import { physicalTables } from '../../../proto/schema/partitions.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { InsertPlan, GeneratedValue, RowCheck, WrittenPartitions } from '../../../proto/plan/physical.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import { implicitDefault } from '../../functions/index.ts';
import { evaluator } from '../compiled.ts';
import type { ExecutionContext } from '../context.ts';
import { Run } from '../run.ts';
import { writeTransaction, type WriteResult } from '../write.ts';
import { columnStore, type StoreValue, writeContext } from './column-store.ts';
import { columnDefault, nowFor } from './defaults.ts';
import { DelimitedReader, FieldKind, type FileFormat } from './delimited-reader.ts';
import { fieldParser, type ParseField } from './field-parser.ts';
import { Inserter } from './insert.ts';
import type { RowCopier } from './row-copier.ts';

const LATIN1 = findCharset('latin1')!;

const BATCH_ROWS = 512;

export interface LoadPlan {
  readonly kind: 'load';
  readonly database: string;
  readonly table: TableInfo;
  readonly local: boolean;
  readonly duplicates: 'error' | 'replace' | 'ignore';
  readonly charset: 'utf8mb4' | 'latin1' | 'binary';
  readonly format: FileFormat;
  readonly ignoreLines: number;
  /** Where each field goes, in order: a column by offset, or a user variable. */
  readonly fields: readonly (
    { readonly kind: 'column'; readonly offset: number } | { readonly kind: 'variable'; readonly name: string }
  )[];
  /** SET: over the new row by column offset, as filled so far; user variables are read by their function. */
  readonly assignments: readonly { readonly columnOffset: number; readonly value: Expression }[];
  readonly defaultExpressions?: ReadonlyMap<number, Expression>;
  readonly checks?: readonly RowCheck[];
  readonly generated?: readonly GeneratedValue[];
  readonly partitions?: WrittenPartitions;
}

/** Of what a file puts into a user variable. */
export const LOAD_TEXT: FieldType = varcharType(16_777_215);

/** Where a field's bytes go. */
interface FieldTarget {
  readonly offset: number;
  readonly variable: string | undefined;
  readonly parse: ParseField;
  readonly store: StoreValue;
  readonly notNull: boolean;
  readonly isText: boolean;
  readonly name: string;
}

export async function loadData(
  plan: LoadPlan,
  chunks: AsyncIterable<Uint8Array>,
  context: ExecutionContext,
  /** False: every row goes the long way, for the test that compares the two. */
  copies = true,
): Promise<WriteResult> {
  const transaction = writeTransaction(context);
  const write = writeContext(context.evaluation, plan.local || plan.duplicates === 'ignore');
  const run = new Run(context, write.evaluation);
  const savepoint = transaction.savepoint();
  const loader = new Loader(plan, transaction, run, copies);
  try {
    await loader.load(chunks);
  } catch (error) {
    transaction.rollbackTo(savepoint);
    throw error;
  }
  const { affectedRows, records, duplicates, generatedId, shownId } = loader.inserter.outcome;
  const deleted = plan.duplicates === 'replace' ? affectedRows - records : 0;
  const skipped = plan.duplicates === 'replace' ? 0 : duplicates;
  return {
    affectedRows,
    foundRows: affectedRows,
    changedRows: affectedRows,
    lastInsertId: generatedId ?? shownId,
    generatedId,
    info: `Records: ${records}  Deleted: ${deleted}  Skipped: ${skipped}  Warnings: ${write.warnings.count}`,
  };
}

class Loader {
  readonly inserter: Inserter;
  private readonly plan: LoadPlan;
  private readonly run: Run;
  private readonly transaction: Transaction;
  private readonly reader: DelimitedReader;
  private readonly targets: readonly FieldTarget[];
  private readonly assignments: readonly {
    readonly offset: number;
    readonly evaluate: ReturnType<typeof evaluator>;
    readonly store: StoreValue;
  }[];
  private readonly lenient: boolean;
  private readonly copies: boolean;
  private copier: RowCopier | undefined = undefined;
  private rowNumber = 0;
  private bytesAreText = true;

  constructor(plan: LoadPlan, transaction: Transaction, run: Run, copies: boolean) {
    this.copies = copies;
    this.plan = plan;
    this.run = run;
    this.transaction = transaction;
    this.reader = new DelimitedReader(plan.format, plan.ignoreLines);
    this.lenient = !run.evaluation.strictWrite;
    const { table } = plan;
    const rules = { strict: run.evaluation.strictWrite, nullThrows: false };
    this.targets = plan.fields.map((field): FieldTarget => {
      if (field.kind === 'variable') {
        return {
          offset: -1,
          variable: field.name,
          parse: () => undefined,
          store: (value) => value,
          notNull: false,
          isText: true,
          name: field.name,
        };
      }
      const column = table.columns[field.offset]!;
      const { type } = column;
      return {
        offset: field.offset,
        variable: undefined,
        parse: fieldParser(type),
        store: columnStore(column, LOAD_TEXT, rules, run.evaluation),
        notNull: type.notNull && !column.autoIncrement,
        isText: type.charset !== 'binary',
        name: column.name,
      };
    });
    this.assignments = plan.assignments.map(({ columnOffset, value }) => ({
      offset: columnOffset,
      evaluate: evaluator(value),
      store: columnStore(table.columns[columnOffset]!, value.type, rules, run.evaluation),
    }));
    const given = new Set<number>(plan.assignments.map((assignment) => assignment.columnOffset));
    for (const field of plan.fields) if (field.kind === 'column') given.add(field.offset);
    const insert: InsertPlan = {
      kind: 'insert', database: plan.database, table, mode: plan.duplicates === 'replace' ? 'replace' : 'insert',
      ignore: plan.duplicates === 'ignore' || (plan.local && plan.duplicates === 'error'), columnOffsets: [...given], rows: undefined, source: undefined,
      onDuplicate: [], defaultExpressions: plan.defaultExpressions, checks: plan.checks, generated: plan.generated, partitions: plan.partitions,
    }; // prettier-ignore
    this.inserter = new Inserter(insert, transaction, run);
  }

  async load(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const { run } = this;
    this.inserter.knownEmpty = await this.tableIsEmpty();
    if (this.copies && this.assignments.length === 0 && this.targets.every((target) => target.variable === undefined))
      this.copier = this.inserter.copier(this.targets.map((target) => target.offset));
    for await (const chunk of chunks) {
      this.reader.push(chunk);
      await this.readRows(false);
      run.checkpoint();
      // Chunks that wait already come without a turn for others in between.
      if (run.due()) await run.pause();
    }
    this.reader.end();
    await this.readRows(true);
  }

  /** Nothing of the table at this timestamp, and nothing of it in the transaction: what cannot be there need not be looked for. */
  private async tableIsEmpty(): Promise<boolean> {
    for (const { id } of physicalTables(this.plan.table)) if (!(await this.isEmpty(id))) return false;
    return true;
  }

  private async isEmpty(tableId: number): Promise<boolean> {
    const scanner = this.transaction.scan(rowInterval(tableId), { limit: 1 });
    try {
      for (;;) {
        const got = scanner.next(1);
        const pairs = isPromise(got) ? await got : got;
        if (pairs === undefined) return true;
        if (pairs.count > 0) return false;
      }
    } finally {
      scanner.close();
    }
  }

  private async readRows(last: boolean): Promise<void> {
    const { reader, run } = this;
    // Whether any byte at hand is not UTF-8 is asked once per chunk, not once per field. A character cut by its end is no fault.
    this.bytesAreText =
      this.plan.charset === 'utf8mb4' && isUtf8(reader.bytes.subarray(0, wholeCharacters(reader.bytes, last)));
    const copier = this.bytesAreText ? this.copier : undefined;
    let rows: (Datum | undefined)[][] = [];
    let copied = 0;
    while (reader.next()) {
      const encoded = copier?.copy(reader);
      if (encoded !== undefined) {
        // Rows are stored in the order of the file: the first of two with one key is the one that stays.
        if (rows.length > 0) {
          const done = this.inserter.storeRows(rows);
          if (isPromise(done)) await done;
          rows = [];
        }
        if (reader.count > this.targets.length) this.tooManyFields(this.rowNumber + 1);
        if (this.inserter.storeCopied(encoded)) {
          this.rowNumber++;
          if (++copied < BATCH_ROWS) continue;
          this.inserter.noteCopied(copied);
          copied = 0;
          run.checkpoint();
          if (run.due()) await run.pause();
          continue;
        }
      }
      rows.push(this.row(encoded === undefined));
      if (rows.length < BATCH_ROWS) continue;
      const done = this.inserter.storeRows(rows);
      if (isPromise(done)) await done;
      rows = [];
      run.checkpoint();
      if (run.due()) await run.pause();
    }
    if (copied > 0) this.inserter.noteCopied(copied);
    if (rows.length > 0) await this.inserter.storeRows(rows);
  }

  /** The reader's row. `complains`: about a wrong number of fields; false when that was done. */
  // hot: bench/micro/executor.ts
  private row(complains: boolean): (Datum | undefined)[] {
    const { reader, targets } = this;
    const rowNumber = ++this.rowNumber;
    const row = this.inserter.newRow();
    const count = Math.min(reader.count, targets.length);
    for (let i = 0; i < count; i++) {
      const target = targets[i]!;
      if (reader.kinds[i] === FieldKind.PLAIN && (this.bytesAreText || !target.isText)) {
        const value = target.parse(reader.bytes, reader.starts[i]!, reader.ends[i]!);
        if (value !== undefined) {
          row[target.offset] = value;
          continue;
        }
      }
      this.storeField(row, target, i, rowNumber);
    }
    if (complains && reader.count !== targets.length) this.wrongCount(row, rowNumber);
    for (const { offset, evaluate, store } of this.assignments) {
      row[offset] = store(evaluate(row as Row, this.run.evaluation), rowNumber);
    }
    this.inserter.finishRow(row, rowNumber);
    return row;
  }

  private storeField(row: (Datum | undefined)[], target: FieldTarget, field: number, rowNumber: number): void {
    const value = this.reader.kinds[field] === FieldKind.NULL ? null : this.text(target, field, rowNumber);
    if (target.variable !== undefined) {
      this.run.evaluation.session.userVariables.set(target.variable, { value, type: LOAD_TEXT });
    } else if (value === null && target.notNull) {
      const column = this.plan.table.columns[target.offset]!;
      const message = `Column set to default value; NULL supplied to NOT NULL column '${column.name}' at row ${rowNumber}`; // prettier-ignore
      if (!this.lenient) throw new SqlError(1263, '22004', message);
      this.warn(1263, message);
      row[target.offset] = implicitDefault(column.type);
    } else row[target.offset] = target.store(value, rowNumber);
  }

  private text(target: FieldTarget, field: number, rowNumber: number): Datum {
    const { reader } = this;
    const bytes =
      reader.kinds[field] === FieldKind.ESCAPED
        ? reader.unescape(field)
        : reader.bytes.subarray(reader.starts[field]!, reader.ends[field]!);
    if (!target.isText) {
      const column = this.plan.table.columns[target.offset]!;
      const isBytes = column.type.charset === 'binary' && column.type.code >= 249;
      return isBytes ? new Uint8Array(bytes) : bytes.toString('latin1');
    }
    if (this.plan.charset === 'latin1') return LATIN1.decode(bytes)!;
    if (!this.bytesAreText && !isUtf8(bytes)) {
      const shown = [...bytes.subarray(0, 6)]
        .map((byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join('');
      const message = `Incorrect string value: '${shown}' for column '${target.name}' at row ${rowNumber}`;
      if (!this.lenient) throw new SqlError(1366, 'HY000', message);
      this.warn(1366, message);
    }
    return bytes.toString('utf8');
  }

  private tooManyFields(rowNumber: number): void {
    this.complain(1262, `Row ${rowNumber} was truncated; it contained more data than there were input columns`);
  }

  private wrongCount(row: (Datum | undefined)[], rowNumber: number): void {
    const { reader, targets } = this;
    if (reader.count > targets.length) {
      this.tooManyFields(rowNumber);
      return;
    }
    this.complain(1261, `Row ${rowNumber} doesn't contain data for all columns`);
    for (let i = reader.count; i < targets.length; i++) {
      const target = targets[i]!;
      if (target.variable !== undefined) {
        this.run.evaluation.session.userVariables.set(target.variable, { value: null, type: LOAD_TEXT });
        continue;
      }
      const column = this.plan.table.columns[target.offset]!;
      if (column.autoIncrement) row[target.offset] = null;
      else if (column.type.code === 7) row[target.offset] = nowFor(column.type, this.run.evaluation);
      else if (this.plan.defaultExpressions?.has(target.offset) === true) this.storeDefault(row, target, rowNumber);
      else
        row[target.offset] =
          columnDefault(column, this.run.evaluation) ?? (column.type.notNull ? implicitDefault(column.type) : null);
    }
  }

  private storeDefault(row: (Datum | undefined)[], target: FieldTarget, rowNumber: number): void {
    const expression = this.plan.defaultExpressions!.get(target.offset)!;
    const { evaluation } = this.run;
    const rules = { strict: evaluation.strictWrite, nullThrows: false };
    const store = columnStore(this.plan.table.columns[target.offset]!, expression.type, rules, evaluation);
    row[target.offset] = store(evaluator(expression)(row as Row, evaluation), rowNumber);
  }

  private complain(errno: number, message: string): void {
    if (!this.lenient) throw new SqlError(errno, '01000', message);
    this.warn(errno, message);
  }

  private warn(errno: number, message: string): void {
    this.run.evaluation.warn('Warning', errno, message);
  }
}

/** Length without a character whose last bytes are still to come. */
function wholeCharacters(bytes: Uint8Array, last: boolean): number {
  if (last) return bytes.length;
  let at = bytes.length;
  for (let i = 0; i < 4 && at > 0; i++) {
    const byte = bytes[--at]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return at;
  }
  return bytes.length;
}
