/** What the main thread and a column worker say to each other. Columns travel as SharedArrayBuffers, so nothing big is copied. */
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import type { Column, ColumnKind } from '../vector/column.ts';

export interface RunRequest {
  readonly id: number;
  /** Without parameters: their values are constants in it. */
  readonly plan: PhysicalPlan;
  /** One a scan, in the order of `scansOf`. */
  readonly tables: readonly { readonly count: number; readonly columns: readonly Column[] }[];
  readonly stop: Int32Array;
  readonly memoryBytesMax: number;
}

export interface ResultColumnData {
  readonly kind: ColumnKind;
  readonly scale: number;
  readonly values: Int32Array | Float64Array;
  readonly nulls: Uint8Array | undefined;
  readonly exact: readonly (number | bigint | null)[] | undefined;
  /** Strings: the text of each code that occurs. */
  readonly strings: readonly string[] | undefined;
}

export interface RunResult {
  readonly count: number;
  readonly columns: readonly ResultColumnData[];
}

export type RunReply =
  | { readonly id: number; readonly kind: 'done'; readonly result: RunResult }
  | { readonly id: number; readonly kind: 'unsupported' | 'stopped' | 'memory' | 'failed'; readonly message: string };
