/**
 * The raw commands: one function a command, from decoded request to answer, whether it came as a unary call or inside
 * BatchCommands. Reads that hit memory answer in the same turn; writes answer when they are durable and applied.
 *
 * What Rutile does not offer (column families, TTL, API V2) is refused in the answer's `error`, never ignored. An error of
 * one request stays inside its answer: a gRPC error would end the stream and fail everything in flight with it.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { RawClient } from '../client/client.ts';
import type { RawWrite } from '../../proto/kv/command.ts';
import type * as wire from '../../proto/wire/messages.ts';
import { regionErrorOf } from '../../proto/wire/region-errors.ts';
import { RAW_WRITE, type RawWriteRequest } from '../../proto/wire/txn-messages.ts';
import { checkContext, type ServedRegion } from './region-check.ts';
import { RegionRaw } from './region-raw.ts';
import { regionOf, type TxnServices } from './txn-commands.ts';

/** Clients ask for 10,240 pairs at the most. A larger number is cut to it: the client continues from the last key. */
export const SCAN_LIMIT_MAX = 10_240;
/** An answer stays below what clients decode by default (4 MiB for some): a scan ends early with what it has. */
export const SCAN_BYTES_MAX = 3 * 1024 * 1024;
const KEY_BYTES_MAX = 8 * 1024;
const API_V2 = 2;
const NOTHING = new Uint8Array(0);
const OK: Answer = {};

type Answer = Record<string, unknown>;

export class RawCommands {
  private readonly raw: RawClient;
  private readonly served: () => ServedRegion;
  private readonly services: TxnServices | undefined;

  /** With `services`, a request that names a region reaches that region alone; without, `served` is the only one. */
  constructor(raw: RawClient, served: () => ServedRegion, services: TxnServices | undefined) {
    this.raw = raw;
    this.served = served;
    this.services = services;
  }

  run(command: wire.RawCommand, request: unknown): MaybePromise<Answer> {
    const { context, cf } = request as { context?: wire.Context | null; cf: string };
    const { services } = this;
    const isForRegion = services !== undefined && (context?.region_id ?? 0) > 0;
    let { raw } = this;
    if (isForRegion) {
      const place = regionOf(services, context);
      if (!('ref' in place)) return { region_error: place };
      raw = new RegionRaw(services.store, place.ref, place.region);
    } else {
      const regionError = checkContext(context, this.served());
      if (regionError) return { region_error: regionError };
    }
    const refusal = refuse(context, cf);
    if (refusal) return withError(command, refusal);
    const failed = (error: unknown): Answer => this.failed(command, error, context);
    try {
      const answer = this.dispatch(command, request, raw);
      return answer instanceof Promise ? answer.catch(failed) : answer;
    } catch (error) {
      return failed(error);
    }
  }

  /** Puts, deletes and deleted ranges in one step; Rutile's own. */
  async write(request: RawWriteRequest): Promise<Answer> {
    const { services } = this;
    if (services === undefined) return { error: 'mixed raw writes are not offered' };
    const place = regionOf(services, request.context);
    if (!('ref' in place)) return { region_error: place };
    const writes = request.writes.map(({ kind, key, value }): RawWrite => {
      if (kind === RAW_WRITE.put) return { kind: 'put', key, value };
      return kind === RAW_WRITE.delete ? { kind: 'delete', key } : { kind: 'delete-range', lower: key, upper: value };
    });
    try {
      await new RegionRaw(services.store, place.ref, place.region).write(writes);
      return OK;
    } catch (error) {
      return this.failed('RawPut', error, request.context);
    }
  }

  private dispatch(command: wire.RawCommand, request: unknown, raw: RawClient): MaybePromise<Answer> {
    switch (command) {
      case 'RawGet':
        return this.get(raw, request as wire.RawGetRequest);
      case 'RawBatchGet':
        return this.batchGet(raw, request as wire.RawBatchGetRequest);
      case 'RawPut':
        return this.put(raw, request as wire.RawPutRequest);
      case 'RawBatchPut':
        return this.batchPut(raw, request as wire.RawBatchPutRequest);
      case 'RawDelete':
        return this.delete(raw, request as wire.RawDeleteRequest);
      case 'RawBatchDelete':
        return this.batchDelete(raw, request as wire.RawBatchDeleteRequest);
      case 'RawScan':
        return this.scan(raw, request as wire.RawScanRequest);
      case 'RawDeleteRange':
        return this.deleteRange(raw, request as wire.RawDeleteRangeRequest);
    }
  }

  private get(raw: RawClient, request: wire.RawGetRequest): MaybePromise<Answer> {
    const problem = keyProblem(request.key);
    if (problem) return { error: problem };
    const found = raw.get(request.key);
    return found instanceof Promise ? found.then(foundAnswer) : foundAnswer(found);
  }

