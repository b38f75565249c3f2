/**
 * Limits: every bound of a queue, a buffer or a message in one table, which `docs/limits.md` repeats; test/house/limits.test.ts compares the two.
 * Each line says what happens when the bound is met. A part that wants another value takes it as an option whose default
 * stands here.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

export const LIMITS = {
  /** A key in the engine. Longer ones are refused with `kv.key-too-large`; RocksDB itself stops at 8 MiB. */
  keySizeBytesMax: 8 * KIB,
  /** A value in the engine. Larger ones are refused with `kv.value-too-large`. */
  valueSizeBytesMax: 64 * MIB,
  /** What a step of an iterator returns at most, in bytes; the step ends early and says that it is not finished. */
  scanStepSizeBytesMax: 4 * MIB,
  /** Keys that one `deleteRange` removes key by key inside its batch; above it a range tombstone is written first. */
  deleteRangeKeysInBatchMax: 16 * KIB,
  /** A segment of the log. Records that do not fit in one get a segment of their own size. */
  logSegmentSizeBytes: 64 * MIB,
  /** One appended record of the log; larger ones are refused with `log.too-large`. */
  logRecordSizeBytesMax: 256 * MIB,
  /** Encoded but not yet durable bytes of the log; above it appends are refused with `log.overloaded` (retry: same). */
  logPendingSizeBytesMax: 256 * MIB,
  /** A group of records written together closes at this size, waiters or not. */
  logGroupSizeBytesMax: 1 * MIB,
  /** Recent log bytes that stay in memory for reading back; older entries come from disk. */
  logTailSizeBytesMax: 8 * MIB,
  /** Log writes under way at once. Two measured best: one is written while the next is gathered; four gained nothing. */
  logWritesInFlightMax: 2,
  /** Emptied segments kept for reuse instead of being removed, so that a new one needs no allocation. */
  logSpareSegmentsMax: 2,
} as const;
