/**
 * Runs the golden scripts of test/scripts/txn: commands to a store's rules over a memory engine, and what they answered.
 * `RUTILE_REWRITE=1` writes the transcripts anew.
 *
 *     prewrite START PRIMARY key=put:VALUE|insert:VALUE|delete|lock|check[!|~] … [ttl=] [fu=] [min=] [one=COMMIT]
 *                                                            (`!`: holds a pessimistic lock, `~`: no conflict check)
 *     commit START COMMIT keys…   rollback START keys…   cleanup START key NOW   heartbeat START PRIMARY TTL
 *     status START PRIMARY caller=TS now=TS [create] [pessimistic] [verify]     resolve START COMMIT keys…
 *     lock START FORUPDATE PRIMARY keys… [nowait|skip] [values] [keep]          unlock START FORUPDATE keys…
 *     get TS key [passing=START] [knowing=START]   scan TS [reverse]   show   gc TS   restart
 *     T: begin | get key | scan | put key value | insert key value | delete key | lock key | prewrite | commit | abort
 *
 * Timestamps are numbers, or milliseconds: `3ms`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { packagePath } from '../../base/node/package-root.ts';
import type { LockInfo, Mutation, MutationKind, TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import { MemoryEngine } from '../engine/memory.ts';
import {
  Blocked,
  collectGarbage,
  decodeHistoryKey,
  decodeLock,
  GC_START,
  type GcCursor,
  HotPages,
  LockTable,
  Reader,
  ReadTs,
  recordCommitTs,
  RECORD_HEADER_SIZE,
  recordKind,
  recordStartTs,
  Versions,
} from '../mvcc/index.ts';
import { afterWrite, type ApplyTarget, decide, decodeEntry, EntryWriter, fillBatch, RecentTraces } from './index.ts';

const folder = packagePath('test', 'scripts', 'txn');
const rewrite = process.env['RUTILE_REWRITE'] === '1';

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.script'))
  .sort()) {
  const path = join(folder, file);
  const scenes = readFileSync(path, 'utf8')
    .trim()
    .split(/\n\n(?=# )/);
  const written: string[] = [];
  for (const scene of scenes) {
    const lines = scene.split('\n');
    const rule = lines.indexOf('---');
    const titles = lines.filter((line, i) => line.startsWith('# ') && (rule < 0 || i < rule));
    const commands = lines.slice(titles.length, rule < 0 ? undefined : rule);
    test(`${file}: ${titles[0]!.slice(2)}`, () => {
      const transcript = run(commands);
      written.push([...titles, ...commands, '---', ...transcript].join('\n'));
      if (rewrite) writeFileSync(path, `${written.join('\n\n')}\n`);
      else assert.deepEqual(transcript, lines.slice(rule + 1));
    });
  }
}

interface Mini {
  readonly startTs: bigint;
  readonly writes: Map<string, Mutation>;
  prewritten: boolean;
}

function run(commands: readonly string[]): string[] {
  const machine = new Machine();
  const transcript: string[] = [];
  for (const command of commands) transcript.push(...machine.run(command));
  return transcript;
}

class Machine {
  private readonly engine = new MemoryEngine();
  private target!: ApplyTarget;
  private reader!: Reader;
  private readonly transactions = new Map<string, Mini>();
  private now = 0n;

  constructor() {
    this.restart();
  }

  /** What a crash of the process leaves: the engine. */
  private restart(): void {
    const versions = new Versions(this.engine, new HotPages(this.engine, { family: 'latest', sizeBytesMax: 1 << 20 }));
    const locks = new LockTable();
    const traces = new RecentTraces(2);
    const floors = this.engine.get('meta', utf8('t'));
    if (floors !== undefined) traces.loadFloors(floors);
    const pairs = this.engine.iterator('lock', { lower: undefined, upper: undefined }).next(1000);
    pairs.keys.forEach((key, i) => locks.setLock(key, decodeLock(pairs.values[i]!)));
    this.target = { versions, locks, traces, rawPages: undefined, floorsChanged: false };
    this.reader = new Reader(versions, locks);
  }

  run(line: string): string[] {
    const [verb, ...rest] = line.trim().split(/\s+/) as [string, ...string[]];
    if (verb.endsWith(':')) return [`${verb} ${this.mini(verb.slice(0, -1), rest)}`];
    const flags = new Map<string, string>();
    const words: string[] = [];
    for (const word of rest) {
      const option = /^(ttl|fu|min|one|caller|now|passing|knowing)=(.*)$/.exec(word);
      if (option !== null) flags.set(option[1]!, option[2]!);
      else if (/^(nowait|skip|values|keep|create|pessimistic|verify|reverse)$/.test(word)) flags.set(word, '');
      else words.push(word);
    }
    const number = (name: string) => ts(flags.get(name) ?? '0');
    switch (verb) {
      case 'prewrite': {
        const mutations = words.slice(2).map(parseMutation);
        const one = flags.get('one');
        return [
          this.execute(
            {
              kind: 'prewrite',
              startTs: ts(words[0]!),
              primary: utf8(words[1]!),
              mutations,
              ttlMs: Number(flags.get('ttl') ?? 10),
              forUpdateTs: number('fu'),
              minCommitTs: number('min'),
              txnSize: mutations.length,
              onePhase: one !== undefined,
              releaseKeys: undefined,
            },
            one === undefined ? undefined : ts(one),
          ),
        ];
      }
      case 'commit':
        return [
          this.execute({
            kind: 'commit',
            startTs: ts(words[0]!),
            commitTs: ts(words[1]!),
            keys: words.slice(2).map(utf8),
          }),
        ];
      case 'rollback':
        return [this.execute({ kind: 'rollback', startTs: ts(words[0]!), keys: words.slice(1).map(utf8) })];
      case 'cleanup':
        return [
          this.execute({ kind: 'cleanup', startTs: ts(words[0]!), key: utf8(words[1]!), currentTs: ts(words[2]!) }),
        ];
      case 'heartbeat':
        return [
          this.execute({
            kind: 'heartbeat',
            startTs: ts(words[0]!),
            primary: utf8(words[1]!),
            ttlMs: Number(words[2]),
          }),
        ];
      case 'status':
        return [
          this.execute({
            kind: 'check-txn-status',
            startTs: ts(words[0]!),
            primary: utf8(words[1]!),
            callerStartTs: number('caller'),
            currentTs: number('now'),
            rollbackIfNotExist: flags.has('create'),
            resolvingPessimisticLock: flags.has('pessimistic'),
            verifyIsPrimary: flags.has('verify'),
          }),
        ];
      case 'resolve':
        return [
          this.execute({
            kind: 'resolve-lock',
            startTs: ts(words[0]!),
            commitTs: ts(words[1]!),
            keys: words.slice(2).map(utf8),
          }),
        ];
      case 'lock':
        return [
          this.execute({
            kind: 'pessimistic-lock',
            startTs: ts(words[0]!),
            forUpdateTs: ts(words[1]!),
            primary: utf8(words[2]!),
            keys: words.slice(3).map(utf8),
            ttlMs: Number(flags.get('ttl') ?? 10),
            minCommitTs: 0n,
            waitMs: flags.has('nowait') ? 'nowait' : flags.has('skip') ? 'skip-locked' : 0,
            returnValues: flags.has('values'),
            lockOnConflict: flags.has('keep'),
          }),
        ];
      case 'unlock':
        return [
          this.execute({
            kind: 'pessimistic-rollback',
            startTs: ts(words[0]!),
            forUpdateTs: ts(words[1]!),
            keys: words.slice(2).map(utf8),
          }),
        ];
      case 'get': {
        const set = (name: string) => (flags.has(name) ? new Set([number(name)]) : undefined);
        const found = this.reader.get(utf8(words[1]!), new ReadTs(ts(words[0]!)), {
          resolved: set('passing'),
          committed: set('knowing'),
        });
        return [found instanceof Blocked ? blockedText(found) : found === undefined ? 'nothing' : fromUtf8(found)];
      }
      case 'scan':
        return [this.scan(ts(words[0]!), flags.has('reverse'))];
      case 'gc':
        return [this.collect(ts(words[0]!))];
      case 'restart':
        this.restart();
        return ['restarted'];
      case 'show':
        return this.show();
      default:
        throw new Error(`no such command: ${line}`);
    }
  }

  private execute(command: TxnCommand, commitTs?: bigint): string {
    const decision = decide(this.target, command);
    let { outcome } = decision;
    for (const { key, lock, startTs } of decision.memory ?? []) {
      if (lock === undefined) this.target.locks.clear(key, startTs);
      else this.target.locks.setPessimistic(key, lock);
    }
    const set = decision.writes;
    if (decision.onePhase) {
      if (set !== undefined) set.commitTs = commitTs!;
      outcome = { kind: 'committed', commitTs: commitTs! };
    }
    if (set !== undefined && set.writes.length > 0) {
      // Through the log entry's form, as a replay would see it.
      const entry = new EntryWriter(16);
      entry.add(set);
      for (const decoded of decodeEntry(entry.finish())) {
        const batch = this.engine.batch();
        fillBatch(this.target, decoded, batch);
        if (this.target.floorsChanged) batch.put('meta', utf8('t'), this.target.traces.encodeFloors());
        this.target.floorsChanged = false;
        this.engine.write(batch);
        afterWrite(this.target, decoded, () => undefined);
      }
    }
    this.target.versions.pages!.check();
    return print(outcome) + (decision.wait === undefined ? '' : ', waits');
  }

  private scan(at: bigint, reverse: boolean): string {
    const parts: string[] = [];
    const scan = this.reader.scan({ lower: new Uint8Array(0), upper: undefined }, new ReadTs(at), {
      reverse,
      long: false,
      limit: 2,
    });
    for (;;) {
      const sink = {
        count: 0,
        pushSlice(kb: Uint8Array, ks: number, ke: number, vb: Uint8Array, vs: number, ve: number) {
          this.count++;
          parts.push(`${fromUtf8(kb.slice(ks, ke))}=${fromUtf8(vb.slice(vs, ve))}`);
        },
      };
      const step = scan.step(sink, 2, undefined);
      assert(!(step instanceof Promise));
      if (step === 'more') continue;
      if (step !== 'end') parts.push(blockedText(step));
      return parts.length === 0 ? 'nothing' : parts.join(' ');
    }
  }

  private collect(safePoint: bigint): string {
    let count = 0;
    for (let cursor: GcCursor | undefined = GC_START; cursor !== undefined;) {
      const batch = this.engine.batch();
      const step: ReturnType<typeof collectGarbage> = collectGarbage({
        engine: this.engine,
        locks: this.target.locks,
        safePoint,
        cursor,
        countMax: 2,
        batch,
      });
      this.engine.write(batch);
      for (const key of step.removed) this.target.versions.pages!.remove(key);
      count += step.deletedCount;
      cursor = step.next;
    }
    return `forgot ${count}`;
  }

  private show(): string[] {
    const lines: string[] = [];
    const all = (family: 'latest' | 'history' | 'lock') =>
      this.engine.iterator(family, { lower: undefined, upper: undefined }).next(1000);
    const record = (bytes: Uint8Array) =>
      `${showTs(recordCommitTs(bytes, 0))} from ${showTs(recordStartTs(bytes, 0))} ${recordKind(bytes, 0) === 1 ? `put ${fromUtf8(bytes.slice(RECORD_HEADER_SIZE))}` : 'delete'}`;
    const latest = all('latest');
    latest.keys.forEach((key, i) => lines.push(`  latest ${fromUtf8(key)} ${record(latest.values[i]!)}`));
    const history = all('history');
    history.keys.forEach((key, i) => {
      const { key: user, ts: at, recordClass } = decodeHistoryKey(key);
      const text =
        recordClass === 0
          ? record(history.values[i]!)
          : recordClass === 1
            ? `${showTs(at)} rolled back`
            : `${showTs(at)} locked`;
      lines.push(`  history ${fromUtf8(user)} ${text}`);
    });
    this.target.locks.states.forEach((state) => {
      if (state.lock !== undefined) lines.push(`  ${lockText({ key: state.key, ...state.lock })}`);
      if (state.pessimistic !== undefined) lines.push(`  memory ${lockText({ key: state.key, ...state.pessimistic })}`);
    });
    return lines.length === 0 ? ['  empty'] : lines;
  }

  private mini(name: string, words: readonly string[]): string {
    const [verb, key = '', value = ''] = words;
    if (verb === 'begin') {
      this.transactions.set(name, { startTs: ++this.now, writes: new Map(), prewritten: false });
      return `begins at ${this.now}`;
    }
    const txn = this.transactions.get(name)!;
    const add = (kind: MutationKind) => {
      txn.writes.set(key, { kind, key: utf8(key), value: value === '' ? undefined : utf8(value), check: 'conflict' });
      return `${kind} ${key}${value === '' ? '' : ` ${value}`}`;
    };
    switch (verb) {
      case 'get': {
        const own = txn.writes.get(key);
        if (own !== undefined && own.kind !== 'lock')
          return `${key} is ${own.value === undefined ? 'nothing' : fromUtf8(own.value)}`;
        return `${key} is ${this.run(`get ${txn.startTs} ${key}`)[0]}`;
      }
      case 'scan':
        return `sees ${this.run(`scan ${txn.startTs}`)[0]}`;
      case 'put':
      case 'insert':
      case 'delete':
      case 'lock':
        return add(verb);
      case 'prewrite':
      case 'commit': {
        const mutations = [...txn.writes.values()];
        const primary = mutations[0]!.key;
        if (!txn.prewritten) {
          const prewrite: TxnCommand = {
            kind: 'prewrite',
            startTs: txn.startTs,
            primary,
            mutations,
            ttlMs: 10,
            forUpdateTs: 0n,
            minCommitTs: 0n,
            txnSize: mutations.length,
            onePhase: false,
            releaseKeys: undefined,
          };
          const outcome = this.execute(prewrite);
          if (outcome !== 'prewritten') return outcome;
          txn.prewritten = true;
        }
        if (verb === 'prewrite') return 'prewritten';
        return this.execute({
          kind: 'commit',
          startTs: txn.startTs,
          commitTs: ++this.now,
          keys: mutations.map((mutation) => mutation.key),
        });
      }
      case 'abort': {
        const keys = [...txn.writes.values()].map((mutation) => mutation.key);
        return txn.prewritten ? this.execute({ kind: 'rollback', startTs: txn.startTs, keys }) : 'aborted';
      }
      default:
        throw new Error(`no such step: ${words.join(' ')}`);
    }
  }
}

