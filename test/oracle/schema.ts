/**
 * Random schemas and what is in them: columns of every type, keys of every kind (none, whole, of several columns, of text; unique, of prefixes, over nullable
 * columns), checks, foreign keys, views; rows with the edges of each type, NULLs and duplicates, and now and then no rows at all. A schema is a list of
 * statements, one a row, so that the shrinker can leave any of them out.
 */
import type { Dice } from '../cluster/dice.ts';
import type { Kind } from './tree.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly kind: Kind;
  readonly nullable: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Names of all keys, for hints. */
  readonly keys: readonly string[];
  readonly isView: boolean;
  /** Columns that name a row; empty: nothing does. */
  readonly primary: readonly string[];
}

export interface Schema {
  readonly tables: readonly Table[];
  readonly statements: readonly string[];
  /** Of all texts: a mix would be refused. */
  readonly collation: string;
}

interface Type {
  readonly type: string;
  readonly kind: Kind;
  readonly values: readonly string[];
}

const WHOLE = ['1', '0', '2', '3', '4', '5', '7', '10', '-1', '-2', '100'];
const WORDS = ["'a'", "'b'", "'ab'", "'A'", "''", "'Ab'", "'abc'", "'B'", "'x%'", "'x_y'", "'10'", "'2.5'", "'-3'", "'é'", "'e'", "'Zoë'", "'1abc'", "'abcdef'", "'abcdeg'"]; // prettier-ignore
const DATES = ["'2023-12-31'", "'2024-01-01'", "'2024-01-15'", "'2024-02-29'", "'1999-12-31'", "'9999-12-31'", "'1000-01-01'"]; // prettier-ignore

/** Literals of each kind, as statements compare columns with them. */
export const LITERALS: Readonly<Record<Exclude<Kind, 'truth'>, readonly string[]>> = {
  number: [...WHOLE, '0.5', '1.5', '2.25', '-1.10', '1e0', '2.5e0', '127', '-128', '255', '3.3333'],
  text: WORDS,
  moment: [...DATES, "'2024-01-15 10:11:12'", "'2024-02-29 00:00:00'", "'2024-01-01 23:59:59.5'"],
};

const TYPES: readonly Type[] = [
  { type: 'int', kind: 'number', values: [...WHOLE, '2147483647', '-2147483648'] },
  { type: 'int', kind: 'number', values: ['0', '1', '2', '3'] },
  { type: 'bigint', kind: 'number', values: [...WHOLE, '9223372036854775807', '-9223372036854775808', '9007199254740993'] }, // prettier-ignore
  { type: 'int unsigned', kind: 'number', values: ['0', '1', '2', '3', '100', '4294967295'] },
  { type: 'bigint unsigned', kind: 'number', values: ['0', '1', '2', '3', '18446744073709551615', '9223372036854775808'] }, // prettier-ignore
  { type: 'tinyint', kind: 'number', values: ['0', '1', '-1', '127', '-128'] },
  { type: 'smallint unsigned', kind: 'number', values: ['0', '1', '3', '65535'] },
  { type: 'decimal(10,2)', kind: 'number', values: [...WHOLE, '0.5', '1.50', '2.25', '-1.1', '99999999.99', '0.01'] },
  { type: 'decimal(20,5)', kind: 'number', values: ['0', '1', '1.5', '0.00001', '-2.25', '123456789012345.00001'] },
  { type: 'decimal(5,0)', kind: 'number', values: ['0', '1', '2', '-3', '99999'] },
  { type: 'double', kind: 'number', values: ['0', '1', '0.5', '1.5', '-2.25', '1e10', '3'] },
  { type: 'float', kind: 'number', values: ['0', '1', '0.5', '-2.25', '3'] },
  { type: 'bit(4)', kind: 'number', values: ['0', '1', '3', '15'] },
  { type: 'year', kind: 'number', values: ['1999', '2000', '2023', '2024'] },
  { type: 'varchar(20)', kind: 'text', values: WORDS },
  { type: 'char(6)', kind: 'text', values: WORDS },
  { type: 'text', kind: 'text', values: WORDS },
  { type: "enum('a','b','ab','x')", kind: 'text', values: ["'a'", "'b'", "'ab'", "'x'"] },
  { type: "set('a','b','x')", kind: 'text', values: ["''", "'a'", "'b'", "'a,b'", "'x'"] },
  { type: 'varbinary(12)', kind: 'text', values: WORDS },
  { type: 'date', kind: 'moment', values: DATES },
  { type: 'datetime', kind: 'moment', values: [...DATES, "'2024-01-15 10:11:12'", "'2024-01-15 23:59:59'"] },
  { type: 'datetime(3)', kind: 'moment', values: [...DATES, "'2024-01-15 10:11:12.500'", "'2024-01-15 10:11:12.499'"] }, // prettier-ignore
];

const COLLATIONS = ['utf8mb4_general_ci', 'utf8mb4_bin', 'utf8mb4_0900_ai_ci'];

