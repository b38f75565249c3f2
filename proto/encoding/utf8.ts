/**
 * UTF-8 to strings. Stored text is short and mostly ASCII; building such a string in JavaScript is cheaper than the call
 * into the runtime's decoder up to about two dozen characters. Malformed bytes become U+FFFD, as everywhere in Node.
 */
import { Buffer } from 'node:buffer';

const fromCharCode = String.fromCharCode;

interface NativeSlices {
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  latin1Slice(this: Uint8Array, start: number, end: number): string;
}

const native = Buffer.prototype as unknown as NativeSlices;

// hot: bench/micro/encoding.ts
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  const size = end - start;
  if (size > 24) return native.utf8Slice.call(bytes, start, end);
  let text = '';
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const a = bytes[i]!;
    const b = bytes[i + 1]!;
    const c = bytes[i + 2]!;
    const d = bytes[i + 3]!;
    if ((a | b | c | d) > 127) return native.utf8Slice.call(bytes, start, end);
    text += fromCharCode(a, b, c, d);
  }
  for (; i < end; i++) {
    const code = bytes[i]!;
    if (code > 127) return native.utf8Slice.call(bytes, start, end);
    text += fromCharCode(code);
  }
  return text;
}
