/**
 * The MySQL client/server protocol: bytes of a socket on one side, a session on the other.
 *
 *     socket chunk ─► PacketReader ─► Connection ─► Session
 *     socket write ◄─ PacketWriter ◄─ ResultWriter, RowEncoder ◄─ rows, batch by batch
 *
 * `connection.ts` is the state machine; it and `result-writer.ts`, which answers for it, alone know a session. Everything else is pure: bytes in,
 * values out, or the other way round. Offered: protocol 10 with both EOF forms, native and caching_sha2 authentication (with RSA exchange where there is no TLS), TLS,
 * compression (`compression.ts`, between socket and packets), multi-statements, prepared statements with read-only cursors, LOCAL INFILE, messages over 16 MB, session tracking, query attributes
 * (`query-attributes.ts`), results without metadata.
 */
export { Connection } from './connection.ts';
export type { ConnectionHost, SessionOpening, Wire } from './connection-host.ts';
export { Capability, Command, SERVER_VERSION, ServerStatus, AUTH_CACHING_SHA2, AUTH_NATIVE } from './constants.ts';
export { charsetOfId, idOfCollation } from './charsets.ts';
export { toClientError, isInternal, type ClientError } from './errors.ts';
export { PacketReader } from './packet-reader.ts';
export { PacketWriter } from './packet-writer.ts';
export type { TlsFacts } from './tls.ts';
export type { ClientHello } from './handshake.ts';
export type { AuthenticationStore } from './authentication.ts';
