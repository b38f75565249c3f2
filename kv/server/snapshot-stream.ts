/**
 * Snapshots between stores: one client stream of chunks each, sender's side.
 *
 *     sender                                    receiver
 *     metadata: id, may resume      ──►         the chunks it has of this id (0 when it begins)
 *     first chunk: the message      ──►
 *                                   ◄──         initial metadata: next chunk wanted
 *     chunks from there …           ──►         written in order; a slow disk holds the stream up
 *     an empty chunk, end of stream ──►         taken as a whole
 *                                   ◄──         Done
 *
 * The empty chunk is what makes it whole: a stream that is cut off can end like one that is complete.
 *
 * A stream that breaks is begun again: the receiver says what it has, and when the sender can still produce the rest (the same
 * bytes in the same chunks, under the same id), only the rest travels. When it cannot, it says so by not offering to
 * resume, and the receiver throws away what it has. The whole process keeps to one rate, so that moving regions leaves room for
 * everything else.
 */
import { type Client, type ClientWritableStream, type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { assert } from '../../base/assert.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Clock, Random, Timers } from '../../base/world.ts';
import { done, type RaftMessage, snapshotChunk, type SnapshotChunk } from '../../proto/wire/raft-messages.ts';
import { linkMetadata } from './store-link.ts';

export interface SnapshotReader {
  /** Undefined after the last. At most `SNAPSHOT_CHUNK_BYTES_MAX`. */
  next(): MaybePromise<Uint8Array | undefined>;
  close(): void;
}

export interface SnapshotSource {
  /** The same bytes in the same chunks have the same id; anything else has another. */
  readonly id: string;
  /** With MsgSnapshot inside. */
  readonly message: RaftMessage;
  /** Chunks from the one at `index`; undefined: it cannot be produced (again). 0 always can, or the snapshot is over. */
  open(index: number): MaybePromise<SnapshotReader | undefined>;
}

export type SendOutcome =
  | { readonly kind: 'taken'; readonly chunks: number; readonly streams: number }
  /** Nothing was taken: Raft will ask again. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface SnapshotLimits {
  /** Of all snapshots that leave this store together. */
  readonly bytesPerSecond: number;
  /** Streams for one snapshot before it counts as failed. */
  readonly attemptsMax: number;
  readonly retryMsFirst: number;
  readonly retryMsMax: number;
  /** Between two signs of life of the receiver: it may have to clear a range before its first. */
  readonly silenceMsMax: number;
}

export const SNAPSHOT_LIMITS: SnapshotLimits = {
  bytesPerSecond: 100 * 1024 * 1024,
  attemptsMax: 8,
  retryMsFirst: 100,
  retryMsMax: 2000,
  silenceMsMax: 60_000,
};

export interface SnapshotSenderOptions {
  readonly storeId: number;
  readonly clusterId: number;
  readonly world: { readonly clock: Clock; readonly timers: Timers; readonly random: Random };
  readonly limits: SnapshotLimits;
  client(storeId: number): Client | undefined;
}

export const SNAPSHOT_ID = 'rutile-snapshot-id';
export const SNAPSHOT_RESUME = 'rutile-snapshot-resume';
export const SNAPSHOT_NEXT = 'rutile-snapshot-next';
/** A chunk beyond it would not be received. */
export const SNAPSHOT_CHUNK_BYTES_MAX = 8 * 1024 * 1024;

const beforeChunk = failpoint('snapshot::send');

export class SnapshotSender {
  private readonly options: SnapshotSenderOptions;
  private readonly rate: Rate;
  private closed = false;
  private readonly streams = new Set<ClientWritableStream<SnapshotChunk>>();

  constructor(options: SnapshotSenderOptions) {
    this.options = options;
    this.rate = new Rate(options.world, options.limits.bytesPerSecond);
  }

  async send(storeId: number, source: SnapshotSource, signal: AbortSignal | undefined): Promise<SendOutcome> {
    const { attemptsMax, retryMsFirst, retryMsMax } = this.options.limits;
    let resume = true;
    let chunks = 0;
    let reason = 'the store cannot be reached';
    for (let attempt = 0; attempt < attemptsMax && !this.closed && signal?.aborted !== true; attempt++) {
      if (attempt > 0) await this.pause(Math.min(retryMsMax, retryMsFirst * 2 ** (attempt - 1)));
      const client = this.options.client(storeId);
      if (client === undefined) continue;
      const stream = new OneStream(this.options, this.rate, storeId, source, signal);
      const result = await stream.run(client, resume, this.streams);
      chunks += stream.sentChunks;
      switch (result.kind) {
        case 'taken':
          return { kind: 'taken', chunks, streams: attempt + 1 };
        case 'cannot-resume':
          resume = false;
          break;
        case 'over':
          return { kind: 'failed', reason: result.reason };
        case 'broken':
          resume = true;
          ({ reason } = result);
      }
    }
    return { kind: 'failed', reason: this.closed || signal?.aborted === true ? 'given up' : reason };
  }

  close(): void {
    this.closed = true;
    for (const stream of this.streams) stream.cancel();
  }

  private pause(ms: number): Promise<void> {
    const { timers, random } = this.options.world;
    return new Promise((resolve) => void timers.after(ms * (0.5 + random.unit() / 2), resolve));
  }
}

