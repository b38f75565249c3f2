/**
 * Snapshots on their way in: a file each, whole and durable before the region is touched, so that a crash while the region is
 * being filled finds everything it needs to fill it again.
 *
 *     file    magic "RUTSNAP1", size u32, crc u32, header; then chunks: size u32, crc u32, bytes; a chunk of size 0 ends it
 *     header  index u64, term u64, description of the region
 */
import { concatBytes, utf8 } from '../../../base/bytes.ts';
import { checksum } from '../../../base/checksum.ts';
import { RutileError } from '../../../base/error.ts';
import type { Disk, DiskFile } from '../../../base/world.ts';
import { decodeRegion, encodeRegion, type RegionDescriptor } from '../../../proto/kv/region.ts';

const MAGIC = utf8('RUTSNAP1');
const FRAME_SIZE = 8;

export interface StagedHeader {
  readonly index: number;
  readonly term: number;
  readonly region: RegionDescriptor;
}

export function stagedName(regionId: number): string {
  return `region-${regionId}`;
}

/** Writes a staged snapshot; nobody reads it before `finish`. */
export class StagingWriter {
  private readonly disk: Disk;
  private readonly folder: string;
  private readonly name: string;
  private readonly file: DiskFile;
  private at: number;

  static async create(disk: Disk, folder: string, header: StagedHeader): Promise<StagingWriter> {
    await disk.makeFolder(folder);
    const name = stagedName(header.region.id);
    const file = await disk.open(`${folder}/${name}.part`, { create: true });
    await file.truncate(0);
    const head = new Uint8Array(16);
    const view = new DataView(head.buffer);
    view.setBigUint64(0, BigInt(header.index));
    view.setBigUint64(8, BigInt(header.term));
    const first = concatBytes(MAGIC, frame(concatBytes(head, encodeRegion(header.region))));
    await file.write(first, 0);
    return new StagingWriter(disk, folder, name, file, first.length);
  }

  private constructor(disk: Disk, folder: string, name: string, file: DiskFile, at: number) {
    this.disk = disk;
    this.folder = folder;
    this.name = name;
    this.file = file;
    this.at = at;
  }

  async write(chunk: Uint8Array): Promise<void> {
    const framed = frame(chunk);
    await this.file.write(framed, this.at);
    this.at += framed.length;
  }

  /** Durable, under its own name. */
  async finish(): Promise<void> {
    await this.write(new Uint8Array(0));
    await this.file.sync();
    await this.file.close();
    await this.disk.rename(`${this.folder}/${this.name}.part`, `${this.folder}/${this.name}`);
    await this.disk.syncFolder(this.folder);
  }

  async abort(): Promise<void> {
    await this.file.close();
    await this.disk.remove(`${this.folder}/${this.name}.part`);
  }
}

/** Reads one back, chunk by chunk. Throws `kv.corrupt`. */
export class StagingReader {
  readonly header: StagedHeader;
  private readonly file: DiskFile;
  private at: number;

  /** `undefined`: there is none. */
  static async open(disk: Disk, folder: string, regionId: number): Promise<StagingReader | undefined> {
    let file: DiskFile;
    try {
      file = await disk.open(`${folder}/${stagedName(regionId)}`, {});
    } catch (error) {
      if (error instanceof RutileError && error.code === 'disk.not-found') return undefined;
      throw error;
    }
    const magic = new Uint8Array(MAGIC.length);
    await file.read(magic, 0);
    if (MAGIC.some((byte, i) => magic[i] !== byte)) throw corrupt(regionId);
    const { bytes, end } = await readFrame(file, MAGIC.length, regionId);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { region } = decodeRegion(bytes, 16);
    const header = { index: Number(view.getBigUint64(0)), term: Number(view.getBigUint64(8)), region };
    return new StagingReader(file, header, end);
  }

  private constructor(file: DiskFile, header: StagedHeader, at: number) {
    this.file = file;
    this.header = header;
    this.at = at;
  }

  /** `undefined` after the last. */
  async next(): Promise<Uint8Array | undefined> {
    const { bytes, end } = await readFrame(this.file, this.at, this.header.region.id);
    this.at = end;
    return bytes.length === 0 ? undefined : bytes;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

export async function dropStaged(disk: Disk, folder: string, regionId: number): Promise<void> {
  try {
    await disk.remove(`${folder}/${stagedName(regionId)}`);
  } catch (error) {
    if (!(error instanceof RutileError && error.code === 'disk.not-found')) throw error;
  }
}

function frame(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(FRAME_SIZE + bytes.length);
  const view = new DataView(framed.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, checksum(bytes, 0, bytes.length));
  framed.set(bytes, FRAME_SIZE);
  return framed;
}

async function readFrame(file: DiskFile, at: number, regionId: number): Promise<{ bytes: Uint8Array; end: number }> {
  const head = new Uint8Array(FRAME_SIZE);
  if ((await file.read(head, at)) < FRAME_SIZE) throw corrupt(regionId);
  const view = new DataView(head.buffer);
  const bytes = new Uint8Array(view.getUint32(0));
  if (
    (await file.read(bytes, at + FRAME_SIZE)) < bytes.length ||
    checksum(bytes, 0, bytes.length) !== view.getUint32(4)
  )
    throw corrupt(regionId);
  return { bytes, end: at + FRAME_SIZE + bytes.length };
}

function corrupt(regionId: number): RutileError {
  return new RutileError('kv.corrupt', `the staged snapshot of region ${regionId} cannot be read`);
}
