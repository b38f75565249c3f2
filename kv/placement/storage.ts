/**
 * Placement's durable state: small, rewritten whole, in two files of the same form. Each save writes first one, then the other,
 * both synced, and is done when both are; so at rest both hold the newest state, and while one is being written the
 * other is whole. One damaged file is therefore never a loss, two are an error, and never a state older than what
 * was acknowledged.
 *
 *     magic "RUTPLACE", version u32, size u32, generation u64, crc u32 of the rest and the payload, payload (JSON)
 */
import { utf8 } from '../../base/bytes.ts';
import { checksum } from '../../base/checksum.ts';
import { RutileError } from '../../base/error.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { DiskFile, World } from '../../base/world.ts';
import { PlacementCore } from './core.ts';
import { coreImage, needsVersion2, restoreCore } from './core-image.ts';

const beforePersist = failpoint('placement::persist');

/** Version 2 came with labels of stores and settings; a state without them is written as version 1, which every Rutile reads. */
const FORMAT_VERSION = 2;
const HEADER_SIZE = 28;
const MAGIC = utf8('RUTPLACE');
const NAMES = ['placement-a', 'placement-b'] as const;

export class PlacementStorage {
  private readonly world: World;
  private readonly files: readonly DiskFile[];
  private readonly lock: { release(): Promise<void> };
  private generation: number;
  private failure: RutileError | undefined;

  /** Fails with `placement.corrupt`, `placement.newer-format`, `disk.locked`. The core is fresh when there was nothing. */
  static async open(world: World, folder: string): Promise<{ storage: PlacementStorage; core: PlacementCore }> {
    const { disk } = world;
    await disk.makeFolder(folder);
    const lock = await disk.lock(`${folder}/placement.lock`);
    const files: DiskFile[] = [];
    try {
      const found: { generation: number; payload: Uint8Array }[] = [];
      let damaged = 0;
      for (const name of NAMES) {
        const path = `${folder}/${name}`;
        const file = await disk.open(path, { create: true, synced: true });
        files.push(file);
        const size = await file.size();
        if (size === 0) continue;
        const bytes = new Uint8Array(size);
        const decoded = decode(bytes.subarray(0, await file.read(bytes, 0)), path);
        if (decoded) found.push(decoded);
        else damaged++;
      }
      await disk.syncFolder(folder);
      found.sort((left, right) => right.generation - left.generation);
      // The first save of all may have been torn in the first file, before anybody was told anything; then the second is empty.
      if (found.length === 0 && damaged > 1) {
        throw new RutileError('placement.corrupt', `Both copies of placement's state in ${folder} are damaged`, {
          fields: { folder },
        });
      }
      const core = new PlacementCore();
      if (found[0]) restoreCore(core, found[0].payload);
      return { storage: new PlacementStorage(world, files, lock, found[0]?.generation ?? 0), core };
    } catch (error) {
      for (const file of files) await file.close();
      await lock.release();
      throw error;
    }
  }

  private constructor(
    world: World,
    files: readonly DiskFile[],
    lock: { release(): Promise<void> },
    generation: number,
  ) {
    this.world = world;
    this.files = files;
    this.lock = lock;
    this.generation = generation;
  }

  /** One at a time. After a failure nothing more is saved: what the files hold is not known. */
  async save(core: PlacementCore): Promise<void> {
    if (this.failure) throw this.failure;
    const bytes = encode(++this.generation, needsVersion2(core) ? 2 : 1, coreImage(core));
    try {
      const injected = beforePersist.armed ? await beforePersist.reach(this.world) : undefined;
      if (injected !== undefined) throw new RutileError('disk.io', `failpoint ${beforePersist.name}: ${injected}`);
      for (const file of this.files) await file.write(bytes, 0);
    } catch (cause) {
      const code = cause instanceof RutileError && cause.code === 'disk.full' ? 'disk.full' : 'placement.failed';
      this.failure = new RutileError(code, `Saving placement's state failed: ${(cause as Error).message}`, { cause });
      throw this.failure;
    }
  }

  async close(): Promise<void> {
    for (const file of this.files) await file.close();
    await this.lock.release();
  }
}

function encode(generation: number, version: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_SIZE + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, version, true);
  view.setUint32(12, payload.length, true);
  view.setBigUint64(16, BigInt(generation), true);
  bytes.set(payload, HEADER_SIZE);
  view.setUint32(24, sumOf(bytes), true);
  return bytes;
}

function decode(bytes: Uint8Array, path: string): { generation: number; payload: Uint8Array } | undefined {
  if (bytes.length < HEADER_SIZE || !MAGIC.every((byte, i) => bytes[i] === byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version > FORMAT_VERSION && version < 1000) {
    throw new RutileError(
      'placement.newer-format',
      `${path} was written by a newer Rutile: its format is ${version}, this version reads up to ${FORMAT_VERSION}`,
      {
        fields: { path, version },
      },
    );
  }
  // A state may be shorter than the one before it: what lies behind its end is old.
  const end = HEADER_SIZE + view.getUint32(12, true);
  if (end > bytes.length) return undefined;
  const whole = bytes.subarray(0, end);
  if (view.getUint32(24, true) !== sumOf(whole)) return undefined;
  return { generation: Number(view.getBigUint64(16, true)), payload: whole.subarray(HEADER_SIZE) };
}

function sumOf(bytes: Uint8Array): number {
  return checksum(bytes, HEADER_SIZE, bytes.length, checksum(bytes, 8, 24));
}
