/**
 * Functions that TiDB adds to MySQL's, for tools that ask for them: its timestamps, its keys, statement digests, and what identifiers
 * tell of themselves. `STATEMENT_DIGEST` and `ICU_VERSION` are MySQL's own, beside the names that mean the same.
 *
 * A timestamp is a number of milliseconds since 1970, shifted left by 18 bits for a counter. VITESS_HASH encrypts a number with DES and
 * a key of zeros; with three keys that are all zero Triple DES is that same cipher, which every build of Node has.
 */
import { createCipheriv } from 'node:crypto';
import { SqlError } from '../../base/error.ts';
import { normalizeInteger, type Datum } from '../../base/value/datum.ts';
import { BIGINT, BIGINT_UNSIGNED, decimalType, type FieldType } from '../../base/value/field-type.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { fromEpoch } from '../../base/value/time-zone.ts';
import { readComparableInt } from '../../proto/encoding/comparable.ts';
import type { EvalContext } from './context.ts';
import { defineSimple } from './definition.ts';
import { BOOLEAN_NOT_NULL, datetimeType, textType } from './types.ts';

type Integer = number | bigint;

// ---- timestamps ----

const COUNTER_BITS = 18n;

defineSimple({
  name: 'tidb_parse_tso',
  args: ['integer'],
  returns: datetimeType(6),
  contextual: true,
  evaluate: (context: EvalContext, timestamp: Integer) => {
    if (timestamp <= 0) return null;
    return fromEpoch(Number(BigInt(timestamp) >> COUNTER_BITS), context.timeZone);
  },
});

defineSimple({
  name: 'tidb_parse_tso_logical',
  args: ['integer'],
  returns: BIGINT,
  evaluate: (_context, timestamp: Integer) =>
    timestamp <= 0 ? null : Number(BigInt(timestamp) & ((1n << COUNTER_BITS) - 1n)),
});

defineSimple({
  name: 'tidb_current_tso',
  args: [],
  returns: { ...BIGINT, notNull: true },
  contextual: true,
  volatile: true,
  evaluate: (context: EvalContext) => normalizeInteger(context.session.transactionTs),
});

// ---- the server ----

defineSimple({
  name: 'tidb_version',
  args: [],
  returns: (_args, collation) => ({ ...textType(255, collation), notNull: true }),
  contextual: true,
  evaluate: (context: EvalContext) => `Release Version: ${context.session.version}\nStore: rutile`,
});

/** Every server runs the schema changes that it is asked for. */
defineSimple({ name: 'tidb_is_ddl_owner', args: [], returns: BOOLEAN_NOT_NULL, evaluate: () => 1 });

defineSimple({
  name: 'icu_version',
  args: [],
  returns: (_args, collation) => ({ ...textType(16, collation), notNull: true }),
  evaluate: () => process.versions.icu ?? '',
});

/** Numbers of threads are those of connections, as in performance_schema.threads. */
defineSimple({
  name: 'ps_current_thread_id',
  args: [],
  returns: { ...BIGINT_UNSIGNED, length: 20 },
  contextual: true,
  evaluate: (context: EvalContext) => context.session.connectionId,
});

defineSimple({
  name: 'ps_thread_id',
  args: ['integer'],
  returns: { ...BIGINT_UNSIGNED, length: 20 },
  contextual: true,
  volatile: true,
  evaluate: (context: EvalContext, connection: Integer) =>
    context.session.isConnected(Number(connection)) ? connection : null,
});

// ---- statements ----

function digest(name: string, returns: FieldType['length'], part: 'text' | 'hash'): void {
  defineSimple({
    name,
    args: ['string'],
    returns: (_args, collation) => textType(returns, collation),
    contextual: true,
    evaluate: (context: EvalContext, statement: string) => {
      const found = context.session.digestOf(statement);
      if (found !== undefined) return found[part];
      throw new SqlError(3676, 'HY000', `Could not parse argument to digest function: "${statement}".`);
    },
  });
}

digest('statement_digest', 64, 'hash');
digest('statement_digest_text', 4294967295, 'text');

defineSimple({
  name: 'tidb_encode_sql_digest',
  args: ['string'],
  returns: (_args, collation) => textType(64, collation),
  contextual: true,
  evaluate: (context: EvalContext, statement: string) => context.session.digestOf(statement)?.hash ?? null,
});

// ---- keys ----

