/** What scripts say badly: how election timeouts spread, how little a member keeps, what is a bug and not a message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import { configurationOf, message, Raft } from './index.ts';
import { TestCluster, TestDisk } from './testing/cluster.ts';

function ticksToElection(seed: number): number {
  const configuration = configurationOf([1, 2, 3]);
  const raft = new Raft({ id: 1, storage: new TestDisk(configuration), random: new SeededRandom(seed), configuration, state: { term: 1, vote: 0, commit: 1 }, boundary: { index: 1, term: 1 }, applied: 1 }); // prettier-ignore
  for (let ticks = 1; ; ticks++) {
    raft.tick();
    if (raft.role !== 'follower') return ticks;
  }
}

test('election timeouts are spread over [10, 20) ticks, each as likely as the others, and members seldom collide', () => {
  const counts = new Map<number, number>();
  for (let seed = 0; seed < 2000; seed++)
    counts.set(ticksToElection(seed), (counts.get(ticksToElection(seed)) ?? 0) + 1);
  assert.deepEqual(
    [...counts.keys()].sort((left, right) => left - right),
    [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
  );
  for (const count of counts.values())
    assert(count > 140 && count < 260, `one timeout was drawn ${count} times of 2000`);
  let alone = 0;
  for (let seed = 0; seed < 500; seed++) {
    const ticks = [1, 2, 3].map((id) => ticksToElection(seed * 3 + id));
    const first = Math.min(...ticks);
    if (ticks.filter((each) => each === first).length === 1) alone++;
  }
  assert(alone > 350, `only ${alone} of 500 elections had a single first candidate`);
});

test('a member that runs alone keeps nothing in memory that is done', () => {
  const cluster = new TestCluster();
  const node = cluster.add(1, configurationOf([1]));
  node.raft.campaign();
  cluster.stabilize();
  for (let i = 0; i < 5000; i++) {
    node.raft.propose(new TextEncoder().encode(`${i}`));
    if (i % 7 === 0) cluster.stabilize();
  }
  cluster.stabilize();
  assert.equal(node.raft.log.tailFirst, node.raft.log.last + 1);
  assert(node.raft.idle);
  cluster.check();
});

test('an idle group says so, everybody of it; a proposal ends that', () => {
  const cluster = new TestCluster();
  for (const id of [1, 2, 3]) cluster.add(id, configurationOf([1, 2, 3]));
  assert(!cluster.node(1).raft.idle);
  cluster.node(1).raft.campaign();
  cluster.stabilize();
  assert.deepEqual([...cluster.nodes.values()].map(({ raft }) => raft.idle), [true, true, true]); // prettier-ignore
  cluster.node(1).raft.propose(new Uint8Array([1]));
  assert(!cluster.node(1).raft.idle);
  cluster.stabilize();
  cluster.node(2).raft.wake();
  for (let i = 0; i < 10; i++) cluster.node(2).raft.tick();
  assert.equal(cluster.node(2).raft.role, 'follower');
});

test('reads beyond the limit are refused, and given back when leadership ends', () => {
  const cluster = new TestCluster();
  for (const id of [1, 2, 3]) cluster.add(id, configurationOf([1, 2, 3]), { readsPendingMax: 2 });
  const { raft } = cluster.node(1);
  raft.campaign();
  cluster.stabilize();
  assert.deepEqual([1, 2, 3].map((context) => raft.readIndex(context)), ['accepted', 'accepted', 'full']); // prettier-ignore
  raft.step(message('heartbeat', 2, 1, 99));
  assert.deepEqual(raft.drain()!.readsFailed, [1, 2]);
});

test('bugs are not messages: two leaders in a term, a proposal that looks like a change, time that goes back', () => {
  const cluster = new TestCluster();
  const { raft } = cluster.add(1, configurationOf([1]));
  raft.campaign();
  cluster.stabilize();
  assert.throws(() => raft.step(message('heartbeat', 2, 1, raft.term)), /two leaders in one term/);
  assert.throws(() => raft.propose(new Uint8Array([3, 1])), /looks like a membership change/);
  raft.advance(5);
  assert.throws(() => raft.advance(4), /time went back/);
  assert.throws(() => raft.persisted(1000), /never was/);
});

test('until the tick a commit is told by the entries that follow, then by a message of its own, or sooner when asked', () => {
  const told = (ask: boolean): { before: number; sooner: number; after: number } => {
    const cluster = new TestCluster();
    for (const id of [1, 2, 3]) cluster.add(id, configurationOf([1, 2, 3]), { quietCommit: 'until-tick' });
    const [leader, follower] = [cluster.nodes.get(1)!, cluster.nodes.get(2)!];
    leader.raft.campaign();
    cluster.stabilize();
    leader.raft.propose(new TextEncoder().encode('a'));
    cluster.stabilize();
    assert.equal(leader.raft.log.committed, leader.raft.log.last);
    const behind = (): number => leader.raft.log.committed - follower.raft.log.committed;
    const before = behind();
    if (ask) leader.raft.tellCommit();
    cluster.stabilize();
    const sooner = behind();
    leader.raft.tick();
    cluster.stabilize();
    return { before, sooner, after: behind() };
  };
  assert.deepEqual(told(false), { before: 1, sooner: 1, after: 0 });
  assert.deepEqual(told(true), { before: 1, sooner: 0, after: 0 });
});
