/**
 * Proving who one is, as a small machine: bytes of the client in, the next step out. It keeps no secrets of its own: the account's
 * stored string, the cache of fast proofs and the RSA key belong to the instance.
 *
 *     hello ── plugin differs ──► switch (0xfe) ──► answer
 *       │                                             │
 *       ▼                                             ▼
 *     native:  one proof, right or wrong
 *     sha2:    empty ── matches an empty password ─► ok
 *              proof ── digest cached and equal ───► 0x03 ─► ok
 *                       else 0x04 ─► client asks for the key (0x02) ─► PEM ─► password xor nonce, RSA-OAEP ─► compare slowly, cache
 *                                 ─► over TLS or a socket of this machine: the password as it is ─► compare slowly, cache
 *
 * An unknown user takes the same steps as a known one with a wrong password, so that names cannot be probed by watching the
 * conversation.
 */
import type { Account } from '../session/accounts.ts';
import {
  hasEmptyPassword,
  nativeProofMatches,
  sha2FastProofMatches,
  sha2PasswordDigest,
  sha2PasswordMatches,
} from '../session/passwords.ts';
import { AUTH_CACHING_SHA2, AUTH_NATIVE } from './constants.ts';
import type { ClientHello } from './handshake.ts';

/** What the instance lends. */
export interface AuthenticationStore {
  /** Digests of passwords that were proved in full since the start, by `user@host`. */
  readonly fastDigests: Map<string, { readonly stored: string; readonly digest: Buffer }>;
  /** Made at the first start, kept with the data. */
  rsaPublicKeyPem(): Promise<string>;
  /** `undefined` when the bytes are no message for our key. */
  rsaDecrypt(encrypted: Buffer): Promise<Buffer | undefined>;
}

export type AuthenticationStep =
  | { readonly kind: 'ok' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'switch'; readonly plugin: string }
  /** Send as AuthMoreData; then wait for the client, or go on at once with `ok`. */
  | { readonly kind: 'more'; readonly data: Buffer; readonly then: 'wait' | 'ok' };

const FAST_OK = Buffer.from([3]);
const FULL_WANTED = Buffer.from([4]);
const PUBLIC_KEY_REQUEST = 2;
/** Failing without an account walks this one: a digest that nothing matches. */
const NOBODY_STORED = '$A$005$' + '\u0001'.repeat(20) + '.'.repeat(43);

export class Authentication {
  private readonly nonce: Buffer;
  private readonly account: Account | undefined;
  private readonly store: AuthenticationStore;
  private readonly plugin: string;
  private readonly stored: string;
  /** A second password that is as good; empty for none. */
  private readonly secondary: string;
  /** Nobody reads along: TLS, or a socket of this machine. */
  private readonly secret: boolean;
  private keySent = false;
  private waitsFor: 'answer' | 'password' | 'nothing' = 'answer';

  constructor(options: { nonce: Buffer; account: Account | undefined; store: AuthenticationStore; secret: boolean }) {
    this.secret = options.secret;
    this.nonce = options.nonce;
    this.account = options.account;
    this.store = options.store;
    this.plugin = options.account?.plugin ?? AUTH_CACHING_SHA2;
    this.stored = options.account?.authenticationString ?? NOBODY_STORED;
    this.secondary = options.account?.secondaryString ?? '';
  }

  /** `isKnown`: the proof, if there is one, was made with our nonce. */
  begin(hello: ClientHello, isKnown = true): AuthenticationStep | Promise<AuthenticationStep> {
    if (!isKnown && hello.authResponse.length > 0) return { kind: 'switch', plugin: this.plugin };
    // Also for an empty password: a client that names another plugin waits for the switch.
    if (hello.plugin !== this.plugin) return { kind: 'switch', plugin: this.plugin };
    return this.step(hello.authResponse);
  }

  /** The next packet of the client. */
  step(data: Buffer): AuthenticationStep | Promise<AuthenticationStep> {
    if (this.waitsFor === 'password') return this.fullAnswer(data);
    if (this.plugin === AUTH_NATIVE) return this.verdict(this.nativeMatches(data));
    if (this.plugin === AUTH_CACHING_SHA2) return this.sha2Answer(data);
    return { kind: 'denied' };
  }

  private nativeMatches(proof: Buffer): boolean {
    if (nativeProofMatches(this.stored, proof, this.nonce)) return true;
    return this.secondary !== '' && nativeProofMatches(this.secondary, proof, this.nonce);
  }

  private sha2Answer(data: Buffer): AuthenticationStep {
    // Clients end an empty password with a zero byte after a switch.
    const empty = data.length === 0 || (data.length === 1 && data[0] === 0);
    if (empty || hasEmptyPassword(this.stored)) return this.verdict(empty && hasEmptyPassword(this.stored));
    const cached = this.account && this.store.fastDigests.get(this.account.key);
    const current = cached && (cached.stored === this.stored || cached.stored === this.secondary);
    if (current && sha2FastProofMatches(cached.digest, data, this.nonce))
      return { kind: 'more', data: FAST_OK, then: 'ok' };
    this.waitsFor = 'password';
    return { kind: 'more', data: FULL_WANTED, then: 'wait' };
  }

  private async fullAnswer(data: Buffer): Promise<AuthenticationStep> {
    if (this.secret) return this.fullVerdict(data);
    // Once: who asks again and again would never be done.
    if (data.length === 1 && data[0] === PUBLIC_KEY_REQUEST && !this.keySent) {
      this.keySent = true;
      return { kind: 'more', data: Buffer.from(await this.store.rsaPublicKeyPem(), 'latin1'), then: 'wait' };
    }
    this.waitsFor = 'nothing';
    // Without TLS a password must come encrypted: clear text on the wire is refused, whatever it says.
    const plain = await this.store.rsaDecrypt(data);
    if (!plain) return { kind: 'denied' };
    for (let i = 0; i < plain.length; i++) plain[i]! ^= this.nonce[i % 20]!;
    return this.fullVerdict(plain);
  }

  /** The password as text, ended by a zero. */
  private fullVerdict(plain: Buffer): AuthenticationStep {
    this.waitsFor = 'nothing';
    const end = plain.indexOf(0);
    const password = plain.subarray(0, end < 0 ? plain.length : end);
    const candidates = this.secondary === '' ? [this.stored] : [this.stored, this.secondary];
    const stored = candidates.find((one) => sha2PasswordMatches(one, password));
    if (stored !== undefined && this.account)
      this.store.fastDigests.set(this.account.key, { stored, digest: sha2PasswordDigest(password) });
    return this.verdict(stored !== undefined);
  }

  private verdict(matches: boolean): AuthenticationStep {
    return { kind: matches && this.account !== undefined ? 'ok' : 'denied' };
  }
}
