/** The way between stores over real sockets: order, bounds, reports, reconnection, snapshots that break off, TLS. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { FAILPOINTS } from '../../base/failpoint.ts';
import { createNodeWorld } from '../../base/node/index.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { RaftMessage } from '../../proto/wire/raft-messages.ts';
import { GrpcListener } from './grpc-listener.ts';
import { addHealthService } from './health.ts';
import { fromWire } from './raft-codec.ts';
import { addRaftService, type RaftReceiver, type SnapshotSink } from './raft-service.ts';
import { RaftTransport } from './raft-transport.ts';
import { method } from './service.ts';
import type { SnapshotSource } from './snapshot-stream.ts';
import { type LinkLimits } from './store-link.ts';
import { TestAuthority, writeIdentity } from './testing/certificates.ts';
import { TlsIdentity } from './tls.ts';
import { healthCheckRequest, healthCheckResponse } from '../../proto/wire/messages.ts';

const CLUSTER = 4711;
const MSG_APPEND = 3;
const MSG_SNAPSHOT = 7;
const HEARTBEAT = 8;
const world = createNodeWorld();
const FAST = { backoffMsFirst: 5, backoffMsMax: 20, probeEveryMs: 20, probeMsMax: 30_000, connectMsMax: 30_000 };
const addresses = new Map<number, string>();
const open: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  FAILPOINTS.clearAll();
  for (const close of open.splice(0).reverse()) await close();
  addresses.clear();
});

async function listen(
  receiver: Partial<RaftReceiver> & { storeId: number },
  tls?: TlsIdentity,
  port = 0,
): Promise<GrpcListener> {
  const whole: RaftReceiver = {
    clusterId: CLUSTER, timers: world.timers, onMessages: () => undefined, beginSnapshot: () => undefined, ...receiver,
  }; // prettier-ignore
  const listener = await GrpcListener.open({ host: '127.0.0.1', port, flag: '--kv-port', tls }, (server) => {
    addHealthService(server, [], () => true);
    return [addRaftService(server, whole)];
  });
  addresses.set(receiver.storeId, `127.0.0.1:${listener.port}`);
  open.push(() => listener.close(0));
  return listener;
}

function transport(options: {
  limits?: Partial<LinkLimits>;
  credentials?: ChannelCredentials;
  clusterId?: number;
  onUnreachable?: (storeId: number, regions: ReadonlySet<number>) => void;
}): RaftTransport {
  const made = new RaftTransport({
    storeId: 1, clusterId: CLUSTER, world, resolve: (id) => addresses.get(id), onUnreachable: () => undefined, snapshotLimits: { retryMsFirst: 2, retryMsMax: 10 },
    ...options, limits: { ...FAST, ...options.limits },
  }); // prettier-ignore
  open.push(() => made.close());
  return made;
}

function message(region: number, index: number, data?: Uint8Array, to = 2): RaftMessage {
  return {
    region_id: region,
    from_peer: { id: region * 10 + 1, store_id: 1 },
    to_peer: { id: region * 10 + to, store_id: to },
    region_epoch: { conf_ver: 1, version: 1 },
    message: data === undefined ? { msg_type: HEARTBEAT, index } : { msg_type: MSG_APPEND, index, entries: [{ term: 1, index, data }] },
  }; // prettier-ignore
}

/** Until something that events will bring. */
async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setImmediate(resolve));
}

