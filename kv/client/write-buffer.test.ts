/** The write buffer, by reference and packed, against a plain map: every form answers the same, over savepoints and the change between forms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, toHex, utf8 } from '../../base/bytes.ts';
import { PackedWrites } from './packed-writes.ts';
import { WriteBuffer } from './write-buffer.ts';

interface Model {
  readonly key: Uint8Array;
  readonly value: string | null;
  readonly mustNotExist: boolean;
}

/** Entries before the buffer of a run begins: few of them leave it by reference, many make it packed, some let it change on the way. */
const HEAD_STARTS = [0, 2040, 2100];

function valueOf(text: string | null): Uint8Array | null {
  return text === null ? null : utf8(text);
}

function check(buffer: WriteBuffer, model: ReadonlyMap<string, Model>): void {
  const expected = [...model.values()].sort((a, b) => compareBytes(a.key, b.key));
  assert.equal(buffer.count, expected.length);
  const found: Model[] = [];
  buffer.forEach(({ key, value, mustNotExist }) => {
    found.push({
      key: new Uint8Array(key),
      value: value === null ? null : new TextDecoder().decode(value),
      mustNotExist,
    });
  });
  assert.deepEqual(
    found,
    expected.map((one) => ({ ...one, key: new Uint8Array(one.key) })),
  );
  let size = 0;
  for (const { key, value } of expected) size += key.length + (value?.length ?? 0) + 16;
  assert.equal(buffer.sizeBytes, size);
}

test('a buffer answers as a map does, by reference and packed', () => {
  const key = fc.integer({ min: 0, max: 40 }).map((n) => utf8(`m${n * 7}`));
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('set' as const), key, fc.option(fc.string({ maxLength: 12, unit: 'grapheme-ascii' }), { nil: null }), fc.boolean()) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('save' as const)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('back' as const), fc.nat(3)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('look' as const), key, key) },
  ); // prettier-ignore
  fc.assert(
    fc.property(fc.constantFrom(...HEAD_STARTS), fc.array(step, { maxLength: 60 }), (head, steps) => {
      const buffer = new WriteBuffer();
      let model = new Map<string, Model>();
      const set = (bytes: Uint8Array, value: string | null, mustNotExist: boolean): void => {
        const before = model.get(toHex(bytes));
        buffer.set(bytes, valueOf(value), mustNotExist);
        model.set(toHex(bytes), { key: bytes, value, mustNotExist: before?.mustNotExist ?? mustNotExist });
      };
      const saved: { readonly mark: number; readonly model: Map<string, Model> }[] = [];
      if (head > 0) saved.push({ mark: buffer.savepoint(), model: new Map() });
      for (let i = 0; i < head; i++) set(utf8(`a${String(i).padStart(5, '0')}`), `v${i}`, i % 3 === 0);
      for (const one of steps) {
        if (one[0] === 'set') set(one[1], one[2], one[3]);
        else if (one[0] === 'save') saved.push({ mark: buffer.savepoint(), model: new Map(model) });
        else if (one[0] === 'back') {
          const to = saved[Math.max(0, saved.length - 1 - one[1])];
          if (to === undefined) continue;
          saved.length = saved.indexOf(to) + 1;
          buffer.rollbackTo(to.mark);
          model = new Map(to.model);
        } else {
          const [, lower, upper] = one;
          const keys = [...model.values()].map((entry) => entry.key).sort(compareBytes);
          const within = keys.filter((k) => compareBytes(k, lower) >= 0 && compareBytes(k, upper) < 0);
          assert.equal(buffer.anyIn(lower, upper), within.length > 0);
          assert.equal(buffer.anyIn(lower, undefined), keys.some((k) => compareBytes(k, lower) >= 0));
          const cursor = buffer.seek(lower);
          const first = keys.find((k) => compareBytes(k, lower) >= 0);
          assert.equal(cursor.valid, first !== undefined);
          if (first !== undefined) assert.equal(compareBytes(cursor.key, first), 0);
          const back = buffer.seekBefore(upper);
          const below = keys.filter((k) => compareBytes(k, upper) < 0).at(-1);
          assert.equal(back.valid, below !== undefined);
          if (below !== undefined) assert.equal(compareBytes(back.value.key, below), 0);
          const found = buffer.find(lower);
          const known = model.get(toHex(lower));
          assert.equal(found === undefined, known === undefined);
          if (known !== undefined) assert.deepEqual(found!.value === null ? null : new TextDecoder().decode(found!.value), known.value);
        }
      }
      check(buffer, model);
    }),
    { seed: 20251, numRuns: 150 },
  ); // prettier-ignore
});

test('packed entries of any size keep their bytes; what is overwritten without an undo log does not pile up', () => {
  const packed = new PackedWrites();
  const large = new Uint8Array(3 * 1024 * 1024).fill(7);
  const longKey = new Uint8Array(70_000).fill(1);
  const at = packed.set(longKey, large, true, packed.find(longKey));
  assert.deepEqual(packed.key(at), longKey);
  assert.equal(packed.value(at)!.length, large.length);
  assert.equal(packed.mustNotExist(at), true);
  const value = new Uint8Array(100_000);
  for (let i = 0; i < 200; i++) {
    const key = utf8(`k${i % 3}`);
    const before = packed.find(key);
    packed.set(key, value.fill(i), false, before);
    if (before >= 0) packed.waste(before);
  }
  assert.equal(packed.size, 4);
  assert.ok(packed.memoryBytes < 16 * 1024 * 1024, `${packed.memoryBytes} bytes`);
  assert.equal(packed.value(packed.find(utf8('k1')))![0], 199);
});
