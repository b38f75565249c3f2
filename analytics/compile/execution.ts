/**
 * `Execution`: runs a plan subtree over loaded columns, pipeline by pipeline.
 *
 * A pipeline starts at a table (loaded or intermediate), passes filters, projections and join probes, and ends in a sink: a hash
 * table's build side, an aggregate, a sort's input, the result. It becomes one generated function with one loop (data-centric compilation,
 * Neumann, VLDB 2011): each operator prints its lines around those of its consumer. Pipelines are compiled when their inputs are there, so
 * the real bounds of intermediate data decide which arithmetic is exact and which keys are dense.
 *
 * A dry execution runs over empty tables and generates nothing: it answers whether a plan can run here at all.
 */
import type { Expression, SortKey } from '../../proto/plan/expression.ts';
import type {
  HashAggregate,
  HashJoin,
  KeyRange,
  Limit,
  PhysicalPlan,
  Sort,
  TableScan,
  TopN,
} from '../../proto/plan/physical.ts';
import { handleColumns } from '../../proto/schema/table-shape.ts';
import { GroupState, GroupTable } from '../operator/group-table.ts';
import { JoinTable } from '../operator/join-table.ts';
import {
  Sink,
  gather,
  usable,
  type ColumnShape,
  type MemoryBudget,
  type Table,
  type WorkColumn,
} from '../operator/table.ts';
import { sortedOrder } from '../operator/sort.ts';
import { compileAggregate } from './aggregate.ts';
import { Emitter } from './emitter.ts';
import { ExpressionCompiler, translateClasses, type ExpressionTools, type ScalarCompiler } from './expression.ts';
import type { DictionaryCache } from '../vector/strings.ts';
import { GROUPS_MAX, combine, keyCode, keyLayout, keyLinks, type KeyLayout } from './key.ts';
import { Unsupported, checked, columnValue, orNull, rescale, type Value } from './value.ts';

export interface ExecutionOptions {
  readonly dictionaries: DictionaryCache;
  readonly compileScalar: ScalarCompiler;
  readonly memory: MemoryBudget;
  /** Non-zero in its first element: stop. */
  readonly stop: Int32Array;
  readonly dry: boolean;
  /** Called with the source of each generated function. */
  readonly onSource?: (name: string, source: string) => void;
}

/** Rows between two looks at the stop flag. */
const STRIDE = 16_384;

export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

type Consume = (values: readonly Value[]) => string;

/** A pipeline under construction: its emitter, and how many rows can reach its sink. */
interface Pipeline {
  readonly emitter: Emitter;
  rowsMax: number;
}

/** Table scans of a plan in the order in which an execution takes their tables. */
export function scansOf(plan: PhysicalPlan): TableScan[] {
  switch (plan.kind) {
    case 'table-scan':
      return [plan];
    case 'hash-join':
      return [...scansOf(plan.left), ...scansOf(plan.right)];
    case 'filter':
    case 'projection':
    case 'hash-aggregate':
    case 'sort':
    case 'top-n':
    case 'limit':
    case 'column-engine':
      return scansOf(plan.input);
    default:
      throw new Unsupported(`operator ${plan.kind}`);
  }
}

export class Execution {
  private readonly options: ExecutionOptions;
  private readonly tables: ReadonlyMap<TableScan, Table>;
  private functions = 0;

  constructor(plan: PhysicalPlan, tables: readonly Table[], options: ExecutionOptions) {
    this.options = options;
    this.tables = new Map(scansOf(plan).map((scan, i) => [scan, tables[i]!]));
  }

