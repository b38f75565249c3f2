/** Three members of placement over real sockets and disks, and a client that follows the leader. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createNodeWorld } from '../../base/node/index.ts';
import type { Instruction, RegionReport } from '../../proto/kv/placement.ts';
import { encodeRegion, type RegionDescriptor } from '../../proto/kv/region.ts';
import { type MemberAddress, PlacementMember, Steward, toTimestamp } from '../placement/index.ts';
import { type GrpcListener, MemberLinks, openPlacementServer, PlacementClient, stewardFacts } from './index.ts';

const NO_KEY = new Uint8Array(0);
const HOST = '127.0.0.1';

interface Running {
  readonly member: PlacementMember;
  readonly steward: Steward;
  readonly door: GrpcListener;
  readonly address: MemberAddress;
  close(): Promise<void>;
}

test('three members: a beginning, timestamps, reports and what comes back; the leader dies and another goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-placement-'));
  const members = await openGroup(folder);
  const client = new PlacementClient({
    world: createNodeWorld(),
    addresses: members.map(({ address }) => address.clientUrl.replace('http://', '')),
  });
  try {
    const first = await patiently(() => client.timestamps(10));
    const again = await client.timestamps(10);
    assert(toTimestamp(again.physical, again.logical) >= toTimestamp(first.physical, first.logical) + 10n);
    const { leaderId, members: known } = await client.members();
    assert.deepEqual(
      known.map(({ id, name }) => [id, name]),
      [
        [1, 'p1'],
        [2, 'p2'],
        [3, 'p3'],
      ],
    );
    const follower = members.find(({ address }) => address.id !== leaderId)!;
    await assert.rejects(follower.steward.isBootstrapped(), { code: 'placement.not-leader' });

    assert.equal(await client.isBootstrapped(), false);
    const id = await client.allocateIds(3);
    const [storeId, regionId, peerId] = [id, id + 1, id + 2];
    const region: RegionDescriptor = { id: regionId, lower: NO_KEY, upper: NO_KEY, epoch: { confVersion: 1, version: 1 }, peers: [{ id: peerId, storeId, role: 'voter' }] }; // prettier-ignore
    const store = { id: storeId, address: 'a:1', state: 'up' as const, version: '1', labels: { zone: 'z' } };
    assert.equal(await client.bootstrap({ store, regions: [region] }), true);
    // Asked again since the answer was lost, and by another store.
    assert.equal(await client.bootstrap({ store, regions: [region] }), true);
    assert.equal(await client.bootstrap({ store, regions: [{ ...region, id: regionId + 500 }] }), false);
    await client.putStore({ ...store, address: 'a:2' });
    assert.equal((await client.stores())[0]!.address, 'a:2');
    const other = { id: storeId + 100, address: 'b:1', state: 'up' as const, version: '1' };
    await client.putStore(other);
    await assert.rejects(client.putStore({ ...other, id: storeId + 200 }), { code: 'placement.duplicate-address' });

    const instructions: Instruction[] = [];
    let losses = 0;
    const handlers = { instruct: (one: Instruction) => void instructions.push(one), lost: () => void losses++ };
    const way = client.openReports(storeId, handlers);
    way.report(reportOf(region, peerId));
    const located = await patiently(async () => (await client.regionByKey(Uint8Array.of(0x78))) ?? Promise.reject(new Error('not yet'))); // prettier-ignore
    assert.equal(located.leaderPeerId, peerId);
    assert.deepEqual(encodeRegion(located.region), encodeRegion(region));
    assert.equal(await client.previousRegion(Uint8Array.of(0x78)), undefined);
    assert.deepEqual(await client.scanRegions(NO_KEY, NO_KEY, 0), [located]);
    assert.equal((await client.askSplit(region, 2)).length, 2);
    assert.equal(await client.reportStore(storeReport(storeId)), 'accepted');
    assert.equal(await client.reportStore(storeReport(storeId + 999)), 'buried');
    const leader = members.find(({ address }) => address.id === leaderId)!;
    const body = { name: 'split-region', region_id: regionId, policy: 'approximate' };
    assert.equal((await leader.steward.api('POST', '/pd/api/v1/operators', body)).status, 200);
    await patiently(() => (instructions.length > 0 ? undefined : Promise.reject(new Error('not yet'))));
    assert.deepEqual(instructions[0]!.step, { kind: 'split', policy: 'approximate', keys: [] });
    await client.holdForService('backup', 5n, 60_000);
    assert.equal(await client.advanceSafePoint(9n), 5n);

    const last = await client.timestamps(1);
    await leader.close();
    members.splice(members.indexOf(leader), 1);
    const next = await patiently(() => client.timestamps(1));
    assert(toTimestamp(next.physical, next.logical) > toTimestamp(last.physical, last.logical));
    assert.equal(losses, 1);
    assert.equal(await patiently(() => client.isBootstrapped()), true);
    assert.equal(await client.safePoint(), 5n);
    assert((await client.allocateIds(1)) > id + 3);
  } finally {
    client.close();
    for (const one of members) await one.close();
    rmSync(folder, { recursive: true });
  }
});

async function openGroup(folder: string): Promise<Running[]> {
  const doors = await Promise.all([1, 2, 3].map(() => freePort()));
  const founders = doors.map((port, i): MemberAddress => ({ id: i + 1, name: `p${i + 1}`, clientUrl: `http://${HOST}:${port}` })); // prettier-ignore
  return Promise.all(
    founders.map(async (address, i) => {
      const world = createNodeWorld();
      const addresses = new Map(founders.map(({ id, clientUrl }) => [id, clientUrl.replace('http://', '')]));
      const links = new MemberLinks({ world, selfId: address.id, addresses });
      const member = await PlacementMember.open(world, { folder: join(folder, address.name), self: address, founders, transport: links }); // prettier-ignore
      links.attach(member);
      const steward = new Steward(world, member, { version: '1.0.0' });
      const facts = stewardFacts(steward, { ...address, clientUrl: () => address.clientUrl });
      const door = await openPlacementServer({ host: HOST, port: doors[i]!, flag: '--placement-port', facts, bounds: 'raw', stores: steward, raft: links.receiver }); // prettier-ignore
      const close = async (): Promise<void> => {
        steward.close();
        links.close();
        await door.close(0);
        await member.close();
      };
      return { member, steward, door, address, close };
    }),
  );
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, HOST, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** As a client does: what passes is asked again. */
async function patiently<T>(ask: () => T | Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt > 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function reportOf(region: RegionDescriptor, leaderPeerId: number): RegionReport {
  return {
    region, term: 6, leaderPeerId, pendingPeerIds: [], downPeers: [], sizeBytes: 1024, keys: 1, intervalSeconds: 10, bytesWritten: 0, bytesRead: 0, keysWritten: 0, keysRead: 0, queries: 0,
  }; // prettier-ignore
}

function storeReport(storeId: number) {
  return {
    storeId, capacityBytes: 1e9, availableBytes: 5e8, usedBytes: 5e8, regionCount: 1, sendingSnapshots: 0, receivingSnapshots: 0, applyingSnapshots: 0, busy: false, slowScore: 1,
    startTimeS: 0, intervalSeconds: 10, bytesWritten: 0, bytesRead: 0, keysWritten: 0, keysRead: 0,
  }; // prettier-ignore
}
