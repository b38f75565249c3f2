/** Statements of a large text run one after the other, wait without a refusal, and can be killed while they wait. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LARGE_STATEMENT_CHARS, LargeStatements } from './large-statements.ts';
import { createMemoryInstance } from './testing/memory-instance.ts';

const never = new AbortController().signal;
const KIB = 1024;

test('they begin in their order, as many as there is room for; one larger than the room runs alone', async () => {
  const gate = new LargeStatements();
  const begun: string[] = [];
  const enter = (name: string, chars: number, signal = never): Promise<void> =>
    gate.enter(chars, signal).then(
      () => void begun.push(name),
      () => void begun.push(`${name} killed`),
    );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const killed = new AbortController();
  void enter('a', 512 * KIB);
  void enter('b', 512 * KIB);
  void enter('c', 4096 * KIB, killed.signal);
  void enter('d', 8192 * KIB);
  void enter('e', 200 * KIB);
  await turn();
  assert.deepEqual(begun, ['a', 'b']);
  gate.leave(512 * KIB);
  await turn();
  assert.deepEqual(begun, ['a', 'b']);
  killed.abort();
  await turn();
  assert.deepEqual(begun, ['a', 'b', 'c killed']);
  gate.leave(512 * KIB);
  await turn();
  assert.deepEqual(begun.slice(3), ['d']);
  gate.leave(8192 * KIB);
  await turn();
  assert.deepEqual(begun.slice(4), ['e']);
  await enter('f', 10, killed.signal);
  assert.deepEqual(begun.slice(5), ['f killed']);
  assert.equal(gate.waiting, 0);
});

test('an INSERT of a large text waits for its turn, unless it is inside a transaction, and KILL reaches it', async () => {
  const server = await createMemoryInstance();
  const [one, two, other] = [server.session(), server.session(), server.session()];
  await one.run('CREATE TABLE big (id INT PRIMARY KEY, v VARCHAR(200))');
  const rows = (from: number): string =>
    Array.from({ length: 1200 }, (_, i) => `(${from + i}, '${'x'.repeat(120)}')`).join(',');
  const insert = (from: number): string => `INSERT INTO big VALUES ${rows(from)}`;
  assert(insert(0).length > LARGE_STATEMENT_CHARS);
  const gate = server.instance.largeStatements;
  await gate.enter(1024 * KIB, never);
  await two.run('BEGIN');
  assert.match(await two.run(insert(10_000)), /^ok 1200/);
  await two.run('ROLLBACK');
  const waiting = one.run(insert(0));
  const next = two.run(insert(5000));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(gate.waiting, 2);
  await other.run(`KILL QUERY ${one.session.id}`);
  assert.match(await waiting, /1317/);
  assert.equal(gate.waiting, 1);
  gate.leave(1024 * KIB);
  assert.match(await next, /^ok 1200/);
  assert.match(await one.run(insert(0)), /^ok 1200/);
  assert.equal(await other.run('SELECT COUNT(*) FROM big'), '2400');
  await server.close();
});