  /** The rows of the subtree, in order. */
  materialize(plan: PhysicalPlan): Table {
    switch (plan.kind) {
      case 'column-engine':
        return this.materialize(plan.input);
      case 'hash-aggregate':
        return this.aggregate(plan);
      case 'sort':
        return this.sort(plan, undefined, undefined);
      case 'top-n':
        return this.sort(plan, plan.offset, plan.count);
      case 'limit':
        return this.limit(plan);
      case 'projection':
        // Only columns over rows that stand already: nothing to compute, and sums beyond 53 bits pass through whole.
        if (isFinished(plan.input) && plan.expressions.every((one) => one.kind === 'column')) {
          const table = this.materialize(plan.input);
          return {
            count: table.count,
            columns: plan.expressions.map((one) => table.columns[(one as { index: number }).index]!),
          };
        }
        break;
      case 'table-scan':
        if (!plan.filter && !plan.ranges && !plan.reverse) return this.tables.get(plan)!;
    }
    return this.collect(plan, []);
  }

  /** Runs a pipeline into plain columns: the subtree's output and further computed ones. */
  private collect(plan: PhysicalPlan, extra: readonly Expression[]): Table {
    const pipeline: Pipeline = { emitter: new Emitter(), rowsMax: 0 };
    const { emitter } = pipeline;
    let sink: Sink | undefined;
    const body = this.produce(plan, pipeline, (input) => {
      const expressions = this.compiler(emitter, input);
      const values = [...plan.output.map((_, i) => input[i]!), ...extra.map((one) => expressions.value(one))];
      sink = new Sink(values.map(shapeOf), this.options.memory);
      return this.append(emitter, sink, values);
    });
    this.run('collect', emitter, `let n = 0, cap = 1024;\n${body}\n${emitter.constant(sink!)}.count = n;`);
    return sink!.table();
  }

  private append(emitter: Emitter, sink: Sink, values: readonly Value[]): string {
    const name = emitter.constant(sink);
    const reload: string[] = [];
    const lines = values.map((value, i) => {
      const array = emitter.fresh('out');
      emitter.before(`let ${array} = ${name}.arrays[${i}];`);
      reload.push(`${array} = ${name}.arrays[${i}];`);
      if (value.isNull === undefined) return `${array}[n] = ${value.code};`;
      const nulls = emitter.fresh('nulls');
      emitter.before(`let ${nulls} = ${name}.nulls[${i}];`);
      reload.push(`${nulls} = ${name}.nulls[${i}];`);
      return `if (${value.isNull}) ${nulls}[n] = 1; else { ${nulls}[n] = 0; ${array}[n] = ${value.code}; }`;
    });
    return `if (n === cap) { cap = ${name}.grow(); ${reload.join(' ')} }\n${lines.join('\n')}\nn++;`;
  }

  /** Prints the loops of the pipeline that ends in `consume`. */
  private produce(plan: PhysicalPlan, pipeline: Pipeline, consume: Consume): string {
    switch (plan.kind) {
      case 'table-scan':
        return this.scan(plan, pipeline, consume);
      case 'column-engine':
        return this.produce(plan.input, pipeline, consume);
      case 'filter':
        return this.produce(
          plan.input,
          pipeline,
          (input) => `if (${this.compiler(pipeline.emitter, input).isTrue(plan.condition)}) {\n${consume(input)}\n}`,
        );
      case 'projection':
        return this.produce(plan.input, pipeline, (input) => {
          const expressions = this.compiler(pipeline.emitter, input);
          const lines: string[] = [];
          const values = plan.expressions.map((expression) => {
            const value = expressions.value(expression);
            return expression.kind === 'column' || expression.kind === 'constant'
              ? value
              : bind(pipeline.emitter, value, lines);
          });
          return `${lines.join('\n')}\n${consume(values)}`;
        });
      case 'hash-join':
        return this.join(plan, pipeline, consume);
      default: {
        const table = this.materialize(plan);
        return this.loop(table, false, pipeline, consume);
      }
    }
  }

