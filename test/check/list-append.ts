/**
 * Snapshot isolation over list-append histories, after the idea of Elle: transactions read lists and append unique numbers to
 * them, so a list that was read tells the order of the writes before it, and each read tells how much it saw. Edges between
 * committed transactions (one of unknown fate counts as committed when somebody saw an element of it):
 *
 *     ww  T2's element stands right behind T1's               wr  T2 read a list that ends with T1's element
 *     rw  T1 read a list that ends right before T2's element  rt  T1 was answered before T2 was begun
 *
 * What is refused, from the plain to the subtle:
 *
 *     internal      a read disagrees with what its own transaction read or appended before
 *     G1a           an element of a failed transaction was read       G1b   a transaction was seen half done
 *     lost write    an acknowledged element is missing from a later complete read
 *     order         two reads of a list are not prefixes of each other, or an element stands twice
 *     G0, G1c       a cycle of ww; of ww and wr
 *     G-single      a cycle with exactly one rw; *lost update* when both of its ends read the same and appended to the same list
 *     G-nonadjacent a cycle in which no two rw follow each other (long fork)
 *
 * Cycles whose every rw pair is adjacent are write skew, which snapshot isolation allows. With `realTime` the edges rt count
 * like ww and wr: then a transaction must also see all that was acknowledged before it began.
 */
import { Graph, type Edge } from './graph.ts';

export type ListStep =
  | { readonly kind: 'append'; readonly key: string; readonly element: number }
  | { readonly kind: 'read'; readonly key: string; readonly list: readonly number[] };

export interface ListTransaction {
  readonly id: number;
  /** `unknown`: it may have committed or not. */
  readonly status: 'committed' | 'failed' | 'unknown';
  readonly steps: readonly ListStep[];
  /** Positions among all events; needed for `realTime` only. */
  readonly invoked?: number;
  readonly completed?: number;
}

export interface ListCheckOptions {
  /** Complete reads made after all transactions had ended, by key: the order of the elements for certain. */
  readonly final?: ReadonlyMap<string, readonly number[]>;
  readonly realTime?: boolean;
}

export interface Anomaly {
  readonly kind:
    | 'internal'
    | 'order'
    | 'garbage'
    | 'G1a'
    | 'G1b'
    | 'lost write'
    | 'half a transaction'
    | 'G0'
    | 'G1c'
    | 'lost update'
    | 'G-single'
    | 'G-nonadjacent';
  /** For people: which transactions, and why each edge is there. */
  readonly explanation: string;
}

type Kind = 'ww' | 'wr' | 'rw' | 'rt';
interface Label {
  readonly kind: Kind;
  readonly key: string;
  readonly element: number;
}

const RANK: readonly Anomaly['kind'][] = [
  'internal', 'garbage', 'order', 'G1a', 'G1b', 'lost write', 'half a transaction', 'G0', 'G1c', 'lost update', 'G-single',
  'G-nonadjacent',
]; // prettier-ignore

/** All that is wrong, the plainest first; of each kind of cycle one example a component. */
export function checkLists(
  transactions: readonly ListTransaction[],
  options: ListCheckOptions = {},
): readonly Anomaly[] {
  const anomalies = new ListHistory(transactions, options).check();
  return anomalies.toSorted((left, right) => RANK.indexOf(left.kind) - RANK.indexOf(right.kind));
}

class ListHistory {
  private readonly transactions: readonly ListTransaction[];
  private readonly options: ListCheckOptions;
  private readonly anomalies: Anomaly[] = [];
  private readonly byId = new Map<number, ListTransaction>();
  private readonly writerOf = new Map<number, { readonly transaction: ListTransaction; readonly isLast: boolean }>();
  /** The longest known order of each list. */
  private readonly orders = new Map<string, readonly number[]>();
  private readonly graph = new Graph<Label>();

  constructor(transactions: readonly ListTransaction[], options: ListCheckOptions) {
    this.transactions = transactions;
    this.options = options;
  }

  check(): readonly Anomaly[] {
    this.indexWriters();
    for (const one of this.transactions) this.checkInside(one);
    this.findOrders();
    this.checkReads();
    this.checkWrites();
    // With lists that contradict each other, edges would mean nothing.
    if (this.anomalies.some(({ kind }) => kind === 'order' || kind === 'garbage')) return this.anomalies;
    this.addEdges();
    this.findCycles();
    return this.anomalies;
  }

