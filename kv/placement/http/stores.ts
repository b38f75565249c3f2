/** Stores and their labels: `/stores`, `/store/{id}`, `/labels`. What people decide about a store is a command. */
import type { Command, StoreRecord } from '../core.ts';
import type { StoreEntry } from '../schedule/index.ts';
import { type ApiAnswer, type ApiContext, type Body, isText, missing, ok, refused, type Request, unsupported } from './request.ts'; // prettier-ignore
import { storeJson } from './shapes.ts';

/** A store is given or loses at most so many peers a minute, by order for all. */
const LIMIT_OF_ALL_MAX = 200;

export function stores(request: Request): ApiAnswer {
  const { words } = request;
  if (words[0] === 'stores') return allStores(request);
  return words.length === 2 || words.length === 3 ? oneStore(request) : missing();
}

function allStores({ context, method, words, query, json }: Request): ApiAnswer {
  const { schedule } = context;
  switch (`${method} ${words.slice(1).join('/')}`) {
    case 'GET ': {
      const states = query.getAll('state').map((state) => ['up', 'offline', 'tombstone'][Number(state)]);
      const wanted = states.length > 0 ? states : ['up', 'offline'];
      return list(context, shown(context).filter((entry) => wanted.includes(entry.meta.state))); // prettier-ignore
    }
    case 'GET check': {
      const state = (query.get('state') ?? '').toLowerCase();
      if (!['up', 'offline', 'tombstone', 'disconnected', 'down'].includes(state)) return refused(`unknown state ${query.get('state') ?? ''}`); // prettier-ignore
      return list(context, shown(context).filter((entry) => stateOf(context, entry) === state)); // prettier-ignore
    }
    case 'GET limit': {
      const type = query.get('type');
      if (type !== null && type !== '' && type !== 'add-peer' && type !== 'remove-peer') return refused(`unknown limit type ${type}`); // prettier-ignore
      const { storeLimitAddPerMinute, storeLimitRemovePerMinute } = schedule.config;
      const limits = (entry: StoreEntry): Body => ({
        'add-peer': entry.limitAddPerMinute ?? storeLimitAddPerMinute,
        'remove-peer': entry.limitRemovePerMinute ?? storeLimitRemovePerMinute,
      });
      return ok(Object.fromEntries(shown(context).filter(({ meta }) => meta.state !== 'tombstone').map((entry) => [entry.id, limits(entry)]))); // prettier-ignore
    }
    case 'POST limit': {
      const part = limitOf(json);
      if (isText(part)) return refused(part);
      if (Number(json['rate']) > LIMIT_OF_ALL_MAX) return refused(`rate should be at most ${LIMIT_OF_ALL_MAX} for all stores`); // prettier-ignore
      const labels = Object.entries((json['labels'] ?? {}) as Body);
      const meant = schedule.stores.all().filter(({ meta }) => meta.state !== 'tombstone' && labels.every(([key, value]) => meta.labels[key] === value)); // prettier-ignore
      return ok("All stores' limit are updated.", meant.map(({ id }) => own(context, id, part))); // prettier-ignore
    }
    case 'DELETE remove-tombstone': {
      // The record stays: a store that is buried must never come back. It is only shown no more.
      const buried = shown(context).filter(({ meta }) => meta.state === 'tombstone');
      return ok('Remove tombstone successfully.', buried.map(({ id }) => own(context, id, { hidden: true }))); // prettier-ignore
    }
    case 'GET limit/scene':
    case 'POST limit/scene':
      return unsupported('store limits by scene');
    default:
      return missing();
  }
}

