/**
 * Which peer of a region serves which rule. Rules choose in their order, each the best set of its size among the peers that its constraints allow:
 * as many as asked for, on stores that stay, in the right role, as well spread as can be; an earlier rule's gain counts before a later one's. What
 * no rule chose is an orphan. Regions have a handful of peers, so all sets are tried; with more than nine peers the choice is
 * greedy.
 */
import type { RegionPeer, RegionView } from '../regions/region-table.ts';
import { isolationScore, meets, type Rule } from './rules.ts';
import type { StoreEntry } from './store-table.ts';

export interface RuleFit {
  readonly rule: Rule;
  readonly peers: readonly RegionPeer[];
  /** Of `peers`: those whose role is not the rule's. */
  readonly wrongRole: readonly RegionPeer[];
}

export interface RegionFit {
  readonly fits: readonly RuleFit[];
  readonly orphans: readonly RegionPeer[];
}

export interface FitContext {
  store(id: number): StoreEntry | undefined;
  /** The store is up, or only silent for a while. */
  stays(storeId: number): boolean;
}

const EXHAUSTIVE_PEERS_MAX = 9;

export function fitRegion(region: RegionView, rules: readonly Rule[], context: FitContext): RegionFit {
  const best = search(region, rules, 0, region.peers, context);
  return { fits: best.fits, orphans: best.left };
}

interface Found {
  readonly fits: readonly RuleFit[];
  readonly left: readonly RegionPeer[];
  /** Compared from the left: larger is better. */
  readonly worth: readonly number[];
}

function search(
  region: RegionView,
  rules: readonly Rule[],
  at: number,
  free: readonly RegionPeer[],
  context: FitContext,
): Found {
  const rule = rules[at];
  if (!rule) return { fits: [], left: free, worth: [] };
  const candidates = free.filter((peer) => {
    const store = context.store(peer.storeId);
    return store !== undefined && meets(store.meta, rule);
  });
  const size = Math.min(rule.count, candidates.length);
  let best: Found | undefined;
  for (const chosen of subsets(candidates, size)) {
    const wrongRole = chosen.filter((peer) => !hasRole(region, peer, rule));
    const staying = chosen.filter((peer) => context.stays(peer.storeId)).length;
    const stores = chosen.map((peer) => context.store(peer.storeId)!.meta);
    const worth = [size, staying, -wrongRole.length, isolationScore(stores, rule.locationLabels)];
    const rest = search(
      region,
      rules,
      at + 1,
      free.filter((peer) => !chosen.includes(peer)),
      context,
    );
    const found = {
      fits: [{ rule, peers: chosen, wrongRole }, ...rest.fits],
      left: rest.left,
      worth: [...worth, ...rest.worth],
    };
    if (!best || isBetter(found.worth, best.worth)) best = found;
  }
  return best!;
}

export function hasRole(region: RegionView, peer: RegionPeer, rule: Rule): boolean {
  const leads = region.leader?.id === peer.id;
  switch (rule.role) {
    case 'learner':
      return peer.role === 'learner';
    case 'leader':
      return leads;
    case 'follower':
      return peer.role === 'voter' && !leads;
    case 'voter':
      return peer.role === 'voter' || peer.role === 'incoming';
  }
}

function isBetter(left: readonly number[], right: readonly number[]): boolean {
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! > right[i]!;
  return false;
}

function subsets(peers: readonly RegionPeer[], size: number): RegionPeer[][] {
  if (size === peers.length || peers.length > EXHAUSTIVE_PEERS_MAX) return [peers.slice(0, size)];
  const found: RegionPeer[][] = [];
  const chosen: RegionPeer[] = [];
  const extend = (from: number): void => {
    if (chosen.length === size) found.push(chosen.slice());
    else {
      for (let i = from; i < peers.length; i++) {
        chosen.push(peers[i]!);
        extend(i + 1);
        chosen.pop();
      }
    }
  };
  extend(0);
  return found;
}