  private report(kind: Anomaly['kind'], explanation: string): void {
    this.anomalies.push({ kind, explanation });
  }

  private indexWriters(): void {
    for (const transaction of this.transactions) {
      if (this.byId.has(transaction.id)) this.report('garbage', `two transactions are called T${transaction.id}`);
      this.byId.set(transaction.id, transaction);
      const lastOf = new Map<string, number>();
      for (const step of transaction.steps) if (step.kind === 'append') lastOf.set(step.key, step.element);
      for (const step of transaction.steps) {
        if (step.kind !== 'append') continue;
        if (this.writerOf.has(step.element)) this.report('garbage', `element ${step.element} was appended twice`);
        this.writerOf.set(step.element, { transaction, isLast: lastOf.get(step.key) === step.element });
      }
    }
  }

  /** What a transaction reads must be what it read before, followed by what it appended since. */
  private checkInside({ id, status, steps }: ListTransaction): void {
    if (status === 'failed') return;
    const known = new Map<string, { readonly list: readonly number[]; readonly isWhole: boolean }>();
    for (const step of steps) {
      const before = known.get(step.key);
      if (step.kind === 'append') {
        known.set(step.key, { list: [...(before?.list ?? []), step.element], isWhole: before?.isWhole ?? false });
        continue;
      }
      if (before !== undefined) {
        const end = step.list.slice(step.list.length - before.list.length);
        const agrees = sameList(end, before.list) && (!before.isWhole || step.list.length === before.list.length);
        if (!agrees)
          this.report(
            'internal',
            `T${id} read ${step.key} as ${show(step.list)} although it knew ${before.isWhole ? '' : 'the end '}${show(before.list)}`,
          );
      }
      known.set(step.key, { list: step.list, isWhole: true });
    }
  }

  /** What a transaction saw of others: its reads without its own elements at their ends. */
  private *readsOf({ id, status, steps }: ListTransaction): Generator<{ key: string; list: readonly number[] }> {
    if (status === 'failed') return;
    for (const step of steps) {
      if (step.kind !== 'read') continue;
      let end = step.list.length;
      while (end > 0 && this.writerOf.get(step.list[end - 1]!)?.transaction.id === id) end--;
      yield { key: step.key, list: step.list.slice(0, end) };
    }
  }

  private findOrders(): void {
    const take = (who: string, key: string, list: readonly number[]): void => {
      if (new Set(list).size !== list.length)
        this.report('order', `${who} read an element twice in ${key}: ${show(list)}`);
      const known = this.orders.get(key) ?? [];
      const [shorter, longer] = known.length < list.length ? [known, list] : [list, known];
      if (shorter.some((element, i) => longer[i] !== element))
        this.report('order', `${who} read ${key} as ${show(list)}, others as ${show(known)}: neither begins the other`);
      else this.orders.set(key, longer);
    };
    for (const transaction of this.transactions) {
      if (transaction.status === 'failed') continue;
      for (const step of transaction.steps) {
        // A committed transaction's own elements at the end of its read take part: they are in the list now.
        if (step.kind === 'read' && transaction.status === 'committed') take(`T${transaction.id}`, step.key, step.list);
      }
      if (transaction.status === 'unknown')
        for (const { key, list } of this.readsOf(transaction)) take(`T${transaction.id}`, key, list);
    }
    for (const [key, list] of this.options.final ?? []) {
      take('the last look', key, list);
      if ((this.orders.get(key)?.length ?? 0) > list.length)
        this.report(
          'lost write',
          `the last look at ${key} found ${show(list)}, but ${show(this.orders.get(key)!)} was read before`,
        );
    }
  }

  private checkReads(): void {
    const look = (who: string, key: string, list: readonly number[]): void => {
      for (const element of list) {
        const writer = this.writerOf.get(element);
        if (writer === undefined) this.report('garbage', `${who} read ${element} in ${key}, which nobody appended`);
        else if (writer.transaction.status === 'failed')
          this.report(
            'G1a',
            `${who} read ${element} in ${key}, which the failed T${writer.transaction.id} had appended`,
          );
      }
      const last = list.at(-1);
      const writer = last === undefined ? undefined : this.writerOf.get(last);
      if (writer !== undefined && !writer.isLast && writer.transaction.status !== 'failed')
        this.report(
          'G1b',
          `${who} read ${key} up to ${last}, after which T${writer.transaction.id} appended more to it`,
        );
    };
    for (const transaction of this.transactions)
      for (const { key, list } of this.readsOf(transaction)) look(`T${transaction.id}`, key, list);
    for (const [key, list] of this.options.final ?? []) look('the last look', key, list);
  }

