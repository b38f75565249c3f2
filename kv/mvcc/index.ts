/**
 * kv/mvcc: versions and locks. The newest committed version of each key lies in `latest`, older ones in `history`, marks of
 * unfinished transactions in `lock`. On top of them this folder answers one question: what did a key hold at a timestamp?
 *
 *     record.ts      versions as bytes            lock.ts        locks as bytes
 *     versions.ts    finds a version              lock-table.ts  locks in memory, and who must wait for them
 *     hot-pages.ts   the cache under it, of       lock-block.ts  the many locks of a large commit
 *     page.ts        pages
 *     reader.ts      get and scan at a timestamp
 *     gc.ts          forgets what nobody can see any more
 *
 * Nothing here waits, writes or knows time; kv/txn decides, kv/store applies.
 */
export * from './gc.ts';
export * from './hot-pages.ts';
export * from './lock.ts';
export * from './lock-block.ts';
export * from './lock-table.ts';
export { Page } from './page.ts';
export * from './reader.ts';
export * from './record.ts';
export * from './versions.ts';
