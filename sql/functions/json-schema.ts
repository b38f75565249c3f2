/**
 * JSON_SCHEMA_VALID and JSON_SCHEMA_VALIDATION_REPORT: documents against JSON Schema draft 4, which is what MySQL has. The first
 * requirement that fails ends the walk, and the report names it: where in the document, where in the schema, which keyword.
 *
 * Keywords that draft 4 does not know mean nothing, as in MySQL. `$ref` is refused (1235); a pattern that is no regular expression
 * is ignored. A schema and its document are as deep as JSON may be, so the walk recurses.
 */
import { SqlError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { JSON_TYPE } from '../../base/value/field-type.ts';
import {
  isJsonArray,
  isJsonObject,
  Json,
  JsonDouble,
  jsonObject,
  JsonOpaque,
  type JsonNode,
} from '../../base/value/json.ts';
import { compareJson } from '../../base/value/json-compare.ts';
import { GuardedPattern } from './guarded-match.ts';
import { defineDocument } from './json-functions.ts';
import { BOOLEAN } from './types.ts';

type JsonObject = ReadonlyMap<string, JsonNode>;

interface Failure {
  readonly keyword: string;
  /** JSON pointers behind `#`. */
  readonly schemaAt: string;
  readonly documentAt: string;
}

/** One place of the walk: the schema that applies, and what it applies to. */
interface Place {
  readonly schemaAt: string;
  readonly documentAt: string;
}

type Check = (wanted: JsonNode, node: JsonNode, schema: JsonObject, place: Place) => Failure | boolean;

function validate(schema: JsonNode, node: JsonNode, place: Place): Failure | undefined {
  if (!isJsonObject(schema)) return undefined;
  if (schema.has('$ref'))
    throw new SqlError(1235, '42000', "This version of Rutile doesn't yet support 'references in JSON Schema'");
  for (const [keyword, check] of CHECKS) {
    const wanted = schema.get(keyword);
    if (wanted === undefined) continue;
    const result = check(wanted, node, schema, place);
    if (result === true) continue;
    return result === false ? { keyword, ...place } : result;
  }
  return undefined;
}

/** A child of the document under a child of the schema. */
function below(
  place: Place,
  schemaPath: readonly (string | number)[],
  documentPath: readonly (string | number)[],
): Place {
  return {
    schemaAt: place.schemaAt + schemaPath.map(pointer).join(''),
    documentAt: place.documentAt + documentPath.map(pointer).join(''),
  };
}

function pointer(part: string | number): string {
  return `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

// ---- numbers ----

function isNumber(node: JsonNode): boolean {
  return (
    typeof node === 'number' ||
    typeof node === 'bigint' ||
    node instanceof JsonDouble ||
    (node instanceof JsonOpaque && node.value instanceof Decimal)
  );
}

function numberOf(node: JsonNode): number {
  if (node instanceof JsonDouble) return node.value;
  if (node instanceof JsonOpaque) return (node.value as Decimal).toNumber();
  return Number(node);
}

function isType(name: JsonNode, node: JsonNode): boolean {
  switch (name) {
    case 'null':
      return node === null;
    case 'boolean':
      return typeof node === 'boolean';
    case 'string':
      return typeof node === 'string' || (node instanceof JsonOpaque && !isNumber(node));
    case 'integer':
      return typeof node === 'number' || typeof node === 'bigint';
    case 'number':
      return isNumber(node);
    case 'array':
      return isJsonArray(node);
    case 'object':
      return isJsonObject(node);
    default:
      return false;
  }
}

function numeric(holds: (value: number, bound: number, schema: JsonObject) => boolean): Check {
  return (wanted, node, schema) =>
    !isNumber(wanted) || !isNumber(node) || holds(numberOf(node), numberOf(wanted), schema);
}

function counted(size: (node: JsonNode) => number | undefined, holds: (size: number, bound: number) => boolean): Check {
  return (wanted, node) => {
    const count = size(node);
    return count === undefined || !isNumber(wanted) || holds(count, numberOf(wanted));
  };
}

const atLeast = (size: number, bound: number): boolean => size >= bound;
const atMost = (size: number, bound: number): boolean => size <= bound;
const lengthOf = (node: JsonNode): number | undefined => (typeof node === 'string' ? [...node].length : undefined);
const itemsOf = (node: JsonNode): number | undefined => (isJsonArray(node) ? node.length : undefined);
const membersOf = (node: JsonNode): number | undefined => (isJsonObject(node) ? node.size : undefined);

function matches(pattern: JsonNode, text: string): boolean {
  if (typeof pattern !== 'string') return true;
  let guarded: GuardedPattern;
  try {
    guarded = new GuardedPattern(pattern, 'u');
  } catch {
    return true;
  }
  return guarded.run(text, (expression) => expression.test(text));
}

// ---- keywords, in the order in which they are looked at ----

const CHECKS: readonly (readonly [string, Check])[] = [
  ['enum', (wanted, node) => !isJsonArray(wanted) || wanted.some((one) => compareJson(one, node) === 0)],
  [
    'allOf',
    (wanted, node, _schema, place) =>
      !isJsonArray(wanted) ||
      wanted.every((one, at) => validate(one, node, below(place, ['allOf', at], [])) === undefined),
  ],
  [
    'anyOf',
    (wanted, node, _schema, place) =>
      !isJsonArray(wanted) ||
      wanted.some((one, at) => validate(one, node, below(place, ['anyOf', at], [])) === undefined),
  ],
  [
    'oneOf',
    (wanted, node, _schema, place) =>
      !isJsonArray(wanted) ||
      wanted.filter((one, at) => validate(one, node, below(place, ['oneOf', at], [])) === undefined).length === 1,
  ],
  [
    'not',
    (wanted, node, _schema, place) =>
      !isJsonObject(wanted) || validate(wanted, node, below(place, ['not'], [])) !== undefined,
  ],
  ['type', (wanted, node) => (isJsonArray(wanted) ? wanted.some((name) => isType(name, node)) : isType(wanted, node))],
  [
    'minimum',
    numeric((value, bound, schema) => (schema.get('exclusiveMinimum') === true ? value > bound : value >= bound)),
  ],
  [
    'maximum',
    numeric((value, bound, schema) => (schema.get('exclusiveMaximum') === true ? value < bound : value <= bound)),
  ],
  ['multipleOf', numeric((value, bound) => bound <= 0 || Number.isInteger(value / bound))],
  ['minLength', counted(lengthOf, atLeast)],
  ['maxLength', counted(lengthOf, atMost)],
  ['pattern', (wanted, node) => typeof node !== 'string' || matches(wanted, node)],
  ['minItems', counted(itemsOf, atLeast)],
  ['maxItems', counted(itemsOf, atMost)],
  [
    'uniqueItems',
    (wanted, node) =>
      wanted !== true ||
      !isJsonArray(node) ||
      node.every((one, at) => node.slice(0, at).every((other) => compareJson(one, other) !== 0)),
  ],
  ['items', checkItems],
  ['additionalItems', (wanted, node, schema, place) => isJsonObject(wanted) || extraItems(wanted, node, schema, place)],
  [
    'required',
    (wanted, node) =>
      !isJsonArray(wanted) || !isJsonObject(node) || wanted.every((name) => typeof name !== 'string' || node.has(name)),
  ],
  ['minProperties', counted(membersOf, atLeast)],
  ['maxProperties', counted(membersOf, atMost)],
  ['properties', checkProperties],
  ['patternProperties', checkPatternProperties],
  ['additionalProperties', checkAdditionalProperties],
  ['dependencies', checkDependencies],
];

function checkItems(wanted: JsonNode, node: JsonNode, schema: JsonObject, place: Place): Failure | boolean {
  if (!isJsonArray(node)) return true;
  for (const [at, item] of node.entries()) {
    const additional = schema.get('additionalItems') ?? null;
    const listed = isJsonArray(wanted) && at < wanted.length;
    const path = listed ? ['items', at] : isJsonArray(wanted) ? ['additionalItems'] : ['items'];
    const of = isJsonArray(wanted) ? (listed ? wanted[at]! : additional) : wanted;
    const failure = validate(of, item, below(place, path, [at]));
    if (failure !== undefined) return failure;
  }
  return true;
}

function extraItems(wanted: JsonNode, node: JsonNode, schema: JsonObject, place: Place): Failure | boolean {
  const listed = schema.get('items');
  if (wanted !== false || !isJsonArray(node) || listed === undefined || !isJsonArray(listed)) return true;
  if (node.length <= listed.length) return true;
  return { keyword: 'additionalItems', schemaAt: place.schemaAt, documentAt: `${place.documentAt}/${listed.length}` };
}

function checkProperties(wanted: JsonNode, node: JsonNode, _schema: JsonObject, place: Place): Failure | boolean {
  if (!isJsonObject(wanted) || !isJsonObject(node)) return true;
  for (const [name, value] of node) {
    const of = wanted.get(name);
    const failure = of && validate(of, value, below(place, ['properties', name], [name]));
    if (failure) return failure;
  }
  return true;
}

function checkPatternProperties(
  wanted: JsonNode,
  node: JsonNode,
  _schema: JsonObject,
  place: Place,
): Failure | boolean {
  if (!isJsonObject(wanted) || !isJsonObject(node)) return true;
  for (const [name, value] of node) {
    for (const [pattern, of] of wanted) {
      if (!matches(pattern, name)) continue;
      const failure = validate(of, value, below(place, ['patternProperties', pattern], [name]));
      if (failure !== undefined) return failure;
    }
  }
  return true;
}

function checkAdditionalProperties(
  wanted: JsonNode,
  node: JsonNode,
  schema: JsonObject,
  place: Place,
): Failure | boolean {
  if (!isJsonObject(node)) return true;
  const named = schema.get('properties') ?? null;
  const patterns = schema.get('patternProperties') ?? null;
  for (const [name, value] of node) {
    if (isJsonObject(named) && named.has(name)) continue;
    if (isJsonObject(patterns) && [...patterns.keys()].some((pattern) => matches(pattern, name))) continue;
    if (wanted === false)
      return {
        keyword: 'additionalProperties',
        schemaAt: place.schemaAt,
        documentAt: place.documentAt + pointer(name),
      };
    const failure = validate(wanted, value, below(place, ['additionalProperties'], [name]));
    if (failure !== undefined) return failure;
  }
  return true;
}

/** A member that wants others beside it, or a schema for the whole. */
function checkDependencies(wanted: JsonNode, node: JsonNode, _schema: JsonObject, place: Place): Failure | boolean {
  if (!isJsonObject(wanted) || !isJsonObject(node)) return true;
  for (const [name, of] of wanted) {
    if (!node.has(name)) continue;
    if (isJsonArray(of)) {
      if (!of.every((other) => typeof other !== 'string' || node.has(other))) return false;
    } else {
      const failure = validate(of, node, below(place, ['dependencies', name], []));
      if (failure !== undefined) return failure;
    }
  }
  return true;
}

// ---- the two functions ----

function run(name: string, schema: Datum | undefined, document: Datum | undefined): Failure | undefined {
  const { node } = schema as Json;
  if (!isJsonObject(node))
    throw new SqlError(3853, '22032', `Invalid JSON type in argument 1 to function ${name}; an object is required.`);
  return validate(node, (document as Json).node, { schemaAt: '#', documentAt: '#' });
}

defineDocument({
  name: 'json_schema_valid',
  argsMin: 2,
  argsMax: 2,
  kind: () => 'document',
  returns: BOOLEAN,
  run: ([schema, document]) => (run('json_schema_valid', schema, document) === undefined ? 1 : 0),
});

defineDocument({
  name: 'json_schema_validation_report',
  argsMin: 2,
  argsMax: 2,
  kind: () => 'document',
  returns: JSON_TYPE,
  run: ([schema, document]) => {
    const failure = run('json_schema_validation_report', schema, document);
    if (failure === undefined) return new Json(jsonObject([['valid', true]]));
    const { keyword, schemaAt, documentAt } = failure;
    return new Json(
      jsonObject([
        ['valid', false],
        [
          'reason',
          `The JSON document location '${documentAt}' failed requirement '${keyword}' at JSON Schema location '${schemaAt}'`,
        ],
        ['schema-location', schemaAt],
        ['document-location', documentAt],
        ['schema-failed-keyword', keyword],
      ]),
    );
  },
});
