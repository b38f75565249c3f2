/**
 * The receiving side of the way between stores: tikvpb.Tikv/BatchRaft and /Snapshot (raft-transport.ts is the sending side).
 *
 * Of each store one BatchRaft stream counts, the newest: what an older one still holds is thrown away, so messages are never handed on
 * in another order than they were sent in. A receiver that answers with a promise is not given more until it settles, and the
 * sender feels it through flow control. A message for another store or cluster ends the stream: an address has changed hands.
 *
 * A snapshot that breaks off is kept for a while under its id, so that the next stream goes on where it ended.
 */
import { type sendUnaryData, type Server, type ServerReadableStream, Metadata, status } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import { failpoint } from '../../base/failpoint.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Timer, Timers } from '../../base/world.ts';
import { batchRaftMessage, done, type BatchRaftMessage, type RaftMessage, snapshotChunk, type SnapshotChunk } from '../../proto/wire/raft-messages.ts'; // prettier-ignore
import { clientStreamMethod } from './service.ts';
import { SNAPSHOT_ID, SNAPSHOT_NEXT, SNAPSHOT_RESUME } from './snapshot-stream.ts';
import { CLUSTER, FROM_STORE, TO_STORE } from './store-link.ts';

export interface SnapshotSink {
  /** Chunks in order, one at a time. */
  write(chunk: Uint8Array): MaybePromise<void>;
  /** All chunks are there. The sender hears of it when this settles. */
  finish(): MaybePromise<void>;
  /** It will not be finished. */
  abort(): void;
}

export interface RaftReceiver {
  readonly storeId: number;
  readonly clusterId: number;
  readonly timers: Pick<Timers, 'after'>;
  /** In the order of sending. A `RutileError` (`raft.malformed`) ends the sender's stream. Bytes inside are views: whoever keeps them for long copies them. */
  onMessages(fromStoreId: number, messages: readonly RaftMessage[]): MaybePromise<void>;
  /** Undefined: not now; the sender tries again later. */
  beginSnapshot(fromStoreId: number, message: RaftMessage): MaybePromise<SnapshotSink | undefined>;
}

/** Snapshots that are being received or wait for their rest; one more is refused and tried again by its sender. */
const SNAPSHOTS_MAX = 8;
const INTERRUPTED_MS_MAX = 60_000;
const afterReceive = failpoint('transport::receive');

type BatchStream = ServerReadableStream<BatchRaftMessage, Record<string, never>>;
type ChunkStream = ServerReadableStream<SnapshotChunk, Record<string, never>>;
type Answer = sendUnaryData<Record<string, never>>;

/** Close it with the server: snapshots that wait for their rest are given up. */
export function addRaftService(server: Server, receiver: RaftReceiver): { close(): void } {
  const streams = new Map<number, BatchStream>();
  const snapshots = new IncomingSnapshots(receiver);
  server.addService(
    {
      BatchRaft: clientStreamMethod({ path: '/tikvpb.Tikv/BatchRaft', request: batchRaftMessage, response: done }),
      Snapshot: clientStreamMethod({ path: '/tikvpb.Tikv/Snapshot', request: snapshotChunk, response: done }),
    },
    {
      BatchRaft: (stream: BatchStream, answer: Answer) => receiveBatches(stream, answer, receiver, streams),
      Snapshot: (stream: ChunkStream, answer: Answer) => void snapshots.receive(stream, answer),
    } as never,
  );
  return { close: () => snapshots.close() };
}

function receiveBatches(
  stream: BatchStream,
  answer: Answer,
  receiver: RaftReceiver,
  streams: Map<number, BatchStream>,
): void {
  const from = sender(stream.metadata, receiver);
  if (typeof from === 'string') {
    answer({ code: status.FAILED_PRECONDITION, details: from });
    return;
  }
  streams.set(from, stream);
  let over = false;
  const end = (): void => {
    over = true;
    if (streams.get(from) === stream) streams.delete(from);
  };
  const refuse = (code: status, details: string): void => {
    if (over) return;
    end();
    answer({ code, details });
  };
  // hot
  stream.on('data', ({ msgs }: BatchRaftMessage) => {
    if (over) return;
    if (streams.get(from) !== stream) return refuse(status.ABORTED, 'a newer stream of this store has taken over');
    if (afterReceive.armed && afterReceive.hit() !== undefined) return;
    for (let i = 0; i < msgs.length; i++) {
      if (msgs[i]!.to_peer?.store_id !== receiver.storeId)
        return refuse(
          status.FAILED_PRECONDITION,
          `this is store ${receiver.storeId}, not ${msgs[i]!.to_peer?.store_id}`,
        );
    }
    let handled: MaybePromise<void>;
    try {
      handled = receiver.onMessages(from, msgs);
    } catch (error) {
      // What another process sent may be anything; any other failure is a bug of this one.
      if (!(error instanceof RutileError)) throw error;
      return refuse(status.INVALID_ARGUMENT, error.message);
    }
    if (!isPromise(handled)) return;
    stream.pause();
    handled.then(
      () => stream.resume(),
      (error: Error) => refuse(status.INTERNAL, error.message),
    );
  });
  stream.on('end', () => {
    if (over) return;
    end();
    answer(null, {});
  });
  stream.on('error', end);
  stream.on('cancelled', end);
}

