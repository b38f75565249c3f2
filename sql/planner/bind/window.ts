/**
 * Windows: `f(…) OVER (…)` calls of one block, gathered by window so that calls over the same partition, order and frame share
 * one pass. Named windows may be extended (`OVER (w ORDER BY x)`) by MySQL's rules.
 */
import { SqlError } from '../../../base/error.ts';
import type { Expression, FrameBound, SortKey, WindowCall, WindowFrame } from '../../../proto/plan/expression.ts';
import type { OutputColumn } from '../../../proto/plan/physical.ts';
import { inferWindow } from '../../functions/index.ts';
import type * as ast from '../../parser/ast.ts';
import { unknownWindow, unsupported } from '../errors.ts';
import { columnOf, expressionKey } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import type { Binder } from './binder.ts';
import type { BindContext } from './block.ts';
import { bindExpression, pinned } from './expression.ts';

interface Group {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly frame: WindowFrame | undefined;
  readonly calls: WindowCall[];
  readonly outputs: OutputColumn[];
}

/** Functions that look at the whole partition whatever the frame. */
const FRAMELESS = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile', 'lag', 'lead']);

export class WindowCollector {
  private readonly named = new Map<string, ast.WindowSpecification>();
  private readonly groups = new Map<string, Group>();
  private readonly binder: Binder;

  constructor(windows: readonly ast.NamedWindow[], binder: Binder) {
    this.binder = binder;
    for (const w of windows) {
      if (this.named.has(w.name.toLowerCase()))
        throw new SqlError(3591, 'HY000', `Window '${w.name}' is defined twice.`);
      this.named.set(w.name.toLowerCase(), w.specification);
    }
  }

  get used(): boolean {
    return this.groups.size > 0;
  }

  bind(node: ast.WindowNode, context: BindContext): Expression {
    if (node.fromLast) throw unsupported('NTH_VALUE … FROM LAST');
    if (node.nullTreatment === 'IGNORE') throw unsupported('IGNORE NULLS');
    if (node.distinct) throw unsupported('<window function>(DISTINCT ..)');
    const inner: BindContext = { ...context, window: undefined, alias: undefined };
    const specification = this.resolve(node.over, 0);
    const partitionBy = specification.partitionBy.map((e) =>
      bindExpression(e, { ...inner, clause: 'window partition by' }),
    );
    const orderBy = specification.orderBy.map((item) => ({
      expression: bindExpression(item.expression, { ...inner, clause: 'window order by' }),
      descending: item.descending,
    }));
    const frame =
      FRAMELESS.has(node.name) || specification.frame === undefined
        ? undefined
        : this.frame(specification.frame, orderBy, inner);
    const args = node.args.map((arg, i) =>
      i > 0 && FRAMELESS.has(node.name) ? pinned(arg, inner) : bindExpression(arg, inner),
    );
    const call = inferWindow(node.name, args, { distinct: node.distinct });
    const key = [
      partitionBy.map(expressionKey).join(),
      orderBy.map((k) => expressionKey(k.expression) + (k.descending ? '-' : '+')).join(),
      JSON.stringify(frame, plain),
    ].join('|');
    let group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, (group = { partitionBy, orderBy, frame, calls: [], outputs: [] }));
    const output = this.binder.newColumn(this.binder.text(node), call.type);
    group.calls.push(call);
    group.outputs.push(output);
    return columnOf(output);
  }

  private resolve(over: ast.WindowReference, depth: number): ast.WindowSpecification {
    if (depth > this.named.size)
      throw new SqlError(3580, 'HY000', 'There is a circularity in the window dependency graph.');
    if (over.kind === 'name') {
      const found = this.named.get(over.name.toLowerCase());
      if (found === undefined) throw unknownWindow(over.name);
      return this.resolve({ kind: 'specification', specification: found }, depth + 1);
    }
    const own = over.specification;
    if (own.base === undefined) return own;
    const base = this.resolve({ kind: 'name', name: own.base }, depth + 1);
    if (own.partitionBy.length > 0)
      throw new SqlError(3581, 'HY000', 'A window which depends on another cannot define partitioning.');
    if (base.frame !== undefined)
      throw new SqlError(
        3582,
        'HY000',
        `Window '${own.base}' has a frame definition, so cannot be referenced by another window.`,
      );
    if (base.orderBy.length > 0 && own.orderBy.length > 0)
      throw new SqlError(
        3583,
        'HY000',
        `Window '<unnamed window>' cannot inherit '${own.base}' since both contain an ORDER BY clause.`,
      );
    return {
      partitionBy: base.partitionBy,
      orderBy: own.orderBy.length > 0 ? own.orderBy : base.orderBy,
      ...(own.frame === undefined ? {} : { frame: own.frame }),
    };
  }

  private frame(node: ast.WindowFrameNode, orderBy: readonly SortKey[], context: BindContext): WindowFrame {
    if (node.unit === 'GROUPS') throw unsupported('GROUPS');
    if (node.exclude !== undefined) throw unsupported('EXCLUDE');
    const bound = (b: ast.FrameBoundNode): FrameBound =>
      b.kind === 'preceding' || b.kind === 'following'
        ? {
            kind: b.kind,
            offset: pinned(b.offset, context),
            ...(b.unit === undefined ? {} : { unit: b.unit.toLowerCase() }),
          }
        : { kind: b.kind };
    const frame: WindowFrame = {
      unit: node.unit === 'ROWS' ? 'rows' : 'range',
      start: bound(node.from),
      end: bound(node.to),
    };
    const offset = (b: FrameBound): boolean => b.kind === 'preceding' || b.kind === 'following';
    if (frame.unit === 'range' && (offset(frame.start) || offset(frame.end)) && orderBy.length !== 1) {
      throw new SqlError(
        3587,
        'HY000',
        "Window '<unnamed window>' with RANGE N PRECEDING/FOLLOWING frame requires exactly one ORDER BY expression, of numeric or temporal type",
      );
    }
    if (frame.start.kind === 'unbounded-following' || frame.end.kind === 'unbounded-preceding') {
      throw new SqlError(3584, 'HY000', "Window '<unnamed window>': frame start cannot be UNBOUNDED FOLLOWING.");
    }
    return frame;
  }

  /** Makers of the window nodes, bottom first; their expressions already rewritten to what the plan below gives. */
  nodes(rewrite: (e: Expression) => Expression): ((input: LogicalPlan) => LogicalPlan)[] {
    return [...this.groups.values()].map((group) => {
      const partitionBy = group.partitionBy.map(rewrite);
      const orderBy = group.orderBy.map((k) => ({ ...k, expression: rewrite(k.expression) }));
      const calls = group.calls.map((c) => ({ ...c, args: c.args.map(rewrite) }));
      return (input) => ({
        kind: 'window',
        input,
        partitionBy,
        orderBy,
        frame: group.frame,
        calls,
        output: [...input.output, ...group.outputs],
      });
    });
  }
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
