/**
 * What placement decides, pure: a state that changes by commands. The shell makes a command durable before it applies it,
 * and everything that is answered from the state was durable first; so a restart knows all that anybody was told. A command is
 * data, so that later a Raft group can carry it as it is.
 *
 * The safe point is the time below which old versions may be removed. It only grows, and never passes a hold: a long
 * read in this process (volatile: the read dies with the process), or a service elsewhere (durable, with a date, so that
 * a service that died does not hold it for ever).
 */
import { assert, unreachable } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import { RegionMap, type RegionInfo, type ReportOutcome } from './region-map.ts';

export interface StoreRecord {
  readonly id: number;
  /** `host:port` of its kv door, as clients reach it. */
  readonly address: string;
  readonly state: 'up' | 'offline' | 'tombstone';
  readonly version: string;
}

export interface ServiceHold {
  readonly service: string;
  readonly ts: bigint;
  /** On the oracle's clock. */
  readonly expiresAtMs: number;
}

export type Command =
  | { readonly kind: 'bootstrap'; readonly clusterId: number }
  | { readonly kind: 'extend-window'; readonly boundMs: number }
  | { readonly kind: 'reserve-ids'; readonly bound: number }
  | { readonly kind: 'put-store'; readonly store: StoreRecord }
  | { readonly kind: 'report-region'; readonly region: RegionInfo }
  | { readonly kind: 'advance-safe-point'; readonly ts: bigint }
  | { readonly kind: 'hold'; readonly hold: ServiceHold }
  | { readonly kind: 'release-hold'; readonly service: string };

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
  /** Timestamps that reads in this process still need, each as often as it is held. */
  private readonly localHolds = new Map<bigint, number>();

  apply(command: Command): ReportOutcome | undefined {
    switch (command.kind) {
      case 'bootstrap':
        assert(this.clusterId === 0, 'a cluster gets its id once');
        assert(Number.isSafeInteger(command.clusterId) && command.clusterId > 0, 'a cluster id is positive');
        this.clusterId = command.clusterId;
        return undefined;
      case 'extend-window':
        this.windowBoundMs = Math.max(this.windowBoundMs, command.boundMs);
        return undefined;
      case 'reserve-ids':
        assert(command.bound >= this.idBound, 'ids go back');
        this.idBound = command.bound;
        return undefined;
      case 'put-store':
        this.stores.set(command.store.id, command.store);
        return undefined;
      case 'report-region':
        return this.regions.report(command.region);
      case 'advance-safe-point':
        assert(command.ts >= this.safePoint, 'the safe point goes back');
        this.safePoint = command.ts;
        return undefined;
      case 'hold':
        this.serviceHolds.set(command.hold.service, command.hold);
        return undefined;
      case 'release-hold':
        this.serviceHolds.delete(command.service);
        return undefined;
      default:
        return unreachable(command);
    }
  }

  /** How far the safe point may go towards `ts`: not past a hold, never back. */
  safePointTowards(ts: bigint, nowMs: number): bigint {
    let allowed = ts;
    for (const held of this.localHolds.keys()) if (held < allowed) allowed = held;
    for (const hold of this.serviceHolds.values()) if (hold.expiresAtMs > nowMs && hold.ts < allowed) allowed = hold.ts;
    return allowed > this.safePoint ? allowed : this.safePoint;
  }

  /** Refused with `placement.safe-point-passed` when what the caller wants to read may be gone. */
  checkHold(ts: bigint): void {
    if (ts >= this.safePoint) return;
    throw new RutileError('placement.safe-point-passed', `Timestamp ${ts} is below the safe point ${this.safePoint}`, {
      fields: { ts, safePoint: this.safePoint },
    });
  }

  holdLocally(ts: bigint): { release(): void } {
    this.checkHold(ts);
    this.localHolds.set(ts, (this.localHolds.get(ts) ?? 0) + 1);
    let released = false;
    return {
      release: () => {
        if (released) return;
        released = true;
        const left = this.localHolds.get(ts)! - 1;
        if (left === 0) this.localHolds.delete(ts);
        else this.localHolds.set(ts, left);
      },
    };
  }
}
