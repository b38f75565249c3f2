/**
 * The transactional commands: from decoded request to answer, whether it came as a unary call or inside BatchCommands. Each is
 * held to the region, peer and cluster it names, then run on the region-checked store, then answered: with a region error when
 * the client's picture of the regions is wrong or the store cannot serve, with a key error when a key or its transaction is in the way.
 *
 * One-phase commits: `one_pc_commit_ts` is told only to who asked (other clients take it for a broken promise and exit). A client
 * that set `max_commit_ts` and is late gets an ordinary prewrite instead. Async commit is answered with `min_commit_ts` 0, on
 * which the client commits in the ordinary way.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import { compareBytes, keyAfter } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import type { Clock } from '../../base/world.ts';
import type { LockInfo, TxnOutcome } from '../../proto/kv/command.ts';
import { boundsIn, holdsKey, type RegionDescriptor, ROW_SPACE } from '../../proto/kv/region.ts';
import type { Context, RegionError } from '../../proto/wire/messages.ts';
import { regionErrorOf, type BoundsForm } from '../../proto/wire/region-errors.ts';
import { answerOf, commandOf, refusal } from '../../proto/wire/txn-codec.ts';
import { failureToKeyError, lockToWire } from '../../proto/wire/txn-errors.ts';
import type * as wire from '../../proto/wire/txn-messages.ts';
import { KvBatch, type KeyRange } from '../client/client.ts';
import type { RegionRef, RegionStorePort } from '../client/region-store.ts';
import { LockedKey, ReadAt, type StoreReadContext } from '../client/store-port.ts';
import { SCAN_BYTES_MAX, SCAN_LIMIT_MAX } from './raw-commands.ts';

/** A commit timestamp is drawn this long after the check of `max_commit_ts`, at most. */
const COMMIT_MARGIN_MS = 500;
const API_V2 = 2;
const NOTHING = new Uint8Array(0);

export interface TxnServices {
  readonly storeId: number;
  readonly clusterId: number;
  readonly store: RegionStorePort;
  readonly clock: Clock;
  /** The region as this store knows it. */
  describe(regionId: number): RegionDescriptor | undefined;
  /** Locks at or below `maxTs`, in key order. */
  scanLocks(range: KeyRange, maxTs: bigint, limit: number): readonly LockInfo[];
  /** Cuts a region at places of the region space; resolves to what lies between its old bounds then. */
  readonly split?:
    ((region: RegionDescriptor, places: readonly Uint8Array[]) => Promise<readonly RegionDescriptor[]>) | undefined;
}

export type RegionOr = { readonly ref: RegionRef; readonly region: RegionDescriptor } | RegionError;

/** Does the client speak of a region that is here, to the right store? The epoch is the store port's to check. */
export function regionOf(
  services: Omit<TxnServices, 'scanLocks' | 'clock' | 'split'>,
  context: Context | null | undefined,
): RegionOr {
  const regionId = context?.region_id ?? 0;
  const { storeId, clusterId } = services;
  if (context && context.cluster_id > 0 && context.cluster_id !== clusterId)
    return { message: `cluster id mismatch: this is ${clusterId}, the request is for ${context.cluster_id}` };
  const peer = context?.peer;
  if (peer && peer.store_id > 0 && peer.store_id !== storeId)
    return {
      message: `store not match: this is store ${storeId}, the request is for ${peer.store_id}`,
      store_not_match: { request_store_id: peer.store_id, actual_store_id: storeId },
    };
  const region = services.describe(regionId);
  if (region === undefined)
    return { message: `region ${regionId} not found`, region_not_found: { region_id: regionId } };
  const epoch = context?.region_epoch;
  if (!epoch) return { message: `the request for region ${regionId} names no epoch` };
  const here = region.peers.find((one) => one.storeId === storeId);
  if (peer && peer.id > 0 && here !== undefined && epoch.conf_ver === region.epoch.confVersion && peer.id !== here.id)
    return {
      message: `this store's peer of region ${regionId} is ${here.id}, the request is for ${peer.id}`,
      mismatch_peer_id: { request_peer_id: peer.id, store_peer_id: here.id },
    };
  return { region, ref: { id: regionId, version: epoch.version, confVersion: epoch.conf_ver } };
}

export class TxnCommands {
  private readonly services: TxnServices;

  constructor(services: TxnServices) {
    this.services = services;
  }

