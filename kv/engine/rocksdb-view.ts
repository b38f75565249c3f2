/**
 * A still picture of RocksDB made of pinned iterators. The binding has no snapshots, but an iterator shows the state of the
 * moment it was made in; so a view is a pair of iterators (one a direction) for each family, all made in one turn, and every
 * read seeks one of them. Many cursors share a pin: each remembers where it stands and seeks again when another has moved it.
 *
 * A pinned read costs 6 µs (a seek and a step). The asynchronous twins answer in the same turn: a native iterator
 * must not be moved by two threads. Steps are bounded in bytes, so a long scan still lets others in between steps.
 */
import { assert } from '../../base/assert.ts';
import { compareBytes, equalBytes, keyAfter } from '../../base/bytes.ts';
import { LIMITS } from '../../base/limits.ts';
import type { ColumnFamily, EngineIterator, IteratorOptions, Pairs, View } from './engine.ts';

/** What a view needs of the binding's iterator, so that the binding itself is imported in one file only. */
export interface PinnedIterator {
  _seekSync(target: Uint8Array): void;
  /** Rows are key, value, key, value, ... */
  _nextvSync(count: number): { readonly rows: Uint8Array[]; readonly finished: boolean };
  _closeSync(): void;
}

export interface Pins {
  readonly forward: PinnedIterator;
  readonly backward: PinnedIterator;
}

/** No key is above it. */
const KEY_MAX = new Uint8Array(LIMITS.keySizeBytesMax + 1).fill(0xff);
/** No key is below it: keys are not empty. */
const KEY_MIN = new Uint8Array(1);

export class PinnedView implements View {
  private pins: ReadonlyMap<ColumnFamily, Pins> | undefined;
  /** Who moved an iterator last. */
  private readonly users = new Map<PinnedIterator, PinnedCursor>();
  private readonly translate: (error: unknown) => Error;

  constructor(pins: ReadonlyMap<ColumnFamily, Pins>, translate: (error: unknown) => Error) {
    this.pins = pins;
    this.translate = translate;
  }

  get(family: ColumnFamily, key: Uint8Array): Uint8Array | undefined {
    const { forward } = this.pinsOf(family);
    this.users.delete(forward);
    try {
      forward._seekSync(key);
      const { rows } = forward._nextvSync(1);
      return rows.length === 2 && equalBytes(rows[0]!, key) ? rows[1] : undefined;
    } catch (error) {
      throw this.translate(error);
    }
  }

  getMany(family: ColumnFamily, keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map((key) => this.get(family, key));
  }

  async getManyAsync(family: ColumnFamily, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return this.getMany(family, keys);
  }

  iterator(family: ColumnFamily, options: IteratorOptions): EngineIterator {
    const { forward, backward } = this.pinsOf(family);
    return new PinnedCursor(this, options.reverse ? backward : forward, options);
  }

  close(): void {
    for (const { forward, backward } of this.pins?.values() ?? []) {
      forward._closeSync();
      backward._closeSync();
    }
    this.pins = undefined;
  }

  /** A step of `cursor`; seeks to `target` first unless the cursor was the last one to move this iterator. */
  step(
    cursor: PinnedCursor,
    native: PinnedIterator,
    target: Uint8Array,
    countMax: number,
  ): { rows: Uint8Array[]; finished: boolean } {
    assert(this.pins, 'a closed view was read');
    try {
      if (this.users.get(native) !== cursor) {
        native._seekSync(target);
        this.users.set(native, cursor);
      }
      return native._nextvSync(countMax);
    } catch (error) {
      throw this.translate(error);
    }
  }

  private pinsOf(family: ColumnFamily): Pins {
    assert(this.pins, 'a closed view was read');
    const pins = this.pins.get(family);
    assert(pins, 'a view was asked for a family that it was not made for');
    return pins;
  }
}

class PinnedCursor implements EngineIterator {
  private readonly view: PinnedView;
  private readonly native: PinnedIterator;
  private readonly reverse: boolean;
  /** The bound in the direction of travel. */
  private readonly end: Uint8Array | undefined;
  /** Where the next step begins: at this key going up, below it going down. */
  private position: Uint8Array;
  private finished = false;

  constructor(view: PinnedView, native: PinnedIterator, options: IteratorOptions) {
    this.view = view;
    this.native = native;
    this.reverse = options.reverse ?? false;
    this.end = this.reverse ? options.lower : options.upper;
    const begin = this.reverse ? options.upper : options.lower;
    this.position = begin && begin.length > 0 ? begin : this.reverse && !begin ? KEY_MAX : KEY_MIN;
  }

  next(countMax: number): Pairs {
    assert(countMax > 0, 'a step reads at least one pair');
    const keys: Uint8Array[] = [];
    const values: Uint8Array[] = [];
    while (!this.finished && keys.length === 0) {
      const step = this.view.step(this, this.native, this.position, countMax);
      this.finished = step.finished;
      for (let i = 0; i < step.rows.length; i += 2) {
        const key = step.rows[i]!;
        // A seek downwards lands on the position itself when that key exists.
        if (this.reverse && compareBytes(key, this.position) >= 0) continue;
        if (this.end && (this.reverse ? compareBytes(key, this.end) < 0 : compareBytes(key, this.end) >= 0)) {
          this.finished = true;
          break;
        }
        keys.push(key);
        values.push(step.rows[i + 1]!);
      }
    }
    const last = keys.at(-1);
    if (last) this.position = this.reverse ? last : keyAfter(last);
    return { keys, values, finished: this.finished };
  }

  async nextAsync(countMax: number): Promise<Pairs> {
    return this.next(countMax);
  }

  close(): void {
    this.finished = true;
  }
}
