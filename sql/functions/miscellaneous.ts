/** UUIDs, internet addresses, named locks, SLEEP, NAME_CONST and other odds and ends. */
import { randomBytes } from 'node:crypto';
import { SqlError } from '../../base/error.ts';
import { normalizeInteger } from '../../base/value/datum.ts';
import { BIGINT, BIGINT_UNSIGNED, type FieldType } from '../../base/value/field-type.ts';
import type { EvalContext } from './context.ts';
import { convertArgument, define, defineSimple } from './definition.ts';
import { BOOLEAN, call, textType, isValue } from './types.ts';

const UUID: FieldType = { ...textType(36, 'utf8mb4_0900_ai_ci'), notNull: true };

function hexUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Made once per process: the node part of version 1. */
const node = randomBytes(6);
node[0]! |= 1;
let clockSequence = randomBytes(2).readUInt16BE() & 0x3fff;
let lastTicks = 0n;

/** Version 1: 100-ns ticks since 1582 from the statement's clock, counted on within it. */
function timeUuid(context: EvalContext): Uint8Array {
  let ticks = BigInt(Math.floor(context.statementTimeMs)) * 10_000n + 122_192_928_000_000_000n;
  if (ticks <= lastTicks) {
    // A clock that went back far is another sequence; a little, and time goes on counting.
    if (lastTicks - ticks > 600_000_000n) clockSequence = (clockSequence + 1) & 0x3fff;
    else ticks = lastTicks + 1n;
  }
  lastTicks = ticks;
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(Number(ticks & 0xffffffffn), 0);
  bytes.writeUInt16BE(Number((ticks >> 32n) & 0xffffn), 4);
  bytes.writeUInt16BE(Number((ticks >> 48n) & 0x0fffn) | 0x1000, 6);
  bytes.writeUInt16BE(clockSequence | 0x8000, 8);
  node.copy(bytes, 10);
  return bytes;
}

function randomUuid(version: number, context: EvalContext): Uint8Array {
  const bytes = randomBytes(16);
  if (version === 7) bytes.writeUIntBE(Math.floor(context.statementTimeMs), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes;
}

const UUIDS: Readonly<Record<string, (context: EvalContext) => Uint8Array>> = {
  uuid: timeUuid,
  uuid_v4: (context) => randomUuid(4, context),
  uuid_v7: (context) => randomUuid(7, context),
};

for (const [name, make] of Object.entries(UUIDS)) {
  define({
    name,
    argsMin: 0,
    argsMax: 0,
    volatile: true,
    infer: () => call(name, [], UUID),
    compile: () => (_row, context) => hexUuid(make(context)),
  });
}

let shortCounter = 0n;
define({
  name: 'uuid_short',
  argsMin: 0,
  argsMax: 0,
  volatile: true,
  infer: () => call('uuid_short', [], { ...BIGINT_UNSIGNED, notNull: true }),
  compile: () => (_row, context) => {
    shortCounter = (shortCounter + 1n) & 0xffffffn;
    const server = BigInt(node[5]!);
    return normalizeInteger(
      (server << 56n) | (BigInt(Math.floor(context.statementTimeMs / 1000)) << 24n) | shortCounter,
    );
  },
});

const UUID_TEXT =
  /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\})$/i;

defineSimple({
  name: 'is_uuid',
  args: ['string'],
  returns: BOOLEAN,
  evaluate: (_context, text: string) => (UUID_TEXT.test(text) ? 1 : 0),
});

function wrongUuid(name: string, text: string): SqlError {
  return new SqlError(1411, 'HY000', `Incorrect string value: '${text}' for function ${name}`);
}

/** The swapped form puts the slow parts of the time first, so that neighbours in time are neighbours in an index. */
defineSimple({
  name: 'uuid_to_bin',
  args: ['string', 'count'],
  argsMin: 1,
  returns: textType(16, 'binary'),
  evaluate: (_context, text: string, swap = 0) => {
    if (!UUID_TEXT.test(text)) throw wrongUuid('uuid_to_bin', text);
    const bytes = Buffer.from(text.replace(/[-{}]/g, ''), 'hex');
    if (swap === 0) return bytes;
    return Buffer.concat([bytes.subarray(6, 8), bytes.subarray(4, 6), bytes.subarray(0, 4), bytes.subarray(8)]);
  },
});

