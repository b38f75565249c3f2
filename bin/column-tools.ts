/** What both sides of the column engine share with the row engine: its functions and its collations, so that there is one definition of each. */
import { assert } from '../base/assert.ts';
import { collationNamed, type Collation } from '../base/value/collation/index.ts';
import type { WorkerTools } from '../analytics/index.ts';
import { compile, createEvalContext } from '../sql/functions/index.ts';

export const COLUMN_TOOLS: WorkerTools = {
  // Only functions of text and constants come here; what depends on the session was computed before the plan left it.
  compileScalar: (expression) => {
    const evaluate = compile(expression);
    const context = createEvalContext();
    return (row) => evaluate(row, context);
  },
  collations: {
    hashKey: (name, text) => named(name).hashKey(text),
    compare: (name, left, right) => named(name).compare(left, right),
  },
};

function named(name: string): Collation {
  const collation = collationNamed(name);
  assert(collation !== undefined, 'columns are loaded with known collations only');
  return collation;
}
