/**
 * Digests, ciphers and compression. AES runs in the mode that `block_encryption_mode` names (aes-128-ecb unless told), with MySQL's
 * folding of longer keys. Compressed strings carry their length in front, as MySQL's do.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { SqlError } from '../../base/error.ts';
import { BIGINT } from '../../base/value/field-type.ts';
import type { EvalContext } from './context.ts';
import { alias, define, defineSimple, convertArgument } from './definition.ts';
import { call, textLength, textType } from './types.ts';

function digest(name: string, algorithm: string, length: number): void {
  defineSimple({
    name,
    args: ['bytes'],
    returns: (_args, collation) => textType(length, collation),
    evaluate: (_context, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex'),
  });
}

digest('md5', 'md5', 32);
digest('sha1', 'sha1', 40);
alias('sha', 'sha1');

defineSimple({
  name: 'sha2',
  args: ['bytes', 'count'],
  returns: (_args, collation) => textType(128, collation),
  evaluate: (context, bytes: Uint8Array, size: number) => {
    const bits = size === 0 ? 256 : size;
    if (bits !== 224 && bits !== 256 && bits !== 384 && bits !== 512) {
      context.warn('Warning', 1583, "Incorrect parameters in the call to native function 'sha2'");
      return null;
    }
    return createHash(`sha${bits}`).update(bytes).digest('hex');
  },
});

defineSimple({
  name: 'random_bytes',
  args: ['count'],
  returns: textType(1024, 'binary'),
  volatile: true,
  evaluate: (_context, count: number) => {
    if (count < 1 || count > 1024) throw new SqlError(1690, '22003', "length value is out of range in 'random_bytes'");
    return randomBytes(count);
  },
});

// ---- AES ----

interface CipherMode {
  readonly algorithm: string;
  readonly keySize: number;
  readonly needsVector: boolean;
}

function modeOf(context: EvalContext): CipherMode {
  const set = context.session.systemVariable('block_encryption_mode', 'session');
  const name = typeof set === 'string' && set !== '' ? set.toLowerCase() : 'aes-128-ecb';
  const match = /^aes-(128|192|256)-(ecb|cbc|cfb1|cfb8|cfb128|ofb)$/.exec(name);
  if (match === null)
    throw new SqlError(1231, '42000', `Variable 'block_encryption_mode' can't be set to the value of '${name}'`);
  const algorithm = `aes-${match[1]}-${match[2] === 'cfb128' ? 'cfb' : match[2]}`;
  return { algorithm, keySize: Number(match[1]) / 8, needsVector: match[2] !== 'ecb' };
}

/** Longer keys are folded over themselves, shorter ones filled with zeros. */
function foldKey(key: Uint8Array, size: number): Uint8Array {
  const folded = new Uint8Array(size);
  for (let at = 0; at < key.length; at++) folded[at % size]! ^= key[at]!;
  return folded;
}

function vectorOf(mode: CipherMode, vector: Uint8Array | undefined, name: string): Uint8Array | null {
  if (!mode.needsVector) return null;
  if (vector === undefined || vector.length < 16) {
    throw new SqlError(
      1882,
      'HY000',
      `The initialization vector supplied to ${name} is too short. Must be at least 16 bytes long`,
    );
  }
  return vector.subarray(0, 16);
}

defineSimple({
  name: 'aes_encrypt',
  args: ['bytes', 'bytes', 'bytes'],
  argsMin: 2,
  returns: (args) => textType(textLength(args[0]!.type) + 16, 'binary'),
  contextual: true,
  evaluate: (context, bytes: Uint8Array, key: Uint8Array, vector?: Uint8Array) => {
    const mode = modeOf(context);
    const cipher = createCipheriv(mode.algorithm, foldKey(key, mode.keySize), vectorOf(mode, vector, 'aes_encrypt'));
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  },
});

defineSimple({
  name: 'aes_decrypt',
  args: ['bytes', 'bytes', 'bytes'],
  argsMin: 2,
  returns: (args) => textType(textLength(args[0]!.type), 'binary'),
  contextual: true,
  evaluate: (context, bytes: Uint8Array, key: Uint8Array, vector?: Uint8Array) => {
    const mode = modeOf(context);
    const decipher = createDecipheriv(
      mode.algorithm,
      foldKey(key, mode.keySize),
      vectorOf(mode, vector, 'aes_decrypt'),
    );
    try {
      return Buffer.concat([decipher.update(bytes), decipher.final()]);
    } catch {
      return null;
    }
  },
});

// ---- compression ----

defineSimple({
  name: 'compress',
  args: ['bytes'],
  returns: (args) => textType(textLength(args[0]!.type) + 32, 'binary'),
  evaluate: (_context, bytes: Uint8Array) => {
    if (bytes.length === 0) return new Uint8Array(0);
    const packed = deflateSync(bytes);
    const result = Buffer.alloc(packed.length + 4);
    result.writeUInt32LE(bytes.length & 0x3fffffff, 0);
    packed.copy(result, 4);
    // A trailing space would be lost in a CHAR column: a dot guards it.
    return result[result.length - 1] === 32 ? Buffer.concat([result, Buffer.from('.')]) : result;
  },
});

defineSimple({
  name: 'uncompress',
  args: ['bytes'],
  returns: textType(4294967295, 'binary'),
  evaluate: (context, bytes: Uint8Array) => {
    if (bytes.length === 0) return new Uint8Array(0);
    const length = bytes.length > 4 ? Buffer.from(bytes).readUInt32LE(0) & 0x3fffffff : 0;
    if (length > context.maxAllowedPacket) {
      context.warn(
        'Warning',
        1256,
        `Uncompressed data size too large; the maximum size is ${context.maxAllowedPacket} (probably, length of uncompressed data was corrupted)`,
      );
      return null;
    }
    try {
      if (length > 0) return inflateSync(bytes.subarray(4), { maxOutputLength: length });
    } catch {
      // Reported below.
    }
    context.warn('Warning', 1259, 'ZLIB: Input data corrupted');
    return null;
  },
});

defineSimple({
  name: 'uncompressed_length',
  args: ['bytes'],
  returns: { ...BIGINT, length: 10 },
  evaluate: (context, bytes: Uint8Array) => {
    if (bytes.length === 0) return 0;
    if (bytes.length > 4) return Buffer.from(bytes).readUInt32LE(0) & 0x3fffffff;
    context.warn('Warning', 1259, 'ZLIB: Input data corrupted');
    return null;
  },
});

/** A measure of passwords from 0 to 100, as the default policy of MySQL counts it. */
define({
  name: 'validate_password_strength',
  argsMin: 1,
  argsMax: 1,
  infer: ([arg]) =>
    call('validate_password_strength', [convertArgument(arg!, 'string', 'utf8mb4_0900_ai_ci')], {
      ...BIGINT,
      length: 10,
    }),
  compile:
    (_expression, [arg]) =>
    (row, context) => {
      const password = arg!(row, context);
      if (typeof password !== 'string') return null;
      if (password.length < 4) return 0;
      if (password.length < 8) return 25;
      return /[0-9]/.test(password) && /[a-z]/.test(password) && /[A-Z]/.test(password) && /[^A-Za-z0-9]/.test(password)
        ? 100
        : 50;
    },
});
