/**
 * `DiskRoom`: looks every second how much of the volume is free and has writes refused with `disk.full` before there is none.
 * The reserve is for those who must go on whatever happens: the log's next segment, the engine's flushes, what is already
 * proposed. A store that stops in time goes on by itself when room comes back; an engine that ran into the end of the disk would need
 * a restart.
 */
import { RutileError } from '../../base/error.ts';
import type { Timer, World } from '../../base/world.ts';

const EVERY_MS = 1000;
/** Writes go on when a quarter more than the reserve is free, so that the state does not flutter. */
const HYSTERESIS = 1.25;

export class DiskRoom {
  /** Why writes are refused, if they are. */
  refusal: RutileError | undefined = undefined;
  private readonly world: World;
  private readonly folder: string;
  private readonly reserveBytes: number;
  private readonly timer: Timer;

  constructor(world: World, folder: string, reserveBytes: number) {
    this.world = world;
    this.folder = folder;
    this.reserveBytes = reserveBytes;
    this.timer = world.timers.every(EVERY_MS, () => void this.look());
  }

  async look(): Promise<void> {
    let free: number;
    try {
      free = await this.world.disk.freeBytes(this.folder);
    } catch {
      // Nobody can say: the log and the engine will.
      return;
    }
    const wanted = this.refusal === undefined ? this.reserveBytes : this.reserveBytes * HYSTERESIS;
    const mib = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;
    this.refusal =
      free >= wanted
        ? undefined
        : new RutileError('disk.full', `${mib(free)} are free, and ${mib(this.reserveBytes)} are kept back`, {
            retry: 'same',
            fields: { free },
          });
  }

  close(): void {
    this.timer.cancel();
  }
}
