/**
 * What a simulated node keeps: its entries and hard state in the real segment log, and its newest snapshot in a file that is
 * replaced by rename. A snapshot is durable before the log lets go of what it covers, so at every crash the two together hold
 * everything; `open` finishes what a crash interrupted between them.
 */
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import type { Disk, World } from '../../../base/world.ts';
import { SegmentLog, type LogEntry, type LogState, type RaftLog } from '../../../kv/log/index.ts';

const REGION = 1;
const SNAPSHOT_PATH = 'state/snapshot';

export interface StoredSnapshot {
  readonly index: number;
  readonly term: number;
  /** Of the consensus core: who votes. Plain data. */
  readonly configuration: unknown;
  /** What the state machine saved. */
  readonly machine: string;
}

export interface NodeDiskOptions {
  readonly segmentSizeBytes: number;
  /** What a node finds on its very first start. */
  readonly first: StoredSnapshot;
}

export class NodeDisk {
  readonly log: RaftLog;
  private readonly disk: Disk;
  private newest: StoredSnapshot;
  /** The entry right before the log's first. */
  private before: { readonly index: number; readonly term: number };
  /** Snapshots are written one after another. */
  private saving: Promise<void> = Promise.resolve();

  static async open(world: World, options: NodeDiskOptions): Promise<NodeDisk> {
    const log = await SegmentLog.open(world, {
      folder: 'log',
      segmentSizeBytes: options.segmentSizeBytes,
      groupSizeBytesMax: 8192,
    });
    await world.disk.makeFolder('state');
    const snapshot = await readSnapshot(world.disk);
    const disk = new NodeDisk(world.disk, log, snapshot ?? options.first);
    if (snapshot !== undefined) disk.makeRoom(snapshot);
    return disk;
  }

  private constructor(disk: Disk, log: RaftLog, newest: StoredSnapshot) {
    this.disk = disk;
    this.log = log;
    this.newest = newest;
    this.before = newest;
  }

  get boundary(): { readonly index: number; readonly term: number } {
    return { index: this.before.index, term: this.before.term };
  }

  get snapshot(): StoredSnapshot {
    return this.newest;
  }

  get state(): LogState | undefined {
    return this.log.state(REGION);
  }

  get firstIndex(): number {
    return this.before.index + 1;
  }

  get lastIndex(): number {
    return Math.max(this.log.lastIndex(REGION), this.before.index);
  }

  /** All entries behind the snapshot. */
  async entries(): Promise<readonly LogEntry[]> {
    return (await this.read(this.newest.index + 1, this.log.lastIndex(REGION) + 1, Infinity)) ?? [];
  }

  /** `undefined` when they are gone. */
  async read(lower: number, upper: number, sizeBytesMax: number): Promise<readonly LogEntry[] | undefined> {
    return lower < this.firstIndex ? undefined : this.log.read(REGION, lower, upper, sizeBytesMax);
  }

  term(index: number): number | undefined {
    return index === this.before.index ? this.before.term : this.log.term(REGION, index);
  }

  append(entries: readonly LogEntry[], state: LogState | undefined, done: (error: Error | undefined) => void): void {
    const refusal = this.log.appendThen({ regionId: REGION, entries, ...(state === undefined ? {} : { state }) }, done);
    if (refusal !== undefined) done(refusal);
  }

  /** Durable when it resolves. */
  save(snapshot: StoredSnapshot): Promise<void> {
    this.saving = this.saving.then(async () => {
      if (snapshot.index <= this.newest.index) return;
      const file = await this.disk.open(`${SNAPSHOT_PATH}.new`, { create: true });
      await file.truncate(0);
      await file.write(utf8(JSON.stringify(snapshot)), 0);
      await file.sync();
      await file.close();
      await this.disk.rename(`${SNAPSHOT_PATH}.new`, SNAPSHOT_PATH);
      await this.disk.syncFolder('state');
      this.newest = snapshot;
    });
    return this.saving;
  }

  /** The log lets go of entries below `index`, all of which a durable snapshot covers. */
  compact(index: number): void {
    const target = Math.min(index, this.newest.index + 1) - 1;
    const term = this.term(target);
    if (target <= this.before.index || term === undefined) return;
    this.log.purge(REGION, target + 1);
    this.before = { index: target, term };
  }

  /** The log begins right behind a snapshot that came from elsewhere; what it holds of another history goes. */
  makeRoom({ index, term }: StoredSnapshot): void {
    this.before = { index, term };
    const has = this.log.term(REGION, index);
    // Appending at an index cuts off what follows it.
    if (has !== undefined && has !== term)
      this.log.appendThen({ regionId: REGION, entries: [{ index, term, data: new Uint8Array(0) }] }, () => undefined);
    this.log.purge(REGION, index + 1);
  }
}

async function readSnapshot(disk: Disk): Promise<StoredSnapshot | undefined> {
  if (!(await disk.list('state')).includes('snapshot')) return undefined;
  const file = await disk.open(SNAPSHOT_PATH, {});
  const bytes = new Uint8Array(await file.size());
  await file.read(bytes, 0);
  await file.close();
  return JSON.parse(fromUtf8(bytes)) as StoredSnapshot;
}
