import assert from 'node:assert/strict';
import { createHash, constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { RutileError, type SqlError } from '../../base/error.ts';
import type { Account } from '../session/accounts.ts';
import { hashPassword, sha2PasswordMatches } from '../session/passwords.ts';
import { Authentication, type AuthenticationStep } from './authentication.ts';
import { ByteReader } from './byte-reader.ts';
import { charsetOfId } from './charsets.ts';
import { AUTH_CACHING_SHA2, AUTH_NATIVE, Capability } from './constants.ts';
import { readHandshakeResponse } from './handshake.ts';
import { PacketWriter } from './packet-writer.ts';
import { readParameters } from './parameters.ts';
import { sqlTextOf } from './sql-text.ts';

const nonce = Buffer.from('abcdefghijklmnopqrst');
const random = (count: number) => new Uint8Array(count).fill(77);

function hello(flags: number, write: (out: PacketWriter) => void): Buffer {
  const out = new PacketWriter();
  out.u32(flags);
  out.u32(0);
  out.u8(255);
  out.zeros(23);
  write(out);
  return out.take();
}

function read(bytes: Buffer) {
  return readHandshakeResponse(new ByteReader().reset(bytes, 0, bytes.length));
}

test('flags that the server did not offer are masked', () => {
  const MULTI_FACTOR_AUTHENTICATION = 1 << 28;
  const REMEMBER_OPTIONS = 1 << 31;
  const flags =
    Capability.PROTOCOL_41 |
    Capability.SECURE_CONNECTION |
    Capability.PLUGIN_AUTH |
    Capability.CONNECT_WITH_DB |
    Capability.CONNECT_ATTRS |
    MULTI_FACTOR_AUTHENTICATION |
    REMEMBER_OPTIONS;
  const known = read(
    hello(flags, (out) => {
      out.nullTerminated('root');
      out.u8(0);
      out.nullTerminated('test');
      out.nullTerminated(AUTH_NATIVE);
      const attributes = new PacketWriter();
      attributes.lengthEncodedText('program_name');
      attributes.lengthEncodedText('sysbench');
      out.lengthEncodedBytes(attributes.take());
    }),
  );
  assert(known !== 'tls');
  assert.equal(known.capabilities & (MULTI_FACTOR_AUTHENTICATION | REMEMBER_OPTIONS), 0);
  assert.equal(known.user, 'root');
  assert.equal(known.database, 'test');
  assert.equal(known.plugin, AUTH_NATIVE);
  assert.equal(known.attributes.get('program_name'), 'sysbench');
});

test('both forms of the auth response are read', () => {
  for (const lenenc of [0, Capability.PLUGIN_AUTH_LENENC]) {
    const known = read(
      hello(Capability.PROTOCOL_41 | Capability.SECURE_CONNECTION | lenenc, (out) => {
        out.nullTerminated('u');
        if (lenenc) out.lengthEncodedBytes(Buffer.alloc(32, 5));
        else {
          out.u8(32);
          out.raw(Buffer.alloc(32, 5));
        }
      }),
    );
    assert(known !== 'tls');
    assert.equal(known.authResponse.length, 32);
  }
});

test('a client of the old protocol is told so', () => {
  assert.throws(
    () => read(Buffer.from([1, 0, 0, 0, 0])),
    (error: SqlError) => error.errno === 1251,
  );
});

test('every character set id of MySQL 8 is known or refused', () => {
  for (let id = 1; id <= 323; id++) {
    const choice = charsetOfId(id);
    if (choice === undefined)
      assert.ok([35, 54, 55, 56, 60, 61, 62, 90].includes(id) || (id >= 101 && id <= 183), `id ${id}`);
  }
  assert.equal(charsetOfId(0), undefined);
  assert.equal(charsetOfId(400), undefined);
  assert.deepEqual(charsetOfId(45), { charset: 'utf8mb4', collation: 'utf8mb4_general_ci' });
  assert.deepEqual(charsetOfId(8), { charset: 'latin1', collation: 'latin1_swedish_ci' });
});

// ---- authentication ----

const keys = generateKeyPairSync('rsa', { modulusLength: 1024 });
const store = {
  fastDigests: new Map<string, { stored: string; digest: Buffer }>(),
  rsaPublicKeyPem: () => Promise.resolve(keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
  rsaDecrypt: (data: Buffer) => {
    try {
      return Promise.resolve(
        privateDecrypt({ key: keys.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, data),
      );
    } catch {
      return Promise.resolve(undefined);
    }
  },
};

function account(plugin: string, password: string): Account {
  return {
    user: 'u',
    host: '%',
    key: `u@%/${plugin}/${password}`,
    plugin,
    authenticationString: hashPassword(plugin, password, random),
    secondaryString: '',
    locked: false,
    tls: { kind: 'NONE', cipher: '', issuer: '', subject: '' },
    failedAttempts: 0,
    lockDays: 0,
    limits: { questions: 0, updates: 0, connections: 0, userConnections: 0 },
  };
}

const sha = (name: string, ...parts: Uint8Array[]) => createHash(name).update(Buffer.concat(parts)).digest();
const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, i) => byte ^ b[i % b.length]!));

