/**
 * Settings of every role: one spelling everywhere. `--data-dir` on the command line, `RUTILE_DATA_DIR` in the environment, `data-dir` in
 * `rutile.toml`; the first of these that says something wins, then the default. A name nobody knows is an error in each of them: a typing
 * error must not start a database with other settings than were meant.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse as parseToml } from 'smol-toml';
import { RutileError } from '../base/error.ts';

/** 0 picks a free port; `off` closes the door. */
export type Port = number | 'off';

/** Commands that run a part of a cluster, or all of it. */
export type Role = 'start' | 'placement' | 'kv' | 'sql' | 'playground';

export interface Settings {
  readonly dataDir: string;
  readonly host: string;
  readonly mysqlPort: Port;
  readonly kvPort: Port;
  readonly placementPort: Port;
  readonly txnPlacementPort: Port;
  readonly statusPort: Port;
  readonly logLevel: string;
  readonly logFormat: 'text' | 'json';
  readonly maxConnections: number;
  readonly socketThread: 'auto' | 'on' | 'off';
  readonly mysqlTls: 'on' | 'off';
  readonly mysqlTlsCert: string;
  readonly mysqlTlsKey: string;
  readonly mysqlTlsCa: string;
  readonly engineCacheMib: number;
  readonly hotPagesMib: number;
  readonly regionSizeMib: number;
  /** For tests: in place of `regionSizeMib`, and looked for often. */
  readonly regionSizeKib: number | 'off';
  readonly columnCacheMib: number;
  readonly queryMemoryMib: number;
  readonly slowQueryMs: number;
  /** The folder of `SELECT … INTO OUTFILE` and `LOAD DATA INFILE`; empty: both are refused. */
  readonly secureFilePriv: string;
  /** PEM files; all three or, for plain text, all empty. */
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly tlsCa: string;
  /** `off`; `on`: may be set over HTTP; anything else: also set at the start. */
  readonly failpoints: string;
  /** `host:port` of the members of placement. */
  readonly placement: readonly string[];
  /** `host:port` of members of the placement that this process joins. */
  readonly join: readonly string[];
  /** Under which host other machines reach this one; empty: `host`. */
  readonly advertise: string;
  /** Where a store stands and what it is, for placement rules. */
  readonly labels: Readonly<Record<string, string>>;
  readonly stores: number;
  readonly placements: number;
  readonly sqls: number;
  readonly restartDelayMs: number | 'off';
}

/** `file`, `folder`, `addresses` and `labels` may be left away: empty. `delay`: milliseconds, or the word off; `count-or-off` likewise. */
type Kind =
  'text' | 'file' | 'folder' | 'addresses' | 'labels' | 'port' | 'count' | 'count-or-off' | 'delay' | readonly string[];

interface SettingDefinition {
  readonly key: keyof Settings;
  readonly kind: Kind;
  readonly default: string | number;
  readonly help: string;
  /** Whose command takes it as a flag; absent: those of all roles. */
  readonly roles?: readonly Role[];
}

const SERVERS: readonly Role[] = ['start', 'placement', 'kv', 'sql'];
const STORES: readonly Role[] = ['start', 'kv'];
const SQL_SERVERS: readonly Role[] = ['start', 'sql'];

