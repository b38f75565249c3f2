/** Opens the column engine of this process. Workers start with the first query that needs one. */
import { availableParallelism } from 'node:os';
import type { World } from '../base/world.ts';
import { openColumnEngine, type ColumnEngineImplementation } from '../analytics/index.ts';
import type { KvClient } from '../kv/client/client.ts';
import { COLUMN_TOOLS } from './column-tools.ts';

export interface ColumnEngineWiring {
  readonly kv: KvClient;
  readonly world: World;
  /** Memory for loaded columns. */
  readonly cacheBytesMax: number;
}

export function wireColumnEngine({ kv, world, cacheBytesMax }: ColumnEngineWiring): ColumnEngineImplementation {
  return openColumnEngine({
    kv,
    cacheBytesMax,
    workerUrl: new URL(import.meta.url.endsWith('.ts') ? './column-worker.ts' : './column-worker.js', import.meta.url),
    // One core stays with the thread that serves everybody.
    workers: Math.max(1, availableParallelism() - 1),
    timers: world.timers,
    yieldTurn: () => new Promise((resolve) => world.timers.soon(resolve)),
    ...COLUMN_TOOLS,
  });
}
