/**
 * EXPLAIN. The default table has TiDB's columns (id, estRows, task, access object, operator info) and its tree glyphs; `brief` drops the
 * numbers behind operator names, `verbose` adds costs, `tidb_json` is one document. `tree`, `json` and `traditional` are MySQL's
 * (explain-mysql.ts). With statistics of a run (EXPLAIN ANALYZE) come actRows, execution info, memory and disk.
 *
 * Scans are shown as readers: what runs beside the storage (`cop[kv]`) under what runs here (`root`); a subtree of the column
 * engine runs as task `arrow`.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { BIGINT, DOUBLE, varcharType } from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type {
  DerivedParameter,
  IndexMerge,
  IndexScan,
  PhysicalPlan,
  TableScan,
  WritePlan,
} from '../../proto/plan/physical.ts';
import type { IndexInfo } from '../../proto/schema/table-info.ts';
import { primaryIndex } from '../../proto/schema/table-shape.ts';
import type { EvalContext } from '../functions/context.ts';
import type { ResultColumn } from '../session/result.ts';
import { unsupported } from './errors.ts';
import { jsonDocument, traditionalRows, treeText } from './explain-mysql.ts';
import { PlanFacts } from './explain-partitions.ts';
import { aggregateText, conditionText, expressionText, frameText, rangesText, sortKeysText } from './explain-text.ts';

/** What a run counted for one operator; the same shape as the executor's `OperatorStatistics`. */
export interface RunStatistics {
  readonly rows: number;
  readonly loops: number;
  readonly timeMs: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Until its first rows, in its first run. */
  readonly firstMs: number;
  readonly detail: string;
}

export interface ExplainOptions {
  /** As written, lower case; `undefined`: `row`. */
  readonly format: string | undefined;
  /** EXPLAIN ANALYZE: by operator id. */
  readonly statistics?: ReadonlyMap<string, RunStatistics> | undefined;
}

export interface Explained {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Datum[])[];
}

export interface ExplainNode {
  readonly name: string;
  readonly suffix: string;
  readonly rows: number;
  /** Of its subtree. */
  readonly cost: number;
  readonly task: string;
  readonly access: string;
  readonly info: string;
  readonly label: '' | '(Build)' | '(Probe)';
  /** Operator whose counters this line shows. */
  readonly operator: string;
  readonly children: readonly ExplainNode[];
}

export interface Explainable {
  readonly plan: PhysicalPlan | WritePlan;
  readonly derived: readonly DerivedParameter[];
  /** Which partitions are left depends on its parameters. */
  readonly evaluation: EvalContext;
}

export function explain(planned: Explainable, options: ExplainOptions): Explained {
  const lifted = new PlanFacts(
    planned.derived.map((d) => [d.index, d.expression] as const),
    planned.evaluation,
  );
  const root = describe(planned.plan, lifted);
  switch (options.format ?? 'row') {
    case 'row':
    case 'tidb':
      return table(root, 'row', options.statistics);
    case 'brief':
      return table(root, 'brief', options.statistics);
    case 'verbose':
      return table(root, 'verbose', options.statistics);
    case 'tree':
      return oneColumn('EXPLAIN', treeText(planned.plan, lifted, options.statistics));
    case 'json':
      return oneColumn('EXPLAIN', JSON.stringify(jsonDocument(planned.plan, lifted), undefined, 2));
    case 'tidb_json':
      return oneColumn('EXPLAIN', JSON.stringify(jsonOf(root, options.statistics), undefined, 2));
    case 'traditional':
      return traditional(planned.plan, lifted);
    default:
      throw unsupported(`EXPLAIN FORMAT='${options.format}'`);
  }
}

// ---- the tree ----

function describe(plan: PhysicalPlan | WritePlan, lifted: PlanFacts): ExplainNode {
  const line = (name: string, info: string, children: readonly ExplainNode[]): ExplainNode => ({
    name,
    suffix: '_1',
    rows: 0,
    cost: 0,
    task: 'root',
    access: '',
    info,
    label: '',
    operator: '',
    children,
  });
  switch (plan.kind) {
    case 'insert':
      return {
        ...line(
          plan.mode === 'replace' ? 'Replace' : 'Insert',
          plan.rows === undefined ? '' : `rows:${plan.rows.length}`,
          plan.source === undefined ? [] : [node(plan.source, 'root', lifted)],
        ),
        access: `table:${plan.table.name}`,
      };
    case 'update':
      return line(
        'Update',
        `set:${plan.assignments.map((a) => `${plan.targets[a.target]!.table.columns[a.columnOffset]!.name}=${expressionText(a.value, lifted)}`).join(', ')}`,
        [node(plan.input, 'root', lifted)],
      );
    case 'delete':
      return line('Delete', `from:${plan.targets.map((t) => t.table.name).join(', ')}`, [
        node(plan.input, 'root', lifted),
      ]);
    default:
      return node(plan, 'root', lifted);
  }
}

