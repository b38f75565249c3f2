/**
 * How an index is sorted changes the way to an answer, never the answer: the same statements, drawn at random, go to a table whose keys have `DESC` columns
 * and to one whose keys are ascending or missing, and must answer alike. Reads are forced through each index in turn.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import type { Random } from '../../base/world.ts';
import { createMemoryInstance, type MemoryInstance } from './testing/memory-instance.ts';

let server: MemoryInstance;
before(async () => {
  server = await createMemoryInstance();
});
after(() => server.close());

const COLUMNS = `id INT NOT NULL, a INT, u BIGINT UNSIGNED NOT NULL, f DOUBLE, k DECIMAL(6,2), b VARCHAR(12), c VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  y VARBINARY(9), d DATE, m TIMESTAMP(3) NULL, w TIME, e ENUM('red','green','blue'), t TEXT`;
const NAMES = ['id', 'a', 'u', 'f', 'k', 'b', 'c', 'y', 'd', 'm', 'w', 'e', 't'] as const;
type Name = (typeof NAMES)[number];

interface Shape {
  readonly name: string;
  /** The same with and without DESC. */
  readonly keys: string;
  /** Of the table with DESC alone. */
  readonly more: Readonly<Record<string, string>>;
  readonly after?: string;
}

const SHAPES: readonly Shape[] = [
  {
    name: 'by handle',
    keys: 'PRIMARY KEY (id)',
    more: { x1: '(a DESC, b)', x2: '(b DESC, u DESC)', x3: '(d, f DESC, a)', x4: '(k DESC)', x5: '(t(2) DESC, a)', x6: '(y DESC, c DESC)' },
  },
  {
    name: 'by a descending integer',
    keys: 'PRIMARY KEY (id DESC)',
    more: { x1: '(m DESC, a)', x2: '(w DESC)', x3: '(e DESC, id)', x4: '(f DESC, d DESC)', x5: '(b(1) DESC)', x6: '(c, a DESC)' },
  },
  {
    name: 'by text, both ways',
    keys: 'PRIMARY KEY (b(3) DESC, u, id DESC)',
    more: { x1: '(a DESC)', x2: '(u DESC, b)', x3: '(c DESC, y)', x4: '(k, d DESC)', x5: '(b DESC)', x6: '(id DESC, a DESC)' },
  },
  {
    name: 'by a hidden handle',
    keys: 'PRIMARY KEY (id DESC) NONCLUSTERED, UNIQUE KEY (a DESC, u)',
    more: { x1: '(b DESC, a DESC)', x2: '(y(2) DESC)', x3: '(m, w DESC)', x4: '(f DESC)', x5: '(u DESC)', x6: '(d DESC, e)' },
  },
  {
    name: 'partitioned',
    keys: 'PRIMARY KEY (id DESC, u DESC)',
    more: { x1: '(a DESC, b)', x2: '(u DESC)', x3: '(d DESC)', x4: '(c DESC)', x5: '(k DESC, f)', x6: '(w, m DESC)' },
    after: 'PARTITION BY RANGE (u) (PARTITION p0 VALUES LESS THAN (4), PARTITION p1 VALUES LESS THAN (9), PARTITION p2 VALUES LESS THAN MAXVALUE)',
  },
]; // prettier-ignore

const WORDS = ['', 'a', 'A', 'ab', 'abc', 'ABc ', 'b', 'Ä', 'ß', 'zz', 'zzzzzzzzz', 'straße', '𝄞'];

class Draw {
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  number(below: number): number {
    return this.random.below(below);
  }

  one<T>(from: readonly T[]): T {
    return from[this.number(from.length)]!;
  }

  value(column: Name): string {
    if (column !== 'id' && column !== 'u' && column !== 'b' && this.number(6) === 0) return 'NULL';
    switch (column) {
      case 'id':
        return String(this.number(60));
      case 'a':
        return String(this.number(9) - 4);
      case 'u':
        return this.one(['0', '1', '3', '4', '8', '9', '9223372036854775808', '18446744073709551615']);
      case 'f':
        return this.one(['-1e300', '-1.5', '0', '0.25', '7', '1e17']);
      case 'k':
        return this.one(['-9999.99', '-0.01', '0', '0.01', '1.50', '12', '9999.99']);
      case 'y':
        return this.one(["''", "X'00'", "X'0000'", "X'FF'", "X'FFFF'", "'ab'", "'abcdefgh'", "'abcdefghi'"]);
      case 'd':
        return `'200${this.number(4)}-0${1 + this.number(3)}-15'`;
      case 'm':
        return `'200${this.number(4)}-03-01 0${this.number(3)}:00:00.${this.number(3)}00'`;
      case 'w':
        return this.one(["'-10:00:00'", "'-00:00:01'", "'00:00:00'", "'12:30:00'", "'800:00:00'"]);
      case 'e':
        return this.one(["'red'", "'green'", "'blue'"]);
      default:
        return `'${this.one(WORDS)}'`;
    }
  }

