/**
 * Raw calls held to one region: what a request names is what it reaches. Keys outside are refused (`kv.stray-key`), ranges are cut to
 * the region's share, and whether the region is led here under that epoch is checked by the store behind it with every call.
 */
import { compareBytes } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { RawWrite } from '../../proto/kv/command.ts';
import { boundsIn, holdsKey, RAW_SPACE, type RegionDescriptor } from '../../proto/kv/region.ts';
import type { KeyRange, RawClient, Scanner, ScanOptions } from '../client/client.ts';
import { PlainScanner } from '../client/snapshot.ts';
import type { RegionRef, RegionStorePort } from '../client/region-store.ts';

export class RegionRaw implements RawClient {
  private readonly store: RegionStorePort;
  private readonly ref: RegionRef;
  private readonly region: RegionDescriptor;

  constructor(store: RegionStorePort, ref: RegionRef, region: RegionDescriptor) {
    this.store = store;
    this.ref = ref;
    this.region = region;
  }

  get(key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    this.check(key);
    return this.store.rawGet(this.ref, key);
  }

  getMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    for (const key of keys) this.check(key);
    return this.store.rawGetMany(this.ref, keys);
  }

  async put(key: Uint8Array, value: Uint8Array): Promise<void> {
    return this.write([{ kind: 'put', key, value }]);
  }

  async putMany(pairs: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]): Promise<void> {
    return this.write(pairs.map(({ key, value }) => ({ kind: 'put', key, value })));
  }

  async delete(key: Uint8Array): Promise<void> {
    return this.write([{ kind: 'delete', key }]);
  }

  async deleteMany(keys: readonly Uint8Array[]): Promise<void> {
    return this.write(keys.map((key) => ({ kind: 'delete', key })));
  }

  async deleteRange(range: KeyRange): Promise<void> {
    return this.write([{ kind: 'delete-range', ...this.cut(range) }]);
  }

  scan(range: KeyRange, options?: ScanOptions): Scanner {
    return new PlainScanner(this.store.rawScan(this.ref, this.cut(range), options), options?.limit ?? Infinity);
  }

  write(writes: readonly RawWrite[]): Promise<void> {
    for (const write of writes) this.check(write.kind === 'delete-range' ? write.lower : write.key);
    return new Promise((resolve, reject) => {
      this.store.rawWrite(this.ref, writes, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** The store tells a wrong epoch itself, with the newer regions. */
  private check(key: Uint8Array): void {
    const { region } = this;
    if (region.epoch.version !== this.ref.version || holdsKey(region, RAW_SPACE, key)) return;
    throw new RutileError('kv.stray-key', `the key is not in region ${region.id}`, { fields: { key, region } });
  }

  private cut(range: KeyRange): KeyRange {
    const bounds = boundsIn(RAW_SPACE, this.region);
    if (bounds === undefined || this.region.epoch.version !== this.ref.version) return range;
    const { lower, upper } = range;
    const end = bounds.upper;
    return {
      lower: compareBytes(bounds.lower, lower) > 0 ? bounds.lower : lower,
      upper: end !== undefined && (upper.length === 0 || compareBytes(end, upper) < 0) ? end : upper,
    };
  }
}
