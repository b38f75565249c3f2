/** The HTTP API over four stores and two regions on three of them: what a tool asks is answered, and changes are applied as a member would. */
import assert from 'node:assert/strict';
import { utf8 } from '../../../base/bytes.ts';
import { SeededRandom } from '../../../base/random.ts';
import { PlacementCore } from '../core.ts';
import { type ApiAnswer, type ApiContext, applySettings, handleApi } from '../http/index.ts';
import { Schedule } from '../schedule/index.ts';
import { ModelCluster } from './model-cluster.ts';

export function apiCluster(): {
  context: ApiContext;
  model: ModelCluster;
  get: (path: string) => ApiAnswer;
  send: (method: string, path: string, body?: unknown) => ApiAnswer;
} {
  let peerId = 1000;
  const schedule = new Schedule({ random: new SeededRandom(1), nextPeerId: () => ++peerId });
  const core = new PlacementCore();
  core.apply({ kind: 'bootstrap', clusterId: 7 });
  core.apply({ kind: 'put-setting', name: 'config', value: JSON.stringify({ maxMergeRegionKib: 0 }) });
  const model = new ModelCluster(schedule);
  for (let id = 1; id <= 4; id++) {
    model.addStore(id);
    core.apply({ kind: 'put-store', store: { id, address: `s${id}:1`, state: 'up', version: '8.5.0' } });
  }
  applySettings(schedule, core);
  const common = {
    version: 1,
    confVersion: 1,
    term: 5,
    pendingPeerIds: [],
    downPeers: [],
    sizeBytes: 96 * 2 ** 20,
    keys: 10,
    intervalSeconds: 60,
    bytesWritten: 0,
    bytesRead: 0,
    keysWritten: 0,
    keysRead: 0,
    queries: 0,
  };
  for (const [id, lower, upper] of [
    [1, '', 'm'],
    [2, 'm', ''],
  ] as const) {
    const peers = [1, 2, 3].map((storeId) => ({ id: id * 10 + storeId, storeId, role: 'voter' as const }));
    model.report({ ...common, id, lower: utf8(lower), upper: utf8(upper), peers, leaderPeerId: id * 10 + 1 });
  }
  const members = [{ name: 'p1', id: 11, peerUrls: ['http://p1:2380'], clientUrls: ['http://p1:2379'], healthy: true }];
  const context: ApiContext = { core, schedule, members, leaderName: 'p1', version: '8.5.0', epochMs: 0 };
  const send = (method: string, path: string, body?: unknown): ApiAnswer => {
    const answer = handleApi(context, method, `/pd/api/v1/${path}`, body);
    for (const command of answer.commands ?? []) assert.notEqual(core.apply(command).kind, 'refused');
    if (answer.commands) applySettings(schedule, core);
    return answer;
  };
  return { context, model, get: (path) => send('GET', path), send };
}
