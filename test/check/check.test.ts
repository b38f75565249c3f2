/** The checkers, held against histories that are right and histories with one planted fault each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import { drawRegisters } from './drawn-registers.ts';
import { Graph } from './graph.ts';
import { History } from './history.ts';
import { checkLinearizable } from './linearizable.ts';
import { checkLists, listsToJsonLines, type Anomaly, type ListStep, type ListTransaction } from './list-append.ts';
import { checkTimestamps, checkUniqueClaims, type TimestampRange, type UniqueInput } from './order.ts';
import { checkRegisters, registersToJsonLines, type RegisterHistory } from './register.ts';
import { checkBank, checkRing, checkUniqueIndex } from './snapshots.ts';

/** `w1 x 5` begins a write by process 1, `w1 ok` ends it; `r2 x`, `r2 = 5`; `c3 x 5>6`, `c3 yes|no`; `w1 ?` and `w1 fail`. */
function registers(script: string): RegisterHistory {
  const history: RegisterHistory = new History();
  const open = new Map<string, number>();
  for (const line of script.split(';').map((one) => one.trim().split(/\s+/))) {
    const [who, ...rest] = line as [string, ...string[]];
    const pending = open.get(who);
    const process = Number(who.slice(1));
    if (pending === undefined) {
      const key = rest[0]!;
      if (who[0] === 'w') open.set(who, history.invoke(process, { kind: 'write', key, value: Number(rest[1]) }));
      else if (who[0] === 'r') open.set(who, history.invoke(process, { kind: 'read', key }));
      else {
        const [expected, value] = rest[1]!.split('>');
        open.set(
          who,
          history.invoke(process, {
            kind: 'cas',
            key,
            expected: expected === '' ? undefined : Number(expected),
            value: Number(value),
          }),
        );
      }
      continue;
    }
    open.delete(who);
    if (rest[0] === '?') history.unknown(pending);
    else if (rest[0] === 'fail') history.fail(pending);
    else if (rest[0] === '=') history.ok(pending, { value: rest[1] === 'none' ? undefined : Number(rest[1]) });
    else if (rest[0] === 'ok') history.ok(pending, {});
    else history.ok(pending, { swapped: rest[0] === 'yes' });
  }
  return history;
}

test('registers: what one copy could have answered passes', () => {
  for (const script of [
    'w1 x 1; w1 ok; r2 x; r2 = 1',
    'r2 x; r2 = none; w1 x 1; w1 ok',
    // Under way together: either order.
    'w1 x 1; r2 x; r2 = none; w1 ok; r2 x; r2 = 1',
    'w1 x 1; r2 x; r2 = 1; r3 x; r3 = 1; w1 ok',
    // Unknown: seen much later, or never.
    'w1 x 1; w1 ?; w2 x 2; w2 ok; r3 x; r3 = 2; r3 x; r3 = 1',
    'w1 x 1; w1 ?; w2 x 2; w2 ok; r3 x; r3 = 2',
    'w1 x 1; w1 fail; r2 x; r2 = none',
    'c1 x >1; c1 yes; c1 x 1>2; c1 yes; c2 x 1>3; c2 no; r3 x; r3 = 2',
    'c1 x >1; c1 ?; r3 x; r3 = 1',
    // Keys are independent.
    'w1 x 1; w1 ok; w1 y 2; w1 ok; r2 y; r2 = 2; r2 x; r2 = 1',
  ])
    assert.equal(checkRegisters(registers(script)).kind, 'linearizable', script);
});

