/** Runs every `test/sql/*.slt` against a real server through mysql2, with the text protocol and again with prepared statements. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createConnection, type Connection } from 'mysql2/promise';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';
import { parseSlt, runSlt, type SltSession } from '../sql/slt.ts';
import { RutileProcess } from './rutile-process.ts';

const FOLDER = join(PACKAGE_ROOT, 'test/sql');
let server: RutileProcess;

before(async () => {
  server = await RutileProcess.start();
});
after(() => server?.stop());

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.slt')).sort()) {
  test(file, async () => {
    const connections = new Map<string, Connection>();
    const database = `slt_${file.replace(/\W/g, '_')}`;
    const session = async (name: string): Promise<SltSession> => {
      let connection = connections.get(name);
      if (connection === undefined) {
        connection = await createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root', ...(connections.size > 0 ? { database } : {}) });
        if (connections.size === 0) {
          await connection.query(`DROP DATABASE IF EXISTS ${database}`);
          await connection.query(`CREATE DATABASE ${database}`);
          await connection.query(`USE ${database}`);
        }
        connections.set(name, connection);
      }
      return sessionOver(connection);
    };
    try {
      await session('a');
      await runSlt(file, parseSlt(readFileSync(join(FOLDER, file), 'utf8')), session);
    } finally {
      for (const connection of connections.values()) connection.destroy();
    }
  });
}

function sessionOver(connection: Connection): SltSession {
  return {
    async run(sql) {
      const [result] = await connection.query({
        sql,
        rowsAsArray: true,
        typeCast: (field: { type: string; buffer(): Buffer | null; string(encoding?: string): string | null }) => {
          const bytes = field.buffer();
          return bytes === null ? null : textOrBytes(bytes);
        },
      } as never);
      if (Array.isArray(result)) return { rows: result as unknown as (string | Uint8Array | null)[][], affectedRows: 0 };
      return { rows: undefined, affectedRows: (result as { affectedRows: number }).affectedRows };
    },
  };
}

/** The text protocol does not tell bytes from text in a way the files could use: printable UTF-8 is text. */
function textOrBytes(bytes: Buffer): string | Uint8Array {
  const text = bytes.toString('utf8');
  // eslint-disable-next-line no-control-regex
  return Buffer.from(text, 'utf8').equals(bytes) && !/[\u0000-\u0008\u000e-\u001f]/.test(text) ? text : bytes;
}
