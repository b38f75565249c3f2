/**
 * LOAD DATA's expressions: `SET column = expression` and the defaults of columns that the file does not give. Both are over the new row by column
 * offset, as filled so far; user variables that the file fills are texts, whatever the session holds under their names before.
 */
import type { FieldType } from '../../../base/value/field-type.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { GeneratedValue, RowCheck, WrittenPartitions } from '../../../proto/plan/physical.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import type * as ast from '../../parser/ast.ts';
import type { PlannerEnvironment } from '../environment.ts';
import { unknownColumn, unsupported } from '../errors.ts';
import { replaceIn } from '../expressions.ts';
import { Binder } from './binder.ts';
import { Block } from './block.ts';
import { rowChecks } from './constraints.ts';
import { generatedValues } from './generated.ts';
import { qualifiedName } from './expression.ts';
import { namedPartitions, partitionFunction } from './partitions.ts';
import { rowContext } from './query.ts';
import { Scope } from './scope.ts';
import { bindValue, defaultOf, expressionDefaults, publicColumn, tableInstance, writable } from './write.ts';

export interface LoadExpressions {
  readonly assignments: readonly { readonly columnOffset: number; readonly value: Expression }[];
  readonly defaultExpressions: ReadonlyMap<number, Expression>;
  readonly checks?: readonly RowCheck[];
  readonly generated?: readonly GeneratedValue[];
  readonly partitions?: WrittenPartitions;
}

export interface LoadTarget {
  readonly database: string;
  readonly table: TableInfo;
  /** User variables that the file gives, and their type. */
  readonly variables: ReadonlyMap<string, FieldType>;
  /** Named in `PARTITION (…)`. */
  readonly partitions: readonly string[];
}

export function planLoadExpressions(
  nodes: readonly ast.ColumnAssignment[],
  { database, table, variables, partitions }: LoadTarget,
  env: PlannerEnvironment,
): LoadExpressions {
  const binder = new Binder({ ...env, parameterValues: undefined });
  binder.variableTypes = variables;
  const row = tableInstance(table, database, binder);
  const scope = new Scope([row], row.columns);
  const block = new Block(binder, undefined, undefined);
  block.scope = scope;
  const context = rowContext(block, 'field list', () => {
    throw unsupported('a subquery in LOAD DATA … SET');
  });
  const { idByOffset } = row.base!;
  const place = (expression: Expression): Expression =>
    replaceIn(expression, (e) => (e.kind === 'column' ? { ...e, index: idByOffset.indexOf(e.id) } : undefined));
  const assignments = nodes.flatMap(({ column: name, value }) => {
    if (name.table !== undefined && name.table.toLowerCase() !== table.name.toLowerCase())
      throw unknownColumn(qualifiedName(name), 'field list');
    const column = publicColumn(table, name.name, 'field list');
    const isDefault = value.kind === 'default' && value.column === undefined;
    if (isDefault && column.generated !== undefined) return [];
    writable(column, table);
    const bound = isDefault ? defaultOf(column, binder, scope) : bindValue(value, context, table, binder);
    return [{ columnOffset: column.offset, value: place(bound) }];
  });
  // Also of columns that the file gives: a line may be too short.
  const defaults = expressionDefaults(table, row, () => true, binder);
  const checks = rowChecks(table, database, binder);
  const generated = generatedValues(table, database, binder);
  const named = namedPartitions(table, partitions);
  const written: WrittenPartitions | undefined = table.partitioning && {
    function: partitionFunction(table, database, binder),
    named,
    position: -1,
  };
  return {
    assignments,
    defaultExpressions: new Map([...defaults].map(([offset, e]) => [offset, place(e)])),
    ...(checks === undefined ? {} : { checks }),
    ...(generated === undefined ? {} : { generated }),
    ...(written === undefined ? {} : { partitions: written }),
  };
}
