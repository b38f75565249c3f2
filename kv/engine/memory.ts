/**
 * The engine in memory: what the simulator, tests and scratch servers run on. It keeps the port's promises to the letter,
 * the unkind ones too: what was written without `synced` is lost, from some point on, when the machine crashes.
 *
 * Each family is a copy-on-write tree, so a view or an iterator freezes a family in no time and stays still for ever.
 * For the crash the engine remembers one frozen picture a batch since the last synced one, up to `UNSYNCED_BATCHES_MAX`; `crash` picks
 * one of them, as a write-ahead log cut at some length would.
 */
import { assert } from '../../base/assert.ts';
import { compareBytes } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import type { Random } from '../../base/world.ts';
import {
  COLUMN_FAMILIES,
  type ColumnFamily,
  type Engine,
  type EngineIterator,
  type IteratorOptions,
  type Pairs,
  type View,
  type WriteBatch,
} from './engine.ts';
import { type FrozenTree, lookUp, Tree, TreeCursor } from './tree.ts';

/** Older pictures count as written back by the operating system. */
const UNSYNCED_BATCHES_MAX = 256;

type Picture = readonly FrozenTree[];

const FAMILY_INDEX = new Map(COLUMN_FAMILIES.map((family, index) => [family, index]));

type Operation =
  | { readonly kind: 'put'; readonly family: number; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly family: number; readonly key: Uint8Array }
  | { readonly kind: 'delete-range'; readonly family: number; readonly lower: Uint8Array; readonly upper: Uint8Array };

export class MemoryEngine implements Engine {
  private readonly trees: Tree[];
  /** Pictures after each batch that a crash may take back; the first one is durable. */
  private unsynced: Picture[];
  private state: 'open' | 'closed' | 'crashed' = 'open';

  constructor(from?: Picture) {
    this.trees = COLUMN_FAMILIES.map((_, index) => new Tree(from?.[index]));
    this.unsynced = [this.freezeAll()];
  }

  get(family: ColumnFamily, key: Uint8Array): Uint8Array | undefined {
    return this.tree(family).get(key);
  }

  getMany(family: ColumnFamily, keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    const tree = this.tree(family);
    return keys.map((key) => tree.get(key));
  }

  async getManyAsync(family: ColumnFamily, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return this.getMany(family, keys);
  }

  iterator(family: ColumnFamily, options: IteratorOptions): EngineIterator {
    return new MemoryIterator(this.tree(family).freeze(), options);
  }

  view(families: readonly ColumnFamily[] = COLUMN_FAMILIES): View {
    this.requireOpen();
    return new MemoryView(
      COLUMN_FAMILIES.map((family) => (families.includes(family) ? this.tree(family).freeze() : undefined)),
    );
  }

  batch(): WriteBatch {
    return new MemoryBatch();
  }

  write(batch: WriteBatch, options?: { readonly synced?: boolean }): void {
    this.requireOpen();
    assert(batch instanceof MemoryBatch, 'a batch belongs to the engine that made it');
    for (const operation of batch.take()) this.apply(operation);
    if (options?.synced) this.unsynced = [];
    this.unsynced.push(this.freezeAll());
    if (this.unsynced.length > UNSYNCED_BATCHES_MAX) this.unsynced.shift();
  }

  property(name: string, family?: ColumnFamily): number | undefined {
    const trees = family === undefined ? this.trees : [this.tree(family)];
    if (name === 'key-count-estimate') return trees.reduce((sum, tree) => sum + tree.count, 0);
    if (name === 'write-stalled' || name === 'cache-bytes' || name === 'pending-compaction-bytes') return 0;
    return undefined;
  }

  async close(): Promise<void> {
    this.state = 'closed';
  }

  /**
   * The machine loses power: this engine answers nothing any more, the returned one holds what the disk kept, which is every
   * batch up to a drawn point that is no earlier than the last synced one.
   */
  crash(random?: Random): MemoryEngine {
    this.state = 'crashed';
    return new MemoryEngine(this.unsynced[random ? random.below(this.unsynced.length) : 0]);
  }