  row(): string {
    return `(${NAMES.map((name) => this.value(name)).join(', ')})`;
  }

  /** Values that no key of the column can have are among those that it is compared with. */
  private bound(column: Name): string {
    if (this.number(6) === 0 && (column === 'a' || column === 'k' || column === 'id'))
      return this.one(['0.5', '-1.005', '1e20', '-1e20', "'2'"]);
    return this.value(column);
  }

  private condition(column: Name): string {
    const b = (): string => this.bound(column);
    switch (this.number(9)) {
      case 0:
        return `${column} IS NULL`;
      case 1:
        return `${column} IS NOT NULL`;
      case 2:
        return `${column} IN (${b()}, ${b()}, ${b()})`;
      case 3:
        return `${column} BETWEEN ${b()} AND ${b()}`;
      case 4:
        return `(${column} < ${b()} OR ${column} >= ${b()})`;
      case 5:
        return 'bct'.includes(column) ? `${column} LIKE '${this.one(WORDS)}%'` : `${column} <=> ${b()}`;
      default:
        return `${column} ${this.one(['<', '<=', '>', '>=', '=', '<>'])} ${b()}`;
    }
  }

  conditions(): string {
    const parts = Array.from({ length: this.number(4) }, () => this.condition(this.one(NAMES)));
    if (parts.length === 0) return 'TRUE';
    return parts.length === 3 && this.number(2) === 0
      ? `((${parts[0]} AND ${parts[1]}) OR ${parts[2]})`
      : parts.join(' AND ');
  }

  /** `@` stands for a hint; see `both`. */
  statement(): { readonly sql: string; readonly ordered: boolean } {
    const total = NAMES.map((name) => name + this.one(['', ' DESC'])).join(', ');
    const first = this.one(NAMES);
    const second = this.one(NAMES);
    const exact = first === 'b' || first === 't' || first === 'c' ? 'd' : first;
    const ways = [this.one(['', ' DESC']), this.one(['', ' DESC'])];
    switch (this.number(12)) {
      case 0:
        return { sql: `INSERT IGNORE INTO # VALUES ${this.row()}, ${this.row()}, ${this.row()}`, ordered: false };
      case 1:
        return { sql: `REPLACE INTO # VALUES ${this.row()}`, ordered: false };
      case 2:
        return { sql: `UPDATE IGNORE # SET ${first} = ${this.value(first)} WHERE ${this.conditions()} ORDER BY ${total} LIMIT 2`, ordered: false };
      case 3:
        return { sql: `DELETE FROM # WHERE ${this.conditions()} ORDER BY ${total} LIMIT 2`, ordered: false };
      case 4:
        // Only what it is sorted by, in a form in which what is equal looks equal.
        return { sql: `SELECT ${exact === first ? first : `HEX(WEIGHT_STRING(${first}))`} FROM # @ WHERE ${this.conditions()} ORDER BY ${first}${ways[0]} LIMIT ${1 + this.number(9)}`, ordered: true };
      case 5:
        return { sql: `SELECT ${first} IS NULL, ${second} IS NULL, id FROM # @ WHERE ${this.conditions()} ORDER BY ${first}${ways[0]}, ${second}${ways[1]}, ${total} LIMIT ${1 + this.number(9)}`, ordered: true };
      case 6:
        // Of what is equal in a collation any may be the least.
        return { sql: `SELECT MIN(${exact}), MAX(${exact}), COUNT(*) FROM # @ WHERE ${this.conditions()} AND ${exact} IS NOT NULL`, ordered: true };
      case 7:
        return { sql: `SELECT COUNT(*), SUM(a), MIN(u), ${this.one(['a', 'd', 'k'])} AS g FROM # @ WHERE ${this.conditions()} GROUP BY g ORDER BY g${ways[0]}`, ordered: true };
      case 8:
        return { sql: `SELECT /*+ ${this.one(['INL_JOIN(r)', 'MERGE_JOIN(r)', 'HASH_JOIN(r)'])} */ s.x, r.id, r.a FROM s ${this.one(['JOIN', 'LEFT JOIN'])} # r @ ON r.a = s.x ${this.one(['', 'AND r.b = s.z', "AND r.b >= 'ab'"])}`, ordered: false };
      case 9:
        return { sql: `SELECT r.id FROM # r @ WHERE r.u IN (SELECT l.u FROM # l @ WHERE ${this.conditions().replaceAll(/\b(id|[aufkbcydmwet])\b(?= )/g, 'l.$1')}) ORDER BY r.id`, ordered: true };
      default:
        return { sql: `SELECT * FROM # @ WHERE ${this.conditions()} ORDER BY ${first}${ways[0]}, ${total}`, ordered: true };
    }
  } // prettier-ignore
}

