/**
 * For tests of the executor: contexts over a memory store, and plan nodes by hand. Node builders fill in what operators do not look at
 * (estimates, costs, names), so that a test shows only what it is about.
 */
import assert from 'node:assert/strict';
import type { Batch, Datum, Row } from '../../base/value/datum.ts';
import { BIGINT, type FieldType, varcharType } from '../../base/value/field-type.ts';
import type { KvClient, Snapshot } from '../../kv/client/client.ts';
import { createMemoryKv, createTestWorld } from '../../kv/client/testing.ts';
import type { AggregateCall, Expression, SortKey } from '../../proto/plan/expression.ts';
import type {
  InsertPlan,
  OutputColumn,
  PhysicalPlan,
  TableScan,
  Values,
  WritePlan,
} from '../../proto/plan/physical.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import { createEvalContext, inferAggregate, inferCall, type Warning } from '../functions/index.ts';
import type { SchemaSnapshot } from '../planner/environment.ts';
import type { ExecutionContext, MemoryTracker } from './context.ts';
import { execute, executeWrite, translateCommitError, type WriteResult } from './index.ts';
import { SqlError } from '../../base/error.ts';
import type { Disk, DiskFile } from '../../base/world.ts';
import { SpillFolder } from './spill/spill-folder.ts';

export const INT = BIGINT;
export const TEXT: FieldType = varcharType(100);

export type TestContext = { -readonly [K in keyof ExecutionContext]: ExecutionContext[K] } & {
  readonly warnings: Warning[];
};

export interface TestDatabase {
  readonly kv: KvClient;
  readonly tables: TableInfo[];
  context(more?: Partial<ExecutionContext>): TestContext;
  /** Runs a write in a transaction of its own. */
  write(
    plan: WritePlan,
    options?: { readonly pessimistic?: boolean; readonly context?: Partial<ExecutionContext> },
  ): Promise<WriteResult>;
  /** Runs a plan at the newest timestamp. */
  query(plan: PhysicalPlan, more?: Partial<ExecutionContext>): Promise<Row[]>;
}

export class TestMemory implements MemoryTracker {
  usedBytes = 0;
  peakBytes = 0;
  quotaBytes = Infinity;

  grow(bytes: number): void {
    if (this.usedBytes + bytes > this.quotaBytes) throw new SqlError(8175, 'HY000', 'Out Of Memory Quota!');
    this.usedBytes += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.usedBytes);
  }

  hasRoom(bytes: number): boolean {
    return this.usedBytes + bytes <= this.quotaBytes * 0.75;
  }

  keep(bytes: number): void {
    this.usedBytes += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.usedBytes);
  }

  shrink(bytes: number): void {
    this.usedBytes -= bytes;
  }
}

/** Refuses nothing, and sends everybody to disk who can go there. */
export class ThriftyMemory extends TestMemory {
  override quotaBytes = 1;

  override grow(bytes: number): void {
    this.keep(bytes);
  }
}

/** A folder for temporary files that is only in memory. */
export function memorySpill(bytesMax = Infinity): SpillFolder {
  const open = (): Promise<DiskFile> => Promise.resolve(new MemoryFile());
  const nothing = (): Promise<void> => Promise.resolve();
  const disk: Pick<Disk, 'open' | 'remove' | 'makeFolder' | 'freeBytes'> = {
    open, remove: nothing, makeFolder: nothing, freeBytes: () => Promise.resolve(Infinity),
  }; // prettier-ignore
  return new SpillFolder(disk as Disk, 'spill', bytesMax);
}

class MemoryFile implements DiskFile {
  private bytes = new Uint8Array(0);

  read(target: Uint8Array, offset: number): Promise<number> {
    const part = this.bytes.subarray(offset, offset + target.length);
    target.set(part);
    return Promise.resolve(part.length);
  }

