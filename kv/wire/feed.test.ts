/** The change feed over real sockets: kvproto's own form as a reader of TiCDC's kind sees it, and Rutile's client behind the router. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, type ClientDuplexStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { EMPTY_BYTES, fromUtf8, utf8 } from '../../base/bytes.ts';
import type { RutileError } from '../../base/error.ts';
import type { TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import { regionKey, ROW_SPACE } from '../../proto/kv/region.ts';
import { type ChangeDataEvent, type ChangeDataRequest, type ChangeError } from '../../proto/wire/change-messages.ts';
import { encodeBound } from '../../proto/wire/region-errors.ts';
import { LocalKvClient, localRegionSource, RegionRouter } from '../client/index.ts';
import { createMemoryKv, createTestWorld, type MemoryKv } from '../client/testing.ts';
import { EVENT_FEED } from '../server/change-data-service.ts';
import type { GrpcListener } from '../server/index.ts';
import { CLUSTER_ID, openStoreServer } from './testing.ts';
import { RemoteStores } from './index.ts';

const TYPES = ['unknown', 'prewrite', 'commit', 'rollback', 'committed', 'initialized'];
const EVERYTHING = { lower: EMPTY_BYTES, upper: EMPTY_BYTES };

let plain: MemoryKv;
let server: GrpcListener;
let client: Client;
let stores: RemoteStores;
let routed: LocalKvClient;

before(async () => {
  const world = createTestWorld();
  plain = await createMemoryKv({ limits: { resolveEveryMs: 20 }, regionBytes: 0 });
  const { store } = plain;
  server = await openStoreServer(world, 1, store.gate, plain, (id) => store.regions().find((region) => region.id === id)); // prettier-ignore
  client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  stores = new RemoteStores({ clusterId: CLUSTER_ID, world, address: () => `127.0.0.1:${server.port}` });
  const source = localRegionSource(() => store.regions(), 1);
  const router = new RegionRouter({ source, storeOf: (id) => stores.get(id), world, patienceMs: 20_000, regionsMax: 1000, safePoints: store }); // prettier-ignore
  routed = new LocalKvClient({ store: router, timestamps: { next: () => plain.timestamp() }, world });
});

after(async () => {
  await routed.close();
  stores.close();
  client.close();
  await server.close(0);
  await plain.close();
});

/** One stream, read event by event. */
class Reader {
  readonly stream: ClientDuplexStream<ChangeDataRequest, ChangeDataEvent>;
  readonly resolved: { regions: number[]; ts: bigint; request_id: number }[] = [];
  failure: ServiceError | undefined;
  private readonly events: ChangeDataEvent[] = [];
  private wake: (() => void) | undefined;

  constructor(path = EVENT_FEED.path, metadata = new Metadata()) {
    const { requestSerialize, responseDeserialize } = EVENT_FEED;
    this.stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
    this.stream.on('data', (event: ChangeDataEvent) => {
      if (event.resolved_ts) this.resolved.push(event.resolved_ts);
      else this.events.push(event);
      this.wake?.();
    });
    this.stream.on('error', (error: ServiceError) => {
      this.failure = error;
      this.wake?.();
    });
  }

  ask(request: Partial<ChangeDataRequest>): void {
    const [region] = plain.store.regions();
    const epoch = { conf_ver: region!.epoch.confVersion, version: region!.epoch.version };
    this.stream.write({
      header: { cluster_id: CLUSTER_ID, ticdc_version: 'v8.5.0' }, region_id: region!.id, region_epoch: epoch, checkpoint_ts: 1n, start_key: EMPTY_BYTES,
      end_key: EMPTY_BYTES, request_id: 5, extra_op: 1, register: {}, whole_rows: false, ...request,
    }); // prettier-ignore
  }

