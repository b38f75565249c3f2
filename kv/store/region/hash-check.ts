/**
 * Do all replicas of a region hold the same? The leader proposes a `hash` entry; every replica, when it applies it, takes a still picture of
 * the region and sums it in small steps off the loop. The leader then proposes its own sum as a `verify` entry, and every replica
 * compares. A difference means that a disk or this program went wrong: it is counted and reported, on the store that sees it, and
 * never mended silently, since nobody can tell which replica is right.
 *
 * Summed are values in `latest`, all of `lock` and all of `raw`. Left out are deleted rows and old versions, which every store forgets at
 * its own time. A replica that restarted in between, or has too much to sum already, does not take part.
 */
import { checksum } from '../../../base/checksum.ts';
import { RutileError } from '../../../base/error.ts';
import type { Timer, World } from '../../../base/world.ts';
import { boundsIn, RAW_SPACE, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { Engine, EngineIterator } from '../../engine/engine.ts';
import { KIND_PUT, recordKind } from '../../mvcc/index.ts';
import { encodeAdminEntry, type HashEntry, type VerifyEntry } from './admin-entry.ts';
import type { Peer, RegionPeers } from './peer.ts';

export interface ReplicaSum {
  readonly crc: number;
  readonly pairs: number;
  readonly sizeBytes: number;
}

export interface ReplicaDifference {
  readonly regionId: number;
  readonly ours: ReplicaSum;
  readonly leaders: ReplicaSum;
}

export interface HashChecksOptions<G> {
  readonly engine: Engine;
  readonly world: World;
  readonly peers: RegionPeers<G>;
  readonly differs: ((difference: ReplicaDifference) => void) | undefined;
}

interface Running {
  readonly check: number;
  readonly sum: Promise<ReplicaSum | undefined>;
}

const STEP = 256;
/** Regions that a store sums at once; a replica beyond does not take part, a leader beyond refuses. */
const SUMS_MAX = 4;
const FAMILIES = ['latest', 'lock', 'raw'] as const;

export class HashChecks<G> {
  differenceCount = 0;
  comparedCount = 0;
  private readonly options: HashChecksOptions<G>;
  private readonly running = new Map<number, Running>();
  private summing = 0;
  private timer: Timer | undefined = undefined;
  private next = 0;
  private closed = false;

  constructor(options: HashChecksOptions<G>) {
    this.options = options;
  }

  /** One region that is led here after another, one each `everyMs`. */
  start(everyMs: number): void {
    this.timer = this.options.world.timers.every(everyMs, () => this.checkNext());
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  /** Begins a check of a region that is led here. Fails with `kv.no-region`, `kv.not-leader`, `kv.busy`. */
  check(regionId: number): void {
    const peer = this.options.peers.get(regionId);
    if (peer === undefined) throw new RutileError('kv.no-region', `region ${regionId} is not here`);
    if (!peer.serves) throw new RutileError('kv.not-leader', `region ${regionId} is not led here`);
    if (this.summing >= SUMS_MAX || peer.changing) throw new RutileError('kv.busy', 'too many regions are checked', { retry: 'same' }); // prettier-ignore
    const check = this.options.world.random.below(2 ** 48);
    peer.consensus.propose(encodeAdminEntry({ kind: 'hash', check }), undefined);
  }

  private checkNext(): void {
    const peers = this.options.peers.all();
    for (let i = 0; i < peers.length; i++) {
      const peer = peers[(this.next + i) % peers.length]!;
      if (peer.region.peers.length === 1 || !peer.serves || peer.changing || this.summing >= SUMS_MAX) continue;
      this.next = (this.next + i + 1) % peers.length;
      this.check(peer.id);
      return;
    }
  }

  /** In the order of the log, on every replica; what came before is applied. */
  apply(peer: Peer<G>, entry: HashEntry | VerifyEntry): void {
    if (this.closed) return;
    if (entry.kind === 'verify') void this.compare(peer.id, entry);
    else if (this.summing < SUMS_MAX) {
      const sum = this.sum(peer);
      this.running.set(peer.id, { check: entry.check, sum });
      if (peer.consensus.isLeader) void this.tell(peer, entry.check, sum);
    } else this.running.delete(peer.id);
  }

  private async tell(peer: Peer<G>, check: number, summed: Promise<ReplicaSum | undefined>): Promise<void> {
    const sum = await summed;
    // Another leads, or nobody: the check ends without a word.
    if (sum === undefined || !peer.serves || this.closed) return;
    peer.consensus.propose(encodeAdminEntry({ kind: 'verify', check, ...sum }), undefined);
  }

  private async compare(regionId: number, leaders: VerifyEntry): Promise<void> {
    const running = this.running.get(regionId);
    if (running === undefined || running.check !== leaders.check) return;
    const ours = await running.sum;
    if (this.running.get(regionId) === running) this.running.delete(regionId);
    if (ours === undefined) return;
    this.comparedCount++;
    if (ours.crc === leaders.crc && ours.pairs === leaders.pairs && ours.sizeBytes === leaders.sizeBytes) return;
    this.differenceCount++;
    const { crc, pairs, sizeBytes } = leaders;
    this.options.differs?.({ regionId, ours, leaders: { crc, pairs, sizeBytes } });
  }

  /** `undefined`: the store was closed, or the engine failed, which others report. */
  private async sum(peer: Peer<G>): Promise<ReplicaSum | undefined> {
    const { engine, world } = this.options;
    // All of one moment: made before anything else is applied.
    const iterators = FAMILIES.map((family): EngineIterator | undefined => {
      const bounds = boundsIn(family === 'raw' ? RAW_SPACE : ROW_SPACE, peer.region);
      if (bounds === undefined) return undefined;
      const lower = bounds.lower.length === 0 ? undefined : bounds.lower;
      return engine.iterator(family, { lower, upper: bounds.upper, bypassCache: true });
    });
    this.summing++;
    let [crc, count, sizeBytes] = [0, 0, 0];
    const head = new Uint8Array(9);
    const view = new DataView(head.buffer);
    try {
      for (const [family, iterator] of iterators.entries()) {
        for (let finished = iterator === undefined; !finished;) {
          const pairs = await iterator!.nextAsync(STEP);
          finished = pairs.finished;
          for (let i = 0; i < pairs.keys.length; i++) {
            const [key, value] = [pairs.keys[i]!, pairs.values[i]!];
            if (FAMILIES[family] === 'latest' && recordKind(value, 0) !== KIND_PUT) continue;
            head[0] = family;
            view.setUint32(1, key.length);
            view.setUint32(5, value.length);
            crc = checksum(value, 0, value.length, checksum(key, 0, key.length, checksum(head, 0, 9, crc)));
            count++;
            sizeBytes += key.length + value.length;
          }
          await new Promise<void>((resolve) => world.timers.soon(resolve));
          if (this.closed) return undefined;
        }
      }
      return { crc, pairs: count, sizeBytes };
    } catch {
      return undefined;
    } finally {
      this.summing--;
      for (const iterator of iterators) iterator?.close();
    }
  }
}
