/**
 * The real disk. Descriptors and callbacks instead of `FileHandle`: a handle costs about 20 µs more a write, and the log writes
 * for every group of commits. Files are opened with O_DSYNC when asked, so a write is durable when it returns and no second
 * call is needed.
 */
import * as fs from 'node:fs';
import { mkdir, readdir, rename, statfs, unlink } from 'node:fs/promises';
import type { Disk, DiskFile, DiskOpenOptions } from '../world.ts';
import { diskError } from './disk-error.ts';
import { lockFile } from './lock.ts';

const ALLOCATE_CHUNK = 1024 * 1024;

export class NodeDisk implements Disk {
  open(path: string, options: DiskOpenOptions): Promise<DiskFile> {
    const { O_RDWR, O_CREAT, O_DSYNC } = fs.constants;
    const flags = O_RDWR | (options.create ? O_CREAT : 0) | (options.synced ? O_DSYNC : 0);
    return new Promise((resolve, reject) => {
      fs.open(path, flags, 0o644, (error, descriptor) => {
        if (error) reject(diskError(error, path));
        else resolve(new NodeFile(path, descriptor));
      });
    });
  }

  async list(folder: string): Promise<readonly string[]> {
    return (await guarded(folder, readdir(folder))).sort();
  }

  async makeFolder(path: string): Promise<void> {
    await guarded(path, mkdir(path, { recursive: true }));
  }

  remove(path: string): Promise<void> {
    return guarded(path, unlink(path));
  }

  rename(source: string, target: string): Promise<void> {
    return guarded(source, rename(source, target));
  }

  async syncFolder(path: string): Promise<void> {
    const folder = await guarded(path, fs.promises.open(path, 'r'));
    try {
      await guarded(path, folder.sync());
    } finally {
      await folder.close();
    }
  }

  async freeBytes(path: string): Promise<number> {
    const { bavail, bsize } = await guarded(path, statfs(path));
    return bavail * bsize;
  }

  lock(path: string): Promise<{ release(): Promise<void> }> {
    return lockFile(path);
  }
}

class NodeFile implements DiskFile {
  private readonly path: string;
  private readonly descriptor: number;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.descriptor = descriptor;
  }

  read(target: Uint8Array, offset: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const step = (done: number): void => {
        fs.read(this.descriptor, target, done, target.length - done, offset + done, (error, count) => {
          if (error) reject(diskError(error, this.path));
          else if (count === 0 || done + count === target.length) resolve(done + count);
          else step(done + count);
        });
      };
      if (target.length === 0) resolve(0);
      else step(0);
    });
  }

  write(source: Uint8Array, offset: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (done: number): void => {
        fs.write(this.descriptor, source, done, source.length - done, offset + done, (error, count) => {
          if (error) reject(diskError(error, this.path));
          else if (done + count === source.length) resolve();
          else step(done + count);
        });
      };
      if (source.length === 0) resolve();
      else step(0);
    });
  }

  sync(): Promise<void> {
    return this.call((done) => fs.fdatasync(this.descriptor, done));
  }

  truncate(size: number): Promise<void> {
    return this.call((done) => fs.ftruncate(this.descriptor, size, done));
  }

  /**
   * Writes zeros: Node has no fallocate, and blocks that were written once make later synced writes cheaper still, since no
   * extent has to be converted then. A disk that fills up half-way gets its space back.
   */
  async allocate(size: number): Promise<void> {
    const before = await this.size();
    const zeros = new Uint8Array(Math.min(ALLOCATE_CHUNK, Math.max(0, size - before)));
    try {
      for (let at = before; at < size; at += zeros.length) {
        await this.write(at + zeros.length <= size ? zeros : zeros.subarray(0, size - at), at);
      }
      await this.sync();
    } catch (error) {
      await this.truncate(before);
      throw error;
    }
  }

  size(): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.fstat(this.descriptor, (error, stats) => {
        if (error) reject(diskError(error, this.path));
        else resolve(stats.size);
      });
    });
  }

  close(): Promise<void> {
    return this.call((done) => fs.close(this.descriptor, done));
  }

  private call(run: (done: (error: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      run((error) => {
        if (error) reject(diskError(error, this.path));
        else resolve();
      });
    });
  }
}

async function guarded<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw diskError(error, path);
  }
}
