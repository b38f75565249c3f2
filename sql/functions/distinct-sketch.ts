/**
 * `DistinctSketch`: an estimate of how many different texts were added, in a fixed 4 KiB: HyperLogLog with 4096 registers, about
 * 1.6 % off. Small counts use the empty registers (linear counting). Used by APPROX_COUNT_DISTINCT; sketches merge.
 */
const BITS = 12;
const REGISTERS = 1 << BITS;

export class DistinctSketch {
  private readonly registers = new Uint8Array(REGISTERS);
  readonly sizeBytes = REGISTERS;

  add(text: string): void {
    const hash = hash32(text);
    const rest = hash32(text + '\u0001');
    const register = hash >>> (32 - BITS);
    const rank = Math.clz32(rest) + 1;
    if (rank > this.registers[register]!) this.registers[register] = rank;
  }

  merge(other: DistinctSketch): void {
    for (let at = 0; at < REGISTERS; at++) {
      if (other.registers[at]! > this.registers[at]!) this.registers[at] = other.registers[at]!;
    }
  }

  estimate(): number {
    let sum = 0;
    let empty = 0;
    for (const rank of this.registers) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
    return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
  }
}

/** FNV-1a over UTF-16 units, then a finaliser that spreads the low bits. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
