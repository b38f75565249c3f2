/**
 * Small byte strings cut from larger pieces. A `Uint8Array` of its own costs 300 to 600 ns when it holds more than 64 bytes or is
 * handed to native code (a malloc, a registered backing store, a sweep at the next collection); a view of a shared piece costs 20.
 * Measured with node 20: 200 bytes 581 ns against 21, nineteen bytes that native code looks at 334 ns against 16.
 *
 * Bytes come zeroed and are never handed out twice. A view keeps its whole piece alive, so this is for what lives as long as a
 * statement or a transaction: keys, values, records on their way. What stays (a cache, an index) copies what it keeps.
 */
const PIECE_BYTES = 64 * 1024;
/** Larger ones would leave too much of a piece unused. */
const VIEW_BYTES_MAX = 4 * 1024;

let piece = new ArrayBuffer(PIECE_BYTES);
let used = 0;

// hot
export function allocateBytes(size: number): Uint8Array {
  if (size > VIEW_BYTES_MAX) return new Uint8Array(size);
  if (used + size > PIECE_BYTES) {
    piece = new ArrayBuffer(PIECE_BYTES);
    used = 0;
  }
  const view = new Uint8Array(piece, used, size);
  used += size;
  return view;
}
