/**
 * Faults planted on purpose in SQL servers, to prove that the scenario `sql` sees them: each forgets one of the rules by which several servers change
 * one schema (server-board.ts, schema-leases.ts) or draw from one sequence. They bend private parts of an opened catalog and leave nothing in the product.
 */
import { Trace } from '../../../base/sim/index.ts';
import type { Catalog } from '../../../sql/catalog/index.ts';
import type { FaultKind } from '../nemesis.ts';
import type { Knobs } from '../cluster/node.ts';
import { sqlRun } from './run.ts';

export interface SqlPlant {
  readonly name: string;
  /** What a careless programmer did. */
  readonly story: string;
  /** Seeds, from 1, within which the simulator finds it. */
  readonly seedsMax: number;
  readonly faults?: readonly FaultKind[];
  bend(catalog: Catalog): void;
}

/** What is looked for is in the servers: stores that are busy with themselves would only hide it. */
const KNOBS: Partial<Knobs> = {
  clientPauseMs: 10, restlessness: 0.05, regionsMax: 1, storeCount: 3, replicas: 3, slowOracle: false, logKeptCount: 20, logKeptCountMax: 60, tickMs: 50,
}; // prettier-ignore

type Board = NonNullable<Catalog['board']>;

function bendBoard(catalog: Catalog, properties: Readonly<Record<string, PropertyDescriptor>>): void {
  Object.defineProperties(catalog.board as Board, properties as PropertyDescriptorMap);
}

export const PLANTS: readonly SqlPlant[] = [
  {
    name: 'steps-unwaited',
    story: 'a change of the schema goes on with its next step before the other servers have seen the one before',
    seedsMax: 20,
    bend: (catalog) => bendBoard(catalog, { until: { value: () => Promise.resolve() } }),
  },
  {
    name: 'users-unwaited',
    story:
      'a change of the schema waits until all servers have seen a step, and not for the transactions that still use the version before',
    seedsMax: 40,
    faults: ['drift'],
    bend: (catalog) =>
      bendBoard(catalog, {
        waitFor: { value: () => (catalog.board as Board).settle() },
      }),
  },
  {
    name: 'lease-for-ever',
    story: 'a server that could not renew its line goes on with the schema that it knows',
    // One seed in eight finds it.
    seedsMax: 40,
    faults: ['freeze'],
    bend: (catalog) =>
      bendBoard(catalog, {
        usable: { get: () => true },
        confirm: { value: () => undefined },
        commitDeadline: { get: () => undefined, set: () => undefined },
      }),
  },
  {
    name: 'numbers-unreserved',
    story: 'a server takes the next range of AUTO_INCREMENT without writing it down',
    seedsMax: 10,
    bend: (catalog) => {
      const autoIds = (catalog as unknown as { autoIds: object }).autoIds;
      const reserve = (_kind: string, _table: unknown, counter: { rangeEnd: bigint }, after: bigint): Promise<void> => {
        counter.rangeEnd = after + 1000n;
        return Promise.resolve();
      };
      Object.defineProperty(autoIds, 'reserve', { value: reserve });
    },
  },
];

/** The first seed that shows the fault, and what was seen. */
export async function findPlant(
  plant: SqlPlant,
  fromSeed: number,
  seedsMax: number,
): Promise<{ readonly seed: number; readonly seen: string } | undefined> {
  for (let seed = fromSeed; seed < fromSeed + seedsMax; seed++) {
    try {
      await sqlRun(seed, new Trace(), {
        bend: (catalog) => plant.bend(catalog),
        faults: plant.faults,
        servers: 3,
        knobs: KNOBS,
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      return { seed, seen: error instanceof Error ? error.message + cause : String(error) };
    }
  }
  return undefined;
}
