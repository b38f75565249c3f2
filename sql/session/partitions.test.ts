/**
 * Partitions change where rows lie, never what a statement answers: the same statements, drawn at random, go to a partitioned table and to one
 * of the same shape without partitions, and must answer alike, errors and row counts included.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import type { Random } from '../../base/world.ts';
import { createMemoryInstance, type MemoryInstance, type TestSession } from './testing/memory-instance.ts';

let server: MemoryInstance;
before(async () => {
  server = await createMemoryInstance();
});
after(() => server.close());

interface Shape {
  readonly name: string;
  readonly keys: string;
  readonly partitions: string;
  /** Changes that keep every row: tried between the statements. */
  readonly moves?: readonly string[];
}

const COLUMNS = 'id INT NOT NULL, a INT NOT NULL, n INT, b VARCHAR(12) NOT NULL, d DATE NOT NULL, m DATETIME(3)';
const YEARS =
  'PARTITION y0 VALUES LESS THAN (2001), PARTITION y1 VALUES LESS THAN (2002), PARTITION y2 VALUES LESS THAN (2004), PARTITION y3 VALUES LESS THAN MAXVALUE';

const SHAPES: readonly Shape[] = [
  {
    name: 'range',
    keys: 'PRIMARY KEY (id), KEY (a, b), KEY (b)',
    partitions:
      'RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (25), PARTITION p2 VALUES LESS THAN (40), PARTITION p3 VALUES LESS THAN MAXVALUE)',
    moves: [
      'REORGANIZE PARTITION p1, p2 INTO (PARTITION q1 VALUES LESS THAN (40))',
      'REORGANIZE PARTITION q1 INTO (PARTITION p1 VALUES LESS THAN (25), PARTITION p2 VALUES LESS THAN (40))',
      'REBUILD PARTITION p0, p3',
    ],
  },
  { name: 'range_year', keys: 'PRIMARY KEY (id, d), KEY (a)', partitions: `RANGE (YEAR(d)) (${YEARS})` },
  {
    name: 'range_days',
    keys: 'UNIQUE KEY (d, id), KEY (n)',
    partitions:
      "RANGE (TO_DAYS(d)) (PARTITION p0 VALUES LESS THAN (TO_DAYS('2001-06-01')), PARTITION p1 VALUES LESS THAN (TO_DAYS('2003-01-01')), PARTITION p2 VALUES LESS THAN MAXVALUE)",
  },
  {
    name: 'range_columns',
    keys: 'PRIMARY KEY (b, id, a), KEY (n)',
    partitions:
      "RANGE COLUMNS (a, b) (PARTITION p0 VALUES LESS THAN (3, 'M'), PARTITION p1 VALUES LESS THAN (3, MAXVALUE), PARTITION p2 VALUES LESS THAN (7, 'c'), PARTITION p3 VALUES LESS THAN (MAXVALUE, MAXVALUE))",
  },
  {
    name: 'range_moments',
    keys: 'KEY (id), KEY (m, id)',
    partitions:
      "RANGE COLUMNS (m) (PARTITION p0 VALUES LESS THAN ('2001-03-01 00:00:00.500'), PARTITION p1 VALUES LESS THAN ('2003-01-01'), PARTITION p2 VALUES LESS THAN (MAXVALUE))",
  },
  {
    name: 'list',
    keys: 'PRIMARY KEY (id, n2), KEY (a)',
    partitions: 'LIST (n2) (PARTITION p0 VALUES IN (0, 3, 6, 9), PARTITION p1 VALUES IN (1, 4, 7), PARTITION p2 VALUES IN (2, 5, 8))',
  },
  {
    name: 'list_null',
    keys: 'KEY (id), KEY (n)',
    partitions: 'LIST (n) (PARTITION p0 VALUES IN (0, 1, NULL), PARTITION p1 VALUES IN (2, 3, 4, 5), PARTITION p2 VALUES IN (6, 7, 8, 9))',
  },
  {
    name: 'list_columns',
    keys: 'PRIMARY KEY (a, b, id)',
    partitions: "LIST COLUMNS (b) (PARTITION p0 VALUES IN ('alpha', 'BETA'), PARTITION p1 VALUES IN ('gamma', 'Ypsilon', 'mu'), PARTITION p2 VALUES IN ('Ärger', 'zeta'))",
  },
  {
    name: 'hash',
    keys: 'PRIMARY KEY (id), KEY (n), KEY (d, a)',
    partitions: 'HASH (id) PARTITIONS 4',
    moves: ['COALESCE PARTITION 2', 'ADD PARTITION PARTITIONS 3', 'REBUILD PARTITION ALL'],
  },
  { name: 'hash_null', keys: 'KEY (n), KEY (b)', partitions: 'HASH (n) PARTITIONS 3' },
  { name: 'hash_year', keys: 'KEY (d)', partitions: 'LINEAR HASH (YEAR(d)) PARTITIONS 3', moves: ['ADD PARTITION PARTITIONS 2', 'COALESCE PARTITION 3'] },
  { name: 'key', keys: 'PRIMARY KEY (b, id)', partitions: 'KEY (b) PARTITIONS 5' },
  { name: 'key_primary', keys: 'PRIMARY KEY (id, a), KEY (n)', partitions: 'LINEAR KEY () PARTITIONS 6', moves: ['COALESCE PARTITION 1'] },
]; // prettier-ignore

