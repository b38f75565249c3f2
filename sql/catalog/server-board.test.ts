/** Several SQL servers over one store: who may use which version of a table, when a server is slow, silent or dead. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { Simulation } from '../../base/sim/index.ts';
import { createMemoryKv } from '../../kv/client/testing.ts';
import { SchemaLeases } from './schema-leases.ts';
import { ServerBoard } from './server-board.ts';
import { inTransaction, MetaReader } from './meta-store.ts';

async function group() {
  const simulation = new Simulation({ seed: 5 });
  const world = simulation.node('store');
  const kv = await simulation.time.runFor(
    createMemoryKv({ world, timestamps: oracle(() => simulation.time.nowMs) }),
    60_000,
  );
  const settle = <T>(work: Promise<T>): Promise<T> => simulation.time.runFor(work, 200_000);
  const publish = (): Promise<number> => inTransaction(kv, (meta) => meta.stepVersion('test', 0, 0));
  const server = (name: string) => {
    const { clock, timers } = simulation.node(name);
    const leases = new SchemaLeases(timers);
    const state = { version: 0, finished: 0, failures: 0, isAwake: true, tables: new Map<number, number>() };
    const board: ServerBoard = new ServerBoard({
      kv, clock, timers, leases, name,
      version: () => state.version,
      tableVersion: (id) => state.tables.get(id),
      moved: async () => {
        state.version = await new MetaReader(kv.snapshot(await kv.timestamp())).schemaVersion();
      },
      finish: async () => {
        if (state.failures-- > 0) throw new Error('the store does not answer');
        state.finished++;
      },
      orphaned: () => void board.own(() => Promise.resolve()).catch(() => undefined),
    }); // prettier-ignore
    timers.every(100, () => {
      if (state.isAwake) void board.look().catch(() => undefined);
    });
    return { name, board, leases, state };
  };
  return { simulation, settle, publish, server };
}

function oracle(nowMs: () => number) {
  let last = 0n;
  return {
    next: () =>
      (last =
        BigInt(Math.floor(nowMs()) + 1_000_000) << 18n > last
          ? BigInt(Math.floor(nowMs()) + 1_000_000) << 18n
          : last + 1n),
  };
}

test('a step waits until every server has seen it and nobody uses the table as it was', async () => {
  const { settle, publish, server } = await group();
  const [a, b] = [server('a'), server('b')];
  await settle(publish());
  await settle(Promise.all([a.board.look(), b.board.look()]));
  assert.ok(a.board.usable && b.board.usable);
  const lease = b.leases.acquire(b.state.version);
  await lease.touch(7);
  let waited = false;
  const change = a.board.own(async () => {
    a.state.version = await publish();
    await a.board.settle();
    assert.equal(b.state.version, a.state.version);
    const wait = a.board.waitFor(7, a.state.version, 60_000).then(() => (waited = true));
    await settle(new Promise<void>((resolve) => void setImmediate(resolve)));
    assert.equal(waited, false);
    await b.board.look();
    lease.release();
    await wait;
  });
  await settle(change);
  assert.ok(waited);
});

test("a blocked table is nobody's on any server until the change is over", async () => {
  const { settle, publish, server } = await group();
  const [a, b] = [server('a'), server('b')];
  await settle(publish());
  await settle(Promise.all([a.board.look(), b.board.look()]));
  let touched: Promise<void> | void = undefined;
  await settle(
    a.board.own(async () => {
      await a.board.block(9, 10_000);
      touched = b.leases.acquire(b.state.version).touch(9);
      assert.ok(touched instanceof Promise);
      a.board.unblock(9);
    }),
  );
  await settle(touched as unknown as Promise<void>);
});

test('a table that a lost owner rebuilt is another one for those who waited, though nobody noted it', async () => {
  const { settle, publish, server } = await group();
  const [a, b] = [server('a'), server('b')];
  for (const one of [a, b]) one.state.tables.set(9, 1).set(10, 1);
  await settle(publish());
  await settle(Promise.all([a.board.look(), b.board.look()]));
  let lost: Promise<unknown> | undefined;
  const leases = [9, 10].map(() => b.leases.acquire(b.state.version));
  const touched: Promise<unknown>[] = [];
  await settle(
    a.board.own(async () => {
      await a.board.block(9, 10_000);
      await a.board.block(10, 10_000);
      await b.board.look();
      touched.push(...[9, 10].map((id, i) => Promise.resolve(leases[i]!.touch(id)).catch((error: unknown) => error)));
      // It publishes, and stands still: somebody else gives its board back.
      a.state.version = await publish();
      b.state.tables.set(9, a.state.version);
      a.state.isAwake = false;
      lost = b.board.own(async () => undefined);
      await lost;
    }),
  );
  const [rebuilt, same] = await settle(Promise.all(touched));
  assert.equal((rebuilt as { errno?: number }).errno, 8028);
  assert.equal(same, undefined);
});

test('a server that joins while a table is blocked keeps it still, too', async () => {
  const { settle, publish, server } = await group();
  const [a, b] = [server('a'), server('b')];
  await settle(publish());
  await settle(a.board.look());
  await settle(
    a.board.own(async () => {
      // Its line comes after the owner has counted the lines, and knows nothing of the block.
      const tell = b.board['tell'].bind(b.board);
      let blocked = false;
      b.board['tell'] = async (line) => {
        if (!blocked) await a.board.block(9, 10_000);
        blocked = true;
        return tell(line);
      };
      await b.board.look();
      assert.ok(b.board.usable);
      assert.ok(b.leases.blockedBy(9) !== undefined);
      a.board.unblock(9);
    }),
  );
});

test('who waited for a table through the death of an owner and the change of the next one plans anew', async () => {
  const { settle, publish, server } = await group();
  const [a, b, c] = [server('a'), server('b'), server('c')];
  for (const one of [a, b, c]) one.state.tables.set(9, 1);
  await settle(publish());
  await settle(Promise.all([a.board.look(), b.board.look(), c.board.look()]));
  const lease = b.leases.acquire(b.state.version);
  const other = c.leases.acquire(c.state.version);
  let touched: Promise<unknown> | undefined;
  let elsewhere: Promise<unknown> | undefined;
  // One dies with the table kept still …
  void a.board.own(async () => {
    await a.board.block(9, 10_000);
    await b.board.look();
    await c.board.look();
    elsewhere = Promise.resolve(other.touch(9)).catch((error: unknown) => error);
    touched = Promise.resolve(lease.touch(9)).catch((error: unknown) => error);
    a.state.isAwake = false;
    return new Promise(() => undefined);
  });
  // … the other changes it online, and keeps it still for its last step.
  await settle(
    b.board.own(async () => {
      b.state.version = await publish();
      for (const one of [b, c]) one.state.tables.set(9, b.state.version);
      await b.board.block(9, 10_000);
      await c.board.look();
      b.board.unblock(9);
    }),
  );
  await settle(c.board.look());
  assert.equal(((await settle(touched!)) as { errno?: number }).errno, 8028);
  assert.equal(((await settle(elsewhere!)) as { errno?: number }).errno, 8028);
});

test('who was let in by nobody before its transaction ended is told so', async () => {
  const { settle, server } = await group();
  const { leases } = server('a');
  await settle(leases.block(9, 1000));
  const lease = leases.acquire(1);
  const touched = Promise.resolve(lease.touch(9));
  lease.release();
  leases.unblock(9);
  await assert.rejects(settle(touched), { errno: 1317 });
});

test('a server that stands still is waited for until its line runs out; its transactions end with 8028, and it serves again after a look', async () => {
  const { simulation, settle, publish, server } = await group();
  const [a, b] = [server('a'), server('b')];
  await settle(publish());
  await settle(Promise.all([a.board.look(), b.board.look()]));
  const lease = b.leases.acquire(b.state.version);
  await lease.touch(7);
  // Its commit was asked for in time, and stands still on the way.
  const { commitDeadline } = b.board;
  const late = await settle(Promise.resolve(b.board['options'].kv.begin({ pessimistic: false })));
  late.put(utf8('late'), utf8('1'));
  b.state.isAwake = false;
  const beganMs = simulation.time.nowMs;
  await settle(
    a.board.own(async () => {
      a.state.version = await publish();
      await a.board.waitFor(7, a.state.version, 60_000);
    }),
  );
  const tookMs = simulation.time.nowMs - beganMs;
  assert.ok(tookMs > 3000 && tookMs < 8000, `${tookMs} ms`);
  assert.equal(b.board.usable, false);
  await assert.rejects(settle(late.commit(undefined, commitDeadline, () => b.board.deadline(lease))), { code: 'kv.commit-too-late' }); // prettier-ignore
  // Nor does it read on: rows that were rebuilt have come after its timestamp.
  assert.throws(() => lease.touch(7), { errno: 8028 });
  await assert.rejects(settle(Promise.resolve(b.board.confirm(lease))), { errno: 8028 });
  assert.ok(b.board.usable);
  assert.equal(b.state.version, a.state.version);
});

test('a commit that takes longer than a lease comes true as long as its server is awake', async () => {
  const { simulation, settle, publish, server } = await group();
  const [a, b] = [server('a'), server('b')];
  await settle(publish());
  await settle(Promise.all([a.board.look(), b.board.look()]));
  const lease = b.leases.acquire(b.state.version);
  await lease.touch(7);
  const slow = await settle(Promise.resolve(b.board['options'].kv.begin({ pessimistic: false })));
  slow.put(utf8('slow'), utf8('1'));
  const { commitDeadline } = b.board;
  await simulation.time.runUntil(simulation.time.nowMs + 20_000);
  assert.ok((await settle(slow.commit(undefined, commitDeadline, () => b.board.deadline(lease)))) > commitDeadline);
});

test('one owner at a time; who dies is followed by one that takes back what was half done', async () => {
  const { simulation, settle, publish, server } = await group();
  const [a, b] = [server('a'), server('b')];
  await settle(publish());
  await settle(Promise.all([a.board.look(), b.board.look()]));
  a.state.isAwake = false;
  void a.board.own(() => new Promise(() => undefined));
  const beganMs = simulation.time.nowMs;
  await settle(b.board.own(async () => undefined));
  assert.ok(simulation.time.nowMs - beganMs > 3000);
  assert.equal(b.state.finished, 1);
  // The first is no owner any more: its steps are refused.
  await assert.rejects(settle(inTransaction(b.board['options'].kv, (meta) => a.board.guard(meta))), { errno: 8028 });
});

test('what could not be finished is inherited by the next owner', async () => {
  const { settle, publish, server } = await group();
  const [a, b] = [server('a'), server('b')];
  await settle(publish());
  await settle(Promise.all([a.board.look(), b.board.look()]));
  a.state.isAwake = false;
  void a.board.own(() => new Promise(() => undefined));
  b.state.failures = 2;
  await assert.rejects(settle(b.board.own(async () => undefined)), /does not answer/);
  assert.equal(b.state.finished, 0);
  const third = server('c');
  await settle(third.board.own(async () => undefined));
  assert.equal(b.state.finished + third.state.finished, 1);
  await settle(a.board.own(async () => undefined));
  assert.equal(a.state.finished, 0);
});
