/**
 * The data folder, opened: locked against a second process, checked for its version, with engine and log inside.
 *
 *     rutile-data/
 *       LOCK          held while the process lives
 *       VERSION       layout of the folder; a newer one is refused
 *       engine/       RocksDB
 *       log/          segments of the shared log
 *       mysql-key.pem the RSA key of password exchange
 *       ca.pem, …     certificates of the MySQL port
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import { openRocksEngine, type Engine } from '../kv/engine/index.ts';
import { SegmentLog, type RaftLog } from '../kv/log/index.ts';

const LAYOUT_VERSION = 1;

export interface DataFolder {
  readonly path: string;
  readonly engine: Engine;
  readonly log: RaftLog;
  close(): Promise<void>;
}

/** Fails with `data.locked`, `data.newer`, `data.unwritable`, or what engine and log say. */
export async function openDataFolder(
  world: World,
  options: { readonly path: string; readonly engineCacheBytes: number },
): Promise<DataFolder> {
  const path = resolve(options.path);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw unwritable(path, error);
  }
  const lock = await takeLock(world, path);
  try {
    checkVersion(path);
    const engine = await openRocksEngine({ path: join(path, 'engine'), cacheBytes: options.engineCacheBytes });
    const log = await SegmentLog.open(world, { folder: join(path, 'log') });
    return {
      path,
      engine,
      log,
      close: async () => {
        await log.close();
        await engine.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function takeLock(world: World, path: string): Promise<{ release(): Promise<void> }> {
  try {
    return await world.disk.lock(join(path, 'LOCK'));
  } catch (error) {
    if (error instanceof RutileError && error.code === 'disk.locked') {
      throw new RutileError(
        'data.locked',
        `the data folder ${path} is in use by another process (pid ${String(error.fields['pid'] ?? '?')}); give this one another --data-dir`,
        { cause: error },
      );
    }
    throw unwritable(path, error);
  }
}

function checkVersion(path: string): void {
  const file = join(path, 'VERSION');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw unwritable(path, error);
    try {
      writeFileSync(`${file}.new`, `${LAYOUT_VERSION}\n`);
      renameSync(`${file}.new`, file);
    } catch (cause) {
      throw unwritable(path, cause);
    }
    return;
  }
  const version = Number(text.trim());
  if (!Number.isInteger(version) || version < 1)
    throw new RutileError('data.corrupt', `${file} does not hold a version: ${JSON.stringify(text.slice(0, 40))}`);
  if (version > LAYOUT_VERSION) {
    throw new RutileError(
      'data.newer',
      `the data folder ${path} was written by a newer version of Rutile (layout ${version}, this one knows ${LAYOUT_VERSION})`,
    );
  }
}

function unwritable(path: string, cause: unknown): RutileError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RutileError('data.unwritable', `the data folder ${path} cannot be used: ${reason}`, { cause });
}
