/**
 * PD's HTTP API under `/pd/api/v1`, as pd-ctl and other tools of PD speak it. Pure: a request and what placement knows in, an answer out. What
 * must not be forgotten comes out as commands: whoever mounts the API makes them durable, calls `applySettings`, and only then sends
 * the answer. What PD has and Rutile has not is a 501 that says so; what neither has is a 404.
 */
import { config } from './config.ts';
import { hotspot } from './hotspot.ts';
import { members } from './members.ts';
import { operators } from './operators.ts';
import { regions } from './regions.ts';
import { type ApiAnswer, type ApiContext, missing, ok, parseRequest, refused, unsupported } from './request.ts';
import { schedulerConfig, schedulers } from './schedulers.ts';
import { labels, stores } from './stores.ts';

const PREFIX = '/pd/api/v1/';
const PREFIX_2 = '/pd/api/v2/';
/** What PD has under its second prefix. */
const SECOND: Readonly<Record<string, string>> = {
  keyspaces: 'keyspaces', ms: 'the microservices of PD', 'affinity-groups': 'affinity groups', tso: 'groups of keyspaces', 'gc-states': 'the states of garbage collection by keyspace',
}; // prettier-ignore

/** `path` with its query string; `body` is parsed JSON, undefined without one. */
export function handleApi(context: ApiContext, method: string, path: string, body: unknown): ApiAnswer {
  if (path.startsWith(PREFIX_2)) {
    const [word = ''] = path.slice(PREFIX_2.length).split(/[/?]/);
    return Object.hasOwn(SECOND, word) ? unsupported(SECOND[word]!) : missing();
  }
  if (!path.startsWith(PREFIX)) return missing();
  const request = parseRequest(context, method, path.slice(PREFIX.length), body);
  if (request === undefined) return refused('malformed path');
  switch (request.words[0]) {
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
    case 'labels':
      return labels(request);
    case 'region':
    case 'regions':
    case 'stats':
      return regions(request);
    case 'schedulers':
      return schedulers(request);
    case 'scheduler-config':
      return schedulerConfig(request);
    case 'operators':
      return operators(request);
    case 'hotspot':
      return hotspot(request);
    case 'config':
      return config(request);
    case 'gc':
      return garbage(request);
    case 'min-resolved-ts':
      // Stores keep resolved timestamps for their readers and do not report them: what a PD says that hears nothing.
      return method === 'GET' ? ok({ min_resolved_ts: 0, is_real_time: false, persist_interval: '0s' }) : missing();
    case 'admin':
      return admin(request);
    case 'plugin':
      return unsupported('plugins of placement');
    case 'service-middleware':
      return unsupported('limits of the rate of requests to placement');
    case 'replication_mode':
      return ok({ mode: 'majority' });
    default:
      return missing();
  }
}

/** Holds of services below which nothing is collected. */
function garbage({ context, method, words }: Parameters<typeof members>[0]): ApiAnswer {
  const { core } = context;
  if (words[1] !== 'safepoint') return missing();
  if (method === 'DELETE' && words.length === 3) {
    const service = words[2]!;
    if (!core.serviceHolds.has(service)) return missing(`service ${service} holds nothing`);
    return ok('Delete service GC safepoint successfully.', [{ kind: 'release-hold', service }]);
  }
  if (method !== 'GET' || words.length !== 2) return missing();
  const holds = [...core.serviceHolds.values()];
  const least = holds.reduce<bigint | undefined>((min, { ts }) => (min === undefined || ts < min ? ts : min), undefined); // prettier-ignore
  return ok({
    service_gc_safe_points: holds.map(({ service, ts, expiresAtMs }) => ({ service_id: service, expired_at: BigInt(Math.floor(expiresAtMs / 1000)), safe_point: ts })),
    min_service_gc_safe_point: least ?? 0n,
    gc_safe_point: core.safePoint,
  }); // prettier-ignore
}

function admin({ method, words }: Parameters<typeof members>[0]): ApiAnswer {
  switch (`${method} ${words.slice(1).join('/')}`) {
    case 'POST unsafe/remove-failed-stores':
      return unsupported('unsafe recovery: a region that has lost most of its replicas is not made from those that are left. Restore it from a backup'); // prettier-ignore
    case 'GET unsafe/remove-failed-stores/show':
      return ok([{ info: 'No on-going operation.' }]);
    case 'POST log':
      return unsupported('a change of the log level while it runs: restart the member with --log-level');
    default:
      return missing();
  }
}
