/**
 * The log: what consensus appends before anything is applied. `raft-log.ts` is the port, `SegmentLog` serves it from
 * append-only segments shared by all regions. `segment-log.ts` tells how groups are written, `recovery.ts` how they are read
 * back after a crash, `format.ts` what the bytes mean.
 */
export { countInAppend } from './format.ts';
export * from './raft-log.ts';
export { SegmentLog, type SegmentLogOptions } from './segment-log.ts';
