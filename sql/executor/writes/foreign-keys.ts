/**
 * FOREIGN KEY, for one table and one statement:
 *
 *     a row comes, or its key columns change       the row it refers to must be there, and stays until the transaction ends: it is locked
 *     a row goes, or what refers to it changes     RESTRICT: no row refers to it      CASCADE, SET NULL: those rows are changed too, and so on
 *
 * What is looked for elsewhere is a statement of its own (`ExecutionContext.planReference`), run inside this one: a DELETE whose rows are found and
 * locked but stay, or the DELETE or UPDATE that an action asks for, which meets the foreign keys of that table in turn.
 *
 * Why no row is left behind: whoever writes a row that refers locks the row it refers to, and whoever takes that away locks it too, and then looks at a
 * timestamp drawn after it was locked. And the row that is referred to is written once more as it is: a lock alone leaves no trace, neither for an
 * optimistic transaction that began before it, nor when the store that kept it in memory hands the region on.
 */
import { SqlError } from '../../../base/error.ts';
import { isPromise } from '../../../base/outcome.ts';
import type { Datum } from '../../../base/value/datum.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import type { DeletePlan, UpdatePlan, WritePlan } from '../../../proto/plan/physical.ts';
import { referrersOf } from '../../../proto/schema/references.ts';
import type { ForeignKeyInfo, ReferentialAction, TableInfo } from '../../../proto/schema/table-info.ts';
import { columnByName } from '../../../proto/schema/table-shape.ts';
import { type HashKey, hashKeyFor } from '../../functions/index.ts';
import { type Cascade, Run } from '../run.ts';
import { executeDelete } from './delete.ts';
import { sameDatum } from './same.ts';
import { TargetRows } from './targets.ts';
import { executeUpdate, readAll } from './update.ts';

/** Tables that an action passes through, one after the other. */
const DEPTH_MAX = 15;
/** Values found in this statement are kept; beyond that many they are looked for again. */
const FOUND_MAX = 100_000;

/** A key of this table. */
interface ParentLink {
  readonly key: ForeignKeyInfo;
  /** Of this table's columns. */
  readonly offsets: readonly number[];
  readonly types: readonly FieldType[];
  readonly hash: ReturnType<typeof hashKeyFor>;
  readonly isSelf: boolean;
  /** Of the columns referred to, when the table refers to itself. */
  readonly selfOffsets: readonly number[];
  readonly found: Set<HashKey>;
}

/** A key of another table that refers to this one. */
interface ChildLink {
  readonly database: string;
  readonly table: TableInfo;
  readonly key: ForeignKeyInfo;
  readonly columns: readonly string[];
  /** Of this table's columns that are referred to. */
  readonly offsets: readonly number[];
  readonly types: readonly FieldType[];
}

type Values = readonly (Datum | undefined)[];

export class ForeignKeys {
  private readonly database: string;
  private readonly table: TableInfo;
  private readonly transaction: Transaction;
  private readonly run: Run;
  private readonly parents: readonly ParentLink[];
  private readonly children: readonly ChildLink[];

  /** `undefined`: the table refers to nothing and nothing refers to it, or nobody wants to know (`foreign_key_checks = 0`). */
  static of(database: string, table: TableInfo, transaction: Transaction, run: Run): ForeignKeys | undefined {
    if (!run.context.foreignKeyChecks || table.temporary) return undefined;
    const referrers = referrersOf(run.context.schema, database, table.name);
    if (table.foreignKeys === undefined && referrers.length === 0) return undefined;
    return new ForeignKeys(database, table, transaction, run);
  }

  private constructor(database: string, table: TableInfo, transaction: Transaction, run: Run) {
    this.database = database;
    this.table = table;
    this.transaction = transaction;
    this.run = run;
    this.parents = (table.foreignKeys ?? []).map((key) => this.parentLink(key));
    this.children = referrersOf(run.context.schema, database, table.name).map((one) => {
      const offsets = offsetsOf(table, one.key.references.columns);
      return {
        ...one,
        columns: columnsOf(one.table, one.key).map(({ name }) => name),
        offsets,
        types: offsets.map((offset) => table.columns[offset]!.type),
      };
    });
  }