/** `beside`: only what another server has, too. */
export function drawSchema(random: Dice, beside = false): Schema {
  const statements: string[] = [];
  const drawn = random.pick(COLLATIONS);
  const collation = beside && drawn === 'utf8mb4_0900_ai_ci' ? 'utf8mb4_general_ci' : drawn;
  const count = 2 + random.below(3);
  const tables: Table[] = [];
  for (let i = 0; i < count; i++) tables.push(drawTable(random, `t${i}`, collation, tables, statements));
  for (let i = random.below(3); i > 0; i--) {
    const of = random.pick(tables.filter(({ isView }) => !isView));
    const name = `v${i}`;
    const number = of.columns.find(({ kind }) => kind === 'number')!;
    const [body, columns] = random.pick([
      [`SELECT * FROM ${of.name} WHERE ${number.name} > ${random.pick(WHOLE)}`, of.columns],
      [
        `SELECT ${number.name} AS c0, COUNT(*) AS c1 FROM ${of.name} GROUP BY ${number.name}`,
        [
          { ...number, name: 'c0' },
          { name: 'c1', type: 'bigint', kind: 'number' as const, nullable: false },
        ],
      ],
    ] as const);
    statements.push(`CREATE VIEW ${name} AS ${body}`);
    tables.push({ name, columns, keys: [], isView: true, primary: [] });
  }
  return { tables, statements, collation };
}

function drawTable(random: Dice, name: string, collation: string, before: readonly Table[], statements: string[]): Table {
  const columns: Column[] = [];
  const chosen = [random.pick(TYPES.slice(0, 5)), ...Array.from({ length: 2 + random.below(5) }, () => random.pick(TYPES))];
  chosen.forEach(({ type, kind }, i) => columns.push({ name: `c${i}`, type, kind, nullable: random.chance(0.75) }));
  const parts = columns.map((column) => `${column.name} ${column.type}${column.nullable ? '' : ' NOT NULL'}`);
  const keys: string[] = [];
  const indexable = columns.filter(({ type }) => type !== 'text');
  const style = random.below(5);
  let primary: string[] = [];
  if (style > 0) {
    const own = style === 1 ? { name: 'id', type: 'varchar(10)', kind: 'text' as const } : { name: 'id', type: random.pick(['int', 'bigint', 'int unsigned']), kind: 'number' as const }; // prettier-ignore
    columns.unshift({ ...own, nullable: false });
    parts.unshift(`${own.name} ${own.type} NOT NULL`);
    primary = ['id'];
    const second = columns.find(({ name: other, nullable, type }) => other !== 'id' && !nullable && type !== 'text');
    if (style === 2 && second !== undefined) primary = random.pick([['id', second.name], [second.name, 'id']]); // prettier-ignore
    parts.push(`PRIMARY KEY (${primary.join(', ')})`);
  }
  for (let i = random.below(4); i > 0 && indexable.length > 0; i--) {
    const members = random.sample(indexable, 1 + random.below(3)).map((column) =>
      /^varchar|^varbinary|^char/.test(column.type) && random.chance(0.4) ? `${column.name}(${1 + random.below(3)})` : column.name,
    ); // prettier-ignore
    if (random.chance(0.4)) members.reverse();
    const isUnique = random.chance(0.3) && !members.some((member) => member.includes('('));
    parts.push(`${isUnique ? 'UNIQUE ' : ''}KEY k${i} (${members.join(', ')})`);
    keys.push(`k${i}`);
  }
  const text = columns.find(({ type }) => type === 'text');
  if (text !== undefined && random.chance(0.3)) {
    parts.push(`KEY kt (${text.name}(2))`);
    keys.push('kt');
  }
  if (random.chance(0.2)) parts.push(`CHECK (${columns.at(-1)!.name} IS NULL OR ${columns.at(-1)!.name} = ${columns.at(-1)!.name})`); // prettier-ignore
  const parent = before.find((table) => !table.isView && table.primary.length === 1 && table.columns[0]!.kind === 'number'); // prettier-ignore
  const child = columns.find((column) => column.type === parent?.columns[0]!.type && column.nullable);
  if (parent !== undefined && child !== undefined && random.chance(0.4))
    parts.push(`FOREIGN KEY (${child.name}) REFERENCES ${parent.name} (id) ON DELETE ${random.pick(['CASCADE', 'SET NULL'])} ON UPDATE CASCADE`); // prettier-ignore
  statements.push(`CREATE TABLE ${name} (${parts.join(', ')}) DEFAULT CHARSET=utf8mb4 COLLATE=${collation}`);
  const table: Table = { name, columns, keys, isView: false, primary };
  const count = random.pick([0, 1, 3, 8, 8, 8, 15, 15, 15, 15, 40]);
  for (let i = 0; i < count; i++) statements.push(insertRow(random, table, i));
  if (random.chance(0.3)) statements.push(`ANALYZE TABLE ${name}`);
  if (random.chance(0.15) && indexable.length > 0) {
    const late = random.pick(indexable);
    statements.push(`ALTER TABLE ${name} ADD KEY late (${late.name})`);
    return { ...table, keys: [...keys, 'late'] };
  }
  return table;
} // prettier-ignore

/** Mostly one of the first, so that values meet each other. */
export function pickEarly<T>(random: Dice, values: readonly T[]): T {
  return random.pick(random.chance(0.6) ? values.slice(0, 4) : values);
}

/** What breaks a key is left out by IGNORE. */
export function insertRow(random: Dice, table: Table, number: number): string {
  const values = table.columns.map((column) => {
    if (column.name === 'id') return column.kind === 'text' ? `'k${number}'` : String(number);
    if (column.nullable && random.chance(0.2)) return 'NULL';
    return pickEarly(random, random.pick(TYPES.filter(({ type }) => type === column.type)).values);
  });
  return `INSERT IGNORE INTO ${table.name} VALUES (${values.join(', ')})`;
}