  private scan(plan: TableScan, pipeline: Pipeline, consume: Consume): string {
    const table = this.tables.get(plan)!;
    return this.loop(table, plan.reverse, pipeline, (input) => {
      const expressions = this.compiler(pipeline.emitter, input);
      const conditions = [
        ...(plan.ranges ? [rangesCondition(plan, plan.ranges, expressions)] : []),
        ...(plan.filter ? [expressions.isTrue(plan.filter)] : []),
      ];
      const inner = consume(input);
      return conditions.length === 0 ? inner : `if (${conditions.join(' && ')}) {\n${inner}\n}`;
    });
  }

  private loop(table: Table, reverse: boolean, pipeline: Pipeline, consume: Consume): string {
    const { emitter } = pipeline;
    pipeline.rowsMax = table.count;
    const row = emitter.fresh('row');
    const base = emitter.fresh('base');
    const last = emitter.fresh('last');
    const index = reverse ? emitter.fresh('at') : row;
    const values = table.columns.map((column) => this.columnOf(emitter, column, index));
    const rows = emitter.number(table.count);
    const inner = consume(values);
    return (
      `for (let ${base} = 0; ${base} < ${rows}; ${base} += ${STRIDE}) {\n` +
      `if (${emitter.constant(this.options.stop)}[0] !== 0) throw new (${emitter.constant(StoppedError)})('stopped');\n` +
      `const ${last} = Math.min(${base} + ${STRIDE}, ${rows});\n` +
      `for (let ${row} = ${base}; ${row} < ${last}; ${row}++) {\n` +
      (reverse ? `const ${index} = ${rows} - 1 - ${row};\n` : '') +
      `${inner}\n}\n}`
    );
  }

  /** A column that holds numbers beyond 53 bits may pass to the result, but not into an expression: its code is read by nobody else. */
  private columnOf(emitter: Emitter, column: WorkColumn, index: string): Value {
    usable(column);
    const view = column.dictionary ? (column.view ?? this.options.dictionaries.view(column.dictionary)) : undefined;
    return columnValue(emitter, column, index, view);
  }

  private join(plan: HashJoin, pipeline: Pipeline, consume: Consume): string {
    const { joinType } = plan;
    if (joinType === 'left-semi-mark') throw new Unsupported(`join type ${joinType}`);
    const buildLeft = plan.build === 'left' && joinType === 'inner';
    const [buildPlan, probePlan] = buildLeft ? [plan.left, plan.right] : [plan.right, plan.left];
    const [buildKeys, probeKeys] = buildLeft ? [plan.leftKeys, plan.rightKeys] : [plan.rightKeys, plan.leftKeys];
    const built = this.materialize(buildPlan);
    const { emitter } = pipeline;

    return this.produce(probePlan, pipeline, (probeInput) => {
      // A probe row may meet many build rows.
      if (joinType === 'inner' || joinType === 'left') pipeline.rowsMax = Infinity;
      const match = emitter.fresh('match');
      const lookup = this.probe(plan, built, buildKeys, this.compiler(emitter, probeInput), probeKeys, emitter);
      const buildValues = (outer: boolean): Value[] =>
        built.columns.map((column) => {
          const value = this.columnOf(emitter, column, match);
          if (!outer) return value;
          const isNull = value.isNull === undefined ? `${match} < 0` : `(${match} < 0 || ${value.isNull})`;
          return {
            ...value,
            code: `(${match} < 0 ? 0 : ${value.code})`,
            isNull,
            min: Math.min(value.min, 0),
            max: Math.max(value.max, 0),
          };
        });
      const both = (outer: boolean): Value[] =>
        buildLeft ? [...buildValues(outer), ...probeInput] : [...probeInput, ...buildValues(outer)];
      const condition = plan.condition ? this.compiler(emitter, both(false)).isTrue(plan.condition) : 'true';
      const first = `${lookup.statements}let ${match} = ${lookup.first};`;

      switch (joinType) {
        case 'inner':
          return `${first}\nwhile (${match} >= 0) {\n${this.tick(emitter)}\nif (${condition}) {\n${consume(both(false))}\n}\n${match} = ${lookup.next(match)};\n}`;
        case 'left': {
          const cursor = emitter.fresh('cursor');
          const matched = emitter.fresh('matched');
          return (
            `${lookup.statements}let ${cursor} = ${lookup.first}, ${matched} = false;\nfor (;;) {\nlet ${match} = ${cursor};\n` +
            `while (${match} >= 0 && !(${condition})) { ${this.tick(emitter)} ${match} = ${lookup.next(match)}; }\n` +
            `if (${match} < 0 && ${matched}) break;\n${matched} = true;\n{\n${consume(both(true))}\n}\n` +
            `if (${match} < 0) break;\n${cursor} = ${lookup.next(match)};\n}`
          );
        }
        case 'null-aware-anti': {
          // NOT IN: an empty list keeps every row, a NULL in it keeps none, and a NULL is in no list that is not empty.
          if (built.count === 0) return consume(probeInput);
          if (lookup.hasNull) return `if (false) {\n${consume(probeInput)}\n}`;
          const known = lookup.probeIsNull === undefined ? '' : `!(${lookup.probeIsNull}) && `;
          return `${first}\nif (${known}${match} < 0) {\n${consume(probeInput)}\n}`;
        }
        case 'semi':
        case 'anti':
          return `${first}\nwhile (${match} >= 0 && !(${condition})) { ${this.tick(emitter)} ${match} = ${lookup.next(match)}; }\nif (${match} ${joinType === 'semi' ? '>=' : '<'} 0) {\n${consume(probeInput)}\n}`;
      }
    });
  }

