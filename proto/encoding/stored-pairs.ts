/** Pairs as a scan gives them: pieces of larger arrays, so that nothing is copied. A decoder reads one by its place (`decodeAt`). */
export interface StoredPairs {
  readonly keyBytes: readonly Uint8Array[];
  readonly keyStart: readonly number[];
  readonly keyEnd: readonly number[];
  readonly valueBytes: readonly Uint8Array[];
  readonly valueStart: readonly number[];
  readonly valueEnd: readonly number[];
}
