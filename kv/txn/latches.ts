/**
 * Latches: at most one command at a time works on a key, from its decision until its writes are applied. So what a decision saw
 * is still true when apply makes it so.
 *
 * Keys hash to slots; two keys in one slot only wait for each other a little longer than they must. A command takes its slots
 * in ascending order and waits in line where it meets a taken one, so there is no cycle, and each slot is served first come,
 * first served. The number of waiting commands is bounded: over it the command is refused (`kv.busy`), which is the store's
 * answer to more writers on one key than it can serve.
 */
import { assert } from '../../base/assert.ts';

const SLOT_COUNT = 1 << 14;
/** The slots of more keys are ticked off in a list of all instead of sorted. */
const SORTED_KEYS_MAX = 1024;

export class Latch {
  /** Ascending, without duplicates. */
  readonly slots: number[];
  /** How many of `slots` are held. */
  held = 0;
  readonly run: () => void;

  constructor(slots: number[], run: () => void) {
    this.slots = slots;
    this.run = run;
  }
}

export class Latches {
  /** Who holds each slot. */
  private readonly holders: (Latch | undefined)[] = new Array<Latch | undefined>(SLOT_COUNT).fill(undefined);
  private readonly queues = new Map<number, Latch[]>();
  private readonly waitersMax: number;
  waiting = 0;
  /** Hold all they need and have not run yet. A command that ends at once gives back inside its run: the next in line follows after it, not inside it. */
  private readonly ready: Latch[] = [];
  private runsReady = false;

  constructor(waitersMax: number) {
    this.waitersMax = waitersMax;
  }

  /** The slots of some keys, in the order they are taken. */
  // hot
  slotsOf(keys: readonly { readonly key: Uint8Array }[] | readonly Uint8Array[]): number[] {
    if (keys.length === 1) return [slot(keys[0]!)];
    const slots: number[] = [];
    if (keys.length > SORTED_KEYS_MAX) {
      const wanted = new Uint8Array(SLOT_COUNT);
      for (let i = 0; i < keys.length; i++) wanted[slot(keys[i]!)] = 1;
      for (let at = 0; at < SLOT_COUNT; at++) if (wanted[at] === 1) slots.push(at);
      return slots;
    }
    for (let i = 0; i < keys.length; i++) slots.push(slot(keys[i]!));
    slots.sort((left, right) => left - right);
    let kept = 0;
    for (let i = 0; i < slots.length; i++) if (i === 0 || slots[i] !== slots[i - 1]) slots[kept++] = slots[i]!;
    slots.length = kept;
    return slots;
  }

  /** True: all held, `run` is not called. False: `run` is called when they are. `undefined`: too many wait already. */
  // hot
  acquire(latch: Latch): boolean | undefined {
    while (latch.held < latch.slots.length) {
      const at = latch.slots[latch.held]!;
      if (this.holders[at] !== undefined) {
        if (latch.held === 0 && this.waiting >= this.waitersMax) return undefined;
        this.waiting++;
        const queue = this.queues.get(at);
        if (queue === undefined) this.queues.set(at, [latch]);
        else queue.push(latch);
        return false;
      }
      this.holders[at] = latch;
      latch.held++;
    }
    return true;
  }

  /** Gives everything back; the next in line of each slot goes on, and runs when it has all it needs. */
  // hot
  release(latch: Latch): void {
    assert(latch.held === latch.slots.length, 'a latch is given back that was not wholly held');
    for (const at of latch.slots) {
      assert(this.holders[at] === latch, 'a slot is given back by somebody else');
      this.holders[at] = undefined;
      const queue = this.queues.get(at);
      if (queue === undefined) continue;
      const next = queue.shift()!;
      if (queue.length === 0) this.queues.delete(at);
      this.waiting--;
      this.holders[at] = next;
      next.held++;
      if (this.acquireRest(next)) this.ready.push(next);
    }
    if (this.ready.length > 0 && !this.runsReady) this.runReady();
  }

  private runReady(): void {
    this.runsReady = true;
    try {
      for (let at = 0; at < this.ready.length; at++) this.ready[at]!.run();
    } finally {
      this.ready.length = 0;
      this.runsReady = false;
    }
  }

  private acquireRest(latch: Latch): boolean {
    const done = this.acquire(latch);
    // Only a newcomer is turned away; one that holds a slot already may always wait for the next.
    assert(done !== undefined, 'a waiter in line was turned away');
    return done;
  }
}

function slot(entry: { readonly key: Uint8Array } | Uint8Array): number {
  const key = entry instanceof Uint8Array ? entry : entry.key;
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) & (SLOT_COUNT - 1);
}
