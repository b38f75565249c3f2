/**
 * The restless operator of the simulated cluster: splits regions at keys of the workloads, merges neighbours, moves leaders, brings, takes
 * and replaces replicas. It asks whoever serves a region; that may refuse, or be a leader no more by the time.
 */
import { compareBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { Random } from '../../../base/world.ts';
import { RAW_SPACE, type RegionDescriptor, type RegionPeer, regionKey, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { ConfigChangeStep } from '../../../kv/raft/index.ts';
import type { Store } from '../../../kv/store/index.ts';
import { fitTogether } from '../../../kv/store/region/merger.ts';
import type { Knobs } from './node.ts';
import type { Placement } from './placement.ts';
import type { ClusterWork } from './work.ts';

export interface OperatorOptions {
  readonly placement: Placement;
  readonly random: Random;
  readonly knobs: Knobs;
  readonly keys: () => ClusterWork['splitKeys'];
  readonly note: (fact: string) => void;
  readonly bug: (error: unknown) => void;
}

export interface Site {
  readonly id: number;
  readonly store: Store;
}

/** A region by its leader. */
interface Led extends Site {
  readonly peer: { readonly region: RegionDescriptor };
}

interface Merge {
  readonly sourceId: number;
  readonly targetId: number;
  triesLeft: number;
}

/** How often one pair of regions is brought a step nearer to each other. */
const MERGE_TRIES = 25;

export class Operator {
  mergeCount = 0;
  private readonly options: OperatorOptions;
  private readonly random: Random;
  private merge: Merge | undefined = undefined;

  constructor(options: OperatorOptions) {
    this.options = options;
    this.random = options.random.fork('merges');
  }

  /** `sites`: stores that run now; `members`: all that exist. */
  operate(sites: readonly Site[], members: readonly number[]): void {
    const { random, knobs } = this.options;
    const led: readonly Led[] = sites.flatMap((site) =>
      site.store.regionsHere.peers.all().flatMap((peer) => (peer.serves ? [{ ...site, peer }] : [])),
    );
    if (led.length === 0) return;
    if (knobs.merging > 0 && this.random.unit() < knobs.merging && this.bringTogether(led)) return;
    const { store, peer, id: storeId } = led[random.below(led.length)]!;
    const { region } = peer;
    const { peers } = region;
    const voters = peers.filter((one) => one.role === 'voter');
    const learners = peers.filter((one) => one.role === 'learner');
    const free = members.filter((id) => !peers.some((one) => one.storeId === id));
    // Until a region is replicated as it should be, that comes first.
    const draw = voters.length < knobs.replicas && random.below(2) === 0 ? 2 : random.below(8);
    switch (draw) {
      case 0:
      case 1: {
        const other = pick(
          random,
          voters.filter((one) => one.storeId !== storeId),
        );
        if (other === undefined) return;
        this.say(`region ${region.id}: peer ${other.id} is to lead`);
        store.regionsHere.transferLeader(region.id, other.id);
        return;
      }
      case 2:
      case 3: {
        const target = pick(random, free);
        if (learners.length > 0 && random.below(2) === 0) return this.change(store, region.id, [{ kind: 'add-voter', id: learners[0]!.id }], []); // prettier-ignore
        if (target === undefined || peers.length > knobs.replicas) return;
        const added = this.newPeer(target, random.below(2) === 0 ? 'voter' : 'learner');
        const kind = added.role === 'voter' ? 'add-voter' : 'add-learner';
        return this.change(store, region.id, [{ kind, id: added.id }], [added]);
      }
      case 4: {
        const gone = pick(random, peers);
        if (gone === undefined || (voters.length <= knobs.replicas && gone.role === 'voter' && random.below(4) > 0))
          return;
        if (voters.length > 1 || gone.role === 'learner') this.change(store, region.id, [{ kind: 'remove', id: gone.id }], []); // prettier-ignore
        return;
      }
      case 5: {
        // One replica for another, or two at once: both majorities count for a while.
        const target = pick(random, free);
        if (target === undefined) return;
        const steps: ConfigChangeStep[] = [];
        const added: RegionPeer[] = [];
        for (const storeId of random.below(3) === 0 ? free.slice(0, 2) : [target]) {
          const gone = pick(
            random,
            voters.filter((one) => !steps.some((step) => step.id === one.id)),
          );
          if (gone === undefined) break;
          const peer = this.newPeer(storeId, 'voter');
          added.push(peer);
          steps.push({ kind: 'add-voter', id: peer.id }, { kind: 'remove', id: gone.id });
        }
        return this.change(store, region.id, steps, added);
      }
      default: {
        const isRaw = random.below(4) === 0;
        const { raw, rows } = this.options.keys();
        const key = pick(random, isRaw ? raw : rows);
        if (key === undefined) return;
        const at = regionKey(isRaw ? RAW_SPACE : ROW_SPACE, key);
        const inside = compareBytes(region.lower, at) < 0 && (region.upper.length === 0 || compareBytes(at, region.upper) < 0); // prettier-ignore
        if (!inside || this.options.placement.regions.size >= knobs.regionsMax) return;
        const newId = this.options.placement.nextId();
        const newPeers = peers.map(() => this.options.placement.nextId());
        this.say(`region ${region.id} is to split off ${newId}`);
        this.watch(store.split(region.id, at, newId, newPeers));
      }
    }
  }

  /** Two neighbours to the same stores, then into one. False: there are none to try it with. */
  private bringTogether(led: readonly Led[]): boolean {
    const find = (id: number): Led | undefined => led.find(({ peer }) => peer.region.id === id);
    if (this.merge !== undefined && this.merge.triesLeft-- === 0) this.merge = undefined;
    this.merge ??= this.choose(led);
    if (this.merge === undefined) return false;
    const { sourceId, targetId } = this.merge;
    const [source, target] = [find(sourceId), find(targetId)];
    if (source === undefined || target === undefined) return true;
    const { region } = source.peer;
    const { merger } = source.store.regionsHere;
    if (fitTogether(region, target.peer.region)) {
      this.say(`region ${sourceId} is to become part of ${targetId}`);
      const merged = merger.merge(sourceId, targetId).then(() => {
        this.say(`region ${sourceId} became part of ${targetId}`);
        this.mergeCount++;
        if (this.merge?.sourceId === sourceId) this.merge = undefined;
      });
      this.watch(merged);
      return true;
    }
    // What is too much goes in the step that brings what is missing.
    const wanted = target.peer.region.peers;
    const added = wanted.filter(({ storeId }) => !region.peers.some((one) => one.storeId === storeId)).map(({ storeId, role }) => this.newPeer(storeId, role === 'learner' ? 'learner' : 'voter')); // prettier-ignore
    const gone = region.peers.filter(({ storeId }) => !wanted.some((one) => one.storeId === storeId));
    const other = region.peers.filter(({ storeId, role }) => wanted.some((one) => one.storeId === storeId && one.role === 'voter' && role === 'learner')); // prettier-ignore
    const steps: ConfigChangeStep[] = [
      ...added.map(({ id, role }) => ({ kind: role === 'learner' ? ('add-learner' as const) : ('add-voter' as const), id })), // prettier-ignore
      ...other.map(({ id }) => ({ kind: 'add-voter' as const, id })),
      ...gone.map(({ id }) => ({ kind: 'remove' as const, id })),
    ];
    this.change(source.store, sourceId, steps, added);
    return true;
  }

  private choose(led: readonly Led[]): Merge | undefined {
    const pairs = led.flatMap(({ peer: { region } }) =>
      led.flatMap(
        ({ peer: { region: right } }) =>
        region.upper.length > 0 && compareBytes(region.upper, right.lower) === 0 ? [[region.id, right.id] as const] : [], // prettier-ignore
      ),
    );
    const pair = pick(this.random, pairs);
    if (pair === undefined) return undefined;
    const [sourceId, targetId] = this.random.below(2) === 0 ? pair : [pair[1], pair[0]];
    return { sourceId, targetId, triesLeft: MERGE_TRIES };
  }

  private newPeer(storeId: number, role: 'voter' | 'learner'): RegionPeer {
    return { id: this.options.placement.nextId(), storeId, role };
  }

  private change(
    store: Store,
    regionId: number,
    steps: readonly ConfigChangeStep[],
    added: readonly RegionPeer[],
  ): void {
    if (steps.length === 0) return;
    this.say(`region ${regionId}: ${steps.map(({ kind, id }) => `${kind} ${id}`).join(', ')} ${added.map((one) => `${one.id}@${one.storeId}`).join(' ')}`); // prettier-ignore
    this.watch(store.regionsHere.change(regionId, steps, added));
  }

  private watch(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof RutileError)) this.options.bug(error);
      else this.say(`refused: ${error.code}`);
    });
  }

  private say(fact: string): void {
    this.options.note(fact);
  }
}

function pick<T>(random: Random, from: readonly T[]): T | undefined {
  return from[random.below(Math.max(1, from.length))];
}