  /** One row may meet millions: inner loops look at the stop flag too, every so many matches. */
  private tick(emitter: Emitter): string {
    const ticks = emitter.shared('ticks', 'let ticks = 0;');
    return `if ((++${ticks} & 65535) === 0 && ${emitter.constant(this.options.stop)}[0] !== 0) throw new (${emitter.constant(StoppedError)})('stopped');`;
  }

  /** Builds the hash table now and prints how a probe row finds its first match. */
  private probe(
    plan: HashJoin,
    built: Table,
    buildKeys: readonly Expression[],
    probe: ExpressionCompiler,
    probeKeys: readonly Expression[],
    emitter: Emitter,
  ): {
    statements: string;
    first: string;
    next: (match: string) => string;
    hasNull: boolean;
    probeIsNull: string | undefined;
  } {
    if (buildKeys.length === 0) {
      const rows = emitter.number(built.count);
      return {
        statements: '',
        first: built.count > 0 ? '0' : '-1',
        next: (match) => `(${match} + 1 < ${rows} ? ${match} + 1 : -1)`,
        hasNull: false,
        probeIsNull: undefined,
      };
    }
    const probeValues = probeKeys.map((key) => probe.value(key));
    const { layout, keys } = this.buildKeys(plan, built, buildKeys, probeValues);
    const table = new JoinTable(keys, layout.range, this.options.memory);

    const statements: string[] = [];
    const guards: string[] = [];
    const digits = layout.parts.map((part, i) => {
      const value = part.view ? probeValues[i]! : rescale(emitter, probeValues[i]!, part.scale);
      const digit = emitter.fresh('digit');
      const base = part.view
        ? `${emitter.constant(translateClasses(value.view!, part.view))}[${value.code}]`
        : `${value.code} - ${emitter.number(part.min)}`;
      const code = part.nullDigit ? `(${value.isNull ?? 'false'} ? 0 : ${base} + 1)` : base;
      statements.push(`const ${digit} = ${code};`);
      if (!part.nullDigit && value.isNull !== undefined) guards.push(`!(${value.isNull})`);
      // With NULL as digit 0, a value one below the smallest would look like it.
      if (part.nullDigit) guards.push(`(${value.isNull ?? 'false'} || ${digit} > 0)`);
      guards.push(`${digit} >= 0 && ${digit} < ${emitter.number(part.range)}`);
      return digit;
    });
    const key = combine(emitter, layout, digits);
    const found = table.direct ? `${emitter.constant(table.head)}[${key}]` : `${emitter.constant(table)}.find(${key})`;
    const next = emitter.constant(table.next);
    return {
      statements: `${statements.join(' ')}\n`,
      first: `(${guards.join(' && ')} ? ${found} : -1)`,
      next: (match) => `${next}[${match}]`,
      hasNull: keys.some((one) => one < 0),
      probeIsNull: orNull(...probeValues.map((value) => value.isNull)),
    };
  }

