/**
 * Regions for people: one, a range, those of a store, the largest, and those that something is wrong with. Keys are those of the region space, as
 * stores report them. `/region`, `/regions`, `/stats`.
 */
import { toHex } from '../../../base/bytes.ts';
import type { RegionView } from '../regions/index.ts';
import { isVoter } from '../schedule/index.ts';
import { type ApiAnswer, type ApiContext, keyOf, missing, ok, refused, type Request, unsupported } from './request.ts';
import { regionJson } from './shapes.ts';

const LIMIT_DEFAULT = 16;
/** More regions than this in one answer would hold up everything else. */
const LIMIT_MAX = 10_240;
const NO_KEY = new Uint8Array(0);

export function regions(request: Request): ApiAnswer {
  const { context, method, words, escaped, query, rawQuery } = request;
  if (method !== 'GET') return missing();
  const { schedule } = context;
  const { table } = schedule;
  const limit = Math.min(LIMIT_MAX, Math.max(1, Number(query.get('limit') ?? LIMIT_DEFAULT) || LIMIT_DEFAULT));
  const list = (slots: readonly number[]): ApiAnswer =>
    ok({ count: slots.length, regions: slots.map((slot) => regionJson(schedule, table.view(slot))) });
  const one = (slot: number): ApiAnswer => (slot < 0 ? ok(null) : ok(regionJson(schedule, table.view(slot))));
  const largest = (column: ArrayLike<number>): ApiAnswer => list(top(context, column, limit));
  const range = (lower: string, run: (lower: Uint8Array, upper: Uint8Array) => ApiAnswer): ApiAnswer => {
    const [from, to] = [keyOf(request, rawQuery.get(lower) ?? ''), keyOf(request, rawQuery.get('end_key') ?? '')];
    return from === undefined || to === undefined ? refused('a key is malformed') : run(from, to);
  };
  const [first, second, third] = words;
  if (first === 'region') {
    if (second === 'id' && third) return one(table.slotOf(Number(third)));
    if (second !== 'key' || words.length > 3) return missing();
    const key = keyOf(request, escaped[2] ?? '');
    return key === undefined ? refused('the key is malformed') : one(table.slotByKey(key));
  }
  if (first === 'stats') {
    return second === 'region' ? range('start_key', (lower, upper) => ok(stats(context, lower, upper))) : missing();
  }
  switch (second) {
    case undefined:
      return list(table.scan(NO_KEY, NO_KEY, LIMIT_MAX));
    case 'key':
      return range('key', (lower, upper) => list(table.scan(lower, upper, limit)));
    case 'count':
      return ok({ count: table.count, regions: null });
    case 'store': {
      const id = Number(third);
      if (!schedule.stores.get(id)) return missing(`store ${third} not found`);
      const slots = table.bagsOf(id).bags.flatMap((bag) => [...bag.slots.subarray(0, bag.count)]);
      const test = ofKind(id, query.get('type') ?? 'all');
      if (test === undefined) return refused(`unknown type ${query.get('type')}: all, leader, learner or pending`);
      return list(slots.filter((slot) => test(table.view(slot))).slice(0, LIMIT_MAX));
    }
    case 'sibling': {
      const slot = table.slotOf(Number(third));
      if (slot < 0) return missing(`region ${third} not found`);
      return list([table.below(slot), table.above(slot)].filter((other) => other >= 0));
    }
    case 'check':
      return check(context, third ?? '', list, Number(query.get('bound')));
    case 'range-holes':
      return ok(holes(context));
    case 'writeflow':
      return largest(table.writtenKib);
    case 'readflow':
      return largest(table.readKib);
    case 'size':
      return largest(table.sizesKib);
    case 'keys':
      return largest(table.keyCounts);
    case 'confver':
      return largest(table.confVersions);
    case 'version':
      return largest(table.versions);
    case 'readquery':
    case 'writequery':
      return unsupported('regions by queries: those of reads and writes are counted together. Ask by bytes');
    case 'cpu':
      return unsupported('regions by processor time: stores do not measure it by region');
    case 'keyspace':
      return unsupported('keyspaces');
    default:
      return missing();
  }
}

function ofKind(storeId: number, kind: string): ((view: RegionView) => boolean) | undefined {
  const isHere = (peer: { readonly storeId: number }): boolean => peer.storeId === storeId;
  switch (kind) {
    case 'all':
    case '':
      return () => true;
    case 'leader':
      return ({ leader }) => leader?.storeId === storeId;
    case 'learner':
      return ({ peers }) => peers.some((peer) => isHere(peer) && !isVoter(peer));
    case 'pending':
      return ({ pending }) => pending.some(isHere);
    default:
      return undefined;
  }
}

