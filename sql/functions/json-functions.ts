/**
 * JSON functions. Documents come as `Json`; text in a document's place is parsed (error 3141 names the function), text in a
 * value's place becomes a JSON string. Paths are parsed once per text and kept.
 */
import { SqlError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import { compileLike, collationNamed } from '../../base/value/collation/index.ts';
import { BIGINT, isString, JSON_TYPE, TypeCode } from '../../base/value/field-type.ts';
import {
  isJsonArray,
  isJsonObject,
  Json,
  jsonDepth,
  JsonDouble,
  jsonLength,
  jsonObject,
  JsonOpaque,
  type JsonNode,
  utf8Length,
} from '../../base/value/json.ts';
import { compareJson } from '../../base/value/json-compare.ts';
import { parseJson } from '../../base/value/json-parse.ts';
import {
  editPath,
  findPath,
  matchPath,
  parseJsonPath,
  type JsonPath,
  type PathEdit,
} from '../../base/value/json-path.ts';
import { prettyJson, printJson, quoteJson, unquoteJson } from '../../base/value/json-print.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { parseJsonArgument } from './convert.ts';
import { alias, connectionCollation, convertArgument, define, textArgument, type Evaluator } from './definition.ts';
import { BOOLEAN, call, isJson, isNullType, textType } from './types.ts';

const TEXT_MAX = 4294967295;

// ---- paths ----

const PATHS_MAX = 1024;
const paths = new Map<string, JsonPath>();

export function pathOf(text: string): JsonPath {
  const known = paths.get(text);
  if (known !== undefined) return known;
  const parsed = parseJsonPath(text);
  if (parsed.kind === 'invalid') {
    throw new SqlError(
      3143,
      '42000',
      `Invalid JSON path expression. The error is around character position ${parsed.position}.`,
    );
  }
  if (paths.size >= PATHS_MAX) paths.clear();
  paths.set(text, parsed.path);
  return parsed.path;
}

function plainPath(text: string): JsonPath {
  const path = pathOf(text);
  if (path.wild)
    throw new SqlError(
      3149,
      '42000',
      'In this situation, path expressions may not contain the * and ** tokens or an array range.',
    );
  return path;
}

/** A document argument: parsed when it is text, refused when it is anything else. */
function documentArgument(arg: Expression, position: number, name: string): Expression {
  if (isJson(arg.type) || isNullType(arg.type)) return arg;
  if (isString(arg.type))
    return call('json_parse', [arg, { kind: 'constant', value: `${position} ${name}`, type: arg.type }], JSON_TYPE);
  throw new SqlError(
    3146,
    '22032',
    `Invalid data type for JSON data in argument ${position} to function ${name}; a JSON string or JSON type is required.`,
  );
}

/** Internal: text to a document, with the place that error 3141 names. */
define({
  name: 'json_parse',
  argsMin: 2,
  argsMax: 2,
  infer: (args) => call('json_parse', args, JSON_TYPE),
  compile: (expression, [text]) => {
    const [position, name] = (expression.args[1]! as { value: string }).value.split(' ') as [string, string];
    return (row, context) => {
      const value = text!(row, context);
      if (value === null) return null;
      return parseJsonArgument(
        typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('utf8'),
        Number(position),
        name,
      );
    };
  },
});

/** Functions of a document and further arguments, each of its own kind. */
interface DocumentFunction {
  readonly name: string;
  readonly argsMin: number;
  readonly argsMax: number;
  /** What argument `index` is: a document, a path (text), a value to put in, or text. */
  readonly kind: (index: number) => 'document' | 'text' | 'value';
  readonly returns: Expression['type'] | ((collation: string) => Expression['type']);
  readonly seesNull?: boolean;
  readonly run: (values: readonly Datum[]) => Datum;
}

export function defineDocument(spec: DocumentFunction): void {
  define({
    name: spec.name,
    argsMin: spec.argsMin,
    argsMax: spec.argsMax,
    infer: (args, options) => {
      const collation = connectionCollation(options);
      const converted = args.map((arg, index) => {
        const kind = spec.kind(index);
        if (kind === 'document') return documentArgument(arg, index + 1, spec.name);
        return convertArgument(arg, kind === 'text' ? 'string' : 'document', collation);
      });
      return call(spec.name, converted, typeof spec.returns === 'function' ? spec.returns(collation) : spec.returns);
    },
    compile: (expression, evaluators) => {
      const texts = expression.args.map(
        (arg, index) => spec.kind(index) === 'text' && isString(arg.type) && arg.type.charset === 'binary',
      );
      return (row, context) => {
        const values: Datum[] = [];
        for (let at = 0; at < evaluators.length; at++) {
          const value = evaluators[at]!(row, context);
          if (value === null && spec.seesNull !== true) return null;
          values.push(texts[at] === true && value !== null ? Buffer.from(value as Uint8Array).toString('utf8') : value);
        }
        return spec.run(values);
      };
    },
  });
}

const nodeOf = (value: Datum | undefined): JsonNode =>
  value === null || value === undefined ? null : (value as Json).node;
const text = (value: Datum | undefined): string => value as string;
const jsonText = (collation: string): Expression['type'] => textType(TEXT_MAX, collation);

// ---- reading ----

define({
  name: 'json_extract',
  argsMin: 2,
  argsMax: 65535,
  infer: (args, options) => {
    const collation = connectionCollation(options);
    const [document, ...rest] = args as readonly [Expression, ...Expression[]];
    return call(
      'json_extract',
      [documentArgument(document, 1, 'json_extract'), ...rest.map((arg) => convertArgument(arg, 'string', collation))],
      JSON_TYPE,
    );
  },
  compile: (expression, evaluators) => {
    const [document, first] = evaluators as readonly [Evaluator, Evaluator];
    const path = expression.args[1]!;
    if (evaluators.length === 2 && path.kind === 'constant' && typeof path.value === 'string') {
      const parsed = pathOf(path.value);
      return (row, context) => {
        const value = document(row, context) as Json | null;
        return value === null ? null : extract(value.node, [parsed]);
      };
    }
    return (row, context) => {
      const value = document(row, context) as Json | null;
      const given = [first, ...evaluators.slice(2)].map((evaluate) => evaluate(row, context));
      if (value === null || given.includes(null)) return null;
      return extract(value.node, given.map((one) => pathOf(text(one)))); // prettier-ignore
    };
  },
});

function extract(root: JsonNode, wanted: readonly JsonPath[]): Datum {
  const [only] = wanted as readonly [JsonPath];
  if (wanted.length === 1 && !only.wild) {
    const found = findPath(root, only);
    return found === undefined ? null : new Json(found);
  }
  const found = wanted.flatMap((path) => matchPath(root, path));
  return found.length === 0 ? null : new Json(found);
}

/** A document shows its value, strings bare; text that is quoted JSON loses its quotes, other text stays. */
define({
  name: 'json_unquote',
  argsMin: 1,
  argsMax: 1,
  infer: ([arg], options) => {
    const collation = isString(arg!.type) ? arg!.type.collation : 'utf8mb4_bin';
    return call(
      'json_unquote',
      [isJson(arg!.type) ? arg! : textArgument(arg!, connectionCollation(options))],
      textType(TEXT_MAX, collation),
    );
  },
  compile:
    (_expression, [arg]) =>
    (row, context) => {
      const value = arg!(row, context);
      if (value === null) return null;
      if (value instanceof Json) return unquoteJson(value.node);
      const given = value as string;
      if (given.length < 2 || !given.startsWith('"') || !given.endsWith('"')) return given;
      const parsed = parseJson(given);
      if (parsed.kind !== 'ok')
        throw new SqlError(
          3141,
          '22032',
          `Invalid JSON text in argument 1 to function json_unquote: "${parsed.kind === 'invalid' ? parsed.reason : ''}" at position ${parsed.kind === 'invalid' ? parsed.position : 0}.`,
        );
      return typeof parsed.node === 'string' ? parsed.node : given;
    },
});

define({
  name: 'json_quote',
  argsMin: 1,
  argsMax: 1,
  infer: ([given], options) => {
    if (!isString(given!.type) && !isNullType(given!.type))
      throw new SqlError(3064, 'HY000', 'Incorrect type for argument 1 in function json_quote.');
    const collation = connectionCollation(options);
    return call('json_quote', [textArgument(given!, collation)], textType(TEXT_MAX, collation));
  },
  compile:
    (_expression, [given]) =>
    (row, context) => {
      const value = given!(row, context) as string | null;
      return value === null ? null : quoteJson(value);
    },
});

define({
  name: 'json_valid',
  argsMin: 1,
  argsMax: 1,
  infer: (args) => call('json_valid', args, BOOLEAN),
  compile: (expression, [arg]) => {
    const { type } = expression.args[0]!;
    if (isJson(type)) return (row, context) => (arg!(row, context) === null ? null : 1);
    if (!isString(type)) return (row, context) => (arg!(row, context) === null ? null : 0);
    return (row, context) => {
      const value = arg!(row, context);
      if (value === null) return null;
      return parseJson(typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('utf8')).kind ===
        'ok'
        ? 1
        : 0;
    };
  },
});

/** JSON_TYPE's words. */
export function jsonTypeName(node: JsonNode): string {
  if (node === null) return 'NULL';
  if (typeof node === 'boolean') return 'BOOLEAN';
  if (typeof node === 'string') return 'STRING';
  if (typeof node === 'number') return 'INTEGER';
  if (typeof node === 'bigint') return node > 9223372036854775807n ? 'UNSIGNED INTEGER' : 'INTEGER';
  if (node instanceof JsonDouble) return 'DOUBLE';
  if (isJsonArray(node)) return 'ARRAY';
  if (isJsonObject(node)) return 'OBJECT';
  const names: Readonly<Record<number, string>> = {
    [TypeCode.DECIMAL]: 'DECIMAL', [TypeCode.DATE]: 'DATE', [TypeCode.TIME]: 'TIME', [TypeCode.DATETIME]: 'DATETIME', [TypeCode.TIMESTAMP]: 'DATETIME', [TypeCode.BIT]: 'BIT',
  }; // prettier-ignore
  return names[(node as JsonOpaque).typeCode] ?? 'BLOB';
}

defineDocument({
  name: 'json_type',
  argsMin: 1,
  argsMax: 1,
  kind: () => 'document',
  returns: (collation) => textType(51, collation),
  run: ([document]) => jsonTypeName(nodeOf(document)),
});
defineDocument({
  name: 'json_depth',
  argsMin: 1,
  argsMax: 1,
  kind: () => 'document',
  returns: BIGINT,
  run: ([document]) => jsonDepth(nodeOf(document)),
});
defineDocument({
  name: 'json_pretty',
  argsMin: 1,
  argsMax: 1,
  kind: () => 'document',
  returns: jsonText,
  run: ([document]) => prettyJson(nodeOf(document)),
});
defineDocument({
  name: 'json_storage_size',
  argsMin: 1,
  argsMax: 1,
  kind: () => 'document',
  returns: BIGINT,
  run: ([document]) => utf8Length(printJson(nodeOf(document))),
});
defineDocument({
  name: 'json_storage_free',
  argsMin: 1,
  argsMax: 1,
  kind: () => 'document',
  returns: BIGINT,
  run: () => 0,
});

/** Document, then perhaps a path. */
const documentAndPath = (index: number): 'document' | 'text' => (index === 0 ? 'document' : 'text');

function at(values: readonly Datum[]): JsonNode | undefined {
  return values.length < 2 ? nodeOf(values[0]) : findPath(nodeOf(values[0]), plainPath(text(values[1])));
}

defineDocument({
  name: 'json_length',
  argsMin: 1,
  argsMax: 2,
  kind: documentAndPath,
  returns: BIGINT,
  run: (values) => {
    const node = at(values);
    return node === undefined ? null : jsonLength(node);
  },
});

defineDocument({
  name: 'json_keys',
  argsMin: 1,
  argsMax: 2,
  kind: documentAndPath,
  returns: JSON_TYPE,
  run: (values) => {
    const node = at(values);
    return node !== undefined && isJsonObject(node) ? new Json([...node.keys()]) : null;
  },
});

// ---- containing ----

function contains(target: JsonNode, candidate: JsonNode): boolean {
  if (isJsonArray(target)) {
    if (isJsonArray(candidate)) return candidate.every((item) => contains(target, item));
    return target.some((item) => contains(item, candidate));
  }
  if (isJsonObject(target)) {
    if (!isJsonObject(candidate)) return false;
    for (const [key, value] of candidate) {
      const own = target.get(key);
      if (own === undefined || !contains(own, value)) return false;
    }
    return true;
  }
  return !isJsonArray(candidate) && compareJson(target, candidate) === 0;
}

defineDocument({
  name: 'json_contains',
  argsMin: 2,
  argsMax: 3,
  kind: (index) => (index < 2 ? 'document' : 'text'),
  returns: BOOLEAN,
  run: ([target, candidate, path]) => {
    const node = path === undefined ? nodeOf(target) : findPath(nodeOf(target), plainPath(text(path)));
    return node === undefined ? null : contains(node, nodeOf(candidate)) ? 1 : 0;
  },
});

function overlaps(a: JsonNode, b: JsonNode): boolean {
  if (isJsonArray(a) || isJsonArray(b)) {
    const items = isJsonArray(a) ? a : [a];
    const others = isJsonArray(b) ? b : [b];
    return items.some((item) => others.some((other) => compareJson(item, other) === 0));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other !== undefined && compareJson(value, other) === 0) return true;
    }
    return false;
  }
  return compareJson(a, b) === 0;
}

