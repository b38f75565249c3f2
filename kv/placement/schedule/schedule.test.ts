/**
 * The schedule by golden scripts (test/scripts/placement/schedule) over a model cluster, and by properties over random clusters: the model fails when
 * a change leaves a region without a quorum; balance must end, and must not begin again.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { packagePath } from '../../../base/node/package-root.ts';
import { SeededRandom } from '../../../base/random.ts';
import type { PeerRole, RegionHeartbeat, RegionPeer } from '../regions/index.ts';
import { ModelCluster } from '../testing/model-cluster.ts';
import {
  configProblem,
  DEFAULT_CONFIG,
  describe,
  type Rule,
  type RuleRole,
  Schedule,
  type ScheduleConfig,
  type SchedulerName,
} from './index.ts';
import { isolationScore } from './rules.ts';

const folder = packagePath('test', 'scripts', 'placement', 'schedule');
for (const name of readdirSync(folder).filter((one) => one.endsWith('.script'))) {
  const path = `${folder}/${name}`;
  const scenes = readFileSync(path, 'utf8')
    .trim()
    .split(/\n\n(?=# )/);
  const rewritten: string[] = [];
  for (const scene of scenes) {
    const lines = scene.split('\n');
    const rule = lines.indexOf('---');
    test(`${name}: ${lines[0]!.slice(2)}`, () => {
      const transcript = run(lines.slice(1, rule));
      rewritten.push([...lines.slice(0, rule + 1), ...transcript].join('\n'));
      if (process.env['RUTILE_REWRITE'] !== '1') assert.deepEqual(transcript, lines.slice(rule + 1));
      else if (rewritten.length === scenes.length) writeFileSync(path, `${rewritten.join('\n\n')}\n`);
    });
  }
}

test('stores die, drain, come back and lose messages: no operator takes a quorum, and all replicas are back in the end', () => {
  for (let seed = 1; seed <= 16; seed++) troubles(seed);
});

test('balance ends on random clusters, evenly, and does not begin again', () => {
  for (let seed = 1; seed <= 12; seed++) balances(seed);
});

test('the same seed gives the same operators', () => {
  const transcript = (): string[] =>
    troubles(3).obeyed.map(({ atS, instruction }) => `${atS} ${instruction.regionId} ${describe(instruction.step)}`);
  assert.deepEqual(transcript(), transcript());
});

test('a setting out of its range is named', () => {
  assert.equal(configProblem(DEFAULT_CONFIG), undefined);
  assert.match(configProblem({ ...DEFAULT_CONFIG, maxReplicas: 0 })!, /max-replicas/);
  assert.match(configProblem({ ...DEFAULT_CONFIG, lowSpaceRatio: 0.5 })!, /high-space-ratio/);
  assert.match(configProblem({ ...DEFAULT_CONFIG, isolationLevel: 'zone' })!, /isolation-level/);
  assert.match(configProblem({ ...DEFAULT_CONFIG, leaderScheduleLimit: -1 })!, /leaderScheduleLimit/);
});

/** Fast, so that a test of balance is not one of token buckets. */
const QUICK: ScheduleConfig = {
  ...DEFAULT_CONFIG,
  storeLimitAddPerMinute: 600,
  storeLimitRemovePerMinute: 600,
  maxMergeRegionKib: 0,
};

