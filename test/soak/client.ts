/**
 * One connection of the soak. Statements go as text or prepared, by draw. What a failure says of the work that it ended: `failed` is a refusal
 * that bad luck explains, `unknown` is an answer that never came because the server was killed. Everything else is a finding.
 */
import type mysql from 'mysql2/promise';
import { connectAsRoot } from '../cluster/connect.ts';
import type { Dice } from '../cluster/dice.ts';

export type Row = readonly unknown[];
export type Fate = 'failed' | 'unknown';

/** Locks waited for in vain, lost races, and transactions that are older than the shape of a table. */
const BAD_LUCK = new Set([1205, 1213, 1412, 8028]);

export const errnoOf = (error: unknown): number | undefined => (error as { errno?: number }).errno;
const isAnswer = (error: unknown): boolean => (error as { sqlState?: string }).sqlState !== undefined;

/** `undefined`: nothing explains it. `deciding`: the statement could have committed something. */
export function fateOf(error: unknown, deciding: boolean, killed: boolean): Fate | undefined {
  if (isAnswer(error)) return BAD_LUCK.has(errnoOf(error)!) ? 'failed' : undefined;
  const lost = typeof (error as { code?: unknown }).code === 'string' || /closed state/.test(String(error));
  return lost && killed ? (deciding ? 'unknown' : 'failed') : undefined;
}

/** Of what is told about a refusal. */
const STATEMENTS_LENGTH_MAX = 300;

export class SoakClient {
  /** The statement at hand could commit something. */
  deciding = false;
  /** The statement at hand, with those before it in its transaction. */
  last = '';
  readonly dice: Dice;
  private readonly connection: mysql.Connection;

  private constructor(connection: mysql.Connection, dice: Dice) {
    this.connection = connection;
    this.dice = dice;
  }

  static async connect(port: number, dice: Dice): Promise<SoakClient> {
    const connection = await connectAsRoot(port, {
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
    });
    connection.on('error', () => undefined);
    await connection.query('create database if not exists soak');
    await connection.query('use soak');
    return new SoakClient(connection, dice);
  }

  /** A statement of a transaction, or one that changes nothing. */
  async run(sql: string, values: readonly (string | number)[] = []): Promise<Row[]> {
    this.deciding = false;
    return this.send(sql, values);
  }

  /** A statement whose fate is unknown when its answer is lost. */
  async decide(sql: string, values: readonly (string | number)[] = []): Promise<Row[]> {
    this.deciding = true;
    return this.send(sql, values);
  }

  async transact(begin: string, body: () => Promise<void>): Promise<void> {
    await this.run(begin);
    await body();
    await this.decide('commit');
  }

  async rollback(): Promise<void> {
    const { deciding } = this;
    try {
      await this.run('rollback');
    } catch {
      // A connection that is gone has rolled back.
    }
    this.deciding = deciding;
  }

  close(): void {
    this.connection.destroy();
  }

  private async send(sql: string, values: readonly (string | number)[]): Promise<Row[]> {
    const begins = /^(begin|start|set|rollback)/.test(sql);
    this.last = begins ? sql : `${this.last}; ${sql}`.slice(-STATEMENTS_LENGTH_MAX);
    const prepared = values.length > 0 && this.dice.chance(0.6);
    const [rows] = prepared
      ? await this.connection.execute(sql, [...values])
      : await this.connection.query(sql, [...values]);
    return Array.isArray(rows) ? (rows as unknown as Row[]) : [];
  }
}