const WORDS = ['alpha', 'beta', 'gamma', 'YPSILON', 'Mu', 'ärger', 'zeta'];

/** One drawn statement, `#` where the table's name goes. */
class Draw {
  private readonly random: Random;
  private readonly hasSecond: boolean;

  constructor(random: Random, shape: Shape) {
    this.random = random;
    this.hasSecond = shape.keys.includes('n2');
  }

  one<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)]!;
  }

  private number(max: number): number {
    return this.random.below(max);
  }

  value(column: string): string {
    switch (column) {
      case 'id':
        return String(this.number(60));
      case 'a':
      case 'n2':
        return String(this.number(10));
      case 'n':
        return this.number(6) === 0 ? 'NULL' : String(this.number(10));
      case 'b':
        return `'${this.one(WORDS)}'`;
      case 'd':
        return `'${2000 + this.number(6)}-0${1 + this.number(9)}-1${this.number(10)}'`;
      default:
        return this.number(6) === 0
          ? 'NULL'
          : `'${2000 + this.number(6)}-0${1 + this.number(9)}-01 00:00:00.${this.one(['000', '500', '999'])}'`;
    }
  }

  get columns(): readonly string[] {
    return this.hasSecond ? ['id', 'a', 'n', 'b', 'd', 'm', 'n2'] : ['id', 'a', 'n', 'b', 'd', 'm'];
  }

  row(): string {
    return `(${this.columns.map((column) => this.value(column)).join(', ')})`;
  }

  condition(depth = 0): string {
    const column = this.one(this.columns);
    const known = (): string => {
      for (;;) {
        const value = this.value(column);
        if (value !== 'NULL') return value;
      }
    };
    const kind = this.number(depth > 1 ? 6 : 9);
    switch (kind) {
      case 0:
      case 1:
        return `${column} = ${known()}`;
      case 2:
        return `${column} ${this.one(['<', '<=', '>', '>=', '<>'])} ${known()}`;
      case 3:
        return `${column} BETWEEN ${known()} AND ${known()}`;
      case 4:
        return `${column} IN (${known()}, ${known()}, ${known()})`;
      case 5:
        return column === 'b'
          ? `b LIKE '${this.one(['a', 'z', 'm', 'y'])}%'`
          : `${column} IS ${this.one(['', 'NOT '])}NULL`;
      case 6:
        return `(${this.condition(depth + 1)} OR ${this.condition(depth + 1)})`;
      default:
        return `${this.condition(depth + 1)} AND ${this.condition(depth + 1)}`;
    }
  }

  statement(): { readonly sql: string; readonly ordered: boolean } {
    const all = this.columns.join(', ');
    const unordered = (sql: string) => ({ sql, ordered: false });
    switch (this.number(17)) {
      case 0:
      case 1:
      case 2:
        return unordered(`INSERT INTO # (${all}) VALUES ${this.row()}${this.number(2) === 0 ? '' : `, ${this.row()}`}`);
      case 3:
        return unordered(`REPLACE INTO # (${all}) VALUES ${this.row()}`);
      case 4:
        return unordered(`INSERT INTO # (${all}) VALUES ${this.row()} ON DUPLICATE KEY UPDATE a = VALUES(a), m = ${this.value('m')}`);
      case 5: {
        const column = this.one(this.columns);
        return unordered(`UPDATE IGNORE # SET ${column} = ${this.value(column)} WHERE id = ${this.value('id')} ORDER BY ${all} LIMIT 1`);
      }
      case 6:
        return unordered(`UPDATE # SET m = ${this.value('m')} WHERE ${this.condition()}`);
      case 7:
        return unordered(`DELETE FROM # WHERE ${this.condition()} ORDER BY ${all} LIMIT 3`);
      case 8:
        return unordered(`INSERT IGNORE INTO # (${all}) SELECT ${all.replace('id', 'id + 30')} FROM # WHERE ${this.condition()} ORDER BY ${all} LIMIT 4`);
      case 9:
        return { sql: `SELECT ${all} FROM # WHERE ${this.condition()} ORDER BY ${all}`, ordered: true };
      case 10: {
        const first = this.one(this.columns);
        const down = this.one(['', ' DESC']);
        return { sql: `SELECT ${all} FROM # WHERE ${this.condition()} ORDER BY ${first}${down}, ${all} LIMIT ${1 + this.number(6)}`, ordered: true };
      }
      case 11: {
        // Only the column that it is sorted by: rows that are equal in it may come in any order.
        const first = this.one(this.columns);
        return { sql: `SELECT ${first} FROM # ORDER BY ${first} ${this.one(['', 'DESC'])} LIMIT ${1 + this.number(9)}`, ordered: true };
      }
      case 12:
        return unordered(`SELECT ${this.one(this.columns)}, COUNT(*), SUM(a), MIN(d), MAX(n) FROM # WHERE ${this.condition()} GROUP BY 1`);
      case 13: {
        const join = this.one(['', '/*+ INL_JOIN(t) */ ', '/*+ HASH_JOIN(t) */ ']);
        return unordered(`SELECT ${join}s.x, t.id, t.b, t.d FROM s ${this.one(['JOIN', 'LEFT JOIN'])} # AS t ON t.${this.one(['id', 'a', 'n'])} = s.x ${this.number(2) === 0 ? 'AND t.b = s.y' : ''} WHERE s.x < ${this.number(12)}`);
      }
      case 14:
        return unordered(`SELECT COUNT(*) FROM # WHERE ${this.condition()} FOR UPDATE`);
      case 15:
        return unordered(`SELECT x FROM s WHERE ${this.one(['EXISTS', 'NOT EXISTS'])} (SELECT 1 FROM # t WHERE t.a = s.x AND ${this.condition()})`);
      default:
        return unordered(`SELECT MIN(${this.one(this.columns)}), MAX(id), COUNT(*) FROM #`);
    }
  } // prettier-ignore
}

