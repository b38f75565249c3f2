/** Hot pages against the engine they stand for: random reads, scans and writes must answer as the engine does, whatever is cached. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, utf8 } from '../../base/bytes.ts';
import { MemoryEngine } from '../engine/memory.ts';
import {
  encodeRecord,
  HotPages,
  historyKey,
  KIND_DELETE,
  KIND_PUT,
  LockTable,
  Reader,
  ReadTs,
  recordCommitTs,
  Versions,
} from './index.ts';

const RUNS = Number(process.env['RUTILE_RUNS'] ?? 150);

/** One writer over the engine, with the pages under test and a reader without pages as the oracle. */
class Rig {
  readonly engine = new MemoryEngine();
  readonly pages: HotPages;
  readonly hot: Reader;
  readonly cold: Reader;
  now = 1n;

  constructor(sizeBytesMax: number) {
    this.pages = new HotPages(this.engine, { family: 'latest', sizeBytesMax });
    const locks = new LockTable();
    this.hot = new Reader(new Versions(this.engine, this.pages), locks);
    this.cold = new Reader(new Versions(this.engine, undefined), locks);
  }

  write(key: Uint8Array, value: Uint8Array | undefined): void {
    const ts = ++this.now;
    const old = this.engine.get('latest', key);
    const batch = this.engine.batch();
    if (old !== undefined) batch.put('history', historyKey(key, recordCommitTs(old, 0), 0), old);
    const record = encodeRecord(value === undefined ? KIND_DELETE : KIND_PUT, ts, ts - 1n, value);
    batch.put('latest', key, record);
    this.engine.write(batch);
    this.pages.put(key, record);
  }

  forget(key: Uint8Array): void {
    const batch = this.engine.batch();
    batch.delete('latest', key);
    this.engine.write(batch);
    this.pages.remove(key);
  }

  scan(
    reader: Reader,
    lower: Uint8Array,
    upper: Uint8Array | undefined,
    ts: bigint,
    reverse: boolean,
    step: number,
  ): string[] {
    const found: string[] = [];
    const scan = reader.scan({ lower, upper }, new ReadTs(ts), { reverse, long: false, limit: step });
    for (;;) {
      const sink = {
        count: 0,
        pushSlice(kb: Uint8Array, ks: number, ke: number, vb: Uint8Array, vs: number, ve: number) {
          this.count++;
          found.push(`${hex(kb.subarray(ks, ke))}=${hex(vb.subarray(vs, ve).subarray(0, 8))}/${ve - vs}`);
        },
      };
      const result = scan.step(sink, step, undefined);
      if (result === 'end') return found;
      assert.equal(result, 'more');
      assert(sink.count <= step);
    }
  }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const keyArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 400 }).map((n) => utf8(`t${String(n).padStart(4, '0')}`)) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }) },
);
const sizeArbitrary = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8000, max: 9000 }) },
);
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), key: keyArbitrary, size: sizeArbitrary }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), key: keyArbitrary }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), key: keyArbitrary }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('get' as const),
      key: keyArbitrary,
      age: fc.integer({ min: 0, max: 20 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('scan' as const),
      from: keyArbitrary,
      to: fc.option(keyArbitrary, { nil: undefined }),
      reverse: fc.boolean(),
      step: fc.integer({ min: 1, max: 90 }),
      age: fc.integer({ min: 0, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), from: keyArbitrary, to: keyArbitrary }) },
);

for (const [name, sizeBytesMax] of [
  ['with room for all', 1 << 24],
  ['with room for a few pages', 16 * 1024],
  ['with room for none', 1],
] as const) {
  test(`pages answer as the engine does, ${name}`, () => {
    fc.assert(
      fc.property(
        fc.array(operation, { minLength: 1, maxLength: 120, size: 'max' }),
        fc.integer({ min: 0, max: 500 }),
        (operations, preload) => {
          const rig = new Rig(sizeBytesMax);
          for (let i = 0; i < preload; i++)
            rig.write(utf8(`t${String(i).padStart(4, '0')}`), new Uint8Array((i * 7) % 40).fill(i));
          for (const step of operations) {
            switch (step.kind) {
              case 'put':
                rig.write(step.key, new Uint8Array(step.size).fill(step.size));
                break;
              case 'delete':
                rig.write(step.key, undefined);
                break;
              case 'forget':
                rig.forget(step.key);
                break;
              case 'get': {
                const ts = new ReadTs(max(0n, rig.now - BigInt(step.age)));
                const expected = rig.cold.get(step.key, ts, undefined);
                // Thrice: the third miss near one place loads its page.
                for (let i = 0; i < 4; i++)
                  assert.deepEqual(plain(rig.hot.get(step.key, ts, undefined)), plain(expected));
                break;
              }
              case 'scan': {
                const ts = max(0n, rig.now - BigInt(step.age));
                const expected = rig.scan(rig.cold, step.from, step.to, ts, step.reverse, step.step);
                assert.deepEqual(rig.scan(rig.hot, step.from, step.to, ts, step.reverse, step.step), expected);
                break;
              }
              case 'drop':
                if (compareBytes(step.from, step.to) < 0) rig.pages.dropRange(step.from, step.to);
                break;
            }
            rig.pages.check();
            assert(rig.pages.sizeBytes <= sizeBytesMax + 600_000, 'pages stay within their bound and one load');
          }
        },
      ),
      { numRuns: RUNS, seed: 20240601 },
    );
  });
}

