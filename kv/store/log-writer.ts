/**
 * What a region's Raft member wants written, in order: one write after another goes to the log, except that
 *
 *   - behind one that brings a snapshot the others wait until the region is that snapshot;
 *   - while the log takes nothing (its disk is full, too much waits) all of them wait, and it is asked again;
 *   - entries that do not fit in one append go in several, of which the last answers.
 */
import type { RutileError } from '../../base/error.ts';
import type { Timers } from '../../base/world.ts';
import { countInAppend, type RaftLog } from '../log/index.ts';
import type { LogWrite, Snapshot } from '../raft/index.ts';

const ROOM_RETRY_MS = 100;

export interface LogWriterOptions {
  readonly regionId: number;
  readonly log: RaftLog;
  readonly timers: Timers;
  /** The region becomes the snapshot; resolves when it is durable and applied. */
  readonly restore: (snapshot: Snapshot) => Promise<void>;
  readonly persisted: (token: number) => void;
  /** Nothing is written after it. */
  readonly failed: (error: Error) => void;
  /** True: whatever waits is of no use any more. */
  readonly isOver: () => boolean;
}

export class LogWriter {
  /** Why the log takes nothing. */
  stalledBy: RutileError | undefined = undefined;
  private readonly options: LogWriterOptions;
  private held: LogWrite[] | undefined = undefined;

  constructor(options: LogWriterOptions) {
    this.options = options;
  }

  // hot
  write(write: LogWrite): void {
    if (this.held !== undefined) this.held.push(write);
    else if (write.snapshot !== undefined) this.restore(write, write.snapshot);
    else this.append(write);
  }

  /** The term is durable before what was decided in it; then the region, then what comes behind it in the log. */
  private restore({ token, entries, state }: LogWrite, snapshot: Snapshot): void {
    const { log, regionId, restore, failed, isOver } = this.options;
    this.held = [];
    const stated = state === undefined ? Promise.resolve() : log.append({ regionId, entries: [], state });
    stated
      .then(() => restore(snapshot))
      .then(
        () => {
          if (!isOver()) this.goOn({ token, entries, state: undefined, snapshot: undefined });
        },
        (error: unknown) => failed(error instanceof Error ? error : new Error(String(error))),
      );
  }

  // hot
  private append(write: LogWrite): void {
    const { log, regionId, persisted, failed, isOver } = this.options;
    const { token, entries, state } = write;
    const count = countInAppend(entries, log.appendSizeBytesMax);
    const isAll = count === entries.length;
    const append = { regionId, entries: isAll ? entries : entries.slice(0, count), ...(state === undefined ? {} : { state }) }; // prettier-ignore
    const refusal = log.appendThen(append, (error) => {
      if (isOver()) return;
      if (error !== undefined) failed(error);
      else if (isAll) persisted(token);
    });
    if (refusal !== undefined) this.waitForRoom(write, refusal);
    else if (!isAll) this.append({ ...write, entries: entries.slice(count), state: undefined });
  }

  private waitForRoom(write: LogWrite, refusal: RutileError): void {
    const { timers, failed, isOver } = this.options;
    if (refusal.code !== 'disk.full' && refusal.code !== 'log.overloaded') return failed(refusal);
    this.stalledBy = refusal;
    this.held = [];
    timers.after(ROOM_RETRY_MS, () => {
      if (!isOver()) this.goOn(write);
    });
  }

  /** With `first`, and what waited behind it. */
  private goOn(first: LogWrite): void {
    const held = this.held!;
    this.stalledBy = undefined;
    this.held = undefined;
    for (const one of [first, ...held]) this.write(one);
  }
}
