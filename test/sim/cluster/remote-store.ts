/**
 * A store across the simulated network. `RemoteStore` is what a client's router holds; `serveStore` is the other end, in front of
 * the real gate. A scan keeps nothing at the store: each step names what is left of its range.
 */
import { compareBytes, copyBytes, keyAfter } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { LargeCommit, RawWrite, TxnCommand, TxnOutcome } from '../../../proto/kv/command.ts';
import { type KeyRange, KvBatch, type ScanOptions } from '../../../kv/client/client.ts';
import type { RegionFeed, RegionFeedItem, RegionFeedRequest } from '../../../kv/client/feed/region-feed.ts';
import type { RegionRef, RegionStorePort } from '../../../kv/client/region-store.ts';
import { LockedKey, ReadAt, type StoreReadContext, type StoreScanner } from '../../../kv/client/store-port.ts';
import { type Caller, errorOf, plainError } from './calls.ts';
import type { FeedDoor } from './feed-door.ts';

type Question = { readonly region: RegionRef } & (
  | { readonly kind: 'get' | 'get-many'; readonly keys: readonly Uint8Array[]; readonly ts: bigint; readonly context: StoreReadContext | undefined }
  | { readonly kind: 'scan'; readonly raw: boolean; readonly range: KeyRange; readonly ts: bigint; readonly options: ScanOptions | undefined; readonly countMax: number; readonly context: StoreReadContext | undefined }
  | { readonly kind: 'raw-get'; readonly keys: readonly Uint8Array[] }
  | { readonly kind: 'raw-write'; readonly writes: readonly RawWrite[] }
  | { readonly kind: 'execute'; readonly command: TxnCommand }
  | { readonly kind: 'commit-large'; readonly command: LargeCommit }
  | { readonly kind: 'feed'; readonly request: RegionFeedRequest }
  | { readonly kind: 'feed-next' | 'feed-close'; readonly feed: number }
  | { readonly kind: 'when-unlocked'; readonly key: Uint8Array; readonly startTs: bigint; readonly timeoutMs: number }
); // prettier-ignore

interface Step {
  readonly rows: readonly (readonly [Uint8Array, Uint8Array])[];
  readonly result: 'more' | 'end' | LockedKey;
}

export function serveStore(gate: RegionStorePort, feeds: FeedDoor, asked: unknown): unknown {
  const question = asked as Question;
  const { region } = question;
  switch (question.kind) {
    case 'get':
      return gate.get(region, question.keys[0]!, new ReadAt(question.ts), question.context);
    case 'get-many':
      return gate.getMany(region, question.keys, new ReadAt(question.ts), question.context);
    case 'scan':
      return step(gate, question);
    case 'raw-get':
      return gate.rawGetMany(region, question.keys);
    case 'raw-write':
      return new Promise<void>((resolve, reject) =>
        gate.rawWrite(region, question.writes, (error) => (error === undefined ? resolve() : reject(error))),
      );
    case 'execute':
      return new Promise((resolve) =>
        gate.execute(region, question.command, (outcome) => resolve(plainOutcome(outcome))),
      );
    case 'commit-large':
      return new Promise((resolve) =>
        gate.commitLarge!(region, question.command, (outcome) => resolve(plainOutcome(outcome))),
      );
    case 'feed':
      return feeds.open(gate.feed!(region, question.request));
    case 'feed-next':
      return feeds.next(question.feed);
    case 'feed-close':
      return feeds.close(question.feed);
    case 'when-unlocked':
      return new Promise<void>((resolve) =>
        gate.whenUnlocked(region, question.key, question.startTs, question.timeoutMs, resolve),
      );
  }
}

async function step(gate: RegionStorePort, question: Question & { kind: 'scan' }): Promise<Step> {
  const { region, range, options, countMax, context } = question;
  const scanner = question.raw
    ? gate.rawScan(region, range, options)
    : gate.scan(region, range, new ReadAt(question.ts), options);
  const batch = new KvBatch();
  let result: 'more' | 'end' | LockedKey = 'more';
  while (result === 'more' && batch.count === 0) result = await scanner.step(batch, countMax, context);
  scanner.close();
  const rows = Array.from(
    { length: batch.count },
    (_, i) =>
      [
        copyBytes(batch.keyBytes[i]!, batch.keyStart[i], batch.keyEnd[i]),
        copyBytes(batch.valueBytes[i]!, batch.valueStart[i], batch.valueEnd[i]),
      ] as const,
  );
  return { rows, result };
}

function plainOutcome(outcome: TxnOutcome): unknown {
  return outcome.kind === 'failed' ? { kind: 'failed', error: plainError(outcome.error) } : outcome;
}

function outcomeOf(plain: unknown): TxnOutcome {
  const outcome = plain as TxnOutcome;
  return outcome.kind === 'failed' ? { kind: 'failed', error: errorOf(outcome.error as RutileError) } : outcome;
}

/** A lock loses its class on the way. */
function found<T>(value: T | LockedKey): T | LockedKey {
  return typeof value === 'object' && value !== null && 'lock' in value ? new LockedKey(value.lock) : value;
}

