/**
 * What every engine must do, as tests that take a way to open one. `../conformance.test.ts` runs them on RocksDB and on memory; an engine
 * that passes can stand below kv/mvcc. The property test drives an engine and a sorted map with the same random commands,
 * held-open views and iterators included, and compares every answer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, fromHex, fromUtf8, toHex, utf8 } from '../../../base/bytes.ts';
import { LIMITS } from '../../../base/limits.ts';
import {
  COLUMN_FAMILIES,
  type ColumnFamily,
  type Engine,
  type EngineIterator,
  type Readable,
  type View,
} from '../engine.ts';

export function testEngine(name: string, open: () => Promise<Engine>): void {
  const scene = (title: string, run: (engine: Engine) => void | Promise<void>): void => {
    test(`${name}: ${title}`, async () => {
      const engine = await open();
      try {
        await run(engine);
      } finally {
        await engine.close();
      }
    });
  };

  scene('families do not see each other, a missing key is undefined', (engine) => {
    put(engine, 'latest', { a: '1' });
    put(engine, 'raw', { a: '2', b: '' });
    assert.equal(text(engine.get('latest', utf8('a'))), '1');
    assert.equal(text(engine.get('raw', utf8('a'))), '2');
    assert.equal(text(engine.get('raw', utf8('b'))), '');
    assert.equal(engine.get('latest', utf8('b')), undefined);
    assert.deepEqual(engine.getMany('raw', [utf8('b'), utf8('x'), utf8('a')]).map(text), ['', undefined, '2']);
    assert.deepEqual(engine.getMany('raw', []), []);
  });

  scene('a batch copies what it is given', (engine) => {
    const key = utf8('k1');
    const value = utf8('v1');
    const batch = engine.batch();
    batch.put('latest', key, value);
    key[1] = 0x32;
    value[1] = 0x32;
    batch.delete('lock', key);
    key[1] = 0x33;
    assert.equal(batch.count, 2);
    assert.equal(batch.sizeBytes, 6);
    engine.write(batch);
    assert.equal(text(engine.get('latest', utf8('k1'))), 'v1');
  });

  scene('a batch is written once', (engine) => {
    const batch = engine.batch();
    batch.put('latest', utf8('a'), utf8('1'));
    engine.write(batch, { synced: true });
    assert.throws(() => engine.write(batch), /written twice/);
    assert.throws(() => batch.put('latest', utf8('b'), utf8('1')), /written batch/);
  });

  scene('an empty key is refused', (engine) => {
    assert.throws(() => engine.batch().put('latest', new Uint8Array(0), utf8('1')), /empty key/);
  });

  scene('order is bytewise and unsigned; bounds are half-open, both ways', (engine) => {
    const keys = ['00', '01', '01ff', '7f', '80', 'ff', 'ff00', 'ffff'].map(fromHex);
    const batch = engine.batch();
    for (const key of keys.toReversed()) batch.put('latest', key, key);
    engine.write(batch);
    const scan = (lower: string | undefined, upper: string | undefined, reverse = false): string[] =>
      drain(
        engine.iterator('latest', {
          lower: lower === undefined ? undefined : fromHex(lower),
          upper: upper === undefined ? undefined : fromHex(upper),
          reverse,
        }),
        3,
      ).map(([key]) => key);
    assert.deepEqual(scan(undefined, undefined), keys.map(toHex));
    assert.deepEqual(scan('01', 'ff'), ['01', '01ff', '7f', '80']);
    assert.deepEqual(scan('0100', '80'), ['01ff', '7f']);
    assert.deepEqual(scan(undefined, '01'), ['00']);
    assert.deepEqual(scan('ff', undefined), ['ff', 'ff00', 'ffff']);
    assert.deepEqual(scan(undefined, undefined, true), keys.map(toHex).toReversed());
    assert.deepEqual(scan('01', 'ff', true), ['80', '7f', '01ff', '01']);
    assert.deepEqual(scan('80', '80'), []);
    assert.deepEqual(scan('90', '80'), []);
    assert.deepEqual(scan('90', 'a0'), []);
  });

  scene('a range deletion takes what is there, what its batch put before it, and nothing put after it', (engine) => {
    put(engine, 'latest', { a: '1', b: '1', c: '1', d: '1' });
    put(engine, 'raw', { b: '1' });
    const batch = engine.batch();
    batch.put('latest', utf8('bb'), utf8('2'));
    batch.put('latest', utf8('e'), utf8('2'));
    batch.deleteRange('latest', { lower: utf8('b'), upper: utf8('d') });
    batch.put('latest', utf8('c'), utf8('3'));
    batch.put('latest', utf8('cc'), utf8('3'));
    batch.delete('latest', utf8('cc'));
    batch.deleteRange('latest', { lower: utf8('z'), upper: utf8('a') });
    engine.write(batch);
    assert.deepEqual(all(engine, 'latest'), ['a=1', 'c=3', 'd=1', 'e=2']);
    assert.deepEqual(all(engine, 'raw'), ['b=1']);
  });

  scene('a range deletion decides when the batch is written, not when it is made', (engine) => {
    const batch = engine.batch();
    batch.deleteRange('latest', { lower: utf8('a'), upper: utf8('z') });
    put(engine, 'latest', { b: '1' });
    engine.write(batch);
    assert.deepEqual(all(engine, 'latest'), []);
  });

  scene('a large range goes in one batch with the rest', (engine) => {
    const count = LIMITS.deleteRangeKeysInBatchMax + 10;
    const load = engine.batch();
    for (let i = 0; i < count; i++) load.put('raw', utf8(`k${String(i).padStart(8, '0')}`), utf8('v'));
    load.put('raw', utf8('l'), utf8('stays'));
    engine.write(load);
    const view = engine.view(['raw']);
    const batch = engine.batch();
    batch.put('raw', utf8('k-early'), utf8('1'));
    batch.deleteRange('raw', { lower: utf8('k'), upper: utf8('l') });
    batch.put('raw', utf8('k00000001'), utf8('new'));
    engine.write(batch);
    assert.deepEqual(all(engine, 'raw'), ['k00000001=new', 'l=stays']);
    assert.equal(drain(view.iterator('raw', { lower: undefined, upper: undefined }), 5000).length, count + 1);
    view.close();
  });

  scene('views and iterators stay still', async (engine) => {
    put(engine, 'latest', { a: '1', b: '1' });
    put(engine, 'lock', { a: 'L' });
    const view = engine.view();
    const some = engine.view(['latest']);
    const iterator = engine.iterator('latest', { lower: undefined, upper: undefined });
    put(engine, 'latest', { a: '2', c: '2' });
    const batch = engine.batch();
    batch.delete('lock', utf8('a'));
    batch.delete('latest', utf8('b'));
    engine.write(batch);
    assert.equal(text(view.get('latest', utf8('a'))), '1');
    assert.equal(view.get('latest', utf8('c')), undefined);
    assert.equal(text(view.get('lock', utf8('a'))), 'L');
    assert.deepEqual((await view.getManyAsync('latest', [utf8('b'), utf8('c')])).map(text), ['1', undefined]);
    assert.deepEqual(all(view, 'latest'), ['a=1', 'b=1']);
    assert.deepEqual(all(some, 'latest'), ['a=1', 'b=1']);
    assert.throws(() => some.get('lock', utf8('a')), /not made for/);
    assert.deepEqual((await iterator.nextAsync(10)).keys.map(fromUtf8), ['a', 'b']);
    assert.deepEqual(all(engine, 'latest'), ['a=2', 'c=2']);
    iterator.close();
    view.close();
    some.close();
    assert.throws(() => view.get('latest', utf8('a')), /closed view/);
  });

  scene('cursors of one view do not disturb each other', (engine) => {
    put(engine, 'latest', { a: '1', b: '2', c: '3', d: '4' });
    const view = engine.view(['latest']);
    const bounds = { lower: undefined, upper: undefined };
    const up = view.iterator('latest', bounds);
    const down = view.iterator('latest', { ...bounds, reverse: true });
    const other = view.iterator('latest', { lower: utf8('b'), upper: utf8('d') });
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) {
      for (const cursor of [up, down, other]) seen.push(cursor.next(1).keys.map(fromUtf8).join() || '-');
      view.get('latest', utf8('d'));
    }
    assert.deepEqual(seen, ['a', 'd', 'b', 'b', 'c', 'c', 'c', 'b', '-', 'd', 'a', '-']);
    view.close();
  });

  scene('a closed iterator may be closed again, and is not read', async (engine) => {
    put(engine, 'latest', { a: '1' });
    const iterator = engine.iterator('latest', { lower: undefined, upper: undefined });
    const step = iterator.nextAsync(1);
    iterator.close();
    iterator.close();
    await step;
    assert.throws(() => iterator.next(1), /closed iterator/);
  });

  test(`${name}: a closed engine says so`, async () => {
    const engine = await open();
    await engine.close();
    assert.throws(() => engine.get('latest', utf8('a')), { code: 'engine.closed' });
    assert.throws(() => engine.view(), { code: 'engine.closed' });
  });

  test(`${name}: equals a sorted map under random commands`, async () => {
    const engine = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 60, size: 'max' }), async (commands) => {
        const wipe = engine.batch();
        for (const family of COLUMN_FAMILIES)
          wipe.deleteRange(family, { lower: Uint8Array.of(0), upper: new Uint8Array(9).fill(0xff) });
        engine.write(wipe);
        let model = new Model();
        const views: { view: View; model: Model }[] = [];
        for (const one of commands) {
          if (one.kind === 'write') {
            const batch = engine.batch();
            model = model.copy();
            for (const operation of one.operations) {
              const family = COLUMN_FAMILIES[operation.family]!;
              if (operation.kind === 'put') batch.put(family, operation.key, operation.value);
              else if (operation.kind === 'delete') batch.delete(family, operation.key);
              else batch.deleteRange(family, { lower: operation.key, upper: operation.upper });
              model.apply(family, operation);
            }
            engine.write(batch, { synced: one.synced });
          } else if (one.kind === 'view') {
            if (views.length < 4) views.push({ view: engine.view(), model });
            else views.shift()!.view.close();
          } else {
            await compare(engine, model, one);
            for (const held of views) await compare(held.view, held.model, one);
          }
        }
        for (const held of views) held.view.close();
      }),
      { seed: 3, numRuns: 80 },
    );
    await engine.close();
  });
}

/** Few, short keys: they must meet. */
const keys = fc
  .uint8Array({ minLength: 1, maxLength: 3, max: 3 })
  .map((key) => key.map((byte) => (byte === 3 ? 0xff : byte)));
