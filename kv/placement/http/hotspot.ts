/** What is read and written most: `/hotspot`. */
import type { Schedule } from '../schedule/index.ts';
import { type ApiAnswer, missing, ok, type Request, unsupported } from './request.ts';
import { hotJson } from './shapes.ts';

export function hotspot({ context, method, words, query }: Request): ApiAnswer {
  const { schedule } = context;
  const what = words.slice(1).join('/');
  if (what === 'regions/history') return unsupported('a history of hot regions: there is what is hot now');
  if (what === 'buckets') return unsupported('buckets: the smallest thing that is hot is a region');
  if (method !== 'GET') return missing();
  switch (what) {
    case 'regions/write':
    case 'regions/read': {
      const ids = query.getAll('store_id').map(Number);
      const unknown = ids.find((id) => schedule.stores.get(id) === undefined);
      if (unknown !== undefined) return missing(`store ${unknown} not found`);
      return ok(hotJson(schedule, what === 'regions/write' ? 'write' : 'read', ids));
    }
    case 'stores': {
      const rate = (of: (stats: Parameters<Schedule['storeHeartbeat']>[0]) => number): Record<string, number> =>
        Object.fromEntries(
          schedule.stores.all().map(({ id, stats: one }) => [id, of(one) / Math.max(1, one.intervalSeconds)]),
        );
      return ok({
        'bytes-write-rate': rate((one) => one.bytesWritten),
        'bytes-read-rate': rate((one) => one.bytesRead),
        'keys-write-rate': rate((one) => one.keysWritten),
        'keys-read-rate': rate((one) => one.keysRead),
      });
    }
    default:
      return missing();
  }
}
