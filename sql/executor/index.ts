/**
 * The executor: plans become rows and changes.
 *
 *     plan ── build.ts ──► operators (ops/) ── pull batches ──► RowSource          queries
 *          └─ encoded-rows.ts ── stored bytes ──► packets                         the short way of point and range reads
 *     write plan ── write.ts ──► writes/ ──► transaction buffer                    INSERT, UPDATE, DELETE, LOAD DATA
 *
 * Operators exchange batches of rows and return promises only when they have to wait, so a point query runs in one turn of the
 * event loop and a long one gives way every ten milliseconds (run.ts). Everything an operator keeps is counted against the statement's
 * memory. Nothing here knows sessions or protocols: a statement arrives as a plan and an `ExecutionContext`.
 *
 * | file | owns |
 * | --- | --- |
 * | operator, run | the protocol of operators; stopping, turns, memory |
 * | compiled, keys, sort-order, aggregation | expressions as closures, hash keys, orders, aggregates |
 * | ops/ | one operator a file |
 * | spill/ | temporary files: rows put aside, sorted in runs, dealt out in parts |
 * | storage/ | key ranges, conversions into keys, codecs kept per plan |
 * | writes/ | rows into transactions: defaults, casts, uniqueness, locks, LOAD DATA |
 * | check-table | ADMIN CHECK TABLE and CHECKSUM TABLE |
 */
export type { ColumnEngine, ColumnEngineRun, ExecutionContext, MemoryTracker, OperatorStatistics } from './context.ts';
export { computeDerived, execute, type QuerySource } from './execute.ts';
export { preparePoint, type PreparedPoint } from './encoded-rows.ts';
export { executeWrite, type WriteResult } from './write.ts';
export { translateCommitError } from './writes/duplicate.ts';
export { LOAD_TEXT, loadData, type LoadPlan } from './writes/load-data.ts';
export { partitionRouter } from './storage/partition-router.ts';
export { GeneratedColumns } from './writes/generated-columns.ts';
export { brokenCheck } from './writes/row-checks.ts';
export { DelimitedWriter, dumpBytes } from './writes/delimited-writer.ts';
export type { FileFormat } from './writes/delimited-reader.ts';
export { SpillFolder, type SpillFile, type SpillSpace } from './spill/spill-folder.ts';
export { Spool, type SpoolReader } from './spill/spool.ts';
export { RowSizer } from './run.ts';
export { checksumTable, checkTable, type TableCheck } from './check-table.ts';
