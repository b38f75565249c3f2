/** The published form of sqllogictest: what a record is, how values are printed, sorted and hashed; and a whole file on a server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryServer } from '../oracle/memory-server.ts';
import { PublishedFile } from './published-file.ts';
import { isAsPublished, publishedHash, publishedRecords, publishedValues } from './published-slt.ts';

const FILE = `hash-threshold 8

onlyif mssql
halt

statement ok
CREATE TABLE t1(a INTEGER, b TEXT)

statement ok
INSERT INTO t1 VALUES(1,'x'),(2,''),(3,NULL)

skipif mysql # not compatible
query I rowsort label-1
SELECT a / 2 FROM t1
----
0
1
1

onlyif mysql # use DIV operator for integer division
query I rowsort label-1
SELECT a DIV 2 FROM t1
----
0
1
1

query IT rowsort
SELECT a, b FROM t1
----
1
x
2
(empty)
3
NULL

query I nosort
SELECT a FROM t1 ORDER BY a DESC
----
3 values hashing to ${publishedHash(['3', '2', '1']).slice(-32)}

query R nosort
SELECT AVG(a) + 0.25 FROM t1
----
2.250

statement error
INSERT INTO t1 VALUES(1)

query I valuesort label-1
SELECT a DIV 2 FROM t1 WHERE a < 3
----
0
1

halt

query I nosort
SELECT 1
----
2
`;

test('records are chosen by name, and end at halt', () => {
  const records = [...publishedRecords(FILE, ['mysql'])];
  assert.deepEqual(
    records.map(({ kind, fails, types, sort, label }) => `${kind} ${fails} ${types} ${sort} ${label ?? ''}`.trim()),
    ['statement false  nosort', 'statement false  nosort', 'query false I rowsort label-1', 'query false IT rowsort', 'query false I nosort', 'query false R nosort', 'statement true  nosort', 'query false I valuesort label-1'], // prettier-ignore
  );
  assert.deepEqual(records[2]!.expected, ['0', '1', '1']);
  assert.deepEqual([...publishedRecords(FILE, ['mssql'])], []);
});

test('values are printed by their letters, and sorted by rows or one by one', () => {
  const rows = [
    ['10.75', 'b', '1'],
    ['9.5', '', null],
  ];
  assert.deepEqual(publishedValues(rows, 'ITR', 'nosort'), ['10', 'b', '1.000', '9', '(empty)', 'NULL']);
  assert.deepEqual(publishedValues(rows, 'ITR', 'rowsort'), ['10', 'b', '1.000', '9', '(empty)', 'NULL']);
  assert.deepEqual(publishedValues(rows, 'TTT', 'valuesort'), ['(empty)', '1', '10.75', '9.5', 'NULL', 'b']);
  assert.deepEqual(publishedValues([['-0.5'], ['x\u0001']], 'I', 'nosort'), ['0', '0']);
  assert.deepEqual(publishedValues([['x\u0001é']], 'T', 'nosort'), ['x@@']);
  assert(isAsPublished(['1', '2'], ['2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0']));
  assert(!isAsPublished(['1', '3'], ['2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0']));
});

test('a file is run, and what is wrong in it is named with its line', async () => {
  const server = await MemoryServer.open();
  const counts = { records: 0, passed: 0, confirmed: 0 };
  const failures: string[] = [];
  await new PublishedFile('f.test', await server.connect(), 'f', { engine: 'auto' }, counts, failures).run(FILE);
  await server.close();
  assert.deepEqual(counts, { records: 8, passed: 7, confirmed: 0 });
  assert.equal(failures.length, 1);
  assert.match(failures[0]!, /^f\.test:51\n[^]*another answer under label-1 was 0, 1, 1/);
});
