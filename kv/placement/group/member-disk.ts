/**
 * What a member keeps: its image and, behind it, its log, in one folder.
 *
 *     placement/
 *       placement.lock   held while the process lives
 *       image            the core at an applied index (image.ts)
 *       log/             entries behind it (kv/log), as region 1
 *
 * A founder begins with an image at index 1 that all founders have alike; whoever joins later begins with nothing. A folder of the
 * one-process form (`placement-a`, `placement-b`, storage.ts) is brought over once: its state becomes the first image, of a group of one,
 * and its files are renamed so that no older Rutile goes on from them.
 */
import { assert } from '../../../base/assert.ts';
import { fromUtf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { Disk, World } from '../../../base/world.ts';
import { type LogEntry, type LogState, type RaftLog, SegmentLog } from '../../log/index.ts';
import { type Configuration, configurationOf, EMPTY } from '../../raft/index.ts';
import { PlacementCore } from '../core.ts';
import { coreImage } from '../core-image.ts';
import { PlacementStorage } from '../storage.ts';
import { type Image, readImage, writeImage } from './image.ts';

/** In the member's own log. */
const REGION = 1;
/** Index and term of what founders agree to have. */
const FIRST = 1;
const SEGMENT_BYTES = 4 * 1024 * 1024;
const LOCAL_FILES = ['placement-a', 'placement-b'] as const;

export interface MemberDiskOptions {
  readonly folder: string;
  readonly memberId: number;
  /** Ids of those who begin the group together; empty for whoever joins one. */
  readonly founders: readonly number[];
  readonly segmentSizeBytes?: number | undefined;
}

export class MemberDisk {
  image: Image;
  private readonly disk: Disk;
  private readonly folder: string;
  private readonly log: RaftLog;
  private readonly lock: { release(): Promise<void> };
  private saving: Promise<void> = Promise.resolve();
  /** Of the entry before the first one of the log. */
  private before: { readonly index: number; readonly term: number };

  /** Fails with `placement.corrupt`, `placement.newer-format`, `placement.other-member`, `disk.locked`. */
  static async open(world: World, options: MemberDiskOptions): Promise<MemberDisk> {
    const { disk } = world;
    const { folder, memberId, founders, segmentSizeBytes = SEGMENT_BYTES } = options;
    await disk.makeFolder(folder);
    const found = await readImage(disk, folder);
    const image = found ?? (await begin(world, folder, memberId, founders));
    if (image.memberId !== memberId) {
      throw new RutileError(
        'placement.other-member',
        `${folder} belongs to member ${image.memberId} of placement, this is ${memberId}`,
      );
    }
    await putAside(disk, folder);
    const lock = await disk.lock(`${folder}/placement.lock`);
    try {
      const log = await SegmentLog.open(world, { folder: `${folder}/log`, segmentSizeBytes });
      const member = new MemberDisk(disk, folder, image, log, lock);
      await member.settle();
      return member;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  private constructor(disk: Disk, folder: string, image: Image, log: RaftLog, lock: { release(): Promise<void> }) {
    this.disk = disk;
    this.folder = folder;
    this.image = image;
    this.log = log;
    this.lock = lock;
    this.before = image;
  }

  get boundary(): { readonly index: number; readonly term: number } {
    return { index: this.before.index, term: this.before.term };
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

  term(index: number): number | undefined {
    return index === this.before.index ? this.before.term : this.log.term(REGION, index);
  }

  /** Refused with `disk.full` or `log.overloaded`: nothing happened. */
  append(
    entries: readonly LogEntry[],
    state: LogState | undefined,
    done: (error: Error | undefined) => void,
  ): RutileError | undefined {
    return this.log.appendThen({ regionId: REGION, entries, ...(state === undefined ? {} : { state }) }, done);
  }

  /** `undefined` when they are gone. */
  async read(lower: number, upper: number, sizeBytesMax: number): Promise<readonly LogEntry[] | undefined> {
    if (lower < this.firstIndex) return undefined;
    const entries = await this.log.read(REGION, lower, upper, sizeBytesMax);
    return entries[0]?.index === lower ? entries : undefined;
  }

  /** Durable when it resolves; older than what is there, it is not needed. */
  save(image: Image): Promise<void> {
    // One that failed is no reason for the next one to fail.
    this.saving = this.saving
      .catch(() => undefined)
      .then(async () => {
        if (image.index <= this.image.index) return;
        await writeImage(this.disk, this.folder, image);
        this.image = image;
      });
    return this.saving;
  }

  /** The log lets go of entries up to `index`, at most what the image covers. Returns up to where. */
  compact(index: number): number {
    const target = Math.min(index, this.image.index);
    const term = this.term(target);
    if (target <= this.before.index || term === undefined) return this.before.index;
    this.log.purge(REGION, target + 1);
    this.before = { index: target, term };
    return target;
  }

  /** The log begins behind an image that came from elsewhere; what it holds of another history goes. */
  makeRoom(): void {
    const { index, term } = this.image;
    this.before = { index, term };
    const has = this.log.term(REGION, index);
    // Appending at an index cuts off what follows it.
    if (has !== undefined && has !== term)
      this.log.appendThen({ regionId: REGION, entries: [{ index, term, data: EMPTY }] }, () => undefined);
    this.log.purge(REGION, index + 1);
  }

  async close(): Promise<void> {
    await this.saving.catch(() => undefined);
    await this.log.close();
    await this.lock.release();
  }

  /** Image and log fit together, or are made to where a crash came between. */
  private async settle(): Promise<void> {
    const { log, image } = this;
    const first = log.firstIndex(REGION);
    const last = log.lastIndex(REGION);
    const isNew = image.index <= FIRST && last < first;
    if (image.received && (last < image.index || log.term(REGION, image.index) !== image.term)) {
      if (last >= first) this.makeRoom();
      return;
    }
    if (!isNew && last < image.index) {
      throw new RutileError(
        'placement.corrupt',
        `${this.folder}: the image holds entries up to ${image.index}, the log ends at ${last}: segments of the log are missing`,
      );
    }
    if (isNew || first > image.index) return;
    // Entries that the image covers are kept for those who lag: the first of them is the boundary, since nobody knows the term before it.
    const term = log.term(REGION, first);
    assert(term !== undefined, 'the log knows its first entry');
    this.before = { index: first, term };
  }
}

/** The first image; durable. */
async function begin(world: World, folder: string, memberId: number, founders: readonly number[]): Promise<Image> {
  const isFounder = founders.includes(memberId);
  assert(isFounder || founders.length === 0, 'a member either founds or joins');
  const local = await world.disk.list(folder);
  let core = new PlacementCore();
  if (LOCAL_FILES.some((name) => local.includes(name))) {
    const opened = await PlacementStorage.open(world, folder);
    await opened.storage.close();
    core = opened.core;
    if (core.clusterId !== 0 && founders.length !== 1) {
      throw new RutileError(
        'placement.has-state',
        `${folder} holds the state of a cluster: start its placement with one member first, then let others join`,
      );
    }
  }
  const nothing: Configuration = configurationOf([]);
  const image: Image = {
    index: isFounder ? FIRST : 0,
    term: isFounder ? FIRST : 0,
    configuration: isFounder ? configurationOf([...founders].sort((left, right) => left - right)) : nothing,
    received: false,
    memberId,
    core: fromUtf8(coreImage(core)),
  };
  await writeImage(world.disk, folder, image);
  return image;
}

/** The image has what these files had. */
async function putAside(disk: Disk, folder: string): Promise<void> {
  const names = await disk.list(folder);
  const found = LOCAL_FILES.filter((name) => names.includes(name));
  for (const name of found) await disk.rename(`${folder}/${name}`, `${folder}/${name}.before-group`);
  if (found.length > 0) await disk.syncFolder(folder);
}
