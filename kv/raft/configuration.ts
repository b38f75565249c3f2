/**
 * Who is a member: how a change turns one configuration into the next, pure.
 *
 * One voter at a time may come or go at once, since any majority before and any majority after share a member. More than one goes
 * through a *joint* time: `enter` makes the new voters `voters` and keeps the old ones as `outgoing`, and until `leave` every
 * decision needs a majority of both. A voter that is to become a learner stays in `outgoing` until then and waits in `learnersNext`,
 * for a member that votes in one half and only listens in the other would be two things at once.
 *
 * Changes that the configuration already shows (adding a voter that is one, removing a stranger) are not errors: a proposal may
 * be sent twice.
 */
import { assert } from '../../base/assert.ts';
import { CHANGE_ENTRY, type ConfigChange, type ConfigChangeStep, type Configuration, EMPTY } from './types.ts';

const NONE: readonly number[] = [];

export function configurationOf(voters: readonly number[], learners: readonly number[] = NONE): Configuration {
  return {
    voters: sorted(new Set(voters)),
    outgoing: NONE,
    learners: sorted(new Set(learners)),
    learnersNext: NONE,
    autoLeave: false,
  };
}

export function isJoint(configuration: Configuration): boolean {
  return configuration.outgoing.length > 0;
}

export function isVoter(configuration: Configuration, id: number): boolean {
  return configuration.voters.includes(id) || configuration.outgoing.includes(id);
}

export function isMember(configuration: Configuration, id: number): boolean {
  return isVoter(configuration, id) || configuration.learners.includes(id);
}

/** Voters of either half, then learners; sorted, each once. */
export function membersOf(configuration: Configuration): readonly number[] {
  return sorted(new Set([...configuration.voters, ...configuration.outgoing, ...configuration.learners]));
}

/** The next configuration, or in words why there is none. */
export function changed(configuration: Configuration, change: ConfigChange): Configuration | string {
  if (change.steps.length === 0) return leave(configuration);
  if (isJoint(configuration)) return 'the configuration is joint already';
  const next = stepped(configuration, change.steps);
  if (typeof next === 'string') return next;
  if (change.transition === 'auto' && movedVoters(configuration, next) <= 1) return settled(next);
  return {
    voters: next.voters,
    outgoing: configuration.voters,
    learners: next.learners.filter((id) => !configuration.voters.includes(id)),
    learnersNext: next.learners.filter((id) => configuration.voters.includes(id)),
    autoLeave: change.transition !== 'explicit',
  };
}

/** A configuration that is not joint has nothing to leave. */
function leave(configuration: Configuration): Configuration | string {
  if (!isJoint(configuration)) return 'the configuration is not joint';
  return configurationOf(configuration.voters, [...configuration.learners, ...configuration.learnersNext]);
}

interface Target {
  readonly voters: readonly number[];
  readonly learners: readonly number[];
}

function stepped(configuration: Configuration, steps: readonly ConfigChangeStep[]): Target | string {
  const voters = new Set(configuration.voters);
  const learners = new Set(configuration.learners);
  for (const { kind, id } of steps) {
    if (!Number.isSafeInteger(id) || id <= 0) return 'a member needs an id above 0';
    voters.delete(id);
    learners.delete(id);
    if (kind === 'add-voter') voters.add(id);
    else if (kind === 'add-learner') learners.add(id);
  }
  if (voters.size === 0) return 'the last voter cannot go';
  return { voters: sorted(voters), learners: sorted(learners) };
}

function settled(target: Target): Configuration {
  return { voters: target.voters, outgoing: NONE, learners: target.learners, learnersNext: NONE, autoLeave: false };
}

function movedVoters(configuration: Configuration, next: Target): number {
  const added = next.voters.filter((id) => !configuration.voters.includes(id)).length;
  const removed = configuration.voters.filter((id) => !next.voters.includes(id)).length;
  return added + removed;
}

/** What must hold of every configuration. */
export function checkConfiguration({ voters, outgoing, learners, learnersNext, autoLeave }: Configuration): void {
  for (const list of [voters, outgoing, learners, learnersNext])
    for (let i = 1; i < list.length; i++) assert(list[i - 1]! < list[i]!, 'a list of members is not sorted');
  for (const id of learners) assert(!voters.includes(id) && !outgoing.includes(id), 'a learner votes');
  for (const id of learnersNext) {
    assert(outgoing.includes(id), 'a learner to be has no vote to give up');
    assert(!voters.includes(id) && !learners.includes(id), 'a learner to be is another thing already');
  }
  assert(outgoing.length > 0 || (learnersNext.length === 0 && !autoLeave), 'a joint time without its old voters');
}

function sorted(ids: ReadonlySet<number>): readonly number[] {
  return [...ids].sort((left, right) => left - right);
}

// ---- as bytes: CHANGE_ENTRY, version(1) = 1, transition u8, count u16, count x (kind u8, id u64), context; big-endian ----

const VERSION = 1;
const TRANSITIONS = ['auto', 'implicit', 'explicit'] as const;
const KINDS = ['add-voter', 'add-learner', 'remove'] as const;
const HEADER_SIZE = 5;
const STEP_SIZE = 9;

export function encodeChange({ transition, steps, context }: ConfigChange): Uint8Array {
  assert(steps.length < 2 ** 16, 'a change of too many steps');
  const bytes = new Uint8Array(HEADER_SIZE + steps.length * STEP_SIZE + context.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = CHANGE_ENTRY;
  bytes[1] = VERSION;
  bytes[2] = TRANSITIONS.indexOf(transition);
  view.setUint16(3, steps.length);
  let at = HEADER_SIZE;
  for (const { kind, id } of steps) {
    bytes[at] = KINDS.indexOf(kind);
    view.setUint32(at + 1, Math.floor(id / 2 ** 32));
    view.setUint32(at + 5, id >>> 0);
    at += STEP_SIZE;
  }
  bytes.set(context, at);
  return bytes;
}

/** Of what `encodeChange` made; anything else is a bug or a damaged log that its checksum should have found. */
export function decodeChange(bytes: Uint8Array): ConfigChange {
  assert(bytes.length >= HEADER_SIZE && bytes[0] === CHANGE_ENTRY, 'not a membership change');
  assert(bytes[1] === VERSION, 'a membership change of another version');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const transition = TRANSITIONS[bytes[2]!];
  assert(transition !== undefined, 'a membership change of an unknown transition');
  const count = view.getUint16(3);
  assert(bytes.length >= HEADER_SIZE + count * STEP_SIZE, 'a membership change is cut short');
  const steps: ConfigChangeStep[] = [];
  let at = HEADER_SIZE;
  for (let i = 0; i < count; i++, at += STEP_SIZE) {
    const kind = KINDS[bytes[at]!];
    assert(kind !== undefined, 'a membership change of an unknown kind');
    steps.push({ kind, id: view.getUint32(at + 1) * 2 ** 32 + view.getUint32(at + 5) });
  }
  // A copy: the entry may be a view of a buffer that is used again.
  return { transition, steps, context: at === bytes.length ? EMPTY : Uint8Array.prototype.slice.call(bytes, at) };
}
