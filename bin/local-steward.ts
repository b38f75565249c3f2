/**
 * PD's HTTP API of the one-process form: a steward over this process's placement, fed by its one store. There is nowhere to move anything to; what
 * people ask it for is the list of regions, what is hot, and to cut a region.
 */
import type { Logger } from 'pino';
import type { World } from '../base/world.ts';
import { Steward } from '../kv/placement/index.ts';
import { PlacementAgent } from '../kv/store/index.ts';
import { placementHttp } from './placement-http.ts';
import type { StatusSource } from './status-server.ts';
import type { KvFloor } from './wire-kv.ts';

/** Nobody waits for a report here. */
const LOOK_MS = 1000;

export function openLocalSteward(
  world: World,
  kv: KvFloor,
  log: Logger,
  options: { readonly version: string; readonly clientUrl: string; readonly kvAddress: string | undefined },
): { readonly api: NonNullable<StatusSource['api']>; close(): void } {
  const { placement, store, data } = kv;
  placement.clientUrl = options.clientUrl;
  const steward = new Steward(world, placement, { version: options.version });
  const record = placement.stores()[0]!;
  const storeId = record.id;
  if (options.kvAddress !== undefined && record.address !== options.kvAddress) {
    const problem = (error: unknown): void => log.warn({ err: String(error) }, 'the address of the store was not kept');
    placement.putStore({ ...record, address: options.kvAddress }).catch(problem);
  }
  const agent = new PlacementAgent({
    store, storeId, placement: steward, world, folder: data.path, timing: { lookMs: LOOK_MS, storeReportMs: 10_000 },
    usedBytes: () => data.log.sizeBytes + Number(data.engine.property('size-bytes') ?? 0),
    // Its own process is the last to give it up.
    onBuried: () => undefined,
    onProblem: (what, error) => log.debug({ err: String(error) }, what),
  }); // prettier-ignore
  agent.start();
  return {
    api: placementHttp((method, path, body) => steward.api(method, path, body), 'placement-1'),
    close: () => {
      agent.close();
      steward.close();
    },
  };
}
