/**
 * Who waits for whose lock: the queue of pessimistic lock commands, and the wait-for graph in it.
 *
 * A transaction waits for one key at a time, so the graph is a set of chains: waiter → holder → whom that one waits for. A
 * deadlock is a chain that comes back to where it began. It is looked for whenever an edge appears: when a waiter joins, and
 * when a key changes hands and all who still wait for it wait for the new holder. The one whose edge closed the circle is the
 * victim and is told the chain.
 *
 *     T1 holds a, waits b ──▶ T2 holds b, waits c ──▶ T3 holds c, asks for a: deadlock, chain T3→T1→T2→T3
 *
 * Each key is served in the order of asking. Bounded: over `waitersMax` a newcomer is refused.
 */
import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import { SortedMap } from '../../base/sorted-map.ts';
import type { WaitForEdge } from '../../proto/kv/command.ts';

export class LockWaiter {
  readonly startTs: bigint;
  readonly key: Uint8Array;
  holder: bigint;
  /** Opaque to this file: what to do when the key is free or the wait is over. */
  readonly wake: (reason: 'free' | 'deadlock', chain: readonly WaitForEdge[] | undefined) => void;

  constructor(startTs: bigint, key: Uint8Array, holder: bigint, wake: LockWaiter['wake']) {
    this.startTs = startTs;
    this.key = key;
    this.holder = holder;
    this.wake = wake;
  }
}

export type JoinAnswer =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'full' }
  | { readonly kind: 'deadlock'; readonly chain: readonly WaitForEdge[] };

export class LockWaits {
  private readonly queues = new SortedMap<LockWaiter[]>();
  private readonly waitersMax: number;
  /** Edges by waiting transaction. A transaction may wait with several commands at once (several statements of a script). */
  private readonly edges = new Map<bigint, LockWaiter[]>();
  count = 0;

  constructor(waitersMax: number) {
    this.waitersMax = waitersMax;
  }

  join(waiter: LockWaiter): JoinAnswer {
    assert(waiter.startTs !== waiter.holder, 'nobody waits for himself');
    if (this.count >= this.waitersMax) return { kind: 'full' };
    const chain = this.chainTo(waiter);
    if (chain !== undefined) return { kind: 'deadlock', chain };
    const queue = this.queues.get(waiter.key);
    if (queue === undefined) this.queues.set(waiter.key, [waiter]);
    else queue.push(waiter);
    const edges = this.edges.get(waiter.startTs);
    if (edges === undefined) this.edges.set(waiter.startTs, [waiter]);
    else edges.push(waiter);
    this.count++;
    return { kind: 'waiting' };
  }

  /** True when it was waiting. */
  leave(waiter: LockWaiter): boolean {
    const queue = this.queues.get(waiter.key);
    const at = queue === undefined ? -1 : queue.indexOf(waiter);
    if (at < 0) return false;
    queue!.splice(at, 1);
    if (queue!.length === 0) this.queues.delete(waiter.key);
    this.removeEdge(waiter);
    this.count--;
    return true;
  }

  /** The key was given back: the first in line may try. Those behind keep waiting, for whoever gets it. */
  takeFirst(key: Uint8Array): LockWaiter | undefined {
    const first = this.queues.size === 0 ? undefined : this.queues.get(key)?.[0];
    if (first !== undefined) this.leave(first);
    return first;
  }

  /** The key has a new holder. Returns the waiters whose new edge closes a circle; they have left the queue. */
  moveTo(key: Uint8Array, holder: bigint): { readonly waiter: LockWaiter; readonly chain: readonly WaitForEdge[] }[] {
    const victims: { waiter: LockWaiter; chain: readonly WaitForEdge[] }[] = [];
    const queue = this.queues.size === 0 ? undefined : this.queues.get(key);
    if (queue === undefined) return victims;
    for (const waiter of queue.slice()) {
      if (waiter.holder === holder || waiter.startTs === holder) continue;
      waiter.holder = holder;
      const chain = this.chainTo(waiter);
      if (chain === undefined) continue;
      this.leave(waiter);
      victims.push({ waiter, chain });
    }
    return victims;
  }

  waitersOf(key: Uint8Array): readonly LockWaiter[] {
    return this.queues.get(key) ?? [];
  }

  /** The chain of edges from `waiter`'s new edge back to itself, if there is one. Depth-first; edges are few. */
  private chainTo(waiter: LockWaiter): readonly WaitForEdge[] | undefined {
    const path: LockWaiter[] = [waiter];
    const seen = new Set<bigint>();
    const walk = (from: bigint): boolean => {
      if (from === waiter.startTs) return true;
      if (seen.has(from)) return false;
      seen.add(from);
      for (const edge of this.edges.get(from) ?? []) {
        path.push(edge);
        if (walk(edge.holder)) return true;
        path.pop();
      }
      return false;
    };
    if (!walk(waiter.holder)) return undefined;
    return path.map((edge) => ({ waiter: edge.startTs, holder: edge.holder, key: edge.key }));
  }

  private removeEdge(waiter: LockWaiter): void {
    const edges = this.edges.get(waiter.startTs)!;
    const at = edges.findIndex((edge) => edge === waiter && equalBytes(edge.key, waiter.key));
    assert(at >= 0, 'a waiter without an edge');
    edges.splice(at, 1);
    if (edges.length === 0) this.edges.delete(waiter.startTs);
  }
}
