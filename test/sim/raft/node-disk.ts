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
  }

  get snapshot(): StoredSnapshot {
    return this.newest;
  }

  get state(): LogState | undefined {
    return this.log.state(REGION);
  }

  get lastIndex(): number {
    return Math.max(this.log.lastIndex(REGION), this.newest.index);
  }

  /** All entries behind the snapshot. */
  async entries(): Promise<readonly LogEntry[]> {
    const first = Math.max(this.log.firstIndex(REGION), this.newest.index + 1);
    return this.read(first, this.log.lastIndex(REGION) + 1, Infinity);
  }

  read(lower: number, upper: number, sizeBytesMax: number): Promise<readonly LogEntry[]> {
    return this.log.read(REGION, lower, upper, sizeBytesMax);
  }

  get firstIndex(): number {
    return this.log.lastIndex(REGION) < this.log.firstIndex(REGION)
      ? this.newest.index + 1
      : this.log.firstIndex(REGION);
  }

  term(index: number): number | undefined {
    return index === this.newest.index ? this.newest.term : this.log.term(REGION, index);
  }

  append(entries: readonly LogEntry[], state: LogState | undefined, done: (error: Error | undefined) => void): void {
    this.log.appendThen({ regionId: REGION, entries, ...(state === undefined ? {} : { state }) }, done);
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
    this.log.purge(REGION, Math.min(index, this.newest.index + 1));
  }

  /** The log begins right behind a snapshot that came from elsewhere; what it holds of another history goes. */
  makeRoom({ index, term }: StoredSnapshot): void {
    const last = this.log.lastIndex(REGION);
    const has = this.log.term(REGION, index);
    if (has === term || this.log.firstIndex(REGION) > index) return;
    // Appending at an index cuts off what follows it.
    if (last >= index)
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
