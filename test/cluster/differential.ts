/**
 * Rutile beside MariaDB: the same seeded statements on both, the same rows, error numbers, counts of changed rows and stored data expected.
 * Each query shape runs on Rutile's row engine, its column engine and its own choice, again with other literals (plan-cache hits) and as
 * a prepared statement.
 *
 *     node .build/…/test/cluster/differential.js --seeds 1-50 [--statements 60] [--verbose]
 */
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';
import { startMariaDb, type Peer } from '../../bench/peers.ts';
import { Dice } from './dice.ts';
import {
  drawRows,
  drawTable,
  fill,
  placeholders,
  ShapeBuilder,
  type Literal,
  type Shape,
  type Table,
} from './differential-sql.ts';
import { RutileProcess } from './rutile-process.ts';

const SQL_MODE = 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO';
const ENGINES = ['row', 'column', 'auto'] as const;

export interface Finding {
  readonly kind: 'rows' | 'errno' | 'affected' | 'stored' | 'check' | 'lost';
  readonly seed: number;
  readonly how: string;
  readonly sql: string;
  readonly rutile: string;
  readonly mariadb: string;
  readonly setup: readonly string[];
}

export interface Summary {
  queries: number;
  executions: number;
  writes: number;
  failedAlike: number;
  findings: Finding[];
}

type Value = string | null;

export interface Answer {
  readonly rows?: readonly (readonly Value[])[];
  /** True for columns of approximate numbers. */
  readonly approximate?: readonly boolean[];
  readonly affected?: number;
  readonly errno?: number;
  readonly message?: string;
}

export class Differential {
  readonly rutile: RutileProcess;
  readonly mariaDb: Peer;
  private ours!: mysql.Connection;
  private theirs!: mysql.Connection;
  readonly summary: Summary = { queries: 0, executions: 0, writes: 0, failedAlike: 0, findings: [] };
  private setup: string[] = [];
  private seed = 0;

  private constructor(rutile: RutileProcess, mariaDb: Peer) {
    this.rutile = rutile;
    this.mariaDb = mariaDb;
  }