const DEFINITIONS: readonly SettingDefinition[] = [
  { key: 'dataDir', kind: 'text', default: './rutile-data', help: 'folder of the data' },
  { key: 'host', kind: 'text', default: '127.0.0.1', help: 'address that every door listens on' },
  { key: 'mysqlPort', kind: 'port', default: 4000, help: 'MySQL protocol', roles: SQL_SERVERS },
  { key: 'kvPort', kind: 'port', default: 20160, help: 'raw keys and transactions over gRPC', roles: STORES },
  {
    key: 'placementPort',
    kind: 'port',
    default: 2379,
    help: 'placement (timestamps, regions) over gRPC',
    roles: ['start', 'placement'],
  },
  {
    key: 'txnPlacementPort',
    kind: 'port',
    default: 'off',
    help: 'placement for transactional clients: regions of rows, bounds in memcomparable form',
    roles: ['start', 'placement'],
  },
  { key: 'statusPort', kind: 'port', default: 10080, help: 'metrics, status and profiles over HTTP', roles: SERVERS },
  {
    key: 'logLevel',
    kind: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    help: 'least level of log lines',
  },
  { key: 'logFormat', kind: ['text', 'json'], default: 'text', help: 'form of what is printed' },
  {
    key: 'maxConnections',
    kind: 'count',
    default: 5000,
    help: 'MySQL connections at once; one more is refused with error 1040',
    roles: SQL_SERVERS,
  },
  {
    key: 'socketThread',
    kind: ['auto', 'on', 'off'],
    default: 'auto',
    help: 'a thread of their own for the sockets of MySQL clients; auto: with four processors and more',
    roles: SQL_SERVERS,
  },
  {
    key: 'mysqlTls',
    kind: ['on', 'off'],
    default: 'on',
    help: 'offers TLS to MySQL clients, with certificates made at the first start unless others are given',
    roles: SQL_SERVERS,
  },
  {
    key: 'mysqlTlsCert',
    kind: 'file',
    default: '',
    help: 'PEM file of the certificate of the MySQL port',
    roles: SQL_SERVERS,
  },
  { key: 'mysqlTlsKey', kind: 'file', default: '', help: 'PEM file of its key', roles: SQL_SERVERS },
  { key: 'mysqlTlsCa', kind: 'file', default: '', help: 'PEM file of the authorities of clients', roles: SQL_SERVERS },
  { key: 'engineCacheMib', kind: 'count', default: 64, help: 'memory of the storage engine for blocks', roles: STORES },
  { key: 'hotPagesMib', kind: 'count', default: 96, help: 'memory for rows that are read often', roles: STORES },
  {
    key: 'regionSizeMib',
    kind: 'count',
    default: 256,
    help: 'rows and raw pairs of one region; a larger one is cut',
    roles: STORES,
  },
  {
    key: 'regionSizeKib',
    kind: 'count-or-off',
    default: 'off',
    help: 'for tests only: regions of so many KiB, whatever --region-size-mib says, looked for twenty times a second',
    roles: STORES,
  },
  {
    key: 'columnCacheMib',
    kind: 'count',
    default: 512,
    help: 'memory of the column engine for loaded columns',
    roles: SQL_SERVERS,
  },
  {
    key: 'queryMemoryMib',
    kind: 'count',
    default: 1024,
    help: 'memory one statement may use; over it it ends with an error',
    roles: SQL_SERVERS,
  },
  {
    key: 'slowQueryMs',
    kind: 'count',
    default: 300,
    help: 'statements that take longer go to information_schema.SLOW_QUERY',
    roles: SQL_SERVERS,
  },
  {
    key: 'secureFilePriv',
    kind: 'folder',
    default: '',
    help: 'folder whose files SELECT … INTO OUTFILE writes and LOAD DATA INFILE reads; without it both are refused',
    roles: SQL_SERVERS,
  },
  { key: 'tlsCert', kind: 'file', default: '', help: 'certificate of this process for the gRPC doors (PEM)' },
  { key: 'tlsKey', kind: 'file', default: '', help: 'private key of --tls-cert (PEM)' },
  {
    key: 'tlsCa',
    kind: 'file',
    default: '',
    help: 'authorities whose certificates are accepted from the other side (PEM)',
  },
  {
    key: 'failpoints',
    kind: 'text',
    default: 'off',
    help: 'for tests only: on lets the status port set failpoints, name=plan;… also sets some (docs/failpoints.md)',
  },
  {
    key: 'placement',
    kind: 'addresses',
    default: '',
    help: 'members of placement, HOST:PORT[,HOST:PORT…]; for placement itself all members, this one among them',
    roles: ['placement', 'kv', 'sql'],
  },
  {
    key: 'join',
    kind: 'addresses',
    default: '',
    help: 'become a further machine of the cluster whose placement is there, HOST:PORT[,HOST:PORT…]',
    roles: ['start', 'placement'],
  },
  {
    key: 'advertise',
    kind: 'text',
    default: '',
    help: 'host by which others reach this process; start then keeps its data as a cluster that others may join',
    roles: ['start', 'placement', 'kv'],
  },
  {
    key: 'labels',
    kind: 'labels',
    default: '',
    help: 'where the store stands and what it is, zone=a,host=b',
    roles: ['start', 'kv'],
  },
  { key: 'stores', kind: 'count', default: 3, help: 'stores of the playground', roles: ['playground'] },
  { key: 'placements', kind: 'count', default: 1, help: 'members of placement, an odd number', roles: ['playground'] },
  { key: 'sqls', kind: 'count', default: 1, help: 'SQL servers of the playground', roles: ['playground'] },
  {
    key: 'restartDelayMs',
    kind: 'delay',
    default: 1000,
    help: 'after which a process that died is started again; off leaves it dead',
    roles: ['playground'],
  },
];