test('registers: each broken promise is seen, and told', () => {
  for (const [name, script] of [
    ['stale read', 'w1 x 1; w1 ok; w1 x 2; w1 ok; r2 x; r2 = 1'],
    ['lost write', 'w1 x 1; w1 ok; r2 x; r2 = none'],
    ['read from nowhere', 'w1 x 1; w1 ok; r2 x; r2 = 7'],
    ['value of a failed write', 'w1 x 1; w1 fail; r2 x; r2 = 1'],
    ['reads that go back', 'w1 x 1; w1 ok; w1 x 2; r2 x; r2 = 2; r3 x; r3 = 1; w1 ok'],
    ['read before the write was asked for', 'r2 x; r2 = 1; w1 x 1; w1 ok'],
    ['two winners of one exchange', 'c1 x >1; c2 x >2; c1 yes; c2 yes'],
    ['an unknown write seen, unseen, seen', 'w1 x 1; w1 ?; r2 x; r2 = 1; r2 x; r2 = none'],
  ] as const) {
    const verdict = checkRegisters(registers(script));
    assert(verdict.kind === 'violation', name);
    assert.match(verdict.explanation, /register x: no order explains/, name);
  }
  const verdict = checkRegisters(registers('w1 x 1; w1 ok; w1 x 2; w1 ok; r2 x; r2 = 1'));
  assert.equal(
    verdict.kind === 'violation' && verdict.explanation,
    'register x: no order explains the answers; the longest one that does so far ends with\n' +
      '  process 1: write x 1 (asked at 0, answered at 1)\n' +
      '  process 1: write x 2 (asked at 2, answered at 3)\n' +
      'then no place is found for\n' +
      '  process 2: read x = 1 (asked at 4, answered at 5)',
  );
});

test('registers: drawn histories pass, and an answer changed in one of them does not', () => {
  let caught = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const history = drawRegisters(seed, 300);
    assert.equal(checkRegisters(history).kind, 'linearizable', `seed ${seed}`);
    const reads = history.operations.filter((one) => one.input.kind === 'read' && one.output?.value !== undefined);
    const [early, late] = [reads[2]!, reads.at(-1)!];
    late.output = early.output;
    if (checkRegisters(history).kind === 'violation') caught++;
  }
  assert.equal(caught, 40);
});

test('a search that would take too long says so', () => {
  const history = drawRegisters(3, 100);
  assert.equal(checkRegisters(history, 10).kind, 'undecided');
});

test('the search is over any sequential object', () => {
  const counter = {
    initial: 0,
    step: (state: number, _: string, output: number | undefined) =>
      output === undefined || output === state + 1 ? { state: state + 1 } : undefined,
    identify: (state: number) => state,
    describe: () => 'increment',
  };
  const history = new History<string, number>();
  const ids = [1, 2, 3].map((process) => history.invoke(process, 'add'));
  history.ok(ids[2]!, 1);
  history.ok(ids[0]!, 2);
  assert.equal(checkLinearizable(history.operations, counter).kind, 'linearizable');
  history.ok(ids[1]!, 2);
  assert.equal(checkLinearizable(history.operations, counter).kind, 'violation');
});

test('histories leave as JSON lines', () => {
  const lines = registersToJsonLines(registers('w1 x 1; r2 x; r2 = 1; w1 ?; c3 x 1>2; c3 no'));
  assert.deepEqual(lines.trimEnd().split('\n'), [
    '{"index":0,"type":"invoke","process":1,"f":"write","key":"x","value":1}',
    '{"index":1,"type":"invoke","process":2,"f":"read","key":"x","value":null}',
    '{"index":2,"type":"ok","process":2,"f":"read","key":"x","value":1}',
    '{"index":3,"type":"info","process":1,"f":"write","key":"x","value":1}',
    '{"index":4,"type":"invoke","process":3,"f":"cas","key":"x","value":[1,2,null]}',
    '{"index":5,"type":"ok","process":3,"f":"cas","key":"x","value":[1,2,false]}',
  ]);
  assert.equal(
    listsToJsonLines(lists('1: x+1 y=1,2')),
    '{"index":1,"type":"ok","process":1,"f":"txn","value":[["append","x",1],["r","y",[1,2]]]}\n',
  );
});

