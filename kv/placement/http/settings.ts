/**
 * Settings by the names that people know from pd-ctl, with their units: sizes in MiB, durations as `1h30m0s`, lists as `zone,host`. What is set is kept
 * by the core as JSON under `config`, `rule/…`, `rule-group/…`, `scheduler/…`, `store/…`; `applySettings` brings a schedule up to
 * what the core holds, at a leader's start and after each change.
 */
import { fromHex, toHex } from '../../../base/bytes.ts';
import type { PlacementCore } from '../core.ts';
import {
  DEFAULT_CONFIG,
  type Rule,
  type RuleGroup,
  type RuleRole,
  type Schedule,
  type ScheduleConfig,
  SCHEDULERS,
} from '../schedule/index.ts';

type Unit = 'number' | 'mib' | 'duration' | 'list' | 'text';
type Names = Readonly<Record<string, readonly [field: keyof ScheduleConfig, unit: Unit]>>;

const SCHEDULE: Names = {
  'max-snapshot-count': ['maxSnapshotCount', 'number'],
  'max-pending-peer-count': ['maxPendingPeerCount', 'number'],
  'max-merge-region-size': ['maxMergeRegionKib', 'mib'],
  'max-merge-region-keys': ['maxMergeRegionKeys', 'number'],
  'split-merge-interval': ['splitMergeIntervalSeconds', 'duration'],
  'max-store-down-time': ['maxStoreDownSeconds', 'duration'],
  'leader-schedule-limit': ['leaderScheduleLimit', 'number'],
  'region-schedule-limit': ['regionScheduleLimit', 'number'],
  'replica-schedule-limit': ['replicaScheduleLimit', 'number'],
  'merge-schedule-limit': ['mergeScheduleLimit', 'number'],
  'hot-region-schedule-limit': ['hotRegionScheduleLimit', 'number'],
  'hot-region-cache-hits-threshold': ['hotDegreeMin', 'number'],
  'tolerant-size-ratio': ['tolerantRegions', 'number'],
  'low-space-ratio': ['lowSpaceRatio', 'number'],
  'high-space-ratio': ['highSpaceRatio', 'number'],
};
const REPLICATION: Names = {
  'max-replicas': ['maxReplicas', 'number'],
  'location-labels': ['locationLabels', 'list'],
  'isolation-level': ['isolationLevel', 'text'],
};

const WEIGHT_MIN = 1e-6;

/** What is so and cannot be otherwise. */
const FIXED: Readonly<Record<string, string>> = { 'strictly-match-label': 'false', 'enable-placement-rules': 'true' };

export function showSchedule(config: ScheduleConfig): Record<string, unknown> {
  return show(config, SCHEDULE);
}

export function showReplication(config: ScheduleConfig): Record<string, unknown> {
  return { ...show(config, REPLICATION), ...FIXED };
}

/** The configuration with changes by people's names; a text says what is wrong. `schedule.` and `replication.` may stand before a name. */
export function changedConfig(
  config: ScheduleConfig,
  changes: Readonly<Record<string, unknown>>,
): ScheduleConfig | string {
  const changed: Record<string, unknown> = { ...config };
  for (const [name, value] of Object.entries(changes)) {
    const plain = name.replace(/^(?:schedule|replication)\./, '');
    if (Object.hasOwn(FIXED, plain)) {
      if (String(value) !== FIXED[plain]) return `config item ${name} is always ${FIXED[plain]} in Rutile`;
      continue;
    }
    const known = Object.hasOwn(SCHEDULE, plain) ? SCHEDULE[plain] : Object.hasOwn(REPLICATION, plain) ? REPLICATION[plain] : undefined; // prettier-ignore
    if (!known) return `config item ${name} not found`;
    const parsed = parse(value, known[1]);
    if (parsed === undefined) return `config item ${name} cannot be ${JSON.stringify(value)}`;
    changed[known[0]] = parsed;
  }
  return changed as unknown as ScheduleConfig;
}

export function ruleJson(rule: Rule): Record<string, unknown> {
  return {
    group_id: rule.groupId,
    id: rule.id,
    ...(rule.index ? { index: rule.index } : {}),
    ...(rule.override ? { override: true } : {}),
    start_key: toHex(rule.lower),
    end_key: toHex(rule.upper),
    role: rule.role,
    is_witness: false,
    count: rule.count,
    ...(rule.constraints.length > 0 ? { label_constraints: rule.constraints } : {}),
    ...(rule.locationLabels.length > 0 ? { location_labels: rule.locationLabels } : {}),
    ...(rule.isolationLevel ? { isolation_level: rule.isolationLevel } : {}),
  };
}

