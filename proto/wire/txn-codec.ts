/**
 * Transaction commands as messages of kvproto, field by field, both ways:
 *
 *     client   command ── requestOf ──►  message                    answer ── outcomeOf ──► outcome
 *     store               message ── commandOf ──► command   outcome ── answerOf ──► answer
 *
 * What a request of another client may ask and Rutile has no word for is refused (`refusal`), never passed over.
 */
import { unreachable } from '../../base/assert.ts';
import type { Mutation, MutationKind, TxnCommand, TxnOutcome, TxnStatusAction } from '../kv/command.ts';
import type { Context } from './messages.ts';
import {
  committedError,
  keyErrorsOf,
  lockFromWire,
  lockToWire,
  outcomeOfErrors,
  rolledBackError,
} from './txn-errors.ts';
import type * as wire from './txn-messages.ts';
import { OP, PESSIMISTIC_ACTION } from './txn-messages.ts';

const MUTATION_OP: Readonly<Record<MutationKind, number>> = {
  put: OP.put,
  insert: OP.insert,
  delete: OP.delete,
  lock: OP.lock,
  'check-not-exists': OP.checkNotExists,
};
const MUTATION_KIND = new Map(Object.entries(MUTATION_OP).map(([kind, op]) => [op, kind as MutationKind]));
const ACTIONS: readonly TxnStatusAction[] = [
  'none',
  'ttl-expire-rollback',
  'lock-not-exist-rollback',
  'min-commit-ts-pushed',
  'ttl-expire-pessimistic-rollback',
  'lock-not-exist-do-nothing',
];

/** Rutile's own: the conflict check of a pessimistic transaction, against `for_update_ts`. */
const ACTION_CONFLICT = 3;
/** What a wait of 0 ms means to TiKV's clients: the store's own patience. */
const WAIT_MS_DEFAULT = 1000;
/** Longer than a timer runs: as long as it takes. */
const WAIT_FOREVER_MS = 2 ** 31;

export type TxnRequest = { readonly name: wire.TxnCommandName; readonly request: object };

// ---- client: command to message

// hot: once a command
export function requestOf(command: TxnCommand, context: Partial<Context>): TxnRequest {
  switch (command.kind) {
    case 'prewrite': {
      const plain = command.forUpdateTs === 0n && command.mutations.every((one) => one.check === 'conflict');
      const request = {
        context,
        mutations: command.mutations.map((one) => ({ op: MUTATION_OP[one.kind], key: one.key, value: one.value })),
        primary_lock: command.primary,
        start_version: command.startTs,
        lock_ttl: command.ttlMs,
        pessimistic_actions: plain ? [] : command.mutations.map(actionOf),
        txn_size: command.txnSize,
        for_update_ts: command.forUpdateTs,
        min_commit_ts: command.minCommitTs,
        try_one_pc: command.onePhase,
        max_commit_ts: command.maxCommitTs ?? 0n,
        release_keys: command.releaseKeys,
      };
      return { name: 'Prewrite', request };
    }
    case 'commit':
      return {
        name: 'Commit',
        request: {
          context,
          start_version: command.startTs,
          commit_version: command.commitTs,
          keys: command.keys,
        },
      };
    case 'rollback':
      return { name: 'BatchRollback', request: { context, start_version: command.startTs, keys: command.keys } };
    case 'cleanup':
      return {
        name: 'Cleanup',
        request: { context, key: command.key, start_version: command.startTs, current_ts: command.currentTs },
      };
    case 'check-txn-status':
      return {
        name: 'CheckTxnStatus',
        request: {
          context,
          primary_key: command.primary,
          lock_ts: command.startTs,
          caller_start_ts: command.callerStartTs,
          current_ts: command.currentTs,
          rollback_if_not_exist: command.rollbackIfNotExist,
          resolving_pessimistic_lock: command.resolvingPessimisticLock,
          verify_is_primary: command.verifyIsPrimary,
        },
      };
    case 'resolve-lock':
      return {
        name: 'ResolveLock',
        request: {
          context,
          start_version: command.startTs,
          commit_version: command.commitTs,
          keys: command.keys,
        },
      };
    case 'heartbeat':
      return {
        name: 'TxnHeartBeat',
        request: {
          context,
          primary_lock: command.primary,
          start_version: command.startTs,
          advise_lock_ttl: command.ttlMs,
        },
      };
    case 'pessimistic-lock': {
      const { waitMs } = command;
      const request = {
        context,
        mutations: command.keys.map((key) => ({ op: OP.pessimisticLock, key })),
        primary_lock: command.primary,
        start_version: command.startTs,
        lock_ttl: command.ttlMs,
        for_update_ts: command.forUpdateTs,
        wait_timeout: typeof waitMs !== 'number' ? -1 : waitMs === 0 ? WAIT_FOREVER_MS : Math.ceil(waitMs),
        return_values: command.returnValues,
        min_commit_ts: command.minCommitTs,
        lock_on_conflict: command.lockOnConflict,
        skip_locked: waitMs === 'skip-locked',
      };
      return { name: 'PessimisticLock', request };
    }
    case 'pessimistic-rollback':
      return {
        name: 'PessimisticRollback',
        request: {
          context,
          start_version: command.startTs,
          for_update_ts: command.forUpdateTs,
          keys: command.keys,
        },
      };
    default:
      return unreachable(command);
  }
}