function troubles(seed: number): ModelCluster {
  const random = new SeededRandom(seed);
  const labelled = seed % 2 === 0;
  const config = { ...QUICK, maxStoreDownSeconds: 60, locationLabels: labelled ? ['zone'] : [] };
  const { schedule, model } = make(config, seed, { loses: () => model.nowS < 1500 && random.below(5) === 0 });
  const labels = (id: number): Record<string, string> => (labelled ? { zone: `z${id % 4}` } : {});
  for (let id = 1; id <= 8; id++) model.addStore(id, labels(id), 2 ** 34);
  for (let i = 0; i < 40; i++) {
    const stores = [1, 2, 3, 4, 5, 6, 7, 8].sort(() => random.below(3) - 1).slice(0, 3);
    const peers = stores.map((storeId, j) => ({ id: 1000 + i * 10 + j, storeId, role: 'voter' as const }));
    model.report(region({ id: 100 + i, lower: i === 0 ? '' : key(i), upper: i === 39 ? '' : key(i + 1), peers }));
  }
  let dead = 0;
  for (let step = 0; step < 500; step++) {
    model.step();
    const chance = random.below(60);
    if (chance === 0 && dead === 0) model.kill((dead = 1 + random.below(8)));
    else if (chance === 1 && dead !== 0 && random.below(3) === 0) {
      model.revive(dead);
      dead = 0;
    } else if (chance === 2) {
      const id = 1 + random.below(8);
      const draining = schedule.stores.all().some((entry) => entry.meta.state === 'offline');
      const { meta } = schedule.stores.get(id)!;
      schedule.putStore({ ...meta, state: meta.state === 'offline' || draining ? 'up' : 'offline' });
    } else if (chance === 3) {
      const heartbeat = model.region(100 + random.below(40));
      if (heartbeat)
        model.change(heartbeat.id, {
          bytesRead: random.below(2 ** 28),
          bytesWritten: random.below(2 ** 28),
          intervalSeconds: 60,
        });
    }
  }
  if (dead) model.revive(dead);
  for (const { meta } of schedule.stores.all()) schedule.putStore({ ...meta, state: 'up' });
  model.run(1500);
  for (let i = 0; i < 40; i++) {
    const view = schedule.table.viewOf(100 + i)!;
    assert.equal(view.peers.filter((peer) => peer.role === 'voter').length, 3, `seed ${seed} region ${view.id}`);
    assert.equal(view.peers.length, 3, `seed ${seed} region ${view.id}`);
    const metas = view.peers.map((peer) => schedule.stores.get(peer.storeId)!.meta);
    if (labelled)
      assert.equal(isolationScore(metas, ['zone']), 3, `seed ${seed} region ${view.id} lies twice in a zone`);
  }
  assert.equal(schedule.operators.count, 0, `seed ${seed}: something still runs`);
  return model;
}

function balances(seed: number): void {
  const random = new SeededRandom(seed);
  const { schedule, model } = make(QUICK, seed);
  const stores = 3 + random.below(8);
  const regions = 50 + random.below(150);
  for (let id = 1; id <= stores; id++) model.addStore(id, {}, 2 ** 44);
  const crowded = 3 + random.below(stores - 2);
  for (let i = 0; i < regions; i++) {
    const from = random.below(crowded);
    const peers = [0, 1, 2].map((j) => ({
      id: 10_000 + i * 10 + j,
      storeId: 1 + ((from + j) % crowded),
      role: 'voter' as const,
    }));
    const sizeBytes = (60 + random.below(100)) * 2 ** 20;
    model.report(
      region({
        id: 100 + i,
        lower: i === 0 ? '' : key(i),
        upper: i === regions - 1 ? '' : key(i + 1),
        peers,
        sizeBytes,
      }),
    );
  }
  model.run(3000);
  assert.equal(schedule.operators.count, 0, `seed ${seed}: still running`);
  const obeyed = model.obeyed.length;
  model.run(1000);
  assert.equal(model.obeyed.length, obeyed, `seed ${seed}: balance began again`);
  const entries = schedule.stores.all();
  const leaders = entries.map((entry) => entry.bags.leaderCount);
  assert(Math.max(...leaders) - Math.min(...leaders) <= 3, `seed ${seed}: leaders ${leaders.join(' ')}`);
  const sizes = entries.map((entry) => entry.bags.regionKib);
  const mean = schedule.table.totalKib / schedule.table.count;
  assert(
    Math.max(...sizes) - Math.min(...sizes) <= (DEFAULT_CONFIG.tolerantRegions + 3) * mean,
    `seed ${seed}: sizes ${sizes.join(' ')}`,
  );
}

