/** Real stores over real sockets in one process: regions grow, split, move by snapshot and change leaders as they do between machines. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { fromUtf8, utf8 } from '../base/bytes.ts';
import { RutileError } from '../base/error.ts';
import { createNodeWorld } from '../base/node/index.ts';
import { type RegionDescriptor, regionKey, ROW_SPACE } from '../proto/kv/region.ts';
import { type KvClient, LocalKvClient, RegionRouter, type RegionSource } from '../kv/client/index.ts';
import { MemoryLog } from '../kv/client/testing.ts';
import { MemoryEngine } from '../kv/engine/memory.ts';
import { addRaftService, GrpcListener, TlsIdentity } from '../kv/server/index.ts';
import { addHealthService } from '../kv/server/health.ts';
import { TestAuthority, writeIdentity } from '../kv/server/testing/certificates.ts';
import { message } from '../kv/raft/types.ts';
import { type RegionMessage, Store } from '../kv/store/index.ts';
import { regionMessageFromWire, regionMessageToWire, snapshotSource, StoreWires } from './wire-stores.ts';

const CLUSTER = 99;
const world = createNodeWorld();
const timing = { tickMs: 30, proposalMs: 3000 };
const open: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Member {
  readonly store: Store;
  readonly wires: StoreWires;
  stop(): Promise<void>;
}

class Cluster {
  readonly members = new Map<number, Member>();
  private readonly addresses = new Map<number, string>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'rutile-wires-'));
  private lastTs = 1n << 40n;
  private readonly timestamps = { next: () => (this.lastTs += 1n) };

  constructor() {
    open.push(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  async start(id: number, tls?: TlsIdentity): Promise<Member> {
    const wires = new StoreWires({
      storeId: id, clusterId: CLUSTER, world, tls, resolve: (other) => this.addresses.get(other),
    }); // prettier-ignore
    const store = await Store.open({
      engine: new MemoryEngine(), log: new MemoryLog(world), world, timing, timestamps: this.timestamps, storeId: id, transport: wires,
      firstRegion: id === 1 ? undefined : 'none', stagingFolder: join(this.folder, String(id)),
    }); // prettier-ignore
    wires.attach(store);
    const listener = await GrpcListener.open({ host: '127.0.0.1', port: 0, flag: '--kv-port', tls }, (server) => {
      addHealthService(server, [], () => true);
      return [addRaftService(server, wires.receiver)];
    });
    this.addresses.set(id, `127.0.0.1:${listener.port}`);
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      this.members.delete(id);
      wires.close();
      await listener.close(0);
      await store.close();
    };
    open.push(stop);
    const member = { store, wires, stop };
    this.members.set(id, member);
    return member;
  }

  leaderOf(regionId: number): Store | undefined {
    for (const { store } of this.members.values())
      if (store.regionsHere.peers.get(regionId)?.serves === true) return store;
    return undefined;
  }

  async until<T>(look: () => T | undefined | false, what: string): Promise<T> {
    for (let turn = 0; turn < 1500; turn++) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      await new Promise((resolve) => void world.timers.after(10, () => resolve(undefined)));
    }
    throw new Error(`never came: ${what}`);
  }

  /** Whoever leads now is asked; who is asked may have lost the lead just then. */
  async grow(regionId: number, storeId: number): Promise<void> {
    for (;;) {
      const leader = await this.until(() => this.leaderOf(regionId), `a leader of region ${regionId}`);
      if (leader.regions().some(({ id, peers }) => id === regionId && peers.some((peer) => peer.storeId === storeId))) return; // prettier-ignore
      try {
        await leader.addPeer(regionId, { id: 1000 * regionId + storeId, storeId, role: 'voter' });
      } catch (error) {
        if (!(error instanceof RutileError && error.retry !== 'no')) throw error;
      }
    }
  }

  client(): KvClient {
    const found = (holds: (region: RegionDescriptor) => boolean) => {
      for (const { store } of this.members.values())
        for (const region of store.regions())
          if (holds(region) && store.regionsHere.peers.get(region.id)?.serves === true)
            return { region, leaderStoreId: [...this.members].find(([, one]) => one.store === store)![0] };
      return undefined;
    };
    const compare = (left: Uint8Array, right: Uint8Array) => Buffer.compare(left, right);
    const source: RegionSource = {
      regionByKey: (key) => found(({ lower, upper }) => compare(lower, key) <= 0 && (upper.length === 0 || compare(key, upper) < 0)), // prettier-ignore
      regionBelow: () => undefined,
    };
    const router = new RegionRouter({
      source, world, patienceMs: 15_000, regionsMax: 100, storeOf: (id) => this.members.get(id)?.store.gate,
      safePoints: { safePoint: () => 0n, holdSafePoint: () => ({ release: () => undefined }) },
    }); // prettier-ignore
    const client = new LocalKvClient({ store: router, timestamps: this.timestamps, world });
    open.push(() => client.close());
    return client;
  }
}

const name = (n: number): Uint8Array => utf8(`k${String(n).padStart(5, '0')}`);

async function put(client: KvClient, from: number, to: number, value: Uint8Array): Promise<void> {
  const txn = await client.begin({ pessimistic: false });
  for (let n = from; n < to; n++) txn.put(name(n), value);
  await txn.commit();
}

async function get(client: KvClient, n: number): Promise<string | undefined> {
  const value = await client.snapshot(await client.timestamp()).get(name(n));
  return value && fromUtf8(value);
}