function actionOf({ check }: Mutation): number {
  return check === 'none' ? PESSIMISTIC_ACTION.skip : check === 'locked' ? PESSIMISTIC_ACTION.check : ACTION_CONFLICT;
}

// ---- store: message to command

/** A sentence when the request asks for what is not offered. */
export function refusal(name: wire.TxnCommandName, request: object): string | undefined {
  if (name === 'Prewrite') {
    const asked = request as wire.PrewriteRequest;
    if (asked.skip_constraint_check) return 'a prewrite without constraint checks is not offered';
    if (asked.pessimistic_actions.includes(PESSIMISTIC_ACTION.constraint))
      return 'a constraint check at prewrite of a pessimistic transaction is not offered: lock the key first';
    if (asked.assertion_level !== 0 && asked.mutations.some((one) => (one.assertion ?? 0) !== 0))
      return 'assertions on mutations are not offered: use assertion level off';
    const odd = asked.mutations.find((one) => !MUTATION_KIND.has(one.op));
    if (odd !== undefined) return `a mutation of kind ${odd.op} cannot be prewritten`;
  }
  if (name === 'PessimisticLock') {
    const asked = request as wire.PessimisticLockRequest;
    if (asked.wake_up_mode !== 0) return 'locking with conflict (wake-up mode 1) is not offered';
    if (asked.lock_only_if_exists) return 'locking only what exists is not offered';
    if (asked.mutations.some((one) => one.op !== OP.pessimisticLock))
      return 'a pessimistic lock request holds pessimistic locks';
    if (asked.mutations.some((one) => (one.assertion ?? 0) !== 0))
      return 'assertions on pessimistic locks are not offered: read the value and decide';
  }
  return undefined;
}

