/** Consensus, pure: `Raft` is one member of one group. */
export * from './types.ts';
export { Raft } from './raft.ts';
export { changed, checkConfiguration, configurationOf, decodeChange, encodeChange, isJoint, isMember, isVoter, membersOf } from './configuration.ts'; // prettier-ignore
export type { Progress, ProgressState } from './progress.ts';
