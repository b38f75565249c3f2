/**
 * The wire with a hostile eye: what a client may send at the wrong time, cut, too large or never, and what it does to the others. Every statement
 * ends, with an answer or with its connection; nothing of it stays behind.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import type mysql from 'mysql2/promise';
import { Capability, Command } from '../protocol/constants.ts';
import { startMemoryServer, type MemoryServer } from './testing/memory-server.ts';
import { errorOf, RawClient } from './testing/raw-client.ts';

let server: MemoryServer;
let root: mysql.Connection;
before(async () => {
  server = await startMemoryServer();
  root = await server.connect({ database: 'test' });
  await root.query('create table t (i int primary key, s longtext)');
  await root.query('create table locked (i int primary key)');
  await root.query('insert into locked values (1)');
});
beforeEach(async () => {
  await root.query('delete from t');
});
after(async () => {
  await root.end();
  assert.deepEqual(server.internal, []);
  await server.close();
});

const rowsOf = async (sql: string): Promise<unknown[][]> => (await root.query<mysql.RowDataPacket[][]>(sql))[0];

async function until(is: () => boolean): Promise<void> {
  for (let i = 0; i < 2500 && !is(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.ok(is());
}

const isOk = async (client: RawClient): Promise<boolean> => (await client.say('do 1')).payload[0] === 0;

// ---- packets

test('a number that is not the next one ends the connection, with an answer that has the number after it', async () => {
  const client = await RawClient.open(server.port);
  client.send(5, Buffer.from([Command.PING]));
  const packet = await client.packet();
  assert.equal(errorOf(packet).errno, 1156);
  assert.equal(packet.sequence, 6);
  await client.closed;
});

test('commands that come in one piece are answered in their order', async () => {
  const client = await RawClient.open(server.port);
  for (const i of [1, 2, 3]) client.command(Command.QUERY, (out) => out.text(`insert into t values (${i}, 'x')`));
  client.command(Command.QUERY, (out) => out.text('nonsense'));
  client.command(Command.PING);
  for (const errno of [0, 0, 0, 1064, 0]) {
    const packet = await client.packet();
    assert.equal(packet.payload[0] === 0xff ? errorOf(packet).errno : 0, errno);
    assert.equal(packet.sequence, 1);
  }
  client.socket.destroy();
});

test('commands that there are not are refused, and the connection lives on; cut ones end it', async () => {
  const client = await RawClient.open(server.port);
  for (const [code, errno] of [
    [0x00, 1047],
    [0x7f, 1047],
    [0xff, 1047],
    [Command.BINLOG_DUMP, 1235],
    [Command.REFRESH, 1235],
    [Command.DEBUG, 1235],
  ] as const) {
    // prettier-ignore
    client.command(code);
    assert.equal(errorOf(await client.packet()).errno, errno);
  }
  assert.ok(await isOk(client));
  for (const code of [
    Command.STMT_EXECUTE,
    Command.STMT_FETCH,
    Command.STMT_RESET,
    Command.STMT_CLOSE,
    Command.STMT_SEND_LONG_DATA,
    Command.SET_OPTION,
    Command.PROCESS_KILL,
  ]) {
    // prettier-ignore
    const cut = await RawClient.open(server.port);
    cut.command(code, (out) => out.u8(1));
    assert.equal(errorOf(await cut.packet()).errno, 1835);
    await cut.closed;
  }
  client.socket.destroy();
});

test('messages whose last packet is full, both ways', async () => {
  for (const more of [-1, 0, 1]) {
    const sql = "select ''";
    const text = 'x'.repeat(0xffffff - 1 - sql.length + more);
    const [[row]] = [await rowsOf(`select '${text}'`)];
    assert.equal(String(row![0]).length, text.length);
    // A row: four bytes say the length of its value.
    const [[answer]] = [await rowsOf(`select repeat('y', ${0xffffff - 4 + more})`)];
    assert.equal(String(answer![0]).length, 0xffffff - 4 + more);
  }
});

test('a statement over max_allowed_packet gets 1153, and its connection ends', async () => {
  await root.query('set global max_allowed_packet = 2048');
  const client = await RawClient.open(server.port);
  assert.equal((await client.say(`do '${'x'.repeat(1900)}'`)).payload[0], 0);
  client.command(Command.QUERY, (out) => out.text(`do '${'x'.repeat(2100)}'`));
  const packet = await client.packet();
  assert.equal(errorOf(packet).errno, 1153);
  assert.equal(packet.sequence, 1);
  await client.closed;
  await root.query('set global max_allowed_packet = default');
  await assert.rejects(root.query('set session max_allowed_packet = 1024'), { errno: 1621 });
});

test('values sent ahead: again with every execution, too long for one, forgotten by a reset', async () => {
  await root.query('set global max_allowed_packet = 100000');
  const client = await RawClient.open(server.port);
  client.command(Command.STMT_PREPARE, (out) => out.text('insert into t values (0, ?)'));
  const id = (await client.packet()).payload.readUInt32LE(1);
  await client.packet();
  await client.packet();
  const ahead = (size: number) =>
    client.command(Command.STMT_SEND_LONG_DATA, (out) => {
      out.u32(id);
      out.u16(0);
      out.raw(Buffer.alloc(size, 0x61));
    });
  const execute = async () => {
    client.command(Command.STMT_EXECUTE, (out) => out.raw(Buffer.from([id, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 252, 0])));
    return client.packet();
  };
  for (let round = 0; round < 3; round++) {
    ahead(40_000);
    ahead(40_000);
    assert.equal((await execute()).payload[0], 0);
    assert.deepEqual(await rowsOf('select length(s) from t'), [[80_000]]);
    await root.query('delete from t');
  }
  for (let i = 0; i < 3; i++) ahead(40_000);
  assert.equal(errorOf(await execute()).errno, 1105);
  ahead(5);
  client.command(Command.STMT_RESET, (out) => out.u32(id));
  await client.packet();
  ahead(7);
  assert.equal((await execute()).payload[0], 0);
  assert.deepEqual(await rowsOf('select length(s) from t'), [[7]]);
  client.socket.destroy();
  await root.query('set global max_allowed_packet = default');
});

// ---- several statements

test('an error in the middle of several statements ends them; what came before it has happened', async () => {
  const client = await RawClient.open(server.port);
  client.command(Command.QUERY, (out) =>
    out.text("insert into t values (1, 'a'); insert into t values (1, 'b'); insert into t values (2, 'c')"),
  );
  const first = await client.packet();
  assert.equal(first.payload.readUInt16LE(3) & 8, 8, 'more results follow');
  assert.equal(errorOf(await client.packet()).errno, 1062);
  assert.ok(await isOk(client));
  assert.deepEqual(await rowsOf('select i, s from t'), [[1, 'a']]);
  // An error of syntax anywhere is one before the first.
  assert.equal(errorOf(await client.say("insert into t values (3, 'a'); nonsense")).errno, 1064);
  client.command(Command.SET_OPTION, (out) => out.u16(1));
  assert.equal((await client.packet()).payload[0], 0xfe);
  assert.equal(errorOf(await client.say('do 1; do 2')).errno, 1064);
  client.socket.destroy();
});

test('who goes in the middle of several statements does not get the rest of them done', async () => {
  for (const leave of [
    (client: RawClient) => client.socket.destroy(),
    (client: RawClient) => void root.query(`kill ${client.connectionId}`),
  ]) {
    // prettier-ignore
    await root.query('delete from t');
    const client = await RawClient.open(server.port);
    client.command(Command.QUERY, (out) =>
      out.text(
        "insert into t values (1, 'a'); select sleep(0.2) from t; insert into t values (2, 'b'); insert into t values (3, 'c')",
      ),
    );
    await client.packet();
    leave(client);
    await until(() => !server.instance.sessions.has(client.connectionId));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(await rowsOf('select i from t'), [[1]]);
  }
});

// ---- results that break off

test('a value that cannot be computed in the middle of the rows ends them with an error', async () => {
  await root.query('set cte_max_recursion_depth = 9000');
  await root.query(`insert into t with recursive n (i) as (select 1 union all select i + 1 from n where i < 9000) select i, repeat('x', 100) from n`); // prettier-ignore
  const client = await RawClient.open(server.port);
  await client.say("select s, if(i = 8000, cast(concat('[', i) as json), 1) from t order by i");
  const packets = await client.rest();
  assert.ok(packets.length > 100, 'some rows had left');
  assert.equal(errorOf(packets.at(-1)!).errno, 3141);
  assert.ok(await isOk(client));
  client.socket.destroy();
});

test('a client that reads nothing is given up after net_write_timeout, and its statement ends', async () => {
  const client = await RawClient.open(server.port);
  const { connectionId } = client;
  await client.say('set net_write_timeout = 1');
  client.socket.pause();
  client.command(
    Command.QUERY,
    (out) =>
    out.text(`with recursive n (i) as (select 1 union all select i + 1 from n where i < 900) select repeat('x', 100000) from n`), // prettier-ignore
  );
  await until(() => server.instance.sessions.get(connectionId)?.command === 'Query');
  await until(() => !server.instance.sessions.has(connectionId));
  client.socket.destroy();
  await until(() => server.instance.memory.usedBytes === 0);
});

test('a client that goes in the middle of its rows', async () => {
  const client = await RawClient.open(server.port);
  client.command(
    Command.QUERY,
    (out) =>
    out.text(`with recursive n (i) as (select 1 union all select i + 1 from n where i < 900) select a.i, repeat('x', 10000) from n a, n b order by 1`), // prettier-ignore
  );
  await client.packet();
  client.socket.destroy();
  await until(() => !server.instance.sessions.has(client.connectionId));
  await until(() => server.instance.memory.usedBytes === 0);
});

// ---- transactions that are left

async function inTransaction(): Promise<RawClient> {
  const client = await RawClient.open(server.port);
  for (const sql of [
    'begin',
    "insert into t values (1, 'mine')",
    'set @a = 1',
    "set time_zone = '+01:00'",
    'create temporary table own (i int)',
  ])
    // prettier-ignore
    assert.equal((await client.say(sql)).payload[0], 0);
  await client.say('select i from locked where i = 1 for update');
  await client.rest();
  return client;
}

async function isAsNew(client: RawClient): Promise<void> {
  assert.equal((await client.say('do 1')).payload.readUInt16LE(3) & 1, 0, 'no transaction');
  assert.equal(errorOf(await client.say('select * from own')).errno, 1146);
  await client.say("select concat(ifnull(@a, 'none'), @@time_zone)");
  assert.match((await client.rest()).map(({ payload }) => payload.toString('latin1')).join(), /noneSYSTEM/);
  assert.deepEqual(await rowsOf('select count(*) from t'), [[0]]);
  await root.query('set innodb_lock_wait_timeout = 1');
  assert.deepEqual(await rowsOf('select i from locked where i = 1 for update'), [[1]]);
}

test('COM_RESET_CONNECTION in a transaction rolls it back and forgets everything', async () => {
  const client = await inTransaction();
  client.command(Command.RESET_CONNECTION);
  assert.equal((await client.packet()).payload[0], 0);
  await isAsNew(client);
  client.socket.destroy();
});

test('COM_CHANGE_USER in a transaction does so, too, and takes the character set of its packet', async () => {
  const client = await inTransaction();
  // latin1_swedish_ci
  client.command(Command.CHANGE_USER, (out) =>
    out.raw(Buffer.from('root\0\0test\0\x08\0caching_sha2_password\0', 'latin1')),
  );
  assert.equal((await client.packet()).payload[0], 0);
  await isAsNew(client);
  await client.say('select @@character_set_client, @@collation_connection');
  assert.match(
    (await client.rest()).map(({ payload }) => payload.toString('latin1')).join(),
    /latin1.latin1_swedish_ci/,
  );
  client.socket.destroy();
});

test('COM_CHANGE_USER to nobody ends the connection, and with it the transaction', async () => {
  for (const bytes of ['nobody\0\x03abctest\0\xff\0caching_sha2_password\0', 'root\0\xff']) {
    const client = await inTransaction();
    client.command(Command.CHANGE_USER, (out) => out.raw(Buffer.from(bytes, 'latin1')));
    let packet = await client.packet();
    // The steps are those of a known user with a wrong password: the client is asked for another proof, then for all of it.
    for (; packet.payload[0] !== 0xff; packet = await client.packet())
      client.send(packet.sequence + 1, Buffer.from(packet.payload[0] === 1 ? [0] : [1, 2, 3]));
    assert.equal(errorOf(packet).errno, bytes.startsWith('nobody') ? 1045 : 1835);
    await client.closed;
    await until(() => !server.instance.sessions.has(client.connectionId));
    assert.deepEqual(await rowsOf('select count(*) from t'), [[0]]);
  }
});

// ---- LOAD DATA LOCAL

const LOAD = "load data local infile 'lines' into table t";

test('a file that the client does not have is an empty one', async () => {
  const client = await RawClient.open(server.port);
  const wanted = await client.say(LOAD);
  assert.equal(wanted.payload.toString('latin1'), '\xfblines');
  client.send(wanted.sequence + 1, Buffer.alloc(0));
  const answer = await client.packet();
  assert.equal(answer.payload[0], 0);
  assert.equal(answer.sequence, wanted.sequence + 2);
  assert.ok(await isOk(client));
  client.socket.destroy();
});

test('an error while the file comes is told at its end; the rest of it is no command', async () => {
  const client = await RawClient.open(server.port);
  const { sequence } = await client.say(`${LOAD} (i, @a) set s = json_extract(@a, '$')`);
  client.send(sequence + 1, Buffer.from('1\t1\n2\t[\n'));
  for (let i = 2; i < 30; i++) client.send(sequence + i, Buffer.alloc(100_000, 0x0e));
  client.send(sequence + 30, Buffer.alloc(0));
  assert.equal(errorOf(await client.packet()).errno, 3141);
  assert.ok(await isOk(client));
  assert.deepEqual(await rowsOf('select count(*) from t'), [[0]]);
  client.socket.destroy();
});

test('a client that goes, counts wrongly or falls silent in the middle of its file leaves no rows and no session', async () => {
  const ways: ((client: RawClient, sequence: number) => void)[] = [
    (client) => client.socket.destroy(),
    (client, sequence) => client.send(sequence + 5, Buffer.from('2\tb\n')),
    () => undefined,
    (client) => void root.query(`kill ${client.connectionId}`),
  ];
  for (const way of ways) {
    const client = await RawClient.open(server.port);
    await client.say('set net_read_timeout = 1');
    const { sequence } = await client.say(LOAD);
    client.send(sequence + 1, Buffer.from('1\ta\n'));
    way(client, sequence);
    await until(() => !server.instance.sessions.has(client.connectionId));
    assert.deepEqual(await rowsOf('select count(*) from t'), [[0]]);
    await until(() => server.instance.memory.usedBytes === 0);
    client.socket.destroy();
  }
});

test('a file in the middle of several statements', async () => {
  const client = await RawClient.open(server.port);
  client.command(Command.QUERY, (out) =>
    out.text(`insert into t values (1, 'a'); ${LOAD}; insert into t values (3, 'c')`),
  );
  assert.equal((await client.packet()).payload[0], 0);
  const { sequence } = await client.packet();
  client.send(sequence + 1, Buffer.from('2\tb\n'));
  client.send(sequence + 2, Buffer.alloc(0));
  for (const more of [8, 0]) {
    const { payload } = await client.packet();
    assert.equal(payload[0], 0);
    assert.equal(payload.readUInt16LE(3) & 8, more);
  }
  assert.deepEqual(await rowsOf('select i, s from t order by i'), [[1, 'a'], [2, 'b'], [3, 'c']]); // prettier-ignore
  client.command(Command.STMT_PREPARE, (out) => out.text(LOAD));
  assert.equal(errorOf(await client.packet()).errno, 1295);
  client.socket.destroy();
});

test('a client that does not send files is not asked for one', async () => {
  const client = await RawClient.open(server.port, { less: Capability.LOCAL_FILES });
  assert.equal(errorOf(await client.say(LOAD)).errno, 3948);
  assert.ok(await isOk(client));
  await root.query('set global local_infile = off');
  const other = await RawClient.open(server.port);
  assert.equal(errorOf(await other.say(LOAD)).errno, 3948);
  await root.query('set global local_infile = on');
  for (const one of [client, other]) one.socket.destroy();
});

// ---- ends

test('COM_PROCESS_KILL: of oneself, of another, of nobody', async () => {
  const [self, other] = [await RawClient.open(server.port), await RawClient.open(server.port)];
  self.command(Command.PROCESS_KILL, (out) => out.u32(999_999));
  assert.equal(errorOf(await self.packet()).errno, 1094);
  self.command(Command.PROCESS_KILL, (out) => out.u32(other.connectionId));
  assert.equal((await self.packet()).payload[0], 0);
  await other.closed;
  self.command(Command.PROCESS_KILL, (out) => out.u32(self.connectionId));
  assert.equal(errorOf(await self.packet()).errno, 1317);
  await self.closed;
});

test('an idle client is told why it is sent away, a client that pings is not idle', async () => {
  const client = await RawClient.open(server.port);
  const busy = await RawClient.open(server.port);
  for (const one of [client, busy]) await one.say('set wait_timeout = 1');
  const pings = setInterval(() => busy.command(Command.PING), 100);
  const packet = await client.packet();
  assert.equal(errorOf(packet).errno, 4031);
  assert.equal(packet.sequence, 0);
  await client.closed;
  assert.equal(busy.isClosed, false);
  clearInterval(pings);
  busy.socket.destroy();
});

test('interactive clients have a timeout of their own', async () => {
  const client = await RawClient.open(server.port, { more: Capability.INTERACTIVE });
  await client.say('select @@wait_timeout = @@interactive_timeout');
  assert.match((await client.rest()).map(({ payload }) => payload.toString('latin1')).join(), /1/);
  client.socket.destroy();
});

test('when all connections are taken others get 1040 instead of a greeting, and an administrator one more', async () => {
  await root.query("create user nobody_special identified with mysql_native_password by ''");
  await root.query('grant all on test.* to nobody_special');
  await root.query(`set global max_connections = ${server.instance.sessions.size + 1}`);
  const one = await RawClient.open(server.port, { user: 'nobody_special' });
  // Asked to switch to the native plugin.
  one.send(one.firstOk.sequence + 1, Buffer.alloc(0));
  assert.equal((await one.packet()).payload[0], 0);
  const refused = await RawClient.open(server.port, { user: 'nobody_special' });
  refused.send(refused.firstOk.sequence + 1, Buffer.alloc(0));
  assert.equal(errorOf(await refused.packet()).errno, 1040);
  await refused.closed;
  const administrator = await RawClient.open(server.port);
  assert.ok(await isOk(administrator));
  const socket = connect(server.port, '127.0.0.1');
  const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  assert.equal(first.readUInt16LE(5), 1040);
  assert.equal(first[3], 0);
  for (const client of [one, administrator]) client.socket.destroy();
  socket.destroy();
  await root.query('set global max_connections = default');
  await root.query('drop user nobody_special');
});
