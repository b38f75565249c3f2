/**
 * `SqlServer`: the sockets of the MySQL protocol. Listens on TCP (and a Unix socket when asked), gives each client a `Connection`, and ends
 * gracefully: `drain` takes no new clients, lets running statements finish, and closes what remains after a deadline.
 *
 * Thousands of idle connections cost a socket, a writer of 4 KiB and a session each; nothing is polled per connection.
 */
import { randomBytes } from 'node:crypto';
import { SqlError } from '../../base/error.ts';
import type { Timer } from '../../base/world.ts';
import { AUTH_CACHING_SHA2, Capability, charsetOfId, Connection, type ConnectionHost } from '../protocol/index.ts';
import type { SqlInstance } from '../session/index.ts';
import { RsaKey } from './rsa-key.ts';
import type { Door, ServerWire } from './door.ts';
import { InlineSockets } from './inline-sockets.ts';
import type { TlsIdentity } from './tls/tls-identity.ts';
import { ThreadedSockets } from './sockets/threaded-sockets.ts';

export interface SqlServerOptions {
  readonly instance: SqlInstance;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly socketPath?: string;
  /** Where the RSA key is kept; `undefined`: in memory only. */
  readonly rsaKeyPath?: string;
  readonly onInternalError?: (error: unknown, context: string) => void;
  /** The script of the thread that holds the sockets (sockets/socket-thread.ts); absent: this thread does. */
  readonly socketScript?: URL | undefined;
  /** Absent: clients are not offered TLS. */
  readonly tls?: TlsIdentity | undefined;
}

/** Handshakes that may be under way at once beyond the limit of sessions: more are refused without a word from us. */
const PENDING_HANDSHAKES_MAX = 1000;
/** A client must have said who it is by then (connect_timeout). */
const HANDSHAKE_TIMEOUT_MS = 10_000;

export class SqlServer {
  private readonly options: SqlServerOptions;
  private readonly connections = new Set<Connection>();
  private readonly door: Door;
  private readonly host: ConnectionHost;
  private draining = false;
  /** The last connection is gone. */
  private onLeft: (() => void) | undefined;

  constructor(options: SqlServerOptions) {
    this.options = options;
    const owner = {
      tls: options.tls?.material,
      onConnection: (wire: ServerWire) => this.accept(wire),
      onFailure: (error: unknown) => options.onInternalError?.(error, 'mysql listener'),
    };
    this.door =
      options.socketScript === undefined ? new InlineSockets(owner) : new ThreadedSockets(options.socketScript, owner);
    this.host = this.connectionHost(new RsaKey(options.rsaKeyPath));
  }

  /** Resolves to the address that is listened on. Fails with the system's error (`EADDRINUSE`). */
  async listen(): Promise<{ readonly host: string; readonly port: number }> {
    const { host, port, socketPath } = this.options;
    const address = await this.door.listen({ host, port });
    if (socketPath !== undefined) await this.door.listen({ path: socketPath });
    return address;
  }

  private accept(wire: ServerWire): void {
    const { instance } = this.options;
    const connection = new Connection({ id: instance.newConnectionId(), wire, host: this.host });
    // Set below; a client that was refused closes without it.
    let handshake: Timer | undefined;
    wire.onClosed = () => {
      handshake?.cancel();
      this.connections.delete(connection);
      if (this.connections.size === 0) this.onLeft?.();
      connection.onClosed();
    };
    const refusal = this.refusal();
    if (refusal !== undefined) return connection.refuse(refusal);
    this.connections.add(connection);
    // A timer of its own: the socket's would be set again by every packet of its life.
    handshake = instance.timers.after(HANDSHAKE_TIMEOUT_MS, () => {
      if (connection.session === undefined) wire.destroy();
    });
    wire.onData = (chunk) => connection.onData(chunk);
    connection.start();
  }

  private refusal(): SqlError | undefined {
    const { instance } = this.options;
    if (this.draining) return new SqlError(1053, '08S01', 'Server shutdown in progress');
    const limit = Number(instance.globals.get('max_connections'));
    // One more than there may be: it may turn out to be an administrator.
    if (instance.sessions.size <= limit && this.connections.size < limit + PENDING_HANDSHAKES_MAX) return undefined;
    instance.counters.connectionsRefused++;
    return new SqlError(1040, '08004', 'Too many connections');
  }