defineSimple({
  name: 'bin_to_uuid',
  args: ['bytes', 'count'],
  argsMin: 1,
  returns: { ...UUID, notNull: false },
  evaluate: (_context, bytes: Uint8Array, swap = 0) => {
    if (bytes.length !== 16) throw wrongUuid('bin_to_uuid', Buffer.from(bytes).toString('hex'));
    if (swap === 0) return hexUuid(bytes);
    return hexUuid(
      Buffer.concat([bytes.subarray(4, 8), bytes.subarray(2, 4), bytes.subarray(0, 2), bytes.subarray(8)]),
    );
  },
});

// ---- addresses ----

/** Four bytes; `1.2` means 1.0.0.2 to INET_ATON alone. */
function parseIpv4(text: string, short: boolean): number[] | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || (!short && parts.length !== 4)) return undefined;
  const bytes: number[] = [];
  for (const part of parts) {
    if (!/^[0-9]{1,3}$/.test(part) || Number(part) > 255) return undefined;
    bytes.push(Number(part));
  }
  if (bytes.length < 4) bytes.splice(bytes.length - 1, 0, ...new Array<number>(4 - bytes.length).fill(0));
  return bytes;
}

function parseIpv6(text: string): number[] | undefined {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text)) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string): number[] | undefined => {
    if (half === '') return [];
    const bytes: number[] = [];
    const parts = half.split(':');
    for (const [at, part] of parts.entries()) {
      if (part.includes('.')) {
        const tail = at === parts.length - 1 ? parseIpv4(part, false) : undefined;
        if (tail === undefined) return undefined;
        bytes.push(...tail);
      } else {
        if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
        const value = parseInt(part, 16);
        bytes.push(value >> 8, value & 255);
      }
    }
    return bytes;
  };
  const head = groups(halves[0]!);
  const tail = halves.length === 2 ? groups(halves[1]!) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function printIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[at * 2]! << 8) | bytes[at * 2 + 1]!);
  // The longest run of zero groups (two or more, the first of equals) becomes `::`.
  let start = -1;
  let length = 1;
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (end < 8 && groups[end] === 0) end++;
    if (end - at > length) [start, length] = [at, end - at];
    if (end > at) at = end;
  }
  const embedded = start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const text = (list: readonly number[]): string => list.map((group) => group.toString(16)).join(':');
  if (embedded) return `::${length === 5 ? 'ffff:' : ''}${bytes.slice(12).join('.')}`;
  return start < 0 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

defineSimple({
  name: 'inet_aton',
  args: ['string'],
  returns: { ...BIGINT_UNSIGNED, length: 21 },
  evaluate: (_context, text: string) => {
    const bytes = parseIpv4(text, true);
    return bytes === undefined ? null : bytes.reduce((value, byte) => value * 256 + byte, 0);
  },
});

defineSimple({
  name: 'inet_ntoa',
  args: ['count'],
  returns: (_args, collation) => textType(15, collation),
  evaluate: (_context, address: number) => {
    if (address < 0 || address > 0xffffffff) return null;
    return [address / 0x1000000, address / 0x10000, address / 0x100, address]
      .map((part) => Math.floor(part) % 256)
      .join('.');
  },
});

defineSimple({
  name: 'inet6_aton',
  args: ['string'],
  returns: textType(16, 'binary'),
  evaluate: (_context, text: string) => {
    const bytes = text.includes(':') ? parseIpv6(text) : parseIpv4(text, false);
    return bytes === undefined ? null : Uint8Array.from(bytes);
  },
});

defineSimple({
  name: 'inet6_ntoa',
  args: ['bytes'],
  returns: (_args, collation) => textType(39, collation),
  evaluate: (_context, bytes: Uint8Array) =>
    bytes.length === 4 ? bytes.join('.') : bytes.length === 16 ? printIpv6(bytes) : null,
});

