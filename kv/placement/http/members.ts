/** Members of placement and the cluster: `/members`, `/leader`, `/health`, `/cluster`, `/version`, `/status`, `/ping`. Who leads is changed by the steward. */
import { type ApiAnswer, missing, ok, refused, type Request } from './request.ts';

/** By the member's id: whoever has a higher one leads when it can. */
function prioritySetting(id: number): string {
  return `priority/${id}`;
}

export function priorityOf(settings: ReadonlyMap<string, string>, id: number): number {
  const value = settings.get(prioritySetting(id));
  return value === undefined ? 0 : Number((JSON.parse(value) as { priority?: number }).priority ?? 0);
}

export function members({ context, method, words, json }: Request): ApiAnswer {
  const { core, schedule, version } = context;
  if (method === 'POST' && words[0] === 'members' && words[1] === 'name' && words.length === 3) {
    const member = context.members.find(({ name }) => name === words[2]);
    if (member === undefined) return missing(`not found, pd: ${words[2]}`);
    const priority = Number(json['leader-priority']);
    if (json['leader-priority'] === undefined || !Number.isInteger(priority)) return refused('bad format leader priority'); // prettier-ignore
    return ok('success', [{ kind: 'put-setting', name: prioritySetting(member.id), value: JSON.stringify({ priority }) }]); // prettier-ignore
  }
  if (method !== 'GET') return missing();
  const all = context.members.map(({ name, id, peerUrls, clientUrls, standsBy }) => {
    const priority = priorityOf(core.settings, id);
    return {
      name,
      member_id: id,
      peer_urls: peerUrls,
      client_urls: clientUrls,
      ...(priority !== 0 && { leader_priority: priority }),
      binary_version: `v${version}`,
      // As etcd says it of its own.
      ...(standsBy === true && { is_learner: true }),
    };
  });
  const leader = all.find((member) => member.name === context.leaderName);
  switch (words.join('/')) {
    case 'members':
      return ok({ header: { cluster_id: core.clusterId }, members: all, leader, etcd_leader: leader });
    case 'leader':
      return leader ? ok(leader) : { status: 503, json: 'no leader' };
    case 'health':
      return ok(context.members.map(({ name, id, clientUrls, healthy }) => ({ name, member_id: id, client_urls: clientUrls, health: healthy }))); // prettier-ignore
    case 'cluster':
      return ok({ id: core.clusterId, max_peer_count: schedule.config.maxReplicas });
    case 'cluster/status':
      return ok({ is_initialized: core.clusterId !== 0, replication_status: '' });
    case 'version':
    case 'status':
      return ok({ version: `v${version}` });
    case 'ping':
      return ok('');
    default:
      return missing();
  }
}
