/**
 * Random SQL that MySQL and MariaDB both define: small tables of every type with NULLs, and statements over them. A statement is text with
 * holes for literals, so that one shape can be run with several sets of values (plan-cache hits) and as a prepared statement.
 *
 * What the two servers may answer differently by right is not generated: LIMIT without a total order, rows chosen among equals,
 * updates of a table that the same statement reads, JSON printing.
 */
import type { Dice } from './dice.ts';

export type Kind = 'int' | 'decimal' | 'double' | 'text' | 'bytes' | 'date' | 'datetime' | 'time' | 'year' | 'json';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly type: string;
  readonly nullable: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: Column[];
  /** Empty: no primary key. */
  readonly primary: readonly string[];
  readonly uniques: readonly (readonly string[])[];
  readonly create: string;
}

/** A literal's place: values are drawn anew for each run of the shape. */
export interface Hole {
  readonly draw: (random: Dice) => Literal;
}

export interface Literal {
  readonly text: string;
  readonly value: string | number | null;
}

export interface Shape {
  /** Literals are \u0001, in the order of `holes`. */
  readonly text: string;
  readonly holes: readonly Hole[];
  readonly ordered: boolean;
}

const HOLE = '\u0001';

const COLUMNS: readonly (readonly [string, Kind, string])[] = [
  ['a', 'int', 'int'],
  ['b', 'int', 'bigint'],
  ['c', 'int', 'int unsigned'],
  ['d', 'int', 'tinyint'],
  ['e', 'decimal', 'decimal(10,2)'],
  ['f', 'decimal', 'decimal(20,5)'],
  ['g', 'double', 'double'],
  ['h', 'text', 'varchar(20)'],
  ['i', 'text', 'char(6)'],
  ['j', 'text', 'text'],
  ['k', 'bytes', 'varbinary(12)'],
  ['l', 'date', 'date'],
  ['m', 'datetime', 'datetime'],
  ['n', 'datetime', 'datetime(3)'],
  ['o', 'time', 'time'],
  ['p', 'year', 'year'],
  ['q', 'json', 'json'],
  ['r', 'text', "enum('red','green','blue')"],
  ['s', 'int', 'bigint unsigned'],
];

const INDEXABLE = new Set<Kind>(['int', 'decimal', 'double', 'date', 'datetime', 'time', 'year', 'text', 'bytes']);
const WORDS = [
  'a',
  'A',
  'b',
  'ab',
  'Ab',
  'abc',
  'b ',
  '',
  'red',
  'green',
  'x%',
  'x_y',
  '10',
  '2.5',
  '-3',
  'é',
  'e',
  'Zoë',
  '1abc',
  '2024-01-15',
];
const DATES = ['2023-12-31', '2024-01-01', '2024-01-15', '2024-02-29', '2024-03-31', '2020-05-05', '1999-12-31'];
const CLOCKS = ['00:00:00', '01:02:03', '10:11:12', '23:59:59', '12:30:00'];

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function drawLiteral(random: Dice, kind: Kind): Literal {
  switch (kind) {
    case 'int':
      return numeric(random.pick([0, 1, 2, 3, 4, 5, 7, 10, 20, 100, -1, -2, random.below(10)]));
    case 'year':
      return numeric(random.pick([1999, 2000, 2020, 2023, 2024]));
    case 'decimal':
      return numeric(random.pick([0.5, 1.5, 2.25, 10, -1.1, 3.33, 100.01]));
    case 'double':
      return { text: random.pick(['0.5e0', '1e0', '2.5e0', '-3.25e0', '1e2']), value: 0 };
    case 'text':
      return textual(random.pick(WORDS));
    case 'bytes':
      return textual(random.pick(WORDS.filter((word) => word !== 'é' && word !== 'Zoë')));
    case 'date':
      return textual(random.pick(DATES));
    case 'datetime':
      return textual(`${random.pick(DATES)} ${random.pick(CLOCKS)}`);
    case 'time':
      return textual(random.pick([...CLOCKS, '-05:00:01', '100:00:00']));
    case 'json':
      return textual(random.pick(['{"a": 1}', '[1, 2]', '"x"', '3', '{"a": {"b": 2}}']));
  }
}

function numeric(value: number): Literal {
  return { text: String(value), value };
}

function textual(value: string): Literal {
  return { text: quote(value), value };
}

/** What a table's column may hold. */
export function drawValue(random: Dice, column: Column): string {
  if (column.nullable && random.chance(0.2)) return 'NULL';
  const { name, kind } = column;
  if (name === 'r') return quote(random.pick(['red', 'green', 'blue']));
  if (name === 'c' || name === 's') return String(random.pick([0, 1, 2, 3, 5, 10, 100, 4_000_000_000]));
  if (name === 'd') return String(random.pick([0, 1, 2, 3, -1, -128, 127]));
  if (name === 'b') return String(random.pick([0, 1, 2, 3, 5, -7, 1_000_000_000_000]));
  if (name === 'i') return quote(random.pick(WORDS).slice(0, 6));
  if (name === 'k') return quote(random.pick(WORDS));
  if (name === 'n')
    return quote(`${random.pick(DATES)} ${random.pick(CLOCKS)}.${random.pick(['000', '123', '500', '999'])}`);
  return drawLiteral(random, kind).text;
}

