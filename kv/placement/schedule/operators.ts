/**
 * The operators that run: at most one a region, so many of a kind, and only as many as the token buckets of the stores they touch allow. What
 * they will have done is added to the stores' influence when they start and taken off step by step as heartbeats show it done, so that a
 * scheduler never counts a change twice nor overlooks one on its way.
 *
 * A region's heartbeat moves its operator on, or ends it: done, stale (the region changed otherwise), out of time. Ended ones are kept for
 * people, the last thousand.
 */
import type { RegionTable, RegionView } from '../regions/region-table.ts';
import type { ScheduleConfig } from './config.ts';
import {
  confChangesUpTo,
  isDone,
  type Operator,
  type OperatorKind,
  type OperatorStatus,
  type Priority,
  type Step,
  stepTimeoutS,
} from './operator.ts';
import type { StoreTable } from './store-table.ts';

/** For the leader of a region; repeated until it is seen done, so the receiver drops what its epoch does not fit. */
export interface Instruction {
  readonly regionId: number;
  readonly version: number;
  readonly confVersion: number;
  readonly leaderPeerId: number;
  readonly leaderStoreId: number;
  readonly step: Step;
}

export interface NewOperator {
  readonly description: string;
  readonly kind: OperatorKind;
  readonly priority: Priority;
  readonly region: RegionView;
  readonly steps: readonly Step[];
}

export type AddOutcome = 'added' | 'busy' | 'kind-limit' | 'store-limit' | 'stale';

