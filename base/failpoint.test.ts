/** Failpoints: the notation, what each action does, and that a simulation stays reproducible with chances in it. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import fc from 'fast-check';
import { parseFailpoints, parsePlan, printPlan, type FailpointAction, type FailpointTerm } from './failpoint-plan.ts';
import { Failpoint, FAILPOINTS, Failpoints, FailpointPanic, setFailpointHost } from './failpoint.ts';
import { Simulation } from './sim/index.ts';

const CATALOG = {
  'a::here': { at: 'here', waits: false, returns: 'fails' },
  'a::waits': { at: 'there', waits: true },
} as const;

afterEach(() => {
  setFailpointHost(undefined);
  FAILPOINTS.clearAll();
});

function host() {
  const lines: string[] = [];
  setFailpointHost({
    panic: (message) => {
      throw new FailpointPanic(message);
    },
    print: (message) => void lines.push(message),
    block: (ms) => void lines.push(`blocked ${ms}`),
  });
  return lines;
}

test('a chain is taken term by term, and a spent point is unarmed', () => {
  const points = new Failpoints(CATALOG);
  const point = points.point('a::here');
  assert.equal(point.armed, false);
  points.set('a::here', '2*return(x)->1*return->off');
  assert.deepEqual([point.hit(), point.hit(), point.armed, point.hit()], ['x', 'x', true, '']);
  assert.equal(point.armed, false, 'what is left is off');
  assert.equal(point.hit(), undefined);
  points.set('a::here', '1*off->return(y)');
  assert.deepEqual([point.hit(), point.hit(), point.hit()], [undefined, 'y', 'y']);
  points.clear('a::here');
  assert.equal(point.armed, false);
});

test('print, sleep and delay at a place that cannot wait; panic', () => {
  const lines = host();
  const point = new Failpoint('a::here', CATALOG['a::here']);
  point.set(parsePlan('1*print(hello (you))->1*sleep(5)->1*delay(7)->panic(the end)'));
  for (let i = 0; i < 3; i++) point.hit();
  assert.deepEqual(lines, ['failpoint a::here: hello (you)', 'blocked 5', 'blocked 7']);
  assert.throws(() => point.hit(), new FailpointPanic('failpoint a::here: the end'));
});

test('sleep, yield and pause hold up only who came by', async () => {
  const simulation = new Simulation({ seed: 1 });
  const world = simulation.node('n');
  const point = new Failpoint('a::waits', CATALOG['a::waits']);
  const done: string[] = [];
  point.set(parsePlan('1*sleep(50)->1*yield->pause'));
  for (const name of ['sleep', 'yield', 'pause']) void point.reach(world).then(() => done.push(name));
  await simulation.time.runUntil(10);
  assert.deepEqual(done, ['yield']);
  await simulation.time.runUntil(100);
  assert.deepEqual(done, ['yield', 'sleep']);
  assert.equal(point.pausedCount, 1);
  point.clear();
  await simulation.time.runUntil(101);
  assert.deepEqual(done, ['yield', 'sleep', 'pause']);
});

test('chance is the world’s: one seed, one history, and the world’s own draws stay where they are', () => {
  const history = (seed: number): string => {
    const world = new Simulation({ seed }).node('n');
    const point = new Failpoint('a::here', CATALOG['a::here']);
    point.set(parsePlan('30%return(x)'));
    const before = Array.from({ length: 200 }, () => (point.hit(world) === undefined ? '.' : 'x')).join('');
    assert.equal(world.random.below(1e9), new Simulation({ seed }).node('n').random.below(1e9));
    return before;
  };
  const one = history(7);
  assert.equal(one, history(7));
  assert.notEqual(one, history(8));
  const count = [...one].filter((mark) => mark === 'x').length;
  assert(count > 30 && count < 90, `${count} of 200 at 30 %`);
});

test('a callback runs at each hit', () => {
  const point = new Failpoint('a::here', CATALOG['a::here']);
  let count = 0;
  point.call(() => count++);
  point.hit();
  point.hit();
  assert.equal(count, 2);
  assert.equal(point.hits, 2);
});

test('what a place cannot do is refused, and then nothing is set', () => {
  const points = new Failpoints(CATALOG);
  assert.throws(() => points.set('a::here', 'pause'), /a::here cannot pause: the place cannot wait/);
  assert.throws(() => points.set('a::here', 'yield'), /cannot yield/);
  assert.throws(() => points.set('a::waits', 'return(1)'), /has no failure to give/);
  assert.throws(() => points.set('a::nowhere', 'off'), /no failpoint a::nowhere; known are a::here, a::waits/);
  assert.throws(() => points.setAll('a::here=return;a::waits=return'), /a::waits cannot return/);
  assert.equal(points.point('a::here').armed, false);
});

test('wrong plans name the wrong part', () => {
  for (const [text, reason] of [
    ['', /it is not \[P%\]/], ['explode', /actions are off/], ['101%off', /at most 100/], ['0*off', /a count is from 1/], ['sleep', /takes milliseconds/],
    ['sleep(x)', /takes milliseconds/], ['sleep(9999999)', /from 0 to 600000/], ['pause(1)', /takes no argument/], ['panic(', /never closed/], ['panic)', /closes nothing/], ['off->', /it is not/],
  ] as const) assert.throws(() => parsePlan(text), (error: Error & { code?: string }) => error.code === 'failpoint.syntax' && reason.test(error.message), text); // prettier-ignore
  assert.throws(() => parseFailpoints('a::here'), /not name=plan/);
  assert.deepEqual(parseFailpoints(' ; '), []);
});

test('the example of the documentation', () => {
  FAILPOINTS.setAll('store::before-apply=2*panic->off; log::sync=50%delay(20)');
  assert.deepEqual(
    FAILPOINTS.list()
      .filter(({ plan }) => plan !== '')
      .map(({ name, plan }) => `${name}=${plan}`),
    ['log::sync=50%delay(20)', 'store::before-apply=2*panic->off'],
  );
});

test('print and parse are inverse', () => {
  const balanced = fc.string({ maxLength: 12 }).map((text) => text.replace(/[()]/g, '').replaceAll('\0', 'x'));
  const action: fc.Arbitrary<FailpointAction> = fc.oneof(
    fc.constantFrom<FailpointAction>({ kind: 'off' }, { kind: 'pause' }, { kind: 'yield' }),
    balanced.map((value) => ({ kind: 'return' as const, value })),
    fc.tuple(fc.constantFrom('panic' as const, 'print' as const), balanced).map(([kind, text]) => ({ kind, text })),
    fc.tuple(fc.constantFrom('sleep' as const, 'delay' as const), fc.nat(600_000)).map(([kind, ms]) => ({ kind, ms })),
  );
  const term: fc.Arbitrary<FailpointTerm> = fc.record(
    {
      action,
      percent: fc.nat(1000).map((tenths) => tenths / 10),
      countMax: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 1000 })),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(term, { minLength: 1, maxLength: 5 }), (plan) => {
      assert.deepEqual(parsePlan(printPlan(plan)), plan);
    }),
    { seed: 4, numRuns: 300 },
  );
});