  // hot: once a request
  run(name: wire.TxnCommandName, request: object): MaybePromise<wire.TxnAnswer> {
    const { context } = request as { context?: Context | null };
    const place = regionOf(this.services, context);
    if (!('ref' in place)) return { region_error: place };
    const own = context?.region_space === true;
    const form = own ? 'space' : 'memcomparable';
    const refused = refusedRead(context) ?? refusal(name, request);
    if (refused !== undefined) return withError(name, { abort: refused, code: 'kv.not-offered' });
    const stray = this.strayKey(name, request, place.region, place.ref, form);
    if (stray !== undefined) return { region_error: stray };
    const failed = (error: unknown): wire.TxnAnswer => this.failed(name, error, place.ref.id, form);
    try {
      const answer = this.dispatch(name, request, place, own, failed);
      return answer instanceof Promise ? answer.catch(failed) : answer;
    } catch (error) {
      return failed(error);
    }
  }

  /** Answered when the lock is gone or the time is over; Rutile's own. */
  whenUnlocked(request: wire.WhenUnlockedRequest): Promise<wire.TxnAnswer> {
    const place = regionOf(this.services, request.context);
    if (!('ref' in place)) return Promise.resolve({ region_error: place });
    return new Promise<wire.TxnAnswer>((resolve) => {
      const { key, start_version: startTs, timeout_ms: timeoutMs } = request;
      this.services.store.whenUnlocked(place.ref, key, startTs, timeoutMs, () => resolve({}));
    }).catch((error: unknown) => this.failed('Get', error, place.ref.id, 'space'));
  }

  private dispatch(
    name: wire.TxnCommandName,
    request: object,
    place: { readonly ref: RegionRef; readonly region: RegionDescriptor },
    own: boolean,
    failed: (error: unknown) => wire.TxnAnswer,
  ): MaybePromise<wire.TxnAnswer> {
    const { ref } = place;
    switch (name) {
      case 'Get':
        return this.get(ref, request as wire.GetRequest);
      case 'BatchGet':
        return this.getMany(ref, request as wire.BatchGetRequest);
      case 'Scan':
        return this.scan(place, request as wire.ScanRequest, own);
      case 'ScanLock':
        return this.scanLock(place, request as wire.ScanLockRequest);
      case 'CheckSecondaryLocks':
        return this.checkSecondaries(place, request as wire.CheckSecondaryLocksRequest, failed);
      case 'ResolveLock': {
        const asked = request as wire.ResolveLockRequest;
        if (asked.txn_infos.length > 0 || asked.keys.length === 0) return this.resolveRegion(place, asked, failed);
      }
    }
    const onePhase = name === 'Prewrite' && this.onePhase(request as wire.PrewriteRequest);
    const command = commandOf(name, request, onePhase)!;
    let answer: wire.TxnAnswer | undefined;
    let resolve: ((answer: wire.TxnAnswer) => void) | undefined;
    this.services.store.execute(ref, command, (outcome) => {
      const regionError = outcome.kind === 'failed' ? failed(outcome.error) : undefined;
      answer = regionError ?? answerOf(command, request, outcome, own);
      resolve?.(answer);
    });
    return answer ?? new Promise((done) => (resolve = done));
  }

  /** Not later than the client allows, as far as the clock tells. */
  private onePhase(request: wire.PrewriteRequest): boolean {
    if (!request.try_one_pc) return false;
    const { max_commit_ts: max } = request;
    return max === 0n || this.services.clock.wallMs() + COMMIT_MARGIN_MS < Number(max >> 18n);
  }

  // ---- reads

  // hot
  private get(ref: RegionRef, request: wire.GetRequest): MaybePromise<wire.TxnAnswer> {
    const found = this.services.store.get(ref, request.key, new ReadAt(request.version), passing(request.context));
    return found instanceof Promise ? found.then(valueAnswer) : valueAnswer(found);
  }

  private getMany(ref: RegionRef, request: wire.BatchGetRequest): MaybePromise<wire.TxnAnswer> {
    const { keys } = request;
    const answer = (found: (Uint8Array | undefined)[] | LockedKey): wire.TxnAnswer => {
      if (found instanceof LockedKey) return { error: { locked: lockToWire(found.lock) } };
      return { pairs: keys.flatMap((key, i) => (found[i] === undefined ? [] : [{ key, value: found[i]! }])) };
    };
    const found = this.services.store.getMany(ref, keys, new ReadAt(request.version), passing(request.context));
    return found instanceof Promise ? found.then(answer) : answer(found);
  }

