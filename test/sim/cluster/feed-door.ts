/**
 * A store's end of change feeds over the simulated network, where there are questions and answers and no streams: a feed has a number, and is asked for
 * more again and again. An answer comes after a while even when there is nothing to tell; a feed that nobody asks is given up.
 */
import { RutileError } from '../../../base/error.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { RegionFeed, RegionFeedItem } from '../../../kv/client/feed/region-feed.ts';

const ANSWER_MS = 400;
const IDLE_MS = 4000;

interface Open {
  readonly feed: RegionFeed;
  /** Asked for, and not answered in time. */
  next: Promise<readonly RegionFeedItem[]> | undefined;
  askedMs: number;
}

export class FeedDoor {
  private readonly world: SimWorld;
  private readonly feeds = new Map<number, Open>();
  private count = 0;

  constructor(world: SimWorld) {
    this.world = world;
    world.timers.every(IDLE_MS / 2, () => this.dropIdle());
  }

  open(feed: RegionFeed): number {
    this.feeds.set(++this.count, { feed, next: undefined, askedMs: this.world.clock.monotonicMs() });
    return this.count;
  }

  async next(id: number): Promise<readonly RegionFeedItem[]> {
    const open = this.feeds.get(id);
    if (open === undefined) throw new RutileError('kv.unreachable', 'no such feed', { fields: { sent: false } });
    open.askedMs = this.world.clock.monotonicMs();
    const next = (open.next ??= open.feed.next());
    const late = new Promise<readonly RegionFeedItem[]>((resolve) => void this.world.timers.after(ANSWER_MS, () => resolve([]))); // prettier-ignore
    const items = await Promise.race([next, late]);
    if (items.length > 0) open.next = undefined;
    return items;
  }

  close(id: number): void {
    const open = this.feeds.get(id);
    this.feeds.delete(id);
    open?.next?.catch(() => undefined);
    open?.feed.close();
  }

  private dropIdle(): void {
    const before = this.world.clock.monotonicMs() - IDLE_MS;
    for (const [id, { askedMs }] of this.feeds) if (askedMs < before) this.close(id);
  }
}