defineDocument({
  name: 'json_overlaps',
  argsMin: 2,
  argsMax: 2,
  kind: () => 'document',
  returns: BOOLEAN,
  run: ([a, b]) => (overlaps(nodeOf(a), nodeOf(b)) ? 1 : 0),
});

/** `value MEMBER OF (document)` */
defineDocument({
  name: 'json_member_of',
  argsMin: 2,
  argsMax: 2,
  kind: (index) => (index === 0 ? 'value' : 'document'),
  returns: BOOLEAN,
  run: ([value, document]) => {
    const node = nodeOf(document);
    const items = isJsonArray(node) ? node : [node];
    return items.some((item) => compareJson(item, nodeOf(value)) === 0) ? 1 : 0;
  },
});
alias('member_of', 'json_member_of');

function oneOrAll(mode: string, name: string): 'one' | 'all' {
  const lower = mode.toLowerCase();
  if (lower === 'one' || lower === 'all') return lower;
  throw new SqlError(3154, '42000', `The oneOrAll argument to ${name} may take these values: 'one' or 'all'.`);
}

defineDocument({
  name: 'json_contains_path',
  argsMin: 3,
  argsMax: 65535,
  kind: documentAndPath,
  returns: BOOLEAN,
  run: ([document, mode, ...wanted]) => {
    const every = oneOrAll(text(mode), 'json_contains_path') === 'all';
    const has = (path: Datum): boolean => matchPath(nodeOf(document), pathOf(text(path))).length > 0;
    return (every ? wanted.every(has) : wanted.some(has)) ? 1 : 0;
  },
});

