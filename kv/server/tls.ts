/**
 * `TlsIdentity`: who this process is to its peers, from three PEM files: its certificate (with intermediates), the key of it, and the
 * authorities whose certificates it accepts. Both sides of every connection show a certificate; there is no mode in which
 * only one does.
 *
 * The files are looked at every few seconds. When they have changed and fit together, connections made from then on use the new
 * ones; those that exist stay as they are, so certificates can be exchanged under load. Files that do not fit together (a
 * certificate already replaced, its key not yet) are reported and tried again, and meanwhile the old ones serve.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type TlsOptions as ServerTlsOptions } from 'node:tls';
import { type ChannelCredentials, experimental, type ServerCredentials } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';
import type { Timer, Timers } from '../../base/world.ts';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export interface TlsOptions {
  readonly timers: Pick<Timers, 'every'>;
  readonly checkEveryMs?: number;
  readonly onReloaded?: (subject: string) => void;
  /** Told once for each state of the files that does not work. */
  readonly onReloadFailed?: (error: RutileError) => void;
}

const CHECK_EVERY_MS = 5000;

interface Material {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
}

type CaListener = (update: { caCertificate: Buffer } | null) => void;
type IdentityListener = (update: { certificate: Buffer; privateKey: Buffer } | null) => void;

/** Also the certificate provider of grpc-js, for servers and channels alike. */
export class TlsIdentity implements experimental.CertificateProvider {
  private readonly files: TlsFiles;
  private readonly options: TlsOptions;
  private material: Material;
  private refused: Material | undefined;
  private readonly caListeners = new Set<CaListener>();
  private readonly identityListeners = new Set<IdentityListener>();
  private readonly changeListeners = new Set<() => void>();
  private readonly timer: Timer;

  /** Fails with `tls.files` when one cannot be read or they do not fit together. */
  static open(files: TlsFiles, options: TlsOptions): TlsIdentity {
    const material = read(files);
    check(files, material);
    return new TlsIdentity(files, options, material);
  }

  private constructor(files: TlsFiles, options: TlsOptions, material: Material) {
    this.files = files;
    this.options = options;
    this.material = material;
    this.timer = options.timers.every(options.checkEveryMs ?? CHECK_EVERY_MS, () => this.reload());
  }

  get subject(): string {
    return new X509Certificate(this.material.cert).subject.replaceAll('\n', ', ');
  }

  serverCredentials(): ServerCredentials {
    return experimental.createCertificateProviderServerCredentials(this, this, true);
  }

  channelCredentials(): ChannelCredentials {
    return experimental.createCertificateProviderChannelCredentials(this, this);
  }

  /** For a server or a client of Node's own: both sides show a certificate. As it is now; `onChanged` tells when it is another. */
  serverOptions(): ServerTlsOptions {
    return { ...this.material, requestCert: true, rejectUnauthorized: true };
  }

  /** Returns how to stop listening. */
  onChanged(listener: () => void): () => void {
    this.changeListeners.add(listener);
    return () => void this.changeListeners.delete(listener);
  }

  /** What the timer does; true when new certificates are in use. */
  reload(): boolean {
    let found: Material | undefined;
    try {
      found = read(this.files);
      if (same(found, this.material)) return false;
      if (this.refused !== undefined && same(found, this.refused)) return false;
      check(this.files, found);
    } catch (error) {
      const silent = found === undefined && this.refused === NOTHING;
      this.refused = found ?? NOTHING;
      if (!silent) this.options.onReloadFailed?.(error as RutileError);
      return false;
    }
    this.refused = undefined;
    this.material = found;
    for (const listener of this.caListeners) listener({ caCertificate: found.ca });
    for (const listener of this.identityListeners) listener({ certificate: found.cert, privateKey: found.key });
    for (const listener of this.changeListeners) listener();
    this.options.onReloaded?.(this.subject);
    return true;
  }

  close(): void {
    this.timer.cancel();
  }

  addCaCertificateListener(listener: CaListener): void {
    this.caListeners.add(listener);
    // grpc-js takes an update only after it has finished adding the listener.
    queueMicrotask(() => {
      if (this.caListeners.has(listener)) listener({ caCertificate: this.material.ca });
    });
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.caListeners.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.identityListeners.add(listener);
    queueMicrotask(() => {
      const { cert, key } = this.material;
      if (this.identityListeners.has(listener)) listener({ certificate: cert, privateKey: key });
    });
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.identityListeners.delete(listener);
  }
}

/** Stands for files that could not be read. */
const NOTHING: Material = { cert: Buffer.alloc(0), key: Buffer.alloc(0), ca: Buffer.alloc(0) };

function read(files: TlsFiles): Material {
  const one = (path: string, flag: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (cause) {
      throw new RutileError('tls.files', `${flag}: ${(cause as Error).message}`, { cause });
    }
  };
  return { cert: one(files.cert, '--tls-cert'), key: one(files.key, '--tls-key'), ca: one(files.ca, '--tls-ca') };
}

function check(files: TlsFiles, { cert, key, ca }: Material): void {
  const parsed = <T>(path: string, flag: string, what: string, parse: () => T): T => {
    try {
      return parse();
    } catch (cause) {
      throw new RutileError('tls.files', `${flag}: ${path} holds no ${what} (PEM is expected)`, { cause });
    }
  };
  const certificate = parsed(files.cert, '--tls-cert', 'certificate', () => new X509Certificate(cert));
  const privateKey = parsed(files.key, '--tls-key', 'private key without a password', () => createPrivateKey(key));
  parsed(files.ca, '--tls-ca', 'certificate', () => new X509Certificate(ca));
  if (!certificate.checkPrivateKey(privateKey))
    throw new RutileError('tls.files', `--tls-key: ${files.key} is not the key of the certificate in ${files.cert}`);
  parsed(files.cert, '--tls-cert', 'chain that can be used', () => createSecureContext({ cert, key, ca }));
}

function same(left: Material, right: Material): boolean {
  return left.cert.equals(right.cert) && left.key.equals(right.key) && left.ca.equals(right.ca);
}
