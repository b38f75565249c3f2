/**
 * `WriteSet`: what a decision wants written, and its form in a log entry. Logical rather than physical: a commit says "the lock
 * under this key becomes a version", and apply finds lock and older version itself. So entries are small, every replica
 * computes the same batch from the same state, and a replay after a crash needs nothing but the entry.
 *
 *     entry  version(1) set…
 *     set    startTs(8) commitTs(8) count(varint) write…
 *     write  op·kind(1) size(varint) key [size(varint) value]      the value for ops that have one
 *
 * Raw writes travel as a set with both timestamps 0.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import { KIND_PUT, type Lock, readTs, writeTs } from '../mvcc/index.ts';

export const ENTRY_VERSION = 1;

/** A lock is set (value: its bytes). */
export const OP_LOCK = 1;
/** The lock of `startTs` goes away without an effect. */
export const OP_UNLOCK = 2;
/** A version is committed without ever having been locked (value: of a put). */
export const OP_VERSION = 3;
/** The lock of `startTs` becomes what it promised at `commitTs`. */
export const OP_COMMIT = 4;
/** A transaction leaves a trace: rolled back, or locked only. */
export const OP_TRACE = 5;
export const OP_RAW_PUT = 6;
export const OP_RAW_DELETE = 7;
/** Value: the upper bound, empty for none. */
export const OP_RAW_DELETE_RANGE = 8;

/** A version of a large commit: true once the commit's last entry is applied; see large-commit.ts. */
export const OP_TENTATIVE = 9;
/** Opens a chunk of a large commit (key: its number; value: the keys at its ends). */
export const OP_LARGE_CHUNK = 10;
/** All chunks of a large commit are true (key: how many). */
export const OP_LARGE_DONE = 11;
/** A chunk is taken back (key: its number). */
export const OP_LARGE_UNDO = 12;

/** `old` of a write whose decision did not look: apply will. */
export const OLD_UNKNOWN = undefined;

export class Write {
  readonly op: number;
  /** KIND_PUT, KIND_DELETE, KIND_LOCK or KIND_ROLLBACK where the op needs one, else 0. */
  readonly kind: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
  /** The lock that `value` encodes, when this process made it. */
  readonly lock: Lock | undefined;
  /** The record that this version replaces; `null`: there is none. */
  readonly old: Uint8Array | null | undefined;
  /** Filled by apply: the new record in `latest`. */
  record: Uint8Array | undefined = undefined;

  constructor(
    op: number,
    kind: number,
    key: Uint8Array,
    value: Uint8Array | undefined,
    lock: Lock | undefined,
    old: Uint8Array | null | undefined,
  ) {
    this.op = op;
    this.kind = kind;
    this.key = key;
    this.value = value;
    this.lock = lock;
    this.old = old;
  }
}

export class WriteSet {
  readonly startTs: bigint;
  /** 0n where nothing is committed. Assigned late for one-phase commits: see `OnePhase` in decide.ts. */
  commitTs: bigint;
  /** What a one-phase commit may be given at most. */
  maxCommitTs: bigint | undefined = undefined;
  readonly writes: Write[] = [];

  constructor(startTs: bigint, commitTs: bigint) {
    this.startTs = startTs;
    this.commitTs = commitTs;
  }

  /** An upper bound of the encoded size. */
  sizeBytes(): number {
    let size = 24;
    for (const write of this.writes)
      size += 11 + write.key.length + (write.value === undefined ? 0 : write.value.length);
    return size;
  }
}

/** A growing log entry. */
export class EntryWriter {
  private bytes: Uint8Array;
  private used = 1;
  count = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(Math.max(64, capacity));
    this.bytes[0] = ENTRY_VERSION;
  }

  get sizeBytes(): number {
    return this.used;
  }

  add(set: WriteSet): void {
    this.reserve(set.sizeBytes());
    const { bytes } = this;
    writeTs(bytes, this.used, set.startTs);
    writeTs(bytes, this.used + 8, set.commitTs);
    this.used += 16;
    this.varint(set.writes.length);
    for (const write of set.writes) {
      bytes[this.used++] = (write.op << 4) | write.kind;
      this.varint(write.key.length);
      bytes.set(write.key, this.used);
      this.used += write.key.length;
      if (!hasValue(write.op, write.kind)) continue;
      assert(write.value !== undefined, 'a write of this kind has a value');
      this.varint(write.value.length);
      bytes.set(write.value, this.used);
      this.used += write.value.length;
    }
    this.count++;
  }

  /** The entry; the writer must not be used afterwards. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }

  private reserve(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.used + size, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
  }

  private varint(value: number): void {
    while (value >= 0x80) {
      this.bytes[this.used++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.bytes[this.used++] = value;
  }
}

export function decodeEntry(bytes: Uint8Array): WriteSet[] {
  if (bytes.length === 0) return [];
  if (bytes[0] !== ENTRY_VERSION) {
    throw new RutileError(
      'kv.unknown-format',
      `a log entry has format version ${bytes[0]}; this program knows ${ENTRY_VERSION}`,
    );
  }
  const reader = new EntryReader(bytes);
  const sets: WriteSet[] = [];
  while (reader.at < bytes.length) {
    reader.need(16);
    const set = new WriteSet(readTs(bytes, reader.at), readTs(bytes, reader.at + 8));
    reader.at += 16;
    const count = reader.varint();
    for (let i = 0; i < count; i++) {
      reader.need(1);
      const first = bytes[reader.at++]!;
      const op = first >> 4;
      const kind = first & 15;
      if (op < OP_LOCK || op > OP_LARGE_UNDO) throw corrupt();
      const key = reader.take(reader.varint());
      const value = hasValue(op, kind) ? reader.take(reader.varint()) : undefined;
      set.writes.push(new Write(op, kind, key, value, undefined, OLD_UNKNOWN));
    }
    sets.push(set);
  }
  return sets;
}

class EntryReader {
  at = 1;
  private readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  need(size: number): void {
    if (this.at + size > this.bytes.length) throw corrupt();
  }
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      this.need(1);
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      if (scale > 2 ** 28) throw corrupt();
    }
  }
  take(size: number): Uint8Array {
    this.need(size);
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
}

function hasValue(op: number, kind: number): boolean {
  return (
    op === OP_LOCK ||
    op === OP_RAW_PUT ||
    op === OP_RAW_DELETE_RANGE ||
    op === OP_LARGE_CHUNK ||
    ((op === OP_VERSION || op === OP_TENTATIVE) && kind === KIND_PUT)
  );
}

function corrupt(): RutileError {
  return new RutileError('kv.corrupt', 'a log entry ends in the middle of a write');
}
