/**
 * A terminal: one connection that draws transactions in the proportions of clause 5.2.3 and runs them without pauses. Statements are prepared
 * once a connection, as drivers of this benchmark do. A deadlock, a lost race or a lock that was waited for in vain is counted and the transaction
 * drawn anew.
 */
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { TpccRandom } from './random.ts';
import { DISTRICTS, pad } from './schema.ts';

export const KINDS = ['new order', 'payment', 'order status', 'delivery', 'stock level'] as const;
export type Kind = (typeof KINDS)[number];

type Value = string | number | null;

/** A new order with an item that nobody sells: one in a hundred is rolled back (2.4.1.4). */
class UnusedItem extends Error {}

const RETRIED = new Set([1205, 1213, 1020]);

export interface Tally {
  readonly done: Record<Kind, number>;
  readonly latenciesMs: number[];
  rolledBack: number;
  retried: number;
}

export function newTally(): Tally {
  return {
    done: { 'new order': 0, payment: 0, 'order status': 0, delivery: 0, 'stock level': 0 },
    latenciesMs: [],
    rolledBack: 0,
    retried: 0,
  };
}

export class Terminal {
  readonly connection: Connection;
  private readonly random: TpccRandom;
  private readonly warehouses: number;

  constructor(connection: Connection, seed: number, warehouses: number) {
    this.connection = connection;
    this.random = new TpccRandom(seed);
    this.warehouses = warehouses;
  }

  /** Until `isOver`; what is counted is counted only while `counts`. */
  async run(tally: Tally, isOver: () => boolean, counts: () => boolean): Promise<void> {
    while (!isOver()) {
      const kind = this.draw();
      const startedMs = performance.now();
      try {
        await this.transact(kind);
        if (!counts()) continue;
        tally.done[kind]++;
        if (kind === 'new order') tally.latenciesMs.push(performance.now() - startedMs);
      } catch (error) {
        await this.connection.query('ROLLBACK');
        if (error instanceof UnusedItem) {
          // It counts as done: the specification wants it.
          if (counts()) tally.done[kind]++;
          tally.rolledBack++;
        } else if (RETRIED.has((error as { errno?: number }).errno ?? 0)) tally.retried++;
        else throw error;
      }
    }
  }

  private draw(): Kind {
    const drawn = this.random.between(1, 100);
    return drawn <= 45
      ? 'new order'
      : drawn <= 88
        ? 'payment'
        : drawn <= 92
          ? 'order status'
          : drawn <= 96
            ? 'delivery'
            : 'stock level';
  }

  private async transact(kind: Kind): Promise<void> {
    await this.connection.query('BEGIN');
    const w = this.random.between(1, this.warehouses);
    switch (kind) {
      case 'new order':
        await this.newOrder(w);
        break;
      case 'payment':
        await this.payment(w);
        break;
      case 'order status':
        await this.orderStatus(w);
        break;
      case 'delivery':
        await this.delivery(w);
        break;
      case 'stock level':
        await this.stockLevel(w);
        break;
    }
    await this.connection.query('COMMIT');
  }

  // ---- clause 2.4

