import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SqlError } from '../../../base/error.ts';
import { testTable } from '../../../proto/encoding/testing.ts';
import { call, column, constant, insertRows, plan, tableScan, testDatabase, INT, TEXT } from '../testing.ts';
import { checkTable } from '../check-table.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import type { DeletePlan, TableTarget, UpdatePlan } from '../../../proto/plan/physical.ts';

function people(): TableInfo {
  return testTable(
    'create table people (id bigint primary key, name varchar(20), age int, unique key by_name (name), key by_age (age))',
  );
}

function target(table: TableInfo): TableTarget {
  return { database: 'test', table, columnPositions: table.columns.map((_, i) => i), handlePosition: -1 };
}

const errno =
  (number: number, text?: RegExp) =>
  (error: unknown): boolean => {
    assert(error instanceof SqlError, String(error));
    assert.equal(error.errno, number);
    if (text !== undefined) assert.match(error.message, text);
    return true;
  };

test('rows that are inserted are there, with agreeing index entries', async () => {
  const table = people();
  const db = await testDatabase([table]);
  const result = await db.write(
    insertRows(table, [
      [1, 'ann', 30],
      [2, 'bob', null],
    ]),
  );
  assert.equal(result.affectedRows, 2);
  assert.equal(result.info, 'Records: 2  Duplicates: 0  Warnings: 0');
  assert.deepEqual(await db.query(tableScan(table)), [
    [1, 'ann', 30],
    [2, 'bob', null],
  ]);
  const reader = db.kv.snapshot(await db.kv.timestamp());
  const checked = await checkTable(table, db.context({ reader }));
  assert.equal(checked.rows, 2);
});

