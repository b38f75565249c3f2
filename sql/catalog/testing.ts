/** A catalog over a whole key-value floor in memory, and a way to run definition statements as text: for tests of this folder and its neighbours. */
import type { AccountCaller } from './privileges.ts';
import type { Datum } from '../../base/value/datum.ts';
import { type KvClient, TIMESTAMP_MAX } from '../../kv/client/client.ts';
import { createMemoryKv, createTestWorld, type MemoryKv } from '../../kv/client/testing.ts';
import { rowInterval, RowDecoder, TableEncoder, indexInterval } from '../../proto/encoding/index.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import { publicColumns } from '../../proto/schema/table-shape.ts';
import { parseOne } from '../parser/index.ts';
import { restoreOperand, restoreQuery } from '../parser/restore.ts';
import { Catalog, type CatalogOptions } from './catalog.ts';
import { isDdl } from './ddl-executor.ts';
import type { DdlContext, DdlResult } from './ddl-context.ts';
import { NO_FACTS, type Viewer } from './runtime-facts.ts';

export interface TestCatalog {
  readonly kv: MemoryKv;
  readonly catalog: Catalog;
  readonly warnings: string[];
  run(sql: string, more?: Partial<DdlContext>): Promise<DdlResult>;
  /** The error's number and text, or `ok`. */
  attempt(sql: string): Promise<string>;
  table(name: string): TableInfo;
  insert(name: string, ...rows: Datum[][]): Promise<void>;
  rows(name: string): Promise<Datum[][]>;
  entryCount(name: string, index: string): Promise<number>;
}

export const ROOT: Viewer = { account: 'root@localhost', roles: [], connectionId: 1, facts: NO_FACTS, timeZone: 0 };

export async function createTestCatalog(
  options: Partial<CatalogOptions> = {},
  present?: MemoryKv,
): Promise<TestCatalog> {
  const world = createTestWorld();
  const kv = present ?? (await createMemoryKv({ world }));
  const catalog = await Catalog.open(kv, {
    clock: world.clock,
    timers: world.timers,
    random: world.random,
    clearPeriodMs: 0,
    analyzePeriodMs: 0,
    ...options,
  });
  const warnings: string[] = [];
  const context = (sql: string): DdlContext => ({
    currentDatabase: 'test', currentUser: 'root@localhost', sql, strict: true, noZeroDate: true, charsetServer: 'utf8mb4', collationServer: 'utf8mb4_0900_ai_ci',
    statementTimeMs: Date.UTC(2026, 0, 2, 3, 4, 5), lockWaitMs: 1000, warn: (level, errno, text) => void warnings.push(`${level} ${errno} ${text}`),
    checkKilled: () => undefined, convert: (value) => value, evaluate: () => null, checkExpressions: () => undefined, rowRules: () => undefined, partitions: NO_PARTITIONS, hasOrphan: () => Promise.resolve(false), foreignKeyChecks: true, restoreExpression: restoreOperand,
    describeView: (query) => ({ sql: restoreQuery(query), columns: query.kind === 'select' ? query.items.map((item, i) => ('alias' in item && item.alias) || `c${i + 1}`) : [] }),
  }); // prettier-ignore
  const run = async (sql: string, more: Partial<DdlContext> = {}): Promise<DdlResult> => {
    const { statement } = parseOne(sql);
    if (!isDdl(statement)) throw new Error(`no definition statement: ${sql}`);
    return catalog.executeDdl(statement, { ...context(sql), ...more });
  };
  const table = (name: string): TableInfo => {
    const found = catalog.schema().table('test', name);
    if (found === undefined) throw new Error(`no table ${name}`);
    return found;
  };
  return {
    kv, catalog, warnings, run, table,
    attempt: (sql) => run(sql).then(() => 'ok', (error: Error & { errno?: number }) => `${error.errno ?? error.name} ${error.message}`),
    insert: (name, ...rows) => insertRows(kv, catalog, table(name), rows),
    rows: (name) => readAll(kv, table(name)),
    entryCount: async (name, index) => {
      const info = table(name);
      return countKeys(kv, indexInterval(info.id, info.indexes.find((one) => one.name === index)!.id));
    },
  }; // prettier-ignore
}

const refuse = (): never => {
  throw new Error('partitions are tried with a whole server');
};
const NO_PARTITIONS = { constant: refuse, functionType: refuse, placing: refuse };

async function insertRows(kv: KvClient, catalog: Catalog, table: TableInfo, rows: readonly Datum[][]): Promise<void> {
  const encoder = new TableEncoder(table);
  const transaction = await kv.begin({ pessimistic: false });
  for (const row of rows) {
    const handle = encoder.handleOf(row) ?? (await catalog.allocateRowId(table, 1));
    transaction.insert(encoder.rowKey(handle), encoder.rowValue(row));
    for (const entry of encoder.indexInserts(row, handle)) {
      if (entry.kind === 'insert') transaction.insert(entry.key, entry.value);
      else if (entry.kind === 'put') transaction.put(entry.key, entry.value);
    }
  }
  await transaction.commit();
}

async function readAll(kv: KvClient, table: TableInfo): Promise<Datum[][]> {
  const columns = publicColumns(table);
  const decoder = new RowDecoder(table, columns);
  const scanner = kv.snapshot(TIMESTAMP_MAX).scan(rowInterval(table.id));
  const result: Datum[][] = [];
  for (let batch = await scanner.next(100); batch !== undefined; batch = await scanner.next(100)) {
    for (let i = 0; i < batch.count; i++) {
      const row: Datum[] = [];
      decoder.decodeAt(batch, i, row);
      result.push(row);
    }
  }
  scanner.close();
  return result;
}

export async function countKeys(
  kv: KvClient,
  range: { readonly lower: Uint8Array; readonly upper: Uint8Array },
): Promise<number> {
  const scanner = kv.snapshot(TIMESTAMP_MAX).scan(range);
  let count = 0;
  for (let batch = await scanner.next(100); batch !== undefined; batch = await scanner.next(100)) count += batch.count;
  scanner.close();
  return count;
}

/** Root, who runs a statement about accounts in the database `test`. */
export function testCaller(more: Partial<AccountCaller> = {}): AccountCaller {
  let byte = 0;
  return {
    who: ROOT,
    currentDatabase: 'test',
    nowMs: 1_700_000_000_000,
    mandatoryRoles: [],
    policy: { history: 0, reuseDays: 0, requireCurrent: false, randomLength: 20 },
    databaseExists: (name) => name === 'test',
    columnsOf: (_database, table) => (table === 't' ? ['a', 'b', 'c'] : undefined),
    randomBytes: (count) => Uint8Array.from({ length: count }, () => (byte = (byte * 31 + 7) & 255)),
    warn: () => undefined,
    ...more,
  };
}
