/**
 * Placement: timestamps, ids, where every region is, and where it should be. Two halves:
 *
 * - What must not be forgotten is small and changes by commands: `core.ts`, a deterministic state machine with `region-map.ts` in it. `placement.ts` is the
 *   shell that makes commands durable in one process through `storage.ts`. `leader.ts` with `oracle.ts`
 *   is what a leader does on its own below durable bounds: timestamps and ids. `group/` carries the same commands through a Raft log, one to
 *   three members.
 * - What heartbeats tell is large and is heard again after a change of leader: `regions/` keeps it, `schedule/` decides by it, and
 *   `http/` shows both as PD's API does.
 *
 * `steward.ts` is both together, as stores and servers ask it (`port.ts`), over either carrier of commands.
 */
export { type Command, type CommandResult, PlacementCore, type ServiceHold, type StoreRecord } from './core.ts';
export { coreImage, restoreCore } from './core-image.ts';
export { PlacementLeader } from './leader.ts';
export { MEMBER_TIMING, type MemberAddress, type MemberOptions, type MemberTiming, type MemberTransport, PlacementMember } from './group/member.ts'; // prettier-ignore
export { COUNTER_BITS, COUNTER_MAX, type Timestamps, toTimestamp } from './oracle.ts';
export { LocalPlacement, type Placement, type PlacementOptions } from './placement.ts';
export { answerText } from './http/index.ts';
export type * from './port.ts';
export { type Carrier, Steward, type StewardOptions } from './steward.ts';
export type { Peer, RegionEpoch, RegionInfo, ReportOutcome } from './region-map.ts';
