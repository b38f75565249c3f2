/**
 * What a transaction has written and not yet committed: ordered by key, so that scans can be merged over it, with an undo log,
 * so that a savepoint can be rolled back.
 *
 * A small buffer holds keys and values by reference: the caller must not write to them afterwards. From `PACK_COUNT` entries on it copies
 * them into pieces (packed-writes.ts), and entries are made when somebody asks for them.
 */
import { compareBytes } from '../../base/bytes.ts';
import { SortedMap } from '../../base/sorted-map.ts';
import { NOWHERE, type PackedCursor, PackedWrites } from './packed-writes.ts';

/** What a key and its entry cost besides their bytes, roughly; part of the size that is limited. */
const ENTRY_OVERHEAD = 16;
/** Statements of a handful of rows, which are most, are faster by reference. */
const PACK_COUNT = 2048;

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

/** What an entry was before. An entry that was new needs none: it stands in the undo log itself. */
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

/** What `WriteBuffer.seek` gives. Any change of the buffer makes it invalid. */
export interface BufferCursor {
  readonly valid: boolean;
  readonly key: Uint8Array;
  readonly value: BufferEntry;
  next(): void;
  previous(): void;
}

export class WriteBuffer {
  sizeBytes = 0;
  private readonly entries = new SortedMap<BufferEntry>();
  private undo: (BufferEntry | Before)[] | undefined = undefined;
  private packed: PackedWrites | undefined = undefined;
  /** The undo log of packed entries: what a step wrote, and what was there before or NOWHERE. */
  private undoMade: number[] | undefined = undefined;
  private undoBefore: number[] = [];
  /** The undo log goes back to an empty buffer. */
  private undoIsWhole = false;

  get count(): number {
    return this.packed === undefined ? this.entries.size : this.packed.size;
  }

  // hot
  find(key: Uint8Array): BufferEntry | undefined {
    const { packed } = this;
    if (packed === undefined) return this.entries.size === 0 ? undefined : this.entries.get(key);
    const position = packed.find(key);
    return position === NOWHERE ? undefined : entryAt(packed, position);
  }

  // hot
  set(key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean): void {
    if (this.packed !== undefined) return this.setPacked(this.packed, key, value, mustNotExist);
    const entry = this.find(key);
    const size = value === null ? 0 : value.length;
    if (entry === undefined) {
      const added = new BufferEntry(key, value, mustNotExist);
      this.entries.set(key, added);
      this.sizeBytes += key.length + size + ENTRY_OVERHEAD;
      this.undo?.push(added);
      if (this.entries.size >= PACK_COUNT) this.pack();
      return;
    }
    this.undo?.push(new Before(entry));
    this.sizeBytes += size - (entry.value === null ? 0 : entry.value.length);
    // What the first write found stays true however often the key is written afterwards.
    entry.value = value;
  }

  savepoint(): number {
    if (this.count === 0 && this.undo === undefined) this.undoIsWhole = true;
    if (this.packed !== undefined) return (this.undoMade ??= []).length;
    this.undo ??= [];
    return this.undo.length;
  }

