/**
 * Placement as the other parts of a process ask it that has a member of its own: by plain call while that member leads, over gRPC from the leader
 * otherwise. Which of both it was may change between two calls; the promises of `PlacementPort` are the group's, not a connection's.
 */
import { RutileError } from '../base/error.ts';
import { isPromise, type MaybePromise } from '../base/outcome.ts';
import type { PlacementMember, PlacementPort, ReportHandlers, ReportWay, Steward } from '../kv/placement/index.ts';
import type { FirstRegions, MemberPlace, StoreReport } from '../kv/placement/port.ts';
import type { StoreRecord } from '../proto/kv/placement.ts';
import type { RegionDescriptor } from '../proto/kv/region.ts';

export class NearPlacement implements PlacementPort {
  private readonly member: PlacementMember;
  private readonly steward: Steward;
  private readonly far: PlacementPort;

  constructor(member: PlacementMember, steward: Steward, far: PlacementPort) {
    this.member = member;
    this.steward = steward;
    this.far = far;
  }

  /** Until the group has told this member who it is, others are asked. */
  members() {
    return this.member.core.clusterId === 0 || this.member.leaderId === 0 ? this.far.members() : this.steward.members();
  }

  // hot
  timestamps(count: number) {
    return this.ask((port) => port.timestamps(count));
  }

  allocateIds(count: number) {
    return this.ask((port) => port.allocateIds(count));
  }

  regionByKey(key: Uint8Array) {
    return this.ask((port) => port.regionByKey(key));
  }

  previousRegion(key: Uint8Array) {
    return this.ask((port) => port.previousRegion(key));
  }

  regionById(id: number) {
    return this.ask((port) => port.regionById(id));
  }

  scanRegions(lower: Uint8Array, upper: Uint8Array, limit: number) {
    return this.ask((port) => port.scanRegions(lower, upper, limit));
  }

  stores() {
    return this.ask((port) => port.stores());
  }

  safePoint() {
    return this.ask((port) => port.safePoint());
  }

  async isBootstrapped() {
    return this.ask((port) => port.isBootstrapped());
  }

  async bootstrap(first: FirstRegions) {
    return this.ask((port) => port.bootstrap(first));
  }

  async putStore(store: StoreRecord) {
    return this.ask((port) => port.putStore(store));
  }

  async addMember(member: MemberPlace, joins: boolean) {
    return this.ask((port) => port.addMember(member, joins));
  }

  reportStore(report: StoreReport) {
    return this.ask((port) => port.reportStore(report));
  }

  async askSplit(region: RegionDescriptor, count: number) {
    return this.ask((port) => port.askSplit(region, count));
  }

  async reportSplit(regions: readonly RegionDescriptor[]) {
    return this.ask((port) => port.reportSplit(regions));
  }

  async advanceSafePoint(ts: bigint) {
    return this.ask((port) => port.advanceSafePoint(ts));
  }

  async holdForService(service: string, ts: bigint, ttlMs: number) {
    return this.ask((port) => port.holdForService(service, ts, ttlMs));
  }

  /** The way that is lost with the leadership is opened again, then elsewhere. */
  openReports(storeId: number, handlers: ReportHandlers): ReportWay {
    return (this.member.leads ? this.steward : this.far).openReports(storeId, handlers);
  }

  private ask<T>(call: (port: PlacementPort) => MaybePromise<T>): MaybePromise<T> {
    if (!this.member.leads) return call(this.far);
    try {
      const found = call(this.steward);
      return isPromise(found) ? (found as Promise<T>).catch((error: unknown) => this.elsewhere(call, error)) : found;
    } catch (error) {
      return this.elsewhere(call, error);
    }
  }

  private elsewhere<T>(call: (port: PlacementPort) => MaybePromise<T>, error: unknown): MaybePromise<T> {
    if (error instanceof RutileError && error.code === 'placement.not-leader') return call(this.far);
    throw error;
  }
}
