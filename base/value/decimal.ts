/**
 * `Decimal`: exact decimal numbers as MySQL has them, at most 65 digits of which at most 30 after the point.
 *
 * The value is digits / 10^scale. `digits` is a `number` while it is a safe integer and a `bigint` beyond, never a bigint
 * that would fit a number: most money fits a double's 53 bits, and number arithmetic is ten times faster.
 */

export class Decimal {
  readonly digits: number | bigint;
  readonly scale: number;

  constructor(digits: number | bigint, scale: number) {
    this.digits = digits;
    this.scale = scale;
  }
}