  async until<T>(found: () => T | undefined): Promise<T> {
    for (;;) {
      const value = found();
      if (value !== undefined) return value;
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private readonly told: string[] = [];

  async rows(count: number): Promise<string[]> {
    await this.until(() => {
      for (const event of this.events.splice(0).flatMap((one) => one.events ?? [])) {
        assert.equal(event.request_id, 5);
        for (const row of event.entries?.entries ?? []) {
          const what = ['', 'put', 'delete'][row.op_type ?? 0]!;
          const text = (bytes: Uint8Array | undefined): string => fromUtf8(bytes ?? EMPTY_BYTES);
          this.told.push(
            `${TYPES[row.type]} ${what} ${text(row.key)} ${text(row.old_value)}>${text(row.value)}`.trim(),
          );
        }
      }
      return this.told.length >= count ? true : undefined;
    });
    return this.told.splice(0, count);
  }

  error(): Promise<ChangeError> {
    return this.until(() => this.events.splice(0).flatMap((one) => one.events ?? []).find((one) => one.error)?.error ?? undefined); // prettier-ignore
  }

  close(): void {
    this.stream.on('error', () => undefined);
    this.stream.cancel();
  }
}

async function put(key: string, value: string | null): Promise<bigint> {
  const txn = await plain.begin({ pessimistic: false });
  if (value === null) txn.delete(utf8(key));
  else txn.put(utf8(key), utf8(value));
  return txn.commit();
}

const execute = (command: TxnCommand): Promise<TxnOutcome> =>
  new Promise((resolve) => plain.store.execute(command, resolve));

test('entries of every type, a range in memcomparable form, and resolved timestamps', async () => {
  const from = await put('a', '1');
  await put('a', '2');
  await put('z', 'outside');
  const startTs = await plain.timestamp();
  const prewrite = (ts: bigint, value: string): TxnCommand => ({
    kind: 'prewrite', startTs: ts, primary: utf8('b'), ttlMs: 60_000, forUpdateTs: 0n, minCommitTs: 0n, txnSize: 1, onePhase: false, releaseKeys: undefined,
    mutations: [{ kind: 'put', key: utf8('b'), value: utf8(value), check: 'conflict' }],
  }); // prettier-ignore
  await execute(prewrite(startTs, 'new'));
  const reader = new Reader();
  reader.ask({ checkpoint_ts: from, start_key: encodeBound(utf8('a')), end_key: encodeBound(utf8('m')) });
  assert.deepEqual(await reader.rows(3), ['prewrite put b >new', 'committed put a 1>2', 'initialized   >']);
  // The lock holds it back.
  const held = await reader.until(() => reader.resolved.at(-1));
  assert.deepEqual([held.ts, held.request_id, held.regions], [startTs, 5, [plain.store.regions()[0]!.id]]);
  const commitTs = await plain.timestamp();
  await execute({ kind: 'commit', startTs, commitTs, keys: [utf8('b')] });
  const later = await plain.timestamp();
  await execute(prewrite(later, 'never'));
  await execute({ kind: 'rollback', startTs: later, keys: [utf8('b')] });
  await put('a', null);
  assert.deepEqual(await reader.rows(4), ['commit put b >', 'prewrite put b new>never', 'rollback  b >', 'committed delete a 2>']); // prettier-ignore
  const now = await plain.timestamp();
  await reader.until(() => reader.resolved.find((one) => one.ts >= now));
  reader.close();
});

test('refusals: another cluster, an old epoch, twice the same, the distant past, raw pairs, unknown features', async () => {
  const reader = new Reader();
  reader.ask({ header: { cluster_id: 99, ticdc_version: '' } });
  assert.deepEqual({ ...(await reader.error()).cluster_id_mismatch }, { current: CLUSTER_ID, request: 99 });
  reader.ask({ region_epoch: { conf_ver: 1, version: 77 } });
  const { epoch_not_match } = await reader.error();
  assert.equal(epoch_not_match?.current_regions.length, 1);
  reader.ask({ region_id: 12345 });
  assert.equal((await reader.error()).region_not_found?.region_id, 12345);
  reader.ask({});
  await reader.until(() => reader.resolved[0]);
  reader.ask({});
  assert.equal((await reader.error()).duplicate_request?.region_id, plain.store.regions()[0]!.id);
  // Let go, it may be asked for again.
  reader.ask({ request: 'deregister', register: undefined, deregister: {} } as Partial<ChangeDataRequest>);
  const before = reader.resolved.length;
  reader.ask({});
  await reader.until(() => reader.resolved[before]);
  reader.close();
  plain.store.collectGarbage(100n);
  const past = new Reader();
  past.ask({ checkpoint_ts: 7n });
  assert.equal((await past.error()).region_error?.code, 'kv.snapshot-too-old');
  past.ask({ kv_api: 1 });
  await assert.rejects(past.rows(1), { code: 3 });
  const metadata = new Metadata();
  metadata.set('features', 'stream-multiplexing,telepathy');
  await assert.rejects(new Reader('/cdcpb.ChangeData/EventFeedV2', metadata).rows(1), { code: 12 });
  metadata.set('features', 'stream-multiplexing');
  const second = new Reader('/cdcpb.ChangeData/EventFeedV2', metadata);
  second.ask({ checkpoint_ts: 100n });
  await second.until(() => second.resolved[0]);
  second.close();
});

test("the router's own end: the same rows as the store itself tells, over a split and a server that comes back", async () => {
  const from = await plain.timestamp();
  const [region] = plain.store.regions();
  const feed = routed.feed(EVERYTHING, { fromTs: from, oldValues: true });
  const rows: string[] = [];
  const until = async (ts: bigint): Promise<void> => {
    while (feed.resolvedTs < ts)
      for (const item of await feed.next())
        if (item.kind === 'row') rows.push(`${fromUtf8(item.key)} ${item.oldValue && fromUtf8(item.oldValue)}>${item.value && fromUtf8(item.value)}`); // prettier-ignore
  };
  await put('c', '');
  await put('c', 'x'.repeat(10));
  await put('x', '1');
  await until(await plain.timestamp());
  await plain.store.split(region!.id, regionKey(ROW_SPACE, utf8('m')), 900, [901]);
  await put('c', null);
  await put('x', '2');
  await until(await plain.timestamp());
  assert.deepEqual(rows.splice(0).sort(), ['c >xxxxxxxxxx', 'c undefined>', 'c xxxxxxxxxx>undefined', 'x 1>2', 'x undefined>1'].sort()); // prettier-ignore
  const { port } = server;
  await server.close(0);
  await put('x', '3');
  const { store } = plain;
  server = await openStoreServer(createTestWorld(), 1, store.gate, plain, (id) => store.regions().find((one) => one.id === id), port); // prettier-ignore
  await put('c', '4');
  await until(await plain.timestamp());
  assert.deepEqual(rows.sort(), ['c undefined>4', 'x 2>3']);
  feed.close();
  await assert.rejects(feed.next(), (error: RutileError) => error.code === 'kv.closed');
});

test('a lock whose owner is gone is settled by the reader, and holds nothing back any more', async () => {
  const startTs = (await plain.timestamp()) - (60_000n << 18n);
  await execute({
    kind: 'prewrite', startTs, primary: utf8('left'), ttlMs: 1, forUpdateTs: 0n, minCommitTs: 0n, txnSize: 1, onePhase: false, releaseKeys: undefined,
    mutations: [{ kind: 'put', key: utf8('left'), value: utf8('behind'), check: 'conflict' }],
  }); // prettier-ignore
  const feed = routed.feed(EVERYTHING, { fromTs: startTs - 1n });
  const now = await plain.timestamp();
  while (feed.resolvedTs < now) await feed.next();
  assert.equal(plain.store.locks.state(utf8('left')), undefined);
  feed.close();
});

test('more feeds than one connection takes', async () => {
  const [region] = plain.store.regions();
  const ref = { id: region!.id, version: region!.epoch.version, confVersion: region!.epoch.confVersion };
  const request = { range: EVERYTHING, fromTs: await plain.timestamp(), oldValues: false, steps: false };
  const feeds = Array.from({ length: 1100 }, () => stores.get(1).feed(ref, request));
  for (const items of await Promise.all(feeds.map((feed) => feed.next()))) assert.equal(items[0]!.kind, 'initialized');
  for (const feed of feeds) feed.close();
});