test('messages arrive in the order they were sent in, many in a batch', async () => {
  const seen = new Map<number, number>();
  let count = 0;
  await listen({
    storeId: 2,
    onMessages: (from, messages) => {
      assert.equal(from, 1);
      for (const { region_id: region, message: raft } of messages) {
        assert.equal(raft!.index, (seen.get(region) ?? 0) + 1);
        seen.set(region, raft!.index!);
        count++;
      }
      // Now and then it takes its time.
      return count % 7 === 0 ? new Promise<void>((resolve) => setImmediate(resolve)) : undefined;
    },
  });
  const sender = transport({});
  const data = new Uint8Array(100).fill(7);
  for (let index = 1; index <= 400; index++) {
    for (let region = 1; region <= 50; region++)
      assert(sender.send(2, message(region, index, region % 2 ? data : undefined)));
    if (index % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => count === 20_000);
  const [state] = sender.state();
  assert.equal(state!.sentMessages, 20_000);
  assert(state!.sentBatches < 400, `${state!.sentBatches} batches`);
  assert.equal(state!.connections, 1);
  await until(() => sender.latencyMs(2) !== undefined);
  assert(sender.latencyMs(2)! > 0);
});

test('a receiver that does not take any more costs a bounded queue; what is dropped is reported by region', async () => {
  let release: () => void = () => undefined;
  let received = 0;
  await listen({
    storeId: 2,
    onMessages: (_, messages): MaybePromise<void> => {
      received += messages.length;
      if (received === messages.length) return new Promise<void>((resolve) => (release = resolve));
    },
  });
  const unreachable = new Set<number>();
  const sender = transport({
    limits: { queueSizeBytesMax: 1024 * 1024, batchSizeBytesMax: 64 * 1024, probeMsMax: 60_000 },
    onUnreachable: (store, regions) => {
      assert.equal(store, 2);
      for (const region of regions) unreachable.add(region);
    },
  });
  const data = new Uint8Array(16 * 1024);
  sender.send(2, message(1, 0));
  await until(() => received === 1);
  let accepted = 0;
  for (let index = 1; index <= 4000; index++) {
    if (sender.send(2, message(1 + (index % 3), index, data))) accepted++;
    assert(sender.state()[0]!.queuedSizeBytes <= 1024 * 1024);
    if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  // 62 MiB were offered. On the way: what the stream, the connection and the socket buffers hold.
  assert(accepted * data.length < 24 * 1024 * 1024, `${accepted} messages were accepted`);
  assert.deepEqual([...unreachable].sort(), [1, 2, 3]);
  release();
  await until(() => received === accepted + 1);
  assert(sender.send(2, message(1, 1)));
  await until(() => received === accepted + 2);
});

test('a store that is not there is reported, and served when it is', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await new Promise((resolve) => taken.close(resolve));
  addresses.set(2, `127.0.0.1:${port}`);
  const reports: number[][] = [];
  const sender = transport({ onUnreachable: (_, regions) => void reports.push([...regions]) });
  sender.send(2, message(5, 1));
  sender.send(2, message(6, 1));
  await until(() => reports.length > 0);
  assert.deepEqual(reports[0], [5, 6]);
  let received = 0;
  await listen({ storeId: 2, onMessages: (_, messages) => void (received += messages.length) }, undefined, port);
  while (received === 0) {
    sender.send(2, message(5, 2));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(sender.state()[0]!.state, 'open');
});

test('a store nobody knows, and one whose name cannot be found out', async () => {
  const reports: number[] = [];
  const sender = new RaftTransport({
    storeId: 1, clusterId: CLUSTER, world, limits: FAST, onUnreachable: (store) => void reports.push(store),
    resolve: (store) => (store === 8 ? Promise.reject(new Error('placement is away')) : undefined),
  }); // prettier-ignore
  open.push(() => sender.close());
  sender.send(7, message(1, 1));
  sender.send(8, message(1, 1));
  await until(() => reports.includes(7) && reports.includes(8));
  assert.match(sender.state()[1]!.lastFailure, /placement is away/);
});

test('a process that keeps its connection and answers nothing is found out by the probe', async () => {
  const frozen = await GrpcListener.open({ host: '127.0.0.1', port: 0, flag: '--kv-port' }, (server) => {
    addRaftService(server, { storeId: 2, clusterId: CLUSTER, timers: world.timers, onMessages: () => undefined, beginSnapshot: () => undefined }); // prettier-ignore
    const check = method({ path: '/grpc.health.v1.Health/Check', request: healthCheckRequest, response: healthCheckResponse }); // prettier-ignore
    let asked = 0;
    const answer = (_: unknown, done: (error: null, answer: { status: number }) => void): void => {
      if (asked++ === 0) done(null, { status: 1 });
    };
    server.addService({ Check: check } as never, { Check: answer } as never);
  });
  open.push(() => frozen.close(0));
  addresses.set(2, `127.0.0.1:${frozen.port}`);
  let reported = false;
  const sender = transport({ limits: { probeMsMax: 50 }, onUnreachable: () => (reported = true) });
  while (!reported) {
    sender.send(2, message(1, 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(sender.state()[0]!.lastFailure, /no answer to a probe: deadline exceeded/i);
});

test('an address that another store or another cluster has taken over delivers nothing', async () => {
  let received = 0;
  const onMessages = (_: number, messages: readonly RaftMessage[]) => void (received += messages.length);
  await listen({ storeId: 3, onMessages });
  addresses.set(2, addresses.get(3)!);
  let reported = 0;
  const sender = transport({ onUnreachable: () => reported++ });
  const sendUntil = async (met: () => boolean): Promise<void> => {
    while (!met()) {
      sender.send(2, message(1, 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await sendUntil(() => reported > 0);
  assert.match(sender.state()[0]!.lastFailure, /this is store 3, not 2/);
  assert.equal(received, 0);
  // The next connection asks again where the store is.
  await listen({ storeId: 2, onMessages });
  await sendUntil(() => received > 0);
  const stranger = transport({ clusterId: 9, onUnreachable: () => (reported = -1) });
  while (reported !== -1) {
    stranger.send(2, message(1, 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(stranger.state()[0]!.lastFailure, /this is cluster 4711, not 9/);
});

test('a message that cannot be read ends the stream, not the process', async () => {
  let received = 0;
  await listen({
    storeId: 2,
    onMessages: (_, messages) => {
      for (const { message: raft } of messages) fromWire(raft!);
      received += messages.length;
    },
  });
  let reported = false;
  const sender = transport({ onUnreachable: () => (reported = true) });
  sender.send(2, { ...message(1, 1), message: { msg_type: 99 } });
  while (!reported) {
    sender.send(2, { ...message(1, 1), message: { msg_type: 99 } });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(sender.state()[0]!.lastFailure, /a Raft message holds type 99/);
  while (received === 0) {
    sender.send(2, message(1, 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
});

test('failpoints drop batches on either side', async () => {
  let received = 0;
  await listen({ storeId: 2, onMessages: (_, messages) => void (received += messages.length) });
  let reported = false;
  const sender = transport({ onUnreachable: () => (reported = true) });
  FAILPOINTS.set('transport::send', '1*return');
  FAILPOINTS.set('transport::receive', '1*return');
  const receive = FAILPOINTS.point('transport::receive');
  sender.send(2, message(1, 1));
  await until(() => reported);
  sender.send(2, message(1, 2));
  await until(() => receive.hits === 1);
  sender.send(2, message(1, 3));
  await until(() => received === 1);
});

class MemorySink implements SnapshotSink {
  readonly chunks: string[] = [];
  state: 'open' | 'finished' | 'aborted' = 'open';
  write(chunk: Uint8Array): void {
    this.chunks.push(Buffer.from(chunk).toString());
  }
  finish(): void {
    this.state = 'finished';
  }
  abort(): void {
    this.state = 'aborted';
  }
}

/** `keptUpWith`: the receiver has all but the last before the next is made. */
function source(
  id: string,
  chunks: readonly string[],
  resumable = true,
  keptUpWith: readonly MemorySink[] = [],
): SnapshotSource & { opened: number[] } {
  const opened: number[] = [];
  return {
    id, opened, message: { region_id: 5, to_peer: { id: 52, store_id: 2 }, message: { msg_type: MSG_SNAPSHOT } },
    open(index) {
      opened.push(index);
      if (index > 0 && !resumable) return undefined;
      let at = index;
      const next = async () => {
        const sink = keptUpWith.at(-1);
        await until(() => sink === undefined || sink.chunks.length >= at - 1);
        return at < chunks.length ? Buffer.from(chunks[at++]!) : undefined;
      };
      return { next, close: () => undefined };
    },
  }; // prettier-ignore
}

const CHUNKS = Array.from({ length: 10 }, (_, i) => `chunk ${i} ${'x'.repeat(50_000)}`);

async function snapshotPair() {
  const sinks: MemorySink[] = [];
  await listen({
    storeId: 2,
    beginSnapshot: (from, { region_id: region, message: raft }) => {
      assert.deepEqual([from, region, raft!.msg_type], [1, 5, MSG_SNAPSHOT]);
      sinks.push(new MemorySink());
      return sinks.at(-1)!;
    },
  });
  return { sinks, sender: transport({}) };
}

test('a snapshot goes over whole', async () => {
  const { sinks, sender } = await snapshotPair();
  const outcome = await sender.sendSnapshot(2, source('a', CHUNKS));
  assert.equal(outcome.kind, 'taken');
  assert.equal(sinks.length, 1);
  assert.equal(sinks[0]!.state, 'finished');
  assert.deepEqual(sinks[0]!.chunks, CHUNKS);
  assert.equal((await sender.sendSnapshot(2, source('empty', []))).kind, 'taken');
  assert.deepEqual(sinks[1]!.chunks, []);
});

test('a snapshot whose stream breaks goes on where it ended', async () => {
  const { sinks, sender } = await snapshotPair();
  FAILPOINTS.set('snapshot::send', '4*off->1*return(broken)->3*off->1*return(again)');
  const from = source('a', CHUNKS, true, sinks);
  const outcome = await sender.sendSnapshot(2, from);
  assert.equal(outcome.kind, 'taken');
  assert.equal(sinks.length, 1);
  assert.deepEqual(sinks[0]!.chunks, CHUNKS);
  assert.equal(from.opened[0], 0);
  assert(from.opened[1]! > 0 && from.opened[1]! <= 4, `went on at ${from.opened[1]}`);
  assert(from.opened[2]! > from.opened[1]!, `then at ${from.opened[2]}`);
});

test('one that cannot be produced again from there begins anew, and nothing of the first try stays', async () => {
  const { sinks, sender } = await snapshotPair();
  FAILPOINTS.set('snapshot::send', '4*off->1*return(broken)');
  const from = source('a', CHUNKS, false, sinks);
  assert.equal((await sender.sendSnapshot(2, from)).kind, 'taken');
  assert.deepEqual(sinks.map(({ state }) => state), ['aborted', 'finished']); // prettier-ignore
  assert.deepEqual(sinks[1]!.chunks, CHUNKS);
  assert.equal(from.opened.at(-1), 0);
});

test('a new snapshot for a peer takes the place of one that broke off for good', async () => {
  const sinks: MemorySink[] = [];
  await listen({
    storeId: 2,
    // As a store does: one at a time for a region.
    beginSnapshot: () => {
      if (sinks.some(({ state }) => state === 'open')) return undefined;
      sinks.push(new MemorySink());
      return sinks.at(-1)!;
    },
  });
  const sender = transport({});
  let made = 0;
  const lost: SnapshotSource = {
    ...source('a', CHUNKS),
    open: () => ({
      next: async () => {
        await until(() => (sinks[0]?.chunks.length ?? 0) >= made);
        if (made === 3) throw new Error('the picture is gone');
        return Buffer.from(CHUNKS[made++]!);
      },
      close: () => undefined,
    }),
  };
  assert.deepEqual(await sender.sendSnapshot(2, lost), { kind: 'failed', reason: 'the picture is gone' });
  const outcome = await sender.sendSnapshot(2, source('b', CHUNKS));
  assert.deepEqual(outcome, { kind: 'taken', chunks: CHUNKS.length, streams: 1 });
  assert.deepEqual(
    sinks.map(({ state, chunks }) => [state, chunks.length]),
    [
      ['aborted', 3],
      ['finished', CHUNKS.length],
    ],
  );
});

test('a receiver that is busy is asked again; one that fails is given up with its reason', async () => {
  let asked = 0;
  const sink = new MemorySink();
  await listen({ storeId: 2, beginSnapshot: () => (asked++ < 2 ? undefined : sink) });
  const sender = transport({});
  assert.equal((await sender.sendSnapshot(2, source('a', CHUNKS))).kind, 'taken');
  assert.equal(asked, 3);
  sink.finish = () => {
    throw new Error('the disk is full');
  };
  const outcome = await sender.sendSnapshot(2, source('b', CHUNKS));
  assert.deepEqual(outcome, { kind: 'failed', reason: 'the disk is full' });
  const broken = { ...source('c', CHUNKS), open: () => Promise.reject(new Error('the view is gone')) };
  assert.deepEqual(await sender.sendSnapshot(2, broken), { kind: 'failed', reason: 'the view is gone' });
  const controller = new AbortController();
  controller.abort();
  assert.deepEqual(await sender.sendSnapshot(2, source('d', CHUNKS), controller.signal), { kind: 'failed', reason: 'given up' }); // prettier-ignore
});

test('a slow sink holds the sender up', async () => {
  let waiting: (() => void)[] = [];
  let written = 0;
  let received = 0;
  await listen({
    storeId: 2,
    onMessages: (_, messages) => void (received += messages.length),
    beginSnapshot: () => ({
      write: () => new Promise<void>((resolve) => waiting.push(() => (written++, resolve()))),
      finish: () => undefined,
      abort: () => undefined,
    }),
  });
  let produced = 0;
  const chunk = new Uint8Array(1024 * 1024);
  const big: SnapshotSource = {
    id: 'big', message: { region_id: 5, message: { msg_type: MSG_SNAPSHOT } },
    open: () => ({ next: () => (produced < 64 ? (produced++, chunk) : undefined), close: () => undefined }),
  }; // prettier-ignore
  const sender = transport({});
  const outcome = sender.sendSnapshot(2, big);
  let settled = 0;
  let last = 0;
  while (settled < 200) {
    await new Promise((resolve) => setImmediate(resolve));
    settled = produced === last && waiting.length > 0 ? settled + 1 : 0;
    last = produced;
  }
  assert(produced < 40, `${produced} of 64 chunks were produced for a sink that took none`);
  // Messages pass by: what stands still is the stream, not the connection.
  for (let index = 1; index <= 100; index++) sender.send(2, message(1, index, chunk.subarray(0, 4096)));
  await until(() => received === 100);
  const pump = setInterval(() => {
    for (const go of waiting.splice(0)) go();
  }, 0);
  assert.equal((await outcome).kind, 'taken');
  clearInterval(pump);
  waiting = [];
  assert.equal(written, 64);
});

test('everything of it over TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-transport-'));
  open.push(() => rmSync(folder, { recursive: true }));
  const authority = await TestAuthority.create('stores');
  const never = { every: () => ({ cancel: () => undefined }) };
  const server = TlsIdentity.open(await writeIdentity(folder, 'store-2', authority), { timers: never });
  const client = TlsIdentity.open(await writeIdentity(folder, 'store-1', authority), { timers: never });
  let received = 0;
  const sink = new MemorySink();
  await listen({ storeId: 2, onMessages: (_, messages) => void (received += messages.length), beginSnapshot: () => sink }, server); // prettier-ignore
  const sender = transport({ credentials: client.channelCredentials() });
  for (let index = 1; index <= 100; index++) sender.send(2, message(1, index));
  await until(() => received === 100);
  assert.equal((await sender.sendSnapshot(2, source('a', CHUNKS))).kind, 'taken');
  assert.deepEqual(sink.chunks, CHUNKS);
  // Plain text does not get in.
  let reported = false;
  const plain = transport({ onUnreachable: () => (reported = true) });
  plain.send(2, message(1, 1));
  await until(() => reported);
  assert.equal(received, 100);
});
