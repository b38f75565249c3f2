/**
 * One term of leadership: the volatile leader (`../leader.ts`) with the commands that keep it going. It begins when an entry of its term is applied,
 * is ready when its own window and ids are durable, and ends for good when the term does. Whoever calls has made sure that this member still
 * leads (lease or confirmation); after a wait for the window that has to be made sure again.
 */
import type { RutileError } from '../../../base/error.ts';
import type { MaybePromise } from '../../../base/outcome.ts';
import type { World } from '../../../base/world.ts';
import type { Command, CommandResult, PlacementCore } from '../core.ts';
import { ForwardClock } from '../forward-clock.ts';
import { PlacementLeader } from '../leader.ts';
import { type Timestamps, WINDOW_MS } from '../oracle.ts';
import type { MemberAddress } from './member.ts';

export interface LeadershipOptions {
  readonly core: PlacementCore;
  readonly world: World;
  readonly self: MemberAddress;
  /** To be written down if they are not. */
  readonly addresses: readonly MemberAddress[];
  change(command: Command): Promise<CommandResult>;
  isCurrent(): boolean;
  /** Runs `work` while this member surely leads. */
  confirmed<T>(work: () => MaybePromise<T>): MaybePromise<T>;
  notLeader(): RutileError;
  onReady(): void;
}

const RETRY_MS = 100;

export class Leadership {
  isReady = false;
  readonly leader: PlacementLeader;
  private readonly options: LeadershipOptions;
  private readonly clock: ForwardClock;
  private extending: Promise<void> | undefined = undefined;
  private reserving: Promise<void> | undefined = undefined;

  constructor(options: LeadershipOptions) {
    this.options = options;
    // The lease is asked for at each call, so it has no date here.
    this.leader = new PlacementLeader(options.core, Infinity);
    this.clock = new ForwardClock(options.world.clock, options.core.windowBoundMs);
  }

  start(): void {
    this.prepare().then(
      () => {
        if (!this.options.isCurrent()) return;
        this.isReady = true;
        this.options.onReady();
      },
      () => {
        // A majority was not there for a while: it is asked again as long as the term lasts.
        if (this.options.isCurrent()) this.options.world.timers.after(RETRY_MS, () => this.start());
      },
    );
  }

  end(): void {
    this.leader.depose();
  }

  /** The window is kept ahead even when nobody asks, so that whoever asks does not wait. */
  tick(): void {
    if (!this.isReady) return;
    const wanted = this.leader.windowWanted(this.clock.nowMs());
    if (wanted !== undefined && !this.extending) this.extend(wanted).catch(() => undefined);
  }

  // hot: bench/micro/oracle.ts
  timestamps(count: number): MaybePromise<Timestamps> {
    const nowMs = this.clock.nowMs();
    const found = this.leader.timestamps(count, nowMs, 0);
    if (found === undefined) return this.timestampsLater(count);
    const wanted = this.leader.windowWanted(nowMs);
    if (wanted !== undefined && !this.extending) this.extend(wanted).catch(() => undefined);
    return found;
  }

  allocateIds(count: number): MaybePromise<number> {
    return this.leader.ids(count) ?? this.allocateLater(count);
  }

  idsNow(count: number): number | undefined {
    const first = this.leader.ids(count);
    if (first === undefined && !this.reserving) this.reserve(count).catch(() => undefined);
    return first;
  }

  private async prepare(): Promise<void> {
    const { core, world, change, addresses, self } = this.options;
    if (core.clusterId === 0) {
      // Clients keep it as a 64-bit number and some as a float: below 2^53, and not near enough to zero to meet another's.
      await change({ kind: 'bootstrap', clusterId: 2 ** 40 + world.random.below(2 ** 52 - 2 ** 40) });
    }
    for (const address of [...addresses.filter(({ id }) => id !== self.id), self]) {
      const name = `member/${address.id}`;
      const value = JSON.stringify({ id: address.id, name: address.name, clientUrl: address.clientUrl });
      const isKnown = address.id === self.id ? core.settings.get(name) === value : core.settings.has(name);
      if (!isKnown) await change({ kind: 'put-setting', name, value });
    }
    await Promise.all([
      // Above all that an earlier leader may have used.
      this.extend(Math.max(this.clock.nowMs(), core.windowBoundMs) + WINDOW_MS),
      this.reserve(1),
    ]);
  }

  private async timestampsLater(count: number): Promise<Timestamps> {
    const { confirmed, isCurrent, notLeader } = this.options;
    for (;;) {
      if (!isCurrent()) throw notLeader();
      const nowMs = this.clock.nowMs();
      const found = await confirmed(() => this.leader.timestamps(count, nowMs, 0));
      if (found !== undefined) return found;
      await (this.extending ?? this.extend(this.leader.windowWanted(nowMs) ?? nowMs + WINDOW_MS));
    }
  }

  private extend(boundMs: number): Promise<void> {
    const work = async (): Promise<void> => {
      try {
        this.leader.applied(await this.options.change({ kind: 'extend-window', boundMs }));
      } finally {
        this.extending = undefined;
      }
    };
    return (this.extending = work());
  }

  private async allocateLater(count: number): Promise<number> {
    for (;;) {
      if (!this.options.isCurrent()) throw this.options.notLeader();
      const first = this.leader.ids(count);
      if (first !== undefined) return first;
      await (this.reserving ?? this.reserve(count));
    }
  }

  private reserve(count: number): Promise<void> {
    const work = async (): Promise<void> => {
      try {
        this.leader.applied(await this.options.change(this.leader.idsWanted(count)));
      } finally {
        this.reserving = undefined;
      }
    };
    return (this.reserving = work());
  }
}
