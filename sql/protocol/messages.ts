/**
 * The server's messages as bytes: greeting, OK, ERR, EOF and column definitions. Each function writes one whole packet.
 *
 * Two ways to end a result set exist side by side. Without DEPRECATE_EOF an EOF packet follows the column definitions and
 * another one the rows; with it only the rows are followed, by an OK packet whose header byte is 0xfe.
 */
import { bytesMaxOf, charsetNameOf, type Charset } from '../../base/value/charset.ts';
import { FieldFlag, TypeCode, isString, type FieldType } from '../../base/value/field-type.ts';
import { unreachable } from '../../base/assert.ts';
import type { ResultColumn } from '../session/result.ts';
import type { SessionChange, SessionTracker } from '../session/session-tracker.ts';
import { COMPRESSION_CAPABILITIES } from './compression.ts';
import { conversionOf, idOfCollation } from './charsets.ts';
import { Capability, SERVER_CAPABILITIES, SERVER_VERSION, ServerStatus } from './constants.ts';
import type { ClientError } from './errors.ts';
import { PacketWriter } from './packet-writer.ts';

export interface OkFields {
  readonly affectedRows: number | bigint;
  readonly lastInsertId: number | bigint;
  readonly status: number;
  readonly warnings: number;
  readonly info: string;
  /** What the client has not been told of its session yet; only with SESSION_TRACK. */
  readonly changes?: readonly SessionChange[] | undefined;
}

export function writeGreeting(
  out: PacketWriter,
  options: { connectionId: number; nonce: Uint8Array; plugin: string; tls: boolean },
): void {
  const capabilities = SERVER_CAPABILITIES | COMPRESSION_CAPABILITIES | (options.tls ? Capability.SSL : 0);
  out.begin();
  out.u8(10);
  out.nullTerminated(SERVER_VERSION);
  out.u32(options.connectionId);
  out.raw(options.nonce.subarray(0, 8));
  out.u8(0);
  out.u16(capabilities & 0xffff);
  out.u8(255);
  out.u16(ServerStatus.AUTOCOMMIT);
  out.u16((capabilities >>> 16) & 0xffff);
  out.u8(21);
  out.zeros(10);
  out.raw(options.nonce.subarray(8, 20));
  out.u8(0);
  out.nullTerminated(options.plugin);
  out.finish();
}

export function writeAuthSwitch(out: PacketWriter, plugin: string, nonce: Uint8Array): void {
  out.begin();
  out.u8(0xfe);
  out.nullTerminated(plugin);
  out.raw(nonce.subarray(0, 20));
  out.u8(0);
  out.finish();
}

export function writeAuthMoreData(out: PacketWriter, data: Uint8Array): void {
  out.begin();
  out.u8(1);
  out.raw(data);
  out.finish();
}

// hot
export function writeOk(out: PacketWriter, ok: OkFields, header = 0x00): void {
  out.begin();
  out.u8(header);
  out.lengthEncoded(ok.affectedRows);
  out.lengthEncoded(
    typeof ok.lastInsertId === 'bigint' ? BigInt.asUintN(64, ok.lastInsertId) : Math.max(0, ok.lastInsertId),
  );
  const { changes } = ok;
  out.u16(changes === undefined ? ok.status : ok.status | ServerStatus.SESSION_STATE_CHANGED);
  out.u16(Math.min(ok.warnings, 0xffff));
  // Behind its length, as servers really send it; the published description leaves the length out.
  if (ok.info.length > 0 || changes !== undefined) out.lengthEncodedText(ok.info);
  if (changes !== undefined) writeChanges(out, changes);
  out.finish();
}

/** Each as its kind, its size, and what there is to say; all together behind their size. */
function writeChanges(out: PacketWriter, changes: readonly SessionChange[]): void {
  const all = new PacketWriter();
  for (const change of changes) {
    const one = new PacketWriter();
    switch (change.kind) {
      case 'variable':
        one.lengthEncodedText(change.name);
        one.lengthEncodedText(change.value);
        break;
      case 'schema':
        one.lengthEncodedText(change.name);
        break;
      case 'state':
        one.lengthEncodedText('1');
        break;
      case 'transaction-characteristics':
      case 'transaction-state':
        one.lengthEncodedText(change.text);
        break;
      default:
        unreachable(change);
    }
    all.u8(CHANGE_KINDS[change.kind]);
    all.lengthEncodedBytes(one.written());
  }
  out.lengthEncodedBytes(all.written());
}

/** 3 would be a GTID. */
const CHANGE_KINDS = {
  variable: 0, schema: 1, state: 2, 'transaction-characteristics': 4, 'transaction-state': 5,
} as const; // prettier-ignore

