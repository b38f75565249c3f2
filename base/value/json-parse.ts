/**
 * JSON text to `JsonNode`. A scanner of our own, because numbers must keep what JSON.parse forgets (`1.0` against `1`,
 * integers beyond 2^53), keys must come out in MySQL's order, and a refusal names its position as MySQL does.
 */
import { normalizeInteger } from './datum.ts';
import { JSON_DEPTH_MAX, JsonDouble, jsonObject, type JsonNode } from './json.ts';

export type JsonParseResult =
  | { readonly kind: 'ok'; readonly node: JsonNode }
  /** `reason` and byte-less character `position` for error 3140; `too-deep` is error 3157. */
  | { readonly kind: 'invalid'; readonly reason: string; readonly position: number }
  | { readonly kind: 'too-deep' };

const UINT64_MAX = 18446744073709551615n;
const INT64_MIN = -9223372036854775808n;

class Failure {
  readonly reason: string;
  readonly position: number;
  constructor(reason: string, position: number) {
    this.reason = reason;
    this.position = position;
  }
}

export function parseJson(text: string): JsonParseResult {
  const reader = new Reader(text);
  try {
    const node = reader.document();
    return { kind: 'ok', node };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    if (failure.reason === 'depth') return { kind: 'too-deep' };
    return { kind: 'invalid', reason: failure.reason, position: failure.position };
  }
}

// Control characters are what it looks for.
// oxlint-disable-next-line no-control-regex
const STRING_END = /["\\\u0000-\u001f]/g;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

class Reader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): JsonNode {
    this.skipBlank();
    if (this.at >= this.text.length) throw new Failure('The document is empty.', 0);
    const node = this.value();
    this.skipBlank();
    if (this.at < this.text.length)
      throw new Failure('The document root must not be followed by other values.', this.at);
    return node;
  }

  private skipBlank(): void {
    const text = this.text;
    let at = this.at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
      at++;
    }
    this.at = at;
  }

  private value(): JsonNode {
    const code = this.text.charCodeAt(this.at);
    if (code === 34) return this.string();
    if (code === 123) return this.object();
    if (code === 91) return this.array();
    if (code === 45 || (code >= 48 && code <= 57)) return this.number();
    if (this.text.startsWith('true', this.at)) return this.word(4, true);
    if (this.text.startsWith('false', this.at)) return this.word(5, false);
    if (this.text.startsWith('null', this.at)) return this.word(4, null);
    throw new Failure('Invalid value.', this.at);
  }

  private word(length: number, node: JsonNode): JsonNode {
    this.at += length;
    return node;
  }

  private enter(): void {
    this.at++;
    if (++this.depth > JSON_DEPTH_MAX) throw new Failure('depth', this.at);
  }

  private object(): JsonNode {
    this.enter();
    const entries: [string, JsonNode][] = [];
    this.skipBlank();
    if (this.text.charCodeAt(this.at) === 125) this.at++;
    else {
      for (;;) {
        this.skipBlank();
        if (this.text.charCodeAt(this.at) !== 34) throw new Failure('Missing a name for object member.', this.at);
        const key = this.string();
        this.skipBlank();
        if (this.text.charCodeAt(this.at) !== 58)
          throw new Failure('Missing a colon after a name of object member.', this.at);
        this.at++;
        this.skipBlank();
        entries.push([key, this.value()]);
        this.skipBlank();
        const code = this.text.charCodeAt(this.at++);
        if (code === 125) break;
        if (code !== 44) throw new Failure('Missing a comma or } after an object member.', this.at - 1);
      }
    }
    this.depth--;
    return jsonObject(entries);
  }

  private array(): JsonNode {
    this.enter();
    const items: JsonNode[] = [];
    this.skipBlank();
    if (this.text.charCodeAt(this.at) === 93) this.at++;
    else {
      for (;;) {
        this.skipBlank();
        items.push(this.value());
        this.skipBlank();
        const code = this.text.charCodeAt(this.at++);
        if (code === 93) break;
        if (code !== 44) throw new Failure('Missing a comma or ] after an array element.', this.at - 1);
      }
    }
    this.depth--;
    return items;
  }

  private string(): string {
    const start = this.at;
    let result = '';
    let from = start + 1;
    for (;;) {
      STRING_END.lastIndex = from;
      const found = STRING_END.exec(this.text);
      if (found === null) throw new Failure('Missing a closing quotation mark in string.', start);
      const at = found.index;
      result += this.text.slice(from, at);
      const code = this.text.charCodeAt(at);
      if (code === 34) {
        this.at = at + 1;
        return result;
      }
      if (code < 32) throw new Failure('Invalid encoding in string.', at);
      const escaped = this.text[at + 1];
      from = at + 2;
      if (escaped === 'u') {
        const hex = this.text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new Failure('Incorrect hex digit after \\u escape in string.', start);
        result += String.fromCharCode(parseInt(hex, 16));
        from = at + 6;
      } else {
        const plain = escaped === undefined ? undefined : ESCAPES[escaped];
        if (plain === undefined) throw new Failure('Invalid escape character in string.', start);
        result += plain;
      }
    }
  }

  private number(): JsonNode {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) throw new Failure('Invalid value.', this.at);
    const digits = match[0];
    this.at += digits.length;
    // A sign and the twenty digits of 2^64: what is longer is no integer of ours.
    if (match[1] === undefined && match[2] === undefined && digits.length <= 21) {
      const value = Number(digits);
      if (Number.isSafeInteger(value)) return Object.is(value, -0) ? 0 : value;
      const big = BigInt(digits);
      if (big <= UINT64_MAX && big >= INT64_MIN) return normalizeInteger(big);
    }
    const double = Number(digits);
    if (!Number.isFinite(double)) throw new Failure('Number too big to be stored in double.', this.at);
    return new JsonDouble(double);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
