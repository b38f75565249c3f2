/** Limits of a store: each with its default, its reason, and the answer when it is met. docs/limits.md shows the same list. */
export interface StoreLimits {
  /** Bytes of one log entry; a larger command is refused with `kv.entry-too-large` (the client then commits in two phases). */
  readonly entrySizeBytesMax: number;
  /** A command of one write may be as large as this, since a row cannot be cut; must fit a segment of the log. Over it `kv.entry-too-large`. */
  readonly singleWriteSizeBytesMax: number;
  /** Bytes proposed and not yet applied; over it commands are refused with `kv.busy`. */
  readonly pendingSizeBytesMax: number;
  /** Commands in line for a latch; over it `kv.busy`. */
  readonly latchWaitersMax: number;
  /** Transactions in line for a pessimistic lock; over it `kv.busy`. */
  readonly lockWaitersMax: number;
  /** Pessimistic locks in memory, about 300 bytes each; over it `kv.too-many-locks`. */
  readonly pessimisticLocksMax: number;
  /** Rollbacks and lock-only commits remembered; older ones cost a look into the engine. */
  readonly tracesMax: number;
  /** Hot pages of transactional rows. */
  readonly hotPagesSizeBytesMax: number;
  /** Hot pages of raw pairs. */
  readonly rawPagesSizeBytesMax: number;
  /** A key; longer ones are refused with `kv.key-too-large`. In `history` it takes an eighth more, and the engine has a limit of its own. */
  readonly keySizeBytesMax: number;
  /** Between two marks that make the engine durable and let the log be purged. */
  readonly durableEveryMs: number;
  /** The mark is also written when this many log bytes were applied since the last one, which bounds replay after a crash. */
  readonly durableEveryBytes: number;
  /** Free bytes of the volume below which new writes are refused with `disk.full` until there is room again; 0: nobody looks. */
  readonly diskReserveBytes: number;
  /** Age of versions that garbage collection may forget. */
  readonly gcLifeMs: number;
  /** Between two walks of garbage collection. */
  readonly gcEveryMs: number;
  /** History entries looked at in one turn of the walk: about a millisecond. */
  readonly gcStepCount: number;
  /** A reader waits this long for a commit on its way before it gives up with `kv.undetermined`. */
  readonly inFlightWaitMs: number;
  /** Rows and raw pairs of a region, without old versions; one that holds more is cut. */
  readonly regionSizeBytesMax: number;
  /** Keys of a region; one that holds more is cut. */
  readonly regionKeysMax: number;
  /** Calls a second that a region with several members gets; over it it is cut where the calls divide. */
  readonly regionCallsPerSecondMax: number;
  /** Between two looks at what regions gained. */
  readonly splitCheckEveryMs: number;
  /** Between two regions whose replicas are compared, of those led here. */
  readonly replicaCheckEveryMs: number;
  /** Readers of change feeds; over it `kv.busy`. */
  readonly feedsMax: number;
  /** Changes that wait for one reader; over it its feed ends with `kv.feed-behind`. */
  readonly feedSizeBytesMax: number;
  /** Changes that wait for all readers; the feed whose change does not fit ends. */
  readonly feedsSizeBytesMax: number;
  /** What waits for a reader is given up when it is not read for so long: a scan of the past holds a picture of the engine. */
  readonly feedIdleMs: number;
  /** Between two resolved timestamps, while there are readers. */
  readonly resolveEveryMs: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const STORE_LIMITS: StoreLimits = {
  entrySizeBytesMax: 8 * MIB,
  singleWriteSizeBytesMax: 48 * MIB,
  pendingSizeBytesMax: 64 * MIB,
  latchWaitersMax: 20_000,
  lockWaitersMax: 20_000,
  pessimisticLocksMax: 1_000_000,
  tracesMax: 16_384,
  hotPagesSizeBytesMax: 96 * MIB,
  rawPagesSizeBytesMax: 32 * MIB,
  keySizeBytesMax: 7 * KIB,
  durableEveryMs: 2000,
  durableEveryBytes: 16 * MIB,
  diskReserveBytes: 192 * MIB,
  gcLifeMs: 600_000,
  gcEveryMs: 60_000,
  gcStepCount: 512,
  inFlightWaitMs: 10_000,
  regionSizeBytesMax: 256 * MIB,
  regionKeysMax: 4_000_000,
  regionCallsPerSecondMax: 7000,
  splitCheckEveryMs: 10_000,
  replicaCheckEveryMs: 60_000,
  feedsMax: 10_000,
  feedSizeBytesMax: 16 * MIB,
  feedsSizeBytesMax: 128 * MIB,
  feedIdleMs: 60_000,
  resolveEveryMs: 200,
};
