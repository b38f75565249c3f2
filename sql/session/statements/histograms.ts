/**
 * ANALYZE TABLE … UPDATE HISTOGRAM and DROP HISTOGRAM: each column's values are counted by a query of its own, in order, and described by
 * catalog/histogram.ts. Of a large table a random part is read, so that the distinct values fit into memory. What MySQL says of a column that has no
 * histogram is a row of the answer, not an error.
 */
import { SqlError } from '../../../base/error.ts';
import { encodeText } from '../../../base/value/charset.ts';
import { collationNamed } from '../../../base/value/collation/index.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import { type FieldType, TypeCode } from '../../../base/value/field-type.ts';
import { JsonDouble, type JsonNode, JsonOpaque } from '../../../base/value/json.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { dropHistogram, type CountedValue, histogramDocument, keepHistogram } from '../../catalog/histogram.ts';
import { formatText } from '../../functions/index.ts';
import type { QueryNode, TableMaintenanceStatement } from '../../parser/ast.ts';
import { parse, quoteName } from '../../parser/index.ts';
import type { Session } from '../session.ts';
import { UNBOUND } from '../statement-planner.ts';
import { callerOf } from './definitions.ts';
import { readPlanned, streamPlanned } from './evaluate.ts';

const BUCKETS_DEFAULT = 100;
const BUCKETS_MAX = 1024;
/** Of a table with more rows so many are looked at. */
const HISTOGRAM_ROWS_MAX = 200_000;
/** Of a text so many characters, as in MySQL. */
const COMPARED_LENGTH = 42;
/** What MySQL's numbers and dates carry. */
const NUMERIC_COLLATION_ID = 8;

type Histogram = NonNullable<TableMaintenanceStatement['histogram']>;

/** The rows that the statement answers with. */
export async function changeHistograms(
  session: Session,
  statement: TableMaintenanceStatement,
  histogram: Histogram,
  sql: string,
): Promise<Row[]> {
  const { buckets = BUCKETS_DEFAULT, columns: names, action } = histogram;
  if (buckets < 1 || buckets > BUCKETS_MAX)
    throw new SqlError(1690, '22003', "Number of buckets value is out of range in 'ANALYZE TABLE'");
  const twice = names.find((name, i) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) < i);
  if (twice !== undefined) throw new SqlError(1060, '42S21', `Duplicate column name '${twice}'`);
  const [name, ...others] = statement.tables;
  const error = (full: string, text: string): Row => [full, 'histogram', 'Error', text];
  if (others.length > 0) return [error('', 'Only one table can be specified while modifying histogram statistics.')];
  const database = name!.schema ?? session.state.database;
  if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
  const full = `${database}.${name!.name}`;
  if (session.temporaryTable(name!) !== undefined)
    return [error(full, 'Cannot create histogram statistics for a temporary table.')];
  const table = session.schema().table(database, name!.name);
  if (table === undefined) return [error(full, `Table '${full}' doesn't exist`)];
  if (table.view !== undefined) return [error(full, 'Cannot create histogram statistics for a view.')];
  const rows: Row[] = [];
  for (const columnName of names) {
    const column = table.columns.find(
      (one) => one.state === 'public' && one.name.toLowerCase() === columnName.toLowerCase(),
    );
    const refusal = column === undefined ? `The column '${columnName}' does not exist.` : refusalOf(table, column, action); // prettier-ignore
    if (column === undefined || refusal !== undefined) rows.push(error(full, refusal!));
    else if (action === 'UPDATE') {
      await update(session, database, table, column, buckets);
      rows.push([full, 'histogram', 'status', `Histogram statistics created for column '${column.name}'.`]);
    } else if (await dropHistogram(session.instance.kv, table.id, column.id)) {
      rows.push([full, 'histogram', 'status', `Histogram statistics removed for column '${column.name}'.`]);
    } else rows.push(error(full, `No histogram statistics found for column '${column.name}'.`));
  }
  // The planner has histograms of its own: they, too, are of now.
  if (action === 'UPDATE' && rows.some((row) => row[2] === 'status'))
    await session.instance.catalog.analyze([name!], callerOf(session, sql));
  return rows;
}

