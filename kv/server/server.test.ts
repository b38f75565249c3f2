/** The two gRPC doors, spoken to over real sockets by a grpc-js client. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, credentials, status, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import { kvrpc, pd, tikv, healthCheckRequest, healthCheckResponse, type Codec } from '../../proto/wire/messages.ts';
import type * as wire from '../../proto/wire/messages.ts';
import { openKvServer, openPlacementServer, type GrpcListener, type LocatedRegion } from './index.ts';
import { MapRawClient } from './testing/map-raw-client.ts';

const CLUSTER = 4711;
const EMPTY = new Uint8Array(0);
const region: wire.Region = {
  id: 2,
  start_key: EMPTY,
  end_key: EMPTY,
  region_epoch: { conf_ver: 1, version: 5 },
  peers: [{ id: 3, store_id: 1 }],
};
const located: LocatedRegion = { region, leader: region.peers[0]! };
const bytes = (text: string): Uint8Array => Buffer.from(text);
const raw = new MapRawClient();

let kv: GrpcListener;
let placement: GrpcListener;
let kvClient: Client;
let placementClient: Client;
let counter = 0;

before(async () => {
  const timers = { soon: (run: () => void) => void setImmediate(run), after: never, every: never };
  kv = await openKvServer({
    host: '127.0.0.1',
    port: 0,
    flag: '--kv-port',
    raw,
    timers,
    served: () => ({ region, storeId: 1, clusterId: CLUSTER }),
    isServing: () => true,
  });
  placement = await openPlacementServer({
    host: '127.0.0.1', port: 0, flag: '--placement-port', bounds: 'raw',
    facts: {
      clusterId: CLUSTER, memberId: 9, name: 'placement-1', clientUrl: () => 'http://127.0.0.1:2379',
      timestamps: (count) => {
        counter += count;
        // Every other answer waits, as one that must extend its window on disk does.
        const stamp = { physical: 1000, logical: counter };
        return counter % 2 === 0 ? new Promise((resolve) => setImmediate(() => resolve(stamp))) : stamp;
      },
      regionByKey: () => located, previousRegion: () => undefined, regionBelow: () => located, regionById: (id) => (id === 2 ? located : undefined), safePoint: () => 0n, advanceSafePoint: (ts) => Promise.resolve(ts), scanRegions: () => [located],
      stores: () => [{ id: 1, address: '127.0.0.1:20160', state: 0, version: '8.5.0' }, { id: 4, address: 'gone', state: 2, version: '8.5.0' }],
    },
  }); // prettier-ignore
  kvClient = new Client(`127.0.0.1:${kv.port}`, credentials.createInsecure());
  placementClient = new Client(`127.0.0.1:${placement.port}`, credentials.createInsecure());
});

after(async () => {
  kvClient.close();
  placementClient.close();
  await Promise.all([kv.close(0), placement.close(0)]);
});

test('raw commands as unary calls', async () => {
  assert.deepEqual(await rawCall('RawPut', { key: bytes('a'), value: bytes('1') }), {});
  assert.deepEqual(await rawCall('RawBatchPut', { pairs: [{ key: bytes('b'), value: bytes('2') }, { key: bytes('c'), value: EMPTY }] }), {}); // prettier-ignore
  assert.equal(text((await rawCall('RawGet', { key: bytes('a') }))['value']), '1');
  assert.equal((await rawCall('RawGet', { key: bytes('zz') }))['not_found'], true);
  const empty = await rawCall('RawGet', { key: bytes('c') });
  assert.equal(empty['not_found'] ?? false, false, 'an empty value is a value');
  assert.deepEqual(pairs(await rawCall('RawBatchGet', { keys: [bytes('c'), bytes('nope'), bytes('a')] }), 'pairs'), [
    'c=',
    'a=1',
  ]);
  assert.deepEqual(pairs(await rawCall('RawScan', { start_key: EMPTY, end_key: EMPTY, limit: 2 }), 'kvs'), [
    'a=1',
    'b=2',
  ]);
  assert.deepEqual(
    pairs(
      await rawCall('RawScan', { start_key: bytes('c'), end_key: bytes('a'), limit: 9, reverse: true, key_only: true }),
      'kvs',
    ),
    ['b=', 'a='],
  );
  assert.deepEqual(await rawCall('RawDelete', { key: bytes('a') }), {});
  assert.deepEqual(await rawCall('RawBatchDelete', { keys: [bytes('b')] }), {});
  assert.deepEqual(await rawCall('RawDeleteRange', { start_key: bytes('c'), end_key: bytes('d') }), {});
  assert.deepEqual(pairs(await rawCall('RawScan', { start_key: EMPTY, end_key: EMPTY, limit: 9 }), 'kvs'), []);
});

test('what is not offered is refused in the answer, in words', async () => {
  const key = bytes('k');
  assert.match(String((await rawCall('RawGet', { key: EMPTY }))['error']), /key is empty/);
  assert.match(String((await rawCall('RawPut', { key, value: key, ttl: 10 }))['error']), /time to live is not offered/);
  assert.match(
    String((await rawCall('RawGet', { key, cf: 'write' }))['error']),
    /column family 'write' is not offered/,
  );
  assert.match(String((await rawCall('RawGet', { key, context: { api_version: 2 } }))['error']), /API version 2/);
  assert.match(String((await rawCall('RawGet', { key: new Uint8Array(9000) }))['error']), /9000 bytes, at most 8192/);
});

test('a stale picture of the region is answered by a region error', async () => {
  const key = bytes('k');
  const ask = async (context: Record<string, unknown>): Promise<wire.RegionError> =>
    (await rawCall('RawGet', { key, context }))['region_error'] as wire.RegionError;
  assert.equal((await ask({ region_id: 7 })).region_not_found!.region_id, 7);
  const stale = await ask({ region_id: 2, region_epoch: { conf_ver: 1, version: 4 } });
  assert.equal(stale.epoch_not_match!.current_regions[0]!.region_epoch.version, 5);
  assert.equal((await ask({ region_id: 2, peer: { id: 3, store_id: 8 } })).store_not_match!.actual_store_id, 1);
  assert.match((await ask({ region_id: 2, cluster_id: 1 })).message, /cluster id mismatch/);
});

test('failures of a write stay inside its answer', async () => {
  for (const [code, field] of [
    ['kv.busy', 'server_is_busy'],
    ['disk.full', 'disk_full'],
    ['kv.entry-too-large', 'raft_entry_too_large'],
  ]) {
    raw.failNext(new RutileError(code!, `told: ${code}`));
    const answer = await rawCall('RawPut', { key: bytes('k'), value: bytes('v') });
    const regionError = answer['region_error'] as Record<string, unknown>;
    assert(regionError[field!], `${code} becomes ${field}`);
    assert.equal(regionError['message'], `told: ${code}`);
  }
  raw.failNext(new Error('odd'));
  assert.equal((await rawCall('RawPut', { key: bytes('k'), value: bytes('v') }))['error'], 'odd');
});

test('BatchCommands answers each request under its id, in one stream', async () => {
  const stream = batchStream();
  const answers = new Map<number, Record<string, unknown>>();
  const done = new Promise<void>((resolve, reject) => {
    stream.on('data', (message: wire.BatchCommandsResponse) => {
      message.request_ids.forEach((id, i) => answers.set(id, message.responses[i]!));
      if (answers.size === 4) resolve();
    });
    stream.on('error', reject);
  });
  stream.write({
    requests: [{ RawPut: { key: bytes('x'), value: bytes('9') } }, { Empty: { test_id: 12 } }],
    request_ids: [10, 11],
  });
  stream.write({
    requests: [{ RawGet: { key: bytes('none') } }, { RawScan: { start_key: EMPTY, end_key: EMPTY, limit: 3 } }],
    request_ids: [12, 13],
  });
  await done;
  stream.end();
  assert(answers.get(10)!['RawPut']);
  assert.equal((answers.get(11)!['Empty'] as { test_id: number }).test_id, 12);
  assert.equal((answers.get(12)!['RawGet'] as wire.RawGetResponse).not_found, true);
  assert(answers.get(13)!['RawScan']);
});

test('a batch command of TiKV that is not offered is refused by itself, where its clients look', async () => {
  const stream = batchStream();
  const names = ['DeleteRange', 'Flush', 'Coprocessor', 'GetHealthFeedback', 'RawGet'];
  const answers = await new Promise<wire.BatchCommandsResponse['responses']>((resolve, reject) => {
    const found: wire.BatchCommandsResponse['responses'] = [];
    stream.on('error', reject);
    stream.on('data', (message: wire.BatchCommandsResponse) => {
      found.push(...message.responses);
      if (found.length === names.length) resolve(found);
    });
    const requests = names.map((name) => ({ cmd: name, [name]: name === 'RawGet' ? { key: bytes('none') } : {} }));
    stream.write({ requests, request_ids: names.map((_name, i) => i + 1) });
  });
  stream.end();
  const all = Object.assign({}, ...answers) as Record<string, Record<string, unknown>>;
  const words = /doesn't yet support the command/;
  assert.match(String(all['DeleteRange']!['error']), words);
  assert.match((all['Flush']!['error'] as { abort: string }).abort, words);
  assert.match(String(all['Coprocessor']!['other_error']), words);
  assert.match((all['GetHealthFeedback']!['region_error'] as { message: string }).message, words);
  assert.equal(all['RawGet']!['not_found'], true);
});

test('a batch command that nobody knows ends the stream with UNIMPLEMENTED; the server lives on', async () => {
  const stream = batchStream();
  const error = await new Promise<ServiceError>((resolve) => {
    stream.on('data', () => undefined);
    stream.on('error', resolve);
    stream.write({ requests: [{}], request_ids: [1] });
  });
  assert.equal(error.code, status.UNIMPLEMENTED);
  assert.deepEqual(await rawCall('RawDelete', { key: bytes('x') }), {});
});

test('other methods answer UNIMPLEMENTED with their name', async () => {
  const error = await failure(
    unary(kvClient, '/tikvpb.Tikv/KvGet', kvrpc('RawGetRequest'), kvrpc('RawGetResponse'), { key: bytes('k') }),
  );
  assert.equal(error.code, status.UNIMPLEMENTED);
  assert.match(error.details, /KvGet/);
});

test('malformed bytes fail that call alone', async () => {
  const broken: Codec<unknown> = {
    encode: () => ({ len: 0, finish: () => Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]) }),
    decode: () => undefined,
  };
  const error = await failure(unary(kvClient, '/tikvpb.Tikv/RawGet', broken, kvrpc('RawGetResponse'), {}));
  assert.equal(error.code, status.INTERNAL);
  assert.equal((await rawCall('RawGet', { key: bytes('zz') }))['not_found'], true);
});

test('health on both ports', async () => {
  for (const client of [kvClient, placementClient]) {
    assert.deepEqual(
      await unary(client, '/grpc.health.v1.Health/Check', healthCheckRequest, healthCheckResponse, {
        service: '',
      }).then((answer) => (answer as { status: number }).status),
      1,
    );
    assert.equal(
      (
        await failure(
          unary(client, '/grpc.health.v1.Health/Check', healthCheckRequest, healthCheckResponse, { service: 'nobody' }),
        )
      ).code,
      status.NOT_FOUND,
    );
  }
});

test('placement: members, regions and stores', async () => {
  const members = (await placementCall('GetMembers', 'GetMembersRequest', 'GetMembersResponse', {
    header: { cluster_id: 1 },
  })) as unknown as wire.GetMembersResponse;
  assert.equal(members.header.cluster_id, CLUSTER, 'GetMembers tells the id to whoever does not know it');
  assert.equal(members.leader!.member_id, 9);
  assert.deepEqual(members.leader!.client_urls, ['http://127.0.0.1:2379']);
  const found = (await placementCall('GetRegion', 'GetRegionRequest', 'GetRegionResponse', {
    region_key: bytes('k'),
  })) as unknown as wire.GetRegionResponse;
  assert.equal(found.region!.id, 2);
  assert.equal(found.leader!.store_id, 1);
  const none = (await placementCall('GetPrevRegion', 'GetRegionRequest', 'GetRegionResponse', {
    region_key: bytes('k'),
  })) as unknown as wire.GetRegionResponse;
  assert.equal(none.region ?? null, null);
  const scanned = (await placementCall(
    'ScanRegions',
    'ScanRegionsRequest',
    'ScanRegionsResponse',
    {},
  )) as unknown as wire.ScanRegionsResponse;
  assert.equal(scanned.regions.length, 1);
  assert.equal(scanned.region_metas.length, 1);
  const stores = (await placementCall('GetAllStores', 'GetAllStoresRequest', 'GetAllStoresResponse', {
    exclude_tombstone_stores: true,
  })) as unknown as wire.GetAllStoresResponse;
  assert.deepEqual(
    stores.stores.map((store) => store.address),
    ['127.0.0.1:20160'],
  );
  const missing = await failure(placementCall('GetStore', 'GetStoreRequest', 'GetStoreResponse', { store_id: 99 }));
  assert.match(missing.details, /invalid store ID 99, not found/);
  const stranger = await failure(
    placementCall('GetRegion', 'GetRegionRequest', 'GetRegionResponse', {
      header: { cluster_id: 3 },
      region_key: EMPTY,
    }),
  );
  assert.equal(stranger.code, status.FAILED_PRECONDITION);
  assert.match(stranger.details, new RegExp(`mismatch cluster id, need ${CLUSTER} but got 3`));
});

test('timestamps come in the order of the requests and end with OK after the client half-closes', async () => {
  const stream = timestampStream();
  const answers: wire.TsoResponse[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    stream.on('data', (answer: wire.TsoResponse) => answers.push(answer));
    stream.on('error', reject);
    stream.on('end', resolve);
  });
  for (const count of [1, 1, 3, 2, 1]) stream.write({ header: { cluster_id: CLUSTER }, count });
  stream.end();
  await ended;
  assert.deepEqual(
    answers.map((answer) => answer.count),
    [1, 1, 3, 2, 1],
  );
  const logicals = answers.map((answer) => answer.timestamp.logical);
  assert.deepEqual(
    [...logicals].sort((a, b) => a - b),
    logicals,
  );
});

test('a timestamp request for nothing is refused', async () => {
  const stream = timestampStream();
  const error = await new Promise<ServiceError>((resolve) => {
    stream.on('data', () => undefined);
    stream.on('error', resolve);
    stream.write({ count: 0 });
  });
  assert.equal(error.code, status.INVALID_ARGUMENT);
});

test('a port in use is told with the flag that chooses it', async () => {
  const timers = { soon: (run: () => void) => void setImmediate(run), after: never, every: never };
  await assert.rejects(
    openKvServer({
      host: '127.0.0.1',
      port: kv.port,
      flag: '--kv-port',
      raw,
      timers,
      served: () => ({ region, storeId: 1, clusterId: 1 }),
      isServing: () => true,
    }),
    (error: RutileError) => error.code === 'server.listen' && error.message.includes('--kv-port'),
  );
});

function never(): never {
  throw new Error('not used here');
}

function text(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString();
}

function pairs(answer: Record<string, unknown>, field: 'pairs' | 'kvs'): string[] {
  return ((answer[field] ?? []) as wire.KvPair[]).map((pair) => `${text(pair.key)}=${text(pair.value ?? EMPTY)}`);
}

function rawCall(command: wire.RawCommand, request: Record<string, unknown>): Promise<Record<string, unknown>> {
  return unary(
    kvClient,
    `/tikvpb.Tikv/${command}`,
    kvrpc(`${command}Request`),
    kvrpc(`${command}Response`),
    request,
  ).then((answer) => ({ ...(answer as object) }));
}

function placementCall(
  name: string,
  request: string,
  response: string,
  message: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  return unary(placementClient, `/pdpb.PD/${name}`, pd(request), pd(response), message) as Promise<
    Record<string, unknown>
  >;
}

function unary(
  client: Client,
  path: string,
  request: Codec<unknown>,
  response: Codec<unknown>,
  message: unknown,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (one) => Buffer.from(request.encode(one).finish()),
      (reply) => response.decode(reply),
      message,
      (error, value) => (error ? reject(error) : resolve(value)),
    );
  });
}

async function failure(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call;
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('the call was expected to fail');
}

function batchStream(): ClientDuplexStream<unknown, wire.BatchCommandsResponse> {
  const request = tikv<unknown>('BatchCommandsRequest');
  const response = tikv<wire.BatchCommandsResponse>('BatchCommandsResponse');
  return kvClient.makeBidiStreamRequest(
    '/tikvpb.Tikv/BatchCommands',
    (one) => Buffer.from(request.encode(one).finish()),
    (reply) => response.decode(reply),
  );
}

function timestampStream(): ClientDuplexStream<unknown, wire.TsoResponse> {
  const request = pd<unknown>('TsoRequest');
  const response = pd<wire.TsoResponse>('TsoResponse');
  return placementClient.makeBidiStreamRequest(
    '/pdpb.PD/Tso',
    (one) => Buffer.from(request.encode(one).finish()),
    (reply) => response.decode(reply),
  );
}