function label(made: ExplainNode, name: '(Build)' | '(Probe)'): ExplainNode {
  return { ...made, label: name };
}

function node(plan: PhysicalPlan, task: string, lifted: PlanFacts): ExplainNode {
  const at = plan.id.lastIndexOf('_');
  const suffix = plan.id.slice(at);
  const make = (name: string, info: string, children: readonly ExplainNode[], more: Partial<ExplainNode> = {}): ExplainNode => ({
    name, suffix, rows: plan.estimatedRows, cost: plan.cost, task, access: '', info, label: '', operator: plan.id, children, ...more,
  }); // prettier-ignore
  const below = (input: PhysicalPlan): ExplainNode => node(input, task, lifted);
  const text = (e: Expression): string => expressionText(e, lifted);
  switch (plan.kind) {
    case 'table-scan':
      return tableReader(plan, make, task, lifted);
    case 'index-scan':
      return indexReader(plan, make, lifted);
    case 'index-merge':
      return indexMerge(plan, make, lifted);
    case 'point-get': {
      const key = plan.index ?? primaryIndex(plan.table);
      const access = `table:${plan.alias}${lifted.access(plan)}${plan.index === undefined && plan.table.pkIsHandle ? '' : `, index:${indexText(key!)}`}`;
      const values = plan.keys.slice(0, 20).map((k) => (k.length === 1 ? text(k[0]!) : `(${k.map(text).join(', ')})`)).join(', '); // prettier-ignore
      const info =
        plan.keys.length === 1
          ? `${plan.index === undefined && plan.table.pkIsHandle ? 'handle:' : 'key:'}${values}`
          : `keys:[${values}${plan.keys.length > 20 ? ', …' : ''}]`;
      const point = make(plan.keys.length === 1 ? 'Point_Get' : 'Batch_Point_Get', info, [], { access });
      return plan.filter === undefined ? point : make('Selection', conditionText(plan.filter, lifted), [point]);
    }
    case 'memory-scan': {
      const scan = make('MemTableScan', '', [], { access: `table:${plan.tableName}` });
      return plan.filter === undefined ? scan : make('Selection', conditionText(plan.filter, lifted), [scan]);
    }
    case 'values':
      return make('TableDual', `rows:${plan.rows.length}`, []);
    case 'json-table':
      return make('JsonTable', `path:${plan.path}, document:${text(plan.document)}`, []);
    case 'filter':
      return make('Selection', conditionText(plan.condition, lifted), [below(plan.input)]);
    case 'projection':
      return make('Projection', plan.expressions.map((e, i) => (e.kind === 'column' ? text(e) : `${text(e)}->${plan.output[i]!.name}`)).join(', '), [below(plan.input)]); // prettier-ignore
    case 'hash-join':
    case 'merge-join': {
      const keys = plan.leftKeys.map(
        (l, i) =>
          `${plan.kind === 'hash-join' && plan.nullSafe[i] ? 'nulleq' : 'eq'}(${text(l)}, ${text(plan.rightKeys[i]!)})`,
      );
      const info = [
        joinName(plan.joinType),
        keys.length === 0 ? 'CARTESIAN' : `equal:[${keys.join(' ')}]`,
        plan.condition === undefined ? '' : `other cond:${conditionText(plan.condition, lifted)}`,
      ]
        .filter((s) => s !== '')
        .join(', ');
      const built = plan.kind === 'hash-join' ? plan.build : 'right';
      const left = label(below(plan.left), built === 'left' ? '(Build)' : '(Probe)');
      const right = label(below(plan.right), built === 'right' ? '(Build)' : '(Probe)');
      return make(
        plan.kind === 'hash-join' ? 'HashJoin' : 'MergeJoin',
        info,
        built === 'left' ? [left, right] : [right, left],
      );
    }
    case 'index-join': {
      const info = `${joinName(plan.joinType)}, outer key:${plan.outerKeys.map(text).join(', ')}${plan.condition === undefined ? '' : `, other cond:${conditionText(plan.condition, lifted)}`}`;
      return make('IndexJoin', info, [label(below(plan.left), '(Build)'), label(probe(plan.inner, lifted), '(Probe)')]);
    }
    case 'nested-loop-join':
      return make(
        'NestedLoopJoin',
        [joinName(plan.joinType), conditionText(plan.condition, lifted)].filter((s) => s !== '').join(', '),
        [label(below(plan.left), '(Build)'), label(below(plan.right), '(Probe)')],
      );
    case 'apply': {
      const values = plan.correlated.map((e, i) => `?${plan.correlatedBase + i}=${text(e)}`);
      const info = [
        plan.joinType === 'scalar' ? 'scalar' : joinName(plan.joinType),
        ...values,
        plan.condition === undefined ? '' : `cond:${conditionText(plan.condition, lifted)}`,
      ]
        .filter((s) => s !== '')
        .join(', ');
      return make('Apply', info, [label(below(plan.left), '(Build)'), label(below(plan.inner), '(Probe)')]);
    }
    case 'hash-aggregate':
    case 'stream-aggregate': {
      const by = plan.groupBy.length === 0 ? [] : [`group by:${plan.groupBy.map(text).join(', ')}`];
      const functions = plan.aggregates.map((a, i) =>
        aggregateText(a, plan.output[plan.groupBy.length + i]!.name, lifted),
      );
      const rollup = plan.kind === 'hash-aggregate' && plan.rollup ? ['with rollup'] : [];
      return make(
        plan.kind === 'hash-aggregate' ? 'HashAgg' : 'StreamAgg',
        [...by, ...rollup, ...functions].join(', '),
        [below(plan.input)],
      );
    }
    case 'sort':
      return make('Sort', sortKeysText(plan.keys, lifted), [below(plan.input)]);
    case 'top-n':
      return make('TopN', `${sortKeysText(plan.keys, lifted)}, ${limitText(plan, text)}`, [below(plan.input)]);
    case 'limit':
      return make('Limit', limitText(plan, text), [below(plan.input)]);
    case 'window': {
      const functions = plan.calls.map((c) => `${c.name}(${c.args.map(text).join(', ')})`).join(', ');
      const over = [
        plan.partitionBy.length > 0 ? `partition by ${plan.partitionBy.map(text).join(', ')}` : '',
        plan.orderBy.length > 0 ? `order by ${sortKeysText(plan.orderBy, lifted)}` : '',
      ]
        .filter((s) => s !== '')
        .join(' ');
      return make('Window', `${functions} over(${over}${frameText(plan.frame, lifted)})`, [below(plan.input)]);
    }
    case 'union-all':
      return make('Union', '', plan.inputs.map(below));
    case 'set-operation':
      return make(plan.operation === 'except' ? 'Except' : 'Intersect', plan.all ? 'all' : '', [
        below(plan.left),
        below(plan.right),
      ]);
    case 'with-cte': {
      const parts = [label({ ...below(plan.seed) }, '(Build)')];
      if (plan.recursive !== undefined) parts.push(below(plan.recursive));
      return make(
        'CTE',
        `cte:${plan.cteId}${plan.recursive === undefined ? '' : `, recursive${plan.distinct ? ' distinct' : ''}`}`,
        [...parts, below(plan.input)],
      );
    }
    case 'cte-scan':
      return make('CTEScan', `cte:${plan.cteId}`, []);
    case 'lock-rows':
      return make(
        'SelectLock',
        `for ${plan.mode}${plan.wait === 'wait' ? '' : plan.wait === 'nowait' ? ' nowait' : ' skip locked'}`,
        [below(plan.input)],
      );
    case 'column-engine':
      return make('ColumnEngine', plan.reason, [node(plan.input, 'arrow', lifted)]);
  }
}

