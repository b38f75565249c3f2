/**
 * PD's HTTP API under `/pd/api/v1`, as far as there is something behind it: members, stores, regions, schedulers, operators, hotspots, config, rules. Pure:
 * a request and what placement knows in, an answer out. What must not be forgotten comes out as commands: whoever mounts the
 * API makes them durable, calls `applySettings`, and only then sends the answer. What is not served is a 404, as it is there.
 */
import { fromHex, utf8 } from '../../../base/bytes.ts';
import type { Command, PlacementCore, StoreRecord } from '../core.ts';
import type { RegionView } from '../regions/index.ts';
import { configProblem, isVoter, type Schedule, SCHEDULERS } from '../schedule/index.ts';
import { runOperator } from './operator-requests.ts';
import { applySettings, changedConfig, parseRule, ruleJson, showReplication, showSchedule } from './settings.ts';
import { hotJson, operatorText, regionJson, storeJson } from './shapes.ts';

export { applySettings };

export interface ApiMember {
  readonly name: string;
  readonly id: number;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly healthy: boolean;
  readonly standsBy?: boolean | undefined;
}

export interface ApiContext {
  readonly core: PlacementCore;
  readonly schedule: Schedule;
  readonly members: readonly ApiMember[];
  readonly leaderName: string;
  readonly version: string;
  /** Milliseconds since 1970 at the schedule's second 0. */
  readonly epochMs: number;
}

export interface ApiAnswer {
  readonly status: number;
  readonly json: unknown;
  /** To be made durable before the answer is sent; a refused one makes it a 500. */
  readonly commands?: readonly Command[];
}

type Body = Readonly<Record<string, unknown>>;
const PREFIX = '/pd/api/v1';
const LIMIT_DEFAULT = 16;
/** More regions than this in one answer would hold up everything else. */
const LIMIT_MAX = 10_240;

/** `path` with its query string; `body` is parsed JSON, undefined without one. */
export function handleApi(context: ApiContext, method: string, path: string, body: unknown): ApiAnswer {
  const url = new URL(path, 'http://localhost');
  if (!url.pathname.startsWith(`${PREFIX}/`)) return missing();
  let words: string[];
  try {
    words = url.pathname
      .slice(PREFIX.length + 1)
      .split('/')
      .filter((word) => word !== '')
      .map(decodeURIComponent);
  } catch {
    return { status: 400, json: 'malformed path' };
  }
  const json: Body = typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : {};
  const request: Request = { context, method, words, query: url.searchParams, json };
  switch (words[0]) {
    case 'members':
    case 'leader':
    case 'health':
    case 'cluster':
    case 'version':
    case 'status':
    case 'ping':
      return members(request);
    case 'store':
    case 'stores':
      return stores(request);
    case 'region':
    case 'regions':
    case 'stats':
      return regions(request);
    case 'schedulers':
      return schedulers(request);
    case 'operators':
      return operators(request);
    case 'hotspot':
      return hotspot(request);
    case 'config':
      return config(request);
    default:
      return missing();
  }
}

interface Request {
  readonly context: ApiContext;
  readonly method: string;
  readonly words: readonly string[];
  readonly query: URLSearchParams;
  readonly json: Body;
}

function members({ context, method, words }: Request): ApiAnswer {
  if (method !== 'GET') return missing();
  const all = context.members.map((member) => ({
    name: member.name,
    member_id: member.id,
    peer_urls: member.peerUrls,
    client_urls: member.clientUrls,
    binary_version: `v${context.version}`,
    // As etcd says it of its own.
    ...(member.standsBy === true && { is_learner: true }),
  }));
  const leader = all.find((member) => member.name === context.leaderName);
  switch (words.join('/')) {
    case 'members':
      return ok({ header: { cluster_id: context.core.clusterId }, members: all, leader, etcd_leader: leader });
    case 'leader':
      return leader ? ok(leader) : { status: 503, json: 'no leader' };
    case 'health':
      return ok(
        context.members.map((member) => ({
          name: member.name,
          member_id: member.id,
          client_urls: member.clientUrls,
          health: member.healthy,
        })),
      );
    case 'cluster':
      return ok({ id: context.core.clusterId, max_peer_count: context.schedule.config.maxReplicas });
    case 'cluster/status':
      return ok({ is_initialized: context.core.clusterId !== 0, replication_status: '' });
    case 'version':
      return ok({ version: `v${context.version}` });
    case 'status':
      return ok({ version: `v${context.version}` });
    case 'ping':
      return ok('');
    default:
      return missing();
  }
}

