/**
 * SQL servers on the simulated cluster: several machines that hold nothing and may break like stores, and clients of theirs on a machine of their own.
 *
 *     sql     jobs.ts: the bank, lists, unique values, tickets, while the schema changes under them
 *     slt     files.ts: the SQL tests as they are
 */
import type { Trace } from '../../../base/sim/index.ts';
import type { Catalog } from '../../../sql/catalog/index.ts';
import { clusterRun, type ClusterRunOptions } from '../cluster/cluster.ts';
import type { Knobs } from '../cluster/node.ts';
import type { ClusterWork, Ending, Ground } from '../cluster/work.ts';
import { loadDialects, SltFiles } from './files.ts';
import { SqlJobs } from './jobs.ts';
import { SqlMachine } from './machine.ts';

const WORKERS = 8;
/** A server takes rows and descriptions of tables as they are: what is drawn for six keys of a few bytes would only be refused here. */
const KNOBS: Partial<Knobs> = {
  segmentSizeBytes: 4 << 20,
  entrySizeBytesMax: 1 << 20,
  snapshotChunkBytes: 16 * 1024,
};
/** Longer than the others wait for a server that stands still. */
const FREEZE_MS_MAX = 9000;
/** Statements are to outlive the change of a leader. */
const PATIENCE_MS = 10_000;

export interface SqlRunOptions extends Pick<ClusterRunOptions, 'faults' | 'safetyMs'> {
  /** Instead of what the seed draws. */
  readonly knobs?: Partial<Knobs>;
  readonly servers?: number;
  /** Right after a server opened its catalog: where a fault can be planted. */
  readonly bend?: ((catalog: Catalog) => void) | undefined;
}

abstract class SqlFloor implements ClusterWork {
  readonly machines: readonly SqlMachine[];
  readonly splitKeys = { rows: [] as Uint8Array[], raw: [] };
  protected readonly ground: Ground;
  protected readonly names: readonly string[];
  abstract readonly counters: ClusterWork['counters'];

  constructor(ground: Ground, options: SqlRunOptions) {
    this.ground = ground;
    const count = options.servers ?? ground.simulation.knob('sql-servers', 2, [1, 3]);
    this.names = Array.from({ length: count }, (_, i) => `sql${i + 1}`);
    this.machines = this.names.map((name) => new SqlMachine(name, ground, options.bend));
  }

  async prepare(): Promise<void> {
    for (const machine of this.machines) machine.start();
    await this.furnish();
    const world = this.ground.simulation.node('surveyor');
    const client = this.ground.clientsOn(world)({});
    const scanner = client.snapshot(await client.timestamp()).scan({ lower: new Uint8Array(0), upper: new Uint8Array(0) }); // prettier-ignore
    for (let batch = await scanner.next(100); batch !== undefined; batch = await scanner.next(100))
      for (let i = 0; i < batch.count; i++) this.splitKeys.rows.push(batch.keyBytes[i]!.slice(batch.keyStart[i], batch.keyEnd[i])); // prettier-ignore
    scanner.close();
    await client.close();
  }

  abstract start(): void;
  abstract endings(): readonly Ending[];
  abstract judge(): Promise<void>;
  protected abstract furnish(): Promise<void>;

  protected close(): Ending {
    return { what: 'the servers to close', run: () => Promise.all(this.machines.map((machine) => machine.close())) };
  }
}

class JobsWork extends SqlFloor {
  private readonly jobs: SqlJobs;
  private work: Promise<unknown> = Promise.resolve();

  constructor(ground: Ground, options: SqlRunOptions) {
    super(ground, options);
    const note = (fact: string): void => ground.note(fact);
    const { simulation, random, knobs } = ground;
    this.jobs = new SqlJobs(simulation.node('clients'), {
      random: random.fork('sql'),
      pauseMsMax: knobs.clientPauseMs * 3,
      servers: this.names,
      note,
    });
  }

  get counters(): ClusterWork['counters'] {
    return [...this.jobs.counters];
  }

  protected furnish(): Promise<void> {
    return this.jobs.prepare();
  }

  start(): void {
    this.work = Promise.all(Array.from({ length: WORKERS }, (_, i) => this.jobs.work(i + 1)));
    this.work.catch((error: unknown) => this.ground.fail(error));
  }

  endings(): readonly Ending[] {
    this.jobs.stop();
    const all = Array.from({ length: WORKERS }, (_, i) => this.jobs.succeed(i + 1));
    return [
      { what: 'every client to get something done', run: () => Promise.all(all) },
      { what: 'the clients to end what they had begun', run: () => this.work },
      { what: 'the verdict of the SQL clients', run: () => this.jobs.judge() },
      this.close(),
    ];
  }

  async judge(): Promise<void> {}
}

class FilesWork extends SqlFloor {
  private readonly files: SltFiles;
  private work: Promise<unknown> = Promise.resolve();

  constructor(ground: Ground, options: SqlRunOptions) {
    super(ground, options);
    const note = (fact: string): void => ground.note(fact);
    const { simulation, random } = ground;
    this.files = new SltFiles(simulation.node('clients'), { random: random.fork('files'), servers: this.names, note });
  }

  get counters(): ClusterWork['counters'] {
    return [...this.files.counters];
  }

  protected async furnish(): Promise<void> {}

  start(): void {
    this.work = Promise.all(this.files.names.map((name) => this.files.pass(name)));
    this.work.catch((error: unknown) => this.ground.fail(error));
  }

  endings(): readonly Ending[] {
    return [{ what: 'every file to pass', run: () => this.work }, this.close()];
  }

  async judge(): Promise<void> {}
}

export function sqlRun(seed: number, trace?: Trace, options: SqlRunOptions = {}): Promise<void> {
  return clusterRun(seed, trace, { ...options, knobs: { ...KNOBS, ...options.knobs }, patienceMs: PATIENCE_MS, freezeMsMax: FREEZE_MS_MAX, work: (ground) => new JobsWork(ground, options) }); // prettier-ignore
}

export async function sltRun(seed: number, trace?: Trace, options: SqlRunOptions = {}): Promise<void> {
  await loadDialects();
  return clusterRun(seed, trace, { ...options, knobs: { ...KNOBS, ...options.knobs }, patienceMs: PATIENCE_MS, freezeMsMax: FREEZE_MS_MAX, work: (ground) => new FilesWork(ground, options) }); // prettier-ignore
}
