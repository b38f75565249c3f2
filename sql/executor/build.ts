/** From plan nodes to operators: one case per node, children first. */
import { unreachable } from '../../base/assert.ts';
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import { Measured, type Operator } from './operator.ts';
import { ApplyOperator } from './ops/apply.ts';
import { CteScanOperator, WithCteOperator } from './ops/cte.ts';
import { HashAggregateOperator } from './ops/hash-aggregate.ts';
import { HashJoinBuildLeft, HashJoinOperator } from './ops/hash-join.ts';
import { IndexJoinOperator } from './ops/index-join.ts';
import { IndexMergeOperator } from './ops/index-merge.ts';
import { IndexScanOperator } from './ops/index-scan.ts';
import { JsonTableOperator } from './ops/json-table.ts';
import { LockRowsOperator } from './ops/lock-rows.ts';
import { MergeJoinOperator } from './ops/merge-join.ts';
import { NestedLoopOperator } from './ops/nested-loop.ts';
import { type PartitionedRead, PartitionsOperator } from './ops/partitions.ts';
import { PointGetOperator } from './ops/point-get.ts';
import { RollupOperator } from './ops/rollup.ts';
import { SetOperator } from './ops/sets.ts';
import { FilterOperator, LimitOperator, ProjectionOperator, UnionAllOperator, ValuesOperator } from './ops/simple.ts';
import { SortOperator, TopNOperator } from './ops/sort.ts';
import { ColumnEngineOperator, MemoryScanOperator } from './ops/sources.ts';
import { StreamAggregateOperator } from './ops/stream-aggregate.ts';
import { TableScanOperator } from './ops/table-scan.ts';
import { WindowOperator } from './ops/window.ts';
import type { Run } from './run.ts';

export function buildOperator(plan: PhysicalPlan, run: Run): Operator {
  const made = make(plan, run);
  const statistics = run.context.runtimeStatistics;
  if (statistics === undefined) return made;
  let counters = statistics.get(plan.id);
  if (counters === undefined)
    statistics.set(
      plan.id,
      (counters = { rows: 0, loops: 0, timeMs: 0, memoryBytes: 0, diskBytes: 0, firstMs: 0, detail: '' }),
    );
  return new Measured(made, counters, run);
}

/** `keys`: which keys of a point get are wanted. */
function makeRead(plan: PartitionedRead, run: Run, keys: readonly number[] | undefined): Operator {
  switch (plan.kind) {
    case 'table-scan':
      return new TableScanOperator(plan, run);
    case 'index-scan':
      return new IndexScanOperator(plan, run);
    case 'point-get':
      return new PointGetOperator(plan, run, keys);
  }
}

function make(plan: PhysicalPlan, run: Run): Operator {
  switch (plan.kind) {
    case 'table-scan':
    case 'index-scan':
    case 'point-get':
      if (plan.partitions === undefined) return makeRead(plan, run, undefined);
      return new PartitionsOperator(plan, run, (node, keys) => makeRead(node as PartitionedRead, run, keys));
    case 'index-merge':
      return new IndexMergeOperator(plan, run);
    case 'memory-scan':
      return new MemoryScanOperator(plan, run);
    case 'values':
      return new ValuesOperator(plan, run);
    case 'json-table':
      return new JsonTableOperator(plan, run);
    case 'filter':
      return new FilterOperator(plan, buildOperator(plan.input, run), run);
    case 'projection':
      return new ProjectionOperator(plan, buildOperator(plan.input, run), run);
    case 'hash-join': {
      const left = buildOperator(plan.left, run);
      const right = buildOperator(plan.right, run);
      const threeValued = plan.joinType === 'left-semi-mark' || plan.joinType === 'null-aware-anti';
      if (plan.build === 'left' && !threeValued) return new HashJoinBuildLeft(plan, left, right, run);
      return new HashJoinOperator(plan, left, right, run);
    }
    case 'merge-join':
      return new MergeJoinOperator(plan, buildOperator(plan.left, run), buildOperator(plan.right, run), run);
    case 'index-join':
      return new IndexJoinOperator(plan, buildOperator(plan.left, run), run);
    case 'nested-loop-join':
      return new NestedLoopOperator(plan, buildOperator(plan.left, run), buildOperator(plan.right, run), run);
    case 'apply':
      return new ApplyOperator(plan, buildOperator(plan.left, run), buildOperator(plan.inner, run), run);
    case 'hash-aggregate':
      return plan.rollup
        ? new RollupOperator(plan, buildOperator(plan.input, run), run)
        : new HashAggregateOperator(plan, buildOperator(plan.input, run), run);
    case 'stream-aggregate':
      return new StreamAggregateOperator(plan, buildOperator(plan.input, run), run);
    case 'sort':
      return new SortOperator(plan, buildOperator(plan.input, run), run);
    case 'top-n':
      return new TopNOperator(plan, buildOperator(plan.input, run), run);
    case 'limit':
      return new LimitOperator(plan, buildOperator(plan.input, run), run);
    case 'window':
      return new WindowOperator(plan, buildOperator(plan.input, run), run);
    case 'union-all':
      return new UnionAllOperator(
        plan,
        plan.inputs.map((input) => buildOperator(input, run)),
      );
    case 'set-operation':
      return new SetOperator(plan, buildOperator(plan.left, run), buildOperator(plan.right, run), run);
    case 'with-cte': {
      const recursive = plan.recursive === undefined ? undefined : buildOperator(plan.recursive, run);
      return new WithCteOperator(plan, buildOperator(plan.seed, run), recursive, buildOperator(plan.input, run), run);
    }
    case 'cte-scan':
      return new CteScanOperator(plan, run);
    case 'lock-rows':
      return new LockRowsOperator(plan, buildOperator(plan.input, run), run);
    case 'column-engine':
      return new ColumnEngineOperator(plan, run, (rows) => buildOperator(rows, run));
    default:
      return unreachable(plan);
  }
}
