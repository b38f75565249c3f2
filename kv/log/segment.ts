/**
 * Segment files: made ahead of need, filled once, used again. A file is allocated (and later recycled) under the name of a spare;
 * its header is durable before it gets the name of a segment. So a file that is called a segment has a good header, and
 * one that has not was damaged later.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type { DiskFile, World } from '../../base/world.ts';
import { encodeHeader } from './format.ts';

export class Segment {
  readonly number: number;
  readonly path: string;
  readonly salt: number;
  /** Of the file, allocated. */
  sizeBytes: number;
  /** `undefined` while it is being made: its groups wait. */
  file: DiskFile | undefined;
  /** Where the next group goes. */
  end: number;
  /** Entries that some region still needs. */
  liveEntries = 0;
  /** Reads under way: the file must stay what it is. */
  readers = 0;

  constructor(number: number, path: string, salt: number, sizeBytes: number, file: DiskFile | undefined, end: number) {
    this.number = number;
    this.path = path;
    this.salt = salt;
    this.sizeBytes = sizeBytes;
    this.file = file;
    this.end = end;
  }
}

export class SegmentFiles {
  private readonly world: World;
  private readonly folder: string;
  private readonly segmentSizeBytes: number;
  private readonly sparesMax: number;
  private readonly spares: string[] = [];
  private spareNumber = 0;

  constructor(world: World, folder: string, segmentSizeBytes: number, sparesMax: number) {
    this.world = world;
    this.folder = folder;
    this.segmentSizeBytes = segmentSizeBytes;
    this.sparesMax = sparesMax;
  }

  /** Numbers of the segments that exist, ascending. Files of a creation that a crash cut short are removed. */
  async list(): Promise<number[]> {
    const numbers: number[] = [];
    for (const name of await this.world.disk.list(this.folder)) {
      const match = /^(\d{12})\.log$/.exec(name);
      if (match) numbers.push(Number(match[1]));
      else if (/^spare-\d+\.log$/.test(name)) await this.offerSpare(`${this.folder}/${name}`);
    }
    return numbers.sort((left, right) => left - right);
  }

  pathOf(number: number): string {
    return `${this.folder}/${String(number).padStart(12, '0')}.log`;
  }

  drawSalt(): number {
    return 1 + this.world.random.below(0xffff_fffe);
  }

  /** Makes the file of `segment` (salt and number are chosen) and opens it. */
  async create(segment: Segment): Promise<DiskFile> {
    const { disk } = this.world;
    const spare = this.spares.pop() ?? this.sparePath();
    try {
      const file = await disk.open(spare, { create: true, synced: true });
      try {
        await file.allocate(segment.sizeBytes);
        await file.write(encodeHeader({ salt: segment.salt, number: segment.number }), 0);
        await disk.rename(spare, segment.path);
        await disk.syncFolder(this.folder);
        return file;
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      await this.discard(spare);
      throw error;
    }
  }

  open(path: string): Promise<DiskFile> {
    return this.world.disk.open(path, { create: false, synced: true });
  }

  /** The file of a segment that nothing needs any more: kept for the next one, or removed. Durable when it resolves. */
  async retire(segment: Segment): Promise<void> {
    assert(segment.readers === 0, 'a segment went away under a reader');
    await segment.file?.close();
    segment.file = undefined;
    const spare =
      segment.sizeBytes === this.segmentSizeBytes && this.spares.length < this.sparesMax ? this.sparePath() : undefined;
    if (spare) await this.world.disk.rename(segment.path, spare);
    else await this.world.disk.remove(segment.path);
    await this.world.disk.syncFolder(this.folder);
    // Only now: a new header under the old name would look like damage after a crash.
    if (spare) this.spares.push(spare);
  }

  get spareCount(): number {
    return this.spares.length;
  }

  private async offerSpare(path: string): Promise<void> {
    const file = await this.world.disk.open(path, { synced: true });
    const size = await file.size();
    await file.close();
    if (size === this.segmentSizeBytes && this.spares.length < this.sparesMax) this.spares.push(path);
    else await this.world.disk.remove(path);
    this.spareNumber = Math.max(this.spareNumber, Number(/spare-(\d+)\.log$/.exec(path)?.[1] ?? 0));
  }

  private sparePath(): string {
    return `${this.folder}/spare-${++this.spareNumber}.log`;
  }

  /** Removes what a failed creation left, when it can. */
  private async discard(path: string): Promise<void> {
    try {
      await this.world.disk.remove(path);
    } catch (error) {
      if (!(error instanceof RutileError)) throw error;
    }
  }
}
