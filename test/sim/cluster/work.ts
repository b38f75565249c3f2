/**
 * What lives on a simulated cluster of stores: clients with their machines, and what they are held to. `cluster.ts` owns the stores, the adversary and
 * the phases of a run, and knows of the rest only this; `kv-work.ts` are clients of the key-value floor, `../sql/` those of the SQL floor.
 */
import type { Simulation, SimWorld } from '../../../base/sim/index.ts';
import type { LocalKvClient, LocalKvClientOptions } from '../../../kv/client/index.ts';
import type { Random } from '../../../base/world.ts';
import type { Knobs } from './node.ts';

/** What the cluster offers to those who live on it. */
export interface Ground {
  readonly simulation: Simulation;
  readonly knobs: Knobs;
  /** Fork it by a name of one's own. */
  readonly random: Random;
  note(fact: string): void;
  /** A promise was broken: the run ends. */
  fail(error: unknown): void;
  /** How clients on a machine reach the stores: all that are made by one share its map of regions. */
  clientsOn(world: SimWorld): (limits: LocalKvClientOptions['limits']) => LocalKvClient;
}

/** A machine that is no store, and may break as stores do. */
export interface Machine {
  readonly name: string;
  readonly world: SimWorld;
  readonly state: 'up' | 'starting' | 'down';
  crash(): void;
  start(): void;
}

export interface Ending {
  /** As in "waited in vain for …". */
  readonly what: string;
  run(): Promise<unknown>;
}

export interface ClusterWork {
  readonly machines: readonly Machine[];
  /** Where the operator may split: keys of rows and of raw pairs. */
  readonly splitKeys: { readonly rows: readonly Uint8Array[]; readonly raw: readonly Uint8Array[] };
  /** What was done, and how often. */
  readonly counters: readonly (readonly [what: string, count: number])[];
  /** Before anything breaks. */
  prepare(): Promise<void>;
  /** Works, until the endings. */
  start(): void;
  /** All is mended: each in turn has to come true within the bound of the liveness phase. At the end nobody uses the stores. */
  endings(): readonly Ending[];
  /** All is at rest: throws when a promise was broken. */
  judge(): Promise<void>;
}