  private async newOrder(w: number): Promise<void> {
    const { random } = this;
    const d = random.between(1, DISTRICTS);
    const c = random.customer();
    const count = random.between(5, 15);
    const unused = random.percent(1);
    const lines = Array.from({ length: count }, (_, n) => ({
      item: unused && n === count - 1 ? -1 : random.item(),
      supplier: this.warehouses > 1 && random.percent(1) ? this.otherWarehouse(w) : w,
      quantity: random.between(1, 10),
    }));
    const [customer] = await this.rows(
      'SELECT c_discount, c_last, c_credit, w_tax FROM customer, warehouse WHERE w_id = ? AND c_w_id = w_id AND c_d_id = ? AND c_id = ?', [w, d, c],
    ); // prettier-ignore
    const [district] = await this.rows(
      'SELECT d_next_o_id, d_tax FROM district WHERE d_w_id = ? AND d_id = ? FOR UPDATE',
      [w, d],
    );
    const o = Number(district!['d_next_o_id']);
    await this.change('UPDATE district SET d_next_o_id = ? WHERE d_w_id = ? AND d_id = ?', [o + 1, w, d]);
    const allLocal = lines.every((line) => line.supplier === w) ? 1 : 0;
    await this.change('INSERT INTO orders (o_id, o_d_id, o_w_id, o_c_id, o_entry_d, o_ol_cnt, o_all_local) VALUES (?, ?, ?, ?, NOW(), ?, ?)', [o, d, w, c, count, allLocal]); // prettier-ignore
    await this.change('INSERT INTO new_order (no_o_id, no_d_id, no_w_id) VALUES (?, ?, ?)', [o, d, w]);
    let total = 0;
    for (const [n, { item, supplier, quantity }] of lines.entries()) {
      const [sold] = await this.rows('SELECT i_price, i_name, i_data FROM item WHERE i_id = ?', [item]);
      if (sold === undefined) throw new UnusedItem();
      const [stock] = await this.rows(
        `SELECT s_quantity, s_data, s_dist_${pad(d)} AS info FROM stock WHERE s_i_id = ? AND s_w_id = ? FOR UPDATE`, [item, supplier],
      ); // prettier-ignore
      const left = Number(stock!['s_quantity']) - quantity;
      await this.change(
        'UPDATE stock SET s_quantity = ?, s_ytd = s_ytd + ?, s_order_cnt = s_order_cnt + 1, s_remote_cnt = s_remote_cnt + ? WHERE s_i_id = ? AND s_w_id = ?',
        [left >= 10 ? left : left + 91, quantity, supplier === w ? 0 : 1, item, supplier],
      ); // prettier-ignore
      const amount = quantity * Number(sold['i_price']);
      total += amount;
      await this.change(
        'INSERT INTO order_line (ol_o_id, ol_d_id, ol_w_id, ol_number, ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_dist_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        [o, d, w, n + 1, item, supplier, quantity, amount.toFixed(2), String(stock!['info'])],
      ); // prettier-ignore
    }
    if (!(total * (1 - Number(customer!['c_discount'])) >= 0)) throw new Error('an order costs less than nothing');
  }

  // ---- clause 2.5

  private async payment(w: number): Promise<void> {
    const { random } = this;
    const d = random.between(1, DISTRICTS);
    const amount = (random.between(100, 500_000) / 100).toFixed(2);
    const remote = this.warehouses > 1 && random.percent(15);
    const [cw, cd] = remote ? [this.otherWarehouse(w), random.between(1, DISTRICTS)] : [w, d];
    await this.change('UPDATE warehouse SET w_ytd = w_ytd + ? WHERE w_id = ?', [amount, w]);
    const [warehouse] = await this.rows('SELECT w_street_1, w_street_2, w_city, w_state, w_zip, w_name FROM warehouse WHERE w_id = ?', [w]); // prettier-ignore
    await this.change('UPDATE district SET d_ytd = d_ytd + ? WHERE d_w_id = ? AND d_id = ?', [amount, w, d]);
    const [district] = await this.rows('SELECT d_street_1, d_street_2, d_city, d_state, d_zip, d_name FROM district WHERE d_w_id = ? AND d_id = ?', [w, d]); // prettier-ignore
    const c = await this.someCustomer(cw, cd);
    const [customer] = await this.rows(
      `SELECT c_first, c_middle, c_last, c_street_1, c_street_2, c_city, c_state, c_zip, c_phone, c_credit, c_credit_lim, c_discount, c_balance, c_since
       FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ? FOR UPDATE`,
      [cw, cd, c],
    );
    const paid = 'c_balance = c_balance - ?, c_ytd_payment = c_ytd_payment + ?, c_payment_cnt = c_payment_cnt + 1';
    if (customer!['c_credit'] === 'BC') {
      const [{ c_data: data }] = (await this.rows('SELECT c_data FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?', [cw, cd, c])) as [RowDataPacket]; // prettier-ignore
      const noted = `${c} ${cd} ${cw} ${d} ${w} ${amount}|${String(data)}`.slice(0, 500);
      await this.change(`UPDATE customer SET ${paid}, c_data = ? WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?`, [amount, amount, noted, cw, cd, c]); // prettier-ignore
    } else await this.change(`UPDATE customer SET ${paid} WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?`, [amount, amount, cw, cd, c]); // prettier-ignore
    await this.change(
      'INSERT INTO history (h_c_d_id, h_c_w_id, h_c_id, h_d_id, h_w_id, h_date, h_amount, h_data) VALUES (?, ?, ?, ?, ?, NOW(), ?, ?)',
      [cd, cw, c, d, w, amount, `${String(warehouse!['w_name'])}    ${String(district!['d_name'])}`],
    );
  }