const families = fc.nat({ max: COLUMN_FAMILIES.length - 1 });
const operation = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      family: families,
      key: keys,
      value: fc.uint8Array({ maxLength: 4 }),
    }),
    weight: 6,
  },
  { arbitrary: fc.record({ kind: fc.constant('delete' as const), family: families, key: keys }), weight: 2 },
  {
    arbitrary: fc.record({ kind: fc.constant('delete-range' as const), family: families, key: keys, upper: keys }),
    weight: 1,
  },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
const command = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      operations: fc.array(operation, { maxLength: 12, size: 'max' }),
      synced: fc.boolean(),
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: fc.constant('view' as const) }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      family: families,
      keys: fc.array(keys, { maxLength: 5 }),
      lower: fc.option(keys, { nil: undefined }),
      upper: fc.option(keys, { nil: undefined }),
      reverse: fc.boolean(),
      step: fc.integer({ min: 1, max: 7 }),
    }),
    weight: 5,
  },
);
type Read = Extract<typeof command extends fc.Arbitrary<infer T> ? T : never, { kind: 'read' }>;

async function compare(readable: Readable, model: Model, read: Read): Promise<void> {
  const family = COLUMN_FAMILIES[read.family]!;
  const expected = read.keys.map((key) => model.get(family, key));
  const hex = (values: (Uint8Array | undefined)[]): (string | undefined)[] =>
    values.map((value) => value && toHex(value));
  assert.deepEqual(hex(readable.getMany(family, read.keys)), expected);
  assert.deepEqual(hex(await readable.getManyAsync(family, read.keys)), expected);
  for (const key of read.keys) assert.equal(hex([readable.get(family, key)])[0], model.get(family, key));
  const { lower, upper, reverse } = read;
  assert.deepEqual(
    drain(readable.iterator(family, { lower, upper, reverse }), read.step),
    model.scan(family, lower, upper, reverse),
  );
}