/** Ranges that no region is known to hold, from below to above. */
function holes({ schedule }: ApiContext): string[][] {
  const { table } = schedule;
  const found: string[][] = [];
  let upper = '';
  let isFirst = true;
  for (const slot of table.scan(NO_KEY, NO_KEY, 0)) {
    const view = table.view(slot);
    const lower = toHex(view.lower).toUpperCase();
    if (lower !== upper) found.push([upper, lower]);
    upper = toHex(view.upper).toUpperCase();
    isFirst = false;
  }
  if (isFirst || upper !== '') found.push([upper, '']);
  return found;
}

/** Regions that something is wrong with, at most as many as one answer holds. */
function check(
  context: ApiContext,
  what: string,
  list: (slots: readonly number[]) => ApiAnswer,
  bound: number,
): ApiAnswer {
  const { table, config, stores: all, rules } = context.schedule;
  const wanted = (view: RegionView): number =>
    rules.rulesOf(view.lower, view.upper).reduce((sum, rule) => sum + rule.count, 0);
  const tests: Readonly<Record<string, (slot: number) => boolean>> = {
    'miss-peer': (slot) => table.peerCounts[slot]! < wanted(table.view(slot)),
    'extra-peer': (slot) => table.peerCounts[slot]! > wanted(table.view(slot)),
    'pending-peer': (slot) => table.pendingBits[slot] !== 0,
    'down-peer': (slot) => table.downBits[slot] !== 0,
    'learner-peer': (slot) => table.view(slot).peers.some((peer) => !isVoter(peer)),
    'offline-peer': (slot) => table.view(slot).peers.some((peer) => all.get(peer.storeId)?.meta.state === 'offline'),
    'empty-region': (slot) => table.sizesKib[slot]! <= 1024,
    'oversized-region': (slot) => table.sizesKib[slot]! > config.splitRegionKib,
    'undersized-region': (slot) => table.sizesKib[slot]! <= config.maxMergeRegionKib,
  };
  if (what === 'hist-size') return ok(histogram(context, (slot) => Math.round(table.sizesKib[slot]! / 1024), bound > 0 ? bound : 10)); // prettier-ignore
  if (what === 'hist-keys') return ok(histogram(context, (slot) => table.keyCounts[slot]!, bound > 0 ? bound : 10_000));
  const test = Object.hasOwn(tests, what) ? tests[what] : undefined;
  if (!test) return missing();
  const found: number[] = [];
  for (let slot = 0; slot < table.slotEnd && found.length < LIMIT_MAX; slot++) {
    if (table.ids[slot] !== 0 && test(slot)) found.push(slot);
  }
  return list(found);
}

/** How many regions have between `start` and `end` of something, in steps of `bound`. */
function histogram({ schedule }: ApiContext, of: (slot: number) => number, bound: number): unknown {
  const { table } = schedule;
  const counts = new Map<number, number>();
  for (let slot = 0; slot < table.slotEnd; slot++) {
    if (table.ids[slot] === 0) continue;
    const step = Math.floor(of(slot) / bound);
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const steps = [...counts].sort(([left], [right]) => left - right);
  return steps.map(([step, count]) => ({ count, start: step * bound, end: (step + 1) * bound - 1 }));
}

function stats(context: ApiContext, lower: Uint8Array, upper: Uint8Array): unknown {
  const { table } = context.schedule;
  const total = { count: 0, empty_count: 0, storage_size: 0, storage_keys: 0 };
  const leaders: Record<string, number> = {};
  const peers: Record<string, number> = {};
  for (const slot of table.scan(lower, upper, 0)) {
    total.count++;
    if (table.sizesKib[slot]! <= 1024) total.empty_count++;
    total.storage_size += table.sizesKib[slot]! / 1024;
    total.storage_keys += table.keyCounts[slot]!;
    const view = table.view(slot);
    if (view.leader) leaders[view.leader.storeId] = (leaders[view.leader.storeId] ?? 0) + 1;
    for (const peer of view.peers) peers[peer.storeId] = (peers[peer.storeId] ?? 0) + 1;
  }
  return {
    ...total,
    storage_size: Math.round(total.storage_size),
    store_leader_count: leaders,
    store_peer_count: peers,
  };
}

/** The slots with the largest values, in one pass over the column. */
function top(context: ApiContext, column: ArrayLike<number>, limit: number): number[] {
  const { table } = context.schedule;
  let best: number[] = [];
  const order = (left: number, right: number): number => column[right]! - column[left]! || left - right;
  for (let slot = 0; slot < table.slotEnd; slot++) {
    if (table.ids[slot] === 0) continue;
    best.push(slot);
    if (best.length >= 2 * limit + 1024) best = best.sort(order).slice(0, limit);
  }
  return best.sort(order).slice(0, limit);
}
