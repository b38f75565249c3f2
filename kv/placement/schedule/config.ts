/**
 * What the schedule may be told: limits, ratios, dates. Names follow the settings that people know from `pd-ctl config set`
 * (`max-snapshot-count` is `maxSnapshotCount` here); `settings.ts` of the HTTP folder translates. A change is a command of the core, so
 * every member of placement keeps the same.
 */

export interface ScheduleConfig {
  /** Replicas of the rule that holds where no other is given. */
  readonly maxReplicas: number;
  /** Labels from the widest to the narrowest (`zone`, `host`) that replicas should differ in. */
  readonly locationLabels: readonly string[];
  /** The label that replicas must differ in; empty means that it is only wished. */
  readonly isolationLevel: string;
  /** A store that has said nothing for so long is given up, and its peers are replaced. */
  readonly maxStoreDownSeconds: number;
  /** A store that has said nothing for so long gets nothing new. */
  readonly disconnectedSeconds: number;
  /** Operators at once, over the cluster. */
  readonly leaderScheduleLimit: number;
  readonly regionScheduleLimit: number;
  readonly replicaScheduleLimit: number;
  readonly hotRegionScheduleLimit: number;
  readonly mergeScheduleLimit: number;
  readonly splitScheduleLimit: number;
  /** Peers a store may be given, and may lose, a minute. */
  readonly storeLimitAddPerMinute: number;
  readonly storeLimitRemovePerMinute: number;
  readonly maxSnapshotCount: number;
  readonly maxPendingPeerCount: number;
  /** Below this share of its capacity used, only the size of what it holds makes a store's score. */
  readonly highSpaceRatio: number;
  /** Above this share used, a store is given no peers. */
  readonly lowSpaceRatio: number;
  /** How many regions of mean size two stores may differ in before a peer moves. */
  readonly tolerantRegions: number;
  readonly maxMergeRegionKib: number;
  readonly maxMergeRegionKeys: number;
  readonly splitMergeIntervalSeconds: number;
  /** Above these a split is asked for: 1.5 times what a store splits at by itself. */
  readonly splitRegionKib: number;
  readonly splitRegionKeys: number;
  /** A region that is written or read this fast is asked to split by load; bytes a second. */
  readonly splitHotBytesPerSecond: number;
  readonly hotWriteBytesPerSecond: number;
  readonly hotReadBytesPerSecond: number;
  readonly hotWriteKeysPerSecond: number;
  readonly hotReadKeysPerSecond: number;
  /** A region must have been hot in so many heartbeats. */
  readonly hotDegreeMin: number;
  /** A slow score at or above it makes a store lose its leaders, at or below the other it gets them back. */
  readonly slowScoreEvict: number;
  readonly slowScoreRecover: number;
  /** Regions looked at by the checkers in a tick of one second. */
  readonly patrolRegions: number;
}

export const DEFAULT_CONFIG: ScheduleConfig = {
  maxReplicas: 3,
  locationLabels: [],
  isolationLevel: '',
  maxStoreDownSeconds: 1800,
  disconnectedSeconds: 20,
  leaderScheduleLimit: 64,
  regionScheduleLimit: 2048,
  replicaScheduleLimit: 1024,
  hotRegionScheduleLimit: 8,
  mergeScheduleLimit: 8,
  splitScheduleLimit: 64,
  storeLimitAddPerMinute: 15,
  storeLimitRemovePerMinute: 15,
  maxSnapshotCount: 64,
  maxPendingPeerCount: 64,
  highSpaceRatio: 0.7,
  lowSpaceRatio: 0.8,
  tolerantRegions: 3,
  maxMergeRegionKib: 54 * 1024,
  maxMergeRegionKeys: 540_000,
  splitMergeIntervalSeconds: 3600,
  splitRegionKib: 384 * 1024,
  splitRegionKeys: 3_840_000,
  splitHotBytesPerSecond: 64 * 2 ** 20,
  hotWriteBytesPerSecond: 1024 * 2,
  hotReadBytesPerSecond: 1024 * 8,
  hotWriteKeysPerSecond: 32,
  hotReadKeysPerSecond: 128,
  hotDegreeMin: 3,
  slowScoreEvict: 80,
  slowScoreRecover: 1,
  patrolRegions: 20_000,
};

/** Throws nothing: says what is wrong, or undefined. */
export function configProblem(config: ScheduleConfig): string | undefined {
  if (!Number.isInteger(config.maxReplicas) || config.maxReplicas < 1) return 'max-replicas must be a positive integer';
  if (!(config.lowSpaceRatio > config.highSpaceRatio && config.lowSpaceRatio <= 1 && config.highSpaceRatio >= 0)) {
    return 'high-space-ratio must be below low-space-ratio, both between 0 and 1';
  }
  if (config.isolationLevel !== '' && !config.locationLabels.includes(config.isolationLevel)) {
    return 'isolation-level must be one of location-labels';
  }
  for (const [name, value] of Object.entries(config)) {
    if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0)) return `${name} must not be negative`;
  }
  return undefined;
}