for (const pessimistic of [false, true]) {
  const mode = pessimistic ? 'pessimistic' : 'optimistic';

  test(`${mode}: a taken key is error 1062 with its values and its key's name`, async () => {
    const table = people();
    const db = await testDatabase([table]);
    await db.write(insertRows(table, [[1, 'ann', 30]]));
    await assert.rejects(
      db.write(insertRows(table, [[1, 'eve', 1]]), { pessimistic }),
      errno(1062, /^Duplicate entry '1' for key 'people.PRIMARY'$/),
    );
    await assert.rejects(
      db.write(insertRows(table, [[2, 'ann', 1]]), { pessimistic }),
      errno(1062, /^Duplicate entry 'ann' for key 'people.by_name'$/),
    );
    await assert.rejects(
      db.write(
        insertRows(table, [
          [5, 'x', 1],
          [5, 'y', 1],
        ]),
        { pessimistic },
      ),
      errno(1062, /'5' for key 'people.PRIMARY'/),
    );
    assert.equal((await db.query(tableScan(table))).length, 1);
  });

  test(`${mode}: IGNORE leaves duplicates out with a warning, REPLACE removes all rows in the way`, async () => {
    const table = people();
    const db = await testDatabase([table]);
    await db.write(
      insertRows(table, [
        [1, 'ann', 30],
        [2, 'bob', 40],
      ]),
    );
    const ignored = await db.write(
      insertRows(
        table,
        [
          [1, 'x', 1],
          [3, 'cid', 5],
        ],
        { ignore: true },
      ),
      { pessimistic },
    );
    assert.equal(ignored.affectedRows, 1);
    assert.equal(ignored.info, 'Records: 2  Duplicates: 1  Warnings: 1');
    const replaced = await db.write(insertRows(table, [[1, 'bob', 9]], { mode: 'replace' }), { pessimistic });
    assert.equal(replaced.affectedRows, 3);
    assert.deepEqual(await db.query(tableScan(table)), [
      [1, 'bob', 9],
      [3, 'cid', 5],
    ]);
    const reader = db.kv.snapshot(await db.kv.timestamp());
    await checkTable(table, db.context({ reader }));
  });

  test(`${mode}: ON DUPLICATE KEY UPDATE counts 1, 2 or 0`, async () => {
    const table = people();
    const db = await testDatabase([table]);
    const onDuplicate = [{ target: 0, columnOffset: 2, value: call('plus', column(2), column(5)) }];
    assert.equal(
      (await db.write(insertRows(table, [[1, 'ann', 30]], { onDuplicate }), { pessimistic })).affectedRows,
      1,
    );
    assert.equal(
      (await db.write(insertRows(table, [[1, 'zoe', 12]], { onDuplicate }), { pessimistic })).affectedRows,
      2,
    );
    assert.equal(
      (await db.write(insertRows(table, [[9, 'ann', 0]], { onDuplicate }), { pessimistic })).affectedRows,
      0,
    );
    assert.deepEqual(await db.query(tableScan(table)), [[1, 'ann', 42]]);
  });

  test(`${mode}: UPDATE moves rows and entries, and counts matched and changed`, async () => {
    const table = people();
    const db = await testDatabase([table]);
    await db.write(
      insertRows(table, [
        [1, 'ann', 30],
        [2, 'bob', 40],
        [3, 'cid', 50],
      ]),
    );
    const update: UpdatePlan = {
      kind: 'update',
      input: tableScan(table),
      targets: [target(table)],
      assignments: [
        { target: 0, columnOffset: 2, value: constant(40) },
        { target: 0, columnOffset: 0, value: call('plus', column(0), call('plus', constant(100), column(2))) },
      ],
      ignore: false,
    };
    const result = await db.write(update, { pessimistic });
    assert.equal(result.info, 'Rows matched: 3  Changed: 3  Warnings: 0');
    assert.deepEqual(await db.query(tableScan(table)), [
      [141, 'ann', 40],
      [142, 'bob', 40],
      [143, 'cid', 40],
    ]);
    const same = await db.write({ ...update, assignments: [update.assignments[0]!] }, { pessimistic });
    assert.deepEqual([same.affectedRows, same.foundRows], [0, 3]);
    const clash = { ...update, assignments: [{ target: 0, columnOffset: 1, value: constant('ann') }] };
    await assert.rejects(db.write(clash, { pessimistic }), errno(1062, /'ann' for key 'people.by_name'/));
    const reader = db.kv.snapshot(await db.kv.timestamp());
    await checkTable(table, db.context({ reader }));
  });

  test(`${mode}: DELETE takes entries along`, async () => {
    const table = people();
    const db = await testDatabase([table]);
    await db.write(
      insertRows(table, [
        [1, 'ann', 30],
        [2, 'bob', 40],
      ]),
    );
    const input = plan('filter', { input: tableScan(table), condition: call('eq', column(1, TEXT), constant('ANN')) });
    const remove: DeletePlan = { kind: 'delete', input, targets: [target(table)], ignore: false };
    const named = await db.query(input);
    const result = await db.write(remove, { pessimistic });
    assert.equal(result.affectedRows, named.length);
    const all = await db.write({ ...remove, input: tableScan(table) }, { pessimistic });
    assert.equal(all.affectedRows, 2 - named.length);
    const reader = db.kv.snapshot(await db.kv.timestamp());
    const checked = await checkTable(table, db.context({ reader }));
    assert.deepEqual(
      [...checked.entries],
      [
        ['by_name', 0],
        ['by_age', 0],
      ],
    );
  });
}

test('AUTO_INCREMENT: generated ids follow given ones, and LAST_INSERT_ID is the first generated', async () => {
  const base = testTable('create table t (id bigint primary key, v int)');
  const table = {
    ...base,
    columns: base.columns.map((one) => (one.name === 'id' ? { ...one, autoIncrement: true } : one)),
  };
  const db = await testDatabase([table]);
  const first = await db.write(
    insertRows(table, [
      [null, 1],
      [0, 2],
      [undefined, 3],
    ]),
  );
  assert.deepEqual([first.generatedId, first.lastInsertId], [1, 1]);
  const mixed = await db.write(
    insertRows(table, [
      [100, 4],
      [null, 5],
    ]),
  );
  assert.equal(mixed.generatedId, 101);
  assert.deepEqual(await db.query(tableScan(table)), [
    [1, 1],
    [2, 2],
    [3, 3],
    [100, 4],
    [101, 5],
  ]);
});

