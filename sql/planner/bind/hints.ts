/**
 * Optimizer hints (`SELECT /*+ … * /`), MySQL's and TiDB's. A hint advises: what is wrong with one is a warning in MySQL's numbers, never an error.
 *
 * | what | warning |
 * | --- | --- |
 * | a hint that nobody knows, or that is malformed: it and what follows are left out | 1064 |
 * | MAX_EXECUTION_TIME elsewhere than in a SELECT at the top | 3125 |
 * | the same said twice | 3126 |
 * | a query block that is not there | 3127 |
 * | a table or index that is not there | 3128 |
 * | a hint that is known, and has no effect here, or not in this query | 1815 |
 *
 * A hint belongs to the block it is written in, unless it names another (`@block`, `table@block`): blocks are called by QB_NAME, or by their
 * place in the text (`sel_1`, `select#1`).
 */
import type { HintNode } from '../../parser/ast.ts';
import type { IndexHints, JoinWay } from '../logical.ts';
import type { Binder } from './binder.ts';

/** What a block's hints say. */
export interface BlockHints {
  /** By lower-case alias; `*`: all tables of the block. */
  readonly tables: ReadonlyMap<string, IndexHints>;
  readonly straight: boolean;
  /** What is asked of tables that must be among the block's. */
  readonly asked: readonly { readonly table: string; readonly hint: string }[];
}

export const NO_BLOCK_HINTS: BlockHints = { tables: new Map(), straight: false, asked: [] };
/** Hints for every table of the block. */
export const EVERY_TABLE = '*';

interface Draft {
  use: string[] | undefined;
  force: boolean;
  ignore: string[];
  /** Which hint named an index, for the warning that it is not there. */
  named: [index: string, hint: string][];
  merge: boolean | undefined;
  joins: Set<JoinWay>;
  notJoins: Set<JoinWay>;
  place: IndexHints['place'];
  engine: 'row' | 'column' | undefined;
}

const INDEX_HINTS: Readonly<Record<string, 'use' | 'force' | 'ignore'>> = {
  INDEX: 'force', FORCE_INDEX: 'force', USE_INDEX: 'use', NO_INDEX: 'ignore', IGNORE_INDEX: 'ignore',
}; // prettier-ignore

const JOIN_HINTS: Readonly<Record<string, JoinWay>> = {
  HASH_JOIN: 'hash', TIDB_HJ: 'hash', HASH_JOIN_BUILD: 'hash-build', HASH_JOIN_PROBE: 'hash-probe', INL_JOIN: 'index', TIDB_INLJ: 'index',
  INL_HASH_JOIN: 'index', MERGE_JOIN: 'merge', TIDB_SMJ: 'merge', BNL: 'hash',
}; // prettier-ignore

const NOT_JOIN_HINTS: Readonly<Record<string, JoinWay>> = {
  NO_HASH_JOIN: 'hash', NO_BNL: 'hash', NO_INDEX_JOIN: 'index', NO_INDEX_HASH_JOIN: 'index', NO_MERGE_JOIN: 'merge',
}; // prettier-ignore

const ORDER_HINTS: Readonly<Record<string, 'first' | 'order' | 'last'>> = {
  LEADING: 'first', JOIN_PREFIX: 'first', JOIN_ORDER: 'order', JOIN_SUFFIX: 'last',
}; // prettier-ignore

/** Known to MySQL or TiDB, about things that are done in one way only here. */
const WITHOUT_EFFECT = new Set([
  'BKA', 'NO_BKA', 'MRR', 'NO_MRR', 'NO_ICP', 'NO_RANGE_OPTIMIZATION', 'SKIP_SCAN', 'NO_SKIP_SCAN', 'SEMIJOIN', 'NO_SEMIJOIN', 'SUBQUERY', 'MERGE', 'NO_MERGE',
  'DERIVED_CONDITION_PUSHDOWN', 'NO_DERIVED_CONDITION_PUSHDOWN', 'JOIN_INDEX', 'NO_JOIN_INDEX', 'ORDER_INDEX', 'NO_ORDER_INDEX', 'GROUP_INDEX', 'NO_GROUP_INDEX',
  'RESOURCE_GROUP', 'INL_MERGE_JOIN', 'NO_INDEX_MERGE_JOIN', 'AGG_TO_COP', 'LIMIT_TO_COP', 'READ_CONSISTENT_REPLICA', 'SEMI_JOIN_REWRITE', 'NO_DECORRELATE',
  'USE_TOJA', 'NTH_PLAN', 'USE_PLAN_CACHE', 'SHUFFLE_JOIN', 'BROADCAST_JOIN', 'MPP_1PHASE_AGG', 'MPP_2PHASE_AGG', 'HYPO_INDEX', 'USE_CASCADES',
]); // prettier-ignore

/** `node`: the block, which may be bound more than once. `block`: its number among the blocks of the statement. */
export function readHints(node: object, hints: readonly HintNode[], block: number, binder: Binder): BlockHints {
  let known = binder.blockHints.get(node);
  if (known === undefined) binder.blockHints.set(node, (known = read(hints, block, binder)));
  return known;
}