defineSimple({
  name: 'is_ipv4',
  args: ['string'],
  returns: BOOLEAN,
  evaluate: (_context, text: string) => (parseIpv4(text, false) === undefined ? 0 : 1),
});
defineSimple({
  name: 'is_ipv6',
  args: ['string'],
  returns: BOOLEAN,
  evaluate: (_context, text: string) => (parseIpv6(text) === undefined ? 0 : 1),
});
defineSimple({
  name: 'is_ipv4_compat',
  args: ['bytes'],
  returns: BOOLEAN,
  evaluate: (_context, bytes: Uint8Array) =>
    bytes.length === 16 && bytes.subarray(0, 12).every((byte) => byte === 0) && Buffer.from(bytes).readUInt32BE(12) > 1
      ? 1
      : 0,
});
defineSimple({
  name: 'is_ipv4_mapped',
  args: ['bytes'],
  returns: BOOLEAN,
  evaluate: (_context, bytes: Uint8Array) =>
    bytes.length === 16 && bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
      ? 1
      : 0,
});

// ---- waiting ----

define({
  name: 'sleep',
  argsMin: 1,
  argsMax: 1,
  volatile: true,
  infer: ([seconds]) =>
    call('sleep', [convertArgument(seconds!, 'double', '')], { ...BIGINT, length: 21, notNull: true }),
  compile: () => () => {
    throw new SqlError(1235, '42000', "This version of Rutile doesn't yet support 'SLEEP here'");
  },
  compileAsync:
    (_expression, [seconds]) =>
    (row, context) => {
      const wanted = seconds!(row, context) as number | null;
      if (wanted === null || wanted < 0) throw new SqlError(1210, 'HY000', 'Incorrect arguments to sleep.');
      context.checkKilled();
      return wanted === 0 ? 0 : context.sleep(wanted * 1000);
    },
});

type LockAction = Parameters<EvalContext['session']['userLock']>[0];

const LOCKS: Readonly<
  Record<string, { readonly action: LockAction; readonly args: number; readonly type: FieldType }>
> = {
  get_lock: { action: 'get', args: 2, type: BOOLEAN },
  release_lock: { action: 'release', args: 1, type: BOOLEAN },
  release_all_locks: { action: 'release-all', args: 0, type: BIGINT },
  is_free_lock: { action: 'is-free', args: 1, type: BOOLEAN },
  is_used_lock: { action: 'is-used', args: 1, type: BIGINT_UNSIGNED },
};

/** Longer names are refused, as MySQL does since 5.7. */
const LOCK_NAME_MAX = 64;

for (const [name, { action, args: count, type }] of Object.entries(LOCKS)) {
  define({
    name,
    argsMin: count,
    argsMax: count,
    volatile: true,
    infer: (args) => call(name, args.map((arg, at) => convertArgument(arg, at === 0 ? 'string' : 'double', 'utf8mb4_0900_ai_ci')), type), // prettier-ignore
    compile: () => () => {
      throw new SqlError(1235, '42000', `This version of Rutile doesn't yet support '${name.toUpperCase()} here'`);
    },
    compileAsync: (_expression, evaluators) => (row, context) => {
      const lock = evaluators.length === 0 ? '' : evaluators[0]!(row, context);
      if (typeof lock !== 'string' || (count > 0 && lock === '') || lock.length > LOCK_NAME_MAX) {
        throw new SqlError(
          3057,
          '42000',
          `Incorrect user-level lock name '${lock === null ? 'NULL' : String(lock).slice(0, 64)}'.`,
        );
      }
      const seconds = evaluators.length > 1 ? (evaluators[1]!(row, context) as number | null) : 0;
      // A negative time means forever; a day is as good.
      const timeoutMs = seconds === null ? 0 : seconds < 0 ? 86_400_000 : seconds * 1000;
      return context.session.userLock(action, lock, timeoutMs);
    },
  });
}

// ---- the rest ----

define({
  name: 'name_const',
  argsMin: 2,
  argsMax: 2,
  infer: ([name, value]) => {
    const given = value!.kind === 'call' && value!.name === 'neg' ? value!.args[0]! : value!;
    if (isValue(name!) && isValue(given)) return value!;
    throw new SqlError(1210, 'HY000', 'Incorrect arguments to NAME_CONST');
  },
  compile: (_expression, [, value]) => value!,
});

define({
  name: 'any_value',
  argsMin: 1,
  argsMax: 1,
  infer: (args) => call('any_value', args, args[0]!.type),
  compile: (_expression, [value]) => value!,
});