function nativeProof(password: string): Buffer {
  const once = sha('sha1', Buffer.from(password));
  return xor(once, sha('sha1', nonce, sha('sha1', once)));
}

function fastProof(password: string): Buffer {
  const once = sha('sha256', Buffer.from(password));
  return xor(once, sha('sha256', sha('sha256', once), nonce));
}

function begin(who: Account | undefined, plugin: string, authResponse: Buffer) {
  const machine = new Authentication({ nonce, account: who, store, secret: false });
  return {
    machine,
    step: machine.begin({
      zstdLevel: 0,
      capabilities: 0,
      charsetId: 255,
      user: 'u',
      authResponse,
      database: undefined,
      plugin,
      attributes: new Map(),
    }),
  };
}

test('native passwords', async () => {
  const who = account(AUTH_NATIVE, 'secret');
  assert.equal(who.authenticationString, '*14E65567ABDB5135D0CFD9A70B3032C179A49EE7');
  assert.equal((await begin(who, AUTH_NATIVE, nativeProof('secret')).step).kind, 'ok');
  assert.equal((await begin(who, AUTH_NATIVE, nativeProof('wrong')).step).kind, 'denied');
  assert.equal((await begin(who, AUTH_NATIVE, Buffer.alloc(0)).step).kind, 'denied');
  assert.deepEqual(await begin(who, AUTH_CACHING_SHA2, fastProof('secret')).step, {
    kind: 'switch',
    plugin: AUTH_NATIVE,
  });
});

test('empty passwords need no proof, but the right plugin', async () => {
  for (const plugin of [AUTH_NATIVE, AUTH_CACHING_SHA2]) {
    assert.equal((await begin(account(plugin, ''), plugin, Buffer.alloc(0)).step).kind, 'ok');
    // The C client falls back to a plugin of this name when it cannot load ours, and waits for a switch even with nothing to prove.
    const { machine, step } = begin(account(plugin, ''), 'dummy_fallback_auth', Buffer.alloc(0));
    assert.deepEqual(await step, { kind: 'switch', plugin });
    assert.equal((await machine.step(Buffer.alloc(0))).kind, 'ok');
  }
  assert.equal((await begin(undefined, AUTH_CACHING_SHA2, Buffer.alloc(0)).step).kind, 'denied');
});