/** `t` table `_r` row or `_i` index, in hexadecimal, bare or as region bounds have it: eight bytes and a marker at a time. */
defineSimple({
  name: 'tidb_decode_key',
  args: ['string'],
  returns: (_args, collation) => textType(65535, collation),
  evaluate: (context, text: string): Datum => {
    const described = /^(?:[0-9a-f]{2})+$/i.test(text) ? describeKey(Buffer.from(text, 'hex')) : undefined;
    if (described !== undefined) return described;
    context.warn('Warning', 1105, `invalid key: ${text}`);
    return text;
  },
});

function describeKey(written: Buffer): string | undefined {
  const key = withoutMarkers(written) ?? written;
  if (key[0] !== 0x74 || key.length < 9) return undefined;
  const tableId = `"table_id":"${readComparableInt(key, 1)}"`;
  if (key.length === 9) return `{${tableId}}`;
  const rest = key.subarray(11);
  switch (key.toString('latin1', 9, 11)) {
    case '_r':
      if (rest.length === 8) return `{"_tidb_rowid":${readComparableInt(rest, 0)},${tableId}}`;
      return rest.length === 0 ? `{${tableId}}` : `{"handle":"${rest.toString('hex')}",${tableId}}`;
    case '_i':
      if (rest.length < 8) return undefined;
      return `{"index_id":${readComparableInt(rest, 0)},"index_vals":"${rest.toString('hex', 8)}",${tableId}}`;
    default:
      return undefined;
  }
}

/** Groups of nine bytes, the last byte 0xff less the zeros that fill the group; only the last group is not full. */
function withoutMarkers(bytes: Buffer): Buffer | undefined {
  if (bytes.length === 0 || bytes.length % 9 !== 0) return undefined;
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 9) {
    const missing = 0xff - bytes[at + 8]!;
    const last = at + 9 === bytes.length;
    if (missing > 8 || missing > 0 !== last) return undefined;
    parts.push(bytes.subarray(at, at + 8 - missing));
  }
  return Buffer.concat(parts);
}

// ---- hashes ----

const DES_KEYS = Buffer.alloc(24);

function vitessHash(value: Integer): bigint {
  const block = Buffer.alloc(8);
  block.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)));
  const cipher = createCipheriv('des-ede3', DES_KEYS, null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]).readBigUInt64BE();
}

defineSimple({
  name: 'vitess_hash',
  args: ['integer'],
  returns: { ...BIGINT_UNSIGNED, length: 20 },
  evaluate: (_context, value: Integer) => normalizeInteger(vitessHash(value)),
});

defineSimple({
  name: 'tidb_shard',
  args: ['integer'],
  returns: { ...BIGINT_UNSIGNED, length: 4 },
  evaluate: (_context, value: Integer) => Number(vitessHash(value) % 256n),
});

// ---- identifiers ----

function uuidBytes(text: string, name: string): Buffer {
  const bare = text.replace(/^\{(.*)\}$/, '$1').replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(bare))
    throw new SqlError(1411, 'HY000', `Incorrect string value: '${text}' for function ${name}`);
  return Buffer.from(bare, 'hex');
}

defineSimple({
  name: 'uuid_version',
  args: ['string'],
  returns: { ...BIGINT, length: 2 },
  evaluate: (_context, text: string) => uuidBytes(text, 'uuid_version')[6]! >> 4,
});

/** Between 1582, where identifiers of version 1 and 6 count from in steps of 100 ns, and 1970. */
const GREGORIAN_SECONDS = 12219292800n;

/** Seconds since 1970 of identifiers that hold a time: versions 1, 6 and 7; NULL for others. */
defineSimple({
  name: 'uuid_timestamp',
  args: ['string'],
  returns: decimalType(18, 6),
  evaluate: (_context, text: string) => {
    const bytes = uuidBytes(text, 'uuid_timestamp');
    const micros = microsOf(bytes);
    return micros === undefined ? null : new Decimal(normalizeInteger(micros), 6);
  },
});

function microsOf(bytes: Buffer): bigint | undefined {
  switch (bytes[6]! >> 4) {
    case 1: {
      const steps =
        (BigInt(bytes.readUInt16BE(6) & 0x0fff) << 48n) |
        (BigInt(bytes.readUInt16BE(4)) << 32n) |
        BigInt(bytes.readUInt32BE(0));
      return steps / 10n - GREGORIAN_SECONDS * 1000000n;
    }
    case 6: {
      const steps =
        (BigInt(bytes.readUInt32BE(0)) << 28n) |
        (BigInt(bytes.readUInt16BE(4)) << 12n) |
        BigInt(bytes.readUInt16BE(6) & 0x0fff);
      return steps / 10n - GREGORIAN_SECONDS * 1000000n;
    }
    case 7:
      return BigInt(bytes.readUIntBE(0, 6)) * 1000n;
    default:
      return undefined;
  }
}
