/** The region table against a plain list that obeys the same rules: random splits, merges, moves and stale reports. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBytes, utf8 } from '../../../base/bytes.ts';
import { SeededRandom } from '../../../base/random.ts';
import { FOLLOWERS, LEADERS, LEARNERS } from './store-bags.ts';
import { MALFORMED, type RegionHeartbeat, type RegionPeer, RegionTable, STALE } from './region-table.ts';

test('the table agrees with a plain list over random reports', () => {
  for (let seed = 1; seed <= 30; seed++) agreesWithList(seed);
});

test('what no honest store sends is refused', () => {
  const table = new RegionTable();
  const peer = { id: 1, storeId: 1, role: 'voter' as const };
  assert.equal(table.put(heartbeat({ lower: utf8('b'), upper: utf8('b') }), 0), MALFORMED);
  assert.equal(table.put(heartbeat({ peers: [] }), 0), MALFORMED);
  assert.equal(table.put(heartbeat({ peers: [peer, { ...peer, id: 2 }] }), 0), MALFORMED);
  const many = Array.from({ length: 17 }, (_, i) => ({ id: i + 1, storeId: i + 1, role: 'voter' as const }));
  assert.equal(table.put(heartbeat({ peers: many }), 0), MALFORMED);
  assert.equal(table.count, 0);
  assert(table.put(heartbeat({ peers: many.slice(0, 16) }), 0) >= 0);
});

test('an older term at the same epoch is stale: the deposed leader speaks', () => {
  const table = new RegionTable();
  assert(table.put(heartbeat({ term: 6, leaderPeerId: 1 }), 0) >= 0);
  assert.equal(table.put(heartbeat({ term: 5, leaderPeerId: 2 }), 0), STALE);
  assert.equal(table.viewOf(1)!.leader!.id, 1);
});

test('bounds that change often do not grow the arena', () => {
  const table = new RegionTable();
  const upper = new Uint8Array(3000).fill(120);
  for (let version = 1; version < 5000; version++) {
    upper[2999] = version & 127;
    table.put(heartbeat({ version, upper: Uint8Array.from(upper) }), 0);
  }
  assert(table.keys.sizeBytes < 4 * 2 ** 20, String(table.keys.sizeBytes));
});

function heartbeat(part: Partial<RegionHeartbeat>): RegionHeartbeat {
  return {
    id: 1,
    lower: utf8(''),
    upper: utf8(''),
    version: 1,
    confVersion: 1,
    term: 5,
    peers: [1, 2, 3].map((id) => ({ id, storeId: id, role: 'voter' as const })),
    leaderPeerId: 1,
    pendingPeerIds: [],
    downPeers: [],
    sizeBytes: 2 ** 20,
    keys: 10,
    intervalSeconds: 60,
    bytesWritten: 0,
    bytesRead: 0,
    keysWritten: 0,
    keysRead: 0,
    queries: 0,
    ...part,
  };
}

function agreesWithList(seed: number): void {
  const random = new SeededRandom(seed);
  const table = new RegionTable();
  const list = new Map<number, RegionHeartbeat>();
  const key = (): Uint8Array => {
    const size = random.below(4);
    return Uint8Array.from(Array.from({ length: size }, () => random.below(6)));
  };
  for (let step = 0; step < 1500; step++) {
    let [lower, upper] = [key(), random.below(6) === 0 ? new Uint8Array(0) : key()];
    if (upper.length > 0 && compareBytes(lower, upper) >= 0) {
      [lower, upper] = [upper, lower];
      if (compareBytes(lower, upper) === 0) continue;
    }
    const id = 1 + random.below(40);
    const known = list.get(id);
    const again = known !== undefined && random.below(2) === 0;
    const stores = [1, 2, 3, 4, 5, 6, 7].sort(() => random.below(3) - 1).slice(0, 1 + random.below(6));
    const peers: readonly RegionPeer[] = again
      ? known.peers
      : stores.map((storeId, i) => ({ id: id * 10 + i, storeId, role: i > 2 ? 'learner' : 'voter' }));
    const report = heartbeat({
      id,
      lower: again ? known.lower : lower,
      upper: again ? known.upper : upper,
      version: again ? known.version : Math.floor(step / 50) + random.below(4),
      confVersion: again ? known.confVersion : random.below(4),
      term: random.below(3),
      peers,
      leaderPeerId: random.below(10) === 0 ? 0 : peers[random.below(Math.min(3, peers.length))]!.id,
      pendingPeerIds: random.below(3) === 0 ? [peers[0]!.id] : [],
      downPeers: random.below(5) === 0 ? [{ peerId: peers[0]!.id, downSeconds: 9 }] : [],
      sizeBytes: random.below(100) * 64 * 1024,
    });
    const overlapped = [...list.values()].filter((one) => overlaps(one, report));
    const stale =
      (known &&
        (report.version < known.version || report.confVersion < known.confVersion || report.term < known.term)) ||
      overlapped.some((one) => one.id !== id && one.version > report.version);
    const answer = table.put(report, step);
    assert.equal(answer === STALE, Boolean(stale), `seed ${seed} step ${step}`);
    if (stale) continue;
    for (const one of overlapped) list.delete(one.id);
    list.set(id, report);
    if (step % 10 === 0) holds(table, list, key());
  }
  holds(table, list, key());
}

function holds(table: RegionTable, list: ReadonlyMap<number, RegionHeartbeat>, key: Uint8Array): void {
  const sorted = [...list.values()].sort((left, right) => compareBytes(left.lower, right.lower));
  const idOf = (slot: number): number => (slot < 0 ? 0 : table.ids[slot]!);
  assert.deepEqual(
    table.scan(new Uint8Array(0), new Uint8Array(0), 0).map(idOf),
    sorted.map((one) => one.id),
  );
  const holder = sorted.find((one) => overlaps(one, { lower: key, upper: Uint8Array.from([...key, 0]) }));
  assert.equal(idOf(table.slotByKey(key)), holder?.id ?? 0);
  for (const [i, one] of sorted.entries()) {
    const slot = table.slotOf(one.id);
    const view = table.view(slot);
    assert.deepEqual(view.peers, one.peers);
    assert.equal(view.leader?.id ?? 0, one.leaderPeerId);
    assert.deepEqual([view.lower, view.upper], [one.lower, one.upper]);
    const above = sorted[i + 1];
    assert.equal(idOf(table.above(slot)), above && compareBytes(one.upper, above.lower) === 0 ? above.id : 0);
    if (above) assert.equal(idOf(table.below(table.slotOf(above.id))), idOf(table.above(slot)) === 0 ? 0 : one.id);
  }
  for (let store = 1; store <= 7; store++) {
    const bags = table.bagsOf(store);
    const mine = sorted.filter((one) => one.peers.some((peer) => peer.storeId === store));
    const role = (one: RegionHeartbeat): number => {
      const peer = one.peers.find(({ storeId }) => storeId === store)!;
      return peer.id === one.leaderPeerId ? LEADERS : peer.role === 'learner' ? LEARNERS : FOLLOWERS;
    };
    for (const kind of [LEADERS, FOLLOWERS, LEARNERS]) {
      const ids = [...bags.bags[kind].slots.subarray(0, bags.bags[kind].count)].map(idOf);
      const expected = mine.filter((one) => role(one) === kind).map((one) => one.id);
      assert.deepEqual(ids.sort(byNumber), expected.sort(byNumber));
    }
    const kib = (regions: readonly RegionHeartbeat[]): number =>
      regions.reduce((sum, one) => sum + Math.max(1024, one.sizeBytes / 1024), 0);
    assert.equal(bags.regionKib, kib(mine));
    assert.equal(bags.leaderKib, kib(mine.filter((one) => role(one) === LEADERS)));
    const pending = mine.filter((one) =>
      one.pendingPeerIds.includes(one.peers.find(({ storeId }) => storeId === store)!.id),
    );
    assert.equal(bags.pendingCount, pending.length);
  }
}

function byNumber(left: number, right: number): number {
  return left - right;
}

function overlaps(
  left: Pick<RegionHeartbeat, 'lower' | 'upper'>,
  right: Pick<RegionHeartbeat, 'lower' | 'upper'>,
): boolean {
  return (
    (left.upper.length === 0 || compareBytes(right.lower, left.upper) < 0) &&
    (right.upper.length === 0 || compareBytes(left.lower, right.upper) < 0)
  );
}