  /**
   * Backwards, `start_key` is the upper end (exclusive) and `end_key` the lower one. A locked key becomes a pair with an error, and
   * the scan goes on behind it; Rutile's own client rather hears of it at once.
   */
  private async scan(
    { ref, region }: { readonly ref: RegionRef; readonly region: RegionDescriptor },
    request: wire.ScanRequest,
    own: boolean,
  ): Promise<wire.TxnAnswer> {
    const { reverse, key_only: keyOnly } = request;
    const limit = Math.min(request.limit, SCAN_LIMIT_MAX);
    const pairs: NonNullable<wire.TxnAnswer['pairs']> = [];
    if (limit === 0) return { pairs };
    const range = within(
      region,
      reverse ? request.end_key : request.start_key,
      reverse ? request.start_key : request.end_key,
    );
    const at = new ReadAt(request.version);
    const context = passing(request.context);
    const open = () => this.services.store.scan(ref, range, at, { reverse, limit: limit - pairs.length });
    let scanner = open();
    let sizeBytes = 0;
    try {
      while (pairs.length < limit && sizeBytes < SCAN_BYTES_MAX) {
        const batch = new KvBatch();
        const stepped = scanner.step(batch, Math.min(limit - pairs.length, 256), context);
        const result = stepped instanceof Promise ? await stepped : stepped;
        for (let i = 0; i < batch.count && pairs.length < limit; i++) {
          // Copies: the batch's buffers belong to the scanner, the answer outlives this turn.
          const key = Uint8Array.prototype.slice.call(batch.keyBytes[i], batch.keyStart[i], batch.keyEnd[i]);
          const value = keyOnly ? NOTHING : Uint8Array.prototype.slice.call(batch.valueBytes[i], batch.valueStart[i], batch.valueEnd[i]); // prettier-ignore
          pairs.push({ key, value });
          sizeBytes += key.length + value.length;
        }
        if (result === 'end') return { pairs };
        if (!(result instanceof LockedKey) || pairs.length >= limit) continue;
        pairs.push({ error: { locked: lockToWire(result.lock) } });
        if (own) return { pairs, more: true };
        scanner.close();
        if (reverse) range.upper = result.lock.key;
        else range.lower = keyAfter(result.lock.key);
        scanner = open();
      }
    } finally {
      scanner.close();
    }
    return { pairs, more: true };
  }

  // ---- locks

  private scanLock(
    { ref, region }: { readonly ref: RegionRef; readonly region: RegionDescriptor },
    request: wire.ScanLockRequest,
  ): wire.TxnAnswer {
    const range = within(region, request.start_key, request.end_key);
    this.serving(ref, range);
    const limit = request.limit === 0 ? SCAN_LIMIT_MAX : Math.min(request.limit, SCAN_LIMIT_MAX);
    return { locks: this.services.scanLocks(range, request.max_version, limit).map(lockToWire) };
  }

  /** Only transactions with async commit have this asked of them, and Rutile's locks are never of that kind: what is missing is rolled back. */
  private async checkSecondaries(
    { ref }: { readonly ref: RegionRef },
    request: wire.CheckSecondaryLocksRequest,
    failed: (error: unknown) => wire.TxnAnswer,
  ): Promise<wire.TxnAnswer> {
    const { keys, start_version: startTs } = request;
    const locks: LockInfo[] = [];
    for (const key of keys) {
      this.serving(ref, { lower: key, upper: keyAfter(key) });
      const [lock] = this.services.scanLocks({ lower: key, upper: keyAfter(key) }, startTs, 1);
      if (lock !== undefined && lock.startTs === startTs) {
        locks.push(lock);
        continue;
      }
      const outcome = await this.execute(ref, {
        kind: 'check-txn-status', primary: key, startTs, callerStartTs: 0n, currentTs: 0n, rollbackIfNotExist: true, resolvingPessimisticLock: false, verifyIsPrimary: false,
      }); // prettier-ignore
      if (outcome.kind === 'failed') return failed(outcome.error);
      return outcome.kind === 'status' ? { commit_ts: outcome.commitTs } : {};
    }
    return { locks: locks.map(lockToWire) };
  }

  /** Locks of one transaction or of several, wherever they lie in the region. */
  private async resolveRegion(
    { ref, region }: { readonly ref: RegionRef; readonly region: RegionDescriptor },
    request: wire.ResolveLockRequest,
    failed: (error: unknown) => wire.TxnAnswer,
  ): Promise<wire.TxnAnswer> {
    const range = within(region, NOTHING, NOTHING);
    const wanted = new Map(request.txn_infos.map((info) => [info.txn, info.status]));
    if (wanted.size === 0) wanted.set(request.start_version, request.commit_version);
    let newest = 0n;
    for (const startTs of wanted.keys()) if (startTs > newest) newest = startTs;
    let count = 0;
    for (;;) {
      this.serving(ref, range);
      const found = this.services.scanLocks(range, newest, SCAN_LIMIT_MAX);
      for (const [startTs, commitTs] of wanted) {
        const keys = found.filter((lock) => lock.startTs === startTs).map((lock) => lock.key);
        if (keys.length === 0) continue;
        const outcome = await this.execute(ref, { kind: 'resolve-lock', startTs, commitTs, keys });
        if (outcome.kind === 'failed') return failed(outcome.error);
        if (outcome.kind === 'commit-ts-expired')
          return answerOf({ kind: 'resolve-lock', startTs, commitTs, keys }, request, outcome, false);
        count += keys.length;
      }
      if (found.length < SCAN_LIMIT_MAX) return { count };
      range.lower = keyAfter(found[found.length - 1]!.key);
    }
  }

