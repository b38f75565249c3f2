/**
 * The oracles: ways to see that an answer is wrong without knowing the right one. Each draws a check (a query, perhaps a condition and a choice) and can
 * run a check in any database, as often as the shrinker likes.
 *
 * | oracle | what must be the same |
 * | --- | --- |
 * | plans | the query planned without any rule and by rows; and with rules, by columns, with and without its indexes, prepared, from the plan cache |
 * | where, distinct, having, aggregate | the whole; and its parts where a condition is true, false and unknown (TLP) |
 * | norec | how many rows WHERE lets pass; and how many the condition is true of when it is computed for each |
 * | pivot | a condition that is true of one row, over one-row tables; and that row among those found (PQS) |
 * | wrapped | a query; and the same as derived table, common table, view |
 * | snapshot | what a transaction sees before others commit; and after |
 * | own | what a transaction sees of its own changes; and everybody after it has committed |
 * | writes | what DELETE and UPDATE leave; and what SELECT says of the rows before |
 * | beside | a query here; and on another server (only with one: `--beside`) |
 */
import type { Dice } from '../cluster/dice.ts';
import { difference, differenceOfRows, distinctRows, hasRow, rowDifference } from './answers.ts';
import { QueryGenerator } from './generator.ts';
import { type BesideServer, isKnown } from './beside.ts';
import type { Answer, MemorySession } from './memory-server.ts';
import { LITERALS, type Schema, type Table } from './schema.ts';
import { AS_TEXT, both, EMPTY, expression, type Expression, type Literal, ParameterPrinter, printPart, printQuery, type Query, type Source } from './tree.ts'; // prettier-ignore

export interface Check {
  readonly oracle: string;
  readonly query: Query;
  readonly condition?: Expression;
  /** Which of an oracle's ways, or an engine. */
  readonly way: string;
  /** Statements that change something, for the oracles of transactions. */
  readonly changes?: readonly string[];
}

/** Where checks are run: a database that holds the schema, and who speaks to it. */
export interface Bench {
  readonly schema: Schema;
  readonly session: MemorySession;
  /** Another one. */
  readonly second: MemorySession;
  /** Another server with the same rows. */
  readonly beside?: BesideServer;
}

export interface Oracle {
  readonly name: string;
  /** How often it is drawn, beside the others. */
  readonly weight: number;
  draw(random: Dice, schema: Schema): Check;
  /** What is wrong. */
  run(bench: Bench, check: Check): Promise<string | undefined>;
}

const ALL_RULES = 'decorrelate,eliminate-aggregate,eliminate-outer-join,merge-projections,min-max-by-index,outer-to-inner,propagate-constants,prune-columns,push-limit,push-predicates,reorder-joins,simplify'; // prettier-ignore
const ENGINES = ['row', 'row', 'auto', 'column'];

export const isOrdered = (query: Query): boolean => query.order.length > 0;

async function set(session: MemorySession, engine: string, rulesOff = '', cache = 1): Promise<void> {
  await session.ask(`SET rutile_engines = '${engine}', rutile_disabled_rules = '${rulesOff}', rutile_plan_cache = ${cache}`);
} // prettier-ignore

// ---- plans

const WAYS = ['rules', 'row', 'column', 'auto', 'ignore-index', 'force-index', 'prepared', 'cached'] as const;

const plans: Oracle = {
  name: 'plans',
  weight: 8,
  draw(random, schema) {
    const query = new QueryGenerator(random, schema).query(1 + random.below(3));
    const drawn = random.pick(WAYS);
    const way = drawn === 'rules' ? `rules ${random.sample(ALL_RULES.split(','), 1 + random.below(3)).join(',')}` : drawn; // prettier-ignore
    return { oracle: 'plans', query, way };
  },
  async run({ session, schema }, { query, way }) {
    const text = printQuery(query);
    await set(session, 'row', ALL_RULES, 0);
    const plain = await session.ask(text);
    const other = await otherWay(session, schema, query, way);
    await set(session, 'row');
    return difference(plain, other, isOrdered(query));
  },
};