export function drawTable(random: Dice, name: string): Table {
  const columns: Column[] = [];
  for (const [column, kind, type] of COLUMNS) {
    if (random.chance(0.45)) columns.push({ name: column, kind, type, nullable: random.chance(0.7) });
  }
  if (columns.length < 3) {
    columns.splice(
      0,
      columns.length,
      ...COLUMNS.slice(0, 8).map(([column, kind, type]) => ({ name: column, kind, type, nullable: true })),
    );
  }
  const style = random.below(4);
  const primary = style === 0 ? [] : style === 1 ? ['id'] : style === 2 ? ['id', 'id2'] : ['ids'];
  const keys: Column[] = [];
  if (style === 3) keys.push({ name: 'ids', kind: 'text', type: 'varchar(10)', nullable: false });
  else keys.push({ name: 'id', kind: 'int', type: random.chance(0.3) ? 'bigint' : 'int', nullable: false });
  if (style === 2) keys.push({ name: 'id2', kind: 'int', type: 'int', nullable: false });
  const all = [...keys, ...columns];
  const parts = all.map((column) => `${column.name} ${column.type}${column.nullable ? '' : ' NOT NULL'}`);
  if (primary.length > 0) parts.push(`PRIMARY KEY (${primary.join(', ')})`);
  const uniques: string[][] = [];
  const indexable = columns.filter((column) => INDEXABLE.has(column.kind) && column.type !== 'text');
  if (random.chance(0.3) && indexable.length > 1) {
    const chosen = random.sample(indexable, 2).map((column) => column.name);
    uniques.push(chosen);
    parts.push(`UNIQUE KEY u1 (${chosen.join(', ')})`);
  }
  const indexes = random.below(3);
  for (let i = 0; i < indexes && indexable.length > 0; i++) {
    const chosen = random.sample(indexable, Math.min(indexable.length, 1 + random.below(2)));
    const prefixed = chosen.map((column) =>
      column.kind === 'text' && column.name === 'h' && random.chance(0.3) ? 'h(2)' : column.name,
    );
    parts.push(`KEY k${i} (${prefixed.join(', ')})`);
  }
  return {
    name,
    columns: all,
    primary,
    uniques,
    create: `CREATE TABLE ${name} (${parts.join(', ')}) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`,
  };
}

/** Rows of a table; keys are mostly fresh. */
export function drawRows(random: Dice, table: Table, count: number, firstKey: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const values = table.columns.map((column) => {
      if (column.name === 'id') return String(table.primary.length === 2 ? (firstKey + i) >> 1 : firstKey + i);
      if (column.name === 'id2') return String((firstKey + i) & 1);
      if (column.name === 'ids') return quote(`k${firstKey + i}`);
      return drawValue(random, column);
    });
    return `(${values.join(', ')})`;
  });
}

interface Source {
  readonly alias: string;
  readonly columns: readonly Column[];
}

interface Built {
  readonly text: string;
  readonly kind: Kind;
}

/** Builds one statement; holes are collected in the order they are printed, so every part must be appended in that order. */
export class ShapeBuilder {
  private readonly random: Dice;
  private readonly tables: readonly Table[];
  private aliasCount = 0;
  /** A strict write fails where a row's text is read as a number, and which rows are read is up to the plan. */
  private writing = false;

  constructor(random: Dice, tables: readonly Table[]) {
    this.random = random;
    this.tables = tables;
  }

  /** A literal printed as a mark with its kind; `finish` numbers the holes in the order of the text. */
  private hole(kind: Kind): string {
    return `${HOLE}${KINDS.indexOf(kind)};`;
  }

  finish(text: string, ordered: boolean): Shape {
    const holes: Hole[] = [];
    // oxlint-disable-next-line no-control-regex
    const marked = text.replace(/\u0001(\d+);/g, (_, index: string) => {
      const kind = KINDS[Number(index)]!;
      holes.push({ draw: (random) => drawLiteral(random, kind) });
      return HOLE;
    });
    return { text: marked, holes, ordered };
  }

  // Expressions

  column(scope: readonly Source[], kinds?: readonly Kind[]): Built | undefined {
    const found = scope.flatMap((source) =>
      source.columns
        .filter((column) => kinds === undefined || kinds.includes(column.kind))
        .map((column) => ({ source, column })),
    );
    if (found.length === 0) return undefined;
    const { source, column } = this.random.pick(found);
    return { text: source.alias === '' ? column.name : `${source.alias}.${column.name}`, kind: column.kind };
  }