  /** With a last look: what was acknowledged is there, and everything is there whole or not at all. */
  private checkWrites(): void {
    const { final } = this.options;
    if (final === undefined) return;
    for (const { id, status, steps } of this.transactions) {
      if (status === 'failed') continue;
      const appends = steps.filter((step) => step.kind === 'append');
      const missing = appends.filter(({ key, element }) => !(final.get(key) ?? []).includes(element));
      if (missing.length === 0) continue;
      const what = missing.map(({ key, element }) => `${element} in ${key}`).join(', ');
      if (status === 'committed')
        this.report('lost write', `T${id} was acknowledged, but the last look misses ${what}`);
      else if (missing.length < appends.length)
        this.report('half a transaction', `of T${id} the last look misses ${what} only`);
    }
  }

  private addEdges(): void {
    const isThere = (element: number | undefined): ListTransaction | undefined =>
      element === undefined ? undefined : this.writerOf.get(element)?.transaction;
    for (const [key, order] of this.orders) {
      for (let i = 1; i < order.length; i++)
        this.graph.add(isThere(order[i - 1])!.id, isThere(order[i])!.id, { kind: 'ww', key, element: order[i]! });
    }
    for (const transaction of this.transactions) {
      for (const { key, list } of this.readsOf(transaction)) {
        const order = this.orders.get(key) ?? [];
        const last = list.at(-1);
        const writer = isThere(last);
        if (writer !== undefined) this.graph.add(writer.id, transaction.id, { kind: 'wr', key, element: last! });
        // Its own elements come right behind what it read: the first foreign one behind them is what it did not see.
        const next = isThere(order[list.length]);
        if (next !== undefined)
          this.graph.add(transaction.id, next.id, { kind: 'rw', key, element: order[list.length]! });
      }
    }
    this.addUnseenEdges();
    if (this.options.realTime) this.addRealTimeEdges();
  }

  /**
   * A committed append that no read ever showed stands behind everything that was read: whoever read the list did not see it.
   * Without these edges a lost update that nobody looked at again would pass.
   */
  private addUnseenEdges(): void {
    const unseen = new Map<string, { readonly id: number; readonly element: number }[]>();
    for (const { id, status, steps } of this.transactions) {
      if (status !== 'committed') continue;
      for (const step of steps) {
        if (step.kind !== 'append' || (this.orders.get(step.key) ?? []).includes(step.element)) continue;
        const list = unseen.get(step.key);
        if (list === undefined) unseen.set(step.key, [{ id, element: step.element }]);
        else list.push({ id, element: step.element });
      }
    }
    for (const [key, appends] of unseen) {
      const order = this.orders.get(key) ?? [];
      const last = order.length === 0 ? undefined : this.writerOf.get(order[order.length - 1]!)!.transaction;
      for (const { id, element } of appends)
        if (last !== undefined) this.graph.add(last.id, id, { kind: 'ww', key, element });
      for (const reader of this.transactions) {
        for (const read of this.readsOf(reader)) {
          if (read.key !== key || read.list.length < order.length) continue;
          for (const { id, element } of appends) this.graph.add(reader.id, id, { kind: 'rw', key, element });
        }
      }
    }
  }

  /** Edges from each transaction to those begun after its answer, without those that follow from others. */
  private addRealTimeEdges(): void {
    const committed = this.transactions.filter((one) => one.status === 'committed' && one.invoked !== undefined);
    const events = committed.flatMap((one) => [
      { at: one.invoked!, isEnd: false, one },
      { at: one.completed ?? Infinity, isEnd: true, one },
    ]);
    events.sort((left, right) => left.at - right.at);
    const frontier = new Set<ListTransaction>();
    const before = new Map<ListTransaction, readonly ListTransaction[]>();
    for (const { one, isEnd } of events) {
      if (isEnd) {
        for (const earlier of before.get(one)!) frontier.delete(earlier);
        frontier.add(one);
        continue;
      }
      before.set(one, [...frontier]);
      for (const earlier of frontier) this.graph.add(earlier.id, one.id, { kind: 'rt', key: '', element: 0 });
    }
  }