function refusalOf(table: TableInfo, column: ColumnInfo, action: Histogram['action']): string | undefined {
  if (action === 'DROP') return undefined;
  if (column.type.code === TypeCode.JSON || column.type.code === TypeCode.GEOMETRY)
    return `The column '${column.name}' has an unsupported data type.`;
  const isUnique = table.indexes.some(
    ({ unique, state, columns }) =>
      unique && state === 'public' && columns.length === 1 && columns[0]!.offset === column.offset,
  );
  return isUnique ? `The column '${column.name}' is covered by a single-part unique index.` : undefined;
}

async function update(
  session: Session,
  database: string,
  table: TableInfo,
  column: ColumnInfo,
  bucketsWanted: number,
): Promise<void> {
  const from = `${quoteName(database)}.${quoteName(table.name)}`;
  const name = quoteName(column.name);
  const kind = kindOf(column.type);
  const ask = (sql: string): [QueryNode, string] => [parse(sql)[0]!.statement as QueryNode, sql];
  const counted = await readPlanned(session, ...ask(`SELECT COUNT(*) FROM ${from}`));
  const samplingRate = Math.min(1, HISTOGRAM_ROWS_MAX / Math.max(1, Number(counted.rows[0]![0])));
  const value = kind === 'string' ? `LEFT(${name}, ${COMPARED_LENGTH})` : isNumbered(column.type) ? `${name} + 0` : name; // prettier-ignore
  const part = samplingRate < 1 ? ` WHERE RAND() < ${samplingRate}` : '';
  const sql = `SELECT v, COUNT(*) FROM (SELECT ${value} AS v FROM ${from}${part}) d GROUP BY v ORDER BY v LIMIT 18446744073709551615`;
  const values: CountedValue[] = [];
  let nullRows = 0;
  await streamPlanned(session, ...ask(sql), UNBOUND, (columns) => (batch) => {
    session.chargeCursor(batch);
    for (const [datum, rows] of batch) {
      if (datum === null) nullRows = Number(rows);
      else values.push({ value: jsonOf(datum!, kind, column.type, columns[0]!.type), rows: Number(rows) });
    }
  });
  const document = histogramDocument(values, {
    dataType: kind, samplingRate, bucketsWanted, nullRows, collationId: collationIdOf(column.type), lastUpdated: `${new Date(session.instance.clock.wallMs()).toISOString().slice(0, 19).replace('T', ' ')}.000000`,
  }); // prettier-ignore
  await keepHistogram(session.instance.kv, table.id, column.id, document);
}

/** Counted by their number. */
function isNumbered({ code }: FieldType): boolean {
  return code === TypeCode.ENUM || code === TypeCode.SET || code === TypeCode.BIT;
}

function kindOf({ code, unsigned }: FieldType): string {
  switch (code) {
    case TypeCode.TINY:
    case TypeCode.SHORT:
    case TypeCode.INT24:
    case TypeCode.LONG:
    case TypeCode.LONGLONG:
      return unsigned ? 'uint' : 'int';
    case TypeCode.YEAR:
    case TypeCode.BIT:
      return 'uint';
    case TypeCode.FLOAT:
    case TypeCode.DOUBLE:
      return 'double';
    case TypeCode.DECIMAL:
      return 'decimal';
    case TypeCode.DATE:
      return 'date';
    case TypeCode.TIME:
      return 'time';
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return 'datetime';
    case TypeCode.ENUM:
      return 'enum';
    case TypeCode.SET:
      return 'set';
    default:
      return 'string';
  }
}

function collationIdOf(type: FieldType): number {
  const isText = kindOf(type) === 'string' || type.code === TypeCode.ENUM || type.code === TypeCode.SET;
  return isText ? (collationNamed(type.collation)?.id ?? NUMERIC_COLLATION_ID) : NUMERIC_COLLATION_ID;
}

/** As MySQL's document has it: texts as their bytes, times with microseconds. */
function jsonOf(value: Datum, kind: string, type: FieldType, shown: FieldType): JsonNode {
  switch (kind) {
    case 'string': {
      const bytes = value instanceof Uint8Array ? value : encodeText(String(value), type.charset);
      return `base64:type${TypeCode.CHAR}:${Buffer.from(bytes).toString('base64')}`;
    }
    case 'double':
      return new JsonDouble(Number(value));
    case 'decimal':
      return new JsonOpaque(TypeCode.DECIMAL, value);
    case 'date':
      return String(formatText(value, shown));
    case 'time':
    case 'datetime': {
      const [whole, fraction = ''] = String(formatText(value, shown)).split('.');
      return `${whole}.${fraction.padEnd(6, '0')}`;
    }
    default:
      return typeof value === 'bigint' ? value : Number(value);
  }
}
