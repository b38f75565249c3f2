/**
 * FOR UPDATE and FOR SHARE: locks the rows that come through, a batch at a time. Rows that somebody else holds end the statement
 * (NOWAIT), are left out (SKIP LOCKED), or are waited for. In autocommit there is nothing to hold a lock for: rows just pass.
 *
 * A share lock is taken as an exclusive one: stricter than asked, never weaker.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import { encodeCommonRowKey } from '../../../proto/encoding/index-codec.ts';
import { encodeRowKey } from '../../../proto/encoding/keys.ts';
import { unsignedToHandle } from '../../../proto/encoding/row-decoder.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import type { LockRows } from '../../../proto/plan/physical.ts';
import { physicalTables } from '../../../proto/schema/partitions.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import type { Operator } from '../operator.ts';
import type { Run } from '../run.ts';
import { keySpace } from '../storage/codecs.ts';
import { lockKeys } from '../writes/locks.ts';

export class LockRowsOperator implements Operator {
  private readonly node: LockRows;
  private readonly input: Operator;
  private readonly run: Run;

  constructor(node: LockRows, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
  }

  open(): void {
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    const got = this.input.next();
    return isPromise(got) ? got.then(this.lock) : this.lock(got);
  }

  close(): void {
    this.input.close();
  }

  private readonly lock = (batch: Batch | undefined): MaybePromise<Batch | undefined> => {
    const { transaction } = this.run.context;
    if (batch === undefined || batch.length === 0 || transaction === undefined || !transaction.pessimistic)
      return batch;
    const keys: Uint8Array[] = [];
    const owners: number[] = [];
    for (const { table, handle } of this.node.tables) {
      for (let r = 0; r < batch.length; r++) {
        const key = this.rowKey(batch[r]!, table, handle);
        if (key === undefined) continue;
        keys.push(key);
        owners.push(r);
      }
    }
    const locked = lockKeys(transaction, keys, this.node.wait, this.run);
    const keep = (skipped: readonly boolean[] | undefined): Batch => {
      if (skipped === undefined || !skipped.includes(true)) return batch;
      const dropped = new Set<number>();
      skipped.forEach((skip, i) => {
        if (skip) dropped.add(owners[i]!);
      });
      return batch.filter((_, r) => !dropped.has(r));
    };
    return isPromise(locked) ? locked.then(keep) : keep(locked);
  };

  /** `undefined`: an outer join found no row of this table. */
  private rowKey(row: Row, table: TableInfo, handle: readonly number[]): Uint8Array | undefined {
    const values: Datum[] = [];
    for (const position of handle) {
      const value = row[position]!;
      if (value === null) return undefined;
      values.push(value);
    }
    if (table.partitioning !== undefined) {
      const [partition] = values.splice(-1);
      return this.keyOf(physicalTables(table)[partition as number]!, values);
    }
    return this.keyOf(table, values);
  }

  private keyOf(table: TableInfo, values: readonly Datum[]): Uint8Array {
    if (table.isCommonHandle) return encodeCommonRowKey(table, values, zoneShift(this.run.evaluation.timeZone));
    const value = values[0] as number | bigint;
    return encodeRowKey(table.id, keySpace(table, undefined).unsignedHandle ? unsignedToHandle(value) : value);
  }
}