/** `1: x+5 y=1,2` is T1, which appends 5 to x and reads 1 2 in y; `1!` failed, `1?` has an unknown fate, `1@3-7` says when. */
function lists(script: string): ListTransaction[] {
  return script.split(';').map((text) => {
    const [, id, mark, invoked, completed, body] = /^\s*(\d+)([!?]?)(?:@(\d+)-(\d+))?:\s*(.*)$/.exec(text)!;
    const steps = body!
      .trim()
      .split(/\s+/)
      .map((step): ListStep => {
        const [, key, kind, rest] = /^(\w)([+=])(.*)$/.exec(step)!;
        if (kind === '+') return { kind: 'append', key: key!, element: Number(rest) };
        return { kind: 'read', key: key!, list: rest === '' ? [] : rest!.split(',').map(Number) };
      });
    const status = mark === '!' ? 'failed' : mark === '?' ? 'unknown' : 'committed';
    const when = invoked === undefined ? {} : { invoked: Number(invoked), completed: Number(completed) };
    return { id: Number(id), status, steps, ...when };
  });
}

const final = (text: string): Map<string, readonly number[]> =>
  new Map(text.split(' ').map((one) => [one[0]!, one.slice(2) === '' ? [] : one.slice(2).split(',').map(Number)]));

test('lists: serial histories, write skew and unknown fates pass', () => {
  for (const script of [
    '1: x= x+1; 2: x=1 x+2; 3: x=1,2',
    '1: x= y= x+1; 2: x= y= y+2; 3: x=1 y=2',
    '1?: x+1; 2: x=',
    '1?: x+1; 2: x=1',
    '1!: x+1; 2: x=',
    '1: x+1 x=1 x+2 x=1,2; 2: x=1,2',
    '1: x+1; 2: x+2; 3: x=2,1',
  ])
    assert.deepEqual(checkLists(lists(script)), [], script);
  assert.deepEqual(checkLists(lists('1: x+1; 2?: x+2 y+3; 3: y='), { final: final('x=1 y=') }), []);
});

test('lists: each anomaly is seen under its name', () => {
  const cases: readonly (readonly [Anomaly['kind'], string, string?])[] = [
    ['internal', '1: x+1 x='],
    ['internal', '1: x+1 x=1; 2: x= x=1'],
    ['order', '1: x+1; 2: x+2; 3: x=1,2; 4: x=2,1'],
    ['order', '1: x+1; 2: x=1,1'],
    ['garbage', '1: x=9'],
    ['garbage', '1: x+1; 2: y+1'],
    ['G1a', '1!: x+1; 2: x=1'],
    ['G1b', '1: x+1 x+2; 2: x=1; 3: x=1,2'],
    ['lost write', '1: x+1', 'x='],
    ['lost write', '1?: x+1; 2: x=1', 'x='],
    ['half a transaction', '1?: x+1 y+2; 2: y=2', 'x= y=2'],
    ['G0', '1: x+1 y+3; 2: x+2 y+4; 3: x=1,2 y=4,3'],
    ['G1c', '1: x+1 y=2; 2: y+2 x=1'],
    ['lost update', '1: x= x+1; 2: x= x+2; 3: x=1,2'],
    ['lost update', '1: x= x+1; 2: x= x+2', 'x=1,2'],
    ['G-single', '1: x+1 y+2; 2: x=1 y='],
    ['G-nonadjacent', '1: x+1; 2: y+2; 3: x=1 y=; 4: x= y=2'],
  ];
  for (const [kind, script, last] of cases) {
    const found = checkLists(lists(script), last === undefined ? {} : { final: final(last) });
    assert(
      found.some((one) => one.kind === kind),
      `${kind} in ${script}: ${found.map((one) => one.kind).join(', ')}`,
    );
  }
});

test('lists: a write that nobody looked at again still takes part in cycles', () => {
  const found = checkLists(lists('0: x+9; 1: x=9 x+1 y+3; 2: x=9,1 y='));
  assert.deepEqual(
    found.map((one) => one.kind),
    ['G-single'],
  );
});

