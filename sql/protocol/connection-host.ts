/** What a connection is between: a wire below it, and the instance that runs the sessions above. */
import type { SqlError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Account } from '../session/accounts.ts';
import type { Session } from '../session/session.ts';
import type { AuthenticationStore } from './authentication.ts';
import type { ClientHello } from './handshake.ts';
import type { TlsFacts } from './tls.ts';

/** The socket as a connection needs it. */
export interface Wire {
  /** `false`: its buffer is full, wait for `drained`. */
  write(bytes: Uint8Array): boolean;
  /** Resolves when more may be written, or the wire is closed. */
  drained(): Promise<void>;
  /** True: what was written has left, and its bytes may be used again. Where it is not said, they may not. */
  readonly flushed?: boolean;
  pause(): void;
  resume(): void;
  /** Sends what is written, then closes. */
  end(): void;
  readonly remoteAddress: string;
  /** A socket of this machine's file system: nobody else can listen to it. */
  readonly isLocal?: boolean;
  /**
   * Encrypts all that comes and goes from now on; `rest` of it was read already. Closes the wire when the client cannot. Absent: there is no TLS here.
   */
  readonly secure?: ((rest: Buffer) => Promise<TlsFacts>) | undefined;
}

/** What a connection asks of the instance that runs the sessions. */
export interface ConnectionHost extends AuthenticationStore {
  /** The plugin the greeting names. */
  readonly defaultPlugin: string;
  nonce(): Buffer;
  /** require_secure_transport */
  requiresSecureTransport(): boolean;
  findAccount(user: string, host: string): MaybePromise<Account | undefined>;
  /** Throws 1040 when there are too many, 1049 for an unknown database. */
  openSession(options: SessionOpening): MaybePromise<Session>;
  /** COM_CHANGE_USER: the session as if it had just been opened by somebody else. */
  changeUser(session: Session, opening: SessionOpening): MaybePromise<Session>;
  noteInternalError(error: unknown, context: string): void;
  /** A wrong password; throws 3955 when it was one too many. */
  loginFailed(account: Account): void;
  /** The right one; throws 3955 when there were too many wrong ones before. */
  loginProved(account: Account): void;
  /** Called once a connection is refused before it has a session. */
  noteRefused(reason: string): void;
}

export interface SessionOpening {
  readonly connectionId: number;
  readonly account: Account;
  readonly hello: ClientHello;
  readonly remoteAddress: string;
  readonly tls: TlsFacts | undefined;
  /** KILL of the connection closes the wire through this. */
  readonly disconnect: (reason?: SqlError) => void;
}
