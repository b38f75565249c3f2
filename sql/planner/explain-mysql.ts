/**
 * EXPLAIN in MySQL's own forms: the table of twelve columns (`traditional`), the document (`json`) and the tree of iterators (`tree`), which
 * with a run's statistics is that of EXPLAIN ANALYZE. Tools read their words, so these are kept, also where the operator is another one:
 * a merge join, which MySQL has not got, is called that.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { JoinType, PhysicalPlan, WritePlan } from '../../proto/plan/physical.ts';
import { primaryIndex } from '../../proto/schema/table-shape.ts';
import { type Access, accessOf, overText, type Read, sqlText } from './explain-access.ts';
import { type PlanFacts, writtenPartitions } from './explain-partitions.ts';
import type { RunStatistics } from './explain.ts';

type AnyPlan = PhysicalPlan | WritePlan;
type Statistics = ReadonlyMap<string, RunStatistics> | undefined;

const isRead = (plan: PhysicalPlan): plan is Read =>
  plan.kind === 'table-scan' || plan.kind === 'index-scan' || plan.kind === 'index-merge' || plan.kind === 'point-get';

// ---- traditional ----

export function traditionalRows(plan: AnyPlan, facts: PlanFacts): Datum[][] {
  const rows: Datum[][] = [];
  const isWrite = plan.kind === 'insert' || plan.kind === 'update' || plan.kind === 'delete';
  let ids = 1;
  interface Place {
    readonly id: number;
    readonly select: string;
  }
  const plain = (place: Place, table: string | null, extra: string | null, rowCount: number | null = null): void => {
    rows.push([place.id, place.select, table, null, table === null ? null : 'ALL', null, null, null, null, rowCount, rowCount === null ? null : 100, extra]); // prettier-ignore
  };
  const access = (a: Access, place: Place, more: readonly string[]): void => {
    const extra = [...new Set([...a.extra, ...more])].join('; ');
    rows.push([
      place.id, place.select, a.alias, a.partitions, a.type, a.possibleKeys.join(',') || null, a.key ?? null, a.keyLength ?? null, a.ref.join(',') || null,
      Math.max(1, Math.round(a.rows)), Number(Math.max(0.01, a.filtered).toFixed(2)), extra || null,
    ]); // prettier-ignore
  };
  const below = (select: string): Place => ({ id: ++ids, select });
  const walk = (p: PhysicalPlan, place: Place, extra: readonly string[]): void => {
    if (isRead(p)) return access(accessOf(p, undefined, facts), place, extra);
    switch (p.kind) {
      case 'memory-scan':
        return plain(place, p.tableName, null, Math.round(p.estimatedRows));
      case 'values':
        return plain(place, null, p.rows.length === 0 ? 'Impossible WHERE' : 'No tables used');
      case 'json-table':
        return plain(place, 'json_table', 'Table function: json_table; Using temporary', Math.round(p.estimatedRows));
      case 'cte-scan':
        return plain(place, `<derived${p.cteId + 1}>`, extra.join('; ') || null, Math.max(2, Math.round(p.estimatedRows))); // prettier-ignore
      case 'sort':
      case 'top-n': // prettier-ignore
        return walk(p.input, place, ['Using filesort', ...extra]);
      case 'hash-aggregate':
        return walk(p.input, place, p.groupBy.length > 0 ? ['Using temporary', ...extra] : extra);
      case 'hash-join': {
        const [probe, build] = p.build === 'right' ? [p.left, p.right] : [p.right, p.left];
        walk(probe, place, extra);
        return walk(build, place, ['Using join buffer (hash join)']);
      }
      case 'merge-join':
      case 'nested-loop-join': // prettier-ignore
        walk(p.left, place, extra);
        return walk(p.right, place, []);
      case 'index-join':
        walk(p.left, place, extra);
        return access(accessOf(p.inner, p.outerKeys, facts), place, []);
      case 'apply':
        walk(p.left, place, extra);
        return walk(p.inner, below(p.correlated.length > 0 ? 'DEPENDENT SUBQUERY' : 'SUBQUERY'), []);
      case 'union-all':
        p.inputs.forEach((input, i) => walk(input, i === 0 ? { ...place, select: 'PRIMARY' } : below('UNION'), []));
        return;
      case 'set-operation':
        walk(p.left, { ...place, select: 'PRIMARY' }, extra);
        return walk(p.right, below(p.operation.toUpperCase()), []);
      case 'with-cte':
        walk(p.input, { ...place, select: 'PRIMARY' }, extra);
        walk(p.seed, below('DERIVED'), []);
        if (p.recursive !== undefined) walk(p.recursive, below('UNION'), ['Recursive']);
        return;
      default:
        return walk(p.input, place, extra);
    }
  };
  const first: Place = { id: 1, select: isWrite ? plan.kind.toUpperCase() : 'SIMPLE' };
  if (plan.kind === 'insert') {
    rows.push([1, 'INSERT', plan.table.name, writtenPartitions(plan), 'ALL', null, null, null, null, null, null, null]);
    if (plan.source !== undefined) walk(plan.source, { id: 1, select: 'SIMPLE' }, []);
  } else if (plan.kind === 'update' || plan.kind === 'delete') walk(plan.input, first, []);
  else walk(plan, first, []);
  return rows;
}

// ---- tree ----

const JOINS: Readonly<Record<JoinType | 'scalar', string>> = {
  inner: 'inner join', left: 'left join', semi: 'semijoin', anti: 'antijoin', 'left-semi-mark': 'left join', 'null-aware-anti': 'antijoin', scalar: 'left join',
}; // prettier-ignore

export function treeText(plan: AnyPlan, facts: PlanFacts, statistics: Statistics): string {
  const lines: string[] = [];
  let selects = 1;
  const write = (depth: number, text: string, of?: PhysicalPlan, rows = of?.estimatedRows): void => {
    const cost = of === undefined ? '' : `  (cost=${amount(of.cost)} rows=${amount(rows!)})`;
    const run = of === undefined ? undefined : statistics?.get(of.id);
    const disk = run === undefined || run.diskBytes === 0 ? '' : ` disk=${run.diskBytes}`;
    const actual =
      run === undefined
        ? ''
        : run.loops === 0
          ? ' (never executed)'
          : ` (actual time=${(run.firstMs / run.loops).toFixed(3)}..${(run.timeMs / run.loops).toFixed(3)} rows=${amount(run.rows / run.loops)} loops=${run.loops}${disk})`;
    lines.push(`${'    '.repeat(depth)}-> ${text}${cost}${actual}`);
  };
  const sql = (e: Expression): string => sqlText(e, facts);
  const filtered = (depth: number, p: PhysicalPlan, ...conditions: (Expression | undefined)[]): number => {
    const known = conditions.filter((c) => c !== undefined);
    if (known.length === 0) return depth;
    write(depth, `Filter: ${known.map(sql).join(' and ')}`, p);
    return depth + 1;
  };
  const read = (p: Read, depth: number, keys: readonly Expression[] | undefined): void => {
    const inside = filtered(depth, p, p.filter);
    const name = p.kind === 'point-get' ? p.index : p.kind === 'index-scan' ? p.index : undefined;
    const index = name ?? primaryIndex(p.table);
    const covering = p.kind === 'index-scan' && p.covering ? 'Covering index' : 'Index';
    const back = p.kind !== 'point-get' && p.kind !== 'index-merge' && p.reverse ? ' (reverse)' : '';
    if (p.kind === 'index-merge') {
      write(inside, p.mode === 'union' ? 'Deduplicate rows sorted by row ID' : 'Intersect rows sorted by row ID', p);
      for (const part of p.parts) {
        const of = part.index ?? primaryIndex(p.table);
        const over = overText(of, part.ranges, facts);
        lines.push(`${'    '.repeat(inside + 1)}-> Index range scan on ${p.alias} using ${of?.name ?? 'PRIMARY'} over ${over}  (rows=${amount(part.estimatedRead)})`); // prettier-ignore
      }
      return;
    }
    if (p.kind === 'point-get') {
      const parts = index?.columns.map((part) => part.name) ?? ['handle'];
      const key = (values: readonly Expression[]): string => values.map((v, i) => `${parts[i] ?? ''}=${sql(v)}`).join(', '); // prettier-ignore
      if (p.keys.length === 1)
        return write(inside, `Single-row index lookup on ${p.alias} using ${index?.name ?? 'PRIMARY'} (${key(p.keys[0]!)})`, p); // prettier-ignore
      const over = p.keys.slice(0, 5).map((values) => `(${key(values).replaceAll('=', ' = ')})`).join(' OR '); // prettier-ignore
      return write(inside, `Index range scan on ${p.alias} using ${index?.name ?? 'PRIMARY'} over ${over}${p.keys.length > 5 ? ` OR (${p.keys.length - 5} more)` : ''}`, p); // prettier-ignore
    }
    if (keys !== undefined) {
      const unique = index !== undefined && index.unique && keys.length === index.columns.length;
      const pairs = keys.map((key, i) => `${index?.columns[i]?.name ?? 'handle'}=${sql(key)}`).join(', ');
      const kind = unique ? `Single-row ${covering.toLowerCase()} lookup` : `${covering} lookup`;
      return write(inside, `${kind} on ${p.alias} using ${index?.name ?? 'PRIMARY'} (${pairs})`, p);
    }
    if (p.ranges === undefined) {
      if (p.kind === 'table-scan') return write(inside, `Table scan on ${p.alias}${back}`, p, p.estimatedRead);
      return write(inside, `${covering} scan on ${p.alias} using ${p.index.name}${back}`, p, p.estimatedRead);
    }
    const points = p.ranges.length === 1 && p.ranges[0]!.lower === p.ranges[0]!.upper;
    const pushed = p.kind === 'index-scan' && p.indexFilter !== undefined ? `, with index condition: ${sql(p.indexFilter)}` : ''; // prettier-ignore
    if (points) {
      const pairs = p.ranges[0]!.lower.map((e, i) => `${index?.columns[i]?.name ?? 'handle'}=${sql(e)}`).join(', ');
      return write(inside, `${covering} lookup on ${p.alias} using ${index?.name ?? 'PRIMARY'} (${pairs})${back}${pushed}`, p, p.estimatedRead); // prettier-ignore
    }
    const over = overText(index, p.ranges, facts);
    return write(inside, `${covering} range scan on ${p.alias} using ${index?.name ?? 'PRIMARY'} over ${over}${back}${pushed}`, p, p.estimatedRead); // prettier-ignore
  };
  const walk = (p: PhysicalPlan, depth: number): void => {
    if (isRead(p)) return read(p, depth, undefined);
    switch (p.kind) {
      case 'memory-scan':
        return write(filtered(depth, p, p.filter), `Table scan on ${p.tableName}`, p);
      case 'values':
        return write(depth, p.rows.length === 0 ? 'Zero rows (Impossible WHERE)' : 'Rows fetched before execution', p);
      case 'json-table':
        return write(depth, 'Materialize table function', p);
      case 'cte-scan':
        return write(depth, `Table scan on <cte${p.cteId}>`, p);
      case 'filter':
        return walk(p.input, filtered(depth, p, p.condition));
      case 'projection':
      case 'lock-rows': // prettier-ignore
        return walk(p.input, depth);
      case 'hash-join': {
        const pairs = p.leftKeys.map((key, i) => `(${sql(key)} ${p.nullSafe[i] ? '<=>' : '='} ${sql(p.rightKeys[i]!)})`); // prettier-ignore
        const kind = JOINS[p.joinType];
        const name = kind.endsWith(' join') ? `${capital(kind.slice(0, -5))} hash join` : `Hash ${kind}`;
        write(depth, `${name} (${pairs.join(', ') || 'no condition'})${p.condition === undefined ? '' : `, extra conditions: ${sql(p.condition)}`}`, p); // prettier-ignore
        const [probe, build] = p.build === 'right' ? [p.left, p.right] : [p.right, p.left];
        walk(probe, depth + 1);
        write(depth + 1, 'Hash');
        return walk(build, depth + 2);
      }
      case 'merge-join': {
        const pairs = p.leftKeys.map((key, i) => `(${sql(key)} = ${sql(p.rightKeys[i]!)})`);
        write(depth, `Merge ${JOINS[p.joinType]} (${pairs.join(', ')})${p.condition === undefined ? '' : `, extra conditions: ${sql(p.condition)}`}`, p); // prettier-ignore
        walk(p.left, depth + 1);
        return walk(p.right, depth + 1);
      }
      case 'index-join':
        write(depth, `Nested loop ${JOINS[p.joinType]}`, p);
        walk(p.left, depth + 1);
        return read(p.inner, filtered(depth + 1, p.inner, p.condition), p.outerKeys);
      case 'nested-loop-join':
        write(depth, `Nested loop ${JOINS[p.joinType]}`, p);
        walk(p.left, depth + 1);
        return walk(p.right, filtered(depth + 1, p.right, p.condition));
      case 'apply': {
        const dependent = p.correlated.length > 0 ? '; dependent' : '; run only once';
        if (p.joinType === 'scalar') {
          walk(p.left, depth);
          write(depth, `Select #${++selects} (subquery${dependent})`);
          return walk(p.inner, depth + 1);
        }
        write(depth, `Nested loop ${JOINS[p.joinType]}`, p);
        walk(p.left, depth + 1);
        const inside = filtered(depth + 1, p.inner, p.condition);
        write(inside, `Select #${++selects} (subquery${dependent})`);
        return walk(p.inner, inside + 1);
      }
      case 'hash-aggregate':
      case 'stream-aggregate': {
        const calls = p.aggregates.map((a) => `${a.name}(${a.distinct ? 'distinct ' : ''}${a.args.map(sql).join(',') || '0'})`); // prettier-ignore
        if (p.groupBy.length === 0) write(depth, `Aggregate: ${calls.join(', ')}`, p);
        else if (p.kind === 'stream-aggregate')
          write(depth, calls.length === 0 ? `Group (no aggregates)` : `Group aggregate: ${calls.join(', ')}`, p);
        else {
          write(depth, 'Table scan on <temporary>', p);
          write(depth + 1, calls.length === 0 ? 'Temporary table with deduplication' : p.rollup ? 'Aggregate using temporary table with rollup' : 'Aggregate using temporary table', p); // prettier-ignore
          return walk(p.input, depth + 2);
        }
        return walk(p.input, depth + 1);
      }
      case 'sort':
        write(depth, `Sort: ${p.keys.map((k) => sql(k.expression) + (k.descending ? ' DESC' : '')).join(', ')}`, p);
        return walk(p.input, depth + 1);
      case 'top-n':
      case 'limit': {
        const count = sql(p.count);
        write(depth, p.offset === undefined ? `Limit: ${count} row(s)` : `Limit/Offset: ${count}/${sql(p.offset)} row(s)`, p); // prettier-ignore
        if (p.kind === 'limit') return walk(p.input, depth + 1);
        const first = p.offset === undefined ? count : `${count} + ${sql(p.offset)}`;
        write(depth + 1, `Sort: ${p.keys.map((k) => sql(k.expression) + (k.descending ? ' DESC' : '')).join(', ')}, limit input to ${first} row(s) per chunk`, p); // prettier-ignore
        return walk(p.input, depth + 2);
      }
      case 'window':
        write(depth, `Window aggregate: ${p.calls.map((c) => `${c.name}(${c.args.map(sql).join(',')}) OVER (${[p.partitionBy.length > 0 ? `PARTITION BY ${p.partitionBy.map(sql).join(',')}` : '', p.orderBy.length > 0 ? `ORDER BY ${p.orderBy.map((k) => sql(k.expression) + (k.descending ? ' desc' : '')).join(',')}` : ''].filter(Boolean).join(' ')})`).join(', ')}`, p); // prettier-ignore
        return walk(p.input, depth + 1);
      case 'union-all':
        write(depth, 'Append', p);
        return p.inputs.forEach((input) => walk(input, depth + 1));
      case 'set-operation':
        write(depth, `${capital(p.operation)} materialize${p.all ? '' : ' with deduplication'}`, p);
        walk(p.left, depth + 1);
        return walk(p.right, depth + 1);
      case 'with-cte':
        walk(p.input, depth);
        write(depth, `Materialize ${p.recursive === undefined ? '' : 'recursive '}CTE <cte${p.cteId}>`);
        walk(p.seed, depth + 1);
        if (p.recursive === undefined) return;
        write(depth + 1, 'Repeat until convergence');
        return walk(p.recursive, depth + 2);
      case 'column-engine':
        write(depth, `Column engine (${p.reason})`, p);
        return walk(p.input, depth + 1);
    }
  };
  switch (plan.kind) {
    case 'insert':
      write(0, `${plan.mode === 'replace' ? 'Replace' : 'Insert'} into ${plan.table.name}`);
      if (plan.source !== undefined) walk(plan.source, 1);
      break;
    case 'update':
    case 'delete': // prettier-ignore
      write(0, `${plan.kind === 'update' ? 'Update' : 'Delete from'} ${plan.targets.map((t) => t.table.name).join(', ')} (immediate)`); // prettier-ignore
      walk(plan.input, 1);
      break;
    default:
      walk(plan, 0);
  }
  return `${lines.join('\n')}\n`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Whole numbers from a hundred on, as MySQL prints costs and rows. */
