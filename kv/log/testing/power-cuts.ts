/**
 * The log under power cuts: a random workload over a few regions, the power gone at random moments (at times during recovery),
 * and after each cut the question whether the log holds every acknowledged operation and, of the others, a prefix. Tests of
 * the log and `npm run sim` share it.
 */
import assert from 'node:assert/strict';
import { checksum } from '../../../base/checksum.ts';
import { SeededRandom } from '../../../base/random.ts';
import { Simulation, type SimulationOptions, type SimWorld, type Trace } from '../../../base/sim/index.ts';
import type { Random } from '../../../base/world.ts';
import { SegmentLog, type LogEntry, type LogState, type SegmentLogOptions } from '../index.ts';

const FOLDER = 'log';
export const SMALL: SegmentLogOptions = {
  folder: FOLDER,
  segmentSizeBytes: 32 * 1024,
  groupSizeBytesMax: 4096,
  tailSizeBytesMax: 8192,
};

type Change =
  | {
      readonly kind: 'append';
      readonly regionId: number;
      readonly entries: readonly LogEntry[];
      readonly state: LogState | undefined;
    }
  | { readonly kind: 'purge'; readonly regionId: number; readonly index: number }
  | { readonly kind: 'remove'; readonly regionId: number };

interface ModelRegion {
  first: number;
  started: boolean;
  entries: LogEntry[];
  state: LogState | undefined;
}

/** All that was asked of the log, in order, and how much of it was acknowledged. */
export class Model {
  changes: Change[] = [];
  acknowledged = 0;

  after(count: number): Map<number, ModelRegion> {
    const regions = new Map<number, ModelRegion>();
    for (const change of this.changes.slice(0, count)) apply(regions, change);
    return regions;
  }

  /** After a crash history is what survived. */
  cut(count: number): void {
    this.changes = this.changes.slice(0, count);
    this.acknowledged = count;
  }
}

function apply(regions: Map<number, ModelRegion>, change: Change): void {
  const region = regions.get(change.regionId);
  if (change.kind === 'remove') {
    regions.delete(change.regionId);
  } else if (change.kind === 'purge') {
    if (!region || change.index <= region.first) return;
    region.entries = region.entries.filter((one) => one.index >= change.index);
    region.first = change.index;
    region.started = true;
  } else {
    const target = region ?? { first: 1, started: false, entries: [], state: undefined };
    regions.set(change.regionId, target);
    if (change.state) target.state = change.state;
    if (change.entries.length === 0) return;
    const index = change.entries[0]!.index;
    if (!target.started) target.first = index;
    target.started = true;
    target.entries = [...target.entries.filter((one) => one.index < index), ...change.entries];
  }
}

/** Four lives of one log. Throws when one of them lost something; returns how often the power was cut. */
export async function powerCuts(seed: number, trace?: Trace): Promise<number> {
  const random = new SeededRandom(seed).fork('workload');
  const slow = seed % 5 === 0;
  const made = machine({ seed, disk: { writeDelayMs: slow ? [0.05, 40] : [0.05, 1] } });
  const { simulation } = made;
  let { world } = made;
  const model = new Model();
  let cuts = 0;
  for (let life = 0; life < 4; life++) {
    // Sometimes the power goes while the log is being recovered.
    if (random.below(4) === 0) {
      SegmentLog.open(world, SMALL).catch(() => undefined);
      await simulation.time.runUntil(simulation.time.nowMs + random.unit() * 3);
      world = world.crash();
    }
    const log = await simulation.time.runFor(SegmentLog.open(world, SMALL)).catch((cause) => {
      throw new Error(`seed ${seed} life ${life}`, { cause });
    });
    const survived = await prefixOf(simulation, log, model);
    assert(
      survived !== undefined,
      `seed ${seed} life ${life}: the log is no prefix that holds all that was acknowledged`,
    );
    trace?.add(
      `${simulation.time.nowMs} life ${life}: ${survived} of ${model.changes.length}, acknowledged ${model.acknowledged}`,
    );
    model.cut(survived);
    await work(simulation, log, model, random, 20 + random.below(150));
    if (random.below(5) === 0) {
      await simulation.time.runFor(log.close());
      continue;
    }
    world = world.crash();
    cuts++;
  }
  trace?.ranFor(simulation.time.nowMs);
  return cuts;
}