  /** The combined key of every build row, -1 where it can match nothing. */
  private buildKeys(
    plan: HashJoin,
    built: Table,
    buildKeys: readonly Expression[],
    probeValues: readonly Value[],
  ): { layout: KeyLayout; keys: Float64Array } {
    const emitter = new Emitter();
    const input = built.columns.map((column) => this.columnOf(emitter, column, 'row'));
    const expressions = this.compiler(emitter, input);
    const values = buildKeys.map((key, i) => {
      const value = expressions.value(key);
      const other = probeValues[i]!;
      if (value.kind === 'double' || other.kind === 'double') throw new Unsupported('a join on floating-point keys');
      const sameText = (value.kind === 'string') === (other.kind === 'string');
      const sameTime =
        (value.kind === 'date' || value.kind === 'datetime' ? value.kind : '') ===
        (other.kind === 'date' || other.kind === 'datetime' ? other.kind : '');
      if (!sameText || !sameTime) throw new Unsupported(`a join of ${value.kind} with ${other.kind}`);
      return value.view ? value : checked(rescale(emitter, value, Math.max(value.scale, other.scale)));
    });
    const layout = keyLayout(values, (i) => plan.nullSafe[i] === true);
    const keys = new Float64Array(built.count);
    const guards = values
      .filter((value, i) => value.isNull !== undefined && !layout.parts[i]!.nullDigit)
      .map((value) => value.isNull!);
    const code = keyCode(emitter, layout, values);
    const line = guards.length === 0 ? `keys[row] = ${code};` : `keys[row] = ${guards.join(' || ')} ? -1 : ${code};`;
    this.run(
      'keys',
      emitter,
      `const keys = ${emitter.constant(keys)};\nfor (let row = 0; row < ${built.count}; row++) { ${line} }`,
    );
    return { layout, keys };
  }

  private aggregate(plan: HashAggregate): Table {
    if (plan.rollup) throw new Unsupported('WITH ROLLUP');
    const pipeline: Pipeline = { emitter: new Emitter(), rowsMax: 0 };
    const { emitter } = pipeline;
    const { memory } = this.options;
    const grouped = plan.groupBy.length > 0;
    const state = new GroupState(memory);
    let groupCount = (): number => 1;
    let keySink: Sink | undefined;
    let finishers: ((groups: number) => WorkColumn)[] = [];

    const body = this.produce(plan.input, pipeline, (input) => {
      const expressions = this.compiler(emitter, input);
      const stateName = emitter.constant(state);
      const names = new Map<number, string>();
      const array = (position: number): string => {
        let name = names.get(position);
        if (name === undefined) {
          names.set(position, (name = emitter.fresh('state')));
          emitter.before(`let ${name} = ${stateName}.arrays[${position}];`);
        }
        return name;
      };
      const scope = { emitter, expressions, state, array, rowsMax: pipeline.rowsMax, grouped, memory };
      const compiled = plan.aggregates.map((call) => compileAggregate(call, scope));
      finishers = compiled.map((one) => one.finish);
      const updates = compiled.map((one) => one.update).join('\n');
      if (!grouped) return `const g = 0;\n${updates}`;

      const keyValues = plan.groupBy.map((key) => expressions.value(key));
      const numbered = this.numberGroups(emitter, keyValues, pipeline.rowsMax);
      groupCount = () => numbered.groups.count;
      keySink = new Sink(keyValues.map(shapeOf), memory);
      const reload = [...names].map(([position, name]) => `${name} = ${stateName}.arrays[${position}];`).join(' ');
      // Group numbers are dense and in order of appearance: a new group is row n of the key sink.
      return `${numbered.statements}\nconst g = ${numbered.code};\nif (g === n) {\n${this.append(emitter, keySink, keyValues)}\nif (g >= room) { room = ${stateName}.ensure(g); ${reload} }\n}\n${updates}`;
    });
    const ending = keySink ? `${emitter.constant(keySink)}.count = n;` : '';
    this.run('aggregate', emitter, `let n = 0, cap = 1024, room = 64;\n${body}\n${ending}`);
    const groups = groupCount();
    const keys = keySink ? keySink.table().columns : [];
    return { count: groups, columns: [...keys, ...finishers.map((finish) => finish(groups))] };
  }