type Make = (name: string, info: string, children: readonly ExplainNode[], more?: Partial<ExplainNode>) => ExplainNode;

function joinName(type: string): string {
  return type === 'left' ? 'left outer join' : `${type.replaceAll('-', ' ')} join`;
}

function limitText(
  plan: { readonly offset: Expression | undefined; readonly count: Expression },
  text: (e: Expression) => string,
): string {
  return `offset:${plan.offset === undefined ? 0 : text(plan.offset)}, count:${text(plan.count)}`;
}

function tableReader(plan: TableScan, make: Make, task: string, lifted: PlanFacts): ExplainNode {
  const inside = task === 'arrow' ? 'arrow' : 'cop[kv]';
  const range = plan.ranges === undefined ? '' : `${rangesText(plan.ranges, lifted)}, `;
  let read = make(
    plan.ranges === undefined ? 'TableFullScan' : 'TableRangeScan',
    `${range}keep order:${plan.reverse ? 'true, desc' : 'false'}`,
    [],
    {
      task: inside,
      access: `table:${plan.alias}${lifted.access(plan)}`,
      rows: plan.estimatedRead ?? plan.estimatedRows,
    },
  );
  if (plan.filter !== undefined) read = make('Selection', conditionText(plan.filter, lifted), [read], { task: inside });
  if (task === 'arrow') return read;
  return make('TableReader', `data:${read.name}${read.suffix}`, [read]);
}

