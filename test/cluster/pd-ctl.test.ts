/**
 * The real pd-ctl (in the path, or named by `RUTILE_PD_CTL`) against three members of placement and three stores, asked at a member that does not lead: what it
 * shows, what it changes, and that what is not supported is said in words. What it asks for word by word is in kv/placement/http/pd-ctl.test.ts.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TestAuthority, writeIdentity } from '../../kv/server/testing/certificates.ts';
import { PlaygroundProcess, until } from './playground-process.ts';

const PD_CTL = process.env['RUTILE_PD_CTL'] ?? 'pd-ctl';
// The processes of the cluster would take it for a setting.
delete process.env['RUTILE_PD_CTL'];
const hasPdCtl = spawnSync(PD_CTL, ['--version']).status === 0;
const skip = !hasPdCtl && 'pd-ctl is not installed: put it in the path, or name it by RUTILE_PD_CTL';

test('pd-ctl shows and changes a cluster', { skip, timeout: 120_000 }, async (t) => {
  const cluster = await PlaygroundProcess.start({ stores: 3, placements: 3, sqls: 1 });
  t.after(() => cluster.stop());
  await cluster.untilReplicated(3);
  const { host, port } = cluster.part('placement', 1);
  const run = (command: string): string => {
    const { stdout, stderr } = spawnSync(PD_CTL, ['-u', `http://${host}:${port}`, ...command.split(' ')], { encoding: 'utf8', timeout: 20_000 }); // prettier-ignore
    return `${stdout}${stderr}`;
  };
  const json = <T>(command: string): T => {
    const text = run(command);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new Error(`pd-ctl ${command}: ${text}`);
    }
  };
  const does = (command: string): void => assert.match(run(command), /^"?(?:Success|Update|Delete)/, command);
  const regions = (): { id: number; leader: { store_id: number }; peers: { store_id: number }[] }[] =>
    json<{ regions: ReturnType<typeof regions> }>('region').regions;

  await t.test('members', async () => {
    assert.equal(json<{ members: unknown[] }>('member').members.length, 3);
    does('member leader transfer placement-2');
    await until(() => json<{ name: string }>('member leader show').name === 'placement-2', 'the lead is handed over');
    does('member leader_priority placement-3 5');
    await until(
      () => json<{ name: string }>('member leader show').name === 'placement-3',
      'whoever is preferred leads',
    );
    assert.equal(json<{ health: boolean }[]>('health').filter(({ health }) => health).length, 3);
    assert(json<{ id: number }>('cluster').id > 0);
    assert.match(run('ping'), /^time:/);
  });

  await t.test('stores', async () => {
    const { stores } = await until(() => {
      const found = json<{ count: number; stores: { store: { id: number } }[] }>('store');
      return found.count === 3 && found;
    }, 'three stores');
    const [{ store }] = stores as [{ store: { id: number } }];
    does(`store label ${store.id} zone=a`);
    assert.equal(json<{ count: number }>('label store zone a').count, 1);
    does(`store limit ${store.id} 30 add-peer`);
    assert.equal(json<Record<string, Record<string, number>>>('store limit')[store.id]!['add-peer'], 30);
    does(`store weight ${store.id} 2 1`);
    does(`store delete ${store.id}`);
    does(`store cancel-delete ${store.id}`);
    assert.match(run('store 999'), /\[404\]/);
  });

  await t.test('regions and operators', async () => {
    const [first] = await until(() => regions()[0]?.leader.store_id !== undefined && regions(), 'a leader');
    const to = first!.peers.find(({ store_id: id }) => id !== first!.leader.store_id)!.store_id;
    does(`operator add transfer-leader ${first!.id} ${to}`);
    await until(() => regions()[0]?.leader.store_id === to, 'the leader is there');
    does(`operator add split-region ${first!.id} --policy=usekey --keys=7370`);
    await until(() => regions().length === 2, 'two regions');
    assert.match(run('operator history'), /admin-split-region/);
    assert.equal(json<{ id: number }>('region key --format=raw sq').id, regions()[1]!.id);
  });

  await t.test('schedulers, config, rules', () => {
    does('scheduler pause balance-leader-scheduler 60');
    assert.deepEqual(json('scheduler show --status paused'), ['balance-leader-scheduler']);
    does('config set max-snapshot-count 32');
    assert.equal(json<{ schedule: Record<string, number> }>('config show').schedule['max-snapshot-count'], 32);
    const file = join(tmpdir(), `rutile-rules-${process.pid}.json`);
    t.after(() => rmSync(file, { force: true }));
    assert.match(run(`config placement-rules rule-bundle load --out=${file}`), /saved/);
    does(`config placement-rules rule-bundle save --in=${file}`);
    assert.equal(json<unknown[]>('config placement-rules show').length, 1);
  });

  await t.test('what is not supported is said', () => {
    for (const command of ['unsafe remove-failed-stores 1', 'log debug', 'scheduler add shuffle-leader-scheduler', 'hot buckets', 'keyspace show name x'])
      assert.match(run(command), /\[501\].*doesn't yet support/, command);
  }); // prettier-ignore
});

test('pd-ctl through TLS, at a member that does not lead', { skip, timeout: 120_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-pd-ctl-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const authority = await TestAuthority.create('cluster');
  const server = await writeIdentity(folder, 'server', authority);
  const client = await writeIdentity(folder, 'client', authority);
  const flags = ['--tls-cert', server.cert, '--tls-key', server.key, '--tls-ca', server.ca];
  const cluster = await PlaygroundProcess.start({ stores: 1, placements: 3, sqls: 1, flags });
  t.after(() => cluster.stop());
  for (const { host, port } of cluster.parts('placement')) {
    const identity = ['--cacert', client.ca, '--cert', client.cert, '--key', client.key];
    const run = (who: readonly string[]): string => {
      const { stdout, stderr } = spawnSync(PD_CTL, ['-u', `https://${host}:${port}`, ...who, 'member'], { encoding: 'utf8', timeout: 20_000 }); // prettier-ignore
      return `${stdout}${stderr}`;
    };
    const members = JSON.parse(run(identity)) as { members: { client_urls: string[] }[]; leader: { name: string } };
    assert.equal(members.members.length, 3);
    assert(members.members.every(({ client_urls: [url] }) => url!.startsWith('https://')));
    assert.throws(() => JSON.parse(run(['--cacert', client.ca])), 'without a certificate of its own');
  }
});
