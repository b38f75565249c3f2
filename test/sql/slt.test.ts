/** The format itself: what a record is, how rows are compared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSlt, runSlt } from './slt.ts';

const TEXT = `# a comment
statement ok 2
INSERT INTO t
VALUES (1), (2)

statement error 1062
INSERT INTO t VALUES (1)

connection b
query IT rowsort
SELECT a, b FROM t
----
2  two
1  NULL

skipif rutile
query I
SELECT 9
----
9
`;

test('records are read with their places', () => {
  const records = parseSlt(TEXT);
  assert.equal(records.length, 3);
  assert.deepEqual(records[0], {
    kind: 'statement',
    sql: 'INSERT INTO t\nVALUES (1), (2)',
    line: 2,
    connection: 'a',
    error: undefined,
    affected: 2,
  });
  assert.deepEqual(records[2], {
    kind: 'query',
    sql: 'SELECT a, b FROM t',
    line: 10,
    connection: 'b',
    sort: 'rowsort',
    expected: ['2  two', '1  NULL'],
  });
});

test('a difference names the file and the line', async () => {
  const session = { run: () => Promise.resolve({ rows: [['1', 'x']], affectedRows: 0 }) };
  const records = parseSlt('query IT\nSELECT 1\n----\n1  y\n');
  await assert.rejects(
    runSlt('t.slt', records, () => Promise.resolve(session)),
    /t\.slt:1/,
  );
  await runSlt('t.slt', parseSlt('query IT\nSELECT 1\n----\n1  x\n'), () => Promise.resolve(session));
});

test('a connection that is lost is no expected error', async () => {
  const lost = {
    run: () => Promise.reject(Object.assign(new Error('Connection lost'), { code: 'PROTOCOL_CONNECTION_LOST' })),
  };
  await assert.rejects(
    runSlt('t.slt', parseSlt('statement error\nSELECT 1\n'), () => Promise.resolve(lost)),
    /Connection lost/,
  );
  const refused = { run: () => Promise.reject(Object.assign(new Error('no'), { errno: 1062 })) };
  await runSlt('t.slt', parseSlt('statement error\nSELECT 1\n'), () => Promise.resolve(refused));
});