/** Where a role begins with something else. An empty folder: a temporary one. */
const DEFAULTS: Readonly<Partial<Record<Role, Partial<Record<keyof Settings, string | number>>>>> = {
  placement: { dataDir: './rutile-placement' },
  kv: { dataDir: './rutile-kv' },
  sql: { dataDir: './rutile-sql' },
  playground: { dataDir: '', placementPort: 0, kvPort: 0, mysqlPort: 0 },
};

/** Its processes are on one machine, and know each other. */
const NOT_OF_A_PLAYGROUND: ReadonlySet<keyof Settings> = new Set(['join', 'advertise']);

/** What a playground was told for all its processes, as flags of one: all but what it gives each itself. */
export function roleFlags(settings: Settings, role: Role): string[] {
  const own = new Set<keyof Settings>(['dataDir', 'host', 'mysqlPort', 'kvPort', 'placementPort', 'statusPort', 'logFormat', 'placement', 'labels']); // prettier-ignore
  return DEFINITIONS.flatMap(({ key, default: value, roles }) => {
    if (own.has(key) || !(roles === undefined || roles.includes(role)) || String(settings[key]) === String(value)) return []; // prettier-ignore
    return [`--${spelling(key)}`, String(settings[key])];
  });
}

/** Declares every setting of a role as a flag of its command. */
export function addSettingFlags(command: Command, role: Role): void {
  for (const { key, help, default: usual, roles } of DEFINITIONS) {
    if (role === 'playground' ? NOT_OF_A_PLAYGROUND.has(key) : roles !== undefined && !roles.includes(role)) continue;
    const value = DEFAULTS[role]?.[key] ?? usual;
    command.option(`--${spelling(key)} <value>`, `${help} (default ${value === '' ? 'none' : value})`);
  }
  command.option('--config <file>', 'settings file (default rutile.toml, when it exists)');
}

/** The files of TLS as flags of a command that has no other settings. */
export function addTlsFlags(command: Command): void {
  for (const { key, kind, help } of DEFINITIONS) if (kind === 'file') command.option(`--${spelling(key)} <file>`, help);
}

/** The same three files from the flags of such a command, or the environment; undefined: plain text. */
export function readTlsFiles(
  flags: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly cert: string; readonly key: string; readonly ca: string } | undefined {
  const file = (key: 'tlsCert' | 'tlsKey' | 'tlsCa') => flags[key] ?? environment[variableName(key)] ?? '';
  const files = { tlsCert: file('tlsCert'), tlsKey: file('tlsKey'), tlsCa: file('tlsCa') };
  checkTls(files);
  return files.tlsCert === '' ? undefined : { cert: files.tlsCert, key: files.tlsKey, ca: files.tlsCa };
}

/** `flags`: as commander parsed them. Fails with `settings.invalid`. */
export function readSettings(
  flags: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
  role: Role = 'start',
): Settings {
  const file = readFile(flags['config'] ?? environment['RUTILE_CONFIG']);
  rejectUnknownVariables(environment);
  const settings: Record<string, unknown> = {};
  for (const definition of DEFINITIONS) {
    const name = spelling(definition.key);
    const variable = variableName(definition.key);
    const [value, source] =
      flags[definition.key] !== undefined
        ? [flags[definition.key]!, `--${name}`]
        : environment[variable] !== undefined
          ? [environment[variable]!, variable]
          : file.values.has(name)
            ? [file.values.get(name)!, `${name} in ${file.path}`]
            : [String(DEFAULTS[role]?.[definition.key] ?? definition.default), 'the default'];
    settings[definition.key] = interpret(definition.kind, value, source);
  }
  const read = settings as unknown as Settings;
  // The name by which failpoints are known elsewhere.
  const injected = environment['FAILPOINTS'];
  const chosen = read.failpoints === 'off' && injected ? { ...read, failpoints: injected } : read;
  checkTls(chosen);
  checkMysqlTls(chosen);
  return chosen;
}