export function writeError(out: PacketWriter, error: ClientError, capabilities: number): void {
  out.begin();
  out.u8(0xff);
  out.u16(error.errno);
  if (capabilities & Capability.PROTOCOL_41) {
    out.u8(0x23);
    out.latin1(error.sqlState);
  }
  out.text(error.message);
  out.finish();
}

/** The classic EOF packet, only without DEPRECATE_EOF. */
export function writeEof(out: PacketWriter, status: number, warnings: number): void {
  out.begin();
  out.u8(0xfe);
  out.u16(Math.min(warnings, 0xffff));
  out.u16(status);
  out.finish();
}

/** What closes the rows of a result set. */
export function writeEndOfRows(
  out: PacketWriter,
  capabilities: number,
  end: { readonly status: number; readonly warnings: number; readonly session?: { readonly tracker: SessionTracker } },
): void {
  const { status, warnings } = end;
  if (capabilities & Capability.DEPRECATE_EOF)
    writeOk(
      out,
      { affectedRows: 0, lastInsertId: 0, status, warnings, info: '', changes: end.session?.tracker.take() },
      0xfe,
    );
  else writeEof(out, status, warnings);
}

/** `follows`: whether the definitions do; `undefined` for a client to which they always do. */
export function writeColumnCount(out: PacketWriter, count: number, follows?: boolean): void {
  out.begin();
  if (follows !== undefined) out.u8(follows ? 1 : 0);
  out.lengthEncoded(count);
  out.finish();
}

/** `resultCollation`: what the client reads text as; `undefined`: each column says its own. */
export function writeColumn(
  out: PacketWriter,
  column: ResultColumn,
  resultCollation: string | undefined,
  defaultText?: string | null,
): void {
  const charset = conversionOf(resultCollation);
  out.begin();
  out.lengthEncodedText('def');
  writeName(out, column.database, charset);
  writeName(out, column.table, charset);
  writeName(out, column.originalTable, charset);
  writeName(out, column.name, charset);
  writeName(out, column.originalName, charset);
  out.u8(0x0c);
  const type = sentType(column.type, resultCollation);
  out.u16(characterSetId(type));
  out.u32(columnLength(type));
  out.u8(wireType(type));
  out.u16(columnFlags(type, column.flags));
  out.u8(columnDecimals(type));
  out.u16(0);
  if (defaultText !== undefined) {
    if (defaultText === null) out.u8(0xfb);
    else out.lengthEncodedText(defaultText);
  }
  out.finish();
}

/** The header of a result set (count, definitions, EOF of old) as ready packets, made once per plan. */
export function writeColumns(
  out: PacketWriter,
  columns: readonly ResultColumn[],
  session: { readonly resultCollation: string | undefined; readonly metadataFollows: boolean },
  capabilities: number,
  status: number,
  warnings: number,
): void {
  const optional = (capabilities & Capability.OPTIONAL_RESULTSET_METADATA) !== 0;
  const follows = !optional || session.metadataFollows;
  writeColumnCount(out, columns.length, optional ? follows : undefined);
  if (follows) for (const column of columns) writeColumn(out, column, session.resultCollation);
  if (!(capabilities & Capability.DEPRECATE_EOF)) writeEof(out, status, warnings);
}

/** COM_STMT_PREPARE's answer is exactly twelve bytes (thirteen where metadata is optional): a shorter one or a filler that is not zero breaks drivers. */
export function writePrepareOk(
  out: PacketWriter,
  prepared: { id: number; columns: number; parameters: number; warnings: number },
  follows?: boolean,
): void {
  out.begin();
  out.u8(0);
  out.u32(prepared.id);
  out.u16(prepared.columns);
  out.u16(prepared.parameters);
  out.u8(0);
  out.u16(Math.min(prepared.warnings, 0xffff));
  if (follows !== undefined) out.u8(follows ? 1 : 0);
  out.finish();
}

function writeName(out: PacketWriter, name: string, charset: Charset | undefined): void {
  if (charset === undefined) out.lengthEncodedText(name);
  else out.lengthEncodedBytes(charset.encode(name));
}

/** Text is sent in the client's character set, and said to be: lengths count its bytes. */
function sentType(type: FieldType, resultCollation: string | undefined): FieldType {
  if (resultCollation === undefined || resultCollation === type.collation) return type;
  if (resultCollation === 'binary' || type.charset === 'binary') return type;
  if (type.code === TypeCode.JSON || !isString(type)) return type;
  return { ...type, charset: charsetNameOf(resultCollation), collation: resultCollation };
}

/** JSON says binary, as MySQL does; text says its collation, everything else binary. */
function characterSetId(type: FieldType): number {
  if (type.code === TypeCode.JSON || !isString(type) || type.charset === 'binary') return 63;
  return idOfCollation(type.collation);
}

