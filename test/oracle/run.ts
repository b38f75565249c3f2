/**
 * One seed: a schema in a database of its own, and checks over it, most of them reads; now and then somebody writes in between, and all indexes are held
 * against their rows at the end. A check that finds something is run again over a fresh copy of the database, made smaller for as long as it still finds
 * something, and told as a script that anybody can paste.
 */
import { Dice } from '../cluster/dice.ts';
import type { BesideServer } from './beside.ts';
import type { MemoryServer, MemorySession } from './memory-server.ts';
import { BESIDE, type Check, describeCheck, drawOracle, ORACLES } from './oracles.ts';
import { difference } from './answers.ts';
import { drawSchema, type Schema } from './schema.ts';
import { smaller, type Expression, type Query } from './tree.ts';

const CHECKS_PER_SEED = 40;
/** Runs that one shrinking may take: each makes a database. */
const SHRINK_RUNS_MAX = 400;

export interface Finding {
  readonly seed: number;
  readonly oracle: string;
  readonly wrong: string;
  readonly statements: readonly string[];
  readonly check: string;
}

export interface SeedOptions {
  /** Only these oracles. */
  readonly only?: readonly string[];
  readonly checks?: number;
  readonly shrink?: boolean;
  /** Ends the seed before its next check. */
  readonly stopped?: () => boolean;
}

export class SeedRun {
  readonly counts = new Map<string, number>();
  private readonly server: MemoryServer;
  private readonly seed: number;
  private readonly beside: BesideServer | undefined;
  private databaseCount = 0;

  constructor(server: MemoryServer, seed: number, beside?: BesideServer) {
    this.server = server;
    this.seed = seed;
    this.beside = beside;
  }

  /** The first thing that is wrong. */
  async run(options: SeedOptions = {}): Promise<Finding | undefined> {
    const random = new Dice(this.seed);
    const schema = drawSchema(random, this.beside !== undefined);
    return this.within(schema, schema.statements, async (session, second, wrongSetUp) => {
      if (wrongSetUp !== undefined) return this.found('setup', wrongSetUp, schema.statements, '');
      const done = [...schema.statements];
      if (!(await this.isSameBeside(schema, session))) return undefined;
      for (let i = 0; i < (options.checks ?? CHECKS_PER_SEED); i++) {
        if (options.stopped?.() === true) return undefined;
        const oracle = drawOracle(random, options.only, this.beside !== undefined);
        const check = oracle.draw(random, schema);
        this.counts.set(oracle.name, (this.counts.get(oracle.name) ?? 0) + 1);
        const wrong = await oracle.run({ schema, session, second, beside: this.beside }, check);
        if (wrong !== undefined) return this.shrunk(schema, done, check, wrong, options.shrink !== false);
        const changes = oracle.name === 'snapshot' || oracle.name === 'own' ? check.changes! : [];
        for (const change of changes) await this.beside?.ask(change);
        done.push(...changes);
        if (changes.length > 0 && !(await this.isSameBeside(schema, session))) return undefined;
      }
      for (const { name } of schema.tables.filter(({ isView }) => !isView)) {
        const { errno, message } = await session.ask(`ADMIN CHECK TABLE ${name}`);
        if (errno !== undefined) return this.found('check', `${errno} ${message}`, done, `ADMIN CHECK TABLE ${name}`);
      }
      return undefined;
    });
  }

  /** Rows that the other server has stored differently (a value that was cut, an IGNORE) are no question of queries. */
  private async isSameBeside(schema: Schema, session: MemorySession): Promise<boolean> {
    if (this.beside === undefined) return true;
    for (const { name } of schema.tables) {
      const sql = `SELECT * FROM ${name}`;
      if (difference(await session.ask(sql), await this.beside.ask(sql)) !== undefined) return false;
    }
    return true;
  }

  private found(oracle: string, wrong: string, statements: readonly string[], check: string): Finding {
    return { seed: this.seed, oracle, wrong, statements, check };
  }

