/**
 * Reads of the past: a query sees rows and schema as they were at a moment that somebody named.
 *
 *     FROM t AS OF TIMESTAMP expr                      this query; all of its tables name the same moment
 *     START TRANSACTION READ ONLY AS OF TIMESTAMP expr every query until COMMIT
 *     SET TRANSACTION READ ONLY AS OF TIMESTAMP expr   the next query, or the next transaction
 *     tidb_snapshot                                    every query of the session, until it is ''; writes are refused
 *     tidb_read_staleness                              queries outside of transactions, so many seconds back
 *
 * The schema of a moment is read from the store as it was then (`Catalog.schemaAt`), so a column or table that has gone since is there. Versions are
 * kept above the safe point: an older moment is error 9006. Plans made here serve once; the column engine, which holds the present, takes no part.
 */
import { SqlError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { DATE_RULES_LAX, parseDateTime } from '../../base/value/date-time-parse.ts';
import { toEpochSeconds } from '../../base/value/time-zone.ts';
import type { ExpressionNode, Statement, TableNode } from '../parser/ast.ts';
import { readOnlyTransaction } from './failures.ts';
import { isWrite } from './planned.ts';
import type { StatementResult } from './result.ts';
import { runPast, runPlan } from './run-plan.ts';
import type { Session } from './session.ts';
import type { Bound } from './statement-planner.ts';
import { wrongValue } from './variables.ts';
import { evaluateOne } from './statements/evaluate.ts';

const LOGICAL_BITS = 18n;
/** Numbers from here on are timestamps of the oracle, not dates written as numbers. */
const ORACLE_MIN = 10_000_000_000_000_000n;
const MENTIONED = /\bas\s+of\s+timestamp\b/i;

/** A cheap look at the text: only such statements are searched for `AS OF`. */
export function mentionsPast(sql: string): boolean {
  return MENTIONED.test(sql);
}

export class PastReads {
  /** Of the transaction that runs. */
  transaction: bigint | undefined = undefined;
  /** SET TRANSACTION: for the next query or transaction. */
  next: bigint | undefined = undefined;
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Plans are not looked up while it is so. */
  // hot
  get applies(): boolean {
    return this.transaction !== undefined || this.next !== undefined || this.session.state.readsPast;
  }

  async run(statement: Statement, sql: string, bound: Bound): Promise<StatementResult> {
    const { session } = this;
    const { planner, instance } = session;
    session.statement.start(instance.catalog.schema());
    const ts = await this.momentOf(statement, sql, bound);
    if (ts === undefined) {
      const schema = instance.catalog.schema();
      return runPlan(
        session,
        planner.plan(statement, sql, schema, bound, undefined).plan,
        [...(bound.values ?? [])],
        schema,
      );
    }
    if (isWrite(statement)) {
      if (session.state.value('tidb_snapshot') !== '')
        throw new SqlError(1105, 'HY000', "can not execute write statement when 'tidb_snapshot' is set");
      throw readOnlyTransaction();
    }
    // What it reads stays until the statement ends: held before the schema of that moment is looked at.
    const hold = instance.kv.holdSafePoint(ts);
    try {
      this.check(ts);
      const schema = await instance.catalog.schemaAt(ts);
      const { environment } = session;
      environment.readsPast = true;
      try {
        const { plan } = planner.plan(statement, sql, schema, bound, undefined);
        if (plan.locks) throw readOnlyTransaction();
        return await runPast(session, plan, [...(bound.values ?? [])], { schema, ts });
      } finally {
        environment.readsPast = false;
      }
    } finally {
      hold.release();
    }
  }

  /** Throws 9006 when versions of that moment may be gone, 8135 when it is still to come. */
  check(ts: bigint): void {
    const { instance } = this.session;
    const safePoint = instance.kv.safePoint();
    if (ts < safePoint)
      throw new SqlError(9006, 'HY000', `GC life time is shorter than transaction duration, transaction starts at ${when(ts)}, GC safe point is ${when(safePoint)}`); // prettier-ignore
  }

  /** The moment that an expression names, as a timestamp. */
  async momentNamed(expression: ExpressionNode, sql: string, bound?: Bound): Promise<bigint> {
    const given = await evaluateOne(this.session, expression, sql, bound);
    const direct = typeof given.value === 'number' || typeof given.value === 'bigint' ? BigInt(given.value) : 0n;
    if (direct >= ORACLE_MIN) return this.notAhead(direct);
    const { start, end } = expression;
    const type = { name: 'datetime' as const, length: 6, unsigned: false, zerofill: false, binary: false, start, end };
    const { value } = await evaluateOne(this.session, { kind: 'cast', operand: expression, type, array: false, start, end }, sql, bound); // prettier-ignore
    return this.notAhead(this.timestampOf(value));
  }

  /** `tidb_snapshot`: a date and time, or a timestamp of the oracle. */
  snapshotNamed(text: string): bigint {
    const direct = /^\d{17,20}$/.test(text) ? BigInt(text) : undefined;
    if (direct !== undefined) return direct;
    const { value } = parseDateTime(text, DATE_RULES_LAX);
    if (value === undefined) throw wrongValue('tidb_snapshot', text);
    return this.timestampOf(value);
  }

  private async momentOf(statement: Statement, sql: string, bound: Bound): Promise<bigint | undefined> {
    const { session } = this;
    const { state, transaction } = session;
    const tables = mentionsPast(sql) ? tablesOf(statement) : undefined;
    const named = tables?.named[0];
    if (named !== undefined) {
      if (transaction.active) throw invalid("as of timestamp can't be set in transaction.");
      if (isWrite(statement)) throw new SqlError(1235, '42000', "This version of Rutile doesn't yet support 'AS OF TIMESTAMP in a statement that writes'"); // prettier-ignore
      const ts = await this.momentNamed(named.asOf!, sql, bound);
      for (const other of tables!.named.slice(1))
        if ((await this.momentNamed(other.asOf!, sql, bound)) !== ts) throw differ();
      if (tables!.present) throw differ();
      return ts;
    }
    if (this.transaction !== undefined) return this.transaction;
    if (this.next !== undefined && !transaction.active) {
      const ts = this.next;
      this.next = undefined;
      return ts;
    }
    if (state.snapshotText !== '') return this.snapshotNamed(state.snapshotText);
    if (state.stalenessSeconds < 0 && !transaction.covers && !isWrite(statement)) {
      const now = await session.instance.kv.timestamp();
      const ts = now - (BigInt(Math.round(-state.stalenessSeconds * 1000)) << LOGICAL_BITS);
      const safePoint = session.instance.kv.safePoint();
      return ts < safePoint ? safePoint : ts;
    }
    return undefined;
  }

  private async notAhead(ts: bigint): Promise<bigint> {
    const now = await this.session.instance.kv.timestamp();
    if (ts > now) throw invalid('cannot set read timestamp to a future time.');
    return ts;
  }

  private timestampOf(value: Datum): bigint {
    if (!(value instanceof DateTime)) throw invalid('cannot compute the moment.');
    const { seconds, micros } = this.epochOf(value);
    return (BigInt(seconds) * 1000n + BigInt(Math.floor(micros / 1000))) << LOGICAL_BITS;
  }

  private epochOf(value: DateTime): { readonly seconds: number; readonly micros: number } {
    return toEpochSeconds(value, this.session.state.timeZone);
  }
}

function invalid(reason: string): SqlError {
  return new SqlError(8135, 'HY000', `invalid as of timestamp: ${reason}`);
}

const differ = (): SqlError => invalid('can not set different time in the as of.');

const when = (ts: bigint): string => new Date(Number(ts >> LOGICAL_BITS)).toISOString();

/** Tables with AS OF, and whether there are others, common table expressions and computed tables apart. */
function tablesOf(statement: Statement): { readonly named: readonly TableNode[]; readonly present: boolean } {
  const named: TableNode[] = [];
  const plain: TableNode[] = [];
  const expressions = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    const node = value as { readonly kind?: string; readonly name?: unknown; readonly query?: unknown };
    if (node.kind === 'table' && 'table' in node) (('asOf' in node && node.asOf !== undefined) ? named : plain).push(node as unknown as TableNode); // prettier-ignore
    if (typeof node.name === 'string' && node.query !== undefined) expressions.add(node.name.toLowerCase());
    Object.values(value).forEach(walk);
  };
  walk(statement);
  const present = plain.some(
    ({ table }) =>
      !(
        table.schema === undefined &&
        (expressions.has(table.name.toLowerCase()) || table.name.toLowerCase() === 'dual')
      ) && !COMPUTED.has((table.schema ?? '').toLowerCase()),
  );
  return { named, present };
}

const COMPUTED: ReadonlySet<string> = new Set(['information_schema', 'performance_schema', 'mysql', 'sys']);
