/** Raw writes as a write set: both timestamps 0, and nothing to decide. */
import { RutileError } from '../../base/error.ts';
import type { RawWrite } from '../../proto/kv/command.ts';
import { OLD_UNKNOWN, OP_RAW_DELETE, OP_RAW_DELETE_RANGE, OP_RAW_PUT, Write, WriteSet } from '../txn/index.ts';
import type { Admission } from './admission.ts';

const KEY_LEAST = new Uint8Array([0]);

// hot
export function rawWriteSet(writes: readonly RawWrite[], admission: Admission): WriteSet | RutileError {
  const set = new WriteSet(0n, 0n);
  for (const write of writes) {
    if (write.kind === 'delete-range') {
      const lower = write.lower.length === 0 ? KEY_LEAST : write.lower;
      set.writes.push(new Write(OP_RAW_DELETE_RANGE, 0, lower, write.upper, undefined, OLD_UNKNOWN));
      continue;
    }
    const error = admission.refuseKey(write.key);
    if (error !== undefined) return error;
    const value = write.kind === 'put' ? write.value : undefined;
    const op = write.kind === 'put' ? OP_RAW_PUT : OP_RAW_DELETE;
    set.writes.push(new Write(op, 0, write.key, value, undefined, OLD_UNKNOWN));
  }
  return admission.refuseLoad() ?? admission.refuseSize(set) ?? set;
}
