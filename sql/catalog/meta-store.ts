/**
 * The schema as rows: `MetaStore` reads and writes the keys under `m`, in TiDB's structure, inside a transaction that the
 * caller opened. Values are JSON of our own model, integers decimal text.
 *
 *     NextGlobalID          highest id given out        SchemaVersionKey    version of the schema
 *     DBs{DB:id}            database                    DB:id{Table:id}     table
 *     DB:id{TID:id}         hidden row ids reserved     DB:id{IID:id}       AUTO_INCREMENT reserved
 *     Diff:version          what the version changed    Rutile…             our own hashes: accounts, statistics, delete ranges
 *
 * A change of the schema and the step of the version are one transaction, so a reader sees either both or neither.
 */
import { Buffer } from 'node:buffer';
import { RutileError } from '../../base/error.ts';
import { isPromise } from '../../base/outcome.ts';
import type { KvBatch, KvClient, KeyRange, Snapshot, Transaction } from '../../kv/client/client.ts';
import {
  ByteWriter,
  decodeUtf8,
  prefixEnd,
  putComparableBytes,
  putComparableUint,
  readComparableBytes,
} from '../../proto/encoding/index.ts';
import type { DatabaseInfo, TableInfo } from '../../proto/schema/table-info.ts';

const STRING = 0x73; // s
const HASH = 0x68; // h
const META_PREFIX = 0x6d; // m
const SCAN_STEP = 256;
const RETRIES_MAX = 64;

export const MetaHash = {
  DATABASES: 'DBs',
  ACCOUNTS: 'RutileAccounts',
  STATISTICS: 'RutileStatistics',
  /** Table → which of all ANALYZEs it was. */
  STATISTICS_VERSIONS: 'RutileStatisticsVersions',
  DELETE_RANGES: 'RutileDeleteRanges',
  /** Table → the indexes that are being added to it. */
  INDEX_JOBS: 'RutileIndexJobs',
  /** Table ids whose rows nobody finds by the schema (temporary-tables.ts). */
  PRIVATE_TABLES: 'RutilePrivateTables',
  VARIABLES: 'RutileGlobalVariables',
  /** Table and column → what UPDATE HISTOGRAM found. */
  HISTOGRAMS: 'RutileHistograms',
} as const;

/** What a schema version changed, for readers that want to reload no more than that. */
export interface SchemaDiff {
  readonly version: number;
  readonly type: string;
  readonly schemaId: number;
  readonly tableId: number;
}

const writer = new ByteWriter(64);

function putMeta(name: string, kind: number): void {
  writer.reset();
  writer.u8(META_PREFIX);
  putComparableBytes(writer, Buffer.from(name, 'utf8'));
  putComparableUint(writer, kind);
}

export function stringKey(name: string): Uint8Array {
  putMeta(name, STRING);
  return writer.finish();
}

export function hashKey(name: string, field: string): Uint8Array {
  putMeta(name, HASH);
  putComparableBytes(writer, Buffer.from(field, 'utf8'));
  return writer.finish();
}

export function hashRange(name: string): KeyRange {
  putMeta(name, HASH);
  const lower = writer.finish();
  return { lower, upper: prefixEnd(lower) };
}

export const SCHEMA_VERSION_KEY = stringKey('SchemaVersionKey');
/** How many ANALYZEs there were, on all servers. */
export const STATISTICS_VERSION_KEY = stringKey('RutileStatisticsVersion');
const NEXT_GLOBAL_ID_KEY = stringKey('NextGlobalID');

const textOf = (bytes: Uint8Array): string => decodeUtf8(bytes, 0, bytes.length);
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));

export class MetaReader {
  protected readonly reader: Snapshot;

  constructor(reader: Snapshot) {
    this.reader = reader;
  }

  async text(key: Uint8Array): Promise<string | undefined> {
    const found = await this.reader.get(key);
    return found === undefined ? undefined : textOf(found);
  }

  async number(key: Uint8Array): Promise<number> {
    return Number((await this.text(key)) ?? 0);
  }

  schemaVersion(): Promise<number> {
    return this.number(SCHEMA_VERSION_KEY);
  }