  number(scope: readonly Source[], depth: number): string {
    const { random } = this;
    if (depth <= 0 || random.chance(0.3)) {
      const column = random.chance(0.75) ? this.column(scope, ['int', 'decimal', 'double']) : undefined;
      return column?.text ?? this.hole(random.pick(['int', 'int', 'decimal']));
    }
    const n = () => this.number(scope, depth - 1);
    const t = () => this.text(scope, depth - 1);
    const small = () => this.hole('int');
    switch (random.below(26)) {
      case 0:
        return `(${n()} + ${n()})`;
      case 1:
        return `(${this.signed(scope)} - ${this.signed(scope)})`;
      case 2:
        return `(${this.signed(scope)} * ${small()})`;
      case 3:
        return `(${n()} / ${random.pick([small(), this.signed(scope)])})`;
      case 4:
        return `(${this.signed(scope)} DIV ${small()})`;
      case 5:
        return `(${this.signed(scope)} % ${small()})`;
      case 6:
        return `ABS(${this.signed(scope)})`;
      case 7:
        return `ROUND(${n()}, ${random.pick(['0', '1', '2', '-1'])})`;
      case 8:
        return `${random.pick(['FLOOR', 'CEILING', 'SIGN'])}(${n()})`;
      case 9:
        return `IFNULL(${n()}, ${n()})`;
      case 10:
        return `COALESCE(${n()}, ${n()}, ${small()})`;
      case 11:
        return `NULLIF(${n()}, ${n()})`;
      case 12:
        return `IF(${this.condition(scope, depth - 1)}, ${n()}, ${n()})`;
      case 13:
        return `CASE WHEN ${this.condition(scope, depth - 1)} THEN ${n()} WHEN ${this.condition(scope, depth - 1)} THEN ${n()} ELSE ${n()} END`;
      case 14:
        return `CASE ${n()} WHEN ${small()} THEN ${n()} WHEN ${small()} THEN ${n()} END`;
      case 15:
        return `${random.pick(['LENGTH', 'CHAR_LENGTH', 'ASCII'])}(${t()})`;
      case 16:
        return `LOCATE(${this.hole('bytes')}, ${this.column(scope, ['bytes'])?.text ?? this.hole('bytes')})`;
      case 17:
        return `${random.pick(['GREATEST', 'LEAST'])}(${n()}, ${n()}, ${n()})`;
      case 18:
        return `CAST(${this.signed(scope)} AS ${random.pick(['SIGNED', 'DECIMAL(20,3)', 'DECIMAL(12)', 'DOUBLE'])})`;
      case 19:
        return `${random.pick(['YEAR', 'MONTH', 'DAY', 'DAYOFWEEK', 'DAYOFYEAR', 'QUARTER', 'WEEKDAY', 'TO_DAYS', 'LAST_DAY'])}(${this.moment(scope, depth - 1)})`;
      case 20:
        return `DATEDIFF(${this.moment(scope, depth - 1)}, ${this.moment(scope, depth - 1)})`;
      case 21:
        return `${random.pick(['HOUR', 'MINUTE', 'SECOND'])}(${this.clock(scope)})`;
      case 22:
        return `TRUNCATE(${n()}, ${random.pick(['0', '1', '-1'])})`;
      case 23:
        return `-(${this.signed(scope)})`;
      case 24:
        return `(${this.condition(scope, depth - 1)})`;
      default:
        return `TIMESTAMPDIFF(${random.pick(['DAY', 'MONTH', 'HOUR', 'YEAR', 'SECOND'])}, ${this.moment(scope, depth - 1)}, ${this.moment(scope, depth - 1)})`;
    }
  }

  /** A number that cannot be a big unsigned one: a difference with it does not leave the range. */
  signed(scope: readonly Source[]): string {
    const safe = scope.map((source) => ({
      alias: source.alias,
      columns: source.columns.filter(
        (column) => !column.type.includes('unsigned') && ['int', 'decimal', 'double'].includes(column.kind),
      ),
    }));
    return (this.random.chance(0.8) ? this.column(safe)?.text : undefined) ?? this.hole('int');
  }

  text(scope: readonly Source[], depth: number): string {
    const { random } = this;
    if (depth <= 0 || random.chance(0.35)) {
      const column = random.chance(0.8) ? this.column(scope, ['text']) : undefined;
      return column?.text ?? this.hole('text');
    }
    const t = () => this.text(scope, depth - 1);
    switch (random.below(20)) {
      case 0:
        return `CONCAT(${t()}, ${t()})`;
      case 1:
        return `${random.pick(['UPPER', 'LOWER', 'REVERSE', 'TRIM', 'LTRIM', 'RTRIM'])}(${t()})`;
      case 2:
        return `SUBSTRING(${t()}, ${random.pick(['1', '2', '-2', '0'])}, ${random.pick(['1', '2', '10'])})`;
      case 3:
        return `LEFT(${t()}, 2)`;
      case 4:
        return `RIGHT(${t()}, 2)`;
      case 5:
        return `REPLACE(${t()}, ${this.hole('text')}, ${this.hole('text')})`;
      case 6:
        return `LPAD(${t()}, 6, ${this.hole('text')})`;
      case 7:
        return `RPAD(${t()}, 4, '-')`;
      case 8:
        return `IFNULL(${t()}, ${t()})`;
      case 9:
        return `COALESCE(${t()}, ${t()})`;
      case 10:
        return `IF(${this.condition(scope, depth - 1)}, ${t()}, ${t()})`;
      case 11:
        return `CASE WHEN ${this.condition(scope, depth - 1)} THEN ${t()} ELSE ${t()} END`;
      case 12:
        return `CONCAT_WS(${this.hole('text')}, ${t()}, ${this.number(scope, 0)})`;
      case 13:
        return `NULLIF(${t()}, ${t()})`;
      case 14:
        return `CAST(${this.exact(scope)} AS CHAR)`;
      case 15:
        return `HEX(${random.pick([t(), this.column(scope, ['bytes'])?.text ?? t()])})`;
      case 16:
        return `DATE_FORMAT(${this.moment(scope, depth - 1)}, ${random.pick(["'%Y-%m'", "'%d.%m.%Y %H:%i'", "'%W %j'"])})`;
      case 17:
        return `REPEAT(${t()}, ${random.pick(['0', '1', '2'])})`;
      case 18:
        return `CONCAT(${this.exact(scope)}, ${t()})`;
      default:
        return `${random.pick(['GREATEST', 'LEAST'])}(${t()}, ${t()})`;
    }
  }

  /** A number that prints alike everywhere. */
  exact(scope: readonly Source[]): string {
    return this.column(scope, ['int', 'decimal', 'year'])?.text ?? this.hole('int');
  }

  moment(scope: readonly Source[], depth: number): string {
    const { random } = this;
    const column = this.column(scope, ['date', 'datetime']);
    if (depth <= 0 || random.chance(0.5))
      return (random.chance(0.85) ? column?.text : undefined) ?? `CAST(${this.hole('datetime')} AS DATETIME)`;
    const base = column?.text ?? `CAST(${this.hole('date')} AS DATE)`;
    switch (random.below(4)) {
      case 0:
        return `DATE_ADD(${base}, INTERVAL ${this.hole('int')} ${random.pick(['DAY', 'MONTH', 'YEAR', 'HOUR', 'SECOND', 'WEEK'])})`;
      case 1:
        return `(${base} - INTERVAL ${this.hole('int')} ${random.pick(['DAY', 'MONTH', 'MINUTE'])})`;
      case 2:
        return `DATE(${base})`;
      default:
        return `LAST_DAY(${base})`;
    }
  }