function amount(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

// ---- json ----

type Document = Record<string, unknown>;

export function jsonDocument(plan: AnyPlan, facts: PlanFacts): Document {
  let selects = 1;
  const block = (p: PhysicalPlan): Document => {
    const id = selects++;
    return { query_block: { select_id: id, cost_info: { query_cost: p.cost.toFixed(2) }, ...part(p) } };
  };
  const table = (a: Access, p: PhysicalPlan, more: Document): Document => ({
    table: {
      table_name: a.alias,
      ...(a.partitions === null ? {} : { partitions: a.partitions.split(',') }),
      access_type: a.type,
      ...(a.possibleKeys.length === 0 ? {} : { possible_keys: a.possibleKeys }),
      ...(a.key === undefined ? {} : { key: a.key, used_key_parts: a.usedParts, key_length: a.keyLength }),
      ...(a.ref.length === 0 ? {} : { ref: a.ref }),
      rows_examined_per_scan: Math.max(1, Math.round(a.rows)),
      rows_produced_per_join: Math.round(p.estimatedRows),
      filtered: a.filtered.toFixed(2),
      ...(a.covering ? { using_index: true } : {}),
      ...more,
      cost_info: { prefix_cost: p.cost.toFixed(2) },
      used_columns: p.output.map((c) => c.name.replace(/^.*\./, '')),
      ...(a.condition === undefined ? {} : { attached_condition: sqlText(a.condition, facts) }),
    },
  });
  /** The tables of a join, in the order in which they are read. */
  const loop = (p: PhysicalPlan): Document[] => {
    switch (p.kind) {
      case 'hash-join': {
        const [probe, build] = p.build === 'right' ? [p.left, p.right] : [p.right, p.left];
        return [...loop(probe), ...withNote(loop(build), { using_join_buffer: 'hash join' })];
      }
      case 'merge-join':
      case 'nested-loop-join': // prettier-ignore
        return [...loop(p.left), ...loop(p.right)];
      case 'index-join':
        return [...loop(p.left), table(accessOf(p.inner, p.outerKeys, facts), p.inner, {})];
      case 'projection':
      case 'lock-rows': // prettier-ignore
        return loop(p.input);
      default:
        return [isRead(p) ? table(accessOf(p, undefined, facts), p, {}) : part(p)];
    }
  };
  const part = (p: PhysicalPlan): Document => {
    if (isRead(p)) return table(accessOf(p, undefined, facts), p, {});
    switch (p.kind) {
      case 'memory-scan':
        return { table: { table_name: p.tableName, access_type: 'ALL', rows_examined_per_scan: Math.round(p.estimatedRows) } }; // prettier-ignore
      case 'values':
        return { message: p.rows.length === 0 ? 'Impossible WHERE' : 'No tables used' };
      case 'json-table':
        return { table: { table_name: 'json_table', access_type: 'ALL', table_function: 'json_table', using_temporary_table: true } }; // prettier-ignore
      case 'cte-scan':
        return { table: { table_name: `<cte${p.cteId}>`, access_type: 'ALL', rows_examined_per_scan: Math.round(p.estimatedRows) } }; // prettier-ignore
      case 'hash-join':
      case 'merge-join':
      case 'index-join':
      case 'nested-loop-join': // prettier-ignore
        return { nested_loop: loop(p) };
      case 'filter':
        return { ...part(p.input), having_condition: sqlText(p.condition, facts) };
      case 'sort':
      case 'top-n': // prettier-ignore
        return { ordering_operation: { using_filesort: true, ...part(p.input) } };
      case 'hash-aggregate':
      case 'stream-aggregate': {
        const inside = { using_temporary_table: p.kind === 'hash-aggregate', using_filesort: false, ...part(p.input) };
        if (p.groupBy.length === 0) return part(p.input);
        return p.aggregates.length === 0 ? { duplicates_removal: inside } : { grouping_operation: inside };
      }
      case 'window':
        return {
          windowing: { windows: [{ name: '<unnamed window>', functions: p.calls.map((c) => c.name) }], ...part(p.input) },
        }; // prettier-ignore
      case 'apply':
        return {
          ...part(p.left),
          attached_subqueries: [{ dependent: p.correlated.length > 0, cacheable: true, ...block(p.inner) }],
        };
      case 'union-all':
      case 'set-operation': {
        const arms = p.kind === 'union-all' ? p.inputs : [p.left, p.right];
        const name = p.kind === 'union-all' ? 'union_result' : `${p.operation}_result`;
        return {
          [name]: {
            using_temporary_table: p.kind === 'set-operation',
            query_specifications: arms.map((arm) => ({ dependent: false, cacheable: true, ...block(arm) })),
          },
        };
      }
      case 'with-cte':
        return {
          ...part(p.input),
          materialized_from_subquery: {
            cte: `<cte${p.cteId}>`,
            using_temporary_table: true,
            ...(p.recursive === undefined ? {} : { recursive: true }),
            ...block(p.seed),
          },
        };
      case 'column-engine':
        return { column_engine: { reason: p.reason, ...part(p.input) } };
      default:
        return part(p.input);
    }
  };
  switch (plan.kind) {
    case 'insert': {
      const target = { table: { insert: true, table_name: plan.table.name, access_type: 'ALL' } };
      const source = plan.source === undefined ? {} : { insert_from: part(plan.source) };
      return { query_block: { select_id: 1, ...target, ...source } };
    }
    case 'update':
    case 'delete': // prettier-ignore
      return { query_block: { select_id: 1, [plan.kind]: true, ...part(plan.input) } };
    default:
      return block(plan);
  }
}

function withNote(documents: Document[], note: Document): Document[] {
  const [first, ...rest] = documents;
  const table = first?.table as Document | undefined;
  return table === undefined ? documents : [{ ...first, table: { ...table, ...note } }, ...rest];
}
