/** Where the log can be made to refuse, to fail and to be slow: `log::append` and `log::sync`. Called by the segment log alone. */
import { RutileError } from '../../base/error.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { DiskFile, World } from '../../base/world.ts';

export const beforeAppend = failpoint('log::append');
export const beforeSync = failpoint('log::sync');

export function injectedRefusal(world: World): RutileError | undefined {
  const value = beforeAppend.hit(world);
  return value === undefined
    ? undefined
    : new RutileError('log.overloaded', `failpoint ${beforeAppend.name}: ${value}`, { retry: 'same' });
}

export async function injectedWrite(world: World, file: DiskFile, bytes: Uint8Array, at: number): Promise<void> {
  const value = await beforeSync.reach(world);
  if (value !== undefined) throw new RutileError('disk.io', `failpoint ${beforeSync.name}: ${value}`);
  await file.write(bytes, at);
}
