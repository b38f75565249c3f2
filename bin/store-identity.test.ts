/** A cluster is founded once, whoever asks first, and by a store that did not hear the answer as well. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RutileError } from '../base/error.ts';
import { createNodeWorld } from '../base/node/index.ts';
import type { PlacementPort } from '../kv/placement/index.ts';
import { PlacementCore } from '../kv/placement/index.ts';
import type { FirstRegions } from '../proto/kv/placement.ts';
import { storeIdentity } from './store-identity.ts';

const world = createNodeWorld();
const root = mkdtempSync(join(tmpdir(), 'rutile-identity-'));
after(() => rmSync(root, { recursive: true }));
const record = { address: '127.0.0.1:1', version: '0' };

/** Placement's core behind a port that may lose its answers, or have no leader at first. */
class FakePlacement {
  readonly core = new PlacementCore();
  clusterId = 77;
  leaderless = 0;
  answersLost = 0;
  private nextId = 1;

  port(): PlacementPort {
    return {
      members: () => ({ clusterId: this.leaderless-- > 0 ? 0 : this.clusterId, members: [], leaderId: 1 }),
      allocateIds: (count: number) => (this.nextId += count) - count,
      bootstrap: async ({ store, regions }: FirstRegions) => {
        const result = this.core.apply({ kind: 'found', store, regions: regions.map((region) => ({ ...region, peers: region.peers.map(({ id, storeId }) => ({ id, storeId, role: 'voter' as const })), leader: undefined })) });
        if (this.answersLost-- > 0) throw new RutileError('placement.unavailable', 'the answer is lost');
        return result.kind === 'founded' && result.first;
      },
    } as unknown as PlacementPort; // prettier-ignore
  }
}

function folder(): string {
  return mkdtempSync(join(root, 'store-'));
}

test('the first store founds, the second joins; both are who they were after a restart', async () => {
  const placement = new FakePlacement();
  placement.leaderless = 2;
  const [a, b] = [folder(), folder()];
  const [first, second] = await Promise.all([a, b].map((path) => storeIdentity(world, placement.port(), path, record)));
  const founders = [first!, second!].filter(({ firstRegion }) => firstRegion !== undefined);
  assert.equal(founders.length, 1);
  assert.notEqual(first!.storeId, second!.storeId);
  first!.settle();
  second!.settle();
  const again = await storeIdentity(world, placement.port(), a, record);
  assert.equal(again.storeId, first!.storeId);
  assert.equal(again.firstRegion, undefined);
});

test('a founder whose answer was lost, and one that died before it made its region, are founders still', async () => {
  const placement = new FakePlacement();
  placement.answersLost = 3;
  const path = folder();
  const founder = await storeIdentity(world, placement.port(), path, record);
  assert.ok(founder.firstRegion);
  const again = await storeIdentity(world, placement.port(), path, record);
  assert.deepEqual(again.firstRegion, founder.firstRegion);
});

test('a folder of another cluster, and one that cannot be read, are refused', async () => {
  const placement = new FakePlacement();
  const path = folder();
  (await storeIdentity(world, placement.port(), path, record)).settle();
  placement.clusterId = 78;
  await assert.rejects(storeIdentity(world, placement.port(), path, record), { code: 'data.other-cluster' });
  assert.match(readFileSync(join(path, 'STORE'), 'utf8'), /^\{"cluster":77,"store":1\}/);
  writeFileSync(join(path, 'STORE'), 'x');
  await assert.rejects(storeIdentity(world, placement.port(), path, record), { code: 'data.corrupt' });
});
