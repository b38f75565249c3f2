/** The lock table of a store that opens: all of family `lock`. Open transactions are few; what a crash left is resolved by whoever meets it. */
import type { Engine } from '../engine/engine.ts';
import { decodeLock, type LockTable } from '../mvcc/index.ts';

const STEP = 1024;

export function loadLocks(engine: Engine, locks: LockTable): void {
  const iterator = engine.iterator('lock', { lower: undefined, upper: undefined });
  try {
    for (;;) {
      const pairs = iterator.next(STEP);
      for (let i = 0; i < pairs.keys.length; i++) locks.setLock(pairs.keys[i]!, decodeLock(pairs.values[i]!));
      if (pairs.finished) return;
    }
  } finally {
    iterator.close();
  }
}
