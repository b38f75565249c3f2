/**
 * Reading a log back after whatever happened, and telling a torn tail from damage.
 *
 * Groups are numbered without gaps. At most two are being written at any time, so at a crash each of the last
 * two may be there, missing, or half there, in any combination, and neither was acknowledged unless all before it were durable:
 *
 *     ... | 41 acknowledged | 42 acknowledged | 43 half | 44 whole |
 *                                               ^ the hole: the log ends here, 44 is dropped with it
 *
 * A damaged sector in acknowledged data looks the same, a hole with whole groups behind it:
 *
 *     ... | 41 acknowledged | 42 DAMAGED | 43 acknowledged | 44 acknowledged |
 *
 * What tells them apart is `durable`, which each group carries: "every group below this was durable when I was handed to the
 * disk". 44 is handed over only after 42 is durable, and says so. Hence the rule: **a hole at group s is damage if any
 * whole group behind it, in this segment or a later one, has durable > s; otherwise it is the torn tail.** Groups behind a hole are found by
 * looking for their headers at every position where one may begin; the salt and the checksum leave no room for chance.
 *
 * What the rule cannot see: damage to the newest one or two groups, which no later group vouches for yet. So the log writes an empty
 * group when it has been quiet for a moment, and when it closes; from then on all data is vouched for (the header of such a group is there
 * twice, a page apart, so that one sector cannot hold both the newest data and its witness). Damage to exactly the newest groups within
 * that moment before a crash is taken for a torn write. A sector that the disk refuses to read is never taken
 * for one: it is an error at once.
 *
 * A dropped group must not come back: with 43 written again at the same place and size, 44 would fit behind it. Therefore the
 * log never goes on in a segment after a crash. Segments behind the hole are retired first (last one first), then a seal
 * takes the place of the hole and the rest of the file is cut off, then writing goes on in a new segment with a new salt. A
 * crash between these steps finds the same hole, and less behind it. Only after a `closed` group, with which nothing can have
 * been under way, is the segment continued; an empty group is made durable first, so that it does not end with `closed` any more.
 *
 * A segment that is left behind when full ends with a seal; a missing seal is a hole like any other.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type { DiskFile } from '../../base/world.ts';
import {
  DATA_OFFSET,
  decodeGroupHeader,
  decodeHeader,
  decodeOpening,
  decodeRecord,
  FORMAT_VERSION,
  GROUP_CLOSED,
  GROUP_HEADER_SIZE,
  GROUP_SEAL,
  type GroupHeader,
  HEADER_SIZE,
  OPENING_OFFSET,
  OPENING_SIZE,
  type RecordHeader,
  viewOf,
} from './format.ts';
import { Segment, type SegmentFiles } from './segment.ts';

const CHUNK_SIZE = 1024 * 1024;

export interface RecoveredRecord {
  readonly segment: Segment;
  readonly record: RecordHeader;
  /** Offset of the record in its segment. */
  readonly offset: number;
  /** The record's bytes lie in `bytes`, where `offset` of the segment is at `bytesOffset`. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly bytesOffset: number;
}

export interface Recovered {
  /** Oldest first, files open. */
  readonly segments: Segment[];
  /** Segments behind the hole, which hold nothing that counts. */
  readonly dropped: Segment[];
  /** The sequence that the next group gets. */
  readonly sequence: number;
  /** How the newest segment ends: it may be continued, or is sealed, or has a hole at its `end`. */
  readonly ending: 'closed' | 'sealed' | 'open';
}

/** Hands each whole record to `replay`, in order. Fails with `log.corrupt` or `log.newer-format`. */
export async function recover(files: SegmentFiles, replay: (record: RecoveredRecord) => void): Promise<Recovered> {
  const numbers = await files.list();
  const segments: Segment[] = [];
  try {
    for (const number of numbers) {
      const previous = segments.at(-1);
      if (previous && number !== previous.number + 1) {
        throw corrupt(files.pathOf(previous.number + 1), 0, 'a segment is missing');
      }
      segments.push(await openSegment(files, number));
    }
    return await scan(segments, replay);
  } catch (error) {
    for (const segment of segments) await segment.file?.close();
    throw error;
  }
}

