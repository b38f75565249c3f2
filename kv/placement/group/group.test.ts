/** A member alone, over the simulated world: what it takes over, what it keeps, and how others join it. Faults are the scenario `placement`'s (test/sim). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Simulation, type SimWorld } from '../../../base/sim/index.ts';
import type { Message } from '../../raft/index.ts';
import { type Command, coreImage, LocalPlacement, toTimestamp } from '../index.ts';
import { decodeCommand, encodeCommand } from './command-codec.ts';
import { type MemberAddress, PlacementMember } from './member.ts';

const LOCAL = { folder: 'placement', firstStore: { address: '127.0.0.1:20160', version: '8.5.0' } };
const FOLDER = 'placement';

test('commands survive the log', () => {
  const commands: readonly Command[] = [
    { kind: 'bootstrap', clusterId: 7 },
    { kind: 'hold', hold: { service: 's', ts: (1n << 63n) + 1n, expiresAtMs: 100 } },
    { kind: 'put-setting', name: 'config', value: '{"a":1}' },
    {
      kind: 'found',
      store: { id: 1, address: 'a:1', state: 'up', version: '1', labels: { zone: 'a' } },
      regions: [{ id: 2, lower: new Uint8Array(0), upper: Uint8Array.of(0x78, 0xff), epoch: { version: 1, confVersion: 1 }, peers: [{ id: 3, storeId: 1, role: 'voter' }], leader: undefined }],
    },
  ]; // prettier-ignore
  for (const command of commands) {
    const bytes = encodeCommand(command);
    assert.equal(bytes[0], 1);
    assert.deepEqual(JSON.stringify(decodeCommand(bytes), show), JSON.stringify(command, show));
  }
  // What a socket brought is a Buffer, which has a form of its own in JSON.
  const removed = encodeCommand({ kind: 'put-setting', name: 'x', value: undefined });
  assert.deepEqual(decodeCommand(removed), { kind: 'put-setting', name: 'x' });
  assert.throws(() => decodeCommand(Uint8Array.of(9, 1)), { code: 'placement.newer-format' });
  const later = encodeCommand({ kind: 'unheard-of' } as unknown as Command);
  assert.throws(() => decodeCommand(later), { code: 'placement.newer-format' });
});

test('a folder of the one-process form is brought over once, and no older form goes on from it', async () => {
  const simulation = new Simulation({ seed: 1 });
  const world = simulation.node('a');
  const local = await simulation.time.runFor(LocalPlacement.open(world, LOCAL));
  const last = await local.timestamp();
  const id = await local.allocateIds(1);
  const { clusterId } = local;
  const stores = local.stores();
  await simulation.time.runFor(local.close());
  // With two more founders the others would begin from another state.
  const three = [address(1), address(2), address(3)];
  await assert.rejects(simulation.time.runFor(open(world, 1, three)), { code: 'placement.has-state' });

  const member = await simulation.time.runFor(open(world, 1, [address(1)]));
  await until(simulation, () => member.leads);
  assert.equal(member.core.clusterId, clusterId);
  assert.deepEqual([...member.core.stores.values()], stores);
  assert(stampOf(await member.timestamps(1)) > last);
  assert((await member.allocateIds(1)) > id);
  await assert.rejects(simulation.time.runFor(LocalPlacement.open(world, LOCAL)), { code: 'placement.is-group' });
  await simulation.time.runFor(member.close());
});

test('images take the place of the log, and a member goes on from them', async () => {
  const simulation = new Simulation({ seed: 2 });
  let world = simulation.node('a');
  let member = await simulation.time.runFor(open(world, 1, [address(1)]));
  await until(simulation, () => member.leads);
  for (let i = 0; i < 50; i++)
    await simulation.time.runFor(member.change({ kind: 'put-setting', name: `n${i}`, value: '1' }));
  await simulation.time.runFor(Promise.resolve(member.timestamps(1)));
  const last = stampOf(await member.timestamps(1));
  const image = coreImage(member.core);
  const applied = member.raft.log.applied;
  assert(member.raft.log.first > 20, 'the log was purged');
  world = world.crash();
  member = await simulation.time.runFor(open(world, 1, [address(1)]));
  // A group of one knows at once what it had, and goes on after one entry.
  await until(simulation, () => member.leads);
  assert(member.raft.log.applied > applied);
  assert.equal(member.core.settings.size, JSON.parse(new TextDecoder().decode(image)).settings.length);
  assert(stampOf(await member.timestamps(1)) > last);
  await simulation.time.runFor(member.close());
  await assert.rejects(simulation.time.runFor(open(world, 2, [])), { code: 'placement.other-member' });
  world.disk.corrupt(`${FOLDER}/image`, 40);
  await assert.rejects(simulation.time.runFor(open(world, 1, [address(1)])), { code: 'placement.corrupt' });
});

test('two more join a group of one and vote together, a fourth stands by until one leaves, and followers name the leader', async () => {
  const simulation = new Simulation({ seed: 3 });
  const group = new Map<number, PlacementMember>();
  const start = async (id: number, founders: readonly MemberAddress[]): Promise<PlacementMember> => {
    const send = (to: number, message: Message): void => void simulation.time.schedule(simulation.time.nowMs + 1, () => group.get(to)?.receive(message)); // prettier-ignore
    const member = await simulation.time.runFor(open(simulation.node(`p${id}`), id, founders, send));
    group.set(id, member);
    return member;
  };
  const first = await start(1, [address(1)]);
  await until(simulation, () => first.leads);
  await simulation.time.runFor(first.change({ kind: 'put-setting', name: 'x', value: '1' }));
  for (const id of [2, 3]) {
    await start(id, []);
    await simulation.time.runFor(first.addMember(address(id)));
    // One more vote than one would be one more that is needed.
    if (id === 2) {
      await until(simulation, () => group.get(2)!.core.settings.get('x') === '1');
      await simulation.time.runUntil(simulation.time.nowMs + 500);
      assert.deepEqual(first.raft.configuration.voters, [1]);
    }
  }
  await until(simulation, () => first.raft.configuration.voters.length === 3);
  assert.deepEqual(first.raft.configuration.voters, [1, 2, 3]);
  await assert.rejects(first.addMember({ ...address(9), clientUrl: 'http://p2' }), {
    code: 'placement.duplicate-address',
  });
  await assert.rejects(first.addMember(address(9), false), { code: 'placement.no-member' });
  const second = group.get(2)!;
  await until(simulation, () => second.core.settings.get('x') === '1' && second.members().length === 3);
  assert.throws(() => second.requireLead(), { code: 'placement.not-leader', fields: { leader: 'http://p1', leaderId: 1 } }); // prettier-ignore
  await assert.rejects(Promise.resolve(second.timestamps(1)), { code: 'placement.not-leader' });
  const before = stampOf(await simulation.time.runFor(Promise.resolve(first.timestamps(1))));

  let told = 0;
  second.onLead((leads) => (told += leads ? 1 : 0));
  assert.equal(first.transferLeader(2), true);
  await until(simulation, () => second.leads);
  assert.equal(told, 1);
  assert(stampOf(await simulation.time.runFor(Promise.resolve(second.timestamps(1)))) > before);
  await start(4, []);
  await simulation.time.runFor(second.addMember(address(4)));
  await simulation.time.runUntil(simulation.time.nowMs + 500);
  assert.deepEqual(second.raft.configuration.voters, [1, 2, 3]);
  assert.deepEqual(
    second.memberInfos().map(({ standsBy }) => standsBy),
    [false, false, false, true],
  );
  await simulation.time.runFor(second.removeMember(1));
  await until(simulation, () => second.raft.configuration.voters.length === 3);
  assert.deepEqual(
    second.members().map(({ id }) => id),
    [2, 3, 4],
  );
});

function open(
  world: SimWorld,
  id: number,
  founders: readonly MemberAddress[],
  send: (to: number, message: Message) => void = () => undefined,
): Promise<PlacementMember> {
  return PlacementMember.open(world, {
    folder: FOLDER,
    self: address(id),
    founders,
    transport: {
      send,
      sendSnapshot: async (to, message) => {
        send(to, message);
        return true;
      },
    },
    timing: { entriesPerImage: 10 },
    segmentSizeBytes: 64 * 1024,
  });
}

async function until(simulation: Simulation, condition: () => boolean): Promise<void> {
  const endMs = simulation.time.nowMs + 10_000;
  while (!condition()) {
    assert(simulation.time.nowMs < endMs, 'it does not come about');
    await simulation.time.runUntil(simulation.time.nowMs + 10);
  }
}

function address(id: number): MemberAddress {
  return { id, name: `p${id}`, clientUrl: `http://p${id}` };
}

function stampOf({ physical, logical }: { readonly physical: number; readonly logical: number }): bigint {
  return toTimestamp(physical, logical);
}

function show(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
