/**
 * Schedulers: `/schedulers` shows, adds, removes and pauses them, `/scheduler-config` shows what they go by and names the stores that leaders are
 * moved away from.
 */
import type { Command } from '../core.ts';
import { type SchedulerName, SCHEDULERS } from '../schedule/index.ts';
import { type ApiAnswer, type ApiContext, missing, ok, refused, type Request, unsupported } from './request.ts';

const EVICT = 'evict-leader-scheduler';
/** Those of PD that are not here. */
const OTHERS = [
  'balance-range-scheduler', 'balance-witness-scheduler', 'evict-slow-trend-scheduler', 'evict-stopping-store-scheduler', 'grant-hot-region-scheduler',
  'grant-leader-scheduler', 'label-scheduler', 'random-merge-scheduler', 'scatter-range', 'shuffle-hot-region-scheduler', 'shuffle-leader-scheduler',
  'shuffle-region-scheduler', 'split-bucket-scheduler', 'transfer-witness-leader-scheduler',
]; // prettier-ignore
const ALL_KEYS = [{ 'start-key': '', 'end-key': '' }];

export function schedulers(request: Request): ApiAnswer {
  const { context, method, words, query, json } = request;
  const { schedule } = context;
  if (method === 'GET' && words.length === 1) return shown(context, query.get('status') ?? '', query.get('timestamp') === 'true'); // prettier-ignore
  if (method === 'GET') return words[1] === 'diagnostic' && words.length === 3 ? diagnostic(context, words[2]!) : missing(); // prettier-ignore
  const name = String(words[1] ?? json['name'] ?? '');
  const known = SCHEDULERS.find((one) => one === name || name.startsWith(`${one}-`));
  const isPause = method === 'POST' && words.length === 2;
  if (!known && !(isPause && name === 'all')) return unknown(name);
  if (isPause) {
    const delay = Number(json['delay'] ?? NaN);
    if (!(delay >= 0)) return refused('delay must be a number of seconds');
    for (const one of known ? [known] : SCHEDULERS) schedule.pause(one, delay);
    return ok('Pause or resume the scheduler successfully.');
  }
  if (method === 'POST') return known === EVICT ? evictFrom(context, Number(json['store_id'])) : put(known!, undefined, 'The scheduler is created.'); // prettier-ignore
  if (method !== 'DELETE') return missing();
  if (known !== EVICT) return put(known!, JSON.stringify({ disabled: true }), 'The scheduler is removed.');
  return evictNoMore(context, name.slice(EVICT.length + 1));
}

export function schedulerConfig({ context, method, words, json }: Request): ApiAnswer {
  if (method === 'GET' && words.length === 1)
    return ok(Object.fromEntries(names(context).map((name) => [name, configOf(context, name)])));
  const known = SCHEDULERS.find((one) => one === words[1]);
  if (known === undefined) return unknown(words[1] ?? '');
  switch (`${method} ${words[2] ?? ''}`) {
    case 'GET list':
      // A scheduler that is removed has none.
      return names(context).includes(known) ? ok(configOf(context, known)) : missing('scheduler not found');
    case 'POST config':
      if (known !== EVICT) return unsupported(`settings of ${known}: what it goes by is shown, and set with config set where that knows it`); // prettier-ignore
      return json['store_id'] === undefined ? unsupported(`settings of ${known} but its stores`) : evictFrom(context, Number(json['store_id'])); // prettier-ignore
    case 'DELETE delete':
      return known === EVICT ? evictNoMore(context, words[3] ?? '') : missing();
    default:
      return missing();
  }
}

/** Those that run or are paused. */
function names({ schedule }: ApiContext): readonly SchedulerName[] {
  const evicts = schedule.stores.all().some((entry) => entry.evictedByOrder);
  return SCHEDULERS.filter((name) => schedule.isEnabled(name) && (name !== EVICT || evicts));
}

function shown(context: ApiContext, status: string, withTimes: boolean): ApiAnswer {
  const { schedule, epochMs } = context;
  if (status === '') return ok(names(context));
  if (status === 'disabled') return ok(SCHEDULERS.filter((name) => !schedule.isEnabled(name)));
  if (status !== 'paused') return refused(`unknown status ${status}: paused or disabled`);
  const paused = names(context).filter((name) => schedule.isPaused(name));
  if (!withTimes) return ok(paused);
  const time = (seconds: number): string => new Date(epochMs + seconds * 1000).toISOString();
  return ok(paused.map((name) => {
    const { fromS, untilS } = schedule.pauseOf(name)!;
    return { name, paused_at: time(fromS), resume_at: time(untilS) };
  })); // prettier-ignore
}

function diagnostic(context: ApiContext, name: string): ApiAnswer {
  const { schedule, epochMs } = context;
  const known = SCHEDULERS.find((one) => one === name);
  if (known === undefined) return unknown(name);
  const status = !schedule.isEnabled(known) ? 'disabled' : schedule.isPaused(known) ? 'paused' : schedule.isPrepared() ? 'scheduling' : 'pending'; // prettier-ignore
  const summary = status === 'pending' ? 'waits until most regions have been heard of' : '';
  return ok({ name, status, summary, timestamp: Math.floor(epochMs / 1000) + schedule.nowS });
}

/** What a scheduler goes by. */
function configOf({ schedule }: ApiContext, name: SchedulerName): unknown {
  const { config } = schedule;
  switch (name) {
    case 'balance-leader-scheduler':
    case 'balance-region-scheduler':
      return { ranges: ALL_KEYS };
    case 'balance-hot-region-scheduler':
      return {
        'min-hot-byte-rate': config.hotReadBytesPerSecond,
        'min-hot-key-rate': config.hotReadKeysPerSecond,
        'min-hot-write-byte-rate': config.hotWriteBytesPerSecond,
        'min-hot-write-key-rate': config.hotWriteKeysPerSecond,
        'read-priorities': ['byte'],
        'write-leader-priorities': ['byte'],
        'write-peer-priorities': ['byte'],
      };
    case 'evict-slow-store-scheduler':
      return { 'evict-score': config.slowScoreEvict, 'recovery-score': config.slowScoreRecover };
    case EVICT: {
      const stores = schedule.stores.all().filter((entry) => entry.evictedByOrder);
      return { 'store-id-ranges': Object.fromEntries(stores.map(({ id }) => [id, ALL_KEYS])) };
    }
  }
}

function evictFrom({ schedule }: ApiContext, id: number): ApiAnswer {
  if (!schedule.stores.get(id)) return missing(`store ${id} not found`);
  return put(`${EVICT}/${id}`, '{}', 'The scheduler is created.');
}

function evictNoMore({ core }: ApiContext, id: string): ApiAnswer {
  const keys = [...core.settings.keys()].filter((key) => key.startsWith(`scheduler/${EVICT}/`) && (id === '' || key.endsWith(`/${id}`))); // prettier-ignore
  if (keys.length === 0) return missing('scheduler not found');
  return ok('The scheduler is removed.', keys.map((name): Command => ({ kind: 'put-setting', name, value: undefined }))); // prettier-ignore
}

function put(name: string, value: string | undefined, said: string): ApiAnswer {
  return ok(said, [{ kind: 'put-setting', name: `scheduler/${name}`, value }]);
}

function unknown(name: string): ApiAnswer {
  return OTHERS.some((one) => name.startsWith(one)) ? unsupported(`the scheduler ${name}`) : missing('scheduler not found'); // prettier-ignore
}
