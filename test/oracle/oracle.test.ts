/** A short search with fixed seeds, which finds nothing; and with each planted fault, which finds it. The long one is `npm run oracle`. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enableVerify } from '../../base/assert.ts';
import { MemoryServer } from './memory-server.ts';
import { findPlant, PLANTS } from './plants.ts';
import { describeFinding, SeedRun } from './run.ts';
import { EMPTY, expression, ParameterPrinter, printQuery, smaller } from './tree.ts';

const SEEDS = 25;

enableVerify();
let server: MemoryServer;
before(async () => {
  server = await MemoryServer.open();
});
after(() => server?.close());

test('the oracles find nothing wrong', async () => {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const run = new SeedRun(server, seed);
    const finding = await run.run();
    assert(finding === undefined, finding === undefined ? '' : describeFinding(finding));
    for (const [name, count] of run.counts) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  // All of them were asked.
  assert.equal(counts.size, 11);
});

test('a planted fault is found, and made small', async () => {
  const plant = PLANTS.find(({ name }) => name === 'range-bound')!;
  const found = await findPlant(plant, 1);
  assert(found !== undefined, 'a seed shows it');
  const restore = plant.bend();
  try {
    const finding = await new SeedRun(server, found.seed).run();
    assert(finding !== undefined, 'and shows it again');
    const rows = finding.statements.filter((sql) => /^(INSERT|REPLACE)/.test(sql));
    // With fewer rows another plan is cheaper, which has no such range.
    assert(rows.length <= 8, `${rows.length} rows are left:\n${describeFinding(finding)}`);
  } finally {
    restore();
  }
});

for (const plant of PLANTS)
  test(`found: ${plant.story}`, async () => {
    assert((await findPlant(plant, 1)) !== undefined, `not within ${plant.seedsMax} seeds`);
  });

test('a query is printed with its parameters in their order, and gets smaller', () => {
  const literal = (text: string): { literal: { text: string; value: string } } => ({ literal: { text: `'${text}'`, value: text } }); // prettier-ignore
  const query = {
    ...EMPTY,
    items: [expression('text', literal('a'))],
    from: {
      form: 'join' as const,
      type: 'JOIN' as const,
      left: { form: 'derived' as const, query: { ...EMPTY, items: [expression('text', literal('b'))] }, alias: 'd', names: ['x'], lateral: false }, // prettier-ignore
      right: { form: 'table' as const, name: 't', alias: 'e' },
      on: expression('truth', 'd.x = ', literal('c')),
    },
    where: expression('truth', 'e.y = ', literal('d')),
  };
  const printer = new ParameterPrinter();
  assert.equal(printQuery(query, printer), 'SELECT ? FROM (SELECT ?) d (x) JOIN t e ON d.x = ? WHERE e.y = ?');
  assert.deepEqual(printer.values, ['a', 'b', 'c', 'd']);
  assert([...smaller(query)].some((one) => printQuery(one) === "SELECT 'a' FROM t e WHERE e.y = 'd'"));
});