  /** How a row finds its group: through one table, or through a chain of them when the key needs more than 53 bits. */
  private numberGroups(
    emitter: Emitter,
    keys: readonly Value[],
    rowsMax: number,
  ): { groups: GroupTable; statements: string; code: string } {
    const { memory } = this.options;
    const rowsExpected = Number.isFinite(rowsMax) ? rowsMax : 1 << 20;
    const statements: string[] = [];
    let code = '';
    let groups: GroupTable | undefined;
    for (const link of keyLinks(keys)) {
      const layout = keyLayout(link, () => true);
      let linkCode = keyCode(emitter, layout, link);
      let linkRange = layout.range;
      if (groups && linkRange > GROUPS_MAX) {
        linkCode = `${emitter.constant(new GroupTable(linkRange, rowsExpected, memory))}.group(${linkCode})`;
        linkRange = GROUPS_MAX;
      }
      if (groups) {
        const before = emitter.fresh('link');
        statements.push(`const ${before} = ${code};`);
        linkCode = `${before} * ${emitter.number(linkRange)} + ${linkCode}`;
        linkRange *= GROUPS_MAX;
      }
      groups = new GroupTable(linkRange, rowsExpected, memory);
      code = `${emitter.constant(groups)}.group(${linkCode})`;
    }
    return { groups: groups!, statements: statements.join('\n'), code };
  }

  private sort(plan: Sort | TopN, offset: Expression | undefined, count: Expression | undefined): Table {
    const table = this.withKeys(plan.input, plan.keys);
    const width = plan.input.output.length;
    const skipped = offset ? constantCount(offset) : 0;
    const wanted = count ? constantCount(count) : Infinity;
    const keys = table.keys.map((column, i) => ({ column, descending: plan.keys[i]!.descending }));
    const order = sortedOrder(table.rows.count, keys, this.options.dictionaries).subarray(skipped, skipped + wanted);
    return gather({ count: table.rows.count, columns: table.rows.columns.slice(0, width) }, order);
  }

  /** The input's rows and its sort keys as columns; keys that are plain columns (the usual case) cost nothing. */
  private withKeys(plan: PhysicalPlan, keys: readonly SortKey[]): { rows: Table; keys: readonly WorkColumn[] } {
    if (keys.every((key) => key.expression.kind === 'column')) {
      const rows = this.materialize(plan);
      return { rows, keys: keys.map((key) => rows.columns[(key.expression as { index: number }).index]!) };
    }
    const rows = this.collect(
      plan,
      keys.map((key) => key.expression),
    );
    return { rows, keys: rows.columns.slice(plan.output.length) };
  }

  private limit(plan: Limit): Table {
    const table = this.materialize(plan.input);
    const offset = plan.offset ? constantCount(plan.offset) : 0;
    const end = Math.min(offset + constantCount(plan.count), table.count);
    const order = new Uint32Array(Math.max(end - offset, 0));
    for (let i = 0; i < order.length; i++) order[i] = offset + i;
    return gather(table, order);
  }

