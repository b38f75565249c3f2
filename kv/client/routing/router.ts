/**
 * `RegionRouter`: the store port of a cluster. It cuts what it is asked by region, sends each part to the store that leads the
 * region, repairs its map when it was wrong and tries again, and makes one answer of the parts. A process that leads all its
 * regions itself pays for a comparison with two bounds a call.
 *
 * What may be tried again: reads; transaction commands, since each of them is idempotent by its transaction's name (a one-phase
 * commit that went through answers `committed` again); raw writes only when they certainly did not happen, else the caller gets
 * `kv.undetermined`, because a put that lands twice may undo what came in between. A command that decides its transaction (a commit, a
 * one-phase prewrite) and of which an earlier try may have acted, or may still be on its way, has failed only when the last answer
 * excludes both; else it is `kv.undetermined`, too.
 */
import { assert } from '../../../base/assert.ts';
import { RutileError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { LargeCommit, RawWrite, TxnCommand, TxnOutcome } from '../../../proto/kv/command.ts';
import { holdsKey, RAW_SPACE, ROW_SPACE, type Space } from '../../../proto/kv/region.ts';
import type { ChangeFeed, ChangeFeedOptions, KeyRange, ScanOptions, Timestamp } from '../client.ts';
import { type FeedLimits, RoutedFeed } from '../feed/change-feed.ts';
import type { RegionStorePort } from '../region-store.ts';
import type { LockedKey, ReadAt, SettleLock, StorePort, StoreReadContext, StoreScanner } from '../store-port.ts';
import { cutRawWrites } from './raw-parts.ts';
import { undeterminedError } from '../undetermined.ts';
import type { Route } from './region-cache.ts';
import { isRegionError, RegionFinder, type FinderOptions, type Tries } from './region-finder.ts';
import { RoutedScanner } from './routed-scanner.ts';
import { joinOutcomes, keysOfCommand, partOf } from './split-command.ts';

/** The safe point is the whole cluster's. */
export interface SafePointPort {
  safePoint(): Timestamp;
  holdSafePoint(ts: Timestamp): { release(): void };
}

export interface RouterOptions extends FinderOptions {
  readonly safePoints: SafePointPort;
  readonly feedLimits?: Partial<FeedLimits>;
}

/** What a look over all regions of a range learns on its way; with more news than that the answer is that nobody knows. */
const CORRECTIONS_MAX = 1000;

export const ROUTER_LIMITS = { patienceMs: 20_000, regionsMax: 100_000 };

export class RegionRouter implements StorePort {
  readonly locksInParts = true;
  readonly finder: RegionFinder;
  private readonly options: RouterOptions;

  constructor(options: RouterOptions) {
    this.options = options;
    this.finder = new RegionFinder(options);
  }

  // ---- reads

  // hot
  get(
    key: Uint8Array,
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<Uint8Array | undefined | LockedKey> {
    // As `ask` does it, but without a function for what nearly always answers at once.
    const route = this.finder.cache.find(ROW_SPACE, key);
    if (route === undefined) return this.getAgain(key, at, context, undefined, undefined);
    try {
      const found = this.finder.storeOf(route).get(route.ref, key, at, context);
      if (!isPromise(found)) return found;
      return found.catch((error: unknown) => this.getAgain(key, at, context, route, error));
    } catch (error) {
      return this.getAgain(key, at, context, route, error);
    }
  }

  private getAgain(
    key: Uint8Array,
    at: ReadAt,
    context: StoreReadContext | undefined,
    failedRoute: Route | undefined,
    failure: unknown,
  ): Promise<Uint8Array | undefined | LockedKey> {
    const call = (store: RegionStorePort, route: Route) => store.get(route.ref, key, at, context);
    return this.askAgain(ROW_SPACE, key, call, failedRoute, failure);
  }

  getMany(
    keys: readonly Uint8Array[],
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<(Uint8Array | undefined)[] | LockedKey> {
    return this.askMany(ROW_SPACE, keys, (store, route, some) => store.getMany(route.ref, some, at, context));
  }

  scan(range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner {
    return new RoutedScanner(this.finder, ROW_SPACE, range, options?.reverse === true, (route, share) =>
      this.finder.storeOf(route).scan(route.ref, share, at, options),
    );
  }

  rawGet(key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    return this.ask(RAW_SPACE, key, (store, route) => store.rawGet(route.ref, key));
  }

  rawGetMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    const found = this.askMany(RAW_SPACE, keys, (store, route, some) => store.rawGetMany(route.ref, some));
    return found as MaybePromise<(Uint8Array | undefined)[]>;
  }

  rawScan(range: KeyRange, options: ScanOptions | undefined): StoreScanner {
    return new RoutedScanner(this.finder, RAW_SPACE, range, options?.reverse === true, (route, share) =>
      this.finder.storeOf(route).rawScan(route.ref, share, options),
    );
  }

  whenUnlocked(key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void {
    const route = this.finder.cache.find(ROW_SPACE, key);
    try {
      if (route !== undefined) return this.finder.storeOf(route).whenUnlocked(route.ref, key, startTs, timeoutMs, done);
    } catch (error) {
      if (!isRegionError(error)) throw error;
    }
    // Whoever waits asks again afterwards, and finds the region then.
    this.options.world.timers.after(Math.min(timeoutMs, 20), done);
  }

  dataVersion(range: KeyRange): number | undefined {
    let version: number | undefined;
    const known = this.everyRoute(range, (store, route) => {
      version = store.dataVersion(route.ref, range);
      return version !== undefined;
    });
    return known ? version : undefined;
  }

  lastChange(range: KeyRange): Timestamp | undefined {
    let last: Timestamp | undefined;
    const known = this.everyRoute(range, (store, route) => {
      last = store.lastChange(route.ref, range);
      return last !== undefined;
    });
    return known ? last : undefined;
  }

  feed(range: KeyRange, options: ChangeFeedOptions, settle: SettleLock): ChangeFeed {
    const { safePoints, feedLimits: limits } = this.options;
    const holdSafePoint = (ts: Timestamp) => safePoints.holdSafePoint(ts);
    return new RoutedFeed({ ...options, finder: this.finder, range, holdSafePoint, settle, limits });
  }

  safePoint(): Timestamp {
    return this.options.safePoints.safePoint();
  }

  holdSafePoint(ts: Timestamp): { release(): void } {
    return this.options.safePoints.holdSafePoint(ts);
  }

  // ---- commands

  // hot
  execute(command: TxnCommand, done: (outcome: TxnOutcome) => void): void {
    this.dispatch(command, undefined, done);
  }

  commitLarge(command: LargeCommit, done: (outcome: TxnOutcome) => void): void {
    const { chunks } = command;
    const first = chunks.at(0)![0]!.key;
    const lastChunk = chunks.at(chunks.length - 1)!;
    const last = lastChunk[lastChunk.length - 1]!.key;
    const route = this.finder.cache.find(ROW_SPACE, first);
    const store = route === undefined ? undefined : this.finder.storeOf(route);
    if (route === undefined || store?.commitLarge === undefined || !holdsKey(route.region, ROW_SPACE, last))
      return done({ kind: 'failed', error: manyRegions() });
    store.commitLarge(route.ref, command, (outcome) => {
      if (outcome.kind !== 'failed' || !isRegionError(outcome.error)) done(outcome);
      else if (mayHaveHappened(outcome.error)) done({ kind: 'failed', error: undeterminedError(outcome.error) });
      // Chunks may have been written, but whoever leads undoes them before it serves two phases.
      else done({ kind: 'failed', error: manyRegions() });
    });
  }

  rawWrite(writes: readonly RawWrite[], done: (error: Error | undefined) => void): void {
    const first = writes[0];
    const route = first === undefined ? undefined : this.finder.cache.find(RAW_SPACE, first.kind === 'delete-range' ? first.lower : first.key); // prettier-ignore
    if (first === undefined) return done(undefined);
    if (writes.length === 1 && first.kind !== 'delete-range' && route !== undefined) {
      this.sendRaw(route, writes, (error) => {
        if (error === undefined || !isRegionError(error)) done(error);
        else this.rawWriteSlowly(writes, [route, error]).then(done, done);
      });
    } else this.rawWriteSlowly(writes, undefined).then(done, done);
  }

  // ---- one key's region

  // hot
  private ask<T>(
    space: Space,
    key: Uint8Array,
    call: (store: RegionStorePort, route: Route) => MaybePromise<T>,
  ): MaybePromise<T> {
    const route = this.finder.cache.find(space, key);
    if (route === undefined) return this.askAgain(space, key, call, undefined, undefined);
    try {
      const found = call(this.finder.storeOf(route), route);
      if (!isPromise(found)) return found;
      return found.catch((error: unknown) => this.askAgain(space, key, call, route, error));
    } catch (error) {
      return this.askAgain(space, key, call, route, error);
    }
  }

  private async askAgain<T>(
    space: Space,
    key: Uint8Array,
    call: (store: RegionStorePort, route: Route) => MaybePromise<T>,
    failedRoute: Route | undefined,
    failure: unknown,
  ): Promise<T> {
    const tries = this.finder.tries();
    if (failure !== undefined) await this.finder.learn(failedRoute, failure, tries);
    for (;;) {
      let route: Route | undefined;
      try {
        route = await this.finder.find(space, key);
        const found = await call(this.finder.storeOf(route), route);
        route.failures = 0;
        return found;
      } catch (error) {
        await this.finder.learn(route, error, tries);
      }
    }
  }

  // ---- many keys

  private askMany(
    space: Space,
    keys: readonly Uint8Array[],
    call: (
      store: RegionStorePort,
      route: Route,
      keys: readonly Uint8Array[],
    ) => MaybePromise<(Uint8Array | undefined)[] | LockedKey>,
  ): MaybePromise<(Uint8Array | undefined)[] | LockedKey> {
    if (keys.length === 0) return [];
    if (this.sameRoute(space, keys) !== undefined)
      return this.ask(space, keys[0]!, (store, route) => {
        // Found anew after a failure, the region may be a smaller one.
        for (const key of keys) if (!holdsKey(route.region, space, key)) return this.askParts(space, keys, call);
        return call(store, route, keys);
      });
    return this.askParts(space, keys, call);
  }

  private async askParts(
    space: Space,
    keys: readonly Uint8Array[],
    call: (
      store: RegionStorePort,
      route: Route,
      keys: readonly Uint8Array[],
    ) => MaybePromise<(Uint8Array | undefined)[] | LockedKey>,
  ): Promise<(Uint8Array | undefined)[] | LockedKey> {
    const values = new Array<Uint8Array | undefined>(keys.length);
    for (const [, at] of await this.group(space, keys)) {
      const some = at.map((place) => keys[place]!);
      const found = await this.askMany(space, some, call);
      if (!Array.isArray(found)) return found;
      at.forEach((place, i) => (values[place] = found[i]));
    }
    return values;
  }

  private sameRoute(space: Space, keys: readonly Uint8Array[]): Route | undefined {
    const route = this.finder.cache.find(space, keys[0]!);
    if (route === undefined || route === this.finder.cache.whole) return route;
    for (let i = 1; i < keys.length; i++) if (!holdsKey(route.region, space, keys[i]!)) return undefined;
    return route;
  }

  private async group(space: Space, keys: readonly Uint8Array[]): Promise<Map<Route, number[]>> {
    const groups = new Map<Route, number[]>();
    const tries = this.finder.tries();
    for (let i = 0; i < keys.length; i++) {
      const route = await this.findPatiently(space, keys[i]!, tries);
      const at = groups.get(route);
      if (at === undefined) groups.set(route, [i]);
      else at.push(i);
    }
    return groups;
  }

  private findPatiently(space: Space, key: Uint8Array, tries: Tries): MaybePromise<Route> {
    return this.finder.cache.find(space, key) ?? this.lookPatiently(space, key, tries);
  }

  private async lookPatiently(space: Space, key: Uint8Array, tries: Tries): Promise<Route> {
    for (;;) {
      try {
        return await this.finder.find(space, key);
      } catch (error) {
        await this.finder.learn(undefined, error, tries);
      }
    }
  }

  private everyRoute(range: KeyRange, look: (store: RegionStorePort, route: Route) => boolean): boolean {
    let key = range.lower;
    let only: RegionStorePort | undefined;
    let corrections = 0;
    for (;;) {
      const route = this.finder.findNow(ROW_SPACE, key);
      if (route === undefined) return false;
      try {
        const store = this.finder.storeOf(route);
        // Numbers of two stores say nothing together.
        if (only !== undefined && only !== store) return false;
        only = store;
        if (!look(store, route)) return false;
      } catch (error) {
        if (!isRegionError(error)) throw error;
        // Regions are cut all the time; what a store said of one is not worth a second answer that nobody knows.
        if (++corrections > CORRECTIONS_MAX) return false;
        this.finder.correct(route, error);
        continue;
      }
      const { upper } = route.region;
      if (upper.length === 0 || upper[0] !== ROW_SPACE) return true;
      key = upper.subarray(1);
      if (
        range.upper.length > 0 &&
        !holdsKey({ lower: new Uint8Array(0), upper: rowPlace(range.upper) }, ROW_SPACE, key)
      )
        return true;
    }
  }

  // ---- commands, in one part or several

  // hot
  private dispatch(command: TxnCommand, tries: Tries | undefined, done: (outcome: TxnOutcome) => void): void {
    const { whole } = this.finder.cache;
    if (whole !== undefined) return this.send(whole, command, tries, done);
    const keys = keysOfCommand(command);
    assert(keys !== undefined, 'a command about whole regions does not come through the router');
    if (keys.length === 0) return done({ kind: 'resolved', count: 0 });
    const route = this.sameRoute(ROW_SPACE, keys);
    if (route !== undefined) this.send(route, command, tries, done);
    else {
      const patience = tries ?? this.finder.tries();
      this.dispatchParts(command, keys, patience).then(done, (error: Error) => {
        const failed: TxnOutcome = { kind: 'failed', error };
        done(patience.sent ? conclusive(command, failed) : failed);
      });
    }
  }

  private async dispatchParts(command: TxnCommand, keys: readonly Uint8Array[], tries: Tries): Promise<TxnOutcome> {
    for (const key of keys) await this.findPatiently(ROW_SPACE, key, tries);
    const groups = await this.group(ROW_SPACE, keys);
    if (groups.size === 1) {
      const [route] = groups.keys();
      return new Promise((resolve) => this.send(route!, command, tries, resolve));
    }
    if (command.kind === 'prewrite' && command.onePhase)
      return { kind: 'failed', error: tries.sent ? undeterminedError(manyRegions()) : manyRegions() };
    const parts = await Promise.all(
      [...groups].map(async ([route, at]) => {
        const part = partOf(command, at);
        const outcome = await new Promise<TxnOutcome>((resolve) => this.send(route, part.command, tries, resolve));
        return { at, outcome };
      }),
    );
    return joinOutcomes(command, parts);
  }

  // hot
  private send(route: Route, command: TxnCommand, tries: Tries | undefined, done: (outcome: TxnOutcome) => void): void {
    const answered = (outcome: TxnOutcome): void => {
      if (outcome.kind !== 'failed' || !isRegionError(outcome.error)) {
        route.failures = 0;
        return done(tries?.sent === true ? conclusive(command, outcome) : outcome);
      }
      const patience = tries ?? this.finder.tries();
      if (mayHaveHappened(outcome.error)) patience.sent = true;
      this.finder.learn(route, outcome.error, patience).then(
        () => this.dispatch(command, patience, done),
        (error: Error) => {
          const failed: TxnOutcome = { kind: 'failed', error };
          done(patience.sent ? conclusive(command, failed) : failed);
        },
      );
    };
    let store: RegionStorePort;
    try {
      store = this.finder.storeOf(route);
    } catch (error) {
      return answered({ kind: 'failed', error: error as Error });
    }
    store.execute(route.ref, command, answered);
  }

  // ---- raw writes

  private sendRaw(route: Route, writes: readonly RawWrite[], done: (error: Error | undefined) => void): void {
    try {
      this.finder.storeOf(route).rawWrite(route.ref, writes, done);
    } catch (error) {
      done(error as Error);
    }
  }

  private async rawWriteSlowly(writes: readonly RawWrite[], failed: [Route, Error] | undefined): Promise<undefined> {
    const tries = this.finder.tries();
    let left = writes;
    let failure = failed;
    while (left.length > 0) {
      if (failure !== undefined) {
        const [route, error] = failure;
        if (isRegionError(error) && mayHaveHappened(error)) throw undeterminedError(error);
        await this.finder.learn(route, error, tries);
        failure = undefined;
      }
      const first = left[0]!;
      const route = await this.findPatiently(RAW_SPACE, first.kind === 'delete-range' ? first.lower : first.key, tries);
      const { now, later } = cutRawWrites(route.region, left);
      const error = await new Promise<Error | undefined>((resolve) => this.sendRaw(route, now, resolve));
      if (error === undefined) left = later;
      else failure = [route, error];
    }
    return undefined;
  }
}

function mayHaveHappened(error: RutileError): boolean {
  return error.code === 'kv.proposal-lost' || (error.code === 'kv.unreachable' && error.fields['sent'] === true);
}

/** The last answer to a command of which an earlier try may have acted, or may act yet. */
function conclusive(command: TxnCommand, outcome: TxnOutcome): TxnOutcome {
  const isOnePhase = command.kind === 'prewrite' && command.onePhase;
  if (command.kind !== 'commit' && !isOnePhase) return outcome;
  if (outcome.kind === 'failed') return { kind: 'failed', error: undeterminedError(outcome.error) };
  // The lock may go, and then the earlier try comes: who waits for it asks again.
  if (outcome.kind === 'locked') return { ...outcome, unsure: true };
  return outcome;
}

/** The transaction goes on in two phases. */
function manyRegions(): RutileError {
  return new RutileError('kv.many-regions', 'the keys of the transaction lie in several regions');
}

function rowPlace(key: Uint8Array): Uint8Array {
  const place = new Uint8Array(key.length + 1);
  place[0] = ROW_SPACE;
  place.set(key, 1);
  return place;
}
