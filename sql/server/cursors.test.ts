/** Results that are fetched piece by piece: what a client gets, and that nothing of them stays behind. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NodeDisk } from '../../base/node/disk.ts';
import { ByteReader } from '../protocol/byte-reader.ts';
import { Capability, Command } from '../protocol/constants.ts';
import { startMemoryServer, type MemoryServer } from './testing/memory-server.ts';
import { errorOf, RawClient } from './testing/raw-client.ts';

const path = mkdtempSync(join(tmpdir(), 'rutile-cursors-'));
let server: MemoryServer;
let client: RawClient;
before(async () => {
  server = await startMemoryServer({ spillTo: { disk: new NodeDisk(), path } });
  client = await RawClient.open(server.port, { more: Capability.SESSION_TRACK });
  await client.say('set cte_max_recursion_depth = 100000');
  await client.say('create table t (i int primary key, s varchar(200))');
  await client.say(`insert into t ${NUMBERS} select i, repeat('x', 100) from n where i <= 20000`);
});
after(async () => {
  client.socket.destroy();
  assert.deepEqual(server.internal, []);
  await server.close();
  rmSync(path, { recursive: true, force: true });
});

const NUMBERS = 'with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)';
const CURSOR_EXISTS = 64;
const LAST_ROW_SENT = 128;

async function prepare(on: RawClient, sql: string): Promise<number> {
  on.command(Command.STMT_PREPARE, (out) => out.text(sql));
  const id = (await on.packet()).payload.readUInt32LE(1);
  while ((await on.packet()).payload[0] !== 0xfe);
  return id;
}

/** Opens a cursor; the status that says so, or the number of the error. */
async function open(on: RawClient, id: number): Promise<{ readonly status: number; readonly errno: number }> {
  on.command(Command.STMT_EXECUTE, (out) => {
    out.u32(id);
    out.u8(1);
    out.u32(1);
  });
  let packet = await on.packet();
  if (packet.payload[0] === 0xff) return { status: 0, errno: errorOf(packet).errno };
  while (packet.payload[0] !== 0xfe) packet = await on.packet();
  return { status: packet.payload.readUInt16LE(3), errno: 0 };
}

/** The first column of the rows, and the status at their end. */
async function fetch(
  on: RawClient,
  id: number,
  count: number,
): Promise<{ readonly rows: number[]; readonly status: number }> {
  on.command(Command.STMT_FETCH, (out) => {
    out.u32(id);
    out.u32(count);
  });
  const rows: number[] = [];
  for (;;) {
    const packet = await on.packet();
    if (packet.payload[0] === 0xff) throw new Error(`error ${errorOf(packet).errno}`);
    if (packet.payload[0] === 0xfe) return { rows, status: packet.payload.readUInt16LE(3) };
    rows.push(new ByteReader().reset(packet.payload, 2, packet.payload.length).u32());
  }
}

function nothingStays(): void {
  assert.equal(server.instance.spill!.usedBytes, 0, 'pages of temporary files');
  assert.equal(server.instance.memory.usedBytes, 0, 'memory of statements');
  assert.deepEqual(readdirSync(path), []);
}

