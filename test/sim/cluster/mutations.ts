/**
 * Faults planted on purpose in whole stores, to prove that the simulator sees them: each is one carelessness in what kv/store adds
 * to Raft. They bend private parts of an opened store and leave nothing in the product. `mutations.test.ts` holds each to its number of
 * seeds.
 */
import { Trace } from '../../../base/sim/index.ts';
import { MemoryEngine } from '../../../kv/engine/memory.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import { clusterRun } from './cluster.ts';
import type { Plant } from './plant.ts';

/** A private part, as what it is called. */
function part<T>(of: unknown, name: string): T {
  return (of as Record<string, T>)[name]!;
}

/** Puts another function in the place of a method, of this one object. */
function replace<F extends (...args: never[]) => unknown>(of: unknown, name: string, by: (real: F) => F): void {
  const target = of as Record<string, F>;
  const real = target[name]!.bind(target) as F;
  target[name] = by(real);
}

function getter(of: object, name: string, get: () => unknown): void {
  Object.defineProperty(of, name, { get, configurable: true });
}

interface AnyPeer {
  readonly id: number;
  readonly region: { readonly id: number };
  readonly recovering: boolean;
  readonly merging: object | undefined;
  readonly consensus: object & {
    readonly canPropose: boolean;
    readonly isLeader: boolean;
    readonly core: { readonly term: number };
  };
}

/** Every peer that the store has or ever makes. */
function eachPeer(store: { readonly regionsHere: object }, bend: (peer: AnyPeer) => void): void {
  const peers = part<{ all(): readonly AnyPeer[] }>(store.regionsHere, 'peers');
  for (const peer of peers.all()) bend(peer);
  replace<(...args: never[]) => AnyPeer>(store.regionsHere, 'make', (real) => (...args) => {
    const peer = real(...args);
    bend(peer);
    return peer;
  });
}

export const PLANTS: readonly Plant[] = [
  {
    name: 'read-by-anybody',
    story: 'the gate looks at the epoch and not at who leads',
    seedsMax: 20,
    knobs: { clientPauseMs: 10 },
    bend: (store) =>
      replace<(region: { id: number }, run: () => unknown) => unknown>(
        store.gate,
        'read',
        (real) => (region, run) =>
          part<{ get(id: number): unknown }>(store.regionsHere, 'peers').get(region.id) ? run() : real(region, run),
      ),
  },
  {
    name: 'epoch-unchecked',
    story: 'the gate serves whatever region has the number, however it was cut since it was asked for',
    seedsMax: 12,
    knobs: { clientPauseMs: 10, regionsMax: 20, restlessness: 0.8, regionKeysMax: 6 },
    bend: (store) =>
      replace<(region: { id: number; version: number }) => unknown>(store.gate, 'check', (real) => (region) => {
        const peers = part<{ get(id: number): { region: { epoch: { version: number } } } | undefined }>(
          store.regionsHere,
          'peers',
        );
        return real({ ...region, version: peers.get(region.id)?.region.epoch.version ?? region.version });
      }),
  },
  {
    name: 'term-unfenced',
    story: 'a one-phase commit is proposed in whatever term its timestamp arrives',
    seedsMax: 60,
    faults: ['partition', 'isolate', 'freeze', 'clog'],
    knobs: { slowOracle: true, clientPauseMs: 10, tickMs: 20, replicas: 3, restlessness: 0.8, regionsMax: 1 },
    // What is compared stays the same for ever.
    bend: (store) => eachPeer(store, ({ consensus }) => getter(consensus, 'term', () => 1)),
  },
  {
    name: 'split-unseen',
    story:
      'a commit that was decided before a split is proposed to the region it was decided in, whatever that holds now',
    seedsMax: 40,
    knobs: { clientPauseMs: 10, restlessness: 0.8, regionsMax: 20, slowOracle: true },
    bend: (store) => {
      const proposals = part<{ propose(...args: unknown[]): void }>(store, 'proposals');
      replace<(before: unknown, term: number, ...rest: unknown[]) => void>(
        proposals,
        'proposeAfterChange',
        () =>
          (before, _term, ...rest) =>
            proposals.propose(before, ...rest),
      );
    },
  },
  {
    name: 'applied-index-forgotten',
    story: 'the applied index is written after the batch instead of in it: a crash in between applies entries twice',
    seedsMax: 40,
    faults: ['crash', 'crash-all'],
    knobs: { durableEveryMs: 300 },
    options: (options) => ({ ...options, engine: indexApart(options.engine as MemoryEngine) }),
  },
  {
    name: 'answered-before-applied',
    story: 'a write is answered when it is proposed',
    seedsMax: 10,
    bend: (store) => {
      const proposals = part<object>(store, 'proposals');
      type Done = (outcome: unknown) => void;
      replace<(...args: [unknown, unknown, unknown, unknown, unknown, Done]) => void>(
        proposals,
        'propose',
        (real) => (peer, set, latch, memory, outcome, done) => {
          done(outcome);
          real(peer, set, latch, memory, outcome, () => undefined);
        },
      );
    },
  },
  {
    name: 'pessimistic-locks-lost',
    story: 'a commit that does not find its pessimistic locks any more believes that it has them',
    seedsMax: 40,
    knobs: { clientPauseMs: 10 },
    bend: (store) =>
      replace<(command: { kind: string; mutations?: { check: string }[] }, done: unknown) => void>(
        store,
        'execute',
        (real) => (command, done) => {
          const mutations = command.mutations?.map((one) => (one.check === 'locked' ? { ...one, check: 'none' } : one));
          real(mutations === undefined ? command : { ...command, mutations }, done);
        },
      ),
  },
  {
    name: 'snapshot-without-locks',
    story: 'a snapshot leaves out the family of locks',
    seedsMax: 40,
    knobs: { logKeptCount: 1, logKeptCountMax: 4, restlessness: 0.8, clientPauseMs: 10 },
    options: (options) => ({ ...options, engine: viewWithout(options.engine as MemoryEngine, 'lock') }),
  },
  {
    name: 'range-not-cleared',
    story: 'a snapshot is written over what was there',
    seedsMax: 60,
    knobs: { logKeptCount: 1, logKeptCountMax: 4, restlessness: 0.8, clientPauseMs: 10 },
    options: (options) => ({ ...options, engine: withoutRangeDeletes(options.engine as MemoryEngine) }),
  },
  {
    name: 'merge-served-on',
    story: 'a region goes on serving while it is made part of its neighbour',
    seedsMax: 40,
    knobs: { merging: 0.7, restlessness: 0.8, clientPauseMs: 10 },
    bend: (store) =>
      eachPeer(store, (peer) => getter(peer, 'serves', () => !peer.recovering && peer.consensus.canPropose)),
  },
  {
    name: 'merge-unwaited',
    story: 'a target grows over its neighbour whether all members have what the neighbour holds or not',
    seedsMax: 40,
    knobs: { merging: 0.7, restlessness: 0.8, clientPauseMs: 10 },
    bend: (store) => {
      const { merger, peers } = store.regionsHere;
      eachPeer(store, (peer) =>
        replace<() => readonly object[]>(peer.consensus, 'progress', (real) => () => (peer.merging ? [] : real())),
      );
      type Stalled = { readonly entry: { readonly givesUp: boolean; readonly index: number; readonly term: number; readonly source: RegionDescriptor } }; // prettier-ignore
      replace<(target: AnyPeer, stalled: Stalled) => void>(merger, 'commit', (real) => (target, stalled) => {
        const { index, term, source } = stalled.entry;
        const here = peers.get(source.id);
        // As if it were.
        if (here !== undefined && here.merging === undefined) {
          here.region = source;
          here.merging = { targetId: target.id, version: 0, confVersion: 0, index, term };
        }
        real(target, stalled);
      });
    },
  },
  {
    name: 'resolved-over-locks',
    story: 'a region is resolved at the timestamp that placement gave, whatever is locked or on its way',
    seedsMax: 10,
    bend: (store) => {
      replace(store.locks, 'eachIn', () => () => undefined);
      replace(store.locks, 'blocksFloor', () => () => undefined);
    },
  },
  {
    name: 'large-commit-untold',
    story: 'the last entry of a large commit tells nobody of the rows that it makes true',
    seedsMax: 10,
    knobs: { clientPauseMs: 10, keysPerCommandMax: 1 },
    bend: (store) =>
      replace<(peer: { changes?: object }, request: unknown) => unknown>(
        part<object>(store, 'feeds'),
        'open',
        (real) => (peer, request) => {
          const feed = real(peer, request);
          replace(peer.changes, 'tellLarge', () => () => undefined);
          return feed;
        },
      ),
  },
];

