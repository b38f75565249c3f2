/** `PreparedStatement`: a statement that came with COM_STMT_PREPARE or PREPARE, its metadata, and the plans made for it. */
import type { Batch, Datum } from '../../base/value/datum.ts';
import type { ParsedStatement } from '../parser/ast.ts';
import type { ResultColumn } from './result.ts';
import type { PlanSet } from './plan-cache.ts';

export interface CursorRows {
  readonly rows: Batch;
  offset: number;
  readonly columns: readonly ResultColumn[];
}

export interface PreparedStatement {
  readonly id: number;
  readonly sql: string;
  readonly parsed: ParsedStatement;
  readonly parameterCount: number;
  /** Of the result, as far as it is known before there are values. */
  readonly columns: readonly ResultColumn[];
  readonly plans: PlanSet;
  /** What the wire keeps: types of the last binding, values sent ahead. */
  readonly memory: { wireTypes: Uint16Array | undefined; longData: Map<number, Buffer[]> | undefined };
  longDataBytes: number;
  cursorRows: CursorRows | undefined;
}

export type ParameterValues = readonly Datum[];
