/**
 * One published file, run in a database of its own. What is not as the file says is counted as a failure, unless another server of MySQL's kind, asked in the
 * same place, answers the same as this one.
 */
import mysql from 'mysql2/promise';
import type { MemorySession } from '../oracle/memory-server.ts';
import { isAsPublished, type PublishedRecord, publishedRecords, publishedValues } from './published-slt.ts';

/** `mysql` chooses the records written for MySQL. */
const NAMES = ['mysql', 'rutile'];
/** MySQL as the corpus was made: before ONLY_FULL_GROUP_BY became a default. */
const SQL_MODE = 'STRICT_TRANS_TABLES';

export interface FileOptions {
  /** row, column or auto. */
  readonly engine: string;
  /** The port of another server on loopback. */
  readonly confirm?: number;
  /** Of the names of databases there. */
  readonly prefix?: string;
}

export interface Counts {
  records: number;
  passed: number;
  /** The file expects something else, and the other server answers as this one. */
  confirmed: number;
}

export class PublishedFile {
  private readonly name: string;
  private readonly session: MemorySession;
  private readonly database: string;
  private readonly options: FileOptions;
  private readonly counts: Counts;
  private readonly failures: string[];
  private readonly labels = new Map<string, readonly string[]>();
  /** What the other server has to be told before it can be asked. */
  private readonly untold: string[] = [];
  private other: mysql.Connection | undefined = undefined;

  constructor(name: string, session: MemorySession, database: string, options: FileOptions, counts: Counts, failures: string[]) {
    this.name = name;
    this.session = session;
    this.database = database;
    this.options = options;
    this.counts = counts;
    this.failures = failures;
  } // prettier-ignore

  async run(text: string): Promise<void> {
    const { session, database, options } = this;
    for (const sql of [
      `CREATE DATABASE ${database}`,
      `USE ${database}`,
      `SET sql_mode = '${SQL_MODE}'`,
      `SET rutile_engines = '${options.engine}'`,
    ]) {
      const { errno, message } = await session.ask(sql);
      if (errno !== undefined) throw new Error(`${sql}: ${errno} ${message}`);
    }
    try {
      for (const record of publishedRecords(text, NAMES)) {
        this.counts.records++;
        const wrong = await this.check(record);
        if (wrong === undefined) this.counts.passed++;
        else if (await this.isConfirmed(record)) this.counts.confirmed++;
        else this.failures.push(`${this.name}:${record.line}\n${record.sql}\n${wrong}`);
        const isTold = wrong !== undefined && this.options.confirm !== undefined;
        if (record.kind === 'statement' && !isTold) this.untold.push(record.sql);
      }
    } finally {
      await session.ask(`DROP DATABASE ${database}`);
      session.close();
      await this.other?.query(`DROP DATABASE IF EXISTS ${this.otherDatabase}`);
      this.other?.destroy();
    }
  }

  /** What is wrong with the answer. */
  private async check(record: PublishedRecord): Promise<string | undefined> {
    const answer = await this.session.ask(record.sql);
    if (answer.internal) return `internal error: ${answer.message}`;
    if (record.kind === 'statement') {
      if (record.fails === (answer.errno !== undefined)) return undefined;
      return record.fails ? 'succeeded, and was to fail' : `failed: ${answer.errno} ${answer.message}`;
    }
    if (answer.rows === undefined) return `failed: ${answer.errno} ${answer.message}`;
    const width = answer.rows[0]?.length ?? record.types.length;
    if (width !== record.types.length) return `${width} columns instead of ${record.types.length}`;
    const values = publishedValues(answer.rows, record.types, record.sort);
    if (!isAsPublished(values, record.expected)) return difference(record.expected, values);
    if (record.label === undefined) return undefined;
    const before = this.labels.get(record.label);
    this.labels.set(record.label, values);
    return before === undefined || isAsPublished(values, before)
      ? undefined
      : `another answer under ${record.label} was ${before.slice(0, 8).join(', ')}`;
  }

  private get otherDatabase(): string {
    return `${this.options.prefix ?? ''}${this.database}`;
  }

  private async isConfirmed(record: PublishedRecord): Promise<boolean> {
    if (this.options.confirm === undefined) return false;
    if (this.other === undefined) {
      this.other = await mysql.createConnection({ host: '127.0.0.1', port: this.options.confirm, user: 'root' });
      await this.other.query(`DROP DATABASE IF EXISTS ${this.otherDatabase}`);
      await this.other.query(`CREATE DATABASE ${this.otherDatabase}`);
      await this.other.query(`USE ${this.otherDatabase}`);
      await this.other.query(`SET sql_mode = '${SQL_MODE}'`);
    }
    const { other } = this;
    const typeCast = (field: { buffer(): Buffer | null }): string | null => field.buffer()?.toString('utf8') ?? null;
    const asked = async (sql: string): Promise<unknown> =>
      other.query({ sql, rowsAsArray: true, typeCast } as never).then(([result]) => result, () => undefined); // prettier-ignore
    for (const sql of this.untold.splice(0)) await asked(sql);
    if (record.kind === 'statement') {
      const isDone = (await asked(record.sql)) !== undefined;
      return isDone === record.fails;
    }
    const [theirs, ours] = [await asked(record.sql), await this.session.ask(record.sql)];
    if (!Array.isArray(theirs) || ours.rows === undefined) return theirs === undefined && ours.errno !== undefined;
    const print = (rows: readonly (readonly (string | null)[])[]): readonly string[] =>
      publishedValues(rows, record.types, record.sort);
    return isAsPublished(print(ours.rows), print(theirs as (string | null)[][]));
  }
}

function difference(expected: readonly string[], values: readonly string[]): string {
  const shown = (lines: readonly string[]): string =>
    `${lines.slice(0, 10).join(', ')}${lines.length > 10 ? ', …' : ''}`;
  return `expected ${shown(expected)}\ncame     ${shown(values)} (${values.length} values)`;
}