function checkMysqlTls({ mysqlTlsCert, mysqlTlsKey, mysqlTlsCa }: Settings): void {
  const given = [mysqlTlsCert, mysqlTlsKey, mysqlTlsCa].filter((file) => file !== '').length;
  if (given !== 0 && given !== 3)
    throw invalid('--mysql-tls-cert, --mysql-tls-key and --mysql-tls-ca go together: give all three');
}

/** Of one file there is no use, and half of an identity must not end in plain text. */
function checkTls({ tlsCert, tlsKey, tlsCa }: Pick<Settings, 'tlsCert' | 'tlsKey' | 'tlsCa'>): void {
  const given = [tlsCert, tlsKey, tlsCa].filter((file) => file !== '').length;
  if (given !== 0 && given !== 3) throw invalid('--tls-cert, --tls-key and --tls-ca go together: give all three');
}

function interpret(kind: Kind, value: string, source: string): unknown {
  if (Array.isArray(kind)) {
    if (!kind.includes(value)) throw invalid(`${source}: ${JSON.stringify(value)} is not one of ${kind.join(', ')}`);
    return value;
  }
  if (kind === 'text' || kind === 'file' || kind === 'folder') {
    if (value === '' && source !== 'the default') throw invalid(`${source} is empty`);
    return value;
  }
  if (kind === 'addresses' || kind === 'labels') {
    const parts = value === '' ? [] : value.split(',').map((part) => part.trim());
    const wanted = kind === 'addresses' ? /^\S+:\d{1,5}$/ : /^[^\s=]+=[^\s=]+$/;
    const wrong = parts.find((part) => !wanted.test(part));
    if (wrong !== undefined || (value === '' && source !== 'the default'))
      throw invalid(`${source}: ${JSON.stringify(wrong ?? value)} is not ${kind === 'addresses' ? 'HOST:PORT' : 'NAME=VALUE'}`); // prettier-ignore
    return kind === 'addresses' ? parts : Object.fromEntries(parts.map((part) => part.split('=')));
  }
  if ((kind === 'port' || kind === 'delay' || kind === 'count-or-off') && value === 'off') return 'off';
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  const wanted =
    kind === 'port'
      ? 'a port from 0 to 65535, or off'
      : kind === 'delay'
        ? 'milliseconds, or off'
        : kind === 'count-or-off'
          ? 'a whole number above 0, or off'
          : 'a whole number above 0';
  if (
    !Number.isSafeInteger(number) ||
    (kind === 'port' ? number > 65_535 : kind === 'delay' ? number > 3_600_000 : number < 1)
  )
    throw invalid(`${source}: ${JSON.stringify(value)} is not ${wanted}`);
  return number;
}

function readFile(named: string | undefined): { readonly path: string; readonly values: ReadonlyMap<string, string> } {
  const path = named ?? 'rutile.toml';
  if (!existsSync(path)) {
    if (named !== undefined) throw invalid(`the settings file ${named} does not exist`);
    return { path, values: new Map() };
  }
  let parsed: Record<string, unknown>;
  try {
    parsed = parseToml(readFileSync(path, 'utf8'));
  } catch (error) {
    throw invalid(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const known = new Set(DEFINITIONS.map(({ key }) => spelling(key)));
  for (const [name, value] of Object.entries(parsed)) {
    if (!known.has(name)) throw invalid(`${path}: unknown setting ${name}; known are ${[...known].join(', ')}`);
    if (typeof value === 'object') throw invalid(`${path}: ${name} takes a single value`);
  }
  return { path, values: new Map(Object.entries(parsed).map(([name, value]) => [name, String(value)])) };
}

function rejectUnknownVariables(environment: Readonly<Record<string, string | undefined>>): void {
  const known = new Set([
    'RUTILE_CONFIG',
    'RUTILE_BUILD_ANYWAY',
    'RUTILE_REWRITE',
    ...DEFINITIONS.map(({ key }) => variableName(key)),
  ]);
  for (const name of Object.keys(environment))
    if (name.startsWith('RUTILE_') && !known.has(name)) throw invalid(`unknown environment variable ${name}`);
}

/** `mysqlPort` → `mysql-port`. */
function spelling(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function variableName(key: string): string {
  return `RUTILE_${spelling(key).replaceAll('-', '_').toUpperCase()}`;
}

function invalid(message: string): RutileError {
  return new RutileError('settings.invalid', message);
}
