/**
 * Operators: a change of one region as a list of small steps, each of which leaves a region that works. The next step is sent to the region's
 * leader with the answer to its heartbeat, again and again until a later heartbeat shows it done; nothing is remembered at the
 * store, so a lost message or a new leader costs one heartbeat. Steps and what shows them done:
 *
 *     add-learner      the peer is there, and not pending
 *     promote          the peer is a voter
 *     enter-joint      everyone to promote is incoming or voter, everyone to demote is demoting, learner or gone
 *     leave-joint      nobody is incoming or demoting
 *     transfer-leader  the leader is there
 *     remove-peer      the peer is gone
 *     split, merge     the region's version has grown; the merged region is gone
 *
 * An operator is stale, and cancelled, when the region has changed in a way that its steps do not explain: another split or merge
 * (version), or more changes of members than its steps done so far (confVersion).
 */
import { unreachable } from '../../../base/assert.ts';
import type { RegionPeer, RegionView } from '../regions/region-table.ts';

export type Step =
  | { readonly kind: 'add-learner'; readonly storeId: number; readonly peerId: number }
  | { readonly kind: 'promote'; readonly storeId: number; readonly peerId: number }
  | {
      readonly kind: 'enter-joint';
      readonly promote: readonly { readonly storeId: number; readonly peerId: number }[];
      readonly demote: readonly { readonly storeId: number; readonly peerId: number }[];
    }
  | { readonly kind: 'leave-joint' }
  | { readonly kind: 'remove-peer'; readonly storeId: number; readonly peerId: number }
  | {
      readonly kind: 'transfer-leader';
      readonly fromStoreId: number;
      readonly toStoreId: number;
      readonly toPeerId: number;
    }
  | {
      readonly kind: 'split';
      readonly policy: 'approximate' | 'scan' | 'load' | 'keys';
      readonly keys: readonly Uint8Array[];
    }
  /** The region is merged into its neighbour and is gone. */
  | { readonly kind: 'merge'; readonly sourceId: number; readonly targetId: number };

/** Who asked: each has a limit of its own. */
export type OperatorKind = 'leader' | 'region' | 'replica' | 'hot' | 'merge' | 'split' | 'admin';
export type OperatorStatus = 'running' | 'success' | 'timeout' | 'cancelled' | 'replaced' | 'stale';

export interface Operator {
  readonly id: number;
  /** Such as `balance-region`, `replace-down-peer`. */
  readonly description: string;
  readonly kind: OperatorKind;
  /** A higher one takes the place of a lower one. */
  readonly priority: Priority;
  readonly regionId: number;
  readonly version: number;
  readonly confVersion: number;
  readonly sizeKib: number;
  readonly steps: readonly Step[];
  readonly createdAtS: number;
  /** The step that is being done. */
  at: number;
  stepSinceS: number;
  status: OperatorStatus;
  endedAtS: number;
}

export type Priority = 0 | 1 | 2;
export const LOW: Priority = 0;
export const MEDIUM: Priority = 1;
/** Replicas in danger, and what people ask for. */
export const HIGH: Priority = 2;

/** An operator that only ends a joint change does not know how many members are in it. */
const MEMBERS_OF_A_JOINT_CHANGE_MAX = 16;

/** A snapshot may need: at least 10 minutes, and 6 s a MiB at the slowest. Everything else is a proposal or two. */
export function stepTimeoutS(step: Step, sizeKib: number): number {
  switch (step.kind) {
    case 'add-learner':
      return Math.max(600, (sizeKib / 1024) * 6);
    case 'merge':
      return 600;
    case 'split':
      return 180;
    default:
      return 120;
  }
}

export function isDone(step: Step, region: RegionView, version: number): boolean {
  const at = (storeId: number, peerId: number): RegionPeer | undefined =>
    region.peers.find((peer) => peer.storeId === storeId && peer.id === peerId);
  switch (step.kind) {
    case 'add-learner':
      return at(step.storeId, step.peerId) !== undefined && !region.pending.some((peer) => peer.id === step.peerId);
    case 'promote':
      return at(step.storeId, step.peerId)?.role === 'voter';
    case 'enter-joint':
      return (
        step.promote.every(({ storeId, peerId }) => ['voter', 'incoming'].includes(at(storeId, peerId)?.role ?? '')) &&
        step.demote.every(({ storeId, peerId }) =>
          ['demoting', 'learner', ''].includes(at(storeId, peerId)?.role ?? ''),
        )
      );
    case 'leave-joint':
      return !isJoint(region);
    case 'remove-peer':
      return at(step.storeId, step.peerId) === undefined;
    case 'transfer-leader':
      return region.leader?.id === step.toPeerId;
    case 'split':
      return region.version > version;
    case 'merge':
      return false;
    default:
      return unreachable(step);
  }
}

/** How much `confVersion` may have grown when the steps before and at `at` are done: one a member, and again when a joint change ends. */
export function confChangesUpTo(operator: Operator): number {
  let changes = 0;
  let joint = 0;
  for (const step of operator.steps.slice(0, operator.at + 1)) {
    if (step.kind === 'add-learner' || step.kind === 'promote' || step.kind === 'remove-peer') changes++;
    else if (step.kind === 'enter-joint') changes += joint = step.promote.length + step.demote.length;
    else if (step.kind === 'leave-joint') changes += joint || MEMBERS_OF_A_JOINT_CHANGE_MAX;
  }
  return changes;
}

export function isJoint(region: RegionView): boolean {
  return region.peers.some((peer) => peer.role === 'incoming' || peer.role === 'demoting');
}

export function isVoter(peer: RegionPeer): boolean {
  return peer.role !== 'learner';
}

export function describe(step: Step): string {
  switch (step.kind) {
    case 'add-learner':
      return `add learner peer ${step.peerId} on store ${step.storeId}`;
    case 'promote':
      return `promote learner peer ${step.peerId} on store ${step.storeId} to voter`;
    case 'enter-joint': {
      const promote = step.promote.map((one) => `promote ${one.peerId} on store ${one.storeId}`);
      const demote = step.demote.map((one) => `demote ${one.peerId} on store ${one.storeId}`);
      return `change peers by joint change: ${[...promote, ...demote].join(', ')}`;
    }
    case 'leave-joint':
      return 'leave joint state';
    case 'remove-peer':
      return `remove peer ${step.peerId} on store ${step.storeId}`;
    case 'transfer-leader':
      return `transfer leader from store ${step.fromStoreId} to store ${step.toStoreId}`;
    case 'split':
      return `split region with policy ${step.policy}`;
    case 'merge':
      return `merge region ${step.sourceId} into region ${step.targetId}`;
    default:
      return unreachable(step);
  }
}
