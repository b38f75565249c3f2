/**
 * How passwords are kept and proved, byte for byte as MySQL 8.0 does it, so that accounts move with their hashes.
 *
 * `mysql_native_password` keeps `*` and the hex of SHA1(SHA1(password)). `caching_sha2_password` keeps `$A$005$`, a salt of 20 bytes
 * and 43 characters of SHA-256 crypt with 5,000 rounds: slow on purpose (about 15 ms here), so the instance caches a fast digest after
 * the first proof. Comparisons take the same time for every wrong answer.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { SqlError } from '../../base/error.ts';

export const DEFAULT_PLUGIN = 'caching_sha2_password';
const NATIVE = 'mysql_native_password';
const SALT_SIZE = 20;
const SHA2_PREFIX = '$A$005$';
const ROUNDS = 5000;
const CRYPT_ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What goes into `authentication_string`; empty for an empty password. */
export function hashPassword(plugin: string, password: string, randomBytes: (count: number) => Uint8Array): string {
  if (password === '') return '';
  const bytes = Buffer.from(password, 'utf8');
  if (plugin === NATIVE) return `*${sha1(sha1(bytes)).toString('hex').toUpperCase()}`;
  if (plugin === DEFAULT_PLUGIN) return sha2Stored(bytes, makeSalt(randomBytes));
  throw unknownPlugin(plugin);
}

export function unknownPlugin(plugin: string): SqlError {
  return new SqlError(1524, 'HY000', `Plugin '${plugin}' is not loaded`);
}

/** Refuses what is not the form that the plugin keeps: a hash that can never match is a mistake of the caller. */
export function checkStoredHash(plugin: string, stored: string): void {
  if (stored === '') return;
  const fits =
    plugin === NATIVE
      ? /^\*[0-9A-Fa-f]{40}$/.test(stored)
      : plugin === DEFAULT_PLUGIN
        ? stored.startsWith(SHA2_PREFIX) && stored.length === 70
        : undefined;
  if (fits === undefined) throw unknownPlugin(plugin);
  if (!fits) throw new SqlError(1827, 'HY000', "The password hash doesn't have the expected format.");
}

export function hasEmptyPassword(stored: string): boolean {
  return stored === '';
}

/** proof = SHA1(password) xor SHA1(nonce + SHA1(SHA1(password))). */
export function nativeProofMatches(stored: string, proof: Buffer, nonce: Buffer): boolean {
  if (hasEmptyPassword(stored)) return proof.length === 0;
  if (proof.length !== 20 || !/^\*[0-9A-Fa-f]{40}$/.test(stored)) return false;
  const twice = Buffer.from(stored.slice(1), 'hex');
  const once = xor(proof, sha1(Buffer.concat([nonce.subarray(0, 20), twice])));
  return timingSafeEqual(sha1(once), twice);
}

/** SHA256(SHA256(password)): enough to check a fast proof, not enough to make one. */
export function sha2PasswordDigest(password: Uint8Array): Buffer {
  return sha256(sha256(password));
}

/** proof = SHA256(password) xor SHA256(SHA256(SHA256(password)) + nonce). */
export function sha2FastProofMatches(digest: Buffer, proof: Buffer, nonce: Buffer): boolean {
  if (proof.length !== 32) return false;
  const once = xor(proof, sha256(Buffer.concat([digest, nonce.subarray(0, 20)])));
  return timingSafeEqual(sha256(once), digest);
}

export function sha2PasswordMatches(stored: string, password: Uint8Array): boolean {
  if (hasEmptyPassword(stored)) return password.length === 0;
  if (!stored.startsWith(SHA2_PREFIX) || stored.length < SHA2_PREFIX.length + SALT_SIZE) return false;
  const salt = stored.slice(SHA2_PREFIX.length, SHA2_PREFIX.length + SALT_SIZE);
  const expected = Buffer.from(sha2Stored(password, salt), 'utf8');
  const actual = Buffer.from(stored, 'utf8');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Salt characters avoid NUL and `$`, which end fields, and stay in ASCII. */
function makeSalt(randomBytes: (count: number) => Uint8Array): string {
  return Array.from(randomBytes(SALT_SIZE), (byte) => {
    const code = byte & 0x7f;
    return String.fromCharCode(code === 0 || code === 0x24 ? code + 1 : code);
  }).join('');
}

function sha2Stored(password: Uint8Array, salt: string): string {
  return `${SHA2_PREFIX}${salt}${sha256Crypt(Buffer.from(password), Buffer.from(salt, 'latin1'))}`;
}

/** The published SHA-crypt algorithm (U. Drepper) with SHA-256; `salt` of 20 bytes, which MySQL does not cut to 16. */
function sha256Crypt(password: Buffer, salt: Buffer): string {
  const alternate = sha256(Buffer.concat([password, salt, password]));
  const parts: Buffer[] = [password, salt];
  for (let rest = password.length; rest > 0; rest -= 32) parts.push(alternate.subarray(0, Math.min(rest, 32)));
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : password);
  let digest = sha256(Buffer.concat(parts));
  const p = repeatTo(sha256(Buffer.concat(new Array<Buffer>(password.length).fill(password))), password.length);
  const s = repeatTo(sha256(Buffer.concat(new Array<Buffer>(16 + digest[0]!).fill(salt))), salt.length);
  for (let i = 0; i < ROUNDS; i++) {
    const hash = createHash('sha256');
    hash.update(i & 1 ? p : digest);
    if (i % 3 !== 0) hash.update(s);
    if (i % 7 !== 0) hash.update(p);
    hash.update(i & 1 ? digest : p);
    digest = hash.digest();
  }
  return encodeCrypt(digest);
}

/** The order in which SHA-256 crypt takes three bytes to four characters. */
function encodeCrypt(digest: Buffer): string {
  const order = [[0, 10, 20], [21, 1, 11], [12, 22, 2], [3, 13, 23], [24, 4, 14], [15, 25, 5], [6, 16, 26], [27, 7, 17], [18, 28, 8], [9, 19, 29]]; // prettier-ignore
  let text = '';
  for (const [a, b, c] of order) text += base64Of((digest[a!]! << 16) | (digest[b!]! << 8) | digest[c!]!, 4);
  return text + base64Of((digest[31]! << 8) | digest[30]!, 3);
}

function base64Of(value: number, characters: number): string {
  let text = '';
  for (let i = 0; i < characters; i++) {
    text += CRYPT_ALPHABET[value & 63]!;
    value >>= 6;
  }
  return text;
}

function repeatTo(block: Buffer, size: number): Buffer {
  const out = Buffer.alloc(size);
  for (let at = 0; at < size; at += block.length) block.copy(out, at, 0, Math.min(block.length, size - at));
  return out;
}

function sha1(data: Uint8Array): Buffer {
  return createHash('sha1').update(data).digest();
}

function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

function xor(a: Buffer, b: Buffer): Buffer {
  const out = Buffer.alloc(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! ^ b[i]!;
  return out;
}

/** Whether a clear text is the password that was kept. */
export function passwordMatches(plugin: string, stored: string, password: string): boolean {
  const bytes = Buffer.from(password, 'utf8');
  if (plugin === DEFAULT_PLUGIN) return sha2PasswordMatches(stored, bytes);
  return stored === hashPassword(plugin, password, () => new Uint8Array(0));
}
