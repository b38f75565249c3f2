/**
 * `trim`: after paths are chosen, some columns that a scan was to give are wanted by nobody: those whose conditions became ranges or
 * join keys. Scans stop decoding them, and what each operator gives follows from its inputs again. Projections that only repeat their
 * input go.
 */
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type {
  IndexMerge,
  IndexScan,
  OutputColumn,
  PhysicalPlan,
  PointGet,
  TableScan,
} from '../../../proto/plan/physical.ts';
import { addColumns } from '../expressions.ts';

type Ids = ReadonlySet<ColumnId>;

const idsOf = (columns: readonly OutputColumn[]): Set<ColumnId> => new Set(columns.map((c) => c.id));

function plus(ids: Ids, ...expressions: (Expression | undefined)[]): Set<ColumnId> {
  const all = new Set(ids);
  for (const e of expressions) if (e !== undefined) addColumns(e, all);
  return all;
}

/** Everything the plan gives is wanted, in its order. */
export function trimRoot(plan: PhysicalPlan): PhysicalPlan {
  const made = trim(plan, idsOf(plan.output));
  // Positions of the root are promised.
  return sameColumns(made.output, plan.output) ? made : plan;
}

/** The plan may give less than before, never less than `wanted`. */
export function trim(plan: PhysicalPlan, wanted: Ids): PhysicalPlan {
  switch (plan.kind) {
    case 'table-scan':
    case 'point-get':
      return narrowed(plan, plus(wanted, plan.filter, ...mergeKeys(plan)));
    case 'index-merge':
      return narrowed(plan, plus(wanted, plan.filter, ...plan.parts.map((part) => part.condition)));
    case 'index-scan':
      return narrowed(plan, plus(wanted, plan.filter, plan.indexFilter, ...mergeKeys(plan)));
    case 'memory-scan':
    case 'values':
    case 'json-table':
    case 'cte-scan': // prettier-ignore
      return plan;
    case 'filter': {
      const input = trim(plan.input, plus(wanted, plan.condition));
      return { ...plan, input, output: input.output };
    }
    case 'projection': {
      const input = trim(plan.input, plus(new Set(), ...plan.expressions));
      const repeats =
        sameColumns(plan.output, input.output) &&
        plan.expressions.every((e, i) => e.kind === 'column' && e.id === plan.output[i]!.id);
      return repeats ? input : { ...plan, input };
    }
    case 'hash-join':
    case 'merge-join': {
      const all = plus(wanted, plan.condition, ...plan.leftKeys, ...plan.rightKeys);
      const left = trim(plan.left, all);
      const right = trim(plan.right, all);
      return { ...plan, left, right, output: joined(plan.joinType, plan.output, left, right) };
    }
    case 'index-join': {
      const all = plus(wanted, plan.condition, ...plan.outerKeys);
      const left = trim(plan.left, all);
      const inner = trim(plan.inner, all) as TableScan | IndexScan;
      return { ...plan, left, inner, output: joined(plan.joinType, plan.output, left, inner) };
    }
    case 'nested-loop-join': {
      const all = plus(wanted, plan.condition);
      const left = trim(plan.left, all);
      const right = trim(plan.right, all);
      return { ...plan, left, right, output: joined(plan.joinType, plan.output, left, right) };
    }
    case 'apply': {
      const all = plus(wanted, plan.condition, ...plan.correlated);
      const left = trim(plan.left, all);
      const inner = plan.joinType === 'scalar' ? trimRoot(plan.inner) : trim(plan.inner, all);
      return { ...plan, left, inner, output: joined(plan.joinType, plan.output, left, inner) };
    }
    case 'hash-aggregate':
    case 'stream-aggregate':
      return {
        ...plan,
        input: trim(
          plan.input,
          plus(
            new Set(),
            ...plan.groupBy,
            ...plan.aggregates.flatMap((a) => [...a.args, ...(a.orderBy ?? []).map((k) => k.expression)]),
          ),
        ),
      };
    case 'sort':
    case 'top-n': {
      const input = trim(plan.input, plus(wanted, ...plan.keys.map((k) => k.expression)));
      return { ...plan, input, output: input.output };
    }
    case 'limit': {
      const input = trim(plan.input, wanted);
      return { ...plan, input, output: input.output };
    }
    case 'window': {
      const added = plan.output.slice(plan.input.output.length);
      const input = trim(
        plan.input,
        plus(
          wanted,
          ...plan.partitionBy,
          ...plan.orderBy.map((k) => k.expression),
          ...plan.calls.flatMap((c) => c.args),
        ),
      );
      return { ...plan, input, output: [...input.output, ...added] };
    }
    case 'union-all':
      return { ...plan, inputs: plan.inputs.map(trimRoot) };
    case 'set-operation':
      return { ...plan, left: trimRoot(plan.left), right: trimRoot(plan.right) };
    case 'with-cte': {
      const input = trim(plan.input, wanted);
      return {
        ...plan,
        seed: trimRoot(plan.seed),
        recursive: plan.recursive && trimRoot(plan.recursive),
        input,
        output: input.output,
      };
    }
    case 'lock-rows': {
      const all = new Set(wanted);
      for (const t of plan.tables) for (const id of t.handle) all.add(id);
      const input = trim(plan.input, all);
      return { ...plan, input, output: input.output };
    }
    case 'column-engine': {
      const input = trim(plan.input, wanted);
      return { ...plan, input, output: input.output };
    }
  }
}

function joined(
  type: string,
  before: readonly OutputColumn[],
  left: PhysicalPlan,
  right: PhysicalPlan,
): readonly OutputColumn[] {
  if (type === 'inner') return [...left.output, ...right.output];
  if (type === 'left') return [...left.output, ...right.output.map((c) => before.find((b) => b.id === c.id)!)];
  if (type === 'left-semi-mark' || type === 'scalar') return [...left.output, before[before.length - 1]!];
  return left.output;
}

function narrowed<T extends TableScan | IndexScan | IndexMerge | PointGet>(plan: T, wanted: Ids): T {
  if (plan.output.every((c) => wanted.has(c.id))) return plan;
  const keep = plan.output.map((c) => wanted.has(c.id));
  return { ...plan, columns: plan.columns.filter((_, i) => keep[i]), output: plan.output.filter((_, i) => keep[i]) };
}

/** Columns that partitions are merged by. */
function mergeKeys(plan: TableScan | IndexScan | PointGet): Expression[] {
  return (plan.partitions?.order ?? []).map((key) => key.expression);
}

function sameColumns(a: readonly OutputColumn[], b: readonly OutputColumn[]): boolean {
  return a.length === b.length && a.every((c, i) => c.id === b[i]!.id);
}
