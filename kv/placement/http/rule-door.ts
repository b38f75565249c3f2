/**
 * Placement rules for people: one, a list, groups of them, and bundles (a group with its rules), which replace what they name. Under `/config`:
 * `rule`, `rules`, `rule_group`, `rule_groups`, `placement-rule`. A request that changes many is checked whole before any of it is a command.
 */
import type { Command } from '../core.ts';
import type { Rule, RuleGroup } from '../schedule/index.ts';
import { type ApiAnswer, type ApiContext, type Body, isText, missing, ok, refused, type Request } from './request.ts';
import { parseRule, ruleJson } from './settings.ts';

export function rules(request: Request): ApiAnswer {
  const { context, method, words } = request;
  const { schedule, core } = context;
  const [, what, third, fourth] = words;
  switch (`${method} ${what}`) {
    case 'GET rules':
      if (third === undefined) return ok(schedule.rules.all().map(ruleJson));
      if (third === 'group' && fourth !== undefined) return ok(rulesIn(context, fourth).map(ruleJson));
      return third === 'region' && fourth !== undefined ? ofRegion(context, Number(fourth), words[4]) : missing();
    case 'POST rules':
      if (third === 'batch') return batch(request);
      return third === undefined ? replace(request) : missing();
    case 'GET rule': {
      const rule = schedule.rules.get(third ?? '', fourth ?? '');
      return rule ? ok(ruleJson(rule)) : missing('rule not found');
    }
    case 'POST rule': {
      const rule = parseRule(request.json);
      return isText(rule) ? refused(rule) : ok('Update rule successfully.', [putRule(rule)]);
    }
    case 'DELETE rule': {
      if (!core.settings.has(`rule/${third}/${fourth}`)) return missing('rule not found');
      return ok('Delete rule successfully.', [dropRule(third!, fourth!)]);
    }
    case 'GET rule_groups':
      return ok(groups(context).map(groupJson));
    case 'GET rule_group': {
      const group = groups(context).find(({ id }) => id === third);
      return group ? ok(groupJson(group)) : missing('rule group not found');
    }
    case 'POST rule_group': {
      const group = parseGroup(request.json['id'], request.json['index'], request.json['override']);
      return isText(group) ? refused(group) : ok('Update rule group successfully.', [putGroup(group)]);
    }
    case 'DELETE rule_group':
      return ok('Delete rule group successfully.', [dropGroup(third ?? '')]);
    case 'GET placement-rule': {
      if (third === undefined) return ok(groups(context).map((group) => bundleJson(context, group)));
      const group = groups(context).find(({ id }) => id === third) ?? { id: third, index: 0, override: false };
      return ok(bundleJson(context, group));
    }
    case 'POST placement-rule':
      return saveBundles(request, third);
    case 'DELETE placement-rule':
      return third === undefined ? missing() : dropBundles(request, third);
    default:
      return missing();
  }
}

function ofRegion({ schedule }: ApiContext, id: number, detail: string | undefined): ApiAnswer {
  const view = schedule.table.viewOf(id);
  if (view === undefined) return missing(`region ${id} not found`);
  if (detail !== 'detail') return ok(schedule.rules.rulesOf(view.lower, view.upper).map(ruleJson));
  const { fits, orphans } = schedule.cluster.fit(view);
  const shown = (peers: readonly { readonly id: number; readonly storeId: number }[]): unknown => peers.map((peer) => ({ id: peer.id, store_id: peer.storeId })); // prettier-ignore
  return ok({
    'rule-fits': fits.map(({ rule, peers, wrongRole }) => ({ rule: ruleJson(rule), peers: shown(peers), 'peers-with-different-role': shown(wrongRole) })),
    'orphan-peers': shown(orphans),
  }); // prettier-ignore
}

/** Each adds a rule, deletes one, or deletes all whose ids begin alike. */
function batch({ context, body }: Request): ApiAnswer {
  if (!Array.isArray(body)) return refused('a list of changes is wanted');
  const commands: Command[] = [];
  for (const one of body as readonly Body[]) {
    const [group, id] = [String(one['group_id'] ?? ''), String(one['id'] ?? '')];
    if (one['action'] === 'add') {
      const rule = parseRule(one);
      if (isText(rule)) return refused(rule);
      if (!isFallback(context, rule)) commands.push(putRule(rule));
    } else if (one['action'] === 'del') {
      const isMeant = (rule: string): boolean => (one['delete_by_id_prefix'] === true ? rule.startsWith(id) : rule === id); // prettier-ignore
      for (const rule of kept(context, group)) if (isMeant(rule.id)) commands.push(dropRule(group, rule.id));
    } else return refused(`unknown action ${String(one['action'])}: add or del`);
  }
  return ok('Batch operations successfully.', commands);
}

/** These and no others. */
function replace({ context, body }: Request): ApiAnswer {
  if (!Array.isArray(body)) return refused('a list of rules is wanted');
  const parsed = (body as readonly Body[]).map(parseRule);
  const problem = parsed.find(isText);
  if (problem !== undefined) return refused(problem);
  const wanted = parsed as readonly Rule[];
  return ok('Update rules successfully.', [...wanted.map(putRule), ...others(context, wanted)]);
}