function stores({ context, method, words, query, json }: Request): ApiAnswer {
  const { schedule, core } = context;
  if (words[0] === 'stores' && words.length === 1 && method === 'GET') {
    const states = query.getAll('state').map((state) => ['up', 'offline', 'tombstone'][Number(state)]);
    const wanted = states.length > 0 ? states : ['up', 'offline'];
    const found = schedule.stores.all().filter((entry) => wanted.includes(entry.meta.state));
    return ok({ count: found.length, stores: found.map((entry) => storeJson(schedule, entry, context.epochMs)) });
  }
  if (words[0] !== 'store' || words.length > 3) return missing();
  const id = Number(words[1]);
  const entry = schedule.stores.get(id);
  const record = core.stores.get(id);
  if (!entry || !record) return { status: 404, json: `store ${words[1]} not found` };
  const put = (store: StoreRecord, said: string): ApiAnswer => ok(said, [{ kind: 'put-store', store }]);
  const own = (part: Body): Command[] => {
    const before = JSON.parse(core.settings.get(`store/${id}`) ?? '{}') as Body;
    return [{ kind: 'put-setting', name: `store/${id}`, value: JSON.stringify({ ...before, ...part }) }];
  };
  switch (`${method} ${words[2] ?? ''}`) {
    case 'GET ':
      return ok(storeJson(schedule, entry, context.epochMs));
    case 'DELETE ':
      if (record.state === 'tombstone') return { status: 410, json: 'The store is a tombstone' };
      return put({ ...record, state: 'offline' }, 'The store is set as Offline.');
    case 'POST state': {
      const state = String(query.get('state') ?? '').toLowerCase();
      if (state !== 'up' && state !== 'offline') return { status: 400, json: 'state must be Up or Offline' };
      if (record.state === 'tombstone') return { status: 400, json: 'The store is a tombstone' };
      return put({ ...record, state }, "The store's state is updated.");
    }
    case 'POST label': {
      if (Object.values(json).some((value) => typeof value !== 'string'))
        return { status: 400, json: 'labels are text' };
      return put(
        { ...record, labels: { ...record.labels, ...(json as Record<string, string>) } },
        "The store's label is updated.",
      );
    }
    case 'POST weight': {
      const [leader, region] = [Number(json['leader']), Number(json['region'])];
      if (!(leader > 0) || !(region > 0)) return { status: 400, json: 'leader and region weight must be positive' };
      return ok("The store's weight is updated.", own({ leaderWeight: leader, regionWeight: region }));
    }
    case 'POST limit': {
      const [rate, type] = [Number(json['rate']), json['type']];
      if (!(rate > 0)) return { status: 400, json: 'rate should be a number that > 0.' };
      if (type !== undefined && type !== 'add-peer' && type !== 'remove-peer')
        return { status: 400, json: `unknown limit type ${String(type)}` };
      const part = {
        ...(type !== 'remove-peer' ? { add: rate } : {}),
        ...(type !== 'add-peer' ? { remove: rate } : {}),
      };
      return ok("The store's limit is updated.", own(part));
    }
    default:
      return missing();
  }
}

function regions({ context, method, words, query }: Request): ApiAnswer {
  if (method !== 'GET') return missing();
  const { schedule } = context;
  const { table } = schedule;
  const limit = Math.min(LIMIT_MAX, Math.max(1, Number(query.get('limit') ?? LIMIT_DEFAULT) || LIMIT_DEFAULT));
  const list = (slots: readonly number[]): ApiAnswer =>
    ok({ count: slots.length, regions: slots.map((slot) => regionJson(schedule, table.view(slot))) });
  const one = (slot: number): ApiAnswer => (slot < 0 ? ok(null) : ok(regionJson(schedule, table.view(slot))));
  const key = (text: string): Uint8Array => (query.get('format') === 'hex' ? fromHex(text) : utf8(text));
  const largest = (column: ArrayLike<number>): ApiAnswer => list(top(context, column, limit));
  const [first, second, third] = words;
  if (first === 'region') {
    if (second === 'id' && third) return one(table.slotOf(Number(third)));
    return second === 'key' && third !== undefined ? one(table.slotByKey(key(third))) : missing();
  }
  if (first === 'stats') {
    return second === 'region'
      ? ok(stats(context, key(query.get('start_key') ?? ''), key(query.get('end_key') ?? '')))
      : missing();
  }
  switch (second) {
    case undefined:
      return list(table.scan(new Uint8Array(0), new Uint8Array(0), LIMIT_MAX));
    case 'key':
      return list(table.scan(key(query.get('key') ?? ''), key(query.get('end_key') ?? ''), limit));
    case 'count':
      return ok({ count: table.count, regions: null });
    case 'store':
      if (!schedule.stores.get(Number(third))) return { status: 404, json: `store ${third} not found` };
      return list(
        table
          .bagsOf(Number(third))
          .bags.flatMap((bag) => [...bag.slots.subarray(0, bag.count)])
          .slice(0, LIMIT_MAX),
      );
    case 'sibling': {
      const slot = table.slotOf(Number(third));
      if (slot < 0) return { status: 404, json: `region ${third} not found` };
      return list([table.below(slot), table.above(slot)].filter((other) => other >= 0));
    }
    case 'check':
      return check(context, third ?? '', list);
    case 'writeflow':
      return largest(table.writtenKib);
    case 'readflow':
      return largest(table.readKib);
    case 'size':
      return largest(table.sizesKib);
    case 'keys':
      return largest(table.keyCounts);
    case 'confver':
      return largest(table.confVersions);
    case 'version':
      return largest(table.versions);
    default:
      return missing();
  }
}