async function otherWay(session: MemorySession, schema: Schema, query: Query, way: string): Promise<Answer> {
  const text = printQuery(query);
  switch (way) {
    case 'row':
    case 'column':
    case 'auto':
      await set(session, way, '', 0);
      return session.ask(text);
    case 'ignore-index':
    case 'force-index':
      await set(session, 'row', '', 0);
      return session.ask(printQuery(hinted(query, schema, way === 'ignore-index')));
    case 'prepared': {
      await set(session, 'row');
      const printer = new ParameterPrinter();
      const marked = printQuery(query, printer);
      const answer = await session.execute(marked, printer.values);
      // What cannot be said with parameters in it is no wrong answer.
      return answer.errno === 1055 || answer.errno === 3065 ? session.ask(text) : answer;
    }
    case 'cached': {
      await set(session, 'auto');
      for (const salt of [1, 3]) await session.ask(printQuery(query, { literal: (literal) => rotated(literal, salt) }));
      return session.ask(text);
    }
    default:
      await set(session, 'row', way.slice('rules '.length), 0);
      return session.ask(text);
  }
}

/** Another literal of the same type. */
function rotated({ text, value }: Literal, salt: number): string {
  if (typeof value === 'number') return String(Math.abs(value) + salt);
  if (value === undefined) return text;
  for (const pool of [LITERALS.text, LITERALS.moment]) {
    const at = pool.indexOf(text);
    if (at >= 0) return pool[(at + salt) % pool.length]!;
  }
  return text;
}

/** All tables with, or without, their keys. */
function hinted(query: Query, schema: Schema, without: boolean): Query {
  const source = (from: Source): Source => {
    if (from.form === 'join') return { ...from, left: source(from.left), right: source(from.right) };
    if (from.form === 'derived') return { ...from, query: hinted(from.query, schema, without) };
    const table = schema.tables.find(({ name }) => name === from.name);
    if (table === undefined || table.keys.length === 0) return from;
    const keys = without ? table.keys : [table.keys[from.alias.length % table.keys.length]!];
    return { ...from, hint: `${without ? 'IGNORE' : 'FORCE'} INDEX (${keys.join(', ')})` };
  };
  return {
    ...query,
    ctes: query.ctes.map((cte) => ({ ...cte, body: hinted(cte.body, schema, without) })),
    sets: query.sets.map((operand) => ({ ...operand, query: hinted(operand.query, schema, without) })),
    from: query.from === undefined ? undefined : source(query.from),
  };
}

// ---- TLP

function parts(query: Query, condition: Expression): Query[] {
  return [
    condition,
    expression('truth', '(NOT ', condition, ')'),
    expression('truth', '((', condition, ') IS NULL)'),
  ].map((part) => ({ ...query, where: both(query.where, part) }));
}

function drawSplit(oracle: string, random: Dice, schema: Schema, items: (generator: QueryGenerator, scope: Parameters<QueryGenerator['truth']>[0]) => Expression[]): Check {
  const generator = new QueryGenerator(random, schema);
  const { from, scope } = generator.base(1 + random.below(2), []);
  const where = random.chance(0.3) ? generator.truth(scope, 1) : undefined;
  const condition = generator.truth(scope, 1 + random.below(3));
  return { oracle, query: { ...EMPTY, items: items(generator, scope), from, where }, condition, way: random.pick(ENGINES) };
} // prettier-ignore

async function splitAnswers(session: MemorySession, check: Check): Promise<Answer | Answer[]> {
  const answers: Answer[] = [];
  for (const part of parts(check.query, check.condition!)) {
    const answer = await session.ask(printQuery(part));
    if (answer.errno !== undefined) return answer;
    answers.push(answer);
  }
  return answers;
}

const KINDS = ['number', 'text', 'moment'] as const;

function splitting(name: string, distinct: boolean): Oracle {
  return {
    name,
    weight: distinct ? 1 : 4,
    draw: (random, schema) =>
      drawSplit(name, random, schema, (generator, scope) =>
        Array.from({ length: 1 + random.below(3) }, () => generator.value(random.pick(KINDS), scope, 1)),
      ),
    async run({ session }, check) {
      await set(session, check.way);
      const query = { ...check.query, distinct };
      const whole = await session.ask(printQuery(query));
      const split = await splitAnswers(session, { ...check, query });
      if (!Array.isArray(split)) return differenceOfRows(whole, split);
      if (whole.rows === undefined) return differenceOfRows(whole, split[0]!);
      const together = split.flatMap(({ rows }) => rows ?? []);
      const rows = distinct ? distinctRows(together) : together;
      return rowDifference(distinct ? distinctRows(whole.rows) : whole.rows, rows, whole.approximate ?? [], false);
    },
  };
}

