/** Runs every `test/sql/*.slt` against a real server through mysql2, with the text protocol and again with prepared statements. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createConnection, type Connection } from 'mysql2/promise';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';
import { parseSlt, runSlt, type SltSession } from '../sql/slt.ts';
import { startSqlServer, type SqlServer } from './sql-server.ts';

const FOLDER = join(PACKAGE_ROOT, 'test/sql');
let server: SqlServer;

before(async () => {
  server = await startSqlServer();
});
after(() => server?.stop());

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.slt')).sort(); // prettier-ignore

for (const protocol of ['text', 'prepared'] as const) {
  for (const file of FILES) {
    test(`${file}, ${protocol}`, async () => {
      const connections = new Map<string, Connection>();
      const database = `slt_${protocol}_${file.replace(/\W/g, '_')}`;
      const session = async (name: string): Promise<SltSession> => {
        let connection = connections.get(name);
        if (connection === undefined) {
          connection = await connect(name, connections.size > 0 ? database : undefined);
          // Without a listener a lost connection would end this process before a statement can name it.
          connection.on('error', () => undefined);
          if (connections.size === 0) {
            await connection.query(`DROP DATABASE IF EXISTS ${database}`);
            await connection.query(`CREATE DATABASE ${database}`);
            await connection.query(`USE ${database}`);
          }
          connections.set(name, connection);
        }
        return protocol === 'text' ? textSession(connection) : preparedSession(connection);
      };
      try {
        await session('a');
        await runSlt(file, parseSlt(readFileSync(join(FOLDER, file), 'utf8'), ['rutile', protocol]), session);
      } catch (error) {
        throw new Error(`${String(error)}\nthe server said last:\n${server.output.slice(-2000)}`, { cause: error });
      } finally {
        for (const connection of connections.values()) connection.destroy();
      }
    });
  }
}

/** `name@user:password`: root when no user is named. */
function connect(name: string, database: string | undefined): Promise<Connection> {
  const [, user = 'root', , password = ''] = /@([^:]*)(:(.*))?$/.exec(name) ?? [];
  return createConnection({
    host: '127.0.0.1',
    port: server.mysqlPort,
    user,
    password,
    connectTimeout: 30_000,
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    ...(database === undefined ? {} : { database }),
  });
}

function textSession(connection: Connection): SltSession {
  return {
    async run(sql) {
      const typeCast = (field: { buffer(): Buffer | null }): string | Uint8Array | null => {
        const bytes = field.buffer();
        return bytes === null ? null : textOrBytes(bytes);
      };
      const [result] = await connection.query({ sql, rowsAsArray: true, typeCast } as never);
      return outcomeOf(result, (value) => value as string | Uint8Array | null);
    },
  };
}

/** Statements that cannot be prepared (error 1295) go as text. */
function preparedSession(connection: Connection): SltSession {
  const plain = textSession(connection);
  return {
    async run(sql) {
      try {
        const [result] = await connection.execute({ sql, rowsAsArray: true });
        // A statement keeps the mode it was prepared in: the next one like it is prepared anew.
        connection.unprepare(sql);
        return outcomeOf(result, (value) =>
          value === null ? null : Buffer.isBuffer(value) ? textOrBytes(value) : String(value),
        );
      } catch (error) {
        if ((error as { errno?: number }).errno !== 1295) throw error;
        return plain.run(sql);
      }
    },
  };
}

function outcomeOf(
  result: unknown,
  printable: (value: unknown) => string | Uint8Array | null,
): Awaited<ReturnType<SltSession['run']>> {
  if (Array.isArray(result)) return { rows: (result as unknown[][]).map((row) => row.map(printable)), affectedRows: 0 };
  return { rows: undefined, affectedRows: (result as { affectedRows: number }).affectedRows };
}

/** The text protocol does not tell bytes from text in a way the files could use: printable UTF-8 is text. */
function textOrBytes(bytes: Buffer): string | Uint8Array {
  const text = bytes.toString('utf8');
  // eslint-disable-next-line no-control-regex
  return Buffer.from(text, 'utf8').equals(bytes) && !/[\u0000-\u0008\u000e-\u001f]/.test(text) ? text : bytes;
}