test('lists: with real time a transaction sees what was acknowledged before it began', () => {
  const stale = '1@0-1: x+1; 2@2-3: x=; 3@4-5: x=1';
  assert.deepEqual(checkLists(lists(stale)), []);
  assert.deepEqual(
    checkLists(lists(stale), { realTime: true }).map((one) => one.kind),
    ['G-single'],
  );
  assert.deepEqual(checkLists(lists('1@0-3: x+1; 2@2-5: x=; 3@4-6: x=1'), { realTime: true }), []);
});

test('lists: a counter-example is told edge by edge', () => {
  const [found] = checkLists(lists('1: x+1 y+2; 2: x=1 y='));
  assert.equal(
    found!.explanation,
    [
      'T2 before T1: T2 read y without 2, which T1 appended',
      'T1 before T2: T2 read 1 in x, which T1 appended',
      'which cannot all be. They did:',
      'T2: read x [1], read y []',
      'T1: append x 1, append y 2',
    ].join('\n  '),
  );
});

/** A store that keeps snapshot isolation, or leaves out its check for conflicts. */
function drawLists(seed: number, checksConflicts: boolean): ListTransaction[] {
  const random = new SeededRandom(seed);
  let version = 0;
  const state = new Map<string, { list: number[]; version: number }>();
  const history: ListTransaction[] = [];
  let element = 0;
  const active: { snapshot: Map<string, number[]>; at: number; steps: ListStep[]; appends: Map<string, number> }[] = [];
  while (history.length < 400) {
    if (active.length < 6) {
      const snapshot = new Map([...state].map(([key, { list }]) => [key, list]));
      active.push({ snapshot, at: version, steps: [], appends: new Map() });
    }
    const index = random.below(active.length);
    const one = active[index]!;
    const key = 'abcde'[random.below(5)]!;
    if (one.steps.length < 4) {
      const own = one.appends.get(key);
      if (random.below(2) === 0)
        one.steps.push({
          kind: 'read',
          key,
          list: [...(one.snapshot.get(key) ?? []), ...(own === undefined ? [] : [own])],
        });
      else if (own === undefined) {
        one.appends.set(key, ++element);
        one.steps.push({ kind: 'append', key, element });
      }
      continue;
    }
    active.splice(index, 1);
    const conflicts = [...one.appends.keys()].some((name) => (state.get(name)?.version ?? 0) > one.at);
    if (conflicts && checksConflicts) history.push({ id: history.length, status: 'failed', steps: one.steps });
    else {
      version++;
      for (const [name, value] of one.appends)
        state.set(name, { list: [...(state.get(name)?.list ?? []), value], version });
      history.push({ id: history.length, status: random.below(20) === 0 ? 'unknown' : 'committed', steps: one.steps });
    }
  }
  return history;
}

test('lists: drawn histories of a good store pass, those of one that overlooks conflicts do not', () => {
  for (let seed = 1; seed <= 10; seed++) {
    assert.deepEqual(checkLists(drawLists(seed, true)), [], `seed ${seed}`);
    assert.notDeepEqual(checkLists(drawLists(seed, false)), [], `seed ${seed}`);
  }
});

test('strongly connected components, also long ones', () => {
  const graph = new Graph<string>();
  const count = 20_000;
  for (let i = 0; i < count; i++) graph.add(i, (i + 1) % count, i === 7 ? 'odd' : 'plain');
  graph.add(count, 0, 'plain');
  assert.deepEqual(
    graph.components(() => true).map((one) => one.size),
    [count],
  );
  assert.deepEqual(
    graph.components((label) => label === 'plain'),
    [],
  );
});