async function openSegment(files: SegmentFiles, number: number): Promise<Segment> {
  const path = files.pathOf(number);
  const file = await files.open(path);
  try {
    const decoded = decodeHeader(await readAt(file, 0, HEADER_SIZE));
    if (decoded.kind === 'newer') {
      throw new RutileError(
        'log.newer-format',
        `${path} was written by a newer Rutile: its format is ${decoded.version}, this version reads up to ${FORMAT_VERSION}`,
        { fields: { path, version: decoded.version } },
      );
    }
    if (decoded.kind === 'damaged' || decoded.header.number !== number) throw corrupt(path, 0, 'the header is damaged');
    return new Segment(number, path, decoded.header.salt, await file.size(), file, DATA_OFFSET);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function scan(segments: readonly Segment[], replay: (record: RecoveredRecord) => void): Promise<Recovered> {
  let expected: number | undefined;
  let ending: Recovered['ending'] = 'sealed';
  for (const [position, segment] of segments.entries()) {
    const opening = decodeOpening(await readAt(segment.file!, OPENING_OFFSET, OPENING_SIZE), segment.salt);
    // A whole opening whose group is missing was written by a group that was dropped: only the first segment needs it.
    expected ??= opening;
    ending = 'open';
    const reader = new SegmentReader(segment);
    for (;;) {
      const group = await reader.group(segment.end, expected);
      if (!group) break;
      for (const record of group.records) replay(record);
      segment.end += group.header.size;
      expected = group.header.sequence + 1;
      ending = group.header.flags & GROUP_SEAL ? 'sealed' : group.header.flags & GROUP_CLOSED ? 'closed' : 'open';
      if (ending === 'sealed') break;
    }
    if (ending === 'sealed') continue;

    const later = segments.slice(position + 1);
    const behind: GroupHeader[] = [];
    await reader.findGroups(segment.end + 8, behind);
    for (const other of later) await new SegmentReader(other).findGroups(DATA_OFFSET, behind);
    const hole = expected ?? Math.min(...behind.map((group) => group.sequence)) - 1;
    const witness = behind.find((group) => group.durable > hole);
    if (witness)
      throw corrupt(
        segment.path,
        segment.end,
        `group ${hole} is damaged: group ${witness.sequence} was written when it was durable`,
      );
    return { segments: segments.slice(0, position + 1), dropped: later, sequence: expected ?? 1, ending };
  }
  return { segments: segments.slice(), dropped: [], sequence: expected ?? 1, ending };
}

class SegmentReader {
  private readonly segment: Segment;
  /** A window on the file: `bytes` lie at `start`. */
  private bytes: Uint8Array = new Uint8Array(0);
  private view = viewOf(this.bytes);
  private start = 0;

  constructor(segment: Segment) {
    this.segment = segment;
  }

  /** The whole group at `offset` with the expected sequence, `undefined` when there is none. */
  async group(
    offset: number,
    expected: number | undefined,
  ): Promise<{ header: GroupHeader; records: RecoveredRecord[] } | undefined> {
    const { segment } = this;
    if (offset + GROUP_HEADER_SIZE > segment.sizeBytes) return undefined;
    await this.load(offset, GROUP_HEADER_SIZE);
    const header = decodeGroupHeader(this.bytes, this.view, offset - this.start, segment.salt);
    if (!header || (expected !== undefined && header.sequence !== expected)) return undefined;
    if (header.size < GROUP_HEADER_SIZE || header.size % 8 !== 0 || offset + header.size > segment.sizeBytes)
      return undefined;
    await this.load(offset, header.size);
    const end = offset + header.size - this.start;
    const records: RecoveredRecord[] = [];
    let at = offset + GROUP_HEADER_SIZE - this.start;
    for (let i = 0; i < header.recordCount; i++) {
      const record = decodeRecord(this.bytes, this.view, at, end, segment.salt);
      if (!record) return undefined;
      records.push({
        segment,
        record,
        offset: at + this.start,
        bytes: this.bytes,
        view: this.view,
        bytesOffset: this.start,
      });
      at += record.size;
    }
    return { header, records };
  }

  /** Adds the headers of all groups that begin at `offset` or later, whether or not their records are whole. */
  async findGroups(offset: number, found: GroupHeader[]): Promise<void> {
    const { segment } = this;
    for (let from = offset; from < segment.sizeBytes; from += CHUNK_SIZE) {
      await this.load(from, Math.min(CHUNK_SIZE + GROUP_HEADER_SIZE, segment.sizeBytes - from));
      const end = Math.min(from + CHUNK_SIZE, segment.sizeBytes - GROUP_HEADER_SIZE + 1) - this.start;
      for (let at = from - this.start; at < end; at += 8) {
        if (this.view.getUint32(at + 8, true) !== segment.salt) continue;
        const header = decodeGroupHeader(this.bytes, this.view, at, segment.salt);
        if (header) found.push(header);
      }
    }
  }

  private async load(offset: number, size: number): Promise<void> {
    if (offset >= this.start && offset + size <= this.start + this.bytes.length) return;
    const count = Math.min(Math.max(size, CHUNK_SIZE), this.segment.sizeBytes - offset);
    this.bytes = await readAt(this.segment.file!, offset, count);
    assert(this.bytes.length >= size, 'a segment is shorter than its size');
    this.view = viewOf(this.bytes);
    this.start = offset;
  }
}

async function readAt(file: DiskFile, offset: number, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  const count = await file.read(bytes, offset);
  return bytes.subarray(0, count);
}

export function corrupt(path: string, offset: number, what: string): RutileError {
  return new RutileError('log.corrupt', `The log is damaged in ${path} at offset ${offset}: ${what}`, {
    fields: { path, offset },
  });
}
