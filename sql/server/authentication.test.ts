/** Who is let in, step by step and packet by packet: switches of plugin, RSA, the fast way, and those who do not keep to the order. */
import assert from 'node:assert/strict';
import { constants, createHash, publicEncrypt } from 'node:crypto';
import { after, before, test } from 'node:test';
import type mysql from 'mysql2/promise';
import { Capability, Command } from '../protocol/constants.ts';
import type { PacketWriter } from '../protocol/packet-writer.ts';
import { startMemoryServer, type MemoryServer } from './testing/memory-server.ts';
import { errorOf, RawClient, type RawPacket } from './testing/raw-client.ts';

let server: MemoryServer;
before(async () => {
  server = await startMemoryServer();
  const root = await server.connect();
  await root.query("create user sha2 identified with caching_sha2_password by 'geheim'");
  await root.query("create user old identified with mysql_native_password by 'secret'");
  await root.query("create user other identified with mysql_native_password by 'another'");
  await root.query('grant all on test.* to sha2, old, other');
  await root.end();
});
after(async () => {
  assert.deepEqual(server.internal, []);
  await server.close();
});

const sha1 = (...parts: Uint8Array[]) => createHash('sha1').update(Buffer.concat(parts)).digest();
const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const xor = (a: Uint8Array, b: Uint8Array) => Buffer.from(a.map((byte, i) => byte ^ b[i % b.length]!));

function nativeProof(password: string, nonce: Uint8Array): Buffer {
  const once = sha1(Buffer.from(password));
  return xor(once, sha1(nonce, sha1(once)));
}

function sha2Proof(password: string, nonce: Uint8Array): Buffer {
  const once = sha256(Buffer.from(password));
  return xor(once, sha256(sha256(once), nonce));
}

const nonceOfSwitch = ({ payload }: RawPacket): Buffer => payload.subarray(payload.indexOf(0) + 1, -1);

/** Who asks, and with what proof for the nonce of the greeting. */
async function hello(user: string, plugin: string, proof: Buffer = Buffer.alloc(0)): Promise<RawClient> {
  const client = await RawClient.greeted(server.port);
  sayWho(client, user, plugin, proof);
  return client;
}

function sayWho(client: RawClient, user: string, plugin: string, proof: Buffer): void {
  client.sendBuilt(1, (out) => {
    out.u32(client.capabilities);
    out.u32(0);
    out.u8(255);
    out.zeros(23);
    out.nullTerminated(user);
    out.u8(proof.length);
    out.raw(proof);
    out.nullTerminated('test');
    out.nullTerminated(plugin);
  });
}