const having: Oracle = {
  name: 'having',
  weight: 2,
  draw(random, schema) {
    const generator = new QueryGenerator(random, schema);
    const { from, scope } = generator.base(1, []);
    const group = Array.from({ length: 1 + random.below(2) }, () => generator.key(scope));
    const items = [...group, generator.aggregate(scope, 1)];
    const where = random.chance(0.4) ? generator.truth(scope, 1) : undefined;
    return { oracle: 'having', query: { ...EMPTY, items, from, where, group }, condition: generator.aggregateTruth(scope, 2), way: random.pick(ENGINES) }; // prettier-ignore
  },
  async run({ session }, { query, condition, way }) {
    await set(session, way);
    const whole = await session.ask(printQuery(query));
    const rows: (readonly (string | null)[])[] = [];
    for (const part of parts({ ...EMPTY }, condition!)) {
      const answer = await session.ask(printQuery({ ...query, having: part.where }));
      if (answer.rows === undefined) return differenceOfRows(whole, answer);
      rows.push(...answer.rows);
    }
    return whole.rows === undefined
      ? differenceOfRows(whole, { rows: [] })
      : rowDifference(whole.rows, rows, whole.approximate ?? [], false);
  },
};

/** `SELECT COUNT(*), SUM(x), MIN(y) …` over all; and the same put together from three parts, in one statement. */
const aggregate: Oracle = {
  name: 'aggregate',
  weight: 2,
  draw: (random, schema) =>
    drawSplit('aggregate', random, schema, (generator, scope) => [
      expression('number', 'COUNT(*)'),
      expression('number', 'SUM(', generator.small(scope, 1), ')'),
      expression('number', 'MIN(', generator.value('number', scope, 1), ')'),
      expression('text', 'MAX(', generator.value('text', scope, 0), ')'),
    ]),
  async run({ session }, { query, condition, way }) {
    await set(session, way);
    const whole = await session.ask(printQuery(query));
    const named = parts({ ...query, names: ['c', 's', 'm', 'x'] }, condition!).map((part) => printQuery(part));
    const from = `(${named.join(' UNION ALL ')}) d`;
    return differenceOfRows(whole, await session.ask(`SELECT SUM(c), SUM(s), MIN(m), MAX(x) FROM ${from}`));
  },
};

// ---- NoREC

const norec: Oracle = {
  name: 'norec',
  weight: 3,
  draw: (random, schema) => drawSplit('norec', random, schema, () => [expression('number', 'COUNT(*)')]),
  async run({ session }, { query, condition, way }) {
    await set(session, way);
    const counted = await session.ask(printQuery({ ...query, where: both(query.where, condition!) }));
    await set(session, 'row', ALL_RULES, 0);
    const item = expression('number', 'IFNULL(SUM(CASE WHEN ', condition!, ' THEN 1 ELSE 0 END), 0)');
    const computed = await session.ask(printQuery({ ...query, items: [item] }));
    await set(session, 'row');
    return differenceOfRows(counted, computed);
  },
};

// ---- PQS

