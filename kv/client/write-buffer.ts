/**
 * What a transaction has written and not yet committed: ordered by key, so that scans can be merged over it, with an undo log,
 * so that a savepoint can be rolled back. Keys and values are kept by reference; the caller must not write to them afterwards.
 */
import { SortedMap, type SortedMapCursor } from '../../base/sorted-map.ts';

/** What a key and its entry cost besides their bytes, roughly; part of the size that is limited. */
const ENTRY_OVERHEAD = 16;

export class BufferEntry {
  readonly key: Uint8Array;
  /** `null`: deleted. */
  value: Uint8Array | null;
  /** The key was free when this transaction first wrote it, or so it claims: checked at commit. */
  mustNotExist: boolean;

  constructor(key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean) {
    this.key = key;
    this.value = value;
    this.mustNotExist = mustNotExist;
  }
}

/** What an entry was before. An entry that was new needs none: it stands in the undo log itself, since a load makes a million of them. */
class Before {
  readonly entry: BufferEntry;
  readonly value: Uint8Array | null;
  readonly mustNotExist: boolean;

  constructor(entry: BufferEntry) {
    this.entry = entry;
    this.value = entry.value;
    this.mustNotExist = entry.mustNotExist;
  }
}

export class WriteBuffer {
  sizeBytes = 0;
  private readonly entries = new SortedMap<BufferEntry>();
  private undo: (BufferEntry | Before)[] | undefined = undefined;

  get count(): number {
    return this.entries.size;
  }

  // hot
  find(key: Uint8Array): BufferEntry | undefined {
    return this.entries.size === 0 ? undefined : this.entries.get(key);
  }

  // hot
  set(key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean): void {
    const entry = this.find(key);
    const size = value === null ? 0 : value.length;
    if (entry === undefined) {
      const added = new BufferEntry(key, value, mustNotExist);
      this.entries.set(key, added);
      this.sizeBytes += key.length + size + ENTRY_OVERHEAD;
      this.undo?.push(added);
      return;
    }
    this.undo?.push(new Before(entry));
    this.sizeBytes += size - (entry.value === null ? 0 : entry.value.length);
    // What the first write found stays true however often the key is written afterwards.
    entry.value = value;
  }

  savepoint(): number {
    this.undo ??= [];
    return this.undo.length;
  }

  rollbackTo(savepoint: number): void {
    const undo = this.undo ?? [];
    while (undo.length > savepoint) {
      const step = undo.pop()!;
      const entry = step instanceof Before ? step.entry : step;
      const size = entry.value === null ? 0 : entry.value.length;
      if (!(step instanceof Before)) {
        this.entries.delete(entry.key);
        this.sizeBytes -= entry.key.length + size + ENTRY_OVERHEAD;
        continue;
      }
      this.sizeBytes += (step.value === null ? 0 : step.value.length) - size;
      entry.value = step.value;
      entry.mustNotExist = step.mustNotExist;
    }
  }

  seek(key: Uint8Array): SortedMapCursor<BufferEntry> {
    return this.entries.seek(key);
  }

  seekBefore(key: Uint8Array | undefined): SortedMapCursor<BufferEntry> {
    return this.entries.seekBefore(key);
  }

  anyIn(lower: Uint8Array, upper: Uint8Array | undefined): boolean {
    return this.entries.firstIn(lower, upper) !== undefined;
  }

  forEach(visit: (entry: BufferEntry) => void): void {
    this.entries.forEach(visit);
  }

  clear(): void {
    this.entries.clear();
    this.undo = undefined;
    this.sizeBytes = 0;
  }
}