  static async start(): Promise<Differential> {
    const mariaDb = await startMariaDb();
    try {
      return new Differential(await RutileProcess.start(), mariaDb);
    } catch (error) {
      await mariaDb.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.ours?.destroy();
    this.theirs?.destroy();
    await this.mariaDb.stop();
    await this.rutile.stop();
  }

  /** One seed: tables, rows, then statements; ends early after stored data differ. */
  async run(seed: number, statements: number): Promise<void> {
    this.seed = seed;
    this.setup = [];
    const dice = new Dice(seed);
    await this.connect(`diff_${seed}`);
    const tables = Array.from({ length: 2 + dice.below(2) }, (_, i) => drawTable(dice, `t${i}`));
    for (const table of tables) {
      const created = await this.both(table.create);
      if (created.ours.errno !== undefined)
        return this.report(
          created.ours.errno === created.theirs.errno ? undefined : 'errno',
          'create',
          table.create,
          created.ours,
          created.theirs,
        );
      const rows = drawRows(dice, table, dice.pick([0, 3, 8, 15, 30]), 1);
      for (const row of rows) await this.both(`INSERT IGNORE INTO ${table.name} VALUES ${row}`);
    }
    if (!(await this.sameStored(tables, 'first rows'))) return;
    let nextKey = 100;
    let inTransaction = false;
    let savepoint = false;
    for (let i = 0; i < statements; i++) {
      const builder = new ShapeBuilder(dice, tables);
      const choice = dice.below(20);
      if (choice === 0 || (choice === 1 && inTransaction)) {
        const verbs: string[] = inTransaction
          ? [
              'COMMIT',
              'ROLLBACK',
              'SAVEPOINT s',
              ...(savepoint ? ['ROLLBACK TO SAVEPOINT s', 'ROLLBACK TO SAVEPOINT s'] : []),
            ]
          : ['START TRANSACTION'];
        const verb: string = dice.pick(verbs);
        await this.both(verb);
        inTransaction = verb !== 'COMMIT' && verb !== 'ROLLBACK';
        savepoint = inTransaction && (savepoint || verb.startsWith('SAVEPOINT'));
        if (verb.startsWith('ROLLBACK') && !(await this.sameStored(tables, verb))) return;
      } else if (choice === 2 && !inTransaction) {
        if (!(await this.alter(dice, tables))) return;
      } else if (choice < 7) {
        if (!(await this.write(builder.write(nextKey), dice, tables))) return;
        nextKey += 8;
      } else if (!(await this.query(builder.query(), dice, inTransaction))) return;
    }
    if (inTransaction) await this.both(dice.chance(0.5) ? 'COMMIT' : 'ROLLBACK');
    if (!(await this.sameStored(tables, 'end'))) return;
    await this.check(tables);
    await this.both(`DROP DATABASE diff_${seed}`);
  }

  /** A statement written by hand: both answers compared. */
  async one(sql: string): Promise<void> {
    const isQuery = /^\s*(select|with|\(|values|table|execute)/i.test(sql);
    if (!isQuery) {
      const { ours, theirs } = await this.both(sql);
      this.compare('by hand', sql, ours, theirs, true);
      return;
    }
    const theirs = await ask(this.theirs, sql);
    this.summary.queries++;
    for (const engine of ENGINES) {
      await ask(this.ours, `SET rutile_engines = '${engine}'`);
      this.compare(`by hand, ${engine}`, sql, await ask(this.ours, sql), theirs, / order by /i.test(sql));
    }
  }

  async open(database: string): Promise<void> {
    this.setup = [];
    await this.connect(database);
  }

  private async connect(database: string): Promise<void> {
    this.ours?.destroy();
    this.theirs?.destroy();
    const common = {
      host: '127.0.0.1',
      user: 'root',
      charset: 'utf8mb4_general_ci',
      flags: ['-FOUND_ROWS'],
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      jsonStrings: true,
    };
    this.ours = await mysql.createConnection({ ...common, port: this.rutile.mysqlPort });
    this.theirs = await mysql.createConnection({ ...common, port: this.mariaDb.port });
    for (const connection of [this.ours, this.theirs]) connection.on('error', () => {});
    await this.ours.query(`SET sql_mode = '${SQL_MODE},ONLY_FULL_GROUP_BY'`);
    await this.theirs.query(`SET sql_mode = '${SQL_MODE},TIME_ROUND_FRACTIONAL'`);
    for (const connection of [this.ours, this.theirs]) {
      await connection.query('SET NAMES utf8mb4 COLLATE utf8mb4_general_ci');
      await connection.query("SET time_zone = '+00:00', group_concat_max_len = 100000, timestamp = 1706000000");
      await connection.query(`DROP DATABASE IF EXISTS ${database}`);
      await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`);
      await connection.query(`USE ${database}`);
    }
  }

  private async both(sql: string): Promise<{ ours: Answer; theirs: Answer }> {
    this.setup.push(sql);
    const [ours, theirs] = await Promise.all([ask(this.ours, sql), ask(this.theirs, sql)]);
    return { ours, theirs };
  }

  private async query(shape: Shape, dice: Dice, inTransaction: boolean): Promise<boolean> {
    this.summary.queries++;
    let same = true;
    for (let round = 0; round < 2 && same; round++) {
      const literals = shape.holes.map((hole) => hole.draw(dice));
      const sql = fill(shape, literals);
      const theirs = await ask(this.theirs, sql);
      for (const engine of ENGINES) {
        if (round === 1 && engine === 'column' && dice.chance(0.5)) continue;
        await ask(this.ours, `SET rutile_engines = '${engine}'`);
        const ours = await ask(this.ours, sql);
        if (
          !this.compare(
            `${engine}${round === 1 ? ' again' : ''}${inTransaction ? ' in transaction' : ''}`,
            sql,
            ours,
            theirs,
            shape.ordered,
          )
        )
          same = false;
        if (ours.errno === -1) return false;
        if (!same) break;
      }
    }
    if (same && shape.holes.length > 0) same = await this.prepared(shape, dice);
    return true;
  }

  /** As prepared statements over user variables, executed twice with different values: the types are those of the literals. */
  private async prepared(shape: Shape, dice: Dice): Promise<boolean> {
    const text = placeholders(shape);
    const prepare = `PREPARE p FROM ${mysql.escape(text)}`;
    const [ours, theirs] = await Promise.all([ask(this.ours, prepare), ask(this.theirs, prepare)]);
    if (ours.errno !== undefined || theirs.errno !== undefined)
      return this.compare('prepare', text, ours, theirs, true);
    for (let round = 0; round < 2; round++) {
      const literals = shape.holes.map((hole) => hole.draw(dice));
      const using = shape.holes.map((_, i) => `@p${i}`);
      const set = `SET ${literals.map((literal, i) => `@p${i} = ${literal.text}`).join(', ')}`;
      const execute = `EXECUTE p USING ${using.join(', ')}`;
      await Promise.all([ask(this.ours, set), ask(this.theirs, set)]);
      const [mine, prepared] = await Promise.all([ask(this.ours, execute), ask(this.theirs, execute)]);
      // MariaDB 10.11 forgets rows with NULL when a prepared `(a, b) NOT IN (SELECT …)` runs again and the subquery is empty by then: its own
      // answer to the same statement as text is the better witness.
      const other = shape.text.includes('NOT IN (SELECT') ? await ask(this.theirs, fill(shape, literals)) : prepared;
      if (!this.compare(`prepared ${round}`, fill(shape, literals), mine, other, shape.ordered)) return false;
    }
    if (dice.chance(0.3)) return this.binary(shape, text, dice);
    return true;
  }

  private async binary(shape: Shape, text: string, dice: Dice): Promise<boolean> {
    const literals = shape.holes.map((hole) => hole.draw(dice));
    const values = literals.map((literal: Literal) => literal.value);
    const [mine, other] = await Promise.all([execute(this.ours, text, values), execute(this.theirs, text, values)]);
    return this.compare('binary', `${text} -- ${JSON.stringify(values)}`, mine, other, shape.ordered);
  }

  private async write(shape: Shape, dice: Dice, tables: readonly Table[]): Promise<boolean> {
    this.summary.writes++;
    const sql = fill(
      shape,
      shape.holes.map((hole) => hole.draw(dice)),
    );
    const { ours, theirs } = await this.both(sql);
    const same = this.compare('write', sql, ours, theirs, true);
    return (await this.sameStored(tables, sql)) && same;
  }

  private async alter(dice: Dice, tables: Table[]): Promise<boolean> {
    const at = dice.below(tables.length);
    const table = tables[at]!;
    const fixed = new Set([...table.primary, ...table.uniques.flat(), 'id', 'id2', 'ids']);
    const loose = table.columns.filter((column) => !fixed.has(column.name));
    const indexable = loose.filter((column) => column.kind !== 'json' && column.type !== 'text');
    let sql: string;
    let next = table.columns;
    switch (dice.below(5)) {
      case 0:
        sql = `ALTER TABLE ${table.name} ADD COLUMN z${this.setup.length} int${dice.pick([' DEFAULT 7', '', ' NOT NULL DEFAULT 3'])}`;
        next = [...table.columns, { name: `z${this.setup.length}`, kind: 'int', type: 'int', nullable: true }];
        break;
      case 1: {
        if (loose.length < 3) return true;
        const gone = dice.pick(loose);
        sql = `ALTER TABLE ${table.name} DROP COLUMN ${gone.name}`;
        next = table.columns.filter((column) => column !== gone);
        break;
      }
      case 2:
        if (indexable.length === 0) return true;
        sql = `ALTER TABLE ${table.name} ADD INDEX y${this.setup.length} (${dice
          .sample(indexable, 1 + dice.below(2))
          .map((column) => column.name)
          .join(', ')})`;
        break;
      case 3: {
        const wide = loose.filter(
          (column) => column.type === 'int' || column.type === 'varchar(20)' || column.type === 'decimal(10,2)',
        );
        if (wide.length === 0) return true;
        const column = dice.pick(wide);
        const type =
          column.type === 'int' ? 'bigint' : column.type === 'decimal(10,2)' ? 'decimal(12,3)' : 'varchar(40)';
        sql = `ALTER TABLE ${table.name} MODIFY ${column.name} ${type}${column.nullable ? '' : ' NOT NULL'}`;
        next = table.columns.map((other) => (other === column ? { ...column, type } : other));
        break;
      }
      default:
        if (indexable.length === 0) return true;
        sql = `ALTER TABLE ${table.name} ADD UNIQUE INDEX x${this.setup.length} (${dice
          .sample(indexable, 2)
          .map((column) => column.name)
          .join(', ')})`;
        break;
    }
    const { ours, theirs } = await this.both(sql);
    // How many rows a change copies is each server's own affair.
    this.compare('alter', sql, { ...ours, affected: 0 }, { ...theirs, affected: 0 }, true);
    if (ours.errno === undefined && theirs.errno === undefined) {
      const unique = /UNIQUE INDEX \w+ \((.*)\)/.exec(sql);
      const uniques = unique ? [...table.uniques, unique[1]!.split(', ')] : table.uniques;
      tables[at] = { ...table, columns: next, uniques };
    }
    return this.sameStored(tables, sql);
  }

  private async sameStored(tables: readonly Table[], after: string): Promise<boolean> {
    await ask(this.ours, "SET rutile_engines = 'row'");
    for (const table of tables) {
      const sql = `SELECT * FROM ${table.name}`;
      const [ours, theirs] = await Promise.all([ask(this.ours, sql), ask(this.theirs, sql)]);
      const different = difference(ours, theirs, false, true);
      if (different !== undefined) {
        this.add('stored', `after ${after}`, sql, ours, theirs);
        return false;
      }
    }
    return true;
  }

  private async check(tables: readonly Table[]): Promise<void> {
    for (const table of tables) {
      const sql = `ADMIN CHECK TABLE ${table.name}`;
      const answer = await ask(this.ours, sql);
      if (answer.errno !== undefined) this.add('check', 'end', sql, answer, {});
    }
  }

  private compare(how: string, sql: string, ours: Answer, theirs: Answer, ordered: boolean): boolean {
    this.summary.executions++;
    if (ours.errno !== undefined && ours.errno === theirs.errno) this.summary.failedAlike++;
    const kind = difference(ours, theirs, ordered, false);
    if (kind === undefined) return true;
    this.add(kind, how, sql, ours, theirs);
    return false;
  }

  private report(kind: Finding['kind'] | undefined, how: string, sql: string, ours: Answer, theirs: Answer): void {
    if (kind !== undefined) this.add(kind, how, sql, ours, theirs);
  }

  private add(kind: Finding['kind'], how: string, sql: string, ours: Answer, theirs: Answer): void {
    const [mine, other] = describe(ours, theirs);
    this.summary.findings.push({
      kind,
      seed: this.seed,
      how,
      sql,
      rutile: mine,
      mariadb: other,
      setup: [...this.setup],
    });
  }
}

/** Error numbers that name the same failure on the two servers. */
const ALIKE: readonly (readonly number[])[] = [
  [1690, 1264],
  [1366, 1292, 1265],
  [1062, 1586],
];

function difference(ours: Answer, theirs: Answer, ordered: boolean, exact: boolean): Finding['kind'] | undefined {
  if (ours.errno === -1) return 'lost';
  if (ours.errno !== undefined || theirs.errno !== undefined) {
    if (ours.errno === theirs.errno) return undefined;
    // MariaDB loses columns of merged derived tables on a second execution.
    if (ours.errno === undefined && theirs.errno === 1054) return undefined;
    if (ALIKE.some((group) => group.includes(ours.errno ?? 0) && group.includes(theirs.errno ?? 0))) return undefined;
    return 'errno';
  }
  if (ours.rows === undefined || theirs.rows === undefined)
    return ours.affected === theirs.affected ? undefined : 'affected';
  if (ours.rows.length !== theirs.rows.length) return 'rows';
  const approximate = theirs.rows[0]?.map((_, i) => Boolean(theirs.approximate?.[i] || ours.approximate?.[i])) ?? [];
  const mine = arranged(ours.rows, approximate, ordered, exact);
  const other = arranged(theirs.rows, approximate, ordered, exact);
  return mine.every((row, i) => row.every((value, j) => sameValue(value, other[i]![j]!, approximate[j]!))) &&
    mine.every((row, i) => row.length === other[i]!.length)
    ? undefined
    : 'rows';
}

/** Text that a case-insensitive collation holds for equal is folded: which of the equals a group shows is open. */
function arranged(
  rows: readonly (readonly Value[])[],
  approximate: readonly boolean[],
  ordered: boolean,
  exact: boolean,
): (readonly Value[])[] {
  const folded = rows.map((row) =>
    row.map((value, i) => (value === null ? null : approximate[i] ? value : exact ? value : fold(value))),
  );
  if (ordered) return folded;
  const key = (row: readonly Value[]) =>
    row
      .map((value, i) => (value === null ? '~' : approximate[i] ? Number(value).toPrecision(9) : value))
      .join('\u0000');
  return folded
    .map((row) => [key(row), row] as const)
    .sort((x, y) => (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : 0))
    .map(([, row]) => row);
}

function fold(value: string): string {
  // How many digits of a second are shown where a number was added to a moment differs.
  const shown = /:\d\d\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value;
  return shown
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .replace(/ +$/, '');
}

function sameValue(mine: Value, other: Value, approximate: boolean): boolean {
  if (mine === other) return true;
  if (mine === null || other === null || !approximate) return false;
  const [x, y] = [Number(mine), Number(other)];
  return Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y));
}

function describe(ours: Answer, theirs: Answer): [string, string] {
  if (ours.rows !== undefined && theirs.rows !== undefined) {
    const print = (row: readonly Value[]) => row.map((value) => value ?? 'NULL').join(' | ');
    const [mine, other] = [ours.rows.map(print), theirs.rows.map(print)];
    const count = (rows: string[]) =>
      rows.reduce((map, row) => map.set(fold(row), (map.get(fold(row)) ?? 0) + 1), new Map<string, number>());
    const [a, b] = [count(mine), count(other)];
    const only = (rows: string[], first: Map<string, number>, second: Map<string, number>) =>
      rows.filter((row) => (first.get(fold(row)) ?? 0) !== (second.get(fold(row)) ?? 0)).slice(0, 4);
    return [
      `${mine.length} rows, only here: ${only(mine, a, b).join(' // ')}`,
      `${other.length} rows, only here: ${only(other, b, a).join(' // ')}`,
    ];
  }
  const print = (answer: Answer) =>
    answer.errno !== undefined
      ? `${answer.errno} ${answer.message}`
      : answer.rows !== undefined
        ? `${answer.rows.length} rows`
        : `${answer.affected} changed`;
  return [print(ours), print(theirs)];
}

async function ask(connection: mysql.Connection, sql: string): Promise<Answer> {
  return settled(
    connection.query({
      sql,
      rowsAsArray: true,
      typeCast: (field: { type: string; buffer(): Buffer | null }) => {
        const bytes = field.buffer();
        return bytes === null ? null : bytes.toString('utf8');
      },
    } as mysql.QueryOptions),
  );
}

async function execute(
  connection: mysql.Connection,
  sql: string,
  values: readonly (string | number | null)[],
): Promise<Answer> {
  return settled(
    connection.execute({ sql, rowsAsArray: true } as mysql.QueryOptions, values as (string | number | null)[]),
  );
}

async function settled(work: Promise<[unknown, unknown]>): Promise<Answer> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(Object.assign(new Error('no answer in 20 s'), { errno: -1 })), 20_000).unref(),
  );
  try {
    const [result, fields] = (await Promise.race([work, late])) as [
      unknown,
      { columnType?: number; type?: number }[] | undefined,
    ];
    if (!Array.isArray(result)) return { affected: (result as { affectedRows: number }).affectedRows };
    const rows = (result as unknown[][]).map((row) =>
      row.map((value) =>
        value === null
          ? null
          : value instanceof Uint8Array
            ? Buffer.from(value).toString('utf8')
            : typeof value === 'object'
              ? JSON.stringify(value)
              : String(value),
      ),
    );
    return { rows, approximate: fields?.map((field) => [4, 5].includes(field.columnType ?? field.type ?? 0)) ?? [] };
  } catch (error) {
    const { errno, message } = error as { errno?: number; message: string };
    return { errno: errno === undefined || errno < 0 ? -1 : errno, message };
  }
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const option = (name: string, fallback: string) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : process.argv[at + 1]!;
  };
  const [from, to] = option('seeds', '1-10').split('-').map(Number);
  const statements = Number(option('statements', '60'));
  const seen = new Set<number>();
  const differential = await Differential.start();
  try {
    for (let seed = from!; seed <= (to ?? from!); seed++) {
      const before = differential.summary.findings.length;
      await differential.run(seed, statements);
      for (const finding of differential.summary.findings.slice(before)) {
        const { setup, ...rest } = finding;
        console.log(JSON.stringify(rest, null, 1));
        if (process.argv.includes('--verbose') && !seen.has(seed)) console.log(setup.join(';\n'));
        seen.add(seed);
      }
    }
    const { findings, ...counts } = differential.summary;
    console.log(JSON.stringify({ ...counts, findings: findings.length }));
  } finally {
    await differential.stop();
  }
}