  clock(scope: readonly Source[]): string {
    return this.column(scope, ['time', 'datetime'])?.text ?? `CAST(${this.hole('time')} AS TIME)`;
  }

  value(scope: readonly Source[], depth: number): Built {
    const { random } = this;
    switch (random.below(8)) {
      case 0:
      case 1:
        return { text: this.number(scope, depth), kind: 'double' };
      case 2:
      case 3:
        return { text: this.text(scope, depth), kind: 'text' };
      case 4:
        return { text: this.moment(scope, depth), kind: 'datetime' };
      default: {
        const column = this.column(scope, [
          'int',
          'decimal',
          'double',
          'text',
          'bytes',
          'date',
          'datetime',
          'time',
          'year',
        ]);
        return column ?? { text: this.number(scope, depth), kind: 'double' };
      }
    }
  }

  condition(scope: readonly Source[], depth: number): string {
    const { random } = this;
    if (depth > 0 && random.chance(0.35)) {
      const c = () => this.condition(scope, depth - 1);
      switch (random.below(5)) {
        case 0:
          return `(${c()} AND ${c()})`;
        case 1:
          return `(${c()} OR ${c()})`;
        case 2:
          return `NOT (${c()})`;
        case 3:
          return `(${c()}) IS ${random.pick(['TRUE', 'NOT TRUE', 'FALSE', 'UNKNOWN', 'NOT NULL'])}`;
        default:
          return `(${c()} XOR ${c()})`;
      }
    }
    const op = () => random.pick(['=', '<', '>', '<=', '>=', '<>', '<=>', '=']);
    switch (random.below(12)) {
      case 0:
        return `${this.number(scope, depth - 1)} ${op()} ${this.number(scope, depth - 1)}`;
      case 1:
        return `${this.text(scope, depth - 1)} ${op()} ${this.text(scope, depth - 1)}`;
      case 2:
        return `${this.moment(scope, depth - 1)} ${op()} ${random.pick([this.moment(scope, depth - 1), this.hole('date'), this.hole('datetime')])}`;
      case 3: {
        const column = this.column(scope);
        return `${column?.text ?? '1'} IS ${random.pick(['', 'NOT '])}NULL`;
      }
      case 4:
        return `${this.text(scope, 0)} ${random.pick(['', 'NOT '])}LIKE ${random.pick(["'a%'", "'%b%'", "'_b%'", "'%'", "'x\\_%'", "'A'"])}`;
      case 5:
        return `${this.number(scope, depth - 1)} ${random.pick(['', 'NOT '])}BETWEEN ${this.hole('int')} AND ${this.hole('int')}`;
      case 6:
        return `${this.number(scope, depth - 1)} ${random.pick(['', 'NOT '])}IN (${this.hole('int')}, ${this.hole('int')}, ${random.pick([this.hole('int'), 'NULL', this.hole('decimal')])})`;
      case 7:
        return `${this.text(scope, depth - 1)} ${random.pick(['', 'NOT '])}IN (${this.hole('text')}, ${this.hole('text')})`;
      default: {
        const column = this.column(scope, [
          'int',
          'decimal',
          'double',
          'text',
          'bytes',
          'date',
          'datetime',
          'time',
          'year',
        ]);
        if (column === undefined) return `${this.hole('int')} ${op()} ${this.hole('int')}`;
        return `${column.text} ${op()} ${this.hole(column.kind === 'double' ? 'decimal' : column.kind)}`;
      }
    }
  }

  /** Conditions with subqueries in them. */
  where(scope: readonly Source[], depth: number): string {
    const { random } = this;
    if (depth > 0 && random.chance(0.4)) {
      const rest = random.chance(0.5) ? ` ${random.pick(['AND', 'AND', 'OR'])} ${this.condition(scope, 1)}` : '';
      return `${this.subqueryCondition(scope, depth)}${rest}`;
    }
    return this.condition(scope, 2);
  }

  subqueryCondition(scope: readonly Source[], depth: number): string {
    const { random } = this;
    const inner = this.base();
    const both = random.chance(0.5) ? [...scope, inner.source] : [inner.source];
    const where = random.chance(0.8) ? ` WHERE ${this.correlated(scope, inner.source, both, depth - 1)}` : '';
    const kinds: Kind[][] = [['int', 'decimal', 'year'], ['text'], ['date', 'datetime'], ['int']];
    const kind = random.pick(kinds);
    const plain = scope.map(comparable);
    const innerPlain = [comparable(inner.source)];
    const outer = this.column(plain, kind)?.text ?? this.hole('int');
    const innerColumn = this.column(innerPlain, kind)?.text ?? 'NULL';
    switch (random.below(7)) {
      case 0:
      case 1:
        return `${outer} ${random.pick(['', 'NOT '])}IN (SELECT ${innerColumn} FROM ${inner.text}${where})`;
      case 2:
      case 3:
        return `${random.pick(['', 'NOT '])}EXISTS (SELECT ${random.pick(['1', '*', innerColumn])} FROM ${inner.text}${where})`;
      case 4:
        return `${outer} ${random.pick(['=', '<>', '<', '>', '>=', '<='])} ${random.pick(['ANY', 'ALL', 'SOME'])} (SELECT ${innerColumn} FROM ${inner.text}${where})`;
      case 5:
        return `${outer} ${random.pick(['=', '<>', '<', '>'])} (SELECT ${random.pick(['MAX', 'MIN', 'COUNT'])}(${innerColumn}) FROM ${inner.text}${where})`;
      default: {
        const [x, y] = [this.column(innerPlain, ['int', 'text']), this.column(innerPlain, ['int', 'text'])];
        const [u, v] = [this.column(plain, [x?.kind ?? 'int']), this.column(plain, [y?.kind ?? 'int'])];
        if (!x || !y || !u || !v) return `EXISTS (SELECT 1 FROM ${inner.text}${where})`;
        return `(${u.text}, ${v.text}) ${random.pick(['', 'NOT '])}IN (SELECT ${x.text}, ${y.text} FROM ${inner.text}${where})`;
      }
    }
  }

