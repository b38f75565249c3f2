/**
 * The engine: ordered bytes in column families, changed by atomic batches. The port is `engine.ts`; RocksDB serves it on
 * disk, `MemoryEngine` in memory. One conformance suite (`testing/conformance.ts`) holds both to it, so that what is proved in
 * simulation holds on disk. Opening RocksDB is the first moment at which native code is loaded.
 */
export * from './engine.ts';
export { MemoryEngine } from './memory.ts';
export { openRocksEngine, type RocksEngineOptions } from './rocksdb.ts';
