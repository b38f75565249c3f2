/** Bounds and listed values of COLUMNS partitions as bytes that sort as rows' keys do: one column's form behind the other, MAXVALUE above everything. */
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { defaultDatum } from '../schema/stored-default.ts';
import type { PartitionBound } from '../schema/table-info.ts';
import { ByteWriter } from './byte-writer.ts';
import { prefixEnd } from './comparable.ts';
import { type KeyColumn, putKeyDatum } from './key-datum.ts';
import { UTC } from './time-packing.ts';

/** Above every flag that a value in a key begins with. */
const MAXVALUE_FLAG = 0xff;

const writer = new ByteWriter(64);

export function boundDatum(bound: PartitionBound, type: FieldType): Datum {
  return typeof bound === 'string' ? null : defaultDatum({ kind: 'value', text: bound.text }, type);
}

/** `columns` may be of a TIMESTAMP nowhere: such a column is none for COLUMNS partitions, so no zone is asked for. */
export function encodeBounds(columns: readonly KeyColumn[], bounds: readonly PartitionBound[]): Uint8Array {
  writer.reset();
  for (let i = 0; i < columns.length; i++) {
    const bound = bounds[i]!;
    if (bound === 'MAXVALUE') {
      // Behind every key that begins as the bound does.
      if (i > 0) return prefixEnd(writer.finish());
      writer.u8(MAXVALUE_FLAG);
      break;
    }
    putKeyDatum(writer, boundDatum(bound, columns[i]!.type), columns[i]!, UTC);
  }
  return writer.finish();
}