  /** Reads the certificates again, for connections from now on. Fails with `tls.files`, and keeps what it has. */
  async reloadTls(): Promise<void> {
    const { tls } = this.options;
    if (tls === undefined) return;
    await tls.reload();
    this.door.replaceTls(tls.material);
  }

  /** No new clients; running statements get `deadlineMs` to finish. */
  async drain(deadlineMs: number): Promise<void> {
    this.draining = true;
    this.door.stopListening();
    for (const connection of [...this.connections]) connection.drain();
    const deadline = new Promise<void>((resolve) => this.options.instance.timers.after(deadlineMs, resolve));
    const left = new Promise<void>((resolve) => (this.onLeft = resolve));
    if (this.connections.size > 0) await Promise.race([left, deadline]);
    for (const connection of [...this.connections]) connection.close();
    await this.door.close();
  }

  private connectionHost(rsa: RsaKey): ConnectionHost {
    const { instance } = this.options;
    return {
      defaultPlugin: AUTH_CACHING_SHA2,
      fastDigests: new Map(),
      rsaPublicKeyPem: () => rsa.publicPem(),
      rsaDecrypt: (encrypted) => rsa.decrypt(encrypted),
      nonce,
      requiresSecureTransport: () => instance.globals.get('require_secure_transport') === 1,
      findAccount: (user, host) => instance.catalog.findAccount(user, host),
      openSession: ({ connectionId, account, hello, remoteAddress, tls, disconnect }) => {
        const expired = instance.catalog.isExpired(account.key);
        if (expired) refuseOldClient(hello.capabilities);
        const session = instance.openSession({
          connectionId, account, user: hello.user, host: remoteAddress, database: hello.database, attributes: hello.attributes,
          clientFoundRows: (hello.capabilities & Capability.FOUND_ROWS) !== 0, tls, disconnect,
        }); // prettier-ignore
        if (session instanceof Promise) return session.then((known) => greet(known, hello, expired));
        return greet(session, hello, expired);
      },
      changeUser: (session, { account, hello }) =>
        session
          .changeUser({ account, hello })
          .then((known) => greet(known, hello, instance.catalog.isExpired(account.key))),
      loginFailed: (account) => instance.logins.failed(account),
      loginProved: (account) => {
        instance.logins.check(account);
        instance.logins.succeeded(account);
      },
      noteInternalError: (error, context) => this.options.onInternalError?.(error, context),
      noteRefused: () => {
        instance.counters.abortedConnects++;
      },
    };
  }
}

/** disconnect_on_expired_password: a client that would not understand 1820 is not let in. */
function refuseOldClient(capabilities: number): void {
  if ((capabilities & Capability.CAN_HANDLE_EXPIRED_PASSWORDS) === 0)
    throw new SqlError(
      1862,
      'HY000',
      'Your password has expired. To log in you must change it using a client that supports expired passwords.',
    );
}

type KnownSession = Awaited<ReturnType<SqlInstance['openSession']>>;

/** The character set of the handshake counts as a SET NAMES; an interactive client gets its own timeout. */
function greet(
  session: KnownSession,
  hello: { readonly charsetId: number; readonly capabilities: number; readonly database: string | undefined },
  expired: boolean,
): KnownSession {
  session.state.passwordExpired = expired;
  const choice = charsetOfId(hello.charsetId);
  const { state } = session;
  if (choice !== undefined && choice.charset !== 'utf8mb4') {
    for (const name of ['character_set_client', 'character_set_connection', 'character_set_results'])
      state.set(name, choice.charset);
  }
  if (choice !== undefined && choice.collation !== state.connectionCollation)
    state.set('collation_connection', choice.collation);
  if (choice !== undefined) state.resultCollation = choice.collation;
  if (hello.capabilities & Capability.INTERACTIVE) state.set('wait_timeout', state.value('interactive_timeout'));
  session.metadataIsOptional = (hello.capabilities & Capability.OPTIONAL_RESULTSET_METADATA) !== 0;
  // What the client chose itself it knows; but not the name of its database, which may be spelt otherwise.
  if (!session.tracker.enabled && hello.capabilities & Capability.SESSION_TRACK) {
    session.tracker.enabled = true;
    if (hello.database !== undefined) session.tracker.noteSchema();
  }
  return session;
}

/** Twenty bytes that are neither zero nor `$`: some clients end the nonce there. */
function nonce(): Buffer {
  const bytes = randomBytes(20);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i]! &= 0x7f;
    if (bytes[i] === 0 || bytes[i] === 0x24) bytes[i] = 0x41;
  }
  return bytes;
}
