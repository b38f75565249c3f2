/**
 * `StoredAccount`: one account or role as it is kept, a JSON row under `m`. A role is an account that cannot log in; what is granted to
 * either, and by which roles, stands in its own row. Grants name databases, tables and columns as text: they outlive DROP and RENAME.
 *
 * Rows written before a field existed are completed when they are read (`completed`), never by a rewrite of the store.
 */
import { DYNAMIC_PRIVILEGES, PRIVILEGES } from './privilege-names.ts';

export interface AccountName {
  readonly user: string;
  readonly host: string;
}

export interface DynamicGrant {
  readonly name: string;
  readonly grantOption: boolean;
}

export interface DatabaseGrant {
  /** A pattern: `%` and `_` as in LIKE, `\` escapes. */
  readonly database: string;
  readonly privileges: readonly string[];
  readonly grantOption: boolean;
}

export interface ColumnGrant {
  readonly column: string;
  readonly privileges: readonly string[];
}

export interface TableGrant {
  readonly database: string;
  readonly table: string;
  readonly privileges: readonly string[];
  readonly grantOption: boolean;
  readonly columns: readonly ColumnGrant[];
  /** `user@host` of whoever granted last. */
  readonly grantor: string;
  readonly changedAtMs: number;
}

export interface RoleGrant extends AccountName {
  readonly adminOption: boolean;
}

export interface PasswordPolicy {
  readonly expired: boolean;
  readonly changedAtMs: number;
  /** Days; `null`: as `default_password_lifetime` says, 0: never. */
  readonly lifetimeDays: number | null;
  /** `null`: as `password_history` and `password_reuse_interval` say. */
  readonly history: number | null;
  readonly reuseDays: number | null;
  /** `null`: as `password_require_current` says. */
  readonly requireCurrent: boolean | null;
  /** Both above 0 (or the second -1, for ever) or nothing is counted. */
  readonly failedAttempts: number;
  readonly lockDays: number;
  /** Earlier ones, newest first; no more than HISTORY and REUSE INTERVAL ask for. */
  readonly past: readonly { readonly stored: string; readonly changedAtMs: number }[];
  /** RETAIN CURRENT PASSWORD; empty: none. */
  readonly secondary: string;
}

export interface TlsRequirement {
  readonly kind: 'NONE' | 'SSL' | 'X509' | 'SPECIFIED';
  readonly cipher: string;
  readonly issuer: string;
  readonly subject: string;
}

export interface ResourceLimits {
  readonly questions: number;
  readonly updates: number;
  readonly connections: number;
  readonly userConnections: number;
}

export interface StoredAccount extends AccountName {
  readonly plugin: string;
  readonly authenticationString: string;
  readonly locked: boolean;
  /** `*.*` */
  readonly global: readonly string[];
  readonly globalGrantOption: boolean;
  readonly dynamic: readonly DynamicGrant[];
  readonly databases: readonly DatabaseGrant[];
  readonly tables: readonly TableGrant[];
  readonly roles: readonly RoleGrant[];
  readonly defaultRoles: readonly AccountName[];
  readonly password: PasswordPolicy;
  readonly tls: TlsRequirement;
  readonly limits: ResourceLimits;
  /** COMMENT and ATTRIBUTE: a JSON object, in MySQL's order of keys. */
  readonly attributes: Readonly<Record<string, unknown>> | null;
}

export const DEFAULT_PLUGIN = 'caching_sha2_password';

export const NO_POLICY: PasswordPolicy = {
  expired: false, changedAtMs: 0, lifetimeDays: null, history: null, reuseDays: null, requireCurrent: null, failedAttempts: 0, lockDays: 0, past: [], secondary: '',
}; // prettier-ignore
export const NO_TLS: TlsRequirement = { kind: 'NONE', cipher: '', issuer: '', subject: '' };
export const NO_LIMITS: ResourceLimits = { questions: 0, updates: 0, connections: 0, userConnections: 0 };

export const keyOf = ({ user, host }: AccountName): string => `${user}@${host}`;

export function nameOfKey(key: string): AccountName {
  const at = key.lastIndexOf('@');
  return { user: key.slice(0, at), host: key.slice(at + 1) };
}

export const sameAccount = (a: AccountName, b: AccountName): boolean => a.user === b.user && a.host === b.host;

export function emptyAccount(user: string, host: string): StoredAccount {
  return {
    user, host: host.toLowerCase(), plugin: DEFAULT_PLUGIN, authenticationString: '', locked: false, global: [], globalGrantOption: false, dynamic: [],
    databases: [], tables: [], roles: [], defaultRoles: [], password: NO_POLICY, tls: NO_TLS, limits: NO_LIMITS, attributes: null,
  }; // prettier-ignore
}

type OldAccount = Partial<StoredAccount> & AccountName & { readonly comment?: string };

/** A row of any age. Whoever could do everything may do what has become a privilege of its own since. */
export function completed(row: OldAccount): StoredAccount {
  const { comment, ...rest } = row;
  const whole = { ...emptyAccount(row.user, row.host), ...rest };
  const everything = row.dynamic === undefined && PRIVILEGES.every((name) => whole.global.includes(name));
  return {
    ...whole,
    dynamic: everything
      ? DYNAMIC_PRIVILEGES.map((name) => ({ name, grantOption: whole.globalGrantOption }))
      : whole.dynamic,
    attributes: whole.attributes ?? (comment === undefined || comment === '' ? null : { comment }),
  };
}