/** Regions that something is wrong with, at most as many as one answer holds. */
function check(context: ApiContext, what: string, list: (slots: readonly number[]) => ApiAnswer): ApiAnswer {
  const { table, config, stores: all, rules } = context.schedule;
  const wanted = (view: RegionView): number =>
    rules.rulesOf(view.lower, view.upper).reduce((sum, rule) => sum + rule.count, 0);
  const tests: Readonly<Record<string, (slot: number) => boolean>> = {
    'miss-peer': (slot) => table.peerCounts[slot]! < wanted(table.view(slot)),
    'extra-peer': (slot) => table.peerCounts[slot]! > wanted(table.view(slot)),
    'pending-peer': (slot) => table.pendingBits[slot] !== 0,
    'down-peer': (slot) => table.downBits[slot] !== 0,
    'learner-peer': (slot) => table.view(slot).peers.some((peer) => !isVoter(peer)),
    'offline-peer': (slot) => table.view(slot).peers.some((peer) => all.get(peer.storeId)?.meta.state === 'offline'),
    'empty-region': (slot) => table.sizesKib[slot]! <= 1024,
    'oversized-region': (slot) => table.sizesKib[slot]! > config.splitRegionKib,
    'undersized-region': (slot) => table.sizesKib[slot]! <= config.maxMergeRegionKib,
  };
  const test = tests[what];
  if (!test) return missing();
  const found: number[] = [];
  for (let slot = 0; slot < table.slotEnd && found.length < LIMIT_MAX; slot++) {
    if (table.ids[slot] !== 0 && test(slot)) found.push(slot);
  }
  return list(found);
}

function stats(context: ApiContext, lower: Uint8Array, upper: Uint8Array): unknown {
  const { table } = context.schedule;
  const total = { count: 0, empty_count: 0, storage_size: 0, storage_keys: 0 };
  const leaders: Record<string, number> = {};
  const peers: Record<string, number> = {};
  for (const slot of table.scan(lower, upper, 0)) {
    total.count++;
    if (table.sizesKib[slot]! <= 1024) total.empty_count++;
    total.storage_size += table.sizesKib[slot]! / 1024;
    total.storage_keys += table.keyCounts[slot]!;
    const view = table.view(slot);
    if (view.leader) leaders[view.leader.storeId] = (leaders[view.leader.storeId] ?? 0) + 1;
    for (const peer of view.peers) peers[peer.storeId] = (peers[peer.storeId] ?? 0) + 1;
  }
  return {
    ...total,
    storage_size: Math.round(total.storage_size),
    store_leader_count: leaders,
    store_peer_count: peers,
  };
}

function schedulers({ context, method, words, query, json }: Request): ApiAnswer {
  const { schedule, core } = context;
  const put = (name: string, value: string | undefined, said: string): ApiAnswer =>
    ok(said, [{ kind: 'put-setting', name: `scheduler/${name}`, value }]);
  const evicted = schedule.stores.all().filter((entry) => entry.evictedByOrder);
  if (method === 'GET' && words.length === 1) {
    const names = SCHEDULERS.filter(
      (name) => schedule.isEnabled(name) && (name !== 'evict-leader-scheduler' || evicted.length > 0),
    );
    return ok(query.get('status') === 'paused' ? names.filter((name) => schedule.isPaused(name)) : names);
  }
  const name = String(words[1] ?? json['name'] ?? '');
  const known = SCHEDULERS.find((one) => one === name || name.startsWith(`${one}-`));
  if (!known) return { status: 404, json: 'scheduler not found' };
  if (method === 'POST' && words.length === 2) {
    const delay = Number(json['delay']);
    if (!(delay >= 0)) return { status: 400, json: 'delay must be a number of seconds' };
    schedule.pause(known, delay);
    return ok('Pause or resume the scheduler successfully.');
  }
  if (method === 'POST') {
    if (known !== 'evict-leader-scheduler') return put(known, undefined, 'The scheduler is created.');
    const id = Number(json['store_id']);
    if (!schedule.stores.get(id)) return { status: 404, json: `store ${id} not found` };
    return put(`${known}/${id}`, '{}', 'The scheduler is created.');
  }
  if (method !== 'DELETE') return missing();
  if (known !== 'evict-leader-scheduler')
    return put(known, JSON.stringify({ disabled: true }), 'The scheduler is removed.');
  const id = name.slice(known.length + 1);
  const keys = [...core.settings.keys()].filter(
    (key) => key.startsWith(`scheduler/${known}/`) && (id === '' || key.endsWith(`/${id}`)),
  );
  if (keys.length === 0) return { status: 404, json: 'scheduler not found' };
  return ok(
    'The scheduler is removed.',
    keys.map((key): Command => ({ kind: 'put-setting', name: key, value: undefined })),
  );
}

