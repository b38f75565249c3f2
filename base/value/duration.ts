/** `Duration`: a TIME value, -838:59:59.999999 to 838:59:59.999999. */

export class Duration {
  /** Signed microseconds. */
  readonly micros: number;

  constructor(micros: number) {
    this.micros = micros;
  }
}
