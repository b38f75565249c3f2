/**
 * Is there one order of the operations, each somewhere between its invocation and its answer, in which a plain sequential
 * object would have given the same answers? The search is Wing and Gong's with Lowe's memory: walk the events, put any
 * operation that is under way next if the model accepts its answer, step back when an answer arrives that was never placed, and never
 * visit the same pair (set of placed operations, state) twice.
 *
 *     events   w1( ... w2( ... w1) ... r( ... r)=1 ... w2)
 *     tries    w1 w2 r?  r=1 refused, back        w1 r w2  accepted
 *
 * Keys are independent objects, so each is searched alone: the cost grows with operations under way on one key, not with the
 * length of the history. An operation of unknown fate has no answer to satisfy; it may be placed anywhere later, or nowhere.
 */
import { assert } from '../../base/assert.ts';
import type { Operation } from './history.ts';

export interface Model<State, Input, Output> {
  readonly initial: State;
  /** The next state, or `undefined` when the object could not have given this answer. `output` is undefined when unknown. */
  step(state: State, input: Input, output: Output | undefined): { readonly state: State } | undefined;
  /** Equal for states that behave alike. */
  identify(state: State): string | number;
  describe(input: Input, output: Output | undefined): string;
}

export type Verdict =
  | { readonly kind: 'linearizable' }
  | { readonly kind: 'violation'; readonly explanation: string }
  /** The search was given up: neither proven nor refuted. */
  | { readonly kind: 'undecided' };

/** About ten seconds of search; histories of tests need a few thousand steps. */
const STEPS_MAX = 5_000_000;

interface Entry<Input, Output> {
  /** Number of the operation among those of this search. */
  readonly id: number;
  readonly operation: Operation<Input, Output>;
  readonly isCall: boolean;
  /** Of a call: where its return is, if it has one. */
  match: Entry<Input, Output> | undefined;
  previous: Entry<Input, Output> | undefined;
  next: Entry<Input, Output> | undefined;
}

export function checkLinearizable<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
  stepsMax = STEPS_MAX,
): Verdict {
  const relevant = operations.filter((one) => one.status !== 'failed');
  const head = link(relevant);
  const placed = new PlacedSet(relevant.length);
  const stack: { readonly call: Entry<Input, Output>; readonly before: State }[] = [];
  let state = model.initial;
  let longest: readonly Entry<Input, Output>[] = [];
  let stuckAt: Entry<Input, Output> | undefined;
  let returnsLeft = relevant.filter((one) => one.status === 'ok').length;
  let at = head.next;
  for (let steps = 0; returnsLeft > 0; steps++) {
    if (steps >= stepsMax) return { kind: 'undecided' };
    if (at?.isCall) {
      const { id, operation } = at;
      const next = model.step(state, operation.input, operation.status === 'ok' ? operation.output : undefined);
      if (next !== undefined && placed.addIfNew(id, model.identify(next.state))) {
        stack.push({ call: at, before: state });
        state = next.state;
        if (at.match) returnsLeft--;
        lift(at);
        at = head.next;
      } else at = at.next;
      continue;
    }
    // An answer that was not placed (or the end of the calls): what was chosen last must be chosen otherwise.
    if (stack.length >= longest.length) {
      longest = stack.map((one) => one.call);
      stuckAt = at;
    }
    const undone = stack.pop();
    if (undone === undefined) return { kind: 'violation', explanation: explain(longest, stuckAt, relevant, model) };
    state = undone.before;
    placed.remove(undone.call.id);
    if (undone.call.match) returnsLeft++;
    unlift(undone.call);
    at = undone.call.next;
  }
  return { kind: 'linearizable' };
}

/** The placed operations as bits, with all (set, state) pairs seen so far. Sets are compared whole: a hash only finds them. */
class PlacedSet {
  private readonly words: Uint32Array;
  private hash = 0;
  private readonly seen = new Map<string, Uint32Array[]>();

  constructor(count: number) {
    this.words = new Uint32Array(Math.ceil(count / 32));
  }

  /** Adds `id` unless that would lead to a pair already visited. */
  addIfNew(id: number, state: string | number): boolean {
    this.flip(id);
    const key = `${this.hash}/${state}`;
    let others = this.seen.get(key);
    if (others === undefined) this.seen.set(key, (others = []));
    else if (others.some((other) => other.every((word, i) => word === this.words[i]))) {
      this.flip(id);
      return false;
    }
    others.push(this.words.slice());
    return true;
  }

  remove(id: number): void {
    this.flip(id);
  }

  private flip(id: number): void {
    this.words[id >>> 5]! ^= 1 << (id & 31);
    this.hash ^= Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(id + 0x7f4a7c15, 0x85ebca6b);
  }
}

/** The events as a list, so that a placed operation can be taken out and put back where it was. */
function link<Input, Output>(operations: readonly Operation<Input, Output>[]): Entry<Input, Output> {
  const events: { readonly position: number; readonly entry: Entry<Input, Output> }[] = [];
  operations.forEach((operation, id) => {
    const base = { id, operation, match: undefined, previous: undefined, next: undefined };
    const call: Entry<Input, Output> = { ...base, isCall: true };
    events.push({ position: operation.invoked, entry: call });
    if (operation.status !== 'ok') return;
    assert(operation.completed > operation.invoked, 'an answer follows its question');
    call.match = { ...base, isCall: false };
    events.push({ position: operation.completed, entry: call.match });
  });
  events.sort((left, right) => left.position - right.position);
  const head: Entry<Input, Output> = {
    id: -1,
    operation: undefined as never,
    isCall: true,
    match: undefined,
    previous: undefined,
    next: undefined,
  };
  let last = head;
  for (const { entry } of events) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

function lift<Input, Output>(call: Entry<Input, Output>): void {
  for (const entry of [call, call.match]) {
    if (entry === undefined) continue;
    entry.previous!.next = entry.next;
    if (entry.next) entry.next.previous = entry.previous;
  }
}

/** Exactly undoes the last `lift`. */
function unlift<Input, Output>(call: Entry<Input, Output>): void {
  for (const entry of [call.match, call]) {
    if (entry === undefined) continue;
    entry.previous!.next = entry;
    if (entry.next) entry.next.previous = entry;
  }
}

const SHOWN_MAX = 12;

function explain<State, Input, Output>(
  longest: readonly Entry<Input, Output>[],
  stuckAt: Entry<Input, Output> | undefined,
  operations: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
): string {
  const show = (one: Operation<Input, Output>): string => {
    const end = one.status === 'ok' ? `answered at ${one.completed}` : 'fate unknown';
    const said = model.describe(one.input, one.status === 'ok' ? one.output : undefined);
    return `  process ${one.process}: ${said} (asked at ${one.invoked}, ${end})`;
  };
  const lines = ['no order explains the answers; the longest one that does so far ends with'];
  lines.push(...longest.slice(-SHOWN_MAX).map((entry) => show(entry.operation)));
  if (stuckAt !== undefined) lines.push('then no place is found for', show(stuckAt.operation));
  const placed = new Set(longest.map((entry) => entry.operation));
  const limit = stuckAt?.operation.completed ?? Infinity;
  const open = operations.filter((one) => !placed.has(one) && one !== stuckAt?.operation && one.invoked < limit);
  if (open.length > 0) lines.push('while these were under way', ...open.slice(-SHOWN_MAX).map(show));
  return lines.join('\n');
}
