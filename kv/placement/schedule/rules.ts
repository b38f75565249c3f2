/**
 * Placement rules: which replicas a range of keys has, and where. A rule asks for `count` peers of a role on stores that meet its label
 * constraints, spread by its location labels. Rules lie in groups, ordered by index and then id; within a group the order is the rule's
 * index and id. An `override` rule hides those before it in its group, an overriding group hides the groups before it. A region obeys the
 * rules whose range holds it whole; where a range's border lies inside a region, the split checker cuts it there.
 *
 * Without rules of people there is one, made from the configuration: `pd/default`, max-replicas voters.
 */
import { compareBytes } from '../../../base/bytes.ts';
import type { ScheduleConfig } from './config.ts';
import type { StoreMeta } from './store-table.ts';

export type RuleRole = 'voter' | 'leader' | 'follower' | 'learner';
export type ConstraintOp = 'in' | 'notIn' | 'exists' | 'notExists';

export interface LabelConstraint {
  readonly key: string;
  readonly op: ConstraintOp;
  readonly values: readonly string[];
}

export interface Rule {
  readonly groupId: string;
  readonly id: string;
  readonly index: number;
  readonly override: boolean;
  readonly lower: Uint8Array;
  /** Exclusive; empty is the end. */
  readonly upper: Uint8Array;
  readonly role: RuleRole;
  readonly count: number;
  readonly constraints: readonly LabelConstraint[];
  readonly locationLabels: readonly string[];
  /** Replicas of the rule must differ in this label. Empty: they only should differ. */
  readonly isolationLevel: string;
}

export interface RuleGroup {
  readonly id: string;
  readonly index: number;
  readonly override: boolean;
}

const NO_KEY = new Uint8Array(0);

export class RuleSet {
  private readonly rules = new Map<string, Rule>();
  private readonly groups = new Map<string, RuleGroup>();
  /** In the order in which they apply. */
  private ordered: Rule[] = [];
  private bordersCached: Uint8Array[] = [];
  private sameEverywhere: readonly Rule[] | undefined;
  private fallback: Rule;

  constructor(config: ScheduleConfig) {
    this.fallback = defaultRule(config);
    this.changed();
  }

  configure(config: ScheduleConfig): void {
    this.fallback = defaultRule(config);
    this.changed();
  }

  put(rule: Rule): void {
    this.rules.set(nameOf(rule.groupId, rule.id), rule);
    this.changed();
  }

  /** False when there was none. */
  remove(groupId: string, id: string): boolean {
    const had = this.rules.delete(nameOf(groupId, id));
    if (had) this.changed();
    return had;
  }

  putGroup(group: RuleGroup): void {
    this.groups.set(group.id, group);
    this.changed();
  }

  removeGroup(id: string): void {
    this.groups.delete(id);
    this.changed();
  }

  all(): readonly Rule[] {
    return this.ordered;
  }

  get(groupId: string, id: string): Rule | undefined {
    return this.ordered.find((rule) => rule.groupId === groupId && rule.id === id);
  }

  allGroups(): readonly RuleGroup[] {
    const ids = [...new Set(this.ordered.map((rule) => rule.groupId))];
    return ids.map((id) => this.groups.get(id) ?? { id, index: 0, override: false });
  }

  /** The rules of a region, in order; empty only when none covers it. */
  rulesOf(lower: Uint8Array, upper: Uint8Array): readonly Rule[] {
    if (this.bordersCached.length === 0) return (this.sameEverywhere ??= effective(this.ordered, this.groups));
    return effective(
      this.ordered.filter((rule) => covers(rule, lower, upper)),
      this.groups,
    );
  }

  /** Borders of rules strictly inside a region. */
  bordersIn(lower: Uint8Array, upper: Uint8Array): readonly Uint8Array[] {
    if (this.bordersCached.length === 0) return [];
    return this.bordersCached.filter(
      (border) => compareBytes(border, lower) > 0 && (upper.length === 0 || compareBytes(border, upper) < 0),
    );
  }

