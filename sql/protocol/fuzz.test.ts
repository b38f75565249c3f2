/**
 * Bytes that no client would send, against a whole server in memory: every one ends in an error packet or a closed connection, never in an
 * exception, and the server answers the next client. Inputs that once broke something, and one of each shape, are kept in test/data/packets (a hex
 * line a packet, `#` comments); random changes of them come on top.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';
import { SeededRandom } from '../../base/random.ts';
import { createMemoryInstance, type MemoryInstance } from '../session/testing/memory-instance.ts';
import { Connection } from './connection.ts';
import type { ConnectionHost, Wire } from './connection-host.ts';

let server: MemoryInstance;
const internal: unknown[] = [];
before(async () => {
  server = await createMemoryInstance();
});
after(() => server.close());

class FakeWire implements Wire {
  readonly remoteAddress = 'localhost';
  readonly sent: Buffer[] = [];
  ended = false;

  write(bytes: Uint8Array): boolean {
    this.sent.push(Buffer.from(bytes));
    return true;
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    this.ended = true;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.sent);
  }
}

function host(): ConnectionHost {
  const { instance } = server;
  return {
    defaultPlugin: 'caching_sha2_password',
    fastDigests: new Map(),
    rsaPublicKeyPem: () => Promise.resolve('-----BEGIN PUBLIC KEY-----\n'),
    rsaDecrypt: () => Promise.resolve(undefined),
    requiresSecureTransport: () => false,
    nonce: () => Buffer.from('abcdefghijklmnopqrst'),
    findAccount: (user, from) => instance.catalog.findAccount(user, from),
    openSession: ({ connectionId, account, hello, remoteAddress, disconnect }) =>
      instance.openSession({
        connectionId,
        account,
        user: hello.user,
        host: remoteAddress,
        database: hello.database,
        disconnect,
      }),
    changeUser: (session, opening) => session.changeUser(opening),
    noteInternalError: (error) => internal.push(error),
    loginFailed: () => undefined,
    loginProved: () => undefined,
    noteRefused: () => undefined,
  };
}

function connect(): { wire: FakeWire; connection: Connection } {
  const wire = new FakeWire();
  const connection = new Connection({ id: server.instance.newConnectionId(), wire, host: host() });
  connection.start();
  return { wire, connection };
}

function packet(sequence: number, payload: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from([payload.length & 255, (payload.length >> 8) & 255, payload.length >> 16, sequence]),
    payload,
  ]);
}

/** root, no password, native plugin name left out on purpose: sent as the C client sends it. */
const HELLO = Buffer.concat([
  Buffer.from([0x8d, 0xa2, 0x3f, 0x01, 0, 0, 0, 1, 255]),
  Buffer.alloc(23),
  Buffer.from('root\0'),
  Buffer.from([0]),
  Buffer.from('test\0caching_sha2_password\0', 'latin1'),
]);

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function settle(connection: Connection): Promise<void> {
  for (let i = 0; i < 200 && connection.isBusy; i++) await turn();
  await turn();
}

const FOLDER = join(PACKAGE_ROOT, 'test/data/packets');

function corpus(file: string): Buffer[] {
  return readFileSync(join(FOLDER, file), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').replace(/\s+/g, ''))
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'hex'));
}

async function login(): Promise<{ wire: FakeWire; connection: Connection }> {
  const opened = connect();
  opened.connection.onData(packet(1, HELLO));
  await settle(opened.connection);
  assert(opened.connection.session !== undefined, opened.wire.bytes.toString('latin1'));
  return opened;
}

test('the corpus names its files', () => {
  assert.deepEqual(readdirSync(FOLDER).sort(), ['commands.hex', 'hello.hex']);
});

test('hellos of every shape end in an answer', async () => {
  const random = new SeededRandom(11);
  const seeds = [HELLO, ...corpus('hello.hex')];
  for (let i = 0; i < 600; i++) {
    const { wire, connection } = connect();
    const before = wire.bytes.length;
    connection.onData(packet(1, i < seeds.length ? seeds[i]! : changed(seeds[random.below(seeds.length)]!, random)));
    await settle(connection);
    assert(wire.bytes.length > before || wire.ended, `input ${i} got no answer`);
    connection.onClosed();
  }
});

test('commands of every shape leave the server answering', async () => {
  const random = new SeededRandom(12);
  const seeds = corpus('commands.hex');
  let { wire, connection } = await login();
  for (let i = 0; i < 1500; i++) {
    const payload = i < seeds.length ? seeds[i]! : changed(seeds[random.below(seeds.length)]!, random);
    connection.onData(packet(0, payload));
    await settle(connection);
    if (wire.ended || connection.session === undefined) {
      connection.onClosed();
      ({ wire, connection } = await login());
    }
  }
  connection.onClosed();
  const last = await login();
  last.connection.onData(packet(0, Buffer.from('\u0003SELECT 41 + 1', 'latin1')));
  await settle(last.connection);
  assert.match(last.wire.bytes.toString('latin1'), /42/);
  last.connection.onClosed();
  assert.deepEqual(internal, [], 'bugs, not refusals');
  assert.equal(server.instance.sessions.size, 0);
});

test('streams cut, repeated and out of order are refused', async () => {
  for (const bytes of [packet(7, Buffer.from([3, 65])), Buffer.from([255, 255, 255, 0]), Buffer.from([0, 0, 0, 0])]) {
    const { wire, connection } = await login();
    connection.onData(bytes);
    await settle(connection);
    assert(wire.ended || bytes[0] === 255);
    connection.onClosed();
  }
});

/** A few bytes other than they were, some more, or some less. */
function changed(seed: Buffer, random: SeededRandom): Buffer {
  let bytes = Buffer.from(seed);
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length + 1);
    switch (random.below(4)) {
      case 0:
        if (at < bytes.length) bytes[at] = random.below(256);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(random.bytes(random.below(6))), bytes.subarray(at)]);
        break;
      case 2:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          bytes.subarray(Math.min(bytes.length, at + 1 + random.below(8))),
        ]);
        break;
      default:
        if (at < bytes.length) bytes[at] = [0, 0xfb, 0xfc, 0xfe, 0xff][random.below(5)]!;
    }
  }
  return bytes.length === 0 ? Buffer.from([0]) : bytes;
}
