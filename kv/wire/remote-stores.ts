/** `RemoteStores`: the stores elsewhere that this process speaks to, each with one connection, made when first asked for. */
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { MaybePromise } from '../../base/outcome.ts';
import type { World } from '../../base/world.ts';
import { RemoteStore } from './remote-store.ts';

export interface RemoteStoresOptions {
  readonly clusterId: number;
  readonly world: Pick<World, 'clock' | 'timers'>;
  readonly credentials?: ChannelCredentials | undefined;
  readonly callTimeoutMs?: number;
  /** Asked anew for every connection: a store may come back elsewhere. */
  address(storeId: number): MaybePromise<string | undefined>;
}

export class RemoteStores {
  private readonly options: RemoteStoresOptions;
  private readonly stores = new Map<number, RemoteStore>();

  constructor(options: RemoteStoresOptions) {
    this.options = options;
  }

  /** For the router's `storeOf`. */
  get(storeId: number): RemoteStore {
    let store = this.stores.get(storeId);
    if (store === undefined) {
      const address = (): MaybePromise<string | undefined> => this.options.address(storeId);
      this.stores.set(storeId, (store = new RemoteStore({ ...this.options, storeId, address })));
    }
    return store;
  }

  close(): void {
    for (const store of this.stores.values()) store.close();
    this.stores.clear();
  }
}
