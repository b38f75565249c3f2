/**
 * The certificates of the MySQL port, when nobody gives others: an authority, a server's certificate and a client's, made at the first start and kept in the data
 * folder under the names that MySQL gives them. Clients that check the server trust `ca.pem`; one that has `client-cert.pem` and `client-key.pem` is let in
 * by an account with REQUIRE X509. Keys are readable by their owner only.
 */
import { webcrypto } from 'node:crypto';
import { access, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type * as X509 from '@peculiar/x509';
import type { TlsFiles } from '../sql/server/tls/tls-identity.ts';

/** What every client since TLS 1.2 knows, and is made in a millisecond. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const VALID_YEARS = 10;
/** Clocks of clients differ. */
const VALID_SINCE_MS = 24 * 3_600_000;

type Keys = webcrypto.CryptoKeyPair;

/** Makes what is not there; an authority without the server's certificate is made anew with it. */
export async function certificateFiles(folder: string, wallMs: number): Promise<TlsFiles> {
  const files = { cert: join(folder, 'server-cert.pem'), key: join(folder, 'server-key.pem'), ca: join(folder, 'ca.pem') }; // prettier-ignore
  if ((await Promise.all(Object.values(files).map(isThere))).every(Boolean)) return files;
  // The library is only loaded for this; it finds its parts through the first.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto as never);
  const validity = { notBefore: new Date(wallMs - VALID_SINCE_MS), notAfter: new Date(wallMs + VALID_YEARS * 365 * 86_400_000) }; // prettier-ignore
  const authority = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01', name: 'CN=Rutile_Auto_Generated_CA_Certificate', ...validity, keys: authority as never, signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)],
  }); // prettier-ignore
  const issue = async (serialNumber: string, name: string, use: string, names: X509.JsonGeneralNames) => {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber, subject: `CN=${name}`, issuer: ca.subject, ...validity, signingKey: authority.privateKey as never, publicKey: keys.publicKey as never, signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false), new x509.ExtendedKeyUsageExtension([use]),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    }); // prettier-ignore
    return { certificate, keys };
  };
  const server = await issue('02', 'Rutile_Auto_Generated_Server_Certificate', x509.ExtendedKeyUsage.serverAuth, [
    { type: 'dns', value: 'localhost' }, { type: 'dns', value: hostname() }, { type: 'ip', value: '127.0.0.1' }, { type: 'ip', value: '::1' },
  ]); // prettier-ignore
  const client = await issue('03', 'Rutile_Auto_Generated_Client_Certificate', x509.ExtendedKeyUsage.clientAuth, []);
  await keep(join(folder, 'ca-key.pem'), await pemOfKey(authority));
  await keep(join(folder, 'client-key.pem'), await pemOfKey(client.keys));
  await keep(join(folder, 'client-cert.pem'), `${client.certificate.toString('pem')}\n`);
  await keep(files.key, await pemOfKey(server.keys));
  await keep(files.cert, `${server.certificate.toString('pem')}\n`);
  // Last: with it everything is there.
  await keep(files.ca, `${ca.toString('pem')}\n`);
  return files;
}

function newKeys(): Promise<Keys> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<Keys>;
}

async function pemOfKey(keys: Keys): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
}

async function keep(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
