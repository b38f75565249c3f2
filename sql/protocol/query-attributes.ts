/**
 * Query attributes (CLIENT_QUERY_ATTRIBUTES): names and values that a client sends beside a statement, for `mysql_query_attribute_string()`.
 *
 *     COM_QUERY         count, sets (1), { NULL bitmap, 1, { type, name }…, values }, text
 *     COM_STMT_EXECUTE  id, flags, 1, count, { NULL bitmap, bound, { type, name }…, values }   parameters first, then attributes
 *
 * They are encoded like the parameters of a prepared statement (parameters.ts). A value is kept as text, whatever its type. They last as long
 * as their command: for all statements of a text, and for the rows that come of them.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { formatText } from '../functions/index.ts';
import { malformedPacket, type ByteReader } from './byte-reader.ts';
import { readParameters, type BoundParameters, type ParameterMemory } from './parameters.ts';

export type QueryAttributes = ReadonlyMap<string, string | null>;

/** As many as a prepared statement may have parameters. */
const ATTRIBUTES_MAX = 65_535;
/** CURSOR flags of COM_STMT_EXECUTE: a count is there, even without parameters. */
const PARAMETER_COUNT_AVAILABLE = 8;

/** In front of the text of a COM_QUERY; `undefined`: there are none. */
export function readQueryAttributes(reader: ByteReader, charset: string): QueryAttributes | undefined {
  const count = readCount(reader);
  const sets = reader.lengthEncoded();
  if (sets !== 1) throw malformedPacket(`${sets} sets of query attributes`);
  if (count === 0) return undefined;
  const memory: ParameterMemory = { wireTypes: undefined, names: undefined, longData: undefined };
  return attributesOf(readParameters(reader, count, memory, charset, true), memory, 0);
}

/** Parameters of an execution, and what is sent beside them. */
export function readExecution(
  reader: ByteReader,
  statement: { readonly parameterCount: number; readonly memory: ParameterMemory },
  flags: number,
  charset: string,
): { readonly bound: BoundParameters; readonly attributes: QueryAttributes | undefined } {
  const { parameterCount, memory } = statement;
  const counted = parameterCount > 0 || (flags & PARAMETER_COUNT_AVAILABLE) !== 0;
  const count = counted ? readCount(reader) : 0;
  if (count < parameterCount) throw malformedPacket(`${count} of ${parameterCount} parameters`);
  const all = readParameters(reader, count, memory, charset, true);
  if (count === parameterCount) return { bound: all, attributes: undefined };
  return {
    bound: { types: all.types.slice(0, parameterCount), values: all.values.slice(0, parameterCount) },
    attributes: attributesOf(all, memory, parameterCount),
  };
}

function readCount(reader: ByteReader): number {
  const count = reader.lengthEncoded();
  if (count < 0 || count > ATTRIBUTES_MAX) throw malformedPacket(`${count} parameters`);
  return count;
}

function attributesOf(all: BoundParameters, { names }: ParameterMemory, from: number): QueryAttributes {
  const attributes = new Map<string, string | null>();
  for (let i = from; i < all.values.length; i++)
    // The first of a name counts.
    if (names?.[i] !== undefined && !attributes.has(names[i]!))
      attributes.set(names[i]!, textOf(all.values[i]!, all.types[i]!));
  return attributes;
}

function textOf(value: Datum, type: FieldType): string | null {
  const text = formatText(value, type);
  return text === null || typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
}