/** `onePhase`: what the store makes of the client's wish. */
// hot: once a command
export function commandOf(name: wire.TxnCommandName, request: object, onePhase: boolean): TxnCommand | undefined {
  switch (name) {
    case 'Prewrite': {
      const asked = request as wire.PrewriteRequest;
      const { for_update_ts: forUpdateTs, pessimistic_actions: actions } = asked;
      return {
        kind: 'prewrite',
        startTs: asked.start_version,
        primary: asked.primary_lock,
        mutations: asked.mutations.map((one, i): Mutation => {
          const kind = MUTATION_KIND.get(one.op)!;
          const value = kind === 'put' || kind === 'insert' ? one.value : undefined;
          return { kind, key: one.key, value, check: checkOf(actions[i], forUpdateTs) };
        }),
        ttlMs: asked.lock_ttl,
        forUpdateTs,
        minCommitTs: asked.min_commit_ts,
        txnSize: asked.txn_size,
        onePhase,
        releaseKeys: asked.release_keys.length === 0 ? undefined : asked.release_keys,
        maxCommitTs: onePhase && asked.max_commit_ts > 0n ? asked.max_commit_ts : undefined,
      };
    }
    case 'Commit': {
      const asked = request as wire.CommitRequest;
      return { kind: 'commit', startTs: asked.start_version, commitTs: asked.commit_version, keys: asked.keys };
    }
    case 'BatchRollback': {
      const asked = request as wire.BatchRollbackRequest;
      return { kind: 'rollback', startTs: asked.start_version, keys: asked.keys };
    }
    case 'Cleanup': {
      const asked = request as wire.CleanupRequest;
      return { kind: 'cleanup', key: asked.key, startTs: asked.start_version, currentTs: asked.current_ts };
    }
    case 'CheckTxnStatus': {
      const asked = request as wire.CheckTxnStatusRequest;
      return {
        kind: 'check-txn-status',
        primary: asked.primary_key,
        startTs: asked.lock_ts,
        callerStartTs: asked.caller_start_ts,
        currentTs: asked.current_ts,
        rollbackIfNotExist: asked.rollback_if_not_exist,
        resolvingPessimisticLock: asked.resolving_pessimistic_lock,
        verifyIsPrimary: asked.verify_is_primary,
      };
    }
    case 'ResolveLock': {
      const asked = request as wire.ResolveLockRequest;
      return {
        kind: 'resolve-lock',
        startTs: asked.start_version,
        commitTs: asked.commit_version,
        keys: asked.keys.length === 0 ? undefined : asked.keys,
      };
    }
    case 'TxnHeartBeat': {
      const asked = request as wire.TxnHeartBeatRequest;
      return {
        kind: 'heartbeat',
        primary: asked.primary_lock,
        startTs: asked.start_version,
        ttlMs: asked.advise_lock_ttl,
      };
    }
    case 'PessimisticLock': {
      const asked = request as wire.PessimisticLockRequest;
      return {
        kind: 'pessimistic-lock',
        startTs: asked.start_version,
        primary: asked.primary_lock,
        keys: asked.mutations.map((one) => one.key),
        forUpdateTs: asked.for_update_ts,
        ttlMs: asked.lock_ttl,
        minCommitTs: asked.min_commit_ts,
        waitMs: asked.skip_locked ? 'skip-locked' : waitOf(asked.wait_timeout),
        returnValues: asked.return_values || asked.check_existence,
        lockOnConflict: asked.lock_on_conflict,
      };
    }
    case 'PessimisticRollback': {
      const asked = request as wire.PessimisticRollbackRequest;
      return {
        kind: 'pessimistic-rollback',
        startTs: asked.start_version,
        forUpdateTs: asked.for_update_ts,
        keys: asked.keys,
      };
    }
    default:
      return undefined;
  }
}

/** Without a word about a key, an optimistic transaction checks for conflicts, and a pessimistic one relies on another key's lock. */
function checkOf(action: number | undefined, forUpdateTs: bigint): Mutation['check'] {
  if (action === undefined) return forUpdateTs === 0n ? 'conflict' : 'none';
  if (action === PESSIMISTIC_ACTION.check) return 'locked';
  if (action === ACTION_CONFLICT) return 'conflict';
  return forUpdateTs === 0n ? 'conflict' : 'none';
}

function waitOf(ms: number): number | 'nowait' {
  if (ms < 0) return 'nowait';
  if (ms === 0) return WAIT_MS_DEFAULT;
  return ms >= WAIT_FOREVER_MS ? 0 : ms;
}

// ---- store: outcome to answer

const NOTHING = new Uint8Array(0);

