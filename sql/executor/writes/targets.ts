/** The rows of one table inside the input rows of UPDATE and DELETE: cut out, identified, and each taken once. */
import type { Datum, Row } from '../../../base/value/datum.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import type { Handle } from '../../../proto/encoding/keys.ts';
import { isWritten } from '../../../proto/encoding/row-encoder.ts';
import { handleColumns } from '../../../proto/schema/table-shape.ts';
import type { TableTarget } from '../../../proto/plan/physical.ts';
import type { Run } from '../run.ts';
import { handleKey } from './insert.ts';
import { tableWriter } from './partition-writer.ts';
import type { StoredRow, TableWriter } from './table-writer.ts';

export class TargetRows {
  readonly target: TableTarget;
  readonly writer: TableWriter;
  private readonly handlePositions: readonly number[];
  private readonly seen = new Set<string | number | bigint>();
  /** A column that writes must carry over is not in the input: stored rows are read again. */
  private readonly incomplete: boolean;
  private readonly partitionPosition: number;

  constructor(target: TableTarget, transaction: Transaction, run: Run) {
    this.target = target;
    this.writer = tableWriter(target.table, target.partitions, transaction, run);
    this.partitionPosition = target.partitions?.position ?? -1;
    const columns = handleColumns(target.table);
    this.handlePositions =
      columns.length > 0 ? columns.map((column) => target.columnPositions[column.offset]!) : [target.handlePosition];
    this.incomplete = target.table.columns.some(
      (column) => isWritten(column) && (target.columnPositions[column.offset] ?? -1) < 0,
    );
  }

  /** `undefined`: an outer join found no row here, or this row was taken before. */
  take(input: Row): StoredRow | undefined {
    for (const position of this.handlePositions) if (input[position] === null) return undefined;
    const { columnPositions, handlePosition } = this.target;
    const row: Row = [];
    for (let offset = 0; offset < this.target.table.columns.length; offset++) {
      const position = columnPositions[offset] ?? -1;
      row.push(position < 0 ? null : (input[position] as Datum));
    }
    const handle = this.writer.encoder.handleOf(row) ?? (input[handlePosition] as Handle);
    if (this.partitionPosition >= 0) return this.takeFrom(input[this.partitionPosition] as number, handle, row);
    const key = handleKey(handle);
    if (this.seen.has(key)) return undefined;
    this.seen.add(key);
    return { handle, row };
  }

  /** Hidden handles are one of a kind in their partition only. */
  private takeFrom(partition: number, handle: Handle, row: Row): StoredRow | undefined {
    const key = `${partition} ${handleKey(handle)}`;
    if (this.seen.has(key)) return undefined;
    this.seen.add(key);
    return { handle, row, partition };
  }

  /** Locks the rows; fills in columns that the input lacks. */
  async lock(rows: readonly StoredRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.writer.lockRows(rows);
    if (!this.incomplete) return;
    const keys = rows.map((row) => this.writer.rowKey(row));
    const values = await this.writer.transaction.getMany(keys);
    rows.forEach((stored, i) => {
      const value = values[i];
      if (value === undefined) return;
      const whole = this.writer.decode(keys[i]!, value).row;
      for (let offset = 0; offset < whole.length; offset++) {
        if ((this.target.columnPositions[offset] ?? -1) < 0) stored.row[offset] = whole[offset]!;
      }
    });
  }
}