function read(hints: readonly HintNode[], block: number, binder: Binder): BlockHints {
  const top = block === 1 && binder.insideView === 0 && binder.isQuery;
  const drafts = new Map<string, Draft>();
  const asked: { table: string; hint: string }[] = [];
  let straight = false;
  let places = 0;
  const draftOf = (table: string, hint: HintNode): Draft => {
    if (table !== EVERY_TABLE) asked.push({ table, hint: hint.name });
    let draft = drafts.get(table);
    if (draft === undefined) {
      draft = {
        use: undefined, force: false, ignore: [], named: [], merge: undefined, joins: new Set(), notJoins: new Set(), place: undefined,
        engine: undefined,
      }; // prettier-ignore
      drafts.set(table, draft);
    }
    return draft;
  };
  for (const hint of hints) {
    if (!isKnown(hint)) {
      warn(binder, 1064, `Optimizer hint syntax error near '${near(hint, binder)}' at line 1`);
      break;
    }
    const tables = hint.args.map(plainName).filter((name) => name !== '');
    const indexed = INDEX_HINTS[hint.name];
    if (indexed !== undefined || hint.name === 'USE_INDEX_MERGE' || hint.name === 'INDEX_MERGE') {
      const [table, ...indexes] = hint.text.replace(/^@\S+\s*/, '').split(/[\s,]+/).map(plainName).filter((name) => name !== ''); // prettier-ignore
      if (table === undefined) continue;
      const draft = draftOf(table, hint);
      for (const index of indexes) draft.named.push([index, hint.name]);
      if (indexed === 'ignore') {
        // Of no index in particular: of none at all.
        if (indexes.length === 0) draft.use ??= [];
        draft.ignore.push(...indexes);
      } else if (indexed === undefined) draft.merge = true;
      else if (indexes.length > 0) {
        (draft.use ??= []).push(...indexes);
        draft.force ||= indexed === 'force';
      }
      continue;
    }
    const way = JOIN_HINTS[hint.name];
    const notWay = NOT_JOIN_HINTS[hint.name];
    const place = ORDER_HINTS[hint.name];
    if (way !== undefined || notWay !== undefined) {
      for (const table of tables.length === 0 ? [EVERY_TABLE] : tables) {
        const draft = draftOf(table, hint);
        if (way !== undefined) draft.joins.add(way);
        else draft.notJoins.add(notWay!);
      }
      if (way !== undefined) binder.joinHints.set(way, hint.name);
    } else if (place !== undefined) {
      for (const table of tables) {
        const draft = draftOf(table, hint);
        if (draft.place !== undefined) warnTwice(hint, binder);
        else draft.place = { kind: place, rank: places++, block };
      }
    } else readOther(hint, tables, top, draftOf, binder);
    straight ||= hint.name === 'STRAIGHT_JOIN' || hint.name === 'JOIN_FIXED_ORDER';
  }
  return { tables: new Map([...drafts].map(([table, draft]) => [table, finished(draft)])), straight, asked };
}

function readOther(
  hint: HintNode,
  tables: readonly string[],
  top: boolean,
  draftOf: (table: string, hint: HintNode) => Draft,
  binder: Binder,
): void {
  switch (hint.name) {
    case 'NO_INDEX_MERGE':
      for (const table of tables.length === 0 ? [EVERY_TABLE] : tables.slice(0, 1)) draftOf(table, hint).merge = false;
      return;
    case 'MAX_EXECUTION_TIME': {
      const ms = Number(hint.text.trim());
      if (!top)
        warn(binder, 3125, 'MAX_EXECUTION_TIME hint is supported by top-level standalone SELECT statements only');
      else if (binder.maxExecutionTimeMs !== undefined) warnTwice(hint, binder);
      else if (Number.isSafeInteger(ms) && ms >= 0 && hint.text.trim() !== '') binder.maxExecutionTimeMs = ms;
      else warn(binder, 1064, `Optimizer hint syntax error near '${near(hint, binder)}' at line 1`);
      return;
    }
    case 'MEMORY_QUOTA': {
      const size = /^(\d+)\s*(MB|GB)$/i.exec(hint.text.trim());
      if (size === null) warn(binder, 1064, `Optimizer hint syntax error near '${near(hint, binder)}' at line 1`);
      else {
        const bytes = Number(size[1]) * (size[2]!.toUpperCase() === 'GB' ? 2 ** 30 : 2 ** 20);
        binder.setVariables.set('rutile_mem_quota_query', String(bytes));
      }
      return;
    }
    case 'SET_VAR': {
      const parts = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(hint.text);
      if (parts === null) warn(binder, 1064, `Optimizer hint syntax error near '${near(hint, binder)}' at line 1`);
      else if (binder.setVariables.has(parts[1]!.toLowerCase())) warnTwice(hint, binder);
      else binder.setVariables.set(parts[1]!.toLowerCase(), parts[2]!.replace(/^'(.*)'$/, '$1'));
      return;
    }
    case 'READ_FROM_STORAGE':
      for (const [, engine, names] of hint.text.matchAll(/(\w+)\s*\[([^\]]*)\]/g)) {
        const wanted = { TIFLASH: 'column', COLUMN: 'column', TIKV: 'row', ROW: 'row' } as const;
        const one = wanted[engine!.toUpperCase() as keyof typeof wanted];
        if (one === undefined) {
          warn(binder, 1064, `Optimizer hint syntax error near '${near(hint, binder)}' at line 1`);
          return;
        }
        for (const name of names!.split(',').map(plainName)) if (name !== '') draftOf(name, hint).engine = one;
        if (one === 'column') binder.wantsColumns = true;
      }
      return;
    case 'HASH_AGG':
    case 'STREAM_AGG':
      if (binder.aggregateWay !== undefined) warnTwice(hint, binder);
      else binder.aggregateWay = hint.name === 'HASH_AGG' ? 'hash' : 'stream';
      return;
    case 'IGNORE_PLAN_CACHE':
      binder.cacheable = false;
      return;
    case 'QB_NAME':
    case 'STRAIGHT_JOIN':
    case 'JOIN_FIXED_ORDER': // prettier-ignore
      return;
    default:
      warn(binder, 1815, `Optimizer hint ${hint.name} is inapplicable`);
  }
}