  correlated(outer: readonly Source[], inner: Source, both: readonly Source[], depth: number): string {
    const { random } = this;
    const kind = random.pick<Kind[]>([['int', 'decimal'], ['text'], ['int'], ['date', 'datetime']]);
    const [x, y] = [this.column(outer, kind), this.column([inner], kind)];
    const rest = random.chance(0.5)
      ? depth > 0 && random.chance(0.3)
        ? this.where(both, depth - 1)
        : this.condition(both, 1)
      : '';
    if (x !== undefined && y !== undefined && random.chance(0.6)) {
      return `${y.text} ${random.pick(['=', '=', '=', '<', '>', '<=>'])} ${x.text}${rest === '' ? '' : ` AND ${rest}`}`;
    }
    return rest === '' ? this.condition([inner], 1) : rest;
  }

  scalar(scope: readonly Source[], depth: number): string {
    const inner = this.base();
    const aggregate = this.random.pick([
      'COUNT(*)',
      `MAX(${this.number([inner.source], 0)})`,
      `MIN(${this.text([inner.source], 0)})`,
      `SUM(${this.number([inner.source], 1)})`,
    ]);
    return `(SELECT ${aggregate} FROM ${inner.text} WHERE ${this.correlated(scope, inner.source, [...scope, inner.source], depth - 1)})`;
  }

  // Sources

  alias(): string {
    return `x${this.aliasCount++}`;
  }

  base(): { text: string; source: Source } {
    const table = this.random.pick(this.tables);
    const alias = this.alias();
    return { text: `${table.name} ${alias}`, source: { alias, columns: table.columns } };
  }

  /** A table, or a derived one. */
  factor(depth: number): { text: string; source: Source } {
    if (depth > 0 && this.random.chance(0.2)) {
      const inner = this.base();
      const alias = this.alias();
      const names = this.random.sample(
        inner.source.columns.filter((column) => column.kind !== 'json'),
        3,
      );
      const distinct = this.random.chance(0.3) ? 'DISTINCT ' : '';
      const where = this.random.chance(0.6) ? ` WHERE ${this.where([inner.source], depth - 1)}` : '';
      const list = names.map((column) => `${inner.source.alias}.${column.name}`).join(', ');
      return {
        text: `(SELECT ${distinct}${list} FROM ${inner.text}${where}) ${alias}`,
        source: { alias, columns: names },
      };
    }
    return this.base();
  }

  on(left: readonly Source[], right: Source): string {
    const { random } = this;
    const kind = random.pick<Kind[]>([
      ['int', 'decimal'],
      ['int'],
      ['text'],
      ['date', 'datetime'],
      this.writing ? ['int'] : ['int', 'text'],
    ]);
    const [x, y] = [this.column(left, kind), this.column([right], kind)];
    const rest = random.chance(0.35) ? this.condition([...left, right], 1) : '';
    if (x === undefined || y === undefined) return rest === '' ? this.condition([...left, right], 1) : rest;
    return `${x.text} ${random.pick(['=', '=', '=', '=', '<', '<=>'])} ${y.text}${rest === '' ? '' : ` AND ${rest}`}`;
  }

  from(depth: number): { text: string; scope: Source[] } {
    const { random } = this;
    const first = this.factor(depth);
    let text = first.text;
    const scope = [first.source];
    const joins = random.pick([0, 0, 0, 1, 1, 1, 2]);
    for (let i = 0; i < joins; i++) {
      const next = this.factor(depth - 1);
      const common =
        scope.length === 1
          ? scope[0]!.columns
              .filter(
                (column) => next.source.columns.some((other) => other.name === column.name) && column.kind !== 'json',
              )
              .map((column) => column.name)
          : [];
      const style = random.below(10);
      if (style === 0) text += ` CROSS JOIN ${next.text}`;
      else if (style === 1 && common.length > 0)
        text += ` ${random.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN'])} ${next.text} USING (${random.sample(common, 1 + random.below(2)).join(', ')})`;
      else if (style === 2 && common.length > 0 && common.length < 4)
        text += ` NATURAL ${random.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN'])} ${next.text}`;
      else
        text += ` ${random.pick(['JOIN', 'INNER JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN'])} ${next.text} ON ${this.on(scope, next.source)}`;
      scope.push(next.source);
    }
    return { text, scope };
  }

  // Queries

  aggregate(scope: readonly Source[]): string {
    const { random } = this;
    const distinct = random.chance(0.2) ? 'DISTINCT ' : '';
    switch (random.below(9)) {
      case 0:
        return 'COUNT(*)';
      case 1:
        return `COUNT(${distinct}${this.value(scope, 1).text})`;
      case 2:
        return `SUM(${distinct}${this.number(scope, 1)})`;
      case 3:
        return `AVG(${this.number(scope, 0)})`;
      case 4:
        return `MIN(${this.value(scope, 1).text})`;
      case 5:
        return `MAX(${this.value(scope, 1).text})`;
      case 6: {
        const text = this.exact(scope);
        return `GROUP_CONCAT(${distinct}${text} ORDER BY ${text}${random.chance(0.3) ? ' DESC' : ''}${random.chance(0.3) ? " SEPARATOR '|'" : ''})`;
      }
      case 7:
        return `${random.pick(['STDDEV_POP', 'VAR_SAMP', 'VAR_POP'])}(${this.number(scope, 0)} + 0e0)`;
      default:
        return `${random.pick(['BIT_OR', 'BIT_AND', 'BIT_XOR'])}(${this.column(scope, ['int'])?.text ?? '1'})`;
    }
  }