function indexText(index: IndexInfo): string {
  return `${index.name}(${index.columns.map((c) => c.name).join(', ')})`;
}

function indexReader(plan: IndexScan, make: Make, lifted: PlanFacts): ExplainNode {
  const range = plan.ranges === undefined ? '' : `${rangesText(plan.ranges, lifted)}, `;
  const order = `keep order:${plan.keepOrder}${plan.reverse ? ', desc' : ''}`;
  let entries = make(plan.ranges === undefined ? 'IndexFullScan' : 'IndexRangeScan', range + order, [], {
    task: 'cop[kv]',
    access: `table:${plan.alias}${lifted.access(plan)}, index:${indexText(plan.index)}`,
    rows: plan.estimatedRead ?? plan.estimatedRows,
  });
  if (plan.indexFilter !== undefined)
    entries = make('Selection', conditionText(plan.indexFilter, lifted), [entries], { task: 'cop[kv]' });
  if (plan.covering) {
    if (plan.filter !== undefined)
      entries = make('Selection', conditionText(plan.filter, lifted), [entries], { task: 'cop[kv]' });
    return make('IndexReader', `index:${entries.name}${entries.suffix}`, [entries]);
  }
  const looked = plan.indexFilter === undefined ? (plan.estimatedRead ?? plan.estimatedRows) : plan.estimatedRows;
  let rows = make('TableRowIDScan', 'keep order:false', [], {
    task: 'cop[kv]',
    access: `table:${plan.alias}`,
    rows: looked,
  });
  if (plan.filter !== undefined)
    rows = make('Selection', conditionText(plan.filter, lifted), [rows], { task: 'cop[kv]' });
  return make('IndexLookUp', '', [label(entries, '(Build)'), label(rows, '(Probe)')]);
}

function indexMerge(plan: IndexMerge, make: Make, lifted: PlanFacts): ExplainNode {
  const parts = plan.parts.map(({ index, ranges, estimatedRead }) =>
    label(
      make(
        index === undefined ? 'TableRangeScan' : 'IndexRangeScan',
        `${rangesText(ranges, lifted)}, keep order:false`,
        [],
        {
          task: 'cop[kv]',
          access: `table:${plan.alias}${index === undefined ? '' : `, index:${indexText(index)}`}`,
          rows: estimatedRead,
        },
      ),
      '(Build)',
    ),
  );
  let rows = make('TableRowIDScan', 'keep order:false', [], { task: 'cop[kv]', access: `table:${plan.alias}` });
  if (plan.filter !== undefined)
    rows = make('Selection', conditionText(plan.filter, lifted), [rows], { task: 'cop[kv]' });
  return make('IndexMerge', `type: ${plan.mode}`, [...parts, label(rows, '(Probe)')]);
}

/** The inner side of an index join: its ranges come from the outer rows. */
function probe(plan: TableScan | IndexScan, lifted: PlanFacts): ExplainNode {
  const made = node(plan, 'root', lifted);
  const decided = (n: ExplainNode): ExplainNode => ({
    ...n,
    name: n.name === 'TableFullScan' ? 'TableRangeScan' : n.name === 'IndexFullScan' ? 'IndexRangeScan' : n.name,
    info: n.name.endsWith('FullScan')
      ? `range: decided by outer key, ${n.info}`
      : n.info.replace('TableFullScan', 'TableRangeScan').replace('IndexFullScan', 'IndexRangeScan'),
    children: n.children.map(decided),
  });
  return decided(made);
}

