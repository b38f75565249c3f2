/** Who may join what, under which address, and as whom: the refusals of `--join` and `--advertise`, and an id that is drawn once. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RutileError } from '../base/error.ts';
import { createNodeWorld } from '../base/node/index.ts';
import type { PlacementPort } from '../kv/placement/index.ts';
import { advertisedHost, type ClusterPlace, drawPlace, isOfCluster, readPlace, writePlace } from './cluster-place.ts';
import { readSettings } from './settings.ts';

const world = createNodeWorld();
const root = mkdtempSync(join(tmpdir(), 'rutile-place-'));
after(() => rmSync(root, { recursive: true }));

interface Placement {
  readonly cluster?: number;
  /** `host:port` of its members. */
  readonly at: readonly string[];
  /** The one-process form. */
  readonly isAlone?: boolean;
}

let drawn = 10;

function placement({ cluster = 77, at, isAlone }: Placement): PlacementPort {
  return {
    members: () => ({ clusterId: cluster, leaderId: 1, members: at.map((address, i) => ({ id: i + 1, name: `placement-${i + 1}`, clientUrl: `http://${address}`, healthy: true })) }),
    allocateIds: async () => {
      if (isAlone === true) throw new RutileError('placement.alone', 'nobody can join it');
      return ++drawn;
    },
  } as unknown as PlacementPort; // prettier-ignore
}

function folder(): string {
  return mkdtempSync(join(root, 'f-'));
}

function draw(there: Placement, asked: string, advertise: string, path = folder()): Promise<ClusterPlace> {
  return drawPlace(world, placement(there), path, { asked: [asked], advertise, port: 2379 });
}

test('an id is drawn once, above those of founders, and kept until placement has said yes', async () => {
  const path = folder();
  const place = await draw({ at: ['10.0.0.1:2379'] }, '10.0.0.1:2379', '10.0.0.2', path);
  assert.deepEqual(place, {
    member: 17, advertise: '10.0.0.2', port: 2379, cluster: 77, members: [{ id: 1, address: '10.0.0.1:2379' }], joins: true,
  }); // prettier-ignore
  assert.deepEqual(await draw({ at: ['10.0.0.1:2379'] }, '10.0.0.1:2379', '10.0.0.2', path), place);
  assert.deepEqual(readPlace(path), place);
});

test('a folder of another cluster, the one-process form, and a process itself are refused', async () => {
  const path = folder();
  await draw({ at: ['10.0.0.1:2379'] }, '10.0.0.1:2379', '10.0.0.2', path);
  const other = draw({ cluster: 78, at: ['10.0.0.9:2379'] }, '10.0.0.9:2379', '10.0.0.2', path);
  await assert.rejects(other, {
    code: 'data.other-cluster',
    message: 'the data folder belongs to cluster 77, --join 10.0.0.9:2379 leads to cluster 78',
  });
  const alone = folder();
  await assert.rejects(draw({ at: ['10.0.0.1:2379'], isAlone: true }, '10.0.0.1:2379', '10.0.0.2', alone), {
    code: 'join.alone',
    message: /one-process form.*once, with --advertise HOST/,
  });
  assert.equal(readPlace(alone), undefined);
  await assert.rejects(draw({ at: ['10.0.0.1:2379'] }, '10.0.0.1:2379', '10.0.0.1'), { code: 'join.self' });
});

test('nobody there: a new process is refused, one that is in goes on', async () => {
  const silent = { members: () => Promise.reject(new RutileError('placement.closed', 'closed')) } as unknown as PlacementPort; // prettier-ignore
  const path = folder();
  const asked = { asked: ['10.0.0.1:2379'], advertise: '10.0.0.2', port: 2379 };
  await assert.rejects(drawPlace(world, silent, path, asked), { code: 'placement.closed' });
  const place: ClusterPlace = { member: 20, advertise: '10.0.0.2', port: 2379, cluster: 77, members: [] };
  writePlace(path, place);
  assert.deepEqual(await drawPlace(world, silent, path, asked), place);
});

test('addresses that the other side does not reach are refused', async () => {
  await assert.rejects(draw({ at: ['10.0.0.1:2379'] }, '10.0.0.1:2379', '127.0.0.1'), {
    code: 'join.loopback',
    message: /known as 127\.0\.0\.1, which 10\.0\.0\.1:2379 does not reach/,
  });
  await assert.rejects(draw({ at: ['127.0.0.1:2379'] }, '10.0.0.1:2379', '10.0.0.2'), {
    code: 'join.loopback',
    message: /names 127\.0\.0\.1:2379 as one of its places/,
  });
  // All on one machine, to try it.
  await draw({ at: ['127.0.0.1:2479'] }, '127.0.0.1:2479', '127.0.0.1');
});

test('the advertised host', () => {
  const refused = (advertise: string, host: string, message: RegExp, before?: string): void =>
    assert.throws(() => advertisedHost({ advertise, host }, before), { code: 'settings.invalid', message });
  assert.equal(advertisedHost({ advertise: '', host: '10.0.0.1' }), '10.0.0.1');
  assert.equal(advertisedHost({ advertise: 'db1.example', host: '0.0.0.0' }), 'db1.example');
  assert.equal(advertisedHost({ advertise: '', host: '0.0.0.0' }, '10.0.0.1'), '10.0.0.1');
  assert.equal(advertisedHost({ advertise: 'fd00::1', host: '::' }), '[fd00::1]');
  refused('', '0.0.0.0', /--host 0\.0\.0\.0 says where to listen.*give --advertise HOST/);
  refused('0.0.0.0', '0.0.0.0', /does not say by which address/);
  refused('10.0.0.1', '127.0.0.1', /listens to this machine alone/);
  refused('10.0.0.1:2379', '0.0.0.0', /is not a host/);
  // Forgotten at the next start.
  refused('', '127.0.0.1', /listens to this machine alone/, '10.0.0.1');
});

test('which folders are machines of a cluster', () => {
  const settings = (flags: Record<string, string>) => readSettings(flags, {}, 'start');
  assert.equal(isOfCluster(settings({ dataDir: join(root, 'none') })), false);
  assert.equal(isOfCluster(settings({ dataDir: join(root, 'none'), advertise: '10.0.0.1' })), true);
  assert.equal(isOfCluster(settings({ dataDir: join(root, 'none'), join: '10.0.0.1:2379' })), true);
});