/** `own`: the request came from Rutile's own client, which is told what the public answer has no field for. */
// hot: once a command
export function answerOf(command: TxnCommand, request: object, outcome: TxnOutcome, own: boolean): wire.TxnAnswer {
  const errors = keyErrorsOf(outcome, command.kind === 'commit');
  if (command.kind === 'prewrite') {
    if (errors.length > 0) return { errors };
    if (outcome.kind === 'prewritten') return { min_commit_ts: outcome.minCommitTs };
    // An earlier try went through. A client that did not ask for one phase goes on to commit, and hears of it there.
    if (outcome.kind === 'committed' && command.onePhase) return { one_pc_commit_ts: outcome.commitTs };
    if (outcome.kind === 'committed') return own ? { errors: [committedError(outcome.commitTs)] } : {};
    return { errors: [rolledBackError(command.primary)] };
  }
  if (command.kind === 'pessimistic-lock') {
    if (errors.length > 0) return { errors };
    if (outcome.kind !== 'pessimistic-locked') return { errors: [rolledBackError(command.primary)] };
    const asked = request as wire.PessimisticLockRequest;
    const { values, skipped } = outcome;
    return {
      values: asked.return_values ? values?.map((value) => value ?? NOTHING) : undefined,
      not_founds: values?.map((value) => value === undefined),
      skipped: skipped === undefined ? undefined : [...skipped],
    } as wire.TxnAnswer;
  }
  if (command.kind === 'pessimistic-rollback') return errors.length > 0 ? { errors } : {};
  if (errors.length > 0) return { error: errors[0]! };
  switch (outcome.kind) {
    case 'committed':
      if (command.kind === 'rollback') return { error: committedError(outcome.commitTs) };
      return { commit_version: outcome.commitTs };
    case 'rolled-back':
      return command.kind === 'commit' ? { error: rolledBackError(command.keys[0] ?? NOTHING) } : {};
    case 'status':
      return {
        lock_ttl: outcome.ttlMs,
        commit_version: outcome.commitTs,
        action: ACTIONS.indexOf(outcome.action),
        lock_info: outcome.lock === undefined ? null : lockToWire(outcome.lock),
      };
    case 'resolved':
      return { count: outcome.count };
    case 'alive':
      return { lock_ttl: outcome.ttlMs };
    default:
      return {};
  }
}

// ---- client: answer to outcome

/** Region errors are the caller's. */
// hot: once a command
export function outcomeOf(command: TxnCommand, answer: wire.TxnAnswer): TxnOutcome {
  if (answer.error) return outcomeOfErrors([answer.error]);
  if (answer.errors !== undefined && answer.errors.length > 0) return outcomeOfErrors(answer.errors);
  switch (command.kind) {
    case 'prewrite':
      return (answer.one_pc_commit_ts ?? 0n) > 0n
        ? { kind: 'committed', commitTs: answer.one_pc_commit_ts! }
        : { kind: 'prewritten', minCommitTs: answer.min_commit_ts ?? 0n };
    case 'commit':
      return { kind: 'committed', commitTs: answer.commit_version || command.commitTs };
    case 'cleanup':
      return (answer.commit_version ?? 0n) > 0n
        ? { kind: 'committed', commitTs: answer.commit_version! }
        : { kind: 'rolled-back' };
    case 'rollback':
    case 'pessimistic-rollback':
      return { kind: 'rolled-back' };
    case 'check-txn-status':
      return {
        kind: 'status',
        ttlMs: answer.lock_ttl ?? 0,
        commitTs: answer.commit_version ?? 0n,
        action: ACTIONS[answer.action ?? 0] ?? 'none',
        lock: answer.lock_info ? lockFromWire(answer.lock_info) : undefined,
      };
    case 'resolve-lock':
      return { kind: 'resolved', count: answer.count ?? 0 };
    case 'heartbeat':
      return { kind: 'alive', ttlMs: answer.lock_ttl ?? 0 };
    case 'pessimistic-lock': {
      const { values, not_founds: absent, skipped } = answer;
      return {
        kind: 'pessimistic-locked',
        values: command.returnValues
          ? command.keys.map((_, i) => (absent?.[i] === true ? undefined : new Uint8Array(values?.[i] ?? NOTHING)))
          : undefined,
        skipped: command.waitMs === 'skip-locked' ? command.keys.map((_, i) => skipped?.[i] === true) : undefined,
      };
    }
    default:
      return unreachable(command);
  }
}