  async json<T>(key: Uint8Array): Promise<T | undefined> {
    const text = await this.text(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  /** Fields of a hash that begin with `prefix`, in order of their names. */
  async fields(name: string, prefix = ''): Promise<{ readonly field: string; readonly value: string }[]> {
    const range = hashRange(name);
    const result: { field: string; value: string }[] = [];
    await forEachBatch(this.reader, range, (batch) => {
      for (let i = 0; i < batch.count; i++) {
        const field = new ByteWriter(32);
        readComparableBytes(batch.keyBytes[i]!, batch.keyStart[i]! + range.lower.length, batch.keyEnd[i]! + 1, field);
        const fieldText = decodeUtf8(field.bytes, 0, field.length);
        if (!fieldText.startsWith(prefix)) continue;
        result.push({
          field: fieldText,
          value: decodeUtf8(batch.valueBytes[i]!, batch.valueStart[i]!, batch.valueEnd[i]!),
        });
      }
    });
    return result;
  }

  async databases(): Promise<DatabaseInfo[]> {
    return (await this.fields(MetaHash.DATABASES)).map(({ value }) => JSON.parse(value) as DatabaseInfo);
  }

  async tables(databaseId: number): Promise<TableInfo[]> {
    return (await this.fields(`DB:${databaseId}`, 'Table:')).map(({ value }) => JSON.parse(value) as TableInfo);
  }

  table(databaseId: number, tableId: number): Promise<TableInfo | undefined> {
    return this.json<TableInfo>(hashKey(`DB:${databaseId}`, `Table:${tableId}`));
  }

  diff(version: number): Promise<SchemaDiff | undefined> {
    return this.json<SchemaDiff>(stringKey(`Diff:${version}`));
  }
}

export class MetaStore extends MetaReader {
  private readonly transaction: Transaction;

  constructor(transaction: Transaction) {
    super(transaction);
    this.transaction = transaction;
  }

  put(key: Uint8Array, text: string): void {
    this.transaction.put(key, bytesOf(text));
  }

  delete(key: Uint8Array): void {
    this.transaction.delete(key);
  }

  putField(name: string, field: string, text: string): void {
    this.put(hashKey(name, field), text);
  }

  deleteField(name: string, field: string): void {
    this.delete(hashKey(name, field));
  }

  /** The first of `count` new ids. */
  async allocateIds(count: number): Promise<number> {
    const last = await this.number(NEXT_GLOBAL_ID_KEY);
    this.put(NEXT_GLOBAL_ID_KEY, String(last + count));
    return last + 1;
  }

  /** Steps the version and says what it changed. Every schema change writes this key, so two at once conflict. */
  async stepVersion(type: string, schemaId: number, tableId: number): Promise<number> {
    const version = (await this.schemaVersion()) + 1;
    this.put(SCHEMA_VERSION_KEY, String(version));
    this.put(stringKey(`Diff:${version}`), JSON.stringify({ version, type, schemaId, tableId } satisfies SchemaDiff));
    return version;
  }

  putDatabase(database: DatabaseInfo): void {
    this.putField(MetaHash.DATABASES, `DB:${database.id}`, JSON.stringify(database));
  }

  dropDatabase(id: number): void {
    this.deleteField(MetaHash.DATABASES, `DB:${id}`);
  }

  putTable(databaseId: number, table: TableInfo): void {
    this.putField(`DB:${databaseId}`, `Table:${table.id}`, JSON.stringify(table));
  }

  dropTable(databaseId: number, tableId: number): void {
    for (const field of [`Table:${tableId}`, `TID:${tableId}`, `IID:${tableId}`, `IIDClean:${tableId}`])
      this.deleteField(`DB:${databaseId}`, field);
  }
}

export async function forEachBatch(reader: Snapshot, range: KeyRange, visit: (batch: KvBatch) => void): Promise<void> {
  const scanner = reader.scan(range, { long: true });
  try {
    for (;;) {
      const step = scanner.next(SCAN_STEP);
      const batch = isPromise(step) ? await step : step;
      if (batch === undefined) return;
      visit(batch);
    }
  } finally {
    scanner.close();
  }
}

/** Runs `work` in an optimistic transaction, again from the start when another commit came between. */
export async function inTransaction<T>(
  kv: KvClient,
  work: (meta: MetaStore, transaction: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const transaction = await kv.begin({ pessimistic: false });
    try {
      const result = await work(new MetaStore(transaction), transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollback().catch(() => undefined);
      if (
        !(error instanceof RutileError) ||
        error.retry === 'no' ||
        error.code.startsWith('mysql.') ||
        attempt >= RETRIES_MAX
      )
        throw error;
    }
  }
}