function make(
  config: ScheduleConfig,
  seed: number,
  options: ConstructorParameters<typeof ModelCluster>[1] = {},
): { schedule: Schedule; model: ModelCluster } {
  let peerId = 500_000;
  const schedule = new Schedule({
    random: new SeededRandom(seed),
    nextPeerId: () => ++peerId,
    config,
    isBorder: (one) => fromUtf8(one) === 'x',
  });
  return { schedule, model: new ModelCluster(schedule, options) };
}

function key(i: number): string {
  return `k${String(i).padStart(5, '0')}`;
}

function region(
  part: Partial<Omit<RegionHeartbeat, 'lower' | 'upper'>> & {
    readonly id: number;
    readonly lower: string;
    readonly upper: string;
  },
): RegionHeartbeat {
  const heartbeat = {
    version: 1,
    confVersion: 1,
    term: 5,
    peers: [] as readonly RegionPeer[],
    pendingPeerIds: [],
    downPeers: [],
    sizeBytes: 96 * 2 ** 20,
    keys: 1000,
    intervalSeconds: 60,
    bytesWritten: 0,
    bytesRead: 0,
    keysWritten: 0,
    keysRead: 0,
    queries: 0,
    ...part,
    lower: utf8(part.lower),
    upper: utf8(part.upper),
  };
  return { ...heartbeat, leaderPeerId: part.leaderPeerId ?? heartbeat.peers[0]!.id };
}

/**
 * Commands: `set name=value…`, `store ID [label=value…]`, `region ID LOWER UPPER STORES [mib=N keys=N written=MIB read=MIB]` (stores as `1,2,3l`, the first
 * leads, `l` is a learner), `rule ID role count [override=1] [label=value|label!=value…] [labels=a,b] [isolation=a] [from=K to=K]`, `offline ID`, `kill ID`, `revive ID`,
 * `slow ID score`, `pause NAME seconds`, `disable NAME`, `evict ID`, `scatter ID group`, `run SECONDS` (prints what was done), `show ID`, `stores`, `heat ID times`.
 */
