/**
 * Members under everything a network and a power cut can do: messages lost, repeated, out of order; disks that are slow; crashes that lose
 * what was under way; members that come, go and change their vote; logs that are purged. After every turn the promises of Raft are
 * checked, and at the end, with peace restored, the group must get on.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import { type ConfigChangeStep, configurationOf, isJoint, LEAVE_JOINT, type Raft } from './index.ts';
import { type NodeOptions, TestCluster, type TestNode } from './testing/cluster.ts';

const SEEDS = Number(process.env['RAFT_SEEDS'] ?? 150);
const FIRST = Number(process.env['RAFT_SEED'] ?? 1);
const STEPS = 1500;

test(`the promises hold under ${SEEDS} seeds of ${STEPS} mishaps each, and the group gets on afterwards`, () => {
  let committed = 0;
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    try {
      committed += run(seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
  assert(committed > SEEDS * 20, `only ${committed} entries were committed: the test does not reach anything`);
});

function run(seed: number): number {
  const random = new SeededRandom(seed);
  const chance = (share: number): boolean => random.unit() < share;
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!;
  const cluster = new TestCluster();
  const size = 1 + random.below(5);
  const founders = Array.from({ length: size }, (_, i) => i + 1);
  const options: NodeOptions = {
    preVote: chance(0.5),
    checkQuorum: chance(0.5),
    electionTicks: 4 + random.below(6),
    heartbeatTicks: 1 + random.below(2),
    messageSizeBytesMax: pick([1, 20, 1 << 20]),
    messagesInFlightMax: pick([1, 3, 256]),
    quietCommit: pick(['never', 'until-tick', 'always']),
    unappliedSizeBytesMax: pick([1, 1 << 20]),
    random: random.fork('elections'),
  };
  if (options.checkQuorum === true && chance(0.5))
    Object.assign(options, { lease: { durationMs: 50, driftMax: 0.1, nowMs: 0 } });
  for (const id of founders) cluster.add(id, configurationOf(founders), options);
  const changesMembers = chance(0.5);
  const lossy = chance(0.7) ? random.unit() * 0.3 : 0;
  const slowDisk = random.unit();
  let nextId = size + 1;
  let proposals = 0;
  const live = (): TestNode[] => [...cluster.nodes.values()].filter((node) => !node.isDown);
  const readFloor = new Map<number, number>();
  let contexts = 0;
  let nowMs = 0;
  /** Cut off for a while; it may believe that it leads. */
  let isolated = 0;

  const settleReads = (node: TestNode): void => {
    for (const { context, index } of node.reads.splice(0)) {
      const floor = readFloor.get(context);
      if (floor !== undefined)
        assert(index >= floor, `a read at ${index} misses entry ${floor}, which was acknowledged before it came`);
    }
    node.readsFailed = [];
  };

  for (let step = 0; step < STEPS; step++) {
    if (chance(0.01)) isolated = isolated > 0 ? 0 : pick([...cluster.nodes.keys()]);
    const nodes = live();
    const event = random.unit();
    const node = nodes.length > 0 ? pick(nodes) : undefined;
    if (event < 0.2) {
      nowMs += 5;
      for (const each of nodes) {
        if (options.lease !== undefined) each.raft.advance(Math.max(each.raft.nowMs, nowMs));
        if (chance(0.9)) each.raft.tick();
      }
    } else if (event < 0.62) {
      for (let i = random.below(6); i >= 0 && cluster.wire.length > 0; i--) {
        const at = chance(0.8) ? 0 : random.below(cluster.wire.length);
        const message = cluster.wire[at]!;
        if (!chance(0.05)) cluster.wire.splice(at, 1);
        if (chance(lossy) || message.from === isolated || message.to === isolated) cluster.lose(message);
        else cluster.deliver(message);
      }
    } else if (event < 0.74 && node !== undefined) {
      if (node.raft.role === 'leader' || chance(0.1)) node.raft.propose(new TextEncoder().encode(`p${++proposals}`));
    } else if (event < 0.8 && node !== undefined) {
      const context = ++contexts;
      readFloor.set(context, cluster.historyIndex);
      node.raft.readIndex(context);
    } else if (event < 0.82 && node !== undefined) {
      node.crash();
    } else if (event < 0.86) {
      const down = [...cluster.nodes.values()].filter((each) => each.isDown);
      if (down.length > 0) {
        const back = pick(down);
        back.restart(nowMs);
      }
    } else if (event < 0.88 && node !== undefined) {
      const index = node.disk.applied - random.below(4);
      node.disk.compact(index);
      if (node.disk.boundary.index > 0) node.raft.compacted(node.disk.boundary.index);
    } else if (event < 0.89 && node !== undefined) {
      node.raft.transferLeader(pick([...cluster.nodes.keys()]));
    } else if (event < 0.9 && node !== undefined) {
      node.raft.campaign();
    } else if (event < 0.91 && node !== undefined) {
      node.raft.unreachable(pick([...cluster.nodes.keys()]));
    } else if (event < 0.94 && changesMembers && node?.raft.role === 'leader') {
      nextId = changeSomething(node.raft, nextId);
    } else if (event < 0.96 && cluster.wire.length > 60) {
      for (const message of cluster.wire.splice(0, 30)) cluster.lose(message);
    }

    for (const each of live()) {
      cluster.drain(each);
      if (chance(slowDisk)) while (cluster.persist(each) && chance(0.5));
      if (chance(0.6)) cluster.apply(each);
      if (chance(0.5)) cluster.answerReads(each);
      cluster.drain(each);
      settleReads(each);
      addStrangers(each);
    }
    if (step % 50 === 0) cluster.check();
  }

  // Peace: everybody is back, nothing is lost.
  for (const message of cluster.wire.splice(0)) cluster.lose(message);
  for (const each of cluster.nodes.values()) if (each.isDown) each.restart(nowMs);
  const target = cluster.historyIndex + 3;
  for (let round = 0; round < 400 && !agreed(target); round++) {
    nowMs += 5;
    for (const each of cluster.nodes.values()) {
      if (options.lease !== undefined) each.raft.advance(Math.max(each.raft.nowMs, nowMs));
      each.raft.tick();
      if (each.raft.role === 'leader' && cluster.historyIndex < target)
        each.raft.propose(new TextEncoder().encode('peace'));
    }
    cluster.stabilize();
    for (const each of [...cluster.nodes.values()]) addStrangers(each);
  }
  cluster.check();
  assert(agreed(target), `no progress in peace: ${describe()}`);
  return cluster.historyIndex;

  function changeSomething(raft: Raft, fresh: number): number {
    if (isJoint(raft.configuration)) {
      raft.proposeChange(LEAVE_JOINT);
      return fresh;
    }
    const steps: ConfigChangeStep[] = [];
    for (let i = 1 + random.below(2); i > 0; i--) {
      const isNew = cluster.nodes.size < 7 && chance(0.4);
      const id = isNew ? fresh++ : pick([...cluster.nodes.keys()]);
      const gone = !isNew && !raft.configuration.voters.includes(id) && !raft.configuration.learners.includes(id);
      // An id that was removed never comes back: its store would come with another.
      if (gone) continue;
      steps.push({
        kind: pick(isNew ? (['add-learner', 'add-voter'] as const) : (['add-voter', 'add-learner', 'remove'] as const)),
        id,
      });
    }
    if (steps.length > 0)
      raft.proposeChange({
        transition: pick(['auto', 'implicit', 'explicit'] as const),
        steps,
        context: new Uint8Array(0),
      });
    return fresh;
  }

  /** Whoever the configuration names exists, empty at first. */
  function addStrangers(node: TestNode): void {
    const { configuration } = node.raft;
    for (const id of [...configuration.voters, ...configuration.learners]) {
      if (cluster.nodes.has(id)) continue;
      const added = cluster.add(id, configurationOf([]), {
        ...options,
        ...(options.lease === undefined ? {} : { lease: { ...options.lease, nowMs } }),
      });
      assert.equal(added.raft.term, 0);
    }
  }

  function agreed(index: number): boolean {
    const leader = [...cluster.nodes.values()].find(
      (each) => each.raft.role === 'leader' && each.disk.applied >= index,
    );
    if (leader === undefined) return false;
    const { voters, outgoing, learners } = leader.raft.configuration;
    return [...voters, ...outgoing, ...learners].every((id) => cluster.node(id).disk.applied >= index);
  }

  function describe(): string {
    return [...cluster.nodes.values()]
      .map(
        ({ raft, disk, id }) =>
          `${id} ${raft.role} term ${raft.term} last ${raft.log.last} commit ${raft.log.committed} applied ${disk.applied} ${JSON.stringify(raft.configuration)} ${JSON.stringify(raft.progress())}`,
      )
      .join('\n');
  }
}
