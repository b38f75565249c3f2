/**
 * What pd-ctl 8.5 asks for each of its commands, and what it must find in the answers: the requests were taken from the tool, so that a change here
 * that it would stumble over is seen without it. `test/cluster/pd-ctl.test.ts` runs the tool itself where it is installed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiCluster } from '../testing/api-cluster.ts';
import { handleApi } from './api.ts';
import { answerText } from './request.ts';

type Json = Record<string, unknown>;
/** Command, method, path, body, status, and what the answer has. */
type Line = readonly [
  command: string,
  method: string,
  path: string,
  body: unknown,
  status: number,
  has?: RegExp | ((json: never) => unknown),
];

const RULE = { group_id: 'pd', id: 'r1', role: 'follower', count: 1, start_key: '', end_key: '' };
const LINES: readonly Line[] = [
  ['member', 'GET', 'members', undefined, 200, (json: { members: Json[]; leader: Json }) => json.members.length === 1 && json.leader['name'] === 'p1'],
  ['member leader show', 'GET', 'leader', undefined, 200, (json: Json) => Array.isArray(json['client_urls'])],
  ['member leader_priority p1 5', 'POST', 'members/name/p1', { 'leader-priority': 5 }, 200],
  ['member', 'GET', 'members', undefined, 200, (json: { members: Json[] }) => json.members[0]!['leader_priority'] === 5],
  ['member leader_priority nobody 5', 'POST', 'members/name/nobody', { 'leader-priority': 5 }, 404],
  ['health', 'GET', 'health', undefined, 200, (json: Json[]) => json[0]!['health'] === true],
  ['cluster', 'GET', 'cluster', undefined, 200, (json: Json) => json['id'] === 7 && json['max_peer_count'] === 3],
  ['cluster status', 'GET', 'cluster/status', undefined, 200, (json: Json) => json['is_initialized'] === true],
  ['ping', 'GET', 'ping', undefined, 200],
  ['store', 'GET', 'stores', undefined, 200, (json: Json) => json['count'] === 4],
  ['store --state=Offline', 'GET', 'stores?state=1', undefined, 200, (json: Json) => json['count'] === 0],
  ['store 1', 'GET', 'store/1', undefined, 200, (json: { status: Json }) => Number.isInteger(json.status['slow_score'])],
  ['store 99', 'GET', 'store/99', undefined, 404, /not found/],
  ['store label 1 zone=a', 'POST', 'store/1/label', { zone: 'a' }, 200],
  ['store label 1 host=b --rewrite', 'POST', 'store/1/label?force=true', { host: 'b' }, 200],
  ['label', 'GET', 'labels', undefined, 200, (json: Json[]) => json.length === 1 && json[0]!['key'] === 'host' && json[0]!['value'] === 'b'],
  ['label store host b', 'GET', 'labels/stores?name=host&value=b', undefined, 200, (json: Json) => json['count'] === 1],
  ['label store host', 'GET', 'labels/stores?name=host&value=', undefined, 200, (json: Json) => json['count'] === 1],
  ['store label 1 host --delete', 'DELETE', 'store/1/label', 'host', 200],
  ['store label 1 host --delete', 'DELETE', 'store/1/label', 'host', 404],
  ['store weight 1 0 2', 'POST', 'store/1/weight', { leader: 0, region: 2 }, 200],
  ['store limit', 'GET', 'stores/limit', undefined, 200, (json: Record<string, Json>) => json['1']!['add-peer'] === 15 && json['4']!['remove-peer'] === 15],
  ['store limit 1 30', 'POST', 'store/1/limit', { rate: 30 }, 200],
  ['store limit all 20 add-peer', 'POST', 'stores/limit', { rate: 20, type: 'add-peer' }, 200],
  ['store limit', 'GET', 'stores/limit', undefined, 200, (json: Record<string, Json>) => json['1']!['add-peer'] === 20 && json['1']!['remove-peer'] === 30 && json['2']!['add-peer'] === 20],
  ['store limit all 500', 'POST', 'stores/limit', { rate: 500 }, 400],
  ['store limit-scene', 'GET', 'stores/limit/scene', undefined, 501, /scene/],
  ['store check up', 'GET', 'stores/check?state=Up', undefined, 200, (json: Json) => json['count'] === 4],
  ['store check nothing', 'GET', 'stores/check?state=Nothing', undefined, 400],
  ['store delete 4', 'DELETE', 'store/4', undefined, 200],
  ['store cancel-delete 4', 'GET', 'store/4', undefined, 200, (json: { store: Json }) => json.store['state'] === 1],
  ['store cancel-delete 4', 'POST', 'store/4/state?state=Up', undefined, 200],
  ['store remove-tombstone', 'DELETE', 'stores/remove-tombstone', undefined, 200],
  ['region', 'GET', 'regions', undefined, 200, (json: Json) => json['count'] === 2],
  ['region 2', 'GET', 'region/id/2', undefined, 200, (json: Json) => json['start_key'] === '6D'],
  ['region key --format=raw m', 'GET', 'region/key/m', undefined, 200, (json: Json) => json['id'] === 2],
  ['region key ff00', 'GET', 'region/key/%FF%00', undefined, 200, (json: Json) => json['id'] === 2],
  ['region key 61202f', 'GET', 'region/key/a+%2F', undefined, 200, (json: Json) => json['id'] === 1],
  ['region keys 6d ff 10', 'GET', 'regions/key?key=m&end_key=%FF&limit=10', undefined, 200, (json: Json) => json['count'] === 1],
  ['region scan', 'GET', 'regions/key?key=&limit=1024', undefined, 200, (json: Json) => json['count'] === 2],
  ['region sibling 1', 'GET', 'regions/sibling/1', undefined, 200, (json: Json) => json['count'] === 1],
  ['region store 1', 'GET', 'regions/store/1', undefined, 200, (json: Json) => json['count'] === 2],
  ['region store 2 --type leader', 'GET', 'regions/store/2?type=leader', undefined, 200, (json: Json) => json['count'] === 0],
  ['region store 2 --type king', 'GET', 'regions/store/2?type=king', undefined, 400],
  ...['writeflow', 'readflow', 'confver', 'version', 'size', 'keys'].map((what): Line => [`region top ${what} 1`, 'GET', `regions/${what}?limit=1`, undefined, 200, (json: Json) => json['count'] === 1]),
  ...['miss-peer', 'extra-peer', 'down-peer', 'learner-peer', 'pending-peer', 'offline-peer', 'empty-region', 'oversized-region', 'undersized-region'].map((what): Line => [`region check ${what}`, 'GET', `regions/check/${what}`, undefined, 200, (json: Json) => Array.isArray(json['regions'])]),
  ['region check hist-size', 'GET', 'regions/check/hist-size?bound=10', undefined, 200, (json: Json[]) => json[0]!['count'] === 2 && json[0]!['start'] === 90 && json[0]!['end'] === 99],
  ['region check hist-keys', 'GET', 'regions/check/hist-keys?bound=10000', undefined, 200, (json: Json[]) => json[0]!['start'] === 0],
  ['region check toString', 'GET', 'regions/check/toString', undefined, 404],
  ['region range-holes', 'GET', 'regions/range-holes', undefined, 200, (json: unknown[]) => json.length === 0],
  ['region topread query', 'GET', 'regions/readquery', undefined, 501],
  ['region topcpu', 'GET', 'regions/cpu', undefined, 501],
  ['region keyspace id 1', 'GET', 'regions/keyspace/id/1', undefined, 501],
  ['scheduler show', 'GET', 'schedulers', undefined, 200, (json: string[]) => json.includes('balance-leader-scheduler') && !json.includes('evict-leader-scheduler')],
  ['scheduler add evict-leader-scheduler 1', 'POST', 'schedulers', { name: 'evict-leader-scheduler', store_id: 1 }, 200],
  ['scheduler add evict-leader-scheduler 2', 'POST', 'scheduler-config/evict-leader-scheduler/config', { name: 'evict-leader-scheduler', store_id: 2 }, 200],
  ['scheduler config evict-leader-scheduler', 'GET', 'scheduler-config/evict-leader-scheduler/list', undefined, 200, (json: { 'store-id-ranges': Json }) => Object.keys(json['store-id-ranges']).join() === '1,2'],
  ['scheduler remove evict-leader-scheduler-1', 'DELETE', 'scheduler-config/evict-leader-scheduler/delete/1', undefined, 200],
  ['scheduler remove evict-leader-scheduler', 'DELETE', 'schedulers/evict-leader-scheduler', undefined, 200],
  ['scheduler config evict-leader-scheduler', 'GET', 'scheduler-config/evict-leader-scheduler/list', undefined, 404],
  ['scheduler config balance-hot-region-scheduler', 'GET', 'scheduler-config/balance-hot-region-scheduler/list', undefined, 200, (json: Json) => json['min-hot-byte-rate'] === 8192],
  ['scheduler config balance-leader-scheduler set batch 3', 'POST', 'scheduler-config/balance-leader-scheduler/config', { batch: 3 }, 501],
  ['scheduler pause balance-leader-scheduler 60', 'POST', 'schedulers/balance-leader-scheduler', { delay: 60 }, 200],
  ['scheduler show --status paused', 'GET', 'schedulers?status=paused', undefined, 200, /^\[\s+"balance-leader-scheduler"\s+\]$/],
  ['scheduler show --status paused --timestamp', 'GET', 'schedulers?status=paused&timestamp=true', undefined, 200, /"resume_at": "1970-01-01T00:17:40.000Z"/],
  ['scheduler describe balance-leader-scheduler', 'GET', 'schedulers/diagnostic/balance-leader-scheduler', undefined, 200, /"status": "paused"/],
  ['scheduler resume all', 'POST', 'schedulers/all', { delay: 0 }, 200],
  ['scheduler show --status disabled', 'GET', 'schedulers?status=disabled', undefined, 200, /^\[\]$/],
  ['scheduler add shuffle-leader-scheduler', 'POST', 'schedulers', { name: 'shuffle-leader-scheduler' }, 501],
  ['scheduler remove nothing', 'DELETE', 'schedulers/nothing', undefined, 404],
  ['operator show', 'GET', 'operators', undefined, 200, /^\[\]$/],
  ['operator add transfer-leader 1 2', 'POST', 'operators', { name: 'transfer-leader', region_id: 1, to_store_id: 2 }, 200],
  ['operator show leader', 'GET', 'operators?kind=leader', undefined, 200, /^\[\]$/],
  ['operator show admin', 'GET', 'operators?kind=admin', undefined, 200, /transfer leader from store 1 to store 2/],
  ['operator show king', 'GET', 'operators?kind=king', undefined, 400],
  ['operator check 1', 'GET', 'operators/1', undefined, 200, /status: RUNNING/],
  ['operator remove 1', 'DELETE', 'operators/1', undefined, 200],
  ['operator history', 'GET', 'operators/records?from=0', undefined, 200, /cancelled/],
  ['operator add transfer-region 1 2 leader 3 voter 4 learner', 'POST', 'operators', { name: 'transfer-region', region_id: 1, to_store_ids: [2, 3, 4], peer_roles: ['leader', 'voter', 'learner'] }, 200],
  ['operator remove 1', 'DELETE', 'operators/1', undefined, 200],
  ['operator add transfer-region 1 2 king', 'POST', 'operators', { name: 'transfer-region', region_id: 1, to_store_ids: [2], peer_roles: ['king'] }, 400],
  ['operator add split-region 1 --policy=usekey --keys=6162', 'POST', 'operators', { name: 'split-region', region_id: 1, policy: 'usekey', keys: ['6162'] }, 200],
  ['operator remove 1', 'DELETE', 'operators/1', undefined, 200],
  ['operator add split-region 1 --policy=usekey --keys=7a', 'POST', 'operators', { name: 'split-region', region_id: 1, policy: 'usekey', keys: ['7a'] }, 400, /not inside/],
  ['operator add merge-region 1 2', 'POST', 'operators', { name: 'merge-region', source_region_id: 1, target_region_id: 2 }, 200],
  ['operator remove 1', 'DELETE', 'operators/1', undefined, 200],
  ['operator add scatter-region 1', 'POST', 'operators', { name: 'scatter-region', region_id: 1 }, 200],
  ['operator add add-peer 9 4', 'POST', 'operators', { name: 'add-peer', region_id: 9, store_id: 4 }, 400, /region not found/],
  ['hot write', 'GET', 'hotspot/regions/write', undefined, 200, (json: Json) => 'as_leader' in json],
  ['hot read 1', 'GET', 'hotspot/regions/read?store_id=1&', undefined, 200, (json: Json) => 'as_leader' in json],
  ['hot read 99', 'GET', 'hotspot/regions/read?store_id=99&', undefined, 404],
  ['hot store', 'GET', 'hotspot/stores', undefined, 200, (json: Json) => 'bytes-write-rate' in json],
  ['hot history 1 2', 'GET', 'hotspot/regions/history', { start_time: 1, end_time: 2 }, 501],
  ['hot buckets', 'GET', 'hotspot/buckets', undefined, 501],
  ['config show', 'GET', 'config', undefined, 200, (json: { schedule: Json; replication: Json }) => json.schedule['max-snapshot-count'] === 64 && json.replication['enable-placement-rules'] === 'true'],
  ['config show schedule', 'GET', 'config/schedule', undefined, 200],
  ['config show replication', 'GET', 'config/replicate', undefined, 200],
  ['config show label-property', 'GET', 'config/label-property', undefined, 200],
  ['config show cluster-version', 'GET', 'config/cluster-version', undefined, 200, /^"8.5.0"$/],
  ['config show replication-mode', 'GET', 'config/replication-mode', undefined, 200, /majority/],
  ['config show server', 'GET', 'config/pd-server', undefined, 200],
  ['config show service-middleware', 'GET', 'service-middleware/config', undefined, 501],
  ['config set max-snapshot-count 10', 'POST', 'config', { 'max-snapshot-count': 10 }, 200],
  ['config set max-snapshot-count many', 'POST', 'config', { 'max-snapshot-count': 'many' }, 400],
  ['config set no-such-thing 1', 'POST', 'config', { 'no-such-thing': 1 }, 400, /not found/],
  ['config set label-property reject-leader zone a', 'POST', 'config/label-property', { type: 'reject-leader', action: 'set', 'label-key': 'zone', 'label-value': 'a' }, 501],
  ['config set cluster-version 9.0.0', 'POST', 'config/cluster-version', { 'cluster-version': '9.0.0' }, 501],
  ['config placement-rules enable', 'POST', 'config', { 'enable-placement-rules': 'true' }, 200],
  ['config placement-rules disable', 'POST', 'config', { 'enable-placement-rules': 'false' }, 400, /always true/],
  ['config placement-rules show', 'GET', 'config/rules', undefined, 200, (json: Json[]) => json[0]!['id'] === 'default' && json[0]!['count'] === 3],
  ['config placement-rules save', 'POST', 'config/rules/batch', [{ ...RULE, action: 'add' }], 200],
  ['config placement-rules show --group=pd', 'GET', 'config/rules/group/pd', undefined, 200, (json: Json[]) => json.length === 2],
  ['config placement-rules show --group=pd --id=r1', 'GET', 'config/rule/pd/r1', undefined, 200, (json: Json) => json['role'] === 'follower'],
  ['config placement-rules show --region=1', 'GET', 'config/rules/region/1', undefined, 200, (json: Json[]) => json.length === 2],
  ['config placement-rules show --region=1 --detail', 'GET', 'config/rules/region/1/detail', undefined, 200, (json: { 'rule-fits': Json[] }) => json['rule-fits'].length === 2],
  ['config placement-rules save', 'POST', 'config/rules/batch', [{ ...RULE, role: 'king', action: 'add' }], 400],
  ['config placement-rules rule-group set g 3 true', 'POST', 'config/rule_group', { id: 'g', index: 3, override: true }, 200],
  ['config placement-rules rule-group show', 'GET', 'config/rule_groups', undefined, 200, (json: Json[]) => json.length === 2],
  ['config placement-rules rule-group show g', 'GET', 'config/rule_group/g', undefined, 200, (json: Json) => json['index'] === 3],
  ['config placement-rules rule-bundle load', 'GET', 'config/placement-rule', undefined, 200, (json: { rules: Json[] }[]) => json.length === 2 && json[0]!.rules.length === 2],
  ['config placement-rules rule-bundle get pd', 'GET', 'config/placement-rule/pd', undefined, 200, (json: Json) => json['group_id'] === 'pd'],
  ['config placement-rules rule-bundle set', 'POST', 'config/placement-rule/b', { group_id: 'b', group_index: 1, group_override: false, rules: [{ id: 'x', role: 'learner', count: 1, start_key: '', end_key: '' }] }, 200],
  ['config placement-rules rule-bundle get b', 'GET', 'config/placement-rule/b', undefined, 200, (json: { group_index: number; rules: Json[] }) => json.group_index === 1 && json.rules[0]!['group_id'] === 'b'],
  ['config placement-rules rule-bundle set', 'POST', 'config/placement-rule/b', { group_id: 'c', rules: [] }, 400],
  ['config placement-rules rule-bundle delete b|g --regexp', 'DELETE', 'config/placement-rule/%5E%28b%7Cg%29$?regexp', undefined, 200],
  ['config placement-rules rule-group show', 'GET', 'config/rule_groups', undefined, 200, (json: Json[]) => json.length === 1],
  ['config placement-rules rule-bundle save --partial', 'POST', 'config/placement-rule?partial=true', [{ group_id: 'b', rules: [{ id: 'y', role: 'learner', count: 1 }] }], 200],
  ['config placement-rules rule-bundle save', 'POST', 'config/placement-rule', [{ group_id: 'pd', rules: [{ ...RULE, id: 'default', role: 'voter', count: 3 }] }], 200],
  ['config placement-rules show', 'GET', 'config/rules', undefined, 200, (json: Json[]) => json.length === 1 && json[0]!['id'] === 'default'],
  ['min-resolved-ts', 'GET', 'min-resolved-ts', undefined, 200, (json: Json) => json['is_real_time'] === false],
  ['service-gc-safepoint', 'GET', 'gc/safepoint', undefined, 200, /"safe_point": 461168601842738790\b/],
  ['service-gc-safepoint delete br', 'DELETE', 'gc/safepoint/br', undefined, 200],
  ['service-gc-safepoint', 'GET', 'gc/safepoint', undefined, 200, (json: { service_gc_safe_points: Json[] }) => json.service_gc_safe_points.length === 0],
  ['unsafe remove-failed-stores 1', 'POST', 'admin/unsafe/remove-failed-stores', { stores: [1] }, 501, /doesn't yet support unsafe recovery/],
  ['unsafe remove-failed-stores show', 'GET', 'admin/unsafe/remove-failed-stores/show', undefined, 200],
  ['log debug', 'POST', 'admin/log', 'debug', 501],
  ['plugin load x', 'POST', 'plugin', {}, 501],
  ['exotic', 'GET', 'nowhere', undefined, 404],
]; // prettier-ignore

test('every command of pd-ctl is answered, or refused in words', () => {
  const { context, send } = apiCluster();
  context.core.apply({ kind: 'hold', hold: { service: 'br', ts: 461168601842738790n, expiresAtMs: 9e12 } });
  for (const [command, method, path, body, status, has] of LINES) {
    const answer = send(method, path, body);
    const text = answerText(answer.json);
    assert.equal(answer.status, status, `${command}: ${text}`);
    if (answer.status >= 400) assert.equal(typeof answer.json, 'string', command);
    if (has instanceof RegExp) assert.match(text, has, command);
    else if (has !== undefined) assert(has(JSON.parse(text) as never), `${command}: ${text}`);
  }
  for (const path of ['keyspaces', 'ms/members/tso', 'affinity-groups'])
    assert.equal(handleApi(context, 'GET', `/pd/api/v2/${path}`, undefined).status, 501, path);
  assert.equal(handleApi(context, 'GET', '/pd/api/v2/toString', undefined).status, 404);
});

test('a store that is buried can be hidden and never comes back', () => {
  const { context, send } = apiCluster();
  send('DELETE', 'store/4');
  context.core.apply({ kind: 'put-store', store: { ...context.core.stores.get(4)!, state: 'tombstone' } });
  send('POST', 'config', {});
  const buried = (): number => (send('GET', 'stores?state=2').json as { count: number }).count;
  assert.equal(buried(), 1);
  assert.equal(send('DELETE', 'stores/remove-tombstone').status, 200);
  assert.deepEqual([buried(), send('GET', 'store/4').status], [0, 404]);
  assert.equal(context.core.stores.get(4)!.state, 'tombstone');
});
