/**
 * When a thread looks into its ring: as soon as it is woken, then once in every turn of its event loop for a while, then no more until it is woken again. Waking a
 * thread that sleeps costs its waker several microseconds and the answer more, so under load nobody sleeps; looking costs a turn that does nothing else, so
 * after `AWAKE_MS` without a frame it stops.
 */
import type { RingReader } from './ring.ts';

const AWAKE_MS = 0.02;
/** Frames in one turn: then other work of the thread has its turn. */
const FRAMES_PER_TURN = 256;

export class Turns {
  private readonly reader: RingReader;
  private looking = false;
  private lastFrame = 0;
  private stopped = false;
  private readonly look: () => void;

  constructor(reader: RingReader) {
    this.reader = reader;
    this.look = () => this.turn();
  }

  /** The writer has woken this thread, or frames are expected soon. */
  awake(): void {
    if (this.looking) return;
    this.looking = true;
    this.lastFrame = performance.now();
    this.turn();
  }

  stop(): void {
    this.stopped = true;
  }

  // hot
  private turn(): void {
    if (this.stopped) return;
    if (this.reader.read(FRAMES_PER_TURN) > 0) {
      this.lastFrame = performance.now();
    } else if (performance.now() - this.lastFrame > AWAKE_MS && this.reader.sleep()) {
      this.looking = false;
      return;
    }
    setImmediate(this.look);
  }
}