function operators({ context, method, words, query, json }: Request): ApiAnswer {
  const { schedule } = context;
  if (method === 'GET' && words.length === 1) {
    const kinds = query.getAll('kind');
    const running = schedule.operators.running().filter((one) => kinds.length === 0 || kinds.includes(one.kind));
    return ok(running.map(operatorText));
  }
  if (method === 'GET' && words[1] === 'records') return ok(schedule.operators.past().map(operatorText));
  if (method === 'GET') {
    const operator =
      schedule.operators.of(Number(words[1])) ??
      schedule.operators.past().findLast((one) => one.regionId === Number(words[1]));
    return operator ? ok(operatorText(operator)) : { status: 404, json: 'operator not found' };
  }
  if (method === 'DELETE') {
    return schedule.operators.cancel(Number(words[1]))
      ? ok('The pending operator is canceled.')
      : { status: 404, json: 'operator not found' };
  }
  if (method !== 'POST') return missing();
  const problem = runOperator(schedule, json);
  return problem ? { status: 400, json: problem } : ok('The operator is created.');
}

function hotspot({ context, method, words }: Request): ApiAnswer {
  if (method !== 'GET') return missing();
  const { schedule } = context;
  switch (words.slice(1).join('/')) {
    case 'regions/write':
      return ok(hotJson(schedule, 'write'));
    case 'regions/read':
      return ok(hotJson(schedule, 'read'));
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

function config({ context, method, words, json }: Request): ApiAnswer {
  const { schedule, core } = context;
  const [, second, third, fourth] = words;
  if (method === 'POST' && (second === undefined || second === 'schedule' || second === 'replicate')) {
    const changed = changedConfig(schedule.config, json);
    const problem = typeof changed === 'string' ? changed : configProblem(changed);
    if (problem) return { status: 400, json: problem };
    return ok('The config is updated.', [{ kind: 'put-setting', name: 'config', value: JSON.stringify(changed) }]);
  }
  if (second === 'rule' && method === 'POST') {
    const rule = parseRule(json);
    if (typeof rule === 'string') return { status: 400, json: rule };
    return ok('Update rule successfully.', [
      { kind: 'put-setting', name: `rule/${rule.groupId}/${rule.id}`, value: JSON.stringify(ruleJson(rule)) },
    ]);
  }
  if (second === 'rule' && method === 'DELETE') {
    const name = `rule/${third}/${fourth}`;
    if (!core.settings.has(name)) return { status: 404, json: null };
    return ok('Delete rule successfully.', [{ kind: 'put-setting', name, value: undefined }]);
  }
  if (method !== 'GET') return missing();
  switch (second) {
    case undefined:
      return ok({
        schedule: showSchedule(schedule.config),
        replication: showReplication(schedule.config),
        'cluster-version': context.version,
      });
    case 'schedule':
      return ok(showSchedule(schedule.config));
    case 'replicate':
      return ok(showReplication(schedule.config));
    case 'cluster-version':
      return ok(context.version);
    case 'rules':
      if (third === 'group')
        return ok(
          schedule.rules
            .all()
            .filter((rule) => rule.groupId === fourth)
            .map(ruleJson),
        );
      return third === undefined ? ok(schedule.rules.all().map(ruleJson)) : missing();
    case 'rule_groups':
      return ok(schedule.rules.allGroups());
    case 'rule': {
      const rule = schedule.rules.get(third ?? '', fourth ?? '');
      return rule ? ok(ruleJson(rule)) : { status: 404, json: null };
    }
    default:
      return missing();
  }
}

/** The slots with the largest values, in one pass over the column. */
function top(context: ApiContext, column: ArrayLike<number>, limit: number): number[] {
  const { table } = context.schedule;
  let best: number[] = [];
  const order = (left: number, right: number): number => column[right]! - column[left]! || left - right;
  for (let slot = 0; slot < table.slotEnd; slot++) {
    if (table.ids[slot] === 0) continue;
    best.push(slot);
    if (best.length >= 2 * limit + 1024) best = best.sort(order).slice(0, limit);
  }
  return best.sort(order).slice(0, limit);
}

function ok(json: unknown, commands?: readonly Command[]): ApiAnswer {
  return { status: 200, json, ...(commands ? { commands } : {}) };
}

function missing(): ApiAnswer {
  return { status: 404, json: '404 page not found' };
}
