/**
 * Placement's durable state: small, rewritten whole, in two files of the same form. Each save writes first one, then the other,
 * both synced, and is done when both are; so at rest both hold the newest state, and while one is being written the
 * other is whole. One damaged file is therefore never a loss, two are an error, and never a state older than what
 * was acknowledged: the file that is left lacks at most a save that was under way, and nobody was told of that one. The first
 * save of a life begins with the file that was *not* chosen, so that a torn write cannot hit the only whole one. Whoever opens hears which
 * files were damaged.
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

  /**
   * Fails with `placement.corrupt`, `placement.newer-format`, `placement.missing`, `disk.locked`. The core is fresh when there was nothing,
   * which is an error where `mustExist`. `damaged` names the file that was not used because of what is in it.
   */
  static async open(
    world: World,
    folder: string,
    mustExist = false,
  ): Promise<{ storage: PlacementStorage; core: PlacementCore; damaged: readonly string[] }> {
    const { disk } = world;
    await disk.makeFolder(folder);
    const lock = await disk.lock(`${folder}/placement.lock`);
    const files: DiskFile[] = [];
    try {
      const copies: Copy[] = [];
      for (const name of NAMES) {
        const path = `${folder}/${name}`;
        const file = await disk.open(path, { create: true, synced: true });
        files.push(file);
        copies.push({ path, file, content: await readCopy(file, path) });
      }
      await disk.syncFolder(folder);
      const damaged = copies.filter(({ content }) => content.kind === 'damaged').map(({ path }) => path);
      const newest = copies
        .filter(({ content }) => content.kind === 'whole')
        .sort((left, right) => generationOf(right) - generationOf(left))[0];
      if (!newest) {
        // The first save of all may have been torn in the first file, before anybody was told anything; the second is empty then.
        const tornFirst = copies[1]!.content.kind === 'empty';
        if (!tornFirst) throw damagedBoth(folder, copies);
        if (mustExist) {
          throw new RutileError(
            'placement.missing',
            `There is data, but placement's state in ${folder} is ${damaged.length > 0 ? 'damaged' : 'missing'}: without it timestamps could repeat`,
            { fields: { folder } },
          );
        }
      }
      const core = new PlacementCore();
      if (newest?.content.kind === 'whole') restoreCore(core, newest.content.payload);
      // The whole one is written last.
      const order = [...files.filter((file) => file !== newest?.file), ...(newest ? [newest.file] : [])];
      const storage = new PlacementStorage(world, order, lock, newest ? generationOf(newest) : 0);
      return { storage, core, damaged };
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

type Content =
  | { readonly kind: 'empty' }
  /** `version`: what its header claims, for want of better. */
  | { readonly kind: 'damaged'; readonly version: number }
  | { readonly kind: 'whole'; readonly generation: number; readonly payload: Uint8Array };

interface Copy {
  readonly path: string;
  readonly file: DiskFile;
  readonly content: Content;
}

function generationOf({ content }: Copy): number {
  return content.kind === 'whole' ? content.generation : -1;
}

async function readCopy(file: DiskFile, path: string): Promise<Content> {
  const size = await file.size();
  if (size === 0) return { kind: 'empty' };
  const bytes = new Uint8Array(size);
  let length: number;
  try {
    length = await file.read(bytes, 0);
  } catch (error) {
    // A sector that cannot be read is damage like any other: the next save writes it anew.
    if (error instanceof RutileError && error.code === 'disk.io') return { kind: 'damaged', version: 0 };
    throw error;
  }
  return decode(bytes.subarray(0, length), path);
}

function decode(bytes: Uint8Array, path: string): Content {
  if (bytes.length < HEADER_SIZE || !MAGIC.every((byte, i) => bytes[i] === byte)) {
    return { kind: 'damaged', version: 0 };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  // A state may be shorter than the one before it: what lies behind its end is old.
  const end = HEADER_SIZE + view.getUint32(12, true);
  const whole = bytes.subarray(0, end);
  // The version counts only with its checksum: a flipped bit in it must not lock a sound folder.
  if (end > bytes.length || view.getUint32(24, true) !== sumOf(whole)) return { kind: 'damaged', version };
  if (version > FORMAT_VERSION) throw newer(path, version);
  return { kind: 'whole', generation: Number(view.getBigUint64(16, true)), payload: whole.subarray(HEADER_SIZE) };
}

/** A newer Rutile may sum up otherwise: when neither copy can be read and both claim the same newer version, that is the likelier reason. */
function damagedBoth(folder: string, copies: readonly Copy[]): RutileError {
  const versions = copies.map(({ content }) => (content.kind === 'damaged' ? content.version : 0));
  const [first = 0, second] = versions;
  if (first > FORMAT_VERSION && first === second) return newer(folder, first);
  return new RutileError('placement.corrupt', `Both copies of placement's state in ${folder} are damaged`, {
    fields: { folder },
  });
}

function newer(path: string, version: number): RutileError {
  return new RutileError(
    'placement.newer-format',
    `${path} was written by a newer Rutile: its format is ${version}, this version reads up to ${FORMAT_VERSION}`,
    { fields: { path, version } },
  );
}

function sumOf(bytes: Uint8Array): number {
  return checksum(bytes, HEADER_SIZE, bytes.length, checksum(bytes, 8, 24));
}
