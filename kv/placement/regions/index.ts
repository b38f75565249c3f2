/**
 * What is known of a million regions in a few hundred megabytes. `region-table.ts` holds the columns and decides what is stale; bounds are packed in
 * `key-arena.ts`, ordered by `key-order.ts`, members lie in `peer-arena.ts`, and `store-bags.ts` tells which regions a store leads and
 * follows.
 */
export {
  MALFORMED,
  type PeerRole,
  type RegionHeartbeat,
  type RegionPeer,
  RegionTable,
  type RegionView,
  STALE,
} from './region-table.ts';
export { type Bag, FOLLOWERS, LEADERS, LEARNERS, type StoreBags } from './store-bags.ts';