/** JSON_SEARCH(document, 'one'|'all', pattern[, escape[, path…]]) */
defineDocument({
  name: 'json_search',
  argsMin: 3,
  argsMax: 65535,
  kind: documentAndPath,
  returns: JSON_TYPE,
  seesNull: true,
  run: ([document, mode, pattern, escape, ...wanted]) => {
    if (document === null || mode === null || pattern === null || wanted.includes(null)) return null;
    const first = oneOrAll(text(mode), 'json_search') === 'one';
    const matches = compileLike(
      text(pattern),
      escape === null || escape === undefined || escape === '' ? '\\' : text(escape),
      collationNamed('utf8mb4_bin')!,
    );
    const found: string[] = [];
    const walk = (node: JsonNode, place: string): void => {
      if (first && found.length > 0) return;
      if (typeof node === 'string') {
        if (matches(node) && !found.includes(place)) found.push(place);
      } else if (isJsonArray(node)) node.forEach((item, index) => walk(item, `${place}[${index}]`));
      else if (isJsonObject(node)) for (const [key, value] of node) walk(value, `${place}.${memberName(key)}`);
    };
    const root = nodeOf(document);
    if (wanted.length === 0) walk(root, '$');
    else for (const path of wanted) walkPath(root, pathOf(text(path)), walk);
    if (found.length === 0) return null;
    return new Json(found.length === 1 ? found[0]! : found);
  },
});

