/**
 * Transactional messages: bytes that another encoder made (Go's kvproto) are read with all 64 bits of their timestamps and written again as they were;
 * commands and outcomes come back from the wire as they went.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';
import { utf8 } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import type { LockInfo, TxnCommand, TxnOutcome } from '../kv/command.ts';
import { RAW_SPACE, type RegionDescriptor, regionKey, ROW_SPACE } from '../kv/region.ts';
import { kvrpc, pd, tikv, type BatchCommandsRequest, type RegionError, type SafePointRequest } from './messages.ts';
import { decodeBound, encodeBound, errorOfRegionError, placeOf, regionErrorOf, regionFromWire, regionToWire } from './region-errors.ts'; // prettier-ignore
import { answerOf, commandOf, outcomeOf, refusal, requestOf } from './txn-codec.ts';
import { failureToKeyError } from './txn-errors.ts';
import type * as wire from './txn-messages.ts';

const T = 459_999_999_999_999_999n;
const MAX = 0xffffffffffffffffn;
const FOLDER = `${PACKAGE_ROOT}/test/data/protobuf`;
const foreign = (name: string): Buffer => Buffer.from(readFileSync(`${FOLDER}/${name}.hex`, 'utf8').trim(), 'hex');
const bytes = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString();

function read<T>(name: string): T {
  return kvrpc<T>(name).decode(foreign(`kv${name}`));
}

test('bytes of another encoder keep all 64 bits of their timestamps', () => {
  const get = read<wire.GetRequest>('GetRequest');
  assert.equal(get.version, MAX);
  assert.deepEqual(get.context!.resolved_locks, [1n, MAX]);
  assert.deepEqual(get.context!.committed_locks, [T]);
  const { locked } = read<wire.TxnAnswer>('GetResponse').error!;
  assert.equal(locked!.lock_version, T);
  assert.equal(locked!.lock_for_update_ts, T + 1n);
  assert.equal(locked!.min_commit_ts, T + 2n);
  assert.deepEqual([locked!.lock_ttl, locked!.txn_size, locked!.use_async_commit], [3000, 7, true]);
  const prewrite = read<wire.PrewriteRequest>('PrewriteRequest');
  assert.deepEqual(
    [prewrite.start_version, prewrite.for_update_ts, prewrite.min_commit_ts, prewrite.max_commit_ts],
    [T, T + 3n, T + 1n, T + 99n],
  );
  assert.deepEqual([...prewrite.pessimistic_actions].map(Number), [1, 0]);
  const lock = read<wire.PessimisticLockRequest>('PessimisticLockRequest');
  assert.deepEqual([lock.wait_timeout, lock.return_values, lock.for_update_ts], [-1, true, T + 5n]);
  const dead = read<wire.TxnAnswer>('PessimisticLockResponse').errors![0]!.deadlock!;
  assert.deepEqual([dead.lock_ts, dead.deadlock_key_hash, dead.wait_chain[0]!.wait_for_txn], [T, MAX, T + 1n]);
  const commit = read<wire.TxnAnswer>('CommitResponse');
  assert.equal(commit.error!.commit_ts_expired!.attempted_commit_ts, T + 1n);
  assert.equal(commit.region_error!.epoch_not_match!.current_regions[0]!.region_epoch.version, 6);
  assert.equal(read<wire.ResolveLockRequest>('ResolveLockRequest').txn_infos[0]!.status, T + 1n);
  const batch = tikv<BatchCommandsRequest>('BatchCommandsRequest').decode(foreign('BatchCommandsRequest-txn'));
  assert.deepEqual(
    batch.requests.map((request) => request.cmd),
    ['Get', 'Commit', 'TxnHeartBeat', 'CheckSecondaryLocks'],
  );
  assert.equal((batch.requests[1]!['Commit'] as wire.CommitRequest).commit_version, T + 1n);
  const safe = pd<SafePointRequest>('UpdateGCSafePointRequest').decode(foreign('UpdateGCSafePointRequest'));
  assert.equal(safe.safe_point, MAX);
});

test('what another encoder wrote is written again byte for byte', () => {
  for (const name of readdirSync(FOLDER).filter((one) => one.startsWith('kv'))) {
    const stem = name.slice(0, -'.hex'.length);
    const codec = kvrpc<unknown>(stem.slice(2));
    const again = Buffer.from(codec.encode(codec.decode(foreign(stem))).finish());
    assert.equal(again.toString('hex'), foreign(stem).toString('hex'), stem);
  }
});

const a = utf8('a');
const b = utf8('b');
const lock: LockInfo = { key: b, primary: a, kind: 'pessimistic', startTs: T, ttlMs: 5, forUpdateTs: T + 2n, minCommitTs: 0n, txnSize: 3 }; // prettier-ignore
const prewrite: TxnCommand = {
  kind: 'prewrite', startTs: T, primary: a, ttlMs: 3000, forUpdateTs: 0n, minCommitTs: T + 1n, txnSize: 2, onePhase: true, releaseKeys: undefined,
  mutations: [{ kind: 'insert', key: a, value: b, check: 'conflict' }, { kind: 'delete', key: b, value: undefined, check: 'conflict' }],
}; // prettier-ignore
const lockKeys: TxnCommand = {
  kind: 'pessimistic-lock', startTs: T, primary: a, keys: [a, b], forUpdateTs: T, ttlMs: 9, minCommitTs: 0n, waitMs: 0, returnValues: true, lockOnConflict: true,
}; // prettier-ignore
const status: TxnCommand = {
  kind: 'check-txn-status', primary: a, startTs: T, callerStartTs: MAX, currentTs: T + 1n, rollbackIfNotExist: true, resolvingPessimisticLock: true, verifyIsPrimary: true,
}; // prettier-ignore
const commands: TxnCommand[] = [
  prewrite,
  { ...prewrite, forUpdateTs: T + 9n, releaseKeys: [b], mutations: (['none', 'locked', 'conflict'] as const).map((check) => ({ kind: 'put', key: a, value: b, check })) },
  { kind: 'commit', startTs: T, commitTs: T + 1n, keys: [a, b] },
  { kind: 'rollback', startTs: T, keys: [a] },
  { kind: 'cleanup', key: a, startTs: T, currentTs: 0n },
  status,
  { kind: 'resolve-lock', startTs: T, commitTs: 0n, keys: [a] },
  { kind: 'heartbeat', primary: a, startTs: T, ttlMs: 77 },
  lockKeys,
  { ...lockKeys, waitMs: 'nowait' }, { ...lockKeys, waitMs: 'skip-locked' }, { ...lockKeys, waitMs: 50, returnValues: false, lockOnConflict: false },
  { kind: 'pessimistic-rollback', startTs: T, forUpdateTs: T, keys: [a, b] },
]; // prettier-ignore

const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one instanceof Uint8Array ? bytes(one) : (one as { type?: string })?.type === 'Buffer' ? Buffer.from((one as unknown as { data: number[] }).data).toString() : one))); // prettier-ignore

function overTheWire(command: TxnCommand): { name: wire.TxnCommandName; request: wire.PrewriteRequest } {
  const { name, request } = requestOf(command, { region_id: 1 });
  const codec = kvrpc<object>(`${name}Request`);
  return { name, request: codec.decode(codec.encode(request).finish()) as wire.PrewriteRequest };
}

test('commands come back from the wire as they went', () => {
  for (const command of commands) {
    const { name, request } = overTheWire(command);
    assert.equal(refusal(name, request), undefined);
    assert.deepEqual(plain(commandOf(name, request, request.try_one_pc)), plain(command), command.kind);
  }
});

const conflict = {
  kind: 'write-conflict',
  key: a,
  startTs: T,
  conflictStartTs: T + 1n,
  conflictCommitTs: MAX,
} as const;
const cases: (readonly [TxnCommand, TxnOutcome])[] = [
  [prewrite, { kind: 'committed', commitTs: MAX }],
  [{ ...prewrite, onePhase: false }, { kind: 'prewritten', minCommitTs: 0n }],
  [{ ...prewrite, onePhase: false }, { kind: 'committed', commitTs: T }],
  [prewrite, { kind: 'locked', locks: [lock, { ...lock, kind: 'put' }] }],
  [prewrite, { ...conflict, reason: 'optimistic' }],
  [prewrite, { kind: 'key-exists', key: b }],
  [prewrite, { kind: 'pessimistic-lock-not-found', key: b }],
  [prewrite, { kind: 'failed', error: new RutileError('kv.closed', 'shut') }],
  [commands[2]!, { kind: 'committed', commitTs: T + 1n }],
  [commands[2]!, { kind: 'rolled-back' }],
  [commands[2]!, { kind: 'txn-not-found', startTs: T, key: b }],
  [commands[2]!, { kind: 'commit-ts-expired', key: a, startTs: T, commitTs: T + 1n, minCommitTs: T + 2n }],
  [commands[3]!, { kind: 'rolled-back' }],
  [commands[3]!, { kind: 'committed', commitTs: T }],
  [commands[4]!, { kind: 'committed', commitTs: T }],
  [commands[4]!, { kind: 'locked', locks: [lock] }],
  [status, { kind: 'status', ttlMs: 3, commitTs: 0n, action: 'min-commit-ts-pushed', lock }],
  [status, { kind: 'status', ttlMs: 0, commitTs: T, action: 'none', lock: undefined }],
  [status, { kind: 'txn-not-found', startTs: T, key: a }],
  [status, { kind: 'primary-mismatch', lock }],
  [commands[6]!, { kind: 'resolved', count: 4 }],
  [commands[7]!, { kind: 'alive', ttlMs: 77 }],
  [lockKeys, { kind: 'pessimistic-locked', values: [utf8(''), undefined], skipped: undefined }],
  [{ ...lockKeys, waitMs: 'skip-locked', returnValues: false }, { kind: 'pessimistic-locked', values: undefined, skipped: [true, false] }],
  [lockKeys, { kind: 'wait-timeout', key: b, lock }],
  [lockKeys, { ...conflict, reason: 'self-rolled-back' }],
  [lockKeys, { kind: 'deadlock', key: a, chain: [{ waiter: T, holder: T + 1n, key: b }] }],
  [commands[12]!, { kind: 'rolled-back' }],
]; // prettier-ignore

test('outcomes come back from the wire as they went', () => {
  for (const [command, outcome] of cases) {
    const { name, request } = overTheWire(command);
    const codec = kvrpc<wire.TxnAnswer>(`${name}Response`);
    const answer = codec.decode(codec.encode(answerOf(command, request, outcome, true)).finish());
    assert.deepEqual(plain(outcomeOf(command, answer)), plain(outcome), `${command.kind}: ${outcome.kind}`);
  }
});

test('another client hears of a one-phase commit only when it asked for one', () => {
  const asked = overTheWire({ ...(prewrite as object), onePhase: false } as TxnCommand).request;
  const answer = answerOf({ ...(prewrite as object), onePhase: false } as TxnCommand, asked, { kind: 'committed', commitTs: T }, false); // prettier-ignore
  assert.deepEqual(answer, {});
});

test('what is not offered is refused in words', () => {
  const base = overTheWire(prewrite).request;
  const ask = (change: object, name: wire.TxnCommandName = 'Prewrite') => refusal(name, Object.assign(Object.create(base) as object, change)); // prettier-ignore
  assert.match(ask({ skip_constraint_check: true })!, /without constraint checks/);
  assert.match(ask({ pessimistic_actions: [2] })!, /constraint check/);
  assert.match(ask({ mutations: [{ op: 3, key: a }] })!, /kind 3/);
  assert.match(ask({ assertion_level: 1, mutations: [{ op: 0, key: a, assertion: 2 }] })!, /assertions/);
  const locks = overTheWire(lockKeys).request;
  assert.match(refusal('PessimisticLock', Object.assign(Object.create(locks) as object, { wake_up_mode: 1 }))!, /wake-up/); // prettier-ignore
});

const region: RegionDescriptor = {
  id: 7, lower: regionKey(RAW_SPACE, utf8('m')), upper: regionKey(ROW_SPACE, utf8('long row key')), epoch: { confVersion: 2, version: 9 },
  peers: [{ id: 71, storeId: 1, role: 'voter' }, { id: 72, storeId: 2, role: 'learner' }],
}; // prettier-ignore

test('a region is shown as its reader wants it', () => {
  assert.deepEqual(regionFromWire(regionToWire(region, 'space')!), region);
  const raw = regionToWire(region, 'raw')!;
  assert.deepEqual([bytes(raw.start_key), bytes(raw.end_key)], ['m', '']);
  const rows = regionToWire(region, 'memcomparable')!;
  assert.equal(rows.start_key.length, 0);
  assert.equal(Buffer.from(rows.end_key).toString('hex'), '6c6f6e6720726f77ff206b657900000000fb');
  assert.equal(bytes(decodeBound(rows.end_key)), 'long row key');
  assert.deepEqual(placeOf(rows.end_key, 'memcomparable'), region.upper);
  assert.equal(regionToWire({ ...region, upper: utf8('rz') }, 'memcomparable'), undefined);
  assert.equal(bytes(decodeBound(encodeBound(utf8('12345678')))), '12345678');
  assert.throws(() => decodeBound(utf8('short')), { code: 'kv.bad-key' });
});

test('errors about regions come back as the router wants them', () => {
  const place = { regionId: 7, storeId: 1, form: 'space' as const, describe: () => region };
  const through = (error: RutileError) => {
    const codec = kvrpc<{ region_error: RegionError }>('GetResponse');
    const sent = regionErrorOf(error, place)!;
    return errorOfRegionError(codec.decode(codec.encode({ region_error: sent }).finish()).region_error);
  };
  const led = through(new RutileError('kv.not-leader', 'elsewhere', { fields: { leaderStoreId: 2 } }));
  assert.deepEqual([led.code, led.fields['leaderStoreId']], ['kv.not-leader', 2]);
  const sent = regionErrorOf(new RutileError('kv.not-leader', 'x', { fields: { leaderStoreId: 2 } }), place)!;
  assert.equal(sent.not_leader!.leader!.id, 72);
  const moved = through(new RutileError('kv.epoch', 'split', { fields: { regions: [region] } }));
  assert.deepEqual(plain(moved.fields['regions']), plain([region]));
  for (const code of [
    'kv.no-region',
    'kv.proposal-lost',
    'kv.busy',
    'disk.full',
    'kv.read-only',
    'kv.entry-too-large',
    'kv.undetermined',
    'log.overloaded',
  ])
    // prettier-ignore
    assert.equal(through(new RutileError(code, 'm')).code, code);
  assert.equal(regionErrorOf(new RutileError('kv.closed', 'm'), place), undefined);
  assert.equal(failureToKeyError(new RutileError('kv.closed', 'm')).code, 'kv.closed');
});
