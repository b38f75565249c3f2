/** What a store refuses before it looks: keys and commands that are too large, more work than it may hold, reads of the past. */
import { RutileError } from '../../base/error.ts';
import type { TxnCommand } from '../../proto/kv/command.ts';
import type { WriteSet } from '../txn/index.ts';
import type { StoreLimits } from './limits.ts';
import { tooOld } from './store-reads.ts';

export class Admission {
  /** Bytes proposed and not yet applied. */
  pendingSizeBytes = 0;
  busyCount = 0;
  private readonly limits: StoreLimits;
  private readonly safePoint: () => bigint;
  private readonly diskRoom: () => RutileError | undefined;

  constructor(limits: StoreLimits, safePoint: () => bigint, diskRoom: () => RutileError | undefined) {
    this.limits = limits;
    this.safePoint = safePoint;
    this.diskRoom = diskRoom;
  }

  // hot
  refuseCommand(command: TxnCommand): RutileError | undefined {
    // What ends a transaction is small and gives room back: it goes on with a full disk.
    if (command.kind !== 'prewrite' && command.kind !== 'pessimistic-lock') return this.refuseQueue();
    const old = this.refuseStart(command.startTs);
    if (old !== undefined) return old;
    if (command.kind === 'prewrite') {
      for (const mutation of command.mutations) {
        const error = this.refuseKey(mutation.key);
        if (error !== undefined) return error;
      }
    }
    return this.refuseLoad();
  }

  refuseStart(startTs: bigint): RutileError | undefined {
    return startTs < this.safePoint() ? tooOld(startTs, this.safePoint()) : undefined;
  }

  refuseLoad(): RutileError | undefined {
    return this.diskRoom() ?? this.refuseQueue();
  }

  private refuseQueue(): RutileError | undefined {
    return this.pendingSizeBytes > this.limits.pendingSizeBytesMax
      ? this.busy('more bytes wait for the log than may')
      : undefined;
  }

  busy(why: string): RutileError {
    this.busyCount++;
    return new RutileError('kv.busy', `the store is busy: ${why}`, { retry: 'same' });
  }

  refuseKey(key: Uint8Array): RutileError | undefined {
    if (key.length === 0) return new RutileError('kv.empty-key', 'a key must not be empty');
    const sizeMax = this.limits.keySizeBytesMax;
    if (key.length <= sizeMax) return undefined;
    return new RutileError('kv.key-too-large', `a key of ${key.length} bytes is longer than ${sizeMax}`);
  }

  refuseSize(set: WriteSet): RutileError | undefined {
    return this.refuseBytes(set.sizeBytes(), set.writes.length);
  }

  refuseBytes(size: number, writes: number): RutileError | undefined {
    const { entrySizeBytesMax, singleWriteSizeBytesMax } = this.limits;
    const sizeMax = writes > 1 ? entrySizeBytesMax : singleWriteSizeBytesMax;
    if (size <= sizeMax) return undefined;
    return new RutileError('kv.entry-too-large', `a command of ${size} bytes does not fit a log entry of ${sizeMax}`);
  }
}
