/**
 * `PreparedStatements`: what a session has prepared, by number (COM_STMT_PREPARE) and by name (PREPARE). A prepared statement keeps its tree, its
 * metadata, the plans made for it, and what the wire has sent ahead of its next execution.
 *
 * All of a server's count against `max_prepared_stmt_count`; what is added here is given back when it is closed, or with the session.
 */
import { SqlError } from '../../base/error.ts';
import type { ParsedStatement, Statement } from '../parser/ast.ts';
import { parse } from '../parser/index.ts';
import type { Cursor } from './cursors.ts';
import { secondStatement } from './failures.ts';
import { mentionsPast } from './past-reads.ts';
import { PlanSet } from './plan-cache.ts';
import { isPlanned } from './planned.ts';
import type { ResultColumn } from './result.ts';
import type { Session } from './session.ts';
import { UNBOUND } from './statement-planner.ts';

export interface PreparedStatement {
  readonly id: number;
  readonly sql: string;
  readonly parsed: ParsedStatement;
  readonly parameterCount: number;
  /** Of the result, as far as it is known before there are values. */
  readonly columns: readonly ResultColumn[];
  readonly plans: PlanSet;
  /** AS OF TIMESTAMP: planned anew each time. */
  readonly mentionsPast: boolean;
  /** What the wire keeps: types of the last binding, values sent ahead. */
  readonly memory: {
    wireTypes: Uint16Array | undefined;
    names: readonly string[] | undefined;
    longData: Map<number, Buffer[]> | undefined;
  };
  /** Why what was sent ahead could not be kept; told by the next execution. */
  longDataFailure: SqlError | undefined;
  /** Its open result; closed by `closeCursor`. */
  cursor: Cursor | undefined;
}

const PARAMETERS_MAX = 65_535;
const LONG_DATA_BYTES_MAX = 256 * 1024 * 1024;
const NO_COLUMNS: readonly ResultColumn[] = [];

export class PreparedStatements {
  private readonly session: Session;
  private readonly byId = new Map<number, PreparedStatement>();
  private readonly byName = new Map<string, PreparedStatement>();
  private nextId = 1;
  /** Values sent ahead, of all statements. */
  private longDataBytes = 0;

  constructor(session: Session) {
    this.session = session;
  }

  add(sql: string): PreparedStatement {
    const made = this.make(sql);
    this.byId.set(made.id, made);
    return made;
  }

  /** One of the same name goes first, also when the new one cannot be made. */
  addNamed(name: string, sql: string): void {
    this.closeNamed(name);
    this.byName.set(name.toLowerCase(), this.make(sql));
  }

  /** `command`: as the error calls whoever asked. */
  // hot
  get(id: number, command: string): PreparedStatement {
    const found = this.byId.get(id);
    if (found === undefined) throw unknownPrepared(id, command);
    return found;
  }

  named(name: string, command: string): PreparedStatement {
    const found = this.byName.get(name.toLowerCase());
    if (found === undefined) throw unknownPrepared(name, command);
    return found;
  }

  close(id: number): void {
    const statement = this.byId.get(id);
    if (statement === undefined) return;
    closeCursor(statement);
    this.forgetLongData(statement);
    this.byId.delete(id);
    this.session.instance.preparedCount--;
  }

  closeNamed(name: string): boolean {
    if (!this.byName.delete(name.toLowerCase())) return false;
    this.session.instance.preparedCount--;
    return true;
  }

  closeAll(): void {
    for (const statement of this.byId.values()) closeCursor(statement);
    this.session.instance.preparedCount -= this.byId.size + this.byName.size;
    this.longDataBytes = 0;
    this.byId.clear();
    this.byName.clear();
  }

  /** A piece of a value that comes before the execution it belongs to. The command has no answer, so an unknown number is passed over. */
  appendLongData(id: number, index: number, data: Buffer): void {
    const statement = this.byId.get(id);
    if (statement === undefined || statement.longDataFailure !== undefined) return;
    const values = (statement.memory.longData ??= new Map<number, Buffer[]>());
    const pieces = values.get(index) ?? [];
    const size = pieces.reduce((sum, piece) => sum + piece.length, data.length);
    if (size > this.session.state.maxAllowedPacket || this.longDataBytes + data.length > LONG_DATA_BYTES_MAX) {
      this.forgetLongData(statement);
      statement.longDataFailure = new SqlError(
        1105,
        'HY000',
        "Parameter of prepared statement which is set through mysql_send_long_data() is longer than 'max_allowed_packet' bytes",
      );
      return;
    }
    this.longDataBytes += data.length;
    pieces.push(data);
    values.set(index, pieces);
  }

  /** It was executed, or reset. */
  forgetLongData(statement: PreparedStatement): void {
    statement.longDataFailure = undefined;
    const { longData } = statement.memory;
    if (longData === undefined) return;
    for (const pieces of longData.values()) for (const piece of pieces) this.longDataBytes -= piece.length;
    statement.memory.longData = undefined;
  }

  private make(sql: string): PreparedStatement {
    const { instance, planner } = this.session;
    if (instance.preparedCount >= Number(instance.globals.get('max_prepared_stmt_count'))) {
      throw new SqlError(
        1461,
        '42000',
        `Can't create more than max_prepared_stmt_count statements (current value: ${instance.preparedCount})`,
      );
    }
    const [parsed, second] = parse(sql, { ...planner.parseOptions(), prepared: true });
    if (parsed === undefined) throw new SqlError(1065, '42000', 'Query was empty');
    if (second !== undefined) throw secondStatement(sql, second);
    const { statement, parameterCount } = parsed;
    if (parameterCount > PARAMETERS_MAX)
      throw new SqlError(1390, 'HY000', 'Prepared statement contains too many placeholders');
    if (
      statement.kind === 'prepare' ||
      statement.kind === 'execute' ||
      statement.kind === 'deallocate' ||
      statement.kind === 'load-data'
    )
      throw new SqlError(1295, 'HY000', 'This command is not supported in the prepared statement protocol yet');
    const columns =
      mentionsPast(sql) || this.session.past.applies
        ? this.columnsOfPast(statement, sql)
        : this.columnsOf(statement, sql);
    instance.preparedCount++;
    return {
      id: this.nextId++, sql, parsed, parameterCount, columns, plans: new PlanSet(), mentionsPast: mentionsPast(sql),
      memory: { wireTypes: undefined, names: undefined, longData: undefined }, longDataFailure: undefined, cursor: undefined,
    }; // prettier-ignore
  }

  /** As far as the tables of then are those of now. */
  private columnsOfPast(statement: Statement, sql: string): readonly ResultColumn[] {
    const { environment } = this.session;
    environment.readsPast = true;
    try {
      return this.columnsOf(statement, sql);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return NO_COLUMNS;
    } finally {
      environment.readsPast = false;
    }
  }

  /** Result columns before there are values: also finds errors in names early. */
  private columnsOf(statement: Statement, sql: string): readonly ResultColumn[] {
    if (!isPlanned(statement)) return NO_COLUMNS;
    const { session } = this;
    const schema = session.schema();
    session.statement.start(schema);
    try {
      return session.planner.plan(statement, sql, schema, UNBOUND, undefined).plan.columns;
    } finally {
      session.statement.finish();
    }
  }
}

export function closeCursor(statement: PreparedStatement): void {
  statement.cursor?.close();
  statement.cursor = undefined;
}

export function unknownPrepared(which: number | string, command: string): SqlError {
  return new SqlError(1243, 'HY000', `Unknown prepared statement handler (${which}) given to ${command}`);
}
