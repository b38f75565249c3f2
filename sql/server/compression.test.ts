/** Compressed connections: what a client of such a connection sees, and what one may not do to the server. */
import assert from 'node:assert/strict';
import { connect as connectSocket, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import type mysql from 'mysql2/promise';
import { Compression } from '../protocol/compression.ts';
import { startMemoryServer, type MemoryServer } from './testing/memory-server.ts';

let server: MemoryServer;
let client: mysql.Connection;
before(async () => {
  server = await startMemoryServer();
  client = await server.connect({ compress: true, database: 'test' });
});
after(async () => {
  await client.end();
  assert.deepEqual(server.internal, []);
  await server.close();
});

const rowsOf = async (sql: string): Promise<unknown[][]> => (await client.query<mysql.RowDataPacket[][]>(sql))[0];

test('a connection says that it is compressed', async () => {
  assert.deepEqual(await rowsOf("show status like 'Compression%'"), [['Compression', 'ON'], ['Compression_algorithm', 'zlib'], ['Compression_level', '6']]); // prettier-ignore
});

test('questions and answers of all sizes cross, also those of many packets and frames', async () => {
  for (const size of [0, 1, 49, 50, 51, 1000, 100_000, 17_000_000]) {
    const text = 'rutile '.repeat(size / 7 + 1).slice(0, size);
    const [row] = await rowsOf(`select '${text}', length('${text}')`);
    assert.equal(row![0], text);
    assert.equal(row![1], size);
  }
});

test('noise, which does not get smaller, goes as it is', async () => {
  let state = 1;
  const noise = Buffer.from(Array.from({ length: 300_000 }, () => (state = (state * 48271) % 2147483647) & 0xff));
  const [rows] = await client.execute<mysql.RowDataPacket[][]>('select ?, 1', [noise]);
  assert.ok(noise.equals(rows[0]![0] as Buffer));
});

test('many rows, several statements of one text, prepared ones, errors', async () => {
  const many = await rowsOf('with recursive n (i) as (select 1 union all select i + 1 from n where i < 900) select a.i, b.i from n a, n b'); // prettier-ignore
  assert.equal(many.length, 810_000);
  await assert.rejects(client.query('select nothing'), { errno: 1054 });
  const [rows] = await client.execute<mysql.RowDataPacket[][]>('select ? + 1', [41]);
  assert.equal(Number(rows[0]![0]), 42);
  await client.changeUser({ user: 'root', database: 'test' });
  assert.deepEqual(await rowsOf('select database()'), [['test']]);
});

test('a file of the client comes in compressed', async () => {
  await client.query('create table file_lines (i int primary key, t text)');
  const text = Array.from({ length: 20_000 }, (_, i) => `${i}\t${'line '.repeat(60)}\n`).join('');
  const infileStreamFactory = () => Readable.from(text.match(/[^]{1,100000}/g)!.map((part) => Buffer.from(part)));
  await client.query({ sql: "load data local infile 'lines' into table file_lines", infileStreamFactory } as never);
  assert.deepEqual(await rowsOf('select count(*), sum(length(t)) from file_lines'), [[20_000, '6000000']]);
});

test('commands sent ahead of their answers are answered each under its own numbers', async () => {
  const raw = await RawClient.open(server.port);
  const ask = (sql: string) => new Compression('zlib', 0).pack(packet(0, Buffer.from(`\u0003${sql}`, 'latin1')));
  raw.socket.write(Buffer.concat([ask("select 'first answer'"), ask(`select 'second answer', '${'x'.repeat(500)}'`)]));
  await raw.until('second answer');
  const frames = raw.frames();
  assert.ok(frames.filter(({ sequence }) => sequence === 1).length === 2, JSON.stringify(frames));
  raw.socket.destroy();
});

test('a frame that says less, or more, than is in it ends the connection, and so does noise', async () => {
  const bomb = deflateSync(Buffer.alloc(16_000_000));
  const frame = (content: Buffer, size: number, sequence = 0) => {
    const header = Buffer.alloc(7);
    header.writeUIntLE(content.length, 0, 3);
    header[3] = sequence;
    header.writeUIntLE(size, 4, 3);
    return Buffer.concat([header, content]);
  };
  const ping = packet(0, Buffer.of(14));
  for (const bytes of [
    frame(bomb, 100),
    frame(deflateSync(ping), 1000),
    frame(Buffer.alloc(300, 7), 5000),
    frame(ping, 0, 9),
  ]) {
    const raw = await RawClient.open(server.port);
    raw.socket.write(bytes);
    await raw.closed;
  }
  assert.deepEqual(await rowsOf('select 1'), [[1]]);
});

function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

/** A client that has logged in with compression and says what it is told to. */
class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  private bytes = Buffer.alloc(0);
  private onBytes: () => void = () => undefined;

  static async open(port: number): Promise<RawClient> {
    const client = new RawClient(connectSocket(port, '127.0.0.1'));
    await client.until('caching_sha2_password');
    client.bytes = Buffer.alloc(0);
    const hello = Buffer.concat([Buffer.from([0xad, 0xa2, 0x3f, 0x01, 0, 0, 0, 1, 255]), Buffer.alloc(23), Buffer.from('root\0\0test\0caching_sha2_password\0')]); // prettier-ignore
    client.socket.write(packet(1, hello));
    await client.until('\u0000\u0000\u0000\u0002\u0000');
    client.bytes = Buffer.alloc(0);
    return client;
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      this.bytes = Buffer.concat([this.bytes, part]);
      this.onBytes();
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  async until(text: string): Promise<void> {
    const seen = () => this.bytes.includes(text, 0, 'latin1') || this.content().includes(text, 0, 'latin1');
    while (!seen()) await new Promise<void>((resolve) => (this.onBytes = resolve));
  }

  frames(): { readonly size: number; readonly sequence: number }[] {
    const found = [];
    for (let at = 0; at + 7 <= this.bytes.length; at += 7 + this.bytes.readUIntLE(at, 3))
      found.push({ size: this.bytes.readUIntLE(at, 3), sequence: this.bytes[at + 3]! });
    return found;
  }

  /** What is in the frames so far. */
  private content(): Buffer {
    try {
      const parts: Buffer[] = [];
      let at = 0;
      for (const { size } of this.frames()) {
        const reader = new Compression('zlib', 0);
        const frame = Buffer.from(this.bytes.subarray(at, at + 7 + size));
        frame[3] = 0;
        reader.add(frame);
        parts.push(reader.next() ?? Buffer.alloc(0));
        at += 7 + size;
      }
      return Buffer.concat(parts);
    } catch {
      return Buffer.alloc(0);
    }
  }
}
