/**
 * Looks at everything there is, which come round by a timer and take longer the more there is: they get one part in so many of the time, so that
 * a store of 20,000 regions is not busy with looking at them.
 */

const PARTS = 50;

export class ShareOfTime {
  private restMs = 0;

  isDue(nowMs: number): boolean {
    return nowMs >= this.restMs;
  }

  took(beganMs: number, endMs: number): void {
    this.restMs = endMs + (endMs - beganMs) * PARTS;
  }
}
