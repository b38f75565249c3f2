/**
 * The file of a LOAD DATA LOCAL INFILE on its way in: chunks the client sends, given to the loader as an async iterable.
 * At most a few chunks wait; then the socket is paused, so a fast client cannot fill memory. After the loader failed the rest is
 * thrown away, but read to its end, since the client reads no answer before it has sent everything.
 */

import { SqlError } from '../../base/error.ts';
import type { Timer, Timers } from '../../base/world.ts';

/** How often it is seen whether a file still comes. */
const WATCH_MS = 1000;
const WAITING_BYTES_MAX = 1024 * 1024;

export class LocalInfile implements AsyncIterable<Uint8Array> {
  /** Sequence number of the answer after the empty packet. */
  answerSequence = 0;
  private readonly flow: { pause(): void; resume(): void };
  private chunks: Uint8Array[] = [];
  private waitingBytes = 0;
  private paused = false;
  private finished = false;
  /** Pieces so far. */
  private heard = 0;
  private discarding = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(flow: { pause(): void; resume(): void }) {
    this.flow = flow;
  }

  /** Ends it, and tells so, when the client has sent nothing for so long and was not asked to wait. */
  watch(timers: Timers, timeoutMs: number, onSilence: () => void): Timer {
    let seen = this.heard;
    let silentMs = 0;
    return timers.every(WATCH_MS, () => {
      silentMs = this.paused || this.heard !== seen ? 0 : silentMs + WATCH_MS;
      seen = this.heard;
      if (silentMs < timeoutMs) return;
      this.abort(new SqlError(1159, '08S01', 'Got timeout reading communication packets'));
      onSilence();
    });
  }

  push(chunk: Uint8Array): void {
    this.heard++;
    if (this.discarding) return;
    this.chunks.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes > WAITING_BYTES_MAX && !this.paused) {
      this.paused = true;
      this.flow.pause();
    }
    this.notify();
  }

  finish(answerSequence: number): void {
    this.answerSequence = answerSequence;
    this.finished = true;
    this.notify();
  }

  /** The client went away in the middle. */
  abort(error: Error): void {
    this.failure ??= error;
    this.finished = true;
    this.notify();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      if (this.failure) throw this.failure;
      const chunk = this.chunks.shift();
      if (chunk !== undefined) {
        this.waitingBytes -= chunk.length;
        if (this.paused && this.waitingBytes < WAITING_BYTES_MAX / 2) this.unpause();
        yield chunk;
      } else if (this.finished) return;
      else await this.more();
    }
  }

  /** Resolves after the empty packet. */
  async drainToEnd(): Promise<void> {
    this.discarding = true;
    this.chunks = [];
    this.waitingBytes = 0;
    if (this.paused) this.unpause();
    while (!this.finished) await this.more();
  }

  private unpause(): void {
    this.paused = false;
    this.flow.resume();
  }

  private more(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private notify(): void {
    const wake = this.wake;
    this.wake = undefined;
    wake?.();
  }
}
