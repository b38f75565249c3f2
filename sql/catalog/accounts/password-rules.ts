/**
 * What happens when a password changes: the current one is asked for where the account or the server wants that (REPLACE), one that was used
 * before is refused, the old one goes to the history or stays beside the new one for a while (RETAIN CURRENT PASSWORD). And when it is too old.
 *
 * The clear text is seen here and nowhere below: what is kept is what the plugin keeps.
 */
import { SqlError } from '../../../base/error.ts';
import type { AccountAuthentication } from '../../parser/ast.ts';
import { checkStoredHash, hashPassword, passwordMatches, unknownPlugin } from '../../session/passwords.ts';
import type { AccountCaller, PolicyDefaults } from './account-caller.ts';
import { DEFAULT_PLUGIN, type StoredAccount } from './stored-account.ts';

const PLUGINS: ReadonlySet<string> = new Set(['caching_sha2_password', 'mysql_native_password']);
const DAY_MS = 86_400_000;
/** A history asks for no more than MySQL's maximum. */
export const HISTORY_MAX = 65535;
const ALPHABET = '1234567890abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,.-;:_+*!%&/(){}[]<>@';

/** Clear text of a password that was made up, to be shown once. */
export interface GeneratedPassword {
  readonly user: string;
  readonly host: string;
  readonly password: string;
}

function randomPassword(caller: AccountCaller): string {
  let text = '';
  // Bytes beyond the last whole multiple of the alphabet are thrown away: each character is equally likely.
  const limit = 256 - (256 % ALPHABET.length);
  while (text.length < caller.policy.randomLength)
    for (const byte of caller.randomBytes(64))
      if (byte < limit && text.length < caller.policy.randomLength) text += ALPHABET[byte % ALPHABET.length]!;
  return text;
}

export interface ChangedPassword {
  readonly account: StoredAccount;
  readonly generated: GeneratedPassword | undefined;
}

/** `privileged`: CREATE USER, which need not know the current password. */
export function withPassword(
  account: StoredAccount,
  authentication: AccountAuthentication,
  caller: AccountCaller,
  asked: { readonly create: boolean; readonly self: boolean; readonly privileged: boolean },
): ChangedPassword {
  const plugin = (authentication.plugin ?? (asked.create ? DEFAULT_PLUGIN : account.plugin)).toLowerCase();
  if (!PLUGINS.has(plugin)) throw unknownPlugin(plugin);
  checkCurrent(account, authentication, caller.policy, asked);
  const secondary = retained(account, authentication, plugin);
  const clear = authentication.random === true ? randomPassword(caller) : (authentication.password ?? (authentication.hash === undefined ? '' : undefined)); // prettier-ignore
  if (authentication.hash !== undefined) checkStoredHash(plugin, authentication.hash);
  const stored = authentication.hash ?? hashPassword(plugin, clear ?? '', (count) => caller.randomBytes(count));
  // Another plugin and no password for it: the next thing its owner does is to choose one.
  const expired = !asked.create && authentication.plugin !== undefined && authentication.hash === undefined && authentication.password === undefined && authentication.random !== true; // prettier-ignore
  const past = pastPasswords(account, clear, plugin, caller, asked.create);
  const generated = authentication.random === true ? { user: account.user, host: account.host, password: clear! } : undefined; // prettier-ignore
  return {
    generated,
    account: {
      ...account,
      plugin,
      authenticationString: stored,
      password: { ...account.password, changedAtMs: caller.nowMs, expired, past, secondary },
    },
  };
}

function checkCurrent(
  account: StoredAccount,
  { current }: AccountAuthentication,
  policy: PolicyDefaults,
  asked: { readonly create: boolean; readonly self: boolean; readonly privileged: boolean },
): void {
  if (asked.create) return;
  if (current !== undefined) {
    if (!asked.self)
      throw new SqlError(3893, 'HY000', 'Do not specify the current password while changing it for other users.');
    if (!passwordMatches(account.plugin, account.authenticationString, current))
      throw new SqlError(3891, 'HY000', 'Incorrect current password. Specify the correct password which has to be replaced.'); // prettier-ignore
    return;
  }
  if (asked.privileged || account.authenticationString === '') return;
  if (account.password.requireCurrent ?? policy.requireCurrent)
    throw new SqlError(3892, 'HY000', 'Current password needs to be specified in the REPLACE clause in order to change it.'); // prettier-ignore
}

/** What stays beside the new password. */
function retained(account: StoredAccount, { retain, password, random }: AccountAuthentication, plugin: string): string {
  const name = `'${account.user}@${account.host}'`;
  const changesPlugin = plugin !== account.plugin;
  if (retain !== true) return changesPlugin ? '' : account.password.secondary;
  if (changesPlugin)
    throw new SqlError(3894, 'HY000', `Current password can not be retained for user ${name} because authentication plugin is being changed.`); // prettier-ignore
  if (password === '' && random !== true)
    throw new SqlError(3895, 'HY000', `Current password can not be retained for user ${name} because new password is empty.`); // prettier-ignore
  if (account.authenticationString === '')
    throw new SqlError(3878, 'HY000', `Empty password can not be retained as second password for user ${name}.`);
  return account.authenticationString;
}

/** The history after the change; throws 3638 when the new password is in what it must not be in. */
function pastPasswords(
  account: StoredAccount,
  clear: string | undefined,
  plugin: string,
  caller: AccountCaller,
  create: boolean,
): StoredAccount['password']['past'] {
  const count = account.password.history ?? caller.policy.history;
  const days = account.password.reuseDays ?? caller.policy.reuseDays;
  if (count === 0 && days === 0) return [];
  const { authenticationString, password } = account;
  const used =
    create || authenticationString === ''
      ? password.past
      : [{ stored: authenticationString, changedAtMs: password.changedAtMs }, ...password.past];
  const counts = used.filter((one, i) => i < count || caller.nowMs - one.changedAtMs < days * DAY_MS);
  if (clear !== undefined && clear !== '' && plugin === account.plugin)
    for (const { stored } of counts)
      if (passwordMatches(plugin, stored, clear))
        throw new SqlError(3638, 'HY000', `Cannot use these credentials for '${account.user}@${account.host}' because they contradict the password history policy`); // prettier-ignore
  return counts.slice(0, HISTORY_MAX);
}

/** PASSWORD EXPIRE, or older than its lifetime. */
export function isExpired(account: StoredAccount, nowMs: number, lifetimeDefaultDays: number): boolean {
  const { expired, changedAtMs, lifetimeDays } = account.password;
  if (expired) return true;
  const days = lifetimeDays ?? lifetimeDefaultDays;
  // An account from before passwords had an age starts to age with its next password.
  return days > 0 && changedAtMs > 0 && nowMs - changedAtMs > days * DAY_MS;
}
