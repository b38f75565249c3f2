/** What the agent does with an instruction to hand the lead of a region over while transactions hold locks there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { Simulation } from '../../base/sim/index.ts';
import type { Instruction, ReportHandlers, StorePlacementPort } from '../../proto/kv/placement.ts';
import { createMemoryKv } from '../client/testing.ts';
import { PlacementAgent } from './placement-agent.ts';

async function scene() {
  const simulation = new Simulation({ seed: 1 });
  const world = simulation.node('store');
  const settle = <T>(work: Promise<T>): Promise<T> => simulation.time.runFor(work, 60_000);
  const kv = await settle(createMemoryKv({ world }));
  let handlers: ReportHandlers | undefined;
  const placement = {
    openReports: (_: number, given: ReportHandlers) => {
      handlers = given;
      return { report: () => undefined, close: () => undefined };
    },
    reportStore: () => 'accepted',
  } as unknown as StorePlacementPort;
  const went: number[] = [];
  const { store } = kv;
  store.regionsHere.transferLeader = (_, peerId) => went.push(peerId) > 0;
  const agent = new PlacementAgent({
    store, storeId: 1, placement, world, folder: 'data', usedBytes: () => 0, onBuried: () => undefined, onProblem: () => undefined,
  }); // prettier-ignore
  agent.start();
  const [{ id, epoch }] = store.regions() as [ReturnType<typeof store.regions>[number]];
  const step = { kind: 'transfer-leader', fromStoreId: 1, toStoreId: 2, toPeerId: 7 } as const;
  const instruct = (): void => handlers!.instruct({ regionId: id, ...epoch, step } as unknown as Instruction);
  const pass = (ms: number): Promise<void> => simulation.time.runUntil(simulation.time.nowMs + ms);
  const lock = async () => {
    const txn = await kv.begin({ pessimistic: true });
    await txn.lockKeys([utf8('row')], { forUpdateTs: txn.startTs, waitMs: 0 });
    return txn;
  };
  const close = async (): Promise<void> => {
    agent.close();
    await settle(kv.close());
  };
  return { instruct, pass, settle, lock, went, close };
}

test('the lead goes at once where nobody holds a lock, and else when the last one is given back', async () => {
  const { instruct, pass, settle, lock, went, close } = await scene();
  instruct();
  await pass(1);
  assert.deepEqual(went, [7]);
  const txn = await settle(lock());
  instruct();
  await pass(1000);
  instruct();
  await pass(1000);
  assert.deepEqual(went, [7]);
  await settle(txn.rollback());
  await pass(100);
  assert.deepEqual(went, [7, 7], 'once, however often it was told');
  await close();
});

test('a lock that is held on and on keeps the lead for five seconds', async () => {
  const { instruct, pass, settle, lock, went, close } = await scene();
  const txn = await settle(lock());
  instruct();
  await pass(4900);
  assert.deepEqual(went, []);
  await pass(200);
  assert.deepEqual(went, [7]);
  await settle(txn.rollback());
  await close();
});
