/** Results for people and programs: an aligned table, JSON, CSV (RFC 4180), Arrow IPC. */
import type { FieldPacket } from 'mysql2/promise';

export type Cell = string | number | bigint | null | Uint8Array | object;
export type Format = 'table' | 'json' | 'csv' | 'arrow';
export const FORMATS: readonly Format[] = ['table', 'json', 'csv', 'arrow'];

/** MySQL's type codes. */
const TYPE = {
  TINY: 1,
  SHORT: 2,
  LONG: 3,
  FLOAT: 4,
  DOUBLE: 5,
  LONGLONG: 8,
  INT24: 9,
  DATE: 10,
  YEAR: 13,
  DECIMAL: 246,
} as const;
const UNSIGNED = 32;
/** A wider cell is cut in tables only. */
const CELL_WIDTH_MAX = 120;

export interface ResultSet {
  /** `undefined`: the statement gave no rows but an OK. */
  readonly columns: readonly FieldPacket[] | undefined;
  readonly result: unknown;
}

/** What mysql2 answers to one statement or to several, as a list. */
export function resultSets(results: unknown, fields: unknown): ResultSet[] {
  const several = Array.isArray(fields) && fields.some((one) => one === undefined || Array.isArray(one));
  if (!several) return [{ columns: fields as FieldPacket[] | undefined, result: results }];
  return (fields as (FieldPacket[] | undefined)[]).map((columns, i) => ({
    columns,
    result: (results as unknown[])[i],
  }));
}

export async function printRows(
  format: Format,
  columns: readonly FieldPacket[],
  rows: readonly (readonly Cell[])[],
): Promise<string | Uint8Array> {
  const names = columns.map((column) => column.name);
  switch (format) {
    case 'table':
      return tableText(names, rows, columns.map(isNumber));
    case 'json':
      return `${JSON.stringify(
        rows.map((row) => Object.fromEntries(names.map((name, i) => [name, jsonCell(row[i]!)]))),
        undefined,
        2,
      )}\n`;
    case 'csv':
      return [names, ...rows].map((row) => `${row.map((cell) => csvCell(cell as Cell)).join(',')}\r\n`).join('');
    case 'arrow':
      return arrowBytes(columns, rows);
  }
}

function tableText(names: readonly string[], rows: readonly (readonly Cell[])[], numeric: readonly boolean[]): string {
  const cells = rows.map((row) => row.map((cell) => clip(cellText(cell, 'NULL').replaceAll('\n', '\\n'))));
  const widths = names.map((name, i) => Math.max(width(name), ...cells.map((row) => width(row[i]!))));
  const rule = `+${widths.map((one) => '-'.repeat(one + 2)).join('+')}+`;
  const line = (row: readonly string[], right: readonly boolean[]): string =>
    `|${row.map((cell, i) => ` ${right[i] ? ' '.repeat(widths[i]! - width(cell)) + cell : cell + ' '.repeat(widths[i]! - width(cell))} `).join('|')}|`;
  const body = cells.map((row) => line(row, numeric));
  return `${[
    rule,
    line(
      names,
      names.map(() => false),
    ),
    rule,
    ...body,
    ...(body.length > 0 ? [rule] : []),
  ].join('\n')}\n`;
}

function width(text: string): number {
  return [...text].length;
}

function clip(text: string): string {
  return width(text) <= CELL_WIDTH_MAX ? text : `${[...text].slice(0, CELL_WIDTH_MAX - 1).join('')}…`;
}

