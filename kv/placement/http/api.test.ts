/** The HTTP API over a small cluster: shapes that tools read, changes as commands, refusals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../base/random.ts';
import { Schedule } from '../schedule/index.ts';
import { apiCluster as make } from '../testing/api-cluster.ts';
import { applySettings } from './settings.ts';

test('members, stores and regions in the shapes of PD', () => {
  const { get } = make();
  const members = get('members').json as { header: unknown; leader: { name: string; member_id: number } };
  assert.deepEqual(members.header, { cluster_id: 7 });
  assert.deepEqual([members.leader.name, members.leader.member_id], ['p1', 11]);
  const stores = get('stores').json as {
    count: number;
    stores: { store: Record<string, unknown>; status: Record<string, unknown> }[];
  };
  assert.equal(stores.count, 4);
  assert.deepEqual(stores.stores[0]!.store, { id: 1, address: 's1:1', version: '8.5.0', state_name: 'Up' });
  assert.deepEqual([stores.stores[0]!.status['leader_count'], stores.stores[0]!.status['capacity']], [2, '1TiB']);
  const region = get('region/key/a').json as Record<string, unknown>;
  assert.deepEqual(
    [region['id'], region['start_key'], region['end_key'], region['epoch'], region['approximate_size']],
    [1, '', '6D', { conf_ver: 1, version: 1 }, 96],
  );
  assert.deepEqual(region['leader'], { id: 11, store_id: 1, role_name: 'Voter' });
  assert.equal((get('regions').json as { count: number }).count, 2);
  assert.equal((get('regions/sibling/1').json as { regions: { id: number }[] }).regions[0]!.id, 2);
  assert.equal((get('regions/check/miss-peer').json as { count: number }).count, 0);
  assert.equal((get('regions/size?limit=1').json as { count: number }).count, 1);
  assert.deepEqual(get('region/id/99').json, null);
  assert.equal((get('stats/region').json as { storage_size: number }).storage_size, 192);
  for (const path of ['nowhere', 'store/1/nothing', 'regions/check/nothing', 'region/%ff'])
    assert(get(path).status >= 400, path);
});

test('a store is set offline, labelled and weighted by commands that outlive the schedule', () => {
  const { context, get, send } = make();
  assert.equal(send('DELETE', 'store/3').status, 200);
  assert.equal(context.core.stores.get(3)!.state, 'offline');
  assert.equal((get('store/3').json as { store: { state_name: string } }).store.state_name, 'Offline');
  send('POST', 'store/3/state?state=Up');
  send('POST', 'store/3/label', { zone: 'a' });
  send('POST', 'store/3/weight', { leader: 2, region: 0.5 });
  send('POST', 'store/3/limit', { type: 'add-peer', rate: 100 });
  const again = new Schedule({ random: new SeededRandom(1), nextPeerId: () => 1 });
  applySettings(again, context.core);
  const entry = again.stores.get(3)!;
  assert.deepEqual(
    [entry.meta.state, entry.meta.labels, entry.leaderWeight, entry.regionWeight, entry.limitAddPerMinute],
    ['up', { zone: 'a' }, 2, 0.5, 100],
  );
  assert.equal(send('POST', 'store/3/limit', { rate: -1 }).status, 400);
  assert.equal(send('DELETE', 'store/77').status, 404);
});

test('config by the names of pd-ctl, with its units; nonsense is refused and changes nothing', () => {
  const { context, get, send } = make();
  send('POST', 'config', {
    'max-merge-region-size': 20,
    'schedule.max-store-down-time': '1h',
    'location-labels': 'zone,host',
  });
  assert.equal(context.schedule.config.maxMergeRegionKib, 20 * 1024);
  const shown = get('config/schedule').json as Record<string, unknown>;
  assert.deepEqual([shown['max-merge-region-size'], shown['max-store-down-time']], [20, '1h0m0s']);
  assert.equal((get('config/replicate').json as Record<string, unknown>)['location-labels'], 'zone,host');
  for (const wrong of [
    { nothing: 1 },
    { 'max-replicas': 0 },
    { 'max-store-down-time': 'soon' },
    { 'isolation-level': 'room' },
  ]) {
    assert.equal(send('POST', 'config', wrong).status, 400, JSON.stringify(wrong));
  }
  const rule = {
    group_id: 'pd',
    id: 'col',
    role: 'learner',
    count: 1,
    start_key: '',
    end_key: '6D',
    label_constraints: [{ key: 'engine', op: 'in', values: ['column'] }],
  };
  assert.equal(send('POST', 'config/rule', rule).status, 200);
  assert.deepEqual(
    (get('config/rules').json as { id: string }[]).map((one) => one.id),
    ['col', 'default'],
  );
  assert.equal(send('POST', 'config/rule', { ...rule, role: 'boss' }).status, 400);
  assert.equal(send('DELETE', 'config/rule/pd/col').status, 200);
  assert.equal((get('config/rules').json as unknown[]).length, 1);
});

test('schedulers are removed, added, paused; leaders leave a store by order', () => {
  const { context, model, get, send } = make();
  send('DELETE', 'schedulers/balance-region-scheduler');
  assert(!(get('schedulers').json as string[]).includes('balance-region-scheduler'));
  send('POST', 'schedulers', { name: 'balance-region-scheduler' });
  send('POST', 'schedulers/balance-leader-scheduler', { delay: 1000 });
  assert.deepEqual(get('schedulers?status=paused').json, ['balance-leader-scheduler']);
  send('POST', 'schedulers', { name: 'evict-leader-scheduler', store_id: 1 });
  model.run(20);
  assert.equal(context.schedule.table.bagsOf(1).leaderCount, 0);
  assert.equal(send('DELETE', 'schedulers/evict-leader-scheduler-1').status, 200);
  assert.equal(context.schedule.stores.get(1)!.evictLeaders, false);
  assert.equal(send('POST', 'schedulers', { name: 'no-such-scheduler' }).status, 404);
});

test('operators by people: they run, are shown, can be cancelled, and never cost a quorum', () => {
  const { context, model, get, send } = make();
  assert.equal(
    send('POST', 'operators', { name: 'transfer-peer', region_id: 1, from_store_id: 1, to_store_id: 4 }).status,
    200,
  );
  assert.match((get('operators').json as string[])[0]!, /^admin-transfer-peer \{add learner peer/);
  model.run(30);
  assert.deepEqual(
    context.schedule.table
      .viewOf(1)!
      .peers.map((peer) => peer.storeId)
      .sort(),
    [2, 3, 4],
  );
  assert.match(get('operators/1').json as string, /status:success/);
  send('POST', 'operators', { name: 'add-learner', region_id: 2, store_id: 4 });
  assert.equal(send('DELETE', 'operators/2').status, 200);
  assert.equal(send('DELETE', 'operators/2').status, 404);
  for (const wrong of [
    { name: 'remove-peer', region_id: 1, store_id: 1 },
    { name: 'fly', region_id: 1 },
    { name: 'transfer-leader', region_id: 9, to_store_id: 2 },
  ]) {
    assert.equal(send('POST', 'operators', wrong).status, 400, JSON.stringify(wrong));
  }
  model.kill(2);
  model.run(40);
  assert.equal(send('POST', 'operators', { name: 'transfer-region', region_id: 1, to_store_ids: [2] }).status, 400);
});
