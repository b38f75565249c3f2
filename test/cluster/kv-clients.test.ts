/**
 * Transactions from outside against a real process whose regions are small and split while they are written: Rutile's own remote end, and
 * go-ycsb with TiKV's Go client where it is installed (in the path, or named by `GO_YCSB`).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { createNodeWorld } from '../../base/node/index.ts';
import { utf8 } from '../../base/bytes.ts';
import { LocalKvClient, RegionRouter } from '../../kv/client/index.ts';
import { RemotePlacement, RemoteStores } from '../../kv/wire/index.ts';
import { RutileProcess } from './rutile-process.ts';

const GO_YCSB = process.env['GO_YCSB'] ?? 'go-ycsb';
const hasYcsb = spawnSync(GO_YCSB, ['--help']).status === 0;

let server: RutileProcess;
let client: LocalKvClient;
let close: () => Promise<void>;

before(async () => {
  server = await RutileProcess.start({ flags: ['--txn-placement-port', '0', '--region-size-mib', '1'] });
  const world = createNodeWorld();
  const { host, port } = server.doors['placement']!;
  // 0: not compared.
  const clusterId = 0;
  const placement = new RemotePlacement({ addresses: [`${host}:${port}`], clusterId, world });
  const stores = new RemoteStores({ clusterId, world, address: (id) => placement.storeAddress(id) });
  const safePoints = { safePoint: () => 0n, holdSafePoint: () => ({ release: () => undefined }) };
  const router = new RegionRouter({ source: placement, storeOf: (id) => stores.get(id), world, patienceMs: 20_000, regionsMax: 1000, safePoints }); // prettier-ignore
  client = new LocalKvClient({ store: router, timestamps: placement, world });
  close = async () => {
    await client.close();
    stores.close();
    placement.close();
  };
});
after(async () => {
  await close?.();
  await server?.stop();
});

async function count(lower: string, upper: string): Promise<number> {
  const scanner = client.snapshot(await client.timestamp()).scan({ lower: utf8(lower), upper: utf8(upper) });
  let rows = 0;
  for (let batch = await scanner.next(500); batch !== undefined; batch = await scanner.next(500)) rows += batch.count;
  return rows;
}

test("Rutile's own remote end: every row that was committed is there, raw pairs apart", async () => {
  const value = new Uint8Array(1000).fill(7);
  const writer = async (from: number): Promise<void> => {
    for (let i = from; i < 4000; i += 320) {
      const txn = await client.begin({ pessimistic: false });
      for (let n = i; n < i + 40; n++) txn.put(utf8(`own${String(n).padStart(6, '0')}`), value);
      await txn.commit();
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => writer(i * 40)));
  assert.equal(await count('own', 'owo'), 4000);
  await client.raw.putMany(Array.from({ length: 100 }, (_, i) => ({ key: utf8(`own${i}`), value })));
  assert.equal(await count('own', 'owo'), 4000);
  const txn = await client.begin({ pessimistic: true });
  const locked = await txn.lockKeys([utf8('own000001'), utf8('own003999')], { waitMs: 1000, forUpdateTs: await client.timestamp(), returnValues: true }); // prettier-ignore
  assert(locked.kind === 'locked' && locked.values!.every((one) => one!.length === 1000));
  txn.delete(utf8('own000001'));
  txn.delete(utf8('own003999'));
  await txn.commit();
  assert.equal(await count('own', 'owo'), 3998);
});

test('go-ycsb: transactional load, reads, scans and read-modify-writes', { skip: !hasYcsb && 'go-ycsb is not installed' }, async () => {
  const { host, port } = server.doors['txn-placement']!;
  const run = (phase: string): string => {
    const properties = {
      'tikv.pd': `${host}:${port}`, 'tikv.type': 'txn', 'tikv.conncount': 2, workload: 'core', recordcount: 2000, operationcount: 600, threadcount: 8,
      readproportion: 0.4, updateproportion: 0.3, scanproportion: 0.1, insertproportion: 0, readmodifywriteproportion: 0.2, requestdistribution: 'zipfian',
    }; // prettier-ignore
    const words = Object.entries(properties).flatMap(([name, value]) => ['-p', `${name}=${value}`]);
    const { status, stdout, stderr } = spawnSync(GO_YCSB, [phase, 'tikv', ...words], { encoding: 'utf8', timeout: 60_000 });
    assert.equal(status, 0, stderr.slice(-2000));
    return stdout;
  };
  const loaded = run('load');
  assert.match(loaded, /INSERT - .*Count: 2000,/);
  assert.doesNotMatch(loaded, /ERROR -/);
  assert.equal(await count('usertable:', 'usertable;'), 2000);
  const worked = run('run');
  for (const kind of ['READ', 'UPDATE', 'SCAN', 'READ_MODIFY_WRITE']) assert.match(worked, new RegExp(`^${kind} `, 'm'));
  // Optimistic writers of one key may lose; readers may not.
  assert.doesNotMatch(worked, /(?:READ|SCAN)_ERROR -/);
  assert.equal(await count('usertable:', 'usertable;'), 2000);
}); // prettier-ignore