function oneStore({ context, method, words, query, json, body }: Request): ApiAnswer {
  const { schedule, core, epochMs } = context;
  const id = Number(words[1]);
  const entry = schedule.stores.get(id);
  const record = core.stores.get(id);
  if (!entry || !record || isHidden(context, id)) return missing(`store ${words[1]} not found`);
  const put = (store: StoreRecord, said: string): ApiAnswer => ok(said, [{ kind: 'put-store', store }]);
  const labelled = (labels: Readonly<Record<string, string>>, said: string): ApiAnswer => put({ ...record, labels }, said); // prettier-ignore
  switch (`${method} ${words[2] ?? ''}`) {
    case 'GET ':
      return ok(storeJson(schedule, entry, epochMs));
    case 'DELETE ':
      if (record.state === 'tombstone') return { status: 410, json: 'The store is a tombstone' };
      if (query.get('force') === 'true') return unsupported('a store that is called destroyed: it is offline until its peers are elsewhere'); // prettier-ignore
      return put({ ...record, state: 'offline' }, 'The store is set as Offline.');
    case 'POST state': {
      const state = String(query.get('state') ?? '').toLowerCase();
      if (state !== 'up' && state !== 'offline') return refused('state must be Up or Offline');
      if (record.state === 'tombstone') return refused('The store is a tombstone');
      return put({ ...record, state }, "The store's state is updated.");
    }
    case 'POST label': {
      if (!Object.values(json).every(isText)) return refused('labels are text');
      const labels = json as Readonly<Record<string, string>>;
      return labelled(query.get('force') === 'true' ? labels : { ...record.labels, ...labels }, "The store's label is updated."); // prettier-ignore
    }
    case 'DELETE label': {
      if (!isText(body) || !Object.hasOwn(record.labels ?? {}, body)) return missing(`store ${id} has no label ${String(body)}`); // prettier-ignore
      const { [body]: _gone, ...labels } = record.labels!;
      return labelled(labels, `The label ${body} is deleted for store ${id}.`);
    }
    case 'POST weight': {
      const [leader, region] = [Number(json['leader'] ?? NaN), Number(json['region'] ?? NaN)];
      if (!(leader >= 0) || !(region >= 0)) return refused('leader and region weight must not be negative');
      return ok("The store's weight is updated.", [own(context, id, { leaderWeight: leader, regionWeight: region })]);
    }
    case 'POST limit': {
      const part = limitOf(json);
      return isText(part) ? refused(part) : ok("The store's limit is updated.", [own(context, id, part)]);
    }
    default:
      return missing();
  }
}

export function labels({ context, method, words, query }: Request): ApiAnswer {
  if (method !== 'GET') return missing();
  const all = shown(context).filter(({ meta }) => meta.state !== 'tombstone');
  if (words.length === 1) {
    const pairs = all.flatMap(({ meta }) => Object.entries(meta.labels));
    const distinct = new Map(pairs.map(([key, value]) => [`${key}=${value}`, { key, value }]));
    return ok([...distinct.keys()].sort().map((name) => distinct.get(name)));
  }
  if (words[1] !== 'stores' || words.length !== 2) return missing();
  const [name, value] = [query.get('name') ?? '', query.get('value') ?? ''];
  const fits = ([key, has]: readonly [string, string]): boolean => (name === '' || key === name) && (value === '' || has === value); // prettier-ignore
  return list(context, all.filter(({ meta }) => Object.entries(meta.labels).some(fits))); // prettier-ignore
}

function shown(context: ApiContext): readonly StoreEntry[] {
  return context.schedule.stores.all().filter(({ id }) => !isHidden(context, id));
}

function settingsOf({ core }: ApiContext, id: number): Body {
  return JSON.parse(core.settings.get(`store/${id}`) ?? '{}') as Body;
}

function isHidden(context: ApiContext, id: number): boolean {
  return settingsOf(context, id)['hidden'] === true && context.core.stores.get(id)?.state === 'tombstone';
}

/** What people decided about one store, beside what it was before. */
function own(context: ApiContext, id: number, part: Body): Command {
  return { kind: 'put-setting', name: `store/${id}`, value: JSON.stringify({ ...settingsOf(context, id), ...part }) };
}

function limitOf(json: Body): Body | string {
  const [rate, type] = [Number(json['rate']), json['type']];
  if (!(rate > 0)) return 'rate should be a number that > 0.';
  if (type !== undefined && type !== 'add-peer' && type !== 'remove-peer') return `unknown limit type ${String(type)}`;
  return { ...(type !== 'remove-peer' && { add: rate }), ...(type !== 'add-peer' && { remove: rate }) };
}

function stateOf({ schedule }: ApiContext, entry: StoreEntry): string {
  const { state } = entry.meta;
  return state === 'up' ? schedule.stores.health(entry, schedule.config) : state;
}

function list({ schedule, epochMs }: ApiContext, found: readonly StoreEntry[]): ApiAnswer {
  return ok({ count: found.length, stores: found.map((entry) => storeJson(schedule, entry, epochMs)) });
}