  private apply(operation: Operation): void {
    const tree = this.trees[operation.family]!;
    switch (operation.kind) {
      case 'put':
        tree.set(operation.key, operation.value);
        return;
      case 'delete':
        tree.delete(operation.key);
        return;
      case 'delete-range': {
        const keys: Uint8Array[] = [];
        new TreeCursor(tree.freeze(), operation.lower, operation.upper, false).read(Infinity, keys, []);
        for (const key of keys) tree.delete(key);
        return;
      }
    }
  }

  private tree(family: ColumnFamily): Tree {
    this.requireOpen();
    return this.trees[familyIndex(family)]!;
  }

  private freezeAll(): Picture {
    return this.trees.map((tree) => tree.freeze());
  }

  private requireOpen(): void {
    if (this.state !== 'open') throw new RutileError('engine.closed', 'The engine is closed');
  }
}

class MemoryView implements View {
  private readonly picture: readonly (FrozenTree | undefined)[];
  private closed = false;

  constructor(picture: readonly (FrozenTree | undefined)[]) {
    this.picture = picture;
  }

  get(family: ColumnFamily, key: Uint8Array): Uint8Array | undefined {
    return lookUp(this.tree(family).root, key);
  }

  getMany(family: ColumnFamily, keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    const { root } = this.tree(family);
    return keys.map((key) => lookUp(root, key));
  }

  async getManyAsync(family: ColumnFamily, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return this.getMany(family, keys);
  }

  iterator(family: ColumnFamily, options: IteratorOptions): EngineIterator {
    return new MemoryIterator(this.tree(family), options);
  }

  close(): void {
    this.closed = true;
  }

  private tree(family: ColumnFamily): FrozenTree {
    assert(!this.closed, 'a closed view was read');
    const tree = this.picture[familyIndex(family)];
    assert(tree, 'a view was asked for a family that it was not made for');
    return tree;
  }
}

class MemoryIterator implements EngineIterator {
  private cursor: TreeCursor | undefined;

  constructor(tree: FrozenTree, options: IteratorOptions) {
    this.cursor = new TreeCursor(tree, options.lower, options.upper, options.reverse ?? false);
  }

  next(countMax: number): Pairs {
    assert(this.cursor, 'a closed iterator was read');
    assert(countMax > 0, 'a step reads at least one pair');
    const keys: Uint8Array[] = [];
    const values: Uint8Array[] = [];
    const finished = this.cursor.read(countMax, keys, values);
    return { keys, values, finished };
  }

  async nextAsync(countMax: number): Promise<Pairs> {
    return this.next(countMax);
  }

  close(): void {
    this.cursor = undefined;
  }
}

class MemoryBatch implements WriteBatch {
  sizeBytes = 0;
  private operations: Operation[] | undefined = [];

  get count(): number {
    return this.operations?.length ?? 0;
  }

  put(family: ColumnFamily, key: Uint8Array, value: Uint8Array): void {
    this.sizeBytes += key.length + value.length;
    // Copies, as the native engine does: callers reuse their buffers.
    assert(key.length > 0, 'an empty key');
    this.add({ kind: 'put', family: familyIndex(family), key: copy(key), value: copy(value) });
  }

  delete(family: ColumnFamily, key: Uint8Array): void {
    this.sizeBytes += key.length;
    this.add({ kind: 'delete', family: familyIndex(family), key: copy(key) });
  }

  deleteRange(family: ColumnFamily, range: { lower: Uint8Array; upper: Uint8Array }): void {
    if (compareBytes(range.lower, range.upper) >= 0) return;
    this.sizeBytes += range.lower.length + range.upper.length;
    this.add({ kind: 'delete-range', family: familyIndex(family), lower: copy(range.lower), upper: copy(range.upper) });
  }

  /** The operations, once: a batch is written at most one time. */
  take(): readonly Operation[] {
    const taken = this.operations;
    assert(taken, 'a batch was written twice');
    this.operations = undefined;
    return taken;
  }

  private add(operation: Operation): void {
    assert(this.operations, 'a written batch was changed');
    this.operations.push(operation);
  }
}

function familyIndex(family: ColumnFamily): number {
  const index = FAMILY_INDEX.get(family);
  assert(index !== undefined, 'an unknown column family');
  return index;
}

/** `Uint8Array.prototype.slice` on a Buffer would give a view, not a copy. */
function copy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
