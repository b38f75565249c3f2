/**
 * A small checker of snapshot isolation over list-append histories, after the idea of Elle: every transaction reads lists and
 * appends unique numbers to them, so the final lists tell the order of all writes, and each read tells how much of it was seen.
 *
 *     ww  T1's element stands right before T2's in a list
 *     wr  T2 read a list that ends with T1's element
 *     rw  T1 read a list that ends right before T2's element
 *
 * Under snapshot isolation every cycle has two rw edges in a row. So the relation (ww ∪ wr), each followed by at most one
 * rw, must have no cycle. That refuses G0, G1c, G-single, lost update and long fork, and lets write skew pass. Reads
 * that are no prefix of the final list (G1a, G1b, or a write that vanished) are refused before.
 */

export interface ListTransaction {
  readonly id: number;
  /** `unknown`: it may have committed or not. */
  readonly status: 'committed' | 'failed' | 'unknown';
  readonly reads: ReadonlyMap<string, readonly number[]>;
  readonly appends: ReadonlyMap<string, number>;
}

/** What is wrong, or nothing. */
export function checkHistory(
  transactions: readonly ListTransaction[],
  final: ReadonlyMap<string, readonly number[]>,
): string | undefined {
  const writerOf = new Map<number, ListTransaction>();
  for (const txn of transactions) for (const element of txn.appends.values()) writerOf.set(element, txn);

  for (const [key, list] of final) {
    if (new Set(list).size !== list.length) return `${key} holds an element twice`;
    for (const element of list) {
      const writer = writerOf.get(element);
      if (writer === undefined) return `${key} holds ${element}, which nobody wrote`;
      if (writer.status === 'failed') return `${key} holds ${element} of the failed transaction ${writer.id}`;
    }
  }
  for (const txn of transactions) {
    const present = [...txn.appends].filter(([key, element]) => (final.get(key) ?? []).includes(element)).length;
    if (txn.status === 'committed' && present < txn.appends.size)
      return `transaction ${txn.id} was acknowledged and is not there`;
    if (present > 0 && present < txn.appends.size) return `transaction ${txn.id} is half there`;
  }

  const visible = transactions.filter((txn) => txn.status !== 'failed');
  const dependencies = new Map<number, Set<number>>();
  const antidependencies = new Map<number, Set<number>>();
  const add = (edges: Map<number, Set<number>>, from: number, to: number) => {
    if (from === to) return;
    const set = edges.get(from);
    if (set === undefined) edges.set(from, new Set([to]));
    else set.add(to);
  };
  for (const list of final.values()) {
    for (let i = 1; i < list.length; i++) add(dependencies, writerOf.get(list[i - 1]!)!.id, writerOf.get(list[i]!)!.id);
  }
  for (const txn of visible) {
    for (const [key, read] of txn.reads) {
      const list = final.get(key) ?? [];
      if (read.some((element, i) => list[i] !== element))
        return `transaction ${txn.id} read ${key} as ${read.join(' ')}, no prefix of ${list.join(' ')}`;
      if (read.length > 0) add(dependencies, writerOf.get(read[read.length - 1]!)!.id, txn.id);
      if (read.length < list.length) add(antidependencies, txn.id, writerOf.get(list[read.length]!)!.id);
    }
  }

  const composed = new Map<number, Set<number>>();
  for (const [from, targets] of dependencies) {
    for (const target of targets) {
      add(composed, from, target);
      for (const next of antidependencies.get(target) ?? []) {
        if (next === from) return `transactions ${from} and ${target} form a cycle with one anti-dependency`;
        add(composed, from, next);
      }
    }
  }
  const cycle = findCycle(composed);
  return cycle === undefined ? undefined : `cycle: ${cycle.join(' → ')}`;
}

function findCycle(edges: ReadonlyMap<number, ReadonlySet<number>>): readonly number[] | undefined {
  const done = new Set<number>();
  for (const start of edges.keys()) {
    if (done.has(start)) continue;
    const path: number[] = [start];
    const onPath = new Set(path);
    const pending: Iterator<number>[] = [(edges.get(start) ?? new Set<number>()).values()];
    while (path.length > 0) {
      const next = pending[pending.length - 1]!.next();
      if (next.done === true) {
        pending.pop();
        const left = path.pop()!;
        onPath.delete(left);
        done.add(left);
        continue;
      }
      if (onPath.has(next.value)) return [...path.slice(path.indexOf(next.value)), next.value];
      if (done.has(next.value)) continue;
      path.push(next.value);
      onPath.add(next.value);
      pending.push((edges.get(next.value) ?? new Set<number>()).values());
    }
  }
  return undefined;
}
