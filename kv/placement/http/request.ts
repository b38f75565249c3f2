/**
 * What every part of the API is asked with and answers: a request taken apart, and the handful of answers that recur. Keys of regions are bytes,
 * and tools escape them byte by byte; as text they would not survive, so they are taken from the path and the query as they came.
 */
import { fromHex, fromUtf8, utf8 } from '../../../base/bytes.ts';
import type { Command, PlacementCore } from '../core.ts';
import type { Schedule } from '../schedule/index.ts';

export interface ApiMember {
  readonly name: string;
  readonly id: number;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly healthy: boolean;
  readonly standsBy?: boolean | undefined;
}

export interface ApiContext {
  readonly core: PlacementCore;
  readonly schedule: Schedule;
  readonly members: readonly ApiMember[];
  readonly leaderName: string;
  readonly version: string;
  /** Milliseconds since 1970 at the schedule's second 0. */
  readonly epochMs: number;
}

export interface ApiAnswer {
  readonly status: number;
  /** Numbers of 64 bits are bigints: `answerText` writes them. */
  readonly json: unknown;
  /** To be made durable before the answer is sent; a refused one makes it a 500. */
  readonly commands?: readonly Command[];
}

export type Body = Readonly<Record<string, unknown>>;

export interface Request {
  readonly context: ApiContext;
  readonly method: string;
  /** The path behind the prefix, word for word, as text. */
  readonly words: readonly string[];
  /** The same, still escaped. */
  readonly escaped: readonly string[];
  readonly query: URLSearchParams;
  /** Of the query, still escaped. */
  readonly rawQuery: ReadonlyMap<string, string>;
  /** The body when it is an object, else an empty one. */
  readonly json: Body;
  readonly body: unknown;
}

/** Of a key in a path, in digits. */
const HEX_MAX = 16_384;

/** Undefined: the path cannot be read. */
export function parseRequest(context: ApiContext, method: string, path: string, body: unknown): Request | undefined {
  const [place = '', search = ''] = path.split(/\?(.*)/s);
  const escaped = place.split('/').filter((word) => word !== '');
  const rawQuery = new Map(search.split('&').map((part) => part.split(/=(.*)/s).slice(0, 2) as [string, string]));
  const json: Body = typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : {};
  if (escaped.some((word) => /%(?![0-9a-f]{2})/i.test(word))) return undefined;
  const words = escaped.map((word) => fromUtf8(unescape(word, false)));
  return { context, method, words, escaped, query: new URLSearchParams(search), rawQuery, json, body };
}

/** A key of the region space: hexadecimal with `format=hex`, else escaped bytes. Undefined: neither. */
export function keyOf({ query }: Request, text: string): Uint8Array | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined;
  const bytes = unescape(text, true);
  if (query.get('format') !== 'hex') return bytes;
  const hex = String.fromCharCode(...bytes.subarray(0, HEX_MAX + 1));
  return hex.length % 2 === 0 && hex.length <= HEX_MAX && /^[0-9a-f]*$/i.test(hex) ? fromHex(hex) : undefined;
}

function unescape(text: string, plusIsSpace: boolean): Uint8Array {
  const from = utf8(plusIsSpace ? text.replaceAll('+', ' ') : text);
  const to = new Uint8Array(from.length);
  let size = 0;
  for (let i = 0; i < from.length; i++) {
    const isEscape = from[i] === 0x25;
    to[size++] = isEscape ? parseInt(String.fromCharCode(from[i + 1]!, from[i + 2]!), 16) : from[i]!;
    if (isEscape) i += 2;
  }
  return to.subarray(0, size);
}

export function ok(json: unknown, commands?: readonly Command[]): ApiAnswer {
  return { status: 200, json, ...(commands ? { commands } : {}) };
}

export function refused(why: string): ApiAnswer {
  return { status: 400, json: why };
}

/** What PD has and Rutile has not. */
export function unsupported(what: string): ApiAnswer {
  return { status: 501, json: `This version of Rutile doesn't yet support ${what}` };
}

export function missing(what = '404 page not found'): ApiAnswer {
  return { status: 404, json: what };
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** As JSON for people, bigints as plain numbers: tools read them as unsigned 64 bits. */
export function answerText(json: unknown): string {
  let hasBig = false;
  const text = JSON.stringify(
    json,
    (_key, value: unknown) => {
      if (typeof value !== 'bigint') return value;
      hasBig = true;
      return `\u0000${value}`;
    },
    2,
  );
  return hasBig ? text.replace(/"\\u0000(\d+)"/g, '$1') : text;
}
