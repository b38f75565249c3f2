/**
 * The RSA key of caching_sha2_password: lets a client send its password over a connection without TLS. Made at the first start and kept in the
 * data folder (readable by its owner only), so that clients that pin the public key keep working.
 */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  privateDecrypt,
  type KeyObject,
} from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const BITS = 2048;

export class RsaKey {
  private readonly path: string | undefined;
  private loading: Promise<KeyObject> | undefined;

  /** Without a path the key lives as long as the process. */
  constructor(path: string | undefined) {
    this.path = path;
  }

  async publicPem(): Promise<string> {
    return createPublicKey(await this.key())
      .export({ type: 'spki', format: 'pem' })
      .toString();
  }

  /** RSA-OAEP with SHA-1, as the protocol has it. `undefined`: not for our key. */
  async decrypt(encrypted: Buffer): Promise<Buffer | undefined> {
    const key = await this.key();
    try {
      return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, encrypted);
    } catch {
      return undefined;
    }
  }

  private key(): Promise<KeyObject> {
    this.loading ??= this.load();
    return this.loading;
  }

  private async load(): Promise<KeyObject> {
    if (this.path !== undefined) {
      try {
        return createPrivateKey(await readFile(this.path, 'utf8'));
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOENT') throw error;
      }
    }
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
    if (this.path !== undefined) {
      const temporary = `${this.path}.new`;
      await writeFile(temporary, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      await chmod(temporary, 0o600);
      await rename(temporary, this.path);
    }
    return privateKey;
  }
}
