/**
 * `Block`: one query block while it is bound. `plan` grows from FROM upwards; a subquery met in an expression hangs itself on the plan
 * through `attach` and the expression goes on with a column that stands for its value.
 *
 * `BindContext` says what an expression may do where it stands: see aliases, use aggregates or windows, and at what stage
 * of the block its subqueries attach.
 */
import type { AggregateCall, ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import type { JoinType, OutputColumn } from '../../../proto/plan/physical.ts';
import type { QueryNode } from '../../parser/ast.ts';
import type { Clause } from '../errors.ts';
import { expressionKey } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { apply } from '../logical.ts';
import type { Binder } from './binder.ts';
import { type BlockHints, NO_BLOCK_HINTS } from './hints.ts';
import { Scope } from './scope.ts';

/** A subquery ready to be joined to the rows it is asked for. */
export interface SubquerySpec {
  readonly joinType: JoinType | 'scalar';
  readonly plan: LogicalPlan;
  readonly conditions: readonly Expression[];
  readonly mark: OutputColumn | undefined;
  readonly value: OutputColumn | undefined;
}

export interface BoundColumn {
  readonly id: ColumnId;
  readonly name: string;
  readonly type: FieldType;
  readonly origin: import('./scope.ts').ScopeColumn | undefined;
}

export interface BoundQuery {
  readonly plan: LogicalPlan;
  readonly columns: readonly BoundColumn[];
}

/** What a WITH list brings; names hide those further out. */
export interface CteDefinition {
  readonly name: string;
  readonly cteId: number;
  /** Filled when first used, or at once for a recursive one. */
  bound: BoundQuery | undefined;
  readonly bind: () => BoundQuery;
  references: number;
  /** While its own recursive part is bound. */
  recursive: boolean;
}

export interface CteChain {
  readonly definition: CteDefinition;
  readonly next: CteChain | undefined;
}

export class Block {
  readonly binder: Binder;
  readonly outer: Block | undefined;
  scope: Scope = Scope.empty;
  plan: LogicalPlan;
  ctes: CteChain | undefined;
  /** From hint comments. */
  hints: BlockHints = NO_BLOCK_HINTS;
  /** Its number among the blocks of the statement, in hints. */
  hintBlock = 1;
  /** Where the subquery stands that is being bound inside of this block. */
  standing: BindContext | undefined = undefined;
  /** An aggregate was written in this block that belongs to one further out. */
  gaveAggregates = false;

  constructor(binder: Binder, outer: Block | undefined, ctes: CteChain | undefined) {
    this.binder = binder;
    this.outer = outer;
    this.ctes = ctes;
    this.plan = { kind: 'values', rows: [[]], output: [] };
  }

  attach(spec: SubquerySpec): void {
    this.plan = attached(this.plan, spec);
  }
}

export function attached(plan: LogicalPlan, spec: SubquerySpec): LogicalPlan {
  return apply(spec.joinType, plan, spec.plan, spec.conditions, { mark: spec.mark, value: spec.value });
}

/** The aggregates of a block, each distinct one once. */
export class AggregateCollector {
  readonly calls: AggregateCall[] = [];
  readonly outputs: OutputColumn[] = [];
  private readonly byKey = new Map<string, OutputColumn>();

  add(call: AggregateCall, binder: Binder, name: string): OutputColumn {
    const key = `${call.name}${call.distinct ? ' distinct' : ''}(${call.args.map(expressionKey).join()})${call.separator ?? ''}${(call.orderBy ?? []).map((k) => expressionKey(k.expression) + (k.descending ? '-' : '+')).join()}`;
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const output = binder.newColumn(name, call.type);
    this.calls.push(call);
    this.outputs.push(output);
    this.byKey.set(key, output);
    return output;
  }
}

export interface BindContext {
  readonly block: Block;
  readonly clause: Clause;
  readonly attach: (spec: SubquerySpec) => void;
  /** `undefined`: aggregates are not allowed here (error 1111). */
  readonly aggregates: AggregateCollector | undefined;
  /** Begins the block anew, with groups: there are none yet, and a subquery that stands here asks for an aggregate of them. */
  readonly regroup?: (() => never) | undefined;
  /** Binds a window call; `undefined`: not allowed here (error 3593). */
  readonly window: ((node: import('../../parser/ast.ts').WindowNode, context: BindContext) => Expression) | undefined;
  /** Names of the select list, for ORDER BY, HAVING and GROUP BY. */
  readonly alias: ((name: string) => Expression | undefined) | undefined;
  readonly aliasFirst: boolean;
  /** GROUPING(x): the bit column of a group expression; only under ROLLUP. */
  readonly grouping: ((argument: Expression) => Expression) | undefined;
  /** VALUES(c) and DEFAULT(c), where they mean something. */
  readonly valuesOf: ((name: string) => Expression) | undefined;
  readonly bindSubquery: (node: QueryNode, context: BindContext) => BoundQuery;
}