function saveBundles({ context, body, json, query }: Request, id: string | undefined): ApiAnswer {
  const list = (id === undefined ? body : [{ ...json, group_id: json['group_id'] ?? id }]) as readonly Body[];
  if (!Array.isArray(list)) return refused('a list of bundles is wanted');
  if (id !== undefined && json['group_id'] !== undefined && json['group_id'] !== id)
    return refused(`group id ${String(json['group_id'])} does not match ${id}`);
  const puts: Command[] = [];
  const wanted: Rule[] = [];
  const named: string[] = [];
  for (const bundle of list) {
    const group = parseGroup(bundle['group_id'], bundle['group_index'], bundle['group_override']);
    if (isText(group)) return refused(group);
    named.push(group.id);
    if (group.index !== 0 || group.override) puts.push(putGroup(group));
    else if (context.core.settings.has(`rule-group/${group.id}`)) puts.push(dropGroup(group.id));
    for (const one of (bundle['rules'] ?? []) as readonly Body[]) {
      const rule = parseRule({ ...one, group_id: one['group_id'] || group.id });
      if (isText(rule)) return refused(rule);
      if (rule.groupId !== group.id) return refused(`rule ${rule.id} is of the group ${rule.groupId}, not ${group.id}`);
      wanted.push(rule);
    }
  }
  const isPartial = id !== undefined || query.get('partial') === 'true';
  const goes = others(context, wanted).filter(({ groupId }) => !isPartial || named.includes(groupId));
  const groupsGo = isPartial ? [] : settled(context).filter((one) => !named.includes(one)).map(dropGroup); // prettier-ignore
  return ok(id === undefined ? 'Update rules and groups successfully.' : 'Update group and rules successfully.', [
    ...puts,
    ...wanted.filter((rule) => !isFallback(context, rule)).map(putRule),
    ...goes,
    ...groupsGo,
  ]);
}

function dropBundles({ context, query }: Request, id: string): ApiAnswer {
  let isMeant = (group: string): boolean => group === id;
  if (query.has('regexp')) {
    try {
      const pattern = new RegExp(id);
      isMeant = (group) => pattern.test(group);
    } catch {
      return refused(`malformed pattern ${id}`);
    }
  }
  const goes = kept(context).filter(({ groupId }) => isMeant(groupId));
  return ok('Delete group and rules successfully.', [
    ...goes.map((rule) => dropRule(rule.groupId, rule.id)),
    ...settled(context).filter(isMeant).map(dropGroup),
  ]);
}

type Named = Command & { readonly groupId: string };

/** The removal of what people set and is not wanted. */
function others(context: ApiContext, wanted: readonly Rule[]): readonly Named[] {
  const stays = new Set(wanted.map(({ groupId, id }) => `rule/${groupId}/${id}`));
  return kept(context)
    .filter(({ groupId, id }) => !stays.has(`rule/${groupId}/${id}`))
    .map(({ groupId, id }) => ({ ...dropRule(groupId, id), groupId }));
}

/** Rules that people set; the one that follows from max-replicas is not among them. */
function kept({ schedule, core }: ApiContext, group?: string): readonly Rule[] {
  return schedule.rules.all().filter(({ groupId, id }) => (group === undefined || groupId === group) && core.settings.has(`rule/${groupId}/${id}`)); // prettier-ignore
}

/** The rule that follows from max-replicas, said back as it is: it goes on following. */
function isFallback({ schedule, core }: ApiContext, rule: Rule): boolean {
  const now = schedule.rules.get(rule.groupId, rule.id);
  if (now === undefined || core.settings.has(`rule/${rule.groupId}/${rule.id}`)) return false;
  return JSON.stringify(ruleJson(now)) === JSON.stringify(ruleJson(rule));
}

function rulesIn({ schedule }: ApiContext, group: string): readonly Rule[] {
  return schedule.rules.all().filter(({ groupId }) => groupId === group);
}

/** Groups that people set, by id. */
function settled({ core }: ApiContext): readonly string[] {
  return [...core.settings.keys()].filter((name) => name.startsWith('rule-group/')).map((name) => name.slice('rule-group/'.length)); // prettier-ignore
}

/** Those with rules, and those that were set and have none yet. */
function groups(context: ApiContext): readonly RuleGroup[] {
  const { schedule, core } = context;
  const found = [...schedule.rules.allGroups()];
  for (const id of settled(context))
    if (!found.some((one) => one.id === id)) found.push(JSON.parse(core.settings.get(`rule-group/${id}`)!) as RuleGroup); // prettier-ignore
  return found;
}

function groupJson({ id, index, override }: RuleGroup): Body {
  return { id, ...(index !== 0 && { index }), ...(override && { override }) };
}

function bundleJson(context: ApiContext, { id, index, override }: RuleGroup): Body {
  return { group_id: id, group_index: index, group_override: override, rules: rulesIn(context, id).map(ruleJson) };
}

function parseGroup(id: unknown, index: unknown, override: unknown): RuleGroup | string {
  if (!isText(id) || id === '') return 'a group needs an id';
  const number = Number(index ?? 0);
  return Number.isInteger(number) ? { id, index: number, override: override === true } : `invalid index ${String(index)}`; // prettier-ignore
}

function putRule(rule: Rule): Command {
  return { kind: 'put-setting', name: `rule/${rule.groupId}/${rule.id}`, value: JSON.stringify(ruleJson(rule)) };
}

function dropRule(groupId: string, id: string): Command {
  return { kind: 'put-setting', name: `rule/${groupId}/${id}`, value: undefined };
}

function putGroup(group: RuleGroup): Command {
  return { kind: 'put-setting', name: `rule-group/${group.id}`, value: JSON.stringify(group) };
}

function dropGroup(id: string): Command {
  return { kind: 'put-setting', name: `rule-group/${id}`, value: undefined };
}