const ROUNDS = Number(process.env['RUTILE_ROUNDS'] ?? 200);

for (const shape of SHAPES) {
  test(`${shape.name}: descending keys answer as ascending ones and none`, async () => {
    const session = server.session();
    const draw = new Draw(new SeededRandom(Number(process.env['RUTILE_SEED'] ?? 1)).fork(shape.name));
    const ok = async (sql: string): Promise<void> => assert.match(await session.run(sql), /^ok/, sql);
    const log: string[] = [];
    const indexes = Object.keys(shape.more);
    const clean = (text: string, ordered: boolean): string => {
      const rows = text
        .replaceAll('falling', 'rising')
        .replace(/Duplicate entry '.*' for/, "Duplicate entry '…' for")
        .split('\n');
      return (ordered ? rows : rows.sort()).join('\n');
    };
    const both = async (sql: string, ordered: boolean): Promise<void> => {
      const hint = draw.number(3) === 0 ? '' : `FORCE INDEX (${draw.one([...indexes, 'PRIMARY'])})`;
      const falling = sql.replaceAll('#', 'falling').replaceAll('@', hint);
      log.push(falling);
      const expected = clean(await session.run(sql.replaceAll('#', 'rising').replaceAll('@', '')), ordered);
      assert.equal(
        clean(await session.run(falling), ordered),
        expected,
        `${log.slice(-12).join(';\n')}\n-- the last answers otherwise`,
      );
    };
    await session.run('DROP TABLE IF EXISTS rising, falling, s');
    const more = Object.entries(shape.more).map(([name, parts]) => `KEY ${name} ${parts}`);
    await ok(`CREATE TABLE rising (${COLUMNS}, ${shape.keys.replaceAll(' DESC', '')})`);
    await ok(`CREATE TABLE falling (${COLUMNS}, ${[shape.keys, ...more.slice(0, 4)].join(', ')}) ${shape.after ?? ''}`);
    await ok('CREATE TABLE s (x INT, z VARCHAR(12))');
    await ok(
      `INSERT INTO s VALUES ${Array.from({ length: 14 }, (_, i) => `(${i % 2 ? draw.value('a') : i}, ${draw.value('b')})`).join(', ')}`,
    );
    for (let i = 0; i < 10; i++) await both(`INSERT IGNORE INTO # VALUES ${draw.row()}, ${draw.row()}`, false);
    // The others are built over the rows that are there.
    for (const one of more.slice(4)) await ok(`ALTER TABLE falling ADD ${one}`);
    for (let round = 0; round < ROUNDS; round++) {
      const kind = draw.number(40);
      if (kind < 3) await both(['BEGIN', 'COMMIT', 'ROLLBACK'][kind]!, true);
      else {
        const { sql, ordered } = draw.statement();
        await both(sql, ordered);
      }
    }
    await both('COMMIT', true);
    await both(`SELECT * FROM # @ ORDER BY ${NAMES.join(', ')}`, true);
    assert.equal(await session.run('ADMIN CHECK TABLE falling'), 'ok 0');
    await ok('ALTER TABLE falling MODIFY a BIGINT, MODIFY b VARCHAR(14)');
    await both(`SELECT * FROM # @ ORDER BY ${NAMES.join(', ')}`, true);
    assert.equal(await session.run('ADMIN CHECK TABLE falling'), 'ok 0');
  });
}

test('SHOW CREATE TABLE says which columns are descending, and makes the same table', async () => {
  const session = server.session();
  await session.run(
    'CREATE TABLE shown (id INT, a VARCHAR(9), PRIMARY KEY (id DESC), UNIQUE KEY u (a DESC, id), KEY k (a(2) DESC))',
  );
  const shown = await session.run('SHOW CREATE TABLE shown');
  assert.match(
    shown,
    /PRIMARY KEY \(`id` DESC\),\n {2}UNIQUE KEY `u` \(`a` DESC,`id`\),\n {2}KEY `k` \(`a`\(2\) DESC\)/,
  );
  await session.run('DROP TABLE shown');
  assert.match(await session.run(shown.slice(shown.indexOf('CREATE'))), /^ok/);
  assert.equal(await session.run('SHOW CREATE TABLE shown'), shown);
});
