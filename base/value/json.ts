/**
 * `Json`: a JSON document. Object keys keep MySQL's order (length, then bytes) when printed. Numbers remember what they
 * are: an integer is a `number`/`bigint`, a double is wrapped so that `1.0` prints as `1.0`, a decimal is opaque.
 *
 * Invariant: every `Map` in a node iterates in MySQL's key order; `jsonObject` makes such maps. Documents are never changed
 * in place, so nodes are shared freely between documents.
 *
 * Neighbours: `json-parse.ts`, `json-print.ts`, `json-compare.ts`, `json-path.ts`.
 */

export type JsonNode =
  | null
  | boolean
  | string
  | number
  | bigint
  | JsonDouble
  | JsonOpaque
  | readonly JsonNode[]
  | ReadonlyMap<string, JsonNode>;

export class JsonDouble {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/**
 * A SQL value inside a document that JSON has no word for: `Decimal`, `DateTime`, `Duration`, `Uint8Array`. `typeCode` is
 * MySQL's (246, 10/12/7, 11, 252…).
 */
export class JsonOpaque {
  readonly typeCode: number;
  readonly value: unknown;
  constructor(typeCode: number, value: unknown) {
    this.typeCode = typeCode;
    this.value = value;
  }
}

export class Json {
  readonly node: JsonNode;
  constructor(node: JsonNode) {
    this.node = node;
  }

  static readonly NULL = new Json(null);
}

/** Nesting that MySQL allows. */
export const JSON_DEPTH_MAX = 100;

export function isJsonArray(node: JsonNode): node is readonly JsonNode[] {
  return Array.isArray(node);
}

export function isJsonObject(node: JsonNode): node is ReadonlyMap<string, JsonNode> {
  return node instanceof Map;
}

/** The bytes that the text has in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    if (code < 0x800) length += 1;
    else if (code >= 0xd800 && code <= 0xdbff) length += 1;
    else if (code >= 0xdc00 && code <= 0xdfff) length += 1;
    else length += 2;
  }
  return length;
}

/** The order of UTF-8 bytes, which is the order of code points: surrogates come after the rest of the BMP. */
export function compareUtf8(a: string, b: string): number {
  const length = a.length < b.length ? a.length : b.length;
  for (let index = 0; index < length; index++) {
    let x = a.charCodeAt(index);
    let y = b.charCodeAt(index);
    if (x === y) continue;
    if (x >= 0xd800 && y >= 0xd800) {
      if (x >= 0xe000) x -= 0x800;
      else x += 0x2000;
      if (y >= 0xe000) y -= 0x800;
      else y += 0x2000;
    }
    return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : a.length > b.length ? 1 : 0;
}

/** MySQL's order of object keys: shorter ones first, equal lengths by bytes. */
export function compareJsonKeys(a: string, b: string): number {
  const x = utf8Length(a);
  const y = utf8Length(b);
  return x !== y ? x - y : compareUtf8(a, b);
}

/** An object from entries in any order; of equal keys the last one stays. */
export function jsonObject(entries: Iterable<readonly [string, JsonNode]>): ReadonlyMap<string, JsonNode> {
  const map = new Map<string, JsonNode>(entries);
  if (map.size < 2) return map;
  const sorted = [...map].sort((x, y) => compareJsonKeys(x[0], y[0]));
  return new Map(sorted);
}

/** Levels of nesting: 1 for a scalar or an empty container. */
export function jsonDepth(node: JsonNode): number {
  let deepest = 0;
  if (isJsonArray(node)) for (const child of node) deepest = Math.max(deepest, jsonDepth(child));
  else if (isJsonObject(node)) for (const child of node.values()) deepest = Math.max(deepest, jsonDepth(child));
  return deepest + 1;
}

/** Array elements, object members, 1 for a scalar. */
export function jsonLength(node: JsonNode): number {
  return isJsonArray(node) ? node.length : isJsonObject(node) ? node.size : 1;
}