/** Puts of an applied index wait for the next batch. */
function indexApart(engine: MemoryEngine): MemoryEngine {
  const late: [Uint8Array, Uint8Array][] = [];
  replace<MemoryEngine['batch']>(engine, 'batch', (real) => () => {
    const batch = real();
    for (const [key, value] of late.splice(0)) batch.put('meta', key, value);
    replace<typeof batch.put>(batch, 'put', (put) => (family, key, value) => {
      if (family === 'meta' && key.length === 9 && key[0] === 0x61) late.push([key, value]);
      else put(family, key, value);
    });
    return batch;
  });
  return engine;
}

function viewWithout(engine: MemoryEngine, family: string): MemoryEngine {
  replace<MemoryEngine['view']>(engine, 'view', (real) => (families) => {
    const view = real(families);
    replace<typeof view.iterator>(view, 'iterator', (iterator) => (of, options) => {
      const found = iterator(of, options);
      if (of === family) getter(found, 'nextAsync', () => async () => ({ keys: [], values: [], finished: true }));
      return found;
    });
    return view;
  });
  return engine;
}

function withoutRangeDeletes(engine: MemoryEngine): MemoryEngine {
  replace<MemoryEngine['batch']>(engine, 'batch', (real) => () => {
    const batch = real();
    replace<typeof batch.deleteRange>(batch, 'deleteRange', () => () => undefined);
    return batch;
  });
  return engine;
}

/** The first seed that shows the fault, and what was seen. */
export async function findPlant(
  plant: Plant,
  fromSeed: number,
  seedsMax: number,
): Promise<{ readonly seed: number; readonly seen: string } | undefined> {
  for (let seed = fromSeed; seed < fromSeed + seedsMax; seed++) {
    try {
      await clusterRun(seed, new Trace(), { plant });
    } catch (error) {
      return { seed, seen: error instanceof Error ? error.message : String(error) };
    }
  }
  return undefined;
}
