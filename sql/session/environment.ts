/** `SessionEnvironment`: what the planner may know of the session, one object reused for every statement that is planned. */
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type { EvalContext } from '../functions/context.ts';
import type {
  ColumnEngineCosting,
  PlannerEnvironment,
  SchemaSnapshot,
  TableStatistics,
} from '../planner/environment.ts';
import { childPlans } from './planned.ts';
import type { Session } from './session.ts';

export class SessionEnvironment implements PlannerEnvironment {
  schema: SchemaSnapshot;
  sql = '';
  /** The schema, and the rows to be read, are of a moment that is gone. */
  readsPast = false;
  parameterTypes: readonly FieldType[] = [];
  parameterValues: readonly Datum[] | undefined = undefined;
  private readonly session: Session;
  private readonly costing: ColumnEngineCosting | undefined;

  constructor(session: Session) {
    this.session = session;
    const engine = session.instance.statementServices.columnEngine;
    // A transaction that looks further back than the columns were loaded would load them for itself.
    this.costing = engine && {
      unsupported: (plan) => (readsTemporary(plan) ? 'a temporary table' : engine.unsupported(plan)),
      residency: (table, columns) =>
        table.temporary ? 'absent' : engine.residency(table, columns, session.transaction.snapshotTs),
    };
    this.schema = session.schema();
  }

  prepare(
    sql: string,
    schema: SchemaSnapshot,
    types: readonly FieldType[],
    values: readonly Datum[] | undefined,
  ): this {
    this.sql = sql;
    this.schema = schema;
    this.parameterTypes = types;
    this.parameterValues = values;
    return this;
  }

  /** A copy whose fields are all its own: for callers that spread it. */
  plain(sql: string): PlannerEnvironment {
    this.prepare(sql, this.session.schema(), [], undefined);
    return {
      schema: this.schema, sql, parameterTypes: [], parameterValues: undefined, currentDatabase: this.currentDatabase, engines: this.engines, disabledRules: this.disabledRules,
      evalContext: this.evalContext, columnEngine: this.columnEngine, statistics: (table) => this.statistics(table), approximateRows: (table) => this.approximateRows(table),
      checkPrivilege: (privilege, database, table, definer) => this.checkPrivilege(privilege, database, table, definer),
      columnRights: (privilege, database, table, definer) => this.columnRights(privilege, database, table, definer),
      checkColumn: (privilege, database, table, column, definer) => this.checkColumn(privilege, database, table, column, definer), safeUpdates: this.safeUpdates,
    }; // prettier-ignore
  }

  get currentDatabase(): string | undefined {
    return this.session.state.database;
  }

  get engines(): 'row' | 'column' | 'auto' {
    return this.readsPast ? 'row' : this.session.state.engines;
  }

  get disabledRules(): ReadonlySet<string> {
    return this.session.state.disabledRules;
  }

  get safeUpdates(): boolean {
    return this.session.state.value('sql_safe_updates') === 1;
  }

  get evalContext(): EvalContext {
    return this.session.statement;
  }

  /**
   * Not in a transaction that has written: the column engine reads committed data and would miss its own rows. Nor in a serializable one, whose
   * reads are noted where rows are read.
   */
  get columnEngine(): ColumnEngineCosting | undefined {
    const { transaction } = this.session;
    return this.readsPast || transaction.hasWrites || transaction.notesReads ? undefined : this.costing;
  }

  statistics(table: TableInfo): TableStatistics | undefined {
    return this.session.instance.catalog.statistics(table);
  }

  approximateRows(table: TableInfo): number {
    return this.session.instance.catalog.approximateRows(table);
  }

  checkPrivilege(privilege: string, database: string, table: string, definer?: string): void {
    const { instance, state } = this.session;
    if (definer === undefined && this.isOwn(database, table)) return;
    instance.catalog.checkPrivilege(state, privilege, database, table, definer);
  }

  columnRights(privilege: string, database: string, table: string, definer?: string): 'all' | 'some' | 'none' {
    const { instance, state } = this.session;
    if (definer === undefined && this.isOwn(database, table)) return 'all';
    return instance.catalog.rights(state, definer).columns(privilege, database, table);
  }

  checkColumn(privilege: string, database: string, table: string, column: string, definer?: string): void {
    const { instance, state } = this.session;
    if (definer === undefined && this.isOwn(database, table)) return;
    instance.catalog.checkColumn(state, privilege, database, table, column, definer);
  }

  /** A temporary table is its session's own: nobody asks what it may do there. */
  private isOwn(database: string, table: string): boolean {
    const { filling } = this.session;
    if (filling !== undefined && filling.table.name === table && filling.database === database) return true;
    return this.session.temporaryTable({ schema: database, name: table, start: 0, end: 0 }) !== undefined;
  }
}

function readsTemporary(plan: PhysicalPlan): boolean {
  return ('table' in plan && plan.table.temporary === true) || childPlans(plan).some(readsTemporary);
}