test('values are cast for their columns, strictly or with warnings', async () => {
  const table = testTable('create table t (id int primary key, small tinyint, label varchar(3))');
  const db = await testDatabase([table]);
  await assert.rejects(
    db.write(
      insertRows(table, [
        [1, 1, 'ok'],
        [2, 300, 'ok'],
      ]),
    ),
    errno(1264, /Out of range value for column 'small' at row 2/),
  );
  await assert.rejects(
    db.write(insertRows(table, [[1, 1, 'long']])),
    errno(1406, /Data too long for column 'label' at row 1/),
  );
  await assert.rejects(
    db.write(insertRows(table, [['x', 1, 'a']])),
    errno(1366, /Incorrect integer value: 'x' for column 'id' at row 1/),
  );
  const ignored = await db.write(insertRows(table, [[1, 300, 'long']], { ignore: true }));
  assert.equal(ignored.affectedRows, 1);
  assert.deepEqual(await db.query(tableScan(table)), [[1, 127, 'lon']]);
});

test('NOT NULL: 1048 for NULL, 1364 for a column without default', async () => {
  const base = testTable('create table t (id int primary key, v int)');
  const table = { ...base, columns: base.columns.map((one) => ({ ...one, type: { ...one.type, notNull: true } })) };
  const db = await testDatabase([table]);
  await assert.rejects(db.write(insertRows(table, [[1, null]])), errno(1048, /^Column 'v' cannot be null$/));
  await assert.rejects(
    db.write(insertRows(table, [[1]], { columnOffsets: [0] })),
    errno(1364, /^Field 'v' doesn't have a default value$/),
  );
});

test('a failed statement leaves nothing of itself in an open transaction', async () => {
  const table = people();
  const db = await testDatabase([table]);
  const { executeWrite } = await import('../write.ts');
  const transaction = await db.kv.begin({ pessimistic: true });
  const context = db.context({ reader: transaction, transaction });
  await executeWrite(insertRows(table, [[1, 'ann', 30]]), context);
  await assert.rejects(
    executeWrite(
      insertRows(table, [
        [2, 'bob', 1],
        [1, 'eve', 1],
      ]),
      context,
    ),
    errno(1062),
  );
  await transaction.commit();
  assert.deepEqual(await db.query(tableScan(table)), [[1, 'ann', 30]]);
});

test('a pessimistic statement that met a newer version runs again on it', async () => {
  const table = testTable('create table t (id bigint primary key, n bigint)');
  const db = await testDatabase([table]);
  await db.write(insertRows(table, [[1, 0]]));
  const update: UpdatePlan = {
    kind: 'update', input: tableScan(table), targets: [target(table)], ignore: false,
    assignments: [{ target: 0, columnOffset: 1, value: call('plus', column(1), constant(1)) }],
  }; // prettier-ignore
  await Promise.all(Array.from({ length: 10 }, () => db.write(update, { pessimistic: true })));
  assert.deepEqual(await db.query(tableScan(table)), [[1, 10]]);
});

test('INSERT … SELECT from the table itself reads what was there before', async () => {
  const base = testTable('create table t (v bigint)');
  const db = await testDatabase([base]);
  await db.write(insertRows(base, [[1], [2]]));
  for (let i = 0; i < 3; i++) await db.write(insertRows(base, [], { rows: undefined, source: tableScan(base) }));
  assert.equal((await db.query(tableScan(base))).length, 16);
});

test('a table without a primary key takes equal rows', async () => {
  const table = testTable('create table t (v varchar(10))');
  const db = await testDatabase([table]);
  await db.write(insertRows(table, [['a'], ['a']]));
  assert.deepEqual(await db.query(tableScan(table)), [['a'], ['a']]);
  assert.equal(INT.code, 8);
});
