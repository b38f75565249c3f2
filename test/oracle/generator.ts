/**
 * Random queries over a schema: joins of all kinds, subqueries (scalar, EXISTS, IN, ANY, ALL, of rows; correlated or not), derived tables, LATERAL, common tables
 * and recursive ones, set operations, aggregates, ROLLUP, windows, ORDER BY and LIMIT.
 *
 * Everything drawn has one answer: what is ordered is ordered by all it shows, windows by all columns there are, floating numbers are sums of halves. What
 * may still differ by right (which of two texts that a collation holds for equal a group shows) is left to the comparison (`answers.ts`).
 */
import type { Dice } from '../cluster/dice.ts';
import { LITERALS, pickEarly, type Schema, type Table } from './schema.ts';
import { EMPTY, expression, type Expression, type Kind, type Literal, type Part, printPart, type Query, type Source } from './tree.ts'; // prettier-ignore

export interface Place {
  readonly alias: string;
  readonly columns: readonly { readonly name: string; readonly kind: Kind; readonly type: string }[];
}

export type Scope = readonly Place[];

/** FROM, and what can be named behind it. */
export interface Base {
  readonly from: Source;
  readonly scope: Scope;
  /** Only tables and views: each place of the scope is one of them. */
  readonly tables: readonly Table[] | undefined;
}

const KINDS: readonly Exclude<Kind, 'truth'>[] = ['number', 'text', 'moment'];
/** Sums and products of these stay within 64 bits. */
const SMALL = /^(int|tinyint|smallint unsigned|decimal\((10,2|5,0)\)|double|float|year)$/;
const COMPARISONS = ['=', '=', '<>', '<', '<=', '>', '>=', '<=>'];

export class QueryGenerator {
  private readonly random: Dice;
  private readonly schema: Schema;
  private aliasCount = 0;

  constructor(random: Dice, schema: Schema) {
    this.random = random;
    this.schema = schema;
  }

  // ---- whole queries

  query(depth = 2): Query {
    const { random } = this;
    const draw = random.below(12);
    if (draw < 4 || depth <= 0) return this.ordered(this.plain(depth));
    if (draw < 7) return this.ordered(this.grouped(depth));
    if (draw < 8) return this.ordered({ ...this.plain(depth), distinct: true });
    if (draw < 9) return this.setOperation(depth);
    if (draw < 10) return this.windowed(depth);
    return this.common(depth);
  }

  /** SELECT, FROM and perhaps WHERE. */
  plain(depth: number, outer: Scope = [], kinds?: readonly Kind[]): Query {
    const { random } = this;
    const { from, scope } = this.base(depth, outer);
    const where = random.chance(0.6) ? this.truth([...scope, ...outer], depth) : undefined;
    const wanted = kinds ?? Array.from({ length: 1 + random.below(4) }, () => random.pick(KINDS));
    const items = wanted.map((kind) => this.value(kind, random.chance(0.85) ? scope : [...scope, ...outer], depth - 1));
    return { ...EMPTY, items, from, where };
  }

  grouped(depth: number, outer: Scope = []): Query {
    const { random } = this;
    const { from, scope } = this.base(depth, outer);
    const where = random.chance(0.5) ? this.truth([...scope, ...outer], depth - 1) : undefined;
    const group = random.chance(0.25) ? [] : Array.from({ length: 1 + random.below(2) }, () => this.key(scope));
    const shown = group.filter(() => random.chance(0.8));
    const items = [...shown, ...Array.from({ length: 1 + random.below(3) }, () => this.aggregate(scope, depth - 1))];
    const having = group.length > 0 && random.chance(0.35) ? this.aggregateTruth(scope, depth) : undefined;
    const rollup = group.length > 0 && having === undefined && random.chance(0.15);
    return { ...EMPTY, items, from, where, group, having, rollup };
  }

  /** By all that is shown, so that the order is known. */
  private ordered(query: Query): Query {
    const { random } = this;
    if (random.chance(0.4)) return query;
    const positions = query.items.map((_, i) => `${i + 1}${random.chance(0.3) ? ' DESC' : ''}`);
    if (random.chance(0.3)) positions.reverse();
    const limit = random.chance(0.6) ? random.pick(['1', '2', '3', '5', '0', '2 OFFSET 1', '10 OFFSET 3']) : undefined;
    return { ...query, order: positions, limit };
  }

