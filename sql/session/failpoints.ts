/** Where a session can be held up or made to fail: before COMMIT reaches the store, and between the pieces of a loaded file. */
import { SqlError } from '../../base/error.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { SqlInstance } from './instance.ts';
import type { Session } from './session.ts';

export const beforeCommit = failpoint('session::before-commit');
const chunkArrived = failpoint('load-data::chunk');

/** Reached with a transaction open. What is injected rolls it back. */
export async function holdCommit(instance: SqlInstance, transaction: { rollback(): Promise<void> }): Promise<void> {
  const value = await beforeCommit.reach(instance);
  if (value === undefined) return;
  await transaction.rollback();
  throw new SqlError(1180, 'HY000', `Got error 1 - 'failpoint ${beforeCommit.name}: ${value}' during COMMIT`);
}

export async function* holdChunks(
  session: Session,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) {
    const value = chunkArrived.armed ? await chunkArrived.reach(session.instance) : undefined;
    if (value !== undefined) throw new SqlError(1105, 'HY000', `failpoint ${chunkArrived.name}: ${value}`);
    yield chunk;
  }
}
