/** `Account`: who may connect, as the handshake sees it. The catalog keeps accounts; this is the part that proving a password needs. */
import type { TlsRequirement } from '../catalog/index.ts';

export type { TlsRequirement } from '../catalog/index.ts';

export interface Account {
  readonly user: string;
  /** `%`, `localhost`, an address or a pattern of one. */
  readonly host: string;
  /** `user@host`, unique. */
  readonly key: string;
  readonly plugin: string;
  /** As `mysql.user.authentication_string` holds it; empty for no password. */
  readonly authenticationString: string;
  /** RETAIN CURRENT PASSWORD: a second one that is as good; empty for none. */
  readonly secondaryString: string;
  readonly locked: boolean;
  /** REQUIRE: what its connections must be. */
  readonly tls: TlsRequirement;
  /** Wrong passwords in a row that lock it, and for how many days (-1: until somebody unlocks it). */
  readonly failedAttempts: number;
  readonly lockDays: number;
  readonly limits: {
    readonly questions: number;
    readonly updates: number;
    readonly connections: number;
    readonly userConnections: number;
  };
}
