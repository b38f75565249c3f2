/**
 * A lock: the mark of a transaction that has prewritten a key and not yet finished. It lives in the family `lock` from prewrite
 * until commit or rollback, with the value it will become. At most one exists per key. A reader at a timestamp below its
 * `startTs` passes; one above must find out first what becomes of it.
 *
 *     lock  version·kind(1) startTs(8) ttlMs(4) forUpdateTs(8) minCommitTs(8) txnSize(4) primarySize(4) primary… value…
 *
 * Pessimistic locks are kept in memory only (see lock-table.ts) and never encoded.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type { LockInfo, LockKind } from '../../proto/kv/command.ts';
import { readTs, writeTs } from './record.ts';

const LOCK_VERSION = 1;
const HEADER_SIZE = 37;

export interface Lock {
  readonly kind: LockKind;
  readonly startTs: bigint;
  readonly ttlMs: number;
  readonly forUpdateTs: bigint;
  readonly minCommitTs: bigint;
  readonly txnSize: number;
  readonly primary: Uint8Array;
  /** What a `put` will write. */
  readonly value: Uint8Array | undefined;
  /** One of many that a large commit holds in memory; see lock-block.ts. Never encoded. */
  readonly inBlock?: boolean;
}

const KIND_CODES: Record<LockKind, number> = { put: 1, delete: 2, lock: 3, pessimistic: 4 };
const KINDS: readonly (LockKind | undefined)[] = [undefined, 'put', 'delete', 'lock'];

export function encodeLock(lock: Lock): Uint8Array {
  assert(lock.kind !== 'pessimistic', 'a pessimistic lock stays in memory');
  const valueSize = lock.value === undefined ? 0 : lock.value.length;
  const bytes = new Uint8Array(HEADER_SIZE + lock.primary.length + valueSize);
  const view = new DataView(bytes.buffer);
  bytes[0] = (LOCK_VERSION << 4) | KIND_CODES[lock.kind];
  writeTs(bytes, 1, lock.startTs);
  view.setUint32(9, lock.ttlMs);
  writeTs(bytes, 13, lock.forUpdateTs);
  writeTs(bytes, 21, lock.minCommitTs);
  view.setUint32(29, lock.txnSize);
  view.setUint32(33, lock.primary.length);
  bytes.set(lock.primary, HEADER_SIZE);
  if (lock.value !== undefined) bytes.set(lock.value, HEADER_SIZE + lock.primary.length);
  return bytes;
}

export function decodeLock(bytes: Uint8Array): Lock {
  const first = bytes[0] ?? 0;
  if (first >> 4 !== LOCK_VERSION) {
    throw new RutileError(
      'kv.unknown-format',
      `a stored lock has format version ${first >> 4}; this program knows ${LOCK_VERSION}`,
    );
  }
  const kind = KINDS[first & 15];
  if (kind === undefined || bytes.length < HEADER_SIZE)
    throw new RutileError('kv.corrupt', 'a stored lock cannot be read');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const primaryEnd = HEADER_SIZE + view.getUint32(33);
  if (primaryEnd > bytes.length) throw new RutileError('kv.corrupt', 'a stored lock ends inside its primary key');
  return {
    kind,
    startTs: readTs(bytes, 1),
    ttlMs: view.getUint32(9),
    forUpdateTs: readTs(bytes, 13),
    minCommitTs: readTs(bytes, 21),
    txnSize: view.getUint32(29),
    primary: bytes.slice(HEADER_SIZE, primaryEnd),
    value: kind === 'put' ? bytes.slice(primaryEnd) : undefined,
  };
}

export function lockInfo(key: Uint8Array, lock: Lock): LockInfo {
  return {
    key,
    primary: lock.primary,
    kind: lock.kind,
    startTs: lock.startTs,
    ttlMs: lock.ttlMs,
    forUpdateTs: lock.forUpdateTs,
    minCommitTs: lock.minCommitTs,
    txnSize: lock.txnSize,
  };
}
