/** Where clients come in: listens, and gives its owner a wire for each. `inline-sockets.ts` does it on this thread, `sockets/` on one of its own. */
import type { Wire } from '../protocol/index.ts';
import type { TlsMaterial } from './tls/tls-identity.ts';

export type Where = { readonly host: string; readonly port: number } | { readonly path: string };

/** A wire whose owner hears what comes in. Nothing is told before the owner's `onConnection` has returned. */
export interface ServerWire extends Wire {
  onData: (chunk: Buffer) => void;
  onClosed: () => void;
  /** Closes at once, without sending what waits. */
  destroy(): void;
}

export interface DoorOwner {
  /** Absent: no TLS. */
  readonly tls: TlsMaterial | undefined;
  onConnection(wire: ServerWire): void;
  onFailure(error: unknown): void;
}

export interface Door {
  /** Resolves to the address that is listened on. Fails with the system's error (`EADDRINUSE`). */
  listen(where: Where): Promise<{ readonly host: string; readonly port: number }>;
  /** New certificates, for connections from now on. */
  replaceTls(material: TlsMaterial): void;
  stopListening(): void;
  /** After every wire has ended, or to end them all: what was written leaves first, for five seconds at the most. */
  close(): Promise<void>;
}