test('caching_sha2: the first proof is full and encrypted, the next one fast', async () => {
  const who = account(AUTH_CACHING_SHA2, 'geheim');
  assert.match(who.authenticationString, /^\$A\$005\$M{20}.{43}$/);
  const { machine, step } = begin(who, AUTH_CACHING_SHA2, fastProof('geheim'));
  assert.deepEqual(await step, { kind: 'more', data: Buffer.from([4]), then: 'wait' });
  const pem = (await machine.step(Buffer.from([2]))) as Extract<AuthenticationStep, { kind: 'more' }>;
  assert.match(pem.data.toString(), /BEGIN PUBLIC KEY/);
  const masked = xor(Buffer.from('geheim\0'), nonce);
  const encrypted = publicEncrypt(
    { key: pem.data.toString(), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    masked,
  );
  assert.equal((await machine.step(encrypted)).kind, 'ok');
  assert.deepEqual(await begin(who, AUTH_CACHING_SHA2, fastProof('geheim')).step, {
    kind: 'more',
    data: Buffer.from([3]),
    then: 'ok',
  });
  // A wrong proof falls back to the full exchange; a changed password forgets the digest.
  assert.deepEqual(await begin(who, AUTH_CACHING_SHA2, fastProof('x')).step, {
    kind: 'more',
    data: Buffer.from([4]),
    then: 'wait',
  });
});

test('caching_sha2 refuses a clear password on an open wire', async () => {
  const { machine } = begin(account(AUTH_CACHING_SHA2, 'p'), AUTH_CACHING_SHA2, fastProof('p'));
  assert.equal((await machine.step(Buffer.from('p\0'))).kind, 'denied');
});

test('the stored form is the one MySQL writes', () => {
  const stored = hashPassword(AUTH_CACHING_SHA2, 'abc', random);
  assert.equal(stored.length, 70);
  assert.ok(sha2PasswordMatches(stored, Buffer.from('abc')));
  assert.ok(!sha2PasswordMatches(stored, Buffer.from('abd')));
});

// ---- parameters ----

test('parameters of every type', () => {
  const out = new PacketWriter();
  out.u8(0b0000_0010);
  out.u8(1);
  for (const type of [8, 253, 5, 12, 11, 252, 3, 1]) out.u16(type === 3 ? 0x8003 : type);
  out.u64(-7n);
  // 1: NULL
  out.double(3);
  out.raw(Buffer.from([7, 0xe8, 7, 2, 29, 23, 59, 58]));
  out.raw(Buffer.from([8, 1, 1, 0, 0, 0, 2, 3, 4]));
  out.lengthEncodedBytes(Buffer.from([0xff, 0xfe]));
  out.u32(4000000000);
  out.u8(0xff);
  const bytes = out.take();
  const memory = { wireTypes: undefined as Uint16Array | undefined, names: undefined, longData: undefined };
  const bound = readParameters(new ByteReader().reset(bytes, 0, bytes.length), 8, memory);
  assert.equal(bound.values[0], -7);
  assert.equal(bound.values[1], null);
  assert.equal(bound.values[2], 3);
  assert.equal(bound.types[2]!.code, 8, 'a whole double is an integer');
  assert.deepEqual(
    { ...(bound.values[3] as object) },
    { datePart: ((2024 * 13 + 2) << 5) | 29, timeMicros: 86398_000_000 },
  );
  assert.deepEqual({ ...(bound.values[4] as object) }, { micros: -(((24 + 2) * 60 + 3) * 60 + 4) * 1_000_000 });
  assert.deepEqual(bound.values[5], new Uint8Array([0xff, 0xfe]));
  assert.equal(bound.values[6], 4000000000);
  assert.equal(bound.values[7], -1);
  // Types are kept when they are not sent again.
  const again = new PacketWriter();
  again.u8(0b1111_1110);
  again.u8(0);
  again.u64(12);
  const more = again.take();
  assert.equal(readParameters(new ByteReader().reset(more, 0, more.length), 8, memory).values[0], 12);
});

test('malformed messages end in an error, never in a crash', () => {
  const readers: ((reader: ByteReader) => unknown)[] = [
    (reader) => readHandshakeResponse(reader),
    (reader) => readParameters(reader, 5, { wireTypes: undefined, names: undefined, longData: undefined }),
  ];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.integer({ min: 0, max: readers.length - 1 }), (bytes, which) => {
      const buffer = Buffer.from(bytes);
      try {
        readers[which]!(new ByteReader().reset(buffer, 0, buffer.length));
      } catch (error) {
        assert.ok(error instanceof RutileError, String(error));
      }
    }),
    { seed: 7, numRuns: 2000 },
  );
});

// ---- text of statements ----

const client = { clientCharset: 'utf8mb4', noBackslashEscapes: false, ansiQuotes: false };
const textOf = (bytes: Buffer, more = {}) => sqlTextOf(bytes, 0, bytes.length, { ...client, ...more });

test('raw bytes in a literal become a hexadecimal one', () => {
  const raw = Buffer.concat([
    Buffer.from("INSERT INTO t VALUES (_binary'"),
    Buffer.from([0xff, 0x5c, 0x30, 0x41, 0x27, 0x27]),
    Buffer.from("', 'é', \"x\") -- it's"),
  ]);
  assert.equal(textOf(raw), "INSERT INTO t VALUES (_binary X'ff004127', 'é', \"x\") -- it's");
});

test('invalid UTF-8 outside literals is error 1300', () => {
  assert.throws(
    () => textOf(Buffer.concat([Buffer.from('SELECT '), Buffer.from([0xff])])),
    (error: SqlError) => error.errno === 1300,
  );
});

test('a latin1 client is read as latin1', () => {
  assert.equal(textOf(Buffer.from([0x27, 0xe9, 0x27]), { clientCharset: 'latin1' }), "'é'");
});
