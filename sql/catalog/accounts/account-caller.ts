/** `AccountCaller`: what a statement about accounts may know of whoever runs it. Statements work on a copy of all accounts; the store writes what became different. */
import type { Grantee } from './rights.ts';
import type { AccountName, StoredAccount } from './stored-account.ts';

/** All accounts by `user@host`: a statement's own copy, changed by replacing rows. */
export type Accounts = Map<string, StoredAccount>;

export interface AccountCaller {
  readonly who: Grantee;
  readonly currentDatabase: string | undefined;
  readonly nowMs: number;
  readonly mandatoryRoles: readonly AccountName[];
  /** Global variables that accounts fall back to. */
  readonly policy: PolicyDefaults;
  databaseExists(name: string): boolean;
  /** Of a table or view; `undefined`: there is none. */
  columnsOf(database: string, table: string): readonly string[] | undefined;
  randomBytes(count: number): Uint8Array;
  warn(level: 'Note' | 'Warning', errno: number, text: string): void;
}

export interface PolicyDefaults {
  readonly history: number;
  readonly reuseDays: number;
  readonly requireCurrent: boolean;
  readonly randomLength: number;
}
