/** A whole SQL server in memory, without sockets: for tests of sessions and of the protocol. */
import { createMemoryKv, createTestWorld, type MemoryKv } from '../../../kv/client/testing.ts';
import { isPromise } from '../../../base/outcome.ts';
import type { FileFolder } from '../../../base/file-folder.ts';
import type { Disk } from '../../../base/world.ts';
import type { Batch } from '../../../base/value/datum.ts';
import { Catalog } from '../../catalog/index.ts';
import { formatText } from '../../functions/index.ts';
import { CatalogAdapter } from '../catalog-adapter.ts';
import { SqlInstance } from '../instance.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';

export interface MemoryInstance {
  readonly kv: MemoryKv;
  readonly instance: SqlInstance;
  /** A session of root, or of another account without a password, in the database `test`; `null`: in none. */
  session(user?: string, database?: string | null): TestSession;
  close(): Promise<void>;
}

export async function createMemoryInstance(
  options: {
    readonly spillTo?: { readonly disk: Disk; readonly path: string };
    readonly files?: FileFolder;
  } = {},
): Promise<MemoryInstance> {
  const world = createTestWorld();
  const kv = await createMemoryKv({ world });
  const catalog = await Catalog.open(kv, {
    clock: world.clock,
    timers: world.timers,
    random: world.random,
    clearPeriodMs: 0,
    analyzePeriodMs: 0,
  });
  const adapter = new CatalogAdapter(catalog);
  const instance = new SqlInstance({
    kv,
    catalog: adapter,
    clock: world.clock,
    timers: world.timers,
    random: world.random,
    version: '8.0.36-Rutile-test',
    spillTo: options.spillTo,
    files: options.files,
  });
  adapter.attach(instance);
  return {
    kv,
    instance,
    session: (user = 'root', database = 'test') => {
      const account = adapter.findAccount(user, 'localhost')!;
      const opened = instance.openSession({
        connectionId: instance.newConnectionId(),
        account,
        user,
        host: 'localhost',
        database: database ?? undefined,
      });
      if (isPromise(opened)) throw new Error('a local session opens at once');
      return new TestSession(opened);
    },
    close: async () => {
      instance.close();
      await catalog.close();
      await kv.close();
    },
  };
}

export class TestSession {
  readonly session: Session;
  /** What LOAD DATA gets, whatever the name of the file. */
  file = '';

  constructor(session: Session) {
    this.session = session;
  }

  /** Rows as text, values parted by blanks; `ok N info` for the rest; `error N text` for a failure. */
  async run(sql: string): Promise<string> {
    try {
      return await this.shown(await this.session.run(sql, false));
    } catch (error) {
      return this.failed(error);
    }
  }

  async execute(sql: string, ...values: (number | string | null)[]): Promise<string> {
    try {
      const prepared = await this.session.prepare(sql);
      const types = values.map((value) => (value === null ? NULL : typeof value === 'number' ? NUMBER : TEXT));
      return await this.shown(await this.session.executePrepared(prepared, types, [...values]));
    } catch (error) {
      return this.failed(error);
    }
  }

  private async shown(result: StatementResult): Promise<string> {
    if (result.kind === 'ok') return `ok ${result.affectedRows}${result.info === '' ? '' : ` ${result.info}`}`;
    if (result.kind === 'local-infile') {
      const { file } = this;
      const chunks = async function* (): AsyncGenerator<Uint8Array> {
        // Cut anywhere, as the network does.
        for (let at = 0; at < file.length; at += 7) {
          // Now and then as a client does: others have their turn meanwhile.
          if (at % 700 === 0) await new Promise((resolve) => void setImmediate(resolve));
          yield Buffer.from(file.slice(at, at + 7));
        }
      };
      return this.shown(await result.load(chunks()));
    }
    const rows: Batch = [];
    try {
      for (let batch = await result.source.next(); batch !== undefined; batch = await result.source.next())
        rows.push(...batch);
    } finally {
      await result.source.close();
    }
    const types = result.columns.map((column) => column.type);
    return rows
      .map((row) => row.map((value, i) => (value === null ? 'NULL' : String(formatText(value, types[i]!)))).join(' '))
      .join('\n');
  }

  private failed(error: unknown): string {
    const known = error as { errno?: number; code?: string; message: string; stack?: string };
    if (known.errno === undefined && known.code === undefined) throw error as Error;
    this.session.statementFailed({ errno: known.errno ?? 1105, message: known.message });
    return `error ${known.errno ?? known.code} ${known.message}`;
  }
}

const NULL = {
  code: 6,
  unsigned: false,
  notNull: false,
  length: 0,
  decimals: 0,
  charset: 'binary',
  collation: 'binary',
} as const;
const NUMBER = {
  code: 8,
  unsigned: false,
  notNull: false,
  length: 20,
  decimals: 0,
  charset: 'binary',
  collation: 'binary',
} as const;
const TEXT = {
  code: 253,
  unsigned: false,
  notNull: false,
  length: 65535,
  decimals: 0,
  charset: 'utf8mb4',
  collation: 'utf8mb4_0900_ai_ci',
} as const;
