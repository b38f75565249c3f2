/** Encrypted connections, as far as the protocol is concerned: what is known of one, and what an account may ask of it. */
import type { TlsRequirement } from '../session/accounts.ts';

export interface TlsFacts {
  /** `TLSv1.3` */
  readonly version: string;
  /** As OpenSSL spells it. */
  readonly cipher: string;
  /** The client's certificate; names as `/C=SE/CN=client`. */
  readonly client: { readonly verified: boolean; readonly subject: string; readonly issuer: string } | undefined;
}

/** REQUIRE of an account. */
export function meets(required: TlsRequirement, facts: TlsFacts | undefined): boolean {
  if (required.kind === 'NONE') return true;
  if (facts === undefined) return false;
  if (required.kind === 'SSL') return true;
  const { client, cipher } = facts;
  const needsClient = required.kind === 'X509' || required.subject !== '' || required.issuer !== '';
  if (needsClient && client?.verified !== true) return false;
  return (
    (required.cipher === '' || required.cipher === cipher) &&
    (required.subject === '' || required.subject === client!.subject) &&
    (required.issuer === '' || required.issuer === client!.issuer)
  );
}