/** Issues changes without waiting for most of them, while time passes now and then. */
export async function work(
  simulation: Simulation,
  log: SegmentLog,
  model: Model,
  random: Random,
  count: number,
): Promise<void> {
  const regions = model.after(model.changes.length);
  for (let i = 0; i < count; i++) {
    const change = draw(regions, random);
    apply(regions, change);
    const position = model.changes.push(change);
    const done = (error: Error | undefined): void => {
      assert.equal(error, undefined);
      assert(position > model.acknowledged, 'acknowledged out of order');
      model.acknowledged = position;
    };
    if (change.kind === 'append')
      assert.equal(
        log.appendThen({ regionId: change.regionId, entries: change.entries, state: change.state }, done),
        undefined,
      );
    else if (change.kind === 'purge') log.purge(change.regionId, change.index);
    else
      log.removeRegion(change.regionId).then(
        () => undefined,
        () => undefined,
      );
    if (random.below(3) === 0) await simulation.time.runUntil(simulation.time.nowMs + random.unit() * 2);
    if (random.below(60) === 0) await simulation.time.runUntil(simulation.time.nowMs + 300);
  }
}

function draw(regions: ReadonlyMap<number, ModelRegion>, random: Random): Change {
  const regionId = 1 + random.below(3);
  const region = regions.get(regionId);
  const kind = random.below(20);
  if (region && region.entries.length > 0 && kind < 3) {
    const last = region.first + region.entries.length - 1;
    // Mostly most of it; at times a snapshot takes the place of everything.
    const index =
      random.below(10) === 0 ? last + 1 + random.below(20) : Math.max(region.first + 1, last + 1 - random.below(12));
    return { kind: 'purge', regionId, index };
  }
  if (region && kind === 3 && random.below(6) === 0) return { kind: 'remove', regionId };
  const next = region?.started ? region.first + region.entries.length : 1 + random.below(50);
  const rewrite = region && region.entries.length > 3 && random.below(15) === 0 ? random.below(3) : 0;
  const entryCount = random.below(12) === 0 ? 0 : 1 + random.below(random.below(10) === 0 ? 8 : 2);
  const entries = Array.from({ length: entryCount }, (_, i) => ({
    index: next - rewrite + i,
    term: 1 + random.below(1000),
    data: random.bytes(random.below(random.below(20) === 0 ? 6000 : 300)),
  }));
  const state =
    entryCount === 0 || random.below(2) === 0
      ? { term: random.below(100), vote: random.below(2 ** 32) * 1000, commit: random.below(100) }
      : undefined;
  return { kind: 'append', regionId, entries, state };
}

/** How many changes the log holds: the longest prefix that it equals, if that is no shorter than what was acknowledged. */
async function prefixOf(simulation: Simulation, log: SegmentLog, model: Model): Promise<number | undefined> {
  const actual = await picture(simulation, log);
  for (let count = model.changes.length; count >= model.acknowledged; count--) {
    if (expectedPicture(model.after(count)) === actual) return count;
  }
  return undefined;
}

export async function picture(simulation: Simulation, log: SegmentLog): Promise<string> {
  const lines: string[] = [];
  for (const regionId of log.regions()) {
    const first = log.firstIndex(regionId);
    const last = log.lastIndex(regionId);
    const entries = last >= first ? await simulation.time.runFor(log.read(regionId, first, last + 1, Infinity)) : [];
    lines.push(line(regionId, first, entries, log.state(regionId)));
  }
  return lines.join('\n');
}

export function expectedPicture(regions: ReadonlyMap<number, ModelRegion>): string {
  return [...regions]
    .sort(([left], [right]) => left - right)
    .map(([regionId, region]) => line(regionId, region.first, region.entries, region.state))
    .join('\n');
}

function line(regionId: number, first: number, entries: readonly LogEntry[], state: LogState | undefined): string {
  return `${regionId} from ${first}: ${show(entries).join(' ')} ${state ? `${state.term}/${state.vote}/${state.commit}` : ''}`;
}

export function show(entries: readonly LogEntry[]): string[] {
  return entries.map(({ index, term, data }) => `${index}:${term}:${data.length}:${checksum(data, 0, data.length)}`);
}

export function machine(options: SimulationOptions): { simulation: Simulation; world: SimWorld } {
  const simulation = new Simulation(options);
  return { simulation, world: simulation.node('a') };
}
