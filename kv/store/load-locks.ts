/** The lock table of a store that opens, or of a region that came by snapshot: what family `lock` has. Open transactions are few; what a crash left is resolved by whoever meets it. */
import type { Engine, Range } from '../engine/engine.ts';
import { decodeLock, type LockTable } from '../mvcc/index.ts';

const STEP = 1024;
const EVERYTHING: Range = { lower: undefined, upper: undefined };

export function loadLocks(engine: Engine, locks: LockTable, range: Range = EVERYTHING): void {
  const iterator = engine.iterator('lock', range);
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
