/**
 * JSON_TABLE: the values that a path finds in a document, one row each; nested paths multiply a row by what they find in it. Two nested paths
 * side by side give their rows one after the other, each with NULL in the other's columns; where none finds anything the row is there once.
 *
 *     '$[*]' columns (a path '$.a', nested path '$.b[*]' columns (b path '$'), nested path '$.c[*]' columns (c path '$'))
 *     [{"a": 1, "b": [2, 3], "c": [4]}, {"a": 5}]      ─►      1 2 -    1 3 -    1 - 4    5 - -
 *
 * The document is computed when the operator is opened, so an apply above may open it once for each row of the tables to its left.
 */
import { SqlError } from '../../../base/error.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import { Decimal } from '../../../base/value/decimal.ts';
import {
  decimalType,
  DOUBLE,
  type FieldType,
  isString,
  TypeCode,
  BIGINT,
  BIGINT_UNSIGNED,
  varcharType,
} from '../../../base/value/field-type.ts';
import { isJsonArray, isJsonObject, Json, JsonDouble, type JsonNode, JsonOpaque } from '../../../base/value/json.ts';
import { printJson, unquoteJson } from '../../../base/value/json-print.ts';
import { findPath, type JsonPath, matchPath } from '../../../base/value/json-path.ts';
import type { JsonResponse, JsonTable, JsonTablePart } from '../../../proto/plan/physical.ts';
import { castForStorage, parseJsonArgument, pathOf } from '../../functions/index.ts';
import type { EvalContext } from '../../functions/context.ts';
import { evaluateAlone } from '../compiled.ts';
import type { Operator } from '../operator.ts';
import { BATCH_ROWS, type Run } from '../run.ts';

const TEXT = varcharType(65535, 'utf8mb4_bin');
const DIGITS_MAX = 65;

type ValuePart = Extract<JsonTablePart, { kind: 'value' }>;
type NestedPart = Extract<JsonTablePart, { kind: 'nested' }>;

export class JsonTableOperator implements Operator {
  private readonly node: JsonTable;
  private readonly run: Run;
  private readonly types: readonly FieldType[];
  /** What does not fit is an error here, whatever the mode: ON ERROR says what becomes of it. */
  private readonly strict: EvalContext;
  private rows: Iterator<Row> | undefined = undefined;

  constructor(node: JsonTable, run: Run) {
    this.node = node;
    this.run = run;
    this.types = node.output.map(({ type }) => type);
    this.strict = Object.create(run.evaluation, { strictWrite: { value: true } }) as EvalContext;
  }

  open(): void {
    this.rows = undefined;
  }

  next(): Batch | undefined {
    this.rows ??= this.all();
    const batch: Batch = [];
    while (batch.length < BATCH_ROWS) {
      const { value, done } = this.rows.next();
      if (done === true) break;
      batch.push(value);
    }
    return batch.length === 0 ? undefined : batch;
  }

  close(): void {
    this.rows = [][Symbol.iterator]();
  }

  private *all(): Generator<Row, undefined> {
    const document = documentOf(evaluateAlone(this.node.document, this.run.evaluation));
    if (document === undefined) return;
    const row: Row = new Array<Datum>(this.types.length).fill(null);
    yield* this.rowsOf(document, pathOf(this.node.path), this.node.parts, row);
  }

  /** Rows of one path: `row` is filled in place, and handed on as a copy. */
  private *rowsOf(
    node: JsonNode,
    path: JsonPath,
    parts: readonly JsonTablePart[],
    row: Row,
  ): Generator<Row, undefined> {
    const nested = parts.filter((part): part is NestedPart => part.kind === 'nested');
    let count = 0;
    for (const found of matches(node, path)) {
      count++;
      for (const part of parts) {
        if (part.kind === 'ordinality') row[part.index] = count;
        else if (part.kind === 'exists') row[part.index] = this.exists(found, part.path, part.index);
        else if (part.kind === 'value') row[part.index] = this.value(found, part);
      }
      let gave = false;
      for (const part of nested) {
        for (const one of this.rowsOf(found, pathOf(part.path), part.parts, row)) {
          gave = true;
          yield one;
        }
        clear(part.parts, row);
      }
      if (!gave) yield row.slice();
    }
  }

  private exists(node: JsonNode, path: string, index: number): Datum {
    const found = matches(node, pathOf(path)).length > 0 ? 1 : 0;
    return castForStorage(found, BIGINT, this.types[index]!, this.strict, { column: '', row: 1 });
  }

  private value(node: JsonNode, part: ValuePart): Datum {
    const found = matches(node, pathOf(part.path));
    if (found.length === 0) return this.respond(part.onEmpty, part, () => new SqlError(3665, '22035', `Missing value for JSON_TABLE column '${part.name}'`)); // prettier-ignore
    return this.stored(found.length === 1 ? found[0]! : found, part, part.onError);
  }

  private respond(response: JsonResponse, part: ValuePart, failure: () => SqlError): Datum {
    if (response.kind === 'error') throw failure();
    if (response.value === null) return null;
    return this.stored((response.value as Json).node, part, { kind: 'error' });
  }

  private stored(node: JsonNode, part: ValuePart, onError: JsonResponse): Datum {
    const type = this.types[part.index]!;
    if (type.code === TypeCode.JSON) return new Json(node);
    if (node === null) return null;
    if (isJsonArray(node) || isJsonObject(node))
      return this.respond(onError, part, () => new SqlError(3666, '2203F', `Can't store an array or an object in the scalar column '${part.name}' of JSON_TABLE.`)); // prettier-ignore
    const [value, from] = scalar(node, type);
    try {
      return castForStorage(value, from, type, this.strict, { column: part.name, row: 1 });
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return this.respond(onError, part, () => new SqlError(3669, '22003', `Value is out of range for JSON_TABLE's column '${part.name}'`)); // prettier-ignore
    }
  }
}

function matches(node: JsonNode, path: JsonPath): readonly JsonNode[] {
  if (path.wild) return matchPath(node, path);
  const found = findPath(node, path);
  return found === undefined ? [] : [found];
}

function clear(parts: readonly JsonTablePart[], row: Row): void {
  for (const part of parts) {
    if (part.kind === 'nested') clear(part.parts, row);
    else row[part.index] = null;
  }
}

/** NULL has no rows. */
function documentOf(value: Datum): JsonNode | undefined {
  if (value === null) return undefined;
  if (value instanceof Json) return value.node;
  if (typeof value === 'string') return parseJsonArgument(value, 1, 'json_table').node;
  throw new SqlError(3146, '22032', 'Invalid data type for JSON data in argument 1 to function json_table; a JSON string or JSON type is required.'); // prettier-ignore
}

/** A scalar of the document as a value with its type: text without quotes, true as 1 unless the column is text. */
function scalar(node: JsonNode, column: FieldType): readonly [Datum, FieldType] {
  if (typeof node === 'string') return [node, TEXT];
  if (typeof node === 'boolean') return isString(column) ? [String(node), TEXT] : [node ? 1 : 0, BIGINT];
  if (typeof node === 'bigint') return [node, node < 0n ? BIGINT : BIGINT_UNSIGNED];
  if (typeof node === 'number') return [node, BIGINT];
  if (node instanceof JsonDouble) return [node.value, DOUBLE];
  if (node instanceof JsonOpaque && node.value instanceof Decimal)
    return [node.value, decimalType(DIGITS_MAX, node.value.scale)];
  return [unquoteJson(printJson(node)), TEXT];
}