  private findCycles(): void {
    const { graph } = this;
    const isDependency = (label: Label): boolean => label.kind !== 'rw';
    const search = (
      follow: (label: Label) => boolean,
      first: (label: Label) => boolean,
      then: (label: Label, previous: Label) => boolean,
      close?: (last: Label) => boolean,
    ): (readonly Edge<Label>[])[] =>
      graph.components(follow).flatMap((within) => {
        for (const node of within) {
          for (const edge of graph.edgesOf(node)) {
            if (!within.has(edge.to) || !first(edge.label)) continue;
            const cycle = graph.cycleThrough(edge, within, then, close);
            if (cycle !== undefined) return [cycle];
          }
        }
        return [];
      });

    const isWrite = (label: Label): boolean => label.kind === 'ww';
    for (const cycle of search(isWrite, isWrite, isWrite)) this.reportCycle('G0', cycle);
    for (const cycle of search(isDependency, (label) => label.kind === 'wr' || label.kind === 'rt', isDependency))
      this.reportCycle('G1c', cycle);
    const isAny = (): boolean => true;
    const singles = search(isAny, (label) => label.kind === 'rw', isDependency);
    for (const cycle of singles) this.reportCycle(this.isLostUpdate(cycle) ? 'lost update' : 'G-single', cycle);
    if (singles.length > 0) return;
    const apart = (label: Label, previous: Label): boolean => label.kind !== 'rw' || previous.kind !== 'rw';
    for (const cycle of search(isAny, (label) => label.kind === 'rw', apart, isDependency))
      this.reportCycle('G-nonadjacent', cycle);
  }

  /** Two transactions that read the same state of a list and both appended to it. */
  private isLostUpdate(cycle: readonly Edge<Label>[]): boolean {
    const edge = cycle[0]!;
    const { key } = edge.label;
    if (cycle.length !== 2 || cycle[1]!.label.kind !== 'ww' || cycle[1]!.label.key !== key) return false;
    const reads = [edge.from, edge.to].map((id) =>
      [...this.readsOf(this.byId.get(id)!)].find((read) => read.key === key),
    );
    return reads[0] !== undefined && reads[1] !== undefined && sameList(reads[0].list, reads[1].list);
  }

  private reportCycle(kind: Anomaly['kind'], cycle: readonly Edge<Label>[]): void {
    const lines = cycle.map(({ from, to, label: { kind: edge, key, element } }) => {
      switch (edge) {
        case 'ww':
          return `T${from} before T${to}: T${to} appended ${element} to ${key}, later than T${from}`;
        case 'wr':
          return `T${from} before T${to}: T${to} read ${element} in ${key}, which T${from} appended`;
        case 'rw':
          return `T${from} before T${to}: T${from} read ${key} without ${element}, which T${to} appended`;
        case 'rt':
          return `T${from} before T${to}: T${from} was answered before T${to} began`;
      }
    });
    const who = [...new Set(cycle.map((edge) => edge.from))].map((id) => `T${id}: ${this.showSteps(id)}`);
    this.report(kind, [...lines, 'which cannot all be. They did:', ...who].join('\n  '));
  }

  private showSteps(id: number): string {
    return this.byId
      .get(id)!
      .steps.map((step) =>
        step.kind === 'append' ? `append ${step.key} ${step.element}` : `read ${step.key} ${show(step.list)}`,
      )
      .join(', ');
  }
}

const SHOWN_MAX = 8;

function show(list: readonly number[]): string {
  return list.length <= SHOWN_MAX ? `[${list.join(' ')}]` : `[… ${list.slice(-SHOWN_MAX).join(' ')}]`;
}

function sameList(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((element, i) => element === right[i]);
}

/** One transaction a line in the form of Jepsen's list-append histories, for checkers of other projects. */
export function listsToJsonLines(transactions: readonly ListTransaction[]): string {
  return transactions
    .map(({ id, status, steps }) =>
      JSON.stringify({
        index: id,
        type: status === 'committed' ? 'ok' : status === 'failed' ? 'fail' : 'info',
        process: id,
        f: 'txn',
        value: steps.map((step) =>
          step.kind === 'append' ? ['append', step.key, step.element] : ['r', step.key, step.list],
        ),
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}