/** ENUM and SET travel as CHAR with a flag, all BLOB and TEXT as BLOB, so that drivers know fewer types. */
export function wireType(type: FieldType): number {
  switch (type.code) {
    case TypeCode.ENUM:
    case TypeCode.SET:
      return TypeCode.CHAR;
    case TypeCode.TINY_BLOB:
    case TypeCode.MEDIUM_BLOB:
    case TypeCode.LONG_BLOB:
      return TypeCode.BLOB;
    case TypeCode.DECIMAL_OLD:
      return TypeCode.DECIMAL;
    default:
      return type.code;
  }
}

function columnFlags(type: FieldType, more: number): number {
  let flags = more;
  if (type.notNull) flags |= FieldFlag.NOT_NULL;
  if (type.unsigned) flags |= FieldFlag.UNSIGNED;
  if (type.zerofill) flags |= FieldFlag.ZEROFILL | FieldFlag.UNSIGNED;
  switch (type.code) {
    case TypeCode.ENUM:
      flags |= FieldFlag.ENUM;
      break;
    case TypeCode.SET:
      flags |= FieldFlag.SET;
      break;
    case TypeCode.TINY_BLOB:
    case TypeCode.MEDIUM_BLOB:
    case TypeCode.LONG_BLOB:
    case TypeCode.BLOB:
      flags |= FieldFlag.BLOB;
      if (type.charset === 'binary') flags |= FieldFlag.BINARY;
      break;
    case TypeCode.CHAR:
    case TypeCode.VARCHAR:
      if (type.charset === 'binary' || type.collation.endsWith('_bin')) flags |= FieldFlag.BINARY;
      break;
    case TypeCode.JSON:
      flags |= FieldFlag.BLOB | FieldFlag.BINARY;
      break;
    case TypeCode.YEAR:
      flags |= FieldFlag.UNSIGNED | FieldFlag.ZEROFILL;
      break;
    case TypeCode.BIT:
      flags |= FieldFlag.UNSIGNED;
      break;
    case TypeCode.DATE:
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
    case TypeCode.TIME:
      flags |= FieldFlag.BINARY;
      break;
    default:
      break;
  }
  return flags & 0xffff;
}

/** Bytes a value may take as text. Drivers size buffers by it, and take TINYINT(1) for a boolean. */
function columnLength(type: FieldType): number {
  const fraction = type.decimals > 0 && type.decimals <= 6 ? type.decimals + 1 : 0;
  switch (type.code) {
    case TypeCode.TINY:
      return type.length >= 0 ? type.length : type.unsigned ? 3 : 4;
    case TypeCode.SHORT:
      return type.length >= 0 ? type.length : type.unsigned ? 5 : 6;
    case TypeCode.INT24:
      return type.length >= 0 ? type.length : type.unsigned ? 8 : 9;
    case TypeCode.LONG:
      return type.length >= 0 ? type.length : type.unsigned ? 10 : 11;
    case TypeCode.LONGLONG:
      return type.length >= 0 ? type.length : 20;
    case TypeCode.FLOAT:
      return type.length >= 0 ? type.length : 12;
    case TypeCode.DOUBLE:
      return type.length >= 0 ? type.length : 22;
    case TypeCode.DECIMAL: {
      const precision = type.length >= 0 ? type.length : 10;
      return precision + (type.decimals > 0 ? 1 : 0) + (type.unsigned ? 0 : 1);
    }
    case TypeCode.DATE:
      return 10;
    case TypeCode.TIME:
      return 10 + fraction;
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return 19 + fraction;
    case TypeCode.YEAR:
      return 4;
    case TypeCode.NULL:
      return 0;
    case TypeCode.JSON:
    case TypeCode.LONG_BLOB:
      return 0xffffffff;
    case TypeCode.TINY_BLOB:
      return 255 * bytesMaxOf(type.charset);
    case TypeCode.BLOB:
      return type.length > 65535 ? Math.min(type.length, 0xffffffff) : 65535 * bytesMaxOf(type.charset);
    case TypeCode.MEDIUM_BLOB:
      return 16777215 * bytesMaxOf(type.charset);
    case TypeCode.ENUM:
    case TypeCode.SET:
      return setLength(type) * bytesMaxOf(type.charset);
    default:
      return Math.min(Math.max(type.length, 0) * bytesMaxOf(type.charset), 0xffffffff);
  }
}

function setLength(type: FieldType): number {
  const elements = type.elements ?? [];
  if (type.code === TypeCode.SET) return elements.reduce((sum, element) => sum + element.length + 1, -1);
  return elements.reduce((longest, element) => Math.max(longest, element.length), 0);
}

function columnDecimals(type: FieldType): number {
  if (type.code === TypeCode.DOUBLE || type.code === TypeCode.FLOAT) return type.decimals > 0 ? type.decimals : 31;
  return type.decimals;
}