/** A row of each table, alone in a table of its own: there a condition has one value, which says how to make it true. */
const pivot: Oracle = {
  name: 'pivot',
  weight: 3,
  draw(random, schema) {
    const stored = { ...schema, tables: schema.tables.filter(({ isView, columns }) => !isView && columns.length > 0) };
    const generator = new QueryGenerator(random, stored);
    const { scope, tables } = generator.tables(1 + random.below(3));
    const condition = generator.truth(scope, 1 + random.below(3));
    const from = scope.map(({ alias }, i): Source => ({ form: 'table', name: tables![i]!.name, alias })).reduce((left, right, i) => ({
      form: 'join', type: random.pick(['JOIN', 'STRAIGHT_JOIN', 'LEFT JOIN'] as const), left, right, on: generator.truth(scope.slice(0, i + 1), 1),
    })); // prettier-ignore
    const items = scope.flatMap(({ alias, columns }) => columns.map(({ name, kind }) => expression(kind, `${alias}.${name}`))); // prettier-ignore
    return { oracle: 'pivot', query: { ...EMPTY, items, from }, condition, way: `${random.pick(ENGINES)} ${random.below(1000)}` }; // prettier-ignore
  },
  async run({ session, schema }, { query, condition, way }) {
    const [engine, number] = way.split(' ');
    await set(session, 'row', '', 0);
    const used = new Map<string, Table>();
    const aliases: [string, string][] = [];
    const visit = (source: Source): void => {
      if (source.form === 'join') [source.left, source.right].forEach(visit);
      else if (source.form === 'table') {
        aliases.push([source.alias, source.name]);
        used.set(
          source.name,
          schema.tables.find(({ name }) => name === source.name)!,
        );
      }
    };
    visit(query.from!);
    try {
      for (const name of used.keys()) {
        const { rows } = await session.ask(`SELECT COUNT(*) FROM ${name}`);
        const count = Number(rows?.[0]?.[0] ?? 0);
        if (count === 0) return undefined;
        await session.ask(`CREATE TABLE p_${name} LIKE ${name}`);
        await session.ask(`INSERT INTO p_${name} SELECT * FROM ${name} LIMIT 1 OFFSET ${Number(number) % count}`);
      }
      const alone = (source: Source): Source => {
        if (source.form === 'join') return { ...source, type: 'CROSS JOIN', on: undefined, left: alone(source.left), right: alone(source.right) }; // prettier-ignore
        return source.form === 'table' ? { ...source, name: `p_${source.name}` } : source;
      };
      const single = alone(query.from!);
      const rectified = async (truth: Expression): Promise<Expression | undefined> => {
        const { rows } = await session.ask(printQuery({ ...EMPTY, items: [truth], from: single }));
        if (rows?.length !== 1) return undefined;
        const value = rows[0]![0];
        if (value === null) return expression('truth', '((', truth, ') IS NULL)');
        return Number(value) !== 0 ? truth : expression('truth', '(NOT ', truth, ')');
      };
      const conditions = async (source: Source): Promise<Source | undefined> => {
        if (source.form !== 'join') return source;
        const [left, right] = [await conditions(source.left), await conditions(source.right)];
        const on = source.on === undefined ? expression('truth', '(1 = 1)') : await rectified(source.on);
        return left === undefined || right === undefined || on === undefined ? undefined : { ...source, left, right, on }; // prettier-ignore
      };
      const where = await rectified(condition!);
      const from = await conditions(query.from!);
      if (where === undefined || from === undefined) return undefined;
      const wanted = await session.ask(printQuery({ ...query, from: single }));
      await set(session, engine!);
      const found = await session.ask(printQuery({ ...query, from, where }));
      if (wanted.rows?.length !== 1) return undefined;
      if (found.rows === undefined) return differenceOfRows(found, { rows: [] });
      return hasRow(found.rows, wanted.rows[0]!, found.approximate ?? [])
        ? undefined
        : `the row (${wanted.rows[0]!.join(', ')}) is missing in: ${printQuery({ ...query, from, where })}`;
    } finally {
      for (const name of used.keys()) await session.ask(`DROP TABLE IF EXISTS p_${name}`);
      await set(session, 'row');
    }
  },
};

// ---- other forms

const wrapped: Oracle = {
  name: 'wrapped',
  weight: 2,
  draw: (random, schema) => ({
    oracle: 'wrapped',
    query: new QueryGenerator(random, schema).query(2),
    way: random.pick(['derived', 'cte', 'cte twice', 'view', 'insert']),
  }),
  async run({ session }, { query, way }) {
    await set(session, 'auto');
    const plain = await session.ask(printQuery(query));
    const named = printQuery({ ...query, names: query.items.map((_, i) => `x${i}`) });
    try {
      switch (way) {
        case 'derived':
          return differenceOfRows(plain, await session.ask(`SELECT * FROM (${named}) d`));
        case 'cte':
          return differenceOfRows(plain, await session.ask(`WITH c AS (${named}) SELECT * FROM c`));
        case 'cte twice': {
          const twice = await session.ask(`WITH c AS (${named}) SELECT * FROM c UNION ALL SELECT * FROM c`);
          return differenceOfRows(plain.rows === undefined ? plain : { ...plain, rows: [...plain.rows, ...plain.rows] }, twice); // prettier-ignore
        }
        case 'view': {
          const made = await session.ask(`CREATE OR REPLACE VIEW wrapped AS ${named}`);
          return made.errno === undefined
            ? differenceOfRows(plain, await session.ask('SELECT * FROM wrapped'))
            : undefined;
        }
        default: {
          const counted = await session.ask(`SELECT COUNT(*) FROM (${named}) d`);
          return differenceOfRows(plain.rows === undefined ? plain : { rows: [[String(plain.rows.length)]] }, counted);
        }
      }
    } finally {
      await session.ask('DROP VIEW IF EXISTS wrapped');
    }
  },
};

