import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex, utf8 } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { KIND_DELETE, KIND_PUT } from '../mvcc/index.ts';
import {
  decodeEntry,
  EntryWriter,
  OP_COMMIT,
  OP_LOCK,
  OP_RAW_PUT,
  OP_UNLOCK,
  OP_VERSION,
  Write,
  WriteSet,
} from './index.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const write = fc.oneof(
  fc.tuple(bytes, bytes).map(([key, value]) => new Write(OP_VERSION, KIND_PUT, key, value, undefined, undefined)),
  bytes.map((key) => new Write(OP_VERSION, KIND_DELETE, key, undefined, undefined, undefined)),
  fc.tuple(bytes, bytes).map(([key, value]) => new Write(OP_LOCK, 0, key, value, undefined, undefined)),
  bytes.map((key) => new Write(OP_UNLOCK, 0, key, undefined, undefined, undefined)),
  bytes.map((key) => new Write(OP_COMMIT, KIND_PUT, key, undefined, undefined, undefined)),
  fc.tuple(bytes, bytes).map(([key, value]) => new Write(OP_RAW_PUT, 0, key, value, undefined, undefined)),
);
const set = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 1n << 63n }),
    fc.bigInt({ min: 0n, max: 1n << 63n }),
    fc.array(write, { maxLength: 8 }),
  )
  .map(([startTs, commitTs, writes]) => {
    const made = new WriteSet(startTs, commitTs);
    made.writes.push(...writes);
    return made;
  });

function show(sets: readonly WriteSet[]): string {
  return JSON.stringify(
    sets.map((one) => [
      String(one.startTs),
      String(one.commitTs),
      one.writes.map((w) => [w.op, w.kind, toHex(w.key), w.value === undefined ? null : toHex(w.value)]),
    ]),
  );
}

test('an entry comes back as it went, and any cut of it is an error or a shorter list of sets', () => {
  fc.assert(
    fc.property(fc.array(set, { maxLength: 5 }), fc.nat(), (sets, cut) => {
      const writer = new EntryWriter(1);
      for (const one of sets) writer.add(one);
      const entry = writer.finish();
      assert.equal(show(decodeEntry(entry)), show(sets));
      try {
        const part = decodeEntry(entry.subarray(0, cut % entry.length));
        assert.equal(show(part), show(sets.slice(0, part.length)));
      } catch (error) {
        assert(error instanceof RutileError && error.code === 'kv.corrupt');
      }
    }),
    { numRuns: 300, seed: 5 },
  );
});

test('the entry on disk, byte for byte; an unknown version is an error', () => {
  const one = new WriteSet(1n, 2n);
  one.writes.push(new Write(OP_VERSION, KIND_PUT, utf8('k'), utf8('v'), undefined, null));
  one.writes.push(new Write(OP_COMMIT, KIND_DELETE, utf8('k'), undefined, undefined, undefined));
  const writer = new EntryWriter(64);
  writer.add(one);
  assert.equal(toHex(writer.finish()), '01' + '0000000000000001' + '0000000000000002' + '02' + '31016b0176' + '42016b');
  assert.throws(() => decodeEntry(new Uint8Array([2])), { code: 'kv.unknown-format' });
  assert.throws(() => decodeEntry(new Uint8Array([1, 0, 0])), { code: 'kv.corrupt' });
});