  /** In a database that holds what the statements make; one that is refused is left out, an internal error is told. */
  private async within<T>(
    schema: Schema,
    statements: readonly string[],
    work: (session: MemorySession, second: MemorySession, wrong: string | undefined) => Promise<T>,
  ): Promise<T> {
    const database = `o${this.seed}_${this.databaseCount++}`;
    const [session, second] = [await this.server.connect(), await this.server.connect()];
    try {
      await session.ask(`CREATE DATABASE ${database}`);
      let wrong: string | undefined;
      for (const one of [session, second])
        for (const sql of [
          `USE ${database}`,
          `SET NAMES utf8mb4 COLLATE ${schema.collation}`,
          'SET innodb_lock_wait_timeout = 1',
        ])
          await one.ask(sql);
      await this.beside?.open(database, schema.collation);
      for (const sql of statements) {
        await this.beside?.ask(sql);
        const answer = await session.ask(sql);
        if (answer.internal) wrong ??= `${sql}: ${answer.message}`;
        else if (answer.errno !== undefined && sql.startsWith('CREATE') && statements === schema.statements) wrong ??= `${sql}: ${answer.errno} ${answer.message}`; // prettier-ignore
      }
      return await work(session, second, wrong);
    } finally {
      await session.ask('ROLLBACK');
      await session.ask(`DROP DATABASE ${database}`);
      await this.beside?.drop(database);
      session.close();
      second.close();
    }
  }

  private async shrunk(
    schema: Schema,
    statements: readonly string[],
    check: Check,
    wrong: string,
    isWanted: boolean,
  ): Promise<Finding> {
    let runs = 0;
    const oracle = [...ORACLES, BESIDE].find(({ name }) => name === check.oracle)!;
    const sort = kindOf(wrong);
    const fails = async (some: readonly string[], smaller: Check): Promise<string | undefined> => {
      if (runs++ >= SHRINK_RUNS_MAX) return undefined;
      const seen = await this.within(schema, some, (session, second) => oracle.run({ schema, session, second, beside: this.beside }, smaller)); // prettier-ignore
      return seen !== undefined && kindOf(seen) === sort ? seen : undefined;
    };
    let left = statements;
    let now = check;
    if (isWanted && (await fails(left, now)) !== undefined) {
      for (let before = -1; before !== left.length + size(now) && runs < SHRINK_RUNS_MAX;) {
        before = left.length + size(now);
        // Rows and indexes in halves, quarters, …, one by one.
        for (let part = Math.ceil(left.length / 2); part >= 1; part = part === 1 ? 0 : Math.ceil(part / 2))
          for (let at = left.length - part; at > -part; at -= part) {
            const fewer = left.filter((_, i) => i < at || i >= at + part);
            const seen = fewer.length === left.length ? undefined : await fails(fewer, now);
            if (seen !== undefined) [left, wrong] = [fewer, seen];
          }
        for (let went = true; went;) {
          went = false;
          for (const candidate of smallerChecks(now)) {
            const seen = await fails(left, candidate);
            if (seen === undefined) continue;
            [now, wrong, went] = [candidate, seen, true];
            break;
          }
        }
      }
    }
    return this.found(check.oracle, wrong, left, describeCheck(now));
  }
}

/** Whether two findings are the same kind of finding: a shrunk wrong result must not become a refusal of a query that makes no sense. */
function kindOf(wrong: string): string {
  return wrong.startsWith('internal') ? 'internal' : / against /.test(wrong) && /^\d{4} /.test(wrong.replace(/^.*?: /, '')) ? 'refusal' : 'rows'; // prettier-ignore
}

function size(check: Check): number {
  return describeCheck(check).length;
}

function* smallerChecks(check: Check): Generator<Check> {
  const changes = check.changes ?? [];
  for (let i = 0; i < changes.length; i++) yield { ...check, changes: changes.filter((_, at) => at !== i) };
  for (const query of smaller(check.query)) yield { ...check, query };
  if (check.condition === undefined) return;
  for (const { where } of smaller(holding(check.condition))) if (where !== undefined) yield { ...check, condition: where };
} // prettier-ignore

function holding(where: Expression): Query {
  return { ctes: [], distinct: false, items: [], from: undefined, where, group: [], rollup: false, having: undefined, sets: [], order: [], limit: undefined }; // prettier-ignore
}

export function describeFinding({ seed, oracle, wrong, statements, check }: Finding): string {
  return [`seed ${seed}: ${oracle}: ${wrong}`, ...statements.map((sql) => `${sql};`), check].join('\n');
}