const HISTORY_MAX = 1000;
const REPEAT_SECONDS = 10;
/** A region this small costs a store a fifth of a token. */
const SMALL_REGION_KIB = 20 * 1024;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export class Operators {
  private readonly byRegion = new Map<number, Operator>();
  private readonly counts = new Map<OperatorKind, number>();
  private readonly table: RegionTable;
  private readonly stores: StoreTable;
  private nextId = 1;
  private history: Operator[] = [];
  private outbox: Instruction[] = [];
  /** Ended ones by `description status`, since this leader began. */
  readonly ended = new Map<string, number>();

  constructor(table: RegionTable, stores: StoreTable) {
    this.table = table;
    this.stores = stores;
  }

  get count(): number {
    return this.byRegion.size;
  }

  countOf(kind: OperatorKind): number {
    return this.counts.get(kind) ?? 0;
  }

  of(regionId: number): Operator | undefined {
    return this.byRegion.get(regionId);
  }

  running(): readonly Operator[] {
    return [...this.byRegion.values()].sort((left, right) => left.id - right.id);
  }

  /** The oldest first. */
  past(): readonly Operator[] {
    return this.history;
  }

  hasRoom(kind: OperatorKind, config: ScheduleConfig): boolean {
    return this.countOf(kind) < limitOf(kind, config);
  }

  /** All or none of them: a merge takes one at each side. */
  add(operators: readonly NewOperator[], config: ScheduleConfig): AddOutcome {
    const nowS = this.stores.nowS;
    for (const { region, priority, kind, steps } of operators) {
      const before = this.byRegion.get(region.id);
      if (before && before.priority >= priority) return 'busy';
      if (!this.hasRoom(kind, config)) return 'kind-limit';
      const slot = this.table.slotOf(region.id);
      if (slot < 0) return 'stale';
      if (this.table.versions[slot] !== region.version || this.table.confVersions[slot] !== region.confVersion)
        return 'stale';
      if (kind !== 'admin' && !this.hasTokens(steps, config)) return 'store-limit';
    }
    for (const { region, description, kind, priority, steps } of operators) {
      const before = this.byRegion.get(region.id);
      if (before) this.end(before, 'replaced');
      const operator: Operator = {
        id: this.nextId++,
        description,
        kind,
        priority,
        regionId: region.id,
        version: region.version,
        confVersion: region.confVersion,
        sizeKib: region.sizeKib,
        steps,
        createdAtS: nowS,
        at: 0,
        stepSinceS: nowS,
        status: 'running',
        endedAtS: 0,
      };
      this.byRegion.set(region.id, operator);
      this.counts.set(kind, this.countOf(kind) + 1);
      for (const step of steps) {
        this.influence(operator, step, 1);
        this.takeTokens(step, region.sizeKib);
      }
      this.send(operator, region);
    }
    return 'added';
  }

  /** A region's heartbeat was accepted. */
  heard(slot: number): void {
    const operator = this.byRegion.get(this.table.ids[slot]!);
    if (operator) this.advance(operator, this.table.view(slot));
  }

  tick(): void {
    const nowS = this.stores.nowS;
    for (const operator of this.byRegion.values()) {
      const step = operator.steps[operator.at]!;
      const slot = this.table.slotOf(operator.regionId);
      if (slot < 0) this.end(operator, step.kind === 'merge' ? 'success' : 'stale');
      else if (nowS - operator.stepSinceS > stepTimeoutS(step, operator.sizeKib)) this.end(operator, 'timeout');
      else if (nowS > operator.stepSinceS && (nowS - operator.stepSinceS) % REPEAT_SECONDS === 0) {
        this.send(operator, this.table.view(slot));
      }
    }
  }

  cancel(regionId: number, status: OperatorStatus = 'cancelled'): boolean {
    const operator = this.byRegion.get(regionId);
    if (operator) this.end(operator, status);
    return operator !== undefined;
  }

  drain(): readonly Instruction[] {
    const instructions = this.outbox;
    this.outbox = [];
    return instructions;
  }

  private advance(operator: Operator, region: RegionView): void {
    let step = operator.steps[operator.at];
    while (step && this.isDone(operator, step, region)) {
      this.influence(operator, step, -1);
      operator.at++;
      operator.stepSinceS = this.stores.nowS;
      step = operator.steps[operator.at];
    }
    if (!step) this.end(operator, 'success');
    else if (
      region.version !== operator.version ||
      region.confVersion - operator.confVersion > confChangesUpTo(operator)
    ) {
      this.end(operator, 'stale');
    } else if (unseatsLeader(step, region)) this.end(operator, 'cancelled');
    else this.send(operator, region);
  }

  /** The side of a merge that stays has seen it when its bounds have grown. */
  private isDone(operator: Operator, step: Step, region: RegionView): boolean {
    if (step.kind === 'merge') return operator.regionId === step.targetId && this.table.slotOf(step.sourceId) < 0;
    return isDone(step, region, operator.version);
  }

  private send(operator: Operator, region: RegionView): void {
    const step = operator.steps[operator.at]!;
    // Only the side that goes away is told; the other is kept from other changes.
    if (!region.leader || (step.kind === 'merge' && step.targetId === operator.regionId)) return;
    // It is a member and fetches its data: told again, it would be added again, which is one change of members more than the operator reckons with.
    if (step.kind === 'add-learner' && region.peers.some(({ id }) => id === step.peerId)) return;
    this.outbox.push({
      regionId: region.id,
      version: region.version,
      confVersion: region.confVersion,
      leaderPeerId: region.leader.id,
      leaderStoreId: region.leader.storeId,
      step,
    });
  }

  private end(operator: Operator, status: OperatorStatus): void {
    for (const step of operator.steps.slice(operator.at)) this.influence(operator, step, -1);
    operator.status = status;
    operator.endedAtS = this.stores.nowS;
    this.byRegion.delete(operator.regionId);
    this.counts.set(operator.kind, this.countOf(operator.kind) - 1);
    const name = `${operator.description} ${status}`;
    this.ended.set(name, (this.ended.get(name) ?? 0) + 1);
    this.history.push(operator);
    if (this.history.length >= 2 * HISTORY_MAX) this.history = this.history.slice(-HISTORY_MAX);
    const step = operator.steps[operator.at];
    // A merge has an operator at both sides: neither goes on without the other.
    if (step?.kind !== 'merge' || status === 'success') return;
    const otherId = operator.regionId === step.sourceId ? step.targetId : step.sourceId;
    const other = this.byRegion.get(otherId);
    if (other?.steps.at(-1)?.kind === 'merge') this.end(other, status);
  }

  private hasTokens(steps: readonly Step[], config: ScheduleConfig): boolean {
    return steps.every((step) => {
      if (step.kind !== 'add-learner' && step.kind !== 'remove-peer') return true;
      const entry = this.stores.get(step.storeId);
      if (!entry) return step.kind === 'remove-peer';
      if (step.kind === 'add-learner') return entry.addTokens >= 1;
      return entry.removeTokens >= 1 || this.stores.health(entry, config) === 'down';
    });
  }

  private takeTokens(step: Step, sizeKib: number): void {
    const cost = sizeKib < SMALL_REGION_KIB ? 0.2 : 1;
    if (step.kind === 'add-learner') {
      const entry = this.stores.get(step.storeId);
      if (entry) entry.addTokens -= cost;
    } else if (step.kind === 'remove-peer') {
      const entry = this.stores.get(step.storeId);
      if (entry) entry.removeTokens = Math.max(0, entry.removeTokens - cost);
    }
  }

  private influence(operator: Operator, step: Step, sign: number): void {
    const change = (storeId: number, leaders: number, regions: number): void => {
      const influence = this.stores.get(storeId)?.influence;
      if (!influence) return;
      influence.leaders += leaders * sign;
      influence.regions += regions * sign;
      influence.regionKib += regions * operator.sizeKib * sign;
    };
    if (step.kind === 'add-learner') change(step.storeId, 0, 1);
    else if (step.kind === 'remove-peer') change(step.storeId, 0, -1);
    else if (step.kind === 'transfer-leader') {
      change(step.fromStoreId, -1, 0);
      change(step.toStoreId, 1, 0);
    }
  }
}

/** An election may have put the lead where the plan did not expect it: a leader is not told to remove or demote itself. */
function unseatsLeader(step: Step, { leader }: RegionView): boolean {
  if (step.kind === 'remove-peer') return leader?.id === step.peerId;
  return step.kind === 'leave-joint' && leader?.role === 'demoting';
}

function limitOf(kind: OperatorKind, config: ScheduleConfig): number {
  switch (kind) {
    case 'leader':
      return config.leaderScheduleLimit;
    case 'region':
      return config.regionScheduleLimit;
    case 'replica':
      return config.replicaScheduleLimit;
    case 'hot':
      return config.hotRegionScheduleLimit;
    case 'merge':
      // Two operators a merge.
      return 2 * config.mergeScheduleLimit;
    case 'split':
      return config.splitScheduleLimit;
    case 'admin':
      return NO_LIMIT;
  }
}
