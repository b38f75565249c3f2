/** The transactional commands as another client sees them: unary calls and BatchCommands over real sockets, with its errors and refusals. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { SeededRandom } from '../../base/random.ts';
import { utf8 } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { regionKey, ROW_SPACE } from '../../proto/kv/region.ts';
import { etcd, kvrpc, pd, tikv, type Codec } from '../../proto/wire/messages.ts';
import type * as messages from '../../proto/wire/messages.ts';
import { decodeBound, encodeBound } from '../../proto/wire/region-errors.ts';
import { OP, TXN_COMMANDS, type TxnAnswer, type TxnCommandName } from '../../proto/wire/txn-messages.ts';
import { FakeCluster } from '../client/routing/testing.ts';
import { createMemoryKv, createTestWorld, type MemoryKv } from '../client/testing.ts';
import { openKvServer, openPlacementServer, type GrpcListener, type LocatedRegion } from './index.ts';
import { regionToWire } from '../../proto/wire/region-errors.ts';

let plain: MemoryKv;
let cluster: FakeCluster;
let server: GrpcListener;
let door: GrpcListener;
let client: Client;
let pdClient: Client;
let failure: Error | undefined;

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const ts = async (): Promise<bigint> => plain.timestamp();

before(async () => {
  plain = await createMemoryKv();
  const world = createTestWorld();
  cluster = new FakeCluster(plain.store, new SeededRandom(1));
  const store = cluster.store(1);
  const describe = (id: number) => cluster.regions.find((region) => region.id === id);
  const execute: typeof store.execute = (ref, command, done) => {
    if (failure === undefined) store.execute(ref, command, done);
    else done({ kind: 'failed', error: failure });
  };
  server = await openKvServer({
    host: '127.0.0.1', port: 0, flag: '--kv-port', raw: plain.raw, timers: world.timers, isServing: () => true,
    served: () => ({ region: regionToWire(describe(1)!, 'raw')!, storeId: 1, clusterId: 7 }),
    regions: { storeId: 1, clusterId: 7, store: { ...store, execute }, clock: world.clock, describe, scanLocks: (range, max, limit) => plain.store.scanLocks(range, max, limit) },
  }); // prettier-ignore
  const located = (id: number): LocatedRegion | undefined => {
    const region = describe(id);
    return region && { region: regionToWire(region, 'space')!, leader: { id: 10, store_id: 1 } };
  };
  door = await openPlacementServer({
    host: '127.0.0.1', port: 0, flag: '--txn-placement-port', bounds: 'memcomparable',
    facts: {
      clusterId: 7, memberId: 3, name: 'p', clientUrl: () => 'http://127.0.0.1:1', timestamps: () => ({ physical: 1, logical: 1 }),
      regionByKey: (key) => located(cluster.byKey(key)!.id), regionBelow: (key) => located(cluster.below(key)!.id), previousRegion: (key) => located(cluster.byKey(key)!.id - 1),
      regionById: located, scanRegions: () => cluster.regions.map((region) => located(region.id)!), stores: () => [],
      safePoint: () => 449999999999999999n, advanceSafePoint: (point) => Promise.resolve(point + 1n),
    },
  }); // prettier-ignore
  client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  pdClient = new Client(`127.0.0.1:${door.port}`, credentials.createInsecure());
});

after(async () => {
  client.close();
  pdClient.close();
  await Promise.all([server.close(0), door.close(0)]);
  await plain.close();
});

function unary<T>(to: Client, path: string, request: Codec<object>, response: Codec<T>, message: object): Promise<T> {
  return new Promise((resolve, reject) => {
    to.makeUnaryRequest(path, (one: object) => Buffer.from(request.encode(one).finish()), (bytes: Buffer) => response.decode(bytes), message, (error, answer) => (error ? reject(error) : resolve(answer!))); // prettier-ignore
  });
}

const CONTEXT = { region_id: 1, region_epoch: { conf_ver: 1, version: 1 }, peer: { id: 10, store_id: 1 } };

function call(name: TxnCommandName, message: object, context: object = CONTEXT): Promise<TxnAnswer> {
  return unary(client, `/tikvpb.Tikv/${TXN_COMMANDS[name]}`, kvrpc(`${name}Request`), kvrpc<TxnAnswer>(`${name}Response`), { context, ...message }); // prettier-ignore
}

async function prewrite(startTs: bigint, keys: readonly string[], more: object = {}): Promise<TxnAnswer> {
  return call('Prewrite', {
    mutations: keys.map((key) => ({ op: OP.put, key: utf8(key), value: utf8(`${key}!`) })),
    primary_lock: utf8(keys[0]!), start_version: startTs, lock_ttl: 3000, txn_size: keys.length, ...more,
  }); // prettier-ignore
}

test('two phases: locks are seen, then the values; a late writer is told of the conflict', async () => {
  const start = await ts();
  assert.deepEqual((await prewrite(start, ['a', 'b'])).errors ?? [], []);
  const version = await ts();
  const locked = (await call('Get', { key: utf8('a'), version })).error!.locked!;
  assert.deepEqual([locked.lock_version, text(locked.primary_lock), locked.lock_ttl], [start, 'a', 3000]);
  assert.equal((await call('BatchGet', { keys: [utf8('a'), utf8('z')], version })).error!.locked!.lock_version, start);
  const pairs = (await call('Scan', { start_key: utf8('a'), limit: 9, version })).pairs!;
  assert.deepEqual(pairs.map((pair) => text(pair.error?.locked?.key)), ['a', 'b'], 'each locked key is a pair with an error'); // prettier-ignore
  const passing = { ...CONTEXT, resolved_locks: [start] };
  assert.equal((await call('Get', { key: utf8('a'), version }, passing)).not_found, true);
  assert.equal(text((await call('Get', { key: utf8('a'), version }, { ...CONTEXT, committed_locks: [start] })).value), 'a!'); // prettier-ignore
  assert.equal((await call('ScanLock', { max_version: version, limit: 0 })).locks!.length, 2);
  assert.equal((await call('CheckSecondaryLocks', { keys: [utf8('b')], start_version: start })).locks!.length, 1);
  const beat = await call('TxnHeartBeat', { primary_lock: utf8('a'), start_version: start, advise_lock_ttl: 9000 });
  assert.equal(beat.lock_ttl, 9000);
  const alive = await call('CheckTxnStatus', { primary_key: utf8('a'), lock_ts: start, current_ts: version, caller_start_ts: version }); // prettier-ignore
  assert.deepEqual([alive.lock_ttl, alive.action, alive.lock_info!.lock_version], [9000, 3, start]);
  const commitTs = await ts();
  const committed = await call('Commit', { start_version: start, commit_version: commitTs, keys: [utf8('a')] });
  assert.deepEqual([committed.commit_version, committed.error ?? null], [commitTs, null]);
  // The rest is finished by whoever finds it, without naming keys.
  await call('ResolveLock', { start_version: start, commit_version: commitTs });
  const max = 0xffffffffffffffffn;
  assert.equal(text((await call('Get', { key: utf8('b'), version: max })).value), 'b!');
  const down = await call('Scan', { start_key: utf8('z'), end_key: utf8('a'), reverse: true, limit: 1, version: max, key_only: true }); // prettier-ignore
  assert.deepEqual(down.pairs!.map((pair) => [text(pair.key), text(pair.value)]), [['b', '']]); // prettier-ignore
  const late = (await prewrite(start - 1n, ['a'])).errors![0]!.conflict!;
  assert.deepEqual([late.start_ts, late.conflict_ts, late.conflict_commit_ts], [start - 1n, start, commitTs]);
  assert.equal(
    (await call('Cleanup', { key: utf8('a'), start_version: start, current_ts: 0n })).commit_version,
    commitTs,
  );
});

test('one phase is told only to who asked; too late for the client it becomes two', async () => {
  const start = await ts();
  const one = await prewrite(start, ['one'], { try_one_pc: true, use_async_commit: true });
  assert(one.one_pc_commit_ts! > start && one.min_commit_ts === 0n);
  assert.equal((await prewrite(start, ['one'], { try_one_pc: true })).one_pc_commit_ts, one.one_pc_commit_ts, 'again');
  assert.equal((await prewrite(start, ['one'])).one_pc_commit_ts, 0n, 'a client that did not ask must not see it');
  const next = await ts();
  const late = await prewrite(next, ['two'], { try_one_pc: true, max_commit_ts: next + 1n });
  assert.deepEqual([late.one_pc_commit_ts, late.min_commit_ts, late.errors ?? []], [0n, 0n, []]);
  assert.deepEqual((await call('BatchRollback', { start_version: next, keys: [utf8('two')] })).error ?? null, null);
  const gone = await call('Commit', { start_version: next, commit_version: await ts(), keys: [utf8('two')] });
  assert(gone.error!.retryable !== '' && text(gone.error!.txn_lock_not_found!.key) === 'two');
  const status = await call('CheckTxnStatus', { primary_key: utf8('none'), lock_ts: next, current_ts: await ts() });
  assert.equal(status.error!.txn_not_found!.start_ts, next);
  const exists = await call('Prewrite', { mutations: [{ op: OP.insert, key: utf8('one'), value: utf8('x') }], primary_lock: utf8('one'), start_version: await ts(), lock_ttl: 10 }); // prettier-ignore
  assert.equal(text(exists.errors![0]!.already_exist!.key), 'one');
});

test('pessimistic locks: values, nowait, time-out, deadlock with its chain', async () => {
  const [first, second] = [await ts(), await ts()];
  const lock = (start: bigint, key: string, more: object = {}) =>
    call('PessimisticLock', { mutations: [{ op: OP.pessimisticLock, key: utf8(key) }], primary_lock: utf8(key), start_version: start, lock_ttl: 20_000, for_update_ts: second + (1n << 40n), wait_timeout: -1, ...more }); // prettier-ignore
  const held = await lock(first, 'one', { return_values: true });
  assert.deepEqual([text(held.values![0]), held.not_founds![0]], ['one!', false]);
  assert.deepEqual((await lock(second, 'absent', { check_existence: true })).not_founds, [true]);
  assert.equal((await lock(second, 'one')).errors![0]!.locked!.lock_version, first);
  assert.equal((await lock(second, 'one', { wait_timeout: 20 })).errors![0]!.locked!.lock_type, OP.pessimisticLock);
  const waits = lock(first, 'absent', { wait_timeout: 5000 });
  await call('ScanLock', { max_version: second, limit: 1 });
  const dead = (await lock(second, 'one', { wait_timeout: 5000 })).errors![0]!.deadlock!;
  assert(dead.wait_chain.length >= 2 && dead.lock_ts === first && text(dead.deadlock_key) === 'one');
  const back = { start_version: second, for_update_ts: second + (1n << 40n), keys: [utf8('absent')] };
  assert.deepEqual((await call('PessimisticRollback', back)).errors ?? [], []);
  assert.deepEqual((await waits).errors ?? [], []);
  for (const key of ['one', 'absent']) await call('BatchRollback', { start_version: first, keys: [utf8(key)] });
});

test('what is wrong with the region, the store or the wish is told in its own variant', async () => {
  const at = { key: utf8('a'), version: await ts() };
  const wrong = async (context: object) => (await call('Get', at, { ...CONTEXT, ...context })).region_error!;
  assert.equal((await wrong({ region_id: 9 })).region_not_found!.region_id, 9);
  assert.equal((await wrong({ peer: { id: 10, store_id: 4 } })).store_not_match!.actual_store_id, 1);
  assert.equal((await wrong({ peer: { id: 11, store_id: 1 } })).mismatch_peer_id!.store_peer_id, 10);
  assert.match((await wrong({ cluster_id: 5 })).message, /cluster id mismatch/);
  for (const [context, words] of [
    [{ api_version: 2 }, /version 2/],
    [{ stale_read: true }, /stale/],
    [{ replica_read: true }, /followers/],
  ] as const)
    // prettier-ignore
    assert.match((await call('Get', at, { ...CONTEXT, ...context })).error!.abort!, words);
  for (const [code, field] of [
    ['kv.busy', 'server_is_busy'],
    ['kv.proposal-lost', 'stale_command'],
    ['disk.full', 'disk_full'],
    ['kv.entry-too-large', 'raft_entry_too_large'],
    ['kv.undetermined', 'undetermined_result'],
  ]) {
    // prettier-ignore
    failure = new RutileError(code!, 'told');
    const answer = await prewrite(await ts(), ['q']);
    assert((answer.region_error as unknown as Record<string, unknown>)[field!], field);
  }
  failure = undefined;
  cluster.leaders.set(1, 2);
  let leader = (await wrong({})).not_leader!.leader;
  // The fake cluster does not always know.
  for (let i = 0; i < 50 && !leader; i++) leader = (await wrong({})).not_leader!.leader;
  assert.deepEqual([leader!.id, leader!.store_id], [20, 2]);
  cluster.leaders.set(1, 1);
});

test('after a split, bounds come in memcomparable form from the store and from placement', async () => {
  cluster.split(regionKey(ROW_SPACE, utf8('m')));
  const stale = (await call('Get', { key: utf8('a'), version: await ts() })).region_error!.epoch_not_match!;
  assert.deepEqual(stale.current_regions.map((region) => [region.start_key, region.end_key].map((bound) => (bound.length === 0 ? '' : text(decodeBound(bound))))), [['', 'm'], ['m', '']]); // prettier-ignore
  const now = { ...CONTEXT, region_epoch: { conf_ver: 1, version: 2 } };
  const stray = (await call('Get', { key: utf8('n'), version: await ts() }, now)).region_error!.key_not_in_region!;
  assert.deepEqual([text(stray.key), text(decodeBound(stray.end_key))], ['n', 'm']);
  const region = (key: Uint8Array, name = 'GetRegion') => unary(pdClient, `/pdpb.PD/${name}`, pd('GetRegionRequest'), pd<messages.GetRegionResponse>('GetRegionResponse'), { header: { cluster_id: 7 }, region_key: key }); // prettier-ignore
  assert.equal((await region(encodeBound(utf8('n')))).region!.id, 2);
  assert.equal((await region(new Uint8Array(0))).region!.id, 1);
  assert.equal((await region(encodeBound(utf8('n')), 'GetPrevRegion')).region!.id, 1);
  await assert.rejects(region(utf8('not encoded')), { code: 3 });
  const scan = await unary(pdClient, '/pdpb.PD/ScanRegions', pd('ScanRegionsRequest'), pd<messages.ScanRegionsResponse>('ScanRegionsResponse'), { limit: 10 }); // prettier-ignore
  assert.deepEqual(scan.regions.map((one) => one.region.end_key.length), [9, 0]); // prettier-ignore
});

test('the safe point and what transactional clients ask of etcd', async () => {
  const header = { cluster_id: 7 };
  const state = await unary(pdClient, '/pdpb.PD/GetGCState', pd('GetGCStateRequest'), pd<{ gc_state: { txn_safe_point: bigint } }>('GetGCStateResponse'), { header }); // prettier-ignore
  assert.equal(state.gc_state.txn_safe_point, 449999999999999999n);
  const moved = await unary(pdClient, '/pdpb.PD/UpdateGCSafePoint', pd('UpdateGCSafePointRequest'), pd<{ new_safe_point: bigint }>('UpdateGCSafePointResponse'), { header, safe_point: 41n }); // prettier-ignore
  assert.equal(moved.new_safe_point, 42n);
  const range = (key: string) => unary(pdClient, '/etcdserverpb.KV/Range', etcd('RangeRequest'), etcd<{ kvs: { value: Uint8Array }[] }>('RangeResponse'), { key: utf8(key) }); // prettier-ignore
  assert.equal(text((await range('/tidb/store/gcworker/saved_safe_point')).kvs[0]!.value), '449999999999999999');
  assert.deepEqual((await range('/else')).kvs, []);
  const members = await unary(pdClient, '/etcdserverpb.Cluster/MemberList', etcd('MemberListRequest'), etcd<{ members: { name: string; clientURLs: string[] }[] }>('MemberListResponse'), {}); // prettier-ignore
  assert.deepEqual(members.members.map((one) => [one.name, one.clientURLs]), [['p', ['http://127.0.0.1:1']]]); // prettier-ignore
  const safe = await unary(client, '/tikvpb.Tikv/GetStoreSafeTS', kvrpc('StoreSafeTSRequest'), kvrpc<{ safe_ts: bigint }>('StoreSafeTSResponse'), {}); // prettier-ignore
  assert.equal(safe.safe_ts, 0n);
});

test('transactional and raw commands share a BatchCommands stream', async () => {
  const stream = client.makeBidiStreamRequest(
    '/tikvpb.Tikv/BatchCommands',
    (one: object) => Buffer.from(tikv<object>('BatchCommandsRequest').encode(one).finish()),
    (bytes: Buffer) => tikv<messages.BatchCommandsResponse>('BatchCommandsResponse').decode(bytes),
  );
  const context = { ...CONTEXT, region_epoch: { conf_ver: 1, version: 2 } };
  const answers = new Map<number, string | undefined>();
  const done = new Promise<void>((resolve, reject) => {
    stream.on('data', (message: messages.BatchCommandsResponse) => {
      message.request_ids.forEach((id, i) => answers.set(id, message.responses[i]!.cmd));
      if (answers.size === 3) resolve();
    });
    stream.on('error', reject);
  });
  stream.write({
    requests: [{ Get: { context, key: utf8('a'), version: 1n } }, { RawGet: { context, key: utf8('a') } }, { Commit: { context, keys: [utf8('a')], start_version: 1n, commit_version: 2n } }],
    request_ids: [1, 2, 3],
  }); // prettier-ignore
  await done;
  assert.deepEqual([1, 2, 3].map((id) => answers.get(id)), ['Get', 'RawGet', 'Commit']); // prettier-ignore
  stream.end();
});