function memberName(key: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? key : quoteJson(key);
}

/** Visits what a path reaches, together with where it is. */
function walkPath(root: JsonNode, path: JsonPath, visit: (node: JsonNode, place: string) => void): void {
  const step = (node: JsonNode, place: string, index: number): void => {
    const leg = path.legs[index];
    if (leg === undefined) return visit(node, place);
    if (leg.kind === 'ellipsis') {
      step(node, place, index + 1);
      if (isJsonArray(node)) node.forEach((item, position) => step(item, `${place}[${position}]`, index));
      else if (isJsonObject(node)) for (const [key, value] of node) step(value, `${place}.${memberName(key)}`, index);
      return;
    }
    if (isJsonObject(node)) {
      for (const [key, value] of node) {
        if (leg.kind === 'any-member' || (leg.kind === 'member' && leg.name === key))
          step(value, `${place}.${memberName(key)}`, index + 1);
      }
      return;
    }
    if (!isJsonArray(node)) return;
    const reached = new Set(matchPath(node, { legs: [leg], wild: true }));
    node.forEach((item, position) => {
      if (
        leg.kind === 'any-cell' ||
        (leg.kind === 'cell' &&
          (leg.position.fromEnd ? node.length - 1 - leg.position.index : leg.position.index) === position) ||
        (leg.kind === 'range' && reached.has(item))
      ) {
        step(item, `${place}[${position}]`, index + 1);
      }
    });
  };
  step(root, '$', 0);
}