test('slices that were handed out never change', () => {
  const rig = new Rig(1 << 20);
  for (let i = 0; i < 50; i++) rig.write(utf8(`k${i}`), utf8(`value ${i}`));
  rig.scan(rig.hot, new Uint8Array(0), undefined, rig.now, false, 100);
  const ts = new ReadTs(rig.now);
  const held = rig.hot.get(utf8('k7'), ts, undefined) as Uint8Array;
  for (let round = 0; round < 200; round++) rig.write(utf8('k7'), utf8(`round ${round}`));
  assert.equal(Buffer.from(held).toString(), 'value 7');
  assert.equal(Buffer.from(rig.hot.get(utf8('k7'), ts, undefined) as Uint8Array).toString(), 'value 7');
  assert(rig.pages.hits > 0);
});

test('what is not there is known too: an empty interval answers without the engine', () => {
  const rig = new Rig(1 << 20);
  rig.write(utf8('a'), utf8('1'));
  rig.write(utf8('m'), utf8('1'));
  rig.scan(rig.hot, new Uint8Array(0), undefined, rig.now, false, 100);
  const misses = rig.pages.misses;
  for (const key of ['b', 'l', 'z']) assert.equal(rig.hot.get(utf8(key), new ReadTs(rig.now), undefined), undefined);
  assert.equal(rig.pages.misses, misses);
});

function plain(value: unknown): string {
  return value instanceof Uint8Array ? `${value.length}:${hex(value.subarray(0, 8))}` : String(value);
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

test('a key handed in as a Buffer, a view of a message, is neither changed nor kept', () => {
  const rig = new Rig(1 << 20);
  const names = Array.from({ length: 40 }, (_, i) => utf8(`raw-${i}`));
  for (const name of names) rig.write(name, name);
  const message = Buffer.from('raw-3');
  for (let i = 0; i < 8; i++) {
    const found = rig.pages.find(message) !== -1 || rig.pages.warm(message);
    if (found) assert.equal(rig.pages.find(message), 1, 'the key is there');
    assert.equal(message.toString(), 'raw-3');
  }
  message.fill(0xff);
  rig.pages.check();
  for (const name of names) assert.equal(rig.pages.find(name), 1);
});

test('long scans fill what room there is and answer as the engine does, with writes in between', async () => {
  const key = fc.integer({ min: 0, max: 400 }).map((n) => utf8(`k${String(n).padStart(4, '0')}`));
  const write = fc.tuple(key, fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 50, maxLength: 400 }),
      fc.array(fc.array(write, { maxLength: 20 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0, 6_000, 30_000, 1 << 20),
      fc.integer({ min: 1, max: 200 }),
      fc.boolean(),
      async (before, rounds, sizeBytesMax, step, reverse) => {
        const rig = new Rig(sizeBytesMax);
        const put = ([name, size]: readonly [Uint8Array, number | undefined]) =>
          rig.write(name, size === undefined ? undefined : new Uint8Array(size).fill(7));
        before.forEach(put);
        for (const round of rounds) {
          const ts = rig.now;
          const expected = rig.scan(rig.cold, utf8('k'), undefined, ts, reverse, step);
          const found: string[] = [];
          const settings = { reverse, long: true, limit: 64 };
          const scan = rig.hot.scan({ lower: utf8('k'), upper: undefined }, new ReadTs(ts), settings);
          const writes = [...round];
          for (;;) {
            const sink = {
              count: 0,
              pushSlice(kb: Uint8Array, ks: number, ke: number, vb: Uint8Array, vs: number, ve: number) {
                this.count++;
                found.push(`${hex(kb.subarray(ks, ke))}=${hex(vb.subarray(vs, ve).subarray(0, 8))}/${ve - vs}`);
              },
            };
            const result = await scan.step(sink, step, undefined);
            if (result === 'end') break;
            // Newer than the scan: it must look past them.
            for (const one of writes.splice(0, 3)) put(one);
            if (writes.length % 2 === 1) rig.pages.find(writes[0]![0]);
          }
          assert.deepEqual(found, expected);
          rig.pages.check();
        }
      },
    ),
    { numRuns: RUNS, seed: 11 },
  );
});
