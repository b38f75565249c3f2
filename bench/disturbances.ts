/**
 * What is done to a playground while it works, again and again until told to stop:
 *
 *     kill-store        the store that leads is killed, and the playground starts it again
 *     kill-placement    the same for the member of placement that leads
 *     split-merge       regions are split and merged by operators of placement, one after the other without a pause
 *     evacuate          every replica of one store moves to a store that has none, then those of the next; wants a spare store
 *
 * A disturbance counts what it did, so that a run in which nothing happened is seen.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Part, PlaygroundProcess } from '../test/cluster/playground-process.ts';

export type Count = Readonly<Record<string, number>>;

interface RegionOfApi {
  readonly id: number;
  readonly start_key: string;
  readonly end_key: string;
  readonly peers: readonly { readonly store_id: number }[];
}

type Step = (cluster: PlaygroundProcess, count: Record<string, number>, isStopped: () => boolean) => Promise<void>;

const KINDS: Readonly<Record<string, (everyMs: number) => Step>> = {
  'kill-store': (everyMs) => killing(everyMs, (cluster) => cluster.leader()),
  'kill-placement': (everyMs) => killing(everyMs, leadingMember),
  'split-merge': () => splittingAndMerging(),
  evacuate: () => evacuating(),
};
/** Between these two numbers it goes up by splits and down by merges. */
const REGIONS = [4, 16] as const;
const POLL_MS = 20;
const OPERATOR_MS_MAX = 60_000;

export class Disturbance {
  private readonly counted: Record<string, number> = {};
  private stopped = false;
  private readonly work: Promise<void>;

  constructor(cluster: PlaygroundProcess, kind: string, everyMs: number) {
    const make = KINDS[kind];
    if (make === undefined && kind !== 'none') {
      throw new Error(`--disturb is none or one of ${Object.keys(KINDS).join(', ')}`);
    }
    this.work = make === undefined ? Promise.resolve() : this.run(cluster, make(everyMs));
  }

  async stop(): Promise<Count> {
    this.stopped = true;
    await this.work;
    return this.counted;
  }

  private async run(cluster: PlaygroundProcess, step: Step): Promise<void> {
    while (!this.stopped) await step(cluster, this.counted, () => this.stopped);
  }
}

function killing(everyMs: number, choose: (cluster: PlaygroundProcess) => Promise<Part>): Step {
  let firstMs = everyMs / 2;
  return async (cluster, count, isStopped) => {
    for (let sleptMs = 0; sleptMs < firstMs; sleptMs += 200) {
      await sleep(200);
      if (isStopped()) return;
    }
    firstMs = everyMs;
    const victim = await choose(cluster);
    cluster.kill(victim);
    add(count, 'kills');
    await cluster.back(victim);
  };
}

async function leadingMember(cluster: PlaygroundProcess): Promise<Part> {
  for (;;) {
    for (const part of cluster.parts('placement')) {
      const status = await cluster.status(part).catch(() => undefined);
      if (status?.['leads'] === true) return part;
    }
    await sleep(POLL_MS);
  }
}

function splittingAndMerging(): Step {
  let isGrowing = true;
  return async (cluster, count) => {
    const regions = await regionsOf(cluster);
    if (regions.length <= REGIONS[0]) isGrowing = true;
    if (regions.length >= REGIONS[1]) isGrowing = false;
    const at = Math.floor(Math.random() * regions.length);
    const source = regions[at]!;
    const neighbour = regions.find(({ start_key }) => start_key !== '' && start_key === source.end_key);
    const asked = isGrowing
      ? { name: 'split-region', region_id: source.id, policy: 'approximate' }
      : neighbour && { name: 'merge-region', source_region_id: source.id, target_region_id: neighbour.id };
    if (asked === undefined || !(await isAccepted(cluster, asked))) return sleep(POLL_MS);
    const isDone = async (): Promise<boolean> => {
      const now = await regionsOf(cluster);
      return isGrowing ? now.length > regions.length : now.every(({ id }) => id !== source.id);
    };
    add(count, (await comesTrue(isDone)) ? (isGrowing ? 'splits' : 'merges') : 'operators without effect');
  };
}

function evacuating(): Step {
  let next = 0;
  return async (cluster, count, isStopped) => {
    const stores = (await cluster.placementApi<{ stores: { store: { id: number } }[] }>('GET', 'stores')).stores;
    const ids = stores.map(({ store }) => store.id).sort((a, b) => a - b);
    const from = ids[next++ % ids.length]!;
    while (!isStopped()) {
      const here = (await regionsOf(cluster)).filter(({ peers }) => peers.some(({ store_id }) => store_id === from));
      if (here.length === 0) return add(count, 'stores emptied');
      const { id, peers } = here[0]!;
      const to = ids.find((one) => !peers.some(({ store_id }) => store_id === one));
      const asked = { name: 'transfer-peer', region_id: id, from_store_id: from, to_store_id: to };
      if (to === undefined || !(await isAccepted(cluster, asked))) {
        await sleep(POLL_MS);
        continue;
      }
      const isDone = async (): Promise<boolean> => {
        const region = (await regionsOf(cluster)).find((one) => one.id === id);
        return region === undefined || !region.peers.some(({ store_id }) => store_id === from);
      };
      add(count, (await comesTrue(isDone)) ? 'replicas moved' : 'operators without effect');
    }
  };
}

async function regionsOf(cluster: PlaygroundProcess): Promise<readonly RegionOfApi[]> {
  return (await cluster.placementApi<{ regions: RegionOfApi[] }>('GET', 'regions')).regions;
}

/** A region may have an operator already, or have gone meanwhile. */
async function isAccepted(cluster: PlaygroundProcess, operator: object): Promise<boolean> {
  return cluster.placementApi('POST', 'operators', operator).then(
    () => true,
    () => false,
  );
}

async function comesTrue(isDone: () => Promise<boolean>): Promise<boolean> {
  for (const began = performance.now(); performance.now() - began < OPERATOR_MS_MAX; await sleep(POLL_MS)) {
    if (await isDone()) return true;
  }
  return false;
}

function add(count: Record<string, number>, name: string): void {
  count[name] = (count[name] ?? 0) + 1;
}