function sorted(text: string): string {
  return text.split('\n').sort().join('\n');
}

/** Errors name the table. Of two values that are taken a commit tells the one whose key comes first, which partitions change. */
function comparable(answer: string, ordered: boolean): string {
  const text = answer.replaceAll('part_t', 'plain_t').replace(/Duplicate entry '.*' for/, "Duplicate entry '…' for");
  return ordered ? text : sorted(text);
}

async function both(session: TestSession, sql: string, ordered: boolean, log: string[]): Promise<void> {
  log.push(sql);
  const plain = comparable(await session.run(sql.replaceAll('#', 'plain_t')), ordered);
  const part = comparable(await session.run(sql.replaceAll('#', 'part_t')), ordered);
  assert.equal(part, plain, `${log.slice(-12).join(';\n')}\n-- the last answers otherwise`);
}

const ROUNDS = Number(process.env['RUTILE_ROUNDS'] ?? 160);

for (const shape of SHAPES) {
  test(`${shape.name}: a partitioned table answers as one without partitions`, async () => {
    const session = server.session();
    const random = new SeededRandom(Number(process.env['RUTILE_SEED'] ?? 1)).fork(shape.name);
    const draw = new Draw(random, shape);
    const columns = shape.keys.includes('n2') ? `${COLUMNS}, n2 INT NOT NULL` : COLUMNS;
    const ok = async (sql: string): Promise<void> => assert.match(await session.run(sql), /^ok/, sql);
    await session.run('DROP TABLE IF EXISTS plain_t, part_t, s');
    await ok(`CREATE TABLE plain_t (${columns}, ${shape.keys})`);
    await ok(`CREATE TABLE part_t (${columns}, ${shape.keys}) PARTITION BY ${shape.partitions}`);
    await ok('CREATE TABLE s (x INT, y VARCHAR(12))');
    await ok(
      `INSERT INTO s VALUES ${Array.from({ length: 20 }, (_, i) => `(${i}, '${WORDS[i % WORDS.length]}')`).join(', ')}`,
    );
    const log: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const kind = random.below(40);
      if (kind === 0) await both(session, 'BEGIN', true, log);
      else if (kind === 1) await both(session, 'ROLLBACK', true, log);
      else if (kind === 2) await both(session, 'COMMIT', true, log);
      else if (kind === 3 && shape.moves !== undefined)
        await session.run(`ALTER TABLE part_t ${draw.one(shape.moves)}`);
      else if (kind === 4) await both(session, 'ALTER TABLE # ADD INDEX extra (n, d)', true, log);
      else if (kind === 5) await both(session, 'ALTER TABLE # DROP INDEX extra', true, log);
      else {
        const { sql, ordered } = draw.statement();
        await both(session, sql, ordered, log);
      }
    }
    await both(session, 'COMMIT', true, log);
    await both(session, `SELECT * FROM # ORDER BY ${draw.columns.join(', ')}`, true, log);
    assert.equal(await session.run('ADMIN CHECK TABLE part_t'), 'ok 0');
    // Every row lies where its values say: the union of the partitions, each read with its own condition gone, is the table.
    await ok('ALTER TABLE part_t REMOVE PARTITIONING');
    await both(session, `SELECT * FROM # ORDER BY ${draw.columns.join(', ')}`, true, log);
    await ok(`ALTER TABLE plain_t PARTITION BY ${shape.partitions}`);
    await both(session, `SELECT * FROM # ORDER BY ${draw.columns.join(', ')}`, true, log);
    assert.equal(await session.run('ADMIN CHECK TABLE plain_t'), 'ok 0');
  });
}