/** Whose it is, or why it is refused. */
function sender(metadata: Metadata, receiver: { storeId: number; clusterId: number }): number | string {
  const one = (key: string): number => Number(metadata.get(key)[0]);
  if (one(CLUSTER) !== receiver.clusterId)
    return `this is cluster ${receiver.clusterId}, not ${metadata.get(CLUSTER)[0]?.toString() ?? 'unnamed'}`;
  if (one(TO_STORE) !== receiver.storeId)
    return `this is store ${receiver.storeId}, not ${metadata.get(TO_STORE)[0]?.toString() ?? 'unnamed'}`;
  const from = one(FROM_STORE);
  return Number.isSafeInteger(from) && from > 0 ? from : 'the sending store does not say who it is';
}

interface Incoming {
  readonly key: string;
  /** Whom it is for, and from which store. */
  readonly course: string;
  readonly sink: SnapshotSink;
  chunks: number;
  /** The stream that feeds it; an older one stops when it finds another here. */
  stream: ChunkStream;
  /** The work of that stream: a new one begins when it is over. */
  tail: Promise<void>;
  timer: Timer | undefined;
}

class IncomingSnapshots {
  private readonly receiver: RaftReceiver;
  private readonly running = new Map<string, Incoming>();
  private closed = false;

  constructor(receiver: RaftReceiver) {
    this.receiver = receiver;
  }

  async receive(stream: ChunkStream, answer: Answer): Promise<void> {
    const from = sender(stream.metadata, this.receiver);
    const id = stream.metadata.get(SNAPSHOT_ID)[0]?.toString();
    if (typeof from === 'string' || id === undefined)
      return answer({ code: status.FAILED_PRECONDITION, details: typeof from === 'string' ? from : 'the snapshot has no id' }); // prettier-ignore
    let incoming: Incoming | undefined;
    let settle: () => void = () => undefined;
    try {
      const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<SnapshotChunk>;
      const first = await chunks.next();
      const message = first.done === true ? undefined : first.value.message;
      if (!message) return answer({ code: status.INVALID_ARGUMENT, details: 'the first chunk of a snapshot has its message' }); // prettier-ignore
      const begun = await this.begin(from, `${from} ${id}`, stream, message);
      if (begun === undefined) return answer({ code: status.RESOURCE_EXHAUSTED, details: 'no snapshot is taken now' });
      incoming = begun;
      incoming.tail = new Promise((resolve) => (settle = resolve));
      const metadata = new Metadata();
      metadata.set(SNAPSHOT_NEXT, String(incoming.chunks));
      stream.sendMetadata(metadata);
      for (;;) {
        const chunk = await chunks.next();
        if (incoming.stream !== stream) return;
        if (chunk.done === true) return this.interrupted(incoming, stream);
        const { data } = chunk.value;
        if (data === undefined || data.length === 0) break;
        await incoming.sink.write(data);
        incoming.chunks++;
      }
      this.running.delete(incoming.key);
      await incoming.sink.finish();
      answer(null, {});
    } catch (error) {
      if (incoming !== undefined && stream.cancelled) this.interrupted(incoming, stream);
      else if (incoming !== undefined && incoming.stream !== stream)
        answer({ code: status.ABORTED, details: 'a newer stream of this snapshot has taken over' });
      else {
        if (incoming !== undefined) this.drop(incoming);
        answer({ code: status.ABORTED, details: (error as Error).message });
      }
    } finally {
      settle();
    }
  }

  private async begin(
    from: number,
    key: string,
    stream: ChunkStream,
    message: RaftMessage,
  ): Promise<Incoming | undefined> {
    const known = this.running.get(key);
    if (known !== undefined) {
      known.timer?.cancel();
      known.timer = undefined;
      known.stream.destroy();
      known.stream = stream;
      await known.tail;
      if (this.running.get(key) === known && known.stream === stream) {
        if (stream.metadata.get(SNAPSHOT_RESUME)[0]?.toString() === '1') return known;
        this.drop(known);
      }
    }
    // Whoever begins another snapshot for the same peer has given the former up: it must not stand in its way until its time is over.
    const course = `${from} ${message.region_id} ${message.to_peer?.id ?? 0}`;
    for (const other of [...this.running.values()]) {
      if (other.course !== course || other.key === key) continue;
      other.stream.destroy();
      await other.tail;
      this.drop(other);
    }
    if (this.running.size >= SNAPSHOTS_MAX) return undefined;
    const sink = await this.receiver.beginSnapshot(from, message);
    if (sink === undefined) return undefined;
    if (this.running.has(key)) {
      // Two streams began it at once: one is enough.
      sink.abort();
      return undefined;
    }
    const incoming: Incoming = { key, course, sink, chunks: 0, stream, tail: Promise.resolve(), timer: undefined };
    this.running.set(key, incoming);
    return incoming;
  }

  private interrupted(incoming: Incoming, stream: ChunkStream): void {
    if (incoming.stream !== stream || this.running.get(incoming.key) !== incoming) return;
    if (this.closed) this.drop(incoming);
    else incoming.timer = this.receiver.timers.after(INTERRUPTED_MS_MAX, () => this.drop(incoming));
  }

  /** Streams that break off from now on are given up at once. */
  close(): void {
    this.closed = true;
    for (const incoming of [...this.running.values()]) if (incoming.timer !== undefined) this.drop(incoming);
  }

  private drop(incoming: Incoming): void {
    incoming.timer?.cancel();
    if (this.running.get(incoming.key) !== incoming) return;
    this.running.delete(incoming.key);
    incoming.sink.abort();
  }
}