  private batchGet(raw: RawClient, request: wire.RawBatchGetRequest): MaybePromise<Answer> {
    const found = raw.getMany(request.keys);
    const answer = (values: (Uint8Array | undefined)[]): Answer => ({
      pairs: request.keys.flatMap((key, i) => (values[i] === undefined ? [] : [{ key, value: values[i]! }])),
    });
    return found instanceof Promise ? found.then(answer) : answer(found);
  }

  private put(raw: RawClient, request: wire.RawPutRequest): MaybePromise<Answer> {
    const problem = keyProblem(request.key) ?? ttlProblem(request.ttl);
    if (problem) return { error: problem };
    return raw.put(request.key, request.value).then(ok);
  }

  private batchPut(raw: RawClient, request: wire.RawBatchPutRequest): MaybePromise<Answer> {
    const problem =
      firstProblem(request.pairs.map((pair) => pair.key)) ??
      ttlProblem(request.ttl) ??
      request.ttls.map(ttlProblem).find(Boolean);
    if (problem) return { error: problem };
    return raw.putMany(request.pairs).then(ok);
  }

  private delete(raw: RawClient, request: wire.RawDeleteRequest): MaybePromise<Answer> {
    const problem = keyProblem(request.key);
    if (problem) return { error: problem };
    return raw.delete(request.key).then(ok);
  }

  private batchDelete(raw: RawClient, request: wire.RawBatchDeleteRequest): MaybePromise<Answer> {
    const problem = firstProblem(request.keys);
    if (problem) return { error: problem };
    return raw.deleteMany(request.keys).then(ok);
  }

  private deleteRange(raw: RawClient, request: wire.RawDeleteRangeRequest): Promise<Answer> {
    return raw.deleteRange({ lower: request.start_key, upper: request.end_key }).then(ok);
  }

  /** Backwards, `start_key` is the upper end (exclusive) and `end_key` the lower one. */
  private async scan(raw: RawClient, request: wire.RawScanRequest): Promise<Answer> {
    const limit = Math.min(request.limit, SCAN_LIMIT_MAX);
    const range = request.reverse
      ? { lower: request.end_key, upper: request.start_key }
      : { lower: request.start_key, upper: request.end_key };
    const kvs: wire.KvPair[] = [];
    if (limit === 0) return { kvs };
    const scanner = raw.scan(range, { reverse: request.reverse, limit });
    let sizeBytes = 0;
    try {
      while (kvs.length < limit && sizeBytes < SCAN_BYTES_MAX) {
        const step = scanner.next(Math.min(limit - kvs.length, 256));
        const batch = step instanceof Promise ? await step : step;
        if (!batch) return { kvs };
        for (let i = 0; i < batch.count && kvs.length < limit; i++) {
          // Copies: the batch's buffers belong to the scanner, the answer outlives this turn.
          const key = batch.keyBytes[i]!.slice(batch.keyStart[i]!, batch.keyEnd[i]!);
          const value = request.key_only
            ? NOTHING
            : batch.valueBytes[i]!.slice(batch.valueStart[i]!, batch.valueEnd[i]!);
          kvs.push({ key, value });
          sizeBytes += key.length + value.length;
        }
      }
    } finally {
      scanner.close();
    }
    return { kvs, more: true };
  }

  private failed(command: wire.RawCommand, error: unknown, context: wire.Context | null | undefined): Answer {
    const { services } = this;
    const regionError = regionErrorOf(error, {
      regionId: context?.region_id || this.served().region.id,
      storeId: services?.storeId ?? this.served().storeId,
      form: context?.region_space === true ? 'space' : 'raw',
      describe: (id) => services?.describe(id),
    });
    if (regionError) return { region_error: regionError };
    return withError(command, error instanceof Error ? error.message : String(error));
  }
}

function ok(): Answer {
  return OK;
}

function foundAnswer(value: Uint8Array | undefined): Answer {
  return value === undefined ? { not_found: true } : { value };
}

/** Answers without an `error` field (batch get, scan) carry it as a region error, which every client shows. */
function withError(command: wire.RawCommand, message: string): Answer {
  return command === 'RawScan' || command === 'RawBatchGet' ? { region_error: { message } } : { error: message };
}

function refuse(context: wire.Context | null | undefined, cf: string): string | undefined {
  if (cf !== '' && cf !== 'default') return `column family '${cf}' is not offered: raw keys live in 'default'`;
  if (context && context.api_version === API_V2) return 'API version 2 is not offered yet: use version 1';
  return undefined;
}

function keyProblem(key: Uint8Array): string | undefined {
  if (key.length === 0) return 'the key is empty';
  if (key.length > KEY_BYTES_MAX) return `the key has ${key.length} bytes, at most ${KEY_BYTES_MAX} are allowed`;
  return undefined;
}

function firstProblem(keys: readonly Uint8Array[]): string | undefined {
  for (const key of keys) {
    const problem = keyProblem(key);
    if (problem) return problem;
  }
  return undefined;
}

function ttlProblem(ttl: number): string | undefined {
  return ttl > 0 ? 'time to live is not offered: write the key without ttl' : undefined;
}