// ---- making ----

const memberArguments = (index: number): 'text' | 'value' => (index % 2 === 0 ? 'text' : 'value');

defineDocument({
  name: 'json_object',
  argsMin: 0,
  argsMax: 65534,
  kind: memberArguments,
  returns: { ...JSON_TYPE, notNull: true },
  seesNull: true,
  run: (values) => {
    if (values.length % 2 !== 0)
      throw new SqlError(1582, '42000', "Incorrect parameter count in the call to native function 'json_object'");
    const entries: [string, JsonNode][] = [];
    for (let index = 0; index < values.length; index += 2) {
      if (values[index] === null)
        throw new SqlError(3158, '22032', 'JSON documents may not contain NULL member names.');
      entries.push([text(values[index]), nodeOf(values[index + 1])]);
    }
    return new Json(jsonObject(entries));
  },
});

defineDocument({
  name: 'json_array',
  argsMin: 0,
  argsMax: 65535,
  kind: () => 'value',
  returns: { ...JSON_TYPE, notNull: true },
  seesNull: true,
  run: (values) => new Json(values.map(nodeOf)),
});

// ---- changing ----

/** Pairs of path and value after the document. A NULL path makes the result NULL, a NULL value is JSON's null. */
const editArguments = (index: number): 'document' | 'text' | 'value' =>
  index === 0 ? 'document' : index % 2 === 1 ? 'text' : 'value';