/** To the end of the long way, over a connection that others read. */
async function byRsa(client: RawClient, nonce: Buffer, password: string, first: RawPacket): Promise<RawPacket> {
  assert.deepEqual([...first.payload], [1, 4], 'the whole password is wanted');
  client.send(first.sequence + 1, Buffer.from([2]));
  const key = await client.packet();
  assert.equal(key.payload[0], 1);
  const encrypted = publicEncrypt(
    { key: key.payload.toString('latin1', 1), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    xor(Buffer.from(`${password}\0`), nonce),
  );
  client.send(key.sequence + 1, encrypted);
  return client.packet();
}

test('caching_sha2: the long way by RSA first, then the fast one, until the password changes', async () => {
  const first = await RawClient.greeted(server.port);
  sayWho(first, 'sha2', 'caching_sha2_password', sha2Proof('geheim', first.nonce));
  assert.equal((await byRsa(first, first.nonce, 'geheim', await first.packet())).payload[0], 0);
  const second = await RawClient.greeted(server.port);
  sayWho(second, 'sha2', 'caching_sha2_password', sha2Proof('geheim', second.nonce));
  const fast = await second.packet();
  assert.deepEqual([...fast.payload], [1, 3]);
  const ok = await second.packet();
  assert.equal(ok.payload[0], 0);
  assert.equal(ok.sequence, fast.sequence + 1);
  const root = await server.connect();
  await root.query("alter user sha2 identified by 'neu'");
  const third = await RawClient.greeted(server.port);
  sayWho(third, 'sha2', 'caching_sha2_password', sha2Proof('geheim', third.nonce));
  assert.equal(errorOf(await byRsa(third, third.nonce, 'geheim', await third.packet())).errno, 1045);
  await third.closed;
  const fourth = await RawClient.greeted(server.port);
  sayWho(fourth, 'sha2', 'caching_sha2_password', sha2Proof('neu', fourth.nonce));
  assert.equal((await byRsa(fourth, fourth.nonce, 'neu', await fourth.packet())).payload[0], 0);
  await root.query("alter user sha2 identified by 'geheim'");
  await root.end();
  for (const client of [first, second, fourth]) client.socket.destroy();
});

test('a password as it is, noise, nothing, or the key asked for without end are no way in without TLS', async () => {
  for (const answer of [Buffer.from('geheim\0'), Buffer.alloc(256, 7), Buffer.alloc(0), Buffer.alloc(60_000, 2)]) {
    const client = await hello('sha2', 'caching_sha2_password', Buffer.alloc(32, 1));
    const wanted = await client.packet();
    client.send(wanted.sequence + 1, answer);
    assert.equal(errorOf(await client.packet()).errno, 1045);
    await client.closed;
  }
  const asking = await hello('sha2', 'caching_sha2_password', Buffer.alloc(32, 1));
  let { sequence } = await asking.packet();
  for (let i = 0; i < 10 && !asking.isClosed; i++) {
    asking.send(sequence + 1, Buffer.from([2]));
    const packet = await asking.packet();
    if (packet.payload[0] === 0xff) {
      assert.equal(errorOf(packet).errno, 1045);
      await asking.closed;
      return;
    }
    sequence = packet.sequence;
  }
  assert.fail('the key was sent ten times');
});

test('the plugin is switched both ways, whatever the client began with', async () => {
  const old = await hello('old', 'caching_sha2_password', Buffer.alloc(32, 1));
  const asked = await old.packet();
  assert.match(asked.payload.toString('latin1'), /^\xfemysql_native_password\0/);
  old.send(asked.sequence + 1, nativeProof('secret', nonceOfSwitch(asked)));
  assert.equal((await old.packet()).payload[0], 0);
  const sha2 = await hello('sha2', 'mysql_native_password', Buffer.alloc(20, 1));
  const switched = await sha2.packet();
  assert.match(switched.payload.toString('latin1'), /^\xfecaching_sha2_password\0/);
  sha2.send(switched.sequence + 1, sha2Proof('geheim', nonceOfSwitch(switched)));
  const next = await sha2.packet();
  const end = next.payload[1] === 3 ? await sha2.packet() : await byRsa(sha2, nonceOfSwitch(switched), 'geheim', next);
  assert.equal(end.payload[0], 0);
  for (const client of [old, sha2]) client.socket.destroy();
});

test('nobody gets the same steps as somebody with a wrong password', async () => {
  const steps = async (user: string): Promise<string> => {
    const client = await hello(user, 'caching_sha2_password', Buffer.alloc(32, 9));
    const wanted = await client.packet();
    client.send(wanted.sequence + 1, Buffer.alloc(256, 5));
    const refused = errorOf(await client.packet());
    await client.closed;
    return `${wanted.payload.toString('hex')} ${refused.errno} ${refused.message.replace(user, 'USER')}`;
  };
  assert.equal(await steps('nobody'), await steps('sha2'));
});

test('COM_CHANGE_USER: proofs for the last nonce, for the first, and another plugin; drivers find their way', async () => {
  const client = await hello('old', 'caching_sha2_password', Buffer.alloc(32, 1));
  const asked = await client.packet();
  client.send(asked.sequence + 1, nativeProof('secret', nonceOfSwitch(asked)));
  assert.equal((await client.packet()).payload[0], 0);
  for (const nonce of [nonceOfSwitch(asked), client.nonce, Buffer.alloc(20, 3)]) {
    client.command(Command.CHANGE_USER, (out) => changeUser(out, 'other', nativeProof('another', nonce)));
    let answer = await client.packet();
    if (answer.payload[0] === 0xfe) {
      client.send(answer.sequence + 1, nativeProof('another', nonceOfSwitch(answer)));
      answer = await client.packet();
    }
    assert.equal(answer.payload[0], 0, answer.payload.toString('latin1'));
  }
  client.socket.destroy();
  const driver = await server.connect({ user: 'old', password: 'secret', database: 'test' });
  for (const [user, password] of [
    ['other', 'another'],
    ['sha2', 'geheim'],
    ['old', 'secret'],
  ] as const) {
    // prettier-ignore
    await driver.changeUser({ user, password, database: 'test' });
    const [rows] = await driver.query<mysql.RowDataPacket[][]>('select current_user()');
    assert.match(String(rows[0]), new RegExp(`^${user}@`));
  }
  await assert.rejects(driver.changeUser({ user: 'old', password: 'wrong' }), { errno: 1045 });
});

function changeUser(out: PacketWriter, user: string, proof: Buffer): void {
  out.nullTerminated(user);
  out.u8(proof.length);
  out.raw(proof);
  out.nullTerminated('test');
  out.u16(255);
  out.nullTerminated('mysql_native_password');
}

test('a command in the place of a proof is a wrong proof; a hello after the hello is none', async () => {
  const client = await hello('old', 'mysql_native_password', Buffer.alloc(20, 1));
  assert.equal(errorOf(await client.packet()).errno, 1045);
  await client.closed;
  const early = await RawClient.greeted(server.port);
  early.send(1, Buffer.from([Command.QUERY, ...Buffer.from('select 1')]));
  assert.ok([1043, 1251].includes(errorOf(await early.packet()).errno));
  await early.closed;
  const tls = await RawClient.greeted(server.port);
  tls.sendBuilt(1, (out) => {
    out.u32(tls.capabilities | Capability.SSL);
    out.zeros(28);
  });
  assert.equal(errorOf(await tls.packet()).errno, 1043);
  await tls.closed;
});
