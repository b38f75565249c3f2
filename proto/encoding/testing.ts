/** Tables for tests: a `TableInfo` from the few words of DDL that the golden vectors and the tests here use. No parser. */
import { type FieldType, fieldType, TypeCode } from '../../base/value/field-type.ts';
import type { ColumnInfo, IndexInfo, TableInfo } from '../schema/table-info.ts';

export interface TestTableOptions {
  readonly id?: number;
  readonly indexIds?: Readonly<Record<string, number>>;
}

const NUMERIC: Readonly<Record<string, TypeCode>> = {
  tinyint: TypeCode.TINY, smallint: TypeCode.SHORT, mediumint: TypeCode.INT24, int: TypeCode.LONG, bigint: TypeCode.LONGLONG, float: TypeCode.FLOAT,
  double: TypeCode.DOUBLE, decimal: TypeCode.DECIMAL, date: TypeCode.DATE, time: TypeCode.TIME, datetime: TypeCode.DATETIME,
  timestamp: TypeCode.TIMESTAMP, year: TypeCode.YEAR, bit: TypeCode.BIT, json: TypeCode.JSON, enum: TypeCode.ENUM, set: TypeCode.SET,
}; // prettier-ignore
const STRINGS: Readonly<Record<string, TypeCode>> = {
  varchar: TypeCode.VARCHAR, char: TypeCode.CHAR, mediumtext: TypeCode.MEDIUM_BLOB, text: TypeCode.BLOB,
  binary: TypeCode.CHAR, varbinary: TypeCode.VARCHAR, blob: TypeCode.BLOB,
}; // prettier-ignore

export function testTable(ddl: string, options: TestTableOptions = {}): TableInfo {
  const match = /^create table (\w+) \((.*)\)(?: collate (\w+))?$/.exec(ddl);
  if (!match) throw new Error(`cannot read ${ddl}`);
  const [, name, body, collation = 'utf8mb4_bin'] = match;
  const columns: ColumnInfo[] = [];
  const indexes: IndexInfo[] = [];
  let pkIsHandle = false;
  let isCommonHandle = false;
  const addIndex = (indexName: string, parts: string, unique: boolean, primary: boolean): void => {
    indexes.push({
      id: options.indexIds?.[indexName] ?? indexes.length + 1,
      name: indexName,
      unique,
      primary,
      state: 'public',
      comment: '',
      invisible: false,
      columns: parts.split(/,(?![^(]*\))/).map((part) => {
        const [, column = '', prefix, descending] = /^\s*(\w+)(?:\((\d+)\))?( desc)?/.exec(part)!;
        return {
          name: column,
          offset: columns.findIndex((one) => one.name === column),
          prefixLength: prefix ? Number(prefix) : -1,
          ...(descending ? { descending: true } : {}),
        };
      }),
    });
  };
  for (const item of body!.split(/,(?![^(]*\))/).map((text) => text.trim())) {
    const key = /^(primary key|unique key|key) ?(\w*) ?\((.*)\)( clustered| nonclustered)?$/.exec(item);
    if (key) {
      const primary = key[1] === 'primary key';
      if (primary) isCommonHandle = key[4] === ' clustered';
      addIndex(primary ? 'PRIMARY' : key[2]!, key[3]!, key[1] !== 'key', primary);
      continue;
    }
    const column = /^(\w+) (\w+)(?:\(([^)]*)\))?(.*)$/.exec(item)!;
    const more = column[4]!;
    columns.push({
      id: columns.length + 1,
      name: column[1]!,
      offset: columns.length,
      type: typeOf(column[2]!, column[3], more.includes('unsigned'), collation!),
      state: 'public',
      default: { kind: 'none' },
      originDefault: { kind: 'none' },
      autoIncrement: false,
      onUpdateNow: false,
      comment: '',
    });
    if (more.includes('primary key')) {
      pkIsHandle = true;
      addIndex('PRIMARY', column[1]!, true, true);
    }
  }
  // A key of one integer column was found above with id 0; the rest count from 1.
  const numbered = indexes.map((index, i) => ({
    ...index,
    id: options.indexIds?.[index.name] ?? (index.primary && pkIsHandle ? 0 : i + (pkIsHandle ? 0 : 1)),
  }));
  return {
    id: options.id ?? 100, name: name!, columns, indexes: numbered, pkIsHandle, isCommonHandle, state: 'public', charset: 'utf8mb4',
    collation: collation!, comment: '', columnIdMax: columns.length, indexIdMax: indexes.length, updateVersion: 1, createdAtMs: 0,
  }; // prettier-ignore
}

function typeOf(name: string, argument: string | undefined, unsigned: boolean, collation: string): FieldType {
  if (name in STRINGS) {
    const binary = name.endsWith('binary') || name === 'blob';
    const length = argument ? Number(argument) : 65535;
    const text = { charset: binary ? 'binary' : 'utf8mb4', collation: binary ? 'binary' : collation } as const;
    return fieldType(STRINGS[name]!, { length, ...text });
  }
  const code = NUMERIC[name]!;
  if (name === 'decimal') {
    const [precision = 10, scale = 0] = (argument ?? '').split(',').map(Number);
    return fieldType(code, { length: precision, decimals: scale, unsigned });
  }
  if (name === 'enum' || name === 'set') {
    const elements = argument!.split(',').map((one) => one.replaceAll("'", ''));
    return fieldType(code, { elements, charset: 'utf8mb4', collation });
  }
  if (name === 'json') return fieldType(code, { charset: 'utf8mb4', collation: 'utf8mb4_bin' });
  const number = argument ? Number(argument) : 0;
  return name === 'bit'
    ? fieldType(code, { length: number, unsigned: true })
    : fieldType(code, { unsigned, decimals: number });
}