// ---- transactions and writes

function drawChanges(random: Dice, schema: Schema): string[] {
  const stored = schema.tables.filter(({ isView }) => !isView);
  return Array.from({ length: 1 + random.below(3) }, () => {
    const table = random.pick(stored);
    const generator = new QueryGenerator(random, schema);
    const scope = [{ alias: table.name, columns: table.columns }];
    const where = printPart(generator.truth(scope, random.below(2)));
    const column = random.pick(table.columns);
    switch (random.below(4)) {
      case 0:
        return `DELETE FROM ${table.name} WHERE ${where}`;
      case 1:
        return `UPDATE IGNORE ${table.name} SET ${column.name} = ${random.pick(LITERALS[column.kind as 'number'])} WHERE ${where}`; // prettier-ignore
      case 2:
        return `INSERT IGNORE INTO ${table.name} SELECT * FROM ${table.name} WHERE ${where}`;
      default: {
        const values = table.columns.map(({ name, kind, nullable }) => name === 'id' ? (kind === 'text' ? `'n${random.below(99)}'` : String(1000 + random.below(99))) : nullable && random.chance(0.2) ? 'NULL' : random.pick(LITERALS[kind as 'number'])); // prettier-ignore
        return `REPLACE INTO ${table.name} VALUES (${values.join(', ')})`;
      }
    }
  });
}

