/**
 * Which account a client is, and which names a pattern means. A host is a name, an address, an address with a netmask, or a pattern of
 * `%` and `_`; of the accounts that fit, the one with the most particular host is taken, as MySQL sorts them: no wildcard before netmasks
 * before patterns, a pattern with more text before its first wildcard before one with less, `%` and the empty host last; at equal hosts a
 * named user before the anonymous one.
 */
import type { AccountName } from './stored-account.ts';

const PATTERNS_MAX = 1000;
const patterns = new Map<string, RegExp>();

/** `%` and `_` as in LIKE, `\` escapes. */
function patternOf(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    if (patterns.size >= PATTERNS_MAX) patterns.clear();
    let source = '';
    for (let i = 0; i < pattern.length; i++) {
      const character = pattern[i]!;
      if (character === '%') source += '.*';
      else if (character === '_') source += '.';
      else if (character === '\\' && i + 1 < pattern.length) source += escaped(pattern[++i]!);
      else source += escaped(character);
    }
    compiled = new RegExp(`^${source}$`, 'is');
    patterns.set(pattern, compiled);
  }
  return compiled;
}

function escaped(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}

export function databaseFits(pattern: string, database: string): boolean {
  return pattern.toLowerCase() === database.toLowerCase() || patternOf(pattern).test(database);
}

/** As `db\_x` in GRANT means the one database `db_x`. */
export function isPattern(database: string): boolean {
  return /(?<!\\)[%_]/.test(database);
}

/** An IPv4 address as a number; `undefined` when it is none. */
function ipv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

interface Network {
  readonly address: number;
  readonly mask: number;
}

/** `10.1.0.0/255.255.0.0` or `10.1.0.0/16`: only the bits of the network may be set. */
export function netmask(host: string): Network | undefined {
  const slash = host.indexOf('/');
  if (slash < 0) return undefined;
  const address = ipv4(host.slice(0, slash));
  const text = host.slice(slash + 1);
  const bits = /^\d{1,2}$/.test(text) ? Number(text) : undefined;
  const mask =
    bits === undefined ? ipv4(text) : bits > 32 ? undefined : bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  if (address === undefined || mask === undefined) return undefined;
  return (address & mask) >>> 0 === address ? { address, mask } : undefined;
}

function hostFits(pattern: string, host: string): boolean {
  if (pattern === '%' || pattern === '' || pattern.toLowerCase() === host.toLowerCase()) return true;
  if (pattern.includes('/')) {
    const network = netmask(pattern);
    const address = ipv4(host);
    return network !== undefined && address !== undefined && (address & network.mask) >>> 0 === network.address;
  }
  return patternOf(pattern).test(host);
}

/** The names by which a client of this address is known: loopback is also `localhost`. */
export function hostsOf(address: string): string[] {
  const plain = address.replace(/^::ffff:/, '');
  const loopback = plain === '127.0.0.1' || plain === '::1' || plain === 'localhost' || plain === '';
  return loopback
    ? ['localhost', ...(plain === '' || plain === 'localhost' ? ['127.0.0.1', '::1'] : [plain])]
    : [plain];
}

/** The account a client is, or `undefined`. */
export function matchAccount<A extends AccountName>(
  accounts: Iterable<A>,
  user: string,
  address: string,
): A | undefined {
  const hosts = hostsOf(address);
  let best: A | undefined;
  for (const one of accounts) {
    if (one.user !== user && one.user !== '') continue;
    if (!hosts.some((host) => hostFits(one.host, host))) continue;
    if (best === undefined || before(one, best)) best = one;
  }
  return best;
}

function before(a: AccountName, b: AccountName): boolean {
  const order = particular(b.host) - particular(a.host);
  if (order !== 0) return order < 0;
  const users = (a.user === '' ? 1 : 0) - (b.user === '' ? 1 : 0);
  if (users !== 0) return users < 0;
  return a.host.length !== b.host.length ? a.host.length > b.host.length : a.host < b.host;
}

const EXACT = 1_000_000;

/** More is taken first. */
function particular(host: string): number {
  if (host === '') return -1;
  const network = host.includes('/') ? netmask(host) : undefined;
  if (network !== undefined) return EXACT / 2 + network.mask.toString(2).replaceAll('0', '').length;
  const wild = host.search(/[%_]/);
  return wild < 0 ? EXACT + (host === 'localhost' ? 1 : 0) : wild;
}
