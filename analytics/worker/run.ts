/**
 * The inside of a column worker: takes a request, runs it, answers. The thread that hosts it wires in the row engine's functions and
 * collations (one definition for both engines) and calls `serve`.
 */
import type { MessagePort } from 'node:worker_threads';
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { Execution, StoppedError } from '../compile/execution.ts';
import type { ScalarCompiler } from '../compile/expression.ts';
import { Unsupported } from '../compile/value.ts';
import type { MemoryBudget, Table, WorkColumn } from '../operator/table.ts';
import { DictionaryCache, type Collations } from '../vector/strings.ts';
import type { ResultColumnData, RunReply, RunRequest, RunResult } from './messages.ts';

export interface WorkerTools {
  readonly compileScalar: ScalarCompiler;
  readonly collations: Collations;
}

class MemoryError extends Error {
  override readonly name = 'MemoryError';
}

/** Answers every request that comes over the port. */
export function serve(port: MessagePort, tools: WorkerTools): void {
  const dictionaries = new DictionaryCache(tools.collations);
  port.on('message', (request: RunRequest) => {
    const reply = run(request, tools, dictionaries);
    const buffers = reply.kind === 'done' ? transferable(reply.result) : [];
    port.postMessage(reply, buffers);
  });
}

export function run(request: RunRequest, tools: WorkerTools, dictionaries: DictionaryCache): RunReply {
  const { id } = request;
  try {
    const plan = revive(request.plan);
    const execution = new Execution(plan, request.tables, {
      dictionaries,
      compileScalar: tools.compileScalar,
      memory: budget(request.memoryBytesMax),
      stop: request.stop,
      dry: false,
    });
    return { id, kind: 'done', result: resultOf(execution.materialize(plan), dictionaries) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Unsupported) return { id, kind: 'unsupported', message };
    if (error instanceof StoppedError) return { id, kind: 'stopped', message };
    if (error instanceof MemoryError) return { id, kind: 'memory', message };
    return { id, kind: 'failed', message: error instanceof Error ? (error.stack ?? message) : message };
  }
}

function budget(bytesMax: number): MemoryBudget {
  let used = 0;
  return {
    take: (bytes) => {
      used += bytes;
      if (used > bytesMax) throw new MemoryError(`the column engine needs more than ${bytesMax} bytes for this query`);
    },
  };
}

function resultOf(table: Table, dictionaries: DictionaryCache): RunResult {
  return { count: table.count, columns: table.columns.map((column) => columnData(column, table.count, dictionaries)) };
}

/** Only the rows of the result, only the strings that occur in it. */
function columnData(column: WorkColumn, count: number, dictionaries: DictionaryCache): ResultColumnData {
  const { kind, scale, nulls, exact } = column;
  if (!column.dictionary)
    return {
      kind,
      scale,
      values: exact ? new Int32Array(0) : column.values.slice(0, count),
      nulls: nulls?.slice(0, count),
      exact,
      strings: undefined,
    };
  const all = (column.view ?? dictionaries.view(column.dictionary)).strings();
  const known = new Map<number, number>();
  const strings: string[] = [];
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (nulls?.[i] === 1) continue;
    const code = column.values[i]!;
    let id = known.get(code);
    if (id === undefined) {
      known.set(code, (id = strings.length));
      strings.push(all[code]!);
    }
    values[i] = id;
  }
  return { kind, scale, values, nulls: nulls?.slice(0, count), exact, strings };
}

function transferable(result: RunResult): ArrayBuffer[] {
  return result.columns.flatMap((column) =>
    column.values.buffer instanceof ArrayBuffer ? [column.values.buffer] : [],
  );
}

/** Structured cloning keeps fields but forgets classes; constants get theirs back. */
function revive<T>(plan: T): T {
  const seen = new Map<object, unknown>();
  const walk = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value) || value instanceof Map) return value;
    const known = seen.get(value);
    if (known !== undefined) return known;
    if (Array.isArray(value)) {
      const copy: unknown[] = [];
      seen.set(value, copy);
      for (const item of value) copy.push(walk(item));
      return copy;
    }
    const source = value as Record<string, unknown>;
    const datum = asDatum(source);
    if (datum !== undefined) return datum;
    const copy: Record<string, unknown> = {};
    seen.set(value, copy);
    for (const key in source) copy[key] = walk(source[key]);
    return copy;
  };
  return walk(plan) as T;
}

function asDatum(value: Record<string, unknown>): Datum | undefined {
  if ('digits' in value && 'scale' in value) return new Decimal(value['digits'] as number, value['scale'] as number);
  if ('datePart' in value && 'timeMicros' in value)
    return new DateTime(value['datePart'] as number, value['timeMicros'] as number);
  if ('micros' in value) return new Duration(value['micros'] as number);
  return undefined;
}