/** MIN and MAX over writes need no order; a change that is refused changes nothing in either. */
const snapshot: Oracle = {
  name: 'snapshot',
  weight: 1,
  draw: (random, schema) => ({ oracle: 'snapshot', query: new QueryGenerator(random, schema).query(2), way: random.pick(ENGINES), changes: drawChanges(random, schema) }), // prettier-ignore
  async run({ session, second }, { query, way, changes }) {
    await set(second, way);
    await set(session, way);
    const text = printQuery(query);
    await second.ask('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    const before = await session.ask(text);
    for (const change of changes!) {
      const changed = await session.ask(change);
      if (changed.internal) return `${change}: ${changed.message}`;
    }
    const seen = await second.ask(text);
    await second.ask('COMMIT');
    const wrong = difference(before, seen, isOrdered(query));
    if (wrong !== undefined) return `a snapshot changed: ${wrong}`;
    const [now, fresh] = [await second.ask(text), await session.ask(text)];
    const late = difference(now, fresh, isOrdered(query));
    return late === undefined ? undefined : `two sessions see two things: ${late}`;
  },
};

const own: Oracle = {
  name: 'own',
  weight: 2,
  draw: (random, schema) => ({ oracle: 'own', query: new QueryGenerator(random, schema).query(2), way: random.pick(ENGINES), changes: drawChanges(random, schema) }), // prettier-ignore
  async run({ session }, { query, way, changes }) {
    await set(session, way);
    const text = printQuery(query);
    const before = await session.ask(text);
    const change = async (): Promise<string | undefined> => {
      await session.ask('START TRANSACTION');
      for (const sql of changes!) {
        const changed = await session.ask(sql);
        if (changed.internal) return `${sql}: ${changed.message}`;
      }
      return undefined;
    };
    const failed = await change();
    if (failed !== undefined) return failed;
    const inside = await session.ask(text);
    await session.ask('ROLLBACK');
    const undone = difference(before, await session.ask(text), isOrdered(query));
    if (undone !== undefined) return `after ROLLBACK: ${undone}`;
    const again = await change();
    if (again !== undefined) return again;
    await session.ask('COMMIT');
    const wrong = difference(inside, await session.ask(text), isOrdered(query));
    return wrong === undefined ? undefined : `inside a transaction and after its COMMIT: ${wrong}`;
  },
};

const writes: Oracle = {
  name: 'writes',
  weight: 2,
  draw(random, schema) {
    const stored = schema.tables.filter(({ isView, primary }) => !isView && primary.length > 0);
    const table = stored.length === 0 ? schema.tables[0]! : random.pick(stored);
    const generator = new QueryGenerator(random, schema);
    const scope = [{ alias: table.name, columns: table.columns }];
    const items = table.columns.map(({ name, kind }) => expression(kind, name));
    const plain = table.columns.filter(({ name, kind, type }) => name !== 'id' && kind === 'number' && !/^(year|bit|float)/.test(type)); // prettier-ignore
    const from: Source = { form: 'table', name: table.name, alias: '' };
    return { oracle: 'writes', query: { ...EMPTY, items, from }, condition: generator.truth(scope, 1 + random.below(2)), way: plain.length > 0 && random.chance(0.5) ? `UPDATE ${random.pick(plain).name} ${random.pick(['0', '1', '2'])}` : 'DELETE' }; // prettier-ignore
  },
  async run({ session }, { query, condition, way }) {
    await set(session, 'row', ALL_RULES, 0);
    const table = printQuery(query)
      .replace(/^.* FROM /, '')
      .trim();
    const [verb, column, value] = way.split(' ');
    await session.ask('START TRANSACTION');
    try {
      await session.ask('SET foreign_key_checks = 0');
      const expected = verb === 'DELETE'
        ? await session.ask(printQuery({ ...query, where: expression('truth', '((', condition!, ') IS NOT TRUE)') }))
        : await session.ask(printQuery({ ...query, items: query.items.map((item) => item.parts[0] === column ? expression('number', 'IF(', condition!, `, ${value}, ${column})`) : item) })); // prettier-ignore
      await set(session, 'row');
      const statement = verb === 'DELETE' ? `DELETE FROM ${table} WHERE ${printPart(condition!)}` : `UPDATE ${table} SET ${column} = ${value} WHERE ${printPart(condition!)}`; // prettier-ignore
      const done = await session.ask(statement);
      if (done.internal) return `${statement}: ${done.message}`;
      // A key that is broken, a text that is no number: refusals of a write that its query has not.
      if (done.errno !== undefined || expected.rows === undefined) return undefined;
      const left = await session.ask(printQuery(query));
      const wrong = difference({ ...expected, approximate: left.approximate }, left);
      return wrong === undefined ? undefined : `${statement}: ${wrong}`;
    } finally {
      await session.ask('ROLLBACK');
      await session.ask('SET foreign_key_checks = 1');
    }
  },
};

/** Asked only where there is another server. */
export const BESIDE: Oracle = {
  name: 'beside',
  weight: 30,
  draw: (random, schema) => ({ oracle: 'beside', query: new QueryGenerator(random, schema).query(1 + random.below(3)), way: random.pick(['row', 'auto', 'column']) }), // prettier-ignore
  async run({ session, beside }, { query, way }) {
    const text = printQuery(query);
    if (beside === undefined || isKnown(text)) return undefined;
    await set(session, way);
    const [ours, theirs] = [await session.ask(text), await beside.ask(text)];
    // ONLY_FULL_GROUP_BY is MySQL's default, and not the other's.
    const isRefused = theirs.errno !== undefined || ours.errno === 1055 || ours.errno === 1140;
    return isRefused ? difference(ours, ours) : difference(ours, theirs, isOrdered(query));
  },
};

export const ORACLES: readonly Oracle[] = [
  plans, splitting('where', false), splitting('distinct', true), having, aggregate, norec, pivot, wrapped, snapshot, own, writes,
]; // prettier-ignore

export function drawOracle(random: Dice, names: readonly string[] = [], beside = false): Oracle {
  const known = beside ? [...ORACLES, BESIDE] : ORACLES;
  const among = known.filter(({ name }) => names.length === 0 || names.includes(name));
  let left = random.below(among.reduce((sum, { weight }) => sum + weight, 0));
  for (const oracle of among) if ((left -= oracle.weight) < 0) return oracle;
  return among.at(-1)!;
}

export function describeCheck(check: Check): string {
  const lines = [`oracle ${check.oracle}, ${check.way}`, `${printQuery(check.query, AS_TEXT)};`];
  if (check.condition !== undefined) lines.push(`condition: ${printPart(check.condition)}`);
  for (const change of check.changes ?? []) lines.push(`change: ${change};`);
  return lines.join('\n');
}
