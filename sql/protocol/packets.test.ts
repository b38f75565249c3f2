import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SqlError } from '../../base/error.ts';
import { PAYLOAD_MAX } from './constants.ts';
import { PacketReader } from './packet-reader.ts';
import { PacketWriter } from './packet-writer.ts';

function packet(sequence: number, payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([
    Buffer.from([bytes.length & 255, (bytes.length >> 8) & 255, bytes.length >> 16, sequence]),
    bytes,
  ]);
}

function collector(messageMax = 1 << 26) {
  const messages: Buffer[] = [];
  const reader: PacketReader = new PacketReader(messageMax, (buffer, start, end) => {
    messages.push(Buffer.from(buffer.subarray(start, end)));
    reader.expect(0);
  });
  return { reader, messages };
}

test('messages come out whole however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (payloads, cuts) => {
        const stream = Buffer.concat(payloads.map((payload) => packet(0, Buffer.from(payload))));
        const { reader, messages } = collector();
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = cuts[i % cuts.length]!;
          reader.push(stream.subarray(at, at + size));
          at += size;
        }
        assert.deepEqual(
          messages.map((m) => m.toString('hex')),
          payloads.map((p) => Buffer.from(p).toString('hex')),
        );
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test('a message over 16 MB is split on the way out and joined on the way in', () => {
  for (const size of [PAYLOAD_MAX - 1, PAYLOAD_MAX, PAYLOAD_MAX + 1, 2 * PAYLOAD_MAX, 2 * PAYLOAD_MAX + 7]) {
    const payload = Buffer.alloc(size, 7);
    payload[0] = 1;
    payload[size - 1] = 9;
    const writer = new PacketWriter();
    writer.begin();
    writer.raw(payload);
    writer.finish();
    assert.equal(writer.sequence, Math.floor(size / PAYLOAD_MAX) + 1);
    const { reader, messages } = collector();
    const sent = writer.take();
    for (let at = 0; at < sent.length; at += 65536) reader.push(sent.subarray(at, at + 65536));
    assert.equal(messages.length, 1);
    assert.ok(messages[0]!.equals(payload), `size ${size}`);
  }
});

test('a message over max_allowed_packet is refused by its header', () => {
  const { reader } = collector(1000);
  assert.throws(
    () => reader.push(Buffer.from([0xe9, 0x03, 0, 0])),
    (error: SqlError) => error.errno === 1153,
  );
});

test('a packet out of order is refused', () => {
  const { reader } = collector();
  assert.throws(
    () => reader.push(packet(3, 'x')),
    (error: SqlError) => error.errno === 1156,
  );
});

test('a paused reader keeps what comes and goes on from there', () => {
  const messages: string[] = [];
  const reader: PacketReader = new PacketReader(1000, (buffer, start, end) => {
    messages.push(buffer.toString('utf8', start, end));
    reader.expect(0);
    reader.pause();
  });
  reader.push(Buffer.concat([packet(0, 'one'), packet(0, 'two'), packet(0, 'three').subarray(0, 5)]));
  assert.deepEqual(messages, ['one']);
  reader.resume();
  assert.deepEqual(messages, ['one', 'two']);
  reader.push(packet(0, 'three').subarray(5));
  reader.resume();
  assert.deepEqual(messages, ['one', 'two', 'three']);
});

test('length-encoded numbers and text', () => {
  const writer = new PacketWriter();
  for (const value of [0, 250, 251, 65535, 65536, 0xffffff, 0x1000000]) writer.lengthEncoded(value);
  writer.lengthEncoded(18446744073709551615n);
  assert.equal(writer.take().toString('hex'), '00fafcfb00fcfffffd000001fdfffffffe0000000100000000feffffffffffffffff');
  writer.lengthEncodedText('héllo');
  writer.lengthEncodedText('a'.repeat(100));
  writer.lengthEncodedText('é'.repeat(200));
  const sent = writer.take();
  assert.equal(sent[0], 6);
  assert.equal(sent[7], 100);
  assert.equal(sent.subarray(108, 111).toString('hex'), 'fc9001');
  writer.u64(-5);
  writer.u64(-9007199254740993n);
  writer.u64(9007199254740991);
  assert.equal(writer.take().toString('hex'), 'fbffffffffffffffffffffffffffdfffffffffffffff1f00');
});

test('a packet beyond the largest message is an error, and what was written of it can be dropped', () => {
  const out = new PacketWriter();
  out.messageMax = 100_000;
  out.begin();
  out.text('whole');
  out.finish();
  out.begin();
  assert.throws(
    () => {
      for (let i = 0; i < 1000; i++) out.lengthEncodedText('x'.repeat(1000));
    },
    { errno: 1153 },
  );
  out.abandon();
  out.abandon();
  assert.equal(out.take().toString('latin1'), '\x05\0\0\0whole');
});