test('three stores: grow by snapshots, split, hand the lead over, outlive the store that leads', async () => {
  const cluster = new Cluster();
  for (const id of [1, 2, 3]) await cluster.start(id);
  const client = cluster.client();
  await put(client, 0, 500, utf8('a'));
  // Three pieces a chunk: values beyond what one message holds.
  await client.raw.put(utf8('large'), new Uint8Array(5 * 1024 * 1024).fill(7));
  await cluster.grow(1, 2);
  await cluster.grow(1, 3);
  for (const id of [2, 3])
    await cluster.until(() => cluster.members.get(id)!.store.regions()[0]?.peers.length === 3, `region 1 on store ${id}`); // prettier-ignore
  await put(client, 100, 600, utf8('b'));

  const leader = cluster.leaderOf(1)!;
  await leader.split(1, regionKey(ROW_SPACE, name(300)), 7, [71, 72, 73]);
  for (const id of [1, 2, 3])
    await cluster.until(() => cluster.members.get(id)!.store.regions().length === 2, `the split on store ${id}`);
  await put(client, 250, 350, utf8('c'));
  assert.equal(await get(client, 249), 'b');
  assert.equal(await get(client, 350), 'b');

  const led = await cluster.until(() => cluster.leaderOf(7), 'a leader of the new region');
  const seven = led.regions().find((region) => region.id === 7)!;
  const next = seven.peers.find((peer) => cluster.members.get(peer.storeId)!.store !== led)!;
  led.regionsHere.transferLeader(7, next.id);
  await cluster.until(() => cluster.leaderOf(7) === cluster.members.get(next.storeId)!.store, 'the new leader');
  await put(client, 250, 350, utf8('d'));
  assert.equal(await get(client, 320), 'd');

  const [dead] = [...cluster.members].find(([, one]) => one.store === cluster.leaderOf(1))!;
  await cluster.members.get(dead)!.stop();
  await cluster.until(() => cluster.leaderOf(1), 'a leader after the loss of one');
  // Another client: the first holds the dead store in its hands, which no client of a process elsewhere does.
  const other = cluster.client();
  await put(other, 0, 600, utf8('e'));
  for (const n of [0, 299, 300, 599]) assert.equal(await get(other, n), 'e');
  assert.equal((await other.raw.get(utf8('large')))!.length, 5 * 1024 * 1024);
});

test('two stores under TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-wires-tls-'));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  const authority = await TestAuthority.create('wires');
  const files = await writeIdentity(folder, 'store', authority);
  const tls = TlsIdentity.open(files, { timers: world.timers });
  open.push(() => tls.close());
  const cluster = new Cluster();
  for (const id of [1, 2]) await cluster.start(id, tls);
  const client = cluster.client();
  await put(client, 0, 50, utf8('a'));
  await cluster.grow(1, 2);
  const second = cluster.members.get(2)!.store;
  const region = await cluster.until(() => second.regions()[0], 'the region on the second store');
  await cluster.until(() => cluster.leaderOf(1)?.regionsHere.transferLeader(1, region.peers.find((one) => one.storeId === 2)!.id), 'the transfer'); // prettier-ignore
  await cluster.until(() => cluster.leaderOf(1) === second, 'the second store as leader');
  assert.equal(await get(client, 49), 'a');
});

test('a message of a region comes back with the region and all its peers; one that describes another is refused', () => {
  const region: RegionDescriptor = {
    id: 4, lower: utf8('xa'), upper: utf8('xb'), epoch: { confVersion: 3, version: 2 },
    peers: [{ id: 41, storeId: 1, role: 'voter' }, { id: 42, storeId: 2, role: 'learner' }],
  }; // prettier-ignore
  const entries = [{ index: 9, term: 3, data: utf8('entry') }];
  const sent: RegionMessage = {
    regionId: 4, from: { id: 41, storeId: 1 }, to: { id: 42, storeId: 2 }, region, message: { ...message('append', 41, 42, 3), entries },
  }; // prettier-ignore
  const wire = regionMessageToWire(sent);
  assert.deepEqual(regionMessageFromWire(wire), sent);
  const malformed = { code: 'raft.malformed' };
  assert.throws(() => regionMessageFromWire({ region_id: 4 }), malformed);
  assert.throws(() => regionMessageFromWire({ ...wire, region_id: 5 }), malformed);
  assert.throws(() => regionMessageFromWire({ ...wire, region: wire.region!.slice(0, 7) }), malformed);
});

test('a snapshot goes on at its newest piece or behind it, and nowhere else', async () => {
  const chunks = [new Uint8Array(9 * 1024 * 1024).fill(1), utf8('end')];
  const source = snapshotSource('s', { region_id: 1 }, { next: async () => chunks.shift(), close: () => undefined } as never); // prettier-ignore
  const first = (await source.open(0))!;
  const pieces = [await first.next(), await first.next()];
  assert.deepEqual(pieces.map((piece) => piece![0]), [0, 0]); // prettier-ignore
  assert.equal(await source.open(0), undefined);
  const again = (await source.open(1))!;
  assert.deepEqual(await again.next(), pieces[1]);
  const third = (await again.next())!;
  assert.equal(third[0], 1);
  assert.equal(pieces[0]!.length + pieces[1]!.length + third.length, 9 * 1024 * 1024 + 3);
  const behind = (await source.open(3))!;
  assert.equal(fromUtf8((await behind.next())!.subarray(1)), 'end');
  assert.equal(await behind.next(), undefined);
});
