/** What CREATE USER and ALTER USER say behind the users: TLS, limits, the rules for passwords, locks, comments. Each clause replaces what it names and leaves the rest. */
import { SqlError } from '../../../base/error.ts';
import type { AccountOptions } from '../../parser/ast.ts';
import {
  NO_TLS,
  type PasswordPolicy,
  type ResourceLimits,
  type StoredAccount,
  type TlsRequirement,
} from './stored-account.ts';

const DAYS_MAX = 65535;
const ATTEMPTS_MAX = 32767;
const LIMIT_MAX = 0xffffffff;

export function withOptions(account: StoredAccount, options: AccountOptions): StoredAccount {
  return {
    ...account,
    locked: options.locked ?? account.locked,
    tls: options.require.length > 0 ? tlsOf(options.require) : account.tls,
    limits: limitsOf(account.limits, options.resources),
    password: policyOf(account.password, options.password),
    attributes: attributesOf(account.attributes, options),
  };
}

/** Nothing said at all. */
export function isEmpty(options: AccountOptions): boolean {
  return (
    options.require.length === 0 && options.resources.length === 0 && options.password.length === 0 && options.locked === undefined &&
    options.comment === undefined && options.attribute === undefined
  ); // prettier-ignore
}

function tlsOf(clauses: AccountOptions['require']): TlsRequirement {
  const first = clauses[0]!.name;
  if (first === 'NONE' || first === 'SSL' || first === 'X509') return { ...NO_TLS, kind: first };
  const value = (name: string): string => {
    const found = clauses.filter((one) => one.name === name);
    if (found.length > 1) throw new SqlError(1110, '42000', `Duplicate ${name} clause specified twice`);
    return found[0]?.value ?? '';
  };
  return { kind: 'SPECIFIED', cipher: value('CIPHER'), issuer: value('ISSUER'), subject: value('SUBJECT') };
}

function limitsOf(before: ResourceLimits, clauses: AccountOptions['resources']): ResourceLimits {
  const limits: { -readonly [K in keyof ResourceLimits]: number } = { ...before };
  for (const { name, value } of clauses) {
    const capped = Math.min(value, LIMIT_MAX);
    if (name === 'MAX_QUERIES_PER_HOUR') limits.questions = capped;
    else if (name === 'MAX_UPDATES_PER_HOUR') limits.updates = capped;
    else if (name === 'MAX_CONNECTIONS_PER_HOUR') limits.connections = capped;
    else limits.userConnections = capped;
  }
  return limits;
}

function policyOf(before: PasswordPolicy, clauses: AccountOptions['password']): PasswordPolicy {
  const policy: { -readonly [K in keyof PasswordPolicy]: PasswordPolicy[K] } = { ...before };
  const days = (value: string | number | undefined): number | null => (value === 'DEFAULT' ? null : Number(value));
  for (const { name, value } of clauses) {
    switch (name) {
      case 'EXPIRE':
        if (value === undefined) policy.expired = true;
        else if (value === 'NEVER') policy.lifetimeDays = 0;
        else {
          const number = days(value);
          if (number !== null && (number < 1 || number > DAYS_MAX)) throw wrongValue('DAY', String(value));
          policy.lifetimeDays = number;
        }
        break;
      case 'HISTORY':
        policy.history = ranged(days(value), DAYS_MAX, 'PASSWORD HISTORY');
        break;
      case 'REUSE INTERVAL':
        policy.reuseDays = ranged(days(value), DAYS_MAX, 'PASSWORD REUSE INTERVAL');
        break;
      case 'REQUIRE CURRENT':
        policy.requireCurrent = value === 'DEFAULT' ? null : value !== 'OPTIONAL';
        break;
      case 'FAILED_LOGIN_ATTEMPTS':
        policy.failedAttempts = ranged(Number(value), ATTEMPTS_MAX, name)!;
        break;
      case 'PASSWORD_LOCK_TIME':
        policy.lockDays = value === 'UNBOUNDED' ? -1 : ranged(Number(value), ATTEMPTS_MAX, name)!;
        break;
    }
  }
  return policy;
}

function ranged(value: number | null, maximum: number, clause: string): number | null {
  if (value !== null && (value > maximum || !Number.isInteger(value))) throw wrongValue(clause, String(value));
  return value;
}

function wrongValue(clause: string, value: string): SqlError {
  return new SqlError(1525, 'HY000', `Incorrect ${clause} value: '${value}'`);
}

/** A COMMENT is the attribute of that name; an ATTRIBUTE is merged key by key, and null takes a key away. */
function attributesOf(
  before: StoredAccount['attributes'],
  { comment, attribute }: AccountOptions,
): StoredAccount['attributes'] {
  if (comment === undefined && attribute === undefined) return before;
  let given: unknown = { comment };
  if (attribute !== undefined) {
    try {
      given = JSON.parse(attribute);
    } catch {
      throw invalidAttribute();
    }
    if (given === null || typeof given !== 'object' || Array.isArray(given)) throw invalidAttribute();
  }
  const merged: Record<string, unknown> = Object.assign(Object.create(null) as object, before);
  for (const [name, value] of Object.entries(given as object)) {
    if (value === null) delete merged[name];
    else merged[name] = value;
  }
  // In the order in which MySQL's JSON keeps keys: shorter ones first.
  const names = Object.keys(merged).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return names.length === 0 ? {} : Object.fromEntries(names.map((name) => [name, merged[name]]));
}

function invalidAttribute(): SqlError {
  return new SqlError(4044, 'HY000', 'Invalid JSON attribute, error: "Invalid value." at pos 0');
}