  private compiler(emitter: Emitter, input: readonly Value[]): ExpressionCompiler {
    const tools: ExpressionTools = {
      emitter,
      dictionaries: this.options.dictionaries,
      compileScalar: this.options.compileScalar,
      dry: this.options.dry,
    };
    return new ExpressionCompiler(tools, input);
  }

  private run(kind: string, emitter: Emitter, body: string): void {
    if (this.options.dry) return;
    const name = `${kind}_${++this.functions}`;
    const { run, source } = emitter.finish(name, body);
    this.options.onSource?.(name, source);
    run();
  }
}

/** Whether the node's rows are a table of their own rather than a stream. */
function isFinished(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'hash-aggregate':
    case 'sort':
    case 'top-n':
    case 'limit':
      return true;
    case 'column-engine':
    case 'projection':
      return (
        isFinished(plan.input) &&
        (plan.kind === 'column-engine' || plan.expressions.every((one) => one.kind === 'column'))
      );
    default:
      return false;
  }
}

function shapeOf(value: Value): ColumnShape {
  return {
    kind: value.kind,
    scale: value.scale,
    nullable: value.isNull !== undefined,
    min: value.min,
    max: value.max,
    view: value.view,
  };
}

/** Computes a value once a row. */
function bind(emitter: Emitter, value: Value, lines: string[]): Value {
  const name = emitter.fresh('value');
  let isNull = value.isNull;
  if (isNull !== undefined) {
    const nullName = emitter.fresh('isnull');
    lines.push(`const ${nullName} = ${isNull};`);
    isNull = nullName;
  }
  lines.push(`const ${name} = ${isNull === undefined ? value.code : `(${isNull} ? 0 : ${value.code})`};`);
  return { ...value, code: name, isNull };
}

function constantCount(expression: Expression): number {
  if (expression.kind !== 'constant' || typeof expression.value !== 'number')
    throw new Unsupported('LIMIT that is not a number');
  return expression.value;
}

/** Handle ranges as a condition: row comparisons, written out column by column. */
function rangesCondition(plan: TableScan, ranges: readonly KeyRange[], expressions: ExpressionCompiler): string {
  const keyColumns = handleColumnIds(plan);
  const column = (position: number): Expression => {
    const index = plan.columns.findIndex((one) => one.id === keyColumns[position]);
    if (index < 0) throw new Unsupported('a range over a column that is not read');
    return {
      kind: 'column',
      id: plan.output[index]!.id,
      index,
      type: plan.output[index]!.type,
      name: plan.output[index]!.name,
    };
  };
  const compare = (name: string, position: number, bound: Expression): string =>
    expressions.isTrue({
      kind: 'call',
      name,
      args: [column(position), bound],
      type: plan.output[0]!.type,
      collation: plan.table.columns[0]!.type.collation,
    });
  const bound = (parts: readonly Expression[], strict: 'gt' | 'lt', inclusive: boolean): string => {
    if (parts.length === 0) return 'true';
    // (a, b) > (x, y)  ⇔  a > x or (a = x and b > y)
    return `(${parts
      .map((part, i) => {
        const equal = parts.slice(0, i).map((one, j) => compare('eq', j, one));
        const last = i === parts.length - 1 && inclusive ? (strict === 'gt' ? 'ge' : 'le') : strict;
        return `(${[...equal, compare(last, i, part)].join(' && ')})`;
      })
      .join(' || ')})`;
  };
  if (ranges.length === 0) return 'false';
  return `(${ranges.map((range) => `(${bound(range.lower, 'gt', range.lowerInclusive)} && ${bound(range.upper, 'lt', range.upperInclusive)})`).join(' || ')})`;
}

/** Ids of the columns that make the handle, in order. */
function handleColumnIds(plan: TableScan): readonly number[] {
  return handleColumns(plan.table).map((column) => column.id);
}
