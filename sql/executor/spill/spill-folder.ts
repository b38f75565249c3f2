/**
 * `SpillFolder`: where statements put what they may not keep in memory. Each statement that spills has one file, whose name is taken away as
 * soon as it is open: the system gives its space back when the process ends, however it ends. A crash between the two steps leaves an
 * empty file; `clear` removes such at the start.
 *
 * A file is handed out in pages; pages that are given back are used again, so it grows to what is kept at a time, not to what passes
 * through. All files together are bounded, and a reserve of the volume stays free for the store: over either the statement that
 * asked fails with `disk.full` (MySQL 1021), and nobody else.
 */
import { RutileError } from '../../../base/error.ts';
import type { Disk, DiskFile } from '../../../base/world.ts';

/** A block of rows is about so large. */
export const PAGE_BYTES = 32 * 1024;
/** Of the volume: the store's log and engine live there, too. */
const RESERVE_BYTES = 256 * 1024 * 1024;
/** Between two looks at the free space. */
const LOOK_EVERY_BYTES = 16 * 1024 * 1024;
const SUFFIX = '.spill';

export interface Extent {
  readonly offset: number;
  readonly size: number;
}

/** Files for statements; the executor knows no more of the disk. */
export interface SpillSpace {
  create(): Promise<SpillFile>;
}

export class SpillFolder implements SpillSpace {
  readonly path: string;
  bytesMax: number;
  usedBytes = 0;
  /** Files since the start, for SHOW STATUS. */
  created = 0;
  private readonly disk: Disk;
  private made: Promise<void> | undefined;
  private lookedAtBytes = 0;
  private allocatedBytes = LOOK_EVERY_BYTES;

  constructor(disk: Disk, path: string, bytesMax: number) {
    this.disk = disk;
    this.path = path;
    this.bytesMax = bytesMax;
  }

  /** Removes what a crash has left. */
  async clear(): Promise<void> {
    await this.disk.makeFolder(this.path);
    for (const name of await this.disk.list(this.path))
      if (name.endsWith(SUFFIX)) await this.disk.remove(`${this.path}/${name}`);
  }

  async create(): Promise<SpillFile> {
    this.made ??= this.disk.makeFolder(this.path);
    try {
      await this.made;
    } catch (error) {
      this.made = undefined;
      throw error;
    }
    const path = `${this.path}/${process.pid}-${this.created++}${SUFFIX}`;
    const file = await this.disk.open(path, { create: true });
    try {
      await this.disk.remove(path);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new SpillFile(this, file);
  }

  /** Makes room in the books, or fails with `disk.full`. */
  async take(bytes: number): Promise<void> {
    if (this.usedBytes + bytes > this.bytesMax)
      throw new RutileError('disk.full', `temporary files are at rutile_spill_limit = ${this.bytesMax} bytes`);
    this.usedBytes += bytes;
    this.allocatedBytes += bytes;
    if (this.allocatedBytes - this.lookedAtBytes < LOOK_EVERY_BYTES) return;
    this.lookedAtBytes = this.allocatedBytes;
    const free = await this.disk.freeBytes(this.path);
    if (free >= RESERVE_BYTES) return;
    this.usedBytes -= bytes;
    // The next one looks again.
    this.lookedAtBytes -= LOOK_EVERY_BYTES;
    throw new RutileError(
      'disk.full',
      `${free} bytes are free, and ${RESERVE_BYTES} are kept back from temporary files`,
    );
  }
}

export class SpillFile {
  private readonly folder: SpillFolder;
  private readonly file: DiskFile;
  private readonly freePages: number[] = [];
  private endOffset = 0;
  private closed: Promise<void> | undefined;
  private working = 0;

  constructor(folder: SpillFolder, file: DiskFile) {
    this.folder = folder;
    this.file = file;
  }

  async write(bytes: Uint8Array): Promise<Extent> {
    const pages = Math.max(1, Math.ceil(bytes.length / PAGE_BYTES));
    let offset = pages === 1 ? this.freePages.pop() : undefined;
    if (offset === undefined) {
      await this.folder.take(pages * PAGE_BYTES);
      offset = this.endOffset;
      this.endOffset += pages * PAGE_BYTES;
    }
    await this.guarded(this.file.write(bytes, offset));
    return { offset, size: bytes.length };
  }

  async read({ offset, size }: Extent): Promise<Uint8Array> {
    const bytes = new Uint8Array(size);
    const count = await this.guarded(this.file.read(bytes, offset));
    if (count !== size) throw new RutileError('disk.io', `a temporary file ends at ${offset + count}`);
    return bytes;
  }

  free({ offset, size }: Extent): void {
    for (let at = 0; at < Math.max(1, size); at += PAGE_BYTES) this.freePages.push(offset + at);
  }

  /** Gives the space back, once what is under way has ended. */
  close(): void {
    if (this.closed !== undefined) return;
    this.closed = Promise.resolve();
    if (this.working === 0) this.end();
  }

  private async guarded<T>(work: Promise<T>): Promise<T> {
    this.working++;
    try {
      return await work;
    } finally {
      if (--this.working === 0 && this.closed !== undefined) this.end();
    }
  }

  private end(): void {
    this.folder.usedBytes -= this.endOffset;
    this.endOffset = 0;
    // Its name is gone already; a failure to close loses nothing that anybody needs.
    this.file.close().catch(() => undefined);
  }
}
