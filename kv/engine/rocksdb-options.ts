/**
 * How RocksDB is set up, with the reason beside each choice. The binding gives every column its own block cache and has no
 * write-buffer manager, so the two budgets that bound memory (`cacheBytes`, memtables) are divided among families here.
 *
 * Memory at most: the caches, plus 6 write buffers a family under a stall (usually 2), plus about 10 MB of table readers.
 */
import type { ColumnFamily } from './engine.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** RocksDB insists on a family called `default`; the one we ask for statistics most often takes that place. */
export const NATIVE_NAMES: Readonly<Record<ColumnFamily, string>> = {
  latest: 'default',
  history: 'history',
  lock: 'lock',
  raw: 'raw',
  meta: 'meta',
};

/** Sixteenths of the block-cache budget. `latest` and `raw` are read all the time, the others seldom or in memtables. */
const CACHE_SHARES: Readonly<Record<ColumnFamily, number>> = { latest: 8, raw: 4, history: 2, lock: 1, meta: 1 };

/**
 * The binding's `level` preset makes a write buffer of a quarter of this, merges two buffers into a level-0 file, keeps at
 * most six, and sizes level 1 like the budget. Small buffers on purpose: they are memory, and the write-ahead log
 * that a restart replays grows to four times the sum of all buffers: (8 + 8 + 4 + 2 + 1) MiB x 6 x 4 = 552 MiB. Measured: 240 MB
 * of it, held by one stray key in a family that never filled its buffer, open in 0.5 s.
 * `lock` entries live for milliseconds and mostly die in their buffer. `meta` is one small key a region, overwritten.
 */
const MEMTABLE_BUDGETS: Readonly<Record<ColumnFamily, number>> = {
  latest: 32 * MIB,
  raw: 32 * MIB,
  history: 16 * MIB,
  lock: 8 * MIB,
  meta: 4 * MIB,
};

/** Larger blocks compress better and need a smaller index, smaller ones make a cold point read cheaper. */
const BLOCK_SIZES: Readonly<Record<ColumnFamily, number>> = {
  latest: 8 * KIB,
  raw: 8 * KIB,
  history: 16 * KIB,
  lock: 4 * KIB,
  meta: 4 * KIB,
};

export function familyOptions(family: ColumnFamily, cacheBytes: number): object {
  return {
    // The preset leaves levels 0 and 1 uncompressed (they are rewritten at once) and uses zstd below.
    compaction: 'level',
    // Misnamed: the preset's zstd stays, what this leaves out is a 16 KiB dictionary trained for every file. It holds a whole
    // file's blocks in memory and costs the compaction thread more than it saves on blocks of 8 KiB.
    compression: false,
    memtableMemoryBudget: MEMTABLE_BUDGETS[family],
    // A hash index inside data blocks and a Bloom filter over the write buffer: a look-up of an absent lock costs 1.4 µs.
    optimize: 'point-lookup',
    // 10 bits a key: 1 % false positives. Bloom, not Ribbon: 30 % more memory, but a quarter of the CPU when tables are built.
    filterPolicy: 'bloomfilter:10:false',
    cacheSize: Math.max(MIB, Math.floor((cacheBytes * CACHE_SHARES[family]) / 16)),
    // Index and filter blocks count against the cache: with 2 GB of data the process grows by the cache and no more.
    cacheIndexAndFilterBlocks: true,
    blockSize: BLOCK_SIZES[family],
  };
}

export function databaseOptions(cacheBytes: number, backgroundThreads: number): object {
  return {
    createIfMissing: true,
    // The log before the engine compresses nothing either: speed of a write is worth more than bytes that live for minutes.
    walCompression: false,
    parallelism: backgroundThreads,
    ...familyOptions('latest', cacheBytes),
    columns: Object.fromEntries(
      (Object.keys(NATIVE_NAMES) as ColumnFamily[]).map((family) => [
        NATIVE_NAMES[family],
        familyOptions(family, cacheBytes),
      ]),
    ),
  };
}
