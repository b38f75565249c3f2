/**
 * The log: append-only segments shared by all regions, with group commit.
 *
 * An append is encoded at once into the open *group*, whose place in the file is known already, and its caller waits. The
 * group closes when the input that is already waiting has been handled (`timers.soon`), so everybody who came in one
 * turn shares one synced write. Up to `LIMITS.logWritesInFlightMax` groups are being written at a time:
 *
 *     turn 1   a b c  -> group 7 ─── write ──────────────┐ a b c acknowledged
 *     turn 2   d e    -> group 8 ────── write ───────┐ ..┘ d e: durable before 7, acknowledged after it
 *     turn 3   f g h  -> open, until 7 is done, then group 9 (which says: durable < 8)
 *
 * Acknowledgement is in order, whatever the disk's order is: the promise "everything before me is durable" is what a caller
 * relies on and what recovery counts on (`recovery.ts` is the other half of this essay).
 *
 * A failed write poisons the log: what the file holds there is unknown, so nothing may be promised any more. A disk
 * that has no room for another segment is found out ahead of time, since the next segment is made while this one fills;
 * then appends are refused with `disk.full` and nothing else happens, until room appears.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import { LIMITS } from '../../base/limits.ts';
import type { Timer, World } from '../../base/world.ts';
import {
  DATA_OFFSET,
  encodeGroupHeader,
  encodeOpening,
  encodeRecord,
  GROUP_CLOSED,
  GROUP_HEADER_SIZE,
  GROUP_SEAL,
  OPENING_OFFSET,
  OPENING_SIZE,
  RECORD_APPEND,
  RECORD_COUNT_MAX,
  RECORD_KEEP,
  RECORD_PURGE,
  RECORD_REMOVE,
  recordSize,
  viewOf,
} from './format.ts';
import { DiskWindow } from './disk-window.ts';
import { beforeAppend, beforeSync, injectedRefusal, injectedWrite } from './failpoints.ts';
import { type Done, Group } from './group.ts';
import type { LogAppend, LogEntry, LogState, RaftLog } from './raft-log.ts';
import { recover } from './recovery.ts';
import { RegionIndex } from './region-index.ts';
import { replay } from './replay.ts';
import { Segment, SegmentFiles } from './segment.ts';
import { type Slab, Tail } from './tail.ts';

export interface SegmentLogOptions {
  readonly folder: string;
  readonly segmentSizeBytes?: number;
  readonly tailSizeBytesMax?: number;
  readonly groupSizeBytesMax?: number;
  readonly writesInFlightMax?: number;
  readonly spareSegmentsMax?: number;
  /** Quiet time after which an empty group vouches for what was written last. */
  readonly idleMarkMs?: number;
}

const IDLE_MARK_MS = 100;
/** The next segment is made when this share of the current one is used. */
const PREPARE_AT = 0.5;
/** After the disk was full, creation is tried again no sooner. */
const CREATE_RETRY_MS = 1000;

const MARK_PAGE_SIZE = 4096;
const MARK_SIZE_MAX = MARK_PAGE_SIZE + GROUP_HEADER_SIZE;

export class SegmentLog implements RaftLog {
  private readonly world: World;
  private readonly files: SegmentFiles;
  private readonly tail: Tail;
  private readonly lock: { release(): Promise<void> };
  private readonly options: Required<SegmentLogOptions>;
  private readonly regionIndexes = new Map<number, RegionIndex>();
  /** Oldest first; the last one takes the appends. */
  private readonly segments: Segment[] = [];
  private slab!: Slab;
  private openGroup: Group | undefined;
  private closedGroups: Group[] = [];
  private writing: Group[] = [];
  private pendingBytes = 0;
  private sequence = 1;
  /** Every group below it is durable and acknowledged. */
  private durable = 1;
  private scheduled = false;
  private failure: RutileError | undefined;
  private next: Segment | undefined;
  private creating: Promise<void> | undefined;
  private diskFull: RutileError | undefined;
  private retryCreateAtMs = 0;
  private reclaiming = false;
  private retiring: Promise<void> = Promise.resolve();
  private idleTimer: Timer | undefined;
  private idleSequence = 0;
  private drained: (() => void)[] = [];
  private closed = false;

