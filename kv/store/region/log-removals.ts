/**
 * Logs of peers that are no more. A log that takes nothing now, since its disk is full or much waits for it, is asked again: a peer that comes
 * later must not find what another promised, so nobody of that region begins here until the log is known to be forgotten.
 */
import { RutileError } from '../../../base/error.ts';
import type { World } from '../../../base/world.ts';
import type { RaftLog } from '../../log/raft-log.ts';

const RETRY_MS = 100;

export interface LogRemovalsOptions {
  readonly log: RaftLog;
  readonly world: World;
  readonly failed: (error: Error) => void;
}

export class LogRemovals {
  private readonly options: LogRemovalsOptions;
  private readonly waiting = new Set<number>();

  constructor(options: LogRemovalsOptions) {
    this.options = options;
  }

  forget(regionId: number): void {
    if (this.waiting.has(regionId)) return;
    this.waiting.add(regionId);
    this.remove(regionId);
  }

  /** Does the log, on disk too, hold nothing of the region? Otherwise that begins. */
  isClear(regionId: number): boolean {
    const { log } = this.options;
    if (log.state(regionId) !== undefined || log.lastIndex(regionId) > 0) this.forget(regionId);
    return !this.waiting.has(regionId);
  }

  private remove(regionId: number): void {
    const { log, world, failed } = this.options;
    log.removeRegion(regionId).then(
      () => this.waiting.delete(regionId),
      (error: unknown) => {
        const code = error instanceof RutileError ? error.code : '';
        if (code === 'disk.full' || code === 'log.overloaded')
          world.timers.after(RETRY_MS, () => this.remove(regionId));
        // The next start does it.
        else if (code !== 'log.closed') failed(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }
}
