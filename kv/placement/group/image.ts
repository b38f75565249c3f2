/**
 * A member's image: the core's state at one applied index, and who decided there. It takes the place of all the log up to that index, here (the
 * log is purged behind it) and at a member that lags behind (the same bytes are its snapshot).
 *
 *     image: magic "RUTPLIMG", version u32, size u32, crc u32 of the payload, payload (JSON)
 *
 * Written beside and renamed, so that there is always one whole image. A damaged one is an error: the log alone cannot replace it.
 */
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { checksum } from '../../../base/checksum.ts';
import { RutileError } from '../../../base/error.ts';
import type { Disk } from '../../../base/world.ts';
import type { Configuration } from '../../raft/index.ts';

export interface Image {
  readonly index: number;
  readonly term: number;
  readonly configuration: Configuration;
  /** It came from another member: what our log holds below its index may be another history, or nothing. */
  readonly received: boolean;
  readonly memberId: number;
  /** `coreImage`, as text. */
  readonly core: string;
}

const MAGIC = utf8('RUTPLIMG');
const VERSION = 1;
const HEADER_SIZE = 20;

export async function readImage(disk: Disk, folder: string): Promise<Image | undefined> {
  const path = imagePath(folder);
  if (!(await disk.list(folder)).includes('image')) return undefined;
  const file = await disk.open(path, {});
  try {
    const bytes = new Uint8Array(await file.size());
    await file.read(bytes, 0);
    return decodeImage(bytes, path);
  } finally {
    await file.close();
  }
}

/** Resolves when it is the image that the next start finds. */
export async function writeImage(disk: Disk, folder: string, image: Image): Promise<void> {
  const beside = `${imagePath(folder)}.new`;
  if ((await disk.list(folder)).includes('image.new')) await disk.remove(beside);
  const file = await disk.open(beside, { create: true });
  try {
    await file.write(encodeImage(image), 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(beside, imagePath(folder));
  await disk.syncFolder(folder);
}

function encodeImage(image: Image): Uint8Array {
  const payload = utf8(JSON.stringify(image));
  const bytes = new Uint8Array(HEADER_SIZE + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, payload.length, true);
  view.setUint32(16, checksum(payload, 0, payload.length), true);
  bytes.set(payload, HEADER_SIZE);
  return bytes;
}

function decodeImage(bytes: Uint8Array, path: string): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOurs = bytes.length >= HEADER_SIZE && MAGIC.every((byte, i) => bytes[i] === byte);
  if (isOurs && view.getUint32(8, true) > VERSION) {
    throw new RutileError('placement.newer-format', `${path} was written by a newer Rutile`, { fields: { path } });
  }
  const payload = isOurs ? bytes.subarray(HEADER_SIZE, HEADER_SIZE + view.getUint32(12, true)) : bytes;
  if (
    !isOurs ||
    payload.length !== view.getUint32(12, true) ||
    checksum(payload, 0, payload.length) !== view.getUint32(16, true)
  ) {
    throw new RutileError('placement.corrupt', `${path} is damaged`, { fields: { path } });
  }
  return JSON.parse(fromUtf8(payload)) as Image;
}

function imagePath(folder: string): string {
  return `${folder}/image`;
}
