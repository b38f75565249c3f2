/**
 * Another server of MySQL's kind, asked the same: what all ways to plan a query have wrong together shows only here. Queries that the two may answer differently
 * by right are not asked (LATERAL, which MariaDB has not), refusals of the other server are passed over, and collations are those that both have.
 *
 * True differences between MySQL 8.0 and MariaDB 10.11 that are let pass: see `isKnown`.
 */
import mysql from 'mysql2/promise';
import type { Answer } from './memory-server.ts';

const SQL_MODE = 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO';
const ANSWER_MS_MAX = 5000;
const FLOAT = 4;
const DOUBLE = 5;

export class BesideServer {
  private readonly connection: mysql.Connection;
  private readonly prefix: string;

  /** On loopback, as root without a password; databases are made with names that begin with the prefix. */
  static async connect(port: number, prefix: string): Promise<BesideServer> {
    const connection = await mysql.createConnection({
      host: '127.0.0.1', port, user: 'root', charset: 'utf8mb4_general_ci', flags: ['-FOUND_ROWS'],
      supportBigNumbers: true, bigNumberStrings: true, dateStrings: true,
    }); // prettier-ignore
    connection.on('error', () => undefined);
    return new BesideServer(connection, prefix);
  }

  private constructor(connection: mysql.Connection, prefix: string) {
    this.connection = connection;
    this.prefix = prefix;
  }

  async open(database: string, collation: string): Promise<void> {
    const name = this.prefix + database;
    await this.ask(`DROP DATABASE IF EXISTS ${name}`);
    for (const sql of [
      `CREATE DATABASE ${name}`,
      `USE ${name}`,
      `SET NAMES utf8mb4 COLLATE ${collation}`,
      `SET sql_mode = '${SQL_MODE}', time_zone = '+00:00', max_statement_time = ${ANSWER_MS_MAX / 1000}`,
    ]) {
      const { errno, message } = await this.ask(sql);
      if (errno !== undefined) throw new Error(`${sql}: ${errno} ${message}`);
    }
  }

  async drop(database: string): Promise<void> {
    await this.ask(`DROP DATABASE IF EXISTS ${this.prefix}${database}`);
  }

  async ask(sql: string): Promise<Answer> {
    const typeCast = (field: { buffer(): Buffer | null }): string | null => {
      const bytes = field.buffer();
      if (bytes === null) return null;
      const text = bytes.toString('utf8');
      return Buffer.from(text, 'utf8').equals(bytes) ? text : `0x${bytes.toString('hex')}`;
    };
    try {
      const [rows, fields] = (await this.connection.query({ sql, rowsAsArray: true, typeCast } as never)) as unknown as [
        unknown,
        readonly { readonly columnType?: number; readonly type?: number }[] | undefined,
      ]; // prettier-ignore
      if (!Array.isArray(rows)) return { affected: (rows as { affectedRows: number }).affectedRows };
      const approximate = fields?.map(({ columnType, type }) => [FLOAT, DOUBLE].includes(columnType ?? type ?? 0));
      return { rows: rows as (string | null)[][], approximate };
    } catch (error) {
      const { errno, message } = error as { errno?: number; message: string };
      return { errno: errno ?? -1, message };
    }
  }

  close(): void {
    this.connection.destroy();
  }
}

/** What may be answered differently by right. */
export function isKnown(sql: string): boolean {
  // MariaDB 10.11 takes NOT IN of an aggregate over nothing for true, where it is NULL.
  return sql.includes('LATERAL') || /NOT IN \(SELECT (DISTINCT )?(MAX|MIN|SUM|AVG)/.test(sql);
}
