/** One question to one server over the wire: the value's bytes, the kind of its type, the numbers of its warnings, or of its error. */
import mysql from 'mysql2/promise';

export interface Answer {
  /** `undefined`: an error. */
  readonly value?: string | null;
  readonly kind?: string;
  readonly errno?: number;
  readonly warnings: readonly number[];
}

export type Protocol = 'text' | 'binary';

const KINDS: Readonly<Record<number, string>> = {
  0: 'decimal', 1: 'integer', 2: 'integer', 3: 'integer', 4: 'double', 5: 'double', 6: 'null', 7: 'datetime', 8: 'integer', 9: 'integer', 10: 'date', 11: 'time',
  12: 'datetime', 13: 'integer', 16: 'bit', 245: 'text', 246: 'decimal',
}; // prettier-ignore

const BINARY_COLLATION = 63;

interface Field {
  readonly columnType: number;
  readonly characterSet: number;
}

export class Answers {
  private readonly connection: mysql.Connection;

  constructor(connection: mysql.Connection) {
    this.connection = connection;
  }

  async ask(expression: string, from: string, protocol: Protocol = 'text'): Promise<Answer> {
    const sql = `select ${expression}${from}`;
    try {
      const [rows, fields] =
        protocol === 'text'
          ? await this.connection.query({ sql, ...RAW } as mysql.QueryOptions)
          : await this.connection.execute({ sql, ...DECODED } as mysql.QueryOptions);
      const value = (rows as unknown[][])[0]?.[0] ?? null;
      const kind = kindOf((fields as unknown as Field[])[0]!);
      return { value: shown(value, kind), kind, warnings: await this.warnings() };
    } catch (error) {
      const { errno } = error as { errno?: number };
      if (errno === undefined || errno < 1000) throw error;
      return { errno, warnings: [] };
    }
  }

  private async warnings(): Promise<number[]> {
    const [rows] = await this.connection.query({ sql: 'show warnings', rowsAsArray: true });
    return (rows as [string, number, string][]).map(([, errno]) => errno).sort((a, b) => a - b);
  }
}

/** Values of the binary protocol have as many forms as types: they are read, and shown again. */
const DECODED = { rowsAsArray: true, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true };
const RAW = { rowsAsArray: true, typeCast: (field: { buffer(): Buffer | null }) => field.buffer() };

function kindOf({ columnType, characterSet }: Field): string {
  const kind = KINDS[columnType];
  if (kind !== undefined) return kind;
  return characterSet === BINARY_COLLATION ? 'bytes' : 'text';
}

function shown(value: unknown, kind: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' && !Buffer.isBuffer(value)) return JSON.stringify(value);
  if (!Buffer.isBuffer(value)) return Buffer.from(String(value as string), 'utf8').toString('latin1');
  return kind === 'bytes' || kind === 'bit' ? `0x${value.toString('hex')}` : value.toString('latin1');
}
