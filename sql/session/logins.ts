/**
 * What this server remembers of logins: wrong passwords in a row (FAILED_LOGIN_ATTEMPTS, PASSWORD_LOCK_TIME) and what an account has used
 * of its hour (MAX_QUERIES_PER_HOUR and its like). Kept in memory by each server, as in MySQL: a restart forgets it.
 */
import { SqlError } from '../../base/error.ts';
import type { Clock } from '../../base/world.ts';
import type { Account } from './accounts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Accounts that are remembered; the longest untouched goes first. */
const ACCOUNTS_MAX = 10_000;

interface Failures {
  count: number;
  /** When the account was locked; `undefined`: it is not. */
  lockedAtMs: number | undefined;
}

interface Hour {
  startedAtMs: number;
  questions: number;
  updates: number;
  connections: number;
}

export class Logins {
  private readonly clock: Clock;
  private readonly failures = new Map<string, Failures>();
  private readonly hours = new Map<string, Hour>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  // ---- wrong passwords ----

  /** Throws 3955 while the account is locked by wrong passwords. */
  check(account: Account): void {
    const { failedAttempts, lockDays } = account;
    const found = this.failures.get(account.key);
    if (failedAttempts === 0 || lockDays === 0 || found?.lockedAtMs === undefined) return;
    const elapsedMs = this.clock.wallMs() - found.lockedAtMs;
    if (lockDays > 0 && elapsedMs >= lockDays * DAY_MS) {
      this.failures.delete(account.key);
      return;
    }
    const days = lockDays < 0 ? 'unlimited' : String(lockDays);
    const left = lockDays < 0 ? 'unlimited' : String(Math.ceil(lockDays - elapsedMs / DAY_MS));
    throw new SqlError(
      3955,
      'HY000',
      `Access denied for user '${account.user}'@'${account.host}'. Account is blocked for ${days} day(s) (${left} day(s) remaining) due to ${failedAttempts} consecutive failed logins.`,
    );
  }

  /** Throws 3955 when this was one too many. */
  failed(account: Account): void {
    const { failedAttempts, lockDays, key } = account;
    if (failedAttempts === 0 || lockDays === 0) return;
    const found = this.failures.get(key) ?? { count: 0, lockedAtMs: undefined };
    found.count++;
    if (found.count >= failedAttempts && found.lockedAtMs === undefined) found.lockedAtMs = this.clock.wallMs();
    remember(this.failures, key, found);
    this.check(account);
  }

  succeeded(account: Account): void {
    this.failures.delete(account.key);
  }

  /** The account is gone; the next one of its name is another. */
  forget(key: string): void {
    this.failures.delete(key);
    this.hours.delete(key);
  }

  /** ALTER USER … ACCOUNT UNLOCK, a new password. */
  unlock(key: string): void {
    this.failures.delete(key);
  }

  // ---- an account's hour ----

  private hour(key: string): Hour {
    const now = this.clock.wallMs();
    let found = this.hours.get(key);
    if (found === undefined || now - found.startedAtMs >= HOUR_MS) {
      found = { startedAtMs: now, questions: 0, updates: 0, connections: 0 };
      remember(this.hours, key, found);
    }
    return found;
  }

  /** Throws 1226 when the account has used up its connections. `open`: how many it has now. */
  connect(account: Account, open: number): void {
    const { limits } = account;
    if (limits.userConnections > 0 && open >= limits.userConnections)
      throw exceeded(account, 'max_user_connections', limits.userConnections);
    if (limits.connections === 0) return;
    const hour = this.hour(account.key);
    if (hour.connections >= limits.connections) throw exceeded(account, 'max_connections_per_hour', limits.connections);
    hour.connections++;
  }

  /** Throws 1226 when the account has used up its statements. */
  // hot
  statement(account: Account): void {
    const { questions } = account.limits;
    if (questions === 0) return;
    const hour = this.hour(account.key);
    if (hour.questions >= questions) throw exceeded(account, 'max_questions', questions);
    hour.questions++;
  }

  update(account: Account): void {
    const { updates } = account.limits;
    if (updates === 0) return;
    const hour = this.hour(account.key);
    if (hour.updates >= updates) throw exceeded(account, 'max_updates', updates);
    hour.updates++;
  }

  /** FLUSH USER_RESOURCES: everybody's hour begins again. */
  flushHours(): void {
    this.hours.clear();
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > ACCOUNTS_MAX) map.delete(map.keys().next().value!);
}

function exceeded({ user }: Account, resource: string, value: number): SqlError {
  return new SqlError(
    1226,
    '42000',
    `User '${user}' has exceeded the '${resource}' resource (current value: ${value})`,
  );
}
