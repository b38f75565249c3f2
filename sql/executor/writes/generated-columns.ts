/** The values of generated columns, computed for a row that has all its other values. */
import type { Datum, Row } from '../../../base/value/datum.ts';
import type { GeneratedValue } from '../../../proto/plan/physical.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import type { EvalContext } from '../../functions/context.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import { columnStore, type StoreRules, type StoreValue } from './column-store.ts';

export class GeneratedColumns {
  private readonly columns: readonly {
    readonly offset: number;
    readonly evaluate: Evaluate;
    readonly store: StoreValue;
  }[];
  private readonly context: EvalContext;

  static of(
    values: readonly GeneratedValue[] | undefined,
    table: TableInfo,
    rules: StoreRules,
    context: EvalContext,
  ): GeneratedColumns | undefined {
    return values === undefined ? undefined : new GeneratedColumns(values, table, rules, context);
  }

  private constructor(values: readonly GeneratedValue[], table: TableInfo, rules: StoreRules, context: EvalContext) {
    this.columns = values.map(({ offset, value }) => ({
      offset,
      evaluate: evaluator(value),
      store: columnStore(table.columns[offset]!, value.type, rules, context),
    }));
    this.context = context;
  }

  /** `row`: by column offset. `rowNumber` counts from 1 and stands in messages. */
  compute(row: (Datum | undefined)[], rowNumber: number): void {
    for (const { offset, evaluate, store } of this.columns)
      row[offset] = store(evaluate(row as Row, this.context), rowNumber);
  }
}