  rollbackTo(savepoint: number): void {
    if (savepoint === 0 && this.undoIsWhole) {
      this.clear();
      this.undo = [];
      this.undoIsWhole = true;
      return;
    }
    if (this.packed !== undefined) return this.rollbackPacked(this.packed, savepoint);
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

  seek(key: Uint8Array): BufferCursor {
    const { packed } = this;
    return packed === undefined ? this.entries.seek(key) : new EntryCursor(packed, packed.seek(key));
  }

  seekBefore(key: Uint8Array | undefined): BufferCursor {
    const { packed } = this;
    return packed === undefined ? this.entries.seekBefore(key) : new EntryCursor(packed, packed.seekBefore(key));
  }

  anyIn(lower: Uint8Array, upper: Uint8Array | undefined): boolean {
    const { packed } = this;
    if (packed === undefined) return this.entries.firstIn(lower, upper) !== undefined;
    const first = packed.seek(lower);
    return first.valid && (upper === undefined || compareBytes(packed.key(first.position), upper) < 0);
  }

  /** In key order. */
  forEach(visit: (entry: BufferEntry) => void): void {
    const { packed } = this;
    if (packed === undefined) this.entries.forEach(visit);
    else packed.forEach((position) => visit(entryAt(packed, position)));
  }

  /** Where the entries are, in key order, when they are packed; read them with `packedEntry`. */
  positions(): Int32Array | undefined {
    const { packed } = this;
    if (packed === undefined) return undefined;
    const positions = new Int32Array(packed.size);
    let at = 0;
    packed.forEach((position) => (positions[at++] = position));
    return positions;
  }

  packedKeySize(position: number): number {
    return this.packed!.keySize(position);
  }

  packedValueSize(position: number): number {
    return this.packed!.valueSize(position);
  }

  packedEntry(position: number): BufferEntry {
    return entryAt(this.packed!, position);
  }

  clear(): void {
    this.entries.clear();
    this.undo = undefined;
    this.packed = undefined;
    this.undoMade = undefined;
    this.undoBefore = [];
    this.undoIsWhole = false;
    this.sizeBytes = 0;
  }

  // ---- packed

  // hot
  private setPacked(packed: PackedWrites, key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean): void {
    const before = packed.find(key);
    const size = value === null ? 0 : value.length;
    if (before === NOWHERE) this.sizeBytes += key.length + size + ENTRY_OVERHEAD;
    else this.sizeBytes += size - packed.valueSize(before);
    const made = packed.set(key, value, before === NOWHERE ? mustNotExist : packed.mustNotExist(before), before);
    if (this.undoMade !== undefined) {
      this.undoMade.push(made);
      this.undoBefore.push(before);
    } else if (before !== NOWHERE) packed.waste(before);
  }

  private rollbackPacked(packed: PackedWrites, savepoint: number): void {
    const made = this.undoMade ?? [];
    while (made.length > savepoint) {
      const after = made.pop()!;
      const before = this.undoBefore.pop()!;
      if (before === NOWHERE) {
        this.sizeBytes -= packed.keySize(after) + packed.valueSize(after) + ENTRY_OVERHEAD;
        packed.remove(packed.key(after));
      } else {
        this.sizeBytes += packed.valueSize(before) - packed.valueSize(after);
        packed.restore(before);
      }
    }
  }

  /** From references to pieces, with the undo log step by step, so that savepoints keep their numbers. */
  private pack(): void {
    const packed = new PackedWrites();
    const { undo } = this;
    const current = new Map<BufferEntry, number>();
    this.entries.forEach((entry) => {
      current.set(entry, packed.set(entry.key, entry.value, entry.mustNotExist, packed.find(entry.key)));
    });
    if (undo !== undefined) {
      const made = new Array<number>(undo.length).fill(NOWHERE);
      const before = new Array<number>(undo.length).fill(NOWHERE);
      for (let i = undo.length - 1; i >= 0; i--) {
        const step = undo[i]!;
        const entry = step instanceof Before ? step.entry : step;
        made[i] = current.get(entry)!;
        if (!(step instanceof Before)) continue;
        before[i] = packed.append(entry.key, step.value, step.mustNotExist);
        current.set(entry, before[i]!);
      }
      this.undoMade = made;
      this.undoBefore = before;
    }
    this.packed = packed;
    this.undo = undefined;
    this.entries.clear();
  }
}

class EntryCursor implements BufferCursor {
  private readonly packed: PackedWrites;
  private readonly cursor: PackedCursor;

  constructor(packed: PackedWrites, cursor: PackedCursor) {
    this.packed = packed;
    this.cursor = cursor;
  }

  get valid(): boolean {
    return this.cursor.valid;
  }

  get key(): Uint8Array {
    return this.packed.key(this.cursor.position);
  }

  get value(): BufferEntry {
    return entryAt(this.packed, this.cursor.position);
  }

  next(): void {
    this.cursor.next();
  }

  previous(): void {
    this.cursor.previous();
  }
}

function entryAt(packed: PackedWrites, position: number): BufferEntry {
  return new BufferEntry(packed.key(position), packed.value(position), packed.mustNotExist(position));
}