function editAll(name: string, values: readonly Datum[], edit: (value: JsonNode) => PathEdit): Datum {
  const [document, ...pairs] = values;
  if (document === null || document === undefined) return null;
  if (pairs.length % 2 !== 0)
    throw new SqlError(1582, '42000', `Incorrect parameter count in the call to native function '${name}'`);
  let node = nodeOf(document);
  for (let index = 0; index < pairs.length; index += 2) {
    if (pairs[index] === null) return null;
    const path = plainPath(text(pairs[index]));
    if (name === 'json_array_insert' && path.legs.at(-1)?.kind !== 'cell') {
      throw new SqlError(3165, '42000', 'A path expression is not a path to a cell in an array.');
    }
    node = editPath(node, path, edit(nodeOf(pairs[index + 1])));
  }
  return new Json(node);
}

const EDITS: Readonly<Record<string, (value: JsonNode) => PathEdit>> = {
  json_set: (value) => ({ kind: 'set', value }),
  json_insert: (value) => ({ kind: 'insert', value }),
  json_replace: (value) => ({ kind: 'replace', value }),
  json_array_append: (value) => ({ kind: 'array-append', value }),
  json_array_insert: (value) => ({ kind: 'array-insert', value }),
};

for (const [name, edit] of Object.entries(EDITS)) {
  defineDocument({
    name,
    argsMin: 3,
    argsMax: 65535,
    kind: editArguments,
    returns: JSON_TYPE,
    seesNull: true,
    run: (values) => editAll(name, values, edit),
  });
}
alias('json_append', 'json_array_append');

defineDocument({
  name: 'json_remove',
  argsMin: 2,
  argsMax: 65535,
  kind: documentAndPath,
  returns: JSON_TYPE,
  run: ([document, ...wanted]) => {
    let node = nodeOf(document);
    for (const one of wanted) {
      const path = plainPath(text(one));
      if (path.legs.length === 0)
        throw new SqlError(3153, '42000', "The path expression '$' is not allowed in this context.");
      node = editPath(node, path, { kind: 'remove' });
    }
    return new Json(node);
  },
});

// ---- merging ----

function mergePreserve(a: JsonNode, b: JsonNode): JsonNode {
  if (isJsonObject(a) && isJsonObject(b)) {
    const members = new Map(a);
    for (const [key, value] of b) {
      const own = members.get(key);
      members.set(key, own === undefined ? value : mergePreserve(own, value));
    }
    return jsonObject(members);
  }
  return [...(isJsonArray(a) ? a : [a]), ...(isJsonArray(b) ? b : [b])];
}

/** RFC 7396. */
function mergePatch(target: JsonNode, patch: JsonNode): JsonNode {
  if (!isJsonObject(patch)) return patch;
  const members = new Map<string, JsonNode>(isJsonObject(target) ? target : []);
  for (const [key, value] of patch) {
    if (value === null) members.delete(key);
    else members.set(key, mergePatch(members.get(key) ?? null, value));
  }
  return jsonObject(members);
}

defineDocument({
  name: 'json_merge_preserve',
  argsMin: 2,
  argsMax: 65535,
  kind: () => 'document',
  returns: JSON_TYPE,
  run: (values) => new Json(values.map(nodeOf).reduce(mergePreserve)),
});
alias('json_merge', 'json_merge_preserve');

/** A NULL argument is unknown until a document that is no object replaces everything before it. */
defineDocument({
  name: 'json_merge_patch',
  argsMin: 2,
  argsMax: 65535,
  kind: () => 'document',
  returns: JSON_TYPE,
  seesNull: true,
  run: (values) => {
    let known = values[0] !== null;
    let node = nodeOf(values[0]);
    for (const value of values.slice(1)) {
      if (value === null) known = false;
      else if (!isJsonObject(nodeOf(value))) [known, node] = [true, nodeOf(value)];
      else if (known) node = mergePatch(node, nodeOf(value));
    }
    return known ? new Json(node) : null;
  },
});
