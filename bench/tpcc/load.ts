/** The initial population (clause 4.3.3), through LOAD DATA LOCAL: rows are made while the server takes them. */
import { Readable } from 'node:stream';
import type { Connection } from 'mysql2/promise';
import { lastName, TpccRandom } from './random.ts';
import { CUSTOMERS, DELIVERED, DISTRICTS, ITEMS, ORDERS, TABLES } from './schema.ts';

type Cell = string | number | null;

const NOW = '2026-01-01 00:00:00';
/** Rows a chunk of the stream. */
const CHUNK_ROWS = 500;

export async function load(connection: Connection, warehouses: number): Promise<void> {
  for (const table of TABLES) await connection.query(table);
  await fill(connection, 'item', items());
  for (let w = 1; w <= warehouses; w++) {
    await fill(connection, 'warehouse', warehouse(w));
    await fill(connection, 'district', districts(w));
    await fill(connection, 'customer', customers(w));
    await fill(connection, 'history', history(w));
    await fill(connection, 'stock', stock(w));
    await fill(connection, 'orders', orders(w, 'orders'));
    await fill(connection, 'order_line', orders(w, 'lines'));
    await fill(connection, 'new_order', orders(w, 'new'));
  }
  await connection.query(
    'ANALYZE TABLE warehouse, district, customer, history, stock, orders, order_line, new_order, item',
  );
}

async function fill(connection: Connection, table: string, rows: Iterable<readonly Cell[]>): Promise<void> {
  await connection.query({
    sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table}`,
    infileStreamFactory: () => Readable.from(chunks(rows)),
  });
}

function* chunks(rows: Iterable<readonly Cell[]>): Generator<Buffer> {
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(row.map((cell) => (cell === null ? '\\N' : String(cell))).join('\t'));
    if (lines.length < CHUNK_ROWS) continue;
    yield Buffer.from(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
}

function* items(): Generator<readonly Cell[]> {
  const random = new TpccRandom(1);
  for (let i = 1; i <= ITEMS; i++)
    yield [i, random.between(1, 10_000), random.text(14, 24), cents(random.between(100, 10_000)), random.data()];
}

function* warehouse(w: number): Generator<readonly Cell[]> {
  const random = new TpccRandom(1000 + w);
  yield [w, random.text(6, 10), ...address(random), fraction(random.between(0, 2000)), '300000.00'];
}

function* districts(w: number): Generator<readonly Cell[]> {
  const random = new TpccRandom(2000 + w);
  for (let d = 1; d <= DISTRICTS; d++)
    yield [d, w, random.text(6, 10), ...address(random), fraction(random.between(0, 2000)), '30000.00', ORDERS + 1];
}

function* customers(w: number): Generator<readonly Cell[]> {
  const random = new TpccRandom(3000 + w);
  for (let d = 1; d <= DISTRICTS; d++)
    for (let c = 1; c <= CUSTOMERS; c++)
      yield [
        c, d, w, random.text(8, 16), 'OE', c <= 1000 ? lastName(c - 1) : random.lastName(true), ...address(random), random.digits(16), NOW,
        random.percent(10) ? 'BC' : 'GC', '50000.00', fraction(random.between(0, 5000)), '-10.00', '10.00', 1, 0, random.text(300, 500),
      ]; // prettier-ignore
}

function* history(w: number): Generator<readonly Cell[]> {
  const random = new TpccRandom(4000 + w);
  for (let d = 1; d <= DISTRICTS; d++)
    for (let c = 1; c <= CUSTOMERS; c++) yield [c, d, w, d, w, NOW, '10.00', random.text(12, 24)];
}

function* stock(w: number): Generator<readonly Cell[]> {
  const random = new TpccRandom(5000 + w);
  for (let i = 1; i <= ITEMS; i++) {
    const info = Array.from({ length: DISTRICTS }, () => random.text(24, 24));
    yield [i, w, random.between(10, 100), ...info, 0, 0, 0, random.data()];
  }
}

/** Each call draws the same orders: their heads, their lines, or those that wait for delivery. */
function* orders(w: number, part: 'orders' | 'lines' | 'new'): Generator<readonly Cell[]> {
  const random = new TpccRandom(6000 + w);
  for (let d = 1; d <= DISTRICTS; d++) {
    const buyers = random.permutation(CUSTOMERS);
    for (let o = 1; o <= ORDERS; o++) {
      const count = random.between(5, 15);
      const delivered = o <= DELIVERED;
      const carrier = random.between(1, 10);
      if (part === 'orders') yield [o, d, w, buyers[o - 1]!, NOW, delivered ? carrier : null, count, 1];
      if (part === 'new' && !delivered) yield [o, d, w];
      for (let n = 1; n <= count; n++) {
        const item = random.between(1, ITEMS);
        const amount = delivered ? '0.00' : cents(random.between(1, 999_999));
        const info = random.text(24, 24);
        if (part === 'lines') yield [o, d, w, n, item, w, delivered ? NOW : null, 5, amount, info];
      }
    }
  }
}

function address(random: TpccRandom): Cell[] {
  return [random.text(10, 20), random.text(10, 20), random.text(10, 20), random.text(2, 2), `${random.digits(4)}11111`];
}

function cents(amount: number): string {
  return (amount / 100).toFixed(2);
}

function fraction(tenThousandths: number): string {
  return (tenThousandths / 10_000).toFixed(4);
}
