/** Scans raw pairs: through the hot pages, or straight from the engine (long scans, asynchronously in chunks). */
import { compareBytes, keyAfter } from '../../base/bytes.ts';
import type { KeyRange, KvBatch, ScanOptions } from '../client/client.ts';
import type { StoreScanner } from '../client/store-port.ts';
import type { Engine, EngineIterator, Pairs } from '../engine/engine.ts';
import type { HotPages, Page } from '../mvcc/index.ts';

const ENGINE_STEP = 256;
const LOAD_ROWS = 64;

export class RawScanner implements StoreScanner {
  private readonly engine: Engine;
  private readonly pages: HotPages | undefined;
  private readonly reverse: boolean;
  private readonly long: boolean;
  private lower: Uint8Array;
  private upper: Uint8Array | undefined;
  private iterator: EngineIterator | undefined = undefined;
  private pending: Pairs | undefined = undefined;
  private pendingAt = 0;
  private finished = false;

  constructor(engine: Engine, pages: HotPages | undefined, range: KeyRange, options: ScanOptions | undefined) {
    this.engine = engine;
    this.pages = pages;
    this.reverse = options?.reverse === true;
    this.long = options?.long === true;
    this.lower = range.lower;
    this.upper = range.upper.length === 0 ? undefined : range.upper;
  }

  step(batch: KvBatch, countMax: number): 'more' | 'end' | Promise<'more' | 'end'> {
    if (this.finished || (this.upper !== undefined && compareBytes(this.lower, this.upper) >= 0)) return this.end();
    if (this.pages === undefined || this.long) return this.stepEngine(batch, countMax);
    while (batch.count < countMax) {
      if (this.upper !== undefined && compareBytes(this.lower, this.upper) >= 0) return this.end();
      if (this.reverse ? this.down(batch, countMax) : this.up(batch, countMax)) return this.end();
    }
    return 'more';
  }

  close(): void {
    this.end();
  }

  /** True when nothing follows. */
  private up(batch: KvBatch, countMax: number): boolean {
    const page = this.pages!.pageAt(this.lower) ?? this.pages!.load(this.lower, LOAD_ROWS);
    const { upper } = this;
    const inside = upper !== undefined && (page.upper === undefined || compareBytes(upper, page.upper) < 0);
    const to = inside ? page.search(upper) >> 1 : page.count;
    let row = page.search(this.lower) >> 1;
    for (; row < to && batch.count < countMax; row++) this.push(batch, page, row);
    if (row < to) this.lower = page.key(row);
    else if (inside || page.upper === undefined) return true;
    else this.lower = page.upper;
    return false;
  }

  private down(batch: KvBatch, countMax: number): boolean {
    const { upper, lower } = this;
    const page = this.pages!.pageBelow(upper) ?? this.pages!.loadBelow(upper, LOAD_ROWS);
    const to =
      upper !== undefined && (page.upper === undefined || compareBytes(upper, page.upper) < 0)
        ? page.search(upper) >> 1
        : page.count;
    const inside = compareBytes(lower, page.lower) > 0;
    const from = inside ? page.search(lower) >> 1 : 0;
    let row = to - 1;
    for (; row >= from && batch.count < countMax; row--) this.push(batch, page, row);
    if (row >= from) this.upper = keyAfter(page.key(row));
    else if (inside || page.lower.length === 0) return true;
    else this.upper = page.lower;
    return false;
  }

  private push(batch: KvBatch, page: Page, row: number): void {
    const start = page.recordStart(row);
    if (start >= 0) {
      batch.pushSlice(page.buffer, page.keyStart(row), page.keyEnd(row), page.buffer, start, page.recordEnd(row));
      return;
    }
    const key = page.key(row);
    const value = this.engine.get('raw', key);
    if (value !== undefined) batch.push(key, value);
  }

  private stepEngine(batch: KvBatch, countMax: number): 'more' | 'end' | Promise<'more' | 'end'> {
    this.iterator ??= this.engine.iterator('raw', {
      lower: this.lower,
      upper: this.upper,
      reverse: this.reverse,
      bypassCache: this.long,
    });
    while (batch.count < countMax) {
      if (this.pending === undefined) {
        if (this.long) {
          return this.iterator.nextAsync(ENGINE_STEP).then((pairs) => {
            if (this.finished) return 'end';
            this.pending = pairs;
            this.pendingAt = 0;
            return this.drain(batch, countMax);
          });
        }
        this.pending = this.iterator.next(Math.min(ENGINE_STEP, Math.max(1, countMax)));
        this.pendingAt = 0;
      }
      if (this.drain(batch, countMax) === 'end') return 'end';
    }
    return 'more';
  }

  private drain(batch: KvBatch, countMax: number): 'more' | 'end' {
    const pending = this.pending!;
    while (this.pendingAt < pending.keys.length && batch.count < countMax) {
      batch.push(pending.keys[this.pendingAt]!, pending.values[this.pendingAt]!);
      this.pendingAt++;
    }
    if (this.pendingAt < pending.keys.length) return 'more';
    this.pending = undefined;
    return pending.finished ? this.end() : 'more';
  }

  private end(): 'end' {
    this.finished = true;
    this.iterator?.close();
    this.iterator = undefined;
    return 'end';
  }
}
