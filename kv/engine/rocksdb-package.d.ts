/**
 * The part of the `rocksdb` package (the maintained fork @nxtedition/rocksdb) that kv/engine/rocksdb.ts calls. The package
 * ships no types. Underscored methods are its synchronous doors; they take a column's handle and never copy keys.
 */
declare module 'rocksdb' {
  export type Column = object;

  export interface NativeRows {
    /** Key, value, key, value, ... */
    readonly rows: Uint8Array[];
    readonly finished: boolean;
  }

  export interface NativeIterator {
    _seekSync(target: Uint8Array): void;
    _nextvSync(count: number): NativeRows;
    _nextvAsync(count: number, options: object, callback: (error: Error | null, result: NativeRows) => void): void;
    _closeSync(): void;
  }

  export interface NativeBatch {
    _put(key: Uint8Array, value: Uint8Array, options: { readonly column: Column }): void;
    _del(key: Uint8Array, options: { readonly column: Column }): void;
    _writeSync(options: { readonly sync?: boolean }): void;
    _clear(): void;
    toArray(options: object): unknown[];
  }

  export class RocksLevel {
    constructor(location: string, options: object);
    open(options: object): Promise<void>;
    close(): Promise<void>;
    readonly columns: Readonly<Record<string, Column>>;
    getProperty(name: string): string;
    _getManySync(keys: readonly Uint8Array[], options: object): (Uint8Array | undefined | null)[];
    _getManyAsync(keys: readonly Uint8Array[], options: object): Promise<(Uint8Array | undefined | null)[]>;
    _iterator(options: object): NativeIterator;
    _chainedBatch(): NativeBatch;
    _clear(options: object, callback: (error: Error | null) => void): void;
    detachResource(resource: object): void;
  }

  const exported: { readonly RocksLevel: typeof RocksLevel };
  export default exported;
}
