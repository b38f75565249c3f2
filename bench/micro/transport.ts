/**
 * The way between stores: messages a second from one thread to another over loopback, as Raft has them (heartbeats, and appends of one small
 * entry), in batches of what one turn sends; and what the codec alone costs. Run: `npm run bench -- micro/transport`.
 */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createNodeWorld } from '../../base/node/index.ts';
import { batchRaftMessage, type RaftMessage } from '../../proto/wire/raft-messages.ts';
import { type Message, message } from '../../kv/raft/types.ts';
import { fromWire, toWire } from '../../kv/server/raft-codec.ts';
import { GrpcListener } from '../../kv/server/grpc-listener.ts';
import { addHealthService } from '../../kv/server/health.ts';
import { addRaftService } from '../../kv/server/raft-service.ts';
import { RaftTransport } from '../../kv/server/raft-transport.ts';

const CLUSTER = 1;
const SECONDS = 3;
const REGIONS = 1000;

if (isMainThread) await measure();
else await receive();

function heartbeat(region: number, index: number): Message {
  return { ...message('heartbeat', region * 10 + 1, region * 10 + 2, 7), commit: index, context: index };
}

function append(region: number, index: number, data: Uint8Array): Message {
  return { ...message('append', region * 10 + 1, region * 10 + 2, 7), index: index - 1, logTerm: 7, commit: index - 1, entries: [{ index, term: 7, data }] }; // prettier-ignore
}

function wrap(region: number, one: Message): RaftMessage {
  return {
    region_id: region, from_peer: { id: one.from, store_id: 1 }, to_peer: { id: one.to, store_id: 2 }, region_epoch: { conf_ver: 1, version: 4 }, message: toWire(one),
  }; // prettier-ignore
}

async function measure(): Promise<void> {
  const data = new Uint8Array(100).fill(7);
  const kinds = { heartbeats: heartbeat, 'appends of 100 bytes': (region: number, index: number) => append(region, index, data) }; // prettier-ignore
  for (const [name, make] of Object.entries(kinds)) {
    const batch = Array.from({ length: 256 }, (_, i) => make(i + 1, 1000 + i));
    const rounds = 2000;
    const encodeNs = Math.min(...[1, 2, 3].map(() => time(rounds, () => batchRaftMessage.encode({ msgs: batch.map((one) => wrap(one.from, one)) }).finish()))) / 256; // prettier-ignore
    const bytes = batchRaftMessage.encode({ msgs: batch.map((one) => wrap(one.from, one)) }).finish();
    const decodeNs = Math.min(...[1, 2, 3].map(() => time(rounds, () => batchRaftMessage.decode(bytes).msgs.forEach((one) => fromWire(one.message!))))) / 256; // prettier-ignore
    console.log(`${name}: ${Math.round(bytes.length / 256)} bytes each, to the wire ${encodeNs.toFixed(0)} ns, back ${decodeNs.toFixed(0)} ns`); // prettier-ignore
  }
  const worker = new Worker(new URL(import.meta.url));
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const world = createNodeWorld();
  for (const [name, make] of Object.entries(kinds)) {
    for (const perTurn of [1, 32, 1024]) {
      const transport = new RaftTransport({ storeId: 1, clusterId: CLUSTER, world, resolve: () => `127.0.0.1:${port}`, onUnreachable: () => undefined }); // prettier-ignore
      // Connected first: what is measured is the stream.
      transport.send(2, wrap(1, make(1, 1)));
      while (transport.state()[0]!.sentMessages === 0) await turn();
      await count(worker);
      const begin = performance.now();
      const cpu = process.cpuUsage();
      let index = 2;
      while (performance.now() - begin < SECONDS * 1000) {
        for (let i = 0; i < perTurn; i++, index++) transport.send(2, wrap(1 + (index % REGIONS), make(1 + (index % REGIONS), index))); // prettier-ignore
        await turn();
        // Not faster than it leaves: the queue holds a few turns.
        while (transport.state()[0]!.queued > perTurn * 8) await turn();
      }
      while (transport.state()[0]!.queued > 0) await turn();
      const seconds = (performance.now() - begin) / 1000;
      const received = await count(worker);
      const { user, system } = process.cpuUsage(cpu);
      const [state] = transport.state();
      console.log(
        `${name}, ${perTurn} a turn: ${Math.round(received / seconds)} messages/s, ${(state!.sentMessages / state!.sentBatches).toFixed(0)} a batch, ` +
          `${state!.droppedMessages} dropped, ${((user + system) / received).toFixed(2)} µs of both threads each, ${state!.latencyMs?.toFixed(2)} ms there and back`,
      );
      transport.close();
    }
  }
  await worker.terminate();
}

async function receive(): Promise<void> {
  let received = 0;
  const { timers } = createNodeWorld();
  const listener = await GrpcListener.open({ host: '127.0.0.1', port: 0, flag: '--kv-port' }, (server) => {
    addHealthService(server, [], () => true);
    const onMessages = (_: number, messages: readonly RaftMessage[]): void => {
      for (const one of messages) if (fromWire(one.message!).term === 7) received++;
    };
    return [addRaftService(server, { storeId: 2, clusterId: CLUSTER, timers, onMessages, beginSnapshot: () => undefined })]; // prettier-ignore
  });
  parentPort!.on('message', () => {
    parentPort!.postMessage(received);
    received = 0;
  });
  parentPort!.postMessage(listener.port);
}

/** What the worker has received since it was last asked. */
function count(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage('count');
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function time(rounds: number, work: () => unknown): number {
  const begin = performance.now();
  for (let i = 0; i < rounds; i++) work();
  return ((performance.now() - begin) * 1e6) / rounds;
}