function run(commands: readonly string[]): string[] {
  let config: ScheduleConfig = { ...QUICK };
  const { schedule, model } = make(config, 1);
  for (const name of ['balance-leader-scheduler', 'balance-region-scheduler'] as const)
    schedule.setScheduler(name, false);
  const transcript: string[] = [];
  let peerId = 0;
  let told = 0;
  for (const command of commands) {
    const [verb, ...words] = command.split(' ');
    const number = (i: number): number => Number(words[i]);
    const pairs = new Map(
      words.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]),
    );
    switch (verb) {
      case 'set':
        for (const [name, value] of pairs) {
          const parsed =
            value === ''
              ? []
              : /^[\d.]+$/.test(value)
                ? Number(value)
                : name === 'locationLabels'
                  ? value.split(',')
                  : value;
          config = { ...config, [name]: parsed };
        }
        schedule.configure(config);
        break;
      case 'store':
        model.addStore(number(0), Object.fromEntries(pairs), 2 ** 40);
        break;
      case 'region': {
        const peers = words[3]!.split(',').map((word) => ({
          id: ++peerId,
          storeId: parseInt(word),
          role: (word.endsWith('l')
            ? 'learner'
            : word.endsWith('i')
              ? 'incoming'
              : word.endsWith('d')
                ? 'demoting'
                : 'voter') as PeerRole,
        }));
        const of = (name: string, otherwise: number): number => Number(pairs.get(name) ?? otherwise);
        const edge = (word: string): string => (word === "''" ? '' : word);
        model.report(
          region({
            id: number(0),
            lower: edge(words[1]!),
            upper: edge(words[2]!),
            peers,
            sizeBytes: of('mib', 96) * 2 ** 20,
            keys: of('keys', 1000),
            bytesWritten: of('written', 0) * 2 ** 20,
            bytesRead: of('read', 0) * 2 ** 20,
          }),
        );
        break;
      }
      case 'heat': {
        const { table } = schedule;
        const slot = table.slotOf(number(0));
        const loads = { bytesWritten: table.writtenKib[slot]! * 1024, bytesRead: table.readKib[slot]! * 1024 };
        for (let i = 0; i < number(1); i++)
          model.report({ ...model.region(number(0))!, ...loads, intervalSeconds: 60 });
        break;
      }
      case 'rule': {
        const constraints = words.slice(3).flatMap((word): Rule['constraints'][number][] => {
          const [, name, op, value] = /^(\$?\w+)(!?=)(.*)$/.exec(word) ?? [];
          if (!name || ['labels', 'isolation', 'from', 'to', 'override'].includes(name)) return [];
          return [{ key: name, op: op === '=' ? 'in' : 'notIn', values: value!.split('|') }];
        });
        const id = words[0]!;
        const rule: Rule = {
          groupId: 'pd',
          id,
          index: 1,
          override: pairs.has('override'),
          lower: utf8(pairs.get('from') ?? ''),
          upper: utf8(pairs.get('to') ?? ''),
          role: words[1] as RuleRole,
          count: number(2),
          constraints,
          locationLabels: pairs.get('labels')?.split(',') ?? [],
          isolationLevel: pairs.get('isolation') ?? '',
        };
        schedule.rules.put(rule);
        break;
      }
      case 'offline':
        schedule.putStore({ ...schedule.stores.get(number(0))!.meta, state: 'offline' });
        break;
      case 'kill':
        model.kill(number(0));
        break;
      case 'revive':
        model.revive(number(0));
        break;
      case 'slow':
        model.stores.get(number(0))!.slowScore = number(1);
        break;
      case 'pause':
        schedule.pause(words[0]!, number(1));
        break;
      case 'disable':
      case 'enable':
        schedule.setScheduler(words[0] as SchedulerName, verb === 'enable');
        break;
      case 'evict':
        schedule.stores.get(number(0))!.evictedByOrder = true;
        break;
      case 'scatter':
        transcript.push(schedule.scatter.scatter(schedule.cluster, schedule.table.viewOf(number(0))!, words[1]!));
        break;
      case 'run': {
        const quietly = words[1] === 'quietly';
        model.run(number(0));
        for (const { instruction } of model.obeyed.slice(told)) {
          if (!quietly)
            transcript.push(
              `${instruction.regionId}: ${describe(instruction.step).replace(/5000\d\d/g, (id) => `new${Number(id) - 500_000}`)}`,
            );
        }
        told = model.obeyed.length;
        if (!quietly)
          for (const one of schedule.operators.past().slice(ended(transcript)))
            transcript.push(`${one.regionId} ${one.description}: ${one.status}`);
        break;
      }
      case 'show':
        transcript.push(print(schedule, number(0)));
        break;
      case 'stores':
        for (const { id, bags, meta } of schedule.stores.all())
          transcript.push(`store ${id} ${meta.state}: ${bags.regionCount} regions, ${bags.leaderCount} leaders`);
        break;
      case 'drained':
        transcript.push(`drained: ${schedule.drained().join(' ') || 'none'}`);
        break;
      default:
        assert.fail(`unknown command ${verb}`);
    }
  }
  return transcript;
}

/** How many endings the transcript shows already. */
function ended(transcript: readonly string[]): number {
  return transcript.filter((line) => /: (?:success|timeout|cancelled|replaced|stale)$/.test(line)).length;
}

function print(schedule: Schedule, id: number): string {
  const view = schedule.table.viewOf(id);
  if (!view) return `${id}: gone`;
  const peers = view.peers.map((peer) => {
    const role = { voter: '', learner: ' learner', incoming: ' incoming', demoting: ' demoting' }[peer.role];
    return `${peer.storeId}${role}${peer.id === view.leader?.id ? ' leads' : ''}`;
  });
  return `${id}['${fromUtf8(view.lower)}', '${fromUtf8(view.upper)}'): ${peers.sort().join(', ')}`;
}
