/**
 * Operators that people ask for, by the names of pd-ctl. They pass the limits of stores and kinds, not the promise: a plan that would cost a
 * quorum is refused with a reason.
 */
import { compareBytes, fromHex } from '../../../base/bytes.ts';
import type { RegionView } from '../regions/index.ts';
import { membersOf } from '../schedule/builder.ts';
import type { Schedule, Step } from '../schedule/index.ts';
import { HIGH } from '../schedule/operator.ts';

/** What is wrong, or undefined when it runs. */
export function runOperator(schedule: Schedule, json: Readonly<Record<string, unknown>>): string | undefined {
  const name = String(json['name'] ?? '');
  const number = (field: string): number => Number(json[field]);
  const region = schedule.table.viewOf(name === 'merge-region' ? number('source_region_id') : number('region_id'));
  if (!region) return 'region not found';
  const missing = (id: number): string | undefined =>
    schedule.stores.get(id)?.meta.state === 'up' ? undefined : `store ${id} not found or not up`;
  const target = membersOf(region);
  switch (name) {
    case 'transfer-leader': {
      const id = number('to_store_id');
      const to = region.peers.find((peer) => peer.storeId === id);
      if (!to || to.role !== 'voter') return `region has no voter in store ${id}`;
      if (!region.leader || region.leader.id === to.id) return `store ${id} leads the region already`;
      return start(schedule, name, region, [
        { kind: 'transfer-leader', fromStoreId: region.leader.storeId, toStoreId: id, toPeerId: to.id },
      ]);
    }
    case 'add-peer':
    case 'add-learner': {
      const id = number('store_id');
      if (target.has(id)) return `region already has peer in store ${id}`;
      target.set(id, name === 'add-peer' ? 'voter' : 'learner');
      return missing(id) ?? start(schedule, name, region, schedule.cluster.plan(region, target));
    }
    case 'remove-peer': {
      const id = number('store_id');
      if (!target.delete(id)) return `region has no peer in store ${id}`;
      return start(schedule, name, region, schedule.cluster.plan(region, target));
    }
    case 'transfer-peer': {
      const [from, to] = [number('from_store_id'), number('to_store_id')];
      const role = target.get(from);
      if (!role) return `region has no peer in store ${from}`;
      if (target.has(to)) return `region already has peer in store ${to}`;
      target.delete(from);
      target.set(to, role);
      return missing(to) ?? start(schedule, name, region, schedule.cluster.plan(region, target));
    }
    case 'transfer-region': {
      const ids = Array.isArray(json['to_store_ids']) ? json['to_store_ids'].map(Number) : [];
      if (ids.length === 0) return 'to_store_ids is required';
      const problem = ids.map(missing).find((one) => one !== undefined);
      const roles = rolesOf(json['peer_roles'], ids);
      if (problem !== undefined || typeof roles === 'string') return problem ?? (roles as string);
      return start(schedule, name, region, schedule.cluster.plan(region, roles.target, roles.leader));
    }
    case 'split-region': {
      const policy = String(json['policy'] ?? 'scan').toLowerCase();
      if (policy === 'usekey') return splitAt(schedule, name, region, json['keys']);
      if (policy !== 'scan' && policy !== 'approximate') return `unknown split policy ${policy}`;
      return start(schedule, name, region, [{ kind: 'split', policy, keys: [] }]);
    }
    case 'scatter-region': {
      const outcome = schedule.scatter.scatter(schedule.cluster, region, String(json['group'] ?? 'admin'));
      return outcome === 'not-well'
        ? 'region is not well'
        : outcome === 'busy'
          ? 'region has an operator already'
          : undefined;
    }
    case 'merge-region':
      return merge(schedule, region, schedule.table.viewOf(number('target_region_id')));
    default:
      return `unknown operator ${name}`;
  }
}

/** By store id, in the order of the ids; without roles all vote. One may be named to lead. */
function rolesOf(
  roles: unknown,
  ids: readonly number[],
): { readonly target: Map<number, 'voter' | 'learner'>; readonly leader: number } | string {
  const list = Array.isArray(roles) ? roles.map(String) : ids.map(() => 'voter');
  if (list.length !== ids.length) return 'as many roles as stores are wanted';
  const wrong = list.find((role) => !['voter', 'leader', 'follower', 'learner'].includes(role));
  if (wrong !== undefined) return `unknown role ${wrong}`;
  const leaders = ids.filter((_id, i) => list[i] === 'leader');
  if (leaders.length > 1) return 'a region has one leader';
  return { target: new Map(ids.map((id, i) => [id, list[i] === 'learner' ? 'learner' : 'voter'])), leader: leaders[0] ?? 0 }; // prettier-ignore
}

/** `keys`: hexadecimal places of the region space, inside the region. */
function splitAt(schedule: Schedule, name: string, region: RegionView, keys: unknown): string | undefined {
  const list = Array.isArray(keys) ? keys.map(String) : [];
  if (list.length === 0) return 'keys are required';
  if (list.some((key) => key === '' || key.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(key))) return 'keys must be hexadecimal'; // prettier-ignore
  const places = list.map(fromHex).sort(compareBytes);
  const isInside = (key: Uint8Array): boolean => compareBytes(key, region.lower) > 0 && (region.upper.length === 0 || compareBytes(key, region.upper) < 0); // prettier-ignore
  if (!places.every(isInside)) return 'a key is not inside the region';
  return start(schedule, name, region, [{ kind: 'split', policy: 'keys', keys: places }]);
}

function merge(schedule: Schedule, source: RegionView, target: RegionView | undefined): string | undefined {
  if (!target) return 'region not found';
  const slot = schedule.table.slotOf(source.id);
  const neighbours = [schedule.table.below(slot), schedule.table.above(slot)];
  if (!neighbours.includes(schedule.table.slotOf(target.id))) return 'not adjacent region';
  const wanted = membersOf(target);
  const inPlace = source.peers.length === target.peers.length && source.peers.every((peer) => wanted.has(peer.storeId));
  const align = inPlace ? [] : schedule.cluster.plan(source, wanted);
  if (!align) return 'cannot be moved to the stores of the target now';
  const step: Step = { kind: 'merge', sourceId: source.id, targetId: target.id };
  const what = { description: 'admin-merge-region', kind: 'admin', priority: HIGH } as const;
  const pair = [
    { ...what, region: source, steps: [...align, step] },
    { ...what, region: target, steps: [step] },
  ];
  const outcome = schedule.operators.add(pair, schedule.config);
  return outcome === 'added' ? undefined : `failed to add operator: ${outcome}`;
}

function start(
  schedule: Schedule,
  name: string,
  region: RegionView,
  steps: readonly Step[] | undefined,
): string | undefined {
  if (!steps) return 'no safe way there now: replicas are missing, or nothing would change';
  const outcome = schedule.operators.add(
    [{ description: `admin-${name}`, kind: 'admin', priority: HIGH, region, steps }],
    schedule.config,
  );
  return outcome === 'added' ? undefined : `failed to add operator: ${outcome}`;
}