  write(source: Uint8Array, offset: number): Promise<void> {
    const end = offset + source.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(end * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes.set(source, offset);
    return Promise.resolve();
  }

  sync = (): Promise<void> => Promise.resolve();
  truncate = (): Promise<void> => Promise.resolve();
  allocate = (): Promise<void> => Promise.resolve();
  size = (): Promise<number> => Promise.resolve(this.bytes.length);
  close = (): Promise<void> => Promise.resolve();
}

export async function testDatabase(tables: TableInfo[] = []): Promise<TestDatabase> {
  const kv = await createMemoryKv();
  const world = createTestWorld();
  const autoIds = new Map<number, bigint>();
  let rowId = 0;
  const context = (more: Partial<ExecutionContext> = {}): TestContext => {
    const evaluation = createEvalContext({ statementTimeMs: Date.UTC(2024, 0, 31, 12), strictWrite: true });
    return {
      evaluation,
      warnings: evaluation.warnings,
      kv,
      schema: schemaOf(tables),
      reader: undefined as unknown as Snapshot,
      transaction: undefined,
      memory: new TestMemory(),
      spill: undefined,
      killed: false,
      killedError: () => new SqlError(1317, '70100', 'Query execution was interrupted'),
      clock: world.clock,
      timers: world.timers,
      abortSignal: () => new AbortController().signal,
      lockWaitMs: 1000,
      lockWait: undefined,
      noteDeadlock: () => undefined,
      columnEngine: undefined,
      virtualRows: () => [],
      allocateAutoIncrement: (table, count) => {
        const first = autoIds.get(table.id) ?? 1n;
        autoIds.set(table.id, first + BigInt(count));
        return Number(first);
      },
      observeAutoIncrement: (table, value) => {
        if (BigInt(value) >= (autoIds.get(table.id) ?? 1n)) autoIds.set(table.id, BigInt(value) + 1n);
      },
      allocateRowId: (_table, count) => {
        rowId += count;
        return rowId - count + 1;
      },
      noteChangedRows: () => undefined,
      foreignKeyChecks: true,
      planReference: () => assert.fail('no foreign keys here'),
      uniqueChecks: true,
      runtimeStatistics: undefined,
      ...more,
    };
  };
  return {
    kv,
    tables,
    context,
    async write(plan, options = {}) {
      const transaction = await kv.begin({ pessimistic: options.pessimistic === true });
      const running = context({ reader: transaction, transaction, ...options.context });
      try {
        const result = await executeWrite(plan, running);
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.rollback();
        throw translateCommitError(error, running.schema, transaction);
      }
    },
    async query(plan, more) {
      const reader = kv.snapshot(await kv.timestamp());
      return allRows(plan, context({ reader, ...more }));
    },
  };
}

/** Runs a plan to its end. */
export async function allRows(plan: PhysicalPlan, context: ExecutionContext): Promise<Row[]> {
  const source = execute(plan, context);
  const rows: Row[] = [];
  for (;;) {
    const batch = await source.next();
    if (batch === undefined) break;
    rows.push(...batch);
  }
  await source.close();
  return rows;
}

/** Runs a plan that needs no storage. */
export function rowsOf(plan: PhysicalPlan, context: ExecutionContext): Promise<Row[]> {
  return allRows(plan, context);
}

function schemaOf(tables: readonly TableInfo[]): SchemaSnapshot {
  const database = {
    id: 1,
    name: 'test',
    charset: 'utf8mb4',
    collation: 'utf8mb4_0900_ai_ci',
    state: 'public',
  } as const;
  return {
    version: 1,
    database: () => database,
    databases: () => [database],
    table: (_database, name) => tables.find((table) => table.name === name),
    tables: () => tables,
    tableById: (id) => {
      const table = tables.find((candidate) => candidate.id === id);
      return table === undefined ? undefined : { database, table };
    },
    virtualTable: () => undefined,
  };
}

// ---- plans ----

let nextId = 1;

function node(
  output: readonly OutputColumn[],
  kind: string,
): { output: readonly OutputColumn[]; estimatedRows: number; cost: number; id: string } {
  return { output, estimatedRows: 10, cost: 1, id: `${kind}_${nextId++}` };
}

export function columns(...types: FieldType[]): OutputColumn[] {
  return types.map((type, i) => ({ id: i, name: `c${i}`, type }));
}

export function column(index: number, type: FieldType = INT): Expression {
  return { kind: 'column', id: index, index, type, name: `c${index}` };
}

export function constant(value: Datum, type: FieldType = typeof value === 'string' ? TEXT : INT): Expression {
  return { kind: 'constant', value, type };
}

export function call(name: string, ...args: Expression[]): Expression {
  return inferCall(name, args);
}

export function aggregate(name: string, ...args: Expression[]): AggregateCall {
  return inferAggregate(name, args);
}

export function key(expression: Expression, descending = false): SortKey {
  return { expression, descending };
}

/** Constant rows of these types. */
export function values(types: readonly FieldType[], rows: readonly Row[]): Values {
  return {
    ...node(columns(...types), 'Values'),
    kind: 'values',
    rows: rows.map((row) => row.map((value, i) => constant(value, types[i]!))),
  };
}

/** Completes a node: id, estimates and, where it is not given, the output of its left or only input. */
export function plan<K extends PhysicalPlan['kind']>(
  kind: K,
  more: Omit<Extract<PhysicalPlan, { kind: K }>, 'kind' | 'output' | 'estimatedRows' | 'cost' | 'id'> & {
    readonly output?: readonly OutputColumn[];
  },
): Extract<PhysicalPlan, { kind: K }> {
  const inputs = more as {
    readonly input?: PhysicalPlan;
    readonly left?: PhysicalPlan;
    readonly right?: PhysicalPlan;
    readonly inner?: PhysicalPlan;
  };
  const left = inputs.input?.output ?? inputs.left?.output ?? [];
  const right = inputs.right?.output ?? inputs.inner?.output ?? [];
  const output = more.output ?? [...left, ...(kind.endsWith('join') ? right : [])];
  return { ...node(output, kind), kind, ...more } as unknown as Extract<PhysicalPlan, { kind: K }>;
}

export function tableScan(table: TableInfo, more: Partial<TableScan> = {}): TableScan {
  const scanned = more.columns ?? table.columns;
  return {
    ...node(scanned.map((one) => ({ id: one.id, name: one.name, type: one.type })), 'TableScan'),
    kind: 'table-scan', database: 'test', table, alias: table.name, columns: scanned, ranges: undefined, filter: undefined, reverse: false, limit: undefined,
    ...more,
  }; // prettier-ignore
}

export function insertRows(
  table: TableInfo,
  rows: readonly (readonly (Datum | undefined)[])[],
  more: Partial<InsertPlan> = {},
): InsertPlan {
  return {
    kind: 'insert', database: 'test', table, mode: 'insert', ignore: false, columnOffsets: table.columns.map((one) => one.offset), source: undefined,
    rows: rows.map((row) => row.map((value, i) => (value === undefined ? undefined : constant(value, typeOf(value, table.columns[i]!.type))))), onDuplicate: [],
    ...more,
  }; // prettier-ignore
}

/** Literals have types of their own; other values come in their column's. */
function typeOf(value: Datum, type: FieldType): FieldType {
  return typeof value === 'string' ? TEXT : typeof value === 'number' && Number.isInteger(value) ? INT : type;
}

export function sorted(rows: Batch): string[] {
  return rows
    .map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
    .sort();
}
