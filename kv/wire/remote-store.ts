/**
 * `RemoteStore`: a store elsewhere, as the router addresses it. Each call becomes a message of kvproto on the one stream to that store (a
 * few say more than kvproto can: proto/wire/kvrpcpb.proto, fields from 10001 on), and each answer becomes the outcome or the
 * error that the store itself gave.
 *
 * A read is answered within `callTimeoutMs` or fails with `kv.unreachable`. A command that waits for a lock gets the time it waits on top. What only
 * a process beside the store can know (`dataVersion`, `lastChange`) is not known here.
 */
import { equalBytes } from '../../base/bytes.ts';
import type { RutileError } from '../../base/error.ts';
import type { RawWrite, TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { Context, RegionError } from '../../proto/wire/messages.ts';
import { errorOfRegionError } from '../../proto/wire/region-errors.ts';
import { outcomeOf, requestOf } from '../../proto/wire/txn-codec.ts';
import { failureOf, lockFromWire } from '../../proto/wire/txn-errors.ts';
import { RAW_WRITE, type KeyError, type TxnAnswer } from '../../proto/wire/txn-messages.ts';
import type { KeyRange, ScanOptions } from '../client/client.ts';
import type { RegionRef, RegionStorePort } from '../client/region-store.ts';
import { LockedKey, type ReadAt, type StoreReadContext, type StoreScanner } from '../client/store-port.ts';
import type { RegionFeed, RegionFeedRequest } from '../client/feed/region-feed.ts';
import { RemoteFeeds } from './remote-feed.ts';
import { type Page, RemoteScanner } from './remote-scanner.ts';
import { StoreConnection, type StoreConnectionOptions } from './store-connection.ts';

export interface RemoteStoreOptions extends StoreConnectionOptions {
  readonly clusterId: number;
  readonly callTimeoutMs?: number;
}

const CALL_TIMEOUT_MS = 10_000;
/** A waiter that the store gave up on must not spin: the caller asks again after this. */
const WAIT_AGAIN_MS = 20;
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

type RawAnswer = { region_error?: RegionError | null; error?: string; value?: Uint8Array; not_found?: boolean; pairs?: Pair[]; kvs?: Pair[]; more?: boolean }; // prettier-ignore
type Pair = { key?: Uint8Array; value?: Uint8Array; error?: KeyError | null };

const NOTHING = new Uint8Array(0);

export class RemoteStore implements RegionStorePort {
  readonly connection: StoreConnection;
  private readonly options: RemoteStoreOptions;
  private readonly timeoutMs: number;
  private readonly feeds: RemoteFeeds;

  constructor(options: RemoteStoreOptions) {
    this.options = options;
    this.feeds = new RemoteFeeds(options);
    this.timeoutMs = options.callTimeoutMs ?? CALL_TIMEOUT_MS;
    this.connection = new StoreConnection(options);
  }

  close(): void {
    this.connection.close();
    this.feeds.close();
  }

  feed(region: RegionRef, request: RegionFeedRequest): RegionFeed {
    return this.feeds.open(region, request);
  }

  // ---- reads

  // hot: bench/micro/remote.ts
  async get(
    region: RegionRef,
    key: Uint8Array,
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): Promise<Uint8Array | undefined | LockedKey> {
    const answer = await this.ask('Get', { context: this.context(region, context), key, version: at.value });
    if (answer.error) return lockedOr(answer.error);
    return answer.not_found === true ? undefined : plain(answer.value);
  }

  async getMany(
    region: RegionRef,
    keys: readonly Uint8Array[],
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): Promise<(Uint8Array | undefined)[] | LockedKey> {
    const answer = await this.ask('BatchGet', { context: this.context(region, context), keys, version: at.value });
    return answer.error ? lockedOr(answer.error) : valuesOf(keys, answer.pairs ?? []);
  }

  scan(region: RegionRef, range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner {
    const reverse = options?.reverse === true;
    return new RemoteScanner(range, reverse, options?.limit, async (lower, upper, limit, context): Promise<Page> => {
      const answer = await this.ask('Scan', {
        context: this.context(region, context),
        start_key: reverse ? upper : lower,
        end_key: reverse ? lower : upper,
        limit,
        version: at.value,
        reverse,
      });
      if (answer.error) throw failureOf(answer.error);
      const pairs = (answer.pairs ?? []) as Pair[];
      const last = pairs[pairs.length - 1];
      if (!last?.error) return { pairs, more: answer.more === true, locked: undefined };
      const locked = lockedOr(last.error);
      return { pairs: pairs.slice(0, -1), more: true, locked };
    });
  }

  whenUnlocked(region: RegionRef, key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void {
    const timeout = Math.max(0, Math.min(Math.ceil(timeoutMs), TIMEOUT_MS_MAX));
    const request = { context: this.context(region, undefined), key, start_version: startTs, timeout_ms: timeout };
    this.connection.call('WhenUnlocked', request, timeout + this.timeoutMs, (error, answer) => {
      if (error === undefined && !(answer as TxnAnswer).region_error) done();
      else this.options.world.timers.after(Math.min(timeout, WAIT_AGAIN_MS), done);
    });
  }

  dataVersion(): undefined {
    return undefined;
  }

  lastChange(): undefined {
    return undefined;
  }

  // ---- commands

  // hot: bench/micro/remote.ts
  execute(region: RegionRef, command: TxnCommand, done: (outcome: TxnOutcome) => void): void {
    const { name, request } = requestOf(command, this.context(region, undefined));
    let timeoutMs = this.timeoutMs;
    if (command.kind === 'pessimistic-lock' && typeof command.waitMs === 'number')
      timeoutMs = command.waitMs === 0 ? Infinity : timeoutMs + command.waitMs;
    this.connection.call(name, request, timeoutMs, (error, answer) => {
      if (error !== undefined) return done({ kind: 'failed', error });
      const told = answer as TxnAnswer;
      if (told.region_error) done({ kind: 'failed', error: errorOfRegionError(told.region_error) });
      else done(outcomeOf(command, told));
    });
  }

  // ---- raw

  async rawGet(region: RegionRef, key: Uint8Array): Promise<Uint8Array | undefined> {
    const answer = await this.askRaw('RawGet', { context: this.context(region, undefined), key });
    return answer.not_found === true ? undefined : plain(answer.value);
  }

  async rawGetMany(region: RegionRef, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    const answer = await this.askRaw('RawBatchGet', { context: this.context(region, undefined), keys });
    return valuesOf(keys, answer.pairs ?? []);
  }

  rawScan(region: RegionRef, range: KeyRange, options: ScanOptions | undefined): StoreScanner {
    const reverse = options?.reverse === true;
    return new RemoteScanner(range, reverse, options?.limit, async (lower, upper, limit): Promise<Page> => {
      const answer = await this.askRaw('RawScan', {
        context: this.context(region, undefined),
        start_key: reverse ? upper : lower,
        end_key: reverse ? lower : upper,
        limit,
        reverse,
      });
      return { pairs: answer.kvs ?? [], more: answer.more === true, locked: undefined };
    });
  }

  rawWrite(region: RegionRef, writes: readonly RawWrite[], done: (error: Error | undefined) => void): void {
    const request = {
      context: this.context(region, undefined),
      writes: writes.map((write) => {
        const kind = RAW_WRITE[write.kind];
        if (write.kind === 'put') return { kind, key: write.key, value: write.value };
        return write.kind === 'delete' ? { kind, key: write.key } : { kind, key: write.lower, value: write.upper };
      }),
    };
    this.connection.call('RawWrite', request, this.timeoutMs, (error, answer) => {
      done(error ?? rawErrorOf(answer as RawAnswer));
    });
  }

  // ---- asking

  private context(region: RegionRef, read: StoreReadContext | undefined): Partial<Context> {
    const { storeId, clusterId } = this.options;
    const context: Partial<Context> = {
      region_id: region.id,
      region_epoch: { conf_ver: region.confVersion, version: region.version },
      peer: { id: 0, store_id: storeId },
      cluster_id: clusterId,
      region_space: true,
    };
    if (read?.resolved?.size) context.resolved_locks = [...read.resolved];
    if (read?.committed?.size) context.committed_locks = [...read.committed];
    return context;
  }

  private ask(name: string, request: object): Promise<TxnAnswer> {
    return new Promise((resolve, reject) => {
      this.connection.call(name, request, this.timeoutMs, (error, answer) => {
        const told = answer as TxnAnswer;
        if (error !== undefined) reject(error);
        else if (told.region_error) reject(errorOfRegionError(told.region_error));
        else resolve(told);
      });
    });
  }

  private askRaw(name: string, request: object): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      this.connection.call(name, request, this.timeoutMs, (error, answer) => {
        const failure = error ?? rawErrorOf(answer as RawAnswer);
        if (failure !== undefined) reject(failure);
        else resolve(answer as RawAnswer);
      });
    });
  }
}

/** A copy apart from the message it came in, and not a Buffer, whose `slice` would be a view. */
function plain(bytes: Uint8Array | undefined): Uint8Array {
  return new Uint8Array(bytes ?? NOTHING);
}

function lockedOr(error: KeyError): LockedKey {
  if (error.locked) return new LockedKey(lockFromWire(error.locked));
  throw failureOf(error);
}

function rawErrorOf(answer: RawAnswer): RutileError | undefined {
  if (answer.region_error) return errorOfRegionError(answer.region_error);
  return answer.error ? failureOf({ abort: answer.error }) : undefined;
}

/** Found pairs come in the order of the keys that were asked for. */
function valuesOf(keys: readonly Uint8Array[], pairs: readonly Pair[]): (Uint8Array | undefined)[] {
  let next = 0;
  return keys.map((key) => {
    const pair = pairs[next];
    if (pair === undefined || !equalBytes(pair.key ?? NOTHING, key)) return undefined;
    next++;
    return plain(pair.value);
  });
}
