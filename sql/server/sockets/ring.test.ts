/** Frames between threads: what goes in comes out, in order and whole, however little room there is and however the two sides take turns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../base/random.ts';
import { Frame, type FrameKind, ringMemory, RingReader, RingWriter } from './ring.ts';

const RING_BYTES = 256 * 1024;

test('frames of all sizes arrive once, in order, through a ring that is mostly full', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed);
    const memory = ringMemory(RING_BYTES);
    const sent: string[] = [];
    const got: string[] = [];
    let asleep = false;
    let starved = false;
    const writer = new RingWriter(memory, () => {
      assert(asleep, 'only a reader that sleeps is woken');
      asleep = false;
    });
    const reader = new RingReader(
      memory,
      (connection, kind, payload) => {
        got.push(`${connection} ${kind} ${payload.length} ${payload.length === 0 ? 0 : payload[0]! + payload.at(-1)!}`);
      },
      () => (starved = true),
    );
    for (let step = 0; step < 2000; step++) {
      if (random.below(3) > 0) {
        const connection = random.below(2 ** 32);
        const kind = random.below(7) as FrameKind;
        const payload = Buffer.alloc([0, 5, 100, 3000, 60_000][random.below(5)]! + random.below(5), step);
        writer.add(connection, kind, payload);
        sent.push(
          `${connection} ${kind} ${payload.length} ${payload.length === 0 ? 0 : payload[0]! + payload.at(-1)!}`,
        );
      } else if (!asleep) {
        const count = reader.read(1 + random.below(40));
        if (count === 0) asleep = reader.sleep();
      }
      if (starved) {
        starved = false;
        writer.refill();
      }
    }
    for (let i = 0; i < 10_000 && got.length < sent.length; i++) {
      reader.read(100);
      writer.refill();
    }
    assert.deepEqual(got, sent, `seed ${seed}`);
    assert(!writer.isFull && reader.isEmpty);
  }
});

test('a payload that is longer than a piece comes in pieces', () => {
  const memory = ringMemory(1024 * 1024);
  const writer = new RingWriter(memory, () => undefined);
  const payload = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
  writer.add(7, Frame.Data, payload);
  const pieces: Buffer[] = [];
  new RingReader(memory, (connection, kind, piece) => {
    assert.deepEqual([connection, kind], [7, Frame.Data]);
    pieces.push(piece);
  }, () => undefined).read(100); // prettier-ignore
  assert.equal(pieces.length, 4);
  assert.deepEqual(Buffer.concat(pieces), payload);
});

test('a reader that went to sleep beside a frame stays awake', () => {
  const memory = ringMemory(RING_BYTES);
  let woken = 0;
  const writer = new RingWriter(memory, () => woken++);
  const reader = new RingReader(memory, () => undefined, () => undefined); // prettier-ignore
  assert(reader.sleep());
  writer.add(1, Frame.Data);
  writer.add(1, Frame.Data);
  assert.equal(woken, 1, 'told once');
  assert(!reader.sleep(), 'there is something to read');
  assert.equal(reader.read(10), 2);
  assert(reader.sleep());
});