/** What the store may wait for a lock before it answers. */
function patience(question: Question): number {
  if (question.kind === 'when-unlocked') return question.timeoutMs;
  if (question.kind !== 'execute' || question.command.kind !== 'pessimistic-lock') return 0;
  const { waitMs } = question.command;
  return typeof waitMs === 'number' ? waitMs : 0;
}

export class RemoteStore implements RegionStorePort {
  private readonly caller: Caller;
  private readonly address: string;
  private readonly timeoutMs: number;

  constructor(caller: Caller, address: string, timeoutMs: number) {
    this.caller = caller;
    this.address = address;
    this.timeoutMs = timeoutMs;
  }

  async get(region: RegionRef, key: Uint8Array, at: ReadAt, context: StoreReadContext | undefined) {
    return found((await this.ask({ kind: 'get', region, keys: [key], ts: at.value, context })) as Uint8Array);
  }

  async getMany(region: RegionRef, keys: readonly Uint8Array[], at: ReadAt, context: StoreReadContext | undefined) {
    return found((await this.ask({ kind: 'get-many', region, keys, ts: at.value, context })) as Uint8Array[]);
  }

  scan(region: RegionRef, range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner {
    return this.scanner(region, range, at.value, options, false);
  }

  async rawGet(region: RegionRef, key: Uint8Array): Promise<Uint8Array | undefined> {
    return ((await this.ask({ kind: 'raw-get', region, keys: [key] })) as (Uint8Array | undefined)[])[0];
  }

  async rawGetMany(region: RegionRef, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return (await this.ask({ kind: 'raw-get', region, keys })) as (Uint8Array | undefined)[];
  }

  rawScan(region: RegionRef, range: KeyRange, options: ScanOptions | undefined): StoreScanner {
    return this.scanner(region, range, 0n, options, true);
  }

  rawWrite(region: RegionRef, writes: readonly RawWrite[], done: (error: Error | undefined) => void): void {
    this.ask({ kind: 'raw-write', region, writes }).then(() => done(undefined), done);
  }

  execute(region: RegionRef, command: TxnCommand, done: (outcome: TxnOutcome) => void): void {
    const failed = (error: Error): void => done({ kind: 'failed', error });
    this.ask({ kind: 'execute', region, command }).then((outcome) => done(outcomeOf(outcome)), failed);
  }

  commitLarge(region: RegionRef, command: LargeCommit, done: (outcome: TxnOutcome) => void): void {
    // A chunk may be made only when it is asked for; on the wire all of them are there.
    const chunks = Array.from({ length: command.chunks.length }, (_, number) => command.chunks.at(number)!);
    const failed = (error: Error): void => done({ kind: 'failed', error });
    this.ask({ kind: 'commit-large', region, command: { ...command, chunks } }).then(
      (outcome) => done(outcomeOf(outcome)),
      failed,
    );
  }

  whenUnlocked(region: RegionRef, key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void {
    this.ask({ kind: 'when-unlocked', region, key, startTs, timeoutMs }).then(done, done);
  }

  /** Opened with the first question; a question or an answer that is lost is the end of it. */
  feed(region: RegionRef, request: RegionFeedRequest): RegionFeed {
    let opened: Promise<unknown> | undefined;
    let closed = false;
    return {
      next: async () => {
        for (;;) {
          const feed = (await (opened ??= this.ask({ kind: 'feed', region, request }))) as number;
          if (closed) throw new RutileError('kv.closed', 'the feed was closed');
          const items = (await this.ask({ kind: 'feed-next', region, feed })) as RegionFeedItem[];
          if (items.length > 0) return items;
        }
      },
      close: () => {
        closed = true;
        const forget = (): void => undefined;
        opened?.then((feed) => this.ask({ kind: 'feed-close', region, feed: feed as number }).catch(forget), forget);
      },
    };
  }

  dataVersion(): undefined {
    return undefined;
  }

  lastChange(): undefined {
    return undefined;
  }

  private ask(question: Question): Promise<unknown> {
    return this.caller.call(this.address, question, this.timeoutMs + patience(question));
  }

  private scanner(
    region: RegionRef,
    range: KeyRange,
    ts: bigint,
    options: ScanOptions | undefined,
    raw: boolean,
  ): StoreScanner {
    let { lower, upper } = range;
    return {
      step: async (batch, countMax, context) => {
        if (upper.length > 0 && compareBytes(lower, upper) >= 0) return 'end';
        const question = {
          kind: 'scan',
          region,
          raw,
          range: { lower, upper },
          ts,
          options,
          countMax,
          context,
        } as const;
        const { rows, result } = (await this.ask(question)) as Step;
        for (const [key, value] of rows) batch.push(key, value);
        const last = rows.at(-1)?.[0];
        if (last !== undefined && options?.reverse === true) upper = last;
        else if (last !== undefined) lower = keyAfter(last);
        return typeof result === 'string' ? result : new LockedKey(result.lock);
      },
      close: () => undefined,
    };
  }
}