  private changed(): void {
    const all = [...this.rules.values()];
    if (!all.some((rule) => rule.groupId === 'pd' && rule.id === 'default') && !all.some(isForAllKeys))
      all.push(this.fallback);
    const groupIndex = (rule: Rule): number => this.groups.get(rule.groupId)?.index ?? 0;
    this.ordered = all.sort(
      (left, right) =>
        groupIndex(left) - groupIndex(right) ||
        compareText(left.groupId, right.groupId) ||
        left.index - right.index ||
        compareText(left.id, right.id),
    );
    const borders = this.ordered.flatMap((rule) => [rule.lower, rule.upper]).filter((key) => key.length > 0);
    borders.sort(compareBytes);
    this.bordersCached = borders.filter((key, i) => i === 0 || compareBytes(key, borders[i - 1]!) !== 0);
    this.sameEverywhere = undefined;
  }
}

export function defaultRule(config: ScheduleConfig): Rule {
  return {
    groupId: 'pd',
    id: 'default',
    index: 0,
    override: false,
    lower: NO_KEY,
    upper: NO_KEY,
    role: 'voter',
    count: config.maxReplicas,
    constraints: [],
    locationLabels: config.locationLabels,
    isolationLevel: config.isolationLevel,
  };
}

/** A store with a label whose name begins with `$` takes only what a rule asks for by that label. */
export function meets(store: StoreMeta, rule: Rule): boolean {
  for (const label of Object.keys(store.labels)) {
    if (label.startsWith('$') && !rule.constraints.some((one) => one.key === label && one.op !== 'notExists'))
      return false;
  }
  return rule.constraints.every(({ key, op, values }) => {
    const value = store.labels[key];
    switch (op) {
      case 'in':
        return value !== undefined && values.includes(value);
      case 'notIn':
        return value === undefined || !values.includes(value);
      case 'exists':
        return value !== undefined;
      case 'notExists':
        return value === undefined;
    }
  });
}

/**
 * How well stores are spread: for each pair the level of the first label that differs, wider levels counting a hundred times the next
 * narrower one. A pair on one host adds nothing.
 */
export function isolationScore(stores: readonly StoreMeta[], labels: readonly string[]): number {
  let score = 0;
  for (let i = 1; i < stores.length; i++) {
    for (let j = 0; j < i; j++) score += pairScore(stores[i]!, stores[j]!, labels);
  }
  return score;
}

/** What `store` adds to the spread of `others`. */
export function isolationWith(store: StoreMeta, others: readonly StoreMeta[], labels: readonly string[]): number {
  return others.reduce((sum, other) => sum + pairScore(store, other, labels), 0);
}

/** The strict half: shares the value of the isolation level (or lacks it) with one of the others. */
export function breaksIsolation(store: StoreMeta, others: readonly StoreMeta[], rule: Rule): boolean {
  if (rule.isolationLevel === '') return false;
  const levels = rule.locationLabels.slice(0, rule.locationLabels.indexOf(rule.isolationLevel) + 1);
  return others.some((other) => levels.every((label) => store.labels[label] === other.labels[label]));
}

function pairScore(left: StoreMeta, right: StoreMeta, labels: readonly string[]): number {
  for (let i = 0; i < labels.length; i++) {
    if (left.labels[labels[i]!] !== right.labels[labels[i]!]) return 100 ** (labels.length - 1 - i);
  }
  return 0;
}

/** What is left after overriding. */
function effective(ordered: readonly Rule[], groups: ReadonlyMap<string, RuleGroup>): readonly Rule[] {
  let kept: Rule[] = [];
  let group = '';
  let groupFrom = 0;
  for (const rule of ordered) {
    if (rule.groupId !== group) {
      group = rule.groupId;
      if (groups.get(group)?.override) kept = [];
      groupFrom = kept.length;
    }
    if (rule.override) kept.length = groupFrom;
    kept.push(rule);
  }
  return kept;
}

function covers(rule: Rule, lower: Uint8Array, upper: Uint8Array): boolean {
  if (compareBytes(rule.lower, lower) > 0) return false;
  return rule.upper.length === 0 || (upper.length > 0 && compareBytes(upper, rule.upper) <= 0);
}

function isForAllKeys(rule: Rule): boolean {
  return rule.lower.length === 0 && rule.upper.length === 0 && (rule.role === 'voter' || rule.role === 'leader');
}

function nameOf(groupId: string, id: string): string {
  return `${groupId}/${id}`;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
