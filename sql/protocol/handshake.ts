/**
 * What a client says first: HandshakeResponse41, and COM_CHANGE_USER, which is the same thing in another order.
 *
 * Both are read leniently where real clients differ (a missing terminator, attributes cut short) and strictly where a
 * wrong guess would let someone in. All flags mean `client & server`.
 */
import { SqlError } from '../../base/error.ts';
import type { ByteReader } from './byte-reader.ts';
import { malformedPacket } from './byte-reader.ts';
import { COMPRESSION_CAPABILITIES } from './compression.ts';
import { AUTH_NATIVE, Capability, SERVER_CAPABILITIES } from './constants.ts';

export interface ClientHello {
  readonly capabilities: number;
  readonly charsetId: number;
  readonly user: string;
  readonly authResponse: Buffer;
  readonly database: string | undefined;
  /** The plugin whose answer `authResponse` is. */
  readonly plugin: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** As the client says; 0: it says none. */
  readonly zstdLevel: number;
}

/** Attributes are shown in performance_schema and kept as long as the connection: more than this is not worth keeping. */
const ATTRIBUTES_MAX = 64 * 1024;

/** `tls`: the client sends no more before it is encrypted, and then all of this once more. */
export function readHandshakeResponse(reader: ByteReader): ClientHello | 'tls' {
  if (reader.remaining < 32) {
    if (reader.remaining >= 2 && !(reader.u16() & Capability.PROTOCOL_41)) {
      throw new SqlError(
        1251,
        '08004',
        'Client does not support authentication protocol requested by server; consider upgrading MySQL client',
      );
    }
    throw new SqlError(1043, '08S01', 'Bad handshake');
  }
  const flags = reader.u32();
  if (!(flags & Capability.PROTOCOL_41)) throw new SqlError(1043, '08S01', 'Bad handshake');
  const capabilities = flags & (SERVER_CAPABILITIES | COMPRESSION_CAPABILITIES);
  reader.skip(4);
  const charsetId = reader.u8();
  reader.skip(23);
  if (flags & Capability.SSL && reader.remaining === 0) return 'tls';
  const user = reader.nullTerminatedText();
  const authResponse = readAuthResponse(reader, flags);
  // The flag says that a name follows, yet some clients send none.
  const database = flags & Capability.CONNECT_WITH_DB && reader.remaining > 0 ? reader.nullTerminatedText() : '';
  const plugin = flags & Capability.PLUGIN_AUTH && reader.remaining > 0 ? reader.nullTerminatedText() : AUTH_NATIVE;
  const attributes = flags & Capability.CONNECT_ATTRS ? readAttributes(reader) : new Map<string, string>();
  const zstdLevel = flags & Capability.ZSTD_COMPRESSION && reader.remaining > 0 ? reader.u8() : 0;
  return {
    zstdLevel,
    capabilities,
    charsetId,
    user,
    authResponse,
    database: database === '' ? undefined : database,
    plugin,
    attributes,
  };
}

/** Both length forms are understood whether or not they were offered; here the client's own bit decides, since it chose the form. */
function readAuthResponse(reader: ByteReader, flags: number): Buffer {
  if (flags & Capability.PLUGIN_AUTH_LENENC) return reader.lengthEncodedBytes();
  if (flags & Capability.SECURE_CONNECTION) return reader.bytes(reader.u8());
  return reader.nullTerminatedBytes();
}

export function readChangeUser(reader: ByteReader, before: { capabilities: number; charsetId: number }): ClientHello {
  const user = reader.nullTerminatedText();
  const authResponse =
    before.capabilities & Capability.SECURE_CONNECTION ? reader.bytes(reader.u8()) : reader.nullTerminatedBytes();
  const database = reader.remaining > 0 ? reader.nullTerminatedText() : '';
  const charsetId = reader.remaining >= 2 ? reader.u16() : before.charsetId;
  const plugin =
    before.capabilities & Capability.PLUGIN_AUTH && reader.remaining > 0 ? reader.nullTerminatedText() : AUTH_NATIVE;
  const attributes =
    before.capabilities & Capability.CONNECT_ATTRS ? readAttributes(reader) : new Map<string, string>();
  return {
    zstdLevel: 0,
    capabilities: before.capabilities,
    charsetId,
    user,
    authResponse,
    database: database === '' ? undefined : database,
    plugin,
    attributes,
  };
}

function readAttributes(reader: ByteReader): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  if (reader.remaining === 0) return attributes;
  const size = reader.lengthEncoded();
  if (size < 0 || size > reader.remaining || size > ATTRIBUTES_MAX) throw malformedPacket('connection attributes');
  const end = reader.offset + size;
  while (reader.offset < end) {
    const name = reader.lengthEncodedText();
    if (reader.offset >= end) break;
    attributes.set(name, reader.lengthEncodedText());
  }
  return attributes;
}
