/** A scan over many regions of stores elsewhere: it looks ahead, boundedly, and whatever becomes of what it asked for, every row comes once and in order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RutileError } from '../../../base/error.ts';
import { type RegionDescriptor, ROW_SPACE } from '../../../proto/kv/region.ts';
import { KvBatch } from '../client.ts';
import type { StoreScanner } from '../store-port.ts';
import { createTestWorld } from '../testing.ts';
import { RegionFinder } from './region-finder.ts';
import { RoutedScanner } from './routed-scanner.ts';

const NOTHING = new Uint8Array(0);
const REGIONS = 60;

/** Region n holds one row, [n, 0]. */
function regions(): RegionDescriptor[] {
  return Array.from({ length: REGIONS }, (_, n) => ({
    id: n + 1,
    lower: n === 0 ? Uint8Array.of(ROW_SPACE) : Uint8Array.of(ROW_SPACE, n),
    upper: n + 1 === REGIONS ? Uint8Array.of(ROW_SPACE + 1) : Uint8Array.of(ROW_SPACE, n + 1),
    epoch: { confVersion: 1, version: 1 },
    peers: [{ id: n + 100, storeId: 1, role: 'voter' as const }],
  }));
}

/** `refuses`: calls of the region that are refused, ahead or not. */
function scan(refuses: (regionId: number) => boolean = () => false, upTo = NOTHING) {
  const all = regions();
  const seen = { asked: 0, ahead: new Set<number>(), aheadMost: 0, open: 0, lookUps: 0 };
  const finder = new RegionFinder({
    source: {
      regionByKey: () => assert.fail('one by one'),
      regionBelow: () => assert.fail('downwards'),
      regionsIn: (lower, _, limit) => {
        seen.lookUps++;
        return all.slice(lower[1] ?? 0, (lower[1] ?? 0) + limit).map((region) => ({ region, leaderStoreId: 1 }));
      },
    },
    storeOf: () => undefined,
    world: createTestWorld(),
    patienceMs: 1000,
    regionsMax: 1000,
  });
  const scanner = new RoutedScanner(finder, ROW_SPACE, { lower: NOTHING, upper: upTo }, false, ({ region }) => {
    let coming: Promise<void> | undefined;
    const ask = async (): Promise<void> => {
      seen.asked++;
      if (refuses(region.id)) throw new RutileError('kv.not-leader', 'not here', { fields: {} });
    };
    seen.open++;
    const one: StoreScanner = {
      ahead: () => {
        seen.ahead.add(region.id);
        seen.aheadMost = Math.max(seen.aheadMost, seen.ahead.size);
        coming = ask();
        coming.catch(() => undefined);
      },
      step: async (batch): Promise<'end'> => {
        seen.ahead.delete(region.id);
        await (coming ?? ask());
        batch.push(Uint8Array.of(region.id - 1, 0), NOTHING);
        return 'end';
      },
      close: () => {
        seen.ahead.delete(region.id);
        seen.open--;
      },
    };
    return one;
  });
  return { scanner, seen };
}

async function rows(scanner: RoutedScanner, countMax = Infinity): Promise<number[]> {
  const found: number[] = [];
  for (;;) {
    const batch = new KvBatch();
    const stepped = await scanner.step(batch, 10, undefined);
    for (let i = 0; i < batch.count; i++) found.push(batch.keyBytes[i]![0]!);
    if (stepped === 'end' || found.length >= countMax) return found;
  }
}

const EVERY = Array.from({ length: REGIONS }, (_, n) => n);

test('regions behind are asked for ahead, sixteen at most, each once', async () => {
  const { scanner, seen } = scan();
  assert.deepEqual(await rows(scanner), EVERY);
  // Its own, which was asked for while it was behind, and sixteen.
  assert.equal(seen.aheadMost, 17);
  assert.equal(seen.asked, REGIONS);
  assert.equal(seen.lookUps, 1);
  assert.equal(seen.open, 0);
});

test('a scan of few rows asks for little that nobody reads, and closes it', async () => {
  const { scanner, seen } = scan();
  assert.deepEqual(await rows(scanner, 3), [0, 1, 2]);
  assert(seen.asked <= 6, `${seen.asked} regions asked for three rows`);
  scanner.close();
  assert.equal(seen.open, 0);
});

test('nothing beyond the end of the range is asked for', async () => {
  const { scanner, seen } = scan(undefined, Uint8Array.of(20));
  assert.deepEqual(await rows(scanner), EVERY.slice(0, 20));
  assert.equal(seen.asked, 20);
});

test('what was asked for ahead and refused is asked for again when its turn comes', async () => {
  const refused = new Set<number>();
  const { scanner, seen } = scan((id) => id % 7 === 0 && refused.size < 100 && !refused.has(id) && !!refused.add(id));
  assert.deepEqual(await rows(scanner), EVERY);
  assert.equal(refused.size, Math.floor(REGIONS / 7));
  assert.equal(seen.open, 0);
});