  window(scope: readonly Source[], total: string): string {
    const { random } = this;
    const partition = random.chance(0.6)
      ? `PARTITION BY ${this.column(scope, ['int', 'text', 'date'])?.text ?? '1'} `
      : '';
    const over = `OVER (${partition}ORDER BY ${random.chance(0.5) ? `${this.column(scope, ['int', 'decimal', 'text', 'date'])?.text ?? '1'}, ` : ''}${total})`;
    const loose = `OVER (${partition}ORDER BY ${this.column(scope, ['int', 'decimal', 'date'])?.text ?? '1'}${random.chance(0.3) ? ' DESC' : ''})`;
    const frame =
      over.slice(0, -1) +
      ` ROWS BETWEEN ${random.pick(['UNBOUNDED PRECEDING', '1 PRECEDING', 'CURRENT ROW'])} AND ${random.pick(['CURRENT ROW', '2 FOLLOWING', 'UNBOUNDED FOLLOWING'])})`;
    switch (random.below(8)) {
      case 0:
        return `ROW_NUMBER() ${over}`;
      case 1:
        return `${random.pick(['RANK', 'DENSE_RANK', 'PERCENT_RANK', 'CUME_DIST'])}() ${loose}`;
      case 2:
        return `${random.pick(['LAG', 'LEAD'])}(${this.value(scope, 0).text}, ${random.pick(['1', '2'])}) ${over}`;
      case 3:
        return `${random.pick(['FIRST_VALUE', 'LAST_VALUE'])}(${this.value(scope, 0).text}) ${random.pick([over, frame])}`;
      case 4:
        return `SUM(${this.exact(scope)}) ${random.pick([over, loose, frame])}`;
      case 5:
        return `COUNT(*) ${random.pick([loose, frame])}`;
      case 6:
        return `NTILE(3) ${over}`;
      default:
        return `${random.pick(['MIN', 'MAX', 'AVG'])}(${this.exact(scope)}) ${random.pick([loose, frame])}`;
    }
  }

  query(): Shape {
    const { random } = this;
    switch (random.below(12)) {
      case 0:
      case 1:
      case 2:
        return this.grouped();
      case 3:
        return this.setOperation();
      case 4:
        return this.windowed();
      case 5:
        return this.commonTable();
      default:
        return this.plain();
    }
  }

  plain(): Shape {
    const { random } = this;
    const { text, scope } = this.from(2);
    const count = 1 + random.below(4);
    const values = Array.from({ length: count }, () =>
      random.chance(0.12) ? this.scalar(scope, 1) : this.value(scope, 2).text,
    );
    const list = random.chance(0.1) ? '*' : values.map((value, i) => `${value} AS v${i}`).join(', ');
    const distinct = random.chance(0.15) && list !== '*' ? 'DISTINCT ' : '';
    const where = random.chance(0.75) ? ` WHERE ${this.where(scope, 2)}` : '';
    const tables = scope.map((source) => this.totalOf(source));
    if (list !== '*' && distinct === '' && random.chance(0.3) && tables.every((total) => total !== undefined)) {
      const first = this.value(scope, 1).text;
      const lead = first.startsWith(HOLE) || random.chance(0.4) ? [] : [`${first}${random.pick([' DESC', ''])}`];
      const order = [...lead, ...tables.flat()].join(', ');
      const limit = random.chance(0.7)
        ? ` LIMIT ${1 + random.below(5)}${random.chance(0.4) ? ` OFFSET ${random.below(4)}` : ''}`
        : '';
      return this.finish(`SELECT ${list} FROM ${text}${where} ORDER BY ${order}${limit}`, true);
    }
    return this.finish(`SELECT ${distinct}${list} FROM ${text}${where}`, false);
  }

  /** Columns that order a source totally, when it has a key. */
  totalOf(source: Source): string[] | undefined {
    const names = new Set(source.columns.map((column) => column.name));
    const table = this.tables.find((candidate) => candidate.columns === source.columns);
    if (table === undefined || table.primary.length === 0) return undefined;
    return table.primary.filter((name) => names.has(name)).map((name) => `${source.alias}.${name}`);
  }

  grouped(): Shape {
    const { random } = this;
    const { text, scope } = this.from(1);
    const where = random.chance(0.5) ? ` WHERE ${this.where(scope, 1)}` : '';
    const aggregates = Array.from({ length: 1 + random.below(3) }, () => this.aggregate(scope));
    if (random.chance(0.25))
      return this.finish(
        `SELECT ${aggregates.map((value, i) => `${value} AS v${i}`).join(', ')} FROM ${text}${where}`,
        false,
      );
    const keys = Array.from(
      { length: 1 + random.below(2) },
      () =>
        (random.chance(0.7)
          ? this.column(scope, ['int', 'text', 'decimal', 'date', 'datetime', 'year', 'bytes', 'time'])?.text
          : undefined) ?? this.keyExpression(scope),
    );
    const unique = [...new Set(keys)];
    const having = random.chance(0.3)
      ? ` HAVING ${random.pick([`COUNT(*) ${random.pick(['>', '<', '='])} ${this.hole('int')}`, `${/^\w+\.\w+$/.test(unique[0]!) ? unique[0] : 'COUNT(*)'} IS NOT NULL`, `MAX(${this.number(scope, 0)}) > ${this.hole('int')}`])}`
      : '';
    const rollup = random.chance(0.15) && unique.every((key) => /^\w+\.\w+$/.test(key)) ? ' WITH ROLLUP' : '';
    const list = [...unique, ...aggregates].map((value, i) => `${value} AS v${i}`).join(', ');
    return this.finish(
      `SELECT ${list} FROM ${text}${where} GROUP BY ${unique.join(', ')}${rollup}${rollup === '' ? having : ''}`,
      false,
    );
  }

