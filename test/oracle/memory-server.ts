/**
 * A SQL server in this process, over a store in memory and with the column engine: what millions of statements are put to. Statements come as text or
 * prepared, without sockets and packets in between; answers are texts, as the text protocol has them. A refusal is an answer with MySQL's number; whatever
 * else is thrown is a fault of the product, and is told as one (`internal`).
 */
import { RutileError, SqlError } from '../../base/error.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { Datum } from '../../base/value/datum.ts';
import { wireColumnEngine } from '../../bin/wire-column-engine.ts';
import { createMemoryKv, createTestWorld } from '../../kv/client/testing.ts';
import { Catalog } from '../../sql/catalog/index.ts';
import { formatText } from '../../sql/functions/index.ts';
import { isInternal, toClientError } from '../../sql/protocol/errors.ts';
import { CatalogAdapter, type Session, SqlInstance, type StatementResult } from '../../sql/session/index.ts';

/** A random query may be a product of five tables; an answer of more rows is a refusal. */
const ROWS_MAX = 200_000;
const COLUMN_CACHE_BYTES = 256 * 1024 * 1024;

/** Types that hold approximate numbers. */
const FLOAT = 4;
const DOUBLE = 5;

export interface Answer {
  readonly rows?: readonly (readonly (string | null)[])[];
  /** For each column, whether its numbers are approximate. */
  readonly approximate?: readonly boolean[];
  readonly affected?: number;
  readonly errno?: number;
  readonly message?: string;
  /** What was thrown is no refusal. */
  readonly internal?: boolean;
}

export class MemoryServer {
  private readonly instance: SqlInstance;
  private readonly closeParts: () => Promise<void>;

  static async open(): Promise<MemoryServer> {
    const world = createTestWorld();
    const kv = await createMemoryKv({ world });
    const catalog = await Catalog.open(kv, {
      clock: world.clock, timers: world.timers, random: world.random, clearPeriodMs: 0, analyzePeriodMs: 0,
    }); // prettier-ignore
    const columnEngine = wireColumnEngine({ kv, world, cacheBytesMax: COLUMN_CACHE_BYTES });
    const adapter = new CatalogAdapter(catalog);
    const instance = new SqlInstance({
      kv, catalog: adapter, clock: world.clock, timers: world.timers, random: world.random, columnEngine, version: '8.0.36-Rutile-test',
    }); // prettier-ignore
    adapter.attach(instance);
    return new MemoryServer(instance, async () => {
      instance.close();
      await columnEngine.close();
      await catalog.close();
      await kv.close();
    });
  }

  private constructor(instance: SqlInstance, closeParts: () => Promise<void>) {
    this.instance = instance;
    this.closeParts = closeParts;
  }

  async connect(): Promise<MemorySession> {
    const { instance } = this;
    const account = await instance.catalog.findAccount('root', 'localhost');
    if (account === undefined) throw new RutileError('test.account', 'root is missing');
    const session = await instance.openSession({
      connectionId: instance.newConnectionId(), account, user: 'root', host: 'localhost', database: 'test',
    }); // prettier-ignore
    return new MemorySession(session);
  }

  close(): Promise<void> {
    return this.closeParts();
  }
}

/** A value for a parameter, typed as a driver would send it. */
export type Parameter = number | string | null;

export class MemorySession {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  ask(sql: string): Promise<Answer> {
    return this.answer(() => this.session.run(sql, false));
  }

  /** Over the paths of the binary protocol: COM_STMT_PREPARE, COM_STMT_EXECUTE. */
  async execute(sql: string, values: readonly Parameter[]): Promise<Answer> {
    return this.answer(async () => {
      const prepared = await this.session.prepare(sql);
      const types = values.map((value) => (value === null ? NULL : typeof value === 'number' ? WHOLE : TEXT));
      const data: Datum[] = values.map((value) => (typeof value === 'number' ? value : value));
      return this.session.executePrepared(prepared, types, data);
    });
  }

  /** The plan as EXPLAIN prints it; empty when there is none. */
  async explain(sql: string): Promise<string> {
    const { rows } = await this.ask(`EXPLAIN ${sql}`);
    return rows?.map((row) => row.join('  ')).join('\n') ?? '';
  }

  close(): void {
    this.session.disconnected();
  }

  private async answer(run: () => Promise<StatementResult> | StatementResult): Promise<Answer> {
    try {
      return await rowsOf(await run());
    } catch (error) {
      const internal = isInternal(error);
      const known = toClientError(error);
      this.session.statementFailed(known);
      const stack = internal && error instanceof Error ? `\n${error.stack ?? ''}` : '';
      return { errno: known.errno, message: known.message + stack, ...(internal ? { internal } : {}) };
    }
  }
}

async function rowsOf(result: StatementResult): Promise<Answer> {
  if (result.kind === 'ok') return { affected: result.affectedRows };
  if (result.kind === 'local-infile') throw new RutileError('test.infile', 'there are no files here');
  const { source, columns } = result;
  const types = columns.map((column) => column.type);
  const rows: (string | null)[][] = [];
  try {
    for (let batch = await source.next(); batch !== undefined; batch = await source.next()) {
      for (const row of batch) rows.push(row.map((value, i) => textOf(value === null ? null : formatText(value, types[i]!)))); // prettier-ignore
      if (rows.length > ROWS_MAX) throw new SqlError(8175, 'HY000', `More than ${ROWS_MAX} rows`);
    }
  } finally {
    await source.close();
  }
  return { rows, approximate: types.map(({ code }) => code === FLOAT || code === DOUBLE) };
}

/** Bytes that are no text become hexadecimal digits, so that different values stay different. */
function textOf(value: string | Uint8Array | null): string | null {
  if (value === null || typeof value === 'string') return value;
  const text = Buffer.from(value).toString('utf8');
  return Buffer.from(text, 'utf8').equals(value) ? text : `0x${Buffer.from(value).toString('hex')}`;
}

const NULL: FieldType = {
  code: 6, unsigned: false, notNull: false, length: 0, decimals: 0, charset: 'binary', collation: 'binary',
}; // prettier-ignore
const WHOLE: FieldType = { ...NULL, code: 8, length: 20 };
const TEXT: FieldType = { ...NULL, code: 253, length: 65_535, charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' };
