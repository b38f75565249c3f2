/** ANALYZE TABLE … UPDATE HISTOGRAM and DROP HISTOGRAM, and what information_schema.COLUMN_STATISTICS then shows. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createMemoryInstance, type MemoryInstance, type TestSession } from '../testing/memory-instance.ts';

let server: MemoryInstance;
let session: TestSession;
before(async () => {
  server = await createMemoryInstance();
  session = server.session();
});
beforeEach(async () => {
  await session.run('DROP TABLE IF EXISTS t, moved');
  await session.run("CREATE TABLE t (id INT PRIMARY KEY, n INT, s VARCHAR(60), l CHAR(5) CHARACTER SET latin1, d DATETIME(2), e ENUM('x', 'y'), b BIT(4), u BIGINT UNSIGNED, j JSON, k INT UNIQUE, hidden INT INVISIBLE)"); // prettier-ignore
  await session.run("INSERT INTO t (id, n, s, l, d, e, b, u, hidden) VALUES (1, 1, 'abc', 'é', '2020-01-01 10:00:00.25', 'y', b'11', 18446744073709551615, 7), (2, 1, 'ABC', 'a', NULL, 'x', b'1', NULL, 7), (3, 2, NULL, NULL, NULL, NULL, NULL, NULL, 8), (4, -5, REPEAT('z', 50), '', '2020-01-01 10:00:00.25', 'y', 0, 5, 8)"); // prettier-ignore
});
after(() => server.close());

const shown = (path: string): Promise<string> =>
  session.run(`SELECT COLUMN_NAME, HISTOGRAM->>'${path}' FROM information_schema.COLUMN_STATISTICS WHERE SCHEMA_NAME = 'test'`); // prettier-ignore
const count = (): Promise<string> => session.run('SELECT COUNT(*) FROM information_schema.COLUMN_STATISTICS');

test('values of each type, as MySQL writes them down', async () => {
  const created = (name: string): string =>
    `test.t histogram status Histogram statistics created for column '${name}'.`;
  const names = ['n', 's', 'l', 'd', 'e', 'b', 'u', 'hidden'];
  assert.equal(
    await session.run(`ANALYZE TABLE t UPDATE HISTOGRAM ON ${names.join(', ')} WITH 10 BUCKETS`),
    names.map(created).join('\n'),
  );
  const z = Buffer.from('z'.repeat(42)).toString('base64');
  assert.equal(
    await shown('$.buckets'),
    [
      'n [[-5, 0.25], [1, 0.75], [2, 1.0]]',
      `s [["base64:type254:YWJj", 0.5], ["base64:type254:${z}", 0.75]]`,
      'l [["base64:type254:", 0.25], ["base64:type254:YQ==", 0.5], ["base64:type254:6Q==", 0.75]]',
      'd [["2020-01-01 10:00:00.250000", 0.5]]',
      'e [[1, 0.25], [2, 0.75]]',
      'b [[0, 0.25], [1, 0.5], [3, 0.75]]',
      'u [[5, 0.25], [18446744073709551615, 0.5]]',
      'hidden [[7, 0.5], [8, 1.0]]',
    ].join('\n'),
  );
  const kinds = 'n int\ns string\nl string\nd datetime\ne enum\nb uint\nu uint\nhidden int';
  assert.equal(await shown('$."data-type"'), kinds);
  assert.equal(await shown('$."collation-id"'), 'n 8\ns 255\nl 8\nd 8\ne 255\nb 8\nu 8\nhidden 8');
  await session.run('ANALYZE TABLE t UPDATE HISTOGRAM ON n WITH 2 BUCKETS');
  assert.match(await shown('$.buckets'), /^n \[\[-5, 1, 0\.75, 2\], \[2, 2, 1\.0, 1\]\]\n/);
});

test('what has no histogram is said in a row, what makes no sense is an error', async () => {
  assert.equal(
    await session.run('ANALYZE TABLE t UPDATE HISTOGRAM ON id, k, j, nothing'),
    [
      "test.t histogram Error The column 'id' is covered by a single-part unique index.",
      "test.t histogram Error The column 'k' is covered by a single-part unique index.",
      "test.t histogram Error The column 'j' has an unsupported data type.",
      "test.t histogram Error The column 'nothing' does not exist.",
    ].join('\n'),
  );
  assert.match(await session.run('ANALYZE TABLE t, t UPDATE HISTOGRAM ON n'), /Only one table can be specified/);
  assert.match(await session.run('ANALYZE TABLE nothing UPDATE HISTOGRAM ON n'), /Table 'test.nothing' doesn't exist/);
  for (const wrong of ['n WITH 0 BUCKETS', 'n WITH 1025 BUCKETS'])
    assert.match(await session.run(`ANALYZE TABLE t UPDATE HISTOGRAM ON ${wrong}`), /^error 1690 /);
  assert.match(await session.run('ANALYZE TABLE t UPDATE HISTOGRAM ON n, N'), /^error 1060 /);
  await session.run('CREATE TEMPORARY TABLE own (n INT)');
  assert.match(await session.run('ANALYZE TABLE own UPDATE HISTOGRAM ON n'), /for a temporary table/);
  await session.run('CREATE OR REPLACE VIEW v AS SELECT 1 n');
  assert.match(await session.run('ANALYZE TABLE v UPDATE HISTOGRAM ON n'), /for a view/);
});

test('it stays with its column and goes with its table', async () => {
  await session.run('ANALYZE TABLE t UPDATE HISTOGRAM ON n, s, e');
  await session.run('RENAME TABLE t TO moved');
  await session.run('ALTER TABLE moved RENAME COLUMN n TO m');
  assert.match(await shown('$."histogram-type"'), /^m singleton\n/);
  assert.match(await session.run('ANALYZE TABLE moved DROP HISTOGRAM ON s'), /statistics removed for column 's'/);
  assert.match(
    await session.run('ANALYZE TABLE moved DROP HISTOGRAM ON s'),
    /No histogram statistics found for column 's'/,
  );
  assert.equal(await count(), '2');
  await session.run('ALTER TABLE moved DROP COLUMN e');
  await session.run("ALTER TABLE moved ADD COLUMN e ENUM('x')");
  assert.equal(await count(), '1');
  await session.run('DROP TABLE moved');
  assert.equal(await count(), '0');
});

test('a limit of the session does not cut what is counted', async () => {
  await session.run('SET sql_select_limit = 1');
  await session.run('ANALYZE TABLE t UPDATE HISTOGRAM ON n');
  await session.run('SET sql_select_limit = DEFAULT');
  assert.equal(await shown('$.buckets'), 'n [[-5, 0.25], [1, 0.75], [2, 1.0]]');
});

test('a column that * leaves out is found by its name', async () => {
  assert.equal(await session.run('SELECT hidden FROM t WHERE hidden > 7 ORDER BY id'), '8\n8');
  assert.equal(await session.run('SELECT h FROM (SELECT hidden AS h FROM t WHERE id = 1) d'), '7');
  assert.match(await session.run('SELECT hidden FROM t a JOIN t b USING (id)'), /^error 1052 /);
  assert.equal(await session.run('SELECT a.hidden FROM t a JOIN t b USING (id) LIMIT 1'), '7');
  assert.equal(await session.run('SELECT * FROM (SELECT * FROM t WHERE id = 3) d'), '3 2 NULL NULL NULL NULL NULL NULL NULL NULL'); // prettier-ignore
});