  /** No literals in it: two holes that hold the same text would be different parameters. */
  keyExpression(scope: readonly Source[]): string {
    const text = this.column(scope, ['text'])?.text ?? this.column(scope, ['int'])?.text ?? "'a'";
    return this.random.pick([
      `UPPER(${text})`,
      `LENGTH(${text})`,
      `${this.column(scope, ['int'])?.text ?? '1'} % 3`,
      `${this.column(scope, ['int'])?.text ?? '1'} IS NULL`,
      `YEAR(${this.column(scope, ['date', 'datetime'])?.text ?? "'2024-01-01'"})`,
    ]);
  }

  setOperation(): Shape {
    const { random } = this;
    const kinds: Kind[] = Array.from({ length: 1 + random.below(2) }, () =>
      random.pick<Kind>(['int', 'text', 'decimal', 'date']),
    );
    const branch = () => {
      const { text, scope } = this.from(1);
      const list = kinds.map(
        (kind) =>
          (random.chance(0.8) ? this.column(scope, [kind])?.text : undefined) ??
          (kind === 'text' ? this.text(scope, 1) : kind === 'date' ? this.moment(scope, 1) : this.number(scope, 1)),
      );
      return `SELECT ${list.map((value, i) => `${value} AS v${i}`).join(', ')} FROM ${text}${random.chance(0.6) ? ` WHERE ${this.condition(scope, 1)}` : ''}`;
    };
    let text = branch();
    const count = 1 + random.below(2);
    for (let i = 0; i < count; i++)
      text += ` ${random.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'UNION', 'EXCEPT ALL', 'INTERSECT ALL'])} ${branch()}`;
    if (random.chance(0.2)) return this.finish(`SELECT v0, COUNT(*) AS n FROM (${text}) dt GROUP BY v0`, false);
    return this.finish(text, false);
  }

  windowed(): Shape {
    const { random } = this;
    const keyed = this.tables.filter((table) => table.primary.length > 0);
    if (keyed.length === 0) return this.plain();
    const table = random.pick(keyed);
    const alias = this.alias();
    const source: Source = { alias, columns: table.columns };
    const total = this.totalOf(source)!.join(', ');
    const windows = Array.from({ length: 1 + random.below(2) }, () => this.window([source], total));
    const where = random.chance(0.4) ? ` WHERE ${this.where([source], 1)}` : '';
    return this.finish(
      `SELECT ${total}, ${windows.map((value, i) => `${value} AS v${i}`).join(', ')} FROM ${table.name} ${alias}${where}`,
      false,
    );
  }

  commonTable(): Shape {
    const { random } = this;
    if (random.chance(0.3)) {
      const limit = 2 + random.below(8);
      const { text, scope } = this.from(0);
      const key = this.column(scope, ['int'])?.text ?? '1';
      return this.finish(
        `WITH RECURSIVE r (n, s) AS (SELECT 1, CAST('a' AS CHAR(50)) UNION ALL SELECT n + ${random.pick(['1', '2'])}, CONCAT(s, n) FROM r WHERE n < ${limit}) SELECT r.n, r.s, COUNT(${key}) AS v FROM r LEFT JOIN (SELECT ${key} AS z FROM ${text}) w ON w.z = r.n GROUP BY r.n, r.s`.replace(
          `COUNT(${key})`,
          'COUNT(w.z)',
        ),
        false,
      );
    }
    const inner = this.base();
    const names = random.sample(
      inner.source.columns.filter((column) => column.kind !== 'json'),
      3,
    );
    const where = ` WHERE ${this.where([inner.source], 1)}`;
    const source: Source = { alias: 'w', columns: names };
    const twice = random.chance(0.4);
    const second: Source = { alias: 'w2', columns: names };
    const scope = twice ? [source, second] : [source];
    const join = twice ? ` LEFT JOIN w w2 ON ${this.on([source], second)}` : '';
    const list = Array.from({ length: 2 }, (_, i) => `${this.value(scope, 1).text} AS v${i}`).join(', ');
    return this.finish(
      `WITH w AS (SELECT ${names.map((column) => `${inner.source.alias}.${column.name}`).join(', ')} FROM ${inner.text}${where}) SELECT ${list} FROM w${join} WHERE ${this.where(scope, 1)}`,
      false,
    );
  }

  // Writes

