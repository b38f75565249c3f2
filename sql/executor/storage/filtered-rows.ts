/**
 * `FilteredRows`: rows of a scan with a filter, decoded no further than the filter needs. The filter's parts (`a AND b AND …`) are tested in
 * their order, each after the columns that it reads and none before it did; a row that fails one is left there, in an array
 * that serves the next row. Only what passes gets the rest of its columns and an array of its own.
 *
 * The parts are tested as the whole filter would be: its test also ends at the first part that is not true.
 */
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { KvBatch } from '../../../kv/client/client.ts';
import { RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import type { EvalContext } from '../../functions/context.ts';
import { predicate, type Test } from '../compiled.ts';
import { emptyRow } from './empty-row.ts';

interface Stage {
  /** Columns that no part before needed. */
  readonly decoder: RowDecoder | undefined;
  readonly test: Test;
}

export interface FilteredTable {
  readonly table: TableInfo;
  readonly columns: readonly ColumnInfo[];
}

export class FilteredRows {
  private readonly width: number;
  private readonly stages: readonly Stage[];
  private readonly rest: RowDecoder | undefined;

  constructor(node: FilteredTable, filter: Expression, zone: ZoneShift) {
    const { table, columns } = node;
    this.width = columns.length;
    const decoded = new Set<number>();
    const decoderFor = (positions: readonly number[]): RowDecoder | undefined => {
      const fresh = positions.filter((position) => !decoded.has(position));
      for (const position of fresh) decoded.add(position);
      return fresh.length === 0
        ? undefined
        : new RowDecoder(
            table,
            fresh.map((position) => columns[position]!),
            zone,
            fresh,
          );
    };
    this.stages = partsOf(filter).map((part) => ({ decoder: decoderFor(columnsOf(part)), test: predicate(part) }));
    this.rest = decoderFor(columns.map((_, position) => position));
  }

  // hot: bench/micro/executor.ts
  read(pairs: KvBatch, context: EvalContext): Batch {
    const { keyBytes, keyStart, keyEnd, valueBytes, valueStart, valueEnd, count } = pairs;
    const { stages, rest, width } = this;
    const batch: Batch = [];
    let row: Row = emptyRow(width);
    next: for (let i = 0; i < count; i++) {
      const kb = keyBytes[i]!;
      const ks = keyStart[i]!;
      const ke = keyEnd[i]!;
      const vb = valueBytes[i]!;
      const vs = valueStart[i]!;
      const ve = valueEnd[i]!;
      for (let s = 0; s < stages.length; s++) {
        const { decoder, test } = stages[s]!;
        if (decoder !== undefined) decoder.decodeEntry(kb, ks, ke, vb, vs, ve, row);
        if (!test(row, context)) continue next;
      }
      if (rest !== undefined) rest.decodeEntry(kb, ks, ke, vb, vs, ve, row);
      batch.push(row);
      row = emptyRow(width);
    }
    return batch;
  }
}

function partsOf(filter: Expression): readonly Expression[] {
  return filter.kind === 'call' && filter.name === 'and' ? filter.args.flatMap(partsOf) : [filter];
}

/** Positions that an expression reads, ascending. */
function columnsOf(expression: Expression): number[] {
  const found = new Set<number>();
  const visit = (one: Expression): void => {
    if (one.kind === 'column') found.add(one.index);
    else if (one.kind === 'call') one.args.forEach(visit);
  };
  visit(expression);
  return [...found].sort((a, b) => a - b);
}
