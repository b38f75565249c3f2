/** What a server and its socket thread tell each other by message: everything that is not about one connection. */
import type { Where } from '../door.ts';
import type { TlsMaterial } from '../tls/tls-identity.ts';

/** What the thread is started with: rings in both directions. */
export interface SocketThreadData {
  readonly toServer: SharedArrayBuffer;
  readonly toSockets: SharedArrayBuffer;
  readonly tls: TlsMaterial | undefined;
}

export type ToSockets =
  | { readonly kind: 'wake' }
  /** The ring that the thread writes has room again. */
  | { readonly kind: 'room' }
  | { readonly kind: 'listen'; readonly where: Where }
  | { readonly kind: 'tls'; readonly material: TlsMaterial }
  | { readonly kind: 'stop-listening' }
  | { readonly kind: 'finish' };

export type ToServer =
  | { readonly kind: 'wake' }
  | { readonly kind: 'room' }
  | { readonly kind: 'listening'; readonly host: string; readonly port: number }
  | { readonly kind: 'not-listening'; readonly message: string; readonly code: string | undefined }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'stopped' };
