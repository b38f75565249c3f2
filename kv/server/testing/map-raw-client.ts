/** A raw client over a Map, for tests of the servers alone. */
import { compareBytes } from '../../../base/bytes.ts';
import { KvBatch, type KeyRange, type RawClient, type ScanOptions, type Scanner } from '../../client/client.ts';

export class MapRawClient implements RawClient {
  private readonly pairs = new Map<string, Uint8Array>();
  private failure: Error | undefined;

  /** The next write fails with this. */
  failNext(error: Error): void {
    this.failure = error;
  }

  private async durable(): Promise<void> {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.pairs.get(name(key));
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map((key) => this.get(key));
  }

  async put(key: Uint8Array, value: Uint8Array): Promise<void> {
    await this.durable();
    this.pairs.set(name(key), value);
  }

  async putMany(pairs: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]): Promise<void> {
    for (const { key, value } of pairs) await this.put(key, value);
  }

  async delete(key: Uint8Array): Promise<void> {
    await this.durable();
    this.pairs.delete(name(key));
  }

  async deleteMany(keys: readonly Uint8Array[]): Promise<void> {
    for (const key of keys) await this.delete(key);
  }

  async deleteRange(range: KeyRange): Promise<void> {
    for (const key of this.keysIn(range)) this.pairs.delete(name(key));
  }

  scan(range: KeyRange, options: ScanOptions = {}): Scanner {
    const keys = this.keysIn(range);
    if (options.reverse) keys.reverse();
    let position = 0;
    return {
      next: (countMax) => {
        if (position >= keys.length) return undefined;
        const batch = new KvBatch();
        for (const key of keys.slice(position, position + countMax)) batch.push(key, this.get(key)!);
        position += batch.count;
        return batch;
      },
      close: () => undefined,
    };
  }

  private keysIn(range: KeyRange): Uint8Array[] {
    return [...this.pairs.keys()]
      .map((text) => new Uint8Array(Buffer.from(text, 'latin1')))
      .filter(
        (key) =>
          compareBytes(key, range.lower) >= 0 && (range.upper.length === 0 || compareBytes(key, range.upper) < 0),
      )
      .sort(compareBytes);
  }
}

function name(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1');
}