/** The simplest thing that is right. */
class Model {
  private readonly maps: ReadonlyMap<ColumnFamily, Map<string, string>>;

  constructor(from?: Model) {
    this.maps = new Map(COLUMN_FAMILIES.map((family) => [family, new Map(from?.maps.get(family))]));
  }

  copy(): Model {
    return new Model(this);
  }

  get(family: ColumnFamily, key: Uint8Array): string | undefined {
    return this.maps.get(family)!.get(toHex(key));
  }

  apply(family: ColumnFamily, change: Operation): void {
    const map = this.maps.get(family)!;
    if (change.kind === 'put') map.set(toHex(change.key), toHex(change.value));
    else if (change.kind === 'delete') map.delete(toHex(change.key));
    else for (const [key] of this.scan(family, change.key, change.upper, false)) map.delete(key);
  }

  scan(
    family: ColumnFamily,
    lower: Uint8Array | undefined,
    upper: Uint8Array | undefined,
    reverse: boolean,
  ): [string, string][] {
    const found = [...this.maps.get(family)!]
      .filter(
        ([key]) =>
          (!lower || compareBytes(fromHex(key), lower) >= 0) && (!upper || compareBytes(fromHex(key), upper) < 0),
      )
      .sort(([left], [right]) => compareBytes(fromHex(left), fromHex(right)));
    return reverse ? found.reverse() : found;
  }
}

function drain(iterator: EngineIterator, step: number): [string, string][] {
  const pairs: [string, string][] = [];
  for (;;) {
    const { keys: found, values, finished } = iterator.next(step);
    found.forEach((key, i) => pairs.push([toHex(key), toHex(values[i]!)]));
    if (finished) break;
  }
  iterator.close();
  return pairs;
}

function all(readable: Readable, family: ColumnFamily): string[] {
  return drain(readable.iterator(family, { lower: undefined, upper: undefined }), 100).map(
    ([key, value]) => `${fromUtf8(fromHex(key))}=${fromUtf8(fromHex(value))}`,
  );
}

function put(engine: Engine, family: ColumnFamily, pairs: Readonly<Record<string, string>>): void {
  const batch = engine.batch();
  for (const [key, value] of Object.entries(pairs)) batch.put(family, utf8(key), utf8(value));
  engine.write(batch);
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && fromUtf8(bytes);
}
