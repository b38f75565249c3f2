/**
 * A folder of the real disk behind the port `FileFolder`. A path is taken apart once: its folder is followed through all links and must be the
 * folder or lie below it, and the last name is opened without following one, so a link that leads out of the folder is refused wherever it stands.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, realpath, stat, unlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { RutileError } from '../error.ts';
import type { FileFolder, NewFile } from '../file-folder.ts';

const PIECE_SIZE = 256 * 1024;
/** Readable by the group, as MySQL makes them. */
const MODE = 0o640;

export class NodeFileFolder implements FileFolder {
  readonly path: string;
  private readonly real: string;
  private readonly dataPath: string;

  /** Fails with `file.open` when there is no such folder. `dataPath`: where relative paths begin. */
  static async open(path: string, dataPath: string): Promise<NodeFileFolder> {
    try {
      const real = await realpath(path);
      if (!(await stat(real)).isDirectory()) throw new RutileError('file.open', `${path} is no folder`);
      return new NodeFileFolder(path.endsWith(sep) ? path : path + sep, real, dataPath);
    } catch (thrown) {
      throw failure('file.open', path, thrown);
    }
  }

  private constructor(path: string, real: string, dataPath: string) {
    this.path = path;
    this.real = real;
    this.dataPath = dataPath;
  }

  async create(path: string): Promise<NewFile> {
    const target = await this.place(path);
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    try {
      return new NodeNewFile(target, await open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MODE));
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EEXIST')
        throw new RutileError('file.exists', `${path} exists already`);
      throw failure('file.create', path, thrown);
    }
  }

  async *read(path: string): AsyncIterable<Uint8Array> {
    const file = await this.openExisting(path, await this.place(path));
    try {
      for (;;) {
        // Whoever reads keeps parts of a piece: each is a new one.
        const piece = new Uint8Array(PIECE_SIZE);
        const { bytesRead } = await file.read(piece, 0, PIECE_SIZE, null);
        if (bytesRead === 0) return;
        yield piece.subarray(0, bytesRead);
      }
    } catch (thrown) {
      throw failure('file.read', path, thrown);
    } finally {
      await file.close();
    }
  }

  private async openExisting(path: string, target: string): Promise<FileHandle> {
    let found: Stats;
    let followed = target;
    try {
      found = await lstat(target);
      // A link may stand in the folder as long as it leads to a file of the folder.
      if (found.isSymbolicLink()) {
        followed = await this.place(await realpath(target));
        found = await lstat(followed);
      }
    } catch (thrown) {
      throw failure('file.stat', path, thrown);
    }
    if (!found.isFile()) throw new RutileError('file.not-regular', `${path} is no file`);
    try {
      return await open(followed, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (thrown) {
      throw failure('file.open', path, thrown);
    }
  }

  /** The path with all links but the last one followed. */
  private async place(path: string): Promise<string> {
    const whole = isAbsolute(path) ? path : join(this.dataPath, path);
    const name = basename(whole);
    const outside = new RutileError('file.outside', `${path} is not in ${this.path}`);
    if (whole.includes('\0') || whole.endsWith(sep) || name === '' || name === '.' || name === '..') throw outside;
    let folder: string;
    try {
      folder = await realpath(dirname(whole));
    } catch {
      throw outside;
    }
    if (folder !== this.real && !folder.startsWith(this.real.endsWith(sep) ? this.real : this.real + sep))
      throw outside;
    return join(folder, name);
  }
}

class NodeNewFile implements NewFile {
  private readonly path: string;
  private readonly file: FileHandle;

  constructor(path: string, file: FileHandle) {
    this.path = path;
    this.file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;)
        at += (await this.file.write(bytes, at, bytes.length - at, null)).bytesWritten;
    } catch (thrown) {
      throw failure('file.write', this.path, thrown);
    }
  }

  async keep(): Promise<void> {
    try {
      await this.file.sync();
      await this.file.close();
    } catch (thrown) {
      throw failure('file.write', this.path, thrown);
    }
  }

  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await unlink(this.path).catch(() => undefined);
  }
}

function failure(code: string, path: string, thrown: unknown): RutileError {
  if (thrown instanceof RutileError) return thrown;
  const { errno, message } = thrown as NodeJS.ErrnoException;
  const osText = /^[A-Z0-9]+: ([^,]*)/.exec(message)?.[1] ?? message;
  return new RutileError(code, `${path}: ${message}`, {
    cause: thrown,
    fields: { osErrno: Math.abs(errno ?? 0), osText: osText.charAt(0).toUpperCase() + osText.slice(1) },
  });
}