// ---- formats ----

function column(name: string, type: FieldType): ResultColumn {
  return { name, originalName: '', table: '', originalTable: '', database: '', type, flags: 0 };
}

const TEXT = varcharType(16383, 'utf8mb4_0900_ai_ci');

function table(
  root: ExplainNode,
  form: 'row' | 'brief' | 'verbose',
  statistics: ExplainOptions['statistics'],
): Explained {
  const rows: Datum[][] = [];
  const walk = (n: ExplainNode, prefix: string, last: boolean, top: boolean): void => {
    const id = `${top ? '' : `${prefix}${last ? '└─' : '├─'}`}${n.name}${form === 'brief' ? '' : n.suffix}${n.label}`;
    const estimated = n.operator === '' ? 'N/A' : n.rows.toFixed(2);
    const row: Datum[] = [id, estimated];
    if (form === 'verbose') row.push(n.operator === '' ? 'N/A' : n.cost.toFixed(2));
    if (statistics === undefined) row.push(n.task, n.access, n.info);
    else {
      const run = statistics.get(n.operator);
      row.push(
        run === undefined ? 0 : run.rows,
        n.task,
        n.access,
        run === undefined ? '' : runText(run),
        n.info,
        run === undefined ? 'N/A' : sizeText(run.memoryBytes),
        run === undefined || run.diskBytes === 0 ? 'N/A' : sizeText(run.diskBytes),
      );
    }
    rows.push(row);
    n.children.forEach((child, i) =>
      walk(child, top ? '' : `${prefix}${last ? '  ' : '│ '}`, i === n.children.length - 1, false),
    );
  };
  walk(root, '', true, true);
  const names =
    statistics === undefined
      ? ['id', 'estRows', 'task', 'access object', 'operator info']
      : ['id', 'estRows', 'actRows', 'task', 'access object', 'execution info', 'operator info', 'memory', 'disk'];
  if (form === 'verbose') names.splice(2, 0, 'estCost');
  return { columns: names.map((name) => column(name, name === 'actRows' ? BIGINT : TEXT)), rows };
}

function runText(run: RunStatistics): string {
  return [`time:${timeText(run.timeMs)}`, `loops:${run.loops}`, run.detail].filter((s) => s !== '').join(', ');
}

function timeText(ms: number): string {
  if (ms < 1) return `${(ms * 1000).toFixed(1)}µs`;
  return ms < 1000 ? `${ms.toFixed(2)}ms` : `${(ms / 1000).toFixed(2)}s`;
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} Bytes`;
  return bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

function oneColumn(name: string, text: string): Explained {
  return { columns: [column(name, TEXT)], rows: [[text]] };
}

function jsonOf(n: ExplainNode, statistics: ExplainOptions['statistics']): unknown {
  const run = statistics?.get(n.operator);
  return {
    id: `${n.name}${n.suffix}${n.label}`, estRows: n.rows.toFixed(2), taskType: n.task,
    ...(n.access === '' ? {} : { accessObject: n.access }), ...(n.info === '' ? {} : { operatorInfo: n.info }),
    ...(run === undefined ? {} : { actRows: String(run.rows), executeInfo: runText(run), memoryInfo: sizeText(run.memoryBytes), ...(run.diskBytes === 0 ? {} : { diskInfo: sizeText(run.diskBytes) }) }),
    ...(n.children.length === 0 ? {} : { subOperators: n.children.map((child) => jsonOf(child, statistics)) }),
  }; // prettier-ignore
}

/** MySQL's own table: one line a table access. */
function traditional(plan: PhysicalPlan | WritePlan, facts: PlanFacts): Explained {
  const names = ['id', 'select_type', 'table', 'partitions', 'type', 'possible_keys', 'key', 'key_len', 'ref', 'rows', 'filtered', 'Extra']; // prettier-ignore
  return {
    columns: names.map((name) =>
      column(name, name === 'id' || name === 'rows' ? BIGINT : name === 'filtered' ? DOUBLE : TEXT),
    ),
    rows: traditionalRows(plan, facts),
  };
}