  /** Throws 1452 when a row that `row` refers to is not there. `before`: what the row was, when it was there. */
  async checkParents(row: Values, before?: Values): Promise<void> {
    for (const link of this.parents) {
      const values = link.offsets.map((offset) => row[offset] ?? null);
      if (values.includes(null)) continue;
      if (before !== undefined && link.offsets.every((offset) => same(row[offset], before[offset]))) continue;
      if (link.isSelf && link.selfOffsets.every((offset, i) => same(row[offset], values[i]))) continue;
      const name = link.hash(values);
      if (link.found.has(name)) continue;
      await this.atNewest(async () => {
        if (!(await this.findParent(link, values))) throw this.failure(1452, 'add or update a child', this.database, this.table, link.key); // prettier-ignore
      });
      if (link.found.size < FOUND_MAX) link.found.add(name);
    }
  }

  /** The row is gone from the buffer; it was locked before. Throws 1451. */
  async removed(row: Values): Promise<void> {
    for (const link of this.children) {
      const values = valuesOf(link, row);
      if (values !== undefined) await this.atNewest(() => this.act(link, link.key.onDelete, values, undefined));
    }
  }

  /** The row is another one in the buffer; it was locked before. Throws 1451. */
  async changed(before: Values, after: Values): Promise<void> {
    for (const link of this.children) {
      const values = valuesOf(link, before);
      if (values === undefined || link.offsets.every((offset) => same(before[offset], after[offset]))) continue;
      const becomes = link.offsets.map((offset) => after[offset] ?? null);
      await this.atNewest(() => this.act(link, link.key.onUpdate, values, becomes));
    }
  }

  // ---- to the row referred to

  private parentLink(key: ForeignKeyInfo): ParentLink {
    const { table } = this;
    const columns = columnsOf(table, key);
    const { references } = key;
    const isSelf =
      references.database.toLowerCase() === this.database.toLowerCase() &&
      references.table.toLowerCase() === table.name.toLowerCase();
    return {
      key,
      offsets: columns.map((column) => column.offset),
      types: columns.map((column) => column.type),
      hash: hashKeyFor(columns.map((column) => column.type)),
      isSelf,
      selfOffsets: isSelf ? offsetsOf(table, references.columns) : [],
      found: new Set(),
    };
  }

  private async findParent({ key, types }: ParentLink, values: readonly Datum[]): Promise<boolean> {
    const { database, table, columns } = key.references;
    const { schema } = this.run.context;
    if ((schema.permanent ?? schema).table(database, table) === undefined) return false;
    const sql = `DELETE FROM ${place(database, table)} WHERE ${equal(columns)} LIMIT 1`;
    const { rows, found } = await this.lock(sql, types, values);
    if (found.length === 0) return false;
    const { transaction } = this;
    const rowKey = rows.writer.encoder.rowKey(found[0]!.handle);
    if (transaction.buffered(rowKey) !== undefined) return true;
    const read = transaction.getMany([rowKey]);
    const [value] = isPromise(read) ? await read : read;
    if (value !== undefined) transaction.put(rowKey, value);
    return value !== undefined;
  }

  // ---- to the rows that refer

  /** `becomes`: what is referred to has new values; `undefined`: it is gone. */
  private async act(
    link: ChildLink,
    action: ReferentialAction,
    values: readonly Datum[],
    becomes: readonly Datum[] | undefined,
  ): Promise<void> {
    const { database, table, columns, types } = link;
    const into = place(database, table.name);
    const where = equal(columns);
    const isUpdate = action === 'SET NULL' || becomes !== undefined;
    // A table that this action has updated already is not updated again: MySQL refuses instead.
    const again = isUpdate && this.run.cascade?.updated.has(table.id) === true;
    const selfUpdate = becomes !== undefined && table.id === this.table.id;
    if (action === 'RESTRICT' || action === 'NO ACTION' || again || selfUpdate) {
      const { found } = await this.lock(`DELETE FROM ${into} WHERE ${where} LIMIT 1`, types, values);
      if (found.length > 0) throw this.failure(1451, 'delete or update a parent', database, table, link.key);
      return;
    }
    if (action === 'CASCADE' && becomes === undefined)
      return this.nested(`DELETE FROM ${into} WHERE ${where}`, types, values, []);
    const news = action === 'SET NULL' ? columns.map(() => null) : becomes!;
    const set = columns.map((column) => `${quoted(column)} = ?`).join(', ');
    const sql = `UPDATE ${into} SET ${set} WHERE ${where}`;
    const updates = becomes === undefined ? [table.id] : [table.id, this.table.id];
    await this.nested(sql, [...types, ...types], [...news, ...values], updates);
  }

