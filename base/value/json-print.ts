/** `JsonNode` to text as MySQL prints it: a space after `,` and `:`, doubles always with a point or an exponent. */
import type { Decimal } from './decimal.ts';
import type { DateTime } from './date-time.ts';
import type { Duration } from './duration.ts';
import { TypeCode } from './field-type.ts';
import { formatDouble } from './number-text.ts';
import { isJsonArray, JsonDouble, JsonOpaque, type JsonNode } from './json.ts';

export function printJson(node: JsonNode): string {
  if (node === null) return 'null';
  if (typeof node === 'string') return quoteJson(node);
  if (typeof node === 'object') {
    if (isJsonArray(node)) return '[' + node.map(printJson).join(', ') + ']';
    if (node instanceof JsonDouble) return printDouble(node.value);
    if (node instanceof JsonOpaque) return printOpaque(node, true);
    const members: string[] = [];
    for (const [key, value] of node as ReadonlyMap<string, JsonNode>)
      members.push(quoteJson(key) + ': ' + printJson(value));
    return '{' + members.join(', ') + '}';
  }
  return String(node);
}

/** JSON_PRETTY: two spaces a level, members and elements on lines of their own. */
export function prettyJson(node: JsonNode, indent = ''): string {
  if (isJsonArray(node)) {
    if (node.length === 0) return '[]';
    const inner = indent + '  ';
    return '[\n' + node.map((item) => inner + prettyJson(item, inner)).join(',\n') + '\n' + indent + ']';
  }
  if (node instanceof Map) {
    if (node.size === 0) return '{}';
    const inner = indent + '  ';
    const members: string[] = [];
    for (const [key, value] of node as ReadonlyMap<string, JsonNode>) {
      members.push(inner + quoteJson(key) + ': ' + prettyJson(value, inner));
    }
    return '{\n' + members.join(',\n') + '\n' + indent + '}';
  }
  return printJson(node);
}

/** What JSON_UNQUOTE and `->>` show: strings bare, everything else as printed. */
export function unquoteJson(node: JsonNode): string {
  if (typeof node === 'string') return node;
  if (node instanceof JsonOpaque) return printOpaque(node, false);
  return printJson(node);
}

function printDouble(value: number): string {
  const text = formatDouble(value);
  return /[.e]/.test(text) ? text : text + '.0';
}

// oxlint-disable-next-line no-control-regex
const NEEDS_ESCAPE = /["\\\u0000-\u001f]/;

export function quoteJson(text: string): string {
  return NEEDS_ESCAPE.test(text) ? escapeJson(text) : '"' + text + '"';
}

function escapeJson(text: string): string {
  // JSON.stringify writes the same escapes as MySQL, but also escapes lone surrogates, which UTF-8 text never has.
  return JSON.stringify(text);
}

export function printOpaque(node: JsonOpaque, quoted: boolean): string {
  const text = opaqueText(node);
  return quoted && node.typeCode !== TypeCode.DECIMAL ? '"' + text + '"' : text;
}

function opaqueText(node: JsonOpaque): string {
  switch (node.typeCode) {
    case TypeCode.DECIMAL:
      return (node.value as Decimal).toString();
    case TypeCode.DATE:
      return (node.value as DateTime).dateString();
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return (node.value as DateTime).toString(6);
    case TypeCode.TIME:
      return (node.value as Duration).toString(6);
    default:
      return 'base64:type' + node.typeCode + ':' + Buffer.from(node.value as Uint8Array).toString('base64');
  }
}
