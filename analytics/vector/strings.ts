/**
 * What a worker knows about a dictionary beyond its bytes: the strings themselves, which of them are equal under the
 * collation (classes) and how they sort (ranks). Each is made when first asked for; all are per distinct string, not per row.
 */
import type { Dictionary } from './column.ts';

/** How strings of a collation compare; given by whoever wires the engine (base/value's collations). */
export interface Collations {
  /** Equal strings under the collation give equal keys. */
  hashKey(collation: string, text: string): string;
  compare(collation: string, left: string, right: string): number;
}

export class DictionaryView {
  readonly dictionary: Dictionary;
  private readonly collations: Collations;
  private decoded: string[] | undefined;
  private classIds: { readonly ids: Int32Array; readonly count: number } | undefined;
  private rankIds: Int32Array | undefined;

  constructor(dictionary: Dictionary, collations: Collations) {
    this.dictionary = dictionary;
    this.collations = collations;
  }

  strings(): readonly string[] {
    if (this.decoded) return this.decoded;
    const { bytes, offsets, count } = this.dictionary;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const strings = new Array<string>(count);
    for (let i = 0; i < count; i++) strings[i] = buffer.toString('utf8', offsets[i]!, offsets[i + 1]!);
    return (this.decoded = strings);
  }

  /** ids[code]: equal for codes whose strings are equal; dense from 0 in order of first appearance. */
  classes(): { readonly ids: Int32Array; readonly count: number } {
    if (this.classIds) return this.classIds;
    const known = new Map<string, number>();
    const strings = this.strings();
    const ids = new Int32Array(strings.length);
    for (let i = 0; i < strings.length; i++) {
      const key = this.collations.hashKey(this.dictionary.collation, strings[i]!);
      let id = known.get(key);
      if (id === undefined) known.set(key, (id = known.size));
      ids[i] = id;
    }
    return (this.classIds = { ids, count: known.size });
  }

  /** For each code: the class in `target` of an equal string, or -1. */
  translateTo(target: DictionaryView): Int32Array {
    const { collation } = this.dictionary;
    const { ids } = target.classes();
    const known = new Map<string, number>();
    target.strings().forEach((text, code) => known.set(this.collations.hashKey(collation, text), ids[code]!));
    return Int32Array.from(this.strings(), (text) => known.get(this.collations.hashKey(collation, text)) ?? -1);
  }

  /** ranks[code]: grows as the collation sorts; equal for equal strings. */
  ranks(): Int32Array {
    if (this.rankIds) return this.rankIds;
    const strings = this.strings();
    const order = Array.from(strings.keys());
    const { collation } = this.dictionary;
    order.sort((a, b) => this.collations.compare(collation, strings[a]!, strings[b]!));
    const ranks = new Int32Array(strings.length);
    let rank = 0;
    for (let i = 1; i < order.length; i++) {
      if (this.collations.compare(collation, strings[order[i - 1]!]!, strings[order[i]!]!) !== 0) rank++;
      ranks[order[i]!] = rank;
    }
    return (this.rankIds = ranks);
  }
}

/** Views of the dictionaries a worker has met, the newest `countMax` of them. */
export class DictionaryCache {
  private readonly views = new Map<number, DictionaryView>();
  private readonly collations: Collations;
  private readonly countMax: number;

  constructor(collations: Collations, countMax = 64) {
    this.collations = collations;
    this.countMax = countMax;
  }

  view(dictionary: Dictionary): DictionaryView {
    const known = this.views.get(dictionary.id);
    if (known) return known;
    const made = new DictionaryView(dictionary, this.collations);
    this.views.set(dictionary.id, made);
    if (this.views.size > this.countMax) this.views.delete(this.views.keys().next().value!);
    return made;
  }
}

/** A dictionary of strings that an expression computed; lives in the worker only. Ids below zero never meet those of tables. */
let computed = 0;

export function computedDictionary(strings: readonly string[], collation: string): Dictionary {
  const parts = strings.map((text) => Buffer.from(text));
  const offsets = new Int32Array(strings.length + 1);
  parts.forEach((part, i) => (offsets[i + 1] = offsets[i]! + part.length));
  return { id: --computed, collation, count: strings.length, offsets, bytes: new Uint8Array(Buffer.concat(parts)) };
}