  private async nested(sql: string, types: readonly FieldType[], values: readonly Datum[], updates: readonly number[]): Promise<void> {
    const { cascade } = this.run;
    const depth = (cascade?.depth ?? 0) + 1;
    if (depth > DEPTH_MAX) throw new SqlError(3008, 'HY000', `Foreign key cascade delete/update exceeds max depth of ${DEPTH_MAX}.`); // prettier-ignore
    const updated = new Set([...(cascade?.updated ?? []), ...updates]);
    const run = this.runWith(values, { depth, updated });
    const plan = this.plan(sql, types);
    if (plan.kind === 'delete') await executeDelete(plan, this.transaction, run);
    else await executeUpdate(plan as UpdatePlan, this.transaction, run);
  } // prettier-ignore

  // ---- both ways

  /** The rows that the DELETE would remove, locked. */
  private async lock(sql: string, types: readonly FieldType[], values: readonly Datum[]) {
    const run = this.runWith(values, this.run.cascade);
    const plan = this.plan(sql, types) as DeletePlan;
    const memory = run.reserve('foreign key');
    try {
      const rows = new TargetRows(plan.targets[0]!, this.transaction, run);
      const found = (await readAll(plan.input, run, memory)).flatMap((row) => rows.take(row) ?? []);
      await rows.lock(found);
      return { rows, found };
    } finally {
      memory.release();
    }
  }

  private plan(sql: string, types: readonly FieldType[]): WritePlan {
    return this.run.context.planReference(sql, types);
  }

  private runWith(parameters: readonly Datum[], cascade: Cascade | undefined): Run {
    const { context, evaluation } = this.run;
    const own = Object.create(evaluation, { parameters: { value: [...parameters], writable: true } }) as typeof evaluation; // prettier-ignore
    return new Run(context, own, cascade);
  }

  /**
   * Reads at a timestamp of this moment, drawn after the locks were taken that keep the answer true. What the statement read before, it read at its own
   * timestamp, and locks by that.
   */
  private async atNewest(work: () => Promise<void>): Promise<void> {
    const { transaction, run } = this;
    if (!transaction.pessimistic) return work();
    const before = transaction.ts;
    const drawn = run.context.kv.timestamp();
    transaction.setReadTs(isPromise(drawn) ? await drawn : drawn);
    try {
      await work();
    } finally {
      transaction.setReadTs(before);
    }
  }

  private failure(errno: 1451 | 1452, what: string, database: string, table: TableInfo, key: ForeignKeyInfo): SqlError {
    const names = (list: readonly string[]): string => list.map(quoted).join(', ');
    const { references } = key;
    const far = references.database.toLowerCase() !== database.toLowerCase();
    const target = far ? place(references.database, references.table) : quoted(references.table);
    const actions = `${key.onDelete === 'NO ACTION' ? '' : ` ON DELETE ${key.onDelete}`}${key.onUpdate === 'NO ACTION' ? '' : ` ON UPDATE ${key.onUpdate}`}`;
    const own = columnsOf(table, key).map(({ name }) => name);
    return new SqlError(errno, '23000', `Cannot ${what} row: a foreign key constraint fails (${place(database, table.name)}, CONSTRAINT ${quoted(key.name)} FOREIGN KEY (${names(own)}) REFERENCES ${target} (${names(references.columns)})${actions})`);
  } // prettier-ignore
}

function columnsOf(table: TableInfo, key: ForeignKeyInfo) {
  return key.columns.map((id) => table.columns.find((column) => column.id === id)!);
}

function offsetsOf(table: TableInfo, names: readonly string[]): number[] {
  return names.map((name) => columnByName(table, name)!.offset);
}

/** `undefined`: nothing can refer to the row. */
function valuesOf({ offsets }: ChildLink, row: Values): Datum[] | undefined {
  const values = offsets.map((offset) => row[offset] ?? null);
  return values.includes(null) ? undefined : values;
}

function same(left: Datum | undefined, right: Datum | undefined): boolean {
  return sameDatum(left ?? null, right ?? null);
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function place(database: string, table: string): string {
  return `${quoted(database)}.${quoted(table)}`;
}

function equal(columns: readonly string[]): string {
  return columns.map((column) => `${quoted(column)} = ?`).join(' AND ');
}

/** Refused rows of a statement with IGNORE become warnings. */
export function isReferenceFailure(error: unknown): error is SqlError {
  return error instanceof SqlError && (error.errno === 1451 || error.errno === 1452);
}