  private execute(ref: RegionRef, command: Parameters<RegionStorePort['execute']>[1]): Promise<TxnOutcome> {
    return new Promise((resolve) => this.services.store.execute(ref, command, resolve));
  }

  /** Throws when the region is not led here under that epoch. */
  private serving(ref: RegionRef, range: KeyRange): void {
    this.services.store.dataVersion(ref, range);
  }

  // ---- what goes wrong

  /** The epoch is right and a key is outside all the same: the client is confused. A wrong epoch is told by the store. */
  private strayKey(
    name: wire.TxnCommandName,
    request: object,
    region: RegionDescriptor,
    ref: RegionRef,
    form: BoundsForm,
  ): RegionError | undefined {
    if (region.lower.length === 0 && region.upper.length === 0) return undefined;
    if (region.epoch.version !== ref.version) return undefined;
    for (const key of keysOf(name, request)) {
      if (holdsKey(region, ROW_SPACE, key)) continue;
      const { storeId } = this.services;
      const error = new RutileError('kv.stray-key', `the key is not in region ${region.id}`, {
        fields: { key, region },
      });
      return regionErrorOf(error, { regionId: region.id, storeId, form, describe: (id) => this.services.describe(id) });
    }
    return undefined;
  }

  private failed(name: wire.TxnCommandName, error: unknown, regionId: number, form: BoundsForm): wire.TxnAnswer {
    const { storeId } = this.services;
    const place = { regionId, storeId, form, describe: (id: number) => this.services.describe(id) };
    const regionError = regionErrorOf(error, place);
    if (regionError) return { region_error: regionError };
    return withError(name, failureToKeyError(error));
  }
}

function withError(name: wire.TxnCommandName, error: wire.KeyError): wire.TxnAnswer {
  return name === 'Prewrite' || name === 'PessimisticLock' || name === 'PessimisticRollback'
    ? { errors: [error] }
    : { error };
}

function refusedRead(context: Context | null | undefined): string | undefined {
  if (!context) return undefined;
  if (context.api_version === API_V2) return 'API version 2 is not offered yet: use version 1';
  if (context.stale_read === true) return 'stale reads are not offered: read from the leader';
  if (context.replica_read === true) return 'reads from followers are not offered: read from the leader';
  if ((context.isolation_level ?? 0) !== 0) return 'isolation level SI is the only one offered';
  return undefined;
}

const NONE: ReadonlySet<bigint> = new Set();

function passing(context: Context | null | undefined): StoreReadContext | undefined {
  const resolved = context?.resolved_locks;
  const committed = context?.committed_locks;
  if (!resolved?.length && !committed?.length) return undefined;
  return {
    resolved: resolved?.length ? new Set(resolved) : NONE,
    committed: committed?.length ? new Set(committed) : NONE,
  };
}

function valueAnswer(found: Uint8Array | undefined | LockedKey): wire.TxnAnswer {
  if (found === undefined) return { not_found: true };
  return found instanceof LockedKey ? { error: { locked: lockToWire(found.lock) } } : { value: found };
}

/** The region's share of a range of rows. */
function within(
  region: RegionDescriptor,
  lower: Uint8Array,
  upper: Uint8Array,
): { lower: Uint8Array; upper: Uint8Array } {
  const bounds = boundsIn(ROW_SPACE, region);
  if (bounds === undefined) return { lower, upper };
  const end = bounds.upper;
  return {
    lower: compareBytes(bounds.lower, lower) > 0 ? bounds.lower : lower,
    upper: end !== undefined && (upper.length === 0 || compareBytes(end, upper) < 0) ? end : upper,
  };
}

function keysOf(name: wire.TxnCommandName, request: object): readonly Uint8Array[] {
  switch (name) {
    case 'Get':
    case 'Cleanup':
      return [(request as wire.GetRequest).key];
    case 'Prewrite':
    case 'PessimisticLock':
      return (request as wire.PrewriteRequest).mutations.map((one) => one.key);
    case 'CheckTxnStatus':
      return [(request as wire.CheckTxnStatusRequest).primary_key];
    case 'TxnHeartBeat':
      return [(request as wire.TxnHeartBeatRequest).primary_lock];
    case 'Scan':
    case 'ScanLock':
      return [];
    default:
      return (request as wire.BatchGetRequest).keys;
  }
}