  private setOperation(depth: number): Query {
    const { random } = this;
    const kinds = Array.from({ length: 1 + random.below(2) }, () => random.pick(KINDS));
    const operation = random.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'UNION DISTINCT']);
    const query = {
      ...this.plain(depth - 1, [], kinds),
      sets: [{ operation, query: this.plain(depth - 1, [], kinds) }],
    };
    const longer = random.chance(0.25) ? [...query.sets, { operation: random.pick(['UNION ALL', 'UNION']), query: this.plain(0, [], kinds) }] : query.sets; // prettier-ignore
    return this.ordered({ ...query, sets: longer });
  }

  private windowed(depth: number): Query {
    const { random } = this;
    const { from, scope } = this.base(Math.min(depth, 1), []);
    const total = scope.flatMap(({ alias, columns }) => columns.map(({ name }) => `${alias}.${name}`)).join(', ');
    const partition = random.chance(0.6) ? `PARTITION BY ${printPart(this.key(scope))} ` : '';
    const number = (): Expression => this.value('number', scope, 0);
    const small = (): Expression => this.small(scope, 0);
    const drawn = (): Expression => {
      const frame = random.pick(['', '', ' ROWS BETWEEN 1 PRECEDING AND CURRENT ROW', ' ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING', ' ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING']); // prettier-ignore
      const over = ` OVER (${partition}ORDER BY ${total}${frame})`;
      const ranked = ` OVER (${partition}ORDER BY ${total})`;
      switch (random.below(9)) {
        case 0: return expression('number', `ROW_NUMBER()${ranked}`); // prettier-ignore
        case 1: return expression('number', `RANK() OVER (${partition}ORDER BY `, this.key(scope), ')'); // prettier-ignore
        case 2: return expression('number', `DENSE_RANK() OVER (${partition}ORDER BY `, this.key(scope), ' DESC)'); // prettier-ignore
        case 3: return expression('number', 'SUM(', small(), `)${over}`); // prettier-ignore
        case 4: return expression('number', 'COUNT(', number(), `)${over}`); // prettier-ignore
        case 5: return expression('number', random.pick(['LAG(', 'LEAD(']), number(), `, ${1 + random.below(2)})${ranked}`); // prettier-ignore
        case 6: return expression('number', random.pick(['FIRST_VALUE(', 'LAST_VALUE(']), number(), `)${over}`); // prettier-ignore
        case 7: return expression('number', random.pick(['MIN(', 'MAX(']), number(), `)${over}`); // prettier-ignore
        default: return expression('number', 'SUM(', small(), `) OVER (${partition})`); // prettier-ignore
      }
    };
    const items = [...Array.from({ length: 1 + random.below(2) }, drawn), this.value('number', scope, 0)];
    const where = random.chance(0.4) ? this.truth(scope, 1) : undefined;
    return this.ordered({ ...EMPTY, items, from, where });
  }

  private common(depth: number): Query {
    const { random } = this;
    const name = `w${this.aliasCount++}`;
    if (random.chance(0.2)) {
      const step: Query = { ...EMPTY, items: [expression('number', 'n + 1')], from: { form: 'table', name, alias: 'r' }, where: expression('truth', `n < ${1 + random.below(6)}`) }; // prettier-ignore
      const body: Query = { ...EMPTY, items: [expression('number', '1')], sets: [{ operation: random.pick(['UNION ALL', 'UNION']), query: step }] }; // prettier-ignore
      const place: Place = { alias: 'r', columns: [{ name: 'n', kind: 'number', type: 'int' }] };
      const { from, scope } = this.base(0, []);
      const all = [place, ...scope];
      const joined: Source = { form: 'join', type: random.pick(['JOIN', 'LEFT JOIN']), left: { form: 'table', name, alias: 'r' }, right: from, on: this.truth(all, 0) }; // prettier-ignore
      const items = [this.value('number', all, 0), this.value('number', all, 0)];
      return this.ordered({ ...EMPTY, ctes: [{ name, names: ['n'], body }], items, from: joined });
    }
    const body = random.chance(0.5) ? this.grouped(depth - 1) : this.plain(depth - 1);
    const names = body.items.map((_, i) => `x${i}`);
    const columns = body.items.map(({ kind }, i) => ({ name: names[i]!, kind, type: '' }));
    const [a, b] = [this.alias(), this.alias()];
    const scope: Scope = [{ alias: a, columns }, ...(random.chance(0.5) ? [{ alias: b, columns }] : [])];
    const source: Source = { form: 'table', name, alias: a };
    const from: Source = scope.length === 1 ? source : { form: 'join', type: random.pick(['JOIN', 'LEFT JOIN']), left: source, right: { form: 'table', name, alias: b }, on: this.truth(scope, 0) }; // prettier-ignore
    const where = random.chance(0.5) ? this.truth(scope, 1) : undefined;
    const items = scope.map(({ alias, columns: all }) => named(alias, random.pick(all)));
    return this.ordered({ ...EMPTY, ctes: [{ name, names, body }], items, from, where });
  }

  // ---- FROM

  alias(): string {
    return `a${this.aliasCount++}`;
  }

  /** Tables alone, joined with or without conditions. */
  tables(count: number): Base {
    const { random } = this;
    let base = this.table();
    for (let i = 1; i < count; i++) {
      const next = this.table();
      base = { ...this.join(base, next, 1), tables: [...base.tables!, ...next.tables!] };
    }
    if (random.chance(0.1) && base.from.form === 'table') return base;
    return base;
  }

  base(depth: number, outer: Scope): Base {
    const { random } = this;
    let base = this.factor(depth, outer);
    const joins = random.pick([0, 0, 1, 1, 1, 2, 3]);
    for (let i = 0; i < Math.min(joins, depth + 1); i++) {
      if (random.chance(0.08)) {
        const query = this.plain(0, base.scope);
        base = this.join(base, this.derived({ ...query, limit: undefined }, true), depth);
        continue;
      }
      base = this.join(base, this.factor(depth - 1, outer), depth);
    }
    return base;
  }

  private join(left: Base, right: Base, depth: number): Base {
    const { random } = this;
    const lateral = right.from.form === 'derived' && right.from.lateral;
    const type = lateral ? random.pick(['JOIN', 'LEFT JOIN'] as const) : random.pick(['JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'CROSS JOIN', 'STRAIGHT_JOIN'] as const); // prettier-ignore
    const scope = [...left.scope, ...right.scope];
    const on = type === 'CROSS JOIN' ? undefined : this.joinTruth(left.scope, right.scope, depth);
    return { from: { form: 'join', type, left: left.from, right: right.from, on }, scope, tables: undefined };
  }

  private joinTruth(left: Scope, right: Scope, depth: number): Expression {
    const { random } = this;
    const kind = random.pick(KINDS);
    const [a, b] = [this.column(left, kind), this.column(right, kind)];
    const rest = (): Expression => this.truth([...left, ...right], Math.min(depth - 1, 1));
    if (a === undefined || b === undefined) return rest();
    const equal = expression('truth', a, random.chance(0.85) ? ' = ' : ` ${random.pick(COMPARISONS)} `, b);
    return random.chance(0.3) ? expression('truth', '(', equal, ' AND ', rest(), ')') : equal;
  }

  private factor(depth: number, outer: Scope): Base {
    const { random } = this;
    if (depth > 0 && random.chance(0.15)) {
      const query = random.chance(0.4) ? this.grouped(depth - 1) : random.chance(0.3) ? this.ordered(this.plain(depth - 1)) : this.plain(depth - 1); // prettier-ignore
      return this.derived({ ...query, distinct: query.distinct || random.chance(0.1) }, false);
    }
    void outer;
    return this.table();
  }

  private derived(query: Query, lateral: boolean): Base {
    const alias = this.alias();
    const names = query.items.map((_, i) => `x${i}`);
    const columns = query.items.map(({ kind }, i) => ({ name: names[i]!, kind, type: '' }));
    return { from: { form: 'derived', query: { ...query, names }, alias, names: [], lateral }, scope: [{ alias, columns }], tables: undefined }; // prettier-ignore
  }

  private table(): Base {
    const table = this.random.pick(this.schema.tables);
    const alias = this.alias();
    return { from: { form: 'table', name: table.name, alias }, scope: [{ alias, columns: table.columns }], tables: [table] }; // prettier-ignore
  }

  // ---- expressions

  literal(kind: Exclude<Kind, 'truth'>): Expression {
    return expression(kind, { literal: literalOf(pickEarly(this.random, LITERALS[kind])) });
  }

  private column(scope: Scope, kind: Kind, type?: RegExp): Expression | undefined {
    const found = scope.flatMap(({ alias, columns }) =>
      columns.filter((column) => column.kind === kind && (type === undefined || type.test(column.type))).map((column) => named(alias, column)),
    ); // prettier-ignore
    return found.length === 0 ? undefined : this.random.pick(found);
  }

  /** What rows are grouped by: no literals in it, since the select list repeats it. */
  key(scope: Scope): Expression {
    const { random } = this;
    const kind = random.pick(KINDS);
    const column = this.column(scope, kind) ?? this.column(scope, 'number');
    if (column === undefined) return expression('number', 'NULL');
    if (random.chance(0.8)) return column;
    if (column.kind === 'number')
      return expression('number', '(', column, random.pick([' IS NULL)', ' > 1)', ' % 3)']));
    return expression('truth', '(', column, ' IS NULL)');
  }

  value(kind: Kind, scope: Scope, depth: number): Expression {
    const { random } = this;
    if (kind === 'truth') return this.truth(scope, depth);
    if (depth <= 0 || random.chance(0.45)) return (random.chance(0.85) ? this.column(scope, kind) : undefined) ?? this.literal(kind); // prettier-ignore
    const same = (): Expression => this.value(kind, scope, depth - 1);
    switch (random.below(9)) {
      case 0: return expression(kind, 'IFNULL(', same(), ', ', same(), ')'); // prettier-ignore
      case 1: return expression(kind, 'COALESCE(', same(), ', ', same(), ', ', same(), ')'); // prettier-ignore
      case 2: return expression(kind, 'NULLIF(', same(), ', ', same(), ')'); // prettier-ignore
      case 3: return expression(kind, 'IF(', this.truth(scope, depth - 1), ', ', same(), ', ', same(), ')'); // prettier-ignore
      case 4: return expression(kind, 'CASE WHEN ', this.truth(scope, depth - 1), ' THEN ', same(), ' ELSE ', same(), ' END'); // prettier-ignore
      case 5: return expression(kind, this.scalar(kind, scope, depth - 1)); // prettier-ignore
      default:
        if (kind === 'number') return this.small(scope, depth);
        if (kind === 'text') return random.pick([
          () => expression('text', 'CONCAT(', same(), ', ', same(), ')'),
          () => expression('text', 'UPPER(', same(), ')'),
          () => expression('text', 'LEFT(', same(), `, ${1 + random.below(3)})`),
        ])(); // prettier-ignore
        return this.column(scope, kind) ?? this.literal(kind);
    }
  }

  /** Arithmetic that does not run over. */
  small(scope: Scope, depth: number): Expression {
    const { random } = this;
    const leaf = (): Expression => this.column(scope, 'number', SMALL) ?? expression('number', { literal: literalOf(random.pick(['1', '2', '0', '3', '-1'])) }); // prettier-ignore
    if (depth <= 0 || random.chance(0.3)) return leaf();
    const inner = (): Expression => this.small(scope, depth - 1);
    switch (random.below(8)) {
      case 0: return expression('number', '(', inner(), ' + ', inner(), ')'); // prettier-ignore
      case 1: return expression('number', '(', inner(), ' - ', inner(), ')'); // prettier-ignore
      case 2: return expression('number', '(', inner(), ' * ', expression('number', { literal: literalOf(random.pick(['2', '-1', '0', '3'])) }), ')'); // prettier-ignore
      case 3: return expression('number', '(', inner(), ' DIV ', expression('number', { literal: literalOf(random.pick(['2', '-1', '0', '3'])) }), ')'); // prettier-ignore
      case 4: return expression('number', '(', inner(), ' % ', expression('number', { literal: literalOf(random.pick(['2', '5', '0', '3'])) }), ')'); // prettier-ignore
      case 5: return expression('number', 'ABS(', inner(), ')'); // prettier-ignore
      case 6: return expression('number', '(-', inner(), ')'); // prettier-ignore
      default: return expression('number', 'CHAR_LENGTH(', this.value('text', scope, depth - 1), ')'); // prettier-ignore
    }
  }

  /** At most one row. */
  private scalar(kind: Kind, scope: Scope, depth: number): Query {
    const { random } = this;
    const base = this.base(0, scope);
    const outer = random.chance(0.1) ? this.column(scope, kind) : undefined;
    // Of the outer row alone, whichever row is found.
    if (outer !== undefined) return { ...EMPTY, items: [outer], from: base.from, where: this.correlated(base.scope, scope, 0), limit: '1' }; // prettier-ignore
    const where = random.chance(0.85) ? this.correlated(base.scope, scope, depth) : undefined;
    // Of the subquery's own columns: an aggregate of outer ones alone is the outer query's, which would make it another query.
    const inner = this.value(kind, base.scope, 0);
    const item = kind === 'number' && random.chance(0.5)
      ? random.pick([
          () => expression('number', 'COUNT(*)'),
          () => expression('number', 'COUNT(', inner, ')'),
          () => expression('number', 'SUM(', this.small(base.scope, 0), ')'),
          () => expression('number', 'COUNT(*) + 1'),
          () => expression('number', 'IFNULL(SUM(', this.small(base.scope, 0), '), 7)'),
        ])()
      : expression(kind, random.pick(['MIN(', 'MAX(']), inner, ')'); // prettier-ignore
    return { ...EMPTY, items: [item], from: base.from, where };
  }

  private correlated(inner: Scope, outer: Scope, depth: number): Expression {
    const { random } = this;
    const rest = (): Expression =>
      this.truth(random.chance(0.5) ? inner : [...inner, ...outer], Math.max(0, depth - 1));
    if (outer.length === 0 || random.chance(0.35)) return rest();
    const kind = random.pick(KINDS);
    const [a, b] = [this.column(inner, kind), this.column(outer, kind)];
    if (a === undefined || b === undefined) return rest();
    const compared = expression('truth', a, random.chance(0.75) ? ' = ' : ` ${random.pick(COMPARISONS)} `, b);
    return random.chance(0.4) ? expression('truth', '(', compared, ' AND ', rest(), ')') : compared;
  }

  truth(scope: Scope, depth: number): Expression {
    const { random } = this;
    const kind = random.pick(KINDS);
    const v = (): Expression => this.value(kind, scope, depth - 1);
    const left = (): Expression => this.column(scope, kind) ?? v();
    const draw = depth <= 0 ? random.below(8) : random.below(19);
    switch (draw) {
      case 0:
      case 1:
      case 2: return expression('truth', left(), ` ${random.pick(COMPARISONS)} `, random.chance(0.7) ? this.literal(kind) : v()); // prettier-ignore
      case 3: return expression('truth', '(', v(), random.pick([' IS NULL)', ' IS NOT NULL)'])); // prettier-ignore
      case 4: return expression('truth', left(), random.pick([' BETWEEN ', ' NOT BETWEEN ']), this.literal(kind), ' AND ', this.literal(kind)); // prettier-ignore
      case 5: {
        const items: Part[] = [this.literal(kind)];
        for (let i = random.below(4); i > 0; i--) items.push(', ', random.chance(0.1) ? 'NULL' : random.chance(0.2) ? v() : this.literal(kind)); // prettier-ignore
        return expression('truth', left(), random.pick([' IN (', ' NOT IN (']), ...items, ')');
      }
      case 6: {
        const text = this.column(scope, 'text');
        if (text === undefined) return expression('truth', v(), ' = ', v());
        return expression('truth', text, random.pick([' LIKE ', ' NOT LIKE ']), expression('text', { literal: literalOf(random.pick(["'a%'", "'%b%'", "'_b%'", "'a_c'", "''", "'%'", "'x\\\\_%'", "'A%'"])) })); // prettier-ignore
      }
      case 7: return expression('truth', v(), ` ${random.pick(COMPARISONS)} `, v()); // prettier-ignore
      case 8:
      case 9: return expression('truth', '(', this.truth(scope, depth - 1), ' AND ', this.truth(scope, depth - 1), ')'); // prettier-ignore
      case 10:
      case 11: return expression('truth', '(', this.truth(scope, depth - 1), ' OR ', this.truth(scope, depth - 1), ')'); // prettier-ignore
      case 12: return expression('truth', '(NOT ', this.truth(scope, depth - 1), ')'); // prettier-ignore
      case 13: {
        const [open, middle] = random.pick([['((', ') XOR ('], ['(((', ') IS TRUE) = ('], ['(((', ') IS NOT TRUE) AND (']] as const); // prettier-ignore
        return expression('truth', open, this.truth(scope, depth - 1), middle, this.truth(scope, depth - 1), '))');
      }
      case 14: return expression('truth', random.pick(['EXISTS ', 'NOT EXISTS ']), this.subquery(scope, [kind], depth)); // prettier-ignore
      case 15:
      case 16: return expression('truth', left(), random.pick([' IN ', ' NOT IN ', ' NOT IN ']), this.subquery(scope, [kind], depth)); // prettier-ignore
      case 17: {
        if (random.chance(0.5)) return expression('truth', left(), ` ${random.pick(['=', '<>', '<', '<=', '>', '>='])} ${random.pick(['ANY ', 'ALL '])}`, this.subquery(scope, [kind], depth)); // prettier-ignore
        const other = random.pick(KINDS);
        const second = this.column(scope, other) ?? this.literal(other);
        return expression('truth', '(', left(), ', ', second, random.pick([') IN ', ') NOT IN ']), this.subquery(scope, [kind, other], depth)); // prettier-ignore
      }
      default: return expression('truth', left(), ` ${random.pick(COMPARISONS)} `, this.scalar(kind, scope, depth - 1)); // prettier-ignore
    }
  }

  private subquery(scope: Scope, kinds: readonly Kind[], depth: number): Query {
    const { random } = this;
    const base = this.base(depth > 1 ? 1 : 0, scope);
    const where = random.chance(0.85) ? this.correlated(base.scope, scope, depth - 1) : undefined;
    const all = [...base.scope, ...scope];
    const items = kinds.map((kind) => this.value(kind, random.chance(0.9) ? base.scope : all, 0));
    if (random.chance(0.12)) {
      const group = [this.key(base.scope)];
      return { ...EMPTY, items: kinds.map((kind) => expression(kind, 'MAX(', this.value(kind, base.scope, 0), ')')), from: base.from, where, group }; // prettier-ignore
    }
    return { ...EMPTY, items, from: base.from, where, distinct: random.chance(0.1) };
  }

  aggregate(scope: Scope, depth: number): Expression {
    const { random } = this;
    const kind = random.pick(KINDS);
    const v = (): Expression => this.value(kind, scope, depth - 1);
    switch (random.below(9)) {
      case 0: return expression('number', 'COUNT(*)'); // prettier-ignore
      case 1: return expression('number', 'COUNT(', v(), ')'); // prettier-ignore
      case 2: return expression('number', 'COUNT(DISTINCT ', v(), ')'); // prettier-ignore
      case 3: return expression('number', 'SUM(', this.small(scope, depth - 1), ')'); // prettier-ignore
      case 4: return expression('number', 'AVG(', this.small(scope, depth - 1), ')'); // prettier-ignore
      case 5: return expression('number', 'SUM(DISTINCT ', this.small(scope, 0), ')'); // prettier-ignore
      case 6: return expression(kind, 'MIN(', v(), ')'); // prettier-ignore
      case 7: return expression(kind, 'MAX(', v(), ')'); // prettier-ignore
      default: return expression('number', random.pick(['BIT_OR(', 'BIT_XOR(', 'BIT_AND(']), this.column(scope, 'number', /^(int|tinyint|year)$/) ?? '1', ')'); // prettier-ignore
    }
  }

  aggregateTruth(scope: Scope, depth: number): Expression {
    const { random } = this;
    const number = (): Expression => expression('number', random.pick(['SUM(', 'MIN(', 'MAX(', 'COUNT(']), this.small(scope, Math.max(0, depth - 2)), ')'); // prettier-ignore
    const one = (): Expression => expression('truth', number(), ` ${random.pick(COMPARISONS)} `, number());
    const counted = expression('truth', 'COUNT(*)', ` ${random.pick(COMPARISONS)} `, expression('number', { literal: literalOf(random.pick(['0', '1', '2'])) })); // prettier-ignore
    return random.chance(0.5) ? counted : random.chance(0.5) ? one() : expression('truth', '(', counted, ' OR ', one(), ')'); // prettier-ignore
  }
}

function named(alias: string, { name, kind }: { readonly name: string; readonly kind: Kind }): Expression {
  return expression(kind, `${alias}.${name}`);
}

/** Whole numbers go as numbers, quoted text as text; decimals and floating numbers are always printed, for a driver has no type of its own for them. */
export function literalOf(text: string): Literal {
  if (text.startsWith("'")) return { text, value: text.slice(1, -1).replaceAll('\\\\', '\\') };
  return { text, value: /^-?\d+$/.test(text) ? Number(text) : undefined };
}