type Result =
  { readonly kind: 'taken' | 'cannot-resume' } | { readonly kind: 'broken' | 'over'; readonly reason: string };

/** Codes with which trying again is of no use. */
const FINAL = new Set<number>([status.FAILED_PRECONDITION, status.INVALID_ARGUMENT, status.UNIMPLEMENTED]);

class OneStream {
  sentChunks = 0;
  private readonly options: SnapshotSenderOptions;
  private readonly rate: Rate;
  private readonly storeId: number;
  private readonly source: SnapshotSource;
  private readonly signal: AbortSignal | undefined;

  constructor(
    options: SnapshotSenderOptions,
    rate: Rate,
    storeId: number,
    source: SnapshotSource,
    signal: AbortSignal | undefined,
  ) {
    this.options = options;
    this.rate = rate;
    this.storeId = storeId;
    this.source = source;
    this.signal = signal;
  }

  async run(client: Client, resume: boolean, running: Set<ClientWritableStream<SnapshotChunk>>): Promise<Result> {
    const { storeId, clusterId, world, limits } = this.options;
    const metadata = linkMetadata({ storeId, targetId: this.storeId, clusterId });
    metadata.set(SNAPSHOT_ID, this.source.id);
    metadata.set(SNAPSHOT_RESUME, resume ? '1' : '0');
    let ended: Result | undefined;
    let wake: () => void = () => undefined;
    const end = (result: Result): void => {
      ended ??= result;
      wake();
    };
    const stream = client.makeClientStreamRequest(
      '/tikvpb.Tikv/Snapshot',
      (chunk: SnapshotChunk) => snapshotChunk.encode(chunk).finish() as Buffer,
      (bytes: Buffer) => done.decode(bytes),
      metadata,
      (error: ServiceError | null) => {
        if (!error) end({ kind: 'taken' });
        else end({ kind: FINAL.has(error.code) ? 'over' : 'broken', reason: error.details || error.message });
      },
    );
    running.add(stream);
    stream.on('error', () => undefined);
    let next: number | undefined;
    let heardMs = world.clock.monotonicMs();
    stream.on('metadata', (answer: Metadata) => {
      next = Number(answer.get(SNAPSHOT_NEXT)[0] ?? 0);
      wake();
    });
    const until = async (met: () => boolean): Promise<void> => {
      while (ended === undefined && !met()) await new Promise<void>((resolve) => (wake = resolve));
    };
    const watch = world.timers.every(limits.silenceMsMax / 10, () => {
      if (world.clock.monotonicMs() - heardMs > limits.silenceMsMax) stop('the store does not answer');
    });
    const stop = (reason: string): void => {
      end({ kind: 'broken', reason });
      stream.cancel();
    };
    const onAbort = (): void => stop('given up');
    this.signal?.addEventListener('abort', onAbort, { once: true });
    let reader: SnapshotReader | undefined;
    try {
      stream.write({ message: this.source.message });
      await until(() => next !== undefined);
      if (ended !== undefined) return ended;
      reader = await this.source.open(next!);
      if (reader === undefined) {
        stream.cancel();
        return next === 0 ? { kind: 'over', reason: 'the snapshot is no longer there' } : { kind: 'cannot-resume' };
      }
      while (ended === undefined) {
        const injected = beforeChunk.armed ? await beforeChunk.reach(world) : undefined;
        if (injected !== undefined) {
          stop(`failpoint ${beforeChunk.name}: ${injected}`);
          break;
        }
        const data = await reader.next();
        if (data === undefined) break;
        if (data.length === 0) continue;
        assert(data.length <= SNAPSHOT_CHUNK_BYTES_MAX, 'a chunk of a snapshot is larger than may be received');
        await this.rate.take(data.length);
        let taken = false;
        stream.write({ data }, () => {
          taken = true;
          heardMs = world.clock.monotonicMs();
          wake();
        });
        await until(() => taken);
        if (taken) this.sentChunks++;
      }
      if (ended === undefined) stream.end({});
      await until(() => false);
      return ended!;
    } catch (error) {
      // The source failed: what was read so far is worth nothing without the rest.
      stream.cancel();
      return { kind: 'over', reason: (error as Error).message };
    } finally {
      watch.cancel();
      this.signal?.removeEventListener('abort', onAbort);
      running.delete(stream);
      reader?.close();
    }
  }
}

/** Bytes a second, with a tenth of a second ahead. First come, first served. */
class Rate {
  private readonly world: { readonly clock: Clock; readonly timers: Timers };
  private readonly bytesPerMs: number;
  /** When all that was let through so far will have been paid for. */
  private paidUntilMs = 0;

  constructor(world: { readonly clock: Clock; readonly timers: Timers }, bytesPerSecond: number) {
    this.world = world;
    this.bytesPerMs = bytesPerSecond / 1000;
  }

  async take(bytes: number): Promise<void> {
    const nowMs = this.world.clock.monotonicMs();
    const waitMs = this.paidUntilMs - nowMs - 100;
    this.paidUntilMs = Math.max(this.paidUntilMs, nowMs) + bytes / this.bytesPerMs;
    if (waitMs > 0) await new Promise<void>((resolve) => void this.world.timers.after(waitMs, resolve));
  }
}