function parseMutation(word: string): Mutation {
  const [key, what] = word.split('=') as [string, string];
  const check = what.endsWith('!') ? 'locked' : what.endsWith('~') ? 'none' : 'conflict';
  const [kind, value] = what.replace(/[!~]$/, '').split(':') as [string, string | undefined];
  return {
    kind: (kind === 'check' ? 'check-not-exists' : kind) as MutationKind,
    key: utf8(key),
    value: value === undefined ? undefined : utf8(value),
    check,
  };
}

function ts(word: string): bigint {
  if (word === 'max') return 0xffffffffffffffffn;
  return word.endsWith('ms') ? BigInt(word.slice(0, -2)) << 18n : BigInt(word);
}

function showTs(value: bigint): string {
  if (value < 1n << 18n) return String(value);
  const rest = value & ((1n << 18n) - 1n);
  return `${value >> 18n}ms${rest === 0n ? '' : `+${rest}`}`;
}

function blockedText(blocked: Blocked): string {
  const { state } = blocked;
  return `blocked by ${state.lock === undefined ? 'a commit on its way' : lockText({ key: state.key, ...state.lock })}`;
}

function lockText(lock: LockInfo): string {
  const extra =
    (lock.forUpdateTs === 0n ? '' : ` fu ${showTs(lock.forUpdateTs)}`) +
    (lock.minCommitTs === 0n ? '' : ` min ${showTs(lock.minCommitTs)}`);
  return `lock ${fromUtf8(lock.key)} ${lock.kind} of ${showTs(lock.startTs)} primary ${fromUtf8(lock.primary)} ttl ${lock.ttlMs}${extra}`;
}

