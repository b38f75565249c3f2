/**
 * The shape of regions: split what has grown too large, too full of keys, too hot, or lies across the border of a rule; merge small neighbours.
 * Stores split by themselves at their own size; these hints are for what they missed, and a border is known to placement alone.
 *
 * A merge needs both regions on the same stores, so the smaller one is first moved to where the other is; then both hold an operator until
 * one is gone. Not merged: across a rule's border or one that the wiring names (between raw pairs and transactions, between tables),
 * shortly after a split, when hot, or when together they would soon be split again.
 */
import type { RegionTable, RegionView } from '../regions/region-table.ts';
import { membersOf } from './builder.ts';
import type { Cluster } from './cluster.ts';
import type { HotRegions } from './hot.ts';
import { isJoint, LOW, MEDIUM, type Step } from './operator.ts';

export interface ShapeContext {
  readonly hot: HotRegions;
  /** No region reaches over this key. */
  isBorder(key: Uint8Array): boolean;
}

// hot: bench/micro/placement.ts
/** Neither rules nor sizes ask for a look, told from the columns alone. */
export function hasPlainShape(cluster: Cluster, slot: number, hot: HotRegions): boolean {
  const { table, config, rules } = cluster;
  if (rules.all().length > 1 || table.sizesKib[slot]! > config.splitRegionKib) return false;
  if (table.keyCounts[slot]! > config.splitRegionKeys || hot.of('write', slot) || hot.of('read', slot)) return false;
  return !isSmall(cluster, slot);
}

export function checkSplit(cluster: Cluster, region: RegionView, slot: number, hot: HotRegions): boolean {
  const { config } = cluster;
  const ask = (description: string, step: Step): boolean =>
    cluster.start(region, [step], { description, kind: 'split', priority: MEDIUM });
  const borders = cluster.rules.bordersIn(region.lower, region.upper);
  if (borders.length > 0) return ask('rule-split-region', { kind: 'split', policy: 'keys', keys: borders });
  if (region.sizeKib > config.splitRegionKib)
    return ask('split-by-size', { kind: 'split', policy: 'approximate', keys: [] });
  if (region.keys > config.splitRegionKeys)
    return ask('split-by-keys', { kind: 'split', policy: 'approximate', keys: [] });
  const load = Math.max(hotBytes(hot.of('write', slot)), hotBytes(hot.of('read', slot)));
  if (load >= config.splitHotBytesPerSecond) return ask('split-by-load', { kind: 'split', policy: 'load', keys: [] });
  return false;
}

export function checkMerge(cluster: Cluster, region: RegionView, slot: number, context: ShapeContext): boolean {
  const { table, operators, config } = cluster;
  if (!operators.hasRoom('merge', config) || !mayMerge(cluster, slot, region, context)) return false;
  const below = table.below(slot);
  const above = table.above(slot);
  const fits = (other: number): boolean => isPartner(cluster, region, slot, other, context);
  const partners = [below, above].filter((other) => other >= 0 && fits(other));
  partners.sort((left, right) => table.sizesKib[left]! - table.sizesKib[right]!);
  const partner = partners[0];
  if (partner === undefined) return false;
  const target = table.view(partner);
  const align = cluster.plan(region, membersOf(target), samePlaces(region, target) ? 0 : target.leader!.storeId);
  if (!align && !samePlaces(region, target)) return false;
  const merge: Step = { kind: 'merge', sourceId: region.id, targetId: target.id };
  const what = { description: 'merge-region', kind: 'merge', priority: LOW } as const;
  const pair = [
    { ...what, region, steps: [...(align ?? []), merge] },
    { ...what, region: target, steps: [merge] },
  ];
  return operators.add(pair, config) === 'added';
}

function isPartner(cluster: Cluster, region: RegionView, slot: number, other: number, context: ShapeContext): boolean {
  const { table, config, rules } = cluster;
  // Together they must stay well below what is split again.
  if (table.sizesKib[slot]! + table.sizesKib[other]! > config.splitRegionKib / 2) return false;
  if (table.keyCounts[slot]! + table.keyCounts[other]! > config.splitRegionKeys / 2) return false;
  const view = table.view(other);
  if (!mayMerge(cluster, other, view, context)) return false;
  const border = view.lower.length > 0 && sameBytes(view.lower, region.upper) ? view.lower : region.lower;
  if (context.isBorder(border)) return false;
  return sameList(rules.rulesOf(region.lower, region.upper), rules.rulesOf(view.lower, view.upper));
}

function mayMerge(cluster: Cluster, slot: number, region: RegionView, { hot }: ShapeContext): boolean {
  const { table, operators, stores, config } = cluster;
  if (operators.of(region.id) || isJoint(region) || !cluster.isWell(region)) return false;
  if (stores.nowS - table.reshapedAtS[slot]! < config.splitMergeIntervalSeconds) return false;
  if (hot.of('write', slot) || hot.of('read', slot)) return false;
  const fit = cluster.fit(region);
  return (
    fit.orphans.length === 0 &&
    fit.fits.every((one) => one.peers.length === one.rule.count && one.wrongRole.length === 0)
  );
}

function isSmall({ table, config }: { table: RegionTable; config: Cluster['config'] }, slot: number): boolean {
  return table.sizesKib[slot]! <= config.maxMergeRegionKib && table.keyCounts[slot]! <= config.maxMergeRegionKeys;
}

export function isMergeable(cluster: Cluster, slot: number): boolean {
  return isSmall(cluster, slot) && cluster.table.count > 1;
}

function samePlaces(left: RegionView, right: RegionView): boolean {
  const roles = membersOf(right);
  return (
    left.peers.length === right.peers.length &&
    left.peers.every((peer) => roles.get(peer.storeId) === (peer.role === 'learner' ? 'learner' : 'voter'))
  );
}

function hotBytes(hot: { readonly bytes: number } | undefined): number {
  return hot?.bytes ?? 0;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

function sameList<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((one, i) => one === right[i]);
}
