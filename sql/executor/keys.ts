/**
 * `KeyReader`: turns the key columns of a row into one value that a `Map` can look up. Equal SQL values (under the collation)
 * give equal keys and different ones different keys. One integer column is its own key; everything else goes through
 * `hashKeyFor` of sql/functions, which makes a number or a string.
 */
import type { Datum, Row } from '../../base/value/datum.ts';
import { isInteger, type FieldType } from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { EvalContext } from '../functions/context.ts';
import { hashKeyFor, keyOfType } from '../functions/index.ts';
import { evaluator, type Evaluate } from './compiled.ts';

export type HashKey = number | string | bigint;

const NULL_KEY = 'NULL';

export class KeyReader {
  private readonly evaluators: readonly Evaluate[];
  private readonly types: readonly FieldType[];
  private readonly keysOf: readonly ReturnType<typeof keyOfType>[];
  private readonly nullSafe: readonly boolean[];
  private readonly context: EvalContext;
  private readonly hash: ((values: Row) => number | string) | undefined;
  private readonly scratch: Datum[];
  /** Position of the one integer column, when the key is just that; -1 else. */
  private readonly integerColumn: number;
  /** What a NULL integer reads as: a string no integer equals, or nothing when NULL equals nothing. */
  private readonly nullKey: string | undefined;

  /**
   * `partners`: the other side's expressions. Their types decide how keys are made where the two sides differ in detail, so
   * that both readers of a join agree.
   */
  constructor(
    expressions: readonly Expression[],
    nullSafe: readonly boolean[],
    context: EvalContext,
    partners: readonly Expression[] = expressions,
  ) {
    this.evaluators = expressions.map(evaluator);
    this.types = partners.map((expression) => expression.type);
    this.keysOf = this.types.map((type) => keyOfType(type));
    this.nullSafe = nullSafe;
    this.context = context;
    this.scratch = new Array<Datum>(expressions.length).fill(null);
    const [only] = expressions;
    const integer = expressions.length === 1 && isInteger(only!.type) && isInteger(partners[0]!.type);
    this.integerColumn = integer && only!.kind === 'column' ? only!.index : -1;
    this.nullKey = nullSafe[0] ? NULL_KEY : undefined;
    this.hash = integer || expressions.length === 0 ? undefined : hashKeyFor(this.types);
  }

  /** `undefined`: a NULL that equals nothing. */
  read(row: Row): HashKey | undefined {
    if (this.integerColumn >= 0) {
      const value = row[this.integerColumn] as number | bigint | null;
      return value === null ? this.nullKey : value;
    }
    const { evaluators, scratch, context } = this;
    if (this.hash === undefined) {
      if (evaluators.length === 0) return 0;
      const value = evaluators[0]!(row, context) as number | bigint | null;
      return value === null ? this.nullKey : value;
    }
    for (let i = 0; i < evaluators.length; i++) {
      const value = evaluators[i]!(row, context);
      if (value === null && !this.nullSafe[i]) return undefined;
      scratch[i] = value;
    }
    return this.hash(scratch);
  }

  values(row: Row): Row {
    return this.evaluators.map((evaluate) => evaluate(row, this.context));
  }

  /** Whether no pair of values that are both there differs: the whole comparison is then TRUE or NULL. */
  mayEqual(values: Row, row: Row): boolean {
    for (let i = 0; i < this.evaluators.length; i++) {
      const value = this.evaluators[i]!(row, this.context);
      const other = values[i]!;
      if (this.nullSafe[i] && (value === null) !== (other === null)) return false;
      if (value === null || other === null) continue;
      const keyOf = this.keysOf[i]!;
      if (keyOf(value) !== keyOf(other)) return false;
    }
    return true;
  }
}

/** A reader for GROUP BY, DISTINCT and set operations, where NULL equals NULL. */
export function groupKeyReader(expressions: readonly Expression[], context: EvalContext): KeyReader {
  return new KeyReader(
    expressions,
    expressions.map(() => true),
    context,
  );
}
