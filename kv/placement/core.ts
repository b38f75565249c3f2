/**
 * What placement decides and must not forget, pure: a state that changes by commands and by nothing else. `apply` is deterministic, takes no clock
 * and refuses by answering, never by throwing: every member of placement applies the same commands in the same order and
 * comes to the same state and the same answers. Whoever carries the commands (one process with its file, or a Raft group) makes a command durable
 * before it tells anybody the answer.
 *
 * What only a leader needs and may lose with its term is not here: timestamps and ids below the bounds that are durable here, and the
 * holds of its own readers (`leader.ts`); regions and stores as heartbeats tell them (`regions/`, `schedule/`).
 *
 * The safe point is the time below which old versions may be removed. It only grows, and never passes a hold: a long read of the leader's
 * process, which the leader watches, or a service elsewhere, which is durable and has a date, so that a service that died does not
 * hold it for ever.
 */
import { assert, unreachable } from '../../base/assert.ts';
import type { StoreRecord } from '../../proto/kv/placement.ts';
import { RegionMap, type RegionInfo, type ReportOutcome } from './region-map.ts';

export type { StoreRecord };

export interface ServiceHold {
  readonly service: string;
  readonly ts: bigint;
  /** On the oracle's clock. */
  readonly expiresAtMs: number;
}

export type Command =
  | { readonly kind: 'bootstrap'; readonly clusterId: number }
  /** The first store, and the regions that the cluster begins with. */
  | { readonly kind: 'found'; readonly store: StoreRecord; readonly regions: readonly RegionInfo[] }
  | { readonly kind: 'extend-window'; readonly boundMs: number }
  | { readonly kind: 'reserve-ids'; readonly count: number }
  | { readonly kind: 'put-store'; readonly store: StoreRecord }
  | { readonly kind: 'report-region'; readonly region: RegionInfo }
  /** `nowMs` is the leader's clock when it proposed: it decides which holds have passed. */
  | { readonly kind: 'advance-safe-point'; readonly ts: bigint; readonly nowMs: number }
  | { readonly kind: 'hold'; readonly hold: ServiceHold }
  | { readonly kind: 'release-hold'; readonly service: string }
  /** What people told the schedule: settings, rules, schedulers; JSON by name. No value removes it. */
  | { readonly kind: 'put-setting'; readonly name: string; readonly value: string | undefined };

export type CommandResult =
  | { readonly kind: 'done' }
  /** `first` is false when another bootstrap was earlier: the cluster is that one. */
  | { readonly kind: 'bootstrapped'; readonly clusterId: number; readonly first: boolean }
  /** `first` is false when another store was earlier. */
  | { readonly kind: 'founded'; readonly first: boolean }
  | { readonly kind: 'window'; readonly boundMs: number }
  /** Ids from `from` up to, not with, `bound` are the asker's. */
  | { readonly kind: 'ids'; readonly from: number; readonly bound: number }
  | { readonly kind: 'region'; readonly outcome: ReportOutcome }
  | { readonly kind: 'safe-point'; readonly ts: bigint }
  | { readonly kind: 'refused'; readonly reason: 'safe-point-passed' | 'tombstone' | 'too-many' };

const SETTINGS_MAX = 10_000;
const SETTING_SIZE_MAX = 65_536;
const SERVICES_MAX = 1000;
const DONE: CommandResult = { kind: 'done' };

export class PlacementCore {
  /** 0 until bootstrapped. */
  clusterId = 0;
  windowBoundMs = 0;
  /** Ids below it may have been handed out. */
  idBound = 1;
  safePoint = 0n;
  readonly regions = new RegionMap();
  readonly stores = new Map<number, StoreRecord>();
  readonly serviceHolds = new Map<string, ServiceHold>();
  readonly settings = new Map<string, string>();

  apply(command: Command): CommandResult {
    switch (command.kind) {
      case 'bootstrap': {
        assert(Number.isSafeInteger(command.clusterId) && command.clusterId > 0, 'a cluster id is positive');
        const first = this.clusterId === 0;
        if (first) this.clusterId = command.clusterId;
        return { kind: 'bootstrapped', clusterId: this.clusterId, first };
      }
      case 'found': {
        // Who asks again because an answer was lost was first all the same: ids of regions are nobody else's.
        if (this.regions.count > 0)
          return { kind: 'founded', first: command.regions.every(({ id }) => this.regions.get(id) !== undefined) };
        for (const region of command.regions) this.regions.report(region);
        this.stores.set(command.store.id, command.store);
        return { kind: 'founded', first: true };
      }
      case 'extend-window':
        this.windowBoundMs = Math.max(this.windowBoundMs, command.boundMs);
        return { kind: 'window', boundMs: this.windowBoundMs };
      case 'reserve-ids': {
        assert(Number.isSafeInteger(command.count) && command.count > 0, 'at least one id');
        const from = this.idBound;
        this.idBound += command.count;
        return { kind: 'ids', from, bound: this.idBound };
      }
      case 'put-store':
        // What is buried stays buried: its data may be anywhere in time.
        if (this.stores.get(command.store.id)?.state === 'tombstone' && command.store.state !== 'tombstone') {
          return { kind: 'refused', reason: 'tombstone' };
        }
        this.stores.set(command.store.id, command.store);
        return DONE;
      case 'report-region':
        return { kind: 'region', outcome: this.regions.report(command.region) };
      case 'advance-safe-point': {
        const allowed = this.safePointTowards(command.ts, command.nowMs);
        this.safePoint = allowed;
        return { kind: 'safe-point', ts: allowed };
      }
      case 'hold':
        // It may have passed between the proposal and now.
        if (command.hold.ts < this.safePoint) return { kind: 'refused', reason: 'safe-point-passed' };
        if (this.serviceHolds.size >= SERVICES_MAX && !this.serviceHolds.has(command.hold.service)) {
          return { kind: 'refused', reason: 'too-many' };
        }
        this.serviceHolds.set(command.hold.service, command.hold);
        return DONE;
      case 'release-hold':
        this.serviceHolds.delete(command.service);
        return DONE;
      case 'put-setting':
        return this.putSetting(command.name, command.value);
      default:
        return unreachable(command);
    }
  }

  /** How far the safe point may go towards `ts`: not past a service's hold, never back. */
  safePointTowards(ts: bigint, nowMs: number): bigint {
    let allowed = ts;
    for (const hold of this.serviceHolds.values()) if (hold.expiresAtMs > nowMs && hold.ts < allowed) allowed = hold.ts;
    return allowed > this.safePoint ? allowed : this.safePoint;
  }

  private putSetting(name: string, value: string | undefined): CommandResult {
    if (value === undefined) {
      this.settings.delete(name);
      return DONE;
    }
    const isNew = !this.settings.has(name);
    if (
      (isNew && this.settings.size >= SETTINGS_MAX) ||
      value.length > SETTING_SIZE_MAX ||
      name.length > SETTING_SIZE_MAX
    ) {
      return { kind: 'refused', reason: 'too-many' };
    }
    this.settings.set(name, value);
    return DONE;
  }
}
