/** Which answers of a SQL server a client may get in bad weather, and what they say of the work that they answer. */
import { ConnectionLost, SqlFailure } from './client.ts';

/** Nothing happened; the transaction, if any, is to be rolled back and tried again. */
const NOTHING_HAPPENED = new Set([
  1021, // a full disk
  1053, // the server goes down
  1205, // a lock, or a store, was waited for in vain
  1213, // a deadlock or a lost race
  1412, 8028, // the table changed meanwhile
  1836, // a store that takes no writes
  9001, // nobody hands out timestamps
  9005, // a region that nobody serves
]); // prettier-ignore
/** The outcome of a commit is not known. */
const UNDETERMINED = 1180;

export type Fate = 'failed' | 'unknown';

/** `undefined`: not what bad weather explains. `deciding`: the statement could have committed something. */
export function fateOf(error: unknown, deciding: boolean): Fate | undefined {
  if (error instanceof ConnectionLost) return deciding ? 'unknown' : 'failed';
  if (!(error instanceof SqlFailure)) return undefined;
  if (error.errno === UNDETERMINED) return 'unknown';
  return NOTHING_HAPPENED.has(error.errno) ? 'failed' : undefined;
}