/** A text says what is wrong. */
export function parseRule(json: Readonly<Record<string, unknown>>): Rule | string {
  const text = (name: string): string => String(json[name] ?? '');
  const role = text('role') as RuleRole;
  const count = Number(json['count'] ?? 0);
  if (!text('group_id') || !text('id')) return 'group_id and id are required';
  if (!['voter', 'leader', 'follower', 'learner'].includes(role)) return `invalid role ${role}`;
  if (!Number.isInteger(count) || count < 1) return `invalid count ${text('count')}`;
  if (role === 'leader' && count > 1) return 'define multiple leaders by count';
  if (json['is_witness'] === true) return 'witnesses are not supported';
  const keys = [text('start_key'), text('end_key')];
  if (keys.some((key) => key.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(key)))
    return 'start_key and end_key must be hexadecimal';
  if (keys[1] !== '' && keys[0]!.toLowerCase() >= keys[1]!.toLowerCase())
    return 'endKey should be greater than startKey';
  const constraints = (json['label_constraints'] ?? []) as Rule['constraints'];
  for (const one of constraints) {
    if (!one.key || !['in', 'notIn', 'exists', 'notExists'].includes(one.op))
      return `invalid label constraint ${JSON.stringify(one)}`;
  }
  const locationLabels = (json['location_labels'] ?? []) as string[];
  const isolationLevel = text('isolation_level');
  if (isolationLevel && !locationLabels.includes(isolationLevel))
    return 'isolation_level must be one of location_labels';
  return {
    groupId: text('group_id'),
    id: text('id'),
    index: Number(json['index'] ?? 0),
    override: json['override'] === true,
    lower: fromHex(keys[0]!),
    upper: fromHex(keys[1]!),
    role,
    count,
    constraints: constraints.map(({ key, op, values }) => ({ key, op, values: values ?? [] })),
    locationLabels,
    isolationLevel,
  };
}

/** Everything the core holds for the schedule: stores with their state and labels, and settings. */
export function applySettings(schedule: Schedule, core: PlacementCore): void {
  for (const store of core.stores.values()) schedule.putStore({ ...store, labels: store.labels ?? {} });
  const settings = core.settings;
  schedule.configure({ ...DEFAULT_CONFIG, ...(JSON.parse(settings.get('config') ?? '{}') as Partial<ScheduleConfig>) });
  for (const rule of schedule.rules.all())
    if (!settings.has(`rule/${rule.groupId}/${rule.id}`)) schedule.rules.remove(rule.groupId, rule.id);
  for (const { id } of schedule.rules.allGroups())
    if (!settings.has(`rule-group/${id}`)) schedule.rules.removeGroup(id);
  const disabled = new Set<string>();
  for (const entry of schedule.stores.all()) entry.evictedByOrder = false;
  for (const [name, value] of settings) {
    const json = JSON.parse(value) as Record<string, unknown>;
    if (name.startsWith('rule/')) {
      const rule = parseRule(json);
      if (typeof rule !== 'string') schedule.rules.put(rule);
    } else if (name.startsWith('rule-group/')) schedule.rules.putGroup(json as unknown as RuleGroup);
    else if (name.startsWith('scheduler/')) {
      const [, scheduler, store] = name.split('/');
      if (json['disabled'] === true) disabled.add(scheduler!);
      const entry = schedule.stores.get(Number(store));
      if (entry) entry.evictedByOrder = true;
    } else if (name.startsWith('store/')) {
      const entry = schedule.stores.get(Number(name.slice('store/'.length)));
      if (!entry) continue;
      // Scores are divided by them: nothing is a very small number.
      entry.leaderWeight = Math.max(WEIGHT_MIN, Number(json['leaderWeight'] ?? 1));
      entry.regionWeight = Math.max(WEIGHT_MIN, Number(json['regionWeight'] ?? 1));
      entry.limitAddPerMinute = json['add'] === undefined ? undefined : Number(json['add']);
      entry.limitRemovePerMinute = json['remove'] === undefined ? undefined : Number(json['remove']);
    }
  }
  for (const name of SCHEDULERS) schedule.setScheduler(name, !disabled.has(name));
}

function show(config: ScheduleConfig, names: Names): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(names).map(([name, [field, unit]]) => {
      const value = config[field];
      if (unit === 'mib') return [name, Math.round(Number(value) / 1024)];
      if (unit === 'duration') return [name, duration(Number(value))];
      return [name, unit === 'list' ? (value as readonly string[]).join(',') : value];
    }),
  );
}

function parse(value: unknown, unit: Unit): unknown {
  switch (unit) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'list':
      if (Array.isArray(value)) return value.map(String);
      return typeof value === 'string' ? value.split(',').filter((one) => one !== '') : undefined;
    case 'duration':
      return seconds(value);
    default: {
      const number = value === '' || value === null ? NaN : Number(value);
      if (!Number.isFinite(number)) return undefined;
      return unit === 'mib' ? number * 1024 : number;
    }
  }
}

export function duration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`;
}

function seconds(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const found = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(value);
  if (!found || value === '') return undefined;
  return Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0);
}
