/**
 * What the simulator can run. A scenario takes a seed, lets a part of the product live through the history which that seed
 * means, and throws when a promise was broken. `check` runs a seed twice: a run that does something else the second time is a
 * failure of its own, since then no failing seed could be trusted.
 */
import { Trace } from '../../base/sim/index.ts';
import { powerCuts } from '../../kv/log/testing/power-cuts.ts';
import { oracleLives } from '../../kv/placement/testing/oracle-lives.ts';
import { storePowerCuts } from '../../kv/store/testing/power-cuts.ts';
import { clusterRun } from './cluster/cluster.ts';
import { placementRun } from './placement/run.ts';
import { raftRun } from './raft/cluster.ts';
import { sltRun, sqlRun } from './sql/run.ts';

export interface Scenario {
  readonly name: string;
  /** What it is held to. */
  readonly promise: string;
  readonly run: (seed: number, trace: Trace, spanS?: number) => Promise<unknown>;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'log',
    promise: 'the log holds every acknowledged operation and, of the others, a prefix, after every power cut',
    run: powerCuts,
  },
  {
    name: 'store',
    promise: 'concurrent transactions keep the bank total and are snapshot isolated; what was acknowledged survives',
    run: storePowerCuts,
  },
  {
    name: 'oracle',
    promise: 'timestamps grow and ids are new over crashes, pauses and jumps of the clock',
    run: oracleLives,
  },
  {
    name: 'raft',
    promise:
      'a cluster keeps the invariants of raft and linearizable registers under every fault, and recovers from all',
    run: (seed, trace) => raftRun(seed, trace),
  },
  {
    name: 'placement',
    promise:
      "over every fault of placement's members timestamps grow and ids are new, and two seconds after all is mended they go on",
    run: placementRun,
  },
  {
    name: 'cluster',
    promise:
      'whole stores that split, move and crash under every fault keep all promises of transactions and raw pairs, equal replicas, and recover',
    run: (seed, trace, spanS) => clusterRun(seed, trace, spanned(spanS)),
  },
  {
    name: 'sql',
    promise:
      'clients of several SQL servers over such stores keep snapshot isolation and find every index equal to its rows, while the schema changes under them',
    run: (seed, trace, spanS) => sqlRun(seed, trace, spanned(spanS)),
  },
  {
    name: 'slt',
    promise: 'the SQL tests pass on such servers',
    run: (seed, trace, spanS) => sltRun(seed, trace, spanned(spanS)),
  },
];

function spanned(spanS: number | undefined): { readonly safetyMs?: number } {
  return spanS === undefined ? {} : { safetyMs: spanS * 1000 };
}

export type Verdict =
  | { readonly kind: 'passed'; readonly hash: string; readonly simulatedMs: number }
  | { readonly kind: 'failed'; readonly hash: string; readonly error: Error; readonly lastFacts: readonly string[] }
  | { readonly kind: 'not-repeatable'; readonly hash: string; readonly other: string };

/** `spanS`: seconds under faults, of scenarios that can be made longer. */
export async function check(scenario: Scenario, seed: number, spanS?: number): Promise<Verdict> {
  const first = await once(scenario, seed, spanS);
  const second = await once(scenario, seed, spanS);
  const hash = first.trace.hash;
  if (hash !== second.trace.hash || (first.error === undefined) !== (second.error === undefined))
    return { kind: 'not-repeatable', hash, other: second.trace.hash };
  if (first.error === undefined) return { kind: 'passed', hash, simulatedMs: first.trace.simulatedMs };
  return { kind: 'failed', hash, error: first.error, lastFacts: first.trace.lastFacts };
}

async function once(
  scenario: Scenario,
  seed: number,
  spanS?: number,
): Promise<{ trace: Trace; error: Error | undefined }> {
  const trace = new Trace();
  let error: Error | undefined;
  const keep = (cause: unknown): void => {
    error ??= cause instanceof Error ? cause : new Error(String(cause));
  };
  // A promise that nobody holds any more may still carry the news: a node's own task, for instance.
  process.on('unhandledRejection', keep);
  try {
    await scenario.run(seed, trace, spanS);
    // Rejections are reported after the turn that made them.
    await new Promise((resolve) => setImmediate(resolve));
  } catch (cause) {
    keep(cause);
  } finally {
    process.off('unhandledRejection', keep);
  }
  return { trace, error };
}

export interface KeptSeed {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly why: string;
}

/** Lines of `seeds.txt`: scenario, seed, a sentence. Empty lines and those that begin with `#` say nothing. */
export function parseSeeds(text: string): readonly KeptSeed[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [, name, seed, why] = /^(\S+)\s+(\d+)\s+(\S.*)$/.exec(line) ?? [];
    const scenario = SCENARIOS.find((one) => one.name === name);
    if (scenario === undefined || why === undefined)
      throw new Error(`line ${index + 1} of the kept seeds is no "scenario seed sentence": ${line}`);
    return [{ scenario, seed: Number(seed), why }];
  });
}
