/** A client cuts regions: keys of its own kind, the answer in order and in its form, and every refusal a region error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { type RegionDescriptor, regionKey, ROW_SPACE } from '../../proto/kv/region.ts';
import { splitRegion, type SplitRegionRequest } from './split-command.ts';
import type { TxnServices } from './txn-commands.ts';

const NO_KEY = new Uint8Array(0);
const peers = [{ id: 11, storeId: 1, role: 'voter' as const }];
const region: RegionDescriptor = { id: 1, lower: NO_KEY, upper: regionKey(ROW_SPACE, utf8('x')), epoch: { version: 3, confVersion: 1 }, peers }; // prettier-ignore

function services(serves = true): { readonly services: TxnServices; readonly cuts: string[] } {
  const cuts: string[] = [];
  const store = {
    dataVersion: () => {
      if (!serves) throw new RutileError('kv.not-leader', 'another leads', { fields: { regionId: 1 } });
      return 0;
    },
  } as unknown as TxnServices['store'];
  const split: TxnServices['split'] = async (whole, places) => {
    cuts.push(...places.map((place) => fromUtf8(place.subarray(1))));
    const ends = [...places, whole.upper];
    return ends.map((upper, i) => ({ ...whole, id: i === 0 ? 1 : 100 + i, lower: ends[i - 1] ?? whole.lower, upper }));
  };
  const clock = {} as TxnServices['clock'];
  return { services: { storeId: 1, clusterId: 7, store, clock, describe: (id) => (id === 1 ? region : undefined), scanLocks: () => [], split }, cuts }; // prettier-ignore
}

function request(keys: readonly string[], more: Partial<SplitRegionRequest> = {}): SplitRegionRequest {
  const context = { region_id: 1, region_epoch: { version: 3, conf_ver: 1 }, peer: { id: 11, store_id: 1 }, api_version: 1, cluster_id: 7 }; // prettier-ignore
  return { context, split_key: NO_KEY, split_keys: keys.map(utf8), is_raw_kv: false, ...more };
}

test('the keys are cut at in order, and all parts are told', async () => {
  const { services: here, cuts } = services();
  const { regions, left, region_error: error } = await splitRegion(here, request(['m', 'c']));
  assert.equal(error, undefined);
  assert.deepEqual(cuts, ['c', 'm']);
  assert.deepEqual(regions!.map(({ id }) => id), [1, 101, 102]); // prettier-ignore
  assert.equal(left, undefined);
  const two = await splitRegion(here, request([], { split_key: utf8('d') }));
  assert.deepEqual([two.left!.id, two.right!.id], [1, 101]);
});

test('what cannot be is a region error', async () => {
  const { services: here, cuts } = services();
  assert.match((await splitRegion(here, request(['a', 'z']))).region_error!.message, /not in region 1/);
  assert((await splitRegion(here, request(['']))).region_error);
  const stranger = { ...request(['m']).context!, region_id: 9 };
  assert((await splitRegion(here, request(['m'], { context: stranger }))).region_error!.region_not_found);
  assert((await splitRegion(services(false).services, request(['m']))).region_error!.not_leader);
  const { split: _none, ...alone } = here;
  assert((await splitRegion(alone, request(['m']))).region_error);
  assert.deepEqual(cuts, []);
});
