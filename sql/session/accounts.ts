/** `Account`: who may connect, as the handshake sees it. The catalog keeps accounts; this is the part that proving a password needs. */

export interface Account {
  readonly user: string;
  /** `%`, `localhost`, an address or a pattern of one. */
  readonly host: string;
  /** `user@host`, unique. */
  readonly key: string;
  readonly plugin: string;
  /** As `mysql.user.authentication_string` holds it; empty for no password. */
  readonly authenticationString: string;
  readonly locked: boolean;
}