function cellText(cell: Cell, forNull: string): string {
  if (cell === null) return forNull;
  if (cell instanceof Uint8Array) return `0x${Buffer.from(cell).toString('hex').toUpperCase()}`;
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

function jsonCell(cell: Cell): unknown {
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('base64');
  return typeof cell === 'bigint' ? cell.toString() : cell;
}

function csvCell(cell: Cell): string {
  const text = cellText(cell, '');
  return /[",\r\n]/.test(text) || (text === '' && cell !== null) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isNumber(column: FieldPacket): boolean {
  const code = column.columnType ?? column.type ?? -1;
  return (
    [
      TYPE.TINY,
      TYPE.SHORT,
      TYPE.LONG,
      TYPE.FLOAT,
      TYPE.DOUBLE,
      TYPE.LONGLONG,
      TYPE.INT24,
      TYPE.YEAR,
      TYPE.DECIMAL,
    ] as number[]
  ).includes(code);
}

/** Arrow IPC stream. Integers become int32/int64, DECIMAL decimal128, DATE date32, bytes binary; other types keep their text. */
async function arrowBytes(columns: readonly FieldPacket[], rows: readonly (readonly Cell[])[]): Promise<Uint8Array> {
  const arrow = await import('apache-arrow');
  const vectors: Record<string, InstanceType<typeof arrow.Vector>> = {};
  columns.forEach((column, i) => {
    const cells = rows.map((row) => row[i]!);
    // Two columns may have one name; Arrow's readers want different ones.
    let name = column.name;
    for (let copy = 2; name in vectors; copy++) name = `${column.name}_${copy}`;
    vectors[name] = arrowVector(arrow, column, cells);
  });
  return arrow.tableToIPC(new arrow.Table(vectors), 'stream');
}

function arrowVector(
  arrow: typeof import('apache-arrow'),
  column: FieldPacket,
  cells: readonly Cell[],
): InstanceType<typeof import('apache-arrow').Vector> {
  const code = column.columnType ?? column.type ?? -1;
  const unsigned = ((column.flags as number) & UNSIGNED) !== 0;
  const given = <T>(convert: (cell: Exclude<Cell, null>) => T): (T | null)[] =>
    cells.map((cell) => (cell === null ? null : convert(cell)));
  switch (code) {
    case TYPE.TINY:
    case TYPE.SHORT:
    case TYPE.INT24:
    case TYPE.YEAR:
      return arrow.vectorFromArray(given(Number), new arrow.Int32());
    case TYPE.LONG:
      return arrow.vectorFromArray(given(Number), unsigned ? new arrow.Uint32() : new arrow.Int32());
    case TYPE.LONGLONG:
      return arrow.vectorFromArray(
        given((cell) => BigInt(cell as string | number)),
        unsigned ? new arrow.Uint64() : new arrow.Int64(),
      );
    case TYPE.FLOAT:
    case TYPE.DOUBLE:
      return arrow.vectorFromArray(given(Number), new arrow.Float64());
    case TYPE.DATE:
      return arrow.vectorFromArray(
        given((cell) => new Date(`${String(cell)}T00:00:00Z`)),
        new arrow.DateDay(),
      );
    case TYPE.DECIMAL:
      return decimalVector(arrow, column.decimals ?? 0, cells);
    default:
      if (cells.some((cell) => cell instanceof Uint8Array))
        return arrow.vectorFromArray(
          given((cell) => cell as Uint8Array),
          new arrow.Binary(),
        );
      return arrow.vectorFromArray(
        given((cell) => cellText(cell, '')),
        new arrow.Utf8(),
      );
  }
}

/** decimal128: digits as 128-bit two's complement, little-endian words. */
function decimalVector(
  arrow: typeof import('apache-arrow'),
  scale: number,
  cells: readonly Cell[],
): InstanceType<typeof import('apache-arrow').Vector> {
  const data = new Uint32Array(cells.length * 4);
  const valid = new Uint8Array(Math.ceil(cells.length / 8));
  let nullCount = 0;
  cells.forEach((cell, i) => {
    if (cell === null) {
      nullCount++;
      return;
    }
    valid[i >> 3]! |= 1 << (i & 7);
    const [whole, fraction = ''] = String(cell).split('.');
    const digits = BigInt.asUintN(128, BigInt(`${whole}${fraction.padEnd(scale, '0').slice(0, scale)}`));
    for (let word = 0; word < 4; word++) data[i * 4 + word] = Number((digits >> BigInt(word * 32)) & 0xffffffffn);
  });
  const type = new arrow.Decimal(scale, 38, 128);
  return new arrow.Vector([
    arrow.makeData({ type, length: cells.length, nullCount, nullBitmap: valid, data }),
  ]) as never;
}
