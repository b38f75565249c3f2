/**
 * Byte strings: the ordered keys of everything below SQL. Order is unsigned and bytewise, a prefix comes before what it
 * begins. An absent upper bound is `undefined` here and empty bytes at the kv door; `nextPrefix` gives `undefined` when no
 * key lies above a prefix, so that both forms stay one expression away from each other.
 *
 * `compareBytes` is what every sorted structure in memory spends its time on: short keys are compared in a loop that the
 * compiler inlines (a call into the runtime costs about 50 ns, as much as thirty turns of the loop), long ones by the runtime.
 */
import { Buffer } from 'node:buffer';

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

/** Keys that agree in more bytes than this are compared by the runtime's memcmp from there on. */
const LOOP_BYTES_MAX = 40;

// hot: bench/micro/engine.ts
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const leftLength = left.length;
  const rightLength = right.length;
  const shared = leftLength < rightLength ? leftLength : rightLength;
  const looped = shared < LOOP_BYTES_MAX ? shared : LOOP_BYTES_MAX;
  for (let i = 0; i < looped; i++) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0) return difference;
  }
  if (looped < shared) return Buffer.compare(left, right);
  return leftLength - rightLength;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && compareBytes(left, right) === 0;
}

export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  if (bytes.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[i] !== prefix[i]) return false;
  return true;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** The smallest key above every key that begins with `prefix`; `undefined` when there is none (empty, or all 0xff). */
export function nextPrefix(prefix: Uint8Array): Uint8Array | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (prefix[i] === 0xff) continue;
    const next = copyBytes(prefix, 0, i + 1);
    next[i] = prefix[i]! + 1;
    return next;
  }
  return undefined;
}

/** The smallest key above `key`: itself and a zero byte. */
export function keyAfter(key: Uint8Array): Uint8Array {
  const after = new Uint8Array(key.length + 1);
  after.set(key);
  return after;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Throws a `RangeError` when the text is not an even number of hexadecimal digits. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new RangeError('not hexadecimal');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Invalid sequences become U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * Bytes of one's own. `slice` copies for a Uint8Array but shares memory when the array is a Node Buffer, which is what sockets and
 * gRPC hand in: whoever keeps or changes bytes of a caller takes them through here.
 */
export function copyBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes, start, end);
}