  write(nextKey: number): Shape {
    const { random } = this;
    this.writing = true;
    const table = random.pick(this.tables);
    const source: Source = { alias: '', columns: table.columns };
    const free = table.columns.filter((column) => !['id', 'id2', 'ids'].includes(column.name));
    const total = table.primary.length > 0 ? ` ORDER BY ${table.primary.join(', ')}` : '';
    const assignments = (scope: readonly Source[], prefix = '') =>
      random
        .sample(free, 1 + random.below(2))
        .map(
          (column) =>
            `${prefix}${column.name} = ${random.chance(0.6) ? drawValue(random, column) : this.assignable(scope, column)}`,
        )
        .join(', ');
    switch (random.below(13)) {
      case 0:
      case 1:
        return this.finish(
          `INSERT INTO ${table.name} VALUES ${drawRows(random, table, 1 + random.below(4), nextKey).join(', ')}`,
          false,
        );
      case 2:
        return this.finish(
          `INSERT IGNORE INTO ${table.name} VALUES ${drawRows(random, table, 2 + random.below(4), Math.max(1, nextKey - 4)).join(', ')}`,
          false,
        );
      case 3:
        return this.finish(
          `REPLACE INTO ${table.name} VALUES ${drawRows(random, table, 1 + random.below(3), Math.max(1, nextKey - 3)).join(', ')}`,
          false,
        );
      case 4:
      case 5: {
        const rows = drawRows(random, table, 1 + random.below(3), Math.max(1, nextKey - 3)).join(', ');
        const column = random.pick(free);
        const set = random.chance(0.5)
          ? `${column.name} = VALUES(${column.name})`
          : `${column.name} = ${drawValue(random, column)}`;
        return this.finish(`INSERT INTO ${table.name} VALUES ${rows} ON DUPLICATE KEY UPDATE ${set}`, false);
      }
      case 6: {
        const limit =
          total !== '' && random.chance(0.3)
            ? `${total} LIMIT ${1 + random.below(4)}`
            : table.uniques.length > 0
              ? total
              : '';
        return this.finish(
          `UPDATE ${table.name} SET ${assignments([source])} WHERE ${this.condition([source], 2)}${limit}`,
          false,
        );
      }
      case 7:
        return this.finish(`UPDATE ${table.name} SET ${assignments([source])}${total}`, false);
      case 8: {
        const limit = total !== '' && random.chance(0.3) ? `${total} LIMIT ${1 + random.below(3)}` : '';
        return this.finish(`DELETE FROM ${table.name} WHERE ${this.condition([source], 2)}${limit}`, false);
      }
      case 9: {
        const others = this.tables.filter((other) => other !== table);
        if (others.length === 0 || table.uniques.length > 0)
          return this.finish(`DELETE FROM ${table.name} WHERE ${this.condition([source], 1)}`, false);
        const other = random.pick(others);
        const scope = [
          { alias: table.name, columns: table.columns },
          { alias: other.name, columns: other.columns },
        ];
        const column = random.pick(free);
        return this.finish(
          `UPDATE ${table.name} JOIN ${other.name} ON ${this.on([scope[0]!], scope[1]!)} SET ${table.name}.${column.name} = ${drawValue(random, column)} WHERE ${this.condition(scope, 1)}`,
          false,
        );
      }
      case 10: {
        const others = this.tables.filter((other) => other !== table);
        if (others.length === 0)
          return this.finish(`DELETE FROM ${table.name} WHERE ${this.condition([source], 1)}`, false);
        const other = random.pick(others);
        const scope = [
          { alias: table.name, columns: table.columns },
          { alias: other.name, columns: other.columns },
        ];
        return this.finish(
          `DELETE ${table.name} FROM ${table.name} ${random.pick(['JOIN', 'LEFT JOIN'])} ${other.name} ON ${this.on([scope[0]!], scope[1]!)} WHERE ${this.condition(scope, 1)}`,
          false,
        );
      }
      case 11: {
        const others = this.tables.filter((other) => other !== table);
        if (others.length === 0)
          return this.finish(`DELETE FROM ${table.name} WHERE ${this.condition([source], 1)}`, false);
        const other = random.pick(others);
        return this.finish(
          `DELETE FROM ${table.name} WHERE ${this.column([comparable(source)], ['int'])?.text ?? '1'} ${random.pick(['IN', 'NOT IN'])} (SELECT ${this.column([comparable({ alias: '', columns: other.columns })], ['int'])?.text ?? '1'} FROM ${other.name})`,
          false,
        );
      }
      default: {
        const keys = table.columns.filter(
          (column) => table.primary.includes(column.name) || !column.nullable || random.chance(0.4),
        );
        if (table.primary.length === 0 || table.primary[0] === 'ids')
          return this.finish(
            `INSERT INTO ${table.name} VALUES ${drawRows(random, table, 1, nextKey).join(', ')}`,
            false,
          );
        const list = keys.map((column) => (column.name === 'id' ? `id + ${nextKey}` : column.name)).join(', ');
        return this.finish(
          `INSERT INTO ${table.name} (${keys.map((column) => column.name).join(', ')}) SELECT ${list} FROM ${table.name} WHERE id < 5`,
          false,
        );
      }
    }
  }

  /** An expression that may be stored in the column without leaving its range. */
  assignable(scope: readonly Source[], column: Column): string {
    const own = scope[0]!.alias === '' ? column.name : `${scope[0]!.alias}.${column.name}`;
    switch (column.kind) {
      case 'int':
      case 'decimal':
      case 'double':
        return this.random.pick([
          `COALESCE(${own}, 0) DIV 2`,
          `IF(${this.condition(scope, 1)}, ${own}, 1)`,
          `${own} % 5`,
          `ROUND(${own} / 3)`,
        ]);
      case 'text':
        return column.name === 'r'
          ? own
          : this.random.pick([`LEFT(CONCAT(${own}, 'z'), 4)`, `UPPER(${own})`, `REVERSE(${own})`]);
      case 'date':
      case 'datetime':
        return this.random.pick([`${own} + INTERVAL 1 DAY`, `LAST_DAY(${own})`, own]);
      default:
        return own;
    }
  }
}

/** MariaDB looks values up in the inner column's type, which goes wrong for those that type cannot hold. */
function comparable(source: Source): Source {
  return {
    alias: source.alias,
    columns: source.columns.filter((column) => !['b', 'c', 'd', 's', 'r'].includes(column.name)),
  };
}

const KINDS: readonly Kind[] = [
  'int',
  'decimal',
  'double',
  'text',
  'bytes',
  'date',
  'datetime',
  'time',
  'year',
  'json',
];

export function fill(shape: Shape, literals: readonly Literal[]): string {
  let index = 0;
  return shape.text.replaceAll(HOLE, () => literals[index++]!.text);
}

export function placeholders(shape: Shape): string {
  return shape.text.replaceAll(HOLE, '?');
}