  // ---- clause 2.6

  private async orderStatus(w: number): Promise<void> {
    const d = this.random.between(1, DISTRICTS);
    const c = await this.someCustomer(w, d);
    await this.rows('SELECT c_balance, c_first, c_middle, c_last FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?', [w, d, c]); // prettier-ignore
    const [order] = await this.rows(
      'SELECT o_id, o_carrier_id, o_entry_d FROM orders WHERE o_w_id = ? AND o_d_id = ? AND o_c_id = ? ORDER BY o_id DESC LIMIT 1', [w, d, c],
    ); // prettier-ignore
    if (order === undefined) return;
    await this.rows(
      'SELECT ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_delivery_d FROM order_line WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?',
      [w, d, Number(order['o_id'])],
    ); // prettier-ignore
  }

  // ---- clause 2.7

  private async delivery(w: number): Promise<void> {
    const carrier = this.random.between(1, 10);
    for (let d = 1; d <= DISTRICTS; d++) {
      const [oldest] = await this.rows(
        'SELECT no_o_id FROM new_order WHERE no_w_id = ? AND no_d_id = ? ORDER BY no_o_id LIMIT 1 FOR UPDATE', [w, d],
      ); // prettier-ignore
      if (oldest === undefined) continue;
      const o = Number(oldest['no_o_id']);
      await this.change('DELETE FROM new_order WHERE no_w_id = ? AND no_d_id = ? AND no_o_id = ?', [w, d, o]);
      const [order] = await this.rows('SELECT o_c_id FROM orders WHERE o_w_id = ? AND o_d_id = ? AND o_id = ? FOR UPDATE', [w, d, o]); // prettier-ignore
      await this.change('UPDATE orders SET o_carrier_id = ? WHERE o_w_id = ? AND o_d_id = ? AND o_id = ?', [carrier, w, d, o]); // prettier-ignore
      await this.change('UPDATE order_line SET ol_delivery_d = NOW() WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?', [w, d, o]); // prettier-ignore
      const [sum] = await this.rows('SELECT SUM(ol_amount) AS total FROM order_line WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?', [w, d, o]); // prettier-ignore
      await this.change(
        'UPDATE customer SET c_balance = c_balance + ?, c_delivery_cnt = c_delivery_cnt + 1 WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?',
        [String(sum!['total']), w, d, Number(order!['o_c_id'])],
      ); // prettier-ignore
    }
  }

  // ---- clause 2.8

  private async stockLevel(w: number): Promise<void> {
    const d = this.random.between(1, DISTRICTS);
    const [district] = await this.rows('SELECT d_next_o_id FROM district WHERE d_w_id = ? AND d_id = ?', [w, d]);
    const next = Number(district!['d_next_o_id']);
    await this.rows(
      `SELECT COUNT(DISTINCT s_i_id) AS low FROM order_line, stock
       WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id < ? AND ol_o_id >= ? AND s_w_id = ? AND s_i_id = ol_i_id AND s_quantity < ?`,
      [w, d, next, next - 20, w, this.random.between(10, 20)],
    );
  }

  // ---- small parts

  /** By last name in 60 of 100 cases: the one in the middle, by first name. */
  private async someCustomer(w: number, d: number): Promise<number> {
    if (!this.random.percent(60)) return this.random.customer();
    const found = await this.rows(
      'SELECT c_id FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_last = ? ORDER BY c_first', [w, d, this.random.lastName(false)],
    ); // prettier-ignore
    return found.length === 0 ? this.random.customer() : Number(found[Math.ceil(found.length / 2) - 1]!['c_id']);
  }

  private otherWarehouse(w: number): number {
    const other = this.random.between(1, this.warehouses - 1);
    return other >= w ? other + 1 : other;
  }

  private async rows(sql: string, values: Value[]): Promise<RowDataPacket[]> {
    return (await this.connection.execute<RowDataPacket[]>(sql, values))[0];
  }

  private async change(sql: string, values: Value[]): Promise<void> {
    await this.connection.execute<ResultSetHeader>(sql, values);
  }
}
