/**
 * Does the client speak about the region as it is? Its request carries the region, epoch, peer and cluster it believes in; a stale picture is
 * answered by a region error that tells the newer one, never by serving the request anyway.
 */
import type { Context, Region, RegionError } from '../../proto/wire/messages.ts';

export interface ServedRegion {
  readonly region: Region;
  readonly storeId: number;
  readonly clusterId: number;
}

export function checkContext(context: Context | null | undefined, served: ServedRegion): RegionError | undefined {
  // Requests without a context come from hand-made clients; there is nothing stale about them.
  if (!context) return undefined;
  const { region } = served;
  if (context.cluster_id > 0 && context.cluster_id !== served.clusterId) {
    return { message: `cluster id mismatch: this is ${served.clusterId}, the request is for ${context.cluster_id}` };
  }
  if (context.peer && context.peer.store_id > 0 && context.peer.store_id !== served.storeId) {
    return {
      message: `store not match: this is store ${served.storeId}, the request is for ${context.peer.store_id}`,
      store_not_match: { request_store_id: context.peer.store_id, actual_store_id: served.storeId },
    };
  }
  if (context.region_id === 0) return undefined;
  if (context.region_id !== region.id) {
    return { message: `region ${context.region_id} not found`, region_not_found: { region_id: context.region_id } };
  }
  const epoch = context.region_epoch;
  if (epoch && (epoch.version !== region.region_epoch.version || epoch.conf_ver !== region.region_epoch.conf_ver)) {
    return { message: `epoch not match for region ${region.id}`, epoch_not_match: { current_regions: [region] } };
  }
  return undefined;
}