test('a bank, a ring and a unique index hold, or say what does not', () => {
  const accounts = ['a', 'b'];
  assert.equal(checkBank(new Map([['a', 3], ['b', 7]]), accounts, 10), undefined);
  assert.match(checkBank(new Map([['a', 3], ['b', 8]]), accounts, 10)!, /hold 11, they should hold 10/);
  assert.match(checkBank(new Map([['a', -1], ['b', 11]]), accounts, 10, 0)!, /less than 0/);
  assert.match(checkBank(new Map([['a', 10]]), accounts, 10)!, /b is missing/);
  assert.match(checkBank(new Map([['a', 3], ['b', 7], ['c', 0]]), accounts, 10)!, /3 accounts were read/);

  const ring = (...next: number[]): Map<number, number> => new Map(next.map((to, from) => [from, to]));
  assert.equal(checkRing(ring(2, 3, 1, 0), 4), undefined);
  assert.match(checkRing(ring(1, 0, 3, 2), 4)!, /fell apart: 0 → 1 → 0 leaves out 2 nodes/);
  assert.match(checkRing(ring(1, 2, 1, 0), 4)!, /points back/);
  assert.match(checkRing(ring(1, 9, 3, 0), 4)!, /does not exist/);
  assert.match(checkRing(ring(1, 0), 4)!, /2 nodes instead of 4/);

  const rows = new Map([['r1', 'u'], ['r2', null], ['r3', 'v']]);
  assert.equal(checkUniqueIndex(rows, new Map([['u', 'r1'], ['v', 'r3']])), undefined);
  assert.match(checkUniqueIndex(rows, new Map([['u', 'r1']]))!, /does not know/);
  assert.match(checkUniqueIndex(rows, new Map([['u', 'r2'], ['v', 'r3']]))!, /index says u is in row r2/);
  assert.match(checkUniqueIndex(rows, new Map([['u', 'r1'], ['v', 'r3'], ['w', 'r1']]))!, /keeps w/);
  assert.match(checkUniqueIndex(new Map([['r1', 'u'], ['r2', 'u']]), new Map([['u', 'r1']]))!, /both hold/);
}); // prettier-ignore

test('timestamps are unique and go on', () => {
  const draw = (ranges: readonly (readonly [invoked: number, completed: number, first: number, last: number])[]): string | undefined =>
    checkTimestamps(
      ranges.map(([invoked, completed, first, last], process) => ({
        process,
        input: undefined,
        invoked,
        completed,
        status: 'ok' as const,
        output: { first: BigInt(first), last: BigInt(last) } satisfies TimestampRange,
      })),
    );
  assert.equal(draw([[0, 3, 5, 5], [1, 2, 6, 9], [4, 5, 10, 10]]), undefined);
  // Under way together: either may be larger.
  assert.equal(draw([[0, 3, 10, 11], [1, 2, 5, 6]]), undefined);
  assert.match(draw([[0, 1, 5, 7], [2, 3, 7, 9]])!, /given twice/);
  assert.match(draw([[0, 1, 5, 5], [2, 3, 4, 4]])!, /went back: process 0 was given 5/);
  assert.match(draw([[0, 1, 5, 4]])!, /empty/);
}); // prettier-ignore

test('a unique value has one owner at a time', () => {
  const claims = (script: string): string | undefined => {
    const history = new History<UniqueInput, undefined>();
    const open = new Map<string, number>();
    for (const word of script.split(' ')) {
      const [, kind, row, end] = /^([+-])(\w)([.?!]?)$/.exec(word)!;
      const name = `${kind}${row}`;
      if (end === '')
        open.set(name, history.invoke(1, { kind: kind === '+' ? 'insert' : 'delete', value: 'u', row: row! }));
      else if (end === '.') history.ok(open.get(name)!, undefined);
      else if (end === '?') history.unknown(open.get(name)!);
      else history.fail(open.get(name)!);
    }
    return checkUniqueClaims(history.operations);
  };
  assert.equal(claims('+a +b +a. +b!'), undefined);
  assert.equal(claims('+a +a. -a -a. +b +b.'), undefined);
  assert.equal(claims('+a +a. -a -a? +b +b.'), undefined);
  assert.equal(claims('+a +b +b? +a.'), undefined);
  assert.match(claims('+a +b +a. +b.')!, /row a .* and by row b/);
  assert.match(claims('+a +a. +b +b.')!, /at once/);
  assert.match(claims('+a +a. -a -a! +b +b.')!, /at once/);
});
