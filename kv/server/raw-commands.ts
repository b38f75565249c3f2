/**
 * The raw commands: one function a command, from decoded request to answer, whether it came as a unary call or inside
 * BatchCommands. Reads that hit memory answer in the same turn; writes answer when they are durable and applied.
 *
 * What Rutile does not offer (column families, TTL, API V2) is refused in the answer's `error`, never ignored. An error of
 * one request stays inside its answer: a gRPC error would end the stream and fail everything in flight with it.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import { RutileError } from '../../base/error.ts';
import type { RawClient } from '../client/client.ts';
import type * as wire from '../../proto/wire/messages.ts';
import { checkContext, type ServedRegion } from './region-check.ts';

/** Clients ask for 10,240 pairs at the most. A larger number is cut to it: the client continues from the last key. */
const SCAN_LIMIT_MAX = 10_240;
/** An answer stays below what clients decode by default (4 MiB for some): a scan ends early with what it has. */
const SCAN_BYTES_MAX = 3 * 1024 * 1024;
const KEY_BYTES_MAX = 8 * 1024;
const API_V2 = 2;
const NOTHING = new Uint8Array(0);
const OK: Answer = {};

type Answer = Record<string, unknown>;

export class RawCommands {
  private readonly raw: RawClient;
  private readonly served: () => ServedRegion;

  constructor(raw: RawClient, served: () => ServedRegion) {
    this.raw = raw;
    this.served = served;
  }

  run(command: wire.RawCommand, request: unknown): MaybePromise<Answer> {
    const { context, cf } = request as { context?: wire.Context | null; cf: string };
    const regionError = checkContext(context, this.served());
    if (regionError) return { region_error: regionError };
    const refusal = refuse(context, cf);
    if (refusal) return withError(command, refusal);
    try {
      const answer = this.dispatch(command, request);
      return answer instanceof Promise ? answer.catch((error: unknown) => this.failed(command, error)) : answer;
    } catch (error) {
      return this.failed(command, error);
    }
  }

  private dispatch(command: wire.RawCommand, request: unknown): MaybePromise<Answer> {
    switch (command) {
      case 'RawGet':
        return this.get(request as wire.RawGetRequest);
      case 'RawBatchGet':
        return this.batchGet(request as wire.RawBatchGetRequest);
      case 'RawPut':
        return this.put(request as wire.RawPutRequest);
      case 'RawBatchPut':
        return this.batchPut(request as wire.RawBatchPutRequest);
      case 'RawDelete':
        return this.delete(request as wire.RawDeleteRequest);
      case 'RawBatchDelete':
        return this.batchDelete(request as wire.RawBatchDeleteRequest);
      case 'RawScan':
        return this.scan(request as wire.RawScanRequest);
      case 'RawDeleteRange':
        return this.deleteRange(request as wire.RawDeleteRangeRequest);
    }
  }

  private get(request: wire.RawGetRequest): MaybePromise<Answer> {
    const problem = keyProblem(request.key);
    if (problem) return { error: problem };
    const found = this.raw.get(request.key);
    return found instanceof Promise ? found.then(foundAnswer) : foundAnswer(found);
  }

  private batchGet(request: wire.RawBatchGetRequest): MaybePromise<Answer> {
    const found = this.raw.getMany(request.keys);
    const answer = (values: (Uint8Array | undefined)[]): Answer => ({
      pairs: request.keys.flatMap((key, i) => (values[i] === undefined ? [] : [{ key, value: values[i]! }])),
    });
    return found instanceof Promise ? found.then(answer) : answer(found);
  }

  private put(request: wire.RawPutRequest): MaybePromise<Answer> {
    const problem = keyProblem(request.key) ?? ttlProblem(request.ttl);
    if (problem) return { error: problem };
    return this.raw.put(request.key, request.value).then(ok);
  }

  private batchPut(request: wire.RawBatchPutRequest): MaybePromise<Answer> {
    const problem =
      firstProblem(request.pairs.map((pair) => pair.key)) ??
      ttlProblem(request.ttl) ??
      request.ttls.map(ttlProblem).find(Boolean);
    if (problem) return { error: problem };
    return this.raw.putMany(request.pairs).then(ok);
  }

  private delete(request: wire.RawDeleteRequest): MaybePromise<Answer> {
    const problem = keyProblem(request.key);
    if (problem) return { error: problem };
    return this.raw.delete(request.key).then(ok);
  }

  private batchDelete(request: wire.RawBatchDeleteRequest): MaybePromise<Answer> {
    const problem = firstProblem(request.keys);
    if (problem) return { error: problem };
    return this.raw.deleteMany(request.keys).then(ok);
  }

  private deleteRange(request: wire.RawDeleteRangeRequest): Promise<Answer> {
    return this.raw.deleteRange({ lower: request.start_key, upper: request.end_key }).then(ok);
  }

  /** Backwards, `start_key` is the upper end (exclusive) and `end_key` the lower one. */
  private async scan(request: wire.RawScanRequest): Promise<Answer> {
    const limit = Math.min(request.limit, SCAN_LIMIT_MAX);
    const range = request.reverse
      ? { lower: request.end_key, upper: request.start_key }
      : { lower: request.start_key, upper: request.end_key };
    const kvs: wire.KvPair[] = [];
    if (limit === 0) return { kvs };
    const scanner = this.raw.scan(range, { reverse: request.reverse, limit });
    let sizeBytes = 0;
    try {
      while (kvs.length < limit && sizeBytes < SCAN_BYTES_MAX) {
        const step = scanner.next(Math.min(limit - kvs.length, 256));
        const batch = step instanceof Promise ? await step : step;
        if (!batch) break;
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
    return { kvs };
  }

  private failed(command: wire.RawCommand, error: unknown): Answer {
    const code = error instanceof RutileError ? error.code : undefined;
    const message = error instanceof Error ? error.message : String(error);
    if (code === 'kv.busy') return { region_error: { message, server_is_busy: { reason: message, backoff_ms: 100 } } };
    if (code === 'disk.full')
      return { region_error: { message, disk_full: { store_id: [this.served().storeId], reason: message } } };
    if (code === 'kv.entry-too-large') {
      return { region_error: { message, raft_entry_too_large: { region_id: this.served().region.id, entry_size: 0 } } };
    }
    return withError(command, message);
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
