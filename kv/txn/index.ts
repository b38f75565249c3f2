/**
 * kv/txn: what a store decides about transactions, and how a decision becomes true. Percolator's protocol with snapshot
 * isolation, over the versions and locks of kv/mvcc.
 *
 *     decide.ts            command → outcome and writes, pure; prewrite.ts and pessimistic-lock.ts hold two of the rules
 *     write-set.ts         the writes, and their form in a log entry
 *     apply.ts             write set → engine batch, hot pages, lock table
 *     large-commit.ts      transactions that do not fit a log entry
 *     latches.ts           one command a key at a time
 *     lock-waits.ts        who waits for whose pessimistic lock; deadlocks
 *     traces.ts            spares looks into history
 *     resolved.ts          up to which timestamp nothing more will be committed
 *
 * What is left out: asynchronous commit (a prewrite answers `minCommitTs` 0, which clients take as a request for an ordinary
 * commit), and deadlocks across stores.
 */
export * from './apply.ts';
export * from './decide.ts';
export * from './large-commit.ts';
export * from './latches.ts';
export * from './lock-waits.ts';
export * from './resolved.ts';
export * from './traces.ts';
export * from './write-set.ts';
