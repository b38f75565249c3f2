/** TLS on the MySQL port: certificates made at the first start, with the sockets here and on a thread of their own, asked for by accounts and by the server. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { createConnection, type Connection, type RowDataPacket, type SslOptions } from 'mysql2/promise';
import { RutileProcess } from './rutile-process.ts';

const hasMariadb = spawnSync('mariadb', ['--version']).status === 0;

for (const thread of ['off', 'on']) {
  describe(`sockets on a thread of their own: ${thread}`, () => {
    let server: RutileProcess;
    let admin: Connection;
    const pem = (name: string): string => readFileSync(join(server.dataDir, name), 'utf8');
    const login = (user: string, ssl: SslOptions | undefined, password = ''): Promise<Connection> =>
      createConnection({
        host: '127.0.0.1',
        port: server.mysqlPort,
        user,
        password,
        ...(ssl === undefined ? {} : { ssl }),
      });

    before(async () => {
      server = await RutileProcess.start({ flags: ['--socket-thread', thread] });
      admin = await login('root', undefined);
    });
    after(async () => {
      admin?.destroy();
      await server?.stop();
    });

    test('a client that trusts ca.pem is encrypted, and told so', async () => {
      const client = await login('root', { ca: pem('ca.pem'), rejectUnauthorized: true });
      assert.match(await value(client, "SHOW STATUS LIKE 'Ssl_cipher'"), /AES|CHACHA/);
      assert.equal(await value(client, "SHOW STATUS LIKE 'Ssl_version'"), 'TLSv1.3');
      assert.equal(await value(admin, "SHOW STATUS LIKE 'Ssl_cipher'"), '');
      assert.equal(await value(client, "SHOW VARIABLES LIKE 'have_ssl'"), 'YES');
      const long = 'x'.repeat(3_000_000);
      const [rows] = await client.query<RowDataPacket[]>(`SELECT '${long}' AS t`);
      assert.equal(rows[0]!['t'], long);
      await client.end();
      assert.equal(statSync(join(server.dataDir, 'server-key.pem')).mode & 0o77, 0, 'its owner alone reads the key');
    });

    test('a client that trusts somebody else goes away', async () => {
      await assert.rejects(login('root', { ca: pem('client-cert.pem'), rejectUnauthorized: true }));
    });

    test('a password in full goes over TLS as it is, and over plain text by RSA', async () => {
      await admin.query("CREATE USER sesame IDENTIFIED WITH caching_sha2_password BY 'open'");
      const first = await login('sesame', { rejectUnauthorized: false }, 'open');
      await first.end();
      await assert.rejects(login('sesame', { rejectUnauthorized: false }, 'shut'), { errno: 1045 });
      const second = await login('sesame', undefined, 'open');
      await second.end();
    });

    test('REQUIRE SSL, X509, SUBJECT, ISSUER, CIPHER', async () => {
      const plain = { rejectUnauthorized: false };
      const shown = { ...plain, cert: pem('client-cert.pem'), key: pem('client-key.pem') };
      const cases = [
        ['SSL', { none: false, plain: true, shown: true }],
        ['X509', { none: false, plain: false, shown: true }],
        ["SUBJECT '/CN=Rutile_Auto_Generated_Client_Certificate'", { none: false, plain: false, shown: true }],
        ["SUBJECT '/CN=somebody'", { none: false, plain: false, shown: false }],
        ["ISSUER '/CN=Rutile_Auto_Generated_CA_Certificate'", { none: false, plain: false, shown: true }],
        ["CIPHER 'NO-SUCH-CIPHER'", { none: false, plain: false, shown: false }],
        ['NONE', { none: true, plain: true, shown: true }],
      ] as const;
      await admin.query('CREATE USER asked');
      for (const [requirement, expected] of cases) {
        await admin.query(`ALTER USER asked REQUIRE ${requirement}`);
        const found = {
          none: await goes(login('asked', undefined)),
          plain: await goes(login('asked', plain)),
          shown: await goes(login('asked', shown)),
        };
        assert.deepEqual(found, expected, requirement);
      }
    });

    test('require_secure_transport keeps plain text out', async () => {
      await admin.query('SET GLOBAL require_secure_transport = ON');
      await assert.rejects(login('root', undefined), { errno: 3159 });
      const client = await login('root', { rejectUnauthorized: false });
      await client.query('SET GLOBAL require_secure_transport = OFF');
      await client.end();
      assert(await goes(login('root', undefined)));
    });

    test('the handshake may come in the packet of the wish for it, or never', async () => {
      const eager = await greeted(server.mysqlPort);
      const hello = await clientHello();
      eager.write(Buffer.concat([tlsRequest(), hello]));
      const [answer] = (await once(eager, 'data')) as [Buffer];
      assert.equal(answer[0], 0x16, 'a TLS record');
      eager.destroy();
      const babbler = await greeted(server.mysqlPort);
      babbler.write(Buffer.concat([tlsRequest(), Buffer.alloc(5000, 0x41)]));
      await once(babbler, 'close');
      assert.equal(await value(admin, 'SELECT 1'), '1');
    });

    test('ALTER INSTANCE RELOAD TLS takes new files, and keeps the old ones when they are wrong', async () => {
      const copy = mkdtempSync(join(tmpdir(), 'rutile-tls-'));
      const held = await login('root', { rejectUnauthorized: false });
      try {
        for (const name of ['ca.pem', 'server-cert.pem', 'server-key.pem'])
          cpSync(join(server.dataDir, name), join(copy, name));
        writeFileSync(join(server.dataDir, 'server-key.pem'), 'no key');
        await assert.rejects(admin.query('ALTER INSTANCE RELOAD TLS'), { errno: 3888 });
        assert(await goes(login('root', { ca: pem('ca.pem'), rejectUnauthorized: true })));
        for (const name of ['ca.pem', 'server-cert.pem', 'server-key.pem'])
          cpSync(join(copy, name), join(server.dataDir, name));
        await admin.query('ALTER INSTANCE RELOAD TLS');
        assert(await goes(login('root', { ca: pem('ca.pem'), rejectUnauthorized: true })));
        assert.equal(await value(held, 'SELECT 2'), '2');
      } finally {
        await held.end();
        rmSync(copy, { recursive: true });
      }
    });

    test("the mariadb client's --ssl", { skip: !hasMariadb && 'mariadb is not installed' }, () => {
      const text = execFileSync('mariadb', [
        '-h127.0.0.1', `-P${server.mysqlPort}`, '-uroot', `--ssl-ca=${join(server.dataDir, 'ca.pem')}`, '--ssl-verify-server-cert', '-N', '-e', "SHOW STATUS LIKE 'Ssl_version'",
      ]).toString(); // prettier-ignore
      assert.match(text, /TLSv1\.[23]/);
    });
  });
}

test('SHUTDOWN ends the server as its process would be told to', async () => {
  const server = await RutileProcess.start();
  const client = await createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root' });
  client.on('error', () => undefined);
  await client.query('SHUTDOWN');
  assert.equal((await once(server.child, 'exit'))[0], 0);
  await server.stop();
});

async function value(on: Connection, sql: string): Promise<string> {
  const [rows] = await on.query<RowDataPacket[]>(sql);
  return String(Object.values(rows[0]!).at(-1));
}

function goes(connecting: Promise<Connection>): Promise<boolean> {
  return connecting.then(
    (client) => client.end().then(() => true),
    () => false,
  );
}

async function greeted(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'data');
  return socket;
}

/** PROTOCOL_41, SSL, SECURE_CONNECTION, PLUGIN_AUTH. */
function tlsRequest(): Buffer {
  const packet = Buffer.alloc(36);
  packet.writeUIntLE(32, 0, 3);
  packet[3] = 1;
  packet.writeUInt32LE(0x200 | 0x800 | 0x8000 | 0x80000, 4);
  packet.writeUInt32LE(1 << 24, 8);
  packet[12] = 45;
  return packet;
}

/** What a TLS client says first. */
async function clientHello(): Promise<Buffer> {
  const { Duplex } = await import('node:stream');
  return new Promise((resolve) => {
    const stream = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        resolve(chunk);
        done();
      },
    });
    connectTls({ socket: stream as Socket, rejectUnauthorized: false }).on('error', () => undefined);
  });
}
