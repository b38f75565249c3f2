/**
 * What the server shows to clients that want TLS, read from files, and read again by ALTER INSTANCE RELOAD TLS: connections that there are keep what they have.
 * Files that do not fit together are refused before they are used.
 */
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { RutileError } from '../../../base/error.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** PEM texts; what `tls` takes. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export class TlsIdentity {
  readonly files: TlsFiles;
  private current: TlsMaterial;

  /** Fails with `tls.files`, and says which. */
  static async open(files: TlsFiles): Promise<TlsIdentity> {
    return new TlsIdentity(files, await read(files));
  }

  private constructor(files: TlsFiles, material: TlsMaterial) {
    this.files = files;
    this.current = material;
  }

  get material(): TlsMaterial {
    return this.current;
  }

  async reload(): Promise<void> {
    this.current = await read(this.files);
  }
}

async function read(files: TlsFiles): Promise<TlsMaterial> {
  const one = async (path: string): Promise<string> => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw new RutileError('tls.files', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`); // prettier-ignore
    }
  };
  const material = { cert: await one(files.cert), key: await one(files.key), ca: await one(files.ca) };
  try {
    createSecureContext(material);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RutileError('tls.files', `${files.cert} and ${files.key} are no certificate and its key: ${reason}`);
  }
  return material;
}
