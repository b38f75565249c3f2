/** Certificate chains for tests: an authority, and leaves for 127.0.0.1 and localhost that it signs. Valid for a day. */
// The certificate library finds its parts through it.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { TlsFiles } from '../tls.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
type KeyPair = webcrypto.CryptoKeyPair;
x509.cryptoProvider.set(webcrypto as never);

export class TestAuthority {
  readonly certificate: x509.X509Certificate;
  private readonly keys: KeyPair;

  static async create(name: string): Promise<TestAuthority> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as KeyPair;
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: '01', name: `CN=${name}`, ...validity(), keys: keys as never, signingAlgorithm: ALGORITHM,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)],
    }); // prettier-ignore
    return new TestAuthority(certificate, keys);
  }

  private constructor(certificate: x509.X509Certificate, keys: KeyPair) {
    this.certificate = certificate;
    this.keys = keys;
  }

  /** PEM of a certificate and its key. */
  async issue(name: string): Promise<{ readonly cert: string; readonly key: string }> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as KeyPair;
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`, issuer: this.certificate.subject, ...validity(), signingKey: this.keys.privateKey as never, publicKey: keys.publicKey as never, signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }, { type: 'dns', value: 'localhost' }]),
        new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']),
      ],
    }); // prettier-ignore
    const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    const key = `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
    return { cert: `${certificate.toString('pem')}\n`, key };
  }

  get pem(): string {
    return `${this.certificate.toString('pem')}\n`;
  }
}

/** Writes `NAME.pem`, `NAME-key.pem` and `NAME-ca.pem`; `trusted` are the authorities whose certificates are accepted. */
export async function writeIdentity(
  folder: string,
  name: string,
  authority: TestAuthority,
  trusted: readonly TestAuthority[] = [authority],
): Promise<TlsFiles> {
  const { cert, key } = await authority.issue(name);
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`), ca: join(folder, `${name}-ca.pem`) }; // prettier-ignore
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  writeFileSync(files.ca, trusted.map(({ pem }) => pem).join(''));
  return files;
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 86_400_000) };
}
