/**
 * The consistency conditions of TPC-C (clause 3.3.2). Each is a query for what breaks it; the answer must be empty. They are to be asked while nothing
 * else runs.
 */
import type { Connection, RowDataPacket } from 'mysql2/promise';

const CONDITIONS: readonly (readonly [string, string])[] = [
  [
    '1: what warehouses earned is what their districts earned',
    'SELECT w_id FROM warehouse JOIN (SELECT d_w_id, SUM(d_ytd) AS ytd FROM district GROUP BY d_w_id) d ON d_w_id = w_id WHERE w_ytd <> ytd',
  ],
  [
    '2: the next order of a district follows its last order and its last new order',
    `SELECT d_w_id, d_id FROM district
     JOIN (SELECT o_w_id, o_d_id, MAX(o_id) AS last_order FROM orders GROUP BY o_w_id, o_d_id) o ON o_w_id = d_w_id AND o_d_id = d_id
     LEFT JOIN (SELECT no_w_id, no_d_id, MAX(no_o_id) AS last_new FROM new_order GROUP BY no_w_id, no_d_id) n ON no_w_id = d_w_id AND no_d_id = d_id
     WHERE d_next_o_id - 1 <> last_order OR d_next_o_id - 1 <> COALESCE(last_new, last_order)`,
  ],
  [
    '3: new orders of a district have no gaps',
    'SELECT no_w_id, no_d_id FROM new_order GROUP BY no_w_id, no_d_id HAVING MAX(no_o_id) - MIN(no_o_id) + 1 <> COUNT(*)',
  ],
  [
    '4: an order has as many lines as it says, by district',
    `SELECT o_w_id, o_d_id FROM (SELECT o_w_id, o_d_id, SUM(o_ol_cnt) AS said FROM orders GROUP BY o_w_id, o_d_id) o
     JOIN (SELECT ol_w_id, ol_d_id, COUNT(*) AS lines_there FROM order_line GROUP BY ol_w_id, ol_d_id) l ON ol_w_id = o_w_id AND ol_d_id = o_d_id
     WHERE said <> lines_there`,
  ],
  [
    '5: an order has no carrier exactly while it is a new order',
    `SELECT o_w_id, o_d_id, o_id FROM orders LEFT JOIN new_order ON no_w_id = o_w_id AND no_d_id = o_d_id AND no_o_id = o_id
     WHERE (o_carrier_id IS NULL) <> (no_o_id IS NOT NULL)`,
  ],
  [
    '6: an order has as many lines as it says, one by one',
    `SELECT o_w_id, o_d_id, o_id FROM orders
     LEFT JOIN (SELECT ol_w_id, ol_d_id, ol_o_id, COUNT(*) AS lines_there FROM order_line GROUP BY ol_w_id, ol_d_id, ol_o_id) l
     ON ol_w_id = o_w_id AND ol_d_id = o_d_id AND ol_o_id = o_id WHERE o_ol_cnt <> COALESCE(lines_there, 0)`,
  ],
  [
    '7: a line is undelivered exactly while its order has no carrier',
    `SELECT o_w_id, o_d_id, o_id FROM order_line JOIN orders ON ol_w_id = o_w_id AND ol_d_id = o_d_id AND ol_o_id = o_id
     WHERE (ol_delivery_d IS NULL) <> (o_carrier_id IS NULL)`,
  ],
  [
    '8: what warehouses earned is in the history',
    'SELECT w_id FROM warehouse JOIN (SELECT h_w_id, SUM(h_amount) AS paid FROM history GROUP BY h_w_id) h ON h_w_id = w_id WHERE w_ytd <> paid',
  ],
  [
    '9: what districts earned is in the history',
    `SELECT d_w_id, d_id FROM district JOIN (SELECT h_w_id, h_d_id, SUM(h_amount) AS paid FROM history GROUP BY h_w_id, h_d_id) h
     ON h_w_id = d_w_id AND h_d_id = d_id WHERE d_ytd <> paid`,
  ],
  [
    '12: a balance and what was paid are what was delivered',
    `SELECT c_w_id, c_d_id, c_id FROM customer
     LEFT JOIN (SELECT o_w_id, o_d_id, o_c_id, SUM(ol_amount) AS delivered FROM orders
       JOIN order_line ON ol_w_id = o_w_id AND ol_d_id = o_d_id AND ol_o_id = o_id WHERE ol_delivery_d IS NOT NULL GROUP BY o_w_id, o_d_id, o_c_id) o
     ON o_w_id = c_w_id AND o_d_id = c_d_id AND o_c_id = c_id WHERE c_balance + c_ytd_payment <> COALESCE(delivered, 0)`,
  ],
];

/** What is broken, a line each. */
export async function checkConsistency(connection: Connection): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const [name, sql] of CONDITIONS) {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    if (rows.length > 0) broken.push(`condition ${name}: ${rows.length} rows, first ${JSON.stringify(rows[0])}`);
  }
  return broken;
}