/** The server hears of a closed connection a turn or two later. */
async function until(is: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !is(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('a large result waits on disk, sees one moment, and lets other statements run meanwhile', async () => {
  const id = await prepare(client, 'select i, s from t order by i');
  assert.equal((await open(client, id)).status & CURSOR_EXISTS, CURSOR_EXISTS);
  assert.ok(server.instance.spill!.usedBytes > 1_000_000, 'on disk');
  assert.ok(server.instance.memory.usedBytes < 200_000, 'and not in memory');
  await client.say('delete from t where i > 10');
  const rows: number[] = [];
  for (let status = CURSOR_EXISTS; !(status & LAST_ROW_SENT);) {
    const piece = await fetch(client, id, 777);
    rows.push(...piece.rows);
    status = piece.status;
    assert.equal((await client.say('do 1')).payload[0], 0);
  }
  assert.deepEqual(
    rows,
    Array.from({ length: 20_000 }, (_, i) => i + 1),
  );
  nothingStays();
  await assert.rejects(fetch(client, id, 1), /1421/);
  await client.say(`insert ignore into t ${NUMBERS} select i, repeat('x', 100) from n`);
});

test('two cursors of one session at a time share one file', async () => {
  const created = server.instance.spill!.created;
  const ids = [await prepare(client, 'select i, s from t order by i'), await prepare(client, 'select i, s from t order by i desc')]; // prettier-ignore
  for (const id of ids) await open(client, id);
  assert.equal(server.instance.spill!.created, created + 1);
  for (let round = 0; round < 3; round++) {
    assert.deepEqual((await fetch(client, ids[0]!, 2)).rows, [round * 2 + 1, round * 2 + 2]);
    assert.deepEqual((await fetch(client, ids[1]!, 2)).rows, [20_000 - round * 2, 19_999 - round * 2]);
  }
  client.command(Command.STMT_CLOSE, (out) => out.u32(ids[0]!));
  assert.equal((await fetch(client, ids[1]!, 100_000)).rows.length, 20_000 - 6);
  nothingStays();
});

test('the end is told when there is no row left to give', async () => {
  const id = await prepare(client, 'select i from t where i <= 3 order by i');
  await open(client, id);
  assert.deepEqual(await fetch(client, id, 0), { rows: [], status: CURSOR_EXISTS | 2 });
  assert.deepEqual(await fetch(client, id, 3), { rows: [1, 2, 3], status: CURSOR_EXISTS | 2 });
  assert.deepEqual(await fetch(client, id, 3), { rows: [], status: LAST_ROW_SENT | 2 });
  await assert.rejects(fetch(client, 4711, 1), /1243/);
  nothingStays();
});

test('whatever closes it gives back memory and disk', async () => {
  const ways: Record<string, (on: RawClient, id: number) => Promise<void>> = {
    reset: async (on, id) => {
      on.command(Command.STMT_RESET, (out) => out.u32(id));
      await on.packet();
    },
    close: async (on, id) => {
      on.command(Command.STMT_CLOSE, (out) => out.u32(id));
      await on.say('do 1');
    },
    again: async (on, id) => {
      on.command(Command.STMT_EXECUTE, (out) => {
        out.u32(id);
        out.u8(0);
        out.u32(1);
      });
      await on.rest();
    },
    'reset connection': async (on) => {
      on.command(Command.RESET_CONNECTION);
      await on.packet();
    },
    'change user': async (on) => {
      on.command(Command.CHANGE_USER, (out) =>
        out.raw(Buffer.from('root\0\0test\0\xff\0caching_sha2_password\0', 'latin1')),
      );
      await on.packet();
    },
    disconnect: async (on) => {
      on.socket.destroy();
      await until(() => server.instance.memory.usedBytes === 0);
    },
  };
  for (const [name, way] of Object.entries(ways))
    for (const limit of [50, 20_000]) {
      const own = await RawClient.open(server.port);
      const id = await prepare(own, `select i, s from t order by i limit ${limit}`);
      assert.equal((await open(own, id)).status & CURSOR_EXISTS, CURSOR_EXISTS, name);
      await fetch(own, id, 7);
      assert.ok(server.instance.memory.usedBytes > 0, name);
      await way(own, id);
      nothingStays();
      own.socket.destroy();
    }
});

test('a client that goes while its cursor is filled leaves nothing', async () => {
  const own = await RawClient.open(server.port);
  const id = await prepare(own, 'select a.i, a.s from t a, t b where b.i < 40');
  own.command(Command.STMT_EXECUTE, (out) => {
    out.u32(id);
    out.u8(1);
    out.u32(1);
  });
  await until(() => server.instance.spill!.usedBytes > 100_000);
  own.socket.destroy();
  await until(() => server.instance.memory.usedBytes === 0 && server.instance.spill!.usedBytes === 0);
  nothingStays();
});

test('without a disk the quota is the end, with a full one the disk; the connection lives on', async () => {
  const own = await RawClient.open(server.port);
  await own.say('set rutile_spill = off, rutile_mem_quota_query = 200000');
  const id = await prepare(own, 'select i, s from t');
  assert.equal((await open(own, id)).errno, 8175);
  nothingStays();
  await own.say('set rutile_spill = on, rutile_mem_quota_query = default');
  await own.say('set global rutile_spill_limit = 1048576');
  assert.equal((await open(own, id)).errno, 1021);
  nothingStays();
  await own.say('set global rutile_spill_limit = default');
  assert.equal((await open(own, id)).status & CURSOR_EXISTS, CURSOR_EXISTS);
  own.socket.destroy();
  await until(() => server.instance.memory.usedBytes === 0);
  nothingStays();
});