  /** Fails with `log.corrupt`, `log.newer-format`, `disk.locked`, `disk.full`, `disk.io`. */
  static async open(world: World, options: SegmentLogOptions): Promise<SegmentLog> {
    await world.disk.makeFolder(options.folder);
    const lock = await world.disk.lock(`${options.folder}/LOCK`);
    try {
      const log = new SegmentLog(world, options, lock);
      await log.recover();
      return log;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  private constructor(world: World, options: SegmentLogOptions, lock: { release(): Promise<void> }) {
    this.world = world;
    this.lock = lock;
    this.options = {
      folder: options.folder,
      segmentSizeBytes: options.segmentSizeBytes ?? LIMITS.logSegmentSizeBytes,
      tailSizeBytesMax: options.tailSizeBytesMax ?? LIMITS.logTailSizeBytesMax,
      groupSizeBytesMax: options.groupSizeBytesMax ?? LIMITS.logGroupSizeBytesMax,
      writesInFlightMax: options.writesInFlightMax ?? LIMITS.logWritesInFlightMax,
      spareSegmentsMax: options.spareSegmentsMax ?? LIMITS.logSpareSegmentsMax,
      idleMarkMs: options.idleMarkMs ?? IDLE_MARK_MS,
    };
    assert(
      this.options.writesInFlightMax === 1 || this.options.writesInFlightMax === 2,
      'recovery reckons with two writes at most',
    );
    assert(
      this.options.segmentSizeBytes % 8 === 0 && this.options.segmentSizeBytes >= 4 * DATA_OFFSET,
      'a segment too small',
    );
    this.files = new SegmentFiles(world, options.folder, this.options.segmentSizeBytes, this.options.spareSegmentsMax);
    this.tail = new Tail(
      this.options.tailSizeBytesMax,
      Math.min(this.options.groupSizeBytesMax, this.options.segmentSizeBytes),
    );
  }

  /** What fits in an empty segment. */
  get appendSizeBytesMax(): number {
    return this.options.segmentSizeBytes - DATA_OFFSET - 2 * GROUP_HEADER_SIZE - 8;
  }

  append(append: LogAppend): Promise<void> {
    return new Promise((resolve, reject) => {
      const refusal = this.appendThen(append, (error) => (error ? reject(error) : resolve()));
      if (refusal !== undefined) reject(refusal);
    });
  }

  // hot: bench/micro/log.ts
  appendThen(append: LogAppend, done: Done): RutileError | undefined {
    const size = recordSize(append);
    const refusal = this.refusal(size) ?? (beforeAppend.armed ? injectedRefusal(this.world) : undefined);
    if (refusal) return refusal;
    const { regionId, entries, state } = append;
    let region = this.regionIndexes.get(regionId);
    const first = entries.length > 0 ? entries[0]!.index : region ? region.last + 1 : 1;
    if (!region) {
      region = new RegionIndex(regionId, first);
      this.regionIndexes.set(regionId, region);
    }
    if (entries.length > 0) {
      // A region that has only a state so far begins where its first entry does.
      if (!region.started) region.first = first;
      assert(first >= region.first && first <= region.last + 1, 'an append leaves a gap in the log');
    }
    const group = this.room(size);
    const { slab, segment } = group;
    const offset = group.end;
    let dataAt =
      encodeRecord(slab.bytes, slab.view, offset, segment.salt, RECORD_APPEND, first, size, append) + slab.base;
    if (entries.length > 0) region.truncate(first);
    for (let i = 0; i < entries.length; i++) {
      const { index, term, data } = entries[i]!;
      assert(index === first + i, 'appended entries are not dense');
      region.add(segment, term, offset + slab.base, dataAt, data.length);
      dataAt += data.length;
    }
    if (state) {
      region.state = state;
      region.stateSegment = segment;
    }
    this.advance(group, size);
    group.waiters.push(done);
    this.schedule();
    return undefined;
  }

  async read(regionId: number, lower: number, upper: number, sizeBytesMax: number): Promise<readonly LogEntry[]> {
    const region = this.regionIndexes.get(regionId);
    const end = region ? Math.min(upper, region.last + 1) : lower;
    if (!region || lower >= end) return [];
    assert(lower >= region.first, 'entries were read that a purge has removed');
    const entries: LogEntry[] = [];
    const { truncations } = region;
    const window = new DiskWindow();
    let size = 0;
    try {
      for (let index = lower; index < end; index++) {
        // A read may have waited: what follows may have been purged, or written over by a new leader.
        if (entries.length > 0 && (region.truncations !== truncations || !region.has(index))) break;
        size += region.size(index);
        if (entries.length > 0 && size > sizeBytesMax) break;
        const term = region.term(index);
        const segment = region.segment(index);
        const data =
          this.tail.read(segment, region.offset(index), region.size(index)) ??
          window.slice(segment, region.record(index), region.offset(index), region.size(index)) ??
          (await window.load(segment, region.record(index), region.offset(index), region.size(index)));
        entries.push({ index, term, data });
      }
    } finally {
      if (window.release()) this.reclaim();
    }
    return entries;
  }

  firstIndex(regionId: number): number {
    return this.regionIndexes.get(regionId)?.first ?? 1;
  }

  lastIndex(regionId: number): number {
    return this.regionIndexes.get(regionId)?.last ?? 0;
  }

  term(regionId: number, index: number): number | undefined {
    const region = this.regionIndexes.get(regionId);
    return region?.has(index) ? region.term(index) : undefined;
  }

  state(regionId: number): LogState | undefined {
    return this.regionIndexes.get(regionId)?.state;
  }

  regions(): readonly number[] {
    return [...this.regionIndexes.keys()].sort((left, right) => left - right);
  }

  purge(regionId: number, index: number): void {
    const region = this.regionIndexes.get(regionId);
    if (!region || index <= region.first) return;
    const size = recordSize(NOTHING);
    if (this.refusal(size)) return;
    region.purge(index);
    this.writeRecord(RECORD_PURGE, index, { regionId, entries: [] });
    region.purgeSegment = this.segments.at(-1)!;
    this.reclaim();
  }

  async removeRegion(regionId: number): Promise<void> {
    const region = this.regionIndexes.get(regionId);
    if (!region) return;
    const refusal = this.refusal(recordSize(NOTHING));
    if (refusal) throw refusal;
    region.purge(region.last + 1);
    this.regionIndexes.delete(regionId);
    await new Promise<void>((resolve, reject) => {
      this.writeRecord(RECORD_REMOVE, 0, { regionId, entries: [] }).push((error) =>
        error ? reject(error) : resolve(),
      );
    });
    this.reclaim();
  }

  /** Of the files, allocated. */
  get sizeBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }

  /** For metrics and tests. */
  get statistics(): {
    readonly segments: number;
    readonly spares: number;
    readonly tailBytes: number;
    readonly groups: number;
    readonly pendingBytes: number;
  } {
    return {
      segments: this.segments.length,
      spares: this.files.spareCount,
      tailBytes: this.tail.sizeBytes,
      groups: this.sequence - 1,
      pendingBytes: this.pendingBytes,
    };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.idleTimer?.cancel();
    if (!this.failure) {
      this.closeGroup();
      // On a full disk there may be no room for it: the next start finds a log that just ends.
      if (!this.diskFull || this.fits(this.segments.at(-1)!, MARK_SIZE_MAX)) {
        this.writeMark(GROUP_CLOSED);
      }
      await this.drain();
    }
    await this.creating;
    await this.retiring;
    if (this.next) await this.next.file?.close();
    for (const segment of this.segments) {
      while (segment.readers > 0) await new Promise<void>((resolve) => this.world.timers.soon(resolve));
      await segment.file?.close();
    }
    await this.lock.release();
    if (this.failure) throw this.failure;
  }

  // ---- groups ----

  private refusal(size: number): RutileError | undefined {
    if (this.failure) return this.failure;
    if (this.closed) return new RutileError('log.closed', 'The log is closed');
    if (size > this.appendSizeBytesMax) {
      return new RutileError('log.too-large', `An entry of ${size} bytes does not fit in a segment of the log`, {
        fields: { size },
      });
    }
    if (this.pendingBytes + size > LIMITS.logPendingSizeBytesMax) {
      return new RutileError('log.overloaded', 'Too much waits for the disk of the log', { retry: 'same' });
    }
    if (this.diskFull && !this.fits(this.segments.at(-1)!, size)) {
      this.prepare();
      return this.diskFull;
    }
    return undefined;
  }

  /** Whether a record fits in the segment, with a group header before it and a seal behind it. */
  private fits(segment: Segment, size: number): boolean {
    const at =
      this.openGroup?.segment === segment
        ? this.openGroup.end + this.openGroup.slab.base
        : segment.end + GROUP_HEADER_SIZE;
    return at + size + 8 + GROUP_HEADER_SIZE <= segment.sizeBytes;
  }

  /** The open group, with room for a record of `size` bytes at its end. */
  private room(size: number): Group {
    const open = this.openGroup;
    if (open) {
      const fits = open.end + size + 8 <= open.slab.bytes.length && this.fits(open.segment, size);
      const small = open.end - open.start + size <= this.options.groupSizeBytesMax || open.recordCount === 0;
      if (fits && small && open.recordCount < RECORD_COUNT_MAX) return open;
      this.closeGroup();
    }
    let segment = this.segments.at(-1)!;
    if (!this.fits(segment, size)) segment = this.turnOver();
    return (this.openGroup = this.beginGroup(segment, size));
  }

  private beginGroup(segment: Segment, size: number): Group {
    const isFirst = segment.end === DATA_OFFSET;
    const opening = isFirst ? OPENING_SIZE : 0;
    const needed = opening + GROUP_HEADER_SIZE + size + 8;
    if (this.slab.segment !== segment || this.slab.used + needed > this.slab.bytes.length) {
      this.slab = this.tail.begin(segment, isFirst ? OPENING_OFFSET : segment.end, needed);
    }
    const slab = this.slab;
    const writeStart = slab.used;
    if (isFirst) encodeOpening(slab.bytes, slab.view, writeStart, segment.salt, this.sequence);
    const group = new Group(this.sequence++, segment, slab, writeStart, writeStart + opening);
    assert(group.start + slab.base === segment.end, 'a group begins where the last one ended');
    slab.used = group.end;
    slab.pending++;
    this.pendingBytes += GROUP_HEADER_SIZE;
    return group;
  }

  private advance(group: Group, size: number): void {
    group.end += size;
    group.recordCount++;
    group.slab.used = group.end;
    this.pendingBytes += size;
  }

  /** A record without entries; returns the waiters of its group. */
  private writeRecord(kind: number, index: number, append: LogAppend): Done[] {
    const size = recordSize(append);
    const group = this.room(size);
    encodeRecord(group.slab.bytes, group.slab.view, group.end, group.segment.salt, kind, index, size, append);
    this.advance(group, size);
    this.schedule();
    return group.waiters;
  }

  private schedule(): void {
    if (this.scheduled || this.writing.length >= this.options.writesInFlightMax) return;
    this.scheduled = true;
    this.world.timers.soon(this.onSoon);
  }

  private readonly onSoon = (): void => {
    this.scheduled = false;
    // With all writes under way the group stays open: the next one that ends comes back here.
    if (this.writing.length + this.closedGroups.length < this.options.writesInFlightMax) this.closeGroup();
  };

  private closeGroup(): void {
    const group = this.openGroup;
    if (!group) return;
    this.openGroup = undefined;
    const { slab, segment } = group;
    const end = (group.end + 7) & ~7;
    slab.bytes.fill(0, group.end, end);
    this.pendingBytes += end - group.end;
    group.end = end;
    slab.used = end;
    segment.end = end + slab.base;
    this.closedGroups.push(group);
    this.pump();
  }

  private pump(): void {
    while (this.closedGroups.length > 0 && this.writing.length < this.options.writesInFlightMax && !this.failure) {
      const group = this.closedGroups[0]!;
      const file = group.segment.file;
      if (!file) return;
      this.closedGroups.shift();
      this.writing.push(group);
      const { slab } = group;
      encodeGroupHeader(slab.bytes, slab.view, group.start, group.segment.salt, {
        size: group.end - group.start,
        recordCount: group.recordCount,
        flags: group.flags,
        sequence: group.sequence,
        durable: this.durable,
      });
      if (group.copyAt > 0) slab.bytes.copyWithin(group.copyAt, group.start, group.start + GROUP_HEADER_SIZE);
      const bytes = slab.bytes.subarray(group.writeStart, group.end);
      const at = group.writeStart + slab.base;
      (beforeSync.armed ? injectedWrite(this.world, file, bytes, at) : file.write(bytes, at)).then(
        () => this.onWritten(group, undefined),
        (error: unknown) => this.onWritten(group, error),
      );
    }
  }

  private onWritten(group: Group, error: unknown): void {
    if (this.failure) return;
    group.written = true;
    if (error !== undefined) group.failure = poison(error, group.segment.path);
    // In order: a group that overtook another waits for it.
    while (this.writing.length > 0 && this.writing[0]!.written) {
      const head = this.writing[0]!;
      if (head.failure) {
        this.fail(head.failure);
        return;
      }
      this.writing.shift();
      this.durable = head.sequence + 1;
      head.slab.pending--;
      this.pendingBytes -= head.end - head.start;
      for (let i = 0; i < head.waiters.length; i++) head.waiters[i]!(undefined);
    }
    this.pump();
    if (this.openGroup) this.schedule();
    if (this.writing.length === 0 && this.closedGroups.length === 0 && !this.openGroup) this.onIdle();
    const current = this.segments.at(-1)!;
    if (!this.next && current.end > current.sizeBytes * PREPARE_AT) this.prepare();
    if (this.segments.length > 1) this.reclaim();
  }

  private fail(failure: RutileError): void {
    this.failure = failure;
    this.idleTimer?.cancel();
    const groups = [...this.writing, ...this.closedGroups, ...(this.openGroup ? [this.openGroup] : [])];
    this.writing = [];
    this.closedGroups = [];
    this.openGroup = undefined;
    for (const group of groups) for (const done of group.waiters) done(failure);
    for (const wake of this.drained.splice(0)) wake();
  }

  private onIdle(): void {
    for (const wake of this.drained.splice(0)) wake();
    if (this.idleTimer || this.closed || this.idleSequence === this.sequence) return;
    const seen = this.sequence;
    this.idleTimer = this.world.timers.after(this.options.idleMarkMs, () => {
      this.idleTimer = undefined;
      if (this.failure || this.closed || this.openGroup || this.writing.length > 0) return;
      if (seen !== this.sequence) {
        this.onIdle();
        return;
      }
      if (this.refusal(MARK_SIZE_MAX)) return;
      this.writeMark(0);
      // The mark itself needs no other to vouch for it: it holds nothing.
      this.idleSequence = this.sequence;
    });
  }

  /**
   * Writes an empty group that vouches for all before it. Its header is there twice, in two pages: one damaged sector must not
   * take both the newest data and what vouches for it.
   */
  private writeMark(flags: number): void {
    const group = this.room(MARK_SIZE_MAX);
    const { base, bytes } = group.slab;
    const before = group.end;
    group.flags = flags;
    group.copyAt = Math.ceil((before + base) / MARK_PAGE_SIZE) * MARK_PAGE_SIZE - base;
    group.end = group.copyAt + GROUP_HEADER_SIZE;
    bytes.fill(0, before, group.end);
    this.pendingBytes += group.end - before;
    this.closeGroup();
  }

  private async drain(): Promise<void> {
    while (!this.failure && (this.writing.length > 0 || this.closedGroups.length > 0 || this.openGroup)) {
      await new Promise<void>((resolve) => this.drained.push(resolve));
    }
  }

  // ---- segments ----

  /** Seals the current segment and goes on in the next one, which may still be in the making. */
  private turnOver(): Segment {
    const full = this.segments.at(-1)!;
    const seal = this.beginGroup(full, 0);
    seal.flags = GROUP_SEAL;
    this.openGroup = seal;
    this.closeGroup();
    if (!this.next) this.prepare(true);
    const segment = this.next!;
    this.next = undefined;
    this.segments.push(segment);
    return segment;
  }

  /** Begins to make the next segment, unless that is under way. */
  private prepare(atOnce = false): void {
    if (this.next) return;
    if (!atOnce && this.diskFull && this.world.clock.monotonicMs() < this.retryCreateAtMs) return;
    const number = this.segments.at(-1)!.number + 1;
    const segment = new Segment(
      number,
      this.files.pathOf(number),
      this.files.drawSalt(),
      this.options.segmentSizeBytes,
      undefined,
      DATA_OFFSET,
    );
    this.next = segment;
    this.creating = this.create(segment, this.creating);
  }

  /** One after another: after a crash no segment may be missing among its neighbours. */
  private async create(segment: Segment, before: Promise<void> | undefined): Promise<void> {
    await before;
    await this.retiring;
    try {
      if (this.failure) throw this.failure;
      segment.file = await this.files.create(segment);
      this.diskFull = undefined;
      this.pump();
    } catch (error) {
      const failure = poison(error, segment.path);
      if (this.segments.includes(segment)) {
        // Appends have been promised a place in it.
        if (!this.failure) this.fail(failure);
      } else {
        this.next = undefined;
        if (failure.code !== 'disk.full') {
          if (!this.failure) this.fail(failure);
          return;
        }
        this.diskFull = failure;
        this.retryCreateAtMs = this.world.clock.monotonicMs() + CREATE_RETRY_MS;
      }
    }
  }

  /** Retires the oldest segments that no region needs. What idle regions still have there (state, purge point) is copied first. */
  private reclaim(): void {
    if (this.reclaiming || this.failure || this.closed) return;
    const oldest = this.segments[0]!;
    if (this.segments.length < 2 || oldest.liveEntries > 0 || oldest.readers > 0 || !oldest.file) return;
    if (this.refusal(GROUP_HEADER_SIZE + recordSize(NOTHING))) return;
    this.reclaiming = true;
    for (const region of this.regionIndexes.values()) {
      if (region.stateSegment !== oldest && region.purgeSegment !== oldest) continue;
      this.writeRecord(RECORD_KEEP, region.started ? region.first : 0, {
        regionId: region.regionId,
        entries: [],
        state: region.state,
      });
      const current = this.segments.at(-1)!;
      if (region.state) region.stateSegment = current;
      region.purgeSegment = current;
    }
    // Also when nothing was copied: the purge that emptied the segment must be durable before the file goes.
    this.room(GROUP_HEADER_SIZE).waiters.push((error) => {
      this.reclaiming = false;
      if (error || oldest.readers > 0 || this.segments[0] !== oldest || this.segments.length < 2) return;
      this.segments.shift();
      this.tail.forget(oldest);
      this.retiring = this.retire(oldest);
      this.reclaim();
    });
    this.schedule();
  }

  private async retire(segment: Segment): Promise<void> {
    await this.retiring;
    try {
      await this.files.retire(segment);
    } catch (error) {
      // The file stays and is read again after a restart: its purges follow in later segments. Nothing is lost.
      if (!this.failure) this.fail(poison(error, segment.path));
    }
  }

  // ---- start ----

  private async recover(): Promise<void> {
    const recovered = await recover(this.files, (record) => replay(this.regionIndexes, record));
    for (const segment of recovered.dropped.toReversed()) await this.files.retire(segment);
    this.segments.push(...recovered.segments);
    this.sequence = recovered.sequence;
    let current = this.segments.at(-1);
    if (current && recovered.ending === 'open') await this.sealHole(current);
    if (!current || recovered.ending !== 'closed' || current.sizeBytes < this.options.segmentSizeBytes) {
      if (current && recovered.ending === 'closed') await this.sealHole(current);
      const number = (current?.number ?? 0) + 1;
      current = new Segment(
        number,
        this.files.pathOf(number),
        this.files.drawSalt(),
        this.options.segmentSizeBytes,
        undefined,
        DATA_OFFSET,
      );
      current.file = await this.files.create(current);
      this.segments.push(current);
    }
    this.durable = this.sequence;
    this.slab = this.tail.begin(current, current.end === DATA_OFFSET ? OPENING_OFFSET : current.end, 0);
    // From here on the log does not end with `closed` any more.
    this.room(GROUP_HEADER_SIZE);
    this.closeGroup();
    await this.drain();
    if (this.failure) throw this.failure;
    this.idleSequence = this.sequence;
    this.reclaim();
  }

  /** Ends a segment where it was torn, and gives back what lies behind. */
  private async sealHole(segment: Segment): Promise<void> {
    assert(segment.file, 'a recovered segment is open');
    if (segment.end + GROUP_HEADER_SIZE > segment.sizeBytes) {
      await segment.file.truncate(segment.end + GROUP_HEADER_SIZE);
      segment.sizeBytes = segment.end + GROUP_HEADER_SIZE;
    }
    const isFirst = segment.end === DATA_OFFSET;
    const size = (isFirst ? OPENING_SIZE : 0) + GROUP_HEADER_SIZE;
    const bytes = new Uint8Array(size);
    const view = viewOf(bytes);
    const start = size - GROUP_HEADER_SIZE;
    if (isFirst) encodeOpening(bytes, view, 0, segment.salt, this.sequence);
    const seal = {
      size: GROUP_HEADER_SIZE,
      recordCount: 0,
      flags: GROUP_SEAL,
      sequence: this.sequence,
      durable: this.sequence,
    };
    encodeGroupHeader(bytes, view, start, segment.salt, seal);
    await segment.file.write(bytes, segment.end - start);
    this.sequence++;
    segment.end += GROUP_HEADER_SIZE;
    await segment.file.truncate(segment.end);
    await segment.file.sync();
    segment.sizeBytes = segment.end;
  }
}

const NOTHING: LogAppend = { regionId: 0, entries: [] };

function poison(error: unknown, path: string): RutileError {
  if (error instanceof RutileError && error.code === 'disk.full') return error;
  return new RutileError(
    'log.failed',
    `Writing the log failed in ${path}: ${(error as Error).message}. It accepts nothing more until a restart`,
    {
      cause: error,
      fields: { path },
    },
  );
}