function print(outcome: TxnOutcome): string {
  switch (outcome.kind) {
    case 'committed':
      return `committed ${showTs(outcome.commitTs)}`;
    case 'locked':
      return `locked: ${outcome.locks.map(lockText).join(', ')}`;
    case 'write-conflict':
      return `write conflict on ${fromUtf8(outcome.key)} (${outcome.reason}) with ${showTs(outcome.conflictCommitTs)} from ${showTs(outcome.conflictStartTs)}`;
    case 'key-exists':
      return `key ${fromUtf8(outcome.key)} exists`;
    case 'pessimistic-lock-not-found':
      return `pessimistic lock on ${fromUtf8(outcome.key)} not found`;
    case 'txn-not-found':
      return `transaction ${showTs(outcome.startTs)} not found at ${fromUtf8(outcome.key)}`;
    case 'commit-ts-expired':
      return `commit at ${showTs(outcome.commitTs)} is below ${showTs(outcome.minCommitTs)}, promised at ${fromUtf8(outcome.key)}`;
    case 'primary-mismatch':
      return `not the primary: ${lockText(outcome.lock)}`;
    case 'status': {
      const state =
        outcome.ttlMs > 0
          ? `alive ttl ${outcome.ttlMs}`
          : outcome.commitTs > 0n
            ? `committed ${showTs(outcome.commitTs)}`
            : 'rolled back';
      return `${state}, ${outcome.action}`;
    }
    case 'resolved':
      return `resolved ${outcome.count}`;
    case 'alive':
      return `alive ttl ${outcome.ttlMs}`;
    case 'pessimistic-locked':
      return `locked${outcome.values === undefined ? '' : ` values ${outcome.values.map((value) => (value === undefined ? '-' : fromUtf8(value))).join(',')}`}${outcome.skipped === undefined ? '' : ` skipped ${outcome.skipped.join(',')}`}`;
    case 'failed':
      return `failed: ${outcome.error.message}`;
    default:
      return outcome.kind;
  }
}