const OTHERS = new Set([
  'NO_INDEX_MERGE', 'INDEX_MERGE', 'USE_INDEX_MERGE', 'MAX_EXECUTION_TIME', 'MEMORY_QUOTA', 'SET_VAR', 'READ_FROM_STORAGE', 'HASH_AGG', 'STREAM_AGG',
  'IGNORE_PLAN_CACHE', 'QB_NAME', 'STRAIGHT_JOIN', 'JOIN_FIXED_ORDER',
]); // prettier-ignore

function isKnown({ name, malformed }: HintNode): boolean {
  if (malformed === true) return false;
  return [INDEX_HINTS, JOIN_HINTS, NOT_JOIN_HINTS, ORDER_HINTS].some((table) => Object.hasOwn(table, name)) || OTHERS.has(name) || WITHOUT_EFFECT.has(name); // prettier-ignore
}

function finished(draft: Draft): IndexHints {
  const { use, force, ignore, merge, joins, notJoins, place, engine, named } = draft;
  return {
    use, force, ignore, named,
    ...(merge === undefined ? {} : { merge }),
    ...(joins.size === 0 ? {} : { joins }),
    ...(notJoins.size === 0 ? {} : { notJoins }),
    ...(place === undefined ? {} : { place }),
    ...(engine === undefined ? {} : { engine }),
  }; // prettier-ignore
}

/** The hints of a table of the block: its own and those of all tables; names of indexes that it has not got are told and left out. */
export function hintsOfTable(
  hints: BlockHints,
  alias: string,
  hasIndex: (name: string) => boolean,
  block: number,
  binder: Binder,
): IndexHints | undefined {
  const own = hints.tables.get(alias.toLowerCase());
  const all = hints.tables.get(EVERY_TABLE);
  if (own === undefined) return all;
  const missing = (own.named ?? []).filter(([index]) => !hasIndex(index));
  for (const [index, hint] of missing)
    warn(binder, 3128, `Unresolved name \`${alias}\`@\`select#${block}\` \`${index}\` for ${hint} hint`);
  const kept = own.use?.filter(hasIndex);
  // Only indexes that are not there were asked for: as if nothing was said.
  const use = kept !== undefined && kept.length === 0 && own.use!.length > 0 ? undefined : kept;
  return {
    ...all,
    ...own,
    use,
    force: own.force && use !== undefined,
    joins: union(own.joins, all?.joins),
    notJoins: union(own.notJoins, all?.notJoins),
  };
}

function union(a: ReadonlySet<JoinWay> | undefined, b: ReadonlySet<JoinWay> | undefined): ReadonlySet<JoinWay> {
  return new Set([...(a ?? []), ...(b ?? [])]);
}

/** Hints that name tables which the block has not got. */
export function warnOfUnresolved(hints: BlockHints, aliases: readonly string[], block: number, binder: Binder): void {
  const there = new Set(aliases.map((alias) => alias.toLowerCase()));
  const told = new Set<string>();
  for (const { table, hint } of hints.asked) {
    const text = `Unresolved name \`${table}\`@\`select#${block}\` for ${hint} hint`;
    if (there.has(table) || told.has(text)) continue;
    told.add(text);
    warn(binder, 3128, text);
  }
}

/** `t`, `` `t` ``, `t@qb`: what is before the block's name, in lower case. */
export function plainName(text: string): string {
  return text.trim().replace(/@.*$/s, '').replaceAll('`', '').toLowerCase();
}

function near(hint: HintNode, binder: Binder): string {
  return binder.sql.slice(hint.start, hint.start + 80);
}

function warnTwice(hint: HintNode, binder: Binder): void {
  warn(binder, 3126, `Hint ${hint.name}(${hint.text}) is ignored as conflicting/duplicated`);
}

/** Told each time the statement is run, so its plan is not kept. */
export function warn(binder: Binder, errno: number, message: string): void {
  binder.cacheable = false;
  if (binder.hintWarnings.has(message)) return;
  binder.hintWarnings.add(message);
  binder.env.evalContext.warn('Warning', errno, message);
}
