/** Query attributes and optional metadata, packet by packet and by a driver that sends them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type mysql from 'mysql2/promise';
import { Capability, Command } from '../protocol/constants.ts';
import type { PacketWriter } from '../protocol/packet-writer.ts';
import { startMemoryServer, type MemoryServer } from './testing/memory-server.ts';
import { errorOf, RawClient, type RawPacket } from './testing/raw-client.ts';

let server: MemoryServer;
before(async () => {
  server = await startMemoryServer();
});
after(async () => {
  assert.deepEqual(server.internal, []);
  await server.close();
});

const VAR_STRING = 253;
const LONGLONG = 8;

/** Name and value: `null`, a text, or a BIGINT. */
function writeAttributes(out: PacketWriter, attributes: readonly (readonly [string, string | number | null])[]): void {
  let nulls = 0;
  attributes.forEach(([, value], i) => (nulls |= value === null ? 1 << i : 0));
  out.u8(nulls);
  out.u8(1);
  for (const [name, value] of attributes) {
    out.u16(typeof value === 'number' ? LONGLONG : VAR_STRING);
    out.lengthEncodedText(name);
  }
  for (const [, value] of attributes) {
    if (typeof value === 'number') out.u64(value);
    else if (value !== null) out.lengthEncodedText(value);
  }
}

const textOf = (packets: readonly RawPacket[]): string =>
  packets.map(({ payload }) => payload.toString('latin1')).join('|');

test('a text with attributes: each by its name, as text, in all of its statements, and gone with the next one', async () => {
  const client = await RawClient.open(server.port, { more: Capability.QUERY_ATTRIBUTES });
  const named = (name: string): string => `coalesce(mysql_query_attribute_string('${name}'), 'none')`;
  client.command(Command.QUERY, (out) => {
    out.lengthEncoded(4);
    out.lengthEncoded(1);
    writeAttributes(out, [['trace', 'abc'], ['n', 42], ['nothing', null], ['trace', 'second']]); // prettier-ignore
    out.text(
      `select concat_ws('/', ${['trace', 'n', 'nothing', 'TRACE'].map(named).join()}); select ${named('trace')}`,
    );
  });
  assert.match(textOf([await client.packet(), ...(await client.rest())]), /abc\/42\/none\/none/);
  assert.match(textOf([await client.packet(), ...(await client.rest())]), /\|.abc\|/s);
  await client.say(`select ${named('trace')}`);
  assert.match(textOf(await client.rest()), /\|.none\|/s);
  client.socket.destroy();
});

test('an execution with attributes behind its parameters, with and without parameters', async () => {
  const client = await RawClient.open(server.port, { more: Capability.QUERY_ATTRIBUTES });
  for (const parameters of [0, 1]) {
    client.command(Command.STMT_PREPARE, (out) => out.text(`select concat(mysql_query_attribute_string('trace')${parameters ? ', ?' : ''}, '!')`)); // prettier-ignore
    const id = (await client.packet()).payload.readUInt32LE(1);
    if (parameters > 0) {
      await client.packet();
      await client.packet();
    }
    await client.packet();
    await client.packet();
    client.command(Command.STMT_EXECUTE, (out) => {
      out.u32(id);
      out.u8(parameters === 0 ? 8 : 0);
      out.u32(1);
      out.lengthEncoded(parameters + 1);
      writeAttributes(out, [...(parameters ? [['', 'value'] as const] : []), ['trace', 'xyz']]);
    });
    await client.packet();
    assert.match(textOf(await client.rest()), parameters ? /xyzvalue!/ : /xyz!/);
  }
  client.socket.destroy();
});

test('attributes that are cut, without types, in two sets, or fewer than the parameters end the connection', async () => {
  const bad: ((out: PacketWriter) => void)[] = [
    (out) => out.raw(Buffer.from([2, 1, 0, 1, 253, 0, 1, 65])),
    (out) => out.raw(Buffer.concat([Buffer.from([1, 1, 0, 0]), Buffer.from('select 1')])),
    (out) => out.raw(Buffer.concat([Buffer.from([0, 2]), Buffer.from('select 1')])),
    (out) => out.raw(Buffer.from([0xfe, 255, 255, 255, 255, 0, 0, 0, 0, 1])),
  ];
  for (const write of bad) {
    const client = await RawClient.open(server.port, { more: Capability.QUERY_ATTRIBUTES });
    client.command(Command.QUERY, write);
    assert.equal(errorOf(await client.packet()).errno, 1835);
    await client.closed;
  }
});

test('mysql2 sends attributes with texts and with executions', async () => {
  const driver = await server.connect({ database: 'test' });
  const sql = "select mysql_query_attribute_string('trace') a, mysql_query_attribute_string('x') b";
  const attributes = { trace: 'from the driver' };
  const [asked] = await driver.query<mysql.RowDataPacket[][]>({ sql, attributes } as never);
  assert.deepEqual(asked, [['from the driver', null]]);
  const [executed] = await driver.execute<mysql.RowDataPacket[][]>({ sql: `${sql}, ? c`, values: ['v'], attributes } as never); // prettier-ignore
  assert.deepEqual(executed, [['from the driver', null, 'v']]);
  const [without] = await driver.execute<mysql.RowDataPacket[][]>(`${sql}, ? c`, ['w']);
  assert.deepEqual(without, [[null, null, 'w']]);
  await driver.end();
});

test('metadata is left out for who can do without, in results and in what is prepared', async () => {
  const client = await RawClient.open(server.port, { more: Capability.OPTIONAL_RESULTSET_METADATA });
  assert.deepEqual([...(await client.say('select 1, 2')).payload], [1, 2]);
  assert.equal((await client.rest()).length, 2 + 1 + 1 + 1, 'columns, EOF, a row, EOF');
  await client.say('set resultset_metadata = none');
  assert.deepEqual([...(await client.say('select 1, 2')).payload], [0, 2]);
  assert.equal((await client.rest()).length, 1 + 1 + 1, 'EOF, a row, EOF');
  client.command(Command.STMT_PREPARE, (out) => out.text('select 1, ?'));
  const prepared = (await client.packet()).payload;
  assert.equal(prepared.length, 13);
  assert.equal(prepared[12], 0);
  assert.equal((await client.packet()).payload[0], 0xfe);
  assert.equal((await client.packet()).payload[0], 0xfe);
  client.command(Command.STMT_EXECUTE, (out) => {
    out.u32(prepared.readUInt32LE(1));
    out.raw(Buffer.from([0, 1, 0, 0, 0, 0, 1, 8, 0, 9, 0, 0, 0, 0, 0, 0, 0]));
  });
  assert.deepEqual([...(await client.packet()).payload], [0, 2]);
  assert.equal((await client.rest()).length, 3);
  client.socket.destroy();
  const other = await RawClient.open(server.port);
  assert.equal(errorOf(await other.say('set resultset_metadata = none')).errno, 3640);
  other.socket.destroy();
});
